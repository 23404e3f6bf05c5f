"""Where a clip is cut into slices, each drawn by itself."""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST = 1.5
"""Seconds. A slice ends with the first play that brings it to this length: every slice costs a key frame."""
LONGEST = 3.0
"""Seconds. A longer play is cut: no processor should wait long for another's last slice."""


@dataclass(frozen=True)
class Span:
    """Frames `first` to before `last` of one play, which belong to slice `index`; `opens` if it begins there."""

    index: int
    first: int
    last: int
    opens: bool


class Cutter:
    """Deals the frames of play after play to slices. Depends on nothing but their number."""

    def __init__(self, fps: float) -> None:
        self._shortest, self._longest = round(SHORTEST * fps), round(LONGEST * fps)
        self._index = -1
        self._length = 0
        self._ended = True

    @property
    def count(self) -> int:
        """Slices begun so far."""
        return self._index + 1

    def end(self) -> None:
        """The next frame begins a slice: a beat begins, and players shall be able to jump there."""
        self._ended = True

    def cut(self, frames: int, *, divisible: bool = True) -> list[Span]:
        """The spans of the next play, of so many frames.

        Args:
            divisible: False for a play whose length is not known before it is over.
        """
        spans: list[Span] = []
        done = 0
        if self._length >= self._shortest:
            self.end()
        while done < frames:
            opens = self._ended
            if opens:
                self._index, self._length, self._ended = self._index + 1, 0, False
            take = min(frames - done, max(self._longest - self._length, 1)) if divisible else frames
            spans.append(Span(self._index, done, done + take, opens))
            done += take
            self._length += take
            self._ended = done < frames
        return spans
