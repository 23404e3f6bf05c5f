"""What `bayes-rule` shows besides its square: a table, a ladder of odds, people, a triptych."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from itertools import pairwise

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup, VMobject

from explainers.probability.bayes_rule import PEOPLE, HeadCount, Update
from scenes.pictures.crowd import Crowd
from scenes.pictures.shapes import Arrow, Curve
from scenes.pictures.unit_square import FADED, WHOLE, UnitSquare
from scenes.probability.bayes_rule_captions import sick_event
from scenes.stage.language import _, pgettext
from scenes.stage.stage import Stage
from scenes.stage.text import Formula, Size, TextLine
from scenes.stage.zones import Zone

Step = Callable[[float], None]

SIDE_OF_CROWD, BLOCK = 100, 10
"""People along each side of the square, 100 × 100 = `PEOPLE`, and of a block: wider gaps between blocks of 100."""
BLOCK_GAP = 1.0
"""Gap between blocks, in rooms of a person."""
POSITIVE_SIZE, NEGATIVE_SIZE = 1.1, 0.55
"""Sizes of people in the full population: the positives stand out."""
TRUE, FALSE, MISSED, CLEARED = range(4)
"""Kinds of people: sick or healthy and positive; sick or healthy and negative."""
ONE_LINE, WIDEST = 9.5, 14.4
"""Widths in em: from where name, factors and number fit on one line, and beyond which they stand too far apart."""
LEAST_LABEL = 0.8
"""How much the last row's formula may shrink to stand on one line with its number."""
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
        groups = (_("sick"), _("healthy"), pgettext("of the positives", "all"))
        texts = [stage.words(group, Size.READOUT, role) for group, role in zip(groups, roles, strict=True)]
        self.names = VGroup(*texts)
        self.pluses = VGroup(*(stage.words("+", Size.READOUT, "data") for _ in texts))
        self.numbers = VGroup(
            *(
                stage.number(value, size, role, decimals=decimals, anchor="right")
                for value, role in zip(values, roles, strict=True)
            )
        )
        label = stage.math(f"P({sick_event()} | {{{{+ : data}}}})", Size.READOUT)
        self.result = VGroup(label, stage.literal(posterior, size, "second"))
        pairs = list(zip([*self.names, label], [*self.numbers, self.result[1]], strict=True))
        sign = 0.3 * em + self.pluses[0].width
        taken = [name.width + sign + number.width for name, number in pairs[:-1]]
        # Where there is no room for the factors between name and number, they stand below the name.
        self.beside = self.one_line or max(*taken, LEAST_LABEL * label.width + pairs[-1][1].width) + 0.5 * em <= width
        for (name, number), cell in zip(pairs, self.cells, strict=True):
            self._put(name, number, cell)
        for plus, name in zip(self.pluses, self.names, strict=True):
            plus.next_to(name, buff=0.3 * em).match_y(name)
        self._add_factors(widths, heights)
        y = self.cells[2].top
        self.line = Curve(stage, np.array([[self.zone.left, y, 0], [self.zone.right, y, 0]]), "muted", 2)

    def _put(self, name: TextLine | Formula, number: TextLine, cell: Zone) -> None:
        """A name at the left and a number at the right of a cell, on one line or on two."""
        narrowed(name, cell.width - (number.width + 0.5 * self.stage.em(Size.READOUT) if self.beside else 0.0))
        upper, lower = self._lines(cell)
        name.move_to([cell.left + name.width / 2, upper, 0])
        number.move_to([cell.right - number.width / 2, upper if self.beside else lower, 0])

    def _lines(self, cell: Zone) -> tuple[float, float]:
        """Where the lines of a row stand: both in its middle, or one close below the other."""
        half = 0.0 if self.one_line else min(self.numbers[0].height, cell.height / 2) / 2
        return cell.center[1] + half, cell.center[1] - half

    def _add_factors(self, widths: list[str], heights: list[str]) -> None:
        """Width times height of the first two rows, left of the number; none where there is no room."""
        stage, em = self.stage, self.stage.em(Size.READOUT)
        end = min(number.get_left()[0] for number in self.numbers) - 0.5 * em
        self.widths, self.heights = VGroup(), VGroup()
        right = [stage.literal(f"× {text}", role=r) for text, r in zip(heights, ("second", "first"), strict=True)]
        left = [stage.literal(text, role=r) for text, r in zip(widths, ("second", "first"), strict=True)]
        column = max(text.width for text in right)
        for first, second, cell in zip(left, right, self.cells, strict=False):
            y = self._lines(cell)[1]
            second.move_to([end - column + second.width / 2, y, 0])
            first.move_to([end - column - 0.35 * em - first.width / 2, y, 0])
        start = max(plus.get_right()[0] for plus in self.pluses[:2]) + 0.3 * em if self.one_line else self.zone.left
        spare = min(text.get_left()[0] for text in left) - start
        if spare >= 0:
            self.widths.add(*left)
            self.heights.add(*right)
            VGroup(self.widths, self.heights).shift(LEFT * (min(spare / 2, 0.5 * em) if self.one_line else spare))

    def heading(self, markup: str, over: VMobject | None = None, *, left: bool = False) -> TextLine:
        """Muted words over the numbers or over `over`, to be faded in: what stands there; right or `left` aligned."""
        words = self.stage.words(markup, Size.LABEL, "muted")
        right = self.zone.right if over is None else over.get_right()[0]
        x = over.get_left()[0] + words.width / 2 if over is not None and left else right - words.width / 2
        return words.move_to([x, self.head.center[1], 0])

    def put(self, values: list[float]) -> None:
        """Show these numbers."""
        for number, value in zip(self.numbers, values, strict=True):
            number.set_value(value)


class Ladder:
    """A row for each number of positive tests: the factor, the odds, the probability, and a strip split by it.

    Args:
        stage: the stage.
        zone: where it stands.
        rows: factor (Typst markup), both numbers of the odds, and probability of each row, as text.
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
            name = stage.words(factor, size, "parameter" if self.strips else "muted")
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
        """The odds stand as far from what is left and right of them in the fullest row as they can.

        Without room for all three texts of every row, the probabilities are left out: the strips show them.
        """
        starts = [name.get_right()[0] + pair.width / 2 for name, pair in zip(self.factors, self.odds, strict=True)]
        ends = [share.get_left()[0] - pair.width / 2 for share, pair in zip(self.shares, self.odds, strict=True)]
        self.odds.shift(RIGHT * ((max(starts) + min(ends)) / 2 - self.odds[0].get_x()))
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
    """Three unit squares from left to right, or downward in a tall zone: prior, evidence, posterior.

    Each square is carried on from the one before. `texts` and `arrows` are to be faded in.

    Args:
        stage: the stage.
        zone: where they stand.
        update: what happens.
        rates: which share of each column is kept, shape (2,).
        shares: probabilities of prior, evidence and posterior, as text.
    """

    def __init__(self, stage: Stage, zone: Zone, update: Update, rates: np.ndarray, shares: list[str]) -> None:
        self.stage, self.zone, self.update, self.rates = stage, zone, update, np.asarray(rates)
        self.em, self.wide = stage.em(Size.READOUT), zone.width >= zone.height
        sick, positive = sick_event(), "{{+ : data}}"
        formulas = (f"P({sick})", f"P({positive})", f"P({sick} | {positive})")
        self.texts, self.squares, self.arrows = VGroup(), [], VGroup()
        cells = zone.beside(1, 1, 1, gap=ARROW_GAP * self.em)
        names, roles = (_("prior"), _("evidence"), _("posterior")), ("second", "data", "second")
        for name, formula, share, role, cell in zip(names, formulas, shares, roles, cells, strict=True):
            head = stage.words(name, Size.READOUT)
            foot = VGroup(stage.math(formula, Size.READOUT), stage.literal(share, Size.TITLE, role))
            foot.arrange(DOWN, buff=0.35 * self.em)
            self.squares.append(UnitSquare(stage, self._place(head, foot, cell)).put(update.before, (0, 0)))
            self.texts.add(VGroup(head, foot))
        self.boxes = [square.box for square in self.squares]
        moves = ((_("dim"),), (_("pour"), _("stretch")))
        for (start, end), verbs in zip(pairwise(self.boxes), moves, strict=True):
            self.arrows.add(self._arrow(start, end, verbs))
        if self.wide and self.arrows.width + self.em > self.boxes[2].left - self.boxes[0].right:
            self.arrows = VGroup(*(VGroup(arrow[0]) for arrow in self.arrows))
        self.squares[2].put_parts(update.before, tuple(self.rates)).shade(FADED)

    def _place(self, head: VMobject, foot: VMobject, cell: Zone) -> Zone:
        """Put the texts over and under a square, or beside it in a tall zone; returns the square."""
        for text in (head, foot[0]):
            narrowed(text, cell.width + 0.5 * ARROW_GAP * self.em if self.wide else cell.width - cell.height)
        if not self.wide:
            texts = VGroup(head, foot).arrange(DOWN, buff=0.6 * self.em)
            texts.move_to([(cell.left + cell.height + cell.right) / 2, cell.center[1], 0])
            return Zone(cell.left, cell.bottom, cell.left + cell.height, cell.top)
        over, under = 1.4 * self.em, 0.4 * self.em
        edge = min(cell.width, cell.height - over - under - foot.height)
        x, top = cell.center[0], cell.center[1] + (over + edge + under + foot.height) / 2
        head.move_to([x, top - head.height / 2, 0])
        foot.move_to([x, top - over - edge - under - foot.height / 2, 0])
        for text in (head, *foot):
            # A long word may reach into the gap beside the square, never out of the zone.
            left, right = (text.get_edge_center(side)[0] for side in (LEFT, RIGHT))
            text.shift(RIGHT * (max(self.zone.left - left, 0.0) - max(right - self.zone.right, 0.0)))
        return Zone(x - edge / 2, top - over - edge, x + edge / 2, top - over)

    def _arrow(self, start: Zone, end: Zone, verbs: tuple[str, ...]) -> VGroup:
        """From one square to the next, with one word above it and a second below, or all of them to its right."""
        first, last = (start.at(1, 0.5), end.at(0, 0.5)) if self.wide else (start.at(0.5, 0), end.at(0.5, 1))
        way = last - first
        arrow = Arrow(self.stage, first + 0.2 * way, last - 0.2 * way, "muted", 0.05, 0.22)
        texts = zip(verbs, (UP, DOWN), strict=False) if self.wide else [(", ".join(verbs), RIGHT)]
        labels = (self.stage.words(text, Size.LABEL, "muted").next_to(arrow, side, buff=0.15) for text, side in texts)
        return VGroup(arrow, *labels)

    def gather(self, start: UnitSquare) -> Step:
        """A step that moves the first square from where another one stands, and from what it shows, to the prior.

        The prior knows of no test: what was lit as positive goes out on the way.
        """
        first, last, split = np.array(astuple(start.box)), np.array(astuple(self.boxes[0])), start.split
        square = self.squares[0]

        def step(progress: float) -> None:
            square.put(split + progress * (self.update.before - split), (1.0, 1.0) if progress < 1 else (0.0, 0.0))
            square.parts.set_fill(opacity=1 - progress)
            square.place(Zone(*(first + progress * (last - first))))

        return step

    def carry(self, index: int) -> Step:
        """A step that brings a square from the place of the one before to its own."""
        start, end = (np.array(astuple(box)) for box in self.boxes[index - 1 : index + 1])
        return lambda progress: self.squares[index].place(Zone(*(start + progress * (end - start))))

    def keep(self, progress: float) -> None:
        """In the second square, what agrees with the evidence is lit, and what contradicts it is dimmed."""
        heights = tuple(progress * self.rates)
        self.squares[1].put_parts(self.update.before, heights).shade(WHOLE + progress * (FADED - WHOLE))

    def rescale(self, progress: float) -> None:
        """In the third square, what is left is poured and stretched."""
        update = self.update
        state = update.poured(2 * progress) if progress < 0.5 else update.stretched(2 * progress - 1)
        self.squares[2].put_parts(*state)


def narrowed(text: VMobject, width: float) -> VMobject:
    """A text shrunk to this width, where a language is longer than there is room."""
    return text.scale(min(1.0, width / text.width))


def population(stage: Stage, box: Zone, heads: HeadCount) -> Crowd:
    """`PEOPLE` people in a unit square: the sick at the left, the positives of each column in its lowest rows.

    They stand in blocks of 100; who tested negative is smaller.
    """
    blocks = SIDE_OF_CROWD // BLOCK
    pitch = box.width / (SIDE_OF_CROWD + (blocks - 1) * BLOCK_GAP)
    column, row = np.divmod(np.arange(PEOPLE), SIDE_OF_CROWD)
    across, up = (pitch * (index + 0.5 + BLOCK_GAP * (index // BLOCK)) for index in (column, row))
    places = np.stack([box.left + across, box.bottom + up], axis=1)
    kinds = np.where(np.arange(PEOPLE) < heads.sick, MISSED, CLEARED)
    for negative, kind, count in ((MISSED, TRUE, heads.true_positives), (CLEARED, FALSE, heads.false_positives)):
        group = np.flatnonzero(kinds == negative)
        lowest = group[np.lexsort((group // SIDE_OF_CROWD, group % SIDE_OF_CROWD))]
        kinds[lowest[:count]] = kind
    crowd = Crowd(stage, places, kinds, ("second", "first", "second", "first"), pitch)
    crowd.sizes = [POSITIVE_SIZE, POSITIVE_SIZE, NEGATIVE_SIZE, NEGATIVE_SIZE]
    return crowd
