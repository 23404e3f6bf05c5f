"""The coverage report, and that the README tells it as it is."""

from __future__ import annotations

from explainers import all_explainers, references
from explainers.coverage import coverage, to_json, to_text


def test_every_reference_of_every_explainer_is_counted_once() -> None:
    pairs = {(s.code, slug) for work in coverage() for s in work.sections for slug in s.explainers}
    assert pairs == {(code, e.slug) for e in all_explainers().values() for code in e.references}
    assert sum(len(work.sections) for work in coverage()) == len(references.sections())


def test_missing_and_illustrated_make_up_a_work() -> None:
    for work in coverage():
        assert len(work.missing) + len(work.illustrated) == len(work.sections)
        assert not {s.code for s in work.missing} & {s.code for s in work.illustrated}


def test_provisional_titles_are_marked() -> None:
    lines = [line for line in to_text(coverage()).splitlines() if "(provisional title)" in line]
    assert [line.split("  ")[1] for line in lines] == ["ARX 2", "ARX 3", "ARX 5", "TALK 5", "TALK 6", "TALK 7"]
    plain = to_json(coverage())
    assert sum(s["provisional"] for work in plain for s in work["sections"]) == 6
