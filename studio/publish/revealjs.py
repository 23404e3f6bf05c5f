"""reveal.js: sections to paste into a deck, and a deck of them that opens with reveal.js beside it."""

from __future__ import annotations

from pathlib import Path

from studio.publish.clip import Publication
from studio.publish.media import Media
from studio.publish.pages import page
from studio.publish.snippets import snippet, source
from studio.publish.target import Target, place, place_basics, write_text


def write(publication: Publication, folder: Path) -> None:
    """`clips.html` has a slide per clip, `beats.html` one per beat; `sections.html` is what to paste."""
    shelves = {clip.name: f"media/{clip.name}/" for clip in publication.clips}
    for clip in publication.clips:
        home = folder / shelves[clip.name]
        place_basics(clip, home)
        media = Media(clip)
        for video, poster in zip(media.beat_clips, media.openings, strict=True):
            place(video, home / "beats" / video.name)
            place(poster, home / "beats" / poster.name)
    clips = "".join(snippet("revealjs.html", clip, shelves[clip.name]) for clip in publication.clips)
    beats = page("snippets/revealjs_beats.html", clips=publication.clips, shelves=shelves, source=source)
    write_text(folder / "sections.html", clips)
    write_text(folder / "clips.html", page("revealjs.html", title=publication.title, sections=clips))
    write_text(folder / "beats.html", page("revealjs.html", title=publication.title, sections=beats))
    write_text(folder / "deck.js", page("revealjs.js"))


TARGET = Target(
    "revealjs", "a reveal.js deck, and its sections to paste", ("poster_webp", "beat_clips", "openings"), write
)
