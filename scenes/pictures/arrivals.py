"""Arrivals that drop onto a time axis, and gaps between them that fly to their place in a histogram."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject, smooth

from scenes.pictures.ruler import Ruler, View
from scenes.pictures.shapes import Dots, rectangles
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

FALL = 0.12
"""An arrival is seen falling for this share of the window before its time."""
SEGMENT_LIFT, SEGMENT_HEIGHT = 0.24, 0.12
"""Where the gaps stand over the time axis, and how thick they are, in scene units."""
LAID_OUT = 0.6
"""Share of a gap's flight after which it lies along the histogram's axis, from 0 to its length."""


class TimeAxis(VGroup):
    """A time axis onto which arrivals drop. `put` shows a moment, in a window from 0 to `span`.

    Args:
        stage: the stage.
        zone: room for falling arrivals, axis and numbers.
        times: arrival times, increasing, shape (count,).
        span: length of the window at first.
    """

    def __init__(self, stage: Stage, zone: Zone, times: np.ndarray, span: float) -> None:
        self.times, self.span = times, span
        em = stage.em(Size.LABEL)
        name = stage.words("time", Size.LABEL, "muted")
        self.box = Zone(zone.left + em, zone.bottom + 1.2 * em, zone.right - name.width - 0.9 * em, zone.top)
        name.next_to(self.box.at(1, 0), buff=0.4 * em)
        self.ruler = Ruler(stage, self.box, View(0, span, 1))
        self.dots = Dots(stage, np.zeros((0, 3)), "data", 0.085)
        super().__init__(name, self.ruler, self.dots)

    def at(self, times: np.ndarray) -> np.ndarray:
        """Places of times on the axis, across the frame; shape as `times`."""
        return self.box.left + np.asarray(times) / self.span * self.box.width

    def put(self, now: float, span: float) -> TimeAxis:
        """Show the time `now` in a window of this length: what has arrived, and what falls."""
        if span != self.span:
            self.span = span
            self.ruler.put(View(0, span, 1))
        lead = FALL * span
        seen = self.times[(self.times - lead <= now) & (self.times <= span)]
        height = np.clip((seen - now) / lead, 0, 1)
        places = np.stack([self.at(seen), self.box.bottom + (self.box.height - 0.1) * (1 - (1 - height) ** 2)], axis=1)
        # Many arrivals in a window leave less room for each dot.
        crowd = np.count_nonzero(self.times <= span) / self.box.width
        self.dots.radius = 0.085 * float(np.clip((6 / max(crowd, 1e-9)) ** 0.5, 0.4, 1))
        self.dots.put(places)
        return self

    def segments(self) -> np.ndarray:
        """Boxes of the gaps above the axis: left, bottom, right, top; shape (count, 4)."""
        ends = self.at(self.times)
        starts = self.at(np.concatenate([[0.0], self.times[:-1]]))
        # A sliver of air keeps neighbours apart.
        air = np.minimum(0.04, 0.15 * (ends - starts))
        low = np.full(len(ends), self.box.bottom + SEGMENT_LIFT)
        return np.stack([starts + air, low, ends - air, low + SEGMENT_HEIGHT], axis=1)


class Blocks(VMobject):
    """Rectangles of equal colour, as one mobject: gaps on their way to a histogram."""

    def __init__(self, stage: Stage, role: str = "data") -> None:
        super().__init__()
        self.set_fill(stage.color(role), opacity=0.85).set_stroke(width=0)

    def put(self, boxes: np.ndarray) -> Blocks:
        """Be these boxes: left, bottom, right, top; shape (n, 4)."""
        self.points = rectangles(*boxes.T) if len(boxes) else np.zeros((0, 3))
        return self


def flight(starts: np.ndarray, laid_out: np.ndarray, ends: np.ndarray, progress: np.ndarray) -> np.ndarray:
    """Boxes on their way from `starts` over `laid_out` to `ends`, each (n, 4), at their own progress (n,)."""
    ease = np.vectorize(smooth, otypes=[float])
    first = ease(np.clip(progress / LAID_OUT, 0, 1))[:, None] if len(progress) else np.zeros((0, 1))
    second = ease(np.clip((progress - LAID_OUT) / (1 - LAID_OUT), 0, 1))[:, None] if len(progress) else first
    boxes = starts + first * (laid_out - starts)
    return boxes + second * (ends - laid_out)
