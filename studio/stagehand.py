"""Runs a clip's scene in this process: rehearsal, stills, film. One clip per process.

Manim's configuration is global and its output paths freeze when a scene is made, so a process
runs scenes of one clip only, in a temporary media folder of its own.
"""

from __future__ import annotations

import importlib
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
import typst
from manim import Scene, SVGMobject, config, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene import scene as manim_scene
from manim.scene.scene_file_writer import SceneFileWriter
from manim.utils.exceptions import EndSceneEarlyException
from tqdm import tqdm

from scenes.stage.scene import Beat, BeatListener, ExplainerScene
from studio.clip import Clip
from studio.engine.crew import Crew
from studio.engine.film import Take
from studio.engine.film import film as engine_film
from studio.engine.writer import TakeWriter
from studio.scene_file import SceneFileClip, scenes_in

FrameSink = Callable[[np.ndarray, int], None]
"""Takes a frame, shape (height, width, 4), uint8, and how often it is shown."""

TRANSITION_FPS = 12
"""Frame rate at which a transition is stepped when ten frames of it are wanted."""


@contextmanager
def configured(clip: Clip | SceneFileClip, fps: int | None = None) -> Iterator[Path]:
    """Manim's global configuration for a clip, with a private folder for its intermediate files.

    Ends as it was before, whatever the scene has set.
    """
    width, height = clip.look.pixels
    # A progress bar would start a thread, and a process with threads must not be forked.
    tqdm.monitor_interval = 0
    with TemporaryDirectory(prefix="stagehand-") as folder, tempconfig({}):
        config.update(
            {
                "media_dir": folder,
                "pixel_width": width,
                "pixel_height": height,
                "frame_rate": fps or clip.look.fps,
                "disable_caching": True,
                "progress_bar": "none",
                "verbosity": "ERROR",
                "notify_outdated_version": False,
            }
        )
        if isinstance(clip, SceneFileClip):
            config.frame_width = config.frame_height * width / height
            config.background_opacity = 0.0 if clip.look.transparent else config.background_opacity
            # Without a seed a clip that is resumed would be put together of two stories.
            config.seed = next(seed for seed in (clip.seed, config.seed, 0) if seed is not None)
            # Manim seeds when a scene is made; its file may draw numbers before.
            random.seed(config.seed)
            np.random.seed(config.seed)
        with (
            patch.object(SVGMobject, "get_file_path", _private_copy),
            patch.object(typst, "compile", _compile_with_fonts),
        ):
            yield Path(folder)


@cache
def fonts() -> typst.Fonts:
    """Typst's fonts, read once per process: reading them takes longer, some 25 ms, than setting a line of text."""
    return typst.Fonts()


def _compile_with_fonts(
    *args: Any, compile_alone: Callable[..., Any] = typst.compile, font_paths: Any = (), **options: Any
) -> Any:
    """Manim would have Typst read all fonts for each text; a scene's folders of fonts of its own are read as ever."""
    return compile_alone(*args, font_paths=font_paths or fonts(), **options)


def _private_copy(mobject: SVGMobject, find: Callable[[SVGMobject], Path] = SVGMobject.get_file_path) -> Path:
    """An SVG file of this process alone: Manim writes and removes another one beside it, whoever else reads it."""
    original = find(mobject)
    folder = Path(config.media_dir) / "svg"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(original, folder / original.name))


def scene_class(clip: Clip) -> type[ExplainerScene]:
    """The scene that stages the clip's explainer.

    Raises:
        LookupError: when its module has no scene for this explainer.
    """
    module = importlib.import_module(clip.scene_module)
    for value in vars(module).values():
        if (
            isinstance(value, type)
            and issubclass(value, ExplainerScene)
            and value.__module__ == module.__name__
            and value.explainer_type is type(clip.explainer)
        ):
            return value
    raise LookupError(f"{clip.scene_module} has no scene whose explainer_type is {type(clip.explainer).__name__}")


class SinkWriter(SceneFileWriter):
    """Stands in for Manim's file writer: frames go to a sink, nothing is written or cached per play."""

    def __init__(self, settings: Any, sink: FrameSink) -> None:
        super().__init__(settings)
        self._sink = sink

    def write_frame(self, pixels: np.ndarray, *, repeat: int = 1) -> None:
        """Hand one frame on."""
        self._sink(pixels, repeat)

    def begin_animation(self, *args: Any, **kwargs: Any) -> None:
        """No segment per play."""

    def end_animation(self, *args: Any, **kwargs: Any) -> None:
        """No segment per play."""

    def add_partial_movie_file(self, hash_animation: str | None) -> None:
        """No segment per play."""

    def finish(self) -> None:
        """The sink's owner finishes the file."""

    def save_image(self, pixels: np.ndarray) -> None:
        """A scene without plays leaves no file of its own."""


def _discard(pixels: np.ndarray, repeat: int) -> None:
    pass


def make_scene(clip: Clip, sink: FrameSink = _discard, **options: Any) -> ExplainerScene:
    """The clip's scene, ready to render; call within `configured`."""
    return scene_class(clip)(clip.explainer, clip.look, file_writer_class=partial(SinkWriter, sink=sink), **options)


def rehearse(clip: Clip, on_beat_start: BeatListener | None = None) -> list[Beat]:
    """Run the story without drawing: its beats with their times. Finds a failing scene in seconds."""
    scene = make_scene(clip, skip_animations=True, on_beat_start=on_beat_start)
    scene.renderer.update_frame = lambda *args, **kwargs: None
    scene.render()
    return scene.beats


def film(clip: Clip | SceneFileClip, crew: Crew, folder: Path, on_beat_start: BeatListener) -> Take:
    """Draw the whole clip; see `studio.engine`."""
    if isinstance(clip, SceneFileClip):
        return engine_film(lambda renderer: make_foreign_scene(clip, renderer), crew, folder)

    def make(renderer: type[CairoRenderer]) -> ExplainerScene:
        return scene_class(clip)(clip.explainer, clip.look, renderer_class=renderer, on_beat_start=on_beat_start)

    take = engine_film(make, crew, folder)
    beats = take.scene.beats
    if beats and not beats[-1].end:
        # The story was left within a beat: Manim's `upto_animation_number`.
        beats[-1].end = take.scene.time
    take.chapters = take.captions = beats
    return take


def make_foreign_scene(clip: SceneFileClip, renderer: type[CairoRenderer]) -> Scene:
    """The scene of someone's file, with this renderer: whatever its constructor asks for, Manim makes it there."""
    scene = scenes_in(clip.path)[clip.scene]
    with patch.object(manim_scene, "CairoRenderer", renderer):
        return scene()


def length(clip: Clip | SceneFileClip) -> int:
    """About how many frames the clip has, found by running through it without drawing."""
    if isinstance(clip, Clip):
        return round(rehearse(clip)[-1].end * clip.look.fps)
    scene = make_foreign_scene(clip, HastyRenderer)
    scene.render()
    return round(scene.renderer.time * clip.look.fps)


class HastyRenderer(CairoRenderer):
    """Jumps to the end of every play and draws nothing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "file_writer_class": TakeWriter, "skip_animations": True})

    def update_frame(self, *args: Any, **options: Any) -> None:
        """Nothing is drawn."""


def current_frame(scene: ExplainerScene) -> np.ndarray:
    """The picture as it stands now, RGBA."""
    scene.renderer.static_image = None
    scene.renderer.update_frame(scene)
    return scene.renderer.get_frame()


def stills(clip: Clip, on_beat_start: BeatListener | None = None) -> list[tuple[Beat, np.ndarray]]:
    """The still each beat ends on."""
    taken: list[tuple[Beat, np.ndarray]] = []
    scene = make_scene(
        clip,
        skip_animations=True,
        on_beat_start=on_beat_start,
        on_beat_end=lambda scene, beat: taken.append((beat, current_frame(scene))),
    )
    # Only the ends of beats are looked at: what Manim would draw in between is not needed.
    draw = scene.renderer.update_frame
    scene.renderer.update_frame = lambda scene, mobjects=None, **kwargs: (
        draw(scene, mobjects, **kwargs) if mobjects is None else None
    )
    scene.render()
    return taken


def transition(clip: Clip, number: int, count: int = 10) -> list[tuple[float, np.ndarray]]:
    """`count` frames evenly across beat `number` (from 1), each with its time within the beat in seconds.

    Raises:
        LookupError: when the clip has no such beat.
    """
    beats = rehearse(clip)
    if not 1 <= number <= len(beats):
        raise LookupError(f"{clip.name} has beats 1 to {len(beats)}, not {number}")
    frames: list[tuple[float, np.ndarray]] = []
    beat = beats[number - 1]
    wanted = np.linspace(0, beat.end - beat.start - 1 / TRANSITION_FPS, count)
    clock = 0.0

    def take(pixels: np.ndarray, repeat: int) -> None:
        nonlocal clock
        clock += repeat / TRANSITION_FPS
        while len(frames) < count and wanted[len(frames)] < clock:
            frames.append((float(wanted[len(frames)]), pixels))

    def start(scene: ExplainerScene, started: Beat) -> None:
        scene.renderer._original_skipping_status = started.index != number

    def stop(scene: ExplainerScene, ended: Beat) -> None:
        if ended.index == number:
            raise EndSceneEarlyException

    make_scene(clip, take, skip_animations=True, on_beat_start=start, on_beat_end=stop).render()
    return frames
