"""Names of things in a picture: readable over a grid, and placed where nothing else is."""

from __future__ import annotations

import numpy as np
from manim import Mobject, VMobject

from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

HALO = 9.0
"""Width of the background-coloured rim that keeps lines off a name."""
WIDE_HALO = 22.0
"""The same for names with gaps between their letters, as a sum has: the rim closes them."""
CLEARANCE = 0.13
"""Scene units between a name and the nearest thing."""
DIRECTIONS, DISTANCES = 24, (0.0, 0.14, 0.32, 0.6)
"""Places to try around the thing that is named: angles, and gaps in scene units."""
TIE = 1e-9
"""Costs that differ by no more are the same."""


def tag(stage: Stage, markup: str, role: str = "text", size: Size = Size.READOUT, *, halo: float = HALO) -> VMobject:
    """A name in Typst markup with a rim in the background colour; `halo` is its width."""
    return stage.words(markup, size, role).set_stroke(stage.color("background"), width=halo, background=True)


def clear_offset(
    label: Mobject, anchor: np.ndarray, toward: np.ndarray, obstacles: np.ndarray, zone: Zone
) -> np.ndarray:
    """Where to put a label's centre, relative to what it names, so that it covers nothing.

    Args:
        label: the label; only its size counts.
        anchor: the point that it names, shape (3,).
        toward: the direction that it should lie in if it can, shape (2,) or (3,).
        obstacles: points that it should not cover, shape (n, 3); see `along` and `inside`.
        zone: where it must stay.

    Returns:
        The offset from the anchor, shape (3,).
    """
    half = np.array([label.width, label.height]) / 2 + CLEARANCE
    wish = np.asarray(toward, float)[:2]
    wish = wish / max(float(np.linalg.norm(wish)), 1e-9)
    angles = np.arctan2(wish[1], wish[0]) + np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
    ways = np.tile(np.stack([np.cos(angles), np.sin(angles)], axis=1), (len(DISTANCES), 1))
    distances = np.repeat(DISTANCES, DIRECTIONS)
    # The label's edge, not its centre, keeps the distance.
    offsets = ways * (np.min(half / np.maximum(np.abs(ways), 1e-9), axis=1) + distances)[:, None]
    centers = anchor[:2] + offsets
    covered = np.all(np.abs(obstacles[:, None, :2] - centers) < half, axis=2).sum(axis=0)
    beyond = np.abs(centers - zone.center[:2]) + half - (zone.width / 2, zone.height / 2)
    outside = np.maximum(beyond, 0).sum(axis=1)
    costs = covered + 100 * outside + 0.6 * (1 - ways @ wish) + 1.5 * distances
    # Of places that are as good as each other the first: no last bit decides where a name stands.
    best = int(np.argmax(costs <= costs.min() + TIE))
    return np.append(offsets[best], 0.0)


def along(start: np.ndarray, end: np.ndarray, samples: int = 40) -> np.ndarray:
    """Points of a segment, as obstacles, shape (samples, 3)."""
    return np.linspace(np.asarray(start, float), np.asarray(end, float), samples)


def inside(label: Mobject, center: np.ndarray, samples: int = 5) -> np.ndarray:
    """Points of a label's box when it stands at `center`, as obstacles, shape (samples², 3)."""
    x, y = (np.linspace(-1, 1, samples) * length / 2 for length in (label.width, label.height))
    offsets = np.stack([*np.meshgrid(x, y), np.zeros((samples, samples))], axis=-1).reshape(-1, 3)
    return np.asarray(center, float) + offsets


def overlap(one: Mobject, other: Mobject) -> bool:
    """Whether the boxes of two labels have area in common."""
    apart = np.abs(one.get_center() - other.get_center())[:2]
    return bool(np.all(apart < np.array([one.width + other.width, one.height + other.height]) / 2))
