"""Pieces of several shapes, each alone and as a sum of many: small pictures around the middle, under the bell."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manim import VGroup

from explainers.probability.central_limit_theorem import Die, cauchy_pdf
from explainers.probability.distributions import Bars as Heap
from explainers.probability.distributions import normal_pdf
from scenes.pictures.plot import Bars, Coordinates
from scenes.pictures.shapes import Curve, Region
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

REACH = 3.6
"""Half the width of a panel's window, in standard deviations; wider for a piece that reaches further."""
HEADROOM = 1.08
"""Height of a panel over the highest thing in it."""
COLUMN_GAP = 0.025
"""Between columns, as a share of the width: words below fill them where the frame is narrow."""
ROW_GAP = 0.3
"""Between rows, in scene units."""
SAMPLES = np.linspace(-REACH, REACH, 121)
TAILS = np.linspace(-6.0, 6.0, 201)
"""Where a Cauchy is drawn: so far out that a bell as high has long come down."""


class BellPanel(VGroup):
    """Bars over an axis from −3.6 to 3.6 or a density over a longer one, and maybe the bell; as high as what it shows.

    Args:
        stage: the stage.
        zone: room for everything.
        bell: whether a normal is drawn too: the standard one over bars, one as high as a density.
    """

    def __init__(self, stage: Stage, zone: Zone, *, bell: bool) -> None:
        self.stage, self.zone = stage, zone
        axis = Curve(stage, np.array([zone.at(0, 0), zone.at(1, 0)]), "muted", 2.5)
        self.bars = Bars(stage, Coordinates(zone, (-REACH, REACH), (0.0, 1.0)), [], [], "input")
        self.area, self.edge = Region(stage, role="error"), Curve(stage, role="error")
        self.bell = Curve(stage, role="model") if bell else None
        super().__init__(self.bars, self.area, self.edge, axis, *([self.bell] if bell else []))

    def put(self, heap: Heap) -> BellPanel:
        """Show these bars, a density in standard units."""
        ends = np.abs(heap.x) + heap.width / 2
        # Of a sum, what lies further out is less than a pixel; of one piece, all is shown.
        reach = REACH if self.bell is not None else max(REACH, float(ends[heap.heights > 0].max()))
        inside = ends <= reach + 1e-9
        coordinates = self._window(float(heap.heights.max()), reach)
        self.bars.coordinates = coordinates
        self.bars.put(heap.x[inside], heap.heights[inside], heap.width)
        return self

    def put_density(self, density: np.ndarray) -> BellPanel:
        """Show a curve through these values at `TAILS`, filled; the bell, if there is one, has the same peak."""
        peak = float(density.max())
        coordinates = Coordinates(self.zone, (TAILS[0], TAILS[-1]), (0.0, HEADROOM * peak))
        if self.bell is not None:
            bell = normal_pdf(TAILS, 0.0, float(normal_pdf(0.0)) / peak)
            self.bell.put(coordinates.points_at(TAILS, bell))
            # It is not the one that the other panels have: it says what it is.
            name = self.stage.words("$cal(N)$", Size.LABEL, "model")
            self.add(name.move_to(self.zone.at(0.8, 1) + np.array([0.0, -0.5 * name.height, 0.0])))
        places = coordinates.points_at(TAILS, density)
        self.edge.put(places)
        self.area.put(np.concatenate([places, coordinates.points_at(TAILS[[-1, 0]], np.zeros(2))]))
        return self

    def _window(self, peak: float, reach: float = REACH) -> Coordinates:
        if self.bell is not None:
            peak = max(peak, float(normal_pdf(0.0)))
        coordinates = Coordinates(self.zone, (-reach, reach), (0.0, HEADROOM * peak))
        if self.bell is not None:
            self.bell.put(coordinates.points_at(SAMPLES, normal_pdf(SAMPLES)))
        return coordinates


class PieceCard:
    """Every piece alone, and the standardised sum of many of it; `put` sets how many.

    Args:
        stage: the stage.
        zone: room for everything: a column per piece, or a row in a tall zone.
        dice: the pieces by name.
        largest: the n that is named.
        cauchy: whether the Cauchy and its mean come last, behind a line: what is said of the others fails for it.
    """

    def __init__(self, stage: Stage, zone: Zone, dice: Mapping[str, Die], largest: int, *, cauchy: bool) -> None:
        self.dice = dice
        self.names, self.pieces, self.sums = VGroup(), VGroup(), VGroup()
        self.below_pieces, self.below_sums = VGroup(), VGroup()
        names = [*dice, _("Cauchy")] if cauchy else list(dice)
        total, mean = _("sum of {n}").format(n=largest), _("mean of {n}").format(n=largest)
        wide, em = zone.width >= zone.height, stage.em(Size.LABEL)
        gap = COLUMN_GAP * zone.width if wide else ROW_GAP
        cells = zone.beside(*[1] * len(names), gap=gap)
        if any(stage.words(below, Size.LABEL).width > cells[0].width for below in (total, mean)):
            total, mean = f"$S_({largest})$", f"$S_({largest}) \\/ {largest}$"
        below_die, below_cauchy = (_("one roll"), total), (_("one draw"), mean)
        for name, cell in zip(names, cells, strict=True):
            is_die = name in dice
            role = "input" if is_die else "error"
            self.names.add(stage.words(name, Size.LABEL, role).move_to([cell.center[0], cell.top - 0.5 * em, 0.0]))
            rest = Zone(cell.left, cell.bottom, cell.right, cell.top - 1.2 * em)
            boxes = rest.rows(1, 1, gap=0.25) if wide else rest.columns(1, 1, gap=0.5)
            counts = below_die if is_die else below_cauchy
            for box, count, below in zip(boxes, counts, (self.below_pieces, self.below_sums), strict=True):
                words = stage.words(count, Size.LABEL, "muted" if is_die else "error")
                below.add(words.move_to([box.center[0], box.bottom + 0.5 * em, 0.0]))
            upper, lower = (Zone(box.left, box.bottom + 1.2 * em, box.right, box.top) for box in boxes)
            self.pieces.add(BellPanel(stage, upper, bell=False))
            self.sums.add(BellPanel(stage, lower, bell=True))
            if is_die:
                self.pieces[-1].put(dice[name].standardised(1))
            else:
                for panel in (self.pieces[-1], self.sums[-1]):
                    panel.put_density(cauchy_pdf(TAILS))
        if cauchy:
            last, edge = cells[-1], gap / 2
            x, y = last.left - edge, last.top + edge
            ends = [[x, last.bottom, 0], [x, last.top, 0]] if wide else [[last.left, y, 0], [last.right, y, 0]]
            self.names.add(Curve(stage, np.array(ends), "muted", 1.5))
        self.put(1)

    def put(self, n: float) -> PieceCard:
        """Show the standardised sums of n pieces; the mean of n Cauchy pieces is the same for every n."""
        for die, panel in zip(self.dice.values(), self.sums, strict=False):
            panel.put(die.standardised(n))
        return self
