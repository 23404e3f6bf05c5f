"""The captions of `central-limit-theorem`: true for every admitted setting, at most 14 words each."""

from __future__ import annotations

from math import sqrt

from explainers.probability.central_limit_theorem import QUADRUPLED, CentralLimitTheorem
from scenes.probability.distributions_captions import plain

MOST_NAMED = 3
"""So many equally likely faces can be named in a caption."""


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: CentralLimitTheorem) -> None:
        self.clt, self.die = explainer, explainer.die

    @property
    def one_piece(self) -> str:
        modes, possible = self.die.modes, sum(self.die.pmf > 0)
        if len(modes) == possible:
            return f"One roll: a die on which {possible} faces are equally likely."
        if len(modes) == 1:
            share = plain(100 * self.die.pmf.max())
            return f"One roll: a loaded die that shows {modes[0]} in {share}% of its rolls."
        if len(modes) <= MOST_NAMED:
            return f"One roll: a loaded die that shows {' or '.join(map(str, modes))} most often."
        return f"One roll: a loaded die with {len(modes)} likeliest faces."

    @property
    def second_piece(self) -> str:
        return "Add a second roll: every bar spreads into a small copy of the die."

    @property
    def keep_adding(self) -> str:
        return f"Add {self.clt.largest} independent rolls: the mean grows like n, the spread only like √n."

    @property
    def standardise(self) -> str:
        several = len(self.clt.companions) > 1
        end = {
            "bell": "all gather around one bell" if several else "the sum settles on the bell",
            "lopsided": "same centre and width, but still lopsided",
            "lumpy": "same centre and width, but still lumpy",
        }[self.clt.regime]
        return f"Subtract nμ, divide by σ√n: {end}."

    @property
    def gap(self) -> str:
        gaps, n = self.clt.gaps, self.clt.largest
        if gaps[n] < gaps[1]:
            return f"Sum both from the left: the largest gap falls from {gaps[1]:.3f} to {gaps[n]:.3f}."
        return f"The largest gap: {gaps[1]:.3f} for one roll, {gaps[n]:.3f} for {n}."

    @property
    def skewness(self) -> str:
        if self.clt.is_symmetric:
            return "This die hardly leans to either side: there is no skewness to lose."
        values = ", ".join(
            f"{self.die.sum_skewness(n):.{self.clt.skewness_decimals}f}".replace("-", "−") for n in QUADRUPLED
        )
        return f"Four times the rolls, half the skewness: {values}."

    @property
    def cauchy_adds(self) -> str:
        return "Cauchy draws have no finite variance: four spread 4 times as wide, not 2."

    @property
    def cauchy_averages(self) -> str:
        n = self.clt.largest
        return f"Means of {n}: the rolls narrow to {1 / sqrt(n):.2f} σ, the Cauchy never narrows."

    @property
    def close(self) -> str:
        if self.clt.heavy_tail:
            return "Draws with finite variance head for the bell; the Cauchy keeps its tails."
        return "Whatever the die, its sums head for the bell; mean and variance remain."
