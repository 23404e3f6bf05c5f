"""The unit square: areas are probabilities. Two columns, a lit part of each, and marks for heights."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject

from scenes.pictures.shapes import Curve, rectangles
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

WHOLE, FADED = 0.48, 0.1
"""Opacity of columns under their lit parts, and of what has been ruled out."""
MARK_GAP, MARK_HOOK = 0.13, 0.1
"""Scene units from the square to a height mark, and half the length of its end strokes."""


class UnitSquare(VGroup):
    """A box of area 1 in two columns. `put` changes the columns' widths and the heights of their lit parts.

    Args:
        stage: the stage.
        box: the square on stage; for a strip, any rectangle.
        roles: colours of the left and the right column.
    """

    def __init__(self, stage: Stage, box: Zone, roles: tuple[str, str] = ("second", "first")) -> None:
        self.box = box
        self.columns, self.parts = (
            VGroup(*(VMobject().set_stroke(width=0).set_fill(stage.color(role), opacity) for role in roles))
            for opacity in (WHOLE, 1.0)
        )
        self.frame = Curve(stage, role="muted", width=2.0)
        self.column_split = self.split = 0.5
        self.heights = (1.0, 1.0)
        super().__init__(self.columns, self.parts, self.frame)
        self.place(box)

    def place(self, box: Zone) -> UnitSquare:
        """Stand elsewhere, and show the same."""
        self.box = box
        self.frame.put(np.array([box.at(*corner) for corner in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]))
        return self.put_columns(self.column_split).put_parts(self.split, self.heights)

    def put(self, split: float, heights: tuple[float, float] = (1.0, 1.0)) -> UnitSquare:
        """Columns as wide as `split` and the rest, lit up to `heights`; all are shares of the square's side."""
        return self.put_columns(split).put_parts(split, heights)

    def put_columns(self, split: float) -> UnitSquare:
        """Only the columns."""
        self.column_split = split
        self._fill(self.columns, split, (1.0, 1.0))
        return self

    def put_parts(self, split: float, heights: tuple[float, float]) -> UnitSquare:
        """Only the lit parts; they may leave their columns."""
        self.split, self.heights = split, heights
        self._fill(self.parts, split, heights)
        return self

    def shade(self, opacity: float) -> UnitSquare:
        """Set how bright the columns are where they are not lit."""
        self.columns.set_fill(opacity=opacity)
        return self

    def _fill(self, pair: VGroup, split: float, heights: tuple[float, float]) -> None:
        edges = self.box.left + np.array([0.0, split, 1.0]) * self.box.width
        for mobject, left, right, height in zip(pair, edges[:-1], edges[1:], heights, strict=True):
            top = self.box.bottom + height * self.box.height
            # Without area there is nothing to draw, not even a hairline.
            empty = right - left < 1e-9 or height < 1e-9
            mobject.points = np.zeros((0, 3)) if empty else rectangles(left, self.box.bottom, right, top)


class HeightMark(VGroup):
    """A bracket beside a unit square, from its bottom to a height, with the height in percent; `put` moves it.

    Args:
        stage: the stage.
        box: the square.
        side: −1 left of the square, +1 right of it.
        role: its colour.
        decimals: digits of the percentage; by default one below 10 % unless it is whole, and none above.
    """

    def __init__(self, stage: Stage, box: Zone, side: int, role: str, decimals: int | None = None) -> None:
        self.box, self.side, self.decimals = box, side, decimals
        self.bracket = Curve(stage, role=role, width=3.0)
        anchor = "right" if side < 0 else "left"
        self.number = stage.number(0.0, Size.LABEL, role, percent=True, anchor=anchor)
        super().__init__(self.bracket, self.number)
        self.put(0.0)

    @staticmethod
    def room(stage: Stage, height: float, decimals: int | None = None) -> float:
        """Scene units beside the square that a mark up to this height needs, at any height on its way."""
        decimals = int(_needs_decimal(height)) if decimals is None else decimals
        number = stage.number(max(height, 0.1), Size.LABEL, percent=True, decimals=decimals)
        return MARK_GAP + 3 * MARK_HOOK + number.width

    def put(self, height: float) -> HeightMark:
        """Reach up to this share of the square's height."""
        x = (self.box.left if self.side < 0 else self.box.right) + self.side * (MARK_GAP + MARK_HOOK)
        low, high = self.box.bottom, self.box.bottom + height * self.box.height
        ends = np.array([[x - MARK_HOOK, low, 0], [x, low, 0], [x - MARK_HOOK, high, 0]])
        others = np.array([[x + MARK_HOOK, low, 0], [x, high, 0], [x + MARK_HOOK, high, 0]])
        self.bracket.put_segments(ends, others)
        self.number.decimals = int(_needs_decimal(height)) if self.decimals is None else self.decimals
        self.number.set_value(height)
        half = self.number.height / 2
        middle = min(max((low + high) / 2, low + half), self.box.top - half)
        center = x + self.side * (2 * MARK_HOOK + self.number.width / 2)
        self.number.move_to([center, middle, 0])
        return self


def _needs_decimal(share: float) -> bool:
    """Whether a share is below 10 % and no whole percentage."""
    return share < 0.0995 and abs(100 * share - round(100 * share)) > 1e-9
