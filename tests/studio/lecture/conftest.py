"""A folder of a lecturer's own, in which lectures and theme files are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.lecture.reading import Lecture, read_lecture
from studio.problems import FileProblemsError


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """`written(text)`: the path of a lecture file with this text."""

    def write(text: str) -> Path:
        path = tmp_path / "lecture.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def read(written: Callable[[str], Path]) -> Callable[..., Lecture]:
    """`read(text, **wishes)`: the lecture that this text makes."""
    return lambda text, **wishes: read_lecture(written(text), wishes)


@pytest.fixture
def refused(written: Callable[[str], Path]) -> Callable[[str], list[str]]:
    """`refused(text)`: what is told about a lecture that cannot be, a line each, without the folder."""

    def tell(text: str) -> list[str]:
        path = written(text)
        with pytest.raises(FileProblemsError) as caught:
            read_lecture(path)
        return str(caught.value).replace(f"{path.parent}/", "").splitlines()

    return tell
