"""Measured loss surfaces of four small networks: see `measure_landscapes` for how they came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev

from explainers.networks import store

NAME, WEIGHTS_NAME = "landscapes", "landscapes-weights"
NETWORKS: Mapping[str, tuple[bool, bool]] = {
    "skip-small": (True, True),
    "skip-large": (True, False),
    "plain-small": (False, True),
    "plain-large": (False, False),
}
"""Each network: whether it has skip connections, and whether its batches were small."""
WITH_PATH = "skip-small"
"""The network whose path through training was recorded."""


def chebyshev_nodes(low: float, high: float, count: int) -> np.ndarray:
    """Where a polynomial of degree `count` − 1 is best pinned down between two ends, ascending, shape (count,)."""
    angles = np.pi * (np.arange(count) + 0.5) / count
    return (low + high) / 2 - (high - low) / 2 * np.cos(angles)


@dataclass(frozen=True)
class Landscape:
    """What was measured around one trained network."""

    name: str
    reach: float
    """Half the side of the measured square, in sizes of the weights."""
    grid: np.ndarray
    """The loss over the square, shape (n, n); rows go with the second direction."""
    profile: np.ndarray
    """The loss at distances 0 … `reach`, averaged over random directions, shape (m,)."""
    losses: np.ndarray
    """The loss during training."""
    found: Mapping[str, Any]
    """Steps, losses, accuracies and sharpness after training."""

    @property
    def axis(self) -> np.ndarray:
        """Where along a side the loss was measured, shape (n,)."""
        return np.linspace(-self.reach, self.reach, len(self.grid))

    @property
    def distances(self) -> np.ndarray:
        """The distances of `profile`, shape (m,)."""
        return np.linspace(0, self.reach, len(self.profile))


@cache
def landscape(name: str) -> Landscape:
    """The measurements around one of `NETWORKS`."""
    arrays, told = store.load(NAME), store.provenance(NAME)
    parts = (arrays[f"{name}/{part}"].astype(float) for part in ("grid", "profile", "losses"))
    return Landscape(name, told["settings"]["reach"], *parts, told["found"][name])


@dataclass(frozen=True)
class PlaneLoss:
    """The loss on a plane as a polynomial through its values at Chebyshev nodes, with derivatives.

    tanh networks have analytic losses, so that such a polynomial comes as near as one likes; the tests say how near.

    Args:
        window: ((x_min, x_max), (y_min, y_max)); outside, nothing was measured.
        coefficients: of Tᵢ(x) Tⱼ(y) over the window scaled to [−1, 1]², shape (n, n).
    """

    window: tuple[tuple[float, float], tuple[float, float]]
    coefficients: np.ndarray

    @classmethod
    def through(cls, window: tuple[tuple[float, float], tuple[float, float]], values: np.ndarray) -> PlaneLoss:
        """The polynomial with these values, shape (n, n), at the nodes; rows go with y."""
        count = len(values)
        basis = chebyshev.chebvander(chebyshev_nodes(-1.0, 1.0, count), count - 1)
        # At the nodes the polynomials are orthogonal: the inverse of the basis is its scaled transpose.
        inverse = 2 / count * basis.T
        inverse[0] /= 2
        return cls(window, inverse @ values.T @ inverse.T)

    def value(self, x: float | np.ndarray, y: float | np.ndarray) -> float | np.ndarray:
        """The loss, elementwise."""
        return self._derivative(x, y, 0, 0)

    def slope(self, x: float | np.ndarray, y: float | np.ndarray) -> tuple[Any, Any]:
        """∂/∂x and ∂/∂y, elementwise."""
        return self._derivative(x, y, 1, 0), self._derivative(x, y, 0, 1)

    def holds(self, x: float, y: float) -> bool:
        """Whether the loss was measured there."""
        return all(low <= value <= high for value, (low, high) in zip((x, y), self.window, strict=True))

    @cached_property
    def minimum(self) -> np.ndarray:
        """The lowest point, shape (2,): Newton steps from the lowest point of a lattice."""
        axes = [np.linspace(*side, len(self.coefficients)) for side in self.window]
        grid = np.meshgrid(*axes)
        lowest = np.argmin(self.value(*grid))
        point = np.array([axis.ravel()[lowest] for axis in grid])
        for _ in range(20):
            xx, xy, yy = self.second(*point)
            point = point - np.linalg.solve([[xx, xy], [xy, yy]], self.slope(*point))
        return point

    def second(self, x: float | np.ndarray, y: float | np.ndarray) -> tuple[Any, Any, Any]:
        """∂²/∂x², ∂²/∂x∂y and ∂²/∂y², elementwise."""
        return self._derivative(x, y, 2, 0), self._derivative(x, y, 1, 1), self._derivative(x, y, 0, 2)

    def _derivative(self, x: float | np.ndarray, y: float | np.ndarray, over_x: int, over_y: int) -> Any:
        """A derivative at points; at the edge for points beyond it."""
        table, waves = self._tables[over_x, over_y], []
        for values, (low, high), count in zip((x, y), self.window, table.shape, strict=True):
            angles = np.arccos(np.clip((2 * np.asarray(values, float) - low - high) / (high - low), -1.0, 1.0))
            waves.append(np.cos(np.arange(count) * angles[..., None]))
        found = ((waves[0] @ table) * waves[1]).sum(axis=-1)
        return float(found) if found.ndim == 0 else found

    @cached_property
    def _tables(self) -> dict[tuple[int, int], np.ndarray]:
        """Coefficients of the loss and of its derivatives up to the second, by how often over x and y."""
        tables = {}
        for orders in ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)):
            table = self.coefficients
            for axis, (times, (low, high)) in enumerate(zip(orders, self.window, strict=True)):
                table = chebyshev.chebder(table, times, scl=2 / (high - low), axis=axis)
            tables[orders] = table
        return tables


@dataclass(frozen=True)
class TrainingPath:
    """A network's true path through training, seen on the plane that holds most of it."""

    points: np.ndarray
    """Where training went, on the plane of the two main directions, shape (m, 2); it ends at (0, 0)."""
    losses: np.ndarray
    """The loss of the network itself at those times, shape (m,)."""
    every: int
    """Steps from one point to the next."""
    share: float
    """How much of the squared distance from the end these two directions hold."""
    plane: PlaneLoss
    """The loss on that plane."""


@cache
def training_path() -> TrainingPath:
    """The path of `WITH_PATH`."""
    arrays, told = store.load(NAME), store.provenance(NAME)
    window = tuple((float(low), float(high)) for low, high in arrays["path/window"])
    return TrainingPath(
        points=arrays["path/points"].astype(float),
        losses=arrays[f"{WITH_PATH}/losses"].astype(float),
        every=told["settings"]["record_every"],
        share=told["found"][WITH_PATH]["path_share"],
        plane=PlaneLoss.through(window, arrays["path/nodes"].astype(float)),
    )


@cache
def digits() -> np.ndarray:
    """One picture of each digit, brightness 0 to 1, shape (10, 8, 8), the top row first."""
    return store.load(NAME)["digits"].astype(float)
