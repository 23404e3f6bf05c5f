"""What the gradient descent scene shows is what its explainer computes, also where nothing moves or all explodes."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.calculus.gradient_descent import GradientDescent
from scenes.calculus.gradient_descent import ROLES, paced
from scenes.calculus.gradient_descent_captions import Captions
from scenes.calculus.gradient_descent_rates import rate_text
from scenes.pictures.contour_map import Trail, at_step, until_leaving
from scenes.stage.language import Language, speaking
from tests.scenes.captions import check_captions

BOWL = GradientDescent()
UNUSUAL = {
    "circular": GradientDescent(curvature_high=1.0, steps=5),
    "at the minimum": GradientDescent(start=(0.0, 0.0)),
    "rosenbrock far out": GradientDescent(surface="rosenbrock", start=(10.0, 10.0), steps=200),
    "network": GradientDescent(surface="network"),
    "network, leaves at once": GradientDescent(surface="network", start=(-3.0, -1.0), learning_rate=50.0, steps=5),
}
GRID = [
    BOWL,
    *UNUSUAL.values(),
    GradientDescent(start=(8.0, 0.0), learning_rate=0.3),
    GradientDescent(start=(0.0, 5.0), learning_rate=2.0),
    GradientDescent(learning_rate=0.2),
    GradientDescent(learning_rate=0.2000000001),
    GradientDescent(curvature_low=0.1, curvature_high=50.0, steps=200),
    GradientDescent(steps=5, learning_rate=0.17),
    GradientDescent(slow_share=0.2, steps=200, divergent_share=2.0),
    GradientDescent(surface="himmelblau"),
    GradientDescent(surface="himmelblau", start=(-10.0, 9.0)),
    GradientDescent(surface="himmelblau", start=(3.0, 2.0)),
    GradientDescent(surface="himmelblau", start=(4.0, -1.0), divergent_share=1.5),
    GradientDescent(surface="rosenbrock"),
]


@pytest.fixture
def told(staged):
    """Plays an explainer and returns the scene, and what is on stage at the end of each beat."""

    def tell(explainer: GradientDescent):
        seen: dict[str, object] = {}

        def note(scene, beat) -> None:
            if beat.chapter == "Downhill":
                seen["arrow"] = scene.arrow.points.copy()
            if beat.chapter == "Above 2/L":
                seen["heads"] = {name: trail.head.points.copy() for name, trail in scene.trails.items()}
                seen["curves"] = {name: curve.head.points.copy() for name, curve in scene.curves.items()}

        return staged(explainer, on_beat_end=note), seen

    return tell


def test_default_story_shows_the_computed_runs(told) -> None:
    scene, seen = told(BOWL)
    start = np.array(BOWL.start)
    np.testing.assert_allclose(scene.map.back(scene.map.at(start)), start)

    # The arrow lies along −∇f, which on a map with equal axes is square to the contour.
    tip = scene.map.back(seen["arrow"][np.argmax(np.linalg.norm(seen["arrow"] - scene.map.at(start), axis=1))])
    along, downhill = tip - start, -BOWL.gradient_at_start
    assert along @ downhill == pytest.approx(np.linalg.norm(along) * np.linalg.norm(downhill), rel=1e-3)

    for name, run in BOWL.runs.items():
        box, end = scene.plot.coordinates, run.losses[-1]
        expected = (np.log10(end) - box.y_range[0]) / np.ptp(box.y_range)
        up = (seen["curves"][name][0, 1] - scene.plot.box.bottom) / scene.plot.box.height
        assert up == pytest.approx(expected, abs=1e-6)
        if name == "divergent":
            assert len(seen["heads"][name]) == 0, "it has left the map"
        else:
            np.testing.assert_allclose(scene.map.back(seen["heads"][name][0]), run.end, atol=1e-9)

    # A trail draws nothing outside the map, and a dot per step inside.
    trail = Trail(scene.stage, scene.map.at, scene.map.box, BOWL.runs["divergent"].path, "error")
    for points in (trail.line.points, trail.dots.points):
        assert points[:, 1].min() >= scene.map.box.bottom - 1e-6
        assert points[:, 1].max() <= scene.map.box.top + 1e-6
    assert len(trail.put(3).dots.points) == 4 * 4

    limit = scene.factors
    assert limit.limit == BOWL.limit
    for role_mark, rate in zip(limit.marks, BOWL.rates.values(), strict=True):
        shown = limit.plot.box.bottom + limit.plot.box.height * (
            (1 - rate * 10.0 - limit.plot.coordinates.y_range[0]) / np.ptp(limit.plot.coordinates.y_range)
        )
        assert role_mark[0].points[0, 1] == pytest.approx(shown)
    start, steep, flat = limit.plot.at(0.0, 1.0), *limit.places(limit.largest)
    for name, own, other in zip(limit.names, (steep, flat), (flat, steep), strict=True):
        assert distance(name.get_center(), start, own) < 0.7 * distance(name.get_center(), start, other)
    assert scene.strips.needed.tolist() == [1, 69, 691]
    bars = scene.strips.bars.points.reshape(3, -1, 3)
    widths = np.ptp(bars[..., 0], axis=1)
    np.testing.assert_allclose(widths / widths.max(), np.array([1, 69, 691]) / 691)
    np.testing.assert_allclose(scene.strips.ends.points[::4, 0] - scene.strips.bars.get_left()[0], widths, atol=0.2)


def distance(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    """From a point to the line through two others."""
    way = (end - start)[:2] / np.linalg.norm((end - start)[:2])
    return float(abs((point - start)[:2] @ [-way[1], way[0]]))


@pytest.mark.parametrize("explainer", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_stories_play_and_end_where_the_runs_end(told, explainer: GradientDescent) -> None:
    scene, seen = told(explainer)
    low, high = np.array(scene.map.window).T
    for name, run in explainer.runs.items():
        is_inside = bool(np.all((run.end >= low) & (run.end <= high)))
        assert (len(seen["heads"][name]) > 0) == is_inside, name
        if is_inside:
            np.testing.assert_allclose(scene.map.back(seen["heads"][name][0]), run.end, atol=1e-9)
    assert scene.beats[3].caption == Captions(explainer).of_run("slow")
    assert len(scene.beats) == 11


def test_paths_stay_inside_the_map_and_end_on_its_edge() -> None:
    window = ((-9.2, 9.2), (-4.6, 4.6))
    cut = until_leaving(BOWL.runs["divergent"].path, window)
    assert abs(cut[-1, 1]) == pytest.approx(4.6)
    assert len(cut) - 1 == BOWL.points_in_window(BOWL.runs["divergent"])
    settled = BOWL.runs["own"].path
    assert until_leaving(settled, window) is settled
    np.testing.assert_allclose(at_step(settled, 2.5), (settled[2] + settled[3]) / 2)
    np.testing.assert_array_equal(at_step(settled, 999), settled[-1])
    assert paced(0.0, 60) == 0.0 and paced(1.0, 60) == 60.0


def said(captions: Captions) -> list[str]:
    """All that is said about an explainer."""
    about = [captions.landscape, captions.downhill, captions.step, captions.limit]
    about += [captions.condition, captions.valleys, captions.summary]
    return about + [captions.of_run(name) for name in ROLES]


@pytest.mark.parametrize("explainer", GRID, ids=lambda e: str(e.changed_settings()))
def test_captions_are_short_and_name_the_regime(explainer: GradientDescent) -> None:
    captions = Captions(explainer)
    for caption in said(captions):
        assert caption.endswith(".")
        assert len(caption.split()) <= 14, caption
    own = captions.of_run("own")
    words = {
        "still": "moves nothing",
        "crawl": ("crawls", "goes slowly"),
        "brisk": ("is brisk", "is near best", "exceeds 2/L"),
        "zigzag": "zigzags",
        "borderline": "exactly 2/L",
        "bounces": "bounces",
        "diverges": "diverges",
    }[explainer.runs["own"].regime]
    assert any(word in own for word in ([words] if isinstance(words, str) else words)), own
    above = captions.of_run("divergent")
    assert rate_text(explainer.divergent_rate) in above
    if explainer.runs["divergent"].settles:
        assert "grows" not in above and "escapes" not in above


@pytest.mark.parametrize("spoken", [each for each in Language if each is not Language.ENGLISH])
@pytest.mark.parametrize("explainer", GRID, ids=lambda e: str(e.changed_settings()))
def test_captions_are_short_in_each_language(explainer: GradientDescent, spoken: Language) -> None:
    with speaking(spoken, "gradient-descent"):
        check_captions(said(Captions(explainer)), spoken)


def test_edge_cases_have_their_own_words() -> None:
    def own(**values: object) -> str:
        return Captions(GradientDescent(**values)).of_run("own")

    assert own() == "η = 0.195 zigzags in: 0.57% of the distance left after 60 steps."
    assert own(learning_rate=2.0) == "η = 2 diverges: each step makes the steep part 19 times larger."
    assert own(learning_rate=0.2) == "η = 0.2 is exactly 2/L: it jumps to and fro forever."
    spared = own(start=(8.0, 0.0), learning_rate=0.3)
    assert spared == "η = 0.3 exceeds 2/L, but this start has no steep part."
    assert "distance 19 times" in own(start=(0.0, 5.0), learning_rate=2.0)
    # Along the flat axis the distance is all there is, and it grows by |1 − ημ|.
    flat = GradientDescent(curvature_low=5.0, curvature_high=6.0, start=(8.0, 0.0), divergent_share=2.0)
    assert "grows the distance 2.333× each step" in Captions(flat).of_run("divergent")
    assert "scales the steep part by 1 − ηL" in Captions(flat).limit
    circular = Captions(UNUSUAL["circular"])
    assert circular.of_run("good") == "Best η = 2/(μ + L) = 1: nothing of the distance left."
    assert "one step arrives" in circular.step
    assert circular.condition.endswith("best η: 69 steps, not 1.")
    assert "overshoot" in circular.summary and "zigzag longer" in Captions(BOWL).summary
    assert Captions(BOWL).of_run("good").endswith(": 0.0006% of the distance left.")
    assert BOWL.runs["good"].remaining == pytest.approx(6e-6, rel=0.05)
    assert Captions(BOWL).names["own"] == "zigzag" and circular.names["own"] != "zigzag"
    assert "gradient is zero" in Captions(UNUSUAL["at the minimum"]).summary
    assert "halved 6×" in Captions(UNUSUAL["rosenbrock far out"]).of_run("good")


@pytest.mark.parametrize(
    ("rate", "text"), [(0.02, "0.02"), (2 / 11, "0.1818"), (3.12001e-06, "3.12×10⁻⁶"), (20.5, "20.5")]
)
def test_rates_are_written_to_four_digits(rate: float, text: str) -> None:
    assert rate_text(rate) == text
