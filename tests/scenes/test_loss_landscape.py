"""What the loss landscape clip shows is what was measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explainers.calculus.loss_landscape import LossLandscape
from scenes.calculus import loss_landscape_captions as captions
from scenes.calculus.loss_landscape_surfaces import MeasuredSurface
from scenes.stage.language import Language, speaking
from scenes.stage.look import CaptionMode, Look
from scenes.stage.stage import Stage
from tests.scenes.captions import check_captions

SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "large batches": {"batch": "large"},
    "no skips": {"skip": False, "camera": (150, 60)},
    "no skips, large batches": {"skip": False, "batch": "large", "camera": (-180, 15)},
}


@pytest.mark.parametrize("changes", SETTINGS.values(), ids=SETTINGS)
def test_the_story_shows_the_measurements(staged, changes: dict[str, Any]) -> None:
    landscape, seen = LossLandscape(**changes), {}

    def look(scene: Any, beat: Any) -> None:
        seen[beat.chapter] = {
            "surfaces": [m.network.name for m in scene.mobjects if isinstance(m, MeasuredSurface)],
            "mobjects": list(scene.mobjects),
        }

    scene = staged(landscape, Look(captions=CaptionMode.NONE, fps=15), on_beat_end=look)
    assert seen["The surface"]["surfaces"] == [landscape.first.name]
    assert set(seen["Flat or sharp"]["surfaces"]) == {network.name for network in landscape.by_batch.values()}
    assert set(seen["Skip connections"]["surfaces"]) == {network.name for network in landscape.by_skip.values()}
    assert seen["The true path"]["surfaces"] == []
    assert 60 <= scene.beats[-1].end <= 120
    assert all(len(beat.caption.split()) <= 14 for beat in scene.beats), [beat.caption for beat in scene.beats]


def test_a_surface_stands_as_high_as_its_losses() -> None:
    """Heights of the drawn vertices, measured from the bottom of the box, are log(1 + loss) on one scale for all."""
    stage, landscape = Stage(Look()), LossLandscape()
    top = 14.5
    for network in landscape.by_skip.values():
        surface = MeasuredSurface(stage, stage.zones.main, network, top, landscape.camera)
        box = surface.field.size[2]
        heights = (surface.field.vertices[..., 2] + box / 2) / box * np.log1p(top)
        np.testing.assert_allclose(np.expm1(heights), network.grid, rtol=1e-9)
        flat, raised = surface.dot_places(0.0), surface.dot_places(1.0)
        np.testing.assert_allclose(raised, surface.view.project(surface.field.vertices.reshape(-1, 3)))
        assert len(flat) == network.grid.size and np.ptp(raised[:, 1]) > 0


def test_a_close_up_is_the_inner_part_of_what_was_measured() -> None:
    stage, landscape = Stage(Look()), LossLandscape()
    surface = MeasuredSurface(stage, stage.zones.main, landscape.first, 2.0, landscape.camera, 0.35)
    assert surface.field.x[[0, -1]] == pytest.approx([-0.35, 0.35])
    np.testing.assert_allclose(np.expm1(surface.field.z), landscape.first.grid[13:28, 13:28], rtol=1e-9)


def test_captions_follow_the_pair() -> None:
    default, plain = LossLandscape(), LossLandscape(skip=False)
    assert captions.batches(default) == "Both trained to one loss: small batches end flat, large ones sharp."
    assert "different heights" in captions.batches(plain)
    assert captions.surface(default).endswith("at the bottom, loss 0.02.")
    assert captions.surface(plain).endswith("at the bottom, loss 1.20.")
    assert captions.surface(LossLandscape(skip=False, batch="large")).endswith("in the middle, loss 0.02.")
    assert "1681 dots" in captions.measuring(default)
    assert captions.skips(default) == "Without the skip “h +”: loss 1.20 after 4004 steps."
    assert captions.skips(LossLandscape(batch="large")).endswith("after 4004 steps, amid 3 dips.")
    assert default.batch_sizes == {"small": 16, "large": default.picture_count}
    assert captions.profiles(default, 0.2, (0.13, 0.47)).endswith("loss 0.13 for small batches, 0.47 for large.")
    assert "skips" in captions.path(plain) and "skips" not in captions.path(default)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("batch", ["small", "large"])
def test_captions_are_short_in_every_language(language: Language, skip: bool, batch: str) -> None:
    landscape = LossLandscape(skip=skip, batch=batch)
    told = (
        captions.network, captions.measuring, captions.surface, captions.batches, captions.skips, captions.path,
        captions.summary,
    )  # fmt: skip
    with speaking(language, "loss-landscape"):
        said = [*(tell(landscape) for tell in told), captions.profiles(landscape, 0.2, (0.13, 0.47))]
    check_captions(said, language)


@pytest.mark.parametrize("language", list(Language))
def test_captions_are_short_whichever_batches_end_flatter(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    with speaking(language, "loss-landscape"):
        for ratio in (0.5, 1.0, 2.0):
            monkeypatch.setattr(LossLandscape, "sharpness_ratio", ratio)
            said.append(captions.batches(LossLandscape()))
    assert len(set(said)) == 3, said
    check_captions(said, language)
