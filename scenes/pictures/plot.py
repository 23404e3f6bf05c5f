"""Axes with ticks, and what stands on them: curves, areas and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup, VMobject

from scenes.pictures.labels import overlap
from scenes.pictures.shapes import Curve, rectangles
from scenes.stage.stage import Stage
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About `count` round numbers (1, 2 or 5 times a power of ten) within [low, high]."""
    raw = (high - low) / max(count, 1)
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * 0.999)
    first = np.ceil(low / step - 1e-9)
    return [float(k * step) for k in np.arange(first, np.floor(high / step + 1e-9) + 1)]


def _decimals(values: Sequence[float]) -> int:
    """Digits after the point that tell these ticks apart."""
    return next(d for d in range(7) if d == 6 or all(abs(v - round(v, d)) < 1e-9 for v in values))


@dataclass(frozen=True)
class Coordinates:
    """Places data in a box of the frame. Ranges are in data units, or their powers of ten if `log_y`."""

    box: Zone
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    log_y: bool = False

    def at(self, x: float, y: float) -> np.ndarray:
        """The scene point of data point (x, y), shape (3,)."""
        return self.points_at(np.array([x]), np.array([y]))[0]

    def points_at(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Scene points of data points, shape (n, 3). A y outside the range is drawn at its edge."""
        (x_low, x_high), (y_low, y_high) = self.x_range, self.y_range
        y = np.asarray(y, float)
        if self.log_y:
            y = np.log10(np.maximum(y, 1e-300))
        across = (np.asarray(x, float) - x_low) / (x_high - x_low)
        up = np.clip((y - y_low) / (y_high - y_low), 0.0, 1.0)
        points = np.zeros((len(across), 3))
        points[:, 0] = self.box.left + across * self.box.width
        points[:, 1] = self.box.bottom + up * self.box.height
        return points

    @property
    def x_unit(self) -> float:
        """Scene units per data unit along x."""
        return self.box.width / (self.x_range[1] - self.x_range[0])


class Plot(VGroup):
    """A pair of axes in a zone. Ticks and numbers are drawn once; data is placed with `at`.

    Args:
        stage: the stage.
        zone: room for everything, numbers and axis labels included.
        x_range, y_range: (low, high) in data units.
        x_ticks, y_ticks: where numbers stand; nice ones by default, none for ().
        x_label, y_label: Typst markup at the ends of the axes.
        log_y: logarithmic y axis; `y_range` is still in data units, and ticks are powers of ten.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        x_range: tuple[float, float],
        y_range: tuple[float, float],
        *,
        x_ticks: Sequence[float] | None = None,
        y_ticks: Sequence[float] | None = None,
        x_label: str = "",
        y_label: str = "",
        log_y: bool = False,
    ) -> None:
        super().__init__()
        self.stage = stage
        y_range = (float(np.log10(y_range[0])), float(np.log10(y_range[1]))) if log_y else y_range
        em = stage.em(Size.LABEL)
        if x_ticks is None:
            x_ticks = nice_ticks(*x_range, count=int(np.clip(zone.width / (2.6 * em), 2, 8)))
        rows = int(np.clip((zone.height - 3 * em) / (2.2 * em), 1, 5))
        y_numbers = self._y_numbers(y_range, y_ticks, log_y, rows)
        x_texts = [stage.words(format_number(t, _decimals(x_ticks)), Size.LABEL, "muted") for t in x_ticks]
        left = max((n.width for _, n in y_numbers), default=0.0) + (0.2 if y_numbers else 0.05)
        bottom = (1.25 * em if x_ticks else 0.05) + (1.05 * em if x_label else 0.0)
        top = 1.25 * em if y_label else 0.4 * em
        right = (x_texts[-1].width / 2 if x_texts else 0.0) + 0.05
        self.box = Zone(zone.left + left, zone.bottom + bottom, zone.right - right, zone.top - top)
        self.coordinates = Coordinates(self.box, tuple(x_range), tuple(y_range), log_y)
        base = self.box.at(0, 0)
        self.axis = Curve(stage, role="muted", width=2.5)
        self.axis.put_segments([base, base], [self.box.at(1, 0), self.box.at(0, 1)])
        self.grid_lines = Curve(stage, role="grid", width=1.2)
        heights = [y for y, _ in y_numbers]
        self.grid_lines.put_segments(
            self.points_at(np.full(len(heights), x_range[0]), heights),
            self.points_at(np.full(len(heights), x_range[1]), heights),
        )
        self.x_numbers = VGroup(
            *(
                m.next_to([self.at(t, 1)[0], self.box.bottom, 0], DOWN, buff=0.1)
                for t, m in zip(x_ticks, x_texts, strict=True)
            )
        )
        self.y_numbers = VGroup(*(m.next_to(self.at(x_range[0], y), LEFT, buff=0.14) for y, m in y_numbers))
        self.add(self.grid_lines, self.axis, self.x_numbers, self.y_numbers)
        self.labels = VGroup()
        if x_label:
            label = stage.words(x_label, Size.LABEL, "muted")
            label.move_to([self.box.center[0], self.box.bottom - bottom + label.height / 2, 0])
            self.labels.add(label)
        if y_label:
            label = stage.words(y_label, Size.LABEL, "muted")
            label.next_to([zone.left, self.box.top + 0.08, 0], UP + RIGHT, buff=0)
            self.labels.add(label)
            # A number at the very top would run into the name.
            self.y_numbers.remove(*(number for number in self.y_numbers if overlap(number, label)))
        self.add(self.labels)

    def _y_numbers(
        self, y_range: tuple[float, float], ticks: Sequence[float] | None, log_y: bool, count: int
    ) -> list[tuple[float, VMobject]]:
        if log_y:
            low, high = y_range
            exponents = np.arange(np.ceil(low - 1e-9), np.floor(high + 1e-9) + 1)
            stride = max(1, int(np.ceil(len(exponents) / count)))
            markup = {e: f"$10^({int(e)})$" for e in exponents[::stride]}
            return [(10.0**e, self.stage.words(m, Size.LABEL, "muted")) for e, m in markup.items()]
        values = nice_ticks(*y_range, count=count) if ticks is None else list(ticks)
        digits = _decimals(values)
        return [(v, self.stage.words(format_number(v, digits), Size.LABEL, "muted")) for v in values]

    def at(self, x: float, y: float) -> np.ndarray:
        """The scene point of data point (x, y), shape (3,)."""
        return self.coordinates.at(x, y)

    def points_at(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Scene points of data points, shape (n, 3). A y outside the range is drawn at its edge."""
        return self.coordinates.points_at(x, y)

    def curve(self, x: np.ndarray, y: np.ndarray, role: str = "model", width: float = 4.0) -> Curve:
        """The polyline through data points."""
        return Curve(self.stage, self.points_at(x, y), role, width)

    def bars(self, x: np.ndarray, heights: np.ndarray, role: str = "data", width: float = 0.8) -> Bars:
        """Bars centred at `x`, `width` data units wide."""
        return Bars(self.stage, self.coordinates, x, heights, role, width)


class Bars(VMobject):
    """Bars on a plot as one mobject. `put` gives them new places and heights without a redraw from scratch."""

    def __init__(
        self,
        stage: Stage,
        coordinates: Coordinates,
        x: np.ndarray,
        heights: np.ndarray,
        role: str = "data",
        width: float = 0.8,
    ) -> None:
        super().__init__()
        self.coordinates, self.bar_width = coordinates, width
        self.set_fill(stage.color(role), opacity=0.75).set_stroke(stage.color(role), width=1.5)
        self.put(x, heights)

    def put(
        self, x: np.ndarray, heights: np.ndarray, width: float | None = None, bottoms: np.ndarray | None = None
    ) -> Bars:
        """Stand at `x` (bar centres, data units) with these heights, on the axis or on `bottoms`; all of shape (n,)."""
        self.bar_width = self.bar_width if width is None else width
        x, heights = np.asarray(x, float), np.asarray(heights, float)
        bottoms = np.zeros(len(x)) if bottoms is None else np.asarray(bottoms, float)
        half = self.bar_width / 2
        low = self.coordinates.points_at(x - half, bottoms)
        high = self.coordinates.points_at(x + half, bottoms + heights)
        self.points = rectangles(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
        return self
