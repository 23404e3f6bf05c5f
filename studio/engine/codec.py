"""How frames are coded: a row per form of output and codec, with settings measured on drawings, not on film."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

import av
from av.video.reformatter import ColorRange

from studio.output import Output

BT709 = 1
"""ITU-T H.273 code of BT.709, for primaries, transfer and matrix alike."""


@dataclass(frozen=True)
class Codec:
    """An encoder of FFmpeg's with its settings; segments are coded one thread each.

    Attributes:
        encoder: its name in FFmpeg.
        container: the format a segment is kept in.
        pixels: FFmpeg's name of the pixel format it takes.
        options: its settings.
    """

    encoder: str
    container: str
    pixels: str
    options: dict[str, str] = field(default_factory=dict)

    @property
    def has_alpha(self) -> bool:
        """Whether transparency is kept."""
        return self.pixels in ("argb", "rgba", "yuva420p", "yuva444p10le")

    def open(self, container: av.container.OutputContainer, size: tuple[int, int], fps: int) -> av.VideoStream:
        """A stream for frames of this size (width, height) in pixels."""
        stream = container.add_stream(self.encoder, rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = self.pixels
        stream.time_base = Fraction(1, fps)
        stream.options = self.options
        context = stream.codec_context
        context.thread_count = 1
        if self.pixels.startswith("yuv"):
            context.color_primaries = context.color_trc = context.colorspace = BT709
            context.color_range = ColorRange.MPEG
        with _same_priority():
            context.open()
        return stream


@contextmanager
def _same_priority() -> Iterator[None]:
    """Run by root, SVT-AV1 makes its threads and the thread that opens it real-time ones, before all others of the
    machine; every process started from there would be one too."""
    if not hasattr(os, "sched_setscheduler"):  # macOS, Windows
        yield
        return
    policy, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        if os.sched_getscheduler(0) != policy:
            for thread in os.listdir("/proc/self/task"):
                os.sched_setscheduler(int(thread), policy, parameter)


H264 = Codec(
    "libx264",
    "mp4",
    "yuv420p",
    {
        "preset": "veryfast",
        "qp": "29",
        "x264-params": "ipratio=2.2:bframes=0:rc-lookahead=0:sync-lookahead=0:mbtree=0:aq-mode=0:no-psy=1:weightp=0"
        ":scenecut=0:subme=0:me=dia:ref=1:no-deblock=1",
    },
)
"""What x264 does to look good on camera noise costs drawings time and sharpness. A constant quantiser saves the
second, coarser picture that rate control analyses; a finer one for key frames pays, as most of a drawing stands
still after them. The table is in docs/benchmarks.md."""

_PLAIN = {
    ("mp4", "h264"): H264,
    ("mp4", "hevc"): Codec(
        "libx265",
        "mp4",
        "yuv420p",
        {
            "preset": "superfast",
            "crf": "24",
            "x265-params": "pools=none:frame-threads=1:bframes=0:rc-lookahead=0:log-level=none",
        },
    ),
    ("mp4", "av1"): Codec(
        "libsvtav1",
        "mp4",
        "yuv420p",
        # With the order of frames as they are shown (pred-struct=1), one segment in fifteen waited for its encoder
        # for ever where the processors are busy.
        {"preset": "10", "crf": "32", "svtav1-params": "lp=1:pred-struct=2:scd=0"},
    ),
    ("webm", "vp9"): Codec(
        "libvpx-vp9",
        "webm",
        "yuv420p",
        {"crf": "26", "b": "0", "deadline": "good", "cpu-used": "5", "lag-in-frames": "0", "auto-alt-ref": "0"},
    ),
    ("mov", "qtrle"): Codec("qtrle", "mov", "argb"),
    ("mov", "prores"): Codec("prores_ks", "mov", "yuva444p10le", {"profile": "4", "vendor": "apl0"}),
}
_LOSSLESS = Codec("qtrle", "mov", "argb")
"""Between the slices and a form that is made of the whole clip at once."""


def codec_for(output: Output, *, transparent: bool) -> Codec:
    """The codec of an output's segments."""
    codec = _PLAIN.get((output.form, output.codec))
    if codec is None and output.form in ("gif", "webp", "png"):
        return _LOSSLESS
    if codec is None:  # an encoder by FFmpeg's own name: hardware
        return Codec(output.codec, "mp4", "yuv420p")
    if transparent and codec.pixels == "yuv420p":
        return Codec(codec.encoder, codec.container, "yuva420p", codec.options)
    return codec
