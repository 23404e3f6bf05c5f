"""Colours by role. A scene names what a thing *is*; the theme decides its colour.

Hues follow Okabe and Ito (2008). Each is shifted until text in it reads on the theme's background (WCAG 2.2,
1.4.3) and until the roles that carry meaning stay apart also for protan, deutan and tritan viewers (CIEDE2000).
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Theme:
    """Colours as #RRGGBB, one per role.

    `positive`/`negative` are the two ends of a signed scale; `first`/`second` are two things of equal rank
    (the basis vectors, two data sets); `surface` fills panels behind content;
    `grid` draws lines that carry no meaning of their own. `ramp` is a sequential scale, dark to bright.
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


ROLES = tuple(field.name for field in fields(Theme) if field.name not in ("name", "ramp"))
TEXT_ROLES = tuple(role for role in ROLES if role not in ("background", "surface", "grid"))
"""Roles that may colour text: each has a contrast of at least 4.5:1 on the background."""

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


def relative_luminance(color: str) -> float:
    """Relative luminance of an #RRGGBB colour, 0 (black) to 1 (white). Source: WCAG 2.2."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast_ratio(first: str, second: str) -> float:
    """Contrast of two colours, from 1 (equal) to 21 (black on white). Source: WCAG 2.2."""
    lighter, darker = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` of the way from `first` to `second`, in sRGB."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
