"""A clip of any Manim scene: a class in a Python file, with no explainer behind it."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenes.stage.look import Look
from studio.clip import Clip, differences, digest, distinguished, versions
from studio.engine.inputs import file_digest
from studio.output import Output

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "~/Library/Fonts")
"""Manim's `Text` takes the system's fonts: which there are belongs to the key of a clip."""
LARGEST_SEED = 2**32 - 1
"""NumPy's, which Manim seeds too."""
SETTINGS = ("~/.config/manim/manim.cfg", "~/AppData/Roaming/Manim/manim.cfg", "manim.cfg")
"""Where Manim looks for settings, as it is imported: of the user's on Unix and Windows, and of the present folder."""


@dataclass(frozen=True)
class SceneFileClip:
    """One video to be: the scene `scene` of the file `path`, at the size and rate of `look`.

    `seed` is Manim's: for scenes that draw random numbers. `label` names the clip in a lecture.
    """

    path: Path
    scene: str
    look: Look = field(default_factory=Look)
    output: Output = field(default_factory=Output)
    label: str | None = None
    seed: int | None = None

    @property
    def name(self) -> str:
        """Its label, or the scene's name with a digest of what differs when it is not all default."""
        return self.label or distinguished(self.scene, self.changes())

    @property
    def slug(self) -> str:
        """What its files are called."""
        return self.scene

    @property
    def title(self) -> str:
        """What it is called on pages and in players."""
        return self.scene

    def changes(self) -> dict[str, Any]:
        """Look and output fields, and the seed, that differ from the defaults."""
        changes = {
            "look": differences(self.look.to_json(), Look().to_json()),
            "output": differences(self.output.to_json(), Output().to_json()),
            "seed": self.seed,
        }
        return {key: value for key, value in changes.items() if value not in ({}, None)}

    def to_json(self) -> dict[str, Any]:
        """Plain data that `from_json` reads in another process."""
        return {
            "path": str(self.path.resolve()),
            "scene": self.scene,
            "look": self.look.to_json(),
            "output": self.output.to_json(),
            "label": self.label,
            "seed": self.seed,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SceneFileClip:
        """The clip that `to_json` wrote."""
        read = {"path": Path(data["path"]), "look": Look.from_json(data["look"]), "output": Output(**data["output"])}
        return cls(**{**data, **read})

    def key(self) -> str:
        """Names what was asked for, the versions of what draws it, Manim's settings, and the fonts there are."""
        clip = {**self.to_json(), "label": None}
        settings = [file_digest(os.path.expanduser(path)) for path in SETTINGS]
        return digest({"clip": clip, "versions": versions(), "settings": settings, "fonts": _fonts()})


def _fonts() -> str:
    """Names the fonts of this machine, by path, size and time."""
    state = hashlib.sha256()
    for top in FONT_FOLDERS:
        for folder, folders, files in os.walk(os.path.expanduser(top)):
            folders.sort()
            for file in sorted(files):
                try:
                    stat = os.stat(os.path.join(folder, file))
                except OSError:
                    continue
                state.update(f"{folder}/{file}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return state.hexdigest()


def clip_from_json(data: dict[str, Any]) -> Clip | SceneFileClip:
    """The clip that one of the two kinds' `to_json` wrote."""
    return (SceneFileClip if "scene" in data else Clip).from_json(data)


def scenes_in(path: Path) -> dict[str, type]:
    """The scenes that a Python file defines, by name, in their order. Runs the file.

    Raises:
        Exception: whatever the file raises.
    """
    from manim import Scene

    for folder in (path.parent, Path.cwd()):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Scene) and value.__module__ == module.__name__
    }
