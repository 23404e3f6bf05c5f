"""What the backprop clip says, true for all weights, inputs and activations."""

from __future__ import annotations

from explainers.calculus.backprop import Backprop
from scenes.pictures.matrix import short
from scenes.stage.language import _
from scenes.stage.text import format_number


def forward(net: Backprop) -> str:
    """The forward pass."""
    bent = {
        "relu": _("negative hidden sums become 0"),
        "tanh": _("tanh keeps hidden ones within ±1"),
        "sigmoid": _("a sigmoid keeps hidden ones in (0, 1)"),
    }[net.activation]
    return _("Forward: numbers times weights, plus bias; {bent}.").format(bent=bent)


def loss(net: Backprop) -> str:
    """How far off."""
    target, y, loss = short(net.target), short(net.forward.y), format_number(net.forward.loss)
    if not net.has_error:
        return _("Wanted {target}, got {y}: nothing to correct, the loss is 0.").format(target=target, y=y)
    return _("Wanted {target}, got {y}: the loss is {loss}.").format(target=target, y=y, loss=loss)


def start(net: Backprop) -> str:
    """The sweep begins."""
    return _("Backward from 1: the error of y is how fast L grows with it.")


def hidden(net: Backprop) -> str:
    """Arriving times slope."""
    silent = net.silent_units
    if not net.has_error:
        return _("What comes back is 0, and times any weight and slope it stays 0.")
    if len(silent) == 1 and net.activation == "relu":
        told = _("What arrives times the local slope; unit {unit} is off and passes nothing.")
        return told.format(unit=silent[0] + 1)
    return _("Each hidden unit passes back what arrived, times its own local slope.")


def weights(net: Backprop) -> str:
    """The derivative of a weight, and of a bias."""
    return _("A weight's derivative: end error times start number. A bias's: its unit's error.")


def forks(net: Backprop) -> str:
    """Forks add."""
    told = _("An input feeds three units: what comes back adds up, {total} at x₁.")
    return told.format(total=short(net.input_errors[0]))


def matrices(net: Backprop) -> str:
    """The same as matrix products."""
    return _("The same sweep as products: transposed weights go back, columns times rows make gradients.")


def price(net: Backprop) -> str:
    """Against finite differences."""
    if net.is_at_kink:
        return _("A unit stands on its kink: there differences see both sides and may disagree.")
    told = _("Nudging {count} weights and biases up and down: {n} forward passes; sweeping: one backward.")
    return told.format(count=net.count, n=net.difference_passes)


def update(net: Backprop) -> str:
    """One step."""
    before, after = (format_number(run.loss) for run in (net.forward, net.stepped_forward))
    if net.outcome == "stays":
        return _("One step against the gradient: the loss stays at {after}.").format(after=after)
    if net.outcome == "rises":
        told = _("This step is too long: the loss rises from {before} to {after}.")
    else:
        told = _("One step against the gradient: the loss falls from {before} to {after}.")
    return told.format(before=before, after=after)


def summary(net: Backprop) -> str:
    """The whole sweep."""
    return _("Backpropagation, the first sweep again: all {n} derivatives for about one forward pass.").format(
        n=net.count
    )
