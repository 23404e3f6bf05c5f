"""Staging of `backprop`: numbers forward, errors backward, the price against finite differences, one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import RIGHT, FadeIn, FadeOut, VGroup, VMobject, linear

from explainers.calculus.backprop import INPUTS, UNITS, Backprop, Weights
from scenes.calculus import backprop_captions as captions
from scenes.calculus.backprop_network import NetworkPicture
from scenes.pictures.matrix import MatrixBox, largest_fitting, short
from scenes.pictures.plot import Plot
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Dots
from scenes.pictures.tiles import lerp
from scenes.stage.language import _, in_math, pgettext
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import stack
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

TO_HIDDEN = range(INPUTS * UNITS)
TO_OUTPUT = range(INPUTS * UNITS, INPUTS * UNITS + UNITS)
TO_LOSS = [INPUTS * UNITS + UNITS]
"""Numbers of the arrows into each layer."""
PULSE = 0.11
"""Radius of a number on its way, in scene units."""
NARROW = 9.0
"""Width of the body, in scene units, below which numbers stand under their plot."""
FACTOR_GAP = 0.7
"""Em between the factors of a product of matrices: brackets must not run into each other."""
FORMULA_GAP = 0.35
"""Scene units between a formula and its numbers below it."""


class BackpropScene(ExplainerScene[Backprop]):
    """One forward pass, one backward sweep, and what it saves."""

    explainer_type = Backprop

    def construct(self) -> None:
        """The story, beat by beat."""
        self.picture = NetworkPicture(self.stage, self.stage.zones.body, self.explainer)
        self.go_forward()
        self.show_loss()
        self.start_back()
        self.through_hidden()
        self.weight_gradients()
        self.add_at_forks()
        self.as_matrices()
        self.count_the_price()
        self.take_a_step()
        self.sum_up()

    # --- Forward ---------------------------------------------------------------------------------------

    def pulse(self, arrows: Sequence[int], role: str, *, backward: bool = False) -> None:
        """Dots travel along arrows, to the next layer or back."""
        dots = Dots(self.stage, np.zeros((0, 3)), role, PULSE)
        self.add(dots)

        def step(progress: float) -> None:
            share = 1 - progress if backward else progress
            dots.put(np.array([self.picture.path(arrow, share) for arrow in arrows]))

        self.play(self.drive(step, dots, run_time=1.2))
        self.remove(dots)

    def tick(self, numbers: Sequence[VMobject], values: Sequence[float]) -> None:
        """Numbers count up from 0 to their values, appearing as they do."""

        def step(progress: float) -> None:
            for number, value in zip(numbers, values, strict=True):
                number.set_value(progress * float(value)).set_opacity(min(1.0, 3 * progress))

        step(0.0)
        self.play(self.drive(step, *numbers, run_time=0.9))

    def go_forward(self) -> None:
        """Inputs, hidden units, output: each layer's numbers arrive along the arrows."""
        net, picture = self.explainer, self.picture
        picture.put_values(net.x, net.forward)
        picture.put_weights(net.weights)
        hidden, output = [card.value for card in picture.hidden], picture.output.value
        for number in (*hidden, output, picture.loss.value):
            number.set_opacity(0.0)
        with self.beat(captions.forward(net), chapter=_("Forward")):
            self.heading(self.stage.words(_(net.title), Size.TITLE))
            self.play(FadeIn(picture.arrows), FadeIn(picture.cards), FadeIn(picture.weights), run_time=1.0)
            self.add(picture.gradients)
            self.wait(0.4)
            self.pulse(TO_HIDDEN, "input")
            self.tick(hidden, net.forward.h)
            self.pulse(TO_OUTPUT, "model")
            self.tick([output], [net.forward.y])

    def show_loss(self) -> None:
        """The output against its target."""
        net, picture = self.explainer, self.picture
        with self.beat(captions.loss(net), chapter=_("The loss")):
            target = in_math(short(net.target)).replace("−", "-")
            formula = f"{{{{L : data}}}} = ({{{{y : output}}}} - t)^2 \\/ 2, quad t = {target}"
            self.heading(self.stage.math(formula, Size.TITLE))
            self.pulse(TO_LOSS, "output")
            self.tick([picture.loss.value], [net.forward.loss])

    # --- Backward --------------------------------------------------------------------------------------

    def start_back(self) -> None:
        """The number 1 at the loss; y − t at the output."""
        net, picture = self.explainer, self.picture
        with self.beat(captions.start(net), chapter=_("Start at the end")):
            slope = "partial L \\/ partial {{y : output}}"
            self.heading(
                self.stage.math(f"{{{{delta_y : error}}}} = {slope} = 1 dot ({{{{y : output}}}} - t)", Size.TITLE)
            )
            picture.loss.show_error(1.0)
            self.play(FadeIn(picture.loss.error), run_time=0.6)
            self.pulse(TO_LOSS, "error", backward=True)
            picture.output.show_error(net.output_error, 0.0)
            self.tick([picture.output.error], [net.output_error])

    def through_hidden(self) -> None:
        """What arrives at a hidden unit, then the same times its slope."""
        net, picture = self.explainer, self.picture
        errors = [card.error for card in picture.hidden]
        with self.beat(captions.hidden(net), chapter=_("Times the slope")):
            self.heading(
                self.stage.math(
                    "{{delta_h : error}} = {{W_2^top : parameter}} {{delta_y : error}} dot.o {{phi'(z) : model}}",
                    Size.TITLE,
                )
            )
            self.pulse(TO_OUTPUT, "error", backward=True)
            for card, value in zip(picture.hidden, net.arriving, strict=True):
                card.show_error(float(value), 0.0)
            self.tick(errors, net.arriving)
            slopes = self.slope_labels()
            values = [card.value for card in picture.hidden]
            self.wait(0.4)
            self.play(*map(FadeOut, values), FadeIn(slopes), run_time=0.6)
            self.wait(0.8)

            def step(progress: float) -> None:
                for card, before, after in zip(picture.hidden, net.arriving, net.hidden_errors, strict=True):
                    card.show_error(float(lerp(before, after, progress)))

            self.play(self.drive(step, *errors, run_time=1.4))
            self.play(FadeOut(slopes), *map(FadeIn, values), run_time=0.5)

    def slope_labels(self) -> VGroup:
        """The local slope of each hidden unit, in its card in place of the number, above what arrives."""
        labels = VGroup()
        for card, slope in zip(self.picture.hidden, self.explainer.slopes, strict=True):
            label = self.stage.words(f"$times {in_math(short(float(slope)))}$", Size.LABEL, "model")
            labels.add(label.move_to(card.value.get_center()))
        return labels

    def weight_gradients(self) -> None:
        """Weights give way to their derivatives."""
        net, picture = self.explainer, self.picture
        start, end = arrow_ends()
        with self.beat(captions.weights(net), chapter=_("Weight gradients")):
            product = f'{{{{delta_"{end}" : error}}}} dot {{{{h_"{start}" : model}}}}'
            of_weight = f"partial L \\/ partial {{{{w : parameter}}}} = {product}"
            of_bias = f'partial L \\/ partial {{{{b : parameter}}}} = {{{{delta_"{end}" : error}}}}'
            self.heading(self.fitting(f"{of_weight}, quad {of_bias}", of_weight))
            moving = (picture.weights, picture.gradients)
            self.play(self.drive(lambda p: picture.put_gradients(net.gradient, p), *moving, run_time=2.5))
            self.wait(1.0)

    def add_at_forks(self) -> None:
        """At an input three branches meet, and what they bring adds up."""
        net, picture = self.explainer, self.picture
        with self.beat(captions.forks(net), chapter=_("Forks add")):
            self.heading(self.fitting(fork_sum(net, 0), fork_sum(net, 0, with_weights=False)))
            moving = (picture.weights, picture.gradients)
            self.play(self.drive(lambda p: picture.put_gradients(net.gradient, 1 - p), *moving, run_time=1.0))
            self.pulse(TO_HIDDEN, "error", backward=True)
            for card, value in zip(picture.inputs, net.input_errors, strict=True):
                card.show_error(float(value), 0.0)
            self.tick([card.error for card in picture.inputs], net.input_errors)

    # --- The same in matrices, and the price -----------------------------------------------------------

    def as_matrices(self) -> None:
        """Two products: the errors of the hidden units, and the gradient of their weights."""
        net, stage = self.explainer, self.stage
        rows = stage.zones.body.rows(1, 1)
        self.allow("stage-use", reason="two lines of matrices in the largest size of text do not fill every frame")
        with self.beat(captions.matrices(net), chapter=_("As products")):
            self.play(FadeOut(self.picture), run_time=0.6)
            formulas = (
                "{{W_2^top : parameter}} {{delta_y : error}} dot.o {{phi' : model}} = {{delta_h : error}}",
                "{{delta_h : error}} {{x^top : input}} = partial L \\/ partial {{W_1 : parameter}}",
            )
            # Translators: Typst math; words stand in quotes.
            in_words = _('"One sweep, two products"')
            both = stage.math(" #h(6em / 5) ".join(formulas), Size.TITLE)
            is_wide = both.width <= stage.zones.title.width
            self.heading(both if is_wide else stage.math(in_words, Size.TITLE))
            self.leaving = []
            for formula, make, row in zip(formulas, (self.back_product, self.outer_product), rows, strict=True):
                product = self.largest_in(row, make, "" if is_wide else formula)
                for part in product:
                    self.play(FadeIn(part), run_time=0.45)
                self.leaving.append(product)

    def largest_in(self, row: Zone, make: Callable[[Size], VGroup], formula: str) -> VGroup:
        """A product in numbers as large as its row allows, below its formula where the title had no room for that."""
        if not formula:
            return largest_fitting(make, row).move_to(row.center)
        name = self.stage.math(formula, Size.READOUT)
        product = largest_fitting(make, Zone(row.left, row.bottom, row.right, row.top - name.height - FORMULA_GAP))
        stack(name, product, gap=FORMULA_GAP, align="center").move_to(row.center)
        return VGroup(name, *product)

    def back_product(self, size: Size) -> VGroup:
        """W₂ᵀ δ_y ⊙ φ′ = δ_h, in numbers."""
        net, stage = self.explainer, self.stage
        parts = [
            MatrixBox(stage, net.weights.second, ("parameter",), size=size, moves=False),
            # Without brackets a negative factor would read as a difference.
            stage.math(_factor(net.output_error, "error"), size),
            stage.math("dot.o", size),
            MatrixBox(stage, net.slopes, ("model",), size=size, moves=False),
            stage.math("=", size),
            MatrixBox(stage, net.hidden_errors, ("error",), size=size, moves=False),
        ]
        return VGroup(*parts).arrange(RIGHT, buff=FACTOR_GAP * stage.em(size))

    def outer_product(self, size: Size) -> VGroup:
        """δ_h xᵀ = ∂L/∂W₁, in numbers."""
        net, stage = self.explainer, self.stage
        parts = [
            MatrixBox(stage, net.hidden_errors, ("error",), size=size, moves=False),
            MatrixBox(stage, net.x[None], ("input",), size=size, moves=False),
            stage.math("=", size),
            MatrixBox(stage, net.gradient.first, ("error",), size=size, moves=False),
        ]
        return VGroup(*parts).arrange(RIGHT, buff=FACTOR_GAP * stage.em(size))

    def count_the_price(self) -> None:
        """A dot per parameter: its derivative by the sweep, and by two forward passes."""
        net, stage = self.explainer, self.stage
        sweep, nudged = net.gradient.flat, net.differences
        reach = 1.15 * max(1.0, float(np.abs([sweep, nudged]).max()))
        body = stage.zones.body
        main, side = body.rows(0.62, 0.38) if body.width < NARROW else body.columns(0.58, 0.42)
        with self.beat(captions.price(net), chapter=_("The price")):
            self.play(*map(FadeOut, self.leaving), run_time=0.5)
            self.heading(stage.words(_("Nudge each up and down, or sweep once?"), Size.TITLE))
            plot = Plot(
                stage, main, (-reach, reach), (-reach, reach),
                x_label=_("by the backward sweep"), y_label=_("by nudging"),
            )  # fmt: skip
            diagonal = plot.curve(np.array([-reach, reach]), np.array([-reach, reach]), "grid", 3.0)
            dots = Dots(stage, np.zeros((0, 3)), "error", 0.1)
            passes = Readout(stage, _("forward passes"), 0, decimals=0, role="parameter")
            largest = _("largest gap {gap}").format(gap=tiny(net.largest_disagreement))
            gap = stage.words(largest, Size.LABEL, "muted")
            counts = (Readout(stage, _("backward sweeps"), 1, decimals=0, role="error"), passes)
            if len(np.unique(np.round([sweep, nudged], 6), axis=1).T) < net.count:
                told = _("{n} dots, some on top of others").format(n=net.count)
                note = stack(gap.copy(), stage.paragraph(told, side.width, Size.LABEL, "muted"), gap=0.15)
                gap = note if stack(*counts, note, gap=0.4).height < side.height else gap
            panel = stack(*counts, gap, gap=0.4)
            panel.move_to(side.center)
            self.play(FadeIn(plot), FadeIn(diagonal), FadeIn(panel[:2]), run_time=0.8)
            self.add(dots)
            points = plot.points_at(sweep, nudged)

            def step(progress: float) -> None:
                done = round(progress * net.difference_passes)
                passes.set_value(done)
                dots.put(points[: done // 2])

            self.play(self.drive(step, dots, passes, run_time=4.0, rate_func=linear))
            self.play(FadeIn(gap), run_time=0.5)
        self.leaving = [plot, diagonal, dots, panel]

    # --- One step, and the summary ---------------------------------------------------------------------

    def take_a_step(self) -> None:
        """All weights move against their derivatives, and the forward numbers follow."""
        net, picture = self.explainer, self.picture
        start, end = net.weights.flat, net.stepped.flat
        with self.beat(captions.update(net), chapter=_("One step")):
            self.play(*map(FadeOut, self.leaving), run_time=0.5)
            for card in picture.cards:
                card.error.set_opacity(0.0)
            rate = in_math(format_number(net.learning_rate, 4, trim=True))
            update = f"{{{{w : parameter}}}} arrow.l {{{{w : parameter}}}} - {rate} dot partial L \\/ partial w"
            self.heading(self.stage.math(update, Size.TITLE))
            self.play(FadeIn(picture.arrows), FadeIn(picture.cards), FadeIn(picture.weights), run_time=0.8)
            self.add(picture.gradients)
            self.wait(0.5)

            def step(progress: float) -> None:
                weights = Weights.from_flat(lerp(start, end, progress))
                picture.put_weights(weights)
                picture.put_values(net.x, net.run(weights))

            self.play(self.drive(step, picture.cards, picture.weights, run_time=3.5))

    def sum_up(self) -> None:
        """The sweep once more, on the network as it was: numbers, errors, derivatives."""
        net, picture = self.explainer, self.picture
        start, end = arrow_ends()
        with self.beat(captions.summary(net), chapter=_("Summary")):
            back = f'{{{{W^top : parameter}}}} {{{{delta_"{end}" : error}}}} dot.o {{{{phi\' : model}}}}'
            self.heading(self.stage.math(f'{{{{delta_"{start}" : error}}}} = {back}', Size.TITLE))
            self.play(self.drive(self.restore(), picture.cards, picture.weights, run_time=1.0))
            layers = [[picture.loss], [picture.output], picture.hidden, picture.inputs]
            values = [[1.0], [net.output_error], net.hidden_errors, net.input_errors]
            arrows = [TO_LOSS, TO_OUTPUT, TO_HIDDEN, []]
            for cards, numbers, back in zip(layers, values, arrows, strict=True):
                self.tick([card.error for card in cards], numbers)
                if back:
                    self.pulse(back, "error", backward=True)
            moving = (picture.weights, picture.gradients)
            self.play(self.drive(lambda p: picture.put_gradients(net.gradient, p), *moving, run_time=1.5))

    def fitting(self, *formulas: str) -> VMobject:
        """The first of these formulas that the title zone takes unshrunk, else the last."""
        titles = [self.stage.math(formula, Size.TITLE) for formula in formulas]
        room = self.stage.zones.title.width
        return next((title for title in titles if title.width <= room), titles[-1])

    def restore(self) -> Callable[[float], None]:
        """A step back to the weights that the story began with."""
        net, picture = self.explainer, self.picture
        start, end = net.stepped.flat, net.weights.flat

        def step(progress: float) -> None:
            weights = Weights.from_flat(lerp(start, end, progress))
            picture.put_weights(weights)
            picture.put_values(net.x, net.run(weights))

        return step


def arrow_ends() -> tuple[str, str]:
    """What the start and the end of an arrow are called in formulas."""
    # Translators: indices in a formula: the error at the end of an arrow, the number at its start.
    return pgettext("of an arrow", "start"), pgettext("of an arrow", "end")


def fork_sum(net: Backprop, column: int, *, with_weights: bool = True) -> str:
    """What comes back to an input along its branches, as a sum in Typst math: of products, or of their values."""
    weights, errors, terms = net.weights.first[:, column], net.hidden_errors, net.fork_terms[:, column]
    total = float(net.input_errors[column])
    shown = [*weights, *errors, total] if with_weights else [*terms, total]
    sign = "=" if np.allclose(shown, np.round(shown, 2), rtol=0, atol=1e-9) else "approx"
    if with_weights:
        parts = [f"{_factor(w, 'parameter')} dot {_factor(e, 'error')}" for w, e in zip(weights, errors, strict=True)]
    else:
        parts = [_factor(term, "error") for term in terms]
    return f"{' + '.join(parts)} {sign} {{{{{in_math(short(total))} : error}}}}".replace("−", "-")


def _factor(value: float, role: str) -> str:
    """A number in its colour, in brackets if it is negative."""
    text = in_math(short(float(value)))
    return f"{{{{({text}) : {role}}}}}" if text.startswith("−") else f"{{{{{text} : {role}}}}}"


def tiny(value: float) -> str:
    """A small number as Typst markup: "$2 times 10^(-11)$"; "0" for none."""
    if value == 0:
        return "$0$"
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"${mantissa} times 10^({int(exponent)})$"
