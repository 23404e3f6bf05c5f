"""Three measuring tapes, x over u over y, tied point by point: the chain of `chain-rule` and a nudge on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import LEFT, VGroup

from explainers.calculus.chain_rule import ChainRule
from scenes.pictures.ruler import Ruler, View
from scenes.pictures.shapes import Curve, Dots, Region
from scenes.stage.stage import Stage
from scenes.stage.text import Size, TextLine
from scenes.stage.zones import Zone

ROLES = ("input", "model", "output")
"""Colours of x, u and y, wherever they are shown."""
LETTERS = ("x", "u", "y")
TAPE = 1.55
"""Height of a tape, in em of its numbers."""
END = 0.9
"""How far a tape reaches beyond its scale, in em: half a number stands there."""
NAME = 4.6
"""Room for "x  1.300" left of a tape, in em of a readout."""
SAMPLED = (0.25, 2.45)
"""Where x sweeps, and the range that the tapes show at first."""
THREADS = 21
COMB, NEAR = 0.4, 0.46
"""Half width of the comb of threads: at first, in units of x; in the end, as a share of a tape."""
CLOSE_UP = 1e-4
"""Data units along each tape in the end: curvature moves nothing by more than a pixel there."""
DOT = 0.09
UNDERLINE = 0.19
"""Height of a bar that leaves the numbers of its tape free, as a share of the tape."""
LOOSE, TIED, COVERED, UNDERLINED = 0.55, 0.3, 0.45, 0.9
"""Opacity of threads, of the fill between them, of what a nudge covers on a tape, and of a bar under its numbers."""


class Tapes(VGroup):
    """The three tapes with their threads; `look` moves the comb of threads and zooms, `nudge` displaces x.

    Attributes:
        tapes, names: rulers and live readouts "x  1.300", from x to y.
        threads: one mobject per link. path: the thread through the point itself.
        bars, bands: what a nudge covers on each tape, and between them.
    bar_share: height of the bars, as a share of the tape.
    """

    def __init__(self, stage: Stage, zone: Zone, rule: ChainRule) -> None:
        self.stage, self.rule = stage, rule
        em = stage.em(Size.LABEL)
        tall, room = TAPE * em, NAME * stage.em(Size.READOUT)
        gap = (zone.height - 3 * tall) / 2
        tops = [zone.top - i * (tall + gap) for i in range(3)]
        self.rims = [Zone(zone.left + room, top - tall, zone.right - 0.1, top) for top in tops]
        self.boxes = [rim.inset(END * em, 0) for rim in self.rims]
        self.views = self.full_views()
        self.grounds = VGroup(*(Region(stage, _corners(rim), "surface", 1.0) for rim in self.rims))
        self.rulers = VGroup(
            *(
                Ruler(
                    stage,
                    Zone(box.left, box.top, box.right, box.top + 1),
                    view,
                    depth=tall / 2 - 0.37 * em,
                    finest=0.01,
                )
                for box, view in zip(self.boxes, self.views, strict=True)
            )
        )
        self.views = self.wide_views
        for ruler, view in zip(self.rulers, self.views, strict=True):
            ruler.put(view)
        self.edges = VGroup(*(Curve(stage, role=role, width=2.5).put(_rim(box)) for box, role in self._lines()))
        self.names = VGroup(*(self._name(box, role, i) for i, (box, role) in enumerate(self._lines())))
        self.threads = VGroup(*(Curve(stage, role="parameter", width=1.8, opacity=LOOSE) for _ in range(2)))
        self.path = VGroup(*(Curve(stage, role="text", width=4.5) for _ in range(2)))
        self.bars = VGroup(*(Region(stage, role=role, opacity=UNDERLINED) for role in ROLES))
        self.bands = VGroup(*(Region(stage, role="parameter", opacity=TIED) for _ in range(2)))
        self.bar_share = UNDERLINE
        self.dots = VGroup(*(Dots(stage, np.zeros((1, 3)), role, DOT) for role in ROLES))
        super().__init__(self.grounds, self.bars, self.rulers, self.edges, self.names, self.dots)
        self.nudge(0.0)

    def _lines(self) -> list[tuple[Zone, str]]:
        return list(zip(self.rims, ROLES, strict=True))

    def _name(self, box: Zone, role: str, index: int) -> VGroup:
        """A letter and a number that ticks, left of its tape."""
        stage = self.stage
        number = stage.number(self.values(self.rule.x)[index], role=role, decimals=3, anchor="right")
        number.shift(
            [box.left - 0.2, box.center[1], 0] - number.get_right() * [1, 0, 1] - number.get_center() * [0, 1, 0]
        )
        letter = stage.words(f"${LETTERS[index]}$", Size.READOUT, role)
        widest = stage.number(-0.999, decimals=3).width
        letter.move_to([box.left - 0.4 - widest - letter.width / 2, box.center[1], 0])
        return VGroup(letter, number)

    # --- Where things are -----------------------------------------------------------------------------------

    def values(self, x: np.ndarray | float) -> tuple[np.ndarray | float, ...]:
        """x, u and y for this x."""
        return x, self.rule.u_at(x), self.rule.y_at(x)

    def full_views(self) -> list[View]:
        """All of the sampled range."""
        spans = [(np.min(v), np.max(v)) for v in self.values(np.linspace(*SAMPLED, 401))]
        margins = [0.06 * (high - low) for low, high in spans]
        return [View(float(a - m), float(b + m), 1.0) for (a, b), m in zip(spans, margins, strict=True)]

    @property
    def wide_views(self) -> list[View]:
        """What the tapes show at first: all of the sampled range, and no number half grown."""
        return [ruler.settled(view) for ruler, view in zip(self.rulers, self.full_views(), strict=True)]

    @property
    def close_views(self) -> list[View]:
        """What the tapes show in the end: one common scale, each with its point in the middle."""
        half = CLOSE_UP / 2
        return [View(float(v - half), float(v + half), 1.0) for v in self.values(self.rule.x)]

    @property
    def close_comb(self) -> float:
        """Half width of the comb in the close-up, such that its farthest image stays on its tape."""
        return NEAR * CLOSE_UP / self.rule.reach

    def places(self, line: int, values: np.ndarray | float, edge: str) -> np.ndarray:
        """Scene points of values on the top or bottom edge of a tape, shape (n, 3)."""
        box, view = self.boxes[line], self.views[line]
        values = np.atleast_1d(np.asarray(values, float))
        points = np.zeros((len(values), 3))
        points[:, 0] = box.left + (values - view.low) / view.span * box.width
        points[:, 1] = box.top if edge == "top" else box.bottom
        return points

    # --- What moves -----------------------------------------------------------------------------------------

    def look(self, views: Sequence[View], comb: float) -> Tapes:
        """Show these parts of the tapes, with a comb of threads that reaches `comb` to both sides of x."""
        self.views = list(views)
        for ruler, view in zip(self.rulers, views, strict=True):
            ruler.put(view)
        self._put_points(self.values(self.rule.x))
        return self.tie(comb).cover(comb)

    def tie(self, comb: float) -> Tapes:
        """Spread the threads to `comb` on both sides of x; those that leave a tape are not drawn."""
        values = self.values(self.rule.x + comb * np.linspace(-1, 1, THREADS))
        for link, curve in enumerate(self.threads):
            starts, ends = self.places(link, values[link], "bottom"), self.places(link + 1, values[link + 1], "top")
            box = self.boxes[link]
            on = np.all([(box.left <= p[:, 0]) & (p[:, 0] <= box.right) for p in (starts, ends)], axis=0)
            curve.put_segments(starts[on], ends[on])
        return self

    def point_at(self, x: float) -> Tapes:
        """Put the point, its path and the readouts to another x; for sweeps."""
        values = self.values(x)
        for name, value in zip(self.names, values, strict=True):
            name[1].set_value(float(value))
        return self._put_points(values)

    def cover(self, dx: float) -> Tapes:
        """Lay bars on the tapes from the point to where x + dx and its images are."""
        old, new = self.values(self.rule.x), self.values(self.rule.x + dx)
        for line, (bar, box) in enumerate(zip(self.bars, self.boxes, strict=True)):
            ends = (self.places(line, v[line], "top")[0, 0] for v in (old, new))
            a, b = np.clip(list(ends), box.left, box.right)
            bar.put(_corners(Zone(a, box.bottom, b, box.bottom + self.bar_share * box.height)))
        return self

    def nudge(self, dx: float) -> Tapes:
        """Displace x by dx: bars cover what is passed on each tape, bands what is passed between them."""
        old, new = self.values(self.rule.x), self.values(self.rule.x + dx)
        self.cover(dx)
        for link, band in enumerate(self.bands):
            a, b = (self.places(link, v[link], "bottom")[0] for v in (old, new))
            c, d = (self.places(link + 1, v[link + 1], "top")[0] for v in (new, old))
            band.put(np.array([a, b, c, d]))
        return self._put_points(new)

    def _put_points(self, values: Sequence[np.ndarray | float]) -> Tapes:
        for line, dots in enumerate(self.dots):
            edges = [edge for edge, shown in (("top", line > 0), ("bottom", line < 2)) if shown]
            dots.put(np.concatenate([self.places(line, values[line], edge) for edge in edges]))
        for link, curve in enumerate(self.path):
            ends = self.places(link, values[link], "bottom"), self.places(link + 1, values[link + 1], "top")
            curve.put(np.concatenate(ends))
        return self

    def bar_label(self, line: int, dx: float, markup: str) -> TextLine:
        """What a bar measures: in the bar if it is long enough, else beyond the end with room on the tape."""
        old, new = (
            float(self.places(line, self.values(v)[line], "top")[0, 0]) for v in (self.rule.x, self.rule.x + dx)
        )
        label = self.stage.words(markup, Size.LABEL, "text")
        y = self.boxes[line].center[1]
        if abs(new - old) > label.width + 0.3:
            return label.move_to([(old + new) / 2, y, 0])
        side = 1 if new >= old else -1
        beyond = new + side * (0.16 + label.width / 2)
        room = abs(beyond - self.rims[line].center[0]) + label.width / 2 + 0.1 < self.rims[line].width / 2
        return label.move_to([beyond if room else old - side * (0.16 + label.width / 2), y, 0])


class LinkText(VGroup):
    """What a link does: its formula, and its ratio as a number that ticks.

    Args:
        formula: Typst math of the link, "" for the whole chain.
        label, settled: of the ratio of finite differences, and of the slope it tends to.
        value, role: what the number shows first, and its colour.
        beside: the number stands right of the formula, not under it.
    """

    def __init__(
        self, stage: Stage, zone: Zone, formula: str, label: str, settled: str, value: float, role: str, beside: bool
    ) -> None:
        self.formula = stage.math(formula, Size.READOUT) if formula else VGroup()
        self.label = stage.math(label, Size.READOUT, "muted")
        self.settled = stage.math(settled, Size.READOUT, "muted")
        self.number = stage.number(value, role=role, decimals=3)
        row = VGroup(self.label, self.number).arrange(buff=0.2)
        x = zone.left
        rows = [self.formula, row] if formula else [row]
        for i, part in enumerate(rows):
            if beside:
                part.move_to([x + (zone.width / 2 if part is row else 0) + part.width / 2, zone.center[1], 0])
            else:
                y = zone.center[1] + (len(rows) - 1) * 0.36 - i * 0.72
                part.move_to([x + part.width / 2, y, 0])
        self.settled.move_to(self.label).align_to(self.label, LEFT)
        super().__init__(self.formula, self.label, self.number)


def _corners(box: Zone) -> np.ndarray:
    return np.array([box.at(0, 0), box.at(1, 0), box.at(1, 1), box.at(0, 1)])


def _rim(box: Zone) -> np.ndarray:
    return np.array([box.at(*corner) for corner in ((0, 1), (0, 0), (1, 0), (1, 1), (0, 1))])
