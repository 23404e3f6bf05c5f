"""Lighter and other files from a clip's video, each made once and kept beside the clips.

A file is made when a target first asks for it. It is kept in `<media>/.derived/<clip>/<digest>/`, where the
digest covers the video, its beats and the recipes here: a re-rendered clip has its old files dropped.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import av
import numpy as np
from filelock import FileLock
from PIL import Image

from studio.clip import digest
from studio.publish.clip import Beat, PublishError, RenderedClip

RECIPES = 3
"""Raise this when a recipe below changes: files made by older ones are then made anew."""
POSTER_WIDTH, SMALL_POSTER_WIDTH = 1280, 640
STILL_WIDTH = 960
PREVIEW_SECONDS = 6.0
PREVIEW_FPS = 10
PREVIEW_WIDTHS = (480, 400, 320, 240)
"""Tried in turn until the preview is light enough."""
PREVIEW_BYTES = 1_500_000
BACKWARDS_BYTES = 300_000_000
"""Of frames held in memory at once while a video is turned around: 96 frames at full HD."""
WEBM_OPTIONS = {"crf": "32", "b": "0", "deadline": "realtime", "cpu-used": "8", "tune-content": "screen"}
"""On a drawn clip at 480p, one thread: `good` with cpu-used 5 took 17 ms a frame for 50.6 dB; this takes 1.4 ms for
50.9 dB, and a sixth more bytes."""
FINAL_OPTIONS = {"movflags": "+faststart"}


class Media:
    """The derived files of one clip. Every property is a path; the file is made on first use."""

    def __init__(self, clip: RenderedClip) -> None:
        self.clip = clip
        self._home = clip.folder.parent / ".derived" / clip.name

    @cached_property
    def folder(self) -> Path:
        """Where this clip's files are kept."""
        video = hashlib.sha256(self.clip.video.read_bytes()).hexdigest()
        beats = [[beat.start, beat.end] for beat in self.clip.beats]
        folder = self._home / digest([RECIPES, av.__version__, video, beats])[:16]
        folder.mkdir(parents=True, exist_ok=True)
        for other in self._home.iterdir():
            if other.is_dir() and other != folder and not other.name.startswith("."):
                shutil.rmtree(other, ignore_errors=True)
        return folder

    def _made(self, name: str, make: Callable[[Path], None]) -> Path:
        """The file or folder `name`, made under a private name and renamed if it is not there yet."""
        target = self.folder / name
        with FileLock(self._home / f".{name}.lock"):
            if not target.exists():
                build = self._home / f".{name}.new"
                shutil.rmtree(build, ignore_errors=True)  # of a publication that was killed
                build.mkdir()
                make(build / name)
                os.replace(build / name, target)
                build.rmdir()
        return target

    @property
    def poster_png(self) -> Path:
        """The poster at full size: the clip's own, or its last frame where it has none."""
        if self.clip.poster.is_file():
            return self.clip.poster
        moment = self.clip.beats[-1].end - 0.5 / self.clip.fps
        return self._made("poster.png", lambda target: self._pictures([moment])[0].save(target))

    @property
    def poster_webp(self) -> Path:
        """The poster for pages."""
        return self._made("poster.webp", lambda target: self._save_poster(target, POSTER_WIDTH))

    @property
    def small_poster(self) -> Path:
        """The poster for cards and lists."""
        return self._made("poster-small.webp", lambda target: self._save_poster(target, SMALL_POSTER_WIDTH))

    def _save_poster(self, target: Path, width: int) -> None:
        _scaled(Image.open(self.poster_png).convert("RGB"), width).save(target, quality=86, method=6)

    @property
    def stills(self) -> list[Path]:
        """The still each beat ends on, as WebP."""
        return self._pictures_of("stills", ".webp", lambda beat: beat.end - 0.5 / self.clip.fps)

    @property
    def openings(self) -> list[Path]:
        """The frame each beat begins with, as a full-size PNG: the poster that does not flash."""
        return self._pictures_of("openings", ".png", lambda beat: beat.start + 0.5 / self.clip.fps)

    def _pictures_of(self, name: str, ending: str, moment: Callable[[Beat], float]) -> list[Path]:
        def make(folder: Path) -> None:
            folder.mkdir()
            pictures = self._pictures([moment(beat) for beat in self.clip.beats])
            for beat, picture in zip(self.clip.beats, pictures, strict=True):
                path = folder / f"{beat.index:02d}{ending}"
                if ending == ".webp":
                    _scaled(picture, STILL_WIDTH).save(path, quality=82, method=6)
                else:
                    picture.save(path)

        return sorted(self._made(name, make).iterdir())

    def _pictures(self, moments: list[float]) -> list[Image.Image]:
        """The frames shown at these seconds, which increase."""
        found: list[Image.Image] = []
        with av.open(str(self.clip.video)) as container:
            last = None
            for frame in container.decode(video=0):
                while len(found) < len(moments) and last and frame.time > moments[len(found)]:
                    found.append(last.to_image())
                last = frame
            found += [last.to_image()] * (len(moments) - len(found))
        return found

    @property
    def beat_clips(self) -> list[Path]:
        """A video per beat; played in turn they are the clip, to the pixel where it has key frames at its beats."""
        return sorted(self._made("beats", self._cut).iterdir())

    def _cut(self, folder: Path) -> None:
        folder.mkdir()
        for beat in self.clip.beats:
            cut(self.clip.video, folder / f"{beat.index:02d}{self.clip.video.suffix}", beat.start, beat.end)

    @property
    def reversed_beat_clips(self) -> list[Path]:
        """Each beat played backwards, for programs that play a step back."""

        def make(folder: Path) -> None:
            folder.mkdir()
            for path in self.beat_clips:
                play_backwards(path, folder / path.name)

        return sorted(self._made("reversed", make).iterdir())

    @cached_property
    def key_beat(self) -> Beat:
        """The beat for previews: the one with most motion, told by encoded bytes per second.

        Key frames do not count, and where there are others neither do the first beat, which sets the stage,
        and the last, which the poster shows.
        """
        beats = self.clip.beats[1:-1] or self.clip.beats
        weights = dict.fromkeys(beats, 0)
        with av.open(str(self.clip.video)) as container:
            for packet in container.demux(video=0):
                if packet.pts is None or packet.is_keyframe:
                    continue
                moment = float(packet.pts * packet.time_base)
                for beat in beats:
                    if beat.start <= moment < beat.end:
                        weights[beat] += packet.size
        return max(beats, key=lambda beat: weights[beat] / (beat.end - beat.start))

    @property
    def preview_webp(self) -> Path:
        """A short loop as animated WebP, under `PREVIEW_BYTES`."""
        return self._made("preview.webp", lambda target: self._save_preview(target, _save_webp))

    @property
    def preview_gif(self) -> Path:
        """The same loop as GIF, for where nothing else moves."""
        return self._made("preview.gif", lambda target: self._save_preview(target, _save_gif))

    def _save_preview(self, target: Path, save: Callable[[list[Image.Image], Path], None]) -> None:
        for width in PREVIEW_WIDTHS:
            save(list(self.preview_frames(width)), target)
            if target.stat().st_size < PREVIEW_BYTES:
                return
        raise PublishError(f"{self.clip.name}: the preview is over {PREVIEW_BYTES} bytes even at {width} pixels.")

    def preview_frames(self, width: int) -> Iterator[Image.Image]:
        """Frames of the key beat at `PREVIEW_FPS`, the last `PREVIEW_SECONDS` of it, `width` pixels wide."""
        beat = self.key_beat
        start = max(beat.start, beat.end - PREVIEW_SECONDS)
        due = start
        with av.open(str(self.clip.video)) as container:
            container.seek(round(beat.start * av.time_base))
            for frame in container.decode(video=0):
                if frame.time >= beat.end - 1e-3:
                    return
                if frame.time >= due - 1e-3:
                    yield _scaled(frame.to_image(), width)
                    due += 1 / PREVIEW_FPS

    @property
    def flip_book(self) -> list[Path]:
        """The preview's frames as numbered JPEGs, for LaTeX's `animate`."""

        def make(folder: Path) -> None:
            folder.mkdir()
            for index, image in enumerate(self.preview_frames(640), 1):
                image.save(folder / f"{index}.jpg", quality=85, subsampling=0)

        return sorted(self._made("frames", make).iterdir(), key=lambda path: int(path.stem))

    @property
    def webm(self) -> Path:
        """The clip as VP9, with alpha where the video has it."""
        if self.clip.video.suffix == ".webm":
            return self.clip.video
        return self._made(f"{self.clip.video.stem}.webm", lambda target: to_webm(self.clip.video, target))


def cut(source: Path, target: Path, start: float, end: float) -> None:
    """Write what is shown, and heard, in [start, end) seconds as a video of its own.

    Packets are copied. Where no key frame stands at `start`, as may be in a stranger's video, the pictures are coded
    anew, finely.
    """
    with av.open(str(source)) as given, av.open(str(target), "w", options=FINAL_OPTIONS) as final:
        video = given.streams.video[0]
        half_frame = 0.5 / float(video.guessed_rate)
        coder = None if _has_key_frame(source, start) else _h264(final, video, {"preset": "veryfast", "crf": "18"})
        copied = {each: final.add_stream_from_template(each) for each in given.streams.audio}
        if coder is None:
            copied[video] = final.add_stream_from_template(video)

        def is_within(time: float) -> bool:
            return start - half_frame <= time < end - half_frame

        for packet in given.demux(video, *given.streams.audio):
            if packet.stream in copied:
                if packet.pts is not None and is_within(float(packet.pts * packet.time_base)):
                    shift = round(start / packet.time_base)
                    packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                    packet.stream = copied[packet.stream]
                    final.mux(packet)
                continue
            for frame in filter(lambda frame: is_within(frame.time), packet.decode()):
                final.mux(coder.encode(_timed(frame, round((frame.time - start) * video.guessed_rate), video)))
        if coder:
            final.mux(coder.encode(None))


def _has_key_frame(source: Path, moment: float) -> bool:
    """Whether the frame shown at this second can be decoded on its own."""
    with av.open(str(source)) as given:
        stream = given.streams.video[0]
        half_frame = 0.5 / float(stream.guessed_rate)
        return any(
            packet.is_keyframe and abs(float(packet.pts * packet.time_base) - moment) < half_frame
            for packet in given.demux(stream)
            if packet.pts is not None
        )


def _h264(final: av.container.OutputContainer, like: av.VideoStream, options: dict[str, str]) -> av.VideoStream:
    """A stream to encode frames as large and as fast as those of `like`; one thread, for the same bytes each time."""
    stream = final.add_stream("libx264", rate=like.guessed_rate)
    stream.width, stream.height, stream.pix_fmt = like.width, like.height, "yuv420p"
    stream.options = options
    stream.codec_context.thread_count = 1
    return stream


def _timed(frame: av.VideoFrame, index: int, stream: av.VideoStream) -> av.VideoFrame:
    """The frame as number `index` of a new video."""
    picture = frame.reformat(format="yuv420p", threads=1)
    picture.pts, picture.time_base, picture.pict_type = index, 1 / stream.guessed_rate, 0
    return picture


def play_backwards(source: Path, target: Path) -> None:
    """Encode `source` with its frames in the opposite order, holding `BACKWARDS_BYTES` of them at once."""
    with av.open(str(source)) as given, av.open(str(target), "w", options=FINAL_OPTIONS) as final:
        video = given.streams.video[0]
        coder = _h264(final, video, {"preset": "superfast", "crf": "22"})
        chunk_length = max(1, BACKWARDS_BYTES * 2 // (3 * video.width * video.height))
        index = 0
        for stop in range(video.frames, 0, -chunk_length):
            given.seek(0)
            frames = enumerate(given.decode(video=0))
            chunk = [frame for position, frame in frames if stop - chunk_length <= position < stop]
            for frame in reversed(chunk):
                final.mux(coder.encode(_timed(frame, index, video)))
                index += 1
        final.mux(coder.encode(None))


def to_webm(source: Path, target: Path) -> None:
    """Encode `source` as VP9 (and Opus), one thread, so that the same video gives the same bytes."""
    with av.open(str(source)) as given, av.open(str(target), "w") as final:
        stream_in = given.streams.video[0]
        has_alpha = any(component.is_alpha for component in stream_in.format.components)
        stream = final.add_stream("libvpx-vp9", rate=stream_in.guessed_rate)
        stream.width, stream.height = stream_in.width, stream_in.height
        stream.pix_fmt = "yuva420p" if has_alpha else "yuv420p"
        stream.options = WEBM_OPTIONS
        stream.codec_context.thread_count = 1
        sound = final.add_stream("libopus", rate=48_000) if given.streams.audio else None
        for frame in given.decode(stream_in, *given.streams.audio[:1]):
            if isinstance(frame, av.AudioFrame):
                final.mux(sound.encode(frame))
            else:
                frame.pict_type = 0
                final.mux(stream.encode(frame.reformat(format=stream.pix_fmt, threads=1)))
        for each in filter(None, (stream, sound)):
            final.mux(each.encode(None))


def _scaled(image: Image.Image, width: int) -> Image.Image:
    """The image at most `width` pixels wide, in its proportions."""
    if image.width <= width:
        return image
    return image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)


def _save_webp(frames: list[Image.Image], target: Path) -> None:
    frames[0].save(
        target, save_all=True, append_images=frames[1:], duration=round(1000 / PREVIEW_FPS), loop=0,
        quality=70, method=4,
    )  # fmt: skip


def _save_gif(frames: list[Image.Image], target: Path) -> None:
    """One palette for all frames and no dithering: flat colours stay flat, and what rests is not stored again."""
    sample = np.concatenate([np.asarray(frame) for frame in frames[:: max(1, len(frames) // 6)]])
    palette = Image.fromarray(sample).quantize(128, dither=Image.Dither.NONE)
    indexed = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    indexed[0].save(
        target, save_all=True, append_images=indexed[1:], duration=round(1000 / PREVIEW_FPS), loop=0, optimize=False
    )
