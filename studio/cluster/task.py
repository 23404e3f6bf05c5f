"""What runs inside a Dask worker: a task draws a range of slices, in a process that is kept for later ones.

Drawing needs a process of its own: Manim's configuration is global, and a Dask worker has threads.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from distributed import Worker, get_worker

from studio.batch import environment, start_module
from studio.cluster.bundle import Bundle, named
from studio.cluster.segment import Drawn, Segment
from studio.cluster.versions import describe, mismatch
from studio.engine.store import Store

MOST_IDLE = 2
"""Performers that a Dask worker keeps waiting besides those at work; each takes some 200 MB."""
LOOK_INTERVAL = 0.5
"""Seconds between two looks whether a task is still wanted."""
TELLING_INTERVAL = 2.0
"""Seconds between two messages about a task's progress: they go through the scheduler, from every worker."""


class MismatchError(RuntimeError):
    """This worker would draw other frames."""

    def __init__(self, worker: str, sentence: str) -> None:
        super().__init__(worker, sentence)
        self.worker, self.sentence = worker, sentence

    def __str__(self) -> str:
        return self.sentence


class DrawingError(RuntimeError):
    """A range could not be drawn. `elsewhere`: another worker may be able to; `report` is for the user."""

    def __init__(self, worker: str, report: dict[str, Any], elsewhere: bool) -> None:
        super().__init__(worker, report, elsewhere)
        self.worker, self.report, self.elsewhere = worker, report, elsewhere

    def __str__(self) -> str:
        return self.report["message"]


@dataclass(frozen=True)
class Order:
    """What all ranges of a clip have in common.

    Attributes:
        name: tells orders apart.
        clip: the clip as JSON.
        versions: of the machine that wants it.
        topic: under which progress is told.
    """

    name: str
    clip: dict[str, Any]
    versions: dict[str, str]
    topic: str


def draw(order: Order, bundle: bytes, first: int, last: int, key: str) -> Drawn:
    """Draw the slices `first` to `last`, counted from 0, of a clip; `key` is this task's own.

    Raises:
        MismatchError: this worker has other versions.
        DrawingError: says what went wrong.
    """
    worker, started = get_worker(), time.perf_counter()
    if sentence := mismatch(f"the worker {worker.address}", describe(), order.versions):
        raise MismatchError(worker.address, sentence)
    performer = _PERFORMERS.take(order, bundle, first, Path(worker.local_directory))
    try:
        segments, last_words = performer.draw(first, last, _Watch(worker, key, order.topic))
    except BaseException:
        performer.end()
        raise
    _PERFORMERS.give_back(performer)
    return Drawn(
        segments=tuple(segments),
        worker=worker.address,
        inputs=named(last_words["inputs"], performer.bundle.place),
        frames=performer.frames,
        seconds=time.perf_counter() - started,
        parts=last_words["seconds"],
    )


class _Watch:
    """Tells a task's progress, and whether the task is still wanted."""

    def __init__(self, worker: Worker, key: str, topic: str) -> None:
        self._worker, self._key, self._topic = worker, key, topic
        self._told = time.monotonic()

    @property
    def worker(self) -> str:
        """The worker's address."""
        return self._worker.address

    @property
    def is_wanted(self) -> bool:
        """False once the client has cancelled the task, or is gone."""
        task = self._worker.state.tasks.get(self._key)
        return task is not None and task.state == "executing"

    def progress(self, frames: int) -> None:
        """So many frames are done."""
        if time.monotonic() - self._told > TELLING_INTERVAL:
            self._told = time.monotonic()
            self._worker.log_event(self._topic, {"key": self._key, "frames": frames})


class Performer:
    """A process that draws slices of one clip, and where in the story it stands.

    Attributes:
        position: the first slice it can still draw.
        frames: of the last range.
    """

    def __init__(self, order: Order, bundle: bytes, folder: Path) -> None:
        self.order = order.name
        self.position = self.frames = 0
        self._place = Path(tempfile.mkdtemp(prefix="performer-", dir=folder))
        self.bundle = Bundle.unpack(bundle, self._place / "bundle")
        self._store = Store(self._place / "slices")
        self._process = start_module("studio.cluster.performer", self.bundle.folder, environment(home=self.bundle.home))
        self._said: Queue[dict[str, Any] | None] = Queue()
        self._errors: list[str] = []
        for listener in (self._listen, lambda: self._errors.extend(self._process.stderr)):
            threading.Thread(target=listener, daemon=True).start()
        clip = self.bundle.moved(order.clip)
        self._write({"clip": clip, "place": str(self._place), "outlines": str(self.bundle.outlines)})

    @property
    def lives(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def draw(self, first: int, last: int, watch: _Watch) -> tuple[list[Segment], dict[str, Any]]:
        """The slices of a range, and what was said at its end."""
        self.position, segments, self.frames = last + 1, [], 0
        self._write({"first": first, "last": last})
        for said in self._events(watch):
            kind = said.pop("event")
            if kind == "progress":
                self.frames = said["frames"]
                watch.progress(self.frames)
            elif kind == "slice":
                segments.append(Segment.of(said["index"], said["name"], self._store.get(said["name"])))
            elif kind == "failed":
                raise DrawingError(watch.worker, said, said.pop("elsewhere"))
            elif kind == "drawn":
                self.frames = said["frames"]
                return segments, said
        raise AssertionError("events end with an exception")

    def end(self) -> None:
        """End the process and remove its folder."""
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._place, ignore_errors=True)

    def _events(self, watch: _Watch) -> Iterator[dict[str, Any]]:
        while True:
            if not watch.is_wanted:
                raise DrawingError(watch.worker, {"message": "nobody wants it any more"}, elsewhere=False)
            try:
                said = self._said.get(timeout=LOOK_INTERVAL)
            except Empty:
                continue
            if said is None:
                code = self._process.wait()
                how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
                last = f": {self._errors[-1].strip()}" if self._errors else ""
                raise DrawingError(watch.worker, {"message": f"the process that drew it {how}{last}"}, elsewhere=True)
            yield said

    def _listen(self) -> None:
        for line in self._process.stdout:
            self._said.put(json.loads(line))
        self._said.put(None)

    def _write(self, message: dict[str, Any]) -> None:
        with suppress(BrokenPipeError):  # its end is heard of in `_events`
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()


class _Performers:
    """The performers of this Dask worker that have nothing to do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Performer] = []

    def take(self, order: Order, bundle: bytes, first: int, folder: Path) -> Performer:
        """One that stands in this clip's story nearest before the slice; a new one if there is none."""
        with self._lock:
            self._drop([performer for performer in self._idle if not performer.lives])
            able = [p for p in self._idle if p.order == order.name and p.position <= first]
            if able:
                chosen = max(able, key=lambda performer: performer.position)
                self._idle.remove(chosen)
                return chosen
        return Performer(order, bundle, folder)

    def give_back(self, performer: Performer) -> None:
        """Keep it for a later range."""
        with self._lock:
            self._idle.append(performer)
            self._drop(self._idle[:-MOST_IDLE])

    def _drop(self, performers: list[Performer]) -> None:
        for performer in performers:
            self._idle.remove(performer)
            performer.end()


_PERFORMERS = _Performers()
