"""A BERT-style model folder in the Hugging Face layout, run in NumPy: config.json, model.safetensors, tokenizer.json.

Nothing in such a folder is executed: safetensors holds plain arrays, the other two are JSON; pickled weights are
refused. Needs the packages safetensors and tokenizers (the extra "checkpoint").
Source of the model: Devlin et al. (2018), "BERT", arXiv:1810.04805.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

WEIGHTS, CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
SUPPORTED = ("bert",)
"""Values of `model_type`."""


class CheckpointError(ValueError):
    """A folder that cannot be read or run. The message is one clause for the user."""


def _gelu(x: np.ndarray) -> np.ndarray:
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def _gelu_tanh(x: np.ndarray) -> np.ndarray:
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


ACTIVATIONS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "gelu": _gelu,
    "gelu_new": _gelu_tanh,
    "gelu_pytorch_tanh": _gelu_tanh,
    "relu": lambda x: np.maximum(x, 0.0),
}


class HeadRun(NamedTuple):
    """What one attention head computes for n tokens."""

    queries: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    """Q, K and V, shape (n, head width)."""
    weights: np.ndarray
    """softmax(Q Kᵀ/√d), shape (n, n)."""


@dataclass(frozen=True)
class Checkpoint:
    """A model that is ready to run."""

    folder: Path
    config: Mapping[str, Any]
    tensors: Mapping[str, np.ndarray]
    tokenizer: Any

    @property
    def layers(self) -> int:
        """How many layers it has."""
        return int(self.config["num_hidden_layers"])

    @property
    def heads(self) -> int:
        """How many heads each layer has."""
        return int(self.config["num_attention_heads"])

    def tokens(self, text: str) -> tuple[list[str], list[int]]:
        """The tokens of a text, special ones included, and their numbers."""
        encoding = self.tokenizer.encode(text)
        return list(encoding.tokens), list(encoding.ids)

    def run(self, ids: list[int]) -> tuple[list[list[HeadRun]], np.ndarray]:
        """All heads by layer, and the last hidden states (n, width), for one sentence without padding."""
        if len(ids) > self._get("embeddings.position_embeddings.weight").shape[0]:
            raise CheckpointError(f"{len(ids)} tokens are more than the model has places for")
        places = np.arange(len(ids))
        state = (
            self._get("embeddings.word_embeddings.weight")[ids]
            + self._get("embeddings.position_embeddings.weight")[places]
            + self._get("embeddings.token_type_embeddings.weight")[0]
        )
        state = self._normalised(state, "embeddings.LayerNorm")
        found = []
        for layer in range(self.layers):
            name = f"encoder.layer.{layer}"
            heads = self._attended(state, f"{name}.attention.self")
            found.append(heads)
            mixed = np.concatenate([head.weights @ head.values for head in heads], axis=1)
            mixed = self._linear(mixed, f"{name}.attention.output.dense")
            state = self._normalised(state + mixed, f"{name}.attention.output.LayerNorm")
            bent = ACTIVATIONS[self.config["hidden_act"]](self._linear(state, f"{name}.intermediate.dense"))
            state = self._normalised(state + self._linear(bent, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return found, state

    def _attended(self, state: np.ndarray, name: str) -> list[HeadRun]:
        """The heads of one layer."""
        parts = (self._linear(state, f"{name}.{part}") for part in ("query", "key", "value"))
        split = zip(*(np.split(part, self.heads, axis=1) for part in parts), strict=True)
        runs = []
        for queries, keys, values in split:
            scores = queries @ keys.T / math.sqrt(queries.shape[1])
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            runs.append(HeadRun(queries, keys, values, powers / powers.sum(axis=1, keepdims=True)))
        return runs

    def _linear(self, state: np.ndarray, name: str) -> np.ndarray:
        return state @ self._get(f"{name}.weight").T + self._get(f"{name}.bias")

    def _normalised(self, state: np.ndarray, name: str) -> np.ndarray:
        middle, spread = state.mean(axis=1, keepdims=True), state.var(axis=1, keepdims=True)
        scaled = (state - middle) / np.sqrt(spread + self.config["layer_norm_eps"])
        return scaled * self._get(f"{name}.weight") + self._get(f"{name}.bias")

    def _get(self, name: str) -> np.ndarray:
        """A tensor by its name, with or without the prefix that models with a head on top have."""
        for full in (name, f"bert.{name}"):
            if full in self.tensors:
                return self.tensors[full]
        raise CheckpointError(f"{WEIGHTS} in {self.folder} has no tensor {name!r}")


@lru_cache(maxsize=8)
def run_head(folder: Path, ids: tuple[int, ...], layer: int, head: int) -> HeadRun:
    """One head of the model in a folder, both counted from 1, for tokens with these numbers.

    Raises:
        CheckpointError: as `read`, or there is no such layer or head.
    """
    model = read(folder)
    for name, number, count in (("layer", layer, model.layers), ("head", head, model.heads)):
        if not 1 <= number <= count:
            raise CheckpointError(f"{name} {number} is not in the model, which has {count}")
    return model.run(list(ids))[0][layer - 1][head - 1]


@lru_cache(maxsize=2)
def read(folder: Path) -> Checkpoint:
    """The model in a folder.

    Raises:
        CheckpointError: no such folder or file, not readable, not a BERT, or packages are missing.
    """
    try:
        from safetensors import SafetensorError
        from safetensors.numpy import load
        from tokenizers import Tokenizer
    except ImportError as error:
        raise CheckpointError(f"it needs the package {error.name}: pip install safetensors tokenizers") from None
    if not folder.is_dir():
        raise CheckpointError(f"there is no folder {str(folder)!r}")
    missing = [name for name in (CONFIG, WEIGHTS, TOKENIZER) if not (folder / name).is_file()]
    if missing:
        pickled = WEIGHTS in missing and any(folder.glob("*.bin"))
        hint = "; pickled weights are not opened, save them as safetensors" if pickled else ""
        raise CheckpointError(f"{str(folder)!r} has no {' and no '.join(missing)}{hint}")
    config = _read_config(folder / CONFIG)
    try:
        tensors = {name: array.astype(float) for name, array in load((folder / WEIGHTS).read_bytes()).items()}
    except (SafetensorError, TypeError, AttributeError, OSError) as error:
        raise CheckpointError(f"{WEIGHTS} in {str(folder)!r} cannot be read: {error}") from None
    try:
        tokenizer = Tokenizer.from_str((folder / TOKENIZER).read_text(encoding="utf-8"))
    except Exception as error:  # the package raises a bare Exception
        raise CheckpointError(f"{TOKENIZER} in {str(folder)!r} cannot be read: {error}") from None
    return Checkpoint(folder, config, tensors, tokenizer)


def text_of(tokens: Sequence[str]) -> str:
    """The text that WordPiece tokens were cut from: special ones dropped, pieces joined again."""
    words: list[str] = []
    for token in tokens:
        if token.startswith("##") and words:
            words[-1] += token[2:]
        elif not (token.startswith("[") and token.endswith("]")):
            words.append(token)
    return " ".join(words)


def _read_config(path: Path) -> dict[str, Any]:
    """The configuration of a model that `Checkpoint` can run."""
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CheckpointError(f"{str(path)!r} is not JSON: {error}") from None
    kind = config.get("model_type") if isinstance(config, dict) else None
    if kind not in SUPPORTED:
        raise CheckpointError(f"model_type {kind!r} is not supported; supported is {', '.join(SUPPORTED)}")
    config = {"hidden_act": "gelu", "layer_norm_eps": 1e-12, **config}
    if config["hidden_act"] not in ACTIVATIONS:
        raise CheckpointError(f"hidden_act {config['hidden_act']!r} is not supported; {', '.join(ACTIVATIONS)} are")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise CheckpointError(f"position_embedding_type {config['position_embedding_type']!r} is not supported")
    for name in ("num_hidden_layers", "num_attention_heads"):
        if not isinstance(config.get(name), int) or config[name] < 1:
            raise CheckpointError(f"{str(path)!r} has no valid {name}")
    return config
