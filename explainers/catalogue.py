"""Finds explainers by slug. A new module under a pillar's folder is in the catalogue at once."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from explainers.model import Explainer, Pillar


class UnknownExplainerError(LookupError):
    """No explainer has this slug. The message names the nearest one."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which of `known` names is meant: ' Did you mean …?', or the whole list when none is near."""
    known = sorted(known)
    close = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(known)}."


@cache
def all_explainers() -> Mapping[str, type[Explainer]]:
    """Every explainer class by slug, in pillar order and then by slug."""
    found: dict[str, type[Explainer]] = {}
    for pillar in Pillar:
        package = importlib.import_module(f"explainers.{pillar.value}")
        for module_info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{module_info.name}")
            for value in vars(module).values():
                if _is_explainer_of(value, module.__name__):
                    if value.slug in found:
                        raise TypeError(f"two explainers share the slug {value.slug!r}")
                    found[value.slug] = value
    return MappingProxyType(found)


def _is_explainer_of(value: object, module_name: str) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, Explainer)
        and value.__module__ == module_name
        and hasattr(value, "slug")
    )


def find(slug: str) -> type[Explainer]:
    """The explainer class with this slug.

    Raises:
        UnknownExplainerError: with one sentence that names the nearest slug.
    """
    known = all_explainers()
    if slug not in known:
        raise UnknownExplainerError(f"there is no explainer {slug!r}; {nearest(slug, known)}")
    return known[slug]
