"""The captions of `distributions`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from math import sqrt

from explainers.probability.distributions import Distributions
from scenes.probability.distributions_cards import plain

SAME_WIDTH = 1.1
"""Deviations that differ from 1 by less than this factor look like the standard bell's."""


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: Distributions) -> None:
        self.zoo = explainer

    @property
    def one_toss(self) -> str:
        return f"One toss moves the share {plain(self.zoo.p)} from 0 successes to 1."

    @property
    def mean_and_spread(self) -> str:
        mean, deviation = plain(self.zoo.p), plain(sqrt(self.zoo.p * (1 - self.zoo.p)))
        return f"The dot marks the mean {mean}, the bracket one σ = {deviation} each way."

    @property
    def second_toss(self) -> str:
        return f"Toss again: from every bar, the share {plain(self.zoo.p)} moves one to the right."

    @property
    def binomial(self) -> str:
        if self.zoo.is_single_toss:
            return "One toss is all: with n = 1 the binomial is the Bernoulli."
        mean, deviation = plain(self.zoo.binomial_mean), plain(self.zoo.binomial_sd)
        return f"{self.zoo.n} tosses stack to the binomial: mean n·p = {mean}, σ = {deviation}."

    @property
    def outline(self) -> str:
        return f"Against the Poisson outline with mean {plain(self.zoo.rate)}, what pokes out is the gap."

    @property
    def poisson_limit(self) -> str:
        verdict = {
            "frozen": "bars freeze onto the Poisson",
            "close": "bars come close to the Poisson",
            "apart": "bars still differ from the Poisson",
        }[self.zoo.poisson_regime]
        return f"n grows to {self.zoo.poisson_steps[-1]}, n·p stays {plain(self.zoo.rate)}: the {verdict}."

    @property
    def wander(self) -> str:
        return f"Hold p = {plain(self.zoo.p)} instead: the bars wander off and flatten."

    @property
    def centre(self) -> str:
        deviation = self.zoo.normal_n_sd
        fit = "about as wide"
        if deviation > SAME_WIDTH:
            fit = "still too wide"
        elif deviation < 1 / SAME_WIDTH:
            fit = "but too narrow"
        return f"Subtract the mean: the bars slide under the bell, {fit}."

    @property
    def divide(self) -> str:
        end = {
            "bell": "the bars land under the bell",
            "lopsided": "the bars get the bell's width, but stay lopsided",
            "coarse": "few, coarse bars land under the bell",
        }[self.zoo.normal_regime]
        return f"Divide by σ = {plain(self.zoo.normal_n_sd)}: {end}."

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
        return f"Rare successes arrive at random, {plain(self.zoo.rate)} per unit; each gap drops onto its length."

    @property
    def gaps(self) -> str:
        count = len(self.zoo.gaps)
        if self.zoo.gap_regime == "few":
            return f"All {count} gaps have dropped: too few for a smooth shape."
        return f"All {count} gaps: short ones pile up, long ones are rare."

    @property
    def exponential(self) -> str:
        start = {"many": "The pile follows", "few": "Many gaps would follow", "none": "Gaps would follow"}
        return f"{start[self.zoo.gap_regime]} the exponential: mean and σ are both 1/λ = {plain(1 / self.zoo.rate)}."

    @property
    def closing(self) -> str:
        recipe = "Each recipe" if len(self.zoo.cards) > 1 else "One recipe"
        return f"{recipe} for how often, with its mean dot and ±σ bracket."
