"""Text and numbers: what is shown, where its baseline is, and that hostile text is only text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.stage import outline_cache
from scenes.stage.look import Aspect, Look
from scenes.stage.stage import Stage, fit, stack
from scenes.stage.text import ASCENT, DESCENT, Size, balanced_lines, format_number


@pytest.fixture(scope="module", autouse=True)
def private_media(tmp_path_factory: pytest.TempPathFactory) -> None:
    from manim import config

    config.update({"media_dir": str(tmp_path_factory.mktemp("media")), "verbosity": "ERROR"})


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(Look())


@pytest.mark.parametrize(
    ("value", "options", "shown"),
    [
        (3.14159, {}, "3.14"),
        (-0.001, {}, "0.00"),
        (-2.5, {"decimals": 1}, "−2.5"),
        (2.5, {"decimals": 1, "signed": True}, "+2.5"),
        (0.256, {"decimals": 1, "percent": True}, "25.6%"),
        (2.4e9, {}, "2.4×10⁹"),
        (9.99e9, {}, "1.0×10¹⁰"),
        (-1.25e12, {}, "−1.2×10¹²"),
        (float("inf"), {}, "∞"),
        (float("-inf"), {}, "−∞"),
        (float("nan"), {}, "–"),
    ],
)
def test_numbers_as_shown(value: float, options: dict, shown: str) -> None:
    assert format_number(value, **options) == shown


@settings(max_examples=100, deadline=None)
@given(st.floats(-9e5, 9e5), st.integers(0, 5))
def test_a_shown_number_is_the_value_rounded(value: float, decimals: int) -> None:
    assert float(format_number(value, decimals).replace("−", "-")) == pytest.approx(round(value, decimals), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.floats(-1e12, 1e12), st.floats(-5, 5), st.floats(0.5, 2))
def test_a_ticking_number_keeps_place_and_size(stage: Stage, value: float, shift: float, scale: float) -> None:
    number = stage.number(7.0).scale(scale).shift([shift, -shift, 0])
    low, high = number.points[0].copy(), number.points[4].copy()
    number.set_value(value)
    np.testing.assert_allclose(number.points[0], low)
    np.testing.assert_allclose(number.points[4], high)
    assert high[1] - low[1] == pytest.approx(scale * stage.em(Size.READOUT) * (ASCENT + DESCENT))


def test_anchors_hold_their_edge(stage: Stage) -> None:
    for anchor, edge in (("left", "get_left"), ("center", "get_center"), ("right", "get_right")):
        number = stage.number(1.0, anchor=anchor)
        before = getattr(number, edge)()[0]
        number.set_value(12345.0)
        assert getattr(number, edge)()[0] == pytest.approx(before, abs=0.02), anchor


def test_all_words_share_ascent_and_descent(stage: Stage) -> None:
    heights = {round(stage.words(markup).height, 6) for markup in ("x", "lag", "Hgy", "$mu$", "3.5")}
    assert heights == {round(stage.em(Size.LABEL) * (ASCENT + DESCENT), 6)}


@pytest.mark.parametrize("text", ["$x", "#panic()", '"quoted"', "\\n[]{}", "a_b*c`d", "= heading", "<script>", "@ref"])
def test_text_from_a_parameter_is_shown_as_it_is(stage: Stage, text: str) -> None:
    shown = stage.literal(text)
    assert shown.width > stage.em(Size.LABEL) * 0.2 * len(text)


def test_a_paragraph_keeps_to_its_width(stage: Stage) -> None:
    text = "Evidence dims the impossible part of the square and renormalises what is left over."
    block = stage.paragraph(text, 6.0)
    assert 4.0 < block.width <= 6.0
    assert block.height > 2 * stage.em(Size.LABEL)


@pytest.mark.parametrize(("width", "count"), [(20.0, 2), (10.0, 4)])
def test_a_formula_is_not_broken_between_lines(width: float, count: int) -> None:
    lines = balanced_lines("The sum of images is the image of u + w, for every map that is linear.", width)
    assert len(lines) == count
    assert any("u + w," in line for line in lines)


def test_a_formula_that_fills_more_than_a_line_is_broken() -> None:
    assert len(balanced_lines("a + b + c + d + e + f + g + h + i", 8.0)) == 3


def test_formula_parts_take_role_colours(stage: Stage) -> None:
    formula = stage.math("{{ A : parameter }} {{ v : input }} = {{ b : output }}")
    for role in ("parameter", "input", "output"):
        assert formula.select(role)[0].get_fill_color().to_hex().upper() == stage.color(role)


def test_both_lines_of_a_paragraph_are_centred(stage: Stage) -> None:
    block = stage.paragraph("Every output is a weighted average: it cannot leave the hull.", 5.0, align="center")
    ink = block.points[8:]
    middle = (ink[:, 1].max() + ink[:, 1].min()) / 2
    centres = [np.ptp(line) / 2 + line.min() for line in (ink[ink[:, 1] > middle, 0], ink[ink[:, 1] < middle, 0])]
    assert centres[0] == pytest.approx(centres[1], abs=0.04)


def test_a_formula_knows_its_parts_and_size(stage: Stage) -> None:
    formula = stage.math("{{ a : input }} / {{ b : input }}").scale(2)
    assert len(formula.select("input")) == 2
    assert formula.em == pytest.approx(2 * stage.em(Size.LABEL))
    with pytest.raises(KeyError, match="no part of"):
        formula.select("model")


def test_text_from_the_cache_is_the_same_and_a_damaged_entry_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outline_cache, "FOLDER", tmp_path)
    made: list[int] = []

    def make() -> dict[str, np.ndarray]:
        made.append(1)
        return {"points": np.arange(12.0).reshape(4, 3)}

    first = outline_cache.cached_arrays("x", make)["points"]
    second = outline_cache.cached_arrays("x", make)["points"]
    np.testing.assert_array_equal(first, second)
    assert len(made) == 1
    (entry,) = tmp_path.iterdir()
    for damaged in (entry.read_bytes()[:-5], b"", b"x" * 50):
        entry.write_bytes(damaged)
        np.testing.assert_array_equal(outline_cache.cached_arrays("x", make)["points"], first)
    assert len(made) == 4
    monkeypatch.setattr(outline_cache, "FOLDER", tmp_path / "a-file" / "below")
    (tmp_path / "a-file").write_text("in the way")
    np.testing.assert_array_equal(outline_cache.cached_arrays("x", make)["points"], first)


def test_text_is_larger_in_a_tall_frame() -> None:
    tall = Stage(Look(aspect=Aspect.TALL))
    _, frame_height = tall.look.frame
    assert all(tall.em(size) >= 0.028 * frame_height for size in Size)
    assert all(0.65 * Stage(Look()).em(size) >= 0.028 * 8 for size in Size)  # digits are 0.65 em high


def test_fit_shrinks_and_never_grows_unasked(stage: Stage) -> None:
    zone = stage.zones.side
    wide = fit(stage.words("a rather long line of words that cannot fit into the side zone"), zone)
    assert wide.width <= zone.width + 1e-6
    small = stage.words("a")
    width = small.width
    assert fit(small, zone).width == pytest.approx(width)
    column = stack(stage.words("one"), stage.words("two"))
    assert column[0].get_bottom()[1] > column[1].get_top()[1]
