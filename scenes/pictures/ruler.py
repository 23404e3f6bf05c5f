"""An axis that slides and zooms: its numbers thin out and come back as the window over the data changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import DOWN, VGroup, VMobject

from scenes.pictures.plot import Coordinates
from scenes.pictures.shapes import Curve, Dots
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

STEPS = tuple(m * 10.0**power for power in range(-2, 4) for m in (1, 2, 5))
"""Distances between numbers, in data units, from fine to coarse."""
NUMBER_PITCH = 1.9
"""Least distance between numbers, in em."""
FADE_IN = 0.1
"""A finer step of numbers is fully there when its pitch exceeds the least one by this share."""
HAIRLINE = 1e-3
"""Bars lower than this share of the view are not drawn: their outline would be higher than they are."""
TICK = 0.09
"""Length of a tick, in scene units."""
SPREAD_DEPTH = 0.3
"""How far below the axis mean dot and bracket lie, in scene units."""
NUMBERS_DEPTH = 0.58
"""How far below the axis its numbers begin where dot and bracket lie between, in scene units."""


@dataclass(frozen=True)
class View:
    """What part of the data is seen: x from `low` to `high`, heights up to `top`."""

    low: float
    high: float
    top: float

    @property
    def span(self) -> float:
        """Data units from edge to edge."""
        return self.high - self.low

    def toward(self, other: View, share: float) -> View:
        """Part of the way to another view: spans change by factors, so that a zoom has a steady pace."""
        span = self.span ** (1 - share) * other.span**share
        change = other.span - self.span
        # A zoom keeps one point of the data in place; a pure slide has none.
        moved = share if abs(change) < 1e-3 * self.span else (span - self.span) / change
        low = self.low + moved * (other.low - self.low)
        return View(low, low + span, self.top ** (1 - share) * other.top**share)


class Ruler(VGroup):
    """A horizontal axis with numbers, at the bottom of a box. `put` shows another range in place.

    Args:
        stage: the stage.
        box: where the data is drawn; numbers stand below it.
        view: what is seen first.
        depth: how far below the axis the numbers begin.
        finest: the smallest distance between numbers; 1 for counts.
    """

    def __init__(self, stage: Stage, box: Zone, view: View, *, depth: float = 0.18, finest: float = 0.1) -> None:
        self.stage, self.box, self.drop = stage, box, depth
        self.finest = finest
        self.em = stage.em(Size.LABEL)
        self._shapes: dict[float, np.ndarray] = {}
        self.line = Curve(stage, role="muted", width=2.5)
        self.numbers = VMobject().set_fill(stage.color("muted"), opacity=1).set_stroke(width=0)
        super().__init__(self.line, self.numbers)
        self.put(view)

    def put(self, view: View) -> Ruler:
        """Show this range."""
        places = self.box.left + (np.array(list(sizes := self.sizes(view))) - view.low) / view.span * self.box.width
        level = np.full(len(places), self.box.bottom)
        starts = np.stack([places, level, 0 * level], axis=1)
        ends = starts - np.array([0.0, TICK, 0.0]) * np.array(list(sizes.values()))[:, None]
        base = [self.box.at(0, 0)]
        self.line.put_segments(np.concatenate([base, starts]), np.concatenate([[self.box.at(1, 0)], ends]))
        middle = self.box.bottom - self.drop - 0.37 * self.em
        outlines = [
            size * self._shape(tick) + np.array([x, middle, 0.0])
            for (tick, size), x in zip(sizes.items(), places, strict=True)
        ]
        self.numbers.points = np.concatenate(outlines) if outlines else np.zeros((0, 3))
        return self

    def settled(self, view: View, anchor: float = 0.5) -> View:
        """The view, a little wider if numbers would stand half grown in it; the point at share `anchor` stays."""
        pitch, unit = NUMBER_PITCH * self.em, self.box.width / view.span
        fine, _ = self._steps(pitch / unit)
        room = fine * unit / pitch
        if fine <= self.finest or not 1 < room < 1 + FADE_IN:
            return view
        extra = (room / 0.999 - 1) * view.span
        return View(view.low - anchor * extra, view.high + (1 - anchor) * extra, view.top)

    def sizes(self, view: View) -> dict[float, float]:
        """The numbers shown in a view, and how far each has grown (0 to 1)."""
        unit = self.box.width / view.span
        pitch = NUMBER_PITCH * self.em
        fine, coarse = self._steps(pitch / unit)
        # The finest step of all does not wait for more room.
        grown = 1.0 if fine <= self.finest else float(np.clip((fine * unit / pitch - 1) / FADE_IN, 0, 1))
        sizes = dict.fromkeys(_multiples(fine, view), grown)
        for tick in _multiples(coarse, view):
            sizes[tick] = 1.0 if tick in sizes else 1 - grown
        return {tick: size for tick, size in sizes.items() if size > 0.05}

    def _steps(self, least: float) -> tuple[float, float]:
        """The smallest step from `least` (and from the finest) on, and the next one."""
        first = next(i for i, step in enumerate(STEPS) if step >= max(least, 0.999 * self.finest))
        return STEPS[first], STEPS[first + 1]

    def _shape(self, tick: float) -> np.ndarray:
        """Outline of a number around its middle, shape (4·n, 3)."""
        if tick not in self._shapes:
            decimals = next(d for d in range(7) if abs(tick - round(tick, d)) < 1e-9)
            number = self.stage.number(tick, Size.LABEL, "muted", decimals=decimals, anchor="center")
            self._shapes[tick] = number.points - np.array([0.0, 0.37 * self.em, 0.0])
        return self._shapes[tick]


def _multiples(step: float, view: View) -> list[float]:
    """Multiples of a step in view, rounded so that those of different steps are equal."""
    counts = np.arange(np.ceil(view.low / step - 1e-6), np.floor(view.high / step + 1e-6) + 1)
    return [round(float(k * step), 6) + 0.0 for k in counts]


class Spread(VGroup):
    """Mean and standard deviation under an axis: a dot at the mean, a bracket one deviation to either side."""

    DOT_RADIUS, CAP, LINE_WIDTH = 0.1, 0.11, 4.0
    """Radius of the dot and half height of the bracket's ends, in scene units; width of its line."""

    def __init__(self, stage: Stage, role: str = "highlight") -> None:
        self.bracket = Curve(stage, role=role, width=self.LINE_WIDTH)
        self.dot = Dots(stage, np.zeros((1, 3)), role, self.DOT_RADIUS)
        super().__init__(self.bracket, self.dot)

    def put(self, coordinates: Coordinates, mean: float, deviation: float, depth: float = SPREAD_DEPTH) -> Spread:
        """Lie `depth` below the axis, with the bracket from `mean − deviation` to `mean + deviation`."""
        places = coordinates.points_at(mean + np.array([-1.0, 0.0, 1.0]) * deviation, np.zeros(3))
        return self.put_points(*(place + depth * DOWN for place in places))

    def put_points(self, low: np.ndarray, middle: np.ndarray, high: np.ndarray) -> Spread:
        """The bracket's ends and the dot, in scene points of shape (3,)."""
        cap = np.array([0.0, self.CAP, 0.0])
        self.bracket.put_segments([low, low - cap, high - cap], [high, low + cap, high + cap])
        self.dot.put(np.array([middle]))
        return self


class Chart(VGroup):
    """A window over data on a ruler, with room for a `Spread` between axis and numbers.

    `look` slides and zooms the ruler; whatever stands on it is put again by whoever owns it.

    Args:
        stage: the stage.
        zone: room for everything, numbers and label included.
        view: what is seen first.
        x_label: Typst markup under the numbers.
        finest: the smallest distance between numbers; 1 for counts.
    """

    def __init__(
        self, stage: Stage, zone: Zone, view: View, *, x_label: str, finest: float = 1.0, headroom: float = 0.1
    ) -> None:
        self.stage, self.zone = stage, zone
        em = stage.em(Size.LABEL)
        bottom = NUMBERS_DEPTH + 2.15 * em
        self.box = Zone(zone.left + em, zone.bottom + bottom, zone.right - em, zone.top - headroom)
        self.ruler = Ruler(stage, self.box, view, depth=NUMBERS_DEPTH, finest=finest)
        self.label = self.make_label(x_label)
        super().__init__(self.ruler, self.label)
        self.look(view)

    def make_label(self, markup: str) -> VMobject:
        """A name for the axis, in its place but not on stage."""
        label = self.stage.words(markup, Size.LABEL, "muted")
        return label.move_to([self.box.center[0], self.zone.bottom + label.height / 2, 0.0])

    def look(self, view: View) -> Chart:
        """Show this part of the data."""
        self.view = view
        self.coordinates = Coordinates(self.box, (view.low, view.high), (0.0, view.top))
        self.ruler.put(view)
        return self

    def visible(self, x: np.ndarray, heights: np.ndarray, reach: float = 0.0) -> np.ndarray:
        """Which bars show: within the window, give or take `reach`, and at least a hairline high. Shape (n,)."""
        inside = (x - reach >= self.view.low - 1e-9) & (x + reach <= self.view.high + 1e-9)
        return inside & (heights > HAIRLINE * self.view.top)
