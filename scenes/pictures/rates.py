"""Learning rates on screen: who is who, and by which factor each rate scales a step's error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from manim import RIGHT, UP, DashedLine, VGroup

from scenes.pictures.plot import Plot
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots, Region
from scenes.stage.stage import Stage, stack
from scenes.stage.text import Size
from scenes.stage.zones import Zone

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
FARTHEST = 3.0
"""A rate is drawn up to this many times the limit 2/L; beyond, an arrow points off the plot."""


def rate_text(rate: float, digits: int = 4) -> str:
    """A learning rate to so many significant digits: 0.02, 0.1818, 3.12×10⁻⁶."""
    short = f"{rate:.{digits}g}"
    if "e" not in short:
        return short
    mantissa, exponent = short.split("e")
    return f"{mantissa}×10{str(int(exponent)).translate(SUPERSCRIPTS)}"


class RunLegend(VGroup):
    """Names of runs with their colours, in one row, or in two where one is too wide.

    Args:
        stage: the stage.
        zone: where it stands, at the bottom.
        entries: Typst markup per run name.
        roles: colour role per run name.
    """

    def __init__(self, stage: Stage, zone: Zone, entries: Mapping[str, str], roles: Mapping[str, str]) -> None:
        em = stage.em(Size.LABEL)
        self.entries = {name: self._entry(stage, markup, roles[name]) for name, markup in entries.items()}
        super().__init__(*self.entries.values())
        widths = [entry.width for entry in self.entries.values()]
        columns = len(widths) if sum(widths) + 1.2 * em * (len(widths) - 1) <= zone.width else (len(widths) + 1) // 2
        self.row_count = -(-len(widths) // columns)
        self.tallness = self.row_count * 1.35 * em
        pitch = zone.width / columns
        for index, entry in enumerate(self.entries.values()):
            row, column = divmod(index, columns)
            up = zone.bottom + (self.row_count - row - 0.5) * 1.35 * em
            entry.move_to([zone.left + (column + 0.5) * pitch, up, 0.0])

    @staticmethod
    def _entry(stage: Stage, markup: str, role: str) -> VGroup:
        em = stage.em(Size.LABEL)
        swatch = Curve(stage, np.array([[0.0, 0, 0], [1.1 * em, 0, 0]]), role, 5.0)
        dot = Dots(stage, np.array([[0.55 * em, 0.0]]), role, 0.24 * em)
        return VGroup(VGroup(swatch, dot), stage.words(markup, Size.LABEL, role)).arrange(RIGHT, buff=0.35 * em)


class FactorPlot(VGroup):
    """1 − ηλ against the learning rate η: inside the band from −1 to 1 a step shrinks, outside it grows.

    Args:
        stage: the stage.
        zone: room for readouts and plot.
        curvatures: μ and L, ascending; equal ones share a line.
        rates: learning rate per run; roles: colour role per run.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        curvatures: Sequence[float],
        rates: Mapping[str, float],
        roles: Mapping[str, str],
    ) -> None:
        super().__init__()
        self.stage = stage
        self.curvatures = [float(curvatures[1])]
        if curvatures[0] != curvatures[1]:
            self.curvatures.append(float(curvatures[0]))
        limit = 2.0 / self.curvatures[0]
        self.limit = limit
        self.largest = 1.12 * max(1.1 * limit, *(min(rate, FARTHEST * limit) for rate in rates.values()))
        self._add_readouts(zone)
        below = Zone(zone.left, zone.bottom, zone.right, self.readouts.get_bottom()[1] - 0.15)
        lowest = 1.0 - self.largest * self.curvatures[0] - 0.1
        self.plot = Plot(
            stage, below, (0.0, self.largest), (lowest, 1.3),
            x_ticks=(), y_ticks=(-1, 0, 1), x_label="learning rate $eta$", y_label="factor per step",
        )  # fmt: skip
        self.band = Region(stage, self._band(), role="model", opacity=0.14)
        self.lines = VGroup(
            *(
                self.plot.curve(np.array([0.0, self.largest]), 1.0 - np.array([0.0, self.largest]) * curvature, role, 4)
                for curvature, role in reversed(list(zip(self.curvatures, ("text", "muted"), strict=False)))
            )
        )
        self._add_limit()
        self.add(self.band, self.plot, self.limit_mark, self.lines)
        self.marks = VGroup(*(self._mark(rates[name], roles[name]) for name in rates))
        self.walker = Dots(stage, np.zeros((0, 2)), "parameter", 0.13)
        self.put(0.0)

    def _add_readouts(self, zone: Zone) -> None:
        stage = self.stage
        labels = (("$1 - eta L$", "text"), ("$1 - eta mu$", "muted"))
        self.rate = Readout(stage, "$eta$", 0.0, role="parameter", label_role="parameter", decimals=self._decimals)
        self.factors = [
            Readout(stage, markup, 1.0, role, role) for (markup, role), _ in zip(labels, self.curvatures, strict=False)
        ]
        self.readouts = stack(self.rate, *self.factors, gap=0.08)
        row = VGroup(self.rate, *self.factors)
        if sum(part.width for part in row) + 1.0 * len(row) < zone.width:
            row.arrange(RIGHT, buff=0.7)
        self.readouts.move_to([zone.center[0], zone.top - self.readouts.height / 2, 0.0])
        self.add(self.readouts)

    @property
    def _decimals(self) -> int:
        """Digits after the point that show three significant ones of the limit."""
        return int(np.clip(2 - np.floor(np.log10(self.limit)), 1, 6))

    def _band(self) -> np.ndarray:
        corners = ((0, -1), (self.largest, -1), (self.largest, 1), (0, 1))
        return np.array([self.plot.at(*corner) for corner in corners])

    def _add_limit(self) -> None:
        foot, top = self.plot.at(self.limit, self.plot.coordinates.y_range[0]), self.plot.at(self.limit, 1.3)
        line = DashedLine(foot, top, dash_length=0.1, color=self.stage.color("highlight"), stroke_width=2.5)
        label = self.stage.words(f"$2\\/L$ = {rate_text(self.limit)}", Size.LABEL, "highlight")
        label.next_to(top, UP, buff=0.06)
        label.shift(RIGHT * min(0.0, self.plot.box.right + 0.05 - label.get_right()[0]))
        self.limit_mark = VGroup(line, label)

    def points(self, rate: float) -> np.ndarray:
        """Scene points (lines, 3) of this rate on each line."""
        return np.array([self.plot.at(rate, 1.0 - rate * curvature) for curvature in self.curvatures])

    def _mark(self, rate: float, role: str) -> VGroup:
        """Dots of a run on both lines; an arrow to the right for a rate beyond the plot."""
        if rate <= self.largest:
            return VGroup(Dots(self.stage, self.points(rate), role, 0.11))
        edge = self.plot.at(self.largest, self.plot.coordinates.y_range[0]) + 0.25 * UP
        return VGroup(Arrow(self.stage, edge - 0.6 * RIGHT, edge, role))

    def put(self, rate: float) -> FactorPlot:
        """Show this rate: walker on the lines, and readouts."""
        self.walker.put(self.points(rate))
        self.rate.set_value(rate)
        for readout, curvature in zip(self.factors, self.curvatures, strict=True):
            readout.set_value(1.0 - rate * curvature)
        return self
