"""Derived files, decoded again: to the frame, to the byte budget, and made once."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.publish.clip import RenderedClip
from studio.publish.media import PREVIEW_BYTES, Media, cut, play_backwards, to_webm
from tests.studio.publish.conftest import BEATS, FPS, FRAMES, SIZE, film, number, numbers, picture


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="yuv420p") for frame in container.decode(video=0)]


def test_beat_clips_in_turn_are_the_clip_to_the_pixel(clip: RenderedClip) -> None:
    parts = [decoded(path) for path in Media(clip).beat_clips]
    assert [len(part) for part in parts] == [round((end - start) * FPS) for start, end in BEATS]
    joined = [frame for part in parts for frame in part]
    assert all(np.array_equal(one, other) for one, other in zip(joined, decoded(clip.video), strict=True))


def test_each_beat_clip_begins_at_zero_with_a_key_frame(clip: RenderedClip) -> None:
    for path in Media(clip).beat_clips:
        with av.open(str(path)) as container:
            packet = next(packet for packet in container.demux(video=0) if packet.pts is not None)
            assert packet.is_keyframe
            assert packet.pts == 0


def test_a_video_without_key_frames_is_cut_to_the_frame_too(tmp_path: Path) -> None:
    film(tmp_path / "ball.mp4", cuts=(0.0,))
    for start, end in BEATS:
        cut(tmp_path / "ball.mp4", tmp_path / "part.mp4", start, end)
        assert numbers(tmp_path / "part.mp4") == list(range(round(start * FPS), round(end * FPS)))


def test_sound_is_cut_with_its_pictures(tmp_path: Path) -> None:
    film(tmp_path / "ball.mp4", sound=True)
    to_webm(tmp_path / "ball.mp4", tmp_path / "ball.webm")
    for index, (start, end) in enumerate(BEATS):
        cut(tmp_path / "ball.mp4", tmp_path / f"{index}.mp4", start, end)
    # Heard 0.15 s into each: the tone starts at 300 Hz and rises by 200 Hz a second.
    for name, seconds, pitch in [("0.mp4", 1.0, 330), ("2.mp4", 0.8, 690), ("ball.webm", 2.6, 330)]:
        with av.open(str(tmp_path / name)) as container:
            frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
            rate = container.streams.audio[0].rate
        sound = np.concatenate(frames)
        assert len(sound) / rate == pytest.approx(seconds, abs=0.06)
        heard = np.abs(np.fft.rfft(sound[rate // 10 : rate // 5]))
        assert abs(heard.argmax() * 10 - pitch) <= 30


def test_stills_end_beats_and_openings_begin_them(clip: RenderedClip) -> None:
    def shown(paths: list[Path]) -> list[int]:
        return [number(np.asarray(Image.open(path).convert("RGB"))) for path in paths]

    assert shown(Media(clip).stills) == [round(end * FPS) - 1 for _, end in BEATS]
    assert shown(Media(clip).openings) == [round(start * FPS) for start, _ in BEATS]


def test_a_clip_without_poster_gets_its_last_frame(clip: RenderedClip) -> None:
    assert number(np.asarray(Image.open(Media(clip).poster_png))) == FRAMES - 1
    assert Image.open(Media(clip).small_poster).format == "WEBP"


def test_backwards_is_the_same_frames_in_the_opposite_order(
    clip: RenderedClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.publish.media.BACKWARDS_BYTES", 7 * SIZE[0] * SIZE[1] * 3 // 2)
    play_backwards(clip.video, clip.folder / "back.mp4")
    assert numbers(clip.folder / "back.mp4") == list(reversed(range(FRAMES)))


def test_the_key_beat_is_the_one_that_moves_most(tmp_path: Path, clip: RenderedClip) -> None:
    # Frames 10 to 17 (beat 2) show noise, all others rest.
    generator = np.random.default_rng(0)
    with av.open(str(clip.video), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for index in range(FRAMES):
            image = generator.integers(0, 255, picture(0).shape, np.uint8) if 10 <= index < 18 else picture(0)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    assert Media(RenderedClip.read(clip.folder)).key_beat.index == 2


@pytest.mark.parametrize(("name", "kind"), [("preview_webp", "WEBP"), ("preview_gif", "GIF")])
def test_previews_are_light_and_loop_for_ever(clip: RenderedClip, name: str, kind: str) -> None:
    path = getattr(Media(clip), name)
    image = Image.open(path)
    assert image.format == kind
    assert image.is_animated
    assert image.info["loop"] == 0
    assert path.stat().st_size < PREVIEW_BYTES
    beat = Media(clip).key_beat
    shown = [number(np.asarray(frame.convert("RGB"))) for frame in Media(clip).preview_frames(SIZE[0])]
    assert shown == list(range(round(beat.start * FPS), round(beat.end * FPS)))


def test_a_preview_that_is_too_heavy_gets_smaller(clip: RenderedClip, monkeypatch: pytest.MonkeyPatch) -> None:
    heavy = Media(clip).preview_gif.stat().st_size
    monkeypatch.setattr("studio.publish.media.PREVIEW_BYTES", heavy)
    shutil.rmtree(clip.folder.parent / ".derived")
    assert Image.open(Media(clip).preview_gif).width < SIZE[0]


def test_webm_shows_the_same_frames(clip: RenderedClip) -> None:
    assert numbers(Media(clip).webm) == list(range(FRAMES))
    with av.open(str(Media(clip).webm)) as container:
        assert container.streams.video[0].codec_context.name == "vp9"


def test_webm_keeps_transparency(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "clear.mov"), "w") as container:
        stream = container.add_stream("qtrle", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "argb"
        image = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
        image[:, : SIZE[0] // 2] = (255, 80, 180, 230)
        for index in range(5):
            frame = av.VideoFrame.from_ndarray(image, format="argb")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    to_webm(tmp_path / "clear.mov", tmp_path / "clear.webm")
    with av.open(str(tmp_path / "clear.webm")) as container:
        assert container.streams.video[0].metadata["alpha_mode"] == "1"
        decoder = av.CodecContext.create("libvpx-vp9", "r")
        frames = [frame for packet in container.demux(video=0) for frame in decoder.decode(packet)]
    alpha = frames[0].to_ndarray(format="rgba")[..., 3]
    assert alpha[90, 40] > 250
    assert alpha[90, 280] < 5


def test_files_are_made_once_and_dropped_with_the_video_they_came_from(clip: RenderedClip) -> None:
    first = Media(clip).preview_webp
    made = first.stat().st_mtime_ns
    assert Media(RenderedClip.read(clip.folder)).preview_webp.stat().st_mtime_ns == made
    film(clip.video, cuts=(0.0, 0.5))
    second = Media(RenderedClip.read(clip.folder)).preview_webp
    assert second != first
    assert not first.exists()


def test_a_file_that_could_not_be_finished_is_not_there(clip: RenderedClip, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(frames: list, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("studio.publish.media._save_webp", fail)
        with pytest.raises(OSError, match="disk full"):
            _ = Media(clip).preview_webp
    assert Image.open(Media(clip).preview_webp).is_animated
