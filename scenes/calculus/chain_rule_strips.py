"""The product x·u as a rectangle: a nudge of x adds one strip for each side."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup

from explainers.calculus.chain_rule import ChainRule
from scenes.pictures.shapes import Curve, Region
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

NUDGE = 0.12
"""The nudge that is drawn, as a share of x: thin, but to be seen."""
SPACIOUS = 1.8
"""Width to height of a zone from which on the sum is as large as a title."""
APART = 1.5
"""Em between the picture and the sum beside it."""


class Strips(VGroup):
    """A rectangle of width x and height u, and the strips that a nudge of x adds; a falling u takes one away.

    Both axes have one scale, so that sides compare, and areas too.
    """

    def __init__(self, stage: Stage, zone: Zone, rule: ChainRule) -> None:
        self.stage, self.rule = stage, rule
        em = stage.em(Size.READOUT)
        # Beside a picture in a wide frame there is room for large numbers.
        self.sum = self._make_sum(Size.TITLE if zone.width > SPACIOUS * zone.height else Size.READOUT)
        is_wide = zone.width > 1.25 * zone.height
        if is_wide:
            room, panel = zone.columns(zone.width - self.sum.width - APART * em, self.sum.width, gap=APART * em)
        else:
            room, panel = zone.rows(zone.height - self.sum.height - em, self.sum.height, gap=em)
        self.sum.move_to(panel.center)
        corner = stage.math("d x thin d u -> 0", Size.READOUT, "muted")
        aside = max(3.6 * em, corner.width + 0.4)
        box = Zone(room.left + 1.6 * em, room.bottom + 1.5 * em, room.right - aside, room.top - 1.5 * em)
        self.dx = NUDGE * rule.x
        self.du = float(rule.u_at(rule.x + self.dx)) - rule.u
        wide, tall = rule.x + self.dx, rule.u + max(self.du, 0.0)
        self.unit = min(box.width / wide, box.height / tall)
        self.origin = np.array([box.center[0] - wide * self.unit / 2, box.center[1] - tall * self.unit / 2, 0.0])
        if is_wide:
            # The sum stands at the rectangle, and both in the middle.
            spare = box.width - wide * self.unit
            self.origin[0] = box.left + spare / 2
            self.sum.shift(LEFT * spare / 2)
        self.rectangle = Region(stage, self._corners(0, 0, rule.x, rule.u), "surface", 1.0)
        self.rectangle.set_stroke(stage.color("muted"), width=2.5)
        self.strips = VGroup(
            Region(stage, role="model", opacity=0.75),
            Region(stage, role="input", opacity=0.75),
            Region(stage, role="muted", opacity=0.6),
        )
        if self.du < 0:
            self.strips[1].set_fill(stage.color("error"), opacity=0.55)
        self.sides = VGroup(
            stage.math("{{x : input}}", Size.READOUT).next_to(self._at(rule.x / 2, 0), DOWN, buff=0.18),
            stage.math("{{u : model}}", Size.READOUT).next_to(self._at(0, rule.u / 2), LEFT, buff=0.2),
            stage.math("x u", Size.READOUT).move_to(self._at(rule.x / 2, min(rule.u, rule.u + self.du) / 2)),
        )
        top = max(rule.u, rule.u + self.du)
        self.names = VGroup(
            stage.math("{{u : model}} thin d x", Size.READOUT).next_to(
                self._at(rule.x + self.dx, rule.u / 2), RIGHT, buff=0.2
            ),
            stage.math("{{x : input}} thin d u", Size.READOUT).next_to(self._at(rule.x / 2, top), UP, buff=0.16),
        )
        if self.du > 0:
            self.names.add(corner.next_to(self._at(rule.x + self.dx, rule.u + self.du / 2), RIGHT, buff=0.2))
        super().__init__(self.rectangle, self.strips, self.sides, self.names, self.sum)

    def _make_sum(self, size: Size) -> VGroup:
        """The rates of the strips, a line, and their sum."""
        first, second = self.rule.product_terms
        rows = (
            ("u", first, "model"),
            ("x dot d u \\/ d x", second, "input"),
            ("d(x u) \\/ d x", self.rule.product_rate, "data"),
        )
        total = VGroup(*(self._row(*row, size) for row in rows))
        total.arrange(DOWN, buff=0.4 * self.stage.em(size), aligned_edge=RIGHT)
        between = (total[1].get_bottom()[1] + total[2].get_top()[1]) / 2
        ends = ([total.get_left()[0], between, 0], [total.get_right()[0], between, 0])
        return total.add(Curve(self.stage, np.array(ends), "muted", 2.5))

    def _row(self, label: str, value: float, role: str, size: Size) -> VGroup:
        stage = self.stage
        number = stage.number(value, size, role, decimals=2, signed=False)
        return VGroup(stage.math(label, size, role), number).arrange(RIGHT, buff=0.4)

    def _at(self, x: float, u: float) -> np.ndarray:
        return self.origin + self.unit * np.array([x, u, 0.0])

    def _corners(self, x: float, u: float, x_end: float, u_end: float) -> np.ndarray:
        return np.array([self._at(x, u), self._at(x_end, u), self._at(x_end, u_end), self._at(x, u_end)])

    def grow(self, progress: float) -> None:
        """Nudge x by this share of what is drawn; u follows its function."""
        x, u = self.rule.x, self.rule.u
        dx = progress * self.dx
        du = float(self.rule.u_at(x + dx)) - u
        height = u + min(du, 0.0)
        self.strips[0].put(self._corners(x, 0, x + dx, height))
        self.strips[1].put(self._corners(0, u, x, u + du))
        self.strips[2].put(self._corners(x, u, x + dx, u + max(du, 0.0)))
