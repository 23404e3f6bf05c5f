"""Colours, captions, pace, motion and stage: each rule is broken once and kept once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from manim import FadeIn, FadeOut

from scenes.pictures.shapes import Curve, Dots, Region, rectangles
from scenes.stage.color import ciede2000, difference, hex_of, rgb
from scenes.stage.scene import ExplainerScene
from scenes.stage.theme import THEMES
from studio.check.motion_rules import opposing_changes
from tests.studio.check.conftest import Hasty


def strokes(scene: ExplainerScene, *roles: str) -> list[Curve]:
    """Level lines, one per role, well apart."""
    return [Curve(scene.stage, np.array([[-5.0, i, 0], [5.0, i, 0]]), role, width=4.0) for i, role in enumerate(roles)]


def panel(scene: ExplainerScene, width: float, height: float, role: str = "model", opacity: float = 1.0) -> Region:
    """A filled rectangle in the middle of the frame."""
    region = Region(scene.stage, None, role, opacity)
    region.points = rectangles(-width / 2, -height / 2, width / 2, height / 2)
    return region


# --- colour-blind -----------------------------------------------------------------------------------------


def test_colours_that_merge_are_found(found, monkeypatch: pytest.MonkeyPatch) -> None:
    # Our own themes keep their roles apart: an olive and a vermilion of equal lightness do not.
    theme = replace(THEMES["light"], data="#7A6500", error="#C23F00")
    monkeypatch.setitem(THEMES, "light", theme)
    assert difference(theme.color("data"), theme.color("error")) > 10
    (finding,) = found(lambda scene: scene.add(*strokes(scene, "data", "error")), "colour-blind", theme="light")
    assert finding.severity == "warning"
    assert "look alike to protan viewers" in finding.message


def test_colours_that_stay_apart_or_mean_nothing_are_not_found(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        # first is model, second is error: the same colours are meant to be alike
        scene.add(*strokes(scene, "input", "error", "second", "muted", "parameter", "grid"))

    assert not found(draw, "colour-blind")


def test_ciede2000_agrees_with_published_values() -> None:
    # Sharma, Wu and Dalal (2005), Table 1, pairs 1, 7, 17, 20 and 25.
    pairs = [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (50, 3.2592, 0.3350), 1.0000),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ]
    for one, other, expected in pairs:
        assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


def test_greys_look_the_same_to_everyone() -> None:
    for kind in ("protan", "deutan", "tritan"):
        assert difference("#404040", "#C0C0C0", kind) == pytest.approx(difference("#404040", "#C0C0C0"), abs=0.05)
    assert hex_of(rgb("#12AB9F")) == "#12AB9F"


# --- captions and pace ------------------------------------------------------------------------------------


def beats(*captions: str, wait: float = 0.0):
    """A scene of beats in which nothing moves, each `wait` seconds long or as long as it takes to read it."""

    def construct(scene: ExplainerScene) -> None:
        for caption in captions:
            with scene.beat(caption):
                if wait:
                    scene.wait(wait)

    return construct


def rules(findings) -> set[str]:
    return {finding.rule for finding in findings}


def test_a_caption_has_at_most_fourteen_words(check) -> None:
    fourteen = "One two three four five six seven eight nine ten eleven twelve thirteen = fourteen."
    assert "caption-words" not in rules(check(beats(fourteen)))
    (finding,) = (f for f in check(beats(fourteen + " Fifteen.")) if f.rule == "caption-words")
    assert "15 words" in finding.message


@pytest.mark.parametrize(("seconds", "is_found"), [(6.0, True), (8.0, False)])
def test_a_caption_can_be_read_in_its_time(check, seconds: float, is_found: bool) -> None:
    # 120 characters at 17 a second ask for 7.06 s. The usual scene would hold until they are read.
    findings = check(beats("x" * 120, wait=seconds - 1), base=Hasty)
    assert ("caption-speed" in rules(findings)) == is_found


@pytest.mark.parametrize(("seconds", "is_found"), [(1.0, True), (3.0, False)])
def test_a_caption_that_a_scene_adds_itself_counts_too(check, seconds: float, is_found: bool) -> None:
    def construct(scene: ExplainerScene) -> None:
        with scene.beat("Look."):
            scene.add_subcaption("A remark of forty characters, all told.", duration=seconds)
            scene.wait(3)

    assert ("caption-speed" in rules(check(construct))) == is_found
    fifteen = " ".join(["word"] * 15)

    def wordy(scene: ExplainerScene) -> None:
        with scene.beat("Look."):
            scene.add_subcaption(fifteen, duration=9)

    assert "caption-words" in rules(check(wordy))


def test_a_beat_lasts_six_to_twenty_seconds(check) -> None:
    assert "beat-length" in rules(check(beats("Long.", wait=20)))
    assert "beat-length" not in rules(check(beats("Short.", "Longer.", wait=18)))


def test_a_clip_lasts_forty_to_a_hundred_and_twenty_seconds(check) -> None:
    assert "clip-length" in rules(check(beats("One.", "Two.")))
    assert "clip-length" not in rules(check(beats(*("One.",) * 7)))
    assert "clip-length" in rules(check(beats(*("One.",) * 7, wait=18)))


@pytest.mark.parametrize(("moving", "waiting", "is_found"), [(5, 4, True), (5, 0, False), (1, 0, False), (1, 8, True)])
def test_a_still_stands_no_longer_than_needed(found, moving: float, waiting: float, is_found: bool) -> None:
    def draw(scene: ExplainerScene) -> None:
        dots = Dots(scene.stage, np.zeros((1, 2)), radius=0.2)
        scene.play(FadeIn(dots), run_time=moving)
        if waiting:
            scene.wait(waiting)

    assert bool(found(draw, "idle")) == is_found


# --- motion -----------------------------------------------------------------------------------------------


def walker(scene: ExplainerScene, path, run_time: float = 2.0) -> None:
    """A dot whose place is a function of progress."""
    dot = Dots(scene.stage, np.array([path(0.0)]), radius=0.2)
    scene.add(dot)
    scene.play(scene.drive(lambda p: dot.put(np.array([path(p)])), dot, run_time=run_time))


def test_a_dot_that_is_suddenly_elsewhere_jumps(found) -> None:
    (finding,) = found(lambda scene: walker(scene, lambda p: (-4 if p < 0.5 else 4, 0)), "jump")
    assert "a Dots jumps 8.0 units at 1.0 s" in finding.message


def test_what_is_put_elsewhere_between_plays_jumps(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        word = scene.stage.words("here").shift([-4, 0, 0])
        scene.play(FadeIn(word))
        word.shift([8, 0, 0])
        scene.wait(0.5)

    (finding,) = found(draw, "jump")
    assert "“here” jumps" in finding.message


def test_what_leaves_over_an_edge_may_come_back_elsewhere(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        dot = Dots(scene.stage, np.array([[-4.0, 0.0]]), radius=0.2)
        scene.add(dot)

        def step(progress: float) -> None:
            places = [[-4.0, 0.0]] if progress < 0.3 else [[4.0, 0.0]] if progress > 0.7 else np.zeros((0, 2))
            dot.put(np.array(places))

        scene.play(scene.drive(step, dot, run_time=2.0))

    assert not found(draw, "jump")


def test_walking_fading_and_growing_are_no_jumps(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        walker(scene, lambda p: (8 * p - 4, 0))
        word = scene.stage.words("there").shift([-4, 2, 0])
        scene.play(FadeIn(word), run_time=0.5)
        scene.play(FadeOut(word), run_time=0.5)
        word.shift([8, 0, 0])
        scene.play(FadeIn(word), run_time=0.5)
        curve = Curve(scene.stage, np.array([[-5.0, -2, 0], [-4.9, -2, 0]]))
        scene.add(curve)
        scene.wait(0.2)
        curve.put(np.array([[-5.0, -2, 0], [5.0, -2, 0]]))
        scene.wait(0.2)

    assert not found(draw, "jump")


def blink(scene: ExplainerScene, width: float, times: int) -> None:
    """A panel that goes black and white so many times in two seconds."""
    board = panel(scene, width, 6.0, "text")
    scene.add(board)
    step = lambda p: board.set_fill(opacity=float(int(p * 2 * times) % 2))  # noqa: E731
    scene.play(scene.drive(step, board, run_time=2.0, rate_func=lambda t: t))


@pytest.mark.parametrize(("width", "times", "is_found"), [(12.0, 10, True), (12.0, 4, False), (2.0, 10, False)])
def test_large_and_fast_flashes_are_found(found, width: float, times: int, is_found: bool) -> None:
    assert bool(found(lambda scene: blink(scene, width, times), "flash")) == is_found


def test_flashes_made_by_adding_and_removing_are_found(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        board = panel(scene, 12.0, 6.0, "text")
        for _ in range(10):
            scene.add(board)
            scene.wait(0.1)
            scene.remove(board)
            scene.wait(0.1)

    assert found(draw, "flash")


def test_brightening_in_steps_is_no_flash() -> None:
    ramp = np.linspace(0, 0.75, 12)[:, None, None] * np.ones((1, 2, 2))
    assert opposing_changes(ramp).sum(axis=0).max() <= 1
    there_and_back = np.concatenate([ramp, ramp[::-1], ramp])
    assert opposing_changes(there_and_back).sum(axis=0).max() == 3


# --- stage ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "is_found"), [(0.0, False), (5.8, False), (6.6, True), (9.0, True), (-6.6, True)])
def test_nothing_reaches_into_the_margin(found, x: float, is_found: bool) -> None:
    findings = found(lambda scene: scene.add(scene.stage.words("word").move_to([x, 0, 0])), "outside-margin")
    assert bool(findings) == is_found
    if x == 9.0:
        assert "“word” is outside the frame" in findings[0].message


def test_unseen_things_and_backdrops_may_reach_anywhere(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        scene.add(panel(scene, 15.0, 9.0, "surface"))
        scene.add(scene.stage.words("word").shift([7, 0, 0]).set_opacity(0))
        scene.add(panel(scene, 1.0, 1.0, "background").shift([7, 0, 0]))
        scene.add(Curve(scene.stage).shift([9, 0, 0]), Dots(scene.stage, np.zeros((0, 2))))

    assert not found(draw, "outside-margin")


def test_the_radius_of_dots_counts(found) -> None:
    place = np.array([[6.4, 0.0]])
    assert not found(lambda scene: scene.add(Dots(scene.stage, place, radius=0.05)), "outside-margin")
    assert found(lambda scene: scene.add(Dots(scene.stage, place, radius=0.3)), "outside-margin")


def test_an_empty_and_a_crowded_stage_are_found(found) -> None:
    (empty,) = found(lambda scene: scene.add(scene.stage.words("tiny")), "stage-use")
    assert "are used" in empty.message

    def crowd(scene: ExplainerScene) -> None:
        word = scene.stage.words("x")
        scene.add(panel(scene, 9.0, 5.0, "surface"))
        scene.add(*(word.copy().move_to([i % 10 - 4.5, 2.5 - i // 10, 0]) for i in range(50)))

    (crowded,) = found(crowd, "stage-use")
    assert "50 texts" in crowded.message
    assert not found(lambda scene: scene.add(panel(scene, 9.0, 5.0)), "stage-use")


def test_what_stays_unseen_to_the_end_is_left_over(check) -> None:
    def construct(scene: ExplainerScene) -> None:
        forgotten, used = scene.stage.words("forgotten"), scene.stage.words("used").shift([0, 2, 0])
        scene.add(forgotten.set_opacity(0), used.set_opacity(0))
        for number in range(4):
            with scene.beat(f"Step {number}."):
                if number == 3:
                    used.set_opacity(1)

    (finding,) = (f for f in check(construct) if f.rule == "leftovers")
    assert "“forgotten”" in finding.message
