"""What a clip's scene finds around it, and what is left of that afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from explainers import find
from studio import stagehand
from studio.clip import Clip

TEXTS = [
    '#set text(font: "New Computer Modern")\nEvidence rescales areas',
    "$ integral_0^1 x^2 dif x + mat(1, 2; 3, 4) $",
    "größer – Ελλάδα – 中文",
]


@pytest.mark.parametrize("text", TEXTS)
def test_fonts_that_are_shared_set_the_same_text(text: str, tmp_path: Path) -> None:
    file = tmp_path / "text.typ"
    file.write_text(text, encoding="utf-8")
    alone = typst.compile(str(file), format="svg", font_paths=[])
    with stagehand.configured(Clip(find("bayes-rule")())):
        assert typst.compile(str(file), format="svg", font_paths=[]) == alone


def test_typst_is_as_it_was_after_a_clip_that_fails() -> None:
    before = typst.compile
    with pytest.raises(ZeroDivisionError), stagehand.configured(Clip(find("bayes-rule")())):
        assert typst.compile is not before
        raise ZeroDivisionError
    assert typst.compile is before
