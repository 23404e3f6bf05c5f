"""Matrices and lists in square brackets, with numbers that tick and columns in the colours of what they name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from manim import RIGHT, Mobject, VGroup

from scenes.pictures.shapes import Curve, polyline
from scenes.stage.language import pgettext
from scenes.stage.stage import Stage
from scenes.stage.text import ADVANCE, DIGIT_ADVANCE, Size, format_number
from scenes.stage.zones import Zone

MobjectT = TypeVar("MobjectT", bound=Mobject)

SHOWN_DECIMALS = 2
"""Digits after the point of a number at rest, unless fewer tell it exactly."""
MOVING_DECIMALS = 1
"""Digits of a number on its way: more would only flicker."""
ROW_PITCH, COLUMN_GAP, BRACKET_GAP, BRACKET_HOOK = 1.25, 0.45, 0.28, 0.2
"""Layout in em: from line to line, between columns, from the numbers to the bracket, its hooks."""


def digits(value: float, otherwise: int = SHOWN_DECIMALS) -> int:
    """How many decimals (0 to `SHOWN_DECIMALS`) tell this number exactly; `otherwise` when none do."""
    exact = (d for d in range(SHOWN_DECIMALS + 1) if abs(value - round(value, d)) < 1e-9)
    return next(exact, otherwise)


def short(value: float) -> str:
    """A number as text, without needless decimals: "2", "−0.5", "0.71"."""
    return format_number(value, digits(value))


def pair(point: Sequence[float]) -> str:
    """A point as text: "(2, −1)"."""
    return point_of([short(value) for value in point])


def point_of(numbers: Sequence[str]) -> str:
    """A point from numbers that are text already: "(2, −1)"."""
    # Translators: with a decimal comma another sign has to separate numbers.
    separator = pgettext("between the coordinates of a point", ", ")
    return f"({separator.join(numbers)})"


class MatrixBox(VGroup):
    """Numbers in square brackets; `put` changes them in place.

    Args:
        stage: the stage.
        values: shape (rows, columns), or (rows,) for a list.
        roles: a colour role for each column; one for all if there is one.
        size: size of the numbers.
        room_for: values that it will show later, of the same shape: the brackets are wide enough for them too.
        moves: whether it will show numbers on their way, which take more room.
    """

    def __init__(
        self,
        stage: Stage,
        values: np.ndarray,
        roles: Sequence[str] = ("first", "second"),
        *,
        size: Size = Size.TITLE,
        room_for: np.ndarray | None = None,
        moves: bool = True,
    ) -> None:
        values = _table(values)
        rows, columns = values.shape
        em = stage.em(size)
        roles = tuple(roles) * columns if len(roles) == 1 else tuple(roles)
        # A number on its way looks like −0.0.
        texts = [
            *(["−0.0"] if moves else []),
            *(short(v) for v in np.append(values, _table(values if room_for is None else room_for))),
        ]
        cell = max(sum(ADVANCE.get(c, DIGIT_ADVANCE) for c in text) for text in texts) * em
        inside = columns * cell + (columns - 1) * COLUMN_GAP * em
        self.numbers = VGroup()
        for row in range(rows):
            for column in range(columns):
                number = stage.number(values[row, column], size, roles[column], anchor="center")
                x = -inside / 2 + cell / 2 + column * (cell + COLUMN_GAP * em)
                number.move_to([x, ((rows - 1) / 2 - row) * ROW_PITCH * em, 0])
                self.numbers.add(number)
        self.brackets = Curve(stage, role="text", width=3.5)
        half_width, half_height = inside / 2 + BRACKET_GAP * em, rows * ROW_PITCH * em / 2
        hook = np.array([(half_width - BRACKET_HOOK * em, 1), (half_width, 1), (half_width, -1)])
        right = np.vstack([hook, hook[:1] * (1, -1)]) * (1, half_height)
        sides = (np.column_stack([right * (side, 1), np.zeros(4)]) for side in (-1, 1))
        self.brackets.points = np.concatenate([polyline(side) for side in sides])
        super().__init__(self.brackets, self.numbers)
        self.values = values
        self.put(values)

    def put(self, values: np.ndarray, *, moving: bool = False) -> MatrixBox:
        """Show these values; `moving` ones with fewer digits."""
        self.values = _table(values)
        for number, value in zip(self.numbers, self.values.ravel(), strict=True):
            number.decimals = digits(value, MOVING_DECIMALS if moving else SHOWN_DECIMALS)
            number.set_value(float(value))
        return self

    def column(self, index: int) -> VGroup:
        """The numbers of a column."""
        return VGroup(*self.numbers[index :: self.values.shape[1]])

    @property
    def shown(self) -> list[list[str]]:
        """The characters on screen, row by row."""
        columns = self.values.shape[1]
        texts = [number.shown for number in self.numbers]
        return [texts[start : start + columns] for start in range(0, len(texts), columns)]


class Equation(VGroup):
    """A name, an equals sign and a bracketed matrix or list: "A = [1 2; −1 1]"; arguments as for `MatrixBox`."""

    def __init__(
        self,
        stage: Stage,
        name: str,
        values: np.ndarray,
        roles: Sequence[str],
        *,
        size: Size = Size.TITLE,
        room_for: np.ndarray | None = None,
    ) -> None:
        self.name_text = stage.math(f"{name} =", size)
        self.box = MatrixBox(stage, values, roles, size=size, room_for=room_for)
        super().__init__(self.name_text, self.box)
        self.arrange(RIGHT, buff=0.45 * stage.em(size))

    def put(self, values: np.ndarray, *, moving: bool = False) -> Equation:
        """Show these values."""
        self.box.put(values, moving=moving)
        return self


def largest_fitting(make: Callable[[Size], MobjectT], zone: Zone) -> MobjectT:
    """What `make` makes in the largest size of text in which it fits a zone, not yet placed there.

    What does not fit even as a label is shrunk.
    """
    for size in (Size.TITLE, Size.READOUT, Size.LABEL):
        made = make(size)
        if made.width <= zone.width and made.height <= zone.height:
            return made
    return made.scale(min(zone.width / made.width, zone.height / made.height))


def equations(
    stage: Stage, contents: Sequence[tuple[str, np.ndarray, Sequence[str], np.ndarray | None]], zone: Zone
) -> VGroup:
    """Named matrices and lists in the one largest size in which each of them fits a zone, not yet placed.

    Args:
        stage: the stage.
        contents: name, values, roles and `room_for` of each; see `Equation`.
        zone: the room for one of them.
    """

    def make(size: Size) -> VGroup:
        return VGroup(
            *(
                Equation(stage, name, values, roles, size=size, room_for=later)
                for name, values, roles, later in contents
            )
        )

    return largest_fitting(make, zone)


def _table(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, float)
    return values[:, None] if values.ndim == 1 else values
