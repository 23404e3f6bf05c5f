"""Maximum likelihood: one data set under every mean of a family, and under every mean and width of a bell.

All three families are described by their mean μ (a coin's chance, a waiting time's average), for then one
sentence holds for all of them: the slope of the log-likelihood is Σ(xᵢ − μ)/variance, so it is zero at the
average of the data, where the curvature is −n/variance. Only the data and the repeated samples are drawn, from a seed.
"""

from __future__ import annotations

from functools import cached_property
from math import floor, lgamma, log, log10, nan, pi
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike
from pydantic import model_validator

from explainers.model import Explainer, Fact, Pillar, bounded, parameter, rounded
from explainers.probability.distributions import FloatArray

Family: TypeAlias = Literal["gaussian", "bernoulli", "exponential"]
Regime: TypeAlias = Literal["inside", "edge"]

FAMILIES: tuple[Family, ...] = get_args(Family)

FEWEST, MOST = 5, 30
"""Numbers of data that make a picture: fewer are no sample, more are a thicket."""
GROWTH = 10
"""The larger sample has this many times as many data."""
PREFIX_SHARE = 0.25
"""Own data cannot grow: instead, this share of them is the smaller sample."""
LEAST_RANGE, LEAST_WAIT = 0.01, 0.01
"""Own data differ by at least this share of their size, and waiting times are at least this long."""
NARROW_START = 0.65
"""The width at which the bell is held while only its mean moves, in units of the best one."""
REACH = 1.35
"""How far a bell's mean is moved away from the best one, in units of the best width."""
WAIT_REACH = (0.4, 3.0)
"""The same for a waiting time's mean, as multiples of the best one."""
NEAR_CERTAIN = 0.02
"""The same for a coin's chance: how near it comes to an impossible or a certain 1."""
DROP = 0.5
"""Where the log-likelihood is at most this far below the top: for a bell, within one standard error."""
REPEATS = 100_000
"""Repeated samples whose fitted variance is averaged: enough for the third digit."""
STRIDE = 0.01
"""Length of a step of the climb over (μ, σ), in units of the best width."""
SMALLEST, LARGEST = 5e-324, 1.7976931348623157e308
"""The smallest and the largest positive number of a computer's 64 bits."""


def log_density(family: Family, x: ArrayLike, mean: ArrayLike, sigma: ArrayLike = 1.0) -> FloatArray:
    """ln f(x) under a mean (and, for a gaussian, a width), elementwise; −∞ where x is impossible. MML 6.5, 8.3."""
    x, mean, sigma = np.broadcast_arrays(*(np.asarray(value, float) for value in (x, mean, sigma)))
    if family == "gaussian":
        return -0.5 * ((x - mean) / sigma) ** 2 - np.log(sigma) - 0.5 * log(2 * pi)
    with np.errstate(divide="ignore"):
        if family == "bernoulli":
            return np.where(x > 0.5, np.log(mean), np.log1p(-mean))
        return np.where(x < 0, -np.inf, -np.log(mean) - x / mean)


def mle_variance_pdf(ratio: ArrayLike, n: int) -> FloatArray:
    """Density of σ̂²/σ² over all gaussian samples of n: n σ̂²/σ² is chi-square with n − 1 degrees of freedom."""
    half, r = (n - 1) / 2, np.maximum(np.asarray(ratio, float), 1e-300)
    return np.exp(log(n) + (half - 1) * np.log(n * r) - n * r / 2 - half * log(2) - lgamma(half))


class MaximumLikelihood(Explainer):
    """A sample, how likely it is under every parameter, and the parameter under which it is likeliest."""

    slug: ClassVar[str] = "maximum-likelihood"
    title: ClassVar[str] = "The least surprising parameter"
    insight: ClassVar[str] = (
        "The same data are more or less surprising under each parameter;"
        " MLE picks the one that makes what happened least surprising."
    )
    pillar: ClassVar[Pillar] = Pillar.PROBABILITY
    references: ClassVar[tuple[str, ...]] = (
        "MML 8.3",
        "MML 9.2",
        "TS 8.1",
        "TS 8.2",
        "CML C3W3L2",
        "CML C2W1L2",
        "MTC 9",
        "SR:math/probability & stats",
    )

    family: Family = parameter("gaussian", "the family of distributions that the data are fitted with")
    n: int = parameter(12, "how many data are drawn; own data bring their own number", unit="data", ge=FEWEST, le=MOST)
    mu: float = parameter(2.0, "the true mean of gaussian data", ge=-50, le=50)
    sigma: float = parameter(1.3, "the true standard deviation of gaussian data", ge=0.2, le=20)
    p: float = parameter(0.7, "the true chance of a 1 of bernoulli data", ge=0.05, le=0.95)
    tau: float = parameter(3.0, "the true mean of exponential data", ge=0.5, le=50)
    data: tuple[bounded(-1000, 1000), ...] = parameter(
        (),
        "own data, instead of drawn ones",
        allowed=f"nothing, or {FEWEST} to {MOST} numbers from -1000 to 1000 that suit the family",
        max_length=MOST,
    )
    seed: int = parameter(3, "the seed of the drawn data", ge=0, le=100_000)

    @model_validator(mode="after")
    def _data_suit_the_family(self) -> MaximumLikelihood:
        x = np.array(self.data)
        if not len(x):
            return self
        if len(x) < FEWEST:
            raise ValueError(f"own data need at least {FEWEST} numbers")
        if self.family == "bernoulli" and not np.isin(x, (0, 1)).all():
            raise ValueError("bernoulli data are zeros and ones")
        if self.family == "exponential" and x.min() < LEAST_WAIT:
            raise ValueError(f"exponential data are at least {LEAST_WAIT:g}")
        if self.family == "gaussian" and np.ptp(x) < LEAST_RANGE * max(np.abs(x).max(), 1):
            raise ValueError("the data are too close together to have a width")
        return self

    # --- The data ---------------------------------------------------------------------------------------

    @cached_property
    def pool(self) -> FloatArray:
        """The larger sample, shape (n_large,): own data, or GROWTH·n drawn ones that begin with the sample."""
        if self.data:
            return np.array(self.data)
        rng, size = np.random.default_rng(self.seed), GROWTH * self.n
        if self.family == "gaussian":
            return rng.normal(self.mu, self.sigma, size)
        if self.family == "bernoulli":
            return (rng.random(size) < self.p).astype(float)
        return rng.exponential(self.tau, size)

    @cached_property
    def sample(self) -> FloatArray:
        """The data of the story, shape (size,)."""
        return self.pool if self.data else self.pool[: self.n]

    @property
    def size(self) -> int:
        """How many data the sample has."""
        return len(self.sample)

    @property
    def sizes(self) -> tuple[int, int]:
        """Numbers of data of the smaller and the larger sample; both are beginnings of the pool."""
        if self.data:
            return max(2, round(PREFIX_SHARE * self.size)), self.size
        return self.size, len(self.pool)

    # --- Likelihood -------------------------------------------------------------------------------------

    def log_densities(self, mean: float, sigma: float | None = None) -> FloatArray:
        """ln f of each datum of the sample, shape (size,); a bell is as wide as `held_sigma` if nothing is said."""
        return log_density(self.family, self.sample, mean, self.held_sigma if sigma is None else sigma)

    def log_likelihood(self, mean: ArrayLike, sigma: ArrayLike | None = None) -> FloatArray:
        """Σ ln f(xᵢ) over the sample, elementwise in `mean` and `sigma`."""
        mean, sigma = np.broadcast_arrays(mean, self.held_sigma if sigma is None else sigma)
        return log_density(self.family, self.sample, mean[..., None], sigma[..., None]).sum(axis=-1)

    def score(self, mean: float) -> float:
        """Σ(xᵢ − μ) over the sample: the slope of the log-likelihood but for a positive factor."""
        return float(np.sum(self.sample - mean))

    def mean_hat(self, n: float | None = None) -> float:
        """The mean at which the log-likelihood of the first n data is largest: their average.

        Between whole numbers the next datum counts in part, so that the mean moves without a jump.
        """
        if n is None:
            return float(self.sample.mean())
        whole = int(n)
        part = (n - whole) * self.pool[whole] if n > whole else 0.0
        return float((self.pool[:whole].sum() + part) / n)

    @cached_property
    def sigma_hat(self) -> float:
        """The width at which a gaussian's likelihood is largest: the population standard deviation; else 1."""
        return float(np.std(self.sample)) if self.family == "gaussian" else 1.0

    @cached_property
    def held_sigma(self) -> float:
        """Where the width of a bell is held while only the mean moves: too narrow, two digits; else 1."""
        if self.family != "gaussian":
            return 1.0
        width = NARROW_START * self.sigma_hat
        return round(width, 1 - floor(log10(width)))

    def variance(self, mean: float) -> float:
        """Variance of one datum at this mean: σ̂², p(1−p) or μ²."""
        return {"gaussian": self.sigma_hat**2, "bernoulli": mean * (1 - mean), "exponential": mean**2}[self.family]

    def curvature(self, n: float | None = None) -> float:
        """Second derivative of the log-likelihood in the mean at its top, −n/variance; NaN for a top at the edge."""
        n = self.size if n is None else n
        variance = self.variance(self.mean_hat(n))
        return -n / variance if variance > 1e-12 else nan

    def below_top(self, mean: ArrayLike, n: float) -> FloatArray:
        """ln L(μ) − ln L(μ̂) for the first n data at the best width: −n times a divergence; elementwise."""
        mean, average = np.asarray(mean, float), self.mean_hat(n)
        if self.family == "gaussian":
            return -n * (mean - average) ** 2 / (2 * self.sigma_hat**2)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.family == "exponential":
                return -n * (np.log(mean / average) + average / mean - 1)
            ones, zeros = average * np.log(average / mean), (1 - average) * np.log((1 - average) / (1 - mean))
        return -n * (np.where(average > 0, ones, 0.0) + np.where(average < 1, zeros, 0.0))

    def support(self, n: float, drop: float = DROP) -> tuple[float, float]:
        """The means within `drop` of the top for the first n data, by bisection on both sides."""
        top, far = self.mean_hat(n), 10 * self.sigma_hat
        limits = {"bernoulli": (0.0, 1.0), "exponential": (1e-3 * top, 1e3 * top)}
        ends = []
        for outside in limits.get(self.family, (top - far, top + far)):
            inside = top
            for _ in range(50):
                middle = (outside + inside) / 2
                if self.below_top(middle, n) >= -drop:
                    inside = middle
                else:
                    outside = middle
            ends.append(inside)
        return ends[0], ends[1]

    @property
    def regime(self) -> Regime:
        """Whether the top lies inside, or at the edge as for a coin that always fell on one side."""
        return "edge" if self.family == "bernoulli" and self.mean_hat() in (0.0, 1.0) else "inside"

    @cached_property
    def domain(self) -> tuple[float, float]:
        """The means that are tried."""
        mean = self.mean_hat()
        if self.family == "gaussian":
            return mean - REACH * self.sigma_hat, mean + REACH * self.sigma_hat
        if self.family == "exponential":
            return WAIT_REACH[0] * mean, WAIT_REACH[1] * mean
        return min(NEAR_CERTAIN, mean), max(1 - NEAR_CERTAIN, mean)

    @property
    def journey(self) -> tuple[float, float]:
        """The first and the last mean that is tried; the first is a poor one."""
        low, high = self.domain
        return (high, low) if self.family == "bernoulli" and self.mean_hat() < 0.5 else (low, high)

    # --- Products run out of digits -----------------------------------------------------------------------

    @property
    def breakdown(self) -> tuple[Literal["underflow", "overflow"], int] | None:
        """How the product at the first mean leaves 64 bits, and how many such data that takes; None if never."""
        per_datum = float(self.log_densities(self.journey[0]).mean())
        if abs(per_datum) < 1e-3:
            return None
        # Halfway to 0 the smallest number is rounded to 0.
        limit = log(SMALLEST) - log(2) if per_datum < 0 else log(LARGEST)
        return ("underflow" if per_datum < 0 else "overflow"), int(limit / per_datum) + 1

    # --- Two knobs, and the bias of one -------------------------------------------------------------------

    @cached_property
    def climb(self) -> FloatArray:
        """The way of steepest ascent over (μ, σ) from the first mean at the held width to the top, shape (k, 2)."""
        u, v = (self.journey[0] - self.mean_hat()) / self.sigma_hat, self.held_sigma / self.sigma_hat
        path = [(u, v)]
        while np.hypot(u, v - 1) > 2 * STRIDE:
            slope = np.array([-u / v**2, (1 + u**2) / v**3 - 1 / v])
            u, v = (u, v) + STRIDE * slope / np.linalg.norm(slope)
            path.append((u, v))
        return np.array([*path, (0.0, 1.0)]) * self.sigma_hat + np.array([self.mean_hat(), 0.0])

    @property
    def mean_variance_ratio(self) -> float:
        """E[σ̂²]/σ² = (n − 1)/n over all gaussian samples of this size."""
        return (self.size - 1) / self.size

    @cached_property
    def variance_ratios(self) -> FloatArray:
        """σ̂²/σ² of repeated gaussian samples, shape (REPEATS,); with drawn data the first is their own."""
        return np.random.default_rng(self.seed).standard_normal((REPEATS, self.size)).var(axis=1)

    def facts(self) -> dict[str, Fact]:
        """Named numbers on screen; those of the width only for a gaussian."""
        first, (few, many) = self.journey[0], self.sizes
        best = float(self.log_likelihood(self.mean_hat(), self.sigma_hat))
        facts: dict[str, Fact] = {
            "n": self.size,
            "mu_hat": self.mean_hat(),
            "log_likelihood": best,
            "first_mean": first,
            "first_log_likelihood": float(self.log_likelihood(first)),
            "curvature": {n: self.curvature(n) for n in (few, many) if self.curvature(n) < 0},
            "mean_hat": {n: self.mean_hat(n) for n in (few, many)},
        }
        if self.breakdown:
            facts[self.breakdown[0]] = self.breakdown[1]
        if self.family == "gaussian":
            facts |= {
                "sigma_hat": self.sigma_hat,
                "held_sigma": self.held_sigma,
                "E_mle_var": float(self.variance_ratios.mean()),
                "theory": self.mean_variance_ratio,
            }
        return rounded(facts)
