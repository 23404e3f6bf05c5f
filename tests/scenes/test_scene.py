"""The base scene: beats hold long enough, captions appear where they should, one clock drives linked views."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.model import Explainer, Pillar
from scenes.pictures.shapes import Arrow
from scenes.stage.look import CaptionMode, Look
from scenes.stage.scene import ExplainerScene, reading_time
from studio import stagehand
from studio.clip import Clip


class Sample(Explainer):
    """Two arrows; not in the catalogue."""

    slug = "sample"
    title = "A sample"
    insight = "It turns."
    pillar = Pillar.CALCULUS
    references = ("MML 7.1",)


class SampleScene(ExplainerScene[Sample]):
    explainer_type = Sample

    def construct(self) -> None:
        self.arrows = [Arrow(self.stage, [0, 0], [1, 0]) for _ in range(2)]
        with self.beat("Short.", chapter="First"):
            self.add(*self.arrows)
        with self.beat("A caption of some length, which needs more than the shortest time to be read by anyone."):

            def turn(progress: float) -> None:
                for sign, arrow in zip((1, -1), self.arrows, strict=True):
                    arrow.put([0, 0], [np.cos(progress), sign * np.sin(progress)])

            self.play(self.drive(turn, *self.arrows, run_time=2))


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch):
    """Plays the sample scene; returns it and the frames it made."""
    monkeypatch.setattr(stagehand, "scene_class", lambda clip: SampleScene)

    def run(captions: CaptionMode = CaptionMode.BURNED, **options: object) -> tuple[SampleScene, list[np.ndarray]]:
        clip = Clip(Sample(), Look(captions=captions, short_side=120, fps=10))
        frames: list[np.ndarray] = []
        with stagehand.configured(clip):
            scene = stagehand.make_scene(clip, lambda pixels, repeat: frames.extend([pixels] * repeat), **options)
            scene.render()
        return scene, frames

    return run


def test_beats_last_until_they_can_be_read(play) -> None:
    scene, frames = play()
    first, second = scene.beats
    assert first.end - first.start >= 6
    assert second.end - second.start >= max(6, reading_time(second.caption))
    assert (first.chapter, second.chapter) == ("First", second.caption)
    assert len(frames) == pytest.approx(second.end * 10, abs=1)


def test_skipping_takes_the_same_time_and_ends_the_same(play) -> None:
    drawn, frames = play()
    skipped, none = play(skip_animations=True)
    assert none == []
    for one, other in zip(drawn.beats, skipped.beats, strict=True):
        assert one.end == pytest.approx(other.end, abs=0.35)  # Manim rounds each play to whole frames
    np.testing.assert_array_equal(stagehand.current_frame(skipped), frames[-1])


def test_captions_are_in_the_picture_only_when_burned(play) -> None:
    def ink(mode: CaptionMode) -> int:
        """Pixels that are not background in the lower eighth, where captions stand."""
        _, frames = play(mode)
        strip = frames[-1][-15:, :, :3].astype(int)
        return int((np.abs(strip - strip[0, 0]).sum(axis=2) > 60).sum())

    assert ink(CaptionMode.BURNED) > 30
    assert ink(CaptionMode.SIDECAR) == ink(CaptionMode.NONE) == 0


def test_one_clock_drives_all_linked_views(play) -> None:
    scene, _ = play()
    tips = [max(arrow.points[:, :2], key=np.linalg.norm) for arrow in scene.arrows]
    np.testing.assert_allclose(tips[0], [np.cos(1), np.sin(1)], atol=1e-9)
    np.testing.assert_allclose(tips[1], [np.cos(1), -np.sin(1)], atol=1e-9)


def test_the_same_clip_gives_the_same_frames(play) -> None:
    _, one = play()
    _, other = play()
    assert len(one) == len(other)
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_listeners_hear_every_beat(play) -> None:
    heard: list[tuple[str, int]] = []

    def listen(what: str):
        return lambda scene, beat: heard.append((what, beat.index))

    play(skip_animations=True, on_beat_start=listen("start"), on_beat_end=listen("end"))
    assert heard == [("start", 1), ("end", 1), ("start", 2), ("end", 2)]
