"""A named number that ticks: "gap  0.026", "det  3.00"."""

from __future__ import annotations

from manim import RIGHT, VGroup

from scenes.stage.stage import Stage
from scenes.stage.text import Size


class Readout(VGroup):
    """A label and a number on one baseline; `set_value` changes the number in place.

    Args:
        stage: the stage.
        markup: the label, Typst markup.
        value: what it shows first.
        role: colour of the number (and, muted, of nothing else).
        style: as for `Stage.number`: decimals, signed, percent.
    """

    def __init__(
        self,
        stage: Stage,
        markup: str,
        value: float,
        role: str = "text",
        label_role: str = "muted",
        **style: object,
    ) -> None:
        self.label = stage.words(markup, Size.READOUT, label_role)
        self.number = stage.number(value, role=role, **style)
        super().__init__(self.label, self.number)
        self.arrange(RIGHT, buff=0.22)

    def set_value(self, value: float) -> Readout:
        """Show another value."""
        self.number.set_value(value)
        return self
