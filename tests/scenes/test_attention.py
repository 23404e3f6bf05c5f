"""What the attention clip shows is what the explainer computes, also at the edges of what it admits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.linear_algebra.attention import Attention
from scenes.linear_algebra import attention_captions as captions
from scenes.linear_algebra.attention_layout import SHARE_WRITING, AttentionLayout
from scenes.linear_algebra.attention_mixture import MixturePlane
from scenes.linear_algebra.attention_pictures import DotProduct, ShareBars, Spreads
from scenes.pictures.tiles import Tiles, Writing, around, grid_boxes, ramp_shade
from scenes.stage.language import Language, speaking
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.stage import Stage
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone
from tests.scenes.captions import check_captions

LONG = ("transformers", "attentional", "mathematical", "WWWWWWWWWWWW", "considerable", "explanations", "i")
OTHERS = tuple(each for each in Language if each is not Language.ENGLISH)
"""A word, not the signs that stand alone in other languages: "«", ":"."""
SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "trained, eight words": {"tokens": "the keys to the old cabinet are rusty", "temperature": 2.5, "causal": True},
    "trained, living": {"tokens": "dog near birds is", "permutation": (0, 1, 2, 3), "mask": False},
    "random": {"network": "random"},
    "sharp, two words": {
        "network": "random",
        "tokens": ("yes", "no"),
        "key_width": 1,
        "model_width": 2,
        "temperature": 0.05,
    },
    "causal, equal words": {
        "network": "random",
        "tokens": ("the", "cat", "saw", "the", "cat"),
        "causal": True,
        "temperature": 0.3,
    },
    "all given, one value": {
        "network": "random",
        "tokens": ("a", "b", "c"),
        "key_width": 2,
        "queries": ((10, 10), (0, 0), (-10, 3)),
        "keys": ((10, 10), (1, 2), (-3, -10)),
        "values": ((2, 1), (2, 1), (2, 1)),
        "mask": False,
    },
    "causal, in order": {
        "network": "random",
        "tokens": LONG,
        "key_width": 8,
        "causal": True,
        "permutation": tuple(range(7)),
    },
}


def drawn(**changes: Any) -> Attention:
    """Attention with random weights."""
    return Attention(network="random", **changes)


@dataclass
class Still:
    """What a beat ends on."""

    values: np.ndarray
    seen: np.ndarray
    shown: list[list[str]]
    boxes: np.ndarray
    outputs: np.ndarray
    sums: list[str]
    details: dict[str, Any]


def still_of(scene: Any) -> Still:
    """The grid and the plane as they are now; outputs and chain mapped back to the values' coordinates."""
    grid, size = scene.grid, range(scene.count)
    details: dict[str, Any] = {"rows": [word.get_center()[1] for word in scene.words.rows]}
    if hasattr(scene, "bars"):
        details["bars"] = [number.value for number in scene.bars.numbers]
    if hasattr(scene, "shares"):
        # The tip is the fourth corner of an arrow's outline; an arrow without length is a point.
        tips = [arrow.points[12 if len(arrow.points) > 4 else 0] for arrow in scene.shares]
        details["chain"] = scene.plane.back(np.array(tips))
    return Still(
        values=grid.values.copy(),
        seen=grid.seen.copy(),
        shown=[[grid.shown(row, column) for column in size] for row in size],
        boxes=grid.boxes,
        outputs=scene.plane.back(scene.outputs.points[::4]) if hasattr(scene, "outputs") else np.zeros((0, 2)),
        sums=[number.shown for number in getattr(scene, "sums", [])],
        details=details,
    )


@pytest.mark.parametrize("changes", SETTINGS.values(), ids=SETTINGS)
def test_every_still_shows_the_explainers_numbers(staged, changes: dict[str, Any]) -> None:
    attention, stills = Attention(**changes), {}

    def look(scene: Any, beat: Any) -> None:
        if hasattr(scene, "grid"):
            stills[beat.chapter] = still_of(scene)

    scene = staged(attention, Look(captions=CaptionMode.NONE, fps=15), on_beat_end=look)
    chapters = [beat.chapter for beat in scene.beats]
    assert ("Words as rows" in chapters) == (len(attention.given_rows) < 3)
    assert ("The answer" in chapters) == attention.answers
    assert ("Causal mask" in chapters) == attention.mask
    assert ("Shuffle the words" in chapters) == (attention.order.tolist() != list(range(len(attention.tokens))))
    check_scores(attention, stills, scene.focus, scene.partner)
    check_mixtures(attention, stills, scene.focus)
    if attention.mask:
        check_mask(attention, stills["Causal mask"])
    if "Shuffle the words" in stills:
        check_shuffle(attention, stills["Shuffle the words"])
    last = stills["A weighted average"]
    np.testing.assert_allclose(last.values, attention.final_weights, atol=1e-12)
    np.testing.assert_array_equal(last.seen > 0, attention.causal_mask if attention.causal else last.seen == 1)
    np.testing.assert_allclose(last.outputs, attention.final_outputs, atol=1e-9)
    assert scene.answer is None
    assert scene.ghosts not in scene.mobjects and scene.sums not in scene.mobjects


def check_scores(attention: Attention, stills: dict[str, Still], focus: int, partner: int) -> None:
    """From one score to the shares of every row."""
    first = stills["One score"]
    assert first.seen.sum() == 1 and first.seen[focus, partner] == 1
    assert first.values[focus, partner] == attention.scores[focus, partner]
    np.testing.assert_array_equal(stills["All scores"].seen, 1)
    np.testing.assert_array_equal(stills["All scores"].values, attention.scores)
    np.testing.assert_allclose(stills["Divide by √d"].values, attention.scaled_scores, atol=1e-12)
    one = stills["Softmax of one row"]
    np.testing.assert_allclose(one.values[focus], attention.weights[focus], atol=1e-12)
    others = np.arange(len(attention.tokens)) != focus
    np.testing.assert_allclose(one.values[others], attention.scaled_scores[others], atol=1e-12)
    shares = stills["Every row adds to 1"]
    np.testing.assert_allclose(shares.values, attention.weights, atol=1e-12)
    np.testing.assert_allclose(shares.details["bars"], attention.weights[focus], atol=1e-12)
    is_percent = not any("." in text for row in shares.shown for text in row)
    # Sums stand beside all rows or, where the shares need their room, beside none.
    assert shares.sums in ([], ["100%" if is_percent else "1.00"] * len(attention.tokens))
    expected = [
        [format_number(v, 0 if is_percent else 2, percent=is_percent) for v in row] for row in attention.weights
    ]
    assert shares.shown == [[text.removesuffix("%") for text in row] for row in expected]


def check_mixtures(attention: Attention, stills: dict[str, Still], focus: int) -> None:
    """The chain of shares, and the outputs."""
    one = stills["One output"]
    np.testing.assert_allclose(one.details["chain"], attention.mixture_path(focus)[1:], atol=1e-9)
    np.testing.assert_allclose(one.outputs, attention.outputs[[focus]], atol=1e-9)
    np.testing.assert_allclose(stills["All outputs"].outputs, attention.outputs, atol=1e-9)


def check_mask(attention: Attention, still: Still) -> None:
    """Later words are dark, the others have the renewed shares."""
    np.testing.assert_allclose(still.values, attention.masked_weights, atol=1e-12)
    np.testing.assert_array_equal(still.seen, attention.causal_mask)
    dark = zip(*np.triu_indices(len(attention.tokens), 1), strict=True)
    assert all(still.shown[row][column] == "" for row, column in dark)
    assert set(still.sums) <= {"1.00", "100%"}
    np.testing.assert_allclose(still.outputs, attention.masked_outputs, atol=1e-9)


def check_shuffle(attention: Attention, still: Still) -> None:
    """Read from top to bottom and from left to right, the grid is attention computed from shuffled rows."""
    middles = (still.boxes[..., :2] + still.boxes[..., 2:]) / 2
    order = np.lexsort((middles[..., 0].ravel().round(6), -middles[..., 1].ravel().round(6)))
    read = (still.values * still.seen).ravel()[order].reshape(still.values.shape)
    np.testing.assert_allclose(read, attention.final_shuffled.weights, atol=1e-9)
    assert np.argsort(-np.array(still.details["rows"])).tolist() == attention.order.tolist()
    np.testing.assert_allclose(still.outputs[attention.order], attention.final_shuffled.outputs, atol=1e-9)


@pytest.mark.parametrize("sentence", ["the keys to the cabinet are", "my dog near the birds is small"])
def test_the_answer_is_read_off_the_plane(staged, sentence: str) -> None:
    attention, seen = Attention(tokens=sentence), {}

    def look(scene: Any, beat: Any) -> None:
        if beat.chapter == "The answer":
            answer, plane = scene.answer, scene.plane
            seen["dot"] = plane.back(answer.dot.points[0])
            seen["side"] = plane.back(answer.side.points.mean(axis=0))[0] > 0
            seen["number"] = answer.number.content
            seen["others"] = [mobject for mobject in scene.mixed if mobject in scene.mobjects]
            seen["heading"] = scene._heading.content

    staged(attention, Look(captions=CaptionMode.NONE, fps=15), on_beat_end=look)
    output = attention.outputs[attention.verb]
    np.testing.assert_allclose(seen["dot"], output, atol=1e-9)
    assert seen["side"] == (output[0] > 0) == (attention.answer == "are")
    assert seen["number"] == f"$x = {output[0]:.2f}$" and not seen["others"]
    assert f'"{attention.answer}"' in seen["heading"] and f"{attention.answer_chance:.2f}" in seen["heading"]


def test_captions_of_the_trained_head() -> None:
    attention = Attention()
    assert captions.rows(attention) == "Is or are? Each word: 8 learned numbers, for the word plus its place."
    assert "learned weights" in captions.projections(Attention(keys=((1, 2, 3, 4),) * 6))
    assert captions.reading(attention).endswith("right of zero means “are”, 97% sure.")
    assert "left of zero means “is”" in captions.reading(Attention(tokens="the key is"))
    assert captions.mask(attention, 5).endswith("“is/are” comes last and sees all.")
    assert captions.shuffle(attention).startswith("A word's place is in its row")
    texts = [captions.rows(attention), captions.projections(attention), captions.reading(attention)]
    assert all(len(text.split()) <= 14 for text in (*texts, captions.mask(attention, 5), captions.shuffle(attention)))


# --- Captions ---------------------------------------------------------------------------------------------


def test_captions_name_the_regime() -> None:
    even = drawn(tokens=("a", "b", "c", "d"), temperature=20, queries=((0,) * 4,) * 4)
    assert even.regime == "uniform" and "1/4" in captions.all_softmax(even, 0)
    sharp = drawn(
        tokens=("a", "b"), key_width=1, queries=((9,), (9,)), keys=((9,), (-9,)), values=((1, 0), (1, 0)), mask=False
    )
    assert sharp.regime == "one-hot" and "nearly all" in captions.all_softmax(sharp, 0)
    assert "same point" in captions.all_mixtures(sharp)
    assert "given" in captions.projections(sharp)
    tie = drawn(tokens=("the", "cat", "the"))
    row = next(i for i, peaks in enumerate(drawn(tokens=("a", "b", "a"), seed=0).peaks) if len(peaks) != 1)
    assert "2 words tie" in captions.all_softmax(tie, row)
    assert "equal rows" in captions.rows(tie)
    assert captions.shuffle(drawn(causal=True)).endswith("the outputs change.")
    assert captions.shuffle(drawn()).startswith("Without the mask")
    assert captions.shuffle(drawn(mask=False)).startswith("Shuffle")
    assert captions.mask(drawn(), 0).endswith("“the” now sees only itself.")
    assert captions.mask(drawn(), 2).endswith("“saw” sees only the first 3 words.")
    assert "0.5" in captions.division(drawn(temperature=0.5)) and "temperature" not in captions.division(Attention())


WORDS = st.lists(st.text("aWi ", min_size=1, max_size=12).filter(lambda t: t.strip()), min_size=2, max_size=7)


@settings(max_examples=60, deadline=None)
@given(WORDS, st.floats(0.05, 20), st.booleans(), st.integers(1, 8), st.integers(0, 9))
def test_captions_are_short_for_any_words(
    words: list[str], temperature: float, causal: bool, width: int, seed: int
) -> None:
    attention = drawn(tokens=tuple(words), temperature=temperature, causal=causal, key_width=width, seed=seed)
    for spoken in Language:
        with speaking(spoken, "attention"):
            texts = told(attention)
        check_captions(texts, spoken)


def told(attention: Attention) -> list[str]:
    """All captions, whichever word the story follows."""
    whole = (captions.rows, captions.projections, captions.grid, captions.division, captions.all_mixtures)
    texts = [caption(attention) for caption in (*whole, captions.shuffle, captions.summary)]
    for row in range(len(attention.tokens)):
        texts.append(captions.score(attention, row, attention.peaks[row][0]))
        single = (captions.one_softmax, captions.all_softmax, captions.one_mixture, captions.mask)
        texts += [caption(attention, row) for caption in single]
    return [*texts, captions.reading(attention)] if attention.answers else texts


@pytest.mark.parametrize("spoken", OTHERS)
@pytest.mark.parametrize("changes", SETTINGS.values(), ids=SETTINGS)
def test_captions_are_short_in_every_language(spoken: Language, changes: dict[str, Any]) -> None:
    attention = Attention(**changes)
    with speaking(spoken, "attention"):
        texts = [*told(attention), captions.checkpoint_scores(attention)]
        texts += [captions.checkpoint_tokens(attention), captions.checkpoint_summary(attention)]
    check_captions(texts, spoken)


# --- Pictures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("captions_mode", [CaptionMode.BURNED, CaptionMode.NONE])
@pytest.mark.parametrize("aspect", list(Aspect))
def test_matrices_and_words_keep_to_their_zones(aspect: Aspect, captions_mode: CaptionMode) -> None:
    for tokens, key_width, model_width in ((LONG, 8, 16), (("a", "b"), 1, 2), (LONG, 1, 2)):
        stage = Stage(Look(aspect=aspect, captions=captions_mode))
        layout = AttentionLayout(stage, drawn(tokens=tokens, key_width=key_width, model_width=model_width))
        words, line = layout.words, 0.9 * stage.em(Size.LABEL)
        for zone, tiles, left, above in (
            (layout.score_zone, layout.product.result, layout.product.left, layout.product.above),
            (layout.table_zone, layout.poster.result, layout.poster.left, layout.poster.above),
            (layout.table_zone, layout.table, layout.table, layout.table),
        ):
            words.put_rows(words.at_rows(left))
            words.put_columns(words.above_columns(above))
            assert words.rows.get_left()[0] >= zone.left - 1e-6
            assert words.columns.get_top()[1] <= zone.top + 1e-6
            assert around(tiles).right <= zone.right + 1e-6 and around(tiles).bottom >= zone.bottom - 1e-6
            assert np.ptp(tiles[..., [1, 3]], axis=-1).min() >= line
            columns = sorted(words.columns, key=lambda word: word.get_center()[0])
            assert all(a.get_right()[0] <= b.get_left()[0] + 0.1 for a, b in pairwise(columns))
        places, body = layout.projection, stage.zones.body
        for boxes in (places.inputs, *places.weights, *places.results):
            assert around(boxes).left >= body.left - 1e-6 and around(boxes).right <= body.right + 1e-6
            assert around(boxes).top <= body.top + 1e-6 and around(boxes).bottom >= body.bottom - 1e-6
            assert min(around(boxes).width, around(boxes).height) > 0.1
        edges = [around(boxes) for boxes in (places.inputs, *places.results)]
        assert all(a.right < b.left for a, b in pairwise(edges))


def test_a_dot_product_ends_at_the_score_and_lists_every_term() -> None:
    attention, stage = drawn(key_width=8), Stage(Look())
    query, key = attention.query_matrix[1], attention.key_matrix[2]
    totals = attention.score_running_total(1, 2)
    panel = DotProduct(stage, stage.zones.side, ("a", "b"), query, key, totals, ("first", "second"))
    panel.put(3.0)
    assert panel.total.number.value == pytest.approx(totals[2])
    assert [line[0].get_fill_opacity() for line in panel.lines] == [1.0] * 3 + [0.0] * 5
    panel.put(8.0)
    assert panel.total.number.shown == format_number(attention.scores[1, 2])
    assert [line[-1].value for line in panel.lines] == pytest.approx(attention.score_terms(1, 2))


@pytest.mark.parametrize(("width", "decimals", "sign"), [(6.0, 3, "$=$"), (3.3, 2, "$approx$")])
def test_factors_give_the_products_beside_them(width: float, decimals: int, sign: str) -> None:
    attention, stage = Attention(), Stage(Look())
    query, key = attention.query_matrix[5], attention.key_matrix[1]
    totals = attention.score_running_total(5, 1)
    panel = DotProduct(stage, Zone(0, -2, width, 2), ("a", "b"), query, key, totals, ("first", "second"))
    for first, _times, second, equals, product in panel.lines:
        assert (first.decimals, second.decimals, equals.content) == (decimals, decimals, sign)
        one, other = (float(factor.shown.replace("−", "-")) for factor in (first, second))
        exact = f"{one * other:+.2f}".replace("-", "−")
        assert sign == "$approx$" or exact == product.shown


def test_spreads_are_divided_by_the_root_of_the_width() -> None:
    attention, stage = drawn(key_width=4), Stage(Look())
    widths = (4, 64)
    samples = {width: attention.dot_products(width) for width in widths}
    spreads = Spreads(stage, stage.zones.side, samples, {w: attention.sampled_variance(w) for w in widths})
    before = {w: np.ptp(spreads.edges[w].points[:, 0]) for w in widths}
    shown = {w: spreads.readouts[w].number.value for w in widths}
    spreads.put(1.0)
    after = {w: np.ptp(spreads.edges[w].points[:, 0]) for w in widths}
    assert before[4] / after[4] == pytest.approx(2)
    # That of width 64 reached over the edges of the zone.
    assert before[64] == pytest.approx(stage.zones.side.width)
    assert after[4] == pytest.approx(after[64], rel=0.05)
    for width in widths:
        assert shown[width] == attention.sampled_variance(width)
        assert spreads.readouts[width].number.value == pytest.approx(shown[width] / width)


def test_shares_fill_the_strip_from_end_to_end() -> None:
    attention, stage = drawn(), Stage(Look())
    bars = ShareBars(stage, stage.zones.side, attention.tokens, ramp_shade(stage.theme, 0, 1))
    shares = attention.weights[2]
    bars.put_shares(shares)
    box = bars.strip_zone
    left, right = (getattr(bars.strip.points.reshape(5, -1, 3)[..., 0], side)(axis=1) for side in ("min", "max"))
    np.testing.assert_allclose((left - box.left) / box.width, np.cumsum(shares) - shares, atol=1e-9)
    assert right[-1] == pytest.approx(box.right) and np.all(right[:-1] < left[1:])
    lengths = np.ptp(bars.bars.points.reshape(5, -1, 3)[..., 0], axis=1)
    np.testing.assert_allclose(lengths / (bars.right - bars.left), shares, atol=1e-9)
    scores = attention.scaled_scores[2]
    bars.put_scores(scores, shares, 0.0)
    lengths = np.ptp(bars.bars.points.reshape(5, -1, 3)[..., 0], axis=1)
    np.testing.assert_allclose(lengths / lengths.max(), np.abs(scores) / np.abs(scores).max(), atol=1e-9)


def test_tiles_move_with_their_points_and_write_in_percent_where_two_digits_do_not_fit() -> None:
    stage = Stage(Look())
    shares = Writing((1.0,), ((2, 1.0), (0, 100.0)))
    values = np.array([[0.25, 0.75]])
    tiles = Tiles(stage, grid_boxes(Zone(0, 0, 2, 1), 1, 2), values, ramp_shade(stage.theme, 0, 1), [shares])
    assert tiles.shown(0, 1) == "0.75"
    tiles.shift(np.array([3.0, 1.0, 0.0]))
    np.testing.assert_allclose(tiles.boxes[0, 1], [4, 1, 5, 2])
    tiles.put(boxes=grid_boxes(Zone(0, 0, 1.2, 1), 1, 2))
    assert tiles.shown(0, 1) == "75"
    tiles.put(seen=[[0.0, 1.0]])
    assert tiles.shown(0, 0) == ""
    tiles.put(boxes=grid_boxes(Zone(0, 0, 0.5, 1), 1, 2))
    assert tiles.shown(0, 1) == ""


@pytest.mark.parametrize(("aspect", "has_sums"), [(Aspect.WIDE, True), (Aspect.CLASSIC, False), (Aspect.TALL, True)])
def test_shares_are_written_in_the_unit_of_the_bars_before_sums_get_room(aspect: Aspect, has_sums: bool) -> None:
    attention, stage = Attention(), Stage(Look(aspect=aspect))
    layout = AttentionLayout(stage, attention)
    assert (layout.sum_room > 0) == has_sums
    shade = ramp_shade(stage.theme, 0, 1)
    assert Tiles(stage, layout.table, attention.weights, shade, [SHARE_WRITING]).shown(5, 1) == "0.94"


@pytest.mark.parametrize("aspect", Aspect)
def test_near_values_share_a_name_that_is_the_same_in_every_frame(aspect: Aspect) -> None:
    attention, stage = Attention(), Stage(Look(aspect=aspect))
    zone = AttentionLayout(stage, attention).side_zone
    plane = MixturePlane(stage, zone, attention.value_matrix, attention.tokens, ("input", "output"))
    names = [name.content for name in plane.value_names("input", attention.outputs) if name.get_fill_opacity() > 0]
    # "the" stands twice in the sentence, and so in the name; a narrow frame cuts names off.
    shared = "the, to,…" if aspect is Aspect.SQUARE else "the, to, the"
    assert len(names) == 4 and names[-1] == f'#"{shared}"'


@pytest.mark.parametrize("changes", SETTINGS.values(), ids=SETTINGS)
def test_names_of_outputs_cover_neither_values_nor_each_other(changes: dict[str, Any]) -> None:
    attention, stage = Attention(**changes), Stage(Look())
    plane = MixturePlane(stage, stage.zones.side, attention.value_matrix, attention.tokens, ("input", "output"))
    values = plane.value_names("input", attention.outputs)
    outputs = plane.output_names(attention.outputs, "output", values, attention.outputs)
    # The lines of callouts have no fill.
    names = [name for name in (*values, *outputs) if name.get_fill_opacity() > 0]
    view = plane.view
    for name in names:
        assert view.left - 0.05 <= name.get_left()[0] and name.get_right()[0] <= view.right + 0.05
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            apart = np.abs(first.get_center() - second.get_center())[:2] * 2
            room = np.array([first.width + second.width, first.height + second.height])
            assert np.any(apart > 0.85 * room), (first.get_center(), second.get_center())


TINY_BERT = Path(__file__).parents[1] / "explainers" / "networks" / "tiny-bert"


@pytest.mark.parametrize("look", [Look(fps=15), Look("light", Aspect.SQUARE, CaptionMode.NONE, fps=15)])
def test_a_checkpoint_shows_its_tokens_scores_and_shares(staged, look: Look) -> None:
    pytest.importorskip("safetensors")
    pytest.importorskip("tokenizers")
    attention, seen = Attention(checkpoint=str(TINY_BERT), tokens="the dog near cat is", layer=2, head=2), {}

    def note(scene: Any, beat: Any) -> None:
        if hasattr(scene, "grid"):
            seen[beat.chapter] = (scene.grid.values.copy(), scene.grid.seen.copy())

    scene = staged(attention, look, on_beat_end=note)
    np.testing.assert_allclose(seen["Scores"][0], attention.scores)
    np.testing.assert_allclose(seen["Divide by √d"][0], attention.scaled_scores, atol=1e-12)
    np.testing.assert_array_equal(seen["Scores"][1], 1)
    np.testing.assert_allclose(seen["Whom it looks at"][0], attention.weights, atol=1e-12)
    assert [word.content for word in scene.words.rows] == [f'#"{token}"' for token in attention.tokens]
    assert all(len(beat.caption.split()) <= 14 for beat in scene.beats) and scene.beats[-1].end >= 40
