"""Theme files: someone's own colours by role, on top of the dark or the light theme, and a logo.

Colours that cannot be read on the background, or that merge for some viewers, are refused.
"""

from __future__ import annotations

import base64
import errno
import io
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from explainers.catalogue import nearest
from explainers.model import in_short
from scenes.stage.theme import ROLES, THEMES, Logo, Theme, problems
from studio.files import read_file
from studio.lecture.toml_file import Place, TomlFile
from studio.problems import FileProblem, FileProblemsError, SelectionError, reason

LARGEST_LOGO = 256 * 1024
"""Bytes. A logo is kept with each clip, and at its size on screen no more than this can be seen."""
CORNERS = ("top left", "top right")


def theme_of(wish: str, folder: Path) -> str | Theme:
    """What `wish` names: a theme of the house, or the theme in a file, relative to `folder`.

    Raises:
        SelectionError: neither of them.
        FileProblemsError: all that is wrong in the file.
    """
    if wish in THEMES:
        return wish
    if not wish.endswith(".toml"):
        hint = nearest(wish, THEMES)
        raise SelectionError(f"there is no theme {wish!r}; {hint} A theme file ends in .toml.")
    path = folder / wish
    if not os.path.isfile(path):
        raise SelectionError(f"there is no theme file {path}.")
    return read_theme(path)


def read_theme(path: Path) -> Theme:
    """The theme in a file.

    Raises:
        SelectionError: when the file cannot be read.
        FileProblemsError: all that is wrong in it.
    """
    file = TomlFile(path)
    found = list(_form_problems(file))
    if found:
        raise FileProblemsError(found)
    colors = {role: _plain(color) for role, color in file.data.get("colors", {}).items()}
    theme = replace(THEMES[file.data.get("base", "dark")], name=path.stem, **colors)
    if "logo" in file.data:
        theme = replace(theme, logo=_logo(file))
    weak = problems(theme)
    if weak:
        # Of two roles, the one that this file names is where something can be done.
        blamed = [next((role for role in roles if role in colors), roles[0]) for roles, _ in weak]
        raise FileProblemsError(
            [file.problem(("colors", role), sentence) for role, (_, sentence) in zip(blamed, weak, strict=True)]
        )
    return theme


def _form_problems(file: TomlFile) -> Iterator[FileProblem]:
    """What is not as a theme file has it: keys, kinds of values, forms of colours."""
    data = file.data
    base = data.get("base", "dark")
    if not isinstance(base, str) or base not in THEMES:
        yield file.problem(("base",), f"{in_short(base)} is not possible; allowed is {' or '.join(THEMES)}.")
    yield from _unknown_keys(file, (), data, ("base", "colors", "logo"))
    for table in ("colors", "logo"):
        if not isinstance(data.get(table, {}), dict):
            yield file.problem((table,), f"this must be a table: write [{table}], and its keys below.")
    colors = data.get("colors", {})
    if isinstance(colors, dict):
        yield from _unknown_keys(file, ("colors",), colors, (*ROLES, "ramp"))
        for role in colors.keys() & {*ROLES, "ramp"}:
            yield from _color_problems(file, role, colors[role])
    logo = data.get("logo", {})
    if isinstance(logo, dict):
        yield from _unknown_keys(file, ("logo",), logo, ("file", "corner"))
        if "logo" in data and not isinstance(logo.get("file"), str):
            yield file.problem(("logo", "file"), "name a PNG file, relative to this one.")
        if logo.get("corner", CORNERS[1]) not in CORNERS:
            message = f"{in_short(logo['corner'])} is not possible; allowed is {' or '.join(CORNERS)}."
            yield file.problem(("logo", "corner"), message)


def _unknown_keys(file: TomlFile, table: Place, given: dict[str, Any], known: tuple[str, ...]) -> Iterator[FileProblem]:
    for key in given.keys() - set(known):
        where = f"[{table[0]}]" if table else "a theme file"
        yield file.problem((*table, key), f"{where} has no {key!r}; {nearest(key, known)}")


def _color_problems(file: TomlFile, role: str, value: Any) -> Iterator[FileProblem]:
    place = ("colors", role)
    if role != "ramp":
        if not _is_color(value):
            yield file.problem(place, f"{in_short(value)} is not a colour; write it as #RRGGBB.")
    elif not (isinstance(value, list) and len(value) >= 2 and all(map(_is_color, value))):
        yield file.problem(place, "this must be two or more colours #RRGGBB, from low to high.")


def _is_color(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("#[0-9A-Fa-f]{6}", value) is not None


def _plain(color: str | list[str]) -> str | tuple[str, ...]:
    """A colour, or the ramp, as themes hold them."""
    return color.upper() if isinstance(color, str) else tuple(step.upper() for step in color)


def _logo(file: TomlFile) -> Logo:
    """The logo that a theme file names.

    Raises:
        FileProblemsError: when it is not a PNG of a moderate size.
    """
    table = file.data["logo"]
    path = file.folder / table["file"]

    def refuse(sentence: str) -> FileProblemsError:
        return FileProblemsError([file.problem(("logo", "file"), sentence)])

    try:
        content = read_file(path, LARGEST_LOGO)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise refuse(f"{path.name} is too large; a logo has at most {LARGEST_LOGO // 1024} kB.") from None
        raise refuse(f"cannot read {path}: {reason(error)}.") from None
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            picture.load()
            ratio = picture.width / picture.height
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        raise refuse(f"{path.name} is not a whole PNG picture.") from None
    return Logo(base64.b64encode(content).decode("ascii"), ratio, table.get("corner", CORNERS[1]).split()[1])
