"""Gradient descent: x ← x − η ∇f(x), and why the learning rate η must stay below 2/L.

On a quadratic bowl f = ½ (μ x² + L y²) each eigen-direction is a geometric sequence,
x_k = (1 − η λ)^k x₀, so every statement about the rate is exact. On the other surfaces the same
statements hold near the minimum, with μ and L the Hessian's eigenvalues there.

Source: Deisenroth, Faisal, Ong, "Mathematics for Machine Learning", section 7.1;
Nesterov, "Introductory Lectures on Convex Optimization", section 2.1 (best constant step).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from pydantic import model_validator

from explainers.model import Explainer, Fact, Pillar, bounded, parameter, rounded
from explainers.networks.landscapes import WITH_PATH, PlaneLoss, landscape, training_path

Scalar: TypeAlias = float | np.ndarray
Point: TypeAlias = tuple[float, float]
Regime: TypeAlias = Literal["still", "crawl", "brisk", "zigzag", "borderline", "bounces", "diverges"]

ESCAPE = 1e6
"""A run stops before a coordinate exceeds this: far outside any picture, and nothing overflows."""
SETTLED = 1e-2
"""A run this near to a minimum has arrived: less than a dot's width in a picture ten units wide."""
HORIZON = 2000
"""Steps after which a run on a surface without closed form is judged."""
TOLERANCE = 1e-6
"""Share of the first distance that counts as having arrived in `steps_needed`."""
ON_THE_LIMIT = 1e-9
"""How near η L must be to 2 to be called equal: rounding of a typed decimal, invisible in 200 steps."""
LARGEST_RATE = 2.0
"""The largest rate off the network's surface."""
STRETCH = 10.0
"""How many times longer the comparison valley is."""
VALLEY_RATE = 0.01
"""Learning rate of the runs on Himmelblau's four valleys; 2/L is at least 0.0149 at each minimum."""
VALLEY_STEPS = 400
VALLEY_STARTS = ((0.0, -0.4), (-0.5, -0.4), (-0.7, -1.1), (0.1, -1.3))
"""Four starts around the hill top at (-0.271, -0.923), less than 0.8 from it, for the four valleys in order."""
SETTLING: frozenset[str] = frozenset({"still", "crawl", "brisk", "zigzag"})
"""The regimes that end at a minimum."""


@dataclass(frozen=True)
class Surface:
    """A loss f(x, y) with its derivatives. Points are arrays of shape (..., 2)."""

    def height(self, x: Scalar, y: Scalar) -> Scalar:
        """f(x, y), elementwise."""
        raise NotImplementedError

    def slope(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar]:
        """(∂f/∂x, ∂f/∂y), elementwise."""
        raise NotImplementedError

    def second(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar, Scalar]:
        """(f_xx, f_xy, f_yy), elementwise."""
        raise NotImplementedError

    @property
    def minima(self) -> np.ndarray:
        """All minima, shape (m, 2)."""
        raise NotImplementedError

    @property
    def frame(self) -> tuple[Point, Point] | None:
        """The usual ((x_min, x_max), (y_min, y_max)) of its picture; None when the start decides."""
        return None

    def holds(self, x: float, y: float) -> bool:
        """Whether a run may go on at this point; beyond it is cut off."""
        return abs(x) <= ESCAPE and abs(y) <= ESCAPE

    def value(self, points: np.ndarray) -> np.ndarray:
        """f at the points, shape (...)."""
        points = np.asarray(points, dtype=float)
        return np.asarray(self.height(points[..., 0], points[..., 1]))

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """∇f at the points, shape (..., 2)."""
        points = np.asarray(points, dtype=float)
        return np.stack(self.slope(points[..., 0], points[..., 1]), axis=-1)

    def hessian(self, points: np.ndarray) -> np.ndarray:
        """∇²f at the points, shape (..., 2, 2)."""
        points = np.asarray(points, dtype=float)
        fxx, fxy, fyy = np.broadcast_arrays(*self.second(points[..., 0], points[..., 1]))
        return np.stack([np.stack([fxx, fxy], axis=-1), np.stack([fxy, fyy], axis=-1)], axis=-2)

    def nearest_minimum(self, points: np.ndarray) -> np.ndarray:
        """Index of the minimum nearest to each point, shape (...)."""
        offsets = np.asarray(points, dtype=float)[..., None, :] - self.minima
        return np.argmin(np.sum(offsets**2, axis=-1), axis=-1)


@dataclass(frozen=True)
class Bowl(Surface):
    """f = ½ (μ x² + L y²), with 0 < μ ≤ L."""

    low: float
    high: float

    def height(self, x: Scalar, y: Scalar) -> Scalar:
        return 0.5 * (self.low * x * x + self.high * y * y)

    def slope(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar]:
        return self.low * x, self.high * y

    def second(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar, Scalar]:
        none = 0.0 * x
        return self.low + none, none, self.high + none

    @property
    def minima(self) -> np.ndarray:
        return np.zeros((1, 2))


@dataclass(frozen=True)
class Himmelblau(Surface):
    """f = (x² + y − 11)² + (x + y² − 7)²: four minima of height 0 (Himmelblau 1972)."""

    def height(self, x: Scalar, y: Scalar) -> Scalar:
        a, b = x * x + y - 11, x + y * y - 7
        return a * a + b * b

    def slope(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar]:
        a, b = x * x + y - 11, x + y * y - 7
        return 4 * x * a + 2 * b, 2 * a + 4 * y * b

    def second(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar, Scalar]:
        return 12 * x * x + 4 * y - 42, 4 * (x + y), 12 * y * y + 4 * x - 26

    @property
    def minima(self) -> np.ndarray:
        return _himmelblau_minima()

    @property
    def frame(self) -> tuple[Point, Point]:
        return (-5.0, 5.0), (-5.0, 5.0)


@dataclass(frozen=True)
class Rosenbrock(Surface):
    """f = (1 − x)² + 100 (y − x²)²: a curved valley, κ = 2508 at its minimum (1, 1) (Rosenbrock 1960)."""

    def height(self, x: Scalar, y: Scalar) -> Scalar:
        a, b = 1 - x, y - x * x
        return a * a + 100 * b * b

    def slope(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar]:
        a, b = 1 - x, y - x * x
        return -400 * x * b - 2 * a, 200 * b

    def second(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar, Scalar]:
        return 1200 * x * x - 400 * y + 2, -400 * x, 200.0 + 0.0 * x

    @property
    def minima(self) -> np.ndarray:
        return np.ones((1, 2))

    @property
    def frame(self) -> tuple[Point, Point]:
        return (-2.0, 2.0), (-1.0, 3.0)


@dataclass(frozen=True)
class NetworkLoss(Surface):
    """The measured loss of a trained network on the plane that holds most of its training: see `networks`.

    Coordinates are distances in the space of its weights, so that a learning rate means what it does in training.
    """

    @property
    def plane(self) -> PlaneLoss:
        """The loss, and where it was measured."""
        return training_path().plane

    @property
    def weight_count(self) -> int:
        """How many weights the network has."""
        return int(landscape(WITH_PATH).found["weights"])

    def height(self, x: Scalar, y: Scalar) -> Scalar:
        return self.plane.value(x, y)

    def slope(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar]:
        return self.plane.slope(x, y)

    def second(self, x: Scalar, y: Scalar) -> tuple[Scalar, Scalar, Scalar]:
        return self.plane.second(x, y)

    @property
    def minima(self) -> np.ndarray:
        return self.plane.minimum[None]

    @property
    def frame(self) -> tuple[Point, Point]:
        return self.plane.window

    def holds(self, x: float, y: float) -> bool:
        return self.plane.holds(x, y)


@lru_cache(maxsize=1)
def _himmelblau_minima() -> np.ndarray:
    """The four minima (4, 2) to machine precision: Newton steps from their published values."""
    surface = Himmelblau()
    points = np.array([[3.0, 2.0], [-2.805118, 3.131313], [-3.779310, -3.283186], [3.584428, -1.848127]])
    for _ in range(5):
        steps = np.linalg.solve(surface.hessian(points), surface.gradient(points)[..., None])
        points = points - steps[..., 0]
    points.setflags(write=False)
    return points


@lru_cache(maxsize=256)
def descend(surface: Surface, start: Point, rate: float, steps: int) -> np.ndarray:
    """The points of gradient descent, shape (n + 1, 2), read-only, beginning with `start`.

    n is `steps`, or less when the surface does not hold the next point.
    """
    x, y = float(start[0]), float(start[1])
    points = [(x, y)]
    for _ in range(steps):
        dx, dy = surface.slope(x, y)
        x, y = x - rate * dx, y - rate * dy
        if not surface.holds(x, y):
            break
        points.append((x, y))
    path = np.array(points)
    path.setflags(write=False)
    return path


def step_factors(rate: float, curvatures: np.ndarray) -> np.ndarray:
    """1 − η λ per curvature λ: what one step multiplies each eigen-direction by. Same shape."""
    return 1.0 - rate * np.asarray(curvatures, dtype=float)


def stability_limit(high: float) -> float:
    """2/L: descent on a bowl of largest curvature L converges for every start iff 0 < η < 2/L."""
    return 2.0 / high


def best_rate(low: float, high: float) -> float:
    """2/(μ + L): the rate with the smallest worst factor, since there 1 − ημ = −(1 − ηL)."""
    return 2.0 / (low + high)


def best_contraction(low: float, high: float) -> float:
    """(κ − 1)/(κ + 1) with κ = L/μ: the worst factor at the best rate; 0 on a circular bowl."""
    return (high - low) / (high + low)


def steps_to(contraction: float, share: float = TOLERANCE) -> int | None:
    """Fewest k with contraction^k ≤ share, in closed form ⌈ln share / ln contraction⌉.

    None when the contraction is 1 or more: it never gets there. `share` lies in (0, 1).
    """
    if contraction >= 1.0:
        return None
    if contraction <= share:
        return 1
    exact = math.log(share) / math.log(contraction)
    return math.ceil(exact - 1e-9)


def pace(rate: float, curvatures: np.ndarray, condition_number: float) -> Regime:
    """How a run on a bowl goes, from the curvatures λ its start excites, shape (1,) or (2,).

    Brisk means a factor of at most κ/(κ + 1) per step. For a start that excites all directions
    these are the rates from half the best one to midway between the best one and 2/L.
    Outside it crawls (too small) or zigzags (the factor that lasts is negative).
    """
    factors = step_factors(rate, curvatures)
    lasting = factors[np.argmax(np.abs(factors))]
    if abs(abs(lasting) - 1.0) <= ON_THE_LIMIT and lasting < 0:
        return "borderline"
    if lasting < -1.0:
        return "diverges"
    if abs(lasting) <= condition_number / (condition_number + 1.0) * (1.0 + 1e-12):
        return "brisk"
    return "zigzag" if lasting < 0 else "crawl"


@lru_cache(maxsize=256)
def _watched_regime(surface: Surface, start: Point, rate: float) -> Regime:
    """How a run goes on a surface without closed form: watched for `HORIZON` steps, then local theory."""
    if not np.any(surface.gradient(np.array(start))):
        return "still"
    path = descend(surface, start, rate, HORIZON)
    if len(path) <= HORIZON:
        return "diverges"
    end = path[-1]
    minimum = surface.minima[surface.nearest_minimum(end)]
    low, high = np.linalg.eigvalsh(surface.hessian(minimum))
    if np.hypot(*(end - minimum)) <= SETTLED:
        local = pace(rate, np.array([low, high]), high / low)
        return "bounces" if local == "diverges" else local
    losses = surface.value(path[-100:])
    falling = bool(np.all(np.diff(losses) <= 1e-12 * losses[:-1]))
    return "crawl" if falling and rate < stability_limit(high) else "bounces"


@lru_cache(maxsize=64)
def _valley_of(surface: Surface, start: Point) -> int:
    """Index of the minimum that a careful descent reaches: steps 1/‖H‖, halved until the loss falls enough.

    On the border between two valleys, where it would take too long, the nearest minimum is named.
    """
    point = np.array(start, dtype=float)
    if len(surface.minima) == 1:
        return 0
    for _ in range(500):
        index = int(surface.nearest_minimum(point))
        if np.hypot(*(point - surface.minima[index])) <= SETTLED:
            return index
        gradient, loss = surface.gradient(point), surface.value(point)
        step = 1.0 / np.linalg.norm(surface.hessian(point), 2)
        for _ in range(50):
            if surface.value(point - step * gradient) <= loss - 0.5 * step * (gradient @ gradient):
                break
            step /= 2.0
        point = point - step * gradient
    return int(surface.nearest_minimum(point))


@lru_cache(maxsize=4)
def himmelblau_basins(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which minimum each start on a count × count grid over [-5, 5]² reaches.

    Returns X, Y (count, count) and the index of the minimum (count, count), −1 where the run has not
    settled after `VALLEY_STEPS` steps at `VALLEY_RATE`. Rows go with y, columns with x. Read-only.
    """
    surface = Himmelblau()
    (x_min, x_max), (y_min, y_max) = surface.frame
    grid_x, grid_y = np.meshgrid(np.linspace(x_min, x_max, count), np.linspace(y_min, y_max, count))
    x, y = grid_x, grid_y
    for _ in range(VALLEY_STEPS):
        dx, dy = surface.slope(x, y)
        x = np.clip(x - VALLEY_RATE * dx, -ESCAPE, ESCAPE)
        y = np.clip(y - VALLEY_RATE * dy, -ESCAPE, ESCAPE)
    ends = np.stack([x, y], axis=-1)
    index = surface.nearest_minimum(ends)
    away = np.linalg.norm(ends - surface.minima[index], axis=-1) > SETTLED
    index = np.where(away, -1, index)
    for array in (grid_x, grid_y, index):
        array.setflags(write=False)
    return grid_x, grid_y, index


@dataclass(frozen=True)
class Run:
    """One descent, as the picture draws it.

    Attributes:
        rate: the learning rate η.
        regime: how it goes in the long run.
        path: points, shape (n + 1, 2), the start first.
        losses: f along the path, shape (n + 1,).
        distances: to the minimum it heads for, shape (n + 1,).
        minimum: that minimum, shape (2,).
        escaped: whether it was cut off because it left for infinity.
    """

    rate: float
    regime: Regime
    path: np.ndarray
    losses: np.ndarray
    distances: np.ndarray
    minimum: np.ndarray
    escaped: bool

    @property
    def steps(self) -> int:
        """Steps taken; fewer than asked for only if it escaped."""
        return len(self.path) - 1

    @property
    def end(self) -> np.ndarray:
        """The last point, shape (2,)."""
        return self.path[-1]

    @property
    def remaining(self) -> float:
        """Last distance as a share of the first; 0 when it starts at the minimum."""
        return float(self.distances[-1] / self.distances[0]) if self.distances[0] > 0 else 0.0

    @property
    def settles(self) -> bool:
        """Whether it ends at a minimum in the long run."""
        return self.regime in SETTLING

    @property
    def has_arrived(self) -> bool:
        """Whether its last point is at a minimum, to the width of a dot."""
        return bool(self.distances[-1] <= SETTLED)

    @property
    def loss_rises(self) -> np.ndarray:
        """Whether each step made the loss larger, shape (n,)."""
        return np.diff(self.losses) > 0


def make_run(surface: Surface, start: Point, rate: float, steps: int, regime: Regime) -> Run:
    """The run from `start` with everything measured along it."""
    path = descend(surface, start, rate, steps)
    minimum = surface.minima[surface.nearest_minimum(path[-1])]
    return Run(
        rate=float(rate),
        regime=regime,
        path=path,
        losses=surface.value(path),
        distances=np.hypot(*(path - minimum).T),
        minimum=minimum,
        escaped=len(path) <= steps,
    )


_USUAL: Mapping[str, Mapping[str, Any]] = {
    "himmelblau": {"start": (0.0, 0.0), "learning_rate": 0.0235},
    "rosenbrock": {"start": (-1.2, 1.0), "learning_rate": 0.001},
    "network": {"start": (-4.0, 1.5), "learning_rate": 28.0},
}
"""What a surface other than the bowl takes where nothing is said: the bowl's scale would leave its picture."""


class GradientDescent(Explainer):
    """Descent with a slow, a good, the lecturer's own and a too large learning rate; then four valleys."""

    slug: ClassVar[str] = "gradient-descent"
    title: ClassVar[str] = "Downhill, and how fast is too fast"
    insight: ClassVar[str] = (
        "Step against the gradient, but below 2/L: small steps crawl, big ones zigzag, bigger ones explode."
    )
    pillar: ClassVar[Pillar] = Pillar.CALCULUS
    references: ClassVar[tuple[str, ...]] = (
        "MML 7.1",
        "MTB 13",
        "MTC 1",
        "CML C2W2L2",
        "PAL 11",
        "ARX 1",
        "TALK 2",
        "SR:math/optimization",
    )

    surface: Literal["bowl", "himmelblau", "rosenbrock", "network"] = parameter(
        "bowl",
        "the loss that is descended; a bowl of the two curvatures, Himmelblau's four valleys, Rosenbrock's "
        "curved valley, or the measured loss of a trained network",
    )
    curvature_low: float = parameter(1.0, "the bowl's curvature along x, its μ", ge=0.1, le=5.0)
    curvature_high: float = parameter(
        10.0,
        "the bowl's curvature along y, its L",
        ge=0.1,
        le=50.0,
        allowed="a number from 0.1 to 50, at least curvature_low",
    )
    start: tuple[bounded(-10.0, 10.0), bounded(-10.0, 10.0)] = parameter(
        (8.0, 1.0),
        "the point where it starts; left out on himmelblau it is (0, 0), on rosenbrock (-1.2, 1), on network (-4, 1.5)",
        allowed="two numbers x, y, each from -10 to 10; on network where the loss was measured",
    )
    learning_rate: float = parameter(
        0.195,
        "your own rate η, compared with the limit 2/L; left out on himmelblau it is 0.0235, on rosenbrock 0.001, "
        "on network 28",
        allowed="a number from 0.0001 to 2, on network to 50",
        ge=0.0001,
        le=50.0,
    )
    slow_share: float = parameter(0.1, "the slow run's rate, as a share of the limit", unit="× 2/L", ge=0.005, le=0.2)
    divergent_share: float = parameter(
        1.025, "the too large rate, as a multiple of the limit", unit="× 2/L", ge=1.001, le=2.0
    )
    steps: int = parameter(60, "steps that each run takes", unit="steps", ge=5, le=200)
    camera: tuple[bounded(-180.0, 180.0), bounded(5.0, 85.0)] = parameter(
        (-68.0, 46.0),
        "where the surface is seen from: azimuth and elevation",
        unit="degrees",
        allowed="azimuth from -180 to 180, elevation from 5 to 85",
    )

    @model_validator(mode="before")
    @classmethod
    def _suit_the_surface(cls, values: Any) -> Any:
        """Start and learning rate that were left out take the surface's usual ones."""
        if not isinstance(values, Mapping) or not isinstance(values.get("surface"), str):
            return values
        return {**_USUAL.get(values["surface"], {}), **values}

    @model_validator(mode="after")
    def _curvatures_in_order(self) -> GradientDescent:
        if self.curvature_high < self.curvature_low:
            raise ValueError("curvature_high must be at least curvature_low")
        return self

    @model_validator(mode="after")
    def _fits_the_surface(self) -> GradientDescent:
        if self.surface != "network" and self.learning_rate > LARGEST_RATE:
            raise ValueError(f"learning_rate can be above {LARGEST_RATE:g} only on network, which is that flat")
        if not self.landscape.holds(*self.start):
            sides = zip("xy", self.landscape.frame, strict=True)
            measured = " and ".join(f"{name} from {low:.2f} to {high:.2f}" for name, (low, high) in sides)
            raise ValueError(f"on {self.surface} the loss was measured for {measured}, so start must lie there")
        return self

    def changed_settings(self) -> dict[str, Any]:
        """Only the values that differ from what this surface has when nothing is said, JSON-ready."""
        unsaid = type(self)(surface=self.surface).settings()
        changed = {name: value for name, value in self.settings().items() if value != unsaid[name]}
        return changed if self.surface == "bowl" else {"surface": self.surface, **changed}

    # The surface.

    @property
    def landscape(self) -> Surface:
        """The surface with its `value`, `gradient`, `hessian` on points (..., 2), and its `minima`."""
        if self.surface == "bowl":
            return Bowl(self.curvature_low, self.curvature_high)
        return {"himmelblau": Himmelblau, "rosenbrock": Rosenbrock, "network": NetworkLoss}[self.surface]()

    @property
    def has_closed_form(self) -> bool:
        """Whether 2/L and all regimes are exact everywhere; otherwise they hold near the minimum."""
        return self.surface == "bowl"

    @property
    def limit_scope(self) -> Literal["everywhere", "near the minimum"]:
        """Where the limit 2/L speaks, in words for a caption."""
        return "everywhere" if self.has_closed_form else "near the minimum"

    @property
    def target(self) -> np.ndarray:
        """The minimum that a careful descent from the start reaches, shape (2,)."""
        return self.landscape.minima[_valley_of(self.landscape, self.start)]

    @property
    def principal_axes(self) -> tuple[np.ndarray, np.ndarray]:
        """Eigenvalues (2,), ascending: μ, L; and unit eigenvectors as columns (2, 2) of the Hessian at `target`."""
        if self.has_closed_form:
            return np.array([self.curvature_low, self.curvature_high]), np.eye(2)
        return np.linalg.eigh(self.landscape.hessian(self.target))

    @property
    def curvatures(self) -> np.ndarray:
        """μ and L, shape (2,): the smallest and largest curvature at `target`."""
        return self.principal_axes[0]

    @property
    def condition_number(self) -> float:
        """κ = L/μ: how stretched the valley is."""
        low, high = self.curvatures
        return float(high / low)

    @property
    def is_circular(self) -> bool:
        """Whether μ = L: every direction is alike, and the best rate arrives in one step."""
        return bool(self.curvatures[0] == self.curvatures[1])

    @property
    def start_kind(self) -> Literal["generic", "flat axis", "steep axis", "minimum"]:
        """What the start excites. On an axis of a stretched bowl only that axis' curvature ever acts."""
        if not np.any(self.gradient_at_start):
            return "minimum"
        if not self.has_closed_form or self.is_circular or all(self.start):
            return "generic"
        return "flat axis" if self.start[0] else "steep axis"

    @property
    def active_curvatures(self) -> np.ndarray:
        """The curvatures that act on runs from this start, shape (1,) or (2,)."""
        if self.start_kind == "flat axis":
            return self.curvatures[:1]
        return self.curvatures[1:] if self.start_kind == "steep axis" else self.curvatures

    @property
    def gradient_at_start(self) -> np.ndarray:
        """∇f at the start, shape (2,); descent goes along its negative."""
        return self.landscape.gradient(np.array(self.start))

    # The rates.

    @property
    def limit(self) -> float:
        """2/L, the largest stable rate (`limit_scope` says where)."""
        return stability_limit(float(self.curvatures[1]))

    @property
    def best_rate(self) -> float:
        """2/(μ + L)."""
        return best_rate(*map(float, self.curvatures))

    @property
    def best_contraction(self) -> float:
        """(κ − 1)/(κ + 1): the share of the distance left by each step at the best rate, at worst."""
        return best_contraction(*map(float, self.curvatures))

    @property
    def good_rate(self) -> float:
        """The best rate; off the bowl halved until the run from this start settles and ends lower than it began."""
        rate = self.best_rate
        while not self._descends(rate):
            rate /= 2.0
        return rate

    def _descends(self, rate: float) -> bool:
        """Whether the run settles in the long run, and has not gained height in the steps shown."""
        run = self.run(rate)
        return bool(run.settles and run.losses[-1] <= run.losses[0])

    @property
    def good_halvings(self) -> int:
        """How often the best local rate had to be halved for this start; always 0 on the bowl."""
        return round(math.log2(self.best_rate / self.good_rate))

    @property
    def slow_rate(self) -> float:
        """`slow_share` of the limit, scaled like `good_rate` where the surface is steeper at the start."""
        return self.slow_share * self.limit * self.good_rate / self.best_rate

    @property
    def divergent_rate(self) -> float:
        """`divergent_share` of the limit."""
        return self.divergent_share * self.limit

    @property
    def rates(self) -> dict[str, float]:
        """The four rates of the story: slow, good, own, divergent."""
        return {
            "slow": self.slow_rate,
            "good": self.good_rate,
            "own": self.learning_rate,
            "divergent": self.divergent_rate,
        }

    def factors(self, rate: float) -> np.ndarray:
        """1 − ημ and 1 − ηL, shape (2,)."""
        return step_factors(rate, self.curvatures)

    def contraction(self, rate: float) -> float:
        """Largest |1 − ηλ| over the active curvatures: what each step leaves of the distance, at worst."""
        return float(np.max(np.abs(step_factors(rate, self.active_curvatures))))

    def regime(self, rate: float) -> Regime:
        """How descent at this rate from this start goes in the long run.

        still: starts where the gradient is zero. crawl, brisk, zigzag: settles (see `pace`), fast or
        slow against what the surface allows; `Run.remaining` says how far it came.
        borderline: η = 2/L, jumps to and fro forever. diverges: leaves for infinity.
        bounces: neither leaves nor settles (only off the bowl).

        Exact on the bowl. Elsewhere the run is watched for `HORIZON` steps, and judged near the minimum
        by the Hessian there; one that has not come near but falls steadily below 2/L counts as a crawl.
        """
        if self.start_kind == "minimum":
            return "still"
        if self.has_closed_form:
            return pace(rate, self.active_curvatures, self.condition_number)
        return _watched_regime(self.landscape, self.start, float(rate))

    def overshoots(self, rate: float) -> bool:
        """Whether ηL > 1: the steep direction changes sides at every step."""
        return bool(rate * self.curvatures[1] > 1.0)

    def is_spared(self, rate: float) -> bool:
        """Whether the run settles though η ≥ 2/L, because its start does not excite the steep direction."""
        steep = rate * self.curvatures[1] >= 2.0 - ON_THE_LIMIT
        return bool(self.start_kind == "flat axis" and steep and self.regime(rate) in SETTLING)

    def steps_needed(self, rate: float) -> int | None:
        """Steps that surely leave at most a millionth of the distance; None when it does not settle.

        Exact theory on the bowl; off it, the count once the run is near the minimum.
        """
        regime = self.regime(rate)
        if regime == "still":
            return 0
        return steps_to(self.contraction(rate)) if regime in SETTLING else None

    def verdict(self, rate: float) -> str:
        """How the run went, in a few words for a caption."""
        run = self.run(rate)
        if run.regime in ("crawl", "brisk", "zigzag"):
            return self._settling_verdict(run)
        if run.regime == "diverges":
            return self._diverging_verdict(rate)
        return {
            "still": "starts where the gradient is zero, so nothing moves",
            "borderline": "on the limit: it jumps to and fro forever",
            "bounces": "bounces and does not settle",
        }[run.regime]

    def _settling_verdict(self, run: Run) -> str:
        """How fast, against what the surface allows, and how far it came in these steps."""
        left = "less than 0.1%" if run.remaining < 0.001 else f"{100 * run.remaining:.2g}%"
        pace_words = {
            "crawl": "crawls" if run.remaining > 0.01 else "slower than it could be",
            "brisk": "brisk" if run.remaining <= 0.1 else "about as fast as this valley allows",
            "zigzag": "zigzags in",
        }
        spared = "spared, as its start has no steep part"
        words = spared if self.is_spared(run.rate) else pace_words[run.regime]
        return f"{words}: {left} of the distance left after {run.steps} steps"

    def _diverging_verdict(self, rate: float) -> str:
        """By how much each step grows what grows; off the bowl, why the local limit did not help."""
        if self.surface == "network":
            return "leaves the part that was measured"
        if not self.has_closed_form:
            return "diverges: away from the minimum the surface is steeper"
        growth = f"{self.contraction(rate):.4g}"
        if growth == "1":
            return "diverges, if slowly: just above the limit"
        growing = "distance" if len(set(self.active_curvatures)) == 1 else "steep part"
        return f"diverges: each step grows the {growing} {growth} times"

    # The runs.

    def run(self, rate: float) -> Run:
        """The descent at this rate: path, losses, distances, how it goes."""
        return make_run(self.landscape, self.start, float(rate), self.steps, self.regime(rate))

    @property
    def runs(self) -> dict[str, Run]:
        """The runs of the story, by the names of `rates`."""
        return {name: self.run(rate) for name, rate in self.rates.items()}

    def path(self, rate: float) -> np.ndarray:
        """The points of the run, shape (n + 1, 2); n = steps unless it escapes."""
        return self.run(rate).path

    def closed_form(self, rate: float) -> np.ndarray:
        """x_k = (1 − ηλ)^k x₀ for the steps that `path` has, shape (n + 1, 2).

        Raises:
            ValueError: off the bowl, where there is none.
        """
        if not self.has_closed_form:
            raise ValueError(f"there is no closed form on {self.surface}")
        start = np.array(self.start)
        factors = np.where(start != 0.0, self.factors(rate), 0.0)  # 0 · ∞ would not be 0
        powers = np.arange(len(self.path(rate)))[:, None]
        half = powers // 2  # in two halves, so that a tiny start times a huge power does not overflow
        return start * factors**half * factors ** (powers - half)

    # The stretched valley.

    @property
    def stretched_condition_number(self) -> float:
        """κ of the comparison valley: `STRETCH` times this one's."""
        return STRETCH * self.condition_number

    @property
    def stretched_run(self) -> Run:
        """The run at the best rate of a bowl (μ, `STRETCH`·L), minimum at the origin, from the same offset."""
        return self._run_on_bowl(STRETCH * float(self.curvatures[1]))

    @property
    def condition_runs(self) -> dict[float, Run]:
        """κ → run at the best rate of a bowl (μ, κμ), minimum at the origin, from the same offset.

        For the κ of `pace_by_condition`. On the bowl the middle one is the run at `good_rate`.
        """
        low = float(self.curvatures[0])
        return {number: self._run_on_bowl(number * low) for number in self.pace_by_condition}

    def _run_on_bowl(self, high: float) -> Run:
        """The run at the best rate of a bowl (μ, `high`), minimum at the origin, from this start's offset."""
        low = float(self.curvatures[0])
        offset = tuple(float(value) for value in np.array(self.start) - self.target)
        active = np.array([value for value, part in zip((low, high), offset, strict=True) if part])
        rate = best_rate(low, high)
        regime = pace(rate, active, high / low) if len(active) else "still"
        return make_run(Bowl(low, high), offset, rate, self.steps, regime)

    @property
    def pace_by_condition(self) -> dict[float, int]:
        """κ → steps that the best rate needs for a millionth of the distance, for 1, this κ and the stretched one."""
        numbers = (1.0, self.condition_number, self.stretched_condition_number)
        return {number: steps_to(best_contraction(1.0, number)) for number in numbers}

    # The four valleys (always Himmelblau's).

    @property
    def valleys(self) -> Himmelblau:
        """Himmelblau's surface, for the last beat."""
        return Himmelblau()

    @property
    def valley_runs(self) -> tuple[Run, ...]:
        """Four runs from starts close together that end in four valleys, in the order of `valleys.minima`."""
        valleys = self.valleys
        return tuple(
            make_run(valleys, start, VALLEY_RATE, VALLEY_STEPS, _watched_regime(valleys, start, VALLEY_RATE))
            for start in VALLEY_STARTS
        )

    def basins(self, count: int = 121) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """X, Y and the index of the minimum reached (−1: none), each (count, count); see `himmelblau_basins`."""
        return himmelblau_basins(count)

    # The picture.

    @property
    def window(self) -> tuple[Point, Point]:
        """((x_min, x_max), (y_min, y_max)) that holds the start, the minimum and every run that settles.

        On the bowl it is centred on the minimum and no thinner than 1 : 2, and never a mere dot.
        """
        settling = [run.path for run in self.runs.values() if run.settles]
        points = np.concatenate([*settling, [self.start, self.target]])
        frame = self.landscape.frame
        if frame is None:
            reach = 1.15 * np.max(np.abs(points), axis=0)
            longest = float(np.max(reach)) if np.max(reach) > SETTLED else 2.0
            half_x, half_y = (max(float(value), 0.5 * longest) for value in reach)
            return (-half_x, half_x), (-half_y, half_y)
        sides = []
        for (low, high), values in zip(frame, points.T, strict=True):
            pad = 0.05 * (high - low)
            low = low if values.min() >= low else float(values.min()) - pad
            high = high if values.max() <= high else float(values.max()) + pad
            sides.append((low, high))
        return sides[0], sides[1]

    def window_shaped(self, aspect: float) -> tuple[Point, Point]:
        """`window`, made wider or higher about its middle until it is `aspect` times as wide as high.

        Only the bowl, which looks alike at any size, is extended; other surfaces keep their usual frame.
        """
        (x_min, x_max), (y_min, y_max) = self.window
        if not self.has_closed_form:
            return self.window
        half_x, half_y = (x_max - x_min) / 2.0, (y_max - y_min) / 2.0
        half_x, half_y = max(half_x, aspect * half_y), max(half_y, half_x / aspect)
        return (-half_x, half_x), (-half_y, half_y)

    def drawn_height(self, losses: Scalar) -> Scalar:
        """How high a loss is drawn: itself on the bowl, log(1 + f) on surfaces that span many powers of ten."""
        return losses if self.has_closed_form else np.log1p(losses)

    def levels_through_start(self, top: float, count: int = 9) -> np.ndarray:
        """About `count` losses below `top` for contours, ascending, the start's own among them.

        Evenly spaced in √f on the bowl (even ellipses), in log(1 + f) elsewhere. When the start's loss
        is 0, or beyond `count` steps below `top`, the spacing is what the others ask for.
        """
        spread, gather = (np.sqrt, np.square) if self.has_closed_form else (np.log1p, np.expm1)
        own, highest = float(spread(self.landscape.value(np.array(self.start)))), float(spread(top))
        parts = round(own / (highest / (count + 1))) if own > 0 else 0
        spacing = own / parts if parts else highest / (count + 1)
        levels = gather(np.arange(1, math.ceil(highest / spacing - 1e-9)) * spacing)
        return levels if parts or own == 0 else np.union1d(levels, gather(own))

    def lattice(self, nx: int = 41, ny: int = 41) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """X, Y and the loss Z over `window`, each (ny, nx); rows go with y."""
        (x_min, x_max), (y_min, y_max) = self.window
        grid_x, grid_y = np.meshgrid(np.linspace(x_min, x_max, nx), np.linspace(y_min, y_max, ny))
        return grid_x, grid_y, self.landscape.height(grid_x, grid_y)

    def contour_levels(self, count: int = 8) -> np.ndarray:
        """Losses of `count` contours, shape (count,): evenly spaced ellipses on a bowl (levels grow as squares)."""
        top = float(np.max(self.lattice()[2]))
        return top * (np.arange(1, count + 1) / (count + 1)) ** 2

    def gradient_field(self, nx: int = 11, ny: int = 9) -> tuple[np.ndarray, np.ndarray]:
        """Points (ny·nx, 2) over `window` and the downhill vectors −∇f there, (ny·nx, 2)."""
        grid_x, grid_y, _ = self.lattice(nx, ny)
        points = np.stack([grid_x.ravel(), grid_y.ravel()], axis=-1)
        return points, -self.landscape.gradient(points)

    def points_in_window(self, run: Run) -> int:
        """How many points of the run, from the start on, lie in `window` before it first leaves."""
        low, high = np.array(self.window).T
        outside = np.any((run.path < low) | (run.path > high), axis=1)
        return int(np.argmax(outside)) if outside.any() else len(run.path)

    @property
    def camera_direction(self) -> np.ndarray:
        """Unit vector (3,) from the scene's middle towards the camera."""
        azimuth, elevation = np.radians(self.camera)
        flat = np.cos(elevation)
        return np.array([flat * np.cos(azimuth), flat * np.sin(azimuth), np.sin(elevation)])

    def facts(self) -> dict[str, Fact]:
        runs = self.runs
        low, high = self.curvatures
        needed = {name: self.steps_needed(rate) for name, rate in self.rates.items()}
        return rounded(
            {
                "mu": low,
                "L": high,
                "condition_number": self.condition_number,
                "limit_2_over_L": self.limit,
                "limit_scope": self.limit_scope,
                "best_rate": self.best_rate,
                "best_contraction": self.best_contraction,
                "start_kind": self.start_kind,
                "target": self.target,
                "rates": self.rates,
                "regimes": {name: run.regime for name, run in runs.items()},
                "verdicts": {name: self.verdict(run.rate) for name, run in runs.items()},
                "steps_shown": {name: run.steps for name, run in runs.items()},
                "last_distance": {name: run.distances[-1] for name, run in runs.items()},
                "last_loss": {name: run.losses[-1] for name, run in runs.items()},
                "steps_needed": {name: count for name, count in needed.items() if count is not None},
                "best_steps_by_condition": {f"{number:g}": count for number, count in self.pace_by_condition.items()},
                "himmelblau_minima": self.valleys.minima,
                "himmelblau_ends": [run.end for run in self.valley_runs],
            }
        )
