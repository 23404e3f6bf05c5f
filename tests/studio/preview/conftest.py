"""A project of its own with two small explainers, and a preview server on it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class Workshop:
    """A copy of the project that tests may edit."""

    root: Path

    @property
    def scene(self) -> Path:
        """The scene of `steady-line`."""
        return self.root / "scenes" / "calculus" / "steady_line.py"

    @property
    def explainer(self) -> Path:
        """The mathematics of `steady-line`."""
        return self.root / "explainers" / "calculus" / "steady_line.py"


@dataclass
class Served:
    """A running preview."""

    address: str
    process: subprocess.Popen[str]
    temporary: Path

    def processes(self) -> list[int]:
        """Every process that belongs to it, itself included: all have its folder for temporary files."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and f"TMPDIR={self.temporary}".encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue  # it has just ended, or is someone else's
        return found

    def stop(self) -> int:
        """As Ctrl-C does; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(15)


@pytest.fixture(scope="module")
def workshop(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    root = tmp_path_factory.mktemp("workshop") / "project"
    shutil.copytree(project, root)
    return Workshop(root)


@pytest.fixture(scope="module")
def serve(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """`serve("steady-line")` starts `render.py preview`; at the end it must leave nothing behind."""
    started: list[Served] = []

    def start(*arguments: str) -> Served:
        temporary = tmp_path_factory.mktemp("tmp")
        process = subprocess.Popen(
            [sys.executable, "render.py", "preview", *arguments],
            cwd=workshop.root,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
        )
        line = process.stdout.readline()
        assert line.startswith("Preview: http://"), line
        started.append(Served(line.split()[1], process, temporary))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            assert served.stop() == 0
        end = time.monotonic() + 5
        while served.processes() and time.monotonic() < end:
            time.sleep(0.1)
        assert served.processes() == []
        assert list(served.temporary.iterdir()) == []


@pytest.fixture
def edit() -> Iterator[Callable[..., None]]:
    """`edit(path, old, new)` changes a file; all are as before at the end."""
    kept: dict[Path, str] = {}

    def change(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        kept.setdefault(path, text)
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    yield change
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")
