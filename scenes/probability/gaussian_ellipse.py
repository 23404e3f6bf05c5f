"""Staging of `gaussian-ellipse`: a round cloud is pushed by L; the ellipse it becomes is read as a matrix."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import FadeIn, FadeOut, Indicate, Mobject, VGroup

from explainers.probability.gaussian_ellipse import EXTREME, RADII, GaussianEllipse
from scenes.pictures.cloud import Cloud, Ellipses
from scenes.pictures.grid import MovingGrid, Plane
from scenes.pictures.matrix import equations, point_of
from scenes.probability import gaussian_ellipse_captions as words
from scenes.probability.gaussian_ellipse_panels import REACH, AxisCross, AxisTexts, Box, Controls, CountPanel, Probe
from scenes.stage.language import _
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import fit
from scenes.stage.text import Size
from scenes.stage.zones import Zone

BORDER = 0.15
"""Scene units around the outermost dots."""
LEAST_REACH = 3.5
"""Room in units of σ, at least: the outer ellipse, and the names beyond its axes."""
LARGEST_UNIT = 1.2
"""Scene units per unit of the plane at most."""
DIM = 0.3
"""Opacity of dots while lines are read off over them."""
CLOSE_REACH, CLOSE_BORDER = 2.0, 0.5
"""How far the view reaches while the inner ellipse is read off, in σ; scene units around that, for names."""
MEDIUM = 0.5
"""Opacity of dots under rings and beside moving axes, which would drown in bright ones."""
SQUARISH = 1.8
"""Below this width of the body, in its heights, numbers need a larger share of it."""
APPROACH = np.radians(55)
"""How far before the long axis the direction u starts to turn."""


class GaussianEllipseScene(ExplainerScene[GaussianEllipse]):
    """Push a round cloud; read the ellipse's box, its axes, its shares; lean it."""

    explainer_type = GaussianEllipse

    def construct(self) -> None:
        """The story, beat by beat."""
        self.allow("colour-blind", reason="dots are dots; axes are named lines and arrows")
        self.build()
        self.show_round_cloud()
        self.push()
        self.read_box()
        self.read_lift()
        self.turn_direction()
        self.grow_axes()
        self.count_dots()
        if self.explainer.is_pushed:
            self.undo_and_push()
        self.sweep_correlation()
        self.summarise()

    # --- What stays on stage ----------------------------------------------------------------------------

    def build(self) -> None:
        """Plane, cloud, axes and the rooms beside them; nothing is on stage yet."""
        stage, gauss = self.stage, self.explainer
        main, side = arrange(stage.zones.body)
        self.side, self.cells = side, side.beside(1, 1, gap=0.35)
        self.radii = np.linalg.norm(gauss.round_dots, axis=1)
        reach = max(LEAST_REACH, float(self.radii.max())) * np.maximum(1, [gauss.sigma_x, gauss.sigma_y])
        self.wide = Plane.framing(main, np.array([-reach, reach]), LARGEST_UNIT, BORDER)
        self.close = self.closer(self.wide)
        self.plane = Plane(main, self.wide.unit)
        self.grid = MovingGrid(stage, self.plane)
        self.grid.lines.set_stroke(opacity=0.4, width=1.8)
        self.grid.axes.set_stroke(stage.color("input"), opacity=0.8, width=2.5)
        # The outer ring is apart: a close view would only show corners of it.
        self.cloud = Cloud(stage, self.plane, gauss.round_dots, RADII[:-1])
        self.outer = Ellipses(stage, self.plane, RADII[-1:])
        self.moving = (self.cloud.faint, self.cloud.bright, self.cloud.rings, self.outer)
        self.box = Box(stage, self.close, gauss)
        self.make_equations()

    def put(self, matrix: np.ndarray) -> None:
        """Show dots and circles under a matrix."""
        self.cloud.put(matrix)
        self.outer.put_matrix(matrix)

    def closer(self, wide: Plane) -> Plane:
        """The plane for reading off the inner ellipse: with room for `CLOSE_REACH` σ and for the longest Σu."""
        gauss = self.explainer
        corner = np.array([gauss.sigma_x, gauss.sigma_y]) * CLOSE_REACH
        longest = gauss.eigenvalues[0] * gauss.axes.vectors[:, 0]
        reach = np.maximum(corner, np.abs(longest))
        plane = Plane.framing(wide.zone, np.array([-reach, reach]), 2 * LARGEST_UNIT, CLOSE_BORDER)
        return Plane(wide.zone, max(plane.unit, wide.unit))

    def zoom(self, start: Plane, end: Plane, dots: tuple[float, float]) -> None:
        """Go from one view of the plane to the other; the dots change from one opacity to the other."""
        grid, cloud = self.grid, self.cloud

        def step(progress: float) -> None:
            self.plane.put_between(start, end, progress)
            grid.put_ghost()
            self.put(cloud.matrix)
            cloud.bright.set_fill(opacity=dots[0] + progress * (dots[1] - dots[0]))
            self.outer.set_stroke(opacity=1 - progress if end is self.close else progress)

        self.play(self.drive(step, grid.ghost, *self.moving, run_time=1.4))

    def opening_rooms(self) -> tuple[Zone, Zone]:
        """A line of text and a matrix in the middle of the side, before there are two matrices."""
        border = 0.0 if self.side.width > self.side.height else 0.2
        line, room = self.side.rows(border, 0.2, 0.4, border, gap=0.1)[1:3]
        return line, room

    def cell(self, index: int) -> tuple[Zone, Zone]:
        """The line of text and the room below it in one half of the side."""
        return self.cells[index].rows(0.3, 0.7, gap=0.1)

    def make_equations(self) -> None:
        """I, L and Σ in one size."""
        gauss = self.explainer
        swept = EXTREME * gauss.sigma_x * gauss.sigma_y * np.array([[0, -1], [-1, 0]])
        contents = [
            ("{{I : model}}", np.eye(2), ("model",), None),
            ("{{L : input}}", np.eye(2), ("input",), gauss.cholesky),
            ("{{Sigma : model}}", gauss.covariance, ("model",), np.where(np.eye(2), gauss.covariance, swept)),
        ]
        self.identity, self.factor, self.sigma = equations(self.stage, contents, self.cell(0)[1])

    def emphasise(self, *mobjects: Mobject) -> None:
        """A short pulse before something moves."""
        color = self.stage.color("highlight")
        self.play(*(Indicate(m, scale_factor=1.1, color=color) for m in mobjects), run_time=0.7)

    def level_dots(self, opacity: float) -> None:
        """All dots go to one opacity, lit or not."""
        cloud = self.cloud
        first = cloud.bright.get_fill_opacity()

        def step(progress: float) -> None:
            cloud.bright.set_fill(opacity=first + progress * (opacity - first))
            cloud.faint.set_fill(opacity=cloud.FAINT + progress * (opacity - cloud.FAINT))

        self.play(self.drive(step, cloud.bright, cloud.faint, run_time=0.6))
        cloud.light(np.ones(self.explainer.n, dtype=bool))
        cloud.faint.set_fill(opacity=cloud.FAINT)

    # --- The push -----------------------------------------------------------------------------------------

    def show_round_cloud(self) -> None:
        """Dots rain in, circles grow around them."""
        stage, gauss, cloud = self.stage, self.explainer, self.cloud
        with self.beat(words.start(gauss), chapter=_("A round cloud")):
            self.heading(stage.words(_(gauss.title), Size.TITLE))
            line, room = self.opening_rooms()
            standard = point_of(("0", "{{I : model}}"))
            identity = self.identity.move_to(room.center)
            self.line = fit(stage.math(f"{{{{z : data}}}} tilde cal(N){standard}", Size.TITLE), line)
            self.play(FadeIn(self.grid.ghost), run_time=0.6)
            cloud.bright.put(np.zeros((0, 3)))
            self.add(cloud.faint, cloud.bright)
            places = self.plane.at(gauss.round_dots)

            def rain(progress: float) -> None:
                cloud.bright.put(places[: round(progress * gauss.n)])

            self.play(FadeIn(self.line, identity), self.drive(rain, cloud.bright, run_time=2.2))
            self.add(cloud.rings, self.outer)

            def grow(progress: float) -> None:
                cloud.rings.put_matrix(progress * np.eye(2))
                self.outer.put_matrix(progress * np.eye(2))
                cloud.bright.set_fill(opacity=1 - progress * (1 - MEDIUM))

            self.play(self.drive(grow, cloud.bright, cloud.rings, self.outer, run_time=1.5))
        self.line = VGroup(self.line, identity)

    def push(self) -> None:
        """L moves grid, dots and circles together."""
        stage, gauss = self.stage, self.explainer
        with self.beat(words.push(gauss), chapter=_("Pushed by L")):
            line, room = self.opening_rooms()
            factor = gauss.cholesky
            self.factor.move_to(room.center)
            new = fit(stage.math("{{x : data}} = {{L : input}} {{z : data}}", Size.TITLE), line)
            self.play(FadeOut(self.line), run_time=0.4)
            self.play(FadeIn(new, self.factor, self.grid.lines, self.grid.axes), run_time=0.7)
            self.line = new
            self.bring_to_front(*self.moving)
            self.emphasise(self.factor.box)

            def step(progress: float) -> None:
                matrix = (1 - progress) * np.eye(2) + progress * factor
                self.grid.put_matrix(matrix)
                self.put(matrix)
                self.factor.put(matrix, moving=progress < 1)

            self.play(self.drive(step, self.grid.lines, self.grid.axes, *self.moving, self.factor, run_time=3.5))
            self.wait(0.8)
            self.play(FadeOut(self.grid.lines, self.grid.axes), run_time=0.6)

    # --- The entries of Σ -----------------------------------------------------------------------------------

    def read_box(self) -> None:
        """The box of the inner ellipse gives the diagonal."""
        stage, gauss, box = self.stage, self.explainer, self.box
        with self.beat(words.box(gauss), chapter=_("Variances")):
            line, room = self.cell(1)
            self.sigma_line = fit(stage.math("{{Sigma : model}} = {{L : input}} {{L : input}}^top", Size.TITLE), line)
            self.sigma.move_to(room.center)
            first_line, first_room = self.cell(0)
            self.play(
                self.line.animate.move_to(first_line.center),
                self.factor.animate.move_to(first_room.center),
                run_time=0.8,
            )
            self.play(FadeIn(self.sigma_line), run_time=0.6)
            self.play(FadeIn(self.sigma.name_text, self.sigma.box.brackets), run_time=0.5)
            self.zoom(self.wide, self.close, (MEDIUM, DIM))
            self.play(FadeIn(box.ring, box.frame), run_time=0.6)
            for side in (0, 1):
                self.play(FadeIn(box.sides[side], box.names[side]), run_time=0.7)
                self.play(FadeIn(self.sigma.box.numbers[3 * side]), run_time=0.5)
                self.emphasise(self.sigma.box.numbers[3 * side])

    def read_lift(self) -> None:
        """Where the ellipse touches the box gives the covariance."""
        box, numbers = self.box, self.sigma.box.numbers
        with self.beat(words.lift(self.explainer), chapter=_("Covariance")):
            self.play(FadeIn(box.dot, scale=2), run_time=0.6)
            self.play(FadeIn(box.lift, box.names[2]), run_time=0.7)
            self.play(FadeIn(numbers[1:3]), run_time=0.5)
            self.emphasise(numbers[1], numbers[2])

    # --- The axes ---------------------------------------------------------------------------------------------

    def turn_direction(self) -> None:
        """A direction turns until Σ only stretches it, twice."""
        gauss = self.explainer
        self.cross = cross = AxisCross(self.stage, self.plane, gauss.axes, CLOSE_REACH)
        cross.put(gauss.axes, 0.0)
        probe = Probe(self.stage, self.plane, gauss.covariance)
        self.texts = AxisTexts(self.stage, self.cells[1], gauss)
        with self.beat(words.turn(gauss), chapter=_("Eigenvectors")):
            self.play(FadeOut(self.box, self.line, self.factor, self.sigma_line), run_time=0.6)
            self.play(self.sigma.animate.move_to(self.cells[0].center), run_time=0.8)
            start = gauss.angle - APPROACH
            probe.put(start, 1)
            self.play(FadeIn(probe), run_time=0.6)
            for index, (side, first, last) in enumerate(
                ((1, start, gauss.angle), (-1, gauss.angle, gauss.angle + np.pi / 2))
            ):
                if index:
                    probe.put(first, side)
                    self.play(FadeIn(probe.names), run_time=0.3)
                self.play(
                    self.drive(lambda t, a=first, b=last, s=side: probe.put(a + t * (b - a), s), probe, run_time=2.6)
                )
                self.play(FadeIn(cross.lines[index], cross.names[index], self.texts.stretches[index]), run_time=0.7)
                self.bring_to_front(probe)
                self.play(FadeOut(probe.names), run_time=0.3)
            self.play(FadeOut(probe.arrow, probe.image), run_time=0.4)

    def grow_axes(self) -> None:
        """The inner ellipse stands out; the axes draw back to it, and arrows grow along them."""
        gauss, cross, rings, ring = self.explainer, self.cross, self.cloud.rings, self.box.ring
        with self.beat(words.half_axes(gauss), chapter=_("Half-lengths")):
            self.play(FadeIn(self.texts.lengths), run_time=0.6)
            self.emphasise(self.texts.lengths)
            self.play(FadeIn(ring), rings.animate.set_stroke(opacity=DIM), run_time=0.6)
            self.bring_to_front(cross.lines, cross.names)
            self.add(cross.arrows)

            def grow(progress: float) -> None:
                cross.reach = CLOSE_REACH + progress * (1 - CLOSE_REACH)
                cross.put(gauss.axes, progress)

            self.play(self.drive(grow, cross, run_time=1.8))

    # --- The dots -----------------------------------------------------------------------------------------------

    def count_dots(self) -> None:
        """An ellipse grows; the dots inside light up and are counted."""
        gauss, cloud = self.explainer, self.cloud
        self.counts = CountPanel(self.stage, self.side, self.radii)
        panel = self.counts
        with self.beat(words.count(gauss), chapter=_("Count the dots")):
            leaving = (self.cross, self.sigma, self.texts, self.box.ring)
            self.play(FadeOut(*leaving), cloud.rings.animate.set_stroke(opacity=1), run_time=0.6)
            self.zoom(self.close, self.wide, (DIM, Cloud.FAINT))
            self.play(FadeIn(panel.plot, panel.expected, panel.header), run_time=0.7)
            front = Ellipses(self.stage, self.plane, (1.0,), "highlight", 5)
            front.put_matrix(np.zeros((2, 2)))
            cloud.light(np.zeros(gauss.n, dtype=bool))
            cloud.bright.set_fill(opacity=1)
            self.add(panel.counted, panel.expected, front)
            for k, row in zip(RADII, panel.rows, strict=True):

                def step(progress: float, start: int = k - 1) -> None:
                    radius = start + progress
                    front.put_matrix(radius * gauss.cholesky)
                    cloud.light(self.radii <= radius)
                    panel.put(radius)

                moving = (cloud.faint, cloud.bright, panel.counted, front)
                self.play(self.drive(step, *moving, run_time=2.0))
                self.play(FadeIn(row), run_time=0.5)
            self.play(FadeOut(front), run_time=0.4)

    def undo_and_push(self) -> None:
        """Back to the round cloud and out again: the same dots are inside."""
        gauss, cloud = self.explainer, self.cloud
        with self.beat(words.undo(), chapter=_("The same shares")):
            self.play(
                self.drive(lambda t: cloud.light(self.radii <= 3 - 2 * t), cloud.bright, cloud.faint, run_time=0.8)
            )
            self.emphasise(self.counts.rows[0])

            def step(pushed: float) -> None:
                self.put((1 - pushed) * np.eye(2) + pushed * gauss.cholesky)

            self.play(self.drive(lambda t: step(1 - t), *self.moving, run_time=2.2))
            self.wait(0.6)
            self.play(self.drive(step, *self.moving, run_time=2.2))

    def sweep_correlation(self) -> None:
        """ρ goes to both ends and back; all views follow."""
        stage, gauss = self.stage, self.explainer
        self.controls = controls = Controls(stage, self.cells[1], gauss)
        self.cross = AxisCross(stage, self.plane, gauss.axes, REACH)
        self.frame = Box(stage, self.wide, gauss).frame
        # The arrows are the half-axes of this one.
        self.inner = Ellipses(stage, self.plane, RADII[:1], "model", 6)
        self.inner.put_matrix(gauss.cholesky)
        with self.beat(words.sweep(), chapter=_("Lean it")):
            self.play(FadeOut(self.counts), run_time=0.5)
            self.level_dots(MEDIUM)
            self.play(FadeIn(self.sigma, controls, self.frame, self.inner, self.cross), run_time=0.8)
            moving = (*self.moving, self.inner, self.sigma, controls, self.cross)
            stops = (gauss.rho, -EXTREME, EXTREME, gauss.rho)
            for first, last in pairwise(stops):

                def step(progress: float, first: float = first, last: float = last) -> None:
                    rho = first + progress * (last - first)
                    there, axes = gauss.with_correlation(rho), gauss.axes_at(rho)
                    self.put(there.cholesky)
                    self.inner.put_matrix(there.cholesky)
                    self.cross.put(axes)
                    self.sigma.put(there.covariance, moving=progress < 1)
                    controls.put(rho, axes)

                seconds = 1.2 + 1.6 * abs(last - first)
                self.play(self.drive(step, *moving, run_time=seconds))

    def summarise(self) -> None:
        """The three formulas beside the cloud and its axes."""
        rows = self.cells[1].rows(1, 1, 1, gap=0.1)
        markups = ("{{x : data}} = {{L : input}} {{z : data}}", "{{Sigma : model}} = {{L : input}} {{L : input}}^top")
        formulas = [self.stage.math(markup, Size.TITLE) for markup in markups]
        formulas.append(self.half_axes(rows[-1].width))
        for formula, row in zip(formulas, rows, strict=True):
            fit(formula, row)
        with self.beat(words.closing(), chapter=_("Matrix and ellipse")):
            self.play(FadeOut(self.controls, self.frame), run_time=0.6)
            for formula in formulas:
                self.play(FadeIn(formula), run_time=0.6)

    def half_axes(self, width: float) -> Mobject:
        """What the arrows are; of which ellipse, where that can be read in this width."""
        stage = self.stage
        names = (_("inner half-axes"), _("half-axes"))
        lines = [stage.math(f'"{name}" {{{{sqrt(lambda_i) thin v_i : second}}}}', Size.TITLE) for name in names]
        readable = width * stage.em(Size.TITLE) / stage.em(Size.LABEL)
        return next((line for line in lines if line.width <= readable), lines[-1])


def arrange(body: Zone) -> tuple[Zone, Zone]:
    """Rooms for the plane and for numbers: side by side in a wide body, else one below the other."""
    if body.width > 1.4 * body.height:
        shares = (0.57, 0.43) if body.width < SQUARISH * body.height else (0.64, 0.36)
        return body.columns(*shares, gap=0.4)
    return body.rows(0.64, 0.36, gap=0.3)
