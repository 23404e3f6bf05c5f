"""The distribution zoo on stage: bars, outlines, readouts and captions against the explainer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product
from math import sqrt

import numpy as np
import pytest

from explainers.probability.distributions import FAMILIES, Distributions, binomial_pmf, normal_pdf
from scenes.pictures.heap import HeapChart, TossStack
from scenes.pictures.ledger import Ledger
from scenes.pictures.plot import Bars, Coordinates
from scenes.pictures.ruler import SPREAD_DEPTH, Spread, View
from scenes.probability.distributions import DistributionsScene
from scenes.probability.distributions_bell import BELL_REACH
from scenes.probability.distributions_captions import Captions
from scenes.stage.language import Language, speaking
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.stage import Stage
from tests.scenes.captions import check_captions

SETTINGS = {
    "default": Distributions(),
    "one rare toss, no arrivals": Distributions(
        n=1, p=0.02, rate=0.5, poisson_steps=(1,), normal_n=10, mu=10, sigma=0.2, duration=10, seed=34,
        families=("normal",),
    ),
    "many likely tosses, crowd of arrivals": Distributions(
        n=60, p=0.98, rate=8, poisson_steps=(9, 20, 50, 120, 400), normal_n=400, mu=-3, sigma=5, duration=200,
        families=("exponential", "poisson"),
    ),
    "fair coin, few arrivals": Distributions(
        n=2, p=0.5, rate=0.5, poisson_steps=(2, 3), normal_n=16, mu=3, duration=10, seed=1,
        families=("binomial", "normal", "bernoulli"),
    ),
}  # fmt: skip
SEEN = 0.004
"""Share of a view's height below which a bar may be left out: thinner than a line."""


@dataclass
class Shown:
    """What is on the heap chart at the end of a beat, in data units."""

    centres: np.ndarray
    heights: np.ndarray
    bracket: np.ndarray
    readouts: dict[str, float]
    bell: np.ndarray | None
    top: float


def bar_boxes(bars: Bars) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centres, bottoms and heights of bars in data units."""
    corners = bars.points.reshape(-1, 16, 3)
    low, high = (np.array([data_point(bars.coordinates, c) for c in f(corners, axis=1)]) for f in (np.min, np.max))
    if not len(low):
        return np.zeros(0), np.zeros(0), np.zeros(0)
    return (low[:, 0] + high[:, 0]) / 2, low[:, 1], (high - low)[:, 1]


def data_point(coordinates: Coordinates, point: np.ndarray) -> tuple[float, float]:
    """The data point that is drawn at a scene point."""
    box, (left, right), (bottom, top) = coordinates.box, coordinates.x_range, coordinates.y_range
    return (
        left + (point[0] - box.left) / box.width * (right - left),
        bottom + (point[1] - box.bottom) / box.height * (top - bottom),
    )


def bracket_of(spread: Spread, coordinates: Coordinates) -> np.ndarray:
    """Low end, dot and high end of mean dot and bracket, in data units."""
    ends = spread.bracket.points[[0, 3]]
    places = np.array([ends[0], spread.dot.points[0], ends[1]])
    np.testing.assert_allclose(places[:, 1], coordinates.box.bottom - SPREAD_DEPTH)
    return np.array([data_point(coordinates, place)[0] for place in places])


Staged = Callable[..., DistributionsScene]


@pytest.fixture(params=SETTINGS.values(), ids=SETTINGS)
def played(request: pytest.FixtureRequest, staged: Staged) -> tuple[DistributionsScene, dict[str, Shown]]:
    """A scene at its end, and what its heap chart showed at the end of each chapter."""
    chapters: dict[str, Shown] = {}

    def note(scene: DistributionsScene, beat) -> None:
        assert all(size == 1 for size in scene.heap.chart.ruler.sizes(scene.heap.view).values()), beat.chapter
        centres, _, heights = bar_boxes(scene.heap.bars)
        bracket = bracket_of(scene.heap.spread, scene.heap.chart.coordinates)
        readouts = {name: number.value for name, number in scene.ledger.numbers.items()}
        bell = None
        if hasattr(scene, "bell"):
            points = scene.bell.curve.points[::4]
            bell = np.array([data_point(scene.heap.chart.coordinates, point) for point in points])
        chapters[beat.chapter] = Shown(centres, heights, bracket, readouts, bell, scene.heap.view.top)

    # Captions are tested below, and take longer to set than all the rest.
    return staged(request.param, Look(captions=CaptionMode.NONE, fps=15), on_beat_end=note), chapters


def assert_bars(shown: Shown, x: np.ndarray, heights: np.ndarray) -> None:
    """The bars shown are these, but for those too low to be seen."""
    seen = heights > SEEN * shown.top
    kept = shown.heights > SEEN * shown.top
    np.testing.assert_allclose(shown.centres[kept], x[seen], atol=1e-6)
    np.testing.assert_allclose(shown.heights[kept], heights[seen], rtol=1e-6)


def assert_spread(shown: Shown, mean: float, deviation: float) -> None:
    """Dot, bracket and readouts agree on mean and deviation."""
    np.testing.assert_allclose(shown.bracket, [mean - deviation, mean, mean + deviation], atol=1e-6)
    assert (shown.readouts["mean"], shown.readouts["sd"]) == pytest.approx((mean, deviation), abs=1e-9)


def assert_bell(shown: Shown, mu: float, sigma: float) -> None:
    """The curve shown is the density of this normal, out to its tails."""
    x, density = shown.bell.T
    np.testing.assert_allclose(density, normal_pdf(x, mu, sigma), atol=1e-6 / sigma)
    assert (x.min(), x.max()) == pytest.approx((mu - BELL_REACH * sigma, mu + BELL_REACH * sigma), abs=0.1 * sigma)


def test_what_is_shown_is_what_is_computed(played) -> None:
    scene, chapters = played
    zoo = scene.explainer
    check_tosses(zoo, chapters)
    check_poisson(scene, chapters)
    check_normal(zoo, chapters)
    check_gaps(scene, chapters)
    check_cards(scene)


def check_tosses(zoo: Distributions, chapters: dict[str, Shown]) -> None:
    one = chapters["Mean and σ"]
    assert_bars(one, np.arange(2), zoo.bernoulli)
    assert_spread(one, zoo.p, sqrt(zoo.p * (1 - zoo.p)))
    assert ("Toss again" in chapters) == (zoo.n > 1)
    if zoo.n > 1:
        assert_bars(chapters["Toss again"], np.arange(3), zoo.binomial_stages[1])
        two = zoo.binomial_stages[1] @ np.arange(3)
        assert_spread(chapters["Toss again"], two, sqrt(2 * zoo.p * (1 - zoo.p)))
    stacked = chapters["Binomial"]
    assert_bars(stacked, np.arange(zoo.n + 1), zoo.binomial)
    assert_spread(stacked, zoo.binomial_mean, zoo.binomial_sd)
    assert stacked.readouts["n"] == zoo.n
    wandered = chapters["n grows, p stays"]
    assert_bars(wandered, zoo.raw_bars.x, zoo.raw_bars.heights)
    assert_spread(wandered, zoo.normal_n * zoo.p, zoo.normal_n_sd)


def check_poisson(scene: DistributionsScene, chapters: dict[str, Shown]) -> None:
    zoo = scene.explainer
    for chapter, step in (("Poisson outline", zoo.poisson_limit[0]), ("Poisson limit", zoo.poisson_limit[-1])):
        if chapter == "Poisson limit" and not zoo.has_poisson_journey:
            assert chapter not in chapters
            continue
        shown = chapters[chapter]
        assert_bars(shown, step.bars.x, step.bars.heights)
        assert_spread(shown, zoo.rate, sqrt(zoo.rate * (1 - step.p)))
        numbers = [shown.readouts[name] for name in ("n", "p", "gap", "bound")]
        assert numbers == pytest.approx([step.n, step.p, step.gap, step.bound], rel=1e-6)
    last = zoo.poisson_limit[-1]
    _, bottoms, slivers = bar_boxes(scene.slivers)
    excess = last.bars.heights - zoo.poisson
    assert slivers.sum() == pytest.approx(last.gap, abs=SEEN * len(excess))
    for bottom in bottoms:
        assert np.isclose(zoo.poisson, bottom, rtol=1e-6).any()


def check_normal(zoo: Distributions, chapters: dict[str, Shown]) -> None:
    centred, divided = chapters["Subtract the mean"], chapters["Divide by σ"]
    assert_bars(centred, zoo.centred_bars.x, zoo.centred_bars.heights)
    assert_spread(centred, 0, zoo.normal_n_sd)
    assert_bars(divided, zoo.standardised_bars.x, zoo.standardised_bars.heights)
    assert_spread(divided, 0, 1)
    assert divided.readouts["gap"] == pytest.approx(zoo.normal_gap)
    assert_bell(divided, 0, 1)
    assert ("Any normal" in chapters) == (not zoo.is_standard_normal)
    if "Any normal" in chapters:
        assert_bars(chapters["Any normal"], zoo.landed_bars.x, zoo.landed_bars.heights)
        assert_spread(chapters["Any normal"], zoo.mu, zoo.sigma)
        assert_bell(chapters["Any normal"], zoo.mu, zoo.sigma)


def check_gaps(scene: DistributionsScene, chapters: dict[str, Shown]) -> None:
    zoo = scene.explainer
    centres, _, heights = bar_boxes(scene.pile.bars)
    bars = zoo.gap_histogram
    np.testing.assert_allclose(centres, bars.x[bars.heights > 0], atol=1e-9)
    np.testing.assert_allclose(heights, bars.heights[bars.heights > 0])
    assert len(scene.pile.blocks.points) == 0
    readouts = chapters["Exponential"].readouts
    assert readouts["count"] == len(zoo.arrivals)
    assert readouts.get("gap") == (pytest.approx(zoo.mean_gap) if len(zoo.gaps) else None)
    ends = bracket_of(scene.gap_spread, scene.gap_chart.coordinates)
    np.testing.assert_allclose(ends, [0, 1 / zoo.rate, 2 / zoo.rate], atol=1e-6)
    start = data_point(scene.gap_chart.coordinates, scene.curve.points[0])
    assert start == pytest.approx((0, zoo.rate))


def check_cards(scene: DistributionsScene) -> None:
    assert len(scene.panels) == len(scene.explainer.families)
    for panel, card in zip(scene.panels, scene.explainer.cards, strict=True):
        low, high = card.bracket
        np.testing.assert_allclose(bracket_of(panel.spread, panel.coordinates), [low, card.mean, high], atol=1e-6)


@pytest.mark.parametrize(
    ("changes", "chapter", "words"),
    [
        ({}, "Poisson limit", "n·p stays λ: the bars freeze onto the Poisson"),
        ({"poisson_steps": (10, 30)}, "Poisson limit", "come close to the Poisson"),
        ({"poisson_steps": (4, 5)}, "Poisson limit", "still differ from the Poisson"),
        ({}, "Divide by σ", "land under the bell"),
        ({"p": 0.02}, "Divide by σ", "stay lopsided"),
        ({"p": 0.5, "normal_n": 10}, "Divide by σ", "few, coarse bars"),
        ({"p": 0.02, "normal_n": 10}, "Subtract the mean", "too narrow"),
        ({"p": 0.1, "normal_n": 11}, "Subtract the mean", "about as wide"),
        ({"n": 1}, "Binomial", "One toss is all"),
        ({"mu": 2.0}, "Any normal", "Moved by 2, they"),
        ({"mu": -1.5, "sigma": 2.0}, "Any normal", "Scaled by 2 and moved by −1.5"),
        ({"rate": 0.5, "duration": 10.0, "seed": 34}, "Arrivals", "none came"),
        ({"rate": 0.5, "duration": 10.0, "seed": 34}, "Exponential", "Gaps would follow"),
        ({"rate": 0.5, "duration": 40.0}, "Gaps", "too few for a smooth shape"),
        ({}, "The zoo", "repeated and rescaled, leads to these five laws"),
        ({"families": ("poisson",)}, "The zoo", "leads to this law"),
        ({"families": ("binomial", "bernoulli")}, "The zoo", "toss, repeated, leads to these two laws"),
        ({"families": ("bernoulli",)}, "The zoo", "One toss gives this law"),
    ],
)  # fmt: skip
def test_captions_name_the_regime(changes: dict[str, object], chapter: str, words: str) -> None:
    captions = Captions(Distributions(**changes))
    said = {
        "Poisson limit": captions.poisson_limit,
        "Divide by σ": captions.divide,
        "Subtract the mean": captions.centre,
        "Binomial": captions.binomial,
        "Any normal": captions.any_normal if not captions.zoo.is_standard_normal else "",
        "Arrivals": captions.arrivals,
        "Exponential": captions.exponential,
        "Gaps": captions.gaps,
        "The zoo": captions.closing,
    }
    assert words in said[chapter]
    assert all(len(caption.split()) <= 14 for caption in said.values())


@pytest.mark.parametrize("spoken", Language)
def test_captions_are_short_in_every_language(spoken: Language) -> None:
    rescaled = ({"p": p, "normal_n": n, "n": m} for p, n, m in product((0.02, 0.1, 0.5), (10, 11, 400), (1, 60)))
    moved = ({"mu": mu, "sigma": sigma} for mu, sigma in product((0, -3.14159), (0.2, 1, 1.41421)))
    arriving = ({"rate": 0.5, "duration": length, "seed": 34} for length in (10, 40, 200))
    limits = ({"rate": 2.71828, "poisson_steps": steps} for steps in ((3, 4), (10, 30), (10, 400)))
    closing = ({"families": some} for count in (1, 2, 5) for some in combinations(FAMILIES, count))
    names = [name for name, value in vars(Captions).items() if isinstance(value, property)]
    with speaking(spoken, "distributions"):
        for changes in (*rescaled, *moved, *arriving, *limits, *closing):
            zoo = Distributions(**changes)
            told = set(names) - ({"any_normal"} if zoo.is_standard_normal else set())
            check_captions((getattr(Captions(zoo), name) for name in told), spoken)


@pytest.mark.parametrize("tosses", [0.3, 1.5, 4.9, 9.0])
def test_probability_is_conserved_while_it_moves(tosses: float) -> None:
    stack = toss_stack(Distributions())
    stack.put(tosses, View(-0.6, 10.6, 1.2))
    heights = [bar_boxes(bars)[2].sum() for bars in (stack.picture.bars, stack.movers)]
    assert sum(heights) == pytest.approx(1, abs=0.01)
    if tosses % 1:
        assert heights[1] == pytest.approx(0.3, abs=0.01)


def test_cut_off_shares_land_on_the_bars_next_to_theirs() -> None:
    stack = toss_stack(Distributions())
    stack.put(1 + 1 - 1e-6, View(-0.6, 3.6, 1.2))
    centres, bottoms, heights = bar_boxes(stack.movers)
    np.testing.assert_allclose(centres, [1, 2], atol=1e-3)
    np.testing.assert_allclose(bottoms + heights, binomial_pmf(2, 0.3, [1, 2]), atol=1e-3)


def toss_stack(zoo: Distributions) -> TossStack:
    """Tosses on a chart of their own."""
    stage = Stage(Look())
    picture = HeapChart(stage, stage.zones.main, stage.zones.side, TossStack.FIRST_VIEW, "", slots=3)
    for slot, name in enumerate(("n", "mean", "sd")):
        picture.ledger.row(name, slot, name, value=0.0)
    return TossStack(picture, zoo)


def test_a_zoom_keeps_its_ends_and_its_pace() -> None:
    first, last = View(0, 80, 1.0), View(-5, 5, 0.25)
    assert [first.toward(last, t) for t in (0.0, 1.0)] == [first, last]
    spans = [first.toward(last, t).span for t in (0.0, 1 / 3, 2 / 3, 1.0)]
    np.testing.assert_allclose(np.divide(spans[1:], spans[:-1]), 0.5)
    slide = View(0, 10, 1.0).toward(View(4, 14, 1.0), 0.5)
    assert (slide.low, slide.high) == pytest.approx((2, 12))


@pytest.mark.parametrize("aspect", [Aspect.WIDE, Aspect.SQUARE, Aspect.TALL])
def test_names_and_numbers_stay_apart_in_a_ledger(aspect: Aspect) -> None:
    stage = Stage(Look(aspect=aspect))
    zone = stage.zones.body.columns(0.56, 0.44)[1]
    ledger = Ledger(stage, zone, slots=4)
    rows = (
        ledger.row("p", 0, "success $p$", "$p$", value=0.3, decimals=3),
        ledger.row("gap", 1, "mean gap", "mean", value=0.321, decimals=3),
        ledger.row("mean", 3, "mean", value=30.0, icon="dot"),
    )
    for row in rows:
        label, number = row[0], row[1]
        assert label.get_right()[0] < number.get_left()[0]
        assert zone.left - 1e-6 <= row.get_left()[0]
        assert number.get_right()[0] <= zone.right + 1e-6
