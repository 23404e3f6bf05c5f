"""Shared by all tests: a clip staged without drawing or encoding; modules and settings of one's own are forgotten."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from explainers.model import Explainer
from scenes.stage.look import Look
from scenes.stage.scene import ExplainerScene

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Tests that run in the background: commands that they start would have Ctrl-C ignored too.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An explainer of one's own is a module named as its file: a copy in another folder would be refused."""
    before, path = set(sys.modules), list(sys.path)
    yield
    sys.path[:] = path
    folders = (Path(__file__).parents[1] / "examples", tmp_path_factory.getbasetemp())
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        if file and any(Path(file).is_relative_to(folder) for folder in folders):
            del sys.modules[name]


@pytest.fixture(autouse=True)
def own_configuration() -> Iterator[None]:
    """Manim's configuration is global, and a scene sets its background there as soon as it is made."""
    if "manim" not in sys.modules:  # tests of the mathematics need none
        yield
        return
    from manim import tempconfig

    with tempconfig({}):
        yield


@pytest.fixture
def staged() -> Iterator[Callable[..., ExplainerScene]]:
    """`staged(explainer, look)` plays the whole scene without drawing and returns it as it ends."""
    from studio import stagehand
    from studio.clip import Clip

    with ExitStack() as stack:

        def stage(explainer: Explainer, look: Look | None = None, **options: object) -> ExplainerScene:
            clip = Clip(explainer, look or Look(fps=15))
            stack.enter_context(stagehand.configured(clip))
            scene = stagehand.make_scene(clip, skip_animations=True, **options)
            scene.renderer.update_frame = lambda *args, **kwargs: None
            scene.render()
            return scene

        yield stage
