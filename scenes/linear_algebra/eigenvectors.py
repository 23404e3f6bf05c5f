"""Staging of `eigenvectors`: find the arrows that do not turn, then let them do the work of all the others."""

from __future__ import annotations

import numpy as np
from manim import RIGHT, Create, FadeIn, FadeOut, Indicate, Mobject, VGroup

from explainers.linear_algebra.eigenvectors import Eigenvectors, unit
from explainers.linear_algebra.linear_transformations import parallelogram
from scenes.linear_algebra import eigenvectors_captions as words
from scenes.linear_algebra.eigenvectors_arrows import Arrows
from scenes.linear_algebra.eigenvectors_kept_lines import (
    LINE_ROLES,
    KeptArrows,
    KeptLines,
    complex_pair,
    factor_rows,
    obstacles_along,
)
from scenes.linear_algebra.eigenvectors_powers import FAINT, FibonacciWalk, PartTable, SplitVector
from scenes.linear_algebra.eigenvectors_step_chart import StepChart
from scenes.linear_algebra.eigenvectors_turning import ROUND, Dial, TurningPlot
from scenes.pictures.grid import MovingGrid, Plane
from scenes.pictures.matrix import Equation, short
from scenes.pictures.shapes import Arrow, Curve, Region
from scenes.stage.language import _, in_math
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import fit
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone, Zones

LARGEST_UNIT = 2.2
"""Scene units per grid step at most: the unit circle then fills the stage."""
NAME_ROOM = 0.25
"""Scene units around circle and ellipse, for names beyond their tips."""
NARROW = 3.4
"""Width in scene units below which a side zone is too narrow for its panels."""
SWEEP = 8.0
"""Seconds that the sweep over half a turn takes."""
POWERS = 7.0
"""Seconds that all steps of a power take together."""
MOVES = "{{v : input}} quad arrow.r.bar quad {{A : parameter}} {{v : output}}"
ROOMY_TITLE = 8.0
"""Width of the title zone in scene units from which a long formula stays large."""
EIGEN = "{{A : parameter}} {{v : input}} = lambda thin {{v : input}}"


class EigenvectorsScene(ExplainerScene[Eigenvectors]):
    """A fan that turns, a sweep that finds what does not, a grid and powers that become simple along it."""

    explainer_type = Eigenvectors

    def construct(self) -> None:
        """The story, beat by beat."""
        kind = self.explainer.kind
        self.set_up()
        self.fan_out()
        self.sweep()
        if kind != "no line":
            self.stretch()
        self.redraw_grid()
        self.check_factors()
        if kind == "two lines":
            self.split()
        self.apply_again()
        self.grow_fibonacci()
        if kind != "no line":
            self.turn_everything()
        self.sum_up()

    # --- The set ---------------------------------------------------------------------------------------

    def set_up(self) -> None:
        """One plane that all of the story happens on, and what stands beside it."""
        stage, lesson = self.stage, self.explainer
        self.main, side = _halves(stage.zones)
        # The matrix stands above the panel that goes with the beat.
        self.top, self.panel = side.rows(0.29, 0.71, gap=0.2)
        zone = self.main
        self.near = self.dial_plane(lesson)
        self.close = Plane.holding(zone, np.ones((1, 2)), LARGEST_UNIT)
        self.far = SplitVector.framing(zone, lesson) if lesson.kind == "two lines" else self.near
        self.plane = Plane(zone, self.near.unit, self.near.origin)
        self.wide = self.grid_plane()
        reach = np.max([plane.reach for plane in (self.near, self.wide, self.far)], axis=0)
        self.grid = MovingGrid(stage, self.plane, reach=tuple(reach))
        self.dial = Dial(stage, self.plane, lesson)
        self.lines = KeptLines(stage, self.plane, lesson)
        self.a_box = self.equation("{{A : parameter}}", lesson)
        self.turning = TurningPlot(stage, self.panel, lesson)

    def dial_plane(self, lesson: Eigenvectors) -> Plane:
        """The plane that holds the unit circle and its image."""
        reach = np.maximum(np.linalg.norm(lesson.matrix, axis=1), 1.0)
        return Plane(self.main, Plane.holding(self.main.inset(NAME_ROOM), reach[None], LARGEST_UNIT).unit)

    def grid_plane(self) -> Plane:
        """The plane that also holds a cell of the better grid, before and after."""
        basis = self.explainer.grid_basis
        corners = np.vstack([parallelogram(*basis.T), parallelogram(*(np.array(self.explainer.matrix) @ basis).T)])
        reach = np.abs(corners).max(axis=0)
        plane = Plane.holding(self.main, reach[None], LARGEST_UNIT)
        return plane if plane.unit < self.near.unit else self.near

    def equation(self, name: str, lesson: Eigenvectors, size: Size = Size.TITLE) -> Equation:
        """A named matrix in its place."""
        return fit(Equation(self.stage, name, np.array(lesson.matrix), ("parameter",), size=size), self.top)

    def fly(self, to: Plane, *also) -> None:
        """Zoom and pan: the plane, its ghost grid and the kept lines move, and nothing else is there."""
        start = Plane(self.plane.zone, self.plane.unit, self.plane.origin)

        def step(progress: float) -> None:
            self.plane.put_between(start, to, progress)
            self.grid.put_ghost()
            self.lines.put()

        self.play(self.drive(step, self.grid.ghost, self.lines, run_time=1.0), *also)

    def clear_away(self) -> None:
        """Take away what the last beat leaves; the plain grid is back."""
        ghost = self.grid.ghost
        back = [] if ghost in self.mobjects else [FadeIn(ghost)]
        self.play(FadeOut(self.leaving), *back, run_time=0.5)
        self.bring_to_back(ghost)

    # --- Which arrows turn? ------------------------------------------------------------------------------

    def fan_out(self) -> None:
        """A fan of unit arrows, and where the matrix takes them."""
        stage, lesson, at = self.stage, self.explainer, self.plane.at
        with self.beat(words.fan_out(lesson), chapter=_("A fan of arrows")):
            self.heading(stage.words(_(lesson.title), Size.TITLE))
            before = Arrows(stage, at((0, 0)), at(lesson.fan), "input")
            self.fan = Arrows(stage, at((0, 0)), at(lesson.fan), "output")
            self.play(FadeIn(self.grid.ghost), FadeIn(self.a_box))
            self.play(FadeIn(self.dial.circle), FadeIn(before))
            self.play(Indicate(self.a_box.box, color=stage.color("parameter")), run_time=0.6)
            self.heading(stage.math(MOVES, Size.TITLE))
            before.set_opacity(FAINT)
            self.add(self.fan)

            def move(progress: float) -> None:
                self.fan.put(at((0, 0)), at(lesson.fan @ lesson.path(progress).T))

            self.play(self.drive(move, self.fan, run_time=3.0))
            self.play(Create(self.dial.ellipse), run_time=0.8)
            self.leaving = VGroup(before, self.fan)

    def sweep(self) -> None:
        """One arrow goes half round; its turning angle is drawn; where it keeps its line, the line appears."""
        lesson, dial, turning = self.explainer, self.dial, self.turning
        stops = sorted((turning.kept_at(i)[0], i) for i in range(len(self.lines)))
        with self.beat(words.sweep(lesson), chapter=_("The turning angle")):
            self.play(FadeOut(self.leaving), FadeIn(dial.hands), FadeIn(turning), run_time=0.8)
            here = 0.0
            for angle, index in [*stops, (180.0, None)]:
                self.sweep_to(dial, turning, here, angle)
                here = angle
                if index is not None:
                    mark, line = turning.marks[index], self.lines[index]
                    self.play(Create(line), FadeIn(mark, scale=2.5), run_time=0.7)
                    self.bring_to_front(dial.hands, turning.pen)
        self.leaving = VGroup(dial.hands)

    def sweep_to(self, dial: Dial, turning: TurningPlot, start: float, end: float, seconds: float = SWEEP) -> None:
        """Turn the dial's arrow, and draw the curve along with it."""
        if end - start < 1e-6:
            return

        def step(progress: float) -> None:
            angle = start + progress * (end - start)
            dial.put(angle)
            turning.put(angle)

        self.play(self.drive(step, dial, turning.curve, turning.pen, run_time=max(0.8, seconds * (end - start) / 180)))

    # --- Along the lines ---------------------------------------------------------------------------------

    def stretch(self) -> None:
        """The arrows that keep their line, one number each."""
        stage, lesson = self.stage, self.explainer
        with self.beat(words.stretch(lesson), chapter=_("Just a number")):
            arrows = KeptArrows(stage, self.plane, lesson)
            self.play(FadeOut(self.dial.hands), FadeIn(arrows), run_time=0.8)
            self.heading(stage.math(EIGEN, Size.TITLE))
            zeros = self.turning.marks.submobjects or [self.turning.pen]
            self.play(*(Indicate(mark, scale_factor=1.6, color=mark.get_color()) for mark in zeros))
            self.play(self.drive(arrows.put, arrows, run_time=2.4))
            tags = self.factor_tags(arrows)
            self.play(FadeIn(tags), run_time=0.5)
            self.leaving = VGroup(arrows, tags)

    def factor_tags(self, arrows: KeptArrows) -> VGroup:
        """The eigenvalues at the stretched arrows, clear of lines, circle and ellipse."""
        obstacles = np.concatenate([self.lines.obstacles(), obstacles_along(self.dial.outlines)])
        return arrows.tags(self.stage, obstacles)

    def redraw_grid(self) -> None:
        """Lay a grid along the lines, then let the matrix move it."""
        stage, lesson, at = self.stage, self.explainer, self.plane.at
        basis = lesson.grid_basis
        with self.beat(words.redraw_grid(lesson), chapter=_("A better grid")):
            grid, leaving = VGroup(self.grid.lines, self.grid.axes), VGroup()
            self.play(*map(FadeOut, (self.leaving, self.dial.outlines, self.turning, self.turning.marks)))
            if self.wide is not self.near:
                self.fly(self.wide)
            # The other grid fades in: one that turned to its place would be taken for what the matrix does.
            self.grid.put_matrix(basis)
            if lesson.kind == "no line":
                self.play(FadeIn(grid), run_time=0.6)
                self.heading(stage.math(self.closing_formula(), Size.TITLE))
            else:
                self.play(FadeIn(grid), FadeOut(self.grid.ghost), run_time=1.2)
                self.bring_to_front(self.lines)
                leaving.add(self.leave_ghost())
            cell = Region(stage, at(parallelogram(*basis.T)), "data", 0.5)
            kept = KeptArrows(stage, self.plane, lesson)
            self.play(FadeIn(cell), FadeIn(kept.arrows), run_time=0.7)

            def stretch_all(progress: float) -> None:
                moved = lesson.path(progress) @ basis
                self.grid.put_matrix(moved)
                cell.put(at(parallelogram(*moved.T)))
                kept.put(progress)

            self.play(self.drive(stretch_all, *grid, cell, kept.arrows, run_time=3.2))
            self.factors = factor_rows(stage, self.panel, lesson)
            self.play(FadeIn(self.factors[0]), run_time=0.5)
            self.cell = cell
            self.leaving = leaving.add(grid, cell, kept.arrows, self.factors)

    def leave_ghost(self) -> Curve:
        """The grid as it lies now stays behind, faint, when the matrix moves it."""
        ghost = Curve(self.stage, role="grid", width=1.5)
        ghost.points = np.concatenate([self.grid.lines.points, self.grid.axes.points])
        self.add(ghost)
        self.bring_to_back(ghost)
        return ghost

    def check_factors(self) -> None:
        """Sum and product were in the matrix all along."""
        with self.beat(words.check_factors(self.explainer), chapter=_("Trace, determinant")):
            diagonal = [self.a_box.box.numbers[i] for i in (0, 3)]
            self.play(*(Indicate(n, color=self.stage.color("highlight"), scale_factor=1.4) for n in diagonal))
            self.play(FadeIn(self.factors[1]), run_time=0.6)
            self.play(Indicate(self.cell, color=self.stage.color("data"), scale_factor=1.06))
            self.play(FadeIn(self.factors[2]), run_time=0.6)

    # --- Powers ------------------------------------------------------------------------------------------

    def split(self) -> None:
        """The start vector as a part along either line; a step multiplies each."""
        stage, lesson = self.stage, self.explainer
        with self.beat(words.split(lesson), chapter=_("Split, then multiply")):
            self.clear_away()
            self.fly(self.far)
            picture, table = SplitVector(stage, self.plane, lesson), PartTable(stage, self.panel, lesson)
            tags = picture.tags(stage, self.lines.obstacles())
            self.play(FadeIn(picture.start), FadeIn(tags[0]), FadeIn(table[0]), run_time=0.7)
            self.play(FadeIn(picture.parts), FadeIn(table[1]), run_time=0.8)
            picture.start.set_opacity(FAINT)
            self.add(picture.vector)
            for n in range(picture.drawn_steps):
                step = self.drive(lambda p, n=n: picture.put(n, p), picture.parts, picture.vector, run_time=1.5)
                self.play(step)
                self.play(FadeIn(table[2 + n]), run_time=0.4)
            self.play(FadeIn(tags[1]), run_time=0.4)
            self.heading(self.power_formula())
            self.play(FadeIn(table[-1]), run_time=0.5)
            self.leaving = VGroup(picture, table, tags)

    def power_formula(self) -> Mobject:
        """A to the n on the split vector."""
        lesson, terms = self.explainer, ""
        for value, part, name, role in zip(lesson.eigenvalues, lesson.parts, ("v_1", "v_2"), LINE_ROLES, strict=True):
            if part:
                sign = "−" if part < 0 else "+" if terms else ""
                terms += f" {sign} {{{{{in_math(short(abs(part)))} dot {_base(value)}^n thin {name} : {role}}}}}"
        return self.stage.math(f"{{{{A^n : parameter}}}} {{{{x : input}}}} = {terms}", Size.TITLE)

    def apply_again(self) -> None:
        """The fan, step by step, every arrow drawn at unit length again."""
        stage, lesson, at = self.stage, self.explainer, self.plane.at
        with self.beat(words.apply_again(lesson), chapter=_("Again and again")):
            self.clear_away()
            if 0 not in lesson.eigenvalues:
                length = _("its length")
                rescaled = f'{{{{A^n : parameter}}}} {{{{v : input}}}} med slash med "{length}"'
                self.heading(stage.math(rescaled, Size.TITLE))
            self.fly(self.close)
            circle = Curve(stage, at(unit(ROUND)), "input", 2.5, 0.55)
            walks = lesson.bearings(np.vstack([lesson.fan, lesson.start]))
            fan = Arrows(stage, at((0, 0)), at(lesson.fan), "input")
            vector = Arrow(stage, at((0, 0)), at(walks[0, -1]), "output", 0.11, 0.38)
            chart = self.lean_chart()
            self.play(FadeIn(circle), FadeIn(fan), FadeIn(chart), run_time=0.7)
            self.play(FadeIn(vector), run_time=0.5)
            self.add(fan, vector)
            for n, seconds in enumerate(_pace(lesson.steps)):

                def step(progress: float, n: int = n) -> None:
                    arrows = lesson.between(walks[n], progress)
                    fan.put(at((0, 0)), at(arrows[:-1]))
                    vector.put(at((0, 0)), at(arrows[-1]))
                    chart.put(n + progress)

                self.play(self.drive(step, fan, vector, chart.dots, run_time=seconds))
            self.leaving = VGroup(circle, fan, vector, chart, self.a_box, self.lines, self.grid.ghost)

    def lean_chart(self) -> StepChart:
        """The direction of the start vector after each step, measured from the leading line if there is one."""
        lesson = self.explainer
        line = {"two lines": "$v_1$", "one line": "$v$"}.get(lesson.kind)
        high = 90.0 if line else 180.0
        low = -high if np.nanmin(lesson.lean) < 0 else 0.0
        return StepChart(
            self.stage,
            self.panel,
            lesson.lean,
            (low, high),
            (low, (low + high) / 2, high),
            y_label=_("angle to {line} (°)").format(line=line) if line else _("direction of $A^n x$ (°)"),
            level=0.0 if line else None,
            level_role="first",
        )

    def grow_fibonacci(self) -> None:
        """Fibonacci numbers, two at a time, and the line that they follow."""
        stage, numbers = self.stage, self.explainer.fibonacci
        ratios = numbers.powers[1:, 0] / numbers.powers[1:, 1]
        golden = numbers.eigenvalues[0]
        with self.beat(words.grow_fibonacci(self.explainer), chapter=_("Fibonacci")):
            self.heading(stage.math("{{F_(n+1) : output}} = {{F_n : output}} + {{F_(n-1) : output}}", Size.TITLE))
            self.play(FadeOut(self.leaving), run_time=0.5)
            walk = FibonacciWalk(stage, self.main, numbers)
            boxes = self.fibonacci_boxes(numbers)
            name = _("ratio of entries") if self.panel.width > NARROW else _("ratio")
            chart = StepChart(
                stage, self.panel, ratios, (1.0, 2.0), (1.0, 1.5, 2.0), first=1, y_label=name,
                level=golden, level_role="first",
            )  # fmt: skip
            self.play(*map(FadeIn, (walk, boxes, chart)), run_time=0.8)
            for n, seconds in enumerate(_pace(numbers.steps)):

                def step(progress: float, n: int = n) -> None:
                    walk.put(n + progress)
                    chart.put(n + progress)

                self.play(self.drive(step, walk, chart.dots, run_time=seconds))
                for pair in boxes[1:]:
                    pair.put(numbers.powers[n + 1])
            x, y = numbers.powers[-1]
            quotient, limit = (in_math(format_number(value, 4)) for value in (x / y, golden))
            value = f" = {limit}" if stage.zones.title.width > ROOMY_TITLE else ""
            self.heading(
                stage.math(
                    f"{{{{{x:g} : output}}}} \\/ {{{{{y:g} : output}}}} = {quotient} quad arrow.r quad "
                    f"{{{{lambda_1 : first}}}} = (1 + sqrt(5)) \\/ 2{value}",
                    Size.TITLE,
                )
            )
            self.leaving = VGroup(walk, boxes, chart)

    def fibonacci_boxes(self, numbers: Eigenvectors) -> VGroup:
        """The matrix and, where there is room, the pair of numbers beside it."""
        for size, named in ((Size.READOUT, True), (Size.READOUT, False), (Size.LABEL, True)):
            matrix = Equation(self.stage, "{{A : parameter}}", np.array(numbers.matrix), ("parameter",), size=size)
            pair = Equation(self.stage, "{{x : output}}", numbers.powers[0], ("output",), size=size)
            parts = (matrix, pair) if named else (matrix.box, pair.box)
            both = VGroup(*parts).arrange(RIGHT, buff=0.3 if named else 0.15)
            if both.width <= self.top.width and both.height <= self.top.height:
                return both.move_to(self.top.center)
        return VGroup(self.equation("{{A : parameter}}", numbers))

    # --- No such line, and the whole idea ------------------------------------------------------------------

    def turn_everything(self) -> None:
        """A rotation: the curve keeps away from the level lines."""
        stage, rotation = self.stage, self.explainer.quarter_turn
        with self.beat(words.turn_everything(self.explainer), chapter=_("No such line")):
            self.heading(stage.math(MOVES, Size.TITLE))
            self.play(FadeOut(self.leaving), run_time=0.5)
            plane = self.dial_plane(rotation)
            self.plane.put_between(plane, plane, 1.0)
            self.grid.put_ghost()
            dial, turning = Dial(stage, plane, rotation), TurningPlot(stage, self.panel, rotation)
            box = self.equation("{{A : parameter}}", rotation)
            self.play(*map(FadeIn, (self.grid.ghost, dial, turning, box)), run_time=0.8)
            self.sweep_to(dial, turning, 0.0, 180.0, seconds=4.0)
            self.heading(stage.math(f"{EIGEN} quad arrow.r.double quad lambda = plus.minus i", Size.TITLE))
            self.leaving = VGroup(self.grid.ghost, dial, turning, box)

    def sum_up(self) -> None:
        """Circle, image, kept lines and their numbers beside the turning angle."""
        stage, lesson = self.stage, self.explainer
        with self.beat(words.sum_up(lesson), chapter=_("Summary")):
            self.heading(stage.math(self.closing_formula(), Size.TITLE))
            self.play(FadeOut(self.leaving), run_time=0.5)
            self.plane.put_between(self.near, self.near, 1.0)
            self.grid.put_ghost()
            self.lines.put()
            at, origin = self.plane.at, self.plane.origin
            self.turning.put(180.0)
            dial = Dial(stage, self.plane, lesson)
            fan = Arrows(stage, origin, at(lesson.linear_map(lesson.fan)), "output", opacity=FAINT)
            arrows = KeptArrows(stage, self.plane, lesson).put(1.0)
            self.play(*map(FadeIn, (self.grid.ghost, dial.outlines, fan, self.a_box)))
            self.play(FadeIn(self.turning), FadeIn(self.turning.marks), FadeIn(self.lines))
            if lesson.kind == "no line":
                self.play(FadeIn(dial.put(180.0).hands))
            else:
                self.play(FadeIn(arrows), FadeIn(self.factor_tags(arrows)))

    def closing_formula(self) -> str:
        """The idea in symbols."""
        if self.explainer.kind == "no line":
            return f"lambda = {complex_pair(self.explainer)}"
        return (
            f"{EIGEN} quad arrow.r.double quad {{{{A^n : parameter}}}} {{{{v : input}}}} = lambda^n {{{{v : input}}}}"
        )


def _halves(zones: Zones) -> tuple[Zone, Zone]:
    """Places for the plane and for what goes with it; in a square or tall frame, about equal ones."""
    if zones.body.width < zones.body.height:
        return zones.body.rows(0.53, 0.47)
    return (zones.main, zones.side) if zones.side.width >= NARROW else zones.body.columns(1, 1, gap=0.4)


def _pace(steps: int) -> np.ndarray:
    """Seconds for each of so many steps: the first ones, where most happens, take longer."""
    shares = 1 / np.sqrt(np.arange(1.0, steps + 1))
    return POWERS * shares / shares.sum()


def _base(value: float) -> str:
    """A number as the base of a power, in Typst math."""
    base = in_math(short(value))
    return base if value >= 0 else f"({base})"
