"""Recognises numbers that a picture draws as plain outlines, many in one mobject, as a ruler does."""

from __future__ import annotations

from functools import cache

import numpy as np
from manim import Mobject, VMobject

from scenes.stage.text import Number
from studio.check.geometry import outline_starts

ALIKE = 0.02
"""Largest distance of two outlines' points, in heights, at which they are the same digit."""
SHORTEST = 0.55
"""Height of an outline, in em, from which it is a digit's outer one: the holes of 0, 4, 6, 8 and 9 are lower."""
MOSTLY = 0.5
"""Share of a mobject's points that must belong to digits: the rest are inner outlines, points and signs."""


@cache
def _digits() -> list[tuple[float, np.ndarray]]:
    """Height at an em of 1 and shape of every digit's outer outline, see `_shape`."""
    numbers = (Number(float(digit), 1.0, "#FFFFFF", decimals=0) for digit in range(10))
    outlines = [outline for number in numbers for outline in _outlines(number.points[8:])]
    return [(height, shape) for height, shape in map(_shape, outlines) if height > SHORTEST]


def _outlines(points: np.ndarray) -> list[np.ndarray]:
    return np.split(points, 4 * outline_starts(points)[1:])


def _shape(points: np.ndarray) -> tuple[float, np.ndarray]:
    """Height of an outline, and its points, shape (n, 2), in heights from its lower left corner."""
    flat = points[:, :2]
    height = float(np.ptp(flat[:, 1]))
    return height, (flat - flat.min(axis=0)) / max(height, 1e-9)


def written_em(leaf: Mobject) -> float | None:
    """Height of an em of the smallest number in a mobject's outlines, in scene units; None when they are no numbers."""
    if not isinstance(leaf, VMobject) or len(leaf.points) < 40:
        return None
    ems, matched = [], 0
    for outline in _outlines(leaf.points):
        height, shape = _shape(outline)
        for known_height, known in _digits():
            if known.shape == shape.shape and np.abs(known - shape).max() < ALIKE:
                ems.append(height / known_height)
                matched += len(outline)
                break
    return min(ems) if matched >= MOSTLY * len(leaf.points) else None
