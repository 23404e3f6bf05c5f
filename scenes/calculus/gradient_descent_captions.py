"""The captions of `gradient-descent`: true for every start, rate and surface, at most 14 words each."""

from __future__ import annotations

from explainers.calculus.gradient_descent import GradientDescent, Run
from scenes.pictures.rates import rate_text


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
        """What a step multiplies by 1 − ηL: one direction's part, or all there is."""
        alike = self.explainer.is_circular or self.explainer.start_kind == "steep axis"
        return "the distance" if alike else "the steep part"

    @property
    def names(self) -> dict[str, str]:
        """Typst markup that names each run."""
        good = "best" if self.explainer.good_halvings == 0 else "good"
        return {"slow": "slow", "good": good, "own": "yours", "divergent": "above $2\\/L$"}

    @property
    def landscape(self) -> str:
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
        subject = f"Your η = {self._rate(name)}" if name == "own" else f"η = {self._rate(name)}"
        return f"{subject} {self._outcome(run)}"

    def _rate(self, name: str) -> str:
        return rate_text(self.explainer.rates[name], 6 if name == "own" else 4)

    def _left(self, run: Run) -> str:
        """How much of the distance is left, as "30% … after 60 steps" wants it."""
        return "<0.1%" if run.remaining < 0.001 else f"{100 * run.remaining:.2g}%".replace("1e+02", "100")

    def _of_good(self, run: Run) -> str:
        left, halvings = self._left(run), self.explainer.good_halvings
        if halvings:
            return f"η = {self._rate('good')}, the best halved {halvings}×: {left} left after {run.steps} steps."
        return f"Best η = 2/(μ + L) = {self._rate('good')}: {left} left after {run.steps} steps."

    def _of_divergent(self, run: Run) -> str:
        descent, rate = self.explainer, self._rate("divergent")
        limit = rate_text(descent.limit)
        if descent.is_spared(run.rate):
            return f"η = {rate} exceeds 2/L = {limit}, but this start has no steep part."
        if run.regime == "diverges" and descent.has_closed_form:
            growth = f"{descent.contraction(run.rate):.4g}"
            return f"Above 2/L = {limit}: η = {rate} grows {self.growing} {growth} times each step."
        ending = "the run escapes." if run.regime == "diverges" else "it never settles."
        return f"η = {rate} exceeds 2/L = {limit}, the limit near the minimum: {ending}"

    def _outcome(self, run: Run) -> str:
        """The verdict on a slow run, or on the viewer's own."""
        descent, left = self.explainer, f"{self._left(run)} left after {run.steps} steps."
        if descent.is_spared(run.rate):
            return "exceeds 2/L, but this start has no steep part."
        if run.regime == "crawl":
            words = "crawls" if run.remaining > 0.01 else "is slower than it could be"
            return f"{words}: {left}"
        if run.regime == "brisk":
            return f"{'is brisk' if run.remaining <= 0.1 else 'is near the best pace'}: {left}"
        if run.regime == "zigzag":
            return f"zigzags in: {left}"
        if run.regime == "borderline":
            return "is exactly 2/L: it jumps to and fro forever."
        if run.regime == "bounces":
            return "bounces and does not settle."
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
        return f"Each step scales {self.growing} by 1 − ηL: past 2/L it grows."

    @property
    def condition(self) -> str:
        counts = list(self.explainer.pace_by_condition.values())
        return f"Ten times more stretched, even the best rate needs {counts[-1]} steps, not {counts[-2]}."

    @property
    def valleys(self) -> str:
        return "Four starts on one hill, four valleys: where you start decides."

    @property
    def summary(self) -> str:
        if not self.explainer.has_closed_form:
            return "Small rates crawl; past 2/L no run settles at the minimum."
        return "Small steps crawl, large ones zigzag, and past 2/L they explode."
