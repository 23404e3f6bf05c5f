"""Deals what clips have told as tasks of a Dask cluster, checks the results and keeps them."""

from __future__ import annotations

import logging
import math
import os
import sys
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from distributed import Client, Future, KilledWorker

from studio.batch import Event, Job
from studio.cluster import task
from studio.cluster.segment import Drawn, UnverifiedError, compare_inputs, verify
from studio.cluster.task import DrawingError, MismatchError, Order
from studio.cluster.versions import describe, mismatch
from studio.engine.store import Store
from studio.problems import SelectionError

OVERHEAD = 0.15
"""Share of a worker's time that may go into importing Manim and telling the story up to its first slice."""
SHARES = 4
"""Ranges for each worker at least, as far as there are slices: else the last would keep the others waiting."""
PACE = 4e-9
"""Seconds a pixel takes to draw, until it has been measured."""
ATTEMPTS = 3
"""How often a range is tried, by different workers where there are others."""
PATIENCE = 5
"""Seconds to wait for a scheduler to answer."""
EMPTY_PATIENCE = 120
"""Seconds to go on without any worker: one may be on its way."""
INLINE = 2**20
"""Bytes of a bundle that go with every task; a larger one is a task of its own, which Dask copies to who needs it."""
LOOK_INTERVAL = 1.0
"""Seconds between two looks at the cluster."""


@dataclass(eq=False)
class Range:
    """Consecutive slices of one clip: what one task draws."""

    work: Work
    slices: list[tuple[int, int]]
    label: str
    attempts: int = 0
    avoided: set[str] = field(default_factory=set)
    key: str = ""
    future: Future | None = None
    frames_told: int = 0

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return sum(frames for _, frames in self.slices)

    def __str__(self) -> str:
        first, last = self.slices[0][0] + 1, self.slices[-1][0] + 1
        return f"slice {first}" if first == last else f"slices {first} to {last}"


@dataclass(eq=False)
class Work:
    """What is still to be drawn of a clip, and whom to tell."""

    job: Job
    order: Order
    bundle: bytes | Future
    inputs: dict[str, str]
    store: Store
    reply: Callable[[dict[str, Any]], None]
    tell: Callable[[Event], None]
    frames_done: int
    ranges: set[Range] = field(default_factory=set)
    is_over: bool = False


@dataclass
class Pace:
    """How fast a worker is."""

    frames: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Frames a second, while it had something to do."""
        return self.frames / self.seconds if self.seconds else 0.0


class Cluster:
    """An existing Dask cluster; a context manager. As `studio.batch.Helpers`.

    Args:
        address: the scheduler's.
        jobs: how many clips will be told.
        checkers: threads that check results.

    Raises:
        SelectionError: no scheduler answers there, or a worker would draw other frames.
    """

    most_waiting = 64

    def __init__(self, address: str, jobs: int, checkers: int) -> None:
        self.address = address
        self.kept = 0
        self.paces: dict[str, Pace] = defaultdict(Pace)
        self._jobs_left = jobs
        self._works: dict[Job, Work] = {}
        self._by_key: dict[str, Range] = {}
        self._misfits: set[str] = set()
        self._notes: list[str] = []
        self._proven: set[str] = set()
        self._pixel_seconds = PACE
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._topic = f"drawing-{uuid.uuid4().hex[:8]}"
        self._client = connect(address)
        try:
            self._workers = check_versions(self._client, address)
        except BaseException:
            self._client.close(timeout=2)
            raise
        self._client.subscribe_topic(self._topic, self._hear)
        self._checkers = ThreadPoolExecutor(checkers)
        self._watch = threading.Thread(target=self._look_after, daemon=True)
        self._watch.start()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if kind is KeyboardInterrupt and self.kept:
            print(f"{self.kept} slices were drawn and are kept; the same command goes on from there.", file=sys.stderr)
        for job in list(self._works):
            self.drop(job)
        self._checkers.shutdown(cancel_futures=True)
        with suppress(Exception):  # the scheduler may be gone
            self._client.close(timeout=2)

    # --- What `studio.batch` asks ----------------------------------------------------------------------

    def deal(self, told: Event, tell: Callable[[Event], None]) -> None:
        """Make tasks of what a job has told."""
        job, data = told.job, told.data
        tell(Event(job, "planned", {"total": data["total"]}))
        bundle = Path(data["bundle"]).read_bytes()
        order = Order(uuid.uuid4().hex, job.clip.to_json(), describe(), self._topic)
        with self._lock:
            self._jobs_left -= 1
            if self._client.status != "running":
                told.reply({"failed": {"message": self._lost()}})
                return
            shared = self._client.submit(bytes, bundle, key=f"files-{order.name}") if len(bundle) > INLINE else bundle
            store = Store(Path(data["store"]))
            work = Work(job, order, shared, data["inputs"], store, told.reply, tell, data["stored"])
            self._works[job] = work
            for part in self._ranges(work, data["slices"], data["start"]):
                work.ranges.add(part)
                self._submit(part)

    def drop(self, job: Job) -> None:
        """Nothing more is wanted for a job."""
        with self._lock:
            work = self._works.pop(job, None)
            if work is None:
                return
            work.is_over = True
            unwanted = [part.future for part in work.ranges if part.future]
            for part in work.ranges:
                self._by_key.pop(part.key, None)
        if unwanted and self._client.status == "running":
            with suppress(Exception):  # the scheduler may go any moment
                self._client.cancel(unwanted)

    # --- Dealing ---------------------------------------------------------------------------------------

    def _ranges(self, work: Work, slices: list[tuple[int, int, str]], start: float) -> list[Range]:
        """Cut a clip's slices into ranges: long enough to be worth the start, short enough to go round."""
        width, height = work.job.clip.look.pixels
        seconds = self._pixel_seconds * width * height * sum(frames for _, frames, _ in slices) / len(slices)
        worth = math.ceil(start / OVERHEAD / max(seconds, 1e-6))
        outstanding = sum(len(part.slices) for other in self._works.values() for part in other.ranges)
        in_all = outstanding + len(slices) * (1 + self._jobs_left)
        fair = math.ceil(in_all / (SHARES * max(self._threads(), 1)))
        size = max(1, min(worth, fair))
        ranges: list[list[tuple[int, int, str]]] = []
        for entry in slices:
            # What the store has lies between: a range is without gaps.
            if not ranges or len(ranges[-1]) >= size or entry[0] != ranges[-1][-1][0] + 1:
                ranges.append([])
            ranges[-1].append(entry)
        return [Range(work, [(i, frames) for i, frames, _ in part], part[0][2]) for part in ranges]

    def _threads(self) -> int:
        return sum(worker["nthreads"] for worker in self._workers.values())

    def _submit(self, part: Range) -> None:
        work = part.work
        # Dask's dashboard groups tasks by what comes before the first hyphen, and wants it to begin with a letter.
        words = ", ".join(word for word in (f"clip {work.job.name}", part.label) if word).replace("-", " ")
        part.key = f"{words}-{part.slices[0][0]}-{uuid.uuid4().hex}"
        part.frames_told = 0
        avoided = part.avoided | self._misfits
        others = [address for address in self._workers if address not in avoided]
        self._by_key[part.key] = part
        part.future = self._client.submit(
            task.draw,
            work.order,
            work.bundle,
            part.slices[0][0],
            part.slices[-1][0],
            part.key,
            key=part.key,
            pure=False,
            workers=others if avoided and others else None,
            allow_other_workers=bool(avoided and others),
        )
        part.future.add_done_callback(lambda future: self._settle_soon(part, future))

    # --- Results ---------------------------------------------------------------------------------------

    def _settle_soon(self, part: Range, future: Future) -> None:
        with suppress(RuntimeError):  # closing
            self._checkers.submit(self._settle, part, future)

    def _settle(self, part: Range, future: Future) -> None:
        """A task has ended: keep its result, have it tried again, or give the clip up."""
        work = part.work
        if work.is_over or future is not part.future:
            return
        try:
            if future.status == "cancelled":
                self._lose()
                return
            drawn = future.result()
            self._check(part, drawn)
            for segment in drawn.segments:
                work.store.put(segment.name, segment.data)
        except Exception as error:
            self._retry(part, error)
            return
        self._count(part, drawn)
        slices = [[segment.index, segment.name] for segment in drawn.segments]
        work.reply({"slices": slices, "seconds": dict(drawn.parts)})

    def _check(self, part: Range, drawn: Drawn) -> None:
        """Raise `UnverifiedError` where a result is not what was asked for."""
        asked = dict(part.slices)
        try:
            if [segment.index for segment in drawn.segments] != list(asked):
                raise UnverifiedError("not all slices came back")
            compare_inputs(drawn.inputs, part.work.inputs)
            for segment in drawn.segments:
                # Of every worker, one slice is decoded whole.
                whole = drawn.worker not in self._proven
                verify(segment, asked[segment.index], part.work.job.clip.look.pixels, whole=whole)
                self._proven.add(drawn.worker)
        except UnverifiedError as error:
            part.avoided.add(drawn.worker)
            raise UnverifiedError(f"a result of the worker {drawn.worker} was not used: {error}") from None

    def _count(self, part: Range, drawn: Drawn) -> None:
        with self._lock:
            work, pace = part.work, self.paces[drawn.worker]
            pace.frames, pace.seconds = pace.frames + drawn.frames, pace.seconds + drawn.seconds
            frames, seconds = (sum(getattr(p, what) for p in self.paces.values()) for what in ("frames", "seconds"))
            width, height = work.job.clip.look.pixels
            self._pixel_seconds = seconds / max(frames, 1) / (width * height)
            self.kept += len(part.slices)
            work.ranges.discard(part)
            work.frames_done += part.frames
            self._by_key.pop(part.key, None)
        self._tell_progress(work)

    def _retry(self, part: Range, error: Exception) -> None:
        with self._lock:
            work = part.work
            if work.is_over:
                return
            part.attempts += 1
            self._by_key.pop(part.key, None)
            if isinstance(error, MismatchError):
                if error.worker not in self._misfits:
                    self._notes.append(f"{error} It is left out.")
                self._misfits.add(error.worker)
            elif isinstance(error, DrawingError):
                part.avoided.add(error.worker)
            last = isinstance(error, KilledWorker) or (isinstance(error, DrawingError) and not error.elsewhere)
            if not last and part.attempts < ATTEMPTS:
                self._notes.append(f"{work.job.name}, {part}: {' '.join(str(error).split())}; tried again")
                self._submit(part)
                return
        self._give_up(work, report_of(part, error))

    def _give_up(self, work: Work, report: dict[str, Any]) -> None:
        if not work.is_over:
            work.is_over = True
            work.reply({"failed": report})

    def _lose(self) -> None:
        """The scheduler is gone, and with it all that was under way."""
        for work in list(self._works.values()):
            self._give_up(work, {"message": self._lost()})

    def _lost(self) -> str:
        return f"the connection to the scheduler {self.address} was lost; finished slices are kept"

    # --- Looking after ---------------------------------------------------------------------------------

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        """A worker tells how far it is."""
        said = event[1]
        part = self._by_key.get(said["key"])
        if part:
            part.frames_told = min(said["frames"], part.frames)
            self._tell_progress(part.work)

    def _tell_progress(self, work: Work) -> None:
        frames = work.frames_done + sum(part.frames_told for part in list(work.ranges))
        work.tell(Event(work.job, "progress", {"frames": frames}))

    def _look_after(self) -> None:
        """See who is there, and tell; give up when nobody is for too long."""
        empty_since = None
        while not self._closing.wait(LOOK_INTERVAL):
            if self._client.status in ("closed", "closing"):
                self._lose()
                continue
            with suppress(Exception):  # it may be gone any moment, which its status tells
                self._note_workers(workers_of(self._client))
            if self._workers:
                empty_since = None
            elif empty_since is None:
                empty_since = time.monotonic()
            elif time.monotonic() - empty_since > EMPTY_PATIENCE:
                message = f"{self.address} has had no worker for {EMPTY_PATIENCE} s; finished slices are kept"
                for work in list(self._works.values()):
                    self._give_up(work, {"message": message})
            for work in list(self._works.values())[:1]:
                notes, self._notes = self._notes, []
                told = {"count": len(self._workers), "speeds": self.speeds(), "notes": notes}
                work.tell(Event(work.job, "workers", told))

    def _note_workers(self, there: dict[str, Any]) -> None:
        gone, new = self._workers.keys() - there.keys(), there.keys() - self._workers.keys()
        self._notes += [f"the worker {address} is gone; what it had is drawn by others" for address in sorted(gone)]
        self._notes += [f"the worker {address} has joined" for address in sorted(new)]
        self._workers = there

    def speeds(self) -> dict[str, float]:
        """Frames a second by worker, of those that have finished something."""
        return {address: round(pace.per_second, 2) for address, pace in sorted(self.paces.items())}


def connect(address: str) -> Client:
    """A client of the scheduler there.

    Raises:
        SelectionError: none answers.
    """
    # What goes wrong is told in our words, once; Dask would log it several times, with tracebacks.
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False, name=f"mathematics-of-ai-{os.getpid()}")
    except (OSError, ValueError) as error:
        why = " ".join(str(error).split())
        raise SelectionError(f"no Dask scheduler answers at {address}: {why}") from None


def workers_of(client: Client) -> dict[str, Any]:
    """The workers that are there now, by address."""
    return dict(client.scheduler_info(n_workers=-1)["workers"])


def check_versions(client: Client, address: str) -> dict[str, Any]:
    """The workers, all of which would draw the same frames as this machine.

    The scheduler must have this project too: it unpacks the tasks.

    Raises:
        SelectionError: one would not.
    """
    ours = describe()
    try:
        told = {f"the scheduler {address}": client.run_on_scheduler(describe)}
    except Exception as error:
        told = {f"the scheduler {address}": error}
    told |= {f"the worker {worker}": said for worker, said in client.run(describe, on_error="return").items()}
    for who, theirs in told.items():
        if isinstance(theirs, Exception):
            raise SelectionError(
                f"{who} cannot use this project ({type(theirs).__name__}: {theirs}); "
                f"install the same version there as here ({ours['project code']})."
            )
        if sentence := mismatch(who, theirs, ours):
            raise SelectionError(sentence)
    return workers_of(client)


def report_of(part: Range, error: Exception) -> dict[str, Any]:
    """What to tell the user of a range that was given up."""
    if isinstance(error, DrawingError) and not error.elsewhere:
        return error.report
    if isinstance(error, KilledWorker):
        died = f"{error.allowed_failures + 1} workers that drew them died, the last was {error.last_worker.address}"
        return {"message": f"{part} were given up: {died}"}
    what = " ".join(str(error).split()) or type(error).__name__
    return {"message": f"{part} were given up after {part.attempts} attempts: {what}"}
