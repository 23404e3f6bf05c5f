"""A landscape from above: contours in a frame with equal axes, and trails that walk over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import DOWN, LEFT, VGroup

from scenes.pictures.grid import clip_segments
from scenes.pictures.labels import overlap
from scenes.pictures.plot import nice_ticks
from scenes.pictures.shapes import Curve, Dots
from scenes.pictures.surface import HeightField
from scenes.stage.stage import Stage
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

Window = tuple[tuple[float, float], tuple[float, float]]
"""((x_min, x_max), (y_min, y_max)) in data units."""


NUMBER_ROOM = 2.0
"""Em left of a map: "−10" and a gap."""


def until_leaving(path: np.ndarray, window: Window) -> np.ndarray:
    """The path (n, 2) up to where it first leaves the window, the crossing point included."""
    low, high = np.array(window, float).T
    outside = np.flatnonzero(np.any((path < low) | (path > high), axis=1))
    if not len(outside) or outside[0] == 0:
        return path
    last, beyond = path[outside[0] - 1], path[outside[0]]
    step = beyond - last
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(step > 0, (high - last) / step, np.where(step < 0, (low - last) / step, np.inf))
    return np.vstack([path[: outside[0]], last + np.clip(shares.min(), 0, 1) * step])


def at_step(path: np.ndarray, steps: float) -> np.ndarray:
    """The point (2,) a fractional number of steps along a path (n, 2), clamped to its ends."""
    steps = float(np.clip(steps, 0, len(path) - 1))
    whole = min(int(steps), max(len(path) - 2, 0))
    following = path[min(whole + 1, len(path) - 1)]
    return path[whole] + (steps - whole) * (following - path[whole])


class ContourMap(VGroup):
    """Contours of a height field with equal axes, as large as its zone allows.

    Args:
        stage: the stage.
        zone: room for the map and, with `ticks`, for the numbers left and below.
        field: the heights.
        levels: contour heights.
        ticks: whether numbers stand along the edges.
        opacity: of the contour lines.
        names: Typst markup of what is along x and along y, in the rows of the numbers; no names by default.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        field: HeightField,
        levels: Sequence[float],
        *,
        ticks: bool = True,
        opacity: float = 0.55,
        names: tuple[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.stage, self.window = stage, ((field.x[0], field.x[-1]), (field.y[0], field.y[-1]))
        room = self.room_for(stage, zone) if ticks else zone
        (x_min, x_max), (y_min, y_max) = self.window
        self.unit = min(room.width / (x_max - x_min), room.height / (y_max - y_min))
        half_x, half_y = self.unit * (x_max - x_min) / 2, self.unit * (y_max - y_min) / 2
        (x, y, _) = room.center
        self.box = Zone(x - half_x, y - half_y, x + half_x, y + half_y)
        self.contours = Curve(stage, role="muted", width=2.0, opacity=opacity)
        lines = [self.at(line) for _, line in field.contours(levels)]
        if lines:
            self.contours.put_segments(
                np.concatenate([line[:-1] for line in lines]), np.concatenate([line[1:] for line in lines])
            )
        self.frame = Curve(stage, role="grid", width=2.0)
        self.frame.put(np.array([self.box.at(*corner) for corner in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]))
        self.numbers = self._numbers() if ticks else VGroup()
        self.add(self.contours, self.frame, self.numbers)
        if names:
            self.add(self._axis_names(*names))

    @staticmethod
    def room_for(stage: Stage, zone: Zone) -> Zone:
        """What a zone leaves for the map itself when numbers stand left and below."""
        em = stage.em(Size.LABEL)
        return Zone(zone.left + NUMBER_ROOM * em, zone.bottom + 1.3 * em, zone.right, zone.top)

    def _numbers(self) -> VGroup:
        stage, numbers, em = self.stage, VGroup(), self.stage.em(Size.LABEL)
        for (low, high), length, side in zip(self.window, (self.box.width, self.box.height), (DOWN, LEFT), strict=True):
            pitch = (3.0 if side is DOWN else 2.2) * em
            count = int(np.clip(length / pitch, 2, 5))
            # A round step may leave a single number, which gives no scale.
            values = max((nice_ticks(low, high, count=c) for c in (count, count + 1)), key=len)
            # Integers where they can be: a map needs no more.
            digits = 0 if all(abs(v - round(v)) < 1e-9 for v in values) else 1
            for value in values:
                number = stage.words(format_number(value, digits), Size.LABEL, "muted")
                place = self.at(np.array([value, self.window[1][0]] if side is DOWN else [self.window[0][0], value]))
                numbers.add(number.next_to(place, side, buff=0.1))
        return numbers

    def _axis_names(self, x: str, y: str) -> VGroup:
        """Names at the ends of the rows of numbers; a number in the way of one goes."""
        stage, box = self.stage, self.box
        along_x = stage.words(x, Size.LABEL, "muted").next_to(box.at(1, 0), DOWN, buff=0.1)
        along_y = stage.words(y, Size.LABEL, "muted").next_to(box.at(0, 1), LEFT, buff=0.1)
        along_x.shift([-along_x.width / 2, 0, 0])
        along_y.shift([0, -along_y.height / 2, 0])
        names = VGroup(along_x, along_y)
        self.numbers.remove(*(number for number in self.numbers if any(overlap(number, name) for name in names)))
        return names

    def at(self, points: np.ndarray) -> np.ndarray:
        """Scene points (…, 3) of data points (…, 2)."""
        points = np.asarray(points, float)
        scene = np.zeros((*points.shape[:-1], 3))
        low = np.array([self.window[0][0], self.window[1][0]])
        scene[..., :2] = (points - low) * self.unit + np.array([self.box.left, self.box.bottom])
        return scene

    def back(self, scene: np.ndarray) -> np.ndarray:
        """Data points (…, 2) of scene points (…, 3)."""
        low = np.array([self.window[0][0], self.window[1][0]])
        return (np.asarray(scene)[..., :2] - np.array([self.box.left, self.box.bottom])) / self.unit + low


class Trail(VGroup):
    """A path as a line with a dot per step and a larger dot at its head, cut off at the edge of a box.

    Args:
        stage: the stage.
        to_scene: scene points (n, 3), not clipped, of data points (n, 2).
        box: nothing is drawn outside.
        path: data points, shape (n, 2).
        role: its colour.
        dots: whether every step has a dot.
    """

    def __init__(
        self,
        stage: Stage,
        to_scene: Callable[[np.ndarray], np.ndarray],
        box: Zone,
        path: np.ndarray,
        role: str,
        *,
        dots: bool = True,
        line_width: float = 4.0,
        dot_radius: float = 0.06,
    ) -> None:
        self.to_scene, self.box, self.path = to_scene, box, np.asarray(path, float)
        self.with_dots = dots
        self.line = Curve(stage, role=role, width=line_width)
        self.dots = Dots(stage, np.zeros((0, 2)), role, dot_radius)
        self.head = Dots(stage, np.zeros((0, 2)), role, 1.9 * dot_radius)
        super().__init__(self.line, self.dots, self.head)
        self.put(len(self.path) - 1)

    def put(self, steps: float) -> Trail:
        """Show the path up to this (fractional) step."""
        steps = float(np.clip(steps, 0, len(self.path) - 1))
        shown = self.to_scene(np.vstack([self.path[: int(steps) + 1], at_step(self.path, steps)[None]]))
        self.line.put_segments(*clip_segments(shown[:-1], shown[1:], self.box))
        self.dots.put(self._inside(shown[:-1]) if self.with_dots else np.zeros((0, 2)))
        self.head.put(np.zeros((0, 2)) if self._is_away(steps) else self._inside(shown[-1:]))
        return self

    def _is_away(self, steps: float) -> bool:
        """Whether the path has left the box and not yet come back to stay.

        A run that overshoots crosses the box with every step: its head would only flicker.
        """
        scene = self.to_scene(self.path)
        away = np.setdiff1d(np.arange(len(scene)), np.flatnonzero(self._holds(scene)))
        return bool(len(away)) and away[0] < steps < away[-1] + 1

    def soften(self, opacity: float) -> Trail:
        """Draw line and dots at this opacity."""
        self.line.set_stroke(opacity=opacity)
        self.dots.set_fill(opacity=opacity)
        self.head.set_fill(opacity=opacity)
        return self

    def _inside(self, points: np.ndarray) -> np.ndarray:
        return points[self._holds(points)]

    def _holds(self, points: np.ndarray) -> np.ndarray:
        """Which points the box holds, as booleans, shape (n,) of (n, 3)."""
        box, slack = self.box, 1e-6
        x, y = points[:, 0], points[:, 1]
        return (x >= box.left - slack) & (x <= box.right + slack) & (y >= box.bottom - slack) & (y <= box.top + slack)
