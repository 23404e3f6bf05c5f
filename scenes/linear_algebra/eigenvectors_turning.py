"""How far a matrix turns an arrow: the arrow and its image on a dial, and the angle between them as a curve."""

from __future__ import annotations

import numpy as np
from manim import VGroup

from explainers.linear_algebra.eigenvectors import Eigenvectors, unit
from scenes.linear_algebra.eigenvectors_kept_lines import LINE_ROLES
from scenes.pictures.grid import Plane
from scenes.pictures.plot import Plot
from scenes.pictures.shapes import Arrow, Curve, Dots, Region
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone

ROUND = np.linspace(0, 360, 121)
"""Directions at which the circle and its image are drawn, in degrees."""
WEDGE = 0.45
"""Radius of the wedge between an arrow and its image, as a share of the unit circle's."""
ROOMY = 3.4
"""Width in scene units from which the long name of the angle fits."""
HEADROOM = 0.1
"""Room above and below the turning curve, as a share of its range, so that numbers keep clear of other text."""


class Dial(VGroup):
    """A unit arrow, its image, and the wedge between them, over the circle and its image; `put` turns the arrow."""

    def __init__(self, stage: Stage, plane: Plane, lesson: Eigenvectors) -> None:
        self.plane, self.lesson = plane, lesson
        origin = plane.origin
        self.circle = Curve(stage, role="input", width=2.5, opacity=0.55)
        self.ellipse = Curve(stage, role="output", width=2.5, opacity=0.55)
        self.wedge = Region(stage, role="highlight", opacity=0.3)
        self.image = Arrow(stage, origin, origin, "output", 0.1, 0.34)
        self.arrow = Arrow(stage, origin, origin, "input", 0.055, 0.26)
        self.outlines = VGroup(self.circle, self.ellipse)
        self.hands = VGroup(self.wedge, self.image, self.arrow)
        super().__init__(self.outlines, self.hands)
        self.put(0.0)

    def put(self, degrees: float) -> Dial:
        """Let the arrow point in this direction."""
        at, lesson = self.plane.at, self.lesson
        self.circle.put(at(unit(ROUND)))
        self.ellipse.put(at(lesson.linear_map(unit(ROUND))))
        tip = unit(degrees)
        self.arrow.put(at((0, 0)), at(tip))
        self.image.put(at((0, 0)), at(lesson.linear_map(tip)))
        turn = float(np.nan_to_num(lesson.turn(degrees)))
        sector = WEDGE * unit(degrees + np.linspace(0, turn, 25))
        self.wedge.put(at(np.vstack([np.zeros(2), sector])))
        return self


class TurningPlot(VGroup):
    """The turning angle over half a turn of directions; `put` draws it up to one of them.

    Where the curve meets a level line (0°, or ±180° for arrows that are reversed), an arrow keeps its line.
    """

    def __init__(self, stage: Stage, zone: Zone, lesson: Eigenvectors) -> None:
        self.lesson = lesson
        low, high = lesson.turn_range
        self.plot = Plot(
            stage,
            zone,
            (0.0, 180.0),
            (low - HEADROOM * (high - low), high + HEADROOM * (high - low)),
            x_ticks=(0, 90, 180),
            y_ticks=(low, (low + high) / 2, high),
            x_label=_("direction of $v$ (°)"),
            y_label=_("turn from $v$ to $A v$ (°)") if zone.width > ROOMY else _("turn (°)"),
        )
        levels = [level for level in (-180, 0, 180) if low <= level <= high]
        self.levels = Curve(stage, role="text", width=2.5)
        self.levels.put_segments(*(self.plot.points_at(np.full(len(levels), x), levels) for x in (0, 180)))
        self.curve = Curve(stage, role="highlight", width=4.5)
        self.pen = Dots(stage, np.zeros((1, 2)), "highlight", 0.09)
        self.marks = VGroup(
            *(
                Dots(stage, self._mark(*self.kept_at(i)), role, 0.13)
                for i, role in zip(range(len(lesson.line_angles)), LINE_ROLES, strict=False)
            )
        )
        super().__init__(self.plot, self.levels, self.curve, self.pen)
        self._pieces = lesson.turn_pieces()
        self.put(0.0)

    def kept_at(self, index: int) -> tuple[float, float]:
        """Direction and turning angle at a kept line, in degrees; an arrow that vanishes counts as not turned."""
        reversed_there = self.lesson.eigenvalues[index] < 0
        return float(self.lesson.line_angles[index] % 180), 180.0 if reversed_there else 0.0

    def _mark(self, direction: float, turn: float) -> np.ndarray:
        """Where a kept line meets the curve: once, or at both ends if it is the x-axis; shape (n, 3)."""
        directions = np.array([0.0, 180.0] if direction == 0 else [direction])
        return self.plot.points_at(directions, np.full(len(directions), turn))

    def put(self, degrees: float) -> TurningPlot:
        """Draw the curve from 0° up to this direction, with the pen at its end."""
        drawn = []
        for across, turn in self._pieces:
            end = min(degrees, across[-1])
            if end <= across[0] and drawn:
                break
            kept = across < end
            across, turn = np.append(across[kept], end), np.append(turn[kept], np.interp(end, across, turn))
            drawn.append(self.plot.points_at(across, turn))
        self.curve.put_segments(*(np.concatenate([piece[part] for piece in drawn]) for part in (_STARTS, _ENDS)))
        self.pen.put(drawn[-1][-1:])
        return self


_STARTS, _ENDS = slice(None, -1), slice(1, None)
