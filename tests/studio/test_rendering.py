"""Real renders by the real command line; files read back by programs other than the one that wrote them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from mutagen.mp4 import MP4
from PIL import Image

from studio.clip import digest
from tests.studio.conftest import FAST, Run

FILES = {".inputs.json", "captions.vtt", "chapters.vtt", "poster.png", "provenance.json"}


def clip_folder(out: Path, slug: str) -> Path:
    (folder,) = (f for f in out.iterdir() if f.name.startswith(slug))
    return folder


def visible(out: Path) -> set[str]:
    """Names in the media folder, without hidden ones."""
    return {f.name for f in out.iterdir() if not f.name.startswith(".")}


def atoms(path: Path) -> list[str]:
    """The top-level boxes of an MP4 file in order (ISO/IEC 14496-12), read byte by byte."""
    data, position, found = path.read_bytes(), 0, []
    while position < len(data):
        size, kind = struct.unpack(">I4s", data[position : position + 8])
        found.append(kind.decode())
        position += size
    return found


def test_a_scaffolded_explainer_renders_and_its_test_passes(rendered, project: Path) -> None:
    out, command = rendered
    assert command.returncode == 0, command.stderr
    assert visible(out) == {f.name for f in out.iterdir()} - {".locks"}
    assert {name[: len("steady-line")] for name in visible(out)} == {"steady-line", "second-line"}
    tests = project / "tests" / "explainers"
    assert subprocess.run([sys.executable, "-m", "pytest", "-q", str(tests)], cwd=project, check=False).returncode == 0


def test_the_folder_is_complete_and_nothing_else_is_left(rendered) -> None:
    out, _ = rendered
    for slug in ("steady-line", "second-line"):
        assert {f.name for f in clip_folder(out, slug).iterdir()} == FILES | {f"{slug}.mp4"}


def test_the_video_is_playable_everywhere(rendered) -> None:
    out, _ = rendered
    path = clip_folder(out, "steady-line") / "steady-line.mp4"
    order = atoms(path)
    assert order.index("moov") < order.index("mdat")  # playable before it is all there
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height, stream.average_rate) == (854, 480, 5)
        frames = sum(1 for _ in video.decode(stream))
    beats = json.loads((path.parent / "provenance.json").read_text())["beats"]
    assert frames == pytest.approx(beats[-1]["end"] * 5, abs=1)
    assert MP4(path).info.length == pytest.approx(beats[-1]["end"], abs=0.3)


def test_players_can_jump_to_every_beat(rendered) -> None:
    out, _ = rendered
    folder = clip_folder(out, "steady-line")
    beats = json.loads((folder / "provenance.json").read_text())["beats"]
    with av.open(str(folder / "steady-line.mp4")) as video:
        keys = {round(float(p.pts * p.time_base), 2) for p in video.demux(video=0) if p.is_keyframe and p.size}
    assert {round(beat["start"], 2) for beat in beats} <= keys


def test_chapters_are_the_beats(rendered) -> None:
    out, _ = rendered
    folder = clip_folder(out, "steady-line")
    beats = json.loads((folder / "provenance.json").read_text())["beats"]
    chapters = MP4(folder / "steady-line.mp4").chapters
    assert [c.title for c in chapters] == [b["chapter"] for b in beats]
    assert [c.start for c in chapters] == pytest.approx([b["start"] for b in beats], abs=0.01)


@pytest.mark.parametrize(("name", "field"), [("captions.vtt", "caption"), ("chapters.vtt", "chapter")])
def test_webvtt_is_read_by_a_media_library(rendered, name: str, field: str) -> None:
    out, _ = rendered
    folder = clip_folder(out, "steady-line")
    beats = json.loads((folder / "provenance.json").read_text())["beats"]
    with av.open(str(folder / name)) as file:
        assert file.streams[0].type == "subtitle"
        packets = [p for p in file.demux(0) if p.size]
        assert [bytes(p).decode() for p in packets] == [beat[field] for beat in beats]
        assert [float(p.pts * p.time_base) for p in packets] == pytest.approx([b["start"] for b in beats], abs=0.01)


def test_the_poster_is_the_last_frame(rendered) -> None:
    out, _ = rendered
    folder = clip_folder(out, "steady-line")
    with av.open(str(folder / "steady-line.mp4")) as video:
        *_, last = video.decode(video=0)
    poster = np.asarray(Image.open(folder / "poster.png").convert("RGB"), dtype=float)
    assert np.abs(poster - last.to_ndarray(format="rgb24")).mean() < 2


def test_provenance_says_what_made_the_clip(rendered) -> None:
    out, _ = rendered
    record = json.loads((clip_folder(out, "steady-line") / "provenance.json").read_text())
    assert record["parameters"] == {"slope": 0.5, "intercept": 1.0}
    assert record["facts"] == {"height_at_2": 2.0}
    assert record["look"]["fps"] == 5
    assert set(record["versions"]) >= {"python", "manim", "numpy"}
    assert record["references"] == {"MML 2.1": "Systems of Linear Equations"}


def test_what_is_up_to_date_is_kept(rendered, run: Run) -> None:
    out, _ = rendered
    before = {f: f.stat().st_mtime_ns for f in out.rglob("*.mp4")}
    again = run("render", "--all", *FAST, "--out", str(out))
    assert again.returncode == 0
    assert again.stderr.count("up to date") == 2
    assert {f: f.stat().st_mtime_ns for f in out.rglob("*.mp4")} == before


def test_a_damaged_file_is_rendered_again_to_the_same_bytes(rendered, run: Run) -> None:
    out, _ = rendered
    path = clip_folder(out, "steady-line") / "steady-line.mp4"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert run("render", "steady-line", *FAST, "--out", str(out)).returncode == 0
    assert path.read_bytes() == whole


def test_parameters_and_look_name_the_folder_and_change_the_picture(rendered, run: Run, tmp_path: Path) -> None:
    out, _ = rendered
    settings = ("--set", "slope=-2", "--theme", "light", "--aspect", "9:16")
    command = run("render", "steady-line", *FAST, *settings, "--out", str(tmp_path))
    assert command.returncode == 0, command.stderr
    folder = clip_folder(tmp_path, "steady-line")
    assert folder.name != clip_folder(out, "steady-line").name
    poster = Image.open(folder / "poster.png")
    assert poster.size == (480, 854)
    assert poster.convert("RGB").getpixel((3, 3)) == (255, 255, 255)
    captions = (folder / "captions.vtt").read_text()
    assert "−2.00" in captions  # the words follow the parameter
    assert "−3.00" in captions


def test_a_failing_scene_does_not_stop_the_others(project: Path, run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "project"
    shutil.copytree(project, copy)
    scene = copy / "scenes" / "calculus" / "second_line.py"
    source = scene.read_text().replace(
        'readout = Readout(stage, "height"', 'wrong = 1 / 0\n            readout = Readout(stage, "height"'
    )
    scene.write_text(source)
    command = subprocess.run(
        [sys.executable, "render.py", "render", "--all", *FAST, "--out", str(tmp_path / "media")],
        cwd=copy, capture_output=True, text=True, check=False,
    )  # fmt: skip
    line = next(n for n, text in enumerate(source.splitlines(), 1) if "1 / 0" in text)
    assert command.returncode == 1
    last = command.stderr.strip().splitlines()[-1]
    assert "second-line" in last
    assert "ZeroDivisionError: division by zero" in last
    assert f"scenes/calculus/second_line.py:{line}" in last
    assert "beat 2" in last
    assert "Traceback" not in command.stderr
    assert {name[:11] for name in visible(tmp_path / "media")} == {"steady-line"}
    assert not list((tmp_path / "media").glob(".second-line*"))


@pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX")
def test_ctrl_c_stops_at_once_and_leaves_nothing(project: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "render.py", "render", "--all", "-q", "k", "--out", str(tmp_path / "media")],
        cwd=project, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as command:  # fmt: skip
        for line in command.stderr:
            if " %, about" in line:
                break
        os.killpg(command.pid, signal.SIGINT)
        said = command.stderr.read()
        assert command.wait(timeout=20) == 130
    assert said.strip().endswith("Stopped.")
    assert "Traceback" not in said
    assert {f.name for f in (tmp_path / "media").iterdir()} <= {".locks"}


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_what_a_kill_leaves_is_cleared_and_the_result_is_the_same(rendered, project: Path, tmp_path: Path) -> None:
    out, _ = rendered
    render = [sys.executable, "render.py", "render", "steady-line", *FAST, "--out", str(tmp_path)]
    with subprocess.Popen(
        render, cwd=project, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as command:  # fmt: skip
        while not list(tmp_path.glob(".steady-line*.new.*")):
            assert command.poll() is None
        os.killpg(command.pid, signal.SIGKILL)
    assert list(tmp_path.glob(".steady-line*.new.*"))
    assert not visible(tmp_path)
    assert subprocess.run(render, cwd=project, check=False, capture_output=True).returncode == 0
    assert {f.name for f in tmp_path.iterdir()} == visible(tmp_path) | {".locks"}
    again, before = (clip_folder(folder, "steady-line") / "steady-line.mp4" for folder in (tmp_path, out))
    assert again.read_bytes() == before.read_bytes()


def test_two_commands_at_once_render_each_clip_once(project: Path, tmp_path: Path) -> None:
    render = [sys.executable, "render.py", "render", "--all", *FAST, "--json", "--out", str(tmp_path)]
    commands = [subprocess.Popen(render, cwd=project, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [command.communicate(timeout=120)[0] for command in commands]
    assert [command.returncode for command in commands] == [0, 0]
    assert sum(text.count('"event": "profile"') for text in told) == 2  # two clips, each drawn by one command only
    assert {name[:11] for name in visible(tmp_path)} == {"steady-line", "second-line"}


def test_without_captions_there_is_no_caption_file(run: Run, tmp_path: Path) -> None:
    assert run("render", "steady-line", *FAST, "--captions", "none", "--out", str(tmp_path)).returncode == 0
    assert {f.name for f in clip_folder(tmp_path, "steady-line").iterdir()} == (FILES - {"captions.vtt"}) | {
        "steady-line.mp4"
    }


def test_a_contact_sheet_shows_every_beat(run: Run, tmp_path: Path) -> None:
    assert run("sheet", "steady-line", "-q", "l", "--out", str(tmp_path)).returncode == 0
    (sheet,) = tmp_path.glob("*.png")
    wide = Image.open(sheet)
    assert wide.width > 1900  # three columns
    assert run("sheet", "steady-line", "-q", "l", "--transition", "2", "--out", str(tmp_path)).returncode == 0
    (frames,) = tmp_path.glob("*-beat-2.png")
    assert Image.open(frames).height > 2 * wide.height  # ten frames in four rows
    beyond = run("sheet", "steady-line", "-q", "l", "--transition", "9", "--out", str(tmp_path))
    assert beyond.returncode == 1
    assert "has beats 1 to 2, not 9" in beyond.stderr


def test_sheets_as_others_see_them(run: Run, tmp_path: Path) -> None:
    plain = ("sheet", "steady-line", "-q", "l", "--out", str(tmp_path))
    assert run(*plain, "--half").returncode == 0
    assert run(*plain, "--simulate", "grey").returncode == 0
    assert run(*plain, "--against", "slope=-2").returncode == 0
    half, grey, pair = (next(tmp_path.glob(pattern)) for pattern in ("*-half.png", "*-grey.png", "*-against-*.png"))
    assert Image.open(half).width < 0.6 * Image.open(grey).width
    stills = np.asarray(Image.open(grey).convert("RGB"))[100:, 20:1200].astype(int)
    inside = stills[: stills.shape[0] // 2]
    assert np.abs(inside[..., 0] - inside[..., 2]).max() <= 25  # only the sheet's own ground has a tint
    assert Image.open(pair).width < Image.open(grey).width  # two columns instead of three


def test_a_sheet_of_the_suite_has_an_index(run: Run, tmp_path: Path) -> None:
    assert run("sheet", "--all", "-q", "l", "--half", "--out", str(tmp_path)).returncode == 0
    page = (tmp_path / "index.html").read_text()
    sheets = sorted(path.name for path in tmp_path.glob("*.png"))
    assert len(sheets) == 2
    assert all(f'src="{name}"' in page for name in sheets)


def test_digests_do_not_depend_on_key_order() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
