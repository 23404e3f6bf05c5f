"""A network of two inputs, three hidden units and one output as cards with numbers, weights on the arrows between."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from manim import VGroup, VMobject

from explainers.calculus.backprop import INPUTS, UNITS, Backprop, Forward, Weights
from scenes.pictures.labels import along
from scenes.pictures.shapes import Curve, Region
from scenes.pictures.tiles import frame_of
from scenes.stage.stage import Stage
from scenes.stage.text import Number, Size
from scenes.stage.zones import Zone

ROLES = {"x": "input", "h": "model", "y": "output", "L": "data"}
"""Colour of each layer."""
CARD_WIDTH, CARD_HEIGHT = 4.5, 3.5
"""In em: room for a name with its bias, a number, and what comes back."""
SLIM, SLIM_ZONE = 4.0, 8.5
"""Width of a card, in em, in a zone narrower than so many scene units: there a bias is told by its sign only."""
NARROW = 10.0
"""Width of a zone, in scene units, below which four columns of cards have no room between them for weights."""
GAPS = {3: (0.64, 0.36), 4: (0.53, 0.33, 0.14)}
"""How so many columns of cards share out the width that they leave free."""
LABEL_GAP = 0.07
"""Scene units of an arrow that stay free around its weight."""
LABEL_HALF = np.array([1.25, 0.5])
"""Half of what "−1.00" takes on an arrow, in em."""
LEAST_STUB = 2.0
"""Em of an arrow that should be seen on either side of its weight, so that its ends show where it leads."""


class Card(VGroup):
    """One unit: its name and bias, its number, and below it the error that comes back (hidden at first).

    Args:
        stage: the stage.
        center: where it stands.
        name: Typst math.
        role: its colour.
        bias: what it adds, None for nothing.
        width: in em; a card narrower than `CARD_WIDTH` has no room for the letter b.
    """

    def __init__(
        self,
        stage: Stage,
        center: np.ndarray,
        name: str,
        role: str,
        bias: float | None = None,
        width: float = CARD_WIDTH,
    ) -> None:
        em = stage.em(Size.LABEL)
        half = np.array([width, CARD_HEIGHT]) * em / 2
        self.zone = Zone(*(center[:2] - half), *(center[:2] + half))
        corners = frame_of(self.zone)
        self.fill = Region(stage, corners[:4], "background", opacity=1.0)
        self.frame = Curve(stage, corners, role, 3.0)
        self.name = stage.words(f"${name}$", Size.LABEL, role)
        self.value = stage.number(0.0, Size.LABEL, anchor="center")
        self.error = stage.number(0.0, Size.LABEL, "error", anchor="center").set_opacity(0.0)
        lines = self.zone.rows(1, 1, 1, gap=0.0)
        self.head = VGroup(self.name)
        self.bias: VMobject | None = None
        if bias is not None:
            has_letter = width >= CARD_WIDTH
            self.bias = stage.number(bias, Size.LABEL, "parameter", signed=not has_letter)
            # Without its letter a bias of 0 could be read as the number of the unit itself.
            letters = [stage.words("$b$", Size.LABEL, "parameter")] if has_letter else []
            self.head.add(VGroup(*letters, self.bias).arrange(buff=0.25 * em))
        self.head.arrange(buff=0.3 * em).move_to(lines[0].center)
        self.value.move_to(lines[1].center)
        self.error.move_to(lines[2].center)
        super().__init__(self.fill, self.frame, self.head, self.value, self.error)

    def show_error(self, value: float, opacity: float = 1.0) -> None:
        """Show what comes back, this opaque."""
        write(self.error, value).set_opacity(opacity)


def write(number: Number, value: float) -> Number:
    """Show a value with the digits that an arrow or a card has room for."""
    number.decimals = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    return number.set_value(value)


class NetworkPicture(VGroup):
    """Cards for x, h, y and the loss, and arrows with the weights on them.

    Args:
        stage: the stage.
        zone: room for all.
        backprop: the network.
    """

    def __init__(self, stage: Stage, zone: Zone, backprop: Backprop) -> None:
        self.stage, self.em = stage, stage.em(Size.LABEL)
        self.is_tall = zone.height > zone.width
        self.card_width = SLIM if not self.is_tall and zone.width < SLIM_ZONE else CARD_WIDTH
        weights = backprop.weights
        centers = self._centers(zone)
        biases = [None] * INPUTS + [*weights.first_bias, weights.second_bias, None]
        names = ["x_1", "x_2", "h_1", "h_2", "h_3", "y", "L"]
        self.cards = VGroup(
            *(
                Card(stage, center, name, ROLES[name[0]], bias, self.card_width)
                for center, name, bias in zip(centers, names, biases, strict=True)
            )
        )
        self.inputs, self.hidden = self.cards[:INPUTS], self.cards[INPUTS : INPUTS + UNITS]
        self.output, self.loss = self.cards[-2], self.cards[-1]
        self.ends = self._ends()
        values = [*weights.first.ravel(), *weights.second]
        self.weights = VGroup(*(stage.number(value, Size.LABEL, "parameter", anchor="center") for value in values))
        self.gradients = VGroup(*(stage.number(0.0, Size.LABEL, "error", anchor="center") for _ in values))
        self._place_labels()
        self.arrows = Curve(stage, role="muted", width=2.5)
        self.arrows.put_segments(*self._pieces())
        self.gradients.set_opacity(0.0)
        super().__init__(self.arrows, self.cards, self.weights, self.gradients)

    # --- Where things stand ----------------------------------------------------------------------------

    def _centers(self, zone: Zone) -> list[np.ndarray]:
        """The middles of the cards: two inputs, three hidden units, output, loss."""
        width, height = self.card_width * self.em, CARD_HEIGHT * self.em
        if self.is_tall:
            rows = np.linspace(zone.top - height / 2, zone.bottom + height / 2, 3)
            across = np.linspace(zone.left + width / 2, zone.right - width / 2, UNITS)
            middle = zone.center[0]
            inputs = [(middle - 0.3 * zone.width, rows[0]), (middle + 0.3 * zone.width, rows[0])]
            hidden = [(x, rows[1]) for x in across]
            last = [(middle, rows[2]), (zone.right - width / 2, rows[2])]
        else:
            # In a square there are three columns: the loss stands below the output.
            count = 3 if zone.width < NARROW else 4
            gaps = np.array([0.0, *GAPS[count]]) * (zone.width - count * width)
            columns = zone.left + width / 2 + np.cumsum(gaps) + width * np.arange(count)
            pitch = min((zone.height - height) / 2, 1.5 * height)
            middle = zone.center[1]
            inputs = [(columns[0], middle + 0.6 * pitch), (columns[0], middle - 0.6 * pitch)]
            hidden = [(columns[1], middle + pitch * (1 - unit)) for unit in range(UNITS)]
            last = [(columns[2], middle), (columns[-1], middle - (pitch if count == 3 else 0.0))]
        return [np.array([*place, 0.0]) for place in (*inputs, *hidden, *last)]

    def _ends(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Start and end of each arrow: x to h in the order of W₁, then h to y, then y to the loss."""
        pairs = [(self.inputs[i], unit) for unit in self.hidden for i in range(INPUTS)]
        pairs += [(unit, self.output) for unit in self.hidden]
        ends = [self._between(start, end) for start, end in pairs]
        y, loss = self.output.zone, self.loss.zone
        is_below = loss.top < y.bottom
        return [*ends, (y.at(0.5, 0), loss.at(0.5, 1)) if is_below else (y.at(1, 0.5), loss.at(0, 0.5))]

    def _between(self, start: Card, end: Card) -> tuple[np.ndarray, np.ndarray]:
        if self.is_tall:
            return start.zone.at(0.5, 0), end.zone.at(0.5, 1)
        return start.zone.at(1, 0.5), end.zone.at(0, 0.5)

    def _place_labels(self) -> None:
        """Each weight on its arrow, far from cards, other arrows and other weights, both ends of the arrow in sight."""
        lines = [along(*ends, samples=60) for ends in self.ends]
        taken = [along(*side) for card in self.cards for side in pairwise(frame_of(card.zone))]
        for index, (label, (start, end)) in enumerate(zip(self.weights, self.ends[:-1], strict=True)):
            others = np.vstack([line for other, line in enumerate(lines) if other != index] + taken)
            half, length, gap = self.em * LABEL_HALF, float(np.linalg.norm(end - start)), self.gap(start, end)

            def room(share: float, start=start, end=end, others=others, half=half, length=length, gap=gap) -> float:
                distance = np.abs(others[:, :2] - (start + share * (end - start))[:2]) / half
                clear, stub = float(distance.max(axis=1).min()), (min(share, 1 - share) * length - gap) / self.em
                # Below 1 something strikes the number through: that is worse than an end out of sight.
                struck = 4 * max(0.0, 1.0 - clear)
                return clear - struck - 0.6 * abs(share - 0.5) - max(0.0, LEAST_STUB - stub)

            share = max(np.linspace(0.2, 0.8, 25), key=room)
            middle = start + share * (end - start)
            label.move_to(middle)
            self.gradients[index].move_to(middle)
            taken.append(middle + np.array([[x, y, 0] for x in (-half[0], 0, half[0]) for y in (-half[1], 0, half[1])]))

    def _pieces(self) -> tuple[np.ndarray, np.ndarray]:
        """Starts and ends of the arrows' pieces, left and right of their weights."""
        starts, ends = [], []
        for index, (start, end) in enumerate(self.ends):
            if index == len(self.weights):
                starts.append(start)
                ends.append(end)
                continue
            center, length = self.weights[index].get_center(), float(np.linalg.norm(end - start))
            way, free = (end - start) / length, self.gap(start, end)
            at = float((center - start) @ way)
            starts += [start, start + way * min(at + free, length)]
            ends += [start + way * max(at - free, 0.0), end]
        return np.array(starts), np.array(ends)

    def gap(self, start: np.ndarray, end: np.ndarray) -> float:
        """Scene units of an arrow, to either side of its weight, that the weight covers."""
        way = (end - start) / np.linalg.norm(end - start)
        return float(np.min(self.em * LABEL_HALF / np.maximum(np.abs(way[:2]), 1e-9))) + LABEL_GAP

    def path(self, arrow: int, progress: float) -> np.ndarray:
        """The point this share of the way along an arrow."""
        start, end = self.ends[arrow]
        return start + progress * (end - start)

    # --- What it shows ---------------------------------------------------------------------------------

    def put_values(self, x: Sequence[float], run: Forward) -> None:
        """The numbers of a forward pass."""
        for card, value in zip(self.cards, [*x, *run.h, run.y, run.loss], strict=True):
            write(card.value, float(value))

    def put_weights(self, weights: Weights) -> None:
        """Weights and biases."""
        for number, value in zip(self.weights, [*weights.first.ravel(), *weights.second], strict=True):
            number.set_value(float(value))
        for card, value in zip((*self.hidden, self.output), weights.flat[[6, 7, 8, 12]], strict=True):
            card.bias.set_value(float(value))

    def put_gradients(self, gradient: Weights, opacity: float) -> None:
        """The derivatives in place of the weights, this opaque; the weights fade as much."""
        for number, value in zip(self.gradients, [*gradient.first.ravel(), *gradient.second], strict=True):
            write(number, float(value)).set_opacity(max(0.0, 2 * opacity - 1))
        for number in self.weights:
            number.set_opacity(max(0.0, 1 - 2 * opacity))
