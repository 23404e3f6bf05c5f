"""The plane as a board to play on: grid, named basis arrows, vectors as copies of them; pans and zooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import Mobject, VGroup

from scenes.pictures.grid import BasisVectors, MovingGrid, Plane
from scenes.pictures.labels import along, clear_offset, inside, tag
from scenes.pictures.matrix import short
from scenes.pictures.shapes import Arrow
from scenes.stage.stage import Stage

MatrixPath = Callable[[float], np.ndarray]
"""A 2×2 matrix for every progress from 0 to 1."""
Step = Callable[[float], None]

DENSE = 0.4
"""Grid spacing in scene units below which lines are drawn fainter, so that a far zoom stays calm."""


class Copies(VGroup):
    """So many copies of an arrow, head to tail: 2.5 copies are two whole arrows and a half one."""

    def __init__(self, stage: Stage, plane: Plane, most: float, role: str) -> None:
        self.plane = plane
        super().__init__(
            *(Arrow(stage, plane.origin, plane.origin, role, 0.08, 0.3) for _ in range(int(np.ceil(abs(most)))))
        )

    def put(self, start: np.ndarray, vector: np.ndarray, count: float) -> Copies:
        """From `start` on, `count` times `vector`, both of shape (2,); a negative count goes backwards."""
        start, vector = np.asarray(start, float), np.sign(count) * np.asarray(vector, float)
        for index, arrow in enumerate(self.submobjects):
            share = float(np.clip(abs(count) - index, 0.0, 1.0))
            tail = start + min(index, abs(count)) * vector
            arrow.put(self.plane.at(tail), self.plane.at(tail + share * vector))
        return self


class Board(VGroup):
    """Grid, basis arrows and their names under a matrix; `put` changes all of them in place.

    Args:
        stage: the stage.
        plane: where the plane is drawn; the board may pan and zoom it.
        planes: the other planes that it will be shown on.
        ghost: whether the untransformed grid stays behind, faint.
    """

    def __init__(self, stage: Stage, plane: Plane, *, planes: Sequence[Plane] = (), ghost: bool = True) -> None:
        self.plane = Plane(plane.zone, plane.unit, plane.origin)
        reaches = np.array([p.reach for p in (plane, *planes)])
        self.grid = MovingGrid(stage, self.plane, ghost=ghost, reach=tuple(reaches.max(axis=0)))
        self.basis = BasisVectors(stage, self.plane)
        self.names = VGroup(tag(stage, "$hat(i)$", "first"), tag(stage, "$hat(j)$", "second"))
        self.matrix = np.eye(2)
        super().__init__(self.grid, self.basis, self.names)
        self.put(np.eye(2))

    def put(self, matrix: np.ndarray, name_offsets: np.ndarray | None = None) -> Board:
        """Show a matrix; names stand at these offsets (2, 3) from the tips, by default where they are clear."""
        self.matrix = np.asarray(matrix, float)
        self.grid.put_matrix(self.matrix)
        self.basis.put_matrix(self.matrix)
        offsets = self.name_offsets(self.matrix) if name_offsets is None else name_offsets
        for name, tip, offset in zip(self.names, self.plane.at(self.matrix.T), offsets, strict=True):
            name.move_to(tip + offset)
        return self

    def arrows(self, matrix: np.ndarray) -> np.ndarray:
        """Points along both basis arrows, as obstacles for names, shape (n, 3)."""
        tips = self.plane.at(np.asarray(matrix, float).T)
        return np.concatenate([along(self.plane.origin, tip) for tip in tips])

    def name_offsets(self, matrix: np.ndarray) -> np.ndarray:
        """Offsets of the names from the arrows' tips where they cover neither arrow, shape (2, 3)."""
        tips = self.plane.at(np.asarray(matrix, float).T)
        obstacles, offsets = self.arrows(matrix), []
        for name, tip, side in zip(self.names, tips, (1, -1), strict=True):
            x, y = (tip - self.plane.origin)[:2]
            # Beside the tip: î to the right of its arrow, ĵ to the left, so that equal columns keep both names.
            toward = np.array([x + side * y, y - side * x]) if abs(x) + abs(y) > 1e-9 else np.array([side, -side])
            offset = clear_offset(name, tip, toward, obstacles, self.plane.zone)
            obstacles = np.concatenate([obstacles, inside(name, tip + offset)])
            offsets.append(offset)
        return np.array(offsets)

    def travel(self, path: MatrixPath, to: Plane | None = None) -> Step:
        """A step for `drive`: the board follows a path of matrices, names glide; with `to` it also pans and zooms."""
        start = Plane(self.plane.zone, self.plane.unit, self.plane.origin)
        end = start if to is None else to
        first = self.name_offsets(path(0.0))
        self.plane.put_between(start, end, 1.0)
        last = self.name_offsets(path(1.0))
        self.plane.put_between(start, end, 0.0)

        def step(progress: float) -> None:
            self.look_from(start, end, progress)
            self.put(path(progress), (1 - progress) * first + progress * last)

        return step

    def look_from(self, start: Plane, end: Plane, share: float) -> None:
        """Pan and zoom: stand this share of the way between two planes. The rest follows at the next `put`."""
        if start is end:
            return
        self.plane.put_between(start, end, share)
        self.grid.put_ghost()
        self.soften()

    def soften(self) -> None:
        """Draw the lines of a dense grid fainter."""
        share = float(np.clip(self.plane.unit / DENSE, 0.25, 1.0))
        self.grid.ghost.set_stroke(opacity=share)


class Recipe(VGroup):
    """A vector as copies of the basis arrows, head to tail, and the arrow that they add up to.

    Args:
        stage: the stage.
        plane: the plane, shared with the board.
        vector: how many copies of each basis arrow, shape (2,).
    """

    def __init__(self, stage: Stage, plane: Plane, vector: Sequence[float]) -> None:
        self.plane, self.vector = plane, np.asarray(vector, float)
        self.copies = VGroup(
            *(Copies(stage, plane, count, role) for count, role in zip(vector, ("first", "second"), strict=True))
        )
        self.arrow = Arrow(stage, plane.origin, plane.origin, "input", 0.09, 0.36)
        self.tags = VGroup(
            *(
                tag(stage, f"${_coefficient(count)} {symbol}$", role)
                for count, symbol, role in zip(vector, ("hat(i)", "hat(j)"), ("first", "second"), strict=True)
            )
        )
        super().__init__(self.copies, self.arrow)
        self.put(np.eye(2))

    def chain(self, matrix: np.ndarray, shares: tuple[float, float] = (1.0, 1.0)) -> np.ndarray:
        """Head-to-tail points under a matrix, shape (3, 2); `shares` of the copies, for growing them."""
        columns = np.asarray(matrix, float).T
        return np.vstack([np.zeros(2), np.cumsum((self.vector * shares)[:, None] * columns, axis=0)])

    def put(self, matrix: np.ndarray, shares: tuple[float, float] = (1.0, 1.0)) -> Recipe:
        """Show the copies of a matrix's columns, and their sum."""
        columns, chain = np.asarray(matrix, float).T, self.chain(matrix, shares)
        for copies, start, column, count in zip(self.copies, chain, columns, self.vector * shares, strict=False):
            copies.put(start, column, count)
        self.arrow.put(self.plane.origin, self.plane.at(self.chain(matrix)[2]))
        return self

    def obstacles(self, matrix: np.ndarray) -> np.ndarray:
        """Points along all that is drawn under a matrix, shape (n, 3)."""
        chain, tips = self.plane.at(self.chain(matrix)), self.plane.at(np.asarray(matrix, float).T)
        lines = [(chain[0], chain[1]), (chain[1], chain[2]), (chain[0], chain[2])]
        return np.concatenate([along(a, b) for a, b in (*lines, *((self.plane.origin, tip) for tip in tips))])

    def anchors(self, matrix: np.ndarray) -> np.ndarray:
        """What the tags name under a matrix: the middles of the two runs of copies, shape (2, 3)."""
        chain, tips = self.plane.at(self.chain(matrix)), self.plane.at(np.asarray(matrix, float).T)
        # A coefficient 0 leaves no copies to name: then the tag is the basis arrow's.
        return np.where(self.vector[:, None] == 0, tips, (chain[:-1] + chain[1:]) / 2)

    def tag_offsets(self, matrix: np.ndarray, *others: Mobject) -> np.ndarray:
        """Offsets of the tags from their anchors, outside the chain's triangle, clear of other names, shape (2, 3)."""
        obstacles = np.concatenate([self.obstacles(matrix), *(inside(o, o.get_center()) for o in others)])
        middle, offsets = self.plane.at(self.chain(matrix)).mean(axis=0), []
        for label, anchor in zip(self.tags, self.anchors(matrix), strict=True):
            offsets.append(clear_offset(label, anchor, anchor - middle, obstacles, self.plane.zone))
            obstacles = np.concatenate([obstacles, inside(label, anchor + offsets[-1])])
        return np.array(offsets)

    def put_tags(self, matrix: np.ndarray, offsets: np.ndarray) -> Recipe:
        """Stand the tags at these offsets from their anchors under a matrix."""
        for label, anchor, offset in zip(self.tags, self.anchors(matrix), offsets, strict=True):
            label.move_to(anchor + offset)
        return self


def _coefficient(count: float) -> str:
    """What stands before a symbol: nothing for 1 (and for 0, where the symbol is named alone)."""
    return {0.0: "", 1.0: "", -1.0: "−"}.get(float(count), short(count))
