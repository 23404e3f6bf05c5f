"""What the attention clip says, true for every admitted parameter."""

from __future__ import annotations

from collections.abc import Sequence

from explainers.linear_algebra.attention import SENTENCES, Attention
from scenes.stage.language import N_, _, localized, pgettext, verbatim
from scenes.stage.text import format_number

ROWS = {"queries": N_("queries"), "keys": N_("keys"), "values": N_("values")}
"""The rows of Q, K and V, as the explainer calls them."""


def name(attention: Attention, index: int) -> str:
    """A token in quotes; by its number when it holds several words, so that a caption stays short."""
    token = attention.tokens[index]
    if len(token.split()) == 1:
        return _("“{token}”").format(token=verbatim(token))
    # Translators: stands in a sentence like a quoted word: "query of token 3".
    return _("token {number}").format(number=index + 1)


def rows(attention: Attention) -> str:
    """Words become rows of X."""
    width = attention.model_width
    if attention.is_trained_here:
        # Translators: "is" and "are" stay English, as the sentence that is shown.
        sentence = _("Is or are? Each word: {width} learned numbers, for the word plus its place.")
        if attention.tokens == SENTENCES["trained"]:
            # Translators: said of "the keys to the cabinet is/are", which is shown in English: tell what it means.
            sentence = pgettext(
                "the keys to the cabinet",
                "Is or are? Each word: {width} learned numbers, for the word plus its place.",
            )
        return sentence.format(width=width)
    if attention.repeated_words:
        return _("Every word is a row of random, untrained numbers; equal words, equal rows.")
    sentence = _("{count} words, each a row of {width} random numbers: nothing here is trained.")
    return sentence.format(count=len(attention.tokens), width=width)


def checkpoint_tokens(attention: Attention) -> str:
    """Whose head it is."""
    sentence = _("Your own model, layer {layer}, head {head}: it reads {count} tokens.")
    return sentence.format(layer=attention.layer, head=attention.head, count=len(attention.tokens))


def checkpoint_scores(attention: Attention) -> str:
    """Its scores."""
    width = attention.query_matrix.shape[1]
    return _("Every query meets every key: {width} products, summed, make each score.").format(width=width)


def checkpoint_summary(attention: Attention) -> str:
    """What its shares are."""
    sentence = _("Whom each token looks at: layer {layer}, head {head} of your model.")
    return sentence.format(layer=attention.layer, head=attention.head)


def projections(attention: Attention) -> str:
    """X becomes Q, K and V, as far as they are not given."""
    given = attention.given_rows
    made = [part for part in ROWS if part not in given]
    if not made:
        return _("Each word brings three given rows: a query, a key and a value.")
    if not given:
        if attention.is_trained_here:
            return _("Three learned weight matrices turn each word into a query, key and value.")
        return _("Three untrained weight matrices turn each word into a query, key and value.")
    if attention.is_trained_here:
        sentence = _("Given: {given}; learned weights turn each row into {made}.")
    else:
        sentence = _("Given: {given}; untrained weights turn each row into {made}.")
    return sentence.format(given=_listed(given), made=_listed(made))


def _listed(parts: Sequence[str]) -> str:
    """One or two of queries, keys and values: "queries and keys"."""
    names = [_(ROWS[part]) for part in parts]
    return names[0] if len(names) == 1 else _("{first} and {second}").format(first=names[0], second=names[1])


def score(attention: Attention, row: int, column: int) -> str:
    """One entry of Q Kᵀ."""
    total = format_number(attention.scores[row, column])
    sentence = _("Query of {asks} times key of {answers}, summed: score {total}.")
    return sentence.format(asks=name(attention, row), answers=name(attention, column), total=total)


def grid(attention: Attention) -> str:
    """All of Q Kᵀ."""
    count = len(attention.tokens) ** 2
    return _("Every query meets every key: QKᵀ holds all {count} scores.").format(count=count)


def division(attention: Attention) -> str:
    """Why √d."""
    if attention.temperature != 1:
        sentence = _("Scores spread like √d: divide by √d, and by temperature {temperature}.")
        return sentence.format(temperature=localized(f"{attention.temperature:g}"))
    return _("With d entries, scores spread like √d; dividing by √d undoes that.")


def one_softmax(attention: Attention, row: int) -> str:
    """One row becomes shares."""
    sentence = _("Softmax: scores of {asks}, even negative ones, become shares of one whole.")
    return sentence.format(asks=name(attention, row))


def all_softmax(attention: Attention, row: int) -> str:
    """What the rows of shares look like."""
    if attention.regime == "uniform":
        sentence = _("Every row adds to 1, shared evenly: 1/{count} for every word.")
        return sentence.format(count=len(attention.tokens))
    if attention.regime == "one-hot":
        return _("Every row adds to 1, and a single word gets nearly all of it.")
    peaks = attention.peaks[row]
    share = format_number(attention.weights[row, peaks[0]])
    asks = name(attention, row)
    if len(peaks) == 1:
        sentence = _("Every row adds to 1; {asks} gives most, {share}, to {answers}.")
        return sentence.format(asks=asks, share=share, answers=name(attention, peaks[0]))
    return _("Every row adds to 1; for {asks}, {count} words tie at {share}.").format(
        asks=asks, count=len(peaks), share=share
    )


def one_mixture(attention: Attention, row: int) -> str:
    """Shares times values, tip to tail."""
    sentence = _("Shrink values to their shares, lay them tip to tail: output of {asks}.")
    return sentence.format(asks=name(attention, row))


def all_mixtures(attention: Attention) -> str:
    """Where outputs can lie."""
    return {
        "polygon": _("Every output is a weighted average: it cannot leave the hull of the values."),
        "segment": _("The values lie on one line segment, and so does every weighted average."),
        "point": _("All values are the same point, so every weighted average is that point."),
    }[attention.hull_kind]


def reading(attention: Attention) -> str:
    """What the verb's output says."""
    chance = format_number(attention.answer_chance, 0, percent=True)
    if round(100 * attention.answer_chance) == 100:
        # Rounded up to 100%, it would claim a certainty that no log odds give.
        chance = _("over {share}").format(share=format_number(0.99, 0, percent=True))
    if attention.answer == "are":
        sentence = _("The output's first number decides: right of zero means “{verb}”, {chance} sure.")
    else:
        sentence = _("The output's first number decides: left of zero means “{verb}”, {chance} sure.")
    return sentence.format(verb=verbatim(attention.answer), chance=chance)


def mask(attention: Attention, row: int) -> str:
    """The causal mask."""
    if row == len(attention.tokens) - 1:
        sentence = _("Causal mask: later words are hidden; {asks} comes last and sees all.")
    elif row == 0:
        sentence = _("Causal mask: later words are hidden; {asks} now sees only itself.")
    else:
        sentence = _("Causal mask: later words are hidden; {asks} sees only the first {count} words.")
    return sentence.format(asks=name(attention, row), count=row + 1)


def shuffle(attention: Attention) -> str:
    """What a new order of the words does."""
    if attention.is_trained_here and not attention.causal:
        return _("A word's place is in its row: shuffled rows only shuffle the outputs.")
    if attention.order_matters:
        return _("The mask stays put when words are shuffled: now the outputs change.")
    if attention.causal:
        return _("Even under the mask, this shuffle leaves every output where it was.")
    if attention.mask:
        return _("Without the mask, shuffled words only shuffle the outputs: attention ignores word order.")
    return _("Shuffle the words and the outputs are only shuffled: attention ignores order.")


def summary(attention: Attention) -> str:
    """The whole formula."""
    return _("QKᵀ compares, softmax shares, V supplies: each output is a weighted average.")
