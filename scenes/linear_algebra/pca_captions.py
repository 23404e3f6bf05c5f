"""What the scene of `pca` says, true for every cloud that it may be given."""

from __future__ import annotations

from explainers.linear_algebra.pca import Pca
from scenes.stage.language import N_, _
from scenes.stage.text import format_number

SLIGHT = 0.0005
"""A share below which one decimal would read 0 %."""
NOTHING = 1e-9
"""A share that is rounding, not scatter."""


def percent(share: float) -> str:
    """A share in whole percent, or in tenths near 0 and 100; only nothing is 0%, and only all is 100%."""
    sign, figure = _bounded(share)
    return {"<": _("under {share}"), ">": _("over {share}"), "": "{share}"}[sign].format(share=figure)


def short_percent(share: float) -> str:
    """The same as a sign instead of a word: "<0.1%"."""
    return "".join(_bounded(share))


def _bounded(share: float) -> tuple[str, str]:
    """A figure in percent, and before it a sign where it is only a bound: ("<", "0.1%")."""
    if NOTHING < share < SLIGHT:
        return "<", format_number(0.001, 1, percent=True)
    if 1 - SLIGHT < share < 1 - NOTHING:
        return ">", format_number(0.999, 1, percent=True)
    tenths = NOTHING < share < 0.01 or 0.99 <= share < 1 - NOTHING
    return "", format_number(share, 1 if tenths else 0, percent=True)


def number(value: float) -> str:
    """Two decimals, with a real minus sign."""
    return format_number(value)


CENTRE = N_("Two measurements per point; move the origin to their mean.")
ONE_POINT = N_("One point: as the line turns, shadow² plus distance² never changes.")
SHADOWS = N_("Now every point casts its shadow; the squares are averaged over the cloud.")


def turn(pca: Pca) -> str:
    """The split of the trace over half a turn."""
    if pca.regime == "roundish":
        return _("In a roundish cloud the split hardly moves; its total still stays.")
    return _("Half a turn: whatever the mean shadow² gains, the mean distance² loses.")


def eigenvector(pca: Pca) -> str:
    """The best line is the one that S keeps."""
    sentence = _("At the widest shadow the covariance only scales u: S u = {variance} u.")
    return sentence.format(variance=number(pca.plane.variances[0]))


def second_axis(pca: Pca) -> str:
    """The first axis holds most, or half; the second axis holds the rest."""
    if pca.regime == "on a line":
        return _("The points already lie on a line: the second axis gets nothing.")
    if _bounded(pca.plane.shares[0])[0]:
        sentence = _("The first principal component holds {share} of the variance, the second hardly any.")
        return sentence.format(share=percent(pca.plane.shares[0]))
    first, second = (percent(share) for share in pca.plane.shares)
    sentence = _("The first principal component holds {first} of the variance, the second {second}.")
    return sentence.format(first=first, second=second)


THIRD = N_("A third measurement: what you see is the shadow; depth replaces distance.")


def flattest(pca: Pca) -> str:
    """The view with the least depth has the widest shadow."""
    depth = pca.solid.shares[2]
    if depth < NOTHING:
        return _("Turn to the flattest view: widest shadow, no depth at all.")
    sentence = _("Turn to the flattest view: widest shadow, depth holds only {share} of the variance.")
    if depth < SLIGHT:
        sentence = _("Turn to the flattest view: widest shadow, depth holds {share} of the variance.")
    return sentence.format(share=percent(depth))


def rebuild(pca: Pca) -> str:
    """What a few coordinates keep."""
    kept = float(pca.solid.shares[: pca.keep].sum())
    if _bounded(kept)[0]:
        # A bound is one word more, and a caption has fourteen at most.
        one = _("Keep one number per point, its place along u₁: {share} of variance survives.")
        two = _("Keep two numbers per point, along u₁ and u₂: {share} of variance survives.")
    else:
        one = _("Keep one number per point, its place along u₁: {share} of the variance survives.")
        two = _("Keep two numbers per point, along u₁ and u₂: {share} of the variance survives.")
    return (one if pca.keep == 1 else two).format(share=percent(kept))


SUMMARY = N_("The line of the widest shadow is the line closest to the data.")
