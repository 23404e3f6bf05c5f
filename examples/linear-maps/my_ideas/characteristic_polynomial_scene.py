"""Staging of `characteristic-polynomial`."""

from __future__ import annotations

import numpy as np
from characteristic_polynomial import CharacteristicPolynomial
from manim import Create, FadeIn, FadeOut

from scenes.pictures.plot import Plot
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Dots
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import fit, stack
from scenes.stage.text import Size, format_number


class CharacteristicPolynomialScene(ExplainerScene[CharacteristicPolynomial]):
    """Three beats: the curve, a walk along it, and the two places where it is zero."""

    explainer_type = CharacteristicPolynomial

    def construct(self) -> None:
        """The story, beat by beat."""
        self.allow("clip-length", reason="A remark between two longer clips of the lecture.")
        self.show_curve()
        self.walk_along()
        self.show_zeros()

    def show_curve(self) -> None:
        """The parabola that trace and determinant make."""
        stage, matrix = self.stage, self.explainer
        low, high = matrix.eigenvalues
        reach = max(1.0, 0.5 * (high - low))
        ends = (low - reach, high + reach)
        bottom = min(-1.0, 1.2 * float(matrix.values(np.array([matrix.trace / 2]))[0]))
        with self.beat("Trace and determinant make a parabola.", chapter="The parabola"):
            self.heading(stage.math('p(lambda) = lambda^2 - ("tr" A) lambda + det A', Size.TITLE))
            heights = (bottom, float(matrix.values(np.array([ends[0]]))[0]))
            self.plot = Plot(stage, stage.zones.main, ends, heights, x_label="$lambda$", y_label="$p$")
            self.x = np.linspace(*ends, 120)
            curve = self.plot.curve(self.x, matrix.values(self.x))
            zero = self.plot.curve(np.array(ends), np.zeros(2), role="muted", width=2)
            numbers = stack(
                Readout(stage, "trace", matrix.trace, role="parameter"),
                Readout(stage, "determinant", matrix.determinant, role="parameter"),
                gap=0.35,
            )
            self.numbers = fit(numbers, stage.zones.side)
            self.play(FadeIn(self.plot), FadeIn(zero), FadeIn(self.numbers))
            self.play(Create(curve), run_time=2)

    def walk_along(self) -> None:
        """A dot runs along the curve, from left to right."""
        matrix = self.explainer
        with self.beat("Walk along it, and watch where its height is zero.", chapter="A walk"):
            dot = Dots(self.stage, self.plot.points_at(self.x[:1], matrix.values(self.x[:1])), "highlight", radius=0.12)

            def step(progress: float) -> None:
                place = self.x[:1] + progress * (self.x[-1] - self.x[0])
                dot.put(self.plot.points_at(place, matrix.values(place)))

            self.play(FadeIn(dot))
            self.play(self.drive(step, dot, run_time=4))
            self.play(FadeOut(dot))

    def show_zeros(self) -> None:
        """The zeros are marked, and named."""
        stage, eigenvalues = self.stage, np.array(self.explainer.eigenvalues)
        low, high = (format_number(value) for value in eigenvalues)
        with self.beat(f"Its zeros {low} and {high} are the eigenvalues.", chapter="The eigenvalues"):
            dots = Dots(stage, self.plot.points_at(eigenvalues, np.zeros(2)), "output", radius=0.14)
            names = stack(
                self.numbers.copy(),
                Readout(stage, "$lambda_1$", eigenvalues[0], role="output"),
                Readout(stage, "$lambda_2$", eigenvalues[1], role="output"),
                gap=0.35,
            )
            fit(names, stage.zones.side)
            self.play(self.numbers.animate.become(names[0]), FadeIn(dots), FadeIn(names[1], names[2]))
