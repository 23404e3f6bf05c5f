"""What a target is: a name, what it needs of each clip, and a function that writes its folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.publish.clip import Publication, RenderedClip
from studio.publish.media import Media
from studio.publish.pages import asset, page
from studio.publish.subtitles import side_files


@dataclass(frozen=True)
class Target:
    """One place where a lecture happens.

    Args:
        name: what `--for` calls it, and the folder it is written into.
        says: what it gives, for the help text.
        needs: the derived files it uses, as properties of `Media`; they are made beforehand, several at once.
        write: fills an empty folder.
    """

    name: str
    says: str
    needs: tuple[str, ...]
    write: Callable[[Publication, Path], None]


def write_text(path: Path, text: str) -> None:
    """Write a text file with the same bytes on every system, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def place(source: Path, target: Path) -> None:
    """Copy a file, making the folder it goes to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def place_basics(clip: RenderedClip, folder: Path) -> None:
    """The files that most targets need: video, poster in both forms, captions and chapters as WebVTT."""
    place(clip.video, folder / clip.video.name)
    place_posters(clip, folder)
    for name, content in side_files(clip).items():
        if name.endswith(".vtt"):
            write_text(folder / name, content)


def place_posters(clip: RenderedClip, folder: Path) -> None:
    """The poster as PNG, for programs, and as WebP, for pages."""
    media = Media(clip)
    place(media.poster_png, folder / "poster.png")
    place(media.poster_webp, folder / "poster.webp")


def write_assets(folder: Path, names: tuple[str, ...]) -> None:
    """Scripts and style sheets, with the colours of the themes."""
    for name in names:
        write_text(folder / name, asset(name))
    write_text(folder / "theme.css", page("theme.css"))
