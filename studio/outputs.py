"""A clip's main file, in the form that was asked for, from its coded slices."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.filter
from PIL import Image

from studio.clip import Clip
from studio.engine.film import Take
from studio.engine.join import join
from studio.engine.store import Store
from studio.scene_file import SceneFileClip

LOOP_FPS = 15
"""Frames per second of GIF and WebP at most: they hold whole pictures, and every one costs."""
LOOP_WIDTH = 960
"""Pixels across of GIF and WebP at most."""


class MissingSegmentError(RuntimeError):
    """A slice that was coded is no longer whole in the store: a full disk, or someone removed it."""


def write_output(clip: Clip | SceneFileClip, take: Take, store: Store, folder: Path) -> None:
    """Write the main file of a clip into `folder`."""
    form = clip.output.form
    target = folder / f"{clip.slug}{clip.output.file_name}"
    if form == "still" or not take.frames:
        # As with Manim, a scene that plays nothing is a picture.
        Image.fromarray(take.poster).save(target.with_suffix(".png"), optimize=True)
        return
    segments = _segments(take, store)
    if form in ("mp4", "webm", "mov"):
        join(segments, target, clip.look.fps, take.chapters, take.sound)
    elif form == "png":
        _write_pictures(segments, folder / "frames")
    else:
        _write_loop(segments, target, clip)


def _segments(take: Take, store: Store) -> Iterator[bytes]:
    for name in take.segments:
        segment = store.get(name)
        if segment is None:
            raise MissingSegmentError("a finished slice has gone from the cache; run the same command again")
        yield segment


def _frames(segments: Iterator[bytes]) -> Iterator[av.VideoFrame]:
    for segment in segments:
        with av.open(io.BytesIO(segment)) as given:
            yield from given.decode(video=0)


def _write_pictures(segments: Iterator[bytes], folder: Path) -> None:
    """A PNG per frame."""
    folder.mkdir()
    for number, frame in enumerate(_frames(segments)):
        Image.fromarray(frame.to_ndarray(format="rgba")).save(folder / f"{number:05d}.png", compress_level=3)


def _write_loop(segments: Iterator[bytes], target: Path, clip: Clip | SceneFileClip) -> None:
    """An animation that runs for ever: GIF with one palette for the whole clip, or WebP."""
    width, height = clip.look.pixels
    fps = min(clip.look.fps, LOOP_FPS)
    scaled = min(width, LOOP_WIDTH)
    chain = [("fps", str(fps)), ("scale", f"{scaled}:-2:flags=lanczos")]
    is_gif = target.suffix == ".gif"
    with av.open(str(target), "w", format=target.suffix[1:], options={"loop": "0"}) as final:
        stream = final.add_stream("gif" if is_gif else "libwebp_anim", rate=fps)
        stream.width, stream.height = scaled, 2 * round(height * scaled / width / 2)
        stream.pix_fmt = "pal8" if is_gif else "yuva420p"
        stream.options = {} if is_gif else {"quality": "80", "compression_level": "4"}
        graph = _graph(chain, clip, with_palette=is_gif)
        for index, frame in enumerate(_frames(segments)):
            frame.pts, frame.time_base = index, Fraction(1, clip.look.fps)
            graph.push(frame)
            _drain(graph, stream, final)
        graph.push(None)
        _drain(graph, stream, final)
        final.mux(stream.encode(None))


def _graph(chain: list[tuple[str, str]], clip: Clip | SceneFileClip, *, with_palette: bool) -> av.filter.Graph:
    """A filter graph for RGBA frames; with a palette made from, and then used on, all of them."""
    width, height = clip.look.pixels
    graph = av.filter.Graph()
    last = graph.add_buffer(width=width, height=height, format="argb", time_base=Fraction(1, clip.look.fps))
    for name, arguments in chain:
        step = graph.add(name, arguments)
        last.link_to(step)
        last = step
    sink = graph.add("buffersink")
    if with_palette:
        split, palette, use = graph.add("split"), graph.add("palettegen"), graph.add("paletteuse", "dither=none")
        last.link_to(split)
        split.link_to(palette, 0)
        split.link_to(use, 1, 0)
        palette.link_to(use, 0, 1)
        use.link_to(sink)
    else:
        step = graph.add("format", "yuva420p")
        last.link_to(step)
        step.link_to(sink)
    graph.configure()
    return graph


def _drain(graph: av.filter.Graph, stream: av.VideoStream, final: av.container.OutputContainer) -> None:
    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, av.error.EOFError):
            return
        frame.pict_type = 0
        final.mux(stream.encode(frame))
