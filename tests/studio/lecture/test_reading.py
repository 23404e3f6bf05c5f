"""Lecture files: what they make, and that every mistake is told at once, where it stands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from explainers import all_explainers
from scenes.stage.look import Aspect, CaptionMode, LookSettings
from studio.clip import PROJECT, Clip
from studio.lecture.reading import OWN_KEYS, Lecture, read_lecture
from studio.problems import SelectionError

Read = Callable[..., Lecture]
Refused = Callable[[str], list[str]]
EXAMPLE = PROJECT / "examples" / "linear-maps" / "lecture-03.toml"
TWELVE = [
    "lecture.toml:4: look.tehme: the look has no 'tehme'; did you mean theme?",
    "lecture.toml:5: look.aspect: '16x9' is not possible",
    "lecture.toml:9: explainer: there is no explainer 'atention'; did you mean attention?",
    "lecture.toml:13: name: 'her/shear' is not possible; allowed are letters",
    "lecture.toml:14: matrx: linear-transformations has no parameter 'matrx'; did you mean matrix?",
    "lecture.toml:18: learning_rate: -1 is not possible",
    "lecture.toml:22: curvature_low: curvature_high must be at least curvature_low.",
    "lecture.toml:30: name: 'eigenvectors' is the name of the clip on line 25 already",
    "lecture.toml:31: prior: 2 is not possible",
    "lecture.toml:33: clip: say either explainer = … or scene = …",
    "lecture.toml:37: scene: scenes.py has no scene 'Prof'; did you mean Proof?",
    "weak.toml:3: colors.data: data #CCCCCC on background #FFFFFF has a contrast of 1.6:1",
]


def test_twelve_mistakes_are_twelve_lines_and_nothing_is_rendered(tmp_path: Path) -> None:
    folder = tmp_path / "hers"
    shutil.copytree(Path(__file__).parent / "mistakes", folder)
    command = [sys.executable, str(PROJECT / "render.py"), "render", "lecture.toml", "--out", "media"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    for line, expected in zip(lines, TWELVE, strict=True):
        assert line.startswith(expected)
    assert not (folder / "media").exists()


def test_the_example_is_eight_clips_with_names_of_their_own() -> None:
    lecture = read_lecture(EXAMPLE)
    assert lecture.title == "Linear maps"
    assert [clip.name for clip in lecture.clips] == [
        "her-shear",
        "a-flat-map",
        "eigenvectors",
        "gradient-descent-learning_rate-0.05",
        "gradient-descent-learning_rate-0.3",
        "pca-thick-sheet",
        "characteristic-polynomial",
        "shear-keeps-areas",
    ]
    assert lecture.clips[0].explainer.settings()["matrix"] == [[1, 1], [0, 1]]
    assert lecture.clips[0].look.colors.name == "department"
    assert lecture.clips[5].look.theme == "dark"


def test_looks_go_from_lecture_to_clip_to_command_line(read: Read) -> None:
    text = """
    [look]
    theme = "light"
    aspect = "4:3"
    quality = "h"
    [[clip]]
    explainer = "pca"
    [[clip]]
    explainer = "bayes-rule"
    look = { aspect = "1:1", captions = "none", fps = 24, transparent = true }
    """
    first, second = (clip.look for clip in read(text).clips)
    assert (first.theme, first.aspect, first.short_side, first.fps) == ("light", Aspect.CLASSIC, 1080, 60)
    assert (second.theme, second.aspect, second.short_side, second.fps) == ("light", Aspect.SQUARE, 1080, 24)
    assert (second.captions, second.transparent) == (CaptionMode.NONE, True)
    first, second = (clip.look for clip in read(text, quality="l", aspect=Aspect.TALL).clips)
    assert (first.aspect, first.short_side, first.fps) == (Aspect.TALL, 480, 15)
    assert (second.aspect, second.short_side, second.fps) == (Aspect.TALL, 480, 24)


def test_no_parameter_has_a_name_that_a_clip_says_otherwise() -> None:
    for explainer in all_explainers().values():
        assert not set(explainer.model_fields) & set(OWN_KEYS), explainer.slug


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["lecture.toml:1: clip: there is no [[clip]] in this lecture."]),
        ("clip = 3", ["lecture.toml:1: clip: write [[clip]], and its keys below."]),
        (
            "clips = 3\n[[clip]]\nexplainer='pca'",
            ["lecture.toml:1: clips: a lecture has no 'clips'; did you mean clip?"],
        ),
        ("look = 'dark'\n[[clip]]\nexplainer='pca'", ["lecture.toml:1: look: this must be a table of the look"]),
        ("[[clip]]\nexplainer = 3", ["lecture.toml:2: explainer: there is no explainer '3'"]),
        ("[[clip]]\nexplainer = 'own.py'", ["lecture.toml:2: explainer: there is no file"]),
        ("[[clip]]\nscene = 'own.py'", ["lecture.toml:2: scene: 'own.py' is not a scene; write its file and name"]),
        ("[[clip]]\nscene = 'own.py:Proof'", ["lecture.toml:2: scene: cannot read own.py: no such file"]),
        ("[[clip]]\nexplainer = 'pca'\nscene = 'own.py:Proof'", ["lecture.toml:1: clip: say either"]),
        ("[[clip]]\nexplainer = 'pca'\nname = 3", ["lecture.toml:3: name: 3 is not possible"]),
        ("[[clip]]\nexplainer = 'pca'\nname = '..'", ["lecture.toml:3: name: '..' is not possible"]),
        (
            "[[clip]]\nexplainer='pca'\n[[clip]]\nexplainer='pca'",
            ["lecture.toml:3: name: 'pca' is the name of the clip on line 1 already"],
        ),
        (
            "[[clip]]\nexplainer='pca'\nname='A'\n[[clip]]\nexplainer='pca'\nname='a'",
            ["lecture.toml:6: name: 'a' is the name of the clip on line 1 already"],
        ),
        (
            "[look]\ntheme = 'blue'\n[[clip]]\nexplainer='pca'",
            ["lecture.toml:2: look.theme: there is no theme 'blue'; known are dark, light."],
        ),
        (
            "[look]\ntheme = 'blue.toml'\n[[clip]]\nexplainer='pca'",
            ["lecture.toml:2: look.theme: there is no theme file blue.toml."],
        ),
        (
            "[look]\ntransparent = 'maybe'\n\n[[clip]]\nexplainer='pca'\n[clip.look]\ncaptions = 'loud'",
            ["lecture.toml:2: look.transparent: 'maybe'", "lecture.toml:7: look.captions: 'loud' is not possible"],
        ),
        ("[[clip]]\nexplainer='pca'\npoints = 2.5", ["lecture.toml:3: points: 2.5 is not possible"]),
        ("[[clip]\nexplainer='pca'", ["lecture.toml:1: this is not TOML: "]),
        ("[[clip]]\nexplainer='pca'\npoints = 3,5\nkeep = 1", ["lecture.toml:3: this is not TOML: "]),
        ("[[clip]]\nexplainer='pca'\nkeep = 1\nkeep = 2\nx = 1", ["lecture.toml:4: this is not TOML: "]),
    ],
)
def test_a_mistake_is_told_where_it_stands(refused: Refused, text: str, lines: list[str]) -> None:
    told = refused(text)
    for line, expected in zip(told, lines, strict=True):
        assert line.startswith(expected)


def test_a_lecture_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match=r"cannot read .*no such file"):
        read_lecture(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(SelectionError, match="not UTF-8 text"):
        read_lecture(tmp_path / "bytes.toml")
    (tmp_path / "deep.toml").write_text(f"a = {'[' * 100_000}")
    with pytest.raises(SelectionError, match="nested too deeply"):
        read_lecture(tmp_path / "deep.toml")


def test_a_scene_is_found_without_running_its_file(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("raise SystemExit('it ran')\nclass Proof: pass\n")
    assert refused("[[clip]]\nscene = 'own.py:Prof'") == [
        "lecture.toml:2: scene: own.py has no scene 'Prof'; did you mean Proof?"
    ]
    (tmp_path / "own.py").write_text("class Proof(:\n")
    assert refused("[[clip]]\nscene = 'own.py:Proof'")[0].startswith("lecture.toml:2: scene: own.py is not Python: ")


def test_a_scene_may_have_a_seed_and_nothing_else(read: Read, refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("class Proof: pass\n")
    (clip,) = read("[[clip]]\nscene = 'own.py:Proof'\nseed = 7").clips
    assert (clip.name, clip.seed, clip.path) == ("Proof", 7, tmp_path / "own.py")
    (line,) = refused("[[clip]]\nscene = 'own.py:Proof'\nseed = -7")
    assert line == "lecture.toml:3: seed: -7 is not possible; allowed is a whole number from 0 to 4294967295."
    (line,) = refused("[[clip]]\nscene = 'own.py:Proof'\nmatrix = 1")
    assert line.startswith("lecture.toml:3: matrix: a scene has no parameters but a seed")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x = 1 / 0\n", "broken.py cannot be imported: ZeroDivisionError: division by zero (broken.py:1)."),
        ("def f(:\n", "broken.py cannot be imported: invalid syntax"),
        ("x = 1\n", "broken.py holds 0 explainers; a file has exactly one."),
    ],
)
def test_an_explainer_file_that_holds_none_is_a_sentence(
    refused: Refused, tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "broken.py").write_text(content)
    try:
        assert words in refused("[[clip]]\nexplainer = 'broken.py'")[0]
    finally:
        sys.modules.pop("broken", None)
        sys.path.remove(str(tmp_path))


def test_a_file_never_stands_in_for_a_library(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "statistics.py").write_text("x = 1\n")
    assert "there is another Python module 'statistics'" in refused("[[clip]]\nexplainer = 'statistics.py'")[0]
    sys.path.remove(str(tmp_path))


def test_where_a_folder_lies_is_not_in_the_clips_name(tmp_path: Path) -> None:
    names = set()
    for place in ("here", "there"):
        shutil.copytree(EXAMPLE.parent, tmp_path / place)
        code = (
            "from pathlib import Path; from studio.lecture.reading import read_lecture; "
            f"print([c.name for c in read_lecture(Path({str(tmp_path / place / EXAMPLE.name)!r})).clips])"
        )
        ran = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
        names.add(ran.stdout)
    assert len(names) == 1


def test_every_clip_comes_back_from_what_a_worker_reads() -> None:
    for clip in read_lecture(EXAMPLE).clips:
        if isinstance(clip, Clip):
            assert Clip.from_json(clip.to_json()) == clip


def test_the_look_has_all_settings_that_a_lecture_may_say() -> None:
    assert set(LookSettings.model_fields) == {
        "theme", "aspect", "quality", "fps", "captions", "transparent", "language",
    }  # fmt: skip
