"""A small picture of one distribution: name, shape, and mean and standard deviation below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import RIGHT, VGroup

from scenes.pictures.plot import Bars, Coordinates
from scenes.pictures.ruler import SPREAD_DEPTH, Spread
from scenes.pictures.shapes import Curve, Region
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

SEEN = 2e-3
"""What is lower than this share of the highest point is left out, and the axis ends where it does."""
BAR_WIDTH = 0.88


class FamilyPanel(VGroup):
    """One distribution in a zone. Its `spread` is apart, so that it can be drawn out of the mean with `put_spread`.

    Args:
        stage: the stage.
        zone: room for everything.
        name, knobs: the title: the family's name, and its parameters in their colour.
        note: Typst markup under the picture.
        x, heights: bars at counts (`discrete`) or points of a density, each of shape (m,).
        mean, deviation: in data units.
        role: colour of the shape.
        outlined: whether bars are drawn as the outline of a limit, lightly filled like a density.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        name: str,
        knobs: str,
        note: str,
        x: np.ndarray,
        heights: np.ndarray,
        *,
        discrete: bool,
        mean: float,
        deviation: float,
        role: str,
        outlined: bool = False,
    ) -> None:
        em = stage.em(Size.LABEL)
        self.zone, self.mean, self.deviation = zone, mean, deviation
        title = VGroup(stage.words(name, Size.LABEL), stage.words(knobs, Size.LABEL, "parameter"))
        title.arrange(RIGHT, buff=0.06).move_to([zone.center[0], zone.top - 0.5 * em, 0])
        self.note = stage.words(note, Size.LABEL, "muted").move_to([zone.center[0], zone.bottom + 0.49 * em, 0])
        box = Zone(zone.left, zone.bottom + em + SPREAD_DEPTH + Spread.CAP + 0.06, zone.right, zone.top - 1.2 * em)
        seen = heights > SEEN * heights.max()
        low, high = _reach(x[seen], (mean - deviation, mean + deviation), discrete)
        self.coordinates = Coordinates(box, (low, high), (0.0, 1.04 * float(heights.max())))
        axis = Curve(stage, np.array([box.at(0, 0), box.at(1, 0)]), "muted", 2.5)
        if outlined:
            steps = self._steps(x[seen], heights[seen])
            shape = [Region(stage, steps, role), Curve(stage, steps, role)]
        elif discrete:
            shape = [Bars(stage, self.coordinates, x[seen], heights[seen], role, BAR_WIDTH)]
        else:
            places = self.coordinates.points_at(x[seen], heights[seen])
            feet = self.coordinates.points_at(x[seen][[-1, 0]], np.zeros(2))
            shape = [Region(stage, np.concatenate([places, feet]), role), Curve(stage, places, role)]
        self.spread = Spread(stage)
        super().__init__(title, *shape, axis, self.note)
        self.put_spread(1.0)

    def _steps(self, x: np.ndarray, heights: np.ndarray) -> np.ndarray:
        """The outline of bars that touch, from the axis to the axis, shape (m, 3)."""
        edges = np.repeat(np.append(x, x[-1] + 1) - 0.5, 2)
        return self.coordinates.points_at(edges, np.concatenate([[0.0], np.repeat(heights, 2), [0.0]]))

    def put_note_under_mean(self) -> FamilyPanel:
        """Centre the note on the mean, as far as it stays in the zone: for panels that show their bracket."""
        free = max(self.zone.width - self.note.width, 0.0) / 2
        mean, middle = self.coordinates.at(self.mean, 0)[0], self.zone.center[0]
        self.note.set_x(float(np.clip(mean, middle - free, middle + free)))
        return self

    def put_spread(self, share: float) -> None:
        """Draw this share of the bracket."""
        self.spread.put(self.coordinates, self.mean, share * self.deviation)


def _reach(x: np.ndarray, bracket: Sequence[float], discrete: bool) -> tuple[float, float]:
    """The axis: all of the shape and the bracket, with some air beside bars."""
    low, high = min(x.min(), bracket[0]), max(x.max(), bracket[1])
    if not discrete:
        return float(low), float(high)
    # Two bars alone would fill the panel: four counts are the least that it shows.
    air = max(0.8, (4 - (high - low)) / 2)
    return float(low - air), float(high + air)
