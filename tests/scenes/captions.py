"""What holds of every caption, in whatever language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scenes.stage.language import Language
from studio.check.pace_rules import MOST_WORDS

WORD = re.compile(r"\S*\w\S*")
"""In other languages a sign may stand alone, as the colon does in French: it is no word. In English none does."""


def check_captions(captions: Iterable[str], spoken: Language) -> None:
    """They are short, whole, and write numbers as their language does."""
    is_english = spoken is Language.ENGLISH
    for caption in captions:
        words = caption.split() if is_english else WORD.findall(caption)
        assert len(words) <= MOST_WORDS, caption
        assert caption.endswith("."), caption
        assert not re.search(r"[{}]|\bnan\b", caption), caption
        assert is_english or not re.search(r"\d\.\d", caption), caption
