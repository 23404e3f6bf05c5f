"""Pictures of `maximum-likelihood` that last for one beat: the map of two knobs, and what fitted variances average."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup

from explainers.probability.maximum_likelihood import FloatArray, MaximumLikelihood, mle_variance_pdf
from scenes.pictures.ledger import INDENT
from scenes.pictures.plot import Coordinates, Plot
from scenes.pictures.raster import Raster
from scenes.pictures.shapes import Curve
from scenes.pictures.surface import HeightField
from scenes.stage.color import mix
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

LEVELS = (1.8, 1.1, 0.7, 0.42, 0.24, 0.12, 0.05, 0.012)
"""Heights of the map's contours below its top, per datum."""
MAP_POINTS = (261, 121)
"""Means and widths at which the map is computed."""
TINT = 0.45
"""How strongly the bands between contours are coloured."""
MOST_RATIO, RATIO_BINS = 2.5, 30
"""Fitted over true variance: what the axis shows, in so many bars."""
BORDER = 0.3
"""Room beside the axis, where its first number reaches out, in scene units."""
NAMED_AT = 1.4
"""The ratio over which the exact density is named: its curve has left the bulk there."""
NAME_GAP = 0.16
"""From there to the name, in scene units."""
AIR = 1.35
"""Room for names over the curve of fitted variances."""


class KnobMap(VGroup):
    """The log-likelihood over mean and width from above, in bands between contours."""

    def __init__(self, stage: Stage, coordinates: Coordinates, mle: MaximumLikelihood) -> None:
        means = np.linspace(*coordinates.x_range, MAP_POINTS[0])
        widths = np.linspace(*coordinates.y_range, MAP_POINTS[1])
        heights = mle.log_likelihood(means[None, :], widths[:, None])
        top = float(mle.log_likelihood(mle.mean_hat(), mle.sigma_hat))
        levels = [top - drop * mle.size for drop in LEVELS]
        inks = [stage.theme.ramp_at(k / (len(levels) - 1)) for k in range(len(levels))]
        fills = [stage.theme.background, *(mix(stage.theme.background, ink, TINT) for ink in inks)]
        self.bands = Raster(coordinates.box, np.searchsorted(levels, heights), fills)
        super().__init__(self.bands)
        field = HeightField(means, widths, heights)
        for level, ink in zip(levels, inks, strict=True):
            lines = [Curve(stage, coordinates.points_at(*line.T)).points for _, line in field.contours([level])]
            contour = Curve(stage, width=2.0).set_stroke(ink)
            contour.points = np.concatenate(lines) if lines else np.zeros((0, 3))
            self.add(contour)


class BiasPlot(VGroup):
    """Fitted over true variance in many samples as bars, their exact density, their average and the truth.

    Args:
        stage: the stage.
        zone: room for everything.
        n: size of each sample.
        average: what the ratios average in the end.
    """

    def __init__(self, stage: Stage, zone: Zone, n: int, average: float) -> None:
        self.edges = np.linspace(0, MOST_RATIO, RATIO_BINS + 1)
        ratios = np.linspace(1e-6, MOST_RATIO, 241)
        density = mle_variance_pdf(ratios, n)
        top = AIR * float(density.max())
        name, ticks = _("fitted variance / true variance"), (0, 0.5, 1, 1.5, 2)
        if stage.words(name, Size.LABEL).width > zone.width:
            name, ticks = _("fitted / true variance"), (0, 1, 2)
        self.plot = Plot(
            stage, zone.inset(BORDER, 0), (0, MOST_RATIO), (0, top), y_ticks=(), x_ticks=ticks, x_label=name
        )
        middles = (self.edges[:-1] + self.edges[1:]) / 2
        self.bars = self.plot.bars(middles, 0 * middles, "parameter", 0.8 * self.edges[1])
        curve = self.plot.curve(ratios, density, "model")
        self.truth = self._mark(1.0, _("true variance"), "highlight", 1)
        self.average = self._mark(average, _("average"), "parameter", -1)
        name = stage.words(_("exact density"), Size.LABEL, "model")
        # A long name begins further left, over a higher place of the curve; a ledger beside it leaves room for icons.
        end = min(stage.zones.safe.right, zone.right + INDENT * stage.em(Size.READOUT))
        room = end - self.plot.box.left - name.width - NAME_GAP
        start = min(NAMED_AT, MOST_RATIO * room / self.plot.box.width)
        place = self.plot.at(start, float(mle_variance_pdf(start, n)))
        self.density = VGroup(curve, name.next_to(place, UP + RIGHT, buff=NAME_GAP))
        super().__init__(self.plot, self.bars, self.density, self.truth, self.average)

    def _mark(self, ratio: float, name: str, role: str, side: int) -> VGroup:
        """A line across the plot with a name left (−1) or right (+1) of its upper end."""
        stage, box = self.plot.stage, self.plot.box
        x = self.plot.at(ratio, 0)[0]
        line = Curve(stage, np.array([[x, box.bottom, 0], [x, box.top, 0]]), role, 3.0)
        text = stage.words(name, Size.LABEL, role)
        text.next_to([x, box.top, 0], DOWN + (RIGHT if side > 0 else LEFT), buff=0.14)
        if text.get_left()[0] < box.left:
            # No room at the left: right of both lines, below the other name.
            text.next_to(self.truth[1], DOWN, buff=0.08, aligned_edge=LEFT)
        return VGroup(line, text)

    def put(self, ratios: FloatArray) -> BiasPlot:
        """Show these ratios as bars of total area 1."""
        counts, _ = np.histogram(ratios, bins=self.edges)
        self.bars.put((self.edges[:-1] + self.edges[1:]) / 2, counts / (len(ratios) * self.edges[1]))
        return self
