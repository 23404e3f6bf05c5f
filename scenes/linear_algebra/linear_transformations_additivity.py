"""The parallelogram test: does a map carry the sum of two arrows to the sum of their images?"""

from __future__ import annotations

import numpy as np
from manim import VGroup

from explainers.linear_algebra.linear_transformations import ParallelogramTest, PlaneFunction
from scenes.pictures.grid import MovingGrid, Plane
from scenes.pictures.labels import WIDE_HALO, along, clear_offset, inside, tag
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots, Region
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

ARROW_ROLES = ("input", "data", "output")
"""Colours of the first arrow, the second and their sum."""
SIDE_SAMPLES = 24
"""Points per side of the parallelogram's image: enough that a bent side looks round."""
NAME_ROOM = 0.06
"""Share of the plane's width, left and right, that stays free for long names."""
LARGEST_UNIT = 1.1
"""Scene units per grid step at most."""
GRID_SAMPLES = 160
"""Points per grid line, for maps that bend it."""


class AdditivityTest(VGroup):
    """Grid, two arrows, the image of their sum and the sum of their images; `put` applies a map.

    Args:
        stage: the stage.
        zone: room for the plane and, below it, the gap.
        test: the test that it will end on; the plane holds it from the start.
        bent: whether maps may bend the grid.
        names: what the three arrows are called before and after the map, three and three.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        test: ParallelogramTest,
        *,
        names: tuple[tuple[str, str, str], tuple[str, str, str]],
        bent: bool = False,
    ) -> None:
        room, line = _above(zone, 1.6 * stage.em(Size.READOUT))
        held = np.concatenate([test.corners, test.mapped_outline(SIDE_SAMPLES), test.completed_corners])
        framed = Plane.framing(room.inset(NAME_ROOM * room.width, 0.0), held, LARGEST_UNIT, border=0.45)
        self.plane = Plane(room, framed.unit, framed.origin)
        self.grid = MovingGrid(stage, self.plane, samples=GRID_SAMPLES if bent else 2)
        self.region = Region(stage, role="output", opacity=0.22)
        self.sides = Curve(stage, role="output", width=2.5, opacity=0.8)
        self.completion = Curve(stage, role="text", width=3.0)
        self.pointers = VGroup(*(Arrow(stage, room.center, room.center, role, 0.08, 0.32) for role in ARROW_ROLES))
        self.sum_mark = Dots(stage, np.zeros((1, 2)), role="text", radius=0.09)
        self.gap_arrow = Arrow(stage, room.center, room.center, "error", 0.12, 0.26)
        self.readout = Readout(stage, _("gap"), 0.0, role="error").move_to(line.center)
        self.before, self.after = (
            VGroup(
                *(tag(stage, f"${name}$", role, halo=WIDE_HALO) for name, role in zip(some, ARROW_ROLES, strict=True))
            )
            for some in names
        )
        # The gap is a result: it is shown only when a map acts.
        self.picture = VGroup(
            self.grid, self.region, self.sides, self.completion, self.pointers, self.sum_mark, self.gap_arrow
        )
        super().__init__(*self.picture, self.readout)
        self.test = test
        self._place(self.before, _unmoved)
        self._place(self.after, test.function)
        self.put(_unmoved)

    def put(self, function: PlaneFunction) -> AdditivityTest:
        """Show everything under this map."""
        self.test = ParallelogramTest(function, self.test.u, self.test.v)
        self.grid.put(function)
        outline = self.plane.at(self.test.mapped_outline(SIDE_SAMPLES))
        self.region.put(outline)
        self.sides.put(outline)
        origin, first, whole, second = self.plane.at(self.test.mapped_corners)
        total = self.plane.at(self.test.completed_corners)[2]
        for pointer, tip in zip(self.pointers, (first, second, whole), strict=True):
            pointer.put(origin, tip)
        self.completion.put_segments(*_dashes(np.array([first, second]), np.array([total, total])))
        self.sum_mark.put(total[None])
        self.gap_arrow.put(total, whole)
        self.readout.set_value(self.test.defect)
        return self

    def _place(self, tags: VGroup, function: PlaneFunction) -> None:
        """Stand three names at the tips of their arrows under a map, outside the parallelogram."""
        test = ParallelogramTest(function, self.test.u, self.test.v)
        origin, first, whole, second = self.plane.at(test.mapped_corners)
        total = self.plane.at(test.completed_corners)[2]
        lines = [(origin, first), (origin, second), (origin, whole), (first, total), (second, total), (whole, total)]
        obstacles = np.concatenate([along(a, b) for a, b in lines])
        middle = (first + second) / 2
        for label, tip in zip(tags, (first, second, whole), strict=True):
            place = tip + clear_offset(label, tip, tip - middle, obstacles, self.plane.zone)
            obstacles = np.concatenate([obstacles, inside(label, place)])
            label.move_to(place)


def _unmoved(points: np.ndarray) -> np.ndarray:
    return np.asarray(points, float)


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
