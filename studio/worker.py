"""One clip in a process of its own: `python -m studio.worker` reads a job, tells events, writes the folder.

The job is a JSON object on standard input; events are JSON objects, one per line, on standard output.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock
from PIL import Image

from explainers import references
from scenes.stage.look import CaptionMode
from scenes.stage.scene import Beat, ExplainerScene
from studio import stagehand
from studio.captions import captions_vtt, chapters_vtt
from studio.clip import CACHE, PROJECT, Clip, versions
from studio.cluster.plan import PlanningCrew
from studio.engine.codec import codec_for
from studio.engine.crew import CAN_FORK, Crew, SliceError, Slots, end_with, fork
from studio.engine.film import Take, cues_to_json
from studio.engine.inputs import LIBRARIES, Inputs
from studio.engine.store import Store
from studio.files import INPUTS, PROVENANCE, checksums, is_fresh, replace_folder
from studio.outputs import write_output
from studio.scene_file import SceneFileClip, clip_from_json
from studio.sheet import SheetOrder, make_sheet

AnyClip = Clip | SceneFileClip

PROGRESS_INTERVAL = 0.25
"""Seconds between two progress events."""


@dataclass(frozen=True)
class RenderOrder:
    """How to render: `force` draws even what is up to date; `slots` is a folder of slots for `jobs` processes,
    None where one process draws all; `elsewhere`: other machines draw."""

    force: bool = False
    slots: str | None = None
    jobs: int = 1
    elsewhere: bool = False


class Reporter:
    """Writes events to the parent. Whatever the scene itself prints goes to standard error."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._last = 0.0
        self._beat: Beat | None = None
        self.inputs = Inputs(ignored=(CACHE.parent,))

    def enter_beat(self, scene: ExplainerScene, beat: Beat) -> None:
        """Remember the beat, so that a failure can be placed in the story."""
        self._beat = beat

    @property
    def beat(self) -> str:
        """What the story is at, in words; empty for a scene without beats."""
        return f"beat {self._beat.index}, “{self._beat.chapter}”" if self._beat else ""

    def tell(self, event: str, **data: Any) -> None:
        """Send one event at once."""
        print(json.dumps({"event": event, **data}), file=self._out, flush=True)

    def failure(self, error: BaseException) -> dict[str, Any]:
        """What went wrong and where, in the code and in the story."""
        if isinstance(error, SliceError):
            return error.report
        traceback.print_exception(error)
        return {**describe_failure(error), "beat": self.beat or None}

    def progress(self, frames: int) -> None:
        """Send how many frames are done, not more often than `PROGRESS_INTERVAL`."""
        now = time.monotonic()
        if now - self._last >= PROGRESS_INTERVAL:
            self._last = now
            self.tell("progress", frames=frames)

    @contextmanager
    def scouting(self, clip: AnyClip) -> Iterator[None]:
        """Have a child run ahead through the story without drawing, and tell how long it will be."""
        scout = fork() if CAN_FORK else None
        if scout == 0:
            try:
                self.tell("planned", total=stagehand.length(clip))
            finally:
                # Whether the scene fails is for the parent to find out.
                os._exit(0)
        try:
            yield
        finally:
            if scout:
                os.kill(scout, signal.SIGKILL)
                os.waitpid(scout, 0)


def render_clip(clip: AnyClip, folder: Path, order: RenderOrder, reporter: Reporter) -> None:
    """Render a clip into `folder`, which appears complete or not at all.

    Whoever holds the clip's lock is the only one to render it: a second command on the same media folder
    waits and then finds it done, and what lies about half-made is from a process that was killed.
    """
    # Not its neighbours: they may be the scene itself, and what it reads.
    reporter.inputs.ignore(folder)
    key = clip.key()
    locks = folder.parent / ".locks"
    locks.mkdir(parents=True, exist_ok=True)
    with FileLock(locks / f"{folder.name}.lock"):
        if not order.force and is_fresh(folder, key):
            return
        prefix = f".{folder.name}.new."
        for remains in folder.parent.glob(f"{prefix}*"):
            shutil.rmtree(remains, ignore_errors=True)
        build = Path(tempfile.mkdtemp(dir=folder.parent, prefix=prefix))
        reporter.inputs.ignore(build)
        try:
            fill_folder(clip, key, build, order, reporter)
            build.chmod(0o755)
            replace_folder(folder, build)
        except BaseException:
            # A child forked for a slice leaves by another way; only the process that made the folder comes here.
            shutil.rmtree(build, ignore_errors=True)
            raise


def fill_folder(clip: AnyClip, key: str, build: Path, order: RenderOrder, reporter: Reporter) -> None:
    """Film the clip and write all its files."""
    codec = codec_for(clip.output, transparent=clip.look.transparent)
    store = Store(CACHE if _can_write(CACHE) else build / ".slices")
    make = partial(PlanningCrew, tell=reporter.tell, label=lambda: reporter.beat) if order.elsewhere else Crew
    crew = make(
        codec,
        clip.look.pixels,
        clip.look.fps,
        store,
        key,
        reporter.inputs,
        slots=Slots(Path(order.slots), order.jobs) if order.slots else None,
        draw_all=order.force,
        draw_nothing=clip.output.form == "still",
        on_progress=reporter.progress,
        on_failure=reporter.failure,
    )
    with stagehand.configured(clip) as folder, nullcontext() if order.elsewhere else reporter.scouting(clip):
        take = stagehand.film(clip, crew, folder, reporter.enter_beat)
        started = time.perf_counter()
        write_files(clip, take, store, build)
        crew.spend("join", time.perf_counter() - started)
    shutil.rmtree(build / ".slices", ignore_errors=True)
    store.trim()
    (build / INPUTS).write_text(json.dumps(reporter.inputs.so_far(), indent=1), encoding="utf-8")
    record = {**provenance(clip, take), "key": key, "files": checksums(build)}
    (build / PROVENANCE).write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    reporter.tell(
        "profile", seconds=crew.seconds, frames=take.frames, slices=len(take.segments), stored=len(crew.stored)
    )


def _can_write(folder: Path) -> bool:
    """Whether slices can be kept there; where the project's folder is read-only, each clip keeps its own."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def write_files(clip: AnyClip, take: Take, store: Store, build: Path) -> None:
    """The clip's main file, poster, captions and chapters."""
    write_output(clip, take, store, build)
    Image.fromarray(take.poster if clip.look.transparent else take.poster[..., :3]).save(
        build / "poster.png", optimize=True
    )
    if take.captions and clip.look.captions is not CaptionMode.NONE:
        (build / "captions.vtt").write_text(captions_vtt(take.captions), encoding="utf-8")
    if take.chapters:
        (build / "chapters.vtt").write_text(chapters_vtt(take.chapters), encoding="utf-8")


def provenance(clip: AnyClip, take: Take) -> dict[str, Any]:
    """Where a clip's numbers come from, and what it would take to make it again."""
    shared = {
        "look": clip.look.to_json(),
        "output": clip.output.to_json(),
        "beats": cues_to_json(take.chapters),
        "frames": take.frames,
        "versions": versions(),
        "rendered": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    if isinstance(clip, SceneFileClip):
        return {"scene": clip.scene, "file": clip.path.name, "title": clip.title, "seed": clip.seed, **shared}
    explainer = clip.explainer
    return {
        "explainer": explainer.slug,
        "title": clip.title,
        "insight": clip.insight,
        "parameters": explainer.settings(),
        "seed": explainer.settings().get("seed"),
        "facts": explainer.facts(),
        "references": {code: references.title(code) for code in explainer.references},
        **shared,
    }


def check(clip: Clip, stills: Path, reporter: Reporter) -> dict[str, Any]:
    """Every finding of a clip, and how many there are in words."""
    from studio.check.report import summary
    from studio.check.run import check_clip

    findings = [finding.to_json() for finding in check_clip(clip, stills, reporter.enter_beat)]
    return {"findings": findings, "result": summary(findings)}


def describe_failure(error: BaseException) -> dict[str, Any]:
    """What went wrong and where: the deepest frame in our scenes or the user's files, not in a library."""
    place = None
    for frame in traceback.extract_tb(error.__traceback__):
        path = os.path.realpath(frame.filename)
        if not path.startswith((*LIBRARIES, str(PROJECT / "studio") + os.sep, "<")) and os.path.isfile(path):
            place = f"{_relative(Path(path))}:{frame.lineno}"
    message = " ".join(str(error).split()) or "no message"
    return {"message": f"{type(error).__name__}: {message}", "place": place}


def _relative(path: Path) -> Path:
    for root in (PROJECT, Path.cwd()):
        if path.is_relative_to(root):
            return path.relative_to(root)
    return path


def main() -> int:
    """Run one job; the exit code is 0 if it is done."""
    reporter = Reporter()
    # A terminated worker leaves through its `finally` and `except` clauses, and so cleans up.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    end_with(os.getppid())
    # Scenes make and drop mobjects by the hundred thousand; to look for cycles as often as usual takes a tenth and more
    # of the time.
    gc.set_threshold(100_000, 50, 100)
    job = json.loads(sys.stdin.readline())
    try:
        outcome = do(job, reporter)
    except KeyboardInterrupt:
        return 130
    except BaseException as error:
        if isinstance(error, SystemExit) and error.code == 128 + signal.SIGTERM:
            return error.code
        reporter.tell("failed", **reporter.failure(error))
        return 1
    reporter.tell("done", **outcome)
    return 0


def do(job: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    """Do a job; returns what its last event tells."""
    target = Path(job["target"])
    clip = clip_from_json(job["clip"])
    if job["task"] == "render":
        order = RenderOrder(job.get("force", False), job.get("slots"), job.get("jobs", 1), job.get("elsewhere", False))
        render_clip(clip, target, order, reporter)
    elif job["task"] == "check":
        return check(clip, target, reporter)
    else:
        against = clip_from_json(job["against"]) if job["against"] else None
        order = SheetOrder(job["beat"], against, job["eyes"], job["half"])
        make_sheet(clip, target, order, reporter.enter_beat)
    return {}


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # At once: a thread that a scene has left running would be waited for.
    os._exit(ended)
