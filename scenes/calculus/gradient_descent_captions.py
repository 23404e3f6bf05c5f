"""The captions of `gradient-descent`: true for every start, rate and surface, at most 14 words each."""

from __future__ import annotations

from explainers.calculus.gradient_descent import GradientDescent, Run
from scenes.calculus.gradient_descent_rates import rate_text
from scenes.stage.language import N_, _, localized, percent_sign

OWN_NAMES = {
    "still": N_("still"),
    "crawl": N_("crawling"),
    "brisk": N_("brisk"),
    "zigzag": N_("zigzag"),
    "borderline": N_("at $2\\/L$:"),
    "bounces": N_("bouncing"),
    "diverges": N_("diverging"),
}
"""The run at the rate that the lecturer chose, named by how it goes."""
UNPRINTED = 1e-12
"""A share of the distance below this is mostly rounding."""


class Captions:
    """What is said at each beat about one configured explainer."""

    def __init__(self, explainer: GradientDescent) -> None:
        self.explainer = explainer

    @property
    def is_still(self) -> bool:
        """Whether the start has no gradient, so that nothing ever moves."""
        return self.explainer.start_kind == "minimum"

    @property
    def grows_alike(self) -> bool:
        """Whether all the distance grows when a run diverges, not one direction's part of it."""
        return self.explainer.is_circular or self.explainer.start_kind in ("flat axis", "steep axis")

    @property
    def names(self) -> dict[str, str]:
        """Typst markup that names each run, more exactly its rate, before "η = …"."""
        good = _("best") if self.explainer.good_halvings == 0 else _("good")
        regime = self.explainer.runs["own"].regime
        return {"slow": _("slow"), "good": good, "own": _(OWN_NAMES[regime]), "divergent": _("above $2\\/L$:")}

    @property
    def landscape(self) -> str:
        if self.explainer.surface == "network":
            return _("Training goes downhill: the height is a trained network's measured loss.")
        return _("Training goes downhill: the height of this surface is the loss.")

    @property
    def downhill(self) -> str:
        if self.is_still:
            return _("At this start the gradient is zero: there is no slope to follow.")
        return _("The negative gradient points down the steepest way, square to the contour.")

    @property
    def step(self) -> str:
        if self.is_still:
            return _("A step is η times the negative gradient: here it has no length.")
        if self.explainer.runs["good"].distances[1] == 0.0:
            return _("A step is η times the negative gradient: here one step arrives.")
        return _("Gradient descent: a step is η times the negative gradient, measured afresh each time.")

    def of_run(self, name: str) -> str:
        """How a run goes, by the names of `GradientDescent.rates`."""
        run = self.explainer.runs[name]
        if run.regime == "still":
            sentence = _("Where the gradient is zero, η = {rate} moves nothing.")
        elif name == "good":
            sentence = self._of_good()
        elif name == "divergent":
            sentence = self._of_divergent(run)
        elif run.settles and not self.explainer.is_spared(run.rate):
            sentence = self._of_settling(run)
        else:
            sentence = self._of_restless(run)
        rate = rate_text(self.explainer.rates[name], 6 if name == "own" else 4)
        # No sentence has all of these fields.
        return sentence.format(
            rate=rate,
            limit=rate_text(self.explainer.limit),
            halvings=self.explainer.good_halvings,
            growth=self._growth(run),
            share=self._share(run),
            left=self._left(run),
            n=run.steps,
        )

    def _growth(self, run: Run) -> str:
        """By how much each step multiplies what grows; exact on a bowl alone."""
        return localized(f"{self.explainer.contraction(run.rate):.4g}")

    def _share(self, run: Run) -> str:
        """How much of the distance is left: "30%"."""
        if run.remaining < UNPRINTED:
            return f"<{rate_text(100 * UNPRINTED, 1)}{percent_sign()}"
        if run.remaining < 0.001:
            return rate_text(100 * run.remaining, 1) + percent_sign()
        return localized(f"{100 * run.remaining:.2g}").replace("1e+02", "100") + percent_sign()

    def _left(self, run: Run) -> str:
        """What is left of the distance, as a clause."""
        if run.remaining == 0.0 and self.explainer.has_closed_form:
            return _("nothing of the distance left")
        return _("{share} of the distance left").format(share=self._share(run))

    def _of_good(self) -> str:
        if self.explainer.good_halvings:
            return _("η = {rate}, the best halved {halvings}×: {left}.")
        return _("Best η = 2/(μ + L) = {rate}: {left}.")

    def _of_divergent(self, run: Run) -> str:
        descent = self.explainer
        if descent.is_spared(run.rate):
            return _("η = {rate} exceeds 2/L = {limit}, but this start has no steep part.")
        if descent.has_closed_form and self.grows_alike:
            return _("η = {rate}, above 2/L = {limit}, grows the distance {growth}× each step.")
        if descent.has_closed_form:
            return _("η = {rate}, above 2/L = {limit}, grows the steep part {growth}× each step.")
        if run.settles:
            # Other minima have other curvatures, and so other limits.
            return _("η = {rate} exceeds 2/L = {limit} here, but settles in another valley.")
        if run.regime == "diverges":
            return _("η = {rate} exceeds the local limit 2/L = {limit}: the run escapes.")
        return _("η = {rate} exceeds the local limit 2/L = {limit}: it never settles.")

    def _of_settling(self, run: Run) -> str:
        """A slow run, or the viewer's own, that ends at a minimum."""
        if run.regime == "zigzag":
            return _("η = {rate} zigzags in: {left} after {n} steps.")
        if run.regime == "crawl" and run.remaining > 0.01:
            return _("η = {rate} crawls: {left} after {n} steps.")
        if run.regime == "crawl":
            return _("η = {rate} goes slowly: {left} after {n} steps.")
        if run.remaining <= 0.1:
            return _("η = {rate} is brisk: {left} after {n} steps.")
        return _("η = {rate} is near best: {share} left after {n} steps.")

    def _of_restless(self, run: Run) -> str:
        """The same of one that does not, or that only its start spares."""
        descent = self.explainer
        if descent.is_spared(run.rate):
            return _("η = {rate} exceeds 2/L, but this start has no steep part.")
        if run.regime == "borderline":
            return _("η = {rate} is exactly 2/L: it jumps to and fro forever.")
        if run.regime == "bounces":
            return _("η = {rate} bounces and does not settle.")
        if descent.surface == "network":
            return _("η = {rate} diverges: it leaves the part of the surface that was measured.")
        if not descent.has_closed_form:
            return _("η = {rate} diverges: away from the minimum the surface is steeper.")
        if self._growth(run) == "1":
            return _("η = {rate} diverges, if slowly: it is just above the limit.")
        if self.grows_alike:
            return _("η = {rate} diverges: each step makes the distance {growth} times larger.")
        return _("η = {rate} diverges: each step makes the steep part {growth} times larger.")

    @property
    def limit(self) -> str:
        if not self.explainer.has_closed_form:
            return _("Near the minimum a step scales the steep part by 1 − ηL.")
        # On the flat axis it is 1 − ημ that scales the distance.
        if self.grows_alike and self.explainer.start_kind != "flat axis":
            return _("Each step scales the distance by 1 − ηL: past 2/L it grows.")
        return _("Each step scales the steep part by 1 − ηL: past 2/L it grows.")

    @property
    def condition(self) -> str:
        fewer, more = list(self.explainer.pace_by_condition.values())[-2:]
        return _("Ten times κ = L/μ, each at its best η: {more} steps, not {fewer}.").format(more=more, fewer=fewer)

    @property
    def valleys(self) -> str:
        return _("Where you start decides: all starts in one shade end in one valley.")

    @property
    def summary(self) -> str:
        if self.is_still:
            return _("Where the gradient is zero nothing moves, whatever the learning rate.")
        if self.explainer.start_kind == "flat axis":
            return _("Small steps crawl; past 2/L the steep part explodes, absent here.")
        if not self.explainer.has_closed_form:
            return _("Small rates crawl; past 2/L no run settles at the minimum.")
        if self.explainer.is_circular:
            return _("Small steps crawl; past the best rate they overshoot; past 2/L they explode.")
        return _("Small steps crawl; past the best rate steps zigzag longer; past 2/L they explode.")
