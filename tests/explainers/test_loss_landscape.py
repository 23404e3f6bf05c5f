"""The loss landscape explainer: what it says about the committed measurements, for every pair of networks."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explainers import find
from explainers.calculus.loss_landscape import LossLandscape, dips, lowest_around
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
    assert dips(bowl) == 1
    assert dips(-bowl) == 0
    assert dips(np.zeros((5, 5))) == 0
    assert lowest_around(bowl).tolist() == [list(np.unravel_index(np.argmin(bowl), bowl.shape))]
    assert dips(np.cos(4 * np.pi * x)[:, None] + np.cos(4 * np.pi * x)) == 16
    rough = LossLandscape(skip=False).first
    for x, y in LossLandscape.dip_places(rough):
        column, row = np.searchsorted(rough.axis, (x, y))
        assert rough.grid[row, column] == rough.grid[row - 1 : row + 2, column - 1 : column + 2].min()
    assert (
        LossLandscape().dips_of(LossLandscape().first) == 1 < LossLandscape().dips_of(LossLandscape(skip=False).first)
    )


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
