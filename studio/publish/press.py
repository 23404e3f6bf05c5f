"""Builds each target's folder aside and swaps it in, so that a site is always the old one or the new one."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from filelock import FileLock

from studio.files import replace_folder
from studio.publish.clip import Publication, PublishError
from studio.publish.media import Media
from studio.publish.target import Target, write_text

MANIFEST = "published.json"
"""Names every file of a published folder with its SHA-256: what is not in it, publishing did not write."""


def publish(
    publication: Publication,
    to: Path,
    targets: Sequence[Target],
    *,
    jobs: int = 1,
    force: bool = False,
    tell: Callable[[str], None] = lambda line: None,
) -> None:
    """Write a folder per target into `to`; each appears whole or stays as it was.

    Args:
        publication: the clips and their title.
        to: an existing folder.
        targets: what to write.
        jobs: derived files made at once.
        force: also replace folders that hold files of someone else, or files changed since.
        tell: is given a line per finished target.

    Raises:
        PublishError: a folder holds what publishing did not write, or a clip cannot be published that way.
    """
    with FileLock(to / ".publish.lock"):
        if not force:
            ensure_ours(to, targets)
        _derive(publication, targets, jobs, tell)
        for target in targets:
            changed = _write(publication, to / target.name, target)
            tell(f"{target.name}: {to / target.name}" + ("" if changed else ", nothing changed"))


def _derive(publication: Publication, targets: Sequence[Target], jobs: int, tell: Callable[[str], None]) -> None:
    """Make the derived files that the targets need, `jobs` at once: decoding and encoding release Python's lock."""
    needs = list(dict.fromkeys(need for target in targets for need in target.needs))
    with ThreadPoolExecutor(jobs) as pool:
        work = [(clip, Media(clip)) for clip in publication.clips]
        futures = [[pool.submit(getattr, media, need) for need in needs] for _, media in work]
        for count, (clip, _) in enumerate(work):
            for future in futures[count]:
                future.result()
            tell(f"[{count + 1}/{len(work)}] {clip.name}: files derived")


def _write(publication: Publication, folder: Path, target: Target) -> bool:
    """Build one target's folder and put it in place; false if it is what is there already."""
    prefix = f".{folder.name}.new."
    for remains in folder.parent.glob(f"{prefix}*"):  # of a publication that was killed
        shutil.rmtree(remains, ignore_errors=True)
    build = Path(tempfile.mkdtemp(dir=folder.parent, prefix=prefix))
    try:
        target.write(publication, build)
        manifest = {"target": target.name, "title": publication.title, "files": _checksums(build)}
        if manifest == _manifest(folder) and manifest["files"] == _checksums(folder):
            return False
        write_text(build / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
        build.chmod(0o755)
        replace_folder(folder, build)
        return True
    finally:
        shutil.rmtree(build, ignore_errors=True)


def ensure_ours(to: Path, targets: Sequence[Target]) -> None:
    """Check that replacing the targets' folders loses nothing that publishing did not put there.

    Raises:
        PublishError: names the first file that would be lost.
    """
    for folder in (to / target.name for target in targets):
        if not folder.exists():
            continue
        if not folder.is_dir():
            raise PublishError(f"{folder} is a file, but a folder of that name is to be written.")
        written = (_manifest(folder) or {}).get("files", {})
        for name, checksum in _checksums(folder).items():
            if written.get(name) != checksum:
                what = "was changed since it was published" if name in written else "was not written by publish"
                raise PublishError(f"{folder / name} {what}; move it elsewhere, or give --force to replace the folder.")


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return manifest if isinstance(manifest, dict) and isinstance(manifest.get("files"), dict) else None
    except (OSError, ValueError):
        return None


def _checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file under `folder` but the manifest, by path from it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }
