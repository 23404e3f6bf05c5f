"""Runs that end in different valleys: on the surface and on the map at once, and the basins of attraction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VGroup

from scenes.calculus.gradient_descent_landscape import TurningSurface
from scenes.pictures.contour_map import ContourMap, Trail
from scenes.pictures.labels import tag
from scenes.pictures.raster import Raster
from scenes.pictures.surface import HeightField, SurfaceTrail
from scenes.stage.color import mix
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone

PATH_ROLE = "text"
"""Colour of every path: the other hues belong to the learning rates. A valley's name is a letter."""
NAMES = "ABCD"
TINTS = (0.12, 0.42, 0.22, 0.54)
"""Strength of the grey of each basin on the background: neighbours differ, paths and letters still stand out."""
CONTOURS = 7
LOOK_DOWN = 55.0
"""Least elevation of the eye in degrees: from lower down the front rim would hide the valleys behind it."""


class Basins(VGroup):
    """Surface, map and one trail per valley on each; `basins` and `names` are shown when wanted.

    Args:
        stage: the stage.
        zone: room for surface and map, side by side or one above the other.
        fields: coarse and fine heights over a square window.
        camera: azimuth and elevation in degrees.
        paths: one path (n, 2) per valley, of equal length; its end is the valley's minimum.
        classes: index of the valley that each start on a grid over the window reaches, −1 for none.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        fields: tuple[HeightField, ...],
        camera: tuple[float, float],
        paths: Sequence[np.ndarray],
        classes: np.ndarray,
    ) -> None:
        left, right = zone.beside(0.56, 0.44)
        levels = np.linspace(0.0, fields[1].z.max(), CONTOURS + 2)[1:-1]
        azimuth, elevation = camera
        view = (azimuth, max(elevation, LOOK_DOWN))
        self.surface = TurningSurface(stage, left, fields, levels, view).turn(1.0)
        self.map = ContourMap(stage, right, fields[1], levels, ticks=False, opacity=0.4)
        color, box = stage.color(PATH_ROLE), self.map.box
        self.on_surface = VGroup(*(SurfaceTrail(self.surface, path, color, dot_radius=0.05) for path in paths))
        self.on_map = VGroup(*(Trail(stage, self.map.at, box, path, PATH_ROLE, dot_radius=0.05) for path in paths))
        super().__init__(self.surface, self.map, self.on_surface, self.on_map)
        theme = stage.theme
        tints = [mix(theme.background, theme.muted, strength) for strength in TINTS]
        self.basins = Raster(self.map.box, classes, [*tints, theme.grid])
        self.names = VGroup()
        for letter, path in zip(NAMES, paths, strict=True):
            outward = path[-1] / np.linalg.norm(path[-1])
            self.names.add(tag(stage, letter).move_to(self.map.at(path[-1]) + 0.34 * np.append(outward, 0.0)))
        self.put(0.0)

    def put(self, steps: float) -> Basins:
        """Show the trails up to this (fractional) step."""
        for trail in (*self.on_surface, *self.on_map):
            trail.put(steps)
        return self
