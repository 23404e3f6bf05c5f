"""From what a user typed to clips: slugs, files, lectures, `name=value` settings, seed and look, each checked."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from explainers import ExplainerFileError, UnknownExplainerError, all_explainers, find
from explainers.catalogue import nearest
from explainers.model import Explainer, InvalidParameterError
from scenes.stage.look import Look
from studio.clip import Clip
from studio.lecture.reading import Lecture, read_lecture
from studio.lecture.scene_name import scene_in, scene_names
from studio.problems import SelectionError, reason
from studio.scene_file import LARGEST_SEED, SceneFileClip

AnyClip = Clip | SceneFileClip
SCENE = ".py:"
"""What marks an argument as a scene in a file: FILE.py:NAME."""


def parse_settings(settings: Iterable[str]) -> dict[str, Any]:
    """`name=value` pairs as a dictionary; a value is JSON where it parses as JSON, else text."""
    values: dict[str, Any] = {}
    for setting in settings:
        name, separator, text = setting.partition("=")
        name = name.strip().replace("-", "_")
        if not separator or not name:
            raise SelectionError(f"--set {setting!r} is not of the form name=value.")
        if name in values:
            raise SelectionError(f"--set gives {name} twice.")
        try:
            values[name] = json.loads(text)
        except (ValueError, RecursionError):  # not JSON, or lists in lists without end
            values[name] = text
    return values


def configure(name: str, parameters: Mapping[str, Any] | None = None) -> Explainer:
    """The explainer with this slug, or in this file, with these parameters.

    Raises:
        SelectionError: unknown slug, file or parameter, or a value that is not allowed.
    """
    try:
        return find(name).configured(parameters or {})
    except (UnknownExplainerError, ExplainerFileError, InvalidParameterError) as error:
        raise SelectionError(str(error)) from None


def select(
    names: Sequence[str],
    *,
    everything: bool = False,
    parameters: Mapping[str, Any] | None = None,
    seed: int | None = None,
    wishes: Mapping[str, Any] | None = None,
) -> list[AnyClip]:
    """The clips a user asked for.

    Args:
        names: slugs, explainer files (FILE.py), scenes (FILE.py:NAME, or FILE.py for all in it); or a lecture
            (FILE.toml), and after it the names of the clips that are wanted of it, all by default.
        everything: the whole suite instead.
        parameters: of the explainers.
        seed: for the explainers that have one, and for scenes.
        wishes: parts of the look, as `Look.wished` takes them.

    Raises:
        SelectionError: as `configure` and `read_lecture`; or the arguments do not go together.
    """
    if everything and names:
        raise SelectionError("give slugs or --all, not both.")
    if not everything and not names:
        raise SelectionError("name at least one explainer, or --all; `list` shows them.")
    if lecture_in(names):
        if parameters or seed is not None:
            raise SelectionError(f"parameters and seed of a lecture's clips are set in {names[0]} itself.")
        return _of_lecture(read_lecture(Path(names[0]), wishes), names[1:])
    look = Look().wished(wishes or {})
    names = [scene for name in names for scene in with_scenes(name)]
    scenes = {name: SceneFileClip(*scene_in(name, Path()), look, seed=seed) for name in names if SCENE in name}
    if scenes and parameters:
        raise SelectionError(f"{next(iter(scenes))} is a scene, and has no parameters.")
    if scenes and seed is not None and not 0 <= seed <= LARGEST_SEED:
        raise SelectionError(f"--seed {seed} is not possible; allowed for a scene is 0 to {LARGEST_SEED}.")
    slugs = list(all_explainers()) if everything else [name for name in names if name not in scenes]
    explainers = _configured(slugs, parameters or {}, seed, required=not scenes)
    clips = {**scenes, **{slug: Clip(explainer, look) for slug, explainer in zip(slugs, explainers, strict=True)}}
    for clip in clips.values():
        if isinstance(clip, Clip) and (sentence := clip.untranslated()):
            raise SelectionError(sentence)
    return [clips[name] for name in dict.fromkeys(names or slugs)]


def with_scenes(name: str) -> list[str]:
    """A file of scenes as FILE.py:NAME for each; anything else as it is."""
    if not name.endswith(".py"):
        return [name]
    return [f"{name}:{scene}" for scene in scene_names(Path(name))] or [name]


def lecture_in(names: Sequence[str]) -> Path | None:
    """The lecture file that a command was given, None for explainers and scenes.

    Raises:
        SelectionError: when it does not come first.
    """
    lectures = [name for name in names if name.endswith(".toml")]
    if lectures and lectures[0] != names[0]:
        raise SelectionError(f"{lectures[0]} is a lecture: it comes first, and after it only names of its clips.")
    return Path(lectures[0]) if lectures else None


def _configured(
    slugs: Sequence[str], parameters: Mapping[str, Any], seed: int | None, *, required: bool
) -> list[Explainer]:
    """These explainers with parameters, and with the seed where they have one; `required`: one of them must."""
    seeded = [slug for slug in slugs if "seed" in type(configure(slug)).model_fields]
    if seed is not None and required and not seeded:
        raise SelectionError(f"--seed has no effect: {', '.join(slugs)} has no seed.")
    extra = {} if seed is None else {"seed": seed}
    return [configure(slug, {**parameters, **(extra if slug in seeded else {})}) for slug in slugs]


def _of_lecture(lecture: Lecture, wanted: Sequence[str]) -> list[AnyClip]:
    """A lecture's clips, or those of the wanted names."""
    by_name = {clip.name: clip for clip in lecture.clips}
    for name in wanted:
        if name not in by_name:
            raise SelectionError(f"{lecture.path} has no clip {name!r}; {nearest(name, by_name)}")
    return [by_name[name] for name in dict.fromkeys(wanted)] or lecture.clips


def writable_folder(path: Path) -> Path:
    """`path` as an absolute folder that can be written to, made if missing.

    Raises:
        SelectionError: says what stands in the way.
    """
    path = path.absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise SelectionError(f"cannot write to {path}: {reason(error)}.") from None
    return path


def cores() -> int:
    """Processor cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no affinity
        return os.cpu_count() or 1


def bytes_in(size: str) -> int:
    """A size such as 500M or 2G in bytes.

    Raises:
        SelectionError: when it is not of that form.
    """
    number, unit = (size[:-1], size[-1].upper()) if size[-1:].isalpha() else (size, "")
    try:
        return int(float(number) * {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}[unit])
    except (ValueError, KeyError, OverflowError):
        raise SelectionError(f"{size!r} is not a size such as 500M, 2G or 0.") from None
