"""A clip: an explainer with parameters and a look, and the folder it is rendered into.

Nothing here imports Manim, so that asking whether a clip is fresh costs milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import sys
import sysconfig
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from explainers import find, own_file
from explainers.model import Explainer
from scenes.stage.language import languages_of, translated
from scenes.stage.look import Look
from studio.output import Output

PROJECT = Path(__file__).resolve().parent.parent
_INSTALLED = Path(sysconfig.get_path("purelib")).resolve() == PROJECT
MEDIA = (Path.cwd() if _INSTALLED else PROJECT) / "media"
"""Where clips go unless one says otherwise: into the project's folder; with an installed wheel, where one stands."""
CACHE = PROJECT / ".cache" / "slices"
"""Coded slices of all clips; text outlines lie beside them."""
PACKAGES = ("manim", "numpy", "typst", "av", "pycairo", "contourpy", "pydantic", "babel")
"""Packages whose version can change a frame."""


@dataclass(frozen=True)
class Clip:
    """One video to be: `explainer` (configured) seen with `look`, written as `output`.

    `label` names it where someone gave it a name of their own, as in a lecture.
    """

    explainer: Explainer
    look: Look = field(default_factory=Look)
    output: Output = field(default_factory=Output)
    label: str | None = None

    @property
    def name(self) -> str:
        """Its label, or the slug with a digest of what differs when it is not all default."""
        return self.label or distinguished(self.slug, self.changes())

    @property
    def slug(self) -> str:
        """What its files are called."""
        return self.explainer.slug

    @property
    def title(self) -> str:
        """What it is called on pages and in players."""
        return self.translated(self.explainer.title)

    @property
    def insight(self) -> str:
        """The one thing to understand, in one sentence."""
        return self.translated(self.explainer.insight)

    def translated(self, message: str) -> str:
        """One of its messages in its language."""
        return translated(message, self.look.language, self.slug)

    def untranslated(self) -> str | None:
        """A sentence that says so if the clip does not speak its look's language; one's own speaks as it is written."""
        known = languages_of(self.slug)
        if own_file(type(self.explainer)) or self.look.language in known:
            return None
        return f"{self.slug} is not translated into {self.look.language}; it can be had in {', '.join(known)}."

    def changes(self) -> dict[str, Any]:
        """Parameters, look and output fields that differ from the defaults."""
        changes = {
            "parameters": self.explainer.changed_settings(),
            "look": differences(self.look.to_json(), Look().to_json()),
            "output": differences(self.output.to_json(), Output().to_json()),
        }
        return {key: value for key, value in changes.items() if value}

    @property
    def scene_module(self) -> str:
        """The module of its scene: same path as the explainer's, under `scenes`; beside it for someone's own."""
        if own_file(type(self.explainer)):
            return f"{type(self.explainer).__module__}_scene"
        return "scenes." + type(self.explainer).__module__.removeprefix("explainers.")

    def to_json(self) -> dict[str, Any]:
        """Plain data that `from_json` reads in another process."""
        file = own_file(type(self.explainer))
        return {
            "explainer": str(file) if file else self.slug,
            "parameters": self.explainer.settings(),
            "look": self.look.to_json(),
            "output": self.output.to_json(),
            "label": self.label,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Clip:
        """The clip that `to_json` wrote."""
        explainer = find(data["explainer"]).configured(data["parameters"])
        return cls(explainer, Look.from_json(data["look"]), Output(**data["output"]), data["label"])

    def key(self) -> str:
        """Names what was asked for, and the versions of what draws it; the sources are told by `Inputs`."""
        # What a lecture calls the clip is not part of the picture. Where a file of someone's own lies is: there may be
        # another one of that name elsewhere.
        clip = {**self.to_json(), "label": None}
        return digest({"clip": clip, "versions": versions()})


def differences(given: dict[str, Any], default: dict[str, Any]) -> dict[str, Any]:
    """The entries of `given` that are not those of `default`."""
    return {key: value for key, value in given.items() if value != default[key]}


def distinguished(name: str, changes: dict[str, Any]) -> str:
    """`name` as it is for a clip with all defaults, else with a digest of the changes."""
    return f"{name}-{digest(changes)[:8]}" if changes else name


def digest(data: Any) -> str:
    """SHA-256 of JSON-ready data, independent of key order."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def versions() -> dict[str, str]:
    """Versions of Python and of the packages that draw."""
    return {"python": ".".join(map(str, sys.version_info[:3])), **{name: version(name) for name in PACKAGES}}
