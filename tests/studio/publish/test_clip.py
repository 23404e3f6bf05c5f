"""Reading a clip's folder: ours, a stranger's, and what is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from scenes.stage.theme import DARK, LIGHT
from studio.publish.clip import Publication, PublishError, RenderedClip
from tests.studio.publish.conftest import FPS, FRAMES, SIZE, record


def test_a_clip_of_ours_tells_all(clip: RenderedClip) -> None:
    assert (clip.name, clip.title) == ("ball", "A moving ball")
    assert clip.explainer.slug == "bayes-rule"
    assert clip.size == SIZE
    assert clip.fps == FPS
    assert clip.duration == pytest.approx(FRAMES / FPS)
    assert [beat.chapter for beat in clip.beats] == ["Step 1", "Step 2", "Step 3"]


@pytest.mark.parametrize("told", [{}, {"look": None, "beats": [], "facts": None, "references": None}, [], "text"])
def test_a_strangers_clip_may_tell_nothing(
    tmp_path: Path, make_clip: Callable[..., RenderedClip], told: object
) -> None:
    clip = make_clip(tmp_path / "own-Proof_2", told)
    assert clip.title == "Own Proof 2"
    assert clip.explainer is None
    assert (clip.facts, clip.settings, clip.references) == ({}, {}, {})
    (beat,) = clip.beats
    assert (beat.start, beat.end, beat.caption) == (0, pytest.approx(FRAMES / FPS), "")


def test_beats_cover_the_clip(tmp_path: Path, make_clip: Callable[..., RenderedClip]) -> None:
    told = {"beats": [{"start": 1.0, "end": 1.5, "chapter": "One"}, {"start": 1.8, "end": 2.6, "chapter": "Two"}]}
    beats = make_clip(tmp_path / "Proof", told).beats
    assert [(beat.index, beat.chapter, beat.start, beat.end) for beat in beats] == [
        (1, "Proof", 0.0, 1.0), (2, "One", 1.0, 1.8), (3, "Two", 1.8, 2.6)
    ]  # fmt: skip


def test_words_are_one_line_each(tmp_path: Path, make_clip: Callable[..., RenderedClip]) -> None:
    told = record("Two\n\nlines")
    told["beats"][0]["caption"] = "A\n\n00:00 --> 00:01\nB"
    clip = make_clip(tmp_path / "clip", told)
    assert clip.title == "Two lines"
    assert clip.beats[0].caption == "A 00:00 --> 00:01 B"


def test_the_theme_may_be_someones_own(tmp_path: Path, make_clip: Callable[..., RenderedClip]) -> None:
    own = {**asdict(LIGHT), "name": "department", "background": "#FFF8E7"}
    assert make_clip(tmp_path / "own", record(look={"theme": own})).theme.background == "#FFF8E7"
    assert make_clip(tmp_path / "light", record(look={"theme": "light"})).scheme == "light"
    assert make_clip(tmp_path / "unknown", record(look={"theme": "gone"})).theme == DARK


@pytest.mark.parametrize("content", [None, "{", "\xff"])
def test_a_folder_without_a_clip_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "provenance.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(PublishError, match="holds no rendered clip"):
        RenderedClip.read(tmp_path)


@pytest.mark.parametrize("told", [{"beats": [{"caption": "no times"}]}, {"beats": 3}, {"look": {"theme": {}}}])
def test_a_damaged_record_is_refused(tmp_path: Path, make_clip: Callable[..., RenderedClip], told: object) -> None:
    with pytest.raises(PublishError, match="is damaged; render the clip again"):
        make_clip(tmp_path / "clip", told)


def test_a_clip_without_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "provenance.json").write_text(json.dumps(record()))
    with pytest.raises(PublishError, match=r"holds no video; publishing needs one of \*\.mp4"):
        RenderedClip.read(tmp_path)


@pytest.mark.parametrize("name", ["a b", 'a"b', "a#b", "-a", "a%b", "a{b"])
def test_a_name_that_means_something_elsewhere_is_refused(
    tmp_path: Path, make_clip: Callable[..., RenderedClip], name: str
) -> None:
    with pytest.raises(PublishError, match="a name may have letters"):
        make_clip(tmp_path / name)


def test_a_publication_is_called_as_asked_or_as_its_one_clip(clip: RenderedClip) -> None:
    assert Publication("Mine", (clip,)).title == "Mine"
    assert Publication(None, (clip,)).title == "A moving ball"
    assert Publication(None, (clip, clip)).title == "The mathematics of AI, animated"
