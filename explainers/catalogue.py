"""Finds explainers by slug. A new module under a pillar's folder is in the catalogue at once."""

from __future__ import annotations

import difflib
import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from explainers.model import Explainer, Pillar


class UnknownExplainerError(LookupError):
    """No explainer has this slug. The message names the nearest one."""


class ExplainerFileError(ValueError):
    """A file that should hold an explainer does not, or cannot be imported. The message is one sentence."""


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


def find(name: str) -> type[Explainer]:
    """The explainer class with this slug, or the one in this file when `name` ends in .py.

    Raises:
        UnknownExplainerError: with one sentence that names the nearest slug.
        ExplainerFileError: as `load`.
    """
    if name.endswith(".py"):
        return load(Path(name))
    known = all_explainers()
    if name not in known:
        raise UnknownExplainerError(f"there is no explainer {name!r}; {nearest(name, known)}")
    return known[name]


def load(path: Path) -> type[Explainer]:
    """The explainer in a file of someone's own, which is imported; its folder can then be imported from.

    Raises:
        ExplainerFileError: no such file, not exactly one explainer in it, or its import fails.
    """
    if not os.path.isfile(path):  # unlike `Path.is_file` it takes a name of any length
        raise ExplainerFileError(f"there is no file {path.absolute()}.")
    path = path.resolve()
    if not path.stem.isidentifier():
        raise ExplainerFileError(f"{path.name} cannot be imported: name it with letters, digits and underscores.")
    if str(path.parent) not in sys.path:
        # Last, so that a file of hers never stands in for a library.
        sys.path.append(str(path.parent))
    importlib.invalidate_caches()
    try:
        module = importlib.import_module(path.stem)
    except Exception as error:
        raise ExplainerFileError(f"{path.name} cannot be imported: {_failure(error, path.parent)}.") from error
    if Path(getattr(module, "__file__", None) or "").resolve() != path:
        raise ExplainerFileError(f"there is another Python module {path.stem!r}; give {path} a name of its own.")
    found = [value for value in vars(module).values() if _is_explainer_of(value, module.__name__)]
    if len(found) != 1:
        raise ExplainerFileError(f"{path.name} holds {len(found)} explainers; a file has exactly one.")
    return found[0]


def own_file(explainer: type[Explainer]) -> Path | None:
    """The file of someone's own that an explainer was loaded from; None for those of the catalogue."""
    if explainer.__module__.startswith("explainers."):
        return None
    return Path(sys.modules[explainer.__module__].__file__).resolve()


def _failure(error: Exception, folder: Path) -> str:
    """What went wrong in an import, and on which line of a file of this folder."""
    if isinstance(error, SyntaxError):
        return f"{error.msg} (line {error.lineno})"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(folder)]
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{place}"
