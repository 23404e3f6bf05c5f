"""The captions of `maximum-likelihood`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from math import isnan, log, log10

from explainers.probability.maximum_likelihood import MaximumLikelihood
from scenes.probability.maximum_likelihood_bench import power_text

SMALL_POWER, LARGE_POWER = -3, 4
"""Products below 10⁻³ have all but vanished; from 10⁴ on they have grown out of hand."""


def figure(value: float, digits: int = 4) -> str:
    """A number with this many significant digits, and a real minus sign."""
    return f"{value:.{digits}g}".replace("e+0", "×10^").replace("-", "−")


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
            "bernoulli": "Turn the chance p",
            "exponential": "Stretch the curve",
        }[self.mle.family]
        return f"{move}: stems rise and sink, and their product traces a likelihood curve."

    @property
    def logs(self) -> str:
        return "Take logs: products become sums, and the end of the stack traces a hill."

    @property
    def peak(self) -> str:
        mean = figure(self.mle.mean_hat())
        if self.mle.regime == "edge":
            return f"Every flip came up {mean}: the hill climbs to the very edge, p = {mean}."
        where = "share of ones" if self.mle.family == "bernoulli" else "average of the data"
        return f"The top stands where all gaps cancel: at the {where}, {self.mean_digits}."

    @property
    def mean_digits(self) -> str:
        """The best mean, with the digits that it deserves."""
        mean = self.mle.mean_hat()
        spread = self.mle.sigma_hat if self.mle.family == "gaussian" else abs(mean)
        return f"{mean:.{self.decimals(spread)}f}".replace("-", "−")

    @staticmethod
    def decimals(scale: float) -> int:
        """Digits after the point that give a number of this size five digits, at most four."""
        return max(0, min(4, 4 - int(log10(max(scale, 1e-9)))))

    @property
    def climb(self) -> str:
        width = f"{self.mle.sigma_hat:.{self.decimals(self.mle.sigma_hat)}f}"
        return f"Free the width too: the climb ends at mean {self.mean_digits}, width {width}."

    @property
    def bias(self) -> str:
        n = self.mle.size
        return f"Over all samples of {n}, the fitted variance averages {n - 1}/{n} of the true one."

    @property
    def sharpen(self) -> str:
        few, many = self.mle.sizes
        before, after = self.mle.curvature(few), self.mle.curvature(many)
        if isnan(before) or isnan(after) or after >= before:
            return f"From {few} to {many} data: the means that nearly reach the top move together."
        first, last = figure(before, 3), figure(after, 3)
        return f"{few} data make a wide hill, {many} a sharp one: curvature {first}, then {last}."

    @property
    def close(self) -> str:
        return "Maximum likelihood keeps the parameter under which these data are least surprising."
