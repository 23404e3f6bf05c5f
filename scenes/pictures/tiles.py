"""Matrices as shaded tiles with the numbers that fit: one mobject that moves, fills, ticks and shuffles in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cairo
import numpy as np

from scenes.pictures.shapes import rectangles
from scenes.stage.color import mix, relative_luminance
from scenes.stage.language import delocalized
from scenes.stage.stage import Stage
from scenes.stage.text import ADVANCE, DIGIT_ADVANCE, Number, Size, format_number
from scenes.stage.theme import Theme
from scenes.stage.written import Written
from scenes.stage.zones import Zone

SHADES = 256
"""Steps of a colour scale: one more would not be seen in eight bits per channel."""
SMALLEST_TEXT = 0.92
"""A number is left out rather than drawn smaller than this times a label: its digits are 2.8 % of the frame."""
INK_RISE = 0.3
"""The opacity of a number is this power of how far its tile is filled: it reads on a tile that is dimmed to 0.25."""
NUMBER_WIDTH, NUMBER_HEIGHT = 0.9, 0.84
"""The largest share of a tile's width that a number may take, and of its height that an em may take."""
DIGIT_MIDDLE = 0.33
"""Height of the middle of a digit above the baseline, in em."""

INK_BORDER = float(np.sqrt(1.05 * 0.05)) - 0.05
"""Relative luminance of a tile on which black and white read equally well, at 4.58:1; one of them always does."""

Shade = Callable[[np.ndarray], np.ndarray]
"""Colours as (red, green, blue) from 0 to 1, shape (…, 3), of values of shape (…)."""


def lerp(start: np.ndarray, end: np.ndarray, share: float | np.ndarray) -> np.ndarray:
    """What lies this share of the way from `start` to `end`."""
    return start + (end - start) * share


def grid_boxes(zone: Zone, rows: int, columns: int) -> np.ndarray:
    """Tiles that fill a zone: left, bottom, right, top of each, shape (rows, columns, 4)."""
    x = np.linspace(zone.left, zone.right, columns + 1)
    y = np.linspace(zone.top, zone.bottom, rows + 1)
    left, top = np.meshgrid(x[:-1], y[:-1])
    right, bottom = np.meshgrid(x[1:], y[1:])
    return np.stack([left, bottom, right, top], axis=-1)


def around(boxes: np.ndarray) -> Zone:
    """The smallest zone that holds these tiles, shape (…, 4)."""
    flat = boxes.reshape(-1, 4)
    return Zone(*flat[:, :2].min(axis=0), *flat[:, 2:].max(axis=0))


def frame_of(zone: Zone) -> np.ndarray:
    """The corners of a zone, closed, shape (5, 3)."""
    return np.array([zone.at(*corner) for corner in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))])


# --- Colours ----------------------------------------------------------------------------------------------


def role_shade(theme: Theme, role: str, reach: float) -> Shade:
    """From near the background at −reach to the role's full colour at +reach."""
    return _scale([mix(theme.surface, theme.color(role), 0.12 + 0.8 * t) for t in _steps()], -reach, reach)


def ramp_shade(theme: Theme, low: float, high: float, power: float = 1.0) -> Shade:
    """The theme's sequential scale from `low` to `high`; a large value always stands out from the background."""
    is_dark = relative_luminance(theme.background) < relative_luminance(theme.text)
    shares = _steps() ** power
    return _scale([theme.ramp_at(t if is_dark else 1 - t) for t in shares], low, high)


def _steps() -> np.ndarray:
    return np.linspace(0, 1, SHADES)


def _rgb(color: str) -> tuple[float, ...]:
    return tuple(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))


def _scale(colors: Sequence[str], low: float, high: float) -> Shade:
    table = np.array([_rgb(color) for color in colors])
    span = (high - low) or 1.0

    def shade(values: np.ndarray) -> np.ndarray:
        index = np.clip((np.asarray(values) - low) / span, 0, 1) * (SHADES - 1)
        return table[index.round().astype(int)]

    return shade


# --- Numbers ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Writing:
    """How numbers of one kind are written: in the first of these formats that fits a tile at a readable size.

    `formats` holds (decimals, factor) pairs; `(0, 100)` writes shares in percent. `samples` are values that
    must have room, so that the size does not change while numbers tick.
    """

    samples: tuple[float, ...]
    formats: tuple[tuple[int, float], ...] = ((2, 1.0), (1, 1.0))

    def fitted(self, tile: tuple[float, float], smallest: float, largest: float) -> tuple[int, float, float] | None:
        """Decimals, factor and em that suit a tile of this width and height; None when nothing is readable."""
        for decimals, factor in self.formats:
            widest = _widest(self.samples, decimals, factor)
            em = min(NUMBER_WIDTH * tile[0] / widest, NUMBER_HEIGHT * tile[1], largest)
            if em >= smallest:
                return decimals, factor, em
        return None


def number_sizes(stage: Stage) -> tuple[float, float]:
    """The smallest and the largest em of numbers in tiles."""
    return SMALLEST_TEXT * stage.em(Size.LABEL), stage.em(Size.READOUT)


@lru_cache(maxsize=256)
def _widest(values: tuple[float, ...], decimals: int, factor: float) -> float:
    """Width in em of the widest of these numbers."""
    texts = (format_number(value * factor, decimals) for value in values)
    return max(sum(ADVANCE.get(character, DIGIT_ADVANCE) for character in text) for text in texts)


@lru_cache(maxsize=4096)
def _outline(text: str, decimals: int) -> cairo.Path:
    """The outline of a number at an em of 1, its digits' middle at (0, 0)."""
    number = Number(float(delocalized(text).replace("−", "-")), 1.0, "#FFFFFF", decimals=decimals, anchor="center")
    context = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    # Cairo keeps paths in 1/256 of a device unit, far too coarse for an em of 1.
    context.scale(1000, 1000)
    pen = None
    for start, first, second, end in number.points.reshape(-1, 4, 3)[..., :2] - (0, DIGIT_MIDDLE):
        if pen is None or np.abs(start - pen).max() > 1e-6:
            context.move_to(*start)
        context.curve_to(*first, *second, *end)
        pen = end
    return context.copy_path()


# --- Tiles ------------------------------------------------------------------------------------------------


class Tiles(Written):
    """A matrix as coloured rectangles, one per entry, with its number where that is readable.

    Everything is set in place by `put`: where tiles stand, what they hold, how far they are filled.

    Args:
        stage: the stage.
        boxes: left, bottom, right, top of each tile, shape (rows, columns, 4); see `grid_boxes`.
        values: shape (rows, columns).
        shade: colours of the values.
        writings: how numbers are written; none for a matrix without numbers.
    """

    gap = 0.025
    """Scene units between a tile and its box's edge."""
    overhang = 0.0

    def __init__(
        self, stage: Stage, boxes: np.ndarray, values: np.ndarray, shade: Shade, writings: Sequence[Writing] = ()
    ) -> None:
        super().__init__()
        theme = stage.theme
        self.shade, self.writings = shade, tuple(writings)
        self.em_range = number_sizes(stage)
        self.empty = np.array(_rgb(mix(theme.surface, theme.grid, 0.4)))
        values = np.asarray(values, float)
        self.values, self.colors = values, shade(values)
        self.seen = np.ones(values.shape)
        self.writing = np.zeros(values.shape, int)
        self.set_fill("#FFFFFF", opacity=1).set_stroke(width=0)
        self.put(boxes=boxes)

    def put(
        self,
        *,
        boxes: np.ndarray | None = None,
        values: np.ndarray | None = None,
        colors: np.ndarray | None = None,
        seen: np.ndarray | float | None = None,
        writing: np.ndarray | int | None = None,
    ) -> Tiles:
        """Change what is given, keep the rest.

        Args:
            boxes: places, shape (rows, columns, 4).
            values: entries, shape (rows, columns); they take their colours from `shade`.
            colors: shape (rows, columns, 3), instead of those.
            seen: from 0 (an empty tile) to 1 (filled), shape (rows, columns) or one for all.
            writing: which of `writings` each number follows.
        """
        if values is not None:
            self.values = np.asarray(values, float)
            self.colors = self.shade(self.values)
        if colors is not None:
            self.colors = colors
        if seen is not None:
            self.seen = np.broadcast_to(np.asarray(seen, float), self.values.shape)
        if writing is not None:
            self.writing = np.broadcast_to(np.asarray(writing), self.values.shape)
        if boxes is not None:
            self.points = rectangles(*np.moveaxis(np.asarray(boxes, float).reshape(-1, 4), -1, 0))
        return self

    @property
    def boxes(self) -> np.ndarray:
        """Where the tiles stand: left, bottom, right, top of each, shape (rows, columns, 4)."""
        # A rectangle is four curves of four points from its lower left corner on: the third starts opposite.
        corners = self.points.reshape(*self.values.shape, 16, 3)[..., :2]
        return np.concatenate([corners[..., 0, :], corners[..., 8, :]], axis=-1)

    def zone(self, row: int | slice = slice(None), column: int | slice = slice(None)) -> Zone:
        """The rectangle of a tile, of a row, of a column, or of all."""
        return around(self.boxes[row, column])

    def written(self, writing: int = 0) -> tuple[int, float, float] | None:
        """Decimals, factor and em of the numbers where the tiles stand now; None when they do not fit."""
        left, bottom, right, top = self.boxes[0, 0]
        return self.writings[writing].fitted((right - left, top - bottom), *self.em_range) if self.writings else None

    def shown(self, row: int, column: int) -> str:
        """The characters in a tile; "" when it is empty or has no room."""
        style = self.written(int(self.writing[row, column]))
        if style is None or self.seen[row, column] == 0:
            return ""
        return format_number(self.values[row, column] * style[1], style[0])

    @property
    def fills(self) -> np.ndarray:
        """Red, green and blue of each tile as it is filled now, from 0 to 1, shape (rows, columns, 3)."""
        return lerp(self.empty, self.colors, self.seen[..., None])

    def paint(self, context: cairo.Context) -> None:
        """One tile after the other, so that a tile on its way covers the numbers of those it passes."""
        alpha = float(self.get_fill_opacity())
        boxes, fills = self.boxes, self.fills
        inks = _inks(fills)
        styles = [self.written(index) for index in range(len(self.writings))] if self.writes else []
        for place in np.ndindex(self.values.shape):
            left, bottom, right, top = boxes[place].tolist()
            red, green, blue = fills[place].tolist()
            context.set_source_rgba(blue, green, red, alpha)
            x, y = (min(self.gap, 0.2 * length) for length in (right - left, top - bottom))
            context.rectangle(left + x / 2, bottom + y / 2, right - left - x, top - bottom - y)
            context.fill()
            style, seen = styles[self.writing[place]] if styles else None, float(self.seen[place])
            if style is not None and seen > 0:
                context.set_source_rgba(*[inks[place]] * 3, alpha * seen**INK_RISE)
                middle = ((left + right) / 2, (bottom + top) / 2)
                _write(context, float(self.values[place]), middle, style)

    def texts(self) -> list[Number]:
        """The number in each tile that has one."""
        alpha = float(self.get_fill_opacity())
        styles = [self.written(index) for index in range(len(self.writings))]
        inks, found = _inks(self.fills), []
        for place in np.ndindex(self.values.shape):
            style, seen = styles[self.writing[place]] if styles else None, float(self.seen[place])
            if style is None or seen == 0:
                continue
            decimals, factor, em = style
            color = "#FFFFFF" if inks[place] else "#000000"
            number = Number(self.values[place] * factor, em, color, decimals=decimals, anchor="center")
            left, bottom, right, top = self.boxes[place]
            number.shift([(left + right) / 2, (bottom + top) / 2 - DIGIT_MIDDLE * em, 0.0])
            found.append(number.set_fill(opacity=alpha * seen**INK_RISE))
        return found


def _inks(fills: np.ndarray) -> np.ndarray:
    """What reads on these colours: 0 (black) or 1 (white), shape (…), of shape (…, 3)."""
    linear = np.where(fills <= 0.04045, fills / 12.92, ((fills + 0.055) / 1.055) ** 2.4)
    return np.where(linear @ (0.2126, 0.7152, 0.0722) > INK_BORDER, 0.0, 1.0)


def _write(context: cairo.Context, value: float, middle: tuple[float, float], style: tuple[int, float, float]) -> None:
    """A number in the present colour, its middle at this point."""
    decimals, factor, em = style
    context.save()
    context.translate(*middle)
    context.scale(em, em)
    context.append_path(_outline(format_number(value * factor, decimals), decimals))
    context.restore()
    context.fill()
