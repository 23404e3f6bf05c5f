"""Valleys of growing condition number, one above or beside the other, descended under one clock."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manim import VGroup, VMobject

from scenes.pictures.contour_map import Trail
from scenes.pictures.grid import clip_segments
from scenes.pictures.shapes import Curve, Dots, rectangles
from scenes.stage.language import _, localized, ngettext
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

RINGS = 6
"""Contours that cross the longer half axis of a map."""
ROOM = (1.12, 1.5)
"""Half a map's window as a multiple of the start's offset along x and y."""
NARROWEST = 0.15
"""Least ratio of a window's sides, for starts on an axis."""
WORDS_WIDTH = 11.5
"""Room for name, count and bar beside a map, in em."""
WORDS_HEIGHT = 3.4
"""Room for name, count and bar below a map, in em."""
END_DOT = 0.26
"""Radius of the dot at the end of a bar, in em."""


class ValleyStrips(VGroup):
    """One map per condition number κ, its name, and a bar as long as the steps that κ needs, with a dot at its end.

    Where the path ends before those steps are done, a line says so.

    Args:
        stage: the stage.
        zone: room for all.
        paths: κ → path (n, 2) on the bowl ½ (x² + κ y²), all from one offset from the minimum.
        needed: κ → steps that it needs; in the order of `paths`.
    """

    def __init__(
        self, stage: Stage, zone: Zone, paths: Mapping[float, np.ndarray], needed: Mapping[float, int]
    ) -> None:
        super().__init__()
        self.stage, self.em = stage, stage.em(Size.LABEL)
        offset = np.abs(next(iter(paths.values()))[0])
        reach = np.array(ROOM) * offset
        self.reach = np.maximum(reach, NARROWEST * reach.max()) if offset.any() else np.ones(2)
        self.needed = np.array(list(needed.values()), float)
        self.bar_zones: list[Zone] = []
        self.maps, self.trails, self.names, self.counts = VGroup(), VGroup(), VGroup(), VGroup()
        for (number, path), panel in zip(paths.items(), self._panels(zone, len(paths)), strict=True):
            self._fill(panel, number, path, needed[number])
        self.bars = VMobject().set_fill(stage.color("model"), opacity=0.85).set_stroke(width=0)
        # A bar of one step in hundreds is too thin to see: its end has a dot.
        self.ends = Dots(stage, np.zeros((0, 2)), "model", END_DOT * self.em)
        self.add(self.maps, self.names, self.bars, self.ends, self.trails)
        self.put(0.0, 0.0)

    def _panels(self, zone: Zone, count: int) -> list[tuple[Zone, Zone]]:
        """(map, words) per valley: rows or columns, words at the right or below, whichever draws the maps largest."""
        rows, columns = zone.rows(*[1] * count, gap=0.35), zone.columns(*[1] * count, gap=0.35)
        arrangements = [[self._beside(row) for row in rows], [self._below(row) for row in rows]]
        arrangements.append([self._below(column) for column in columns])
        return max(arrangements, key=lambda panels: self._unit(panels[0][0]))

    def _beside(self, panel: Zone) -> tuple[Zone, Zone]:
        edge = panel.right - WORDS_WIDTH * self.em
        return Zone(panel.left, panel.bottom, edge - 0.4, panel.top), Zone(edge, panel.bottom, panel.right, panel.top)

    def _below(self, panel: Zone) -> tuple[Zone, Zone]:
        edge = panel.bottom + WORDS_HEIGHT * self.em
        return Zone(panel.left, edge + 0.15, panel.right, panel.top), Zone(panel.left, panel.bottom, panel.right, edge)

    def _unit(self, box: Zone) -> float:
        """Scene units per data unit of a map in this box."""
        return min(box.width / 2 / self.reach[0], box.height / 2 / self.reach[1])

    def _fill(self, panel: tuple[Zone, Zone], number: float, path: np.ndarray, needed: int) -> None:
        """Map, trail, name and count of one valley."""
        box, words = panel
        unit, middle = self._unit(box), box.center

        def to_scene(points: np.ndarray) -> np.ndarray:
            return middle + unit * np.column_stack([points, np.zeros(len(points))])

        # A bowl looks alike at any size: the window grows to the box's shape.
        half = np.array([box.width, box.height]) / 2 / unit
        self.maps.add(self._rings(number, half, to_scene, box))
        self.trails.add(Trail(self.stage, to_scene, box, path, "model", dot_radius=0.055))
        ratio = localized(f"{number:.4g}") if number < 1e4 else f"{number:.0f}"
        name = self.stage.words(f"$kappa$ = {ratio}", Size.READOUT)
        steps = ngettext("{n} step", "{n} steps", needed).format(n=needed)
        count = self.stage.words(steps, Size.READOUT, "model")
        if count.width > words.width:
            # The heading says what is counted.
            count = self.stage.words(f"{needed}", Size.READOUT, "model")
        tight = name.width + count.width + 0.4 > words.width
        middled = words.height > WORDS_HEIGHT * self.em * 1.05
        line = words.center[1] + 1.6 * self.em if middled else words.top
        self.names.add(name.move_to([words.left + name.width / 2, line - name.height / 2, 0.0]))
        if tight:
            line -= 1.15 * self.em
            count.move_to([words.left + count.width / 2, line - count.height / 2, 0.0])
        else:
            count.move_to([words.right - count.width / 2, line - count.height / 2, 0.0])
        self.counts.add(count)
        top = line - (1.3 if tight else 1.6) * self.em
        radius = END_DOT * self.em
        self.bar_zones.append(
            Zone(words.left + radius, top - 0.45 * self.em, words.right - radius, top - 0.1 * self.em)
        )
        shown = len(path) - 1
        if shown < needed:
            note = self.stage.words(_("first {n} steps shown").format(n=shown), Size.LABEL, "muted")
            if note.width > words.width:
                note = self.stage.words(_("{n} shown").format(n=shown), Size.LABEL, "muted")
            self.counts.add(note.move_to([words.left + note.width / 2, top - 0.7 * self.em - note.height / 2, 0.0]))

    def _rings(self, number: float, half: np.ndarray, to_scene, box: Zone) -> VGroup:
        """Ellipses x² + κ y² = r² inside the box, with its frame."""
        rings = Curve(self.stage, role="muted", width=2.0, opacity=0.55)
        angle = np.linspace(0, 2 * np.pi, 181)
        spacing = half.max() / RINGS
        farthest = np.hypot(half[0], np.sqrt(number) * half[1])
        count = int(np.clip(farthest / spacing, 1, 1.6 * RINGS))
        starts, ends = [], []
        for radius in spacing * np.arange(1, count + 1):
            ring = to_scene(np.column_stack([radius * np.cos(angle), radius / np.sqrt(number) * np.sin(angle)]))
            starts.append(ring[:-1])
            ends.append(ring[1:])
        rings.put_segments(*clip_segments(np.concatenate(starts), np.concatenate(ends), box))
        frame = Curve(self.stage, role="grid", width=2.0)
        frame.put(np.array([box.at(*corner) for corner in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]))
        return VGroup(rings, frame)

    def put(self, steps: float, grown: float) -> ValleyStrips:
        """Show the trails up to this (fractional) step, and this share of the bars."""
        for trail in self.trails:
            trail.put(steps)
        left, bottom, top, full = np.array([(z.left, z.bottom, z.top, z.width) for z in self.bar_zones]).T
        right = left + grown * full * self.needed / self.needed.max()
        self.bars.points = rectangles(left, bottom, right, top)
        self.ends.put(np.column_stack([right, (bottom + top) / 2]))
        return self
