"""What is to be seen in a frame, as a list of items that can be compared and named without drawing them."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass, is_dataclass
from enum import Enum
from types import CodeType, FunctionType
from typing import Any

import numpy as np
from manim import ImageMobject, Mobject, PMobject, VMobject
from manim.constants import LineJointType
from manim.mobject.types.image_mobject import AbstractImageMobject

from scenes.stage.camera import Painted

MITER_LIMIT = 10.0
"""Cairo's default: a mitred corner reaches at most so many half line widths."""
LINE_WIDTH_UNIT = 0.01
"""Scene units per unit of Manim's stroke width."""
EVERYWHERE = (-np.inf, -np.inf, np.inf, np.inf)
NOWHERE = (np.inf, np.inf, -np.inf, -np.inf)
"""The box of what Manim does not draw: a `ValueTracker`, or a shape with a point that is not finite."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in scene units."""


@dataclass(slots=True)
class Item:
    """One mobject as it is now.

    Attributes:
        mobject: draws it.
        key: names everything its picture depends on; the same key gives the same pixels.
        shape: names its points alone.
        box: where it may leave ink.
        clips: whether it can be redrawn in a part of the frame only.
    """

    mobject: Mobject
    key: bytes
    shape: bytes
    box: Box
    clips: bool = True


def to_item(mobject: Mobject) -> Item:
    """The item of one mobject of a family list."""
    points = np.ascontiguousarray(mobject.points)
    shape = hashlib.blake2b(points, digest_size=16).digest()
    if isinstance(mobject, Painted):
        key = shape + _style(mobject) + fingerprint(_own_state(mobject))
        box = _padded(points, shape, mobject.overhang)
        return Item(mobject, key, shape, EVERYWHERE if box == NOWHERE else box)
    if isinstance(mobject, VMobject):
        if mobject.get_background_image() is not None:
            return Item(mobject, _unique(), shape, EVERYWHERE, clips=False)
        return Item(mobject, shape + _style(mobject), shape, _padded(points, shape, _reach(mobject)))
    if not isinstance(mobject, (AbstractImageMobject, PMobject)):
        return Item(mobject, _unique(), shape, NOWHERE)
    state = [type(mobject).__qualname__]
    if isinstance(mobject, ImageMobject):
        state += [mobject.pixel_array, mobject.resampling_algorithm]
    elif isinstance(mobject, PMobject):
        state += [mobject.rgbas, mobject.stroke_width]
    else:
        state.append(_unique())
    return Item(mobject, shape + fingerprint(state), shape, EVERYWHERE, clips=False)


def digest(items: Iterable[Item], *also: bytes) -> bytes:
    """Names a whole picture."""
    state = hashlib.blake2b(digest_size=32)
    for part in also:
        state.update(part)
    for item in items:
        state.update(item.key)
    return state.digest()


def _style(mobject: VMobject) -> bytes:
    joint, cap = mobject.joint_type, mobject.cap_style
    width, background_width = mobject.get_stroke_width(), mobject.get_stroke_width(background=True)
    fill, stroke, behind = (
        mobject.get_fill_rgbas(),
        mobject.get_stroke_rgbas(),
        mobject.get_stroke_rgbas(background=True),
    )
    style = np.array([width, background_width, joint.value, cap.value, len(fill), len(stroke)], float).tobytes()
    if len(fill) > 1 or len(stroke) > 1 or len(behind) > 1:
        style += np.asarray(mobject.get_gradient_start_and_end_points(), float).tobytes()
    return style + fill.tobytes() + stroke.tobytes() + behind.tobytes()


def _reach(mobject: VMobject) -> float:
    """How far ink reaches beyond the points, in scene units."""
    width = max(float(mobject.get_stroke_width()), float(mobject.get_stroke_width(background=True)))
    mitred = mobject.joint_type in (LineJointType.AUTO, LineJointType.MITER)
    return width * LINE_WIDTH_UNIT / 2 * (MITER_LIMIT if mitred else np.sqrt(2))


_extents: dict[bytes, Box] = {}
"""Smallest and largest coordinates of points that were seen, by their name."""
MOST_EXTENTS = 10_000


def _padded(points: np.ndarray, shape: bytes, by: float) -> Box:
    """The box of points, which have this name, and so much around it."""
    box = _extents.get(shape)
    if box is None:
        (left, bottom, near), (right, top, far) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        finite = math.isfinite(left + bottom + near + right + top + far)
        if len(_extents) >= MOST_EXTENTS:
            _extents.clear()
        box = _extents[shape] = (left, bottom, right, top) if finite else NOWHERE
    if box is NOWHERE:
        return NOWHERE
    left, bottom, right, top = box
    return left - by, bottom - by, right + by, top + by


_MANIM_STATE = frozenset(vars(VMobject())) | {"original_id"}
"""Attributes that every VMobject has: points and style are named by themselves, the rest is not drawn."""


def _own_state(mobject: Painted) -> dict[str, Any]:
    return {name: value for name, value in vars(mobject).items() if name not in _MANIM_STATE}


def fingerprint(value: Any) -> bytes:
    """Names a value made of numbers, arrays, text, containers, dataclasses and functions; anything else is unlike
    all that came before, itself included: better drawn once too often than shown stale."""
    state = hashlib.blake2b(digest_size=16)
    _feed(state, value)
    return state.digest()


_frozen: dict[int, tuple[Any, bytes]] = {}
"""Fingerprints of frozen dataclasses without mutable parts, which are large (a stage, its zones)."""


def _feed(state: Any, value: Any) -> None:
    kind = type(value)
    state.update(kind.__name__.encode() + b"\0")
    if value is None or kind in (bool, int, float, complex, str):
        state.update(repr(value).encode() + b"\0")
    elif kind is bytes:
        state.update(value)
    elif isinstance(value, (np.ndarray, np.generic)):
        array = np.ascontiguousarray(value)
        if array.dtype.hasobject:
            _feed(state, array.tolist())
        else:
            state.update(f"{array.shape}{array.dtype}".encode())
            state.update(array.data if array.size else b"")
    elif kind in (list, tuple):
        for part in value:
            _feed(state, part)
        state.update(b"]")
    elif kind is dict:
        for name, part in value.items():
            _feed(state, name)
            _feed(state, part)
        state.update(b"}")
    else:
        state.update(_named(value))


def _named(value: Any) -> bytes:
    """The fingerprint of an object."""
    if isinstance(value, Enum):
        return f"{type(value).__qualname__}.{value.name}".encode()
    if is_dataclass(value) and not isinstance(value, type):
        if id(value) in _frozen:
            return _frozen[id(value)][1]
        name = fingerprint(dict(_fields(value)))
        if _never_changes(value):
            _frozen[id(value)] = (value, name)
        return name
    if isinstance(value, Mobject):
        return fingerprint([to_item(part).key for part in value.family_members_with_points()])
    if isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        defaults = [value.__defaults__, value.__kwdefaults__]
        return fingerprint([value.__module__, value.__qualname__, value.__code__, defaults, cells])
    if isinstance(value, CodeType):
        # Not its lines: a function that only moved in its file is the same.
        return fingerprint([value.co_code, value.co_consts, value.co_names])
    return _unique()


def _never_changes(value: Any) -> bool:
    """Whether a dataclass is frozen and so are its parts: only then can it be hashed by what it holds."""
    if not type(value).__dataclass_params__.frozen or type(value).__hash__ is object.__hash__:
        return False
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _fields(value: Any) -> Iterable[tuple[str, Any]]:
    return ((name, getattr(value, name)) for name in type(value).__dataclass_fields__)


def _unique() -> bytes:
    return os.urandom(16)
