"""Outlines of text on disk, so that each text is set by Typst once per machine and not once per process.

Safe with many processes: an entry is written under a private name and renamed, carries a checksum, and is
made anew when it does not verify. Its name covers the source and the versions of what makes outlines of it.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "text"
CHECKSUM_BYTES = 32


@cache
def _versions() -> str:
    return " ".join(f"{package} {version(package)}" for package in ("manim", "typst", "numpy"))


def cached_arrays(source: str, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The arrays that `make` gives for `source`; from the cache when they are there. No objects, only numbers."""
    path = FOLDER / hashlib.sha256(f"{_versions()}\n{source}".encode()).hexdigest()
    arrays = _read(path)
    if arrays is None:
        arrays = make()
        # A cache that cannot be written (read-only folder, full disk) costs time, never the text.
        with suppress(OSError):
            _write(path, arrays)
    return arrays


def _read(path: Path) -> dict[str, np.ndarray] | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    checksum, data = content[:CHECKSUM_BYTES], content[CHECKSUM_BYTES:]
    if hashlib.sha256(data).digest() != checksum:
        return None
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        return dict(archive)


def _write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    data = buffer.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(data).digest() + data)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
