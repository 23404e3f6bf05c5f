"""What a page asks to see, and the clip that is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from explainers import find
from explainers.model import problems
from scenes.stage.look import LookSettings
from scenes.stage.theme import THEMES
from studio.clip import Clip
from studio.lecture.reading import read_lecture
from studio.lecture.scene_name import scene_in
from studio.problems import SelectionError
from studio.scene_file import SceneFileClip

AnyClip = Clip | SceneFileClip
LOOK_FIELDS = ("theme", "aspect", "captions", "language")
"""What of the look can be changed on the page."""


class WishError(ValueError):
    """A wish that cannot be met; `problems` are pairs of what it is about ("" for no one thing) and a sentence."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(problems[0][1])
        self.problems = problems


@dataclass(frozen=True)
class Wish:
    """A page's wish.

    Args:
        source: what was given on the command line: a slug, FILE.py, FILE.py:SCENE, or LECTURE.toml.
        clip: which of a lecture's clips.
        parameters: of the explainer, by name; the others stay as they are.
        look: of `LOOK_FIELDS`, what differs from the clip's own.
        beat, offset: what is on the screen: the number of the beat, and seconds from its start.
    """

    source: str
    clip: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    look: Mapping[str, str] = field(default_factory=dict)
    beat: int = 1
    offset: float = 0.0


def base_of(wish: Wish) -> AnyClip:
    """The clip as it is without what the page has changed.

    Raises:
        SelectionError, ExplainerFileError, UnknownExplainerError: there is none.
    """
    if wish.clip is not None:
        for clip in read_lecture(Path(wish.source)).clips:
            if clip.name == wish.clip:
                return clip
        raise SelectionError(f"{wish.source} has no clip {wish.clip!r} any more.")
    if ".py:" in wish.source:
        return SceneFileClip(*scene_in(wish.source, Path()))
    return Clip(find(wish.source)())


def clip_of(wish: Wish, base: AnyClip) -> AnyClip:
    """The clip that is asked for.

    Raises:
        WishError: every value that is not possible, in the words of its declaration.
    """
    found: list[tuple[str, str]] = []
    if isinstance(base, Clip):
        model, values = type(base.explainer), {**base.explainer.settings(), **wish.parameters}
        found += [(each.name or "", each.message) for each in problems(model, values, f"{base.slug} has no parameter")]
    elif wish.parameters:
        found.append(("", f"{base.slug} is a scene, and has no parameters."))
    wishes: dict[str, Any] = {}
    try:
        wishes = _look(wish.look)
    except WishError as error:
        found += error.problems
    if found:
        raise WishError(found)
    look = base.look.wished(wishes)
    if not isinstance(base, Clip):
        return replace(base, look=look)
    clip = replace(base, explainer=base.explainer.configured(values), look=look)
    if sentence := clip.untranslated():
        raise WishError([("language", sentence)])
    return clip


def _look(wished: Mapping[str, str]) -> dict[str, Any]:
    """Checked parts of the look. A theme file is named on the command line or in a lecture, never by a page."""
    for name in wished:
        if name not in LOOK_FIELDS:
            raise WishError([(name, f"the page cannot change {name!r}; it can {', '.join(LOOK_FIELDS)}.")])
    if wished.get("theme", "dark") not in THEMES:
        raise WishError([("theme", f"{wished['theme']!r} is not possible; allowed is {' or '.join(THEMES)}.")])
    try:
        return LookSettings(**wished).said()
    except ValidationError as error:
        raise WishError([(str(e["loc"][0]), e["msg"]) for e in error.errors()]) from None
