"""What decides how a frame looks, besides the clip: compared between this machine and every worker."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import version

from studio.clip import PROJECT
from studio.clip import versions as drawing_versions

SOURCES = ("explainers", "scenes", "studio")
"""The packages of this project; nothing in them travels, so every worker must have the same."""


def describe() -> dict[str, str]:
    """Versions of Python, of the packages that draw, of Dask, and of this project's code; the kind of processor."""
    return {
        **drawing_versions(),
        "distributed": version("distributed"),
        "processor": platform.machine(),
        "project code": fingerprint(),
    }


def fingerprint() -> str:
    """Names the sources and data of this project."""
    state = hashlib.sha256()
    for package in SOURCES:
        for path in sorted((PROJECT / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                state.update(f"{path.relative_to(PROJECT).as_posix()}\0{content}\n".encode())
    return state.hexdigest()[:12]


def mismatch(who: str, theirs: Mapping[str, str], ours: Mapping[str, str]) -> str | None:
    """One sentence that names both sides where they differ, `who` and this machine."""
    names = [name for name in ours if theirs.get(name) != ours[name]]
    if not names:
        return None
    has, wanted = (", ".join(f"{name} {side.get(name, 'none')}" for name in names) for side in (theirs, ours))
    return f"{who} has {has}, and this machine has {wanted}: both must have the same."
