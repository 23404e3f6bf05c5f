"""Knows every open page: what it looks at, the run that draws it, and which files that picture came from."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from studio.preview.runs import Run, Template
from studio.preview.watch import elsewhere, folders_of
from studio.preview.wire import Message, bare
from studio.preview.wish import Wish

UNHURRIED = 2.0
"""Seconds after a change before the catalogue is listed anew: the picture goes first."""
MOST_PAGES = 32
"""Pages open at once; each may keep a processor busy."""
STILL_LIFE = 2
"""Runs whose pictures are kept: a page may just be fetching one of the run before."""


@dataclass(eq=False)
class Page:
    """One open page.

    Attributes:
        outbox: events for the page; None says that there will be no more.
        wish: what it looks at.
        run, maker: what draws it, and what renders or publishes for it.
        inputs: the files its picture came from, real paths; None while that is not known.
        media: videos that it may fetch, by run and name.
    """

    outbox: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue)
    wish: Wish | None = None
    run: Run | None = None
    maker: Run | None = None
    inputs: frozenset[str] | None = None
    media: dict[int, dict[str, bytes]] = field(default_factory=dict)

    def tell(self, event: str, **data: Any) -> None:
        """Send the page an event."""
        self.outbox.put_nowait({"event": event, **data})


class Desk:
    """All pages, and the template process that works for them.

    Attributes:
        folders: outside of our own sources, where files lie that pictures came from; `widened` is set when it grows.
    """

    def __init__(self, names: Iterable[str], media: Path) -> None:
        self.names, self.media = tuple(names), media
        self.pages: dict[str, Page] = {}
        self.entries: list[dict[str, Any]] = []
        self.catalogue_error: dict[str, Any] | None = None
        self._template: Template | None = None
        self._renewal = asyncio.Lock()
        self._known: frozenset[str] | None = None
        self._listing: asyncio.Task[None] | None = None
        self.folders = folders_of(self.names)
        self.widened = asyncio.Event()
        self._retired: list[Template] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Be ready for pages, which may come, and be shown, before there is anything to choose.

        Raises:
            RuntimeError: the template process did not come up.
        """
        async with self._renewal:
            template = Template()
            await template.start()
            self._template = template
        self._relist()

    async def close(self) -> None:
        """End everything."""
        self.hang_up()
        if self._listing:
            self._listing.cancel()
        for template in [*self._retired, *filter(None, [self._template])]:
            await template.close()

    def hang_up(self) -> None:
        """Tell every page that there will be nothing more."""
        for page in self.pages.values():
            page.outbox.put_nowait(None)

    # --- Pages -----------------------------------------------------------------------------------------

    def arrive(self, name: str) -> Page | None:
        """A page opens, or comes back; None when there are too many."""
        self.leave(name)
        if len(self.pages) >= MOST_PAGES:
            return None
        page = self.pages[name] = Page()
        self._tell_catalogue(page)
        return page

    def leave(self, name: str, page: Page | None = None) -> None:
        """A page is closed, and what was done for it ends. `page`: only if it is still this one."""
        if name not in self.pages or (page is not None and self.pages[name] is not page):
            return
        gone = self.pages.pop(name)
        gone.outbox.put_nowait(None)
        self._stop_drawing(gone)
        if gone.maker:
            gone.maker.stop(kindly=True)

    def look(self, page: Page, wish: Wish) -> None:
        """The page wishes to see something else; whatever is drawn for it now is of no use any more."""
        if page.wish is None or (page.wish.source, page.wish.clip) != (wish.source, wish.clip):
            page.inputs = None
        page.wish = wish
        self._draw(page)

    def turn(self, page: Page, beat: int, offset: float) -> None:
        """The page shows another moment of the same clip; the next change is to be drawn there first."""
        if page.wish:
            page.wish = Wish(**{**asdict(page.wish), "beat": beat, "offset": offset})

    def make(self, page: Page, *, publish: bool) -> None:
        """Render, or publish, what the page looks at."""
        if page.wish and not page.maker and self._template:
            order = {"task": "make", "wish": asdict(page.wish), "media": str(self.media), "publish": publish}
            page.maker = self._template.run(order, patience=None)
            self._keep(self._make(page, page.maker))

    def stop_making(self, page: Page) -> None:
        """The page does not want it any more."""
        if page.maker:
            page.maker.stop(kindly=True)

    # --- Changes ---------------------------------------------------------------------------------------

    async def changed(self, paths: frozenset[str]) -> None:
        """These files have been written, made or removed."""
        async with self._renewal:
            if self._template is None:
                return
            if (paths & self._template.files or self._template.is_gone) and not await self._renew():
                return
        for page in self.pages.values():
            if page.wish and (page.inputs is None or paths & page.inputs):
                self._draw(page)
        if self._known is None or paths & self._known or any(path.endswith(".py") for path in paths):
            self._relist(UNHURRIED if self.entries else 0)

    async def _renew(self) -> bool:
        """What every run shares has changed: take a new template process, if the new code can be imported at all."""
        fresh = Template()
        try:
            await fresh.start()
        except RuntimeError:
            for page in self.pages.values():
                page.tell("failed", **bare("a file that all scenes share cannot be imported; the terminal says why"))
            return False
        old, self._template = self._template, fresh
        for page in self.pages.values():
            page.inputs = None
            self._stop_drawing(page)
        makers = [page.maker.ended for page in self.pages.values() if page.maker]
        self._keep(self._retire(old, makers))
        return True

    async def _retire(self, template: Template, makers: list[asyncio.Future[int]]) -> None:
        """End a template process when what it still renders is done."""
        self._retired.append(template)
        if makers:
            await asyncio.wait(makers)
        await template.close()
        self._retired.remove(template)

    def _widen(self, inputs: Iterable[str]) -> None:
        """Watch the folders of these files too."""
        found = elsewhere(inputs)
        if not found <= self.folders:
            self.folders |= found
            self.widened.set()

    # --- Runs ------------------------------------------------------------------------------------------

    def _stop_drawing(self, page: Page) -> None:
        if page.run:
            page.run.stop()
            page.run = None

    def _draw(self, page: Page) -> None:
        self._stop_drawing(page)
        page.run = self._template.run({"task": "draw", "wish": asdict(page.wish)})
        page.media[page.run.number] = {}
        for number in sorted(page.media)[:-STILL_LIFE]:
            del page.media[number]
        self._keep(self._show(page, page.run))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something; asyncio itself would forget a task that nobody holds."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _show(self, page: Page, run: Run) -> None:
        """Pass on what a run says, while the page still waits for it."""
        page.tell("started", run=run.number)
        async for message in run.messages():
            if page.run is run and message.event != "alive":
                self._pass_on(page, run, message)
        if page.run is run:
            page.run = None
            page.tell("ended", run=run.number)

    def _pass_on(self, page: Page, run: Run, message: Message) -> None:
        data = dict(message.data)
        inputs = data.pop("inputs", None)
        if inputs is not None:
            self._widen(inputs)
            page.inputs = frozenset(inputs)
        if message.event == "failed":
            page.inputs = None  # what it did not get to read may be what mends it
        if message.event == "part":
            name = f"{data['beat']}.mp4"
            page.media[run.number][name] = message.body
            data["address"] = f"{run.number}/{name}"
        elif message.event == "still":
            page.media[run.number]["still.jpg"] = message.body
            data["address"] = f"{run.number}/still.jpg"
        page.tell(message.event, run=run.number, **data)

    async def _make(self, page: Page, run: Run) -> None:
        async for message in run.messages():
            kind = "unmade" if message.event == "failed" else message.event
            if kind in ("progress", "made", "unmade"):
                page.tell(kind, **message.data)
        page.maker = None
        page.tell("idle", stopped=run.is_stopped)
        self._relist()

    # --- The catalogue ---------------------------------------------------------------------------------

    def _relist(self, delay: float = 0) -> None:
        """List again what can be chosen; a listing under way begins anew."""
        if self._listing:
            self._listing.cancel()
        self._listing = asyncio.create_task(self._list(delay))

    async def _list(self, delay: float) -> None:
        await asyncio.sleep(delay)
        run = self._template.run({"task": "catalogue", "names": self.names, "media": str(self.media)})
        try:
            async for message in run.messages():
                if message.event == "catalogue":
                    self.entries, self.catalogue_error = message.data["entries"], None
                    self._known = frozenset(message.data["inputs"])
                elif message.event == "failed":
                    # What could be chosen before still can; the page says why there is nothing newer.
                    self.catalogue_error, self._known = message.data, None
        except asyncio.CancelledError:
            run.stop()
            raise
        for page in self.pages.values():
            self._tell_catalogue(page)

    def _tell_catalogue(self, page: Page) -> None:
        if not self.entries and not self.catalogue_error:
            return
        # A page asks for a poster by the entry's number; its date says when there is another one.
        entries = [{**entry, "poster": _date(entry["poster"])} for entry in self.entries]
        page.tell("catalogue", entries=entries, error=self.catalogue_error, first=next(iter(self.names), None))

    def entry(self, source: str, clip: str | None) -> dict[str, Any] | None:
        """What can be chosen under this name."""
        return next((each for each in self.entries if (each["source"], each["clip"]) == (source, clip)), None)

    def poster(self, number: int) -> Path | None:
        """The poster of the catalogue's entry of this number, if it lies where posters may lie."""
        with suppress(IndexError, TypeError, OSError):
            path = Path(self.entries[number]["poster"]).resolve(strict=True)
            if path.is_relative_to(self.media.resolve()):
                return path
        return None


def _date(path: str | None) -> int | None:
    """When a file was written; None where there is none."""
    try:
        return os.stat(path).st_mtime_ns if path else None
    except OSError:
        return None
