"""Starts a new explainer from templates: its mathematics, its scene and its test."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from explainers import Pillar, all_explainers
from studio.clip import PROJECT
from studio.files import replace_file
from studio.selection import SelectionError

TEMPLATES = Path(__file__).parent / "templates"


def create(slug: str, pillar: Pillar, root: Path = PROJECT) -> list[Path]:
    """Write explainer, scene and test for `slug`; returns their paths relative to `root`.

    Raises:
        SelectionError: not a slug, or it exists already; nothing is written then.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
        raise SelectionError(f"{slug!r} is not a slug: lower-case words joined by hyphens, like bayes-rule.")
    if slug in all_explainers():
        raise SelectionError(f"there is an explainer {slug!r} already.")
    module = slug.replace("-", "_")
    words = slug.split("-")
    values = {
        "slug": slug,
        "module": module,
        "class_name": "".join(word.capitalize() for word in words),
        "title": " ".join([words[0].capitalize(), *words[1:]]),
        "pillar": pillar.value,
        "pillar_name": pillar.name,
    }
    targets = {
        "explainer": root / "explainers" / pillar.value / f"{module}.py",
        "scene": root / "scenes" / pillar.value / f"{module}.py",
        "test": root / "tests" / "explainers" / f"test_{module}.py",
    }
    for target in targets.values():
        if target.exists():
            raise SelectionError(f"{target.relative_to(root)} exists already.")
    for kind, target in targets.items():
        template = Template((TEMPLATES / f"{kind}.py.txt").read_text(encoding="utf-8"))
        replace_file(target, template.substitute(values))
    return [target.relative_to(root) for target in targets.values()]
