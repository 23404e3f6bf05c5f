"""Tables of words: the words at rows and columns, and where matrices of tiles stand in a zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from manim import DOWN, RIGHT, VGroup, VMobject

from scenes.pictures.tiles import grid_boxes
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

PAD = 0.14
"""Scene units between a word and the tiles that it names."""
LARGEST_TILE = 1.3
"""Height of a tile of a table that has room enough, in scene units."""
CLIMB_ROOM = 3.4
"""The most that a word takes, in em, that climbs above a column: height is scarcer than width."""


def shortened(stage: Stage, content: str, widest: float, role: str = "text") -> VMobject:
    """One line of a parameter's text, cut off with "…" where it would be wider than this."""
    line = stage.literal(content, Size.LABEL, role)
    while line.width > widest and len(content) > 1:
        content = content[:-1]
        line = stage.literal(content.rstrip() + "…", Size.LABEL, role)
    return line


class Sentence:
    """The words of a sentence, once at the rows of a matrix and once above its columns.

    Args:
        stage: the stage.
        words: the tokens.
        row_room: the most that words at rows may take, in scene units.
    """

    def __init__(self, stage: Stage, words: Sequence[str], row_room: float) -> None:
        self.rows = VGroup(*(shortened(stage, word, row_room) for word in words))
        self.columns = VGroup(*(stage.literal(word) for word in words))
        self.row_places = self.column_places = np.zeros((len(self.rows), 3))
        self.climbing = False
        self._climbers = [shortened(stage, word, min(CLIMB_ROOM * stage.em(Size.LABEL), row_room)) for word in words]

    def fit_columns(self, width: float) -> None:
        """Let the words above columns climb when they do not fit side by side over columns this wide."""
        needed = max((a.width + b.width) / 2 + PAD for a, b in pairwise(self.columns))
        if needed > width:
            self.climbing = True
            self.columns = VGroup(*(word.rotate(np.pi / 2) for word in self._climbers))

    @property
    def row_room(self) -> float:
        """Width that the words at rows take, padding included."""
        return max(word.width for word in self.rows) + PAD

    @property
    def column_room(self) -> float:
        """Height that the words above columns take, padding included."""
        return max(word.height for word in self.columns) + 0.6 * PAD

    def at_rows(self, boxes: np.ndarray) -> np.ndarray:
        """Where the words stand left of tiles (rows, columns, 4): their right middles, shape (n, 3)."""
        places = np.zeros((len(self.rows), 3))
        places[:, 0] = boxes[..., 0].min() - PAD
        places[:, 1] = (boxes[:, 0, 1] + boxes[:, 0, 3]) / 2
        return places

    def above_columns(self, boxes: np.ndarray) -> np.ndarray:
        """Where the words stand above tiles (rows, columns, 4): their bottom middles, shape (n, 3)."""
        places = np.zeros((len(self.columns), 3))
        places[:, 0] = (boxes[0, :, 0] + boxes[0, :, 2]) / 2
        places[:, 1] = boxes[..., 3].max() + (0.6 * PAD if self.climbing else 0.2 * PAD)
        return places

    def put_rows(self, places: np.ndarray) -> None:
        """Move the words at rows to these right middles."""
        self.row_places = places
        for word, place in zip(self.rows, places, strict=True):
            word.move_to(place - np.array([word.width / 2, 0, 0]))

    def put_columns(self, places: np.ndarray) -> None:
        """Move the words above columns to these bottom middles."""
        self.column_places = places
        for word, place in zip(self.columns, places, strict=True):
            word.move_to(place + np.array([0, word.height / 2, 0]))


def flow(words: Sequence[VMobject], zone: Zone, gap: float) -> None:
    """Set words as lines of text in the middle of a zone."""
    lines: list[list[VMobject]] = [[]]
    for word in words:
        if lines[-1] and sum(w.width + gap for w in lines[-1]) + word.width > zone.width:
            lines.append([])
        lines[-1].append(word)
    VGroup(*(VGroup(*line).arrange(RIGHT, buff=gap) for line in lines)).arrange(DOWN, buff=gap).move_to(zone.center)


def table_boxes(
    zone: Zone, shape: tuple[int, int], left: float, top: float, right: float = 0.0, bottom: float = 0.0
) -> np.ndarray:
    """Tiles of a table of (rows, columns) as large as fits in a zone, with room for what stands around it."""
    rows, columns = shape
    height = min((zone.height - top - bottom) / rows, LARGEST_TILE)
    width = min((zone.width - left - right) / columns, 1.5 * height)
    x = zone.center[0] + (left - columns * width - right) / 2
    y = zone.center[1] + (bottom + rows * height - top) / 2
    return grid_boxes(Zone(x, y - rows * height, x + columns * width, y), rows, columns)


@dataclass(frozen=True)
class ProductPlaces:
    """Where a product of matrices stands: the left factor left of the result, the right factor above it."""

    left: np.ndarray
    above: np.ndarray
    result: np.ndarray

    @classmethod
    def of(
        cls,
        zone: Zone,
        count: int,
        inner: int,
        sentence_room: tuple[float, float],
        below: float,
        factor: tuple[float, float],
        line: float,
    ) -> ProductPlaces:
        """Places in a zone for (count × inner) · (inner × count).

        Args:
            zone: room for all.
            count: rows of the left factor, columns of the right one.
            inner: columns of the left factor.
            sentence_room: width of the words at the rows, height of those above the columns.
            below: room below, for the name of the left factor.
            factor: width of a tile of the left factor, and height of one of the right factor, compared to the result's.
            line: height of a line of words; rows and columns of the result are no narrower.
        """
        room_left, room_top = sentence_room
        gap = 0.12
        free_width, free_height = zone.width - room_left - gap, zone.height - room_top - below - gap
        width, left_width = _shared_out(free_width, count, inner, factor[0], 1.2, line)
        height, above_height = _shared_out(free_height, count, inner, factor[1], min(0.9, width), line)
        x = zone.center[0] + (room_left - gap - count * width - inner * left_width) / 2
        y = zone.center[1] + (below + gap + count * height + inner * above_height - room_top) / 2
        middle = (x + inner * left_width + gap, y - inner * above_height - gap)
        end = (middle[0] + count * width, middle[1] - count * height)
        return cls(
            left=grid_boxes(Zone(x, end[1], middle[0] - gap, middle[1]), count, inner),
            above=grid_boxes(Zone(middle[0], middle[1] + gap, end[0], y), inner, count),
            result=grid_boxes(Zone(middle[0], end[1], end[0], middle[1]), count, count),
        )


def _shared_out(free: float, count: int, inner: int, factor: float, most: float, line: float) -> tuple[float, float]:
    """Lengths of a tile of the result and of one of its factor, which share this free length."""
    length = max(min(free / (count + factor * inner), most), min(line, free / (count + 1)))
    return length, min(factor * length, (free - count * length) / inner)


@dataclass(frozen=True)
class ProjectionPlaces:
    """Where X stands, and above each of its three products the weights that make it."""

    inputs: np.ndarray
    weights: tuple[np.ndarray, ...]
    results: tuple[np.ndarray, ...]

    LARGEST_COLUMN = 0.62

    @classmethod
    def of(
        cls,
        zone: Zone,
        rows: int,
        inner: int,
        columns: Sequence[int],
        rooms: Sequence[float],
        left: float,
        name: float,
        shortest: float,
    ) -> ProjectionPlaces:
        """Places in a zone for X (rows × inner) and its products with weights (inner × each of `columns`).

        Args:
            zone: room for all.
            rows, inner, columns: the shapes.
            rooms: the least width of X and of each product, so that their names fit.
            left: room for the words at the rows.
            name: height of a name above the weights, and of one below the rows.
            shortest: the least height of a row of words.
        """
        widths = np.array([inner, *columns])
        gap, free = 0.3, zone.width - left - 0.3 * len(columns)
        candidates = np.linspace(cls.LARGEST_COLUMN, 0.02, 200)
        column = next((c for c in candidates if np.maximum(c * widths, rooms).sum() <= free), candidates[-1])
        blocks = np.maximum(column * widths, rooms)
        height = zone.height - 2 * name - gap
        row = float(np.clip(0.56 * height / rows, min(shortest, 0.85 * height / rows), 0.75))
        weight_row = min((height - rows * row) / inner, 0.75 * row)
        total = np.array([left + blocks.sum() + gap * len(columns), 2 * name + gap + rows * row + inner * weight_row])
        x, y = zone.center[0] - total[0] / 2 + left, zone.center[1] + total[1] / 2 - name
        base, places = y - inner * weight_row - gap, []
        for block, width in zip(blocks, widths * column, strict=True):
            start = x + (block - width) / 2
            lower = Zone(start, base - rows * row, start + width, base)
            upper = Zone(start, base + gap, start + width, y)
            places.append((lower, upper))
            x += block + gap
        return cls(
            inputs=grid_boxes(places[0][0], rows, inner),
            weights=tuple(grid_boxes(upper, inner, n) for (_, upper), n in zip(places[1:], columns, strict=True)),
            results=tuple(grid_boxes(lower, rows, n) for (lower, _), n in zip(places[1:], columns, strict=True)),
        )
