"""Can every word be read? Overlaps, crossings, size and contrast of text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from manim import VMobject
from scipy import ndimage

from scenes.stage.camera import Painted
from scenes.stage.color import contrast, luminance, rgb
from scenes.stage.look import Look
from scenes.stage.zones import Zone
from studio.check.finding import Finding, Severity
from studio.check.geometry import box_of, holds, length_inside, overlap, segments
from studio.check.rule import Rule
from studio.check.still import Still
from studio.check.things import Thing

TOUCH = 0.03
"""Scene units by which the boxes of two glyphs may overlap, or half of a thinner glyph: a kerned pair does as much."""
CAP_HEIGHT = 0.68
"""Height of a capital letter, in em (New Computer Modern)."""
SMALLEST_CAP = 0.028
"""Height of a capital letter, as a share of the frame's short side: 30 pixels at 1080p, read from the last row."""
LEAST_CONTRAST = 4.5
"""Source: WCAG 2.2, success criterion 1.4.3 (AA)."""
UNREADABLE_SHARE = 25
"""Percent of its ink that must fall short for a text to count as unreadable: an edge under one letter does not."""
FAINT_EDGE, PLAIN_EDGE = 20, 64
"""Difference of neighbouring pixels, of 255, from which the eye sees a line, and from which it cannot overlook it.

Lines in the colour of the role `grid` lie between: they differ from the background by at most 59.
"""
SHORTEST_CROSSING, SHORTEST_IN_GAPS = 0.3, 0.8
"""Length of edges seen among the letters, in em, from which they disturb; a line has two.

The edge of a shape that crosses a word without ascenders has 0.36. A rim leaves bits of lines in the gaps
between letters: they disturb little, since no letter is touched.
"""
WORD_GAP = 0.45
"""Widest gap within a word or between words of a line, in em."""
BELONGS = 0.9
"""Share of a shape's own length that lies in a text: a strike-through or a fraction bar is part of the text."""


class TextOverText(Rule):
    """Two texts whose letters lie on each other."""

    id = "text-over-text"
    reason = "Letters on letters cannot be read."

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Compare every two texts, glyph by glyph."""
        for one, other in _near_pairs(still.texts):
            if _is_copy(one, other):
                continue
            shared = _shared(one.boxes, other.boxes)
            if shared is not None:
                message = f"{one.name} and {other.name} overlap by {shared.width:.2f} × {shared.height:.2f}"
                yield self.finding(message, one, other)


def _near_pairs(texts: list[Thing]) -> Iterator[tuple[Thing, Thing]]:
    """Every two texts whose boxes overlap, once."""
    boxes = np.array([(t.ink.left, t.ink.bottom, t.ink.right, t.ink.top) for t in texts]).reshape(-1, 4)
    low, high = boxes[:, :2], boxes[:, 2:]
    near = np.all((low[:, None] < high[None]) & (low[None] < high[:, None]), axis=2)
    for one, other in np.argwhere(np.triu(near, 1)):
        yield texts[one], texts[other]


def _shared(one: np.ndarray, other: np.ndarray) -> Zone | None:
    """The box around all overlaps of glyphs that are more than a touch; both have shape (n, 4)."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    thinner = np.minimum((one[:, 2:] - one[:, :2])[:, None], (other[:, 2:] - other[:, :2])[None])
    deep = np.all(high - low > np.minimum(TOUCH, thinner / 2), axis=2)
    return box_of(np.concatenate([low[deep], high[deep]], axis=1)) if deep.any() else None


def _is_copy(one: Thing, other: Thing) -> bool:
    """Whether two texts say the same at the same place, as when a copy was left: nobody sees that."""
    return one.name == other.name and holds(one.ink, other.ink, 0.02) and holds(other.ink, one.ink, 0.02)


class TextCrossed(Rule):
    """A line or an edge among the letters of a text."""

    id = "text-crossed"
    reason = "A line through a word makes the word hard to read and the line hard to follow."

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Look for edges in the picture behind each text that shares its place with a shape."""
        for text in still.texts_in_frame:
            near = [s for s in still.shapes if overlap(s.box, text.ink) and _reaches_into(s, text)]
            if not near:
                continue
            severity = self.severity_of(still, text)
            if severity:
                names = " and ".join(dict.fromkeys(shape.name for shape in near[:3]))
                message = f"{text.name} is crossed by {names}"
                yield self.finding(message, text, *near[:3], boxes=[text.box], severity=severity)

    def severity_of(self, still: Still, text: Thing) -> Severity | None:
        """How much the edges seen among the letters disturb; None when they do not."""
        rows, columns = still.window(text.ink)
        picture = still.behind[rows, columns].astype(np.int16)
        steps = np.zeros(picture.shape[:2], np.int16)
        steps[:, 1:] = np.abs(np.diff(picture, axis=1)).max(axis=2)
        steps[1:] = np.maximum(steps[1:], np.abs(np.diff(picture, axis=0)).max(axis=2))
        em = text.height * still.unit
        if (steps > FAINT_EDGE).sum() < SHORTEST_CROSSING * em:
            return None
        letters, gaps = _words(still, text, rows, columns), np.zeros(steps.shape, bool)
        rim = np.any([still.rim(leaf, rows, columns) for leaf in text.leaves], axis=0)
        if rim.any():
            # The border of a rim is no line. What is seen inside lies in front of it.
            rim |= np.any([still.ink(leaf, rows, columns) for leaf in text.leaves], axis=0)
            gaps = letters & ~ndimage.binary_dilation(rim, np.ones((3, 3), bool))
            letters &= ndimage.binary_erosion(rim, np.ones((3, 3), bool), iterations=2)
        if (letters & (steps > PLAIN_EDGE)).sum() >= SHORTEST_CROSSING * em:
            return Severity.ERROR
        if (letters & (steps > FAINT_EDGE)).sum() >= SHORTEST_CROSSING * em:
            return Severity.WARNING
        return Severity.WARNING if (gaps & (steps > FAINT_EDGE)).sum() >= SHORTEST_IN_GAPS * em else None


def _words(still: Still, text: Thing, rows: slice, columns: slice) -> np.ndarray:
    """The pixels that a text takes up, gaps between its letters included, as booleans."""
    mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), bool)
    corners = still.to_pixels(text.boxes.reshape(-1, 2)).reshape(-1, 4) - np.tile([columns.start, rows.start], 2)
    for left, bottom, right, top in np.round(corners).astype(int):
        # A pixel less on each side: touching is not crossing.
        mask[max(top + 1, 0) : max(bottom - 1, 0), max(left + 1, 0) : max(right - 1, 0)] = True
    gap = 2 * int(WORD_GAP * text.height * still.unit / 2) + 3
    wide = np.pad(mask, ((0, 0), (gap, gap)))
    return ndimage.binary_closing(wide, np.ones((1, gap), bool))[:, gap:-gap]


def _reaches_into(shape: Thing, text: Thing) -> bool:
    """Whether an outline, not just the inside, of a shape lies in a text's box, and does not belong to the text."""
    if isinstance(shape.owner, Painted) or not isinstance(shape.owner, VMobject):
        return True
    pieces = segments(shape.owner.points)
    inside = length_inside(pieces, box_of(text.boxes, shape.paints[0].stroke_width / 2))
    whole = float(np.linalg.norm(pieces[:, 1] - pieces[:, 0], axis=1).sum())
    return 0 < inside < BELONGS * whole


class SmallText(Rule):
    """Text that cannot be read at half a slide."""

    id = "small-text"
    reason = "A clip is shown on half a slide and on phones; smaller letters are lost there."

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Compare the height of capital letters with the frame."""
        for text in still.texts:
            share = CAP_HEIGHT * (text.em or np.inf) / Look.SHORT_SIDE_UNITS
            if share < SMALLEST_CAP - 1e-4:
                message = f"{text.name} is {100 * share:.2f} % of the short side high, not {100 * SMALLEST_CAP:.2f} %"
                yield self.finding(message, text)


class Contrast(Rule):
    """Text that hardly stands out from what is behind it."""

    id = "contrast"
    reason = "On a projector in a bright room, faint text is no text."
    source = "WCAG 2.2, 1.4.3"

    def at_still(self, still: Still) -> Iterator[Finding]:
        """Compare each text's colour with the pixels behind its ink."""
        for text in still.texts_in_frame:
            lowest = min((ratio for ratio in self.ratios(still, text)), default=np.inf)
            if lowest < LEAST_CONTRAST:
                message = f"{text.name} has a contrast of {lowest:.1f}:1 with what is behind it, not {LEAST_CONTRAST}:1"
                yield self.finding(message, text)

    def ratios(self, still: Still, text: Thing) -> Iterator[float]:
        """The contrast of each colour of a text with what is behind it; none for those that surely read."""
        rows, columns = still.window(text.ink)
        behind = still.behind[rows, columns]
        groups: dict[tuple[str, float], list] = {}
        for leaf, paint in zip(text.leaves, text.paints, strict=True):
            if paint.is_filled:
                groups.setdefault((paint.fill, round(paint.fill_opacity, 2)), []).append(leaf)
        for (color, opacity), leaves in groups.items():
            if self.measured(color, opacity, behind).min(initial=np.inf) >= LEAST_CONTRAST:
                # It reads on every pixel of its box: no need to draw its ink.
                continue
            ink = np.any([still.ink(leaf, rows, columns) for leaf in leaves], axis=0)
            if not ink.any():
                continue
            yield float(np.percentile(self.measured(color, opacity, behind[ink]), UNREADABLE_SHARE))

    def measured(self, color: str, opacity: float, behind: np.ndarray) -> np.ndarray:
        """The contrast of ink with each of the pixels behind it, shape (…), of shape (…, 3)."""
        shown = np.round(255 * opacity * rgb(color) + (1 - opacity) * behind).astype(np.uint8)
        return contrast(luminance(shown), luminance(behind))
