"""Nothing that a clip says is left in English by accident, and each language writes numbers in its own way."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from gettext import NullTranslations
from pathlib import Path
from string import Formatter

import pytest

from explainers import all_explainers, find
from explainers.model import Explainer
from explainers.probability.bayes_rule import BayesRule
from scenes.pictures.matrix import pair
from scenes.probability import bayes_rule_captions
from scenes.stage import language, text
from scenes.stage.language import SHARED, Language, Speech, in_math, languages_of, localized, ngettext, speaking
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import Stage
from scenes.stage.text import Formula, Number, format_number
from studio.clip import Clip
from studio.lecture.reading import read_lecture
from studio.messages import template
from tests.scenes.captions import check_captions

OTHERS = tuple(each for each in Language if each is not Language.ENGLISH)
TRANSLATED = tuple(slug for slug in all_explainers() if len(languages_of(slug)) > 1)
SPOKEN = [(slug, each) for slug in TRANSLATED for each in languages_of(slug) if each is not Language.ENGLISH]
UNUSUAL = Path(__file__).with_name("unusual.toml")
WORD = re.compile(r"[^\W\d_⁰¹²³⁴-⁹]{2,}")
"""Letters; the raised digits of a power of ten are none."""
MARKED = re.compile("⟦[^⟦⟧]*⟧")
DECIMAL_POINT = re.compile(r"\d\.\d")


# --- A language in which everything that is translated is marked --------------------------------------------


class Marking(NullTranslations):
    """Marks the messages of a clip's catalogue, all but their fields; what is not in it stays as it is."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        domains = (slug, SHARED) if slug in all_explainers() else (SHARED,)
        catalogues = [message for domain in domains for message in template(domain) if message.id]
        self.known = {(message.context, each) for message in catalogues for each in _ids(message.id)}

    def gettext(self, message: str) -> str:
        return marked(message) if (None, message) in self.known else message

    def pgettext(self, context: str, message: str) -> str:
        return marked(message) if (context, message) in self.known else message

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return self.gettext(singular if count == 1 else plural)


def _ids(message: str | tuple[str, str]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message


def marked(message: str) -> str:
    """ "⟦Of ⟧{n}⟦ rolls⟧": a field that is filled with English is then seen between the marks."""
    parts = list(Formatter().parse(message))
    if all(name is None for _, name, _, _ in parts):
        return f"⟦{message}⟧"
    marks = [f"⟦{said.replace('{', '{{').replace('}', '}}')}⟧" if WORD.search(said) else said for said, *_ in parts]
    fields = [f"{{{name}}}" if name is not None else "" for _, name, _, _ in parts]
    return "".join(mark + name for mark, name in zip(marks, fields, strict=True))


def marking(spoken: Language, slug: str) -> Speech:
    """Stands in for `language.speech`."""
    return Speech(Marking(slug), ",", f"{language.NARROW_SPACE}%", "⟦{}⟧".format)


def english(content: str) -> list[str]:
    """Words of a caption or chapter that were not translated, and numbers with a point."""
    rest = MARKED.sub(" ", content)
    return WORD.findall(rest) + DECIMAL_POINT.findall(content)


def english_markup(markup: str) -> list[str]:
    """The same of Typst markup; what `Stage.literal` shows is data, and math has words only in quotes."""
    if markup.startswith('#"'):
        return DECIMAL_POINT.findall(markup)
    outside, inside = [], []
    for index, part in enumerate(MARKED.sub(" ", markup).split("$")):
        (inside if index % 2 else outside).append(part)
    calls = re.sub(r"#\w+(\([^)]*\))?", " ", " ".join(outside))
    return WORD.findall(calls) + [found for part in inside for found in english_math(part)]


def english_math(markup: str) -> list[str]:
    """The same of Typst math."""
    quoted = re.findall(r'"([^"]*)"', MARKED.sub(" ", markup))
    return [found for words in quoted for found in WORD.findall(words)] + DECIMAL_POINT.findall(markup)


def listening(heard: list, judge: Callable, make: Callable, content: str, *args: object, **options: object) -> object:
    """Set a text in type, as `make` does, and note what is English in it."""
    heard.append((content, judge(content)))
    return make(content, *args, **options)


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, list[str]]]]:
    """Everything that is set in type while a clip is played in marks, and what is English in it."""
    heard: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(language, "speech", marking)
    for name, judge in (("words", english_markup), ("formula", english_math), ("paragraph", english)):
        monkeypatch.setattr(text, name, partial(listening, heard, judge, getattr(text, name)))
    yield heard


def unmarked(staged, explainer: Explainer, heard: list[tuple[str, list[str]]]) -> list[str]:
    """What a clip says in English although it is played in another language: "beat 3: “area”"."""
    places: list[int] = []
    scene = staged(
        explainer,
        Look(fps=15, captions=CaptionMode.NONE, language=Language.FRENCH),
        on_beat_start=lambda scene, beat: places.append(len(heard)),
    )
    said = [(beat.index, line) for beat in scene.beats for line in (beat.caption, beat.chapter) if english(line)]
    said += [(sum(place <= i for place in places), line) for i, (line, found) in enumerate(heard) if found]
    return [f"beat {beat}: “{line}”" for beat, line in dict.fromkeys(said)]


def cases() -> list:
    """Every translated clip with its default parameters and with all its unusual ones."""
    clips = [Clip(find(slug)(), label=slug) for slug in TRANSLATED]
    clips += [clip for clip in read_lecture(UNUSUAL).clips if clip.slug in TRANSLATED]
    return [pytest.param(clip.explainer, id=clip.name) for clip in clips]


@pytest.mark.parametrize("explainer", cases())
def test_no_scene_has_a_string_that_cannot_be_translated(staged, listener, explainer: Explainer) -> None:
    assert unmarked(staged, explainer, listener) == []


def test_a_string_that_cannot_be_translated_is_found(staged, listener, monkeypatch: pytest.MonkeyPatch) -> None:
    from scenes.probability.bayes_rule import BayesRuleScene

    build = BayesRuleScene.build

    def forgetful(scene: BayesRuleScene) -> None:
        build(scene)
        for markup in ("left $x$ out", "$2.5 x$", "#h(1em) 7"):
            scene.stage.words(markup)
        scene.stage.literal("ReLU")
        scene.stage.math('"odd" + cos x')
        scene.stage.math(f'"{language.verbatim("softmax")}" + cos x')

    monkeypatch.setattr(BayesRuleScene, "build", forgetful)
    monkeypatch.setattr(bayes_rule_captions, "test", lambda bayes: "Half of " + bayes_rule_captions.share(0.55))
    monkeypatch.setattr(bayes_rule_captions, "poured", lambda bayes: language._("A message of no catalogue."))
    assert unmarked(staged, BayesRule(tests=1), listener) == [
        "beat 2: “Half of 55\u202f%”",
        "beat 4: “A message of no catalogue.”",
        "beat 0: “left $x$ out”",
        "beat 0: “$2.5 x$”",
        'beat 0: “"odd" + cos x”',
    ]


# --- Clips in each language ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("slug", "spoken"), SPOKEN, ids=[f"{slug}-{spoken}" for slug, spoken in SPOKEN])
@pytest.mark.parametrize("aspect", [Aspect.WIDE, Aspect.TALL])
def test_a_translated_clip_keeps_pace_words_and_margins(staged, slug: str, spoken: Language, aspect: Aspect) -> None:
    look, outside = Look(fps=15, aspect=aspect, captions=CaptionMode.NONE, language=spoken), []

    def look_at(scene: ExplainerScene, beat) -> None:
        low, high = scene.stage.zones.safe.left - 0.06, scene.stage.zones.safe.right + 0.06
        seen = [m.points[:, 0] for m in scene.get_mobject_family_members() if len(m.points) and m.get_fill_opacity()]
        outside.extend(beat.chapter for x in seen if x.min() < low or x.max() > high)

    scene = staged(find(slug)(), look, on_beat_end=look_at)
    for beat in scene.beats:
        assert beat.end - beat.start <= 20, beat
        assert len(beat.chapter) <= 40, beat
    check_captions((beat.caption for beat in scene.beats), look.language)
    assert 40 <= scene.beats[-1].end <= 120
    assert outside == []


@pytest.mark.parametrize("spoken", OTHERS)
def test_bayes_rule_is_short_for_every_setting(spoken: Language) -> None:
    rates = (0, 0.001, 0.09, 0.51, 0.95123, 1)
    settings = [(p, s, f) for p in (0, 0.001, 0.01234, 0.5, 0.999, 1) for s in rates for f in rates if s + f > 0.01]
    told = [getattr(bayes_rule_captions, name) for name in ("prior", "test", "positive", "poured", "stretched")]
    told += [bayes_rule_captions.people, bayes_rule_captions.closed_ranks, bayes_rule_captions.odds]
    with speaking(spoken, "bayes-rule"):
        for prior, sensitivity, false_rate in settings:
            try:
                bayes = BayesRule(prior=prior, sensitivity=sensitivity, false_positive_rate=false_rate, tests=4)
            except ValueError:
                continue
            check_captions((*(tell(bayes) for tell in told), bayes_rule_captions.again(bayes, 2)), spoken)


# --- Messages and numbers -----------------------------------------------------------------------------------


def test_a_clip_speaks_while_it_is_played_and_english_after(staged) -> None:
    scene = staged(BayesRule(tests=1), Look(fps=15, captions=CaptionMode.NONE, language=Language.FRENCH))
    assert scene.beats[2].caption == "Le résultat est positif : 9,8 % du carré demeure, le reste s’éteint.".replace(
        " :", "\u00a0:"
    ).replace(" %", "\u202f%")
    assert Clip(BayesRule(), Look(language=Language.SPANISH)).title == "La evidencia reescala áreas"
    assert bayes_rule_captions.share(0.5) == "50%"
    assert Clip(BayesRule()).title == BayesRule.title


def test_a_message_that_fails_leaves_english_behind() -> None:
    with pytest.raises(ZeroDivisionError), speaking(Language.FRENCH, "bayes-rule"):
        raise ZeroDivisionError
    assert localized("0.5") == "0.5"


@pytest.mark.parametrize(
    ("spoken", "numbers"),
    [
        ("en", ["−3.14", "9.2%", "+0.5", "1", "2.4×10⁹", "(0.5, −1)"]),
        ("fr", ["−3,14", "9,2\u202f%", "+0,5", "1", "2,4×10⁹", "(0,5\u202f; −1)"]),
        ("es", ["−3,14", "9,2\u202f%", "+0,5", "1", "2,4×10⁹", "(0,5; −1)"]),
    ],
)
def test_numbers_are_written_as_the_language_has_it(spoken: str, numbers: list[str]) -> None:
    with speaking(Language(spoken), "bayes-rule"):
        assert [
            format_number(-3.14159),
            format_number(0.092, 1, percent=True),
            format_number(0.5, 3, signed=True, trim=True),
            format_number(1.0, 2, trim=True),
            format_number(2.4e9),
            pair((0.5, -1)),
        ] == numbers


def test_a_comma_in_math_has_no_space_after_it() -> None:
    stage = Stage(Look(language=Language.FRENCH))
    point = Formula("x = 2.5 hat(i)", 1.0, "#FFFFFF").width
    with speaking(Language.FRENCH, "none"):
        assert stage.math("x = 2,5 hat(i)").width / stage.em(text.Size.LABEL) > point + 0.1
        assert Formula(f"x = {in_math(localized('2.5'))} hat(i)", 1.0, "#FFFFFF").width == pytest.approx(
            point, abs=0.02
        )


def test_a_ticking_number_has_room_for_comma_and_space() -> None:
    plain = Number(0.092, 1.0, "#FFFFFF", decimals=1, percent=True)
    with speaking(Language.SPANISH, "none"):
        spanish = Number(0.092, 1.0, "#FFFFFF", decimals=1, percent=True)
    assert spanish.shown == "9.2%"  # what it says follows the language; its outline was made before
    assert spanish.width == pytest.approx(plain.width + text.ADVANCE[language.NARROW_SPACE], abs=1e-6)


def test_plurals_follow_the_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "rolls.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "{n} roll"\nmsgid_plural "{n} rolls"\nmsgstr[0] "{n} lancer"\nmsgstr[1] "{n} lancers"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    language.speech.cache_clear()
    with speaking(Language.FRENCH, "rolls"):
        assert [ngettext("{n} roll", "{n} rolls", n) for n in (0, 1, 2)] == ["{n} lancer", "{n} lancer", "{n} lancers"]
    language.speech.cache_clear()
    assert ngettext("{n} roll", "{n} rolls", 0) == "{n} rolls"


def test_english_needs_no_babel() -> None:
    code = (
        "import sys; from scenes.stage.language import *; from scenes.stage.look import Look\n"
        "with speaking(Language.ENGLISH, 'bayes-rule'): localized('0.5')\n"
        "sys.exit('babel' in sys.modules or 'manim' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
