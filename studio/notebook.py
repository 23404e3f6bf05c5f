"""Clips inside a notebook: one import and one call render a clip, or find it rendered, and show it.

from studio.notebook import show

show("gradient-descent", learning_rate=0.3, look={"theme": "light"})
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.display import Video
from rich.console import Console

from explainers.model import problems
from scenes.stage.look import LookSettings
from studio.batch import Job, run
from studio.clip import MEDIA
from studio.files import is_fresh
from studio.lecture.theme_file import theme_of
from studio.problems import SelectionError
from studio.progress import Display
from studio.selection import select

LOOK = {"quality": "m"}
"""What a look has in a notebook when nothing is said: a cell is seldom wider than 1280 pixels."""


class RenderError(RuntimeError):
    """A scene failed. The message says in which beat, file and line."""


def show(name: str, *, look: Mapping[str, Any] | None = None, media: Path | str = MEDIA, **parameters: Any) -> Video:
    """Render a clip unless it is rendered already, and show it.

    Args:
        name: a slug, an explainer file (FILE.py) or a scene (FILE.py:NAME).
        look: what a lecture's [look] may say: theme, aspect, quality, fps, captions, transparent, language.
        media: the folder that keeps rendered clips.
        parameters: of the explainer.

    Returns:
        The video, embedded, so that the saved notebook plays anywhere.

    Raises:
        SelectionError: what is asked for cannot be done, in one sentence.
        RenderError: the scene failed.
    """
    (clip,) = select([name], parameters=parameters, wishes=_wishes({**LOOK, **(look or {})}))
    folder = Path(media).absolute() / clip.name
    if not is_fresh(folder, clip.key()):
        with Display(1, Console(highlight=False, force_jupyter=False, force_terminal=False)) as display:
            for event in run([Job(clip, folder)], 1):
                display.show(event)
        if display.failures:
            raise RenderError(display.summary()[0])
    return Video(filename=str(folder / f"{clip.slug}.mp4"), embed=True, html_attributes="controls playsinline")


def _wishes(look: Mapping[str, Any]) -> dict[str, Any]:
    found = problems(LookSettings, look, "the look has no")
    if found:
        raise SelectionError(f"{found[0].name}: {found[0].message}")
    wishes = LookSettings(**look).said()
    return {**wishes, **({"theme": theme_of(wishes["theme"], Path())} if "theme" in wishes else {})}
