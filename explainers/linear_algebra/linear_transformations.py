"""A 2×2 matrix as a motion of the plane: its columns are where the basis arrows land.

`LinearMap` is one matrix with everything a picture of it needs; `LinearTransformations` is the
explainer. Points are rows: arrays of shape (..., 2), in grid units.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import field_validator

from explainers.model import Explainer, Fact, Pillar, bounded, parameter, rounded

Array: TypeAlias = NDArray[np.float64]
PlaneFunction: TypeAlias = Callable[[ArrayLike], Array]
"""A map of the plane, linear or not: points of shape (..., 2) to points of the same shape."""

Entry: TypeAlias = bounded(-4, 4)
Vector: TypeAlias = tuple[Entry, Entry]
Matrix: TypeAlias = tuple[Vector, Vector]
GalleryName: TypeAlias = Literal["rotation", "shear", "stretch", "flip", "flatten"]

Regime: TypeAlias = Literal[
    "identity",
    "uniform scaling",
    "rotation",
    "scaled rotation",
    "reflection",
    "scaled reflection",
    "shear",
    "stretch",
    "general",
    "projection",
    "onto a line",
    "onto the origin",
]
Orientation: TypeAlias = Literal["kept", "reversed", "lost"]
VectorRegime: TypeAlias = Literal["zero", "flattened", "fixed", "on its line", "off its line"]

NEGLIGIBLE = 1e-9
"""A length in grid units that no picture can show: the plane squeezed to this width is a line."""
ROUNDING = 1e-12
"""Above the rounding error of products of the entries that occur here, below anything typed."""
TYPED = 5e-3
"""How far cos and sin typed to two decimals may leave a rotation's length factor from 1."""

BEND = 0.7
"""Strength of the bent map. Below 1 its Jacobian stays positive: it bends the grid, it never folds it."""
TEST_U = (2.0, 1.0)
"""First arrow of the parallelogram test."""
TEST_V = (-1.0, 1.0)
"""Second arrow of the parallelogram test."""

GALLERY_ANGLE = math.radians(45)
"""The rotation in the gallery, counter-clockwise: the grid's diagonals land on the axes."""


def _points(points: ArrayLike) -> Array:
    """`points` as a float array of shape (..., 2); ValueError for any other shape."""
    array = np.asarray(points, dtype=float)
    if array.ndim == 0 or array.shape[-1] != 2:
        raise ValueError(f"points need shape (..., 2), not {array.shape}")
    return array


def _fractions(t: ArrayLike) -> Array:
    """`t` as floats in [0, 1] (overshoot by rounding is clipped); ValueError outside."""
    array = np.asarray(t, dtype=float)
    if not np.all((array >= -NEGLIGIBLE) & (array <= 1 + NEGLIGIBLE)):
        raise ValueError("the time along a path must lie between 0 and 1")
    return np.clip(array, 0.0, 1.0)


def _clean(value: ArrayLike) -> Array:
    """`value` without rounding dust: 12 decimals, and no negative zero."""
    return np.round(np.asarray(value, dtype=float), 12) + 0.0


def _line_direction(vector: Array) -> Array:
    """The unit vector along `vector` that points right (or up, on the vertical axis), shape (2,)."""
    unit = vector / np.linalg.norm(vector)
    backwards = unit[0] < -NEGLIGIBLE or (abs(unit[0]) <= NEGLIGIBLE and unit[1] < 0)
    return _clean(-unit if backwards else unit)


def _number_words(value: float) -> str:
    """Four significant digits, never in exponent notation."""
    return "almost 0" if 0 < abs(value) < 1e-4 else f"{value:.4g}"


def _line_words(direction: Array) -> str:
    """'the line at 45°': the angle of a line's direction, from 0° up to 180°."""
    degrees = round(math.degrees(math.atan2(direction[1], direction[0])), 1) % 180
    return f"the line at {degrees:g}°"


def _turn_words(angle: float) -> str:
    """'turns 45° clockwise' for an angle in radians."""
    degrees = round(math.degrees(angle), 1)
    if abs(degrees) == 180:
        return "makes a half turn"
    if degrees == 0:
        return "turns by almost 0°"
    return f"turns {abs(degrees):g}° {'counter-clockwise' if degrees >= 0 else 'clockwise'}"


@dataclass(frozen=True)
class LinearMap:
    """A linear map of the plane, given by its matrix `entries` (row by row)."""

    entries: tuple[tuple[float, float], tuple[float, float]]

    @classmethod
    def of(cls, matrix: ArrayLike) -> LinearMap:
        """The map of a (2, 2) array. ValueError for another shape or a number that is not finite."""
        array = np.asarray(matrix, dtype=float)
        if array.shape != (2, 2) or not np.all(np.isfinite(array)):
            raise ValueError("a linear map of the plane needs a finite 2×2 matrix")
        return cls(tuple(tuple(row) for row in array.tolist()))

    def __call__(self, points: ArrayLike) -> Array:
        """The images of `points`, shape (..., 2) to (..., 2)."""
        return _points(points) @ self.matrix.T

    def __matmul__(self, first: LinearMap) -> LinearMap:
        """The composition that does `first`, then this map."""
        return LinearMap.of(self.matrix @ first.matrix)

    @property
    def matrix(self) -> Array:
        """The matrix, shape (2, 2)."""
        return np.array(self.entries, dtype=float)

    @property
    def columns(self) -> Array:
        """Where the basis arrows land, shape (2, 2): row 0 is the image of (1, 0), row 1 of (0, 1)."""
        return self.matrix.T

    @property
    def singular_values(self) -> Array:
        """Half-axes of the ellipse that the unit circle becomes, descending, shape (2,)."""
        return np.linalg.svd(self.matrix, compute_uv=False)

    @property
    def rank(self) -> int:
        """The dimension of the image: 2 the plane, 1 a line, 0 the origin (up to `NEGLIGIBLE`)."""
        return int(np.sum(self.singular_values > NEGLIGIBLE))

    @property
    def is_singular(self) -> bool:
        """Whether the plane is flattened, so that nothing can undo the map."""
        return self.rank < 2

    @property
    def trace(self) -> float:
        """The sum of the diagonal."""
        return float(self.matrix.trace())

    @property
    def determinant(self) -> float:
        """Signed factor by which areas grow; exactly 0 when the map is singular."""
        (a, b), (c, d) = self.entries
        return 0.0 if self.is_singular else a * d - b * c

    @property
    def area_factor(self) -> float:
        """The factor by which areas grow, without the sign."""
        return abs(self.determinant)

    @property
    def orientation(self) -> Orientation:
        """Whether the plane keeps its face up, is turned over, or is flattened."""
        if self.is_singular:
            return "lost"
        return "kept" if self.determinant > 0 else "reversed"

    @property
    def regime(self) -> Regime:
        """What kind of motion this is; the most special name that fits.

        −I counts as a rotation (half turn), −cI as a scaled rotation. `stretch` means along two
        perpendicular lines (a symmetric matrix); a shear is I + N with N² = 0.
        """
        if self.is_singular:
            return self._flat_regime()
        if np.max(np.abs(self.matrix - np.eye(2))) <= NEGLIGIBLE:
            return "identity"
        unit_length = abs(self._mean_length - 1) <= TYPED
        if self._is_conformal:
            if self.turn_angle == 0:
                return "uniform scaling"
            return "rotation" if unit_length else "scaled rotation"
        if self._is_anticonformal:
            return "reflection" if unit_length else "scaled reflection"
        if abs(self.matrix[0, 1] - self.matrix[1, 0]) <= self._dust:
            return "stretch"
        (a, b), (c, d) = self.entries
        if abs(a + d - 2) <= ROUNDING and abs((a - 1) * (d - 1) - b * c) <= ROUNDING:
            return "shear"
        return "general"

    def _flat_regime(self) -> Regime:
        if self.rank == 0:
            return "onto the origin"
        # Cayley–Hamilton at determinant 0: A² = trace(A) A.
        return "projection" if abs(self.trace - 1) <= NEGLIGIBLE else "onto a line"

    @property
    def _dust(self) -> float:
        return NEGLIGIBLE * float(self.singular_values[0])

    @property
    def _mean_length(self) -> float:
        """Root mean square of the column lengths: the common length of a (scaled) rotation or flip."""
        return float(np.linalg.norm(self.matrix) / math.sqrt(2))

    @property
    def _is_conformal(self) -> bool:
        (a, b), (c, d) = self.entries
        return abs(a - d) <= self._dust and abs(b + c) <= self._dust

    @property
    def _is_anticonformal(self) -> bool:
        (a, b), (c, d) = self.entries
        return abs(a + d) <= self._dust and abs(b - c) <= self._dust

    @property
    def is_orthogonal_projection(self) -> bool:
        """Whether the plane drops at right angles onto its image line, which stays fixed."""
        return self.regime == "projection" and abs(self.matrix[0, 1] - self.matrix[1, 0]) <= NEGLIGIBLE

    @property
    def scale(self) -> float | None:
        """The factor of all lengths, where there is one (scalings, scaled rotations and flips), else None."""
        if self.rank == 0:
            return 0.0
        return self._mean_length if self._is_conformal or self._is_anticonformal else None

    @property
    def turn_angle(self) -> float:
        """Angle of the rotation in the polar decomposition, radians in (−π, π], 0 for the zero map.

        For a rotation or scaled rotation it is the angle of that rotation. With a determinant
        below 0 it is the angle of the nearest rotation, and `path` does not use it; it is 0 for a
        pure flip, which has no nearest rotation.
        """
        (a, b), (c, d) = self.entries
        sine, cosine = c - b, a + d
        if math.hypot(sine, cosine) <= self._dust or self.rank == 0:
            return 0.0
        if abs(sine) <= self._dust:
            return 0.0 if cosine > 0 else math.pi
        return math.atan2(sine, cosine)

    @property
    def mirror_direction(self) -> Array | None:
        """Unit vector along the mirror of a (scaled) reflection, shape (2,); None for other maps."""
        if self.regime not in ("reflection", "scaled reflection"):
            return None
        (a, _), (c, _) = self.entries
        half_angle = math.atan2(c, a) / 2
        return _line_direction(np.array([math.cos(half_angle), math.sin(half_angle)]))

    @property
    def shear_direction(self) -> Array | None:
        """Unit vector along which a shear slides the plane, shape (2,); None for other maps."""
        if self.regime != "shear":
            return None
        slide = self.matrix - np.eye(2)
        return _line_direction(max(slide.T, key=np.linalg.norm))

    @property
    def shear_amount(self) -> float | None:
        """How far a shear slides a point at distance 1 from the fixed line; None for other maps."""
        return float(np.linalg.norm(self.matrix - np.eye(2))) if self.regime == "shear" else None

    @property
    def stretch_factors(self) -> Array | None:
        """Factors of a stretch along its two perpendicular lines, descending, shape (2,).

        A negative factor also flips. None for other regimes.
        """
        return np.linalg.eigvalsh(self.matrix)[::-1] if self.regime == "stretch" else None

    @property
    def stretch_directions(self) -> Array | None:
        """Unit vectors along the lines of `stretch_factors`, one per row, shape (2, 2); None otherwise."""
        if self.regime != "stretch":
            return None
        vectors = np.linalg.eigh(self.matrix)[1]
        return np.array([_line_direction(vectors[:, 1]), _line_direction(vectors[:, 0])])

    @property
    def image_direction(self) -> Array | None:
        """Unit vector along the line that a rank 1 map lands on, shape (2,); None for rank 0 and 2."""
        return _line_direction(max(self.columns, key=np.linalg.norm)) if self.rank == 1 else None

    @property
    def kernel_direction(self) -> Array | None:
        """Unit vector along the line that a rank 1 map sends to the origin; None for rank 0 and 2."""
        if self.rank != 1:
            return None
        row = max(self.matrix, key=np.linalg.norm)
        return _line_direction(np.array([-row[1], row[0]]))

    @property
    def description(self) -> str:
        """One sentence, at most 14 words, that says what the map does to the plane."""
        return {
            "identity": lambda: "Nothing moves: both basis arrows stay where they are.",
            "uniform scaling": lambda: f"Every length is multiplied by {self._scale_words}; no direction changes.",
            "rotation": lambda: f"The plane {_turn_words(self.turn_angle)}; lengths stay.",
            "scaled rotation": lambda: (
                f"The plane {_turn_words(self.turn_angle)}; lengths are multiplied by {self._scale_words}."
            ),
            "reflection": lambda: f"The plane flips in {_line_words(self.mirror_direction)}; lengths stay.",
            "scaled reflection": lambda: (
                f"The plane flips in {_line_words(self.mirror_direction)}; "
                f"lengths are multiplied by {self._scale_words}."
            ),
            "shear": lambda: f"The plane slides along {_line_words(self.shear_direction)}; areas stay.",
            "stretch": lambda: (
                "Two perpendicular lines stay; their factors are "
                f"{' and '.join(_number_words(factor) for factor in self.stretch_factors)}."
            ),
            "general": lambda: (
                f"Areas are multiplied by {_number_words(self.area_factor)}; "
                f"the plane is {'turned over' if self.orientation == 'reversed' else 'not turned over'}."
            ),
            "projection": lambda: f"The plane collapses onto {_line_words(self.image_direction)}, which stays fixed.",
            "onto a line": lambda: f"The plane collapses onto {_line_words(self.image_direction)}: no way back.",
            "onto the origin": lambda: "Everything lands on the origin: no direction survives.",
        }[self.regime]()

    @property
    def _scale_words(self) -> str:
        return _number_words(self._mean_length)

    def path(self, t: ArrayLike) -> Array:
        """Matrices on the way from the identity (t = 0) to this one (t = 1), both exact.

        With A = R(θ) S (polar decomposition, S symmetric with no negative eigenvalue) the way is
        R(tθ) ((1 − t) I + t S): a rotation turns rigidly, and no matrix on the way is flat before
        t = 1. A determinant below 0 cannot be reached so: there the entries move straight, and the
        plane is flat at `flat_time`, as every continuous way from the identity to a flip must be.

        Args:
            t: times in [0, 1], any shape.

        Returns:
            Array of shape (*t.shape, 2, 2).

        Raises:
            ValueError: for a time outside [0, 1].
        """
        time = _fractions(t)[..., None, None]
        angle = 0.0 if self.determinant < 0 else self.turn_angle
        rest = rotation_matrix(-angle) @ self.matrix
        between = rotation_matrix(time[..., 0, 0] * angle) @ ((1 - time) * np.eye(2) + time * rest)
        return np.where(time == 1, self.matrix, between)

    @property
    def flat_time(self) -> float | None:
        """When `path` first has determinant 0: inside (0, 1) for a reversing map, 1 for a singular one.

        None when the plane never is flat. (1 − t) I + t A is singular at t = 1 / (1 − λ), with λ
        the one negative eigenvalue of A.
        """
        if self.is_singular:
            return 1.0
        if self.determinant > 0:
            return None
        root = math.sqrt(self.trace**2 - 4 * self.determinant)
        negative_eigenvalue = 2 * self.determinant / (self.trace + root) if self.trace > 0 else (self.trace - root) / 2
        return 1 / (1 - negative_eigenvalue)

    def basis_path(self, first: ArrayLike, second: ArrayLike) -> Array:
        """Matrices while the basis arrows are dragged one by one to their columns.

        Args:
            first: progress of (1, 0) on its straight way to column 1, in [0, 1].
            second: progress of (0, 1) to column 2; broadcast against `first`.

        Returns:
            Array of shape (*broadcast, 2, 2). The plane may be flat on the way.
        """
        progress = np.stack(np.broadcast_arrays(_fractions(first), _fractions(second)), axis=-1)
        progress = progress[..., None, :]
        return (1 - progress) * np.eye(2) + progress * self.matrix


def rotation_matrix(angle: ArrayLike) -> Array:
    """Counter-clockwise rotations by `angle` radians, shape (*angle.shape, 2, 2)."""
    angle = np.asarray(angle, dtype=float)
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([cosine, -sine], axis=-1), np.stack([sine, cosine], axis=-1)], axis=-2)


GALLERY: dict[str, LinearMap] = {
    "rotation": LinearMap.of(rotation_matrix(GALLERY_ANGLE)),
    "shear": LinearMap(((1.0, 1.0), (0.0, 1.0))),
    "stretch": LinearMap(((2.0, 0.0), (0.0, 1.0))),
    "flip": LinearMap(((-1.0, 0.0), (0.0, 1.0))),
    "flatten": LinearMap(((0.8, 0.4), (0.4, 0.2))),
}
"""The maps that `gallery` names: by 45°, along the x-axis, to twice the width, in the y-axis, onto a line.

The columns of `flatten` lie on one line and differ in length, so that both are seen.
"""


def bend(points: ArrayLike, strength: float = BEND) -> Array:
    """The bent map (x + strength·sin y, y + strength·sin x), shape (..., 2) to (..., 2).

    It fixes the origin and is smooth, and still is not linear. `strength` from 0 to `BEND` makes
    the animation.
    """
    array = _points(points)
    return array + strength * np.sin(array[..., ::-1])


def additivity_gap(function: PlaneFunction, u: ArrayLike, v: ArrayLike) -> Array:
    """f(u + v) − f(u) − f(v) for arrows of shape (..., 2); zero everywhere for a linear map."""
    u, v = _points(u), _points(v)
    return function(u + v) - function(u) - function(v)


def additivity_defect(function: PlaneFunction, u: ArrayLike, v: ArrayLike) -> float:
    """Length of `additivity_gap`, the largest one for arrays of arrows; in grid units."""
    return float(np.max(np.linalg.norm(additivity_gap(function, u, v), axis=-1)))


def evenness_defect(function: PlaneFunction, half_width: int = 4) -> float:
    """How far the image of the unit grid is from parallel and evenly spaced lines, in grid units.

    The largest difference between the image of a unit step taken from any lattice point within
    `half_width` and of the same step taken from the origin: 0 for a linear map.
    """
    ticks = np.arange(-half_width, half_width + 1, dtype=float)
    lattice = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    worst = 0.0
    for step in np.eye(2):
        moved = function(lattice + step) - function(lattice)
        expected = function(step) - function(np.zeros(2))
        worst = max(worst, float(np.max(np.linalg.norm(moved - expected, axis=-1))))
    return worst


def grid_lines(half_width: int = 5, samples: int = 2) -> Array:
    """The unit grid as polylines, shape (2, 2·half_width + 1, samples, 2).

    Family 0 is parallel to the x-axis, family 1 to the y-axis; line `half_width` is the axis.
    Two samples draw a linear image exactly; a bent one needs more.
    """
    if half_width < 1 or samples < 2:
        raise ValueError("a grid needs a half width of at least 1 and at least 2 samples a line")
    along, across = np.meshgrid(
        np.linspace(-half_width, half_width, samples), np.arange(-half_width, half_width + 1, dtype=float)
    )
    return np.stack([np.stack([along, across], axis=-1), np.stack([across, along], axis=-1)])


def parallelogram(u: ArrayLike, v: ArrayLike) -> Array:
    """The corners 0, u, u + v, v, shape (4, 2)."""
    u, v = _points(u), _points(v)
    return np.stack([np.zeros(2), u, u + v, v])


def outline(corners: ArrayLike, samples_per_side: int = 1) -> Array:
    """The closed border of a polygon (n, 2) as a polyline (n·samples_per_side + 1, 2), corners included."""
    corners = _points(corners)
    if samples_per_side < 1:
        raise ValueError("each side needs at least 1 sample")
    share = np.arange(samples_per_side)[None, :, None] / samples_per_side
    sides = (1 - share) * corners[:, None] + share * np.roll(corners, -1, axis=0)[:, None]
    return np.concatenate([sides.reshape(-1, 2), corners[:1]])


@dataclass(frozen=True)
class ParallelogramTest:
    """The test of additivity on two arrows: does f carry the parallelogram of u, v to that of f(u), f(v)?"""

    function: PlaneFunction
    u: tuple[float, float] = TEST_U
    v: tuple[float, float] = TEST_V

    @property
    def corners(self) -> Array:
        """The parallelogram before the map: 0, u, u + v, v, shape (4, 2)."""
        return parallelogram(self.u, self.v)

    @property
    def mapped_corners(self) -> Array:
        """f(0), f(u), f(u + v), f(v), shape (4, 2)."""
        return self.function(self.corners)

    @property
    def completed_corners(self) -> Array:
        """The parallelogram that f(u) and f(v) span: 0, f(u), f(u) + f(v), f(v), shape (4, 2)."""
        return parallelogram(self.function(self.u), self.function(self.v))

    @property
    def gap(self) -> Array:
        """f(u + v) − (f(u) + f(v)), shape (2,)."""
        return additivity_gap(self.function, self.u, self.v)

    @property
    def defect(self) -> float:
        """Length of the gap, in grid units."""
        return additivity_defect(self.function, self.u, self.v)

    @property
    def passes(self) -> bool:
        """Whether the gap is nothing but rounding."""
        return self.defect <= NEGLIGIBLE

    def mapped_outline(self, samples_per_side: int = 24) -> Array:
        """The image of the parallelogram's border, shape (4·samples_per_side + 1, 2)."""
        return self.function(outline(self.corners, samples_per_side))


class LinearTransformations(Explainer):
    """A matrix as two landing places, a vector that keeps its coordinates, a test that a bent map fails."""

    slug: ClassVar[str] = "linear-transformations"
    title: ClassVar[str] = "A matrix is where the basis lands"
    insight: ClassVar[str] = "Know where two arrows land and you know where the whole plane lands."
    pillar: ClassVar[Pillar] = Pillar.LINEAR_ALGEBRA
    references: ClassVar[tuple[str, ...]] = (
        "LADR 1A",
        "LADR 3A",
        "LADR 3C",
        "MML 2.7",
        "L 30",
        "CML C1W3L2",
        "PAL 1",
        "PAL 4",
        "PAL 5",
        "SR:math/linear algebra",
    )

    matrix: Matrix = parameter(
        ((1, 2), (-1, 1)),
        "The matrix, row by row; its columns are where the basis arrows land.",
        allowed="two rows of two numbers, each from -4 to 4",
    )
    vector: Vector = parameter(
        (2, 3),
        "The vector that is carried along.",
        unit="grid units",
        allowed="two numbers, each from -4 to 4",
    )
    second: Matrix = parameter(
        ((0, -1), (1, 0)),
        "The matrix that is applied after the first, row by row.",
        allowed="two rows of two numbers, each from -4 to 4",
    )
    gallery: tuple[GalleryName, ...] = parameter(
        get_args(GalleryName),
        "The maps of the gallery, in the order in which they are shown.",
        allowed="one to five of rotation, shear, stretch, flip, flatten, each at most once",
        min_length=1,
        max_length=len(get_args(GalleryName)),
    )

    @field_validator("gallery")
    @classmethod
    def _no_repeats(cls, gallery: tuple[GalleryName, ...]) -> tuple[GalleryName, ...]:
        if len(set(gallery)) < len(gallery):
            raise ValueError("a map appears twice")
        return gallery

    @property
    def linear_map(self) -> LinearMap:
        """The map of `matrix`."""
        return LinearMap(self.matrix)

    @property
    def second_map(self) -> LinearMap:
        """The map of `second`."""
        return LinearMap(self.second)

    @property
    def gallery_maps(self) -> tuple[tuple[str, LinearMap], ...]:
        """The maps of the gallery with their names, in the order asked for."""
        return tuple((name, GALLERY[name]) for name in self.gallery)

    @property
    def arrow(self) -> Array:
        """The vector, shape (2,)."""
        return np.array(self.vector, dtype=float)

    @property
    def image(self) -> Array:
        """Where the vector lands: A v, shape (2,)."""
        return self.linear_map(self.vector)

    @property
    def combination(self) -> Array:
        """The two summands of A v, shape (2, 2): row 0 is v₁ · column 1, row 1 is v₂ · column 2."""
        return self.arrow[:, None] * self.linear_map.columns

    def chain(self, matrix: ArrayLike | None = None) -> Array:
        """Head-to-tail points 0, v₁·col₁, v₁·col₁ + v₂·col₂ under `matrix` (default: this one), shape (3, 2).

        The identity gives v₁·î + v₂·ĵ, the first beat; `linear_map.path(t)` any moment after.
        """
        frame = self.linear_map if matrix is None else LinearMap.of(matrix)
        return np.vstack([np.zeros(2), np.cumsum(self.arrow[:, None] * frame.columns, axis=0)])

    @property
    def vector_regime(self) -> VectorRegime:
        """What happens to the vector: it is zero, sent to 0, fixed, kept on its line, or moved off it."""
        length = float(np.linalg.norm(self.arrow))
        tolerance = NEGLIGIBLE * length
        if length <= NEGLIGIBLE:
            return "zero"
        if np.linalg.norm(self.image) <= tolerance:
            return "flattened"
        if np.linalg.norm(self.image - self.arrow) <= tolerance:
            return "fixed"
        cross = self.arrow[0] * self.image[1] - self.arrow[1] * self.image[0]
        return "on its line" if abs(cross) <= tolerance * length else "off its line"

    @property
    def product_map(self) -> LinearMap:
        """First `matrix`, then `second`: the product second · matrix."""
        return self.second_map @ self.linear_map

    @property
    def reversed_product_map(self) -> LinearMap:
        """First `second`, then `matrix`: the product matrix · second."""
        return self.linear_map @ self.second_map

    @property
    def commutator(self) -> Array:
        """second · matrix − matrix · second, shape (2, 2)."""
        return self.product_map.matrix - self.reversed_product_map.matrix

    @property
    def commutes(self) -> bool:
        """Whether the order of the two maps does not matter."""
        return bool(np.linalg.norm(self.commutator) <= NEGLIGIBLE)

    def composition_path(self, t: ArrayLike) -> Array:
        """Matrices while first `matrix` (t up to ½), then `second` is applied, shape (*t.shape, 2, 2)."""
        time = _fractions(t)
        first = self.linear_map.path(np.minimum(2 * time, 1))
        return self.second_map.path(np.maximum(2 * time - 1, 0)) @ first

    @property
    def linear_test(self) -> ParallelogramTest:
        """The parallelogram test of `matrix`, which it passes."""
        return ParallelogramTest(self.linear_map)

    @property
    def bent_test(self) -> ParallelogramTest:
        """The parallelogram test of the bent map, which it fails."""
        return ParallelogramTest(bend)

    @property
    def extent(self) -> float:
        """Largest absolute coordinate among the basis, its images, the vector, its chain and its image."""
        drawn = np.vstack([np.eye(2), self.linear_map.columns, self.arrow, self.chain()])
        return float(np.max(np.abs(drawn)))

    def facts(self) -> dict[str, Fact]:
        """The numbers on screen; directions appear only where the map has them."""
        values: dict[str, Fact] = {
            "Av": _clean(self.image),
            "column_1": self.linear_map.columns[0] + 0.0,
            "column_2": self.linear_map.columns[1] + 0.0,
            "determinant": self.linear_map.determinant,
            "rank": self.linear_map.rank,
            "regime": self.linear_map.regime,
            "orientation": self.linear_map.orientation,
            "vector_regime": self.vector_regime,
            "additivity_linear": float(_clean(self.linear_test.defect)),
            "additivity_bent": self.bent_test.defect,
            "evenness_linear": float(_clean(evenness_defect(self.linear_map))),
            "evenness_bent": evenness_defect(bend),
            "product": _clean(self.product_map.matrix),
            "reversed_product": _clean(self.reversed_product_map.matrix),
            "commutator_norm": float(_clean(np.linalg.norm(self.commutator))),
            "commutes": self.commutes,
            "gallery_determinants": {name: item.determinant for name, item in self.gallery_maps},
        }
        if self.linear_map.rank == 1:
            values["image_direction"] = self.linear_map.image_direction
            values["kernel_direction"] = self.linear_map.kernel_direction
        if self.linear_map.regime in ("rotation", "scaled rotation"):
            values["turn_degrees"] = math.degrees(self.linear_map.turn_angle)
        return rounded(values)
