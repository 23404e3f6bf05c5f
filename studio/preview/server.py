"""The preview as a web application, and the process that serves it."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import traceback
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from studio.preview.desk import Desk, Page
from studio.preview.guard import LOOPBACK, Guard
from studio.preview.watch import OWN, changes
from studio.preview.wish import Wish
from studio.problems import SelectionError, reason
from studio.publish.pages import asset, page

PORT = 8710
"""Tried first, so that an open page finds the server again."""
EVERYWHERE = {"0.0.0.0": "192.0.2.1", "::": "2001:db8::1"}
"""Addresses that mean every network, each with an address out there: of the ranges that are set aside for examples."""
HEARTBEAT = 15.0
"""Seconds between two signs of life; a page that is gone is noticed by then."""
STOPPING = 10.0
"""Seconds that whoever still works has when the server ends."""
LARGEST_REQUEST = 256 * 1024
"""Bytes of a request's body: parameters are small."""
OURS = {"index.html": "text/html", "preview.css": "text/css", "preview.js": "text/javascript",
        "form.js": "text/javascript", "reel.js": "text/javascript"}  # fmt: skip
SHARED = {"theme.js": "text/javascript", "plain.css": "text/css", "icon.svg": "image/svg+xml"}
"""Assets that published pages have too."""


class LookRequest(BaseModel):
    """The body of a wish; the explainer's model checks the parameters."""

    model_config = ConfigDict(extra="forbid")

    page: str
    source: str
    clip: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    look: dict[str, str] = Field(default_factory=dict)
    beat: int = Field(1, ge=1, le=10_000)
    offset: float = Field(0, ge=0, le=3600, allow_inf_nan=False)


class TurnRequest(BaseModel):
    """Another moment of the same clip."""

    model_config = ConfigDict(extra="forbid")

    page: str
    beat: int = Field(ge=1, le=10_000)
    offset: float = Field(ge=0, le=3600, allow_inf_nan=False)


class MakeRequest(BaseModel):
    """What to do with the clip."""

    model_config = ConfigDict(extra="forbid")

    page: str
    what: str = Field(pattern="^(render|publish|stop)$")


class Preview:
    """The application's handlers."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def routes(self) -> list[Route]:
        """Every address there is."""
        return [
            Route("/", self.index),
            Route("/assets/{name}", self.asset),
            Route("/poster/{number:int}", self.poster),
            Route("/media/{page}/{run:int}/{name}", self.media),
            Route("/events", self.events),
            Route("/look", self.look, methods=["POST"]),
            Route("/turn", self.turn, methods=["POST"]),
            Route("/make", self.make, methods=["POST"]),
        ]

    async def index(self, request: Request) -> Response:
        return Response(_asset("index.html"), media_type="text/html")

    async def asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name == "theme.css":
            return Response(page("theme.css"), media_type="text/css")
        if name in SHARED:
            return Response(asset(name), media_type=SHARED[name])
        if name in OURS:
            return Response(_asset(name), media_type=OURS[name])
        return PlainTextResponse("There is no such file.\n", 404)

    async def poster(self, request: Request) -> Response:
        path = self.desk.poster(request.path_params["number"])
        return FileResponse(path) if path else PlainTextResponse("There is no poster.\n", 404)

    async def media(self, request: Request) -> Response:
        wanted = request.path_params
        page = self.desk.pages.get(wanted["page"])
        body = page and page.media.get(wanted["run"], {}).get(wanted["name"])
        if not body and page and wanted["run"] < min(page.media, default=0):
            return Response(status_code=204)  # a newer save has taken its place since the page was told of it
        if not body:
            return PlainTextResponse("There is no such picture.\n", 404)
        return Response(body, media_type="video/mp4" if wanted["name"].endswith(".mp4") else "image/jpeg")

    async def events(self, request: Request) -> Response:
        name = request.query_params.get("page", "")
        page = self.desk.arrive(name) if 8 <= len(name) <= 64 else None
        if page is None:
            return PlainTextResponse("Too many pages are open.\n", 429)
        return StreamingResponse(self._stream(name, page), media_type="text/event-stream")

    async def _stream(self, name: str, page: Page) -> AsyncIterator[str]:
        try:
            yield "retry: 500\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(page.outbox.get(), HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if event is None:
                    return
                yield f"data: {json.dumps(event)}\n\n"
        finally:
            self.desk.leave(name, page)

    async def look(self, request: Request) -> Response:
        return await self._do(request, LookRequest, self._look)

    async def turn(self, request: Request) -> Response:
        return await self._do(request, TurnRequest, lambda p, said: self.desk.turn(p, said.beat, said.offset))

    async def make(self, request: Request) -> Response:
        return await self._do(request, MakeRequest, self._make)

    def _look(self, page: Page, said: LookRequest) -> str | None:
        if self.desk.entry(said.source, said.clip) is None:
            return f"There is no {said.clip or said.source!r} to choose."
        self.desk.look(page, Wish(**said.model_dump(exclude={"page"})))
        return None

    def _make(self, page: Page, said: MakeRequest) -> None:
        if said.what == "stop":
            self.desk.stop_making(page)
        else:
            self.desk.make(page, publish=said.what == "publish")

    async def _do(self, request: Request, model: type[BaseModel], act: Callable[[Page, Any], str | None]) -> Response:
        """Read a request, find its page, and act."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_REQUEST:
                return JSONResponse({"error": "This is too much to read."}, 413)
        try:
            said = model.model_validate_json(body)
        except ValidationError as error:
            first = error.errors()[0]
            return JSONResponse({"error": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}, 422)
        page = self.desk.pages.get(said.page)
        if page is None:
            return JSONResponse({"error": "This page is not open here any more; load it again."}, 409)
        refusal = act(page, said)
        return JSONResponse({"error": refusal}, 404) if refusal else JSONResponse({})


def _asset(name: str) -> str:
    return (files("studio.preview") / "assets" / name).read_text(encoding="utf-8")


def application(desk: Desk, port: int, token: str | None, give_up: Callable[[], None]) -> Guard:
    """The guarded application; it watches the sources while it runs. `give_up`: called when nothing can be drawn."""

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        opening = asyncio.create_task(_open(desk, give_up))
        watching = [asyncio.create_task(each) for each in (_follow_own(desk, stop), _follow_elsewhere(desk, stop))]
        try:
            yield
        finally:
            stop.set()
            desk.widened.set()
            await asyncio.wait([opening, *watching], timeout=STOPPING)
            await desk.close()

    return Guard(Starlette(routes=Preview(desk).routes(), lifespan=life), port, token)


async def _open(desk: Desk, give_up: Callable[[], None]) -> None:
    try:
        await desk.open()
    except RuntimeError:
        give_up()


async def _follow_own(desk: Desk, stop: asyncio.Event) -> None:
    await _follow(desk, OWN, stop, deep=True)


async def _follow_elsewhere(desk: Desk, stop: asyncio.Event) -> None:
    """As the scenes turn out to be read from more folders, watch those as well."""
    while not stop.is_set():
        desk.widened.clear()
        folders = [folder for folder in desk.folders if folder.is_dir()]
        if folders:
            await _follow(desk, folders, desk.widened, deep=False)
        else:
            await desk.widened.wait()


async def _follow(desk: Desk, folders: Iterable[Path], stop: asyncio.Event, *, deep: bool) -> None:
    async for paths in changes(folders, stop, deep=deep):
        try:
            await desk.changed(paths)
        except Exception:
            traceback.print_exc()  # one change that could not be followed must not be the last


class Server(uvicorn.Server):
    """Ends the pages' event streams as soon as it is asked to end; it would wait for them otherwise."""

    desk: Desk
    is_given_up = False

    def give_up(self) -> None:
        """End without having been of use."""
        self.is_given_up = self.should_exit = True
        self.desk.hang_up()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Ctrl-C, or a request to end."""
        super().handle_exit(sig, frame)
        self.desk.hang_up()


def listen(host: str, port: int | None) -> socket.socket:
    """A socket on this port; without a port the usual one, or else any that is free.

    Raises:
        SelectionError: it cannot be had.
    """
    for wanted in (port,) if port is not None else (PORT, 0):
        try:
            return socket.create_server((host, wanted), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as error:
            problem = OSError(error.errno, os.strerror(error.errno))
    raise SelectionError(f"cannot listen on {host}, port {port or PORT}: {reason(problem)}.")


def address_of(host: str, port: int, token: str | None) -> str:
    """The page's address, as a browser takes it."""
    if host in EVERYWHERE:
        # The address from which this machine would speak to others; no packet is sent for that.
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as asking:
            try:
                asking.connect((EVERYWHERE[host], 9))
                host = asking.getsockname()[0]
            except OSError:
                host = "localhost"  # no network
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/" + (f"?token={token}" if token else "")


def serve(
    names: Iterable[str], media: Path, *, host: str, port: int | None, open_browser: bool, tell: Callable[[str], None]
) -> None:
    """Serve the preview until Ctrl-C.

    Args:
        names: what was given on the command line.
        media: the folder of rendered clips.
        host: the address to listen on; where it is not this machine's own, a token is asked for.
        port: where to listen; None for one that is free.
        open_browser: show the page at once.
        tell: is given the address.

    Raises:
        SelectionError: it cannot listen there, or not on this system.
    """
    if not hasattr(os, "fork"):
        raise SelectionError("preview needs Linux or macOS: it forks a process for each picture.")
    connection = listen(host, port)
    port = connection.getsockname()[1]
    is_local = host in (*LOOPBACK, "::1")
    token = None if is_local else secrets.token_urlsafe(24)
    address = address_of(host, port, token)
    desk = Desk(names, media)
    app = application(desk, port, token, lambda: server.give_up())
    server = Server(uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2))
    server.desk = desk
    tell(f"Preview: {address}  (Ctrl-C ends it)")
    if open_browser:
        webbrowser.open(address)
    try:
        server.run(sockets=[connection])
    except KeyboardInterrupt:
        pass  # how it is meant to end
    finally:
        connection.close()
    if server.is_given_up or not server.started:
        raise SelectionError("the preview could not start; what is printed above says why.")
