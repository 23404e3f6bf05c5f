"""The example scenes in the docstrings of the installed Manim, drawn by the engine and by Manim itself.

`python -m tests.studio.engine.docstrings [NAME]...` compares all of them (or those named) at a tiny size, in a few
minutes, lists what differs, and exits with 1 if anything does.
"""

from __future__ import annotations

import os
import pickle
import re
import signal
import sys
import tempfile
import textwrap
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import manim
import numpy as np
from manim import Scene
from manim.renderer.cairo_renderer import CairoRenderer

from scenes.stage.look import Look
from studio import stagehand
from studio.engine.codec import codec_for
from studio.engine.crew import Crew
from studio.engine.film import film
from studio.engine.inputs import Inputs
from studio.engine.painter import Picture
from studio.engine.renderer import SliceRenderer
from studio.engine.store import Store
from studio.scene_file import SceneFileClip
from tests.studio.engine.stock import FrameKeeper

LOOK = Look(short_side=60, fps=4)
PATIENCE = 60
"""Seconds for one example."""
TOLERANCE = 2
"""Of 255, as in the tests of the painter."""
DIRECTIVE = re.compile(
    r"^(?P<indent> *)\.\. manim:: (?P<name>\w+)[^\n]*\n(?P<body>(?:(?P=indent) +[^\n]*\n|\s*\n)+)", re.M
)


@dataclass(frozen=True)
class Outcome:
    """How an example fared: `equal`, `different`, `failed` (with us alone), or `not drawn` by Manim either."""

    kind: str
    detail: str = ""


def examples() -> dict[str, str]:
    """The source of every example by its name, as a file that can be rendered."""
    found = {}
    for path in sorted(Path(manim.__file__).parent.rglob("*.py")):
        for match in DIRECTIVE.finditer(path.read_text(encoding="utf-8")):
            lines = textwrap.dedent(match["body"]).splitlines()
            code = "\n".join(line for line in lines if not re.match(r":\w+:", line))
            if f"class {match['name']}(" in code:
                header = "" if "import *" in code else "from manim import *\n"
                found[match["name"]] = header + code
    return found


class KeepingRenderer(SliceRenderer):
    """Keeps what the engine draws."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.kept: list[np.ndarray] = []

    def _draw(self, scene: Scene) -> Picture:
        picture = super()._draw(scene)
        self.kept.append(picture.pixels.copy())
        return picture

    def _shoot(self, scene: Scene, repeat: int = 1) -> None:
        super()._shoot(scene, repeat)
        self.kept += [self.kept[-1]] * (repeat - 1)


def frames_by_manim(clip: SceneFileClip) -> list[np.ndarray]:
    """Frames as stock Manim draws them; of a scene that plays nothing, its picture."""
    with stagehand.configured(clip):
        stock = type("Stock", (CairoRenderer,), {})
        make = stock.__init__
        stock.__init__ = lambda self, *args, **options: make(
            self, *args, **{**options, "file_writer_class": FrameKeeper}
        )
        scene = stagehand.make_foreign_scene(clip, stock)
        scene.render()
        return scene.renderer.file_writer.frames or [scene.renderer.get_frame()]


def frames_by_engine(clip: SceneFileClip) -> list[np.ndarray]:
    """Frames as the engine draws them."""
    with tempfile.TemporaryDirectory() as store, stagehand.configured(clip) as folder:
        codec = codec_for(clip.output, transparent=False)
        crew = Crew(codec, LOOK.pixels, LOOK.fps, Store(Path(store)), clip.key(), Inputs(), draw_all=True)
        take = film(
            lambda slices: stagehand.make_foreign_scene(clip, type("Keeping", (KeepingRenderer, slices), {})),
            crew, folder,
        )  # fmt: skip
        return take.scene.renderer.kept or [take.poster]


def compare(name: str, source: str) -> Outcome:
    """Draw an example both ways, in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(PATIENCE)
        os.close(reading)
        for standard in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), standard)
        with os.fdopen(writing, "wb") as out:
            pickle.dump(_compare(name, source), out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        told = said.read()
    os.waitpid(pid, 0)
    return pickle.loads(told) if told else Outcome("not drawn", f"took longer than {PATIENCE} s")


def _compare(name: str, source: str) -> Outcome:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name.lower()}_example.py"
        path.write_text(source, encoding="utf-8")
        clip = SceneFileClip(path, name, LOOK)
        try:
            theirs = frames_by_manim(clip)
        except BaseException as error:
            return Outcome("not drawn", f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
        try:
            mine = frames_by_engine(clip)
        except BaseException as error:
            return Outcome("failed", f"{type(error).__name__}: {error}")
    if len(mine) != len(theirs):
        return Outcome("different", f"{len(mine)} frames, not {len(theirs)}")
    differences = [int(np.abs(a.astype(int) - b).max()) for a, b in zip(mine, theirs, strict=True)]
    if max(differences) > TOLERANCE:
        first = next(index for index, difference in enumerate(differences) if difference > TOLERANCE)
        return Outcome("different", f"by {max(differences)} of 255, first in frame {first} of {len(mine)}")
    return Outcome("equal", f"{len(mine)} frames")


def main(names: list[str]) -> int:
    """Compare examples and tell; the exit code is 1 if one differs or fails."""
    found = examples()
    outcomes = {}
    for name in names or found:
        outcomes[name] = compare(name, found[name])
        if outcomes[name].kind != "equal":
            print(f"{name}: {outcomes[name].kind}: {outcomes[name].detail}", flush=True)
    counts = Counter(outcome.kind for outcome in outcomes.values())
    print(", ".join(f"{count} {kind}" for kind, count in counts.most_common()), f"of {len(outcomes)} examples")
    return 1 if counts["different"] or counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
