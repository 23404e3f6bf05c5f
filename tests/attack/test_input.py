"""Some hundred of the cases of `make fuzz`, the same ones every time, and what once broke something."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from explainers import all_explainers
from studio.clip import PROJECT
from studio.lecture.reading import read_lecture
from studio.problems import SelectionError
from studio.selection import parse_settings, select
from tests.attack.command import FILES, KINDS, Attempt, judge, run
from tests.attack.fuzz import configured, tell
from tests.attack.values import settings_of

FIXED = settings(
    database=None, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck], print_blob=False
)  # fmt: skip
PER_EXPLAINER, PER_KIND = 30, 60


@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_values_are_refused_in_one_sentence_or_have_finite_facts(slug: str) -> None:
    @settings(FIXED, max_examples=PER_EXPLAINER)
    @given(settings_of(all_explainers()[slug]))
    def attempt(values: dict) -> None:
        configured(slug, values)

    attempt()


@pytest.mark.parametrize("slug", ["bayes-rule", "distributions", "gaussian-ellipse", "pca", "attention"])
def test_what_is_accepted_can_be_told(slug: str) -> None:
    """`make fuzz` tells stories of all; these are quick."""
    told = 0

    @settings(FIXED, max_examples=20)
    @given(settings_of(all_explainers()[slug], spoiled=False))
    def attempt(values: dict) -> None:
        nonlocal told
        clip = configured(slug, values) if told < 1 else None
        if clip is not None:
            told += 1
            tell(clip)

    attempt()
    assert told


@pytest.mark.parametrize("kind", KINDS)
def test_command_lines_and_files_are_refused_in_sentences(kind: str) -> None:
    @settings(FIXED, max_examples=PER_KIND)
    @given(KINDS[kind])
    def attempt(case: Attempt) -> None:
        judge(case)

    attempt()


# --- What once broke something --------------------------------------------------------------------------------

PCA_CLIP = '[[clip]]\nexplainer = "pca"\n'
SCENE_CLIP = '[[clip]]\nscene = "{}"\n'


@pytest.mark.parametrize(
    ("arguments", "lecture", "words"),
    [
        (["facts", "pca", "--set=points=" + "[" * 100_000], "", "points"),
        (["facts", "x" * 300 + ".py"], "", "there is no file"),
        (["init", "x" * 300 + ".toml", "pca"], "", "file name too long"),
        (["new", "my-idea", "--in", "x" * 300], "", "file name too long"),
        (["check", "--rules", "--theme", "x" * 300 + ".toml"], "", "there is no theme file"),
        (["facts", "\udcff.toml"], "", r"cannot read \udcff.toml"),
        (["render", "a\nb.toml"], "", r"cannot read a\nb.toml"),
        (["facts", "attention", "--set=network=random", "--set=tokens=a\udcff b"], "", "valid string"),
        (["facts", "attention", "--set=network=random", "--set=tokens=a\u202eb c"], "", "cannot turn the direction"),
        (["render", "scene.py:Good", "--seed", str(2**32)], "", "0 to 4294967295"),
        (["render", "scene.py:Good", "--seed=-1"], "", "0 to 4294967295"),
        (["facts", "lecture.toml"], "fps = " + "1" * 5000, "thousands of digits"),
        (["facts", "lecture.toml"], PCA_CLIP + "points = 0x" + "f" * 5000, "this value is not possible"),
        (["facts", "lecture.toml"], SCENE_CLIP.format("scene.py:Good") + "seed = 0x" + "f" * 5000, "0 to 4294967295"),
        (["facts", "lecture.toml"], SCENE_CLIP.format("a\\u0000.py:Good"), "cannot read"),
        (["facts", "lecture.toml"], '[[clip]]\nexplainer = "a\\u0000.py"', "there is no file"),
        (["facts", "lecture.toml"], '"a\\u001b[2J" = 1', r"a\x1b[2J"),
        (["facts", "lecture.toml"], PCA_CLIP + f"keep = {[1] * 100}\npoints = {[1] * 100}", "makes at most"),
    ],
)  # fmt: skip
def test_what_once_was_a_traceback(arguments: list[str], lecture: str, words: str) -> None:
    attempt = Attempt(tuple(arguments), (("lecture.toml", lecture.encode()), *FILES[1:]))
    assert not judge(attempt)
    assert words in run(attempt).complaint


def test_a_statement_without_end_is_found_at_once(tmp_path: Path) -> None:
    path = tmp_path / "lecture.toml"
    path.write_text("title = [\n" + "1,\n" * 20_000)
    started = time.monotonic()
    with pytest.raises(SelectionError, match=r"lecture\.toml:1: this is not TOML"):
        read_lecture(path)
    assert time.monotonic() - started < 10


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes are POSIX")
@pytest.mark.parametrize("kind", ["device", "pipe", "large", "loop"])
@pytest.mark.parametrize("name", ["lecture.toml", "theme.toml", "logo.png", "own.py"])
def test_only_files_of_a_moderate_size_are_read(tmp_path: Path, kind: str, name: str) -> None:
    """A lecture comes from someone else, and with it the files that it names."""
    files = {
        "lecture.toml": '[look]\ntheme = "theme.toml"\n[[clip]]\nscene = "own.py:Good"\n',
        "theme.toml": '[logo]\nfile = "logo.png"\n',
        "own.py": "class Good: pass",
    }
    for file, content in files.items():
        (tmp_path / file).write_text(content)
    target = tmp_path / name
    target.unlink(missing_ok=True)
    if kind == "device":
        target.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(target)
    elif kind == "loop":
        target.symlink_to(target)
    else:
        with target.open("wb") as file:
            file.truncate(2**34)
    with pytest.raises(SelectionError, match=name.replace(".", r"\.")):
        read_lecture(tmp_path / "lecture.toml")


def test_a_lecture_may_have_a_name_that_is_not_text() -> None:
    outcome = run(Attempt(("init", "\udcff.toml", "pca")))
    assert (outcome.code, len(outcome.changed)) == (0, 1)


@pytest.mark.parametrize(
    "argument", [b"\xff\xfe.toml", b"a b'c\".py", b"-x.toml", b"x" * 300, "שלום.toml".encode(), b"\x1b[2J.py"]
)
def test_names_that_are_not_text_reach_the_command_line(tmp_path: Path, argument: bytes) -> None:
    command = [sys.executable, str(PROJECT / "render.py"), "facts", "--", argument]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, env={**os.environ, "LANG": "C"})
    assert result.returncode == 2
    (line,) = result.stderr.decode().splitlines()
    assert line.startswith("Error: ") and line.isprintable()
    assert not list(tmp_path.iterdir())


@FIXED
@given(st.text(max_size=30), st.text(max_size=30))
@example("a", "[" * 100_000)
def test_settings_are_names_and_values(name: str, text: str) -> None:
    assume(name.strip() and "=" not in name)
    assert list(parse_settings([f"{name}={text}"])) == [name.strip().replace("-", "_")]


def test_a_scene_with_the_largest_seed_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("from manim import Scene\nclass Good(Scene):\n    def construct(self): ...\n")
    (clip,) = select([f"{tmp_path / 'own.py'}:Good"], seed=2**32 - 1)
    assert clip.seed == 2**32 - 1
