"""The captions of `maximum-likelihood`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from math import floor, isnan, log, log10, nan, sqrt

from explainers.probability.maximum_likelihood import MaximumLikelihood
from scenes.probability.maximum_likelihood_bench import decimals_for, power_text

LEAST_GAIN = 1.05
"""By which factor the mean must be known more closely for it to be said."""


def figure(value: float, digits: int = 3) -> str:
    """A number with about this many significant digits, without powers of ten, and with a real minus sign."""
    decimals = max(0, digits - 1 - floor(log10(abs(value)))) if value else 0
    return plain(value, decimals)


def plain(value: float, decimals: int) -> str:
    """A number with at most so many decimals, a real minus sign and no needless zeros."""
    text = f"{value + 0.0:.{decimals}f}".replace("-", "−")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: MaximumLikelihood) -> None:
        self.mle = explainer

    @property
    def data(self) -> str:
        n = self.mle.size
        return {
            "gaussian": f"{n} measurements under a bell: stems show how expected each one was.",
            "bernoulli": f"{n} flips under two chances: stems show how expected each flip was.",
            "exponential": f"{n} waits under a curve: stems show how expected each wait was.",
        }[self.mle.family]

    @property
    def multiply(self) -> str:
        product = power_text(float(self.mle.log_likelihood(self.mle.journey[0])) / log(10))
        start = f"Multiply the {self.mle.size} stems: {product}"
        if self.mle.breakdown is None:
            return f"{start}, the likelihood of all the data together."
        kind, count = self.mle.breakdown
        return f"{start}; with {count} such data a computer says {'0' if kind == 'underflow' else 'infinity'}."

    @property
    def slide(self) -> str:
        move = {
            "gaussian": "Slide the bell",
            "bernoulli": "Turn p",
            "exponential": "Stretch the curve",
        }[self.mle.family]
        return f"{move}: stems rise and sink, and their product traces a likelihood curve."

    @property
    def logs(self) -> str:
        return "Take logs: products become sums, and the end of the stack traces a hill."

    @property
    def peak(self) -> str:
        if self.mle.regime == "edge":
            return f"Every flip came up {self.mean}: the hill climbs to the edge, p = {self.mean}."
        where = "share of ones" if self.mle.family == "bernoulli" else "average of the data"
        return f"The top stands where all gaps cancel: at the {where}, {self.mean}."

    @property
    def mean(self) -> str:
        """The best mean, to two digits or so of what the data spread over."""
        mean = self.mle.mean_hat()
        spread = self.mle.sigma_hat if self.mle.family == "gaussian" else max(mean, 0.1)
        return plain(mean, decimals_for(spread))

    @property
    def climb(self) -> str:
        width = plain(self.mle.sigma_hat, decimals_for(self.mle.sigma_hat))
        return f"Free the width too: the climb ends at mean {self.mean}, width {width}."

    @property
    def bias(self) -> str:
        n = self.mle.size
        return f"Simulated samples of {n}: the fitted variance averages about {n - 1}/{n} of the true one."

    @property
    def sharpen(self) -> str:
        few, many = self.mle.sizes
        before, after = self.mle.curvature(few), self.mle.curvature(many)
        closer = nan if isnan(before) or isnan(after) else sqrt(after / before)
        if isnan(closer) or closer < LEAST_GAIN:
            (low, high), (new_low, new_high) = self.mle.support(few), self.mle.support(many)
            kind = "a narrower" if new_high - new_low < high - low else "no narrower"
            return f"{few} data make one hill over the means, {many} make {kind} one."
        symbol = "p" if self.mle.family == "bernoulli" else "μ"
        start = "Ten times the data" if many == 10 * few else f"{few}, then {many} data"
        return f"{start}: the hill sharpens, {symbol} is known {figure(closer, 2)} times as closely."

    @property
    def close(self) -> str:
        return "Maximum likelihood keeps the parameter under which these data are least surprising."
