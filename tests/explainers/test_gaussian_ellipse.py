"""The covariance ellipse against the catalogue's values, NumPy's own factorisations, and its identities."""

from __future__ import annotations

import json
from math import pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.model import InvalidParameterError
from explainers.probability.gaussian_ellipse import (
    EXTREME,
    RADII,
    GaussianEllipse,
    mahalanobis,
    round_cloud,
    share_inside,
)

quick = settings(max_examples=50, deadline=None)
deviations = st.sampled_from([0.6, 1.0, 2.0]) | st.floats(0.6, 2)
correlations = st.sampled_from([-0.9, 0.0, 0.9]) | st.floats(-0.9, 0.9)
ellipses = st.builds(
    GaussianEllipse, sigma_x=deviations, sigma_y=deviations, rho=correlations, n=st.just(100), seed=st.integers(0, 99)
)


def test_the_catalogue_values() -> None:
    facts = GaussianEllipse().facts()
    assert [round(length, 3) for length in facts["half_axes"]] == [0.635, 1.687]
    assert [round(facts["inside"][k][0], 4) for k in "123"] == [0.3935, 0.8647, 0.9889]
    # The catalogue counted 20,000 dots of seed 0, more than a picture can show.
    radii = np.linalg.norm(round_cloud(20_000, 0), axis=1)
    assert [round(float(np.mean(radii <= k)), 4) for k in RADII] == [0.3922, 0.8622, 0.9889]


def test_the_facts_of_the_default() -> None:
    facts = GaussianEllipse().facts()
    assert facts["covariance"] == [[2.25, 1.05], [1.05, 1.0]]
    assert facts["cholesky"] == [[1.5, 0.0], [0.7, round(sqrt(0.51), 6)]]
    assert facts["touch"] == [1.5, 0.7]
    assert json.loads(json.dumps(facts)) == facts


@quick
@given(ellipses)
def test_the_factor_is_numpys_and_gives_back_the_covariance(ellipse: GaussianEllipse) -> None:
    np.testing.assert_allclose(ellipse.cholesky @ ellipse.cholesky.T, ellipse.covariance, atol=1e-12)
    np.testing.assert_allclose(ellipse.cholesky, np.linalg.cholesky(ellipse.covariance), atol=1e-9)


@quick
@given(ellipses)
def test_the_axes_are_eigenvectors_and_half_lengths_root_eigenvalues(ellipse: GaussianEllipse) -> None:
    axes, covariance = ellipse.axes, ellipse.covariance
    np.testing.assert_allclose(ellipse.eigenvalues, np.linalg.eigvalsh(covariance)[::-1], rtol=1e-9)
    np.testing.assert_allclose(covariance @ axes.vectors, axes.vectors * ellipse.eigenvalues, atol=1e-9)
    np.testing.assert_allclose(axes.vectors.T @ axes.vectors, np.eye(2), atol=1e-12)
    assert axes.half_lengths[0] >= axes.half_lengths[1] - 1e-12
    assert -pi / 4 <= ellipse.angle <= 3 * pi / 4
    # Singular values of L are the half-lengths too: L maps the unit circle to the inner ellipse.
    np.testing.assert_allclose(axes.half_lengths, np.linalg.svd(ellipse.cholesky)[1], rtol=1e-9)
    assert np.prod(axes.half_lengths) == pytest.approx(np.linalg.det(ellipse.cholesky))


@quick
@given(ellipses)
def test_no_dot_leaves_its_ring(ellipse: GaussianEllipse) -> None:
    np.testing.assert_allclose(
        mahalanobis(ellipse.dots, ellipse.covariance), np.linalg.norm(ellipse.round_dots, axis=1), rtol=1e-7
    )
    for radius in RADII:
        inside = mahalanobis(ellipse.dots, ellipse.covariance) <= radius
        assert ellipse.counted(radius) == inside.sum()


@quick
@given(ellipses)
def test_the_inner_ellipse_fills_its_box_and_touches_it(ellipse: GaussianEllipse) -> None:
    angles = np.linspace(0, 2 * pi, 2001)
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) @ ellipse.cholesky.T
    np.testing.assert_allclose(ring.max(axis=0), [ellipse.sigma_x, ellipse.sigma_y], rtol=1e-5)
    assert mahalanobis(ellipse.touch[None], ellipse.covariance)[0] == pytest.approx(1)
    assert np.prod(ellipse.touch) == pytest.approx(ellipse.covariance[0, 1])


@quick
@given(ellipses)
def test_followed_axes_start_at_the_axes_do_not_jump_and_stay_eigenvectors(ellipse: GaussianEllipse) -> None:
    here = ellipse.axes_at(ellipse.rho)
    np.testing.assert_allclose(here.tips, ellipse.axes.tips, atol=1e-12)
    for rho in (-EXTREME, -0.3, 0.4, EXTREME):
        axes, covariance = ellipse.axes_at(rho), ellipse.with_correlation(rho).covariance
        np.testing.assert_allclose(covariance @ axes.vectors, axes.vectors * axes.half_lengths**2, atol=1e-9)


@pytest.mark.parametrize("deviations", [(1.5, 1.0), (0.7, 1.2), (1.0, 1.0)])
def test_swept_axes_do_not_jump(deviations: tuple[float, float]) -> None:
    ellipse = GaussianEllipse(sigma_x=deviations[0], sigma_y=deviations[1])
    tips = np.array([ellipse.axes_at(rho).tips for rho in np.linspace(-EXTREME, EXTREME, 801)])
    assert np.linalg.norm(np.diff(tips, axis=0), axis=2).max() < 0.05


@pytest.mark.parametrize("radius", RADII)
def test_counted_shares_lie_within_four_standard_errors(radius: int) -> None:
    share = share_inside(radius)
    fractions = [GaussianEllipse(n=1500, seed=seed).fraction(radius) for seed in range(40)]
    error = sqrt(share * (1 - share) / (40 * 1500))
    assert abs(np.mean(fractions) - share) < 4 * error


@pytest.mark.parametrize("radius", [0.5, 1, 2, 3])
def test_the_share_is_the_integral_of_the_density(radius: float) -> None:
    r = (np.arange(20_000) + 0.5) * radius / 20_000
    assert share_inside(radius) == pytest.approx(np.sum(r * np.exp(-(r**2) / 2)) * radius / 20_000, abs=1e-8)


def test_the_cloud_has_the_covariance_it_was_asked_for() -> None:
    ellipse = GaussianEllipse(n=1500, seed=3)
    sample = np.cov(ellipse.dots.T, bias=True)
    expected = ellipse.covariance
    # Wishart: Var s_ij = (Σ_ij² + Σ_ii Σ_jj)/n.
    errors = np.sqrt((expected**2 + np.outer(np.diag(expected), np.diag(expected))) / 1500)
    assert np.all(np.abs(sample - expected) < 4 * errors)


@pytest.mark.parametrize(
    ("changes", "lean", "pushed"),
    [
        ({}, "rising", True),
        ({"rho": -0.2}, "falling", True),
        ({"rho": 0.0}, "upright", True),
        ({"rho": 0.0, "sigma_x": 2.0, "sigma_y": 2.0}, "round", True),
        ({"rho": 0.0, "sigma_x": 1.0}, "round", False),
    ],
)
def test_the_lean_is_named(changes: dict[str, float], lean: str, pushed: bool) -> None:
    ellipse = GaussianEllipse(**changes)
    assert (ellipse.lean, ellipse.is_pushed) == (lean, pushed)


def test_another_seed_is_another_cloud_with_the_same_ellipse() -> None:
    one, other = GaussianEllipse(seed=1), GaussianEllipse(seed=2)
    assert not np.array_equal(one.dots, other.dots)
    np.testing.assert_array_equal(one.axes.tips, other.axes.tips)


@pytest.mark.parametrize(
    "changes",
    [{"rho": 0.95}, {"rho": -1}, {"sigma_x": 0}, {"sigma_y": 2.5}, {"n": 10}, {"seed": -1}, {"sigma": 1}],
)
def test_impossible_values_are_refused(changes: dict[str, float]) -> None:
    with pytest.raises(InvalidParameterError):
        GaussianEllipse.configured(changes)
