"""Captions, chapters and the transcript in the forms that players and editors read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import srt

from studio.captions import captions_vtt, chapters_vtt
from studio.publish.clip import Beat, RenderedClip
from studio.publish.pages import page


def _srt(clip: RenderedClip, text: Callable[[Beat], str]) -> str:
    cues = [
        srt.Subtitle(beat.index, timedelta(seconds=beat.start), timedelta(seconds=beat.end), text(beat))
        for beat in clip.beats
        if text(beat)
    ]
    return srt.compose(cues)


def captions_srt(clip: RenderedClip) -> str:
    """The captions as SubRip, which video editors and PowerPoint's caption import read."""
    return _srt(clip, lambda beat: beat.caption)


def chapters_srt(clip: RenderedClip) -> str:
    """The chapters as SubRip."""
    return _srt(clip, lambda beat: beat.chapter)


def side_files(clip: RenderedClip) -> dict[str, str]:
    """Name → content of the text files beside a published video. A clip without captions has no caption files."""
    files = {"chapters.vtt": chapters_vtt(clip.beats), "chapters.srt": chapters_srt(clip)}
    if any(beat.caption for beat in clip.beats):
        files |= {"captions.vtt": captions_vtt(clip.beats), "captions.srt": captions_srt(clip)}
    return files | {"transcript.html": page("transcript.html", clip=clip)}
