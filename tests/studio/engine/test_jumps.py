"""A play's end is the same whether the play was jumped over or stepped through: no slice depends on who draws it."""

from __future__ import annotations

import pytest
from manim import Scene

from explainers import all_explainers
from studio import stagehand
from studio.clip import Clip
from studio.engine import renderer as engine
from studio.engine.painter import Painter
from studio.engine.renderer import SliceRenderer
from studio.scene_file import SceneFileClip, scenes_in
from tests.studio.engine.conftest import SCENES, SMALL, make_scene


class Nobody:
    """A crew that draws nothing."""

    naming = current = recorder = None
    is_child = draw_nothing = False
    stored: frozenset[int] = frozenset()

    def assign(self, span: object) -> None:
        """Nobody draws it."""

    def draws(self, span: object) -> bool:
        return False

    def spend(self, part: str, seconds: float) -> None:
        """Time is not counted."""

    def passed(self, span: object, frames: int) -> None:
        """Progress is not told."""

    def finish(self) -> None:
        """There is nobody to wait for."""


class DescribingRenderer(SliceRenderer):
    """Notes the display list after every play, by name, and the clock."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.seen: list[tuple[object, ...]] = []

    def play(self, scene: Scene, *args: object, **options: object) -> None:
        super().play(scene, *args, **options)
        painter = Painter(self.camera)
        animations = ", ".join(type(animation).__name__ for animation in scene.animations)
        self.seen.append((self.num_plays, animations, self.time, self.frames, painter.describe(scene.mobjects)))

    def scene_finished(self, scene: Scene) -> None:
        """No last picture."""


def displays(clip: Clip | SceneFileClip) -> list[tuple[object, ...]]:
    """What is to be seen after each play of the clip."""
    renderer = type("Both", (DescribingRenderer,), {"crew": Nobody()})
    with stagehand.configured(clip):
        scene = make_scene(clip, renderer)
        scene.render()
    return scene.renderer.seen


def check(clip: Clip | SceneFileClip, monkeypatch: pytest.MonkeyPatch) -> None:
    jumped = displays(clip)
    monkeypatch.setattr(engine, "can_jump", lambda scene: False)
    stepped = displays(clip)
    assert len(jumped) == len(stepped) > 0
    for jump, step in zip(jumped, stepped, strict=True):
        assert jump == step


@pytest.mark.parametrize("slug", all_explainers())
def test_the_suite_can_be_jumped_through(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Few frames, at times that no play was made for.
    check(Clip(all_explainers()[slug](), SMALL.wished({"fps": 3})), monkeypatch)


@pytest.mark.parametrize(
    ("file", "scene"),
    [(file, scene) for file in ("stepping.py", "animations.py") for scene in scenes_in(SCENES / file)],
)
def test_plain_scenes_can_be_jumped_through(file: str, scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(SceneFileClip(SCENES / file, scene, SMALL, seed=1), monkeypatch)
