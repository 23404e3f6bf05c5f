"""From mobjects to the things a viewer sees: lines of text with their ink, and shapes; only what is visible."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from manim import DecimalNumber, Mobject, Paragraph, Scene, SVGMobject, Text, Typst, VMobject
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath
from manim.mobject.text.tex_mobject import SingleStringMathTex
from manim.utils.iterables import list_update

from scenes.stage.camera import Painted
from scenes.stage.color import hex_of
from scenes.stage.text import FONT_SIZE_PER_EM, Formula, Glyph, TextLine
from scenes.stage.written import Written
from scenes.stage.zones import Zone
from studio.check.geometry import box_of, outline_boxes
from studio.check.writing import written_em

FAINTEST = 0.02
"""Opacity from which something can be seen at all."""
SMALLEST = 1e-3
"""Scene units below which an outline draws nothing: the box markers of a `TextLine`, an arrow of no length."""
STROKE_UNIT = 0.01
"""Scene units per unit of Manim's stroke width."""
TEXT_TYPES = (TextLine, Formula, Typst, Text, Paragraph, SingleStringMathTex, DecimalNumber)
OWN_COLORS = "#FFFFFF"
"""Fill of a `Painted` mobject that does not paint with its fill: only the fill's opacity counts."""
LONGEST_NAME = 40
"""Characters of a text that a message quotes."""


@dataclass(frozen=True)
class Paint:
    """How a leaf is filled and outlined: #RRGGBB, opacity, and the outline's width in scene units."""

    fill: str
    fill_opacity: float
    stroke: str
    stroke_opacity: float
    stroke_width: float

    @classmethod
    def of(cls, leaf: Mobject) -> Paint:
        """The paint of one mobject, its children left out."""
        if not isinstance(leaf, VMobject):
            return cls("#FFFFFF", 1.0, "#FFFFFF", 0.0, 0.0)
        fill, stroke = np.mean(leaf.fill_rgbas, axis=0), np.mean(leaf.stroke_rgbas, axis=0)
        width = STROKE_UNIT * float(np.max(leaf.stroke_width)) * (stroke[3] > FAINTEST)
        return cls(hex_of(fill), float(fill[3]), hex_of(stroke), float(stroke[3]) * (width > 0), width)

    @property
    def is_filled(self) -> bool:
        """Whether the inside shows."""
        return self.fill_opacity > FAINTEST

    @property
    def is_stroked(self) -> bool:
        """Whether the outline shows."""
        return self.stroke_opacity > FAINTEST and self.stroke_width > 0

    @property
    def is_visible(self) -> bool:
        """Whether anything shows."""
        return self.is_filled or self.is_stroked

    def colors(self) -> tuple[str, ...]:
        """The colours that show."""
        return ((self.fill,) if self.is_filled else ()) + ((self.stroke,) if self.is_stroked else ())


def ink_boxes(leaf: Mobject) -> np.ndarray:
    """Boxes of a leaf's separate outlines without those that draw nothing, shape (n, 4)."""
    boxes = outline_boxes(leaf.points)
    if isinstance(leaf, Painted):
        # Dots are curves of no length with a radius; other painted mobjects have points that span them.
        return boxes + float(getattr(leaf, "radius", 0.0)) * np.array([-1, -1, 1, 1])
    return boxes[np.any(boxes[:, 2:] - boxes[:, :2] > SMALLEST, axis=1)]


@dataclass(eq=False)
class Thing:
    """A visible text or shape. `owner` is the mobject that it is named after, `leaves` what is drawn of it.

    `order` is its place in the order of drawing; `boxes`, shape (n, 4), are those of its outlines.
    `written` is the em of texts that a picture draws itself: then it is their owner.
    """

    owner: Mobject
    leaves: list[Mobject]
    paints: list[Paint]
    boxes: np.ndarray
    name: str
    is_text: bool
    order: int
    written: float | None = None

    @cached_property
    def ink(self) -> Zone:
        """The box of the outlines, strokes left out."""
        return box_of(self.boxes)

    @cached_property
    def box(self) -> Zone:
        """The box of all that is drawn."""
        return box_of(self.boxes, max(paint.stroke_width for paint in self.paints) / 2)

    @cached_property
    def em(self) -> float | None:
        """Height of an em in scene units; None for shapes and for text of unknown size."""
        if isinstance(self.owner, TextLine | Formula):
            return self.owner.em
        if self.written:
            return self.written
        size = getattr(self.owner, "font_size", None) if self.is_text else None
        return None if size is None else float(size) / FONT_SIZE_PER_EM

    @property
    def height(self) -> float:
        """Scene units of an em; for text of unknown size, taken from its tallest glyph."""
        return self.em or float(np.max(self.boxes[:, 3] - self.boxes[:, 1])) / 0.7

    def colors(self) -> set[str]:
        """All colours that show, #RRGGBB; none for painted pictures that bring colours of their own."""
        return {
            color
            for leaf, paint in zip(self.leaves, self.paints, strict=True)
            if not (isinstance(leaf, Painted) and paint.fill == OWN_COLORS)
            for color in paint.colors()
        }


def things_on(scene: Scene) -> list[Thing]:
    """All visible things of a scene, in no particular order."""
    place = {id(leaf): index for index, leaf in enumerate(drawing_order(scene))}
    groups: dict[int, Thing] = {}
    painted: list[Thing] = []
    for leaf, ancestors in walk(scene):
        paint, boxes = Paint.of(leaf), ink_boxes(leaf)
        if not paint.is_visible or not len(boxes):
            continue
        if isinstance(leaf, Written):
            painted.extend(painted_texts(leaf, ancestors, place.get(id(leaf), len(place))))
        owner = text_owner(leaf, ancestors)
        key = id(leaf if owner is None else owner)
        if key in groups:
            thing = groups[key]
            thing.leaves.append(leaf)
            thing.paints.append(paint)
            thing.boxes = np.concatenate([thing.boxes, boxes])
        else:
            name, order = name_of(leaf, ancestors), place.get(id(leaf), len(place))
            written = written_em(leaf) if owner is None else None
            if written:
                name = f"{name} (numbers)"
            is_text = owner is not None or written is not None
            groups[key] = Thing(leaf if owner is None else owner, [leaf], [paint], boxes, name, is_text, order, written)
    return [*groups.values(), *painted]


def painted_texts(picture: Written, ancestors: tuple[Mobject, ...], order: int) -> Iterator[Thing]:
    """The visible texts that a picture writes itself."""
    where = name_of(picture, ancestors)
    for text in picture.texts():
        paint, boxes = Paint.of(text), ink_boxes(text)
        if paint.is_visible and len(boxes):
            yield Thing(picture, [text], [paint], boxes, f"“{content(text)}” in {where}", True, order, text.em)


def stage_order(scene: Scene) -> list[Mobject]:
    """What was added to a scene, those in front last."""
    return list_update(scene.mobjects, scene.foreground_mobjects)


def drawing_order(scene: Scene) -> list[Mobject]:
    """Everything with points, in the order in which the camera draws."""
    return scene.renderer.camera.get_mobjects_to_display(stage_order(scene))


def walk(scene: Scene) -> Iterator[tuple[Mobject, tuple[Mobject, ...]]]:
    """Everything with points, once, with what it is part of, the outermost first."""
    seen: set[int] = set()

    def visit(mobject: Mobject, ancestors: tuple[Mobject, ...]) -> Iterator[tuple[Mobject, tuple[Mobject, ...]]]:
        if id(mobject) in seen:
            return
        seen.add(id(mobject))
        if len(mobject.points):
            yield mobject, ancestors
        for part in mobject.submobjects:
            yield from visit(part, (*ancestors, mobject))

    for mobject in stage_order(scene):
        yield from visit(mobject, ())


def text_owner(leaf: Mobject, ancestors: tuple[Mobject, ...]) -> Mobject | None:
    """The text that a leaf is a glyph of; None for shapes."""
    for mobject in (*ancestors, leaf):
        if isinstance(mobject, TEXT_TYPES):
            return mobject
    if isinstance(leaf, VMobjectFromSVGPath | Glyph) and not any(isinstance(m, SVGMobject) for m in ancestors):
        # A part of a formula, on stage without the rest of it.
        return ancestors[-1] if ancestors else leaf
    return None


def content(text: Mobject) -> str:
    """What a text says, short and without markup."""
    for attribute in ("content", "typst_code", "original_text", "text", "tex_string"):
        if value := getattr(text, attribute, None):
            break
    else:
        value = f"{text.number:g}" if isinstance(text, DecimalNumber) else "part of a formula"
    value = str(value)
    if value.startswith('#"'):
        value = json.loads(value[1:])
    else:
        value = re.sub(r'manimgrp\("[^"]*", (.*?)\)', r"\1", value)
        value = re.sub(r"\{\{(.*?)(:\s*\w+)?\s*\}\}", r"\1", value).replace("$", "")
    value = " ".join(value.split())
    return value if len(value) <= LONGEST_NAME else value[: LONGEST_NAME - 1] + "…"


def name_of(leaf: Mobject, ancestors: tuple[Mobject, ...]) -> str:
    """What a text says; or what kind of shape it is and of what a part: "a Curve of MovingGrid"."""
    owner = text_owner(leaf, ancestors)
    if owner is not None:
        return f"“{content(owner)}”"
    kind = type(leaf).__name__
    parents = [type(m).__name__ for m in ancestors if type(m).__name__ not in ("Group", "VGroup", "VMobject")]
    article = "an" if kind[0] in "AEIOU" else "a"
    return f"{article} {kind} of {parents[-1]}" if parents else f"{article} {kind}"
