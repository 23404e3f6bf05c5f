"""The words of `bayes-rule`: captions and numbers as text, true for every admitted setting."""

from __future__ import annotations

from math import floor, isclose, log10

from explainers.probability.bayes_rule import BayesRule
from scenes.stage.language import N_, _, localized, pgettext
from scenes.stage.text import format_number

ALMOST = 1e-4
"""Nearer to 0 or 1 than this, a probability is said to be under 0.01 % or over 99.99 %."""
ORDINALS = {2: N_("second"), 3: N_("third"), 4: N_("fourth")}


def share_decimals(probability: float) -> int:
    """Digits after the point of a percentage, at most two: two digits of what is left to 0 % or 100 %, or fewer."""
    percent = 100 * probability
    left = min(percent, 100 - percent)
    most = min(max(1 - floor(log10(left)), 1), 2) if left > 0 else 0
    return next((d for d in range(most) if isclose(percent, round(percent, d), abs_tol=1e-9)), most)


def share(probability: float) -> str:
    """A probability in percent; only certainty is 0 % or 100 %."""
    least, most = (format_number(end, 2, percent=True) for end in (ALMOST, 1 - ALMOST))
    if 0 < probability < ALMOST:
        return _("under {share}").format(share=least)
    if 1 - ALMOST < probability < 1:
        return _("over {share}").format(share=most)
    return format_number(probability, share_decimals(probability), percent=True)


def the_share(probability: float) -> str:
    """The same where the sentence speaks of it: "the 9 %" in other languages, but not "the under 0.01 %"."""
    is_exact = probability in (0, 1) or ALMOST <= probability <= 1 - ALMOST
    exact = pgettext("with an article, where the language has one", "{share}")
    return exact.format(share=share(probability)) if is_exact else share(probability)


def decimal(probability: float) -> str:
    """A probability as a decimal number, with as many digits as its percentage: "0.9", "0.01"."""
    return format_number(probability, share_decimals(probability) + 2, trim=True)


def short_share(probability: float) -> str:
    """The same as `share` for labels: ">99.99%"."""
    if 0 < probability < ALMOST:
        return "<" + format_number(ALMOST, 2, percent=True)
    if 1 - ALMOST < probability < 1:
        return ">" + format_number(1 - ALMOST, 2, percent=True)
    return share(probability)


def figure(value: float) -> str:
    """A number of odds with three digits: "10", "0.333", "1.0×10⁶"."""
    if 0 < value < 1e-3:
        mantissa, exponent = f"{value:.1e}".split("e-")
        return f"{localized(mantissa)}×10⁻" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(int(exponent)))
    if value in (0, float("inf")) or value >= 1e6:
        return format_number(value, 0)
    return format_number(value, min(max(2 - floor(log10(value) + 1e-12), 0), 5), trim=True)


def sick_event() -> str:
    """The event of being sick, in Typst math, for formulas: P(sick)."""
    word = pgettext("event", "sick")
    return f'{{{{"{word}" : second}}}}'


def ratio(odds: tuple[float, float]) -> str:
    """Odds as text: "1:99"."""
    return ":".join(figure(number) for number in odds)


def about(count: int, exact: bool) -> str:
    """A number of people that may be rounded: "90", "about 10"."""
    return str(count) if exact else _("about {count}").format(count=count)


def prior(bayes: BayesRule) -> str:
    """The square is split by the prior."""
    if bayes.prior == 0:
        sentence = _("The square is all people, and nobody is sick: the prior is {share}.")
    elif bayes.prior == 1:
        sentence = _("The square is all people, and everybody is sick: the prior is {share}.")
    else:
        sentence = _("The square is all people; its left {share} is sick: the prior.")
    return sentence.format(share=share(bayes.prior))


def test(bayes: BayesRule) -> str:
    """Each column is split by the test."""
    sick, healthy = the_share(bayes.sensitivity), the_share(bayes.false_positive_rate)
    if bayes.regime == "silent":
        return _("The test comes out positive for {share}, sick or healthy alike.").format(share=sick)
    sentence = _("The test comes out positive for {sick} of the sick, {healthy} of the healthy.")
    return sentence.format(sick=sick, healthy=healthy)


def positive(bayes: BayesRule) -> str:
    """What tests negative fades."""
    evidence = bayes.update(1).evidence
    if isclose(evidence, 1):
        return _("The result is positive: all of the square stays, nothing fades.")
    return _("The result is positive: {share} of the square stays, the rest fades.").format(share=the_share(evidence))


def poured(bayes: BayesRule) -> str:
    """Both parts take one height."""
    return {
        "certain": _("There is only one column: no height can change its width."),
        "proof": _("Nothing is left of the healthy column: the sick part takes all the width."),
        "disproof": _("Nothing is left of the sick column: the healthy part takes all the width."),
        "silent": _("Both parts already have one height: their widths stay as they are."),
    }.get(bayes.regime, _("Pour both parts to one height: each keeps its area, widths become shares."))


def stretched(bayes: BayesRule) -> str:
    """What is left is rescaled to area 1."""
    sentence = {
        "certain": _("Stretched to area 1: a prior of {before} stays {before}, whatever the test."),
        "proof": _("No healthy person tests positive: stretched to area 1, {after} are sick."),
        "disproof": _("No sick person tests positive: stretched to area 1, {after} are sick."),
        "silent": _("Both heights are equal: stretched to area 1, the prior is back, {after}."),
        "faint": _("Heights were almost equal: from {before}, the posterior moves only to {after}."),
        "for": _("Stretched to area 1, the sick part is {after}: the posterior."),
        "against": _("Stretched to area 1, the sick part is only {after}: the posterior."),
    }[bayes.regime]
    return sentence.format(before=share(bayes.prior), after=share(bayes.update(1).after))


def people(bayes: BayesRule) -> str:
    """The same square as a population."""
    heads = bayes.heads
    true, false = about(heads.true_positives, heads.exact), about(heads.false_positives, heads.exact)
    return _("Of 10 000 people, {true} are true positives, {false} false ones.").format(true=true, false=false)


def closed_ranks(bayes: BayesRule) -> str:
    """The positives fill the square."""
    heads = bayes.heads
    sentence = _("The positives close ranks: {true} of {positives} are sick, again {share}.")
    true, after = about(heads.true_positives, heads.exact), the_share(bayes.update(1).after)
    return sentence.format(true=true, positives=heads.positives, share=after)


def odds(bayes: BayesRule) -> str:
    """The update as one multiplication."""
    before, after, factor = ratio(bayes.odds(0)), ratio(bayes.odds(1)), figure(bayes.likelihood_ratio)
    sentence = {
        "certain": _("In odds, {before} times any factor stays {before}: nothing moves certainty."),
        "proof": _("In odds, without false positives, {before} jumps to {after}, certainty."),
        "disproof": _("In odds, without true positives, {before} drops to {after}, certainty."),
        "silent": _("In odds, the test is a factor of 1, so {before} stays {after}."),
    }.get(bayes.regime, _("In odds, the test is one factor: {before} times {factor} is {after}."))
    return sentence.format(before=before, after=after, factor=factor)


def again(bayes: BayesRule, test: int) -> str:
    """One more positive test."""
    if bayes.regime in ("certain", "proof", "disproof"):
        sentence = _("A {nth} positive test changes nothing: {after} is certainty.")
    elif bayes.regime == "silent":
        sentence = _("A {nth} positive test says nothing either: still {after}.")
    else:
        sentence = _("A {nth} positive test, independent given the illness: times {factor} again, {after}.")
    after, factor = share(bayes.update(test).after), figure(bayes.likelihood_ratio)
    return sentence.format(nth=_(ORDINALS[test]), after=after, factor=factor)


SUMMARY = N_("Evidence dims what it rules out; the rest is poured and stretched.")
