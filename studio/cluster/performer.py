"""Draws slices of one clip on a worker: `python -m studio.cluster.performer`, started by `task`.

The first line of standard input is the order; each further line asks for a range of slices, in the order of the
story. Events are JSON lines on standard output. Between two ranges the story stands still, where the last one ended.
"""

from __future__ import annotations

import gc
import io
import json
import os
import select
import shutil
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio import stagehand
from studio.engine.codec import codec_for
from studio.engine.crew import Crew, end_with
from studio.engine.slices import Span
from studio.engine.store import Store
from studio.scene_file import clip_from_json
from studio.worker import Reporter

PATIENCE = 60
"""Seconds to wait for another range before leaving."""


class DismissedError(BaseException):
    """Nobody wants anything more. Not an `Exception`, so that no scene catches it."""


@dataclass
class PartCrew(Crew):
    """Draws the slices of one range after the other, and lets those between go by."""

    orders: io.FileIO = field(kw_only=True)
    reporter: Reporter = field(kw_only=True)
    _range: range = range(0)

    def assign(self, span: Span) -> None:
        """The story has come to this span."""
        if not span.opens:
            return
        self.close()
        while span.index >= self._range.stop:
            self._next_range()
        if span.index in self._range:
            self._take_up(span.index, compare=False)

    def finish(self) -> None:
        """The story is told."""
        self.close()
        while True:
            self._next_range()

    def _keep(self, index: int) -> None:
        super()._keep(index)
        self.reporter.tell("slice", index=index, name=self.segments[index])

    def _next_range(self) -> None:
        if self._range:
            self.reporter.tell("drawn", inputs=self.inputs.so_far(), frames=self._frames_done, seconds=self.seconds)
        self.seconds, self._frames_done = {}, 0
        ready, _, _ = select.select([self.orders], [], [], PATIENCE)
        line = self.orders.readline() if ready else b""
        if not line:
            raise DismissedError
        wanted = json.loads(line)
        self._range = range(wanted["first"], wanted["last"] + 1)


def perform(order: dict[str, Any], orders: io.FileIO, reporter: Reporter) -> None:
    """Tell the clip's story, drawing what is asked for, until nobody asks any more."""
    clip = clip_from_json(order["clip"])
    place = Path(order["place"])
    crew = PartCrew(
        codec_for(clip.output, transparent=clip.look.transparent),
        clip.look.pixels,
        clip.look.fps,
        Store(place / "slices"),
        clip.key(),
        reporter.inputs,
        on_progress=reporter.progress,
        on_failure=reporter.failure,
        orders=orders,
        reporter=reporter,
    )
    with stagehand.configured(clip) as media:
        shutil.copytree(order["outlines"], media, dirs_exist_ok=True)
        stagehand.film(clip, crew, media, reporter.enter_beat)


def main() -> int:
    """Perform until dismissed; the exit code is 1 if the scene failed."""
    reporter = Reporter()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    end_with(os.getppid())
    gc.set_threshold(100_000, 50, 100)  # as in `studio.worker`
    # Without a buffer, in which a line would lie unseen by `select`.
    orders = io.FileIO(0)
    order = json.loads(orders.readline())
    reporter.inputs.ignore(Path(order["place"]) / "slices")
    try:
        perform(order, orders, reporter)
    except (DismissedError, KeyboardInterrupt):
        return 0
    except BaseException as error:
        local = isinstance(error, (MemoryError, OSError))
        reporter.tell("failed", elsewhere=local, **reporter.failure(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
