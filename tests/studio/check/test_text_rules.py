"""Text that cannot be read is found; text that can is left in peace."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from manim import DOWN, Text, Transform, VMobject

import scenes.pictures.tiles as tiles_module
from scenes.pictures.labels import tag
from scenes.pictures.shapes import Curve, Dots, Region, rectangles
from scenes.pictures.tiles import Tiles, Writing, grid_boxes, role_shade
from scenes.stage.camera import StageCamera
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import Stage
from scenes.stage.text import TextLine
from scenes.stage.zones import Zone


def word(scene: ExplainerScene, role: str = "text") -> TextLine:
    """A word in the middle of the frame."""
    return scene.stage.words("gradient", role=role).move_to([0, 0, 0])


def line(scene: ExplainerScene, height: float = 0.0, role: str = "model") -> Curve:
    """A level line right across the stage."""
    return Curve(scene.stage, np.array([[-5.0, height, 0], [5.0, height, 0]]), role, width=2.0)


def box(scene: ExplainerScene, left: float, right: float, role: str = "model", opacity: float = 0.5) -> Region:
    """A filled rectangle, two units high, around the middle."""
    region = Region(scene.stage, None, role, opacity)
    region.points = rectangles(left, -1.0, right, 1.0)
    return region


# --- text-over-text ---------------------------------------------------------------------------------------


def test_two_texts_at_one_place_overlap(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        scene.add(scene.stage.words("softmax"), scene.stage.number(0.37).shift([0.2, 0.1, 0]))

    (finding,) = found(draw, "text-over-text")
    assert "“softmax” and “0.37” overlap by" in finding.message
    assert (finding.beat, finding.chapter, len(finding.boxes)) == (1, "One", 2)


def test_a_word_over_a_formula_overlaps(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        scene.add(scene.stage.math("x^2 + y^2 = {{ r : model }}^2"), Text("hello", font_size=40))

    assert found(draw, "text-over-text")


@pytest.mark.parametrize("gap", [0.0, 0.1])
def test_line_boxes_that_only_touch_do_not_overlap(found, gap: float) -> None:
    def draw(scene: ExplainerScene) -> None:
        upper = scene.stage.words("no")
        scene.add(upper, scene.stage.words("mean").next_to(upper, DOWN, buff=gap))

    assert not found(draw, "text-over-text")


def test_unseen_texts_do_not_overlap(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        scene.add(scene.stage.words("seen"), scene.stage.words("gone").set_opacity(0))
        hidden = scene.stage.words("hidden").move_to([3, 0, 0])
        scene.add(hidden, box(scene, 2, 4, "surface", 1.0), scene.stage.words("in front").shift([3, 0, 0]))

    assert not found(draw, "text-over-text")


def test_a_text_that_became_another_is_one_text(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        first, second = scene.stage.words("first"), scene.stage.words("second")
        scene.add(first)
        scene.play(Transform(first, second), run_time=0.5)

    assert not found(draw, "text-over-text")


# --- text-crossed -----------------------------------------------------------------------------------------


def test_a_line_through_a_word_crosses_it(found) -> None:
    (finding,) = found(lambda scene: scene.add(word(scene), line(scene)), "text-crossed")
    assert finding.severity == "error"
    assert finding.message == "“gradient” is crossed by a Curve"


def test_a_line_in_front_or_behind_crosses_alike(found) -> None:
    assert found(lambda scene: scene.add(line(scene), word(scene)), "text-crossed")


def test_the_edge_of_a_shape_crosses(found) -> None:
    assert found(lambda scene: scene.add(box(scene, 0, 3), word(scene)), "text-crossed")


def test_a_faint_grid_line_is_a_warning(found) -> None:
    for theme in ("dark", "light"):
        (finding,) = found(
            lambda scene: scene.add(line(scene, role="grid"), word(scene)),
            "text-crossed",
            theme=theme,
        )
        assert finding.severity == "warning"


def test_lines_beside_or_under_a_word_do_not_cross(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        scene.add(word(scene), line(scene, -0.25), line(scene, 0.25), box(scene, 2, 3))

    assert not found(draw, "text-crossed")


def test_a_word_inside_a_shape_is_not_crossed(found) -> None:
    assert not found(lambda scene: scene.add(box(scene, -3, 3), word(scene)), "text-crossed")


def test_a_rim_keeps_a_line_off_a_name(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        scene.add(box(scene, -3, 3), line(scene), tag(scene.stage, "$u$").move_to([0, 0, 0]))

    assert not found(draw, "text-crossed")


def test_a_rim_does_not_help_against_a_line_in_front(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        scene.add(tag(scene.stage, "gradient").move_to([0, 0, 0]), line(scene))

    (finding,) = found(draw, "text-crossed")
    assert finding.severity == "error"


def test_a_line_hidden_by_a_panel_does_not_cross(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        scene.add(line(scene), box(scene, -3, 3, "surface", 1.0), word(scene))

    assert not found(draw, "text-crossed")


def test_the_bar_of_a_fraction_is_part_of_the_formula(found) -> None:
    assert not found(lambda scene: scene.add(scene.stage.math("(a + b)/2 + sqrt(x)")), "text-crossed")


# --- small-text -------------------------------------------------------------------------------------------


def test_halved_text_is_too_small(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        stage = scene.stage
        texts = stage.words("word"), stage.number(0.5), stage.math("x^2"), Text("plain", font_size=48)
        scene.add(*(text.scale(0.5).shift([3 * i - 4, 0, 0]) for i, text in enumerate(texts)))

    findings = found(draw, "small-text")
    assert len(findings) == 4
    assert "1.53 % of the short side" in findings[0].message


def test_numbers_drawn_as_plain_outlines_are_text(found) -> None:
    def draw(scene: ExplainerScene, size: float) -> None:
        numbers = VMobject().set_fill(scene.stage.color("muted"), opacity=1).set_stroke(width=0)
        texts = [
            scene.stage.number(v, "label").scale(s).shift([2 * v, 0, 0]) for v, s in ((-1.5, 1), (0, 1), (2.05, size))
        ]
        numbers.points = np.concatenate([text.points[8:] for text in texts])
        scene.add(numbers, *(Dots(scene.stage, np.array([[i, 2]]), radius=0.1) for i in range(3)), box(scene, 5, 6))

    (finding,) = found(lambda scene: draw(scene, 0.5), "small-text")
    assert "a VMobject (numbers)" in finding.message
    assert not found(lambda scene: draw(scene, 1.0), "small-text")


def test_the_stage_s_own_sizes_are_large_enough(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        stage = scene.stage
        texts = [stage.words("word", size) for size in ("title", "label", "readout", "caption")]
        texts += [stage.number(0.5), stage.math("x_i^2"), stage.paragraph("Two lines of plain text", 2.0)]
        scene.add(*(text.move_to([0, 3 - i, 0]) for i, text in enumerate(texts)))

    for aspect in (Aspect.WIDE, Aspect.TALL):
        assert not found(draw, "small-text", aspect=aspect)


def test_a_caption_that_had_to_shrink_is_too_small(check) -> None:
    def construct(scene: ExplainerScene) -> None:
        with scene.beat(" ".join(["incomprehensibilities"] * 14)):
            pass

    findings = check(construct, aspect=Aspect.TALL, captions=CaptionMode.BURNED)
    assert "small-text" in {finding.rule for finding in findings}


# --- Texts that a picture paints itself -----------------------------------------------------------------


def table(scene: ExplainerScene, tile: float = 1.2, share: float = 1.0) -> Tiles:
    """A row of three numbers in tiles this wide, filled to this share."""
    boxes = grid_boxes(Zone(-1.5 * tile, -0.5, 1.5 * tile, 0.5), 1, 3)
    shade = role_shade(scene.stage.theme, "model", 2)
    tiles = Tiles(scene.stage, boxes, np.array([[0.24, -1.52, 1.0]]), shade, [Writing((-1.52,))])
    return tiles.put(seen=share)


def test_painted_numbers_are_texts_where_they_are_painted(found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles_module, "number_sizes", lambda stage: (0.1, 0.25))
    findings = found(lambda scene: scene.add(table(scene)), "small-text")
    assert ["“0.24” in a Tiles" in f.message for f in findings] == [True]
    monkeypatch.undo()
    assert not found(lambda scene: scene.add(table(scene)), "small-text")


def test_painted_numbers_have_a_contrast(found) -> None:
    assert found(lambda scene: scene.add(table(scene, share=0.002)), "contrast")
    for share in (0.25, 1.0):
        assert not found(lambda scene, share=share: scene.add(table(scene, share=share)), "contrast")


@pytest.mark.parametrize(("x", "is_found"), [(0.0, True), (3.0, False)])
def test_a_word_on_a_painted_number_overlaps(found, x: float, is_found: bool) -> None:
    findings = found(lambda scene: scene.add(table(scene), word(scene).move_to([x, 0, 0])), "text-over-text")
    assert bool(findings) == is_found


def test_a_line_through_a_painted_number_crosses_it(found) -> None:
    findings = found(lambda scene: scene.add(table(scene), line(scene)), "text-crossed")
    assert any("in a Tiles is crossed by" in finding.message for finding in findings)
    assert not found(lambda scene: scene.add(line(scene), table(scene)), "text-crossed")


def test_painted_texts_are_told_as_they_are_painted() -> None:
    """Ink and place of `texts` agree with what `paint` draws."""
    stage = Stage(Look())
    scene = SimpleNamespace(stage=stage)
    picture = table(scene)

    def drawn(tiles: Tiles, *others: VMobject) -> np.ndarray:
        camera = StageCamera(pixel_width=640, pixel_height=360, frame_width=14.2, frame_height=8.0)
        camera.capture_mobjects([tiles, *others])
        return camera.pixel_array.astype(int)

    painted = drawn(picture)
    assert [text.content for text in picture.texts()] == ["0.24", "−1.52", "1.00"]
    picture.writes = False
    without, told = drawn(picture), drawn(picture, *picture.texts())
    assert np.abs(painted - without).max() > 100
    assert np.abs(painted - told).max() < 40


# --- contrast ---------------------------------------------------------------------------------------------


def test_grey_on_grey_is_found_by_what_is_really_behind(found) -> None:
    def draw(scene: ExplainerScene) -> None:
        scene.add(box(scene, -3, 3, "muted", 0.9), word(scene, "input"))

    (finding,) = found(draw, "contrast")
    assert "has a contrast of 1." in finding.message


def test_dimmed_text_is_found(found) -> None:
    assert found(lambda scene: scene.add(word(scene).set_opacity(0.3)), "contrast")


def test_text_in_the_colour_of_the_background_is_found(found) -> None:
    assert found(lambda scene: scene.add(word(scene, "background")), "contrast")


def test_one_faint_part_of_a_formula_is_found(found) -> None:
    assert found(lambda scene: scene.add(scene.stage.math("a + {{ b : grid }}")), "contrast")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_role_reads_on_the_background_and_on_a_tint(found, theme: str) -> None:
    def draw(scene: ExplainerScene) -> None:
        roles = ("text", "muted", "input", "output", "parameter", "data", "model", "error")
        scene.add(box(scene, 2, 5, "surface", 1.0), scene.stage.words("on a panel").move_to([3.5, 0, 0]))
        scene.add(*(scene.stage.words(role, role=role).move_to([-3, 3 - 0.7 * i, 0]) for i, role in enumerate(roles)))

    assert not found(draw, "contrast", theme=theme)
