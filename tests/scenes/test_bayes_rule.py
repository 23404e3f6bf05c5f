"""What `bayes-rule` shows is what its explainer computes; its words hold for every setting."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from pydantic import ValidationError

from explainers.probability.bayes_rule import PEOPLE, BayesRule
from scenes.pictures.crowd import Crowd, ranks
from scenes.pictures.unit_square import HeightMark, UnitSquare
from scenes.probability import bayes_rule_captions as words
from scenes.probability.bayes_rule import BayesRuleScene, arrange
from scenes.probability.bayes_rule_panels import CLEARED, FALSE, MISSED, TRUE, population
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import Beat
from scenes.stage.stage import Stage
from scenes.stage.text import Size, escape
from scenes.stage.zones import Zone

SETTINGS = {
    "default": {},
    "certain": {"prior": 0.0, "tests": 1},
    "proof": {"prior": 0.25, "false_positive_rate": 0.0, "sensitivity": 0.7, "tests": 4},
    "against": {"prior": 0.999, "sensitivity": 0.001, "false_positive_rate": 1.0, "tests": 4},
}


def area(mobject) -> float:
    """Area of a rectangle on stage."""
    if not len(mobject.points):
        return 0.0
    return float(np.prod(np.ptp(mobject.points[:, :2], axis=0)))


class Observer:
    """The areas lit at the end of each beat, as shares of the square, and the numbers in the table."""

    def __init__(self) -> None:
        self.lit: dict[str, np.ndarray] = {}
        self.table: dict[str, list[str]] = {}

    def __call__(self, scene: BayesRuleScene, beat: Beat) -> None:
        square = scene.square
        self.lit[beat.chapter] = np.array([area(part) for part in square.parts]) / square.box.width**2
        self.table[beat.chapter] = [number.shown for number in scene.table.numbers]


def places(scene: BayesRuleScene) -> dict[int, int]:
    """How many people of each kind are still in the crowd."""
    return {kind: int(np.count_nonzero(scene.crowd.kinds == kind)) for kind in range(4)}


@pytest.mark.parametrize("values", SETTINGS.values(), ids=SETTINGS)
def test_the_picture_shows_what_is_computed(staged, values: dict) -> None:
    bayes, seen = BayesRule(**values), Observer()
    # Captions are tested below; setting them in type is most of the work of a rehearsal.
    scene = staged(bayes, Look(captions=CaptionMode.NONE, fps=15), on_beat_end=seen)
    first, heads = bayes.update(1), bayes.heads
    kept = [first.sick, first.healthy]
    np.testing.assert_allclose(seen.lit["The test"], kept, atol=1e-6)
    np.testing.assert_allclose(seen.lit["Areas stay"], kept, atol=1e-6)
    np.testing.assert_allclose(seen.lit["The posterior"], [first.after, 1 - first.after], atol=1e-6)
    for test in range(2, bayes.tests + 1):
        posterior = bayes.posteriors[test]
        np.testing.assert_allclose(seen.lit[f"Test {test}"], [posterior, 1 - posterior], atol=1e-6)
    assert [float(text) for text in seen.table["A positive test"]] == pytest.approx(scene.areas, abs=5e-5)
    counted = [str(count) for count in (heads.true_positives, heads.false_positives, heads.positives)]
    assert seen.table["10 000 people"] == counted
    assert places(scene) == {TRUE: heads.true_positives, FALSE: heads.false_positives, MISSED: 0, CLEARED: 0}
    for strip, posterior in zip(scene.ladder.strips, bayes.posteriors, strict=True):
        assert strip.split == pytest.approx(posterior, abs=1e-9)
    assert 60 <= scene.beats[-1].end <= 120
    assert all(6 <= beat.end - beat.start <= 20 for beat in scene.beats)
    before, evidence, after = scene.triptych.squares
    assert (before.split, before.heights) == (pytest.approx(bayes.prior), (0.0, 0.0))
    assert evidence.heights == pytest.approx((bayes.sensitivity, bayes.false_positive_rate))
    assert after.split == pytest.approx(first.after)
    assert after.heights == pytest.approx((1.0, 1.0))


def test_captions_are_short_for_every_setting() -> None:
    seen = set()
    rates = (0, 0.001, 0.09, 0.5, 0.51, 0.95123, 1)
    for prior, sensitivity, false_rate in product((0, 0.001, 0.01234, 0.5, 0.999, 1), rates, rates):
        try:
            bayes = BayesRule(prior=prior, sensitivity=sensitivity, false_positive_rate=false_rate, tests=4)
        except ValidationError:
            continue
        seen.add(bayes.regime)
        told = [words.prior, words.test, words.positive, words.poured, words.stretched]
        told += [words.people, words.closed_ranks, words.odds]
        captions = [tell(bayes) for tell in told] + [words.again(bayes, test) for test in (2, 3, 4)]
        for caption in captions:
            assert len(caption.split()) <= 14, caption
            assert caption.endswith("."), caption
            assert "nan" not in caption and "inf" not in caption, caption
    assert seen == {"certain", "proof", "disproof", "silent", "faint", "for", "against"}


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.01, "1%"),
        (0.0917431, "9.2%"),
        (0.5025126, "50.3%"),
        (0.999, "99.9%"),
        (0.9901, "99.01%"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.999999, "over 99.99%"),
        (1e-7, "under 0.01%"),
    ],
)
def test_only_certainty_is_0_or_100_percent(probability: float, text: str) -> None:
    assert words.share(probability) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.1, "0.1"),
        (1 / 3, "0.333"),
        (10.000000000000002, "10"),
        (99.0, "99"),
        (999.9, "1000"),
        (1234.5, "1234"),
        (1.6e-4, "1.6×10⁻⁴"),
        (0.000999, "1.0×10⁻³"),
        (2.5e9, "2.5×10⁹"),
        (float("inf"), "∞"),
    ],
)
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert words.figure(value) == text


@pytest.mark.parametrize(
    ("probability", "text"), [(0.9, "0.9"), (0.01, "0.01"), (0.001, "0.001"), (0.95123, "0.951"), (0, "0"), (1, "1")]
)
def test_probabilities_are_decimals_in_the_formula(probability: float, text: str) -> None:
    assert words.decimal(probability) == text


def test_a_second_test_is_independent_given_the_illness() -> None:
    assert "independent given the illness" in words.again(BayesRule(), 2)


def test_captions_of_edge_cases_say_so() -> None:
    assert "stays 0%" in words.stretched(BayesRule(prior=0.0))
    assert "changes nothing" in words.again(BayesRule(prior=1.0), 2)
    assert "prior is back" in words.stretched(BayesRule(sensitivity=0.2, false_positive_rate=0.2))
    assert "only" in words.stretched(BayesRule(sensitivity=0.1, false_positive_rate=0.5))
    assert "about 10" in words.people(BayesRule(prior=0.001, sensitivity=0.99, false_positive_rate=0.05))


# --- Pictures -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    from manim import config

    config.update({"media_dir": str(tmp_path_factory.mktemp("media")), "verbosity": "ERROR"})
    return Stage(Look())


def test_a_unit_square_has_the_areas_it_is_told(stage: Stage) -> None:
    square = UnitSquare(stage, Zone(-2, -2, 2, 2)).put(0.3, (0.5, 0.25))
    assert [area(part) / 16 for part in square.parts] == pytest.approx([0.15, 0.175])
    assert [area(column) / 16 for column in square.columns] == pytest.approx([0.3, 0.7])
    square.place(Zone(0, 0, 1, 1))
    assert [area(part) for part in square.parts] == pytest.approx([0.15, 0.175])
    square.put(0.0)
    assert not len(square.parts[0].points)


def test_a_height_mark_reaches_its_height(stage: Stage) -> None:
    box = Zone(-2, -2, 2, 2)
    for side, height, text in ((-1, 0.09, "9%"), (1, 0.0981, "9.8%"), (1, 0.456, "46%"), (1, 1.0, "100%")):
        mark = HeightMark(stage, box, side, "data").put(height)
        assert mark.bracket.points[:, 1].max() == pytest.approx(box.bottom + height * box.height)
        assert mark.number.shown == text
        assert (mark.number.get_center()[0] > 0) == (side > 0)


@pytest.mark.parametrize("count", [1, 2, 90, 981, 10_000])
def test_people_fill_a_box_without_touching(count: int) -> None:
    box = Zone(0, 0, 4, 4)
    centers, pitch = ranks(count, box)
    assert centers.shape == (count, 2)
    assert (centers >= pitch / 2 - 1e-9).all()
    assert (centers <= 4 - pitch / 2 + 1e-9).all()
    assert len(np.unique(centers.round(6), axis=0)) == count
    assert (np.diff(centers[:, 0]) >= -1e-9).all()


def test_the_population_has_the_shape_of_the_square(stage: Stage) -> None:
    box = Zone(0, 0, 1, 1)
    crowd = population(stage, box, BayesRule().heads)
    centers = crowd.points[::4, :2]
    assert len(centers) == PEOPLE
    sick, false = centers[crowd.kinds == TRUE], centers[crowd.kinds == FALSE]
    assert sick[:, 0].max() < 0.01 and sick[:, 1].max() < 0.9
    assert false[:, 0].min() > 0.01 and false[:, 1].max() < 0.09
    assert len(crowd.get_family()) == 1


def test_a_crowd_paints_each_kind_in_its_place(stage: Stage) -> None:
    cairo = pytest.importorskip("cairo")
    crowd = Crowd(stage, np.array([[10.0, 10.0], [30.0, 10.0]]), np.array([0, 1]), ("second", "first"), 10.0)
    crowd.strengths = [1.0, 0.0]
    pixels = np.zeros((20, 40, 4), np.uint8)
    crowd.paint(cairo.Context(cairo.ImageSurface.create_for_data(pixels, cairo.FORMAT_ARGB32, 40, 20)))
    assert pixels[:, :20, 3].any()
    assert not pixels[:, 20:, 3].any()


@pytest.mark.parametrize("aspect", Aspect)
@pytest.mark.parametrize("captions", [CaptionMode.BURNED, CaptionMode.NONE])
def test_the_square_is_square_and_clear_of_its_panel(aspect: Aspect, captions: CaptionMode) -> None:
    stage = Stage(Look(aspect=aspect, captions=captions))
    body = stage.zones.body
    box, side = arrange(body, stage.em(Size.READOUT), left=1.3, right=0.9, least_width=2.2)
    assert box.width == pytest.approx(box.height)
    for zone in (box, side):
        assert zone.left >= body.left - 1e-9 and zone.right <= body.right + 1e-9
        assert zone.bottom >= body.bottom - 1e-9 and zone.top <= body.top + 1e-9
    assert box.left - 1.3 >= body.left - 1e-9
    assert box.right + 0.9 <= side.left + 1e-9 or side.top < box.bottom


@pytest.mark.parametrize("aspect", Aspect)
def test_both_columns_have_their_share_over_the_square(aspect: Aspect) -> None:
    scene = BayesRuleScene(BayesRule(), Look(aspect=aspect))
    scene.build()
    body, box = scene.stage.zones.body, scene.square.box
    for split in scene.explainer.posteriors:
        left, right = scene.make_shares(split)
        assert left.content == escape(words.short_share(split))
        assert right.content == escape(words.short_share(1 - split))
        assert box.left - 1e-6 <= left.get_left()[0] and left.get_right()[0] < right.get_left()[0]
        assert right.get_right()[0] <= box.right + 1e-6
        assert left.get_top()[1] <= body.top + 1e-6


@pytest.mark.parametrize("aspect", [Aspect.WIDE, Aspect.CLASSIC, Aspect.TALL])
def test_a_number_stands_on_the_line_of_its_name(aspect: Aspect) -> None:
    scene = BayesRuleScene(BayesRule(), Look(aspect=aspect))
    scene.build()
    scene.make_table()
    table = scene.table
    for name, number in [*zip(table.names, table.numbers, strict=True), tuple(table.result)]:
        assert number.get_y() == pytest.approx(name.get_y(), abs=1e-6)
        assert name.get_right()[0] < number.get_left()[0]
