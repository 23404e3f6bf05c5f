"""What the backprop clip says, true for all weights, inputs and activations."""

from __future__ import annotations

from explainers.calculus.backprop import Backprop
from scenes.pictures.matrix import short
from scenes.stage.text import format_number


def forward(net: Backprop) -> str:
    """The forward pass."""
    bent = {
        "relu": "negative hidden sums become 0",
        "tanh": "tanh keeps hidden ones within ±1",
        "sigmoid": "a sigmoid keeps hidden ones in (0, 1)",
    }[net.activation]
    return f"Forward: numbers times weights, plus bias; {bent}."


def loss(net: Backprop) -> str:
    """How far off."""
    run = net.forward
    if not net.has_error:
        return f"Wanted {short(net.target)}, got {short(run.y)}: nothing to correct, the loss is 0."
    return f"Wanted {short(net.target)}, got {short(run.y)}: the loss is {format_number(run.loss)}."


def start(net: Backprop) -> str:
    """The sweep begins."""
    return "Backward from 1: the error of y is how fast L grows with it."


def hidden(net: Backprop) -> str:
    """Arriving times slope."""
    silent = net.silent_units
    if not net.has_error:
        return "What comes back is 0, and times any weight and slope it stays 0."
    if len(silent) == 1 and net.activation == "relu":
        return f"What arrives times the local slope; unit {silent[0] + 1} is off and passes nothing."
    return "Each hidden unit passes back what arrived, times its own local slope."


def weights(net: Backprop) -> str:
    """A weight's derivative."""
    return "A weight's derivative: the error at its end times the number at its start."


def forks(net: Backprop) -> str:
    """Forks add."""
    return f"An input feeds three units: what comes back adds up, {short(net.input_errors[0])} at x₁."


def matrices(net: Backprop) -> str:
    """The same as matrix products."""
    return "The same sweep as products: transposed weights go back, columns times rows make gradients."


def price(net: Backprop) -> str:
    """Against finite differences."""
    if net.is_at_kink:
        return "A unit stands on its kink: there differences see both sides and may disagree."
    return f"Nudging each weight and bias takes {net.difference_passes} forward passes; the sweep takes one backward."


def update(net: Backprop) -> str:
    """One step."""
    before, after = (format_number(run.loss) for run in (net.forward, net.stepped_forward))
    if net.outcome == "stays":
        return f"One step against the gradient: the loss stays at {after}."
    if net.outcome == "rises":
        return f"This step is too long: the loss rises from {before} to {after}."
    return f"One step against the gradient: the loss falls from {before} to {after}."


def summary(net: Backprop) -> str:
    """The whole sweep."""
    return f"One backward sweep: all {net.count} derivatives for about one forward pass."
