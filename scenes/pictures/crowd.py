"""Many people as icons, drawn at once: each of a kind, and each kind in its colour."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import cairo
import numpy as np

from scenes.stage.camera import Painted, cairo_color
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone

SMALLEST_PERSON = 0.075
"""Room per person, in scene units, below which head and shoulders are a blur and a small square does."""


class Crowd(Painted):
    """People in kinds. `put` moves them; `strengths` are the opacities of the kinds, `sizes` their sizes.

    Args:
        stage: the stage.
        centers: shape (n, 2).
        kinds: the kind of each, indices into `roles`, shape (n,).
        roles: colour of each kind.
        pitch: room for a person, in scene units.
    """

    def __init__(
        self, stage: Stage, centers: np.ndarray, kinds: np.ndarray, roles: Sequence[str], pitch: float
    ) -> None:
        super().__init__()
        self.kinds, self.colors = np.asarray(kinds), [stage.color(role) for role in roles]
        self.strengths, self.sizes = [1.0] * len(roles), [1.0] * len(roles)
        self.set_fill(stage.color(roles[0]), opacity=1).set_stroke(width=0)
        self.put(centers, pitch)

    @property
    def overhang(self) -> float:
        """A person stays within the room of one."""
        return self.pitch * max(1.0, *self.sizes)

    def put(self, centers: np.ndarray, pitch: float) -> Crowd:
        """Stand at these centres, shape (n, 2), with this much room for each."""
        self.pitch = pitch
        flat = np.zeros((len(centers), 3))
        flat[:, :2] = centers
        # One curve of no length per person: a crowd moves, fades and is boxed like any mobject.
        self.points = np.repeat(flat, 4, axis=0)
        return self

    def paint(self, context: cairo.Context) -> None:
        """All people, kind by kind."""
        draw = _person if self.pitch >= SMALLEST_PERSON else _speck
        centers = self.points[::4, :2]
        for kind, (color, strength) in enumerate(zip(self.colors, self.strengths, strict=True)):
            alpha = strength * float(self.get_fill_opacity())
            if alpha <= 0:
                continue
            context.set_source_rgba(*cairo_color(color), alpha)
            size = self.sizes[kind] * self.pitch
            for x, y in centers[self.kinds == kind].tolist():
                draw(context, x, y, size)
            context.fill()


def _speck(context: cairo.Context, x: float, y: float, pitch: float) -> None:
    half = 0.41 * pitch
    context.rectangle(x - half, y - half, 2 * half, 2 * half)


def _person(context: cairo.Context, x: float, y: float, pitch: float) -> None:
    """A head over shoulders, 0.7 of the room wide and high."""
    context.new_sub_path()
    context.arc(x, y + 0.17 * pitch, 0.18 * pitch, 0, 2 * pi)
    context.new_sub_path()
    context.arc(x, y - 0.36 * pitch, 0.35 * pitch, 0, pi)
    context.close_path()


def ranks(count: int, box: Zone, per_column: int | None = None) -> tuple[np.ndarray, float]:
    """Places for so many people that fill a square box: column by column from the left, each from the bottom.

    Returns:
        Centres, shape (count, 2), and the room for a person. By default there are as many rows as columns, or one more.
    """
    rows = int(np.ceil(np.sqrt(count))) if per_column is None else per_column
    columns = -(-count // rows)
    column, row = np.divmod(np.arange(count), rows)
    across, up = box.width / columns, box.height / rows
    places = np.stack([box.left + (column + 0.5) * across, box.bottom + (row + 0.5) * up], axis=1)
    return places, min(across, up)
