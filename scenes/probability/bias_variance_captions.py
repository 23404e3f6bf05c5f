"""The captions of `bias-variance`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from explainers.probability.bias_variance import BiasVariance
from scenes.stage.language import N_, _, localized
from scenes.stage.text import format_number

SHAPES = (N_("constants"), N_("lines"), N_("parabolas"), N_("cubics"))
"""What polynomials of degree 0, 1, 2, 3 are called."""


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: BiasVariance) -> None:
        self.study = explainer
        self.low, self.high = explainer.simple, explainer.flexible

    def value(self, number: float) -> str:
        """An error with the digits that all of them have."""
        return format_number(number, self.study.decimals)

    @property
    def data(self) -> str:
        sentence = _("Same curve, fresh noise σ = {noise}: every data set of {count} points differs.")
        return sentence.format(noise=localized(f"{self.study.noise:g}"), count=self.study.points)

    @property
    def simple(self) -> str:
        sentence = {
            "bias": _("{count} data sets, {count} {shapes}: a tight bundle in the wrong place."),
            "variance": _("{count} data sets, {count} {shapes}: they scatter around the truth."),
            "both": _("{count} data sets, {count} {shapes}: they scatter, and miss the truth as well."),
        }[self.study.lean(self.low)]
        return sentence.format(count=self.study.datasets, shapes=_(SHAPES[self.low]))

    @property
    def flexible(self) -> str:
        if self.study.lean(self.high) == "variance":
            sentence = _("Degree {degree} on the same data: a wider bundle, centred on the truth.")
        else:
            sentence = _("Degree {degree} on the same data: a wider bundle, closer to the truth.")
        return sentence.format(degree=self.high)

    @property
    def bias(self) -> str:
        first, last = (self.value(self.study.errors[degree].bias2) for degree in (self.low, self.high))
        sentence = _("Average fit against truth: bias² is {first} for degree {low}, {last} for {high}.")
        return sentence.format(first=first, last=last, low=self.low, high=self.high)

    @property
    def variance(self) -> str:
        first, last = (self.value(self.study.errors[degree].variance) for degree in (self.low, self.high))
        sentence = _("Single fits against their average: variance is {first} for degree {low}, {last} for {high}.")
        return sentence.format(first=first, last=last, low=self.low, high=self.high)

    @property
    def stack(self) -> str:
        sentence = {
            "inside": _("Stack noise, variance and bias² per degree: test error is lowest at degree {best}."),
            "simplest": _("Stack noise, variance and bias²: the simplest, degree {best}, has least test error."),
            "most flexible": _("Stack noise, variance and bias²: test error still falls at degree {best}."),
        }[self.study.valley]
        return sentence.format(best=self.study.best)

    @property
    def training(self) -> str:
        last = self.study.errors[self.high]
        if self.study.valley == "most flexible":
            sentence = _("Training error falls further, to {training}, below the test error {test}.")
        else:
            sentence = _("Training error falls on to {training} while test error climbs to {test}.")
        return sentence.format(training=self.value(last.training), test=self.value(last.test))

    @property
    def close(self) -> str:
        if self.study.lean(self.low) == "bias" and self.study.lean(self.high) == "variance":
            return _("Too simple errs the same way every time; too flexible, differently every time.")
        sentence = _("The same fresh data moves degree {low} less, degree {high} more.")
        return sentence.format(low=self.low, high=self.high)
