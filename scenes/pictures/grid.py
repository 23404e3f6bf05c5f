"""The plane as a grid that a map moves: grid lines, ghost of where they were, basis vectors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import VGroup

from scenes.pictures.shapes import Arrow, Curve
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone

PlaneMap = Callable[[np.ndarray], np.ndarray]
"""A map of the plane on points of shape (n, 2)."""


class Plane:
    """Coordinates of the plane in a zone: `unit` scene units per step, `origin` at the zone's centre."""

    def __init__(self, zone: Zone, unit: float, origin: np.ndarray | None = None) -> None:
        self.zone, self.unit = zone, unit
        self.origin = zone.center if origin is None else np.asarray(origin, float)

    @classmethod
    def holding(cls, zone: Zone, points: np.ndarray, largest_unit: float = 1.0) -> Plane:
        """The plane with the origin in the middle, as large as possible with all `points` (n, 2) inside."""
        reach = np.maximum(np.abs(np.asarray(points)).max(axis=0), 1e-9)
        unit = min(zone.width / 2 / (reach[0] + 0.5), zone.height / 2 / (reach[1] + 0.5), largest_unit)
        return cls(zone, unit)

    @classmethod
    def framing(cls, zone: Zone, points: np.ndarray, largest_unit: float = 1.0, border: float = 0.6) -> Plane:
        """The plane with the middle of `points` (n, 2) in the middle of the zone, as large as possible.

        `border` scene units stay free around the points, for their names.
        """
        low, high = np.min(points, axis=0), np.max(points, axis=0)
        width, height = np.maximum(high - low, 1e-9)
        unit = min((zone.width - 2 * border) / width, (zone.height - 2 * border) / height, largest_unit)
        return cls(zone, unit, zone.center - unit * np.append((low + high) / 2, 0.0))

    def put_between(self, start: Plane, end: Plane, share: float) -> Plane:
        """Become the plane at this share of the way from `start` to `end`: a pan and a zoom."""
        self.unit = start.unit ** (1 - share) * end.unit**share
        self.origin = (1 - share) * start.origin + share * end.origin
        return self

    def at(self, points: np.ndarray) -> np.ndarray:
        """Scene points, shape (n, 3) or (3,), of plane points of shape (n, 2) or (2,)."""
        points = np.asarray(points, float)
        scene = np.zeros((*points.shape[:-1], 3))
        scene[..., :2] = points * self.unit
        return scene + self.origin

    @property
    def reach(self) -> tuple[float, float]:
        """Half the zone's width and height, in plane units."""
        return self.zone.width / 2 / self.unit, self.zone.height / 2 / self.unit


def _grid_lines(half_width: int, half_height: int, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Sampled vertical and horizontal grid lines: two arrays of shape (lines, samples, 2)."""
    ys = np.linspace(-half_height, half_height, samples)
    xs = np.linspace(-half_width, half_width, samples)
    vertical = np.stack([np.stack([np.full(samples, x), ys], axis=1) for x in range(-half_width, half_width + 1)])
    horizontal = np.stack([np.stack([xs, np.full(samples, y)], axis=1) for y in range(-half_height, half_height + 1)])
    return vertical, horizontal


def clip_segments(starts: np.ndarray, ends: np.ndarray, zone: Zone) -> tuple[np.ndarray, np.ndarray]:
    """The parts of segments (n, 3) inside a zone. Source: Liang and Barsky (1984)."""
    direction = ends - starts
    enter, leave = np.zeros(len(starts)), np.ones(len(starts))
    for axis, low, high in ((0, zone.left, zone.right), (1, zone.bottom, zone.top)):
        speed, origin = direction[:, axis], starts[:, axis]
        with np.errstate(divide="ignore", invalid="ignore"):
            first, second = (low - origin) / speed, (high - origin) / speed
        parallel = np.abs(speed) < 1e-12
        outside = parallel & ((origin < low) | (origin > high))
        first = np.where(parallel, -np.inf, first)
        second = np.where(parallel, np.inf, second)
        enter = np.maximum(enter, np.minimum(first, second))
        leave = np.where(outside, -np.inf, np.minimum(leave, np.maximum(first, second)))
    kept = enter < leave
    starts, direction, enter, leave = starts[kept], direction[kept], enter[kept], leave[kept]
    return starts + enter[:, None] * direction, starts + leave[:, None] * direction


class MovingGrid(VGroup):
    """A grid of the plane under a map, clipped to its zone. `put` applies a map in place.

    Args:
        stage: the stage.
        plane: where the plane is drawn.
        samples: points per line; 2 suffices for linear maps, more for bent ones.
        ghost: whether the untransformed grid stays behind, faint.
        reach: half the width and height to cover, in plane units, when the plane will zoom out; see `put_ghost`.
    """

    def __init__(
        self,
        stage: Stage,
        plane: Plane,
        *,
        samples: int = 2,
        ghost: bool = True,
        role: str = "input",
        reach: tuple[float, float] | None = None,
    ) -> None:
        super().__init__()
        self.plane = plane
        half = [int(np.ceil(r)) for r in reach or plane.reach]
        # Lines start far outside, so that a shrinking map does not uncover the grid's edge too soon.
        self._vertical, self._horizontal = _grid_lines(*(3 * h for h in half), samples=samples)
        self.ghost = Curve(stage, role="grid", width=1.5)
        self.put_ghost()
        self.lines = Curve(stage, role=role, width=2.2, opacity=0.75)
        self.axes = Curve(stage, role="text", width=3.0, opacity=0.85)
        if ghost:
            self.add(self.ghost)
        self.add(self.lines, self.axes)
        self.put(lambda points: points)

    def _segments(self, lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Clipped segments in scene points of polylines of shape (lines, samples, 2)."""
        scene = self.plane.at(lines)
        return clip_segments(scene[:, :-1].reshape(-1, 3), scene[:, 1:].reshape(-1, 3), self.plane.zone)

    def _run(self, curve: Curve, lines: np.ndarray) -> None:
        curve.put_segments(*self._segments(lines))

    def _extend(self, curve: Curve, lines: np.ndarray) -> None:
        kept = curve.points
        self._run(curve, lines)
        curve.points = np.concatenate([kept, curve.points])

    def put_ghost(self) -> MovingGrid:
        """Draw the ghost again, after a pan or zoom of the plane."""
        self._run(self.ghost, self._vertical[:, [0, -1]])
        self._extend(self.ghost, self._horizontal[:, [0, -1]])
        return self

    def put(self, plane_map: PlaneMap) -> MovingGrid:
        """Draw the grid's image under `plane_map`."""
        vertical, horizontal = (
            plane_map(lines.reshape(-1, 2)).reshape(lines.shape) for lines in (self._vertical, self._horizontal)
        )
        self._run(self.lines, vertical)
        self._extend(self.lines, horizontal)
        self._run(self.axes, vertical[len(vertical) // 2][None])
        self._extend(self.axes, horizontal[len(horizontal) // 2][None])
        return self

    def put_matrix(self, matrix: np.ndarray) -> MovingGrid:
        """Draw the grid's image under a 2×2 matrix."""
        return self.put(lambda points: points @ np.asarray(matrix, float).T)


class BasisVectors(VGroup):
    """î and ĵ as arrows from the origin; `put_matrix` moves them to a matrix's columns."""

    def __init__(self, stage: Stage, plane: Plane, roles: tuple[str, str] = ("first", "second")) -> None:
        self.plane = plane
        self.first, self.second = (Arrow(stage, plane.origin, plane.origin, role, 0.08, 0.32) for role in roles)
        super().__init__(self.first, self.second)
        self.put_matrix(np.eye(2))

    def put_matrix(self, matrix: np.ndarray) -> BasisVectors:
        """Point at the columns of a 2×2 matrix."""
        columns = self.plane.at(np.asarray(matrix, float).T)
        self.first.put(self.plane.origin, columns[0])
        self.second.put(self.plane.origin, columns[1])
        return self
