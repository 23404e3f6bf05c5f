"""Bayes' rule against the catalogue's values, exact fractions, and its own identities."""

from __future__ import annotations

import json
from fractions import Fraction
from math import inf, isfinite, prod

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainers.model import InvalidParameterError
from explainers.probability.bayes_rule import PEOPLE, BayesRule

quick = settings(max_examples=50, deadline=None)


@st.composite
def explainers(draw: st.DrawFn) -> BayesRule:
    """Any admitted setting, the edges among them."""
    chances = st.sampled_from([0.0, 0.001, 1.0]) | st.floats(0.001, 1.0)
    values = {
        "prior": draw(st.sampled_from([0.0, 0.001, 0.999, 1.0]) | st.floats(0.001, 0.999)),
        "sensitivity": draw(chances),
        "false_positive_rate": draw(chances),
        "tests": draw(st.integers(1, 4)),
    }
    evidence = values["prior"] * values["sensitivity"] + (1 - values["prior"]) * values["false_positive_rate"]
    assume(evidence >= 0.001)
    return BayesRule(**values)


def exact_posterior(prior: Fraction, sensitivity: Fraction, false_rate: Fraction, tests: int) -> Fraction:
    """Bayes' rule on all tests at once, over fractions: independent of the chain of updates."""
    sick = prior * prod([sensitivity] * tests)
    healthy = (1 - prior) * prod([false_rate] * tests)
    return sick / (sick + healthy)


def test_the_catalogue_values() -> None:
    facts = BayesRule().facts()
    assert round(facts["posterior"], 4) == 0.0917
    assert round(facts["after_two"], 4) == 0.5025
    assert (facts["true_pos"], facts["false_pos"]) == (90.0, 891.0)
    assert facts["evidence"] == 0.0981
    assert facts["posterior"] == pytest.approx(0.009 / (0.009 + 0.0891), rel=1e-5)
    assert facts["odds"] == [[1.0, 99.0], [10.0, 99.0], [100.0, 99.0]]
    assert facts["likelihood_ratio"] == 10.0


@pytest.mark.parametrize("tests", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("prior", "sensitivity", "false_rate"), [("1/100", "9/10", "9/100"), ("1/4", "4/5", "1/10"), ("7/10", "1/5", "1/2")]
)
def test_repeated_updates_equal_all_the_tests_at_once(
    prior: str, sensitivity: str, false_rate: str, tests: int
) -> None:
    shares = [Fraction(text) for text in (prior, sensitivity, false_rate)]
    names = ("prior", "sensitivity", "false_positive_rate")
    explainer = BayesRule(**dict(zip(names, map(float, shares), strict=True)), tests=tests)
    assert explainer.posteriors[-1] == pytest.approx(float(exact_posterior(*shares, tests)), rel=1e-12)


@quick
@given(explainers())
def test_odds_are_the_posterior(explainer: BayesRule) -> None:
    for tests, posterior in enumerate(explainer.posteriors):
        sick, healthy = explainer.odds(tests)
        assert sick / (sick + healthy) == pytest.approx(posterior, rel=1e-9)
        assert 0 <= posterior <= 1


@quick
@given(explainers())
def test_each_test_multiplies_the_odds_by_the_likelihood_ratio(explainer: BayesRule) -> None:
    ratio = explainer.likelihood_ratio
    assume(explainer.regime in ("silent", "faint", "for", "against"))
    for update in explainer.updates:
        assume(1e-6 < update.after < 1 - 1e-6 and 1e-6 < update.before < 1 - 1e-6)
        before, after = (p / (1 - p) for p in (update.before, update.after))
        assert after == pytest.approx(ratio * before, rel=1e-6)


@quick
@given(explainers(), st.floats(0, 1))
def test_pouring_keeps_both_areas(explainer: BayesRule, progress: float) -> None:
    for update in explainer.updates:
        width, (sick, healthy) = update.poured(progress)
        assert width * sick == pytest.approx(update.sick, abs=1e-12)
        assert (1 - width) * healthy == pytest.approx(update.healthy, abs=1e-12)


@quick
@given(explainers())
def test_poured_parts_start_as_columns_end_level_and_stretch_to_the_whole_square(explainer: BayesRule) -> None:
    for update in explainer.updates:
        assert update.poured(0.0)[0] == pytest.approx(update.before)
        width, heights = update.poured(1.0)
        assert width == pytest.approx(update.after)
        for area, height in zip((update.sick, update.healthy), heights, strict=True):
            assert height == pytest.approx(update.evidence if area else 0.0, rel=1e-6)
        assert update.stretched(0.0) == (update.after, (update.evidence, update.evidence))
        assert update.stretched(1.0)[1] == pytest.approx((1.0, 1.0))


@quick
@given(explainers())
def test_the_evidence_averages_the_posterior_back_to_the_prior(explainer: BayesRule) -> None:
    """The law of total probability: P(sick) = P(+) P(sick | +) + P(−) P(sick | −)."""
    update = explainer.update(1)
    negative = update.before * (1 - explainer.sensitivity)
    assert update.evidence * update.after + negative == pytest.approx(explainer.prior)


@quick
@given(explainers())
def test_heads_are_whole_and_near_the_areas(explainer: BayesRule) -> None:
    heads, update = explainer.heads, explainer.update(1)
    assert 0 <= heads.true_positives <= heads.sick
    assert 0 <= heads.false_positives <= heads.healthy
    assert heads.sick + heads.healthy == PEOPLE
    assert abs(heads.true_positives - PEOPLE * update.sick) <= 1
    assert abs(heads.false_positives - PEOPLE * update.healthy) <= 1
    assert heads.positives > 0


def test_the_area_ratio_is_the_head_count_ratio() -> None:
    heads, update = BayesRule().heads, BayesRule().update(1)
    assert heads.exact
    assert heads.sick == 100
    assert heads.true_positives / heads.positives == pytest.approx(update.after, rel=1e-12)
    assert not BayesRule(prior=0.001, sensitivity=0.99, false_positive_rate=0.05).heads.exact


@pytest.mark.parametrize(
    ("values", "regime", "last"),
    [
        ({}, "for", None),
        ({"prior": 0.0}, "certain", 0.0),
        ({"prior": 1.0}, "certain", 1.0),
        ({"false_positive_rate": 0.0}, "proof", 1.0),
        ({"sensitivity": 0.0}, "disproof", 0.0),
        ({"sensitivity": 0.3, "false_positive_rate": 0.3}, "silent", 0.01),
        ({"sensitivity": 0.5, "false_positive_rate": 0.51}, "faint", None),
        ({"sensitivity": 0.1, "false_positive_rate": 0.5}, "against", None),
    ],
)
def test_regimes(values: dict, regime: str, last: float | None) -> None:
    explainer = BayesRule(**values)
    assert explainer.regime == regime
    if last is not None:
        assert explainer.posteriors[-1] == pytest.approx(last)
    first, final = explainer.prior, explainer.posteriors[-1]
    assert (final > first) == (regime in ("for", "proof"))
    assert all(isfinite(number) for tests in range(3) for number in explainer.odds(tests))


def test_certainty_has_odds_with_a_zero() -> None:
    assert BayesRule(prior=1.0).odds(2) == (1.0, 0.0)
    assert BayesRule(false_positive_rate=0.0).odds(0) == pytest.approx((1.0, 99.0))
    assert BayesRule(false_positive_rate=0.0).odds(1) == (1.0, 0.0)
    assert BayesRule(false_positive_rate=0.0).likelihood_ratio == inf
    assert BayesRule(prior=0.8).odds(0) == pytest.approx((4.0, 1.0))


@quick
@given(explainers())
def test_facts_are_json(explainer: BayesRule) -> None:
    facts = explainer.facts()
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert len(facts["posteriors"]) == explainer.tests + 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"prior": 1e-4}, "would not be seen"),
        ({"prior": 0.9999}, "would not be seen"),
        ({"false_positive_rate": 1e-5}, "would not be seen"),
        ({"prior": 1.2}, "prior"),
        ({"sensitivity": -0.1}, "sensitivity"),
        ({"false_positive_rate": 1.1}, "false_positive_rate"),
        ({"tests": 0}, "tests"),
        ({"tests": 5}, "tests"),
        ({"sensitivity": 0, "false_positive_rate": 0}, "fewer than 10 of 10000"),
        ({"prior": 0, "false_positive_rate": 0}, "fewer than 10 of 10000"),
        ({"prior": 1, "sensitivity": 0}, "fewer than 10 of 10000"),
    ],
)
def test_what_is_not_admitted(values: dict, reason: str) -> None:
    with pytest.raises(InvalidParameterError, match=reason):
        BayesRule.configured(values)


def test_tests_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        BayesRule().update(0)
