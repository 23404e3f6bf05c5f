"""Maximum likelihood against grids, closed forms, finite differences and the catalogue's values."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.model import InvalidParameterError
from explainers.probability.maximum_likelihood import (
    FAMILIES,
    GROWTH,
    REPEATS,
    MaximumLikelihood,
    log_density,
    mle_variance_pdf,
)

EDGE = MaximumLikelihood(family="bernoulli", data=(1, 1, 1, 1, 1))
settled = settings(max_examples=50, deadline=None)
families = st.sampled_from(FAMILIES)
explainers = st.builds(
    MaximumLikelihood,
    family=families,
    n=st.integers(5, 30),
    seed=st.integers(0, 10_000),
    mu=st.floats(-50, 50),
    sigma=st.floats(0.2, 20),
    p=st.floats(0.05, 0.95),
    tau=st.floats(0.5, 50),
)


def test_catalogue_values() -> None:
    facts = MaximumLikelihood().facts()
    assert facts["n"] == 12
    assert round(facts["mu_hat"], 4) == 1.8642
    assert round(facts["sigma_hat"], 4) == 1.9649
    assert round(facts["E_mle_var"], 3) == 0.916
    assert round(facts["theory"], 3) == 0.917


def test_every_fact_of_a_width_belongs_to_a_gaussian() -> None:
    for family in FAMILIES[1:]:
        assert not {"sigma_hat", "theory", "E_mle_var"} & set(MaximumLikelihood(family=family).facts())
    assert EDGE.facts()["curvature"] == {}


@pytest.mark.parametrize(("family", "mean"), [("gaussian", 0.7), ("exponential", 2.5)])
def test_a_density_has_area_one_and_this_mean(family: str, mean: float) -> None:
    x = np.linspace(-20 if family == "gaussian" else 1e-9, 80, 400_001)
    density = np.exp(log_density(family, x, mean, 1.4))
    assert np.trapezoid(density, x) == pytest.approx(1, abs=1e-6)
    assert np.trapezoid(x * density, x) == pytest.approx(mean, abs=1e-6)


def test_impossible_data_have_no_likelihood() -> None:
    assert log_density("bernoulli", [0.0, 1.0], 1.0).tolist() == [-np.inf, 0.0]
    assert log_density("exponential", -0.1, 2.0) == -np.inf
    assert np.exp(log_density("bernoulli", [0.0, 1.0], 0.3)) == pytest.approx([0.7, 0.3])


@settled
@given(mle=explainers)
def test_the_grid_argmax_is_the_average(mle: MaximumLikelihood) -> None:
    grid = np.linspace(*mle.domain, 2001)
    best = grid[np.argmax(mle.log_likelihood(grid))]
    assert abs(best - mle.mean_hat()) <= 1.01 * (grid[1] - grid[0])
    assert mle.score(mle.mean_hat()) == pytest.approx(0, abs=1e-9 * (1 + np.abs(mle.sample).sum()))
    assert mle.domain[0] <= mle.mean_hat() <= mle.domain[1]


@pytest.mark.parametrize("seed", [3, 4, 99])
def test_the_grid_argmax_over_two_knobs_is_average_and_population_deviation(seed: int) -> None:
    mle = MaximumLikelihood(seed=seed)
    means, widths = np.linspace(*mle.domain, 401), np.linspace(0.5, 2, 401) * mle.sigma_hat
    heights = mle.log_likelihood(means[None, :], widths[:, None])
    row, column = np.unravel_index(np.argmax(heights), heights.shape)
    assert means[column] == pytest.approx(mle.mean_hat(), abs=means[1] - means[0])
    assert widths[row] == pytest.approx(np.std(mle.sample), abs=widths[1] - widths[0])
    closed = -mle.size * (log(mle.sigma_hat) + 0.5 * log(2 * np.pi) + 0.5)
    assert float(mle.log_likelihood(mle.mean_hat(), mle.sigma_hat)) == pytest.approx(closed)


@settled
@given(mle=explainers)
def test_the_curvature_is_the_second_difference(mle: MaximumLikelihood) -> None:
    top, n = mle.mean_hat(), mle.size
    if np.isnan(mle.curvature()):
        assert mle.regime == "edge"
        return
    h = 1e-3 * sqrt(mle.variance(top))
    if not (mle.family == "bernoulli" and not h < top < 1 - h):
        second = float(np.sum(mle.log_likelihood(np.array([top - h, top, top + h]), mle.sigma_hat) * [1, -2, 1])) / h**2
        assert second == pytest.approx(mle.curvature(), rel=1e-3)
    assert mle.curvature() == pytest.approx(-n / mle.variance(top))


@settled
@given(mle=explainers, share=st.floats(0, 1))
def test_what_is_below_the_top_is_a_difference_of_log_likelihoods(mle: MaximumLikelihood, share: float) -> None:
    low, high = mle.domain
    mean = low + share * (high - low)
    difference = mle.log_likelihood(mean, mle.sigma_hat) - mle.log_likelihood(mle.mean_hat(), mle.sigma_hat)
    assert float(mle.below_top(mean, mle.size)) == pytest.approx(float(difference), abs=1e-7)
    assert mle.below_top(mean, mle.size) <= 1e-9


@settled
@given(mle=explainers)
def test_the_slope_is_the_sum_of_gaps_over_the_variance(mle: MaximumLikelihood) -> None:
    mean = (mle.journey[0] + mle.mean_hat()) / 2
    if mean in (0.0, 1.0) or mean == mle.mean_hat():
        return
    h = 1e-6 * mean if mle.family != "gaussian" else 1e-5 * mle.sigma_hat
    slope = float(mle.log_likelihood(mean + h) - mle.log_likelihood(mean - h)) / (2 * h)
    variance = mle.held_sigma**2 if mle.family == "gaussian" else mle.variance(mean)
    assert slope == pytest.approx(mle.score(mean) / variance, rel=1e-4)


def test_the_support_of_a_bell_is_one_standard_error() -> None:
    mle = MaximumLikelihood()
    for n in mle.sizes:
        error = mle.sigma_hat / sqrt(n)
        assert mle.support(n) == pytest.approx((mle.mean_hat(n) - error, mle.mean_hat(n) + error))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_support_ends_where_the_hill_has_dropped(family: str) -> None:
    mle = MaximumLikelihood(family=family)
    for end in mle.support(12, 3.0):
        assert float(mle.below_top(end, 12)) == pytest.approx(-3)
    assert EDGE.support(5) == pytest.approx((np.exp(-0.1), 1.0))


@settled
@given(mle=explainers)
def test_the_climb_goes_up_all_the_way_to_the_top(mle: MaximumLikelihood) -> None:
    path = mle.climb if mle.family == "gaussian" else MaximumLikelihood(seed=mle.seed).climb
    mle = mle if mle.family == "gaussian" else MaximumLikelihood(seed=mle.seed)
    heights = mle.log_likelihood(*path.T)
    assert (np.diff(heights) > -1e-4 * mle.size).all()
    assert path[0] == pytest.approx((mle.journey[0], mle.held_sigma))
    assert path[-1] == pytest.approx((mle.mean_hat(), mle.sigma_hat))
    assert (path[:, 1] < 1.5 * mle.sigma_hat).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_sample_begins_the_pool_and_the_seed_repeats_it(family: str) -> None:
    mle, again = MaximumLikelihood(family=family, seed=8), MaximumLikelihood(family=family, seed=8)
    np.testing.assert_array_equal(mle.pool[:12], mle.sample)
    np.testing.assert_array_equal(mle.pool, again.pool)
    assert mle.sizes == (12, 12 * GROWTH)
    assert not np.array_equal(mle.pool, MaximumLikelihood(family=family, seed=9).pool)


def test_the_mean_moves_without_a_jump_while_the_sample_grows() -> None:
    mle = MaximumLikelihood()
    assert mle.mean_hat(12) == mle.mean_hat() == pytest.approx(mle.pool[:12].mean())
    assert mle.mean_hat(13 - 1e-9) == pytest.approx(mle.mean_hat(13))
    half = (mle.pool[:12].sum() + 0.5 * mle.pool[12]) / 12.5
    assert mle.mean_hat(12.5) == pytest.approx(half)


def test_a_large_sample_finds_the_truth() -> None:
    for seed in range(5):
        bell = MaximumLikelihood(n=30, seed=seed)
        assert abs(bell.mean_hat(300) - 2.0) < 4 * 1.3 / sqrt(300)
        coin = MaximumLikelihood(family="bernoulli", n=30, seed=seed)
        assert abs(coin.mean_hat(300) - 0.7) < 4 * sqrt(0.21 / 300)
        wait = MaximumLikelihood(family="exponential", n=30, seed=seed)
        assert abs(wait.mean_hat(300) - 3.0) < 4 * 3 / sqrt(300)


@pytest.mark.parametrize("n", [5, 12, 30])
def test_fitted_variances_average_too_little(n: int) -> None:
    mle, ratios = MaximumLikelihood(n=n), np.linspace(1e-9, 12, 200_001)
    density = mle_variance_pdf(ratios, n)
    assert np.trapezoid(density, ratios) == pytest.approx(1, abs=1e-6)
    assert np.trapezoid(ratios * density, ratios) == pytest.approx((n - 1) / n, abs=1e-6)
    spread = sqrt(2 * (n - 1)) / n
    assert abs(mle.variance_ratios.mean() - mle.mean_variance_ratio) < 4 * spread / sqrt(REPEATS)
    assert mle.variance_ratios.std() == pytest.approx(spread, rel=0.02)


def test_the_first_repeated_sample_is_the_drawn_one() -> None:
    mle = MaximumLikelihood()
    assert mle.variance_ratios[0] == pytest.approx((mle.sigma_hat / mle.sigma) ** 2)


@pytest.mark.parametrize(
    "mle",
    [
        MaximumLikelihood(),
        MaximumLikelihood(data=(0.0, 0.01, 0.02, 0.03, 0.05)),
        MaximumLikelihood(family="exponential"),
        EDGE,
    ],
)
def test_products_of_that_many_data_leave_64_bits(mle: MaximumLikelihood) -> None:
    kind, count = mle.breakdown
    per_datum = float(mle.log_densities(mle.journey[0]).mean())
    with np.errstate(over="ignore", under="ignore"):
        before, after = np.exp(np.longdouble(per_datum) * np.array([count - 1, count])).astype(float)
    assert (before > 0) & np.isfinite(before)
    assert after == {"underflow": 0.0, "overflow": np.inf}[kind]


def test_products_that_stay_near_one_never_leave() -> None:
    shape = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    scaled = [MaximumLikelihood(data=tuple(scale * shape)) for scale in np.geomspace(0.01, 0.1, 2000)]
    nearest = min(scaled, key=lambda mle: abs(mle.log_densities(mle.journey[0]).mean()))
    assert nearest.breakdown is None
    assert scaled[0].breakdown[0] == "overflow"
    assert scaled[-1].breakdown[0] == "underflow"


def test_a_coin_that_never_changed_has_its_top_at_the_edge() -> None:
    zeros = MaximumLikelihood(family="bernoulli", data=(0, 0, 0, 0, 0, 0))
    assert (EDGE.regime, zeros.regime) == ("edge", "edge")
    assert EDGE.domain[1] == 1 and zeros.domain[0] == 0
    assert np.isnan(EDGE.curvature()) and np.isnan(zeros.curvature())
    assert EDGE.journey[0] < 0.5 < zeros.journey[0]
    assert float(EDGE.log_likelihood(1.0)) == float(zeros.log_likelihood(0.0)) == 0.0
    assert MaximumLikelihood(family="bernoulli").regime == "inside"


def test_own_data_replace_drawn_ones_and_grow_from_a_part() -> None:
    mle = MaximumLikelihood(data=(171, 168, 180, 175, 169, 182, 177, 160), n=30)
    assert (mle.size, mle.sizes) == (8, (2, 8))
    assert mle.mean_hat() == pytest.approx(172.75)
    assert mle.facts()["n"] == 8


def test_the_held_width_is_a_round_number_that_is_too_narrow() -> None:
    assert MaximumLikelihood().held_sigma == 1.3
    for seed in range(20):
        mle = MaximumLikelihood(seed=seed, sigma=7)
        assert 0.6 < mle.held_sigma / mle.sigma_hat < 0.7
        assert float(f"{mle.held_sigma:.2g}") == mle.held_sigma


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"family": "poisson"}, "one of gaussian, bernoulli, exponential"),
        ({"n": 4}, "from 5 to 30"),
        ({"p": 0.99}, "from 0.05 to 0.95"),
        ({"data": [1, 2, 3]}, "at least 5 numbers"),
        ({"data": [2, 2, 2, 2, 2]}, "too close together"),
        ({"data": [900, 900.1, 900.2, 900, 900]}, "too close together"),
        ({"data": [1, 2, 3, 4, float("nan")]}, "data"),
        ({"data": list(range(31))}, "data"),
        ({"family": "bernoulli", "data": [0, 1, 1, 0, 0.5]}, "zeros and ones"),
        ({"family": "exponential", "data": [1, 2, 0, 3, 4]}, "at least 0.01"),
        ({"mean": 2}, "no parameter"),
    ],
)
def test_what_is_not_admitted_is_said(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        MaximumLikelihood.configured(values)
