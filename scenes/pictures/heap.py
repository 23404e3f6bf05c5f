"""A heap of bars with mean dot, bracket and ledger, all moved by one `draw`; and tosses that stack one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
from manim import Mobject, VGroup, VMobject, smooth

from explainers.probability.distributions import Bars as Heap
from explainers.probability.distributions import Distributions
from scenes.pictures.ledger import Ledger
from scenes.pictures.plot import Bars
from scenes.pictures.ruler import HAIRLINE, Chart, Spread, View
from scenes.stage.stage import Stage
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

Step = Callable[[float], None]

BAR_WIDTH = 0.88
"""Of the distance between counts: a little air tells bars apart."""
HEADROOM = 1.18
"""Height of a view over its tallest bar, so that a number fits above it."""
LEAST_LABELLED = 0.005
"""Bars below it have no number: it would round to 0.00."""
AIR = 0.6
"""Counts left and right of the outermost bars."""
JUST = 1e-5
"""Share of a toss at which its cut is drawn, but nothing has moved yet."""
REACH = 5.0
"""Deviations from the mean that a window on a heap shows: beyond, bars are less than a pixel."""


def no_bars() -> Heap:
    """A heap of nothing."""
    return Heap(np.zeros(0), np.zeros(0))


class HeapChart:
    """Bars in a window, mean dot and bracket below, readouts in a ledger beside it.

    Args:
        stage: the stage.
        zone, side: for the chart, and for the ledger.
        view: what is seen first.
        x_label: Typst markup under the axis.
        slots: rows of the ledger.
    """

    def __init__(self, stage: Stage, zone: Zone, side: Zone, view: View, x_label: str, slots: int) -> None:
        self.stage = stage
        self.chart = Chart(stage, zone, view, x_label=x_label)
        self.bars = self.make_bars("input")
        self.spread = Spread(stage)
        self.ledger = Ledger(stage, side, slots)
        self.shown = no_bars()

    def make_bars(self, role: str) -> Bars:
        """More bars for the same chart, none at first."""
        return Bars(self.stage, self.chart.coordinates, [], [], role, BAR_WIDTH)

    @property
    def view(self) -> View:
        """What is seen now."""
        return self.chart.view

    @property
    def moving(self) -> tuple[Mobject, ...]:
        """All that `draw` changes."""
        return (self.chart.ruler, self.bars, self.spread, *self.ledger.numbers.values())

    def draw(self, view: View, heap: Heap, mean: float, deviation: float, **readouts: float) -> None:
        """Show this heap in this view, with its mean, its deviation and what else the ledger says."""
        self.chart.look(view)
        self.put(self.bars, heap)
        self.spread.put(self.chart.coordinates, mean, deviation)
        self.ledger.set_values(mean=mean, sd=deviation, **readouts)
        self.shown = heap

    def put(self, bars: Bars, heap: Heap, bottoms: np.ndarray | None = None) -> None:
        """Put what can be seen of a heap into bars, on the axis or on `bottoms`."""
        seen = self.chart.visible(heap.x, heap.heights, heap.width / 2)
        bars.coordinates = self.chart.coordinates
        bars.put(heap.x[seen], heap.heights[seen], BAR_WIDTH * heap.width, None if bottoms is None else bottoms[seen])

    def including(self, view: View, heap: Heap) -> View:
        """The view, wide enough for every bar that can be seen in it, and with its numbers fully grown."""
        seen = heap.x[heap.heights > HAIRLINE * view.top]
        low, high = min(view.low, seen.min() - heap.width / 2), max(view.high, seen.max() + heap.width / 2)
        return self.chart.ruler.settled(View(float(low), float(high), view.top))

    def morph(self, view: View, heap: Heap, mean: float, deviation: float, **readouts: float) -> Step:
        """A step for `drive`: from the bars at counts shown now to others, while window and readouts go along."""
        first, old = self.view, self.shown
        end = {"mean": mean, "sd": deviation, **readouts}
        start = {name: self.ledger.numbers[name].value for name in end}
        length = max(len(old.x), len(heap.x))
        before, after = (np.pad(h.heights, (0, length - len(h.heights))) for h in (old, heap))

        def step(progress: float) -> None:
            mixed = Heap(np.arange(length, dtype=float), before + progress * (after - before))
            now = {name: start[name] + progress * (end[name] - start[name]) for name in end}
            self.draw(first.toward(view, progress), mixed, now.pop("mean"), now.pop("sd"), **now)

        return step

    def numbers_above(self, counts: Sequence[int]) -> VGroup:
        """The heights of these bars as numbers above them."""
        labels, heights = VGroup(), self.shown.heights
        for count in counts:
            if heights[count] >= LEAST_LABELLED:
                label = self.stage.words(format_number(heights[count]), Size.LABEL, "input")
                labels.add(self.stand_above(label, count))
        return labels

    def stand_above(self, label: VMobject, count: int) -> VMobject:
        """Put a label above the bar of this count, where it is now."""
        label.move_to(self.chart.coordinates.at(count, self.shown.heights[count]))
        return label.shift(np.array([0.0, 0.55 * label.height + 0.06, 0.0]))


class TossStack:
    """Tosses stacked on a `HeapChart`: of each bar the share p is cut off and moves one to the right.

    The ledger needs the rows "n", "mean" and "sd".
    """

    FIRST_VIEW = View(-0.65, 1.65, HEADROOM)
    """For certainty, and for one toss."""

    def __init__(self, picture: HeapChart, tosses: Distributions) -> None:
        self.picture, self.n, self.p = picture, tosses.n, tosses.p
        self.stages = (np.ones(1), *tosses.binomial_stages)
        self.parts = [tosses.convolution_parts(number) for number in range(1, tosses.n + 1)]
        # Opaque, so that they can fade in and out over the bars that they are part of.
        self.movers = picture.make_bars("output").set_fill(opacity=1)

    def view(self, tosses: int) -> View:
        """The window on the bars after so many tosses; the bars before, and on their way, fit too."""
        if tosses <= 1:
            return self.FIRST_VIEW
        few = min(self.n, 3)
        mean, reach = tosses * self.p, REACH * sqrt(tosses * self.p * (1 - self.p)) + 2
        high = min(max(tosses, few), max(mean + reach, few))
        low = max(0.0, min(mean - reach, high - few))
        return View(low - AIR, high + AIR, HEADROOM * float(self.stages[tosses - 1].max()))

    def put(self, tosses: float, view: View) -> None:
        """The picture after so many tosses; between whole numbers, the cut-off shares are on their way."""
        done = min(int(tosses + 1e-9), self.n)
        share = tosses - done
        self.picture.chart.look(view)
        if share < 1e-9:
            heights, across = self.stages[done], 0.0
            self.picture.put(self.movers, no_bars())
        else:
            heights, across = self.parts[done][0], smooth(float(np.clip(2 * share - 0.5, 0, 1)))
            self._put_movers(done, share, across)
        mean = (done + across) * self.p
        heap = Heap(np.arange(len(heights), dtype=float), heights)
        self.picture.draw(view, heap, mean, sqrt(mean * (1 - self.p)), n=round(tosses))

    def _put_movers(self, done: int, share: float, across: float) -> None:
        """The cut-off shares: up, across, and down onto the next bar's rest."""
        rest, moved = self.parts[done][0], self.parts[done][1][1:]
        up, down = (smooth(float(np.clip(2 * share - start, 0, 1))) for start in (0.0, 1.0))
        start, end = rest[:-1], rest[1:]
        over = np.maximum(start, end) + 0.03 * self.picture.view.top
        bottoms = start + up * (over - start) + down * (end - over)
        self.picture.put(self.movers, Heap(np.arange(done + 1) + across, moved), bottoms)

    def cut(self, done: int) -> None:
        """Whole bars, and over them the shares that are about to move, to be faded in."""
        self.put(done, self.picture.view)
        self._put_movers(done, 0.0, 0.0)

    def slide(self, done: int) -> Step:
        """A step for `drive`: one more toss, in the present view."""
        view = self.picture.view
        return lambda progress: self.put(done + JUST + (1 - 2 * JUST) * progress, view)

    def land(self, tosses: int) -> None:
        """Whole bars again; the shares that moved stay drawn over them, to be faded out."""
        landed = self.movers.points
        self.put(tosses, self.picture.view)
        self.movers.points = landed

    def stack(self, first: int) -> Step:
        """A step for `drive`: all tosses after the `first` ones, faster and faster; the window follows."""

        def step(progress: float) -> None:
            tosses = first + (self.n - first) * progress**1.5
            done = min(int(tosses), self.n - 1)
            self.put(tosses, self.view(done).toward(self.view(done + 1), tosses - done))

        return step
