"""Is there time to read and to look, and not more? Captions, beats and the clip."""

from __future__ import annotations

from collections.abc import Iterator

from scenes.stage.scene import SHORTEST_BEAT, reading_time
from studio.check.finding import Finding, Severity
from studio.check.rule import Rule
from studio.check.still import Still

MOST_WORDS = 14
"""Words of a caption: what is read at a glance."""
FASTEST_READING = 17.0
"""Characters a second. Source: Netflix timed text guide, adult programmes: 17 (older edition) to 20."""
LONGEST_BEAT = 20.0
CLIP_LENGTH = (40.0, 120.0)
"""Seconds."""
LONGEST_REST = 1.5
"""Seconds that a still may last without a caption that asks for it."""
SLACK = 0.3
"""Seconds that rounding to whole frames may add."""


class CaptionWords(Rule):
    """A caption that is too long to take in besides the picture."""

    id = "caption-words"
    reason = "Whoever reads does not look; a caption is read at a glance."

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Count words: what stands between spaces and holds a letter or digit."""
        for caption, _ in still.captions:
            words = [word for word in caption.split() if any(c.isalnum() for c in word)]
            if len(words) > MOST_WORDS:
                yield self.finding(f"the caption has {len(words)} words, not at most {MOST_WORDS}: {caption}")


class CaptionSpeed(Rule):
    """A caption that is gone before it is read."""

    id = "caption-speed"
    reason = "Viewers who read a second language need the time."
    source = "Netflix timed text style guide; BBC subtitle guidelines"

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Characters over the seconds that the caption stands.

        A beat holds until its caption is read; a scene may hold less, or add captions of its own.
        """
        for caption, seconds in still.captions:
            speed = len(caption) / max(seconds, 1e-9)
            if speed > FASTEST_READING:
                yield self.finding(
                    f"the caption asks for {speed:.0f} characters a second, not {FASTEST_READING:.0f}: {caption}"
                )


class BeatLength(Rule):
    """A beat that is over too soon, or that holds more than one step."""

    id = "beat-length"
    reason = "Less than 6 s is part of another beat; more than 20 s is two."

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Compare with the shortest and the longest beat."""
        if still.duration < SHORTEST_BEAT - SLACK or still.duration > LONGEST_BEAT + SLACK:
            yield self.finding(
                f"the beat lasts {still.duration:.1f} s, not {SHORTEST_BEAT:.0f} to {LONGEST_BEAT:.0f} s"
            )


class ClipLength(Rule):
    """A clip too short to explain, or too long to be watched in a lecture."""

    id = "clip-length"
    reason = "A lecturer gives a clip a minute or two."

    def at_end(self, still: Still) -> Iterator[Finding]:
        """The end of the last beat is the clip's length."""
        low, high = CLIP_LENGTH
        if not low - SLACK <= still.beat.end <= high + SLACK:
            yield self.finding(f"the clip lasts {still.beat.end:.0f} s, not {low:.0f} to {high:.0f} s")


class Idle(Rule):
    """A still that nobody needs any more."""

    id = "idle"
    severity = Severity.WARNING
    reason = "When nothing happens for longer than it takes to read and look, viewers leave."

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Compare the rest after the last motion with what caption and shortest beat ask for."""
        beat = still.beat
        rest = beat.end - still.motion.last_change
        owed = max(SHORTEST_BEAT, reading_time(beat.caption)) - (still.motion.last_change - beat.start)
        allowed = max(LONGEST_REST, owed) + SLACK
        if rest > allowed:
            yield self.finding(f"the picture stands still for {rest:.1f} s at the end, {rest - allowed:.1f} s too long")
