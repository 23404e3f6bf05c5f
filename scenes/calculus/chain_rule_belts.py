"""Three axles joined by belts: one turn of a driving wheel of radius a is a/b turns of a driven one of radius b."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, VGroup

from scenes.pictures.shapes import Curve, Dots, Region
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

SAMPLES = 48
"""Corners of an arc; a turn of a wheel has twice as many."""
SPACING = 0.45
"""Distance of the beads on a belt, in scene units; the true one divides the belt's length."""
AIR = 0.6
"""Least room between wheels, as a share of the largest radius."""
OFF_THE_RIM = 1.25
"""How far from an axle a belt should cross itself, in radii of the axle's larger wheel: nearer, it is in a tangle."""
LEAST_SIZE = 0.75
"""Wheels shrink to no less than this, of the size that the zone allows, to make room for a crossing."""


class Wheel(VGroup):
    """A disc with a hand; `turn` sets its angle."""

    def __init__(self, stage: Stage, center: np.ndarray, radius: float, role: str) -> None:
        self.middle, self.radius = center, radius
        circle = center + radius * _ray(np.linspace(0, 2 * np.pi, 2 * SAMPLES + 1))
        self.disc = Region(stage, circle, role, 0.22)
        self.rim = Curve(stage, circle, role, 3.5)
        self.hand = Curve(stage, role=role, width=6.0)
        super().__init__(self.disc, self.rim, self.hand)
        self.turn(0.0)

    def turn(self, turns: float) -> Wheel:
        """Point the hand to this many turns, anticlockwise from the right."""
        self.hand.put(np.stack([self.middle, self.middle + self.radius * _ray(2 * np.pi * turns)[0]]))
        return self


class Belt(VGroup):
    """A belt round two wheels, open or crossed; `run` moves its beads.

    Args:
        centers: of the driving and the driven wheel. radii: of both.
        crossed: the driven wheel turns the other way.
    """

    def __init__(
        self, stage: Stage, centers: tuple[np.ndarray, np.ndarray], radii: tuple[float, float], *, crossed: bool
    ) -> None:
        self.loop = belt_loop(*centers, *radii, crossed=crossed)
        steps = np.linalg.norm(np.diff(self.loop, axis=0), axis=1)
        self.lengths = np.concatenate([[0.0], np.cumsum(steps)])
        self.count = max(4, round(self.lengths[-1] / SPACING))
        self.line = Curve(stage, self.loop, "parameter", 3.0)
        self.beads = Dots(stage, np.zeros((self.count, 3)), "parameter", 0.06)
        super().__init__(self.line, self.beads)
        self.run(0.0)

    def run(self, distance: float) -> Belt:
        """Move on by this many scene units from where the belt began."""
        total = self.lengths[-1]
        along = (distance + np.arange(self.count) * total / self.count) % total
        self.beads.put(np.stack([np.interp(along, self.lengths, self.loop[:, i]) for i in range(3)], axis=1))
        return self


def _ray(angles: np.ndarray | float) -> np.ndarray:
    """Unit vectors at these angles, shape (n, 3)."""
    angles = np.atleast_1d(angles)
    return np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)


def belt_loop(first: np.ndarray, second: np.ndarray, a: float, b: float, *, crossed: bool) -> np.ndarray:
    """A closed belt round circles of radii a and b, in the way it runs when the first turns anticlockwise; (n, 3)."""
    gap = second - first
    way = np.arctan2(gap[1], gap[0])
    lean = np.arccos(np.clip((a + b if crossed else a - b) / np.linalg.norm(gap), -1, 1))
    out = np.linspace(way + lean, way + 2 * np.pi - lean, 2 * SAMPLES)
    if crossed:
        back = np.linspace(way + np.pi - lean, way - np.pi + lean, 2 * SAMPLES)
    else:
        back = np.linspace(way - lean, way + lean, 2 * SAMPLES)
    loop = np.concatenate([first + a * _ray(out), second + b * _ray(back)])
    return np.concatenate([loop, loop[:1]])


def radii(slope: float) -> tuple[float, float]:
    """Radii of a driving and a driven wheel whose quotient is |slope|; the larger one is 1."""
    size = abs(slope)
    return (1.0, 1 / size) if size > 1 else (size, 1.0)


def gap_wanted(reaches: np.ndarray, pair: tuple[float, float], *, crossed: bool) -> float:
    """Room that a belt wants between the largest wheels of its axles, so that it crosses itself clear of both.

    Args:
        reaches: radius of the largest wheel on either axle. pair: radii of the two wheels that the belt joins.
        crossed: whether it crosses itself at all.
    """
    if not crossed:
        return AIR
    # It does so where the distance of the axles is shared out like the radii.
    shares = np.array(pair) / sum(pair)
    return max(AIR, float((OFF_THE_RIM * reaches / shares).max() - reaches.sum()))


def spread(reaches: np.ndarray, wanted: np.ndarray, length: float, depth: float) -> tuple[float, np.ndarray]:
    """How long the largest radius is, and the gaps (2,) between the wheels of three axles, in scene units.

    Args:
        reaches: radius of the largest wheel on each axle, (3,). wanted: room between them, (2,); both in units of
            the largest radius of all.
        length, depth: of the zone.
    """
    roomy = min(length / (2 * reaches.sum() + 2 * AIR), depth / 2)
    largest = float(np.clip(length / (2 * reaches.sum() + wanted.sum()), LEAST_SIZE * roomy, roomy))
    free = length - 2 * largest * reaches.sum()
    gaps, beyond = np.full(2, AIR * largest), wanted - AIR
    # What is left goes first to the belt that needs it; what none needs is shared.
    needed = min(free - gaps.sum(), largest * beyond.sum())
    gaps += needed * beyond / (beyond.sum() or 1.0)
    return largest, gaps + (free - gaps.sum()) / 2


class BeltDrive(VGroup):
    """Axles x, u and y with two belts; `turn` sets the turns of x, and all follows.

    Args:
        stage: the stage.
        zone: room for everything.
        links: the two slopes; a negative one crosses its belt.
        letters, roles: of the axles.
        factors: Typst math of what stands at each belt.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        links: tuple[float, float],
        letters: tuple[str, ...],
        roles: tuple[str, ...],
        factors: tuple[str, str],
    ) -> None:
        em = stage.em(Size.READOUT)
        self.rates = (1.0, links[0], links[0] * links[1])
        upright = zone.height > zone.width
        # Three counters side by side may be too wide for one line each.
        counter = f"{_turns_of('u')} {format_number(-0.999, 3)}"
        crowded = 3.3 * stage.words(counter, Size.READOUT).width > zone.width
        stack = upright or crowded
        above = (5.2 if crowded else 3.2) * em
        length, depth = (zone.height, zone.width - 5.5 * em) if upright else (zone.width, zone.height - above)
        (a, b), (c, d) = (radii(link) for link in links)
        reaches = np.array([a, max(b, c), d])
        wanted = [gap_wanted(reaches[i : i + 2], pair, crossed=links[i] < 0) for i, pair in enumerate(((a, b), (c, d)))]
        largest, gaps = spread(reaches, np.array(wanted), length, depth)
        a, b, c, d = (largest * radius for radius in (a, b, c, d))
        ends = largest * reaches
        places = [ends[0], 2 * ends[0] + gaps[0] + ends[1], length - ends[2]]
        across = largest
        self.centers = [
            np.array([zone.left + across, zone.top - p, 0.0] if upright else [zone.left + p, zone.center[1], 0.0])
            for p in places
        ]
        self.wheels = [(0, a), (1, b), (1, c), (2, d)]
        self.discs = VGroup(
            *(Wheel(stage, self.centers[i], r, roles[i]) for i, r in sorted(self.wheels, key=lambda wheel: -wheel[1]))
        )
        self.axle_of = [i for i, _ in sorted(self.wheels, key=lambda wheel: -wheel[1])]
        self.belts = VGroup(
            *(
                Belt(stage, (self.centers[i], self.centers[i + 1]), pair, crossed=links[i] < 0)
                for i, pair in enumerate(((a, b), (c, d)))
            )
        )
        self.drivers = (a, c)
        self.counters = VGroup(
            *(
                self._counter(stage, zone, center, letters[i], roles[i], largest, upright, stack)
                for i, center in enumerate(self.centers)
            )
        )
        if not upright:
            # Where the axle of u stands near another one, its counter gives way.
            first, middle, last = self.counters
            low, high = first.get_right()[0] + 0.6 * em, last.get_left()[0] - 0.6 * em
            half, x = middle.width / 2, middle.get_x()
            middle.set_x(low + half if x - half < low else high - half if x + half > high else x)
        self.factors = VGroup()
        for i, markup in enumerate(factors):
            text = stage.math(markup, Size.READOUT, "parameter")
            middle = (self.centers[i] + self.centers[i + 1]) / 2
            shift = [largest + 0.35 + text.width / 2, 0, 0] if upright else [0, largest + 0.75 * em, 0]
            self.factors.add(text.move_to(middle + shift))
        super().__init__(self.discs, self.belts, self.counters, self.factors)
        self.turn(0.0)

    @staticmethod
    def _counter(
        stage: Stage, zone: Zone, center: np.ndarray, letter: str, role: str, largest: float, upright: bool, stack: bool
    ) -> VGroup:
        """A live number of turns and what it counts, under an axle or right of it."""
        em = stage.em(Size.READOUT)
        parts = VGroup(
            stage.words(_turns_of(letter), Size.READOUT, role),
            # As wide as it gets, so that it stays in its place when it ticks.
            stage.number(-0.999, role=role, decimals=3, anchor="left"),
        )
        if stack:
            parts.arrange(DOWN, buff=0.2, aligned_edge=LEFT)
        else:
            parts.arrange(buff=0.25)
        half = parts.width / 2
        if upright:
            return parts.move_to(center + [largest + 0.35 + half, 0, 0])
        x = np.clip(center[0], zone.left + half, zone.right - half)
        return parts.move_to([x, center[1] - largest - 0.4 * em - parts.height / 2, 0])

    def turn(self, turns: float) -> BeltDrive:
        """Turn x by this much; the belts carry it on."""
        for wheel, axle in zip(self.discs, self.axle_of, strict=True):
            wheel.turn(turns * self.rates[axle])
        for i, (belt, radius) in enumerate(zip(self.belts, self.drivers, strict=True)):
            belt.run(turns * self.rates[i] * 2 * np.pi * radius)
        for counter, rate in zip(self.counters, self.rates, strict=True):
            counter[1].set_value(turns * rate)
        return self


def _turns_of(letter: str) -> str:
    """What a counter counts, in Typst markup."""
    return _("turns of {letter}").format(letter=f"${letter}$")
