"""Attention: the catalogue's values, the identities it claims, and its edge cases."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explainers import catalogue
from explainers.linear_algebra.attention import (
    HULL_TOLERANCE,
    Attention,
    adds_up,
    attention,
    convex_hull,
    distance_outside,
    row_entropy,
    row_peaks,
    sample_dot_products,
    softmax,
    variance_standard_error,
)
from explainers.model import InvalidParameterError
from explainers.networks import agreement
from explainers.networks.agreement import Batch, Sentence

quick = settings(max_examples=50, deadline=None)
entries = st.floats(-10, 10)
any_seed = st.integers(0, 2**32 - 1)
WORDS = ("the", "The", "cat", "sat", "on", "mat", "ab-solutely!", "猫")


def drawn(**changes: object) -> Attention:
    """Attention with random weights."""
    return Attention(network="random", **changes)


@st.composite
def explainers(draw: st.DrawFn, seeds: st.SearchStrategy[int] = any_seed) -> Attention:
    """Any admitted parameters: repeated words, given rows or drawn ones, every temperature and shuffle."""
    tokens = draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=8))
    count, key_width, mask = len(tokens), draw(st.integers(1, 8)), draw(st.booleans())

    def rows(width: int) -> st.SearchStrategy:
        row = st.lists(entries, min_size=width, max_size=width)
        return st.none() | st.lists(row, min_size=count, max_size=count)

    values = {
        "network": "random",
        "tokens": tokens,
        "model_width": draw(st.integers(2, 16)),
        "key_width": key_width,
        "seed": draw(seeds),
        "queries": draw(rows(key_width)),
        "keys": draw(rows(key_width)),
        "values": draw(rows(2)),
        "temperature": draw(st.floats(0.05, 20)),
        "mask": mask,
        "causal": mask and draw(st.booleans()),
        "permutation": draw(st.none() | st.permutations(range(count))),
    }
    return Attention.configured(values)


def numbers_in(fact: object) -> list[float]:
    if isinstance(fact, dict):
        return [number for item in fact.values() for number in numbers_in(item)]
    if isinstance(fact, list):
        return [number for item in fact for number in numbers_in(item)]
    return [float(fact)] if isinstance(fact, (int, float)) else []


def test_is_in_the_catalogue():
    assert catalogue.find("attention") is Attention


def test_catalogue_values():
    facts = drawn().facts()
    assert facts["row_sums"] == 1.0
    assert [round(share, 3) for share in facts["first_row"]] == [0.088, 0.288, 0.178, 0.366, 0.081]
    assert facts["masked_upper_max"] == 0.0
    assert facts["outputs_in_hull"] is True
    assert facts["equivariance_defect"] == 0.0
    assert facts["var_qk_exact"] == {"4": 4, "64": 64}
    for width, published in {"4": 4.02, "64": 64.33}.items():
        error = variance_standard_error(int(width))
        assert abs(published - int(width)) < 4 * error
        assert abs(facts["var_qk"][width] - published) < 4 * math.sqrt(2) * error


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_draws_embeddings_then_query_key_and_value_weights(seed: int):
    explainer = drawn(seed=seed, model_width=6, key_width=3, temperature=2.0)
    generator = np.random.default_rng(seed)
    embeddings = generator.normal(size=(5, 6))
    queries, keys, values = (embeddings @ (generator.normal(size=(6, width)) / math.sqrt(6)) for width in (3, 3, 2))
    np.testing.assert_array_equal(explainer.embeddings, embeddings)
    np.testing.assert_allclose(explainer.embeddings @ explainer.query_weights, queries)
    np.testing.assert_allclose(explainer.embeddings @ explainer.key_weights, keys)
    np.testing.assert_allclose(explainer.embeddings @ explainer.value_weights, values)
    powers = [[math.exp(q @ k / math.sqrt(3) / 2) for k in keys] for q in queries]
    outputs = [sum(p * v for p, v in zip(row, values, strict=True)) / sum(row) for row in powers]
    np.testing.assert_allclose(explainer.outputs, outputs)
    np.testing.assert_allclose(explainer.scores, explainer.query_matrix @ explainer.key_matrix.T)
    np.testing.assert_allclose(explainer.scaled_scores * math.sqrt(3) * 2, explainer.scores)
    np.testing.assert_allclose(explainer.value_matrix, values)


def test_published_example_of_two_tokens():
    """Alammar, The Illustrated Transformer: scores 112 and 96 at d_k = 64 give shares 0.88 and 0.12."""
    query, keys = np.ones((1, 64)), np.array([[112 / 64] * 64, [96 / 64] * 64])
    result = attention(query, keys, np.eye(2))
    np.testing.assert_allclose(result.scores, [[112, 96]])
    np.testing.assert_allclose(result.scaled, [[14, 12]])
    np.testing.assert_allclose(result.outputs, [[0.88, 0.12]], atol=0.005)


@quick
@given(explainers())
def test_each_row_is_shares_and_mixes_values_inside_their_hull(explainer: Attention):
    values = explainer.value_matrix
    angles = np.linspace(0, 2 * np.pi, 37)
    directions = np.array([np.cos(angles), np.sin(angles)])
    for weights, outputs in (
        (explainer.weights, explainer.outputs),
        (explainer.masked_weights, explainer.masked_outputs),
    ):
        assert (weights >= 0).all()
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-14)
        reach = (values @ directions).max(axis=0)
        assert (outputs @ directions <= reach + 1e-12).all()
    assert explainer.outputs_in_hull
    assert (explainer.row_entropies <= math.log2(len(explainer.tokens)) + 1e-12).all()


@quick
@given(explainers())
def test_causal_mask_hides_the_future_and_renormalises(explainer: Attention):
    weights, masked = explainer.weights, explainer.masked_weights
    later = np.triu(np.ones_like(weights, dtype=bool), 1)
    assert explainer.masked_upper_max == 0 and (masked[later] == 0).all()
    assert np.isneginf(explainer.masked_scaled_scores[later]).all()
    np.testing.assert_allclose(masked[0], np.eye(len(masked))[0])
    np.testing.assert_allclose(masked[-1], weights[-1], atol=1e-14)
    np.testing.assert_allclose(explainer.masked_outputs[0], explainer.value_matrix[0])
    kept = np.tril(weights).sum(axis=1)
    np.testing.assert_allclose(kept + explainer.hidden_share, 1, atol=1e-14)
    lasting = kept > 1e-6
    renormalised = np.tril(weights)[lasting] / kept[lasting, None]
    np.testing.assert_allclose(masked[lasting], renormalised, atol=1e-9)


@quick
@given(explainers())
def test_shuffling_the_tokens_only_shuffles_the_output(explainer: Attention):
    order, matrix = explainer.order, explainer.permutation_matrix
    np.testing.assert_array_equal(matrix @ explainer.embeddings, explainer.embeddings[order])
    np.testing.assert_allclose(explainer.shuffled.outputs, matrix @ explainer.outputs, atol=1e-9)
    np.testing.assert_allclose(explainer.shuffled.weights, matrix @ explainer.weights @ matrix.T, atol=1e-9)
    assert explainer.equivariance_defect < 1e-9
    assert explainer.shuffled_tokens == tuple(explainer.tokens[index] for index in order)


def test_under_the_mask_the_order_matters():
    free, causal = drawn(), drawn(causal=True)
    assert not free.order_matters and causal.order_matters
    assert causal.masked_equivariance_defect > 0.1
    np.testing.assert_array_equal(causal.masked_shuffled.outputs[0], causal.value_matrix[causal.order[0]])
    np.testing.assert_array_equal(causal.final_outputs, free.masked_outputs)
    np.testing.assert_array_equal(causal.final_weights, free.masked_weights)
    np.testing.assert_array_equal(causal.final_shuffled.outputs, free.masked_shuffled.outputs)
    np.testing.assert_array_equal(free.final_outputs, free.outputs)
    np.testing.assert_array_equal(free.final_shuffled.outputs, free.shuffled.outputs)
    assert not drawn(causal=True, permutation=(0, 1, 2, 3, 4)).order_matters
    assert not drawn(causal=True, values=((3, 4),) * 5).order_matters


@pytest.mark.parametrize("count", range(2, 9))
def test_default_shuffle_moves_every_token(count: int):
    explainer = drawn(tokens=WORDS[:count])
    assert sorted(explainer.order) == list(range(count))
    assert all(explainer.order != np.arange(count))
    assert explainer.shuffled_tokens == (WORDS[count - 1], *WORDS[: count - 1])


def test_a_shuffle_can_be_invisible():
    assert drawn().is_shuffle_visible
    assert not drawn(permutation=(0, 1, 2, 3, 4)).is_shuffle_visible
    assert not drawn(tokens="the cat the", permutation=(2, 1, 0)).is_shuffle_visible


@quick
@given(explainers(), st.floats(0.05, 20), st.floats(0.05, 20))
def test_a_higher_temperature_never_lowers_the_entropy(explainer: Attention, first: float, second: float):
    cold, hot = (explainer.model_copy(update={"temperature": value}) for value in sorted((first, second)))
    assert (hot.row_entropies >= cold.row_entropies - 1e-9).all()
    assert (hot.weights.max(axis=1) <= cold.weights.max(axis=1) + 1e-9).all()


@quick
@given(arrays(float, (3, 5), elements=st.floats(-5000, 5000)), st.floats(-5000, 5000))
def test_softmax_is_stable_and_ignores_a_common_shift(logits: np.ndarray, shift: float):
    shares = softmax(logits)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-14)
    np.testing.assert_allclose(softmax(logits + shift), shares, atol=1e-11)
    positive = (shares > 1e-300).all(axis=1)
    logs = np.log(shares[positive])
    np.testing.assert_allclose(logs - logs[:, :1], (logits - logits[:, :1])[positive], atol=1e-9)


def test_softmax_against_exact_shares():
    np.testing.assert_allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[1 / 8, 2 / 8, 5 / 8]])
    np.testing.assert_array_equal(softmax(np.array([[0.0, -np.inf], [1e300, 0.0]])), [[1, 0], [1, 0]])


@pytest.mark.parametrize("row", [[-np.inf, -np.inf], [np.nan, 0.0], [np.inf, 0.0]])
def test_softmax_refuses_rows_without_shares(row: list[float]):
    with pytest.raises(ValueError, match="finite"):
        softmax(np.array([row]))


def test_entropy_and_peaks_of_known_rows():
    weights = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.5, 0.25, 0.125, 0.125]])
    np.testing.assert_allclose(row_entropy(weights), [0, 1, 2, 1.75])
    assert row_peaks(weights) == ((0,), (0, 1), (0, 1, 2, 3), (0,))


@quick
@given(explainers(), st.data())
def test_one_score_and_one_output_add_up(explainer: Attention, data: st.DataObject):
    indices = st.integers(0, len(explainer.tokens) - 1)
    row, column = data.draw(indices), data.draw(indices)
    terms, totals = explainer.score_terms(row, column), explainer.score_running_total(row, column)
    assert terms.shape == totals.shape == (explainer.key_width,)
    np.testing.assert_allclose(np.diff(totals, prepend=0), terms, atol=1e-12)
    np.testing.assert_allclose(totals[-1], explainer.scores[row, column], atol=1e-11)
    for masked, outputs in ((False, explainer.outputs), (True, explainer.masked_outputs)):
        path = explainer.mixture_path(row, masked=masked)
        assert path.shape == (len(explainer.tokens) + 1, 2)
        np.testing.assert_array_equal(path[0], 0)
        np.testing.assert_allclose(path[-1], outputs[row], atol=1e-13)
        np.testing.assert_allclose(np.diff(path, axis=0), explainer.mixture_terms(row, masked=masked), atol=1e-13)


@quick
@given(explainers(seeds=st.integers(0, 3)))
def test_facts_are_finite_json(explainer: Attention):
    facts = explainer.facts()
    numbers = numbers_in(json.loads(json.dumps(facts)))
    assert numbers and np.isfinite(numbers).all()
    assert facts["row_sums"] == 1.0
    assert facts["var_qk_exact"].keys() == facts["var_qk"].keys() == {str(w) for w in explainer.variance_widths}
    assert facts["hull_kind"] in {"point", "segment", "polygon"}
    assert all(word in WORDS or " and " in word for word in facts["most_attended"])
    assert len(facts["most_attended"]) == len(explainer.tokens)


@quick
@given(explainers())
def test_settings_survive_the_round_trip_through_json(explainer: Attention):
    assert Attention.configured(json.loads(json.dumps(explainer.settings()))) == explainer


# --- why √d ---


@pytest.mark.parametrize("width", [1, 2])
def test_moments_of_a_dot_product_by_exact_quadrature(width: int):
    """Gauss–Hermite quadrature integrates the fourth power of q·k exactly: variance d, μ₄ = 3d² + 6d."""
    nodes, node_weights = np.polynomial.hermite_e.hermegauss(4)
    node_weights = node_weights / node_weights.sum()
    points = np.array(list(itertools.product(nodes, repeat=2 * width)))
    chances = np.prod(list(itertools.product(node_weights, repeat=2 * width)), axis=1)
    products = (points[:, :width] * points[:, width:]).sum(axis=1)
    variance, fourth_moment = chances @ products**2, chances @ products**4
    assert variance == pytest.approx(width)
    assert fourth_moment == pytest.approx(3 * width**2 + 6 * width)
    of_two = (fourth_moment + variance**2) / 2
    assert variance_standard_error(width, size=2) ** 2 == pytest.approx(of_two)
    of_many = (fourth_moment - variance**2) / 10**6
    assert variance_standard_error(width, size=10**6) ** 2 == pytest.approx(of_many, rel=1e-5)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("width", [1, 4, 8, 64])
def test_sampled_variance_is_the_width(width: int, seed: int):
    assert abs(drawn(seed=seed).sampled_variance(width) - width) < 4 * variance_standard_error(width)


def test_dot_products_follow_the_seed_and_cannot_be_changed():
    first, second = sample_dot_products(4, 0), sample_dot_products(4, 1)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, drawn().dot_products(4))
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0.0
    assert drawn(key_width=3).variance_widths == (3, 4, 64)


def test_dividing_by_root_d_evens_the_shares():
    explainer = drawn(key_width=8)
    assert (row_entropy(explainer.undivided_weights) < explainer.row_entropies).all()
    np.testing.assert_array_equal(drawn(key_width=1).undivided_weights, drawn(key_width=1).weights)


# --- the hull ---


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        ([[2, 3], [2, 3], [2, 3]], [[2, 3]]),
        ([[0, 0], [0, 0]], [[0, 0]]),
        ([[10, 10], [10, 10 - 1e-14]], [[10, 10]]),
        ([[0, 0], [2, 2], [1, 1], [2, 2]], [[0, 0], [2, 2]]),
        ([[5, 1], [5, -1], [5, 0]], [[5, -1], [5, 1]]),
        ([[0, 0], [0.1, 0.3], [0.2, 0.6], [0.3, 0.9]], [[0, 0], [0.3, 0.9]]),
        ([[1, 1], [0, 0], [2, 0], [0, 2], [2, 2], [1, 0], [0, 0]], [[0, 0], [2, 0], [2, 2], [0, 2]]),
        ([[0, 0], [1e-9, 0], [0, 1e-9]], [[0, 0], [1e-9, 0], [0, 1e-9]]),
        ([[3e-169, 0], [0, 2], [0, 1]], [[3e-169, 0], [0, 2]]),
        ([[9, 9], [9 + 1e-7, 9], [9, 9 + 1e-7]], [[9, 9], [9 + 1e-7, 9], [9, 9 + 1e-7]]),
    ],
)
def test_hull_of_known_points(points: list, corners: list):
    np.testing.assert_array_equal(convex_hull(np.array(points)), corners)


grid_points = arrays(float, st.tuples(st.integers(1, 7), st.just(2)), elements=st.integers(-3, 3))


@quick
@given(grid_points, st.sampled_from([1.0, 1e-6, 1e-200]), st.randoms(use_true_random=False))
def test_hull_is_convex_and_holds_every_point(points: np.ndarray, scale: float, random):
    points = points * scale
    hull = convex_hull(points)
    rows = [tuple(point) for point in points.tolist()]
    assert {tuple(corner) for corner in hull.tolist()} <= set(rows)
    assert len({tuple(corner) for corner in hull.tolist()}) == len(hull)
    assert (distance_outside(points, hull) <= 1e-12 * 3 * scale).all()
    if len(hull) > 2:
        edges = (np.roll(hull, -1, axis=0) - hull) / scale
        following = np.roll(edges, -1, axis=0)
        turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
        assert (turns > 0.5).all()
    random.shuffle(rows)
    np.testing.assert_array_equal(convex_hull(np.array(rows)), hull)


@quick
@given(arrays(float, st.tuples(st.integers(1, 7), st.just(2)), elements=entries))
def test_hull_of_any_values_holds_them_up_to_rounding(points: np.ndarray):
    excess = distance_outside(points, convex_hull(points))
    assert (excess <= 10 * HULL_TOLERANCE * max(1.0, np.abs(points).max())).all()


def test_distance_outside_known_shapes():
    points = np.array([[1, 1], [3, 1], [3, 3], [0, 0], [-1, 0.5]])
    square = np.array([[0.0, 0], [2, 0], [2, 2], [0, 2]])
    np.testing.assert_allclose(distance_outside(points, square), [0, 1, math.sqrt(2), 0, 1])
    segment = np.array([[0.0, 0], [2, 0]])
    np.testing.assert_allclose(distance_outside(points, segment), [1, math.sqrt(2), math.sqrt(10), 0, math.sqrt(1.25)])
    origin = np.zeros((1, 2))
    np.testing.assert_allclose(distance_outside(points, origin), np.linalg.norm(points, axis=1))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (((1, 2),) * 5, "point"),
        (((0, 0),) * 5, "point"),
        (((0, 0), (1, 1), (2, 2), (3, 3), (1, 1)), "segment"),
        (((0, 0), (1, 1), (2, 2), (3, 3), (1, 2)), "polygon"),
    ],
)
def test_hull_kind_says_what_the_values_span(values: tuple, kind: str):
    explainer = drawn(values=values)
    assert explainer.hull_kind == kind
    assert explainer.outputs_in_hull


def test_two_tokens_mix_along_a_segment():
    assert drawn(tokens="yes no").hull_kind == "segment"


def test_outputs_in_hull_can_fail(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Attention, "value_hull", property(lambda self: np.zeros((1, 2))))
    assert not drawn().outputs_in_hull


# --- words and edge cases ---


def test_a_sentence_is_split_at_white_space():
    assert drawn(tokens=" the  cat\tsat ").tokens == ("the", "cat", "sat")
    assert drawn(tokens=["new york", " is "]).tokens == ("new york", "is")


def test_a_repeated_word_has_its_first_embedding():
    explainer, distinct = drawn(tokens="the cat the The"), drawn(tokens="the cat sat The")
    assert explainer.first_occurrence == (0, 1, 0, 3)
    assert explainer.repeated_words == ("the",)
    assert distinct.repeated_words == ()
    np.testing.assert_array_equal(explainer.embeddings, distinct.embeddings[[0, 1, 0, 3]])
    np.testing.assert_allclose(explainer.weights[0], explainer.weights[2], atol=1e-14)
    np.testing.assert_allclose(explainer.weights[:, 0], explainer.weights[:, 2], atol=1e-14)


@pytest.mark.parametrize("count", range(2, 9))
def test_one_word_repeated_gives_equal_shares(count: int):
    explainer = drawn(tokens=("tick",) * count, temperature=0.05)
    np.testing.assert_allclose(explainer.weights, 1 / count, atol=1e-9)
    assert explainer.regime == "uniform"
    assert explainer.hull_kind == "point"
    assert explainer.peaks == (tuple(range(count)),) * count
    assert explainer.peak_words(0) == "tick"
    np.testing.assert_allclose(explainer.row_entropies, math.log2(count))


def test_regime_names_how_the_shares_look():
    assert drawn().regime == "mixed"
    assert drawn(queries=((0,) * 4,) * 5).regime == "uniform"
    assert drawn(queries=((0.01,) * 4,) * 5, temperature=20).regime == "uniform"
    identity = ((10, 0), (0, 10))
    sharp = drawn(tokens="a b", key_width=2, queries=identity, keys=identity, temperature=0.05)
    assert sharp.regime == "one-hot"
    np.testing.assert_array_equal(sharp.weights, np.eye(2))
    np.testing.assert_array_equal(sharp.outputs, sharp.value_matrix)
    np.testing.assert_array_equal(sharp.row_entropies, 0)


def test_peak_words_name_ties():
    explainer = drawn(
        tokens="a b c a", key_width=1, queries=((1,),) * 4, keys=((5,), (5,), (5,), (-5,)), temperature=1.0
    )
    assert explainer.peaks[0] == (0, 1, 2)
    assert explainer.peak_words(0) == "a, b and c"
    assert explainer.peak_words(1, masked=True) == "a and b"
    assert explainer.masked_peaks[0] == (0,)
    assert drawn().peak_words(3) == drawn().facts()["most_attended"][3]


def test_a_hidden_favourite_leaves_its_whole_share_to_the_past():
    """All of the first row's share lies in the future, so far above the rest that the past underflows."""
    explainer = drawn(tokens="a b c", key_width=1, queries=((10,),) * 3, keys=((-10,), (-9,), (10,)), temperature=0.05)
    np.testing.assert_array_equal(explainer.hidden_share, [1, 1, 0])
    np.testing.assert_allclose(explainer.masked_weights, np.eye(3), atol=1e-12)


def test_given_rows_replace_the_projections():
    keys = tuple((float(index), 1.0, 0.0, -1.0) for index in range(5))
    explainer, plain = drawn(keys=keys), drawn()
    assert explainer.given_rows == ("keys",) and plain.given_rows == ()
    np.testing.assert_array_equal(explainer.key_matrix, keys)
    np.testing.assert_array_equal(explainer.query_matrix, plain.query_matrix)
    np.testing.assert_array_equal(explainer.value_matrix, plain.value_matrix)


INVALID = [
    ({"tokens": "one"}, "at least 2"),
    ({"tokens": ""}, "at least 2"),
    ({"tokens": "a b c d e f g h i"}, "at most 8"),
    ({"tokens": ["a", "thirteenchars"]}, "at most 12"),
    ({"tokens": ["a", " "]}, "at least 1 character"),
    ({"tokens": ["a", "\u200b"]}, "visible"),
    ({"tokens": ["a", "b\nc"]}, "control"),
    ({"tokens": 5}, "2 to 8 words"),
    ({"model_width": 1}, "from 2 to 16"),
    ({"model_width": 17}, "from 2 to 16"),
    ({"key_width": 0}, "from 1 to 8"),
    ({"key_width": 9}, "from 1 to 8"),
    ({"seed": -1}, "4294967295"),
    ({"seed": 2**32}, "4294967295"),
    ({"temperature": 0}, "0.05 to 20"),
    ({"temperature": float("nan")}, "0.05 to 20"),
    ({"temperature": float("inf")}, "0.05 to 20"),
    ({"queries": [[1, 2, 3, 4]] * 4}, "queries needs 5 rows .* of 4 numbers"),
    ({"queries": [[1, 2, 3]] * 5}, "queries needs 5 rows .* of 4 numbers"),
    ({"keys": [[1, 2, 3, 4]] * 4 + [[1, 2, 3]]}, "keys needs 5 rows"),
    ({"keys": [[1, 2, 3, 11]] * 5}, "from -10 to 10"),
    ({"keys": [[1, 2, 3, float("nan")]] * 5}, "finite"),
    ({"values": [[1, 2]] * 6}, "values needs 5 rows .* of 2 numbers"),
    ({"values": [[1, 2, 3]] * 5}, "row of 2 numbers"),
    ({"values": [1, 2]}, "row of 2 numbers"),
    ({"permutation": [0, 1, 2, 3]}, "from 0 to 4 exactly once"),
    ({"permutation": [0, 1, 2, 3, 3]}, "from 0 to 4 exactly once"),
    ({"permutation": [0, 1, 2, 3, -1]}, "exactly once"),
    ({"tokens": "a b", "permutation": [0, 2]}, "from 0 to 1 exactly once"),
    ({"causal": True, "mask": False}, "mask cannot be false"),
    ({"temprature": 1}, "temperature"),
]


@pytest.mark.parametrize(("values", "words"), INVALID)
def test_impossible_values_are_refused_in_one_sentence(values: dict, words: str):
    with pytest.raises(InvalidParameterError, match=words):
        Attention.configured({"network": "random", **values})


def test_the_followed_sum_can_be_checked_by_hand() -> None:
    attention = drawn()
    row, column = attention.followed
    assert row < len(attention.tokens) - 1
    assert [f"{share:.2f}" for share in attention.weights[row]] == ["0.33", "0.27", "0.08", "0.14", "0.18"]
    assert sum(float(f"{term:.2f}") for term in attention.score_terms(row, column)) == pytest.approx(1.89)
    assert f"{attention.scores[row, column]:.2f}" == "1.89"
    assert not adds_up(attention.weights[0]) and adds_up(attention.weights[4], 3)
    assert drawn(tokens=("a", "b")).followed[0] == 0


# --- the trained head ---


def test_the_trained_head_follows_the_committed_weights() -> None:
    """The explainer's X, Q, K, V and outputs are those of the network that was trained."""
    explainer = Attention(tokens="the old keys near my cabinet are")
    words, count = explainer.tokens, 7
    run = agreement.forward(agreement.trained(), Batch.of([Sentence(words, (0,) * len(words))]))
    np.testing.assert_allclose(explainer.weights, run.shares[0, :count, :count], atol=1e-12)
    for shown, computed in (
        (explainer.embeddings, run.inputs),
        (explainer.query_matrix, run.queries),
        (explainer.key_matrix, run.keys),
        (explainer.value_matrix, run.values),
        (explainer.outputs, run.outputs),
    ):
        # The batch is padded to the longest sentence.
        np.testing.assert_allclose(shown, computed[0, :count], atol=1e-12)


def test_default_is_the_famous_sentence() -> None:
    facts, explainer = Attention().facts(), Attention()
    assert " ".join(explainer.tokens) == "the keys to the cabinet is/are"
    assert facts["answer"] == "are" and facts["answer_chance"] == pytest.approx(0.97, abs=1e-4)
    assert facts["most_attended"] == ["keys", "keys", "cabinet", "cabinet", "cabinet", "keys"]
    assert explainer.followed == (5, 1)
    assert explainer.weights[5, 1] == pytest.approx(0.942, abs=5e-4)
    assert agreement.chance(math.log(3)) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("the key to the cabinets are", "is"),
        ("the keys to the cabinet is", "are"),
        ("my old dog near the birds are clever", "is"),
        ("children with the ball is small", "are"),
    ],
)
def test_the_subject_decides_not_the_nearer_noun_nor_the_verb_typed(sentence: str, answer: str) -> None:
    explainer = Attention(tokens=sentence)
    assert explainer.answer == answer and explainer.answer_chance > 0.8
    assert explainer.tokens[explainer.verb] == "is/are"
    assert explainer == Attention(tokens=sentence.replace("are", "?").replace("is", "are").replace("?", "is").upper())


trained_sentences = st.integers(0, 2**32 - 1).map(
    lambda seed: agreement.random_sentence(np.random.default_rng(seed)).words
)


@quick
@given(trained_sentences, st.floats(0.05, 20), st.booleans())
def test_any_sentence_of_the_grammar_has_an_answer(words: tuple[str, ...], temperature: float, causal: bool) -> None:
    explainer = Attention(tokens=words, temperature=temperature, causal=causal)
    assert Attention.configured(json.loads(json.dumps(explainer.settings()))) == explainer
    facts = explainer.facts()
    assert facts["answer"] == ("are" if facts["log_odds"] > 0 else "is")
    assert 0.5 <= facts["answer_chance"] <= 1 and explainer.outputs_in_hull
    assert explainer.equivariance_defect < 1e-9
    json.dumps(facts)


def test_only_the_trained_values_answer() -> None:
    assert not drawn().answers and not Attention(values=((1, 2),) * 6).answers
    assert Attention(keys=((1, 2, 3, 4),) * 6).answers
    assert "answer" not in drawn().facts() and drawn().verb is None
    with pytest.raises(ValueError, match="own values"):
        drawn().log_odds  # noqa: B018 - the property itself raises


def test_equal_words_at_other_places_differ() -> None:
    explainer = Attention()
    assert explainer.tokens[0] == explainer.tokens[3] == "the"
    assert explainer.peak_words(0) == "keys" and explainer.peak_words(3) == "cabinet"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"tokens": "the kees are"}, "not learned 'kees' .did you mean keys.*; it knows is, are, the, .*random"),
        ({"tokens": "the zzz are"}, "not learned 'zzz'; it knows"),
        ({"tokens": "the keys"}, "is and are, so the sentence needs one of them once"),
        ({"tokens": "is the key are"}, "one of them once"),
        ({"tokens": "keys are " + "old " * 7}, "at most 8"),
        ({"tokens": [1, 2]}, "string"),
        ({"model_width": 9}, "trained head has model_width 8; another one needs network=random"),
        ({"key_width": 3}, "trained head has key_width 4"),
        ({"network": "rnd"}, "one of trained, random"),
        ({"network": []}, "one of trained, random"),
        ({"queries": [[1, 2, 3, 4]] * 5}, "queries needs 6 rows"),
    ],
)
def test_what_the_trained_head_cannot_take(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        Attention.configured(values)


def test_random_weights_bring_their_own_sentence() -> None:
    assert drawn().tokens == ("the", "robot", "saw", "a", "ball")
    assert Attention.configured({"network": "random", "tokens": "is it"}).tokens == ("is", "it")


def test_the_trained_score_and_shares_can_be_checked_by_hand() -> None:
    explainer = Attention()
    row, column = explainer.followed
    assert adds_up(explainer.score_terms(row, column)) and adds_up(explainer.weights[row])
