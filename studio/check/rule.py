"""What all rules have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from studio.check.finding import Finding, Severity
from studio.check.still import Still
from studio.check.things import Thing


class Rule:
    """Something that makes a clip worse. A rule looks at each beat's still, or at the clip as a whole.

    `id` names it in reports and in `scene.allow`; `reason` says why it matters, `source` who says so.
    A rule is made anew for each clip, so it may remember what it saw.
    """

    id: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    reason: ClassVar[str]
    source: ClassVar[str] = "design, section 4"

    def at_still(self, still: Still) -> Iterable[Finding]:
        """What is wrong in one beat."""
        return ()

    def at_end(self, still: Still) -> Iterable[Finding]:
        """What is wrong with the whole clip; `still` is its last."""
        return ()

    def finding(
        self, message: str, *things: Thing, boxes: Iterable | None = None, severity: Severity | None = None
    ) -> Finding:
        """A finding of this rule about some things, in their boxes unless others are given."""
        return Finding(
            rule=self.id,
            severity=severity or self.severity,
            message=message,
            boxes=tuple(thing.box for thing in things) if boxes is None else tuple(boxes),
            culprits=tuple(thing.owner for thing in things),
        )
