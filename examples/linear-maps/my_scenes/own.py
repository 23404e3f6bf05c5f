"""A scene of a lecturer's own, in plain Manim with the colours of her theme: a shear keeps areas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from manim import DOWN, LEFT, UP, Create, FadeIn, MathTypst, Polygon, Scene, Typst, Write

from studio.lecture.theme_file import read_theme

THEME = read_theme(Path(__file__).parent.parent / "department.toml")
BASE, HEIGHT, SHEAR = 4.0, 2.5, 1.5
"""In scene units: the parallelogram that a shear makes of a rectangle."""


class Proof(Scene):
    """Cut a triangle off a sheared rectangle and slide it over: the rectangle is back."""

    def construct(self) -> None:
        """The parallelogram, the cut, the slide."""
        self.camera.background_color = THEME.background
        corner = np.array([-BASE / 2, -HEIGHT / 2, 0.0])

        def at(x: float, y: float) -> np.ndarray:
            return corner + np.array([x, y, 0.0])

        style = {"fill_opacity": 0.6, "stroke_width": 3}
        triangle = Polygon(at(BASE, 0), at(BASE + SHEAR, HEIGHT), at(BASE, HEIGHT), color=THEME.output, **style)
        rest = Polygon(at(0, 0), at(BASE, 0), at(BASE, HEIGHT), at(SHEAR, HEIGHT), color=THEME.input, **style)

        self.next_section("The sheared rectangle")
        heading = Typst("A shear keeps areas", color=THEME.text, font_size=60).to_edge(UP)
        self.play(Write(heading), Create(rest), Create(triangle), run_time=2)
        self.wait(1)

        self.next_section("Slide the triangle over")
        self.play(triangle.animate.shift(BASE * LEFT), run_time=2)
        formula = MathTypst("det mat(1, s; 0, 1) = 1", color=THEME.text, font_size=60).next_to(rest, DOWN, buff=0.6)
        self.play(FadeIn(formula))
        self.wait(2)
