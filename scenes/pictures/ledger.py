"""A column of named numbers beside a picture, ticking with it."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject

from scenes.pictures.ruler import Spread
from scenes.pictures.shapes import Curve, Dots
from scenes.stage.stage import Stage
from scenes.stage.text import Number, Size
from scenes.stage.zones import Zone

ROW_PITCH, LEAST_PITCH = 1.9, 1.3
"""From row to row where there is room, and at least, in em."""
INDENT, LINE_WIDTH, WORD_GAP = 1.25, 9.0, 0.25
"""Layout in em: from the left edge, where icons stand, to the names; to the end of the numbers; between both."""


class Ledger:
    """Rows of a name and a number in a column, or in a low zone in more. Rows join the stage one by one.

    Args:
        stage: the stage.
        zone: where it stands.
        slots: how many rows it has room for, so that rows that come later move nothing.
    """

    def __init__(self, stage: Stage, zone: Zone, slots: int) -> None:
        self.stage, self.zone = stage, zone
        self.em = stage.em(Size.READOUT)
        lines = int(np.clip(zone.height / (LEAST_PITCH * self.em), 1, slots))
        self.columns = -(-slots // lines)
        self.lines = -(-slots // self.columns)
        self.pitch = min(ROW_PITCH * self.em, zone.height / self.lines)
        self.line = min(LINE_WIDTH * self.em, zone.width / self.columns)
        self.rows: dict[str, VGroup] = {}
        self.numbers: dict[str, Number] = {}

    def place(self, slot: int) -> np.ndarray:
        """Left end of a row, at half its height, shape (3,). Columns fill line by line."""
        line, column = divmod(slot, self.columns)
        middle = self.zone.at((column + 0.5) / self.columns, 0.5)
        return middle - np.array([self.line / 2, (line + 0.5 - self.lines / 2) * self.pitch, 0.0])

    def names_at(self, slot: int) -> np.ndarray:
        """Where the name in a row begins, shape (3,)."""
        return self.place(slot) + np.array([INDENT * self.em, 0.0, 0.0])

    def row(
        self, name: str, slot: int, *names: str, value: float, role: str = "text", icon: str = "", **style: object
    ) -> VGroup:
        """Make a row, to be faded in.

        Args:
            name: what `set_values` calls it.
            slot: which place it takes, from 0.
            names: what it is called on screen, Typst markup: the first that leaves room for the number.
            value, role, style: of the number, as for `Stage.number`.
            icon: "dot" or "bracket", for the part of a `Spread` that the row names.
        """
        place = self.place(slot)
        number = self.stage.number(value, role=role, anchor="right", **style)
        room = self.line - (INDENT + WORD_GAP) * self.em - max(number.width, 2.4 * self.em)
        labels = [self.stage.words(markup, Size.READOUT, "muted") for markup in names]
        label = next((label for label in labels if label.width <= room), labels[-1])
        label.move_to(self.names_at(slot) + np.array([label.width / 2, 0.0, 0.0]))
        number.shift(np.array([place[0] + self.line, label.get_center()[1] - number.get_center()[1], 0.0]))
        self.rows[name], self.numbers[name] = VGroup(label, number), number
        if icon:
            self.rows[name].add(self._icon(icon, place + np.array([0.45 * self.em, 0.0, 0.0])))
        return self.rows[name]

    def _icon(self, kind: str, middle: np.ndarray) -> VMobject:
        if kind == "dot":
            return Dots(self.stage, np.array([middle]), "highlight", Spread.DOT_RADIUS)
        low, high = (middle + np.array([side * 0.4 * self.em, 0.0, 0.0]) for side in (-1, 1))
        cap = np.array([0.0, Spread.CAP, 0.0])
        curve = Curve(self.stage, role="highlight", width=Spread.LINE_WIDTH)
        return curve.put_segments([low, low - cap, high - cap], [high, low + cap, high + cap])

    def set_values(self, **values: float) -> Ledger:
        """Show other numbers in these rows."""
        for name, value in values.items():
            self.numbers[name].set_value(value)
        return self

    def drop(self, *names: str) -> Ledger:
        """Forget rows that have left the stage."""
        for name in names:
            del self.rows[name], self.numbers[name]
        return self
