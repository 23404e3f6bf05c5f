"""A small attention head that learned agreement: "the keys to the cabinet …" *are*, though the cabinet is nearer.

Made-up sentences of one clause; the verb is hidden as "is/are". Of each word the head must tell two things about the
noun that it belongs to: is it one or many, and is it a thing or alive. An article, adjective or preposition belongs
to the noun it leads to, the verb and what follows it to the subject. One layer, one head, no residual connection:
only attention can bring the noun's answers to the word. The two columns of V are the log odds themselves, so that
a value is a word's vote, and an output the weighted average of the votes.

What it learned is no grammar: in these sentences the subject is the first noun, and that is what the verb looks for.
In "near the cabinets my key is lost" it is misled.

The task is that of Linzen, Dupoux and Goldberg (2016, arXiv:1611.01368), the head that of Vaswani et al. (2017).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from explainers.networks import store

NAME = "agreement"
"""Of the committed weights."""

THINGS: Mapping[str, str] = {
    "key": "keys", "cabinet": "cabinets", "door": "doors", "house": "houses",
    "book": "books", "ball": "balls", "table": "tables", "car": "cars",
}  # fmt: skip
LIVING: Mapping[str, str] = {
    "dog": "dogs", "cat": "cats", "bird": "birds", "child": "children",
    "teacher": "teachers", "student": "students", "artist": "artists", "doctor": "doctors",
}  # fmt: skip
NOUNS: Mapping[str, str] = {**THINGS, **LIVING}
"""Nouns, one: many."""
DETERMINERS = ("the", "my", "your")
"""Those that fit one and many alike: they give nothing away."""
ADJECTIVES = ("old", "new", "big", "small", "red", "rusty", "clever", "lost")
PREPOSITIONS = ("to", "near", "behind", "beside", "with", "of")
VERB = "is/are"
"""The hidden verb: the head must not see which it was."""
QUESTIONS = (("is", "are"), ("thing", "living"))
"""What the two columns of V answer: negative for the first, positive for the second."""

PLURALS = frozenset(NOUNS.values())
ALIVE = frozenset(LIVING) | frozenset(LIVING.values())
VOCABULARY = (VERB, *DETERMINERS, *PREPOSITIONS, *ADJECTIVES, *NOUNS, *NOUNS.values())
LONGEST = 8
"""Words of the longest sentence."""
PADDING = -1
"""In place of a word beyond the end of a sentence."""


@dataclass(frozen=True)
class Sentence:
    """A sentence and, for each of its words, the place of the noun that it belongs to."""

    words: tuple[str, ...]
    nouns: tuple[int, ...]

    @property
    def verb(self) -> int:
        """The place of the hidden verb."""
        return self.words.index(VERB)

    @property
    def named(self) -> tuple[str, ...]:
        """The subject's and the other noun's dictionary forms; the other is "" in a sentence without one."""
        found = [_singular(word) for word in self.words if word in NOUNS or word in PLURALS]
        return (found + [""])[0], (found + [""])[1]


def _singular(noun: str) -> str:
    return noun if noun in NOUNS else next(one for one, many in NOUNS.items() if many == noun)


def random_sentence(generator: np.random.Generator) -> Sentence:
    """A sentence of at most `LONGEST` words: (article) (adjective) noun [preposition noun phrase] verb (adjective)."""
    while True:
        subject = _noun_phrase(generator)
        other = _noun_phrase(generator) if generator.random() < 0.8 else []
        ending = [str(generator.choice(ADJECTIVES))] if generator.random() < 0.5 else []
        link = [str(generator.choice(PREPOSITIONS))] if other else []
        words = [*subject, *link, *other, VERB, *ending]
        if len(words) <= LONGEST:
            break
    first = len(subject) - 1
    second = first + len(link) + len(other)
    nouns = [first] * len(subject) + [second] * (second - first) + [first] * (1 + len(ending))
    return Sentence(tuple(words), tuple(nouns))


def _noun_phrase(generator: np.random.Generator) -> list[str]:
    article = [str(generator.choice(DETERMINERS))] if generator.random() < 0.75 else []
    adjective = [str(generator.choice(ADJECTIVES))] if generator.random() < 0.4 else []
    one = str(generator.choice(list(NOUNS)))
    return [*article, *adjective, NOUNS[one] if generator.random() < 0.5 else one]


@dataclass(frozen=True)
class Batch:
    """Sentences as numbers, padded to `LONGEST` places."""

    words: np.ndarray
    """Places in `VOCABULARY`, shape (b, n); `PADDING` beyond the end."""
    answers: np.ndarray
    """Whether a word's noun is many, and whether it is alive: 1 or 0, shape (b, n, 2)."""
    nouns: np.ndarray
    """The place of each word's noun, shape (b, n)."""

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> Batch:
        """These sentences."""
        words = np.full((len(sentences), LONGEST), PADDING)
        answers, nouns = np.zeros((*words.shape, 2)), np.zeros(words.shape, int)
        for row, sentence in enumerate(sentences):
            count = len(sentence.words)
            words[row, :count] = [VOCABULARY.index(word) for word in sentence.words]
            owners = [sentence.words[noun] for noun in sentence.nouns]
            answers[row, :count] = [(owner in PLURALS, owner in ALIVE) for owner in owners]
            nouns[row, :count] = sentence.nouns
        return cls(words, answers, nouns)

    @property
    def present(self) -> np.ndarray:
        """Where there is a word, shape (b, n)."""
        return self.words != PADDING

    @property
    def verbs(self) -> np.ndarray:
        """Where the hidden verb is, shape (b, n)."""
        return self.words == VOCABULARY.index(VERB)


Weights = Mapping[str, np.ndarray]
"""`words` (vocabulary, d), `places` (longest, d), `query` and `key` (d, k), `value` (d, 2)."""


def initial_weights(width: int, key_width: int, generator: np.random.Generator) -> dict[str, np.ndarray]:
    """Weights before training: normal, scaled so that rows of X, Q and K have about unit entries."""
    shapes = {
        "words": (len(VOCABULARY), width),
        "places": (LONGEST, width),
        "query": (width, key_width),
        "key": (width, key_width),
        "value": (width, 2),
    }
    # X is a sum of two, a word and its place, each with half of the variance.
    scales = {"words": 0.5**0.5, "places": 0.5**0.5}
    return {name: scales.get(name, width**-0.5) * generator.normal(size=shape) for name, shape in shapes.items()}


@dataclass(frozen=True)
class Forward:
    """All that the head computes for a batch; n places, d embedding columns, k key columns."""

    inputs: np.ndarray
    """X, word plus place, shape (b, n, d)."""
    queries: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    """Q, K (b, n, k) and V (b, n, 2)."""
    shares: np.ndarray
    """softmax(Q Kᵀ/√k), shape (b, n, n); 0 for padding."""
    outputs: np.ndarray
    """Shares times V, shape (b, n, 2): the log odds of "many" and of "alive"."""


def chance(log_odds: np.ndarray) -> np.ndarray:
    """The probability that belongs to log odds, of the same shape."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(log_odds)))


def forward(weights: Weights, batch: Batch) -> Forward:
    """Run the head."""
    inputs = weights["words"][batch.words] + weights["places"]
    queries, keys, values = (inputs @ weights[name] for name in ("query", "key", "value"))
    scores = queries @ keys.swapaxes(1, 2) / np.sqrt(queries.shape[-1])
    scores = np.where(batch.present[:, None, :], scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares = powers / powers.sum(axis=-1, keepdims=True)
    return Forward(inputs, queries, keys, values, shares, shares @ values)


def loss(weights: Weights, batch: Batch) -> float:
    """Cross-entropy of the answers, in nats, averaged over all words and both questions."""
    log_odds = forward(weights, batch).outputs[batch.present]
    return float(np.mean(np.logaddexp(0, log_odds) - batch.answers[batch.present] * log_odds))


def gradients(weights: Weights, batch: Batch) -> dict[str, np.ndarray]:
    """The derivatives of `loss`, by hand, with the shapes of the weights."""
    run = forward(weights, batch)
    scale = np.sqrt(run.queries.shape[-1])
    errors = np.where(batch.present[..., None], chance(run.outputs) - batch.answers, 0.0)
    to_outputs = errors / (2 * batch.present.sum())
    to_shares = to_outputs @ run.values.swapaxes(1, 2)
    # Softmax: what a share gains, all shares of its row lose in proportion.
    to_scores = run.shares * (to_shares - (to_shares * run.shares).sum(axis=-1, keepdims=True)) / scale
    to_rows = {
        "query": to_scores @ run.keys,
        "key": to_scores.swapaxes(1, 2) @ run.queries,
        "value": run.shares.swapaxes(1, 2) @ to_outputs,
    }
    to_inputs = sum(rows @ weights[name].T for name, rows in to_rows.items())
    to_inputs = np.where(batch.present[..., None], to_inputs, 0.0)
    to_words = np.zeros_like(weights["words"])
    np.add.at(to_words, batch.words[batch.present], to_inputs[batch.present])
    products = {name: np.einsum("bnd,bnk->dk", run.inputs, rows) for name, rows in to_rows.items()}
    return {
        "words": to_words,
        "places": to_inputs.sum(axis=0),
        **products,
    }


@dataclass(frozen=True)
class Scores:
    """How well a head does on sentences."""

    verbs_right: float
    """Share of hidden verbs answered rightly: is or are."""
    words_right: float
    """Share of all words with both answers right."""
    verb_on_subject: float
    """Mean share of attention that the verb gives its subject."""
    words_on_noun: float
    """Mean share that a word gives the noun it belongs to."""
    chance_level: float
    """What equal shares would give the noun: the mean of 1 / number of words."""


def evaluate(weights: Weights, batch: Batch) -> Scores:
    """Answers and shares of a head over sentences."""
    run, present = forward(weights, batch), batch.present
    is_right = (run.outputs > 0) == (batch.answers > 0.5)
    on_noun = np.take_along_axis(run.shares, batch.nouns[..., None], axis=-1)[..., 0]
    return Scores(
        verbs_right=float(is_right[batch.verbs, 0].mean()),
        words_right=float(is_right[present].all(axis=-1).mean()),
        verb_on_subject=float(on_noun[batch.verbs].mean()),
        words_on_noun=float(on_noun[present].mean()),
        chance_level=float((1 / present.sum(axis=1)).mean()),
    )


@cache
def trained() -> Weights:
    """The committed weights, read-only."""
    return store.load(NAME)
