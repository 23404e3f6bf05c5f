"""Values to try: drawn from what a parameter declares, and from what nobody should give."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from explainers.model import Explainer
from studio.clip import PROJECT
from studio.lecture.reading import read_lecture

UNUSUAL = PROJECT / "tests" / "scenes" / "unusual.toml"

NASTY_NUMBERS = (
    0, -0.0, 1, -1, 5e-324, -5e-324, 2.2e-308, 1e-12, 1e-6, 1e15, -1e15, 1e300, 1.7976931348623157e308, 2**31,
    2**53 + 1, 2**64, 10**30, 10**400, -(10**5000), float("nan"), float("inf"), -float("inf"), 0.1 + 0.2, 1 / 3,
    True, False,
)  # fmt: skip
NASTY_TEXTS = (
    "", " ", "\t", "\n", "a\nb", "\0", "\x1b[2J", "\x7f", "x" * 12, "x" * 13, "w" * 200, "ß", "İ", "ﷺ", "é",
    "e\u0301", "a" + "\u0301" * 40, "שלום", "مرحبا", "\u202eevil", "\u200b", "\u00ad", "\ufeff", "日本語", "𝔘𝔫𝔦",
    "👩‍👩‍👧‍👦", "🙂", "🇨🇭", "\ud800", "a\udcff", "a\u202eb", "\uffff", "null", "NaN", "true", "1e3", "0x10", "-1",
    "is are", "the keys are", "is/are", "#set", "$x$", "{{x}}", "\\", '"', "'", "`", "<script>", "]]>",
    "--></style>", "%s %d {0}", "${HOME}", "../../etc/passwd", "/", ".", "..", "~", "-", "--help", "_", "*",
    "a b", "robot's", "C:\\nul", "nul", "=", "a=b",
)  # fmt: skip

numbers = st.sampled_from(NASTY_NUMBERS) | st.floats() | st.integers()
texts = st.sampled_from(NASTY_TEXTS) | st.text(max_size=20)


def nested(depth: int) -> list[Any]:
    """A list in a list in a list …"""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


hostile = st.one_of(
    st.none(),
    numbers,
    texts,
    st.lists(numbers | texts, max_size=9),
    st.lists(st.lists(numbers, max_size=4), max_size=9),
    st.dictionaries(texts, numbers, max_size=2),
    st.sampled_from([nested(50), [[]], [[[0]]], [0] * 10_000, {}, "[[1,2],[3,4]]", b"bytes".decode()]),
)
"""Of any type and size, whatever the parameter is."""


def of_schema(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a parameter's JSON schema admits, with its bounds and what lies next to them more often than not."""
    if "anyOf" in schema:
        return st.one_of(*map(of_schema, schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "number":
            return _numbers(schema)
        case "integer":
            low, high = schema["minimum"], schema["maximum"]
            return st.sampled_from([low, high, min(low + 1, high)]) | st.integers(low, high)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "string":
            return texts
    if "prefixItems" in schema:
        return st.tuples(*map(of_schema, schema["prefixItems"])).map(list)
    items, least, most = of_schema(schema["items"]), schema.get("minItems", 0), schema.get("maxItems", 9)
    some = st.lists(items, min_size=least, max_size=most)
    alike = st.builds(lambda value, size: [value] * size, items, st.integers(least, most))
    return some | alike | some.map(_once) | some.map(_rising)


def _once(values: list[Any]) -> list[Any]:
    """The values, each once."""
    return [value for index, value in enumerate(values) if value not in values[:index]]


def _rising(values: list[Any]) -> list[Any]:
    """The values, each once, in order where there is one."""
    try:
        return sorted(_once(values))
    except TypeError:
        return values


def _numbers(schema: Mapping[str, Any]) -> st.SearchStrategy[float]:
    """Numbers within bounds: at them, tiny, round as people write them, and any."""
    low, high = schema["minimum"], schema["maximum"]
    special = [value for value in (low, high, 0.0, -0.0, 5e-324, 1e-9, 1.0, -1.0, 1e-3) if low <= value <= high]
    round_ones = st.floats(low, high).map(lambda value: min(high, max(low, float(f"{value:.2g}"))))
    return st.sampled_from(special) | round_ones | st.floats(low, high)


@st.composite
def settings_of(draw: st.DrawFn, explainer: type[Explainer], *, spoiled: bool = True) -> dict[str, Any]:
    """Values for some parameters of an explainer, the others at their defaults or as a clip of `unusual.toml` has them.

    `spoiled`: one of them may be hostile, or not a parameter at all.
    """
    parameters = explainer.parameters()
    some = st.lists(st.sampled_from(sorted(parameters)), min_size=1, max_size=4, unique=True)
    chosen = draw(some | st.just(list(parameters)))
    # A path would be looked up, and one alone is a test of its own.
    drawn = {name: draw(of_schema(parameters[name].schema)) for name in chosen if name != "checkpoint"}
    drawn = {**draw(st.sampled_from([{}, *_usable(explainer.slug)])), **drawn}
    if spoiled and draw(st.integers(0, 2)) == 0:
        name = draw(st.sampled_from(chosen) | texts)
        drawn[name] = draw(hostile)
    return drawn


@cache
def _usable(slug: str) -> list[dict[str, Any]]:
    """Settings of an explainer that are known to go together."""
    return [clip.explainer.changed_settings() for clip in read_lecture(UNUSUAL).clips if clip.slug == slug]


def as_json(value: Any) -> str:
    """A value as it would be typed after `--set name=`."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except ValueError:  # a whole number with more digits than Python writes
        return "1" * 5001
