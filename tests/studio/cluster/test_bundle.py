"""A bundle holds the user's files, all of them and as they were read, and nothing of this project's code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.clip import PROJECT
from studio.cluster.bundle import Bundle, ChangedFileError, named, pack
from studio.engine.inputs import file_digest


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A scene, and a data file that it knows by a link."""
    user = tmp_path / "user"
    user.mkdir()
    (user / "scene.py").write_text("scene")
    (tmp_path / "data.csv").write_text("1,2")
    (user / "link.csv").symlink_to(tmp_path / "data.csv")
    return user / "scene.py", tmp_path / "data.csv"


def read(*paths: Path) -> dict[str, str]:
    return {str(path): file_digest(str(path)) for path in paths}


def test_files_keep_their_places_and_their_other_names(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, data = files
    monkeypatch.chdir(scene.parent)
    media = tmp_path / "media"
    for place in ("texts/word.svg", "svg/private.svg"):
        (media / place).parent.mkdir(parents=True)
        (media / place).write_text("<svg/>")
    inputs = {**read(scene, data), **read(PROJECT / "studio" / "clip.py")}
    there = Bundle.unpack(pack(inputs, {str(scene.parent / "link.csv"): str(data)}, media), tmp_path / "there")
    assert (there.folder / "scene.py").read_text() == "scene"
    assert (there.folder / "link.csv").read_text() == (there.folder / ".." / "data.csv").read_text() == "1,2"
    assert [path.name for path in there.place.rglob("*.svg")] == ["word.svg"]
    assert not list(there.place.rglob("clip.py"))
    moved = there.moved({"path": str(scene), "list": [str(scene.parent), "word", 3], "else": "/nowhere"})
    assert moved == {"path": str(there.folder / "scene.py"), "list": [str(there.folder), "word", 3], "else": "/nowhere"}
    # The names agree on both sides.
    ours = named(inputs)
    theirs = named(read(there.folder / "scene.py", PROJECT / "studio" / "clip.py"), there.place)
    assert theirs.items() <= ours.items()
    assert len(theirs) == 2


def test_a_file_that_changes_meanwhile_is_noticed(files: tuple[Path, Path], tmp_path: Path) -> None:
    inputs = read(*files)
    files[1].write_text("1,3")
    with pytest.raises(ChangedFileError, match=r"data\.csv changed while"):
        pack(inputs, {}, tmp_path / "media")


def test_a_path_out_of_the_bundle_stays_inside_it(tmp_path: Path) -> None:
    packed = pack({}, {}, tmp_path)
    there = Bundle.unpack(packed, tmp_path / "there")
    assert there.folder.is_relative_to(there.place)
    assert os.path.isdir(there.home)
