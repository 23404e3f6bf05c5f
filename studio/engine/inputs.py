"""What a run depended on: every source and data file that it opened, each with the digest it had then.

A clip is up to date, and a slice may be used again, only while all of them are still the same. What a scene takes
from elsewhere (the clock, the network, environment variables) is not seen.
"""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
import tempfile
from functools import lru_cache
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

LIBRARIES = tuple(
    {
        *(os.path.realpath(path) + os.sep for path in sysconfig.get_paths().values()),
        os.path.realpath(sys.prefix) + os.sep,
        os.path.realpath(tempfile.gettempdir()) + os.sep + "stagehand-",
        "/proc/",
        "/dev/",
        "/sys/",
        "/etc/",
    }
)
"""Where nothing is a clip's own: installed packages (their versions are part of the key) and the system."""


class Inputs:
    """Takes note of files as they are opened; one per process, from its start."""

    def __init__(self, ignored: tuple[Path, ...] = ()) -> None:
        self._ignored = (*LIBRARIES, *(os.path.realpath(folder) + os.sep for folder in ignored))
        self._digests: dict[str, str] = {}
        self._links: dict[str, str] = {}
        for module in list(sys.modules.values()):
            self._note(getattr(module, "__file__", None))
        sys.addaudithook(self._hear)

    def ignore(self, folder: Path) -> None:
        """What lies there is not an input: our own results."""
        self._ignored = (*self._ignored, os.path.realpath(folder) + os.sep)

    def so_far(self) -> dict[str, str]:
        """SHA-256 by path of every file opened up to now."""
        return dict(sorted(self._digests.items()))

    def links(self) -> dict[str, str]:
        """The files that were opened by another name than their real one, as through a symbolic link."""
        return {name: path for name, path in sorted(self._links.items()) if path in self._digests}

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = "w" in mode or "a" in mode or "x" in mode if mode else flags & (os.O_WRONLY | os.O_RDWR)
            if not writes and isinstance(path, (str, bytes)):
                self._note(os.fsdecode(path))

    def _note(self, path: str | None) -> None:
        if path is None:
            return
        name, path = os.path.abspath(path), os.path.realpath(path)
        if name != path:
            self._links[name] = path
        if path.endswith(".pyc"):
            try:
                path = source_from_cache(path)
            except ValueError:
                return
        if path in self._digests or path.startswith(self._ignored):
            return
        # Present before it is read: reading it opens it, and is heard too.
        self._digests[path] = ""
        digest = file_digest(path)
        if digest is None:
            del self._digests[path]
        else:
            self._digests[path] = digest


def unchanged(inputs: dict[str, str]) -> bool:
    """Whether every file is as it was."""
    return all(_current(path) == digest for path, digest in inputs.items())


def _current(path: str) -> str | None:
    try:
        state = os.stat(path)
    except OSError:
        return None
    return _digest_as_of(path, state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=4096)
def _digest_as_of(path: str, modified: int, size: int, inode: int) -> str | None:
    """One file is asked for once per clip and slice; it is read once while it stays as it is."""
    return file_digest(path)


def file_digest(path: str) -> str | None:
    """SHA-256 of a regular file, or None."""
    try:
        if not os.path.isfile(path):
            return None
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
