"""The pages in Chromium: they play, stop to the frame, can be used by keyboard, and ask nobody else for anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.studio.publish.conftest import BEATS, BITS, FPS, FRAMES

LAST = [round(end * FPS) - 1 for _, end in BEATS]
"""Number of the last frame of each beat."""
FIRST = [round(start * FPS) for start, _ in BEATS]
FRAME_NUMBER = """video => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(video, 0, 0);
  let number = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const [red] = pen.getImageData((bit + 0.5) * canvas.width / BITS, canvas.height / 4, 1, 1).data;
    if (red > 130) number += 2 ** bit;
  }
  return number;
}""".replace("BITS", str(BITS))
PAGES = [
    "gallery/index.html", "gallery/clips/ours.html", "gallery/clips/strange.html", "gallery/coverage.html",
    "gallery/players/light.html", "html/ours/index.html", "html/index.html",
    "slides/index.html", "slides/notes.html", "files/ours/transcript.html",
]  # fmt: skip


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`show(address, **context)` opens a page; at the end no page may have complained or asked another host."""
    complaints: list[str] = []
    contexts = []

    def opened(address: str, **options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        home = "file:" if address.startswith("file:") else "/".join(address.split("/")[:3])

        def watch(page: Page) -> None:
            page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("request", lambda request: request.url.startswith(home) or complaints.append(request.url))

        context.on("page", watch)
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def until(page: Page, expression: str, argument: object = None, seconds: float = 10) -> None:
    """Wait until something is true. (Playwright's own waiting evaluates text, which the policy forbids.)"""
    end = time.monotonic() + seconds
    while not page.evaluate(expression, argument):
        assert time.monotonic() < end, f"never came true: {expression}"
        page.wait_for_timeout(20)


def frame(page: Page, selector: str = "video") -> int:
    """The number of the frame on screen, once a seek is done."""
    until(page, "s => !document.querySelector(s).seeking", selector)
    return page.locator(selector).evaluate(FRAME_NUMBER)


def wait_for_pause(page: Page, selector: str = "video") -> None:
    until(page, "s => document.querySelector(s).paused", selector)


def ready(page: Page) -> Page:
    """The page, once its (first) video can be played."""
    until(page, "document.querySelector('video').readyState >= 3")
    return page


@pytest.mark.parametrize(
    ("name", "scheme"), [*((name, "dark") for name in PAGES), *((name, "light") for name in PAGES[:2])]
)
def test_axe_finds_nothing_to_mend(show: Callable[..., Page], served: str, name: str, scheme: str) -> None:
    page = show(f"{served}/{name}", color_scheme=scheme)
    page.wait_for_timeout(100)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_phone(show: Callable[..., Page], served: str, name: str) -> None:
    page = show(f"{served}/{name}", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("name", ["gallery/index.html", "gallery/clips/hostile.html", "html/ours/index.html"])
def test_pages_work_from_the_file_system(show: Callable[..., Page], site: Path, name: str) -> None:
    page = show((site / name).as_uri())
    page.wait_for_timeout(100)
    if page.locator("[data-player] video").count():
        page.locator(".player-play").click()
        until(page, "document.querySelector('video').currentTime > 0.3")


def test_the_player_plays_to_the_end(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/html/ours/index.html"))
    assert not page.locator("video").evaluate("video => video.controls")
    page.get_by_role("button", name="Play").first.click()
    until(page, "document.querySelector('video').ended")
    assert frame(page) == FRAMES - 1
    assert page.locator(".player-play").get_attribute("aria-label") == "Play"


def test_chapters_are_buttons_that_seek_to_their_first_frame(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/html/ours/index.html"))
    for index in (2, 0, 1):
        page.get_by_role("button", name=f"Chapter {index + 1}: Step {index + 1}").click()
        assert frame(page) == FIRST[index]
        assert page.locator(".player-chapter").inner_text() == f"Step {index + 1}"
        assert page.locator("[aria-current=step]").count() == 1


def test_captions_appear_and_go(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/html/ours/index.html"))
    caption = page.locator(".player-caption")
    page.keyboard.press("2")
    until(page, "document.querySelector('.player-caption').textContent.startsWith('Caption 2')")
    assert caption.inner_text() == "Caption 2 of A moving ball."
    page.keyboard.press("c")
    assert not caption.is_visible()
    tracks = page.locator("video").evaluate("v => [...v.textTracks].map(t => [t.kind, t.cues.length])")
    assert tracks == [["captions", 3], ["chapters", 3]]


def test_captions_in_the_picture_are_not_shown_twice(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/html/light/index.html"))
    assert not page.locator(".player-caption").is_visible()


def test_a_pause_at_each_step_is_on_its_last_frame(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/html/ours/index.html"))
    page.get_by_role("button", name="Pause at each step").click()
    for last in LAST:
        page.keyboard.press("Space") if last == LAST[0] else page.keyboard.press("ArrowRight")
        until(page, "!document.querySelector('video').paused")
        wait_for_pause(page)
        assert frame(page) == last


def test_play_goes_on_after_a_pause_at_a_step(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/html/ours/index.html?stops&beat=2"))
    page.keyboard.press("k")
    until(page, "!document.querySelector('video').paused")
    wait_for_pause(page)
    page.keyboard.press("k")
    until(page, "document.querySelector('video').currentTime > 1.9")
    assert frame(page) > LAST[1]


def test_loop_repeats_the_clip_or_the_step(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/html/ours/index.html?loop"))
    assert page.locator("video").evaluate("video => video.loop")
    page.keyboard.press("p")
    page.keyboard.press("2")
    page.keyboard.press("Space")
    page.wait_for_timeout(1300)  # the step takes 0.8 s: by now it is on its second turn
    assert not page.locator("video").evaluate("video => video.paused")
    assert FIRST[1] <= frame(page) <= LAST[1]


def test_the_keyboard_does_all_that_buttons_do(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/html/ours/index.html"))
    for key, index in [
        ("3", 2),
        ("ArrowLeft", 1),
        ("PageUp", 0),
        ("PageDown", 1),
        ("1", 0),
        ("ArrowRight", 1),
        ("0", 0),
    ]:
        page.keyboard.press(key)
        assert frame(page) == FIRST[index], key
    for key, name in [("l", "loop"), ("p", "stops"), ("c", "captions")]:
        button = page.locator(f"[data-do={name}]")
        before = button.get_attribute("aria-pressed")
        page.keyboard.press(key)
        assert button.get_attribute("aria-pressed") != before
    page.get_by_label("Speed").select_option("2")
    assert page.locator("video").evaluate("video => video.playbackRate") == 2
    page.locator("body").press("9")  # there is no ninth chapter
    assert frame(page) == 0


def test_it_plays_by_itself_only_where_asked_and_never_against_the_readers_wish(
    show: Callable[..., Page], served: str
) -> None:
    address = f"{served}/html/ours/index.html"
    page = ready(show(f"{address}?autoplay"))
    until(page, "document.querySelector('video').currentTime > 0.2")
    assert page.locator("video").evaluate("video => video.muted")
    for still in (ready(show(address)), ready(show(f"{address}?autoplay", reduced_motion="reduce"))):
        still.wait_for_timeout(400)
        assert still.locator("video").evaluate("video => video.paused && video.currentTime === 0")


def test_it_plays_inside_a_frame_of_another_page(show: Callable[..., Page], served: str, site: Path) -> None:
    page = show(f"{served}/html/index.html")
    code = page.locator("code").filter(has_text="<iframe").first.inner_text()
    page.evaluate("code => document.body.insertAdjacentHTML('beforeend', code)", code)
    player = page.frame_locator("iframe")
    player.locator(".player-play").click()
    player.locator(".player.is-playing").wait_for()


def test_without_scripts_the_browsers_own_controls_remain(show: Callable[..., Page], served: str) -> None:
    page = show(f"{served}/gallery/clips/ours.html", java_script_enabled=False)
    assert page.locator("video").get_attribute("controls") is not None
    assert not page.locator(".player-panel").is_visible()
    assert page.get_by_text("Caption 2 of A moving ball.").is_visible()


def test_search_and_filters_find_clips(show: Callable[..., Page], served: str) -> None:
    page = show(f"{served}/gallery/index.html")
    cards = page.locator("#cards > li:visible")
    assert cards.count() == 4
    page.get_by_label("Search").fill("STRANGER scene")
    assert cards.count() == 1
    assert "A stranger's scene" in cards.first.inner_text()
    assert page.locator("#count").inner_text() == "1 of 4"
    page.get_by_label("Search").fill("")
    page.get_by_label("Linear algebra").check(force=True)
    assert cards.count() == 1
    assert "A light one" in cards.first.inner_text()
    page.get_by_label("All", exact=True).check(force=True)
    page.get_by_label("Reference").select_option("MML")
    assert cards.count() == 2
    page.get_by_label("Search").fill("no such thing")
    assert page.locator("#count").inner_text() == "Nothing found."


def test_posters_play_while_pointed_at(show: Callable[..., Page], served: str) -> None:
    page = show(f"{served}/gallery/index.html")
    page.locator(".card").first.hover()
    page.locator(".card video.is-shown").wait_for()
    page.locator("h1").hover()
    assert page.locator(".card video").count() == 0
    still = show(f"{served}/gallery/index.html", reduced_motion="reduce")
    still.locator(".card").first.hover()
    still.wait_for_timeout(300)
    assert still.locator(".card video").count() == 0


def test_media_wait_until_they_are_needed(show: Callable[..., Page], served: str) -> None:
    page = show(f"{served}/gallery/index.html")
    page.wait_for_timeout(300)
    asked = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert not [name for name in asked if name.endswith((".mp4", ".webm", ".gif"))]


def test_a_step_of_the_transcript_plays_it(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/gallery/clips/ours.html"))
    page.locator("[data-beat='3']").click()
    until(page, "document.querySelector('video').currentTime >= 1.8")
    assert page.locator(".is-current").get_attribute("data-beat") == "3"


def test_codes_are_copied_with_the_address_of_the_site(show: Callable[..., Page], served: str) -> None:
    page = show(f"{served}/gallery/clips/ours.html", permissions=["clipboard-read", "clipboard-write"])
    page.locator("details[open] [data-copy]").click()
    page.locator(".copy.is-done").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f'<iframe src="{served}/gallery/players/ours.html"' in copied


def test_the_theme_is_remembered(show: Callable[..., Page], served: str) -> None:
    page = show(f"{served}/gallery/index.html", color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("[data-toggle-theme]").click()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto(f"{served}/gallery/coverage.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light
    page.goto(f"{served}/gallery/coverage.html?theme=dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_the_deck_plays_a_step_per_press_and_rests_on_its_last_frame(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/slides/index.html"))
    video = "#ours video"
    assert page.get_by_role("heading", name="Ball & <b>bounce</b>").is_visible()
    for last in LAST:
        page.keyboard.press("PageDown")
        until(page, "s => !document.querySelector(s).paused", video)
        wait_for_pause(page, video)
        assert frame(page, video) == last
    page.keyboard.press("ArrowLeft")
    assert frame(page, video) == LAST[1]
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowRight")  # while it plays: to its end
    assert frame(page, video) == LAST[2]
    page.keyboard.press("ArrowRight")
    until(page, "!document.querySelector('#light video').paused")
    assert page.locator("output").inner_text() == "4 / 10"


def test_the_deck_does_not_move_for_those_who_ask_for_it(show: Callable[..., Page], served: str) -> None:
    page = ready(show(f"{served}/slides/index.html", reduced_motion="reduce"))
    page.keyboard.press("ArrowRight")
    assert frame(page, "#ours video") == LAST[0]
    assert page.locator("#ours video").evaluate("video => video.paused")


@pytest.mark.parametrize("from_file", [False, True])
def test_the_speaker_sees_what_comes_and_can_go_on(
    show: Callable[..., Page], served: str, site: Path, from_file: bool
) -> None:
    page = ready(show((site / "slides" / "index.html").as_uri() if from_file else f"{served}/slides/index.html"))
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    notes = opened.value
    notes.get_by_role("button", name="Next step").click()
    notes.locator("#now-caption").filter(has_text="Caption 1 of A moving ball.").wait_for()
    assert notes.locator("#then-caption").inner_text() == "Step 2. Caption 2 of A moving ball."
    assert notes.locator("#then-still").get_attribute("src") == "media/ours/stills/02.webp"
    assert page.locator("output").inner_text() == "1 / 10"
