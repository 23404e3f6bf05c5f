"""Staging of `bayes-rule`: a positive test dims a part of the square, and what is left is stretched to area 1."""

from __future__ import annotations

from math import floor, log10

import numpy as np
from manim import LEFT, RIGHT, UP, Animation, AnimationGroup, FadeIn, FadeOut, Indicate, Mobject, VGroup, VMobject

from explainers.probability.bayes_rule import BayesRule, Update
from scenes.pictures.crowd import ranks
from scenes.pictures.shapes import Region
from scenes.pictures.unit_square import FADED, WHOLE, HeightMark, UnitSquare
from scenes.probability import bayes_rule_captions as words
from scenes.probability.bayes_rule_panels import FALSE, TRUE, Ladder, Step, Table, Triptych, population
from scenes.stage.language import _
from scenes.stage.scene import ExplainerScene
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

HEADER, TWO_LINES = 1.45, 2.45
"""Room in em over the square for the names of columns, with their shares beside them or above them."""
SHARE_GAP = 0.4
"""Room in em between what stands side by side over the square."""
LEAST_SIDE = (4.9, 5.6)
"""Width and height in em that the panel beside or below the square needs."""
SIDE_SHARE = 0.345
"""Share of the width that the panel gets beside the square, or more."""
NEGATIVES = 0.7
"""Opacity of people who tested negative; they are smaller too."""


class BayesRuleScene(ExplainerScene[BayesRule]):
    """Split the square, keep what is positive, pour, stretch; count heads; multiply odds; test again."""

    explainer_type = BayesRule

    def construct(self) -> None:
        """The story, beat by beat."""
        self.allow("colour-blind", reason="evidence is a plus sign, the sick are a word and always the left part")
        self.build()
        self.split_by_prior()
        self.split_by_test()
        self.keep_positives()
        self.pour()
        self.stretch()
        self.count_people()
        self.close_ranks()
        self.multiply_odds()
        for test in range(2, self.explainer.tests + 1):
            self.test_again(test)
        self.summarise()

    # --- What stays on stage ----------------------------------------------------------------------------

    def build(self) -> None:
        """Square, names of its columns and height marks; nothing is on stage yet."""
        stage, bayes = self.stage, self.explainer
        digits = [words.share_decimals(rate) for rate in self.rates]
        margins = [HeightMark.room(stage, *mark) for mark in zip(self.rates, digits, strict=True)]
        level = HeightMark.room(stage, bayes.update(1).evidence)
        em = stage.em(Size.READOUT)
        lines = (stage.literal(f"{factor} {sick} : {healthy}").width for factor, (sick, healthy), _ in self.odds_rows())
        least_width = max(LEAST_SIDE[0] * em, max(lines) + em)
        self.names = VGroup(stage.words(_("sick"), role="second"), stage.words(_("healthy"), role="first"))
        label = stage.em(Size.LABEL)
        headers = [(*self.names, *self.share_texts(split)) for split in bayes.posteriors]
        needed = max(sum(text.width for text in texts) for texts in headers) + 3 * SHARE_GAP * label
        for header in (HEADER, TWO_LINES):
            box, self.side = arrange(stage.zones.body, em, margins[0], max(margins[1], level), least_width, header)
            self.shares_above = header == TWO_LINES
            if needed <= box.width:
                break
        self.square = UnitSquare(stage, box).put(bayes.prior, (0, 0))
        self.names.scale(min(1.0, (box.width - 0.2 * label) / sum(name.width for name in self.names)))
        y = box.top + 0.62 * self.names[0].height
        self.names[0].move_to([box.left + self.names[0].width / 2, y, 0])
        self.names[1].move_to([box.right - self.names[1].width / 2, y, 0])
        self.shares = self.make_shares(bayes.prior)
        self.level = HeightMark(stage, box, 1, "data")
        self.marks = VGroup(
            *(
                HeightMark(stage, box, side, role, decimals)
                for side, role, decimals in zip((-1, 1), ("second", "first"), digits, strict=True)
            )
        )

    def make_shares(self, split: float) -> VGroup:
        """The widths of the columns in percent, beside their names or above them."""
        (sick, healthy), (left, right) = self.names, self.share_texts(split)
        gap = SHARE_GAP * self.stage.em(Size.LABEL)
        if self.shares_above:
            left.next_to(sick, UP, buff=0.05, aligned_edge=LEFT)
            right.next_to(healthy, UP, buff=0.05, aligned_edge=RIGHT)
        else:
            left.next_to(sick, RIGHT, buff=gap)
            right.next_to(healthy, LEFT, buff=gap)
        # Over a tiny square the panel alone tells the shares.
        return VGroup(left, right) if left.get_right()[0] + gap <= right.get_left()[0] else VGroup()

    def share_texts(self, split: float) -> tuple[VMobject, VMobject]:
        """The widths of both columns in percent, not placed."""
        shares = ((split, "second"), (1 - split, "first"))
        left, right = (self.stage.literal(words.short_share(share), role=role) for share, role in shares)
        return left, right

    def fill(self, split: float, heights: tuple[float, float]) -> None:
        """Show the lit parts."""
        self.square.put_parts(split, heights)

    @property
    def rates(self) -> np.ndarray:
        """Which share of each column is positive, shape (2,)."""
        return np.array([self.explainer.sensitivity, self.explainer.false_positive_rate])

    @property
    def widths_change(self) -> bool:
        """Whether pouring moves anything: both heights differ, and there are two columns."""
        return self.explainer.regime not in ("certain", "silent")

    def dim_to(self, opacity: float, run_time: float = 1.2) -> Animation:
        """Change how bright the columns are under their lit parts."""
        columns, first = self.square.columns, self.square.columns[0].get_fill_opacity()
        return self.drive(lambda t: columns.set_fill(opacity=first + t * (opacity - first)), columns, run_time=run_time)

    def emphasise(self, *mobjects: Mobject) -> AnimationGroup:
        """A short pulse of each."""
        color = self.stage.color("highlight")
        return AnimationGroup(*(Indicate(m, scale_factor=1.12, color=color) for m in mobjects), run_time=0.8)

    # --- The square -----------------------------------------------------------------------------------------

    def make_table(self) -> None:
        """The table beside the square; its parts join the stage one by one."""
        bayes, first = self.explainer, self.explainer.update(1)
        self.areas = [first.sick, first.healthy, first.evidence]
        smallest = min(area for area in self.areas if area > 0)
        self.table = Table(
            self.stage,
            self.side,
            [words.share(bayes.prior), words.share(1 - bayes.prior)],
            [words.share(rate) for rate in self.rates],
            self.areas,
            int(np.clip(1 - floor(log10(smallest)), 4, 6)),
            words.short_share(first.after),
        )
        table = self.table
        self.units = VGroup(table.heading(_("area")))
        self.factors = VGroup(VGroup(table.widths), VGroup(table.heights))
        if len(table.widths):
            self.factors[0].add(table.heading(_("width"), table.widths))
            self.factors[1].add(table.heading(_("× height"), table.heights, left=True))

    def split_by_prior(self) -> None:
        """All people are a square; a strip of it is sick."""
        stage, bayes, square, box = self.stage, self.explainer, self.square, self.square.box
        with self.beat(words.prior(bayes), chapter=_("The prior")):
            self.heading(stage.words(_(bayes.title), Size.TITLE))
            corners = [box.at(0, 0), box.at(1, 0), box.at(1, 1), box.at(0, 1)]
            everyone = Region(stage, np.array(corners), "muted", WHOLE)
            self.make_table()
            self.play(FadeIn(everyone, square.frame), run_time=0.8)
            self.play(FadeOut(everyone), FadeIn(square.columns, self.names), run_time=1.0)
            self.bring_to_front(square.frame)
            self.play(FadeIn(self.shares), run_time=0.6)
            self.play(FadeIn(self.table.names[:2], self.factors[0]), run_time=0.6)

    def split_by_test(self) -> None:
        """The lit parts of both columns grow to the rates of the test."""
        bayes, square = self.explainer, self.square
        with self.beat(words.test(bayes), chapter=_("The test")):
            self.add(square, self.marks)

            def rise(progress: float) -> None:
                self.fill(bayes.prior, tuple(progress * self.rates))
                for mark, rate in zip(self.marks, self.rates, strict=True):
                    mark.put(progress * float(rate))

            rise(0.0)
            self.play(FadeIn(self.marks), run_time=0.4)
            self.play(self.drive(rise, square.parts, self.marks, run_time=3.0))
            self.play(FadeIn(self.factors[1]), run_time=0.6)

    def keep_positives(self) -> None:
        """What tests negative fades; the areas of what stays are written down."""
        table = self.table
        with self.beat(words.positive(self.explainer), chapter=_("A positive test")):
            self.play(self.dim_to(FADED, 1.5))
            self.play(FadeIn(table.pluses[:2], self.units), run_time=0.6)
            for number in table.numbers[:2]:
                self.play(FadeIn(number), run_time=0.5)
            self.play(FadeIn(table.line, table.names[2], table.pluses[2], table.numbers[2]), run_time=0.6)

    def poured_step(self, update: Update) -> Step:
        """A step that pours both parts to one height."""
        return lambda progress: self.fill(*update.poured(progress))

    def pour(self) -> None:
        """Both parts take one height, which is the probability of a positive test; their areas stay."""
        first, parts = self.explainer.update(1), self.square.parts
        with self.beat(words.poured(self.explainer), chapter=_("Areas stay")):
            self.play(FadeOut(self.shares, self.marks, self.factors), run_time=0.6)
            self.play(self.emphasise(*self.table.numbers[:2]))
            if self.widths_change:
                self.play(self.drive(self.poured_step(first), parts, run_time=4.0))
            self.level.put(first.evidence)
            self.play(FadeIn(self.level), run_time=0.6)

    def stretched_step(self, update: Update, *, linked: bool = False) -> Step:
        """A step that stretches the poured parts over the square; `linked`, the areas in the table follow."""

        def step(progress: float) -> None:
            width, heights = update.stretched(progress)
            self.fill(width, heights)
            if linked:
                factor = heights[0] / update.evidence
                self.table.put([factor * area for area in self.areas])
                self.level.put(heights[0])

        return step

    def stretch(self) -> None:
        """Dividing by the probability of a positive test brings the area back to 1."""
        stage, bayes, first = self.stage, self.explainer, self.explainer.update(1)
        with self.beat(words.stretched(bayes), chapter=_("The posterior")):
            self.play(self.emphasise(self.level.number, self.table.numbers[2]))
            self.play(FadeOut(self.units), run_time=0.3)
            self.units = VGroup(self.table.heading(_("share of positives")))
            self.play(FadeIn(self.units), run_time=0.3)
            step = self.stretched_step(first, linked=True)
            self.play(self.drive(step, self.square.parts, self.table.numbers, self.level, run_time=3.5))
            self.shares = self.make_shares(first.after)
            self.play(FadeOut(self.level), FadeIn(self.shares, self.table.result), run_time=0.7)
            sick, positive = words.sick_event(), "{{+ : data}}"
            posterior = f"P({sick} | {positive}) ="
            formula = f"{posterior} P({positive} | {sick}) thin P({sick}) thin \\/ thin P({positive})"
            self.heading(stage.math(formula, Size.READOUT))
            self.wait(1.5)
            self.heading(stage.math(f"{posterior} {self.posterior_in_numbers()}", Size.READOUT))

    def posterior_in_numbers(self) -> str:
        """Bayes' rule with the numbers of the square."""
        bayes, first = self.explainer, self.explainer.update(1)
        evidence = format_number(first.evidence, self.table.numbers[2].decimals)
        factors = [f'{{{{"{words.decimal(rate)}" : second}}}}' for rate in (bayes.sensitivity, bayes.prior)]
        result = f'{{{{"{words.short_share(first.after)}" : second}}}}'
        return f'{" times ".join(factors)} thin \\/ thin {{{{"{evidence}" : data}}}} = {result}'

    # --- People -----------------------------------------------------------------------------------------------

    def count_people(self) -> None:
        """The square of all people once more, and now it is made of people."""
        bayes, square = self.explainer, self.square
        with self.beat(words.people(bayes), chapter=_("10 000 people")):
            numbers, heads = self.table.numbers, bayes.heads
            self.play(FadeOut(self.shares, square.parts, self.units, numbers), run_time=0.6)
            self.crowd = population(self.stage, square.box, bayes.heads)
            self.crowd.strengths = [1.0, 1.0, NEGATIVES, NEGATIVES]
            self.shares = self.make_shares(bayes.prior)
            self.play(FadeOut(square.columns), FadeIn(self.crowd, self.shares), run_time=1.2)
            self.units = VGroup(self.table.heading(_("people") if heads.exact else _("people, rounded")))
            for number in numbers:
                number.decimals = 0
            self.table.put([heads.true_positives, heads.false_positives, heads.positives])
            self.play(FadeIn(self.units, numbers), run_time=0.6)

    def close_ranks(self) -> None:
        """Only the positives stay; they close ranks until they fill the square."""
        bayes, crowd = self.explainer, self.crowd
        with self.beat(words.closed_ranks(bayes), chapter=_("Close ranks")):

            def fade(progress: float) -> None:
                crowd.strengths = [1.0, 1.0, *[NEGATIVES * (1 - progress)] * 2]

            self.play(self.drive(fade, crowd, run_time=1.0), FadeOut(self.shares))
            start_pitch = crowd.pitch
            order = np.concatenate([np.flatnonzero(crowd.kinds == kind) for kind in (TRUE, FALSE)])
            starts = crowd.points[::4, :2][order]
            ends, end_pitch = ranks(len(order), self.square.box)
            crowd.kinds = crowd.kinds[order]

            def close(progress: float) -> None:
                crowd.put(starts + progress * (ends - starts), start_pitch + progress * (end_pitch - start_pitch))

            close(0.0)
            self.play(self.drive(close, crowd, run_time=4.0))
            self.shares = self.make_shares(bayes.update(1).after)
            self.play(FadeIn(self.shares), self.emphasise(self.table.result[1]))

    # --- Odds -------------------------------------------------------------------------------------------------

    def multiply_odds(self) -> None:
        """The same update in odds: one factor."""
        stage, bayes, square, first = self.stage, self.explainer, self.square, self.explainer.update(1)
        with self.beat(words.odds(bayes), chapter=_("Odds")):
            table = self.table
            gone = (self.units, table.names, table.pluses, table.numbers, table.line, table.result)
            self.play(FadeOut(*gone), run_time=0.5)
            square.put(first.after)
            square.shade(WHOLE)
            self.play(FadeOut(self.crowd), FadeIn(square.parts), run_time=0.8)
            self.add(square)
            self.make_ladder()
            self.play(FadeIn(self.ladder.factors[0], self.ladder.strips[0], self.ladder.texts(0)), run_time=0.7)
            self.play(FadeIn(self.start_row(1), self.ladder.strips[1]), run_time=0.7)
            strip = self.ladder.strips[1]
            self.play(self.drive(lambda t: strip.put(first.poured(t)[0]), strip, run_time=1.8))
            self.play(FadeIn(self.ladder.texts(1)), run_time=0.6)
            sick, healthy = (words.share(rate) for rate in self.rates)
            ratio = f'{{{{"{words.figure(bayes.likelihood_ratio)}" : parameter}}}}'
            name = _("likelihood ratio")
            formula = f'"{name}" = {{{{"{sick}" : second}}}} \\/ {{{{"{healthy}" : first}}}} = {ratio}'
            self.heading(stage.math(formula, Size.READOUT))

    def odds_rows(self) -> list[tuple[str, tuple[str, str], str]]:
        """Factor, odds and probability before all tests and after each, as text."""
        bayes, factor = self.explainer, f"× {words.figure(self.explainer.likelihood_ratio)}"
        rows = []
        for tests, posterior in enumerate(bayes.posteriors):
            sick, healthy = (words.figure(number) for number in bayes.odds(tests))
            rows.append((factor if tests else _("before"), (sick, healthy), words.short_share(posterior)))
        return rows

    def make_ladder(self) -> None:
        """Rows for all tests; they join the stage one by one."""
        self.ladder = Ladder(self.stage, self.side, self.odds_rows())
        # Nobody has tested positive yet: nothing is lit.
        self.ladder.strips[0].put(self.explainer.prior, (0.0, 0.0))

    def start_row(self, test: int) -> VMobject:
        """The factor of a row, whose strip is put to the probability before the test."""
        self.ladder.strips[test].put(self.explainer.posteriors[test - 1])
        return self.ladder.factors[test]

    def test_again(self, test: int) -> None:
        """The posterior is the new prior: dim, pour and stretch once more."""
        square, update, strip = self.square, self.explainer.update(test), self.ladder.strips[test]
        with self.beat(words.again(self.explainer, test), chapter=_("Test {number}").format(number=test)):
            self.play(FadeIn(self.start_row(test), strip), FadeOut(self.shares), run_time=0.6)

            def fall(progress: float) -> None:
                self.fill(update.before, tuple(1 + progress * (self.rates - 1)))

            self.play(self.drive(fall, square.parts, run_time=1.2))
            self.play(self.dim_to(FADED, 0.8))
            pour = self.poured_step(update)

            def pour_both(progress: float) -> None:
                pour(progress)
                strip.put(square.split)

            self.play(self.drive(pour_both, square.parts, strip, run_time=2.2))
            self.play(self.drive(self.stretched_step(update), square.parts, run_time=1.6))
            square.put_columns(update.after)
            square.shade(WHOLE)
            self.shares = self.make_shares(update.after)
            self.play(FadeIn(self.shares, self.ladder.texts(test)), run_time=0.7)

    # --- Summary ----------------------------------------------------------------------------------------------

    def summarise(self) -> None:
        """The first test once more, as three squares side by side."""
        stage, update = self.stage, self.explainer.update(1)
        with self.beat(_(words.SUMMARY), chapter=_("In one picture")):
            shares = [words.short_share(share) for share in (update.before, update.evidence, update.after)]
            triptych = self.triptych = Triptych(stage, stage.zones.body, update, self.rates, shares)
            before, kept, after = triptych.squares
            ladder, gather = self.ladder, triptych.gather(self.square)
            panel = (self.names, self.shares, ladder.factors, ladder.odds, ladder.shares, *ladder.strips)
            gather(0.0)
            self.add(before)
            self.remove(self.square)
            self.play(FadeOut(*panel), run_time=0.6)
            self.heading(stage.words(_(self.explainer.title), Size.TITLE))
            self.play(self.drive(gather, before, run_time=1.2))
            self.play(FadeIn(triptych.texts[0]), run_time=0.5)
            for index, square, change, run_time in ((1, kept, triptych.keep, 1.2), (2, after, triptych.rescale, 2.4)):
                carry = triptych.carry(index)
                carry(0.0)
                self.add(square)
                self.play(self.drive(carry, square, run_time=0.9), FadeIn(triptych.arrows[index - 1]))
                self.play(self.drive(change, square, run_time=run_time))
                self.play(FadeIn(triptych.texts[index]), run_time=0.5)


def arrange(
    body: Zone, em: float, left: float, right: float, least_width: float, header: float = HEADER
) -> tuple[Zone, Zone]:
    """The square, as large as it can be with room for marks left and right, and the panel beside or below it.

    Over the square there is room for a `header` of so many em.
    """
    header, gap = header * em, 0.35 * em
    least_width, least_height = max(least_width, SIDE_SHARE * body.width), LEAST_SIDE[1] * em
    beside = min(body.height - header, body.width - least_width - gap - left - right)
    below = min(body.width - left - right, body.height - least_height - 2 * gap - header)
    if beside >= below:
        width = beside + left + right
        main, side = body.columns(width, body.width - gap - width, gap=gap)
    else:
        main, side = body.rows(below + header, body.height - 2 * gap - below - header, gap=2 * gap)
    edge = max(beside, below)
    x, top = main.center[0] + (left - right) / 2, main.center[1] + (edge + header) / 2 - header
    return Zone(x - edge / 2, top - edge, x + edge / 2, top), side
