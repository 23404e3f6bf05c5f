"""What is told of a scene that fails: message, beat, file and line, and the lines around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scenes.stage.scene import Beat
from studio.clip import PROJECT
from studio.problems import SelectionError
from studio.worker import describe_failure

AROUND = 4
"""Lines shown above and below the one that failed."""


def report(error: BaseException, beat: Beat | None) -> dict[str, Any]:
    """The failure as plain data; `lines` are triples of number, text, and whether it failed there."""
    syntax = _syntax_error(error)
    if syntax:
        message, place = f"SyntaxError: {syntax.msg}", f"{short(Path(syntax.filename))}:{syntax.lineno}"
    elif isinstance(error, SelectionError):
        message, place = str(error), None
    else:
        told = describe_failure(error)
        message, place = told["message"], told["place"]
    where = f"beat {beat.index}, “{beat.chapter}”" if beat else None
    return {
        "message": message,
        "place": place,
        "beat": where,
        "index": beat.index if beat else None,
        "lines": _lines(place),
    }


def _syntax_error(error: BaseException | None) -> SyntaxError | None:
    """The syntax error that is, or lies behind, this error."""
    while error is not None:
        if isinstance(error, SyntaxError) and error.filename and error.lineno:
            return error
        error = error.__cause__
    return None


def short(path: Path) -> Path:
    """The file as one would name it here."""
    for root in (PROJECT, Path.cwd()):
        if path.is_relative_to(root):
            return path.relative_to(root)
    return path


def _lines(place: str | None) -> list[tuple[int, str, bool]]:
    if place is None:
        return []
    name, _, number = place.rpartition(":")
    at = int(number)
    for root in (PROJECT, Path.cwd()):
        try:
            text = (root / name).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        first = max(at - AROUND, 1)
        return [(n, line, n == at) for n, line in enumerate(text[first - 1 : at + AROUND], first)]
    return []
