"""Staging of `attention`: words to Q, K, V; one score, all scores, shares; values mixed; mask; shuffle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import Animation, FadeIn, FadeOut, VGroup, VMobject, linear, smooth

from explainers.networks.agreement import QUESTIONS
from scenes.linear_algebra import attention_captions as captions
from scenes.linear_algebra.attention_checkpoint import AttentionCheckpoint
from scenes.linear_algebra.attention_layout import ROLES
from scenes.linear_algebra.attention_mixture import Answer, MixturePlane, Shares, dots, rings
from scenes.linear_algebra.attention_shares import KEY_T, QUERY
from scenes.pictures.grid import Plane
from scenes.pictures.shapes import Arrow
from scenes.pictures.tiles import frame_of, lerp
from scenes.stage.language import N_, _, in_math, verbatim
from scenes.stage.text import Size, format_number

VALUES = "{{V : input}}"
FAINT = 0.35
"""Opacity of the values' arrows once their shares are what counts."""
KINDS = {"thing": N_("thing"), "living": N_("living")}
"""What the trained head tells apart in the other direction of the plane."""


class AttentionScene(AttentionCheckpoint):
    """Words become Q, K and V; scores become shares; shares mix values."""

    def construct(self) -> None:
        """The story, beat by beat."""
        self.prepare()
        self.answer: Answer | None = None
        if self.explainer.checkpoint is not None:
            self.tell_checkpoint()
            return
        if self.has_inputs:
            self.show_rows()
        self.project()
        self.one_score()
        self.all_scores()
        self.divide()
        self.one_row_of_shares()
        self.all_rows_of_shares()
        self.mix_one()
        self.mix_all()
        if self.explainer.answers:
            self.read_out()
        if self.explainer.mask:
            self.mask()
        if not np.array_equal(self.explainer.order, np.arange(self.count)):
            self.shuffle()
        self.summarise()

    # --- Mixing the values -----------------------------------------------------------------------------

    def mix_one(self) -> None:
        """Arrows to the values shrink to their shares and line up: their tip is the output."""
        attention, stage = self.explainer, self.stage
        terms = attention.mixture_terms(self.focus)
        with self.beat(captions.one_mixture(attention, self.focus), chapter=_("One output")):
            self.play(*map(FadeOut, (self.bars.scores, self.bars.strip, self.bars.frame, self.bars.whole)),
                      FadeOut(self.bars.owners), run_time=0.5)  # fmt: skip
            plane = self.plane = MixturePlane(
                stage, self.layout.side_zone, attention.value_matrix, attention.tokens, (ROLES["V"], "output")
            )
            self.values = Shares(plane, ROLES["V"])
            self.shares = Shares(plane, ROLES["V"])
            self.values.put(np.zeros((self.count, 2)), 0.0)
            self.value_names = plane.value_names(ROLES["V"], attention.outputs)
            self.play(FadeIn(plane), FadeIn(plane.scale_note), run_time=0.5)
            self.add(self.values)
            grow = self.drive(lambda p: self.values.put(p * plane.values, 0.0), self.values, run_time=1.2)
            self.play(grow, FadeIn(self.value_names), run_time=1.2)
            self.add(self.shares)

            def shrink(progress: float) -> None:
                self.shares.grow(terms, progress)
                self.values.set_opacity(lerp(1.0, FAINT, progress))

            self.play(self.drive(shrink, self.values, self.shares, run_time=1.6))
            self.play(FadeOut(self.values), FadeOut(self.value_names), run_time=0.4)
            path = attention.mixture_path(self.focus)
            self.close = plane.close_up(np.vstack([path, terms]))
            self.play(self.zoom(plane.whole, self.close, lambda: self.shares.put(terms, 0.0), self.shares))
            self.play(self.drive(lambda p: self.shares.put(terms, p), self.shares, run_time=2.0))
            self.step_names = plane.step_names(terms, ROLES["V"])
            origin, end = plane.at(np.zeros(2)), plane.at(path[-1])
            self.result = Arrow(stage, origin, origin, "output", 0.09, 0.3)
            self.outputs = dots(stage, end[None], "output")
            self.add(self.result)
            draw = self.drive(lambda p: self.result.put(origin, lerp(origin, end, p)), self.result, run_time=0.8)
            self.play(draw, FadeIn(self.step_names), run_time=0.8)
            self.play(FadeIn(self.outputs), FadeIn(plane.legend[1]), run_time=0.3)

    def zoom(self, start: Plane, end: Plane, draw: Callable[[], object], *moving: VMobject) -> Animation:
        """The plane pans and zooms, and what `draw` puts on it goes along."""

        def step(progress: float) -> None:
            self.plane.look(start, end, progress)
            draw()

        return self.drive(step, self.plane.grid, self.plane.axes, *moving, run_time=1.2)

    def mix_all(self) -> None:
        """The chain goes from row to row, and leaves each output as a dot within the hull."""
        attention, plane, focus = self.explainer, self.plane, self.focus
        order = [focus, *(i for i in range(self.count) if i != focus)]
        terms = [attention.mixture_terms(row) for row in order]
        with self.beat(captions.all_mixtures(attention), chapter=_("All outputs")):
            self.play(FadeOut(self.result), FadeOut(self.step_names), run_time=0.4)

            def follow() -> None:
                self.shares.put(terms[0], 1.0)
                self.outputs.put(plane.at(attention.outputs[focus])[None])

            self.play(self.zoom(self.close, plane.whole, follow, self.shares, self.outputs))
            self.hull = plane.hull(attention.value_hull, ROLES["V"])
            self.play(*map(FadeIn, (self.hull, self.values, self.value_names)), run_time=0.8)
            self.bring_to_front(self.shares, self.outputs)

            def step(progress: float) -> None:
                place = progress * (self.count - 1)
                index = min(int(place), self.count - 2)
                move = float(smooth(np.clip((place - index) / 0.75, 0, 1)))
                self.shares.put(lerp(terms[index], terms[index + 1], move), 1.0)
                self.outputs.put(plane.at(attention.outputs[order])[: index + 1 + (move == 1)])
                frames = [frame_of(self.grid.zone(order[i])) for i in (index, index + 1)]
                self.row_frame.put(lerp(*frames, move))

            run_time = min(1.2 * (self.count - 1), 6.0)
            self.play(self.drive(step, self.shares, self.outputs, self.row_frame, run_time=run_time, rate_func=linear))
            self.outputs.put(plane.at(attention.outputs))
            self.output_names, self.ghosts = self.names_of(attention.outputs), VGroup()
            self.play(FadeOut(self.shares), FadeOut(self.row_frame), FadeIn(self.output_names), run_time=0.8)
            self.heading(self.formula())

    def read_out(self) -> None:
        """Only the verb's output stays; the half of the plane in which it lies is its answer."""
        attention, stage = self.explainer, self.stage
        sign = "-" if attention.answer == "are" else ""
        chance, verb = in_math(format_number(attention.answer_chance)), verbatim(attention.answer)
        formula = f'p("{verb}") = 1 \\/ (1 + e^({sign} {{{{x : output}}}})) approx {chance}'
        with self.beat(captions.reading(attention), chapter=_("The answer")):
            verbs, kinds = QUESTIONS
            sides = (tuple(map(verbatim, verbs)), tuple(_(KINDS[kind]) for kind in kinds))
            answer = self.answer = Answer(self.plane, attention.outputs[attention.verb], sides, "output")
            answer.add(self.frame(self.grid.zone(attention.verb)))
            self.play(*map(FadeOut, self.mixed), *map(FadeIn, (answer.dot, answer.arrow, answer[-1])), run_time=0.8)
            self.play(FadeIn(answer.border), FadeIn(answer.names), run_time=0.8)
            self.wait(0.6)
            self.play(FadeIn(answer.reach), FadeIn(answer.number), run_time=0.6)
            self.play(FadeIn(answer.side), run_time=0.6)
            self.heading(stage.math(formula, Size.TITLE))

    @property
    def mixed(self) -> list[VMobject]:
        """What stands on the plane once all values are mixed."""
        return [self.hull, self.values, self.value_names, self.outputs, self.output_names, self.plane.legend[0]]

    def leave_answer(self) -> None:
        """From the answer back to all values and outputs."""
        if self.answer is not None:
            self.play(FadeOut(self.answer), *map(FadeIn, self.mixed), run_time=0.8)
            self.heading(self.formula())
            self.answer = None

    def formula(self) -> VMobject:
        """The whole of attention."""
        softmax = verbatim("softmax")
        return self.stage.math(f'"{softmax}"({QUERY} {KEY_T} \\/ {self.divisor}) thin {VALUES}', Size.TITLE)

    def names_of(self, outputs: np.ndarray, ghosts: np.ndarray | None = None) -> VGroup:
        """Names beside the outputs, as far as there is room."""
        ghosts = outputs if ghosts is None else ghosts
        return self.plane.output_names(outputs, "output", self.value_names, ghosts)

    # --- Mask, shuffle, summary ------------------------------------------------------------------------

    def mask(self) -> None:
        """Later words are hidden; the rest of each row is shared out anew, and the outputs move."""
        attention, plane = self.explainer, self.plane
        seen = attention.causal_mask.astype(float)
        places = [plane.at(outputs) for outputs in (attention.outputs, attention.masked_outputs)]
        with self.beat(captions.mask(attention, self.focus), chapter=_("Causal mask")):
            self.leave_answer()
            self.ghosts = VGroup(rings(self.stage, places[0], "output"), plane.before_key("output"))
            self.play(FadeOut(self.output_names), FadeIn(self.ghosts), run_time=0.5)

            def hide(progress: float) -> None:
                self.grid.put(seen=lerp(1.0, seen, progress))
                for total, hidden in zip(self.sums, attention.hidden_share, strict=False):
                    total.set_value(1 - progress * hidden)

            def renew(progress: float) -> None:
                self.grid.put(values=lerp(attention.weights * seen, attention.masked_weights, progress))
                self.outputs.put(lerp(*places, progress))
                for total, hidden in zip(self.sums, attention.hidden_share, strict=False):
                    total.set_value(1 - (1 - progress) * hidden)

            self.play(self.drive(hide, self.grid, self.sums, run_time=1.8))
            self.wait(0.6)
            self.play(self.drive(renew, self.grid, self.sums, self.outputs, run_time=2.6))
            self.output_names = self.names_of(attention.masked_outputs, attention.outputs)
            self.play(FadeIn(self.output_names), run_time=0.5)

    def settle(self, weights: np.ndarray, outputs: np.ndarray, seen: np.ndarray | float) -> None:
        """Grid and outputs go to other weights, if they are not there; ghosts of the mask leave."""
        starts = (self.grid.values, self.outputs.points[::4], self.grid.seen)
        ends = (weights, self.plane.at(outputs), seen)
        fades = [FadeOut(self.output_names), *([FadeOut(self.ghosts)] if self.ghosts in self.mobjects else [])]
        self.play(*fades, run_time=0.4)

        def step(progress: float) -> None:
            values, centers, filled = (lerp(a, b, progress) for a, b in zip(starts, ends, strict=True))
            self.grid.put(values=values, seen=filled)
            self.outputs.put(centers)

        self.play(self.drive(step, self.grid, self.outputs, run_time=1.0))
        self.output_names = self.names_of(outputs)
        self.play(FadeIn(self.output_names), run_time=0.4)

    def shuffle(self) -> None:
        """Rows and columns of the grid change places; the outputs stay, unless the mask is on."""
        attention = self.explainer
        place = np.argsort(attention.order)
        with self.beat(captions.shuffle(attention), chapter=_("Shuffle the words")):
            self.leave_answer()
            if attention.mask and not attention.causal:
                self.settle(attention.weights, attention.outputs, 1.0)
            self.play(self.reorder_rows(np.arange(self.count), place, run_time=2.0))
            self.play(self.reorder_columns(place, np.arange(self.count), place, run_time=2.0))
            if attention.causal:
                final = attention.final_shuffled
                seen = attention.causal_mask[place][:, place].astype(float)
                self.settle(final.weights[place][:, place], final.outputs[place], seen)

    def reorder_rows(self, start: np.ndarray, end: np.ndarray, run_time: float) -> Animation:
        """Rows go from places to others, shape (n,); columns stand where the rows started."""
        table, words = self.layout.table, self.words
        places = words.at_rows(table)

        def step(progress: float) -> None:
            self.grid.put(boxes=lerp(table[start][:, start], table[end][:, start], progress))
            words.put_rows(lerp(places[start], places[end], progress))

        return self.drive(step, self.grid, words.rows, run_time=run_time)

    def reorder_columns(self, rows: np.ndarray, start: np.ndarray, end: np.ndarray, run_time: float) -> Animation:
        """Columns go from places to others, shape (n,), while the rows stand at theirs."""
        table, words = self.layout.table[rows], self.words
        places = words.above_columns(self.layout.table)

        def step(progress: float) -> None:
            self.grid.put(boxes=lerp(table[:, start], table[:, end], progress))
            words.put_columns(lerp(places[start], places[end], progress))

        return self.drive(step, self.grid, words.columns, run_time=run_time)

    def summarise(self) -> None:
        """Back to the sentence: all that the formula names, in one picture."""
        attention, poster = self.explainer, self.layout.poster
        seen = attention.causal_mask.astype(float) if attention.causal else 1.0
        with self.beat(captions.summary(attention), chapter=_("A weighted average")):
            self.leave_answer()
            self.play(FadeOut(self.sums), FadeOut(self.plane.scale_note), run_time=0.5)
            place, sentence = np.argsort(attention.order), np.arange(self.count)
            if not np.array_equal(place, sentence):
                self.play(self.reorder_rows(place, sentence, run_time=0.9))
                self.play(self.reorder_columns(sentence, place, sentence, run_time=0.9))
            self.play(self.table_move(poster.result, poster.left, poster.above))
            is_settled = np.allclose(self.grid.values * self.grid.seen, attention.final_weights * seen)
            if not is_settled or self.ghosts in self.mobjects:
                self.settle(attention.final_weights, attention.final_outputs, seen)
            queries = self.matrix("Q", attention.query_matrix, poster.left, numbers=False)
            keys = self.matrix("K", attention.key_matrix, poster.above.swapaxes(0, 1), numbers=False)
            names = self.layout.product_names(poster)
            note = self.plane.put_note(self.layout.origin_note(attention, self.plane.note_room))
            self.play(FadeIn(queries), FadeIn(keys), FadeIn(names), FadeIn(note), run_time=0.8)
            self.heading(self.formula())
