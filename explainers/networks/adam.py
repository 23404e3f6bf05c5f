"""The Adam optimiser (Kingma and Ba, 2015, arXiv:1412.6980), on a dictionary of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np


class Adam:
    """Steps along gradients, each entry scaled by its recent size; weights decay apart from that (AdamW).

    Args:
        parameters: the arrays that `step` changes in place.
        decay: by array, the share that each step takes off it, times the learning rate; 0 where none is named.
        beta1, beta2, epsilon: as in the paper.
    """

    def __init__(
        self,
        parameters: Mapping[str, np.ndarray],
        *,
        decay: Mapping[str, float] = MappingProxyType({}),
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        self.parameters, self.decay = parameters, dict(decay)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.count = 0
        self._first = {name: np.zeros_like(array) for name, array in parameters.items()}
        self._second = {name: np.zeros_like(array) for name, array in parameters.items()}

    def step(self, gradients: Mapping[str, np.ndarray], learning_rate: float) -> None:
        """Move every array against its gradient."""
        self.count += 1
        bias1, bias2 = 1 - self.beta1**self.count, 1 - self.beta2**self.count
        for name, array in self.parameters.items():
            first, second, gradient = self._first[name], self._second[name], gradients[name]
            first += (1 - self.beta1) * (gradient - first)
            second += (1 - self.beta2) * (gradient**2 - second)
            array *= 1 - learning_rate * self.decay.get(name, 0.0)
            array -= learning_rate * (first / bias1) / (np.sqrt(second / bias2) + self.epsilon)
