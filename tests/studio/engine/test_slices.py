"""Where a clip is cut: whatever a scene plays, its frames are dealt out once, in order, in slices of bounded length."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from studio.engine.slices import LONGEST, SHORTEST, Cutter, Span


@dataclass(frozen=True)
class Play:
    """So many frames, in a beat of its own if `begins_beat`."""

    frames: int
    divisible: bool
    begins_beat: bool


PLAYS = st.lists(st.builds(Play, st.integers(0, 500), st.sampled_from([True, True, False]), st.booleans()), max_size=25)
RATES = st.sampled_from([1, 2, 5, 15, 24, 29.97, 30, 60, 120])


def deal(plays: list[Play], fps: float, cutter: Cutter | None = None) -> list[list[Span]]:
    cutter = cutter or Cutter(fps)
    dealt = []
    for play in plays:
        if play.begins_beat:
            cutter.end()
        dealt.append(cutter.cut(play.frames, divisible=play.divisible))
    return dealt


def lengths(dealt: list[list[Span]]) -> dict[int, int]:
    """Frames by slice."""
    found: dict[int, int] = {}
    for span in (span for spans in dealt for span in spans):
        found[span.index] = found.get(span.index, 0) + span.last - span.first
    return found


@given(PLAYS, RATES)
def test_spans_tile_every_play_in_order(plays: list[Play], fps: float) -> None:
    for play, spans in zip(plays, deal(plays, fps), strict=True):
        assert [frame for span in spans for frame in range(span.first, span.last)] == list(range(play.frames))
        assert all(span.last > span.first for span in spans)
        assert play.divisible or len(spans) <= 1


@given(PLAYS, RATES)
def test_slices_are_numbered_in_order_and_open_once(plays: list[Play], fps: float) -> None:
    cutter = Cutter(fps)
    spans = [span for spans in deal(plays, fps, cutter) for span in spans]
    assert [span.index for span in spans if span.opens] == list(range(cutter.count))
    for before, after in zip([Span(-1, 0, 0, False), *spans], spans, strict=False):
        assert after.index - before.index == after.opens


@given(PLAYS, RATES)
def test_slices_are_neither_too_long_nor_too_short(plays: list[Play], fps: float) -> None:
    shortest, longest = round(SHORTEST * fps), round(LONGEST * fps)
    dealt = deal(plays, fps)
    found = lengths(dealt)
    # A play that cannot be divided is too long at most by itself.
    undivided = max((play.frames for play in plays if not play.divisible), default=0)
    assert max(found.values(), default=0) <= max(longest, shortest - 1 + undivided)
    # Only a beat, or the end of the story, makes a short slice.
    cut_by_beat, pending = set(), False
    for play, spans in zip(plays, dealt, strict=True):
        pending = pending or play.begins_beat
        if spans:
            cut_by_beat |= {spans[0].index - 1} if pending else set()
            pending = False
    for index in range(len(found) - 1):
        assert found[index] >= shortest or index in cut_by_beat


@given(PLAYS, RATES)
def test_a_beat_begins_a_slice(plays: list[Play], fps: float) -> None:
    pending = False
    for play, spans in zip(plays, deal(plays, fps), strict=True):
        pending = pending or play.begins_beat
        if spans and pending:
            assert spans[0].opens
            pending = False


@given(PLAYS, PLAYS, RATES)
def test_a_cut_forgets_all_that_came_before_the_beat(before: list[Play], after: list[Play], fps: float) -> None:
    cutter = Cutter(fps)
    deal(before, fps, cutter)
    begun = cutter.count
    cutter.end()
    shifted = [[Span(s.index - begun, s.first, s.last, s.opens) for s in spans] for spans in deal(after, fps, cutter)]
    assert shifted == deal(after, fps)
