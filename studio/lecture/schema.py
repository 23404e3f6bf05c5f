"""The JSON Schema of lecture files, from the explainers' declarations: editors complete and check with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explainers import all_explainers
from explainers.model import Explainer, Parameter
from scenes.stage.look import LookSettings
from studio.lecture.reading import LONGEST_NAME
from studio.scene_file import LARGEST_SEED

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = r'^[^\s/\\:*?"<>|._+-][^\s/\\:*?"<>|]*$'
"""Of clips; a little wider than ours, since what a letter is differs from one editor's patterns to another's."""


def lecture_schema() -> dict[str, Any]:
    """The schema of a lecture file, with every explainer of the catalogue."""
    explainers = all_explainers()
    look = LookSettings.model_json_schema()
    named = {slug: _clip(explainer) for slug, explainer in explainers.items()}
    # What the schemas of the look and of parameters refer to.
    referred = [look.pop("$defs", {}), *(e.model_json_schema().get("$defs", {}) for e in explainers.values())]
    return {
        "$schema": DIALECT,
        "title": "Lecture",
        "description": "A lecture: a title, a look for all, and its clips.",
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "What the lecture is called."},
            "look": {"$ref": "#/$defs/look"},
            "clip": {
                "type": "array",
                "minItems": 1,
                "description": "A video, or with a sweep one for each value.",
                "items": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in (*named, "own-explainer", "scene")]},
            },
        },
        "required": ["clip"],
        "additionalProperties": False,
        "$defs": {
            **{name: schema for definitions in referred for name, schema in definitions.items()},
            "look": {**look, "description": "How clips look.", "properties": _told(look["properties"])},
            **named,
            "own-explainer": _own_explainer(),
            "scene": _scene(),
        },
    }


def _clip(explainer: type[Explainer]) -> dict[str, Any]:
    """A `[[clip]]` of this explainer."""
    parameters = {name: _parameter(declared) for name, declared in explainer.parameters().items()}
    return {
        "type": "object",
        "title": explainer.title,
        "description": explainer.insight,
        "properties": {
            "explainer": {"const": explainer.slug, "description": explainer.insight},
            **_common(),
            **parameters,
        },
        "required": ["explainer"],
        "additionalProperties": False,
    }


def _parameter(declared: Parameter) -> dict[str, Any]:
    """A parameter's value, or a list of values: a sweep."""
    (told,) = _told({declared.name: declared.schema}).values()
    description = told.pop("description")
    default = {"default": told.pop("default")} if told.get("default") is not None else {}
    told.pop("default", None)
    return {
        "description": f"{description} ({declared.allowed}); a list of such values is a sweep",
        **default,
        "anyOf": [told, {"type": "array", "minItems": 1, "items": told}],
    }


def _told(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Schemas of properties, without our own words in them and without a null that TOML cannot write."""
    told = {}
    for name, schema in properties.items():
        kept = {key: value for key, value in schema.items() if key not in ("unit", "allowed", "title")}
        if kept.get("default", ...) is None:
            del kept["default"]
        told[name] = kept
    return told


def _common() -> dict[str, Any]:
    """What every `[[clip]]` may say."""
    return {
        "name": {
            "type": "string",
            "pattern": NAME,
            "maxLength": LONGEST_NAME,
            "description": "What the clip's folder is called.",
        },
        "look": {"$ref": "#/$defs/look"},
    }


def _own_explainer() -> dict[str, Any]:
    """A `[[clip]]` of an explainer in a file; its parameters are known when the file is read."""
    file = {"type": "string", "pattern": r"\.py$", "description": "A file with an explainer, relative to this one."}
    return {"type": "object", "properties": {"explainer": file, **_common()}, "required": ["explainer"]}


def _scene() -> dict[str, Any]:
    """A `[[clip]]` of a scene in a file."""
    description = "A Manim scene in a file, relative to this one: my_scenes/own.py:Proof."
    return {
        "type": "object",
        "properties": {
            "scene": {"type": "string", "pattern": r"\.py:[^\s:]+$", "description": description},
            "seed": {
                "type": "integer",
                "minimum": 0,
                "maximum": LARGEST_SEED,
                "description": "For a scene that draws random numbers.",
            },
            **_common(),
        },
        "required": ["scene"],
        "additionalProperties": False,
    }
