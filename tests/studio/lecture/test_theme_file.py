"""Theme files: whose colours a theme has, and that weak ones are refused where they stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.theme import LIGHT, Theme
from studio.clip import PROJECT
from studio.lecture.theme_file import read_theme, theme_of
from studio.problems import FileProblemsError, SelectionError

EXAMPLE = PROJECT / "examples" / "linear-maps" / "department.toml"
Read = Callable[[str], Theme]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def make(text: str) -> Theme:
        (tmp_path / "hers.toml").write_text(text)
        return read_theme(tmp_path / "hers.toml")

    return make


@pytest.fixture
def refused(read: Read, tmp_path: Path) -> Callable[[str], list[str]]:
    def tell(text: str) -> list[str]:
        with pytest.raises(FileProblemsError) as caught:
            read(text)
        return str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    return tell


def test_roles_that_are_not_named_are_the_base_themes(read: Read) -> None:
    theme = read('base = "light"\n[colors]\ninput = "#0057b8"\nramp = ["#000000", "#FFFFFF"]')
    assert (theme.name, theme.input, theme.ramp) == ("hers", "#0057B8", ("#000000", "#FFFFFF"))
    assert (theme.output, theme.background, theme.logo) == (LIGHT.output, LIGHT.background, None)
    assert read("").input != LIGHT.input  # without a base it is the dark theme's


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("bass = 'light'", ["hers.toml:1: bass: a theme file has no 'bass'; did you mean base?"]),
        ("base = ['light']", ["hers.toml:1: base: ['light'] is not possible; allowed is dark or light."]),
        ("colors = 3", ["hers.toml:1: colors: this must be a table"]),
        ("[colors]\ninptu = '#000000'", ["hers.toml:2: colors.inptu: [colors] has no 'inptu'; did you mean input?"]),
        (
            "[colors]\ninput = 'blue'\nramp = ['#000000']",
            ["hers.toml:2: colors.input: 'blue'", "hers.toml:3: colors.ramp"],
        ),
        (
            "base = 'light'\n[colors]\nmuted = '#AAAAAA'",
            ["hers.toml:3: colors.muted: muted #AAAAAA on background #FFFFFF has a contrast of 2.3:1, and text needs"],
        ),
        (
            "base = 'light'\n[colors]\nmodel = '#8A4B00'\nerror = '#8A4B00'",
            ["hers.toml:3: colors.model: model #8A4B00 and error #8A4B00 look alike to everyone;"],
        ),
        (
            "base = 'light'\n[colors]\noutput = '#8A4B00'",
            ["hers.toml:3: colors.output: output #8A4B00 and error #E20A09 look alike to protan viewers"],
        ),
        ("[logo]\ncorner = 'bottom left'", ["hers.toml:1: logo.file: name a PNG", "hers.toml:2: logo.corner: 'bottom"]),
        ("[logo]\nfile = 'none.png'", ["hers.toml:2: logo.file: cannot read none.png: no such file or directory."]),
        ("[logo]\nfile = 'hers.toml'", ["hers.toml:2: logo.file: hers.toml is not a whole PNG picture."]),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(refused: Callable, text: str, lines: list[str]) -> None:
    for told, expected in zip(refused(text), lines, strict=True):
        assert told.startswith(expected)


def test_the_colour_that_is_offered_would_do(refused: Callable, read: Read) -> None:
    (line,) = refused("base = 'light'\n[colors]\nmuted = '#AAAAAA'")
    offered = line.rpartition("; ")[2].removesuffix(" would do.")
    assert read(f"base = 'light'\n[colors]\nmuted = '{offered}'").muted == offered


def test_a_logo_is_a_whole_png_of_moderate_size(refused: Callable, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (400, 400, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "big.png")
    assert "a logo has at most 256 kB" in refused("[logo]\nfile = 'big.png'")[0]
    (tmp_path / "cut.png").write_bytes((EXAMPLE.parent / "logo.png").read_bytes()[:2000])
    assert "cut.png is not a whole PNG picture" in refused("[logo]\nfile = 'cut.png'")[0]
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.png", format="JPEG")
    assert "photo.png is not a whole PNG picture" in refused("[logo]\nfile = 'photo.png'")[0]


def test_a_theme_goes_to_another_machine_without_its_files() -> None:
    look = Look(read_theme(EXAMPLE), Aspect.CLASSIC, CaptionMode.SIDECAR)
    told = json.dumps(look.to_json())
    assert str(EXAMPLE.parent) not in told
    back = Look.from_json(json.loads(told))
    assert back == look
    assert back.colors.logo.content == (EXAMPLE.parent / "logo.png").read_bytes()


def test_a_theme_is_named_or_a_file() -> None:
    assert theme_of("light", Path()) == "light"
    assert theme_of("department.toml", EXAMPLE.parent) == read_theme(EXAMPLE)
    with pytest.raises(SelectionError, match="there is no theme 'lihgt'; did you mean light"):
        theme_of("lihgt", Path())
    with pytest.raises(SelectionError, match="there is no theme file"):
        theme_of("none.toml", EXAMPLE.parent)
