"""PCA: the split of the trace, the top eigenvector and rebuilding, against NumPy and the catalogue's values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainers.linear_algebra.pca import TOP_VIEW, Pca, Principal, eye_along, unit
from explainers.model import InvalidParameterError

entries = st.integers(-30, 30).map(lambda tenths: tenths / 10)
shapes = st.tuples(st.tuples(entries, entries), st.tuples(entries, entries))
seeds = st.integers(0, 9999)


def cloud(shape, seed: int, **others) -> Pca:
    """A cloud of a drawn shape; shapes that are not admitted are thrown away."""
    try:
        return Pca.configured({"shape": shape, "seed": seed, **others})
    except InvalidParameterError:
        assume(False)


def test_the_default_has_the_catalogue_values() -> None:
    facts = Pca().facts()
    assert round(facts["explained"], 4) == 0.9232
    assert round(facts["trace"], 4) == 5.1764


def test_the_default_cloud_is_the_documented_draw() -> None:
    plane = np.random.default_rng(0).normal(size=(200, 2)) @ [[2, 0.9], [0, 0.7]]
    np.testing.assert_allclose(Pca().plane.points, plane - plane.mean(axis=0), atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(shapes, seeds, st.floats(-360, 360))
def test_shadow_and_distance_share_out_the_trace(shape, seed: int, angle: float) -> None:
    pca = cloud(shape, seed)
    shadow = float(pca.shadow_variance(angle))
    assert shadow == pytest.approx(np.mean(pca.shadows(angle) ** 2), abs=1e-9)
    residuals = pca.plane.points - np.outer(pca.shadows(angle), unit(angle))
    assert float(pca.squared_distance(angle)) == pytest.approx(np.mean((residuals**2).sum(axis=1)), abs=1e-9)
    assert shadow + pca.squared_distance(angle) == pytest.approx(pca.plane.trace)
    assert shadow <= pca.plane.variances[0] * (1 + 1e-9)


@settings(max_examples=50, deadline=None)
@given(shapes, seeds)
def test_the_best_line_is_the_top_eigenvector(shape, seed: int) -> None:
    pca = cloud(shape, seed)
    plane = pca.plane
    np.testing.assert_allclose(plane.covariance, np.cov(plane.points.T, ddof=0), atol=1e-9)
    np.testing.assert_allclose(plane.variances, np.linalg.eigvalsh(plane.covariance)[::-1], atol=1e-9)
    np.testing.assert_allclose(
        plane.covariance @ unit(pca.best_angle), plane.variances[0] * unit(pca.best_angle), atol=1e-8
    )
    angles = np.linspace(0, 180, 721)
    assert pca.shadow_variance(angles).max() <= pca.shadow_variance(pca.best_angle) + 1e-9
    assert float(pca.squared_distance(pca.best_angle)) == pytest.approx(plane.variances[1], abs=1e-8)


@settings(max_examples=50, deadline=None)
@given(shapes, seeds, st.sampled_from([0.0, 0.35, 1.0]), st.sampled_from([1, 2]))
def test_principal_axes_in_space(shape, seed: int, thickness: float, keep: int) -> None:
    solid = cloud(shape, seed, thickness=thickness, keep=keep).solid
    np.testing.assert_allclose(solid.axes @ solid.axes.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(solid.axes) == pytest.approx(1)
    np.testing.assert_allclose(solid.axes @ solid.covariance @ solid.axes.T, np.diag(solid.variances), atol=1e-8)
    assert solid.shares.sum() == pytest.approx(1)
    assert solid.error(keep) == pytest.approx(solid.variances[keep:].sum(), abs=1e-9)
    np.testing.assert_allclose(solid.rebuilt(3), solid.points, atol=1e-9)
    assert np.linalg.matrix_rank(solid.rebuilt(keep), tol=1e-8) <= keep


@settings(max_examples=50, deadline=None)
@given(shapes, seeds)
def test_the_flattest_view_has_the_widest_shadow(shape, seed: int) -> None:
    pca = cloud(shape, seed)
    variances, trace = pca.solid.variances, pca.solid.trace
    assert pca.seen_from(*pca.flattest_view) == pytest.approx((trace - variances[2], variances[2]), abs=1e-8)
    assert pca.seen_from(*pca.narrowest_view) == pytest.approx((trace - variances[0], variances[0]), abs=1e-8)
    assert pca.seen_from(*TOP_VIEW)[0] == pytest.approx(pca.plane.trace)
    for elevation in np.linspace(0, math.pi / 2, 7):
        for azimuth in np.linspace(0, 2 * math.pi, 9):
            assert variances[2] - 1e-9 <= pca.seen_from(azimuth, elevation)[1] <= variances[0] + 1e-9


@settings(max_examples=50, deadline=None)
@given(shapes, seeds)
def test_the_sweep_meets_the_peak_late(shape, seed: int) -> None:
    pca = cloud(shape, seed)
    start, end = pca.sweep
    assert end - start == 180 and start % 15 == 0
    assert start + 120 <= pca.best_angle <= start + 140


@pytest.mark.parametrize("seed", [1, 42, 2024])
def test_a_large_cloud_is_like_its_population(seed: int) -> None:
    pca = Pca(seed=seed, points=400)
    population = np.array(pca.shape) @ np.array(pca.shape).T
    # The variance of a normal variance estimate is 2σ⁴/n; a covariance has σ₁²σ₂² + σ₁₂² over n.
    diagonal = np.diag(population)
    error = np.sqrt((np.outer(diagonal, diagonal) + population**2) / pca.points)
    assert (np.abs(pca.plane.covariance - population) < 4 * error).all()


def test_the_witness_has_both_parts() -> None:
    pca = Pca()
    parts = np.abs(pca.plane.axes @ pca.plane.points[pca.witness])
    assert parts.min() > 0.3


def test_regimes() -> None:
    assert Pca().regime == "long"
    assert Pca(shape=((1, 0), (0, 1)), points=400).regime == "roundish"
    line = Pca(shape=((1, -1), (-1, 1)), thickness=0)
    assert line.regime == "on a line"
    assert line.best_angle == pytest.approx(-45)
    assert line.solid.shares[0] == pytest.approx(1)


def test_axes_that_stand_upright_point_up() -> None:
    upright = Principal(np.array([[0.0, -2.0], [0.0, 2.0], [1.0, 0.0], [-1.0, 0.0]]))
    np.testing.assert_allclose(upright.axes, [[0, 1], [-1, 0]], atol=1e-12)


def test_an_eye_is_above_the_horizon_and_near() -> None:
    azimuth, elevation = eye_along([0.6, 0.0, -0.8], near=-3.0)
    assert elevation == pytest.approx(math.asin(0.8))
    assert azimuth == pytest.approx(-math.pi)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"shape": ((0.1, 0), (0, 0.1))}, "shrinks the whole cloud"),
        ({"shape": ((4, 0), (0, 1))}, "from -3 to 3"),
        ({"shape": ((1, 0),)}, "two rows"),
        ({"keep": 3}, "from 1 to 2"),
        ({"points": 29}, "from 30 to 400"),
        ({"thickness": -0.1}, "from 0 to 1"),
        ({"seeds": 1}, "did you mean seed?"),
    ],
)
def test_impossible_values_are_told(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words.replace("?", r"\?")):
        Pca.configured(values)
