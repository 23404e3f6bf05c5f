"""The captions of `maximum-likelihood`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from math import floor, isnan, log, log10, nan, sqrt

from explainers.probability.maximum_likelihood import MaximumLikelihood
from scenes.probability.maximum_likelihood_bench import decimals_for, power_text
from scenes.stage.language import _
from scenes.stage.text import format_number

LEAST_GAIN = 1.05
"""By which factor the mean must be known more closely for it to be said."""


def figure(value: float, digits: int = 3) -> str:
    """A number with about this many significant digits, without powers of ten, and with a real minus sign."""
    decimals = max(0, digits - 1 - floor(log10(abs(value)))) if value else 0
    return plain(value, decimals)


def plain(value: float, decimals: int) -> str:
    """A number with at most so many decimals, a real minus sign and no needless zeros."""
    return format_number(value, decimals, trim=True)


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: MaximumLikelihood) -> None:
        self.mle = explainer

    @property
    def data(self) -> str:
        sentence = {
            "gaussian": _("{n} measurements under a bell: stems show how expected each one was."),
            "bernoulli": _("{n} flips under two chances: stems show how expected each flip was."),
            "exponential": _("{n} waits under a curve: stems show how expected each wait was."),
        }[self.mle.family]
        return sentence.format(n=self.mle.size)

    @property
    def multiply(self) -> str:
        product = power_text(float(self.mle.log_likelihood(self.mle.journey[0])) / log(10))
        if self.mle.breakdown is None:
            sentence = _("Multiply the {n} stems: {product}, the likelihood of all the data together.")
            return sentence.format(n=self.mle.size, product=product)
        kind, count = self.mle.breakdown
        sentence = {
            "underflow": _("Multiply the {n} stems: {product}; with {count} such data a computer says 0."),
            "overflow": _("Multiply the {n} stems: {product}; with {count} such data a computer says infinity."),
        }[kind]
        return sentence.format(n=self.mle.size, product=product, count=count)

    @property
    def slide(self) -> str:
        return {
            "gaussian": _("Slide the bell: stems rise and sink, and their product traces a likelihood curve."),
            "bernoulli": _("Turn p: stems rise and sink, and their product traces a likelihood curve."),
            "exponential": _("Stretch the curve: stems rise and sink, and their product traces a likelihood curve."),
        }[self.mle.family]

    @property
    def logs(self) -> str:
        return _("Take logs: products become sums, and the end of the stack traces a hill.")

    @property
    def peak(self) -> str:
        if self.mle.regime == "edge":
            sentence = _("Every flip came up {mean}: the hill climbs to the edge, p = {mean}.")
        elif self.mle.family == "bernoulli":
            sentence = _("The top stands where all gaps cancel: at the share of ones, {mean}.")
        else:
            sentence = _("The top stands where all gaps cancel: at the average of the data, {mean}.")
        return sentence.format(mean=self.mean)

    @property
    def mean(self) -> str:
        """The best mean, to two digits or so of what the data spread over."""
        mean = self.mle.mean_hat()
        spread = self.mle.sigma_hat if self.mle.family == "gaussian" else max(mean, 0.1)
        return plain(mean, decimals_for(spread))

    @property
    def climb(self) -> str:
        width = plain(self.mle.sigma_hat, decimals_for(self.mle.sigma_hat))
        sentence = _("Free the width too: the climb ends at mean {mean}, width {width}.")
        return sentence.format(mean=self.mean, width=width)

    @property
    def bias(self) -> str:
        n = self.mle.size
        sentence = _("Simulated samples of {n}: the fitted variance averages about {share} of the true one.")
        return sentence.format(n=n, share=f"{n - 1}/{n}")

    @property
    def sharpen(self) -> str:
        few, many = self.mle.sizes
        before, after = self.mle.curvature(few), self.mle.curvature(many)
        closer = nan if isnan(before) or isnan(after) else sqrt(after / before)
        if isnan(closer) or closer < LEAST_GAIN:
            (low, high), (new_low, new_high) = self.mle.support(few), self.mle.support(many)
            if new_high - new_low < high - low:
                sentence = _("{few} data make one hill over the means, {many} make a narrower one.")
            else:
                sentence = _("{few} data make one hill over the means, {many} make no narrower one.")
            return sentence.format(few=few, many=many)
        if many == 10 * few:
            sentence = _("Ten times the data: the hill sharpens, {symbol} is known {factor} times as closely.")
        else:
            sentence = _("{few}, then {many} data: the hill sharpens, {symbol} is known {factor} times as closely.")
        symbol = "p" if self.mle.family == "bernoulli" else "μ"
        return sentence.format(few=few, many=many, symbol=symbol, factor=figure(closer, 2))

    @property
    def close(self) -> str:
        return _("Maximum likelihood keeps the parameter under which these data are least surprising.")
