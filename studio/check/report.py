"""Findings in words and as data. Works on plain data, so that the command line need not load Manim."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

MOST_LINES = 5
"""Lines per rule and beat in words; the JSON has all."""


def has_errors(findings: list[dict[str, Any]]) -> bool:
    """Whether anything must be mended."""
    return any(finding["severity"] == "error" and not finding["allowed"] for finding in findings)


def summary(findings: list[dict[str, Any]]) -> str:
    """How many there are: "2 errors, 1 warning", or "nothing found"."""
    counts = Counter(finding["severity"] for finding in findings if not finding["allowed"])
    parts = [f"{n} {word}{'s' if n > 1 else ''}" for word in ("error", "warning") if (n := counts[word])]
    return ", ".join(parts) or "nothing found"


def to_lines(name: str, findings: list[dict[str, Any]], stills: Path) -> list[str]:
    """The report on one clip, grouped by beat; allowed findings are left out."""
    shown = [finding for finding in findings if not finding["allowed"]]
    lines = [f"{name}: {summary(findings)}"]
    for beat, group in groupby(sorted(shown, key=lambda f: f["beat"]), key=lambda f: f["beat"]):
        found = list(group)
        lines.append(f"  beat {beat}, {found[0]['chapter']}" if beat else "  the whole clip")
        for _, same in groupby(sorted(found, key=lambda f: f["rule"]), key=lambda f: f["rule"]):
            alike = list(same)
            lines.extend(_line(finding) for finding in alike[:MOST_LINES])
            if len(alike) > MOST_LINES:
                lines.append(f"      and {len(alike) - MOST_LINES} more of {alike[0]['rule']}")
    if any(finding["number"] for finding in shown):
        here = Path.cwd()
        lines.append(f"  outlined in {stills.relative_to(here) if stills.is_relative_to(here) else stills}")
    return lines


def _line(finding: dict[str, Any]) -> str:
    number = f"{finding['number']:>3}" if finding["number"] else "  –"
    later = f" (also in {_beats(finding['also_in'])})" if finding["also_in"] else ""
    return f"  {number} {finding['severity']:<8}{finding['rule']:<15}{finding['message']}{later}"


def _beats(numbers: list[int]) -> str:
    """For example: beat 3; beats 3 to 5; beats 3, 5."""
    if len(numbers) == 1:
        return f"beat {numbers[0]}"
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"beats {numbers[0]} to {numbers[-1]}"
    return f"beats {', '.join(map(str, numbers))}"
