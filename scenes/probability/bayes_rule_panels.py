"""What `bayes-rule` shows besides its square: a table of areas or people, a ladder of odds, a closing triptych."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import DOWN, MathTypst, VGroup, VMobject

from scenes.pictures.shapes import Arrow, Curve
from scenes.pictures.unit_square import UnitSquare
from scenes.stage.stage import Stage
from scenes.stage.text import Size, TextLine
from scenes.stage.zones import Zone

ONE_LINE, WIDEST = 9.5, 15.0
"""Widths in em: from where a name and its number fit on one line, and beyond which they stand too far apart."""
ARROW_GAP = 1.9
"""Room in em between the squares of a triptych."""


class Table:
    """Rows for the sick, the healthy and all who are positive: width times height, then a number that ticks.

    The parts are faded in one by one: `names`, `widths`, `heights`, `pluses` (which say "and positive"),
    `numbers`, and the `result` row below.

    Args:
        stage: the stage.
        zone: where it stands.
        widths, heights: factors of the first two rows, as text.
        values: the three numbers.
        decimals: their digits.
        posterior: the number of the result row, as text.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        widths: list[str],
        heights: list[str],
        values: list[float],
        decimals: int,
        posterior: str,
    ) -> None:
        self.stage, em = stage, stage.em(Size.READOUT)
        width = min(zone.width, WIDEST * em)
        self.zone = Zone(zone.center[0] - width / 2, zone.bottom, zone.center[0] + width / 2, zone.top)
        self.head, *self.cells = self.zone.rows(0.7, 1, 1, 1, 1, gap=0.0)
        self.one_line = width >= ONE_LINE * em
        size = Size.TITLE if self.one_line and self.cells[0].height > 2.2 * em else Size.READOUT
        roles = ("second", "first", "data")
        texts = [stage.words(t, Size.READOUT, r) for t, r in zip(("sick", "healthy", "all"), roles, strict=True)]
        self.names = VGroup(*texts)
        self.pluses = VGroup(*(stage.words("+", Size.READOUT, "data") for _ in texts))
        self.numbers = VGroup(
            *(
                stage.number(value, size, role, decimals=decimals, anchor="right")
                for value, role in zip(values, roles, strict=True)
            )
        )
        for name, plus, number, cell in zip(self.names, self.pluses, self.numbers, self.cells, strict=False):
            self._put(name, number, cell)
            plus.next_to(name, buff=0.3 * em).match_y(name)
        self._add_factors(widths, heights)
        label = stage.math('P({{"sick" : second}} | {{+ : data}})', Size.READOUT)
        number = stage.literal(posterior, size, "second")
        self._put(label, number, self.cells[3])
        self.result = VGroup(label, number)
        y = self.cells[2].top
        self.line = Curve(stage, np.array([[self.zone.left, y, 0], [self.zone.right, y, 0]]), "muted", 2)

    def _put(self, name: TextLine | MathTypst, number: TextLine, cell: Zone) -> None:
        """A name at the left and a number at the right of a cell, on one line or on two."""
        if self.one_line:
            name.move_to([cell.left + name.width / 2, cell.center[1], 0])
            number.move_to([cell.right - number.width / 2, cell.center[1], 0])
            return
        free = max(cell.height - name.height - number.height, 0.0) / 2
        name.move_to([cell.left + name.width / 2, cell.top - free - name.height / 2, 0])
        number.move_to([cell.right - number.width / 2, cell.bottom + free + number.height / 2, 0])

    def _add_factors(self, widths: list[str], heights: list[str]) -> None:
        """Width times height of the first two rows, left of the number; none where there is no room."""
        stage, em = self.stage, self.stage.em(Size.READOUT)
        size = Size.READOUT if self.one_line else Size.LABEL
        end = min(number.get_left()[0] for number in self.numbers) - (0.8 if self.one_line else 0.5) * em
        self.widths, self.heights = VGroup(), VGroup()
        right = [stage.literal(f"× {text}", size, r) for text, r in zip(heights, ("second", "first"), strict=True)]
        left = [stage.literal(text, size, r) for text, r in zip(widths, ("second", "first"), strict=True)]
        column = max(text.width for text in right)
        for first, second, number in zip(left, right, self.numbers, strict=False):
            y = number.get_center()[1]
            second.move_to([end - column + second.width / 2, y, 0])
            first.move_to([end - column - 0.4 * em - first.width / 2, y, 0])
        names = max(plus.get_right()[0] for plus in self.pluses[:2]) + 0.4 * em
        if min(text.get_left()[0] for text in left) >= (names if self.one_line else self.zone.left):
            self.widths.add(*left)
            self.heights.add(*right)

    def heading(self, markup: str, over: VMobject | None = None) -> TextLine:
        """Muted words over the numbers or over `over`, to be faded in: what stands there."""
        words = self.stage.words(markup, Size.LABEL, "muted")
        right = self.zone.right if over is None else over.get_right()[0]
        return words.move_to([right - words.width / 2, self.head.center[1], 0])

    def put(self, values: list[float]) -> None:
        """Show these numbers."""
        for number, value in zip(self.numbers, values, strict=True):
            number.set_value(value)


class Ladder:
    """A row for each number of positive tests: the factor, the odds, the probability, and a strip split by it.

    Args:
        stage: the stage.
        zone: where it stands.
        rows: factor, both numbers of the odds, and probability of each row, as text.
    """

    def __init__(self, stage: Stage, zone: Zone, rows: list[tuple[str, tuple[str, str], str]]) -> None:
        self.stage, em = stage, stage.em(Size.LABEL)
        self.flat = zone.width > 2.2 * zone.height
        size = Size.READOUT if zone.height / len(rows) > 2.8 * em and zone.width > 12 * em else Size.LABEL
        height = min(zone.height, len(rows) * (1.6 if self.flat else 4.4) * em)
        middle = zone.center[1]
        self.zone = Zone(zone.left, middle - height / 2, zone.right, middle + height / 2)
        cells = self.zone.rows(*[1] * len(rows), gap=0.35 * em)
        self.factors, self.odds, self.shares = VGroup(), VGroup(), VGroup()
        self.strips: list[UnitSquare] = []
        for (factor, odds, share), cell in zip(rows, cells, strict=True):
            text, bar = (cell.columns(0.6, 0.4, gap=0.8 * em)) if self.flat else cell.rows(1, 1, gap=0.12 * em)
            name = stage.literal(factor, size, "parameter" if self.strips else "muted")
            pair = VGroup(
                stage.literal(odds[0], size, "second"),
                stage.words(":", size, "muted"),
                stage.literal(odds[1], size, "first"),
            ).arrange(buff=0.3 * em)
            end = stage.literal(share, size, "second")
            y = text.center[1]
            name.move_to([text.left + name.width / 2, y, 0])
            end.move_to([text.right - end.width / 2, y, 0])
            pair.move_to([text.center[0], y, 0])
            self.factors.add(name)
            self.odds.add(pair)
            self.shares.add(end)
            self.strips.append(UnitSquare(stage, bar.inset(0, 0.1 * bar.height) if self.flat else bar))
        self._make_room(0.5 * em)

    def _make_room(self, gap: float) -> None:
        """Without room for all three texts of every row, the probabilities are left out: the strips show them."""
        cramped = any(
            pair.get_left()[0] < name.get_right()[0] + gap or pair.get_right()[0] > share.get_left()[0] - gap
            for name, pair, share in zip(self.factors, self.odds, self.shares, strict=True)
        )
        if cramped:
            self.shares = VGroup(*(VGroup() for _ in self.strips))
            for pair, strip in zip(self.odds, self.strips, strict=True):
                right = self.zone.left + 0.58 * self.zone.width if self.flat else strip.box.right
                pair.move_to([right - pair.width / 2, pair.get_center()[1], 0])

    def texts(self, row: int) -> VGroup:
        """Odds and probability of a row."""
        return VGroup(self.odds[row], self.shares[row])


class Triptych:
    """Three unit squares and what they are called: prior, evidence, posterior. In a tall zone they stand in a column.

    Args:
        stage: the stage.
        zone: where they stand.
        names: Typst markup of the name of each.
        formulas: markup of what each shows, for `Stage.math`.
        values: that probability, as text; and its role.
    """

    def __init__(
        self, stage: Stage, zone: Zone, names: list[str], formulas: list[str], values: list[tuple[str, str]]
    ) -> None:
        em = stage.em(Size.READOUT)
        cells = zone.beside(1, 1, 1, gap=ARROW_GAP * em)
        wide = zone.width >= zone.height
        self.texts, self.boxes = VGroup(), []
        for name, formula, (value, role), cell in zip(names, formulas, values, cells, strict=True):
            head = stage.words(name, Size.READOUT)
            foot = VGroup(stage.math(formula, Size.READOUT), stage.literal(value, Size.TITLE, role))
            foot.arrange(DOWN, buff=0.35 * em)
            if wide:
                edge = min(cell.width, cell.height - 1.4 * em - foot.height - 0.4 * em)
                x, top = cell.center[0], cell.center[1] + (edge + foot.height + 1.8 * em) / 2
                box = Zone(x - edge / 2, top - 1.4 * em - edge, x + edge / 2, top - 1.4 * em)
                head.move_to([x, top - head.height / 2, 0])
                foot.move_to([x, box.bottom - 0.4 * em - foot.height / 2, 0])
            else:
                box = Zone(cell.left, cell.bottom, cell.left + cell.height, cell.top)
                VGroup(head, foot).arrange(DOWN, buff=0.6 * em).move_to(
                    [(box.right + cell.right) / 2, cell.center[1], 0]
                )
            self.texts.add(VGroup(head, foot))
            self.boxes.append(box)
        self.arrows = VGroup(*(self._arrow(stage, *pair, wide) for pair in pairwise(self.boxes)))

    @staticmethod
    def _arrow(stage: Stage, start: Zone, end: Zone, wide: bool) -> Arrow:
        """From one square to the next."""
        first, last = (start.at(1, 0.5), end.at(0, 0.5)) if wide else (start.at(0.5, 0), end.at(0.5, 1))
        return Arrow(stage, first + 0.2 * (last - first), last - 0.2 * (last - first), "muted", 0.05, 0.22)
