"""Staging of `linear-transformations`: two arrows are dragged, and the plane comes along."""

from __future__ import annotations

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
)
from scenes.pictures.additivity import AdditivityTest
from scenes.pictures.board import Board, MatrixPath, Recipe
from scenes.pictures.grid import Plane
from scenes.pictures.labels import along, clear_offset, inside, tag
from scenes.pictures.matrix import Equation, pair, short
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

    # --- The set: planes to look at, and rows of the side panel -------------------------------------------

    def set_up(self) -> None:
        """Planes that hold what they must, and the board on the first of them."""
        lesson, zone = self.explainer, self.stage.zones.main
        columns = lesson.linear_map.columns
        near = np.vstack([IDENTITY, columns, lesson.arrow])
        moving = [lesson.chain(lesson.linear_map.path(t)) for t in np.linspace(0, 1, 9)]
        far = np.vstack([near, np.zeros(2), *moving])
        products = [lesson.composition_path(t).T for t in np.linspace(0.5, 1, 9)]
        self.near = Plane.framing(zone, np.vstack([near, -near]), LARGEST_UNIT)
        self.far = Plane.framing(zone, far, LARGEST_UNIT)
        self.wide = Plane.framing(zone, np.vstack([*products, *(-p for p in products)]), LARGEST_UNIT)
        self.board = Board(self.stage, self.near, planes=(self.far, self.wide))
        self.recipe = Recipe(self.stage, self.board.plane, lesson.vector)
        self.slots = _slots(self.stage.zones.side)

    def equation(self, name: str, values: np.ndarray, roles: tuple[str, ...], slot: Zone) -> Equation:
        """A named matrix or list in a slot of the side panel, all in the largest size in which a matrix fits."""
        for size in (Size.TITLE, Size.READOUT, Size.LABEL):
            widest = Equation(self.stage, "B A", -4 * np.ones((2, 2)), BASIS_ROLES, size=size)
            if widest.width <= slot.width and widest.height <= slot.height:
                break
        return fit(Equation(self.stage, name, values, roles, size=size), slot)

    # --- A list, an arrow, a recipe --------------------------------------------------------------------

    def show_list(self) -> None:
        """Walk to the point that a list names, and draw the arrow to it."""
        stage, lesson, board = self.stage, self.explainer, self.board
        with self.beat(_list_caption(lesson), chapter="A list"):
            self.heading(stage.words(lesson.title, Size.TITLE))
            self.v_row = self.equation("{{v : input}}", lesson.arrow, ("input",), self.slots[1])
            corner = np.array([lesson.vector[0], 0.0])
            walker = Dots(stage, board.plane.origin[None], role="input", radius=0.1)
            trail = Curve(stage, role="input", width=5.0)
            arrow = self.recipe.arrow.put(board.plane.origin, board.plane.origin)

            def walk(progress: float) -> None:
                stops = np.array([np.zeros(2), min(2 * progress, 1) * corner, lesson.arrow])
                stops[2] = stops[1] + max(2 * progress - 1, 0) * (lesson.arrow - corner)
                trail.put(board.plane.at(stops))
                walker.put(board.plane.at(stops[2:]))

            self.play(FadeIn(board.grid), FadeIn(self.v_row))
            self.play(FadeIn(walker), run_time=0.4)
            self.add(trail, walker)
            self.play(self.drive(walk, trail, walker, run_time=2.0))
            self.add(arrow)
            tip = board.plane.at(lesson.arrow)
            self.play(
                self.drive(lambda p: arrow.put(board.plane.origin, p * tip + (1 - p) * board.plane.origin), arrow,
                           run_time=1.0)
            )
            self.v_tag = self.vector_tag("$v$", "input", IDENTITY)
            self.walker = walker
            self.play(FadeIn(self.v_tag), FadeOut(trail), *([FadeOut(walker)] if lesson.arrow.any() else []))

    def vector_tag(self, markup: str, role: str, matrix: np.ndarray, *others: Mobject) -> Mobject:
        """The name of the vector under a matrix, beyond its tip."""
        board, recipe = self.board, self.recipe
        tip = board.plane.at(recipe.chain(matrix)[2])
        label = tag(self.stage, markup, role)
        obstacles = np.concatenate([recipe.obstacles(matrix), *(inside(o, o.get_center()) for o in others)])
        return label.move_to(tip + clear_offset(label, tip, tip - board.plane.origin, obstacles, board.plane.zone))

    def show_recipe(self) -> None:
        """The arrow as copies of the basis arrows."""
        stage, lesson, board, recipe = self.stage, self.explainer, self.board, self.recipe
        x, y = lesson.vector
        with self.beat(_recipe_caption(lesson), chapter="A recipe"):
            self.bring_to_front(recipe.arrow, self.v_tag)
            self.play(FadeIn(board.basis), FadeIn(board.names))
            self.play(Indicate(board.basis, scale_factor=1.1, color=None), run_time=0.5)
            self.add(recipe.copies)
            self.bring_to_front(recipe.arrow, self.v_tag)
            for shares in (lambda p: (p, 0.0), lambda p: (1.0, p)):
                grow = partial(self._grow, shares)
                grow(0.0)
                self.play(self.drive(grow, recipe.copies, run_time=1.1))
            self.name_copies(IDENTITY)
            self.heading(
                stage.math(f"{{{{v : input}}}} = {short(x)} {{{{hat(i) : first}}}} {_plus(y)} {{{{hat(j) : second}}}}",
                           Size.TITLE)
            )

    def _grow(self, shares, progress: float) -> None:
        self.recipe.put(IDENTITY, shares(progress))

    def name_copies(self, matrix: np.ndarray) -> None:
        """î and ĵ become the names of their copies: 2 î and 3 ĵ."""
        recipe = self.recipe
        obstacles = np.concatenate([recipe.obstacles(matrix), inside(self.v_tag, self.v_tag.get_center())])
        for label, place in zip(recipe.tags, recipe.tag_places(matrix, obstacles), strict=True):
            label.move_to(place)
        self.play(*(ReplacementTransform(a.copy(), b) for a, b in zip(self.board.names, recipe.tags, strict=True)),
                  *(FadeOut(n, run_time=0.2) for n in self.board.names), run_time=0.6)
