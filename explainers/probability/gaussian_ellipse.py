"""The covariance matrix as an ellipse: a round Gaussian cloud, the matrix that pushes it, and the axes it gets.

Only the cloud is drawn, from a seed; matrices, axes and the shares inside the ellipses are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, exp, pi, sin, sqrt
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainers.model import Explainer, Fact, Pillar, parameter, rounded

FloatArray: TypeAlias = NDArray[np.float64]
Lean: TypeAlias = Literal["round", "upright", "rising", "falling"]

RADII = (1, 2, 3)
"""The Mahalanobis radii of the ellipses."""

EXTREME = 0.95
"""The correlations between which ρ sweeps: at ±1 the ellipse would be a needle without area."""


@dataclass(frozen=True, eq=False)
class Axes:
    """The axes of an ellipse: unit `vectors` as columns, shape (2, 2), and their `half_lengths`, shape (2,)."""

    vectors: FloatArray
    half_lengths: FloatArray

    @property
    def tips(self) -> FloatArray:
        """Where both half-axes end, row by row, shape (2, 2)."""
        return (self.vectors * self.half_lengths).T


def covariance_of(sigma_x: float, sigma_y: float, rho: float) -> FloatArray:
    """Σ of two standard deviations and a correlation, shape (2, 2). MML 6.4."""
    mixed = rho * sigma_x * sigma_y
    return np.array([[sigma_x**2, mixed], [mixed, sigma_y**2]])


def cholesky_of(sigma_x: float, sigma_y: float, rho: float) -> FloatArray:
    """The lower triangular L with L Lᵀ = Σ and a positive diagonal, shape (2, 2); |rho| < 1. MML 4.3."""
    return np.array([[sigma_x, 0.0], [rho * sigma_y, sigma_y * sqrt(1 - rho**2)]])


def round_cloud(n: int, seed: int) -> FloatArray:
    """n draws of N(0, I), shape (n, 2)."""
    return np.random.default_rng(seed).standard_normal((n, 2))


def mahalanobis(points: ArrayLike, covariance: ArrayLike) -> FloatArray:
    """√(xᵀ Σ⁻¹ x) of points of shape (n, 2), shape (n,); Σ must be invertible. MML 6.5."""
    points = np.asarray(points, dtype=float)
    return np.sqrt(np.sum(points * np.linalg.solve(np.asarray(covariance, dtype=float), points.T).T, axis=1))


def share_inside(radius: float) -> float:
    """Probability that a Gaussian in the plane lies within this Mahalanobis radius: 1 − e^(−radius²/2)."""
    return 1 - exp(-(radius**2) / 2)


class GaussianEllipse(Explainer):
    """N(0, I) pushed through the Cholesky factor of Σ; the axes of Σ; how many dots each ellipse holds."""

    slug: ClassVar[str] = "gaussian-ellipse"
    title: ClassVar[str] = "A covariance matrix is an ellipse"
    insight: ClassVar[str] = (
        "A Gaussian cloud is a round cloud pushed through a matrix: "
        "eigenvectors of Σ are the axes, √eigenvalues the half-lengths."
    )
    pillar: ClassVar[Pillar] = Pillar.PROBABILITY
    references: ClassVar[tuple[str, ...]] = (
        "MML 6.5",
        "MML 6.4",
        "MML 4.3",
        "CML C3W2L2",
        "LADR 7C",
        "LADR 7D",
        "L 25",
        "SR:math/probability & stats",
    )

    sigma_x: float = parameter(1.5, "standard deviation of x: half the width of the inner ellipse", ge=0.6, le=2)
    sigma_y: float = parameter(1.0, "standard deviation of y: half the height of the inner ellipse", ge=0.6, le=2)
    rho: float = parameter(0.7, "correlation of x and y", ge=-0.9, le=0.9)
    n: int = parameter(1000, "number of dots in the cloud", unit="dots", ge=100, le=1500)
    seed: int = parameter(0, "which random dots are drawn", ge=0, le=999_999)

    # --- Matrices ----------------------------------------------------------------------------------------

    @property
    def covariance(self) -> FloatArray:
        """Σ, shape (2, 2)."""
        return covariance_of(self.sigma_x, self.sigma_y, self.rho)

    @property
    def cholesky(self) -> FloatArray:
        """L, lower triangular, with L Lᵀ = Σ; shape (2, 2)."""
        return cholesky_of(self.sigma_x, self.sigma_y, self.rho)

    def with_correlation(self, rho: float) -> GaussianEllipse:
        """The same with another correlation."""
        return self.model_copy(update={"rho": rho})

    @property
    def lean(self) -> Lean:
        """How the ellipse lies: a circle, with upright axes, rising to the right, or falling."""
        if self.rho == 0:
            return "round" if self.sigma_x == self.sigma_y else "upright"
        return "rising" if self.rho > 0 else "falling"

    @property
    def is_pushed(self) -> bool:
        """Whether L moves anything: not if it is the identity."""
        return not np.array_equal(self.cholesky, np.eye(2))

    @property
    def touch(self) -> FloatArray:
        """Where the inner ellipse touches the right side of its box: (σx, ρ σy); the covariance is its product.

        It is the column Σe₁ divided by σx, as for any ellipse xᵀΣ⁻¹x = 1. Shape (2,).
        """
        return np.array([self.sigma_x, self.rho * self.sigma_y])

    # --- Axes ----------------------------------------------------------------------------------------------

    @property
    def angle(self) -> float:
        """Direction of the long axis in radians, in [−π/4, 3π/4]; 45° for a circle, where any direction would do.

        Near the axis of the larger deviation, so that it turns without a jump when ρ changes sign.
        """
        if self.lean == "round":
            return pi / 4
        (xx, xy), (_, yy) = self.covariance
        twice = atan2(2 * xy, xx - yy)
        return (twice % (2 * pi) if self.sigma_x < self.sigma_y else twice) / 2

    @property
    def axes(self) -> Axes:
        """The axes, the long one first; unit eigenvectors of Σ and the roots of its eigenvalues. MML 4.2, 4.4."""
        return self._axes_along(self.angle)

    def axes_at(self, rho: float) -> Axes:
        """The axes at another correlation, each one followed from `axes` without a jump.

        With equal deviations the diagonals stay the axes, and the long one becomes the short one at ρ = 0.
        """
        there = self.with_correlation(rho)
        return there._axes_along(self.angle if self.sigma_x == self.sigma_y else there.angle)

    def _axes_along(self, angle: float) -> Axes:
        vectors = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
        return Axes(vectors, np.sqrt(np.einsum("ik,ij,jk->k", vectors, self.covariance, vectors)))

    @property
    def eigenvalues(self) -> FloatArray:
        """Of Σ, the larger first, shape (2,)."""
        return self.axes.half_lengths**2

    # --- Dots ------------------------------------------------------------------------------------------------

    @property
    def round_dots(self) -> FloatArray:
        """The dots before they are pushed, shape (n, 2)."""
        return round_cloud(self.n, self.seed)

    @property
    def dots(self) -> FloatArray:
        """The dots pushed by L, shape (n, 2)."""
        return self.round_dots @ self.cholesky.T

    def counted(self, radius: float) -> int:
        """How many dots lie inside the ellipse of this Mahalanobis radius; L keeps each dot on its ring."""
        return int(np.sum(np.linalg.norm(self.round_dots, axis=1) <= radius))

    def fraction(self, radius: float) -> float:
        """The share of dots inside the ellipse of this Mahalanobis radius."""
        return self.counted(radius) / self.n

    def facts(self) -> dict[str, Fact]:
        """Everything the clip shows as a number; `inside` lists expected and counted shares by radius."""
        return rounded(
            {
                "covariance": self.covariance,
                "cholesky": self.cholesky,
                "eigenvalues": self.eigenvalues,
                "half_axes": self.axes.half_lengths[::-1],
                "touch": self.touch,
                "lean": self.lean,
                "inside": {str(k): [share_inside(k), self.fraction(k)] for k in RADII},
                "counted": {str(k): self.counted(k) for k in RADII},
            }
        )
