"""The digit network: gradients by finite differences, directions, sharpness of known surfaces."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.networks.digits import DeepNetwork


def small(skip: bool) -> tuple[DeepNetwork, np.ndarray, np.ndarray, np.ndarray]:
    """A small network, weights (biases too), and seven pictures of noise with labels."""
    network, generator = DeepNetwork(width=5, depth=3, skip=skip), np.random.default_rng(3)
    flat = network.initial(generator) + 0.1 * generator.normal(size=network.count)
    return network, flat, generator.random((7, 64)), generator.integers(10, size=7)


@pytest.mark.parametrize("skip", [False, True])
def test_gradient_is_finite_differences(skip: bool) -> None:
    network, flat, pixels, labels = small(skip)
    by_hand, step = network.gradient(flat, pixels, labels), 1e-6
    for index in range(0, network.count, 3):
        move = step * np.eye(network.count)[index]
        ends = [network.loss(flat + sign * move, pixels, labels) for sign in (1, -1)]
        assert by_hand[index] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=5e-9)


@pytest.mark.parametrize("skip", [False, True])
def test_forward_pass_written_out(skip: bool) -> None:
    network, flat, pixels, labels = small(skip)
    (first, b0), *layers, (last, b9) = list(zip(*[iter(network.split(flat))] * 2, strict=True))
    state = np.tanh(pixels @ first + b0)
    for weights, bias in layers:
        state = (state if skip else 0) + np.tanh(state @ weights + bias)
    logits = state @ last + b9
    np.testing.assert_allclose(network.logits(flat, pixels), logits)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert network.loss(flat, pixels, labels) == pytest.approx(-np.log(shares[np.arange(7), labels]).mean())
    assert network.accuracy(flat, pixels, logits.argmax(axis=1)) == 1.0


def test_counts_and_untrained_loss() -> None:
    network = DeepNetwork()
    assert network.count == 64 * 16 + 16 + 20 * (16 * 16 + 16) + 16 * 10 + 10 == 6650
    pixels = np.random.default_rng(0).random((5, 64))
    assert network.loss(np.zeros(network.count), pixels, np.arange(5)) == pytest.approx(np.log(10))


def test_filter_normalised_directions_have_the_weights_sizes() -> None:
    network, flat, *_ = small(True)
    direction = network.filter_normalised(flat, np.random.default_rng(0))
    for weights, drawn in zip(network.split(flat), network.split(direction), strict=True):
        expected = np.zeros(weights.shape) if weights.ndim == 1 else np.linalg.norm(weights, axis=0)
        np.testing.assert_allclose(drawn if weights.ndim == 1 else np.linalg.norm(drawn, axis=0), expected)


def test_sharpness_is_the_largest_eigenvalue() -> None:
    network, generator = DeepNetwork(width=2, depth=0), np.random.default_rng(1)
    flat = network.initial(generator)
    pixels, labels = generator.random((20, 64)), generator.integers(10, size=20)
    step, eye = 1e-5, np.eye(network.count)
    columns = [
        (network.gradient(flat + step * e, pixels, labels) - network.gradient(flat - step * e, pixels, labels))
        / (2 * step)
        for e in eye
    ]
    largest = np.linalg.eigvalsh((np.array(columns) + np.array(columns).T) / 2)[-1]
    assert network.sharpness(flat, pixels, labels, rounds=300) == pytest.approx(largest, rel=1e-4)
