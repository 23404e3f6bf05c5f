"""The agreement head: its grammar, its gradients, what training does, and how well the committed weights do."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.linear_algebra.attention import attention
from explainers.networks import agreement, store, train_agreement
from explainers.networks.adam import Adam
from explainers.networks.agreement import (
    ALIVE,
    NOUNS,
    PADDING,
    PLURALS,
    VERB,
    VOCABULARY,
    Batch,
    Sentence,
    evaluate,
    forward,
    gradients,
    initial_weights,
    loss,
    random_sentence,
)
from explainers.networks.train_agreement import Settings, data, train

SHORT = replace(Settings(), sentences=2000, held_out_sentences=400, steps=1)


@pytest.fixture(scope="module")
def held_out() -> Batch:
    """The held-out sentences of the committed head."""
    told = store.provenance(agreement.NAME)["settings"]
    return Batch.of(data(Settings(**told))[1])


# --- sentences ---


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_sentences_are_grammatical_and_their_answers_right(seed: int) -> None:
    sentence = random_sentence(np.random.default_rng(seed))
    words, count = sentence.words, len(sentence.words)
    assert set(words) <= set(VOCABULARY) and 2 <= count <= agreement.LONGEST
    assert words.count(VERB) == 1 and len(sentence.nouns) == count
    nouns = [index for index, word in enumerate(words) if word in NOUNS or word in PLURALS]
    assert 1 <= len(nouns) <= 2 and set(sentence.nouns) <= set(nouns)
    for index, noun in enumerate(sentence.nouns):
        ahead = [place for place in nouns if place >= index]
        # Up to the verb a word belongs to the next noun, from the verb on to the subject.
        assert noun == (ahead[0] if index < sentence.verb else nouns[0])
    batch = Batch.of([sentence])
    assert (batch.words[0, count:] == PADDING).all() and batch.present.sum() == count
    expected = [(words[noun] in PLURALS, words[noun] in ALIVE) for noun in sentence.nouns]
    np.testing.assert_array_equal(batch.answers[0, :count], expected)


def test_vocabulary_has_no_word_twice_and_every_noun_its_plural() -> None:
    assert len(set(VOCABULARY)) == len(VOCABULARY) == 50
    assert len(PLURALS) == len(NOUNS) == 16
    assert {NOUNS[word] for word in ALIVE & set(NOUNS)} == ALIVE & PLURALS


def test_held_out_pairs_of_nouns_never_occur_in_training() -> None:
    training, unseen = data(SHORT)
    assert len(training) == 2000 and len(unseen) == 400
    assert not {sentence.named for sentence in unseen} & {sentence.named for sentence in training}
    assert all(sentence.named[1] for sentence in unseen)


# --- the model ---


def test_forward_is_attention() -> None:
    """The batched head with padding computes what the explainer's `attention` does for each sentence alone."""
    weights = initial_weights(8, 4, np.random.default_rng(0))
    sentences = [random_sentence(np.random.default_rng(seed)) for seed in range(20)]
    run = forward(weights, Batch.of(sentences))
    for row, sentence in enumerate(sentences):
        count = len(sentence.words)
        inputs = weights["words"][[VOCABULARY.index(word) for word in sentence.words]] + weights["places"][:count]
        alone = attention(*(inputs @ weights[name] for name in ("query", "key", "value")))
        np.testing.assert_allclose(run.shares[row, :count, :count], alone.weights, atol=1e-12)
        np.testing.assert_allclose(run.outputs[row, :count], alone.outputs, atol=1e-12)
        assert (run.shares[row, :count, count:] == 0).all()


@pytest.mark.parametrize("name", ["words", "places", "query", "key", "value"])
def test_gradients_are_finite_differences(name: str) -> None:
    generator = np.random.default_rng(5)
    weights = initial_weights(5, 3, generator)
    batch = Batch.of([random_sentence(generator) for _ in range(12)])
    by_hand = gradients(weights, batch)[name]
    assert by_hand.shape == weights[name].shape
    step = 1e-6
    for index in np.ndindex(weights[name].shape):
        ends = []
        for sign in (1, -1):
            moved = {key: array.copy() for key, array in weights.items()}
            moved[name][index] += sign * step
            ends.append(loss(moved, batch))
        assert by_hand[index] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=2e-9)


def test_untrained_loss_is_about_a_coin_toss() -> None:
    weights = {name: 0 * array for name, array in initial_weights(8, 4, np.random.default_rng(0)).items()}
    assert loss(weights, Batch.of(data(SHORT)[1])) == pytest.approx(np.log(2))


def test_adam_takes_first_steps_of_the_learning_rate_and_decays() -> None:
    arrays = {"a": np.array([1.0, -2.0]), "b": np.array([4.0])}
    Adam(arrays, decay={"b": 0.5}).step({"a": np.array([3.0, -0.001]), "b": np.zeros(1)}, 0.1)
    np.testing.assert_allclose(arrays["a"], [0.9, -1.9], atol=1e-5)
    np.testing.assert_allclose(arrays["b"], [4.0 * (1 - 0.05)])


# --- training ---


def test_a_few_steps_of_training_learn() -> None:
    short = replace(Settings(), sentences=4000, held_out_sentences=500, steps=400, batch=128)
    training, unseen = data(short)
    batch = Batch.of(unseen)
    start = evaluate(initial_weights(8, 4, np.random.default_rng([short.seed, 2])), batch)
    scores = evaluate(train(short, training), batch)
    assert start.verbs_right < 0.75 < 0.9 < scores.verbs_right
    assert scores.verb_on_subject > 2 * scores.chance_level


def test_training_can_be_repeated() -> None:
    short = replace(Settings(), sentences=500, held_out_sentences=1, steps=30, batch=64)
    first, second = (train(short, data(short)[0]) for _ in range(2))
    for name, array in first.items():
        np.testing.assert_array_equal(array, second[name])


def test_the_script_writes_what_it_measured(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(train_agreement.store.save, "__defaults__", (tmp_path,))
    train_agreement.main(SHORT)
    assert asdict(SHORT) == store.provenance(agreement.NAME, tmp_path)["settings"]
    assert set(store.load(agreement.NAME, tmp_path)) == set(agreement.trained())
    assert "verbs_right" in capsys.readouterr().out


# --- the committed weights ---


def test_committed_head_agrees_on_pairs_it_never_saw(held_out: Batch) -> None:
    scores = evaluate(agreement.trained(), held_out)
    assert scores.verbs_right > 0.98 and scores.words_right > 0.98
    assert scores.verb_on_subject > 5 * scores.chance_level and scores.verb_on_subject > 0.85
    assert scores.words_on_noun > 0.8
    told = store.provenance(agreement.NAME)["held_out"]
    assert told == pytest.approx(asdict(scores), abs=1e-3)


def test_an_intruder_of_the_other_number_does_not_mislead(held_out: Batch) -> None:
    """Where the nearer noun would give the wrong verb, the head still takes the subject's."""
    words = np.array(VOCABULARY)
    plural = np.isin(words[held_out.words], list(PLURALS)) & held_out.present
    nouns = plural | (np.isin(words[held_out.words], list(NOUNS)) & held_out.present)
    mixed = (plural.any(axis=1)) & (nouns & ~plural).any(axis=1)
    assert mixed.sum() > 500
    hard = Batch(held_out.words[mixed], held_out.answers[mixed], held_out.nouns[mixed])
    assert evaluate(agreement.trained(), hard).verbs_right > 0.98


def test_without_attention_the_task_cannot_be_solved(held_out: Batch) -> None:
    """Equal shares instead of the head's leave the verb near guessing: the shares carry the answer."""
    blind = {**agreement.trained(), "query": np.zeros_like(agreement.trained()["query"])}
    assert evaluate(blind, held_out).verbs_right < 0.85


def test_attention_by_hand_in_a_sentence() -> None:
    sentence = Sentence(("the", "key", "to", "my", "cabinets", VERB), (1, 1, 4, 4, 4, 1))
    run = forward(agreement.trained(), Batch.of([sentence]))
    assert run.shares[0, 5].argmax() == 1 and run.outputs[0, 5, 0] < 0
    assert run.shares[0, 3].argmax() == 4 and run.outputs[0, 3, 0] > 0
