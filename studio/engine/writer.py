"""Stands in for Manim's file writer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim.scene.scene_file_writer import SceneFileWriter

NAMELESS = ("autocreated", "unnamed")
"""What Manim calls sections that nobody named."""


class TakeWriter(SceneFileWriter):
    """Keeps a scene's sections, subcaptions and sound, and writes no file."""

    on_section: Callable[[], float]
    """Called when a part begins; gives the seconds from the start of the clip. Set by the renderer."""

    def __init__(self, settings: Any) -> None:
        self.announced: list[tuple[str, float]] = []
        self.on_section = lambda: 0.0
        super().__init__(settings)

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        """A new part begins."""
        super().next_section(name, type_, skip_animations)
        start = self.on_section()
        if name not in NAMELESS:
            self.announced.append((name, start))

    def write_frame(self, pixels: np.ndarray, *, repeat: int = 1) -> None:
        """Frames go another way."""

    def begin_animation(self, *args: object, **kwargs: object) -> None:
        """No file per play."""

    def end_animation(self, *args: object, **kwargs: object) -> None:
        """No file per play."""

    def add_partial_movie_file(self, hash_animation: str | None) -> None:
        """No file per play."""

    def finish(self) -> None:
        """No file."""

    def save_image(self, pixels: np.ndarray) -> None:
        """A scene without plays leaves no file of its own."""
