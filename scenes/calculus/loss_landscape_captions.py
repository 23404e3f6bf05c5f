"""What the loss landscape clip says, true for every pair of networks."""

from __future__ import annotations

from explainers.calculus.loss_landscape import LossLandscape
from explainers.networks.landscapes import WITH_PATH, Landscape
from scenes.stage.text import format_number


def loss_text(value: float) -> str:
    """A loss in print."""
    return format_number(value)


def grouped(count: int) -> str:
    """A whole number with thin spaces between thousands."""
    return f"{count:,}".replace(",", "\u202f")


def name_of(network: Landscape) -> tuple[str, str]:
    """A network in two lines."""
    connections, batch = network.name.split("-")
    return f"{'skip' if connections == 'skip' else 'no skip'} connections", f"{batch} batches"


def network(landscape: LossLandscape) -> str:
    """What was trained."""
    return f"A real network: {grouped(landscape.weight_count)} weights, trained to read handwritten digits."


def measuring(landscape: LossLandscape) -> str:
    """What a dot is."""
    return f"Two random directions: each of {grouped(landscape.measurements)} dots is one measured loss."


def surface(landscape: LossLandscape) -> str:
    """Where training ended."""
    loss = loss_text(landscape.first.found["training_loss"])
    if landscape.dips_of(landscape.first) == 1:
        return f"The surface through the dots: training ended at the bottom, loss {loss}."
    return f"The surface through the dots: training ended in the middle, loss {loss}."


def batches(landscape: LossLandscape) -> str:
    """Flat and sharp."""
    if not landscape.at_one_height:
        small, large = (loss_text(n.found["training_loss"]) for n in landscape.by_batch.values())
        return f"Small batches ended at loss {small}, large ones at {large}: different heights."
    if landscape.are_alike:
        return "Trained in small or large batches to one loss: equally sharp minima."
    flat = "small" if landscape.sharpness_ratio > 1 else "large"
    sharp = "large" if flat == "small" else "small"
    return f"Both trained to one loss: {flat} batches end flat, {sharp} ones sharp."


def profiles(landscape: LossLandscape, distance: float, values: tuple[float, float]) -> str:
    """Beyond one plane."""
    small, large = (loss_text(value) for value in values)
    return f"Over many directions, at distance {distance:g}: loss {small} for small batches, {large} for large."


def skips(landscape: LossLandscape) -> str:
    """What skip connections change."""
    plain = landscape.by_skip[False]
    loss, steps = loss_text(plain.found["training_loss"]), grouped(plain.found["steps"])
    rough = landscape.dips_of(plain) > landscape.dips_of(landscape.by_skip[True])
    ground = ", on rougher ground" if rough else ""
    return f"Without the skip “h +”: loss {loss} after {steps} steps{ground}."


def path(landscape: LossLandscape) -> str:
    """The true path."""
    share = format_number(landscape.path.share, 0, percent=True)
    if landscape.first.name != WITH_PATH:
        return f"With skips, small batches: true path on the plane holding {share} of its spread."
    return f"The true path of training, on the plane that holds {share} of its spread."


def summary(landscape: LossLandscape) -> str:
    """What was seen."""
    return "Every height was measured: training runs down a valley nobody drew."
