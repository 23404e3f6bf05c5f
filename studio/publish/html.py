"""The player: one folder per clip, for an iframe or a double click."""

from __future__ import annotations

from pathlib import Path

from studio.publish.clip import Publication, RenderedClip
from studio.publish.media import Media
from studio.publish.pages import page
from studio.publish.snippets import snippet, source
from studio.publish.target import Target, place, write_assets, write_text

ASSETS = ("theme.js", "beats.js", "player.js", "player.css", "icon.svg")


def write(publication: Publication, folder: Path) -> None:
    """A folder per clip that needs nothing from outside it, and a page with the codes to embed them."""
    for clip in publication.clips:
        write_player(clip, folder / clip.name)
    write_assets(folder, ("plain.css",))
    codes = [(clip, snippet("iframe.html", clip, player=f"{clip.name}/index.html")) for clip in publication.clips]
    write_text(folder / "index.html", page("players.html", title=publication.title, codes=codes))


def write_player(clip: RenderedClip, folder: Path) -> None:
    """The player of one clip with all its files."""
    place(clip.video, folder / clip.video.name)
    place(Media(clip).poster_webp, folder / "poster.webp")
    write_assets(folder, ASSETS)
    context = {"clip": clip, "media": ".", "assets": ".", "sources": [source(clip.video.name)]}
    write_text(folder / "index.html", page("player.html", **context))


TARGET = Target("html", "a player per clip, for an iframe or a double click", ("poster_webp",), write)
