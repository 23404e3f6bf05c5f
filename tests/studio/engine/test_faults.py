"""What goes wrong: processes killed at any moment, damaged files, full disks, scenes that fail in every way."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from studio.engine.crew import CAN_FORK
from studio.scene_file import SceneFileClip, scenes_in
from tests.studio.conftest import FAST
from tests.studio.engine.conftest import SCENES, SMALL, Workshop

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="sessions and signals are POSIX")
KILLS = 50
"""Random SIGKILLs, some with the real command line."""
CLIP = SceneFileClip(SCENES / "stepping.py", "Staggered", SMALL)


def in_session(leader: int) -> list[psutil.Process]:
    """Living processes of a session."""
    found = []
    for process in psutil.process_iter():
        with suppress(OSError, psutil.Error):
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def wait_until_gone(leader: int, seconds: float = 10) -> None:
    """All processes of a session end by themselves."""
    deadline = time.monotonic() + seconds
    while left := in_session(leader):
        assert time.monotonic() < deadline, [process.cmdline() for process in left]
        time.sleep(0.02)


def only_usual_files(media: Path, name: str) -> None:
    """The clip's folder and the locks are there, and nothing half-made."""
    assert {path.name for path in media.iterdir()} <= {name, ".locks"}


def video(folder: Path) -> bytes:
    (file,) = folder.glob("*.mp4")
    return file.read_bytes()


def test_killed_at_any_moment_in_any_process(workshop: Workshop) -> None:
    started = time.monotonic()
    whole = video(workshop.render(CLIP, 2))
    usual = time.monotonic() - started
    chance = random.Random(20260101)
    struck: list[bool] = []
    while len(struck) < KILLS - 6 or sum(struck) <= KILLS / 3:  # some come too late to matter
        shutil.rmtree(workshop.media / CLIP.name, ignore_errors=True)
        shutil.rmtree(workshop.cache, ignore_errors=True)
        for _ in range(3):
            struck.append(kill_one(workshop, chance, usual))
        # The same command again: what the killed left is used, and cleared away.
        assert video(workshop.render(CLIP, chance.choice([1, 2]))) == whole
        only_usual_files(workshop.media, CLIP.name)


def kill_one(workshop: Workshop, chance: random.Random, usual: float, clip: SceneFileClip = CLIP) -> bool:
    """Start a render, kill one of its processes at some moment; tells whether that stopped it."""
    leader = workshop.start(clip, 2)
    time.sleep(chance.uniform(0, 0.9 * usual))
    processes = in_session(leader)
    if processes:
        with suppress(psutil.Error):
            chance.choice(processes).kill()
    code = os.waitstatus_to_exitcode(os.waitpid(leader, 0)[1])
    assert code in (0, 1, -signal.SIGKILL)
    if code == 1:
        (failed,) = [event for event in workshop.told(clip) if event["event"] == "failed"]
        assert "signal 9" in failed["message"]
    wait_until_gone(leader)
    return code != 0


def test_the_command_killed_at_any_moment(project: Path, tmp_path: Path) -> None:
    """As above, with the real command line: its first process is one of the victims."""
    render = [sys.executable, "render.py", "render", "steady-line", *FAST, "-j", "2", "--out", str(tmp_path)]
    shutil.rmtree(project / ".cache", ignore_errors=True)
    assert subprocess.run(render, cwd=project, capture_output=True, check=False).returncode == 0
    (folder,) = (folder for folder in tmp_path.iterdir() if folder.name != ".locks")
    whole = video(folder)
    chance = random.Random(5)
    shutil.rmtree(folder)
    shutil.rmtree(project / ".cache")
    for _ in range(6):
        with subprocess.Popen(render, cwd=project, stderr=subprocess.DEVNULL, start_new_session=True) as command:
            time.sleep(chance.uniform(0.3, 2.5))
            with suppress(IndexError, psutil.Error):
                chance.choice(in_session(command.pid)).kill()
            assert command.wait(30) in (0, 1, -signal.SIGKILL)
            wait_until_gone(command.pid, 20)
    assert subprocess.run(render, cwd=project, capture_output=True, check=False).returncode == 0
    assert video(folder) == whole
    only_usual_files(tmp_path, folder.name)


def test_nobody_outlives_a_killed_worker_even_if_the_scene_hangs(workshop: Workshop) -> None:
    leader = workshop.start(SceneFileClip(SCENES / "faulty.py", "Hangs", SMALL), 2)
    deadline = time.monotonic() + 10
    while len(in_session(leader)) < 3:  # the worker, its scout, and who draws a slice
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(leader, signal.SIGKILL)
    os.waitpid(leader, 0)
    wait_until_gone(leader, 5)


def test_damaged_slices_are_drawn_again(workshop: Workshop) -> None:
    whole = video(workshop.render(CLIP, 2))
    damages = [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: bytes([data[0] ^ 1]) + data[1:],
               lambda data: data[:-1] + bytes([data[-1] ^ 128])]  # fmt: skip
    for jobs, damage in zip((1, 2, 1, 2), damages, strict=True):
        shutil.rmtree(workshop.media / CLIP.name)
        for entry in workshop.cache.glob("??/*"):
            entry.write_bytes(damage(entry.read_bytes()))
        assert video(workshop.render(CLIP, jobs)) == whole


@pytest.mark.parametrize("jobs", [1, 2])
def test_two_workers_at_once_render_a_clip_once(workshop: Workshop, jobs: int) -> None:
    first = workshop.start(CLIP, jobs)
    second = Workshop(workshop.media, workshop.cache, "second").start(CLIP, jobs)
    assert [os.waitpid(pid, 0)[1] for pid in (first, second)] == [0, 0]
    told = [*workshop.told(CLIP), *Workshop(workshop.media, workshop.cache, "second").told(CLIP)]
    assert sum(event["event"] == "profile" for event in told) == 1
    assert sum(event["event"] == "done" for event in told) == 2
    only_usual_files(workshop.media, CLIP.name)


def test_without_a_cache_each_clip_keeps_its_own(workshop: Workshop, tmp_path: Path) -> None:
    whole = video(workshop.render(CLIP))
    blocked = tmp_path / "a file where the cache should be"
    blocked.write_text("")
    other = Workshop(tmp_path / "elsewhere", blocked)
    other.media.mkdir()
    assert video(other.render(CLIP, 2)) == whole
    only_usual_files(other.media, CLIP.name)
    assert not (other.media / CLIP.name / ".slices").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 300 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can make a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("full", ["media", "cache"])
def test_a_full_disk_is_said(workshop: Workshop, small_disk: Path, full: str) -> None:
    (small_disk / full).mkdir()
    (small_disk / "filler").write_bytes(bytes(280_000))
    there = Workshop(**{"media": workshop.media, "cache": workshop.cache, full: small_disk / full})
    leader = there.start(CLIP, 2)
    code = os.waitstatus_to_exitcode(os.waitpid(leader, 0)[1])
    (last,) = [event for event in there.told(CLIP) if event["event"] in ("failed", "done")]
    assert (code, last["event"]) == (1, "failed")
    assert "No space left on device" in last["message"]
    assert not [path for path in there.media.iterdir() if path.name != ".locks"]
    wait_until_gone(leader)
    (small_disk / "filler").unlink()
    assert video(there.render(CLIP, 2))


def command_line(tmp_path: Path, *arguments: str) -> list[str]:
    return [sys.executable, "render.py", "render", *FAST, *arguments, "--out", str(tmp_path)]


def test_every_way_to_fail_is_named_and_the_others_go_on(project: Path, tmp_path: Path) -> None:
    scenes = list(scenes_in(SCENES / "faulty.py"))
    arguments = command_line(tmp_path, str(SCENES / "faulty.py"), "-j", "3", "--timeout", "20")
    with subprocess.Popen(
        arguments, cwd=project, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as command:  # fmt: skip
        said = command.communicate()[1]
        wait_until_gone(command.pid)
    told = {scene: next((line for line in said.splitlines() if line.startswith(f"failed: {scene}-")), "")
            for scene in scenes}  # fmt: skip
    assert command.returncode == 1
    assert "Traceback" not in said
    fine = {path.name.partition("-")[0] for path in tmp_path.iterdir() if not path.name.startswith(".")}
    assert fine == {"Good", "Talks", "Reconfigures", "Spawns", "Empty"}
    assert {scene for scene, line in told.items() if not line} == fine
    lines = (SCENES / "faulty.py").read_text().splitlines()
    for scene, message, where in [
        ("Raises", "ValueError: the matrix is singular", "raise ValueError"),
        ("RaisesWhileDrawn", "ZeroDivisionError: division by zero", "1 / (self"),
        ("Exits", "SystemExit: 0", "sys.exit(0)"),
        ("Recurses", "RecursionError", "self.construct()"),
        ("Hungry", "MemoryError: Unable to allocate 1.00 TiB", "np.ones"),
        ("Broken", "", "Create(None)"),
    ]:
        assert message in told[scene]
        assert f"faulty.py:{next(n for n, line in enumerate(lines, 1) if where in line)}" in told[scene], told[scene]
    assert "20 s" in told["Hangs"]
    assert "-9" in told["IsKilled"] or "signal 9" in told["IsKilled"]
    assert "code 0" in told["Leaves"]
    # Only a process that had no chance to clean up leaves something: the next render of that clip removes it.
    assert {path.name.split("-")[0] for path in tmp_path.iterdir()} - fine <= {".locks", ".IsKilled", ".Leaves"}


def test_ctrl_c_is_prompt_clean_and_resumable(project: Path, tmp_path: Path) -> None:
    # So many frames that soon after its start it is far from done, on a fast machine too.
    arguments = command_line(tmp_path, f"{SCENES / 'stepping.py'}:Staggered", "-j", "2", "-q", "h", "--fps", "120")
    with subprocess.Popen(
        arguments, cwd=project, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as command:  # fmt: skip
        while not list(tmp_path.glob(".Staggered*.new.*")):
            assert command.poll() is None
            time.sleep(0.02)
        time.sleep(0.3)
        pressed = time.monotonic()
        os.killpg(command.pid, signal.SIGINT)
        said = command.stderr.read()
        assert command.wait(20) == 130
        assert time.monotonic() - pressed < 3
        wait_until_gone(command.pid, 3)
    assert said.strip().endswith("Stopped.")
    assert "Traceback" not in said
    assert {path.name for path in tmp_path.iterdir()} <= {".locks"}
    resumed = subprocess.run(arguments, cwd=project, capture_output=True, text=True, check=False)
    assert resumed.returncode == 0, resumed.stderr
