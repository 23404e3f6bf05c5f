"""What moves during a beat: leaps of things between two frames, and how bright the picture was."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from manim import Mobject, Scene, VMobject, config
from manim.utils.family import extract_mobject_family_members

from scenes.stage.camera import Painted, StageCamera
from scenes.stage.zones import Zone
from studio.check.color import luminance
from studio.check.geometry import area, box_of
from studio.check.things import FAINTEST, STROKE_UNIT, stage_order

RATE = 12
"""Frames per second at which motion is looked at: enough to see four flashes a second."""
LARGEST_STEP = 1 / 3
"""Share of the frame that a thing may move between two frames; farther, the eye loses it."""
FLASHING_AREA = 0.25
"""Share of the frame that must change for a flash. Source: WCAG 2.3.1, of the central ten degrees."""
FLASH_CHANGE = 0.1
"""Change of relative luminance, of the largest there is, that makes half a flash. Source: WCAG 2.3.1."""
SMALL_SIDE = 54
"""Pixels of the short side of the pictures in which flashes are looked for."""
POINTS_LOOKED_AT = 64
"""Points per mobject that tell where it is; more would cost time and not tell more."""


@dataclass(frozen=True)
class Leap:
    """A thing that was in one box, and one frame later in another."""

    mobject: Mobject
    time: float
    before: Zone
    after: Zone


@dataclass
class Motion:
    """What moved in one beat; times in seconds from the clip's start."""

    leaps: list[Leap] = field(default_factory=list)
    lights: list[tuple[float, np.ndarray]] = field(default_factory=list)
    last_change: float = 0.0


class MotionWatch:
    """Looks at every frame of every play and notes what rules need."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.current = Motion()
        self._places: dict[int, tuple[Mobject, np.ndarray]] = {}
        self._size = np.array([config.frame_width, config.frame_height])
        scale = SMALL_SIDE / float(min(self._size))
        width, height = (round(float(length * scale)) for length in self._size)
        self._camera = StageCamera(pixel_width=width, pixel_height=height)
        self._background: np.ndarray | None = None
        self._inked = 0.0
        self._calm = self._resting = 0

    def start_beat(self) -> Motion:
        """Forget the beat before; returns what is filled from now on."""
        self.current = Motion()
        return self.current

    def start_play(self, time: float) -> None:
        """Compare what is on stage with where it was when it was last seen."""
        on_stage = extract_mobject_family_members(stage_order(self.scene), only_those_with_points=True)
        present = {id(mobject) for mobject in on_stage}
        self._places = {key: value for key, value in self._places.items() if key in present}
        self._compare(on_stage, time)
        self._background = None

    def see(self, time: float, moving: list[Mobject] | None) -> None:
        """Look at one frame of a play."""
        changing = self._changing()
        self._compare(changing, time)
        inked = sum(ink_area(leaf, self._size) for leaf in changing)
        # What was large a frame ago has just gone: that is half a flash too.
        is_large = max(inked, self._inked) >= FLASHING_AREA * self._size.prod()
        self._inked = inked
        if self._resting:
            self._resting -= 1
        elif is_large:
            self._note(time, self._light(moving, self.scene.static_mobjects))

    def _note(self, time: float, light: np.ndarray) -> None:
        """Keep a picture. While little changes, two frames are looked at and two are not.

        So the phases of a flicker of any rate up to `RATE` / 2 are seen within a second.
        """
        lights = self.current.lights
        changed = float((np.abs(light - lights[-1][1]) >= FLASH_CHANGE).mean()) if lights else 0.0
        lights.append((time, light))
        self._calm = -RATE if changed > FLASHING_AREA / 2 else self._calm + 1
        if self._calm == 2:
            self._calm, self._resting = 0, 2

    def glance(self, time: float) -> None:
        """Note how bright a picture is that stands still."""
        self._background = None
        self.current.lights.append((time, self._light(None, None)))

    def _changing(self) -> list[Mobject]:
        animated = [animation.mobject for animation in self.scene.animations or ()]
        updated = [mobject for mobject in self.scene.mobjects if mobject.get_family_updaters()]
        return extract_mobject_family_members([m for m in (*animated, *updated) if m], only_those_with_points=True)

    def _compare(self, leaves: list[Mobject], time: float) -> None:
        for leaf in leaves:
            key = id(leaf)
            if not is_visible(leaf):
                self._places.pop(key, None)
                continue
            points = leaf.points[:: max(1, len(leaf.points) // POINTS_LOOKED_AT), :2]
            after = np.concatenate([points.min(axis=0), points.max(axis=0)])
            known = self._places.get(key)
            self._places[key] = (leaf, after)
            if known is None:
                continue
            if np.any(travel(known[1], after) > LARGEST_STEP * self._size):
                leap = Leap(leaf, time, box_of(known[1][None]), box_of(after[None]))
                self.current.leaps.append(leap)

    def _light(self, moving: list[Mobject] | None, static: list[Mobject] | None) -> np.ndarray:
        """Relative luminance of the present picture, small, shape (height, width)."""
        camera = self._camera
        if self._background is None:
            camera.reset()
            if moving and static:
                camera.capture_mobjects(static)
            self._background = camera.pixel_array.copy()
        camera.set_frame_to_background(self._background)
        camera.capture_mobjects(moving or stage_order(self.scene))
        return luminance(camera.pixel_array)


def travel(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How far a box (left, bottom, right, top) went as a whole, along x and y; growing is not going."""
    low, high = after[:2] - before[:2], after[2:] - before[2:]
    return np.where(low * high > 0, np.minimum(np.abs(low), np.abs(high)), 0.0)


def is_visible(leaf: Mobject) -> bool:
    """Whether anything of a leaf can be seen; quick, for every frame."""
    if not len(leaf.points):
        return False
    if not isinstance(leaf, VMobject):
        return True
    if isinstance(leaf, Painted):
        return leaf.fill_rgbas[0, 3] > FAINTEST
    is_filled = leaf.fill_rgbas[0, 3] > FAINTEST
    is_stroked = leaf.stroke_rgbas[0, 3] > FAINTEST and np.max(leaf.stroke_width) > 0
    return bool((is_filled or is_stroked) and np.any(np.ptp(leaf.points, axis=0) > 0))


def ink_area(leaf: Mobject, frame: np.ndarray) -> float:
    """Square scene units that a leaf can colour at most, roughly."""
    if not is_visible(leaf):
        return 0.0
    low, high = leaf.points.min(axis=0)[:2], leaf.points.max(axis=0)[:2]
    box = float(np.prod(np.maximum(np.minimum(high, frame / 2) - np.maximum(low, -frame / 2), 0)))
    if not isinstance(leaf, VMobject) or isinstance(leaf, Painted):
        return box
    inked = area(leaf.points) if leaf.fill_rgbas[0, 3] > FAINTEST else 0.0
    if leaf.stroke_rgbas[0, 3] > FAINTEST:
        ends = leaf.points[::4], leaf.points[3::4]
        length = float(np.linalg.norm(ends[1] - ends[0][: len(ends[1])], axis=1).sum())
        inked += STROKE_UNIT * float(np.max(leaf.stroke_width)) * length
    return min(inked, box)
