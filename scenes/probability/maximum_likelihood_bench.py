"""The bench of `maximum-likelihood`: data under a density, and under it, on the same axis, what the data say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup, VMobject

from explainers.probability.maximum_likelihood import FloatArray, MaximumLikelihood, log_density
from scenes.pictures.plot import Coordinates, nice_ticks
from scenes.pictures.shapes import Curve, Dots, Region, polygons, rectangles
from scenes.stage.language import _, localized
from scenes.stage.stage import Stage
from scenes.stage.text import Number, Size, format_number
from scenes.stage.zones import Zone

Range = tuple[float, float]
Step = Callable[[float], None]
ROOM_BELOW, ROOM_ABOVE, ROOM_BETWEEN = 1.6, 1.1, 1.75
"""Room in em around the plots: for the numbers below, and for the name above each."""
NUMBER_GAP, MOST_TICKS = 0.14, 4
"""Between an axis and its numbers, in scene units; and about how many of them there are at most."""
NARROW, PIN_ROOM = 4.0, 0.2
"""Width of a plot below which its name gives way to the link; room it leaves there for the pin."""
UPPER_SHARE = 0.49
"""Share of the height that the data keep when there is a plot under them."""
BELL_WINDOW, WAIT_WINDOW, COIN_WINDOW = 3.2, 3.3, (-0.6, 1.6)
"""What the common axis shows: best widths to both sides, best means to the right, or both sides of a coin."""
NO_WAIT = 0.35
"""Room left of a wait of zero, in best means."""
FLIP_BLOCK = 0.38
"""The flips of one side lie this far to the left and right of it."""
HEADROOM = 1.1
"""The highest density is this much below the top."""
CURVE_POINTS = 241
"""Of a density."""
GRID = 241
"""Means at which the lower curve is computed; odd, so that a bell's best mean is one of them."""
WIDTHS_SHOWN = (0.42, 1.75)
"""Widths on the map of two knobs, in units of the best one."""
AIR = 0.12
"""Room over and under a hill, as a share of its height."""
MOST_DECIMALS = 4
PIN_HEIGHT, TANGENT = 0.24, 0.7
"""Height of the mark under the mean, and half the length of a tangent."""
STEM_WIDTH, DOT_RADIUS, TIP_RADIUS, TOWER_WIDTH = 5.5, 0.085, 0.11, 0.36
CROWD_RADIUS, CROWD_OPACITY = 0.055, 0.65


def decimals_for(scale: float, digits: int = 2) -> int:
    """Decimals that show a quantity of this scale with so many digits after the first; at most `MOST_DECIMALS`."""
    return int(np.clip(digits - np.floor(np.log10(scale)), 0, MOST_DECIMALS))


def tick_decimals(ticks: Sequence[float]) -> int:
    """Decimals that show these round numbers exactly."""
    return next((d for d in range(6) if all(abs(tick - round(tick, d)) < 1e-9 for tick in ticks)), 6)


def round_ticks(y_range: Range, count: int) -> list[float]:
    """About `count` round numbers in the range, at least two."""
    return next(ticks for extra in range(9) if len(ticks := nice_ticks(*y_range, count=count + extra)) > 1)


def power_text(exponent: float) -> str:
    """10^exponent as text: "0.31", "1.1×10⁻²³"."""
    if -2 <= exponent < 4:
        return format_number(10**exponent, int(np.clip(1 - np.floor(exponent), 0, 3)))
    power = int(np.floor(exponent))
    mantissa = f"{10 ** (exponent - power):.1f}"
    if mantissa == "10.0":
        mantissa, power = "1.0", power + 1
    return f"{localized(mantissa)}×10{str(power).translate(str.maketrans('0123456789-', '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'))}"


class Power(Number):
    """A positive number that ticks over many orders of magnitude; its value is its decimal logarithm."""

    @property
    def shown(self) -> str:
        """The number as it is written."""
        return power_text(self.value)


class Scale(VGroup):
    """A vertical scale on a box: axis, grid lines, numbers and a name. It cannot move; another takes its place."""

    def __init__(
        self,
        stage: Stage,
        box: Zone,
        y_range: Range,
        name: str,
        role: str,
        ticks: Sequence[float] | None = None,
        *,
        at_right: bool = False,
    ) -> None:
        em = stage.em(Size.LABEL)
        if ticks is None:
            ticks = round_ticks(y_range, int(np.clip(box.height / (1.4 * em), 2, MOST_TICKS)))
        heights = box.bottom + (np.asarray(ticks) - y_range[0]) / (y_range[1] - y_range[0]) * box.height
        self.numbers, self.lines = VGroup(), Curve(stage, role="grid", width=1.2)
        ends = np.array([[edge, height, 0] for edge in (box.left, box.right) for height in heights]).reshape(2, -1, 3)
        self.lines.put_segments(*ends)
        for tick, height in zip(ticks, heights, strict=True):
            number = stage.words(format_number(tick, tick_decimals(ticks)), Size.LABEL, "muted")
            self.numbers.add(number.next_to([box.left, height, 0], LEFT, buff=NUMBER_GAP))
        corner = box.at(0, 0)
        self.axis = Curve(stage, role="muted", width=2.5)
        self.axis.put_segments([corner, corner], [box.at(1, 0), box.at(0, 1)])
        self.title = stage.words(name, Size.LABEL, role)
        self.title.next_to(box.at(float(at_right), 1), UP + (LEFT if at_right else RIGHT), buff=0.07)
        super().__init__(self.lines, self.axis, self.numbers, self.title)


class Bench:
    """Data, density and stems over one axis, with room for a second plot below on the same axis.

    Nothing is on stage by itself: the scene adds the parts. `put` shows another density.

    Args:
        stage: the stage.
        zone: room for everything.
        mle: the explainer.
    """

    def __init__(self, stage: Stage, zone: Zone, mle: MaximumLikelihood) -> None:
        self.stage, self.mle, self.edge = stage, mle, zone.left
        self.grid = np.linspace(*mle.domain, GRID)
        em = stage.em(Size.LABEL)
        left, bottom = zone.left + self._room_left(), zone.bottom + ROOM_BELOW * em
        windows = (window_of(mle, x) for x in (mle.sample, mle.pool))
        last = max(self._texts(self._axis_ticks(window, zone.width))[-1].width for window in windows)
        right, top, gap = zone.right - max(0.6 * em, last / 2), zone.top - ROOM_ABOVE * em, ROOM_BETWEEN * em
        self.whole = Zone(left, bottom, right, top)
        self.upper, self.lower = self.whole.rows(UPPER_SHARE, 1 - UPPER_SHARE, gap=gap)
        self.coordinates = Coordinates(self.whole, (0.0, 1.0), (0.0, 1.0))
        self.look(window_of(mle, mle.sample))
        self.data = Dots(stage, np.zeros((0, 3)), "data", DOT_RADIUS)
        self.stems = Curve(stage, role="output", width=STEM_WIDTH)
        self.lit = Curve(stage, role="output", width=STEM_WIDTH)
        self.bell = Curve(stage, role="model", width=4.5)
        self.shade = Region(stage, role="model", opacity=0.12)
        self.pin = VMobject().set_fill(stage.color("parameter"), opacity=1).set_stroke(width=0)
        self.link = Curve(stage, role="parameter", width=2.5)
        self.curve = Curve(stage, role="output", width=4.5)
        self.tip = Dots(stage, np.zeros((0, 3)), "output", TIP_RADIUS)
        self.places = positions(mle, mle.sample)

    @property
    def moving(self) -> tuple[VMobject, ...]:
        """All that `put` changes."""
        return (self.shade, self.stems, self.bell, self.data, self.pin)

    def _room_left(self) -> float:
        """What the widest numbers of all vertical scales need."""
        mle, widest = self.mle, 0.0
        hills = (hill_range(mle.log_likelihood(self.grid, sigma)) for sigma in (mle.held_sigma, mle.sigma_hat))
        densities = ((0.0, tallest_of(mle, sigma)) for sigma in (mle.held_sigma, mle.sigma_hat))
        for y_range in (*densities, self.log_range(), *hills, widths_of(mle)):
            for count in range(2, MOST_TICKS + 1):
                widest = max(widest, *(text.width for text in self._texts(round_ticks(y_range, count))))
        return widest + NUMBER_GAP

    def _axis_ticks(self, window: Range, width: float) -> Sequence[float]:
        """Round numbers under an axis of this width, as many as have room beside each other."""
        if self.mle.family == "bernoulli":
            return 0.0, 0.5, 1.0
        em = self.stage.em(Size.LABEL)
        ticks = round_ticks(window, int(np.clip(width / (2.6 * em), 2, 8)))
        spacing = width * (ticks[1] - ticks[0]) / (window[1] - window[0])
        needed = max(text.width for text in self._texts(ticks)) + em / 2
        # Between two round steps there may be none: then every second number, or every third.
        return ticks[:: max(1, ceil(needed / spacing))]

    def _texts(self, ticks: Sequence[float]) -> list[VMobject]:
        """The numbers at these ticks."""
        decimals = tick_decimals(ticks)
        return [self.stage.words(format_number(tick, decimals), Size.LABEL, "muted") for tick in ticks]

    def look(self, window: Range, sigma: float | None = None) -> Bench:
        """Another part of the common axis, and room for bells this wide; what is on stage stays as it is."""
        self.window, self.tallest = window, tallest_of(self.mle, sigma)
        self.coordinates = Coordinates(self.coordinates.box, window, (0.0, self.tallest))
        self.below = Coordinates(self.lower, window, (0.0, 1.0))
        self.axis_numbers, ticks = VGroup(), self._axis_ticks(window, self.whole.width)
        for tick, number in zip(ticks, self._texts(ticks), strict=True):
            place = np.array([self.coordinates.at(tick, 0)[0], self.whole.bottom, 0])
            self.axis_numbers.add(number.next_to(place, DOWN, buff=2 * NUMBER_GAP))
        return self

    def density_scale(self) -> Scale:
        """The scale of the upper plot where it is now."""
        name = _("chance") if self.mle.family == "bernoulli" else _("density")
        return Scale(self.stage, self.coordinates.box, (0.0, self.tallest), name, "muted")

    def lower_scale(
        self,
        y_range: Range,
        name: str,
        role: str = "output",
        ticks: Sequence[float] | None = None,
        *,
        short: str = "",
        least: float | None = None,
    ) -> Scale:
        """A scale for the lower plot, which is placed by `below` from now on.

        A name left of the link ends before the link's `least` mean, by default the domain's; where a name is too long
        for that, or the plot is narrow, the `short` one stands.
        """
        self.below = Coordinates(self.lower, self.window, y_range)
        (left, right), (low, high) = self.window, self.mle.domain
        # The link passes over the domain: the name stands where it does not.
        at_right = right - high > low - left + 1e-9
        names = [name] if self.lower.width >= NARROW or not short else []
        end = self.below.at(low if least is None else least, y_range[0])[0] - PIN_ROOM
        for each in [*names, *([short] if short else [])]:
            scale = Scale(self.stage, self.lower, y_range, each, role, ticks, at_right=at_right)
            if at_right or scale.title.get_right()[0] <= end:
                return scale
        title = scale.title
        title.shift(LEFT * np.clip(title.get_right()[0] - end, 0, max(title.get_left()[0] - self.edge, 0)))
        return scale

    def make_room(self, share: float) -> None:
        """How far the upper plot has withdrawn from the lower one's place: 0 not at all, 1 wholly."""
        bottom = self.whole.bottom + share * (self.upper.bottom - self.whole.bottom)
        self.coordinates = Coordinates(
            Zone(self.whole.left, bottom, self.whole.right, self.whole.top), self.window, (0.0, self.tallest)
        )

    def put(self, mean: float, sigma: float | None = None, *, rise: float = 1.0, count: int | None = None) -> Bench:
        """Show the density with this mean and width; stems `rise` to this share, the first `count` lit up."""
        mle, at = self.mle, self.coordinates.points_at
        sigma = mle.held_sigma if sigma is None else sigma
        heights = np.exp(log_density(mle.family, mle.sample, mean, sigma))
        feet, heads = at(self.places, 0 * heights), at(self.places, rise * heights)
        self.stems.put_segments(feet, heads)
        order = np.argsort(self.places)[: len(heights) if count is None else count]
        self.lit.put_segments(feet[order], heads[order])
        self.data.put(feet)
        self.draw_density(mean, sigma)
        return self

    def draw_density(self, mean: float, sigma: float) -> None:
        """Only the density, with the pin under its mean."""
        lines = self.outline(mean, sigma)
        self.bell.points = np.concatenate([Curve(self.stage, line).points for line in lines])
        base = self.coordinates.box.bottom
        rings = [np.vstack([line, [line[-1][0], base, 0], [line[0][0], base, 0]]) for line in lines]
        self.shade.points = np.concatenate([polygons(ring[None]) for ring in rings])
        foot = self.coordinates.at(mean, 0)
        self.pin.points = polygons(
            foot + np.array([[[0.0, -0.02, 0], [0.13, -PIN_HEIGHT, 0], [-0.13, -PIN_HEIGHT, 0]]])
        )

    def outline(self, mean: float, sigma: float) -> list[np.ndarray]:
        """The density as polylines in the scene: one curve, or a level per side of a coin."""
        at = self.coordinates.points_at
        if self.mle.family == "bernoulli":
            sides = ((0.0, 1 - mean), (1.0, mean))
            return [at(side + 1.15 * FLIP_BLOCK * np.array([-1, 1]), np.full(2, chance)) for side, chance in sides]
        x = np.linspace(*self.window, CURVE_POINTS)
        if self.mle.family == "exponential":
            # The density jumps up at zero.
            x = np.concatenate([[self.window[0], -1e-12], np.linspace(0, self.window[1], CURVE_POINTS)])
        return [at(x, np.exp(log_density(self.mle.family, x, mean, sigma)))]

    def crowd(self, crowded: bool) -> Bench:
        """Draw the data small and translucent, as they lie on top of each other when there are many."""
        self.data.radius = CROWD_RADIUS if crowded else DOT_RADIUS
        self.data.set_fill(opacity=CROWD_OPACITY if crowded else 1.0)
        return self

    def put_link(self, mean: float, height: float) -> Bench:
        """A line from the pin down to this height of the lower plot, and the tip there."""
        end = self.below.at(mean, height)
        self.link.put(np.array([self._foot(mean), end]))
        self.tip.put(end[None])
        return self

    def _foot(self, mean: float) -> np.ndarray:
        """The lower end of the pin."""
        return self.coordinates.at(mean, 0) - np.array([0.0, PIN_HEIGHT, 0.0])

    def tower(self, mean: float) -> np.ndarray:
        """Rectangles stacked at the mean, one per datum, as long as its ln f; points of shape (16·size, 3).

        What is positive is stacked upward first, in a half of its own, so that the end is always the sum.
        """
        logs = self.mle.log_densities(mean)
        order = np.argsort(-np.sign(logs), kind="stable")
        ends = np.empty(len(logs))
        ends[order] = np.cumsum(logs[order])
        starts = ends - logs
        x, half = self.below.at(mean, 0)[0], TOWER_WIDTH / 2
        middle = x if (logs > 0).any() and (logs < 0).any() else None
        left = np.full(len(logs), x - half) if middle is None else np.where(logs > 0, x - half, x)
        right = np.full(len(logs), x + half) if middle is None else np.where(logs > 0, x, x + half)
        low, high = (self.below.points_at(np.full(len(logs), mean), edge)[:, 1] for edge in (starts, ends))
        return rectangles(left, low, right, high)

    def stem_boxes(self, mean: float) -> np.ndarray:
        """The stems as rectangles, in the order of `tower`; points of shape (16·size, 3)."""
        heights = np.exp(self.mle.log_densities(mean))
        tops, feet = (self.coordinates.points_at(self.places, h) for h in (heights, 0 * heights))
        return rectangles(feet[:, 0] - 0.03, tops[:, 1], feet[:, 0] + 0.03, feet[:, 1])

    def log_range(self) -> Range:
        """The heights that towers need, wherever they stand."""
        mle = self.mle
        low = min(float(mle.log_likelihood(self.grid).min()), 0.0)
        high = max(float(np.maximum(mle.log_densities(mean), 0).sum()) for mean in self.grid)
        return low - 0.06 * (high - low), high

    def morph(self, heights: FloatArray, new: FloatArray, mean: float, y_range: Range) -> Step:
        """A step of the lower curve, its tip and the link to other heights on another scale."""
        after = Coordinates(self.lower, self.window, y_range)
        states = ((self.below, heights), (after, new))
        curves = [place.points_at(self.grid, h) for place, h in states]
        tips = [place.at(mean, float(np.interp(mean, self.grid, h))) for place, h in states]
        foot = self._foot(mean)

        def step(t: float) -> None:
            self.curve.put(curves[0] + t * (curves[1] - curves[0]))
            tip = tips[0] + t * (tips[1] - tips[0])
            self.tip.put(tip[None])
            self.link.put(np.array([foot, tip]))

        return step

    def tangent(self, mean: float) -> np.ndarray:
        """Both ends of a short tangent to the log-likelihood at this mean, shape (2, 3)."""
        mle, (low, high) = self.mle, self.mle.domain
        step = 1e-4 * (high - low)
        before, after = max(mean - step, low), min(mean + step, high)
        rise = float(mle.log_likelihood(after) - mle.log_likelihood(before))
        (y_low, y_high), place = self.below.y_range, self.below.at(mean, float(mle.log_likelihood(mean)))
        way = np.array([(after - before) * self.below.x_unit, rise * self.lower.height / (y_high - y_low), 0.0])
        way *= TANGENT / np.linalg.norm(way)
        return np.array([place - way, place + way])


def window_of(mle: MaximumLikelihood, x: FloatArray) -> Range:
    """What the common axis shows so that these data are seen."""
    if mle.family == "bernoulli":
        return COIN_WINDOW
    mean = mle.mean_hat()
    if mle.family == "exponential":
        return -NO_WAIT * mean, max(WAIT_WINDOW * mean, 1.06 * float(x.max()))
    air = BELL_WINDOW * mle.sigma_hat
    slack = 0.15 * mle.sigma_hat
    return min(mean - air, float(x.min()) - slack), max(mean + air, float(x.max()) + slack)


def hill_range(heights: FloatArray) -> Range:
    """A range that these heights fill, with some air."""
    air = AIR * float(np.ptp(heights))
    return float(heights.min()) - air, float(heights.max()) + air


def widths_of(mle: MaximumLikelihood) -> Range:
    """What the map of two knobs shows of the width."""
    return WIDTHS_SHOWN[0] * mle.sigma_hat, WIDTHS_SHOWN[1] * mle.sigma_hat


def tallest_of(mle: MaximumLikelihood, sigma: float | None = None) -> float:
    """The top of the upper plot, for bells of this width, or the held one."""
    if mle.family == "gaussian":
        return HEADROOM / ((mle.held_sigma if sigma is None else sigma) * np.sqrt(2 * np.pi))
    return HEADROOM / mle.domain[0] if mle.family == "exponential" else HEADROOM


def positions(mle: MaximumLikelihood, x: FloatArray) -> FloatArray:
    """Where data stand on the axis, shape (n,): at their value, and flips side by side."""
    if mle.family != "bernoulli":
        return x
    places = np.empty(len(x))
    for side in (0.0, 1.0):
        of_side = np.flatnonzero(x == side)
        shares = (np.arange(len(of_side)) + 0.5) / max(len(of_side), 1)
        places[of_side] = side + FLIP_BLOCK * (2 * shares - 1)
    return places
