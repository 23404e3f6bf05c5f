"""The unit square under a map, with its matrix and its determinant, the signed factor of areas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VGroup, VMobject

from explainers.linear_algebra.linear_transformations import LinearMap, parallelogram
from scenes.pictures.board import Board, MatrixPath, Step
from scenes.pictures.grid import Plane
from scenes.pictures.matrix import MatrixBox, largest_fitting
from scenes.pictures.shapes import Region
from scenes.stage.language import _
from scenes.stage.stage import Stage, stack
from scenes.stage.text import Size
from scenes.stage.zones import Zone

LARGEST_UNIT = 2.5
"""Scene units per grid step at most."""
WIDEST_ENTRY = -0.01
"""An entry on its way, with as many characters as any: the brackets hold it."""


class AreaBoard(VGroup):
    """A board with the image of the unit square; matrix and determinant tick along.

    Args:
        stage: the stage.
        zone: room for the plane.
        side: rooms for the matrix and for the area.
        matrices: every matrix that it will end on, each of shape (2, 2); the plane and the brackets hold them.
    """

    def __init__(self, stage: Stage, zone: Zone, side: tuple[Zone, Zone], matrices: Sequence[np.ndarray]) -> None:
        squares = [parallelogram(*np.asarray(matrix).T) for matrix in matrices]
        self.plane = Plane.framing(zone, np.vstack([np.eye(2), -np.eye(2), *squares]), LARGEST_UNIT)
        self.board = Board(stage, self.plane)
        self.square = Region(stage, role="data", opacity=0.45)
        room_for = np.array([*matrices, np.full((2, 2), WIDEST_ENTRY)])
        self.box = largest_fitting(
            lambda size: MatrixBox(stage, np.eye(2), size=size, room_for=room_for), side[0]
        ).move_to(side[0].center)
        self.factor = stage.number(1.0, Size.TITLE, "data", anchor="center")
        turned, signed = _("turned over"), _("det = signed area")
        self.turned = _first_fitting(stage, ((turned, Size.READOUT), (turned, Size.LABEL)), side[1].width)
        names = ((signed, Size.READOUT), (signed, Size.LABEL), (_("det"), Size.READOUT))
        label = _first_fitting(stage, names, side[1].width)
        self.text = stack(label, self.factor, self.turned, align="center").move_to(side[1].center)
        super().__init__(self.board.grid, self.square, self.board.basis, self.board.names, self.box, self.text)
        self._show()

    @property
    def matrix(self) -> np.ndarray:
        """The matrix on show, shape (2, 2)."""
        return self.board.matrix

    def travel(self, path: MatrixPath) -> Step:
        """A step for `drive`: everything follows a path of matrices."""
        follow = self.board.travel(path)

        def step(progress: float) -> None:
            follow(progress)
            self._show()

        return step

    def _show(self) -> None:
        determinant = LinearMap.of(self.matrix).determinant
        self.square.put(self.plane.at(parallelogram(*self.matrix.T)))
        # All digits, also on the way: the determinant is seen to be that of this matrix.
        self.box.put(self.matrix)
        self.factor.set_value(determinant)
        self.turned.set_opacity(float(np.clip(-2 * determinant, 0, 1)))


def _first_fitting(stage: Stage, texts: Sequence[tuple[str, Size]], width: float) -> VMobject:
    """The first of these texts that is no wider than this, or the last."""
    labels = [stage.words(text, size, "muted") for text, size in texts]
    return next((label for label in labels if label.width <= width), labels[-1])
