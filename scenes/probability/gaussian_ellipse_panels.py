"""The parts of `gaussian-ellipse`: the box of Σ's entries, a direction and its image, axes, counts, a slider."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, VGroup

from explainers.probability.gaussian_ellipse import EXTREME, RADII, Axes, GaussianEllipse, share_inside
from scenes.pictures.cloud import ellipse
from scenes.pictures.grid import Plane
from scenes.pictures.labels import CLEARANCE, WIDE_HALO, clear_offset, tag
from scenes.pictures.plot import Plot
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots
from scenes.probability import gaussian_ellipse_captions as words
from scenes.stage.language import _
from scenes.stage.stage import Stage, fit
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

ROOMY = 4.0
"""Width in scene units from which a table's numbers are large."""
NARROW = 3.2
"""Width in scene units below which two readouts stand below each other, and a table's columns close up."""
SHAFT, HEAD = 0.1, 0.24
"""Of the half-axes' arrows, in scene units: small, so that a short half-axis is not all head."""
REACH = 3.0
"""Mahalanobis radius of the outer ellipse, up to which dots are counted."""
BESIDE = 0.75
"""How far along the marked half-sides of the box their names stand: near the corners, which ellipses avoid."""
BEYOND = 0.5
"""Scene units from the end of an axis to the middle of its name: off the ellipse."""


class Box(VGroup):
    """The box of the inner ellipse; its half-width, half-height and the height where the ellipse touches it."""

    def __init__(self, stage: Stage, plane: Plane, explainer: GaussianEllipse) -> None:
        self.plane = plane
        x, y = explainer.sigma_x, explainer.sigma_y
        # The ellipse leaves two corners of its box empty; the marked half-sides end there.
        corner = -1 if explainer.lean == "falling" else 1
        corners = plane.at(np.array([(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)]))
        self.frame = Curve(stage, corners, "parameter", 2.5)
        self.ring = Curve(stage, plane.at(ellipse(explainer.cholesky)), "model", 6)
        self.sides = VGroup(
            Curve(stage, plane.at(np.array([(0, -y), (corner * x, -y)])), "parameter", 7),
            Curve(stage, plane.at(np.array([(-x, 0), (-x, corner * y)])), "parameter", 7),
        )
        self.lift = Curve(stage, role="highlight", width=7)
        self.dot = Dots(stage, np.zeros((1, 3)), "highlight", 0.09)
        self.put_touch(explainer.touch)
        rings = np.concatenate([plane.at(ellipse(explainer.cholesky, radius)) for radius in RADII])
        obstacles = np.concatenate([rings, self.frame.points, self.lift.points])
        # Right beside their sides, even over the next ellipse: farther off they would be taken for its names.
        share = BESIDE * corner
        across, up = (tag(stage, f"$sigma_{axis}$", "parameter", halo=WIDE_HALO) for axis in "xy")
        across.next_to(plane.at(np.array([share * x, -y])), DOWN, buff=CLEARANCE)
        up.next_to(plane.at(np.array([-x, share * y])), LEFT, buff=CLEARANCE)
        lifted, middle = tag(stage, "$rho sigma_y$", "highlight"), plane.at(explainer.touch * (1, 0.5))
        lifted.move_to(middle + clear_offset(lifted, middle, np.array([1, 0]), obstacles, plane.zone))
        self.names = VGroup(across, up, lifted)
        super().__init__(self.ring, self.frame, self.sides, self.lift, self.dot, self.names)

    def put_touch(self, touch: np.ndarray) -> Box:
        """Mark this point of the right side, shape (2,), and its height over the centre."""
        self.lift.put(self.plane.at(np.array([touch * (1, 0), touch])))
        self.dot.put(self.plane.at(touch[None]))
        return self


class Probe(VGroup):
    """A direction u as a thin arrow and Σu as a thick one, named on opposite sides."""

    def __init__(self, stage: Stage, plane: Plane, covariance: np.ndarray) -> None:
        self.plane, self.covariance = plane, covariance
        self.image = Arrow(stage, plane.origin, plane.origin, "output", 0.15, 0.42)
        self.arrow = Arrow(stage, plane.origin, plane.origin, "highlight", 0.06, 0.26)
        self.names = VGroup(tag(stage, "$u$", "highlight"), tag(stage, "$Sigma u$", "output"))
        super().__init__(self.image, self.arrow, self.names)

    def put(self, angle: float, side: float) -> Probe:
        """Turn u to this angle; u is named at its right for `side` 1, at its left for −1."""
        u = np.array([np.cos(angle), np.sin(angle)])
        image = self.covariance @ u
        self.arrow.put(self.plane.origin, self.plane.at(u))
        self.image.put(self.plane.origin, self.plane.at(image))
        along = image / np.linalg.norm(image)
        # u beside its arrow, as Σu may run over it; Σu ahead of its tip.
        places = (0.8 * u, image)
        offsets = (side * 0.34 * np.array([u[1], -u[0]]), 0.38 * along + side * 0.2 * np.array([-along[1], along[0]]))
        for name, place, offset in zip(self.names, places, offsets, strict=True):
            name.move_to(self.plane.at(place) + np.append(offset, 0.0))
        return self


class AxisCross(VGroup):
    """Both axes of the ellipses: thin lines out to `reach` half-lengths, half-axes as arrows, names."""

    def __init__(self, stage: Stage, plane: Plane, axes: Axes, reach: float) -> None:
        self.plane, self.reach = plane, reach
        self.lines = VGroup(*(Curve(stage, role="second", width=3) for _ in range(2)))
        self.arrows = VGroup(*(Arrow(stage, plane.origin, plane.origin, "second", SHAFT, HEAD) for _ in range(2)))
        self.names = VGroup(*(tag(stage, f"$v_{index}$", "second", halo=WIDE_HALO) for index in (1, 2)))
        super().__init__(self.lines, self.arrows, self.names)
        self.put(axes)

    def put(self, axes: Axes, grown: float = 1.0) -> AxisCross:
        """Show these axes; the arrows `grown` to a share of their length."""
        for index, tip in enumerate(axes.tips):
            self.lines[index].put(self.plane.at(self.reach * np.array([-tip, tip])))
            self.arrows[index].put(self.plane.origin, self.plane.at(grown * tip))
            beyond = BEYOND * np.append(axes.vectors[:, index], 0.0)
            name = self.names[index].move_to(self.plane.at(self.reach * tip) + beyond)
            # A flat ellipse ends at the edge of its room: there the name stands beside the line's end.
            zone = self.plane.zone.inset(name.width / 2, name.height / 2)
            name.set_x(np.clip(name.get_x(), zone.left, zone.right))
            name.set_y(np.clip(name.get_y(), zone.bottom, zone.top))
        return self


class AxisTexts(VGroup):
    """What Σ does to both eigenvectors (`stretches`), and below each its half-length (`lengths`)."""

    def __init__(self, stage: Stage, zone: Zone, explainer: GaussianEllipse) -> None:
        self.stretches, self.lengths = VGroup(), VGroup()
        for index, row in enumerate(zone.rows(1, 1, gap=0.25)):
            eigenvalue = words.figure(explainer.eigenvalues[index])
            upper, lower = row.rows(1, 1, gap=0.08)
            vector = f"{{{{v_{index + 1} : second}}}}"
            stretch = stage.math(f'{{{{Sigma : model}}}} {vector} = "{eigenvalue}" {vector}', Size.TITLE)
            markup = f'sqrt("{eigenvalue}") = "{words.figure(explainer.axes.half_lengths[index])}"'
            self.stretches.add(fit(stretch, upper))
            self.lengths.add(fit(stage.math(markup, Size.TITLE, "second"), lower))
        super().__init__(self.stretches, self.lengths)


class CountPanel(VGroup):
    """Counted and expected shares by radius: a plot, and a table with a row for each of `RADII`."""

    def __init__(self, stage: Stage, zone: Zone, radii: np.ndarray) -> None:
        self.radii = np.sort(radii)
        top, bottom = zone.columns(1, 1) if zone.width > zone.height else zone.rows(0.58, 0.42)
        self.plot = Plot(
            stage, top, (0, REACH), (0, 115), x_ticks=RADII, y_ticks=(0, 50, 100), x_label=_("radius $k$"),
            y_label=_("% of dots inside"),
        )  # fmt: skip
        grid = np.linspace(0, REACH, 121)
        self.expected = self.plot.curve(grid, np.array([100 * share_inside(k) for k in grid]), "model", 2.5)
        self.counted = Curve(stage, role="data", width=6)
        rows = bottom.rows(1, 1, 1, 1, gap=0.05)
        markups = (("$k$", "muted"), (_("counted"), "data"), ("$1 - e^(-k^2 slash 2)$", "model"))
        self.header = _row([stage.words(markup, Size.LABEL, role) for markup, role in markups], rows[0])
        self.rows = VGroup(*(self._table_row(stage, k, row) for k, row in zip(RADII, rows[1:], strict=True)))
        super().__init__(self.plot, self.counted, self.expected, self.header, self.rows)

    def _table_row(self, stage: Stage, k: int, zone: Zone) -> VGroup:
        size = Size.READOUT if zone.width > ROOMY else Size.LABEL
        shares = ((self.share(k), "data", 1), (share_inside(k), "model", 2))
        texts = [stage.literal(str(k), size, "muted")]
        texts += [stage.literal(format_number(s, d, percent=True), size, role) for s, role, d in shares]
        return _row(texts, zone)

    def share(self, radius: float) -> float:
        """The share of dots within a radius."""
        return float(np.searchsorted(self.radii, radius, side="right")) / len(self.radii)

    def put(self, radius: float) -> CountPanel:
        """Draw the counted staircase up to this radius."""
        inside = self.radii[self.radii <= radius]
        steps = np.repeat(100 * np.arange(len(inside) + 1) / len(self.radii), 2)
        x = np.concatenate([[0.0], np.repeat(inside, 2), [radius]])
        self.counted.put(self.plot.points_at(x, steps))
        return self


def _row(texts: Sequence[VGroup], zone: Zone) -> VGroup:
    cells = zone.columns(0.08, 0.41, 0.51, gap=0.1) if zone.width < NARROW else zone.columns(0.07, 0.41, 0.52, gap=0.2)
    return VGroup(*(fit(t, cell) for t, cell in zip(texts, cells, strict=True)))


class Slider(VGroup):
    """A scale with a knob and its value: "ρ = 0.70"."""

    def __init__(self, stage: Stage, zone: Zone, symbol: str, low: float, high: float, value: float) -> None:
        em = stage.em(Size.READOUT)
        self.low, self.high = low, high
        room = zone.inset(em, 0.0)
        self.left, self.right = room.at(0, 0.5), room.at(1, 0.5)
        line = Curve(stage, np.array([self.left, self.right]), "muted", 4)
        self.knob = Dots(stage, np.zeros((1, 3)), "parameter", 0.13)
        self.symbol = stage.math(f"{{{{{symbol} : parameter}}}} =", Size.READOUT)
        self.number = stage.number(value, Size.READOUT, "parameter")
        middle = line.get_center() + np.array([0.0, 0.8 * em, 0.0])
        self.symbol.move_to(middle - [0.25 * em + self.symbol.width / 2, 0, 0])
        self.number.next_to(self.symbol, RIGHT, buff=0.3 * em)
        ends = VGroup(*(stage.literal(format_number(end, 2), Size.LABEL, "muted") for end in (low, 0.0, high)))
        for end, value_there in zip(ends, (low, 0.0, high), strict=True):
            end.move_to(self.at(value_there) - [0, 0.75 * em, 0])
        super().__init__(line, ends, self.knob, self.symbol, self.number)
        self.put(value)

    def at(self, value: float) -> np.ndarray:
        """Where a value stands on the scale, shape (3,)."""
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def put(self, value: float) -> Slider:
        """Show another value."""
        self.knob.put(self.at(value)[None])
        self.number.set_value(value)
        return self


class Controls(VGroup):
    """The correlation as a slider, and the half-lengths that follow it."""

    def __init__(self, stage: Stage, zone: Zone, explainer: GaussianEllipse) -> None:
        upper, lower = zone.rows(0.5, 0.5, gap=0.15)
        self.slider = Slider(stage, upper, "rho", -EXTREME, EXTREME, explainer.rho)
        self.lengths = VGroup()
        cells = lower.rows(1, 1, gap=0.1) if lower.width < NARROW else lower.columns(1, 1)
        for index, cell in enumerate(cells):
            length = explainer.axes.half_lengths[index]
            self.lengths.add(fit(Readout(stage, f"$sqrt(lambda_{index + 1})$", length, "second"), cell))
        super().__init__(self.slider, self.lengths)

    def put(self, rho: float, axes: Axes) -> Controls:
        """Show another correlation and its axes."""
        self.slider.put(rho)
        for readout, length in zip(self.lengths, axes.half_lengths, strict=True):
            readout.set_value(length)
        return self
