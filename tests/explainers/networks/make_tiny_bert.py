"""Makes the folder tiny-bert beside this file: a small random BERT, and what the reference implementation computes.

Run by hand where torch and transformers are installed; neither is needed otherwise:
`python tests/explainers/networks/make_tiny_bert.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import tokenizers
import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

FOLDER = Path(__file__).parent / "tiny-bert"
SENTENCE = "The keys to the cabinet are unlocked"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
PIECES = ["the", "key", "##s", "to", "cab", "##inet", "is", "are", "un", "##lock", "##ed", "old", "dog", "cat", "near"]
WORDS = SPECIAL + PIECES


def main() -> None:
    """Write the model in the usual layout, and its attentions and hidden states for one sentence."""
    tokenizer = Tokenizer(models.WordPiece({word: index for index, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.add_special_tokens(SPECIAL)
    config = transformers.BertConfig(
        vocab_size=len(WORDS), hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=16, initializer_range=0.4,
    )  # fmt: skip
    torch.manual_seed(0)
    model = transformers.BertModel(config, add_pooling_layer=False).eval()
    model.set_attn_implementation("eager")
    for weights in model.parameters():
        # Biases and norms start at 0 and 1: random ones would show if one were left out.
        if weights.ndim == 1:
            weights.data += 0.3 * torch.randn_like(weights)
    model.save_pretrained(FOLDER)
    tokenizer.save(str(FOLDER / "tokenizer.json"))
    encoding = tokenizer.encode(SENTENCE)
    with torch.no_grad():
        result = model(torch.tensor([encoding.ids]), output_attentions=True)
    np.savez_compressed(
        FOLDER / "reference.npz",
        ids=encoding.ids,
        attentions=np.stack([layer[0].numpy() for layer in result.attentions]),
        hidden=result.last_hidden_state[0].numpy(),
    )
    versions = {module.__name__: module.__version__ for module in (torch, transformers, tokenizers)}
    told = {"sentence": SENTENCE, "tokens": encoding.tokens, "made_by": Path(__file__).name, "versions": versions}
    (FOLDER / "reference.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
