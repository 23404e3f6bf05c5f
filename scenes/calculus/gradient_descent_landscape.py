"""A loss surface that turns before the eye, from its heights to its place on stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from scenes.pictures.contour_map import Window
from scenes.pictures.surface import HeightField, LossSurface, View
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone

MESH, FINE = 45, 121
"""Lattice points along the longer side: of the surface, smooth and quick enough to turn; of contours and map."""
BOX, HEIGHT, FLOOR_GAP = 6.0, 1.7, 0.6
"""Longer side of a surface's box, its height, and how far below it the floor hangs."""
TURN = np.radians(30.0)
"""How far the eye travels round a surface."""


def fields_over(window: Window, height: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> tuple[HeightField, ...]:
    """The heights over a window in a box with equal axes: on a coarse lattice, and on a fine one."""
    (x_min, x_max), (y_min, y_max) = window
    spans = np.array([x_max - x_min, y_max - y_min])
    size = (*(BOX * spans / spans.max()), HEIGHT)
    fields = []
    for points in (MESH, FINE):
        nx, ny = np.maximum(np.round(points * spans / spans.max()).astype(int), points // 3)
        x, y = np.linspace(x_min, x_max, nx), np.linspace(y_min, y_max, ny)
        fields.append(HeightField(x, y, height(*np.meshgrid(x, y)), size))
    return tuple(fields)


class TurningSurface(LossSurface):
    """A surface as large as its turn allows, from a little to the left of the asked view to that view.

    Args:
        stage: the stage.
        zone: where it stands.
        fields: coarse and fine heights, as `fields_over` makes them.
        levels: contour heights.
        camera: azimuth and elevation at the end of the turn, in degrees.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        fields: tuple[HeightField, ...],
        levels: Sequence[float],
        camera: tuple[float, float],
    ) -> None:
        self.azimuth, self.elevation = np.radians(camera)
        coarse, fine = fields
        super().__init__(stage, zone, coarse, levels, floor_gap=FLOOR_GAP, fine_field=fine)
        self.stand_in(zone)

    def stand_in(self, zone: Zone) -> TurningSurface:
        """Fill this zone, at the beginning of the turn."""
        first = self.azimuth - TURN
        self.view = View(first, self.elevation, zone.center)
        self.view.fit_turn(self.field, zone, FLOOR_GAP, np.linspace(first, self.azimuth, 5))
        return self

    def turn(self, progress: float) -> TurningSurface:
        """Show it from this share of the turn."""
        self.view.azimuth = self.azimuth - TURN * (1.0 - progress)
        return self
