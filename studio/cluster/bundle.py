"""The user's own files, packed for a journey to a machine that has none of them.

Files keep their places relative to each other, below a root, so what a scene finds beside itself or from the folder
the command was given in, it finds there too. Outlines of text travel as well: a worker needs neither the fonts nor
the TeX of this machine, and sets the same shapes.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from studio.clip import PROJECT
from studio.cluster.versions import SOURCES
from studio.scene_file import SETTINGS

MANIFEST = "manifest.json"
OUR_OWN = tuple(str(PROJECT / package) + os.sep for package in SOURCES)
MARK = "project:"
"""Begins the name of a file of this project, which may lie in another folder on a worker."""


class ChangedFileError(RuntimeError):
    """A file changed while the clip was planned."""


def pack(inputs: Mapping[str, str], links: Mapping[str, str], media: Path) -> bytes:
    """A bundle of those inputs that are not this project's code.

    Args:
        inputs: SHA-256 by real path.
        links: real paths by other names.
        media: Manim's folder, with the outlines of text that this process has set.

    Raises:
        ChangedFileError: a file is no longer what was read.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        manifest = {"folder": os.getcwd(), "home": os.path.expanduser("~")}
        archive.writestr(MANIFEST, json.dumps(manifest))
        own = {path: digest for path, digest in inputs.items() if not path.startswith(OUR_OWN)}
        for path, digest in own.items():
            content = Path(path).read_bytes()
            if hashlib.sha256(content).hexdigest() != digest:
                raise ChangedFileError(f"{path} changed while the clip was planned; run the same command again")
            for name in (path, *(link for link, target in links.items() if target == path)):
                archive.writestr(_below(name), content)
        # Manim reads its settings while it is imported, before anybody listens to what is opened.
        for path in {os.path.abspath(os.path.expanduser(setting)) for setting in SETTINGS} - own.keys():
            if os.path.isfile(path):
                archive.write(path, _below(path))
        for outline in sorted(media.rglob("*.svg")):
            place = outline.relative_to(media)
            if place.parts[0] != "svg":  # our private copies of the user's pictures
                archive.write(outline, f"outlines/{place.as_posix()}")
    return packed.getvalue()


def _below(path: str) -> str:
    """Where a file lies in a bundle."""
    pure = PurePath(path)
    return "root/" + "/".join([pure.drive.rstrip(":"), *pure.parts[1:]] if pure.drive else pure.parts[1:])


@dataclass(frozen=True)
class Bundle:
    """An unpacked bundle.

    Attributes:
        place: where it was unpacked.
        folder, home: what stands for the folder of the command, and for the user's home.
    """

    place: Path
    folder: Path
    home: Path

    @classmethod
    def unpack(cls, packed: bytes, place: Path) -> Bundle:
        """Unpack into a folder of its own."""
        place = place.resolve()
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(place)
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        made = cls(place, place / _below(manifest["folder"]), place / _below(manifest["home"]))
        for folder in (made.folder, made.home, made.outlines):
            folder.mkdir(parents=True, exist_ok=True)
        return made

    @property
    def outlines(self) -> Path:
        """Outlines of text, as they lay in Manim's folder."""
        return self.place / "outlines"

    def moved(self, data: Any) -> Any:
        """JSON data in which every path of a file or folder of the bundle points to it here."""
        if isinstance(data, dict):
            return {key: self.moved(value) for key, value in data.items()}
        if isinstance(data, list):
            return [self.moved(value) for value in data]
        if isinstance(data, str) and PurePath(data).is_absolute() and (here := self.place / _below(data)).exists():
            return str(here)
        return data


def named(inputs: Mapping[str, str], root: Path | None = None) -> dict[str, str]:
    """Inputs by names that mean the same on every machine: as on the user's, and this project's relative to it."""
    names = {}
    for path, digest in inputs.items():
        if path.startswith(OUR_OWN):
            names[MARK + Path(path).relative_to(PROJECT).as_posix()] = digest
        elif root is None:
            names[_below(path)] = digest
        elif Path(path).is_relative_to(root):
            names[Path(path).relative_to(root).as_posix()] = digest
    return names
