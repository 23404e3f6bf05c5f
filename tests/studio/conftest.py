"""A small project of its own: our code with two explainers made by `new`, one of which can be broken; and Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from studio.clip import PROJECT

Run = Callable[..., subprocess.CompletedProcess]
FAST = ("-q", "l", "--fps", "5")
"""A draft that renders in seconds."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose catalogue holds only `steady-line` and `second-line`."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("explainers", "scenes", "studio"):
        shutil.copytree(PROJECT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "render.py", root)
    for pillar in ("probability", "linear_algebra", "calculus"):
        for kind in ("explainers", "scenes"):
            for module in (root / kind / pillar).glob("*.py"):
                if module.name != "__init__.py":
                    module.unlink()
    for slug in ("steady-line", "second-line"):
        subprocess.run([sys.executable, "render.py", "new", slug], cwd=root, check=True, capture_output=True)
    return root


@pytest.fixture(scope="session")
def run(project: Path) -> Run:
    """`run("render", "steady-line")`: the command line in the small project, as a subprocess."""

    def call(*arguments: str, **options: object) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "render.py", *arguments],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
            **options,
        )

    return call


@pytest.fixture(scope="session")
def rendered(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess]:
    """The folder with both clips rendered once, and how that command ended."""
    out = tmp_path_factory.mktemp("media")
    return out, run("render", "--all", *FAST, "--out", str(out))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a screen."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    options = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
               "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield launched
        launched.close()
