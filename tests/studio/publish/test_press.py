"""Folders appear whole, stay as they were when something goes wrong, and are never taken from somebody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.clip import PROJECT
from studio.publish.clip import Publication, PublishError, RenderedClip
from studio.publish.press import ensure_ours, publish
from studio.publish.target import Target, write_text
from studio.publish.targets import TARGETS, chosen


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: its bytes and when they were written."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_publishing_twice_changes_nothing(site: Path, publication: Publication) -> None:
    before = content(site)
    told: list[str] = []
    publish(publication, site, list(TARGETS.values()), tell=told.append)
    assert content(site) == before
    assert sum(line.endswith("nothing changed") for line in told) == len(TARGETS)


def test_the_same_clips_give_the_same_bytes_elsewhere(site: Path, publication: Publication, tmp_path: Path) -> None:
    publish(publication, tmp_path, list(TARGETS.values()))
    assert {name: each[0] for name, each in content(tmp_path).items()} == {
        name: each[0] for name, each in content(site).items()
    }


def test_no_published_text_names_a_folder_of_this_machine(site: Path, publication: Publication) -> None:
    for name, (data, _) in content(site).items():
        assert str(publication.clips[0].folder.parent).encode() not in data, name
        assert str(PROJECT).encode() not in data, name


def test_a_target_that_fails_leaves_what_was_there(clip: RenderedClip, tmp_path: Path) -> None:
    publication = Publication(None, (clip,))
    publish(publication, tmp_path, [TARGETS["html"]])
    before = content(tmp_path / "html")

    def fail(publication: Publication, folder: Path) -> None:
        write_text(folder / "index.html", "half of it")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        publish(publication, tmp_path, [Target("html", "", (), fail)])
    assert content(tmp_path / "html") == before
    assert {path.name for path in tmp_path.iterdir()} == {"html", "media", ".publish.lock"}


KILLED = """
import sys, time
from pathlib import Path
from studio.publish.clip import Publication, RenderedClip
from studio.publish.press import publish
from studio.publish.target import Target, write_text

def slow(publication, folder):
    for index in range(1000):
        write_text(folder / f"{index}.html", "new")
        print(index, flush=True)
        time.sleep(0.01)

clip = RenderedClip.read(Path(sys.argv[1]))
publish(Publication(None, (clip,)), Path(sys.argv[2]), [Target("html", "", (), slow)])
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_a_killed_publication_leaves_the_previous_site_and_the_next_clears_up(
    clip: RenderedClip, tmp_path: Path
) -> None:
    publication = Publication(None, (clip,))
    publish(publication, tmp_path, [TARGETS["html"]])
    before = content(tmp_path / "html")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(clip.folder), str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    while process.stdout.readline().strip() != "5":
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert content(tmp_path / "html") == before
    assert list(tmp_path.glob(".html.new.*"))
    publish(publication, tmp_path, [TARGETS["html"]])
    assert content(tmp_path / "html") == before
    assert not list(tmp_path.glob(".html.new.*"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("notes.txt", r"notes\.txt was not written by publish"),
        ("ball/index.html", "was changed since it was published"),
    ],
)
def test_what_someone_put_there_or_changed_is_not_taken_from_them(
    clip: RenderedClip, tmp_path: Path, name: str, words: str
) -> None:
    publication = Publication(None, (clip,))
    publish(publication, tmp_path, [TARGETS["html"]])
    (tmp_path / "html" / name).write_text("mine")
    with pytest.raises(PublishError, match=words):
        publish(publication, tmp_path, [TARGETS["html"]])
    assert (tmp_path / "html" / name).read_text() == "mine"
    publish(publication, tmp_path, [TARGETS["html"]], force=True)
    ensure_ours(tmp_path, [TARGETS["html"]])


def test_a_folder_of_someone_elses_is_refused(clip: RenderedClip, tmp_path: Path) -> None:
    write_text(tmp_path / "slides" / "talk.tex", "mine")
    with pytest.raises(PublishError, match=r"talk\.tex was not written by publish"):
        publish(Publication(None, (clip,)), tmp_path, [TARGETS["slides"]])
    write_text(tmp_path / "html", "a file")
    with pytest.raises(PublishError, match="is a file, but a folder of that name is to be written"):
        ensure_ours(tmp_path, [TARGETS["html"]])


def test_a_clip_that_is_gone_from_the_publication_is_gone_from_the_site(
    publication: Publication, tmp_path: Path
) -> None:
    publish(publication, tmp_path, [TARGETS["html"]])
    publish(Publication(None, publication.clips[:1]), tmp_path, [TARGETS["html"]])
    assert [path.name for path in (tmp_path / "html").iterdir() if path.is_dir()] == ["ours"]


def test_targets_are_chosen_by_name() -> None:
    assert [target.name for target in chosen("html, slides,html")] == ["html", "slides"]
    with pytest.raises(PublishError, match="did you mean powerpoint"):
        chosen("powerpont")
