"""Nobody's result is used unverified."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.cluster.segment import Segment, UnverifiedError, compare_inputs, verify
from studio.engine.codec import H264
from studio.engine.painter import Picture
from studio.engine.recorder import Recorder

SIZE = (64, 48)


@pytest.fixture(scope="module")
def segment() -> Segment:
    """Five frames."""
    recorder = Recorder(H264, SIZE, 5)
    for shade in range(5):
        recorder.add(Picture(np.full((SIZE[1], SIZE[0], 4), 40 * shade, np.uint8), None, b"name"))
    return Segment.of(3, "name", recorder.segment())


@pytest.mark.parametrize("whole", [True, False])
def test_a_whole_segment_passes(segment: Segment, whole: bool) -> None:
    verify(segment, 5, SIZE, whole=whole)


@pytest.mark.parametrize(("frames", "size"), [(4, SIZE), (6, SIZE), (5, (48, 64))])
@pytest.mark.parametrize("whole", [True, False])
def test_other_frames_do_not(segment: Segment, frames: int, size: tuple[int, int], whole: bool) -> None:
    with pytest.raises(UnverifiedError, match="slice 4 has 5 frames"):
        verify(segment, frames, size, whole=whole)


def test_a_changed_byte_does_not(segment: Segment) -> None:
    middle = len(segment.data) // 2
    damaged = segment.data[:middle] + bytes([segment.data[middle] ^ 1]) + segment.data[middle + 1 :]
    with pytest.raises(UnverifiedError, match="damaged"):
        verify(replace(segment, data=damaged), 5, SIZE, whole=False)


@pytest.mark.parametrize("data", [b"", b"no film", bytes(4000)])
def test_what_is_no_film_does_not(data: bytes) -> None:
    with pytest.raises(UnverifiedError, match="cannot be decoded"):
        verify(Segment.of(0, "name", data), 5, SIZE, whole=False)


def test_other_sources_do_not() -> None:
    compare_inputs({"a": "1", "more": "2"}, {"a": "1", "b": "2"})
    with pytest.raises(UnverifiedError, match=r"drawn with another scenes/x\.py"):
        compare_inputs({"project:scenes/x.py": "1"}, {"project:scenes/x.py": "2"})
