"""What a user is told when something cannot be done: one sentence each, with file and line where there is a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class SelectionError(ValueError):
    """Something a user typed cannot be done. The message is one sentence: what, where, what is allowed."""


@dataclass(frozen=True)
class FileProblem:
    """One thing that is wrong in a file, as `file:line: key: sentence`."""

    file: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        key = f"{self.key}: " if self.key else ""
        return readable(f"{self.file}:{self.line}: {key}{self.message}")


class FileProblemsError(SelectionError):
    """All that is wrong in files a user wrote: one line per problem."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (str(problem.file), problem.line)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def readable(text: str) -> str:
    """`text` on one line, as it can be printed anywhere: what a name holds of control characters is written out."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def reason(error: OSError) -> str:
    """Why the operating system refused, to stand within a sentence."""
    words = error.strerror or type(error).__name__
    return words[0].lower() + words[1:]
