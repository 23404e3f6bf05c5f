"""Staging of `linear-transformations`: two arrows are dragged, and the plane comes along."""

from __future__ import annotations

from functools import partial
from itertools import groupby

import numpy as np
from manim import Animation, FadeIn, FadeOut, Indicate, Mobject, ReplacementTransform, VGroup, VMobject

from explainers.linear_algebra.linear_transformations import (
    BEND,
    LinearMap,
    LinearTransformations,
    bend,
)
from scenes.linear_algebra import linear_transformations_captions as words
from scenes.linear_algebra.linear_transformations_additivity import AdditivityTest
from scenes.linear_algebra.linear_transformations_area import AreaBoard
from scenes.pictures.board import Board, ProductBoard, Recipe, in_turn, together
from scenes.pictures.grid import Plane
from scenes.pictures.labels import clear_offset, inside, tag
from scenes.pictures.matrix import Equation, equations, pair
from scenes.pictures.shapes import Arrow, Curve, Dots
from scenes.stage.color import mix
from scenes.stage.language import N_, _, in_math, localized
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import fit
from scenes.stage.text import Size
from scenes.stage.zones import Zone

IDENTITY = np.eye(2)
PANEL_GAP = 0.4
"""Scene units between the plane and the rows beside it."""
LEAST_HEADING = 0.7
"""A heading that would have to shrink below this is reworded."""
AV, BA, AB = (
    f"{{{{{left} : parameter}}}} {{{{{right} : {role}}}}}"
    for left, right, role in (("A", "v", "input"), ("B", "A", "parameter"), ("A", "B", "parameter"))
)
# Translators: Typst math; the comma separates coordinates, and `sin` is the sine: op("sen") in Spanish.
BENT_MAP = N_("f(x, y) = (x + {bend} sin y, thin y + {bend} sin x)")
"""The bent map as a formula."""
GALLERY_TITLES = {
    "rotation": N_("Rotation"),
    "shear": N_("Shear"),
    "stretch": N_("Stretch"),
    "flip": N_("Flip"),
    "flatten": N_("Flatten"),
}
BASIS_ROLES = ("first", "second")
LARGEST_UNIT = 1.25
"""Scene units per grid step at most: larger squares make the plane look like a few boxes."""
GHOST = 0.4
"""Opacity of an arrow where it was before the map."""
FRAMES = np.linspace(0, 1, 9)
"""Moments of a motion whose pictures must all be in view."""


class LinearTransformationsScene(ExplainerScene[LinearTransformations]):
    """A list, an arrow, a recipe; the recipe survives when the plane moves; what bends has no recipe."""

    explainer_type = LinearTransformations

    def construct(self) -> None:
        """The story, beat by beat."""
        self.set_up()
        self.show_list()
        self.show_recipe()
        self.drag_first()
        self.drag_second()
        self.carry_vector()
        self.read_off()
        self.compose()
        self.swap_order()
        self.tour_gallery()
        self.test_matrix()
        self.test_bent_map()
        self.sum_up()

    # --- The set ---------------------------------------------------------------------------------------

    def set_up(self) -> None:
        """The planes of the first half, each holding what happens on it, and what stands on them."""
        lesson, (zone, side) = self.explainer, self.split()
        near = np.vstack([IDENTITY, -IDENTITY, lesson.linear_map.columns, lesson.chain(IDENTITY)])
        riding = [lesson.chain(matrix) for matrix in lesson.linear_map.path(FRAMES)]
        self.near = Plane.framing(zone, near, LARGEST_UNIT)
        self.far = Plane.framing(zone, np.vstack([IDENTITY, lesson.linear_map.columns, *riding]), LARGEST_UNIT)
        self.wide = self.holding_products(zone)
        self.board = Board(self.stage, self.near, planes=(self.far, self.wide))
        self.recipe = Recipe(self.stage, self.board.plane, lesson.vector)
        self.fill_panel(side)

    def split(self) -> tuple[Zone, Zone]:
        """Room for the plane, and for the rows beside or below it: beside it, long decimals get what they need."""
        zones, side = self.stage.zones, self.stage.zones.side
        vectors, matrices = self.equations()
        needed = max(
            Equation(self.stage, name, values, roles, size=Size.LABEL, room_for=later).width
            for name, values, roles, later in (*vectors, *matrices)
        )
        if needed <= side.width or side.top <= zones.main.bottom:
            return zones.main, side
        return zones.body.columns(zones.body.width - PANEL_GAP - needed, needed, gap=PANEL_GAP)

    def equations(self) -> tuple[tuple, tuple]:
        """Name, values, roles and what there must be room for later: of A, v and A v, and of B and B A."""
        lesson = self.explainer
        first, second, product = lesson.linear_map.matrix, lesson.second_map.matrix, lesson.product_map.matrix
        vectors = (
            ("{{A : parameter}}", IDENTITY, BASIS_ROLES, first),
            ("{{v : input}}", lesson.arrow, ("input",), None),
            (AV, lesson.image, ("output",), None),
        )
        return vectors, (("{{B : parameter}}", second, BASIS_ROLES, None), (BA, first, BASIS_ROLES, product))

    def holding_products(self, zone: Zone) -> Plane:
        """The plane that holds the basis on its way through both maps, in either order."""
        lesson = self.explainer
        paths = np.concatenate([order.composition_path(FRAMES) for order in (lesson, self.swapped)])
        columns = np.swapaxes(paths, 1, 2).reshape(-1, 2)
        return Plane.framing(zone, np.vstack([columns, -IDENTITY]), LARGEST_UNIT)

    @property
    def swapped(self) -> LinearTransformations:
        """The lesson with the two matrices in the other order."""
        return LinearTransformations(matrix=self.explainer.second, second=self.explainer.matrix)

    def fill_panel(self, side: Zone) -> None:
        """The rows of the side panel: A, v and A v, then A, B and B A; they are shown one by one."""
        (top, middle, bottom), (vectors, matrices) = _slots(side), self.equations()
        if top.right == middle.right:
            rows = equations(self.stage, (*vectors, *matrices), top)
            # Below one another, all brackets begin at one edge.
            box, name = (max(widths) for widths in zip(*((r.box.width, r.name_text.width) for r in rows), strict=True))
        else:
            rows = VGroup(*equations(self.stage, vectors, middle), *equations(self.stage, matrices, middle))
        for row, slot in zip(rows, (top, middle, bottom, middle, bottom), strict=True):
            row.move_to(slot.center)
            if top.right == middle.right:
                row.shift([slot.center[0] + (name - box) / 2 - row.box.get_left()[0], 0, 0])
        self.a_row, self.v_row, self.av_row, self.b_row, self.ba_row = rows

    def retag(self, old: Mobject, new: Mobject, *others) -> None:
        """One name turns into another; `old` itself stays as it is, for later."""
        self.remove(old)
        self.play(ReplacementTransform(old.copy(), new), *others, run_time=0.6)

    # --- A list, an arrow, a recipe --------------------------------------------------------------------

    def show_list(self) -> None:
        """Walk to the point that a list names, and draw the arrow to it."""
        stage, lesson, board = self.stage, self.explainer, self.board
        at = board.plane.at
        with self.beat(words.show_list(lesson), chapter=_("A list")):
            self.heading(stage.words(_(lesson.title), Size.TITLE))
            self.point = Dots(stage, at(np.zeros((1, 2))), role="input", radius=0.11)
            trail, arrow = Curve(stage, role="input", width=5.0), self.recipe.arrow
            arrow.put(at((0, 0)), at((0, 0)))

            def walk(progress: float) -> None:
                right, up = np.clip([2 * progress, 2 * progress - 1], 0, 1) * lesson.arrow
                trail.put(at(np.array([(0, 0), (right, 0), (right, up)])))
                self.point.put(at(np.array([(right, up)])))

            self.play(FadeIn(board.grid), FadeIn(self.v_row))
            self.play(FadeIn(self.point), run_time=0.4)
            self.add(trail, self.point)
            self.play(self.drive(walk, trail, self.point, run_time=2.0))
            self.add(arrow)
            self.play(self.drive(lambda p: arrow.put(at((0, 0)), at(p * lesson.arrow)), arrow, run_time=0.9))
            self.v_tag = self.vector_tag("$v$", "input", IDENTITY)
            leave = [FadeOut(self.point)] if lesson.arrow.any() else []
            self.play(FadeIn(self.v_tag), FadeOut(trail), *leave, run_time=0.6)

    def vector_tag(self, markup: str, role: str, matrix: np.ndarray, *others: Mobject) -> Mobject:
        """The name of the vector under a matrix, beyond its tip and clear of other names."""
        plane, recipe = self.board.plane, self.recipe
        tip = plane.at(recipe.chain(matrix)[2])
        label = tag(self.stage, markup, role)
        obstacles = np.concatenate([recipe.obstacles(matrix), *(inside(o, o.get_center()) for o in others)])
        return label.move_to(tip + clear_offset(label, tip, tip - plane.origin, obstacles, plane.zone))

    def show_recipe(self) -> None:
        """The arrow as copies of the basis arrows."""
        lesson, board, recipe = self.explainer, self.board, self.recipe
        with self.beat(words.show_recipe(lesson), chapter=_("A recipe")):
            obstacles = np.concatenate([recipe.obstacles(IDENTITY), inside(self.v_tag, self.v_tag.get_center())])
            board.put(IDENTITY, board.name_offsets(IDENTITY, obstacles))
            self.play(FadeIn(board.basis), FadeIn(board.names), run_time=0.7)
            self.play(*(Indicate(arrow, color=arrow.get_color()) for arrow in board.basis), run_time=0.5)
            recipe.put(IDENTITY, (0.0, 0.0))
            self.add(recipe.copies)
            self.bring_to_front(recipe.arrow, self.v_tag)
            for grow in (lambda p: recipe.put(IDENTITY, (p, 0.0)), lambda p: recipe.put(IDENTITY, (1.0, p))):
                self.play(self.drive(grow, recipe.copies, run_time=1.1))
            recipe.put_tags(IDENTITY, recipe.tag_offsets(IDENTITY, self.v_tag))
            self.retag(board.names, recipe.tags)
            names = ("{{hat(i) : first}}", "{{hat(j) : second}}")
            self.heading(self.stage.math(f"{{{{v : input}}}} = {words.sum_of(lesson.vector, names)}", Size.TITLE))

    # --- A matrix ---------------------------------------------------------------------------------------

    def drag_first(self) -> None:
        """î goes to column one; the matrix tells where the basis is."""
        lesson, board, recipe = self.explainer, self.board, self.recipe
        with self.beat(words.drag(lesson, 0), chapter=_("Column one")):
            leaving = [recipe.copies, recipe.arrow, self.v_tag, *([] if lesson.arrow.any() else [self.point])]
            self.retag(recipe.tags, board.names, *map(FadeOut, leaving))
            self.heading(self.stage.words(_(lesson.title), Size.TITLE))
            self.play(FadeIn(self.a_row), run_time=0.5)
            self.drag(0)

    def drag_second(self) -> None:
        """ĵ goes to column two."""
        with self.beat(words.drag(self.explainer, 1), chapter=_("Column two")):
            self.drag(1)

    def drag(self, index: int) -> None:
        """Drag one basis arrow; grid, names and the numbers of its column follow."""
        lesson, board = self.explainer, self.board
        follow = board.travel(lambda p: lesson.linear_map.basis_path(*((p, 0.0) if index == 0 else (1.0, p))))

        def step(progress: float) -> None:
            follow(progress)
            self.a_row.put(board.matrix, moving=progress < 1)

        pair_of_views = ((board.basis.first, board.basis.second)[index], self.a_row.box.column(index))
        self.play(*(Indicate(view, color=self.stage.color("highlight")) for view in pair_of_views), run_time=0.5)
        self.play(self.drive(step, board.grid, board.basis, board.names, self.a_row, run_time=2.6))

    def carry_vector(self) -> None:
        """Rewind, put the vector and its recipe on the plane, and let the matrix carry them."""
        lesson, board, recipe = self.explainer, self.board, self.recipe
        with self.beat(words.carry(lesson), chapter=_("The recipe survives")):
            rewind = board.travel(lambda p: lesson.linear_map.path(1 - p), to=self.far)
            self.play(self.drive(rewind, board.grid, board.basis, board.names, run_time=1.3))
            self.name_vectors()
            start = recipe.tag_offsets(IDENTITY, self.v_tag)
            recipe.put(IDENTITY).put_tags(IDENTITY, start)
            self.retag(board.names, recipe.tags, FadeIn(recipe), FadeIn(self.v_tag))
            self.add(self.ghost_v)
            self.bring_to_front(recipe, recipe.tags, self.v_tag)
            self.wait(0.4)
            end = self.image_offsets()
            follow = board.travel(lesson.linear_map.path)

            def ride(progress: float) -> None:
                follow(progress)
                recipe.put(board.matrix).put_tags(board.matrix, (1 - progress) * start + progress * end)
                recipe.arrow.set_fill(mix(*map(self.stage.color, ("input", "output")), progress))

            self.play(
                self.drive(
                    ride, board.grid, board.basis, board.names, recipe, recipe.tags, recipe.image_tags, run_time=3.0
                )
            )
            self.retag(recipe.tags, recipe.image_tags, *map(FadeIn, (self.av_tag, self.av_row, *self.points)))
            images = (
                f"{{{{A : parameter}}}} {{{{hat({name}) : {role}}}}}"
                for name, role in zip("ij", BASIS_ROLES, strict=True)
            )
            self.heading(self.stage.math(f"{AV} = {words.sum_of(lesson.vector, images)}", Size.TITLE))

    def image_offsets(self) -> np.ndarray:
        """Where the names of the copies stand once the matrix has acted."""
        recipe, matrix = self.recipe, self.explainer.linear_map.matrix
        return recipe.tag_offsets(matrix, self.v_tag, self.av_tag, tags=recipe.image_tags)

    def name_vectors(self) -> None:
        """What belongs to the vector before and after the map, on the present plane."""
        lesson, at = self.explainer, self.board.plane.at
        self.ghost_v = Arrow(self.stage, at((0, 0)), at(lesson.arrow), "input", 0.09, 0.36).set_opacity(GHOST)
        self.v_tag = self.vector_tag("$v$", "input", IDENTITY)
        self.av_tag = self.vector_tag("$A v$", "output", lesson.linear_map.matrix, self.v_tag)
        # A vector that lands on the origin is a dot there.
        lost = lesson.vector_regime in ("zero", "flattened")
        self.points = VGroup(*[Dots(self.stage, at(np.zeros((1, 2))), role="output", radius=0.11)] * lost)

    def read_off(self) -> None:
        """The arithmetic behind the picture: columns, times numbers, added."""
        lesson, recipe = self.explainer, self.recipe
        columns = (
            f"{{{{{in_math(pair(c))} : {role}}}}}"
            for c, role in zip(lesson.linear_map.columns, BASIS_ROLES, strict=True)
        )
        with self.beat(words.read_off(lesson), chapter=_("Read it off")):
            for copies, column in zip(recipe.copies, (0, 1), strict=True):
                views = [copies, self.a_row.box.column(column), self.v_row.box.numbers[column]]
                self.play(*(Indicate(v, color=self.stage.color("highlight"), scale_factor=1.15) for v in views))
            image = f"{{{{{in_math(pair(lesson.image))} : output}}}}"
            result = f"{words.sum_of(lesson.vector, columns)} = {image}"
            heading = self.stage.math(f"{AV} = {result}", Size.TITLE)
            if LEAST_HEADING * heading.width > self.stage.zones.title.width:
                # Long decimals: the rows below tell the columns.
                images = [f"A {symbol}" for symbol in ("{{hat(i) : first}}", "{{hat(j) : second}}")]
                result = f"{words.sum_of(lesson.vector, images)} = {image}"
                heading = self.stage.math(f"{AV} = {result}", Size.TITLE)
            self.heading(heading)
            views = [recipe.arrow, self.av_row.box.numbers]
            self.play(*(Indicate(v, color=self.stage.color("highlight"), scale_factor=1.1) for v in views))

    # --- Two matrices -----------------------------------------------------------------------------------

    def compose(self) -> None:
        """A second matrix moves the landed basis on; where it ends is the product."""
        lesson, board, recipe = self.explainer, self.board, self.recipe
        with self.beat(words.compose(lesson), chapter=_("And then another")):
            leaving = VGroup(recipe, self.ghost_v, self.v_tag, self.av_tag, self.v_row, self.av_row, *self.points)
            look = board.travel(lambda p: lesson.linear_map.matrix, to=self.wide)
            look(0.0)
            self.retag(recipe.image_tags, board.names, FadeOut(leaving))
            self.play(self.drive(look, board.grid, board.basis, board.names, run_time=1.0))
            self.play(ReplacementTransform(self.a_row.box.copy(), self.ba_row.box), run_time=0.8)
            self.play(FadeIn(self.b_row), run_time=0.5)
            self.heading(self.stage.math(f"{BA} quad {in_turn('{{A : parameter}}', '{{B : parameter}}')}", Size.TITLE))
            follow = board.travel(lambda p: lesson.composition_path((1 + p) / 2))

            def step(progress: float) -> None:
                follow(progress)
                self.ba_row.put(board.matrix, moving=progress < 1)

            self.play(self.drive(step, board.grid, board.basis, board.names, self.ba_row.box, run_time=2.6))
            self.play(FadeIn(self.ba_row.name_text), run_time=0.5)
            self.leaving = VGroup(board.grid, board.basis, board.names, self.a_row, self.b_row, self.ba_row)

    def swap_order(self) -> None:
        """Both orders side by side, on one clock."""
        lesson, stage = self.explainer, self.stage
        with self.beat(words.swap_order(lesson), chapter=_("Order")):
            self.heading(stage.math(f"{BA} = {AB} thin ?", Size.TITLE), run_time=0.4)
            self.play(FadeOut(self.leaving), run_time=0.4)
            self.panels = [
                ProductBoard(stage, zone, self.holding_products, names, product, order.product_map.matrix)
                for order, names, product, zone in zip(
                    (lesson, self.swapped), ("AB", "BA"), (BA, AB), stage.zones.body.beside(1, 1, gap=0.5), strict=True
                )
            ]
            self.play(*(FadeIn(panel) for panel in self.panels))
            for start in (0.0, 0.5):
                steps = [
                    panel.travel(lambda p, order=order, start=start: order.composition_path(start + p / 2))
                    for panel, order in zip(self.panels, (lesson, self.swapped), strict=True)
                ]
                self.play(self.drive(together(steps), *self.panels, run_time=1.9))
                self.wait(0.3)
            self.play(*(FadeIn(panel.product.name_text) for panel in self.panels), run_time=0.4)
            self.heading(stage.math(f"{BA} {'=' if lesson.commutes else '{{!= : error}}'} {AB}", Size.TITLE))
            self.leaving = VGroup(*self.panels, *(panel.product.name_text for panel in self.panels))

    # --- The gallery ------------------------------------------------------------------------------------

    def tour_gallery(self) -> None:
        """Famous maps with the square that tells their determinant; those that flatten get their own beat."""
        maps = self.explainer.gallery_maps
        zones = self.stage.zones
        self.area = AreaBoard(self.stage, zones.main, _halves(zones.side), [m.matrix for _, m in maps])
        entering = [FadeIn(self.area), FadeOut(self.leaving)]
        self.leaving = self.area
        for flat, group in groupby(maps, key=lambda item: item[1].is_singular):
            items = list(group)
            caption = words.flatten() if flat else words.gallery([linear_map for _, linear_map in items])
            with self.beat(caption, chapter=_("Flatten") if flat else _("Gallery")):
                for name, linear_map in items:
                    self.show_map(name, linear_map, entering)
                    entering = []

    def show_map(self, name: str, linear_map: LinearMap, entering: list[Animation]) -> None:
        """Rewind what the last map did, name this one, and play it."""
        area, here = self.area, LinearMap.of(self.area.matrix)
        if entering:
            self.play(*entering, run_time=0.8)
        else:
            # One name is gone before the next one comes.
            self.heading(VMobject(), run_time=0.25)
            self.play(self.drive(area.travel(lambda p: here.path(1 - p)), area, run_time=0.7))
        self.heading(self.stage.words(_(GALLERY_TITLES[name]), Size.TITLE), run_time=0.4)
        self.play(self.drive(area.travel(linear_map.path), area, run_time=1.5))
        self.wait(0.6)

    # --- The test ---------------------------------------------------------------------------------------

    def test_matrix(self) -> None:
        """The lecturer's matrix carries a parallelogram to a parallelogram."""
        lesson, stage = self.explainer, self.stage
        # What is still as it was comes before what the matrix did.
        left, right = (zone.rows(0.1, 0.9, gap=0.1) for zone in stage.zones.body.beside(1, 1, gap=0.5))
        zones = (right, left)
        names = [("u", "w", "u + w"), ("A u", "A w", "A (u + w)"), ("f(u)", "f(w)", "f(u + w)", "f(u) + f(w)")]
        with self.beat(words.test_matrix(lesson), chapter=_("The test")):
            self.tests = [
                AdditivityTest(stage, room, test, names=(names[0], after), bent=not test.passes)
                for (_, room), test, after in zip(zones, (lesson.linear_test, lesson.bent_test), names[1:], strict=True)
            ]
            spots = (zones[0][0], zones[1][0], zones[1][0])
            titles = (_("the matrix $A$"), _("before any map"), _("the bent map $f$"))
            self.test_titles = VGroup(
                *(fit(stage.words(t, Size.READOUT), spot) for t, spot in zip(titles, spots, strict=True))
            )
            self.heading(stage.math("f(u + w) = f(u) + f(w) thin ?", Size.TITLE), run_time=0.4)
            self.play(FadeOut(self.leaving), run_time=0.4)
            names = [test.before for test in self.tests]
            self.play(*map(FadeIn, (*(test.picture for test in self.tests), *names, *self.test_titles[:2])))
            self.run_test(self.tests[0], lambda p: LinearMap.of(lesson.linear_map.path(p)))
            u, w = "{{u : input}}", "{{w : data}}"
            a = "{{A : parameter}}"
            self.heading(stage.math(f"{a} ({u} + {w}) = {a} {u} + {a} {w}", Size.TITLE))

    def test_bent_map(self) -> None:
        """The bent map does not."""
        with self.beat(words.test_bent_map(self.explainer), chapter=_("A bent map")):
            before, bent = self.test_titles[1:]
            strength = in_math(localized(f"{BEND:g}"))
            self.heading(self.stage.math(_(BENT_MAP).format(bend=strength), Size.TITLE))
            self.play(FadeOut(before), run_time=0.3)
            self.play(FadeIn(bent), run_time=0.4)
            self.run_test(self.tests[1], lambda p: partial(bend, strength=BEND * p))
            gap = self.tests[1].gap_arrow
            self.play(Indicate(gap, color=self.stage.color("highlight"), scale_factor=1.3))
            u, w = "{{u : input}}", "{{w : data}}"
            self.heading(self.stage.math(f"f({u} + {w}) {{{{!= : error}}}} f({u}) + f({w})", Size.TITLE))
            self.leaving = VGroup(*self.tests, self.test_titles[0], bent, *(test.after for test in self.tests))

    def run_test(self, test: AdditivityTest, maps) -> None:
        """Play a map on one of the two planes."""
        self.play(*(Indicate(p, color=p.get_color()) for p in test.pointers), run_time=0.5)
        self.play(FadeOut(test.before), FadeIn(test.readout), run_time=0.3)
        self.play(self.drive(lambda p: test.put(maps(p)), test, run_time=2.4))
        self.play(FadeIn(test.after), run_time=0.5)

    # --- The whole idea ---------------------------------------------------------------------------------

    def sum_up(self) -> None:
        """The matrix, its columns, the plane that they moved, and the vector that went along."""
        lesson, board, recipe = self.explainer, self.board, self.recipe
        with self.beat(_(lesson.insight), chapter=_("Summary")):
            self.heading(self.stage.words(_(lesson.title), Size.TITLE))
            self.play(FadeOut(self.leaving), run_time=0.4)
            board.travel(lambda p: lesson.linear_map.matrix, to=self.far)(1.0)
            self.name_vectors()
            matrix = lesson.linear_map.matrix
            recipe.put(matrix).put_tags(matrix, self.image_offsets())
            self.av_row.put(lesson.image)
            self.play(*map(FadeIn, (board.grid, board.basis, self.a_row)))
            views = (self.ghost_v, recipe, recipe.image_tags, self.v_tag, self.av_tag, self.v_row, self.av_row)
            self.play(*map(FadeIn, (*views, *self.points)))


def _slots(side: Zone) -> tuple[Zone, Zone, Zone]:
    """Places for a matrix and two lists: below one another, or the lists beside one another if the zone is low."""
    if side.height >= 0.9 * side.width:
        return side.rows(1, 1, 1)
    top, bottom = side.rows(1, 1)
    return (top, *bottom.columns(1, 1))


def _halves(side: Zone) -> tuple[Zone, Zone]:
    """Two places of a side panel, along its longer side."""
    return side.rows(1, 1) if side.height >= 0.9 * side.width else side.columns(1, 1)
