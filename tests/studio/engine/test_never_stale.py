"""Nothing old is shown: whatever a clip depends on changes, it is made anew, and is what a cold render makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from studio import clip as clip_module
from studio import scene_file
from studio.engine.crew import CAN_FORK
from studio.scene_file import SceneFileClip
from tests.studio.conftest import FAST
from tests.studio.engine.conftest import SMALL, Workshop

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="workers are forked from this process")

SCENE = """
import json
from pathlib import Path
from manim import Create, Scene, Square, SVGMobject, UP, RIGHT
from never_stale_shapes import make

HERE = Path(__file__).parent

class Told(Scene):
    def construct(self):
        square = Square()
        self.next_section("one")
        self.play(Create(square), run_time=2)
        self.next_section("two")
        self.play(square.animate.shift(UP), run_time=2)
        self.next_section("three")
        for number in json.loads((HERE / "data.json").read_text()):
            self.play(square.animate.scale(number), run_time=1)
        self.next_section("four")
        self.play(Create(make()), run_time=2)
        self.next_section("five")
        self.add(SVGMobject(HERE / "shape.svg"))
        self.wait(2)
"""
SHAPES = "from manim import Circle\n\ndef make():\n    return Circle(radius=0.5)\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="3" fill="#123456"/></svg>'


@pytest.fixture
def told(tmp_path: Path) -> SceneFileClip:
    """A clip of a scene that takes data, a picture and a module from beside it."""
    folder = tmp_path / "lecture"
    folder.mkdir()
    for name, content in {
        "told.py": SCENE,
        "never_stale_shapes.py": SHAPES,
        "data.json": "[2]",
        "shape.svg": SVG,
    }.items():
        (folder / name).write_text(content)
    return SceneFileClip(folder / "told.py", "Told", SMALL)


def video(folder: Path) -> bytes:
    (file,) = folder.glob("*.mp4")
    return file.read_bytes()


def stored(workshop: Workshop, clip: SceneFileClip) -> tuple[int, int] | None:
    """How many slices the last worker did not draw, of how many; None if the clip was up to date."""
    told = [event for event in workshop.told(clip) if event["event"] == "profile"]
    return (told[0]["stored"], told[0]["slices"]) if told else None


def test_what_did_not_change_is_not_made_again(workshop: Workshop, told: SceneFileClip) -> None:
    whole = video(workshop.render(told, 2))
    assert stored(workshop, told) == (0, 5)
    for file in told.path.parent.iterdir():
        if file.is_file():
            file.touch()
    assert video(workshop.render(told, 2)) == whole
    assert stored(workshop, told) is None
    assert video(workshop.render(told, 2, force=True)) == whole
    assert stored(workshop, told) == (0, 5)


CHANGES: dict[str, tuple[str, Callable[[str], str], int]] = {
    "a data file": ("data.json", lambda text: "[0.5]", 2),
    "a sibling module": ("never_stale_shapes.py", lambda text: text.replace("0.5", "1.5"), 3),
    "a picture": ("shape.svg", lambda text: text.replace("#123456", "#ff0000"), 4),
    "the first part": ("told.py", lambda text: text.replace("Create(square)", "Create(square.scale(2))"), 0),
    "a later part": ("told.py", lambda text: text.replace("shift(UP)", "shift(RIGHT)"), 1),
    "the last part": ("told.py", lambda text: text.replace("self.wait(2)", "self.wait(1.5)"), 4),
    "a comment": ("told.py", lambda text: text.replace("HERE =", "# Where the data are.\nHERE ="), 5),
}


@pytest.mark.parametrize(
    ("name", "edit", "same", "jobs"),
    [(*change, 1 + number % 2) for number, change in enumerate(CHANGES.values())],
    ids=CHANGES.keys(),
)
def test_what_changed_is_drawn_anew_and_nothing_else(
    workshop: Workshop, told: SceneFileClip, tmp_path: Path, name: str, edit: Callable[[str], str], same: int, jobs: int
) -> None:
    before = video(workshop.render(told, jobs))
    path = told.path.parent / name
    changed = edit(path.read_text())
    assert changed != path.read_text()
    path.write_text(changed)
    after = video(workshop.render(told, jobs))
    saved, slices = stored(workshop, told)
    # At least the parts before the change look as they did; what comes after may, too.
    assert same <= saved <= (slices if same == 5 else slices - 1)
    assert (after == before) == (same == 5)
    assert video(Workshop.at(tmp_path / "cold").render(told)) == after
    # And back again: the old slices are still there.
    shutil.rmtree(workshop.media / told.name)
    path.write_text(CONTENTS[name])
    assert video(workshop.render(told, jobs)) == before
    assert stored(workshop, told) == (5, 5)


CONTENTS = {"told.py": SCENE, "never_stale_shapes.py": SHAPES, "data.json": "[2]", "shape.svg": SVG}


def test_a_scene_beside_its_clips_is_not_taken_for_one_of_them(workshop: Workshop, told: SceneFileClip) -> None:
    beside = Workshop(told.path.parent, workshop.cache)
    before = video(beside.render(told))
    told.path.write_text(SCENE.replace("Create(square)", "Create(square.scale(2))"))
    assert video(beside.render(told)) != before
    assert stored(beside, told) is not None


def test_pictures_are_read_and_nothing_is_written_beside_them(workshop: Workshop, told: SceneFileClip) -> None:
    """Manim writes a file beside every SVG and removes it; with several processes they would lose it to each other."""
    folder = told.path.parent
    (folder / "__pycache__").mkdir()  # that is Python's, not ours
    changed = folder.stat().st_mtime_ns
    workshop.render(told, 2)
    assert folder.stat().st_mtime_ns == changed


def test_a_file_that_is_gone_is_missed(workshop: Workshop, told: SceneFileClip) -> None:
    workshop.render(told)
    (told.path.parent / "data.json").unlink()
    pid = workshop.start(told)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    assert "FileNotFoundError" in workshop.told(told)[-1]["message"]


def test_the_key_names_all_that_is_no_file(
    told: SceneFileClip, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Seed, look, versions, fonts; and the settings that Manim read before anyone listened."""
    keys = {told.key(), replace(told, seed=1).key(), replace(told, look=SMALL.wished({"fps": 7})).key()}
    assert len(keys) == 3
    assert told.key() == replace(told, label="another name").key()
    monkeypatch.setattr(scene_file, "FONT_FOLDERS", (str(tmp_path / "fonts"),))
    keys.add(told.key())
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "new.ttf").write_text("glyphs")
    keys.add(told.key())
    monkeypatch.setattr(scene_file, "versions", lambda: {**clip_module.versions(), "manim": "0.23"})
    keys.add(told.key())
    monkeypatch.chdir(tmp_path)
    assert told.key() in keys
    for setting in ("WHITE", "BLUE"):
        (tmp_path / "manim.cfg").write_text(f"[CLI]\nbackground_color = {setting}\n")
        keys.add(told.key())
    assert len(keys) == 8


@pytest.fixture(scope="module")
def own_project(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small project that may be changed."""
    copy = tmp_path_factory.mktemp("own") / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns(".cache"))
    return copy


def render(project: Path, out: Path, *arguments: str) -> dict[str, dict]:
    """Events of rendering the steady line, by kind."""
    command = [sys.executable, "render.py", "render", "steady-line", *FAST, "-j", "1", "--json", "--out", str(out)]
    ended = subprocess.run([*command, *arguments], cwd=project, capture_output=True, text=True, check=True)
    return {event["event"]: event for event in map(json.loads, ended.stdout.splitlines())}


def test_our_own_clips_follow_beats_shared_modules_and_parameters(own_project: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    assert render(own_project, media)["profile"]["stored"] == 0
    assert set(render(own_project, media)) == {"fresh"}
    (folder,) = (folder for folder in media.iterdir() if folder.name != ".locks")
    first = video(folder)

    scene = own_project / "scenes" / "calculus" / "steady_line.py"
    text = scene.read_text()
    scene.write_text(text.replace("Read off a value", "Read off one value").replace("its height is", "the height is"))
    assert scene.read_text() != text
    profile = render(own_project, media)["profile"]
    assert 0 < profile["stored"] < profile["slices"]
    edited = video(folder)
    assert edited != first

    shared = own_project / "scenes" / "pictures" / "plot.py"
    shared.write_text(shared.read_text() + "\n# Nothing to be seen.\n")
    profile = render(own_project, media)["profile"]
    assert profile["stored"] == profile["slices"]
    assert video(folder) == edited
    theme = own_project / "scenes" / "stage" / "theme.py"
    theme.write_text(theme.read_text() + '\nTHEMES["dark"] = THEMES["light"]\n')
    assert render(own_project, media)["profile"]["stored"] == 0
    light = video(folder)
    assert light != edited
    cold = tmp_path / "cold"
    shutil.rmtree(own_project / ".cache")
    render(own_project, cold)
    assert video(cold / folder.name) == light

    steeper = render(own_project, media, "--set", "slope=2")
    assert steeper["profile"]["stored"] < steeper["profile"]["slices"]
    assert video(folder) == light


def test_up_to_date_is_answered_without_manim(project: Path, rendered) -> None:
    out, _ = rendered
    ask = f"""
import sys, render
sys.argv = ["render.py", "render", "--all", *{FAST!r}, "--out", {str(out)!r}]
try:
    render.main()
except SystemExit as end:
    assert end.code in (0, None), end.code
assert "manim" not in sys.modules and "av" not in sys.modules
"""
    answer = subprocess.run([sys.executable, "-c", ask], cwd=project, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr.count("up to date") == 2


def test_scenes_of_the_same_name_in_two_folders_are_two_scenes(workshop: Workshop, tmp_path: Path) -> None:
    made = set()
    for folder, shape in (("monday", "Square"), ("tuesday", "Circle")):
        path = tmp_path / folder / "scene.py"
        path.parent.mkdir()
        path.write_text(
            "from manim import *\n\nclass Same(Scene):\n"
            f"    def construct(self):\n        self.play(Create({shape}()))\n"
        )
        made.add(video(workshop.render(SceneFileClip(path, "Same", SMALL))))
    assert len(made) == 2
