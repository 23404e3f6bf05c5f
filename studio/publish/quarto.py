"""Quarto: a deck and a page whose raw blocks play in HTML; other formats get the posters."""

from __future__ import annotations

from pathlib import Path

from studio.publish.clip import Publication
from studio.publish.pages import page
from studio.publish.snippets import snippet
from studio.publish.target import Target, place_basics, write_text


def write(publication: Publication, folder: Path) -> None:
    """`slides.qmd` for revealjs, `page.qmd` for HTML and PDF, and the files they show."""
    blocks = []
    for clip in publication.clips:
        place_basics(clip, folder / "media" / clip.name)
        blocks.append((clip, snippet("quarto.md", clip, f"media/{clip.name}/")))
    for name in ("slides", "page"):
        write_text(folder / f"{name}.qmd", page(f"quarto_{name}.qmd", title=publication.title, blocks=blocks))


TARGET = Target("quarto", "a Quarto deck and page, and their blocks to paste", ("poster_webp",), write)
