"""Directions that a 2×2 matrix does not turn, and what they say about its powers.

Read arrows as complex numbers: then A v / v = p + q e^(−2iθ) for the arrow v at the angle θ, a circle around p
with radius |q|. Its argument is the angle by which A turns v, and where it crosses the real axis nothing turns:
the crossings are the eigenvalues (Mohr's circle, here for any real matrix). Everything below is read off it.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import model_validator

from explainers.linear_algebra.linear_transformations import LinearMap
from explainers.model import Explainer, Fact, Pillar, bounded, parameter, rounded

Array: TypeAlias = NDArray[np.float64]
Entry: TypeAlias = bounded(-3, 3)
Vector: TypeAlias = tuple[Entry, Entry]
Matrix: TypeAlias = tuple[Vector, Vector]
Kind: TypeAlias = Literal["two lines", "one line", "every line", "no line"]
Fate: TypeAlias = Literal["leans", "stays", "swings", "vanishes", "turns on"]

FIBONACCI: Matrix = ((1, 1), (1, 0))
"""Takes two neighbouring Fibonacci numbers (later, earlier) to the next pair."""
QUARTER_TURN: Matrix = ((0, -1), (1, 0))
"""The rotation by 90°, counter-clockwise."""
FAN = 24
"""Arrows in the fan: one every 15°, so that the axes and the diagonals are among them."""
NEGLIGIBLE = 1e-9
"""Relative size of what is rounding, not mathematics."""
VISIBLE = 5.0
"""Degrees; a smaller difference between two directions cannot be seen on screen."""
SHORTEST = 0.5
"""Length from which a start vector can be seen to be split in two."""
FAINTEST = 0.3
"""The least stretch of the most stretched arrow: below it, all images are dots."""
WINDOWS = (30, 45, 60, 90, 135, 180)
"""Half the height of the turning plot in degrees: the first in which the whole curve fits is taken."""


def unit(degrees: ArrayLike) -> Array:
    """Unit vectors at these angles, shape (..., 2)."""
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=-1)


def wrapped(degrees: ArrayLike, full: float = 360.0) -> Array:
    """Angles brought into (−full/2, full/2]."""
    return full / 2 - np.mod(full / 2 - np.asarray(degrees, float), full)


def complex_words(value: complex, decimals: int = 2) -> str:
    """The pair a ± bi in words: "±i", "1 ± 2i", "0.5 ± 0.87i"."""
    real, imaginary = (f"{round(x, decimals):g}".replace("-", "−") for x in (value.real, abs(value.imag)))
    pair = f"± {'' if imaginary == '1' else imaginary}i"
    return pair.replace(" ", "") if real in ("0", "−0") else f"{real} {pair}"


def _dusted(coordinates: Array) -> Array:
    """Coordinates (n, 2) of arrows about as long as 1, with rounding dust set to zero."""
    return np.where(np.abs(coordinates) <= NEGLIGIBLE, 0.0, coordinates)


def _unit_lengths(coordinates: Array, frame: Array) -> Array:
    """Coordinates (n, 2) in a frame (rows), scaled so that the arrows have length 1; zero stays zero."""
    lengths = np.linalg.norm(coordinates @ frame, axis=1, keepdims=True)
    return coordinates / np.where(lengths == 0, 1.0, lengths)


class Eigenvectors(Explainer):
    """The turning angle of every direction, the directions where it is zero, and the powers they make easy."""

    slug: ClassVar[str] = "eigenvectors"
    title: ClassVar[str] = "Directions that do not turn"
    insight: ClassVar[str] = (
        "A few directions are only stretched; along them the matrix is just a number, so powers are easy."
    )
    pillar: ClassVar[Pillar] = Pillar.LINEAR_ALGEBRA
    references: ClassVar[tuple[str, ...]] = (
        "LADR 5A",
        "LADR 5D",
        "MML 4.2",
        "MML 4.4",
        "L 21",
        "L 22",
        "CML C1W4L2",
        "PAL 7",
        "SR:math/linear algebra",
    )

    matrix: Matrix = parameter(
        ((2, 1), (1, 2)),
        "The matrix, row by row.",
        allowed="two rows of two numbers, each from -3 to 3; its eigenvalues equal or visibly apart",
    )
    start: Vector = parameter(
        (-1, 2),
        "The vector to which the matrix is applied again and again.",
        allowed=f"two numbers, each from -3 to 3, together at least {SHORTEST} long",
    )
    steps: int = parameter(8, "How often the matrix is applied.", ge=3, le=10)

    @model_validator(mode="after")
    def _can_be_seen(self) -> Eigenvectors:
        if math.hypot(*self.start) < SHORTEST:
            raise ValueError(f"the start vector is shorter than {SHORTEST}")
        if self.linear_map.singular_values[0] < FAINTEST:
            raise ValueError(f"the matrix shrinks every arrow to less than {FAINTEST} of its length")
        if self.kind == "no line":
            contrast = self._off_level
        elif self.kind == "two lines":
            contrast = min(self._line_angle, self.largest_turn)
        else:
            return self
        if contrast < VISIBLE:
            raise ValueError("the eigenvalues are nearly, but not quite, equal")
        return self

    # --- The circle of factors ---------------------------------------------------------------------------

    @property
    def linear_map(self) -> LinearMap:
        """The map of `matrix`."""
        return LinearMap(self.matrix)

    @property
    def _circle(self) -> tuple[complex, complex]:
        """p and q of A v / v = p + q e^(−2iθ)."""
        (a, b), (c, d) = self.matrix
        return complex(a + d, c - b) / 2, complex(a - d, b + c) / 2

    @property
    def _size(self) -> float:
        return float(np.linalg.norm(self.matrix))

    @property
    def kind(self) -> Kind:
        """How many lines through the origin the matrix keeps."""
        p, q = self._circle
        if max(abs(q), abs(p.imag)) <= NEGLIGIBLE * self._size:
            return "every line"
        # A quarter of the discriminant of the characteristic polynomial.
        beyond = abs(q) ** 2 - p.imag**2
        if abs(beyond) <= NEGLIGIBLE * self._size**2:
            return "one line"
        return "two lines" if beyond > 0 else "no line"

    @property
    def eigenvalues(self) -> tuple[float, float] | tuple[complex, complex]:
        """Both eigenvalues, the one of larger size first (of two equally large ones, the positive)."""
        p, q = self._circle
        if self.kind == "no line":
            height = math.sqrt(p.imag**2 - abs(q) ** 2)
            return complex(p.real, height), complex(p.real, -height)
        half = math.sqrt(abs(q) ** 2 - p.imag**2) if self.kind == "two lines" else 0.0
        pair = (self._clean(p.real + half), self._clean(p.real - half))
        return pair if p.real >= -NEGLIGIBLE * self._size else pair[::-1]

    def _clean(self, value: float) -> float:
        """Without rounding dust, so that a zero eigenvalue is zero."""
        return 0.0 if abs(value) <= NEGLIGIBLE * self._size else round(value, 12)

    @property
    def line_angles(self) -> Array:
        """Angles of the kept lines in degrees, in (−90, 90], in the order of `eigenvalues`.

        Shape (2,) for two lines, (1,) for one; empty where there is no line or every line.
        """
        p, q = self._circle
        if self.kind in ("no line", "every line"):
            return np.zeros(0)
        tilt = math.asin(np.clip(p.imag / abs(q), -1, 1))
        ahead, behind = math.atan2(q.imag, q.real) + tilt, math.atan2(q.imag, q.real) + math.pi - tilt
        if self.kind == "one line":
            return wrapped(np.degrees([ahead / 2]).round(9), 180)
        pair = (ahead, behind) if p.real >= -NEGLIGIBLE * self._size else (behind, ahead)
        return wrapped(np.degrees(np.array(pair) / 2).round(9), 180)

    @property
    def directions(self) -> Array:
        """Unit eigenvectors, one per row, shape (lines, 2); the second lies counter-clockwise of the first."""
        first, *second = self.line_angles if len(self.line_angles) else [0.0]
        angles = [first, *((first + np.mod(angle - first, 180)) for angle in second)]
        return unit(angles)[: len(self.line_angles)]

    @property
    def grid_basis(self) -> Array:
        """Columns along which a grid shows best what the matrix does, shape (2, 2).

        The eigenvectors; the only one and its perpendicular; any turned frame if every line will do; else the axes.
        """
        if self.kind == "two lines":
            return self.directions.T
        angle = {"one line": float(self.line_angles[:1].sum()), "every line": 30.0, "no line": 0.0}[self.kind]
        return unit([angle, angle + 90]).T

    def path(self, share: float) -> Array:
        """The matrix this share of the way from the identity, shape (2, 2).

        Straight, so that kept lines stay lines; where none is kept, by turning, as a rotation should.
        """
        if self.kind == "no line":
            return self.linear_map.path(share)
        return (1 - share) * np.eye(2) + share * np.array(self.matrix, float)

    # --- The turning angle -------------------------------------------------------------------------------

    @property
    def turn_level(self) -> float:
        """Degrees; the middle of the turning plot: 0, or 180 where kept arrows all point backwards."""
        if self.kind == "no line":
            return math.copysign(90.0, self._circle[0].imag)
        return 180.0 if self.linear_map.determinant > 0 and self.eigenvalues[0] < 0 else 0.0

    @property
    def turn_range(self) -> tuple[float, float]:
        """Lowest and highest angle in the turning plot, in degrees."""
        half = 90.0 if self.kind == "no line" else next(w for w in WINDOWS if w >= min(self.largest_turn, 180))
        return self.turn_level - half, self.turn_level + half

    @property
    def largest_turn(self) -> float:
        """Degrees by which the most turned line leaves its place; 180 if arrows are turned all the way round."""
        p, q = self._circle
        if abs(q) >= abs(p) - NEGLIGIBLE * self._size:
            return 180.0
        level = 0.0 if self.kind == "no line" else self.turn_level
        middle = wrapped(math.degrees(math.atan2(p.imag, p.real)) - level)
        return abs(float(middle)) + math.degrees(math.asin(abs(q) / abs(p)))

    @property
    def _off_level(self) -> float:
        """Degrees by which the least turned line leaves its place, where no line is kept."""
        p, q = self._circle
        return (
            90
            - abs(float(wrapped(math.degrees(math.atan2(p.imag, p.real)) - self.turn_level)))
            - math.degrees(math.asin(abs(q) / abs(p)))
        )

    @property
    def _line_angle(self) -> float:
        """Degrees between two kept lines."""
        return abs(float(wrapped(np.diff(self.line_angles)[0], 180)))

    def turn(self, degrees: ArrayLike) -> Array:
        """Angle from v to A v in degrees, for v at these angles; within 180 of `turn_level`, NaN where A v = 0."""
        p, q = self._circle
        factor = p + q * np.exp(-2j * np.radians(degrees))
        angle = self.turn_level + wrapped(np.degrees(np.angle(factor)) - self.turn_level)
        return np.where(np.abs(factor) <= NEGLIGIBLE * self._size, np.nan, angle)

    @property
    def turn_breaks(self) -> Array:
        """Directions in [0, 180) where the turning plot jumps: A v reverses or vanishes there."""
        if self.kind == "no line" or self.linear_map.determinant > 0:
            return np.zeros(0)
        kept = zip(self.line_angles, self.eigenvalues, strict=False)
        return np.sort([angle % 180 for angle, value in kept if value <= 0])

    def turn_pieces(self, samples: int = 181) -> list[tuple[Array, Array]]:
        """The turning angle over [0°, 180°]: directions and angles, cut where it jumps."""
        directions = np.linspace(0, 180, samples)
        if self.linear_map.rank == 2:
            # Where images sweep fast, the curve is steep: sample evenly along the image too.
            sources = np.linalg.solve(np.array(self.matrix, float), unit(np.linspace(0, 180, samples)).T)
            directions = np.union1d(directions, np.degrees(np.arctan2(*sources[::-1])) % 180)
        edges = [0.0, *(b for b in self.turn_breaks if 1e-6 < b < 180 - 1e-6), 180.0]
        pieces = []
        for low, high in pairwise(edges):
            inner = directions[(directions > low + 1e-6) & (directions < high - 1e-6)]
            across = np.concatenate([[low + 1e-6], inner, [high - 1e-6]])
            pieces.append((across, self.turn(across)))
        return pieces

    @property
    def fan(self) -> Array:
        """The fan of unit arrows, shape (FAN, 2)."""
        return unit(np.arange(FAN) * 360 / FAN)

    @property
    def fan_turned(self) -> int:
        """How many arrows of the fan leave their line."""
        images = self.linear_map(self.fan)
        crossing = self.fan[:, 0] * images[:, 1] - self.fan[:, 1] * images[:, 0]
        return int(np.sum(np.abs(crossing) > NEGLIGIBLE * self._size))

    # --- Powers ------------------------------------------------------------------------------------------

    @property
    def fate(self) -> Fate:
        """What most arrows do when the matrix is applied again and again."""
        if self.kind in ("no line", "every line"):
            return "turns on" if self.kind == "no line" else "stays"
        first, second = self.eigenvalues
        if first == 0:
            return "vanishes"
        return "swings" if self.kind == "two lines" and abs(first + second) <= NEGLIGIBLE * self._size else "leans"

    @property
    def parts(self) -> Array:
        """The start vector along the two lines: signed lengths, shape (2,). Only for two lines."""
        parts = np.linalg.solve(self.directions.T, self.start)
        return np.where(np.abs(parts) <= NEGLIGIBLE * np.linalg.norm(self.start), 0.0, parts)

    def parts_after(self, steps: int) -> Array:
        """The parts after so many steps, each multiplied by its eigenvalue every time, shape (2,)."""
        return self.parts * np.array(self.eigenvalues) ** steps

    @property
    def powers(self) -> Array:
        """Start vector, A times it, A² times it …, shape (steps + 1, 2)."""
        rows = [np.array(self.start, float)]
        for _ in range(self.steps):
            rows.append(self.linear_map(rows[-1]))
        return np.array(rows)

    def bearings(self, arrows: ArrayLike) -> Array:
        """Arrows (n, 2) at unit length, now and after each step, shape (steps + 1, n, 2).

        An arrow that is sent to the origin stays there.
        """
        arrows = np.atleast_2d(np.asarray(arrows, float))
        # Along the eigenvectors a step is a product of numbers: no rounding creeps from one line to the other.
        lines = self.kind == "two lines"
        frame = self.directions if lines else np.eye(2)
        step = np.diag(self.eigenvalues) if lines else np.array(self.matrix, float).T
        coordinates = _unit_lengths(_dusted(arrows @ np.linalg.inv(frame)), frame)
        rows = [coordinates]
        for _ in range(self.steps):
            rows.append(_unit_lengths(_dusted(rows[-1] @ step), frame))
        return np.array(rows) @ frame

    def between(self, arrows: Array, share: float) -> Array:
        """Arrows (n, 2) this share of the way to their images at unit length; what vanishes shrinks to the origin."""
        lengths = np.linalg.norm(self.linear_map(arrows), axis=1, keepdims=True)
        scale = 1 - share + share * np.where(lengths <= NEGLIGIBLE * self._size, 1.0, lengths)
        return arrows @ self.path(share).T / scale

    @property
    def lean(self) -> Array:
        """Where Aⁿ times the start points, for n = 0, 1 …, in degrees, shape (steps + 1,); NaN once it has vanished.

        Measured from the first line, in (−90, 90], if there is one; else from the x-axis, in (−180, 180].
        """
        rows = self.bearings(self.start)[:, 0]
        angles = np.degrees(np.arctan2(rows[:, 1], rows[:, 0])) - self.line_angles[:1].sum()
        full = 180.0 if len(self.line_angles) else 360.0
        return np.where(rows.any(axis=1), wrapped(angles.round(9), full), np.nan)

    @property
    def fibonacci(self) -> Eigenvectors:
        """The Fibonacci matrix, applied as often to (1, 0)."""
        return Eigenvectors(matrix=FIBONACCI, start=(1, 0), steps=self.steps)

    @property
    def quarter_turn(self) -> Eigenvectors:
        """The matrix that turns everything by 90°."""
        return Eigenvectors(matrix=QUARTER_TURN)

    def facts(self) -> dict[str, Fact]:
        """The numbers on screen."""
        fibonacci, real = self.fibonacci, self.kind != "no line"
        values: dict[str, Fact] = {
            "kind": self.kind,
            "eig": sorted(self.eigenvalues) if real else complex_words(self.eigenvalues[0]),
            "line_angles": self.line_angles,
            "trace": self.linear_map.trace,
            "determinant": self.linear_map.determinant,
            "fan_turned": self.fan_turned,
            "fate": self.fate,
            "lean": [angle for angle in self.lean if np.isfinite(angle)],
            "fibonacci_ratios": fibonacci.powers[1:, 0] / fibonacci.powers[1:, 1],
            "rotation_eigs": complex_words(self.quarter_turn.eigenvalues[0]),
        }
        result = rounded(values)
        # One digit more than facts usually have: the published value has seven.
        result["fibonacci_ratio"] = round(fibonacci.eigenvalues[0], 6)
        if self.kind == "two lines":
            result["parts"] = rounded(self.parts)
            result["parts_after"] = rounded(self.parts_after(self.steps))
        return result
