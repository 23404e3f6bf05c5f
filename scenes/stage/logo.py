"""Sets a theme's logo into the background of the frame: it costs nothing per frame, and no scene can move it."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from scenes.stage.look import Look
from scenes.stage.zones import Zones


def set_logo(background: np.ndarray, look: Look) -> None:
    """Paint the logo of the look's theme, if it has one, into its zone.

    Args:
        background: the empty frame, shape (height, width, 4), uint8, RGBA with colour premultiplied by alpha;
            changed in place.
        look: whose frame it is.
    """
    logo = look.colors.logo
    if logo is None:
        return
    zones = Zones.of(look)
    scale = background.shape[0] / zones.frame.height
    left, top = (zones.logo.left - zones.frame.left) * scale, (zones.frame.top - zones.logo.top) * scale
    size = max(1, round(zones.logo.width * scale)), max(1, round(zones.logo.height * scale))
    with Image.open(io.BytesIO(logo.content), formats=["PNG"]) as picture:
        # Premultiplied while it is made smaller, or the colour of clear pixels would bleed into the edge.
        small = picture.convert("RGBA").convert("RGBa").resize(size, Image.Resampling.LANCZOS)
    # Pillow gives no array for premultiplied pixels, but their bytes.
    pixels = np.frombuffer(small.tobytes(), np.uint8).reshape(size[1], size[0], 4).astype(float)
    rows, columns = slice(round(top), round(top) + size[1]), slice(round(left), round(left) + size[0])
    behind = background[rows, columns]
    background[rows, columns] = (pixels + behind * (1 - pixels[..., 3:] / 255)).round().clip(0, 255)
