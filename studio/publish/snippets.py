"""What one pastes to show a clip somewhere; the same words in the files we write and on the gallery's pages."""

from __future__ import annotations

from dataclasses import dataclass

from studio.publish.clip import RenderedClip
from studio.publish.pages import page

TYPES = {".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime"}


@dataclass(frozen=True)
class Source:
    """A video as a page names it."""

    name: str
    type: str


def source(name: str) -> Source:
    """The video file `name` with its media type."""
    return Source(name, TYPES["." + name.rpartition(".")[2]])


def snippet(form: str, clip: RenderedClip, at: str = "", **extra: str) -> str:
    """The snippet `form` (a template's name, as `video.html`) for a clip whose files lie at `at`: "" or "folder/"."""
    return page(
        f"snippets/{form}",
        clip=clip,
        at=at,
        video=source(clip.video.name),
        has_captions=any(beat.caption for beat in clip.beats),
        **extra,
    )
