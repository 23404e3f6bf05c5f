"""Films a whole scene with a crew, and keeps what its file needs besides the pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from manim import Scene

from studio.engine.crew import Crew
from studio.engine.recorder import straight
from studio.engine.renderer import SliceRenderer
from studio.engine.writer import TakeWriter


@dataclass
class Cue:
    """A stretch of the clip with a name: a caption, or a chapter. Times in seconds; counted from 1."""

    index: int
    caption: str
    chapter: str
    start: float
    end: float


def cues_to_json(cues: list[Cue]) -> list[dict[str, Any]]:
    """Cues as plain data; times rounded to milliseconds."""
    return [{**asdict(cue), "start": round(cue.start, 3), "end": round(cue.end, 3)} for cue in cues]


@dataclass
class Take:
    """What filming a scene gave.

    Attributes:
        scene: as it stands at the end.
        frames: how many there are.
        poster: the last picture, RGBA, shape (height, width, 4).
        segments: names of the coded slices in the store, in order.
        chapters: its named parts: the beats of an explainer, the sections of any other scene.
        captions: what it says in words.
        sound: a WAV file, or None.
    """

    scene: Scene
    frames: int
    poster: np.ndarray
    segments: list[str]
    chapters: list[Cue]
    captions: list[Cue]
    sound: Path | None


def film(make_scene: Callable[[type[SliceRenderer]], Scene], crew: Crew, folder: Path) -> Take:
    """Tell the story once and have every slice drawn.

    Args:
        make_scene: the scene with this renderer class.
        crew: draws.
        folder: for the sound track.

    Raises:
        SliceError: a slice could not be drawn.
        Exception: whatever the scene raised.
    """
    try:
        scene = make_scene(SliceRenderer.for_crew(crew))
        scene.render()
    except BaseException as error:
        if crew.is_child:
            crew.fail(error)
        raise
    finally:
        crew.dismiss()
    renderer = scene.renderer
    return Take(
        scene=scene,
        frames=renderer.frames,
        poster=straight(renderer.camera.pixel_array),
        segments=[] if crew.draw_nothing else [crew.segments[index] for index in range(renderer.cutter.count)],
        chapters=_sections(scene),
        captions=_subcaptions(renderer.file_writer),
        sound=_sound(renderer.file_writer, folder),
    )


def _sections(scene: Scene) -> list[Cue]:
    """The scene's named parts; what comes before the first is named after the scene."""
    starts = scene.renderer.file_writer.announced
    if not starts:
        return []
    if starts[0][1] > 0:
        starts = [(str(scene), 0.0), *starts]
    ends = [*(start for _, start in starts[1:]), scene.renderer.time]
    parts = [(name, start, end) for (name, start), end in zip(starts, ends, strict=True) if end > start]
    return [Cue(index, name, name, start, end) for index, (name, start, end) in enumerate(parts, 1)]


def _subcaptions(writer: TakeWriter) -> list[Cue]:
    return [
        Cue(index, line.content, line.content, line.start.total_seconds(), line.end.total_seconds())
        for index, line in enumerate(writer.subcaptions, 1)
    ]


def _sound(writer: TakeWriter, folder: Path) -> Path | None:
    if not writer.includes_sound:
        return None
    path = folder / "sound.wav"
    writer.audio_segment.export(path, format="wav").close()
    return path
