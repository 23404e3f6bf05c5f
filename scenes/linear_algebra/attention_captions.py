"""What the attention clip says, true for every admitted parameter."""

from __future__ import annotations

from explainers.linear_algebra.attention import Attention
from scenes.stage.text import format_number


def name(attention: Attention, index: int) -> str:
    """A token in quotes; by its number when it holds several words, so that a caption stays short."""
    token = attention.tokens[index]
    return f"“{token}”" if len(token.split()) == 1 else f"token {index + 1}"


def rows(attention: Attention) -> str:
    """Words become rows of X."""
    if attention.is_trained_here:
        return f"Is or are? Each word: {attention.model_width} learned numbers, for the word plus its place."
    if attention.repeated_words:
        return "Every word is a row of random, untrained numbers; equal words, equal rows."
    return (
        f"{len(attention.tokens)} words, each a row of {attention.model_width} random numbers: nothing here is trained."
    )


def checkpoint_tokens(attention: Attention) -> str:
    """Whose head it is."""
    count = len(attention.tokens)
    return f"Your own model, layer {attention.layer}, head {attention.head}: it reads {count} tokens."


def checkpoint_scores(attention: Attention) -> str:
    """Its scores."""
    width = attention.query_matrix.shape[1]
    return f"Every query meets every key: {width} products, summed, make each score."


def checkpoint_summary(attention: Attention) -> str:
    """What its shares are."""
    return f"Whom each token looks at: layer {attention.layer}, head {attention.head} of your model."


def projections(attention: Attention) -> str:
    """X becomes Q, K and V, as far as they are not given."""
    given = attention.given_rows
    made = [part for part in ("queries", "keys", "values") if part not in given]
    source = "learned" if attention.is_trained_here else "untrained"
    if not given:
        return f"Three {source} weight matrices turn each word into a query, key and value."
    if not made:
        return "Each word brings three given rows: a query, a key and a value."
    return f"Given: {' and '.join(given)}; {source} weights turn each row into {' and '.join(made)}."


def score(attention: Attention, row: int, column: int) -> str:
    """One entry of Q Kᵀ."""
    total = format_number(attention.scores[row, column])
    asks, answers = name(attention, row), name(attention, column)
    return f"Query of {asks} times key of {answers}, summed: score {total}."


def grid(attention: Attention) -> str:
    """All of Q Kᵀ."""
    count = len(attention.tokens) ** 2
    return f"Every query meets every key: QKᵀ holds all {count} scores."


def division(attention: Attention) -> str:
    """Why √d."""
    if attention.temperature != 1:
        return f"Scores spread like √d: divide by √d, and by temperature {attention.temperature:g}."
    return "The longer q and k, the wider the scores; dividing by √d undoes that."


def one_softmax(attention: Attention, row: int) -> str:
    """One row becomes shares."""
    return f"Softmax: scores of {name(attention, row)} turn into positive shares that fill one whole."


def all_softmax(attention: Attention, row: int) -> str:
    """What the rows of shares look like."""
    if attention.regime == "uniform":
        return f"Every row adds to 1, shared evenly: 1/{len(attention.tokens)} for every word."
    if attention.regime == "one-hot":
        return "Every row adds to 1, and a single word gets nearly all of it."
    peaks = attention.peaks[row]
    share = format_number(attention.weights[row, peaks[0]])
    asks = name(attention, row)
    if len(peaks) == 1:
        return f"Every row adds to 1; {asks} gives most, {share}, to {name(attention, peaks[0])}."
    return f"Every row adds to 1; for {asks}, {len(peaks)} words tie at {share}."


def one_mixture(attention: Attention, row: int) -> str:
    """Shares times values, tip to tail."""
    return f"Shrink values to their shares, lay them tip to tail: output of {name(attention, row)}."


def all_mixtures(attention: Attention) -> str:
    """Where outputs can lie."""
    return {
        "polygon": "Every output is a weighted average: it cannot leave the hull of the values.",
        "segment": "The values lie on one line segment, and so does every weighted average.",
        "point": "All values are the same point, so every weighted average is that point.",
    }[attention.hull_kind]


def reading(attention: Attention) -> str:
    """What the verb's output says."""
    percent = format_number(attention.answer_chance, 0, percent=True)
    # Rounded up to 100%, it would claim a certainty that no log odds give.
    chance = "over 99%" if percent == "100%" else percent
    side = "right" if attention.answer == "are" else "left"
    return f"The output's first number decides: {side} of zero means “{attention.answer}”, {chance} sure."


def mask(attention: Attention, row: int) -> str:
    """The causal mask."""
    if row == len(attention.tokens) - 1:
        return f"Causal mask: later words go dark; {name(attention, row)} comes last and sees all."
    seen = "now sees only itself" if row == 0 else f"sees only the first {row + 1} words"
    return f"Causal mask: later words go dark; {name(attention, row)} {seen}."


def shuffle(attention: Attention) -> str:
    """What a new order of the words does."""
    if attention.is_trained_here and not attention.causal:
        return "A word's place is in its row: shuffled rows only shuffle the outputs."
    if attention.order_matters:
        return "The mask stays put when words are shuffled: now the outputs change."
    if attention.causal:
        return "Even under the mask, this shuffle leaves every output where it was."
    if attention.mask:
        return "Without the mask, shuffled words only shuffle the outputs: attention ignores word order."
    return "Shuffle the words and the outputs are only shuffled: attention ignores order."


def summary(attention: Attention) -> str:
    """The whole formula."""
    return "QKᵀ asks, softmax shares, V answers: each output is a weighted average."
