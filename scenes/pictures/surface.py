"""A loss surface: shaded, with contours on it and their shadow on the floor, and trails that hide behind it.

Manim's `Surface` draws one mobject per tile. Here the whole lattice is one mobject: a Gouraud-shaded
Cairo mesh painted from back to front, which is faster by more than ten times and has no seams. What
lies on the surface (contours, trails, points) is drawn bright where the eye can see it and faint where
the surface hides it, decided exactly by a ray to the eye.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

import cairo
import numpy as np
from contourpy import contour_generator

from scenes.pictures.shapes import rectangles
from scenes.stage.camera import Painted, cairo_color, copy_sharing
from scenes.stage.color import mix
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone

HIDDEN_OPACITY = 0.22
"""Opacity of what the surface hides, relative to what is seen."""
INK = 0.05
"""Scene units by which lines may reach beyond the points that they join."""
HEAD = 1.6
"""Radius of the dot at a trail's head, relative to those at its steps."""
LAYERS = 4
"""Surfaces of which the last picture is kept."""
LIGHT_DIRECTION = np.array([-0.45, -0.35, 0.82]) / np.linalg.norm([-0.45, -0.35, 0.82])


@dataclass(frozen=True)
class HeightField:
    """Heights on a regular lattice, and the box they are drawn in.

    Args:
        x, y: lattice coordinates, increasing in equal steps, shapes (nx,) and (ny,).
        z: heights, shape (ny, nx), finite.
        size: extent of the drawn box in scene units before projection: (along x, along y, height).
        span: the heights at the bottom and the top of the box, for surfaces to be compared; by default the own ones.
    """

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    size: tuple[float, float, float] = (6.0, 6.0, 2.6)
    span: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for line in (self.x, self.y):
            if not np.allclose(line, np.linspace(line[0], line[-1], len(line))):
                raise ValueError("the lattice of a height field must have equal steps")

    @property
    def low(self) -> float:
        """The height at the bottom of the box."""
        return float(self.z.min()) if self.span is None else self.span[0]

    @property
    def high(self) -> float:
        """The height at the top of the box."""
        return float(self.z.max()) if self.span is None else self.span[1]

    def shares(self, heights: np.ndarray) -> np.ndarray:
        """How far up the box heights are, 0 to 1, of the same shape."""
        return (np.asarray(heights, float) - self.low) / ((self.high - self.low) or 1.0)

    def interpolate(self, points: np.ndarray) -> np.ndarray:
        """Heights at points (n, 2), bilinear; points outside are moved to the edge."""
        across, z = len(self.x), self.z.ravel()
        column, row = (
            np.clip((along - line[0]) * ((len(line) - 1) / (line[-1] - line[0])), 0, len(line) - 1.000001)
            for along, line in ((points[..., 0], self.x), (points[..., 1], self.y))
        )
        j, i = column.astype(np.intp), row.astype(np.intp)
        u, v, corner = column - j, row - i, i * across + j
        low, high = z.take(corner), z.take(corner + across)
        low += u * (z.take(corner + 1) - low)
        high += u * (z.take(corner + across + 1) - high)
        return low + v * (high - low)

    def to_box(self, points: np.ndarray, heights: np.ndarray | None = None) -> np.ndarray:
        """Box coordinates (n, 3), centred at the box's middle, of data points (n, 2) at these heights.

        Without heights, the points lie on the surface.
        """
        heights = self.interpolate(points) if heights is None else np.asarray(heights, float)
        spans = (self.x[-1] - self.x[0], self.y[-1] - self.y[0], (self.high - self.low) or 1.0)
        starts = (self.x[0], self.y[0], self.low)
        columns = (points[:, 0], points[:, 1], heights)
        return np.stack(
            [(c - s) / d * e - e / 2 for c, s, d, e in zip(columns, starts, spans, self.size, strict=True)],
            axis=1,
        )

    @cached_property
    def vertices(self) -> np.ndarray:
        """Lattice vertices in box coordinates, shape (ny, nx, 3)."""
        x, y = np.meshgrid(self.x, self.y)
        return self.to_box(np.stack([x.ravel(), y.ravel()], axis=1), self.z.ravel()).reshape(*self.z.shape, 3)

    @cached_property
    def brightness(self) -> np.ndarray:
        """Lambert shading of the vertices, 0 to 1, shape (ny, nx)."""
        along_y, along_x = np.gradient(self.vertices, axis=(0, 1))
        normals = np.cross(along_x, along_y)
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
        return np.clip(normals @ LIGHT_DIRECTION, 0, 1)

    def contours(self, levels: Sequence[float]) -> list[tuple[float, np.ndarray]]:
        """Contour lines as (level, points (n, 2)) in data coordinates."""
        generator = contour_generator(self.x, self.y, self.z)
        return [(level, line) for level in levels for line in generator.lines(level) if len(line) > 1]


@dataclass
class View:
    """An orthographic eye: azimuth and elevation in radians, and where the box's middle is drawn."""

    azimuth: float
    elevation: float
    center: np.ndarray
    scale: float = 1.0

    @property
    def toward_eye(self) -> np.ndarray:
        """Unit vector from the box toward the eye."""
        a, e = self.azimuth, self.elevation
        return np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])

    def project(self, box_points: np.ndarray) -> np.ndarray:
        """Scene points (…, 3) of box points (…, 3)."""
        a, e = self.azimuth, self.elevation
        right = np.array([-np.sin(a), np.cos(a), 0.0])
        up = np.array([-np.sin(e) * np.cos(a), -np.sin(e) * np.sin(a), np.cos(e)])
        scene = np.zeros_like(box_points)
        scene[..., 0] = box_points @ right * self.scale + self.center[0]
        scene[..., 1] = box_points @ up * self.scale + self.center[1]
        return scene

    def depth(self, box_points: np.ndarray) -> np.ndarray:
        """Nearness to the eye (larger is nearer), shape (…)."""
        return box_points @ self.toward_eye

    def fit(self, field: HeightField, zone: Zone, floor_gap: float) -> View:
        """Centre and scale so that the box, floor included, fills the zone from any azimuth."""
        width = np.hypot(field.size[0], field.size[1])
        height = width * np.sin(self.elevation) + (field.size[2] + floor_gap) * np.cos(self.elevation)
        self.scale = min(zone.width / width, zone.height / height)
        shift = floor_gap / 2 * np.cos(self.elevation) * self.scale
        self.center = zone.center + np.array([0.0, shift, 0.0])
        return self

    def fit_turn(self, field: HeightField, zone: Zone, floor_gap: float, azimuths: Sequence[float]) -> View:
        """As `fit`, but as large as just these azimuths (radians) allow."""
        half_x, half_y, half_z = (s / 2 for s in field.size)
        corners = np.array(
            [(x, y, z) for x in (-half_x, half_x) for y in (-half_y, half_y) for z in (-half_z - floor_gap, half_z)]
        )
        flat = np.concatenate([View(a, self.elevation, np.zeros(3)).project(corners) for a in azimuths])
        low, high = flat.min(axis=0), flat.max(axis=0)
        self.scale = min(zone.width / (high[0] - low[0]), zone.height / (high[1] - low[1]))
        self.center = zone.center - self.scale * (low + high) / 2
        return self


def visible(field: HeightField, view: View, box_points: np.ndarray, steps: int = 48) -> np.ndarray:
    """Whether the eye sees each box point (n, 3) past the surface, as booleans (n,)."""
    if not len(box_points):
        return np.zeros(0, bool)
    toward = view.toward_eye
    reach = (field.size[2] / 2 - box_points[:, 2]) / max(toward[2], 1e-6)
    lift = 0.012 * field.size[2]
    travel = np.linspace(0.02, 1.0, steps)[:, None] * reach
    x, y, z = (start + travel * step for start, step in zip(box_points.T, toward, strict=True))
    inside = np.flatnonzero((np.abs(x) <= field.size[0] / 2) & (np.abs(y) <= field.size[1] / 2))
    x, y, z = x.ravel()[inside], y.ravel()[inside], z.ravel()[inside]
    data = [
        line[0] + (along / extent + 0.5) * (line[-1] - line[0])
        for line, along, extent in zip((field.x, field.y), (x, y), field.size[:2], strict=True)
    ]
    surface = (field.shares(field.interpolate(np.stack(data, axis=1))) - 0.5) * field.size[2]
    hidden = np.zeros(len(box_points), bool)
    hidden[inside[z + lift < surface] % len(box_points)] = True
    return ~hidden


@dataclass
class Layer:
    """The last picture of a surface, to be laid down again while it is seen in the same way.

    Attributes:
        owner: what all copies of the surface share; kept, so that its identity stays its own.
        seen: view and place of the picture.
        picture: its pixels.
        clip: where there is ink, in device pixels: left, top, width, height.
    """

    owner: object
    seen: tuple[float, ...]
    picture: cairo.Pattern
    clip: tuple[int, int, int, int]


_layers: OrderedDict[int, Layer] = OrderedDict()


class LossSurface(Painted):
    """A shaded surface with contours, and the contours' shadow on the floor. Change `view`, then redraw.

    Args:
        stage: the stage.
        zone: where it stands.
        field: the heights.
        levels: contour levels.
        view: the eye; fitted to the zone here.
        floor_gap: distance of the floor below the lowest point, in box units.
        fine_field: the same heights on a finer lattice, for rounder contours; `field` by default.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        field: HeightField,
        levels: Sequence[float],
        *,
        azimuth: float = -1.1,
        elevation: float = 0.5,
        floor_gap: float = 1.4,
        fine_field: HeightField | None = None,
    ) -> None:
        super().__init__()
        self.field, self.floor_gap = field, floor_gap
        self.view = View(azimuth, elevation, zone.center).fit(field, zone, floor_gap)
        self.contour_lines = (fine_field or field).contours(levels)
        boxes = [field.to_box(line, np.full(len(line), level)) for level, line in self.contour_lines]
        self.contour_box = np.concatenate([np.zeros((0, 3)), *boxes])
        self.contour_ends = np.cumsum([len(box) for box in boxes])[:-1]
        self.background = stage.color("background")
        theme = stage.theme
        self.line_color, self.frame_color = theme.color("text"), theme.color("grid")
        self.vertex_colors = _shade(theme, field.shares(field.z), field.brightness)
        self.shadow_colors = [
            mix(theme.ramp_at(float(field.shares(level))), theme.grid, 0.15) for level, _ in self.contour_lines
        ]
        self.set_fill("#FFFFFF", opacity=1).set_stroke(width=0)
        self.points = rectangles(zone.left, zone.bottom, zone.right, zone.top)

    def __deepcopy__(self, memo: dict) -> LossSurface:
        # Manim copies a mobject for every animation; these arrays never change and can be shared.
        return copy_sharing(self, memo, self.field, self.contour_lines, self.contour_box, self.vertex_colors)

    @property
    def floor(self) -> float:
        """Height of the floor in box coordinates."""
        return -self.field.size[2] / 2 - self.floor_gap

    @property
    def overhang(self) -> float:
        """A turn may lead beyond the zone."""
        return _excess(self.points, self.extent()) + INK

    def paint(self, context: cairo.Context) -> None:
        """Floor, contour shadow, shaded mesh, contours; faded together by the fill opacity."""
        layer = self._layer(context)
        _clip(context, layer.clip)
        context.set_source(layer.picture)
        context.paint_with_alpha(float(self.get_fill_opacity()))

    def _layer(self, context: cairo.Context) -> Layer:
        """The picture as seen now; only another view, or another frame, takes drawing."""
        view, target = self.view, context.get_target()
        seen = (view.azimuth, view.elevation, view.scale, *view.center.tolist(), *context.get_matrix(),
                target.get_width(), target.get_height())  # fmt: skip
        layer = _layers.get(id(self.vertex_colors))
        if layer is None or layer.seen != seen:
            clip = self._ink(context)
            context.save()
            _clip(context, clip)
            context.push_group()
            self._paint_floor(context)
            self._paint_mesh(context)
            self._paint_contours(context)
            layer = _layers[id(self.vertex_colors)] = Layer(self.vertex_colors, seen, context.pop_group(), clip)
            context.restore()
        _layers.move_to_end(id(self.vertex_colors))
        while len(_layers) > LAYERS:
            _layers.popitem(last=False)
        return layer

    def _ink(self, context: cairo.Context) -> tuple[int, int, int, int]:
        """The pixels that hold everything: left, top, width, height."""
        low, high = self.extent() + np.array([[-INK], [INK]])
        corners = [context.user_to_device(x, y) for x in (low[0], high[0]) for y in (low[1], high[1])]
        (left, right), (top, bottom) = ((floor(min(side)), ceil(max(side))) for side in zip(*corners, strict=True))
        return left, top, right - left, bottom - top

    def extent(self) -> np.ndarray:
        """The lower left and the upper right corner of all points as seen now, shape (2, 3)."""
        scene = np.concatenate([self.view.project(self.field.vertices).reshape(-1, 3), self._floor_corners()])
        return np.stack([scene.min(axis=0), scene.max(axis=0)])

    def _floor_corners(self) -> np.ndarray:
        """The floor's outline in scene points, shape (5, 3)."""
        half_x, half_y, _ = (s / 2 for s in self.field.size)
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * (half_x, half_y)
        return self.view.project(np.column_stack([corners, np.full(5, self.floor)]))

    def _contours(self, box: np.ndarray) -> list[np.ndarray]:
        """Something told of all points of all contour lines, line by line."""
        return np.split(box, self.contour_ends) if self.contour_lines else []

    def _paint_floor(self, context: cairo.Context) -> None:
        _trace(context, self._floor_corners())
        context.set_source_rgba(*cairo_color(self.frame_color), 0.9)
        context.set_line_width(0.02)
        context.stroke()
        context.set_line_width(0.022)
        flat = self.contour_box.copy()
        flat[:, 2] = self.floor
        for line, color in zip(self._contours(self.view.project(flat)), self.shadow_colors, strict=True):
            _trace(context, line)
            context.set_source_rgba(*cairo_color(color), 0.9)
            context.stroke()

    def _paint_mesh(self, context: cairo.Context) -> None:
        vertices = self.field.vertices
        scene = self.view.project(vertices)[..., :2]
        middles = (vertices[:-1, :-1] + vertices[1:, 1:]) / 2
        order = np.argsort(self.view.depth(middles).ravel(), kind="stable")
        columns = middles.shape[1]
        corner = [(0, 0), (0, 1), (1, 1), (1, 0)]
        rows, cols = np.divmod(order, columns)
        # One flat list per patch: lists within lists would have Python collect garbage again and again.
        patches = np.concatenate(
            [part[rows + r, cols + c] for part in (scene, self.vertex_colors) for r, c in corner], axis=1
        ).tolist()
        mesh = cairo.MeshPattern()
        begin, move, line, paint, end = (
            mesh.begin_patch,
            mesh.move_to,
            mesh.line_to,
            mesh.set_corner_color_rgb,
            mesh.end_patch,
        )
        for x0, y0, x1, y1, x2, y2, x3, y3, b0, g0, r0, b1, g1, r1, b2, g2, r2, b3, g3, r3 in patches:
            begin()
            move(x0, y0)
            line(x1, y1)
            line(x2, y2)
            line(x3, y3)
            paint(0, b0, g0, r0)
            paint(1, b1, g1, r1)
            paint(2, b2, g2, r2)
            paint(3, b3, g3, r3)
            end()
        context.set_source(mesh)
        context.paint()

    def _paint_contours(self, context: cairo.Context) -> None:
        context.set_line_width(0.016)
        context.set_source_rgba(*cairo_color(self.line_color), 0.45)
        box = self.contour_box
        scene, seen = self.view.project(box), visible(self.field, self.view, box)
        for line, shown in zip(self._contours(scene), self._contours(seen), strict=True):
            _trace(context, line, shown)
        context.stroke()

    def scene_points(self, points: np.ndarray, heights: np.ndarray | None = None) -> np.ndarray:
        """Scene points (n, 3) of data points (n, 2) on the surface (or at given heights)."""
        return self.view.project(self.field.to_box(points, heights))


class SurfaceTrail(Painted):
    """A path on a `LossSurface`, with a dot per step; faint where the surface hides it.

    `put` shows the path up to a fractional step. The trail follows the surface's view.
    """

    def __init__(
        self,
        surface: LossSurface,
        path: np.ndarray,
        color: str,
        *,
        line_width: float = 0.05,
        dot_radius: float = 0.07,
    ) -> None:
        super().__init__()
        self.surface, self.path = surface, np.asarray(path, float)
        self.line_width, self.dot_radius = line_width, dot_radius
        self.shown_steps = float(len(path) - 1)
        self.set_fill(color, opacity=1).set_stroke(width=0)
        self.points = surface.points.copy()

    def __deepcopy__(self, memo: dict) -> SurfaceTrail:
        return copy_sharing(self, memo, self.surface)

    def put(self, steps: float) -> SurfaceTrail:
        """Show the path up to this (fractional) step."""
        self.shown_steps = float(np.clip(steps, 0, len(self.path) - 1))
        return self

    def head(self) -> np.ndarray:
        """Data point (2,) at the end of what is shown."""
        whole = int(self.shown_steps)
        if whole >= len(self.path) - 1:
            return self.path[-1]
        share = self.shown_steps - whole
        return self.path[whole] * (1 - share) + self.path[whole + 1] * share

    @property
    def overhang(self) -> float:
        """As the surface, and a path may leave it."""
        corners = self.surface.scene_points(self.path)
        return _excess(self.points, self.surface.extent(), corners) + HEAD * self.dot_radius + self.line_width

    def paint(self, context: cairo.Context) -> None:
        """The polyline on the surface, then dots at whole steps and at the head."""
        field, view = self.surface.field, self.surface.view
        corners = np.vstack([self.path[: int(self.shown_steps) + 1], self.head()[None]])
        # Between two steps the path hugs the surface: sample it finely enough to bend with it.
        shares = np.linspace(0, 1, 9)[:-1, None, None]
        fine = corners[None, :-1] + shares * (corners[None, 1:] - corners[None, :-1])
        line = np.vstack([fine.transpose(1, 0, 2).reshape(-1, 2), corners[-1:]])
        box = field.to_box(line)
        seen = visible(field, view, box)
        scene = view.project(box)
        rgb, alpha = cairo_color(self.get_fill_color().to_hex()), float(self.get_fill_opacity())
        context.set_line_width(self.line_width)
        context.set_line_join(cairo.LINE_JOIN_ROUND)
        context.set_line_cap(cairo.LINE_CAP_ROUND)
        for shown, opacity in ((~seen, HIDDEN_OPACITY), (seen, 1.0)):
            context.set_source_rgba(*rgb, alpha * opacity)
            _trace(context, scene, shown)
            context.stroke()
        box = field.to_box(corners)
        seen, scene = visible(field, view, box), view.project(box)
        for (x, y, _), is_seen, radius in zip(
            scene, seen, [self.dot_radius] * (len(corners) - 1) + [HEAD * self.dot_radius], strict=True
        ):
            context.set_source_rgba(*rgb, alpha * (1.0 if is_seen else HIDDEN_OPACITY))
            context.new_sub_path()
            context.arc(x, y, radius, 0, 2 * np.pi)
            context.fill()


def _shade(theme, heights: np.ndarray, brightness: np.ndarray) -> np.ndarray:
    """Vertex colours as (blue, green, red), shape (ny, nx, 3): the ramp by height, darkened by shading."""
    table = np.array([cairo_color(theme.ramp_at(t)) for t in np.linspace(0, 1, 64)])
    base = table[np.clip((heights * 63).round().astype(int), 0, 63)]
    return np.clip(base * (0.42 + 0.68 * brightness[..., None]), 0, 1)


def _excess(points: np.ndarray, *inked: np.ndarray) -> float:
    """How far, in scene units, inked points reach beyond the box of a mobject's points."""
    ink = np.concatenate(inked)[:, :2]
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return float(max(0.0, (low - ink.min(axis=0)).max(), (ink.max(axis=0) - high).max()))


def _clip(context: cairo.Context, clip: tuple[int, int, int, int]) -> None:
    """Confine drawing to these whole device pixels: left, top, width, height."""
    matrix = context.get_matrix()
    context.identity_matrix()
    context.rectangle(*clip)
    context.clip()
    context.set_matrix(matrix)


def _trace(context: cairo.Context, scene: np.ndarray, shown: np.ndarray | None = None) -> None:
    """Add the polyline through scene points to the path; with `shown`, only segments with both ends shown."""
    pen_down = False
    for k, (x, y, _) in enumerate(scene.tolist()):
        if shown is not None and not shown[k]:
            pen_down = False
            continue
        if pen_down:
            context.line_to(x, y)
        else:
            context.move_to(x, y)
        pen_down = True
