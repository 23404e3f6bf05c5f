"""Another page, another name for this machine, another machine: none of them gets through."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from studio.preview.guard import COOKIE, HEADERS, Guard

PORT = 8710
HERE = f"http://127.0.0.1:{PORT}"
TOKEN = "a-token-of-some-length"
JSON = {"content-type": "application/json"}


async def answer(request: Request) -> Response:
    return PlainTextResponse("secret")


def client(token: str | None = None, base: str = HERE) -> TestClient:
    """Someone who talks to a guarded application that tells everything."""
    app = Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST"])])
    return TestClient(Guard(app, PORT, token), base_url=base, follow_redirects=False)


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}"])
def test_this_machine_gets_through(host: str) -> None:
    assert client().get("/", headers={"host": host}).text == "secret"
    posted = client().post("/look", headers={"host": host, "origin": f"http://{host}", **JSON}, content="{}")
    assert posted.text == "secret"


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", f"127.0.0.1.evil.example:{PORT}",
             f"localhost.:{PORT}", f"0.0.0.0:{PORT}", "", f"127.0.0.1:{PORT}@evil.example"]
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/events", "/media/x/1/1.mp4", "/assets/preview.js"])
def test_another_name_for_this_machine_does_not(host: str, path: str) -> None:
    refused = client().get(path, headers={"host": host})
    assert (refused.status_code, "secret" in refused.text) == (403, False)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", f"https://127.0.0.1:{PORT}",
                                    "http://127.0.0.1:1", f"http://localhost:{PORT}"])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PUT"])
def test_another_page_does_not(origin: str, method: str) -> None:
    refused = client().request(method, "/look", headers={"origin": origin, **JSON})
    assert (refused.status_code, "secret" in refused.text) == (403, False)
    assert not [name for name in refused.headers if name.startswith("access-control")]


def test_a_change_has_to_say_where_it_comes_from_and_be_json() -> None:
    assert client().post("/look", headers=JSON).status_code == 403
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        assert client().post("/look", headers={"origin": HERE, "content-type": kind}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_the_browser_says_is_from_elsewhere_does_not(site: str) -> None:
    for path in ("/events", "/poster/1", "/assets/preview.js", "/"):
        assert client().get(path, headers={"sec-fetch-site": site}).status_code == 403
    link = {"sec-fetch-site": site, "sec-fetch-mode": "navigate"}
    assert client().get("/", headers=link).text == "secret"  # a link may lead here; it cannot be read from there
    assert client().get("/media/x/1/1.mp4", headers=link).status_code == 403


def test_every_answer_forbids_frames_strangers_scripts_and_keeping() -> None:
    for response in (client().get("/"), client().get("/", headers={"host": "evil.example"})):
        for name, value in HEADERS.items():
            assert response.headers[name] == value
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


def test_with_a_token_only_who_has_it() -> None:
    there = f"http://192.0.2.7:{PORT}"
    for path in ("/", "/events", "/?token=wrong", "/?token=", f"/events?token={TOKEN}"):
        refused = client(TOKEN, there).get(path)
        assert (refused.status_code, "secret" in refused.text) == (401, False)
    for cookie in ("", "wrong", TOKEN + "x", '"unclosed'):
        assert client(TOKEN, there).get("/", headers={"cookie": f"{COOKIE}-{PORT}={cookie}"}).status_code == 401
    entry = client(TOKEN, there).get(f"/?token={TOKEN}")
    assert (entry.status_code, entry.headers["location"]) == (303, "/")
    cookie = entry.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert client(TOKEN, there).get("/", headers={"cookie": f"{COOKIE}-{PORT}={TOKEN}"}).text == "secret"


def test_a_token_does_not_open_the_door_to_other_pages() -> None:
    known = {"cookie": f"{COOKIE}-{PORT}={TOKEN}", **JSON}
    there = f"http://192.0.2.7:{PORT}"
    assert client(TOKEN, there).post("/look", headers={**known, "origin": "http://evil.example"}).status_code == 403
    assert client(TOKEN, there).post("/look", headers={**known, "origin": there}).text == "secret"
