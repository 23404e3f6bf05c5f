"""Plays a clip's scene without encoding it, and shows every beat's last still to whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import Mobject, Scene

from scenes.stage.scene import Beat, BeatListener, ExplainerScene
from studio import stagehand
from studio.check.motion import RATE, MotionWatch
from studio.check.still import Still
from studio.clip import Clip

QUICK = 0.25
"""Seconds. Four flashes a second cannot be made of stills that last longer."""


class Walk:
    """Takes the place of a renderer's drawing: steps every play `RATE` times a second and draws nothing.

    A single pass gives beats, stills and motion, since building a scene takes most of the time.
    """

    def __init__(self, scene: ExplainerScene) -> None:
        self.scene, self.renderer = scene, scene.renderer
        self.motion = MotionWatch(scene)
        self._start = 0.0
        self._play, self._draw = self.renderer.play, self.renderer.update_frame
        self.renderer.play = self._timed_play
        self.renderer.render = self._step
        self.renderer.update_frame = self._nothing
        self.renderer.freeze_current_frame = self._nothing

    def picture(self) -> Any:
        """The picture as it stands now, RGBA."""
        self.renderer.static_image = None
        self._draw(self.scene)
        return self.renderer.get_frame()

    def _nothing(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is drawn between the stills."""

    def _timed_play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        self._start = self.renderer.time
        self.motion.start_play(self._start)
        self._play(scene, *args, **kwargs)
        # Stepping rounds to whole frames; the exact duration keeps beats as long as they will be.
        self.renderer.time = self._start + scene.duration
        if not scene.is_current_animation_frozen_frame():
            self.motion.current.last_change = self.renderer.time
        elif scene.duration < QUICK:
            self.motion.glance(self._start)

    def _step(self, scene: Scene, time: float, moving: list[Mobject] | None = None) -> None:
        self.renderer.time = self._start + time
        self.motion.see(self.renderer.time, moving)


def watch(clip: Clip, look: Callable[[Still], None], on_beat_start: BeatListener | None = None) -> ExplainerScene:
    """Play the whole clip; `look` is called with the still at the end of each beat. Returns the played scene."""

    def start(scene: ExplainerScene, beat: Beat) -> None:
        walk.motion.start_beat().last_change = beat.start
        if on_beat_start:
            on_beat_start(scene, beat)

    def stop(scene: ExplainerScene, beat: Beat) -> None:
        look(Still(scene, beat, walk.motion.current, walk.picture))

    with stagehand.configured(clip, fps=RATE):
        scene = stagehand.make_scene(clip, on_beat_start=start, on_beat_end=stop)
        walk = Walk(scene)
        scene.render()
    return scene
