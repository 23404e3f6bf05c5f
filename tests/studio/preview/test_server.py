"""The server as someone who does not play by the rules meets it; and what is left of it when it is gone."""

from __future__ import annotations

import http.client
import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.preview.desk import MOST_PAGES, Desk
from tests.attack.values import hostile, texts
from tests.studio.preview.conftest import Served, Workshop


class Visitor:
    """Speaks to a preview by hand, and hears its events."""

    def __init__(self, served: Served, name: str = "visitor-0") -> None:
        self.host, self.name = urlsplit(served.address).netloc, name
        self._events = http.client.HTTPConnection(self.host, timeout=30)
        self._events.request("GET", f"/events?page={name}")
        self.answer = self._events.getresponse()

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """One request, sent as it is; its status and body."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"Origin": f"http://{self.host}", "Content-Type": "application/json"}
        connection.putrequest(method, path)
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            connection.putheader(name, value)
        connection.endheaders(content)
        answer = connection.getresponse()
        told = answer.status, answer.read()
        connection.close()
        return told

    def look(self, **wish: Any) -> tuple[int, bytes]:
        """Wish to see something."""
        return self.ask("POST", "/look", {"page": self.name, "source": "steady-line", **wish})

    def hear(self, *kinds: str) -> dict[str, Any]:
        """The next event of one of these kinds."""
        while True:
            line = self.answer.readline()
            assert line, f"the stream ended before {kinds}"
            if line.startswith(b"data: "):
                event = json.loads(line.removeprefix(b"data: "))
                if event["event"] in kinds:
                    return event

    def close(self) -> None:
        """As closing the page."""
        self.answer.close()
        self._events.close()


@pytest.fixture
def visitor(served: Served) -> Iterator[Visitor]:
    visitor = Visitor(served)
    visitor.hear("catalogue")
    yield visitor
    visitor.close()


@pytest.mark.parametrize(
    "path",
    ["/assets/../server.py", "/assets/..%2Fserver.py", "/assets/%2e%2e/server.py", "/assets//etc/passwd", "/assets/",
     "/assets/preview.css%00.js", "/media/visitor-0/1/../../../../render.py", "/media/visitor-0/1/still.jpg",
     "/media/..%2f..%2f/1/render.py", "/poster/999", "/poster/-1", "/poster/0%2f..", "/etc/passwd", "/../render.py"],
)  # fmt: skip
def test_no_path_leads_to_a_file(visitor: Visitor, path: str) -> None:
    status, body = visitor.ask("GET", path)
    assert status == 404
    assert b"import" not in body and b"root:" not in body


def test_a_poster_that_lies_elsewhere_is_not_served(tmp_path: Path) -> None:
    media, secret = tmp_path / "media", tmp_path / "secret.png"
    (media / "clip").mkdir(parents=True)
    secret.write_bytes(b"secret")
    inside, link = media / "clip" / "poster.png", media / "clip" / "link.png"
    inside.write_bytes(b"poster")
    link.symlink_to(secret)
    desk = Desk([], media)
    desk.entries = [{"poster": str(path)} for path in (inside, link, secret, media / ".." / "secret.png")]
    desk.entries.append({"poster": None})
    assert [desk.poster(number) for number in range(6)] == [inside, None, None, None, None, None]


@pytest.mark.parametrize("source", ["/etc/passwd", "../steady_line.py", "render.py", "render.py:Request", "", "no-such",
                                    "steady-line\u0000", "lecture.toml"])  # fmt: skip
def test_only_what_was_offered_can_be_chosen(visitor: Visitor, source: str) -> None:
    status, body = visitor.look(source=source)
    assert status == 404 and b"to choose" in body


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"parameters": {"slope": 40}}, "40 is not possible (input should be less than or equal to 3)"),
        ({"parameters": {"slope": "__import__('os')"}}, "allowed is a number from -3 to 3."),
        ({"parameters": {"slop": 1}}, "did you mean slope?"),
        ({"look": {"theme": "/etc/passwd.toml"}}, "allowed is dark or light."),
        ({"look": {"aspect": "3:1"}}, "16:9"),
        ({"look": {"fps": "1"}}, "the page cannot change 'fps'"),
    ],
)
def test_the_model_refuses_what_is_not_possible(visitor: Visitor, wish: dict[str, Any], sentence: str) -> None:
    assert visitor.look(**wish)[0] == 200
    problems = visitor.hear("refused")["problems"]
    assert sentence in problems[0][1]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"[]", 422), (b"{", 422), (b'{"page": 1}', 422), (b"\xff", 422), (b"[" * 100_000, 422),
        (b'{"page": "nobody-there", "source": "steady-line"}', 409),
        (b'{"page": "visitor-0", "source": "steady-line", "beat": 0}', 422),
        (b'{"page": "visitor-0", "source": "steady-line", "offset": 1e999}', 422),
        (b'{"page": "visitor-0", "source": "steady-line", "command": "rm"}', 422),
        (b'{"page": "' + b"x" * 300_000 + b'"}', 413),
    ],
)  # fmt: skip
def test_other_requests_are_answered_in_a_sentence(visitor: Visitor, body: bytes, status: int) -> None:
    answered, said = visitor.ask("POST", "/look", body)
    assert answered == status
    assert json.loads(said)["error"]


def as_json(value: Any) -> bytes:
    """As a hostile page would write it; a number too long for Python to write is one that is too long to read."""
    try:
        return json.dumps(value).encode()
    except ValueError:
        return b"9" * 5000


def test_no_wish_breaks_the_server(visitor: Visitor, served: Served) -> None:
    requests = st.fixed_dictionaries(
        {"page": st.just(visitor.name) | hostile},
        optional={
            "source": st.just("steady-line") | hostile,
            "clip": hostile,
            "parameters": st.dictionaries(st.sampled_from(["slope", "start", "x"]) | texts, hostile, max_size=3)
            | hostile,
            "look": st.dictionaries(st.sampled_from(["theme", "aspect", "captions", "language"]) | texts, hostile),
            "beat": st.integers(1, 3) | hostile,
            "offset": st.floats(0, 5) | hostile,
            "what": st.sampled_from(["stop"]) | hostile.filter(lambda what: what not in ("render", "publish")),
        },
    )

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(["/look", "/turn", "/make"]), requests | hostile)
    def attack(path: str, body: Any) -> None:
        status, said = visitor.ask("POST", path, as_json(body))
        assert status in (200, 404, 409, 413, 422), (status, said)
        assert status == 200 or json.loads(said)["error"]

    attack()
    assert visitor.look(parameters={"slope": 0.75})[0] == 200
    while "slope=0.75" not in visitor.hear("clip")["command"]:
        pass  # an answer to an earlier wish
    visitor.hear("part")
    assert served.process.poll() is None


def test_slow_requests_hold_nobody_up(visitor: Visitor, served: Served) -> None:
    host, port = visitor.host.split(":")
    begun = [
        b"GET / HTTP/1.1\r\nHost: ",
        f"POST /look HTTP/1.1\r\nHost: {visitor.host}\r\nOrigin: http://{visitor.host}\r\n"
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"page":'.encode(),
    ]
    with ExitStack() as stack:
        for number in range(100):
            slow = stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
            slow.sendall(begun[number % 2])
        assert visitor.ask("GET", "/")[0] == 200
        assert visitor.look(parameters={"slope": 1.5})[0] == 200
        visitor.hear("part")
    assert served.process.poll() is None


def test_pages_are_counted_and_closed_ones_end_their_runs(served: Served, visitor: Visitor) -> None:
    others = [Visitor(served, f"visitor-{number}") for number in range(1, MOST_PAGES + 1)]
    assert [other.answer.status for other in others] == [200] * (MOST_PAGES - 1) + [429]
    others[0].look()
    others[0].hear("started")
    for other in others:
        other.close()
    served.wait_until_quiet()
    # A closed page is noticed when something is to be said to it, or with the next sign of life.


def test_two_previews_take_two_ports(serve: Callable[..., Served], served: Served) -> None:
    assert serve().address != served.address


def run(workshop: Workshop, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "render.py", "preview", *arguments]
    return subprocess.run(command, cwd=workshop.root, capture_output=True, text=True, timeout=30, check=False)


def test_what_cannot_be_served_is_said_in_a_sentence(workshop: Workshop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run(workshop, "--port", port)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == f"Error: cannot listen on 127.0.0.1, port {port}: address already in use.\n"
    refused = run(workshop, "stedy-line")
    assert refused.returncode == 2 and "did you mean steady-line?" in refused.stderr


def test_a_killed_server_takes_everything_along(serve: Callable[..., Served]) -> None:
    served = serve("steady-line")
    visitor = Visitor(served)
    visitor.hear("catalogue")
    visitor.look()
    visitor.hear("clip")
    served.process.kill()
    served.process.wait()
    end = time.monotonic() + 10
    while served.processes() and time.monotonic() < end:
        time.sleep(0.1)
    assert served.processes() == []
    assert list(served.temporary.iterdir()) == []


def test_a_full_disk_is_told_and_passes(serve: Callable[..., Served], visitor: Visitor, served: Served) -> None:
    template = next(pid for pid in served.processes() if pid != served.process.pid)
    resource.prlimit(template, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    visitor.look(parameters={"slope": 1.25})
    failure = visitor.hear("failed")
    assert "OSError: [Errno 27] File too large" in failure["message"]
    resource.prlimit(template, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    visitor.look(parameters={"slope": 1.25})
    visitor.hear("part")


def test_rendering_and_publishing_tell_how_far_they_are(visitor: Visitor, served: Served, workshop: Workshop) -> None:
    visitor.look()
    visitor.hear("drawn")
    assert visitor.ask("POST", "/make", {"page": visitor.name, "what": "render"})[0] == 200
    assert 0 <= visitor.hear("progress")["done"] <= 1
    assert visitor.ask("POST", "/make", {"page": visitor.name, "what": "stop"})[0] == 200
    visitor.hear("idle")
    media = workshop.root / "media"
    assert not (media / "steady-line").exists()
    assert not list(media.glob(".steady-line*"))


def test_an_explainer_of_ones_own_and_what_it_reads_is_followed(
    serve: Callable[..., Served], workshop: Workshop, tmp_path: Path
) -> None:
    folder, data = tmp_path / "mine", tmp_path / "elsewhere" / "height.txt"
    make = [sys.executable, "render.py", "new", "my-idea", "--in", str(folder)]
    subprocess.run(make, cwd=workshop.root, check=True, capture_output=True)
    data.parent.mkdir()
    data.write_text("5")
    file = folder / "my_idea.py"
    text = file.read_text(encoding="utf-8")
    reading = text.replace("self.slope * np", f"float(open({str(data)!r}).read()) * np")
    assert reading != text
    file.write_text(reading, encoding="utf-8")
    visitor = Visitor(serve(str(file)))
    visitor.hear("catalogue")
    visitor.look(source=str(file))
    assert visitor.hear("clip")["facts"] == {"height_at_2": 11.0}
    visitor.hear("drawn")
    data.write_text("6")
    assert visitor.hear("clip")["facts"] == {"height_at_2": 13.0}
    visitor.hear("drawn")
    file.write_text(text, encoding="utf-8")
    assert visitor.hear("clip")["facts"] == {"height_at_2": 2.0}
    visitor.close()


def test_a_lecture_is_followed(serve: Callable[..., Served], tmp_path: Path) -> None:
    lecture = tmp_path / "monday.toml"
    lecture.write_text('[[clip]]\nexplainer = "steady-line"\nname = "mine"\nslope = 2\n', encoding="utf-8")
    visitor = Visitor(serve(str(lecture)))
    entry = visitor.hear("catalogue")["entries"][0]
    assert (entry["group"], entry["source"], entry["clip"]) == ("monday", str(lecture), "mine")
    visitor.look(source=str(lecture), clip="mine")
    assert visitor.hear("clip")["facts"] == {"height_at_2": 5.0}
    visitor.hear("drawn")
    lecture.write_text(lecture.read_text().replace("= 2", "= 3"), encoding="utf-8")
    assert visitor.hear("clip")["facts"] == {"height_at_2": 7.0}
    visitor.hear("drawn")
    lecture.write_text("[[clip]", encoding="utf-8")
    assert "this is not TOML" in visitor.hear("failed")["message"]
    visitor.close()


def test_a_scene_of_anyones_is_shown(serve: Callable[..., Served], tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text(
        "from manim import *\nclass Ball(Scene):\n    def construct(self):\n        self.play(FadeIn(Circle()))\n",
        encoding="utf-8",
    )
    visitor = Visitor(serve(f"{file}:Ball"))
    visitor.hear("catalogue")
    visitor.look(source=f"{file}:Ball", offset=0.5)
    still = visitor.hear("still")
    assert visitor.ask("GET", f"/media/{visitor.name}/{still['address']}")[1].startswith(b"\xff\xd8")
    part = visitor.hear("part")
    assert b"ftyp" in visitor.ask("GET", f"/media/{visitor.name}/{part['address']}")[1][:12]
    visitor.hear("drawn")
    file.write_text(file.read_text().replace("Circle()", "Circus()"), encoding="utf-8")
    failure = visitor.hear("failed")
    assert failure["message"] == "NameError: name 'Circus' is not defined"
    assert failure["place"] == f"{file}:4"
    visitor.close()


def test_shared_code_that_cannot_be_imported_is_told_at_the_start(workshop: Workshop) -> None:
    theme = workshop.root / "scenes" / "stage" / "theme.py"
    text = theme.read_text(encoding="utf-8")
    # Not in the way of the command line, which imports it as well, but of the process that draws.
    mistake = "import sys\nif 'template' in ' '.join(sys.orig_argv):\n    raise ValueError('a mistake')\n"
    theme.write_text(f"{text}\n{mistake}", encoding="utf-8")
    try:
        refused = run(workshop)
    finally:
        theme.write_text(text, encoding="utf-8")
    assert refused.returncode == 2
    assert "ValueError: a mistake" in refused.stderr
    assert refused.stderr.endswith("Error: the preview could not start; what is printed above says why.\n")
