"""A new explainer in a folder of someone's own: it runs at once, with the rights of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from explainers import Pillar
from studio.clip import PROJECT
from studio.problems import SelectionError
from studio.scaffold import create_in


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run(arguments, cwd=cwd, capture_output=True, text=True, check=False)


def test_it_renders_is_checked_and_tested_where_it_lies(tmp_path: Path) -> None:
    program = (sys.executable, str(PROJECT / "render.py"))
    made = run(*program, "new", "sunday-idea", "--in", "ideas", "--pillar", "probability", cwd=tmp_path)
    assert made.stdout.split() == ["ideas/sunday_idea.py", "ideas/sunday_idea_scene.py", "ideas/test_sunday_idea.py"]

    (tmp_path / "lecture.toml").write_text("[[clip]]\nexplainer = 'ideas/sunday_idea.py'\nslope = [1, 2]\n")
    rendered = run(*program, "render", "lecture.toml", "-q", "l", "--fps", "4", "--out", "out", "-j", "1", cwd=tmp_path)
    assert rendered.returncode == 0, rendered.stderr
    provenance = json.loads((tmp_path / "out" / "sunday-idea-slope-2" / "provenance.json").read_text())
    assert provenance["facts"] == {"height_at_2": 5.0}
    again = [*program, "render", "lecture.toml", "-q", "l", "--fps", "4", "--out", "out", "-j", "1"]
    assert run(*again, cwd=tmp_path).stderr.count("up to date") == 2
    scene = tmp_path / "ideas" / "sunday_idea_scene.py"
    scene.write_text(scene.read_text().replace("its height is", "the height is"))
    changed = run(*again, "sunday-idea-slope-2", cwd=tmp_path)
    assert "done" in changed.stderr
    assert "the height is" in (tmp_path / "out" / "sunday-idea-slope-2" / "captions.vtt").read_text()

    checked = run(*program, "check", "ideas/sunday_idea.py", "--json", "--stills", "stills", cwd=tmp_path)
    (report,) = json.loads(checked.stdout)
    assert report["explainer"].endswith("sunday_idea.py")
    # The template is shorter than a clip is to be, and nothing else is wrong with it.
    assert {finding["rule"] for finding in report["findings"] if finding["severity"] == "error"} == {"clip-length"}

    tested = run(sys.executable, "-m", "pytest", "-q", str(tmp_path / "ideas"), cwd=PROJECT)
    assert tested.returncode == 0, tested.stdout


def test_its_test_also_runs_where_modules_are_not_looked_for(tmp_path: Path) -> None:
    """As in a folder within this project, whose pytest adds no folder to what can be imported."""
    create_in(tmp_path, "monday-idea", Pillar.CALCULUS)
    options = ("-q", "-p", "no:cacheprovider", "--import-mode=importlib", str(tmp_path))
    tested = run(sys.executable, "-m", "pytest", *options, cwd=PROJECT)
    assert tested.returncode == 0, tested.stdout


@pytest.mark.parametrize("slug", ["statistics", "pca", "Bad_Name", "class", "none"])
def test_a_name_that_is_taken_or_bad_is_refused(tmp_path: Path, slug: str) -> None:
    with pytest.raises(SelectionError):
        create_in(tmp_path, slug, Pillar.CALCULUS)
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "test_my_idea.py").write_text("mine")
    with pytest.raises(SelectionError, match="exists already"):
        create_in(tmp_path, "my-idea", Pillar.CALCULUS)
    assert [file.name for file in tmp_path.iterdir()] == ["test_my_idea.py"]
