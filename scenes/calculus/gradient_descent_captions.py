"""The captions of `gradient-descent`: true for every start, rate and surface, at most 14 words each."""

from __future__ import annotations

from explainers.calculus.gradient_descent import GradientDescent, Run
from scenes.calculus.gradient_descent_rates import rate_text

OWN_NAMES = {
    "still": "still",
    "crawl": "crawling",
    "brisk": "brisk",
    "zigzag": "zigzag",
    "borderline": "at $2\\/L$",
    "bounces": "bouncing",
    "diverges": "diverging",
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
    def growing(self) -> str:
        """What grows when a run diverges: one direction's part, or all there is."""
        alike = self.explainer.is_circular or self.explainer.start_kind in ("flat axis", "steep axis")
        return "the distance" if alike else "the steep part"

    @property
    def names(self) -> dict[str, str]:
        """Typst markup that names each run."""
        good = "best" if self.explainer.good_halvings == 0 else "good"
        own = OWN_NAMES[self.explainer.runs["own"].regime]
        return {"slow": "slow", "good": good, "own": own, "divergent": "above $2\\/L$"}

    @property
    def landscape(self) -> str:
        if self.explainer.surface == "network":
            return "Training goes downhill: the height is a trained network's measured loss."
        return "Training goes downhill: the height of this surface is the loss."

    @property
    def downhill(self) -> str:
        if self.is_still:
            return "At this start the gradient is zero: there is no slope to follow."
        return "The negative gradient points down the steepest way, square to the contour."

    @property
    def step(self) -> str:
        if self.is_still:
            return "A step is η times the negative gradient: here it has no length."
        if self.explainer.runs["good"].distances[1] == 0.0:
            return "A step is η times the negative gradient: here one step arrives."
        return "A step is η times the negative gradient, measured afresh at every point."

    def of_run(self, name: str) -> str:
        """How a run goes, by the names of `GradientDescent.rates`."""
        run = self.explainer.runs[name]
        if run.regime == "still":
            return f"Where the gradient is zero, η = {self._rate(name)} moves nothing."
        if name == "good":
            return self._of_good(run)
        if name == "divergent":
            return self._of_divergent(run)
        return f"η = {self._rate(name)} {self._outcome(run)}"

    def _rate(self, name: str) -> str:
        return rate_text(self.explainer.rates[name], 6 if name == "own" else 4)

    def _left(self, run: Run) -> str:
        """How much of the distance is left, as "30% of the distance left" wants it."""
        if run.remaining == 0.0 and self.explainer.has_closed_form:
            return "nothing"
        if run.remaining < UNPRINTED:
            return f"<{rate_text(100 * UNPRINTED, 1)}%"
        if run.remaining < 0.001:
            return f"{rate_text(100 * run.remaining, 1)}%"
        return f"{100 * run.remaining:.2g}%".replace("1e+02", "100")

    def _of_good(self, run: Run) -> str:
        left, halvings = f"{self._left(run)} of the distance left.", self.explainer.good_halvings
        if halvings:
            return f"η = {self._rate('good')}, the best halved {halvings}×: {left}"
        return f"Best η = 2/(μ + L) = {self._rate('good')}: {left}"

    def _of_divergent(self, run: Run) -> str:
        descent, rate = self.explainer, self._rate("divergent")
        limit = rate_text(descent.limit)
        if descent.is_spared(run.rate):
            return f"η = {rate} exceeds 2/L = {limit}, but this start has no steep part."
        if descent.has_closed_form:
            growth = f"{descent.contraction(run.rate):.4g}"
            return f"η = {rate}, above 2/L = {limit}, grows {self.growing} {growth}× each step."
        if run.settles:
            # Other minima have other curvatures, and so other limits.
            return f"η = {rate} exceeds 2/L = {limit} here, but settles in another valley."
        ending = "the run escapes." if run.regime == "diverges" else "it never settles."
        return f"η = {rate} exceeds the local limit 2/L = {limit}: {ending}"

    def _outcome(self, run: Run) -> str:
        """The verdict on a slow run, or on the viewer's own."""
        descent = self.explainer
        left = f"{self._left(run)} of the distance left after {run.steps} steps."
        if descent.is_spared(run.rate):
            return "exceeds 2/L, but this start has no steep part."
        if run.regime == "crawl":
            return f"{'crawls' if run.remaining > 0.01 else 'goes slowly'}: {left}"
        if run.regime == "brisk":
            return (
                f"is brisk: {left}" if run.remaining <= 0.1 else f"is near best: {left.replace(' of the distance', '')}"
            )
        if run.regime == "zigzag":
            return f"zigzags in: {left}"
        if run.regime == "borderline":
            return "is exactly 2/L: it jumps to and fro forever."
        if run.regime == "bounces":
            return "bounces and does not settle."
        if descent.surface == "network":
            return "diverges: it leaves the part of the surface that was measured."
        if not descent.has_closed_form:
            return "diverges: away from the minimum the surface is steeper."
        growth = f"{descent.contraction(run.rate):.4g}"
        if growth == "1":
            return "diverges, if slowly: it is just above the limit."
        return f"diverges: each step makes {self.growing} {growth} times larger."

    @property
    def limit(self) -> str:
        if not self.explainer.has_closed_form:
            return "Near the minimum a step scales the steep part by 1 − ηL."
        # On the flat axis it is 1 − ημ that scales the distance.
        scaled = "the steep part" if self.explainer.start_kind == "flat axis" else self.growing
        return f"Each step scales {scaled} by 1 − ηL: past 2/L it grows."

    @property
    def condition(self) -> str:
        counts = list(self.explainer.pace_by_condition.values())
        return f"Ten times the curvature ratio κ = L/μ: {counts[-1]} steps, not {counts[-2]}."

    @property
    def valleys(self) -> str:
        return "Four starts on one hill, four valleys: where you start decides."

    @property
    def summary(self) -> str:
        if self.is_still:
            return "Where the gradient is zero nothing moves, whatever the learning rate."
        if self.explainer.start_kind == "flat axis":
            return "Small steps crawl; past 2/L the steep part explodes, absent here."
        if not self.explainer.has_closed_form:
            return "Small rates crawl; past 2/L no run settles at the minimum."
        if self.explainer.is_circular:
            return "Small steps crawl; past the best rate they overshoot; past 2/L they explode."
        return "Small steps crawl; past the best rate steps zigzag longer; past 2/L they explode."
