"""What the page gives to take along makes the very clip that is on the page."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from render import cli
from studio.clip import PROJECT
from studio.lecture.reading import read_lecture
from studio.preview.recipe import command, entry
from studio.preview.wish import Wish, WishError, base_of, clip_of
from studio.selection import parse_settings, select

entries = st.integers(-4, 4) | st.floats(-4, 4, width=16)
looks = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.sampled_from(["dark", "light"]),
        "aspect": st.sampled_from(["16:9", "4:3", "1:1", "9:16"]),
        "captions": st.sampled_from(["none", "sidecar", "burned"]),
    },
)
parameters = st.fixed_dictionaries(
    {},
    optional={
        "matrix": st.lists(st.lists(entries, min_size=2, max_size=2), min_size=2, max_size=2),
        "vector": st.lists(entries, min_size=2, max_size=2),
        "gallery": st.lists(st.sampled_from(["rotation", "shear", "flip"]), min_size=1, unique=True),
    },
)


@settings(max_examples=40, deadline=None)
@given(parameters=parameters, look=looks)
def test_command_and_entry_name_the_clip(
    parameters: dict[str, Any], look: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    wish = Wish("linear-transformations", parameters=parameters, look=look)
    base = base_of(wish)
    clip = clip_of(wish, base)
    context = cli.commands["render"].make_context("render", shlex.split(command(wish, clip, base))[3:])
    given = context.params
    wishes = {name: given[name] for name in ("theme", "aspect", "captions") if given[name]}
    [made] = select(given["names"], parameters=parse_settings(given["settings"]), wishes=clip_look(wishes))
    assert made == clip
    file = tmp_path_factory.mktemp("lecture") / "lecture.toml"
    file.write_text(entry(wish, clip, base), encoding="utf-8")
    [read] = read_lecture(file).clips
    assert (read.explainer, read.look) == (clip.explainer, clip.look)


def clip_look(wishes: dict[str, str]) -> dict[str, Any]:
    from scenes.stage.look import LookSettings

    return LookSettings(**wishes).said()


def test_entries_of_a_lecture_say_themselves_again(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PROJECT / "examples" / "linear-maps", tmp_path / "maps"))
    kinds = set()
    for clip in read_lecture(folder / "lecture-03.toml").clips:
        wish = Wish(str(folder / "lecture-03.toml"), clip.name)
        base = base_of(wish)
        assert clip_of(wish, base) == clip
        (folder / "again.toml").write_text(entry(wish, clip, base), encoding="utf-8")
        [read] = read_lecture(folder / "again.toml").clips
        assert read.name == clip.name
        assert getattr(read, "explainer", read.slug) == getattr(clip, "explainer", clip.slug)
        kinds.add(type(read))
    assert len(kinds) == 2


def test_all_problems_of_a_wish_are_told() -> None:
    wish = Wish("pca", parameters={"thikness": 1}, look={"aspect": "2:1"})
    with pytest.raises(WishError) as caught:
        clip_of(wish, base_of(wish))
    assert [about for about, _ in caught.value.problems] == ["thikness", "aspect"]
