"""What `bias-variance` draws: panels of fits to many data sets, a legend, and the stacked errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from manim import DOWN, RIGHT, UP, VGroup, VMobject, smooth

from explainers.probability.bias_variance import BiasVariance
from scenes.pictures.labels import HALO
from scenes.pictures.plot import Coordinates, Plot, nice_ticks
from scenes.pictures.shapes import Curve, Dots, Region, rectangles
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

SAMPLES = 121
"""Places at which the truth and the average are drawn."""
READOUT_GAP = 0.3
"""Least distance of two readouts side by side, in scene units."""
HEADROOM = 1.06
"""The panel reaches a little beyond the farthest point or fit."""
FAINT, BRIGHT = 0.22, 0.6
"""Opacity of the bundle of fits behind something else, and as the subject."""
CLEAR = 0.12
"""Scene units between a number in the chart and the lines."""
LEGEND_DOT = 0.1
"""Radius of a dot in the legend, in scene units."""
PAD = 0.12
"""Scene units between a panel's text and its box."""
QUICKENING = 1.7
"""The first data sets take their time, the later ones pass faster: their number grows with this power of time."""

Mark = Literal["line", "thick", "dot", "block", "stick"]


def between(first: Zone, last: Zone, share: float) -> Zone:
    """The zone part of the way from one to another."""
    edges = ("left", "bottom", "right", "top")
    return Zone(*((1 - share) * getattr(first, edge) + share * getattr(last, edge) for edge in edges))


def fit_grid(degree: int) -> np.ndarray:
    """Places at which fits are drawn, shape (n,): a bundle has many, so no more than its wiggles need."""
    return np.linspace(0, 1, 7 * degree + 13)


class FitPanel(VGroup):
    """The truth, a data set, and polynomials of one degree; `put` moves it to another zone whole.

    Args:
        stage: the stage.
        study: the explainer.
        degree: of the polynomials.
        reach: the vertical axis goes from −reach to reach.
        zone: room for the panel with its name above and readouts below.
        narrowest: width of the zone in which it has readouts; they stand in two lines where one is too short.
    """

    def __init__(
        self, stage: Stage, study: BiasVariance, degree: int, reach: float, zone: Zone, narrowest: float
    ) -> None:
        self.stage, self.study, self.degree, self.reach = stage, study, degree, reach
        self.grid = np.linspace(0, 1, SAMPLES)
        self.truth_values = study.truth(self.grid)
        self.fit_grid = fit_grid(degree)
        self.fit_values = study.fits(degree, self.fit_grid)
        self.average_values = study.average_fit(degree, self.grid)
        self.spread_values = study.spread(degree, self.grid)
        self.shown, self.position, self.gap_share, self.band_share = 0, 0.0, 0.0, 0.0
        self.backdrop = VMobject().set_fill(stage.color("surface"), opacity=1).set_stroke(width=0)
        self.band = Region(stage, role="model", opacity=0.4)
        self.bundle = Curve(stage, role="model", width=1.6, opacity=BRIGHT)
        self.gaps = Curve(stage, role="error", width=5.0)
        self.truth = Curve(stage, role="highlight", width=3.5)
        self.average = Curve(stage, role="model", width=10.0)
        self.current = Curve(stage, role="model", width=5.0)
        self.dots = Dots(stage, np.zeros((0, 3)), "data", 0.085)
        self.degree_label = stage.words(_("degree {degree}").format(degree=degree), Size.LABEL, "parameter")
        errors = study.errors[degree]
        self.bias_readout = self._readout(_("bias#super[2]"), errors.bias2, "error")
        self.variance_readout = self._readout(_("variance"), errors.variance, "model")
        self.footer_lines = 1 if self.bias_readout.width + READOUT_GAP + self.variance_readout.width < narrowest else 2
        super().__init__(
            self.backdrop, self.band, self.bundle, self.gaps, self.average, self.truth, self.current, self.dots,
            self.degree_label, self.bias_readout, self.variance_readout,
        )  # fmt: skip
        self.put(zone)

    def _readout(self, markup: str, value: float, role: str) -> VGroup:
        label = self.stage.words(markup, Size.LABEL, role)
        number = self.stage.number(value, Size.LABEL, role, decimals=self.study.decimals)
        return VGroup(label, number).arrange(RIGHT, buff=0.16)

    def put(self, zone: Zone, footer: float = 0.0) -> FitPanel:
        """Stand in this zone, with everything that is shown now; `footer` is the share of the room for readouts."""
        self.zone = zone
        line = self.degree_label.height + PAD
        self.box = Zone(zone.left, zone.bottom + footer * self.footer_lines * line, zone.right, zone.top - line)
        self.coordinates = Coordinates(self.box, (-0.03, 1.03), (-self.reach, self.reach))
        self.backdrop.points = rectangles(self.box.left, self.box.bottom, self.box.right, self.box.top)
        self.degree_label.move_to([zone.left + self.degree_label.width / 2, zone.top - self.degree_label.height / 2, 0])
        bias, variance = self.bias_readout, self.variance_readout
        low = zone.bottom + variance.height / 2
        bias.move_to([zone.left + bias.width / 2, low + (self.footer_lines - 1) * line, 0])
        left = zone.left if self.footer_lines > 1 else zone.right - variance.width
        variance.move_to([left + variance.width / 2, low, 0])
        self.truth.put(self.at(self.grid, self.truth_values))
        self.average.put(self.at(self.grid, self.average_values))
        self.show_gaps(self.gap_share)
        self.show_band(self.band_share)
        self.show_bundle(self.shown)
        return self.show_data(self.position)

    def at(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Scene points of data points, shape (n, 3)."""
        return self.coordinates.points_at(x, y)

    def show_data(self, position: float) -> FitPanel:
        """The data set and its fit at a position: between two data sets, part of the way from one to the other."""
        self.position = position
        rows, weights = self._mixture(position)
        self.dots.put(self.at(self.study.x, weights @ self.study.samples[rows]))
        # A fit is linear in the data: the mixture of two fits is the fit to the mixture.
        self.current.put(self.at(self.fit_grid, weights @ self.fit_values[rows]))
        return self

    def _mixture(self, position: float) -> tuple[list[int], np.ndarray]:
        first = min(int(position), self.study.datasets - 1)
        share = smooth(position - first)
        return [first, min(first + 1, self.study.datasets - 1)], np.array([1 - share, share])

    def show_bundle(self, count: int) -> FitPanel:
        """The fits to the first data sets."""
        self.shown = count
        x = np.tile(self.fit_grid, count)
        curves = self.at(x, self.fit_values[:count].ravel()).reshape(count, len(self.fit_grid), 3)
        self.bundle.put_segments(curves[:, :-1].reshape(-1, 3), curves[:, 1:].reshape(-1, 3))
        return self

    def show_gaps(self, share: float) -> FitPanel:
        """At each point, the gap from truth to average fit, this share of it."""
        self.gap_share = share
        x = self.study.x
        truth, average = self.study.truth(x), self.study.average_fit(self.degree, x)
        self.gaps.put_segments(self.at(x, truth), self.at(x, truth + share * (average - truth)))
        return self

    def show_band(self, share: float) -> FitPanel:
        """One standard deviation of the fit to either side of the average, this share of it."""
        self.band_share = share
        half = share * self.spread_values
        upper, lower = (self.at(self.grid, self.average_values + sign * half) for sign in (1, -1))
        self.band.put(np.concatenate([upper, lower[::-1]]))
        return self


def passing(count: int, share: float) -> float:
    """Which data set is seen after this share of the time, slow at first."""
    return (count - 1) * share**QUICKENING


@dataclass(frozen=True)
class Entry:
    """One entry of a legend: a mark and a name, which is translated when it is shown, with `count` filled in."""

    mark: Mark
    markup: str
    role: str
    count: int = 0


def legend(stage: Stage, zone: Zone, entries: Sequence[Entry]) -> VGroup:
    """Marks and their names in the middle of a zone: in one line, or in two where it is too narrow."""
    em = stage.em(Size.LABEL)
    gap, items = 1.4 * em, [_item(stage, entry, em) for entry in entries]
    too_wide = sum(item.width + gap for item in items) - gap > zone.width
    cut = (len(items) + 1) // 2 if too_wide else len(items)
    lines = [VGroup(*part).arrange(RIGHT, buff=gap) for part in (items[:cut], items[cut:]) if part]
    return VGroup(*lines).arrange(DOWN, buff=0.2 * em).move_to(zone.center)


def keys(panels: Sequence[FitPanel], entries: Sequence[Entry]) -> VGroup:
    """One key for each panel, right of its name: the first of these entries that has room in all of them, if any."""
    for entry in entries:
        placed = VGroup()
        for panel in panels:
            em, name = panel.stage.em(Size.LABEL), panel.degree_label
            item = _item(panel.stage, entry, em)
            item.move_to([panel.zone.right - item.width / 2, name.get_y(), 0])
            if item.get_left()[0] >= name.get_right()[0] + 0.5 * em:
                placed.add(item)
        if len(placed) == len(panels):
            return placed
    return VGroup()


def _item(stage: Stage, entry: Entry, em: float) -> VGroup:
    name = _(entry.markup).format(count=entry.count)
    text = stage.words(name, Size.LABEL, "text" if entry.role == "highlight" else entry.role)
    # A painted dot has no width of its own.
    room = 0.35 * em + (LEGEND_DOT if entry.mark == "dot" else 0.0)
    return VGroup(_mark(stage, entry, em), text).arrange(RIGHT, buff=room)


def _mark(stage: Stage, entry: Entry, em: float) -> VMobject:
    match entry.mark:
        case "dot":
            return Dots(stage, np.zeros((1, 3)), entry.role, LEGEND_DOT)
        case "block":
            block = VMobject().set_fill(stage.color(entry.role), opacity=0.75).set_stroke(width=0)
            block.points = rectangles(0, 0, 0.7 * em, 0.6 * em)
            return block
        case "stick":
            return Curve(stage, np.array([[0, 0, 0], [0, 0.8 * em, 0]]), entry.role, 5.0)
    return Curve(stage, np.array([[0, 0, 0], [em, 0, 0]]), entry.role, 7.0 if entry.mark == "thick" else 3.0)


class ErrorChart(VGroup):
    """Noise, variance and bias² stacked per degree, and the training error as a line over them.

    Args:
        stage: the stage.
        zone: room for everything.
        study: the explainer.
    """

    PARTS = (("noise", "data"), ("variance", "model"), ("bias2", "error"))
    """Parts of the test error from the floor up, and their colours."""

    def __init__(self, stage: Stage, zone: Zone, study: BiasVariance) -> None:
        self.stage, self.study = stage, study
        self.degrees = np.array(study.degrees, float)
        errors = study.errors.values()
        self.tests = np.array([e.test for e in errors])
        self.trainings = np.array([e.training for e in errors])
        self.heights = {part: np.array([getattr(e, part) for e in errors]) for part, _ in self.PARTS}
        em = stage.em(Size.LABEL)
        room = zone.height - 4 * em
        x_range = (study.simple - 0.7, study.flexible + 0.7)
        # Room for a number above the highest stack.
        top = self.tests.max() * room / (room - 1.3 * em)
        # The highest tick keeps clear of the axis' name.
        y_ticks = nice_ticks(0.0, 0.92 * top, count=int(np.clip(room / (1.8 * em), 1, 5)))
        every = 1 if zone.width / len(self.degrees) > 1.45 * em else 2
        self.plot = Plot(
            stage, zone, x_range, (0.0, top), x_ticks=study.degrees[::every], y_ticks=y_ticks,
            x_label=_("degree"), y_label=_("mean squared error"),
        )  # fmt: skip
        self.bars = {part: self.plot.bars(self.degrees, np.zeros(len(self.degrees)), role) for part, role in self.PARTS}
        self.rim = Curve(stage, role="background", width=11.0)
        self.training = Curve(stage, role="input", width=5.0)
        self.training_dots = Dots(stage, np.zeros((0, 3)), "input", 0.09)
        tops = self.plot.points_at(self.degrees, self.tests)
        self.test = Curve(stage, tops, role="highlight", width=4.0)
        self.best = Dots(stage, self.plot.points_at([study.best], [study.errors[study.best].test]), "highlight", 0.13)
        self.numbers = self._numbers()
        super().__init__(
            self.plot, *self.bars.values(), self.test, self.best, self.numbers,
            self.rim, self.training, self.training_dots,
        )  # fmt: skip

    def show_part(self, part: str, share: float) -> None:
        """This share of one part of the error, on what is stacked below it."""
        order = [name for name, _ in self.PARTS]
        below = sum((self.heights[name] for name in order[: order.index(part)]), np.zeros(len(self.degrees)))
        self.bars[part].put(self.degrees, share * self.heights[part], bottoms=below)

    def show_training(self, share: float) -> None:
        """The training error of the first degrees, this share of the way to the last."""
        end = share * (len(self.degrees) - 1)
        steps = np.append(np.arange(int(end) + 1.0), end)
        index = np.arange(len(self.degrees))
        points = self.plot.points_at(self.degrees[0] + steps, np.interp(steps, index, self.trainings))
        self.rim.put(points)
        self.training.put(points)
        self.training_dots.put(points[:-1])

    def _numbers(self) -> VGroup:
        """The test errors of the best, the simplest and the most flexible degree, where they have room."""
        study, placed = self.study, VGroup()
        for degree in dict.fromkeys((study.best, study.simple, study.flexible)):
            role = "highlight" if degree == study.best else "muted"
            value = study.errors[degree].test
            number = self.stage.number(value, Size.LABEL, role, decimals=study.decimals, anchor="center")
            number.set_stroke(self.stage.color("background"), width=HALO, background=True)
            self._put_above(number, degree)
            if all(abs(number.get_x() - other.get_x()) > (number.width + other.width) / 2 + 0.1 for other in placed):
                placed.add(number)
        return placed

    def _put_above(self, number: VMobject, degree: int) -> None:
        """Above its stack and the stacks beside it: as low as it can without covering a line."""
        x, dense = self.plot.at(degree, 0)[0], np.linspace(self.degrees[0], self.degrees[-1], 400)
        lines = np.concatenate(
            [self.plot.points_at(dense, np.interp(dense, self.degrees, v)) for v in (self.tests, self.trainings)]
        )
        reach, places = number.width / 2 + CLEAR, []
        for shift in np.linspace(-1, 1, 9) * reach:
            below = np.abs(lines[:, 0] - x - shift) < reach
            # Beside the ends of the lines there is nothing to stand on.
            if below.any() and zone_holds(self.plot.box, x + shift, number.width / 2):
                places.append((round(float(lines[below, 1].max()), 1), abs(shift), x + shift))
        top, x = min(places)[::2]
        number.next_to([x, top, 0], UP, buff=CLEAR)


def zone_holds(box: Zone, x: float, half: float) -> bool:
    """Whether something this wide around x stays within the box."""
    return box.left + CLEAR / 2 <= x - half and x + half <= box.right + CLEAR
