"""Writing without half-written results: to a temporary name, then renamed; and knowing what is whole."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
import tempfile
from pathlib import Path

from studio.engine.inputs import unchanged

PROVENANCE = "provenance.json"
INPUTS = ".inputs.json"
"""Beside the clip: what its making depended on, by path and SHA-256."""


def replace_file(target: Path, content: bytes | str) -> None:
    """Write a whole file at once; readers see the old content or the new, never a part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def replace_folder(target: Path, source: Path) -> None:
    """Put the finished folder `source` in the place of `target`; both on one file system."""
    if target.exists():
        old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.old."))
        os.replace(target, old / target.name)
        os.replace(source, target)
        shutil.rmtree(old)
    else:
        os.replace(source, target)


def read_file(path: Path, most: int) -> bytes:
    """The content of a file that someone else may have named: never a pipe or a device, and at most so many bytes.

    Raises:
        OSError: it cannot be read, or is not such a file.
    """
    try:
        status = os.stat(path)
    except ValueError:  # a zero within
        raise OSError(errno.EINVAL, "Not a path") from None
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise OSError(errno.EINVAL, "Not a regular file")
    if status.st_size > most:
        raise OSError(errno.EFBIG, f"It has more than {most // 1024} kB")
    return path.read_bytes()


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a clip's folder, by its path there; the provenance file itself is left out."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != PROVENANCE
    }


def is_fresh(folder: Path, key: str) -> bool:
    """Whether `folder` holds a whole clip made from exactly what `key` names, and no source has changed since."""
    try:
        record = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        if record["key"] != key or record["files"] != checksums(folder):
            return False
        return unchanged(json.loads((folder / INPUTS).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return False
