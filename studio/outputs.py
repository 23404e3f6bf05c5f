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
        _write_loop(clip, take, store, target)


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


def _write_loop(clip: Clip | SceneFileClip, take: Take, store: Store, target: Path) -> None:
    """An animation that runs for ever: GIF with one palette for the whole clip, or WebP."""
    width, height = clip.look.pixels
    fps = min(clip.look.fps, LOOP_FPS)
    scaled = min(width, LOOP_WIDTH)
    is_gif = target.suffix == ".gif"
    # The frames are gone through twice, as a whole clip of them would not fit into memory.
    palette = _palette(clip, _segments(take, store)) if is_gif else None
    with av.open(str(target), "w", format=target.suffix[1:], options={"loop": "0"}) as final:
        stream = final.add_stream("gif" if is_gif else "libwebp_anim", rate=fps)
        stream.width, stream.height = scaled, 2 * round(height * scaled / width / 2)
        stream.pix_fmt = "pal8" if is_gif else "yuva420p"
        stream.options = {} if is_gif else {"quality": "80", "compression_level": "4"}
        for frame in _filtered(clip, _segments(take, store), palette):
            final.mux(stream.encode(frame))
        final.mux(stream.encode(None))


def _palette(clip: Clip | SceneFileClip, segments: Iterator[bytes]) -> av.VideoFrame:
    """The 256 colours that suit the whole clip best, as a picture of 16 by 16."""
    graph, source, last = _scaling(clip)
    _end(graph, last, [("palettegen", "")])
    (palette,) = _run(graph, source, clip, segments)
    return palette


def _filtered(
    clip: Clip | SceneFileClip, segments: Iterator[bytes], palette: av.VideoFrame | None
) -> Iterator[av.VideoFrame]:
    """The frames at the rate and size of a loop; with a palette, in its colours."""
    graph, source, last = _scaling(clip)
    if palette is None:
        _end(graph, last, [("format", "yuva420p")])
        yield from _run(graph, source, clip, segments)
        return
    colors = graph.add_buffer(width=16, height=16, format=palette.format.name, time_base=Fraction(1, clip.look.fps))
    use, sink = graph.add("paletteuse", "dither=none"), graph.add("buffersink")
    last.link_to(use)
    colors.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    yield from _run(graph, source, clip, segments, colors, palette)


def _scaling(
    clip: Clip | SceneFileClip,
) -> tuple[av.filter.Graph, av.filter.context.FilterContext, av.filter.context.FilterContext]:
    """A graph that takes the clip's frames and gives fewer and smaller ones: graph, its source, its last filter."""
    width, height = clip.look.pixels
    graph = av.filter.Graph()
    source = graph.add_buffer(width=width, height=height, format="argb", time_base=Fraction(1, clip.look.fps))
    rate = graph.add("fps", str(min(clip.look.fps, LOOP_FPS)))
    scale = graph.add("scale", f"{min(width, LOOP_WIDTH)}:-2:flags=lanczos")
    source.link_to(rate)
    rate.link_to(scale)
    return graph, source, scale


def _end(graph: av.filter.Graph, last: av.filter.context.FilterContext, filters: list[tuple[str, str]]) -> None:
    for name, arguments in filters:
        step = graph.add(name, arguments or None)
        last.link_to(step)
        last = step
    last.link_to(graph.add("buffersink"))
    graph.configure()


def _run(
    graph: av.filter.Graph,
    source: av.filter.context.FilterContext,
    clip: Clip | SceneFileClip,
    segments: Iterator[bytes],
    beside: av.filter.context.FilterContext | None = None,
    picture: av.VideoFrame | None = None,
) -> Iterator[av.VideoFrame]:
    """What a graph makes of the clip's frames; `picture` goes to the source `beside` with each of them."""
    inputs = [source, *([beside] if beside else [])]
    for index, frame in enumerate(_frames(segments)):
        for given, into in zip((frame, picture), inputs, strict=False):
            given.time_base = Fraction(1, clip.look.fps)
            given.pts, given.duration = index, 1
            into.push(given)
        yield from _drain(graph)
    for into in inputs:
        into.push(None)
    yield from _drain(graph)


def _drain(graph: av.filter.Graph) -> Iterator[av.VideoFrame]:
    while True:
        try:
            frame = graph.vpull()
        except (BlockingIOError, av.error.EOFError):
            return
        frame.pict_type = 0
        yield frame
