"""Staging of `pca`: a turning line shares out a fixed total between shadow and distance; then planes do the same."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, Circle, FadeIn, FadeOut, Indicate, VGroup, VMobject

from explainers.linear_algebra.pca import TOP_VIEW, Pca, unit
from scenes.linear_algebra import pca_captions as words
from scenes.linear_algebra.pca_panels import BAR_OPACITY, Flat, Ledger, Pile, Scree, SplitPlot, stacked
from scenes.linear_algebra.pca_space import AXES, SHADOW_AND_DEPTH, Space
from scenes.pictures.labels import tag
from scenes.pictures.matrix import Equation, largest_fitting
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots
from scenes.stage.language import _, in_math
from scenes.stage.scene import Drive, ExplainerScene
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

TALL = 1.35
"""A body less wide than this times its height has the panel below the picture."""
DIMMED = 0.25
"""Opacity of what the eye should leave alone."""
SHADOW_LENGTH = 0.8
"""Greatest length of the arrow S u at the best angle, relative to the room there is."""
WITNESS = 1.8
"""Radius of the one point that is followed, relative to the others."""
RIGHT_ANGLE = 0.18
"""Side of the mark of a right angle, in scene units."""


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
        self.picture, self.lines = self.panel.rows(0.68, 0.32) if wide else self.panel.columns(0.54, 0.46, gap=0.4)
        self.radius = float(np.clip(0.9 / math.sqrt(pca.points), 0.05, 0.085))
        self.flat = fit_flat(pca, self.room, WITNESS * self.radius)
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
        with self.beat(_(words.CENTRE), chapter=_("Centre the cloud")):
            self.heading(stage.words(_(pca.title), Size.TITLE))
            origin = self.flat.at(-pca.mean)[0]
            self.put_axes(origin)
            mean = Dots(stage, self.flat.center[None], "highlight", 1.7 * self.radius)
            self.play(FadeIn(self.axes, self.dots), run_time=0.8)
            label = stage.words(_("mean"), Size.READOUT)
            # Laid out with room for a minus sign, so that both rows are equally wide.
            pair = VGroup(*(Readout(stage, f"$x_{i}$", -9.99, anchor="right") for i in (1, 2)))
            pair.arrange(DOWN, buff=0.25, aligned_edge=RIGHT)
            count = stage.words(_("{count} points").format(count=pca.points), Size.READOUT, "data")
            VGroup(count, label, pair).arrange(DOWN, buff=0.3).move_to(self.panel.center)

            def slide(progress: float) -> None:
                self.put_axes(origin + progress * (self.flat.center - origin))
                for row, value in zip(pair, pca.mean, strict=True):
                    row.set_value((1 - progress) * value)

            slide(0.0)
            self.play(FadeIn(mean, count, label, pair), run_time=0.7)
            self.play(self.drive(slide, self.axes, pair, run_time=2.4))
        self.mean = VGroup(count, label, pair)
        self.mean_dot = mean

    def follow_one_point(self) -> None:
        """One point's shadow and distance: the foot runs on the circle of Thales."""
        stage, pca, flat = self.stage, self.explainer, self.flat
        point = pca.plane.points[pca.witness]
        with self.beat(_(words.ONE_POINT), chapter=_("One point")):
            place = flat.at(point)[0]
            arm = Curve(stage, np.array([flat.center, place]), "text", 3)
            circle = Circle(float(np.linalg.norm(place - flat.center)) / 2, stage.color("muted"), stroke_width=1.5)
            circle.move_to((place + flat.center) / 2)
            witness = Dots(stage, place[None], "data", WITNESS * self.radius)
            shadow, distance = Curve(stage, role="model", width=9), Curve(stage, role="error", width=6)
            foot = Dots(stage, place[None], "model", 1.4 * self.radius)
            square = Curve(stage, role="text", width=2)

            def put(angle: float) -> None:
                length = float(point @ unit(angle))
                end = flat.at(length * unit(angle))[0]
                self.put_line(angle)
                shadow.put(np.array([flat.center, end]))
                distance.put(np.array([place, end]))
                foot.put(end[None])
                square.put(right_angle(end, flat.center, place))
                squares = length**2, max(float(point @ point) - length**2, 0.0)
                self.pile.put(stacked(self.tower, squares))
                self.ledger.put(*squares)

            start, end = pca.sweep
            put(start)
            moving = (self.line, shadow, distance, foot, square, self.pile, self.ledger)
            dim = self.dots.animate.set_fill(opacity=DIMMED)
            self.play(FadeOut(self.mean, self.mean_dot), dim, FadeIn(arm, witness), run_time=0.7)
            self.play(FadeIn(self.line, shadow, distance, foot, square), run_time=0.7)
            self.bring_to_front(witness)
            self.play(FadeIn(self.pile, self.ledger, circle), run_time=0.6)
            self.play(self.drive(lambda t: put(start + t * (end - start)), *moving, run_time=6.0))
            parts, constant = (_("shadow"), _("distance")), _("constant")
            formula = f'{{{{"{parts[0]}"^2 : model}}}} + {{{{"{parts[1]}"^2 : error}}}} = "{constant}"'
            self.heading(stage.math(formula, Size.READOUT))
        self.one_point = VGroup(arm, circle, witness, shadow, distance, foot, square)

    def cast_shadows(self) -> None:
        """All points, and means of squares in place of squares."""
        stage, pca, start = self.stage, self.explainer, self.explainer.sweep[0]
        with self.beat(_(words.SHADOWS), chapter=_("All shadows")):
            self.play(FadeOut(self.one_point), self.dots.animate.set_fill(opacity=1), run_time=0.7)
            points = self.flat.at(pca.plane.points)
            feet = self.flat.at(pca.shadows(start)[:, None] * unit(start))
            self.feet.put(points)
            self.drops.put_segments(points, points)
            self.add(self.dots, self.drops, self.line, self.feet)

            def fall(progress: float) -> None:
                ends = points + progress * (feet - points)
                self.feet.put(ends)
                self.drops.put_segments(points, ends)

            self.play(self.drive(fall, self.feet, self.drops, run_time=2.4))
            shadow = float(pca.shadow_variance(start))
            self.play(FadeOut(self.ledger), run_time=0.4)
            self.ledger = Ledger(stage, self.lines, means=True)
            self.put_means(start)
            self.play(FadeIn(self.ledger), run_time=0.6)
            self.morph(self.pile, stacked(self.tower, [shadow, pca.plane.trace - shadow]))
            # Translators: Typst math; it is the square that is averaged.
            parts = _('"mean shadow"^2'), _('"mean distance"^2')
            total = in_math(format_number(pca.plane.trace))
            formula = f"{{{{{parts[0]} : model}}}} + {{{{{parts[1]} : error}}}} = {total}"
            self.heading(stage.math(formula, Size.READOUT))

    def turn(self) -> None:
        """Half a turn of the line; the pile runs along the plot and leaves the split behind."""
        pca, (start, end) = self.explainer, self.explainer.sweep
        with self.beat(words.turn(pca), chapter=_("Turn the line")):
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
        """Turn to the best angle; the arrow S u falls onto the line there, along the unit arrow u."""
        stage, pca, flat = self.stage, self.explainer, self.flat
        covariance, top = pca.plane.covariance, float(pca.plane.variances[0])
        length = self.arrow_unit()
        with self.beat(words.eigenvector(pca), chapter=_("Top eigenvector")):
            matrix = self.covariance_panel()
            self.play(FadeOut(self.ledger), run_time=0.4)
            self.play(FadeIn(matrix), run_time=0.5)
            image_arrow = Arrow(stage, flat.center, flat.center, "input", thickness=0.09, tip=0.34)
            unit_arrow = Arrow(stage, flat.center, flat.center, "model", thickness=0.09, tip=0.34)
            # The shorter of the two lies on the longer one.
            arrows = VGroup(*((image_arrow, unit_arrow) if top > 1 else (unit_arrow, image_arrow)))
            names = VGroup(tag(stage, "$S u$", "input"), tag(stage, "$u$", "model"))

            def put(angle: float) -> None:
                self.turn_to(angle)
                way = np.append(unit(angle), 0) * length
                image = np.append(covariance @ unit(angle), 0) * length
                image_arrow.put(flat.center, flat.center + image)
                unit_arrow.put(flat.center, flat.center + way)
                # The line comes from the left of the arrow S u: its name stands on the right, that of u on the left.
                side = np.array([image[1], -image[0], 0.0]) / np.linalg.norm(image)
                names[0].move_to(flat.center + 0.8 * image + 0.45 * side)
                names[1].move_to(flat.center + 0.7 * way - 0.45 * side)

            start = pca.sweep[1]
            put(start)
            dim = (self.drops.animate.set_stroke(opacity=0), *self.shade_cloud(DIMMED))
            self.play(FadeIn(arrows, names), *dim, run_time=0.7)
            path = (arrows, names, *self.turning)
            self.play(self.drive(lambda t: put(start + t * (pca.best_angle - start)), *path, run_time=4.0))
            factor = in_math(format_number(top))
            formula = f"S {{{{u : model}}}} = {{{{{factor} : model}}}} thin {{{{u : model}}}}"
            self.heading(stage.math(formula, Size.TITLE))
            self.play(Indicate(self.pile[0], scale_factor=1.08, color=stage.color("model")), run_time=0.8)
        self.eigen = VGroup(matrix, arrows, names)

    def shade_cloud(self, opacity: float) -> tuple:
        """Animations that dim the points and their shadows, or bring them back."""
        return self.dots.animate.set_fill(opacity=opacity), self.feet.animate.set_fill(opacity=opacity)

    def arrow_unit(self) -> float:
        """Scene units per unit of the arrows u and S u: as of the cloud, or less where S u would leave the room."""
        room = SHADOW_LENGTH * self.reach(self.explainer.best_angle)
        return min(self.flat.unit, room / float(self.explainer.plane.variances[0]))

    def covariance_panel(self) -> VGroup:
        """The matrix S under its name; and in the picture the scale of the arrows, if it is not that of the cloud."""
        stage, covariance = self.stage, self.explainer.plane.covariance
        name = stage.words(_("covariance"), Size.LABEL, "muted")
        below = Zone(self.lines.left, self.lines.bottom + stage.em(Size.READOUT), self.lines.right, self.lines.top)
        matrix = largest_fitting(lambda size: Equation(stage, "S", covariance, ("text",), size=size), below)
        panel = VGroup(name, matrix).arrange(DOWN, buff=0.15).move_to(self.lines.center)
        shrink = self.arrow_unit() / self.flat.unit
        if shrink < 1:
            # The line runs into the other lower corner.
            corner, edge = (1, DOWN + RIGHT) if self.explainer.best_angle >= 0 else (0, DOWN + LEFT)
            name = _("$u$, $S u$ drawn ×{factor}").format(factor=format_number(shrink))
            scale = tag(stage, name, "muted", Size.LABEL)
            panel.add(scale.move_to(self.room.at(corner, 0), edge))
        return panel

    def add_second_axis(self) -> None:
        """The pile at the best angle comes apart into the two variances."""
        stage, pca = self.stage, self.explainer
        with self.beat(words.second_axis(pca), chapter=_("Second axis")):
            self.play(FadeOut(self.eigen, self.split), *self.shade_cloud(1), run_time=0.6)
            self.second = Curve(stage, role="error", width=5)
            way = self.arm(1) * np.append(unit(pca.best_angle + 90), 0)
            center = self.flat.center
            self.play(FadeOut(self.drops, self.feet), run_time=0.5)
            self.add(self.second)
            self.play(self.drive(lambda t: self.second.put(center + np.outer([-t, t], way)), self.second, run_time=1.2))
            self.axis_names = VGroup(*(self.name_axis(i) for i in (0, 1)))
            self.play(FadeIn(self.axis_names), run_time=0.5)
            self.scree = Scree(stage, self.panel, pca.plane.variances, AXES[:2])
            self.morph(self.pile, self.scree.boxes, 1.8)
            self.play(FadeIn(self.scree.names, self.scree.shares, self.scree.base), run_time=0.6)
            first, second = pca.plane.variances
            total = round(pca.plane.trace, 2)
            exact = abs(round(first, 2) + round(second, 2) - total) < 0.001
            first, second, total = (in_math(format_number(value)) for value in (first, second, total))
            sign = "=" if exact else "approx"
            symbols = "{{lambda_1 : model}} + {{lambda_2 : error}}"
            self.heading(stage.math(f"{symbols} = {first} + {second} {sign} {total}", Size.READOUT))

    def arm(self, index: int) -> float:
        """Scene units from the mean to the end of a principal axis; the second is never longer than the first."""
        return min(self.reach(self.explainer.best_angle + 90 * turn) for turn in range(index + 1))

    def name_place(self, angle: float, reach: float, side: float, turn: float, back: float = 1.0) -> np.ndarray:
        """The place `back` em before one end (`side` 1 or −1) of a line at this angle, `turn` em beside it."""
        em = self.stage.em(Size.READOUT)
        return self.flat.center + np.append(side * (reach - back * em) * unit(angle) + turn * em * unit(angle + 90), 0)

    def clear_place(self, index: int) -> tuple[float, float, float]:
        """Where (see `name_place`) the name of a principal axis is farthest from all points."""
        angle, reach = self.explainer.best_angle + 90 * index, self.arm(index)
        room, points = self.room.inset(0.62 * self.stage.em(Size.READOUT)), self.flat.at(self.explainer.plane.points)

        def crowding(place: tuple[float, float, float]) -> float:
            spot = self.name_place(angle, reach, *place)
            outside = np.maximum(np.abs(spot - room.center)[:2] - (room.width / 2, room.height / 2), 0).sum()
            # Farther from the end only where the name would leave the room.
            return 1000 * outside + 10 * (place[2] - 1) - float(np.linalg.norm(points - spot, axis=1).min())

        # The right of the first axis' front end belongs to the arrow S u.
        places = [
            (side, turn, back)
            for back in (1.0, 2.0)
            for side in (1, -1)
            for turn in (0.9, -0.9, 1.6, -1.6)
            if index or (side, turn > 0) != (1, False)
        ]
        return min(places, key=crowding)

    def name_axis(self, index: int) -> VMobject:
        """The name of a principal axis of the plane."""
        place = self.name_place(self.explainer.best_angle + 90 * index, self.arm(index), *self.clear_place(index))
        return tag(self.stage, f"$u_{index + 1}$", AXES[index]).move_to(place)

    # --- Space ----------------------------------------------------------------------------------------------

    def orbit(self, start: Sequence[float], end: Sequence[float], run_time: float) -> Drive:
        """Move the eye between (azimuth, elevation, scale); the pile and its readouts follow."""
        start, end = np.asarray(start), np.asarray(end)

        def step(progress: float) -> None:
            eye = start + progress * (end - start)
            self.space.look_from(*eye)
            seen = self.explainer.seen_from(*eye[:2])
            self.pile.put(stacked(self.tower, seen))
            self.space_ledger.put(*seen)

        step(0.0)
        moving = (self.space.frame, self.space.sheet, self.space.cloud, self.space.names, self.pile, self.space_ledger)
        return self.drive(step, *moving, run_time=run_time)

    def reveal_third(self) -> None:
        """Tip the view: what was seen so far was the cloud from straight above."""
        pca, scree = self.explainer, self.scree
        with self.beat(_(words.THIRD), chapter=_("A third measurement")):
            self.space = Space(self.stage, pca, self.room, self.flat.unit, self.radius)
            self.space_ledger = Ledger(self.stage, self.lines, ("shadow²", "depth²"), SHADOW_AND_DEPTH, means=True)
            gone = (scree.names, scree.shares, scree.base, self.line, self.second, self.axis_names)
            self.play(FadeOut(*gone, self.pile), run_time=0.5)
            self.pile = Pile(self.stage, SHADOW_AND_DEPTH)
            tip = self.orbit([*TOP_VIEW, self.flat.unit], [*pca.narrowest_view, self.space.scale], 4.5)
            self.play(
                FadeOut(self.dots, self.axes),
                FadeIn(self.space.frame, self.space.cloud, self.space.names),
                run_time=0.6,
            )
            self.heading(self.stage.words(_(pca.title), Size.TITLE))
            self.play(FadeIn(self.pile, self.space_ledger), run_time=0.6)
            self.play(tip)

    def turn_to_flattest(self) -> None:
        """Turn the eye until the depth is least; the same total is shared out."""
        pca = self.explainer
        with self.beat(words.flattest(pca), chapter=_("The flattest view")):
            # The names of the measurements have done their work; on the sheet they would lie on dots.
            self.play(FadeIn(self.space.sheet), FadeOut(self.space.names), run_time=0.5)
            self.bring_to_front(self.space.cloud)
            ends = [*pca.narrowest_view, self.space.scale], [*pca.flattest_view, self.space.scale]
            self.play(self.orbit(*ends, 5.0))

    def rebuild(self) -> None:
        """The pile comes apart into three bars; the points slide onto the axes that are kept."""
        stage, pca, solid = self.stage, self.explainer, self.explainer.solid
        with self.beat(words.rebuild(pca), chapter=_("Keep and rebuild")):
            if pca.keep == 2:
                ends = [*pca.flattest_view, self.space.scale], [*self.space.tilted_view, self.space.scale]
                self.play(self.orbit(*ends, 1.6))
            bars = self.bars = Pile(stage, AXES).put(stacked(self.tower, solid.variances))
            self.play(FadeOut(self.space_ledger, self.pile), FadeIn(bars), run_time=0.8)
            self.wait(0.4)
            self.scree = Scree(stage, self.panel, solid.variances, AXES)
            self.morph(bars, self.scree.boxes, 1.2)
            self.kept = VGroup(*self.space.principal[: pca.keep], self.space.axis_names(stage, self.room, pca.keep))
            self.ghost = self.space.cloud.copy().set_fill(opacity=DIMMED)
            self.add(self.ghost)
            self.play(FadeIn(self.scree.names, self.scree.shares, self.scree.base, self.kept), run_time=0.6)
            self.bring_to_front(self.space.cloud)
            self.play(self.project_onto_kept(), run_time=3.0)
            count, numbers = f"{pca.points} times", _("numbers")
            formula = f'{count} 3 "{numbers}" arrow.r.long {count} {{{{{pca.keep} : model}}}}'
            self.heading(stage.math(formula, Size.READOUT))

    def project_onto_kept(self) -> Drive:
        """The points slide to what their kept coordinates say; the other bars fade."""
        pca, points = self.explainer, self.explainer.solid.points
        target, dropped = pca.solid.rebuilt(pca.keep), self.bars[pca.keep :]
        eye = pca.flattest_view if pca.keep == 1 else self.space.tilted_view

        def slide(progress: float) -> None:
            self.space.shown = points + progress * (target - points)
            self.space.look_from(*eye, self.space.scale)
            for bar in dropped:
                bar.set_fill(opacity=BAR_OPACITY * (1 - progress * (1 - DIMMED)))

        return self.drive(slide, self.space.cloud, *dropped, run_time=3.0)

    # --- Summary --------------------------------------------------------------------------------------------

    def summarise(self) -> None:
        """Back in the plane: the line at its best, and the split with its peak."""
        pca, scree = self.explainer, self.scree
        with self.beat(_(words.SUMMARY), chapter=_("In one picture")):
            gone = (self.space.cloud, self.ghost, self.space.sheet, self.space.frame, self.kept, self.bars)
            self.play(FadeOut(*gone, scree.names, scree.shares, scree.base), run_time=0.7)
            self.heading(self.stage.words(_(pca.title), Size.TITLE))
            self.split.unroll(pca.sweep[1])
            self.drops.set_stroke(width=2.4, opacity=1)
            self.pile = Pile(self.stage, ("model", "error"))
            self.turn_to(pca.best_angle)
            self.play(FadeIn(self.axes, self.dots, self.drops, self.line, self.feet), run_time=0.9)
            self.play(FadeIn(self.split, self.ledger), run_time=0.7)
            self.play(FadeIn(self.pile), run_time=0.5)


def fit_flat(pca: Pca, room: Zone, margin: float) -> Flat:
    """The plane cloud as large as it can be while all its shadows, on all lines, stay so far inside the room.

    A point's shadows lie on the circle whose diameter runs from the mean to the point (Thales).
    """
    points = np.abs(pca.plane.points)
    reach = (np.linalg.norm(points, axis=1)[:, None] + points).max(axis=0) / 2
    return Flat(room.center, float(min((room.width / 2 - margin) / reach[0], (room.height / 2 - margin) / reach[1])))


def right_angle(corner: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The small square between two legs from a corner, shape (3, 3); it shrinks with the shorter leg."""
    legs = first - corner, second - corner
    lengths = [max(float(np.linalg.norm(leg)), 1e-9) for leg in legs]
    size = min(RIGHT_ANGLE, 0.5 * min(lengths))
    one, other = (size * leg / length for leg, length in zip(legs, lengths, strict=True))
    return np.array([corner + one, corner + one + other, corner + other])
