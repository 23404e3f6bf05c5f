"""Shared by all tests: a clip staged without drawing or encoding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from explainers.model import Explainer
from scenes.stage.look import Look
from scenes.stage.scene import ExplainerScene


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
