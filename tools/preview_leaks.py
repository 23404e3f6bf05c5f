"""Looks for what the preview leaves behind: `python tools/preview_leaks.py [EDITS] [SLUG]`, on a copy of the project.

An hour's worth of edits, 600 unless told otherwise, one every half second: saves of the scene's file, every tenth a
mistake, every twentieth a parameter instead, every hundredth a page that closes and another that opens, and now and
then a change of what all scenes share. Prints what there is before, in between and after, when all is at rest.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from preview_latency import copy

EDITS, SLUG = 600, "linear-transformations"
PAUSE = 0.5
"""Seconds between two edits: most come while the picture of the one before is still being drawn."""
REPORTS = 6
MISTAKE = "\nraise ValueError('a mistake')\n"


class Visitor:
    """An open page: hears events, and fetches each picture, as the browser does."""

    def __init__(self, host: str, name: str) -> None:
        self.host, self.name = host, name
        self.status = ""
        self._events = http.client.HTTPConnection(host, timeout=600)
        self._events.request("GET", f"/events?page={name}")
        self._answer = self._events.getresponse()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for line in self._answer:
                if line.startswith(b"data: "):
                    event = json.loads(line.removeprefix(b"data: "))
                    self.status = event["event"]
                    if "address" in event:
                        self.ask("GET", f"/media/{self.name}/{event['address']}")
        except (OSError, ValueError, AttributeError):
            pass  # the page was closed

    def ask(self, method: str, path: str, **body: object) -> None:
        """One request."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"Origin": f"http://{self.host}", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps({"page": self.name, **body}) if body else None, headers)
        connection.getresponse().read()
        connection.close()

    def look(self, slug: str, **wish: object) -> None:
        """Choose the clip, or another setting of it."""
        self.ask("POST", "/look", source=slug, **wish)

    def close(self) -> None:
        """Close the page."""
        self._events.sock.shutdown(2)
        self._events.close()


def processes(temporary: Path) -> list[int]:
    """Every process of the preview, by its folder for temporary files."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"TMPDIR={temporary}".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue  # it has just ended, or is someone else's
    return sorted(found)


def memory(pid: int) -> float:
    """Megabytes that a process has to itself or shares (proportional set size)."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    return int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1]) / 1024


def report(edits: int, temporary: Path, root: Path) -> None:
    """One line of the table."""
    alive = processes(temporary)
    open_files = [len(os.listdir(f"/proc/{pid}/fd")) for pid in alive]
    files = sum(len(names) for _, _, names in os.walk(temporary))
    folders = sum(len(names) for _, names, _ in os.walk(temporary))
    slices = [path for path in (root / ".cache" / "slices").rglob("*") if path.is_file()]
    halves = sum(path.name.startswith(".") for path in slices)
    megabytes = " + ".join(f"{memory(pid):.0f}" for pid in alive)
    stored = sum(path.stat().st_size for path in slices) / 1e6
    cells = (edits, len(alive), " + ".join(map(str, open_files)), folders, files, megabytes,
             len(slices) - halves, f"{stored:.0f} MB", halves)  # fmt: skip
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def rest(visitor: Visitor, temporary: Path) -> None:
    """Wait until nothing is done any more, two minutes at most: what is left then is left for good."""
    end, quiet = time.monotonic() + 120, 0
    while quiet < 4 and time.monotonic() < end:
        time.sleep(0.5)
        quiet = quiet + 1 if len(processes(temporary)) == 2 and visitor.status in ("ended", "catalogue") else 0


def edit(host: str, scene: Path, shared: Path, slug: str, count: int, temporary: Path, root: Path) -> None:
    """Do all edits."""
    text, common = scene.read_text(encoding="utf-8"), shared.read_text(encoding="utf-8")
    visitor = Visitor(host, "visitor-000")
    time.sleep(3)
    visitor.look(slug, beat=3, offset=0.5)
    rest(visitor, temporary)
    report(0, temporary, root)
    for number in range(1, count + 1):
        if number % 100 == 0:
            visitor.close()
            visitor = Visitor(host, f"visitor-{number:03}")
            time.sleep(0.2)
            visitor.look(slug, beat=4, offset=0.5)
        elif number % 150 == 75:
            shared.write_text(f"{common}\n# {number}\n", encoding="utf-8")
        elif number % 20 == 0:
            visitor.look(slug, beat=3, offset=0.5, look={"theme": "light" if number % 40 else "dark"})
        else:
            scene.write_text(f"{text}\n# {number}\n" + (MISTAKE if number % 10 == 5 else ""), encoding="utf-8")
        time.sleep(PAUSE)
        if number % (count // REPORTS) == 0:
            rest(visitor, temporary)
            report(number, temporary, root)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EDITS
    slug = sys.argv[2] if len(sys.argv) > 2 else SLUG
    with tempfile.TemporaryDirectory() as folder:
        root, temporary = copy(Path(folder)), Path(folder) / "tmp"
        temporary.mkdir()
        server = subprocess.Popen(
            [sys.executable, "render.py", "preview", slug], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env={**os.environ, "TMPDIR": str(temporary)},
        )  # fmt: skip
        scene = next((root / "scenes").glob(f"*/{slug.replace('-', '_')}.py"))
        print("| edits | processes | open files | temporary folders | and files | memory, MB "
              "| slices kept | in all | half-written |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|")  # fmt: skip
        try:
            host = urlsplit(server.stdout.readline().split()[1]).netloc
            edit(host, scene, root / "scenes" / "stage" / "theme.py", slug, count, temporary, root)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
        time.sleep(1)
        print(f"after Ctrl-C: {len(processes(temporary))} processes, {len(list(temporary.iterdir()))} temporary files")


if __name__ == "__main__":
    main()
