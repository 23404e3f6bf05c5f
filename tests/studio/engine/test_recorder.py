"""Coding: converting what changed gives what converting all gives; segments joined are one video."""

from __future__ import annotations

import io
import os
import signal
import time
import wave
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.engine.codec import H264, codec_for
from studio.engine.film import Cue
from studio.engine.join import join
from studio.engine.painter import TILE, Picture, rectangles
from studio.engine.recorder import Planes, Recorder, SliceName, clusters, straight
from studio.output import FORMS, Output

SIZES = st.sampled_from(
    [(854, 480), (480, 854), (64, 64), (66, 34), (2, 2), (32, 96), (130, 98), (1000, 62), (1920, 1080)]
)


def tiles_of(size: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of tiles."""
    return -(-size[1] // TILE), -(-size[0] // TILE)


def planes(frame: av.VideoFrame) -> list[np.ndarray]:
    return [
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width].copy()
        for plane in frame.planes
    ]


@given(SIZES, st.integers(0, 2**32 - 1), st.floats(0, 1), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_converting_changed_tiles_equals_converting_all(
    size: tuple[int, int], seed: int, share: float, frames: int
) -> None:
    random = np.random.default_rng(seed)
    width, height = size
    pixels = random.integers(0, 256, (height, width, 4), np.uint8)
    converter = Planes(size)
    converter.convert(Picture(pixels, None, None))
    for _ in range(frames):
        changed = random.random(tiles_of(size)) < share
        mask = np.kron(changed, np.ones((TILE, TILE), bool))[:height, :width]
        pixels[mask] = random.integers(0, 256, (mask.sum(), 4), np.uint8)
        partly = planes(converter.convert(Picture(pixels, changed, None)))
        wholly = planes(Planes(size).convert(Picture(pixels, None, None)))
        for some, every in zip(partly, wholly, strict=True):
            np.testing.assert_array_equal(some, every)


@given(st.tuples(st.integers(1, 9), st.integers(1, 9)), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_rectangles_cover_the_changed_tiles_and_no_other(shape: tuple[int, int], seed: int, share: float) -> None:
    tiles = np.random.default_rng(seed).random(shape) < share
    height, width = shape[0] * TILE - 6, shape[1] * TILE - 10
    covered = np.zeros((height, width), int)
    for left, top, right, bottom in rectangles(tiles, (height, width)):
        covered[top:bottom, left:right] += 1
    np.testing.assert_array_equal(covered, np.kron(tiles, np.ones((TILE, TILE), int))[:height, :width])


@given(st.tuples(st.integers(1, 40), st.integers(1, 60)), st.integers(0, 2**32 - 1), st.integers(0, 12))
def test_clusters_hold_all_changed_tiles_and_do_not_overlap(shape: tuple[int, int], seed: int, many: int) -> None:
    random = np.random.default_rng(seed)
    tiles = np.zeros(shape, bool)
    tiles[random.integers(0, shape[0], many), random.integers(0, shape[1], many)] = True
    covered = np.zeros(shape, int)
    for part in clusters(tiles):
        left, top, right, bottom = (edge // TILE for edge in part)
        assert tiles[top:bottom, left:right].any()
        covered[top:bottom, left:right] += 1
    assert covered.max(initial=0) <= 1
    assert not tiles[covered == 0].any()


def test_changes_far_apart_are_converted_apart() -> None:
    tiles = np.zeros((34, 60), bool)
    tiles[2:4, 3:5] = tiles[2:4, 50:52] = tiles[30, 10] = True
    assert sorted(clusters(tiles)) == [
        (3 * TILE, 2 * TILE, 5 * TILE, 4 * TILE),
        (10 * TILE, 30 * TILE, 11 * TILE, 31 * TILE),
        (50 * TILE, 2 * TILE, 52 * TILE, 4 * TILE),
    ]


def segment(size: tuple[int, int], shades: Sequence[int], fps: int = 10, codec=H264) -> bytes:
    """A slice whose frames have these shades of grey."""
    recorder = Recorder(codec, size, fps)
    for shade in shades:
        pixels = np.full((size[1], size[0], 4), shade, np.uint8)
        pixels[..., 3] = 255
        recorder.add(Picture(pixels, None, bytes([shade])))
    assert recorder.frames == len(shades)
    return recorder.segment()


@pytest.mark.parametrize(("form", "name"), [("mp4", c) for c in FORMS["mp4"]] + [("webm", "vp9"), ("mov", "qtrle"),
                                            ("mov", "prores")])  # fmt: skip
def test_joined_segments_have_every_frame_once_at_a_constant_rate(tmp_path: Path, form: str, name: str) -> None:
    shades = [[20, 60, 100], [140], [180, 220, 30, 70]]
    codec = codec_for(Output(form, name), transparent=False)
    target = tmp_path / f"joined.{form}"
    assert join([segment((96, 64), part, codec=codec) for part in shades], target, 10) == 8
    with av.open(str(target)) as video:
        stream = video.streams.video[0]
        assert stream.average_rate == 10
        decoded = [(frame.time, frame.to_ndarray(format="gray")[32, 48]) for frame in video.decode(stream)]
        assert float(video.duration / av.time_base) == pytest.approx(0.8, abs=0.01)
    assert [time for time, _ in decoded] == pytest.approx([n / 10 for n in range(8)], abs=2e-3)
    # A decoder may give limited-range greys as they are coded.
    seen = np.array([grey for _, grey in decoded], float)
    flat = np.array([shade for part in shades for shade in part])
    assert np.abs(seen - flat).max() < 25
    assert np.corrcoef(seen, flat)[0, 1] > 0.999


@pytest.mark.parametrize(("form", "name"), [("mp4", c) for c in FORMS["mp4"]] + [("webm", "vp9")])
def test_an_encoder_that_looks_ahead_keeps_what_is_drawn_over(form: str, name: str) -> None:
    """The same planes are handed over for every frame, with one column of tiles lit."""
    size = (TILE * 16, TILE * 4)
    recorder = Recorder(codec_for(Output(form, name), transparent=False), size, 10)
    for lit in range(16):
        pixels = np.zeros((size[1], size[0], 4), np.uint8)
        pixels[:, TILE * lit : TILE * (lit + 1)] = 255
        changed = np.zeros(tiles_of(size), bool)
        changed[:, max(lit - 1, 0) : lit + 1] = True
        recorder.add(Picture(pixels, changed if lit else None, bytes([lit])))
    with av.open(io.BytesIO(recorder.segment())) as video:
        rows = [frame.to_ndarray(format="gray")[TILE * 2] for frame in video.decode(video=0)]
    assert [int(row.reshape(16, TILE).mean(axis=1).argmax()) for row in rows] == list(range(16))


def forked(work: Callable[[], object]) -> int:
    """The pid of a child that does this and ends."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only from outside can an encoder that hangs be ended")
@pytest.mark.parametrize("name", FORMS["mp4"])
def test_no_encoder_waits_for_ever(name: str) -> None:
    """SVT-AV1 did, in one segment of fifteen, while other processes kept the processors busy."""
    codec = codec_for(Output("mp4", name), transparent=False)
    for _ in range(10):
        coders = [forked(lambda: segment((214, 120), range(0, 240, 4), codec=codec)) for _ in range(2 * os.cpu_count())]
        until = time.monotonic() + 60
        while coders and time.monotonic() < until:
            coders = [pid for pid in coders if os.waitpid(pid, os.WNOHANG) == (0, 0)]
            time.sleep(0.01)
        for pid in coders:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        assert not coders


def tone(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44100)
        wobble = np.sin(np.arange(int(seconds * 44100)) * 2 * np.pi * 440 / 44100)
        file.writeframes((wobble * 20000).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize(("form", "audio"), [("mp4", "aac"), ("webm", "opus"), ("mov", "aac")])
@pytest.mark.parametrize("seconds", [0.3, 1.0, 2.5], ids=["shorter", "same", "longer"])
def test_sound_and_chapters_are_in_the_file(tmp_path: Path, form: str, audio: str, seconds: float) -> None:
    codec = codec_for(Output(form, FORMS[form][0]), transparent=False)
    parts = [segment((64, 64), [50] * 5, codec=codec), segment((64, 64), [90] * 5, codec=codec)]
    cues = [Cue(1, "words", "first", 0.0, 0.5), Cue(2, "words", "second", 0.5, 1.0)]
    target = tmp_path / f"loud.{form}"
    assert join(parts, target, 10, cues, tone(tmp_path / "tone.wav", seconds)) == 10
    with av.open(str(target)) as video:
        assert video.streams.audio[0].codec_context.name == audio
        heard = np.concatenate([frame.to_ndarray().ravel() for frame in video.decode(audio=0)])
        assert np.abs(heard).max() > 0.1
        assert [(c["metadata"]["title"], c["start"] * c["time_base"]) for c in video.chapters()] == [
            ("first", 0), ("second", Fraction(1, 2)),
        ]  # fmt: skip
    with av.open(str(target)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 10
        assert float(video.streams.audio[0].duration * video.streams.audio[0].time_base
                     if video.streams.audio[0].duration else seconds) == pytest.approx(seconds, abs=0.06)  # fmt: skip


def test_a_slice_is_named_by_all_it_shows_and_how_it_is_coded() -> None:
    def name(*frames: tuple[bytes | None, int], codec=H264, size=(64, 64), fps=10) -> str:
        slice_name = SliceName(codec, size, fps)
        for frame in frames:
            slice_name.add(*frame)
        return slice_name.value()

    plain = name((b"a", 1), (b"b", 2))
    assert plain == name((b"a", 1), (b"b", 2))
    other = codec_for(Output("mp4", "hevc"), transparent=False)
    different = [
        name((b"b", 2), (b"a", 1)), name((b"a", 2), (b"b", 2)), name((b"a", 1)),
        name((b"a", 1), (b"b", 2), size=(64, 66)),
        name((b"a", 1), (b"b", 2), fps=11), name((b"a", 1), (b"b", 2), codec=other), name((b"a", 1), (None, 2)),
    ]  # fmt: skip
    assert len({plain, *different}) == 8
    assert name((None, 1)) != name((None, 1))


@given(st.integers(0, 2**32 - 1))
def test_straight_colours_are_those_before_multiplication(seed: int) -> None:
    random = np.random.default_rng(seed)
    colors, alpha = random.integers(0, 256, (6, 6, 3)), random.integers(1, 256, (6, 6, 1))
    multiplied = np.concatenate([np.round(colors * alpha / 255), alpha], axis=2).astype(np.uint8)
    # Cairo keeps as many shades as alpha has: so coarse is what can be known.
    assert (np.abs(straight(multiplied)[..., :3] - colors) <= np.ceil(255 / alpha / 2) + 1).all()
    np.testing.assert_array_equal(straight(multiplied)[..., 3:], alpha)


@pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="this system has other schedulers")
@pytest.mark.parametrize("name", FORMS["mp4"])
def test_no_encoder_takes_the_machine(name: str) -> None:
    """SVT-AV1 does, for root."""
    before = os.sched_getscheduler(0)
    recorder = Recorder(codec_for(Output(codec=name), transparent=False), (64, 64), 10)
    pixels = np.full((64, 64, 4), 255, np.uint8)
    recorder.add(Picture(pixels, None, b"white"))
    assert {os.sched_getscheduler(int(thread)) for thread in os.listdir("/proc/self/task")} == {before}
    recorder.segment()  # a process forked later would wait for ever for the threads of an encoder that is not ended
