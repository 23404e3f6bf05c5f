"""Coded slices on disk, each under the name of what it shows, so that nothing is drawn twice.

Entries are written under a private name and renamed, and carry a checksum that is verified before use: a killed
process leaves no half entry, and a damaged one is as good as none.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from studio.files import replace_file

CHECKSUM_BYTES = 32
LIMIT = 8 * 2**30
"""Bytes the store may take before the least recently used entries go."""


@dataclass(frozen=True)
class Usage:
    """What the store holds."""

    entries: int
    bytes: int


class Store:
    """A folder of named, checked byte strings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, name: str) -> Path:
        digest = hashlib.sha256(name.encode()).hexdigest()
        return self.folder / digest[:2] / digest[2:]

    def get(self, name: str) -> bytes | None:
        """The entry, or None where there is none that is whole."""
        path = self._path(name)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        checksum, data = content[:CHECKSUM_BYTES], content[CHECKSUM_BYTES:]
        if hashlib.sha256(name.encode() + data).digest() != checksum:
            return None
        with suppress(OSError):
            os.utime(path)
        return data

    def put(self, name: str, data: bytes) -> None:
        """Keep `data` as `name`."""
        checksum = hashlib.sha256(name.encode() + data).digest()
        replace_file(self._path(name), checksum + data)

    def usage(self) -> Usage:
        """Entries and bytes on disk."""
        sizes = [stat.st_size for _, stat in self._files()]
        return Usage(len(sizes), sum(sizes))

    def trim(self, limit: int = LIMIT) -> Usage:
        """Remove the least recently used entries until at most `limit` bytes are left; returns what went."""
        files = sorted(self._files(), key=lambda entry: entry[1].st_mtime, reverse=True)
        kept = count = gone = 0
        for path, stat in files:
            kept += stat.st_size
            if kept > limit:
                with suppress(OSError):
                    path.unlink()
                    count, gone = count + 1, gone + stat.st_size
        return Usage(count, gone)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.folder.glob("??/*"):
            with suppress(OSError):  # another process may have removed it
                yield path, path.stat()
