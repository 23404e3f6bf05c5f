"""Draws a clip for the page: first the frame that is on the screen, then the beat around it, then the rest."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from manim import Scene, config
from manim.utils.exceptions import EndSceneEarlyException
from PIL import Image

from scenes.stage.scene import Beat, ExplainerScene
from studio import stagehand
from studio.clip import CACHE, Clip
from studio.engine.codec import H264
from studio.engine.crew import Crew
from studio.engine.film import cues_to_json
from studio.engine.inputs import Inputs
from studio.engine.join import join
from studio.engine.recorder import straight
from studio.engine.renderer import SliceRenderer, can_jump
from studio.engine.slices import Cutter
from studio.engine.store import Store
from studio.preview.failure import report
from studio.preview.wire import Wire, bare, died
from studio.preview.wish import AnyClip, Wish

SHORT_SIDE, FPS = 540, 15
"""Size and rate of a draft: sharp enough in the middle of a page, and an eighth of the work of the usual full HD."""
QUALITY = 90
"""Of the JPEG that is seen until the beat is there."""
BACKGROUND = 10
"""Niceness of what nobody waits for just now."""
LAST = 10**6
"""Number of a beat that no story has."""


class DraftRenderer(SliceRenderer):
    """Passes over plays as if they were filmed, frame by frame in the same time, and can show one frame of them.

    Attributes:
        wanted: which frame, counted from the start of the story; None for none.
        show: is given its picture.
    """

    wanted: int | None = None
    show: Callable[[np.ndarray], None]

    def film_with(self, crew: Crew) -> None:
        """What follows is a clip of its own, filmed by this crew."""
        self.crew, self.cutter, self._painted = crew, Cutter(config.frame_rate), None
        self._original_skipping_status = False

    def pass_over(self) -> None:
        """What follows is not filmed."""
        self._original_skipping_status = True

    def show_now(self, scene: Scene) -> None:
        """Show the scene as it stands."""
        self.static_image = None
        self.update_frame(scene)
        self.show(straight(self.get_frame())[..., :3])

    def _pass_over(self, scene: Scene) -> None:
        frozen = scene.is_current_animation_frozen_frame()
        frame = 1 / config.frame_rate
        times = np.arange(0, scene.duration, frame)
        count = int(scene.duration / frame) if frozen else len(times)
        scene.begin_animations()
        jumps = frozen or (scene.stop_condition is None and can_jump(scene))
        for index in range(count):
            is_wanted = self.wanted == self.frames
            if not frozen and (is_wanted or not jumps):
                scene.update_to_time(times[index])
            if is_wanted:
                self.show_now(scene)
            self.frames += 1
            self.time += frame
            if not frozen and not jumps and scene.stop_condition is not None and scene.stop_condition():
                break
        if not frozen:
            for animation in scene.animations:
                animation.finish()
                animation.clean_up_from_scene(scene)
            scene.update_mobjects(0)
        self.static_image = None

    def scene_finished(self, scene: Scene) -> None:
        """The story is over, and nobody needs its last picture."""
        if self.wanted is not None:
            self.show_now(scene)


class Draft:
    """One clip on its way to the page."""

    def __init__(self, clip: AnyClip, wish: Wish, wire: Wire, inputs: Inputs) -> None:
        look = replace(clip.look, short_side=SHORT_SIDE, fps=FPS, transparent=False)
        self.clip = replace(clip, look=look)
        self._wish, self._wire, self._inputs = wish, wire, inputs
        self._key = self.clip.key()
        self._store = Store(CACHE)

    def draw(self) -> int:
        """Draw everything; returns 0 where the scene did not fail."""
        with stagehand.configured(self.clip):
            if not isinstance(self.clip, Clip):
                return self._in_child(self._show_foreign) or self._in_child(self._film_foreign)
            first = max(self._wish.beat, 1)
            code = self._in_child(lambda: self._tell_from(first))
            os.nice(BACKGROUND)
            return code or self._in_child(lambda: self._tell(1, first - 1, ahead=False))

    def _in_child(self, work: Callable[[], None]) -> int:
        """Do this in a process of its own, as a scene can be told once per process; returns its exit code."""
        pid = fork()
        if pid:
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            if code < 0:
                self._wire.tell("failed", **bare(died(code)))
            return code
        work()
        os._exit(0)

    # --- Scenes with beats -----------------------------------------------------------------------------

    def _tell_from(self, first: int) -> None:
        """Film from this beat to the end; from the last one where the story has become shorter."""
        count = self._tell(first, LAST, ahead=True)
        if count < first:
            self._tell(count, LAST, ahead=True)

    def _tell(self, first: int, last: int, *, ahead: bool) -> int:
        """Film the beats from `first` to `last`; returns how many beats were come by.

        Args:
            ahead: send processes ahead at the first: one for the frame on the screen, one for the whole timetable.
        """
        if first > last:
            return last
        told: list[Beat] = []
        role = "film"

        def start(scene: ExplainerScene, beat: Beat) -> None:
            nonlocal role
            told.append(beat)
            renderer: DraftRenderer = scene.renderer
            if beat.index == first and ahead:
                role = self._send_ahead(renderer)
            if role == "film" and first <= beat.index <= last:
                renderer.film_with(self._crew(f"beat {beat.index}"))
            else:
                renderer.pass_over()

        def end(scene: ExplainerScene, beat: Beat) -> None:
            renderer: DraftRenderer = scene.renderer
            if role == "still" and beat.index == first:
                renderer.show_now(scene)
            elif role == "film" and first <= beat.index <= last:
                self._send(renderer, beat.index)
                if beat.index == last:
                    raise EndSceneEarlyException

        scene_class = stagehand.scene_class(self.clip)
        try:
            scene = scene_class(
                self.clip.explainer,
                self.clip.look,
                on_beat_start=start,
                on_beat_end=end,
                renderer_class=DraftRenderer.for_crew(self._crew("start")),
                skip_animations=True,
            )
            scene.render()
        except Exception as error:
            if role != "still":
                self._fail(error, told)
            os._exit(1)
        if role == "scout":
            self._wire.tell("beats", beats=cues_to_json(told), inputs=sorted(self._inputs.so_far()))
        if role != "film":
            os._exit(0)
        return len(told)

    def _send_ahead(self, renderer: DraftRenderer) -> str:
        """Fork whoever goes ahead; returns what this process has to do: "still", "scout" or "film"."""
        if fork() == 0:
            renderer.wanted = renderer.frames + round(self._wish.offset * FPS)
            renderer.show = self._send_still
            return "still"
        if fork() == 0:
            os.nice(BACKGROUND // 2)
            return "scout"
        os.nice(BACKGROUND // 2)
        return "film"

    def _fail(self, error: Exception, told: list[Beat]) -> None:
        whole = [beat for beat in told if beat.end]
        self._wire.tell(
            "failed",
            **report(error, told[-1] if told else None),
            beats=cues_to_json(whole),
            inputs=sorted(self._inputs.so_far()),
        )

    # --- Any other scene -------------------------------------------------------------------------------

    def _show_foreign(self) -> None:
        class Shower(DraftRenderer):
            wanted = round(self._wish.offset * FPS)
            show = staticmethod(self._send_still)

            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **{**options, "skip_animations": True})

        # Whether the scene fails is for the film to say.
        with suppress(Exception):
            stagehand.make_foreign_scene(self.clip, Shower.for_crew(self._crew("start"))).render()

    def _film_foreign(self) -> None:
        crew = self._crew("scene")
        try:
            with tempfile.TemporaryDirectory() as folder:
                take = stagehand.film(self.clip, crew, Path(folder), lambda scene, beat: None)
        except Exception as error:
            self._fail(error, [])
            os._exit(1)
        end = take.frames / FPS
        beat = Beat(1, "", self.clip.title, 0.0, end)
        self._wire.tell("beats", beats=cues_to_json([beat]), inputs=sorted(self._inputs.so_far()))
        if take.frames:
            self._send_part(1, take.segments)
        else:
            self._send_still(take.poster[..., :3])

    # --- What is sent ----------------------------------------------------------------------------------

    def _crew(self, part: str) -> Crew:
        return Crew(H264, self.clip.look.pixels, FPS, self._store, f"{self._key} {part}", self._inputs,
                    on_progress=lambda frames: self._wire.tell("alive"))  # fmt: skip

    def _send(self, renderer: DraftRenderer, number: int) -> None:
        renderer.crew.finish()
        self._send_part(number, [renderer.crew.segments[index] for index in range(renderer.cutter.count)])

    def _send_part(self, number: int, names: list[str]) -> None:
        segments = [segment for name in names if (segment := self._store.get(name)) is not None]
        with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
            join(segments, Path(file.name), FPS)
            self._wire.tell("part", Path(file.name).read_bytes(), beat=number)

    def _send_still(self, pixels: np.ndarray) -> None:
        """Send the picture, and end: this process has nothing else to do."""
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=QUALITY, subsampling=0)
        self._wire.tell("still", file.getvalue(), beat=self._wish.beat, offset=self._wish.offset)
        os._exit(0)


def fork() -> int:
    """A child with a folder of its own for the pictures of text that Manim writes and removes."""
    pid = os.fork()
    if pid == 0:
        config.media_dir = os.path.join(config.media_dir, str(os.getpid()))
    return pid
