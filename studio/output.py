"""What a clip is written as: the kind of file, and how its frames are coded."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Output:
    """The form of a clip's main file; the default is an mp4 with H.264."""

    form: str = "mp4"
    codec: str = "h264"

    def to_json(self) -> dict[str, str]:
        """Plain data; `Output(**data)` reads it."""
        return asdict(self)
