"""The command line as a user meets it: as a subprocess, with good input and bad."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.clip import PROJECT


def run(*arguments: str, cwd: Path = PROJECT) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(PROJECT / "render.py"), *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [[], ["list"], ["facts"], ["render"], ["sheet"], ["new"], ["init"], ["schema"]])
def test_help_everywhere(command: list[str]) -> None:
    result = run(*command, "-h")
    assert result.returncode == 0
    assert "Usage:" in result.stdout


def test_list_shows_all_and_one_pillar() -> None:
    everything = json.loads(run("list", "--json").stdout)
    assert {"distributions", "linear-transformations", "attention", "gradient-descent"} <= {
        e["slug"] for e in everything
    }
    calculus = run("list", "--pillar", "calculus").stdout
    assert "gradient-descent" in calculus
    assert "attention" not in calculus
    for explainer in everything:
        for parameter in explainer["parameters"]:
            assert set(parameter) == {"name", "description", "unit", "allowed", "default"}


def test_facts_follow_the_parameters() -> None:
    result = json.loads(run("facts", "linear-transformations", "--set", "matrix=[[2,0],[0,3]]").stdout)
    assert result["parameters"]["matrix"] == [[2.0, 0.0], [0.0, 3.0]]
    assert result["facts"]["determinant"] == 6.0


def test_words_need_no_quotes_in_a_setting() -> None:
    result = json.loads(
        run("facts", "attention", "--set", "network=random", "--set", "tokens=attention is all you need").stdout
    )
    assert result["parameters"]["tokens"] == ["attention", "is", "all", "you", "need"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["facts", "atention"], "did you mean attention?"),
        (["render", "atention"], "did you mean attention?"),
        (["render", "zzz"], "known are attention, "),
        (["render"], "name at least one explainer, or --all"),
        (["render", "attention", "--all"], "give slugs or --all, not both"),
        (["render", "attention", "--theme", "blue"], "there is no theme 'blue'; known are dark, light."),
        (["render", "attention", "--aspect", "16x9"], "is not one of '16:9'"),
        (["render", "attention", "--set", "mask"], "is not of the form name=value"),
        (["render", "attention", "--set", "temprature=2"], "did you mean temperature?"),
        (["render", "attention", "--set", "temperature=hot"], "allowed is a number from"),
        (["render", "attention", "--set", "temperature=NaN"], "finite number"),
        (["render", "linear-transformations", "--set", "matrix=[[1,2,3],[4,5,6]]"], "matrix"),
        (["render", "linear-transformations", "--set", "matrix=[[1,2],[3,99]]"], "matrix"),
        (["render", "linear-transformations", "--seed", "3"], "--seed has no effect"),
        (["render", "attention", "-j", "0"], "0 is not in the range"),
        (["render", "attention", "--fps", "0"], "0 is not in the range"),
        (["sheet", "attention", "--transition", "0"], "0 is not in the range"),
        (["new", "Bad_Name"], "is not a slug"),
        (["new", "attention"], "there is an explainer 'attention' already"),
        (["rendr", "attention"], "No such command"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path: Path, arguments: list[str], words: str) -> None:
    out = ["--out", str(tmp_path / "out")] if arguments[0] in ("render", "sheet") else []
    result = run(*arguments, *out)
    assert result.returncode == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()  # nothing half-written


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    result = run("render", "attention", "--out", str(occupied / "media"))
    assert result.returncode == 2
    assert f"cannot write to {occupied / 'media'}: not a directory." in result.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind an administrator")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    result = run("render", "attention", "--out", str(tmp_path / "media"))
    assert result.returncode == 2
    assert "permission denied" in result.stderr


def test_help_and_lists_do_not_import_manim() -> None:
    code = "import sys, render; sys.exit('manim' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
