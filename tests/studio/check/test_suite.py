"""The suite passes its own lint; and a clip that is spoiled on purpose does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from explainers import all_explainers, find
from scenes.pictures.shapes import Curve
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import Beat, ExplainerScene
from scenes.stage.text import TextLine
from studio import stagehand
from studio.check.finding import Severity
from studio.check.run import check_clip
from studio.clip import PROJECT, Clip
from studio.lecture.reading import read_lecture

MISSION = ("distributions", "linear-transformations", "attention", "gradient-descent")
SPOILED_BEAT = 3


UNUSUAL = PROJECT / "tests" / "scenes" / "unusual.toml"
LEAST_UNUSUAL = 3
"""Unusual settings of every explainer."""


def errors(clip: Clip) -> set[str]:
    """Rules that find an error in a clip."""
    return {f.rule for f in check_clip(clip) if f.severity is Severity.ERROR and not f.allowed}


def unusual() -> dict[str, list[Clip]]:
    """Clips with unusual settings, by explainer."""
    clips: dict[str, list[Clip]] = {}
    for clip in read_lecture(UNUSUAL).clips:
        clips.setdefault(clip.slug, []).append(clip)
    return clips


@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_the_default_clip_has_no_error(slug: str) -> None:
    assert errors(Clip(find(slug)(), Look())) == set()


def test_every_explainer_has_unusual_settings() -> None:
    clips = unusual()
    assert set(clips) == set(all_explainers())
    assert all(len(settings) >= LEAST_UNUSUAL for settings in clips.values())


@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_a_clip_with_unusual_settings_has_no_error(slug: str) -> None:
    """The first of each explainer, in a tall frame on white; `make check` looks at the others, and at all frames."""
    clip = unusual()[slug][0]
    assert errors(replace(clip, look=Look("light", Aspect.TALL))) == set()


ALL_LEAST = {
    "inputs": [-3, -3], "target": -20, "hidden_weights": [[-3, -3]] * 3, "hidden_biases": [-3] * 3,
    "output_weights": [-3] * 3, "output_bias": -3, "learning_rate": 0.0001,
}  # fmt: skip
EIGHT_WORDS = ["your", "clever", "children", "beside", "my", "old", "car", "are"]
LONG_WEIGHTS = [1.2345, 0.0012, 17.7, 33.3333, 2.5]


@pytest.mark.parametrize(
    ("slug", "parameters", "aspect"),
    [
        ("eigenvectors", {"matrix": [[2, 0.5], [0.5, 1]]}, Aspect.SQUARE),
        ("gradient-descent", {"surface": "rosenbrock", "learning_rate": 0.0004321, "steps": 123}, Aspect.TALL),
        ("central-limit-theorem", {"weights": LONG_WEIGHTS, "counts": [7, 31, 64]}, Aspect.TALL),
        ("attention", {"tokens": EIGHT_WORDS, "temperature": 3}, Aspect.TALL),
        ("chain-rule", {"depth": 2}, Aspect.TALL),
        ("maximum-likelihood", {"n": 5, "mu": -50, "sigma": 0.2, "seed": 0}, Aspect.SQUARE),
        ("backprop", ALL_LEAST, Aspect.TALL),
        ("bias-variance", {"simple": 3, "flexible": 6, "noise": 0.15, "points": 16, "datasets": 12}, Aspect.WIDE),
    ],
)
def test_settings_that_once_went_wrong(slug: str, parameters: dict[str, object], aspect: Aspect) -> None:
    """In each of these something once lay on something, or found no place."""
    assert errors(Clip(find(slug)(**parameters), Look(aspect=aspect))) == set()


def test_a_run_that_diverges_may_leap() -> None:
    """Without captions its map is so large that a step counts as a jump."""
    assert errors(Clip(find("gradient-descent")(), Look(captions=CaptionMode.NONE))) == set()


def label_of(scene: ExplainerScene) -> TextLine:
    """A word on stage that is neither caption nor heading."""
    title, caption = scene.stage.zones.title, scene.stage.zones.caption
    return next(
        m
        for m in scene.get_mobject_family_members()
        if isinstance(m, TextLine)
        and m.get_fill_opacity() == 1
        and m.width > 0.1
        and caption.top < m.get_center()[1] < title.bottom
    )


def onto_a_curve(scene: ExplainerScene) -> None:
    label = label_of(scene)
    y = label.get_center()[1]
    ends = ([label.get_left()[0] - 0.5, y, 0], [label.get_right()[0] + 0.5, y, 0])
    scene.add(Curve(scene.stage, ends, role="model"))
    scene.bring_to_front(label)


def halve(scene: ExplainerScene) -> None:
    label_of(scene).scale(0.5)


def grey_on_grey(scene: ExplainerScene) -> None:
    label_of(scene).set_fill(scene.stage.color("grid"))


def push_out(scene: ExplainerScene) -> None:
    label = label_of(scene)
    label.move_to([scene.stage.zones.frame.right, label.get_center()[1], 0])


def spoiled(scene_class: type[ExplainerScene], spoil: Callable[[ExplainerScene], None] | None) -> type[ExplainerScene]:
    """The scene with one thing done wrong in one beat; without `spoil`, its caption doubled."""

    class Spoiled(scene_class):
        @contextmanager
        def beat(self, caption: str, *, chapter: str | None = None) -> Iterator[Beat]:
            chosen = len(self.beats) + 1 == SPOILED_BEAT
            words = f"{caption} {caption}" if chosen and spoil is None else caption
            with super().beat(words, chapter=chapter) as beat:
                yield beat
                if chosen and spoil is not None:
                    spoil(self)

    return Spoiled


@pytest.mark.parametrize("slug", MISSION)
@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (onto_a_curve, "text-crossed"),
        (halve, "small-text"),
        (grey_on_grey, "contrast"),
        (push_out, "outside-margin"),
        (None, "caption-words"),
    ],
    ids=["onto a curve", "halved", "grey on grey", "pushed out", "caption doubled"],
)
def test_a_spoiled_copy_is_caught(slug: str, spoil, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = spoiled(stagehand.scene_class(Clip(find(slug)())), spoil)
    monkeypatch.setattr(stagehand, "scene_class", lambda clip: copy)
    assert rule in errors(Clip(find(slug)()))
