"""Where things go: zones of the frame that know the aspect and whether captions are burned in.

Scenes place into zones and never write a coordinate that assumes a frame. In a wide frame the
side zone stands right of the main zone; in a tall one, below it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.stage.look import CaptionMode, Look
from scenes.stage.theme import Logo

MARGIN = 0.04
"""Share of the frame, on every edge, that stays empty."""
TITLE_HEIGHT = 0.75
CAPTION_HEIGHT, SQUARE_CAPTION_HEIGHT = 1.15, 1.2
GAP = 0.3


@dataclass(frozen=True)
class Zone:
    """A rectangle of the frame, in scene units; y grows upward."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width in scene units."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in scene units."""
        return self.top - self.bottom

    @property
    def center(self) -> np.ndarray:
        """Centre point, shape (3,)."""
        return self.at(0.5, 0.5)

    def at(self, across: float, up: float) -> np.ndarray:
        """The point at these shares of width (from the left) and height (from the bottom), shape (3,)."""
        return np.array([self.left + across * self.width, self.bottom + up * self.height, 0.0])

    def inset(self, horizontal: float, vertical: float | None = None) -> Zone:
        """The zone without a border of this thickness, in scene units."""
        vertical = horizontal if vertical is None else vertical
        return Zone(self.left + horizontal, self.bottom + vertical, self.right - horizontal, self.top - vertical)

    def rows(self, *shares: float, gap: float = GAP) -> tuple[Zone, ...]:
        """Split from top to bottom into zones with heights in proportion to `shares`."""
        heights = _split(self.height, shares, gap)
        tops = [self.top - sum(heights[:i]) - i * gap for i in range(len(heights))]
        return tuple(Zone(self.left, top - height, self.right, top) for top, height in zip(tops, heights, strict=True))

    def columns(self, *shares: float, gap: float = GAP) -> tuple[Zone, ...]:
        """Split from left to right into zones with widths in proportion to `shares`."""
        widths = _split(self.width, shares, gap)
        lefts = [self.left + sum(widths[:i]) + i * gap for i in range(len(widths))]
        return tuple(Zone(left, self.bottom, left + width, self.top) for left, width in zip(lefts, widths, strict=True))

    def beside(self, *shares: float, gap: float = GAP) -> tuple[Zone, ...]:
        """Split along the longer side: columns in a wide zone, rows in a tall one."""
        return self.columns(*shares, gap=gap) if self.width >= self.height else self.rows(*shares, gap=gap)


def _split(length: float, shares: tuple[float, ...], gap: float) -> list[float]:
    free = length - gap * (len(shares) - 1)
    return [free * share / sum(shares) for share in shares]


@dataclass(frozen=True)
class Zones:
    """The zones of one look.

    `body` is everything between title and caption; `main` and `side` share it. A theme's logo takes its
    room from the title; without one its zone is empty.
    """

    frame: Zone
    safe: Zone
    title: Zone
    body: Zone
    main: Zone
    side: Zone
    caption: Zone
    logo: Zone

    @classmethod
    def of(cls, look: Look) -> Zones:
        """The zones of a look."""
        width, height = look.frame
        frame = Zone(-width / 2, -height / 2, width / 2, height / 2)
        safe = frame.inset(MARGIN * width, MARGIN * height)
        title, logo = _head(Zone(safe.left, safe.top - TITLE_HEIGHT, safe.right, safe.top), look.colors.logo)
        caption_height = 0.0
        if look.captions is CaptionMode.BURNED:
            caption_height = CAPTION_HEIGHT
            if width < height:
                # A tall frame has room for the third line that its width asks for.
                caption_height *= 1.5
            elif width == height:
                # A square one has not: its captions are smaller, see `text.SQUARE_CAPTION`.
                caption_height = SQUARE_CAPTION_HEIGHT
        caption = Zone(safe.left, safe.bottom, safe.right, safe.bottom + caption_height)
        bottom = caption.top + (GAP if caption_height else 0.0)
        body = Zone(safe.left, bottom, safe.right, title.bottom - GAP / 2)
        if body.width > body.height:
            main, side = body.columns(0.63, 0.37, gap=0.4)
        else:
            main, side = body.rows(0.6, 0.4, gap=0.4)
        return cls(frame=frame, safe=safe, title=title, body=body, main=main, side=side, caption=caption, logo=logo)


def _head(head: Zone, logo: Logo | None) -> tuple[Zone, Zone]:
    """The zones of title and logo, which share the head of the frame."""
    if logo is None:
        return head, Zone(head.right, head.top, head.right, head.top)
    width, height = logo.size
    bottom = head.center[1] - height / 2
    if logo.corner == "left":
        place = Zone(head.left, bottom, head.left + width, bottom + height)
        return Zone(place.right + GAP, head.bottom, head.right, head.top), place
    place = Zone(head.right - width, bottom, head.right, bottom + height)
    return Zone(head.left, head.bottom, place.left - GAP, head.top), place
