"""What the scene of `linear-transformations` says, true for every matrix and vector that it may be given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from explainers.linear_algebra.linear_transformations import LinearTransformations
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
        linear_map.rank, "lines stay parallel and even"
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
    """The rule for A v."""
    return f"Multiply each column by its number, then add: A v = {pair(lesson.image)}."


def compose(lesson: LinearTransformations) -> str:
    """What the second matrix does to the landed basis."""
    first, second, product = lesson.linear_map, lesson.second_map, lesson.product_map
    if first.rank == 0:
        return "Everything is at the origin already; B cannot bring it back."
    if second.regime == "identity":
        return "B is the identity: the basis stays on the columns of A."
    if product.rank == 0:
        return "Then B collapses what A left onto the origin: B A is zero."
    if first.rank == 1:
        return "A left only a line; B can move that line, not undo it."
    if product.rank == 1:
        return "Then B collapses the plane onto one line, and so does B A."
    return "Then B moves the basis again, onto the columns of B A."


def swap_order(lesson: LinearTransformations) -> str:
    """Whether the order matters."""
    if lesson.commutes:
        return "These two matrices commute: either order lands on the same columns."
    return "Swap the order and the basis lands elsewhere: A B is not B A."


def gallery(names: Sequence[str]) -> str:
    """What maps that keep areas have in common."""
    return f"{', '.join(names).capitalize()}: the shaded square keeps its area."


def flatten() -> str:
    """A singular map."""
    return "Flatten: the whole plane lands on one line, and no area is left."


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
