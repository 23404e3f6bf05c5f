"""What may be asked for in one command, and what it makes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from studio.clip import PROJECT
from studio.problems import SelectionError
from studio.selection import select

EXAMPLES = PROJECT / "examples" / "linear-maps"
LECTURE = str(EXAMPLES / "lecture-03.toml")
OWN = str(EXAMPLES / "my_ideas" / "characteristic_polynomial.py")


def run(*arguments: str, cwd: Path = PROJECT) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(PROJECT / "render.py"), *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_clips_of_a_lecture_can_be_chosen_by_name() -> None:
    chosen = select([LECTURE, "eigenvectors", "her-shear", "eigenvectors"])
    assert [clip.name for clip in chosen] == ["eigenvectors", "her-shear"]
    with pytest.raises(SelectionError, match=r"has no clip 'her-sheer'; did you mean her-shear\?"):
        select([LECTURE, "her-sheer"])


def test_the_command_line_goes_before_the_lecture() -> None:
    (clip,) = select([LECTURE, "her-shear"], wishes={"theme": "dark", "quality": "l", "fps": 4})
    assert (clip.look.theme, clip.look.short_side, clip.look.fps) == ("dark", 480, 4)
    assert clip.look.aspect == "4:3"


def test_an_explainer_file_is_as_good_as_a_slug() -> None:
    own, ours = select([OWN, "eigenvectors"], parameters={})
    assert (own.slug, ours.slug) == ("characteristic-polynomial", "eigenvectors")
    (own,) = select([OWN], parameters={"trace": 4})
    assert own.explainer.trace == 4
    assert own.scene_module == "characteristic_polynomial_scene"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["render", LECTURE, "--set", "points=3"], "are set in"),
        (["render", LECTURE, "--seed", "3"], "are set in"),
        (["sheet", LECTURE, "--against", "points=3"], "are set in"),
        (["render", "pca", LECTURE], "it comes first, and after it only names of its clips"),
        (["render", LECTURE, "--all"], "not both"),
        (["render", "none.toml"], "cannot read none.toml: no such file or directory"),
        (["render", "none.py"], "there is no file"),
        (["render", "none.py:Proof"], "cannot read none.py: no such file or directory"),
        (["render", "pca", "--theme", "none.toml"], "there is no theme file none.toml"),
        (["facts", "pca", "--set", "pionts=3"], "did you mean points?"),
        (["init", "lecture.toml", "atention"], "did you mean attention?"),
        (["init", "/nowhere/at/all/lecture.toml", "--", "-"], "there is no explainer '-'"),
        (["init", "lecture.txt", "pca"], "must end in .toml"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(tmp_path: Path, arguments: list[str], words: str) -> None:
    result = run(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_facts_of_a_lecture_are_those_of_each_clip() -> None:
    told = json.loads(run("facts", LECTURE, "a-flat-map", "characteristic-polynomial").stdout)
    assert [entry["clip"] for entry in told] == ["a-flat-map", "characteristic-polynomial"]
    assert told[0]["facts"]["determinant"] == 0
    assert told[1]["facts"] == {"eigenvalues": [0.5, 2.5], "sum": 3.0, "product": 1.25}


def test_a_lecture_is_started_with_any_explainer(tmp_path: Path) -> None:
    (tmp_path / "week-1").mkdir()
    assert run("init", str(tmp_path / "week-1" / "maps.toml"), "pca", OWN).returncode == 0
    first, second = select([str(tmp_path / "week-1" / "maps.toml")])
    assert (first.slug, second.slug) == ("pca", "characteristic-polynomial")
