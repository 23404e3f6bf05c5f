"""The stage of one clip: its look, its zones, and text in its theme."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from manim import Mobject, VGroup

from scenes.stage import text
from scenes.stage.look import Look
from scenes.stage.text import Formula, Number, Size, TextLine
from scenes.stage.theme import Theme
from scenes.stage.zones import Zone, Zones


@dataclass(frozen=True)
class Stage:
    """What a picture needs to know to draw itself: colours, zones and type."""

    look: Look
    zones: Zones = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zones", Zones.of(self.look))

    @property
    def theme(self) -> Theme:
        """Colours by role."""
        return self.look.colors

    def color(self, role: str) -> str:
        """The colour of a role, #RRGGBB."""
        return self.theme.color(role)

    def em(self, size: Size) -> float:
        """Height of an em of this text size, in scene units."""
        if size is Size.CAPTION and self.look.aspect.ratio == 1:
            return text.SQUARE_CAPTION
        return text.EM[size] * (text.TALL_FACTOR if self.look.aspect.ratio < 1 else 1.0)

    def words(self, markup: str, size: Size = Size.LABEL, role: str = "text") -> TextLine:
        """One line of Typst markup: `stage.words("mean $mu$")`."""
        return text.words(markup, self.em(size), self.color(role))

    def literal(self, content: str, size: Size = Size.LABEL, role: str = "text") -> TextLine:
        """One line shown as it is: for text that came from a parameter."""
        return self.words(text.escape(content), size, role)

    def paragraph(
        self, content: str, width: float, size: Size = Size.LABEL, role: str = "text", align: str = "left"
    ) -> TextLine:
        """Plain text wrapped at `width`."""
        return text.paragraph(content, self.em(size), self.color(role), width, align)

    def math(self, markup: str, size: Size = Size.LABEL, role: str = "text") -> Formula:
        """A formula; `{{ mu : model }}` colours a part by role."""
        return text.formula(markup, self.em(size), self.theme, role)

    def number(self, value: float, size: Size = Size.READOUT, role: str = "text", **style: object) -> Number:
        """A number that can tick; `style` as for `text.Number`."""
        return Number(value, self.em(size), self.color(role), **style)


def fit(mobject: Mobject, zone: Zone, *, grow: bool = False) -> Mobject:
    """Centre in a zone, and shrink (with `grow`, also enlarge) until it fits."""
    factor = min(zone.width / max(mobject.width, 1e-6), zone.height / max(mobject.height, 1e-6))
    if factor < 1 or grow:
        mobject.scale(factor)
    return mobject.move_to(zone.center)


def stack(*mobjects: Mobject, gap: float = 0.18, align: str = "left") -> VGroup:
    """A column of mobjects, aligned left, centred or right."""
    group = VGroup(*mobjects)
    edge = {"left": np.array([-1.0, 0, 0]), "center": np.zeros(3), "right": np.array([1.0, 0, 0])}[align]
    return group.arrange(np.array([0.0, -1.0, 0.0]), buff=gap, aligned_edge=edge)
