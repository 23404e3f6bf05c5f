"""Measured surfaces with one scale of heights, and the dots that they are measured at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VGroup, VMobject

from explainers.calculus.loss_landscape import LossLandscape
from explainers.networks.landscapes import Landscape
from scenes.calculus.gradient_descent_landscape import BOX, TurningSurface
from scenes.pictures.shapes import Dots
from scenes.pictures.surface import HeightField, View
from scenes.stage.stage import Stage, stack
from scenes.stage.text import Size
from scenes.stage.zones import Zone

HEIGHT = 3.0
"""Height of the box that holds all surfaces, where its longer side is `BOX`."""
LEVELS = (0.05, 0.15, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Losses at which contours run."""
LOOK_DOWN = np.radians(48.0)
"""Least elevation of the eye where two surfaces are compared: from lower down a rim would hide what is behind it."""
LABEL_ROOM = 4.2
"""Em below a surface for its name and two numbers."""


def field_of(x: np.ndarray, y: np.ndarray, losses: np.ndarray, top: float) -> HeightField:
    """Losses over a plane as heights log(1 + loss), in a box that reaches from 0 to the loss `top`."""
    spans = np.array([np.ptp(x), np.ptp(y)])
    size = (*(BOX * spans / spans.max()), HEIGHT)
    return HeightField(x, y, LossLandscape.drawn_height(losses), size, (0.0, float(LossLandscape.drawn_height(top))))


def inner_part(network: Landscape, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Where, along a side, the loss was measured no farther out than `reach`, (n,), and what was measured, (n, n)."""
    near = np.abs(network.axis) < reach + 1e-9
    return network.axis[near], network.grid[np.ix_(near, near)]


class MeasuredSurface(TurningSurface):
    """The surface around one network, as large as its zone allows; up to `reach` from its middle along either side."""

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        network: Landscape,
        top: float,
        camera: tuple[float, float],
        reach: float = np.inf,
    ) -> None:
        axis, losses = inner_part(network, reach)
        field = field_of(axis, axis, losses, top)
        self.network = network
        super().__init__(stage, zone, (field, field), LossLandscape.drawn_height(np.array(LEVELS)), camera)

    def measured_dots(self, stage: Stage, progress: float = 0.0) -> Dots:
        """A dot for each measured loss, on the floor (0) up to its height (1)."""
        return Dots(stage, self.dot_places(progress), "data", 0.025)

    def dot_places(self, progress: float) -> np.ndarray:
        """Where these dots stand, shape (n, 3)."""
        vertices = self.field.vertices.reshape(-1, 3).copy()
        vertices[:, 2] = self.floor + progress * (vertices[:, 2] - self.floor)
        return self.view.project(vertices)

    def standing_in(self, zone: Zone, sway: float) -> View:
        """The view at the end of the turn that would fill another zone, also when it sways this far (radians).

        It looks down at least as steeply as `LOOK_DOWN`.
        """
        view = View(self.azimuth, max(self.elevation, LOOK_DOWN), zone.center)
        reach = (self.azimuth - sway, self.azimuth, self.azimuth + sway)
        return view.fit_turn(self.field, zone, self.floor_gap, reach)


def halfway(start: View, end: View, progress: float) -> View:
    """The view this share of the way from one to another."""
    parts = ((start.azimuth, end.azimuth), (start.elevation, end.elevation), (start.center, end.center))
    return View(*(a + progress * (b - a) for a, b in parts), start.scale + progress * (end.scale - start.scale))


def below(stage: Stage, zone: Zone, lines: Sequence[tuple[str, str]]) -> VGroup:
    """Lines of markup with their roles, centred at the foot of a zone."""
    texts: list[VMobject] = [stage.words(markup, Size.LABEL, role) for markup, role in lines]
    group = stack(*texts, gap=0.08, align="center")
    return group.move_to([zone.center[0], zone.bottom + group.height / 2, 0])


def above_label(stage: Stage, zone: Zone) -> Zone:
    """What a zone leaves for a surface when a label stands at its foot."""
    return Zone(zone.left, zone.bottom + LABEL_ROOM * stage.em(Size.LABEL), zone.right, zone.top)
