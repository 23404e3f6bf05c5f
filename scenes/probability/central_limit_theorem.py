"""Staging of `central-limit-theorem`: sums of a loaded die, brought to one bell; and the Cauchy, which refuses."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, FadeOut, Indicate, VGroup

from explainers.probability.central_limit_theorem import QUADRUPLED, CentralLimitTheorem
from explainers.probability.distributions import Bars as Heap
from scenes.pictures.family_panel import FamilyPanel
from scenes.pictures.labels import inside, tag
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve
from scenes.probability.central_limit_theorem_captions import Captions
from scenes.probability.central_limit_theorem_decay import DecayPlot
from scenes.probability.central_limit_theorem_duel import CauchyDuel
from scenes.probability.central_limit_theorem_panel import PieceCard
from scenes.probability.central_limit_theorem_sums import (
    STAIRS_TOP,
    UNIT_STEP,
    Step,
    SumChart,
    between,
    standard_normal,
)
from scenes.stage.language import N_, _, in_math, pgettext
from scenes.stage.scene import ExplainerScene
from scenes.stage.text import Size, format_number

LEAST_SIDE = 7.5
"""Width in em that a name and a number need side by side; a narrower side zone moves below."""
LEAST_LABELLED = 0.005
"""Bars below it have no number: it would round to 0.00."""
ADDING_TIME = 7.5
"""Seconds for all stops of the growing sum together."""
LEFT_OF_CURVE = 0.4
"""Share of a chart's width on the left where running totals leave its upper part free."""
ARROW = (0.2, 0.9)
"""Distances of its tip and its tail from the gap that an arrow points at, in scene units."""
CAUCHY_SUM = 4
"""So many pieces are added before they are averaged."""
RIVALS = {"U-shaped": N_("U-shaped"), "flat": N_("flat"), "rising": N_("rising")}
"""What the explainer's other dice are called."""


class CentralLimitTheoremScene(ExplainerScene[CentralLimitTheorem]):
    """One die, two, many; all sums on one bell; gap and skewness; the Cauchy; and other dice."""

    explainer_type = CentralLimitTheorem

    def construct(self) -> None:
        """The story, beat by beat."""
        self.build()
        self.roll_once()
        self.add_second()
        self.keep_adding()
        self.standardise()
        self.measure_gap()
        self.measure_skewness()
        if self.explainer.heavy_tail:
            self.add_cauchy()
            self.average_cauchy()
        self.close()

    def build(self) -> None:
        """The chart of sums and its ledger, which last for six beats; nothing is on stage yet."""
        stage, clt = self.stage, self.explainer
        self.die, self.captions = clt.die, Captions(clt)
        body, main, side = stage.zones.body, stage.zones.main, stage.zones.side
        if side.width < LEAST_SIDE * stage.em(Size.READOUT):
            main, side = body.rows(0.58, 0.42)
        if side.width > side.height:
            readouts, self.aside = side.columns(0.46, 0.54)
        else:
            readouts, self.aside = side.rows(0.38, 0.62)
        # Alone beside the die, the ledger stands in the middle; later it makes room.
        self.shift = readouts.center - side.center
        self.sums = SumChart(stage, main, readouts, self.die, clt.companions)
        self.chart, self.ledger = self.sums.chart, self.sums.ledger
        self.ledger.row("n", 0, _("rolls $n$"), "$n$", value=1, role="parameter", decimals=0)
        means = _("mean"), pgettext("where there is little room", "mean")
        self.ledger.row("mean", 1, *means, value=self.die.mean, icon="dot")
        self.ledger.row("sd", 2, "$sigma$", value=self.die.sd, icon="bracket")

    def relabel(self, markup: str) -> None:
        """Another name for the axis."""
        old, self.chart.label = self.chart.label, self.chart.make_label(markup)
        self.play(FadeOut(old), FadeIn(self.chart.label), run_time=0.4)
        self.chart.remove(old)

    def clear_stage(self) -> None:
        """Take everything but heading and caption off the stage."""
        kept = (self._heading, self._caption)
        self.play(*(FadeOut(mobject) for mobject in self.mobjects if mobject not in kept), run_time=0.6)

    # --- One piece, two, many -----------------------------------------------------------------------------

    def roll_once(self) -> None:
        """The die's bars grow; then mean and deviation."""
        stage, die, sums = self.stage, self.die, self.sums
        with self.beat(self.captions.one_piece, chapter=_("One roll")):
            self.heading(stage.words(_(self.explainer.title), Size.TITLE))
            sums.show_piece(sums.first_view)
            faces, rows = die.faces.astype(float), self.ledger.rows
            sums.put(sums.bars, Heap(faces, 0 * die.pmf))
            VGroup(*rows.values()).shift(-self.shift)
            self.play(FadeIn(self.chart, rows["n"]), run_time=0.6)
            self.add(sums.bars)
            grow = self.drive(lambda t: sums.put(sums.bars, Heap(faces, t * die.pmf)), sums.bars, run_time=1.2)
            self.play(grow)
            self.labels = VGroup()
            for face, chance in zip(faces, die.pmf, strict=True):
                if chance == 0 or chance >= LEAST_LABELLED:
                    label = stage.words(format_number(chance) if chance else "0", Size.LABEL, "input")
                    self.labels.add(label.next_to(self.chart.coordinates.at(face, chance), UP, buff=0.06))
            self.play(FadeIn(self.labels), run_time=0.5)
            self.play(FadeIn(sums.spread.dot, scale=2), FadeIn(rows["mean"]), run_time=0.6)
            self.add(sums.spread)
            open_up = self.drive(
                lambda t: sums.spread.put(self.chart.coordinates, die.mean, t * die.sd), sums.spread, run_time=1.0
            )
            self.play(open_up, FadeIn(rows["sd"]))

    def add_second(self) -> None:
        """From the largest face down, each bar is cut in the die's proportions and fans out."""
        die, sums = self.die, self.sums
        with self.beat(self.captions.second_piece, chapter=_("Two rolls")):
            note = _("mean {mean}, $sigma$ = {sd}").format(mean=format_number(die.mean), sd=format_number(die.sd))
            self.piece = FamilyPanel(
                self.stage, self.aside, _("one roll"), "", note,
                die.faces.astype(float), die.pmf,
                discrete=True, mean=die.mean, deviation=die.sd, role="input",
            )  # fmt: skip
            count, *moments = self.ledger.rows.values()
            # Mean and deviation come back when the sum is complete.
            self.play(FadeOut(self.labels, sums.spread, *moments), run_time=0.4)
            VGroup(*moments).shift(self.shift)
            self.play(count.animate.shift(self.shift), FadeIn(self.piece), run_time=0.8)
            start, pair = sums.view, sums.pair_view
            zoom = self.drive(lambda t: sums.show_piece(start.toward(pair, t)), *sums.moving, run_time=1.0)
            self.play(zoom)
            self.relabel(_("sum $S_n$"))
            self.ledger.set_values(n=2)
            self.play(Indicate(count, color=self.stage.color("parameter")), run_time=0.5)
            faces = [int(face) for face in die.faces[::-1] if die.pmf[face - 1] > 0]
            for face in faces:
                step = sums.fan_out(face)
                self.play(FadeIn(sums.movers), run_time=0.35)
                # The first and the last are for watching, those between are for the rhythm.
                self.play(
                    self.drive(step, sums.bars, sums.movers, run_time=1.3 if face in (faces[0], faces[-1]) else 0.7)
                )
                sums.land(face)
                self.play(FadeOut(sums.movers), run_time=0.2)
            sums.spread.put(self.chart.coordinates, 2 * die.mean, die.sum_sd(2))
            self.ledger.set_values(mean=2 * die.mean, sd=die.sum_sd(2))
            self.play(FadeIn(sums.spread, *moments), run_time=0.6)

    def keep_adding(self) -> None:
        """More and more pieces: the heap wanders off, widens and sinks."""
        stage, sums = self.stage, self.sums
        with self.beat(self.captions.keep_adding, chapter=_("Keep adding")):
            self.heading(stage.math("{{S_n : input}} = X_1 + X_2 + dots.c + X_n", Size.READOUT))
            if self.die.span > 1:
                self.play(self.drive(sums.widen, *sums.moving, run_time=0.8))
            self.play(Indicate(self.ledger.rows["n"], color=stage.color("parameter")), run_time=0.5)
            stops = [2, *(n for n in self.explainer.counts if n > 2)]
            run_time = float(np.clip(ADDING_TIME / (len(stops) - 1), 1.2, 2.5))
            for first, last in pairwise(stops):
                self.play(self.drive(sums.adding(first, last), *sums.moving, run_time=run_time))

    # --- One bell -----------------------------------------------------------------------------------------

    def standardise(self) -> None:
        """Sums of several n beside each other are centred, then brought to one width: one bell fits them all."""
        sums, clt = self.sums, self.explainer
        with self.beat(self.captions.standardise, chapter=_("One bell")):
            self.gather_companions()
            formula = (
                "z = ({{S_n : input}} - {{n : parameter}} {{mu : highlight}})"
                " \\/ ({{sigma : highlight}} sqrt({{n : parameter}}))"
            )
            self.heading(self.stage.math(formula, Size.READOUT))
            raw, centred, unit = sums.view, sums.centred_view(), sums.unit_view(*clt.companions)
            moving = (*sums.moving, *sums.outlines.values())
            self.relabel("$S_n - n mu$")
            slide = self.drive(lambda t: sums.show_companions(t, 0.0, raw.toward(centred, t)), *moving, run_time=2.0)
            self.play(slide)
            self.relabel("$z = (S_n - n mu) \\/ (sigma sqrt(n))$")
            self.chart.ruler.finest = UNIT_STEP
            squeeze = self.drive(lambda t: sums.show_companions(1.0, t, centred.toward(unit, t)), *moving, run_time=2.2)
            self.play(squeeze)
            sums.put_bell()
            self.play(Create(sums.bell), run_time=1.2)
            self.bell_name = sums.name_bell()
            # The smaller sums have done their part, and without a name they would be clutter.
            self.play(FadeIn(self.bell_name), *map(FadeOut, sums.outlines.values()), run_time=0.6)

    def gather_companions(self) -> None:
        """The window widens upward, and smaller sums join the largest, each with its n for a while."""
        sums, clt = self.sums, self.explainer
        start, view = sums.view, sums.companions_view()
        widen = self.drive(lambda t: sums.show_sum(clt.largest, start.toward(view, t)), *sums.moving, run_time=0.8)
        self.play(widen)
        sums.show_companions(0.0, 0.0, view)
        names = sums.name_companions()
        self.play(FadeIn(names, *sums.outlines.values()), run_time=0.6)
        self.wait(0.8)
        self.play(FadeOut(names), run_time=0.3)

    # --- How far from the bell ----------------------------------------------------------------------------

    def measure_gap(self) -> None:
        """Bars and bell are summed from the left; the largest gap between the totals falls like 1/√n."""
        sums, clt, rows = self.sums, self.explainer, self.ledger.rows
        with self.beat(self.captions.gap, chapter=_("The gap")):
            self.meter = self.make_meter()
            gone = (rows["mean"], rows["sd"], self.piece, sums.spread, self.bell_name)
            self.play(FadeOut(*gone), FadeIn(self.meter), run_time=0.6)
            self.ledger.drop("mean", "sd")
            self.rewind()
            self.play(self.drive(lambda t: sums.show_unit(1, t), *sums.moving_on_bell, run_time=1.8))
            self.totals_legend = self.make_totals_legend()
            self.play(FadeIn(self.totals_legend), run_time=0.5)
            self.gap_line = Curve(self.stage, role="error", width=9.0)
            self.gap_arrow = Arrow(self.stage, LEFT, RIGHT, "error", thickness=0.07)
            self.gap_name = tag(self.stage, _("gap"), "error", Size.LABEL)
            self.gap_mark = VGroup(self.gap_line, self.gap_arrow, self.gap_name)
            self.gap_dots = VGroup()
            self.mark_gap(1)
            for before, n in pairwise(clt.journey):
                # While the bars climb, no number holds for them.
                self.play(FadeOut(self.gap_mark, self.ledger.numbers["gap"]), run_time=0.15)
                self.play(self.drive(self.climbing(before, n), *sums.moving_on_bell, run_time=0.7))
                self.mark_gap(n)
            self.show_bound()

    def rewind(self) -> None:
        """Back from the largest sum to one piece, at the bell's scale."""
        sums, largest = self.sums, self.explainer.largest
        step = self.drive(lambda t: sums.show_unit(between(largest, 1, t)), *sums.moving_on_bell, run_time=1.2)
        self.play(step)

    def climbing(self, first: int, last: int) -> Step:
        """A step of the stairs from one number of pieces to another."""
        return lambda t: self.sums.show_unit(between(first, last, t), 1.0)

    def make_meter(self) -> DecayPlot:
        """Axes for gap, bound and skewness against n."""
        die, clt = self.die, self.explainer
        values, numbers = [clt.gaps[clt.largest], die.bound(1)], set(clt.journey)
        if not clt.is_symmetric:
            values += [abs(die.sum_skewness(n)) for n in (1, max(QUADRUPLED[-1], clt.largest))]
            numbers |= set(QUADRUPLED)
        # Room for names above the highest and below the lowest.
        y_range = min(values) / 3, max(values) * 2.5
        meter = DecayPlot(self.stage, self.aside, sorted(numbers), y_range, _("rolls $n$"))
        # It comes later, but nothing may stand where it will be.
        self.skewness_line = meter.line(lambda n: max(abs(die.sum_skewness(n)), y_range[0]), "data")
        return meter

    def make_totals_legend(self) -> VGroup:
        """What the steps and the smooth curve are, and the 1 that both end at."""
        stage, box = self.stage, self.chart.box
        one = box.at(0, 1 / STAIRS_TOP)
        rule = Curve(stage, np.array([one, one + box.width * RIGHT]), "grid", 1.5)
        number = stage.words("1", Size.LABEL, "muted").next_to(one, LEFT, buff=0.1)
        for bell, bars in (
            (_("$Phi$, summed bell"), _("$F_n$, summed bars")),
            (_("$Phi$, bell"), _("$F_n$, bars")),
            ("$Phi$", "$F_n$"),
        ):
            lines = VGroup(stage.words(bell, Size.LABEL, "model"), stage.words(bars, Size.LABEL, "input"))
            lines.arrange(DOWN, buff=0.1, aligned_edge=LEFT)
            if lines.height > 0.4 * box.height:
                lines.arrange(RIGHT, buff=0.3)
            if lines.width <= LEFT_OF_CURVE * box.width:
                break
        return VGroup(rule, number, lines.next_to(one + 0.15 * RIGHT, DOWN + RIGHT, buff=0.1))

    def mark_gap(self, n: int) -> None:
        """The widest gap on stage, its size in the ledger, and a dot on the meter."""
        z, steps, bell = self.die.widest_gap(n)
        gap, at = abs(steps - bell), self.chart.coordinates.at
        self.gap_line.put(np.array([at(z, steps), at(z, bell)]))
        # Right of it there are bars: no place for a name.
        side, middle = LEFT, at(z, (steps + bell) / 2)
        self.gap_arrow.put(middle + ARROW[1] * side, middle + ARROW[0] * side)
        self.gap_name.next_to(middle + ARROW[1] * side, side, buff=0.1)
        dot = self.meter.dot(n, gap, "error")
        self.gap_dots.add(dot)
        shown = [FadeIn(self.gap_mark), FadeIn(dot, scale=2)]
        if "gap" in self.ledger.rows:
            shown.append(FadeIn(self.ledger.set_values(gap=gap).numbers["gap"]))
        else:
            names = _("largest gap"), _("gap"), pgettext("where there is little room", "gap")
            row = self.ledger.row("gap", 1, *names, value=gap, role="error", decimals=3)
            shown.append(FadeIn(row))
        self.play(*shown, run_time=0.5)

    def show_bound(self) -> None:
        """Berry and Esseen's bound as a straight line over the dots."""
        # Rounded up, so that what is written is a bound too.
        factor = in_math(format_number(ceil(100 * self.die.bound(1)) / 100))
        largest = _("largest gap")
        formula = f'{{{{"{largest}" : error}}}} <= {factor} \\/ sqrt({{{{n : parameter}}}})'
        self.heading(self.stage.math(formula, Size.READOUT))
        middle, meter, lasting = self.explainer.largest**0.5, self.meter, self.meter.obstacles
        bound = meter.line(self.die.bound, "muted")
        gap = meter.label_for(_("gap"), "error", 1, self.explainer.gaps[1], (0.3, -1.0))
        self.play(FadeIn(gap), run_time=0.4)
        name = meter.label_for(_("bound"), "muted", middle, self.die.bound(middle), (1.0, 1.0))
        self.play(Create(bound), FadeIn(name), run_time=0.8)
        # The bound leaves with this beat, and with it what it kept free.
        meter.obstacles = np.concatenate([lasting, inside(gap, gap.get_center())])
        self.bound = VGroup(bound, name)
        if not self.explainer.is_symmetric:
            # Skewness dots come in their place; with no skewness to show, they stay.
            self.bound.add(gap, self.gap_dots)

    def measure_skewness(self) -> None:
        """The bars again, at n = 1, 4 and 16: each time the skewness is half of what it was."""
        stage, die, sums, clt = self.stage, self.die, self.sums, self.explainer
        with self.beat(self.captions.skewness, chapter=_("Skewness")):
            self.play(FadeOut(self.gap_mark, self.totals_legend, self.bound, self.ledger.rows["gap"]), run_time=0.4)
            self.ledger.drop("gap")
            fall = self.drive(lambda t: sums.show_unit(clt.largest, 1 - t), *sums.moving_on_bell, run_time=1.0)
            self.play(fall)
            self.rewind()
            # Translators: Typst math; words stand in quotes. "one roll's" skewness, that is.
            formula = _('"skewness of" {sum} = "one roll\'s" \\/ {root}')
            formula = formula.format(sum="{{S_n : input}}", root="sqrt({{n : parameter}})")
            self.heading(stage.math(formula, Size.READOUT))
            names, digits = (_("skewness"), _("skew")), clt.skewness_decimals
            row = self.ledger.row("skewness", 1, *names, value=die.skewness, role="data", decimals=digits)
            self.play(FadeIn(row), *self.skewness_dot(1), run_time=0.6)
            for before, n in pairwise(QUADRUPLED):
                step = self.drive(self.straightening(before, n), *sums.moving_on_bell, run_time=1.5)
                self.play(step)
                self.play(*self.skewness_dot(n), Indicate(row[1], color=stage.color("data")), run_time=0.5)
            if not clt.is_symmetric:
                middle = clt.largest**0.5
                name = self.meter.label_for(_("skewness"), "data", middle, abs(die.sum_skewness(middle)), (1.0, 1.0))
                self.play(Create(self.skewness_line), FadeIn(name), run_time=0.7)

    def straightening(self, first: int, last: int) -> Step:
        """A step of the standardised sum from one number of pieces to another, with its skewness."""

        def step(t: float) -> None:
            n = between(first, last, t)
            self.sums.show_unit(n)
            self.ledger.set_values(skewness=self.die.sum_skewness(n))

        return step

    def skewness_dot(self, n: int) -> list[FadeIn]:
        """A dot on the meter, if there is any skewness."""
        if self.explainer.is_symmetric:
            return []
        return [FadeIn(self.meter.dot(n, abs(self.die.sum_skewness(n)), "data"), scale=2)]

    # --- The Cauchy refuses -------------------------------------------------------------------------------

    def add_cauchy(self) -> None:
        """Four pieces of each kind are added: the die's heap doubles its width, the Cauchy's is four times as wide."""
        with self.beat(self.captions.cauchy_adds, chapter=_("A heavy tail")):
            self.clear_stage()
            self.count = Readout(self.stage, "$n$", 1, role="parameter", decimals=0)
            self.duel = CauchyDuel(self.stage, self.stage.zones.body, self.die)
            self.play(FadeIn(self.duel), run_time=0.8)
            self.heading(self.count)
            self.play(self.drive(self.duelling((1, CAUCHY_SUM), (0, 0)), *self.duel.moving, self.count, run_time=3.5))

    def duelling(self, numbers: tuple[float, float], powers: tuple[float, float]) -> Step:
        """A step of both sums from one n to another, divided by n to a power that goes from one to another."""

        def step(t: float) -> None:
            n = between(*numbers, t)
            self.duel.put(n, n ** (powers[0] + t * (powers[1] - powers[0])))
            self.count.set_value(n)

        return step

    def average_cauchy(self) -> None:
        """Divided by n, the die's heap is narrower than one piece, the Cauchy's is one piece; and so for every n."""
        largest = self.explainer.largest
        with self.beat(self.captions.cauchy_averages, chapter=_("Means")):
            moving = (*self.duel.moving, self.count)
            self.play(*self.duel.rename("mean"), run_time=0.5)
            self.play(self.drive(self.duelling((CAUCHY_SUM, CAUCHY_SUM), (0, 1)), *moving, run_time=2.2))
            self.play(self.drive(self.duelling((CAUCHY_SUM, largest), (1, 1)), *moving, run_time=3.0))

    # --- Whatever the piece -------------------------------------------------------------------------------

    def close(self) -> None:
        """Dice of other shapes, one piece and many: all head for the bell."""
        clt = self.explainer
        with self.beat(self.captions.close, chapter=_("Whatever the shape")):
            self.clear_stage()
            dice = {_("this die"): self.die, **{_(RIVALS[name]): die for name, die in clt.rivals.items()}}
            self.card = card = PieceCard(self.stage, self.stage.zones.body, dice, clt.largest, cauchy=clt.heavy_tail)
            self.play(FadeIn(card.names, card.pieces, card.below_pieces), run_time=0.8)
            count = Readout(self.stage, "$n$", 1, role="parameter", decimals=0)
            self.heading(count)
            self.play(FadeIn(card.sums), run_time=0.6)

            def step(t: float) -> None:
                n = between(1, clt.largest, t)
                card.put(n)
                count.set_value(n)

            self.play(self.drive(step, card.sums, count, run_time=4.0))
            self.play(FadeIn(card.below_sums), run_time=0.4)
            formula = (
                "({{S_n : input}} - {{n : parameter}} {{mu : highlight}})"
                " \\/ ({{sigma : highlight}} sqrt({{n : parameter}})) arrow.r {{"
            )
            self.heading(self.stage.math(f"{formula}{standard_normal()} : model}}}}", Size.READOUT))
