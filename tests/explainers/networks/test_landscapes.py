"""Measured landscapes: committed numbers against the network itself, the polynomial against the plane it stands for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explainers.networks import landscapes, measure_landscapes, store
from explainers.networks.digits import DeepNetwork
from explainers.networks.landscapes import NAME, NETWORKS, WEIGHTS_NAME, WITH_PATH, PlaneLoss, landscape, training_path
from explainers.networks.measure_landscapes import Digits, Settings

WINDOW = ((-1.0, 2.0), (0.5, 3.0))


def a_function(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.exp(-((x - 0.4) ** 2)) + 0.3 * np.sin(2 * y) * x


@pytest.fixture(scope="module")
def plane() -> PlaneLoss:
    """A known function through its values at nodes."""
    x, y = (landscapes.chebyshev_nodes(*side, 30) for side in WINDOW)
    return PlaneLoss.through(WINDOW, a_function(*np.meshgrid(x, y)))


def test_polynomial_gives_values_and_derivatives_of_a_smooth_function(plane: PlaneLoss) -> None:
    generator, h = np.random.default_rng(0), 1e-4
    x, y = (generator.uniform(low + 0.01, high - 0.01, 40) for low, high in WINDOW)
    f = a_function
    np.testing.assert_allclose(plane.value(x, y), f(x, y), atol=1e-10)
    slopes = ((f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h))
    np.testing.assert_allclose(plane.slope(x, y), slopes, atol=1e-7)
    mixed = (f(x + h, y + h) - f(x + h, y - h) - f(x - h, y + h) + f(x - h, y - h)) / (4 * h * h)
    second = ((f(x + h, y) - 2 * f(x, y) + f(x - h, y)) / h**2, mixed, (f(x, y + h) - 2 * f(x, y) + f(x, y - h)) / h**2)
    np.testing.assert_allclose(plane.second(x, y), second, atol=1e-6)
    assert isinstance(plane.value(0.1, 1.0), float)


def test_polynomial_holds_its_window_and_finds_a_minimum() -> None:
    x, y = (landscapes.chebyshev_nodes(*side, 12) for side in WINDOW)
    grid = np.meshgrid(x, y)
    bowl = PlaneLoss.through(WINDOW, (grid[0] - 0.7) ** 2 + 2 * (grid[1] - 1.3) ** 2)
    np.testing.assert_allclose(bowl.minimum, [0.7, 1.3])
    assert bowl.holds(-1.0, 3.0) and not bowl.holds(-1.01, 2.0) and not bowl.holds(0.0, 3.2)


@pytest.fixture(scope="module")
def data() -> Digits:
    """The digits the committed networks were trained on."""
    pytest.importorskip("sklearn")
    return Digits.split(Settings(**store.provenance(NAME)["settings"]))[0]


def network_of(name: str) -> tuple[DeepNetwork, np.ndarray]:
    """A committed network and its weights."""
    told = store.provenance(NAME)["settings"]
    network = DeepNetwork(told["width"], told["depth"], NETWORKS[name][0])
    return network, store.load(WEIGHTS_NAME)[f"{name}/end"].astype(float)


@pytest.mark.parametrize("name", NETWORKS)
def test_committed_surfaces_are_the_losses_of_the_committed_weights(name: str, data: Digits) -> None:
    network, flat = network_of(name)
    told, measured = store.provenance(NAME)["settings"], landscape(name)
    generator = np.random.default_rng([told["seed"], 3])
    first, second = (network.filter_normalised(flat, generator) for _ in range(2))
    for row, column in ((0, 0), (20, 20), (7, 33), (40, 12), (25, 18)):
        moved = flat + measured.axis[column] * first + measured.axis[row] * second
        assert measured.grid[row, column] == pytest.approx(network.loss(moved, *data.all), rel=1e-5)
    assert network.loss(flat, *data.all) == pytest.approx(measured.found["training_loss"], rel=1e-6)
    assert network.accuracy(flat, *data.all) == measured.found["training_accuracy"]
    assert network.sharpness(flat, *data.all, rounds=25) == pytest.approx(measured.found["sharpness"], rel=0.05)


def test_polynomial_of_the_path_plane_is_the_networks_loss(data: Digits) -> None:
    network, flat = network_of(WITH_PATH)
    directions = store.load(WEIGHTS_NAME)["path/directions"].astype(float)
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-5)
    plane, generator = training_path().plane, np.random.default_rng(0)
    for _ in range(25):
        x, y = (generator.uniform(*side) for side in plane.window)
        moved = flat + x * directions[0] + y * directions[1]
        assert plane.value(x, y) == pytest.approx(network.loss(moved, *data.all), abs=5e-4)
        slopes = directions @ network.gradient(moved, *data.all)
        np.testing.assert_allclose(plane.slope(x, y), slopes, atol=0.01 + 0.02 * np.abs(slopes).max())
    x, y = plane.minimum
    at_minimum = flat + x * directions[0] + y * directions[1]
    bends = []
    for direction in directions:
        ends = [network.gradient(at_minimum + sign * 0.02 * direction, *data.all) for sign in (1, -1)]
        bends.append(directions @ (ends[0] - ends[1]) / 0.04)
    xx, xy, yy = plane.second(x, y)
    expected = np.linalg.eigvalsh((np.array(bends) + np.array(bends).T) / 2)
    np.testing.assert_allclose(np.linalg.eigvalsh([[xx, xy], [xy, yy]]), expected, rtol=0.03)


def test_path_ends_at_the_origin_and_its_losses_fall() -> None:
    path = training_path()
    np.testing.assert_allclose(path.points[-1], 0, atol=1e-6)
    assert len(path.points) == len(path.losses) and path.losses[-1] < 0.02 < 2 < path.losses[0]
    assert 0.8 < path.share < 1
    assert all(path.plane.holds(*point) for point in path.points)


def test_small_batches_end_flatter_for_every_seed_that_was_tried() -> None:
    found = store.provenance(NAME)["found"]
    pairs = [*found["sharpness_by_seed"], {k: found[f"skip-{k}"]["sharpness"] for k in ("small", "large")}]
    assert len(pairs) >= 4 and all(pair["large"] > 3 * pair["small"] for pair in pairs)
    assert found["plain-small"]["training_loss"] > 10 * found["skip-small"]["training_loss"]


def test_the_script_trains_and_measures(data: Digits) -> None:
    """The whole script on a small scale: training lowers the loss, and surfaces pass through the trained weights."""
    tiny = replace(
        Settings(), width=6, depth=2, most_steps=140, resolution=5, nodes=6, profile_directions=2, profile_points=3,
        sharpness_seeds=1, training_pictures=200,
    )  # fmt: skip
    arrays, weights, found = measure_landscapes.measure(tiny)
    for name in NETWORKS:
        assert arrays[f"{name}/grid"][2, 2] == pytest.approx(found[name]["training_loss"])
        assert arrays[f"{name}/profile"][0] == pytest.approx(found[name]["training_loss"])
        assert arrays[f"{name}/losses"][-1] < arrays[f"{name}/losses"][0]
        assert len(weights[f"{name}/end"]) == found[name]["weights"]
    assert arrays["digits"].shape == (10, 8, 8) and len(found["sharpness_by_seed"]) == 1
