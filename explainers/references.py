"""What each reference contains, so that "MML 7.1" on an explainer is a checked link and not a hope."""

from __future__ import annotations

import difflib
import json
from functools import cache
from importlib.resources import files


class UnknownReferenceError(LookupError):
    """A reference code that no table of contents has."""


@cache
def _data() -> dict:
    return json.loads(files("explainers").joinpath("references.json").read_text(encoding="utf-8"))


@cache
def sections() -> dict[str, str]:
    """Every reference section: code (`"MML 7.1"`) → title."""
    return {code: title for unit in _data()["units"].values() for code, title in unit.items()}


def sections_of(work: str) -> dict[str, str]:
    """The sections of one work in its own order: code → title."""
    return dict(_data()["units"][work])


def works() -> dict[str, str]:
    """The reference works: short name (`"MML"`) → full name."""
    return dict(_data()["names"])


def is_provisional(code: str) -> bool:
    """Whether the section's title is provisional in the reference data."""
    return code in _data()["provisional"]


def title(code: str) -> str:
    """The title of one section.

    Raises:
        UnknownReferenceError: when no table of contents has the code; names the nearest one.
    """
    known = sections()
    if code not in known:
        close = difflib.get_close_matches(code, known, n=1, cutoff=0.0)
        raise UnknownReferenceError(f"unknown reference {code!r}; the nearest is {close[0]!r}")
    return known[code]
