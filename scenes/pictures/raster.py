"""A picture of coloured pixels, such as basins of attraction, drawn at once."""

from __future__ import annotations

import cairo
import numpy as np

from scenes.pictures.shapes import rectangles
from scenes.stage.camera import Painted, cairo_color, copy_sharing
from scenes.stage.zones import Zone


class Raster(Painted):
    """Pixels that fill a zone, each with the colour of its class; row 0 is at the bottom.

    Args:
        zone: what they fill.
        classes: index into `colors` per pixel, shape (ny, nx).
        colors: #RRGGBB per class.
    """

    def __init__(self, zone: Zone, classes: np.ndarray, colors: list[str]) -> None:
        super().__init__()
        self.classes = np.asarray(classes)
        table = np.array([[round(255 * part) for part in cairo_color(color)] for color in colors], dtype=np.uint8)
        height, width = self.classes.shape
        # Cairo's RGB24 holds a pixel as four bytes, blue first; ours is turned, as the camera's buffer is.
        self.pixels = np.zeros((height, width, 4), np.uint8)
        self.pixels[..., :3] = table[self.classes][..., ::-1]
        self.set_fill("#FFFFFF", opacity=1).set_stroke(width=0)
        self.points = rectangles(zone.left, zone.bottom, zone.right, zone.top)

    overhang = 0.0

    def __deepcopy__(self, memo: dict) -> Raster:
        return copy_sharing(self, memo, self.classes, self.pixels)

    def paint(self, context: cairo.Context) -> None:
        """The pixels, stretched over the zone, with hard edges."""
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        height, width = self.classes.shape
        image = cairo.ImageSurface.create_for_data(self.pixels, cairo.FORMAT_RGB24, width, height)
        context.translate(low[0], low[1])
        context.scale((high[0] - low[0]) / width, (high[1] - low[1]) / height)
        context.set_source_surface(image)
        context.get_source().set_filter(cairo.FILTER_NEAREST)
        context.rectangle(0, 0, width, height)
        context.clip()
        context.paint_with_alpha(float(self.get_fill_opacity()))
