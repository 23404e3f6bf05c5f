"""A normal curve with its name beside its shoulder."""

from __future__ import annotations

import numpy as np
from manim import VGroup

from explainers.probability.distributions import normal_pdf
from scenes.pictures.plot import Coordinates
from scenes.pictures.shapes import Curve
from scenes.stage.stage import Stage
from scenes.stage.text import Size

BELL_REACH = 4.2
"""How far a bell is drawn to either side, in standard deviations."""
POINTS = 169
"""Of its curve; odd, so that the top is one of them."""


class NamedBell(VGroup):
    """The density of a normal over a window. `put` draws it again when the window or the normal has changed.

    Args:
        stage: the stage.
        coordinates: the window.
        name: Typst markup.
    """

    def __init__(self, stage: Stage, coordinates: Coordinates, name: str) -> None:
        self.curve = Curve(stage, role="model", width=4.5)
        self.title = stage.words(name, Size.READOUT, "model")
        super().__init__(self.curve, self.title)
        self.put(coordinates)

    def put(self, coordinates: Coordinates, mu: float = 0.0, sigma: float = 1.0) -> NamedBell:
        """Be the density of N(mu, sigma²) in this window."""
        x = mu + sigma * np.linspace(-BELL_REACH, BELL_REACH, POINTS)
        self.curve.put(coordinates.points_at(x, normal_pdf(x, mu, sigma)))
        shoulder = coordinates.at(mu + 0.9 * sigma, float(normal_pdf(mu + 0.6 * sigma, mu, sigma)))
        self.title.move_to(shoulder + np.array([self.title.width / 2 + 0.2, 0.0, 0.0]))
        beyond = self.title.get_right()[0] - coordinates.box.right
        if beyond > 0:
            # A long name ends at the window's edge, over the bell where it begins, but no lower than the shoulder.
            self.title.shift([-beyond, 0.0, 0.0])
            start = max((self.title.get_left()[0] - coordinates.at(mu, 0)[0]) / coordinates.x_unit, 0.0)
            height = coordinates.at(mu, float(normal_pdf(mu + start, mu, sigma)))[1]
            self.title.set_y(max(self.title.get_y(), height + 0.75 * self.title.height))
        return self
