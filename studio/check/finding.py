"""What a rule found: which rule, where in the story, which things, and whether it was allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from manim import Mobject

from scenes.stage.zones import Zone


class Severity(StrEnum):
    """An error must be mended or allowed with a reason; a warning deserves a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass
class Finding:
    """One thing that is wrong.

    Args:
        rule: id of the rule.
        severity: how bad it is.
        message: a sentence that names the things.
        boxes: where, in scene units; empty when it is not in the picture.
        culprits: the mobjects it is about, as the scene made them.
        subject: what it is about, when that is more than its culprits; told once per clip.
        beat: index of the beat, from 1; 0 for the clip as a whole.
        chapter: the beat's name.
        also_in: later beats in which the same things are still wrong in the same way.
        allowed: the scene's reason for letting it pass, if it gave one.
        number: by which it is outlined on the still of its beat.
    """

    rule: str
    severity: Severity
    message: str
    boxes: tuple[Zone, ...] = ()
    culprits: tuple[Mobject, ...] = ()
    subject: str = ""
    beat: int = 0
    chapter: str = ""
    also_in: list[int] = field(default_factory=list)
    allowed: str | None = None
    number: int | None = None

    @property
    def key(self) -> tuple:
        """Equal for findings about the same things in different beats."""
        about = self.subject or tuple(sorted(id(mobject) for mobject in self.culprits)) or self.message
        return self.rule, self.severity, about

    def to_json(self) -> dict[str, Any]:
        """Plain data; boxes as [left, bottom, right, top] in scene units."""
        return {
            "rule": self.rule,
            "severity": str(self.severity),
            "beat": self.beat,
            "chapter": self.chapter,
            "also_in": self.also_in,
            "number": self.number,
            "message": self.message,
            "boxes": [[round(float(v), 3) for v in (b.left, b.bottom, b.right, b.top)] for b in self.boxes],
            "allowed": self.allowed,
        }
