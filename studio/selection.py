"""From what a user typed to clips: slugs, `name=value` settings, seed and look, each checked."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from explainers import UnknownExplainerError, all_explainers, find
from explainers.model import Explainer, InvalidParameterError
from scenes.stage.look import Look
from studio.clip import Clip


class SelectionError(ValueError):
    """Something a user typed cannot be done. The message is one sentence: what, where, what is allowed."""


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
        except ValueError:
            values[name] = text
    return values


def configure(slug: str, settings: Sequence[str]) -> Explainer:
    """The explainer `slug` with these settings.

    Raises:
        SelectionError: unknown slug or parameter, or a value that is not allowed.
    """
    try:
        return find(slug).configured(parse_settings(settings))
    except (UnknownExplainerError, InvalidParameterError) as error:
        raise SelectionError(str(error)) from None


def select(
    slugs: Sequence[str], *, everything: bool, settings: Sequence[str], seed: int | None, look: Look
) -> list[Clip]:
    """The clips a user asked for.

    Raises:
        SelectionError: as `configure`, or nothing or both of slugs and `everything` given.
    """
    if everything and slugs:
        raise SelectionError("give slugs or --all, not both.")
    if not everything and not slugs:
        raise SelectionError("name at least one explainer, or --all; `list` shows them.")
    chosen = list(dict.fromkeys(slugs)) or list(all_explainers())
    for slug in chosen:
        configure(slug, [])
    seeded = [slug for slug in chosen if "seed" in find(slug).model_fields]
    if seed is not None and not seeded:
        raise SelectionError(f"--seed has no effect: {', '.join(chosen)} has no seed.")
    extra = [] if seed is None else [f"seed={seed}"]
    return [Clip(configure(slug, [*settings, *(extra if slug in seeded else [])]), look) for slug in chosen]


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
        reason = error.strerror or type(error).__name__
        raise SelectionError(f"cannot write to {path}: {reason[0].lower()}{reason[1:]}.") from None
    return path


def cores() -> int:
    """Processor cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no affinity
        return os.cpu_count() or 1
