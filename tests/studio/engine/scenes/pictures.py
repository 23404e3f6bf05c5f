"""Plain Manim scenes, each with a way of drawing that a painter could get wrong."""

import numpy as np
from manim import (
    BLUE,
    DEGREES,
    DOWN,
    GREEN,
    LEFT,
    ORIGIN,
    RED,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Circle,
    Create,
    Cube,
    Dot,
    FadeIn,
    FadeOut,
    ImageMobject,
    LaggedStart,
    Line,
    LineJointType,
    MovingCameraScene,
    PMobject,
    Rotate,
    Scene,
    Square,
    Star,
    ThreeDScene,
    Transform,
    Uncreate,
    VGroup,
    VMobject,
    ZoomedScene,
)


class Camera(MovingCameraScene):
    def construct(self):
        shapes = VGroup(Square(fill_opacity=0.5), Circle(color=RED).shift(2 * RIGHT), Star().shift(2 * LEFT))
        self.add(shapes, self.camera.frame.copy().scale(0.8))
        self.play(self.camera.frame.animate.scale(0.4).move_to(shapes[1]), run_time=1.5)
        self.play(Rotate(shapes[2], 1), run_time=0.5)
        self.wait(0.5)
        self.play(self.camera.frame.animate.scale(3), Transform(shapes[0], Circle()), run_time=1)


class Depth(Scene):
    def construct(self):
        low, high = Square(color=RED, fill_opacity=1, z_index=-1), Circle(color=BLUE, fill_opacity=0.8, z_index=2)
        middle = Star(color=YELLOW, fill_opacity=0.6)
        self.add(high, low, middle)
        self.play(middle.animate.shift(RIGHT), run_time=0.5)
        self.play(low.animate.shift(LEFT).set_z_index(5), run_time=0.5)
        self.play(FadeIn(Dot(radius=1, z_index=3)), FadeOut(high), run_time=0.5)
        self.bring_to_back(middle)
        self.wait(0.5)


class Gradients(Scene):
    def construct(self):
        square = Square(fill_opacity=1).set_color_by_gradient(RED, GREEN, BLUE)
        circle = Circle(stroke_width=20).set_stroke([RED, YELLOW]).set_sheen_direction(UP).shift(3 * RIGHT)
        shine = Circle(fill_opacity=0.7, color=BLUE, sheen_factor=0.6).shift(3 * LEFT)
        shine.set_stroke(WHITE, width=12, background=True, opacity=0.5)
        self.add(square, circle, shine)
        self.play(Rotate(square, 45 * DEGREES), circle.animate.set_sheen_direction(LEFT), run_time=1)
        self.play(shine.animate.set_sheen(-0.4, DOWN), run_time=0.5)


class Images(Scene):
    def construct(self):
        ramp = np.zeros((20, 30, 4), np.uint8)
        ramp[..., 0], ramp[..., 1], ramp[..., 3] = np.linspace(0, 255, 30), 80, 255
        image = ImageMobject(ramp).scale(8)
        below, above = Square(3, color=RED, fill_opacity=1), Circle(fill_opacity=0.4)
        self.add(below.shift(LEFT), image, above)
        self.play(above.animate.shift(2 * RIGHT), run_time=0.5)
        self.play(image.animate.shift(UP).set_opacity(0.5), run_time=0.5)
        self.play(FadeOut(image), run_time=0.5)
        self.wait(0.5)


class Points(Scene):
    def construct(self):
        cloud = PMobject(stroke_width=6)
        cloud.add_points([[np.cos(t), np.sin(2 * t), 0] for t in np.linspace(0, 6, 60)], color=YELLOW)
        square = Square(color=BLUE, fill_opacity=0.5)
        self.add(square, cloud)
        self.play(cloud.animate.shift(RIGHT), run_time=0.5)
        self.play(square.animate.scale(2), run_time=0.5)
        self.play(FadeOut(cloud), run_time=0.5)


class Dots(Scene):
    def construct(self):
        random = np.random.default_rng(3)
        dots = VGroup(*(Dot([*random.uniform(-4, 4, 2), 0], radius=0.06) for _ in range(60)))
        self.play(LaggedStart(*(FadeIn(dot, scale=2) for dot in dots), lag_ratio=0.1), run_time=1.5)
        self.play(dots[10:20].animate.set_color(RED), run_time=0.5)
        self.play(LaggedStart(*(FadeOut(dot) for dot in dots[::2]), lag_ratio=0.1), run_time=1)
        self.remove(*dots)
        self.wait(0.5)


class Foreground(Scene):
    def construct(self):
        label, moving = Square(color=WHITE, fill_opacity=0.5), Circle(color=RED, fill_opacity=1)
        self.add_foreground_mobjects(label)
        self.add(moving)
        self.play(moving.animate.shift(RIGHT), run_time=0.5)
        self.play(Create(Star(color=YELLOW)), run_time=0.5)
        self.remove_foreground_mobjects(label)
        self.play(moving.animate.shift(LEFT), run_time=0.5)
        self.wait(0.5)


class Outlines(Scene):
    """Sharp mitres, wide caps, and points that are not numbers or not there."""

    def construct(self):
        spike = VMobject(stroke_width=30, joint_type=LineJointType.MITER).set_points_as_corners(
            [3 * LEFT, 3 * RIGHT, 3 * LEFT + 0.8 * UP]
        )
        hole = VMobject(fill_opacity=1).set_points_as_corners([ORIGIN, UP, RIGHT, ORIGIN])
        hole.points[2] = np.nan
        far = Line(100 * LEFT, 1e6 * RIGHT + UP, color=GREEN)
        self.add(hole, spike, far, VMobject(), VMobject().set_points([ORIGIN]))
        self.play(Rotate(spike, 1), run_time=1)
        self.play(hole.animate.shift(UP), Uncreate(far), run_time=0.5)
        hole.points[:] = np.inf
        self.play(spike.animate.shift(20 * UP), run_time=0.5)
        self.wait(0.5)


class Backgrounds(Scene):
    def construct(self):
        circle = Circle(fill_opacity=1)
        self.play(FadeIn(circle), run_time=0.5)
        self.camera.background_color = BLUE
        self.play(circle.animate.shift(RIGHT), run_time=0.5)
        self.camera.background_opacity = 0.5
        self.play(circle.animate.shift(LEFT), run_time=0.5)
        self.wait(0.5)


class Space(ThreeDScene):
    def construct(self):
        self.set_camera_orientation(phi=60 * DEGREES, theta=30 * DEGREES)
        cube = Cube(fill_opacity=0.8)
        self.add(cube)
        self.play(Rotate(cube, 1), run_time=0.5)
        self.move_camera(theta=80 * DEGREES, run_time=0.5)
        self.begin_ambient_camera_rotation(rate=0.5)
        self.wait(1)


class Magnified(ZoomedScene):
    def construct(self):
        dot = Dot()
        self.add(dot, Square())
        self.activate_zooming(animate=False)
        self.play(dot.animate.shift(RIGHT), self.zoomed_camera.frame.animate.shift(RIGHT), run_time=1)
        self.wait(0.5)
