"""Draws frames with Cairo, each from the one before: only where the display list differs.

The pixels are those that Manim's own camera gives (tested), but a shape whose points did not change is not built
again, what does not reach into the changed part is not drawn, and a frame like the last one is not drawn at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import cairo
import numpy as np
from manim import Camera, Mobject, MovingCamera, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

from scenes.stage.camera import Painted, StageCamera
from studio.engine.display import LINE_WIDTH_UNIT, NOWHERE, Item, digest, fingerprint, to_item

TILE = 32
"""Side, in pixels, of the squares in which a frame's change is kept."""
MOST = 0.6
"""From this share of changed tiles on, the whole frame is redrawn: picking out parts would only cost."""

Tiles = np.ndarray
"""Which tiles changed: bool, shape (rows, columns)."""
Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, right and bottom excluded."""


@dataclass(frozen=True)
class Picture:
    """A drawn frame: RGBA pixels, shape (height, width, 4), premultiplied; where it differs from the frame
    before (None: everywhere); and its name (None: unknown)."""

    pixels: np.ndarray
    changed: Tiles | None
    name: bytes | None


def can_paint(camera: Camera) -> bool:
    """Whether a camera draws as `Painter` does; one with ways of its own draws by itself."""
    return type(camera) in (Camera, StageCamera, MovingCamera)


class Painter:
    """Paints the frames of one camera."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self._view = _view(camera)
        self._paths = PathCache()
        self._backdrop = Canvas(camera, self._paths)
        self._front = Canvas(camera, self._paths)
        self._resting: list[Item] = []
        self._beneath: np.ndarray | None = None
        self._named_background: tuple[np.ndarray, bytes] | None = None
        self._unseen = self._front.everything()

    def begin(self, resting: Iterable[Mobject]) -> None:
        """A play begins; these mobjects lie behind all that moves and do not change before its end."""
        self._look()
        if self._beneath is not self.camera.background:
            self._beneath = self.camera.background
            self._unseen = self._backdrop.show([], self._beneath, self._backdrop.everything())
        self._resting = self._items(resting)
        self._paths.turn()
        self._unseen = self._unseen | self._backdrop.show(
            self._resting, self.camera.background, self._backdrop.nothing()
        )

    def frame(self, moving: Iterable[Mobject]) -> Picture:
        """Paint one frame of the play."""
        if self._look():
            self._unseen = self._backdrop.show(self._resting, self.camera.background, self._backdrop.everything())
        items = self._items(moving)
        self._paths.turn()
        changed = self._front.show(items, self._backdrop.pixels, self._unseen)
        self._unseen = self._front.nothing()
        return Picture(self._front.pixels, changed, self.name(items))

    def describe(self, moving: Iterable[Mobject]) -> bytes:
        """The name of the frame that `frame` would paint."""
        self._view = _view(self.camera)
        return self.name(self._items(moving))

    def rest(self, resting: Iterable[Mobject]) -> None:
        """As `begin`, where frames are only described."""
        self._resting = self._items(resting)

    def name(self, moving: Sequence[Item]) -> bytes:
        """Names the picture of what rests and what moves."""
        return digest([*self._resting, *moving], fingerprint(self._view), self._background_name())

    def _background_name(self) -> bytes:
        background = self.camera.background
        if self._named_background is None or self._named_background[0] is not background:
            self._named_background = (background, fingerprint(background))
        return self._named_background[1]

    def _items(self, mobjects: Iterable[Mobject]) -> list[Item]:
        items = (to_item(mobject) for mobject in self.camera.get_mobjects_to_display(mobjects))
        return [item for item in items if item.box is not NOWHERE]

    def _look(self) -> bool:
        """Follow the camera's frame; returns whether it moved."""
        view = _view(self.camera)
        moved = view != self._view
        if moved:
            self._view = view
            self._paths.clear()
            for canvas in (self._backdrop, self._front):
                canvas.look(view)
            self._unseen = self._front.everything()
        return moved


View = tuple[float, float, float, float]
"""Centre x and y, width and height of what the camera sees, in scene units."""


def _view(camera: Camera) -> View:
    center = camera.frame_center
    return float(center[0]), float(center[1]), float(camera.frame_width), float(camera.frame_height)


class PathCache:
    """Cairo paths of shapes seen in this turn or the last one, by the name of their points."""

    def __init__(self) -> None:
        self._now: dict[bytes, cairo.Path] = {}
        self._before: dict[bytes, cairo.Path] = {}

    def turn(self) -> None:
        """Forget what was not asked for since the last turn."""
        self._before, self._now = self._now, {}

    def clear(self) -> None:
        """Forget all: paths are kept as rounded for one view."""
        self._before, self._now = {}, {}

    def put_path(self, context: cairo.Context, item: Item) -> None:
        """Make the item's outline the current path."""
        context.new_path()
        path = self._now.get(item.shape) or self._before.get(item.shape)
        if path is None:
            _trace(context, item.mobject)
            path = context.copy_path()
        else:
            context.append_path(path)
        self._now[item.shape] = path


def _trace(context: cairo.Context, mobject: VMobject) -> None:
    """As `Camera.set_cairo_context_path`, in half the time."""
    points = mobject.points
    flat = points[:, :2].tolist()
    curve_to = context.curve_to
    for start, end in mobject.get_subpath_split_indices_from_points(points, n_dims=2):
        start, end = int(start), int(end)
        if end - start < 4:
            continue
        context.new_sub_path()
        context.move_to(*flat[start])
        for k in range(start + 1, end - 2, 4):
            curve_to(*flat[k], *flat[k + 1], *flat[k + 2])
        if mobject.consider_points_equals_2d(points[start], points[end - 1]):
            context.close_path()


class Canvas:
    """Pixels that show a display list; to show another, it redraws what differs."""

    def __init__(self, camera: Camera, paths: PathCache) -> None:
        self.camera = camera
        self.pixels = np.zeros((camera.pixel_height, camera.pixel_width, 4), np.uint8)
        self._draft = np.zeros_like(self.pixels)
        self._paths = paths
        self._items: list[Item] = []
        self.look(_view(camera))

    def look(self, view: View) -> None:
        """See another part of the plane."""
        x, y, width, height = view
        rows, columns = self.pixels.shape[:2]
        across, up = columns / width, rows / height
        self._corner = (x - width / 2, y + height / 2)
        self._scale = (across, up)
        matrix = cairo.Matrix(across, 0, 0, -up, columns / 2 - x * across, rows / 2 + y * up)
        self._context, self._draft_context = (
            cairo.Context(cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_ARGB32, columns, rows))
            for pixels in (self.pixels, self._draft)
        )
        for context in (self._context, self._draft_context):
            context.set_matrix(matrix)

    def nothing(self) -> Tiles:
        """No tile."""
        rows, columns = self.pixels.shape[:2]
        return np.zeros((-(-rows // TILE), -(-columns // TILE)), bool)

    def everything(self) -> Tiles:
        """Every tile."""
        return ~self.nothing()

    def show(self, items: list[Item], beneath: np.ndarray, stale: Tiles) -> Tiles:
        """Show `items` over the picture `beneath`, of which the `stale` tiles changed; returns what was redrawn."""
        changed = stale.copy()
        for item in _differing(self._items, items):
            changed[self._tiles(item)] = True
        if changed.any() and not all(item.clips for item in (*self._items, *items)):
            changed[:] = True
        self._items = items
        if not changed.any():
            return changed
        if changed.mean() > MOST:
            changed[:] = True
        if changed.all():
            np.copyto(self.pixels, beneath)
            for clips, group in groupby(items, key=lambda item: item.clips):
                if clips:
                    for item in group:
                        self._draw(item, self._context)
                else:
                    self._draw_as_manim([item.mobject for item in group])
        else:
            self._redraw(items, beneath, changed)
        return changed

    def _redraw(self, items: list[Item], beneath: np.ndarray, changed: Tiles) -> None:
        """Draw what reaches into the changed tiles, and take over only those.

        Not by clipping: Cairo cuts outlines at the edge of a clip, and the cut ends round differently.
        """
        parts = rectangles(changed, self.pixels.shape[:2])
        for left, top, right, bottom in parts:
            self._draft[top:bottom, left:right] = beneath[top:bottom, left:right]
        for item in items:
            if changed[self._tiles(item)].any():
                self._draw(item, self._draft_context)
        for left, top, right, bottom in parts:
            self.pixels[top:bottom, left:right] = self._draft[top:bottom, left:right]

    def _tiles(self, item: Item) -> tuple[slice, slice]:
        """The tiles that an item's ink can touch; a pixel more on each side for antialiasing."""
        left, bottom, right, top = item.box
        (x, y), (across, up) = self._corner, self._scale
        rows, columns = self.pixels.shape[:2]

        def index(pixel: float, length: int) -> int:
            return int(min(max(pixel, 0), length) // TILE)

        return (
            slice(index((y - top) * up - 1, rows), index((y - bottom) * up + 1, rows) + 1),
            slice(index((left - x) * across - 1, columns), index((right - x) * across + 1, columns) + 1),
        )

    def _draw_as_manim(self, mobjects: list[Mobject]) -> None:
        """What can only be drawn as a whole, batch by batch: of those coloured by an image, each is one layer."""
        self.camera.pixel_array_to_cairo_context[id(self.pixels)] = self._context
        for kind, batch in groupby(mobjects, self.camera.type_or_raise):
            self.camera.display_funcs[kind](list(batch), self.pixels)

    def _draw(self, item: Item, context: cairo.Context) -> None:
        mobject = item.mobject
        if isinstance(mobject, Painted):
            self.camera.display_vectorized(mobject, context)
        else:
            self._paths.put_path(context, item)
            self._stroke(mobject, context, background=True)
            fill = mobject.get_fill_rgbas()
            if fill[:, 3].any():
                self.camera.set_cairo_context_color(context, fill, mobject)
                context.fill_preserve()
            self._stroke(mobject, context, background=False)

    def _stroke(self, mobject: VMobject, context: cairo.Context, *, background: bool) -> None:
        width = mobject.get_stroke_width(background)
        if width == 0:
            return
        colors = mobject.get_stroke_rgbas(background)
        if not colors[:, 3].any():
            return
        self.camera.set_cairo_context_color(context, colors, mobject)
        context.set_line_width(width * LINE_WIDTH_UNIT)
        context.set_line_join(LINE_JOIN_MAP[mobject.joint_type])
        context.set_line_cap(CAP_STYLE_MAP[mobject.cap_style])
        context.stroke_preserve()


def _differing(old: list[Item], new: list[Item]) -> list[Item]:
    """Items of either list that must be wiped off or drawn; order matters, as later items cover earlier ones."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start].key == new[start].key:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end].key == new[-1 - end].key:
        end += 1
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    if len(gone) == len(come):
        return [item for pair in zip(gone, come, strict=True) if pair[0].key != pair[1].key for item in pair]
    return gone + come


def rectangles(tiles: Tiles, size: tuple[int, int]) -> list[Rectangle]:
    """Rectangles in pixels that cover just these tiles.

    Args:
        tiles: bool, shape (rows, columns).
        size: height and width of the frame in pixels.
    """
    height, width = size
    found: list[Rectangle] = []
    # Rows that are like the one above belong to the same rectangles.
    starts = [0, *(np.flatnonzero((tiles[1:] != tiles[:-1]).any(axis=1)) + 1), len(tiles)]
    for top, bottom in pairwise(starts):
        edges = np.flatnonzero(np.diff(tiles[top], prepend=False, append=False))
        for left, right in edges.reshape(-1, 2):
            found.append(
                (int(left) * TILE, int(top) * TILE, min(int(right) * TILE, width), min(int(bottom) * TILE, height))
            )
    return found
