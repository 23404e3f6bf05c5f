"""Every kind of Manim's animations that is jumped over, and some that must not be."""

import manim as m
from manim import BLUE, DOWN, LEFT, PI, RED, RIGHT, UP, Circle, Dot, Scene, Square, Star, Triangle, VGroup


class Making(Scene):
    def construct(self):
        shapes = [
            Square(fill_opacity=0.5),
            Circle(),
            Star(fill_opacity=1),
            Triangle(),
            Dot(),
            Square().round_corners(0.3),
        ]
        makers = [m.Create, m.DrawBorderThenFill, m.GrowFromCenter, m.SpinInFromNothing, m.Write, m.FadeIn]
        for maker, shape in zip(makers, shapes, strict=True):
            self.play(maker(shape), run_time=1)
        self.play(m.GrowFromPoint(Dot(), 2 * UP), m.GrowFromEdge(Square(), DOWN), m.GrowArrow(m.Arrow(LEFT, RIGHT)))
        self.play(m.ShowIncreasingSubsets(VGroup(*(Dot().shift(k * RIGHT) for k in range(4)))))
        self.play(m.Uncreate(shapes[0]), m.Unwrite(shapes[4]), m.FadeOut(shapes[1], shift=UP, scale=2))
        self.play(m.ShrinkToCenter(shapes[2]))
        self.wait(0.5)


class Changing(Scene):
    def construct(self):
        a, b, c = Square(color=RED).shift(2 * LEFT), Circle(fill_opacity=0.4), Star(color=BLUE).shift(2 * RIGHT)
        self.add(a, b, c)
        self.play(m.Transform(a, Triangle().shift(UP)), run_time=1)
        self.play(m.ReplacementTransform(a, a2 := Star(fill_opacity=0.2)), m.MoveToTarget(_targeted(b)))
        self.play(m.TransformFromCopy(c, Square().shift(DOWN)), m.CyclicReplace(b, c))
        self.play(m.FadeTransform(a2, Circle()), m.ClockwiseTransform(b, Dot()))
        self.play(m.ScaleInPlace(b, 3), m.FadeToColor(c, RED), m.ApplyMatrix([[1, 1], [0, 1]], VGroup(c)))
        self.play(m.Rotating(c, PI, run_time=1), m.MoveAlongPath(b, Circle(3)))
        c.save_state()
        self.play(c.animate.scale(2).rotate(1).set_fill(BLUE, 1))
        self.play(m.Restore(c))
        self.play(m.Swap(b, c), m.ApplyPointwiseFunction(lambda p: p + 0.1 * p[::-1], Square()))
        self.play(m.TransformMatchingShapes(VGroup(Dot(), Square()), VGroup(Square(), Star(), Dot().shift(UP))))


class Pointing(Scene):
    def construct(self):
        square = Square(fill_opacity=0.5).shift(LEFT)
        self.add(square)
        for animation in (
            m.Indicate(square), m.Flash(square), m.Circumscribe(square), m.Wiggle(square), m.FocusOn(square),
            m.ShowPassingFlash(square.copy().set_color(RED)), m.ApplyWave(square), m.Blink(square),
        ):  # fmt: skip
            self.play(animation, run_time=1)
        self.play(m.ShowPassingFlashWithThinningStrokeWidth(Circle()))
        self.play(m.Broadcast(Circle(), n_mobs=3), run_time=2)


class Depending(Scene):
    """Plays that must be stepped: the way counts."""

    def construct(self):
        square = Square()
        self.add(square)
        self.play(m.ChangeSpeed(square.animate(run_time=2).shift(RIGHT), speedinfo={0.3: 1, 0.6: 0.2, 1: 1}))
        self.play(m.Homotopy(lambda x, y, z, t: (x + t * y, y, z), square), run_time=1)
        self.play(m.PhaseFlow(lambda p: 0.1 * p, square), run_time=1)
        tracker = m.ValueTracker(0)
        follower = Dot().add_updater(lambda dot: dot.set_x(dot.get_x() + 0.1 * tracker.get_value()))
        self.add(follower)
        self.play(tracker.animate.set_value(2), run_time=1)
        self.play(m.MaintainPositionRelativeTo(square, follower), follower.animate.shift(UP), run_time=1)
        self.play(m.AnimationGroup(m.Rotate(square, 1), m.Homotopy(lambda x, y, z, t: (x, y + t, z), Square())))


def _targeted(mobject):
    mobject.generate_target().shift(UP).set_color(RED)
    return mobject
