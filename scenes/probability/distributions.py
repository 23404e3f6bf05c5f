"""Staging of `distributions`: probability is cut and moved, and one family becomes the next."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import sqrt

import numpy as np
from manim import Animation, Create, FadeIn, FadeOut, Indicate, LaggedStart, Mobject, VGroup, VMobject, linear

from explainers.probability.distributions import Bars as Heap
from explainers.probability.distributions import (
    Distributions,
    binomial_pmf,
    exponential_pdf,
    normal_pdf,
    rescaled_binomial,
    step_cdf_gap,
)
from scenes.pictures.heap import AIR, HEADROOM, HeapChart, Step, TossStack
from scenes.pictures.labels import clear_offset
from scenes.pictures.ledger import INDENT, WORD_GAP, Ledger
from scenes.pictures.ruler import Chart, Spread, View
from scenes.pictures.shapes import Curve
from scenes.probability.distributions_arrivals import GapPile, TimeAxis
from scenes.probability.distributions_bell import BELL_REACH, NamedBell
from scenes.probability.distributions_captions import Captions
from scenes.probability.distributions_cards import NAMES, FamilyCards, knobs_in_math, plain, share_decimals
from scenes.stage.language import N_, _, pgettext
from scenes.stage.scene import Drive, ExplainerScene
from scenes.stage.text import Size
from scenes.stage.zones import GAP

N, P, NP, K = "{{n : parameter}}", "{{p : parameter}}", "{{n p : parameter}}", "{{k : input}}"
RATE, WAIT, MU, SIGMA = "{{lambda : parameter}}", "{{t : data}}", "{{mu : highlight}}", "{{sigma : highlight}}"
BERNOULLI = f"{MU} = {P} quad {SIGMA} = sqrt({P} (1 - {P}))"
BINOMIAL = f"P({K}) = binom({N}, {K}) {P}^{K} (1 - {P})^({N} - {K})"
POISSON = f"P({K}) = {RATE}^{K} e^(-{RATE}) \\/ {K}!"
MOMENTS = f"{MU} = {NP} quad {SIGMA} = sqrt({NP} (1 - {P}))"
STANDARD = f"{{{{z : model}}}} = ({K} - {MU}) \\/ {SIGMA}"
STRETCHED = f"{{{{x : model}}}} = {MU} + {SIGMA} {{{{z : model}}}}"
ARRIVALS = N_("arrivals per unit of time, on average")
"""What λ counts; stands behind it."""
EXPONENTIAL = f"f({WAIT}) = {RATE} e^(-{RATE} {WAIT})"

MOST_SIDE = 0.5
"""Share of the width that the ledger beside the histogram of gaps may take."""
OBSTACLES = 40
"""Places up each bar that a name keeps clear of."""
DROP = np.array([0.0, -0.5, 0.0])
"""Mean dots fall out of their distributions, from this far above."""
SQUARISH = (1.25, 1.8)
"""Width to height of a zone from which on it is split into columns, and up to which columns are narrow."""


class DistributionsScene(ExplainerScene[Distributions]):
    """Tosses stacked to a binomial, thinned to a Poisson, rescaled to a normal; gaps; all families on one card."""

    explainer_type = Distributions

    def construct(self) -> None:
        """The story, beat by beat."""
        zoo = self.explainer
        self.captions = Captions(zoo)
        self.lay_out()
        self.toss_once()
        self.mark_mean_and_spread()
        if zoo.is_single_toss:
            self.leave_single()
        else:
            self.toss_again()
            self.stack_on()
        self.meet_poisson()
        if zoo.has_poisson_journey:
            self.approach_poisson()
        self.let_wander()
        self.centre()
        self.divide()
        if not zoo.is_standard_normal:
            self.move_to_any_normal()
        self.let_arrive()
        if self.first < len(zoo.gaps):
            self.pile_up()
        self.meet_exponential()
        self.close()

    # --- What stays on stage through the first three acts -----------------------------------------------------

    def lay_out(self) -> None:
        """Chart, bars, mean dot and bracket, and ledger; nothing is on stage yet."""
        stage, zoo, body = self.stage, self.explainer, self.stage.zones.body
        main, side = stage.zones.main, stage.zones.side
        if SQUARISH[0] < body.width / body.height < SQUARISH[1]:
            # Beside a chart in a square frame, the usual side zone is too narrow for names and numbers.
            main, side = body.columns(0.56, 0.44)
        self.heap = HeapChart(stage, main, side, TossStack.FIRST_VIEW, _("successes $k$"), slots=6)
        self.ledger = self.heap.ledger
        self.ledger.row("n", 0, _("tosses $n$"), "$n$", value=0, role="parameter", decimals=0)
        self.ledger.row("p", 1, _("success $p$"), "$p$", value=zoo.p, role="parameter", decimals=share_decimals(zoo))
        self.ledger.row("mean", 2, _("mean"), value=0.0, icon="dot")
        self.ledger.row("sd", 3, "$sigma$", value=0.0, icon="bracket")
        self.tosses = TossStack(self.heap, zoo)

    def drive_heap(self, step: Step, *others: Mobject, run_time: float, **options: object) -> Drive:
        """An animation of bars, window, mean, bracket and ledger on one clock, with whatever else goes along."""
        return self.drive(step, *self.heap.moving, *others, run_time=run_time, **options)

    def zoom(self, view: View, put: Callable[[View], None], *others: Mobject, run_time: float = 1.2) -> Drive:
        """A drive of the window from the present view; `put(view)` draws what stands in it."""
        first = self.heap.view
        return self.drive_heap(lambda t: put(first.toward(view, t)), *others, run_time=run_time)

    # --- One toss, and tosses stacked -------------------------------------------------------------------------

    def toss_once(self) -> None:
        """Certainty of 0 successes is cut, and the share p moves to 1."""
        with self.beat(self.captions.one_toss, chapter=_("One toss")):
            self.heading(self.stage.words(_(self.explainer.title), Size.TITLE))
            self.tosses.put(0.0, TossStack.FIRST_VIEW)
            rows = self.ledger.rows
            self.play(FadeIn(self.heap.chart, self.heap.bars, rows["n"], rows["p"]))
            self.legend = self.make_legend()
            self.cut_and_slide(0, FadeIn(self.legend))

    def make_legend(self) -> VGroup:
        """What the two colours of a cut bar mean."""
        meanings = (("input", _("fails: +0")), ("output", _("succeeds: +1")))
        legend = VGroup(*(self.stage.words(meaning, Size.READOUT, role) for role, meaning in meanings))
        # Under the names of the ledger, or as far left as the longer line needs.
        left = min(self.ledger.names_at(4)[0], self.ledger.zone.right - max(words.width for words in legend))
        for slot, words in enumerate(legend, start=4):
            words.move_to([left + words.width / 2, self.ledger.place(slot)[1], 0.0])
        return legend

    def cut_and_slide(self, done: int, *others: Animation) -> None:
        """One more toss, slowly: the share p of each bar takes its colour, moves one to the right, and stays."""
        movers = self.tosses.movers
        self.tosses.cut(done)
        self.play(FadeIn(movers), *others, run_time=0.7)
        self.play(self.drive_heap(self.tosses.slide(done), movers, run_time=2.4, rate_func=linear))
        self.tosses.land(done + 1)
        self.labels = self.heap.numbers_above(range(done + 2))
        self.play(FadeOut(movers), FadeIn(self.labels), run_time=0.6)

    def mark_mean_and_spread(self) -> None:
        """The device that every distribution will carry: a dot at the mean, a bracket of one deviation."""
        heap, mean = self.heap, self.explainer.p
        deviation = sqrt(mean * (1 - mean))
        with self.beat(self.captions.mean_and_spread, chapter=_("Mean and σ")):
            self.show_spread(heap.spread, heap.chart, mean, deviation, FadeIn(self.ledger.rows["mean"]))
            self.play(FadeIn(self.ledger.rows["sd"]), run_time=0.5)
            self.heading(self.stage.math(BERNOULLI, Size.READOUT))

    def show_spread(self, spread: Spread, chart: Chart, mean: float, deviation: float, *others: Animation) -> None:
        """The dot lands on the mean, then the bracket opens out of it."""

        def step(progress: float) -> None:
            spread.put(chart.coordinates, mean, progress * deviation)

        step(0.0)
        self.play(FadeIn(spread.dot, shift=DROP), *others, run_time=0.7)
        self.add(spread)
        self.play(self.drive(step, spread, run_time=1.1))

    def leave_single(self) -> None:
        """n = 1: there is nothing to stack."""
        with self.beat(self.captions.binomial, chapter=_("Binomial")):
            self.play(Indicate(self.ledger.rows["n"], color=self.stage.color("parameter")), FadeOut(self.legend))
            self.heading(self.stage.math(BINOMIAL, Size.READOUT))

    def toss_again(self) -> None:
        """The second toss, slowly."""
        with self.beat(self.captions.second_toss, chapter=_("Toss again")):
            self.heading(self.stage.math(MOMENTS, Size.READOUT))
            # The numbers ride along, so that taller bars are seen to be a closer look, not more probability.
            self.play(self.zoom(self.tosses.view(2), self.put_one_toss, self.labels, run_time=2.0))
            self.play(FadeOut(self.labels), run_time=0.3)
            self.cut_and_slide(1)

    def put_one_toss(self, view: View) -> None:
        """The two bars of one toss in a view, with their numbers above them."""
        self.tosses.put(1.0, view)
        for count, label in enumerate(self.labels):
            self.heap.stand_above(label, count)

    def stack_on(self) -> None:
        """The other tosses, faster and faster; then the binomial has its name."""
        zoo, movers = self.explainer, self.tosses.movers
        with self.beat(self.captions.binomial, chapter=_("Binomial")):
            self.play(FadeOut(self.labels), run_time=0.3)
            if zoo.n > 2:
                self.tosses.put(2.0, self.heap.view)
                self.add(movers)
                run_time = min(1.2 + 0.5 * (zoo.n - 2), 5.5)
                self.play(self.drive_heap(self.tosses.stack(2), movers, run_time=run_time, rate_func=linear))
                self.remove(movers)
            self.labels = self.heap.numbers_above(zoo.binomial_modes[:1])
            self.play(FadeIn(self.labels), FadeOut(self.legend), run_time=0.5)
            self.heading(self.stage.math(BINOMIAL, Size.READOUT))

    # --- n grows, n·p stays -----------------------------------------------------------------------------------

    def meet_poisson(self) -> None:
        """The Poisson as an outline over the bars, and the gap as what pokes out of it."""
        stage, zoo, heap = self.stage, self.explainer, self.heap
        first = zoo.poisson_limit[0]
        tallest = max(zoo.poisson.max(), *(step.bars.heights.max() for step in zoo.poisson_limit))
        view = View(-AIR, zoo.poisson_counts[-1] + AIR, HEADROOM * float(tallest))
        view = heap.chart.ruler.settled(view)
        with self.beat(self.captions.outline, chapter=_("Poisson outline")):
            self.play(FadeOut(self.labels), run_time=0.3)
            spread = sqrt(zoo.rate * (1 - first.p))
            move = heap.morph(view, first.bars, zoo.rate, spread, n=first.n, p=first.p)
            if heap.view.low < view.high:
                self.play(self.drive_heap(move, run_time=1.5))
            else:
                # Far from the heap that is shown: another heap, not that one moved.
                seen = (heap.chart.ruler, heap.bars, heap.spread)
                self.play(FadeOut(*seen), run_time=0.5)
                move(1.0)
                self.play(FadeIn(*seen), run_time=0.7)
            names = _("mean $= lambda$"), pgettext("where there is little room", "mean $= lambda$")
            self.play(*self.name_mean(*names), run_time=0.5)
            self.outline = Curve(stage, self.outline_points(), "model", 4.5)
            self.outline_name = self.name_outline()
            self.play(Create(self.outline), FadeIn(self.outline_name), run_time=1.5)
            self.slivers = heap.make_bars("error").set_fill(opacity=1)
            self.put_slivers(first.bars)
            gap = self.ledger.row("gap", 4, _("area gap"), _("area"), value=first.gap, role="error", decimals=4)
            bound = self.ledger.row("bound", 5, "$<= lambda^2 \\/ n$", value=first.bound, decimals=4)
            self.play(FadeIn(self.slivers, gap), run_time=0.7)
            self.play(FadeIn(bound), run_time=0.5)
            if not zoo.has_poisson_journey:
                self.heading(stage.math(POISSON, Size.READOUT))

    def name_mean(self, *names: str) -> tuple[Animation, Animation]:
        """Another name for the ledger's mean, where the present one stands: the first that ends before the number."""
        row = self.ledger.rows["mean"]
        old, room = row[0], self.ledger.numbers["mean"].get_left()[0] - row[0].get_left()[0]
        labels = [self.stage.words(markup, Size.READOUT, "muted") for markup in names]
        new = next((label for label in labels if label.width + WORD_GAP * self.ledger.em <= room), labels[-1])
        row.submobjects[0] = new.move_to(old.get_left() + np.array([new.width / 2, 0.0, 0.0]))
        return FadeOut(old), FadeIn(new)

    def outline_points(self) -> np.ndarray:
        """The Poisson as steps, one count wide, shape (m, 3)."""
        counts, heights = self.explainer.poisson_counts, self.explainer.poisson
        x = np.repeat(np.append(counts, counts[-1] + 1) - 0.5, 2)
        y = np.concatenate([[0.0], np.repeat(heights, 2), [0.0]])
        return self.heap.chart.coordinates.points_at(x, y)

    def name_outline(self) -> VMobject:
        """The Poisson's name beside the right shoulder of its outline, clear of it and of the bars on their way."""
        zoo, at = self.explainer, self.heap.chart.coordinates.points_at
        counts, heights, title = zoo.poisson_counts, zoo.poisson, NAMES["poisson"]
        name = self.stage.words(_(title), Size.LABEL, "model")
        tops = heights.copy()
        for step in zoo.poisson_limit:
            seen = min(len(tops), len(step.bars.heights))
            tops[:seen] = np.maximum(tops[:seen], step.bars.heights[:seen])
        shoulder = int(np.flatnonzero(tops > heights.max() / 2)[-1])
        anchor = at(counts[[shoulder]] + 0.5, heights[[shoulder]] / 2)[0]
        x, up = counts[:, None] + np.array([-0.5, 0.0, 0.5]), np.linspace(0, 1, OBSTACLES)
        columns = at(np.repeat(x.ravel(), OBSTACLES), (np.repeat(tops, 3)[:, None] * up).ravel())
        return name.move_to(anchor + clear_offset(name, anchor, np.array([1.0, 1.0]), columns, self.heap.chart.box))

    def put_slivers(self, bars: Heap) -> None:
        """What of the bars pokes out of the outline: its area is the total-variation gap."""
        poisson = self.explainer.poisson
        self.heap.put(self.slivers, Heap(bars.x, np.maximum(bars.heights - poisson, 0)), poisson)

    def approach_poisson(self) -> None:
        """n grows through its steps; bars, slivers and gap follow."""
        zoo, numbers = self.explainer, self.ledger.numbers
        pairs = list(pairwise(zoo.poisson_steps))
        with self.beat(self.captions.poisson_limit, chapter=_("Poisson limit")):
            for start, end in pairs:
                run_time = float(np.clip(6 / len(pairs), 1.2, 2.5))
                self.play(self.drive_heap(self.grow_n(start, end), self.slivers, run_time=run_time))
                self.play(Indicate(numbers["gap"], color=self.stage.color("error")), run_time=0.5)
            self.heading(self.stage.math(POISSON, Size.READOUT))

    def grow_n(self, start: int, end: int) -> Step:
        """A step from one number of tosses to another by equal factors, with n·p held."""
        zoo, view = self.explainer, self.heap.view

        def step(progress: float) -> None:
            n = start ** (1 - progress) * end**progress
            whole = int(n + 1e-9)
            low, high, share = zoo.poisson_step(whole), zoo.poisson_step(min(whole + 1, end)), max(n - whole, 0.0)
            bars = Heap(low.bars.x, low.bars.heights + share * (high.bars.heights - low.bars.heights))
            gap, bound = low.gap + share * (high.gap - low.gap), low.bound + share * (high.bound - low.bound)
            spread = sqrt(zoo.rate * (1 - zoo.rate / n))
            self.heap.draw(view, bars, zoo.rate, spread, n=n, p=zoo.rate / n, gap=gap, bound=bound)
            self.put_slivers(bars)

        return step

    # --- Subtract the mean, divide by σ -----------------------------------------------------------------------

    def plan_windows(self) -> None:
        """The windows of this act: on the counts, on heap and bell, on both centred, and on the bell alone."""
        zoo, including = self.explainer, self.heap.including
        mean, reach = zoo.normal_n * zoo.p, (BELL_REACH + 0.1) * max(zoo.normal_n_sd, 1)
        self.first_n = min(zoo.n, zoo.normal_n // 2)
        raw, landed, bell = zoo.raw_bars.heights.max(), zoo.standardised_bars.heights.max(), normal_pdf(0.0)
        first, top = HEADROOM * self.binomial(self.first_n).heights.max(), HEADROOM * max(raw, landed, bell)
        self.count_view = including(View(-AIR, mean + reach, first), zoo.raw_bars)
        self.both_view = including(View(-reach, mean + reach, top), zoo.raw_bars)
        self.centred_view = including(View(-reach, reach, top), zoo.centred_bars)
        self.bell_view = including(View(-BELL_REACH, BELL_REACH, HEADROOM * max(landed, bell)), zoo.standardised_bars)

    def binomial(self, n: int) -> Heap:
        """Bin(n, p) at its counts."""
        counts = np.arange(n + 1)
        return Heap(counts.astype(float), binomial_pmf(n, self.explainer.p, counts))

    def let_wander(self) -> None:
        """n grows with p held: the bars move off, spread out and sink."""
        self.plan_windows()
        zoo, n, rows = self.explainer, self.first_n, self.ledger.rows
        with self.beat(self.captions.wander, chapter=_("n grows, p stays")):
            self.allow("stage-use", reason="the bars move off through an empty window; that it is empty is the point")
            gone = (self.outline, self.outline_name, self.slivers, rows["gap"], rows["bound"])
            self.play(FadeOut(*gone), *self.name_mean(_("mean")), run_time=0.6)
            self.ledger.drop("gap", "bound")
            self.heading(self.stage.math(MOMENTS, Size.READOUT))
            mean = n * zoo.p
            heap = self.heap.morph(self.count_view, self.binomial(n), mean, sqrt(mean * (1 - zoo.p)), n=n, p=zoo.p)
            self.play(self.drive_heap(heap, run_time=1.5))
            self.play(self.drive_heap(self.wander, run_time=3.5))

    def wander(self, progress: float) -> None:
        """From `first_n` tosses to `normal_n` by equal factors, with p held."""
        zoo = self.explainer
        n = self.first_n ** (1 - progress) * zoo.normal_n**progress
        whole = int(n + 1e-9)
        low, high, share = self.binomial(whole), self.binomial(min(whole + 1, zoo.normal_n)), max(n - whole, 0.0)
        heights = np.pad(low.heights, (0, len(high.x) - len(low.x)))
        heap = Heap(high.x, heights + share * (high.heights - heights))
        self.heap.draw(self.count_view, heap, n * zoo.p, sqrt(n * zoo.p * (1 - zoo.p)), n=n)

    def put_rescaled(self, centring: float, divisor: float, view: View) -> None:
        """The bars on their way under the bell, in a view."""
        zoo = self.explainer
        heap = zoo.partly_rescaled(centring, divisor)
        mean, spread = (1 - centring) * zoo.normal_n * zoo.p / divisor, zoo.normal_n_sd / divisor
        self.heap.draw(view, heap, mean, spread, gap=step_cdf_gap(heap))
        self.bell.put(self.heap.chart.coordinates)

    def name_axis(self, markup: str) -> None:
        """Another name for the horizontal axis."""
        old = self.heap.chart.label
        self.heap.chart.label = self.heap.chart.make_label(markup)
        self.play(FadeOut(old), FadeIn(self.heap.chart.label), run_time=0.5)

    def centre(self) -> None:
        """The bell appears at 0, and the bars slide under it."""
        stage, zoo = self.stage, self.explainer
        with self.beat(self.captions.centre, chapter=_("Subtract the mean")):
            start = step_cdf_gap(zoo.raw_bars)
            gap = self.ledger.row("gap", 4, _("CDF gap"), _("CDF"), value=start, role="error", decimals=4)
            both = self.both_view
            self.play(self.zoom(both, lambda view: self.heap.draw(view, self.heap.shown, *self.moments)))
            self.bell = NamedBell(stage, self.heap.chart.coordinates, f"$cal(N){knobs_in_math('0', '1')}$")
            self.play(FadeIn(self.bell, gap), run_time=0.6)
            self.name_axis("$k - mu$")
            self.play(self.drive_heap(lambda t: self.put_rescaled(t, 1.0, both), self.bell, run_time=2.2))
            self.play(self.zoom(self.centred_view, lambda view: self.put_rescaled(1.0, 1.0, view), self.bell))

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and deviation of the bars before they are rescaled."""
        return self.explainer.normal_n * self.explainer.p, self.explainer.normal_n_sd

    def divide(self) -> None:
        """Dividing by σ makes the bars narrower and taller by the same factor: they land under the bell."""
        bell, spread = self.bell, self.explainer.normal_n_sd
        with self.beat(self.captions.divide, chapter=_("Divide by σ")):
            self.name_axis("$z = (k - mu) \\/ sigma$")
            close = self.centred_view
            self.play(self.drive_heap(lambda t: self.put_rescaled(1.0, spread**t, close), bell, run_time=2.4))
            self.play(self.zoom(self.bell_view, lambda view: self.put_rescaled(1.0, spread, view), bell, run_time=1.5))
            self.heading(self.stage.math(STANDARD, Size.READOUT))

    def move_to_any_normal(self) -> None:
        """Stretched by σ and moved by μ, the bars lie under any other normal."""
        zoo, bell, settled = self.explainer, self.bell_view, self.heap.chart.ruler.settled
        mu, sigma = zoo.mu, zoo.sigma
        last = settled(View(mu + sigma * bell.low, mu + sigma * bell.high, bell.top / sigma))
        # Room for the bell where it is, stretched, and stretched and moved.
        low, high = min(bell.low, sigma * bell.low, last.low), max(bell.high, sigma * bell.high, last.high)
        wide = settled(View(low, high, max(bell.top, last.top)))

        def put(mu: float, sigma: float, view: View) -> None:
            self.heap.draw(view, rescaled_binomial(zoo.normal_n, zoo.p, mu, sigma), mu, sigma)
            self.bell.put(self.heap.chart.coordinates, mu, sigma)

        with self.beat(self.captions.any_normal, chapter=_("Any normal")):
            self.heap.chart.ruler.finest = 0.05
            normal = knobs_in_math(plain(mu), f"{plain(sigma)}^2")
            standard, self.bell = self.bell, NamedBell(self.stage, self.heap.chart.coordinates, f"$cal(N){normal}$")
            self.play(FadeOut(standard.title), run_time=0.3)
            # By now a part of its own: Manim's `remove` leaves the parts of a group that is not on stage.
            self.remove(standard.curve)
            self.add(self.bell.curve)
            self.name_axis("$x = mu + sigma z$")
            self.play(self.zoom(wide, lambda view: put(0.0, 1.0, view), self.bell.curve))
            if sigma != 1:
                self.play(self.drive_heap(lambda t: put(0.0, sigma**t, wide), self.bell.curve, run_time=1.4))
            if mu != 0:
                self.play(self.drive_heap(lambda t: put(mu * t, sigma, wide), self.bell.curve, run_time=1.4))
            self.play(self.zoom(last, lambda view: put(mu, sigma, view), self.bell.curve))
            self.play(FadeIn(self.bell.title), run_time=0.4)
            self.heading(self.stage.math(STRETCHED, Size.READOUT))

    # --- Arrivals and the gaps between them -------------------------------------------------------------------

    def let_arrive(self) -> None:
        """Rare successes spread over time drop onto a time axis; the first gaps are laid along an axis of lengths."""
        stage, zoo, times = self.stage, self.explainer, self.explainer.arrivals
        with self.beat(self.captions.arrivals, chapter=_("Arrivals")):
            self.allow(
                "stage-use", reason="over the axis of lengths there is room for the gaps that the next beat drops"
            )
            chart = self.heap.chart
            gone = (chart.ruler, chart.label, self.heap.bars, self.heap.spread, self.bell, *self.ledger.rows.values())
            self.heading(stage.math(f'{RATE} "{_(ARRIVALS)}"', Size.READOUT))
            self.lay_out_time()
            rows = [
                self.ledger.row("rate", 0, _("rate $lambda$"), value=zoo.rate, role="parameter"),
                self.ledger.row("count", 1, _("arrivals"), value=0, role="data", decimals=0),
            ]
            if len(zoo.gaps):
                names = _("mean gap"), pgettext("of the gaps, where room is short", "mean")
                rows.append(self.ledger.row("gap", 2, *names, value=float("nan"), role="data", decimals=3))
            self.play(FadeOut(*gone), FadeIn(self.gap_chart, self.time_axis, *rows), run_time=0.8)
            self.add(self.pile.bars, self.pile.blocks)
            self.play(self.let_time_pass(0.0, min(self.time_axis.span, zoo.duration), 3.6, self.pile.put_waits))
            self.first = int(np.count_nonzero(times <= self.time_axis.span))
            if not self.first:
                self.play(FadeOut(self.pile.blocks), run_time=0.3)
            else:
                self.pile.put(np.zeros(self.first))
                self.play(self.let_gaps_fly(0, self.first, self.first, stagger=0.7, run_time=min(1.4 + self.first, 5)))

    def lay_out_time(self) -> None:
        """A strip for the time axis above, below it the histogram of gaps at the same scale, and a ledger."""
        stage, zoo = self.stage, self.explainer
        strip, lower = stage.zones.body.rows(0.27, 0.73, gap=0.15)
        if lower.width > SQUARISH[0] * lower.height:
            width = self.ledger.zone.width
            # Beside a mere "mean" one would ask of what: room for the long names too, if that is not too much.
            names = (stage.words(name, Size.READOUT).width for name in (_("mean gap"), _("mean $1 \\/ lambda$")))
            number = stage.number(1 / zoo.rate, decimals=3).width
            needed = max(names) + number + (INDENT + 2 * WORD_GAP) * self.ledger.em
            if needed <= MOST_SIDE * lower.width:
                width = max(width, needed)
            main, side = lower.columns(lower.width - GAP - width, width)
        else:
            main, side = lower.rows(0.64, 0.36)
        self.ledger = Ledger(stage, side, slots=4)
        tallest = max(float(zoo.gap_histogram.heights.max()), zoo.rate)
        view = View(0.0, float(zoo.gap_edges[-1]), 1.08 * tallest)
        self.gap_chart = Chart(stage, main, view, x_label=_("length of a gap"), finest=0.01)
        self.gap_chart.look(self.gap_chart.ruler.settled(view, anchor=0.0))
        self.time_axis = TimeAxis(stage, strip, zoo.arrivals, zoo.duration)
        # The same scale as the lengths have: the first gaps drop as they are.
        same_scale = self.time_axis.box.width / self.gap_chart.coordinates.x_unit
        self.time_axis.put(-zoo.duration, min(same_scale, self.last_span))
        self.pile = GapPile(stage, self.time_axis, self.gap_chart, zoo)

    @property
    def last_span(self) -> float:
        """The window on the whole time axis."""
        return self.time_axis.settled(self.explainer.duration)

    def let_time_pass(self, start: float, end: float, run_time: float, also: Step | None = None) -> Drive:
        """A drive of the clock on the time axis, whose window grows where it must; `also` is told the time."""
        times, axis, first = self.explainer.arrivals, self.time_axis, self.time_axis.span
        last = first if end <= first else self.last_span

        def step(progress: float) -> None:
            span = first ** (1 - progress) * last**progress
            now = start + (end - start) * (progress if first == last else (span - first) / (last - first))
            axis.put(now, span)
            self.ledger.set_values(count=float(np.count_nonzero(times <= now)))
            if also is not None:
                also(now)

        rate = {"rate_func": linear} if first == last else {}
        moving = (axis, self.pile.blocks, self.ledger.numbers["count"])
        return self.drive(step, *moving, run_time=run_time, **rate)

    def let_gaps_fly(self, start: int, end: int, known: int, stagger: float, run_time: float) -> Drive:
        """A drive of the gaps from `start` to `end`, while their mean so far ticks."""
        fly, mean = self.pile.fly(start, end, known, stagger), self.ledger.numbers["gap"]

        def step(progress: float) -> None:
            fly(progress)
            mean.set_value(self.pile.landed_mean)

        return self.drive(step, self.pile.blocks, self.pile.bars, mean, run_time=run_time, rate_func=linear)

    def pile_up(self) -> None:
        """All the other arrivals come, and their gaps fall into the histogram."""
        first, count = self.first, len(self.explainer.gaps)
        with self.beat(self.captions.gaps, chapter=_("Gaps")):
            self.play(self.let_time_pass(self.time_axis.span, self.explainer.duration, 2.4))
            self.pile.put(np.concatenate([np.ones(first), np.zeros(count - first)]))
            self.play(FadeIn(self.pile.blocks), run_time=0.5)
            self.play(self.let_gaps_fly(first, count, count, stagger=0.75, run_time=3.5))

    def meet_exponential(self) -> None:
        """The exponential curve, and its mean dot and bracket."""
        stage, zoo, chart = self.stage, self.explainer, self.gap_chart
        with self.beat(self.captions.exponential, chapter=_("Exponential")):
            x = np.linspace(0, chart.view.high, 200)
            self.curve = Curve(stage, chart.coordinates.points_at(x, exponential_pdf(x, zoo.rate)), "model", 4.5)
            self.play(Create(self.curve), run_time=1.8)
            self.gap_spread = Spread(stage)
            row = self.ledger.row(
                "mean", 3, _("mean $1 \\/ lambda$"), "$1 \\/ lambda$", value=1 / zoo.rate, icon="dot", decimals=3
            )
            self.show_spread(self.gap_spread, chart, 1 / zoo.rate, 1 / zoo.rate, FadeIn(row))
            self.heading(stage.math(EXPONENTIAL, Size.READOUT))

    # --- The closing card -------------------------------------------------------------------------------------

    def close(self) -> None:
        """Every chosen family in a panel of its own, each with mean dot and bracket."""
        stage, zoo = self.stage, self.explainer
        with self.beat(self.captions.closing, chapter=_("The zoo")):
            gone = [
                self.time_axis,
                self.gap_chart,
                self.curve,
                self.gap_spread,
                self.pile.bars,
                *self.ledger.rows.values(),
            ]
            self.play(FadeOut(*gone), run_time=0.6)
            self.heading(stage.words(_(zoo.title), Size.TITLE))
            cards = FamilyCards(stage, stage.zones.body, zoo)
            self.panels = cards.panels
            self.play(LaggedStart(*(FadeIn(panel) for panel in self.panels), lag_ratio=0.35), run_time=3.0)
            spreads = [panel.spread for panel in self.panels]
            cards.put_spreads(0.0)
            self.play(*(FadeIn(spread.dot, shift=DROP) for spread in spreads), run_time=0.7)
            self.add(*spreads)
            self.play(self.drive(cards.put_spreads, *spreads, run_time=1.2))
