"""What the scene of `linear-transformations` says, true for every matrix and vector that it may be given."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from explainers.linear_algebra.linear_transformations import LinearMap, LinearTransformations
from scenes.pictures.matrix import pair, short
from scenes.stage.language import _, in_math, localized
from scenes.stage.text import format_number

BASIS = ("î", "ĵ")


def sum_of(counts: Sequence[float], things: Iterable[str]) -> str:
    """So many of each thing, added up, as Typst math: "2 hat(i) − 3 hat(j)"."""
    signs = ["−" if count < 0 else "+" for count in counts]
    terms = [f"{in_math(short(abs(count)))} {thing}" for count, thing in zip(counts, things, strict=True)]
    # The first sign belongs to its number; a plus there is not written.
    return f"{signs[0].strip('+')}{terms[0]} {signs[1]} {terms[1]}"


def show_list(lesson: LinearTransformations) -> str:
    """The list is a walk."""
    x, y = lesson.vector
    walk = [(_("{steps} right") if x > 0 else _("{steps} left")).format(steps=short(abs(x)))] * (x != 0)
    walk += [(_("{steps} up") if y > 0 else _("{steps} down")).format(steps=short(abs(y)))] * (y != 0)
    if not walk:
        return _("The list {point} is the origin: not a single step.").format(point=pair(lesson.vector))
    return _("The list {point} is an arrow: {walk}.").format(point=pair(lesson.vector), walk=", ".join(walk))


def show_recipe(lesson: LinearTransformations) -> str:
    """The arrow is a combination of the basis arrows."""
    x, y = map(short, lesson.vector)
    if not lesson.arrow.any():
        return _("The zero vector takes 0 of î and 0 of ĵ.")
    return _("The arrow v is {x} of î and {y} of ĵ, head to tail.").format(x=x, y=y)


def drag(lesson: LinearTransformations, index: int) -> str:
    """Where a basis arrow goes, and what that does to the plane."""
    linear_map = lesson.linear_map
    column = linear_map.columns[index]
    stays = column.tolist() == [1.0 - index, float(index)]
    names = {"arrow": BASIS[index], "point": pair(column)}
    if index == 0 and stays:
        return _("{arrow} stays at {point}: that is column one.").format(**names)
    if index == 0:
        return _("{arrow} moves to {point}, the grid follows: that is column one.").format(**names)
    ending = {0: _("the plane collapses onto the origin"), 1: _("the plane collapses onto one line")}.get(
        linear_map.rank, _("lines stay parallel and evenly spaced")
    )
    if linear_map.regime == "identity":
        ending = _("this matrix moves nothing")
    sentence = _("{arrow} stays at {point}, column two: {ending}.")
    if not stays:
        sentence = _("{arrow} moves to {point}, column two: {ending}.")
    return sentence.format(**names, ending=ending)


def carry(lesson: LinearTransformations) -> str:
    """The coordinates of the vector survive."""
    regime = lesson.vector_regime
    if regime == "zero":
        return _("The zero vector stays at the origin, wherever î and ĵ land.")
    if regime == "flattened" and lesson.linear_map.rank == 0:
        return _("No arrow is left, so v lands on the origin.")
    if regime == "flattened" and lesson.combination.any():
        sentence = _("{x} of the new î and {y} of the new ĵ cancel: v vanishes.")
    elif regime == "flattened":
        sentence = _("{x} of the new î and {y} of the new ĵ: v vanishes.")
    elif regime == "fixed":
        sentence = _("{x} of the new î and {y} of the new ĵ: v stays put.")
    else:
        sentence = _("Av is still {x} of the new î and {y} of the new ĵ.")
    x, y = map(short, lesson.vector)
    return sentence.format(x=x, y=y)


def read_off(lesson: LinearTransformations) -> str:
    """The rule for Av."""
    return _("Multiply each column by its number, then add: Av = {image}.").format(image=pair(lesson.image))


def compose(lesson: LinearTransformations) -> str:
    """What the second matrix does to the landed basis."""
    first, second, product = lesson.linear_map, lesson.second_map, lesson.product_map
    if first.rank == 0:
        return _("Everything is at the origin already; B cannot bring it back.")
    if second.regime == "identity":
        return _("B is the identity: the basis stays on the columns of A.")
    if product.rank == 0:
        return _("Then B collapses what A left onto the origin: BA is zero.")
    if first.rank == 1:
        return _("A left only a line; B can move that line, not undo it.")
    if product.rank == 1:
        return _("Then B collapses the plane onto one line, and so does BA.")
    if (move := _motion(second)) is not None:
        return _("Then B, {move}, moves the basis onto the columns of BA.").format(move=move)
    return _("Then B moves the basis again, onto the columns of BA.")


def _motion(linear_map: LinearMap) -> str | None:
    """What kind of motion a map is, where a few words tell it: "a quarter turn", "a shear"."""
    if linear_map.regime == "rotation":
        degrees = abs(round(math.degrees(linear_map.turn_angle), 1))
        if degrees in (0, 90, 180):
            return {0: _("a tiny turn"), 90: _("a quarter turn"), 180: _("a half turn")}[degrees]
        return _("a turn by {degrees}°").format(degrees=localized(f"{degrees:g}"))
    return {"reflection": _("a flip"), "shear": _("a shear")}.get(linear_map.regime)


def swap_order(lesson: LinearTransformations) -> str:
    """Whether the order matters."""
    if lesson.commutes:
        return _("These two matrices commute: either order lands on the same columns.")
    return _("Swap the order and the basis lands elsewhere: AB is not BA.")


def gallery(maps: Iterable[LinearMap]) -> str:
    """What the number beside the square is; the sign is named where one of the maps shows it."""
    if any(linear_map.orientation == "reversed" for linear_map in maps):
        return _("The determinant is the area factor; a flip makes it negative.")
    return _("The determinant is the factor by which the shaded area grows.")


def flatten() -> str:
    """A singular map."""
    return _("Flatten: the whole plane lands on one line; the determinant is 0.")


def test_matrix(lesson: LinearTransformations) -> str:
    """The matrix passes the parallelogram test."""
    rank = lesson.linear_map.rank
    if rank == 0:
        return _("Everything lands on the origin, the sum u + w too: passed.")
    if rank == 1:
        return _("Flattened, yet the image of u + w still ends where the sum does.")
    return _("A linear map passes: the image of u + w closes the new parallelogram.")


def test_bent_map(lesson: LinearTransformations) -> str:
    """The bent map fails it."""
    miss = format_number(lesson.bent_test.defect)
    return _("A bent map fails: the image of u + w misses by {miss}.").format(miss=miss)
