"""A process that has everything imported that does not change, and forks a child for each run.

`python -m studio.preview.template DESCRIPTOR FOLDER`: orders come through the socket DESCRIPTOR, one JSON line each,
with the socket that a new run is to speak through; runs have their temporary files in FOLDER. It ends, with all runs,
when the other end of the socket is closed.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio import stagehand
from studio.clip import CACHE, PROJECT
from studio.engine.inputs import Inputs
from studio.preview import tasks
from studio.preview.wire import Wire

GRACE = 4.0
"""Seconds that a run which is asked to stop has for cleaning up."""
NOTICE = 0.2
"""Seconds between two looks at runs that were asked to stop."""


@dataclass
class Child:
    """A run: the leader of its own process group. `deadline` is when it is killed, once it was asked to stop."""

    pid: int
    folder: Path
    deadline: float | None = None


class Template:
    """Takes orders until nobody is there to give any."""

    def __init__(self, control: socket.socket, folder: Path) -> None:
        self._control, self._folder = control, folder
        self._children: dict[int, Child] = {}
        self._heard, self._sockets = b"", []
        self._inputs = Inputs(ignored=(CACHE.parent, folder))
        self._wake, wake = os.pipe()
        for end in (self._wake, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def serve(self) -> None:
        """Take orders, and notice which runs have ended."""
        own = [path for path in self._inputs.so_far() if Path(path).is_relative_to(PROJECT)]
        self._say(ready=own)
        # The children share these objects' memory: the collector must not touch it.
        gc.collect()
        gc.freeze()
        # As in `studio.worker`: scenes make and drop mobjects by the hundred thousand.
        gc.set_threshold(100_000, 50, 100)
        while True:
            ready, _, _ = select.select([self._control, self._wake], [], [], NOTICE if self._stopping() else None)
            if self._wake in ready:
                os.read(self._wake, 4096)
            if self._control in ready and not self._listen():
                return
            self._reap()

    def close(self) -> None:
        """End every run."""
        for child in self._children.values():
            _kill(child.pid)
            os.waitpid(child.pid, 0)
        self._children.clear()

    def _say(self, **message: Any) -> None:
        self._control.sendall(json.dumps(message).encode() + b"\n")

    def _listen(self) -> bool:
        """Carry out what was ordered; False when the other end is closed."""
        said, descriptors, _, _ = socket.recv_fds(self._control, 65536, 16)
        self._sockets += [socket.socket(fileno=descriptor) for descriptor in descriptors]
        *lines, self._heard = (self._heard + said).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "stop" in order:
                self._stop(order["stop"], kindly=order["kindly"])
            else:
                self._start(order, self._sockets.pop(0))
        return bool(said)

    def _start(self, order: dict[str, Any], connection: socket.socket) -> None:
        folder = self._folder / f"run-{order['run']}"
        pid = os.fork()
        if pid == 0:
            self._control.close()
            _carry_out(order, connection, folder, self._inputs)
        connection.close()
        with contextlib.suppress(OSError):  # the child says so too; whoever is first
            os.setpgid(pid, pid)
        self._children[order["run"]] = Child(pid, folder)

    def _stop(self, run: int, *, kindly: bool) -> None:
        child = self._children.get(run)
        if child is None:
            return
        if kindly:
            child.deadline = time.monotonic() + GRACE
            _kill(child.pid, signal.SIGTERM)
        else:
            _kill(child.pid)

    def _stopping(self) -> bool:
        return any(child.deadline is not None for child in self._children.values())

    def _reap(self) -> None:
        for run, child in list(self._children.items()):
            if child.deadline is not None and time.monotonic() > child.deadline:
                _kill(child.pid)
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                del self._children[run]
                _kill(child.pid)  # what it has forked and left behind
                shutil.rmtree(child.folder, ignore_errors=True)
                self._say(ended=run, code=os.waitstatus_to_exitcode(status))


def _kill(group: int, how: signal.Signals = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)


def _carry_out(order: dict[str, Any], connection: socket.socket, folder: Path, inputs: Inputs) -> None:
    """In the child: do what was ordered, and end."""
    code = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        # Two saves within a second may leave files of one date and size, which a compiled file cannot tell apart.
        sys.dont_write_bytecode = True
        wire = Wire(connection)
        try:
            folder.mkdir()
            tempfile.tempdir = str(folder)
            code = tasks.TASKS[order["task"]](order, wire, inputs)
        except Exception as error:
            wire.tell("failed", **tasks.report(error, None))
            traceback.print_exc()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BrokenPipeError:
        pass  # nobody listens any more
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Serve the socket that was inherited."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What scenes print is for whoever started the preview, but not its own output.
    os.dup2(2, 1)
    control, folder = socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])
    stagehand.fonts()  # read here, once for all runs
    template = Template(control, folder)
    try:
        template.serve()
    except BrokenPipeError:
        pass  # the server is gone
    finally:
        template.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
