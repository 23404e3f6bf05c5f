"""The lines that a matrix keeps, the arrows that it only stretches there, and the numbers that it is along them."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject

from explainers.linear_algebra.eigenvectors import Eigenvectors, complex_words, unit
from scenes.linear_algebra.eigenvectors_arrows import Arrows
from scenes.pictures.grid import Plane, clip_segments
from scenes.pictures.labels import along, clear_offset, inside, overlap, tag
from scenes.pictures.matrix import short
from scenes.pictures.shapes import Arrow, Curve
from scenes.stage.language import _, in_math, localized
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

LINE_ROLES = ("first", "second")
"""Colours of the kept lines, in the order of the eigenvalues."""
NAMES = ("lambda_1", "lambda_2")
BESIDE = 35.0
"""Direction, in degrees, in which the one eigenvalue of a scaling is named: between two arrows of the fan."""


class KeptLines(VGroup):
    """Lines along the eigenvectors, from edge to edge; `put` draws them on the plane as it is now."""

    def __init__(self, stage: Stage, plane: Plane, lesson: Eigenvectors) -> None:
        self.plane, self.directions = plane, lesson.directions
        roles = LINE_ROLES[: len(self.directions)]
        super().__init__(*(Curve(stage, role=role, width=4.0, opacity=0.8) for role in roles))
        self.put()

    def put(self) -> KeptLines:
        """Follow a pan or zoom of the plane."""
        reach = 4 * max(self.plane.zone.width, self.plane.zone.height) / self.plane.unit
        for line, direction in zip(self, self.directions, strict=True):
            ends = self.plane.at(np.outer([-reach, reach], direction))
            line.put_segments(*clip_segments(ends[:1], ends[1:], self.plane.zone))
        return self

    def obstacles(self) -> np.ndarray:
        """Points along the lines, for names that must not cover them, shape (n, 3)."""
        return np.concatenate([np.zeros((0, 3)), *(along(*line.get_start_and_end(), 400) for line in self)])


class KeptArrows(VGroup):
    """Eigenvectors and, over them, the unit arrows that they were; `put` multiplies them by their eigenvalues.

    Where every line is kept, the whole fan is shown; where none is, nothing.
    """

    def __init__(self, stage: Stage, plane: Plane, lesson: Eigenvectors) -> None:
        self.plane, self.lesson = plane, lesson
        origin = plane.origin
        self.fans = lesson.kind == "every line"
        self.kept = lesson.fan if self.fans else lesson.directions
        if self.fans:
            self.arrows = VGroup(Arrows(stage, origin, plane.at(self.kept), "first"))
        else:
            roles = LINE_ROLES[: len(self.kept)]
            self.arrows = VGroup(*(Arrow(stage, origin, origin, role, 0.12, 0.38) for role in roles))
        # Thinner than the eigenvectors that they become: where the eigenvalue is 1, both are seen.
        self.before = Arrows(stage, origin, plane.at(self.kept), "input", thickness=0.05, tip=0.2)
        super().__init__(self.arrows, self.before)
        self.put(0.0)

    def put(self, progress: float) -> KeptArrows:
        """This share of the way from v to A v."""
        at, values = self.plane.at, self.lesson.eigenvalues
        if self.fans:
            self.arrows[0].put(at((0, 0)), at((1 + progress * (values[0] - 1)) * self.kept))
            return self
        for arrow, direction, value in zip(self.arrows, self.kept, values, strict=False):
            arrow.put(at((0, 0)), at((1 + progress * (value - 1)) * direction))
        return self

    def tags(self, stage: Stage, obstacles: np.ndarray) -> VGroup:
        """The eigenvalues beside the tips, clear of `obstacles` (n, 3)."""
        at, lesson = self.plane.at, self.lesson
        tips = [max(1.0, lesson.eigenvalues[0]) * unit(BESIDE)] if self.fans else lesson.directions
        names = NAMES if len(tips) > 1 else ("lambda",)
        tags = VGroup()
        for name, value, role, tip in zip(names, lesson.eigenvalues, LINE_ROLES, tips, strict=False):
            if not self.fans and abs(value) >= 1:
                tip = value * tip
            label = tag(stage, f"${name} = {in_math(short(value))}$", role)
            # Beyond the tip, or where the other name leaves no room there, at the line's other half.
            for end in (tip, -tip):
                # The first name to the right of its arrow, the second to the left.
                side = (1 if role == LINE_ROLES[0] else -1) * np.array([end[1], -end[0]]) + 0.5 * end
                label.move_to(at(end) + clear_offset(label, at(end), side, obstacles, self.plane.zone))
                if not any(overlap(label, other) for other in tags):
                    break
            obstacles = np.concatenate([obstacles, inside(label, label.get_center())])
            tags.add(label)
        return tags


def factor_rows(stage: Stage, zone: Zone, lesson: Eigenvectors) -> VGroup:
    """Three lines, one below the other: the eigenvalues, their sum and their product."""
    trace, determinant = (in_math(short(x)) for x in (lesson.linear_map.trace, lesson.linear_map.determinant))
    first, second = (f"{{{{{name} : {role}}}}}" for name, role in zip(NAMES, LINE_ROLES, strict=True))
    if lesson.kind == "no line":
        first, second = NAMES
        values = f"lambda = {complex_pair(lesson)}"
    elif lesson.kind == "two lines":
        one, other = (in_math(short(value)) for value in lesson.eigenvalues)
        values = f"{first} = {one} quad {second} = {other}"
    else:
        second = f"{{{{{NAMES[1]} : {LINE_ROLES[0]}}}}}"
        values = f"{first} = {second} = {in_math(short(lesson.eigenvalues[0]))}"

    total, product = f"{first} + {second} = {trace}", f"{first} dot {second} = {{{{{determinant} : data}}}}"
    # Translators: short for the trace of a matrix, and for its determinant.
    tr, det = _("tr"), _("det")
    whole = (values, f'{total} = "{tr}" {{{{A : parameter}}}}', f'{product} = "{det}" {{{{A : parameter}}}}')
    # In a narrow zone long decimals are smaller, and the caption alone names trace and determinant.
    for size, lines in ((Size.READOUT, whole), (Size.LABEL, whole), (Size.LABEL, (values, total, product))):
        rows = VGroup(*(stage.math(line, size) for line in lines))
        if rows.width <= zone.width:
            break
    rows.scale(min(1.0, zone.width / rows.width))
    for row, slot in zip(rows, zone.rows(1, 1, 1), strict=True):
        row.move_to(slot.center)
    return rows


def complex_pair(lesson: Eigenvectors) -> str:
    """Eigenvalues that are not real, in Typst math: "1 ± 2 i"."""
    return in_math(localized(complex_words(lesson.eigenvalues[0]))).replace("i", " i")


def obstacles_along(curves: VMobject) -> np.ndarray:
    """Points of polylines, as obstacles for names, shape (n, 3)."""
    return np.concatenate([np.zeros((0, 3)), *(curve.points for curve in curves)])
