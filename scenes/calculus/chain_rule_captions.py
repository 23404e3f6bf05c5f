"""The words of `chain-rule`: captions, names and numbers as text, true for every admitted setting."""

from __future__ import annotations

import numpy as np

from explainers.calculus.chain_rule import ChainRule
from scenes.stage.text import format_number

INNER_TEXT = {"square": "x²", "exp": "eˣ", "sqrt": "√x", "reciprocal": "1/x"}
OUTER_TEXT = {"sin": "sin u", "cos": "cos u", "ln": "ln u", "sigmoid": "σ(u)", "tanh": "tanh u"}
INNER_MATH = {"square": "x^2", "exp": "e^x", "sqrt": "sqrt(x)", "reciprocal": "1 \\/ x"}
OUTER_MATH = {"sin": "sin u", "cos": "cos u", "ln": "ln u", "sigmoid": "sigma(u)", "tanh": "tanh u"}
INNER_SLOPE = {"square": "2 x", "exp": "e^x", "sqrt": "1 \\/ (2 sqrt(x))", "reciprocal": "-1 \\/ x^2"}
OUTER_SLOPE = {
    "sin": "cos u",
    "cos": "-sin u",
    "ln": "1 \\/ u",
    "sigmoid": "sigma(u) (1 - sigma(u))",
    "tanh": "1 - tanh^2 u",
}
ALMOST_NOTHING = 5e-4
"""A smaller slope than this is written as 0.000 on screen."""


def figure(value: float) -> str:
    """A slope with three significant digits and at most three decimals: "2.6", "−0.119", "0"."""
    if abs(value) < ALMOST_NOTHING:
        return "0"
    decimals = min(3, max(0, 2 - int(np.floor(np.log10(abs(value))))))
    text = format_number(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def power(value: float) -> tuple[str, int]:
    """Mantissa and exponent of a positive number: 1.1·10⁻¹³ is ("1.1", −13)."""
    mantissa, exponent = f"{value:.1e}".split("e")
    return mantissa, int(exponent)


def small(value: float) -> str:
    """A positive number for a caption: "0.055", "1.1×10⁻¹³"."""
    mantissa, exponent = power(value)
    if exponent > -4:
        return f"{value:.2g}"
    return f"{mantissa}×10{_superscript(exponent)}"


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def factor_math(value: float) -> str:
    """A slope as a factor in a formula: a negative one in brackets."""
    text = figure(value).replace("−", "-")
    return f"({text})" if text.startswith("-") else text


def chain(rule: ChainRule) -> str:
    """The two links."""
    return f"A chain: x drives u = {INNER_TEXT[rule.inner]}, and u drives y = {OUTER_TEXT[rule.outer]}."


NEIGHBOURS = "Threads tie points to their images: even spacing comes out uneven."
ZOOM = "Zoom in to one common scale: each link becomes one factor, its slope."


def first_link(rule: ChainRule) -> str:
    """The nudge of x arrives on u."""
    verb = {"stretches": "stretched to", "shrinks": "shrunk to", "keeps": "kept at"}[rule.effects[0]]
    flips = "flipped and " if rule.links[0] < 0 else ""
    return f"Nudge x by dx: it arrives {flips}{verb} {figure(rule.links[0])} dx on u."


def second_link(rule: ChainRule) -> str:
    """The nudge of u arrives on y, and the factors multiply."""
    first, second = (figure(link) for link in rule.links)
    if rule.effects[1] == "still":
        return f"At u the slope is almost 0: whatever arrives there, y {'hardly moves'}."
    return f"The next link multiplies again: {first} times {second} makes {figure(rule.dydx)}."


def wheels(rule: ChainRule) -> str:
    """The same as turning wheels."""
    crossed = " Crossed belts reverse." if min(rule.links) < 0 else ""
    return f"One turn of x makes {figure(rule.links[0])} of u, {figure(rule.dydx)} of y.{crossed}"


def strips(rule: ChainRule) -> str:
    """Two paths from x to one result."""
    if rule.inner == "reciprocal":
        return "Two paths from x to x·u: rates add, and here they cancel."
    return "Two paths from x to x·u: one strip each, so rates add."


SIGMOID = "Now a sigmoid link: its slope is never more than 1/4."


def fading(rule: ChainRule) -> str:
    """How soon next to nothing is left of the nudge."""
    if rule.row_landmark == rule.depth:
        return f"Chain {rule.depth} sigmoids: {left_at_landmark(rule)} of the nudge is left."
    links = "link" if rule.row_landmark == 1 else "links"
    return f"Chain {rule.depth} sigmoids: after {rule.row_landmark} {links}, {left_at_landmark(rule)} is left."


def left_at_landmark(rule: ChainRule) -> str:
    """What is left of the nudge where the caption looks: "0.27%"."""
    return f"{100 * rule.row_products[rule.row_landmark]:.2g}%"


def vanished(rule: ChainRule) -> str:
    """The product of all slopes, and its bound."""
    left, bound = small(rule.row_products[-1]), small(rule.row_bounds[-1])
    count = _superscript(-rule.depth)
    return f"On a log scale: {rule.depth} slopes make {left}, at most 4{count} = {bound}."


SUMMARY = "Each link scales the nudge by its slope, so slopes multiply."
