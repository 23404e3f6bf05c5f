"""Brings the catalogues of translated messages up to date: `python -m studio.messages`.

Babel finds the messages in the sources and merges them into `scenes/languages/<language>/<slug>.po`: new ones are
added without a translation, those that nobody says any more are dropped.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from explainers import all_explainers, find
from scenes.stage.language import SHARED, Language, catalogue
from studio.clip import PROJECT, Clip

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
NOTE = "Translators:"
"""Starts a comment in the code that translators read too."""
LINE_WIDTH = 100
WHO = {
    "project": "Mathematics of AI",
    "version": "1",
    "msgid_bugs_address": "",
    "last_translator": "",
    "language_team": "",
    "fuzzy": False,
}
"""What gettext wants to know in the head of a file."""


def sources(domain: str) -> list[Path]:
    """The files whose messages lie in the catalogue of a clip, by its slug, or of the shared pictures."""
    scenes = PROJECT / "scenes"
    if domain == SHARED:
        return sorted([*scenes.glob("stage/*.py"), *scenes.glob("pictures/*.py")])
    scene = PROJECT / Path(*Clip(find(domain)()).scene_module.split(".")).with_suffix(".py")
    return sorted([scene, *scene.parent.glob(f"{scene.stem}_*.py")])


def template(domain: str) -> Catalog:
    """All that there is to translate in a catalogue: title and insight of the explainer, and what the sources say."""
    found = Catalog()
    if domain != SHARED:
        explainer = find(domain)
        place = (Path(*explainer.__module__.split(".")).with_suffix(".py").as_posix(), 0)
        for message in (explainer.title, explainer.insight):
            found.add(message, locations=[place])
    for path in sources(domain):
        place = (path.relative_to(PROJECT).as_posix(), 0)
        for _, message, notes, context in extract_from_file("python", path, KEYWORDS, [NOTE]):
            found.add(message, locations=[place], auto_comments=notes, context=context)
    return found


def read(language: Language, domain: str) -> Catalog:
    """A catalogue as it is; an empty one where there is none yet."""
    path = catalogue(language, domain)
    if not path.exists():
        return Catalog(language.value, domain=domain, header_comment=f"# {domain}. See docs/languages.md.", **WHO)
    with path.open("rb") as file:
        return read_po(file, language.value, domain)


def update(language: Language, domain: str) -> int:
    """Bring one catalogue up to date; returns how many messages have no translation yet."""
    current, wanted = read(language, domain), template(domain)
    # A date that changes with every run would be the only change in most files.
    wanted.creation_date = current.creation_date
    current.update(wanted, no_fuzzy_matching=True)
    path = catalogue(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, current, width=LINE_WIDTH, ignore_obsolete=True, include_lineno=False)
    return sum(not message.string for message in current if message.id)


def main(slugs: list[str]) -> None:
    """Bring the catalogues of these clips up to date; by default, of all clips that are translated."""
    for language in Language:
        if language is Language.ENGLISH:
            continue
        translated = [slug for slug in all_explainers() if catalogue(language, slug).exists()]
        for domain in (SHARED, *(slugs or translated)):
            left = update(language, domain)
            print(f"{catalogue(language, domain).relative_to(PROJECT)}: {left or 'nothing'} to translate")


if __name__ == "__main__":
    main(sys.argv[1:])
