"""Boxes and outlines, in scene units, taken from the Bézier points that mobjects are made of."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from scenes.stage.zones import Zone

SAMPLES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
"""Where on a cubic curve its extent is taken: control points alone would make round things too large."""
_BASIS = np.stack(
    [(1 - SAMPLES) ** 3, 3 * SAMPLES * (1 - SAMPLES) ** 2, 3 * SAMPLES**2 * (1 - SAMPLES), SAMPLES**3], axis=1
)
JOINED = 1e-6
"""Two curves closer than this, end to start, are one outline."""


def curve_points(points: np.ndarray) -> np.ndarray:
    """Points on the cubic curves of a mobject, shape (curves, 5, 2), of its points, shape (4·curves, 3)."""
    curves = points[: len(points) // 4 * 4].reshape(-1, 4, points.shape[1])[..., :2]
    return np.einsum("sk,nkd->nsd", _BASIS, curves)


def outline_boxes(points: np.ndarray) -> np.ndarray:
    """Left, bottom, right, top of each connected outline (a glyph, a dash), shape (outlines, 4)."""
    curves = curve_points(points)
    if not len(curves):
        return np.zeros((0, 4))
    starts = outline_starts(points)
    low = np.minimum.reduceat(curves.min(axis=1), starts)
    high = np.maximum.reduceat(curves.max(axis=1), starts)
    return np.concatenate([low, high], axis=1)


def outline_starts(points: np.ndarray) -> np.ndarray:
    """Index of each connected outline's first curve, of points of shape (4·curves, 3), not empty."""
    breaks = np.abs(points[4::4, :2] - points[3:-1:4, :2]).max(axis=1) > JOINED
    return np.concatenate([[0], np.flatnonzero(breaks) + 1])


def segments(points: np.ndarray) -> np.ndarray:
    """Straight pieces of the curves, shape (pieces, 2, 2): start and end points."""
    curves = curve_points(points)
    return np.stack([curves[:, :-1], curves[:, 1:]], axis=2).reshape(-1, 2, 2)


def length_inside(pieces: np.ndarray, box: Zone) -> float:
    """How much of some segments, shape (n, 2, 2), lies in a box. Source: Liang and Barsky (1984)."""
    start, way = pieces[:, 0], pieces[:, 1] - pieces[:, 0]
    low, high = np.array([box.left, box.bottom]), np.array([box.right, box.top])
    still = np.abs(way) < 1e-12
    safe = np.where(still, 1.0, way)
    first, second = (low - start) / safe, (high - start) / safe
    outside = np.any(still & ((start < low) | (start > high)), axis=1)
    enter = np.where(still, 0.0, np.minimum(first, second)).max(axis=1).clip(0, 1)
    leave = np.where(still, 1.0, np.maximum(first, second)).min(axis=1).clip(0, 1)
    shares = np.where(outside, 0.0, np.maximum(leave - enter, 0.0))
    return float(shares @ np.linalg.norm(way, axis=1))


def area(points: np.ndarray) -> float:
    """Area of closed outlines, by the shoelace formula over the curves' ends, in square scene units."""
    curves = points[: len(points) // 4 * 4].reshape(-1, 4, points.shape[1])
    (x0, y0), (x1, y1) = curves[:, 0, :2].T, curves[:, 3, :2].T
    return abs(float(np.sum(x0 * y1 - x1 * y0))) / 2


def box_of(boxes: np.ndarray, border: float = 0.0) -> Zone:
    """The box around boxes of shape (n, 4), widened by `border` on each side."""
    low, high = boxes[:, :2].min(axis=0) - border, boxes[:, 2:].max(axis=0) + border
    return Zone(*map(float, (*low, *high)))


def around(zones: Iterable[Zone]) -> Zone:
    """The box around some boxes."""
    return box_of(np.array([(z.left, z.bottom, z.right, z.top) for z in zones]))


def overlap(one: Zone, other: Zone) -> Zone | None:
    """What two boxes have in common; None when they do not overlap."""
    left, bottom = max(one.left, other.left), max(one.bottom, other.bottom)
    right, top = min(one.right, other.right), min(one.top, other.top)
    return Zone(left, bottom, right, top) if left < right and bottom < top else None


def holds(outer: Zone, inner: Zone, slack: float = 0.0) -> bool:
    """Whether a box lies in another, give or take `slack`."""
    return (
        inner.left >= outer.left - slack
        and inner.right <= outer.right + slack
        and inner.bottom >= outer.bottom - slack
        and inner.top <= outer.top + slack
    )
