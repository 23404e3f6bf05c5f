"""The scene of `eigenvectors` shows what the explainer computes, for its default and for unusual matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.linear_algebra.eigenvectors import Eigenvectors
from explainers.model import InvalidParameterError
from scenes.linear_algebra import eigenvectors_captions as words
from scenes.linear_algebra.eigenvectors import EigenvectorsScene
from scenes.linear_algebra.eigenvectors_arrows import Arrows
from scenes.linear_algebra.eigenvectors_kept_lines import KeptArrows, KeptLines
from scenes.linear_algebra.eigenvectors_powers import FibonacciWalk, PartTable, SplitVector
from scenes.linear_algebra.eigenvectors_step_chart import StepChart
from scenes.linear_algebra.eigenvectors_turning import Dial, TurningPlot
from scenes.pictures.grid import Plane
from scenes.stage.language import Language, speaking
from scenes.stage.look import Look
from scenes.stage.scene import Beat, ExplainerScene
from scenes.stage.stage import Stage
from scenes.stage.text import Size, TextLine
from tests.scenes.captions import check_captions

UNUSUAL = {
    "no line": {"matrix": ((0, -1), (1, 0)), "steps": 3},
    "one line": {"matrix": ((-1, 0), (-1, -1)), "start": (1, 0), "steps": 10},
    "every line": {"matrix": ((-2, 0), (0, -2))},
    "zero and negative": {"matrix": ((0, 0), (0.3, -1)), "start": (1, 0.3)},
}
LENGTH = (60.0, 120.0)
"""Seconds that a clip may last."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    from manim import config

    config.update({"media_dir": str(tmp_path_factory.mktemp("media")), "verbosity": "ERROR"})
    return Stage(Look())


def seen(scene: ExplainerScene, kind: type) -> list:
    """What is on stage of this kind, as things or as groups of things."""
    return [m for m in scene.get_mobject_family_members() if isinstance(m, kind)]


def by_chapter(staged, explainer: Eigenvectors, kinds: tuple[type, ...]) -> tuple[ExplainerScene, dict[str, list]]:
    """The scene as it ends, and copies of what stood on stage at the end of each chapter."""
    stills: dict[str, list] = {}

    def look_at(scene: ExplainerScene, beat: Beat) -> None:
        stills[beat.chapter] = [m.copy() for kind in kinds for m in seen(scene, kind)]

    return staged(explainer, on_beat_end=look_at), stills


def test_the_default_tells_the_whole_story(staged) -> None:
    scene, stills = by_chapter(staged, Eigenvectors(), (FibonacciWalk, StepChart))
    assert [beat.chapter for beat in scene.beats] == [
        "A fan of arrows",
        "The turning angle",
        "Just a number",
        "A better grid",
        "Trace, determinant",
        "Split, then multiply",
        "Again and again",
        "Fibonacci",
        "No such line",
        "Summary",
    ]
    captions = " ".join(beat.caption for beat in scene.beats)
    for told in ("20 of them", "exactly twice", "a number, 3 or 1", "trace 4", "determinant 3", "1.618", "±i"):
        assert told in captions
    smallest = 0.9 * scene.stage.em(Size.LABEL)
    assert all(line.em >= smallest for line in seen(scene, TextLine))
    (walk,) = (m for m in stills["Fibonacci"] if isinstance(m, FibonacciWalk))
    lattice = (walk.dots.points[::4] - walk.plane.origin)[:, :2] / walk.plane.unit
    np.testing.assert_allclose(lattice[-3:], [[13, 8], [21, 13], [34, 21]], atol=1e-9)
    (chart,) = (m for m in stills["Again and again"] if isinstance(m, StepChart))
    expected = chart.plot.points_at(np.arange(9.0), Eigenvectors().lean)
    np.testing.assert_allclose(chart.dots.points[::4], expected, atol=1e-9)


@pytest.mark.parametrize("values", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_matrices_end_on_their_own_summary(staged, values) -> None:
    lesson = Eigenvectors.configured(values)
    scene: EigenvectorsScene = staged(lesson)
    assert LENGTH[0] <= scene.beats[-1].end <= LENGTH[1]
    assert all(len(beat.caption.split()) <= 14 for beat in scene.beats)
    assert scene.beats[-1].caption == words.sum_up(lesson)
    assert len(scene.lines) == len(lesson.directions)
    (turning,) = seen(scene, TurningPlot)
    drawn = turning.curve.points.reshape(-1, 4, 3)
    across, turn = (np.concatenate(rows) for rows in zip(*lesson.turn_pieces(), strict=True))
    for point in (drawn[:, 0], drawn[:, 3]):
        nearest = np.abs(point[:, None] - turning.plot.points_at(across, turn)[None]).sum(axis=2).min(axis=1)
        assert nearest.max() < 1e-6


def test_the_dial_shows_arrow_image_and_wedge(stage) -> None:
    lesson = Eigenvectors()
    plane = Plane(stage.zones.main, 0.8)
    dial = Dial(stage, plane, lesson)
    for degrees in (0.0, 45.0, 77.0, 135.0):
        dial.put(degrees)
        np.testing.assert_allclose(_tip(dial.arrow, plane), _unit(degrees), atol=1e-9)
        np.testing.assert_allclose(_tip(dial.image, plane), np.array(lesson.matrix) @ _unit(degrees), atol=1e-9)
        corners = (dial.wedge.points[::4] - plane.origin)[1:, :2]
        angles = np.degrees(np.arctan2(corners[:, 1], corners[:, 0]))
        assert angles[-1] - angles[0] == pytest.approx(float(lesson.turn(degrees)), abs=1e-6)


def _unit(degrees: float) -> np.ndarray:
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


def _tip(arrow, plane) -> np.ndarray:
    """Where an arrow (plane coordinates) points: its corner furthest from the origin."""
    corners = (arrow.points - plane.origin)[:, :2] / plane.unit
    return corners[np.argmax(np.linalg.norm(corners, axis=1))]


def test_the_split_vector_and_its_table_agree(stage) -> None:
    lesson = Eigenvectors(matrix=((1, 2), (2, 1)), start=(2, -0.5), steps=5)
    plane = SplitVector.framing(stage.zones.main, lesson)
    picture, table = SplitVector(stage, plane, lesson), PartTable(stage, stage.zones.side, lesson)
    for n in range(picture.drawn_steps + 1):
        picture.put(n)
        np.testing.assert_allclose(_tip(picture.vector, plane), lesson.powers[n], atol=1e-9)
        shown = [number.value for number in table[1 + n]]
        np.testing.assert_allclose(shown, [n, *lesson.parts_after(n)])
    assert table[-1][0].value == 5


def test_kept_lines_run_along_the_eigenvectors(stage) -> None:
    lesson = Eigenvectors(matrix=((1, 2), (0, -1)))
    for line, direction in zip(KeptLines(stage, Plane(stage.zones.main, 0.8), lesson), lesson.directions, strict=True):
        start, end = line.get_start_and_end()
        along = (end - start)[:2] / np.linalg.norm(end - start)
        assert abs(along @ direction) == pytest.approx(1)


def test_kept_arrows_end_at_their_images(stage) -> None:
    lesson, plane = Eigenvectors(matrix=((1, 2), (2, 1))), Plane(stage.zones.main, 0.8)
    arrows = KeptArrows(stage, plane, lesson).put(1.0)
    for arrow, direction in zip(arrows.arrows, lesson.directions, strict=True):
        np.testing.assert_allclose(_tip(arrow, plane), np.array(lesson.matrix) @ direction, atol=1e-9)
    assert [tag.content for tag in arrows.tags(stage, np.zeros((0, 3)))] == ["$lambda_1 = 3$", "$lambda_2 = −1$"]


def test_a_fan_is_one_mobject_with_its_tips_where_they_belong(stage) -> None:
    ends = np.array([[1.0, 0, 0], [0, 2.0, 0], [0, 0, 0]])
    corners = Arrows(stage, np.zeros(3), ends).points.reshape(3, 7, 4, 3)[:, 3, 0]
    np.testing.assert_allclose(corners, ends)


def test_a_step_chart_shows_the_steps_that_are_done_and_can_be_measured(stage) -> None:
    values = np.array([1.0, 2.0, np.nan])
    chart = StepChart(stage, stage.zones.side, values, (0, 2), (0, 1, 2), y_label="y", first=1)
    assert [len(chart.put(step).dots.points) // 4 for step in (0, 1, 1.5, 2, 3)] == [0, 1, 1, 2, 2]


entries = st.integers(-6, 6).map(lambda halves: halves / 2)


matrices = st.tuples(st.tuples(entries, entries), st.tuples(entries, entries))
starts = st.tuples(entries, entries)


def said(matrix, start) -> list[str]:
    """Every caption of this matrix and start vector; none where they are refused."""
    try:
        lesson = Eigenvectors.configured({"matrix": matrix, "start": start})
    except InvalidParameterError:
        return []
    captions = [words.fan_out, words.sweep, words.redraw_grid, words.check_factors, words.apply_again, words.sum_up]
    captions += [words.grow_fibonacci, words.turn_everything]
    captions += [words.stretch] if lesson.kind != "no line" else []
    captions += [words.split] if lesson.kind == "two lines" else []
    return [caption(lesson) for caption in captions]


@settings(max_examples=50, deadline=None)
@given(matrices, starts)
def test_captions_are_short_for_every_matrix(matrix, start) -> None:
    for text in said(matrix, start):
        assert len(text.split()) <= 14 and text.endswith(".") and " nan" not in text and "(" not in text


@pytest.mark.parametrize("spoken", [each for each in Language if each is not Language.ENGLISH])
@settings(max_examples=50, deadline=None)
@given(matrix=matrices, start=starts)
def test_captions_are_short_in_each_language(spoken: Language, matrix, start) -> None:
    with speaking(spoken, "eigenvectors"):
        check_captions(said(matrix, start), spoken)
