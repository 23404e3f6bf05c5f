"""Colours by role. A scene names what a thing *is*; the theme decides its colour.

Hues follow Okabe and Ito (2008). Each is shifted until text in it reads on the theme's background (WCAG 2.2,
1.4.3) and until the roles that carry meaning stay apart also for protan, deutan and tritan viewers (CIEDE2000).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, fields
from itertools import combinations
from typing import Any

from scenes.stage.color import MACHADO, MERGED, READABLE, contrast_ratio, difference, mix

LOGO_SIZE = (2.0, 0.6)
"""Width and height, in scene units, of the box that a logo is fitted into; it must not outshine the title."""


@dataclass(frozen=True)
class Logo:
    """A small picture in a top corner of every frame; `png` is the file's content in base64.

    `ratio` is its width divided by its height; `corner` is "left" or "right".
    """

    png: str
    ratio: float
    corner: str = "right"

    @property
    def content(self) -> bytes:
        """The PNG file."""
        return base64.b64decode(self.png)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in scene units."""
        width, height = LOGO_SIZE
        return (width, width / self.ratio) if self.ratio > width / height else (height * self.ratio, height)


@dataclass(frozen=True)
class Theme:
    """Colours as #RRGGBB, one per role.

    `positive`/`negative` are the two ends of a signed scale; `first`/`second` are two things of equal rank
    (the basis vectors, two data sets); `surface` fills panels behind content;
    `grid` draws lines that carry no meaning of their own. `ramp` is a sequential scale, dark to bright.
    `logo` stands in a corner, beside the title.
    """

    name: str
    background: str
    surface: str
    grid: str
    text: str
    muted: str
    input: str
    output: str
    parameter: str
    data: str
    model: str
    error: str
    positive: str
    negative: str
    highlight: str
    first: str
    second: str
    ramp: tuple[str, ...]
    logo: Logo | None = None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Theme:
        """The theme whose `asdict` is `data`, from this or another process."""
        logo = data["logo"]
        return cls(**{**data, "ramp": tuple(data["ramp"]), "logo": Logo(**logo) if logo else None})

    def ramp_at(self, share: float) -> str:
        """The colour at `share` (0 low, 1 high) of the sequential scale, for heights and densities."""
        position = min(max(share, 0.0), 1.0) * (len(self.ramp) - 1)
        index = min(int(position), len(self.ramp) - 2)
        return mix(self.ramp[index], self.ramp[index + 1], position - index)

    def color(self, role: str) -> str:
        """The colour of a role.

        Raises:
            KeyError: when there is no such role; names the roles.
        """
        if role not in ROLES:
            raise KeyError(f"no colour role {role!r}; roles are {', '.join(ROLES)}")
        return getattr(self, role)


ROLES = tuple(field.name for field in fields(Theme) if field.name not in ("name", "ramp", "logo"))
TEXT_ROLES = tuple(role for role in ROLES if role not in ("background", "surface", "grid"))
"""Roles that may colour text: each has a contrast of at least 4.5:1 on the background."""
APART = (
    *combinations(("input", "output", "parameter", "data", "model", "error"), 2),
    ("positive", "negative"),
    ("first", "second"),
)
"""Pairs of roles that mean different things and may stand in one picture."""

DARK = Theme(
    name="dark",
    background="#0F1117",
    surface="#1B1F2A",
    grid="#3A4152",
    text="#F2F2EE",
    muted="#9AA3B5",
    input="#56B4E9",
    output="#F0A830",
    parameter="#D98CB8",
    data="#F4E76E",
    model="#2FBF95",
    error="#F2703D",
    positive="#56B4E9",
    negative="#F2703D",
    highlight="#FFFFFF",
    first="#2FBF95",
    second="#F2703D",
    ramp=("#1D3B6E", "#1F6F9E", "#2FA79B", "#8CCB6B", "#F2E36B"),
)

LIGHT = Theme(
    name="light",
    background="#FFFFFF",
    surface="#F1F3F7",
    grid="#C9CFDA",
    text="#1A1D24",
    muted="#5C6577",
    input="#0C64E9",
    output="#653C17",
    parameter="#C82590",
    data="#63741C",
    model="#186B5B",
    error="#E20A09",
    positive="#0C64E9",
    negative="#E20A09",
    highlight="#000000",
    first="#186B5B",
    second="#E20A09",
    ramp=("#7DA6D0", "#84C3CE", "#A3D6B2", "#D2E299", "#F2E27C"),
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def problems(theme: Theme) -> list[tuple[tuple[str, str], str]]:
    """What makes a theme hard to read or ambiguous: pairs of roles, and a sentence about them."""
    found = []
    for role in TEXT_ROLES:
        color = theme.color(role)
        ratio = contrast_ratio(color, theme.background)
        if ratio < READABLE:
            sentence = (
                f"{role} {color} on background {theme.background} has a contrast of {ratio:.1f}:1, and text needs "
                f"{READABLE}:1{_readable_hint(color, theme.background)}."
            )
            found.append(((role, "background"), sentence))
    for pair in APART:
        one, other = (theme.color(role) for role in pair)
        eyes = look_alike(one, other)
        if eyes:
            sentence = f"{pair[0]} {one} and {pair[1]} {other} look alike to {eyes}; they must differ more."
            found.append((pair, sentence))
    return found


def look_alike(one: str, other: str) -> str | None:
    """Who sees two colours as one: "everyone", "protan viewers" …; None when nobody does."""
    for kind in (None, *MACHADO):
        if difference(one, other, kind) < MERGED:
            return f"{kind} viewers" if kind else "everyone"
    return None


def _readable_hint(color: str, background: str) -> str:
    """The nearest colour, darker or brighter, that reads on the background: '; #0A4F8C would do'."""
    for step in range(1, 101):
        for end in ("#000000", "#FFFFFF"):
            candidate = mix(color, end, step / 100)
            if contrast_ratio(candidate, background) >= READABLE:
                return f"; {candidate} would do"
    return ""
