"""Captions and chapters as WebVTT, one cue per beat."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Protocol


class Cue(Protocol):
    """What a cue needs of a beat."""

    caption: str
    chapter: str
    start: float
    end: float


def timestamp(seconds: float) -> str:
    """WebVTT time: hh:mm:ss.mmm."""
    total = round(seconds * 1000)
    hours, rest = divmod(total, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _vtt(cues: Iterable[tuple[float, float, str]]) -> str:
    blocks = [
        f"{index}\n{timestamp(start)} --> {timestamp(end)}\n{html.escape(text, quote=False)}\n"
        for index, (start, end, text) in enumerate(cues, 1)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def captions_vtt(beats: Iterable[Cue]) -> str:
    """The captions as a WebVTT file."""
    return _vtt((beat.start, beat.end, beat.caption) for beat in beats)


def chapters_vtt(beats: Iterable[Cue]) -> str:
    """The chapters as a WebVTT file."""
    return _vtt((beat.start, beat.end, beat.chapter) for beat in beats)
