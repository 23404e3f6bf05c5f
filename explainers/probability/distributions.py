"""The distribution zoo: Bernoulli, binomial, Poisson, normal and exponential, each grown from the one before.

The probabilities are exact: repeated convolution, closed forms and exact distances. Only the arrival
times of the Poisson process are drawn, from a seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import erfc, exp, lgamma, log, log1p, pi, sqrt
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, field_validator, model_validator

from explainers.model import Explainer, Fact, Pillar, parameter, rounded

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
Family: TypeAlias = Literal["bernoulli", "binomial", "poisson", "normal", "exponential"]
Tilt: TypeAlias = Literal["symmetric", "right-tailed", "left-tailed"]
PoissonRegime: TypeAlias = Literal["frozen", "close", "apart"]
NormalRegime: TypeAlias = Literal["bell", "lopsided", "coarse"]
GapRegime: TypeAlias = Literal["none", "few", "many"]

FAMILIES: tuple[Family, ...] = get_args(Family)

HIDDEN_TAIL = 1e-3
"""The Poisson probability that an axis of counts may leave out on its right: less than a pixel of bar."""

FROZEN_GAP, CLOSE_GAP = 0.01, 0.05
"""Total-variation gaps below which bars look frozen onto the Poisson outline, or close to it."""

ENOUGH_OF_EACH = 10
"""Textbook rule for the normal limit: at least this many successes and failures expected."""

LOPSIDED_SKEWNESS = 0.25
"""Skewness above which a viewer sees one tail longer than the other."""

ENOUGH_GAPS = 30
"""Fewer gaps than this make a histogram too rough to be compared with a curve."""

GAP_BINS_PER_MEAN = 4
"""Histogram bins in one expected gap 1/rate."""

CURVE_POINTS = 241
"""Points of a drawn density curve; odd, so that the centre of a normal is one of them."""

NORMAL_REACH, EXPONENTIAL_REACH = 4.0, 6.0
"""How far a density is drawn, in standard deviations: beyond lies 0.006 % and 0.25 %."""


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars of a bar chart: centres `x` and `heights`, both of shape (m,), all of the same `width`."""

    x: FloatArray
    heights: FloatArray
    width: float = 1.0

    @property
    def area(self) -> float:
        """The bars' total area: 1 for a whole distribution."""
        return float(self.heights.sum() * self.width)

    def within(self, low: float, high: float) -> Bars:
        """Only the bars whose centre is in [low, high]."""
        kept = (self.x >= low) & (self.x <= high)
        return Bars(self.x[kept], self.heights[kept], self.width)


@dataclass(frozen=True, eq=False)
class PoissonStep:
    """Bin(n, rate/n) beside Poisson(rate): `bars` over the common axis, and how far apart the two are.

    `gap` is the total-variation distance, `bound` Le Cam's rate²/n, `sharp_bound` Barbour and Hall's.
    """

    n: int
    p: float
    bars: Bars
    gap: float
    bound: float
    sharp_bound: float

    @property
    def bound_says_nothing(self) -> bool:
        """Whether rate²/n is 1 or more: no two distributions are further apart than 1 anyway."""
        return self.bound >= 1


@dataclass(frozen=True, eq=False)
class FamilyCard:
    """One family on the closing card: a bar chart (`discrete`) or a curve, with mean and spread.

    `x` and `heights` have shape (m,): probabilities at counts, or a density on a grid.
    `parameters` are the family's own, by symbol name.
    """

    name: Family
    discrete: bool
    parameters: dict[str, float]
    x: FloatArray
    heights: FloatArray
    mean: float
    standard_deviation: float
    support: tuple[float, float]

    @property
    def bracket(self) -> tuple[float, float]:
        """The interval mean ± one standard deviation."""
        return self.mean - self.standard_deviation, self.mean + self.standard_deviation

    @property
    def bracket_leaves_support(self) -> bool:
        """Whether the bracket reaches values that never occur, as for a coin that is almost always 0."""
        low, high = self.bracket
        slack = 1e-12 * self.standard_deviation
        return low < self.support[0] - slack or high > self.support[1] + slack


def bernoulli_pmf(p: float) -> FloatArray:
    """Probabilities of 0 and 1, shape (2,).

    Raises:
        ValueError: when p is not in [0, 1].
    """
    _check_probability(p)
    return np.array([1 - p, p])


def binomial_stages(n: int, p: float) -> tuple[FloatArray, ...]:
    """Bin(1, p), Bin(2, p), …, Bin(n, p): each the one before convolved with one more toss.

    Entry i has shape (i + 2,): the probabilities of 0 … i + 1 successes.

    Raises:
        ValueError: when n < 1 or p is not in [0, 1].
    """
    if n < 1:
        raise ValueError("n must be at least 1")
    toss = bernoulli_pmf(p)
    stages = [toss]
    while len(stages) < n:
        stages.append(np.convolve(stages[-1], toss))
    return tuple(stages)


def binomial_pmf(n: int, p: float, counts: ArrayLike) -> FloatArray:
    """C(n, k) pᵏ (1−p)ⁿ⁻ᵏ at integer `counts` of any shape; 0 outside 0 … n. Think Stats 5, MML 6.2.

    Raises:
        ValueError: when n < 0 or p is not in [0, 1].
    """
    if n < 0:
        raise ValueError("n must not be negative")
    _check_probability(p)
    k = np.asarray(counts)
    if p in (0, 1):
        return (k == n * p).astype(float)
    inside = (k >= 0) & (k <= n)
    j = np.where(inside, k, 0)
    ways = lgamma(n + 1) - _log_factorial(j) - _log_factorial(n - j)
    return np.where(inside, np.exp(ways + j * log(p) + (n - j) * log1p(-p)), 0.0)


def binomial_modes(n: int, p: float) -> tuple[int, ...]:
    """The most probable counts: ⌊(n+1)p⌋, and the one below it too when (n+1)p is whole."""
    top = (n + 1) * p
    if abs(top - round(top)) < 1e-9:
        return tuple(k for k in (round(top) - 1, round(top)) if 0 <= k <= n)
    return (int(top),)


def binomial_skewness(n: int, p: float) -> float:
    """(1−2p)/√(np(1−p)), for 0 < p < 1."""
    return (1 - 2 * p) / sqrt(n * p * (1 - p))


def poisson_pmf(rate: float, counts: ArrayLike) -> FloatArray:
    """e^(−rate) rateᵏ / k! at integer `counts` of any shape; 0 at negative ones.

    Raises:
        ValueError: when rate is not positive.
    """
    _check_rate(rate)
    k = np.asarray(counts)
    j = np.maximum(k, 0)
    return np.where(k >= 0, np.exp(j * log(rate) - rate - _log_factorial(j)), 0.0)


def poisson_axis(rate: float, tail: float = HIDDEN_TAIL) -> IntArray:
    """The counts 0 … K with the smallest K that leaves probability below `tail` beyond it.

    Raises:
        ValueError: when rate is not positive or tail is not in [1e-12, 1).
    """
    _check_rate(rate)
    if not 1e-12 <= tail < 1:
        raise ValueError("tail must be from 1e-12 to below 1")
    # P(N >= k) <= e^(-k) for k >= e² rate (Chernoff), so the wanted K lies below this one.
    counts = np.arange(int(exp(2) * rate - log(tail)) + 2)
    pmf = poisson_pmf(rate, counts)
    beyond = np.append(np.cumsum(pmf[::-1])[::-1][1:], 0.0)
    return counts[: int(np.argmax(beyond < tail)) + 1]


def total_variation_to_poisson(n: int, rate: float) -> float:
    """The exact distance ½ Σₖ |Bin(n, rate/n)(k) − Poisson(rate)(k)|, over all counts.

    Both sum to 1, so it equals Σ max(Bin − Poisson, 0), and that sum ends at n: no tail is cut off.

    Raises:
        ValueError: when rate is not in (0, n].
    """
    _check_rate(rate)
    if rate > n:
        raise ValueError("rate must be at most n")
    counts = np.arange(n + 1)
    excess = binomial_pmf(n, rate / n, counts) - poisson_pmf(rate, counts)
    return float(np.maximum(excess, 0).sum())


def le_cam_bound(n: int, rate: float) -> float:
    """rate²/n, which the total-variation gap never exceeds (Le Cam 1960: Σ pᵢ² with pᵢ = rate/n)."""
    return rate**2 / n


def barbour_hall_bound(n: int, rate: float) -> float:
    """(1 − e^(−rate)) rate/n, at most Le Cam's bound, by Stein's method (Barbour and Hall 1984)."""
    return (1 - exp(-rate)) * rate / n


def normal_pdf(x: ArrayLike, mu: float = 0.0, sigma: float = 1.0) -> FloatArray:
    """The density of N(mu, sigma²) at `x` of any shape; sigma > 0."""
    z = (np.asarray(x, dtype=float) - mu) / sigma
    return np.exp(-(z**2) / 2) / (sigma * sqrt(2 * pi))


def normal_cdf(x: ArrayLike, mu: float = 0.0, sigma: float = 1.0) -> FloatArray:
    """P(N(mu, sigma²) ≤ x) at `x` of any shape; sigma > 0. Accurate in both tails."""
    z = (np.asarray(x, dtype=float) - mu) / sigma
    return np.asarray(np.frompyfunc(erfc, 1, 1)(-z / sqrt(2)), dtype=float) / 2


def rescaled_binomial(n: int, p: float, mu: float = 0.0, sigma: float = 1.0) -> Bars:
    """All n + 1 bars of Bin(n, p), moved and stretched to mean mu and standard deviation sigma.

    Positions are mu + sigma (k − np)/s with s = √(np(1−p)); heights are multiplied by s/sigma, so that
    the area stays 1 and the bars compare with a density. Needs 0 < p < 1 and sigma > 0.
    """
    counts = np.arange(n + 1)
    spread = sqrt(n * p * (1 - p))
    heights = binomial_pmf(n, p, counts) * spread / sigma
    return Bars(mu + sigma * (counts - n * p) / spread, heights, sigma / spread)


def step_cdf_gap(bars: Bars, mu: float = 0.0, sigma: float = 1.0) -> float:
    """The exact sup |F(x) − Φ(x)| over all x, F the step CDF of whole bars and Φ that of N(mu, sigma²).

    F is flat between jumps and Φ rises, so the supremum is at a jump, from above or from below.
    """
    after = np.cumsum(bars.heights) * bars.width
    before = np.concatenate([[0.0], after[:-1]])
    bell = normal_cdf(bars.x, mu, sigma)
    return float(max(np.abs(after - bell).max(), np.abs(before - bell).max()))


def normal_cdf_gap(n: int, p: float) -> float:
    """The exact sup |F(x) − Φ(x)|, F the step CDF of the standardised Bin(n, p); 0 < p < 1.

    At most 0.4748 (p² + (1−p)²)/√(np(1−p)) (Berry–Esseen; constant by Shevtsova 2011).
    """
    return step_cdf_gap(rescaled_binomial(n, p))


def normal_edge_gap(n: int, p: float) -> float:
    """The largest difference of bar area and normal area left of a bar's edge (the continuity correction)."""
    bars = rescaled_binomial(n, p)
    after = np.cumsum(bars.heights) * bars.width
    return float(np.abs(after - normal_cdf(bars.x + bars.width / 2)).max())


def exponential_pdf(t: ArrayLike, rate: float) -> FloatArray:
    """rate e^(−rate t) at times `t` ≥ 0 of any shape, 0 before; rate > 0."""
    t = np.asarray(t, dtype=float)
    return np.where(t >= 0, rate * np.exp(-rate * np.maximum(t, 0)), 0.0)


def exponential_survival(t: ArrayLike, rate: float) -> FloatArray:
    """P(gap > t) = e^(−rate t): the probability of no arrival during t. Times `t` of any shape; rate > 0."""
    return np.exp(-rate * np.maximum(np.asarray(t, dtype=float), 0))


def poisson_process(rate: float, duration: float, rng: np.random.Generator) -> FloatArray:
    """Arrival times in [0, duration], increasing, shape (count,).

    Exact, and no exponential goes in: the count is Poisson(rate · duration), and given the count the
    arrivals are independent and uniform. So the exponential gaps are a finding, not an assumption.
    """
    count = rng.poisson(rate * duration)
    return np.sort(rng.uniform(0, duration, count))


def mean_and_sd(values: ArrayLike, probabilities: ArrayLike) -> tuple[float, float]:
    """Mean and standard deviation of a discrete distribution; both arguments of shape (m,). TS 2.7, 2.8."""
    x, weights = np.asarray(values, dtype=float), np.asarray(probabilities, dtype=float)
    mean = float(weights @ x)
    return mean, sqrt(float(weights @ (x - mean) ** 2))


def _log_factorial(k: ArrayLike) -> FloatArray:
    return np.asarray(np.frompyfunc(lgamma, 1, 1)(np.asarray(k) + 1), dtype=float)


def _check_probability(p: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError("p must be from 0 to 1")


def _check_rate(rate: float) -> None:
    if not 0 < rate < float("inf"):
        raise ValueError("rate must be positive and finite")


class Distributions(Explainer):
    """Coin tosses stacked to a binomial, thinned to a Poisson, rescaled to a normal; gaps between events."""

    slug: ClassVar[str] = "distributions"
    title: ClassVar[str] = "The distribution zoo"
    insight: ClassVar[str] = (
        'A distribution is a recipe for "how often", and a few knobs morph one family into the next.'
    )
    pillar: ClassVar[Pillar] = Pillar.PROBABILITY
    references: ClassVar[tuple[str, ...]] = (
        "TS 2.7",
        "TS 2.8",
        "TS 3.1",
        "TS 3.2",
        "TS 5.1",
        "TS 5.2",
        "TS 5.7",
        "MML 6.2",
        "CML C3W1L2",
        "PAL 14",
        "SR:math/probability & stats",
    )

    n: int = parameter(10, "how many tosses are stacked to the binomial", unit="tosses", ge=1, le=60)
    p: float = parameter(0.3, "probability of success in one toss", ge=0.02, le=0.98)
    rate: float = parameter(
        3.0, "λ: expected arrivals in one unit of time, the Poisson's mean", unit="per time", ge=0.5, le=8
    )
    poisson_steps: tuple[Annotated[int, Field(ge=1, le=400)], ...] = parameter(
        (10, 30, 100),
        "the numbers of tosses n shown while n·p stays at λ",
        unit="tosses",
        allowed="1 to 5 increasing whole numbers up to 400, all above the rate",
        min_length=1,
        max_length=5,
    )
    normal_n: int = parameter(
        100, "number of tosses of the binomial that is rescaled to the normal", unit="tosses", ge=10, le=400
    )
    mu: float = parameter(0.0, "mean of the normal that the rescaled bars are moved to", ge=-10, le=10)
    sigma: float = parameter(1.0, "standard deviation of the normal that the bars are stretched to", ge=0.2, le=5)
    duration: float = parameter(40.0, "length of the time axis on which arrivals are drawn", unit="time", ge=10, le=200)
    # Under this seed the first arrivals can be told apart, and counted.
    seed: int = parameter(1999, "which random arrivals are drawn", ge=0, le=999_999)
    families: tuple[Family, ...] = parameter(
        FAMILIES,
        "the families on the closing card, in this order",
        allowed=f"one or more of {', '.join(FAMILIES)}, each once",
        min_length=1,
        max_length=len(FAMILIES),
    )

    @field_validator("poisson_steps")
    @classmethod
    def _steps_increase(cls, steps: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise(steps)):
            raise ValueError("the numbers must increase")
        return steps

    @field_validator("families")
    @classmethod
    def _families_differ(cls, families: tuple[Family, ...]) -> tuple[Family, ...]:
        if len(set(families)) < len(families):
            raise ValueError("a family is named twice")
        return families

    @model_validator(mode="after")
    def _steps_above_rate(self) -> Distributions:
        if self.poisson_steps[0] <= self.rate:
            raise ValueError(
                f"poisson_steps must all be above rate; {self.poisson_steps[0]} is not above {self.rate:g}"
            )
        return self

    # One toss, and tosses stacked.

    @property
    def bernoulli(self) -> FloatArray:
        """Probabilities of failure and success, shape (2,)."""
        return bernoulli_pmf(self.p)

    @property
    def binomial_stages(self) -> tuple[FloatArray, ...]:
        """Bin(1, p) … Bin(n, p) by repeated convolution; entry i has shape (i + 2,)."""
        return binomial_stages(self.n, self.p)

    @property
    def binomial_table(self) -> FloatArray:
        """The same stages as rows padded with zeros, shape (n, n + 1)."""
        return np.stack([np.pad(stage, (0, self.n + 1 - len(stage))) for stage in self.binomial_stages])

    def convolution_parts(self, stage: int) -> FloatArray:
        """What the bars of Bin(stage, p) are made of, shape (2, stage + 1); the rows sum to the bars.

        Row 0: the bars before, times 1−p (the new toss fails). Row 1: times p and one to the right.

        Raises:
            ValueError: when stage is not from 1 to n.
        """
        if not 1 <= stage <= self.n:
            raise ValueError(f"stage must be from 1 to {self.n}")
        before = binomial_stages(stage - 1, self.p)[-1] if stage > 1 else np.ones(1)
        return np.stack([np.append(before * (1 - self.p), 0.0), np.insert(before * self.p, 0, 0.0)])

    @property
    def binomial(self) -> FloatArray:
        """Bin(n, p) in closed form, shape (n + 1,)."""
        return binomial_pmf(self.n, self.p, np.arange(self.n + 1))

    @property
    def binomial_mean(self) -> float:
        """np."""
        return self.n * self.p

    @property
    def binomial_sd(self) -> float:
        """√(np(1−p))."""
        return sqrt(self.n * self.p * (1 - self.p))

    @property
    def binomial_modes(self) -> tuple[int, ...]:
        """The one or two tallest bars."""
        return binomial_modes(self.n, self.p)

    @property
    def is_single_toss(self) -> bool:
        """Whether n = 1: the binomial is the Bernoulli, nothing is stacked."""
        return self.n == 1

    @property
    def binomial_tilt(self) -> Tilt:
        """Which tail of the binomial is longer."""
        lean = 1 - 2 * self.p
        if abs(lean) < 1e-12:
            return "symmetric"
        return "right-tailed" if lean > 0 else "left-tailed"

    # n grows, np = rate stays.

    @property
    def poisson_counts(self) -> IntArray:
        """The common axis of counts 0 … K, shape (K + 1,); less than `HIDDEN_TAIL` lies beyond it."""
        return poisson_axis(self.rate)

    @property
    def poisson(self) -> FloatArray:
        """Poisson(rate) on `poisson_counts`, shape (K + 1,)."""
        return poisson_pmf(self.rate, self.poisson_counts)

    @property
    def poisson_hidden_tail(self) -> float:
        """The Poisson probability to the right of the axis."""
        beyond = np.arange(len(self.poisson_counts), len(poisson_axis(self.rate, 1e-12)))
        return float(poisson_pmf(self.rate, beyond).sum())

    def poisson_step(self, n: int) -> PoissonStep:
        """Bin(n, rate/n) on `poisson_counts` beside the Poisson; any n ≥ rate, not only the steps.

        Raises:
            ValueError: when n < rate.
        """
        gap = total_variation_to_poisson(n, self.rate)
        counts = self.poisson_counts
        bars = Bars(counts.astype(float), binomial_pmf(n, self.rate / n, counts))
        bounds = le_cam_bound(n, self.rate), barbour_hall_bound(n, self.rate)
        return PoissonStep(n, self.rate / n, bars, gap, *bounds)

    @property
    def poisson_limit(self) -> tuple[PoissonStep, ...]:
        """One step for each of `poisson_steps`, in that order."""
        return tuple(self.poisson_step(n) for n in self.poisson_steps)

    @property
    def poisson_regime(self) -> PoissonRegime:
        """How the last step looks against the Poisson outline: frozen onto it, close to it, or apart."""
        gap = total_variation_to_poisson(self.poisson_steps[-1], self.rate)
        if gap < FROZEN_GAP:
            return "frozen"
        return "close" if gap < CLOSE_GAP else "apart"

    @property
    def has_poisson_journey(self) -> bool:
        """Whether there are two steps or more, so that the gap can be seen to fall."""
        return len(self.poisson_steps) > 1

    # Subtract the mean, divide by the standard deviation.

    @property
    def raw_bars(self) -> Bars:
        """Bin(normal_n, p) at its counts, normal_n + 1 bars of width 1."""
        counts = np.arange(self.normal_n + 1)
        return Bars(counts.astype(float), binomial_pmf(self.normal_n, self.p, counts))

    @property
    def centred_bars(self) -> Bars:
        """The same bars after the mean is subtracted."""
        raw = self.raw_bars
        return Bars(raw.x - self.normal_n * self.p, raw.heights)

    @property
    def standardised_bars(self) -> Bars:
        """The same bars with mean 0 and standard deviation 1: narrower by σ, higher by σ."""
        return rescaled_binomial(self.normal_n, self.p)

    def partly_rescaled(self, centring: float, divisor: float) -> Bars:
        """`raw_bars` on their way: this share of the mean subtracted, then divided by `divisor` > 0.

        Heights are multiplied by what widths are divided by, so that the area stays 1.
        """
        raw = self.raw_bars
        x = (raw.x - centring * self.normal_n * self.p) / divisor
        return Bars(x, raw.heights * divisor, 1 / divisor)

    @property
    def normal_n_sd(self) -> float:
        """√(np(1−p)) for n = normal_n: what the bars are divided by."""
        return sqrt(self.normal_n * self.p * (1 - self.p))

    @property
    def landed_bars(self) -> Bars:
        """The same bars with mean mu and standard deviation sigma, under `normal_curve`."""
        return rescaled_binomial(self.normal_n, self.p, self.mu, self.sigma)

    @property
    def is_standard_normal(self) -> bool:
        """Whether mu = 0 and sigma = 1, so that `landed_bars` are `standardised_bars`."""
        return self.mu == 0 and self.sigma == 1

    @property
    def normal_curve(self) -> FloatArray:
        """x and density of N(mu, sigma²), shape (2, CURVE_POINTS), as far as `NORMAL_REACH`."""
        reach = NORMAL_REACH * self.sigma
        x = self.mu + np.linspace(-reach, reach, CURVE_POINTS)
        return np.stack([x, normal_pdf(x, self.mu, self.sigma)])

    @property
    def normal_gap(self) -> float:
        """The largest gap between the bars' step CDF and the normal CDF; the same for every mu and sigma."""
        return normal_cdf_gap(self.normal_n, self.p)

    @property
    def normal_edge_gap(self) -> float:
        """The largest gap between the bars' area and the area under the bell, at the bars' edges."""
        return normal_edge_gap(self.normal_n, self.p)

    @property
    def normal_skewness(self) -> float:
        """How far the rescaled bars lean; 0 for the normal, positive for a longer right tail."""
        return binomial_skewness(self.normal_n, self.p)

    @property
    def rarer_outcome_expected(self) -> float:
        """Expected count of the rarer of success and failure in normal_n tosses."""
        return self.normal_n * min(self.p, 1 - self.p)

    @property
    def normal_regime(self) -> NormalRegime:
        """What the rescaled bars look like: a bell, a lopsided heap, or a bell of too few bars."""
        if self.rarer_outcome_expected >= ENOUGH_OF_EACH - 1e-9:
            return "bell"
        return "lopsided" if abs(self.normal_skewness) > LOPSIDED_SKEWNESS else "coarse"

    # Arrivals and the gaps between them.

    @property
    def arrivals(self) -> FloatArray:
        """Arrival times on [0, duration], increasing, shape (count,); may be empty."""
        return poisson_process(self.rate, self.duration, np.random.default_rng(self.seed))

    @property
    def expected_arrivals(self) -> float:
        """rate · duration."""
        return self.rate * self.duration

    @property
    def gaps(self) -> FloatArray:
        """Waiting times, shape (count,): from 0 to the first arrival, then from each to the next.

        The unfinished wait after the last arrival is not one of them.
        """
        return np.diff(self.arrivals, prepend=0.0)

    @property
    def mean_gap(self) -> float | None:
        """The mean of `gaps`, near 1/rate; None when nothing arrived."""
        gaps = self.gaps
        return float(gaps.mean()) if len(gaps) else None

    @property
    def gap_regime(self) -> GapRegime:
        """Whether there are no gaps, too few for a smooth histogram, or many."""
        count = len(self.arrivals)
        if count == 0:
            return "none"
        return "few" if count < ENOUGH_GAPS else "many"

    @property
    def gap_edges(self) -> FloatArray:
        """Edges of equal bins from 0 past the longest gap, at least to 5/rate; shape (bins + 1,)."""
        width = 1 / (GAP_BINS_PER_MEAN * self.rate)
        longest = float(self.gaps.max(initial=0.0))
        bins = max(5 * GAP_BINS_PER_MEAN, int(longest / width) + 1)
        return width * np.arange(bins + 1)

    @property
    def gap_histogram(self) -> Bars:
        """The gaps as a density: bars with area 1, or all of height 0 when nothing arrived."""
        edges, gaps = self.gap_edges, self.gaps
        width = float(edges[1])
        counts, _ = np.histogram(gaps, edges)
        return Bars((edges[:-1] + edges[1:]) / 2, counts / (max(len(gaps), 1) * width), width)

    @property
    def gap_places(self) -> IntArray:
        """Where each gap lands in `gap_histogram`, shape (count, 2): its bin, and how many lie there before it."""
        edges, gaps = self.gap_edges, self.gaps
        bins = np.clip(np.searchsorted(edges, gaps, side="right") - 1, 0, len(edges) - 2)
        levels = np.array([np.count_nonzero(bins[:i] == b) for i, b in enumerate(bins)], dtype=np.int64)
        return np.stack([bins, levels], axis=1) if len(bins) else np.zeros((0, 2), dtype=np.int64)

    @property
    def expected_gap_heights(self) -> FloatArray:
        """What the exponential puts over each bin of `gap_histogram`, on average; shape (bins,)."""
        edges = self.gap_edges
        return -np.diff(exponential_survival(edges, self.rate)) / edges[1]

    @property
    def exponential_curve(self) -> FloatArray:
        """t and density rate e^(−rate t), shape (2, CURVE_POINTS); at least as wide as the histogram."""
        reach = max(EXPONENTIAL_REACH / self.rate, float(self.gap_edges[-1]))
        t = np.linspace(0, reach, CURVE_POINTS)
        return np.stack([t, exponential_pdf(t, self.rate)])

    # The closing card.

    def card(self, family: Family) -> FamilyCard:
        """One family with its picture, mean and standard deviation, all in closed form.

        Raises:
            ValueError: when no family has this name.
        """
        if family == "bernoulli":
            knobs, x, heights = {"p": self.p}, np.arange(2), self.bernoulli
            mean, sd, support = self.p, sqrt(self.p * (1 - self.p)), (0.0, 1.0)
        elif family == "binomial":
            knobs, x, heights = {"n": self.n, "p": self.p}, np.arange(self.n + 1), self.binomial
            mean, sd, support = self.binomial_mean, self.binomial_sd, (0.0, float(self.n))
        elif family == "poisson":
            knobs, x, heights = {"rate": self.rate}, self.poisson_counts, self.poisson
            mean, sd, support = self.rate, sqrt(self.rate), (0.0, np.inf)
        elif family == "normal":
            knobs, (x, heights) = {"mu": self.mu, "sigma": self.sigma}, self.normal_curve
            mean, sd, support = self.mu, self.sigma, (-np.inf, np.inf)
        elif family == "exponential":
            knobs, x = {"rate": self.rate}, np.linspace(0, EXPONENTIAL_REACH / self.rate, CURVE_POINTS)
            heights = exponential_pdf(x, self.rate)
            mean, sd, support = 1 / self.rate, 1 / self.rate, (0.0, np.inf)
        else:
            raise ValueError(f"unknown family {family!r}; known are {', '.join(FAMILIES)}")
        discrete = family in ("bernoulli", "binomial", "poisson")
        return FamilyCard(family, discrete, knobs, x.astype(float), heights, mean, sd, support)

    @property
    def cards(self) -> tuple[FamilyCard, ...]:
        """The chosen families, in the chosen order."""
        return tuple(self.card(family) for family in self.families)

    def facts(self) -> dict[str, Fact]:
        """Named numbers on screen. `mean_gap` is absent when nothing arrived."""
        steps = self.poisson_limit
        facts: dict[str, Fact] = {
            "bernoulli_mean": self.p,
            "binomial_mean": self.binomial_mean,
            "binomial_sd": self.binomial_sd,
            "binomial_modes": list(self.binomial_modes),
            "binomial_peak": self.binomial.max(),
            "poisson_gap": {step.n: step.gap for step in steps},
            "poisson_bound": {step.n: step.bound for step in steps},
            "poisson_regime": self.poisson_regime,
            "normal_gap": self.normal_gap,
            "normal_regime": self.normal_regime,
            "arrivals": len(self.arrivals),
            "gap_regime": self.gap_regime,
            "expected_gap": 1 / self.rate,
            "families": {card.name: {"mean": card.mean, "sd": card.standard_deviation} for card in self.cards},
        }
        mean_gap = self.mean_gap
        if mean_gap is not None:
            facts["mean_gap"] = mean_gap
        return rounded(facts)
