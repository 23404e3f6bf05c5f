"""The programs that lecturers use open what was written. `make consumers` installs them; what is missing is skipped."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from studio.clip import PROJECT
from studio.publish.clip import Publication
from tests.studio.publish.conftest import BEATS

CONSUMERS = PROJECT / ".cache" / "consumers"
VENV = CONSUMERS / "venv" / "bin"
MODULES = CONSUMERS / "node_modules"


def needs(program: str | Path | None, name: str) -> pytest.MarkDecorator:
    """Skip where a program is missing."""
    return pytest.mark.skipif(not (program and Path(program).exists()), reason=f"{name} is not installed")


def run(*command: object, cwd: Path, **environment: str) -> str:
    """What a program prints; its failure fails the test."""
    result = subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True,
        errors="replace", timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result.stdout


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Callable[[str], Path]:
    """`copy("beamer")`: that folder of the site, where a program may write."""
    return lambda name: Path(shutil.copytree(site / name, tmp_path / name))


@needs(MODULES / "html-validate", "html-validate")
def test_html_validate_accepts_every_page(site: Path, tmp_path: Path) -> None:
    # Integrity hashes are for scripts of other hosts; ours lie beside the page.
    rules = {"require-sri": "off", "no-trailing-whitespace": "off"}
    config = {"root": True, "extends": ["html-validate:standard", "html-validate:document"], "rules": rules}
    (tmp_path / "htmlvalidate.json").write_text(json.dumps(config))
    pages = [page for name in ("gallery", "html", "slides", "files") for page in sorted((site / name).rglob("*.html"))]
    program = MODULES / ".bin" / "html-validate"
    run(program, "--config", tmp_path / "htmlvalidate.json", "--max-warnings", "0", *pages, cwd=tmp_path)


@needs(VENV / "jupyter-nbconvert", "nbconvert")
def test_nbconvert_runs_the_notebook_and_embeds_the_videos(copy: Callable[[str], Path]) -> None:
    folder = copy("jupyter")
    home = {"HOME": str(folder), "PATH": f"{VENV}{os.pathsep}{os.environ['PATH']}"}
    run(
        VENV / "jupyter-nbconvert",
        "--to",
        "notebook",
        "--execute",
        "clips.ipynb",
        "--output",
        "run",
        cwd=folder,
        **home,
    )
    notebook = json.loads((folder / "run.ipynb").read_text())
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) == 4
    for cell in cells:
        (output,) = cell["outputs"]
        assert 'src="data:video/mp4;base64,' in "".join(output["data"]["text/html"])
        assert "controls muted loop playsinline" in "".join(output["data"]["text/html"])


@needs(VENV / "jupyter-nbconvert", "nbconvert")
def test_the_notebook_is_valid_to_the_letter(site: Path) -> None:
    program = "import nbformat; nbformat.validate(nbformat.read('clips.ipynb', 4), relax_add_props=False)"
    run(VENV / "python", "-W", "error", "-c", program, cwd=site / "jupyter")


@pytest.mark.parametrize("name", ["movies", "animated"])
@needs(shutil.which("pdflatex"), "LaTeX with Beamer")
def test_latex_compiles_the_frames(copy: Callable[[str], Path], name: str) -> None:
    folder = copy("beamer")
    for _ in range(2):  # `animate` counts its pages in the first run
        options = ("-interaction=nonstopmode", "-halt-on-error", f"-jobname={name}")
        said = run("pdflatex", *options, rf"\pdfobjcompresslevel=0\input{{{name}.tex}}", cwd=folder)
    assert "4 pages" in said
    assert "Overfull" not in said
    data = (folder / f"{name}.pdf").read_bytes()
    assert data.count(b"ball.mp4") == (4 if name == "movies" else 0)


@pytest.mark.parametrize("name", ["slides", "page"])
@pytest.mark.parametrize("form", ["revealjs", "html"])
@needs(shutil.which("pandoc"), "pandoc")
def test_pandoc_reads_the_quarto_documents(copy: Callable[[str], Path], name: str, form: str) -> None:
    """Quarto reads its documents with pandoc; what Quarto adds to it is not tried here."""
    folder = copy("quarto")
    run("pandoc", "--from", "markdown", "--to", form, "--standalone", f"{name}.qmd", "-o", "out.html", cwd=folder)
    text = (folder / "out.html").read_text()
    videos = re.findall(r"<video .*?</video>", text, re.DOTALL)
    assert len(videos) == 4
    assert all(re.search(r'src="media/\w+/ball.mp4"', video) for video in videos)
    assert "<script>alert" not in text
    assert "onerror=alert(1)>" not in re.sub(r"&lt;img.*?&gt;", "", text)


@needs(VENV / "manim-slides", "manim-slides")
def test_manim_slides_converts_the_lecture(site: Path, publication: Publication, copy: Callable[[str], Path]) -> None:
    folder = copy("slides") / "manim-slides"
    run(VENV / "manim-slides", "convert", "Lecture", "out.html", cwd=folder)
    steps = sum(len(clip.beats) for clip in publication.clips)
    videos = re.findall(r'data-background-video="([^"]+)"', (folder / "out.html").read_text())
    assert len(set(videos)) == steps
    assert all((folder / video).is_file() for video in videos)
    run(VENV / "manim-slides", "convert", "--to", "pptx", "Lecture", "out.pptx", cwd=folder)
    assert (folder / "out.pptx").stat().st_size > 10_000


REVEAL = MODULES / "reveal.js" / "dist" / "reveal.js"


@pytest.mark.skipif(not REVEAL.exists(), reason="reveal.js is not installed")
def test_reveal_plays_each_beat_to_its_end(copy: Callable[[str], Path], browser: Browser) -> None:
    folder = copy("revealjs")
    (folder / "node_modules").symlink_to(MODULES)
    said: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((folder / "beats.html").as_uri())
    for start, end in BEATS[:2]:
        page.wait_for_function("document.querySelector('.present video').ended", timeout=10_000)
        assert page.evaluate("document.querySelector('.present video').duration") == pytest.approx(end - start)
        page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getSlideNotes()") == "Caption 3 of A moving ball."
    page.goto((folder / "clips.html").as_uri())
    page.wait_for_function("document.querySelector('.present video').currentTime > 0.2")
    page.screenshot(path=folder / "clips.png")
    assert not said
    picture = Image.open(folder / "clips.png")
    assert picture.getpixel((640, 700)) != (255, 255, 255)
