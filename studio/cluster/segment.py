"""What a worker sends back for a slice, and how it is checked."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import av


class UnverifiedError(RuntimeError):
    """A result is not what was asked for; it is not used."""


@dataclass(frozen=True)
class Segment:
    """A coded slice: its index in the clip, the name of what it shows, the coded file and its SHA-256."""

    index: int
    name: str
    data: bytes
    checksum: str

    @classmethod
    def of(cls, index: int, name: str, data: bytes) -> Segment:
        """A segment with its checksum."""
        return cls(index, name, data, hashlib.sha256(data).hexdigest())


@dataclass(frozen=True)
class Drawn:
    """A range of slices, drawn.

    Attributes:
        worker: who drew it.
        inputs: what had been read for it, SHA-256 by name.
        frames, seconds: how much it was and how long the worker took, getting there included.
        parts: seconds spent on each part of the work.
    """

    segments: tuple[Segment, ...]
    worker: str
    inputs: Mapping[str, str]
    frames: int
    seconds: float
    parts: Mapping[str, float]


def verify(segment: Segment, frames: int, size: tuple[int, int], *, whole: bool) -> None:
    """Check that a segment arrived as it was coded, and holds so many frames of this size.

    Args:
        whole: decode every frame, which takes a sixth of the time of drawing; else the key frame, on which all
            others rest, and count the coded frames.

    Raises:
        UnverifiedError: says what is wrong.
    """
    what = f"slice {segment.index + 1}"
    if hashlib.sha256(segment.data).hexdigest() != segment.checksum:
        raise UnverifiedError(f"{what} arrived damaged")
    try:
        with av.open(io.BytesIO(segment.data)) as given:
            coded = sum(bool(packet.size) for packet in given.demux(video=0))
        with av.open(io.BytesIO(segment.data)) as given:
            decoded = given.decode(video=0)
            sizes = [(frame.width, frame.height) for frame in (decoded if whole else islice(decoded, 1))]
    except (av.error.FFmpegError, IndexError) as error:
        raise UnverifiedError(f"{what} cannot be decoded: {error}") from None
    if (coded, len(sizes), set(sizes)) != (frames, frames if whole else 1, {size}):
        raise UnverifiedError(f"{what} has {coded} frames of {' '.join(map(str, set(sizes)))}, not {frames} of {size}")


def compare_inputs(theirs: Mapping[str, str], ours: Mapping[str, str]) -> None:
    """Check that a worker has read what this machine has.

    Raises:
        UnverifiedError: names the file that differs.
    """
    for name, digest in theirs.items():
        if ours.get(name, digest) != digest:
            raise UnverifiedError(f"it was drawn with another {name.removeprefix('project:').removeprefix('root')}")
