"""Bias and variance: closed forms, the exact decomposition, and the catalogue's simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.model import InvalidParameterError
from explainers.probability.bias_variance import BiasVariance, true_curve

CATALOGUE = {
    1: (0.1882, 0.0070, 0.2852),
    3: (0.0048, 0.0126, 0.1075),
    5: (0.0001, 0.0183, 0.1084),
    9: (0.0001, 0.0321, 0.1222),
    12: (0.0001, 0.0452, 0.1353),
}
"""Bias², variance and test error of a simulation with σ² = 0.09 and 25 points; its seed is not known."""
INNER, REFITS = np.linspace(0.02, 0.98, 200), 400
"""Where it was evaluated, and how often it fitted: not stated either; these are the likeliest."""


@st.composite
def studies(draw: st.DrawFn) -> BiasVariance:
    flexible = draw(st.integers(6, 14))
    return BiasVariance(
        simple=draw(st.integers(0, 3)),
        flexible=flexible,
        points=draw(st.integers(max(16, 2 * flexible), 60)),
        noise=draw(st.floats(0.15, 0.8)),
        datasets=draw(st.integers(12, 50)),
        curve=draw(st.sampled_from(["wave", "hill", "bend", "line"])),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


@pytest.mark.parametrize("degree", CATALOGUE)
def test_catalogue_is_within_four_standard_errors(degree: int) -> None:
    study = BiasVariance()
    bias2, variance, test = CATALOGUE[degree]
    weights = study.weights(degree, INNER)
    miss = study.average_fit(degree, INNER) - study.truth(INNER)
    # Spectrum of the mean square of a random fit's deviation; its mean and variance are those of weighted χ².
    spectrum = np.linalg.svd(weights, compute_uv=False) ** 2 / len(INNER) * study.noise**2
    error_of_variance = np.sqrt(2 * np.sum(spectrum**2) / REFITS)
    assert variance == pytest.approx(spectrum.sum(), abs=4 * error_of_variance)
    lean = 2 * study.noise * np.linalg.norm(weights.T @ miss) / len(INNER) / np.sqrt(REFITS)
    error_of_bias = np.hypot(lean, np.sqrt(2 * np.sum(spectrum**2)) / REFITS)
    assert bias2 == pytest.approx(np.mean(miss**2) + spectrum.sum() / REFITS, abs=4 * error_of_bias + 5e-5)
    assert test == pytest.approx(bias2 + variance + study.noise**2, abs=1.5e-4)


def test_catalogue_noise_and_order_of_degrees() -> None:
    study = BiasVariance()
    assert study.facts()["noise"] == 0.09
    tests = {degree: study.errors[degree].test for degree in CATALOGUE}
    assert sorted(tests, key=tests.get) == sorted(CATALOGUE, key=lambda degree: CATALOGUE[degree][2])
    assert study.best == 3
    assert study.valley == "inside"


@settings(max_examples=50, deadline=None)
@given(study=studies())
def test_closed_forms(study: BiasVariance) -> None:
    for degree, errors in study.errors.items():
        p = degree + 1
        hat = study.weights(degree, study.x)
        np.testing.assert_allclose(hat @ hat, hat, atol=1e-9)
        assert np.trace(hat) == pytest.approx(p)
        assert errors.variance == pytest.approx(np.mean(study.spread(degree, study.x) ** 2))
        assert errors.variance == pytest.approx(study.noise**2 * p / study.points)
        residual = np.eye(study.points) - hat
        expected = np.mean((residual @ study.truth(study.x)) ** 2) + study.noise**2 * np.trace(residual) / study.points
        assert errors.training == pytest.approx(expected)
        assert errors.test - errors.training == pytest.approx(2 * errors.variance)


@settings(max_examples=50, deadline=None)
@given(study=studies())
def test_more_degrees_never_raise_bias_or_training_error(study: BiasVariance) -> None:
    errors = list(study.errors.values())
    assert all(np.diff([e.bias2 for e in errors]) <= 1e-12)
    assert all(np.diff([e.training for e in errors]) < 0)
    assert all(np.diff([e.variance for e in errors]) > 0)
    measured = [study.samples - study.fits(degree, study.x) for degree in study.degrees]
    assert np.all(np.diff([np.mean(residual**2, axis=1) for residual in measured], axis=0) <= 1e-12)
    best = study.errors[study.best].test
    assert all(best <= e.test * (1 + 1e-9) for e in errors)
    ends = {"simplest": study.simple, "most flexible": study.flexible}
    assert ends.get(study.valley, study.best) == study.best


@settings(max_examples=50, deadline=None)
@given(study=studies())
def test_mean_square_error_over_the_refits_is_bias_plus_variance(study: BiasVariance) -> None:
    for degree in (study.simple, study.flexible):
        error = np.mean((study.fits(degree, study.x) - study.truth(study.x)) ** 2)
        parts = study.simulated(degree)
        assert error == pytest.approx(parts.bias2 + parts.variance, rel=1e-9)


@pytest.mark.parametrize("seed", [0, 1, 7, 2024])
@pytest.mark.parametrize("degree", [1, 12])
def test_refits_agree_with_theory(seed: int, degree: int) -> None:
    study = BiasVariance(seed=seed, datasets=50)
    errors, parts, refits = study.errors[degree], study.simulated(degree), study.datasets
    # Squared deviations at the points sum to σ² χ² with p degrees of freedom per data set.
    relative = np.sqrt(2 / ((degree + 1) * (refits - 1)))
    assert parts.variance * refits / (refits - 1) == pytest.approx(errors.variance, rel=4 * relative)
    mean = study.fits(degree, study.x).mean(axis=0)
    allowed = 4 * study.spread(degree, study.x) / np.sqrt(refits)
    assert np.all(np.abs(mean - study.average_fit(degree, study.x)) <= allowed + 1e-12)
    free = study.points - degree - 1
    spread = np.sqrt(2 * study.noise**4 * free + 4 * study.noise**2 * study.points * errors.bias2) / study.points
    assert parts.training == pytest.approx(errors.training, abs=4 * spread / np.sqrt(refits))


@settings(max_examples=30, deadline=None)
@given(study=studies())
def test_fits_are_least_squares_polynomials(study: BiasVariance) -> None:
    at, degree = np.linspace(0, 1, 17), 3
    expected = [np.polynomial.Polynomial.fit(study.x, y, degree)(at) for y in study.samples[:3]]
    np.testing.assert_allclose(study.fits(degree, at)[:3], expected, atol=1e-9)
    again = study.weights(study.flexible, at) @ study.x**study.flexible
    np.testing.assert_allclose(again, at**study.flexible, atol=1e-9)


@settings(max_examples=50, deadline=None)
@given(study=studies())
def test_drawn_fits_stay_near_the_data(study: BiasVariance) -> None:
    wild = np.abs(study.fits(study.flexible, np.linspace(0, 1, 121))).max()
    assert wild < 2 * np.abs(study.samples).max()


def test_a_line_has_no_bias_and_wants_the_simplest() -> None:
    study = BiasVariance(curve="line")
    assert all(errors.bias2 < 1e-20 for errors in study.errors.values())
    assert (study.best, study.valley, study.lean(1)) == (1, "simplest", "variance")


def test_leans() -> None:
    study = BiasVariance()
    assert (study.lean(1), study.lean(3), study.lean(12)) == ("bias", "both", "variance")
    short = BiasVariance(curve="hill", simple=0, flexible=6, points=16, noise=0.15)
    assert (short.best, short.valley, short.lean(6)) == (6, "most flexible", "both")


@pytest.mark.parametrize("name", ["wave", "hill", "bend", "line"])
def test_curves_keep_their_range(name: str) -> None:
    values = true_curve(name, np.linspace(0, 1, 501))
    assert np.abs(values).max() <= 1
    assert np.ptp(values) > 1.9


def test_no_other_curve() -> None:
    with pytest.raises(ValueError, match="no curve 'spiral'"):
        true_curve("spiral", 0.5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"flexible": 13}, "flexible must be at most half of points"),
        ({"simple": 4}, "from 0 to 3"),
        ({"noise": 0.0}, "from 0.15 to 0.8"),
        ({"points": 200}, "from 16 to 60"),
        ({"curve": "spiral"}, "one of wave, hill, bend, line"),
        ({"degree": 3}, "no parameter 'degree'"),
        ({"noise": float("nan")}, "not possible"),
    ],
)
def test_invalid_input_is_refused_in_one_sentence(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        BiasVariance.configured(values)


def test_facts() -> None:
    facts = BiasVariance().facts()
    assert facts["degree_bias2_var_test"]["1"] == pytest.approx([0.2244, 0.0072, 0.3216], abs=1e-4)
    assert facts["degree_bias2_var_test"]["12"][1] == pytest.approx(0.0468)
    assert facts["training"]["12"] == pytest.approx(0.0432, abs=1e-6)
    assert facts["best_degree"] == 3
