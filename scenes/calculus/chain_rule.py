"""Staging of `chain-rule`: a nudge on three tied tapes, wheels on belts, two strips, and a row of sigmoids."""

from __future__ import annotations

from manim import FadeIn, FadeOut, Indicate, Mobject, VGroup, linear

from explainers.calculus.chain_rule import ChainRule
from scenes.calculus import chain_rule_captions as words
from scenes.calculus.chain_rule_belts import BeltDrive
from scenes.calculus.chain_rule_row import REACH, ProductPlot, SigmoidPlot, SlopePlot
from scenes.calculus.chain_rule_strips import Strips
from scenes.calculus.chain_rule_tapes import COMB, COVERED, LETTERS, ROLES, SAMPLED, LinkText, Tapes
from scenes.stage.language import _, in_math, localized
from scenes.stage.scene import Drive, ExplainerScene
from scenes.stage.text import Formula, Size
from scenes.stage.zones import Zone

PRODUCT = "{{d y \\/ d x : data}} = {{d u \\/ d x dot d y \\/ d u : parameter}}"
TEXT_WIDTH = 7.0
"""Room in em of a readout for the links' formulas beside the tapes."""
WIDE = 1.8
"""From this ratio of width to height on, things stand side by side."""
RATIOS = ("Delta u \\/ Delta x", "Delta y \\/ Delta u", "Delta y \\/ Delta x")
SLOPES = ("d u \\/ d x", "d y \\/ d u", "d y \\/ d x")
RATIO_ROLES = ("parameter", "parameter", "data")
"""Slopes of links are pink, what they multiply to is yellow, in the whole clip."""


class ChainRuleScene(ExplainerScene[ChainRule]):
    """Sweep, tie, zoom, nudge; turn the wheels; add two strips; multiply twenty small slopes."""

    explainer_type = ChainRule

    def construct(self) -> None:
        """The story, beat by beat."""
        self.allow("colour-blind", reason="y and dy/dx are named where they stand; the bound 1/4 is dashed and named")
        self.build()
        self.drive_the_chain()
        self.tie_neighbours()
        self.zoom_in()
        self.pass_first_link()
        self.pass_second_link()
        self.turn_wheels()
        self.add_strips()
        self.bend_a_sigmoid()
        self.multiply_slopes()
        self.switch_to_log()
        self.summarise()

    # --- Three tapes ----------------------------------------------------------------------------------------

    def build(self) -> None:
        """Tapes and texts of the links; nothing is on stage yet."""
        stage, rule = self.stage, self.explainer
        main, rows, beside = arrange(stage.zones.body, stage.em(Size.READOUT))
        self.tapes = Tapes(stage, main, rule)
        formulas = (f"u = {words.INNER_MATH[rule.inner]}", f"y = {words.outer_math(rule)}", "")
        ratios = rule.ratios(COMB)
        self.texts = [
            LinkText(stage, row, formula, label, settled, ratio, role, beside)
            for row, formula, label, settled, ratio, role in zip(
                rows, formulas, RATIOS, SLOPES, ratios, RATIO_ROLES, strict=True
            )
        ]

    def drive_the_chain(self) -> None:
        """x sweeps along its tape; u and y follow."""
        rule, tapes = self.explainer, self.tapes
        with self.beat(words.chain(rule), chapter=_("A chain")):
            self.heading(self.stage.words(_(rule.title), Size.TITLE))
            low, high = SAMPLED
            tapes.point_at(low)
            self.play(FadeIn(tapes), run_time=0.8)
            formulas = VGroup(*(text.formula for text in self.texts[:2]))
            self.play(FadeIn(formulas), FadeIn(tapes.path), run_time=0.8)
            moving = (tapes.names, tapes.path, tapes.dots)
            self.play(self.drive(lambda t: tapes.point_at(low + t * (high - low)), *moving, run_time=4.0))
            self.play(self.drive(lambda t: tapes.point_at(high + t * (rule.x - high)), *moving, run_time=2.0))

    def tie_neighbours(self) -> None:
        """Evenly spaced neighbours of x are tied to their images."""
        tapes = self.tapes
        with self.beat(_(words.NEIGHBOURS), chapter=_("Threads")):
            self.play(self.pulse(tapes.names[0]))
            self.heading(self.stage.math(f"{{{{Delta x : input}}}} = {in_math(localized(f'{COMB:g}'))}", Size.TITLE))
            tapes.tie(0.0)
            self.add(tapes.threads)
            self.lift_points()
            self.play(self.drive(lambda t: tapes.tie(t * COMB), tapes.threads, run_time=2.6))
            self.play(self.drive(lambda t: tapes.cover(t * COMB), tapes.bars, run_time=1.2))
            self.play(FadeIn(*(VGroup(text.label, text.number) for text in self.texts)), run_time=0.7)

    def zoom_in(self) -> None:
        """Threads straighten, and ratios of differences settle to slopes."""
        tapes, rule = self.tapes, self.explainer
        wide, close = tapes.wide_views, tapes.close_views
        with self.beat(_(words.ZOOM), chapter=_("Zoom in")):
            numbers = [text.number for text in self.texts]
            self.heading(self.stage.math("{{Delta x : input}} -> 0", Size.TITLE))

            def zoom(progress: float) -> None:
                comb = COMB ** (1 - progress) * tapes.close_comb**progress
                tapes.look([a.toward(b, progress) for a, b in zip(wide, close, strict=True)], comb)
                for number, ratio in zip(numbers, rule.ratios(comb), strict=True):
                    number.set_value(ratio)

            moving = (tapes.rulers, tapes.bars, tapes.threads, tapes.path, tapes.dots, *numbers)
            self.play(self.drive(zoom, *moving, run_time=5.5))
            for number, slope in zip(numbers, (*rule.links, rule.dydx), strict=True):
                number.set_value(slope)
            ticks = [ruler.numbers for ruler in tapes.rulers]
            settled = VGroup(*(text.settled for text in self.texts))
            self.play(FadeOut(*(text.label for text in self.texts), *ticks), FadeIn(settled), run_time=0.7)

    def pass_first_link(self) -> None:
        """A nudge of x arrives on u."""
        rule, tapes = self.explainer, self.tapes
        slope = words.INNER_SLOPE[rule.inner]
        with self.beat(words.first_link(rule), chapter=_("First link")):
            self.play(self.pulse(self.texts[0].number), *self.show_past_u(0))
            reach = tapes.close_comb
            self.play(self.drive(lambda t: tapes.cover((1 - t) * reach), tapes.bars, run_time=0.6))
            tapes.bar_share = 1.0
            tapes.bars.set_fill(opacity=COVERED)
            # The nudge goes on to y at once, but is not measured there yet.
            tapes.bars[2].set_fill(opacity=0)
            self.add(tapes.bands[0])
            self.lift_points()
            self.labels = VGroup(*(self.bar_label(line) for line in range(3)))
            self.play(self.nudge(tapes.bars, tapes.bands[0], tapes.path, tapes.dots))
            self.play(FadeIn(self.labels[0]), run_time=0.5)
            self.play(FadeIn(self.labels[1]), run_time=0.5)
            formula = f"{{{{d u \\/ d x = {slope} = {in_math(words.figure(rule.links[0]))} : parameter}}}}"
            self.heading(self.stage.math(formula, Size.TITLE))

    def pass_second_link(self) -> None:
        """The same nudge goes on to y."""
        rule, tapes = self.explainer, self.tapes
        with self.beat(words.second_link(rule), chapter=_("Second link")):
            self.play(self.pulse(self.texts[1].number))
            self.play(FadeOut(self.labels[:2]), run_time=0.4)
            self.play(self.nudge(tapes.bars, tapes.bands[0], tapes.path, tapes.dots, back=True))
            self.play(*self.show_past_u(1), run_time=0.4)
            tapes.bars[2].set_fill(opacity=COVERED)
            self.add(tapes.bands[1])
            self.lift_points()
            self.play(self.nudge(tapes.bars, tapes.bands, tapes.path, tapes.dots))
            self.play(FadeIn(self.labels), run_time=0.6)
            self.play(self.pulse(self.texts[2].number))
            self.heading(self.product_formula())

    def show_past_u(self, opacity: float) -> tuple[Mobject, ...]:
        """Fade what the second link carries: the path from u to y, and the point on y."""
        tapes = self.tapes
        return tapes.path[1].animate.set_stroke(opacity=opacity), tapes.dots[2].animate.set_fill(opacity=opacity)

    def product_formula(self) -> Formula:
        """The chain rule and its numbers."""
        first, second = (words.factor_math(link) for link in self.explainer.links)
        total = in_math(words.figure(self.explainer.dydx))
        values = f"{{{{{first} dot {second} : parameter}}}} = {{{{{total} : data}}}}"
        whole = self.stage.math(f"{PRODUCT} = {values}", Size.TITLE)
        if whole.width <= self.stage.zones.title.width:
            return whole
        return self.stage.math(f"{{{{d y \\/ d x : data}}}} = {values}", Size.TITLE)

    def nudge(self, *moving: Mobject, back: bool = False) -> Drive:
        """The animation of a nudge of x through all links, or of taking it back."""
        tapes = self.tapes
        reach = tapes.close_comb
        if back:
            return self.drive(lambda t: tapes.nudge((1 - t) * reach), *moving, run_time=0.8)
        return self.drive(lambda t: tapes.nudge(t * reach), *moving, run_time=2.8)

    def bar_label(self, line: int) -> Mobject:
        """How far the nudge got on a line, in units of dx."""
        figure = in_math(words.figure((1.0, self.explainer.links[0], self.explainer.dydx)[line]))
        return self.tapes.bar_label(line, self.tapes.close_comb, f"${figure} thin d x$" if line else "$d x$")

    def lift_points(self) -> None:
        """Points and their path stay above what comes on stage later."""
        self.add(self.tapes.path, *self.tapes.dots)

    def pulse(self, *mobjects: Mobject) -> Indicate:
        """A short emphasis before something moves."""
        return Indicate(VGroup(*mobjects), scale_factor=1.15, color=self.stage.color("highlight"), run_time=0.6)

    @property
    def on_tapes(self) -> list[Mobject]:
        """All of the first picture, as it stands after the second link."""
        tapes = self.tapes
        texts = [part for text in self.texts for part in (text.formula, text.settled, text.number)]
        tape_parts = [tapes.grounds, tapes.bars, *(ruler.line for ruler in tapes.rulers), tapes.edges, tapes.names]
        return [*tape_parts, tapes.threads, tapes.bands, tapes.path, tapes.dots, *texts]

    # --- Wheels and strips ----------------------------------------------------------------------------------

    def turn_wheels(self) -> None:
        """Turns multiply in the same way."""
        rule = self.explainer
        with self.beat(words.wheels(rule), chapter=_("Wheels")):
            factors = tuple(f"times {words.factor_math(link)}" for link in rule.links)
            wheels = self.wheels = BeltDrive(
                self.stage, self.stage.zones.body.inset(0.1), rule.links, LETTERS, ROLES, factors
            )
            self.play(FadeOut(*self.on_tapes, self.labels), run_time=0.6)
            self.remove(self.tapes)
            self.play(FadeIn(wheels), run_time=0.8)
            self.play(self.pulse(wheels.factors))
            self.play(self.drive(wheels.turn, wheels, run_time=7.0))

    def add_strips(self) -> None:
        """Where x acts twice, rates add."""
        rule, stage = self.explainer, self.stage
        with self.beat(words.strips(rule), chapter=_("Product rule")):
            self.play(FadeOut(self.wheels), run_time=0.5)
            strips = self.strips = Strips(stage, stage.zones.body, rule)
            self.heading(stage.words(_("Where rates add: a product"), Size.TITLE))
            self.play(FadeIn(strips.rectangle, strips.sides), run_time=0.8)
            self.add(strips.strips)
            self.play(self.drive(strips.grow, strips.strips, run_time=3.0))
            self.play(FadeIn(strips.names), run_time=0.7)
            self.heading(
                stage.math(
                    "d(x u) \\/ d x = {{u : model}} + {{x : input}} thin {{d u \\/ d x : parameter}}", Size.TITLE
                )
            )
            self.play(FadeIn(strips.sum), run_time=0.7)

    # --- A row of sigmoids ----------------------------------------------------------------------------------

    def bend_a_sigmoid(self) -> None:
        """The slope of a sigmoid, traced under its ceiling."""
        stage = self.stage
        with self.beat(_(words.SIGMOID), chapter=_("One sigmoid")):
            first, second = halves(stage.zones.body)
            self.play(FadeOut(self.strips), run_time=0.5)
            self.sigmoid, self.slopes = SigmoidPlot(stage, first), SlopePlot(stage, second)
            self.heading(stage.math("{{sigma(z) : model}} = 1 \\/ (1 + e^(-z))", Size.TITLE))
            self.play(FadeIn(self.sigmoid, self.slopes), run_time=0.8)

            def slide(progress: float) -> None:
                z = REACH * (2 * progress - 1)
                self.sigmoid.put(z)
                self.slopes.trace(z).touch(z)

            def climb(progress: float) -> None:
                self.sigmoid.put(REACH * (1 - progress))
                self.slopes.touch(REACH * (1 - progress))

            moving = (self.sigmoid.tangent, self.sigmoid.dot, self.slopes.curve, self.slopes.dot)
            self.play(self.drive(slide, *moving, run_time=4.0))
            self.play(self.drive(climb, *moving, run_time=1.8))
            self.heading(
                stage.math("{{sigma'(z) : parameter}} = sigma(z) (1 - sigma(z)) <= {{1 \\/ 4 : error}}", Size.TITLE)
            )

    def multiply_slopes(self) -> None:
        """Link by link, a nudge is multiplied by a slope of at most 1/4."""
        rule, stage = self.explainer, self.stage
        with self.beat(words.fading(rule), chapter=_("{count} sigmoids").format(count=rule.depth)):
            zone = halves(stage.zones.body)[0]
            product = self.product = ProductPlot(stage, zone, rule)
            slopes = f"sigma'(z_1) dots.c sigma'(z_({rule.depth}))"
            names = (_("what is left of the nudge"), _("what is left"))
            titles = [
                stage.math(f'{{{{{slopes} : parameter}}}} = {{{{"{name}" : data}}}}', Size.TITLE) for name in names
            ]
            self.heading(titles[0] if titles[0].width <= stage.zones.title.width else titles[1])
            self.play(FadeOut(self.sigmoid, self.slopes.dot), run_time=0.5)
            self.slopes.remove(self.slopes.dot)
            self.play(FadeIn(product, product.inputs), run_time=0.7)

            def pass_on(progress: float) -> None:
                # The first links go slowly: there it all happens.
                links = rule.depth * progress**1.7
                product.put(links, 0.0)
                self.slopes.mark(rule.row_inputs[: int(links)])

            moving = (product.curve, product.dots, self.slopes.dots)
            self.play(self.drive(pass_on, *moving, run_time=5.0, rate_func=linear))
            self.play(FadeIn(product.landmark), run_time=0.5)

    def switch_to_log(self) -> None:
        """On a logarithmic scale the fall is a straight line, under 4⁻ᵏ."""
        rule, product = self.explainer, self.product
        with self.beat(words.vanished(rule), chapter=_("Log scale")):
            self.play(FadeOut(product.linear_numbers, product.inputs, product.landmark), run_time=0.5)
            product.remove(product.linear_numbers)
            self.play(self.drive(lambda t: product.put(rule.depth, t), product.curve, product.dots, run_time=3.0))
            self.play(FadeIn(product.log_scale), run_time=0.7)
            # The lines of the scale belong under the curve.
            self.bring_to_front(product)
            self.play(self.drive(product.put_bound, product.bound, run_time=1.5))
            self.play(FadeIn(product.bound_name), run_time=0.4)

    # --- Summary --------------------------------------------------------------------------------------------

    def summarise(self) -> None:
        """The nudge on the three tapes once more."""
        tapes = self.tapes
        with self.beat(_(words.SUMMARY), chapter=_("In one picture")):
            self.play(FadeOut(self.product, self.product.log_scale, self.product.bound_name, self.slopes), run_time=0.6)
            self.heading(self.product_formula())
            tapes.nudge(0.0)
            self.play(FadeIn(*self.on_tapes), run_time=0.9)
            self.play(self.nudge(tapes.bars, tapes.bands, tapes.path, tapes.dots))
            self.play(FadeIn(self.labels), run_time=0.6)


def halves(body: Zone) -> tuple[Zone, ...]:
    """Two plots side by side, or one over the other where they would get too narrow."""
    return body.columns(1, 1, gap=0.6) if body.width > WIDE * body.height else body.rows(1, 1, gap=0.4)


def arrange(body: Zone, em: float) -> tuple[Zone, list[Zone], bool]:
    """The tapes, a place for the text of each link and of the whole, and whether a text is one line."""
    if body.width > WIDE * body.height:
        main, side = body.columns(body.width - TEXT_WIDTH * em, TEXT_WIDTH * em, gap=0.5)
        first, second, third = side.rows(0.42, 0.42, 0.16, gap=0)
        return main, [first, second, third], False
    main, side = body.rows(body.height - 3.9 * em, 3.3 * em, gap=0.6 * em)
    return main, list(side.rows(1, 1, 1, gap=0)), True
