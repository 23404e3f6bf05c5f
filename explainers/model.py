"""What an explainer is: metadata, declared parameters, and the facts it computes from them.

A parameter is declared once, as a field. Validation, the command line, the documentation
and a clip's provenance all read that declaration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, get_args, get_origin

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from explainers import references

Fact: TypeAlias = float | int | str | bool | list | dict
"""A number the explainer computes and the picture shows, or a list or table of such numbers."""


class Pillar(StrEnum):
    """The part of mathematics an explainer belongs to; also the name of its folder."""

    PROBABILITY = "probability"
    LINEAR_ALGEBRA = "linear_algebra"
    CALCULUS = "calculus"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a set of values.

    `name` says which value; None where it is about several. `unknown` says that there is nothing of that name.
    """

    name: str | None
    message: str
    unknown: bool = False


class InvalidParameterError(ValueError):
    """Values that an explainer does not admit: `problems` are all of them, the message is one sentence on the first."""

    def __init__(self, slug: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = problems[0]
        if first.unknown:
            super().__init__(first.message)
        elif first.name is None:
            super().__init__(f"{slug}: {first.message}")
        else:
            super().__init__(f"{slug}: {first.name} = {first.message}")


@dataclass(frozen=True)
class Parameter:
    """The declaration of one parameter, in the words a user reads."""

    name: str
    description: str
    default: Any
    unit: str
    allowed: str
    schema: Mapping[str, Any]


def parameter(default: Any, description: str, *, unit: str = "", allowed: str = "", **constraints: Any) -> Any:
    """Declare a parameter of an explainer.

    Args:
        default: the value a clip has when nothing is said.
        description: what it changes, for a lecturer.
        unit: its unit, "" for a pure number.
        allowed: what is admitted, in words; needed where the bounds are not plain `ge`/`le`.
        constraints: pydantic's: `ge`, `gt`, `le`, `lt`, `min_length`, `max_length`…
    """
    extra = {"unit": unit, "allowed": allowed}
    return Field(default, description=description, json_schema_extra=extra, **constraints)


def bounded(low: float, high: float) -> Any:
    """A finite float in [low, high], for the entries of vectors and matrices."""
    return Annotated[float, Field(ge=low, le=high)]


class Explainer(BaseModel):
    """One idea: its parameters are the fields, its numbers are `facts()`. Immutable.

    Subclasses set the class attributes below, declare parameters with `parameter(...)`, and
    compute with pure NumPy. Not setting one of them, or citing an unknown reference, is a
    TypeError or `UnknownReferenceError` when the class is made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    slug: ClassVar[str]
    title: ClassVar[str]
    insight: ClassVar[str]
    pillar: ClassVar[Pillar]
    references: ClassVar[tuple[str, ...]]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for attribute in ("slug", "title", "insight", "pillar", "references"):
            if not getattr(cls, attribute, None):
                raise TypeError(f"{cls.__name__} needs a {attribute}")
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", cls.slug):
            raise TypeError(f"{cls.__name__}: {cls.slug!r} is not a slug (lower case, hyphens)")
        for code in cls.references:
            references.title(code)

    def facts(self) -> dict[str, Fact]:
        """The numbers this explainer computes for its parameters, by name."""
        raise NotImplementedError

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        """The declared parameters by name, in order."""
        properties = cls.model_json_schema()["properties"] if cls.model_fields else {}
        return {
            name: Parameter(
                name=name,
                description=info.description or "",
                default=info.get_default(),
                unit=(info.json_schema_extra or {}).get("unit", ""),
                allowed=allowed_values(info),
                schema=properties[name],
            )
            for name, info in cls.model_fields.items()
        }

    @classmethod
    def configured(cls, values: Mapping[str, Any]) -> Explainer:
        """An explainer with these parameter values, the others at their defaults.

        Raises:
            InvalidParameterError: which parameters, what is allowed, the nearest name.
        """
        found = problems(cls, values, f"{cls.slug} has no parameter")
        if found:
            raise InvalidParameterError(cls.slug, found)
        return cls(**values)

    def settings(self) -> dict[str, Any]:
        """All parameter values, as plain JSON-ready data."""
        return self.model_dump(mode="json")

    def changed_settings(self) -> dict[str, Any]:
        """Only the values that differ from the defaults, JSON-ready."""
        default = type(self)().settings()
        return {name: value for name, value in self.settings().items() if value != default[name]}


def problems(model: type[BaseModel], values: Mapping[str, Any], unknown: str) -> list[Problem]:
    """All that stands against making `model` with these values, in sentences a user can act on.

    Args:
        model: whose fields the values are for.
        values: by name.
        unknown: how to say that a name is not a field's: "attention has no parameter".
    """
    from explainers.catalogue import nearest

    found = [
        Problem(name, f"{unknown} {name!r}; {nearest(name, model.model_fields)}", unknown=True)
        for name in values
        if name not in model.model_fields
    ]
    try:
        model(**{name: value for name, value in values.items() if name in model.model_fields})
    except ValidationError as error:
        # A list or a union can be wrong in several ways at once: the first says enough.
        firsts = {details["loc"][:1]: details for details in reversed(error.errors())}
        found += [_problem(model, details, values) for details in reversed(firsts.values())]
    return found


def _problem(model: type[BaseModel], details: Mapping[str, Any], values: Mapping[str, Any]) -> Problem:
    """One of pydantic's errors, in our words."""
    if details["type"] == "value_error":
        reason = str(details["ctx"]["error"])
    else:
        reason = details["msg"][0].lower() + details["msg"][1:]
    if not details["loc"]:
        return Problem(None, f"{reason}.")
    name = str(details["loc"][0])
    shown = in_short(values.get(name))
    allowed = allowed_values(model.model_fields[name])
    return Problem(name, f"{shown} is not possible ({reason}); allowed is {allowed}.")


def in_short(value: Any) -> str:
    """A value as a sentence shows it."""
    try:
        shown = repr(value)
    except (ValueError, RecursionError):  # a whole number of thousands of digits; lists in lists without end
        return "this value"
    return shown if len(shown) <= 60 else shown[:57] + "…"


def allowed_values(info: FieldInfo) -> str:
    """What a parameter admits, in words: 'a number from 0 to 1', 'one of bowl, himmelblau'."""
    declared = (info.json_schema_extra or {}).get("allowed")
    if declared:
        return declared
    if get_origin(info.annotation) is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(info.annotation))
    kind = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}.get(info.annotation, "a list")
    bounds = {type(m).__name__: m for m in info.metadata}
    words = [kind]
    if "Ge" in bounds and "Le" in bounds:
        words.append(f"from {bounds['Ge'].ge:.12g} to {bounds['Le'].le:.12g}")
    else:
        for key, phrase in (("Ge", "at least"), ("Gt", "above"), ("Le", "at most"), ("Lt", "below")):
            if key in bounds:
                words.append(f"{phrase} {getattr(bounds[key], key.lower()):.12g}")
    return " ".join(words)


def rounded(value: Any, digits: int = 6) -> Any:
    """Plain Python numbers, lists and dicts of `value`, rounded to `digits` significant digits, for `facts()`."""
    if isinstance(value, Mapping):
        return {str(key): rounded(item, digits) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [rounded(item, digits) for item in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer, str)) or value is None:
        return int(value) if isinstance(value, np.integer) else value
    number = float(value)
    return float(f"{number:.{digits}g}")
