"""The loss around trained networks, measured: planes through a minimum, flat and sharp ones, the path of training.

Nothing here is trained when a clip is made: `explainers.networks.measure_landscapes` did it once, and can do it again.
Source: Li, Xu, Taylor, Studer, Goldstein (2018), "Visualizing the loss landscape of neural nets", arXiv:1712.09913;
Keskar et al. (2017), "On large-batch training for deep learning", arXiv:1609.04836 (flat and sharp minima).
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from explainers.model import Explainer, Fact, Pillar, bounded, parameter, rounded
from explainers.networks import store
from explainers.networks.landscapes import NAME, Landscape, TrainingPath, digits, landscape, training_path

Batch: TypeAlias = Literal["small", "large"]

SAME_HEIGHT = 0.01
"""Two losses that differ by less count as one height."""
ALIKE = 1.25
"""Sharpnesses closer than this factor count as alike."""
LEAST_CLIMB = 0.05
"""A hollow counts as a dip if it is this deep as drawn: no eye finds shallower ones on a surface nearly 3 high."""


def lowest_around(grid: np.ndarray) -> np.ndarray:
    """Row and column of each point of a grid (n, n) lower than all eight neighbours; the rim is not asked. (m, 2)."""
    middle = grid[1:-1, 1:-1]
    around = [
        grid[1 + i : grid.shape[0] - 1 + i, 1 + j : grid.shape[1] - 1 + j]
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        if (i, j) != (0, 0)
    ]
    return 1 + np.argwhere(np.all([middle < neighbour for neighbour in around], axis=0))


def climb_out(heights: np.ndarray, start: tuple[int, int]) -> float:
    """How far one has to climb from a point of a grid (n, m), row and column, to lower ground or to the rim."""
    bottom = heights[start]
    seen, edge, highest = {start}, [(bottom, start)], bottom
    while edge:
        height, (row, column) = heappop(edge)
        highest = max(highest, height)
        is_on_rim = row in (0, heights.shape[0] - 1) or column in (0, heights.shape[1] - 1)
        if is_on_rim or height < bottom:
            break
        for place in ((row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            if place not in seen:
                seen.add(place)
                heappush(edge, (heights[place], place))
    return float(highest - bottom)


def dips(heights: np.ndarray) -> np.ndarray:
    """Row and column of each dip of a grid (n, m): lower than all eight neighbours, and deep enough. (k, 2)."""
    lowest = lowest_around(heights)
    climbs = np.array([climb_out(heights, (int(row), int(column))) for row, column in lowest])
    return lowest[climbs >= LEAST_CLIMB]


class LossLandscape(Explainer):
    """Four trained networks: small or large batches, with or without skip connections, and the loss around each."""

    slug: ClassVar[str] = "loss-landscape"
    title: ClassVar[str] = "Loss surfaces, measured"
    insight: ClassVar[str] = (
        "A loss surface can be measured: small batches settle in flatter minima, skip connections smooth the way there."
    )
    pillar: ClassVar[Pillar] = Pillar.CALCULUS
    references: ClassVar[tuple[str, ...]] = ("MML 7.1", "MTC 1", "MTC 5", "ARX 1", "ARX 3", "TALK 2", "TALK 4")

    batch: Batch = parameter(
        "small", "the batches of the network that is shown first, and of the two compared for their skip connections"
    )
    skip: bool = parameter(
        True, "whether the network that is shown first, and the two compared for their batches, have skip connections"
    )
    camera: tuple[bounded(-180.0, 180.0), bounded(15.0, 75.0)] = parameter(
        (-35.0, 48.0),
        "where surfaces are seen from: azimuth and elevation",
        unit="degrees",
        allowed="azimuth from -180 to 180, elevation from 15 to 75",
    )

    def measured(self, *, skip: bool, batch: Batch) -> Landscape:
        """What was measured around one of the four networks."""
        return landscape(f"{'skip' if skip else 'plain'}-{batch}")

    @property
    def first(self) -> Landscape:
        """The network that is shown first."""
        return self.measured(skip=self.skip, batch=self.batch)

    @property
    def by_batch(self) -> dict[Batch, Landscape]:
        """The networks compared for their batches, small then large."""
        return {batch: self.measured(skip=self.skip, batch=batch) for batch in ("small", "large")}

    @property
    def by_skip(self) -> dict[bool, Landscape]:
        """The networks compared for their skip connections, with then without."""
        return {skip: self.measured(skip=skip, batch=self.batch) for skip in (True, False)}

    @property
    def path(self) -> TrainingPath:
        """The true path of training, of the network with skip connections and small batches."""
        return training_path()

    @property
    def digits(self) -> np.ndarray:
        """One picture of each digit, brightness 0 to 1, shape (10, 8, 8), the top row first."""
        return digits()

    @property
    def weight_count(self) -> int:
        """Weights of each network: the number of directions that the loss has."""
        return int(self.first.found["weights"])

    @property
    def picture_count(self) -> int:
        """Pictures that the loss is averaged over."""
        return int(store.provenance(NAME)["settings"]["training_pictures"])

    @property
    def batch_sizes(self) -> dict[Batch, int]:
        """Pictures in a small batch, and in a large one: all that it was trained on."""
        return {"small": int(store.provenance(NAME)["settings"]["small_batch"]), "large": self.picture_count}

    @property
    def measurements(self) -> int:
        """How often the loss was measured for one surface."""
        return self.first.grid.size

    @property
    def sharpness_ratio(self) -> float:
        """How many times sharper the minimum of large batches is."""
        small, large = (network.found["sharpness"] for network in self.by_batch.values())
        return large / small

    @property
    def are_alike(self) -> bool:
        """Whether small and large batches ended about equally sharp."""
        return 1 / ALIKE < self.sharpness_ratio < ALIKE

    @property
    def at_one_height(self) -> bool:
        """Whether small and large batches ended at the same loss, so that their minima can be compared."""
        small, large = (network.found["training_loss"] for network in self.by_batch.values())
        return abs(small - large) < SAME_HEIGHT

    def dips_of(self, network: Landscape) -> int:
        """How many dips the drawn surface has, its own minimum included."""
        return len(self.dip_places(network))

    @staticmethod
    def dip_places(network: Landscape) -> np.ndarray:
        """Where these dips lie: steps along the two directions, shape (m, 2)."""
        return network.axis[dips(LossLandscape.drawn_height(network.grid))[:, ::-1]]

    @staticmethod
    def drawn_height(losses: np.ndarray) -> np.ndarray:
        """How high a loss is drawn: log(1 + loss), true to scale near 0."""
        return np.log1p(losses)

    def facts(self) -> dict[str, Fact]:
        networks = {network.name: network for network in (*self.by_batch.values(), *self.by_skip.values())}
        return rounded(
            {
                "weights": self.weight_count,
                "pictures": self.picture_count,
                "measurements": self.measurements,
                "batch_sizes": self.batch_sizes,
                "networks": {
                    name: {**network.found, "dips": self.dips_of(network), "highest": network.grid.max()}
                    for name, network in networks.items()
                },
                "sharpness_ratio": self.sharpness_ratio,
                "path_share": self.path.share,
                "path_steps": (len(self.path.points) - 1) * self.path.every,
                "path_losses": [self.path.losses[0], self.path.losses[-1]],
            }
        )
