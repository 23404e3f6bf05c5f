"""Short plain scenes."""

from manim import RED, RIGHT, Circle, FadeIn, Scene, Square


class Disc(Scene):
    """Two seconds of a full red disc in the middle, as a half transparent square passes it."""

    def construct(self):
        self.add(Circle(radius=3, color=RED, fill_opacity=1))
        square = Square(fill_opacity=0.5).shift(6 * RIGHT)
        self.play(FadeIn(square), run_time=0.5)
        self.play(square.animate.shift(RIGHT), run_time=1)
        self.wait(0.5)


class Picture(Scene):
    """Plays nothing: a picture."""

    def construct(self):
        self.add(Circle(radius=3, color=RED, fill_opacity=1))
