"""Bayes' rule on the unit square: a positive test keeps a part of each column, and the kept parts are rescaled.

The columns of the square are the hypotheses, sick and healthy; their widths are the prior. The test keeps
the share `sensitivity` of the first column and `false_positive_rate` of the second. What is kept has the
areas of Bayes' rule, and rescaled to area 1 they are the posterior. In odds, each positive test is one
factor, the likelihood ratio. Everything is exact; nothing is drawn at random.

Source: Deisenroth, Faisal, Ong, "Mathematics for Machine Learning", section 6.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isclose, log
from typing import ClassVar, Literal, TypeAlias

from pydantic import field_validator, model_validator

from explainers.model import Explainer, Fact, Pillar, parameter, rounded

Regime: TypeAlias = Literal["certain", "proof", "disproof", "silent", "faint", "for", "against"]
"""What a positive test does to the prior; see `BayesRule.regime`."""

PEOPLE = 10_000
"""Size of the population that is counted: 100 in each direction of the square."""
LEAST_SHARE = 0.001
"""A thinner strip than this, unless it is empty, is less than a pixel of the square."""
LEAST_EVIDENCE = 0.001
"""Fewer than 10 positives among 10 000 people make no picture."""
FAINT_RATIO = 1.05
"""A likelihood ratio nearer to 1 than this changes the picture by less than a line's width."""


@dataclass(frozen=True)
class Update:
    """One positive result: the probability of sick `before`, and the areas of the square that it keeps."""

    before: float
    sick: float
    healthy: float

    @property
    def evidence(self) -> float:
        """Probability of the result: the area of all that is kept."""
        return self.sick + self.healthy

    @property
    def after(self) -> float:
        """Probability of sick, given the result: the sick part of what is kept."""
        return self.sick / self.evidence

    def poured(self, progress: float) -> tuple[float, tuple[float, float]]:
        """The kept parts on their way to a common height: width of the sick part, and both heights.

        Areas stay what they are; only widths and heights change. At 0 the widths are the columns of the
        square, at 1 both parts are as high as `evidence`, so that their widths are the posterior.
        """
        start, end = self.before, self.after
        if 0 < start < 1 and 0 < end < 1:
            # Equal factors of the odds in equal times: a thin part does not race.
            log_odds = (1 - progress) * log(start / (1 - start)) + progress * log(self.sick / self.healthy)
            width, other = 1 / (1 + exp(-log_odds)), 1 / (1 + exp(log_odds))
        else:
            width = start + progress * (end - start)
            other = 1 - width
        return width, (_height(self.sick, width), _height(self.healthy, other))

    def stretched(self, progress: float) -> tuple[float, tuple[float, float]]:
        """The poured parts on their way to fill the square: width of the sick part, and both heights."""
        height = self.evidence + progress * (1 - self.evidence)
        return self.after, (height, height)


@dataclass(frozen=True)
class HeadCount:
    """So many of `PEOPLE` people, rounded to whole ones; `exact` when nothing had to be rounded."""

    sick: int
    true_positives: int
    false_positives: int
    exact: bool

    @property
    def healthy(self) -> int:
        """People who are not sick."""
        return PEOPLE - self.sick

    @property
    def positives(self) -> int:
        """People whose test is positive."""
        return self.true_positives + self.false_positives


class BayesRule(Explainer):
    """A diagnostic test on the unit square, in a population, and in odds, one or several times."""

    slug: ClassVar[str] = "bayes-rule"
    title: ClassVar[str] = "Evidence rescales areas"
    insight: ClassVar[str] = (
        "Evidence does not replace the prior, it dims the ruled-out part of the square and renormalises what is left."
    )
    pillar: ClassVar[Pillar] = Pillar.PROBABILITY
    references: ClassVar[tuple[str, ...]] = (
        "MML 6.3",
        "PAL 14",
        "PAL 15",
        "PAL 16",
        "CML C3W1L1",
        "SR:math/probability & stats",
    )

    prior: float = parameter(
        0.01,
        "prior probability: the share of people who are sick",
        ge=0,
        le=1,
        allowed="a number from 0.001 to 0.999, or 0 or 1",
    )
    sensitivity: float = parameter(
        0.9,
        "probability that the test of a sick person is positive",
        ge=0,
        le=1,
        allowed="a number from 0.001 to 1, or 0",
    )
    false_positive_rate: float = parameter(
        0.09,
        "probability that the test of a healthy person is positive",
        ge=0,
        le=1,
        allowed="a number from 0.001 to 1, or 0",
    )
    tests: int = parameter(
        2, "how many tests come out positive, independent given the illness", unit="tests", ge=1, le=4
    )

    @field_validator("prior")
    @classmethod
    def _prior_is_seen(cls, prior: float) -> float:
        if 0 < min(prior, 1 - prior) < LEAST_SHARE - 1e-12:
            raise ValueError("the thinner column would not be seen")
        return prior

    @field_validator("sensitivity", "false_positive_rate")
    @classmethod
    def _rate_is_seen(cls, rate: float) -> float:
        if 0 < rate < LEAST_SHARE - 1e-12:
            raise ValueError("so low a part would not be seen")
        return rate

    @model_validator(mode="after")
    def _positives_happen(self) -> BayesRule:
        if self.update(1).evidence < LEAST_EVIDENCE - 1e-12:
            raise ValueError(f"fewer than 10 of {PEOPLE} people would test positive")
        return self

    def update(self, test: int) -> Update:
        """The update by this positive test, counted from 1; also beyond `tests`.

        Raises:
            ValueError: when test is not positive.
        """
        if test < 1:
            raise ValueError("tests are counted from 1")
        before = self.prior
        for _ in range(test):
            result = Update(before, before * self.sensitivity, (1 - before) * self.false_positive_rate)
            before = result.after if result.evidence else before
        return result

    @property
    def updates(self) -> tuple[Update, ...]:
        """One update for each of the tests."""
        return tuple(self.update(test) for test in range(1, self.tests + 1))

    @property
    def posteriors(self) -> tuple[float, ...]:
        """Probability of sick after 0, 1, … `tests` positive tests."""
        return (self.prior, *(update.after for update in self.updates))

    @property
    def likelihood_ratio(self) -> float:
        """sensitivity / false-positive rate: what a positive test multiplies the odds by; may be infinite."""
        return self.sensitivity / self.false_positive_rate if self.false_positive_rate else inf

    def odds(self, tests: int) -> tuple[float, float]:
        """Sick : healthy after so many positive tests.

        The rarer of the two has the number 1 before any test, and the second number stays: 1 : 99,
        10 : 99, 100 : 99. Certainty is 1 : 0 or 0 : 1.
        """
        posterior = self.update(tests).after if tests else self.prior
        if posterior in (0, 1):
            return posterior, 1 - posterior
        sick, healthy = (1.0, 1 / self.prior - 1) if self.prior <= 0.5 else (self.prior / (1 - self.prior), 1.0)
        return sick * self.likelihood_ratio**tests, healthy

    @property
    def heads(self) -> HeadCount:
        """The population of `PEOPLE` people, and who of them tests positive."""
        first = self.update(1)
        expected = [PEOPLE * share for share in (self.prior, first.sick, first.healthy)]
        sick, true, false = (round(count) for count in expected)
        exact = all(isclose(count, round(count), abs_tol=1e-6) for count in expected)
        return HeadCount(sick, min(true, sick), min(false, PEOPLE - sick), exact)

    @property
    def regime(self) -> Regime:
        """What a positive test does to the prior.

        certain: nothing, the prior is 0 or 1. proof, disproof: it leaves only the sick, or only the healthy.
        silent: nothing, it is as frequent in both columns. faint: almost nothing. for, against: it raises or
        lowers the probability of sick.
        """
        if self.prior in (0, 1):
            return "certain"
        if self.false_positive_rate == 0:
            return "proof"
        if self.sensitivity == 0:
            return "disproof"
        ratio = self.likelihood_ratio
        if isclose(ratio, 1, rel_tol=1e-12):
            return "silent"
        if 1 / FAINT_RATIO < ratio < FAINT_RATIO:
            return "faint"
        return "for" if ratio > 1 else "against"

    def facts(self) -> dict[str, Fact]:
        """Areas, posteriors, odds and head counts, as shown."""
        first, heads, ratio = self.update(1), self.heads, self.likelihood_ratio
        return rounded(
            {
                "true_positive_area": first.sick,
                "false_positive_area": first.healthy,
                "evidence": first.evidence,
                "posterior": first.after,
                "after_two": self.update(2).after,
                "posteriors": self.posteriors,
                "likelihood_ratio": ratio if ratio < inf else "infinite",
                "odds": [self.odds(tests) for tests in range(self.tests + 1)],
                "true_pos": PEOPLE * first.sick,
                "false_pos": PEOPLE * first.healthy,
                "people_shown": [heads.true_positives, heads.false_positives, heads.positives],
                "regime": self.regime,
            }
        )


def _height(area: float, width: float) -> float:
    """Height of a rectangle; a part without area has none."""
    return area / width if area > 0 and width > 0 else 0.0
