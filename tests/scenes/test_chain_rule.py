"""What `chain-rule` shows is what its explainer computes; its words hold for every setting."""

from __future__ import annotations

from itertools import product
from math import sqrt

import numpy as np
import pytest

from explainers.calculus.chain_rule import INNER, OUTER, ChainRule
from scenes.calculus import chain_rule_captions as words
from scenes.calculus.chain_rule import ChainRuleScene
from scenes.calculus.chain_rule_belts import AIR, belt_loop, gap_wanted, radii, spread
from scenes.calculus.chain_rule_strips import Strips
from scenes.stage.language import Language, speaking
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import Beat
from scenes.stage.stage import Stage
from tests.scenes.captions import check_captions

SETTINGS = {
    "default": {},
    "flips": {"inner": "reciprocal", "outer": "ln", "x": 0.5, "start": -4.0},
    "steep": {"inner": "exp", "outer": "cos", "x": 2.0, "depth": 2},
    "still": {"x": sqrt(np.pi / 2), "depth": 30, "start": 4.0},
}


def signed_width(bar) -> float:
    """Scene units from where a bar begins to where it ends."""
    return float(bar.points[3, 0] - bar.points[0, 0]) if len(bar.points) else 0.0


class Observer:
    """Bars of the nudge, and the numbers beside them, at the end of each beat."""

    def __init__(self) -> None:
        self.bars: dict[str, list[float]] = {}
        self.slopes: dict[str, list[float]] = {}
        self.row: dict[str, np.ndarray] = {}

    def __call__(self, scene: ChainRuleScene, beat: Beat) -> None:
        self.bars[beat.chapter] = [signed_width(bar) for bar in scene.tapes.bars]
        self.slopes[beat.chapter] = [text.number.value for text in scene.texts]
        if hasattr(scene, "product"):
            self.row[beat.chapter] = scene.product.dots.points[::4].copy()


@pytest.mark.parametrize("values", SETTINGS.values(), ids=SETTINGS)
def test_the_picture_shows_what_is_computed(staged, values: dict) -> None:
    rule, seen = ChainRule(**values), Observer()
    scene = staged(rule, Look(captions=CaptionMode.NONE, fps=15), on_beat_end=seen)
    assert seen.slopes["Threads"] == pytest.approx(rule.ratios(0.4))
    slopes = [*rule.links, rule.dydx]
    assert seen.slopes["Zoom in"] == pytest.approx(slopes)
    for chapter in ("First link", "Second link", "In one picture"):
        dx, du, dy = seen.bars[chapter]
        assert dx > 0
        # The close-up is so close that the bars have the ratios of the slopes.
        assert [du / dx, dy / dx] == pytest.approx([slopes[0], slopes[2]], abs=2e-3)
    assert [counter[1].value for counter in scene.wheels.counters] == pytest.approx([1.0, slopes[0], slopes[2]])
    first, second, total = (row[1].value for row in scene.strips.sum[:3])
    assert (first, second) == pytest.approx(rule.product_terms)
    assert total == pytest.approx(first + second)
    assert 60 <= scene.beats[-1].end <= 120
    assert all(6 <= beat.end - beat.start <= 20 for beat in scene.beats)
    check_row(scene, seen, rule)


def check_row(scene: ChainRuleScene, seen: Observer, rule: ChainRule) -> None:
    """The dots of the row are the products, on both scales."""
    box = scene.product.plot.box
    shares = {chapter: (dots[:, 1] - box.bottom) / box.height for chapter, dots in seen.row.items()}
    np.testing.assert_allclose(shares[f"{rule.depth} sigmoids"], rule.row_products, atol=1e-9)
    shown = scene.product.lowest * (1 - shares["Log scale"])
    np.testing.assert_allclose(shown, np.log10(rule.row_products), atol=1e-9)
    marked = scene.slopes.dots.points[::4]
    expected = scene.slopes.plot.points_at(rule.row_inputs, rule.row_slopes)
    np.testing.assert_allclose(marked, expected, atol=1e-9)


def test_wheels_turn_by_the_links(staged) -> None:
    wheels = staged(ChainRule(inner="reciprocal", outer="cos", x=0.8), Look(captions=CaptionMode.NONE, fps=15)).wheels
    wheels.turn(0.25)
    for disc, axle in zip(wheels.discs, wheels.axle_of, strict=True):
        angle = 2 * np.pi * 0.25 * wheels.rates[axle]
        hand = disc.hand.points[-1] - disc.middle
        np.testing.assert_allclose(hand[:2], disc.radius * np.array([np.cos(angle), np.sin(angle)]), atol=1e-9)


def test_a_crossed_belt_crosses_itself_off_the_rims_where_there_is_room() -> None:
    """Seen from either axle it does so beyond the larger wheel; wheels leave each other air, and fill the zone."""
    reaches, pair = np.array([1.0, 0.385, 1.0]), (0.119, 1.0)
    wanted = np.array(
        [gap_wanted(reaches[:2], (1.0, 0.385), crossed=False), gap_wanted(reaches[1:], pair, crossed=True)]
    )
    assert wanted[0] == AIR
    largest, gaps = spread(reaches, wanted, 12.5, 4.0)
    distance = gaps[1] + largest * reaches[1:].sum()
    assert distance * pair[0] / sum(pair) > 1.1 * reaches[1] * largest
    assert distance * pair[1] / sum(pair) > 1.1 * reaches[2] * largest
    for length, depth in ((12.5, 4.0), (6.0, 9.0), (3.0, 1.0)):
        largest, gaps = spread(reaches, wanted, length, depth)
        assert gaps.sum() + 2 * largest * reaches.sum() == pytest.approx(length)
        assert gaps.min() >= AIR * largest - 1e-9 and largest <= depth / 2
    # Open belts stand in equal gaps.
    assert np.ptp(spread(reaches, np.full(2, AIR), 12.5, 4.0)[1]) == pytest.approx(0)


@pytest.mark.parametrize("crossed", [False, True])
def test_a_belt_lies_on_its_wheels(crossed: bool) -> None:
    first, second = np.zeros(3), np.array([5.0, 1.0, 0.0])
    loop = belt_loop(first, second, 1.5, 0.4, crossed=crossed)
    np.testing.assert_allclose(loop[0], loop[-1])
    distances = np.stack([np.linalg.norm(loop - center, axis=1) for center in (first, second)])
    assert (np.isclose(distances[0], 1.5) | np.isclose(distances[1], 0.4)).all()
    # Straight parts touch both wheels: they are square to the radius where they leave.
    steps = np.diff(loop, axis=0)
    longest = np.argsort(np.linalg.norm(steps, axis=1))[-2:]
    for step in longest:
        center, radius = (first, 1.5) if np.isclose(distances[0, step], 1.5) else (second, 0.4)
        assert steps[step] @ (loop[step] - center) / radius == pytest.approx(0, abs=1e-9)


def test_the_first_link_stops_at_u(staged) -> None:
    shown = {}

    def observe(scene: ChainRuleScene, beat: Beat) -> None:
        shown[beat.chapter] = scene.tapes.path[1].get_stroke_opacity(), scene.tapes.dots[2].get_fill_opacity()

    staged(ChainRule(), Look(captions=CaptionMode.NONE, fps=15), on_beat_end=observe)
    assert shown["First link"] == (0, 0)
    assert shown["Zoom in"] == shown["Second link"] == shown["In one picture"] == (1, 1)


@pytest.mark.parametrize("aspect", Aspect)
@pytest.mark.parametrize("values", SETTINGS.values(), ids=SETTINGS)
def test_sides_of_the_rectangle_compare(aspect: Aspect, values: dict) -> None:
    rule, stage = ChainRule(**values), Stage(Look(aspect=aspect))
    strips = Strips(stage, stage.zones.body, rule)
    assert strips.rectangle.width / strips.rectangle.height == pytest.approx(rule.x / rule.u)
    # Only a growing u leaves a corner, and only a corner has a name.
    assert len(strips.names) == (3 if strips.du > 0 else 2)


@pytest.mark.parametrize("slope", [0.0, 0.2, 1.0, -0.5, 7.0, -3.0])
def test_radii_have_the_slope_as_quotient(slope: float) -> None:
    driving, driven = radii(slope)
    assert driving / driven == pytest.approx(abs(slope))
    assert max(driving, driven) == 1


@pytest.mark.parametrize("aspect", Aspect)
def test_everything_on_a_tape_stays_on_it(staged, aspect: Aspect) -> None:
    scene = staged(ChainRule(inner="exp", outer="tanh", x=2.0), Look(aspect=aspect, captions=CaptionMode.NONE, fps=15))
    for bar, label, rim in zip(scene.tapes.bars, scene.labels, scene.tapes.rims, strict=True):
        for part in (bar, label):
            assert part.get_left()[0] >= rim.left - 1e-6
            assert part.get_right()[0] <= rim.right + 1e-6
    for name, rim in zip(scene.tapes.names, scene.tapes.rims, strict=True):
        assert name.get_left()[0] >= scene.stage.zones.safe.left - 1e-6
        assert name.get_right()[0] < rim.left


@pytest.mark.parametrize("spoken", Language)
def test_captions_are_short_for_every_setting(spoken: Language) -> None:
    tell = (words.chain, words.first_link, words.second_link, words.wheels, words.strips, words.fading, words.vanished)
    places = (0.5, 0.77, 1.0, sqrt(np.pi / 2), 1.3, 2.0)
    with speaking(spoken, "chain-rule"):
        for inner, outer, x, depth in product(INNER, OUTER, places, (2, 5, 30)):
            for start in (-4.0, 0.5):
                rule = ChainRule(inner=inner, outer=outer, x=x, depth=depth, start=start)
                check_captions((caption(rule) for caption in tell), spoken)
    for caption in (words.NEIGHBOURS, words.ZOOM, words.SIGMOID, words.SUMMARY):
        assert len(caption.split()) <= 14


def test_the_sine_is_called_as_the_language_has_it() -> None:
    with speaking(Language.SPANISH, "chain-rule"):
        assert words.chain(ChainRule()).endswith("sen u.")
        assert words.outer_math(ChainRule()) == 'op("sen") u'


def test_captions_say_what_happens() -> None:
    assert "arrives stretched to 2.6 dx" in words.first_link(ChainRule())
    assert "flipped and stretched to −4 dx" in words.first_link(ChainRule(inner="reciprocal", x=0.5))
    assert "kept at 1 dx" in words.first_link(ChainRule(x=0.5))
    assert "hardly moves" in words.second_link(ChainRule(x=sqrt(np.pi / 2)))
    assert "Crossed" not in words.wheels(ChainRule(outer="tanh"))
    assert "cancel" in words.strips(ChainRule(inner="reciprocal"))
    assert "after 4 links, 0.27% is left" in words.fading(ChainRule())
    assert "5.3%" in words.fading(ChainRule(depth=2))
    assert words.vanished(ChainRule()).endswith("20 slopes make 1.1×10⁻¹³; 20 factors of 1/4, 9.1×10⁻¹³.")


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.6, "2.6"), (-0.11892, "−0.119"), (0.0004, "0"), (-4.0, "−4"), (7.389, "7.39"), (0.25, "0.25"), (10.0, "10")],
)
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert words.figure(value) == text
