"""How a clip looks, apart from what it says: theme, aspect, size, rate and caption mode."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

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
    """The look of one clip. The default is what `make videos` renders: full HD, at the rate of most lectures."""

    theme: str = "dark"
    aspect: Aspect = Aspect.WIDE
    captions: CaptionMode = CaptionMode.BURNED
    short_side: int = 1080
    fps: int = 30
    transparent: bool = False
    """No background: for slides that have their own."""

    SHORT_SIDE_UNITS = 8.0
    """Scene units along the short side of the frame, whatever the aspect: Manim's usual frame height."""

    @property
    def colors(self) -> Theme:
        """The theme's colours by role."""
        return THEMES[self.theme]

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

    def to_json(self) -> dict[str, str | int | bool]:
        """Plain data that names this look; `Look(**data)` is not meant, `from_json` is."""
        return {key: str(value) if isinstance(value, StrEnum) else value for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: dict[str, str | int | bool]) -> Look:
        """The look that `to_json` wrote."""
        return cls(**{**data, "aspect": Aspect(data["aspect"]), "captions": CaptionMode(data["captions"])})


def _even(length: float) -> int:
    return 2 * round(length / 2)
