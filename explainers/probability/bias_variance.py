"""Bias and variance of polynomial fits: the same curve, fresh noise, another fit, and what they have in common.

A least-squares fit is linear in the data, so its average and its spread over all possible data sets are exact;
only the bundle of single fits is drawn at random. Test error is that of fresh noise at the same places.
"""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray
from pydantic import model_validator

from explainers.model import Explainer, Fact, Pillar, parameter, rounded

FloatArray: TypeAlias = NDArray[np.float64]
Lean: TypeAlias = Literal["bias", "variance", "both"]
Valley: TypeAlias = Literal["inside", "simplest", "most flexible"]

DOMINATES = 4.0
"""One of bias² and variance outweighs the other when it is at least so many times as large."""


class Errors(NamedTuple):
    """The parts of the test error of one degree, and the training error; all are means of squares."""

    bias2: float
    variance: float
    noise: float
    training: float

    @property
    def test(self) -> float:
        """Expected squared error at fresh data: bias² + variance + σ²."""
        return self.bias2 + self.variance + self.noise


def true_curve(name: str, x: ArrayLike) -> FloatArray:
    """The curve behind the data on 0 ≤ x ≤ 1, with values in [−1, 1]."""
    t = 2 * np.asarray(x, dtype=float) - 1
    match name:
        case "wave":
            return np.sin(np.pi * (t + 1))
        case "hill":
            return 2 * np.exp(-6 * t**2) - 1
        case "bend":
            return np.tanh(4 * t)
        case "line":
            return t
    raise ValueError(f"there is no curve {name!r}")


class BiasVariance(Explainer):
    """Polynomials of every degree from too simple to too flexible, refitted to many noisy samples of one curve."""

    slug: ClassVar[str] = "bias-variance"
    title: ClassVar[str] = "Wrong the same way, or wrong differently"
    insight: ClassVar[str] = (
        "Too simple is wrong the same way every time, too flexible is wrong differently every time; "
        "test error is the sum."
    )
    pillar: ClassVar[Pillar] = Pillar.PROBABILITY
    references: ClassVar[tuple[str, ...]] = (
        "MML 8.2",
        "MML 8.6",
        "MML 9.2",
        "MTB 12",
        "TS 8.2",
        "SR:machine learning/ML concepts, algorithms and machinery",
    )

    simple: int = parameter(1, "degree of the simplest polynomial", ge=0, le=3)
    flexible: int = parameter(12, "degree of the most flexible polynomial, at most half of the points", ge=6, le=14)
    noise: float = parameter(0.3, "standard deviation σ of the noise", ge=0.15, le=0.8)
    points: int = parameter(25, "points in a data set, evenly spaced", unit="points", ge=16, le=60)
    datasets: int = parameter(40, "data sets that are drawn and fitted", unit="data sets", ge=12, le=50)
    curve: Literal["wave", "hill", "bend", "line"] = parameter("wave", "the true curve behind the data")
    seed: int = parameter(0, "seed of the noise", ge=0, le=2**32 - 1)

    @model_validator(mode="after")
    def _fits_stay_in_the_picture(self) -> BiasVariance:
        # Beyond, polynomials through evenly spaced points swing off between the outermost ones (Runge).
        if 2 * self.flexible > self.points:
            raise ValueError("flexible must be at most half of points")
        return self

    # --- Data ---------------------------------------------------------------------------------------------

    @cached_property
    def x(self) -> FloatArray:
        """Where the curve is measured, shape (points,)."""
        return np.linspace(0.0, 1.0, self.points)

    def truth(self, at: ArrayLike) -> FloatArray:
        """The true curve at these places."""
        return true_curve(self.curve, at)

    @cached_property
    def samples(self) -> FloatArray:
        """The data sets that are drawn, shape (datasets, points)."""
        rng = np.random.default_rng(self.seed)
        return self.truth(self.x) + self.noise * rng.standard_normal((self.datasets, self.points))

    # --- Fits ---------------------------------------------------------------------------------------------

    def weights(self, degree: int, at: ArrayLike) -> FloatArray:
        """What each point contributes to the fit: prediction = weights @ data. Shape (len(at), points)."""
        # Chebyshev polynomials, orthonormalised on the points, stay exact where powers of x do not.
        orthonormal, mixing = np.linalg.qr(chebyshev.chebvander(2 * self.x - 1, degree))
        basis = chebyshev.chebvander(2 * np.asarray(at, dtype=float) - 1, degree)
        return np.linalg.solve(mixing.T, basis.T).T @ orthonormal.T

    def fits(self, degree: int, at: ArrayLike) -> FloatArray:
        """The least-squares fits to the drawn data sets, shape (datasets, len(at))."""
        return self.samples @ self.weights(degree, at).T

    def average_fit(self, degree: int, at: ArrayLike) -> FloatArray:
        """The expected fit over all data sets, exactly; shape (len(at),)."""
        return self.weights(degree, at) @ self.truth(self.x)

    def spread(self, degree: int, at: ArrayLike) -> FloatArray:
        """The standard deviation of the fit over all data sets, exactly; shape (len(at),)."""
        return self.noise * np.linalg.norm(self.weights(degree, at), axis=1)

    # --- Errors -------------------------------------------------------------------------------------------

    @property
    def degrees(self) -> range:
        """Every degree from the simplest to the most flexible."""
        return range(self.simple, self.flexible + 1)

    @cached_property
    def errors(self) -> dict[int, Errors]:
        """The exact expected errors at the points, by degree."""
        return {degree: self._errors(degree) for degree in self.degrees}

    def _errors(self, degree: int) -> Errors:
        miss = self.average_fit(degree, self.x) - self.truth(self.x)
        bias2, noise = float(np.mean(miss**2)), self.noise**2
        # The weights at the points are a projection of rank p: its squared rows sum to p.
        share = (degree + 1) / self.points
        return Errors(bias2, noise * share, noise, bias2 + noise * (1 - share))

    def simulated(self, degree: int) -> Errors:
        """The same parts over the drawn data sets; noise is σ², training error is measured."""
        fits, truth = self.fits(degree, self.x), self.truth(self.x)
        mean = fits.mean(axis=0)
        return Errors(
            float(np.mean((mean - truth) ** 2)),
            float(np.mean((fits - mean) ** 2)),
            self.noise**2,
            float(np.mean((self.samples - fits) ** 2)),
        )

    @property
    def best(self) -> int:
        """The degree with the least test error; the lowest of equals."""
        least = min(errors.test for errors in self.errors.values())
        return next(degree for degree, errors in self.errors.items() if errors.test <= least * (1 + 1e-9))

    @property
    def valley(self) -> Valley:
        """Where the best degree lies among those compared."""
        return {self.simple: "simplest", self.flexible: "most flexible"}.get(self.best, "inside")

    def lean(self, degree: int) -> Lean:
        """Whether bias² or variance outweighs the other by far at this degree."""
        errors = self.errors[degree]
        if errors.bias2 >= DOMINATES * errors.variance:
            return "bias"
        return "variance" if errors.variance >= DOMINATES * errors.bias2 else "both"

    @property
    def decimals(self) -> int:
        """Digits after the point that show even the smallest variance."""
        return 3 if self.errors[self.simple].variance >= 0.002 else 4

    def facts(self) -> dict[str, Fact]:
        """Named numbers on screen."""
        return rounded(
            {
                "degree_bias2_var_test": {d: [e.bias2, e.variance, e.test] for d, e in self.errors.items()},
                "training": {d: e.training for d, e in self.errors.items()},
                "noise": self.noise**2,
                "best_degree": self.best,
                "valley": self.valley,
            }
        )
