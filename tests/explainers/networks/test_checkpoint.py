"""A model folder of one's own: against the reference implementation, and with every fault that a folder may have."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from explainers.linear_algebra.attention import Attention
from explainers.model import InvalidParameterError
from explainers.networks.checkpoint import CheckpointError, read, run_head, text_of

pytest.importorskip("safetensors")
pytest.importorskip("tokenizers")
TINY = Path(__file__).parent / "tiny-bert"
SENTENCE = "the dog near cat is"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny model that may be spoiled."""
    return Path(shutil.copytree(TINY, tmp_path / "model"))


def test_attention_and_states_are_those_of_the_reference() -> None:
    """transformers' own BertModel, to 1e-4 (see make_tiny_bert.py)."""
    told = json.loads((TINY / "reference.json").read_text())
    model, reference = read(TINY), np.load(TINY / "reference.npz")
    tokens, ids = model.tokens(told["sentence"])
    assert tokens == told["tokens"] and ids == reference["ids"].tolist()
    runs, hidden = model.run(ids)
    shares = np.array([[head.weights for head in layer] for layer in runs])
    np.testing.assert_allclose(shares, reference["attentions"], atol=1e-4)
    np.testing.assert_allclose(hidden, reference["hidden"], atol=1e-4)
    assert reference["attentions"].max() > 0.9, "a reference with even shares would test little"


def test_fixture_is_small_and_holds_no_pickle() -> None:
    assert sum(path.stat().st_size for path in TINY.iterdir()) < 60_000
    assert {path.suffix for path in TINY.iterdir()} == {".json", ".npz", ".safetensors"}


def test_explainer_shows_the_chosen_head() -> None:
    explainer = Attention(checkpoint=str(TINY), tokens=SENTENCE, layer=2, head=1)
    assert explainer.tokens == ("[CLS]", "the", "dog", "near", "cat", "is", "[SEP]")
    ids = tuple(read(TINY).tokens(SENTENCE)[1])
    expected = run_head(TINY, ids, 2, 1)
    np.testing.assert_allclose(explainer.weights, expected.weights, atol=1e-12)
    other = Attention(checkpoint=str(TINY), tokens=SENTENCE, layer=2, head=2)
    assert np.abs(other.weights - explainer.weights).max() > 0.01
    facts = explainer.facts()
    assert (facts["layers"], facts["heads"], facts["head_width"]) == (2, 2, 12)
    assert not explainer.answers and explainer.verb is None
    assert Attention.configured(json.loads(json.dumps(explainer.settings()))) == explainer


def test_text_of_tokens() -> None:
    assert text_of(["[CLS]", "the", "key", "##s", "un", "##lock", "##ed", "[SEP]"]) == "the keys unlocked"


def test_weights_under_a_prefix_are_found(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    save_file({f"bert.{name}": array for name, array in tensors.items()}, folder / "model.safetensors")
    ids = read(TINY).tokens(SENTENCE)[1]
    np.testing.assert_array_equal(read(folder).run(ids)[1], read(TINY).run(ids)[1])


def spoil_config(**changes: object):
    def spoil(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, **changes}))

    return spoil


def drop_a_tensor(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    del tensors["encoder.layer.1.attention.self.key.weight"]
    save_file(tensors, folder / "model.safetensors")


def only_pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


FAULTS = {
    "no folder": (lambda folder: shutil.rmtree(folder), "there is no folder"),
    "no tokenizer": (lambda folder: (folder / "tokenizer.json").unlink(), "has no tokenizer.json"),
    "pickled": (only_pickled, "pickled weights are not opened, save them as safetensors"),
    "cut off": (lambda folder: (folder / "model.safetensors").write_bytes(b"\x08\0\0\0"), "cannot be read"),
    "not JSON": (lambda folder: (folder / "config.json").write_text("{"), "is not JSON"),
    "a list": (lambda folder: (folder / "config.json").write_text("[]"), "model_type None is not supported"),
    "another model": (spoil_config(model_type="gpt2"), "model_type 'gpt2' is not supported; supported is bert"),
    "another bend": (spoil_config(hidden_act="silu"), "hidden_act 'silu' is not supported"),
    "relative places": (spoil_config(position_embedding_type="relative_key"), "relative_key"),
    "no layers": (spoil_config(num_hidden_layers=0), "no valid num_hidden_layers"),
    "a tensor is missing": (drop_a_tensor, "no tensor 'encoder.layer.1.attention.self.key.weight'"),
    "spoiled tokenizer": (lambda folder: (folder / "tokenizer.json").write_text("{}"), "tokenizer.json in .* cannot"),
}


@pytest.mark.parametrize(("spoil", "words"), FAULTS.values(), ids=FAULTS)
def test_every_fault_of_a_folder_is_one_sentence(folder: Path, spoil, words: str) -> None:
    spoil(folder)
    with pytest.raises(InvalidParameterError, match=words):
        Attention.configured({"checkpoint": str(folder), "tokens": SENTENCE})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"checkpoint": str(TINY), "tokens": SENTENCE, "layer": 3}, "layer 3 is not in the model, which has 2"),
        ({"checkpoint": str(TINY), "tokens": SENTENCE, "head": 3}, "head 3 is not in the model, which has 2"),
        ({"checkpoint": str(TINY), "tokens": "cabinets " * 6}, "into 20 tokens, at most 8 fit"),
        ({"checkpoint": str(TINY), "tokens": SENTENCE, "values": [[1, 2]] * 7}, "values cannot be given"),
        ({"layer": 2}, "layer and head belong to a checkpoint"),
        ({"checkpoint": 5}, "null, or the path of a folder"),
    ],
)
def test_what_does_not_go_with_a_checkpoint(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        Attention.configured(values)


def test_too_many_tokens_for_the_model_itself() -> None:
    with pytest.raises(CheckpointError, match="17 tokens are more than"):
        read(TINY).run([4] * 17)
