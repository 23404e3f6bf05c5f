"""Arrivals that drop onto a time axis, and the gaps between them, which fly to their place in a histogram."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import VGroup, VMobject, smooth

from explainers.probability.distributions import Distributions
from scenes.pictures.plot import Bars
from scenes.pictures.ruler import Chart, Ruler, View
from scenes.pictures.shapes import Dots, rectangles
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

Step = Callable[[float], None]

FALL = 0.12
"""An arrival is seen falling for this share of the window before its time."""
DOT_RADIUS, COMFORTABLE = 0.1, 4.0
"""Radius of an arrival in scene units, where there are at most so many per unit; smaller in a crowd."""
SEGMENT_LIFT, SEGMENT_HEIGHT = 0.26, 0.13
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
        em = stage.em(Size.LABEL)
        name = stage.words(_("time"), Size.LABEL, "muted")
        self.box = Zone(zone.left + em, zone.bottom + 1.2 * em, zone.right - name.width - 0.9 * em, zone.top)
        name.next_to(self.box.at(1, 0), buff=0.4 * em)
        self.times, self.span = times, span
        self.ruler = Ruler(stage, self.box, View(0, span, 1), finest=0.01)
        self.dots = Dots(stage, np.zeros((0, 3)), "data", DOT_RADIUS)
        super().__init__(name, self.ruler, self.dots)

    def settled(self, span: float) -> float:
        """The window, a little longer if numbers would stand half grown in it."""
        return self.ruler.settled(View(0, span, 1), anchor=0.0).high

    def at(self, times: np.ndarray) -> np.ndarray:
        """Places of times on the axis, across the frame; shape as `times`."""
        return self.box.left + np.asarray(times) / self.span * self.box.width

    def put(self, now: float, span: float) -> TimeAxis:
        """Show the time `now` in a window of this length: what has arrived, and what falls."""
        self.span = span
        self.ruler.put(View(0, span, 1))
        lead = FALL * span
        seen = self.times[(self.times - lead <= now) & (self.times <= span)]
        above = np.clip((seen - now) / lead, 0, 1)
        # Falling gets faster: the height still to fall goes with the square of the time that has passed.
        height = (self.box.height - DOT_RADIUS) * (1 - (1 - above) ** 2)
        self.dots.radius = DOT_RADIUS * self._room(span)
        self.dots.put(np.stack([self.at(seen), self.box.bottom + height], axis=1))
        return self

    def _room(self, span: float) -> float:
        """How much smaller dots are in a crowd, from 0.4 to 1."""
        crowd = np.count_nonzero(self.times <= span) / self.box.width
        return float(np.clip((COMFORTABLE / max(crowd, 1e-9)) ** 0.5, 0.4, 1))

    def segments(self) -> np.ndarray:
        """Boxes of the gaps above the axis: left, bottom, right, top; shape (count, 4)."""
        ends = self.at(self.times)
        starts = self.at(np.concatenate([[0.0], self.times[:-1]]))
        # A sliver of air keeps neighbours apart.
        air = np.minimum(0.04, 0.15 * (ends - starts))
        low = np.full(len(ends), self.box.bottom + SEGMENT_LIFT)
        return np.stack([starts + air, low, ends - air, low + SEGMENT_HEIGHT], axis=1)


class Blocks(VMobject):
    """Rectangles of one colour as one mobject."""

    def __init__(self, stage: Stage, role: str = "data") -> None:
        super().__init__()
        self.set_fill(stage.color(role), opacity=0.85).set_stroke(width=0)

    def put(self, boxes: np.ndarray) -> Blocks:
        """Be these boxes: left, bottom, right, top; shape (n, 4)."""
        self.points = rectangles(*boxes.T) if len(boxes) else np.zeros((0, 3))
        return self


def flight(starts: np.ndarray, laid_out: np.ndarray, ends: np.ndarray, progress: np.ndarray) -> np.ndarray:
    """Boxes on their way from `starts` over `laid_out` to `ends`, each (n, 4), each at its own progress (n,)."""
    first, second = (
        np.array([smooth(float(t)) for t in np.clip(part, 0, 1)]).reshape(-1, 1)
        for part in (progress / LAID_OUT, (progress - LAID_OUT) / (1 - LAID_OUT))
    )
    boxes = starts + first * (laid_out - starts)
    return boxes + second * (ends - laid_out)


class GapPile:
    """Gaps from a time axis, which are laid along a histogram's axis and drop into its bins.

    Args:
        stage: the stage.
        axis: where the arrivals are.
        chart: axes of the histogram.
        process: whose arrivals they are.
    """

    def __init__(self, stage: Stage, axis: TimeAxis, chart: Chart, process: Distributions) -> None:
        self.axis, self.chart = axis, chart
        self.gaps, self.places = process.gaps, process.gap_places
        self.bins, self.edges = process.gap_histogram, process.gap_edges
        self.unit = 1 / (max(len(self.gaps), 1) * self.bins.width)
        """What one gap adds to the height of its bin."""
        self.blocks = Blocks(stage)
        self.bars = Bars(stage, chart.coordinates, [], [], "data", self.bins.width)
        self.landed_mean = float("nan")

    def put(self, flown: np.ndarray) -> None:
        """Show the first gaps, each this far on its way (0 to 1), shape (known,)."""
        landed = flown >= 1
        gaps, places = self.gaps[: len(flown)], self.places[: len(flown)]
        counts = np.bincount(places[landed, 0], minlength=len(self.bins.x))
        filled = counts > 0
        self.bars.put(self.bins.x[filled], self.unit * counts[filled])
        if landed.any():
            self.landed_mean = float(gaps[landed].mean())
        at = self.chart.coordinates.points_at
        column, level = places[~landed].T
        low = at(self.edges[column], self.unit * level)
        high = at(self.edges[column + 1], self.unit * (level + 1))
        tip = at(gaps[~landed], self.unit * level)
        starts = self.axis.segments()[: len(flown)][~landed]
        zero = np.full(len(tip), self.chart.box.left)
        laid_out = np.stack([zero, tip[:, 1], tip[:, 0], tip[:, 1] + SEGMENT_HEIGHT], axis=1)
        ends = np.stack([low[:, 0], low[:, 1], high[:, 0], high[:, 1]], axis=1)
        self.blocks.put(flight(starts, laid_out, ends, flown[~landed]))

    def put_waits(self, now: float) -> None:
        """Show the gaps that are complete at time `now`, and the present wait as it grows."""
        axis = self.axis
        done = int(np.count_nonzero(axis.times <= now))
        boxes = axis.segments()[:done]
        if done < len(axis.times):
            low = axis.box.bottom + SEGMENT_LIFT
            ends = axis.at(np.array([axis.times[done - 1] if done else 0.0, max(now, 0.0)]))
            boxes = np.vstack([boxes, [ends[0], low, ends[1], low + SEGMENT_HEIGHT]])
        self.blocks.put(boxes)

    def fly(self, start: int, end: int, known: int, stagger: float) -> Step:
        """A step for `drive`: the gaps from `start` to `end` land, of the `known` first ones.

        Args:
            start, end, known: numbers of gaps.
            stagger: share of the time by which the last one starts later than the first.
        """
        begin = stagger * np.arange(end - start) / max(end - start - 1, 1)

        def step(progress: float) -> None:
            flown = np.zeros(known)
            flown[:start] = 1
            flown[start:end] = np.clip((progress - begin) / (1 - stagger), 0, 1)
            self.put(flown)

        return step
