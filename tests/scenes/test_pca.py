"""What `pca` shows is what its explainer computes; its words hold for every cloud."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from explainers.linear_algebra.pca import Pca, unit
from scenes.linear_algebra import pca_captions as words
from scenes.linear_algebra.pca import PcaScene, fit_flat, right_angle
from scenes.linear_algebra.pca_panels import stacked
from scenes.stage.language import Language, _, speaking
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import Beat
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone
from tests.scenes.captions import check_captions

SETTINGS = {
    "default": {},
    "round": {"shape": ((1, 0), (0, 1)), "keep": 2, "thickness": 1.0, "points": 400, "seed": 3},
    "line": {"shape": ((1, -1), (-1, 1)), "thickness": 0.0, "points": 30},
    "steep": {"shape": ((0.2, 0.1), (3, 3)), "seed": 11},
}


class Observer:
    """Shares of the pile and numbers in the ledger at the end of each beat."""

    def __init__(self) -> None:
        self.piles: dict[str, np.ndarray] = {}
        self.ledger: dict[str, list[str]] = {}
        self.cloud: dict[str, np.ndarray] = {}

    def __call__(self, scene: PcaScene, beat: Beat) -> None:
        if hasattr(scene.pile, "boxes"):
            self.piles[beat.chapter] = scene.pile.heights / scene.pile.heights.sum()
        ledger = getattr(scene, "space_ledger", scene.ledger)
        self.ledger[beat.chapter] = [row.number.shown for row in ledger.rows]
        if hasattr(scene, "space"):
            self.cloud[beat.chapter] = scene.space.shown


@pytest.mark.parametrize("values", SETTINGS.values(), ids=SETTINGS)
def test_the_picture_shows_what_is_computed(staged, values: dict) -> None:
    pca, seen = Pca(**values), Observer()
    scene = staged(pca, Look(captions=CaptionMode.NONE, fps=15), on_beat_end=seen)
    plane, solid, (start, end) = pca.plane, pca.solid, pca.sweep
    for chapter, angle in (("All shadows", start), ("Turn the line", end), ("Top eigenvector", pca.best_angle)):
        share = float(pca.shadow_variance(angle)) / plane.trace
        np.testing.assert_allclose(seen.piles[chapter], [share, 1 - share], atol=1e-6)
    np.testing.assert_allclose(seen.piles["Second axis"], plane.shares, atol=1e-6)
    np.testing.assert_allclose(seen.piles["A third measurement"], [1 - solid.shares[0], solid.shares[0]], atol=1e-6)
    np.testing.assert_allclose(seen.piles["The flattest view"], [1 - solid.shares[2], solid.shares[2]], atol=1e-6)
    assert seen.ledger["The flattest view"][2] == words.number(solid.trace)
    np.testing.assert_allclose(scene.bars.heights / scene.bars.heights.sum(), solid.shares, atol=1e-6)
    np.testing.assert_allclose(seen.cloud["Keep and rebuild"], solid.rebuilt(pca.keep), atol=1e-9)
    point = plane.points[pca.witness]
    assert seen.ledger["One point"][2] == words.number(float(point @ point))
    final = [plane.variances[0], plane.variances[1], plane.trace]
    assert [row.number.shown for row in scene.ledger.rows] == [words.number(abs(v)) for v in final]
    ends = scene.second.points[[0, -1]]
    for name, tips in zip(scene.axis_names, (scene.line.points[[0, -1]], ends), strict=True):
        assert np.linalg.norm(tips - name.get_center(), axis=1).min() < 2.5 * scene.stage.em(Size.READOUT)
    feet = scene.feet.points[::4]
    np.testing.assert_allclose(
        feet, scene.flat.at(pca.shadows(pca.best_angle)[:, None] * unit(pca.best_angle)), atol=1e-9
    )
    # What a plane leaves over is depth: it has the colour of the third axis, and each axis holds all its shadows.
    assert scene.space_ledger.rows[1].number.get_color() == scene.bars[2].get_fill_color()
    shadows = np.abs(solid.points @ solid.axes.T).max(axis=0)
    assert (np.linalg.norm(scene.space.arms, axis=1) >= shadows - 1e-9).all()
    assert 60 <= scene.beats[-1].end <= 120
    assert all(6 <= beat.end - beat.start <= 20 for beat in scene.beats)


@pytest.mark.parametrize("spoken", Language)
def test_captions_are_short_and_true_for_every_setting(spoken: Language) -> None:
    shapes = [
        ((2, 0), (0.9, 0.7)),
        ((1, 0), (0, 1)),
        ((1, -1), (-1, 1)),
        ((3, 3), (3, 3)),
        ((3, 0), (0, 3)),
        ((3, 0), (0, 0.1)),
        ((3, 0), (0, 0.03)),
        ((1, 0), (0, 0)),
    ]
    told = [words.turn, words.eigenvector, words.second_axis, words.flattest, words.rebuild]
    regimes = set()
    with speaking(spoken, "pca"):
        for shape, thickness, points, keep in product(shapes, (0.0, 0.01, 1.0), (30, 400), (1, 2)):
            pca = Pca(shape=shape, thickness=thickness, points=points, keep=keep)
            regimes.add(pca.regime)
            constants = (words.CENTRE, words.ONE_POINT, words.SHADOWS, words.THIRD, words.SUMMARY)
            check_captions([*(tell(pca) for tell in told), *map(_, constants)], spoken)
            none = _("Turn to the flattest view: widest shadow, no depth at all.")
            assert (words.flattest(pca) == none) == (pca.solid.shares[2] < 1e-9)
    assert regimes == {"on a line", "long", "roundish"}


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (0.0001, "under 0.1%"),
        (0.9232, "92%"),
        (0.005, "0.5%"),
        (0.9961, "99.6%"),
        (0.99999, "over 99.9%"),
        (1.0, "100%"),
        (0.5, "50%"),
    ],
)
def test_only_nothing_is_0_and_all_100_percent(share: float, text: str) -> None:
    assert words.percent(share) == text


@pytest.mark.parametrize("aspect", Aspect)
@pytest.mark.parametrize("values", SETTINGS.values(), ids=SETTINGS)
def test_all_shadows_stay_in_the_room(aspect: Aspect, values: dict) -> None:
    pca, room = Pca(**values), Stage(Look(aspect=aspect)).zones.main
    margin = 0.15
    flat = fit_flat(pca, room, margin)
    for angle in range(0, 180, 15):
        feet = flat.at(pca.shadows(angle)[:, None] * unit(angle))
        assert (np.abs(feet - room.center)[:, :2] <= np.array([room.width, room.height]) / 2 - margin + 1e-9).all()


@pytest.mark.parametrize("values", [*SETTINGS.values(), {"shape": ((3, 3), (3, 3))}])
def test_the_arrows_have_the_scale_that_is_told(staged, values: dict) -> None:
    pca = Pca(**values)
    scene = staged(pca, Look(captions=CaptionMode.NONE, fps=15))
    panel, arrows, _ = scene.eigen
    top, scale = float(pca.plane.variances[0]), scene.arrow_unit()
    tips = sorted(float(np.linalg.norm(arrow.points - scene.flat.center, axis=1).max()) for arrow in arrows)
    assert tips == pytest.approx(sorted([scale, top * scale]), rel=1e-3)
    # The panel holds one line more where the arrows are not as large as in the cloud's own units.
    assert (len(panel) == 3) == (scale < scene.flat.unit)
    assert top * scale < scene.reach(pca.best_angle)


def test_a_stack_has_the_heights_of_its_parts() -> None:
    boxes = stacked(Zone(0, 1, 2, 5), [3.0, 1.0])
    np.testing.assert_allclose(boxes, [[0, 1, 2, 4], [0, 4, 2, 5]])


def test_a_right_angle_is_never_larger_than_its_legs() -> None:
    corner, first = np.zeros(3), np.array([0.1, 0.0, 0.0])
    mark = right_angle(corner, first, np.array([0.0, 4.0, 0.0]))
    np.testing.assert_allclose(mark, [[0.05, 0, 0], [0.05, 0.05, 0], [0, 0.05, 0]])
    assert np.isfinite(right_angle(corner, corner, first)).all()
