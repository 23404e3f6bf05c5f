"""The server's side of the template process: starts it, has it start and end runs, and starts it anew."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from studio.clip import PROJECT
from studio.preview.wire import LONGEST_LINE, Message, bare, died, messages

PATIENCE = 60.0
"""Seconds without a word after which a run is taken to be in an endless loop."""
STARTING = 60.0
"""Seconds that the template process has for its imports."""
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A process with threads must not be forked, and runs share the cores among themselves."""

_numbers = itertools.count(1)
"""Of runs, over all template processes: a page tells old from new by them."""


class Run:
    """One run; iterate over `messages` to hear what it says."""

    def __init__(
        self, number: int, connection: socket.socket, template: Template, patience: float | None = PATIENCE
    ) -> None:
        self.number = number
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._connection, self._template = connection, template
        self._patience, self.is_stopped = patience, False

    async def messages(self) -> AsyncIterator[Message]:
        """What the run says. If it dies, or is silent for too long, the last message is a failure."""
        said = messages(self._connection)
        last = ""
        while True:
            try:
                message = await asyncio.wait_for(anext(said), self._patience)
            except StopAsyncIteration:
                break
            except TimeoutError:
                self.stop()
                yield _failure(f"the scene has not moved on for {self._patience:.0f} s; it was stopped")
                return
            last = message.event
            yield message
        code = await self.ended
        if self.is_stopped:
            return
        if code < 0 or (code and last not in ("failed", "refused", "unmade", "drawn")):
            yield _failure(died(code))

    def stop(self, *, kindly: bool = False) -> None:
        """End the run and all its processes; `kindly` lets it clean up first."""
        self.is_stopped = True
        self._template.send({"stop": self.number, "kindly": kindly})


def _failure(message: str) -> Message:
    return Message("failed", bare(message))


class Template:
    """The template process, from its start to its end.

    Attributes:
        files: what it has imported of this project; when one of them changes it is of no use any more.
    """

    def __init__(self) -> None:
        self.files: frozenset[str] = frozenset()
        self._runs: dict[int, Run] = {}

    async def start(self) -> None:
        """Start the process; returns when it is ready.

        Raises:
            RuntimeError: it did not come up; what it says has gone to standard error.
        """
        self._control, theirs = socket.socketpair()
        self._folder = tempfile.mkdtemp(prefix="preview-")
        path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "studio.preview.template", str(theirs.fileno()), self._folder],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **THREADS, "PYTHONPATH": path},
            )
        # A descriptor of its own to write to: asyncio owns the one that it reads.
        self._orders = self._control.dup()
        self._reader, self._writer = await asyncio.open_connection(sock=self._control, limit=LONGEST_LINE)
        try:
            line = await asyncio.wait_for(self._reader.readline(), STARTING)
        except TimeoutError:
            line = b""
        if not line:
            await self.close()
            raise RuntimeError("the process that draws did not start")
        self.files = frozenset(json.loads(line)["ready"])
        self._listener = asyncio.create_task(self._listen())

    @property
    def is_gone(self) -> bool:
        """Whether the process has ended, and can start no more runs."""
        return self._listener.done()

    def run(self, order: dict[str, Any], patience: float | None = PATIENCE) -> Run:
        """Start a run; one that is silent for longer than `patience` seconds is ended."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        run = Run(next(_numbers), ours, self, patience)
        if self.is_gone:
            run.ended.set_result(-signal.SIGKILL)
        self._runs[run.number] = run
        with theirs:
            self.send({**order, "run": run.number}, theirs)
        return run

    def send(self, order: dict[str, Any], connection: socket.socket | None = None) -> None:
        """Give an order; a process that is gone is told of by its runs."""
        with suppress(OSError):
            descriptors = [connection.fileno()] if connection else []
            socket.send_fds(self._orders, [json.dumps(order).encode() + b"\n"], descriptors)

    async def close(self) -> None:
        """End the process, all runs, and their files. The other end notices, and cleans up."""
        self._orders.close()
        self._writer.close()
        with suppress(Exception):
            await self._writer.wait_closed()
        try:
            await asyncio.to_thread(self._process.wait, 10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        shutil.rmtree(self._folder, ignore_errors=True)  # where it could not do so itself
        if listener := getattr(self, "_listener", None):
            await listener

    async def _listen(self) -> None:
        with suppress(ConnectionError):
            while line := await self._reader.readline():
                message = json.loads(line)
                run = self._runs.pop(message["ended"])
                if not run.ended.done():
                    run.ended.set_result(message["code"])
        for run in self._runs.values():
            if not run.ended.done():
                run.ended.set_result(-signal.SIGKILL)
        self._runs.clear()
