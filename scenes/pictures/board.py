"""The plane as a board to play on: grid, named basis arrows, vectors as copies of them; pans and zooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import Mobject, VGroup

from scenes.pictures.grid import BasisVectors, MovingGrid, Plane
from scenes.pictures.labels import along, clear_offset, inside, tag
from scenes.pictures.matrix import equations, short
from scenes.pictures.shapes import Arrow, Dots
from scenes.stage.language import _
from scenes.stage.stage import Stage, fit
from scenes.stage.text import Size
from scenes.stage.zones import Zone

MatrixPath = Callable[[float], np.ndarray]
"""A 2×2 matrix for every progress from 0 to 1."""
Step = Callable[[float], None]

DENSE = 0.35
"""Grid spacing in scene units below which lines are drawn fainter, so that a far zoom stays calm."""
LINE_OPACITY = 0.75
"""Opacity of grid lines far enough apart."""


def together(steps: Sequence[Step]) -> Step:
    """One step that takes several, for pictures on one clock."""

    def step(progress: float) -> None:
        for each in steps:
            each(progress)

    return step


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
        self.origin = Dots(stage, self.plane.at(np.zeros((1, 2))), role="text", radius=0.075)
        self.grid.add(self.origin)
        self.matrix = np.eye(2)
        super().__init__(self.grid, self.basis, self.names)
        self.put(np.eye(2))

    def put(self, matrix: np.ndarray, name_offsets: np.ndarray | None = None) -> Board:
        """Show a matrix; names stand at these offsets (2, 3) from the tips, by default where they are clear."""
        self.matrix = np.asarray(matrix, float)
        self.grid.put_matrix(self.matrix)
        self.grid.ghost.set_stroke(opacity=_calm(self.plane.unit))
        self.grid.lines.set_stroke(opacity=LINE_OPACITY * _calm(self.plane.unit * np.linalg.norm(self.matrix, 2)))
        self.origin.put(self.plane.at(np.zeros((1, 2))))
        self.basis.put_matrix(self.matrix)
        # The shorter arrow in front: on one line both are seen.
        self.basis.submobjects.sort(key=lambda arrow: -float(np.linalg.norm(np.ptp(arrow.points, axis=0))))
        offsets = self.name_offsets(self.matrix) if name_offsets is None else name_offsets
        for name, tip, offset in zip(self.names, self.plane.at(self.matrix.T), offsets, strict=True):
            name.move_to(tip + offset)
        return self

    def arrows(self, matrix: np.ndarray) -> np.ndarray:
        """Points along both basis arrows, as obstacles for names, shape (n, 3)."""
        tips = self.plane.at(np.asarray(matrix, float).T)
        return np.concatenate([along(self.plane.origin, tip) for tip in tips])

    def name_offsets(self, matrix: np.ndarray, others: np.ndarray | None = None) -> np.ndarray:
        """Offsets of the names from the arrows' tips where they cover no arrow and none of `others` (n, 3)."""
        tips = self.plane.at(np.asarray(matrix, float).T)
        obstacles, offsets = self.arrows(matrix), []
        if others is not None:
            obstacles = np.concatenate([obstacles, others])
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


class ProductBoard(VGroup):
    """One map after another on a board of its own, the order in words above, the product below.

    Args:
        stage: the stage.
        zone: room for all of it.
        framing: the plane of the board in a zone.
        names: the name of the map that comes first, and of the second: "AB".
        product_name: Typst markup of the product's name; `product.name_text` is not shown at first.
        product: where the board will end; the brackets have room for it.
    """

    def __init__(
        self,
        stage: Stage,
        zone: Zone,
        framing: Callable[[Zone], Plane],
        names: str,
        product_name: str,
        product: np.ndarray,
    ) -> None:
        text, room, bottom = _panel(zone)
        first, second = (f"{{{{{name} : parameter}}}}" for name in names)
        self.line = fit(stage.math(in_turn(first, second), Size.READOUT), text)
        contents = [(product_name, np.eye(2), ("first", "second"), product)]
        self.product = equations(stage, contents, bottom)[0].move_to(bottom.center)
        self.board = Board(stage, framing(room))
        super().__init__(self.board, self.line, self.product.box)

    def travel(self, path: MatrixPath) -> Step:
        """A step for `drive`: board and product follow a path of matrices."""
        follow = self.board.travel(path)

        def step(progress: float) -> None:
            follow(progress)
            self.product.put(self.board.matrix, moving=progress < 1)

        return step


def in_turn(first: str, second: str) -> str:
    """One map and then another, in Typst math."""
    # Translators: Typst math; words stand in quotes, with the spaces that belong to them.
    return _('"first" {first}", then" {second}').format(first=first, second=second)


def _panel(zone: Zone) -> tuple[Zone, Zone, Zone]:
    """A line of text, a plane and a matrix, one below the other; in a low zone the plane stands to the left."""
    if zone.height >= 0.7 * zone.width:
        return zone.rows(0.1, 0.64, 0.26, gap=0.1)
    left, right = zone.columns(0.52, 0.48)
    top, bottom = right.rows(0.35, 0.65)
    return top, left, bottom


def _calm(spacing: float) -> float:
    """Opacity of grid lines this many scene units apart."""
    return float(np.clip(spacing / DENSE, 0.1, 1.0)) ** 2


class Recipe(VGroup):
    """A vector as copies of the basis arrows, head to tail, and the arrow that they add up to.

    `tags` name the copies, "2 î", and `image_tags` those of the columns of A, "2 A î"; both are to be faded in.

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
        self.image_tags = VGroup(
            *(
                tag(stage, f"${_coefficient(count)} A {symbol}$", role)
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
        lines = [(chain[0], chain[1]), (chain[1], chain[2])]
        # The vector's old place counts too: a ghost may stay there.
        ends = (chain[2], self.plane.at(self.vector), *tips)
        return np.concatenate([along(a, b) for a, b in (*lines, *((self.plane.origin, end) for end in ends))])

    def anchors(self, matrix: np.ndarray) -> np.ndarray:
        """What the tags name under a matrix: the middles of the two runs of copies, shape (2, 3)."""
        chain, tips = self.plane.at(self.chain(matrix)), self.plane.at(np.asarray(matrix, float).T)
        # A coefficient 0 leaves no copies to name: then the tag is the basis arrow's.
        return np.where(self.vector[:, None] == 0, tips, (chain[:-1] + chain[1:]) / 2)

    def tag_offsets(self, matrix: np.ndarray, *others: Mobject, tags: VGroup | None = None) -> np.ndarray:
        """Offsets of the tags from their anchors, outside the chain's triangle, clear of other names, shape (2, 3)."""
        tags = self.tags if tags is None else tags
        obstacles = np.concatenate([self.obstacles(matrix), *(inside(o, o.get_center()) for o in others)])
        middle, offsets = self.plane.at(self.chain(matrix)).mean(axis=0), []
        for label, anchor in zip(tags, self.anchors(matrix), strict=True):
            offsets.append(clear_offset(label, anchor, anchor - middle, obstacles, self.plane.zone))
            obstacles = np.concatenate([obstacles, inside(label, anchor + offsets[-1])])
        return np.array(offsets)

    def put_tags(self, matrix: np.ndarray, offsets: np.ndarray) -> Recipe:
        """Stand the tags at these offsets from their anchors under a matrix."""
        for tags in (self.tags, self.image_tags):
            for label, anchor, offset in zip(tags, self.anchors(matrix), offsets, strict=True):
                label.move_to(anchor + offset)
        return self


def _coefficient(count: float) -> str:
    """What stands before a symbol; nothing for 0, where the symbol is named alone."""
    return short(count) if count else ""
