"""Every kind of file, opened by programs that did not write it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from scenes.stage.look import Aspect, Look
from studio.clip import PROJECT
from studio.engine.crew import CAN_FORK
from studio.output import FORMS, Output, output_for
from studio.outputs import LOOP_FPS, LOOP_WIDTH
from studio.problems import SelectionError
from studio.scene_file import SceneFileClip
from tests.studio.engine.conftest import SCENES, Workshop

LOOK = Look(short_side=120, fps=30)
FRAMES = 60
VIDEOS = [(form, codec) for form in ("mp4", "webm", "mov") for codec in FORMS[form]]
FFMPEG_NAMES = {"h264": "h264", "hevc": "hevc", "av1": "libdav1d", "vp9": "vp9", "qtrle": "qtrle", "prores": "prores"}

needs_fork = pytest.mark.skipif(not CAN_FORK, reason="workers are forked from this process")


def rendered(workshop: Workshop, form: str, codec: str | None = None, **look: object) -> Path:
    """The folder of the disc in this form."""
    wished = LOOK.wished(look)
    output = output_for(form, codec, transparent=wished.transparent)
    return workshop.render(SceneFileClip(SCENES / "plain.py", "Disc", wished, output))


def frames_of(path: Path, decoder: str | None = None) -> Iterator[np.ndarray]:
    """RGBA pictures of a video; with a decoder of a certain name."""
    with av.open(str(path)) as video:
        if decoder is None:
            yield from (frame.to_ndarray(format="rgba") for frame in video.decode(video=0))
            return
        context = av.CodecContext.create(decoder, "r")
        for packet in video.demux(video=0):
            yield from (frame.to_ndarray(format="rgba") for frame in context.decode(packet if packet.size else None))


@needs_fork
@pytest.mark.parametrize(("form", "codec"), VIDEOS)
def test_a_video_is_what_was_asked_for(workshop: Workshop, form: str, codec: str) -> None:
    path = rendered(workshop, form, codec) / f"Disc.{form}"
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        assert (stream.codec_context.name, stream.average_rate) == (FFMPEG_NAMES[codec], 30)
        assert (stream.width, stream.height) == LOOK.pixels
        assert stream.start_time in (0, None)
        assert float(video.duration / av.time_base) == pytest.approx(2, abs=0.05)
        if codec == "hevc":
            assert stream.codec_context.codec_tag == "hvc1"  # or Apple's players refuse it
    if form == "mp4":
        assert path.read_bytes().find(b"moov") < path.read_bytes().find(b"mdat")
    pictures = list(frames_of(path))
    assert len(pictures) == FRAMES
    middle, corner = pictures[-1][60, 107].astype(int), pictures[-1][2, 2].astype(int)
    assert np.abs(middle[:3] - [252, 98, 85]).max() < 12  # Manim's red
    assert corner[:3].max() < 12


@needs_fork
@pytest.mark.parametrize(("form", "codec", "decoder"), [("webm", "vp9", "libvpx-vp9"), ("mov", "qtrle", None),
                                                         ("mov", "prores", None)])  # fmt: skip
def test_a_transparent_video_lets_the_slide_through(
    workshop: Workshop, form: str, codec: str, decoder: str | None
) -> None:
    *_, last = frames_of(rendered(workshop, form, codec, transparent=True) / f"Disc.{form}", decoder)
    assert last[2, 2, 3] <= 2
    assert last[60, 107, 3] >= 253
    assert np.abs(last[60, 107, :3].astype(int) - [252, 98, 85]).max() < 12
    assert 100 < last[60, 107 + 99, 3] < 156  # the square: half, and as white as it is
    assert last[60, 107 + 99, :3].min() > 240


@needs_fork
@pytest.mark.parametrize("transparent", [False, True])
@pytest.mark.parametrize("form", ["gif", "webp"])
def test_a_loop_runs_for_ever_at_a_capped_rate(workshop: Workshop, form: str, transparent: bool) -> None:
    path = rendered(workshop, form, transparent=transparent) / f"Disc.{form}"
    with Image.open(path) as loop:
        assert (loop.format, loop.size, loop.info["loop"]) == (form.upper(), LOOK.pixels, 0)
        durations = []
        for index in range(loop.n_frames):
            loop.seek(index)
            loop.load()
            durations.append(loop.info["duration"])
        last = np.asarray(loop.convert("RGBA")).astype(int)
    assert loop.n_frames <= 2 * LOOP_FPS + 1
    assert sum(durations) == pytest.approx(2000, abs=80)
    assert np.abs(last[60, 107, :3] - [252, 98, 85]).max() < 12
    assert (last[2, 2, 3] < 10) == transparent
    assert last[60, 107, 3] > 245


@needs_fork
def test_a_loop_is_not_wider_than_a_page_and_keeps_its_shape(workshop: Workshop) -> None:
    with Image.open(rendered(workshop, "gif", short_side=720, fps=2, aspect=Aspect.WIDE) / "Disc.gif") as loop:
        assert loop.size == (LOOP_WIDTH, 540)
        assert sum(_durations(loop)) == pytest.approx(2000, abs=80)


def _durations(loop: Image.Image) -> Iterator[int]:
    for index in range(loop.n_frames):
        loop.seek(index)
        yield loop.info["duration"]


@needs_fork
@pytest.mark.parametrize("transparent", [False, True])
def test_pictures_and_stills(workshop: Workshop, transparent: bool) -> None:
    folder = rendered(workshop, "png", transparent=transparent, fps=6) / "frames"
    assert sorted(path.name for path in folder.iterdir()) == [f"{number:05d}.png" for number in range(12)]
    last = np.asarray(Image.open(folder / "00011.png"))
    assert last.shape == (120, 214, 4)
    assert last[2, 2, 3] == (0 if transparent else 255)
    still = np.asarray(Image.open(rendered(workshop, "still", transparent=transparent) / "Disc.png").convert("RGBA"))
    assert np.abs(still.astype(int) - last).max() <= 2


@needs_fork
@pytest.mark.parametrize("form", ["mp4", "gif", "png"])
def test_a_scene_that_plays_nothing_is_a_picture(workshop: Workshop, form: str) -> None:
    clip = SceneFileClip(SCENES / "plain.py", "Picture", LOOK, Output(form, FORMS[form][0]))
    folder = workshop.render(clip)
    assert Image.open(folder / "Picture.png").size == LOOK.pixels
    assert {path.suffix for path in folder.iterdir()} == {".png", ".json"}


@pytest.mark.parametrize(
    ("form", "codec", "transparent", "said"),
    [
        ("mp4", "vp9", False, "does not go with mp4"), ("webm", "h264", False, "does not go with webm: take vp9"),
        ("mp4", "h246", False, "Did you mean h264?"), (None, "x", False, "does not go"),
        ("mp4", None, True, "mp4 has no transparency"), (None, "h264", True, "mp4 has no transparency"),
        ("gif", "hevc", False, "does not go with gif"), (None, "h264_nothing_nvenc", False, "no encoder"),
        ("mov", "h264_nvenc", False, "does not go with mov"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_said(form: str | None, codec: str | None, transparent: bool, said: str) -> None:
    with pytest.raises(SelectionError, match=said.replace("?", r"\?")):
        output_for(form, codec, transparent=transparent)


@pytest.mark.parametrize(
    ("form", "codec", "transparent", "chosen"),
    [(None, None, False, Output("mp4", "h264")), (None, None, True, Output("webm", "vp9")),
     (None, "prores", True, Output("mov", "prores")), ("mov", None, False, Output("mov", "qtrle")),
     (None, "av1", False, Output("mp4", "av1"))],
)  # fmt: skip
def test_what_is_not_said_is_chosen(form: str | None, codec: str | None, transparent: bool, chosen: Output) -> None:
    assert output_for(form, codec, transparent=transparent) == chosen


def test_the_command_line_refuses_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "render.py", "render", "pca", "--codec", "h246", "--out", str(tmp_path / "media")]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, len(ended.stderr.strip().splitlines())) == (2, "", 1)
    assert not (tmp_path / "media").exists()
