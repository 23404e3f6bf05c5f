"""Each catalogue has exactly the messages of its clip, all of them translated, with the fields of the original."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from click.testing import CliRunner

from render import cli
from scenes.stage import language
from scenes.stage.language import CATALOGUES, SHARED, Language, catalogue
from scenes.stage.look import Look
from studio.clip import Clip
from studio.lecture.reading import read_lecture
from studio.messages import read, sources, template, update
from studio.problems import FileProblemsError, SelectionError
from studio.selection import select

OTHERS = tuple(each for each in Language if each is not Language.ENGLISH)
FILES = sorted(CATALOGUES.glob("*/*.po"))


def fields(message: str) -> set[str]:
    """The named fields of a message."""
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def faults(found: Catalog, wanted: Catalog) -> list[str]:
    """What is wrong in a catalogue, in sentences."""
    ids, expected = ({(m.context, m.id) for m in each if m.id} for each in (found, wanted))
    told = [f"{id!r} is missing" for _, id in expected - ids]
    told += [f"nobody says {id!r} any more" for _, id in ids - expected]
    told += [f"{message.id!r} {fault}" for message in found if message.id and (fault := fault_of(message))]
    return told


def fault_of(message: Message) -> str | None:
    """What is wrong with one translation."""
    originals = [message.id] if isinstance(message.id, str) else message.id
    strings = [message.string] if isinstance(message.string, str) else message.string
    if message.fuzzy or not all(strings):
        return "is not translated"
    allowed = [fields(original) for original in originals]
    return None if all(fields(string) in allowed for string in strings) else f"has other fields in {strings}"


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}-{path.stem}" for path in FILES])
def test_a_catalogue_has_exactly_the_messages_of_its_clip(path: Path) -> None:
    spoken, domain = Language(path.parent.name), path.stem
    assert faults(read(spoken, domain), template(domain)) == []


def test_every_language_has_the_same_catalogues() -> None:
    names = {spoken: {path.stem for path in FILES if path.parent.name == spoken} for spoken in OTHERS}
    assert len({frozenset(each) for each in names.values()}) == 1, names
    assert {path.parent.name for path in FILES} == set(OTHERS)
    assert all(SHARED in each for each in names.values())


def test_faults_are_found() -> None:
    wanted = Catalog()
    for id in ("one", "two {x}", "three", "four"):
        wanted.add(id)
    found = Catalog()
    for id, string in (("one", "un"), ("two {x}", "deux {y}"), ("three", ""), ("five", "cinq")):
        found.add(id, string)
    assert sorted(faults(found, wanted)) == [
        "'four' is missing",
        "'three' is not translated",
        "'two {x}' has other fields in ['deux {y}']",
        "nobody says 'five' any more",
    ]


def test_messages_are_those_of_the_clips_files_and_of_its_explainer() -> None:
    names = [path.name for path in sources("bayes-rule")]
    assert names == ["bayes_rule.py", "bayes_rule_captions.py", "bayes_rule_panels.py"]
    ids = {message.id for message in template("bayes-rule")}
    assert {"Evidence rescales areas", "about {count}", "second", "sick"} <= ids


def test_an_update_adds_drops_and_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    fresh = update(Language.FRENCH, "bayes-rule")
    assert fresh == sum(bool(message.id) for message in template("bayes-rule"))
    path = catalogue(Language.FRENCH, "bayes-rule")
    content = path.read_text(encoding="utf-8")
    path.write_text(
        content.replace('msgid "about {count}"\nmsgstr ""', 'msgid "about {count}"\nmsgstr "environ {count}"').replace(
            'msgid "healthy"', 'msgid "hale"'
        ),
        encoding="utf-8",
    )
    assert update(Language.FRENCH, "bayes-rule") == fresh - 1
    once = path.read_text(encoding="utf-8")
    assert 'msgstr "environ {count}"' in once and "hale" not in once and 'msgid "healthy"' in once
    update(Language.FRENCH, "bayes-rule")
    assert path.read_text(encoding="utf-8") == once


# --- What a user may ask for --------------------------------------------------------------------------------


def test_an_unknown_language_is_one_sentence() -> None:
    result = CliRunner().invoke(cli, ["check", "bayes-rule", "--language", "fra"])
    assert isinstance(result.exception, SelectionError)
    assert str(result.exception) == (
        "--language 'fra' is not possible (there is no such language; did you mean fr?); allowed is one of en, fr, es."
    )


def test_an_untranslated_clip_names_the_languages_it_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "bayes-rule.po").touch()
    sentence = "bayes-rule is not translated into fr; it can be had in en, es."
    with pytest.raises(SelectionError, match=sentence):
        select(["bayes-rule"], wishes={"language": Language.FRENCH})
    lecture = tmp_path / "lecture.toml"
    lecture.write_text('[look]\nlanguage = "fr"\n[[clip]]\nexplainer = "bayes-rule"\n', encoding="utf-8")
    with pytest.raises(FileProblemsError, match=sentence):
        read_lecture(lecture)
    lecture.write_text('[look]\nlanguage = "fra"\n[[clip]]\nexplainer = "bayes-rule"\n', encoding="utf-8")
    with pytest.raises(FileProblemsError, match="did you mean fr"):
        read_lecture(lecture)


def test_the_language_is_a_part_of_the_clip(tmp_path: Path) -> None:
    lecture = tmp_path / "lecture.toml"
    lecture.write_text('[look]\nlanguage = "es"\n[[clip]]\nexplainer = "bayes-rule"\n', encoding="utf-8")
    (clip,) = read_lecture(lecture).clips
    assert clip.look.language is Language.SPANISH
    assert Clip.from_json(clip.to_json()) == clip
    assert clip.key() != Clip(clip.explainer, Look()).key()
    assert Look.from_json(clip.look.to_json()).language is Language.SPANISH
