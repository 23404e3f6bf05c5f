"""The staging of the central limit theorem: what is on screen is what the explainer computes."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.probability.central_limit_theorem import CentralLimitTheorem, Die
from explainers.probability.distributions import Bars as Heap
from explainers.probability.distributions import normal_cdf, normal_pdf
from scenes.pictures.plot import Bars, Coordinates
from scenes.probability.central_limit_theorem_captions import Captions
from scenes.probability.central_limit_theorem_sums import SumChart
from scenes.stage.language import languages_of, speaking
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import SHORTEST_BEAT, Beat, ExplainerScene, reading_time
from scenes.stage.stage import Stage
from tests.scenes.captions import check_captions

SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "hardly varies, few pieces": {"weights": (95, 5), "counts": (2, 3)},
    "two far ends, no Cauchy": {"weights": (1, 0, 0, 0, 0, 0, 0, 1), "counts": (4, 16, 64), "heavy_tail": False},
    "fair, many counts": {"weights": (1,) * 8, "counts": (2, 3, 4, 5, 6, 64)},
}
"""What counts as a word in a caption: a sign alone does not."""


def shown(bars: Bars, coordinates: Coordinates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Left ends, right ends and heights of drawn bars, in data units."""
    corners = bars.points.reshape(-1, 16, 3)
    across = (corners[..., 0] - coordinates.box.left) / coordinates.x_unit + coordinates.x_range[0]
    up = np.ptp(corners[..., 1], axis=1) / coordinates.box.height * np.diff(coordinates.y_range)
    return across.min(axis=1), across.max(axis=1), up


def assert_shows(bars: Bars, coordinates: Coordinates, heap: Heap) -> None:
    """Bars stand where the heap has them and are as high; what is missing is lower than a pixel, or outside."""
    left, right, heights = shown(bars, coordinates)
    middles = (left + right) / 2
    low, high = coordinates.x_range
    whole = (left > low + 1e-6) & (right < high - 1e-6)
    for x, height in zip(middles[whole], heights[whole], strict=True):
        nearest = np.argmin(np.abs(heap.x - x))
        assert heap.x[nearest] == pytest.approx(x, abs=1e-6)
        assert heap.heights[nearest] == pytest.approx(height, abs=1e-9)
    inside = (heap.x - heap.width / 2 > low) & (heap.x + heap.width / 2 < high)
    tall = heap.heights > 2e-3 * coordinates.y_range[1]
    assert np.count_nonzero(whole) >= np.count_nonzero(inside & tall) > 0


class Watch:
    """Notes at the end of each beat what the scene shows."""

    def __init__(self, clt: CentralLimitTheorem) -> None:
        self.clt, self.die, self.seen = clt, clt.die, []

    def __call__(self, scene: ExplainerScene, beat: Beat) -> None:
        self.seen.append(beat.chapter)
        assert len(beat.caption.split()) <= 14, beat.caption
        seconds = scene.time - beat.start
        assert max(SHORTEST_BEAT, reading_time(beat.caption)) - 1e-6 <= seconds <= 20
        name = "at_" + beat.chapter.lower().replace(" ", "_")
        getattr(self, name)(scene)

    def ledger(self, scene: Any) -> dict[str, float]:
        return {name: number.value for name, number in scene.ledger.numbers.items()}

    def at_one_roll(self, scene: Any) -> None:
        assert_shows(scene.sums.bars, scene.chart.coordinates, Heap(self.die.faces.astype(float), self.die.pmf))
        assert self.ledger(scene) == pytest.approx({"n": 1, "mean": self.die.mean, "sd": self.die.sd})
        chances = [f"{p:.2f}" if p else "0" for p in self.die.pmf if p == 0 or p >= 0.005]
        assert [label.content for label in scene.labels] == chances

    def at_two_rolls(self, scene: Any) -> None:
        heap = self.die.sum_bars(2)
        assert_shows(scene.sums.bars, scene.chart.coordinates, Heap(heap.x, heap.heights))
        assert self.ledger(scene) == pytest.approx({"n": 2, "mean": 2 * self.die.mean, "sd": self.die.sum_sd(2)})

    def at_keep_adding(self, scene: Any) -> None:
        n = self.clt.largest
        assert_shows(scene.sums.bars, scene.chart.coordinates, self.die.rescaled(n, 0.0, 1.0))
        assert self.ledger(scene) == pytest.approx({"n": n, "mean": n * self.die.mean, "sd": self.die.sum_sd(n)})

    def at_one_bell(self, scene: Any) -> None:
        coordinates = scene.chart.coordinates
        assert_shows(scene.sums.bars, coordinates, self.die.standardised(self.clt.largest))
        assert self.ledger(scene) == pytest.approx({"n": self.clt.largest, "mean": 0, "sd": 1}, abs=1e-9)
        x = np.linspace(-scene.sums.reach, scene.sums.reach, 169)
        expected = coordinates.points_at(x, normal_pdf(x))
        np.testing.assert_allclose(scene.sums.bell.points[::4], expected[:-1], atol=1e-9)
        assert set(scene.sums.outlines) | {self.clt.largest} == set(self.clt.companions)

    def at_the_gap(self, scene: Any) -> None:
        n, coordinates = self.clt.largest, scene.chart.coordinates
        z, steps, bell = self.die.widest_gap(n)
        line = scene.gap_line.points
        np.testing.assert_allclose(line[[0, -1]], [coordinates.at(z, steps), coordinates.at(z, bell)], atol=1e-9)
        assert self.ledger(scene) == pytest.approx({"n": n, "gap": self.die.gap(n)})
        tip = scene.gap_arrow.get_center()
        assert line[:, 1].min() - 1e-9 <= tip[1] <= line[:, 1].max() + 1e-9
        assert 0 < abs(tip[0] - line[0, 0]) < 1
        assert len(scene.gap_dots) == len(self.clt.journey)
        left, _, heights = shown(scene.sums.bars, coordinates)
        heap = self.die.standardised(n)
        totals = [heap.heights[heap.x <= x + 1e-6].sum() * heap.width for x in left]
        np.testing.assert_allclose(heights, totals, atol=1e-9)
        x = np.linspace(-scene.sums.reach, scene.sums.reach, 169)
        expected = coordinates.points_at(x, normal_cdf(x))
        np.testing.assert_allclose(scene.sums.bell.points[::4], expected[:-1], atol=1e-9)

    def at_skewness(self, scene: Any) -> None:
        assert_shows(scene.sums.bars, scene.chart.coordinates, self.die.standardised(16))
        expected = {"n": 16, "skewness": self.die.sum_skewness(16)}
        assert self.ledger(scene) == pytest.approx(expected, abs=1e-12)

    def at_a_heavy_tail(self, scene: Any) -> None:
        assert [readout.number.shown for readout in scene.duel.readouts] == ["2.00", "4.00"]
        assert scene.count.number.shown == "4"
        assert_shows(scene.duel.bars, scene.duel.charts[0].coordinates, self.die.rescaled(4, 1.0, self.die.sd))

    def at_means(self, scene: Any) -> None:
        n = self.clt.largest
        values = [readout.number.value for readout in scene.duel.readouts]
        assert values == pytest.approx([1 / sqrt(n), 1.0])
        assert scene.count.number.shown == str(n)
        heap = self.die.rescaled(n, 1.0, n * self.die.sd)
        assert_shows(scene.duel.bars, scene.duel.charts[0].coordinates, heap)
        np.testing.assert_allclose(scene.duel.curve.points, scene.duel.ghost.points, atol=1e-9)

    def at_whatever_the_shape(self, scene: Any) -> None:
        assert list(scene.card.dice) == ["this die", *self.clt.rivals]
        assert len(scene.card.sums) == len(scene.card.dice) + self.clt.heavy_tail
        for die, one, many in zip(scene.card.dice.values(), scene.card.pieces, scene.card.sums, strict=False):
            assert_shows(one.bars, one.bars.coordinates, die.standardised(1))
            assert_shows(many.bars, many.bars.coordinates, die.standardised(self.clt.largest))
        if self.clt.heavy_tail:
            # A bell as high as the Cauchy, which stands above it in both tails.
            panel = scene.card.sums[-1]
            cauchy, bell = panel.edge.points[:, 1], panel.bell.points[:, 1]
            assert bell.max() == pytest.approx(cauchy.max())
            assert (cauchy[[0, -1]] > bell[[0, -1]] + 0.02 * np.ptp(cauchy)).all()


@pytest.mark.parametrize("values", SETTINGS.values(), ids=SETTINGS)
def test_what_is_shown_is_what_is_computed(staged, values: dict[str, Any]) -> None:
    clt = CentralLimitTheorem.configured(values)
    watch = Watch(clt)
    scene = staged(clt, on_beat_end=watch)
    acts = ["One roll", "Two rolls", "Keep adding", "One bell", "The gap", "Skewness"]
    cauchy = ["A heavy tail", "Means"] if clt.heavy_tail else []
    assert watch.seen == [*acts, *cauchy, "Whatever the shape"]
    assert 60 <= scene.beats[-1].end <= 120


def make_chart(die: Die) -> SumChart:
    stage = Stage(Look(aspect=Aspect.CLASSIC, captions=CaptionMode.NONE))
    return SumChart(stage, stage.zones.main, stage.zones.side, die, (2, 4, 8))


@pytest.mark.parametrize("values", [(12, 2, 0, 1, 1, 4), (0, 1, 0, 3), (1, 2)])
def test_fanning_out_keeps_the_area(values: tuple[float, ...]) -> None:
    die = Die(values)
    sums = make_chart(die)
    sums.show_piece(sums.pair_view)
    for face in [int(face) for face in die.faces[::-1] if die.pmf[face - 1] > 0]:
        step = sums.fan_out(face)
        for t in (0.0, 0.4, 1.0):
            step(t)
            area = sum(shown(bars, sums.chart.coordinates)[2].sum() for bars in (sums.bars, sums.movers))
            assert area == pytest.approx(1, abs=0.02)
        sums.land(face)
    two = die.sum_bars(2)
    assert_shows(sums.bars, sums.chart.coordinates, Heap(two.x, two.heights))


def test_windows_meet_where_one_step_ends_and_the_next_begins() -> None:
    sums = make_chart(Die((1, 0, 0, 1)))
    sums.show_piece(sums.pair_view)
    sums.widen(1.0)
    for first, last in ((2, 7), (7, 32), (32, 64)):
        before = sums.view
        step = sums.adding(first, last)
        step(0.0)
        assert (sums.view.low, sums.view.high, sums.view.top) == pytest.approx((before.low, before.high, before.top))
        step(1.0)


entries = st.one_of(st.just(0.0), st.integers(1, 9).map(float), st.floats(0.01, 100))


@settings(max_examples=50, deadline=None)
@given(
    weights=st.lists(entries, min_size=2, max_size=8).filter(lambda v: 0 < max(v) <= 0.949 * sum(v)),
    counts=st.sets(st.integers(2, 64), min_size=2, max_size=6),
    heavy_tail=st.booleans(),
)
def test_captions_of_any_setting_are_short(weights: list[float], counts: set[int], heavy_tail: bool) -> None:
    clt = CentralLimitTheorem(weights=tuple(weights), counts=tuple(sorted(counts)), heavy_tail=heavy_tail)
    captions = Captions(clt)
    names = [name for name, value in vars(Captions).items() if isinstance(value, property)]
    assert len(names) == 9
    for spoken in languages_of(clt.slug):
        with speaking(spoken, clt.slug):
            texts = [getattr(captions, name) for name in names]
        check_captions(texts, spoken)
        for text in texts:
            assert "-" not in text, text
    gaps = clt.gaps
    assert ("falls" in captions.gap) == (gaps[clt.largest] < gaps[1])
