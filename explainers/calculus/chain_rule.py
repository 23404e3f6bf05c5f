"""The chain rule: each link of x → u → y scales a nudge of x by its slope, so the slopes multiply.

Beside it stand the product rule, where two paths from x to one result make rates add, and a long row of
sigmoids, whose slopes of at most 1/4 multiply to almost nothing. Everything is exact.

Source: Deisenroth, Faisal, Ong, "Mathematics for Machine Learning", sections 5.1 and 5.2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from explainers.model import Explainer, Fact, Pillar, parameter, rounded

Map: TypeAlias = Callable[[np.ndarray | float], np.ndarray | float]
Effect: TypeAlias = Literal["still", "shrinks", "keeps", "stretches"]
"""What a link does to distances; see `effect`."""

STILL = 5e-3
"""A smaller slope than this moves less than the width of a line on screen."""
LITTLE_LEFT = 0.01
"""A share of the nudge that is not seen on a linear scale."""
STEEPEST_SIGMOID = 0.25
"""The slope of the sigmoid at 0, its largest."""


@dataclass(frozen=True)
class Function:
    """A link of the chain: its value and its slope."""

    value: Map
    slope: Map


def sigmoid(z: np.ndarray | float) -> np.ndarray | float:
    """1 / (1 + e⁻ᶻ)."""
    return 1 / (1 + np.exp(-np.asarray(z, float)))


def sigmoid_slope(z: np.ndarray | float) -> np.ndarray | float:
    """σ(z) (1 − σ(z)), at most 1/4."""
    return sigmoid(z) * sigmoid(-np.asarray(z, float))


INNER = {
    "square": Function(np.square, lambda x: 2 * x),
    "exp": Function(np.exp, np.exp),
    "sqrt": Function(np.sqrt, lambda x: 0.5 / np.sqrt(x)),
    "reciprocal": Function(lambda x: 1 / x, lambda x: -1 / x**2),
}
OUTER = {
    "sin": Function(np.sin, np.cos),
    "cos": Function(np.cos, lambda u: -np.sin(u)),
    "ln": Function(np.log, lambda u: 1 / u),
    "sigmoid": Function(sigmoid, sigmoid_slope),
    "tanh": Function(np.tanh, lambda u: 1 - np.tanh(u) ** 2),
}


def effect(slope: float) -> Effect:
    """What a slope does to small distances: nothing to speak of, shrinks, keeps (to 1 %), or stretches them."""
    size = abs(slope)
    if size < STILL:
        return "still"
    if abs(size - 1) < 0.01:
        return "keeps"
    return "stretches" if size > 1 else "shrinks"


class ChainRule(Explainer):
    """Two links x → u → y, their slopes and the product; and a row of sigmoids."""

    slug: ClassVar[str] = "chain-rule"
    title: ClassVar[str] = "Rates multiply along a chain"
    insight: ClassVar[str] = "Each link scales the nudge by its slope, so slopes multiply."
    pillar: ClassVar[Pillar] = Pillar.CALCULUS
    references: ClassVar[tuple[str, ...]] = (
        "EOC 4",
        "EOC 12",
        "MML 5.1",
        "MML 5.2",
        "CML C2W1L1",
        "PAL 8",
        "PAL 12",
        "SR:math/calculus",
    )

    inner: Literal["square", "exp", "sqrt", "reciprocal"] = parameter("square", "the first link, from x to u")
    outer: Literal["sin", "cos", "ln", "sigmoid", "tanh"] = parameter("sin", "the second link, from u to y")
    x: float = parameter(1.3, "where the chain is nudged", ge=0.5, le=2)
    depth: int = parameter(20, "how many sigmoids stand in a row", unit="links", ge=2, le=30)
    start: float = parameter(0.5, "the number that enters the row of sigmoids", ge=-4, le=4)

    # --- Two links ----------------------------------------------------------------------------------------

    def u_at(self, x: np.ndarray | float) -> np.ndarray | float:
        """The middle of the chain at any x > 0, same shape as x."""
        return INNER[self.inner].value(x)

    def y_at(self, x: np.ndarray | float) -> np.ndarray | float:
        """The end of the chain at any x > 0, same shape as x."""
        return OUTER[self.outer].value(self.u_at(x))

    @property
    def u(self) -> float:
        """The middle of the chain at `x`."""
        return float(self.u_at(self.x))

    @property
    def y(self) -> float:
        """The end of the chain at `x`."""
        return float(self.y_at(self.x))

    @property
    def links(self) -> tuple[float, float]:
        """The two slopes, du/dx at x and dy/du at u."""
        return float(INNER[self.inner].slope(self.x)), float(OUTER[self.outer].slope(self.u))

    @property
    def dydx(self) -> float:
        """The slope of the whole chain: the product of its links."""
        first, second = self.links
        return first * second

    @property
    def effects(self) -> tuple[Effect, Effect]:
        """What each link does to small distances."""
        first, second = self.links
        return effect(first), effect(second)

    def ratios(self, nudge: float) -> np.ndarray:
        """Δu/Δx, Δy/Δu and Δy/Δx for a finite nudge of x, shape (3,). The inner function is never level."""
        du = self.u_at(self.x + nudge) - self.u
        dy = self.y_at(self.x + nudge) - self.y
        return np.array([du / nudge, dy / du, dy / nudge])

    @property
    def reach(self) -> float:
        """How far a nudge of 1 gets on the line where it gets farthest: at least 1, at most about 7.4."""
        return max(1.0, abs(self.links[0]), abs(self.dydx))

    # --- The product rule -----------------------------------------------------------------------------------

    @property
    def product_terms(self) -> tuple[float, float]:
        """The rates of the two strips of the rectangle x·u: its width grows by u, its height by x du/dx."""
        return self.u, self.x * self.links[0]

    @property
    def product_rate(self) -> float:
        """The rate of x·u: the sum of the two strips; 0 for u = 1/x, whose rectangle keeps its area."""
        return sum(self.product_terms)

    # --- A row of sigmoids ----------------------------------------------------------------------------------

    @property
    def row_inputs(self) -> np.ndarray:
        """What enters each sigmoid: `start`, σ(start), σ(σ(start)), …; shape (depth,)."""
        values = [self.start]
        for _ in range(self.depth - 1):
            values.append(float(sigmoid(values[-1])))
        return np.array(values)

    @property
    def row_slopes(self) -> np.ndarray:
        """The slope of each sigmoid at what enters it, shape (depth,)."""
        return sigmoid_slope(self.row_inputs)

    @property
    def row_products(self) -> np.ndarray:
        """What is left of a nudge of 1 after 0, 1, … `depth` sigmoids, shape (depth + 1,)."""
        return np.concatenate([[1.0], np.cumprod(self.row_slopes)])

    @property
    def row_landmark(self) -> int:
        """The number of sigmoids after which less than `LITTLE_LEFT` of a nudge is left; `depth` if it never is."""
        gone = np.flatnonzero(self.row_products < LITTLE_LEFT)
        return int(gone[0]) if len(gone) else self.depth

    @property
    def row_bounds(self) -> np.ndarray:
        """What at most can be left: 4⁻ᵏ, shape (depth + 1,)."""
        return STEEPEST_SIGMOID ** np.arange(self.depth + 1.0)

    def facts(self) -> dict[str, Fact]:
        """Places, slopes, their product, the two strips, and what the row of sigmoids leaves."""
        products = self.row_products
        return rounded(
            {
                "u": self.u,
                "y": self.y,
                "links": self.links,
                "effects": self.effects,
                "dydx": self.dydx,
                "product_terms": self.product_terms,
                "product_rate": self.product_rate,
                "twenty_sigmoids" if self.depth == 20 else f"{self.depth}_sigmoids": products[-1],
                "bound": self.row_bounds[-1],
                "left_after": products,
            }
        )
