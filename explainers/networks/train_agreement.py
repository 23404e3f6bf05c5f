"""Trains the agreement head and writes its weights: `python -m explainers.networks.train_agreement`."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

import numpy as np

from explainers.networks import agreement, store
from explainers.networks.adam import Adam
from explainers.networks.agreement import Batch, Sentence, Weights


@dataclass(frozen=True)
class Settings:
    """How the head is trained."""

    width: int = 8
    key_width: int = 4
    seed: int = 6
    """One of many that do as well; with this one the default sentence's printed products and shares add up."""
    steps: int = 4000
    batch: int = 256
    learning_rate: float = 0.01
    decay: float = 1.0
    decay_of_scores: float = 2.0
    """Of the query and key weights: more, so that shares stay soft enough to be seen as shares."""
    sentences: int = 20_000
    held_out_sentences: int = 4_000
    held_out_pairs: float = 0.2
    """Share of the pairs (subject, other noun) that are in no training sentence."""


def data(settings: Settings) -> tuple[list[Sentence], list[Sentence]]:
    """Sentences to train on, and held-out ones whose two nouns never met in training."""
    generator = np.random.default_rng([settings.seed, 1])
    names = list(agreement.NOUNS)
    pairs = [(first, second) for first in names for second in names]
    chosen = generator.permutation(len(pairs))[: round(settings.held_out_pairs * len(pairs))]
    held_out_pairs = {pairs[index] for index in chosen}
    training: list[Sentence] = []
    held_out: list[Sentence] = []
    while len(training) < settings.sentences or len(held_out) < settings.held_out_sentences:
        sentence = agreement.random_sentence(generator)
        (held_out if sentence.named in held_out_pairs else training).append(sentence)
    return training[: settings.sentences], held_out[: settings.held_out_sentences]


def train(settings: Settings, sentences: list[Sentence]) -> Weights:
    """The weights after training; the learning rate falls to 0 along half a cosine."""
    weights = agreement.initial_weights(settings.width, settings.key_width, np.random.default_rng([settings.seed, 2]))
    decay = dict.fromkeys(weights, settings.decay) | dict.fromkeys(("query", "key"), settings.decay_of_scores)
    optimiser = Adam(weights, decay=decay)
    whole, generator = Batch.of(sentences), np.random.default_rng([settings.seed, 3])
    for step in range(settings.steps):
        rows = generator.integers(len(sentences), size=settings.batch)
        batch = Batch(whole.words[rows], whole.answers[rows], whole.nouns[rows])
        rate = settings.learning_rate * 0.5 * (1 + np.cos(np.pi * step / settings.steps))
        optimiser.step(agreement.gradients(weights, batch), rate)
    return weights


def main(settings: Settings = Settings()) -> None:
    """Train, measure on held-out sentences, write weights and provenance."""
    begin = time.perf_counter()
    training, held_out = data(settings)
    weights = train(settings, training)
    seconds = time.perf_counter() - begin
    scores = asdict(agreement.evaluate(weights, Batch.of(held_out)))
    store.save(
        agreement.NAME,
        weights,
        {
            "what": "An attention head trained to tell of the noun a word belongs to: one or many, thing or alive",
            "made_by": "python -m explainers.networks.train_agreement",
            "settings": asdict(settings),
            "vocabulary": agreement.VOCABULARY,
            "held_out": {name: round(value, 6) for name, value in scores.items()},
            "seconds": round(seconds, 1),
        },
    )
    print(f"{seconds:.1f} s", *(f"{name} {value:.4f}" for name, value in scores.items()), sep="\n")


if __name__ == "__main__":
    main()
