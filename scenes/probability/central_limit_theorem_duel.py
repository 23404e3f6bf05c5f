"""Sums of a die and sums of Cauchy pieces side by side, in one window, divided by what one likes."""

from __future__ import annotations

from math import sqrt

import numpy as np
from manim import RIGHT, Animation, FadeIn, FadeOut, Mobject, VGroup, VMobject

from explainers.probability.central_limit_theorem import Die, cauchy_pdf, cauchy_sum_scale
from scenes.pictures.heap import BAR_WIDTH
from scenes.pictures.plot import Bars
from scenes.pictures.readout import Readout
from scenes.pictures.ruler import Chart, Spread, View
from scenes.pictures.shapes import Curve, Region
from scenes.stage.language import N_, _, pgettext
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

WINDOW = 8.0
"""Half the window: the middle half of four Cauchy pieces fills half of it."""
HEADROOM = 1.15
"""Height of a window over the highest thing in it."""
NAME_ROOM = 2.6
"""Height of name and readout over a chart, in em of a readout."""
NAMES = {
    "sum": (
        (N_("sum of $n$ rolls"), N_("sum of $n$ dice")),
        (N_("sum of $n$ Cauchy draws"), N_("sum of $n$ Cauchy")),
    ),
    "mean": (
        (N_("mean of $n$ rolls"), N_("mean of $n$ dice")),
        (N_("mean of $n$ Cauchy draws"), N_("mean of $n$ Cauchy")),
    ),
}
"""What is shown of the die and of the Cauchy, each in two lengths; Typst markup."""


class Multiple(Readout):
    """A named number and, where there is room, what it is a multiple of: "±σ: 2.00 × one roll's".

    Args:
        stage: the stage.
        name, sign, unit: Typst markup: in front of the number, close to it, and after it; the last two may be empty.
        role: colour of name and number.
    """

    def __init__(self, stage: Stage, name: str, sign: str, unit: str, role: str) -> None:
        super().__init__(stage, name, 1.0, role=role, label_role=role)
        if sign:
            mark = stage.words(sign, Size.READOUT, role)
            mark.next_to(self.number.get_left(), RIGHT, buff=0).match_y(self.label)
            self.number.shift(RIGHT * (mark.width + 0.06))
            self.add(mark)
        if unit:
            self.add(stage.words(unit, Size.READOUT, "muted").next_to(self.number, RIGHT, buff=0.15))


class CauchyDuel(VGroup):
    """Two charts with the same axis: a die's sum, in units of its σ, and a Cauchy sum. `put` moves both.

    Args:
        stage: the stage.
        zone: room for everything; the charts stand beside each other, or below each other in a tall zone.
        die: the piece with a variance.
    """

    def __init__(self, stage: Stage, zone: Zone, die: Die) -> None:
        self.stage, self.die = stage, die
        self.zones = zone.beside(1, 1, gap=0.5)
        self.names = self._names("sum")
        room = NAME_ROOM * stage.em(Size.READOUT)
        self.charts = [
            Chart(stage, Zone(z.left, z.bottom, z.right, z.top - room), View(-WINDOW, WINDOW, 1), x_label=label)
            for z, label in zip(self.zones, (self._unit(), _("from the middle")), strict=True)
        ]
        # Numbers under the axis should be fully there or not at all.
        self.reach = self.charts[0].ruler.settled(View(-WINDOW, WINDOW, 1)).high
        self.x = np.linspace(-self.reach, self.reach, 321)
        self.bars = Bars(stage, self.charts[0].coordinates, np.zeros(0), np.zeros(0), "input", BAR_WIDTH)
        self.area, self.curve = Region(stage, role="error"), Curve(stage, role="error")
        self.half = Region(stage, role="error", opacity=0.5)
        self.ghost = Curve(stage, role="muted", width=2.5)
        self.spreads = [Spread(stage), Spread(stage, "error")]
        # A Cauchy has no mean: its bracket goes without the dot.
        self.spreads[1].remove(self.spreads[1].dot)
        self.readouts = self._multiples()
        pictures = (self.ghost, self.bars, self.area, self.half, self.curve, *self.spreads)
        super().__init__(*self.charts, *pictures, *self.readouts, self.names)
        self.put(1.0, 1.0)
        self.ghost.put(self.curve_points(1.0))
        self.ghost_name = self._name_ghost()
        self.add(self.ghost_name)

    @property
    def moving(self) -> tuple[Mobject, ...]:
        """All that `put` changes."""
        numbers = [readout.number for readout in self.readouts]
        return (*self.charts, self.bars, self.area, self.half, self.curve, self.ghost, *self.spreads, *numbers)

    def _unit(self) -> str:
        """What the die's axis counts, as long as there is room for."""
        long = _("from the mean, in one roll's $sigma$")
        return long if self.stage.words(long, Size.LABEL).width <= self.zones[0].width else _("in one roll's $sigma$")

    def _name_ghost(self) -> VMobject:
        """What the still curve is: right of its shoulder, where no other curve comes."""
        shoulder, box = self.charts[1].coordinates.at(0.6, float(cauchy_pdf(0.6))), self.charts[1].box
        for name in (_("one Cauchy"), _("one draw"), pgettext("draw", "one")):
            words = self.stage.words(name, Size.LABEL, "muted").next_to(shoulder, RIGHT, buff=0.15)
            if words.get_right()[0] <= box.right:
                break
        return words

    def _multiples(self) -> list[Multiple]:
        """What either bracket spans, beside that of one roll or draw, under the names."""
        # Translators: between this name and "× one roll's" stands a number.
        die, half = _("$plus.minus sigma$:"), _("middle half:")
        for name, sign, units in (
            (half, "", (_("$times$ one roll's"), _("$times$ one draw's"))),
            # Alone, the number is where the bracket ends on the axis, on either side.
            (half, "$plus.minus$", ("", "")),
            (pgettext("where there is little room", "middle half:"), "$plus.minus$", ("", "")),
        ):
            lines = [
                Multiple(self.stage, die, "", units[0], "highlight"),
                Multiple(self.stage, name, sign, units[1], "error"),
            ]
            if all(line.width <= zone.width for line, zone in zip(lines, self.zones, strict=True)):
                break
        for line, zone in zip(lines, self.zones, strict=True):
            line.move_to([zone.center[0], zone.top - 1.9 * self.stage.em(Size.READOUT), 0.0])
        return lines

    def _names(self, what: str) -> VGroup:
        em, names = self.stage.em(Size.READOUT), VGroup()
        for lengths, role, zone in zip(NAMES[what], ("input", "error"), self.zones, strict=True):
            for markup in lengths:
                name = self.stage.words(_(markup), Size.READOUT, role)
                if name.width <= zone.width:
                    break
            names.add(name.move_to([zone.center[0], zone.top - 0.5 * em, 0.0]))
        return names

    def rename(self, what: str) -> list[Animation]:
        """Say what is shown: the "sum" or the "mean"."""
        old, self.names = self.names, self._names(what)
        self.remove(old)
        self.add(self.names)
        return [FadeOut(old), FadeIn(self.names)]

    def curve_points(self, scale: float) -> np.ndarray:
        """The Cauchy's density in its window, shape (m, 3)."""
        return self.charts[1].coordinates.points_at(self.x, cauchy_pdf(self.x, scale))

    def _window(self, peak: float) -> View:
        return View(-self.reach, self.reach, HEADROOM * peak)

    def put(self, n: float, divisor: float) -> CauchyDuel:
        """Show the sums of n pieces over `divisor`."""
        heap, spread = self.die.rescaled(n, 1.0, self.die.sd * divisor), sqrt(n) / divisor
        peak = max(float(heap.heights.max()), float(self.die.standardised(1).heights.max()))
        self.charts[0].look(self._window(peak))
        seen = self.charts[0].visible(heap.x, heap.heights, heap.width / 2)
        self.bars.coordinates = self.charts[0].coordinates
        self.bars.put(heap.x[seen], heap.heights[seen], BAR_WIDTH * heap.width)
        scale = cauchy_sum_scale(n) / divisor
        self.charts[1].look(self._window(float(cauchy_pdf(0.0))))
        places = self.curve_points(scale)
        feet = self.charts[1].coordinates.points_at(self.x[[-1, 0]], np.zeros(2))
        self.curve.put(places)
        self.area.put(np.concatenate([places, feet]))
        x = np.linspace(-scale, scale, 121)
        x = np.append(x, x[[-1, 0]])
        y = np.append(cauchy_pdf(x[:-2], scale), np.zeros(2))
        self.half.put(self.charts[1].coordinates.points_at(x, y))
        for spread_mark, chart, width, readout in zip(
            self.spreads, self.charts, (spread, scale), self.readouts, strict=True
        ):
            spread_mark.put(chart.coordinates, 0.0, width)
            readout.set_value(width)
        return self
