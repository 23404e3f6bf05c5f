"""A clip: an explainer with parameters and a look, and the folder it is rendered into.

Nothing here imports Manim, so that asking whether a clip is fresh costs milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from explainers import find
from explainers.model import Explainer
from scenes.stage.look import Look

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("manim", "numpy", "typst", "av", "pycairo", "contourpy", "pydantic")
"""Packages whose version can change a frame."""
SHARED_SOURCES = (
    "explainers/*.py",
    "explainers/*.json",
    "scenes/stage/*.py",
    "scenes/pictures/*.py",
    "studio/*.py",
)


@dataclass(frozen=True)
class Clip:
    """One video to be: `explainer` (configured) seen with `look`."""

    explainer: Explainer
    look: Look = field(default_factory=Look)

    @property
    def name(self) -> str:
        """The slug; with a digest of what differs when parameters or look are not the defaults."""
        changes = self.changes()
        return f"{self.explainer.slug}-{digest(changes)[:8]}" if changes else self.explainer.slug

    def changes(self) -> dict[str, Any]:
        """Parameters and look fields that differ from the defaults."""
        default = Look().to_json()
        look = {key: value for key, value in self.look.to_json().items() if value != default[key]}
        changes = {"parameters": self.explainer.changed_settings(), "look": look}
        return {key: value for key, value in changes.items() if value}

    @property
    def scene_module(self) -> str:
        """The module of its scene: same path as the explainer's, under `scenes`."""
        return "scenes." + type(self.explainer).__module__.removeprefix("explainers.")

    def to_json(self) -> dict[str, Any]:
        """Plain data that `from_json` reads in another process."""
        return {
            "explainer": self.explainer.slug,
            "parameters": self.explainer.settings(),
            "look": self.look.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Clip:
        """The clip that `to_json` wrote."""
        explainer = find(data["explainer"]).configured(data["parameters"])
        return cls(explainer, Look.from_json(data["look"]))

    def key(self) -> str:
        """Names everything that can change a frame: parameters, look, sources and versions."""
        modules = (type(self.explainer).__module__, self.scene_module)
        # A module may have helpers beside it: attention.py, attention_captions.py.
        own = [module.replace(".", "/") + end for module in modules for end in (".py", "_*.py")]
        return digest({"clip": self.to_json(), "versions": versions(), "sources": _sources(tuple(own))})


def digest(data: Any) -> str:
    """SHA-256 of JSON-ready data, independent of key order."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def versions() -> dict[str, str]:
    """Versions of Python and of the packages that draw."""
    return {"python": ".".join(map(str, sys.version_info[:3])), **{name: version(name) for name in PACKAGES}}


@cache
def _sources(own: tuple[str, ...]) -> str:
    """One hash over the shared sources and a clip's own modules."""
    files = sorted({file for pattern in (*SHARED_SOURCES, *own) for file in PROJECT.glob(pattern)})
    state = hashlib.sha256()
    for file in files:
        state.update(file.relative_to(PROJECT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return state.hexdigest()
