"""Staging of `pca`: a turning line shares out a fixed total between shadow and distance; then planes do the same."""

from __future__ import annotations

import math

import numpy as np
from manim import DOWN, RIGHT, Circle, FadeIn, FadeOut, Indicate, VGroup

from explainers.linear_algebra.pca import Pca, unit
from scenes.linear_algebra import pca_captions as words
from scenes.linear_algebra.pca_panels import DepthDots, Flat, Ledger, Pile, Scree, SplitPlot, stacked
from scenes.pictures.labels import tag
from scenes.pictures.matrix import Equation
from scenes.pictures.shapes import Arrow, Curve, Dots
from scenes.pictures.surface import View
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import fit
from scenes.stage.text import Size
from scenes.stage.zones import Zone

TALL = 1.35
"""A body less wide than this times its height has the panel below the picture."""
DIMMED = 0.25
"""Opacity of what the eye should leave alone."""
SHADOW_LENGTH = 0.9
"""Length of the arrow S u at the best angle, relative to the room there is."""
TOP_VIEW = (-math.pi / 2, math.pi / 2)
"""Azimuth and elevation of an eye straight above the plane, the first measurement to the right."""
AWAY = math.radians(70)
"""Turn from the flattest view to the one in which the solid cloud is first shown."""
LOW = math.radians(14)
"""Elevation of that view: nearly along the sheet."""
AXES = ("model", "error", "parameter")
"""Roles of the principal axes. What the first leaves over is distance, so the second has the colour of distance."""


class PcaScene(ExplainerScene[Pca]):
    """Centre, turn a line, stop at the widest shadow; then turn the eye around a cloud in space, and rebuild."""

    explainer_type = Pca

    def construct(self) -> None:
        """The story, beat by beat."""
        self.allow("colour-blind", reason="shadow is below and on the line, distance above and off it; both are named")
        self.build()
        self.centre()
        self.follow_one_point()
        self.cast_shadows()
        self.turn()
        self.find_eigenvector()
        self.add_second_axis()
        self.reveal_third()
        self.turn_to_flattest()
        self.rebuild()
        self.summarise()

    # --- What stays on stage ----------------------------------------------------------------------------

    def build(self) -> None:
        """The plane cloud, and the parts of the panel; nothing is on stage yet."""
        stage, pca, body = self.stage, self.explainer, self.stage.zones.body
        wide = body.width > TALL * body.height
        self.room, self.panel = body.columns(0.61, 0.39, gap=0.5) if wide else body.rows(0.56, 0.44)
        self.picture, self.lines = self.panel.rows(0.64, 0.36) if wide else self.panel.columns(0.58, 0.42, gap=0.5)
        self.flat = fit_flat(pca, self.room)
        self.radius = float(np.clip(0.9 / math.sqrt(pca.points), 0.05, 0.085))
        self.dots = Dots(stage, self.flat.at(pca.plane.points), "data", self.radius)
        self.line = Curve(stage, role="model", width=5)
        self.feet = Dots(stage, np.zeros((0, 2)), "model", 0.8 * self.radius)
        self.drops = Curve(stage, role="error", width=1.6, opacity=0.8)
        self.axes = Curve(stage, role="grid", width=2.5)
        self.pile = Pile(stage, ("model", "error"))
        self.ledger = Ledger(stage, self.lines)
        self.split = SplitPlot(stage, self.picture, pca)

    def put_axes(self, origin: np.ndarray) -> None:
        """Axes of the measurements through this place of the frame, as far as the room goes."""
        room = self.room
        x, y = np.clip(origin[0], room.left, room.right), np.clip(origin[1], room.bottom, room.top)
        self.axes.put_segments([[room.left, y, 0], [x, room.bottom, 0]], [[room.right, y, 0], [x, room.top, 0]])

    def put_line(self, angle: float) -> None:
        """The line through the mean at this angle, as far as the room goes."""
        reach = self.reach(angle) * np.append(unit(angle), 0)
        self.line.put(np.array([self.flat.center - reach, self.flat.center + reach]))

    def reach(self, angle: float) -> float:
        """Scene units from the mean to the edge of the room at this angle."""
        x, y = np.maximum(np.abs(unit(angle)), 1e-9)
        return min(self.room.width / 2 / x, self.room.height / 2 / y)

    def put_shadows(self, angle: float) -> None:
        """Line, shadows and distances of all points."""
        self.put_line(angle)
        feet = self.flat.at(self.explainer.shadows(angle)[:, None] * unit(angle))
        self.feet.put(feet)
        self.drops.put_segments(self.flat.at(self.explainer.plane.points), feet)

    def put_means(self, angle: float) -> None:
        """The readouts of the whole cloud."""
        self.ledger.put(float(self.explainer.shadow_variance(angle)), float(self.explainer.squared_distance(angle)))

    @property
    def tower(self) -> Zone:
        """Where the pile stands on its own."""
        zone = self.picture
        em = self.stage.em(Size.READOUT)
        return Zone(zone.center[0] - 1.6 * em, zone.bottom + 0.3 * em, zone.center[0] + 1.6 * em, zone.top - 0.3 * em)

    def morph(self, pile: Pile, target: np.ndarray, run_time: float = 1.2) -> None:
        """Move the parts of a pile to other boxes."""
        start = pile.boxes
        self.play(self.drive(lambda t: pile.put(start + t * (target - start)), pile, run_time=run_time))

    # --- The plane ------------------------------------------------------------------------------------------

    def centre(self) -> None:
        """The origin moves to the mean of the cloud."""
        stage, pca = self.stage, self.explainer
        with self.beat(words.CENTRE, chapter="Centre the cloud"):
            self.heading(stage.words(pca.title, Size.TITLE))
            origin = self.flat.at(-pca.mean)[0]
            self.put_axes(origin)
            mean = Dots(stage, self.flat.center[None], "highlight", 1.7 * self.radius)
            self.play(FadeIn(self.axes, self.dots), run_time=0.8)
            label = stage.words("mean", Size.READOUT, "muted")
            pair = VGroup(*(stage.number(v, Size.TITLE) for v in pca.mean)).arrange(DOWN, buff=0.25)
            VGroup(label, pair).arrange(DOWN, buff=0.3).move_to(self.panel.center)
            self.play(FadeIn(mean, label, pair), run_time=0.7)

            def slide(progress: float) -> None:
                self.put_axes(origin + progress * (self.flat.center - origin))
                for number, value in zip(pair, pca.mean, strict=True):
                    number.set_value((1 - progress) * value)

            self.play(self.drive(slide, self.axes, pair, run_time=2.4))
            self.wait(0.5)
            self.play(FadeOut(mean, label, pair), run_time=0.6)

    def follow_one_point(self) -> None:
        """One point's shadow and distance: the foot runs on the circle of Thales."""
        stage, pca, flat = self.stage, self.explainer, self.flat
        point = pca.plane.points[pca.witness]
        with self.beat(words.ONE_POINT, chapter="One point"):
            place = flat.at(point)[0]
            arm = Curve(stage, np.array([flat.center, place]), "text", 3)
            circle = Circle(float(np.linalg.norm(place - flat.center)) / 2, stage.color("muted"), stroke_width=1.5)
            circle.move_to((place + flat.center) / 2)
            witness = Dots(stage, place[None], "data", 1.8 * self.radius)
            shadow, distance = Curve(stage, role="model", width=9), Curve(stage, role="error", width=6)
            foot = Dots(stage, place[None], "model", 1.4 * self.radius)

            def put(angle: float) -> None:
                length = float(point @ unit(angle))
                end = flat.at(length * unit(angle))[0]
                self.put_line(angle)
                shadow.put(np.array([flat.center, end]))
                distance.put(np.array([place, end]))
                foot.put(end[None])
                squares = length**2, max(float(point @ point) - length**2, 0.0)
                self.pile.put(stacked(self.tower, squares))
                self.ledger.put(*squares)

            start, end = pca.sweep
            put(start)
            moving = (self.line, shadow, distance, foot, self.pile, self.ledger)
            self.play(self.dots.animate.set_fill(opacity=DIMMED), FadeIn(arm, witness), run_time=0.7)
            self.play(FadeIn(self.line, shadow, distance, foot), run_time=0.7)
            self.bring_to_front(witness)
            self.play(FadeIn(self.pile, self.ledger, circle), run_time=0.6)
            self.play(self.drive(lambda t: put(start + t * (end - start)), *moving, run_time=6.0))
            formula = '{{"shadow"^2 : model}} + {{"distance"^2 : error}} = "constant"'
            self.heading(stage.math(formula, Size.READOUT))
        self.one_point = VGroup(arm, circle, witness, shadow, distance, foot)

    def cast_shadows(self) -> None:
        """All points, and means of squares in place of squares."""
        pca, start = self.explainer, self.explainer.sweep[0]
        with self.beat(words.SHADOWS, chapter="All shadows"):
            self.play(FadeOut(self.one_point), self.dots.animate.set_fill(opacity=1), run_time=0.7)
            points = self.flat.at(pca.plane.points)
            feet = self.flat.at(pca.shadows(start)[:, None] * unit(start))
            self.feet.put(points)
            self.drops.put_segments(points, points)
            self.add(self.drops, self.dots, self.feet)

            def fall(progress: float) -> None:
                ends = points + progress * (feet - points)
                self.feet.put(ends)
                self.drops.put_segments(points, ends)

            self.play(self.drive(fall, self.feet, self.drops, run_time=2.4))
            shadow = float(pca.shadow_variance(start))
            self.play(FadeOut(self.ledger), run_time=0.4)
            self.put_means(start)
            heading = self.stage.words("means over the cloud", role="muted")
            self.means = heading.next_to(self.ledger, DOWN, buff=0.2).align_to(self.ledger, RIGHT)
            fit_within(self.means, self.lines)
            self.play(FadeIn(self.ledger), run_time=0.6)
            self.morph(self.pile, stacked(self.tower, [shadow, pca.plane.trace - shadow]))

    def turn(self) -> None:
        """Half a turn of the line; the pile runs along the plot and leaves the split behind."""
        pca, (start, end) = self.explainer, self.explainer.sweep
        with self.beat(words.turn(pca), chapter="Turn the line"):
            self.split.unroll(start)
            self.morph(self.pile, self.split.boxes(start))
            self.play(FadeIn(self.split), run_time=0.6)
            self.add(self.pile)

            def step(progress: float) -> None:
                self.turn_to(start + progress * (end - start))
                self.split.unroll(start + progress * (end - start))

            self.play(self.drive(step, *self.turning, self.split, run_time=8.0))

    @property
    def turning(self) -> tuple:
        """All that `turn_to` changes."""
        return self.line, self.feet, self.drops, self.pile, self.ledger

    def turn_to(self, angle: float) -> None:
        """Line, shadows, pile and readouts at this angle."""
        self.put_shadows(angle)
        self.pile.put(self.split.boxes(angle))
        self.put_means(angle)

    def find_eigenvector(self) -> None:
        """Turn to the best angle; the arrow S u falls onto the line there."""
        stage, pca, flat = self.stage, self.explainer, self.flat
        covariance, top = pca.plane.covariance, float(pca.plane.variances[0])
        length = SHADOW_LENGTH * self.reach(pca.peak) / top
        with self.beat(words.eigenvector(pca), chapter="Top eigenvector"):
            matrix = Equation(stage, "S", covariance, ("text",), size=Size.READOUT)
            fit(matrix, self.lines)
            self.play(FadeOut(self.ledger), FadeIn(matrix), run_time=0.7)
            arrow = Arrow(stage, flat.center, flat.center, "input", thickness=0.09, tip=0.34)
            name = tag(stage, "$S u$", "input")

            def put(angle: float) -> None:
                self.turn_to(angle)
                image = np.append(covariance @ unit(angle), 0) * length
                arrow.put(flat.center, flat.center + image)
                side = np.array([-image[1], image[0], 0.0]) / np.linalg.norm(image)
                name.move_to(flat.center + 0.8 * image + 0.42 * side)

            start = pca.sweep[1]
            put(start)
            self.play(FadeIn(arrow, name), self.drops.animate.set_stroke(opacity=0.35), run_time=0.7)
            path = (arrow, name, *self.turning)
            self.play(self.drive(lambda t: put(start + t * (pca.peak - start)), *path, run_time=4.0))
            formula = f"S {{{{u : model}}}} = {{{{{top:.2f} : model}}}} thin {{{{u : model}}}}"
            self.heading(stage.math(formula, Size.TITLE))
            self.play(Indicate(self.pile[0], scale_factor=1.08, color=stage.color("model")), run_time=0.8)
        self.eigen = VGroup(matrix, arrow, name)

    def add_second_axis(self) -> None:
        """The pile at the best angle comes apart into the two variances."""
        stage, pca = self.stage, self.explainer
        with self.beat(words.second_axis(pca), chapter="Second axis"):
            self.play(FadeOut(self.eigen, self.split), run_time=0.6)
            self.second = Curve(stage, role="error", width=5)
            across = min(self.reach(pca.best_angle + 90), self.reach(pca.best_angle))
            way = across * np.append(unit(pca.best_angle + 90), 0)
            center = self.flat.center
            self.play(FadeOut(self.drops, self.feet), run_time=0.5)
            self.add(self.second)
            self.play(self.drive(lambda t: self.second.put(center + np.outer([-t, t], way)), self.second, run_time=1.2))
            self.scree = Scree(stage, self.panel, pca.plane.variances, AXES[:2])
            self.morph(self.pile, self.scree.boxes, 1.8)
            self.play(FadeIn(self.scree.names, self.scree.shares, self.scree.base), run_time=0.6)

    # --- Space ----------------------------------------------------------------------------------------------

    def look_from(self, azimuth: float, elevation: float, scale: float) -> None:
        """Draw the solid cloud, its measurement axes and its principal axes as this eye sees them."""
        solid = self.explainer.solid
        view = self.view = View(azimuth, elevation, self.room.center, scale)
        self.cloud.put(view.project(self.shown), view.depth(self.shown), self.depth_reach)
        ends = self.axis_length * np.eye(3)
        self.frame.put_segments(view.project(-ends), view.project(ends))
        for line, axis, variance in zip(self.principal, solid.axes, solid.variances, strict=True):
            arm = 2.6 * math.sqrt(variance) * axis
            line.put(view.project(np.array([-arm, arm])))

    def seen(self) -> tuple[float, float]:
        """Variance across the view, and along it."""
        eye = self.view.toward_eye
        depth = float(eye @ self.explainer.solid.covariance @ eye)
        return self.explainer.solid.trace - depth, depth

    def build_solid(self) -> None:
        """The cloud in space, as large as the room allows from all eyes to come."""
        stage, solid = self.stage, self.explainer.solid
        self.shown = solid.points
        self.depth_reach = float(np.linalg.norm(solid.points, axis=1).max())
        self.axis_length = 0.75 * self.depth_reach
        self.cloud = DepthDots(stage, "data", self.radius)
        self.frame = Curve(stage, role="grid", width=2.5)
        self.principal = VGroup(*(Curve(stage, role=role, width=5) for role in AXES))
        azimuth, elevation = self.explainer.flattest_view
        side = 1 if azimuth < TOP_VIEW[0] else -1
        self.edge_view = (azimuth + side * AWAY, LOW)
        eyes = np.linspace(TOP_VIEW, self.edge_view, 12).tolist()
        eyes += np.linspace(self.edge_view, (azimuth, elevation), 12).tolist()
        self.solid_scale = min(
            min(self.room.width / 2 / np.abs(flat[:, 0]).max(), self.room.height / 2 / np.abs(flat[:, 1]).max())
            for flat in (View(*eye, np.zeros(3)).project(solid.points) for eye in eyes)
        )

    def reveal_third(self) -> None:
        """Tip the view: what was seen so far was the cloud from straight above."""
        with self.beat(words.third(self.explainer), chapter="A third measurement"):
            scree = self.scree
            gone = (scree.names, scree.shares, scree.base, self.pile, self.line, self.second)
            self.build_solid()
            self.look_from(*TOP_VIEW, self.flat.unit)
            self.play(FadeOut(*gone), FadeOut(self.dots, self.axes), FadeIn(self.frame, self.cloud), run_time=0.8)
            self.heading(self.stage.words(self.explainer.title, Size.TITLE))
            start, end = np.array([*TOP_VIEW, self.flat.unit]), np.array([*self.edge_view, self.solid_scale])
            tip = self.drive(lambda t: self.look_from(*(start + t * (end - start))), self.cloud, self.frame, run_time=4)
            self.play(tip)

    def turn_to_flattest(self) -> None:
        """Turn the eye until the depth is least; the same total is shared out."""
        stage, pca = self.stage, self.explainer
        with self.beat(words.flattest(pca), chapter="The flattest view"):
            self.pile.put(stacked(self.tower, self.seen()))
            self.space_ledger = Ledger(stage, self.lines, ("shadow²", "depth²", "sum")).put(*self.seen())
            self.play(FadeIn(self.pile, self.space_ledger), run_time=0.7)
            start, end = np.array(self.edge_view), np.array(pca.flattest_view)

            def step(progress: float) -> None:
                self.look_from(*(start + progress * (end - start)), self.solid_scale)
                self.pile.put(stacked(self.tower, self.seen()))
                self.space_ledger.put(*self.seen())

            moving = (self.cloud, self.frame, self.pile, self.space_ledger)
            self.play(self.drive(step, *moving, run_time=5.0))

    def rebuild(self) -> None:
        """The pile comes apart into three bars; the points slide onto the axes that are kept."""
        stage, pca, solid = self.stage, self.explainer, self.explainer.solid
        with self.beat(words.rebuild(pca), chapter="Keep and rebuild"):
            first, second, third = solid.variances
            bars = Pile(stage, AXES).put(stacked(self.tower, [first, second, third]))
            self.play(FadeOut(self.space_ledger, self.pile), FadeIn(bars), run_time=0.5)
            self.scree = Scree(stage, self.panel, solid.variances, AXES)
            self.morph(bars, self.scree.boxes, 1.4)
            kept = VGroup(*self.principal[: pca.keep])
            self.play(FadeIn(self.scree.names, self.scree.shares, self.scree.base, kept), run_time=0.6)
            self.bring_to_front(self.cloud)
            start, end = np.array(pca.flattest_view), np.array(self.tilted_view)
            if pca.keep == 2:
                eye = self.drive(
                    lambda t: self.look_from(*(start + t * (end - start)), self.solid_scale),
                    self.cloud, self.frame, self.principal, run_time=1.6,
                )  # fmt: skip
                self.play(eye)
            view, target = (end if pca.keep == 2 else start), solid.rebuilt(pca.keep)
            dropped = VGroup(*bars[pca.keep :], *self.scree.shares[pca.keep :])

            def slide(progress: float) -> None:
                self.shown = solid.points + progress * (target - solid.points)
                self.look_from(*view, self.solid_scale)
                dropped.set_opacity(1 - progress * (1 - DIMMED))

            moving = (self.cloud, dropped)
            self.play(self.drive(slide, *moving, run_time=3.0))
        self.bars = bars

    @property
    def tilted_view(self) -> tuple[float, float]:
        """A view in which the sheet is seen at a slant, so that its thickness shows."""
        azimuth, _ = self.explainer.flattest_view
        return (azimuth + self.edge_view[0]) / 2, (self.explainer.flattest_view[1] + LOW) / 2

    # --- Summary --------------------------------------------------------------------------------------------

    def summarise(self) -> None:
        """Back in the plane: the line at its best, and the split with its peak."""
        pca, scree = self.explainer, self.scree
        with self.beat(words.SUMMARY, chapter="In one picture"):
            kept = VGroup(*self.principal[: pca.keep])
            gone = (self.cloud, self.frame, kept, self.bars, scree.names, scree.shares, scree.base)
            self.play(FadeOut(*gone), run_time=0.7)
            self.split.unroll(pca.sweep[1])
            self.drops.set_stroke(opacity=0.8)
            self.turn_to(pca.peak)
            self.play(FadeIn(self.axes, self.drops, self.line, self.dots, self.feet), run_time=0.9)
            self.play(FadeIn(self.split, self.ledger), run_time=0.7)
            self.play(FadeIn(self.pile), run_time=0.5)


def fit_flat(pca: Pca, room: Zone) -> Flat:
    """The plane cloud as large as it can be while all its shadows, on all lines, stay in the room.

    A point's shadows lie on the circle whose diameter runs from the mean to the point (Thales).
    """
    points = np.abs(pca.plane.points)
    reach = (np.linalg.norm(points, axis=1)[:, None] + points).max(axis=0) / 2
    return Flat(room.center, float(min(room.width / 2 / reach[0], room.height / 2 / reach[1]) * 0.97))


def fit_within(mobject, zone: Zone) -> None:
    """Move a text sideways into a zone."""
    mobject.shift([max(zone.left - mobject.get_left()[0], 0), 0, 0])
