"""Tells a clip's story without drawing, says which slices are wanted, and waits for them."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from manim import config

from studio.cluster.bundle import named, pack
from studio.engine.crew import CAN_FORK, Crew, SliceError
from studio.engine.slices import Span


@dataclass
class PlanningCrew(Crew):
    """A crew whose slices are drawn on other machines.

    Args:
        tell: sends an event to the client.
        label: what the story is at, for people to read.
    """

    tell: Callable[..., None] = lambda event, **data: None
    label: Callable[[], str] = str
    _wanted: dict[int, str] = field(default_factory=dict)
    _frames: dict[int, int] = field(default_factory=dict)
    _read: dict[int, dict[str, str]] = field(default_factory=dict)
    _latest: int | None = None

    def assign(self, span: Span) -> None:
        """The story has come to this span."""
        if span.opens:
            self._end_of_slice()
            self._latest = span.index
        super().assign(span)

    def passed(self, span: Span, frames: int) -> None:
        """The story has gone on by so many frames of the span."""
        self._frames[span.index] = self._frames.get(span.index, 0) + frames
        super().passed(span, frames)

    def finish(self) -> None:
        """The story is told: ask for what is wanted, and wait for it."""
        self._end_of_slice()
        super().finish()
        if self._wanted:
            self._ask()
            while self._wanted:
                self._take_in(sys.stdin.readline())

    def _end_of_slice(self) -> None:
        """A slice depends on what was read before its end, as if it had been drawn here."""
        if self._latest is not None:
            self._read[self._latest] = self.inputs.so_far()

    def _deal(self, index: int, compare: bool) -> None:
        self._mine = index
        if compare and CAN_FORK and self._is_known(index):
            return  # in the twin, with the slice to describe; here, with nothing to draw
        self._mine = None
        self._wanted[index] = self.label()

    def _ask(self) -> None:
        """Say what is wanted, and what it takes a worker to begin: about what it took here to come to this point."""
        bundle = pack(self.inputs.so_far(), self.inputs.links(), media := config.get_dir("media_dir"))
        path = media / "bundle.zip"
        path.write_bytes(bundle)
        self.tell(
            "told",
            slices=[[index, self._frames[index], label] for index, label in self._wanted.items()],
            total=sum(self._frames.values()),
            start=time.process_time(),
            stored=sum(self._frames[index] for index in self.stored),
            inputs=named(self.inputs.so_far()),
            store=str(self.store.folder),
            bundle=str(path),
        )

    def _take_in(self, line: str) -> None:
        """A message of the client: a slice is in the store, or cannot be had."""
        if not line:
            sys.exit(1)  # the client is gone
        message: dict[str, Any] = json.loads(line)
        if "failed" in message:
            raise SliceError(message["failed"])
        for part, seconds in message["seconds"].items():
            self.spend(part, seconds)
        for index, name in message["slices"]:
            if self.store.get(name) is None:
                raise SliceError({"message": f"slice {index + 1} is not in the cache: a full disk, or it was emptied"})
            inputs = self._read[index]
            self.store.put(self._alias(index), json.dumps({"name": name, "inputs": inputs}).encode())
            self.segments[index] = name
            del self._wanted[index]
