"""LaTeX Beamer: frames that play a clip (`multimedia`), or leaf through its key beat inside the PDF (`animate`)."""

from __future__ import annotations

from pathlib import Path

from studio.publish.clip import Publication
from studio.publish.media import PREVIEW_FPS, Media
from studio.publish.pages import page
from studio.publish.snippets import snippet
from studio.publish.target import Target, place, place_basics, write_text


def write(publication: Publication, folder: Path) -> None:
    """`movies.tex` needs the videos beside the PDF; `animated.tex` carries its frames, for Acrobat and Okular."""
    blocks, animations = [], []
    for clip in publication.clips:
        home = folder / "media" / clip.name
        place_basics(clip, home)
        frames = Media(clip).flip_book
        for frame in frames:
            place(frame, home / "frames" / frame.name)
        blocks.append((clip, snippet("beamer.tex", clip, f"media/{clip.name}/")))
        animations.append((clip, len(frames)))
    write_text(folder / "movies.tex", page("beamer_movies.tex", title=publication.title, blocks=blocks))
    animated = page("beamer_animated.tex", title=publication.title, animations=animations, fps=PREVIEW_FPS)
    write_text(folder / "animated.tex", animated)


NEEDS = ("poster_webp", "flip_book")
TARGET = Target("beamer", "LaTeX Beamer frames with movies, or with frames inside the PDF", NEEDS, write)
