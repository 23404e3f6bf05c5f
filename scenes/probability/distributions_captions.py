"""The captions of `distributions`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from math import sqrt

from explainers.probability.distributions import Distributions
from scenes.probability.distributions_cards import TOSSES, moment_decimals, plain, share_decimals
from scenes.stage.text import format_number

SAME_WIDTH = 1.1
"""Deviations that differ from 1 by less than this factor look like the standard bell's."""
COUNTS = ("no", "one", "two", "three", "four", "five")
"""Numbers in words, as far as there are families."""


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: Distributions) -> None:
        self.zoo = explainer
        self.share = format_number(explainer.p, share_decimals(explainer))

    @property
    def one_toss(self) -> str:
        return f"One toss, the Bernoulli law: the share {self.share} moves from 0 to 1."

    @property
    def mean_and_spread(self) -> str:
        mean, deviation = format_number(self.zoo.p), format_number(sqrt(self.zoo.p * (1 - self.zoo.p)))
        return f"The dot marks the mean {mean}, the bracket one σ = {deviation} each way."

    @property
    def second_toss(self) -> str:
        return f"Toss again: from every bar, the share {self.share} moves one to the right."

    @property
    def binomial(self) -> str:
        if self.zoo.is_single_toss:
            return "One toss is all: with n = 1 the binomial is the Bernoulli."
        mean, deviation = format_number(self.zoo.binomial_mean), format_number(self.zoo.binomial_sd)
        return f"{self.zoo.n} tosses stack to the binomial: mean n·p = {mean}, σ = {deviation}."

    @property
    def outline(self) -> str:
        return "Against the Poisson outline of equal mean, what pokes out is the area gap."

    @property
    def poisson_limit(self) -> str:
        verdict = {
            "frozen": "bars freeze onto the Poisson",
            "close": "bars come close to the Poisson",
            "apart": "bars still differ from the Poisson",
        }[self.zoo.poisson_regime]
        return f"n grows to {self.zoo.poisson_steps[-1]}, n·p stays λ: the {verdict}."

    @property
    def wander(self) -> str:
        return f"Hold p = {self.share} instead: the bars wander off and flatten."

    @property
    def centre(self) -> str:
        deviation = self.zoo.normal_n_sd
        fit = "about as wide"
        if deviation > SAME_WIDTH:
            fit = "still too wide"
        elif deviation < 1 / SAME_WIDTH:
            fit = "but too narrow"
        return f"Subtract the mean: the bars slide under the normal bell, {fit}."

    @property
    def divide(self) -> str:
        end = {
            "bell": "the bars land under the bell",
            "lopsided": "the bars get the bell's width, but stay lopsided",
            "coarse": "few, coarse bars land under the bell",
        }[self.zoo.normal_regime]
        return f"Divide by σ = {format_number(self.zoo.normal_n_sd)}: {end}."

    @property
    def any_normal(self) -> str:
        scaled = "" if self.zoo.sigma == 1 else f"Scaled by {plain(self.zoo.sigma)}"
        moved = "" if self.zoo.mu == 0 else f"moved by {plain(self.zoo.mu)}"
        change = " and ".join(part for part in (scaled, moved) if part)
        return f"{change[0].upper()}{change[1:]}, they are as close to another normal."

    @property
    def arrivals(self) -> str:
        if not len(self.zoo.gaps):
            expected = plain(self.zoo.expected_arrivals)
            return f"Of {expected} expected arrivals none came: there is no gap to measure."
        return f"Poisson's λ = {plain(self.zoo.rate)} is now a rate; each gap drops onto its length."

    @property
    def gaps(self) -> str:
        count = len(self.zoo.gaps)
        if self.zoo.gap_regime == "few":
            return f"All {count} gaps have dropped: too few for a smooth shape."
        return f"All {count} gaps: short ones pile up, long ones are rare."

    @property
    def exponential(self) -> str:
        start = {"many": "The pile follows", "few": "Many gaps would follow", "none": "Gaps would follow"}
        mean = format_number(1 / self.zoo.rate, moment_decimals("exponential"))
        return f"{start[self.zoo.gap_regime]} the exponential: mean and σ are both 1/λ = {mean}."

    @property
    def closing(self) -> str:
        families = self.zoo.families
        laws = "this law" if len(families) == 1 else f"these {COUNTS[len(families)]} laws"
        if set(families) == {"bernoulli"}:
            return f"One toss gives {laws}."
        changes = "repeated" if set(families) <= set(TOSSES) else "repeated and rescaled"
        return f"One toss, {changes}, leads to {laws}."
