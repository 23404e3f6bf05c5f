"""Learning rates on screen: who is who, and by which factor each rate scales a step's error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from manim import DL, RIGHT, UP, DashedLine, VGroup

from scenes.pictures.contour_map import ContourMap, until_leaving
from scenes.pictures.labels import along, inside, tag
from scenes.pictures.plot import Plot
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots, Region
from scenes.stage.language import _, localized
from scenes.stage.stage import Stage, fit, stack
from scenes.stage.text import Size
from scenes.stage.zones import Zone

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
FARTHEST = 1.5
"""A rate is drawn up to this many times the limit 2/L; beyond, an arrow points off the plot."""

LEAST_SCALE = 0.93
"""A legend that must shrink below this is cramped."""
LEGEND_GAP = 0.65
"""Least gap between entries of a legend, in em."""
READABLE_SCALE = 0.85
"""Below this its words would be too small to read: then its entries rather stand in a column."""
ROOMY = 3.6
"""Height in scene units from which a factor plot has room for its lines' names and the rate's readout."""
LINE_NAMES = (("$1 - eta L$", "text"), ("$1 - eta mu$", "muted"))
"""Name of each line: markup and role."""
DOT = 0.085
"""Radius of a run's dots on the lines, in scene units."""
AIR = 0.09
"""Scene units between a name and its own line."""
CLEAR = 0.1
"""Scene units between a name and all else: its rim in the background's colour must break no other line."""


def rate_text(rate: float, digits: int = 4) -> str:
    """A learning rate to so many significant digits: 0.02, 0.1818, 3.12×10⁻⁶."""
    short = f"{rate:.{digits}g}"
    if "e" not in short:
        return localized(short)
    mantissa, exponent = short.split("e")
    return f"{localized(mantissa)}×10{str(int(exponent)).translate(SUPERSCRIPTS)}"


class RunLegend(VGroup):
    """Names of runs with their colours, in one row, or in two where one is too wide; shrunk if `is_cramped`.

    With `stacked` they stand in a column where two rows would be too small to read.

    Args:
        stage: the stage.
        zone: where it stands, at the bottom.
        entries: Typst markup per run name.
        roles: colour role per run name.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        entries: Mapping[str, str],
        roles: Mapping[str, str],
        *,
        stacked: bool = False,
    ) -> None:
        em = stage.em(Size.LABEL)
        self.entries = {name: self._entry(stage, markup, roles[name]) for name, markup in entries.items()}
        super().__init__(*self.entries.values())
        widths = np.array([entry.width for entry in self.entries.values()])
        one_row = widths.sum() + LEGEND_GAP * em * (len(widths) - 1) <= zone.width
        columns = len(widths) if one_row else (len(widths) + 1) // 2
        if (
            stacked
            and self._widths(widths, columns).sum() + LEGEND_GAP * em * (columns - 1) > zone.width / READABLE_SCALE
        ):
            columns = 1
        self.row_count = -(-len(widths) // columns)
        self.tallness = self.row_count * 1.35 * em
        column_widths = self._widths(widths, columns)
        gap = np.clip((zone.width - column_widths.sum()) / columns, LEGEND_GAP * em, 2.5 * em)
        lefts = np.concatenate([[0.0], np.cumsum(column_widths + gap)[:-1]])
        for index, entry in enumerate(self.entries.values()):
            row, column = divmod(index, columns)
            entry.move_to([lefts[column] + widths[index] / 2, -row * 1.35 * em, 0.0])
        self.is_cramped = self.width > zone.width / LEAST_SCALE
        fit(self, Zone(zone.left, zone.bottom, zone.right, zone.bottom + self.tallness))

    @staticmethod
    def _widths(widths: np.ndarray, columns: int) -> np.ndarray:
        return np.array([widths[column::columns].max() for column in range(columns)])

    @staticmethod
    def _entry(stage: Stage, markup: str, role: str) -> VGroup:
        em = stage.em(Size.LABEL)
        swatch = Curve(stage, np.array([[0.0, 0, 0], [0.9 * em, 0, 0]]), role, 5.0)
        dot = Dots(stage, np.array([[0.45 * em, 0.0]]), role, 0.24 * em)
        return VGroup(VGroup(swatch, dot), stage.words(markup, Size.LABEL, role)).arrange(RIGHT, buff=0.3 * em)


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
        # Below the axis, which its numbers push aside, a long name of the rate would reach out of a narrow zone.
        name = _("learning rate $eta$")
        is_long = stage.words(name, Size.LABEL).width + stage.em(Size.LABEL) > below.width
        self.plot = Plot(
            stage, below, (0.0, self.largest), (lowest, 1.3),
            x_ticks=(float(f"{limit:.4g}"),), y_ticks=(-1, 0, 1),
            x_label="$eta$" if is_long else name, y_label=_("factor"),
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
        marks = self._obstacles([*rates.values(), self.largest])
        obstacles = np.concatenate([marks, *self._line_points()])
        self.names = self._line_names(marks) if zone.height >= ROOMY else VGroup()
        self.add(self.names)
        if len(self.names) < len(self.curvatures) == 2:
            self._name_flat_line_at_axis()
        obstacles = np.concatenate([obstacles, *(inside(name, name.get_center()) for name in self.names)])
        self.add(self._band_name(obstacles))
        self.marks = VGroup(*(self._mark(rates[name], roles[name]) for name in rates))
        self.walker = Dots(stage, np.zeros((0, 2)), "parameter", 0.13)
        self.put(0.0)

    def _add_readouts(self, zone: Zone) -> None:
        self.rate = Readout(self.stage, "$eta$", 0.0, role="parameter", label_role="parameter", decimals=self._decimals)
        self.factor = Readout(self.stage, "$1 - eta L$", 1.0, label_role="text")
        self.readouts = VGroup(self.rate, self.factor)
        # Room for the widest numbers, a minus sign included.
        if self.rate.width + self.factor.width + 0.9 < zone.width:
            self.readouts.arrange(RIGHT, buff=0.5)
        elif zone.height >= ROOMY:
            self.readouts = stack(self.rate, self.factor, gap=0.08)
        else:
            self.readouts = VGroup(self.factor)
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
        label = self.stage.words("$2\\/L$", Size.LABEL, "highlight")
        label.next_to(top, UP, buff=0.06)
        # The name of the y axis ends where it ends: a limit far to the left has its own name to its right.
        label.shift(RIGHT * max(0.0, self.plot.labels[-1].get_right()[0] + 0.15 - label.get_left()[0]))
        self.limit_mark = VGroup(line, label)

    def _obstacles(self, rates: Sequence[float]) -> np.ndarray:
        """Points of the dots on the lines and of the limit, which no name may cover."""
        limit = along(self.limit_mark[0].get_start(), self.limit_mark[0].get_end(), 80)
        angle = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        rim = DOT * np.column_stack([np.cos(angle), np.sin(angle), np.zeros(8)])
        dots = [place + rim for rate in rates if rate <= self.largest for place in self.places(rate)]
        return np.concatenate([limit, *dots])

    def _line_points(self) -> list[np.ndarray]:
        """Points (80, 3) of each line."""
        return [along(self.plot.at(0.0, 1.0), end, 80) for end in self.places(self.largest)]

    def _line_names(self, obstacles: np.ndarray) -> VGroup:
        """1 − ηL, and 1 − ημ where it differs: each close to its line, far from the other one, and on nothing else.

        A name that finds no such place is left out, and 1 − ημ goes first: 1 − ηL is named in the readout too.
        """
        start, ends, names = self.plot.at(0.0, 1.0), self.places(self.largest), VGroup()
        for index, (end, (markup, role)) in enumerate(zip(ends, LINE_NAMES, strict=False)):
            name = tag(self.stage, markup, role, Size.LABEL)
            size = np.array([name.width, name.height]) / 2
            way = (end - start)[:2] / np.linalg.norm(end - start)
            normal = np.array([-way[1], way[0]])
            # A box touches its line with a corner.
            places = [
                (start + share * (end - start))[:2] + side * normal * (np.abs(normal) @ (size + AIR))
                for share, side in product(np.linspace(0.1, 0.9, 33), (-1, 1))
            ]
            others = [line[:, :2] for other, line in enumerate(self._line_points()) if other != index]
            taken = np.concatenate([obstacles[:, :2], *others])

            def covered(place: np.ndarray, size=size, taken=taken) -> int:
                return int(np.all(np.abs(taken - place) < size + CLEAR, axis=1).sum())

            def cost(place: np.ndarray, size=size, covered=covered, others=others) -> float:
                box = self.plot.box
                beyond = np.abs(place - box.center[:2]) + size + AIR - (box.width / 2, box.height / 2)
                near = sum(1 / (0.1 + np.min(np.linalg.norm(other - place, axis=1))) for other in others)
                return covered(place) + 100 * np.maximum(beyond, 0).sum() + 0.1 * near

            place = min(places, key=cost)
            if covered(place):
                break
            names.add(name.move_to(np.append(place, 0.0)))
            obstacles = np.concatenate([obstacles, inside(name, name.get_center())])
        return names

    def _name_flat_line_at_axis(self) -> None:
        """1 − ημ takes the place of the name of the vertical axis, where its line begins."""
        axis_name = self.plot.labels[-1]
        markup, role = LINE_NAMES[1]
        name = self.stage.words(markup, Size.LABEL, role).move_to(axis_name, aligned_edge=DL)
        self.plot.labels.remove(axis_name)
        self.plot.labels.add(name)

    def _band_name(self, obstacles: np.ndarray) -> VGroup:
        """What the band means, where it lies farthest from all else; nothing where it has no room."""
        name = tag(self.stage, _("shrinks"), "model", Size.LABEL)
        half = np.array([name.width, name.height, 0.0]) / 2
        low, high = self.plot.at(0.0, -1.0), self.plot.at(self.limit, 1.0)
        around = np.concatenate([obstacles, along(low, self.plot.at(0.0, 1.0), 80)])
        best, place = AIR / 2, None
        for share in product(np.linspace(0, 1, 25), np.linspace(0, 1, 13)):
            middle = low + half + (high - low - 2 * half) * [*share, 0.0]
            air = float(np.max(np.abs(around - middle)[:, :2] - half[:2], axis=1).min())
            if air > best + 1e-6:
                best, place = air, middle
        return VGroup() if place is None else VGroup(name.move_to(place))

    def places(self, rate: float) -> np.ndarray:
        """Scene points (lines, 3) of this rate on each line."""
        return np.array([self.plot.at(rate, 1.0 - rate * curvature) for curvature in self.curvatures])

    def _mark(self, rate: float, role: str) -> VGroup:
        """Dots of a run on both lines; an arrow to the right for a rate beyond the plot."""
        if rate <= self.largest:
            return VGroup(Dots(self.stage, self.places(rate), role, DOT))
        edge = self.plot.at(self.largest, self.plot.coordinates.y_range[0]) + 0.25 * UP
        return VGroup(Arrow(self.stage, edge - 0.6 * RIGHT, edge, role))

    def put(self, rate: float) -> FactorPlot:
        """Show this rate: walker on the lines, and readouts."""
        self.walker.put(self.places(rate))
        self.rate.set_value(rate)
        self.factor.set_value(1.0 - rate * self.curvatures[0])
        return self


class Landing(VGroup):
    """Where the first step lands on a contour map; bars compare its distance from the valley floor before and after.

    Args:
        map_: the map of a bowl with its minimum at the origin and its steep direction along y.
        start: the start, shape (2,).
        gradient: ∇f there, shape (2,).
    """

    def __init__(self, stage: Stage, map_: ContourMap, start: np.ndarray, gradient: np.ndarray) -> None:
        self.map, self.start, self.gradient = map_, np.asarray(start, float), np.asarray(gradient, float)
        floor = Curve(stage, role="muted", width=2.5)
        (left, right), _ = map_.window
        if self.start[1]:
            floor.put(map_.at(np.array([[left, 0.0], [right, 0.0]])))
        self.bars = Curve(stage, role="text", width=9.0)
        self.arrow = Arrow(stage, map_.at(self.start), map_.at(self.start), "output", 0.08)
        self.ball = Dots(stage, map_.at(self.start[None]), "highlight", 0.13)
        super().__init__(floor, self.bars, self.arrow, self.ball)
        self.put(0.0)

    def put(self, rate: float) -> Landing:
        """Show the step at this rate, cut off at the map's edge."""
        tip = until_leaving(np.array([self.start, self.start - rate * self.gradient]), self.map.window)[-1]
        self.arrow.put(*self.map.at(np.array([self.start, tip])))
        ends = self.map.at(np.array([self.start, tip]))
        feet = self.map.at(np.array([[self.start[0], 0.0], [tip[0], 0.0]]))
        self.bars.put_segments(feet, ends)
        return self
