"""A project of its own with two small explainers, a preview server on it, and a page of it in Chromium."""

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
from playwright.sync_api import Browser, Page

READY = "#beats:has(li):not(:has([data-state=missing], [data-state=old]))"
"""Every beat is there, in its present form."""
IDLE = "#status[data-state=ready]"
"""Nothing more is done for the page."""
PATIENCE = 60_000
"""Milliseconds that a page has: on a machine with much else to do a draft takes ten times as long."""


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

    def is_quiet(self) -> bool:
        """Whether there is only what is always there: the server, and the process that waits for work."""
        folders = sum(len(names) for _, names, _ in os.walk(self.temporary))  # does not mind what goes meanwhile
        return len(self.processes()) == 2 and folders == 1

    def wait_until_quiet(self) -> None:
        """What has been done for pages, and the list of what can be chosen, comes to its end; a leak never does."""
        end = time.monotonic() + PATIENCE / 1000
        while not self.is_quiet():
            assert time.monotonic() < end, (self.processes(), list(self.temporary.rglob("*")))
            time.sleep(0.1)

    def stop(self) -> int:
        """As Ctrl-C does; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


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


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    """A preview of `steady-line`."""
    return serve("steady-line")


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The page with `steady-line`, all drawn; at the end it may not have complained or asked another host."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda r: r.url.startswith((served.address, "blob:")) or complaints.append(r.url))
    page.goto(served.address)
    page.wait_for_selector(READY)
    yield page
    context.close()
    assert not complaints
