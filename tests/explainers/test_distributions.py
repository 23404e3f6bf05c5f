"""The distribution zoo against closed forms, published bounds and its own identities."""

from __future__ import annotations

import json
from fractions import Fraction
from math import comb, e, exp, factorial, isfinite, pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.model import InvalidParameterError
from explainers.probability.distributions import (
    FAMILIES,
    HIDDEN_TAIL,
    Bars,
    Distributions,
    barbour_hall_bound,
    bernoulli_pmf,
    binomial_modes,
    binomial_pmf,
    binomial_stages,
    exponential_pdf,
    exponential_survival,
    le_cam_bound,
    mean_and_sd,
    normal_cdf,
    normal_cdf_gap,
    normal_edge_gap,
    normal_pdf,
    poisson_axis,
    poisson_pmf,
    poisson_process,
    rescaled_binomial,
    step_cdf_gap,
    total_variation_to_poisson,
)

quick = settings(max_examples=50, deadline=None)
tosses = st.integers(1, 60)
chances = st.floats(0.02, 0.98)
rates = st.floats(0.5, 8)
steps = st.integers(9, 400)
SEEDS = range(100, 112)


@st.composite
def explainers(draw: st.DrawFn) -> Distributions:
    """Any admitted setting."""
    return Distributions.configured(
        {
            "n": draw(tosses),
            "p": draw(chances),
            "rate": draw(rates),
            "poisson_steps": tuple(sorted(draw(st.sets(steps, min_size=1, max_size=5)))),
            "normal_n": draw(st.integers(10, 400)),
            "mu": draw(st.floats(-10, 10)),
            "sigma": draw(st.floats(0.2, 5)),
            "duration": draw(st.floats(10, 200)),
            "seed": draw(st.integers(0, 999_999)),
            "families": tuple(draw(st.lists(st.sampled_from(FAMILIES), min_size=1, unique=True))),
        }
    )


# The catalogue's values.


@pytest.mark.parametrize(("n", "gap"), [(10, 0.0864), (30, 0.0262), (100, 0.0076)])
def test_catalogue_total_variation(n: int, gap: float) -> None:
    assert round(total_variation_to_poisson(n, 3.0), 4) == gap
    assert round(Distributions().facts()["poisson_gap"][str(n)], 4) == gap


def test_declares_what_the_catalogue_says() -> None:
    assert (Distributions.slug, Distributions.pillar) == ("distributions", "probability")
    assert Distributions.title == "The distribution zoo"
    assert len(Distributions.references) == 11
    assert all(declared.description for declared in Distributions.parameters().values())


# Bernoulli and binomial.


@pytest.mark.parametrize(("n", "p"), [(1, Fraction(1, 2)), (10, Fraction(3, 10)), (60, Fraction(49, 50))])
def test_binomial_equals_exact_fractions(n: int, p: Fraction) -> None:
    exact = [float(comb(n, k) * p**k * (1 - p) ** (n - k)) for k in range(n + 1)]
    assert np.allclose(binomial_pmf(n, float(p), np.arange(n + 1)), exact, rtol=1e-11, atol=0)


@quick
@given(tosses, chances)
def test_convolution_equals_the_closed_form_at_every_stage(n: int, p: float) -> None:
    stages = binomial_stages(n, p)
    assert len(stages) == n
    for size, stage in enumerate(stages, start=1):
        assert stage.shape == (size + 1,)
        assert stage.sum() == pytest.approx(1, abs=1e-12)
        assert np.allclose(stage, binomial_pmf(size, p, np.arange(size + 1)), rtol=1e-10, atol=1e-300)


@quick
@given(st.integers(1, 400), chances)
def test_binomial_moments_and_modes(n: int, p: float) -> None:
    counts = np.arange(n + 1)
    pmf = binomial_pmf(n, p, counts)
    assert pmf.sum() == pytest.approx(1, abs=1e-10)
    assert mean_and_sd(counts, pmf) == pytest.approx((n * p, sqrt(n * p * (1 - p))), rel=1e-9)
    modes = binomial_modes(n, p)
    assert pmf[list(modes)] == pytest.approx(pmf.max(), rel=1e-6)


def test_binomial_modes_come_in_pairs_when_the_tie_is_exact() -> None:
    assert binomial_modes(9, 0.3) == (2, 3)
    assert binomial_modes(10, 0.3) == (3,)
    assert binomial_modes(1, 0.5) == (0, 1)
    assert binomial_modes(5, 0.0) == (0,)
    assert binomial_modes(5, 1.0) == (5,)


def test_binomial_outside_its_support_and_at_certain_tosses() -> None:
    assert binomial_pmf(3, 0.5, [-1, 4, 400]).tolist() == [0, 0, 0]
    assert binomial_pmf(3, 0.0, np.arange(4)).tolist() == [1, 0, 0, 0]
    assert binomial_pmf(3, 1.0, np.arange(4)).tolist() == [0, 0, 0, 1]
    assert binomial_pmf(3, 0.5, [[0, 1], [2, 3]]).shape == (2, 2)


@quick
@given(explainers())
def test_stages_table_and_convolution_parts_agree(explainer: Distributions) -> None:
    table = explainer.binomial_table
    assert table.shape == (explainer.n, explainer.n + 1)
    for stage in {1, (explainer.n + 1) // 2, explainer.n}:
        fails, succeeds = explainer.convolution_parts(stage)
        assert np.allclose(fails + succeeds, table[stage - 1, : stage + 1], rtol=1e-12, atol=1e-300)
        assert not table[stage - 1, stage + 1 :].any()
        assert fails.sum() == pytest.approx(1 - explainer.p) and succeeds.sum() == pytest.approx(explainer.p)
        assert fails[-1] == 0 == succeeds[0]
    assert np.allclose(table[-1], explainer.binomial, rtol=1e-10, atol=1e-300)


@pytest.mark.parametrize("stage", [0, 11])
def test_convolution_parts_of_a_missing_stage(stage: int) -> None:
    with pytest.raises(ValueError, match="stage must be from 1 to 10"):
        Distributions().convolution_parts(stage)


def test_single_toss_is_the_bernoulli() -> None:
    one = Distributions(n=1, p=0.02)
    assert one.is_single_toss and not Distributions().is_single_toss
    assert one.bernoulli.tolist() == [0.98, 0.02]
    assert one.binomial == pytest.approx(one.bernoulli)
    assert np.array_equal(one.binomial_table, [one.bernoulli])


@pytest.mark.parametrize(("p", "tilt"), [(0.3, "right-tailed"), (0.5, "symmetric"), (0.9, "left-tailed")])
def test_tilt_says_which_tail_is_longer(p: float, tilt: str) -> None:
    explainer = Distributions(p=p)
    counts = np.arange(explainer.n + 1)
    third_moment = explainer.binomial @ (counts - explainer.binomial_mean) ** 3
    assert explainer.binomial_tilt == tilt
    assert third_moment / explainer.binomial_sd**3 == pytest.approx((1 - 2 * p) / explainer.binomial_sd, abs=1e-12)


# Poisson.


@pytest.mark.parametrize("rate", [0.5, 3.0, 8.0])
def test_poisson_equals_the_definition(rate: float) -> None:
    counts = np.arange(30)
    exact = [exp(-rate) * rate**k / factorial(k) for k in counts.tolist()]
    assert np.allclose(poisson_pmf(rate, counts), exact, rtol=1e-11, atol=0)
    assert poisson_pmf(rate, [-2, -1]).tolist() == [0, 0]


@quick
@given(rates, st.sampled_from([1e-12, 1e-6, HIDDEN_TAIL, 0.3]))
def test_poisson_axis_is_the_shortest_that_hides_less_than_the_tail(rate: float, tail: float) -> None:
    counts = poisson_axis(rate, tail)
    assert np.array_equal(counts, np.arange(len(counts)))
    beyond = poisson_pmf(rate, np.arange(len(counts), len(counts) + 80)).sum()
    assert beyond < tail
    if len(counts) > 1:
        assert beyond + poisson_pmf(rate, counts[-1]) >= tail * (1 - 1e-9)


@quick
@given(rates)
def test_poisson_moments(rate: float) -> None:
    counts = poisson_axis(rate, 1e-12)
    pmf = poisson_pmf(rate, counts)
    assert pmf.sum() == pytest.approx(1, abs=1e-11)
    assert mean_and_sd(counts, pmf) == pytest.approx((rate, sqrt(rate)), rel=1e-8)


def test_total_variation_closed_forms() -> None:
    assert total_variation_to_poisson(1, 0.5) == pytest.approx(0.5 * (1 - exp(-0.5)), rel=1e-12)
    assert total_variation_to_poisson(1, 1.0) == pytest.approx(1 - 1 / e, rel=1e-12)
    assert total_variation_to_poisson(2, 1.0) == pytest.approx(3 / 4 - 3 / (2 * e), rel=1e-12)


@quick
@given(st.integers(9, 400), rates)
def test_total_variation_is_half_the_absolute_sum_and_within_the_bounds(n: int, rate: float) -> None:
    counts = np.arange(n + 60)
    half_sum = np.abs(binomial_pmf(n, rate / n, counts) - poisson_pmf(rate, counts)).sum() / 2
    gap = total_variation_to_poisson(n, rate)
    assert gap == pytest.approx(half_sum, abs=1e-11)
    assert gap <= barbour_hall_bound(n, rate) <= le_cam_bound(n, rate)
    assert gap >= min(rate, rate**2) / (32 * n)  # Barbour and Hall 1984
    assert total_variation_to_poisson(n + 1, rate) < gap


def test_total_variation_refuses_more_successes_than_tosses() -> None:
    with pytest.raises(ValueError, match="rate must be at most n"):
        total_variation_to_poisson(2, 3.0)


@quick
@given(explainers())
def test_poisson_steps_stand_on_one_axis(explainer: Distributions) -> None:
    outline = explainer.poisson
    assert outline.shape == explainer.poisson_counts.shape
    assert outline.sum() + explainer.poisson_hidden_tail == pytest.approx(1, abs=1e-10)
    assert explainer.poisson_hidden_tail < HIDDEN_TAIL
    limit = explainer.poisson_limit
    assert tuple(step.n for step in limit) == explainer.poisson_steps
    for step in limit:
        assert 0 < step.p < 1 and step.n * step.p == pytest.approx(explainer.rate)
        assert step.bars.heights.shape == outline.shape
        assert 1 - HIDDEN_TAIL < step.bars.area <= 1 + 1e-10
        assert np.abs(step.bars.heights - outline).max() <= step.gap + 1e-12
        assert step.bound == pytest.approx(explainer.rate**2 / step.n)
    gaps = [step.gap for step in limit]
    assert gaps == sorted(gaps, reverse=True)


def test_poisson_regimes() -> None:
    assert Distributions().poisson_regime == "frozen"
    assert Distributions(poisson_steps=(10, 30)).poisson_regime == "close"
    alone = Distributions(rate=8, poisson_steps=(9,))
    assert alone.poisson_regime == "apart" and not alone.has_poisson_journey
    assert Distributions().has_poisson_journey
    assert alone.poisson_limit[0].bound_says_nothing
    assert not Distributions().poisson_limit[0].bound_says_nothing
    assert Distributions(rate=0.5, poisson_steps=(1, 2)).poisson_limit[0].bars.heights[:3] == pytest.approx(
        [0.5, 0.5, 0]
    )


# Normal.


def test_normal_functions_against_the_standard_library() -> None:
    x = np.linspace(-8, 8, 33)
    reference = NormalDist(1.5, 2.5)
    assert normal_pdf(x, 1.5, 2.5) == pytest.approx([reference.pdf(v) for v in x], rel=1e-12)
    assert normal_cdf(x, 1.5, 2.5) == pytest.approx([reference.cdf(v) for v in x], abs=1e-15)
    assert normal_cdf(-10.0) == pytest.approx(7.619853024160526e-24, rel=1e-12)


@quick
@given(explainers())
def test_rescaling_keeps_area_and_lands_mean_and_spread(explainer: Distributions) -> None:
    raw, centred = explainer.raw_bars, explainer.centred_bars
    standard, landed = explainer.standardised_bars, explainer.landed_bars
    spread = sqrt(explainer.normal_n * explainer.p * (1 - explainer.p))
    targets = [
        (raw, explainer.normal_n * explainer.p, spread),
        (centred, 0, spread),
        (standard, 0, 1),
        (landed, explainer.mu, explainer.sigma),
    ]
    for bars, mean, sd in targets:
        assert bars.x.shape == bars.heights.shape == (explainer.normal_n + 1,)
        assert bars.area == pytest.approx(1, abs=1e-10)
        assert np.allclose(np.diff(bars.x), bars.width, rtol=1e-9, atol=1e-12)
        assert mean_and_sd(bars.x, bars.heights * bars.width) == pytest.approx((mean, sd), abs=1e-8)
    assert standard.heights == pytest.approx(raw.heights * spread)
    assert explainer.is_standard_normal == (explainer.mu == 0 and explainer.sigma == 1)


def test_landed_bars_are_the_standardised_ones_by_default() -> None:
    explainer = Distributions()
    assert explainer.is_standard_normal
    assert np.array_equal(explainer.landed_bars.x, explainer.standardised_bars.x)
    assert np.array_equal(explainer.landed_bars.heights, explainer.standardised_bars.heights)
    assert not Distributions(sigma=2).is_standard_normal


@quick
@given(st.integers(10, 400), chances)
def test_normal_gap_is_the_supremum_and_obeys_berry_esseen(n: int, p: float) -> None:
    gap = normal_cdf_gap(n, p)
    bars = rescaled_binomial(n, p)
    x = np.concatenate([np.linspace(-5, 5, 801), bars.x, bars.x - 1e-9])
    cdf = np.append(0.0, np.cumsum(bars.heights) * bars.width)
    differences = np.abs(cdf[np.searchsorted(bars.x, x, side="right")] - normal_cdf(x))
    assert differences.max() == pytest.approx(gap, abs=1e-8)
    assert gap <= 0.4748 * (p**2 + (1 - p) ** 2) / sqrt(n * p * (1 - p))
    assert gap >= np.max(bars.heights) * bars.width / 2 - 1e-12  # half of the highest jump
    assert normal_edge_gap(n, p) <= gap + np.max(normal_pdf(0)) * bars.width


def test_continuity_correction_removes_the_steps_of_a_fair_coin() -> None:
    for n in (20, 100, 400):
        assert normal_edge_gap(n, 0.5) < normal_cdf_gap(n, 0.5) / sqrt(n)
        assert normal_cdf_gap(n, 0.5) == pytest.approx(binomial_pmf(n, 0.5, n // 2) / 2, rel=1e-9)


@quick
@given(st.integers(150, 400), st.floats(0.25, 0.75))
def test_edge_gap_obeys_uspensky(n: int, p: float) -> None:
    # Introduction to Mathematical Probability, 1937, for np(1-p) >= 25; the skewness term at its largest.
    variance, lean = n * p * (1 - p), abs(1 - 2 * p)
    skew_term = lean / (6 * sqrt(2 * pi * variance))
    rest = (0.13 + 0.18 * lean) / variance + exp(-1.5 * sqrt(variance))
    assert variance >= 25
    assert normal_edge_gap(n, p) <= skew_term + rest


def test_normal_gap_shrinks_like_one_over_root_n() -> None:
    ratio = normal_cdf_gap(100, 0.5) / normal_cdf_gap(400, 0.5)
    assert ratio == pytest.approx(2, rel=0.01)
    heights = [
        np.abs(bars.heights - normal_pdf(bars.x)).max() for bars in (rescaled_binomial(n, 0.3) for n in (25, 100, 400))
    ]
    assert heights == sorted(heights, reverse=True) and heights[-1] < 0.01


@pytest.mark.parametrize(
    ("n", "p", "regime"),
    [
        (100, 0.3, "bell"),
        (100, 0.1, "bell"),
        (100, 0.9, "bell"),
        (10, 0.02, "lopsided"),
        (10, 0.98, "lopsided"),
        (10, 0.5, "coarse"),
    ],
)
def test_normal_regimes(n: int, p: float, regime: str) -> None:
    explainer = Distributions(normal_n=n, p=p)
    assert explainer.normal_regime == regime
    assert np.sign(explainer.normal_skewness) == np.sign(0.5 - p)
    assert explainer.rarer_outcome_expected == pytest.approx(n * min(p, 1 - p))


@quick
@given(explainers())
def test_partly_rescaled_bars_lead_from_the_raw_to_the_standardised_ones(explainer: Distributions) -> None:
    ends = {
        (0.0, 1.0): explainer.raw_bars,
        (1.0, 1.0): explainer.centred_bars,
        (1.0, explainer.normal_n_sd): explainer.standardised_bars,
    }
    for (centring, divisor), wanted in ends.items():
        bars = explainer.partly_rescaled(centring, divisor)
        np.testing.assert_allclose(bars.x, wanted.x, atol=1e-9)
        np.testing.assert_allclose(bars.heights, wanted.heights, rtol=1e-9)
        assert bars.width == pytest.approx(wanted.width)
    assert explainer.partly_rescaled(0.4, 1.7).area == pytest.approx(1)


def test_step_cdf_gap_of_one_and_of_far_away_bars() -> None:
    certain = Bars(np.zeros(1), np.ones(1))
    assert step_cdf_gap(certain) == pytest.approx(0.5)
    assert step_cdf_gap(certain, mu=5.0) == pytest.approx(NormalDist().cdf(5))
    assert step_cdf_gap(rescaled_binomial(30, 0.2, 4.0, 3.0), 4.0, 3.0) == pytest.approx(normal_cdf_gap(30, 0.2))


def test_bars_within_a_window() -> None:
    seen = Distributions(normal_n=400).standardised_bars.within(-4, 4)
    assert seen.x.min() >= -4 and seen.x.max() <= 4
    assert len(seen.x) < 401 and len(seen.x) == len(seen.heights)
    assert 0.999 < seen.area < 1


# Arrivals and the exponential.


def test_exponential_identities() -> None:
    t = np.linspace(0, 4, 9)
    no_arrival = [1.0] + [float(poisson_pmf(3.0 * v, 0)) for v in t[1:]]
    assert exponential_survival(t, 3.0) == pytest.approx(no_arrival)
    assert exponential_pdf([-1, 0, 0.5], 3.0) == pytest.approx([0, 3, 3 * exp(-1.5)])


@pytest.mark.parametrize("seed", SEEDS)
def test_arrival_counts_and_uniformity(seed: int) -> None:
    rate, duration = 8.0, 200.0
    arrivals = poisson_process(rate, duration, np.random.default_rng(seed))
    expected = rate * duration
    assert abs(len(arrivals) - expected) <= 4 * sqrt(expected)
    assert np.all(np.diff(arrivals) > 0) and 0 <= arrivals[0] and arrivals[-1] <= duration
    first_half = int((arrivals <= duration / 2).sum())
    assert abs(first_half - expected / 2) <= 4 * sqrt(expected / 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_gaps_are_exponential(seed: int) -> None:
    explainer = Distributions(rate=8, duration=200, seed=seed, poisson_steps=(10, 30))
    gaps = explainer.gaps
    for multiple in (0.25, 1.0, 2.5):
        survival = exp(-multiple)
        error = sqrt(survival * (1 - survival) / len(gaps))
        assert abs((gaps > multiple / 8).mean() - survival) <= 4 * error
    assert abs(explainer.mean_gap - 1 / 8) <= 4 * (1 / 8) / sqrt(len(gaps))
    # An exponential's standard deviation is its mean; the sample's has standard error √2/(rate √m).
    assert abs(gaps.std() - 1 / 8) <= 4 * sqrt(2) / 8 / sqrt(len(gaps))


@quick
@given(explainers())
def test_stacking_every_gap_in_its_place_builds_the_histogram(explainer: Distributions) -> None:
    places, bars = explainer.gap_places, explainer.gap_histogram
    assert places.shape == (len(explainer.gaps), 2)
    counts = np.bincount(places[:, 0], minlength=len(bars.x))
    np.testing.assert_allclose(counts, bars.heights * bars.width * max(len(places), 1), atol=1e-9)
    for one_bin in range(len(bars.x)):
        np.testing.assert_array_equal(places[places[:, 0] == one_bin, 1], np.arange(counts[one_bin]))


@quick
@given(explainers())
def test_gap_histogram_is_a_density_of_all_gaps(explainer: Distributions) -> None:
    arrivals, gaps, bars = explainer.arrivals, explainer.gaps, explainer.gap_histogram
    assert np.array_equal(arrivals, explainer.arrivals)
    assert np.allclose(np.cumsum(gaps), arrivals)
    assert explainer.gap_edges.shape == (len(bars.x) + 1,)
    assert explainer.expected_gap_heights.shape == bars.heights.shape
    assert explainer.gap_edges[-1] * explainer.rate >= 5 - 1e-9
    if len(gaps):
        assert bars.area == pytest.approx(1)
        assert abs(bars.x @ bars.heights * bars.width - explainer.mean_gap) <= bars.width / 2
    else:
        assert bars.area == 0
    expected_area = explainer.expected_gap_heights.sum() * bars.width
    assert expected_area == pytest.approx(1 - exp(-explainer.rate * explainer.gap_edges[-1]))
    t, density = explainer.exponential_curve
    assert t[-1] >= explainer.gap_edges[-1] and density[0] == explainer.rate


@pytest.mark.parametrize("seed", SEEDS)
def test_gap_histogram_follows_the_expected_heights(seed: int) -> None:
    explainer = Distributions(rate=8, duration=200, seed=seed, poisson_steps=(10, 30))
    bars, count = explainer.gap_histogram, len(explainer.gaps)
    chance = explainer.expected_gap_heights[:8] * bars.width
    error = np.sqrt(chance * (1 - chance) / count) / bars.width
    assert np.all(np.abs(bars.heights[:8] - explainer.expected_gap_heights[:8]) <= 4 * error)


def test_other_seeds_draw_other_arrivals() -> None:
    assert not np.array_equal(Distributions(seed=1).arrivals[:5], Distributions(seed=2).arrivals[:5])


def test_gap_regimes_even_when_nothing_arrives() -> None:
    sparse = {"rate": 0.5, "duration": 10}
    found = [seed for seed in range(3000) if np.random.default_rng(seed).poisson(5.0) == 0]
    nothing = Distributions(**sparse, seed=found[0])
    assert nothing.gap_regime == "none" and nothing.mean_gap is None
    assert nothing.arrivals.shape == nothing.gaps.shape == (0,)
    assert not nothing.gap_histogram.heights.any()
    assert "mean_gap" not in nothing.facts() and nothing.facts()["arrivals"] == 0
    other = next(seed for seed in range(3000) if seed not in found)
    assert Distributions(**sparse, seed=other).gap_regime == "few"
    assert Distributions().gap_regime == "many"


# The closing card.


@quick
@given(explainers())
def test_cards_carry_the_mean_and_spread_of_their_picture(explainer: Distributions) -> None:
    cards = explainer.cards
    assert tuple(card.name for card in cards) == explainer.families
    for card in cards:
        assert card.x.shape == card.heights.shape
        assert np.isfinite(card.x).all() and (card.heights >= 0).all()
        if card.discrete:
            weights = card.heights
            tolerance = 0.06 * card.standard_deviation if card.name == "poisson" else 1e-9
        else:
            trapezoids = (card.heights[1:] + card.heights[:-1]) / 2 * np.diff(card.x)
            weights = np.append(trapezoids, 0) / 2 + np.append(0, trapezoids) / 2
            tolerance = 0.06 * card.standard_deviation
        assert weights.sum() == pytest.approx(1, abs=5e-3)
        mean, sd = mean_and_sd(card.x, weights / weights.sum())
        assert mean == pytest.approx(card.mean, abs=tolerance)
        assert sd == pytest.approx(card.standard_deviation, abs=tolerance)
        low, high = card.bracket
        assert (low + high) / 2 == pytest.approx(card.mean)
        assert high - low == pytest.approx(2 * card.standard_deviation)


def test_card_moments_are_the_closed_forms() -> None:
    explainer = Distributions(n=20, p=0.4, rate=2.0, mu=-1.5, sigma=0.7)
    moments = {card.name: (card.mean, card.standard_deviation) for card in explainer.cards}
    assert moments["bernoulli"] == pytest.approx((0.4, sqrt(0.24)))
    assert moments["binomial"] == pytest.approx((8, sqrt(4.8)))
    assert moments["poisson"] == pytest.approx((2, sqrt(2)))
    assert moments["normal"] == pytest.approx((-1.5, 0.7))
    assert moments["exponential"] == pytest.approx((0.5, 0.5))


def test_bracket_that_leaves_the_support() -> None:
    assert Distributions(p=0.02).card("bernoulli").bracket_leaves_support
    assert Distributions(p=0.98).card("bernoulli").bracket_leaves_support
    assert not Distributions(p=0.5).card("bernoulli").bracket_leaves_support
    assert not Distributions().card("exponential").bracket_leaves_support
    assert Distributions(rate=0.5).card("poisson").bracket_leaves_support
    assert not Distributions().card("normal").bracket_leaves_support


def test_unknown_card() -> None:
    with pytest.raises(ValueError, match="unknown family 'gamma'; known are bernoulli"):
        Distributions().card("gamma")


# Facts and parameters.


def _numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in _numbers(item)]
    if isinstance(value, list):
        return [number for item in value for number in _numbers(item)]
    return [value] if isinstance(value, (int, float)) else []


@quick
@given(explainers())
def test_facts_are_finite_and_json_ready(explainer: Distributions) -> None:
    facts = explainer.facts()
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert all(isfinite(number) for number in _numbers(facts))
    assert facts["binomial_mean"] == pytest.approx(explainer.n * explainer.p, rel=1e-5)
    assert list(facts["poisson_gap"]) == [str(n) for n in explainer.poisson_steps]
    for n, gap in facts["poisson_gap"].items():
        assert 0 < gap <= facts["poisson_bound"][n]
    assert set(facts["families"]) == set(explainer.families)
    assert explainer == Distributions.configured(json.loads(json.dumps(explainer.settings())))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"n": 0}, "a whole number from 1 to 60"),
        ({"n": 61}, "a whole number from 1 to 60"),
        ({"n": 2.5}, "whole number"),
        ({"p": 0.0}, "from 0.02 to 0.98"),
        ({"p": float("nan")}, "p = nan"),
        ({"rate": float("inf")}, "rate = inf"),
        ({"rate": 8.5}, "from 0.5 to 8"),
        ({"rate": "three"}, "rate = 'three'"),
        ({"poisson_steps": ()}, "1 to 5 increasing"),
        ({"poisson_steps": (10, 20, 30, 40, 50, 60)}, "1 to 5 increasing"),
        ({"poisson_steps": (10, 401)}, "up to 400"),
        ({"poisson_steps": (30, 10)}, "the numbers must increase"),
        ({"poisson_steps": (10, 10)}, "the numbers must increase"),
        ({"poisson_steps": 10}, "poisson_steps = 10"),
        ({"poisson_steps": (3, 10)}, "3 is not above 3"),
        ({"poisson_steps": (5,), "rate": 7.5}, "5 is not above 7.5"),
        ({"normal_n": 9}, "from 10 to 400"),
        ({"mu": float("nan")}, "mu = nan"),
        ({"sigma": 0.0}, "from 0.2 to 5"),
        ({"duration": 0.0}, "from 10 to 200"),
        ({"seed": -1}, "from 0 to 999999"),
        ({"families": ()}, "one or more of bernoulli"),
        ({"families": ("gamma",)}, "one or more of bernoulli"),
        ({"families": ("poisson", "poisson")}, "a family is named twice"),
        ({"rates": 1}, "did you mean rate"),
    ],
)
def test_impossible_values_are_refused_in_one_sentence(values: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        Distributions.configured(values)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_functions_refuse_what_is_not_a_distribution() -> None:
    for call in (
        lambda: bernoulli_pmf(1.1),
        lambda: bernoulli_pmf(float("nan")),
        lambda: binomial_pmf(-1, 0.5, [0]),
        lambda: binomial_pmf(3, -0.1, [0]),
        lambda: binomial_stages(0, 0.5),
        lambda: poisson_pmf(0.0, [0]),
        lambda: poisson_pmf(float("nan"), [0]),
        lambda: poisson_axis(3.0, 0.0),
        lambda: Distributions().poisson_step(2),
    ):
        with pytest.raises(ValueError, match="must"):
            call()
