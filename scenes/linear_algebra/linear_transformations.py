"""Staging of `linear-transformations`: two arrows are dragged, and the plane comes along."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import numpy as np
from manim import FadeIn, FadeOut, Indicate, Mobject, ReplacementTransform, VGroup

from explainers.linear_algebra.linear_transformations import (
    BEND,
    TEST_U,
    TEST_V,
    LinearMap,
    LinearTransformations,
    bend,
    parallelogram,
)
from scenes.linear_algebra import linear_transformations_captions as words
from scenes.pictures.additivity import AdditivityTest
from scenes.pictures.board import Board, Recipe
from scenes.pictures.grid import Plane
from scenes.pictures.labels import clear_offset, inside, tag
from scenes.pictures.matrix import Equation, MatrixBox, pair, short
from scenes.pictures.shapes import Arrow, Curve, Dots, Region
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import fit, stack
from scenes.stage.text import Size
from scenes.stage.theme import mix
from scenes.stage.zones import Zone

IDENTITY = np.eye(2)
BASIS_ROLES = ("first", "second")
LARGEST_UNIT = 1.25
"""Scene units per grid step at most: larger squares make the plane look like a few boxes."""
GALLERY_VIEW = np.array([[2.0, 1.8], [-2.0, -1.8]])
"""Plane points that stay in view in the gallery: the stretched square reaches to x = 2."""
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
        lesson, zone = self.explainer, self.stage.zones.main
        near = np.vstack([IDENTITY, lesson.linear_map.columns, lesson.arrow])
        riding = [lesson.chain(matrix) for matrix in lesson.linear_map.path(FRAMES)]
        self.near = Plane.framing(zone, np.vstack([near, -near]), LARGEST_UNIT)
        self.far = Plane.framing(zone, np.vstack([near, *riding]), LARGEST_UNIT)
        self.wide = self.holding_products(zone)
        self.board = Board(self.stage, self.near, planes=(self.far, self.wide))
        self.recipe = Recipe(self.stage, self.board.plane, lesson.vector)
        self.slots = _slots(self.stage.zones.side)

    def holding_products(self, zone: Zone) -> Plane:
        """The plane that holds the basis on its way through both maps, in either order, origin in the middle."""
        lesson = self.explainer
        paths = np.concatenate([order.composition_path(FRAMES) for order in (lesson, self.swapped)])
        columns = np.swapaxes(paths, 1, 2).reshape(-1, 2)
        return Plane.framing(zone, np.vstack([columns, -columns]), LARGEST_UNIT)

    @property
    def swapped(self) -> LinearTransformations:
        """The lesson with the two matrices in the other order."""
        return LinearTransformations(matrix=self.explainer.second, second=self.explainer.matrix)

    def equation(self, name: str, values: np.ndarray, roles: Sequence[str], slot: Zone) -> Equation:
        """A named matrix or list in a slot, all of them in the largest size in which a matrix fits."""
        for size in (Size.TITLE, Size.READOUT, Size.LABEL):
            widest = Equation(self.stage, "B A", np.full((2, 2), -4.0), BASIS_ROLES, size=size)
            if widest.width <= slot.width and widest.height <= slot.height:
                break
        return fit(Equation(self.stage, name, values, roles, size=size), slot)

    def retag(self, old: Mobject, new: Mobject, *others) -> None:
        """One name turns into another; `old` itself stays as it is, for later."""
        self.remove(old)
        self.play(ReplacementTransform(old.copy(), new), *others, run_time=0.6)

    # --- A list, an arrow, a recipe --------------------------------------------------------------------

    def show_list(self) -> None:
        """Walk to the point that a list names, and draw the arrow to it."""
        stage, lesson, board = self.stage, self.explainer, self.board
        at = board.plane.at
        with self.beat(words.show_list(lesson), chapter="A list"):
            self.heading(stage.words(lesson.title, Size.TITLE))
            self.v_row = self.equation("{{v : input}}", lesson.arrow, ("input",), self.slots[1])
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
        board, recipe, (x, y) = self.board, self.recipe, self.explainer.vector
        with self.beat(words.show_recipe(self.explainer), chapter="A recipe"):
            self.play(FadeIn(board.basis), FadeIn(board.names), run_time=0.7)
            self.play(*(Indicate(arrow, color=arrow.get_color()) for arrow in board.basis), run_time=0.5)
            recipe.put(IDENTITY, (0.0, 0.0))
            self.add(recipe.copies)
            self.bring_to_front(recipe.arrow, self.v_tag)
            for grow in (lambda p: recipe.put(IDENTITY, (p, 0.0)), lambda p: recipe.put(IDENTITY, (1.0, p))):
                self.play(self.drive(grow, recipe.copies, run_time=1.1))
            recipe.put_tags(IDENTITY, recipe.tag_offsets(IDENTITY, self.v_tag))
            self.retag(board.names, recipe.tags)
            formula = f"{{{{v : input}}}} = {short(x)} {{{{hat(i) : first}}}} {words.plus(y)} {{{{hat(j) : second}}}}"
            self.heading(self.stage.math(formula, Size.TITLE))

    # --- A matrix ---------------------------------------------------------------------------------------

    def drag_first(self) -> None:
        """î goes to column one; the matrix tells where the basis is."""
        lesson, board, recipe = self.explainer, self.board, self.recipe
        with self.beat(words.drag(lesson, 0), chapter="Column one"):
            leaving = [recipe.copies, recipe.arrow, self.v_tag, *([] if lesson.arrow.any() else [self.point])]
            self.retag(recipe.tags, board.names, *map(FadeOut, leaving))
            self.a_row = self.equation("{{A : parameter}}", IDENTITY, BASIS_ROLES, self.slots[0])
            self.play(FadeIn(self.a_row), run_time=0.6)
            self.drag(0)

    def drag_second(self) -> None:
        """ĵ goes to column two."""
        with self.beat(words.drag(self.explainer, 1), chapter="Column two"):
            self.drag(1)
            self.a_row.put(self.explainer.linear_map.matrix)
            self.heading(self.stage.words(self.explainer.title, Size.TITLE))

    def drag(self, index: int) -> None:
        """Drag one basis arrow; grid, names and the numbers of its column follow."""
        lesson, board = self.explainer, self.board
        follow = board.travel(lambda p: lesson.basis_path(*((p, 0.0) if index == 0 else (1.0, p))))

        def step(progress: float) -> None:
            follow(progress)
            self.a_row.put(board.matrix, moving=progress < 1)

        pair_of_views = (board.basis[index], self.a_row.box.column(index))
        self.play(*(Indicate(view, color=self.stage.color("highlight")) for view in pair_of_views), run_time=0.5)
        self.play(self.drive(step, board.grid, board.basis, board.names, self.a_row, run_time=2.6))

    def carry_vector(self) -> None:
        """Rewind, put the vector and its recipe on the plane, and let the matrix carry them."""
        lesson, board, recipe = self.explainer, self.board, self.recipe
        with self.beat(words.carry(lesson), chapter="The recipe survives"):
            rewind = board.travel(lambda p: lesson.linear_map.path(1 - p), to=self.far)
            self.play(self.drive(rewind, board.grid, board.basis, board.names, run_time=1.3))
            self.name_vectors()
            self.add(self.ghost_v)
            self.play(FadeIn(recipe.put(IDENTITY)), FadeIn(self.v_tag), FadeIn(self.av_row), run_time=0.7)
            start = recipe.tag_offsets(IDENTITY, self.v_tag)
            self.retag(board.names, recipe.put_tags(IDENTITY, start))
            end = recipe.tag_offsets(lesson.linear_map.matrix, self.v_tag, self.av_tag)
            follow = board.travel(lesson.linear_map.path)

            def ride(progress: float) -> None:
                follow(progress)
                recipe.put(board.matrix).put_tags(board.matrix, (1 - progress) * start + progress * end)
                recipe.arrow.set_fill(mix(*map(self.stage.color, ("input", "output")), progress))
                self.av_row.put(recipe.chain(board.matrix)[2], moving=progress < 1)

            self.play(self.drive(ride, board.grid, board.basis, recipe, recipe.tags, self.av_row, run_time=3.0))
            self.play(FadeIn(self.av_tag), *map(FadeIn, self.points), run_time=0.5)

    def name_vectors(self) -> None:
        """What belongs to the vector before and after the map, on the present plane."""
        lesson, at = self.explainer, self.board.plane.at
        self.ghost_v = Arrow(self.stage, at((0, 0)), at(lesson.arrow), "input", 0.09, 0.36).set_opacity(GHOST)
        self.v_tag = self.vector_tag("$v$", "input", IDENTITY)
        self.av_tag = self.vector_tag("$A v$", "output", lesson.linear_map.matrix, self.v_tag)
        self.av_row = self.equation("{{A : parameter}} {{v : input}}", lesson.arrow, ("output",), self.slots[2])
        # A vector that lands on the origin is a dot there.
        lost = lesson.vector_regime in ("zero", "flattened")
        self.points = VGroup(*[Dots(self.stage, at(np.zeros((1, 2))), role="output", radius=0.11)] * lost)

    def read_off(self) -> None:
        """The arithmetic behind the picture: columns, times numbers, added."""
        lesson, recipe = self.explainer, self.recipe
        (x, y), (first, second) = lesson.vector, map(pair, lesson.linear_map.columns)
        with self.beat(words.read_off(lesson), chapter="Read it off"):
            for copies, column in zip(recipe.copies, (0, 1), strict=True):
                views = [copies, self.a_row.box.column(column), self.v_row.box.numbers[column]]
                self.play(*(Indicate(v, color=self.stage.color("highlight"), scale_factor=1.15) for v in views))
            formula = (
                f"{{{{A : parameter}}}} {{{{v : input}}}} = {short(x)} {{{{{first} : first}}}} "
                f"{words.plus(y)} {{{{{second} : second}}}} = {{{{{pair(lesson.image)} : output}}}}"
            )
            self.heading(self.stage.math(formula, Size.TITLE))
            views = [recipe.arrow, self.av_row.box.numbers]
            self.play(*(Indicate(v, color=self.stage.color("highlight"), scale_factor=1.1) for v in views))

    # --- Two matrices -----------------------------------------------------------------------------------

    def compose(self) -> None:
        """A second matrix moves the landed basis on; where it ends is the product."""
        lesson, board, recipe = self.explainer, self.board, self.recipe
        with self.beat(words.compose(lesson), chapter="And then another"):
            leaving = VGroup(recipe, self.ghost_v, self.v_tag, self.av_tag, self.v_row, self.av_row, *self.points)
            look = board.travel(lambda p: lesson.linear_map.matrix, to=self.wide)
            look(0.0)
            self.retag(recipe.tags, board.names, FadeOut(leaving))
            b_row = self.equation("{{B : parameter}}", lesson.second_map.matrix, ("text", "text"), self.slots[1])
            product = self.equation(BA, board.matrix, BASIS_ROLES, self.slots[2])
            self.play(self.drive(look, board.grid, board.basis, board.names, run_time=1.0), FadeIn(b_row))
            self.play(ReplacementTransform(self.a_row.box.copy(), product.box), FadeIn(product.name_text))
            self.heading(self.stage.math(f"{BA} quad \"first\" {{{{A : parameter}}}}\", then\" {{{{B : parameter}}}}", Size.TITLE))
            follow = board.travel(lambda p: lesson.composition_path((1 + p) / 2))

            def step(progress: float) -> None:
                follow(progress)
                product.put(board.matrix, moving=progress < 1)

            self.play(self.drive(step, board.grid, board.basis, board.names, product, run_time=2.6))
            self.leaving = VGroup(board.grid, board.basis, board.names, self.a_row, b_row, product)

    def swap_order(self) -> None:
        """Both orders side by side, on one clock."""
        lesson = self.explainer
        with self.beat(words.swap_order(lesson), chapter="Order"):
            self.play(FadeOut(self.leaving), run_time=0.5)
            zones = self.stage.zones.body.beside(1, 1, gap=0.5)
            orders = ((lesson, ("A", "B"), zones[0]), (self.swapped, ("B", "A"), zones[1]))
            panels = [self.order_panel(*order) for order in orders]
            self.heading(self.stage.math(f"{BA} {'=' if lesson.commutes else '≠'} {AB}", Size.TITLE), run_time=0.4)
            self.play(*(FadeIn(panel) for panel, _ in panels))
            for half in (0, 1):
                steps = [begin(half) for _, begin in panels]
                self.play(
                    self.drive(lambda p, steps=steps: [step(p) for step in steps], *(g for g, _ in panels), run_time=1.9)
                )
                self.wait(0.4)
            self.leaving = VGroup(*(panel for panel, _ in panels))
