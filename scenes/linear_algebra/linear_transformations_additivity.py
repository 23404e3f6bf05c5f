"""The parallelogram test: does a map carry the sum of two arrows to the sum of their images?"""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, VGroup, VMobject

from explainers.linear_algebra.linear_transformations import ParallelogramTest, PlaneFunction
from scenes.pictures.grid import MovingGrid, Plane
from scenes.pictures.labels import CLEARANCE, WIDE_HALO, along, clear_offset, inside, tag
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots, Region
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

ARROW_ROLES = ("input", "data", "output")
"""Colours of the first arrow, the second and their sum."""
NAME_ROLES, NAME_SIZES = (*ARROW_ROLES, "text"), (Size.READOUT,) * 3 + (Size.LABEL,)
"""Colours and sizes of their names, and of the name of the sum of the images: it is long, and last."""
SIDE_SAMPLES = 24
"""Points per side of the parallelogram's image: enough that a bent side looks round."""
NAME_ROOM, BORDER = 0.06, 0.45
"""Share of the plane's width, left and right, that stays free for long names; scene units, on all sides, for others."""
LARGEST_UNIT = 1.1
"""Scene units per grid step at most."""
FARTHEST_NAME = 0.3
"""A name farther than this from its point, in scene units, would be taken for another's."""
GRID_SAMPLES = 160
"""Points per grid line, for maps that bend it."""


class AdditivityTest(VGroup):
    """Grid, two arrows, the image of their sum and the sum of their images; `put` applies a map.

    Args:
        stage: the stage.
        zone: room for the plane and, below it, the gap.
        test: the test that it will end on; the plane holds it from the start.
        bent: whether maps may bend the grid.
        names: what the three arrows are called before and after the map, three and three; after a map that bends
            comes what the sum of the images is called, which then is elsewhere.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        test: ParallelogramTest,
        *,
        names: tuple[tuple[str, ...], tuple[str, ...]],
        bent: bool = False,
    ) -> None:
        room, line = _above(zone, 1.6 * stage.em(Size.READOUT))
        held = np.concatenate([test.corners, test.mapped_outline(SIDE_SAMPLES), test.completed_corners])
        self.before, self.after = (
            VGroup(
                *(
                    tag(stage, f"${name}$", role, size, halo=WIDE_HALO)
                    for name, role, size in zip(some, NAME_ROLES, NAME_SIZES, strict=False)
                )
            )
            for some in names
        )
        framing = room.inset(NAME_ROOM * room.width, 0.0)
        framed = Plane.framing(framing, held, LARGEST_UNIT, BORDER)
        self.plane = Plane(room, framed.unit, framed.origin)
        if len(self.after) > len(ARROW_ROLES):
            # The name of the sum of the images is long: the picture makes room for it, as far as it stays as large.
            end = self.plane.at(test.completed_corners[2])[0] + self.after[-1].width + 2 * CLEARANCE
            free = room.width / 2 - BORDER - np.ptp(held[:, 0]) / 2 * framed.unit
            self.plane.origin[0] -= np.clip(end - room.right, 0.0, max(free, 0.0))
        self.grid = MovingGrid(stage, self.plane, samples=GRID_SAMPLES if bent else 2)
        self.region = Region(stage, role="output", opacity=0.22)
        self.sides = Curve(stage, role="output", width=2.5, opacity=0.8)
        self.completion = Curve(stage, role="text", width=3.0)
        self.pointers = VGroup(*(Arrow(stage, room.center, room.center, role, 0.08, 0.32) for role in ARROW_ROLES))
        self.sum_mark = Dots(stage, np.zeros((1, 2)), role="text", radius=0.09)
        self.gap_arrow = Arrow(stage, room.center, room.center, "error", 0.12, 0.26)
        self.readout = Readout(stage, _("gap"), 0.0, role="error").move_to(line.center)
        # The gap is a result: it is shown only when a map acts.
        self.picture = VGroup(
            self.grid, self.region, self.sides, self.completion, self.pointers, self.sum_mark, self.gap_arrow
        )
        super().__init__(*self.picture, self.readout)
        self.test = test
        self._place(self.before, _unmoved)
        self._place(self.after, test.function)
        if len(self.after) < len(names[1]):
            # In two lines the name of a sum takes less width.
            self.after.add(_stacked(stage, names[1][-1]))
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
        """Stand the names at the tips of their arrows under a map, outside the parallelogram.

        The name of the sum of the images is left out where it has no room beside that sum.
        """
        test = ParallelogramTest(function, self.test.u, self.test.v)
        origin, first, whole, second = self.plane.at(test.mapped_corners)
        total = self.plane.at(test.completed_corners)[2]
        lines = [(origin, first), (origin, second), (origin, whole), (first, total), (second, total), (whole, total)]
        obstacles = np.concatenate([along(a, b) for a, b in lines])
        diagonal = (whole - origin) / max(float(np.linalg.norm(whole - origin)), 1e-9)
        # The arrows' names look away from the diagonal; that of another sum stands in the room that it has.
        ways = [tip - origin - 0.9 * ((tip - origin) @ diagonal) * diagonal for tip in (first, second)]
        ways += [whole - total + (whole - origin) / 4, np.array([1.0, 0.2])]
        anchors = (first, second, whole, total)
        # The name of the other sum, which has the least room, is placed first, and then the longest.
        order = sorted(zip(tags, anchors, ways, strict=False), key=lambda n: (n[1] is not total, -n[0].width))
        for label, tip, way in order:
            place = tip + clear_offset(label, tip, way, obstacles, self.plane.zone)
            label.move_to(place)
            if tip is total and not _has_room(label, tip, obstacles):
                tags.remove(label)
            else:
                obstacles = np.concatenate([obstacles, inside(label, place)])


def _stacked(stage: Stage, name: str) -> VMobject:
    """The name of a sum in two lines."""
    first, second = name.split(" + ")
    parts = (f"${first} +$", f"${second}$")
    lines = [tag(stage, part, NAME_ROLES[-1], NAME_SIZES[-1], halo=WIDE_HALO) for part in parts]
    VGroup(*lines).arrange(DOWN, buff=0.0, aligned_edge=LEFT)
    # As one mobject: the rim of a line of its own would cover the other line.
    lines[0].points = np.concatenate([line.points for line in lines])
    return lines[0]


def _has_room(label: VMobject, anchor: np.ndarray, obstacles: np.ndarray) -> bool:
    """Whether a name covers nothing, and is near enough to its point not to be taken for another's."""
    half, middle = np.array([label.width, label.height]) / 2, label.get_center()[:2]
    is_near = np.linalg.norm(np.maximum(np.abs(anchor[:2] - middle) - half, 0)) < FARTHEST_NAME
    return bool(is_near and not np.any(np.all(np.abs(obstacles[:, :2] - middle) < half, axis=1)))


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
