"""What the backprop clip shows is what the two passes compute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.calculus.backprop import Backprop
from scenes.calculus import backprop_captions as captions
from scenes.calculus.backprop import arrow_ends, fork_sum, tiny
from scenes.calculus.backprop_network import NetworkPicture
from scenes.stage.language import Language, speaking
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.stage import Stage
from tests.scenes.captions import check_captions

SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "tanh, large": {"activation": "tanh", "inputs": (-3, 3), "output_weights": (3, -3, 3), "target": -20},
    "on target": {"target": -0.5},
    "too long a step": {"learning_rate": 1.0, "activation": "sigmoid", "target": 20},
}


@pytest.mark.parametrize("changes", SETTINGS.values(), ids=SETTINGS)
def test_every_still_shows_the_passes(staged, changes: dict[str, Any]) -> None:
    net, seen = Backprop(**changes), {}

    def look(scene: Any, beat: Any) -> None:
        picture = scene.picture
        seen[beat.chapter] = {
            "values": [card.value.value for card in picture.cards],
            "errors": [card.error.value for card in picture.cards],
            "shown": [card.error.get_fill_opacity() > 0.5 for card in picture.cards],
            "weights": [number.value for number in picture.weights],
            "gradients": [number.value for number in picture.gradients],
            "gradients_shown": [number.get_fill_opacity() > 0.5 for number in picture.gradients],
        }

    scene = staged(net, Look(captions=CaptionMode.NONE, fps=15), on_beat_end=look)
    run, after = net.forward, net.stepped_forward
    whole = [*net.x, *run.h, run.y, run.loss]
    np.testing.assert_allclose(seen["The loss"]["values"], whole)
    assert seen["Start at the end"]["shown"] == [False] * 5 + [True, True]
    np.testing.assert_allclose(seen["Start at the end"]["errors"][5:], [net.output_error, 1])
    np.testing.assert_allclose(seen["Times the slope"]["errors"][2:5], net.hidden_errors, atol=1e-12)
    arrows = np.concatenate([net.gradient.first.ravel(), net.gradient.second])
    np.testing.assert_allclose(seen["Weight gradients"]["gradients"], arrows)
    assert all(seen["Weight gradients"]["gradients_shown"]) and not any(seen["Forks add"]["gradients_shown"])
    np.testing.assert_allclose(seen["Forks add"]["errors"][:2], net.input_errors)
    np.testing.assert_allclose(seen["One step"]["values"], [*net.x, *after.h, after.y, after.loss])
    stepped = np.concatenate([net.stepped.first.ravel(), net.stepped.second])
    np.testing.assert_allclose(seen["One step"]["weights"], stepped)
    np.testing.assert_allclose(seen["Summary"]["values"], whole)
    np.testing.assert_allclose(
        seen["Summary"]["errors"], [*net.input_errors, *net.hidden_errors, net.output_error, 1], atol=1e-12
    )
    assert 60 <= scene.beats[-1].end <= 120


@pytest.mark.parametrize("aspect", list(Aspect))
def test_weights_stand_on_their_arrows_clear_of_cards_and_each_other(aspect: Aspect) -> None:
    stage = Stage(Look(aspect=aspect))
    picture = NetworkPicture(stage, stage.zones.body, Backprop())
    body = stage.zones.body
    for card in picture.cards:
        assert body.left - 1e-6 <= card.zone.left and card.zone.right <= body.right + 1e-6
        assert body.bottom - 1e-6 <= card.zone.bottom and card.zone.top <= body.top + 1e-6
    for label, (start, end) in zip(picture.weights, picture.ends[:-1], strict=True):
        center = label.get_center()
        along = (center - start) @ (end - start) / ((end - start) @ (end - start))
        np.testing.assert_allclose(start + along * (end - start), center, atol=1e-6)
        for card in picture.cards:
            beyond = np.abs(center - card.zone.center)[:2] - [card.zone.width / 2, card.zone.height / 2]
            assert (beyond > 0).any()
        if aspect is not Aspect.SQUARE:  # There the columns stand too close.
            length = np.linalg.norm(end - start)
            stubs = np.array([along, 1 - along]) * length - picture.gap(start, end)
            assert stubs.min() > 0.5 * picture.em, "both ends of the arrow are in sight"
    for index, first in enumerate(picture.weights):
        for second in picture.weights[index + 1 :]:
            apart = np.abs(first.get_center() - second.get_center())[:2]
            assert apart[0] > (first.width + second.width) / 2 or apart[1] > 0.7 * first.height


def test_what_comes_back_at_a_fork_is_a_sum_that_adds_up() -> None:
    net = Backprop()
    products = ("{{1 : parameter}} dot {{(-2) : error}}", "{{(-1) : parameter}} dot {{4 : error}}",
                "{{0.5 : parameter}} dot {{0 : error}}")  # fmt: skip
    assert fork_sum(net, 0) == f"{' + '.join(products)} = {{{{-6 : error}}}}"
    values = "{{(-2) : error}} + {{(-4) : error}} + {{0 : error}} = {{-6 : error}}"
    assert fork_sum(net, 0, with_weights=False) == values
    assert " approx " in fork_sum(Backprop(activation="tanh"), 0)


def test_captions_name_the_edge_cases() -> None:
    assert "unit 3 is off" in captions.hidden(Backprop())
    assert "stays 0" in captions.hidden(Backprop(target=-0.5)) and "nothing to correct" in captions.loss(
        Backprop(target=-0.5)
    )
    assert "its own local slope" in captions.hidden(Backprop(activation="tanh"))
    assert captions.update(Backprop()).endswith("the loss falls from 2.00 to 0.79.")
    assert "too long" in captions.update(Backprop(learning_rate=1)) and "stays" in captions.update(
        Backprop(target=-0.5)
    )
    assert captions.forward(Backprop()).endswith("plus bias; negative hidden sums become 0.")
    assert "26 forward passes" in captions.price(Backprop())
    assert "kink" in captions.price(Backprop(hidden_biases=(-2, 0.5, 0)))
    assert tiny(3e-11) == "$3 times 10^(-11)$" and tiny(0) == "$0$"


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(("relu", "tanh", "sigmoid")),
    st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    st.floats(-20, 20),
    st.floats(0.0001, 1),
)
def test_captions_are_short(activation: str, inputs: tuple[float, float], target: float, rate: float) -> None:
    net = Backprop(activation=activation, inputs=inputs, target=target, learning_rate=rate)
    told = (
        captions.forward, captions.loss, captions.start, captions.hidden, captions.weights, captions.forks,
        captions.matrices, captions.price, captions.update, captions.summary,
    )  # fmt: skip
    for language in Language:
        with speaking(language, "backprop"):
            said = [caption(net) for caption in told]
        check_captions(said, language)


@pytest.mark.parametrize("language", [each for each in Language if each is not Language.ENGLISH])
def test_formulas_follow_the_language(language: Language) -> None:
    with speaking(language, "backprop"):
        assert '0","5' in fork_sum(Backprop(), 0) and "." not in fork_sum(Backprop(activation="tanh"), 1)
        assert "end" not in arrow_ends()
    assert arrow_ends() == ("start", "end")
