"""Starts a new explainer from templates: its mathematics, its scene and its test."""

from __future__ import annotations

import importlib.util
import os
import re
from keyword import iskeyword
from pathlib import Path
from string import Template

from explainers import Pillar, all_explainers
from studio.clip import PROJECT
from studio.files import replace_file
from studio.problems import SelectionError, reason

TEMPLATES = Path(__file__).parent / "templates"


def create(slug: str, pillar: Pillar, root: Path = PROJECT) -> list[Path]:
    """Write explainer, scene and test for `slug` where they belong in the project; returns their paths within it.

    Raises:
        SelectionError: not a slug, or it exists already; nothing is written then.
    """
    module = _module(slug)
    targets = {
        "explainer": root / "explainers" / pillar.value / f"{module}.py",
        "scene": root / "scenes" / pillar.value / f"{module}.py",
        "test": root / "tests" / "explainers" / f"test_{module}.py",
    }
    imported = f"from explainers.{pillar.value}.{module} import {_class_name(slug)}"
    _write(targets, slug, pillar, f"explainers.{pillar.value}.{module}", imported)
    return [target.relative_to(root) for target in targets.values()]


def create_in(folder: Path, slug: str, pillar: Pillar) -> list[Path]:
    """Write explainer, scene and test for `slug` side by side into a folder of someone's own; returns their paths.

    Raises:
        SelectionError: not a slug, it exists already, or the folder cannot be written to.
    """
    module = _module(slug)
    if importlib.util.find_spec(module):
        raise SelectionError(f"there is a Python module {module!r} already; choose another slug.")
    targets = {
        "explainer": folder / f"{module}.py",
        "scene": folder / f"{module}_scene.py",
        "test": folder / f"test_{module}.py",
    }
    # By its file: how pytest is set up where the folder lies, and so what can be imported there, is not for us to say.
    found = f'find(__file__.replace("test_{module}.py", "{module}.py"))'
    imported = f"from explainers import find\n\n{_class_name(slug)} = {found}"
    _write(targets, slug, pillar, module, imported)
    return list(targets.values())


def _module(slug: str) -> str:
    """The module's name for a slug that is free."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
        raise SelectionError(f"{slug!r} is not a slug: lower-case words joined by hyphens, like bayes-rule.")
    if slug in all_explainers():
        raise SelectionError(f"there is an explainer {slug!r} already.")
    if iskeyword(slug) or iskeyword(_class_name(slug)):
        raise SelectionError(f"{slug!r} is a word of Python's own; choose another slug.")
    return slug.replace("-", "_")


def _class_name(slug: str) -> str:
    return "".join(word.capitalize() for word in slug.split("-"))


def _write(targets: dict[str, Path], slug: str, pillar: Pillar, module: str, imported: str) -> None:
    """Fill in the templates; `module` is what the scene imports the explainer from, `imported` how the test gets it."""
    words = slug.split("-")
    values = {
        "slug": slug,
        "module": module,
        "class_name": _class_name(slug),
        "imported": imported,
        "title": " ".join([words[0].capitalize(), *words[1:]]),
        "pillar_name": pillar.name,
    }
    for target in targets.values():
        if os.path.lexists(target):
            raise SelectionError(f"{target} exists already.")
    for kind, target in targets.items():
        template = Template((TEMPLATES / f"{kind}.py.txt").read_text(encoding="utf-8"))
        try:
            replace_file(target, template.substitute(values))
        except OSError as error:
            raise SelectionError(f"cannot write {target}: {reason(error)}.") from None
