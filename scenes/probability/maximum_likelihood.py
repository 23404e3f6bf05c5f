"""Staging of `maximum-likelihood`: slide a density over data, and trace how likely they are under it."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, isnan, log

import numpy as np
from manim import LEFT, RIGHT, Create, FadeIn, FadeOut, Indicate, VGroup, VMobject, linear

from explainers.probability.maximum_likelihood import FloatArray, MaximumLikelihood
from scenes.pictures.labels import clear_offset, tag
from scenes.pictures.ledger import Ledger
from scenes.pictures.shapes import Curve, Dots
from scenes.probability.maximum_likelihood_bench import (
    Bench,
    Power,
    Range,
    Step,
    decimals_for,
    hill_range,
    positions,
    widths_of,
    window_of,
)
from scenes.probability.maximum_likelihood_captions import Captions
from scenes.probability.maximum_likelihood_plots import BiasPlot, KnobMap
from scenes.stage.language import _
from scenes.stage.scene import ExplainerScene
from scenes.stage.text import Size

WIDE = 1.3
"""Width to height of a body that has room for a column beside the picture."""
SIDE_SHARE, LEAST_SIDE = 0.29, 8.8
"""Width of that column: a share of the body's, and at least so many em."""
DIM = 0.3
"""Opacity of stems and curves that have had their turn."""
SWEEP_TIME, TRACE_TIME = 5.0, 5.2
"""Seconds for multiplying all stems, and for moving the mean from end to end."""
HILL_DEPTH, HILL_ROOM = 4.0, 0.5
"""How far below its top the hill of few or many data is drawn, and the room over it."""
BACK = 0.5
"""How far the mean comes back from the end towards the best one."""
OTHERS = (-0.9, 0.9)
"""Other means on the last picture: shares of the way from the best one to the ends of the domain."""


class MaximumLikelihoodScene(ExplainerScene[MaximumLikelihood]):
    """Stems, their product, its log; the hill's top, its second direction, its bias and its sharpness."""

    explainer_type = MaximumLikelihood

    def construct(self) -> None:
        """The story, beat by beat."""
        self.build()
        self.show_data()
        self.multiply()
        self.slide()
        self.take_logs()
        self.find_peak()
        if self.knobs == 2:
            self.climb()
            if not self.explainer.data:
                self.show_bias()
        self.sharpen()
        self.close()

    # --- What stays on stage --------------------------------------------------------------------------------

    def build(self) -> None:
        """Bench and ledger; nothing is on stage yet."""
        stage, mle = self.stage, self.explainer
        self.captions, body = Captions(mle), stage.zones.body
        if body.width > WIDE * body.height:
            beside = max(SIDE_SHARE * body.width, LEAST_SIDE * stage.em(Size.READOUT))
            main, side = body.columns(body.width - beside, beside)
        else:
            main, side = body.rows(0.77, 0.23, gap=0.2)
        self.main, self.side, self.bench = main, side, Bench(stage, main, mle)
        self.symbol = "p" if mle.family == "bernoulli" else "mu"
        self.colored = f"{{{{{self.symbol} : parameter}}}}"
        self.decimals = decimals_for(mle.sigma_hat if mle.family == "gaussian" else mle.mean_hat() or 1.0)
        self.mean = mle.journey[0]
        self.height: Callable[[float, float | None], float] = lambda mean, sigma: 0.0
        self.grid = self.bench.grid
        self.logs = mle.log_likelihood(self.grid)
        self.knobs = 2 if mle.family == "gaussian" else 1
        self.ledger = Ledger(stage, side, self.knobs + 2)
        self.row("mean", 0, f"${self.symbol}$", self.mean, "parameter", decimals=self.decimals)
        if self.knobs == 2:
            self.row("width", 1, "$sigma$", mle.held_sigma, "parameter", decimals=self.decimals)

    def row(
        self, name: str, slot: int, names: str | tuple[str, ...], value: float, role: str = "output", **style: object
    ) -> VGroup:
        """A row of the ledger, to be faded in, under the first of its names that has room."""
        names = (names,) if isinstance(names, str) else names
        return self.ledger.row(name, slot, *names, value=value, role=role, **style)

    def power_row(self, name: str, slot: int, markup: str) -> VGroup:
        """A row whose number, at first 1, ticks over many orders of magnitude; it takes decimal logarithms."""
        row, ledger = self.row(name, slot, markup, 0.0), self.ledger
        power = Power(0.0, self.stage.em(Size.READOUT), self.stage.color("output"), anchor="right")
        power.shift(row[1].points[0] - power.points[0])
        row.submobjects[1] = ledger.numbers[name] = power
        return row

    def put(self, mean: float, sigma: float | None = None) -> None:
        """Everything follows the density with this mean and width: stems, link, tip and ledger."""
        mle, self.mean = self.explainer, mean
        self.bench.put(mean, sigma)
        self.bench.put_link(mean, self.height(mean, sigma))
        logs = float(mle.log_likelihood(mean, sigma))
        values = {
            "mean": mean,
            "width": mle.held_sigma if sigma is None else sigma,
            "product": logs / log(10),
            "log": logs,
            "gaps": mle.score(mean),
        }
        self.ledger.set_values(**{name: values[name] for name in self.ledger.numbers})

    @property
    def moving(self) -> tuple[VMobject, ...]:
        """All that `put` changes."""
        bench = self.bench
        return (*bench.moving, bench.link, bench.tip, *self.ledger.numbers.values())

    def drop_rows(self, *names: str, also: tuple[VMobject, ...] = ()) -> None:
        """Rows of the ledger, and other things, leave the stage."""
        self.play(FadeOut(*(self.ledger.rows[name] for name in names), *also), run_time=0.4)
        self.ledger.drop(*names)

    def reshape(
        self, heights: FloatArray, new: FloatArray, y_range: Range, name: str, short: str, role: str = "output"
    ) -> None:
        """The lower curve takes new heights on a new scale; it is the same curve all the way."""
        bench, old = self.bench, self.scale
        step = bench.morph(heights, new, self.mean, y_range)
        self.scale = bench.lower_scale(y_range, name, role, short=short)
        self.play(FadeOut(old), run_time=0.3)
        self.play(self.drive(step, bench.curve, bench.tip, bench.link, run_time=1.2))
        self.play(FadeIn(self.scale), run_time=0.3)
        self.bring_to_back(self.scale)

    def clear_stage(self) -> None:
        """Take everything but heading and caption off the stage."""
        kept = (self._heading, self._caption)
        self.play(*(FadeOut(mobject) for mobject in self.mobjects if mobject not in kept), run_time=0.6)

    # --- Stems and their product ----------------------------------------------------------------------------

    def show_data(self) -> None:
        """Data on an axis, a density over them, and a stem from each datum up to the curve."""
        stage, bench = self.stage, self.bench
        with self.beat(self.captions.data, chapter=_("Data")):
            self.heading(stage.words(_(self.explainer.title), Size.TITLE))
            bench.put(self.mean, rise=0.0)
            self.upper_scale = bench.density_scale()
            self.play(FadeIn(self.upper_scale, bench.axis_numbers), run_time=0.6)
            self.play(FadeIn(bench.data), run_time=0.6)
            rows = self.ledger.rows.values()
            self.play(Create(bench.bell), FadeIn(bench.shade, bench.pin, *rows), run_time=1.2)
            self.add(*bench.moving)
            self.wait(0.3)
            self.play(self.drive(lambda t: bench.put(self.mean, rise=t), *bench.moving, run_time=1.6))

    def multiply(self) -> None:
        """From left to right, each stem becomes a factor of the product."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.multiply, chapter=_("Product")):
            factors = " thin ".join(f"f({{{{x_{i} : data}}}})" for i in ("1", "2"))
            formula = f"{{{{L : output}}}}({self.colored}) = {factors} dots.c thin f({{{{x_n : data}}}})"
            self.heading(stage.math(formula, Size.READOUT))
            rows = self.power_row("factor", self.knobs, _("last $f$")), self.power_row("product", self.knobs + 1, "$L$")
            factors = mle.log_densities(self.mean)[np.argsort(bench.places)] / log(10)
            totals = np.concatenate([[0.0], np.cumsum(factors)])
            bench.put(self.mean, count=0)
            bench.stems.set_stroke(opacity=DIM)
            self.add(bench.lit, bench.bell, bench.data)
            self.play(FadeIn(*rows), run_time=0.5)

            def sweep(t: float) -> None:
                done = t * mle.size
                total = float(np.interp(done, np.arange(len(totals)), totals))
                bench.put(self.mean, count=ceil(done))
                self.ledger.set_values(factor=factors[max(ceil(done) - 1, 0)], product=total)

            moving = (*bench.moving, bench.lit, *self.ledger.numbers.values())
            self.play(self.drive(sweep, *moving, run_time=SWEEP_TIME, rate_func=linear))
            self.play(Indicate(self.ledger.numbers["product"], color=stage.color("output")), run_time=0.8)

    def slide(self) -> None:
        """The mean goes from end to end, and the product traces a curve over it."""
        bench = self.bench
        with self.beat(self.captions.slide, chapter=_("Likelihood")):
            self.make_room()
            self.heights = np.exp(self.logs - self.logs.max())
            self.height = lambda mean, sigma: float(np.interp(mean, self.grid, self.heights))
            self.put(self.mean)
            self.play(FadeIn(bench.link, bench.tip), run_time=0.4)
            self.trace(*self.explainer.journey)
            # A bell's likelihood is the same at both ends: it stops on the slope, where its number is another.
            self.glide(self.explainer.journey[1] + BACK * (self.explainer.mean_hat() - self.explainer.journey[1]))

    def glide(self, mean: float) -> None:
        """Move the mean there; the lower curve stays."""
        start = self.mean
        self.play(self.drive(lambda t: self.put(start + t * (mean - start)), *self.moving, run_time=0.8))

    def make_room(self) -> None:
        """The data's plot withdraws upward, and a scale for the likelihood fades in below."""
        bench = self.bench
        bench.stems.set_stroke(opacity=1)
        self.remove(bench.lit)
        self.drop_rows("factor", also=(self.upper_scale,))

        def withdraw(t: float) -> None:
            bench.make_room(t)
            bench.put(self.mean)

        self.play(self.drive(withdraw, *bench.moving, run_time=1.0))
        self.upper_scale = bench.density_scale()
        self.scale = bench.lower_scale((0.0, 1.1), f"$L({self.symbol})$", ticks=(), short="$L$")
        self.play(FadeIn(self.upper_scale, self.scale), run_time=0.5)
        self.bring_to_back(self.upper_scale, self.scale)

    def trace(self, start: float, end: float, *others: VMobject, also: Callable[[], None] = lambda: None) -> None:
        """Move the mean from start to end; the lower curve is drawn behind it, and `also` moves the others."""
        bench = self.bench

        def step(t: float) -> None:
            self.put(start + t * (end - start))
            means = np.linspace(start, self.mean, 2 + round(t * len(self.grid)))
            bench.curve.put(bench.below.points_at(means, np.array([self.height(m, None) for m in means])))
            also()

        step(0.0)
        self.add(bench.curve, *others, bench.tip)
        self.play(self.drive(step, *self.moving, bench.curve, *others, run_time=TRACE_TIME))

    # --- Logs and the top -----------------------------------------------------------------------------------

    def take_logs(self) -> None:
        """Copies of the stems, as long as their logarithms, become a stack; where its end goes, it leaves a curve."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.logs, chapter=_("Logs")):
            terms = " + ".join(f"ln f({{{{x_{i} : data}}}})" for i in ("1", "2"))
            formula = f"ln {{{{L : output}}}}({self.colored}) = {terms} + dots.c + ln f({{{{x_n : data}}}})"
            self.heading(stage.math(formula, Size.READOUT))
            # On the new scale the tip alone stays: what it leaves behind is the new curve.
            self.play(FadeOut(bench.curve), run_time=0.4)
            self.reshape(self.heights, self.logs, bench.log_range(), f"$ln L({self.symbol})$", "$ln L$")
            self.height = lambda mean, sigma: float(mle.log_likelihood(mean, sigma))
            self.glide(mle.journey[1])
            row = self.row("log", self.knobs, "$ln L$", float(mle.log_likelihood(self.mean)))
            tower = VMobject().set_fill(stage.color("output"), opacity=0.75)
            tower.set_stroke(stage.color("background"), width=2.5)
            stems, stack = bench.stem_boxes(self.mean), bench.tower(self.mean)

            def fly(t: float) -> None:
                tower.points = stems + t * (stack - stems)

            fly(0.0)
            self.add(tower)
            self.play(self.drive(fly, tower, run_time=1.6), FadeIn(row))

            def restack() -> None:
                tower.points = bench.tower(self.mean)

            self.trace(*reversed(mle.journey), tower, also=restack)
            self.tower = tower

    def find_peak(self) -> None:
        """The mean goes to the top, where the gaps to the data sum to zero and the slope is flat."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.peak, chapter=_("The top")):
            self.drop_rows("product", also=(self.tower,))
            bench.curve.put(bench.below.points_at(self.grid, self.logs))
            self.reshape(self.logs, self.logs, hill_range(self.logs), f"$ln L({self.symbol})$", "$ln L$")
            self.heading(stage.math(f"sum ({{{{x_i : data}}}} - {self.colored}) = 0", Size.READOUT))
            names = f"$sum (x_i - {self.symbol})$", _("gaps")
            gaps = self.row("gaps", self.knobs + 1, names, mle.score(self.mean), "highlight")
            tangent = Curve(stage, bench.tangent(self.mean), "highlight", 3.5)
            self.play(FadeIn(gaps, tangent), run_time=0.5)
            start, mean = self.mean, mle.mean_hat()

            def step(t: float) -> None:
                self.put(start + t * (mean - start))
                tangent.put(bench.tangent(self.mean))

            self.play(self.drive(step, *self.moving, tangent, run_time=3.0))
            self.marks = VGroup(tangent, self.name_best())
            self.play(FadeIn(self.marks[1]), run_time=0.6)

    def name_best(self) -> VMobject:
        """The best mean as a formula, in the gap between both plots, beside the link."""
        bench = self.bench
        name = tag(self.stage, f"$hat({self.symbol}) = macron(x)$", "parameter", Size.LABEL)
        place = bench.coordinates.at(self.mean, 0)
        place[1] = bench.lower.top + 0.55 * name.height
        name.next_to(place, RIGHT, buff=0.2)
        if name.get_right()[0] > bench.lower.right:
            name.next_to(place, LEFT, buff=0.2)
        return name

    # --- Two knobs ------------------------------------------------------------------------------------------

    def climb(self) -> None:
        """The lower plot becomes a map of mean and width; the dot climbs to its top, and the bell follows."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.climb, chapter=_("Two knobs")):
            self.drop_rows("gaps", also=(self.marks,))
            self.heading(stage.math("ln {{L : output}}({{mu : parameter}}, {{sigma : parameter}})", Size.READOUT))
            # From above, the hill over one width is a line at that width.
            flat = np.full(len(self.grid), mle.held_sigma)
            self.reshape(self.logs, flat, widths_of(mle), _("width $sigma$"), "$sigma$", "parameter")
            self.map = KnobMap(stage, bench.below, mle)
            self.play(FadeIn(self.map), run_time=1.0)
            path, trail = mle.climb, Curve(stage, role="highlight", width=3.5)
            self.add(bench.link, bench.curve, trail, bench.tip)
            self.play(FadeOut(bench.curve), bench.tip.animate.set_fill(stage.color("highlight")), run_time=0.4)
            self.add(trail, bench.tip)
            self.height = lambda mean, sigma: mle.held_sigma if sigma is None else sigma
            top, start = self.mean, float(path[0, 0])
            self.play(self.drive(lambda t: self.put(top + t * (start - top)), *self.moving, run_time=1.0))

            def walk(t: float) -> None:
                steps = t * (len(path) - 1)
                place = [float(np.interp(steps, np.arange(len(path)), column)) for column in path.T]
                self.put(*place)
                trail.put(bench.below.points_at(*np.vstack([path[: int(steps) + 1], place]).T))

            self.play(self.drive(walk, *self.moving, trail, run_time=4.5))
            average = _("average of")
            formula = (
                f'{{{{hat(sigma)^2 : parameter}}}} = "{average}" ({{{{x_i : data}}}} - {{{{hat(mu) : parameter}}}})^2'
            )
            self.heading(stage.math(formula, Size.READOUT))

    def show_bias(self) -> None:
        """Many samples of the same size: the ratio of fitted to true variance, its average and the truth."""
        stage, mle = self.stage, self.explainer
        with self.beat(self.captions.bias, chapter=_("A little small")):
            self.clear_stage()
            average = _("average of")
            formula = f'"{average}" {{{{hat(sigma)^2 : parameter}}}} = {{{{sigma^2 : highlight}}}} thin (n - 1) \\/ n'
            self.heading(stage.math(formula, Size.READOUT))
            ratios, self.ledger = mle.variance_ratios, Ledger(stage, self.side, 2)
            totals = np.cumsum(ratios)
            rows = (
                self.row("samples", 0, _("samples"), 1, "text", decimals=0),
                self.row("average", 1, _("average"), float(ratios[0]), "parameter", decimals=3),
            )
            self.bias = plot = BiasPlot(stage, self.main, mle.size, float(ratios.mean()))
            self.play(FadeIn(plot.plot, plot.truth, *rows), run_time=0.7)
            self.add(plot.bars)

            def step(t: float) -> None:
                count = round(len(ratios) ** t)
                plot.put(ratios[:count])
                self.ledger.set_values(samples=count, average=float(totals[count - 1] / count))

            numbers = self.ledger.numbers.values()
            self.play(self.drive(step, plot.bars, *numbers, run_time=4.5, rate_func=linear))
            self.play(FadeIn(plot.average), run_time=0.5)
            self.play(Create(plot.density), run_time=1.0)

    # --- More data, and the summary -------------------------------------------------------------------------

    def sharpen(self) -> None:
        """The sample grows; the hill over its mean gets sharper."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        few, many = mle.sizes
        with self.beat(self.captions.sharpen, chapter=_("More data")):
            self.clear_stage()
            bench.look(window_of(mle, mle.pool), mle.sigma_hat)
            self.upper_scale = bench.density_scale()
            self.heading(stage.math(self.curvature_formula(few, many), Size.READOUT))
            self.ledger = Ledger(stage, self.side, 3)
            rows = [
                self.row("n", 0, _("data $n$"), few, "data", decimals=0),
                # It is known more closely now, and one more digit tells so.
                self.row("mean", 1, f"$hat({self.symbol})$", 0, "parameter", decimals=self.decimals + 1),
            ]
            curvature = mle.curvature(many)
            if curvature < 0:
                digits = int(np.clip(2 - np.floor(np.log10(-curvature)), 0, 6))
                rows.append(self.row("curvature", 2, (_("curvature"), "$(ln L)''$"), curvature, decimals=digits))
            least = min(mle.mean_hat(few), mle.mean_hat(many))
            self.scale = bench.lower_scale(
                (-HILL_DEPTH, HILL_ROOM), _("$ln (L \\/ max)$"), ticks=(-4, -2, 0), least=least
            )
            step = self.growing(few, many)
            step(0.0)
            bench.crowd(True)
            bench.tip.set_fill(stage.color("output"))
            shown = (bench.shade, bench.bell, bench.data, bench.link, bench.pin, bench.curve, bench.tip)
            self.play(FadeIn(bench.axis_numbers, self.upper_scale, self.scale, *rows), run_time=0.6)
            self.play(FadeIn(*shown), run_time=0.6)
            ghost = bench.curve.copy().set_stroke(opacity=DIM + 0.15)
            self.add(ghost, bench.curve, bench.tip)
            self.play(FadeIn(self.name_hill(few, many)), run_time=1.0)
            self.play(self.drive(step, *shown, *self.ledger.numbers.values(), run_time=5.5))

    def name_hill(self, few: int, many: int) -> VMobject:
        """How many data the hill that stays has, beside its slope with more room, where the other does not come."""
        bench, mle, depth = self.bench, self.explainer, HILL_DEPTH / 2
        name = tag(self.stage, f"$n = {few}$", "output", Size.LABEL)
        hills = []
        for n in (few, many):
            means = np.linspace(*np.clip(mle.support(n, HILL_DEPTH), *bench.window), len(self.grid))
            hills.append(bench.below.points_at(means, mle.below_top(means, n)))
        left, right = mle.support(few, depth)
        side = 1 if bench.window[1] - right >= left - bench.window[0] else -1
        anchor = bench.below.at(right if side > 0 else left, -depth)
        toward = np.array([side, 0.3])
        return name.move_to(anchor + clear_offset(name, anchor, toward, np.concatenate(hills), bench.lower))

    def curvature_formula(self, few: int, many: int) -> str:
        """What the second derivative at the top is; only the function's name for a top that stays at an edge."""
        log_likelihood, best = "ln {{L : output}}", f"{{{{hat({self.symbol}) : parameter}}}}"
        if isnan(self.explainer.curvature(few)) and isnan(self.explainer.curvature(many)):
            return f"{log_likelihood}({self.colored})"
        variance = {"gaussian": "{{hat(sigma) : parameter}}^2", "bernoulli": f"({best} (1 - {best}))"}
        return (
            f"({log_likelihood})''({best}) = - {{{{n : data}}}} \\/ {variance.get(self.explainer.family, f'{best}^2')}"
        )

    def growing(self, few: int, many: int) -> Step:
        """A step of the sample from few to many data, with its density and the hill over its mean."""
        bench, mle = self.bench, self.explainer

        def step(t: float) -> None:
            n = few * (many / few) ** t if t < 1 else many
            mean = mle.mean_hat(n)
            x = positions(mle, mle.pool[: ceil(n - 1e-9)])
            bench.data.put(bench.coordinates.points_at(x, 0 * x))
            bench.draw_density(mean, mle.sigma_hat)
            bench.put_link(mean, 0.0)
            means = np.linspace(*np.clip(mle.support(n, HILL_DEPTH), *bench.window), len(self.grid))
            means = np.sort(np.append(means, mean))
            bench.curve.put(bench.below.points_at(means, mle.below_top(means, n)))
            values = {"n": n, "mean": mean, "curvature": mle.curvature(n)}
            self.ledger.set_values(**{name: values[name] for name in self.ledger.numbers})

        return step

    def close(self) -> None:
        """The best density over the data, two others, and how far below the top they are."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.close, chapter=_("In one picture")):
            self.clear_stage()
            self.heading(stage.words(_(mle.title), Size.TITLE))
            bench.look(window_of(mle, mle.sample), mle.sigma_hat)
            self.upper_scale = bench.density_scale()
            mean, sigma, digits = mle.mean_hat(), mle.sigma_hat, self.decimals
            heights = mle.log_likelihood(self.grid, sigma)
            best = float(mle.log_likelihood(mean, sigma))
            self.scale = bench.lower_scale(hill_range(heights), f"$ln L({self.symbol})$", short="$ln L$")
            bench.curve.put(bench.below.points_at(self.grid, heights))
            self.others = self.show_others()
            rows, self.ledger = [], Ledger(stage, self.side, self.knobs + 1)
            rows.append(self.row("mean", 0, f"$hat({self.symbol})$", mean, "parameter", decimals=digits))
            if self.knobs == 2:
                rows.append(self.row("width", 1, "$hat(sigma)$", sigma, "parameter", decimals=digits))
            rows.append(self.row("log", self.knobs, "$ln L$", best))
            self.height = lambda mean, sigma: best
            self.put(mean, sigma)
            bench.crowd(False)
            self.play(FadeIn(bench.axis_numbers, self.upper_scale, self.scale, bench.data), run_time=0.6)
            self.play(FadeIn(self.others, bench.curve), run_time=0.8)
            self.play(FadeIn(bench.shade, bench.stems, bench.bell, *rows), run_time=0.8)
            self.add(bench.data)
            self.play(FadeIn(bench.link, bench.pin, bench.tip), run_time=0.6)

    def show_others(self) -> VGroup:
        """Densities with other means, and their places on the hill."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        mean, (low, high) = mle.mean_hat(), mle.domain
        others = np.array([mean + share * (high - mean if share > 0 else mean - low) for share in OTHERS])
        others = others[np.abs(others - mean) > 0.01 * (high - low)]
        lines = [line for other in others for line in bench.outline(other, mle.sigma_hat)]
        places = bench.below.points_at(others, mle.log_likelihood(others, mle.sigma_hat))
        return VGroup(*(Curve(stage, line, "muted", 3.0) for line in lines), Dots(stage, places, "muted", 0.1))
