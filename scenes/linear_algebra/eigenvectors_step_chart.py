"""A number after each step, as dots over 0, 1, 2 …: what it settles on, or that it never does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VGroup

from scenes.pictures.plot import Plot
from scenes.pictures.shapes import Curve, Dots
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone

HEADROOM = 0.12
"""Room above the highest tick, as a share of the range, so that its number keeps clear of the axis' name."""


class StepChart(VGroup):
    """One dot per step; `put` shows the steps so far.

    Args:
        stage: the stage.
        zone: room for everything.
        values: what was measured after each step, shape (n,); NaN where there is nothing to measure.
        y_range, y_ticks: of the vertical axis, in units of the values; some room is added on top.
        first: the number of the first step.
        level: where a line marks what the values lead to, in the colour `level_role`.
        role: colour of the dots.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        values: np.ndarray,
        y_range: tuple[float, float],
        y_ticks: Sequence[float],
        *,
        y_label: str,
        first: int = 0,
        level: float | None = None,
        level_role: str = "highlight",
        role: str = "output",
    ) -> None:
        self.values, self.first = np.asarray(values, float), first
        last = first + len(values) - 1
        spare = HEADROOM * (y_range[1] - y_range[0])
        every = 1 if last <= 6 else 2
        self.plot = Plot(
            stage,
            zone,
            (first - 0.3, last + 0.3),
            (y_range[0], y_range[1] + spare),
            x_ticks=range(first, last + 1, every),
            y_ticks=y_ticks,
            x_label=_("step"),
            y_label=y_label,
        )
        self.level = Curve(stage, role=level_role, width=3.5)
        if level is not None:
            self.level.put(self.plot.points_at((first - 0.3, last + 0.3), (level, level)))
        self.dots = Dots(stage, np.zeros((0, 2)), role, 0.1)
        super().__init__(self.plot, self.level, self.dots)
        self.put(0.0)

    def put(self, step: float) -> StepChart:
        """Show the steps that are done by now."""
        steps = self.first + np.arange(len(self.values))
        shown = (steps <= step + 1e-9) & np.isfinite(self.values)
        self.dots.put(self.plot.points_at(steps[shown], self.values[shown]))
        return self
