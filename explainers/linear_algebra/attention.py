"""Scaled dot-product attention, small enough to see every number (Vaswani et al., 2017, arXiv:1706.03762).

By default the head is a trained one: `explainers.networks.agreement` says what it learned and from what.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from explainers.model import Explainer, Fact, Pillar, bounded, parameter, rounded
from explainers.networks import agreement, checkpoint
from explainers.networks.agreement import QUESTIONS, VERB, VOCABULARY
from explainers.networks.checkpoint import HeadRun, text_of

VALUE_WIDTH = 2
"""Columns of V: two, so that values and outputs are points in the plane."""

VARIANCE_WIDTHS = (4, 64)
"""Key widths whose dot products are always sampled: a small one, and that of Vaswani et al."""

SAMPLE_SIZE = 20_000
"""Dot products drawn per width: puts the sample variance within about 1.3 % of d (one standard error)."""

HULL_TOLERANCE = 1e-12
"""How far, relative to the size of the values, rounding may move a point or a corner."""

TIE_TOLERANCE = 1e-9
"""Two shares closer than this are the same share."""

VISIBLE_SHARE = 0.005
"""Shares closer than this look the same when printed with two decimals."""

MOST_TOKENS = 8
"""Words or tokens of a sentence that a picture has room for."""
SENTENCES = {"trained": ("the", "keys", "to", "the", "cabinet", VERB), "random": ("the", "robot", "saw", "a", "ball")}
"""The sentence of each network where none is given."""

_UNSEEN_CATEGORIES = {"Cc", "Zl", "Zp"}
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Characters that turn the direction of what stands around a word: a caption would be read backwards."""


class AttentionResult(NamedTuple):
    """Every stage of one attention, for n tokens."""

    scores: np.ndarray
    """Q Kᵀ, shape (n, n): row i asks, column j answers."""
    scaled: np.ndarray
    """Scores over √d_k · temperature, shape (n, n); −inf where a token must not look."""
    weights: np.ndarray
    """The row-wise softmax of `scaled`, shape (n, n): shares that add to 1 in each row."""
    outputs: np.ndarray
    """Weights times V, shape (n, d_v)."""


def softmax(logits: np.ndarray) -> np.ndarray:
    """Shares exp(x_j) / Σ exp(x) along the last axis, of the shape of `logits`.

    The row's largest entry is subtracted first, so no finite logits overflow; −inf gives the share 0.

    Raises:
        ValueError: when a row holds NaN or +inf, or no finite entry.
    """
    logits = np.asarray(logits, dtype=float)
    top = logits.max(axis=-1, keepdims=True)
    if not np.isfinite(top).all():
        raise ValueError("softmax needs a finite largest entry in every row")
    powers = np.exp(logits - top)
    return powers / powers.sum(axis=-1, keepdims=True)


def attention(
    queries: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    *,
    temperature: float = 1.0,
    visible: np.ndarray | None = None,
) -> AttentionResult:
    """softmax(Q Kᵀ / (√d_k · temperature)) V, with its stages.

    Args:
        queries: Q, shape (n, d_k).
        keys: K, shape (m, d_k).
        values: V, shape (m, d_v).
        temperature: divides the scores once more; 1 is the formula of Vaswani et al.
        visible: shape (n, m), true where row i may look at column j; None for everywhere.
    """
    scores = queries @ keys.T
    scaled = scores / (np.sqrt(queries.shape[-1]) * temperature)
    if visible is not None:
        scaled = np.where(visible, scaled, -np.inf)
    weights = softmax(scaled)
    return AttentionResult(scores, scaled, weights, weights @ values)


def row_entropy(weights: np.ndarray) -> np.ndarray:
    """Entropy in bits of the shares along the last axis: 0 for one-hot, log2 n for equal shares."""
    logs = np.log2(weights, out=np.zeros_like(weights), where=weights > 0)
    return np.maximum(0.0, -(weights * logs).sum(axis=-1))


def row_peaks(weights: np.ndarray) -> tuple[tuple[int, ...], ...]:
    """For each row of (n, m) shares the columns with the largest one; several when they tie."""
    top = weights.max(axis=1, keepdims=True)
    return tuple(tuple(np.flatnonzero(row).tolist()) for row in weights >= top - TIE_TOLERANCE)


def adds_up(terms: np.ndarray, decimals: int = 2) -> bool:
    """Whether terms, each rounded for print, add up to their rounded sum: whoever checks by hand expects it."""
    printed = (Decimal(f"{term:.{decimals}f}") for term in terms)
    return sum(printed) == Decimal(f"{np.sum(terms):.{decimals}f}")


def multiply_out(first: np.ndarray, second: np.ndarray, decimals: int, product_decimals: int = 2) -> bool:
    """Whether factors, rounded for print, give the printed products, entry by entry: another hand check."""
    printed = ([Decimal(f"{value:.{decimals}f}") for value in factors] for factors in (first, second))
    return all(
        f"{one * other:.{product_decimals}f}" == f"{exact:.{product_decimals}f}"
        for one, other, exact in zip(*printed, first * second, strict=True)
    )


def convex_hull(points: np.ndarray) -> np.ndarray:
    """Corners of the convex hull of points in the plane, counterclockwise (Andrew's monotone chain).

    Args:
        points: shape (n, 2), n ≥ 1, finite.

    Returns:
        Shape (h, 2), rows of `points`; h = 1 when all points coincide, 2 when they lie on a line.
        Points that coincide with a corner or lie on an edge, up to rounding, are left out.
    """
    points = np.asarray(points, dtype=float)
    scale, extent = np.abs(points).max(), np.ptp(points, axis=0).max()
    if extent <= HULL_TOLERANCE * scale:
        return points[:1].copy()
    ordered = sorted({tuple(point) for point in points.tolist()})
    corners = np.array(_half_hull(ordered)[:-1] + _half_hull(ordered[::-1])[:-1])
    tolerance = max(HULL_TOLERANCE * extent, 4 * np.finfo(float).eps * scale)
    while len(corners) > 2:
        heights = [_corner_height(corners, index) for index in range(len(corners))]
        if min(heights) > tolerance:
            break
        corners = np.delete(corners, np.argmin(heights), axis=0)
    return corners


def _half_hull(ordered: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The chain of corners below points ordered by x (above them when the order is reversed)."""
    chain: list[tuple[float, float]] = []
    for point in ordered:
        while len(chain) > 1 and not _turns_left(chain[-2], chain[-1], point):
            chain.pop()
        chain.append(point)
    return chain


def _turns_left(start: tuple[float, float], middle: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether the way over the three points bends to the left, in exact arithmetic.

    Rounding here could lose a corner that is far from the others, so fractions are worth their price.
    """
    (x0, y0), (x1, y1), (x2, y2) = ((Fraction(x), Fraction(y)) for x, y in (start, middle, end))
    return (x1 - x0) * (y2 - y0) > (y1 - y0) * (x2 - x0)


def _corner_height(corners: np.ndarray, index: int) -> float:
    """Distance of one corner from the segment between its two neighbours."""
    neighbours = corners[[index - 1, (index + 1) % len(corners)]]
    return float(distance_outside(corners[index : index + 1], neighbours)[0])


def distance_outside(points: np.ndarray, hull: np.ndarray) -> np.ndarray:
    """Euclidean distance from each point to the filled hull; 0 inside and on the edge.

    Args:
        points: shape (m, 2).
        hull: shape (h, 2), as `convex_hull` gives it: a point, a segment, or corners counterclockwise.

    Returns:
        Shape (m,), in the unit of the points.
    """
    unit = max(np.abs(hull).max(), np.abs(points).max()) or 1.0
    points, hull = np.asarray(points, dtype=float) / unit, hull / unit
    if len(hull) == 1:
        return np.linalg.norm(points - hull[0], axis=1) * unit
    starts = hull if len(hull) > 2 else hull[:1]
    edges = (np.roll(hull, -1, axis=0) - hull)[: len(starts)]
    offsets = points[:, None, :] - starts
    lengths = np.maximum((edges**2).sum(axis=-1), np.finfo(float).tiny)
    fractions = np.clip((offsets * edges).sum(axis=-1) / lengths, 0, 1)
    distances = np.linalg.norm(offsets - fractions[..., None] * edges, axis=-1).min(axis=1)
    if len(hull) > 2:
        left_of_edge = edges[:, 0] * offsets[..., 1] - edges[:, 1] * offsets[..., 0] >= 0
        distances = np.where(left_of_edge.all(axis=1), 0.0, distances)
    return distances * unit


@lru_cache(maxsize=8)
def sample_dot_products(width: int, seed: int, size: int = SAMPLE_SIZE) -> np.ndarray:
    """Dot products q·k of independent standard normal q and k, shape (size,), read-only."""
    queries, keys = np.random.default_rng([seed, width]).normal(size=(2, size, width))
    products = np.einsum("nd,nd->n", queries, keys)
    products.flags.writeable = False
    return products


def variance_standard_error(width: int, size: int = SAMPLE_SIZE) -> float:
    """Standard error of the unbiased sample variance of `size` dot products q·k of this width.

    Each product has mean 0, variance 1 and fourth moment 3 · 3 = 9, so the sum of d of them has
    variance d and fourth moment μ₄ = 9d + 3d(d − 1); Var(s²) = (μ₄ − d² (size − 3)/(size − 1)) / size.
    """
    fourth_moment = 9 * width + 3 * width * (width - 1)
    return float(np.sqrt((fourth_moment - width**2 * (size - 3) / (size - 1)) / size))


def _split_sentence(value: Any) -> Any:
    return tuple(value.split()) if isinstance(value, str) else value


def _as_learned(token: Any) -> Any:
    """A word as the trained head knows it: in small letters, and the verb hidden."""
    if not isinstance(token, str):
        return token
    return VERB if token.strip().lower() in QUESTIONS[0] else token.strip().lower()


def _unknown_word(word: str) -> str:
    """Why the trained head cannot take this word, the nearest one it can take, and all of them."""
    near = difflib.get_close_matches(word, VOCABULARY, n=1, cutoff=0.5)
    meant = f" (did you mean {near[0]}?)" if near else ""
    known = ", ".join((*QUESTIONS[0], *VOCABULARY[1:]))
    return f"the trained head has not learned {word!r}{meant}; it knows {known}; network=random takes any word"


def _drawable(token: str) -> str:
    categories = {unicodedata.category(character) for character in token}
    if _TURNING & {unicodedata.bidirectional(character) for character in token}:
        raise ValueError("a token cannot turn the direction of the words around it")
    if categories & _UNSEEN_CATEGORIES or not any(category[0] in "LNPS" for category in categories):
        raise ValueError("a token needs visible characters and no control characters")
    return token


Token = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=12),
    AfterValidator(_drawable),
]
Entry = bounded(-10, 10)
KeyRow = Annotated[tuple[Entry, ...], Field(min_length=1, max_length=8)]
KeyRows = Annotated[tuple[KeyRow, ...], Field(min_length=2, max_length=8)]
ValueRows = Annotated[tuple[tuple[Entry, Entry], ...], Field(min_length=2, max_length=8)]
Places = Annotated[tuple[Annotated[int, Field(ge=0, le=7)], ...], Field(min_length=2, max_length=8)]


class Attention(Explainer):
    """Q Kᵀ, softmax, V: every output a weighted average of the values, for a handful of words.

    Rows are tokens, in the order of the sentence. The trained head has learned X, W_Q, W_K and W_V; a row of X
    is that of the word plus that of its place, and the verb is hidden from it as "is/are". With random weights
    they are drawn in this order from one generator, X standard normal and the weights normal over √d_model; a
    repeated word (same letters and case) has the embedding of its first appearance. Rows that the lecturer
    gives are taken as they are.
    Names without `masked` or `final` mean the attention in which every token sees every token.
    """

    slug: ClassVar[str] = "attention"
    title: ClassVar[str] = "Attention is a weighted average"
    insight: ClassVar[str] = (
        "QKᵀ asks who matches whom, softmax turns each row into shares, "
        "and multiplying by V mixes the values by those shares."
    )
    pillar: ClassVar[Pillar] = Pillar.LINEAR_ALGEBRA
    references: ClassVar[tuple[str, ...]] = (
        "ARX 5",
        "MTC 4",
        "MTC 8",
        "MTB 16",
        "TALK 7",
        "MML 2.2",
        "CML C1W3L2",
        "SR:presentations/intro-to-transformers-nlp-meetup",
        "SR:presentations/survey-of-transformers-nlp-meetup",
        "SR:machine learning/nlp",
    )

    tokens: Annotated[
        tuple[Token, ...], BeforeValidator(_split_sentence, json_schema_input_type=tuple[Token, ...] | str)
    ] = parameter(
        SENTENCES["trained"],
        "the sentence, one token per word; a plain text is split at white space; "
        f"left out with random weights it is {' '.join(SENTENCES['random'])!r}",
        allowed="2 to 8 words of 1 to 12 visible characters; for the trained head words that it has learned, "
        "with is or are once",
        min_length=2,
        max_length=MOST_TOKENS,
    )
    network: Literal["trained", "random"] = parameter(
        "trained", "whose numbers: of the head that learned which noun each word belongs to, or random ones"
    )
    checkpoint: str | None = parameter(
        None,
        "a folder with a BERT-style model of your own, in place of both: config.json, model.safetensors and "
        "tokenizer.json",
        allowed="null, or the path of a folder",
    )
    layer: int = parameter(1, "which layer of the checkpoint, counted from 1", ge=1, le=99)
    head: int = parameter(1, "which head of that layer, counted from 1", ge=1, le=99)
    model_width: int = parameter(8, "columns of the embedding X, d_model; 8 in the trained head", ge=2, le=16)
    key_width: int = parameter(4, "columns of Q and K, d_k; 4 in the trained head", ge=1, le=8)
    seed: int = parameter(
        0,
        "seed of the sampled dot products, and of random embeddings and weights",
        allowed=f"a whole number from 0 to {2**32 - 1}",
        ge=0,
        le=2**32 - 1,
    )
    queries: KeyRows | None = parameter(
        None,
        "the rows of Q, in place of X W_Q",
        allowed="null, or for each token a row of d_k numbers from -10 to 10",
    )
    keys: KeyRows | None = parameter(
        None,
        "the rows of K, in place of X W_K",
        allowed="null, or for each token a row of d_k numbers from -10 to 10",
    )
    values: ValueRows | None = parameter(
        None,
        "the rows of V, in place of X W_V",
        allowed="null, or for each token a row of 2 numbers from -10 to 10",
    )
    temperature: float = parameter(
        1.0, "divides the scores after √d_k: below 1 sharpens the shares, above 1 evens them", ge=0.05, le=20
    )
    mask: bool = parameter(True, "whether the step with the causal mask is shown")
    causal: bool = parameter(False, "whether the causal mask stays on for the final weights")
    permutation: Places | None = parameter(
        None,
        "the shuffle: which token, counted from 0, stands in each place afterwards",
        allowed="null (each token moves one place on, the last to the front), or each token's number exactly once",
    )

    @model_validator(mode="before")
    @classmethod
    def _suit_the_network(cls, values: Any) -> Any:
        """A sentence that was left out is the network's own; from the trained head the verb is hidden."""
        network = values.get("network", "trained") if isinstance(values, Mapping) else None
        if network not in tuple(SENTENCES):
            return values
        if values.get("checkpoint") is not None:
            return cls._with_real_tokens(values)
        tokens = _split_sentence(values.get("tokens", SENTENCES[network]))
        if network == "trained" and isinstance(tokens, (list, tuple)):
            tokens = tuple(_as_learned(token) for token in tokens)
        return {**values, "tokens": tokens}

    @staticmethod
    def _with_real_tokens(values: Mapping[str, Any]) -> Any:
        """The sentence as the checkpoint's tokenizer cuts it up; the default one has its verb."""
        tokens = values.get("tokens", (*SENTENCES["trained"][:-1], QUESTIONS[0][1]))
        if not isinstance(values["checkpoint"], str) or not isinstance(tokens, (str, list, tuple)):
            return values
        text = tokens if isinstance(tokens, str) else text_of([str(token) for token in tokens])
        cut, _ = checkpoint.read(Path(values["checkpoint"])).tokens(text)
        if len(cut) > MOST_TOKENS:
            raise ValueError(f"the checkpoint cuts the sentence into {len(cut)} tokens, at most {MOST_TOKENS} fit")
        return {**values, "tokens": tuple(cut)}

    @model_validator(mode="after")
    def _suits_the_checkpoint(self) -> Attention:
        if self.checkpoint is not None:
            if self.given_rows:
                raise ValueError(f"{self.given_rows[0]} cannot be given with a checkpoint, which makes its own")
            self._head_run()
        elif (self.layer, self.head) != (1, 1):
            raise ValueError("layer and head belong to a checkpoint")
        return self

    @model_validator(mode="after")
    def _suits_the_trained_head(self) -> Attention:
        if not self.is_trained_here:
            return self
        for word in self.tokens:
            if word not in VOCABULARY:
                raise ValueError(_unknown_word(word))
        if self.tokens.count(VERB) != 1:
            raise ValueError("the trained head chooses between is and are, so the sentence needs one of them once")
        for name, learned in (("model_width", "words"), ("key_width", "key")):
            width = agreement.trained()[learned].shape[1]
            if getattr(self, name) != width:
                raise ValueError(f"the trained head has {name} {width}; another one needs network=random")
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> Attention:
        count = len(self.tokens)
        widths = {"queries": self.key_width, "keys": self.key_width, "values": VALUE_WIDTH}
        for name, width in widths.items():
            rows = getattr(self, name)
            if rows is not None and (len(rows) != count or any(len(row) != width for row in rows)):
                raise ValueError(f"{name} needs {count} rows (one per token) of {width} numbers")
        if self.permutation is not None and sorted(self.permutation) != list(range(count)):
            raise ValueError(f"permutation needs each number from 0 to {count - 1} exactly once")
        if self.causal and not self.mask:
            raise ValueError("causal needs the mask step, so mask cannot be false")
        return self

    # --- from words to Q, K, V ---

    @property
    def is_trained_here(self) -> bool:
        """Whether the head is the one trained on agreement."""
        return self.network == "trained" and self.checkpoint is None

    def _head_run(self) -> HeadRun:
        """What the checkpoint's head computes for the sentence."""
        folder = Path(self.checkpoint)
        ids = checkpoint.read(folder).tokens(text_of(self.tokens))[1]
        return checkpoint.run_head(folder, tuple(ids), self.layer, self.head)

    @property
    def first_occurrence(self) -> tuple[int, ...]:
        """For each token the index of the first token with the same word."""
        return tuple(self.tokens.index(token) for token in self.tokens)

    @property
    def repeated_words(self) -> tuple[str, ...]:
        """The words that occur more than once, each named once; in the trained head their places tell them apart."""
        return tuple(dict.fromkeys(word for word in self.tokens if self.tokens.count(word) > 1))

    @property
    def given_rows(self) -> tuple[str, ...]:
        """Which of "queries", "keys", "values" the lecturer gave; these do not come from X."""
        return tuple(name for name in ("queries", "keys", "values") if getattr(self, name) is not None)

    @property
    def embeddings(self) -> np.ndarray:
        """X, shape (n, d_model)."""
        return self._matrices()[0]

    @property
    def query_weights(self) -> np.ndarray:
        """W_Q, shape (d_model, d_k); unused when `queries` are given."""
        return self._matrices()[1]

    @property
    def key_weights(self) -> np.ndarray:
        """W_K, shape (d_model, d_k); unused when `keys` are given."""
        return self._matrices()[2]

    @property
    def value_weights(self) -> np.ndarray:
        """W_V, shape (d_model, 2); unused when `values` are given."""
        return self._matrices()[3]

    @property
    def query_matrix(self) -> np.ndarray:
        """Q, shape (n, d_k)."""
        return self._projected(self._sentence_order)[0]

    @property
    def key_matrix(self) -> np.ndarray:
        """K, shape (n, d_k)."""
        return self._projected(self._sentence_order)[1]

    @property
    def value_matrix(self) -> np.ndarray:
        """V, shape (n, 2): points in the plane."""
        return self._projected(self._sentence_order)[2]

    # --- scores and shares ---

    @property
    def scores(self) -> np.ndarray:
        """Q Kᵀ, shape (n, n)."""
        return self._attended().scores

    @property
    def scaled_scores(self) -> np.ndarray:
        """Q Kᵀ / (√d_k · temperature), shape (n, n)."""
        return self._attended().scaled

    @property
    def weights(self) -> np.ndarray:
        """Row-wise softmax of `scaled_scores`, shape (n, n)."""
        return self._attended().weights

    @property
    def undivided_weights(self) -> np.ndarray:
        """The shares without the division by √d_k, shape (n, n): what √d_k is there to soften."""
        return softmax(self.scores / self.temperature)

    @property
    def outputs(self) -> np.ndarray:
        """Weights times V, shape (n, 2)."""
        return self._attended().outputs

    @property
    def row_entropies(self) -> np.ndarray:
        """Entropy of each token's shares in bits, shape (n,), from 0 to log2 n."""
        return row_entropy(self.weights)

    @property
    def peaks(self) -> tuple[tuple[int, ...], ...]:
        """For each token the indices of the tokens it looks at most; several when they tie."""
        return row_peaks(self.weights)

    @property
    def masked_peaks(self) -> tuple[tuple[int, ...], ...]:
        """`peaks` under the causal mask."""
        return row_peaks(self.masked_weights)

    @property
    def regime(self) -> Literal["uniform", "one-hot", "mixed"]:
        """Whether all shares look equal, each row looks at a single token, or neither (two decimals)."""
        if np.abs(self.weights - 1 / len(self.tokens)).max() < VISIBLE_SHARE:
            return "uniform"
        if self.weights.max(axis=1).min() > 1 - VISIBLE_SHARE:
            return "one-hot"
        return "mixed"

    def score_terms(self, row: int, column: int) -> np.ndarray:
        """The d_k products q_i · k_i of one score, shape (d_k,). IndexError outside the grid."""
        return self.query_matrix[row] * self.key_matrix[column]

    def score_running_total(self, row: int, column: int) -> np.ndarray:
        """The score of one cell after each product, shape (d_k,); the last entry is the score."""
        return np.cumsum(self.score_terms(row, column))

    @property
    def followed(self) -> tuple[int, int]:
        """The token that a story follows, and the one whose score with it is worked out.

        Its printed shares add up to 1.00 and the printed terms of the score to the score, if any token's do.
        Then the score is that of the token it looks at most, and its output is long and so seen best. The
        last token looks no differently under a mask, so it is another one.

        In a trained head it is the verb, and the token that the verb looks at most.
        """
        if self.verb is not None:
            return self.verb, self.peaks[self.verb][0]
        lengths = np.linalg.norm(self.outputs, axis=1).round(6)

        def flaws(cell: tuple[int, int]) -> tuple[bool, bool, bool, float]:
            row, column = cell
            score_fits = adds_up(self.score_terms(row, column))
            return not adds_up(self.weights[row]), not score_fits, column not in self.peaks[row], -lengths[row]

        return min(np.ndindex(len(self.tokens) - 1, len(self.tokens)), key=flaws)

    def peak_words(self, row: int, *, masked: bool = False) -> str:
        """The words that one token looks at most, for a caption: "ball", or on a tie "saw and ball"."""
        indices = (self.masked_peaks if masked else self.peaks)[row]
        words = list(dict.fromkeys(self.tokens[index] for index in indices))
        return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]

    # --- the trained head's answer ---

    @property
    def verb(self) -> int | None:
        """The place of the hidden verb in a trained head's sentence."""
        return self.tokens.index(VERB) if self.is_trained_here else None

    @property
    def answers(self) -> bool:
        """Whether outputs are log odds that mean something: those of a trained head with its own values."""
        return self.is_trained_here and self.values is None

    @property
    def log_odds(self) -> float:
        """The log odds of "are": the first number of the verb's output.

        Raises:
            ValueError: when this attention answers nothing.
        """
        if not self.answers:
            raise ValueError("only the trained head with its own values chooses between is and are")
        return float(self.outputs[self.verb, 0])

    @property
    def answer(self) -> str:
        """The verb that the trained head chooses: "is" or "are"."""
        return QUESTIONS[0][int(self.log_odds > 0)]

    @property
    def answer_chance(self) -> float:
        """The probability it gives its answer, at least ½."""
        return float(agreement.chance(abs(self.log_odds)))

    # --- values mixed by shares ---

    def mixture_terms(self, row: int, *, masked: bool = False) -> np.ndarray:
        """Each value times its share in one output, shape (n, 2); the column sums are the output."""
        weights = self.masked_weights if masked else self.weights
        return weights[row][:, None] * self.value_matrix

    def mixture_path(self, row: int, *, masked: bool = False) -> np.ndarray:
        """The shares of the values laid tip to tail, shape (n + 1, 2), from the origin to the output."""
        steps = np.cumsum(self.mixture_terms(row, masked=masked), axis=0)
        return np.vstack([np.zeros(VALUE_WIDTH), steps])

    @property
    def value_hull(self) -> np.ndarray:
        """Corners of the convex hull of the values, counterclockwise, shape (h, 2) with 1 ≤ h ≤ n."""
        return convex_hull(self.value_matrix)

    @property
    def hull_kind(self) -> Literal["point", "segment", "polygon"]:
        """What the values span: one point (all outputs equal it), a line segment, or an area."""
        corners = len(self.value_hull)
        return "point" if corners == 1 else "segment" if corners == 2 else "polygon"

    @property
    def hull_excess(self) -> float:
        """Largest distance of an output, masked or not, from the hull of the values: 0 up to rounding."""
        points = np.vstack([self.outputs, self.masked_outputs])
        return float(distance_outside(points, self.value_hull).max())

    @property
    def outputs_in_hull(self) -> bool:
        """Whether every output, masked or not, lies in the hull of the values."""
        return self.hull_excess <= HULL_TOLERANCE * max(1.0, np.abs(self.value_matrix).max())

    # --- the causal mask ---

    @property
    def causal_mask(self) -> np.ndarray:
        """Who may look at whom, shape (n, n): true where column j is not after row i."""
        return np.tri(len(self.tokens), dtype=bool)

    @property
    def masked_scaled_scores(self) -> np.ndarray:
        """`scaled_scores` with −inf above the diagonal, shape (n, n)."""
        return self._attended(masked=True).scaled

    @property
    def masked_weights(self) -> np.ndarray:
        """Shares under the causal mask, shape (n, n): exactly 0 above the diagonal, rows add to 1."""
        return self._attended(masked=True).weights

    @property
    def masked_outputs(self) -> np.ndarray:
        """`masked_weights` times V, shape (n, 2); the first is the first value."""
        return self._attended(masked=True).outputs

    @property
    def masked_upper_max(self) -> float:
        """The largest share above the diagonal of `masked_weights`: 0."""
        return float(self.masked_weights[~self.causal_mask].max())

    @property
    def hidden_share(self) -> np.ndarray:
        """The share each row had given to later tokens and now hands out again, shape (n,)."""
        return np.where(self.causal_mask, 0.0, self.weights).sum(axis=1)

    @property
    def final_weights(self) -> np.ndarray:
        """`masked_weights` when `causal`, else `weights`, shape (n, n)."""
        return self.masked_weights if self.causal else self.weights

    @property
    def final_outputs(self) -> np.ndarray:
        """`masked_outputs` when `causal`, else `outputs`, shape (n, 2)."""
        return self.masked_outputs if self.causal else self.outputs

    # --- the shuffle ---

    @property
    def order(self) -> np.ndarray:
        """The shuffle, shape (n,): entry i is the old index of the token now in place i."""
        if self.permutation is not None:
            return np.array(self.permutation)
        return np.roll(self._sentence_order, 1)

    @property
    def permutation_matrix(self) -> np.ndarray:
        """P, shape (n, n), with P X = X[order]."""
        return np.eye(len(self.tokens))[self.order]

    @property
    def shuffled_tokens(self) -> tuple[str, ...]:
        """The words after the shuffle."""
        return tuple(self.tokens[index] for index in self.order)

    @property
    def is_shuffle_visible(self) -> bool:
        """Whether the shuffle changes the sentence; not for the identity or a swap of equal words."""
        return self.shuffled_tokens != self.tokens

    @property
    def shuffled(self) -> AttentionResult:
        """f(PX): attention computed anew from the shuffled rows."""
        return self._attended(self.order)

    @property
    def masked_shuffled(self) -> AttentionResult:
        """The same under the causal mask, which does not move with the tokens."""
        return self._attended(self.order, masked=True)

    @property
    def final_shuffled(self) -> AttentionResult:
        """`masked_shuffled` when `causal`, else `shuffled`."""
        return self.masked_shuffled if self.causal else self.shuffled

    @property
    def equivariance_defect(self) -> float:
        """‖f(PX) − P f(X)‖ (Frobenius): 0 up to rounding, the output is only shuffled."""
        return float(np.linalg.norm(self.shuffled.outputs - self.outputs[self.order]))

    @property
    def masked_equivariance_defect(self) -> float:
        """The same under the causal mask: above 0 when the order of the tokens matters."""
        return float(np.linalg.norm(self.masked_shuffled.outputs - self.masked_outputs[self.order]))

    @property
    def order_matters(self) -> bool:
        """Whether this shuffle changes the final outputs beyond their order; possible only if `causal`."""
        scale = max(1.0, np.abs(self.value_matrix).max())
        return self.causal and self.masked_equivariance_defect > TIE_TOLERANCE * scale

    # --- why √d ---

    @property
    def variance_widths(self) -> tuple[int, ...]:
        """The key widths whose dot products are sampled, rising: 4, 64 and d_k."""
        return tuple(sorted({*VARIANCE_WIDTHS, self.key_width}))

    def dot_products(self, width: int) -> np.ndarray:
        """Sampled q·k for standard normal q and k of this width ≥ 1, shape (`SAMPLE_SIZE`,), read-only."""
        return sample_dot_products(width, self.seed)

    def sampled_variance(self, width: int) -> float:
        """Unbiased sample variance of `dot_products(width)`; exactly `width` in expectation."""
        return float(self.dot_products(width).var(ddof=1))

    def facts(self) -> dict[str, Fact]:
        """What a viewer can check; `row_sums` is the row sum furthest from 1, defects to 9 decimals."""
        sums = self.weights.sum(axis=1)
        if self.checkpoint is not None:
            return rounded(self._checkpoint_facts())
        words = range(len(self.tokens))
        facts = {
            "row_sums": sums[np.abs(sums - 1).argmax()],
            "first_row": self.weights[0],
            "first_output": self.outputs[0],
            "most_attended": [self.peak_words(row) for row in words],
            "entropy_bits": self.row_entropies,
            "regime": self.regime,
            "outputs_in_hull": self.outputs_in_hull,
            "hull_kind": self.hull_kind,
            "masked_upper_max": self.masked_upper_max,
            "masked_last_row": self.masked_weights[-1],
            "equivariance_defect": round(self.equivariance_defect, 9),
            "masked_equivariance_defect": round(self.masked_equivariance_defect, 9),
            "order_matters": self.order_matters,
            "var_qk": {width: self.sampled_variance(width) for width in self.variance_widths},
            "var_qk_exact": {width: width for width in self.variance_widths},
        }
        if self.answers:
            facts |= {"answer": self.answer, "answer_chance": self.answer_chance, "log_odds": self.log_odds}
        return rounded(facts)

    def _checkpoint_facts(self) -> dict[str, Fact]:
        """What a viewer can check of a head of a model of their own."""
        model = checkpoint.read(Path(self.checkpoint))
        return {
            "tokens": list(self.tokens),
            "layers": model.layers,
            "heads": model.heads,
            "head_width": self.query_matrix.shape[1],
            "weights": self.weights,
            "most_attended": [self.peak_words(row) for row in range(len(self.tokens))],
            "entropy_bits": self.row_entropies,
            "regime": self.regime,
        }

    # --- shared ---

    @property
    def _sentence_order(self) -> np.ndarray:
        return np.arange(len(self.tokens))

    def _matrices(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """X, W_Q, W_K and W_V: learned or drawn."""
        if self.network == "random":
            return self._drawn()
        learned = agreement.trained()
        words = [VOCABULARY.index(token) for token in self.tokens]
        inputs = learned["words"][words] + learned["places"][: len(words)]
        return inputs, learned["query"], learned["key"], learned["value"]

    def _drawn(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """X, W_Q, W_K and W_V, drawn in this order; repeated words get their first row."""
        generator = np.random.default_rng(self.seed)
        embeddings = generator.normal(size=(len(self.tokens), self.model_width))
        weights = tuple(
            generator.normal(size=(self.model_width, width)) / np.sqrt(self.model_width)
            for width in (self.key_width, self.key_width, VALUE_WIDTH)
        )
        return embeddings[list(self.first_occurrence)], *weights

    def _projected(self, order: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Q, K and V of the tokens in this order: the given rows, else the embeddings' projections."""
        if self.checkpoint is not None:
            run = self._head_run()
            return run.queries[order], run.keys[order], run.values[order]
        embeddings, *weights = self._matrices()
        given = (self.queries, self.keys, self.values)
        query_matrix, key_matrix, value_matrix = (
            embeddings[order] @ weight if rows is None else np.array(rows, dtype=float)[order]
            for rows, weight in zip(given, weights, strict=True)
        )
        return query_matrix, key_matrix, value_matrix

    def _attended(self, order: np.ndarray | None = None, *, masked: bool = False) -> AttentionResult:
        projections = self._projected(self._sentence_order if order is None else order)
        visible = self.causal_mask if masked else None
        return attention(*projections, temperature=self.temperature, visible=visible)
