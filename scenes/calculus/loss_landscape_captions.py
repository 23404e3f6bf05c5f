"""What the loss landscape clip says, true for every pair of networks."""

from __future__ import annotations

from explainers.calculus.loss_landscape import Batch, LossLandscape
from explainers.networks.landscapes import WITH_PATH, Landscape
from scenes.stage.language import _, localized
from scenes.stage.text import format_number


def loss_text(value: float) -> str:
    """A loss in print."""
    return format_number(value)


def batch_name(batch: Batch) -> str:
    """What a network was trained in."""
    return {"small": _("small batches"), "large": _("large batches")}[batch]


def skip_name(skip: bool) -> str:
    """How a network is connected."""
    return _("skip connections") if skip else _("no skip connections")


def name_of(network: Landscape) -> tuple[str, str]:
    """A network in two lines."""
    connections, batch = network.name.split("-")
    return skip_name(connections == "skip"), batch_name(batch)


def network(landscape: LossLandscape) -> str:
    """What was trained."""
    told = _("A real network: {n} weights, trained to read handwritten digits.")
    return told.format(n=format_number(landscape.weight_count, 0))


def measuring(landscape: LossLandscape) -> str:
    """What a dot is."""
    told = _("Two random directions: each of {n} dots is one measured loss.")
    return told.format(n=format_number(landscape.measurements, 0))


def surface(landscape: LossLandscape) -> str:
    """Where training ended."""
    loss = loss_text(landscape.first.found["training_loss"])
    if landscape.dips_of(landscape.first) == 1:
        told = _("The surface through the dots: training ended at the bottom, loss {loss}.")
    else:
        told = _("The surface through the dots: training ended in the middle, loss {loss}.")
    return told.format(loss=loss)


def batches(landscape: LossLandscape) -> str:
    """Flat and sharp."""
    if not landscape.at_one_height:
        small, large = (loss_text(n.found["training_loss"]) for n in landscape.by_batch.values())
        told = _("Small batches ended at loss {small}, large ones at {large}: different heights.")
        return told.format(small=small, large=large)
    if landscape.are_alike:
        return _("Trained in small or large batches to one loss: equally sharp minima.")
    if landscape.sharpness_ratio > 1:
        return _("Both trained to one loss: small batches end flat, large ones sharp.")
    return _("Both trained to one loss: large batches end flat, small ones sharp.")


def profiles(landscape: LossLandscape, distance: float, values: tuple[float, float]) -> str:
    """Beyond one plane."""
    small, large = (loss_text(value) for value in values)
    told = _("Over many directions, at distance {distance}: loss {small} for small batches, {large} for large.")
    return told.format(distance=localized(f"{distance:g}"), small=small, large=large)


def skips(landscape: LossLandscape) -> str:
    """What skip connections change."""
    plain = landscape.by_skip[False]
    loss, steps = loss_text(plain.found["training_loss"]), format_number(plain.found["steps"], 0)
    told = _("Without the skip “h +”: loss {loss} after {steps} steps.")
    dips = landscape.dips_of(plain)
    if dips > max(1, landscape.dips_of(landscape.by_skip[True])):
        told = _("Without the skip “h +”: loss {loss} after {steps} steps, amid {n} dips.")
    return told.format(loss=loss, steps=steps, n=dips)


def path(landscape: LossLandscape) -> str:
    """The true path."""
    share = format_number(landscape.path.share, 0, percent=True)
    if landscape.first.name != WITH_PATH:
        told = _("With skips, small batches: true path in two main directions, {share} of its spread.")
    else:
        told = _("The true path in its two main directions, which hold {share} of its spread.")
    return told.format(share=share)


def summary(landscape: LossLandscape) -> str:
    """What was seen."""
    return _("Every height was measured: training runs down a valley nobody drew.")
