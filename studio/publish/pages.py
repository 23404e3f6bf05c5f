"""The templates: everything that comes from a clip is escaped, whatever it contains."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pylatexenc.latexencode import UnicodeToLatexEncoder

from scenes.stage.theme import THEMES

ASSETS = files("studio.publish") / "assets"


@cache
def environment() -> Environment:
    """The templates of this package. HTML and XML are escaped by default; TeX and Markdown by their own filters."""
    made = Environment(
        loader=PackageLoader("studio.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(clock=clock, value=value, tex=tex, markdown=markdown, human=human, python=repr)
    made.globals["themes"] = THEMES
    return made


def page(template: str, **context: Any) -> str:
    """A template filled in."""
    return environment().get_template(f"{template}.j2").render(**context)


def asset(name: str) -> str:
    """A style sheet or script, as it is published."""
    return (ASSETS / name).read_text(encoding="utf-8")


def clock(seconds: float) -> str:
    """Minutes and seconds: 75 → 1:15."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def human(name: str) -> str:
    """An identifier as words: `false_positive_rate` → `false positive rate`."""
    return name.replace("_", " ")


def value(data: Any) -> str:
    """A number, list or table as a reader expects it: whole floats without `.0`, minus signs, at most 6 digits."""
    if isinstance(data, bool) or data is None:
        return {True: "yes", False: "no", None: "not set"}[data]
    if isinstance(data, float):
        return f"{data:.6g}".replace("-", "−")
    if isinstance(data, int):
        return str(data).replace("-", "−")
    if isinstance(data, list):
        return "[" + ", ".join(value(entry) for entry in data) + "]"
    if isinstance(data, dict):
        return ", ".join(f"{key}: {value(entry)}" for key, entry in data.items())
    return str(data)


@cache
def _tex_encoder() -> UnicodeToLatexEncoder:
    return UnicodeToLatexEncoder(unknown_char_policy="replace", unknown_char_warning=False)


def tex(text: str) -> str:
    """Text for LaTeX, special characters escaped; what no macro draws is written plainly where Unicode can say how."""
    encoder = _tex_encoder()
    line = " ".join(text.split())
    return "".join(
        encoder.unicode_to_latex(char)
        if ord(char) < 128 or "bfseries ?" not in encoder.unicode_to_latex(char)
        else encoder.unicode_to_latex(unicodedata.normalize("NFKC", char))
        for char in line
    )


def markdown(text: str) -> str:
    """Text for Markdown: every punctuation mark that could start something is escaped."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|$@^~:=\"'&])", r"\\\1", " ".join(text.split()))
