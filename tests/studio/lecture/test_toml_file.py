"""Lines of keys: every way in which TOML lets one write them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.lecture.toml_file import TomlFile

TEXT = '''# A comment, and an empty line

title = """
two = 2
[[clip]]
"""
[look]
theme = "light"  # = not a key
colors.input = "#123456"
[[clip]]
matrix = [
    [1, 1],  # one = 1
    [0, 1],
]
"quoted key" = 1
[clip.look]
aspect = "4:3"

[clip.look.more]
deep = true
[[clip]]
look = { theme = "dark", fps = 5 }
'''


def test_keys_are_found_however_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TEXT)
    file = TomlFile(tmp_path / "a.toml")
    lines = {
        ("title",): 3,
        ("look",): 7,
        ("look", "theme"): 8,
        ("look", "colors"): 9,
        ("look", "colors", "input"): 9,
        ("clip",): 10,
        ("clip", 0): 10,
        ("clip", 0, "matrix"): 11,
        ("clip", 0, "quoted key"): 15,
        ("clip", 0, "look"): 16,
        ("clip", 0, "look", "aspect"): 17,
        ("clip", 0, "look", "more", "deep"): 20,
        ("clip", 1): 21,
        ("clip", 1, "look"): 22,
        ("clip", 1, "look", "fps"): 22,
        ("clip", 1, "no such key"): 21,
        ("nothing",): 1,
    }
    assert {place: file.line(place) for place in lines} == lines


VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 9), st.text(alphabet='ab[]{}="#\n,\u2028', max_size=8)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    clips=st.lists(st.dictionaries(st.sampled_from("abcdef"), VALUES, max_size=4), min_size=1, max_size=4),
    data=st.data(),
)
def test_the_line_is_that_of_the_key_whatever_stands_around(
    clips: list[dict], data: st.DataObject, tmp_path: Path
) -> None:
    lines: list[str] = []
    expected = {}
    for number, clip in enumerate(clips):
        expected["clip", number] = len(lines) + 1
        lines.append("[[clip]]")
        for key, value in clip.items():
            expected["clip", number, key] = len(lines) + 1
            # A list may run over several lines.
            spread = data.draw(st.booleans()) and isinstance(value, list)
            written = json.dumps(value, ensure_ascii=False, indent=1 if spread else None)
            lines += f"{key} = {written}".split("\n")
            lines += data.draw(st.sampled_from([[], [""], ["# x = 1"]]))
    text = "\n".join(lines)
    assert tomllib.loads(text) == {"clip": clips}
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    file = TomlFile(tmp_path / "a.toml")
    assert {place: file.line(place) for place in expected} == expected
