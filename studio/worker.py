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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from PIL import Image

from explainers import references
from scenes.stage.look import CaptionMode
from scenes.stage.scene import Beat, ExplainerScene
from studio import stagehand
from studio.captions import captions_vtt, chapters_vtt
from studio.clip import PROJECT, Clip, versions
from studio.files import PROVENANCE, checksums, is_fresh, replace_folder
from studio.sheet import SheetOrder, make_sheet
from studio.video import VideoWriter, finish_video

PROGRESS_INTERVAL = 0.25
"""Seconds between two progress events."""


class Reporter:
    """Writes events to the parent. Whatever the scene itself prints goes to standard error."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._last = 0.0
        self._beat: Beat | None = None

    def enter_beat(self, scene: ExplainerScene, beat: Beat) -> None:
        """Remember the beat, so that a failure can be placed in the story."""
        self._beat = beat

    def tell(self, event: str, **data: Any) -> None:
        """Send one event at once."""
        print(json.dumps({"event": event, **data}), file=self._out, flush=True)

    def failed(self, error: BaseException) -> None:
        """Send what went wrong and where."""
        beat = f"beat {self._beat.index}, “{self._beat.chapter}”" if self._beat else None
        self.tell("failed", **failure(error), beat=beat)

    def progress(self, frames: int, total: int) -> None:
        """Send how many frames are done, not more often than `PROGRESS_INTERVAL`."""
        now = time.monotonic()
        if now - self._last >= PROGRESS_INTERVAL or frames >= total:
            self._last = now
            self.tell("progress", frames=frames, total=total)


def render_clip(clip: Clip, folder: Path, force: bool, reporter: Reporter) -> None:
    """Render a clip into `folder`, which appears complete or not at all.

    Whoever holds the clip's lock is the only one to render it: a second command on the same media folder
    waits and then finds it done, and what lies about half-made is from a process that was killed.
    """
    key = clip.key()
    locks = folder.parent / ".locks"
    locks.mkdir(parents=True, exist_ok=True)
    with FileLock(locks / f"{folder.name}.lock"):
        if not force and is_fresh(folder, key):
            return
        prefix = f".{folder.name}.new."
        for remains in folder.parent.glob(f"{prefix}*"):
            shutil.rmtree(remains, ignore_errors=True)
        build = Path(tempfile.mkdtemp(dir=folder.parent, prefix=prefix))
        try:
            fill_folder(clip, key, build, reporter)
            build.chmod(0o755)
            replace_folder(folder, build)
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise


def fill_folder(clip: Clip, key: str, build: Path, reporter: Reporter) -> None:
    """Render the video and write the files beside it."""
    with stagehand.configured(clip):
        plan = stagehand.rehearse(clip, reporter.enter_beat)
        raw = build / "frames.mp4"
        beats, last_frame = film(clip, raw, plan, reporter)
    finish_video(raw, build / f"{clip.explainer.slug}.mp4", beats)
    raw.unlink()
    Image.fromarray(last_frame).convert("RGB").save(build / "poster.png", optimize=True)
    if clip.look.captions is not CaptionMode.NONE:
        (build / "captions.vtt").write_text(captions_vtt(beats), encoding="utf-8")
    (build / "chapters.vtt").write_text(chapters_vtt(beats), encoding="utf-8")
    record = {**provenance(clip, beats), "key": key, "files": checksums(build)}
    (build / PROVENANCE).write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def film(clip: Clip, target: Path, plan: list[Beat], reporter: Reporter) -> tuple[list[Beat], np.ndarray]:
    """Draw and encode every frame into `target`; returns the beats as filmed and the last frame."""
    total = round(plan[-1].end * clip.look.fps)
    reporter.tell("planned", total=total, beats=len(plan))
    video = VideoWriter(target, clip.look.pixels, clip.look.fps)
    last_frame = np.zeros(0)

    def sink(pixels: np.ndarray, repeat: int) -> None:
        nonlocal last_frame
        video.write(pixels, repeat)
        last_frame = pixels
        reporter.progress(video.frames, total)

    def start_beat(scene: ExplainerScene, beat: Beat) -> None:
        reporter.enter_beat(scene, beat)
        video.cut()

    def end_beat(scene: ExplainerScene, beat: Beat) -> None:
        reporter.tell("beat", index=beat.index, beats=len(plan))

    beats = stagehand.perform(clip, sink, on_beat_start=start_beat, on_beat_end=end_beat)
    video.close()
    return beats, last_frame.copy()


def provenance(clip: Clip, beats: list) -> dict[str, Any]:
    """Where a clip's numbers come from, and what it would take to make it again."""
    explainer = clip.explainer
    return {
        "explainer": explainer.slug,
        "title": explainer.title,
        "insight": explainer.insight,
        "parameters": explainer.settings(),
        "seed": explainer.settings().get("seed"),
        "facts": explainer.facts(),
        "look": clip.look.to_json(),
        "beats": stagehand.beats_to_json(beats),
        "references": {code: references.title(code) for code in explainer.references},
        "versions": versions(),
        "rendered": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def check(clip: Clip, stills: Path, reporter: Reporter) -> dict[str, Any]:
    """Every finding of a clip, and how many there are in words."""
    from studio.check.report import summary
    from studio.check.run import check_clip

    # A check makes and drops mobjects by the hundred thousand; looking for cycles that often takes a fifth of its time.
    gc.set_threshold(100_000, 50, 100)
    findings = [finding.to_json() for finding in check_clip(clip, stills, reporter.enter_beat)]
    return {"findings": findings, "result": summary(findings)}


def failure(error: BaseException) -> dict[str, Any]:
    """What went wrong and where: the deepest frame in our or the user's files, not in a library."""
    place = None
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(PROJECT):
            inside = path.relative_to(PROJECT)
            if inside.parts[0] != "studio" and "site-packages" not in inside.parts:
                place = f"{inside}:{frame.lineno}"
    message = " ".join(str(error).split()) or "no message"
    return {"message": f"{type(error).__name__}: {message}", "place": place}


def main() -> int:
    """Run one job; the exit code is 0 if it is done."""
    reporter = Reporter()
    # A terminated worker leaves through its `finally` and `except` clauses, and so cleans up.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    job = json.loads(sys.stdin.read())
    outcome: dict[str, Any] = {}
    try:
        clip = Clip.from_json(job["clip"])
        if job["task"] == "render":
            render_clip(clip, Path(job["target"]), job.get("force", False), reporter)
        elif job["task"] == "check":
            outcome = check(clip, Path(job["target"]), reporter)
        else:
            against = Clip.from_json(job["against"]) if job["against"] else None
            order = SheetOrder(job["beat"], against, job["eyes"], job["half"])
            make_sheet(clip, Path(job["target"]), order, reporter.enter_beat)
    except KeyboardInterrupt:
        return 130
    except SystemExit as stop:
        return stop.code
    except BaseException as error:
        traceback.print_exc()
        reporter.failed(error)
        return 1
    reporter.tell("done", **outcome)
    return 0


if __name__ == "__main__":
    sys.exit(main())
