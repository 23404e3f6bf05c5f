"""Writes a first lecture file: every parameter is there, explained, and commented out at its default."""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from explainers import own_file
from explainers.model import Explainer, allowed_values
from scenes.stage.look import LookSettings
from studio.files import replace_file
from studio.problems import SelectionError, readable, reason

WIDTH = 110
"""Columns of a comment."""


def write_draft(path: Path, explainers: Sequence[Explainer]) -> None:
    """Write a lecture with a clip of each of these explainers.

    Raises:
        SelectionError: not a .toml file, it exists already, or it cannot be written.
    """
    if path.suffix != ".toml":
        raise SelectionError(f"{path} is not a lecture file: its name must end in .toml.")
    if os.path.lexists(path):
        raise SelectionError(f"{path} exists already.")
    try:
        replace_file(path, draft(path, explainers))
    except OSError as error:
        raise SelectionError(f"cannot write {path}: {reason(error)}.") from None


def draft(path: Path, explainers: Sequence[Explainer]) -> str:
    """The text of the lecture that is to be written to `path`."""
    title, name = readable(path.stem).replace("-", " ").replace("_", " "), readable(path.name)
    parts = [
        f"# A lecture: `render.py render {name}` makes its clips, `render.py check {name}` looks at them.",
        "# Take the # away before what you want to change. A list where one value is asked for makes a clip of each.",
        f"title = {_toml(title[:1].upper() + title[1:])}",
        "",
        "[look]  # of all clips; a clip may have a [clip.look] of its own",
        *_look_lines(),
    ]
    for explainer in explainers:
        parts += ["", *_clip_lines(explainer, path.absolute().parent)]
    return "\n".join(parts) + "\n"


def _look_lines() -> Iterator[str]:
    for name, info in LookSettings.model_fields.items():
        yield from _explained(name, info.description or "", allowed_values(info), info.default)


def _clip_lines(explainer: Explainer, folder: Path) -> Iterator[str]:
    file = own_file(type(explainer))
    yield "[[clip]]"
    about = f"{explainer.title}. {explainer.insight}"
    yield from textwrap.wrap(about, WIDTH, initial_indent="# ", subsequent_indent="# ")
    yield f"explainer = {_toml(Path(os.path.relpath(file, folder)).as_posix() if file else explainer.slug)}"
    yield from _explained("name", "what the clip's folder is called", "letters, digits and - _ . +", explainer.slug)
    settings = explainer.settings()
    for name, parameter in explainer.parameters().items():
        unit = f" [{parameter.unit}]" if parameter.unit else ""
        yield from _explained(name, f"{parameter.description.rstrip('.')}{unit}", parameter.allowed, settings[name])


def _explained(name: str, description: str, allowed: str, value: Any) -> Iterator[str]:
    """A commented line with the value, under what it means; None has no value to show."""
    words = f"{name}: {description} ({allowed})"
    yield from textwrap.wrap(words, WIDTH, initial_indent="#   ", subsequent_indent="#     ")
    if value is not None:
        yield f"# {name} = {_toml(value)}"


def _toml(value: Any) -> str:
    """A plain value as TOML, which reads JSON's numbers, texts, truths and lists as they are."""
    return json.dumps(value, ensure_ascii=False)
