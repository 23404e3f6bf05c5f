"""What the scene of `linear-transformations` says, true for every matrix and vector that it may be given."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from explainers.linear_algebra.linear_transformations import LinearMap, LinearTransformations
from scenes.pictures.matrix import pair, short

BASIS = ("î", "ĵ")


def sum_of(counts: Sequence[float], things: Iterable[str]) -> str:
    """So many of each thing, added up, as Typst markup: "2 hat(i) − 3 hat(j)"."""
    signs = ["−" if count < 0 else "+" for count in counts]
    terms = [f"{short(abs(count))} {thing}" for count, thing in zip(counts, things, strict=True)]
    # The first sign belongs to its number; a plus there is not written.
    return f"{signs[0].strip('+')}{terms[0]} {signs[1]} {terms[1]}"


def show_list(lesson: LinearTransformations) -> str:
    """The list is a walk."""
    x, y = lesson.vector
    walk = [f"{short(abs(x))} {'right' if x > 0 else 'left'}"] * (x != 0)
    walk += [f"{short(abs(y))} {'up' if y > 0 else 'down'}"] * (y != 0)
    if not walk:
        return "The list (0, 0) is the origin: not a single step."
    return f"The list {pair(lesson.vector)} is a point: {', '.join(walk)}."


def show_recipe(lesson: LinearTransformations) -> str:
    """The arrow is a combination of the basis arrows."""
    x, y = map(short, lesson.vector)
    if not lesson.arrow.any():
        return "The zero vector takes 0 of î and 0 of ĵ."
    return f"The arrow v is {x} of î and {y} of ĵ, head to tail."


def drag(lesson: LinearTransformations, index: int) -> str:
    """Where a basis arrow goes, and what that does to the plane."""
    linear_map = lesson.linear_map
    column = linear_map.columns[index]
    stays = column.tolist() == [1.0 - index, float(index)]
    move = f"{BASIS[index]} {'stays at' if stays else 'moves to'} {pair(column)}"
    if index == 0:
        return f"{move}: that is column one." if stays else f"{move}, the grid follows: that is column one."
    ending = {0: "the plane collapses onto the origin", 1: "the plane collapses onto one line"}.get(
        linear_map.rank, "lines stay parallel and evenly spaced"
    )
    if linear_map.regime == "identity":
        ending = "this matrix moves nothing"
    return f"{move}, column two: {ending}."


def carry(lesson: LinearTransformations) -> str:
    """The coordinates of the vector survive."""
    x, y = map(short, lesson.vector)
    recipe = f"{x} of the new î and {y} of the new ĵ"
    regime = lesson.vector_regime
    if regime == "zero":
        return "The zero vector stays at the origin, wherever î and ĵ land."
    if regime == "flattened":
        if lesson.linear_map.rank == 0:
            return "No arrow is left, so v lands on the origin."
        return f"{recipe}{' cancel' if lesson.combination.any() else ''}: v vanishes."
    return f"{recipe}: v stays put." if regime == "fixed" else f"v is still {recipe}."


def read_off(lesson: LinearTransformations) -> str:
    """The rule for Av."""
    return f"Multiply each column by its number, then add: Av = {pair(lesson.image)}."


def compose(lesson: LinearTransformations) -> str:
    """What the second matrix does to the landed basis."""
    first, second, product = lesson.linear_map, lesson.second_map, lesson.product_map
    if first.rank == 0:
        return "Everything is at the origin already; B cannot bring it back."
    if second.regime == "identity":
        return "B is the identity: the basis stays on the columns of A."
    if product.rank == 0:
        return "Then B collapses what A left onto the origin: BA is zero."
    if first.rank == 1:
        return "A left only a line; B can move that line, not undo it."
    if product.rank == 1:
        return "Then B collapses the plane onto one line, and so does BA."
    if (move := _motion(second)) is not None:
        return f"Then B, {move}, moves the basis onto the columns of BA."
    return "Then B moves the basis again, onto the columns of BA."


def _motion(linear_map: LinearMap) -> str | None:
    """What kind of motion a map is, where a few words tell it: "a quarter turn", "a shear"."""
    if linear_map.regime == "rotation":
        degrees = abs(round(math.degrees(linear_map.turn_angle), 1))
        return {0: "a tiny turn", 90: "a quarter turn", 180: "a half turn"}.get(degrees, f"a turn by {degrees:g}°")
    return {"reflection": "a flip", "shear": "a shear"}.get(linear_map.regime)


def swap_order(lesson: LinearTransformations) -> str:
    """Whether the order matters."""
    if lesson.commutes:
        return "These two matrices commute: either order lands on the same columns."
    return "Swap the order and the basis lands elsewhere: AB is not BA."


def gallery(maps: Iterable[LinearMap]) -> str:
    """What the number beside the square is; the sign is named where one of the maps shows it."""
    if any(linear_map.orientation == "reversed" for linear_map in maps):
        return "The determinant is the area factor; a flip makes it negative."
    return "The determinant is the factor by which the shaded area grows."


def flatten() -> str:
    """A singular map."""
    return "Flatten: the whole plane lands on one line; the determinant is 0."


def test_matrix(lesson: LinearTransformations) -> str:
    """The matrix passes the parallelogram test."""
    rank = lesson.linear_map.rank
    if rank == 0:
        return "Everything lands on the origin, the sum u + w too: passed."
    if rank == 1:
        return "Flattened, yet the image of u + w still ends where the sum does."
    return "A matrix passes: the image of u + w closes the new parallelogram."


def test_bent_map(lesson: LinearTransformations) -> str:
    """The bent map fails it."""
    return f"A bent map fails: the image of u + w misses by {lesson.bent_test.defect:.2f}."
