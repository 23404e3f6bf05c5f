"""A preview that other machines can reach, live: only whoever has the token gets in, and no other page."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser

from studio.preview.server import address_of
from tests.studio.preview.conftest import PATIENCE, READY, Served

PATHS = ("/", "/?token=wrong", "/events?page=visitor-0", "/assets/preview.js", "/poster/0", "/media/visitor-0/1/1.mp4")


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve("steady-line", "--host", "0.0.0.0")


def ask(served: Served, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """One request from this machine, and its answer."""
    connection = http.client.HTTPConnection(urlsplit(served.address).netloc, timeout=30)
    body = json.dumps({"page": "visitor-0", "source": "steady-line"}) if method == "POST" else None
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    if "event-stream" not in answer.headers.get("content-type", ""):
        answer.read()
    connection.close()
    return answer


def token_of(served: Served) -> str:
    return parse_qs(urlsplit(served.address).query)["token"][0]


def cookie_for(served: Served) -> str:
    """The cookie that is given for the token."""
    answer = ask(served, "GET", f"/?token={token_of(served)}")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    return answer.headers["set-cookie"].split(";")[0]


def test_without_the_token_nothing_is_answered(served: Served) -> None:
    here = f"http://{urlsplit(served.address).netloc}"
    for path in PATHS:
        assert ask(served, "GET", path).status == 401
        assert ask(served, "GET", path, Cookie="preview-token=wrong").status == 401
    for path in ("/look", "/turn", "/make"):
        assert ask(served, "POST", path, **{"Origin": here, "Content-Type": "application/json"}).status == 401
        assert ask(served, "POST", path).status == 403


def test_the_token_does_not_help_another_page(served: Served) -> None:
    cookie, here = cookie_for(served), f"http://{urlsplit(served.address).netloc}"
    change = {"Cookie": cookie, "Content-Type": "application/json"}
    assert ask(served, "GET", "/assets/preview.js", Cookie=cookie).status == 200
    assert ask(served, "GET", "/events?page=visitor-1", Cookie=cookie, Origin="http://evil.example").status == 403
    assert ask(served, "GET", "/poster/0", Cookie=cookie, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert ask(served, "POST", "/look", **change, Origin="http://evil.example").status == 403
    assert ask(served, "POST", "/look", **change).status == 403
    assert ask(served, "POST", "/look", **change, Origin=here).status == 409  # let in, but not an open page
    # A name that is pointed at this machine: a browser has no cookie for it, and the cookie is all that lets in.
    assert ask(served, "GET", "/", Host="evil.example").status == 401


def test_with_the_token_the_page_works(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(served.address)
    page.wait_for_selector(READY)
    assert token_of(served) not in page.url
    assert page.evaluate("document.cookie") == ""  # no script can read it
    page.fill("#parameter-slope", "3")
    page.press("#parameter-slope", "Tab")
    page.wait_for_selector("[data-name=height_at_2]:text-is('7')")
    stranger = browser.new_context().new_page()
    assert stranger.goto(f"http://{urlsplit(served.address).netloc}/").status == 401
    page.close()
    stranger.context.close()


def test_the_printed_address_can_be_opened() -> None:
    assert address_of("127.0.0.1", 8710, None) == "http://127.0.0.1:8710/"
    assert address_of("::1", 8710, None) == "http://[::1]:8710/"
    assert address_of("192.0.2.7", 8710, "secret") == "http://192.0.2.7:8710/?token=secret"
    for everywhere in ("0.0.0.0", "::"):
        assert urlsplit(address_of(everywhere, 8710, "secret")).hostname not in (everywhere, None)
