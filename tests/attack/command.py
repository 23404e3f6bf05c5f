"""The command line, run in this process with anything for arguments, in a folder that is watched.

All but the drawing runs: clips are chosen, checked and given folders, and then nobody draws them.
"""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from hypothesis import strategies as st

import render
from explainers import all_explainers
from studio.lecture.draft import draft
from studio.selection import configure
from tests.attack.values import NASTY_TEXTS, as_json, hostile, settings_of, texts

PROBLEM = re.compile(r"Error: .|[^:]+:\d+: .")
"""How a line begins that tells a user what is wrong."""
FINE = ("lecture.toml", "theme.toml")


@dataclass(frozen=True)
class Attempt:
    """A command line, and the files it finds: lecture, theme and scene, as bytes by name."""

    arguments: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...] = ()

    def __str__(self) -> str:
        return f"{' '.join(map(repr, self.arguments))} {dict(self.files) or ''}"


@dataclass(frozen=True)
class Outcome:
    """How a command ended, what it said, and which paths are new or gone around it."""

    code: int
    said: str
    complaint: str
    changed: frozenset[str]


def run(attempt: Attempt) -> Outcome:
    """Run a command line where only its own files are, two folders below one that is watched.

    Raises:
        Exception: what `render.py` would end with a traceback for.
    """
    with ExitStack() as stack:
        top = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="attack-")))
        here = top / "one" / "two"
        here.mkdir(parents=True)
        for name, content in attempt.files:
            (here / name).write_bytes(content)
        before = paths(top)
        stack.enter_context(chdir(here))
        stack.enter_context(patch.object(render, "MEDIA", here / "media"))
        stack.enter_context(patch.object(render, "run_jobs", lambda *args, **options: None))
        out, err = TextIOWrapper(BytesIO(), "utf-8"), TextIOWrapper(BytesIO(), "utf-8", errors="backslashreplace")
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        try:
            render.main(attempt.arguments)
            code = 0
        except SystemExit as end:
            code = end.code or 0
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())
        return Outcome(code, *texts, frozenset(before ^ paths(top)))


def paths(top: Path) -> set[str]:
    """Everything in a folder, with its content where it is a file."""
    found = set()
    for folder, folders, files in os.walk(top):
        found.update(os.path.join(folder, name) for name in folders)
        for name in files:
            content = Path(folder, name).read_bytes() if not name.endswith(".pyc") else b""
            found.add(f"{os.path.join(folder, name)}\0{content!r}")
    return found


def judge(attempt: Attempt) -> bool:
    """Run it; whether it was accepted.

    Raises:
        AssertionError: it was refused otherwise than in a sentence for each problem, or left something behind.
        Exception: as `run`.
    """
    outcome = run(attempt)
    assert outcome.code in (0, 2), f"exit code {outcome.code}"
    if outcome.code == 0:
        return True
    lines = outcome.complaint.split("\n")[:-1]
    assert lines, "it said nothing"
    for line in lines:
        assert PROBLEM.match(line), f"not a sentence: {line!r}"
        assert line.isprintable(), f"not printable: {line!r}"
    assert outcome.said == "", f"said although refused: {outcome.said[:80]!r}"
    assert not outcome.changed, f"left behind: {sorted(outcome.changed)[:3]}"
    return False


# --- What is tried --------------------------------------------------------------------------------------------

SLUGS = tuple(all_explainers())
PATHS = (
    "", " ", "-", "--", "-rf", "--out", "a b", "a'b", 'a"b', "a\nb", "a\tb", "\x1b[31m", "\udcff\udcfe",
    "x" * 300, "x" * 5000, "..", "../..", "../up", "./.", "/proc", "/dev/null", "/dev/full", "/proc/self/mem",
    "/proc/nowhere/at/all", "~", "~root", "$HOME", "%TEMP%", "lecture.toml", "theme.toml", "scene.py",
    "folder.toml", "folder.py", "שלום", "🙂", "\u202egnp", "con", "a:b", "*", "lecture.toml/x", ".toml", ".py",
    ".py:", "scene.py:", "scene.py:Good", "scene.py:No", "scene.py:Good:Good", ":Good", "/proc/null.toml",
    "x" * 300 + ".toml", "x" * 300 + ".py", "x" * 300 + ".py:Good", "\udcff.toml", "\udcff.py",
    "\udcff.py:Good", "a\nb.toml", "a\nb.py:Good", "-.toml", "--.py",
)  # fmt: skip
SCENE = b"from manim import Scene\nclass Good(Scene):\n    def construct(self):\n        self.wait()\n"
LECTURE = b"""title = "A"
[look]
theme = "light"
[[clip]]
explainer = "bayes-rule"
prior = [0.1, 0.2]
[[clip]]
scene = "scene.py:Good"
"""
THEME = b'base = "light"\n[colors]\ninput = "#0050A0"\n'
FILES = (("lecture.toml", LECTURE), ("theme.toml", THEME), ("scene.py", SCENE))


def can_be_typed(text: str) -> bool:
    """Whether an operating system hands a command this argument: any bytes but zeros."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:  # half of a pair that stands for no byte
        return False


words = texts.filter(can_be_typed)
# Only where nothing can be made does a path lead out of the folder that is watched.
OPTIONS = ("fps", "aspect", "captions", "codec", "format", "language", "jobs")

paths_tried = st.sampled_from(PATHS) | words.filter(lambda text: not text.startswith("/"))
names = st.sampled_from(SLUGS) | paths_tried


@st.composite
def settings_typed(draw: st.DrawFn) -> Attempt:
    """`facts SLUG --set …`."""
    slug = draw(st.sampled_from(SLUGS))
    values = draw(settings_of(all_explainers()[slug]))
    typed = [
        f"{name}={value if isinstance(value, str) else as_json(value)}".replace("\0", "")
        for name, value in values.items()
    ]
    raw = st.lists(words | st.builds("{}={}".format, words, words) | st.just("shape=" + "[" * 5000), max_size=2)
    return Attempt(("facts", slug, *(f"--set={text}" for text in [*typed, *draw(raw)] if can_be_typed(text))))


@st.composite
def commands(draw: st.DrawFn) -> Attempt:
    """Commands with names, paths, sizes and options that may be anything."""
    path, name = draw(paths_tried), draw(names)
    forms = [
        ("facts", name), ("facts", "--", name), ("init", path, name), ("init", "--", path, name),
        ("new", draw(st.just("my-idea") | words), "--in", path), ("new", name, f"--in={path}"),
        ("render", name, "--out", path), ("render", name, f"--out={path}"), ("render", "bayes-rule", "--theme", path),
        ("check", "--rules", f"--theme={path}"), ("sheet", name, f"--out={path}", "--against", path),
        ("check", name, f"--stills={path}"), ("render", "--out=out", *draw(st.lists(names, max_size=3))),
        ("cache", f"--trim={draw(words)}"), ("render", name, "--seed", draw(words)),
        ("render", "bayes-rule", "--out=out", f"--{draw(st.sampled_from(OPTIONS))}={draw(words)}"),
        draw(st.lists(words, max_size=3).map(tuple)),
    ]  # fmt: skip
    return Attempt(tuple(draw(st.sampled_from(forms))), FILES)


def toml(value: object) -> str:
    """A value as TOML, as far as there is one."""
    if value != value or value in (float("inf"), -float("inf")):
        return {True: "nan"}.get(value != value, "inf" if value > 0 else "-inf")
    return as_json(value).replace("null", '"null"')


ODD_VALUES = ("1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "0x" + "f" * 6000, "-0", "inf", "-nan", "{}", "{a=1}",
              "[[]]", "[" * 300 + "]" * 300, "''", '"\\u0000"', '"""a\nb"""', "1e400", "0b1", "1_000", "true",
              "[1, 'a']", "[{}]", "#", "=", "nul")  # fmt: skip
KEYS = (
    "title", "look", "clip", "explainer", "scene", "name", "theme", "aspect", "quality", "fps", "captions",
    "transparent", "language", "prior", "tokens", "matrix", "seed", "base", "colors", "logo", "input", "ramp",
    "file", '"a\\nb"', '"\\u001b[2J"', '""', "a.b", "'clip'.x",
)  # fmt: skip
odd_toml = st.sampled_from(ODD_VALUES) | hostile.map(toml)
files_named = (paths_tried | st.sampled_from(["a\0b.py:Good", "a\0.py", "a\0.toml"])).map(as_json)
lines = st.one_of(
    st.builds("{} = {}".format, st.sampled_from(KEYS), odd_toml),
    st.builds("[{}]".format, st.sampled_from(KEYS)),
    st.builds("[[{}]]".format, st.sampled_from(KEYS)),
    st.builds('explainer = "{}"'.format, st.sampled_from(SLUGS)),
    st.sampled_from([*(f"name = {as_json(text)}" for text in NASTY_TEXTS), "[[clip]]", 'scene = "scene.py:Good"']),
    st.builds("{} = {}".format, st.sampled_from(["scene", "theme", "explainer", "file"]), files_named),
)


@st.composite
def damaged(draw: st.DrawFn, text: bytes) -> bytes:
    """A file with some lines changed, doubled or gone, or with bytes that do not belong there."""
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return draw(st.binary(max_size=60))
    if kind == 1:
        at, junk = draw(st.integers(0, len(text))), draw(st.binary(min_size=1, max_size=4))
        return text[:at] + junk + text[at + draw(st.integers(0, 3)) :]
    if kind == 2:
        return text[: draw(st.integers(0, len(text)))]
    if kind == 3:
        return draw(st.sampled_from([b"\xef\xbb\xbf", b"\xff\xfe"])) + text
    parts = text.decode().split("\n")
    for _ in range(draw(st.integers(1, 3))):
        parts.insert(draw(st.integers(0, len(parts))), draw(lines))
        if draw(st.booleans()):
            parts.pop(draw(st.integers(0, len(parts) - 1)))
    return "\n".join(parts).encode("utf-8", "surrogatepass")


@st.composite
def usual_lecture(draw: st.DrawFn) -> bytes:
    """A lecture with two clips, whose parameters may or may not be possible."""
    parts = [LECTURE.decode()]
    for slug in draw(st.lists(st.sampled_from(SLUGS), max_size=2)):
        values = draw(settings_of(all_explainers()[slug], spoiled=False))
        parts += ["[[clip]]", f'explainer = "{slug}"', *(f"{name} = {toml(value)}" for name, value in values.items())]
    return "\n".join(parts).encode("utf-8", "replace")


drafts = st.sampled_from(SLUGS).map(
    lambda slug: draft(Path("a.toml"), [configure(slug)]).replace("\n# ", "\n").encode()
)
lectures = st.one_of(usual_lecture(), damaged(LECTURE), usual_lecture().flatmap(damaged), drafts.flatmap(damaged)).map(
    lambda content: Attempt(("facts", "lecture.toml"), (("lecture.toml", content), *FILES[1:]))
)
themes = damaged(THEME).map(
    lambda content: Attempt(("check", "--rules", "--theme=theme.toml"), (("theme.toml", content),))
)
KINDS = {"--set": settings_typed(), "commands and paths": commands(), "lecture files": lectures, "theme files": themes}
