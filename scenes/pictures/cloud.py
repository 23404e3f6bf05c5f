"""A cloud of dots with its ellipses, under a matrix that moves all of them together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VGroup

from scenes.pictures.grid import Plane, clip_segments
from scenes.pictures.shapes import Curve, Dots
from scenes.stage.stage import Stage

SAMPLES = 96
"""Corners of a drawn ellipse: enough to look smooth at full size."""
NO_SHIFT = np.zeros(2)


def ellipse(matrix: np.ndarray, radius: float = 1.0, center: np.ndarray = NO_SHIFT) -> np.ndarray:
    """Points of the image of a circle around 0 under a 2×2 matrix, moved to `center`; closed, shape (n, 2)."""
    angles = np.linspace(0, 2 * np.pi, SAMPLES + 1)
    circle = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    return circle @ np.asarray(matrix, float).T + center


class Ellipses(Curve):
    """The images of circles around 0 under a matrix, as one mobject; `put` moves them."""

    def __init__(
        self, stage: Stage, plane: Plane, radii: Sequence[float], role: str = "model", width: float = 3.5
    ) -> None:
        super().__init__(stage, role=role, width=width)
        self.plane, self.radii = plane, tuple(radii)
        self.put_matrix(np.eye(2))

    def put_matrix(self, matrix: np.ndarray, center: np.ndarray = NO_SHIFT) -> Ellipses:
        """Show the circles' images under a 2×2 matrix around `center`, in plane units, as far as the zone reaches."""
        rings = [self.plane.at(ellipse(matrix, radius, center)) for radius in self.radii]
        starts, ends = np.concatenate([r[:-1] for r in rings]), np.concatenate([r[1:] for r in rings])
        return self.put_segments(*clip_segments(starts, ends, self.plane.zone))


class Cloud(VGroup):
    """Dots and ellipses; a matrix moves both, `light` picks dots. What lies outside the plane's zone is not drawn.

    Args:
        stage: the stage.
        plane: where the plane is drawn.
        points: the dots before any matrix, shape (n, 2).
        radii: of the circles before any matrix; none for a bare cloud.
        role, ring_role: colours of dots and ellipses.
    """

    FAINT = 0.25
    """Opacity of dots that are not lit."""

    def __init__(
        self,
        stage: Stage,
        plane: Plane,
        points: np.ndarray,
        radii: Sequence[float] = (1, 2, 3),
        *,
        role: str = "data",
        ring_role: str = "model",
        dot_radius: float = 0.045,
    ) -> None:
        self.plane, self.matrix, self.center = plane, np.eye(2), NO_SHIFT
        self.source = np.asarray(points, float)
        self.lit = np.ones(len(self.source), dtype=bool)
        self.faint = Dots(stage, np.zeros((0, 3)), role, dot_radius, self.FAINT)
        self.bright = Dots(stage, np.zeros((0, 3)), role, dot_radius)
        self.rings = Ellipses(stage, plane, radii, ring_role)
        super().__init__(self.faint, self.bright, self.rings)
        self.put(np.eye(2))

    def put(self, matrix: np.ndarray, center: np.ndarray = NO_SHIFT) -> Cloud:
        """Show dots and circles under a 2×2 matrix, then moved by `center`, in plane units."""
        self.matrix, self.center = np.asarray(matrix, float), np.asarray(center, float)
        self.rings.put_matrix(self.matrix, self.center)
        return self._put_dots()

    def light(self, inside: np.ndarray) -> Cloud:
        """Light these dots, shape (n,) of bool, and leave the others faint."""
        self.lit = np.asarray(inside, bool)
        return self._put_dots()

    def _put_dots(self) -> Cloud:
        centers = self.plane.at(self.source @ self.matrix.T + self.center)
        zone = self.plane.zone.inset(self.bright.radius)
        low, high = np.array([zone.left, zone.bottom]), np.array([zone.right, zone.top])
        seen = np.all((centers[:, :2] >= low) & (centers[:, :2] <= high), axis=1)
        self.faint.put(centers[seen & ~self.lit])
        self.bright.put(centers[seen & self.lit])
        return self
