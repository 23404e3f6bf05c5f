"""Backprop: the numbers of both passes against finite differences, closed forms and a by-hand example."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainers import find
from explainers.calculus.backprop import Backprop, Weights, activate, slope
from explainers.model import InvalidParameterError

quick = settings(max_examples=50, deadline=None)
entries = st.floats(-3, 3)
rows = st.tuples(entries, entries)
threes = st.tuples(entries, entries, entries)


@st.composite
def networks(draw: st.DrawFn) -> Backprop:
    """Any admitted network."""
    return Backprop(
        inputs=draw(rows),
        target=draw(st.floats(-20, 20)),
        activation=draw(st.sampled_from(("relu", "tanh", "sigmoid"))),
        hidden_weights=draw(st.tuples(rows, rows, rows)),
        hidden_biases=draw(threes),
        output_weights=draw(threes),
        output_bias=draw(entries),
        learning_rate=draw(st.floats(0.0001, 1)),
    )


def test_is_in_the_catalogue_with_its_counts() -> None:
    assert find("backprop") is Backprop
    facts = Backprop().facts()
    assert facts["params"] == 13 and facts["forward_passes_fd"] == 26 and facts["reverse_passes"] == 1
    assert facts["max_err"] < 1e-8


def test_default_by_hand() -> None:
    """Every number on screen, worked out on paper from the weights."""
    facts = Backprop().facts()
    assert facts["z"] == [2.0, 1.5, -1.5] and facts["h"] == [2.0, 1.5, 0.0]
    assert facts["y"] == -0.5 and facts["output_error"] == -2.0 and facts["loss"][0] == 2.0
    assert facts["arriving"] == [-2.0, 4.0, -3.0] and facts["slopes"] == [1.0, 1.0, 0.0]
    assert facts["hidden_errors"] == [-2.0, 4.0, 0.0] and facts["input_errors"] == [-6.0, 3.0]
    assert facts["gradient"] == [-2, -4, 4, 8, 0, 0, -2, 4, 0, -4, -3, 0, -2]
    # y after the step: h = (2.12, 1.26, 0), W₂ = (1.04, −1.97, 1.5), b₂ = 0.52.
    assert facts["stepped_y"] == pytest.approx(2.12 * 1.04 - 1.26 * 1.97 + 0.52)
    assert facts["loss"][1] == pytest.approx((facts["stepped_y"] - 1.5) ** 2 / 2, rel=1e-5)
    assert facts["outcome"] == "falls"
    assert "-0.0" not in json.dumps(facts)


@quick
@given(networks())
def test_the_sweep_is_the_finite_difference(net: Backprop) -> None:
    assume(not net.is_at_kink)
    scale = 1 + np.abs(net.gradient.flat).max()
    assert net.largest_disagreement < 1e-6 * scale
    assert net.difference_passes == 26


@quick
@given(networks())
def test_input_errors_are_differences_too(net: Backprop) -> None:
    assume(net.activation != "relu" or np.abs(net.forward.z).min() > 1e-3)
    for index, expected in enumerate(net.input_errors):
        losses = []
        for sign in (1, -1):
            moved = list(net.inputs)
            moved[index] += sign * 1e-5
            losses.append(net.model_copy(update={"inputs": tuple(moved)}).run(net.weights).loss)
        assert (losses[0] - losses[1]) / 2e-5 == pytest.approx(expected, abs=1e-5 * (1 + abs(expected)))


@quick
@given(networks())
def test_the_sweep_in_matrices(net: Backprop) -> None:
    np.testing.assert_allclose(net.gradient.first, net.hidden_errors[:, None] @ net.x[None])
    np.testing.assert_allclose(net.input_errors, net.weights.first.T @ net.hidden_errors, atol=1e-12)
    np.testing.assert_allclose(net.hidden_errors, net.weights.second * net.output_error * net.slopes)
    np.testing.assert_array_equal(Weights.from_flat(net.weights.flat).flat, net.weights.flat)


@quick
@given(networks())
def test_a_short_enough_step_lowers_the_loss(net: Backprop) -> None:
    size = float(np.linalg.norm(net.gradient.flat))
    assume(size > 1e-3 and (net.activation != "relu" or np.abs(net.forward.z).min() > 1e-2))
    short = net.model_copy(update={"learning_rate": 1e-6 / size})
    change = short.stepped_forward.loss - net.forward.loss
    assert change == pytest.approx(-1e-6 * size, rel=1e-3, abs=1e-9)


@quick
@given(networks())
def test_facts_are_json_and_settings_survive(net: Backprop) -> None:
    json.dumps(net.facts(), allow_nan=False)
    assert Backprop.configured(json.loads(json.dumps(net.settings()))) == net


@pytest.mark.parametrize("kind", ["relu", "tanh", "sigmoid"])
def test_slopes_are_those_of_the_activation(kind: str) -> None:
    z = np.array([-2.0, -0.3, 0.4, 1.7])
    differences = (activate(kind, z + 1e-6) - activate(kind, z - 1e-6)) / 2e-6
    np.testing.assert_allclose(slope(kind, z), differences, atol=1e-8)


def test_activations_at_known_points() -> None:
    np.testing.assert_allclose(activate("sigmoid", np.array([0.0, np.log(3)])), [0.5, 0.75])
    np.testing.assert_allclose(activate("tanh", np.array([0.0, np.log(2)])), [0.0, 0.6])
    np.testing.assert_array_equal(activate("relu", np.array([-1.0, 2.0])), [0, 2])


def test_edge_cases_have_words() -> None:
    assert Backprop().silent_units == (2,)
    assert not Backprop(target=-0.5).has_error and Backprop(target=-0.5).silent_units == ()
    assert Backprop(target=-0.5).outcome == "stays"
    assert Backprop(learning_rate=1).outcome == "rises"
    assert Backprop(hidden_weights=((0, 0), (-1, 1), (0.5, -1))).is_at_kink
    assert not Backprop(activation="tanh", hidden_weights=((0, 0), (-1, 1), (0.5, -1))).is_at_kink


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"inputs": [1]}, "two numbers from -3 to 3"),
        ({"inputs": [1, 4]}, "two numbers from -3 to 3"),
        ({"hidden_weights": [[1, 2], [3, 3]]}, "three rows of two numbers"),
        ({"activation": "gelu"}, "one of relu, tanh, sigmoid"),
        ({"target": float("nan")}, "from -20 to 20"),
        ({"learning_rate": 0}, "from 0.0001 to 1"),
        ({"weights": 1}, "no parameter 'weights'"),
    ],
)
def test_impossible_values_are_refused(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        Backprop.configured(values)
