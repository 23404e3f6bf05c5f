"""A real scheduler and real workers on this machine, in a copy of the project that nobody edits meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

SCENE = """
import csv
import os
import time
from pathlib import Path

from manim import Circle, Create, FadeOut, Scene, Text, config

HERE = Path(__file__).parent


class {name}(Scene):
    def construct(self):
        (HERE / f"told-by-{{os.getpid()}}").touch()
        self.add(Text("from a file"))
        with open(HERE / "radii.csv") as file:
            radii = [float(row[0]) for row in csv.reader(file)]
        for radius in radii:
            circle = Circle(radius=radius)
            self.play(Create(circle), run_time=1.5)
            self.wait(0.5)
            {during}
        self.play(FadeOut(circle), run_time=3)
"""
RADII = 5
"""Circles of the scene: about as many slices."""


@dataclass
class Machines:
    """A scheduler and its workers, each a process group of its own. `project` is what all of them run."""

    project: Path
    folder: Path
    processes: list[subprocess.Popen] = field(default_factory=list)
    address: str = ""

    def environment(self) -> dict[str, str]:
        """As on a machine that has this project."""
        return {**os.environ, "PYTHONPATH": str(self.project), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}

    def dask(self, *arguments: str, **more: str) -> subprocess.Popen:
        """Start `dask …`; `more` goes to its environment."""
        command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
        with open(self.folder / f"{len(self.processes)}.log", "w") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env={**self.environment(), **more}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def start_scheduler(self, **more: str) -> subprocess.Popen:
        """A scheduler on a free port."""
        file = self.folder / f"scheduler-{len(self.processes)}.json"
        process = self.dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), **more)
        wait_for(file.exists)
        wait_for(lambda: file.read_text().strip().endswith("}"))
        self.address = json.loads(file.read_text())["address"]
        return process

    def start_worker(self, name: str, **more: str) -> subprocess.Popen:
        """A worker without a nanny: killed, it stays dead."""
        place = str(self.folder / name)
        return self.dask("worker", self.address, "--nthreads", "1", "--no-nanny", "--name", name,
                         "--local-directory", place, "--death-timeout", "20", **more)  # fmt: skip

    def wait_for_workers(self, count: int) -> None:
        """Until so many are there."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=30)

    def stop(self) -> None:
        """End all that was started."""
        for process in self.processes:
            kill_group(process)

    def command(self, *arguments: str) -> list[str]:
        """The command line on this cluster."""
        return [sys.executable, "render.py", "render", *arguments, "-j", "1", "--cluster", self.address]

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start a render on this cluster."""
        return subprocess.Popen(
            self.command(*arguments), cwd=self.project, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def render(self, *arguments: str) -> subprocess.CompletedProcess:
        """Render on this cluster."""
        return subprocess.run(
            self.command(*arguments), cwd=self.project, capture_output=True, text=True, check=False, timeout=100
        )


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    """Until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kill_group(process: subprocess.Popen) -> None:
    """End a process and all that it started, without a chance to clean up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def performers(worker: subprocess.Popen) -> list[psutil.Process]:
    """The processes that draw for a worker."""
    with suppress(psutil.Error):
        return psutil.Process(worker.pid).children(recursive=True)
    return []


def video(folder: Path) -> bytes:
    """The one clip in a media folder."""
    (file,) = folder.glob("*/*.mp4")
    return file.read_bytes()


@pytest.fixture(scope="session")
def quiet_project(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small project of which other tests know nothing."""
    return shutil.copytree(project, tmp_path_factory.mktemp("cluster") / "project", symlinks=True)


@pytest.fixture(scope="session")
def cluster(quiet_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler and two workers for tests that leave them as they are."""
    machines = Machines(quiet_project, tmp_path_factory.mktemp("machines"))
    try:
        machines.start_scheduler()
        for name in ("one", "two"):
            machines.start_worker(name)
        machines.wait_for_workers(2)
        yield machines
    finally:
        machines.stop()


@pytest.fixture
def own_cluster(quiet_project: Path, tmp_path: Path) -> Iterator[Machines]:
    """A scheduler without workers, for a test that breaks something."""
    machines = Machines(quiet_project, tmp_path)
    try:
        machines.start_scheduler()
        yield machines
    finally:
        machines.stop()


@pytest.fixture
def no_cache(quiet_project: Path) -> None:
    """Nothing is drawn yet."""
    shutil.rmtree(quiet_project / ".cache" / "slices", ignore_errors=True)


@pytest.fixture
def scene(tmp_path: Path) -> Callable[..., Path]:
    """`scene(during)`: a stranger's scene with a data file; `during` is a statement after each circle."""

    def write(during: str = "pass", name: str = "Circles") -> Path:
        folder = tmp_path / "user"
        folder.mkdir(exist_ok=True)
        (folder / "radii.csv").write_text("\n".join(str(1 + k / 4) for k in range(RADII)))
        path = folder / f"{name.lower()}.py"
        path.write_text(SCENE.format(name=name, during=during))
        return path

    return write
