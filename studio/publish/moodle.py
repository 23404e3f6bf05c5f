"""Moodle: a player to upload as one zip, and the files for its own video player."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from studio.publish.clip import Publication
from studio.publish.html import write_player
from studio.publish.pages import page
from studio.publish.snippets import snippet
from studio.publish.target import Target, place_basics, write_text

EPOCH = (1980, 1, 1, 0, 0, 0)


def write(publication: Publication, folder: Path) -> None:
    """Per clip a folder with video, poster and captions, the HTML for an editor, and the player as a zip."""
    for clip in publication.clips:
        home = folder / clip.name
        place_basics(clip, home)
        write_text(home / "editor.html", snippet("moodle.html", clip))
        with tempfile.TemporaryDirectory() as build:
            write_player(clip, Path(build))
            _zip(Path(build), home / f"{clip.name}-player.zip")
    write_text(folder / "README.txt", page("moodle.txt", clips=publication.clips))


def _zip(folder: Path, target: Path) -> None:
    """All files of a folder, with the same bytes each time; nothing in it gets smaller by compressing."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name, EPOCH), path.read_bytes())


TARGET = Target("moodle", "a player to upload, and files for Moodle's own", ("poster_webp",), write)
