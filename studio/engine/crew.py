"""Who draws which slice, and how the work comes together again.

A child forked at a slice's first play has the scene just as it stands there: it draws its slice while this process
goes on with the story. So the work spreads over as many processors as there are slices, and what no child can do,
bringing the scene from play to play, takes a small part of the time. Where a system cannot fork, or for one job,
this process draws every slice itself; the frames are the same.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from manim import config

from studio.engine.codec import Codec
from studio.engine.inputs import Inputs, unchanged
from studio.engine.recorder import Recorder, SliceName
from studio.engine.slices import Span
from studio.engine.store import Store

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

CAN_FORK = hasattr(os, "fork") and fcntl is not None
PATIENCE = 0.02
"""Seconds between two looks for a free slot."""
ORPHAN_INTERVAL = 0.5
"""Seconds between two looks whether the parent still lives."""
TELLING_INTERVAL = 0.2
"""Seconds between two messages of a child about its progress."""


def end_with(parent: int) -> None:
    """End this process soon after its parent, which was killed: nobody waits for it any more, and it may hang."""
    if not hasattr(signal, "setitimer"):
        return

    def look(number: int, frame: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, ORPHAN_INTERVAL, ORPHAN_INTERVAL)


def fork() -> int:
    """A child that goes on with the scene just as it stands; as `os.fork`, returns its pid, or 0 in the child."""
    chance, parent = random.getstate(), os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        end_with(parent)
        # Python gives every child a seed of its own: the story must go on as it would have in the parent.
        random.setstate(chance)
        # Manim writes the pictures of text into its media folder, and removes them: not in another's.
        config.media_dir = os.path.join(config.media_dir, str(os.getpid()))
        # The parent ends its children when it is asked to stop; they have nothing to clean up.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return pid


class SliceError(Exception):
    """A slice could not be drawn. `report` says what went wrong, as the child told it."""

    def __init__(self, report: dict[str, Any]) -> None:
        super().__init__(report["message"])
        self.report = report


class Slots:
    """As many drawing processes at once as there are jobs, over all clips of a batch.

    A slot is a locked file. The lock passes to the child and ends with it, however it ends: the kernel sees to it.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count

    @classmethod
    def make(cls, count: int) -> Slots:
        """Slots in a new folder, to be removed by the caller."""
        return cls(Path(tempfile.mkdtemp(prefix="slots-")), count)

    def take(self) -> int | None:
        """A locked file's descriptor, or None while all slots are taken."""
        for number in range(self.count):
            handle = os.open(self.folder / str(number), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(handle)
            else:
                return handle
        return None


@dataclass
class Child:
    """A process that draws one slice."""

    index: int
    pid: int
    pipe: BinaryIO
    frames: int = 0
    heard: bytes = b""


@dataclass
class Crew:
    """Deals out the slices of one clip.

    Args:
        codec, size, fps: how segments are coded.
        store: keeps them.
        key: names the clip; with unchanged inputs, slices of the same key are not drawn again.
        inputs: what this process has read so far.
        slots: for forked children; None draws in this process.
        draw_all: draw even what the store has.
        draw_nothing: only the last picture is wanted.
        on_progress: told how many frames are done.
        on_failure: turns an exception into a report.

    Attributes:
        segments: names of the finished slices by index; `stored` are those that need not be drawn.
        seconds: time spent on each part of the work, over all processes; `slice_seconds` on each slice drawn here.
        recorder, naming: what codes, or only names, the slice that this process has.
    """

    codec: Codec
    size: tuple[int, int]
    fps: int
    store: Store
    key: str
    inputs: Inputs
    slots: Slots | None = None
    draw_all: bool = False
    draw_nothing: bool = False
    on_progress: Callable[[int], None] = lambda frames: None
    on_failure: Callable[[BaseException], dict[str, Any]] = lambda error: {"message": str(error)}
    segments: dict[int, str] = field(default_factory=dict)
    stored: set[int] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)
    slice_seconds: list[float] = field(default_factory=list)
    recorder: Recorder | None = None
    naming: SliceName | None = None
    _children: list[Child] = field(default_factory=list)
    _mine: int | None = None
    _out: int | None = None
    _frames_done: int = 0
    _told: float = 0.0
    _began: float = 0.0

    # --- What the renderer asks ------------------------------------------------------------------------

    @property
    def is_child(self) -> bool:
        """Whether this process was forked for one slice."""
        return self._out is not None

    @property
    def current(self) -> int | None:
        """The slice that this process draws (or describes) now."""
        return self._mine

    def draws(self, span: Span) -> bool:
        """Whether this process draws (or describes) the slice."""
        return span.index == self._mine

    def assign(self, span: Span) -> None:
        """The story has come to this span: if a slice begins with it, end the one before and decide who draws it."""
        if self.draw_nothing or not span.opens:
            return
        self.close()
        index = span.index
        earlier = None if self.draw_all else self._earlier(index)
        if earlier and unchanged(earlier["inputs"]) and self.store.get(earlier["name"]) is not None:
            self.segments[index] = earlier["name"]
            self.stored.add(index)
        else:
            self._deal(index, compare=bool(earlier))

    def close(self) -> None:
        """The slice that this process draws is over."""
        if self._mine is None:
            return
        index, self._mine = self._mine, None
        if self.naming:
            self._end_child({"name": self.naming.value()})
        self._keep(index)
        self.slice_seconds.append(time.perf_counter() - self._began)
        if self.is_child:
            self._end_child({"name": self.segments[index], "frames": self.recorder.frames, "seconds": self.seconds})
        self.recorder = None

    def passed(self, span: Span, frames: int) -> None:
        """The story has gone on by so many frames of the span."""
        if self.draws(span) or span.index in self.stored:
            self.drew(frames)

    def drew(self, frames: int) -> None:
        """So many frames more are done in this process."""
        self._frames_done += frames
        if time.monotonic() - self._told > TELLING_INTERVAL:
            self._told = time.monotonic()
            if self.is_child:
                self._tell({"frames": self._frames_done})
            else:
                self.on_progress(self._frames_done)

    def finish(self) -> None:
        """Wait for all children."""
        self.close()
        while self._children:
            self._listen(PATIENCE * 10)

    def dismiss(self) -> None:
        """End all children at once."""
        for child in self._children:
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            child.pipe.close()
        self._children.clear()

    def fail(self, error: BaseException) -> None:
        """In a child: tell the parent, and end."""
        self._end_child({"failed": self.on_failure(error)}, code=1)

    # --- Store -----------------------------------------------------------------------------------------

    def _alias(self, index: int) -> str:
        return f"{self.key} slice {index}"

    def _earlier(self, index: int) -> dict[str, Any] | None:
        """What a run of the same clip left of this slice: its segment's name, and what it had read by then."""
        entry = self.store.get(self._alias(index))
        return json.loads(entry) if entry else None

    def _keep(self, index: int) -> None:
        segment = self.recorder.segment()
        for part, seconds in self.recorder.seconds.items():
            self.spend(part, seconds)
        name = self.recorder.name
        self.store.put(name, segment)
        self._remember(index, name)

    def _remember(self, index: int, name: str) -> None:
        entry = {"name": name, "inputs": self.inputs.so_far()}
        self.store.put(self._alias(index), json.dumps(entry).encode())
        self.segments[index] = name

    def spend(self, part: str, seconds: float) -> None:
        """Book time on a part of the work."""
        self.seconds[part] = self.seconds.get(part, 0.0) + seconds

    def _deal(self, index: int, compare: bool) -> None:
        """Have somebody draw the slice; `compare`: what an earlier run left of it may still hold."""
        if self.slots and CAN_FORK:
            self._hand_over(index, compare)
        else:
            self._take_up(index, compare)

    # --- Drawing here ----------------------------------------------------------------------------------

    def _take_up(self, index: int, compare: bool) -> None:
        self._mine, self._began = index, time.perf_counter()
        if not (compare and CAN_FORK and self._is_known(index)):
            self.recorder = Recorder(self.codec, self.size, self.fps)

    def _is_known(self, index: int) -> bool:
        """Something the clip depends on has changed: let a twin name what the slice shows now, which costs a
        fraction of drawing it.

        Returns True in the twin, which describes the slice instead of drawing it, and in this process when the
        store knows that name: then there is nothing to draw.
        """
        out, pid = self._fork()
        if pid == 0:
            self.naming = SliceName(self.codec, self.size, self.fps)
            return True
        with os.fdopen(out, "rb") as pipe:
            said = pipe.read()
        os.waitpid(pid, 0)
        # A twin that failed said nothing of use: the slice is drawn, and fails in the open.
        name = json.loads(said.splitlines()[-1]).get("name") if said else None
        if name is None or self.store.get(name) is None:
            return False
        self._mine = None
        self._remember(index, name)
        self.stored.add(index)
        if self.is_child:
            self._end_child({"name": name, "reused": True})
        return True

    # --- Children --------------------------------------------------------------------------------------

    def _hand_over(self, index: int, compare: bool) -> None:
        while (slot := self.slots.take()) is None:
            self._listen(PATIENCE)
        out, pid = self._fork()
        if pid == 0:
            self._children.clear()
            self.seconds, self._frames_done = {}, 0
            self._take_up(index, compare)
            return
        os.close(slot)
        self._children.append(Child(index, pid, os.fdopen(out, "rb", buffering=0)))
        self._listen(0)

    def _fork(self) -> tuple[int, int]:
        """A child with a pipe to this process: in the parent (the reading end, pid), in the child (the writing
        end, 0)."""
        reading, writing = os.pipe()
        pid = fork()
        if pid:
            os.close(writing)
            return reading, pid
        os.close(reading)
        self._out = writing
        return writing, 0

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            os.write(self._out, json.dumps(message).encode() + b"\n")
        except BrokenPipeError:  # the parent is gone
            os._exit(1)

    def _end_child(self, message: dict[str, Any], code: int = 0) -> None:
        self._tell(message)
        sys.stderr.flush()
        os._exit(code)

    def _listen(self, timeout: float) -> None:
        """Hear what the children have to say."""
        ready, _, _ = select.select([child.pipe for child in self._children], [], [], timeout)
        for child in [child for child in self._children if child.pipe in ready]:
            said = child.pipe.read(65536)
            child.heard += said
            *lines, child.heard = child.heard.split(b"\n")
            for line in lines:
                self._hear(child, json.loads(line))
            if not said:
                self._reap(child)
        self.on_progress(self._frames_done + sum(child.frames for child in self._children))

    def _hear(self, child: Child, message: dict[str, Any]) -> None:
        if "failed" in message:
            raise SliceError(message["failed"])
        child.frames = message.get("frames", child.frames)
        for part, seconds in message.get("seconds", {}).items():
            self.spend(part, seconds)
        if "name" in message:
            self.segments[child.index] = message["name"]
        if message.get("reused"):
            self.stored.add(child.index)

    def _reap(self, child: Child) -> None:
        _, status = os.waitpid(child.pid, 0)
        child.pipe.close()
        self._children.remove(child)
        self._frames_done += child.frames
        if child.index not in self.segments:
            code = os.waitstatus_to_exitcode(status)
            how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
            raise SliceError({"message": f"the process that drew slice {child.index + 1} {how}"})
