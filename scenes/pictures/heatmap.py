"""Matrices on screen: cells shaded by value with live numbers, and row and column labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VGroup, VMobject

from scenes.pictures.shapes import rectangles
from scenes.stage.camera import Painted, cairo_color
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.theme import contrast_ratio, mix
from scenes.stage.zones import Zone


class Cells(Painted):
    """A grid of coloured rectangles, one colour each, drawn at once."""

    def __init__(self, boxes: np.ndarray, colors: list[str], gap: float = 0.03) -> None:
        super().__init__()
        self.colors, self.gap = colors, gap
        self.points = rectangles(boxes[:, 0] + gap, boxes[:, 1] + gap, boxes[:, 2] - gap, boxes[:, 3] - gap)
        self.set_fill("#FFFFFF", opacity=1).set_stroke(width=0)

    def paint(self, context) -> None:
        """One filled rectangle per cell."""
        corners = self.points.reshape(len(self.colors), -1, 3)
        alpha = float(self.get_fill_opacity())
        for cell, color in zip(corners, self.colors, strict=True):
            (left, bottom), (right, top) = cell[:, :2].min(axis=0), cell[:, :2].max(axis=0)
            context.set_source_rgba(*cairo_color(color), alpha)
            context.rectangle(left, bottom, right - left, top - bottom)
            context.fill()


class HeatMap(VGroup):
    """A matrix as shaded cells with its numbers. `show` changes values in place.

    Args:
        stage: the stage.
        zone: room for cells and labels; cells are as large as fits, at most `largest_cell` high.
        values: shape (rows, columns).
        row_labels, column_labels: shown literally; none for ().
        role: colour of the largest value; with `signed`, positive and negative have their own.
        scale: the value drawn in full colour; by default the largest magnitude of `values`.
        decimals: digits of the numbers; None hides the numbers.
        square: whether cells are as wide as high.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        values: np.ndarray,
        *,
        row_labels: Sequence[str] = (),
        column_labels: Sequence[str] = (),
        role: str = "output",
        signed: bool = False,
        scale: float | None = None,
        decimals: int | None = 2,
        square: bool = False,
        largest_cell: float = 1.0,
    ) -> None:
        super().__init__()
        self.stage, self.role, self.signed = stage, role, signed
        values = np.atleast_2d(np.asarray(values, float))
        self.scale_value = scale or float(np.abs(values).max()) or 1.0
        rows, columns = values.shape
        row_texts = [stage.literal(t, Size.LABEL) for t in row_labels]
        column_texts = [stage.literal(t, Size.LABEL) for t in column_labels]
        left = max((t.width for t in row_texts), default=0.0) + (0.18 if row_texts else 0.0)
        top = stage.em(Size.LABEL) + 0.15 if column_texts else 0.0
        height = min((zone.height - top) / rows, largest_cell)
        width = min((zone.width - left) / columns, 1.7 * largest_cell)
        if square:
            width = height = min(width, height)
        self.cell_size = (width, height)
        x0 = zone.center[0] - (left + columns * width) / 2 + left
        y0 = zone.center[1] + (top + rows * height) / 2 - top
        self.box = Zone(x0, y0 - rows * height, x0 + columns * width, y0)
        self.values = values
        boxes = np.array([self._cell(r, c) for r in range(rows) for c in range(columns)])
        self.cells = Cells(boxes, ["#000000"] * (rows * columns))
        self.numbers = VGroup()
        if decimals is not None:
            for row in range(rows):
                for column in range(columns):
                    number = stage.number(values[row, column], decimals=decimals, anchor="center")
                    number.move_to(self.cell_center(row, column))
                    self.numbers.add(number)
            widest = max(number.width for number in self.numbers)
            if widest > 0.88 * width:
                for number in self.numbers:
                    number.scale(0.88 * width / widest)
        self.row_labels = VGroup(*row_texts)
        for row, label in enumerate(row_texts):
            label.move_to([x0 - 0.18 - label.width / 2, self.cell_center(row, 0)[1], 0])
        self.column_labels = VGroup(*column_texts)
        for column, label in enumerate(column_texts):
            if label.width > 0.94 * width:
                label.scale(0.94 * width / label.width)
            label.move_to([self.cell_center(0, column)[0], y0 + top / 2 + 0.05, 0])
        self.add(self.cells, self.numbers, self.row_labels, self.column_labels)
        self.show(values)

    def _cell(self, row: int, column: int) -> tuple[float, float, float, float]:
        width, height = self.cell_size
        left, top = self.box.left + column * width, self.box.top - row * height
        return left, top - height, left + width, top

    def cell_center(self, row: int, column: int) -> np.ndarray:
        """Centre of a cell, shape (3,)."""
        left, bottom, right, top = self._cell(row, column)
        return np.array([(left + right) / 2, (bottom + top) / 2, 0.0])

    def cell_zone(self, row: int, column: int) -> Zone:
        """The rectangle of a cell."""
        return Zone(*self._cell(row, column))

    def row_zone(self, row: int) -> Zone:
        """The rectangle of a row of cells."""
        _, bottom, _, top = self._cell(row, 0)
        return Zone(self.box.left, bottom, self.box.right, top)

    def number(self, row: int, column: int) -> VMobject:
        """The number in a cell."""
        return self.numbers[row * self.values.shape[1] + column]

    def color_of(self, value: float) -> str:
        """The shade of a value; NaN (a masked cell) is the background."""
        theme = self.stage.theme
        if np.isnan(value):
            return theme.background
        role = ("positive" if value >= 0 else "negative") if self.signed else self.role
        share = min(abs(value) / self.scale_value, 1.0)
        return mix(theme.surface, theme.color(role), 0.08 + 0.8 * share)

    def show(self, values: np.ndarray, visible: np.ndarray | None = None) -> HeatMap:
        """Show these values, shape (rows, columns); where `visible` is False a cell is empty."""
        self.values = values = np.asarray(values, float)
        flat = values.ravel()
        seen = np.ones(len(flat), bool) if visible is None else np.asarray(visible).ravel()
        theme = self.stage.theme
        self.cells.colors = [self.color_of(v) if s else theme.surface for v, s in zip(flat, seen, strict=True)]
        for number, value, shown, color in zip(self.numbers, flat, seen, self.cells.colors, strict=False):
            number.set_value(value)
            # Pure black or white, whichever reads better on the cell: one of them always has 4.5:1.
            ink = max(("#FFFFFF", "#000000"), key=lambda c, behind=color: contrast_ratio(c, behind))
            number.set_fill(ink, opacity=1.0 if shown and not np.isnan(value) else 0.0)
        return self
