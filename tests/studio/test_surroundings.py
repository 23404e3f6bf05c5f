"""A machine that is not as usual: folders read-only or gone, the clock, limits, the environment, ten commands at once.

Each render ends as on any machine, with the same frames; or with a sentence, and nothing half-made.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.studio.conftest import FAST

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits, namespaces and signals are POSIX")
Command = Callable[..., subprocess.CompletedProcess]
ENTRIES = 10_000
PATIENCE = 120
"""Seconds for one command on a busy machine."""


@pytest.fixture(scope="module")
def own(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small project, whose cache is this module's."""
    return shutil.copytree(project, tmp_path_factory.mktemp("own") / "project", ignore=shutil.ignore_patterns(".cache"))


@pytest.fixture(scope="module")
def command(own: Path) -> Command:
    """`command(out, prefix=…, …)`: render the small clip into a folder, in whatever surroundings."""

    def call(out: Path, *more: str, prefix: tuple[str, ...] = (), **options: object) -> subprocess.CompletedProcess:
        line = [*prefix, sys.executable, str(own / "render.py"), "render", "steady-line", *FAST, *more]
        options = {"cwd": own, "capture_output": True, "text": True, "timeout": PATIENCE, **options}
        return subprocess.run([*line, "--out", str(out)], check=False, **options)

    return call


@pytest.fixture(scope="module")
def usual(command: Command, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The video of an undisturbed run."""
    out = tmp_path_factory.mktemp("usual")
    assert command(out).returncode == 0
    return video(out)


def video(out: Path) -> bytes:
    (file,) = out.glob("*/*.mp4")
    return file.read_bytes()


def is_one_sentence(result: subprocess.CompletedProcess, code: int, words: str) -> None:
    assert (result.returncode, result.stdout) == (code, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ") and words in line


def without_privileges() -> tuple[str, ...]:
    """What a command is put behind so that permissions bind it, whoever runs the tests."""
    if os.geteuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        pytest.skip("permissions do not bind an administrator")
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


def in_a_namespace(*commands: str) -> tuple[str, ...]:
    """What a command is put behind so that it sees other mounts, for root."""
    prefix = ("unshare", "-m", "sh", "-c", " && ".join([*commands, 'exec "$@"']), "sh")
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("only root can change what is mounted")
    return prefix


# --- Folders --------------------------------------------------------------------------------------------------


def test_a_read_only_folder_is_said(command: Command, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    is_one_sentence(command(tmp_path / "media", prefix=without_privileges()), 2, "permission denied")
    tmp_path.chmod(0o700)
    assert not list(tmp_path.iterdir())


def test_a_read_only_project_renders(command: Command, own: Path, usual: bytes, tmp_path: Path) -> None:
    """Installed by an administrator, say: there is no cache then."""
    folders = [own, *(path for path in own.rglob("*") if path.is_dir())]
    try:
        for folder in folders:
            folder.chmod(0o500)
        result = command(tmp_path, prefix=without_privileges())
    finally:
        for folder in folders:
            folder.chmod(0o700)
    assert result.returncode == 0, result.stderr
    assert video(tmp_path) == usual


def test_the_present_folder_is_gone(command: Command, usual: bytes, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    prefix = ("sh", "-c", 'rmdir "$PWD" && exec "$@"', "sh")
    assert command(tmp_path / "media", prefix=prefix, cwd=gone).returncode == 0
    assert video(tmp_path / "media") == usual


def test_the_media_folder_vanishes(command: Command, own: Path, usual: bytes, tmp_path: Path) -> None:
    shutil.rmtree(own / ".cache", ignore_errors=True)
    media = tmp_path / "media"
    line = [sys.executable, "render.py", "render", "steady-line", *FAST, "--out", str(media)]
    with subprocess.Popen(line, cwd=own, stderr=subprocess.PIPE, text=True) as running:
        while not list(media.glob(".*.new.*")):
            assert running.poll() is None
            time.sleep(0.01)
        shutil.rmtree(media, ignore_errors=True)
        said = running.communicate(timeout=PATIENCE)[1]
    assert running.returncode == 1
    assert "failed: steady-line" in said.splitlines()[-1] and "Traceback" not in said
    assert command(media).returncode == 0
    assert video(media) == usual


# --- Cache and clock ------------------------------------------------------------------------------------------


def test_ten_thousand_entries_of_others_and_a_clock_that_jumps(
    command: Command, own: Path, usual: bytes, tmp_path: Path
) -> None:
    """Entries from the year 1970 and from 2100 that are not ours: none is used, none is in the way."""
    for number in range(ENTRIES):
        entry = own / ".cache" / "slices" / f"{number % 256:02x}" / f"{number:062x}"
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.write_bytes(b"not ours")
        os.utime(entry, (0, 0) if number % 2 else (4102444800, 4102444800))
    assert command(tmp_path).returncode == 0
    assert video(tmp_path) == usual
    shown = subprocess.run(
        [sys.executable, "render.py", "cache", "--trim", "0"], cwd=own, capture_output=True, text=True
    )
    assert int(shown.stdout.split()[1]) > ENTRIES
    assert shown.stdout.splitlines()[1].startswith("0 entries, 0.0 MB")


def test_a_clock_that_runs_backwards(command: Command, usual: bytes, tmp_path: Path) -> None:
    """Every look at the time of day is an hour before the last one."""
    (tmp_path / "sitecustomize.py").write_text(
        "import itertools, time\nhours = itertools.count(1)\nnow = time.time()\n"
        "time.time = lambda: now - 3600 * next(hours)\n"
    )
    result = command(tmp_path / "media", env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert result.returncode == 0, result.stderr
    assert video(tmp_path / "media") == usual
    again = command(tmp_path / "media")
    assert "up to date" in again.stderr


def test_ten_commands_at_once(command: Command, own: Path, usual: bytes, tmp_path: Path) -> None:
    shutil.rmtree(own / ".cache", ignore_errors=True)
    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(lambda _: command(tmp_path, "-j", "2"), range(10)))
    assert [result.returncode for result in results] == [0] * 10
    assert video(tmp_path) == usual
    assert len(list(tmp_path.iterdir())) == 2  # the clip and the locks


# --- Limits and environment -----------------------------------------------------------------------------------


def limited(what: int, value: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(what, (value, value))


@pytest.mark.parametrize(
    "limit",
    [limited(resource.RLIMIT_NOFILE, 32), limited(resource.RLIMIT_AS, 1500 * 2**20)],
    ids=["32 files", "1.5 GB"],
)
def test_under_limits(command: Command, usual: bytes, tmp_path: Path, limit: Callable[[], None]) -> None:
    result = command(tmp_path, preexec_fn=limit)
    assert result.returncode == 0, result.stderr
    assert video(tmp_path) == usual


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (limited(resource.RLIMIT_NOFILE, 8), "too many open files"),
        (limited(resource.RLIMIT_FSIZE, 2000), "failed: steady-line"),
    ],
    ids=["8 files", "2 kB per file"],
)
def test_under_limits_that_are_too_small(
    command: Command, own: Path, tmp_path: Path, limit: Callable[[], None], words: str
) -> None:
    shutil.rmtree(own / ".cache", ignore_errors=True)
    result = command(tmp_path, preexec_fn=limit)
    assert result.returncode == 1
    assert words in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.glob("[!.]*"))


def test_too_little_memory_to_start(command: Command, tmp_path: Path) -> None:
    result = command(tmp_path, preexec_fn=limited(resource.RLIMIT_AS, 200 * 2**20))
    is_one_sentence(result, 2, "may use 200 MiB of memory")
    assert not list(tmp_path.glob("[!.]*"))


BARE = {"LANG": "C", "LC_ALL": "C", "COLUMNS": "10", "LINES": "2", "TERM": "dumb"}


@pytest.mark.parametrize(
    "environment",
    [{}, BARE, {**os.environ, "HOME": "/nowhere/at/all"}],
    ids=["none", "bare", "a home that is not there"],
)
def test_environments(command: Command, usual: bytes, tmp_path: Path, environment: dict[str, str]) -> None:
    result = command(tmp_path, env=environment)
    assert result.returncode == 0, result.stderr
    assert video(tmp_path) == usual


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(command: Command, usual: bytes, tmp_path: Path, closed: str) -> None:
    assert command(tmp_path, prefix=("sh", "-c", f'exec "$@" {closed}', "sh")).returncode == 0
    assert video(tmp_path) == usual


def test_without_shared_memory(command: Command, usual: bytes, tmp_path: Path) -> None:
    assert command(tmp_path, prefix=in_a_namespace("umount -l /dev/shm")).returncode == 0
    assert video(tmp_path) == usual


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
@pytest.mark.parametrize("arguments", [("facts", "steady-line"), ("list",), ("schema",)])
def test_no_room_for_what_is_said(own: Path, arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            [sys.executable, "render.py", *arguments],
            cwd=own,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (result.returncode, result.stderr) == (1, "Error: no space left on device.\n")


@pytest.mark.skipif(sys.platform != "linux", reason="script(1) is not the same everywhere")
@pytest.mark.parametrize("columns", [1, 10, 400])
def test_a_tiny_and_a_wide_terminal(own: Path, usual: bytes, tmp_path: Path, columns: int) -> None:
    if not shutil.which("script"):
        pytest.skip("script(1) makes the terminal")
    line = (
        f"stty cols {columns} rows 2; {sys.executable} render.py render steady-line {' '.join(FAST)} --out {tmp_path}"
    )
    result = subprocess.run(
        ["script", "-qec", line, "/dev/null"], cwd=own, capture_output=True, timeout=PATIENCE, check=False
    )
    assert result.returncode == 0
    assert b"Traceback" not in result.stdout
    assert video(tmp_path) == usual
