"""The painter draws what Manim's own camera draws, frame by frame, though it redraws only what changed."""

from __future__ import annotations

import pytest

from explainers import find
from scenes.stage.look import Aspect, Look
from studio.clip import Clip
from studio.engine.renderer import SliceRenderer
from studio.output import output_for
from studio.scene_file import scenes_in
from tests.studio.engine.conftest import SCENES, ComparingRenderer, Film, scene_clip

TOLERANCE = 2
"""Of 255: compositing a part in another buffer rounds once more."""
PICTURES = list(scenes_in(SCENES / "pictures.py"))


@pytest.mark.parametrize("scene", PICTURES)
def test_a_plain_scene_looks_as_with_manims_camera(filmed: Film, scene: str) -> None:
    take = filmed(scene_clip("pictures.py", scene), ComparingRenderer)
    differences = take.scene.renderer.differences
    assert len(differences) >= 5
    assert max(differences) <= TOLERANCE


@pytest.mark.parametrize(
    ("slug", "look"),
    [
        ("linear-transformations", Look(short_side=240, fps=2)),
        ("gradient-descent", Look(short_side=240, fps=1, theme="light")),
        ("central-limit-theorem", Look(short_side=240, fps=1, transparent=True, aspect=Aspect.TALL)),
    ],
)
def test_a_scene_of_the_suite_looks_as_with_manims_camera(filmed: Film, slug: str, look: Look) -> None:
    output = output_for(None, None, transparent=look.transparent)
    take = filmed(Clip(find(slug)(), look, output), ComparingRenderer)
    assert len(take.scene.renderer.differences) > 50
    assert max(take.scene.renderer.differences) <= TOLERANCE


@pytest.mark.parametrize("scene", PICTURES)
def test_every_frame_knows_where_it_differs_from_the_one_before(filmed: Film, scene: str) -> None:
    """What a picture does not call changed is as it was: the coder converts nothing else."""
    take = filmed(scene_clip("pictures.py", scene), WatchingRenderer)
    assert take.scene.renderer.unannounced == []


class WatchingRenderer(SliceRenderer):
    """Collects frames that differ in tiles which they do not call changed."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.unannounced: list[int] = []
        self._last = self._slice = None

    def _draw(self, scene):
        import numpy as np

        from studio.engine.painter import TILE

        picture = super()._draw(scene)
        # The first frame of a slice is whole.
        known = self._last is not None and self._slice == self.crew.current and picture.changed is not None
        if known:
            differs = (picture.pixels != self._last).any(axis=2)
            announced = np.kron(picture.changed, np.ones((TILE, TILE), bool))[: differs.shape[0], : differs.shape[1]]
            if (differs & ~announced).any():
                self.unannounced.append(self.frames)
        self._slice, self._last = self.crew.current, picture.pixels.copy()
        return picture
