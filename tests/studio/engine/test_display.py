"""The display list: two items have the same key only if they look the same, and leave ink only in their box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import (
    BLUE,
    GREEN,
    LEFT,
    RED,
    UP,
    Camera,
    CapStyleType,
    ImageMobject,
    LineJointType,
    PMobject,
    Square,
    ValueTracker,
    VMobject,
    config,
)

from scenes.stage.camera import Painted
from studio.engine.display import digest, fingerprint, to_item
from studio.engine.painter import Painter

WIDTH, HEIGHT = 128, 72


def square() -> VMobject:
    """A square with all that a VMobject can show."""
    mobject = Square(fill_color=[RED, BLUE], fill_opacity=0.5, stroke_color=GREEN, stroke_width=3)
    return mobject.set_stroke(BLUE, width=8, opacity=0.7, background=True)


CHANGES: dict[str, Callable[[VMobject], object]] = {
    "points": lambda m: m.shift(1e-9 * UP),
    "one handle": lambda m: m.points.__setitem__((1, 0), 0.3),
    "fewer points": lambda m: m.set_points(m.points[:-4]),
    "fill color": lambda m: m.set_fill([RED, GREEN]),
    "fill opacity": lambda m: m.set_fill(opacity=0.51),
    "fill gradient's steps": lambda m: m.set_fill([RED, RED, BLUE]),
    "no gradient": lambda m: m.set_fill(RED),
    "gradient direction": lambda m: m.set_sheen_direction(LEFT),
    "stroke color": lambda m: m.set_stroke(RED),
    "stroke opacity": lambda m: m.set_stroke(opacity=0.9),
    "stroke width": lambda m: m.set_stroke(width=3.01),
    "stroke gradient": lambda m: m.set_stroke([GREEN, RED]),
    "background stroke color": lambda m: m.set_stroke(RED, background=True),
    "background stroke opacity": lambda m: m.set_stroke(opacity=0.6, background=True),
    "background stroke width": lambda m: m.set_stroke(width=9, background=True),
    "background stroke gradient": lambda m: m.set_stroke([BLUE, RED], background=True),
    "joint": lambda m: setattr(m, "joint_type", LineJointType.ROUND),
    "cap": lambda m: m.set_cap_style(CapStyleType.ROUND),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_visible_attribute_changes_the_key(change: Callable[[VMobject], object]) -> None:
    before, after = square(), square()
    change(after)
    assert to_item(before).key != to_item(after).key
    assert digest([to_item(before)]) != digest([to_item(after)])


@pytest.mark.parametrize("change", [lambda m: None, *CHANGES.values()], ids=["nothing", *CHANGES.keys()])
def test_equal_copies_have_equal_keys(change: Callable[[VMobject], object]) -> None:
    original = square()
    change(original)
    copy = original.copy()
    copy.z_index, copy.name = 5, "another"  # where it lies in the list is the list's matter
    assert to_item(original).key == to_item(copy).key


def test_the_order_of_a_picture_counts() -> None:
    first, second = to_item(square()), to_item(square().shift(UP))
    assert digest([first, second]) != digest([second, first])
    assert digest([first]) != digest([first, first])


def test_images_and_point_clouds_are_named_by_what_they_show() -> None:
    pixels = np.zeros((4, 4, 4), np.uint8)
    image, same = ImageMobject(pixels), ImageMobject(pixels.copy())
    assert to_item(image).key == to_item(same).key
    same.pixel_array[0, 0, 0] = 1
    assert to_item(image).key != to_item(same).key
    dots, others = (PMobject().add_points([UP, LEFT], color=RED) for _ in range(2))
    assert to_item(dots).key == to_item(others).key
    others.rgbas[0, 0] = 0
    assert to_item(dots).key != to_item(others).key


class Spot(Painted):
    """A painted mobject with a state of its own."""

    def __init__(self, state: object) -> None:
        super().__init__(fill_opacity=1)
        self.set_points_as_corners([LEFT, UP, LEFT])
        self.state = state


@dataclass(frozen=True)
class Setting:
    values: object


@dataclass
class Loose:
    value: int


def times(factor: int) -> Callable[[float], float]:
    return lambda x: factor * x


def called(value: object) -> str | None:
    """A test's name that is the same in every process: functions are told apart by number."""
    return None if callable(value) and not isinstance(value, type) else str(value)


DOUBLE, TRIPLE = (lambda x: 2 * x), (lambda x: 3 * x)
"""The same code but for a constant."""
SINE, COSINE = (lambda x: np.sin(x)), (lambda x: np.cos(x))
"""The same code but for a name."""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2), (1, 1.0), (True, 1), ("a", "b"), (None, 0), (b"a", b"b"), ([1], (1,)), ([[1], 2], [[1, 2]]),
        ({"a": 1}, {"a": 2}), ({"a": 1}, {"b": 1}), (np.zeros(3), np.zeros(4)), (np.zeros(3), np.ones(3)),
        (np.zeros(2), np.zeros(2, int)), (np.zeros((2, 3)), np.zeros((3, 2))),
        (Loose(1), Loose(2)), (Setting(1), Setting(2)), (LineJointType.ROUND, LineJointType.BEVEL),
        (Square(), Square(2.5)), (Spot(1), Spot(2)), (times(2), times(3)), (DOUBLE, TRIPLE), (SINE, COSINE),
        (lambda x, *, by=1: x, lambda x, *, by=2: x),
    ],
    ids=called,
)  # fmt: skip
def test_a_painted_mobjects_state_counts(one: object, other: object) -> None:
    assert to_item(Spot(one)).key != to_item(Spot(other)).key


@pytest.mark.parametrize(
    "state",
    [
        1, 2.5, "text", None, [1, "a"], {"a": np.arange(3)}, np.float64(2), np.array(["a", None], object), Loose(1),
        Setting((1, 2)), LineJointType.ROUND, Square(), times(2), np.zeros((0, 3)),
    ],
    ids=called,
)  # fmt: skip
def test_the_same_state_has_the_same_key(state: object) -> None:
    assert to_item(Spot(state)).key == to_item(Spot(state)).key
    assert to_item(Spot(state).copy()).key == to_item(Spot(state)).key


@pytest.mark.parametrize("state", [object(), {1, 2}, iter([1]), np.random.default_rng(0), ValueTracker(1)], ids=type)
def test_what_is_not_known_never_matches(state: object) -> None:
    spot = Spot(state)
    assert to_item(spot).key != to_item(spot).key


@pytest.mark.parametrize("values", [np.zeros(3), [0, 0, 0], {0: 0}], ids=["array", "list", "dict"])
def test_frozen_is_not_forever(values: object) -> None:
    """A frozen dataclass may hold what can be changed."""
    spot = Spot(Setting(values))
    before = to_item(spot).key
    values[0] = 1
    assert to_item(spot).key != before


def test_fingerprints_do_not_depend_on_the_process() -> None:
    assert fingerprint([1, "a", 2.5]).hex() == "0d8a9ebbf4b99dc9904cf30b819e0cf6"


COORDINATES = st.floats(-9, 9, allow_nan=False, width=32)
POINTS = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=4, max_size=16).map(
    lambda points: np.array([(x, y, 0) for x, y in points[: len(points) // 4 * 4]])
)


@given(
    points=POINTS,
    width=st.floats(0, 60),
    background_width=st.floats(0, 60),
    joint=st.sampled_from(LineJointType),
    cap=st.sampled_from(CapStyleType),
    fill=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_the_box_contains_all_ink(
    points: np.ndarray, width: float, background_width: float, joint: LineJointType, cap: CapStyleType, fill: bool
) -> None:
    mobject = VMobject(stroke_width=width, fill_opacity=float(fill), cap_style=cap, joint_type=joint)
    mobject.set_points(points).set_stroke(RED, width=background_width, background=True)
    config.update({"pixel_width": WIDTH, "pixel_height": HEIGHT, "frame_width": 14.2, "frame_height": 8.0})
    camera = Camera()
    painter = Painter(camera)
    painter.begin([])
    pixels = painter.frame([mobject]).pixels
    left, bottom, right, top = to_item(mobject).box
    across, up = WIDTH / camera.frame_width, HEIGHT / camera.frame_height
    inside = np.zeros((HEIGHT, WIDTH), bool)
    # A pixel more on each side: ink covers pixels in part.
    inside[
        max(0, int(np.floor(HEIGHT / 2 - top * up)) - 1) : max(0, int(np.ceil(HEIGHT / 2 - bottom * up)) + 1),
        max(0, int(np.floor(WIDTH / 2 + left * across)) - 1) : max(0, int(np.ceil(WIDTH / 2 + right * across)) + 1),
    ] = True
    assert (pixels[~inside] == camera.background[~inside]).all()
