"""Backpropagation through a network of two inputs, three hidden units and one output, every number in sight.

Forward: z = W₁x + b₁, h = φ(z), y = W₂h + b₂, loss = ½(y − t)². Backward, from the loss: what arrives at a unit times
its local slope φ′(z); a weight's derivative is the error at its end times the number at its start.

Source: Rumelhart, Hinton, Williams (1986), "Learning representations by back-propagating errors", Nature 323.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from explainers.model import Explainer, Fact, Pillar, bounded, parameter, rounded

Activation: TypeAlias = Literal["relu", "tanh", "sigmoid"]
Entry = bounded(-3.0, 3.0)
HiddenRow = tuple[Entry, Entry]
Hidden = tuple[HiddenRow, HiddenRow, HiddenRow]
Three = tuple[Entry, Entry, Entry]

INPUTS, UNITS = 2, 3
STEP = 1e-5
"""Half the distance of the two forward runs of a finite difference: truncation and rounding are then about equal."""
VISIBLE = 0.005
"""A number smaller than this is printed as 0.00."""


def activate(kind: Activation, z: np.ndarray) -> np.ndarray:
    """φ(z), elementwise."""
    if kind == "relu":
        return np.maximum(z, 0.0)
    return np.tanh(z) if kind == "tanh" else 0.5 * (1 + np.tanh(0.5 * z))


def slope(kind: Activation, z: np.ndarray) -> np.ndarray:
    """φ′(z), elementwise; at the kink of the ReLU it is 0."""
    if kind == "relu":
        return (z > 0).astype(float)
    bent = activate(kind, z)
    return 1 - bent**2 if kind == "tanh" else bent * (1 - bent)


@dataclass(frozen=True)
class Weights:
    """The 13 parameters: W₁ (3, 2), b₁ (3,), W₂ (3,), b₂ (); also their derivatives."""

    first: np.ndarray
    first_bias: np.ndarray
    second: np.ndarray
    second_bias: float

    @property
    def flat(self) -> np.ndarray:
        """All 13 in a row: W₁ row by row, b₁, W₂, b₂."""
        return np.concatenate([self.first.ravel(), self.first_bias, self.second, [self.second_bias]])

    @classmethod
    def from_flat(cls, flat: np.ndarray) -> Weights:
        """The weights that `flat`, shape (13,), lists."""
        return cls(flat[:6].reshape(UNITS, INPUTS), flat[6:9], flat[9:12], float(flat[12]))


@dataclass(frozen=True)
class Forward:
    """The forward pass: z and h of the hidden units (3,), y, and the loss."""

    z: np.ndarray
    h: np.ndarray
    y: float
    loss: float


class Backprop(Explainer):
    """One forward and one backward pass; the same derivatives by 26 forward passes; one step downhill."""

    slug: ClassVar[str] = "backprop"
    title: ClassVar[str] = "One backward sweep"
    insight: ClassVar[str] = (
        "One backward sweep, multiplying local slopes and adding at the forks, gives every derivative "
        "for about the price of one forward pass."
    )
    pillar: ClassVar[Pillar] = Pillar.CALCULUS
    references: ClassVar[tuple[str, ...]] = (
        "MML 5.4",
        "MML 5.6",
        "MTB 14",
        "MTC 5",
        "MTC 6",
        "CML C2W3L1",
        "ARX 1",
        "TALK 2",
        "PAL 12",
        "EOC 4",
        "SR:machine learning/deep neural nets",
    )

    inputs: HiddenRow = parameter((1.0, 2.0), "the two inputs x", allowed="two numbers from -3 to 3")
    target: bounded(-20.0, 20.0) = parameter(1.5, "the output t that is wanted", allowed="a number from -20 to 20")
    activation: Activation = parameter("relu", "how the hidden units bend what arrives")
    hidden_weights: Hidden = parameter(
        ((1.0, 0.5), (-1.0, 1.0), (0.5, -1.0)),
        "W₁: for each hidden unit the weights of the two inputs",
        allowed="three rows of two numbers from -3 to 3",
    )
    hidden_biases: Three = parameter((0.0, 0.5, 0.0), "b₁ of the hidden units", allowed="three numbers from -3 to 3")
    output_weights: Three = parameter(
        (1.0, -2.0, 1.5), "W₂: the weights of the hidden units in the output", allowed="three numbers from -3 to 3"
    )
    output_bias: float = parameter(0.5, "b₂ of the output", ge=-3.0, le=3.0)
    learning_rate: float = parameter(0.01, "how far the step at the end goes against the gradient", ge=0.0001, le=1.0)

    # The network.

    @property
    def x(self) -> np.ndarray:
        """The inputs, shape (2,)."""
        return np.array(self.inputs)

    @cached_property
    def weights(self) -> Weights:
        """The parameters of the network."""
        return Weights(
            np.array(self.hidden_weights), np.array(self.hidden_biases), np.array(self.output_weights), self.output_bias
        )

    @property
    def count(self) -> int:
        """How many parameters it has: 13."""
        return len(self.weights.flat)

    def run(self, weights: Weights) -> Forward:
        """The forward pass with these weights."""
        z = weights.first @ self.x + weights.first_bias
        h = activate(self.activation, z)
        y = float(weights.second @ h + weights.second_bias)
        return Forward(z, h, y, 0.5 * (y - self.target) ** 2)

    @cached_property
    def forward(self) -> Forward:
        """The forward pass."""
        return self.run(self.weights)

    # The backward sweep.

    @property
    def output_error(self) -> float:
        """∂loss/∂y = y − t."""
        return self.forward.y - self.target

    @property
    def arriving(self) -> np.ndarray:
        """∂loss/∂h = W₂ᵀ (y − t), shape (3,): what arrives at each hidden unit."""
        return self.weights.second * self.output_error

    @property
    def slopes(self) -> np.ndarray:
        """φ′(z), shape (3,): the local slope of each hidden unit."""
        return slope(self.activation, self.forward.z)

    @property
    def hidden_errors(self) -> np.ndarray:
        """∂loss/∂z, shape (3,): what arrives times the local slope."""
        return self.arriving * self.slopes + 0.0  # no −0.00 in print

    @property
    def fork_terms(self) -> np.ndarray:
        """W₁ times the hidden error at each arrow's end, shape (3, 2): column i adds up to ∂loss/∂xᵢ."""
        return self.weights.first * self.hidden_errors[:, None]

    @property
    def input_errors(self) -> np.ndarray:
        """∂loss/∂x = W₁ᵀ ∂loss/∂z, shape (2,): at a fork, what comes back along all branches adds up."""
        return self.fork_terms.sum(axis=0)

    @cached_property
    def gradient(self) -> Weights:
        """∂loss/∂(each parameter): the error at the arrow's end times the number at its start."""
        return Weights(
            np.outer(self.hidden_errors, self.x) + 0.0,
            self.hidden_errors,
            self.output_error * self.forward.h + 0.0,
            self.output_error,
        )

    @property
    def silent_units(self) -> tuple[int, ...]:
        """The hidden units that visibly pass nothing back though something arrives: their slope is (nearly) zero."""
        quiet = (np.abs(self.hidden_errors) < VISIBLE) & (np.abs(self.arriving) >= VISIBLE)
        return tuple(np.flatnonzero(quiet).tolist())

    @property
    def has_error(self) -> bool:
        """Whether the output visibly misses its target."""
        return abs(self.output_error) >= VISIBLE

    # The price.

    @cached_property
    def differences(self) -> np.ndarray:
        """∂loss/∂(each parameter) by central differences, shape (13,): two forward passes each."""
        flat = self.weights.flat
        moves = STEP * np.eye(self.count)
        losses = [[self.run(Weights.from_flat(flat + sign * move)).loss for sign in (1, -1)] for move in moves]
        return np.array([(up - down) / (2 * STEP) for up, down in losses])

    @property
    def difference_passes(self) -> int:
        """Forward passes that the differences take: 26."""
        return 2 * self.count

    @property
    def largest_disagreement(self) -> float:
        """The largest distance of a difference from the derivative of the sweep."""
        return float(np.abs(self.differences - self.gradient.flat).max())

    @property
    def is_at_kink(self) -> bool:
        """Whether a ReLU stands so near its kink that differences straddle it, and mean another slope."""
        reach = STEP * max(1.0, float(np.abs(self.x).max()))
        return self.activation == "relu" and bool(np.any(np.abs(self.forward.z) <= reach))

    # One step.

    @property
    def stepped(self) -> Weights:
        """The weights after one step against the gradient."""
        return Weights.from_flat(self.weights.flat - self.learning_rate * self.gradient.flat)

    @property
    def stepped_forward(self) -> Forward:
        """The forward pass after the step."""
        return self.run(self.stepped)

    @property
    def outcome(self) -> Literal["falls", "rises", "stays"]:
        """What the step does to the loss, to two decimals: a step that is too long may raise it."""
        change = self.stepped_forward.loss - self.forward.loss
        if abs(change) < VISIBLE:
            return "stays"
        return "falls" if change < 0 else "rises"

    def facts(self) -> dict[str, Fact]:
        run = self.forward
        return rounded(
            {
                "params": self.count,
                "z": run.z,
                "h": run.h,
                "y": run.y,
                "loss": [run.loss, self.stepped_forward.loss],
                "output_error": self.output_error,
                "arriving": self.arriving,
                "slopes": self.slopes,
                "hidden_errors": self.hidden_errors,
                "input_errors": self.input_errors,
                "gradient": self.gradient.flat,
                "max_err": self.largest_disagreement,
                "forward_passes_fd": self.difference_passes,
                "reverse_passes": 1,
                "stepped_y": self.stepped_forward.y,
                "outcome": self.outcome,
            }
        )
