"""The explainer model: declarations, immutability, sentences for users, references, the catalogue."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers import Pillar, UnknownExplainerError, all_explainers, find, parameter, references
from explainers.model import Explainer, InvalidParameterError, bounded, rounded

MISSION = {"distributions", "linear-transformations", "attention", "gradient-descent"}


class Sample(Explainer):
    """Not in the catalogue: it lives in a test."""

    slug = "sample"
    title = "A sample"
    insight = "It has one parameter of each kind."
    pillar = Pillar.CALCULUS
    references = ("MML 7.1",)

    rate: float = parameter(0.5, "A rate", unit="per step", ge=0.0, le=2.0)
    count: int = parameter(3, "A count", ge=1)
    matrix: tuple[tuple[bounded(-4, 4), bounded(-4, 4)], tuple[bounded(-4, 4), bounded(-4, 4)]] = parameter(
        ((1, 0), (0, 1)), "A matrix", allowed="a 2×2 matrix with entries from -4 to 4"
    )

    def facts(self) -> dict:
        return {"twice": 2 * self.rate}


def test_the_four_of_the_mission_are_in_the_catalogue() -> None:
    assert set(all_explainers()) >= MISSION
    assert find("attention").slug == "attention"


def test_an_unknown_slug_names_the_nearest() -> None:
    with pytest.raises(UnknownExplainerError, match="did you mean attention"):
        find("atention")


def test_importing_the_explainers_does_not_import_manim() -> None:
    code = "import explainers, sys; explainers.all_explainers(); sys.exit('manim' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_explainers_are_immutable() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Sample().rate = 1.0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rat": 1}, "sample has no parameter 'rat'; did you mean rate?"),
        ({"rate": 3}, "allowed is a number from 0 to 2."),
        ({"rate": "fast"}, "rate = 'fast' is not possible"),
        ({"rate": float("nan")}, "finite number"),
        ({"count": 0}, "a whole number at least 1"),
        ({"count": 1.5}, "a whole number at least 1"),
        ({"matrix": [[1, 2, 3], [4, 5, 6]]}, "a 2×2 matrix with entries from -4 to 4"),
        ({"matrix": [[9, 0], [0, 1]]}, "a 2×2 matrix with entries from -4 to 4"),
    ],
)
def test_a_bad_value_is_one_sentence_with_what_is_allowed(values: dict, words: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        Sample.configured(values)
    sentence = str(caught.value)
    assert words in sentence
    assert "\n" not in sentence


def test_parameters_carry_their_declaration() -> None:
    rate = Sample.parameters()["rate"]
    assert (rate.default, rate.unit, rate.allowed) == (0.5, "per step", "a number from 0 to 2")


def test_settings_round_trip_through_plain_data() -> None:
    configured = Sample.configured({"matrix": [[1, 2], [3, 4]]})
    assert configured.changed_settings() == {"matrix": [[1.0, 2.0], [3.0, 4.0]]}
    assert Sample.configured(configured.settings()) == configured


def test_an_unknown_reference_is_an_error_when_the_class_is_made() -> None:
    with pytest.raises(references.UnknownReferenceError, match=r"'MML 7.11'; the nearest is 'MML 7.1'"):

        class Wrong(Explainer):
            slug, title, insight, pillar = "wrong", "Wrong", "Wrong.", Pillar.CALCULUS
            references = ("MML 7.11",)


def test_a_missing_title_is_an_error_when_the_class_is_made() -> None:
    with pytest.raises(TypeError, match="needs a title"):

        class Untitled(Explainer):
            slug, title, insight, pillar = "untitled", "", "x", Pillar.CALCULUS
            references = ("MML 7.1",)


def test_references_have_titles_and_know_what_is_provisional() -> None:
    assert references.title("EOC 4") == "Visualizing the chain rule and product rule"
    assert references.is_provisional("ARX 5")
    assert not references.is_provisional("MML 7.1")
    assert set(references.works()) >= {"TS", "LADR", "MML"}


@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_every_explainer_explains_itself(slug: str) -> None:
    explainer = find(slug)
    assert explainer.insight.endswith(".")
    for declared in explainer.parameters().values():
        assert declared.description
        assert declared.allowed
    facts = explainer().facts()
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts  # plain, finite numbers


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_rounding_keeps_six_significant_digits(value: float) -> None:
    assert rounded(value) == pytest.approx(value, rel=1e-5)
