"""The README tells the catalogue and the coverage as they are, and its posters exist and are small."""

from __future__ import annotations

import re

from explainers import all_explainers
from studio.readme import POSTERS, README, with_sections


def test_generated_sections_are_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_sections(text) == text, "run `make readme`"


def test_every_explainer_has_a_small_poster() -> None:
    assert {path.stem for path in POSTERS.glob("*.png")} == set(all_explainers())
    assert all(path.stat().st_size < 60_000 for path in POSTERS.glob("*.png"))


def test_commands_in_the_readme_name_real_explainers() -> None:
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"render\.py (?:render|facts|sheet) ([a-z-]+)(?![\w.])", text)) - {"--all"}
    assert named
    assert named <= set(all_explainers())
