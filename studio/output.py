"""What a clip is written as: the kind of file, and how its frames are coded."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from difflib import get_close_matches

from studio.problems import SelectionError

FORMS = {
    "mp4": ("h264", "hevc", "av1"),
    "webm": ("vp9",),
    "mov": ("qtrle", "prores"),
    "gif": ("gif",),
    "webp": ("webp",),
    "png": ("png",),
    "still": ("png",),
}
"""Kinds of file and their codecs, the default first. `png` is a picture per frame, `still` the last one alone."""
TRANSPARENT_FORMS = ("webm", "mov", "gif", "webp", "png", "still")
HARDWARE = ("_nvenc", "_qsv", "_amf", "_videotoolbox", "_vaapi", "_v4l2m2m")
"""Endings of the names that FFmpeg gives to encoders in a machine's hardware."""


@dataclass(frozen=True)
class Output:
    """The form of a clip's main file; the default is an mp4 with H.264."""

    form: str = "mp4"
    codec: str = "h264"

    @property
    def file_name(self) -> str:
        """What follows the slug in the main file's name."""
        return ".png" if self.form == "still" else f".{self.form}"

    def to_json(self) -> dict[str, str]:
        """Plain data; `Output(**data)` reads it."""
        return asdict(self)


def output_for(form: str | None, codec: str | None, *, transparent: bool) -> Output:
    """The output that someone asked for; without a wish, what suits.

    Raises:
        SelectionError: a form that cannot be transparent, or a codec that does not go with it or is not there.
    """
    form = form or _form_of(codec) or ("webm" if transparent else "mp4")
    if transparent and form not in TRANSPARENT_FORMS:
        raise SelectionError(f"{form} has no transparency; take --format {', '.join(TRANSPARENT_FORMS)}.")
    codec = codec or FORMS[form][0]
    if codec not in FORMS[form] and not (form == "mp4" and codec.endswith(HARDWARE)):
        near = get_close_matches(codec, [name for names in FORMS.values() for name in names], 1)
        hint = f" Did you mean {near[0]}?" if near and near[0] != codec else ""
        hardware = ", or a hardware encoder by FFmpeg's name, such as h264_nvenc" if form == "mp4" else ""
        raise SelectionError(f"--codec {codec} does not go with {form}: take {', '.join(FORMS[form])}{hardware}.{hint}")
    if codec.endswith(HARDWARE) and not _can_open(codec):
        raise SelectionError(f"this machine has no encoder {codec}; {', '.join(FORMS['mp4'])} work everywhere.")
    return Output(form, codec)


def _form_of(codec: str | None) -> str | None:
    if codec and codec.endswith(HARDWARE):
        return "mp4"
    return next((form for form, codecs in FORMS.items() if codec in codecs), None)


def _can_open(encoder: str) -> bool:
    """Whether the hardware behind an encoder is there: only trying tells."""
    import av

    try:
        context = av.CodecContext.create(encoder, "w")
        context.width, context.height, context.pix_fmt = 640, 480, "yuv420p"
        context.framerate = 30
        context.open()
    except (av.FFmpegError, ValueError):
        return False
    return True
