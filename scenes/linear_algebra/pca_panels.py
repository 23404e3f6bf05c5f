"""Pictures of `pca`: variance as a pile that splits into bars, and the split over all angles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from manim import DOWN, LEFT, UP, VGroup, VMobject

from explainers.linear_algebra.pca import Pca
from scenes.linear_algebra.pca_captions import short_percent
from scenes.pictures.plot import Plot
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Curve, Region, rectangles
from scenes.stage.language import N_, _
from scenes.stage.stage import Stage, fit
from scenes.stage.text import Size
from scenes.stage.zones import Zone

BAR_OPACITY = 0.8
"""Opacity of the parts of a pile."""
LEAST_SHRINK = 0.86
"""Readouts that would get smaller than this, relative to other text, are reworded."""
HEADROOM = 1.06
"""The total variance stands this much below the top of the plot."""
WIDE_PLOT = 9.0
"""Width in em from which the plot has room for a number every 45°."""
MEANS = {
    N_("shadow²"): N_("mean shadow²"),
    N_("distance²"): N_("mean distance²"),
    N_("depth²"): N_("mean depth²"),
}
"""Names of the parts of a sum of squares, for one point and as means over the cloud."""
LINES = 4.0
"""Lines of a sum under the word that they are means."""
TIGHT, LOOSE = 0.95, 1.3
"""From line to line of a sum, in em: where height is short, and where it is not."""
MARKER = 9.0
"""Degrees that the pile is wide where it stands in the plot."""


@dataclass(frozen=True)
class Flat:
    """Where the plane is drawn: its origin's place, and scene units per unit of data."""

    center: np.ndarray
    unit: float

    def at(self, points: np.ndarray) -> np.ndarray:
        """Scene points, shape (n, 3), of data points, shape (n, 2)."""
        points = np.atleast_2d(points)
        return np.column_stack([points * self.unit, np.zeros(len(points))]) + self.center


class Pile(VGroup):
    """Rectangles, one per part of a total; `put` moves them."""

    def __init__(self, stage: Stage, roles: Sequence[str]) -> None:
        super().__init__()
        for role in roles:
            part = VMobject().set_fill(stage.color(role), opacity=BAR_OPACITY).set_stroke(stage.color(role), width=1.5)
            self.add(part)

    def put(self, boxes: np.ndarray) -> Pile:
        """Stand in these boxes (left, bottom, right, top), shape (parts, 4), in scene units."""
        self.boxes = np.asarray(boxes, float)
        for part, box in zip(self, self.boxes, strict=True):
            part.points = rectangles(*box)
        return self

    @property
    def heights(self) -> np.ndarray:
        """Heights of the parts in scene units, shape (parts,)."""
        return self.boxes[:, 3] - self.boxes[:, 1]


def stacked(zone: Zone, values: Sequence[float]) -> np.ndarray:
    """Boxes for a pile that fills `zone`, from bottom to top in proportion to `values`; shape (parts, 4)."""
    edges = np.concatenate([[0.0], np.cumsum(values)]) / np.sum(values) * zone.height + zone.bottom
    return np.array([(zone.left, low, zone.right, high) for low, high in pairwise(edges)])


class Ledger(VGroup):
    """Three readouts: shadow² plus distance² is the sum.

    Args:
        stage: the stage.
        zone: room for all of it.
        parts: names of the two parts, of those in `MEANS`.
        roles: their colours.
        means: they are means over the cloud, and say so: each for itself, or all under one word where room is short.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        parts: Sequence[str] = ("shadow²", "distance²"),
        roles: Sequence[str] = ("model", "error"),
        *,
        means: bool = False,
    ) -> None:
        super().__init__()
        self.roles = (*roles, "text")
        self._lay_out(stage, [_(MEANS[part] if means else part) for part in parts])
        if means and LEAST_SHRINK * self.width > zone.width:
            self.remove(*self.rows)
            heading = stage.words(_("means"), Size.READOUT, "muted")
            pitch = zone.height / (LINES * stage.em(Size.READOUT))
            self._lay_out(stage, [_(part) for part in parts], pitch=float(np.clip(pitch, TIGHT, LOOSE)))
            self.add(heading.next_to(self.rows[0], UP, buff=0.06, aligned_edge=LEFT))
        fit(self, zone)

    def _lay_out(self, stage: Stage, parts: Sequence[str], pitch: float = LOOSE) -> None:
        """Stack the rows, so many em apart, with their numbers in one column."""
        names = (*parts, _("sum"))
        self.rows = [Readout(stage, name, 888.88, role, role) for name, role in zip(names, self.roles, strict=True)]
        self.add(*self.rows)
        width = max(row.label.width for row in self.rows) + 0.3
        for index, row in enumerate(self.rows):
            row.number.next_to(row.label, buff=0).set_x(row.label.get_left()[0] + width + row.number.width / 2)
            row.shift(DOWN * index * pitch * stage.em(Size.READOUT) - row.get_left() * (1, 0, 0))

    def put(self, shadow: float, distance: float) -> Ledger:
        """Show these two and their sum."""
        for row, value in zip(self.rows, (shadow, distance, shadow + distance), strict=True):
            row.set_value(value)
        return self


class SplitPlot(VGroup):
    """The total variance, split at each angle of the line into shadow (below) and distance (above).

    Args:
        stage: the stage.
        zone: room for all of it.
        pca: the cloud.
    """

    def __init__(self, stage: Stage, zone: Zone, pca: Pca) -> None:
        self.pca = pca
        low, high = pca.sweep
        trace = pca.plane.trace
        step = 45 if zone.width > WIDE_PLOT * stage.em(Size.LABEL) else 90
        # A number at the left edge would hang out of the zone.
        ticks = [t for t in range(low + 15, high + 1) if t % step == 0]
        name = _("angle of the line in °")
        # It stands below the middle of the frame, which is left of the zone's middle by less than half an em.
        if stage.words(name, Size.LABEL).width + stage.em(Size.LABEL) > zone.width:
            name = _("angle in °")
        self.plot = Plot(stage, zone, (low, high), (0, trace * HEADROOM), x_ticks=ticks, y_ticks=(), x_label=name)
        self.shadow = Region(stage, role="model", opacity=0.3)
        self.distance = Region(stage, role="error", opacity=0.3)
        self.split = Curve(stage, role="text", width=4)
        self.total = Curve(stage, self.plot.points_at(np.array([low, high]), np.full(2, trace)), "muted", 2.5)
        super().__init__(self.shadow, self.distance, self.plot, self.total, self.split)

    def unroll(self, angle: float) -> SplitPlot:
        """Show the split from the first angle to this one."""
        angles = np.linspace(self.pca.sweep[0], max(angle, self.pca.sweep[0] + 1e-6), 121)
        values = self.pca.shadow_variance(angles)
        line, zero = self.plot.points_at(angles, values), np.zeros(len(angles))
        floor, ceiling = self.plot.points_at(angles, zero), self.plot.points_at(angles, zero + self.pca.plane.trace)
        self.split.put(line)
        self.shadow.put(np.vstack([line, floor[::-1]]))
        self.distance.put(np.vstack([line, ceiling[::-1]]))
        return self

    def boxes(self, angle: float) -> np.ndarray:
        """Where the pile stands at an angle, shape (2, 4)."""
        box, x = self.plot.box, self.plot.at(angle, 0)[0]
        half = MARKER / 2 * self.plot.coordinates.x_unit
        top = self.plot.at(0, self.pca.plane.trace)[1]
        zone = Zone(max(x - half, box.left), box.bottom, min(x + half, box.right), top)
        shadow = float(self.pca.shadow_variance(angle))
        return stacked(zone, [shadow, self.pca.plane.trace - shadow])


class Scree:
    """Where bars of variances stand side by side, with names below and shares above.

    Args:
        stage: the stage.
        zone: room for bars, names and shares.
        variances: largest first, shape (d,).
        roles: one per bar.
    """

    def __init__(self, stage: Stage, zone: Zone, variances: np.ndarray, roles: Sequence[str]) -> None:
        em = stage.em(Size.READOUT)
        box = Zone(zone.left, zone.bottom + 1.4 * em, zone.right, zone.top - 1.4 * em)
        total = float(np.sum(variances))
        pitch = box.width / len(variances)
        wide = min(0.55 * pitch, 3.0 * em)
        centers = box.left + pitch * (np.arange(len(variances)) + 0.5)
        tops = box.bottom + np.asarray(variances) / np.max(variances) * box.height
        self.boxes = np.column_stack([centers - wide / 2, np.full(len(tops), box.bottom), centers + wide / 2, tops])
        self.names, self.shares = VGroup(), VGroup()
        for index, (center, top, role) in enumerate(zip(centers, tops, roles, strict=True)):
            name = stage.math(f"lambda_{index + 1}", Size.READOUT, role)
            self.names.add(name.move_to([center, zone.bottom + 0.5 * em, 0]))
            share = stage.literal(short_percent(variances[index] / total), role=role)
            self.shares.add(share.next_to([center, top, 0], UP, buff=0.12))
        self.base = Curve(stage, np.array([box.at(0, 0), box.at(1, 0)]), "muted", 2.5)
