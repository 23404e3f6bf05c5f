"""The words of `chain-rule`: captions, names and numbers as text, true for every admitted setting."""

from __future__ import annotations

import numpy as np

from explainers.calculus.chain_rule import ChainRule
from scenes.stage.language import N_, _, in_math, localized, ngettext, percent_sign, verbatim
from scenes.stage.text import format_number

INNER_TEXT = {"square": "x²", "exp": "eˣ", "sqrt": "√x", "reciprocal": "1/x"}
OUTER_TEXT = {"cos": "cos u", "ln": "ln u", "sigmoid": "σ(u)", "tanh": "tanh u"}
INNER_MATH = {"square": "x^2", "exp": "e^x", "sqrt": "sqrt(x)", "reciprocal": "1 \\/ x"}
OUTER_MATH = {"cos": "cos u", "ln": "ln u", "sigmoid": "sigma(u)", "tanh": "tanh u"}
INNER_SLOPE = {"square": "2 x", "exp": "e^x", "sqrt": "1 \\/ (2 sqrt(x))", "reciprocal": "-1 \\/ x^2"}
ALMOST_NOTHING = 5e-4
"""A smaller slope than this is written as 0.000 on screen."""


def figure(value: float) -> str:
    """A slope with three significant digits and at most three decimals: "2.6", "−0.119", "0"."""
    if abs(value) < ALMOST_NOTHING:
        return "0"
    decimals = min(3, max(0, 2 - int(np.floor(np.log10(abs(value))))))
    return format_number(value, decimals, trim=True)


def power(value: float) -> tuple[str, int]:
    """Mantissa and exponent of a positive number: 1.1·10⁻¹³ is ("1.1", −13)."""
    mantissa, exponent = f"{value:.1e}".split("e")
    return mantissa, int(exponent)


def small(value: float) -> str:
    """A positive number for a caption: "0.055", "1.1×10⁻¹³"."""
    mantissa, exponent = power(value)
    if exponent > -4:
        return localized(f"{value:.2g}")
    return f"{localized(mantissa)}×10{_superscript(exponent)}"


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def factor_math(value: float) -> str:
    """A slope as a factor in a formula: a negative one in brackets."""
    text = in_math(figure(value).replace("−", "-"))
    return f"({text})" if text.startswith("-") else text


def sine() -> str:
    """The name of the sine function, which is not the same everywhere."""
    # Translators: the sine, as it is written in formulas.
    return _("sin")


def outer_text(rule: ChainRule) -> str:
    """The second link in a caption."""
    return f"{sine()} u" if rule.outer == "sin" else verbatim(OUTER_TEXT[rule.outer])


def outer_math(rule: ChainRule) -> str:
    """The second link in Typst math."""
    return f'op("{sine()}") u' if rule.outer == "sin" else OUTER_MATH[rule.outer]


def chain(rule: ChainRule) -> str:
    """The two links."""
    inner, outer = verbatim(INNER_TEXT[rule.inner]), outer_text(rule)
    return _("A chain: x drives u = {inner}, and u drives y = {outer}.").format(inner=inner, outer=outer)


NEIGHBOURS = N_("Threads tie points to their images: even spacing comes out uneven.")
ZOOM = N_("Zoom in to one common scale: each link becomes one factor, its slope.")


def first_link(rule: ChainRule) -> str:
    """The nudge of x arrives on u."""
    if rule.links[0] < 0:
        sentence = {
            "stretches": _("Nudge x by dx: it arrives flipped and stretched to {slope} dx on u."),
            "shrinks": _("Nudge x by dx: it arrives flipped and shrunk to {slope} dx on u."),
            "keeps": _("Nudge x by dx: it arrives flipped and kept at {slope} dx on u."),
        }[rule.effects[0]]
    else:
        sentence = {
            "stretches": _("Nudge x by dx: it arrives stretched to {slope} dx on u."),
            "shrinks": _("Nudge x by dx: it arrives shrunk to {slope} dx on u."),
            "keeps": _("Nudge x by dx: it arrives kept at {slope} dx on u."),
        }[rule.effects[0]]
    return sentence.format(slope=figure(rule.links[0]))


def second_link(rule: ChainRule) -> str:
    """The nudge of u arrives on y, and the factors multiply."""
    if rule.effects[1] == "still":
        return _("At u the slope is almost 0: whatever arrives there, y hardly moves.")
    first, second = (figure(link) for link in rule.links)
    sentence = _("Chain rule: the next link multiplies again, {first} times {second} makes {total}.")
    return sentence.format(first=first, second=second, total=figure(rule.dydx))


def wheels(rule: ChainRule) -> str:
    """The same as turning wheels."""
    sentence = _("One turn of x makes {first} of u, {total} of y.")
    told = sentence.format(first=figure(rule.links[0]), total=figure(rule.dydx))
    crossed = _("Crossed belts reverse.")
    return f"{told} {crossed}" if min(rule.links) < 0 else told


def strips(rule: ChainRule) -> str:
    """Two paths from x to one result."""
    if rule.inner == "reciprocal":
        return _("Two paths from x to x·u: rates add, and here they cancel.")
    return _("Two paths from x to x·u: one strip each, so rates add.")


SIGMOID = N_("Now a sigmoid link: its slope is never more than 1/4.")


def fading(rule: ChainRule) -> str:
    """How soon next to nothing is left of the nudge."""
    count, left = rule.row_landmark, left_at_landmark(rule)
    if count == rule.depth:
        return _("Chain {depth} sigmoids: {left} of the nudge is left.").format(depth=rule.depth, left=left)
    sentence = ngettext(
        "Chain {depth} sigmoids: after {count} link, {left} is left.",
        "Chain {depth} sigmoids: after {count} links, {left} is left.",
        count,
    )
    return sentence.format(depth=rule.depth, count=count, left=left)


def left_at_landmark(rule: ChainRule) -> str:
    """What is left of the nudge where the caption looks: "0.27%"."""
    return localized(f"{100 * rule.row_products[rule.row_landmark]:.2g}") + percent_sign()


def vanished(rule: ChainRule) -> str:
    """The product of all slopes, and its bound."""
    left, bound = small(rule.row_products[-1]), small(rule.row_bounds[-1])
    sentence = _("On a log scale: {depth} slopes make {left}; {depth} factors of 1/4, {bound}.")
    return sentence.format(depth=rule.depth, left=left, bound=bound)


SUMMARY = N_("Each link scales the nudge by its slope, so slopes multiply.")
