"""Can colours be told apart by those who see with two kinds of cones?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from scenes.stage.color import MACHADO, MERGED, difference
from scenes.stage.theme import ROLES
from studio.check.finding import Finding, Severity
from studio.check.rule import Rule
from studio.check.still import Still
from studio.check.things import Thing

APART = 10.0
"""CIEDE2000 distance from which two colours are different for all others; nearer ones are meant to be alike."""
QUIET_ROLES = ("background", "surface", "grid", "muted", "text", "highlight")
"""Roles that carry no meaning by their hue."""


@cache
def merging(one: str, other: str) -> str | None:
    """For which viewers two colours merge; None when for nobody."""
    if difference(one, other) < APART:
        return None
    return next((kind for kind in MACHADO if difference(one, other, kind) < MERGED), None)


class ColorBlind(Rule):
    """Two meanings whose colours merge for some viewers."""

    id = "colour-blind"
    severity = Severity.WARNING
    reason = "One man in twelve sees red and green alike; shape, place or label must say it too."
    source = "Machado, Oliveira and Fernandes (2009)"

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Compare all roles that are on stage together."""
        roles = {still.theme.color(role).upper(): role for role in reversed(ROLES) if role not in QUIET_ROLES}
        users: dict[str, list[Thing]] = {}
        for thing in still.things:
            for color in thing.colors() & set(roles):
                users.setdefault(color, []).append(thing)
        for one, other in combinations(sorted(users), 2):
            kind = merging(one, other)
            if kind:
                first, second = users[one][0], users[other][0]
                message = f"{roles[one]} ({first.name}) and {roles[other]} ({second.name}) look alike to {kind} viewers"
                finding = self.finding(message, first, second, boxes=())
                finding.subject = f"{roles[one]} {roles[other]}"
                yield finding
