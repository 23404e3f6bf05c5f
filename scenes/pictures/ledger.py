"""A column of named numbers beside a picture, ticking with it."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject

from scenes.pictures.ruler import Spread
from scenes.pictures.shapes import Curve, Dots
from scenes.stage.stage import Stage
from scenes.stage.text import Number, Size
from scenes.stage.zones import Zone

ROW_PITCH, LEAST_WIDTH_OF_TWO = 1.9, 13.0
"""Layout in em: from row to row where there is room, and how wide a zone must be for two columns."""
INDENT, LINE_WIDTH = 1.15, 9.0
"""Layout in em: from the left edge, where icons stand, to the names, and to the end of the numbers."""


class Ledger:
    """Rows of a name and a number, in a column or, where it is wide, in two. Rows join the stage one by one.

    Args:
        stage: the stage.
        zone: where it stands.
        slots: how many rows it has room for, so that rows that come later move nothing.
    """

    def __init__(self, stage: Stage, zone: Zone, slots: int) -> None:
        self.stage, self.zone = stage, zone
        self.em = stage.em(Size.READOUT)
        self.columns = 2 if zone.width > LEAST_WIDTH_OF_TWO * self.em else 1
        self.lines = -(-slots // self.columns)
        self.pitch = min(ROW_PITCH * self.em, zone.height / self.lines)
        self.rows: dict[str, VGroup] = {}
        self.numbers: dict[str, Number] = {}

    def place(self, slot: int) -> np.ndarray:
        """Left end of a row, at half its height, shape (3,). Two columns fill line by line."""
        line, column = divmod(slot, self.columns)
        top = self.zone.center[1] + self.lines * self.pitch / 2
        left = self.zone.left + column * self.zone.width / self.columns
        return np.array([left, top - (line + 0.5) * self.pitch, 0.0])

    def row(
        self, name: str, slot: int, markup: str, value: float, *, role: str = "text", icon: str = "", **style: object
    ) -> VGroup:
        """Make a row, to be faded in.

        Args:
            name: what `set_values` calls it.
            slot: which place it takes, from 0.
            markup: its name on screen, Typst markup.
            value, role, style: of the number, as for `Stage.number`.
            icon: "dot" or "bracket", for the part of a `Spread` that the row names.
        """
        place = self.place(slot)
        label = self.stage.words(markup, Size.READOUT, "muted")
        label.move_to(place + np.array([INDENT * self.em + label.width / 2, 0.0, 0.0]))
        number = self.stage.number(value, role=role, anchor="right", **style)
        end = min(self.zone.width / self.columns - 0.1, LINE_WIDTH * self.em)
        number.shift(np.array([place[0] + end, label.get_center()[1] - number.get_center()[1], 0.0]))
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
