"""The captions of `distributions`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from math import sqrt

from explainers.probability.distributions import Distributions
from scenes.probability.distributions_cards import TOSSES, moment_decimals, plain, share_decimals
from scenes.stage.language import N_, _, ngettext
from scenes.stage.text import format_number

SAME_WIDTH = 1.1
"""Deviations that differ from 1 by less than this factor look like the standard bell's."""
COUNTS = {2: N_("two"), 3: N_("three"), 4: N_("four"), 5: N_("five")}
"""Numbers in words, as far as there are several families."""


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: Distributions) -> None:
        self.zoo = explainer
        self.share = format_number(explainer.p, share_decimals(explainer))

    @property
    def one_toss(self) -> str:
        return _("One toss, the Bernoulli law: the share {share} moves from 0 to 1.").format(share=self.share)

    @property
    def mean_and_spread(self) -> str:
        mean, deviation = format_number(self.zoo.p), format_number(sqrt(self.zoo.p * (1 - self.zoo.p)))
        sentence = _("The dot marks the mean {mean}, the bracket one σ = {deviation} each way.")
        return sentence.format(mean=mean, deviation=deviation)

    @property
    def second_toss(self) -> str:
        sentence = _("Toss again: from every bar, the share {share} moves one to the right.")
        return sentence.format(share=self.share)

    @property
    def binomial(self) -> str:
        if self.zoo.is_single_toss:
            return _("One toss is all: with n = 1 the binomial is the Bernoulli.")
        mean, deviation = format_number(self.zoo.binomial_mean), format_number(self.zoo.binomial_sd)
        sentence = _("{n} tosses stack to the binomial: mean n·p = {mean}, σ = {deviation}.")
        return sentence.format(n=self.zoo.n, mean=mean, deviation=deviation)

    @property
    def outline(self) -> str:
        return _("Against the Poisson outline of equal mean, what pokes out is the area gap.")

    @property
    def poisson_limit(self) -> str:
        sentence = {
            "frozen": _("n grows to {n}, n·p stays λ: the bars freeze onto the Poisson."),
            "close": _("n grows to {n}, n·p stays λ: the bars come close to the Poisson."),
            "apart": _("n grows to {n}, n·p stays λ: the bars still differ from the Poisson."),
        }[self.zoo.poisson_regime]
        return sentence.format(n=self.zoo.poisson_steps[-1])

    @property
    def wander(self) -> str:
        return _("Hold p = {share} instead: the bars wander off and flatten.").format(share=self.share)

    @property
    def centre(self) -> str:
        deviation = self.zoo.normal_n_sd
        if deviation > SAME_WIDTH:
            return _("Subtract the mean: the bars slide under the normal bell, still too wide.")
        if deviation < 1 / SAME_WIDTH:
            return _("Subtract the mean: the bars slide under the normal bell, but too narrow.")
        return _("Subtract the mean: the bars slide under the normal bell, about as wide.")

    @property
    def divide(self) -> str:
        sentence = {
            "bell": _("Divide by σ = {deviation}: the bars land under the bell."),
            "lopsided": _("Divide by σ = {deviation}: the bars get the bell's width, but stay lopsided."),
            "coarse": _("Divide by σ = {deviation}: few, coarse bars land under the bell."),
        }[self.zoo.normal_regime]
        return sentence.format(deviation=format_number(self.zoo.normal_n_sd))

    @property
    def any_normal(self) -> str:
        if self.zoo.mu == 0:
            sentence = _("Scaled by {sigma}, they are as close to another normal.")
        elif self.zoo.sigma == 1:
            sentence = _("Moved by {mu}, they are as close to another normal.")
        else:
            sentence = _("Scaled by {sigma} and moved by {mu}, they are as close to another normal.")
        return sentence.format(sigma=plain(self.zoo.sigma), mu=plain(self.zoo.mu))

    @property
    def arrivals(self) -> str:
        if not len(self.zoo.gaps):
            sentence = _("Of {count} expected arrivals none came: there is no gap to measure.")
            return sentence.format(count=plain(self.zoo.expected_arrivals))
        sentence = _("Poisson's λ = {rate} is now a rate; each gap drops onto its length.")
        return sentence.format(rate=plain(self.zoo.rate))

    @property
    def gaps(self) -> str:
        sentence = _("All {count} gaps: short ones pile up, long ones are rare.")
        if self.zoo.gap_regime == "few":
            sentence = _("All {count} gaps have dropped: too few for a smooth shape.")
        return sentence.format(count=len(self.zoo.gaps))

    @property
    def exponential(self) -> str:
        sentence = {
            "many": _("The pile follows the exponential: mean and σ are both 1/λ = {mean}."),
            "few": _("Many gaps would follow the exponential: mean and σ are both 1/λ = {mean}."),
            "none": _("Gaps would follow the exponential: mean and σ are both 1/λ = {mean}."),
        }[self.zoo.gap_regime]
        return sentence.format(mean=format_number(1 / self.zoo.rate, moment_decimals("exponential")))

    @property
    def closing(self) -> str:
        families = self.zoo.families
        if set(families) == {"bernoulli"}:
            return _("One toss gives this law.")
        sentence = ngettext(
            "One toss, repeated and rescaled, leads to this law.",
            "One toss, repeated and rescaled, leads to these {count} laws.",
            len(families),
        )
        if set(families) <= set(TOSSES):
            sentence = ngettext(
                "One toss, repeated, leads to this law.",
                "One toss, repeated, leads to these {count} laws.",
                len(families),
            )
        return sentence.format(count=_(COUNTS[len(families)]) if len(families) > 1 else "")
