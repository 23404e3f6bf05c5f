"""The shorter story of a head from a lecturer's own model: its tokens, scores and shares, too wide for the rest."""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut, linear

from scenes.linear_algebra import attention_captions as captions
from scenes.linear_algebra.attention_layout import SHARE_WRITING
from scenes.linear_algebra.attention_shares import KEY_T, QUERY, AttentionShares, score_writing
from scenes.pictures.tiles import Tiles
from scenes.stage.language import _
from scenes.stage.text import Size


class AttentionCheckpoint(AttentionShares):
    """What a head of a checkpoint does with a sentence."""

    def tell_checkpoint(self) -> None:
        """Tokens, scores, why √d, shares of one row, shares of all."""
        self.show_tokens()
        self.fill_scores()
        self.divide()
        self.one_row_of_shares()
        self.all_rows_of_shares()
        self.sum_up_checkpoint()

    def show_tokens(self) -> None:
        """The sentence as the model cuts it up."""
        attention, table, words = self.explainer, self.layout.table, self.words
        legend = self.layout.score_legend(self.score_shade, self.score_reach)
        legend.move_to(self.layout.side_zone.center)
        writings = [score_writing(attention.scores, attention.scaled_scores), SHARE_WRITING]
        self.grid = Tiles(self.stage, table, attention.scores, self.score_shade, writings)
        self.grid.put(seen=0.0)
        with self.beat(captions.checkpoint_tokens(attention), chapter=_("Tokens")):
            self.heading(self.stage.words(_(attention.title), Size.TITLE))
            self.seat_words(table)
            words.put_columns(words.above_columns(table))
            self.play(FadeIn(words.columns), run_time=0.8)
            self.play(FadeIn(self.grid), FadeIn(legend), run_time=0.8)
        self.leaving = [legend]

    def fill_scores(self) -> None:
        """Row by row, who asks meets who answers."""
        attention = self.explainer
        with self.beat(captions.checkpoint_scores(attention), chapter=_("Scores")):

            def step(progress: float) -> None:
                filled = np.clip(progress * self.count**2 - np.arange(self.count**2), 0, 1)
                self.grid.put(seen=filled.reshape(self.count, self.count))

            self.play(self.drive(step, self.grid, run_time=5.0, rate_func=linear))
            self.heading(self.stage.math(f"{QUERY} {KEY_T}", Size.TITLE))

    def sum_up_checkpoint(self) -> None:
        """A frame around the largest share of each row, one row after the other."""
        attention = self.explainer
        with self.beat(captions.checkpoint_summary(attention), chapter=_("Whom it looks at")):
            self.play(FadeOut(self.row_frame), run_time=0.4)
            for row, peaks in enumerate(attention.peaks):
                frames = [self.frame(self.grid.zone(row, column)) for column in peaks]
                self.play(*map(FadeIn, frames), run_time=0.7)
