"""`render.py publish` as a user meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studio.clip import PROJECT
from studio.publish.targets import TARGETS
from tests.studio.conftest import FAST, Run


def call(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(PROJECT / "render.py"), "publish", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_publish_renders_what_is_missing_and_writes_a_folder_per_target(run: Run, tmp_path: Path) -> None:
    arguments = ("publish", "steady-line", *FAST, "--out", str(tmp_path / "media"), "--to", str(tmp_path / "site"))
    first = run(*arguments, "--for", "gallery,powerpoint")
    assert first.returncode == 0, first.stderr
    assert "done in" in first.stderr
    assert (tmp_path / "site" / "gallery" / "index.html").is_file()
    assert (tmp_path / "site" / "powerpoint" / "beats.pptx").is_file()
    again = run(*arguments, "--for", "gallery,powerpoint")
    assert again.returncode == 0, again.stderr
    assert "up to date" in again.stderr
    assert again.stderr.count("nothing changed") == 2
    (tmp_path / "site" / "gallery" / "index.html").write_text("mine")
    refused = run(*arguments)
    assert refused.returncode == 2
    assert refused.stderr.startswith("Error: ")
    assert "was changed since it was published" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bayes-rule"], "Missing option '--to'"),
        (["--to", "TO"], "name at least one explainer, or --all"),
        (["bayes-rule", "--to", "TO", "--for", "powerpont"], "did you mean powerpoint?"),
        (["bayes-rule", "--to", "TO", "--for", ""], "--for knows no ''"),
        (["byes-rule", "--to", "TO"], "did you mean bayes-rule?"),
        (["bayes-rule", "--to", "FILE"], "cannot write to"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "file").write_text("")
    places = {"TO": str(tmp_path / "to"), "FILE": str(tmp_path / "file")}
    result = call(*(places.get(each, each) for each in arguments))
    assert result.returncode == 2
    (line,) = result.stderr.strip().splitlines()
    assert words in line
    assert not (tmp_path / "to").exists()


def test_the_help_names_every_target() -> None:
    said = " ".join(call("-h").stdout.split())
    assert all(f"{name}" in said for name in TARGETS)
