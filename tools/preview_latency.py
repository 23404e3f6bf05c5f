"""Measures the preview in Chromium: `python tools/preview_latency.py [SLUG]...`, on a copy of the project.

Seconds from saving a scene's file, and from changing a parameter, to the new frame on the page; and from starting the
command to the first frame. Beats in the middle of a story are looked at. Needs Chromium and playwright.
"""

from __future__ import annotations

import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
SLUGS = ("bayes-rule", "linear-transformations", "pca", "chain-rule", "gradient-descent", "attention")
SAVES = 6
WATCH = """() => {
  const screen = document.getElementById("screen");
  window.shown = 0;
  new MutationObserver(() => { window.shown = Date.now(); }).observe(screen, { attributeFilter: ["data-run"] });
}"""


def copy(folder: Path) -> Path:
    """The project's code, posters and outlines of text, where it may be edited."""
    root = folder / "project"
    for name in ("explainers", "scenes", "studio"):
        shutil.copytree(PROJECT / name, root / name)
    shutil.copytree(PROJECT / "media" / "posters", root / "media" / "posters")
    for cache in (PROJECT / ".cache").iterdir():
        if cache.is_dir() and cache.name not in ("slices", "consumers"):
            shutil.copytree(cache, root / ".cache" / cache.name)
    shutil.copy(PROJECT / "render.py", root)
    return root


def measure(page: Page, act: object) -> float:
    """Seconds from `act` to the next picture."""
    page.evaluate("window.shown = 0")
    start = time.time()
    act()
    while not (shown := page.evaluate("window.shown")):
        time.sleep(0.02)
        if time.time() - start > 30:
            raise TimeoutError("no new frame in 30 s")
    return shown / 1000 - start


def look_at(page: Page, root: Path, slug: str) -> tuple[list[float], list[float]]:
    """Latencies after saves, and after changes of a parameter."""
    page.click(f".catalogue button:has(small:text-is('{slug}'))")
    page.wait_for_selector("#status[data-state=ready]", timeout=90_000)
    count = page.locator("#beats li").count()
    scene = next((root / "scenes").glob(f"*/{slug.replace('-', '_')}.py"))
    text = scene.read_text(encoding="utf-8")
    saves, sets = [], []
    for number in range(SAVES):
        # A quarter, half and three quarters into the story.
        page.keyboard.press(str(max(1, min(9, round(count * (0.25 + 0.25 * (number % 3)))))))
        page.keyboard.press(".")
        page.wait_for_timeout(400)
        saves.append(measure(page, lambda n=number: scene.write_text(f"{text}\n# {n}\n", encoding="utf-8")))
        page.wait_for_timeout(2500)
    box = changeable(page)
    start = box.input_value()
    for value in (f"{float(start) * 1.03:.4g}", start):
        box.fill(value)
        sets.append(measure(page, lambda: box.press("Tab")))
        page.wait_for_timeout(2500)
    return saves, sets


def changeable(page: Page) -> Locator:
    """A number of which a little more is possible too; the first is in one clip a layer, of which there is one."""
    temperature = page.locator("#parameter-temperature")
    return temperature if temperature.count() else page.locator("#parameters .number").first


def main() -> None:
    """Print a table."""
    slugs = sys.argv[1:] or SLUGS
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = copy(Path(folder))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        start = time.time()
        server = subprocess.Popen(
            [sys.executable, "render.py", "preview", slugs[0]], cwd=root, stdout=subprocess.PIPE, text=True
        )
        try:
            page.goto(server.stdout.readline().split()[1])
            page.wait_for_selector("#screen[data-run]")
            print(f"first frame after the command: {time.time() - start:.2f} s")
            page.evaluate(WATCH)
            everything: list[float] = []
            for slug in slugs:
                saves, sets = look_at(page, root, slug)
                everything += saves
                told = " ".join(f"{value:.2f}" for value in saves)
                print(f"{slug:24} saved: median {statistics.median(saves):.2f} s ({told}); set: "
                      + " ".join(f"{value:.2f}" for value in sets), flush=True)  # fmt: skip
            print(f"all saves: median {statistics.median(everything):.2f} s, slowest {max(everything):.2f} s")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(15)
            browser.close()


if __name__ == "__main__":
    main()
