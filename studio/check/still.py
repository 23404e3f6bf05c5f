"""The picture at the end of a beat: what is on it, in scene units and in pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

import cairo
import numpy as np
from manim import Mobject, VMobject

from scenes.stage.camera import Painted
from scenes.stage.scene import Beat, ExplainerScene
from scenes.stage.written import Written
from scenes.stage.zones import Zone
from studio.check.geometry import holds, overlap
from studio.check.motion import Motion
from studio.check.things import STROKE_UNIT, Thing, things_on

SOLID = 0.95
"""Opacity from which a fill hides what is behind it."""
CORE = 0.5
"""Coverage from which a pixel belongs to a glyph, not to its soft edge."""
JUST = 1e-3
"""Seconds by which times may differ that are the same."""
TRACE = 12
"""Difference of two pixels, of 255, that tells that something is drawn there."""


class Still:
    """A beat's last picture. Made when the beat ends; good only until the scene goes on.

    Args:
        scene: the scene as it stands.
        beat: the beat that ends.
        motion: what moved during the beat.
        picture: draws the scene as it stands, RGBA.
    """

    def __init__(self, scene: ExplainerScene, beat: Beat, motion: Motion, picture: Callable[[], np.ndarray]) -> None:
        self.scene, self.beat, self.motion, self._picture = scene, beat, motion, picture
        self.zones, self.theme = scene.stage.zones, scene.stage.theme
        self.all_things = things_on(scene)

    @property
    def duration(self) -> float:
        """Seconds that the beat lasts."""
        return self.beat.end - self.beat.start

    @cached_property
    def captions(self) -> list[tuple[str, float]]:
        """Captions that begin in this beat, its own and those that the scene adds itself; text, and seconds on show."""
        said = self.scene.renderer.file_writer.subcaptions
        begun = (one for one in said if one.start.total_seconds() > self.beat.start - JUST)
        return [(one.content, (one.end - one.start).total_seconds()) for one in begun]

    @cached_property
    def things(self) -> list[Thing]:
        """What can be seen: neither hidden behind something, nor painted in the background's colour, nor the backdrop.

        Text in the background's colour counts: it should be seen.
        """
        background = {self.theme.background.upper()}
        return [
            thing
            for thing in self.all_things
            if (thing.is_text or (thing.colors() != background and not holds(thing.ink, self.zones.frame, 0.05)))
            and not self._is_hidden(thing)
        ]

    @cached_property
    def texts(self) -> list[Thing]:
        """The visible texts."""
        return [thing for thing in self.things if thing.is_text]

    @property
    def texts_in_frame(self) -> list[Thing]:
        """The visible texts of which there are pixels."""
        return [text for text in self.texts if overlap(text.ink, self.zones.frame)]

    @cached_property
    def shapes(self) -> list[Thing]:
        """Everything visible that is no text."""
        return [thing for thing in self.things if not thing.is_text]

    # --- Pixels ----------------------------------------------------------------------------------------

    @cached_property
    def pixels(self) -> np.ndarray:
        """The picture, shape (height, width, 3), uint8."""
        return self._picture()[..., :3]

    @cached_property
    def behind(self) -> np.ndarray:
        """The picture without the ink of any text, but with the rims that keep lines off it; as `pixels`."""
        return self._picture_with(None)

    def _picture_with(self, text: Thing | None) -> np.ndarray:
        """The picture with the ink of this text only, or of none; as `pixels`."""
        # What a picture writes itself comes and goes as a whole.
        others = [thing for thing in self.all_things if thing.is_text and not (text and thing.owner is text.owner)]
        with _without_ink(others):
            return self._picture()[..., :3]

    @cached_property
    def unit(self) -> float:
        """Pixels per scene unit."""
        return self.scene.renderer.camera.pixel_height / self.zones.frame.height

    def window(self, box: Zone) -> tuple[slice, slice]:
        """Rows and columns of the pixels in a box, cut off at the frame: `pixels[still.window(box)]`."""
        frame, unit = self.zones.frame, self.unit
        camera = self.scene.renderer.camera
        left, right = ((x - frame.left) * unit for x in (box.left, box.right))
        top, bottom = ((frame.top - y) * unit for y in (box.top, box.bottom))
        return (
            slice(max(int(np.floor(top)), 0), min(int(np.ceil(bottom)) + 1, camera.pixel_height)),
            slice(max(int(np.floor(left)), 0), min(int(np.ceil(right)) + 1, camera.pixel_width)),
        )

    def to_pixels(self, points: np.ndarray) -> np.ndarray:
        """Pixel coordinates (x, y from the top), shape (n, 2), of scene points, shape (n, 2 or 3)."""
        frame = self.zones.frame
        return (points[:, :2] - np.array([frame.left, frame.top])) * np.array([self.unit, -self.unit])

    def ink(self, leaf: Mobject, rows: slice, columns: slice) -> np.ndarray:
        """Which pixels of a part of the picture belong to the inside of a leaf, as booleans."""
        return self._drawn(leaf, rows, columns, None) > 255 * CORE

    def rim(self, leaf: Mobject, rows: slice, columns: slice) -> np.ndarray:
        """Which pixels of a part of the picture a leaf's rim touches, the stroke behind it, as booleans."""
        width = STROKE_UNIT * float(np.max(getattr(leaf, "background_stroke_width", 0.0)))
        opacity = float(np.max(leaf.background_stroke_rgbas[:, 3])) if width else 0.0
        if opacity < SOLID:
            return np.zeros((rows.stop - rows.start, columns.stop - columns.start), bool)
        return self._drawn(leaf, rows, columns, width * self.unit) > 0

    def _drawn(self, leaf: Mobject, rows: slice, columns: slice, line_width: float | None) -> np.ndarray:
        """Coverage (0 to 255) of pixels by a leaf's inside, or by its outline of this width in pixels."""
        width, height = columns.stop - columns.start, rows.stop - rows.start
        surface = cairo.ImageSurface(cairo.FORMAT_A8, width, height)
        context = cairo.Context(surface)
        places = self.to_pixels(leaf.points) - np.array([columns.start, rows.start])
        pen = None
        for start, first, second, end in places[: len(places) // 4 * 4].reshape(-1, 4, 2).tolist():
            if pen is None or abs(start[0] - pen[0]) + abs(start[1] - pen[1]) > 1e-3:
                context.move_to(*start)
            context.curve_to(*first, *second, *end)
            pen = end
        if line_width is None:
            context.fill()
        else:
            context.set_line_width(line_width)
            context.stroke()
        surface.flush()
        return np.frombuffer(surface.get_data(), np.uint8).reshape(height, surface.get_stride())[:, :width]

    def _is_hidden(self, thing: Thing) -> bool:
        """Whether something solid in front leaves nothing of a thing to be seen."""
        covers = [
            other
            for other in self.all_things
            if other.order > thing.order and not other.is_text and _is_solid(other) and overlap(other.ink, thing.ink)
        ]
        if not covers or not overlap(thing.ink, self.zones.frame):
            return False
        if not thing.is_text:
            # A box hides what lies in it; other shapes have holes and corners.
            return any(_fills_its_box(other) and holds(other.ink, thing.box) for other in covers)
        rows, columns = self.window(thing.ink)
        ink = np.any([self.ink(leaf, rows, columns) for leaf in thing.leaves], axis=0)
        alone = self._picture_with(thing)[rows, columns].astype(int)
        change = np.abs(alone - self.behind[rows, columns]).max(axis=2)
        return bool(ink.any()) and float((change[ink] > TRACE).mean()) < 0.05


def _is_solid(thing: Thing) -> bool:
    return any(paint.fill_opacity >= SOLID for paint in thing.paints)


def _fills_its_box(thing: Thing) -> bool:
    """Whether a thing is a rectangle: one outline whose corners are the corners of its box."""
    if isinstance(thing.owner, Painted) or not isinstance(thing.owner, VMobject) or len(thing.boxes) != 1:
        return False
    points, box = thing.owner.points[:, :2], thing.ink
    on_edge = np.minimum(
        np.abs(points - (box.left, box.bottom)).min(axis=1), np.abs(points - (box.right, box.top)).min(axis=1)
    )
    return bool(on_edge.max() < 1e-3)


@contextmanager
def _without_ink(texts: list[Thing]) -> Iterator[None]:
    """Make texts transparent for a moment, but for the rims behind them."""
    pictures = {thing.owner for thing in texts if isinstance(thing.owner, Written)}
    leaves = [leaf for thing in texts if thing.owner not in pictures for leaf in thing.leaves]
    kept = [(leaf, leaf.fill_rgbas, leaf.stroke_rgbas) for leaf in leaves if isinstance(leaf, VMobject)]
    clear = np.array([1.0, 1.0, 1.0, 0.0])
    try:
        for leaf, fill, stroke in kept:
            leaf.fill_rgbas, leaf.stroke_rgbas = fill * clear, stroke * clear
        for picture in pictures:
            picture.writes = False
        yield
    finally:
        for leaf, fill, stroke in kept:
            leaf.fill_rgbas, leaf.stroke_rgbas = fill, stroke
        for picture in pictures:
            picture.writes = True
