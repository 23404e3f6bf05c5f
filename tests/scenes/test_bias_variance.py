"""The staging of bias and variance: what is on screen is what the explainer computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.probability.bias_variance import BiasVariance
from scenes.pictures.plot import Coordinates
from scenes.pictures.shapes import Curve
from scenes.probability.bias_variance_captions import Captions
from scenes.probability.bias_variance_panels import Entry, ErrorChart, FitPanel, keys, legend, passing
from scenes.stage.language import languages_of, speaking
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import SHORTEST_BEAT, Beat, ExplainerScene, reading_time
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone
from tests.scenes.captions import check_captions

CHAPTERS = ["Noisy data", "Too simple", "Too flexible", "Bias", "Variance", "The sum", "Training error", "The trade"]
SETTINGS: dict[str, tuple[dict[str, Any], Aspect]] = {
    "default": ({}, Aspect.WIDE),
    "a line, much noise": ({"curve": "line", "noise": 0.8, "simple": 3, "flexible": 14, "points": 60}, Aspect.TALL),
    "little noise, few points": (
        {"curve": "hill", "noise": 0.15, "simple": 0, "flexible": 6, "points": 16, "datasets": 12},
        Aspect.SQUARE,
    ),
    "many fits, another seed": ({"curve": "bend", "simple": 2, "datasets": 50, "seed": 7}, Aspect.CLASSIC),
}

"""What counts as a word in a caption: a sign alone does not."""


def data_at(coordinates: Coordinates, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The data points that scene points (n, 3) stand for."""
    box, (low, high), (bottom, top) = coordinates.box, coordinates.x_range, coordinates.y_range
    x = low + (points[:, 0] - box.left) / box.width * (high - low)
    return x, bottom + (points[:, 1] - box.bottom) / box.height * (top - bottom)


def corners(curve: Curve) -> np.ndarray:
    """The points that a polyline runs through."""
    return np.concatenate([curve.points[::4], curve.points[-1:]])


class Watch:
    """Notes at the end of each beat what the scene shows."""

    def __init__(self, study: BiasVariance) -> None:
        self.study, self.seen = study, []

    def __call__(self, scene: ExplainerScene, beat: Beat) -> None:
        self.seen.append(beat.chapter)
        assert len(beat.caption.split()) <= 14, beat.caption
        seconds = scene.time - beat.start
        assert max(SHORTEST_BEAT, reading_time(beat.caption)) - 1e-6 <= seconds <= 20
        name = "at_" + beat.chapter.lower().replace(" ", "_")
        getattr(self, name, lambda scene: None)(scene)

    def assert_data(self, panel: FitPanel, index: int) -> None:
        x, y = data_at(panel.coordinates, panel.dots.points[::4])
        np.testing.assert_allclose(x, self.study.x, atol=1e-9)
        np.testing.assert_allclose(y, self.study.samples[index], atol=1e-9)

    def assert_bundle(self, panel: FitPanel) -> None:
        starts = data_at(panel.coordinates, panel.bundle.points[::4])[1].reshape(self.study.datasets, -1)
        fits = self.study.fits(panel.degree, panel.fit_grid)
        np.testing.assert_allclose(starts, fits[:, :-1], atol=1e-9)

    def at_noisy_data(self, scene: Any) -> None:
        self.assert_data(scene.left, 0)
        ends = data_at(scene.left.coordinates, scene.noise.points[3::4])[1]
        np.testing.assert_allclose(ends, self.study.samples[0], atol=1e-9)
        x, y = data_at(scene.left.coordinates, corners(scene.left.truth))
        np.testing.assert_allclose(y, self.study.truth(x), atol=1e-9)

    def at_too_simple(self, scene: Any) -> None:
        self.assert_bundle(scene.left)
        self.assert_data(scene.left, self.study.datasets - 1)

    def at_too_flexible(self, scene: Any) -> None:
        for panel in scene.panels:
            self.assert_bundle(panel)
            self.assert_data(panel, self.study.datasets - 1)
            current = data_at(panel.coordinates, corners(panel.current))[1]
            np.testing.assert_allclose(current, self.study.fits(panel.degree, panel.fit_grid)[-1], atol=1e-9)

    def at_bias(self, scene: Any) -> None:
        for panel in scene.panels:
            truth, average = (data_at(panel.coordinates, panel.gaps.points[i::4])[1] for i in (0, 3))
            bias2 = np.mean((average - truth) ** 2)
            assert bias2 == pytest.approx(self.study.errors[panel.degree].bias2, abs=1e-12)
            assert panel.bias_readout[1].value == pytest.approx(bias2, abs=1e-12)

    def at_variance(self, scene: Any) -> None:
        for panel in scene.panels:
            assert panel.gaps not in scene.mobjects
            half = len(panel.grid)
            outline = data_at(panel.coordinates, panel.band.points[::4])[1]
            width = outline[:half] - outline[half : 2 * half][::-1]
            np.testing.assert_allclose(width, 2 * self.study.spread(panel.degree, panel.grid), atol=1e-9)
            assert panel.variance_readout[1].value == self.study.errors[panel.degree].variance

    def at_the_sum(self, scene: Any) -> None:
        chart = scene.chart
        bottom = np.zeros(len(self.study.errors))
        for part, _ in chart.PARTS:
            _, y = data_at(chart.plot.coordinates, chart.bars[part].points)
            y = y.reshape(len(bottom), -1)
            np.testing.assert_allclose(y.min(axis=1), bottom, atol=1e-9)
            bottom = y.max(axis=1)
        np.testing.assert_allclose(bottom, [e.test for e in self.study.errors.values()], atol=1e-9)
        x, y = data_at(chart.plot.coordinates, chart.best.points[:1])
        assert (x[0], y[0]) == pytest.approx((self.study.best, min(e.test for e in self.study.errors.values())))
        assert chart.numbers[0].value == self.study.errors[self.study.best].test

    def at_training_error(self, scene: Any) -> None:
        coordinates = scene.chart.plot.coordinates
        x, y = data_at(coordinates, scene.chart.training_dots.points[::4])
        np.testing.assert_allclose(x, list(self.study.errors), atol=1e-9)
        np.testing.assert_allclose(y, [e.training for e in self.study.errors.values()], atol=1e-9)

    def at_the_trade(self, scene: Any) -> None:
        for panel in scene.panels:
            assert panel.current not in scene.mobjects
            self.assert_bundle(panel)


@pytest.mark.parametrize(("values", "aspect"), SETTINGS.values(), ids=SETTINGS)
def test_what_is_shown_is_what_is_computed(staged, values: dict[str, Any], aspect: Aspect) -> None:
    study = BiasVariance.configured(values)
    watch = Watch(study)
    scene = staged(study, Look(fps=15, aspect=aspect), on_beat_end=watch)
    assert watch.seen == CHAPTERS
    assert 60 <= scene.beats[-1].end <= 120


def make_stage(aspect: Aspect = Aspect.WIDE) -> Stage:
    return Stage(Look(aspect=aspect, captions=CaptionMode.NONE))


def test_between_two_data_sets_the_fit_is_that_of_the_data_shown() -> None:
    study = BiasVariance(datasets=12)
    stage = make_stage()
    panel = FitPanel(stage, study, 12, 2.5, stage.zones.body, 6.0).show_data(3.3)
    _, shown = data_at(panel.coordinates, panel.dots.points[::4])
    _, fit = data_at(panel.coordinates, corners(panel.current))
    np.testing.assert_allclose(fit, study.weights(12, panel.fit_grid) @ shown, atol=1e-9)
    assert np.abs(shown - study.samples[3]).max() > 1e-3


def test_a_moved_panel_shows_the_same() -> None:
    study = BiasVariance(datasets=12)
    stage = make_stage()
    body = stage.zones.body
    panel = FitPanel(stage, study, 1, 2.5, body, 6.0)
    panel.show_bundle(5).show_gaps(0.5).show_band(1.0)
    parts = (panel.truth, panel.bundle, panel.gaps, panel.band, panel.average)
    before = [data_at(panel.coordinates, part.points) for part in parts]
    panel.put(Zone(body.left, body.bottom, body.center[0], body.center[1]), 1.0)
    for part, old in zip(parts, before, strict=True):
        np.testing.assert_allclose(data_at(panel.coordinates, part.points), old, atol=1e-9)
    assert panel.get_right()[0] <= body.center[0] + 0.05


@pytest.mark.parametrize("narrowest", [3.0, 6.0])
def test_readouts_stand_apart_below_the_box(narrowest: float) -> None:
    stage = make_stage()
    zone = Zone(0.0, 0.0, narrowest, 4.0)
    panel = FitPanel(stage, BiasVariance(datasets=12), 1, 2.5, zone, narrowest).put(zone, 1.0)
    bias, variance = panel.bias_readout, panel.variance_readout
    assert panel.footer_lines == (2 if narrowest < 4 else 1)
    beside = bias.get_right()[0] < variance.get_left()[0]
    assert beside or bias.get_bottom()[1] >= variance.get_top()[1] - 1e-9
    assert max(bias.get_top()[1], variance.get_top()[1]) < panel.box.bottom
    assert min(bias.get_left()[0], variance.get_left()[0]) >= zone.left - 1e-6
    assert variance.get_right()[0] <= zone.right + 1e-6


def test_passing_meets_every_data_set() -> None:
    assert (passing(40, 0.0), passing(40, 1.0)) == (0, 39)
    assert passing(40, 0.1) < 1 < passing(40, 0.2)


@pytest.mark.parametrize("aspect", list(Aspect))
@pytest.mark.parametrize("values", [values for values, _ in SETTINGS.values()], ids=SETTINGS)
def test_numbers_of_the_chart_cover_no_line(values: dict[str, Any], aspect: Aspect) -> None:
    study = BiasVariance.configured(values)
    stage = make_stage(aspect)
    chart = ErrorChart(stage, stage.zones.main, study)
    chart.show_training(1.0)
    dense = np.linspace(study.simple, study.flexible, 500)
    for heights in (chart.tests, chart.trainings):
        line = chart.plot.points_at(dense, np.interp(dense, chart.degrees, heights))
        for number in chart.numbers:
            across = np.abs(line[:, 0] - number.get_x()) < number.width / 2
            assert not np.any(across & (np.abs(line[:, 1] - number.get_y()) < number.height / 2))
    for number in chart.numbers:
        assert number.get_top()[1] <= stage.zones.main.top + 1e-6
        assert stage.zones.main.left <= number.get_left()[0]
        assert number.get_right()[0] <= stage.zones.main.right + 1e-6


def test_a_legend_breaks_where_it_is_too_narrow() -> None:
    stage = make_stage()
    entries = [Entry("block", "variance", "model")] * 5
    zone = stage.zones.body
    assert len(legend(stage, zone, entries)) == 1
    assert len(legend(stage, Zone(zone.left, zone.bottom, zone.left + 8, zone.top), entries)) == 2


@pytest.mark.parametrize(("width", "shown"), [(6.0, "long name of a curve"), (3.0, "curve"), (1.2, None)])
def test_panels_share_the_longest_key_that_fits(width: float, shown: str | None) -> None:
    stage, study = make_stage(), BiasVariance(datasets=12)
    zones = [Zone(0.0, bottom, width, bottom + 2) for bottom in (0.0, 3.0)]
    panels = [FitPanel(stage, study, degree, 2.5, zone, 6.0) for degree, zone in zip((1, 12), zones, strict=True)]
    entries = [Entry("line", name, "highlight") for name in ("long name of a curve", "curve")]
    items = keys(panels, entries)
    assert [item[1].content for item in items] == [shown] * (2 if shown else 0)
    for item, panel in zip(items, panels, strict=False):
        assert panel.degree_label.get_right()[0] < item.get_left()[0]
        assert item.get_right()[0] <= panel.zone.right + 1e-6
        assert item.get_bottom()[1] >= panel.box.top


@settings(max_examples=50, deadline=None)
@given(
    simple=st.integers(0, 3),
    flexible=st.integers(6, 14),
    extra=st.integers(0, 32),
    noise=st.floats(0.15, 0.8),
    curve=st.sampled_from(["wave", "hill", "bend", "line"]),
)
def test_captions_of_any_setting_are_short_and_true(
    simple: int, flexible: int, extra: int, noise: float, curve: str
) -> None:
    points = max(16, 2 * flexible) + extra
    study = BiasVariance(simple=simple, flexible=flexible, points=points, noise=noise, curve=curve)
    captions = Captions(study)
    names = [name for name, value in vars(Captions).items() if isinstance(value, property)]
    assert len(names) == len(CHAPTERS)
    for spoken in languages_of(study.slug):
        with speaking(spoken, study.slug):
            texts = [getattr(captions, name) for name in names]
        check_captions(texts, spoken)
        for text in texts:
            assert "-" not in text
    low, high = study.errors[simple], study.errors[flexible]
    assert ("wrong place" in captions.simple) == (low.bias2 >= 4 * low.variance)
    assert ("centred" in captions.flexible) == (high.variance >= 4 * high.bias2)
    assert high.bias2 <= low.bias2 + 1e-12
    assert ("climbs" in captions.training) == (high.test > study.errors[study.best].test * (1 + 1e-9))
