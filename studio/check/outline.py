"""A still with what is wrong outlined and numbered as in the report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from scenes.stage.zones import Zone
from studio.check.finding import Finding, Severity
from studio.check.still import Still

COLORS = {Severity.ERROR: (255, 0, 80), Severity.WARNING: (255, 150, 0)}
"""Not from any theme, so that outlines are not taken for part of the picture."""
BORDER = 4
"""Pixels between a thing and its outline."""


def save_still(still: Still, findings: list[Finding], target: Path) -> None:
    """Write the still of a beat with the boxes of numbered findings."""
    picture = Image.fromarray(np.ascontiguousarray(still.pixels))
    draw = ImageDraw.Draw(picture)
    for finding in findings:
        color = COLORS[finding.severity]
        for box in finding.boxes:
            left, top, right, bottom = _pixel_box(still, box, picture.size)
            draw.rectangle((left, top, right, bottom), outline=color, width=2)
            label = str(finding.number)
            width = 7 * len(label) + 5
            corner = (min(left, picture.width - width), max(top - 14, 0))
            draw.rectangle((*corner, corner[0] + width, corner[1] + 14), fill=color)
            draw.text((corner[0] + 3, corner[1] + 1), label, fill=(255, 255, 255))
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.save(target, optimize=True)


def _pixel_box(still: Still, box: Zone, size: tuple[int, int]) -> tuple[int, int, int, int]:
    corners = still.to_pixels(np.array([[box.left, box.top], [box.right, box.bottom]]))
    (left, top), (right, bottom) = corners + np.array([[-BORDER], [BORDER]])
    width, height = size
    left, right = (int(np.clip(x, 0, width - 1)) for x in (left, right))
    top, bottom = (int(np.clip(y, 0, height - 1)) for y in (top, bottom))
    return left, top, max(right, left), max(bottom, top)
