"""Gradient descent: the published values, the closed forms, and every regime with its words."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainers.calculus.gradient_descent import (
    ESCAPE,
    SETTLED,
    TOLERANCE,
    Bowl,
    GradientDescent,
    Himmelblau,
    Rosenbrock,
    Surface,
    best_contraction,
    best_rate,
    descend,
    himmelblau_basins,
    stability_limit,
    steps_to,
)
from explainers.model import InvalidParameterError, Pillar

SURFACES = [Bowl(1.0, 10.0), Himmelblau(), Rosenbrock()]
LOW = st.floats(0.1, 5.0)
HIGH = st.floats(0.1, 50.0)
COORDINATE = st.floats(-10.0, 10.0, allow_subnormal=False)
RATE = st.floats(0.0001, 2.0)


@st.composite
def bowls(draw: st.DrawFn) -> GradientDescent:
    """Any bowl explainer the declaration admits."""
    low, high = sorted((draw(LOW), draw(HIGH)))
    return GradientDescent(
        curvature_low=min(low, 5.0),
        curvature_high=high,
        start=(draw(COORDINATE), draw(COORDINATE)),
        learning_rate=draw(RATE),
        steps=draw(st.integers(5, 200)),
        slow_share=draw(st.floats(0.005, 0.2)),
        divergent_share=draw(st.floats(1.001, 2.0)),
    )


def assert_json_finite(value: object) -> None:
    json.dumps(value, allow_nan=False)


# What it declares.


def test_it_carries_the_catalogue_title_and_references() -> None:
    found = GradientDescent
    assert found.slug == "gradient-descent"
    assert found.pillar is Pillar.CALCULUS
    assert found.title == "Downhill, and how fast is too fast"
    assert found.insight.startswith("Step against the gradient, but below 2/L")
    assert found.references == (
        "MML 7.1",
        "MTB 13",
        "MTC 1",
        "CML C2W2L2",
        "PAL 11",
        "ARX 1",
        "TALK 2",
        "SR:math/optimization",
    )


def test_parameters_say_what_is_allowed() -> None:
    declared = GradientDescent.parameters()
    assert declared["surface"].allowed == "one of bowl, himmelblau, rosenbrock, network"
    assert declared["learning_rate"].allowed.startswith("a number from 0.0001 to 2")
    assert declared["steps"].allowed == "a whole number from 5 to 200"
    assert all(item.description and item.allowed != "a list" for item in declared.values())


# The catalogue's values.


@pytest.mark.parametrize(
    ("rate", "distance", "tolerance"),
    [(0.02, 2.4, 0.05), (2 / 11, 4.8e-5, 0.05e-5), (0.195, 0.046, 0.0005), (0.205, 19.0, 0.5)],
)
def test_distance_after_sixty_steps(rate: float, distance: float, tolerance: float) -> None:
    run = GradientDescent().run(rate)
    assert run.steps == 60
    assert run.distances[-1] == pytest.approx(distance, abs=tolerance)


def test_limit_best_rate_and_regimes_of_the_default_story() -> None:
    explainer = GradientDescent()
    assert explainer.limit == pytest.approx(0.2)
    assert explainer.best_rate == pytest.approx(2 / 11)
    assert explainer.best_contraction == pytest.approx(0.8182, abs=5e-5)
    assert explainer.rates == pytest.approx({"slow": 0.02, "good": 2 / 11, "own": 0.195, "divergent": 0.205})
    assert {name: run.regime for name, run in explainer.runs.items()} == {
        "slow": "crawl",
        "good": "brisk",
        "own": "zigzag",
        "divergent": "diverges",
    }
    assert explainer.limit_scope == "everywhere"
    assert [explainer.overshoots(rate) for rate in (0.02, 0.0999, 0.1001, 0.205)] == [
        False,
        False,
        True,
        True,
    ]


def test_himmelblau_minima_are_the_published_ones() -> None:
    surface = Himmelblau()
    published = [[3.0, 2.0], [-2.805, 3.131], [-3.779, -3.283], [3.584, -1.848]]
    assert np.round(surface.minima, 3).tolist() == published
    assert np.abs(surface.gradient(surface.minima)).max() < 1e-12
    assert np.abs(surface.value(surface.minima)).max() < 1e-24
    assert np.linalg.eigvalsh(surface.hessian(surface.minima)).min() > 0


def test_facts_hold_the_catalogue_values() -> None:
    facts = GradientDescent().facts()
    assert facts["limit_2_over_L"] == 0.2
    assert facts["best_contraction"] == 0.818182
    assert facts["last_distance"]["slow"] == pytest.approx(2.4, abs=0.05)
    assert np.round(facts["himmelblau_minima"], 3).tolist()[3] == [3.584, -1.848]
    assert facts["himmelblau_ends"][0] == pytest.approx([3.0, 2.0], abs=1e-5)
    assert facts["steps_needed"] == {"slow": 684, "good": 69, "own": 270}
    assert facts["best_steps_by_condition"] == {"1": 1, "10": 69, "100": 691}
    assert_json_finite(facts)


# The surfaces.


@pytest.mark.parametrize("surface", SURFACES)
def test_derivatives_match_central_differences(surface: Surface) -> None:
    points = np.random.default_rng(3).uniform(-3, 3, size=(4, 5, 2))
    step = 1e-5
    shifts = step * np.eye(2)
    gradient = np.stack([(surface.value(points + s) - surface.value(points - s)) / (2 * step) for s in shifts], -1)
    hessian = np.stack([(surface.gradient(points + s) - surface.gradient(points - s)) / (2 * step) for s in shifts], -1)
    assert surface.value(points).shape == (4, 5)
    assert surface.gradient(points).shape == (4, 5, 2)
    assert surface.hessian(points).shape == (4, 5, 2, 2)
    # Central differences: error step²·|f'''|/6 with third derivatives below 1e4, plus rounding 1e-16·1e4/step.
    np.testing.assert_allclose(surface.gradient(points), gradient, atol=1e-5)
    np.testing.assert_allclose(surface.hessian(points), hessian, atol=1e-5)


def test_published_heights() -> None:
    assert Himmelblau().value(np.zeros(2)) == 170
    assert Himmelblau().value(np.array([-0.270845, -0.923039])) == pytest.approx(181.617, abs=5e-4)
    assert Rosenbrock().value(np.array([-1.2, 1.0])) == pytest.approx(24.2)
    low, high = np.linalg.eigvalsh(Rosenbrock().hessian(np.ones(2)))
    assert high / low == pytest.approx(2508, abs=0.5)


# The bowl, in closed form.


@settings(max_examples=50, deadline=None)
@given(bowls(), RATE)
def test_path_is_the_closed_form(explainer: GradientDescent, rate: float) -> None:
    run = explainer.run(rate)
    exact = explainer.closed_form(rate)
    # Rounding grows by a few units in the last place per step; relative to the largest coordinate so far.
    scale = np.maximum.accumulate(np.abs(exact), axis=0)
    assert np.all(np.abs(run.path - exact) <= 1e-12 * scale + 1e-300)
    assert np.all(np.abs(run.path) <= ESCAPE)
    if run.escaped:
        following = np.abs(np.array(explainer.start) * explainer.factors(rate) ** (run.steps + 1))
        assert run.steps < explainer.steps
        assert following.max() > ESCAPE * (1 - 1e-9)
    else:
        assert run.steps == explainer.steps


@settings(max_examples=50, deadline=None)
@given(bowls(), st.floats(0.01, 1.9))
def test_converges_exactly_below_the_limit(explainer: GradientDescent, share: float) -> None:
    assume(all(abs(value) > 1e-6 for value in explainer.start))
    rate = share * explainer.limit
    assume(abs(share - 1) > 1e-6)
    assert (explainer.regime(rate) in {"crawl", "brisk", "zigzag"}) == (share < 1)
    assert (explainer.contraction(rate) < 1) == (share < 1)
    needed = explainer.steps_needed(rate)
    assert (needed is None) == (share > 1)
    if share < 1:
        distance = explainer.run(rate).distances
        # Each step rounds by a few units in the last place of the distance before it.
        assert np.all(distance[1:] <= (explainer.contraction(rate) + 1e-15) * distance[:-1] + 1e-300)


@settings(max_examples=50, deadline=None)
@given(LOW, st.floats(1.0, 10.0), RATE)
def test_best_rate_beats_every_other(low: float, ratio: float, rate: float) -> None:
    high = low * ratio
    best = best_rate(low, high)
    worst = max(abs(1 - best * low), abs(1 - best * high))
    kappa = high / low
    assert worst == pytest.approx((kappa - 1) / (kappa + 1), abs=1e-12)
    assert best_contraction(low, high) == pytest.approx(worst, abs=1e-12)
    assert max(abs(1 - rate * low), abs(1 - rate * high)) >= worst - 1e-12
    assert best < stability_limit(high)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.001, 0.9999))
def test_steps_to_is_the_first_count_that_suffices(contraction: float) -> None:
    count = steps_to(contraction)
    assert contraction**count <= TOLERANCE * (1 + 1e-8)
    assert contraction ** (count - 1) > TOLERANCE


def test_steps_to_at_its_ends() -> None:
    assert steps_to(0.0) == 1
    assert steps_to(0.1) == 6
    assert steps_to(1.0) is None
    assert steps_to(1.05) is None


def test_steps_needed_is_kept_by_the_run_and_tight_for_the_slowest_direction() -> None:
    along = GradientDescent(start=(8.0, 0.0), steps=200)
    count = along.steps_needed(along.best_rate)
    remaining = along.run(along.best_rate).distances / 8.0
    assert remaining[count] <= TOLERANCE < remaining[count - 1]
    mixed = GradientDescent(steps=200).run(2 / 11)
    assert mixed.distances[count] <= TOLERANCE * mixed.distances[0]


@settings(max_examples=50, deadline=None)
@given(bowls(), st.floats(0.001, 0.999))
def test_brisk_lies_between_half_the_best_rate_and_midway_to_the_limit(
    explainer: GradientDescent, place: float
) -> None:
    assume(all(abs(value) > 1e-6 for value in explainer.start))
    lower, upper = explainer.best_rate / 2, (explainer.best_rate + explainer.limit) / 2
    edge = 1e-9 * explainer.limit
    assert explainer.regime(lower + edge + place * (upper - lower - 2 * edge)) == "brisk"
    assert explainer.regime(place * (lower - edge)) == "crawl"
    # Closer to the limit than its own tolerance, a rate counts as on it.
    top = explainer.limit * (1 - 1e-8)
    assume(top > upper + edge)
    assert explainer.regime(upper + edge + place * (top - upper - edge)) == "zigzag"


@settings(max_examples=50, deadline=None)
@given(bowls())
def test_every_bowl_has_finite_facts_words_and_picture(explainer: GradientDescent) -> None:
    assert_json_finite(explainer.facts())
    for rate in explainer.rates.values():
        assert 0 < len(explainer.verdict(rate)) < 100
    (x_min, x_max), (y_min, y_max) = explainer.window
    assert x_min <= explainer.start[0] <= x_max
    assert y_min <= explainer.start[1] <= y_max
    assert x_max - x_min >= 0.5 * (y_max - y_min) > 0
    assert y_max - y_min >= 0.5 * (x_max - x_min) > 0
    for run in explainer.runs.values():
        assert np.all(np.isfinite(run.path))
        assert np.all(np.isfinite(run.losses))
        assert len(run.path) == len(run.losses) == len(run.distances)
        if run.settles:
            assert explainer.points_in_window(run) == len(run.path)


@settings(max_examples=50, deadline=None)
@given(bowls())
def test_the_compared_rates_keep_their_roles(explainer: GradientDescent) -> None:
    assume(all(abs(value) > 1e-6 for value in explainer.start))
    runs = explainer.runs
    assert (runs["slow"].regime, runs["good"].regime, runs["divergent"].regime) == (
        "crawl",
        "brisk",
        "diverges",
    )
    assert explainer.good_halvings == 0
    assert explainer.good_rate == explainer.best_rate


# Edge cases of the bowl.


def test_exactly_at_the_limit_it_jumps_to_and_fro() -> None:
    explainer = GradientDescent(learning_rate=0.2)
    run = explainer.runs["own"]
    assert run.regime == "borderline"
    assert not run.settles
    np.testing.assert_allclose(run.path[:, 1], [(-1.0) ** k for k in range(61)])
    assert "to and fro" in explainer.verdict(0.2)
    assert explainer.steps_needed(0.2) is None


def test_start_on_the_flat_axis_is_spared() -> None:
    explainer = GradientDescent(start=(8.0, 0.0))
    assert explainer.start_kind == "flat axis"
    assert explainer.active_curvatures.tolist() == [1.0]
    assert explainer.is_spared(0.205)
    assert explainer.is_spared(0.2)
    assert not explainer.is_spared(0.195)
    assert explainer.run(0.205).distances[-1] == pytest.approx(8 * 0.795**60)
    assert "no steep part" in explainer.verdict(0.205)
    assert explainer.regime(2.1) == "diverges"
    assert not explainer.is_spared(2.1)


def test_start_on_the_steep_axis_has_only_that_direction() -> None:
    explainer = GradientDescent(start=(0.0, 1.0))
    assert explainer.start_kind == "steep axis"
    assert explainer.regime(0.195) == "zigzag"
    assert explainer.regime(0.205) == "diverges"
    assert explainer.contraction(0.02) == pytest.approx(0.8)
    assert not explainer.is_spared(0.205)


def test_start_at_the_minimum_stays() -> None:
    explainer = GradientDescent(start=(0.0, 0.0), learning_rate=2.0)
    assert explainer.start_kind == "minimum"
    run = explainer.runs["own"]
    assert run.regime == "still"
    assert run.remaining == 0.0
    assert not run.path.any()
    assert explainer.steps_needed(2.0) == 0
    assert "nothing moves" in explainer.verdict(2.0)
    assert explainer.window == ((-1.0, 1.0), (-1.0, 1.0))
    assert explainer.stretched_run.regime == "still"
    assert GradientDescent(start=(1e-300, 0.0)).facts()["start_kind"] == "flat axis"


def test_a_circular_bowl_needs_one_step() -> None:
    explainer = GradientDescent(curvature_low=4.0, curvature_high=4.0, start=(3.0, -5.0))
    assert explainer.is_circular
    assert explainer.start_kind == "generic"
    assert explainer.best_contraction == 0.0
    assert explainer.run(explainer.best_rate).path[1].tolist() == [0.0, 0.0]
    assert explainer.steps_needed(explainer.best_rate) == 1
    assert explainer.facts()["best_steps_by_condition"] == {"1": 1, "10": 69}
    assert "grows the distance" in explainer.verdict(explainer.divergent_rate)


def test_words_follow_the_rate() -> None:
    explainer = GradientDescent()
    assert explainer.verdict(0.02) == "crawls: 30% of the distance left after 60 steps"
    assert explainer.verdict(2 / 11).startswith("brisk: less than 0.1%")
    assert explainer.verdict(0.195) == "zigzags in: 0.57% of the distance left after 60 steps"
    assert explainer.verdict(0.205) == "diverges: each step grows the steep part 1.05 times"
    assert explainer.verdict(0.2000001) == "diverges, if slowly: just above the limit"
    long_valley = GradientDescent(curvature_low=0.1, curvature_high=50.0)
    assert long_valley.verdict(long_valley.best_rate).startswith("about as fast as this valley allows: 79%")
    round_bowl = GradientDescent(curvature_low=2.0, curvature_high=2.0)
    assert round_bowl.verdict(0.1).startswith("slower than it could be: less than 0.1%")


def test_a_violent_rate_is_cut_off_before_anything_overflows() -> None:
    explainer = GradientDescent(curvature_low=5.0, curvature_high=50.0, learning_rate=2.0, steps=200)
    run = explainer.runs["own"]
    assert run.escaped
    assert run.steps == math.floor(math.log(ESCAPE) / math.log(99))
    assert np.all(np.isfinite(run.losses))
    assert run.loss_rises.all()


@pytest.mark.parametrize("start", [(0.0, 0.0), (1.0, 0.0), (0.0, 2.3e-308)])
def test_closed_form_where_a_power_alone_would_overflow(start: tuple[float, float]) -> None:
    explainer = GradientDescent(curvature_low=0.1, curvature_high=50.0, start=start, steps=200)
    exact = explainer.closed_form(2.0)
    assert np.all(np.isfinite(exact))
    np.testing.assert_allclose(explainer.path(2.0), exact, rtol=1e-12)


def test_a_stretched_valley_is_slower() -> None:
    explainer = GradientDescent()
    run = explainer.stretched_run
    assert explainer.stretched_condition_number == pytest.approx(100)
    assert run.rate == pytest.approx(2 / 101)
    np.testing.assert_allclose(run.distances, np.hypot(8, 1) * (99 / 101) ** np.arange(61))
    assert run.remaining > explainer.runs["good"].remaining


def test_runs_by_condition_share_start_and_middle_run() -> None:
    explainer = GradientDescent()
    runs = explainer.condition_runs
    assert list(runs) == list(explainer.pace_by_condition) == [1.0, 10.0, 100.0]
    assert runs[1.0].distances[1] == 0.0
    np.testing.assert_allclose(runs[10.0].path, explainer.runs["good"].path)
    np.testing.assert_array_equal(runs[100.0].path, explainer.stretched_run.path)
    for number, run in runs.items():
        assert run.rate == pytest.approx(2 / (1 + number))


def test_runs_by_condition_off_the_bowl_start_from_the_offset() -> None:
    explainer = GradientDescent(surface="himmelblau")
    for run in explainer.condition_runs.values():
        np.testing.assert_allclose(run.path[0], -explainer.target)


# The picture.


@pytest.mark.parametrize("aspect", [0.5, 1.0, 3.0])
def test_a_bowls_window_takes_the_shape_asked_for_and_only_grows(aspect: float) -> None:
    explainer = GradientDescent()
    (x_min, x_max), (y_min, y_max) = explainer.window_shaped(aspect)
    assert (x_max - x_min) / (y_max - y_min) == pytest.approx(aspect)
    assert x_max >= 9.2 - 1e-9 and y_max >= 4.6 - 1e-9
    assert x_max == pytest.approx(9.2) or y_max == pytest.approx(4.6)
    himmelblau = GradientDescent(surface="himmelblau")
    assert himmelblau.window_shaped(aspect) == himmelblau.window


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"curvature_low": 0.1, "curvature_high": 50.0},
        {"start": (0.0, 3.0)},
        {"surface": "himmelblau"},
        {"surface": "rosenbrock", "start": (10.0, 10.0)},
    ],
)
def test_contours_go_through_the_start_and_stay_below_the_top(values: dict) -> None:
    explainer = GradientDescent(**values)
    top = float(explainer.lattice()[2].max())
    levels = explainer.levels_through_start(top)
    own = explainer.landscape.value(np.array(explainer.start))
    assert np.min(np.abs(levels / own - 1.0)) < 1e-9
    assert 4 <= len(levels) <= 19
    assert np.all(np.diff(levels) > 0) and levels[-1] < top


def test_contours_of_a_start_at_the_minimum() -> None:
    levels = GradientDescent(start=(0.0, 0.0)).levels_through_start(10.0, 4)
    np.testing.assert_allclose(levels, 10.0 * (np.arange(1, 5) / 5) ** 2)


def test_heights_are_losses_on_the_bowl_and_logarithms_elsewhere() -> None:
    assert GradientDescent().drawn_height(8.0) == 8.0
    assert GradientDescent(surface="rosenbrock").drawn_height(math.e - 1) == pytest.approx(1.0)


def test_window_holds_the_story_and_cuts_the_divergent_run() -> None:
    explainer = GradientDescent()
    assert np.array(explainer.window) == pytest.approx(np.array([[-9.2, 9.2], [-4.6, 4.6]]))
    shown = explainer.points_in_window(explainer.runs["divergent"])
    assert shown == 1 + math.floor(math.log(4.6) / math.log(1.05))


def test_lattice_contours_and_arrows_come_from_the_surface() -> None:
    explainer = GradientDescent()
    grid_x, grid_y, height = explainer.lattice(21, 11)
    assert grid_x.shape == grid_y.shape == height.shape == (11, 21)
    np.testing.assert_allclose(height, 0.5 * (grid_x**2 + 10 * grid_y**2))
    levels = explainer.contour_levels(8)
    assert levels.shape == (8,)
    radii = np.sqrt(2 * levels)
    np.testing.assert_allclose(np.diff(radii), radii[0])
    points, arrows = explainer.gradient_field(5, 3)
    assert points.shape == arrows.shape == (15, 2)
    np.testing.assert_allclose(arrows, -points * [1.0, 10.0])
    assert explainer.gradient_at_start.tolist() == [8.0, 10.0]


def test_camera_direction() -> None:
    assert np.linalg.norm(GradientDescent().camera_direction) == pytest.approx(1)
    expected = [0, math.sqrt(0.5), math.sqrt(0.5)]
    assert GradientDescent(camera=(90.0, 45.0)).camera_direction == pytest.approx(expected)


def test_results_cannot_be_changed_by_a_picture() -> None:
    with pytest.raises(ValueError, match="read-only"):
        GradientDescent().path(0.1)[0, 0] = 5.0
    with pytest.raises(ValueError, match="read-only"):
        GradientDescent().basins(5)[2][0, 0] = 5


# The four valleys.


def test_close_starts_end_in_four_valleys() -> None:
    explainer = GradientDescent()
    for run, minimum in zip(explainer.valley_runs, explainer.valleys.minima, strict=True):
        assert run.has_arrived
        assert run.settles
        np.testing.assert_allclose(run.end, minimum, atol=1e-6)
        assert not run.loss_rises[:100].any()
    starts = np.array([run.path[0] for run in explainer.valley_runs])
    assert np.linalg.norm(starts - [-0.270845, -0.923039], axis=1).max() < 0.8


def test_basins_agree_with_single_runs() -> None:
    grid_x, grid_y, index = GradientDescent().basins(21)
    assert grid_x.shape == grid_y.shape == index.shape == (21, 21)
    assert set(np.unique(index)) == {0, 1, 2, 3}
    surface = Himmelblau()
    for row, column in np.random.default_rng(7).integers(0, 21, size=(12, 2)):
        start = (float(grid_x[row, column]), float(grid_y[row, column]))
        end = descend(surface, start, 0.01, 400)[-1]
        np.testing.assert_allclose(end, surface.minima[index[row, column]], atol=SETTLED)
    minima_cells = np.argmin((grid_x[..., None] - 3) ** 2 + (grid_y[..., None] - 2) ** 2)
    assert himmelblau_basins(21)[2].ravel()[minima_cells] == 0


# Other surfaces.


def test_himmelblau_takes_its_usual_start_unless_told() -> None:
    explainer = GradientDescent.configured({"surface": "himmelblau"})
    assert explainer.start == (0.0, 0.0)
    assert explainer.learning_rate == 0.0235
    assert explainer.changed_settings() == {"surface": "himmelblau"}
    assert explainer.limit_scope == "near the minimum"
    assert explainer.target.tolist() == [3.0, 2.0]
    assert explainer.limit == pytest.approx(2 / 82.2843, rel=1e-6)
    names = {name: run.regime for name, run in explainer.runs.items()}
    assert names == {"slow": "crawl", "good": "brisk", "own": "zigzag", "divergent": "bounces"}
    assert explainer.runs["good"].end == pytest.approx([3.0, 2.0])
    with pytest.raises(ValueError, match="no closed form"):
        explainer.closed_form(0.01)


@pytest.mark.parametrize(
    "values",
    [
        {"surface": "himmelblau", "start": (8.0, 1.0), "learning_rate": 0.195},
        {"surface": "himmelblau", "steps": 100},
        {"surface": "rosenbrock", "learning_rate": 0.195},
        {"curvature_high": 40.0, "start": (1.0, 1.0)},
        {},
    ],
)
def test_changed_settings_make_the_same_explainer(values: dict) -> None:
    explainer = GradientDescent.configured(values)
    assert GradientDescent.configured(explainer.changed_settings()) == explainer
    assert GradientDescent.configured(explainer.settings()) == explainer
    assert {name: getattr(explainer, name) for name in values} == values


def test_too_far_out_the_local_rate_is_halved_until_it_settles() -> None:
    explainer = GradientDescent(surface="himmelblau", start=(8.0, 1.0))
    assert explainer.regime(explainer.best_rate) == "diverges"
    assert "steeper" in explainer.verdict(explainer.best_rate)
    assert explainer.good_halvings == 2
    assert explainer.good_rate == explainer.best_rate / 4
    assert explainer.runs["good"].has_arrived
    assert explainer.runs["slow"].settles


def test_a_good_run_never_ends_above_its_start() -> None:
    explainer = GradientDescent(surface="rosenbrock", start=(1.03125, 1.0625))
    thrown_out = explainer.run(explainer.best_rate)
    assert thrown_out.losses[-1] > thrown_out.losses[0]
    assert explainer.good_halvings > 0
    assert explainer.runs["good"].losses[-1] < explainer.runs["good"].losses[0]


def test_himmelblau_at_a_minimum_is_still() -> None:
    explainer = GradientDescent(surface="himmelblau", start=(3.0, 2.0))
    assert explainer.start_kind == "minimum"
    assert {run.regime for run in explainer.runs.values()} == {"still"}


def test_rosenbrock_crawls() -> None:
    explainer = GradientDescent(surface="rosenbrock")
    assert explainer.start == (-1.2, 1.0)
    assert explainer.condition_number == pytest.approx(2508, abs=0.5)
    assert explainer.regime(0.001) == "crawl"
    assert explainer.regime(explainer.divergent_rate) == "bounces"
    assert explainer.regime(0.5) == "diverges"
    assert explainer.verdict(0.001) == "crawls: 90% of the distance left after 60 steps"


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["himmelblau", "rosenbrock"]), COORDINATE, COORDINATE, RATE)
def test_other_surfaces_are_finite_and_worded_everywhere(surface: str, x: float, y: float, rate: float) -> None:
    explainer = GradientDescent(surface=surface, start=(x, y), learning_rate=rate)
    assert_json_finite(explainer.facts())
    good = explainer.runs["good"]
    assert good.settles
    assert good.losses[-1] <= good.losses[0]
    low, high = np.array(explainer.window).T
    assert np.all((low <= good.path) & (good.path <= high))
    assert np.all(np.isfinite(explainer.lattice(9, 9)[2]))
    assert np.abs(explainer.landscape.gradient(explainer.target)).max() < 1e-12


# What is refused.


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"learning_rate": math.nan}, "learning_rate"),
        ({"learning_rate": 0.0}, "a number from 0.0001 to 2"),
        ({"learning_rate": 2.1}, "above 2 only on network"),
        ({"surface": "network", "learning_rate": 51}, "on network to 50"),
        ({"surface": "network", "start": (3, 0)}, "measured for x from -8.19 to 2.34 and y from -3.70 to 2.11"),
        ({"start": (1.0, 2.0, 3.0)}, "two numbers"),
        ({"start": (11.0, 0.0)}, "two numbers"),
        ({"start": (math.inf, 0.0)}, "two numbers"),
        ({"start": "origin"}, "two numbers"),
        ({"steps": 4}, "a whole number from 5 to 200"),
        ({"steps": 10.5}, "a whole number"),
        ({"surface": "saddle"}, "one of bowl, himmelblau, rosenbrock, network"),
        ({"surface": ["bowl"]}, "one of bowl"),
        ({"divergent_share": 1.0}, "from 1.001 to 2"),
        ({"slow_share": 0.5}, "from 0.005 to 0.2"),
        ({"camera": (0.0, 90.0)}, "elevation"),
        ({"curvature_low": 5.0, "curvature_high": 4.0}, "curvature_high must be at least curvature_low"),
        ({"learning_rat": 0.1}, "did you mean learning_rate?"),
    ],
)
def test_impossible_values_are_refused_in_words(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words.replace("?", r"\?")):
        GradientDescent.configured(values)


# The measured loss of a network.


def test_the_network_is_descended_as_its_own_curvature_says() -> None:
    """Near the minimum the limit 2/L, computed from the measured surface, parts what settles from what leaves."""
    explainer = GradientDescent(surface="network")
    low, high = explainer.curvatures
    assert (low, high) == (pytest.approx(0.02566, abs=1e-4), pytest.approx(0.06494, abs=1e-4))
    assert {name: run.regime for name, run in explainer.runs.items()} == {
        "slow": "crawl",
        "good": "brisk",
        "own": "zigzag",
        "divergent": "diverges",
    }
    assert explainer.good_halvings == 0 and explainer.changed_settings() == {"surface": "network"}
    near = explainer.target + np.array([0.05, 0.05])
    close = GradientDescent(surface="network", start=tuple(near))
    assert close.run(0.95 * close.limit).settles and not close.run(1.1 * close.limit).settles


def test_a_run_on_the_network_stays_where_the_loss_was_measured() -> None:
    explainer = GradientDescent(surface="network")
    (x_min, x_max), (y_min, y_max) = explainer.window
    for run in explainer.runs.values():
        assert ((run.path >= (x_min, y_min)) & (run.path <= (x_max, y_max))).all()
    assert explainer.runs["divergent"].escaped
    assert explainer.verdict(explainer.divergent_rate) == "leaves the part that was measured"


@settings(max_examples=10, deadline=None)
@given(st.floats(-8.1, 2.3), st.floats(-3.6, 2.1), st.floats(0.0001, 50))
def test_any_start_on_the_network_gives_finite_facts(x: float, y: float, rate: float) -> None:
    explainer = GradientDescent(surface="network", start=(x, y), learning_rate=rate)
    json.dumps(explainer.facts(), allow_nan=False)
    assert explainer.runs["good"].settles
