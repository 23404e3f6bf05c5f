"""First half of the attention clip: words to queries, keys and values, scores, and shares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import Animation, FadeIn, FadeOut, VGroup, VMobject, linear, smooth

from explainers.linear_algebra.attention import Attention
from scenes.linear_algebra import attention_captions as captions
from scenes.linear_algebra.attention_layout import ROLES, SHARE_WRITING, AttentionLayout, above, below
from scenes.linear_algebra.attention_pictures import DotProduct, ShareBars, Spreads
from scenes.linear_algebra.attention_tables import flow
from scenes.pictures.shapes import Curve
from scenes.pictures.tiles import Tiles, Writing, frame_of, lerp, ramp_shade, role_shade
from scenes.stage.language import _, in_math, localized, verbatim
from scenes.stage.scene import ExplainerScene
from scenes.stage.text import Size
from scenes.stage.zones import Zone

DIMMED = 0.25
"""How far rows that are not spoken of stay filled."""
SHARE_POWER = 0.6
"""Bends the colour scale of shares so that small ones can be told apart."""
GIVEN = ("queries", "keys", "values")
"""What the explainer calls rows of Q, K and V that a lecturer gives."""
MOST_WORDS = 8
SPEECH_SIZE = 1.5
"""Size of a word in the sentence, compared to its size at a row."""
QUERY, KEY_T = "{{Q : first}}", "{{K^top : second}}"


def score_writing(*samples: np.ndarray) -> Writing:
    """How scores are written: with fewer digits where they are large."""
    values = tuple(np.concatenate([np.ravel(sample) for sample in samples]).tolist())
    largest = np.abs(values).max()
    decimals = (2, 1) if largest < 10 else (2, 1, 0) if largest < 100 else (1, 0)
    return Writing(values, tuple((count, 1.0) for count in decimals))


class AttentionShares(ExplainerScene[Attention]):
    """What queries and keys do; `AttentionScene` goes on with the values."""

    explainer_type = Attention

    # --- What all beats share --------------------------------------------------------------------------

    def prepare(self) -> None:
        """Places, colour scales, and whom the story follows: one word, and the word it asks first."""
        attention, theme = self.explainer, self.stage.theme
        self.count = len(attention.tokens)
        self.has_inputs = len(attention.given_rows) < 3
        self.focus, self.partner = attention.followed
        self.layout = AttentionLayout(self.stage, attention)
        self.words = self.layout.words
        self.score_reach = float(np.abs(attention.scores).max()) or 1.0
        self.score_shade = ramp_shade(theme, -self.score_reach, self.score_reach)
        self.share_shade = ramp_shade(theme, 0.0, 1.0, SHARE_POWER)
        if self.count == MOST_WORDS:
            self.allow("stage-use", reason="eight words are named at their rows, columns and bars, with all shares")

    def frame(self, zone: Zone) -> Curve:
        """A frame that says: look here."""
        return Curve(self.stage, frame_of(zone), "highlight", 4.0)

    def matrix(self, letter: str, values: np.ndarray, boxes: np.ndarray, *, numbers: bool = True) -> Tiles:
        """Tiles in the colour of a matrix, dark for its lowest and bright for its highest values."""
        shade = role_shade(self.stage.theme, ROLES[letter], float(np.abs(values).max()) or 1.0)
        attention = self.explainer
        # Q, K and V are written alike: all with numbers of one width, or all without.
        alike = (attention.query_matrix, attention.key_matrix, attention.value_matrix)
        writings = [score_writing(*alike) if letter in "QKV" else score_writing(values)] if numbers else []
        return Tiles(self.stage, boxes, values, shade, writings)

    def glide(self, frame: Curve, tiles: Tiles, rows: float) -> None:
        """Stand around a row of tiles; between rows (2.5 is halfway from the third to the fourth) move on."""
        row = min(int(rows), self.count - 1)
        after = min(row + 1, self.count - 1)
        frame.put(lerp(frame_of(tiles.zone(row)), frame_of(tiles.zone(after)), rows - row))

    # --- From words to queries, keys and values --------------------------------------------------------

    def seat_words(self, boxes: np.ndarray, *along: object) -> None:
        """The sentence appears as a line of text, then each word goes to its row."""
        rows, places = self.words.rows, self.words.at_rows(boxes)
        for word in rows:
            word.scale(SPEECH_SIZE)
        flow(rows, self.stage.zones.body, 0.45)
        self.play(FadeIn(rows), run_time=0.8)
        self.wait(0.5)
        moves = [
            word.animate.scale(1 / SPEECH_SIZE).move_to(place - np.array([word.width / SPEECH_SIZE / 2, 0, 0]))
            for word, place in zip(rows, places, strict=True)
        ]
        self.play(*moves, *along, run_time=1.8)
        self.words.put_rows(places)

    def show_rows(self) -> None:
        """Words become the rows of X."""
        attention, stage, boxes = self.explainer, self.stage, self.layout.inputs
        with self.beat(captions.rows(attention), chapter=_("Words as rows")):
            self.heading(stage.words(_(attention.title), Size.TITLE))
            self.inputs = self.matrix("X", attention.embeddings, boxes)
            name = self.layout.names["X"]
            below(name, boxes)

            def step(progress: float) -> None:
                grown = boxes.copy()
                grown[..., ::2] = lerp(boxes[..., 0].min(), boxes[..., ::2], progress)
                self.inputs.put(boxes=grown)

            step(0.0)
            self.add(self.inputs)
            self.seat_words(boxes, self.drive(step, self.inputs, run_time=1.8))
            self.play(FadeIn(name), run_time=0.6)

    def make_room(self) -> Animation:
        """X and the words go where there is room for three products."""
        words, name = self.words, self.layout.names["X"]
        starts, ends = (self.inputs.boxes, words.row_places), self.layout.projection.inputs
        places = words.at_rows(ends)

        def step(progress: float) -> None:
            self.inputs.put(boxes=lerp(starts[0], ends, progress))
            words.put_rows(lerp(starts[1], places, progress))
            below(name, self.inputs.boxes)

        return self.drive(step, self.inputs, words.rows, name, run_time=1.2)

    def project(self) -> None:
        """Row by row, X becomes Q, K and V."""
        attention, places, names = self.explainer, self.layout.projection, self.layout.names
        values = (attention.query_matrix, attention.key_matrix, attention.value_matrix)
        results = [self.matrix(k, v, b) for k, v, b in zip("QKV", values, places.results, strict=True)]
        weights = self.weight_matrices()
        with self.beat(captions.projections(attention), chapter=_("Queries, keys, values")):
            if not self.has_inputs:
                self.heading(self.stage.words(_(attention.title), Size.TITLE))
                self.seat_words(places.results[0])
            else:
                self.play(self.make_room())
            for tiles in results:
                tiles.put(seen=0.0)
            shown = [*weights, *results, *(names[letter] for letter in "QKV")]
            self.play(*map(FadeIn, shown), run_time=0.8)
            source = self.inputs if self.has_inputs else results[0]
            frame = self.frame(source.zone(0))
            self.play(FadeIn(frame), run_time=0.4)

            def step(progress: float) -> None:
                filled = np.clip(progress * self.count - np.arange(self.count), 0, 1)
                for tiles in results:
                    tiles.put(seen=filled[:, None] * np.ones(tiles.values.shape[1]))
                self.glide(frame, source, progress * (self.count - 1))

            self.play(self.drive(step, *results, frame, run_time=4.0, rate_func=linear))
            self.play(FadeOut(frame), run_time=0.4)
            self.heading(self.projection_formula())
        self.queries, self.keys = results[:2]
        leaving = [*weights, results[2], *(names[letter] for letter in "QKV")]
        self.leaving = [*leaving, self.inputs, names["X"]] if self.has_inputs else leaving

    def projection_formula(self) -> VMobject:
        """What is made of X, as formulas; the title again when all is given."""
        made = [m for m, rows in zip("QKV", GIVEN, strict=True) if rows not in self.explainer.given_rows]
        products = [f"{{{{{m} : {ROLES[m]}}}}} = {{{{X : data}}}} {{{{W_{m} : parameter}}}}" for m in made]
        if not products:
            return self.stage.words(_(self.explainer.title), Size.TITLE)
        return self.stage.math(" quad ".join(products), Size.TITLE)

    def weight_matrices(self) -> list[VMobject]:
        """The weights above the products that they make, with their names; "given" above a given product."""
        attention, stage, shown = self.explainer, self.stage, []
        matrices = (attention.query_weights, attention.key_weights, attention.value_weights)
        places = self.layout.projection
        for letter, part, values, boxes, product in zip(
            "QKV", GIVEN, matrices, places.weights, places.results, strict=True
        ):
            if part in attention.given_rows:
                name = stage.words(_("given"), Size.LABEL, "muted")
                shown.append(above(name, product))
            else:
                name = stage.words(f"$W_{letter}$", Size.LABEL, ROLES["W"])
                shown += [self.matrix("W", values, boxes, numbers=False), above(name, boxes)]
        return shown

    # --- Scores ----------------------------------------------------------------------------------------

    def one_score(self) -> None:
        """A row of Q and a column of Kᵀ, multiplied entry by entry, make one score."""
        attention, row, column = self.explainer, self.focus, self.partner
        with self.beat(captions.score(attention, row, column), chapter=_("One score")):
            self.play(*map(FadeOut, self.leaving), run_time=0.6)
            self.set_up_product()
            panel = DotProduct(
                self.stage,
                self.layout.panel_zone,
                (attention.tokens[row], attention.tokens[column]),
                attention.query_matrix[row],
                attention.key_matrix[column],
                attention.score_running_total(row, column),
                (ROLES["Q"], ROLES["K"]),
            )
            marks = [self.frame(self.queries.zone(row, 0)), self.frame(self.keys.zone(column, 0))]
            self.dim(1.0, panel.header, *marks)
            self.add(panel.lines)
            self.play(FadeIn(panel.rule), FadeIn(panel.total), run_time=0.3)
            width = attention.key_width

            def step(progress: float) -> None:
                line = min(int(progress * width), width - 1)
                panel.put(progress * width)
                marks[0].put(frame_of(self.queries.zone(row, line)))
                marks[1].put(frame_of(self.keys.zone(column, line)))

            moving = (panel.lines, panel.total, *marks)
            self.play(self.drive(step, *moving, run_time=float(np.clip(0.9 * width, 2.0, 5.0)), rate_func=linear))
            self.drop_into_cell(panel.total.number.value, panel.total.number)
        self.leaving = [panel, *marks]

    def set_up_product(self) -> None:
        """Q goes left of the empty grid; K turns over its diagonal and goes above it."""
        places, words = self.layout.product, self.words
        starts = (self.queries.boxes, self.keys.boxes, words.row_places)
        ends = (places.left, places.above.swapaxes(0, 1), words.at_rows(places.left))

        def step(progress: float) -> None:
            self.queries.put(boxes=lerp(starts[0], ends[0], progress))
            self.keys.put(boxes=lerp(starts[1], ends[1], progress))
            words.put_rows(lerp(starts[2], ends[2], progress))

        self.play(self.drive(step, self.queries, self.keys, words.rows, run_time=1.8))
        attention = self.explainer
        unscaled = attention.scaled_scores * attention.temperature
        scores = score_writing(attention.scores, unscaled, attention.scaled_scores)
        self.grid = Tiles(self.stage, places.result, attention.scores, self.score_shade, [scores, SHARE_WRITING])
        self.grid.put(seen=0.0)
        words.put_columns(words.above_columns(places.above))
        self.product_names = self.layout.product_names(self.layout.product)
        self.play(FadeIn(self.grid), FadeIn(words.columns), FadeIn(self.product_names), run_time=0.7)

    def dim(self, amount: float, *appearing: VMobject) -> None:
        """Fade all but one row of Q and one row of K (1), or bring them back (0), while other things appear."""
        faded = 1 - (1 - DIMMED) * (1 - np.eye(self.count))

        def step(progress: float) -> None:
            level = progress if amount else 1 - progress
            for tiles, index in ((self.queries, self.focus), (self.keys, self.partner)):
                tiles.put(seen=lerp(1.0, faded[index], level)[:, None] * np.ones(tiles.values.shape[1]))

        fades = [FadeIn(mobject) for mobject in appearing]
        self.play(self.drive(step, self.queries, self.keys, run_time=0.6), *fades, run_time=0.6)

    def drop_into_cell(self, value: float, source: VMobject) -> None:
        """A copy of the total flies into its tile, which fills."""
        zone, style = self.grid.zone(self.focus, self.partner), self.grid.written()
        factor = style[2] / self.stage.em(Size.READOUT) if style else 0.6
        flyer = self.stage.number(value, anchor="center").move_to(source.get_center())
        frame = self.frame(zone)
        self.play(FadeIn(frame), FadeIn(flyer), run_time=0.4)
        self.play(flyer.animate.scale(factor).move_to(zone.center), run_time=1.0)
        here = np.zeros((self.count, self.count))
        here[self.focus, self.partner] = 1.0
        fill = self.drive(lambda progress: self.grid.put(seen=progress * here), self.grid, run_time=0.6)
        self.play(fill, FadeOut(flyer), FadeOut(frame), run_time=0.6)

    def all_scores(self) -> None:
        """Every row of Q sweeps over every column of Kᵀ."""
        with self.beat(captions.grid(self.explainer), chapter=_("All scores")):
            self.play(*map(FadeOut, self.leaving), run_time=0.5)
            self.dim(0.0)
            legend = self.layout.score_legend(self.score_shade, self.score_reach)
            marks = [self.frame(self.queries.zone(0)), self.frame(self.keys.zone(0))]
            # To and fro like an ox at the plough, so that no frame has to jump back.
            order = np.arange(self.count**2).reshape(self.count, self.count)
            order[1::2] = order[1::2, ::-1]
            self.play(FadeIn(legend), *map(FadeIn, marks), run_time=0.6)
            done = self.grid.seen.copy()

            def step(progress: float) -> None:
                cells = progress * self.count**2
                row = min(int(cells / self.count), self.count - 1)
                along = min(cells - row * self.count, self.count - 1)
                self.grid.put(seen=np.maximum(done, np.clip(cells - order, 0, 1)))
                # While a row's last score fills, the other frame moves on to the next row.
                self.glide(marks[0], self.queries, row + max(0.0, cells - row * self.count - along))
                self.glide(marks[1], self.keys, along if row % 2 == 0 else self.count - 1 - along)

            self.play(self.drive(step, self.grid, *marks, run_time=5.0, rate_func=linear))
            self.play(*map(FadeOut, marks), run_time=0.4)
            self.heading(self.stage.math(f"{QUERY} {KEY_T}", Size.TITLE))
        self.leaving = [self.queries, self.keys, self.product_names, legend]

    # --- Shares ----------------------------------------------------------------------------------------

    def table_move(self, boxes: np.ndarray, left: np.ndarray, above: np.ndarray) -> Animation:
        """The grid goes to these tiles, its words left of and above others."""
        words, grid = self.words, self.grid
        starts = (grid.boxes, words.row_places, words.column_places)
        ends = (boxes, words.at_rows(left), words.above_columns(above))

        def step(progress: float) -> None:
            grid.put(boxes=lerp(starts[0], ends[0], progress))
            words.put_rows(lerp(starts[1], ends[1], progress))
            words.put_columns(lerp(starts[2], ends[2], progress))

        return self.drive(step, grid, words.rows, words.columns, run_time=1.4)

    def divide(self) -> None:
        """Wide q and k make wide scores; √d takes that back, in the samples and in the grid."""
        attention, stage = self.explainer, self.stage
        unscaled = attention.scaled_scores * attention.temperature
        with self.beat(captions.division(attention), chapter=_("Divide by √d")):
            self.play(*map(FadeOut, self.leaving), run_time=0.5)
            self.play(self.table_move(*[self.layout.table] * 3))
            widths = sorted({attention.key_width, max(attention.variance_widths)})
            samples = {width: attention.dot_products(width) for width in widths}
            variances = {width: attention.sampled_variance(width) for width in widths}
            self.spreads = Spreads(stage, self.layout.side_zone, samples, variances)
            self.play(FadeIn(self.spreads), run_time=0.8)
            self.wait(1.2)
            self.heading(stage.math(f"{QUERY} {KEY_T} \\/ {self.divisor}", Size.TITLE))

            def step(progress: float) -> None:
                self.spreads.put(progress)
                self.grid.put(values=lerp(attention.scores, unscaled, progress))

            self.play(self.drive(step, self.grid, self.spreads, run_time=2.5))
            if attention.temperature != 1:
                self.wait(0.5)
                self.play(self.drive(self.tick(unscaled, attention.scaled_scores), self.grid, run_time=1.5))

    def tick(self, start: np.ndarray, end: np.ndarray) -> Callable[[float], None]:
        """A step: the numbers of the grid go from one matrix to another."""

        def step(progress: float) -> None:
            self.grid.put(values=lerp(start, end, progress))

        return step

    @property
    def divisor(self) -> str:
        """What scores are divided by, as a formula."""
        temperature = self.explainer.temperature
        return "sqrt(d)" if temperature == 1 else f"(sqrt(d) dot {in_math(localized(f'{temperature:g}'))})"

    def share_rows(self, progress: np.ndarray) -> None:
        """Show the rows of the grid this far, shape (n,), on their way from scores to shares."""
        scores, shares = self.explainer.scaled_scores, self.explainer.weights
        share = progress[:, None]
        colors = lerp(self.score_shade(scores), self.share_shade(shares), share[..., None])
        writing = (share > 0.5) * np.ones(scores.shape, int)
        # A tile writes the number whose kind it is at: half-way the one gives way to the other.
        self.grid.put(values=np.where(writing, shares, scores), colors=colors, writing=writing)
        for total, shown in zip(self.sums, progress, strict=False):
            total.set_opacity(float(shown))

    def one_row_of_shares(self) -> None:
        """One row of scores: powers of e, then shares that fill a strip of length 1."""
        attention, row = self.explainer, self.focus
        scores, shares = attention.scaled_scores[row], attention.weights[row]
        with self.beat(captions.one_softmax(attention, row), chapter=_("Softmax of one row")):
            self.play(FadeOut(self.spreads), run_time=0.5)
            bars = self.bars = ShareBars(self.stage, self.layout.side_zone, attention.tokens, self.share_shade)
            bars.put_scores(scores, shares, 0.0)
            bars.put_owner(np.eye(self.count)[row])
            self.row_frame = self.frame(self.grid.zone(row))
            self.play(FadeIn(bars.scores), FadeIn(self.row_frame), run_time=0.7)
            self.wait(0.5)
            moving = (bars.zero, bars.bars, bars.numbers)
            self.play(self.drive(lambda p: bars.put_scores(scores, shares, p), *moving, run_time=1.6))
            self.play(self.drive(lambda p: bars.put_powers(shares, p), bars.bars, bars.numbers, run_time=1.2))
            bars.put_strip(shares, 0.0)
            self.add(bars.strip, bars.frame)
            self.play(FadeIn(bars.frame), FadeIn(bars.whole[:2]), FadeIn(bars.owners[row]), run_time=0.4)
            self.sums = self.sum_column()
            self.share_rows(np.zeros(self.count))
            self.add(self.sums)
            softmax = verbatim("softmax")
            self.heading(self.stage.math(f'"{softmax}"({QUERY} {KEY_T} \\/ {self.divisor})', Size.TITLE))

            def step(progress: float) -> None:
                bars.put_strip(shares, progress)
                self.share_rows(progress * np.eye(self.count)[row])

            self.play(self.drive(step, bars.strip, self.grid, self.sums, run_time=1.8))
            self.play(FadeIn(bars.whole[2]), run_time=0.4)

    def sum_column(self) -> VGroup:
        """The sum of each row, right of the table if there is room; in percent when the shares are."""
        if not self.layout.sum_room:
            return VGroup()
        style = self.grid.written(1)
        is_percent = style is not None and style[1] == 100
        numbers = VGroup()
        for row, total in enumerate(self.explainer.weights.sum(axis=1)):
            number = self.stage.number(
                total, Size.LABEL, anchor="right", percent=is_percent, decimals=0 if is_percent else 2
            )
            zone = self.grid.zone(row)
            right = zone.right + self.layout.sum_room
            numbers.add(number.move_to([right - number.width / 2, zone.center[1], 0]))
        return numbers

    def all_rows_of_shares(self) -> None:
        """The other rows follow, each filling the strip in its turn."""
        attention, bars = self.explainer, self.bars
        shares, owners = attention.weights, np.eye(self.count)
        order = [self.focus, *(i for i in range(self.count) if i != self.focus), self.focus]
        with self.beat(captions.all_softmax(attention, self.focus), chapter=_("Every row adds to 1")):
            self.add(bars.owners)

            def step(progress: float) -> None:
                place = progress * (len(order) - 1)
                index = min(int(place), len(order) - 2)
                before, after = order[index], order[index + 1]
                move = float(smooth(np.clip((place - index) / 0.7, 0, 1)))
                done = np.zeros(self.count)
                done[order[: index + 1]] = 1.0
                done[after] = max(done[after], move)
                self.share_rows(done)
                bars.put_shares(lerp(shares[before], shares[after], move))
                bars.put_owner(lerp(owners[before], owners[after], move))
                frames = [frame_of(self.grid.zone(i)) for i in (before, after)]
                self.row_frame.put(lerp(*frames, move))

            moving = (self.grid, self.sums, self.row_frame, bars.bars, bars.numbers, bars.strip, bars.owners)
            self.play(self.drive(step, *moving, run_time=6.0, rate_func=linear))
            self.grid.shade = self.share_shade
