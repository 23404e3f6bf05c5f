"""Maximum likelihood on stage: stems, curves, stack, map and readouts against the explainer."""

from __future__ import annotations

from collections.abc import Callable
from math import log

import numpy as np
import pytest

from explainers.probability.maximum_likelihood import MaximumLikelihood
from scenes.pictures.plot import Coordinates
from scenes.probability.maximum_likelihood import BACK, MaximumLikelihoodScene
from scenes.probability.maximum_likelihood_bench import Bench, Power, power_text, round_ticks, tick_decimals, window_of
from scenes.probability.maximum_likelihood_captions import Captions, figure, plain
from scenes.stage.language import Language, languages_of, speaking
from scenes.stage.look import Look
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from tests.scenes.captions import check_captions

SETTINGS = {
    "default": MaximumLikelihood(),
    "many exact measurements": MaximumLikelihood(n=30, mu=50, sigma=0.2, seed=1),
    "a coin that always shows 1": MaximumLikelihood(family="bernoulli", data=(1, 1, 1, 1, 1)),
    "few long waits": MaximumLikelihood(family="exponential", n=5, tau=50, seed=1),
    "own data, hardly apart": MaximumLikelihood(data=(0.0, 0.002, 0.004, 0.006, 0.01)),
}
EXTREMES = {
    "an outlier": {"data": (0, 0, 0, 0, 0, 0, 0, 0, 0, 1000)},
    "a coin that never shows 1": {"family": "bernoulli", "data": (0, 0, 0, 0, 0, 0)},
    "first flips alike": {"family": "bernoulli", "data": (1, 1, 0, 0, 1, 0, 1)},
    "short waits": {"family": "exponential", "data": (0.01, 0.01, 0.01, 0.02, 0.01)},
    "thirty coins": {"family": "bernoulli", "n": 30, "p": 0.05},
}
"""What counts as a word in a caption: a sign alone does not."""
Staged = Callable[..., MaximumLikelihoodScene]


def data_points(coordinates: Coordinates, points: np.ndarray) -> np.ndarray:
    """The data points (n, 2) that are drawn at scene points (n, 3)."""
    box, (left, right), (low, high) = coordinates.box, coordinates.x_range, coordinates.y_range
    across, up = (points[:, 0] - box.left) / box.width, (points[:, 1] - box.bottom) / box.height
    return np.stack([left + across * (right - left), low + up * (high - low)], axis=1)


@pytest.fixture(params=SETTINGS.values(), ids=SETTINGS)
def played(request: pytest.FixtureRequest, staged: Staged) -> tuple[MaximumLikelihoodScene, dict[str, dict]]:
    """A scene at its end, and what it showed at the end of each chapter."""
    chapters: dict[str, dict] = {}

    def note(scene: MaximumLikelihoodScene, beat) -> None:
        bench = scene.bench
        shown = {
            "numbers": {name: number.value for name, number in scene.ledger.numbers.items()},
            "heads": data_points(bench.coordinates, bench.stems.points.reshape(-1, 4, 3)[:, 3]),
            "curve": data_points(bench.below, bench.curve.points[::4]),
            "mean": scene.mean,
        }
        if beat.chapter not in ("Data", "Product"):
            shown["tip"] = data_points(bench.below, bench.tip.points[:1])[0]
        if beat.chapter == "Logs":
            shown["tower"] = data_points(bench.below, scene.tower.points)[:, 1]
        if beat.chapter == "A little small":
            shown["bars"] = scene.bias.bars.points.copy()
        chapters[beat.chapter] = shown

    return staged(request.param, on_beat_end=note), chapters


def test_what_is_shown_is_what_is_computed(played) -> None:
    scene, chapters = played
    mle = scene.explainer
    first, last = mle.journey
    check_stems(mle, chapters["Product"], first)
    assert chapters["Product"]["numbers"]["product"] == pytest.approx(float(mle.log_likelihood(first)) / log(10))
    check_stems(mle, chapters["Likelihood"], last + BACK * (mle.mean_hat() - last))
    check_likelihood(mle, chapters["Likelihood"])
    check_logs(mle, chapters["Logs"])
    check_peak(mle, chapters["The top"])
    assert ("Two knobs" in chapters) == (mle.family == "gaussian")
    assert ("A little small" in chapters) == (mle.family == "gaussian" and not mle.data)
    if "Two knobs" in chapters:
        check_climb(mle, chapters["Two knobs"])
    if "A little small" in chapters:
        numbers = chapters["A little small"]["numbers"]
        assert numbers["average"] == pytest.approx(mle.facts()["E_mle_var"], rel=1e-5)
    check_more_data(mle, chapters["More data"])
    closing = chapters["In one picture"]
    assert closing["numbers"]["log"] == pytest.approx(float(mle.log_likelihood(mle.mean_hat(), mle.sigma_hat)))
    check_stems(mle, closing, mle.mean_hat(), mle.sigma_hat)


def check_stems(mle: MaximumLikelihood, shown: dict, mean: float, sigma: float | None = None) -> None:
    np.testing.assert_allclose(shown["heads"][:, 1], np.exp(mle.log_densities(mean, sigma)), atol=1e-9)
    if mle.family != "bernoulli":
        np.testing.assert_allclose(shown["heads"][:, 0], mle.sample, rtol=1e-9, atol=1e-9)


def check_likelihood(mle: MaximumLikelihood, shown: dict) -> None:
    means, heights = shown["curve"].T
    assert abs(means[-1] - means[0]) == pytest.approx(mle.domain[1] - mle.domain[0], rel=0.02)
    below = mle.log_likelihood(np.clip(means, *mle.domain)) - float(mle.log_likelihood(mle.mean_hat()))
    np.testing.assert_allclose(heights, np.exp(below), atol=0.005)


def check_logs(mle: MaximumLikelihood, shown: dict) -> None:
    total = float(mle.log_likelihood(mle.journey[0]))
    assert shown["numbers"]["log"] == pytest.approx(total)
    assert shown["tip"] == pytest.approx((mle.journey[0], total))
    lengths = np.ptp(shown["tower"].reshape(-1, 16), axis=1)
    np.testing.assert_allclose(lengths, np.abs(mle.log_densities(mle.journey[0])), atol=1e-6)


def check_peak(mle: MaximumLikelihood, shown: dict) -> None:
    numbers, mean = shown["numbers"], mle.mean_hat()
    assert numbers["mean"] == pytest.approx(mean)
    assert numbers["gaps"] == pytest.approx(0, abs=1e-6)
    assert shown["tip"] == pytest.approx((mean, float(mle.log_likelihood(mean))), abs=1e-6)
    means, heights = shown["curve"].T
    np.testing.assert_allclose(heights, mle.log_likelihood(np.clip(means, *mle.domain)), atol=1e-6)
    assert heights.max() <= shown["tip"][1] + 1e-9


def check_climb(mle: MaximumLikelihood, shown: dict) -> None:
    assert shown["tip"] == pytest.approx((mle.mean_hat(), mle.sigma_hat))
    numbers = shown["numbers"]
    assert (numbers["mean"], numbers["width"]) == pytest.approx((mle.mean_hat(), mle.sigma_hat))
    check_stems(mle, shown, mle.mean_hat(), mle.sigma_hat)


def check_more_data(mle: MaximumLikelihood, shown: dict) -> None:
    _, many = mle.sizes
    numbers = shown["numbers"]
    assert (numbers["n"], numbers["mean"]) == (many, pytest.approx(mle.mean_hat(many)))
    if mle.curvature(many) < 0:
        assert numbers["curvature"] == pytest.approx(mle.curvature(many))
    means, heights = shown["curve"].T
    np.testing.assert_allclose(heights, mle.below_top(means, many), atol=1e-6)


@pytest.mark.parametrize("values", EXTREMES.values(), ids=EXTREMES)
def test_extreme_data_keep_pace_and_words(staged: Staged, values: dict) -> None:
    scene = staged(MaximumLikelihood(**values))
    assert 40 <= scene.beats[-1].end <= 120
    for beat in scene.beats:
        assert 6 <= beat.end - beat.start <= 20
        assert len(beat.caption.split()) <= 14
        assert "nan" not in beat.caption and "e" + "+" not in beat.caption


@pytest.mark.parametrize(
    ("values", "name", "words"),
    [
        ({}, "multiply", "170 such data a computer says 0"),
        ({}, "peak", "average of the data, 1.86."),
        ({}, "climb", "mean 1.86, width 1.96"),
        ({}, "bias", "Simulated samples of 12: the fitted variance averages about 11/12"),
        ({}, "sharpen", "Ten times the data: the hill sharpens, μ is known 3.2 times as closely."),
        ({"family": "bernoulli"}, "peak", "share of ones, 0.833"),
        ({"family": "bernoulli", "data": (0, 0, 0, 0, 0)}, "peak", "came up 0: the hill climbs to the edge"),
        ({"family": "bernoulli", "data": (0, 0, 0, 0, 0)}, "sharpen", "a narrower one"),
        ({"family": "exponential"}, "slide", "Stretch the curve"),
        ({"data": (0.0, 0.002, 0.004, 0.006, 0.01)}, "multiply", "a computer says infinity"),
    ],
)  # fmt: skip
def test_captions_name_the_case(values: dict, name: str, words: str) -> None:
    caption = getattr(Captions(MaximumLikelihood(**values)), name)
    assert words in caption
    assert len(caption.split()) <= 14


TOLD = [
    *(MaximumLikelihood(n=n, mu=mu, sigma=sigma) for n in (5, 30) for mu in (-50, 0.1234) for sigma in (0.2, 20)),
    *(
        MaximumLikelihood(family="bernoulli", n=n, p=p, seed=seed)
        for n in (5, 30)
        for p in (0.05, 0.6)
        for seed in (1, 2)
    ),
    *(MaximumLikelihood(family="exponential", n=n, tau=tau) for n in (5, 30) for tau in (0.5, 49.8765)),
    *(MaximumLikelihood(**values) for values in EXTREMES.values()),
    *SETTINGS.values(),
]


@pytest.mark.parametrize("spoken", languages_of("maximum-likelihood"))
def test_captions_are_short_in_each_language(spoken: Language) -> None:
    with speaking(spoken, "maximum-likelihood"):
        for mle in TOLD:
            names = {name for name, value in vars(Captions).items() if isinstance(value, property)} - {"mean"}
            names -= set() if mle.family == "gaussian" else {"climb", "bias"}
            check_captions((getattr(Captions(mle), name) for name in names), spoken)


def test_a_stack_of_mixed_signs_ends_at_the_sum() -> None:
    mle, stage = SETTINGS["many exact measurements"], Stage(Look())
    logs = mle.log_densities(mle.mean_hat())
    assert (logs > 0).any() and (logs < 0).any()
    bench = Bench(stage, stage.zones.main, mle)
    bench.lower_scale(bench.log_range(), "")
    heights = data_points(bench.below, bench.tower(mle.mean_hat()))[:, 1].reshape(-1, 16)
    assert heights[logs > 0].max() == pytest.approx(logs[logs > 0].sum())
    assert heights[logs < 0].min() == pytest.approx(logs.sum())


def test_powers_are_written_as_powers() -> None:
    texts = {-22.95: "1.1×10⁻²³", -0.5: "0.32", 0.0: "1.0", 3.0: "1000", 5.3: "2.0×10⁵", -3.00001: "1.0×10⁻³"}
    assert {exponent: power_text(exponent) for exponent in texts} == texts
    stage = Stage(Look())
    power = Power(-22.95, stage.em(Size.READOUT), stage.color("output"), anchor="right")
    assert power.set_value(-7.3).content == "5.0×10⁻⁸"


def test_figures_and_ticks_are_round() -> None:
    assert [figure(value) for value in (-5824.3, -0.000954, -3.108, 0.0)] == ["−5824", "−0.000954", "−3.11", "0"]
    assert (plain(172.75, 4), plain(3.0, 2), plain(-0.5, 1)) == ("172.75", "3", "−0.5")
    for y_range in ((0.095, 0.4), (-53.0, 0.0), (0.0, 0.09)):
        ticks = round_ticks(y_range, 2)
        assert len(ticks) >= 2
        assert all(round(tick, tick_decimals(ticks)) == pytest.approx(tick) for tick in ticks)


@pytest.mark.parametrize("mle", SETTINGS.values(), ids=SETTINGS)
def test_the_window_holds_data_and_domain(mle: MaximumLikelihood) -> None:
    for x in (mle.sample, mle.pool):
        low, high = window_of(mle, x)
        assert low < min(x.min(), mle.domain[0])
        assert high > max(x.max(), mle.domain[1])
