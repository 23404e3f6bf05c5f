"""The parallelogram test: does a map carry the sum of two arrows to the sum of their images?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import VGroup

from scenes.pictures.grid import MovingGrid, Plane, PlaneMap
from scenes.pictures.labels import along, clear_offset, inside, tag
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots, Region
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone

ARROW_ROLES = ("input", "data", "output")
"""Colours of the first arrow, the second and their sum."""
SIDE_SAMPLES = 24
"""Points per side of the parallelogram's image: enough that a bent side looks round."""
GRID_SAMPLES = 240
"""Points per grid line, for maps that bend it."""


class AdditivityTest(VGroup):
    """Grid, two arrows, the image of their sum and the sum of their images; `put` applies a map.

    Args:
        stage: the stage.
        zone: room for the plane and, below it, the gap.
        arrows: the two arrows, shape (2, 2).
        end: the map that it will end on; the plane holds its picture too.
        bent: whether maps may bend the grid.
        names: what the three arrows are called before and after the map, three and three.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        arrows: np.ndarray,
        end: PlaneMap,
        *,
        names: tuple[tuple[str, str, str], tuple[str, str, str]],
        bent: bool = False,
    ) -> None:
        room, line = _above(zone, 1.6 * stage.em("readout"))
        self.arrows = np.asarray(arrows, float)
        held = np.concatenate([self._corners(lambda p: p), self._corners(end)])
        self.plane = Plane.framing(room, held, 1.0, border=0.75)
        self.grid = MovingGrid(stage, self.plane, samples=GRID_SAMPLES if bent else 2, role="parameter")
        self.region = Region(stage, role="output", opacity=0.22)
        self.sides = Curve(stage, role="output", width=2.5, opacity=0.8)
        self.completion = Curve(stage, role="text", width=3.0)
        self.pointers = VGroup(*(Arrow(stage, room.center, room.center, role, 0.08, 0.32) for role in ARROW_ROLES))
        self.target = Dots(stage, np.zeros((1, 2)), role="text", radius=0.09)
        self.gap_arrow = Arrow(stage, room.center, room.center, "error", 0.08, 0.24)
        self.readout = Readout(stage, "gap", 0.0, role="error").move_to(line.center)
        self.before, self.after = (
            VGroup(*(tag(stage, f"${name}$", role) for name, role in zip(some, ARROW_ROLES, strict=True)))
            for some in names
        )
        super().__init__(
            self.grid,
            self.region,
            self.sides,
            self.completion,
            self.pointers,
            self.target,
            self.gap_arrow,
            self.readout,
        )
        self.put(lambda points: points)
        self._place(self.before, lambda points: points)
        self._place(self.after, end)

    def _corners(self, function: PlaneMap) -> np.ndarray:
        """The images of 0, u, v, u + v, and the sum of the images of u and v, shape (5, 2)."""
        u, v = self.arrows
        images = function(np.array([np.zeros(2), u, v, u + v]))
        return np.vstack([images, images[1] + images[2]])

    def put(self, function: Callable[[np.ndarray], np.ndarray]) -> AdditivityTest:
        """Show everything under this map."""
        u, v = self.arrows
        self.grid.put(function)
        ring = np.array([np.zeros(2), u, u + v, v, np.zeros(2)])
        share = np.linspace(0, 1, SIDE_SAMPLES, endpoint=False)[:, None]
        border = np.concatenate([a + share * (b - a) for a, b in zip(ring[:-1], ring[1:], strict=True)])
        outline = self.plane.at(function(np.vstack([border, border[:1]])))
        self.region.put(outline)
        self.sides.put(outline)
        self.images = self._corners(function)
        origin, first, second, whole, total = self.plane.at(self.images)
        for pointer, tip in zip(self.pointers, (first, second, whole), strict=True):
            pointer.put(origin, tip)
        self.completion.put_segments(*_dashes(np.array([first, second]), np.array([total, total])))
        self.target.put(total[None])
        self.gap_arrow.put(total, whole)
        self.readout.set_value(self.gap)
        return self

    @property
    def gap(self) -> float:
        """Distance of the sum's image from the sum of the images, in grid units."""
        return float(np.linalg.norm(self.images[3] - self.images[4]))

    def _place(self, tags: VGroup, function: PlaneMap) -> None:
        """Stand three names at the tips of their arrows, outside the parallelogram."""
        origin, first, second, whole, total = self.plane.at(self._corners(function))
        lines = [(origin, first), (origin, second), (origin, whole), (first, total), (second, total), (whole, total)]
        obstacles = np.concatenate([along(a, b) for a, b in lines])
        middle = (first + second) / 2
        for label, tip in zip(tags, (first, second, whole), strict=True):
            place = tip + clear_offset(label, tip, tip - middle, obstacles, self.plane.zone)
            obstacles = np.concatenate([obstacles, inside(label, place)])
            label.move_to(place)


def _above(zone: Zone, height: float) -> tuple[Zone, Zone]:
    """Split off a line of this height at the bottom."""
    edge = zone.bottom + height
    return Zone(zone.left, edge, zone.right, zone.top), Zone(zone.left, zone.bottom, zone.right, edge)


def _dashes(starts: np.ndarray, ends: np.ndarray, dash: float = 0.16) -> tuple[np.ndarray, np.ndarray]:
    """Segments (n, 3) cut into dashes about this long, with gaps between as long."""
    firsts, lasts = [], []
    for start, end in zip(starts, ends, strict=True):
        count = max(int(np.linalg.norm(end - start) / dash / 2), 1)
        edges = np.linspace(start, end, 2 * count)
        firsts.append(edges[0::2])
        lasts.append(edges[1::2])
    return np.concatenate(firsts), np.concatenate(lasts)
