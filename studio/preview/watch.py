"""Hears of files that change: our own sources, and the folders of what was named on the command line."""

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
OWN = ("explainers", "scenes", "studio")


def roots(names: Iterable[str]) -> list[Path]:
    """The folders to watch, none within another."""
    folders = {PROJECT / name for name in OWN}
    for name in names:
        if name.endswith((".py", ".toml")) or ".py:" in name:
            folders.add(Path(name.rpartition(":")[0] or name).resolve().parent)
    return sorted(f for f in folders if not any(f != other and f.is_relative_to(other) for other in folders))


def is_source(change: Change, path: str) -> bool:
    """Whether a scene might read this file; editors' private copies and compiled files are none."""
    name = os.path.basename(path)
    return not (
        name.startswith((".", "#"))
        or name.endswith(("~", ".pyc", ".swp", ".tmp"))
        or any(part in path for part in NOISE)
    )


async def changes(folders: list[Path], stop: asyncio.Event) -> AsyncIterator[frozenset[str]]:
    """Real paths of files as they are written, made or removed."""
    watching = awatch(
        *folders,
        watch_filter=is_source,
        step=SETTLED,
        debounce=LONGEST,
        stop_event=stop,
        ignore_permission_denied=True,
        raise_interrupt=False,
    )
    async for found in watching:
        yield frozenset(os.path.realpath(path) for _, path in found)
