"""The central limit theorem: sums of n copies of any small die, standardised, against the bell.

Everything is exact: sums by repeated convolution, the distance to the normal at the steps of the CDF,
and the Cauchy distribution, which refuses, in closed form.
"""

from __future__ import annotations

from functools import cached_property, lru_cache, reduce
from itertools import pairwise
from math import gcd, pi, sqrt
from typing import Annotated, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field, field_validator

from explainers.model import Explainer, Fact, Pillar, bounded, parameter, rounded
from explainers.probability.distributions import (
    LOPSIDED_SKEWNESS,
    Bars,
    FloatArray,
    mean_and_sd,
    normal_cdf,
    normal_pdf,
    step_cdf_gap,
)

Regime: TypeAlias = Literal["bell", "lopsided", "lumpy"]

BERRY_ESSEEN = 0.4748
"""The smallest constant known for the Berry–Esseen bound with equal pieces (Shevtsova 2011)."""

COMMONEST_SHARE = 0.95
"""No face may be more likely: a die that hardly varies needs hundreds of pieces before anything is seen."""

SYMMETRIC_SKEWNESS = 0.02
"""Skewness below which nothing is seen to lean."""

LUMPY = 0.2
"""Bars that miss the bell by more than this share of its peak look like lumps, or like a few wide blocks."""

COMPANION_SHARE, MOST_COMPANIONS = 0.25, 3
"""Sums of at least this share of the largest n are of a size to be seen beside it; at most so many are."""

QUADRUPLED = (1, 4, 16)
"""Numbers of pieces at which the skewness is read: each four times the one before."""

RIVALS: dict[str, tuple[float, ...]] = {
    "U-shaped": (6, 2, 1, 1, 2, 6),
    "flat": (1, 1, 1, 1, 1, 1),
    "rising": (1, 2, 3, 4, 5, 6),
}
"""Other dice, by the shape of their weights."""


@lru_cache(maxsize=512)
def sum_pmf(pmf: tuple[float, ...], n: int) -> FloatArray:
    """Probabilities of the sum of n independent copies on 0, 1, …; shape (n (len(pmf) − 1) + 1,).

    Raises:
        ValueError: when n < 1.
    """
    if n < 1:
        raise ValueError("n must be at least 1")
    total = np.asarray(pmf) if n == 1 else np.convolve(sum_pmf(pmf, n - 1), pmf)
    total.setflags(write=False)
    return total


def cauchy_pdf(x: ArrayLike, scale: float = 1.0) -> FloatArray:
    """The density of the Cauchy distribution around 0; half of it lies within ±scale."""
    z = np.asarray(x, dtype=float) / scale
    return 1 / (pi * scale * (1 + z**2))


def cauchy_sum_scale(n: float) -> float:
    """Scale of a sum of n standard Cauchy pieces: n, for its characteristic function is (e^−|t|)ⁿ."""
    return float(n)


def cauchy_mean_scale(n: float) -> float:
    """Scale of the mean of n standard Cauchy pieces: 1 for every n."""
    return cauchy_sum_scale(n) / n


class Die:
    """A die with faces 1 … k, its moments, and the exact sums of its copies.

    Args:
        weights: how likely the faces are relative to each other, shape (k,).
    """

    def __init__(self, weights: ArrayLike) -> None:
        self.pmf: FloatArray = np.asarray(weights, dtype=float) / np.sum(weights)
        self.faces = np.arange(1, len(self.pmf) + 1)
        self.mean, self.sd = mean_and_sd(self.faces, self.pmf)
        self.skewness = float(self.pmf @ ((self.faces - self.mean) / self.sd) ** 3)
        self.rho = float(self.pmf @ np.abs((self.faces - self.mean) / self.sd) ** 3)
        """E|X − μ|³/σ³, at least 1."""
        shown = self.faces[self.pmf > 0]
        self.lowest, self.span = int(shown[0]), reduce(gcd, np.diff(shown).tolist())
        """The smallest face that occurs, and the largest step that leads to all the others."""
        self._steps = tuple(self.pmf[self.lowest - 1 : shown[-1] : self.span].tolist())

    def sum_bars(self, n: float) -> Bars:
        """The sum of n copies as bars of total height 1, a `span` apart.

        Between whole numbers one more copy is rolled with probability n − ⌊n⌋ and the heap drifts on, so
        that the mean is nμ all the way.
        """
        whole, share = int(n), n - int(n)
        heights = sum_pmf(self._steps, whole)
        if share > 0:
            more = sum_pmf(self._steps, whole + 1)
            heights = share * more + (1 - share) * np.pad(heights, (0, len(more) - len(heights)))
        return Bars(n * self.lowest + self.span * np.arange(len(heights)), heights, self.span)

    def second_piece(self, face: int) -> tuple[FloatArray, FloatArray]:
        """How this face takes part in the sum of two, when the larger faces have been added already.

        Returns:
            Probabilities on 2 … 2k before, shape (2k − 1,); and what the face adds on face + 1 … face + k:
            a copy of the die, scaled by the face's own probability, shape (k,).
        """
        larger = np.where(self.faces > face, self.pmf, 0.0)
        return np.convolve(larger, self.pmf), self.pmf[face - 1] * self.pmf

    def rescaled(self, n: float, centring: float, divisor: float) -> Bars:
        """The sum of n copies, this share of nμ subtracted, then divided by `divisor`; heights as a density."""
        bars = self.sum_bars(n)
        x = (bars.x - centring * n * self.mean) / divisor
        return Bars(x, bars.heights * divisor / bars.width, bars.width / divisor)

    def sum_sd(self, n: float) -> float:
        """σ√n."""
        return self.sd * sqrt(n)

    def standardised(self, n: float) -> Bars:
        """(Sₙ − nμ)/(σ√n) as bars of total area 1, to be compared with the bell."""
        return self.rescaled(n, 1.0, self.sum_sd(n))

    def gap(self, n: int) -> float:
        """The exact sup |Fₙ − Φ| over all z, Fₙ the CDF of (Sₙ − nμ)/(σ√n)."""
        return step_cdf_gap(self.standardised(n))

    def widest_gap(self, n: int) -> tuple[float, float, float]:
        """Where that gap is: z, the step CDF on the side of z that is further off, and Φ(z)."""
        bars = self.standardised(n)
        after = np.cumsum(bars.heights) * bars.width
        steps, bell = np.stack([after, np.append(0.0, after[:-1])]), normal_cdf(bars.x)
        side, i = np.unravel_index(np.argmax(np.abs(steps - bell)), steps.shape)
        return float(bars.x[i]), float(steps[side, i]), float(bell[i])

    def bound(self, n: float) -> float:
        """0.4748 ρ/√n with ρ = E|X − μ|³/σ³, which the gap never exceeds (Berry–Esseen)."""
        return BERRY_ESSEEN * self.rho / sqrt(n)

    def sum_skewness(self, n: float) -> float:
        """Skewness of the sum of n copies: that of one piece over √n, exactly."""
        return self.skewness / sqrt(n)

    @property
    def modes(self) -> tuple[int, ...]:
        """The likeliest faces."""
        return tuple(self.faces[self.pmf >= self.pmf.max() - 1e-12].tolist())


class CentralLimitTheorem(Explainer):
    """Sums of copies of one die, brought to the bell's centre and width; and the Cauchy, which never comes."""

    slug: ClassVar[str] = "central-limit-theorem"
    title: ClassVar[str] = "Why the bell keeps appearing"
    insight: ClassVar[str] = "Add enough independent pieces and every shape is forgotten except mean and variance."
    pillar: ClassVar[Pillar] = Pillar.PROBABILITY
    references: ClassVar[tuple[str, ...]] = (
        "TS 8.3",
        "TS 14.1",
        "TS 14.2",
        "TS 14.4",
        "TS 14.5",
        "TS 14.6",
        "CML C3W3L1",
        "SR:math/probability & stats",
    )

    weights: tuple[bounded(0, 100), ...] = parameter(
        (12, 2, 0, 1, 1, 4),
        "how likely the die's faces 1, 2, 3, … are, relative to each other",
        allowed="2 to 8 numbers from 0 to 100, none above 95 % of their sum",
        min_length=2,
        max_length=8,
    )
    counts: tuple[Annotated[int, Field(ge=2, le=64)], ...] = parameter(
        (2, 4, 8, 16, 32),
        "the numbers of pieces n at which the growing sum is looked at",
        unit="pieces",
        allowed="2 to 6 increasing whole numbers from 2 to 64",
        min_length=2,
        max_length=6,
    )
    heavy_tail: bool = parameter(True, "whether the Cauchy distribution, which never becomes a bell, is shown too")

    @field_validator("weights")
    @classmethod
    def _die_varies(cls, weights: tuple[float, ...]) -> tuple[float, ...]:
        if max(weights) > COMMONEST_SHARE * sum(weights) or sum(weights) == 0:
            raise ValueError("the die hardly varies")
        return weights

    @field_validator("counts")
    @classmethod
    def _counts_increase(cls, counts: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise(counts)):
            raise ValueError("the numbers must increase")
        return counts

    @cached_property
    def die(self) -> Die:
        """One piece."""
        return Die(self.weights)

    @property
    def largest(self) -> int:
        """The largest n."""
        return self.counts[-1]

    @property
    def journey(self) -> tuple[int, ...]:
        """1 and all `counts`."""
        return (1, *self.counts)

    @property
    def companions(self) -> tuple[int, ...]:
        """The last few `counts`, of a size to be seen side by side."""
        near = [n for n in self.counts if n >= COMPANION_SHARE * self.largest]
        return tuple(near[-MOST_COMPANIONS:])

    @property
    def gaps(self) -> dict[int, float]:
        """sup |Fₙ − Φ| for each n of the `journey`."""
        return {n: self.die.gap(n) for n in self.journey}

    @property
    def is_symmetric(self) -> bool:
        """Whether the die leans too little to be seen, so that there is no skewness to lose."""
        return abs(self.die.skewness) < SYMMETRIC_SKEWNESS

    @property
    def skewness_decimals(self) -> int:
        """Digits after the point that show how the skewness halves."""
        return 2 if abs(self.die.skewness) >= 0.2 else 3

    @property
    def regime(self) -> Regime:
        """What the largest sum looks like at the bell's scale: a bell, a lopsided heap, or lumps."""
        if abs(self.die.sum_skewness(self.largest)) > LOPSIDED_SKEWNESS:
            return "lopsided"
        bars = self.die.standardised(self.largest)
        miss = np.abs(bars.heights - normal_pdf(bars.x)).max()
        return "lumpy" if miss > LUMPY * float(normal_pdf(0.0)) else "bell"

    @property
    def rivals(self) -> dict[str, Die]:
        """Two dice of other shapes than this one, by name."""
        others = {name: Die(weights) for name, weights in RIVALS.items()}
        own = self.die.pmf
        differ = [name for name, die in others.items() if len(own) != 6 or np.abs(die.pmf - own).max() > 0.02]
        return {name: others[name] for name in differ[:2]}

    def facts(self) -> dict[str, Fact]:
        """Named numbers on screen; those of the Cauchy only when it is shown."""
        die, n = self.die, self.largest
        facts: dict[str, Fact] = {
            "pmf": die.pmf,
            "mean": die.mean,
            "sd": die.sd,
            "skew_n1": die.skewness,
            "skewness": {m: die.sum_skewness(m) for m in QUADRUPLED},
            "sum_mean": n * die.mean,
            "sum_sd": die.sum_sd(n),
            "sup_gap": self.gaps,
            "berry_esseen": {m: die.bound(m) for m in self.journey},
            "regime": self.regime,
        }
        if self.heavy_tail:
            facts["mean_of_dice_sd"] = die.sum_sd(n) / (n * die.sd)
            facts["mean_of_cauchy_scale"] = cauchy_mean_scale(n)
        return rounded(facts)
