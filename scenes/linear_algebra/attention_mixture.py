"""Vectors in the plane that are mixed: arrows to the values, their shares tip to tail, the hull, the results."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from manim import RIGHT, VGroup, VMobject

from explainers.linear_algebra.attention import convex_hull
from scenes.linear_algebra.attention_tables import shortened
from scenes.pictures.grid import Plane, clip_segments
from scenes.pictures.labels import HALO, WIDE_HALO, along, clear_offset, inside
from scenes.pictures.plot import nice_ticks
from scenes.pictures.shapes import Arrow, Curve, Dots, Region
from scenes.pictures.tiles import lerp
from scenes.stage.language import _, in_math
from scenes.stage.stage import Stage
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

CLOSE_UP, LARGEST_ZOOM = 0.75, 4.0
"""Share of the view that a close-up fills, and how much larger than the whole it may show things."""
SQUARES = 12
"""About so many grid squares along the longer side of what is shown."""
SHORTEST_NAMED = 0.3
"""Length in scene units from which an arrow in a chain has a name."""
DOT = 0.1
"""Radius of an output's dot, in scene units."""
DOTS_APART = 2.5 * DOT
"""Scene units from which two dots have names of their own."""
TIPS_APART = 0.11
"""The same for the tips of two arrows, relative to all values' extent: the names are the same in every frame."""
NAME_SHARE = 0.3
"""The most that a name may take of the zone's width."""
FARTHEST_NAME = 0.3
"""A name farther than this from its dot, in scene units, would be taken for another dot's."""
RIM_SAMPLES = 10
"""Points along a side of the hull that values' names avoid: few, as a line is sooner covered than another name."""
HEAP_WIDTH = 1.6
"""How much wider than a word the words of a heap may be."""
CALLOUT_GAP = 0.12
"""Scene units between a column of names and the values and their names."""
LABEL_CLEAR = 0.02
"""Scene units by which two names may come close before the second is left out."""


class MixturePlane(VGroup):
    """A plane with a faint grid that holds the origin and all values; arrows and dots are placed by `at`.

    Args:
        stage: the stage.
        zone: room for all, names included.
        values: what is mixed, shape (n, 2).
        words: their names.
        roles: colours of values and of what they are mixed to.
    """

    def __init__(
        self, stage: Stage, zone: Zone, values: np.ndarray, words: Sequence[str], roles: tuple[str, str]
    ) -> None:
        super().__init__()
        self.stage, self.zone, self.values, self.words = stage, zone, np.asarray(values, float), tuple(words)
        self.widest = NAME_SHARE * zone.width
        em = stage.em(Size.LABEL)
        value = _("value")
        self.legend = VGroup(stage.words(f"$arrow.r$ {value}", Size.LABEL, roles[0]), self._output_key(roles[1]))
        self.legend.arrange(RIGHT, buff=em)
        # What stands below the plane is on one line where there is room for it.
        self.note_lines = 1 if self.legend.width + 7.5 * em < zone.width else 2
        self.view = Zone(zone.left, zone.bottom + 1.35 * em * self.note_lines, zone.right, zone.top)
        self.plane, self.step = self._plane(em)
        self.whole = Plane(self.view, self.plane.unit, self.plane.origin)
        self.grid = Curve(stage, role="grid", width=1.2, opacity=0.7)
        self.axes = Curve(stage, role="muted", width=2.0, opacity=0.8)
        self._draw_grid()
        digits = max(0, -int(np.floor(np.log10(self.step))))
        scale = _("1 square = {number}").format(number=format_number(self.step, digits))
        self.scale_note = stage.words(scale, Size.LABEL, "muted")
        self.put_note(self.scale_note)
        height = zone.bottom + (self.note_lines - 0.5) * 1.3 * em
        self.legend.move_to([zone.left + self.legend.width / 2, height, 0])
        self.add(self.grid, self.axes, self.legend[0])

    def _output_key(self, role: str) -> VGroup:
        """What the dots are."""
        name = self.stage.words(_("output"), Size.LABEL, role)
        return VGroup(Dots(self.stage, name.get_left()[None] - np.array([0.22, 0, 0]), role, DOT), name)

    def before_key(self, role: str) -> VGroup:
        """What hollow rings are, right of the legend or else left of the note; empty where neither has room."""
        em, name = self.stage.em(Size.LABEL), self.stage.words(_("before"), Size.LABEL, role)
        key = VGroup(rings(self.stage, name.get_left()[None] - np.array([0.22, 0, 0]), role), name)
        note = self.scale_note.width + 0.5 * em
        free = self.zone.right - self.legend.get_right()[0] - (note if self.note_lines == 1 else 0.0)
        if key.width + em <= free:
            return key.move_to(self.legend).shift([(self.legend.width + key.width) / 2 + em, 0, 0])
        if self.note_lines == 2 and key.width + note <= self.zone.width:
            return key.move_to([self.zone.left + key.width / 2, self.scale_note.get_center()[1], 0])
        return VGroup()

    @property
    def note_room(self) -> float:
        """Width that a line below the plane has, at the right of the legend or under it."""
        taken = self.legend.width + self.stage.em(Size.LABEL) if self.note_lines == 1 else 0.0
        return self.zone.width - taken

    def put_note(self, note: VMobject) -> VMobject:
        """Put a line of text below the plane, at the right."""
        return note.move_to([self.zone.right - note.width / 2, self.zone.bottom + 0.65 * self.stage.em(Size.LABEL), 0])

    def _plane(self, em: float) -> tuple[Plane, float]:
        """The plane as large as fits with its names, and the side of a grid square in its units."""
        points = np.vstack([self.values, np.zeros(2)])
        low, high = points.min(axis=0), points.max(axis=0)
        extent = np.maximum(high - low, 1e-9)
        names = max(shortened(self.stage, word, self.widest).width for word in self.words)
        room = np.array([self.view.width - 1.5 * names - 0.3, self.view.height - 2.8 * em])
        unit = float(min(room / extent)) if extent.max() > 1e-6 else 1.0
        origin = self.view.center - np.append((low + high) / 2 * unit, 0.0)
        span = max(self.view.width, self.view.height) / unit
        ticks = nice_ticks(0, span, SQUARES)
        return Plane(self.view, unit, origin), ticks[1] - ticks[0]

    def close_up(self, points: np.ndarray) -> Plane:
        """A plane that shows these points (n, 2) as large as the view allows, and no smaller than now."""
        low, high = points.min(axis=0), points.max(axis=0)
        room = CLOSE_UP * np.array([self.view.width, self.view.height])
        unit = max(min(room / np.maximum(high - low, 1e-9)), self.whole.unit)
        unit = float(min(unit, LARGEST_ZOOM * self.whole.unit))
        return Plane(self.view, unit, self.view.center - np.append((low + high) / 2 * unit, 0.0))

    def look(self, start: Plane, end: Plane, share: float) -> None:
        """Zoom: stand this share of the way between two planes; what is drawn on it follows when it is put again."""
        self.plane.put_between(start, end, share)
        self._draw_grid()

    def _draw_grid(self) -> None:
        plane, view, step = self.plane, self.view, self.step
        low = (np.array([view.left, view.bottom]) - plane.origin[:2]) / plane.unit
        high = (np.array([view.right, view.top]) - plane.origin[:2]) / plane.unit
        x, y = (step * np.arange(np.ceil(a / step), np.floor(b / step) + 1) for a, b in zip(low, high, strict=True))
        vertical = [(np.array([v, low[1]]), np.array([v, high[1]])) for v in x]
        horizontal = [(np.array([low[0], v]), np.array([high[0], v])) for v in y]
        starts, ends = (self.plane.at(np.array(side)) for side in zip(*vertical, *horizontal, strict=True))
        self.grid.put_segments(starts, ends)
        axes = np.array([[[low[0], 0], [high[0], 0]], [[0, low[1]], [0, high[1]]]])
        self.axes.put_segments(*clip_segments(plane.at(axes[:, 0]), plane.at(axes[:, 1]), view))

    def at(self, points: np.ndarray) -> np.ndarray:
        """Scene points, shape (n, 3) or (3,), of points of the plane."""
        return self.plane.at(points)

    def back(self, scene: np.ndarray) -> np.ndarray:
        """Points of the plane, shape (…, 2), of scene points."""
        return (np.asarray(scene)[..., :2] - self.plane.origin[:2]) / self.plane.unit

    def hull(self, corners: np.ndarray, role: str) -> VGroup:
        """The hull with these corners, filled and outlined; a segment or a point is only outlined."""
        scene = self.at(corners)
        fill = Region(self.stage, scene, role, opacity=0.16)
        return VGroup(fill, Curve(self.stage, np.vstack([scene, scene[:1]]), role, width=3.0))

    def step_names(self, terms: np.ndarray, role: str) -> VGroup:
        """Names beside terms (n, 2) laid tip to tail; left out where there is no room or hardly an arrow."""
        corners = self.at(np.vstack([np.zeros(2), np.cumsum(terms, axis=0)]))
        obstacles = np.vstack([along(a, b) for a, b in pairwise(corners)] + [along(corners[0], corners[-1])])
        placed = VGroup()
        for word, (start, end) in zip(self.words, pairwise(corners), strict=True):
            name = self._name(word, role)
            middle = (start + end) / 2
            name.move_to(middle + clear_offset(name, middle, middle - corners.mean(axis=0), obstacles, self.view))
            if np.linalg.norm(end - start) > SHORTEST_NAMED and not _covers(name, obstacles):
                placed.add(name)
                obstacles = np.vstack([obstacles, inside(name, name.get_center(), 9)])
        return placed

    def _name(self, word: str, role: str, longer: float = 1.0) -> VMobject:
        """A name with a rim in the background colour, at most `longer` times as wide as others may be."""
        name = shortened(self.stage, word, longer * self.widest, role)
        # No axis shows between the words of a heap.
        halo = WIDE_HALO if "," in word else HALO
        return name.set_stroke(self.stage.color("background"), width=halo, background=True)

    def value_names(self, role: str, outputs: np.ndarray) -> VGroup:
        """Names beside the values, outside their arrows and clear of these outputs (m, 2); off the hull if they can.

        Values whose tips cover each other share a name; a line leads from a name that stands apart to its tip.
        """
        extent = np.ptp(np.vstack([self.values, np.zeros(2)]), axis=0).max() * self.plane.unit
        words, places = self._heaps(self.values, TIPS_APART * extent)
        obstacles = np.vstack([self._obstacles(outputs), *self._rim(RIM_SAMPLES)])
        names = self._names(places, role, obstacles, self.plane.origin, words)
        starts, ends = [], []
        for name, tip in zip(names, self.at(places), strict=True):
            if _gap(name, tip) > FARTHEST_NAME:
                starts.append(_nearest(name, tip))
                ends.append(tip)
        if starts:
            names.add(Curve(self.stage, role=role, width=1.5, opacity=0.7).put_segments(starts, ends))
        return names

    def output_names(self, outputs: np.ndarray, role: str, names: VGroup, ghosts: np.ndarray) -> VGroup:
        """Names of outputs (n, 2): at a side of the plane with lines to the dots, or, without room, beside them.

        Beside the dots a name without room is left out; it has none on rings at `ghosts` (m, 2) either.
        """
        names = VGroup(*(name for name in names if not isinstance(name, Curve)))
        for side in (1, -1):
            callouts, lines = self._callouts(outputs, role, side)
            texts = callouts[1:]
            taken = np.vstack([*(inside(name, name.get_center(), 9) for name in names), self.at(self.values)])
            is_clear = not any(_covers(text, taken, CALLOUT_GAP) for text in texts) and self._is_beside(texts, side)
            if is_clear and not any(_covers(name, lines) for name in names):
                return callouts
        taken = [inside(name, name.get_center(), 9) for name in names]
        obstacles = np.vstack([self._obstacles(np.vstack([outputs, ghosts])), *self._rim(), *taken])
        words, places = self._heaps(np.asarray(outputs, float), DOTS_APART)
        return self._names(places, role, obstacles, self.at(outputs).mean(axis=0), words, leave_out=True)

    def _heaps(self, points: np.ndarray, apart: float) -> tuple[list[str], np.ndarray]:
        """Points no more than so many scene units apart: their words in one name, at the first of them.

        A word that stands twice in the sentence stands twice in the name, unless both have the same place. Names of
        several words come last: they may stand farther off.
        """
        heaps: list[list[int]] = []
        for index, point in enumerate(points):
            near = (heap for heap in heaps if np.linalg.norm(points[heap[0]] - point) * self.plane.unit <= apart)
            heap = next(near, None)
            if heap is None:
                heaps.append([index])
            else:
                heap.append(index)
        heaps.sort(key=lambda heap: len(heap) > 1)
        named = [dict.fromkeys((self.words[index], *points[index].round(6)) for index in heap) for heap in heaps]
        words = [", ".join(word for word, *_place in heap) for heap in named]
        return words, points[[heap[0] for heap in heaps]]

    def _callouts(self, outputs: np.ndarray, role: str, side: int) -> tuple[VGroup, np.ndarray]:
        """Lines, and a column of names in the order of the outputs' heights, right (1) or left (−1).

        Also gives points along the lines, shape (n, 3).
        """
        texts = {}
        for word, point in zip(self.words, np.asarray(outputs, float), strict=True):
            texts.setdefault((word, *np.round(point * self.plane.unit, 2)), (self._name(word, role), self.at(point)))
        # Of dots side by side the one nearer to the names has the upper name: the other's line passes below it.
        ordered = sorted(texts.values(), key=lambda pair: (-round(pair[1][1] / DOT), -side * pair[1][0]))
        pitch = 1.15 * self.stage.em(Size.LABEL)
        middle = np.mean([point[1] for _, point in ordered])
        half = pitch * (len(ordered) - 1) / 2
        low, high = (edge + sign * (half + pitch / 2) for edge, sign in ((self.view.bottom, 1), (self.view.top, -1)))
        top = float(np.clip(middle, low, high)) + half
        edge = self.view.right if side > 0 else self.view.left
        widest = max(name.width for name, _ in ordered)
        starts, ends = [], []
        for index, (name, point) in enumerate(ordered):
            inner = edge - side * (widest + 0.05)
            name.move_to([inner + side * name.width / 2, top - index * pitch, 0])
            end = np.array([inner - side * 0.1, top - index * pitch, 0.0])
            others = [place for _, place in ordered if place is not point]
            starts.append(_leaving(point, end, others))
            ends.append(end)
        lines = Curve(self.stage, role=role, width=1.5, opacity=0.7)
        callouts = VGroup(lines.put_segments(starts, ends), *(name for name, _ in ordered))
        return callouts, np.vstack([along(start, end) for start, end in zip(starts, ends, strict=True)])

    def _is_beside(self, texts: VGroup, side: int) -> bool:
        """Whether a column of names stands clear of all values."""
        reach = max(side * self.at(self.values)[:, 0])
        return min(side * text.get_edge_center([-side, 0, 0])[0] for text in texts) > reach + CALLOUT_GAP

    def _obstacles(self, outputs: np.ndarray) -> np.ndarray:
        """Points that no name may cover: arrows to the values, and outputs; shape (m, 3)."""
        arrows = [along(self.plane.origin, tip) for tip in self.at(self.values)]
        dot = DOT * np.array([[0, 0, 0], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]])
        return np.vstack([*arrows, *(center + dot for center in self.at(outputs))])

    def _rim(self, samples: int = 40) -> list[np.ndarray]:
        """Points along the sides of the hull, each of shape (samples, 3)."""
        corners = self.at(convex_hull(self.values))
        return [along(a, b, samples) for a, b in pairwise(np.vstack([corners, corners[:1]]))]

    def _names(
        self,
        points: np.ndarray,
        role: str,
        obstacles: np.ndarray,
        middle: np.ndarray,
        words: Sequence[str],
        *,
        leave_out: bool = False,
    ) -> VGroup:
        """Names on the side of points (n, 2) that looks away from `middle`, a word or several for each point.

        Of names without room those are left out that `leave_out` allows to miss.
        """
        placed = VGroup()
        for word, point in zip(words, np.asarray(points, float), strict=True):
            name = self._name(word, role, HEAP_WIDTH if "," in word else 1.0)
            anchor = self.at(point)
            name.move_to(anchor + clear_offset(name, anchor, anchor - middle, obstacles, self.view))
            # Where nothing is clear, at least nothing leaves the view.
            x, view = name.get_center()[0], self.view.inset(name.width / 2, 0)
            name.set_x(float(np.clip(x, view.left, view.right)))
            if not leave_out or (not _covers(name, obstacles) and _gap(name, anchor) < FARTHEST_NAME):
                placed.add(name)
                obstacles = np.vstack([obstacles, inside(name, name.get_center(), 9)])
        return placed


def _leaving(point: np.ndarray, end: np.ndarray, others: Sequence[np.ndarray]) -> np.ndarray:
    """Where a line from a dot starts: at its middle, or at its rim where the line would run into another dot."""
    way = along(point, end)
    is_blocked = any(np.linalg.norm(way - other, axis=1).min() < DOT for other in others)
    return point + [0, np.sign(end[1] - point[1]) * DOT, 0] if is_blocked else point


def _gap(name: VMobject, point: np.ndarray) -> float:
    """Distance from the edge of a name to a point beside it."""
    beyond = np.abs(name.get_center() - point)[:2] - np.array([name.width, name.height]) / 2
    return float(np.linalg.norm(np.maximum(beyond, 0)))


def _nearest(name: VMobject, point: np.ndarray) -> np.ndarray:
    """The point of a name's box that is nearest to a point beside it."""
    half = np.array([name.width, name.height, 0.0]) / 2
    return name.get_center() + np.clip(point - name.get_center(), -half, half)


def _covers(name: VMobject, obstacles: np.ndarray, gap: float = -LABEL_CLEAR) -> bool:
    half = np.array([name.width, name.height]) / 2 + gap
    return bool(np.any(np.all(np.abs(obstacles[:, :2] - name.get_center()[:2]) < half, axis=1)))


class Shares(VGroup):
    """Arrows to the values that shrink to their shares, and then line up tip to tail.

    Args:
        plane: where they are drawn.
        role: their colour.
    """

    def __init__(self, plane: MixturePlane, role: str) -> None:
        self.plane = plane
        origin = plane.plane.origin
        super().__init__(*(Arrow(plane.stage, origin, origin, role, 0.06, 0.2) for _ in plane.values))

    def put(self, terms: np.ndarray, progress: float) -> Shares:
        """Arrows as long as `terms` (n, 2), between all from the origin (0) and tip to tail (1)."""
        ends = np.cumsum(terms, axis=0)
        starts = (ends - terms) * progress
        for arrow, start, term in zip(self.submobjects, starts, terms, strict=True):
            arrow.put(self.plane.at(start), self.plane.at(start + term))
        return self

    def grow(self, terms: np.ndarray, progress: float) -> Shares:
        """Arrows from the origin, this far on the way from the whole values to the terms."""
        return self.put(lerp(self.plane.values, terms, progress), 0.0)


class Answer(VGroup):
    """What an output's first number says: the side of zero that it lies on, with the others cleared away.

    Args:
        plane: where the output is; its values and names should be hidden.
        output: shape (2,).
        sides: what left and right of zero mean, and below and above it.
        role: colour of the output.
    """

    def __init__(
        self, plane: MixturePlane, output: np.ndarray, sides: tuple[tuple[str, str], tuple[str, str]], role: str
    ) -> None:
        stage, view, zero = plane.stage, plane.view, plane.plane.origin
        is_right = bool(output[0] > 0)
        half = Zone(zero[0], view.bottom, view.right, view.top) if is_right else (
            Zone(view.left, view.bottom, zero[0], view.top))  # fmt: skip
        corners = np.array([half.at(*corner) for corner in ((0, 0), (1, 0), (1, 1), (0, 1))])
        self.side = Region(stage, corners, role, opacity=0.14)
        ends = np.array([[zero[0], view.bottom, 0], [zero[0], view.top, 0]])
        self.border = Curve(stage, ends, "highlight", 3.5)
        self.names = VGroup(*self._names(plane, sides, is_right, role))
        tip = plane.at(output)
        self.arrow = Arrow(stage, zero, tip, role, 0.09, 0.3)
        self.dot = dots(stage, tip[None], role)
        self.reach = Curve(stage, np.array([[zero[0], tip[1], 0], tip]), role, 3.0)
        number = stage.words(f"$x = {in_math(format_number(output[0]))}$".replace("−", "-"), Size.LABEL, role)
        number.set_stroke(stage.color("background"), width=HALO, background=True)
        # On the side of the line that looks away from the arrow, and clear of the border.
        number.move_to((self.reach.points[0] + tip) / 2 + [0, np.copysign(0.6, tip[1] - zero[1]) * number.height, 0])
        clear = max(abs(number.get_x() - zero[0]), number.width / 2 + 0.12)
        number.set_x(zero[0] + (clear if is_right else -clear))
        low, high = view.bottom + number.height / 2, view.top - number.height / 2
        number.set_y(float(np.clip(number.get_y(), low, high)))
        self.number = number
        super().__init__(self.side, self.border, self.names, self.arrow, self.reach, self.dot, number)

    @staticmethod
    def _names(
        plane: MixturePlane, sides: tuple[tuple[str, str], tuple[str, str]], is_right: bool, role: str
    ) -> list[VMobject]:
        """What the halves mean: left and right beside the border at the top, below and above at the left edge."""
        stage, view, zero = plane.stage, plane.view, plane.plane.origin
        names = []
        for word, sign in zip(sides[0], (-1, 1), strict=True):
            name = stage.words(word, Size.READOUT, role if (sign > 0) == is_right else "muted")
            names.append(name.move_to([zero[0] + sign * (name.width / 2 + 0.2), view.top - 0.6 * name.height, 0]))
        for word, sign in zip(sides[1], (-1, 1), strict=True):
            # With arrows: two words one above the other would be read as one name.
            name = stage.words(f"$arrow.{'t' if sign > 0 else 'b'}$ {word}", Size.LABEL, "muted")
            names.append(name.move_to([view.left + name.width / 2, zero[1] + sign * 0.75 * name.height, 0]))
        for name in names:
            name.set_stroke(stage.color("background"), width=HALO, background=True)
        return names


def rings(stage: Stage, centers: np.ndarray, role: str) -> Curve:
    """Hollow circles that mark where points were, as one mobject."""
    angles = np.linspace(0, 2 * np.pi, 25)
    circle = DOT * np.stack([np.cos(angles), np.sin(angles), np.zeros(25)], axis=1)
    loops = np.asarray(centers, float)[:, None, :] + circle
    curve = Curve(stage, role=role, width=2.5, opacity=0.8)
    return curve.put_segments(loops[:, :-1].reshape(-1, 3), loops[:, 1:].reshape(-1, 3))


def dots(stage: Stage, centers: np.ndarray, role: str) -> Dots:
    """Dots with these centres, shape (n, 3)."""
    return Dots(stage, centers, role, DOT)
