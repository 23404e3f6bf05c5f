"""Text through Typst, in four sizes, coloured by role; and numbers that tick.

Typst brings its own fonts, so a frame looks the same on every machine. Plain text becomes one
mobject per line of text ("flat"): one path is cheaper to draw than fifty glyphs. Its box always
reaches from descender to ascender, so that texts placed side by side share a baseline.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache, lru_cache

import numpy as np
from manim import MathTypst, Typst, VGroup, VMobject

from scenes.stage.theme import Theme

FONT = "New Computer Modern"
FONT_SIZE_PER_EM = 96.0
"""Manim font size whose em is one scene unit: Typst compiles at 10 pt, Manim scales by size/960."""

ASCENT = 0.74
DESCENT = 0.24
"""Reach of a text's box above and below its baseline, in em: the tallest and deepest letters."""


class Size(StrEnum):
    """The four sizes of text."""

    TITLE = "title"
    LABEL = "label"
    READOUT = "readout"
    CAPTION = "caption"


EM = {Size.TITLE: 0.56, Size.LABEL: 0.36, Size.READOUT: 0.42, Size.CAPTION: 0.42}
"""Height of an em in scene units where the short side of the frame is 8: label digits are 3 % of it."""
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
    line = _outline(markup).copy()
    line.scale(em, about_point=np.zeros(3))
    return line.set_fill(color, opacity=1).set_stroke(width=0)


def paragraph(text: str, em: float, color: str, width: float, align: str = "center") -> TextLine:
    """Plain text wrapped at `width` scene units into lines of about equal length, as a single mobject."""
    single = words(escape(text), em, color).width
    lines = int(np.ceil(single / width))
    page = (min(width, 1.12 * single / lines) if lines > 1 else width) / em * 10
    preamble = (
        f'#set page(width: {page:.2f}pt)\n#set text(font: "{FONT}", hyphenate: false)\n'
        f"#set align({align})\n#set par(leading: 0.5em, justify: false)"
    )
    block = Typst(escape(text), font_size=FONT_SIZE_PER_EM * em, typst_preamble=preamble)
    flat = _flat(block, text)
    corner = flat.get_corner(np.array([-1.0, -1.0, 0.0]))[:2]
    flat.points = np.concatenate([_dots(corner, corner + np.array([0.0, em * (ASCENT + DESCENT)])), flat.points])
    return flat.set_fill(color, opacity=1).set_stroke(width=0)


def math(markup: str, em: float, theme: Theme, role: str = "text") -> MathTypst:
    """A formula; `{{ sigma : model }}` gives a part the colour of a role.

    The glyphs stay separate, so that formulas can be transformed part by part.
    """
    formula = MathTypst(markup, font_size=FONT_SIZE_PER_EM * em, color=theme.color(role))
    for part_role in set(_labels(markup)):
        formula.select(part_role).set_color(theme.color(part_role))
    return formula


def _labels(markup: str) -> list[str]:
    parts = markup.split("{{")[1:]
    return [part.split("}}")[0].rsplit(":", 1)[1].strip() for part in parts if ":" in part.split("}}")[0]]


def _flat(mobject: VGroup, content: str) -> TextLine:
    """All outlines of a family as one mobject."""
    flat = TextLine()
    flat.content = content
    flat.points = np.concatenate([m.points for m in mobject.family_members_with_points()] or [np.zeros((0, 3))])
    return flat


def _dots(*positions: tuple[float, float]) -> np.ndarray:
    """Curves of no length: they draw nothing but count for the box. Shape (4·n, 3)."""
    return np.repeat(np.array([(x, y, 0.0) for x, y in positions]), 4, axis=0)


@lru_cache(maxsize=4096)
def _outline(markup: str) -> TextLine:
    """The outlines of one line at an em of 1, baseline at y = 0, left edge at x = 0, with its box."""
    # The H in front gives the baseline, which the SVG does not tell; it is dropped again.
    line = Typst(
        f"#box[H#h(1em)]#box[{markup}]",
        font_size=FONT_SIZE_PER_EM,
        typst_preamble=f'#set text(font: "{FONT}", hyphenate: false)',
    )
    marker, *glyphs = line.family_members_with_points()
    flat = _flat(VGroup(*glyphs), markup)
    if not glyphs:
        flat.points = _dots((0, -DESCENT), (0, ASCENT))
        return flat
    flat.points = flat.points - np.array([flat.get_left()[0], marker.get_bottom()[1], 0.0])
    flat.points = np.concatenate([_dots((0, -DESCENT), (0, ASCENT)), flat.points])
    return flat


# --- Numbers ----------------------------------------------------------------------------------------------

ADVANCE = {".": 0.28, ",": 0.28, "−": 0.66, "+": 0.66, "%": 0.83, "×": 0.72, "∞": 1.0}
DIGIT_ADVANCE = 0.5
"""Widths in em. All digits are equally wide, so that a ticking number does not jitter."""


@cache
def _glyph(character: str) -> np.ndarray:
    """Outline of one character of a number at an em of 1, centred in its advance. Shape (4·n, 3)."""
    points = _outline(f"${character}$" if character in "−+×∞" else escape(character)).points[8:]
    middle = (points[:, 0].min() + points[:, 0].max()) / 2
    return points + np.array([ADVANCE.get(character, DIGIT_ADVANCE) / 2 - middle, 0.0, 0.0])


def format_number(value: float, decimals: int = 2, *, signed: bool = False, percent: bool = False) -> str:
    """`value` with a real minus sign; never "−0.00"; huge values in powers of ten ("2.4×10^9" → "2.4×10⁹")."""
    if np.isnan(value):
        return "–"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    if percent:
        return format_number(100 * value, decimals, signed=signed) + "%"
    rounded = round(float(value), decimals) + 0.0
    sign = "−" if rounded < 0 else "+" if signed else ""
    if abs(rounded) >= 1e6:
        mantissa, exponent = f"{abs(value):.1e}".split("e")
        superscript = str(int(exponent)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{sign}{mantissa}×10{superscript}"
    return f"{sign}{abs(rounded):.{decimals}f}"


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
