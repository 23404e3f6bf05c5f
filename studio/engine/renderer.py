"""Takes the place of Manim's Cairo renderer: plays are filmed in slices, each by whoever the crew says."""

from __future__ import annotations

import time
from typing import Any, ClassVar

import numpy as np
from manim import Animation, Scene, config
from manim.animation import animation as animation_base
from manim.animation import composition, creation, fading, growing, indication, rotation, specialized, transform
from manim.animation import transform_matching_parts as matching
from manim.renderer.cairo_renderer import CairoRenderer

from scenes.stage.scene import Drive
from studio.engine.crew import Crew
from studio.engine.painter import Painter, Picture, can_paint
from studio.engine.slices import Cutter, Span
from studio.engine.writer import TakeWriter

PURE_MODULES = (
    animation_base,
    composition,
    creation,
    fading,
    growing,
    indication,
    matching,
    rotation,
    specialized,
    transform,
)
JUMPABLE = {
    *(
        value
        for module in (
            animation_base,
            composition,
            creation,
            fading,
            growing,
            indication,
            matching,
            rotation,
            specialized,
            transform,
        )
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Animation) and value.__module__ == module.__name__
    ),
    Drive,
}
"""Animations whose picture depends on the progress alone, not on the way there; a subclass may differ. Missing:
those that call a function at each frame (updaters, homotopies, phase flow) or change the clock (speed)."""


class SliceRenderer(CairoRenderer):
    """Films a scene with a crew; `for_crew` makes the class that Manim is given."""

    crew: ClassVar[Crew]

    @classmethod
    def for_crew(cls, crew: Crew) -> type[SliceRenderer]:
        """The renderer class of one clip."""
        return type("ClipRenderer", (cls,), {"crew": crew})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "file_writer_class": TakeWriter})
        self.cutter = Cutter(config.frame_rate)
        self.frames = 0
        self._painter: Painter | None = None
        self._painted: int | None = None
        self._begun = -1

    def init_scene(self, *args: Any) -> None:
        """The scene is there; with each of its sections a slice begins, so that players can jump there."""
        super().init_scene(*args)

        def begin_section() -> float:
            self.cutter.end()
            return self.time

        self.file_writer.on_section = begin_section

    # --- Plays -----------------------------------------------------------------------------------------

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play animations: as Manim's own renderer, but filmed slice by slice."""
        self.skip_animations = self._original_skipping_status
        self.update_skipping_status()
        scene.compile_animation_data(*args, **kwargs)
        if self.skip_animations:
            self._pass_over(scene)
        else:
            self._film(scene)
        self.num_plays += 1

    def _pass_over(self, scene: Scene) -> None:
        """A play of a section that is not shown."""
        self.time += scene.duration
        scene.begin_animations()
        if not scene.is_current_animation_frozen_frame():
            scene.play_internal(skip_rendering=True)

    def _film(self, scene: Scene) -> None:
        frame = 1 / config.frame_rate
        frozen = scene.is_current_animation_frozen_frame()
        times = np.arange(0, scene.duration, frame)
        count = int(scene.duration / frame) if frozen else len(times)
        spans = self.cutter.cut(count, divisible=scene.stop_condition is None)
        scene.begin_animations()
        if frozen:
            for span in spans:
                self._hold(scene, span)
        else:
            self._run(scene, spans, times)
            for animation in scene.animations:
                animation.finish()
                animation.clean_up_from_scene(scene)
            scene.update_mobjects(0)
        self.static_image = None

    def _hold(self, scene: Scene, span: Span) -> None:
        """A still: one frame, so often."""
        count = span.last - span.first
        self.crew.assign(span)
        if self.crew.draws(span):
            self._shoot(scene, count)
        self._tick(span, count)

    def _run(self, scene: Scene, spans: list[Span], times: np.ndarray) -> None:
        """Step through the play's frames, and film those that fall to this process."""
        jumps = scene.stop_condition is None and can_jump(scene)
        for span in spans:
            self.crew.assign(span)
            if jumps and not self.crew.draws(span):
                self._tick(span, span.last - span.first)
                continue
            for index in range(span.first, span.last):
                started = time.perf_counter()
                scene.update_to_time(times[index])
                self.crew.spend("step", time.perf_counter() - started)
                if self.crew.draws(span):
                    self._shoot(scene)
                self._tick(span, 1)
                if scene.stop_condition is not None and scene.stop_condition():
                    return

    def _tick(self, span: Span, count: int) -> None:
        """The clock goes on; added up frame by frame, as Manim does, so that times agree to the last bit."""
        self.frames += count
        for _ in range(count):
            self.time += 1 / config.frame_rate
        self.crew.passed(span, count)

    # --- Frames ----------------------------------------------------------------------------------------

    def _shoot(self, scene: Scene, repeat: int = 1) -> None:
        """Film the scene as it is now."""
        started = time.perf_counter()
        if self.crew.naming:
            self.crew.naming.add(self._describe(scene), repeat)
            self.crew.spend("name", time.perf_counter() - started)
        else:
            picture = self._draw(scene)
            self.crew.spend("draw", time.perf_counter() - started)
            self.crew.recorder.add(picture, repeat)

    def _describe(self, scene: Scene) -> bytes | None:
        if not can_paint(self.camera):
            return None
        self._ready(scene)
        return self._painter.describe(scene.moving_mobjects)

    def _draw(self, scene: Scene) -> Picture:
        if can_paint(self.camera):
            self._ready(scene)
            return self._painter.frame(scene.moving_mobjects)
        if self._begun != self.num_plays:
            self._begun = self.num_plays
            self.save_static_frame_data(scene, scene.static_mobjects)
        self.update_frame(scene, scene.moving_mobjects)
        return Picture(self.camera.pixel_array, None, None)

    def _ready(self, scene: Scene) -> None:
        """What rests during a play is looked at once, before its first frame that falls to this process."""
        if self._painted != self.crew.current:
            # With every slice anew: what a frame looks like must not depend on who drew the slice before.
            self._painted, self._begun = self.crew.current, -1
            self._painter = Painter(self.camera)
        if self._begun != self.num_plays:
            self._begun = self.num_plays
            (self._painter.rest if self.crew.naming else self._painter.begin)(scene.static_mobjects)

    def scene_finished(self, scene: Scene) -> None:
        """The story is told: wait for the crew, and leave the scene's last picture in the camera."""
        self.crew.finish()
        self.static_image = None
        self.update_frame(scene)


def can_jump(scene: Scene) -> bool:
    """Whether the play's end can be reached without its frames: nothing in it depends on the way there."""
    if scene.always_update_mobjects or scene.updaters or type(scene).update_self is not Scene.update_self:
        return False
    if any(part.updaters for mobject in scene.mobjects for part in mobject.get_family()):
        return False
    return all(_is_jumpable(animation) for animation in scene.animations)


def _is_jumpable(animation: Animation) -> bool:
    parts = getattr(animation, "animations", ())
    return (
        type(animation) in JUMPABLE
        and not any(part.updaters for part in animation.mobject.get_family())
        and all(_is_jumpable(part) for part in parts)
    )
