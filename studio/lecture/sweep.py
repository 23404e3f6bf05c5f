"""Sweeps: where a lecture gives a list and the parameter takes one value, each value makes a clip."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from itertools import product
from typing import Any

from explainers.model import Explainer, Problem, problems

LONGEST_VALUE = 40
"""Characters of a value in a clip's name; longer ones are cut and told apart by a digest."""


def swept(explainer: type[Explainer], values: Mapping[str, Any]) -> list[str]:
    """The names among `values` that sweep: a list that the parameter does not take as it is, but piece by piece."""
    return [name for name, value in values.items() if isinstance(value, list) and _sweeps(explainer, name, value)]


def combinations(values: Mapping[str, Any], names: list[str]) -> list[dict[str, Any]]:
    """The values of each clip: every choice of one value per swept name, the last name changing fastest."""
    return [
        {**values, **dict(zip(names, chosen, strict=True))} for chosen in product(*(values[name] for name in names))
    ]


def readable(name: str, chosen: Mapping[str, Any]) -> str:
    """A clip's name with the chosen values: gradient-descent-learning_rate-0.3."""
    return "-".join([name, *(f"{key}-{_as_text(value)}" for key, value in chosen.items())])


def _sweeps(explainer: type[Explainer], name: str, values: list[Any]) -> bool:
    if name not in explainer.model_fields or not values:
        return False
    if not _takes_a_list(explainer.parameters()[name].schema):
        return True
    if not _problems(explainer, name, values):
        return False
    # As soon as one piece is a value by itself, the others are meant to be, and are told what is wrong.
    return any(not _problems(explainer, name, value) for value in values)


def _takes_a_list(schema: Mapping[str, Any]) -> bool:
    """Whether a parameter's value may be a list. Whatever its schema leaves open may be one."""
    if "anyOf" in schema:
        return any(_takes_a_list(option) for option in schema["anyOf"])
    return "enum" not in schema and "const" not in schema and schema.get("type", "array") == "array"


def _problems(explainer: type[Explainer], name: str, value: Any) -> list[Problem]:
    """What is wrong with this value by itself, whatever the other parameters are."""
    return [problem for problem in problems(explainer, {name: value}, "") if problem.name == name]


def _as_text(value: Any) -> str:
    """A value as part of a file name."""
    text = re.sub(r"[^\w.+-]+", "_", _joined(value)).strip("_") or "empty"
    if len(text) > LONGEST_VALUE:
        text = f"{text[: LONGEST_VALUE - 7]}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
    return text


def _joined(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "_".join(map(_joined, value)) if isinstance(value, list) else str(value)
