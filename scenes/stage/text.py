"""Text through Typst, in four sizes, coloured by role; and numbers that tick.

Typst brings its own fonts, so a frame looks the same on every machine. Plain text becomes one
mobject per line of text ("flat"): one path is cheaper to draw than fifty glyphs. Its box always
reaches from descender to ascender, so that texts placed side by side share a baseline.
"""

from __future__ import annotations

import json
import math
import re
import textwrap
from enum import StrEnum
from functools import cache, lru_cache

import numpy as np
from manim import MathTypst, Typst, VGroup, VMobject

from scenes.stage.language import NARROW_SPACE, localized, percent_sign
from scenes.stage.outline_cache import cached_arrays
from scenes.stage.theme import Theme

FONT = "New Computer Modern"
FONT_SIZE_PER_EM = 96.0
"""Manim font size whose em is one scene unit: Typst compiles at 10 pt, Manim scales by size/960."""

ASCENT = 0.74
DESCENT = 0.24
"""Reach of a text's box above and below its baseline, in em: the tallest and deepest letters."""
BOX_MARKS = 8
"""Points at the start of a text's outline that mark its descender and ascender and draw nothing."""


class Size(StrEnum):
    """The four sizes of text."""

    TITLE = "title"
    LABEL = "label"
    READOUT = "readout"
    CAPTION = "caption"


EM = {Size.TITLE: 0.56, Size.LABEL: 0.36, Size.READOUT: 0.42, Size.CAPTION: 0.42}
"""Height of an em in scene units where the short side of the frame is 8: label digits are 3 % of it."""
SQUARE_CAPTION = 0.36
"""Em of captions in a square frame: two lines hold what takes three in the usual size."""
TALL_FACTOR = 1.12
"""A tall frame is mostly seen on a phone: its text is this much larger, an em at least 2.8 % of the height."""


class TextLine(VMobject):
    """Text as one path. Its first two curves mark descender and ascender, so its size is always known."""

    content = ""
    """What it says: Typst markup or plain text."""

    @property
    def em(self) -> float:
        """Height of an em as it stands now, in scene units."""
        return float(np.linalg.norm(self.points[4] - self.points[0])) / (ASCENT + DESCENT)


def escape(text: str) -> str:
    """Typst markup that shows `text` literally, whatever characters it holds."""
    return "#" + json.dumps(text, ensure_ascii=False)


def words(markup: str, em: float, color: str) -> TextLine:
    """One line of Typst markup as a single mobject; see `escape` for text that is not ours."""
    line = TextLine()
    line.content = markup
    line.points = _line_points(markup) * em
    return line.set_fill(color, opacity=1).set_stroke(width=0)


LEADING = 1.28
"""Distance of two baselines in em."""


def paragraph(text: str, em: float, color: str, width: float, align: str = "center") -> TextLine:
    """Plain text broken into lines of about equal length, none longer than `width` scene units, as one mobject."""
    block = TextLine()
    block.content = text
    outlines = []
    for number, line in enumerate(balanced_lines(text, width / em)):
        points = _line_points(escape(line))
        shift = -_ink_width(points) / 2 if align == "center" else 0.0
        # Only the first line brings its box marks along: they tell the size of the whole block.
        outlines.append(points[0 if number == 0 else BOX_MARKS :] + np.array([shift, -LEADING * number, 0.0]))
    block.points = np.concatenate(outlines) * em
    return block.set_fill(color, opacity=1).set_stroke(width=0)


BETWEEN_OPERANDS = re.compile(r" ([=≈≠<>≤≥+−·×→]) ")
"""A sign with its spaces: a line should end neither before nor after it."""


def balanced_lines(text: str, limit: float) -> list[str]:
    """The fewest lines that keep within `limit` em, with the shortest longest line: no single word is left over.

    A formula is broken only where it would take a line more to keep it together.
    """
    fewest = max(1, math.ceil(_ink_width(_line_points(escape(text))) / limit))
    whole_formulas = BETWEEN_OPERANDS.sub("\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", text)
    for count in range(fewest, len(text.split()) + 1):
        for version in (whole_formulas, text):
            for characters in range(math.ceil(len(version) / count), len(version) + 1):
                lines = textwrap.wrap(version, characters, break_long_words=False, break_on_hyphens=False)
                if len(lines) <= count:
                    break
            if all(_ink_width(_line_points(escape(line))) <= limit for line in lines):
                return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
    return text.split()


def _ink_width(points: np.ndarray) -> float:
    """Width of a line's outlines, in em."""
    return float(points[BOX_MARKS:, 0].max()) if len(points) > BOX_MARKS else 0.0


class Glyph(VMobject):
    """One character or line of a formula."""


class Formula(VGroup):
    """A formula whose parts stay separate mobjects, so that it can be transformed part by part.

    Args:
        markup: Typst math; `{{ sigma : model }}` makes a part that `select("model")` gives.
        em: height of an em in scene units.
        color: #RRGGBB of every part.
    """

    def __init__(self, markup: str, em: float, color: str) -> None:
        arrays = cached_arrays(f"formula\n{markup}", lambda: _formula_arrays(markup))
        super().__init__()
        self.content = markup
        outlines = np.split(arrays["points"] * em, np.cumsum(arrays["lengths"])[:-1])
        for points, stroke_width in zip(outlines, arrays["stroke_widths"], strict=True):
            glyph = Glyph()
            glyph.points = points
            # Fraction bars and roots are strokes, everything else is filled.
            glyph.set_fill(color, opacity=float(stroke_width == 0)).set_stroke(color, width=stroke_width * em)
            self.add(glyph)
        self._labels = arrays["labels"].tolist()
        self._em_per_height = em / max(self.height, 1e-9)

    @property
    def em(self) -> float:
        """Height of an em as it stands now, in scene units."""
        return self.height * self._em_per_height

    def select(self, label: str) -> VGroup:
        """The parts with this label.

        Raises:
            KeyError: when no part has it.
        """
        parts = [part for part, labels in zip(self.submobjects, self._labels, strict=True) if label in labels.split()]
        if not parts:
            raise KeyError(f"no part of {self.content!r} is labelled {label!r}")
        return VGroup(*parts)


def formula(markup: str, em: float, theme: Theme, role: str = "text") -> Formula:
    """A formula; `{{ sigma : model }}` gives a part the colour of a role."""
    result = Formula(markup, em, theme.color(role))
    for part_role in _labels(markup):
        result.select(part_role).set_color(theme.color(part_role))
    return result


def _labels(markup: str) -> set[str]:
    parts = markup.split("{{")[1:]
    return {part.split("}}")[0].rsplit(":", 1)[1].strip() for part in parts if ":" in part.split("}}")[0]}


def _formula_arrays(markup: str) -> dict[str, np.ndarray]:
    """A formula at an em of 1: its outlines in a row, their lengths, stroke widths and labels."""
    formula = MathTypst(markup, font_size=FONT_SIZE_PER_EM)
    glyphs = formula.family_members_with_points()
    labels = {label: {id(part) for part in formula.select(label).get_family()} for label in _labels(markup)}
    return {
        "points": np.concatenate([glyph.points for glyph in glyphs]),
        "lengths": np.array([len(glyph.points) for glyph in glyphs]),
        "stroke_widths": np.array([float(glyph.stroke_width) for glyph in glyphs]),
        "labels": np.array([" ".join(label for label, parts in labels.items() if id(g) in parts) for g in glyphs]),
    }


def _outlines(mobject: VGroup) -> np.ndarray:
    """All outlines of a family in a row, shape (n, 3)."""
    return np.concatenate([m.points for m in mobject.family_members_with_points()] or [np.zeros((0, 3))])


def _dots(*positions: tuple[float, float]) -> np.ndarray:
    """Curves of no length: they draw nothing but count for the box. Shape (4·n, 3)."""
    return np.repeat(np.array([(x, y, 0.0) for x, y in positions]), 4, axis=0)


@lru_cache(maxsize=4096)
def _line_points(markup: str) -> np.ndarray:
    """The outlines of one line at an em of 1, baseline at y = 0, left edge at x = 0, with its box."""
    return cached_arrays(f"line\n{markup}", lambda: {"points": _set_line(markup)})["points"]


def _set_line(markup: str) -> np.ndarray:
    # The H in front gives the baseline, which the SVG does not tell; it is dropped again.
    line = Typst(
        f"#box[H#h(1em)]#box[{markup}]",
        font_size=FONT_SIZE_PER_EM,
        typst_preamble=f'#set text(font: "{FONT}", hyphenate: false)',
    )
    marker, *glyphs = line.family_members_with_points()
    outlines = _outlines(VGroup(*glyphs))
    if len(outlines):
        outlines = outlines - np.array([outlines[:, 0].min(), marker.get_bottom()[1], 0.0])
    return np.concatenate([_dots((0, -DESCENT), (0, ASCENT)), outlines])


# --- Numbers ----------------------------------------------------------------------------------------------

ADVANCE = {".": 0.28, ",": 0.28, "−": 0.66, "+": 0.66, "%": 0.83, "×": 0.72, "∞": 1.0, NARROW_SPACE: 0.17}
DIGIT_ADVANCE = 0.5
"""Widths in em. All digits are equally wide, so that a ticking number does not jitter."""


@cache
def _glyph(character: str) -> np.ndarray:
    """Outline of one character of a number at an em of 1, centred in its advance. Shape (4·n, 3)."""
    if character.isspace():
        return np.zeros((0, 3))
    points = _line_points(f"${character}$" if character in "−+×∞" else escape(character))[BOX_MARKS:]
    middle = (points[:, 0].min() + points[:, 0].max()) / 2
    return points + np.array([ADVANCE.get(character, DIGIT_ADVANCE) / 2 - middle, 0.0, 0.0])


def format_number(
    value: float, decimals: int = 2, *, signed: bool = False, percent: bool = False, trim: bool = False
) -> str:
    """`value` as the clip's language writes it, with a real minus sign; never "−0.00".

    Huge values are in powers of ten ("2.4×10^9" → "2.4×10⁹"); `trim` takes zeros away from the end: "0.9", "1".
    """
    if np.isnan(value):
        return "–"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    if percent:
        return format_number(100 * value, decimals, signed=signed, trim=trim) + percent_sign()
    rounded = round(float(value), decimals) + 0.0
    sign = "−" if rounded < 0 else "+" if signed else ""
    if abs(rounded) >= 1e6:
        mantissa, exponent = f"{abs(value):.1e}".split("e")
        superscript = str(int(exponent)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{sign}{localized(mantissa)}×10{superscript}"
    digits = f"{abs(rounded):.{decimals}f}"
    return sign + localized(digits.rstrip("0").rstrip(".") if trim and "." in digits else digits)


class Number(TextLine):
    """A number that ticks: one path, changed in place by `set_value`.

    Args:
        value: what it shows.
        em, color: height of an em in scene units, and #RRGGBB.
        decimals, signed, percent: as in `format_number`.
        anchor: which edge stays put when the width changes: "left", "center" or "right".
    """

    def __init__(
        self,
        value: float,
        em: float,
        color: str,
        *,
        decimals: int = 2,
        signed: bool = False,
        percent: bool = False,
        anchor: str = "left",
    ) -> None:
        super().__init__()
        self.decimals, self.signed, self.percent = decimals, signed, percent
        self.anchor = {"left": 0.0, "center": 0.5, "right": 1.0}[anchor]
        self.value = value
        self.points = _dots((0, -DESCENT * em), (0, ASCENT * em))
        self.set_value(value)
        self.set_fill(color, opacity=1).set_stroke(width=0)

    @property
    def shown(self) -> str:
        """The number as it is written."""
        return format_number(self.value, self.decimals, signed=self.signed, percent=self.percent)

    @property
    def content(self) -> str:
        """The characters on screen."""
        return self.shown

    def set_value(self, value: float) -> Number:
        """Show another value, at the place and size the number has now."""
        self.value = value
        low, high = self.points[0], self.points[4]
        em = self.em
        pen, outlines = 0.0, []
        for character in self.shown:
            outlines.append(_character(character) + np.array([pen, 0.0, 0.0]))
            pen += _advance(character)
        outlines.append(_dots((0, 0), (pen, 0)))
        points = np.concatenate(outlines) - np.array([self.anchor * pen, 0.0, 0.0])
        baseline = low + np.array([0.0, DESCENT * em, 0.0])
        self.points = np.concatenate([np.repeat([low, high], 4, axis=0), points * em + baseline])
        return self


_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−", strict=True))


def _character(character: str) -> np.ndarray:
    if character in _SUPERSCRIPTS:
        return _glyph(_SUPERSCRIPTS[character]) * 0.7 + np.array([0.0, 0.35, 0.0])
    return _glyph(character)


def _advance(character: str) -> float:
    if character in _SUPERSCRIPTS:
        return 0.7 * _advance(_SUPERSCRIPTS[character])
    return ADVANCE.get(character, DIGIT_ADVANCE)
