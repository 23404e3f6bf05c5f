"""Staging of `maximum-likelihood`: slide a density over data, and trace how likely they are under it."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log

import numpy as np
from manim import DOWN, LEFT, RIGHT, Create, FadeIn, FadeOut, Indicate, VGroup, VMobject

from explainers.probability.maximum_likelihood import MaximumLikelihood
from scenes.pictures.labels import tag
from scenes.pictures.ledger import Ledger
from scenes.pictures.shapes import Curve, Dots
from scenes.probability.maximum_likelihood_bench import Bench, Power, Scale, decimals_for, positions
from scenes.probability.maximum_likelihood_captions import Captions
from scenes.probability.maximum_likelihood_plots import BiasPlot, KnobMap
from scenes.stage.scene import ExplainerScene
from scenes.stage.text import Size

WIDE = 1.3
"""Width to height of a body that has room for a column beside the picture."""
DIM = 0.3
"""Opacity of stems and curves that have had their turn."""
SWEEP_TIME, TRACE_TIME = 4.5, 4.0
"""Seconds for multiplying all stems, and for moving the mean from end to end."""
WIDTHS_SHOWN = (0.42, 1.8)
"""Widths on the map of two knobs, in units of the best one."""
HILL_DEPTH = 4.0
"""How far below its top the hill of few or many data is drawn."""
HILL_ROOM = 0.5
"""Room over its top."""
GHOSTS = (-0.9, 0.9)
"""Other parameters on the last picture: shares of the way from the best mean to the ends of the domain."""
Step = Callable[[float], None]


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
        if self.explainer.family == "gaussian":
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
        main, side = body.columns(0.71, 0.29) if body.width > WIDE * body.height else body.rows(0.76, 0.24)
        self.main, self.side = main, side
        self.bench = Bench(stage, main, mle)
        self.symbol = "p" if mle.family == "bernoulli" else "mu"
        self.decimals = decimals_for(mle.sigma_hat if mle.family == "gaussian" else mle.mean_hat() or 1.0)
        self.mean = mle.journey[0]
        self.ledger = Ledger(stage, side, 5 if side.height > side.width else 4)
        self.ledger.row(
            "mean", 0, f"${self.symbol}$", value=self.mean, role="parameter", decimals=self.decimals,
        )  # fmt: skip
        if mle.family == "gaussian":
            self.ledger.row("width", 1, "$sigma$", value=mle.held_sigma, role="parameter", decimals=self.decimals)

    def power_row(self, name: str, slot: int, markup: str, exponent: float) -> VGroup:
        """A row whose number ticks over many orders of magnitude."""
        row, ledger = self.ledger.row(name, slot, markup, value=0.0), self.ledger
        power = Power(exponent, self.stage.em(Size.READOUT), self.stage.color("output"), anchor="right")
        power.shift(row[1].points[0] - power.points[0])
        row.submobjects[1] = ledger.numbers[name] = power
        return row

    def exponent(self, mean: float) -> float:
        """Decimal logarithm of the product of all stems."""
        return float(self.explainer.log_likelihood(mean)) / log(10)

    def between(self, start: float, end: float) -> Callable[[float], float]:
        """The mean on its way from `start` to `end`."""
        return lambda t: start + t * (end - start)

    def change_scale(self, new: Scale, run_time: float = 0.5) -> None:
        """Another scale for the lower plot."""
        self.play(FadeOut(self.scale), FadeIn(new), run_time=run_time)
        self.bring_to_back(new)
        self.scale = new

    # --- Stems and their product ----------------------------------------------------------------------------

    def show_data(self) -> None:
        """Data on an axis, a density over them, and a stem from each datum up to the curve."""
        stage, bench, rows = self.stage, self.bench, self.ledger.rows
        with self.beat(self.captions.data, chapter="Data"):
            self.heading(stage.words(self.explainer.title, Size.TITLE))
            bench.put(self.mean, rise=0.0)
            self.upper_scale = bench.density_scale()
            self.play(FadeIn(self.upper_scale, bench.axis_numbers), run_time=0.6)
            self.play(FadeIn(bench.data, scale=1.2), run_time=0.6)
            self.play(Create(bench.bell), FadeIn(bench.shade, bench.pin, *rows.values()), run_time=1.2)
            self.add(bench.shade, bench.stems, bench.bell, bench.data, bench.pin)
            self.wait(0.3)
            self.play(self.drive(lambda t: bench.put(self.mean, rise=t), *bench.moving, run_time=1.6))

    def multiply(self) -> None:
        """From left to right, each stem becomes a factor of the product."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.multiply, chapter="Product"):
            name = f"{{{{{self.symbol} : parameter}}}}"
            factors = " thin ".join(f"f({{{{x_{i} : data}}}})" for i in ("1", "2"))
            self.heading(stage.math(f"{{{{L : output}}}}({name}) = {factors} dots.c thin f({{{{x_n : data}}}})"))
            factor = self.power_row("factor", 2, "stem", 0.0)
            product = self.power_row("product", 3, "product", 0.0)
            order = np.argsort(bench.places, kind="stable")
            logs = mle.log_densities(self.mean)[order] / log(10)
            totals = np.concatenate([[0.0], np.cumsum(logs)])
            bench.put(self.mean, count=0)
            bench.stems.set_stroke(opacity=DIM)
            self.add(bench.lit)
            self.bring_to_front(bench.data)
            self.play(FadeIn(factor, product), run_time=0.5)

            def sweep(t: float) -> None:
                done = t * mle.size
                bench.put(self.mean, count=ceil(done))
                self.ledger.set_values(
                    factor=logs[max(ceil(done) - 1, 0)], product=float(np.interp(done, np.arange(len(totals)), totals))
                )

            self.play(
                self.drive(sweep, *bench.moving, factor[1], product[1], run_time=SWEEP_TIME, rate_func=lambda t: t)
            )
            self.play(Indicate(product[1], color=stage.color("output")), run_time=0.8)

    def slide(self) -> None:
        """The mean goes from end to end, and the product traces a curve over it."""
        bench, ledger = self.bench, self.ledger
        with self.beat(self.captions.slide, chapter="Likelihood"):
            self.make_room()
            grid = np.linspace(*self.explainer.journey, 241)
            logs = self.explainer.log_likelihood(grid)
            self.heights = np.exp(logs - logs.max())
            self.grid, self.logs = grid, logs
            self.add(bench.link, bench.curve, bench.tip)
            step = self.tracing(
                *self.explainer.journey, lambda mean: float(np.interp(mean, *self.sorted(self.heights)))
            )
            step(0.0)
            self.play(FadeIn(bench.link, bench.tip), run_time=0.4)
            moving = (*bench.moving, bench.curve, bench.tip, ledger.numbers["mean"], ledger.numbers["product"])
            self.play(self.drive(step, *moving, run_time=TRACE_TIME))

    def sorted(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The grid and values on it, in increasing order of the mean."""
        order = np.argsort(self.grid)
        return self.grid[order], values[order]

    def make_room(self) -> None:
        """The data's plot withdraws upward, and a scale for the likelihood fades in below."""
        bench, ledger = self.bench, self.ledger
        self.play(
            FadeOut(self.upper_scale, ledger.rows["factor"]), bench.lit.animate.set_stroke(opacity=0), run_time=0.4
        )
        bench.stems.set_stroke(opacity=1)
        self.remove(bench.lit)
        ledger.drop("factor")

        def withdraw(t: float) -> None:
            bench.make_room(t)
            bench.put(self.mean)

        self.play(self.drive(withdraw, *bench.moving, run_time=1.0))
        self.upper_scale = bench.density_scale()
        self.scale = bench.lower_scale((0.0, 1.1), f"likelihood $L({self.symbol})$", ticks=())
        self.play(FadeIn(self.upper_scale, self.scale), run_time=0.5)
        self.bring_to_back(self.upper_scale, self.scale)

    def tracing(self, start: float, end: float, height: Callable[[float], float]) -> Step:
        """A step of the mean that draws the lower curve behind it."""
        bench, mean_at = self.bench, self.between(start, end)

        def step(t: float) -> None:
            self.mean = mean_at(t)
            means = np.linspace(start, self.mean, 2 + int(160 * t))
            bench.put(self.mean)
            bench.put_link(self.mean, height(self.mean))
            bench.curve.put(bench.below.points_at(means, np.array([height(m) for m in means])))
            self.show_mean()

        return step

    def show_mean(self) -> None:
        """The ledger's numbers for the mean on show."""
        numbers = self.ledger.numbers
        numbers["mean"].set_value(self.mean)
        if "product" in numbers:
            numbers["product"].set_value(self.exponent(self.mean))
        if "log" in numbers:
            numbers["log"].set_value(float(self.explainer.log_likelihood(self.mean)))
        if "gaps" in numbers:
            numbers["gaps"].set_value(self.explainer.score(self.mean))

    # --- Logs and the top -----------------------------------------------------------------------------------

    def take_logs(self) -> None:
        """The curve becomes its logarithm; copies of the stems become a stack whose end runs along it."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.logs, chapter="Logs"):
            name = f"{{{{{self.symbol} : parameter}}}}"
            terms = " + ".join(f"ln f({{{{x_{i} : data}}}})" for i in ("1", "2"))
            self.heading(stage.math(f"ln {{{{L : output}}}}({name}) = {terms} + dots.c + ln f({{{{x_n : data}}}})"))
            self.melt()
            row = self.ledger.row("log", 2, "$ln L$", value=float(mle.log_likelihood(self.mean)), role="output")
            tower = VMobject().set_fill(stage.color("output"), opacity=0.75)
            tower.set_stroke(stage.color("background"), width=1.5)
            stems, stack = bench.stem_boxes(self.mean), bench.tower(self.mean)

            def fly(t: float) -> None:
                tower.points = stems + t * (stack - stems)

            fly(0.0)
            self.add(tower)
            self.play(self.drive(fly, tower, run_time=1.6), FadeIn(row))
            ghost = bench.curve.copy().set_stroke(opacity=DIM)
            self.add(ghost)
            self.bring_to_front(tower, bench.tip)
            trace = self.tracing(*reversed(mle.journey), lambda mean: float(mle.log_likelihood(mean)))

            def step(t: float) -> None:
                trace(t)
                tower.points = bench.tower(self.mean)

            numbers = [self.ledger.numbers[name] for name in ("mean", "product", "log")]
            self.play(self.drive(step, *bench.moving, bench.curve, bench.tip, tower, *numbers, run_time=TRACE_TIME))
            self.remove(ghost)
            self.tower = tower

    def melt(self) -> None:
        """The likelihood curve changes into its logarithm."""
        bench, mle = self.bench, self.explainer
        old = bench.below.points_at(self.grid, self.heights)
        tip, top = float(self.heights[-1]), max(0.0, float(self.logs.max()))
        low = float(self.logs.min())
        highest = max(top, max(float(np.maximum(mle.log_densities(m), 0).sum()) for m in self.grid[::10]))
        start = bench.below.at(self.mean, tip)
        self.log_range = (low - 0.06 * (highest - low), highest)
        self.change_scale(bench.lower_scale(self.log_range, f"log-likelihood $ln L({self.symbol})$"))
        new = bench.below.points_at(self.grid, self.logs)
        end = bench.below.at(self.mean, float(self.logs[-1]))
        top_of_link = bench.link.points[0].copy()

        def step(t: float) -> None:
            bench.curve.put(old + t * (new - old))
            place = start + t * (end - start)
            bench.tip.put(place[None])
            bench.link.put(np.array([top_of_link, place]))

        self.play(self.drive(step, bench.curve, bench.tip, bench.link, run_time=1.2))

    def find_peak(self) -> None:
        """The mean goes to the top, where the gaps to the data sum to zero and the slope is flat."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.peak, chapter="The top"):
            name, mean = f"{{{{{self.symbol} : parameter}}}}", mle.mean_hat()
            self.play(FadeOut(self.tower, self.ledger.rows["product"]), run_time=0.5)
            self.ledger.drop("product")
            self.zoom_in()
            self.heading(stage.math(f"sum_i ({{{{x_i : data}}}} - {name}) = 0"))
            gaps = self.ledger.row(
                "gaps", 3, f"$sum (x_i - {self.symbol})$", "gaps", value=mle.score(self.mean), role="highlight",
            )  # fmt: skip
            tangent = Curve(stage, role="highlight", width=3.5)
            self.put_tangent(tangent)
            self.play(FadeIn(gaps, tangent), run_time=0.5)
            go = self.between(self.mean, mean)

            def step(t: float) -> None:
                self.mean = go(t)
                bench.put(self.mean)
                bench.put_link(self.mean, float(mle.log_likelihood(self.mean)))
                self.put_tangent(tangent)
                self.show_mean()

            numbers = [self.ledger.numbers[name] for name in ("mean", "log", "gaps")]
            self.play(self.drive(step, *bench.moving, bench.tip, tangent, *numbers, run_time=3.0))
            self.best = self.name_best()
            self.play(FadeIn(self.best), run_time=0.6)
            self.tangent = tangent

    def name_best(self) -> VMobject:
        """The best mean in words, in the gap between both plots, beside the link."""
        name = tag(self.stage, f"$hat({self.symbol}) = overline(x) =$ {self.captions.mean_digits}", "parameter")
        place = self.bench.coordinates.at(self.mean, 0) + 0.32 * DOWN
        name.next_to(place, RIGHT, buff=0.25).set_y(
            self.bench.lower.top + 0.6 * (self.bench.upper.bottom - self.bench.lower.top) - 0.05
        )
        if name.get_right()[0] > self.stage.zones.safe.right:
            name.next_to(place, LEFT, buff=0.25).set_y(name.get_y())
        return name

    def put_tangent(self, tangent: Curve, reach: float = 0.7) -> None:
        """A short tangent of the lower curve at the mean on show."""
        mle, below = self.explainer, self.bench.below
        low, high = mle.domain
        step = 1e-4 * (high - low)
        before, after = max(self.mean - step, low), min(self.mean + step, high)
        slope = float(mle.log_likelihood(after) - mle.log_likelihood(before)) / (after - before)
        unit = below.box.height / (below.y_range[1] - below.y_range[0]) / below.x_unit
        way = np.array([1.0, slope * unit, 0.0])
        place = below.at(self.mean, float(mle.log_likelihood(self.mean)))
        way *= reach / np.linalg.norm(way)
        tangent.put(np.array([place - way, place + way]))

    def zoom_in(self) -> None:
        """The hill fills the lower plot; it no longer reaches up to 0."""
        bench, mle = self.bench, self.explainer
        start, top, low = self.log_range, float(self.logs.max()), self.log_range[0]
        end = (low, top + 0.12 * (top - low))
        new = bench.lower_scale(end, f"log-likelihood $ln L({self.symbol})$")
        self.play(FadeOut(self.scale), run_time=0.3)

        def step(t: float) -> None:
            now = (low, start[1] + t * (end[1] - start[1]))
            bench.below = type(bench.below)(bench.lower, bench.window, now)
            bench.curve.put(bench.below.points_at(self.grid, self.logs))
            bench.put_link(self.mean, float(mle.log_likelihood(self.mean)))

        self.play(self.drive(step, bench.curve, bench.tip, bench.link, run_time=0.9))
        self.play(FadeIn(new), run_time=0.3)
        self.bring_to_back(new)
        self.scale = new

    # --- Two knobs --------------------------------------------------------------------------------------------

    def climb(self) -> None:
        """The lower plot becomes a map of mean and width; the dot climbs to its top, and the bell follows."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.climb, chapter="Two knobs"):
            self.play(FadeOut(self.best, self.tangent, self.ledger.rows["gaps"]), run_time=0.5)
            self.ledger.drop("gaps")
            formula = "{{hat(sigma)^2 : parameter}} = 1/n sum_i ({{x_i : data}} - {{hat(mu) : parameter}})^2"
            self.heading(stage.math(formula, Size.READOUT))
            self.flatten_curve()
            self.map = KnobMap(stage, bench.below, mle)
            self.play(FadeIn(self.map), run_time=1.0)
            self.bring_to_front(bench.link, bench.curve, bench.tip)
            self.play(FadeOut(bench.curve), run_time=0.4)
            path, trail = mle.climb, Curve(stage, role="highlight", width=3.5)
            self.add(trail)
            self.bring_to_front(bench.tip)
            back = self.between(self.mean, float(path[0, 0]))

            def put(mean: float, sigma: float) -> None:
                self.mean = mean
                bench.put(mean, sigma)
                bench.put_link(mean, sigma)
                self.ledger.set_values(mean=mean, width=sigma, log=float(mle.log_likelihood(mean, sigma)))

            numbers = self.ledger.numbers.values()
            moving = (*bench.moving, bench.tip, trail, *numbers)
            self.play(self.drive(lambda t: put(back(t), mle.held_sigma), *moving, run_time=1.0))

            def walk(t: float) -> None:
                steps = t * (len(path) - 1)
                place = [np.interp(steps, np.arange(len(path)), column) for column in path.T]
                put(*map(float, place))
                walked = np.vstack([path[: int(steps) + 1], place])
                trail.put(bench.below.points_at(*walked.T))

            self.play(self.drive(walk, *moving, run_time=4.5))
            self.trail = trail

    def flatten_curve(self) -> None:
        """Seen from above, the hill over one width is a line at that width."""
        bench, mle = self.bench, self.explainer
        old = bench.below.points_at(self.grid, self.logs)
        low, high = (share * mle.sigma_hat for share in WIDTHS_SHOWN)
        new_scale = bench.lower_scale((low, high), "width $sigma$", "parameter")
        self.change_scale(new_scale)
        new = bench.below.points_at(self.grid, np.full(len(self.grid), mle.held_sigma))
        start = bench.tip.points[0].copy()
        end, foot = bench.below.at(self.mean, mle.held_sigma), bench.link.points[0].copy()

        def step(t: float) -> None:
            bench.curve.put(old + t * (new - old))
            place = start + t * (end - start)
            bench.tip.put(place[None])
            bench.link.put(np.array([foot, place]))

        self.play(self.drive(step, bench.curve, bench.tip, bench.link, run_time=1.2))

    def clear_stage(self) -> None:
        """Take everything but heading and caption off the stage."""
        kept = (self._heading, self._caption)
        self.play(*(FadeOut(mobject) for mobject in self.mobjects if mobject not in kept), run_time=0.6)

    def show_bias(self) -> None:
        """Many samples of the same size: the ratio of fitted to true variance, its average and the truth."""
        stage, mle = self.stage, self.explainer
        with self.beat(self.captions.bias, chapter="A little small"):
            self.clear_stage()
            formula = '"average of" {{hat(sigma)^2 : output}} = (n - 1)/n thin {{sigma^2 : highlight}}'
            self.heading(stage.math(formula, Size.READOUT))
            ratios, self.ledger = mle.variance_ratios, Ledger(stage, self.side, 2)
            totals = np.cumsum(ratios)
            rows = [
                self.ledger.row("samples", 0, "samples", value=1, decimals=0),
                self.ledger.row("average", 1, "average", value=float(ratios[0]), role="output", decimals=3),
            ]
            self.bias = plot = BiasPlot(stage, self.main, mle.size, float(ratios.mean()))
            self.play(FadeIn(plot.plot, plot.truth, *rows), run_time=0.7)
            self.add(plot.bars)

            def step(t: float) -> None:
                count = round(len(ratios) ** t)
                plot.put(ratios[:count])
                self.ledger.set_values(samples=count, average=float(totals[count - 1] / count))

            numbers = self.ledger.numbers.values()
            self.play(self.drive(step, plot.bars, *numbers, run_time=4.5, rate_func=lambda t: t))
            self.play(FadeIn(plot.average), run_time=0.5)
            self.play(Create(plot.density), run_time=1.0)

    # --- More data, and the summary --------------------------------------------------------------------------

    def sharpen(self) -> None:
        """The sample grows; the hill over its mean gets sharper."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        few, many = mle.sizes
        with self.beat(self.captions.sharpen, chapter="More data"):
            self.clear_stage()
            variance = {
                "gaussian": "{{hat(sigma) : parameter}}^2",
                "bernoulli": "({{hat(p) : parameter}} (1 - {{hat(p) : parameter}}))",
                "exponential": "{{hat(mu) : parameter}}^2",
            }[mle.family]
            formula = (
                f"(ln {{{{L : output}}}})''({{{{hat({self.symbol}) : parameter}}}}) = - {{{{n : data}}}} \\/ {variance}"
            )
            self.heading(stage.math(formula))
            self.ledger = Ledger(stage, self.side, 3)
            rows = [
                self.ledger.row("n", 0, "data $n$", "$n$", value=few, role="data", decimals=0),
                self.ledger.row("mean", 1, f"$hat({self.symbol})$", value=0, role="parameter", decimals=self.decimals),
                self.ledger.row("curvature", 2, "curvature", "$(ln L)''$", value=0, role="output", decimals=1),
            ]
            ticks = tuple(range(-int(HILL_DEPTH), 1))
            self.scale = bench.lower_scale((-HILL_DEPTH, HILL_ROOM), "$ln L$ below its top", ticks=ticks[::2])
            step = self.growing(few, many)
            step(0.0)
            hill = VGroup(bench.axis_numbers, self.upper_scale, self.scale)
            self.play(FadeIn(hill, *rows), run_time=0.6)
            shown = (bench.shade, bench.bell, bench.data, bench.link, bench.pin, bench.curve, bench.tip)
            self.play(FadeIn(*shown), run_time=0.6)
            ghost = bench.curve.copy().set_stroke(opacity=DIM + 0.15)
            self.add(ghost)
            self.bring_to_front(bench.curve, bench.tip)
            self.wait(1.0)
            self.play(self.drive(step, *shown, *self.ledger.numbers.values(), run_time=5.5))

    def growing(self, few: int, many: int) -> Step:
        """A step of the sample from few to many data, with its density and the hill over its mean."""
        bench, mle = self.bench, self.explainer

        def step(t: float) -> None:
            n = few * (many / few) ** t
            mean = mle.mean_hat(n)
            x = positions(mle, mle.pool[: ceil(n - 1e-9)])
            bench.data.put(bench.coordinates.points_at(x, 0 * x))
            bench.draw_density(mean, mle.sigma_hat)
            bench.put_link(mean, 0.0)
            means = np.linspace(*mle.support(n, HILL_DEPTH), 161)
            means = np.sort(np.append(means[(means > bench.window[0]) & (means < bench.window[1])], mean))
            bench.curve.put(bench.below.points_at(means, mle.below_top(means, n)))
            self.ledger.set_values(n=n if t < 1 else many, mean=mean, curvature=mle.curvature(n))

        return step

    def close(self) -> None:
        """The best density over the data, two others, and how far below the top they are."""
        stage, bench, mle = self.stage, self.bench, self.explainer
        with self.beat(self.captions.close, chapter="In one picture"):
            self.clear_stage()
            self.heading(stage.words(mle.title, Size.TITLE))
            self.ledger = Ledger(stage, self.side, 3)
            mean, best = mle.mean_hat(), float(mle.log_likelihood(mle.mean_hat(), mle.sigma_hat))
            low, high = mle.domain
            grid = np.linspace(low, high, 241)
            heights = mle.log_likelihood(grid, mle.sigma_hat)
            span = best - float(heights.min())
            self.scale = bench.lower_scale(
                (best - 1.1 * span, best + 0.15 * span), f"log-likelihood $ln L({self.symbol})$"
            )
            others = [mean + share * ((high - mean) if share > 0 else (mean - low)) for share in GHOSTS]
            ghosts = VGroup(
                *(Curve(stage, line, "muted", 3.0) for other in others for line in bench.outline(other, mle.sigma_hat))
            )
            bench.curve.put(bench.below.points_at(grid, heights))
            marks = bench.below.points_at(np.array(others), mle.log_likelihood(np.array(others), mle.sigma_hat))
            dots = Dots(stage, marks, "muted", 0.1)
            rows = [
                self.ledger.row(
                    "mean", 0, f"$hat({self.symbol})$", value=mean, role="parameter", decimals=self.decimals + 2
                )
            ]
            if mle.family == "gaussian":
                rows.append(
                    self.ledger.row(
                        "width", 1, "$hat(sigma)$", value=mle.sigma_hat, role="parameter", decimals=self.decimals + 2
                    )
                )
            rows.append(self.ledger.row("log", 2, "$ln L$", value=best, role="output"))
            self.mean = mean
            bench.put(mean, mle.sigma_hat)
            bench.put_link(mean, best)
            self.play(FadeIn(bench.axis_numbers, self.upper_scale, self.scale, bench.data), run_time=0.6)
            self.play(FadeIn(ghosts, bench.curve, dots), run_time=0.8)
            self.bring_to_front(bench.data)
            self.play(FadeIn(bench.shade, bench.stems, bench.bell, *rows), run_time=0.8)
            self.add(bench.data)
            self.play(FadeIn(bench.link, bench.pin, bench.tip), run_time=0.6)
