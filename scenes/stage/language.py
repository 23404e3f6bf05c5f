"""The language of captions, labels and numbers: English as written in the code, others from gettext catalogues.

A scene says `_("The list {point} is a point.").format(point=…)`. Which language that is, and how numbers are written
in it, is known while the scene is played (`speaking`). Messages lie in `scenes/languages/<language>/<slug>.po`, one
file per clip, and those of shared pictures in `stage.po`; numbers follow the Unicode CLDR. Babel reads both, and is
imported for another language than English alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

CATALOGUES = Path(__file__).resolve().parents[1] / "languages"
SHARED = "stage"
"""The catalogue of what `scenes/stage` and `scenes/pictures` say."""
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
"""Before a percent sign: typographers set there less than the space of a word, which CLDR has."""


class Language(StrEnum):
    """A language that clips can speak; to add one, see docs/languages.md."""

    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"


@dataclass(frozen=True)
class Speech:
    """How to say things in one language: messages, the decimal sign, and what follows a number of percent.

    `name` gives a name that is the same in all languages; a test can so tell names from forgotten words.
    """

    messages: NullTranslations = field(default_factory=NullTranslations)
    decimal: str = "."
    percent: str = "%"
    name: Callable[[str], str] = str


_speech: ContextVar[Speech] = ContextVar("speech", default=Speech())  # noqa: B039 - a Speech is never changed


def catalogue(language: Language, domain: str) -> Path:
    """The file of translated messages of a clip, by its slug, or of the shared pictures."""
    return CATALOGUES / language / f"{domain}.po"


def languages_of(slug: str) -> tuple[Language, ...]:
    """The languages in which a clip can be had: English, and those it is translated into."""
    return tuple(each for each in Language if each is Language.ENGLISH or catalogue(each, slug).exists())


@contextmanager
def speaking(language: Language, slug: str) -> Iterator[None]:
    """Within, `_` and numbers are in this language, with the messages of this clip."""
    token = _speech.set(speech(language, slug))
    try:
        yield
    finally:
        _speech.reset(token)


@cache
def speech(language: Language, slug: str) -> Speech:
    """How this clip speaks. Without a catalogue of its own, as a scene of someone's own, it says what it is given."""
    if language is Language.ENGLISH:
        return Speech()
    from babel import Locale

    locale = Locale.parse(language.value)
    decimal, percent = locale.number_symbols["latn"]["decimal"], locale.percent_formats[None].suffix[0]
    return Speech(messages(language, slug), decimal, percent.replace("\N{NO-BREAK SPACE}", NARROW_SPACE))


def messages(language: Language, slug: str) -> NullTranslations:
    """A clip's messages, and after them those of the shared pictures."""
    own, shared = (_read(catalogue(language, domain), language) for domain in (slug, SHARED))
    own.add_fallback(shared)
    return own


def _read(path: Path, language: Language) -> NullTranslations:
    """The translated messages of a .po file; none where there is no file."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.value))
    compiled.seek(0)
    return GNUTranslations(compiled)


# --- What scenes say ----------------------------------------------------------------------------------------


def _(message: str) -> str:
    """A message in the language of the clip that is played."""
    return _speech.get().messages.gettext(message)


def pgettext(context: str, message: str) -> str:
    """The same for a word that means several things in English; `context` tells translators which one is meant."""
    return _speech.get().messages.pgettext(context, message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message for so many things: each language has its own rule for which form that is."""
    return _speech.get().messages.ngettext(singular, plural, count)


def N_(message: str) -> str:  # noqa: N802 - the usual name
    """Marks a constant for translation, which `_` then looks up when it is shown."""
    return message


def verbatim(name: str) -> str:
    """A name or a datum within other text that needs no translation: "ReLU", a word of the lecturer's sentence."""
    return _speech.get().name(name)


def translated(message: str, language: Language, slug: str) -> str:
    """What a message of a clip is in a language, wherever no scene is played: its title on a page."""
    return speech(language, slug).messages.gettext(message)


# --- Numbers ------------------------------------------------------------------------------------------------


def localized(number: str) -> str:
    """A number in digits, written with a point, as the present language writes it: "3,14"."""
    return number.replace(".", _speech.get().decimal)


def delocalized(number: str) -> str:
    """The contrary: what `localized` made, with a point again."""
    return number.replace(_speech.get().decimal, ".")


def percent_sign() -> str:
    """What follows a number of percent, with the space before it where there is one."""
    return _speech.get().percent


def in_math(number: str) -> str:
    """A number, or several, as Typst's math takes it: a decimal comma is text there, else a space would follow it."""
    decimal = _speech.get().decimal
    return number if decimal == "." else number.replace(decimal, f'"{decimal}"')
