"""Messages from a run to the server: a line of JSON each, and after it, where there are any, so many bytes."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

LONGEST_LINE = 2**24
"""Bytes of a message without its body."""


@dataclass(frozen=True)
class Message:
    """One thing a run says; `body` is a picture or a video."""

    event: str
    data: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""


class Wire:
    """The end of a run; shared by all processes forked after it was made."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        # Whoever holds the one byte in this pipe may speak.
        self._take, self._give = os.pipe()
        os.write(self._give, b".")

    def tell(self, event: str, body: bytes = b"", **data: Any) -> None:
        """Send one message, whole, whoever else speaks at this moment."""
        head = json.dumps({"event": event, "bytes": len(body), "data": data}).encode()
        os.read(self._take, 1)
        try:
            self._connection.sendall(head + b"\n" + body)
        finally:
            os.write(self._give, b".")


async def messages(connection: socket.socket) -> AsyncIterator[Message]:
    """What comes from the other end, until nobody is there any more."""
    reader, writer = await asyncio.open_connection(sock=connection, limit=LONGEST_LINE)
    try:
        while line := await reader.readline():
            head = json.loads(line)
            yield Message(head["event"], head["data"], await reader.readexactly(head["bytes"]))
    except (asyncio.IncompleteReadError, ConnectionError, ValueError):
        pass  # killed in the middle of a message
    finally:
        writer.close()


def bare(message: str) -> dict[str, Any]:
    """A failure of which nothing else is known."""
    return {"message": message, "place": None, "beat": None, "index": None, "lines": []}


def died(code: int) -> str:
    """What is to be said of a process that ended with this exit code, without a word."""
    how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"the process that drew the scene {how}"
