"""The captions of `bias-variance`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from explainers.probability.bias_variance import BiasVariance

SHAPES = ("constants", "lines", "parabolas", "cubics")
"""What polynomials of degree 0, 1, 2, 3 are called."""


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: BiasVariance) -> None:
        self.study = explainer
        self.low, self.high = explainer.simple, explainer.flexible

    def value(self, number: float) -> str:
        """An error with the digits that all of them have."""
        return f"{number:.{self.study.decimals}f}"

    @property
    def data(self) -> str:
        return (
            f"Same curve, fresh noise σ = {self.study.noise:g}: every data set of {self.study.points} points differs."
        )

    @property
    def simple(self) -> str:
        verdict = {
            "bias": "a tight bundle in the wrong place",
            "variance": "they scatter around the truth",
            "both": "they scatter, and miss the truth as well",
        }[self.study.lean(self.low)]
        count = self.study.datasets
        return f"{count} data sets, {count} {SHAPES[self.low]}: {verdict}."

    @property
    def flexible(self) -> str:
        centred = self.study.lean(self.high) == "variance"
        verdict = "centred on the truth" if centred else "closer to the truth"
        return f"Degree {self.high} on the same data: a wider bundle, {verdict}."

    @property
    def bias(self) -> str:
        low, high = (self.value(self.study.errors[degree].bias2) for degree in (self.low, self.high))
        return f"Average fit against truth: bias² is {low} for degree {self.low}, {high} for {self.high}."

    @property
    def variance(self) -> str:
        low, high = (self.value(self.study.errors[degree].variance) for degree in (self.low, self.high))
        return f"Single fits against their average: variance is {low} for degree {self.low}, {high} for {self.high}."

    @property
    def stack(self) -> str:
        best = self.study.best
        return {
            "inside": f"Stack noise, variance and bias² per degree: test error is lowest at degree {best}.",
            "simplest": f"Stack noise, variance and bias²: the simplest, degree {best}, has least test error.",
            "most flexible": f"Stack noise, variance and bias²: test error still falls at degree {best}.",
        }[self.study.valley]

    @property
    def training(self) -> str:
        last = self.study.errors[self.high]
        training, test = self.value(last.training), self.value(last.test)
        if self.study.valley == "most flexible":
            return f"Training error falls further, to {training}, below the test error {test}."
        return f"Training error falls on to {training} while test error climbs to {test}."

    @property
    def close(self) -> str:
        if self.study.lean(self.low) == "bias" and self.study.lean(self.high) == "variance":
            return "Too simple errs the same way every time; too flexible, differently every time."
        return f"The same fresh data moves degree {self.low} less, degree {self.high} more."
