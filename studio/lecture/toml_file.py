"""TOML files that people write: their data, and the line a key stands on, so that errors can point at it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from studio.files import read_file
from studio.problems import FileProblem, FileProblemsError, SelectionError, reason

LARGEST = 2**20
"""Bytes of a file; a lecture has some thousand."""
LONGEST_STATEMENT = 400
"""Lines of a statement in which errors are looked for."""
Place = tuple[str | int, ...]
"""Where something stands in the data: ("clip", 2, "matrix") is `matrix` of the third `[[clip]]`."""


class TomlFile:
    """A TOML file that was read; `path` is as the user gave it.

    Raises:
        SelectionError: when it cannot be read.
        FileProblemsError: when it is not TOML.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = read_file(path, LARGEST).decode("utf-8-sig").replace("\r\n", "\n")
        except OSError as error:
            raise SelectionError(f"cannot read {path}: {reason(error)}.") from None
        except UnicodeDecodeError as error:
            raise SelectionError(f"cannot read {path}: it is not UTF-8 text (byte {error.start}).") from None
        try:
            self.data: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise FileProblemsError([self._syntax_problem(error)]) from None
        except RecursionError:
            raise SelectionError(f"cannot read {path}: its lists are nested too deeply.") from None
        except ValueError:
            raise SelectionError(f"cannot read {path}: one of its numbers has thousands of digits.") from None

    @property
    def folder(self) -> Path:
        """What paths in the file are relative to."""
        return self.path.parent

    def problem(self, place: Place, message: str, key: str | None = None) -> FileProblem:
        """A problem with what stands at `place`; `key` is how to call it, by default as in the file."""
        name = ".".join(part for part in place if isinstance(part, str)) if key is None else key
        return FileProblem(self.path, self.line(place), name, message)

    def line(self, place: Place) -> int:
        """The line of a key, or of the nearest table around it."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    @cached_property
    def _lines(self) -> dict[Place, int]:
        """The first line of every key and table.

        tomllib tells no lines, but it reads a statement at a time as well as a file.
        """
        lines: dict[Place, int] = {}
        table: Place = ()
        counts: dict[Place, int] = {}
        for line, statement in _statements(self.text):
            if not _is_toml(statement):
                break  # one of more than LONGEST_STATEMENT lines: what follows has the line of the table before
            is_header = statement.lstrip().startswith("[")
            for place in _places(tomllib.loads(statement)):
                known = _in_latest(place, counts) if is_header else table + place
                if is_header:
                    table = known
                lines.setdefault(known, line)
            if statement.lstrip().startswith("[["):
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
                lines[table] = line
        return lines

    def _syntax_problem(self, error: tomllib.TOMLDecodeError) -> FileProblem:
        """The statement that is not TOML; the parser itself often notices only further on."""
        message = str(error).partition(" (at ")[0]
        line = next((line for line, text in _statements(self.text) if not _is_toml(text)), None)
        if line is None:
            # Each statement is fine alone: one of them says again what another has said.
            numbers = range(1, self.text.count("\n") + 2)
            parts = self.text.split("\n")
            line = next((number for number in numbers if _fails_alike("\n".join(parts[:number]), message)), 1)
        return FileProblem(self.path, line, "", f"this is not TOML: {message[0].lower()}{message[1:]}.")


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with its first line: whole lines, as few as make valid TOML.

    What does not become valid ends with the text, or after LONGEST_STATEMENT lines: each line more is a try more.
    """
    lines = text.split("\n")
    start = 0
    while start < len(lines):
        end = start + 1
        while end < min(len(lines), start + LONGEST_STATEMENT) and not _is_toml("\n".join(lines[start:end])):
            end += 1
        statement = "\n".join(lines[start:end])
        if statement.strip() and not statement.lstrip().startswith("#"):
            yield start + 1, statement
        start = end


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _fails_alike(text: str, message: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return str(error).startswith(message)
    except (ValueError, RecursionError):
        return False
    return False


def _places(data: Mapping[str, Any]) -> Iterator[Place]:
    """Where the keys of one statement lead, outermost first."""
    for key, value in data.items():
        yield (key,)
        if isinstance(value, Mapping):
            yield from ((key, *rest) for rest in _places(value))


def _in_latest(place: Place, counts: Mapping[Place, int]) -> Place:
    """A header's place, with the number of the latest entry after each array of tables that is on the way."""
    known: Place = ()
    for index, key in enumerate(place):
        known = (*known, key)
        if known in counts and index < len(place) - 1:
            known = (*known, counts[known])
    return known
