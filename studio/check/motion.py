"""What moves during a beat: leaps of things between two frames, and how bright the picture was."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from manim import Mobject, Scene, VMobject, config
from manim.utils.family import extract_mobject_family_members

from scenes.stage.camera import Painted, StageCamera
from scenes.stage.color import luminance
from scenes.stage.zones import Zone
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
        self._updated: list[Mobject] = []
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
        self._updated = [mobject for mobject in self.scene.mobjects if mobject.get_family_updaters()]
        self._compare(on_stage, time)
        self._background = None

    def see(self, time: float, moving: list[Mobject] | None) -> None:
        """Look at one frame of a play."""
        seen, boxes = self._compare(self._changing(), time)
        least = FLASHING_AREA * self._size.prod()
        # Boxes are quick to measure; ink needs to be only where they are large.
        inked = float(areas_in_frame(boxes, self._size).sum())
        if inked >= least:
            inked = sum(ink_area(leaf, box, self._size) for leaf, box in zip(seen, boxes, strict=True))
        # What was large a frame ago has just gone: that is half a flash too.
        is_large = max(inked, self._inked) >= least
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
        animated = [animation.mobject for animation in self.scene.animations or () if animation.mobject is not None]
        family = extract_mobject_family_members([*animated, *self._updated])
        for part in family:
            # What has gone, say over the edge of its map, may come back elsewhere.
            if not len(part.points):
                self._places.pop(id(part), None)
        return [part for part in family if len(part.points)]

    def _compare(self, leaves: list[Mobject], time: float) -> tuple[list[Mobject], np.ndarray]:
        """Note what leapt; returns the leaves that can be seen, and their boxes, shape (n, 4)."""
        boxes = boxes_of(leaves)
        visible = [can_be_seen(leaf, box) for leaf, box in zip(leaves, boxes.tolist(), strict=True)]
        for leaf, is_seen in zip(leaves, visible, strict=True):
            if not is_seen:
                self._places.pop(id(leaf), None)
        seen, boxes = [leaf for leaf, is_seen in zip(leaves, visible, strict=True) if is_seen], boxes[visible]
        known = [self._places.get(id(leaf), (leaf, box))[1] for leaf, box in zip(seen, boxes, strict=True)]
        far = travel(np.reshape(known, (-1, 4)), boxes) > LARGEST_STEP * self._size
        for index in np.flatnonzero(far.any(axis=1)):
            leap = Leap(seen[index], time, box_of(known[index][None]), box_of(boxes[index][None]))
            self.current.leaps.append(leap)
        self._places.update((id(leaf), (leaf, box)) for leaf, box in zip(seen, boxes, strict=True))
        return seen, boxes

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


def boxes_of(leaves: list[Mobject]) -> np.ndarray:
    """Left, bottom, right, top of mobjects with points, roughly, shape (n, 4)."""
    if not leaves:
        return np.zeros((0, 4))
    samples = [leaf.points[:: max(1, len(leaf.points) // POINTS_LOOKED_AT), :2] for leaf in leaves]
    starts = np.cumsum([0, *map(len, samples[:-1])])
    points = np.concatenate(samples)
    return np.concatenate([np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)], axis=1)


def travel(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How far boxes went as a whole, along x and y, shape (n, 2); growing is not going. Both have shape (n, 4)."""
    low, high = after[:, :2] - before[:, :2], after[:, 2:] - before[:, 2:]
    return np.where(low * high > 0, np.minimum(np.abs(low), np.abs(high)), 0.0)


def can_be_seen(leaf: Mobject, box: list[float]) -> bool:
    """Whether anything shows of a leaf in this box; quick, for every frame."""
    if not isinstance(leaf, VMobject):
        return True
    if isinstance(leaf, Painted):
        return leaf.fill_rgbas[0, 3] > FAINTEST
    left, bottom, right, top = box
    if left == right and bottom == top:
        return False
    if leaf.fill_rgbas[0, 3] > FAINTEST:
        return True
    return bool(leaf.stroke_rgbas[0, 3] > FAINTEST and np.max(leaf.stroke_width) > 0)


def areas_in_frame(boxes: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """Square scene units of boxes, shape (n, 4), inside a frame of this width and height around the origin."""
    sides = np.minimum(boxes[:, 2:], frame / 2) - np.maximum(boxes[:, :2], -frame / 2)
    return np.maximum(sides, 0).prod(axis=1)


def ink_area(leaf: Mobject, box: np.ndarray, frame: np.ndarray) -> float:
    """Square scene units that a visible leaf in this box can colour at most, roughly."""
    largest = float(areas_in_frame(box[None], frame)[0])
    if not isinstance(leaf, VMobject) or isinstance(leaf, Painted):
        return largest
    inked = area(leaf.points) if leaf.fill_rgbas[0, 3] > FAINTEST else 0.0
    if leaf.stroke_rgbas[0, 3] > FAINTEST:
        ends = leaf.points[::4], leaf.points[3::4]
        length = float(np.linalg.norm(ends[1] - ends[0][: len(ends[1])], axis=1).sum())
        inked += STROKE_UNIT * float(np.max(leaf.stroke_width)) * length
    return min(inked, largest)
