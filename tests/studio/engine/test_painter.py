"""The painter draws what Manim's own camera draws, frame by frame, though it redraws only what changed."""

from __future__ import annotations

import PIL
import pytest

from explainers import find
from scenes.stage.look import Aspect, Look
from studio.clip import Clip
from studio.output import output_for
from studio.scene_file import scenes_in
from tests.studio.engine.conftest import SCENES, ComparingRenderer, Film, WatchingRenderer, scene_clip

TOLERANCE = 2
"""Of 255: compositing a part in another buffer rounds once more."""
NO_IMAGES = pytest.mark.skipif(
    int(PIL.__version__.split(".")[0]) >= 13, reason="Manim 0.22 itself cannot draw images with Pillow 13"
)
PICTURES = [
    pytest.param(scene, marks=[NO_IMAGES] if scene in ("Images", "Magnified") else [])
    for scene in scenes_in(SCENES / "pictures.py")
]


@pytest.mark.parametrize("scene", PICTURES)
def test_a_plain_scene_looks_as_with_manims_camera(filmed: Film, scene: str) -> None:
    take = filmed(scene_clip("pictures.py", scene), ComparingRenderer)
    differences = take.scene.renderer.differences
    assert len(differences) >= 5
    assert max(differences) <= TOLERANCE


@pytest.mark.parametrize(
    ("slug", "look"),
    [
        ("linear-transformations", Look(short_side=240, fps=2, theme="light")),
        # Heat maps, a turning surface, a cloud in space.
        ("attention", Look(short_side=240, fps=2)),
        ("gradient-descent", Look(short_side=240, fps=2)),
        ("pca", Look(short_side=240, fps=1, aspect=Aspect.SQUARE)),
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
