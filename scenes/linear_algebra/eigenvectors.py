"""Staging of `eigenvectors`: find the arrows that do not turn, then let them do the work of all the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from manim import RIGHT, Create, FadeIn, FadeOut, Indicate, Mobject, VGroup

from explainers.linear_algebra.eigenvectors import Eigenvectors, complex_words, unit
from explainers.linear_algebra.linear_transformations import LinearMap, parallelogram
from scenes.linear_algebra import eigenvectors_captions as words
from scenes.pictures.arrows import Arrows
from scenes.pictures.grid import MovingGrid, Plane, clip_segments
from scenes.pictures.labels import along, clear_offset, inside, tag
from scenes.pictures.matrix import Equation, short
from scenes.pictures.shapes import Arrow, Curve, Region
from scenes.pictures.step_chart import StepChart
from scenes.pictures.turning import LINE_ROLES, ROUND, Dial, FibonacciWalk, TurningPlot
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import fit
from scenes.stage.text import Size
from scenes.stage.zones import Zone

LARGEST_UNIT = 2.2
"""Scene units per grid step at most: the unit circle then fills the stage."""
FAINT = 0.4
"""Opacity of what was there before."""
SWEEP = 6.0
"""Seconds that the sweep over half a turn takes."""
POWERS = 6.0
"""Seconds that all steps of a power take together."""
FAR = 8.0
"""Growth beyond which the split vector would start too small to be seen."""
NAMES = ("lambda_1", "lambda_2")
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
        stage, lesson, zone = self.stage, self.explainer, self.stage.zones.main
        self.near = self.dial_plane(lesson)
        self.close = Plane.holding(zone, np.ones((1, 2)), LARGEST_UNIT)
        self.far = self.near if lesson.kind != "two lines" else self.split_plane()
        self.plane = Plane(zone, self.near.unit, self.near.origin)
        self.wide = self.grid_plane()
        reach = np.max([plane.reach for plane in (self.near, self.wide, self.far)], axis=0)
        self.grid = MovingGrid(stage, self.plane, reach=tuple(reach))
        self.dial = Dial(stage, self.plane, lesson)
        self.lines = VGroup(
            *(
                Curve(stage, role=role, width=4.0, opacity=0.8)
                for role, _ in zip(LINE_ROLES, lesson.directions, strict=False)
            )
        )
        self.put_lines()
        self.top, self.panel = _slots(stage.zones.side)
        self.a_box = self.equation("{{A : parameter}}", lesson)
        self.turning = TurningPlot(stage, self.panel, lesson)

    def dial_plane(self, lesson: Eigenvectors) -> Plane:
        """The plane that holds the unit circle and its image."""
        reach = np.maximum(np.linalg.norm(lesson.matrix, axis=1), 1.0)
        return Plane.holding(self.stage.zones.main, reach[None], LARGEST_UNIT)

    def grid_plane(self) -> Plane:
        """The plane that also holds a cell of the better grid, before and after."""
        basis = self.explainer.grid_basis
        corners = np.vstack([parallelogram(*basis.T), parallelogram(*(np.array(self.explainer.matrix) @ basis).T)])
        reach = np.abs(corners).max(axis=0)
        plane = Plane.holding(self.stage.zones.main, reach[None], LARGEST_UNIT)
        return plane if plane.unit < self.near.unit else self.near

    def equation(self, name: str, lesson: Eigenvectors, size: Size = Size.TITLE) -> Equation:
        """A named matrix in its place."""
        return fit(Equation(self.stage, name, np.array(lesson.matrix), ("parameter",), size=size), self.top)

    def put_lines(self) -> None:
        """Draw the kept lines on the present plane, from edge to edge."""
        reach = 2 * max(self.plane.reach)
        for line, direction in zip(self.lines, self.explainer.directions, strict=True):
            ends = self.plane.at(np.outer([-reach, reach], direction))
            line.put_segments(*clip_segments(ends[:1], ends[1:], self.plane.zone))

    def fly(self, to: Plane, *also) -> None:
        """Zoom and pan: the plane, its ghost grid and the kept lines move, and nothing else is there."""
        start = Plane(self.plane.zone, self.plane.unit, self.plane.origin)

        def step(progress: float) -> None:
            self.plane.put_between(start, to, progress)
            self.grid.put_ghost()
            self.put_lines()

        self.play(self.drive(step, self.grid.ghost, self.lines, run_time=1.0), *also)

    def clear_away(self) -> None:
        """Take away what the last beat leaves; the plain grid is back."""
        ghost = self.grid.ghost
        back = [] if ghost in self.mobjects else [FadeIn(ghost)]
        self.play(FadeOut(self.leaving), *back, run_time=0.5)
        self.bring_to_back(ghost)

    def factor_tags(self, arrows: Sequence[np.ndarray]) -> VGroup:
        """The eigenvalues beside the tips of stretched eigenvectors (plane points), clear of lines and arrows."""
        at, lesson = self.plane.at, self.explainer
        obstacles = np.concatenate([curve.points for curve in (*self.lines, *self.dial.outlines)])
        ends = [line.get_start_and_end() for line in self.lines]
        obstacles = np.concatenate([obstacles, *(along(a, b, 120) for a, b in ends)])
        tags = VGroup()
        values = lesson.eigenvalues[: max(len(lesson.directions), 1)]
        names = NAMES if len(values) > 1 else ("lambda",)
        for name, value, role, tip in zip(names, values, LINE_ROLES, arrows, strict=False):
            label = tag(self.stage, f"${name} = {short(value)}$", role)
            side = np.array([tip[1], -tip[0]]) + 0.5 * tip
            place = at(tip) + clear_offset(label, at(tip), side, obstacles, self.plane.zone)
            obstacles = np.concatenate([obstacles, inside(label, place)])
            tags.add(label.move_to(place))
        return tags

    # --- Which arrows turn? ------------------------------------------------------------------------------

    def fan_out(self) -> None:
        """A fan of unit arrows, and where the matrix takes them."""
        stage, lesson, at = self.stage, self.explainer, self.plane.at
        with self.beat(words.fan_out(lesson), chapter="Most arrows turn"):
            self.heading(stage.words(lesson.title, Size.TITLE))
            before = Arrows(stage, at((0, 0)), at(lesson.fan), "input")
            self.fan = Arrows(stage, at((0, 0)), at(lesson.fan), "output")
            self.play(FadeIn(self.grid.ghost), FadeIn(self.a_box))
            self.play(FadeIn(self.dial.circle), FadeIn(before))
            self.play(Indicate(self.a_box.box, color=stage.color("parameter")), run_time=0.6)
            self.heading(stage.math("{{v : input}} quad arrow.r.bar quad {{A : parameter}} {{v : output}}", Size.TITLE))
            before.set_opacity(FAINT)
            self.add(self.fan)

            def move(progress: float) -> None:
                self.fan.put(at((0, 0)), at(lesson.fan @ lesson.path(progress).T))

            self.play(self.drive(move, self.fan, run_time=2.6))
            self.play(Create(self.dial.ellipse), run_time=0.8)
            self.leaving = VGroup(before, self.fan)

    def sweep(self) -> None:
        """One arrow goes half round; its turning angle is drawn; where it keeps its line, the line appears."""
        lesson, dial, turning = self.explainer, self.dial, self.turning
        stops = sorted((turning.kept_at(i)[0], i) for i in range(len(self.lines)))
        with self.beat(words.sweep(lesson), chapter="The turning angle"):
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

    @property
    def kept(self) -> np.ndarray:
        """The arrows that are shown to be stretched: the eigenvectors, or the fan where all of them are."""
        return self.explainer.fan if self.explainer.kind == "every line" else self.explainer.directions

    def stretched(self, thickness: float = 0.12) -> tuple[VGroup, Callable[[float], None]]:
        """Arrows on the kept lines, and the step that multiplies them by their eigenvalues."""
        at, lesson, origin = self.plane.at, self.explainer, self.plane.origin
        if lesson.kind == "every line":
            fan = Arrows(self.stage, origin, at(self.kept), "first")
            value = lesson.eigenvalues[0]
            return VGroup(fan), lambda p: fan.put(origin, at((1 + p * (value - 1)) * self.kept))
        arrows = VGroup(
            *(
                Arrow(self.stage, origin, at(v), role, thickness, 0.38)
                for v, role in zip(self.kept, LINE_ROLES, strict=False)
            )
        )

        def step(progress: float) -> None:
            for arrow, direction, value in zip(arrows, self.kept, lesson.eigenvalues, strict=False):
                arrow.put(origin, at((1 + progress * (value - 1)) * direction))

        return arrows, step

    def tips(self) -> list[np.ndarray]:
        """Where the eigenvalues' names stand: at the tip of the longer of v and A v."""
        lesson = self.explainer
        if lesson.kind == "every line":
            return [max(1.0, lesson.eigenvalues[0]) * unit(35.0)]
        return [
            (value if abs(value) >= 1 else 1.0) * direction
            for value, direction in zip(lesson.eigenvalues, lesson.directions, strict=False)
        ]

    def stretch(self) -> None:
        """The arrows that keep their line, one number each."""
        stage, lesson, at = self.stage, self.explainer, self.plane.at
        with self.beat(words.stretch(lesson), chapter="Only stretched"):
            arrows, step = self.stretched()
            before = Arrows(stage, self.plane.origin, at(self.kept), "input", thickness=0.05, tip=0.24)
            self.play(FadeOut(self.dial.hands), FadeIn(arrows), FadeIn(before), run_time=0.8)
            self.heading(stage.math(EIGEN, Size.TITLE))
            self.play(*(Indicate(mark, scale_factor=1.6, color=mark.get_color()) for mark in self.turning.marks))
            self.play(self.drive(step, arrows, run_time=2.4))
            tags = self.factor_tags(self.tips())
            self.play(FadeIn(tags), run_time=0.5)
            self.leaving = VGroup(arrows, before, tags)

    def redraw_grid(self) -> None:
        """Lay a grid along the lines, then let the matrix move it."""
        stage, lesson, at = self.stage, self.explainer, self.plane.at
        basis = lesson.grid_basis
        turn = LinearMap.of(basis)
        with self.beat(words.redraw_grid(lesson), chapter="A better grid"):
            grid, leaving = VGroup(self.grid.lines, self.grid.axes), VGroup()
            self.play(*map(FadeOut, (self.leaving, self.dial.outlines, self.turning, self.turning.marks)))
            if self.wide is not self.near:
                self.fly(self.wide)
            self.play(FadeIn(self.grid.put_matrix(np.eye(2)).lines), FadeIn(self.grid.axes), run_time=0.6)
            if lesson.kind == "no line":
                self.heading(stage.math(self.closing_formula(), Size.TITLE))
            else:
                self.bring_to_front(self.lines)
                lay = self.drive(lambda p: self.grid.put_matrix(turn.path(p)), *grid, run_time=1.6)
                self.play(lay, FadeOut(self.grid.ghost))
                leaving.add(self.leave_ghost())
            cell = Region(stage, at(parallelogram(*basis.T)), "data", 0.5)
            arrows, step = self.stretched()
            self.play(FadeIn(cell), FadeIn(arrows), run_time=0.7)

            def stretch_all(progress: float) -> None:
                moved = lesson.path(progress) @ basis
                self.grid.put_matrix(moved)
                cell.put(at(parallelogram(*moved.T)))
                step(progress)

            self.play(self.drive(stretch_all, *grid, cell, arrows, run_time=2.6))
            self.factors = self.factor_rows()
            self.play(FadeIn(self.factors[0]), run_time=0.5)
            self.cell = cell
            self.leaving = leaving.add(grid, cell, arrows, self.factors)

    def leave_ghost(self) -> Curve:
        """The grid as it lies now stays behind, faint, when the matrix moves it."""
        ghost = Curve(self.stage, role="grid", width=1.5)
        ghost.points = np.concatenate([self.grid.lines.points, self.grid.axes.points])
        self.add(ghost)
        self.bring_to_back(ghost)
        return ghost

    def factor_rows(self) -> VGroup:
        """The eigenvalues, and their sum and product, as lines of the side panel."""
        lesson, kind = self.explainer, self.explainer.kind
        trace, determinant = short(lesson.linear_map.trace), short(lesson.linear_map.determinant)
        first, second = (f"{{{{{name} : {role}}}}}" for name, role in zip(NAMES, LINE_ROLES, strict=True))
        if kind == "no line":
            values = f"lambda = {complex_words(lesson.eigenvalues[0]).replace('i', ' i')}"
            first, second = NAMES
        elif kind == "two lines":
            values = f"{first} = {short(lesson.eigenvalues[0])} quad {second} = {short(lesson.eigenvalues[1])}"
        else:
            second = "{{lambda_2 : first}}"
            values = f"{first} = {second} = {short(lesson.eigenvalues[0])}"
        rows = [
            values,
            f'{first} + {second} = {trace} = "trace"',
            f'{first} dot {second} = {{{{{determinant} : data}}}} = "determinant"',
        ]
        lines = [self.stage.math(row, Size.READOUT) for row in rows]
        return VGroup(*(fit(line, slot) for line, slot in zip(lines, self.panel.rows(1, 1, 1), strict=True)))

    def check_factors(self) -> None:
        """Sum and product were in the matrix all along."""
        with self.beat(words.check_factors(self.explainer), chapter="Trace, determinant"):
            diagonal = [self.a_box.box.numbers[i] for i in (0, 3)]
            self.play(*(Indicate(n, color=self.stage.color("highlight"), scale_factor=1.4) for n in diagonal))
            self.play(FadeIn(self.factors[1]), run_time=0.6)
            self.play(Indicate(self.cell, color=self.stage.color("data"), scale_factor=1.06))
            self.play(FadeIn(self.factors[2]), run_time=0.6)

    # --- Powers ------------------------------------------------------------------------------------------

    @property
    def split_steps(self) -> int:
        """So many steps are drawn at true size."""
        lengths = np.linalg.norm(self.explainer.powers, axis=1)
        return 2 if np.abs(self.explainer.parts_after(2)).max() <= FAR * lengths[0] else 1

    def split_plane(self) -> Plane:
        """The plane that holds the split vector through the steps that are drawn."""
        chains = [self.chain(n) for n in range(self.split_steps + 1)]
        return Plane.framing(self.stage.zones.main, np.concatenate(chains), 1.2, border=0.7)

    def chain(self, steps: float, share: float = 0.0) -> np.ndarray:
        """Head to tail: origin, first part, both parts after so many steps and a share of the next, shape (3, 2)."""
        lesson = self.explainer
        now, then = lesson.parts_after(int(steps)), lesson.parts_after(int(steps) + 1)
        parts = (1 - share) * now + share * then
        return np.vstack([np.zeros(2), np.cumsum(parts[:, None] * lesson.directions, axis=0)])

    def split(self) -> None:
        """The start vector as a part along either line; a step multiplies each."""
        stage, lesson, at = self.stage, self.explainer, self.plane.at
        with self.beat(words.split(lesson), chapter="Split, then multiply"):
            self.clear_away()
            self.fly(self.far)
            start = Arrow(stage, at((0, 0)), at(lesson.start), "input", 0.09, 0.34)
            vector = Arrow(stage, at((0, 0)), at(lesson.start), "output", 0.09, 0.34)
            parts = VGroup(*(Arrow(stage, at((0, 0)), at((0, 0)), role, 0.12, 0.38) for role in LINE_ROLES))

            def put(steps: int, share: float = 0.0) -> None:
                origin, middle, end = at(self.chain(steps, share))
                parts[0].put(origin, middle)
                parts[1].put(middle, end)
                vector.put(origin, end)

            put(0)
            table, tags = self.part_table(), self.split_tags()
            self.play(FadeIn(start), FadeIn(tags[0]), FadeIn(table[0]), run_time=0.7)
            self.play(FadeIn(parts), FadeIn(table[1]), run_time=0.8)
            start.set_opacity(FAINT)
            self.add(vector)
            for n in range(self.split_steps):
                self.play(self.drive(lambda p, n=n: put(n, p), parts, vector, run_time=1.5))
                self.play(FadeIn(table[2 + n]), run_time=0.4)
            self.play(FadeIn(tags[1]), run_time=0.4)
            self.heading(self.power_formula())
            self.play(FadeIn(table[-1]), run_time=0.5)
            self.leaving = VGroup(start, vector, parts, table, tags)

    def split_tags(self) -> VGroup:
        """Names of the start vector and of what the drawn steps make of it, clear of lines and arrows."""
        at, last = self.plane.at, self.split_steps
        chains = [at(self.chain(n)) for n in (0, last)]
        corners = [(a, b) for chain in chains for a, b in (*pairwise(chain), (chain[0], chain[2]))]
        ends = [line.get_start_and_end() for line in self.lines]
        obstacles = np.concatenate([along(a, b, 100) for a, b in (*corners, *ends)])
        tags = VGroup()
        for markup, role, chain in (("$x$", "input", chains[0]), (f"$A{'^2' * (last > 1)} x$", "output", chains[1])):
            label, (_, middle, tip) = tag(self.stage, markup, role), chain
            place = tip + clear_offset(label, tip, tip - middle, obstacles, self.plane.zone)
            obstacles = np.concatenate([obstacles, inside(label, place)])
            tags.add(label.move_to(place))
        return tags

    def part_table(self) -> VGroup:
        """Lengths of the parts after 0, 1 … steps, and after all: a header and a row each."""
        stage, lesson = self.stage, self.explainer
        steps = [*range(self.split_steps + 1), lesson.steps]
        slots = self.panel.rows(*[1] * (len(steps) + 1), gap=0.05)
        places = [slot.columns(0.7, 1, 1, gap=0.1) for slot in slots]
        header = [
            stage.words(text, Size.LABEL, role)
            for text, role in (("step", "muted"), ("along $v_1$", "first"), ("along $v_2$", "second"))
        ]
        rows = [header]
        for n in steps:
            lengths = lesson.parts_after(n)
            numbers = [stage.number(n, Size.READOUT, "text", decimals=0, anchor="center")]
            for value, role in zip(lengths, LINE_ROLES, strict=True):
                decimals = 2 if abs(value) < 100 else 0
                numbers.append(stage.number(value, Size.READOUT, role, decimals=decimals, anchor="center"))
            rows.append(numbers)
        return VGroup(
            *(
                VGroup(*(item.move_to(place.center) for item, place in zip(row, columns, strict=True)))
                for row, columns in zip(rows, places, strict=True)
            )
        )

    def power_formula(self) -> Mobject:
        """A to the n on the split vector."""
        terms = [
            f"{{{{{_base(value)}^n : {role}}}}} dot {{{{{short(part)} thin {name} : {role}}}}}"
            for value, part, name, role in zip(
                self.explainer.eigenvalues, self.explainer.parts, ("v_1", "v_2"), LINE_ROLES, strict=True
            )
        ]
        return self.stage.math(f"{{{{A^n : parameter}}}} {{{{x : input}}}} = {' + '.join(terms)}", Size.TITLE)

    def apply_again(self) -> None:
        """The fan, step by step, every arrow drawn at unit length again."""
        stage, lesson, at = self.stage, self.explainer, self.plane.at
        with self.beat(words.apply_again(lesson), chapter="Again and again"):
            self.clear_away()
            self.fly(self.close)
            circle = Curve(stage, at(unit(ROUND)), "input", 2.5, 0.55)
            walks = lesson.bearings(np.vstack([lesson.fan, lesson.start]))
            ghost = Arrows(stage, at((0, 0)), at(lesson.fan), "input", opacity=0.2)
            fan = Arrows(stage, at((0, 0)), at(lesson.fan), "input")
            vector = Arrow(stage, at((0, 0)), at(walks[0, -1]), "output", 0.11, 0.38)
            chart = self.lean_chart()
            self.play(FadeIn(circle), FadeIn(fan), FadeIn(chart), run_time=0.7)
            self.play(FadeIn(vector), run_time=0.5)
            self.add(ghost, fan, vector)
            for n in range(lesson.steps):

                def step(progress: float, n: int = n) -> None:
                    arrows = lesson.between(walks[n], progress)
                    fan.put(at((0, 0)), at(arrows[:-1]))
                    vector.put(at((0, 0)), at(arrows[-1]))
                    chart.put(n + progress)

                self.play(self.drive(step, fan, vector, chart.dots, run_time=POWERS / lesson.steps))
            self.leaving = VGroup(circle, ghost, fan, vector, chart, self.a_box, self.lines, self.grid.ghost)

    def lean_chart(self) -> StepChart:
        """The direction of the start vector after each step, measured from the leading line if there is one."""
        lesson = self.explainer
        from_line = len(lesson.line_angles) > 0
        low = -90.0 if np.nanmin(lesson.lean) < 0 else 0.0
        label = "angle to the $lambda_1$ line (°)" if from_line else "direction of $A^n x$ (°)"
        return StepChart(
            self.stage, self.panel, lesson.lean, (low, 90.0), (low, (low + 90) / 2, 90.0), y_label=label,
            level=0.0 if from_line else None, level_role="first",
        )  # fmt: skip

    def grow_fibonacci(self) -> None:
        """Fibonacci numbers, two at a time, and the line that they follow."""
        stage, numbers = self.stage, self.explainer.fibonacci
        ratios = numbers.powers[1:, 0] / numbers.powers[1:, 1]
        golden = numbers.eigenvalues[0]
        with self.beat(words.grow_fibonacci(self.explainer), chapter="Fibonacci"):
            self.play(FadeOut(self.leaving), run_time=0.5)
            walk = FibonacciWalk(stage, stage.zones.main, numbers)
            box = self.equation("{{A : parameter}}", numbers, Size.READOUT)
            pair = Equation(stage, "{{x : output}}", numbers.powers[0], ("output",), size=Size.READOUT)
            fit(VGroup(box, pair).arrange(RIGHT, buff=0.4), self.top)
            chart = StepChart(
                stage, self.panel, ratios, (1.0, 2.0), (1.0, 1.5, 2.0), first=1, y_label="ratio of the two numbers",
                level=golden, level_role="first",
            )  # fmt: skip
            self.play(*map(FadeIn, (walk, box, pair, chart)), run_time=0.8)
            for n in range(numbers.steps):

                def step(progress: float, n: int = n) -> None:
                    walk.put(n + progress)
                    chart.put(n + progress)

                self.play(self.drive(step, walk, chart.dots, run_time=POWERS / numbers.steps))
                pair.put(numbers.powers[n + 1])
            x, y = numbers.powers[-1]
            self.heading(
                stage.math(
                    f"{{{{{x:g} : output}}}} / {{{{{y:g} : output}}}} = {x / y:.4f} quad arrow.r quad "
                    f"{{{{lambda_1 : first}}}} = (1 + sqrt(5)) / 2 = {golden:.6f}",
                    Size.READOUT,
                )
            )
            self.leaving = VGroup(walk, box, pair, chart)

    # --- No such line, and the whole idea ------------------------------------------------------------------

    def turn_everything(self) -> None:
        """A rotation: the curve keeps away from the level lines."""
        stage, rotation = self.stage, self.explainer.quarter_turn
        with self.beat(words.turn_everything(self.explainer), chapter="No such line"):
            self.play(FadeOut(self.leaving), run_time=0.5)
            plane = self.dial_plane(rotation)
            self.plane.put_between(plane, plane, 1.0)
            self.grid.put_ghost()
            dial, turning = Dial(stage, plane, rotation), TurningPlot(stage, self.panel, rotation)
            box = self.equation("{{A : parameter}}", rotation)
            self.play(*map(FadeIn, (self.grid.ghost, dial, turning, box)), run_time=0.8)
            self.sweep_to(dial, turning, 0.0, 180.0, seconds=4.0)
            self.heading(
                stage.math(
                    f"{EIGEN} quad arrow.r.double quad lambda = plus.minus i",
                    Size.TITLE,
                )
            )
            self.leaving = VGroup(self.grid.ghost, dial, turning, box)

    def sum_up(self) -> None:
        """Circle, image, kept lines and their numbers beside the turning angle."""
        stage, lesson = self.stage, self.explainer
        with self.beat(words.sum_up(lesson), chapter="Summary"):
            self.play(FadeOut(self.leaving), run_time=0.5)
            self.plane.put_between(self.near, self.near, 1.0)
            self.grid.put_ghost()
            self.put_lines()
            at, origin = self.plane.at, self.plane.origin
            self.turning.put(180.0)
            dial = Dial(stage, self.plane, lesson)
            fan = Arrows(stage, origin, at(lesson.linear_map(lesson.fan)), "output", opacity=FAINT)
            arrows, step = self.stretched()
            step(1.0)
            before = Arrows(stage, origin, at(self.kept), "input", thickness=0.05, tip=0.24)
            self.heading(stage.math(self.closing_formula(), Size.TITLE))
            self.play(*map(FadeIn, (self.grid.ghost, dial.outlines, fan, self.a_box)))
            self.play(FadeIn(self.turning), FadeIn(self.turning.marks), FadeIn(self.lines))
            if lesson.kind != "no line":
                self.play(FadeIn(arrows), FadeIn(before), FadeIn(self.factor_tags(self.tips())))

    def closing_formula(self) -> str:
        """The idea in symbols."""
        if self.explainer.kind == "no line":
            return f"lambda = {complex_words(self.explainer.eigenvalues[0]).replace('i', ' i')}"
        return (
            f"{EIGEN} quad arrow.r.double quad {{{{A^n : parameter}}}} {{{{v : input}}}} = lambda^n {{{{v : input}}}}"
        )


def _slots(side: Zone) -> tuple[Zone, Zone]:
    """Places for the matrix and for the panel that goes with the beat."""
    if side.height >= 0.9 * side.width:
        return side.rows(0.28, 0.72, gap=0.2)
    return side.columns(0.32, 0.68)


def _base(value: float) -> str:
    """A number as the base of a power."""
    return short(value) if value >= 0 else f"({short(value)})"
