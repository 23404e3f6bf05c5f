"""Small clips whose every frame tells its number, so that cutting and stopping can be checked to the frame."""

from __future__ import annotations

import functools
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import PictureType

from studio.publish.clip import Publication, RenderedClip
from studio.publish.press import publish
from studio.publish.targets import TARGETS

FPS = 10
SIZE = (320, 180)
BEATS = ((0.0, 1.0), (1.0, 1.8), (1.8, 2.6))
FRAMES = 26
BITS = 8
RATE = 48_000
HOSTILE = (
    """<script>alert(1)</script>"><img src=x onerror=alert(1)> ]]> --></style> 'q' "d" & ``` """
    """$x_1$ \\input{x} {{ 7*7 }} %"""
)
"""What a title or caption may hold at worst: the ends of everything it could be put into."""

STRICT_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; frame-src 'self'"
)


def picture(number: int) -> np.ndarray:
    """A frame, (height, width, 3) bytes: its number as eight bars, bright for 1, over a ball that moves."""
    width, height = SIZE
    image = np.full((height, width, 3), 24, np.uint8)
    for bit in range(BITS):
        image[: height // 2, bit * width // BITS : (bit + 1) * width // BITS] = 220 if number >> bit & 1 else 40
    center = 20 + 10 * number
    image[height // 2 + 20 : height - 20, center - 15 : center + 15] = (80, 180, 230)
    return image


def number(image: np.ndarray) -> int:
    """The number that `picture` drew, from a decoded frame of any size, (height, width, 3)."""
    height, width = image.shape[:2]
    row = image[height // 4].mean(axis=-1)
    return sum(1 << bit for bit in range(BITS) if row[int((bit + 0.5) * width / BITS)] > 130)


def numbers(path: Path) -> list[int]:
    """The numbers of all frames of a video."""
    with av.open(str(path)) as container:
        return [number(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def film(path: Path, cuts: tuple[float, ...] = tuple(start for start, _ in BEATS), sound: bool = False) -> None:
    """A video of `FRAMES` frames with key frames at `cuts` (seconds); with sound, a tone that rises."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "18", "forced-idr": "1", "g": "1000", "sc_threshold": "0"}
        tone = container.add_stream("aac", rate=RATE, layout="mono") if sound else None
        for index in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(picture(index), format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            frame.pict_type = PictureType.I if index / FPS in cuts else PictureType.NONE
            container.mux(stream.encode(frame))
            if tone:
                container.mux(tone.encode(_tone(index)))
        for each in filter(None, (stream, tone)):
            container.mux(each.encode(None))


def _tone(index: int) -> av.AudioFrame:
    """The sound of one frame: 300 Hz at first, 200 Hz higher each second at every moment."""
    start = index * RATE // FPS
    seconds = np.arange(start, start + RATE // FPS) / RATE
    wave = 0.5 * np.sin(2 * np.pi * (300 * seconds + 100 * seconds**2))
    frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
    return frame


def record(title: str = "A moving ball", **more: Any) -> dict[str, Any]:
    """A clip's provenance, with all that one of ours has."""
    beats = [
        {"index": i, "caption": f"Caption {i} of {title}.", "chapter": f"Step {i}", "start": start, "end": end}
        for i, (start, end) in enumerate(BEATS, 1)
    ]
    return {
        "explainer": "bayes-rule",
        "title": title,
        "insight": f"An insight of {title}.",
        "parameters": {"prior": 0.02},
        "facts": {"posterior": 0.0917, "people_shown": [90, 891], "regime": "for"},
        "look": {"theme": "dark", "aspect": "16:9", "captions": "sidecar"},
        "beats": beats,
        "references": {"MML 6.3": "Sum Rule, Product Rule, and Bayes' Theorem"},
        **more,
    }


@pytest.fixture(scope="session")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The video that all small clips show."""
    path = tmp_path_factory.mktemp("film") / "ball.mp4"
    film(path)
    return path


@pytest.fixture(scope="session")
def make_clip(filmed: Path) -> Callable[..., RenderedClip]:
    """`make_clip(folder, record)`: a clip's folder as rendering leaves it, read back."""

    def make(folder: Path, told: dict[str, Any] | None = None) -> RenderedClip:
        folder.mkdir(parents=True)
        shutil.copy(filmed, folder / "ball.mp4")
        (folder / "provenance.json").write_text(json.dumps(record() if told is None else told), encoding="utf-8")
        return RenderedClip.read(folder)

    return make


@pytest.fixture
def clip(tmp_path: Path, make_clip: Callable[..., RenderedClip]) -> RenderedClip:
    """One small clip in a folder of its own."""
    return make_clip(tmp_path / "media" / "ball")


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory, make_clip: Callable[..., RenderedClip]) -> Publication:
    """One of ours, a stranger's with next to nothing told, and one whose every word is hostile."""
    media = tmp_path_factory.mktemp("media")
    light = record("A light one", look={"theme": "light", "captions": "burned"}, explainer="attention")
    hostile = record(HOSTILE, explainer=HOSTILE, parameters={HOSTILE: HOSTILE}, facts={HOSTILE: HOSTILE})
    hostile["references"] = {HOSTILE: HOSTILE}
    for beat in hostile["beats"]:
        beat["chapter"] = HOSTILE
    told = {"ours": record(), "light": light, "strange": {"title": "A stranger's scene"}, "hostile": hostile}
    clips = tuple(make_clip(media / name, each) for name, each in told.items())
    return Publication("Ball & <b>bounce</b>", clips)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, publication: Publication) -> Path:
    """Everything published, a folder per target."""
    to = tmp_path_factory.mktemp("site")
    publish(publication, to, list(TARGETS.values()), jobs=2)
    return to


class _Handler(SimpleHTTPRequestHandler):
    """Files with byte ranges, which seeking in a video needs, under the strictest policy a host may set."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", STRICT_CSP)
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        pass

    def send_head(self):
        asked = self.headers.get("Range")
        path = Path(self.translate_path(self.path))
        if not asked or not path.is_file():
            return super().send_head()
        size = path.stat().st_size
        start, _, end = asked.removeprefix("bytes=").partition("-")
        first, last = int(start), min(int(end or size - 1), size - 1)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(path.read_bytes()[first : last + 1])
        return None


@pytest.fixture(scope="session")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site on a server, below a path of its own."""
    root = tmp_path_factory.mktemp("www")
    os.symlink(site, root / "below")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(root)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/below"
    server.shutdown()
    server.server_close()
