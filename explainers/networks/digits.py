"""A deep, narrow network that reads handwritten digits, its loss and gradient over one long vector of weights.

64 pixels → a layer of `width` units → `depth` more layers of that width → 10 classes. With skip connections each of
the `depth` layers adds to what came in, h + tanh(hW + b) (He et al., 2015, arXiv:1512.03385); without, it replaces it.
All weights are one flat vector, so that a point, a direction and a plane of the loss surface are plain arrays.
tanh is smooth, and so is the loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

PIXELS, CLASSES = 64, 10


@dataclass(frozen=True)
class DeepNetwork:
    """The shape of a network; its weights are a flat vector (p,)."""

    width: int = 16
    depth: int = 20
    skip: bool = True

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of weights (inputs, outputs) and biases (outputs,), from the pixels to the classes."""
        sizes = (PIXELS, *[self.width] * (self.depth + 1), CLASSES)
        return tuple(shape for before, after in pairwise(sizes) for shape in ((before, after), (after,)))

    @property
    def count(self) -> int:
        """Number of weights, p."""
        return sum(int(np.prod(shape)) for shape in self.shapes)

    def split(self, flat: np.ndarray) -> list[np.ndarray]:
        """The weights and biases of each layer, as views of a flat vector."""
        ends = np.cumsum([int(np.prod(shape)) for shape in self.shapes])
        return [part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), self.shapes, strict=True)]

    def initial(self, generator: np.random.Generator) -> np.ndarray:
        """Weights before training: normal with variance 1/inputs, biases 0, shape (p,)."""
        drawn = [
            np.zeros(shape) if len(shape) == 1 else generator.normal(size=shape) / np.sqrt(shape[0])
            for shape in self.shapes
        ]
        return np.concatenate([array.ravel() for array in drawn])

    def logits(self, flat: np.ndarray, pixels: np.ndarray) -> np.ndarray:
        """Scores of the classes, shape (n, 10), for pixels (n, 64) from 0 to 1."""
        return self._run(self.split(flat), pixels)[-1]

    def loss(self, flat: np.ndarray, pixels: np.ndarray, labels: np.ndarray) -> float:
        """Mean cross-entropy in nats over pictures (n, 64) with labels (n,); ln 10 when all classes seem alike."""
        return float(np.mean(_cross_entropy(self.logits(flat, pixels), labels)))

    def accuracy(self, flat: np.ndarray, pixels: np.ndarray, labels: np.ndarray) -> float:
        """Share of the pictures whose class has the highest score."""
        return float(np.mean(self.logits(flat, pixels).argmax(axis=1) == labels))

    def gradient(self, flat: np.ndarray, pixels: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """∇ of `loss`, shape (p,), by backpropagation."""
        parts = self.split(flat)
        *layers, logits = self._run(parts, pixels)
        gradients: list[np.ndarray] = []
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        arriving = shares / shares.sum(axis=1, keepdims=True)
        arriving[np.arange(len(labels)), labels] -= 1
        arriving /= len(labels)
        for index in range(len(layers) - 1, -1, -1):
            inputs, bent = layers[index]
            error = arriving if bent is None else arriving * (1 - bent**2)
            gradients += [error.sum(axis=0), (inputs.T @ error).ravel()]
            through = error @ parts[2 * index].T
            # On a skip connection what arrives also goes straight on.
            arriving = through + arriving if self.skip and 0 < index < len(layers) - 1 else through
        return np.concatenate(gradients[::-1])

    def _run(self, parts: list[np.ndarray], pixels: np.ndarray) -> list:
        """For each layer what comes in and its tanh (None in the last one), and finally the logits."""
        state, layers = pixels, []
        for index in range(self.depth + 1):
            bent = np.tanh(state @ parts[2 * index] + parts[2 * index + 1])
            layers.append((state, bent))
            state = state + bent if self.skip and index else bent
        return [*layers, (state, None), state @ parts[-2] + parts[-1]]

    def filter_normalised(self, flat: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """A random direction, shape (p,), with each unit's incoming weights scaled to the size they have in `flat`.

        So that a step of 1 is a change by as much as is there, whatever the scale of a layer; biases stay.
        Source: Li et al. (2018), "Visualizing the loss landscape of neural nets", arXiv:1712.09913, section 4.
        """
        directions = []
        for weights in self.split(flat):
            drawn = generator.normal(size=weights.shape)
            if weights.ndim == 1:
                directions.append(np.zeros_like(weights))
            else:
                scale = np.linalg.norm(weights, axis=0) / np.linalg.norm(drawn, axis=0)
                directions.append((drawn * scale).ravel())
        return np.concatenate(directions)

    def sharpness(self, flat: np.ndarray, pixels: np.ndarray, labels: np.ndarray, rounds: int = 60) -> float:
        """The largest curvature of the loss (eigenvalue of its Hessian) by power iteration on gradient differences."""
        generator, step = np.random.default_rng(0), 1e-4
        direction = generator.normal(size=flat.shape)
        for _ in range(rounds):
            direction /= np.linalg.norm(direction)
            ends = [self.gradient(flat + sign * step * direction, pixels, labels) for sign in (1, -1)]
            bent = (ends[0] - ends[1]) / (2 * step)
            curvature, direction = float(direction @ bent), bent
        return curvature


def _cross_entropy(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    top = logits.max(axis=1, keepdims=True)
    whole = top[:, 0] + np.log(np.exp(logits - top).sum(axis=1))
    return whole - logits[np.arange(len(labels)), labels]
