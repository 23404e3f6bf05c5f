"""Films a scene in this process, at a small size, with the engine's own crew."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av.video.frame
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter
from manim import Scene

from scenes.stage.look import Look
from studio import stagehand, worker
from studio.clip import Clip
from studio.engine.codec import codec_for
from studio.engine.crew import Crew
from studio.engine.film import Take
from studio.engine.film import film as engine_film
from studio.engine.inputs import Inputs
from studio.engine.painter import TILE, Picture
from studio.engine.renderer import SliceRenderer
from studio.engine.store import Store
from studio.scene_file import SceneFileClip

SCENES = Path(__file__).parent / "scenes"
"""Plain Manim scenes, as a stranger would write them."""
SMALL = Look(short_side=120, fps=6)

AnyClip = SceneFileClip | Clip
Film = Callable[[AnyClip, type[SliceRenderer]], Take]


class ComparingRenderer(SliceRenderer):
    """Draws every frame twice, as the engine does and as Manim does; `differences` has the largest of each frame."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.differences: list[int] = []
        self._compared_play = -1

    def _draw(self, scene: Scene) -> Picture:
        picture = super()._draw(scene)
        painted = picture.pixels.astype(int)
        if self._compared_play != self.num_plays:
            self._compared_play = self.num_plays
            self.save_static_frame_data(scene, scene.static_mobjects)
        self.update_frame(scene, scene.moving_mobjects)
        self.differences.append(int(np.abs(painted - self.camera.pixel_array).max()))
        return picture


class WatchingRenderer(SliceRenderer):
    """Collects in `unannounced` the frames that differ in tiles which they do not call changed."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.unannounced: list[int] = []
        self._last: np.ndarray | None = None
        self._slice: int | None = None

    def _draw(self, scene: Scene) -> Picture:
        picture = super()._draw(scene)
        # The first frame of a slice is whole.
        if self._slice == self.crew.current and picture.changed is not None:
            differs = (picture.pixels != self._last).any(axis=2)
            height, width = differs.shape
            announced = np.kron(picture.changed, np.ones((TILE, TILE), bool))[:height, :width]
            if (differs & ~announced).any():
                self.unannounced.append(self.frames)
        self._slice, self._last = self.crew.current, picture.pixels.copy()
        return picture


@pytest.fixture
def filmed(tmp_path: Path) -> Film:
    """`filmed(clip, renderer_class)`: the clip told in this process, every slice drawn here."""

    def film(clip: SceneFileClip | Clip, renderer: type[SliceRenderer] = SliceRenderer) -> Take:
        crew = Crew(
            codec_for(clip.output, transparent=clip.look.transparent), clip.look.pixels, clip.look.fps,
            Store(tmp_path / "slices"), clip.key(), Inputs(), draw_all=True,
        )  # fmt: skip
        with stagehand.configured(clip) as folder:
            return engine_film(lambda slices: make_scene(clip, type("Both", (renderer, slices), {})), crew, folder)

    return film


_left_behind: list[VideoReformatter] = []
"""Kept, as to end one is to wait for its threads."""


def _leave_converter_behind() -> None:
    """From version 19 on, all of PyAV's frames share a converter with threads. Those stay in the test's process, and
    a child that ends or changes it waits for them for ever; a worker that was started as one has its own."""
    shared = getattr(av.video.frame, "_thread_local", None)
    if hasattr(shared, "reformatter"):
        _left_behind.append(shared.reformatter)
        shared.reformatter = VideoReformatter()


@dataclass(frozen=True)
class Workshop:
    """Workers forked from this process, which has Manim already: a render takes a fraction of a second.

    Attributes:
        media: where clips go.
        cache: where coded slices are kept.
        label: tells apart what two of them say.
    """

    media: Path
    cache: Path
    label: str = ""

    @classmethod
    def at(cls, folder: Path) -> Workshop:
        """A workshop in a new folder."""
        made = cls(folder / "media", folder / "cache" / "slices")
        made.media.mkdir(parents=True)
        made.cache.mkdir(parents=True)
        return made

    def start(self, clip: AnyClip, jobs: int = 1, *, force: bool = False) -> int:
        """A worker in a session of its own; returns its pid. What it says is in `told` and `said`."""
        order = {"clip": clip.to_json(), "target": str(self.media / clip.name), "task": "render", "force": force}
        slots = Path(tempfile.mkdtemp(dir=self.media.parent, prefix="slots-"))
        order |= {"slots": str(slots) if jobs > 1 else None, "jobs": jobs}
        pid = os.fork()
        if pid:
            return pid
        try:
            _leave_converter_behind()
            os.setsid()
            for path, standard in ((self._told(clip), 1), (self._said(clip), 2)):
                os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), standard)
            sys.stdout, sys.stderr = (os.fdopen(number, "w") for number in (1, 2))
            sys.stdin = io.StringIO(json.dumps(order))
            worker.CACHE = self.cache
            os._exit(worker.main())
        finally:
            os._exit(99)

    def render(self, clip: AnyClip, jobs: int = 1, *, force: bool = False) -> Path:
        """The clip's folder, once it is rendered."""
        pid = self.start(clip, jobs, force=force)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, self._said(clip).read_text()
        return self.media / clip.name

    def told(self, clip: AnyClip) -> list[dict[str, Any]]:
        """The events of the clip's last worker."""
        return [json.loads(line) for line in self._told(clip).read_text().splitlines()]

    def _told(self, clip: AnyClip) -> Path:
        return self.media.parent / f"{clip.name}{self.label}.told"

    def _said(self, clip: AnyClip) -> Path:
        return self.media.parent / f"{clip.name}{self.label}.said"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A media folder and a cache of their own."""
    return Workshop.at(tmp_path / "workshop")


def make_scene(clip: SceneFileClip | Clip, renderer: type[SliceRenderer]) -> Scene:
    """The clip's scene with this renderer."""
    if isinstance(clip, SceneFileClip):
        return stagehand.make_foreign_scene(clip, renderer)
    return stagehand.scene_class(clip)(clip.explainer, clip.look, renderer_class=renderer)


def scene_clip(file: str, scene: str, look: Look = SMALL) -> SceneFileClip:
    """A clip of one of our plain scenes."""
    return SceneFileClip(SCENES / file, scene, look)
