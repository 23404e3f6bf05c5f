"""Finds scenes in someone's own file without running it: `my_scenes/own.py:Proof`."""

from __future__ import annotations

import ast
from pathlib import Path

from explainers.catalogue import nearest
from studio.files import read_file
from studio.problems import SelectionError, reason

LARGEST = 16 * 2**20
"""Bytes of a Python file that is looked into."""


def scene_in(wish: str, folder: Path) -> tuple[Path, str]:
    """The file, absolute, and the name of the scene that `wish` names; the file is relative to `folder`.

    Raises:
        SelectionError: not of the form FILE.py:NAME, no such file, or no such class in it.
    """
    file, separator, name = wish.rpartition(":")
    if not separator or not file.endswith(".py") or not name.isidentifier():
        raise SelectionError(f"{wish!r} is not a scene; write its file and name, like my_scenes/own.py:Proof.")
    path = (folder / file).absolute()
    try:
        source = ast.parse(read_file(path, LARGEST))
    except OSError as error:
        raise SelectionError(f"cannot read {folder / file}: {reason(error)}.") from None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SelectionError(f"{folder / file} is not Python: {error}.") from None
    classes = [statement.name for statement in ast.walk(source) if isinstance(statement, ast.ClassDef)]
    if name not in classes:
        hint = nearest(name, classes) if classes else "it holds no class."
        raise SelectionError(f"{folder / file} has no scene {name!r}; {hint}")
    return path, name


def scene_names(path: Path) -> list[str]:
    """The scenes that a file defines, in their order: classes with a `construct`, and what is made from those.

    None where the file cannot be read, or holds an explainer: whoever uses it then says what is wrong.
    """
    try:
        source = ast.parse(read_file(path, LARGEST))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    scenes: list[str] = []
    for statement in source.body:
        if isinstance(statement, ast.ClassDef):
            bases = {base.id for base in statement.bases if isinstance(base, ast.Name)}
            parts = {part.name for part in statement.body if isinstance(part, ast.FunctionDef)}
            if "construct" in parts or bases & set(scenes):
                scenes.append(statement.name)
    return scenes
