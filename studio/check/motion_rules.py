"""Can the eye follow, and is it safe? Leaps and flashes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from studio.check.finding import Finding
from studio.check.motion import FLASH_CHANGE, FLASHING_AREA
from studio.check.rule import Rule
from studio.check.still import Still
from studio.check.things import name_of, walk

DARK_ENOUGH = 0.8
"""Relative luminance below which the darker picture of a flash lies. Source: WCAG 2.3.1."""
MOST_FLASHES = 3
"""Flashes allowed in any second. Source: WCAG 2.3.1."""


class Jump(Rule):
    """A thing that is suddenly elsewhere."""

    id = "jump"
    reason = "What leaps is lost: the eye takes it for another thing. The same thing stays the same thing."

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Report each thing once per beat."""
        seen: set[int] = set()
        ancestors = {id(leaf): parents for leaf, parents in walk(still.scene)} if still.motion.leaps else {}
        for leap in still.motion.leaps:
            if id(leap.mobject) in seen:
                continue
            seen.add(id(leap.mobject))
            name = name_of(leap.mobject, ancestors.get(id(leap.mobject), ()))
            way = np.linalg.norm(leap.after.center - leap.before.center)
            yield Finding(
                self.id,
                self.severity,
                f"{name} jumps {way:.1f} units at {leap.time - still.beat.start:.1f} s of the beat",
                (leap.before, leap.after),
                (leap.mobject,),
            )


class Flash(Rule):
    """More than three flashes in a second over a quarter of the picture."""

    id = "flash"
    reason = "It can cause seizures."
    source = "WCAG 2.2, 2.3.1"

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Count the changes of brightness of every pixel within every second."""
        lights = still.motion.lights
        if len(lights) < 2 * MOST_FLASHES:
            return
        times = np.array([time for time, _ in lights])
        changes = opposing_changes(np.stack([light for _, light in lights]))
        for first in np.flatnonzero(changes.any(axis=(1, 2))):
            within = (times >= times[first]) & (times < times[first] + 1.0)
            flashes = changes[within].sum(axis=0) // 2
            share = float((flashes > MOST_FLASHES).mean())
            if share > FLASHING_AREA:
                yield self.finding(
                    f"{100 * share:.0f} % of the picture flash {int(flashes.max())} times "
                    f"in the second after {times[first] - still.beat.start:.1f} s of the beat"
                )
                return


def opposing_changes(lights: np.ndarray) -> np.ndarray:
    """Where and when brightness turns by a flash's half, as booleans of the shape of `lights`, (n, height, width).

    A change counts when it goes `FLASH_CHANGE` up or down from the last extreme, against the change before.
    """
    turned = np.zeros(lights.shape, bool)
    extreme, direction = lights[0].copy(), np.zeros(lights.shape[1:], int)
    for index in range(1, len(lights)):
        now = lights[index]
        step = now - extreme
        further = direction * step > 0
        is_half = (np.abs(step) >= FLASH_CHANGE) & (np.minimum(now, extreme) < DARK_ENOUGH) & ~further
        turned[index] = is_half
        direction = np.where(is_half, np.sign(step).astype(int), direction)
        extreme = np.where(is_half | further, now, extreme)
    return turned
