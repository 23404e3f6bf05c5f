"""Runs jobs in worker processes, so many at a time; one failing job does not stop the others."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Protocol

from studio.clip import PROJECT, Clip
from studio.problems import SelectionError
from studio.scene_file import SceneFileClip

try:
    import resource
except ImportError:  # Windows
    resource = None


@dataclass(frozen=True, eq=False)
class Job:
    """One thing for a worker to make: `task` is "render", "sheet" or "check"; `options` are the task's own."""

    clip: Clip | SceneFileClip
    target: Path
    task: str = "render"
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How the job is called in messages."""
        return self.clip.name

    def to_json(self) -> dict[str, Any]:
        """What the worker reads."""
        return {"clip": self.clip.to_json(), "target": str(self.target), "task": self.task, **self.options}


@dataclass
class Event:
    """Something a job did: planned, progress, beat, done or failed, with its data; `reply` answers a "told"."""

    job: Job
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    reply: Callable[[dict[str, Any]], None] | None = None


class Helpers(Protocol):
    """Those who draw elsewhere for jobs whose worker only tells the story, with the option `elsewhere`."""

    most_waiting: int
    """Jobs that may wait for them at once."""

    def deal(self, told: Event, tell: Callable[[Event], None]) -> None:
        """Have drawn what this job has told; the replies go to its worker, and events about it to `tell`."""

    def drop(self, job: Job) -> None:
        """The job is over, one way or another."""


def run(jobs: list[Job], workers: int, timeout: float | None = None, helpers: Helpers | None = None) -> Iterator[Event]:
    """Run all jobs, at most `workers` at once, yielding events as they come. Leaves no process behind.

    Args:
        timeout: seconds after which a job is given up.
        helpers: draw elsewhere; while a job waits for them, another may start.
    """
    events: Queue[Event] = Queue()
    waiting = list(jobs)
    running: dict[Job, subprocess.Popen[str]] = {}
    started: dict[Job, float] = {}
    told: set[Job] = set()
    most = workers + (helpers.most_waiting if helpers else 0)
    slots = tempfile.TemporaryDirectory(prefix="slots-")
    shared = {"slots": slots.name if workers > 1 else None, "jobs": workers}
    try:
        while waiting or running:
            while waiting and len(running) - len(told) < workers and len(running) < most:
                job = waiting.pop(0)
                running[job] = _start(job, shared, events)
                started[job] = time.monotonic()
                yield Event(job, "started")
            late = [job for job in running if timeout and time.monotonic() - started[job] > timeout]
            _stop([running[job] for job in late])
            for job in late:
                del running[job]
                _forget(job, told, helpers)
                message = f"it took longer than {timeout:g} s and was stopped"
                yield Event(job, "failed", {"message": message, "log": ""})
            try:
                event = events.get(timeout=0.2)
            except Empty:
                continue
            if event.job not in running:
                continue  # the last words of one that was stopped
            if event.kind == "told":
                told.add(event.job)
                helpers.deal(event, events.put)
                continue
            if event.kind in ("done", "failed"):
                running.pop(event.job).wait()
                _forget(event.job, told, helpers)
            yield event
    finally:
        _stop(list(running.values()))
        slots.cleanup()


def _forget(job: Job, told: set[Job], helpers: Helpers | None) -> None:
    """Nothing more is wanted for a job."""
    if job in told:
        told.remove(job)
        helpers.drop(job)


def environment(home: Path | None = None) -> dict[str, str]:
    """The environment of a process that runs a scene.

    Args:
        home: stands for the user's home; the packages installed there stay in reach.
    """
    # One computing thread per worker: the workers share the cores among themselves.
    chosen = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    # pydub, which Manim imports, asks for it.
    chosen.setdefault("PATH", os.defpath)
    # Sets in the same order every time: a clip that is resumed must go on with the same story.
    chosen["PYTHONHASHSEED"] = "0"
    chosen["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    if home:
        chosen |= {"HOME": str(home), "PYTHONUSERBASE": site.getuserbase()}
    return chosen


LEAST_MEMORY = 512
"""MiB of address space in which Manim can be imported. With less, some library fails, and OpenBLAS tries for ever."""


def _check_memory() -> None:
    if resource is None:
        return
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
    if allowed != resource.RLIM_INFINITY and allowed < LEAST_MEMORY * 2**20:
        raise SelectionError(
            f"this process may use {allowed // 2**20} MiB of memory (ulimit -v), and a worker needs {LEAST_MEMORY} MiB"
            " just to start."
        )


def start_module(module: str, folder: Path | None, variables: dict[str, str]) -> subprocess.Popen[str]:
    """A Python process of ours that takes and gives lines of text, started in a folder, with an environment.

    Raises:
        SelectionError: it would not have the memory to start.
    """
    _check_memory()
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=folder,
        env=variables,
    )


def _stop(processes: list[subprocess.Popen[str]]) -> None:
    """End workers with all their children: kindly first, so that they clean up."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + 5
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def _start(job: Job, shared: dict[str, Any], events: Queue[Event]) -> subprocess.Popen[str]:
    # A stranger's scene finds its files, and its manim.cfg, from where the command was given.
    folder = None if isinstance(job.clip, SceneFileClip) else PROJECT
    process = start_module("studio.worker", folder, environment())
    order = json.dumps({**job.to_json(), **shared})
    threading.Thread(target=_follow, args=(job, order, process, events), daemon=True).start()
    return process


def _follow(job: Job, order: str, process: subprocess.Popen[str], events: Queue[Event]) -> None:
    """Turn a worker's output into events; a worker that dies without a word is a failure too."""
    lock = threading.Lock()

    def reply(message: dict[str, Any]) -> None:
        with lock, suppress(OSError, ValueError):  # it may be gone, which its exit code tells below
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()

    errors: list[str] = []
    drain = threading.Thread(target=lambda: errors.extend(process.stderr), daemon=True)
    drain.start()
    try:
        process.stdin.write(order + "\n")
        process.stdin.flush()
        if not job.options.get("elsewhere"):
            process.stdin.close()
    except BrokenPipeError:
        pass  # it died at once; its exit code tells below
    ended = False
    for line in process.stdout:
        data = json.loads(line)
        kind = data.pop("event")
        ended = ended or kind in ("done", "failed")
        if kind == "failed":
            drain.join(2)
            data["log"] = "".join(errors)
        events.put(Event(job, kind, data, reply))
    code = process.wait()
    if not ended:
        drain.join(2)
        last = errors[-1].strip() if errors else "it said nothing"
        message = f"the worker ended with code {code}: {last}"
        events.put(Event(job, "failed", {"message": message, "log": "".join(errors)}))
