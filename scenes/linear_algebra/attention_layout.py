"""Where everything stands in the attention clip, for any aspect, number of words and width of Q and K."""

from __future__ import annotations

import numpy as np
from manim import DOWN, VGroup, VMobject

from explainers.linear_algebra.attention import VALUE_WIDTH, Attention
from scenes.linear_algebra.attention_pictures import DotProduct
from scenes.linear_algebra.attention_tables import ProductPlaces, ProjectionPlaces, Sentence, table_boxes
from scenes.pictures.tiles import Shade, Tiles, Writing, grid_boxes, number_sizes
from scenes.stage.language import _
from scenes.stage.stage import Stage, stack
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

ROLES = {"X": "data", "Q": "first", "K": "second", "V": "input", "W": "parameter"}
"""Each matrix keeps its colour through the clip."""
SHARE_WRITING = Writing((1.0,), ((2, 1.0), (0, 100.0)))
"""Shares with two digits, or in percent where that has no room."""
WORD_ROOM = 0.28
"""The most that words at rows take of the width of the table's zone."""
NAME_ROOM = 0.5
"""Scene units for the name of a matrix beside it."""
LINE = 0.95
"""Height of a line of words, in em: less, and neighbours touch."""
SUM_ROOM = 0.95
"""Scene units right of the table, at least, for the row sums."""
FACTOR_SIZE, POSTER_FACTOR_SIZE = (1.0, 1.0), (0.3, 0.4)
"""Width of Q's tiles and height of Kᵀ's, compared to the grid's, where they multiply and on the last still."""
NARROW, WIDE = 9.0, 12.0
"""Widths of the body, in scene units, below which pictures beside the table, and above which the table, get more."""
LEGEND_STEPS = 48


class AttentionLayout:
    """Zones, the words, and the tiles of every matrix."""

    def __init__(self, stage: Stage, attention: Attention) -> None:
        self.stage = stage
        self.count, self.key_width = len(attention.tokens), attention.key_width
        self.row = LINE * stage.em(Size.LABEL)
        body = stage.zones.body
        is_narrow, is_tall = body.width < NARROW, body.height > body.width
        self.table_zone, self.side_zone = body.beside(*((0.56, 0.44) if is_narrow else (0.6, 0.4)), gap=0.45)
        panel, gap = (0.29, 0.35) if body.width > WIDE else (0.39, 0.45)
        if is_tall:
            panel = min(DotProduct.height(stage, self.key_width) / body.height, 0.46)
        self.score_zone, self.panel_zone = body.beside(1 - panel, panel, gap=gap)
        self.words = Sentence(stage, attention.tokens, WORD_ROOM * self.table_zone.width)
        # Where a percent sign has a space before it, "100 %" needs a little more.
        whole = stage.number(1.0, Size.LABEL, percent=True, decimals=0)
        self.sum_room = max(SUM_ROOM, whole.width)
        # Without the row sums there may be room for the shares, in the unit of bars and captions: that matters more.
        sum_room, self.sum_room = self.sum_room, 0.0
        written_without = self._share_format()
        self.sum_room = sum_room
        if self._share_format() is None or self._share_format() != written_without:
            self.sum_room = 0.0
        flat = (self._product(self.score_zone, FACTOR_SIZE).result, self._table())
        self.words.fit_columns(min(boxes[0, 0, 2] - boxes[0, 0, 0] for boxes in flat))
        self.product = self._product(self.score_zone, FACTOR_SIZE)
        self.poster = self._product(self.table_zone, POSTER_FACTOR_SIZE)
        self.table = self._table()
        self.inputs = table_boxes(body, (self.count, attention.model_width), self.words.row_room, 0.0, 0.0, NAME_ROOM)
        self.projection, self.names = self._projection(attention.model_width)

    def _product(self, zone: Zone, factor_size: tuple[float, float]) -> ProductPlaces:
        rooms = (self.words.row_room, self.words.column_room)
        return ProductPlaces.of(zone, self.count, self.key_width, rooms, NAME_ROOM, factor_size, self.row)

    def _table(self) -> np.ndarray:
        shape = (self.count, self.count)
        return table_boxes(self.table_zone, shape, self.words.row_room, self.words.column_room, self.sum_room)

    def _share_format(self) -> tuple[int, float] | None:
        """Decimals and factor of the shares in the table; None where they have no room."""
        left, bottom, right, top = self._table()[0, 0]
        style = SHARE_WRITING.fitted((right - left, top - bottom), *number_sizes(self.stage))
        return style and style[:2]

    def _projection(self, model_width: int) -> tuple[ProjectionPlaces, dict[str, VMobject]]:
        """Where X, the weights and their products stand, and the names below them."""
        inner = {"X": model_width, "Q": self.key_width, "K": self.key_width, "V": VALUE_WIDTH}
        long = {letter: f"${letter}$#h(0.4em)${self.count} times {width}$" for letter, width in inner.items()}
        options = []
        for markup in (long, {letter: f"${letter}$" for letter in inner}):
            names = {letter: self.stage.words(m, Size.LABEL, ROLES[letter]) for letter, m in markup.items()}
            options.append((self._projection_places(inner, names), names))
        # Names with the shapes, unless they would push the matrices together.
        with_shapes, without = ((places.inputs[0, 0, 2] - places.inputs[0, 0, 0]) for places, _ in options)
        places, names = options[0] if with_shapes > 0.85 * without else options[1]
        for name, boxes in zip(names.values(), (places.inputs, *places.results), strict=True):
            below(name, boxes)
        return places, names

    def _projection_places(self, inner: dict[str, int], names: dict[str, VMobject]) -> ProjectionPlaces:
        above_weights = {letter: self.stage.words(f"$W_{letter}$", Size.LABEL).width for letter in "QKV"}
        return ProjectionPlaces.of(
            self.stage.zones.body,
            self.count,
            inner["X"],
            tuple(inner.values())[1:],
            [max(name.width, above_weights.get(letter, 0.0)) + 0.1 for letter, name in names.items()],
            self.words.row_room,
            NAME_ROOM,
            self.row,
        )

    def product_names(self, places: ProductPlaces) -> VGroup:
        """The names of Q, below it, and of Kᵀ, left of it."""
        query = below(self.stage.words("$Q$", Size.LABEL, ROLES["Q"]), places.left)
        key = self.stage.words("$K^top$", Size.LABEL, ROLES["K"])
        low, high = places.above[..., 1].min(), places.above[..., 3].max()
        key.move_to([places.above[..., 0].min() - 0.15 - key.width / 2, (low + high) / 2, 0])
        return VGroup(query, key)

    def score_legend(self, shade: Shade, reach: float) -> VGroup:
        """What rows, columns and shades of the score grid mean."""
        zone, stage = self.panel_zone, self.stage
        asks = VGroup(stage.words(_("row"), Size.LABEL, ROLES["Q"]), stage.words(_("who asks")))
        answers = VGroup(stage.words(_("column"), Size.LABEL, ROLES["K"]), stage.words(_("who answers")))
        for line in (asks, answers):
            line.arrange(buff=0.2)
            if line.width > zone.width:
                line.arrange(DOWN, buff=0.05)
        values = np.linspace(-reach, reach, LEGEND_STEPS)[None]
        half = min(zone.width / 2, 1.8)
        x, y = zone.center[:2]
        bar = Tiles(stage, grid_boxes(Zone(x - half, y - 0.2, x + half, y + 0.2), 1, LEGEND_STEPS), values, shade)
        bar.gap = 0.0
        ends = [stage.words(format_number(v, 1), Size.LABEL, "muted") for v in (-reach, reach)]
        for end, side in zip(ends, (-1, 1), strict=True):
            end.next_to(bar, DOWN, buff=0.1).set_x(x + side * (half - end.width / 2))
        scale = VGroup(stage.words(_("score"), Size.LABEL).next_to(bar, -DOWN, buff=0.1), bar, *ends)
        return stack(asks, answers, scale, gap=0.35, align="center").move_to(zone.center)

    def origin_note(self, attention: Attention, room: float) -> VMobject:
        """Where the numbers come from, in a line no wider than `room`."""
        given = len(attention.given_rows)
        whole, partly = {
            "trained": (_("trained weights"), _("partly given, else trained")),
            "random": (_("random weights"), _("partly given, else random")),
        }[attention.network]
        long = (whole, partly, partly, _("given by hand"))[given]
        short = _("partly given") if 0 < given < 3 else long
        notes = [self.stage.words(text, Size.LABEL, "muted") for text in (long, short)]
        return next((note for note in notes if note.width <= room), notes[-1])


def below(name: VMobject, boxes: np.ndarray) -> VMobject:
    """Put the name of a matrix under its tiles."""
    return name.move_to([_middle(boxes), boxes[..., 1].min() - NAME_ROOM / 2, 0])


def above(name: VMobject, boxes: np.ndarray) -> VMobject:
    """Put the name of a matrix over its tiles."""
    return name.move_to([_middle(boxes), boxes[..., 3].max() + NAME_ROOM / 2, 0])


def _middle(boxes: np.ndarray) -> float:
    return float(boxes[..., 0].min() + boxes[..., 2].max()) / 2
