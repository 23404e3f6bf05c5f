"""Plain Manim scenes whose picture depends on the way there: what a film cut into slices could get wrong."""

import random
import wave
from pathlib import Path

import numpy as np
from manim import (
    BLUE,
    LEFT,
    RED,
    RIGHT,
    UP,
    Circle,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    LaggedStart,
    Rotate,
    Scene,
    Square,
    Star,
    Succession,
    TracedPath,
    Transform,
    UpdateFromAlphaFunc,
    UpdateFromFunc,
    ValueTracker,
    VGroup,
    VMobject,
    Wait,
    always_redraw,
    config,
    linear,
)


class Integrating(Scene):
    """A ball thrown: its updater adds up dt."""

    def construct(self):
        ball = Dot(color=RED).shift(4 * LEFT)
        ball.velocity = np.array([2.0, 3.0, 0.0])

        def fly(mobject, dt):
            mobject.velocity += dt * np.array([0, -2.0, 0])
            mobject.shift(dt * mobject.velocity)

        ball.add_updater(fly)
        self.add(ball)
        self.wait(2)
        self.play(Create(Square()), run_time=2)
        ball.suspend_updating()
        self.wait(1)
        ball.resume_updating()
        self.play(Rotate(Star(), 1), run_time=1.5)
        ball.clear_updaters()
        self.play(ball.animate.shift(UP), run_time=2)


class Traced(Scene):
    def construct(self):
        dot = Dot().shift(2 * RIGHT)
        self.add(dot, TracedPath(dot.get_center, stroke_color=BLUE, dissipating_time=0.5), TracedPath(dot.get_center))
        self.play(Rotate(dot, 5, about_point=LEFT), run_time=3, rate_func=linear)
        self.wait(1)
        self.play(dot.animate.shift(UP), run_time=2)


class Redrawn(Scene):
    def construct(self):
        height = ValueTracker(0.5)
        bar = always_redraw(lambda: Square(side_length=height.get_value(), fill_opacity=0.5))
        self.add(bar)
        self.play(height.animate.set_value(3), run_time=2)
        self.play(FadeIn(Circle()), run_time=2)
        self.wait(1)
        bar.clear_updaters()
        self.play(height.animate.set_value(1), FadeOut(bar), run_time=1)


class Waiting(Scene):
    """Plays whose length nobody knows beforehand."""

    def construct(self):
        dot = Dot(color=RED).add_updater(lambda mobject, dt: mobject.shift(dt * RIGHT))
        self.add(dot)
        self.wait_until(lambda: dot.get_x() > 4, max_time=20)
        self.play(Create(Circle()), run_time=1)
        self.wait_until(lambda: dot.get_x() > 5.4, max_time=20)
        self.wait(2, stop_condition=lambda: dot.get_x() > 6)
        self.wait(0.01)
        self.wait(1, frozen_frame=False)


class Sections(Scene):
    def construct(self):
        square = Square()
        self.play(Create(square), run_time=1)
        self.next_section("turn")
        self.play(Rotate(square, 1), run_time=1)
        self.next_section("hidden", skip_animations=True)
        dot = Dot().add_updater(lambda mobject, dt: mobject.shift(dt * UP))
        self.add(dot)
        self.play(square.animate.set_fill(RED, 1), run_time=2)
        self.wait(2)
        self.next_section("shown")
        self.play(square.animate.shift(RIGHT), run_time=2)
        self.next_section()
        self.wait(1)


class Staggered(Scene):
    def construct(self):
        dots = VGroup(*(Dot().shift(k * RIGHT / 2 + 2 * LEFT) for k in range(9)))
        self.play(LaggedStart(*(FadeIn(dot, shift=UP) for dot in dots), lag_ratio=0.4), run_time=4)
        self.play(
            Succession(
                Rotate(dots, 1), Wait(0.3), Transform(dots[0], Star()), dots[1].animate.scale(3), FadeOut(dots[2:4])
            ),
            run_time=4,
        )
        self.play(LaggedStart(*(Succession(FadeOut(dot), FadeIn(dot)) for dot in dots[4:]), lag_ratio=0.2))


class Random(Scene):
    """Draws from Manim's seeded generators while it builds and while it moves."""

    def construct(self):
        dots = VGroup(*(Dot([*np.random.uniform(-3, 3, 2), 0]) for _ in range(8)))
        self.add(dots)
        self.play(UpdateFromFunc(dots, lambda mobject: mobject.shift(0.02 * np.random.normal(size=3))), run_time=2)
        for _ in range(3):
            self.play(random.choice(dots).animate.set_color(random.choice([RED, BLUE])), run_time=1)


class Loud(Scene):
    def construct(self):
        tone = Path(config.media_dir) / "tone.wav"
        with wave.open(str(tone), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes((np.sin(np.arange(4000) / 3) * 20000).astype("<i2").tobytes())
        circle = Circle()
        self.add_sound(str(tone))
        self.add_subcaption("a circle appears", duration=1)
        self.play(Create(circle), run_time=2)
        self.add_sound(str(tone), time_offset=0.5)
        self.play(circle.animate.shift(RIGHT), run_time=2, subcaption="it moves", subcaption_offset=0.25)
        self.wait(1)


class Custom(Scene):
    """Animations of the scene's own, some of which remember."""

    def construct(self):
        line = VMobject().set_points_as_corners([LEFT, RIGHT])
        self.add(line)

        def grow(mobject, alpha):
            mobject.add_line_to(np.array([np.cos(9 * alpha), np.sin(9 * alpha), 0]) * (1 + alpha))

        self.play(UpdateFromAlphaFunc(line, grow), run_time=3)
        self.play(line.animate.scale(0.5), run_time=2)
        self.play(line.animate(rate_func=linear, run_time=1).rotate(1), line.animate.set_color(RED))
