"""Colour as eyes see it: luminance, contrast, colour-vision deficiencies and the distance of two colours."""

from __future__ import annotations

import numpy as np

MACHADO = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What is seen of linear RGB without one of the three cones. Source: Machado, Oliveira and Fernandes (2009)."""
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Weights of linear red, green and blue in relative luminance. Source: WCAG 2.2."""
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
) / np.array([[0.95047], [1.0], [1.08883]])
"""Linear sRGB to CIE XYZ, relative to the white point D65. Source: IEC 61966-2-1."""
MERGED = 5.0
"""CIEDE2000 distance below which two colours that do not touch look like one; 2.3 is just noticeable side by side."""
READABLE = 4.5
"""Contrast from which text reads. Source: WCAG 2.2, 1.4.3."""


def rgb(color: str) -> np.ndarray:
    """Red, green and blue of an #RRGGBB colour, 0 to 1, shape (3,)."""
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def hex_of(channels: np.ndarray) -> str:
    """#RRGGBB of red, green and blue from 0 to 1."""
    return "#" + "".join(f"{round(255 * float(c)):02X}" for c in np.clip(channels[:3], 0, 1))


def linear(channels: np.ndarray) -> np.ndarray:
    """Linear light of sRGB channels, both 0 to 1, any shape."""
    channels = np.asarray(channels, float)
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


_LINEAR_BYTES = linear(np.arange(256) / 255).astype(np.float32)


def luminance(pixels: np.ndarray) -> np.ndarray:
    """Relative luminance, shape (…), of 8-bit pixels, shape (…, 3 or 4)."""
    return _LINEAR_BYTES[pixels[..., :3]] @ LUMINANCE.astype(np.float32)


def contrast(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Contrast ratio of two relative luminances, 1 to 21. Source: WCAG 2.2."""
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def relative_luminance(color: str) -> float:
    """Relative luminance of an #RRGGBB colour, 0 (black) to 1 (white). Source: WCAG 2.2."""
    return float(linear(rgb(color)) @ LUMINANCE)


def contrast_ratio(first: str, second: str) -> float:
    """Contrast of two colours, from 1 (equal) to 21 (black on white). Source: WCAG 2.2."""
    return float(contrast(relative_luminance(first), relative_luminance(second)))


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` of the way from `first` to `second`, in sRGB."""
    return hex_of(rgb(first) + (rgb(second) - rgb(first)) * share)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB, shape (3,)."""
    ratio = TO_XYZ @ light
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, seen_by: str | None = None) -> float:
    """CIEDE2000 distance of two #RRGGBB colours, for a viewer of this kind ("protan", …; None: all cones)."""
    matrix = np.eye(3) if seen_by is None else np.array(MACHADO[seen_by])
    return ciede2000(*(lab(np.clip(matrix @ linear(rgb(color)), 0, 1)) for color in (one, other)))


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Colour difference of two L*a*b* colours. Source: Sharma, Wu and Dalal (2005), eqs. 2 to 22."""
    chroma = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    g = 0.5 * (1 - np.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    (l1, a1, b1), (l2, a2, b2) = one, other
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    delta_l, delta_c = l2 - l1, c2 - c1
    delta_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    rotation = -np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2)))) * 2
    rotation *= np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
    parts = delta_l / s_l, delta_c / s_c, delta_h / s_h
    return float(np.sqrt(sum(p * p for p in parts) + rotation * parts[1] * parts[2]))
