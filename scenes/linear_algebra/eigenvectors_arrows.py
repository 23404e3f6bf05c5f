"""Many arrows in one mobject: fans and fields that move as one."""

from __future__ import annotations

import numpy as np
from manim import VMobject

from scenes.pictures.shapes import polygons
from scenes.stage.stage import Stage


class Arrows(VMobject):
    """Straight arrows of any length, none included; `put` moves them all at once.

    Args:
        stage: the stage.
        starts, ends: scene points, shape (n, 3); one start for all is enough.
        thickness, tip: of a shaft and its head, in scene units; short arrows have smaller heads.
    """

    def __init__(
        self,
        stage: Stage,
        starts: np.ndarray,
        ends: np.ndarray,
        role: str = "input",
        *,
        thickness: float = 0.045,
        tip: float = 0.2,
        opacity: float = 1.0,
    ) -> None:
        super().__init__()
        self.thickness, self.tip = thickness, tip
        self.set_fill(stage.color(role), opacity=opacity).set_stroke(width=0)
        self.put(starts, ends)

    def put(self, starts: np.ndarray, ends: np.ndarray) -> Arrows:
        """Point from `starts` to `ends`, each of shape (n, 3) or (3,)."""
        ends = np.atleast_2d(np.asarray(ends, float))
        starts = np.broadcast_to(np.asarray(starts, float), ends.shape)
        length = np.linalg.norm(ends - starts, axis=1, keepdims=True)
        along = (ends - starts) / np.maximum(length, 1e-9)
        across = along[:, [1, 0, 2]] * np.array([-1.0, 1.0, 0.0])
        tip = np.minimum(self.tip, 0.6 * length)
        half, wing = self.thickness / 2 * np.minimum(1, length / self.tip), 0.42 * tip
        neck = ends - tip * along
        left = [starts + half * across, neck + half * across, neck + wing * across]
        right = [neck - wing * across, neck - half * across, starts - half * across]
        self.points = polygons(np.stack([*left, ends, *right], axis=1))
        return self
