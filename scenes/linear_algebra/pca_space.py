"""The cloud in space of `pca`: dots with depth, the axes of the measurements, and the sheet the cloud lies near."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import VGroup

from explainers.linear_algebra.pca import TOP_VIEW, Pca
from scenes.pictures.labels import along, clear_offset, inside, tag
from scenes.pictures.shapes import Curve, Region
from scenes.pictures.surface import View
from scenes.stage.camera import Painted, cairo_color
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

AXES = ("model", "error", "parameter")
"""Roles of the principal axes. What the first leaves over is distance, so the second has the colour of distance;
the third, what a plane leaves over, has that of depth."""
SHADOW_AND_DEPTH = (AXES[0], AXES[2])
"""Roles of what is seen of a cloud in space, and of what is not."""
FRAME_REACH = 0.7
"""Length of a measurement axis, relative to the farthest point."""
FRAME_HEIGHT = 0.8
"""The same, relative to the room's half height when seen from above."""
END_ON = 0.5
"""Share of its length below which an axis is seen end-on and loses its name."""
SHEET_REACH = 2.2
"""How far the sheet and the principal axes reach, in standard deviations: most of the points."""
SQUARE = ((-1, -1), (1, -1), (1, 1), (-1, 1))
NEAR_RADIUS, FAR_RADIUS = 1.25, 0.7
"""Radii of the nearest and the farthest dot, relative to a flat one."""
NEAR_OPACITY, FAR_OPACITY = 1.0, 0.65


class DepthDots(Painted):
    """Dots in space: the nearer, the larger and brighter; far ones first."""

    def __init__(self, stage: Stage, role: str, radius: float) -> None:
        super().__init__()
        self.radius = radius
        self.set_fill(stage.color(role), opacity=1).set_stroke(width=0)

    @property
    def overhang(self) -> float:
        """The nearest dot reaches its radius beyond its centre."""
        return NEAR_RADIUS * self.radius

    def put(self, centers: np.ndarray, depths: np.ndarray, reach: float) -> DepthDots:
        """Stand at these scene points, shape (n, 3), so near to the eye, shape (n,), in −reach to reach."""
        order = np.argsort(depths)
        # As with flat dots, one curve of no length per dot: they fade and are boxed like any mobject.
        self.points = np.repeat(centers[order], 4, axis=0)
        self.near = np.clip(depths[order] / reach, -1, 1) / 2 + 0.5
        return self

    def paint(self, context) -> None:
        """One filled circle per centre."""
        alpha = float(self.get_fill_opacity())
        if alpha <= 0:
            return
        color = cairo_color(self.get_fill_color().to_hex())
        for (x, y), near in zip(self.points[::4, :2], self.near, strict=True):
            context.set_source_rgba(*color, alpha * (FAR_OPACITY + near * (NEAR_OPACITY - FAR_OPACITY)))
            context.arc(x, y, self.radius * (FAR_RADIUS + near * (NEAR_RADIUS - FAR_RADIUS)), 0, 2 * np.pi)
            context.fill()


class Space:
    """The parts of the picture in space; none is on stage by itself. `look_from` moves the eye around them.

    Args:
        stage: the stage.
        pca: the cloud.
        room: where it is drawn: as large as it can be from all eyes to come.
        unit: scene units per unit of data in the picture of the plane, from which the first look starts.
        radius: of a dot, in scene units.
    """

    def __init__(self, stage: Stage, pca: Pca, room: Zone, unit: float, radius: float) -> None:
        solid = pca.solid
        self.pca, self.center = pca, room.center
        self.shown = solid.points
        self.depth_reach = float(np.linalg.norm(solid.points, axis=1).max())
        self.cloud = DepthDots(stage, "data", radius)
        self.frame = Curve(stage, role="grid", width=2.5)
        self.names = VGroup(*(tag(stage, f"$x_{i}$", "muted", Size.LABEL) for i in (1, 2, 3)))
        self.sheet = Region(stage, role="muted", opacity=0.16)
        self.principal = VGroup(*(Curve(stage, role=role, width=5) for role in AXES))
        tallest = FRAME_HEIGHT * room.height / 2 / unit
        self.ends = min(FRAME_REACH * self.depth_reach, tallest) * np.eye(3)
        self.corners = SHEET_REACH * (np.array(SQUARE) * np.sqrt(solid.variances[:2])) @ solid.axes[:2]
        # As long as the sheet, or up to the farthest shadow that will fall on them.
        farthest = np.abs(solid.points @ solid.axes.T).max(axis=0)
        self.arms = np.maximum(SHEET_REACH * np.sqrt(solid.variances), farthest)[:, None] * solid.axes
        views = np.array([TOP_VIEW, pca.narrowest_view, pca.flattest_view, self.tilted_view])
        eyes = np.concatenate([np.linspace(*pair, 12) for pair in pairwise(views)])
        reached = np.concatenate([solid.points, 1.12 * self.ends, self.corners, self.arms, -self.arms])
        flats = np.abs([View(*eye, np.zeros(3)).project(reached) for eye in eyes]).max(axis=(0, 1))
        margin = stage.em(Size.LABEL) / 2
        self.scale = float(min((room.width / 2 - margin) / flats[0], (room.height / 2 - margin) / flats[1]))

    @property
    def tilted_view(self) -> tuple[float, float]:
        """A view in which the sheet is seen at a slant, so that its thickness shows."""
        flattest, narrowest = self.pca.flattest_view, self.pca.narrowest_view
        return (0.7 * flattest[0] + 0.3 * narrowest[0], 0.7 * flattest[1] + 0.3 * narrowest[1])

    def look_from(self, azimuth: float, elevation: float, scale: float) -> None:
        """Draw the solid cloud, its measurement axes and its principal axes as this eye sees them."""
        view = View(azimuth, elevation, self.center, scale)
        self.cloud.put(view.project(self.shown), view.depth(self.shown), self.depth_reach)
        ends = view.project(self.ends)
        self.frame.put_segments(view.project(-self.ends), ends)
        for name, end in zip(self.names, ends, strict=True):
            arm = end - view.center
            name.move_to(view.center + 1.1 * arm)
            # Seen end-on an axis is a point in the middle of the cloud: its name would cover it.
            length = float(np.linalg.norm(arm)) / (self.ends[0, 0] * scale)
            name.set_opacity(float(np.clip((length - END_ON) / 0.02, 0, 1)))
        self.sheet.put(view.project(self.corners))
        for line, arm in zip(self.principal, self.arms, strict=True):
            line.put(view.project(np.array([-arm, arm])))

    def axis_names(self, stage: Stage, room: Zone, count: int) -> VGroup:
        """Names of the first principal axes beside their right ends, as the eye stands, clear of all points."""
        lines = [line.get_start_and_end() for line in self.principal[:count]]
        obstacles = np.concatenate([self.cloud.points[::4], *(along(*line) for line in lines)])
        names = VGroup()
        for index, line in enumerate(lines):
            start, end = sorted(line, key=lambda point: point[0])
            name = tag(stage, f"$u_{index + 1}$", AXES[index])
            name.move_to(end + clear_offset(name, end, end - start, obstacles, room))
            obstacles = np.concatenate([obstacles, inside(name, name.get_center())])
            names.add(name)
        return names
