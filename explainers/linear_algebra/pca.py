"""The line on which a cloud casts its widest shadow, which is also the line it lies closest to.

For a unit vector u, every centred point splits by Pythagoras into a shadow along u and a distance from the line:
uᵀSu + mean squared distance = trace S, whatever u is. So the widest shadow and the closest line are one line, and it
is the top eigenvector of the covariance S. A third measurement shows the same with planes in place of lines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import model_validator

from explainers.model import Explainer, Fact, Pillar, bounded, parameter, rounded

Array: TypeAlias = NDArray[np.float64]
Row: TypeAlias = tuple[bounded(-3, 3), bounded(-3, 3)]
Regime: TypeAlias = Literal["on a line", "long", "roundish"]

CENTRE = np.array([1.1, -0.8])
"""Mean of the population before centring, as multiples of its largest spread."""
RISE = np.array([0.35, 1.3])
"""How steeply the third measurement rises along the two axes of the plane cloud: the sheet leans away."""
ROUNDISH = 0.75
"""From this ratio of the second to the first variance on, no direction stands out to the eye."""
NEGLIGIBLE = 1e-9
"""A ratio of variances below which the smaller one is rounding, not scatter."""
LEAST_SPREAD = 0.8
"""The least spread of the longest direction: smaller clouds are the same picture with unreadable numbers."""
TOP_VIEW = (-math.pi / 2, math.pi / 2)
"""Azimuth and elevation of an eye straight above the first two measurements, the first to the right."""
LEAD_IN = 40
"""Degrees before the worst angle at which the turning line starts: the shadow first narrows, then widens."""


def unit(degrees: ArrayLike) -> Array:
    """Unit vectors at these angles, shape (..., 2)."""
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=-1)


def eye_along(axis: ArrayLike, near: float) -> tuple[float, float]:
    """Azimuth and elevation (not below the horizon), in radians, of an eye on this axis; azimuth as near as can be."""
    x, y, z = np.asarray(axis, float) * (1.0 if axis[2] >= 0 else -1.0)
    azimuth = math.atan2(y, x)
    return near + math.remainder(azimuth - near, 2 * math.pi), math.asin(min(z, 1.0))


@dataclass(frozen=True)
class Principal:
    """Principal components of centred points, by their singular value decomposition.

    Args:
        points: centred measurements, shape (n, d).
    """

    points: Array

    @cached_property
    def covariance(self) -> Array:
        """S = XᵀX / n, shape (d, d)."""
        return self.points.T @ self.points / len(self.points)

    @cached_property
    def _svd(self) -> tuple[Array, Array]:
        _, singular_values, rows = np.linalg.svd(self.points, full_matrices=False)
        return singular_values, rows

    @property
    def variances(self) -> Array:
        """Variance along each axis, largest first, shape (d,): the eigenvalues of S."""
        return self._svd[0] ** 2 / len(self.points)

    @cached_property
    def axes(self) -> Array:
        """Unit eigenvectors of S, one per row, shape (d, d): a right-handed frame, the first to the right."""
        axes = self._svd[1].copy()
        for axis in axes[:-1]:
            # An eigenvector has no sign of its own: take the one that points right, or up.
            lead = axis[0] if abs(axis[0]) > 1e-9 else axis[1]
            axis *= 1.0 if lead >= 0 else -1.0
        axes[-1] *= np.sign(np.linalg.det(axes))
        return axes

    @property
    def trace(self) -> float:
        """Total variance: the mean squared distance from the mean."""
        return float(np.trace(self.covariance))

    @property
    def shares(self) -> Array:
        """Share of the total variance along each axis, shape (d,)."""
        return self.variances / self.variances.sum()

    def rebuilt(self, keep: int) -> Array:
        """The points rebuilt from their first `keep` coordinates, shape (n, d)."""
        kept = self.axes[:keep]
        return self.points @ kept.T @ kept

    def error(self, keep: int) -> float:
        """Mean squared distance from the points to what is rebuilt."""
        return float(np.mean(np.sum((self.points - self.rebuilt(keep)) ** 2, axis=1)))


class Pca(Explainer):
    """A cloud of points, its shadows on every line, its principal axes, and what is left when few are kept."""

    slug: ClassVar[str] = "pca"
    title: ClassVar[str] = "The widest shadow"
    insight: ClassVar[str] = (
        "PCA finds the line on which the data cast their widest shadow, which is also the line they are closest to."
    )
    pillar: ClassVar[Pillar] = Pillar.LINEAR_ALGEBRA
    references: ClassVar[tuple[str, ...]] = (
        "MML 10.1",
        "MML 10.2",
        "MML 10.3",
        "MML 10.4",
        "MML 10.6",
        "MTB 12",
        "LADR 7B",
        "PAL 7",
        "CML C1W4L2",
        "SR:machine learning/broad ml materials",
    )

    shape: tuple[Row, Row] = parameter(
        ((2, 0), (0.9, 0.7)),
        "The matrix that shapes the plane cloud out of a round one, row by row.",
        allowed=f"two rows of two numbers, each from -3 to 3; it stretches something at least {LEAST_SPREAD} times",
    )
    thickness: float = parameter(0.35, "Scatter of the third measurement around its sheet.", ge=0, le=1)
    points: int = parameter(200, "Number of points.", ge=30, le=400)
    keep: int = parameter(1, "Coordinates kept of the three.", ge=1, le=2)
    seed: int = parameter(0, "Seed of the random points.", ge=0, le=9999)

    @model_validator(mode="after")
    def _large_enough(self) -> Pca:
        if self.spread < LEAST_SPREAD:
            raise ValueError(f"it shrinks the whole cloud to less than {LEAST_SPREAD}")
        return self

    # --- The cloud ---------------------------------------------------------------------------------------

    @property
    def spread(self) -> float:
        """The largest standard deviation of the population in any direction."""
        return float(np.linalg.norm(self.shape, 2))

    @cached_property
    def measurements(self) -> Array:
        """Three measurements of each point, as they came in, shape (points, 3)."""
        rng = np.random.default_rng(self.seed)
        plane = rng.standard_normal((self.points, 2)) @ np.array(self.shape, float).T
        scatter = self.thickness * rng.standard_normal(self.points)
        centred = Principal(plane - plane.mean(axis=0))
        third = centred.points @ centred.axes.T @ RISE + scatter
        return np.column_stack([plane + self.spread * CENTRE, third])

    @property
    def mean(self) -> Array:
        """Mean of the first two measurements, shape (2,)."""
        return self.measurements[:, :2].mean(axis=0)

    @cached_property
    def plane(self) -> Principal:
        """The first two measurements, centred."""
        return Principal(self.measurements[:, :2] - self.mean)

    @cached_property
    def solid(self) -> Principal:
        """All three measurements, centred."""
        return Principal(self.measurements - self.measurements.mean(axis=0))

    # --- A turning line ----------------------------------------------------------------------------------

    def shadows(self, degrees: float) -> Array:
        """Where the shadows fall on the line at this angle, signed lengths from the mean, shape (points,)."""
        return self.plane.points @ unit(degrees)

    def shadow_variance(self, degrees: ArrayLike) -> Array:
        """uᵀSu: the mean squared shadow on the lines at these angles, shape as `degrees`."""
        directions = unit(degrees)
        return np.einsum("...i,ij,...j->...", directions, self.plane.covariance, directions)

    def squared_distance(self, degrees: ArrayLike) -> Array:
        """Mean squared distance from the points to the lines at these angles: the mean squared normal part."""
        return self.shadow_variance(np.asarray(degrees, float) + 90)

    @property
    def best_angle(self) -> float:
        """Angle of the top eigenvector of the covariance, in degrees, in (−90, 90]."""
        x, y = self.plane.axes[0]
        return math.degrees(math.atan2(y, x))

    @property
    def sweep(self) -> tuple[int, int]:
        """First and last angle of the turning line: half a turn, in degrees, multiples of 15."""
        start = 15 * round((self.best_angle - 90 - LEAD_IN) / 15)
        return start, start + 180

    @property
    def witness(self) -> int:
        """Index of one point to look at: far out, and off both axes, so that its shadow moves a lot.

        A long arm is worth more than a slanted one: the score is the arm's length times the smaller part.
        """
        parts = np.abs(self.plane.points @ self.plane.axes.T)
        return int(np.argmax(np.linalg.norm(parts, axis=1) * parts.min(axis=1)))

    @property
    def regime(self) -> Regime:
        """Whether one direction of the plane cloud stands out, or is all there is."""
        first, second = self.plane.variances
        if second < NEGLIGIBLE * first:
            return "on a line"
        return "roundish" if second > ROUNDISH * first else "long"

    # --- The third measurement ---------------------------------------------------------------------------

    @property
    def flattest_view(self) -> tuple[float, float]:
        """Azimuth and elevation, in radians, of an eye that sees the widest shadow: along the last axis."""
        return eye_along(self.solid.axes[2], near=self.narrowest_view[0])

    @property
    def narrowest_view(self) -> tuple[float, float]:
        """Azimuth and elevation, in radians, of an eye that sees the narrowest shadow: along the first axis."""
        return eye_along(self.solid.axes[0], near=TOP_VIEW[0])

    def seen_from(self, azimuth: float, elevation: float) -> tuple[float, float]:
        """Variance across the line of sight and along it: shadow on the screen, and depth."""
        level = math.cos(elevation)
        eye = np.array([level * math.cos(azimuth), level * math.sin(azimuth), math.sin(elevation)])
        depth = float(eye @ self.solid.covariance @ eye)
        return self.solid.trace - depth, depth

    def facts(self) -> dict[str, Fact]:
        """The numbers on screen, of the plane cloud and of the solid one."""
        plane, solid = self.plane, self.solid
        return rounded(
            {
                "mean": self.mean,
                "trace": plane.trace,
                "variances": plane.variances,
                "explained": plane.shares[0],
                "best_angle": self.best_angle,
                "least_distance": self.squared_distance(self.best_angle),
                "covariance": plane.covariance,
                "solid_trace": solid.trace,
                "solid_variances": solid.variances,
                "kept_share": solid.shares[: self.keep].sum(),
                "kept_numbers": self.points * self.keep,
                "numbers": self.points * 3,
                "rebuilding_error": solid.error(self.keep),
            }
        )
