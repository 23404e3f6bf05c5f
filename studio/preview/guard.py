"""Who may talk to the server: this machine's own page, or whoever has the token.

A page from elsewhere, open in the same browser, can send requests here. It cannot help naming itself in `Origin` and
`Sec-Fetch-Site`; and a name of its own that it has pointed at this machine (DNS rebinding) stands in `Host`.
"""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "preview-token"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob:; media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Guard:
    """Lets through what comes from our own page.

    Args:
        app: what is guarded.
        port: where the server listens.
        token: whoever has it may come from any machine; None: only this machine may, and needs none.
    """

    def __init__(self, app: ASGIApp, port: int, token: str | None = None) -> None:
        self._app, self._token = app, token
        self._cookie = f"{COOKIE}-{port}"  # browsers send a cookie to every port of a machine
        self._hosts = {f"{host}:{port}" for host in LOOPBACK}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *((k, v) for k, v in message["headers"] if k.decode().title() not in HEADERS),
                    *((name.encode(), value.encode()) for name, value in HEADERS.items()),
                ]
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal:
            await PlainTextResponse(refusal + "\n", 403)(scope, receive, send_guarded)
        elif self._token and not self._knows_token(headers):
            await self._ask_for_token(scope)(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> str | None:
        """Why not; None where nothing speaks against it."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._token and host not in self._hosts:
            return "This server answers to this machine's own address only."
        if origin is not None and origin != f"http://{host}":
            return "Another page may not use this server."
        opens_page = scope["method"] == "GET" and scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate"
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not opens_page:
            return "Another page may not use this server."
        if scope["method"] not in ("GET", "HEAD"):
            if origin is None:
                return "A request that changes something has to say where it comes from."
            if headers.get("content-type", "").partition(";")[0] != "application/json":
                return "Only JSON is read here."
        return None

    def _knows_token(self, headers: dict[str, str]) -> bool:
        try:
            given = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return given is not None and hmac.compare_digest(given.value.encode(), self._token.encode())

    def _ask_for_token(self, scope: Scope) -> PlainTextResponse | RedirectResponse:
        """Take the token from the address into a cookie, so that it does not stay in the browser's history."""
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["path"] == "/" and hmac.compare_digest(given.encode(), self._token.encode()):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
            return answer
        return PlainTextResponse("Open the address with the token that `preview` has printed.\n", 401)
