"""Codes the frames of one slice into a segment."""

from __future__ import annotations

import hashlib
import io
import math
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from studio.engine.codec import Codec
from studio.engine.painter import TILE, Picture, Rectangle, Tiles

MARGIN = 8
"""Rows around a changed band that are converted with it: the chroma filter looks that far up and down, and not at
all to the sides (tested)."""
REACH = 2
"""Rows beyond a changed band that show the change too: half-size planes mix neighbouring rows (tested)."""
MOST = 0.7
"""From this share of the frame on, the whole of it is converted at once."""
WORTH = 16
"""Empty tiles that a cut must spare: what it takes to convert one part more."""


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
        self._converters: dict[tuple[int, ...], VideoReformatter] = defaultdict(VideoReformatter)
        self._take_over(av.VideoFrame(*size, format="yuv420p"))

    def convert(self, picture: Picture) -> av.VideoFrame:
        """The frame for the encoder, brought up to date; where possible, the same one as before."""
        width, height = self._size
        parts = [] if picture.changed is None else list(clusters(picture.changed))
        framings = [self._framing(part) for part in parts]
        if picture.changed is None or sum(rows * columns for _, rows, columns in framings) > MOST * height * width:
            self._take_over(self._reformat(picture.pixels))
            return self._frame
        for (left, top, right, bottom), (y, rows, columns) in zip(parts, framings, strict=True):
            frame = self._reformat(picture.pixels[y : y + rows, left : left + columns])
            top, right, bottom = max(top - REACH, 0), min(right, width), min(bottom + REACH, height)
            for source, target, scale in zip(frame.planes, self._planes, (1, 2, 2), strict=True):
                wanted = _rows(source)[(top - y) // scale : (bottom - y) // scale, : (right - left) // scale]
                np.copyto(target[top // scale : bottom // scale, left // scale : right // scale], wanted)
        return self._frame

    def _framing(self, part: Rectangle) -> tuple[int, int, int]:
        """What is converted for the sake of a part, from its left edge on: upper edge, rows and columns in pixels."""
        (left, top, right, bottom), (width, height) = part, self._size
        rows, columns = _rounded(bottom - top) + 2 * MARGIN, _rounded(right - left)
        y = min(max(top - MARGIN, 0), max(height - rows, 0))
        return y, min(rows, height), min(columns, width - left)

    def _reformat(self, pixels: np.ndarray) -> av.VideoFrame:
        return self._converters[pixels.shape[:2]].reformat(
            av.VideoFrame.from_numpy_buffer(pixels, format="rgba"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )

    def _take_over(self, frame: av.VideoFrame) -> None:
        self._frame, self._planes = frame, [_rows(plane) for plane in frame.planes]


def clusters(tiles: Tiles, top: int = 0, left: int = 0) -> Iterator[Rectangle]:
    """Rectangles in pixels that together hold all these tiles, and few others.

    They are cut along empty strips as long as that spares more than one part more costs.

    Args:
        tiles: bool, shape (rows, columns).
        top, left: the row and column that the first of them have in the frame.
    """
    rows, columns = np.flatnonzero(tiles.any(axis=1)), np.flatnonzero(tiles.any(axis=0))
    if not len(rows):
        return
    first, last, leftmost, rightmost = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    (across, row), (down, column) = _widest_gap(rows), _widest_gap(columns)
    if max(across * (rightmost - leftmost), down * (last - first)) < WORTH:
        yield (left + leftmost) * TILE, (top + first) * TILE, (left + rightmost) * TILE, (top + last) * TILE
    elif across * (rightmost - leftmost) > down * (last - first):
        yield from clusters(tiles[:row], top, left)
        yield from clusters(tiles[row:], top + row, left)
    else:
        yield from clusters(tiles[:, :column], top, left)
        yield from clusters(tiles[:, column:], top, left + column)


def _widest_gap(lines: np.ndarray) -> tuple[int, int]:
    """How many empty lines there are at most between two that are used, and where they begin."""
    gaps = np.diff(lines, append=lines[-1] + 1) - 1
    before = int(gaps.argmax())
    return int(gaps[before]), int(lines[before]) + 1


def _rounded(length: int) -> int:
    """At least so many pixels. A converter is set up for one size, which takes longer than using it: few are used."""
    whole = TILE * 2 ** max(0, math.ceil(math.log2(length / TILE)))
    return whole * 3 // 4 if whole >= 4 * TILE and length <= whole * 3 // 4 else whole


def _rows(plane: av.video.plane.VideoPlane) -> np.ndarray:
    """A plane's samples as they lie in memory, shape (height, width)."""
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


class Whole:
    """RGBA to any other pixel format, whole frames."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        # Not the one that all frames share: a child forked from a process that used it would wait for its threads.
        self._converter = VideoReformatter()
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
            self._frame = self._converter.reformat(given, format=self._codec.pixels, threads=1, **spaces)
        return self._frame


def straight(pixels: np.ndarray) -> np.ndarray:
    """RGBA with colours as they are, from RGBA with colours multiplied by alpha, as Cairo keeps them."""
    alpha = pixels[..., 3:].astype(np.uint16)
    if (alpha == 255).all():
        return pixels
    colors = (pixels[..., :3].astype(np.uint16) * 255 + alpha // 2) // np.maximum(alpha, 1)
    return np.concatenate([np.minimum(colors, 255), alpha], axis=2).astype(np.uint8)
