"""What the scene of `pca` says, true for every cloud that it may be given."""

from __future__ import annotations

from explainers.linear_algebra.pca import Pca

SLIGHT = 0.0005
"""A share below which one decimal would read 0 %."""
NOTHING = 1e-9
"""A share that is rounding, not scatter."""


def percent(share: float) -> str:
    """A share in whole percent, or in tenths near 0 and 100; only nothing is 0%, and only all is 100%."""
    if share < SLIGHT:
        return "under 0.1%" if share > NOTHING else "0%"
    if share > 1 - SLIGHT:
        return "over 99.9%" if share < 1 - NOTHING else "100%"
    return f"{100 * share:.0f}%" if 0.01 <= share < 0.99 else f"{100 * share:.1f}%"


def short_percent(share: float) -> str:
    """The same as a sign instead of a word: "<0.1%"."""
    return percent(share).replace("under ", "<").replace("over ", ">")


def number(value: float) -> str:
    """Two decimals, with a real minus sign."""
    return f"{value:.2f}".replace("-", "−")


CENTRE = "Two measurements per point; move the origin to their mean."
ONE_POINT = "One point: as the line turns, shadow² plus distance² never changes."
SHADOWS = "Now every point casts its shadow; the squares are averaged over the cloud."


def turn(pca: Pca) -> str:
    """The split of the trace over half a turn."""
    if pca.regime == "roundish":
        return "In a roundish cloud the split hardly moves; its total still stays."
    return "Half a turn: whatever the mean shadow² gains, the mean distance² loses."


def eigenvector(pca: Pca) -> str:
    """The best line is the one that S keeps."""
    return f"At the widest shadow the covariance only scales u: S u = {number(pca.plane.variances[0])} u."


def second_axis(pca: Pca) -> str:
    """The first axis holds most, or half; the second axis holds the rest."""
    if pca.regime == "on a line":
        return "The points already lie on a line: the second axis gets nothing."
    first, second = (percent(share) for share in pca.plane.shares)
    return f"The widest line holds {first} of the variance, the second axis the other {second}."


THIRD = "A third measurement: the shadow now falls on a plane, smallest seen end-on."


def flattest(pca: Pca) -> str:
    """The view with the least depth has the widest shadow."""
    depth = pca.solid.shares[2]
    if depth < NOTHING:
        return "Turn to the flattest view: widest shadow, no depth at all."
    only = percent(depth) if depth < SLIGHT else f"only {percent(depth)}"
    return f"Turn to the flattest view: widest shadow, {only} is depth."


def rebuild(pca: Pca) -> str:
    """What a few coordinates keep."""
    kept = percent(pca.solid.shares[: pca.keep].sum())
    numbers = "one number per point, its place along u₁" if pca.keep == 1 else "two numbers per point, along u₁ and u₂"
    # "over 99.9%" is one word more, and a caption has fourteen at most.
    whole = "variance" if " " in kept else "the variance"
    return f"Keep {numbers}: {kept} of {whole} survives."


SUMMARY = "The line of the widest shadow is the line closest to the data."
