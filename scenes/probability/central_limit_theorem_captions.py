"""The captions of `central-limit-theorem`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from math import sqrt

from explainers.probability.central_limit_theorem import QUADRUPLED, CentralLimitTheorem
from scenes.stage.language import _
from scenes.stage.text import format_number


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: CentralLimitTheorem) -> None:
        self.clt, self.die = explainer, explainer.die

    @property
    def one_piece(self) -> str:
        modes, possible = self.die.modes, sum(self.die.pmf > 0)
        if len(modes) == possible:
            return _("One roll: a die on which {count} faces are equally likely.").format(count=possible)
        if len(modes) == 1:
            share = format_number(self.die.pmf.max(), 1, percent=True, trim=True)
            sentence = _("One roll: a loaded die that shows {face} in {share} of its rolls.")
            return sentence.format(face=modes[0], share=share)
        if len(modes) == 2:
            sentence = _("One roll: a loaded die that shows {first} or {second} most often.")
            return sentence.format(first=modes[0], second=modes[1])
        if len(modes) == 3:
            sentence = _("One roll: a loaded die that shows {first} or {second} or {third} most often.")
            return sentence.format(first=modes[0], second=modes[1], third=modes[2])
        return _("One roll: a loaded die with {count} likeliest faces.").format(count=len(modes))

    @property
    def second_piece(self) -> str:
        return _("Add a second roll: every bar spreads into a small copy of the die.")

    @property
    def keep_adding(self) -> str:
        sentence = _("Add {n} independent rolls: the mean grows like n, the spread only like √n.")
        return sentence.format(n=self.clt.largest)

    @property
    def standardise(self) -> str:
        several = len(self.clt.companions) > 1
        ending = {
            "bell": _("all gather around one bell") if several else _("the sum settles on the bell"),
            "lopsided": _("same centre and width, but still lopsided"),
            "lumpy": _("same centre and width, but still lumpy"),
        }[self.clt.regime]
        return _("Subtract nμ, divide by σ√n: {ending}.").format(ending=ending)

    @property
    def gap(self) -> str:
        gaps, n = self.clt.gaps, self.clt.largest
        if gaps[n] < gaps[1]:
            sentence = _("Sum both from the left: the largest gap falls from {one} to {many}.")
        else:
            sentence = _("The largest gap: {one} for one roll, {many} for {n}.")
        return sentence.format(one=format_number(gaps[1], 3), many=format_number(gaps[n], 3), n=n)

    @property
    def skewness(self) -> str:
        if self.clt.is_symmetric:
            return _("This die hardly leans to either side: there is no skewness to lose.")
        first, second, third = (format_number(self.die.sum_skewness(n), self.clt.skewness_decimals) for n in QUADRUPLED)
        sentence = _("Four times the rolls, half the skewness: {first}, {second}, {third}.")
        return sentence.format(first=first, second=second, third=third)

    @property
    def cauchy_adds(self) -> str:
        return _("Cauchy draws have no finite variance: four spread 4 times as wide, not 2.")

    @property
    def cauchy_averages(self) -> str:
        n = self.clt.largest
        sentence = _("Means of {n}: the rolls narrow to {width} σ, the Cauchy never narrows.")
        return sentence.format(n=n, width=format_number(1 / sqrt(n)))

    @property
    def close(self) -> str:
        if self.clt.heavy_tail:
            return _("Draws with finite variance head for the bell; the Cauchy keeps its tails.")
        return _("Whatever the die, its sums head for the bell; mean and variance remain.")
