"""The whole lecture as slides with a stop at each beat: in the browser, as .pptx, and for manim-slides."""

from __future__ import annotations

import json
from pathlib import Path

from studio.publish import powerpoint
from studio.publish.clip import Publication
from studio.publish.media import Media
from studio.publish.pages import clock, page
from studio.publish.snippets import source
from studio.publish.target import Target, place, write_assets, write_text

ASSETS = ("theme.js", "beats.js", "deck.js", "notes.js", "deck.css", "icon.svg")


def write(publication: Publication, folder: Path) -> None:
    """`index.html` for the browser, `lecture.pptx`, and the folder `manim-slides`."""
    write_browser_deck(publication, folder)
    write_powerpoint(publication, folder / "lecture.pptx")
    write_manim_slides(publication, folder / "manim-slides")


def write_browser_deck(publication: Publication, folder: Path) -> None:
    """A deck that opens with a double click; `notes.html` is its speaker's view."""
    for clip in publication.clips:
        home = folder / "media" / clip.name
        place(clip.video, home / clip.video.name)
        place(Media(clip).poster_webp, home / "poster.webp")
        for still in Media(clip).stills:
            place(still, home / "stills" / still.name)
    write_assets(folder / "assets", ASSETS)
    context = {"publication": publication, "length": _length(publication), "source": source}
    write_text(folder / "index.html", page("deck.html", **context))
    write_text(folder / "notes.html", page("notes.html", **context))


def write_powerpoint(publication: Publication, path: Path) -> None:
    """A title, then a slide per beat with its caption as the notes."""
    deck = powerpoint.new_deck(publication)
    powerpoint.add_title(deck, publication.title, _length(publication), publication.clips[0].theme)
    powerpoint.add_beats(deck, publication)
    powerpoint.save(deck, path)


def write_manim_slides(publication: Publication, folder: Path) -> None:
    """What `manim-slides present Lecture` and `manim-slides convert Lecture` read when run in `folder`."""
    slides = []
    for clip in publication.clips:
        media = Media(clip)
        for beat, forth, back in zip(clip.beats, media.beat_clips, media.reversed_beat_clips, strict=True):
            # Converting copies the files into one folder, by their last name.
            names = [f"files/{clip.name}-{beat.index:02d}{end}{forth.suffix}" for end in ("", "_reversed")]
            for path, name in zip((forth, back), names, strict=True):
                place(path, folder / name)
            slides.append({"file": names[0], "rev_file": names[1], "notes": beat.caption})
    first = publication.clips[0]
    lecture = {
        "slides": slides,
        "resolution": list(first.size),
        "background_color": first.theme.background,
    }
    write_text(folder / "slides" / "Lecture.json", json.dumps(lecture, indent=2, ensure_ascii=False) + "\n")


def _length(publication: Publication) -> str:
    count = len(publication.clips)
    seconds = sum(clip.duration for clip in publication.clips)
    return f"{count} {'clip' if count == 1 else 'clips'}, {clock(seconds)}"


NEEDS = ("poster_webp", "stills", "beat_clips", "openings", "reversed_beat_clips")
TARGET = Target("slides", "the lecture as one deck: browser, .pptx and manim-slides", NEEDS, write)
