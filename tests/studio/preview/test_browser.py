"""The preview in Chromium: open, choose, scrub, step, save and see, set and see, break and mend."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.studio.preview.conftest import IDLE, PATIENCE, READY, Served, Workshop

STRAY = 40
"""Of 255: what coding may change in the mean of sixteen pixels."""
FRAMES = 90
"""Frames of a draft of the first beat: six seconds and the frame by which a rest is rounded up."""
SETTLED = """() => new Promise((done) => {
  const video = document.getElementById("video");
  const look = () => (video.seeking || (video.src && video.readyState < 2) ? setTimeout(look, 10)
    : requestAnimationFrame(() => requestAnimationFrame(done)));
  look();
})"""
"""The video shows the frame that it was sent to, and that has been painted."""
WATCH = """() => {
  const screen = document.getElementById("screen");
  window.been = [];
  new MutationObserver(() => window.been.push([Number(screen.dataset.beat), Number(screen.dataset.frame)]))
    .observe(screen, { attributeFilter: ["data-frame", "data-beat"] });
}"""
"""Note every frame that is come by, as (beat, frame)."""


def frame(page: Page) -> tuple[int, int]:
    """Beat and frame on the screen, as the video itself has them."""
    shown = round(page.evaluate("document.getElementById('video').currentTime") * 15 - 0.5)
    screen = page.locator("#screen")
    assert shown == int(screen.get_attribute("data-frame"))
    return int(screen.get_attribute("data-beat")), shown


def picture(page: Page) -> bytes:
    """What the screen shows."""
    page.evaluate(SETTLED)
    return page.locator("#screen").screenshot()


def differ(one: bytes, other: bytes) -> bool:
    """Whether two screenshots show different things; a JPEG and a video of one picture do not."""
    a, b = (np.asarray(Image.open(io.BytesIO(each)).convert("L").reduce(4), int) for each in (one, other))
    return a.shape != b.shape or int((np.abs(a - b) > STRAY).sum()) > 4


def redrawn(page: Page, act: Callable[[], None]) -> bytes:
    """Do something, and wait for the picture that it leads to."""
    run = page.locator("#screen").get_attribute("data-run")
    act()
    page.wait_for_selector(f"#screen:not([data-run='{run}'])")
    return picture(page)


def test_opens_with_the_clip_that_was_named_and_plays(page: Page) -> None:
    assert page.inner_text("#title") == "Steady line"
    assert page.locator("#beats button").count() == 2
    assert page.locator(".catalogue [aria-current] .entry-title").inner_text().startswith("Steady line")
    page.evaluate(WATCH)
    page.keyboard.press(" ")
    page.wait_for_function("() => window.been.some(([beat, frame]) => beat === 2 && frame > 3)")
    page.keyboard.press(" ")
    beats, numbers = zip(*page.evaluate("window.been"), strict=True)
    assert list(beats) == sorted(beats)
    first = [number for beat, number in zip(beats, numbers, strict=True) if beat == 1]
    assert first == sorted(first) and first[0] == 0 and first[-1] >= FRAMES - 15
    assert frame(page)[0] == 2


def test_scrubs_steps_and_jumps_to_the_frame(page: Page) -> None:
    page.keyboard.press("2")
    assert frame(page) == (2, 0)
    page.keyboard.press(".")
    page.keyboard.press(".")
    assert frame(page) == (2, 2)
    for _ in range(3):
        page.keyboard.press(",")
    beat, number = frame(page)
    assert beat == 1 and number >= FRAMES
    box = page.locator("#beats").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 8)
    page.mouse.down()
    early = picture(page)
    assert frame(page)[0] == 1
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 8)
    assert differ(picture(page), early)
    assert frame(page)[0] == 2
    page.mouse.up()


def test_loops_a_beat(page: Page) -> None:
    page.keyboard.press("l")
    page.select_option("#speed", "4")
    page.keyboard.press("1")
    page.evaluate(WATCH)
    page.keyboard.press(" ")
    page.wait_for_function("() => window.been.filter(([, f], i, all) => i && f < all[i - 1][1]).length >= 2")
    assert {beat for beat, _ in page.evaluate("window.been")} == {1}


def test_choosing_and_searching(page: Page) -> None:
    page.fill("#search", "second")
    assert page.locator(".catalogue li").count() == 1
    redrawn(page, page.locator(".catalogue li button").click)
    assert page.inner_text("#title") == "Second line"
    page.reload()
    page.wait_for_selector(READY)
    assert page.inner_text("#title") == "Second line"


def test_a_save_changes_the_frame_that_is_looked_at(page: Page, workshop: Workshop, edit: Callable[..., None]) -> None:
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    with page.expect_response("**/turn", timeout=PATIENCE):  # the server has heard where we are
        for _ in range(30):
            page.keyboard.press(".")
    before, place = picture(page), frame(page)
    after = redrawn(page, lambda: edit(workshop.scene, '"height", line', '"altitude", line'))
    assert differ(after, before)
    page.wait_for_selector(READY)
    assert frame(page) == place
    assert differ(picture(page), before)


def test_a_parameter_changes_facts_and_frame(page: Page) -> None:
    before = picture(page)
    assert page.inner_text("[data-name=height_at_2]") == "2"
    page.fill("#parameter-slope", "3")
    after = redrawn(page, lambda: page.press("#parameter-slope", "Tab"))
    assert page.inner_text("[data-name=height_at_2]") == "7"
    assert differ(after, before)
    assert "--set slope=3" in page.inner_text("#command")
    assert "slope = 3.0" in page.inner_text("#entry")
    redrawn(page, lambda: page.click("#reset"))
    assert page.inner_text("[data-name=height_at_2]") == "2"


def test_an_impossible_parameter_is_refused_where_it_stands(page: Page) -> None:
    page.fill("#parameter-slope", "40")
    page.press("#parameter-slope", "Tab")
    problem = page.locator(".field.is-wrong .problem")
    problem.wait_for()
    assert "allowed is a number from -3 to 3" in problem.inner_text()
    page.fill("#parameter-slope", "1")
    page.press("#parameter-slope", "Tab")
    page.wait_for_selector(READY)
    assert page.locator(".is-wrong").count() == 0


def test_theme_and_aspect(page: Page) -> None:
    before = picture(page)
    after = redrawn(page, lambda: page.click("#look button:has-text('light')"))
    assert differ(after, before)
    redrawn(page, lambda: page.click("#look button:has-text('1:1')"))
    box = page.locator("#screen").bounding_box()
    assert box["width"] == pytest.approx(box["height"], abs=2)


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("step(0.0)", "step(0.0 / 0)", "ZeroDivisionError: float division by zero", "step(0.0 / 0)"),
        ("self.walk_along()", "self.walk_along(", "SyntaxError: '(' was never closed", "self.walk_along("),
    ],
)
def test_a_broken_scene_tells_where_and_a_mended_one_clears_it(
    page: Page, workshop: Workshop, edit: Callable[..., None], old: str, new: str, message: str, line: str
) -> None:
    before = picture(page)
    edit(workshop.scene, old, new)
    page.wait_for_selector("#failure:not([hidden])")
    assert page.inner_text("#failure-message") == message
    number = workshop.scene.read_text(encoding="utf-8").split(line)[0].count("\n") + 1
    assert f"scenes/calculus/steady_line.py:{number}" in page.inner_text("#failure-place")
    assert line in page.inner_text("#failure-lines .is-it")
    assert page.locator("#video.is-shown, #still:not([hidden])").count() >= 1
    edit(workshop.scene, new, old)
    page.wait_for_selector("#failure[hidden]", state="attached")
    page.wait_for_selector(READY)
    assert not differ(picture(page), before)


def test_an_endless_loop_and_a_crash_stay_in_their_process(
    page: Page, served: Served, workshop: Workshop, edit: Callable[..., None]
) -> None:
    edit(workshop.scene, "step(0.0)", "while True: pass")
    page.wait_for_selector("#status[data-state=drawing]")
    time.sleep(1)
    edit(workshop.scene, "while True: pass", "import os; os.kill(os.getpid(), 11)")
    page.wait_for_selector("#failure:not([hidden])")
    edit(workshop.scene, "import os; os.kill(os.getpid(), 11)", "step(0.0)")
    page.wait_for_selector("#failure[hidden]", state="attached")
    served.wait_until_quiet()
    page.wait_for_selector(IDLE)


def test_a_file_that_goes_and_comes_back(page: Page, workshop: Workshop) -> None:
    text = workshop.scene.read_bytes()
    workshop.scene.unlink()
    page.wait_for_selector("#failure:not([hidden])")
    workshop.scene.write_bytes(text)
    page.wait_for_selector("#failure[hidden]", state="attached")
    page.wait_for_selector(READY)


def test_what_all_scenes_share_is_read_anew(page: Page, workshop: Workshop, edit: Callable[..., None]) -> None:
    before = picture(page)
    theme = workshop.root / "scenes" / "stage" / "theme.py"
    after = redrawn(page, lambda: edit(theme, 'background="#0F1117"', 'background="#0F7117"'))
    assert differ(after, before)


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
def test_everyone_can_use_it(page: Page, scheme: str, size: tuple[int, int]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_what_check_finds_is_outlined(page: Page, workshop: Workshop, edit: Callable[..., None]) -> None:
    overlap = 'self.add(stage.words("covered", Size.TITLE).move_to(readout))'
    edit(workshop.scene, "            step(0.0)\n", f"            step(0.0)\n            {overlap}\n")
    finding = page.locator("#findings button", has_text="Beat 2").first
    finding.click()
    assert page.locator("#outlines:not([hidden]) rect").count() >= 1
    beat, number = frame(page)
    assert beat == 2 and number > 0
    page.keyboard.press(",")
    assert page.locator("#outlines[hidden]").count() == 1


def test_ten_saves_a_second_and_two_pages_leave_nothing_behind(
    page: Page, browser: Browser, served: Served, workshop: Workshop
) -> None:
    other = browser.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(served.address)
    other.wait_for_selector(READY)
    text = workshop.scene.read_text(encoding="utf-8")
    for number in range(30):
        workshop.scene.write_text(text.replace("run_time=3", f"run_time=3.{number:02d}"), encoding="utf-8")
        time.sleep(0.1)
    workshop.scene.write_text(text, encoding="utf-8")
    for each in (page, other):
        each.wait_for_selector(READY)
    served.wait_until_quiet()
    for each in (page, other):
        each.wait_for_selector(IDLE)
    other.close()
