"""The same command on a cluster gives the same files; and what goes wrong there is said and survived."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.studio.cluster.conftest import Machines, kill_group, performers, video, wait_for
from tests.studio.conftest import FAST

Client = pytest.importorskip("distributed", reason="the extra `cluster` is not installed").Client
pytestmark = [pytest.mark.usefixtures("no_cache"), pytest.mark.skipif(os.name == "nt", reason="process groups")]
SceneFile = Callable[..., Path]
ON_A_WORKER = '"performer-" in str(HERE)'
"""Whether a scene of ours is told by somebody who draws."""
SLOWLY = f"time.sleep(0.4 if {ON_A_WORKER} else 0)"


def render_here(machines: Machines, *arguments: str) -> None:
    """A local render, with everything drawn anew."""
    command = [sys.executable, "render.py", "render", *arguments, "-j", "1", "--force"]
    subprocess.run(command, cwd=machines.project, check=True, capture_output=True)


def in_store(machines: Machines) -> int:
    """Entries of the store: two for each slice."""
    return len(list((machines.project / ".cache" / "slices").glob("??/*")))


def tasks_on(machines: Machines) -> list[str]:
    """What the scheduler's dashboard calls the tasks it has seen."""
    with Client(machines.address, set_as_default=False) as client:
        return client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.task_prefixes))


def stored_of(profile: str) -> tuple[int, int]:
    """How many slices there were, and how many of them need not be drawn, in all clips of a batch."""
    told = re.findall(r"in (\d+) slices, (\d+) of them not drawn", profile)
    return sum(int(slices) for slices, _ in told), sum(int(stored) for _, stored in told)


def test_a_suite_is_the_same_and_a_local_render_draws_nothing_more(cluster: Machines, tmp_path: Path) -> None:
    on_cluster, here = tmp_path / "cluster", tmp_path / "here"
    done = cluster.render("--all", *FAST, "--out", str(on_cluster))
    assert done.returncode == 0, done.stderr
    assert "2 workers" in done.stderr or "frames/s" in done.stderr
    assert any(name.startswith("clip steady line") and "beat 1, “" in name for name in tasks_on(cluster))
    command = [sys.executable, "render.py", "render", "--all", *FAST, "--out", str(here), "--profile"]
    after = subprocess.run(command, cwd=cluster.project, capture_output=True, text=True, check=True).stderr
    slices, stored = stored_of(after)
    assert slices == stored > 0
    drawn_here = tmp_path / "drawn"
    render_here(cluster, "--all", *FAST, "--out", str(drawn_here))
    for folder in drawn_here.iterdir():
        if not folder.name.startswith("."):
            for kind in ("mp4", "vtt", "png"):
                for file in folder.glob(f"*.{kind}"):
                    assert file.read_bytes() == (on_cluster / folder.name / file.name).read_bytes()
                    assert file.read_bytes() == (here / folder.name / file.name).read_bytes()


def test_a_strangers_scene_travels_with_its_data(cluster: Machines, scene: SceneFile, tmp_path: Path) -> None:
    file = scene()
    done = cluster.render(str(file), *FAST, "--out", str(tmp_path / "cluster"), "--json")
    assert done.returncode == 0, done.stderr
    # Only who planned it was in her folder: the workers had copies.
    assert len(list(file.parent.glob("told-by-*"))) == 1
    render_here(cluster, str(file), *FAST, "--out", str(tmp_path / "here"))
    assert video(tmp_path / "cluster") == video(tmp_path / "here")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in (events[0], events[-1])] == ["started", "done"]
    (total,) = (event["total"] for event in events if event["event"] == "planned")
    assert max(event["frames"] for event in events if event["event"] == "progress") == total
    assert all(event["count"] == 2 for event in events if event["event"] == "workers")


def test_a_large_bundle_goes_its_own_way(cluster: Machines, scene: SceneFile, tmp_path: Path) -> None:
    file = scene("(HERE / 'large').read_bytes()")
    (file.parent / "large").write_bytes(os.urandom(2**21))
    done = cluster.render(str(file), *FAST, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr


def test_a_changed_beat_alone_is_drawn_again(cluster: Machines, scene: SceneFile, tmp_path: Path) -> None:
    file, out = scene(), tmp_path / "out"
    assert cluster.render(str(file), *FAST, "--out", str(out)).returncode == 0
    radii = (file.parent / "radii.csv").read_text().splitlines()
    (file.parent / "radii.csv").write_text("\n".join([*radii[:-1], "0.3"]))
    told = cluster.render(str(file), *FAST, "--out", str(out), "--profile").stderr
    slices, stored = stored_of(told)
    # The last circle, and what is seen of it as it goes.
    assert 2 <= slices - stored <= 3
    render_here(cluster, str(file), *FAST, "--out", str(tmp_path / "here"))
    assert video(out) == video(tmp_path / "here")


def test_a_scene_that_fails_while_drawn_is_told_as_at_home(cluster: Machines, scene: SceneFile, tmp_path: Path) -> None:
    file = scene(f"assert not ({ON_A_WORKER} and radius > 1.3), 'the matrix is singular'")
    done = cluster.render(str(file), *FAST, "--out", str(tmp_path / "out"))
    line = next(n for n, text in enumerate(file.read_text().splitlines(), 1) if "singular" in text)
    assert done.returncode == 1
    assert "AssertionError: the matrix is singular" in done.stderr
    assert f"circles.py:{line}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("victim", ["worker", "performer"])
def test_a_killed_worker_is_made_up_for(own_cluster: Machines, scene: SceneFile, tmp_path: Path, victim: str) -> None:
    file = scene(SLOWLY)
    doomed = own_cluster.start_worker("doomed")
    own_cluster.wait_for_workers(1)
    command = own_cluster.start(str(file), *FAST, "--out", str(tmp_path / "out"))
    wait_for(lambda: in_store(own_cluster) >= 2)
    assert command.poll() is None
    if victim == "worker":
        orphans = performers(doomed)
        assert orphans
        own_cluster.start_worker("added")  # meanwhile, and it takes over
        os.kill(doomed.pid, signal.SIGKILL)
        wait_for(lambda: not any(orphan.is_running() for orphan in orphans))
    else:
        for performer in performers(doomed):
            performer.kill()
    said = command.communicate(timeout=60)[1]
    assert command.returncode == 0, said
    assert (
        " is gone; what it had is drawn by others" if victim == "worker" else "was ended by signal 9; tried"
    ) in said
    render_here(own_cluster, str(file), *FAST, "--out", str(tmp_path / "here"))
    assert video(tmp_path / "out") == video(tmp_path / "here")


def test_what_kills_every_worker_is_given_up_and_said(own_cluster: Machines, scene: SceneFile, tmp_path: Path) -> None:
    own_cluster.start_worker("one")
    own_cluster.wait_for_workers(1)
    file = scene(f"os.kill(os.getpid(), 9) if {ON_A_WORKER} and radius > 1.9 else None")
    done = own_cluster.render(str(file), *FAST, "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "were given up after 3 attempts: the process that drew it was ended by signal 9" in done.stderr
    assert "Traceback" not in done.stderr
    # What was finished before is kept, and goes into the next render.
    assert in_store(own_cluster) >= 2


def test_a_lost_scheduler_is_said_and_the_rest_is_for_the_next_render(
    own_cluster: Machines, scene: SceneFile, tmp_path: Path
) -> None:
    (scheduler,) = own_cluster.processes
    worker = own_cluster.start_worker("one")
    own_cluster.wait_for_workers(1)
    file = scene(SLOWLY)
    command = own_cluster.start(str(file), *FAST, "--out", str(tmp_path / "out"))
    wait_for(lambda: in_store(own_cluster) >= 4)
    kill_group(scheduler)
    said = command.communicate(timeout=60)[1]
    assert command.returncode == 1
    assert f"the connection to the scheduler {own_cluster.address} was lost; finished slices are kept" in said
    assert "Traceback" not in said, said
    kill_group(worker)
    here = [sys.executable, "render.py", "render", str(file), *FAST, "--profile", "--out", str(tmp_path / "out")]
    resumed = subprocess.run(here, cwd=own_cluster.project, capture_output=True, text=True, check=True).stderr
    slices, stored = stored_of(resumed)
    assert 2 <= stored < slices


def test_ctrl_c_stops_the_workers_too(own_cluster: Machines, scene: SceneFile, tmp_path: Path) -> None:
    worker = own_cluster.start_worker("one")
    own_cluster.wait_for_workers(1)
    file = scene(f"time.sleep(60 if {ON_A_WORKER} and radius > 1.3 else 0)")
    command = own_cluster.start(str(file), *FAST, "--out", str(tmp_path / "out"))
    wait_for(lambda: in_store(own_cluster) >= 2)
    wait_for(lambda: performers(worker))
    pressed = time.monotonic()
    os.killpg(command.pid, signal.SIGINT)
    said = command.communicate(timeout=20)[1]
    assert time.monotonic() - pressed < 5
    assert command.returncode == 130
    assert re.search(r"\d slices were drawn and are kept; the same command goes on from there\.\s+Stopped\.\n$", said)
    assert "Traceback" not in said, said
    wait_for(lambda: not performers(worker), 10)
    assert worker.poll() is None


def test_another_version_is_one_sentence_that_names_both(
    own_cluster: Machines, tmp_path: Path, quiet_project: Path
) -> None:
    other = shutil.copytree(quiet_project, tmp_path / "other")
    (other / "explainers" / "model.py").open("a").write("# newer\n")
    own_cluster.start_worker("other", PYTHONPATH=str(other))
    own_cluster.wait_for_workers(1)
    done = own_cluster.render("steady-line", *FAST, "--out", str(tmp_path / "out"))
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert line.startswith("Error: the worker tcp://127.0.0.1:")
    assert " has project code " in line
    assert ", and this machine has project code " in line


def test_a_worker_without_this_project_is_named(own_cluster: Machines, tmp_path: Path) -> None:
    own_cluster.start_worker("bare", PYTHONPATH="")
    own_cluster.wait_for_workers(1)
    done = own_cluster.render("steady-line", *FAST, "--out", str(tmp_path / "out"))
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert "cannot use this project" in line


def test_a_scheduler_without_this_project_is_named(own_cluster: Machines, tmp_path: Path) -> None:
    own_cluster.stop()
    own_cluster.start_scheduler(PYTHONPATH="")
    done = own_cluster.render("steady-line", *FAST, "--out", str(tmp_path / "out"))
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert line.startswith(f"Error: the scheduler {own_cluster.address} cannot use this project")


def test_a_scheduler_that_is_not_there_is_one_sentence(cluster: Machines, tmp_path: Path) -> None:
    command = [*cluster.command("steady-line", "--out", str(tmp_path))[:-1], "tcp://127.0.0.1:1"]
    done = subprocess.run(command, cwd=cluster.project, capture_output=True, text=True, check=False)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert line.startswith("Error: no Dask scheduler answers at tcp://127.0.0.1:1")
