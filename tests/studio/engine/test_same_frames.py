"""The same clip is the same file, whoever drew which part of it and whatever was there before; and Manim's frames."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engine.crew import CAN_FORK
from studio.output import Output
from studio.scene_file import SceneFileClip, scenes_in
from tests.studio.conftest import Run
from tests.studio.engine.conftest import SCENES, SMALL, Workshop

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="slices are drawn by forked children")
STEPPING = list(scenes_in(SCENES / "stepping.py"))


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the frames of each scene as Manim itself draws them."""
    folder = tmp_path_factory.mktemp("stock")
    width, height = SMALL.pixels
    command = [SCENES / "stepping.py", width, height, SMALL.fps, 7, folder]
    program = [sys.executable, str(Path(__file__).parent / "stock.py"), *map(str, command)]
    subprocess.run(program, check=True, capture_output=True)
    return folder


def video(folder: Path) -> bytes:
    (file,) = folder.glob("*.mp4")
    return file.read_bytes()


@pytest.mark.parametrize("scene", STEPPING)
def test_any_number_of_jobs_cold_resumed_or_joined_again(workshop: Workshop, scene: str) -> None:
    clip = SceneFileClip(SCENES / "stepping.py", scene, SMALL, seed=7)
    whole = video(workshop.render(clip))
    record = json.loads((workshop.media / clip.name / "provenance.json").read_text())

    def again(jobs: int) -> bytes:
        shutil.rmtree(workshop.media / clip.name)
        made = video(workshop.render(clip, jobs))
        assert json.loads((workshop.media / clip.name / "provenance.json").read_text())["frames"] == record["frames"]
        return made

    for jobs in (2, 4):
        shutil.rmtree(workshop.cache)
        assert again(jobs) == whole
    assert again(1) == whole  # nothing is drawn
    assert profile(workshop, clip)["stored"] == profile(workshop, clip)["slices"]
    entries = sorted(workshop.cache.glob("??/*"))
    for jobs in (1, 2):
        for entry in random.Random(scene).sample(entries, len(entries) // 3):
            entry.unlink(missing_ok=True)
        assert again(jobs) == whole


def profile(workshop: Workshop, clip: SceneFileClip) -> dict:
    """What the last worker told of its slices."""
    (told,) = [event for event in workshop.told(clip) if event["event"] == "profile"]
    return told


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("scene", STEPPING)
def test_the_frames_are_those_of_manim(workshop: Workshop, stock: Path, scene: str, jobs: int) -> None:
    clip = SceneFileClip(SCENES / "stepping.py", scene, SMALL, Output("png", "png"), seed=7)
    pictures = sorted((workshop.render(clip, jobs) / "frames").iterdir())
    mine = np.array([np.asarray(Image.open(picture).convert("RGBA")) for picture in pictures])
    theirs = np.load(stock / f"{scene}.npy")
    assert mine.shape == theirs.shape
    assert np.abs(mine.astype(int) - theirs).max() <= 2


def test_sound_and_captions_stay_when_nothing_is_drawn(workshop: Workshop) -> None:
    clip = SceneFileClip(SCENES / "stepping.py", "Loud", SMALL)
    folder = workshop.render(clip)
    first = {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix in (".mp4", ".vtt")}
    assert "captions.vtt" in first
    shutil.rmtree(folder)
    again = workshop.render(clip)
    assert profile(workshop, clip)["stored"] == profile(workshop, clip)["slices"]
    assert {name: (again / name).read_bytes() for name in first} == first


@pytest.mark.parametrize("scene", ["Chance", "Unordered"])
def test_chance_falls_the_same_way_in_every_process(run: Run, tmp_path: Path, scene: str) -> None:
    """Else a clip that is resumed would be put together of two stories."""
    made = set()
    for number in ("1", "2"):
        out = tmp_path / number
        command = run("render", f"{SCENES / 'chance.py'}:{scene}", "-q", "l", "--fps", "4", "-j", "1", "--force",
                      "--out", str(out), env={**os.environ, "PYTHONHASHSEED": number})  # fmt: skip
        assert command.returncode == 0, command.stderr
        (folder,) = (folder for folder in out.iterdir() if folder.name.startswith(scene))
        made.add(video(folder))
    assert len(made) == 1


def test_another_seed_is_another_clip(workshop: Workshop) -> None:
    clip = SceneFileClip(SCENES / "stepping.py", "Random", SMALL, seed=7)
    assert video(workshop.render(clip)) != video(workshop.render(replace(clip, seed=8)))
