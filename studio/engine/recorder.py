"""Codes the frames of one slice into a segment."""

from __future__ import annotations

import hashlib
import io
import math
import os
import time
from collections import defaultdict
from fractions import Fraction

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from studio.engine.codec import Codec
from studio.engine.painter import TILE, Picture, rectangles

MARGIN = 8
"""Rows around a changed band that are converted with it: the chroma filter looks that far (tested)."""
REACH = 2
"""Rows beyond a changed band that show the change too: half-size planes mix neighbouring rows (tested)."""
MOST = 0.7
"""From this share of changed rows on, the whole frame is converted at once."""


class Recorder:
    """Takes the frames of a slice one after another; `segment` ends it.

    Attributes:
        name: grows with each frame; at the end it names what the segment shows.
        seconds: time spent converting and encoding.
    """

    def __init__(self, codec: Codec, size: tuple[int, int], fps: int) -> None:
        self.codec, self.size, self.fps = codec, size, fps
        self.seconds = {"convert": 0.0, "encode": 0.0}
        self.frames = 0
        self._buffer = io.BytesIO()
        self._container = av.open(self._buffer, "w", format=codec.container)
        self._stream = codec.open(self._container, size, fps)
        self._converter = Planes(size) if codec.pixels == "yuv420p" else Whole(codec)
        self._name = SliceName(codec, size, fps)

    @property
    def name(self) -> str:
        """Names what was shown so far."""
        return self._name.value()

    def add(self, picture: Picture, repeat: int = 1) -> None:
        """Append a frame, `repeat` times. Its pixels may be drawn over as soon as this returns."""
        started = time.perf_counter()
        frame = self._converter.convert(picture)
        converted = time.perf_counter()
        for _ in range(repeat):
            frame.pts, frame.time_base, frame.pict_type = self.frames, Fraction(1, self.fps), PictureType.NONE
            self._container.mux(self._stream.encode(frame))
            self.frames += 1
        self._name.add(picture.name, repeat)
        self.seconds["convert"] += converted - started
        self.seconds["encode"] += time.perf_counter() - converted

    def segment(self) -> bytes:
        """End the slice: the coded file."""
        started = time.perf_counter()
        self._container.mux(self._stream.encode(None))
        self._container.close()
        self.seconds["encode"] += time.perf_counter() - started
        return self._buffer.getvalue()


class SliceName:
    """The name of a slice: its codec, and what every frame of it shows."""

    def __init__(self, codec: Codec, size: tuple[int, int], fps: int) -> None:
        self._state = hashlib.sha256(repr((codec, size, fps)).encode())

    def add(self, frame: bytes | None, repeat: int) -> None:
        """One more frame, shown so often; None stands for one that is unlike any other."""
        self._state.update((frame or os.urandom(32)) + repeat.to_bytes(4, "big"))

    def value(self) -> str:
        """The name so far."""
        return self._state.hexdigest()


class Planes:
    """RGBA to 4:2:0 planes, converting only what changed."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._converters: dict[int, VideoReformatter] = defaultdict(VideoReformatter)
        self._frame = av.VideoFrame(*size, format="yuv420p")
        self._planes = [_rows(plane) for plane in self._frame.planes]

    def convert(self, picture: Picture) -> av.VideoFrame:
        """The frame for the encoder; the same one each time, its planes brought up to date."""
        height = self._size[1]
        if picture.changed is None:
            self._bring(picture.pixels, 0, 0, height)
            return self._frame
        for _, top, _, bottom in rectangles(picture.changed.any(axis=1)[:, None], (height, TILE)):
            # A converter is set up for a number of rows, which takes longer than using it: few numbers are used.
            rows = TILE * 2 ** max(0, math.ceil(math.log2((bottom - top) / TILE))) + 2 * MARGIN
            if rows > MOST * height:
                self._bring(picture.pixels, 0, 0, height)
                break
            start = min(max(top - MARGIN, 0), max(height - rows, 0))
            around = picture.pixels[start : start + rows]
            self._bring(around, start, max(top - REACH, 0), min(bottom + REACH, height))
        return self._frame

    def _bring(self, pixels: np.ndarray, start: int, top: int, bottom: int) -> None:
        """Convert rows of the picture that begin at `start`, and keep those from `top` to before `bottom`."""
        frame = self._converters[len(pixels)].reformat(
            av.VideoFrame.from_numpy_buffer(pixels, format="rgba"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )
        for source, target, scale in zip(frame.planes, self._planes, (1, 2, 2), strict=True):
            np.copyto(
                target[top // scale : bottom // scale],
                _rows(source)[(top - start) // scale : (bottom - start) // scale],
            )


def _rows(plane: av.video.plane.VideoPlane) -> np.ndarray:
    """A plane's samples as they lie in memory, shape (height, width)."""
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


class Whole:
    """RGBA to any other pixel format, whole frames."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._frame: av.VideoFrame | None = None

    def convert(self, picture: Picture) -> av.VideoFrame:
        """The frame for the encoder."""
        unchanged = picture.changed is not None and not picture.changed.any()
        if self._frame is None or not unchanged:
            pixels = straight(picture.pixels) if self._codec.has_alpha else picture.pixels
            given = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(pixels), format="rgba")
            spaces = {}
            if self._codec.pixels.startswith("yuv"):
                spaces = {"dst_colorspace": Colorspace.ITU709, "dst_color_range": ColorRange.MPEG}
            self._frame = given.reformat(format=self._codec.pixels, **spaces)
        return self._frame


def straight(pixels: np.ndarray) -> np.ndarray:
    """RGBA with colours as they are, from RGBA with colours multiplied by alpha, as Cairo keeps them."""
    alpha = pixels[..., 3:].astype(np.uint16)
    if (alpha == 255).all():
        return pixels
    colors = (pixels[..., :3].astype(np.uint16) * 255 + alpha // 2) // np.maximum(alpha, 1)
    return np.concatenate([np.minimum(colors, 255), alpha], axis=2).astype(np.uint8)
