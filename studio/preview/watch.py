"""Hears of files that change: our own sources, and whatever else scenes were read from."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from watchfiles import Change, awatch

from studio.clip import PROJECT

SETTLED = 15
"""Milliseconds without another change after which a save counts as complete."""
LONGEST = 150
"""Milliseconds after which changes are told even if they go on."""
NOISE = ("__pycache__", "node_modules")
OWN = tuple(PROJECT / name for name in ("explainers", "scenes", "studio"))
"""Our own sources, watched with all folders in them; of others only the very folders that files were read from."""


def folders_of(names: Iterable[str]) -> set[Path]:
    """Where the files lie that were named on the command line."""
    files = (name.rpartition(":")[0] if ".py:" in name else name for name in names)
    return {Path(file).resolve().parent for file in files if file.endswith((".py", ".toml"))}


def elsewhere(files: Iterable[str]) -> set[Path]:
    """The folders of those files that do not lie among our own sources."""
    return {folder for folder in map(Path, {os.path.dirname(f) for f in files}) if not _is_ours(folder)}


def _is_ours(folder: Path) -> bool:
    return any(folder.is_relative_to(root) for root in OWN)


def is_source(change: Change, path: str) -> bool:
    """Whether a scene might read this file; editors' private copies and compiled files are none."""
    name = os.path.basename(path)
    return not (
        name.startswith((".", "#"))
        or name.endswith(("~", ".pyc", ".swp", ".tmp"))
        or any(part in path for part in NOISE)
    )


async def changes(folders: Iterable[Path], stop: asyncio.Event, *, deep: bool) -> AsyncIterator[frozenset[str]]:
    """Real paths of files as they are written, made or removed; `deep`: also in folders within."""
    watching = awatch(
        *folders,
        recursive=deep,
        watch_filter=is_source,
        step=SETTLED,
        debounce=LONGEST,
        stop_event=stop,
        ignore_permission_denied=True,
        raise_interrupt=False,
    )
    async for found in watching:
        yield frozenset(os.path.realpath(path) for _, path in found)
