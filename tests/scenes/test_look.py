"""Looks, zones and themes: plain data that every layout rests on."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from PIL import Image

from scenes.stage.color import contrast_ratio, difference, mix
from scenes.stage.logo import set_logo
from scenes.stage.look import QUALITIES, Aspect, CaptionMode, Look
from scenes.stage.theme import ROLES, TEXT_ROLES, THEMES, Logo, problems
from scenes.stage.zones import MARGIN, Zone, Zones

LOOKS = [Look(aspect=aspect, captions=mode) for aspect, mode in product(Aspect, CaptionMode)]


def overlap(a: Zone, b: Zone) -> bool:
    return min(a.right, b.right) - max(a.left, b.left) > 1e-9 and min(a.top, b.top) - max(a.bottom, b.bottom) > 1e-9


def inside(inner: Zone, outer: Zone) -> bool:
    return (
        inner.left >= outer.left - 1e-9
        and inner.right <= outer.right + 1e-9
        and inner.bottom >= outer.bottom - 1e-9
        and inner.top <= outer.top + 1e-9
    )


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.aspect}-{look.captions}")
def test_zones_keep_the_margin_and_do_not_overlap(look: Look) -> None:
    zones = Zones.of(look)
    assert zones.safe.left == pytest.approx(zones.frame.left + MARGIN * zones.frame.width)
    for zone in (zones.title, zones.main, zones.side, zones.caption):
        assert inside(zone, zones.safe)
    for first, second in combinations((zones.title, zones.main, zones.side, zones.caption), 2):
        assert not overlap(first, second)
    assert inside(zones.main, zones.body)
    assert inside(zones.side, zones.body)


def test_the_side_zone_goes_below_in_a_tall_frame() -> None:
    tall, wide = Zones.of(Look(aspect=Aspect.TALL)), Zones.of(Look())
    assert tall.side.top < tall.main.bottom
    assert wide.side.left > wide.main.right


def test_captions_take_room_only_when_burned_in() -> None:
    burned, sidecar = (Zones.of(Look(captions=mode)) for mode in (CaptionMode.BURNED, CaptionMode.SIDECAR))
    assert sidecar.caption.height == 0
    assert sidecar.body.height > burned.body.height + 1


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("aspect", Aspect)
def test_pixels_are_even_and_square(quality: str, aspect: Aspect) -> None:
    look = Look(aspect=aspect, short_side=QUALITIES[quality].short_side)
    (width, height), (frame_width, frame_height) = look.pixels, look.frame
    assert width % 2 == height % 2 == 0
    assert min(width, height) == QUALITIES[quality].short_side
    assert width / height == pytest.approx(aspect.ratio, abs=2 / height)
    assert frame_width / frame_height == pytest.approx(width / height)
    assert min(frame_width, frame_height) == pytest.approx(Look.SHORT_SIDE_UNITS)


def test_zones_split_completely() -> None:
    zone = Zone(0, 0, 10, 4)
    left, right = zone.columns(1, 3, gap=2)
    assert (left.left, left.right, right.left, right.right) == (0, 2, 4, 10)
    top, bottom = zone.rows(1, 1, gap=1)
    assert (top.top, top.bottom, bottom.top, bottom.bottom) == (4, 2.5, 1.5, 0)
    assert zone.beside(1, 1) == zone.columns(1, 1)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("role", TEXT_ROLES)
def test_text_in_every_role_reads_on_the_background(theme, role: str) -> None:
    assert contrast_ratio(theme.color(role), theme.background) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_roles_stay_apart_for_every_kind_of_eye(theme) -> None:
    meaningful = ("input", "output", "parameter", "data", "model", "error")
    for one, other in combinations(meaningful, 2):
        for eyes in (None, "protan", "deutan", "tritan"):
            assert difference(theme.color(one), theme.color(other), eyes) >= 6, (one, other, eyes)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_our_own_themes_pass_what_we_ask_of_others(theme) -> None:
    assert problems(theme) == []


def test_a_weak_theme_is_told_which_roles_and_for_whom() -> None:
    theme = replace(THEMES["light"], muted="#AAAAAA", output="#8A4B00", first="#186B5B", second="#186B5B")
    told = problems(theme)
    assert [roles for roles, _ in told] == [("muted", "background"), ("output", "error"), ("first", "second")]
    for (_, sentence), eyes in zip(told[1:], ("protan viewers", "everyone"), strict=True):
        assert f"look alike to {eyes};" in sentence


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.aspect}-{look.captions}")
@pytest.mark.parametrize("logo", [Logo("", 2.5), Logo("", 2.5, "left"), Logo("", 40), Logo("", 0.2)])
def test_a_logo_has_room_of_its_own_in_every_look(look: Look, logo: Logo) -> None:
    look = replace(look, theme=replace(THEMES["dark"], logo=logo))
    zones, plain = Zones.of(look), Zones.of(replace(look, theme="dark"))
    assert inside(zones.logo, zones.safe)
    assert zones.logo.width / zones.logo.height == pytest.approx(logo.ratio)
    for zone in (zones.title, zones.body, zones.main, zones.side, zones.caption):
        assert not overlap(zones.logo, zone)
    assert zones.title.width > plain.title.width / 2
    assert (zones.body, zones.caption) == (plain.body, plain.caption)


def test_the_logo_is_painted_into_its_zone_and_nowhere_else() -> None:
    png = io.BytesIO()
    Image.new("RGBA", (20, 10), (255, 0, 0, 128)).save(png, format="PNG")
    logo = Logo(base64.b64encode(png.getvalue()).decode(), ratio=2.0)
    look = Look(replace(THEMES["light"], logo=logo), short_side=480)
    width, height = look.pixels
    for behind, seen in (((255, 255, 255, 255), (255, 127, 127, 255)), ((0, 0, 0, 0), (128, 0, 0, 128))):
        background = np.full((height, width, 4), behind, np.uint8)
        set_logo(background, look)
        rows, columns = np.nonzero((background != behind).any(axis=2))
        zone, scale = Zones.of(look).logo, height / look.frame[1]
        assert columns.min() == pytest.approx((zone.left + look.frame[0] / 2) * scale, abs=1)
        assert columns.max() == pytest.approx((zone.right + look.frame[0] / 2) * scale, abs=1)
        assert rows.min() == pytest.approx((look.frame[1] / 2 - zone.top) * scale, abs=1)
        assert np.abs(background[rows, columns].astype(int) - seen).max() <= 1


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast_ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # the WCAG's own example


def test_an_unknown_role_names_the_roles() -> None:
    with pytest.raises(KeyError, match="highlight"):
        THEMES["dark"].color("hot")


def test_the_ramp_runs_from_its_first_to_its_last_colour() -> None:
    theme = THEMES["dark"]
    assert theme.ramp_at(-1) == theme.ramp[0]
    assert theme.ramp_at(2) == theme.ramp[-1]
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"
    assert len(set(ROLES)) == len(ROLES)


def test_a_look_is_known_without_manim() -> None:
    code = "import scenes.stage.look, scenes.stage.zones, sys; sys.exit('manim' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_look_round_trips_through_json() -> None:
    look = Look("light", Aspect.TALL, CaptionMode.NONE, 480, 15)
    assert Look.from_json(look.to_json()) == look
