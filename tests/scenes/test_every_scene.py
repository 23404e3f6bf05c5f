"""What every scene owes its viewers, whatever the explainer: pace, captions, margins, all aspects and themes."""

from __future__ import annotations

import numpy as np
import pytest

from explainers import all_explainers, find
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import SHORTEST_BEAT, Beat, ExplainerScene, reading_time

LOOKS = {
    "wide dark": Look(fps=15),
    "classic light": Look("light", Aspect.CLASSIC, fps=15),
    "square, no captions": Look("light", Aspect.SQUARE, CaptionMode.NONE, fps=15),
    "tall dark": Look("dark", Aspect.TALL, fps=15),
}
TOLERANCE = 0.06
"""Scene units by which a stroke or a rounded tip may reach over the margin."""


def outside_margin(scene: ExplainerScene) -> list[str]:
    """Mobjects that are seen and reach over the safe zone."""
    safe = scene.stage.zones.safe
    found = []
    for mobject in scene.get_mobject_family_members():
        if len(mobject.points) == 0 or (mobject.get_fill_opacity() == 0 and mobject.get_stroke_opacity() == 0):
            continue
        low, high = mobject.points[:, :2].min(axis=0), mobject.points[:, :2].max(axis=0)
        if (
            low[0] < safe.left - TOLERANCE
            or high[0] > safe.right + TOLERANCE
            or low[1] < safe.bottom - TOLERANCE
            or high[1] > safe.top + TOLERANCE
        ):
            found.append(f"{type(mobject).__name__} at {low.round(2)}..{high.round(2)}")
    return found


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_a_clip_keeps_pace_words_and_margins(staged, slug: str, look: Look) -> None:
    overflowing: dict[int, list[str]] = {}

    def look_at(scene: ExplainerScene, beat: Beat) -> None:
        overflowing[beat.index] = outside_margin(scene)

    scene = staged(find(slug)(), look, on_beat_end=look_at)
    assert scene.beats
    for beat in scene.beats:
        seconds = beat.end - beat.start
        assert SHORTEST_BEAT <= seconds <= 20, (beat.index, seconds)
        assert seconds >= reading_time(beat.caption) - 1e-6
        assert len(beat.caption.split()) <= 14, beat.caption
        assert len(beat.chapter) <= 40, beat.chapter
    assert 40 <= scene.beats[-1].end <= 120
    assert overflowing == {index: [] for index in overflowing}


@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_beats_follow_each_other_without_gaps(staged, slug: str) -> None:
    beats = staged(find(slug)()).beats
    np.testing.assert_allclose([beat.end for beat in beats[:-1]], [beat.start for beat in beats[1:]], atol=1e-9)
    assert [beat.index for beat in beats] == list(range(1, len(beats) + 1))
