"""Whatever a clip is called, pages are valid and nothing in them runs or breaks out."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest

from studio.publish.pages import clock, human, markdown, tex, value
from tests.studio.publish.conftest import HOSTILE

PAGES = {"html", "gallery", "slides", "files"}
"""Targets whose .html files are whole pages of ours; revealjs needs its package, moodle's are pieces."""


def pages(site: Path) -> list[Path]:
    return [path for name in sorted(PAGES) for path in sorted((site / name).rglob("*.html"))]


class Tags(HTMLParser):
    """All tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


def test_every_page_parses_without_an_error(site: Path) -> None:
    assert len(pages(site)) > 15
    for path in pages(site):
        parser = html5lib.HTMLParser()
        parser.parse(path.read_bytes())
        assert not parser.errors, (path.relative_to(site), parser.errors)


def test_nothing_runs_but_our_own_files(site: Path) -> None:
    for path in [*pages(site), *site.glob("moodle/*/editor.html"), *site.glob("revealjs/*.html")]:
        for tag, attributes in Tags(path.read_text()).found:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (path, tag)
            assert tag != "style", path
            if tag == "script":
                assert re.fullmatch(r"[\w./-]+\.js", attributes["src"]), path
            if tag == "img":
                assert attributes["src"].endswith((".webp", ".png", ".svg")), path


def test_no_page_names_another_host(site: Path) -> None:
    for path in [*pages(site), *site.rglob("*.css"), *site.rglob("*.js")]:
        addresses = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"'\s)>]+)""", path.read_text())
        assert not [each for each in addresses if urlsplit(each).netloc], path


def test_every_local_address_leads_somewhere(site: Path) -> None:
    for path in pages(site):
        for tag, attributes in Tags(path.read_text()).found:
            for name in ("src", "href", "poster", "data-preview", "data-src"):
                address = urlsplit(attributes.get(name) or "").path
                assert not address or (path.parent / address).is_file(), (path.relative_to(site), tag, address)


def test_hostile_words_are_shown_as_they_are(site: Path) -> None:
    page = (site / "gallery" / "clips" / "hostile.html").read_text()
    assert "<script>alert" not in page
    text = "".join(html5lib.parse(page, namespaceHTMLElements=False).itertext())
    assert text.count(HOSTILE) > 5


def test_the_first_page_is_light(site: Path) -> None:
    # Before media: the page, its styles and scripts.
    parts = [site / "gallery" / "index.html", *(site / "gallery" / "assets").iterdir()]
    assert sum(path.stat().st_size for path in parts) < 300_000


@pytest.mark.parametrize(
    ("data", "words"),
    [(-0.5, "−0.5"), (10.0, "10"), (3, "3"), (True, "yes"), (None, "not set"), ([1.0, [2, -3]], "[1, [2, −3]]"),
     ({"4": 4.03489123}, "4: 4.03489"), ("for", "for")],
)  # fmt: skip
def test_values_read_as_a_reader_writes_them(data: object, words: str) -> None:
    assert value(data) == words


def test_words_and_times() -> None:
    assert clock(75.4) == "1:15"
    assert clock(59.6) == "1:00"
    assert human("false_positive_rate") == "false positive rate"


def test_tex_and_markdown_keep_their_special_characters_harmless() -> None:
    assert tex(r"50% of $x_1$ \input{y}") == r"50\% of \$x\_1\$ {\textbackslash}input\{y\}"
    assert "Sigma" in tex("Σ")
    assert tex("QKᵀ") == "QKT"
    assert markdown("*a* [b](c) <d>\n# e") == r"\*a\* \[b\]\(c\) \<d\> \# e"
