"""Quantities that fall as n grows, on double logarithmic axes: a power of n is a straight line there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from manim import DOWN, LEFT, VGroup, VMobject

from scenes.pictures.labels import along, clear_offset, inside, tag
from scenes.pictures.plot import Coordinates
from scenes.pictures.shapes import Curve, Dots
from scenes.stage.language import localized
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

AIR = 0.3
"""Room beside the first and the last n, in factors of two."""
DOT_RADIUS = 0.1


class DecayPlot(VGroup):
    """Double logarithmic axes for quantities at whole numbers n.

    Args:
        stage: the stage.
        zone: room for everything.
        numbers: the n that are shown, increasing; those with room get a number under the axis.
        y_range: (low, high), both above 0; powers of ten within get a number and a line.
        x_label: Typst markup under the axis.
    """

    def __init__(
        self, stage: Stage, zone: Zone, numbers: Iterable[int], y_range: tuple[float, float], x_label: str
    ) -> None:
        self.stage, self.numbers, self.y_range = stage, list(numbers), y_range
        em = stage.em(Size.LABEL)
        low, high = np.log10(y_range)
        powers = np.arange(np.ceil(low - 1e-9), np.floor(high + 1e-9) + 1)
        texts = [stage.words(localized(f"{10.0**power:.12g}"), Size.LABEL, "muted") for power in powers]
        room = max(text.width for text in texts) + 0.2
        self.box = Zone(zone.left + room, zone.bottom + 2.4 * em, zone.right - 0.1, zone.top - 0.1)
        across = np.log2([self.numbers[0] * 2.0**-AIR, self.numbers[-1] * 2.0**AIR])
        self.coordinates = Coordinates(self.box, tuple(across), y_range=(low, high), log_y=True)
        corner = self.box.at(0, 0)
        axis = Curve(stage, role="muted", width=2.5)
        axis.put_segments([corner, corner], [self.box.at(1, 0), self.box.at(0, 1)])
        levels = np.array([self.at(self.numbers[0], 10.0**power)[1] for power in powers])
        starts, ends = (
            np.stack([np.full(len(levels), edge), levels, 0 * levels], axis=1)
            for edge in (self.box.left, self.box.right)
        )
        lines = Curve(stage, role="grid", width=1.2).put_segments(starts, ends)
        scale = VGroup(*(text.next_to(start, LEFT, buff=0.12) for text, start in zip(texts, starts, strict=True)))
        label = stage.words(x_label, Size.LABEL, "muted")
        label.move_to([self.box.center[0], zone.bottom + label.height / 2, 0.0])
        super().__init__(lines, axis, scale, self._tick_numbers(), label)
        self.obstacles = np.concatenate([along(corner, self.box.at(*end)) for end in ((1, 0), (0, 1))])

    def _tick_numbers(self) -> VGroup:
        """The n under the axis, from the last one back, as many as stand apart."""
        shown = VGroup()
        for n in reversed(self.numbers):
            number = self.stage.words(str(n), Size.LABEL, "muted")
            number.next_to([self.at(n, self.y_range[0])[0], self.box.bottom, 0.0], DOWN, buff=0.1)
            if not shown or number.get_right()[0] < shown[-1].get_left()[0] - 0.12:
                shown.add(number)
        return shown

    def at(self, n: float, value: float) -> np.ndarray:
        """The scene point of a value at n, shape (3,)."""
        return self.coordinates.at(np.log2(n), value)

    def dot(self, n: int, value: float, role: str) -> Dots:
        """A dot at (n, value)."""
        place = self.at(n, value)
        dot = Dots(self.stage, place[None], role, DOT_RADIUS)
        corners = place + DOT_RADIUS * np.array([[x, y, 0.0] for x in (-1, 0, 1) for y in (-1, 0, 1)])
        self.obstacles = np.concatenate([self.obstacles, corners])
        return dot

    def line(self, value: Callable[[float], float], role: str, width: float = 3.0) -> Curve:
        """A power of n, from the first to the last n."""
        n = np.array([self.numbers[0], self.numbers[-1]], dtype=float)
        start, end = self.coordinates.points_at(np.log2(n), np.array([value(m) for m in n]))
        self.obstacles = np.concatenate([self.obstacles, along(start, end, 80)])
        return Curve(self.stage, np.array([start, end]), role, width)

    def label_for(self, markup: str, role: str, n: float, value: float, toward: tuple[float, float]) -> VMobject:
        """A name beside the point (n, value), where it covers nothing."""
        name, anchor = tag(self.stage, markup, role, Size.LABEL), self.at(n, value)
        place = anchor + clear_offset(name, anchor, np.array(toward), self.obstacles, self.box)
        self.obstacles = np.concatenate([self.obstacles, inside(name.copy().scale(1.4), place)])
        return name.move_to(place)
