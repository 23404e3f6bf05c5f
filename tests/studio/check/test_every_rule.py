"""Every rule is broken by one small scene and kept by its twin, which differs in what the rule is about alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from manim import FadeIn

from scenes.pictures.shapes import Curve, Dots, Region, rectangles
from scenes.stage.scene import ExplainerScene
from scenes.stage.theme import THEMES
from studio.check.rules import RULES, described
from tests.studio.check.conftest import Hasty, Sample

Construct = Callable[[ExplainerScene], None]


def in_one_beat(draw: Construct) -> Construct:
    """A story of one beat, which `draw` fills."""

    def construct(scene: ExplainerScene) -> None:
        with scene.beat("One step.", chapter="One"):
            draw(scene)

    return construct


def said(caption: str) -> Construct:
    """A story of one beat with this caption."""

    def construct(scene: ExplainerScene) -> None:
        with scene.beat(caption):
            pass

    return construct


def texts(gap: float) -> Construct:
    """Two words this far apart."""
    return lambda scene: scene.add(scene.stage.words("row"), scene.stage.words("sum").shift([gap, 0, 0]))


def word_and_line(height: float) -> Construct:
    """A word, and a line so high above its middle."""
    return lambda scene: scene.add(scene.stage.words("gradient").move_to([0, 0, 0]), level(scene, height))


def level(scene: ExplainerScene, height: float, role: str = "model") -> Curve:
    return Curve(scene.stage, np.array([[-4.0, height, 0], [4.0, height, 0]]), role)


def word(scale: float = 1.0, x: float = 0.0, opacity: float = 1.0) -> Construct:
    return lambda scene: scene.add(scene.stage.words("word").scale(scale).move_to([x, 0, 0]).set_opacity(opacity))


def two_roles(other: str) -> Construct:
    return lambda scene: scene.add(level(scene, -1, "data"), level(scene, 1, other))


def waits(*seconds: float) -> Construct:
    """A story of beats in which something moves for so long."""

    def construct(scene: ExplainerScene) -> None:
        for number, each in enumerate(seconds):
            with scene.beat(f"Step {number}."):
                dots = Dots(scene.stage, np.zeros((1, 2)), radius=0.2)
                scene.play(FadeIn(dots), run_time=each)

    return construct


def rest(seconds: float) -> Construct:
    """A motion, then a still."""

    def draw(scene: ExplainerScene) -> None:
        scene.play(FadeIn(Dots(scene.stage, np.zeros((1, 2)), radius=0.2)), run_time=5)
        if seconds:
            scene.wait(seconds)

    return draw


def walk(path: Callable[[float], float]) -> Construct:
    """A dot whose place is a function of progress."""

    def draw(scene: ExplainerScene) -> None:
        dot = Dots(scene.stage, np.array([[path(0.0), 0.0]]), radius=0.2)
        scene.add(dot)
        scene.play(scene.drive(lambda p: dot.put(np.array([[path(p), 0.0]])), dot, run_time=2.0))

    return draw


def panel(scene: ExplainerScene, width: float, height: float) -> Region:
    region = Region(scene.stage, None, "text", 1.0)
    region.points = rectangles(-width / 2, -height / 2, width / 2, height / 2)
    return region


def blink(width: float) -> Construct:
    """A panel that goes on and off five times a second."""

    def draw(scene: ExplainerScene) -> None:
        board = panel(scene, width, 6.0)
        scene.add(board)
        step = lambda p: board.set_fill(opacity=float(int(20 * p) % 2))  # noqa: E731
        scene.play(scene.drive(step, board, run_time=2.0, rate_func=lambda t: t))

    return draw


def kept_unseen(*, to_the_end: bool) -> Construct:
    """A word that is on stage unseen, to the end or until the last beat."""

    def construct(scene: ExplainerScene) -> None:
        hidden = scene.stage.words("hidden").set_opacity(0)
        scene.add(hidden)
        for number in range(4):
            with scene.beat(f"Step {number}."):
                if number == 3 and not to_the_end:
                    hidden.set_opacity(1)

    return construct


LONG = "word " * 13 + "word."
SLOW_TO_READ = "x" * 60
CASES: dict[str, tuple[Construct, Construct]] = {
    "text-over-text": (in_one_beat(texts(0.2)), in_one_beat(texts(2.0))),
    "text-crossed": (in_one_beat(word_and_line(0.0)), in_one_beat(word_and_line(0.5))),
    "outside-margin": (in_one_beat(word(x=6.9)), in_one_beat(word(x=5.5))),
    "small-text": (in_one_beat(word(scale=0.5)), in_one_beat(word())),
    "contrast": (in_one_beat(word(opacity=0.3)), in_one_beat(word())),
    "colour-blind": (in_one_beat(two_roles("error")), in_one_beat(two_roles("input"))),
    "caption-words": (said("Another " + LONG), said(LONG)),
    "caption-speed": (said(2 * SLOW_TO_READ), said("x" * 10)),
    "beat-length": (waits(25.0), waits(15.0)),
    "clip-length": (waits(15.0), waits(15.0, 15.0, 15.0)),
    "idle": (in_one_beat(rest(6.0)), in_one_beat(rest(0.0))),
    "jump": (in_one_beat(walk(lambda p: -4.0 if p < 0.5 else 4.0)), in_one_beat(walk(lambda p: 8 * p - 4))),
    "flash": (in_one_beat(blink(12.0)), in_one_beat(blink(2.0))),
    "stage-use": (in_one_beat(word()), in_one_beat(lambda scene: scene.add(panel(scene, 9.0, 5.0)))),
    "leftovers": (kept_unseen(to_the_end=True), kept_unseen(to_the_end=False)),
}
BASES = {"caption-speed": Hasty}
"""Where the usual scene cannot break a rule: its beats hold until their caption is read."""


def test_every_rule_has_a_scene_that_breaks_it_and_a_twin() -> None:
    assert list(CASES) == [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_is_broken_by_one_scene_and_kept_by_its_twin(rule: str, check, monkeypatch: pytest.MonkeyPatch) -> None:
    # No two roles of our own themes merge; an olive and a vermilion of equal lightness do.
    monkeypatch.setitem(THEMES, "light", replace(THEMES["light"], data="#7A6500", error="#C23F00"))
    breaking, twin = CASES[rule]
    look = {"theme": "light" if rule == "colour-blind" else "dark", "base": BASES.get(rule, ExplainerScene[Sample])}
    broken = [f for f in check(breaking, **look) if f.rule == rule]
    assert broken
    assert all(finding.message and not finding.allowed for finding in broken)
    assert rule not in {f.rule for f in check(twin, **look)}


@pytest.mark.parametrize("rule", CASES)
def test_a_case_of_each_rule_can_be_allowed_with_a_reason(rule: str, check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(THEMES, "light", replace(THEMES["light"], data="#7A6500", error="#C23F00"))

    def allowing(scene: ExplainerScene) -> None:
        scene.allow(rule, reason="A sample.")
        CASES[rule][0](scene)

    look = {"theme": "light" if rule == "colour-blind" else "dark", "base": BASES.get(rule, ExplainerScene[Sample])}
    assert {f.allowed for f in check(allowing, **look) if f.rule == rule} == {"A sample."}


def test_every_rule_says_why() -> None:
    text = described()
    for rule in RULES:
        assert f"{rule.id}  ({rule.severity})" in text
        assert rule.reason in text and rule.source in text
