"""Is the stage used well? Margins, empty and crowded stages, things left behind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from manim import Mobject
from scipy import ndimage

from studio.check.finding import Finding, Severity
from studio.check.geometry import holds, overlap
from studio.check.rule import Rule
from studio.check.still import Still
from studio.check.things import name_of, stage_order

BEYOND = 0.03
"""Scene units that a thing may reach into the margin: an accent, the soft edge of a line."""
LEAST_USED = 0.3
"""Share of the body that the boxes of visible things must cover."""
MOST_TEXTS = 45
"""Texts at once, numbers on axes included."""
WIDEST_GAP = 0.2
"""Share of the body's width and height across which things frame the room between them, as bars and their axis do."""
TILES = 48
"""Rows and columns of tiles in which the use of the stage is measured."""
UNUSED_BEATS = 3
"""Stills in a row that an invisible thing must have been on stage to count as forgotten."""


class OutsideMargin(Rule):
    """A thing that touches the frame's edge or lies beyond it."""

    id = "outside-margin"
    reason = "Projectors and slide layouts cut edges off."

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Compare every visible box with the frame without its margins."""
        safe = still.zones.safe
        for thing in still.things:
            box = thing.box
            if holds(safe, box, BEYOND):
                continue
            beyond = {
                "left": safe.left - box.left,
                "right": box.right - safe.right,
                "top": box.top - safe.top,
                "bottom": safe.bottom - box.bottom,
            }
            side = max(beyond, key=beyond.get)
            where = "outside the frame" if overlap(box, still.zones.frame) is None else "in the margin"
            yield self.finding(f"{thing.name} is {where}: {beyond[side]:.2f} units too far to the {side}", thing)


class StageUse(Rule):
    """An empty or a crowded stage."""

    id = "stage-use"
    severity = Severity.WARNING
    reason = "The idea fills the stage; nothing tiny in a corner, nothing that hides it."

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Measure how much of the body is covered, and count texts."""
        used = self.covered(still)
        if used < LEAST_USED:
            yield self.finding(f"only {100 * used:.0f} % of the stage are used, not {100 * LEAST_USED:.0f} %")
        # A table of numbers is looked at as one.
        texts = len({id(thing.owner) for thing in still.texts})
        if texts > MOST_TEXTS:
            yield self.finding(f"{texts} texts at once, not at most {MOST_TEXTS}")

    def covered(self, still: Still) -> float:
        """Share of the body in the boxes of visible things and in the gaps between them."""
        body = still.zones.body
        tiles = np.zeros((TILES, TILES), bool)
        for thing in still.things:
            shared = overlap(thing.box, body)
            if shared:
                rows = (np.array([shared.bottom, shared.top]) - body.bottom) / body.height * TILES
                columns = (np.array([shared.left, shared.right]) - body.left) / body.width * TILES
                (low, high), (first, last) = np.round(rows).astype(int), np.round(columns).astype(int)
                tiles[low:high, first:last] = True
        gap = round(WIDEST_GAP * TILES)
        closed = ndimage.binary_closing(np.pad(tiles, gap), np.ones((gap, gap), bool))[gap:-gap, gap:-gap]
        return float(closed.mean())


class Leftovers(Rule):
    """A thing that stays on stage unseen until the end."""

    id = "leftovers"
    severity = Severity.WARNING
    reason = "What is added and never shown again costs time in every frame, and may show when colours change."

    def __init__(self) -> None:
        self.unseen: dict[int, tuple[Mobject, int]] = {}

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Count the stills in which nothing of a mobject can be seen."""
        now: dict[int, tuple[Mobject, int]] = {}
        frame = still.zones.frame
        shown = {id(leaf) for thing in still.all_things if overlap(thing.box, frame) for leaf in thing.leaves}
        for mobject in stage_order(still.scene):
            family = [part for part in mobject.get_family() if len(part.points)]
            if family and not any(id(part) in shown for part in family):
                _, before = self.unseen.get(id(mobject), (mobject, 0))
                now[id(mobject)] = (mobject, before + 1)
        self.unseen = now
        return iter(())

    def at_end(self, still: Still) -> Iterator[Finding]:
        """Whatever has been unseen long enough was forgotten."""
        for mobject, stills in self.unseen.values():
            if stills >= UNUSED_BEATS:
                message = f"{name_of(mobject, ())} is on stage but cannot be seen since {stills} beats"
                yield Finding(self.id, self.severity, message, culprits=(mobject,))
