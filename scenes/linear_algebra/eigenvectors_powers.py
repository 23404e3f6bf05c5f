"""Powers of a matrix at work: a vector split along kept lines and multiplied, and Fibonacci pairs on their line."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import VGroup

from explainers.linear_algebra.eigenvectors import Eigenvectors
from scenes.linear_algebra.eigenvectors_kept_lines import LINE_ROLES
from scenes.pictures.grid import Plane
from scenes.pictures.labels import along, clear_offset, inside, tag
from scenes.pictures.shapes import Arrow, Curve, Dots
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

FAR = 8.0
"""Growth beyond which the split vector would start too small to be seen."""
FAINT = 0.4
"""Opacity of the vector where it was before."""


class SplitVector(VGroup):
    """A vector as two parts along the kept lines, head to tail; `put` multiplies them step by step.

    Args:
        stage: the stage.
        plane: where it is drawn; `framing` tells one that holds it.
        lesson: the matrix, with two kept lines, and the start vector.
    """

    def __init__(self, stage: Stage, plane: Plane, lesson: Eigenvectors) -> None:
        self.plane, self.lesson = plane, lesson
        self.drawn_steps = drawn_steps(lesson)
        origin = plane.origin
        self.start = Arrow(stage, origin, plane.at(lesson.start), "input", 0.09, 0.34)
        self.parts = VGroup(*(Arrow(stage, origin, origin, role, 0.12, 0.38) for role in LINE_ROLES))
        self.vector = Arrow(stage, origin, origin, "output", 0.09, 0.34)
        super().__init__(self.start, self.parts, self.vector)
        self.put(0)

    @staticmethod
    def framing(zone: Zone, lesson: Eigenvectors) -> Plane:
        """The plane that holds the vector and its parts through the drawn steps."""
        chains = [chain(lesson, n) for n in range(drawn_steps(lesson) + 1)]
        return Plane.framing(zone, np.concatenate(chains), 1.2, border=0.7)

    def put(self, steps: int, share: float = 0.0) -> SplitVector:
        """Show the vector after so many steps, and a share of the next one."""
        origin, middle, end = self.plane.at(chain(self.lesson, steps, share))
        self.parts[0].put(origin, middle)
        self.parts[1].put(middle, end)
        self.vector.put(origin, end)
        return self

    def tags(self, stage: Stage, obstacles: np.ndarray) -> VGroup:
        """Names of the vector at first and after the drawn steps, clear of arrows and `obstacles` (n, 3)."""
        last = self.drawn_steps
        chains = [self.plane.at(chain(self.lesson, n)) for n in (0, last)]
        sides = [(a, b) for points in chains for a, b in (*pairwise(points), (points[0], points[2]))]
        obstacles = np.concatenate([obstacles, *(along(a, b, 100) for a, b in sides)])
        tags = VGroup()
        for markup, role, points in (("$x$", "input", chains[0]), (f"$A{'^2' * (last > 1)} x$", "output", chains[1])):
            label, (_, middle, tip) = tag(stage, markup, role), points
            place = tip + clear_offset(label, tip, tip - middle, obstacles, self.plane.zone)
            obstacles = np.concatenate([obstacles, inside(label, place)])
            tags.add(label.move_to(place))
        return tags


def drawn_steps(lesson: Eigenvectors) -> int:
    """So many steps of the split vector are drawn at true size: two, or one if it grows fast."""
    return 2 if np.abs(lesson.parts_after(2)).max() <= FAR * np.linalg.norm(lesson.start) else 1


def chain(lesson: Eigenvectors, steps: int, share: float = 0.0) -> np.ndarray:
    """Origin, end of the first part, end of both, after so many steps and a share of the next, shape (3, 2)."""
    parts = (1 - share) * lesson.parts_after(steps) + share * lesson.parts_after(steps + 1)
    return np.vstack([np.zeros(2), np.cumsum(parts[:, None] * lesson.directions, axis=0)])


class PartTable(VGroup):
    """Lengths of the two parts: a header, a row for each drawn step, and one after all steps."""

    def __init__(self, stage: Stage, zone: Zone, lesson: Eigenvectors) -> None:
        steps = [*range(drawn_steps(lesson) + 1), lesson.steps]
        header = [stage.words(_("step"), Size.LABEL, "muted")]
        name = _("along {vector}") if zone.width > 4 else "{vector}"
        header += [
            stage.words(name.format(vector=f"$v_{i}$"), Size.LABEL, role) for i, role in enumerate(LINE_ROLES, start=1)
        ]
        rows = [header, *(self._numbers(stage, lesson, n) for n in steps)]
        slots = zone.rows(*[1] * len(rows), gap=0.05)
        for row, slot in zip(rows, slots, strict=True):
            for item, place in zip(row, slot.columns(0.7, 1, 1, gap=0.1), strict=True):
                item.move_to(place.center)
        super().__init__(*(VGroup(*row) for row in rows))

    @staticmethod
    def _numbers(stage: Stage, lesson: Eigenvectors, step: int) -> list:
        numbers = [stage.number(step, Size.READOUT, "text", decimals=0, anchor="center")]
        for value, role in zip(lesson.parts_after(step), LINE_ROLES, strict=True):
            decimals = 2 if abs(value) < 100 else 0
            numbers.append(stage.number(value, Size.READOUT, role, decimals=decimals, anchor="center"))
        return numbers


class FibonacciWalk(VGroup):
    """Pairs of Fibonacci numbers as arrows on the lattice, hugging their line; `put` steps on and zooms out."""

    def __init__(self, stage: Stage, zone: Zone, lesson: Eigenvectors) -> None:
        self.zone, self.pairs = zone, lesson.powers
        self.plane = Plane(zone, 1.0, zone.at(0.04, 0.06))
        self.slope = float(np.divide(*lesson.directions[0, ::-1]))
        self.grid = Curve(stage, role="grid", width=1.5)
        self.line = Curve(stage, role="first", width=4.0, opacity=0.8)
        self.dots = Dots(stage, np.zeros((0, 2)), "output", 0.08)
        self.arrow = Arrow(stage, zone.center, zone.center, "output", 0.09, 0.32)
        super().__init__(self.grid, self.line, self.dots, self.arrow)
        self.put(0.0)

    def _unit(self, step: int) -> float:
        """Scene units per lattice step when this pair fills the stage."""
        x, y = np.maximum(self.pairs[step], (2.0, 1.25))
        return min(0.9 * self.zone.width / x, 0.86 * self.zone.height / y)

    def put(self, step: float) -> FibonacciWalk:
        """Stand at this step, or on the way to the next one."""
        done = min(int(step + 1e-9), len(self.pairs) - 1)
        following, share = min(done + 1, len(self.pairs) - 1), step - done
        plane = self.plane
        plane.unit = self._unit(done) ** (1 - share) * self._unit(following) ** share
        right, top = (self.zone.right - plane.origin[0]) / plane.unit, (self.zone.top - plane.origin[1]) / plane.unit
        columns, rows = np.arange(int(right) + 1.0), np.arange(int(top) + 1.0)
        self.grid.put_segments(
            plane.at(np.vstack([np.stack([columns, 0 * columns], 1), np.stack([0 * rows, rows], 1)])),
            plane.at(np.vstack([np.stack([columns, 0 * columns + top], 1), np.stack([0 * rows + right, rows], 1)])),
        )
        reach = min(right, top / self.slope)
        self.line.put(plane.at(np.array([(0, 0), (reach, self.slope * reach)])))
        self.dots.put(plane.at(self.pairs[: done + 1]))
        self.arrow.put(plane.origin, plane.at((1 - share) * self.pairs[done] + share * self.pairs[following]))
        return self
