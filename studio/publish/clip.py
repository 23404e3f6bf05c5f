"""A rendered clip as it lies in its folder: the video, what is told about it, and its beats."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import av

from explainers import UnknownExplainerError, find
from explainers.model import Explainer
from scenes.stage.color import relative_luminance
from scenes.stage.theme import DARK, THEMES, Theme
from studio.files import PROVENANCE
from studio.problems import SelectionError

SUITE_TITLE = "The mathematics of AI, animated"
VIDEO_ENDINGS = (".mp4", ".webm", ".mov")
"""Videos that can be published, the most widely played first."""
SAFE_NAME = re.compile(r"[^\W_][\w.+-]*")
"""Names that mean themselves in an address, in TeX and in Markdown alike."""


class PublishError(SelectionError):
    """Something cannot be published. The message is one sentence: what, where, what is allowed."""


@dataclass(frozen=True)
class Beat:
    """One step of the story; `start` and `end` are seconds into the video, `index` counts from 1."""

    index: int
    caption: str
    chapter: str
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class RenderedClip:
    """The folder of one clip and the record in it; a foreign scene's record may lack any field."""

    folder: Path
    record: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> RenderedClip:
        """The clip rendered into `folder`.

        Raises:
            PublishError: there is no whole clip in it.
        """
        try:
            record = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise PublishError(f"{folder} holds no rendered clip: its {PROVENANCE} cannot be read.") from None
        clip = cls(folder, record if isinstance(record, dict) else {})
        if not clip.video.is_file():
            raise PublishError(f"{folder} holds no video; publishing needs one of *{', *'.join(VIDEO_ENDINGS)}.")
        for name in (clip.name, clip.video.name):
            if not SAFE_NAME.fullmatch(name):
                raise PublishError(
                    f"{name!r} cannot be published; a name may have letters, digits, '.', '_', '+' and '-'."
                )
        try:
            _ = clip.beats, clip.theme
        except (KeyError, TypeError, ValueError, AttributeError):
            raise PublishError(f"{folder / PROVENANCE} is damaged; render the clip again.") from None
        return clip

    @property
    def name(self) -> str:
        """Its folder's name: unique among the clips of one publication, and used for every file of it."""
        return self.folder.name

    @cached_property
    def video(self) -> Path:
        """The main file."""
        for ending in VIDEO_ENDINGS:
            for found in sorted(self.folder.glob(f"*{ending}")):
                return found
        return self.folder / "video.mp4"

    @property
    def poster(self) -> Path:
        """The last still, as a PNG at full size."""
        return self.folder / "poster.png"

    @property
    def title(self) -> str:
        """What it is called; a clip without a title goes by its name."""
        words = self.name.replace("-", " ").replace("_", " ")
        return one_line(self.record.get("title")) or words[0].upper() + words[1:]

    @property
    def insight(self) -> str:
        """The one thing to understand, or nothing."""
        return one_line(self.record.get("insight"))

    @property
    def alt(self) -> str:
        """What someone who does not see the video is told it shows."""
        return f"{self.title}. {self.insight}".strip()

    @property
    def language(self) -> str:
        """The language of the captions, as BCP 47 has it."""
        return str(self._look.get("language") or "en")

    @property
    def _look(self) -> dict[str, Any]:
        return self.record.get("look") or {}

    @cached_property
    def theme(self) -> Theme:
        """The theme it was drawn in; dark where the record names none we know."""
        theme = self._look.get("theme")
        if isinstance(theme, dict):
            return Theme.from_json(theme)
        return THEMES.get(theme, DARK)

    @property
    def scheme(self) -> str:
        """Whether its background is "light" or "dark"."""
        return "light" if relative_luminance(self.theme.background) > 0.5 else "dark"

    @property
    def captions_burned(self) -> bool:
        """Whether the captions are in the picture already."""
        return self._look.get("captions") == "burned"

    @property
    def facts(self) -> dict[str, Any]:
        """The computed numbers by name."""
        return self.record.get("facts") or {}

    @property
    def settings(self) -> dict[str, Any]:
        """The parameters by name."""
        return self.record.get("parameters") or {}

    @property
    def references(self) -> dict[str, str]:
        """The reference sections it illustrates: code → title."""
        return self.record.get("references") or {}

    @cached_property
    def explainer(self) -> type[Explainer] | None:
        """The explainer it stages, if it is one of the catalogue."""
        try:
            return find(self.record["explainer"])
        except (KeyError, UnknownExplainerError, TypeError):
            return None

    @cached_property
    def beats(self) -> tuple[Beat, ...]:
        """The beats in order, which cover the clip: what comes before the first one told is a beat too."""
        told = self.record.get("beats") or []
        starts = [float(beat["start"]) for beat in told]
        ends = [*starts[1:], float(told[-1]["end"])] if told else []
        words = [(one_line(beat.get("caption")), one_line(beat.get("chapter"))) for beat in told]
        if not told or starts[0] > 0.5 / self.fps:
            ends.insert(0, starts[0] if told else self._video_length)
            starts.insert(0, 0.0)
            words.insert(0, ("", self.title))
        return tuple(
            Beat(index, caption, chapter or f"Beat {index}", start, end)
            for index, ((caption, chapter), start, end) in enumerate(zip(words, starts, ends, strict=True), 1)
        )

    @property
    def duration(self) -> float:
        """Seconds to the end of the last beat."""
        return self.beats[-1].end

    @property
    def _video_length(self) -> float:
        with av.open(str(self.video)) as container:
            return container.duration / av.time_base

    @cached_property
    def _stream(self) -> tuple[int, int, float]:
        with av.open(str(self.video)) as container:
            stream = container.streams.video[0]
            return stream.width, stream.height, float(stream.guessed_rate)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._stream[:2]

    @property
    def fps(self) -> float:
        """Frames per second."""
        return self._stream[2]


def one_line(text: object) -> str:
    """Text without line breaks, which would end a cue, a heading or a cell; nothing for None."""
    return " ".join(str(text).split()) if text else ""


@dataclass(frozen=True)
class Publication:
    """What is published together, in order; without a title of its own it has the clip's, or the suite's."""

    given_title: str | None
    clips: tuple[RenderedClip, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return one_line(self.given_title) or (self.clips[0].title if len(self.clips) == 1 else SUITE_TITLE)
