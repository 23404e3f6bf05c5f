"""Renders plain scenes with Manim's own renderer: `python stock.py FILE WIDTH HEIGHT FPS SEED FOLDER`.

Writes the frames of every scene to `FOLDER/<scene>.npy`, shape (frames, height, width, 4).
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from pathlib import Path

import numpy as np
from manim import Scene, config
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter


class FrameKeeper(SceneFileWriter):
    """Keeps frames instead of writing files."""

    frames: list[np.ndarray]

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.frames = []

    def write_frame(self, pixels: np.ndarray, *, repeat: int = 1) -> None:
        self.frames += [pixels.copy()] * repeat

    def begin_animation(self, *args: object, **options: object) -> None:
        """No file per play."""

    def end_animation(self, *args: object, **options: object) -> None:
        """No file per play."""

    def finish(self) -> None:
        """No file."""

    def save_image(self, pixels: np.ndarray) -> None:
        """A scene without plays is one picture."""
        self.frames.append(pixels.copy())


def render(scene: type[Scene]) -> list[np.ndarray]:
    """The frames of a scene."""
    made = scene(renderer=CairoRenderer(file_writer_class=FrameKeeper, camera_class=camera_of(scene)))
    made.render()
    return made.renderer.file_writer.frames


def camera_of(scene: type[Scene]) -> type | None:
    """The camera that a scene's constructor would ask for."""
    import inspect

    default = inspect.signature(scene.__init__).parameters.get("camera_class")
    return default.default if default and default.default is not inspect.Parameter.empty else None


def main(file: str, width: str, height: str, fps: str, seed: str, folder: str) -> None:
    """Render all scenes of a file."""
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    for name, scene in vars(module).items():
        if isinstance(scene, type) and issubclass(scene, Scene) and scene.__module__ == module.__name__:
            with tempfile.TemporaryDirectory() as media:
                config.update(
                    {"media_dir": media, "pixel_width": int(width), "pixel_height": int(height),
                     "frame_rate": int(fps), "disable_caching": True, "progress_bar": "none", "verbosity": "ERROR"}
                )  # fmt: skip
                config.frame_width = config.frame_height * int(width) / int(height)
                config.seed = int(seed)
                np.save(Path(folder) / f"{name}.npy", np.array(render(scene)))


if __name__ == "__main__":
    main(*sys.argv[1:])
