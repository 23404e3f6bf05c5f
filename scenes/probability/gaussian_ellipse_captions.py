"""The words of `gaussian-ellipse`: captions and numbers as text, true for every admitted setting."""

from __future__ import annotations

from explainers.probability.gaussian_ellipse import EXTREME, RADII, GaussianEllipse
from scenes.pictures.matrix import short
from scenes.stage.language import _
from scenes.stage.text import format_number


def figure(value: float) -> str:
    """A number with two decimals, or with three where it is small, and none that are needless."""
    return short(value) if value >= 0.1 else format_number(value, 3)


def share(fraction: float) -> str:
    """A counted share in percent."""
    return format_number(fraction, 1, percent=True)


def start(ellipse: GaussianEllipse) -> str:
    """The round cloud."""
    sentence = _("{n} random dots, alike in every direction; circles at distance 1, 2 and 3.")
    return sentence.format(n=ellipse.n)


def push(ellipse: GaussianEllipse) -> str:
    """What L does."""
    if not ellipse.is_pushed:
        return _("This L is the identity: nothing moves, and the cloud stays round.")
    if ellipse.lean == "round":
        return _("This L only scales: the dots move, and circles stay circles.")
    if ellipse.lean == "upright":
        return _("One matrix L stretches along x and y: every circle becomes an ellipse.")
    return _("One matrix L pushes all dots at once: every circle becomes an ellipse.")


def box(ellipse: GaussianEllipse) -> str:
    """The diagonal of Σ."""
    sentence = _("Σ's diagonal is the inner ellipse's box: half-sides {across} and {up}, squared.")
    return sentence.format(across=figure(ellipse.sigma_x), up=figure(ellipse.sigma_y))


def lift(ellipse: GaussianEllipse) -> str:
    """The covariance of x and y."""
    if ellipse.rho == 0:
        return _("The ellipse touches its box level with the centre: covariance 0.")
    across, up = ellipse.touch
    sentence = _("The ellipse touches its box's side at height {up}: covariance {across} × {up}.")
    return sentence.format(across=figure(across), up=signed(up))


def signed(value: float) -> str:
    """A number that may be negative."""
    return figure(value) if value >= 0 else "−" + figure(-value)


def turn(ellipse: GaussianEllipse) -> str:
    """Where Σ only stretches."""
    if ellipse.lean == "round":
        return _("Σ turns no direction u: for a round cloud every direction is an eigenvector.")
    return _("Σ turns every direction but two: its eigenvectors.")


def half_axes(ellipse: GaussianEllipse) -> str:
    """The half-lengths."""
    first, second = (figure(length) for length in ellipse.axes.half_lengths)
    if ellipse.lean == "round":
        return _("No direction is preferred: every radius of the inner circle is √λ = {length}.").format(length=first)
    sentence = _("The inner ellipse's half-axes lie along the eigenvectors: √λ = {first} and {second}.")
    return sentence.format(first=first, second=second)


def count(ellipse: GaussianEllipse) -> str:
    """The counted shares."""
    first, second, third = (share(ellipse.fraction(radius)) for radius in RADII)
    if ellipse.lean == "round":
        sentence = _("Grow the circle and count dots: {first}, then {second}, then {third} are inside.")
    else:
        sentence = _("Grow the ellipse and count dots: {first}, then {second}, then {third} are inside.")
    return sentence.format(first=first, second=second, third=third)


def undo() -> str:
    """Why the shares are the same for every Σ."""
    return _("Undo L and push again: no dot crosses a ring, the shares never change.")


def sweep() -> str:
    """The correlation changes."""
    end = format_number(EXTREME, 2)
    return _("Correlation ρ from −{end} to {end}: the ellipse leans and thins, its box stays.").format(end=end)


def closing() -> str:
    """The insight."""
    return _("A pushed round cloud has eigenvectors of Σ as axes and √λ as half-lengths.")
