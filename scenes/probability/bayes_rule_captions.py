"""The words of `bayes-rule`: captions and numbers as text, true for every admitted setting."""

from __future__ import annotations

from math import floor, isclose, log10

from explainers.probability.bayes_rule import BayesRule
from scenes.stage.text import format_number

ALMOST = 1e-4
"""Nearer to 0 or 1 than this, a probability is said to be under 0.01 % or over 99.99 %."""
ORDINALS = {2: "second", 3: "third", 4: "fourth"}


def share_decimals(probability: float) -> int:
    """Digits after the point of a percentage, at most two: two digits of what is left to 0 % or 100 %, or fewer."""
    percent = 100 * probability
    left = min(percent, 100 - percent)
    most = min(max(1 - floor(log10(left)), 1), 2) if left > 0 else 0
    return next((d for d in range(most) if isclose(percent, round(percent, d), abs_tol=1e-9)), most)


def share(probability: float) -> str:
    """A probability in percent; only certainty is 0 % or 100 %."""
    if 0 < probability < ALMOST:
        return "under 0.01%"
    if 1 - ALMOST < probability < 1:
        return "over 99.99%"
    return format_number(probability, share_decimals(probability), percent=True)


def decimal(probability: float) -> str:
    """A probability as a decimal number, with as many digits as its percentage: "0.9", "0.01"."""
    text = format_number(probability, share_decimals(probability) + 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def short_share(probability: float) -> str:
    """The same for labels: ">99.99%"."""
    return share(probability).replace("under ", "<").replace("over ", ">")


def figure(value: float) -> str:
    """A number of odds with three digits: "10", "0.333", "1.0×10⁶"."""
    if 0 < value < 1e-3:
        mantissa, exponent = f"{value:.1e}".split("e-")
        return f"{mantissa}×10⁻" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(int(exponent)))
    if value in (0, float("inf")) or value >= 1e6:
        return format_number(value, 0)
    text = format_number(value, min(max(2 - floor(log10(value) + 1e-12), 0), 5))
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio(odds: tuple[float, float]) -> str:
    """Odds as text: "1:99"."""
    return ":".join(figure(number) for number in odds)


def about(count: int, exact: bool) -> str:
    """A number of people that may be rounded: "90", "about 10"."""
    return str(count) if exact else f"about {count}"


def prior(bayes: BayesRule) -> str:
    """The square is split by the prior."""
    if bayes.prior == 0:
        return "The square is all people, and nobody is sick: the prior is 0%."
    if bayes.prior == 1:
        return "The square is all people, and everybody is sick: the prior is 100%."
    return f"The square is all people; its left {share(bayes.prior)} is sick: the prior."


def test(bayes: BayesRule) -> str:
    """Each column is split by the test."""
    sick, healthy = share(bayes.sensitivity), share(bayes.false_positive_rate)
    if bayes.regime == "silent":
        return f"The test comes out positive for {sick}, sick or healthy alike."
    return f"The test comes out positive for {sick} of the sick, {healthy} of the healthy."


def positive(bayes: BayesRule) -> str:
    """What tests negative fades."""
    evidence = bayes.update(1).evidence
    if isclose(evidence, 1):
        return "The result is positive: all of the square stays, nothing fades."
    return f"The result is positive: {share(evidence)} of the square stays, the rest fades."


def poured(bayes: BayesRule) -> str:
    """Both parts take one height."""
    return {
        "certain": "There is only one column: no height can change its width.",
        "proof": "Nothing is left of the healthy column: the sick part takes all the width.",
        "disproof": "Nothing is left of the sick column: the healthy part takes all the width.",
        "silent": "Both parts already have one height: their widths stay as they are.",
    }.get(bayes.regime, "Pour both parts to one height: each keeps its area, widths become shares.")


def stretched(bayes: BayesRule) -> str:
    """What is left is rescaled to area 1."""
    before, after = share(bayes.prior), share(bayes.update(1).after)
    return {
        "certain": f"Stretched to area 1: a prior of {before} stays {before}, whatever the test.",
        "proof": "No healthy person tests positive: stretched to area 1, 100% are sick.",
        "disproof": "No sick person tests positive: stretched to area 1, 0% are sick.",
        "silent": f"Both heights are equal: stretched to area 1, the prior is back, {after}.",
        "faint": f"Heights were almost equal: from {before}, the posterior moves only to {after}.",
        "for": f"Stretched to area 1, the sick part is {after}: the posterior.",
        "against": f"Stretched to area 1, the sick part is only {after}: the posterior.",
    }[bayes.regime]


def people(bayes: BayesRule) -> str:
    """The same square as a population."""
    heads = bayes.heads
    true, false = about(heads.true_positives, heads.exact), about(heads.false_positives, heads.exact)
    return f"Of 10 000 people, {true} are true positives, {false} false ones."


def closed_ranks(bayes: BayesRule) -> str:
    """The positives fill the square."""
    heads = bayes.heads
    among = f"{about(heads.true_positives, heads.exact)} of {heads.positives}"
    return f"The positives close ranks: {among} are sick, again {share(bayes.update(1).after)}."


def odds(bayes: BayesRule) -> str:
    """The update as one multiplication."""
    before, after, factor = ratio(bayes.odds(0)), ratio(bayes.odds(1)), figure(bayes.likelihood_ratio)
    return {
        "certain": f"In odds, {before} times any factor stays {before}: nothing moves certainty.",
        "proof": f"In odds, without false positives, {before} jumps to 1:0, certainty.",
        "disproof": f"In odds, without true positives, {before} drops to 0:1, certainty.",
        "silent": f"In odds, the test is a factor of 1, so {before} stays {after}.",
    }.get(bayes.regime, f"In odds, the test is one factor: {before} times {factor} is {after}.")


def again(bayes: BayesRule, test: int) -> str:
    """One more positive test."""
    after, factor, nth = share(bayes.update(test).after), figure(bayes.likelihood_ratio), ORDINALS[test]
    if bayes.regime in ("certain", "proof", "disproof"):
        return f"A {nth} positive test changes nothing: {after} is certainty."
    if bayes.regime == "silent":
        return f"A {nth} positive test says nothing either: still {after}."
    return f"A {nth} positive test, independent given the illness: times {factor} again, {after}."


SUMMARY = "Evidence dims what it rules out; the rest is poured and stretched."
