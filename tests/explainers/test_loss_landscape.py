"""The loss landscape explainer: what it says about the committed measurements, for every pair of networks."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explainers import find
from explainers.calculus.loss_landscape import LEAST_CLIMB, LossLandscape, climb_out, dips, lowest_around
from explainers.model import InvalidParameterError
from explainers.networks.landscapes import NETWORKS

SETTINGS = [{"skip": skip, "batch": batch} for skip in (True, False) for batch in ("small", "large")]


def test_is_in_the_catalogue_with_its_numbers() -> None:
    assert find("loss-landscape") is LossLandscape
    facts = LossLandscape().facts()
    assert (facts["weights"], facts["pictures"], facts["measurements"]) == (6650, 1347, 1681)
    assert facts["sharpness_ratio"] == pytest.approx(29.2 / 5.29, rel=0.01)
    assert facts["path_share"] == pytest.approx(0.938, abs=0.001) and facts["path_steps"] == 1288
    assert facts["networks"]["skip-small"]["test_accuracy"] == pytest.approx(0.98)
    assert facts["networks"]["plain-small"]["training_loss"] == pytest.approx(1.204, abs=0.001)


@pytest.mark.parametrize("changes", SETTINGS)
def test_pairs_hold_the_network_that_is_shown_first(changes: dict) -> None:
    landscape = LossLandscape(**changes)
    assert landscape.first in landscape.by_batch.values() and landscape.first in landscape.by_skip.values()
    assert NETWORKS[landscape.first.name] == (changes["skip"], changes["batch"] == "small")
    assert {network.name for network in landscape.by_batch.values()} | {
        network.name for network in landscape.by_skip.values()
    } <= set(NETWORKS)
    json.dumps(landscape.facts(), allow_nan=False)
    middle = landscape.first.grid[20, 20]
    assert middle == pytest.approx(landscape.first.found["training_loss"], rel=1e-5)
    assert landscape.first.profile[0] == pytest.approx(middle, rel=1e-5)


def test_flat_and_sharp_are_compared_at_one_height_only() -> None:
    with_skips, without = LossLandscape(), LossLandscape(skip=False)
    assert with_skips.at_one_height and with_skips.sharpness_ratio > 3 and not with_skips.are_alike
    assert not without.at_one_height
    small, large = with_skips.by_batch.values()
    near = small.distances[1:8]
    assert (np.interp(near, large.distances, large.profile) > np.interp(near, small.distances, small.profile)).all()


def test_dips_of_known_grids() -> None:
    x = np.linspace(-1, 1, 21)
    bowl = x[:, None] ** 2 + x**2
    assert dips(bowl).tolist() == [[10, 10]]
    assert len(dips(-bowl)) == 0
    assert len(dips(np.zeros((5, 5)))) == 0
    assert len(dips(np.cos(4 * np.pi * x)[:, None] + np.cos(4 * np.pi * x))) == 16
    # What is lowest on the rim is no dip, and takes none from the inside.
    assert len(dips(x[:, None] + x)) == 0
    on_the_edge = bowl.copy()
    on_the_edge[0, 5] = -1.0
    assert dips(on_the_edge).tolist() == [[10, 10]]


def test_dips_are_as_deep_as_one_has_to_climb() -> None:
    x = np.linspace(-1, 1, 21)
    two = np.minimum((x + 0.5) ** 2, (x - 0.5) ** 2 - 0.1)[None, :] + x[:, None] ** 2
    # From the shallower hollow one climbs to the pass between both; from the deeper one there is no way down at all.
    assert climb_out(two, (10, 5)) == pytest.approx(two[10, 5:16].max() - two[10, 5])
    assert climb_out(two, (10, 15)) == pytest.approx(two[10, 20] - two[10, 15])
    ripple = np.zeros((9, 9)) + 1.0
    ripple[4, 4] -= 0.9 * LEAST_CLIMB
    assert lowest_around(ripple).tolist() == [[4, 4]] and len(dips(ripple)) == 0
    ripple[4, 4] -= 0.2 * LEAST_CLIMB
    assert dips(ripple).tolist() == [[4, 4]]


def test_dips_of_the_measured_surfaces() -> None:
    """Each holds the end of training; of the ripples around only those without skips, in large batches, are dips."""
    counts = {}
    for changes in SETTINGS:
        network = LossLandscape(**changes).first
        places = LossLandscape.dip_places(network)
        assert [0.0, 0.0] in np.round(places, 9).tolist()
        for x, y in places:
            column, row = np.searchsorted(network.axis, (x, y))
            assert network.grid[row, column] == network.grid[row - 1 : row + 2, column - 1 : column + 2].min()
        counts[network.name] = LossLandscape().dips_of(network)
    assert counts == {"skip-small": 1, "skip-large": 1, "plain-small": 1, "plain-large": 3}


def test_drawn_height_is_true_near_zero_and_rises() -> None:
    losses = np.array([0.0, 0.001, 1.0, 10.0])
    heights = LossLandscape.drawn_height(losses)
    assert heights[0] == 0 and heights[1] == pytest.approx(0.001, rel=1e-3) and (np.diff(heights) > 0).all()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"batch": "huge"}, "one of small, large"),
        ({"skip": "perhaps"}, "true or false"),
        ({"camera": [0, 90]}, "elevation from 15 to 75"),
        ({"network": 1}, "no parameter 'network'"),
    ],
)
def test_impossible_values_are_refused(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        LossLandscape.configured(values)
