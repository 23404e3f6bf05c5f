"""Staging of `bias-variance`: two bundles of fits to the same data sets, and the error that they add up to."""

from __future__ import annotations

import numpy as np
from manim import Create, FadeIn, FadeOut, Indicate, Mobject, VGroup, linear

from explainers.probability.bias_variance import BiasVariance
from scenes.pictures.shapes import Curve
from scenes.probability.bias_variance_captions import Captions
from scenes.probability.bias_variance_panels import (
    BRIGHT,
    FAINT,
    HEADROOM,
    Entry,
    ErrorChart,
    FitPanel,
    between,
    fit_grid,
    keys,
    legend,
    passing,
)
from scenes.stage.language import N_, _, pgettext
from scenes.stage.scene import Drive, ExplainerScene
from scenes.stage.text import Size
from scenes.stage.zones import GAP, Zone

WIDE = 1.25
"""Two panels stand side by side where the body is at least so many times as wide as high."""
TRUTH, SHORT_TRUTH = (Entry("line", name, "highlight") for name in (N_("true curve"), N_("truth")))
PARTS = (
    Entry("block", N_("bias#super[2]"), "error"),
    Entry("block", N_("variance"), "model"),
    Entry("block", N_("noise"), "data"),
)
TEST = Entry("line", N_("test"), "highlight")
TRAINING = Entry("thick", N_("training"), "input")
FITS = Entry("line", N_("fits"), "model")
AVERAGE = Entry("thick", N_("average fit"), "model")

ENCORE = 10
"""Data sets that pass once more at the end, slowly enough to be compared."""


def bias_formula() -> str:
    """What bias is, in Typst math."""
    bias, mean, fit, truth = _("bias"), _("mean of"), _("average fit"), _("truth")
    return f'{{{{"{bias}"^2 : error}}}} = "{mean}" ({{{{"{fit}" : model}}}} - "{truth}")^2'


def variance_formula() -> str:
    """What variance is."""
    variance, degree, points = _("variance"), _("degree"), _("points")
    return f'{{{{"{variance}" : model}}}} = {{{{sigma^2 : data}}}} ({{{{"{degree}" : parameter}}}} + 1) \\/ "{points}"'


def sum_formula() -> str:
    """What the test error is the sum of."""
    test, bias, variance, noise = _("test error"), _("bias"), _("variance"), _("noise")
    parts = f'{{{{"{bias}"^2 : error}}}} + {{{{"{variance}" : model}}}} + {{{{"{noise}" sigma^2 : data}}}}'
    return f'"{test}" = {parts}'


def optimism_formula() -> str:
    """By how much training error is less than test error."""
    # Translators: short, as both errors stand in one formula.
    test = pgettext("in a formula with both errors", "test error")
    training, variance = pgettext("in a formula with both errors", "training error"), _("variance")
    return f'"{test}" - {{{{"{training}" : input}}}} = 2 times {{{{"{variance}" : model}}}}'


class BiasVarianceScene(ExplainerScene[BiasVariance]):
    """Noisy data; a stiff bundle, a loose bundle; bias, variance; their sum over all degrees; training error."""

    explainer_type = BiasVariance

    def construct(self) -> None:
        """The story, beat by beat."""
        self.allow(
            "colour-blind", reason="parts are stacked in the order of the legend; gaps are sticks, data are dots"
        )
        self.build()
        self.draw_data()
        self.fit_simple()
        self.fit_flexible()
        self.measure_bias()
        self.measure_variance()
        self.stack_errors()
        self.draw_training_error()
        self.close()

    def build(self) -> None:
        """The zones, the two panels and the chart; nothing is on stage yet."""
        stage, study = self.stage, self.explainer
        self.captions, self.legend = Captions(study), None
        body = stage.zones.body
        self.legend_zone, self.whole = self.below_legend(1.0)
        # The chart's legend is longer.
        lines = 1.0 if len(legend(stage, body, (*PARTS, TEST, TRAINING))) == 1 else 2.4
        self.chart_legend_zone, rest = self.below_legend(lines)
        if self.whole.width > WIDE * self.whole.height:
            self.pair = self.whole.columns(1, 1, gap=2 * GAP)
            main, side = rest.columns(0.63, 0.37, gap=2 * GAP)
            self.corners = side.rows(1, 1)
        else:
            self.pair = self.whole.rows(1, 1)
            main, side = rest.rows(0.6, 0.4)
            self.corners = side.columns(1, 1)
        degrees = (study.simple, study.flexible)
        drawn = [study.samples, *(study.fits(degree, fit_grid(degree)) for degree in degrees)]
        reach = HEADROOM * max(float(np.abs(values).max()) for values in drawn)
        self.left, self.right = self.panels = tuple(
            FitPanel(stage, study, degree, reach, self.whole, self.pair[0].width) for degree in degrees
        )
        self.chart = ErrorChart(stage, main, study)

    def below_legend(self, lines: float) -> tuple[Zone, Zone]:
        """The body, split into a legend so many em high and the rest."""
        body, stage = self.stage.zones.body, self.stage
        edge = body.top - lines * stage.em(Size.LABEL)
        legend_zone = Zone(body.left, edge, body.right, body.top)
        return legend_zone, Zone(body.left, body.bottom, body.right, edge - 0.5 * GAP)

    def explain(self, *entries: Entry) -> None:
        """Another legend in place of the present one."""
        old, self.legend = self.legend, legend(self.stage, self.legend_zone, entries)
        self.play(*([FadeOut(old)] if old else []), FadeIn(self.legend), run_time=0.5)

    @property
    def legend_items(self) -> list[VGroup]:
        """The legend's entries in order, in whatever lines they stand."""
        return [item for line in self.legend for item in line]

    def move(self, places: dict[FitPanel, tuple[Zone, float, float]], run_time: float = 1.4) -> Drive:
        """Panels go from where they are to zones; with the room for readouts before and after."""
        starts = {panel: panel.zone for panel in places}

        def step(t: float) -> None:
            for panel, (zone, before, after) in places.items():
                panel.put(between(starts[panel], zone, t), before + t * (after - before))

        return self.drive(step, *places, run_time=run_time)

    # --- Data and fits ------------------------------------------------------------------------------------

    def draw_data(self) -> None:
        """Points leave the truth by their noise; then other noise."""
        panel, study = self.left, self.explainer
        with self.beat(self.captions.data, chapter=_("Noisy data")):
            self.heading(self.stage.words(_(study.title), Size.TITLE))
            self.play(FadeIn(panel.backdrop), run_time=0.4)
            points = Entry("dot", N_("{count} points"), "data", study.points)
            self.explain(TRUTH, points, Entry("stick", N_("noise"), "data"))
            self.play(Create(panel.truth), run_time=1.2)
            self.noise = Curve(self.stage, role="data", width=2.0)
            truth = study.truth(study.x)

            def fall(sample: int, share: float) -> None:
                values = truth + share * (study.samples[sample] - truth)
                panel.dots.put(panel.at(study.x, values))
                self.noise.put_segments(panel.at(study.x, truth), panel.at(study.x, values))

            fall(0, 0.0)
            self.play(FadeIn(panel.dots), run_time=0.4)
            self.add(self.noise, panel.dots)
            for sample in (2, 1, 0):
                moving = (self.noise, panel.dots)
                self.play(self.drive(lambda t, k=sample: fall(k, t), *moving, run_time=0.8))
                if sample:
                    self.wait(0.3)
                    self.play(self.drive(lambda t, k=sample: fall(k, 1 - t), *moving, run_time=0.5))

    def fit_simple(self) -> None:
        """The simplest polynomial is fitted to one data set after the other, and each fit stays."""
        panel = self.left
        with self.beat(self.captions.simple, chapter=_("Too simple")):
            self.play(FadeOut(self.noise), FadeIn(panel.degree_label), run_time=0.5)
            self.explain(TRUTH, Entry("dot", N_("data"), "data"), FITS)
            self.play(Create(panel.current), run_time=0.8)
            self.add(panel.bundle, panel.truth, panel.current, panel.dots)
            self.play(self.refit(panel, count=self.explainer.datasets, collects=True))

    def refit(self, *panels: FitPanel, count: int, collects: bool, run_time: float = 8.0) -> Drive:
        """One data set after the other, in all panels at once; the last panel may collect its fits."""

        def step(t: float) -> None:
            position = passing(count, t)
            for panel in panels:
                panel.show_data(position)
            if collects:
                panels[-1].show_bundle(int(position + 1e-9) + 1)

        moving: list[Mobject] = [m for panel in panels for m in (panel.current, panel.dots)]
        return self.drive(
            step, *moving, *([panels[-1].bundle] if collects else []), run_time=run_time, rate_func=linear
        )

    def fit_flexible(self) -> None:
        """The same data sets, in a second panel, to the most flexible polynomial."""
        left, right = self.panels
        with self.beat(self.captions.flexible, chapter=_("Too flexible")):
            self.play(self.move({left: (self.pair[0], 0.0, 1.0)}, 1.2))
            right.put(self.pair[1], 1.0)
            back = self.drive(lambda t: left.show_data(0.0), left.current, left.dots, run_time=0.1)
            self.play(FadeOut(left.current, left.dots), run_time=0.3)
            self.play(back)
            self.play(FadeIn(right.backdrop, right.truth, right.degree_label), run_time=0.5)
            self.play(FadeIn(left.dots, right.dots), run_time=0.4)
            self.play(Create(left.current), Create(right.current), run_time=0.9)
            self.add(right.bundle, right.truth, left.current, right.current, left.dots, right.dots)
            self.play(self.refit(left, right, count=self.explainer.datasets, collects=True))

    # --- What the bundles have in common, and how they differ ---------------------------------------------

    def light(self, part: str, opacity: float, run_time: float = 0.6) -> Drive:
        """Change how bright the bundles or the average fits of both panels are."""
        curves: list[Curve] = [getattr(panel, part) for panel in self.panels]
        first = curves[0].get_stroke_opacity()

        def step(t: float) -> None:
            for curve in curves:
                curve.set_stroke(opacity=first + t * (opacity - first))

        return self.drive(step, *curves, run_time=run_time)

    def measure_bias(self) -> None:
        """The average fit of each panel, and its gaps to the truth."""
        panels = self.panels
        with self.beat(self.captions.bias, chapter=_("Bias")):
            self.play(*(FadeOut(panel.current, panel.dots) for panel in panels), self.light("bundle", FAINT))
            self.explain(TRUTH, AVERAGE, Entry("stick", N_("gap"), "error"))
            for panel in panels:
                self.add(panel.average, panel.truth)
            self.play(*(Create(panel.average) for panel in panels), run_time=1.2)
            self.wait(0.4)
            for panel in panels:
                panel.show_gaps(0.0)
                self.add(panel.gaps, panel.average, panel.truth)
            for panel in panels:
                self.play(self.drive(panel.show_gaps, panel.gaps, run_time=1.0))
                self.play(FadeIn(panel.bias_readout), run_time=0.4)
            self.heading(self.stage.math(bias_formula(), Size.READOUT))

    def measure_variance(self) -> None:
        """The band of one standard deviation around the average fit."""
        panels = self.panels
        with self.beat(self.captions.variance, chapter=_("Variance")):
            shrink = [self.drive(lambda t, p=p: p.show_gaps(1 - t), p.gaps, run_time=0.7) for p in panels]
            self.play(*shrink)
            self.remove(*(panel.gaps for panel in panels))
            self.explain(TRUTH, AVERAGE, Entry("block", N_("spread"), "model"))
            for panel in panels:
                panel.show_band(0.0)
                self.add(panel.band, panel.bundle, panel.average, panel.truth)
                self.play(self.drive(panel.show_band, panel.band, run_time=1.2))
                self.play(FadeIn(panel.variance_readout), run_time=0.4)
            self.heading(self.stage.math(variance_formula(), Size.READOUT))

    # --- The sum ------------------------------------------------------------------------------------------

    def stack_errors(self) -> None:
        """The panels make room, and noise, variance and bias² are stacked over every degree."""
        chart = self.chart
        with self.beat(self.captions.stack, chapter=_("The sum")):
            gone = [m for panel in self.panels for m in (panel.bias_readout, panel.variance_readout)]
            shut = [self.drive(lambda t, p=p: p.show_band(1 - t), p.band, run_time=0.6) for p in self.panels]
            self.play(FadeOut(*gone, self.legend), *shut, self.light("bundle", BRIGHT))
            self.remove(*(panel.band for panel in self.panels))
            self.legend, self.legend_zone = None, self.chart_legend_zone
            self.heading(self.stage.math(sum_formula(), Size.READOUT))
            self.play(self.move({p: (c, 1.0, 0.0) for p, c in zip(self.panels, self.corners, strict=True)}))
            # The line over the stacks is drawn like the truth: the panels keep their own key.
            self.play(FadeIn(chart.plot, keys(self.panels, (TRUTH, SHORT_TRUTH))), run_time=0.6)
            self.explain(*PARTS, TEST)
            for (part, bars), entry in zip(chart.bars.items(), self.legend_items[2::-1], strict=True):
                self.play(Indicate(entry, color=None), run_time=0.5)
                chart.show_part(part, 0.0)
                self.add(bars)
                self.play(self.drive(lambda t, part=part: chart.show_part(part, t), bars, run_time=1.2))
            self.play(Create(chart.test), run_time=1.8)
            self.play(FadeIn(chart.best, scale=2), FadeIn(chart.numbers), run_time=0.6)

    def draw_training_error(self) -> None:
        """The training error runs down through the stacks."""
        chart = self.chart
        with self.beat(self.captions.training, chapter=_("Training error")):
            self.explain(*PARTS, TEST, TRAINING)
            chart.show_training(0.0)
            self.add(chart.rim, chart.training, chart.training_dots, chart.best)
            line = (chart.rim, chart.training, chart.training_dots)
            self.play(self.drive(chart.show_training, *line, run_time=3.5))
            chart.training_dots.put(chart.plot.points_at(chart.degrees, chart.trainings))
            self.heading(self.stage.math(optimism_formula(), Size.READOUT))

    def close(self) -> None:
        """Fresh data once more: one fit stays where it is, the other swings."""
        with self.beat(self.captions.close, chapter=_("The trade")):
            for panel in self.panels:
                panel.show_data(0.0)
            self.play(self.light("bundle", FAINT), self.light("average", FAINT))
            currents = VGroup(*(panel.current for panel in self.panels))
            self.play(FadeIn(currents), run_time=0.4)
            self.play(self.refit(*self.panels, count=ENCORE, collects=False, run_time=6.0))
            self.play(FadeOut(currents), self.light("bundle", BRIGHT), self.light("average", 1.0))
            self.heading(self.stage.math(sum_formula(), Size.READOUT))
