"""A row of sigmoids: one sigmoid with its slope, and what is left of a nudge after each, on two scales."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup

from explainers.calculus.chain_rule import STEEPEST_SIGMOID, ChainRule, sigmoid, sigmoid_slope
from scenes.calculus.chain_rule_captions import left_at_landmark
from scenes.pictures.labels import tag
from scenes.pictures.plot import Plot
from scenes.pictures.shapes import Curve, Dots
from scenes.stage.language import _, in_math, localized
from scenes.stage.stage import Stage
from scenes.stage.text import Size, TextLine
from scenes.stage.zones import Zone

REACH = 5.0
"""The sigmoid is drawn from −5 to 5."""
SAMPLES = 161
TANGENT = 1.4
"""Half width of the tangent, in units of z."""
DOT = 0.085
LOW = 0.4
"""A plot is low for lines that take more than this share of its height."""
LOG_STEPS, ROOMY = 4, 10.0
"""Numbers on the logarithmic scale but for the 1 on top; half as many in a zone lower than so many em."""


def dashes(start: np.ndarray, end: np.ndarray, length: float = 0.16) -> tuple[np.ndarray, np.ndarray]:
    """Starts and ends of dashes from one point to another, each of shape (n, 3)."""
    count = max(1, round(float(np.linalg.norm(end - start)) / (2 * length)))
    shares = np.linspace(0, 1, count, endpoint=False)[:, None]
    return start + shares * (end - start), start + (shares + 0.55 / count) * (end - start)


class SigmoidPlot(VGroup):
    """σ with a tangent that slides along it."""

    def __init__(self, stage: Stage, zone: Zone) -> None:
        self.plot = Plot(
            stage, zone, (-REACH, REACH), (0, 1), x_ticks=(-4, -2, 0, 2, 4), y_ticks=(0, 0.5, 1), x_label="$z$"
        )
        z = np.linspace(-REACH, REACH, SAMPLES)
        self.curve = self.plot.curve(z, sigmoid(z), "model")
        self.tangent = Curve(stage, role="parameter", width=5.0)
        self.dot = Dots(stage, np.zeros((1, 3)), "parameter", 0.1)
        self.name = tag(stage, "$sigma(z)$", "model").move_to(self.plot.at(-3.1, 0.62))
        super().__init__(self.plot, self.curve, self.name, self.tangent, self.dot)
        self.put(-REACH)

    def put(self, z: float) -> SigmoidPlot:
        """Touch the curve at z."""
        # Near the edges the tangent is cut where the axes end.
        ends = np.clip(z + np.array([-TANGENT, TANGENT]), -REACH, REACH)
        self.tangent.put(self.plot.points_at(ends, sigmoid(z) + sigmoid_slope(z) * (ends - z)))
        self.dot.put(self.plot.points_at(np.array([z]), np.array([sigmoid(z)])))
        return self


class SlopePlot(VGroup):
    """σ′ under its ceiling of 1/4; `trace` draws it as far as z, `mark` puts one dot per link on it."""

    def __init__(self, stage: Stage, zone: Zone) -> None:
        self.plot = Plot(
            stage, zone, (-REACH, REACH), (0, 0.3), x_ticks=(-4, -2, 0, 2, 4), y_ticks=(0, 0.1, 0.2), x_label="$z$"
        )
        top = STEEPEST_SIGMOID
        self.ceiling = Curve(stage, role="error", width=3.0)
        self.ceiling.put_segments(*dashes(self.plot.at(-REACH, top), self.plot.at(REACH, top)))
        self.limit = stage.words("1/4", Size.READOUT, "error")
        self.limit.next_to(self.plot.at(-REACH, top), UP + RIGHT, buff=0.1)
        self.curve = Curve(stage, role="parameter", width=4.0)
        self.name = tag(stage, "$sigma'(z)$", "parameter").move_to(self.plot.at(-3.4, 0.13))
        self.dots = Dots(stage, np.zeros((0, 3)), "highlight", DOT)
        self.dot = Dots(stage, np.zeros((1, 3)), "parameter", 0.1)
        super().__init__(self.plot, self.ceiling, self.limit, self.name, self.curve, self.dot, self.dots)
        self.trace(-REACH).touch(-REACH)

    def trace(self, z: float) -> SlopePlot:
        """Draw the curve from the left edge to z."""
        places = np.linspace(-REACH, z, SAMPLES)
        self.curve.put(self.plot.points_at(places, sigmoid_slope(places)))
        return self

    def touch(self, z: float) -> SlopePlot:
        """Put the dot on the curve at z."""
        self.dot.put(self.plot.points_at(np.array([z]), np.array([sigmoid_slope(z)])))
        return self

    def mark(self, z: np.ndarray) -> SlopePlot:
        """Put dots at these z, shape (n,)."""
        self.dots.put(self.plot.points_at(z, sigmoid_slope(z)))
        return self


class ProductPlot(VGroup):
    """What is left of a nudge after 0, 1, … links, under 4⁻ᵏ; `put` blends a linear into a logarithmic scale.

    Attributes:
        linear_numbers, log_scale: numbers of the two scales; only the first is part of the group.
        inputs: what enters each link. landmark: what is left at the dot that the caption speaks of.
    """

    def __init__(self, stage: Stage, zone: Zone, rule: ChainRule) -> None:
        self.stage, self.rule = stage, rule
        depth = rule.depth
        self.steps = LOG_STEPS if zone.height > ROOMY * stage.em(Size.LABEL) else LOG_STEPS // 2
        stride = int(np.ceil(-np.log10(rule.row_products[-1]) / self.steps))
        self.lowest = -self.steps * stride
        ticks = list(range(0, depth + 1, next(s for s in (1, 2, 5, 10) if depth / s <= 5 or s == 10)))
        room = stage.words(f"$10^({self.lowest})$").width + 0.15
        inner = Zone(zone.left + room, zone.bottom, zone.right, zone.top)
        self.plot = Plot(stage, inner, (0, depth + 0.4), (0, 1), x_ticks=ticks, y_ticks=(), x_label=_("links"))
        self.linear_numbers = self._numbers((0, 0.5, 1), ("0", localized("0.5"), "1"))
        shares = np.arange(self.steps + 1) / self.steps
        exponents = [round((1 - share) * self.lowest) for share in shares]
        lines = Curve(stage, role="grid", width=1.2)
        lines.put_segments([self.plot.box.at(0, s) for s in shares], [self.plot.box.at(1, s) for s in shares])
        self.log_scale = VGroup(lines, self._numbers(shares, [f"$10^({e})$" if e else "1" for e in exponents]))
        self.bound = Curve(stage, role="error", width=3.0)
        self.bound_name = stage.math("{{4^(-k) : error}}", Size.READOUT)
        self.curve = Curve(stage, role="data", width=3.5)
        self.dots = Dots(stage, np.zeros((0, 3)), "data", DOT)
        self.inputs = self._make_inputs()
        self.landmark = self._make_landmark()
        super().__init__(self.plot, self.linear_numbers, self.bound, self.curve, self.dots)
        self._name_bound()
        self.put(0, 0)

    def _name_bound(self) -> None:
        """Stand between the two highest lines of the logarithmic scale, right of the bound."""
        box, name = self.plot.box, self.bound_name
        middle = 1 - 0.5 / self.steps
        low = middle - (name.height / 2 + 2 * DOT) / box.height
        links = (1 - low) * self.lowest / np.log10(STEEPEST_SIGMOID)
        x = self.plot.at(min(links, self.rule.depth), 0)[0] + 0.2
        name.move_to([x + name.width / 2, box.at(0, middle)[1], 0])

    def _make_inputs(self) -> VGroup:
        """Two lines, or one in a low plot, in the upper right corner, which the linear curve leaves free."""
        first, then = f"z_1 = {in_math(localized(f'{self.rule.start:g}'))}", "z_(k+1) = sigma(z_k)"
        lines = VGroup(*(self.stage.math(line, Size.READOUT, "muted") for line in (first, then)))
        lines.arrange(DOWN, buff=0.2, aligned_edge=LEFT)
        if lines.height > LOW * self.plot.box.height:
            lines.arrange(RIGHT, buff=0.5)
        return lines.move_to(self.plot.box.at(1, 1), UP + RIGHT)

    def _make_landmark(self) -> TextLine:
        """The value at one dot, above it and to the right, where the curve is low already."""
        rule, count = self.rule, self.rule.row_landmark
        left = _("after {count}: {left}").format(count=count, left=left_at_landmark(rule))
        text = self.stage.words(left, Size.READOUT, "data")
        text.next_to(self.plot.at(count, rule.row_products[count]), UP, buff=0.2)
        shift = self.plot.at(count, 0)[0] - text.get_left()[0] - 0.1
        text.shift(RIGHT * min(shift, self.plot.box.right - text.get_right()[0]))
        # In a short row it begins left of its dot, where the curve is higher.
        corners = np.array([self.plot.at(k, value) for k, value in enumerate(rule.row_products)])
        gap = text.get_bottom()[1] - np.interp(text.get_left()[0], corners[:, 0], corners[:, 1])
        return text.shift(UP * (0.2 - gap)) if gap < 0.05 else text

    def _numbers(self, shares: Sequence[float], texts: Sequence[str]) -> VGroup:
        """Numbers left of the axis at these shares of its length."""
        box = self.plot.box
        made = zip(shares, (self.stage.words(text, Size.LABEL, "muted") for text in texts), strict=True)
        return VGroup(*(text.next_to(box.at(0, share), LEFT, buff=0.14) for share, text in made))

    def heights(self, values: np.ndarray, blend: float) -> np.ndarray:
        """Where values stand, as shares of the box: linear for a blend of 0, logarithmic for 1."""
        return (1 - blend) * values + blend * (1 - np.log10(values) / self.lowest)

    def _points(self, links: np.ndarray, values: np.ndarray, blend: float) -> np.ndarray:
        return self.plot.points_at(links, self.heights(values, blend))

    def put(self, links: float, blend: float) -> ProductPlot:
        """Show what is left after 0, 1, … `links` links, on this blend of scales; the curve may end between two."""
        whole = np.arange(self.rule.depth + 1.0)
        points = self._points(whole, self.rule.row_products, blend)
        passed = points[: int(links) + 1]
        tip = np.array([np.interp(links, whole, points[:, axis]) for axis in range(3)])
        self.curve.put(np.concatenate([passed, [tip]]))
        self.dots.put(passed)
        return self

    def put_bound(self, share: float) -> ProductPlot:
        """Draw the line 4⁻ᵏ on the logarithmic scale, as far as this share of the links."""
        start, end = self._points(np.array([0, self.rule.depth]), self.rule.row_bounds[[0, -1]], 1.0)
        self.bound.put_segments(*dashes(start, start + share * (end - start)))
        return self
