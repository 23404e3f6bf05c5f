"""The simplest pictures: polylines, arrows, dots, braces; all redrawn in place by setting points."""

from __future__ import annotations

import numpy as np
from manim import VMobject

from scenes.stage.camera import Painted, cairo_color
from scenes.stage.stage import Stage


def polyline(points: np.ndarray) -> np.ndarray:
    """Cubic Bézier points, shape (4·(n−1), 3), of the straight segments through `points`, shape (n, 3)."""
    points = np.asarray(points, dtype=float)
    start, end = points[:-1], points[1:]
    return np.stack([start, start + (end - start) / 3, start + 2 * (end - start) / 3, end], axis=1).reshape(-1, 3)


def polygons(corners: np.ndarray) -> np.ndarray:
    """Cubic Bézier points of closed polygons; `corners` has shape (polygons, corners, 3)."""
    corners = np.asarray(corners, dtype=float)
    closed = np.concatenate([corners, corners[:, :1]], axis=1)
    return np.concatenate([polyline(ring) for ring in closed]) if len(closed) else np.zeros((0, 3))


def rectangles(left: np.ndarray, bottom: np.ndarray, right: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Cubic Bézier points of axis-parallel rectangles; each argument has shape (n,)."""
    left, bottom, right, top = np.broadcast_arrays(*np.atleast_1d(left, bottom, right, top))
    zero = np.zeros(len(left))
    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
    ring = np.stack([np.stack([x, y, zero], axis=-1) for x, y in (*corners, corners[0])], axis=1)
    start, end = ring[:, :-1], ring[:, 1:]
    curves = np.stack([start, start + (end - start) / 3, start + 2 * (end - start) / 3, end], axis=2)
    return curves.reshape(-1, 3)


class Curve(VMobject):
    """A polyline in a role's colour; `put` moves it."""

    def __init__(
        self,
        stage: Stage,
        points: np.ndarray | None = None,
        role: str = "model",
        width: float = 4.0,
        opacity: float = 1.0,
    ) -> None:
        super().__init__()
        self.set_stroke(stage.color(role), width=width, opacity=opacity).set_fill(opacity=0)
        if points is not None:
            self.put(points)

    def put(self, points: np.ndarray) -> Curve:
        """Run through these points, shape (n, 3)."""
        self.points = polyline(points) if len(points) > 1 else np.zeros((0, 3))
        return self

    def put_segments(self, starts: np.ndarray, ends: np.ndarray) -> Curve:
        """Separate straight segments; both arguments have shape (n, 3)."""
        starts, ends = np.asarray(starts, float), np.asarray(ends, float)
        self.points = np.stack(
            [starts, starts + (ends - starts) / 3, starts + 2 * (ends - starts) / 3, ends], axis=1
        ).reshape(-1, 3)
        return self


class Region(VMobject):
    """A filled polygon in a role's colour; `put` moves it."""

    def __init__(
        self, stage: Stage, points: np.ndarray | None = None, role: str = "model", opacity: float = 0.35
    ) -> None:
        super().__init__()
        self.set_stroke(width=0).set_fill(stage.color(role), opacity=opacity)
        if points is not None:
            self.put(points)

    def put(self, points: np.ndarray) -> Region:
        """Fill the polygon with these corners, shape (n, 3)."""
        self.points = polygons(np.asarray(points)[None]) if len(points) > 2 else np.zeros((0, 3))
        return self


class Arrow(VMobject):
    """A straight arrow as one filled outline; any length, none included, and movable in place."""

    def __init__(
        self,
        stage: Stage,
        start: np.ndarray,
        end: np.ndarray,
        role: str = "input",
        thickness: float = 0.06,
        tip: float = 0.28,
    ) -> None:
        super().__init__()
        self.thickness, self.tip = thickness, tip
        self.set_fill(stage.color(role), opacity=1).set_stroke(width=0)
        self.put(start, end)

    def put(self, start: np.ndarray, end: np.ndarray) -> Arrow:
        """Point from `start` to `end`, each of shape (2,) or (3,)."""
        start, end = (np.append(np.asarray(p, float)[:2], 0.0) for p in (start, end))
        length = float(np.linalg.norm(end - start))
        if length < 1e-9:
            self.points = np.repeat(start[None], 4, axis=0)
            return self
        along = (end - start) / length
        across = np.array([-along[1], along[0], 0.0])
        tip = min(self.tip, 0.6 * length)
        half, wing = self.thickness / 2 * min(1, tip / self.tip + 0.4), 0.42 * tip
        neck = end - tip * along
        outline = [
            start + half * across,
            neck + half * across,
            neck + wing * across,
            end,
            neck - wing * across,
            neck - half * across,
            start - half * across,
        ]
        self.points = polygons(np.array([outline]))
        return self


class Dots(Painted):
    """Many round dots drawn at once; `put` moves them. Radii in scene units."""

    def __init__(
        self,
        stage: Stage,
        centers: np.ndarray,
        role: str = "data",
        radius: float = 0.06,
        opacity: float = 1.0,
    ) -> None:
        super().__init__()
        self.radius = radius
        self.set_fill(stage.color(role), opacity=opacity).set_stroke(width=0)
        self.put(centers)

    @property
    def overhang(self) -> float:
        """A dot reaches a radius beyond its centre."""
        return self.radius

    def put(self, centers: np.ndarray) -> Dots:
        """Stand at these centres, shape (n, 2) or (n, 3)."""
        centers = np.asarray(centers, float)
        flat = np.zeros((len(centers), 3))
        flat[:, : centers.shape[1]] = centers
        # One curve of no length per dot: the dots move, fade and are boxed like any mobject.
        self.points = np.repeat(flat, 4, axis=0)
        return self

    def paint(self, context) -> None:
        """One filled circle per centre."""
        context.set_source_rgba(*cairo_color(self.get_fill_color().to_hex()), float(self.get_fill_opacity()))
        for x, y in self.points[::4, :2]:
            context.new_sub_path()
            context.arc(x, y, self.radius, 0, 2 * np.pi)
        context.fill()


class Cells(Painted):
    """A grid of coloured rectangles, one colour each, drawn at once."""

    overhang = 0.0

    def __init__(self, boxes: np.ndarray, colors: list[str], gap: float = 0.03) -> None:
        super().__init__()
        self.colors, self.gap = colors, gap
        self.points = rectangles(boxes[:, 0] + gap, boxes[:, 1] + gap, boxes[:, 2] - gap, boxes[:, 3] - gap)
        self.set_fill("#FFFFFF", opacity=1).set_stroke(width=0)

    def paint(self, context) -> None:
        """One filled rectangle per cell."""
        corners = self.points.reshape(len(self.colors), -1, 3)
        alpha = float(self.get_fill_opacity())
        for cell, color in zip(corners, self.colors, strict=True):
            (left, bottom), (right, top) = cell[:, :2].min(axis=0), cell[:, :2].max(axis=0)
            context.set_source_rgba(*cairo_color(color), alpha)
            context.rectangle(left, bottom, right - left, top - bottom)
            context.fill()
