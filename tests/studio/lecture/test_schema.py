"""The JSON Schema of lecture files: it admits what we admit, and refuses what a reader would stumble over."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from explainers import all_explainers, find
from studio.clip import PROJECT
from studio.lecture.draft import draft, write_draft
from studio.lecture.reading import Lecture, read_lecture
from studio.lecture.schema import lecture_schema
from studio.problems import SelectionError

EXAMPLE = PROJECT / "examples" / "linear-maps" / "lecture-03.toml"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(json.dumps(lecture_schema()))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_command_prints_it(validator: Draft202012Validator) -> None:
    command = [sys.executable, "render.py", "schema"]
    printed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed) == validator.schema


def test_it_admits_the_example(validator: Draft202012Validator) -> None:
    validator.validate(tomllib.loads(EXAMPLE.read_text()))


@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_it_admits_all_defaults_and_sweeps_over_them(validator: Draft202012Validator, slug: str) -> None:
    settings = {name: value for name, value in find(slug)().settings().items() if value is not None}
    validator.validate({"clip": [{"explainer": slug, **settings}]})
    validator.validate({"clip": [{"explainer": slug, **{name: [value] for name, value in settings.items()}}]})


def test_it_admits_a_sentence_as_one_text(validator: Draft202012Validator) -> None:
    validator.validate({"clip": [{"explainer": "attention", "tokens": "robots are here"}]})


@pytest.mark.parametrize(
    "text",
    [
        "title = 'no clips'",
        "title = 3\n[[clip]]\nexplainer = 'pca'",
        "clips = 3\n[[clip]]\nexplainer = 'pca'",
        "[look]\naspect = '16x9'\n[[clip]]\nexplainer = 'pca'",
        "[look]\ntehme = 'light'\n[[clip]]\nexplainer = 'pca'",
        "[look]\nfps = 0\n[[clip]]\nexplainer = 'pca'",
        "[[clip]]\nname = 'nothing'",
        "[[clip]]\nexplainer = 'atention'",
        "[[clip]]\nexplainer = 'pca'\nscene = 'own.py:Proof'",
        "[[clip]]\nscene = 'own.py'",
        "[[clip]]\nscene = 'own.py:Proof'\nmatrix = 1",
        "[[clip]]\nexplainer = 'pca'\nname = 'her/clip'",
        "[[clip]]\nexplainer = 'pca'\npionts = 100",
        "[[clip]]\nexplainer = 'pca'\npoints = 29",
        "[[clip]]\nexplainer = 'pca'\npoints = [100, 401]",
        "[[clip]]\nexplainer = 'pca'\npoints = 100.5",
        "[[clip]]\nexplainer = 'gradient-descent'\nsurface = 'bowel'",
        "[[clip]]\nexplainer = 'linear-transformations'\nmatrix = [[1, 2, 3], [4, 5, 6]]",
        "[[clip]]\nexplainer = 'linear-transformations'\nmatrix = [[1, 2], [3, 99]]",
    ],
)
def test_what_it_refuses_the_reader_refuses_too(
    validator: Draft202012Validator, refused: Callable[[str], list[str]], text: str
) -> None:
    assert list(validator.iter_errors(tomllib.loads(text)))
    assert refused(text)


@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_a_draft_is_a_lecture_and_stays_one_when_every_line_is_taken_in(
    validator: Draft202012Validator, written: Callable[[str], Path], slug: str
) -> None:
    explainer = find(slug)()
    text = draft(Path("lecture.toml"), [explainer])
    taken_in = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    assert taken_in != text
    for content in (text, taken_in):
        (clip,) = read_lecture(written(content)).clips
        assert clip.explainer == explainer
        validator.validate(tomllib.loads(content))
    said = tomllib.loads(taken_in)["clip"][0]
    assert set(said) == {"explainer", "name"} | {k for k, v in explainer.settings().items() if v is not None}


def test_a_draft_explains_every_parameter() -> None:
    text = " ".join(draft(Path("lecture.toml"), [find("gradient-descent")()]).replace("\n#", " ").split())
    for parameter in find("gradient-descent").parameters().values():
        assert f"{parameter.name}: {parameter.description.rstrip('.')}" in text
        assert parameter.allowed in text


def test_a_draft_is_never_written_over_something(tmp_path: Path) -> None:
    path = tmp_path / "lecture.toml"
    write_draft(path, [find("pca")()])
    before = path.read_text()
    with pytest.raises(SelectionError, match="exists already"):
        write_draft(path, [find("pca")()])
    assert path.read_text() == before
    with pytest.raises(SelectionError, match=r"must end in \.toml"):
        write_draft(tmp_path / "lecture.txt", [find("pca")()])
    assert [file.name for file in tmp_path.iterdir()] == ["lecture.toml"]
    assert isinstance(read_lecture(path), Lecture)
