"""Trains four networks on handwritten digits and measures the loss around them.

`python -m explainers.networks.measure_landscapes` needs scikit-learn, for its digits (the extra "networks").
Small and large batches, with and without skip connections; all else is equal: data, shape, first weights, learning
rate, and the loss at which training stops, so that minima are compared at equal height.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explainers.networks import store
from explainers.networks.digits import DeepNetwork
from explainers.networks.landscapes import NAME, NETWORKS, WEIGHTS_NAME, chebyshev_nodes


@dataclass(frozen=True)
class Settings:
    """How networks are trained and the loss around them is measured."""

    width: int = 16
    depth: int = 20
    seed: int = 0
    learning_rate: float = 0.05
    small_batch: int = 16
    stop_below: float = 0.02
    """Training stops when the loss over all training pictures is below this,"""
    most_steps: int = 4000
    """or after so many steps."""
    training_pictures: int = 1347
    record_every: int = 14
    """Steps between two recorded points of the path."""
    reach: float = 1.0
    """Half the side of the square on the random plane, in sizes of the weights."""
    resolution: int = 41
    """Points along a side of a measured square."""
    nodes: int = 121
    """Chebyshev nodes along a side of the plane of the path."""
    margin: float = 0.4
    """By which that plane's window exceeds the path, as a share of its extent."""
    profile_directions: int = 32
    profile_points: int = 21
    sharpness_seeds: int = 3
    """First weights with which small and large batches are compared."""


@dataclass(frozen=True)
class Digits:
    """scikit-learn's digits: pixels (n, 64) from 0 to 1, labels (n,)."""

    pixels: np.ndarray
    labels: np.ndarray

    @classmethod
    def split(cls, settings: Settings) -> tuple[Digits, Digits]:
        """Those to train on, and those to test on."""
        from sklearn.datasets import load_digits

        pixels, labels = load_digits(return_X_y=True)
        order = np.random.default_rng(settings.seed).permutation(len(labels))
        pixels, labels, count = pixels[order] / 16, labels[order], settings.training_pictures
        return cls(pixels[:count], labels[:count]), cls(pixels[count:], labels[count:])

    def part(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels and labels of some pictures."""
        return self.pixels[rows], self.labels[rows]

    @property
    def all(self) -> tuple[np.ndarray, np.ndarray]:
        """Pixels and labels of all."""
        return self.pixels, self.labels


@dataclass(frozen=True)
class Training:
    """What training did: the recorded points (m, p), the loss over all pictures at each, and the steps taken."""

    path: np.ndarray
    losses: np.ndarray
    steps: int

    @property
    def end(self) -> np.ndarray:
        """The final weights, (p,)."""
        return self.path[-1]


def train(network: DeepNetwork, batch: int, data: Digits, settings: Settings, seed: int) -> Training:
    """Plain stochastic gradient descent; every batch is drawn anew from a shuffle of the pictures."""
    flat = network.initial(np.random.default_rng([seed, 1]))
    generator, count = np.random.default_rng([seed, 2]), len(data.labels)
    path, losses, order = [flat.copy()], [network.loss(flat, *data.all)], np.array([], int)
    step = 0
    while losses[-1] >= settings.stop_below and step < settings.most_steps:
        for _ in range(settings.record_every):
            if len(order) < batch:
                order = generator.permutation(count)
            rows, order = order[:batch], order[batch:]
            flat -= settings.learning_rate * network.gradient(flat, *data.part(rows))
            step += 1
        path.append(flat.copy())
        losses.append(network.loss(flat, *data.all))
    return Training(np.array(path), np.array(losses), step)


def grid(network: DeepNetwork, plane: tuple[np.ndarray, ...], x: np.ndarray, y: np.ndarray, data: Digits) -> np.ndarray:
    """The loss at origin + x·first + y·second for all x (m,) and y (n,), shape (n, m)."""
    origin, first, second = plane
    return np.array([[network.loss(origin + a * first + b * second, *data.all) for a in x] for b in y])


def profile(network: DeepNetwork, flat: np.ndarray, data: Digits, settings: Settings) -> np.ndarray:
    """The loss at distances along random directions, both ways, shape (2 · directions, points)."""
    generator = np.random.default_rng([settings.seed, 4])
    distances = np.linspace(0, settings.reach, settings.profile_points)
    rows = []
    for _ in range(settings.profile_directions):
        direction = network.filter_normalised(flat, generator)
        rows += [[network.loss(flat + s * r * direction, *data.all) for r in distances] for s in (1, -1)]
    return np.array(rows)


def path_plane(training: Training) -> tuple[np.ndarray, np.ndarray, float]:
    """The two orthonormal directions (2, p) that hold most of the path seen from its end, its points (m, 2), the share.

    Source: Li et al. (2018), section 7: PCA of the matrix of differences to the last iterate.
    """
    differences = training.path - training.end
    _, sizes, directions = np.linalg.svd(differences, full_matrices=False)
    directions = directions[:2]
    return directions, differences @ directions.T, float((sizes[:2] ** 2).sum() / (sizes**2).sum())


def window(points: np.ndarray, margin: float) -> np.ndarray:
    """((x_min, x_max), (y_min, y_max)) around points (m, 2), wider by a share of their extent on each side."""
    low, high = points.min(axis=0), points.max(axis=0)
    return np.stack([low - margin * (high - low), high + margin * (high - low)], axis=1)


def measure(settings: Settings) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, Any]]:
    """Arrays of surfaces and paths, arrays of weights and directions, and what was found."""
    data, test = Digits.split(settings)
    arrays: dict[str, np.ndarray] = {}
    weights: dict[str, np.ndarray] = {}
    found: dict[str, Any] = {}
    x = np.linspace(-settings.reach, settings.reach, settings.resolution)
    for name, (skip, is_small) in NETWORKS.items():
        network = DeepNetwork(settings.width, settings.depth, skip)
        training = train(network, settings.small_batch if is_small else len(data.labels), data, settings, settings.seed)
        end = training.end.astype(np.float32).astype(float)
        generator = np.random.default_rng([settings.seed, 3])
        plane = (end, *(network.filter_normalised(end, generator) for _ in range(2)))
        arrays[f"{name}/grid"] = grid(network, plane, x, x, data)
        arrays[f"{name}/profile"] = profile(network, end, data, settings).mean(axis=0)
        arrays[f"{name}/losses"] = training.losses
        weights[f"{name}/end"] = end.astype(np.float32)
        found[name] = {
            "weights": network.count,
            "steps": training.steps,
            "training_loss": network.loss(end, *data.all),
            "training_accuracy": network.accuracy(end, *data.all),
            "test_accuracy": network.accuracy(end, *test.all),
            "sharpness": network.sharpness(end, *data.all),
        }
        print(name, {key: round(value, 4) for key, value in found[name].items()}, flush=True)
        if name == "skip-small":
            arrays |= _path_arrays(network, training, data, settings, weights, found[name])
    arrays["digits"] = np.stack([data.pixels[data.labels == digit][0].reshape(8, 8) for digit in range(10)])
    found["sharpness_by_seed"] = _sharpness_by_seed(data, settings)
    return arrays, weights, found


def _path_arrays(
    network: DeepNetwork,
    training: Training,
    data: Digits,
    settings: Settings,
    weights: dict[str, np.ndarray],
    found: dict[str, Any],
) -> dict[str, np.ndarray]:
    """The plane of the path: its window, the loss on Chebyshev nodes there, the path on it."""
    directions, points, share = path_plane(training)
    weights["path/directions"] = directions.astype(np.float32)
    directions = weights["path/directions"].astype(float)
    sides = window(points, settings.margin)
    x, y = (chebyshev_nodes(*side, settings.nodes) for side in sides)
    end = training.end.astype(np.float32).astype(float)
    found["path_share"] = share
    found["path_length"] = float(np.linalg.norm(np.diff(training.path, axis=0), axis=1).sum())
    return {
        "path/points": points,
        "path/window": sides,
        "path/nodes": grid(network, (end, *directions), x, y, data),
    }


def _sharpness_by_seed(data: Digits, settings: Settings) -> list[dict[str, float]]:
    """The sharpness that small and large batches end with, from other first weights, with skip connections."""
    network, rows = DeepNetwork(settings.width, settings.depth), []
    for seed in range(settings.seed + 1, settings.seed + 1 + settings.sharpness_seeds):
        ends = {
            kind: train(network, batch, data, settings, seed).end
            for kind, batch in (("small", settings.small_batch), ("large", len(data.labels)))
        }
        rows.append({kind: network.sharpness(end, *data.all) for kind, end in ends.items()})
        print("seed", seed, rows[-1], flush=True)
    return rows


def main(settings: Settings = Settings()) -> None:
    """Measure, and write arrays, weights and provenance."""
    import sklearn

    begin = time.perf_counter()
    arrays, weights, found = measure(settings)
    provenance = {
        "what": "The training loss around four networks that read scikit-learn's digits",
        "made_by": "python -m explainers.networks.measure_landscapes",
        "settings": asdict(settings),
        "found": found,
        "seconds": round(time.perf_counter() - begin),
        "versions": {"scikit-learn": sklearn.__version__},
    }
    store.save(NAME, {key: array.astype(np.float32) for key, array in arrays.items()}, provenance)
    store.save(WEIGHTS_NAME, weights, {**provenance, "what": "The weights and directions that those surfaces show"})


if __name__ == "__main__":
    main()
