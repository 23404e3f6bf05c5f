"""SubRip and WebVTT, read back, whatever the captions hold."""

from __future__ import annotations

import srt
from hypothesis import given
from hypothesis import strategies as st

from studio.publish.clip import Beat, RenderedClip, one_line
from studio.publish.subtitles import captions_srt, side_files


def clip_with(captions: list[str]) -> RenderedClip:
    clip = RenderedClip.__new__(RenderedClip)
    beats = tuple(
        Beat(i + 1, one_line(text), f"Chapter {i}", i * 6.25, (i + 1) * 6.25) for i, text in enumerate(captions)
    )
    clip.__dict__.update(beats=beats, record={"title": "Title"})
    return clip


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1, max_size=4))
def test_subrip_reads_back_as_it_was(captions: list[str]) -> None:
    kept = [one_line(text) for text in captions if one_line(text)]
    cues = list(srt.parse(captions_srt(clip_with(captions))))
    assert [cue.content for cue in cues] == kept
    assert all(cue.end - cue.start == cues[0].end - cues[0].start for cue in cues)


def test_a_clip_without_captions_has_no_caption_files(clip: RenderedClip) -> None:
    assert {"captions.vtt", "captions.srt"} <= set(side_files(clip))
    silent = clip_with(["", ""])
    silent.__dict__.update(folder=clip.folder, size=(320, 180))
    assert set(side_files(silent)) == {"chapters.vtt", "chapters.srt", "transcript.html"}
