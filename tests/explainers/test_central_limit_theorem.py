"""The central limit theorem against published numbers, moments, the Berry–Esseen bound and closed forms."""

from __future__ import annotations

import json
from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.model import InvalidParameterError
from explainers.probability.central_limit_theorem import (
    RIVALS,
    CentralLimitTheorem,
    Die,
    cauchy_mean_scale,
    cauchy_pdf,
    cauchy_sum_scale,
    sum_pmf,
)
from explainers.probability.distributions import binomial_pmf, normal_cdf, normal_cdf_gap

quick = settings(max_examples=50, deadline=None)
numbers = st.integers(1, 64)


@st.composite
def weights(draw: st.DrawFn) -> tuple[float, ...]:
    """Any admitted weights; zeros are common."""
    entry = st.one_of(st.just(0.0), st.floats(0.01, 100))
    values = draw(st.lists(entry, min_size=2, max_size=8).filter(lambda v: 0 < max(v) <= 0.949 * sum(v)))
    return tuple(values)


@st.composite
def explainers(draw: st.DrawFn) -> CentralLimitTheorem:
    """Any admitted setting."""
    counts = tuple(sorted(draw(st.sets(st.integers(2, 64), min_size=2, max_size=6))))
    return CentralLimitTheorem(weights=draw(weights()), counts=counts, heavy_tail=draw(st.booleans()))


def moments(x: np.ndarray, probabilities: np.ndarray) -> tuple[float, float, float]:
    """Mean, standard deviation and skewness."""
    mean = probabilities @ x
    sd = sqrt(probabilities @ (x - mean) ** 2)
    return mean, sd, probabilities @ ((x - mean) / sd) ** 3


# The catalogue's values.


@pytest.mark.parametrize(("n", "gap"), {1: 0.359, 2: 0.223, 4: 0.123, 8: 0.075, 16: 0.042, 32: 0.028}.items())
def test_catalogue_gaps(n: int, gap: float) -> None:
    assert round(CentralLimitTheorem().gaps[n], 3) == gap
    assert round(CentralLimitTheorem().facts()["sup_gap"][str(n)], 3) == gap


def test_catalogue_skewness() -> None:
    facts = CentralLimitTheorem().facts()
    assert round(facts["skew_n1"], 3) == 0.928
    assert [round(value, 2) for value in facts["skewness"].values()] == [0.93, 0.46, 0.23]


def test_declares_what_the_catalogue_says() -> None:
    assert (CentralLimitTheorem.slug, CentralLimitTheorem.pillar) == ("central-limit-theorem", "probability")
    assert CentralLimitTheorem.title == "Why the bell keeps appearing"
    assert set(CentralLimitTheorem.parameters()) == {"weights", "counts", "heavy_tail"}


# Sums.


def test_sum_of_two_dice_by_counting() -> None:
    sums = [a + b for a, b in product(range(1, 7), repeat=2)]
    bars = Die((1,) * 6).sum_bars(2)
    np.testing.assert_allclose(bars.heights, [sums.count(int(x)) / 36 for x in bars.x])


@quick
@given(n=numbers, p=st.floats(0.05, 0.95))
def test_two_faces_give_the_binomial(n: int, p: float) -> None:
    bars = Die((1 - p, p)).sum_bars(n)
    np.testing.assert_allclose(bars.x, n + np.arange(n + 1))
    np.testing.assert_allclose(bars.heights, binomial_pmf(n, p, np.arange(n + 1)), atol=1e-12)


@quick
@given(values=weights(), n=numbers)
def test_moments_of_sums(values: tuple[float, ...], n: int) -> None:
    die, bars = Die(values), Die(values).sum_bars(n)
    assert bars.heights.sum() == pytest.approx(1)
    mean, sd, skewness = moments(bars.x, bars.heights)
    assert (mean, sd) == pytest.approx((n * die.mean, die.sum_sd(n)))
    assert skewness == pytest.approx(die.skewness / sqrt(n), abs=1e-6)
    assert skewness == pytest.approx(die.sum_skewness(n), abs=1e-6)


@quick
@given(values=weights(), n=st.floats(1, 63))
def test_between_whole_numbers_mean_and_area_are_kept(values: tuple[float, ...], n: float) -> None:
    die, bars = Die(values), Die(values).standardised(n)
    assert bars.area == pytest.approx(1)
    assert bars.heights @ bars.x * bars.width == pytest.approx(0, abs=1e-9)
    raw = die.sum_bars(n)
    assert raw.heights @ raw.x == pytest.approx(n * die.mean)


@quick
@given(values=weights(), n=st.integers(1, 40))
def test_pictures_between_whole_numbers_have_no_jump(values: tuple[float, ...], n: int) -> None:
    die = Die(values)
    for near in (n + 1e-9, n + 1 - 1e-9):
        exact, close = die.sum_bars(round(near)), die.sum_bars(near)
        length = max(len(exact.heights), len(close.heights))
        padded = [np.pad(bars.heights, (0, length - len(bars.heights))) for bars in (exact, close)]
        np.testing.assert_allclose(padded[0], padded[1], atol=1e-8)
        assert exact.x[0] == pytest.approx(close.x[0], abs=1e-6)


@quick
@given(values=weights())
def test_faces_fan_out_to_the_sum_of_two(values: tuple[float, ...]) -> None:
    die, k = Die(values), len(values)
    total = np.zeros(2 * k - 1)
    for face in range(k, 0, -1):
        landed, copy = die.second_piece(face)
        np.testing.assert_allclose(landed, total, atol=1e-12)
        total[face - 1 : face - 1 + k] += copy
    np.testing.assert_allclose(total, np.convolve(die.pmf, die.pmf), atol=1e-12)


@pytest.mark.parametrize(
    ("values", "lowest", "span"),
    [((1, 1), 1, 1), ((0, 1, 0, 0, 1), 2, 3), ((1, 0, 1, 0, 1), 1, 2), ((0, 0, 2, 1), 3, 1)],
)
def test_lattice(values: tuple[float, ...], lowest: int, span: int) -> None:
    die = Die(values)
    assert (die.lowest, die.span) == (lowest, span)
    assert die.standardised(3).width == pytest.approx(span / die.sum_sd(3))
    assert (die.sum_bars(3).heights[[0, -1]] > 0).all()


# The bell.


@quick
@given(values=weights(), n=numbers)
def test_berry_esseen_bound_holds(values: tuple[float, ...], n: int) -> None:
    die = Die(values)
    assert die.rho >= 1 - 1e-12
    assert 0 < die.gap(n) <= die.bound(n) + 1e-9


@quick
@given(values=weights(), n=numbers)
def test_widest_gap_is_the_gap(values: tuple[float, ...], n: int) -> None:
    die = Die(values)
    z, steps, bell = die.widest_gap(n)
    assert abs(steps - bell) == pytest.approx(die.gap(n), abs=1e-12)
    assert bell == pytest.approx(float(normal_cdf(z)))
    bars = die.standardised(n)
    below, upto = (bars.heights[bars.x < z - 1e-9].sum(), bars.heights[bars.x <= z + 1e-9].sum())
    assert min(abs(steps - share * bars.width) for share in (below, upto)) < 1e-9


def test_gap_beats_a_fine_grid_and_agrees_with_the_binomial() -> None:
    die = Die((3, 1, 0, 2))
    bars, grid = die.standardised(5), np.linspace(-5, 5, 200_001)
    steps = np.concatenate([[0.0], np.cumsum(bars.heights) * bars.width])[np.searchsorted(bars.x, grid, side="right")]
    on_grid = np.abs(steps - normal_cdf(grid)).max()
    assert on_grid <= die.gap(5) + 1e-12
    assert on_grid == pytest.approx(die.gap(5), abs=1e-4)
    assert Die((0.7, 0.3)).gap(40) == pytest.approx(normal_cdf_gap(40, 0.3))


def test_gap_falls_like_one_over_root_n() -> None:
    die = CentralLimitTheorem().die
    scaled = [die.gap(n) * sqrt(n) for n in (16, 32, 64)]
    assert max(scaled) / min(scaled) < 1.1


@quick
@given(values=weights(), shift=st.integers(0, 2), factor=st.floats(0.01, 1))
def test_only_the_shape_of_the_weights_matters(values: tuple[float, ...], shift: int, factor: float) -> None:
    die, moved = Die(values), Die((0.0,) * shift + tuple(factor * v for v in values))
    assert moved.mean == pytest.approx(die.mean + shift)
    assert (moved.sd, moved.skewness) == pytest.approx((die.sd, die.skewness))
    assert moved.gap(3) == pytest.approx(die.gap(3))


@quick
@given(values=weights())
def test_the_mirrored_die_leans_the_other_way(values: tuple[float, ...]) -> None:
    die, mirrored = Die(values), Die(values[::-1])
    assert mirrored.skewness == pytest.approx(-die.skewness, abs=1e-9)
    assert mirrored.gap(4) == pytest.approx(die.gap(4), abs=1e-9)


# The Cauchy.


def test_sum_of_two_cauchy_pieces_by_quadrature() -> None:
    # The substitution x = tan θ turns the integral over the line into one of a smooth periodic function.
    theta = (np.arange(4000) + 0.5) / 4000 * np.pi - np.pi / 2
    for y in (0.0, 0.7, 3.0):
        convolved = cauchy_pdf(y - np.tan(theta)).mean()
        assert convolved == pytest.approx(float(cauchy_pdf(y, cauchy_sum_scale(2))), rel=1e-9)


def test_means_of_cauchy_pieces_never_narrow() -> None:
    assert {cauchy_mean_scale(n) for n in range(1, 65)} == {1.0}
    x = np.linspace(-5, 5, 11)
    # The density of a mean of n is n times that of the sum at n·x.
    np.testing.assert_allclose(7 * cauchy_pdf(7 * x, cauchy_sum_scale(7)), cauchy_pdf(x))


def test_half_of_the_cauchy_lies_within_its_scale() -> None:
    edges = np.linspace(-3, 3, 20_001)
    middles = (edges[1:] + edges[:-1]) / 2
    assert (cauchy_pdf(middles, 3.0) * np.diff(edges)).sum() == pytest.approx(0.5, abs=1e-8)


# What the captions rest on.


@pytest.mark.parametrize(
    ("values", "counts", "regime"),
    [
        ((12, 2, 0, 1, 1, 4), (2, 4, 8, 16, 32), "bell"),
        ((12, 2, 0, 1, 1, 4), (2, 4), "lopsided"),
        ((95, 5), (2, 64), "lopsided"),
        ((1, 1), (2, 3), "bell"),
        ((50, 0, 0, 0, 0, 45, 5), (2, 32), "lumpy"),
    ],
)
def test_regime(values: tuple[float, ...], counts: tuple[int, ...], regime: str) -> None:
    clt = CentralLimitTheorem(weights=values, counts=counts)
    assert clt.regime == clt.facts()["regime"] == regime


def test_companions_are_of_a_size() -> None:
    assert CentralLimitTheorem().companions == (8, 16, 32)
    assert CentralLimitTheorem(counts=(2, 3, 64)).companions == (64,)
    assert CentralLimitTheorem(counts=(10, 11, 12, 13)).companions == (11, 12, 13)


@pytest.mark.parametrize("name", RIVALS)
def test_rivals_differ_from_the_die(name: str) -> None:
    others = CentralLimitTheorem(weights=RIVALS[name]).rivals
    assert len(others) == 2
    assert name not in others


@pytest.mark.parametrize(
    ("values", "symmetric", "modes"),
    [((1, 1, 1), True, (1, 2, 3)), ((2, 1, 2), True, (1, 3)), ((1, 0, 3), False, (3,)), ((0, 2, 1), False, (2,))],
)
def test_symmetry_and_modes(values: tuple[float, ...], symmetric: bool, modes: tuple[int, ...]) -> None:
    clt = CentralLimitTheorem(weights=values)
    assert (clt.is_symmetric, clt.die.modes) == (symmetric, modes)


@quick
@given(clt=explainers())
def test_facts_of_any_setting_are_plain_and_finite(clt: CentralLimitTheorem) -> None:
    facts = clt.facts()
    assert facts == json.loads(json.dumps(facts, allow_nan=False))
    assert set(facts["sup_gap"]) == {str(n) for n in clt.journey}
    assert ("mean_of_cauchy_scale" in facts) == clt.heavy_tail
    assert clt.companions[-1] == clt.largest


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"weights": (1,)}, "2 to 8 numbers"),
        ({"weights": (0, 0, 0)}, "hardly varies"),
        ({"weights": (0, 1, 0)}, "hardly varies"),
        ({"weights": (96, 4)}, "hardly varies"),
        ({"weights": (-1, 2)}, "2 to 8 numbers"),
        ({"counts": (4, 2)}, "must increase"),
        ({"counts": (2, 65)}, "from 2 to 64"),
        ({"counts": (8,)}, "2 to 6"),
        ({"count": (2, 4)}, "did you mean counts"),
    ],
)
def test_impossible_parameters_are_said_to_be(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        CentralLimitTheorem.configured(values)


def test_sums_are_shared_and_cannot_be_changed() -> None:
    assert sum_pmf((0.5, 0.5), 3) is sum_pmf((0.5, 0.5), 3)
    with pytest.raises(ValueError):
        sum_pmf((0.5, 0.5), 3)[0] = 1
    with pytest.raises(ValueError, match="at least 1"):
        sum_pmf((0.5, 0.5), 0)
