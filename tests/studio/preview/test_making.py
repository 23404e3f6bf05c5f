"""The buttons Render, Publish and Stop in Chromium: to the end, and half-way."""

from __future__ import annotations

import json
import re
from pathlib import Path

import av
import pytest
from playwright.sync_api import Browser, Page

from tests.studio.preview.conftest import PATIENCE, Served, Workshop

WATCH = """() => {
  const words = document.getElementById("progress-words");
  window.told = [];
  new MutationObserver(() => window.told.push([document.getElementById("progress").value, words.textContent]))
    .observe(words, { childList: true });
}"""
"""Note whatever is told of the progress, as (share done, words)."""

FITS = "[...document.querySelectorAll('main, .bar')].every((each) => each.scrollWidth <= each.clientWidth)"
"""Nothing of the middle reaches over what stands beside it."""


def make(page: Page, what: str) -> list[tuple[float, str]]:
    """Press a button, and wait for its end; returns what was told until then."""
    page.evaluate(WATCH)
    page.click(f"[data-make={what}]")
    page.wait_for_selector("#made:not([hidden])")
    page.wait_for_selector("#making", state="hidden")
    return page.evaluate("window.told")


def remains(media: Path) -> list[Path]:
    """What was begun and not brought to an end."""
    return [path for path in media.rglob(".*") if ".new" in path.name or ".old" in path.name]


def decoded(video: Path) -> tuple[int, int, float]:
    """Frames that can be decoded, height, and duration in seconds."""
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        return sum(1 for _ in container.decode(stream)), stream.height, container.duration / av.time_base


def stop_publishing(page: Page, served: Served, media: Path) -> None:
    """Stop while files are made, and look for what is left of them."""
    page.click("[data-make=publish]")
    while not list((media / ".derived").glob("*/.*.new")):
        page.wait_for_timeout(10)
    page.click("[data-make=stop]")
    page.wait_for_selector("#made:has-text('Stopped')")
    served.wait_until_quiet()
    assert remains(media) == []
    assert not (media / "published" / "steady-line").exists()


def test_renders_to_the_end_then_publishes(page: Page, browser: Browser, served: Served, workshop: Workshop) -> None:
    length = page.evaluate("reel.list.at(-1).end")
    told = make(page, "render")
    clip = workshop.root / "media" / "steady-line"
    assert page.inner_text("#made") == "Saved in media/steady-line"
    shares = [share for share, words in told if re.fullmatch(r"\d+ %, \d+ s left", words)]
    assert len(shares) >= 2 and shares == sorted(shares)
    frames, height, duration = decoded(clip / "steady-line.mp4")
    assert (frames, height) == (json.loads((clip / "provenance.json").read_text())["frames"], 1080)
    assert duration == pytest.approx(length, abs=0.2)
    page.wait_for_selector(".catalogue [aria-current] .dot[data-state=fresh]")

    stop_publishing(page, served, workshop.root / "media")
    told = make(page, "publish")
    assert "Publishing" in [words for _, words in told]
    published = workshop.root / "media" / "published" / "steady-line"
    assert page.inner_text("#made") == "Saved in media/published/steady-line"
    files = {path.name for path in (published / "files" / "steady-line").iterdir()}
    assert {"steady-line.mp4", "steady-line.webm", "preview.gif", "captions.srt", "transcript.html", "beats"} <= files
    assert decoded(published / "files" / "steady-line" / "steady-line.webm")[0] == frames
    assert remains(workshop.root / "media") == []

    player = browser.new_page()
    player.set_default_timeout(PATIENCE)
    player.goto((published / "html" / "steady-line" / "index.html").as_uri())
    player.wait_for_function("() => document.querySelector('video').readyState >= 1")
    assert player.evaluate("document.querySelector('video').duration") == pytest.approx(length, abs=0.2)
    player.close()


def test_a_render_that_is_stopped_leaves_nothing(page: Page, served: Served, workshop: Workshop) -> None:
    page.fill("#parameter-slope", "2.5")
    page.press("#parameter-slope", "Tab")
    page.wait_for_function("() => document.getElementById('command').textContent.includes('slope=2.5')")
    media = workshop.root / "media"
    before = set(media.iterdir())
    page.click("[data-make=render]")
    page.wait_for_selector("#progress-words:has-text('left')")
    for width in (1440, 1024):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate(FITS)
    page.click("[data-make=stop]")
    page.wait_for_selector("#made:has-text('Stopped')")
    assert page.is_enabled("[data-make=render]")
    served.wait_until_quiet()
    assert remains(media) == []
    assert set(media.iterdir()) - {media / ".locks"} == before - {media / ".locks"}
