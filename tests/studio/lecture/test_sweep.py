"""Sweeps: which lists are meant as one value, and which as a value for each clip."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers import all_explainers, find
from studio.lecture.reading import CLIP_NAME, LONGEST_NAME, Lecture
from studio.lecture.sweep import combinations, readable, swept


@pytest.mark.parametrize(
    ("slug", "name", "value", "is_sweep"),
    [
        ("gradient-descent", "learning_rate", [0.05, 0.3], True),
        ("gradient-descent", "learning_rate", [0.05], True),
        ("gradient-descent", "learning_rate", [], False),
        ("gradient-descent", "surface", ["bowl", "himmelblau"], True),
        ("gradient-descent", "start", [1, 2], False),
        ("gradient-descent", "start", [[1, 2], [3, 4]], True),
        ("linear-transformations", "matrix", [[1, 1], [0, 1]], False),
        ("linear-transformations", "matrix", [[[1, 1], [0, 1]], [[2, 0], [0, 2]]], True),
        ("linear-transformations", "matrix", [[[1, 1], [0, 1]]], True),
        ("linear-transformations", "gallery", ["shear", "flip"], False),
        ("linear-transformations", "gallery", [["shear"], ["flip"]], True),
        ("central-limit-theorem", "heavy_tail", [True, False], True),
        ("central-limit-theorem", "counts", [2, 4, 8], False),
        ("central-limit-theorem", "counts", [[2, 4], [2, 8]], True),
        ("attention", "tokens", ["robots", "are", "here"], False),
        ("attention", "values", [[[1, 2], [3, 4]], [[1, 2], [5, 6]]], True),
        ("pca", "no_such", [1, 2], False),
    ],
)
def test_a_list_is_a_sweep_when_one_value_is_asked_for(slug: str, name: str, value: list, is_sweep: bool) -> None:
    assert swept(find(slug), {name: value}) == ([name] if is_sweep else [])


@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_no_default_is_a_sweep_and_a_list_of_defaults_always_is(slug: str) -> None:
    explainer = find(slug)
    settings = {name: value for name, value in explainer().settings().items() if value is not None}
    assert swept(explainer, settings) == []
    # Where nothing is a possible value, a list of nothing is none: [] for own data that are not given.
    lists = {name: [value, value] for name, value in settings.items() if value != []}
    assert swept(explainer, lists) == list(lists)


def test_two_sweeps_make_every_pair(read: Callable[..., Lecture]) -> None:
    lecture = read("[[clip]]\nexplainer = 'gradient-descent'\nname = 'gd'\nsteps = [5, 9]\nlearning_rate = [0.1, 0.2]")
    assert [clip.name for clip in lecture.clips] == [
        "gd-steps-5-learning_rate-0.1",
        "gd-steps-5-learning_rate-0.2",
        "gd-steps-9-learning_rate-0.1",
        "gd-steps-9-learning_rate-0.2",
    ]
    assert [(c.explainer.steps, c.explainer.learning_rate) for c in lecture.clips][2] == (9, 0.1)


def test_bad_values_of_a_sweep_are_all_told_and_a_value_comes_once(refused: Callable[[str], list[str]]) -> None:
    lines = refused("[[clip]]\nexplainer = 'gradient-descent'\nsteps = [5, 1, 999]")
    assert [line.partition(" is not")[0] for line in lines] == [
        "lecture.toml:3: steps: 1",
        "lecture.toml:3: steps: 999",
    ]
    (line,) = refused("[[clip]]\nexplainer = 'gradient-descent'\nsteps = [5, 5]")
    assert line.startswith("lecture.toml:1: name: 'gradient-descent-steps-5' comes twice in this sweep")


PLAIN = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=80))


@given(st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4), max_leaves=12))
def test_every_value_makes_a_name_that_a_folder_can_have(value: object) -> None:
    name = readable("slug", {"parameter": value})
    assert CLIP_NAME.fullmatch(name)
    assert len(name) <= LONGEST_NAME


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), unique=True, max_size=20))
def test_different_numbers_make_different_names(values: list[float]) -> None:
    names = {readable("slug", {"rate": value}) for value in values}
    assert len(names) == len(set(map(str, values)))


def test_combinations_keep_what_is_not_swept() -> None:
    values = {"a": [1, 2], "b": [3], "c": 4}
    assert combinations(values, ["a"]) == [{"a": 1, "b": [3], "c": 4}, {"a": 2, "b": [3], "c": 4}]
    assert combinations(values, []) == [values]


def test_names_are_readable() -> None:
    assert readable("gd", {"matrix": [[1, 0.5], [-1, 0]], "mask": True}) == "gd-matrix-1_0.5_-1_0-mask-true"
    assert re.fullmatch(r"a-tokens-\w+-[0-9a-f]{6}", readable("a", {"tokens": "word " * 30}))
