"""How a clip looks, apart from what it says: theme, aspect, size, rate, caption mode and language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from explainers.catalogue import nearest
from explainers.model import parameter
from scenes.stage.language import Language
from scenes.stage.theme import THEMES, Theme


class Aspect(StrEnum):
    """Width to height of the frame."""

    WIDE = "16:9"
    CLASSIC = "4:3"
    SQUARE = "1:1"
    TALL = "9:16"

    @property
    def ratio(self) -> float:
        """Width divided by height."""
        width, height = self.value.split(":")
        return int(width) / int(height)


class CaptionMode(StrEnum):
    """Where captions go: nowhere, into side files only, or also into the picture."""

    NONE = "none"
    SIDECAR = "sidecar"
    BURNED = "burned"


@dataclass(frozen=True)
class Quality:
    """A named resolution, as Manim's `-q` flags have it: pixels of the short side, frames per second."""

    short_side: int
    fps: int


QUALITIES = {
    "l": Quality(480, 15),
    "m": Quality(720, 30),
    "h": Quality(1080, 60),
    "p": Quality(1440, 60),
    "k": Quality(2160, 60),
}


@dataclass(frozen=True)
class Look:
    """The look of one clip. The default is what `make videos` renders: full HD, at the rate of most lectures.

    `theme` is the name of one of `THEMES`, or a theme of someone's own.
    """

    theme: str | Theme = "dark"
    aspect: Aspect = Aspect.WIDE
    captions: CaptionMode = CaptionMode.BURNED
    short_side: int = 1080
    fps: int = 30
    transparent: bool = False
    """No background: for slides that have their own."""
    language: Language = Language.ENGLISH
    """Of captions, labels and numbers."""

    SHORT_SIDE_UNITS = 8.0
    """Scene units along the short side of the frame, whatever the aspect: Manim's usual frame height."""

    @property
    def colors(self) -> Theme:
        """The theme's colours by role."""
        return self.theme if isinstance(self.theme, Theme) else THEMES[self.theme]

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in pixels, both even, as H.264's 4:2:0 asks."""
        ratio = self.aspect.ratio
        if ratio >= 1:
            return _even(self.short_side * ratio), _even(self.short_side)
        return _even(self.short_side), _even(self.short_side / ratio)

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height in scene units; exactly proportional to `pixels`."""
        width, height = self.pixels
        unit = self.SHORT_SIDE_UNITS / min(width, height)
        return width * unit, height * unit

    def wished(self, wishes: Mapping[str, Any]) -> Look:
        """This look with some of it changed; `wishes` are fields, and `quality` for size and rate together.

        A rate of its own goes before the quality's.
        """
        fields = {name: value for name, value in wishes.items() if name != "quality"}
        preset = QUALITIES.get(wishes.get("quality", ""))
        return replace(self, **({**asdict(preset), **fields} if preset else fields))

    def to_json(self) -> dict[str, Any]:
        """Plain data that names this look; `Look(**data)` is not meant, `from_json` is."""
        return {key: str(value) if isinstance(value, StrEnum) else value for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Look:
        """The look that `to_json` wrote."""
        theme = data["theme"] if isinstance(data["theme"], str) else Theme.from_json(data["theme"])
        aspect, captions = Aspect(data["aspect"]), CaptionMode(data["captions"])
        language = Language(data["language"])
        return cls(**{**data, "theme": theme, "aspect": aspect, "captions": captions, "language": language})


class LookSettings(BaseModel):
    """What a user may say about a look, as in a lecture's [look] table: `said()` is that and no more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: str = parameter(
        "dark",
        "colours for dark or for white slides, or your own",
        allowed=f"{' or '.join(THEMES)}, or a theme file (.toml)",
    )
    aspect: Aspect = parameter(
        Aspect.WIDE, "width to height of the frame", allowed=f"one of {', '.join(aspect.value for aspect in Aspect)}"
    )
    quality: Literal["l", "m", "h", "p", "k"] = parameter(
        None,
        "480p15, 720p30, 1080p60, 1440p60 or 2160p60; left out it is 1080p30",
        allowed=f"one of {', '.join(QUALITIES)}",
    )
    fps: int = parameter(30, "frames per second, instead of the quality's", ge=1, le=120)
    captions: CaptionMode = parameter(
        CaptionMode.BURNED,
        "in the picture and in side files, in side files only, or none",
        allowed=f"one of {', '.join(mode.value for mode in reversed(CaptionMode))}",
    )
    transparent: bool = parameter(False, "no background: for slides that have their own")
    language: Language = parameter(
        Language.ENGLISH, "of captions, labels and numbers", allowed=f"one of {', '.join(Language)}"
    )

    @field_validator("language", mode="before")
    @classmethod
    def _known(cls, language: object) -> object:
        if language not in list(Language):
            raise ValueError(f"there is no such language; {nearest(str(language), Language)}")
        return language

    def said(self) -> dict[str, Any]:
        """The settings that were given, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def _even(length: float) -> int:
    return 2 * round(length / 2)
