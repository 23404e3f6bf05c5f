"""What attention is drawn with: one score as a sum of products, the spread of scores, scores that become shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import RIGHT, VGroup, VMobject

from explainers.linear_algebra.attention import adds_up, multiply_out
from scenes.linear_algebra.attention_tables import PAD, shortened
from scenes.pictures.plot import nice_ticks
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Cells, Curve, Region, rectangles
from scenes.pictures.tiles import Shade, frame_of, lerp
from scenes.stage.language import _
from scenes.stage.stage import Stage
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

FACTOR_DECIMALS = (2, 3)
"""Digits of the factors of a product: as few as give what is printed as the product."""
LINE_PITCH, HEAD_AND_TOTAL = 1.35, 3.6
"""Height of a line of a sum, and of its header and total together, in em."""
VARIANCE_ROOM = 12.0
"""Width in em of a line that says "d = 64" and "variance 65.15"; a narrower one says "var"."""
SEAM = 0.03
"""Scene units between two shares on a strip."""

# --- One score --------------------------------------------------------------------------------------------


class DotProduct(VGroup):
    """Two lists multiplied entry by entry, one line each, with a running total. `put` shows some of the lines.

    Where there is no room for the factors, only the products are listed. They have a third decimal where two
    would not add up to the total, and the factors where two would give other products; what still differs is
    "≈".

    Args:
        stage: the stage.
        zone: room for all.
        names: what the two lists belong to.
        first, second: the lists, shape (d,).
        totals: the running total after each line, shape (d,).
        roles: colours of the two lists.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        names: tuple[str, str],
        first: np.ndarray,
        second: np.ndarray,
        totals: np.ndarray,
        roles: tuple[str, str],
    ) -> None:
        self.totals = np.concatenate([[0.0], totals])
        em = stage.em(Size.LABEL)
        dot = stage.words("$dot$")
        words = [shortened(stage, n, 0.4 * zone.width, r) for n, r in zip(names, roles, strict=True)]
        self.header = VGroup(words[0], dot, words[1]).arrange(RIGHT, buff=0.4 * em)
        self.lines = self._lines(stage, zone, first, second, roles)
        self.total = Readout(stage, _("total"), 0.0, anchor="right", decimals=self._decimals(first * second))
        pitch = min(LINE_PITCH * em, (zone.height - HEAD_AND_TOTAL * em) / len(first))
        height = HEAD_AND_TOTAL * em + pitch * len(first)
        top = zone.center[1] + height / 2
        self.header.move_to([zone.center[0], top - self.header.height / 2, 0])
        for index, line in enumerate(self.lines):
            line.shift([zone.center[0], top - 1.9 * em - (index + 0.5) * pitch, 0])
        right = max(line.get_right()[0] for line in self.lines)
        left = min(line.get_left()[0] for line in self.lines)
        base = top - 2.1 * em - pitch * len(first)
        self.rule = Curve(stage, np.array([[left, base, 0], [right, base, 0]]), "muted", 2.5)
        # The label leaves room for the widest total on the way.
        self.total.set_value(-float(np.abs(totals).max()))
        self.total.number.move_to([right - self.total.number.width / 2, base - 0.8 * em, 0])
        self.total.label.next_to(self.total.number, np.array([-1.0, 0, 0]), buff=0.25)
        # Each for itself: beside a short sum, a long header would leave the zone.
        VGroup(self.lines, self.rule, self.total).set_x(zone.center[0])
        super().__init__(self.header, self.lines, self.rule, self.total)
        self.put(0.0)

    @staticmethod
    def height(stage: Stage, lines: int) -> float:
        """The height that so many lines take, header and total included."""
        return (HEAD_AND_TOTAL + LINE_PITCH * lines) * stage.em(Size.LABEL)

    @staticmethod
    def _decimals(products: np.ndarray) -> int:
        return 2 if adds_up(products) or not adds_up(products, 3) else 3

    def _lines(self, stage: Stage, zone: Zone, first: np.ndarray, second: np.ndarray, roles: tuple[str, str]) -> VGroup:
        """Lines "q × k = p" with right-aligned numbers, their middles at x = 0 and y = 0."""
        gap = 0.2 * stage.em(Size.LABEL)
        shown = self._decimals(first * second)
        exact = [(decimals, "=") for decimals in FACTOR_DECIMALS if multiply_out(first, second, decimals, shown)]
        for decimals, sign in (*exact, (FACTOR_DECIMALS[0], "approx")):
            columns: list[list[VMobject]] = [
                [stage.number(v, Size.LABEL, roles[0], decimals=decimals) for v in first],
                [stage.words("$times$") for _ in first],
                [stage.number(v, Size.LABEL, roles[1], decimals=decimals) for v in second],
                [stage.words(f"${sign}$") for _ in first],
                [stage.number(v, Size.LABEL, signed=True, decimals=shown) for v in first * second],
            ]
            widths = [max(m.width for m in column) for column in columns]
            if sum(widths) + 4 * gap <= zone.width:
                break
        else:
            columns, widths = columns[-1:], widths[-1:]
        edge = -(sum(widths) + gap * (len(widths) - 1)) / 2
        for column, width in zip(columns, widths, strict=True):
            for part in column:
                part.move_to([edge + width - part.width / 2, 0, 0])
            edge += width + gap
        return VGroup(*(VGroup(*parts) for parts in zip(*columns, strict=True)))

    def put(self, lines: float) -> DotProduct:
        """Show the first (fractional) `lines`, and the total so far."""
        for index, line in enumerate(self.lines):
            line.set_opacity(float(np.clip(2 * (lines - index), 0, 1)))
        self.total.set_value(float(np.interp(lines, np.arange(len(self.totals)), self.totals)))
        return self


# --- How far scores spread --------------------------------------------------------------------------------


class Spreads(VGroup):
    """Bells of sampled q·k, one for each width d, over one axis; `put` divides all by √d, little by little.

    Bells are drawn equally high: they show how far the scores reach.

    Args:
        stage: the stage.
        zone: room for all.
        samples: sampled q·k for each width.
        variances: their variances.
        role: colour of the bells.
    """

    BINS = 61

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        samples: dict[int, np.ndarray],
        variances: dict[int, float],
        role: str = "data",
    ) -> None:
        super().__init__()
        em = stage.em(Size.LABEL)
        self.widths, self.variances = tuple(samples), variances
        self.reach = 3.0 * float(np.sqrt(max(self.widths)))
        axis_zone = Zone(zone.left, zone.bottom, zone.right, zone.bottom + 2.5 * em)
        rows = Zone(zone.left, axis_zone.top, zone.right, zone.top).rows(*[1] * len(samples), gap=0.35)
        self.outlines = {width: self._outline(values) for width, values in samples.items()}
        self.bases, self.regions, self.edges, self.readouts = {}, {}, {}, {}
        self.unit = zone.width / 2 / self.reach
        self.middle = zone.center[0]
        for width, row in zip(self.widths, rows, strict=True):
            self.bases[width] = (row.bottom, row.height - 1.25 * em)
            self.regions[width] = Region(stage, role=role, opacity=0.3)
            self.edges[width] = Curve(stage, role=role, width=3.5)
            name = stage.words(f"$d = {width}$")
            name.move_to([row.left + name.width / 2, row.top - name.height / 2, 0])
            variance = _("variance") if zone.width > VARIANCE_ROOM * em else _("var")
            readout = Readout(stage, variance, variances[width])
            readout.move_to([row.right - readout.width / 2, row.top - readout.height / 2, 0])
            self.readouts[width] = readout
            floor = Curve(stage, np.array([row.at(0, 0), row.at(1, 0)]), "muted", 2.0)
            self.add(floor, self.regions[width], self.edges[width], name, readout)
        # Under one another, as wide as the widest number needs.
        left = min(readout.get_left()[0] for readout in self.readouts.values())
        for readout in self.readouts.values():
            readout.shift([left - readout.get_left()[0], 0, 0])
        self.add(*self._axis(stage, axis_zone))
        self.put(0.0)

    def _outline(self, values: np.ndarray) -> np.ndarray:
        """Middles and heights (the largest is 1) of the histogram of q·k, shape (bins + 2, 2)."""
        spread = 4.0 * float(values.std())
        counts, edges = np.histogram(values, self.BINS, (-spread, spread))
        middles = (edges[1:] + edges[:-1]) / 2
        inner = np.stack([middles, counts / counts.max()], axis=1)
        return np.vstack([[edges[0], 0], inner, [edges[-1], 0]])

    def _axis(self, stage: Stage, zone: Zone) -> list[VMobject]:
        em, texts = stage.em(Size.LABEL), []
        for tick in nice_ticks(-0.8 * self.reach, 0.8 * self.reach, 4):
            number = stage.words(format_number(tick, 0), Size.LABEL, "muted")
            # An em on either side: a tick stays or goes together with its mirror image.
            if abs(tick) * self.unit + em < zone.width / 2:
                texts.append(number.move_to([self.middle + tick * self.unit, zone.top - 0.75 * em, 0]))
        place = [zone.center[0], zone.bottom + 0.55 * em, 0]
        self.labels = [
            self._label(stage, zone, product).move_to(place) for product in ("q dot k", "q dot k \\/ sqrt(d)")
        ]
        return texts + self.labels

    @staticmethod
    def _label(stage: Stage, zone: Zone, product: str) -> VMobject:
        """What the axis shows, in full where there is room."""
        texts = (_("{product} for random $q$ and $k$"), _("random {product}"))
        labels = [stage.words(text.format(product=f"${product}$"), Size.LABEL, "muted") for text in texts]
        return next((label for label in labels if label.width <= zone.width), labels[-1])

    def put(self, progress: float) -> Spreads:
        """Divide by √d to this power: 0 leaves the scores as they are, 1 is the whole division."""
        # One name of the axis is gone before the other comes: on one another they could not be read.
        for label, shown in zip(self.labels, (1 - 3 * progress, 3 * progress - 2), strict=True):
            label.set_opacity(float(np.clip(shown, 0, 1)))
        for width in self.widths:
            factor = float(width) ** (-progress / 2)
            base, height = self.bases[width]
            outline = self.outlines[width] * [factor, 1.0]
            shown = np.zeros((len(outline), 3))
            inside = np.clip(outline[:, 0], -self.reach, self.reach)
            shown[:, 0] = self.middle + inside * self.unit
            shown[:, 1] = base + height * np.interp(inside, outline[:, 0], outline[:, 1])
            corners = np.vstack([[shown[0, 0], base, 0], shown, [shown[-1, 0], base, 0]])
            self.regions[width].put(corners)
            self.edges[width].put(shown)
            self.readouts[width].set_value(self.variances[width] * factor**2)
        return self


# --- From scores to shares --------------------------------------------------------------------------------


class ShareBars(VGroup):
    """One row of scores as bars that become shares of a whole, laid end to end on a strip of length 1.

    Args:
        stage: the stage.
        zone: room for all.
        words: what the bars belong to.
        shade: colours of shares.
    """

    def __init__(self, stage: Stage, zone: Zone, words: Sequence[str], shade: Shade) -> None:
        em, count = stage.em(Size.LABEL), len(words)
        self.shade = shade
        upper, lower = zone.rows(zone.height - 3.1 * em, 2.8 * em, gap=0.3 * em)
        pitch = min(upper.height / count, 0.85)
        top = upper.center[1] + count * pitch / 2
        labels = VGroup(*(shortened(stage, word, 0.3 * zone.width) for word in words))
        room = max(label.width for label in labels) + PAD
        numbers = 2.6 * em
        self.left, self.right = zone.left + room, zone.right - numbers
        self.rows = [(top - (i + 0.86) * pitch, top - (i + 0.14) * pitch) for i in range(count)]
        self.strip_zone = Zone(self.left, lower.top - 1.05 * em, self.right, lower.top)
        self.bars = Cells(self._bar_boxes(np.zeros(count), np.ones(count)), ["#000000"] * count, gap=0.0)
        self.strip = Cells(self._strip_boxes(np.full(count, 1 / count)), ["#000000"] * count, gap=0.0)
        self.numbers = VGroup()
        for label, (bottom, above) in zip(labels, self.rows, strict=True):
            middle = (bottom + above) / 2
            label.move_to([self.left - PAD - label.width / 2, middle, 0])
            number = stage.number(0.0, Size.LABEL)
            self.numbers.add(number.move_to([self.left, middle, 0]))
        self.zero = Curve(stage, role="muted", width=2.0)
        box = self.strip_zone
        self.frame = Curve(stage, frame_of(box), "text", 2.5)
        ends = [stage.words(text, Size.LABEL, "muted") for text in ("0", "1")]
        for end, across in zip(ends, (0, 1), strict=True):
            end.move_to(box.at(across, 0) - np.array([0, 0.75 * em, 0]))
        total = stage.number(1.0, Size.LABEL, anchor="right")
        total.move_to([zone.right - total.width / 2, box.center[1], 0])
        self.owners = VGroup(*(label.copy().set_y(box.center[1]) for label in labels))
        for owner in self.owners:
            owner.set_x(self.left - PAD - owner.width / 2)
        self.whole = VGroup(*ends, total)
        self.scores = VGroup(labels, self.zero, self.bars, self.numbers)
        super().__init__(self.scores, self.strip, self.frame, self.whole, self.owners)

    def _bar_boxes(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Bars between these shares of the bar zone's width, shape (n, 4)."""
        span = self.right - self.left
        rows = np.array(self.rows)
        low, high = np.minimum(starts, ends), np.maximum(starts, ends)
        return np.stack([self.left + low * span, rows[:, 0], self.left + high * span, rows[:, 1]], axis=1)

    def _strip_boxes(self, shares: np.ndarray) -> np.ndarray:
        """The shares end to end on the strip, shape (n, 4)."""
        ends = np.cumsum(shares)
        box = self.strip_zone
        left, right = (box.left + x * box.width for x in (ends - shares, ends))
        return np.stack([left, np.full_like(left, box.bottom), right, np.full_like(left, box.top)], axis=1)

    def put_scores(self, scores: np.ndarray, shares: np.ndarray, progress: float) -> None:
        """From bars as long as the scores, left and right of zero (0), to bars as long as e to the score (1)."""
        low, high = min(scores.min(), 0.0), max(scores.max(), 0.0)
        span = (high - low) or 1.0
        zero = -low / span
        powers = shares / shares.max()
        starts = lerp(np.full(len(scores), zero), 0.0, progress)
        ends = lerp((scores - low) / span, powers, progress)
        self._set(self.bars, self._bar_boxes(starts, ends), shares)
        x = self.left + lerp(zero, 0.0, progress) * (self.right - self.left)
        self.zero.put(np.array([[x, self.rows[-1][0], 0], [x, self.rows[0][1], 0]]))
        self._write(scores, 1.0 - progress)

    def put_powers(self, shares: np.ndarray, progress: float) -> None:
        """From bars as long as e to the score (0) to bars as long as the shares (1)."""
        lengths = lerp(shares / shares.max(), shares, progress)
        self._set(self.bars, self._bar_boxes(np.zeros(len(shares)), lengths), shares)
        self._write(shares, progress)

    def put_strip(self, shares: np.ndarray, progress: float) -> None:
        """Copies of the bars on their way (0) to the strip (1)."""
        start = self._bar_boxes(np.zeros(len(shares)), shares)
        end = self._strip_boxes(shares)
        # A thin gap keeps neighbours of one colour apart; a share thinner than that fills half of it.
        is_last = end[:, 2] > self.strip_zone.right - SEAM
        end[:, 2] -= np.where(is_last, 0.0, np.minimum(SEAM, 0.5 * (end[:, 2] - end[:, 0])))
        self._set(self.strip, lerp(start, end, progress), shares)

    def put_shares(self, shares: np.ndarray) -> None:
        """Another row's shares, in bars and strip at once."""
        self.put_powers(shares, 1.0)
        self.put_strip(shares, 1.0)

    def put_owner(self, weights: np.ndarray) -> None:
        """Show whose row it is: the opacity of each word beside the strip, shape (n,)."""
        for owner, opacity in zip(self.owners, weights, strict=True):
            owner.set_opacity(float(opacity))

    def _set(self, cells: Cells, boxes: np.ndarray, shares: np.ndarray) -> None:
        cells.points = rectangles(*np.moveaxis(boxes, 1, 0))
        cells.colors = ["#" + "".join(f"{round(255 * c):02X}" for c in color) for color in self.shade(shares)]

    def _write(self, values: np.ndarray, opacity: float) -> None:
        """Numbers right of their bars."""
        ends = self.bars.points.reshape(len(values), -1, 3)[..., 0].max(axis=1)
        for number, value, end in zip(self.numbers, values, ends, strict=True):
            number.set_value(float(value)).set_opacity(opacity)
            number.shift([end + PAD - number.get_left()[0], 0, 0])
