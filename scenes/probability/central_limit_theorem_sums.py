"""The sum of n dice as bars: raw, on its way to the bell, at the bell's scale, and as a running total."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import Mobject, VGroup, VMobject

from explainers.probability.central_limit_theorem import Die
from explainers.probability.distributions import Bars as Heap
from explainers.probability.distributions import normal_cdf, normal_pdf
from scenes.pictures.heap import BAR_WIDTH, HeapChart
from scenes.pictures.labels import clear_offset, inside, tag
from scenes.pictures.ruler import View
from scenes.pictures.shapes import Curve, rectangles
from scenes.stage.color import mix
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

Step = Callable[[float], None]

HEADROOM = 1.2
"""Height of a window over its tallest bar, so that a number fits above it."""
REACH = 4.2
"""Half the width of the standardised window, in deviations: beyond lies 0.003 % of the bell."""
SUM_REACH = 4.5
"""Deviations of a sum that a window on raw sums shows beyond its mean."""
FLATTENING = 0.95
"""How far the window on raw sums follows as they flatten: at 1 they would not be seen to sink."""
UNIT_STEP = 0.5
"""The finest distance between numbers at the bell's scale."""
STAIRS_TOP = 1.06
"""Height of the window on running totals."""
BARS_OPACITY, STAIRS_OPACITY = 0.75, 0.35
"""Of the bars, and of the running total, on which a gap must be seen."""


def between(start: float, end: float, share: float) -> float:
    """Part of the way from one number of pieces to another, by equal factors."""
    return float(start ** (1 - share) * end**share)


def standard_normal() -> str:
    """The name of the standard normal, in Typst math."""
    # Translators: Typst math; with a decimal comma a semicolon separates numbers, after a quoted space if any.
    return _("cal(N)(0, 1)")


class SumChart(HeapChart):
    """Sums of copies of one die. Every `put_…` and `show_…` sets the whole picture for a moment.

    Args:
        stage: the stage.
        zone, side: for the chart, and for the ledger.
        die: one piece.
        companions: the n of the sums that are outlined beside the largest, which comes last.
    """

    def __init__(self, stage: Stage, zone: Zone, side: Zone, die: Die, companions: Sequence[int]) -> None:
        self.die, self.companions = die, companions
        top = HEADROOM * float(die.pmf.max())
        super().__init__(stage, zone, side, View(0.2, len(die.pmf) + 0.8, top), _("face"), slots=3)
        # Where a window stands still, every number under the axis is fully there or not at all.
        self.first_view = self.chart.ruler.settled(self.view)
        self.pair_view = self.chart.ruler.settled(View(0.2, 2 * len(die.pmf) + 0.8, top))
        # Lines in the background's colour show the cuts.
        self.movers = self.make_bars("output").set_stroke(stage.color("background"), width=2.0)
        self.outlines = {n: Curve(stage, role="input", width=2.5, opacity=0.7) for n in companions[:-1]}
        self.bell = Curve(stage, role="model", width=4.5)
        self.chart.ruler.finest = UNIT_STEP
        self.reach = self.chart.ruler.settled(View(-REACH, REACH, 1)).high
        self.chart.ruler.finest = 1.0
        self.stairs_view = View(-self.reach, self.reach, STAIRS_TOP)

    def show(self, view: View, heap: Heap, mean: float, deviation: float, n: float) -> None:
        """This heap in this view, with its mean and deviation and, as far as they are on stage, its readouts."""
        self.chart.look(view)
        self.put(self.bars, heap)
        self.spread.put(self.chart.coordinates, mean, deviation)
        values = {"n": n, "mean": mean, "sd": deviation}
        self.ledger.set_values(**{name: value for name, value in values.items() if name in self.ledger.numbers})

    # --- Raw sums ---------------------------------------------------------------------------------------------

    def show_piece(self, view: View) -> None:
        """One piece."""
        self.show(view, Heap(self.die.faces.astype(float), self.die.pmf), self.die.mean, self.die.sd, 1)

    def fan_out(self, face: int) -> Step:
        """A step: the bar of this face becomes a copy of the die, as many places further as each face says."""
        die, top = self.die, self.view.top
        k, faces = len(die.pmf), die.faces.astype(float)
        landed, copy = die.second_piece(face)
        starts, ends = np.cumsum(copy) - copy, landed[face - 1 : face - 1 + k]
        moving, resting = self.stage.color("output"), self.stage.color("input")

        def step(t: float) -> None:
            hop = 0.12 * top * np.sin(np.pi * t)
            self.put_resting(np.where(faces < face, die.pmf, 0.0), landed)
            self.put(self.movers, Heap(face + t * faces, copy), starts + t * (ends - starts) + hop)
            color = mix(moving, resting, float(np.clip(4 * t - 3, 0, 1)))
            self.movers.set_fill(color, opacity=1)

        step(0.0)
        # Until it moves, the bar is there: the copy fades in over it.
        self.put_resting(np.where(faces <= face, die.pmf, 0.0), landed)
        return step

    def land(self, face: int) -> None:
        """The copy of this face belongs to the sum."""
        landed, copy = self.die.second_piece(face)
        landed[face - 1 : face - 1 + len(copy)] += copy
        self.put_resting(np.where(self.die.faces < face, self.die.pmf, 0.0), landed)

    def put_resting(self, pieces: np.ndarray, landed: np.ndarray) -> None:
        """Bars of one piece that wait, on 1 … k, and the sum of two as far as it has come, on 2 … 2k."""
        heights = np.append(pieces, np.zeros(len(pieces))) + np.append(0.0, landed)
        self.put(self.bars, Heap(np.arange(1.0, len(heights) + 1), heights))

    def widen(self, share: float) -> None:
        """The sum of two: bars become as wide as the distance between them, so that heights are a density."""
        width, two = self.die.span**share, self.die.sum_bars(2)
        heap, pair = Heap(two.x, two.heights / width, width), self.pair_view
        self.show(View(pair.low, pair.high, pair.top / width), heap, 2 * self.die.mean, self.die.sum_sd(2), 2)

    def sum_view(self, n: float) -> View:
        """The window on the raw sum of n pieces: it grows to the right, and sinks a little slower than the bars."""
        die, pair = self.die, self.pair_view
        high = min(n * len(die.pmf) + 0.8, n * die.mean + SUM_REACH * die.sum_sd(n))
        peaks = [float(die.rescaled(m, 0.0, 1.0).heights.max()) for m in (2, n)]
        top = pair.top / die.span * (peaks[1] / peaks[0]) ** FLATTENING
        return View(pair.low, max(pair.high, high), top)

    def adding(self, first: int, last: int) -> Step:
        """A step from the raw sum of one number of pieces to that of another."""
        start, end = self.view, self.chart.ruler.settled(self.sum_view(last), anchor=0.0)
        ends = start.span / self.sum_view(first).span, end.span / self.sum_view(last).span

        def step(t: float) -> None:
            n = between(first, last, t)
            view = self.sum_view(n)
            wider = ends[0] + t * (ends[1] - ends[0])
            self.show_sum(n, View(view.low, view.low + wider * view.span, view.top))

        return step

    def show_sum(self, n: float, view: View) -> None:
        """The raw sum of n pieces."""
        die = self.die
        self.show(view, die.rescaled(n, 0.0, 1.0), n * die.mean, die.sum_sd(n), n)

    # --- To the bell -------------------------------------------------------------------------------------------

    def companions_view(self) -> View:
        """The present window, heightened for the companions of the largest sum and their names."""
        peak = max(float(self.die.rescaled(n, 0.0, 1.0).heights.max()) for n in self.companions)
        return View(self.view.low, self.view.high, 1.3 * peak)

    def centred_view(self) -> View:
        """The same once all means are at 0."""
        reach = self.reach * self.die.sum_sd(self.companions[-1])
        return self.chart.ruler.settled(View(-reach, reach, self.view.top))

    def unit_view(self, *numbers: float) -> View:
        """The window on the standardised sums of these n and the bell."""
        peaks = [float(self.die.standardised(n).heights.max()) for n in numbers]
        return View(-self.reach, self.reach, HEADROOM * max(float(normal_pdf(0.0)), *peaks))

    def show_companions(self, centring: float, power: float, view: View) -> None:
        """The sums side by side, this share of nμ subtracted, then divided by that power of σ√n."""
        die, n = self.die, self.companions[-1]
        divisor = die.sum_sd(n) ** power
        heap = die.rescaled(n, centring, divisor)
        self.show(view, heap, (1 - centring) * n * die.mean / divisor, die.sum_sd(n) / divisor, n)
        for m, outline in self.outlines.items():
            outline.put(self._edge(die.rescaled(m, centring, die.sum_sd(m) ** power)))

    def name_companions(self) -> VGroup:
        """The n of each raw sum above it."""
        shapes = [*self.outlines.values(), self.bars]
        names, obstacles = VGroup(), np.concatenate([shape.points[::4] for shape in shapes])
        for n in self.companions:
            name = tag(self.stage, f"$n = {n}$", "parameter", Size.LABEL)
            peak = float(self.die.rescaled(n, 0.0, 1.0).heights.max())
            anchor = self.chart.coordinates.at(n * self.die.mean, peak)
            place = anchor + clear_offset(name, anchor, np.array([0.3, 1.0]), obstacles, self.chart.box)
            obstacles = np.concatenate([obstacles, inside(name, place)])
            names.add(name.move_to(place))
        return names

    def _edge(self, heap: Heap) -> np.ndarray:
        """The upper edge of bars that touch, as far as they are in the window, shape (m, 3)."""
        first, last = np.flatnonzero(heap.heights > 1e-3 * self.view.top)[[0, -1]]
        x, heights = heap.x[first : last + 1], heap.heights[first : last + 1]
        edges = np.repeat(np.append(x - heap.width / 2, x[-1] + heap.width / 2), 2)
        heights = np.concatenate([[0.0], np.repeat(heights, 2), [0.0]])
        return self.chart.coordinates.points_at(np.clip(edges, self.view.low, self.view.high), heights)

    def name_bell(self) -> VMobject:
        """The name of the standard normal, right of the curve."""
        name = tag(self.stage, f"${standard_normal()}$", "model")
        anchor = self.chart.coordinates.at(1.2, float(normal_pdf(1.2)))
        shapes = [self.bell, self.bars, *self.outlines.values()]
        obstacles = np.concatenate([shape.points[::4] for shape in shapes])
        return name.move_to(anchor + clear_offset(name, anchor, np.array([1.0, 0.6]), obstacles, self.chart.box))

    def put_bell(self, summed: float = 0.0) -> None:
        """The standard normal in the present window; by the share `summed` as its running total."""
        x = np.linspace(-self.reach, self.reach, 169)
        y = (1 - summed) * normal_pdf(x) + summed * normal_cdf(x)
        self.bell.put(self.chart.coordinates.points_at(x, y))

    # --- At the bell's scale -----------------------------------------------------------------------------------

    @property
    def moving_on_bell(self) -> tuple[Mobject, ...]:
        """All that changes when n does, at the bell's scale."""
        return (self.chart.ruler, self.bars, self.bell, *self.ledger.numbers.values())

    def show_unit(self, n: float, summed: float = 0.0) -> None:
        """The standardised sum of n pieces and the bell; by the share `summed` as running totals from the left.

        Bars become the columns under the steps of the CDF.
        """
        heap = self.die.standardised(n)
        self.chart.look(self.unit_view(n).toward(self.stairs_view, summed))
        # The steps go on where there are no more bars, to both edges of the window.
        pad = int(2 * self.reach / heap.width) + 2
        x = heap.x[0] + heap.width * np.arange(-pad, len(heap.x) + pad)
        heights = np.pad(heap.heights, pad)
        y = (1 - summed) * heights + summed * np.cumsum(heights) * heap.width
        # A bar stands around its value; a column of the running total begins there.
        middle, half = x + summed * heap.width / 2, (BAR_WIDTH + summed * (1 - BAR_WIDTH)) * heap.width / 2
        left, right = np.clip(middle - half, -self.reach, self.reach), np.clip(middle + half, -self.reach, self.reach)
        seen = (right > left) & (y > 1e-3 * self.view.top)
        low = self.chart.coordinates.points_at(left[seen], np.zeros(seen.sum()))
        high = self.chart.coordinates.points_at(right[seen], y[seen])
        self.bars.points = rectangles(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
        self.bars.set_fill(opacity=BARS_OPACITY + summed * (STAIRS_OPACITY - BARS_OPACITY))
        self.put_bell(summed)
        self.ledger.set_values(n=n)
