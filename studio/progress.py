"""Shows a batch on the terminal, or as plain lines where there is none; counts what failed."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from studio.batch import Event, Job

TYPICAL_FRAMES = 2700
"""Stands for a clip's length until its worker has rehearsed it: 90 s at 30 frames a second."""

MOST_WORKERS = 16
"""Workers of a cluster that are listed one by one at the end."""


class Display:
    """Follows the events of a batch. Use as a context manager; `failures` and `finished` tell the outcome."""

    def __init__(self, total_jobs: int, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self.total_jobs = total_jobs
        self.failures: list[Event] = []
        self.finished: list[Job] = []
        self._started: dict[Job, float] = {}
        self.profiles: dict[Job, dict[str, Any]] = {}
        self._workers: dict[str, Any] = {}
        self._tasks: dict[Job, TaskID] = {}
        self._frames: dict[Job, tuple[int, int]] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=self.console,
        )
        self._live = self.console.is_terminal
        self._overall = self._progress.add_task("all", total=total_jobs * TYPICAL_FRAMES, note="")

    def __enter__(self) -> Display:
        if self._live:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._progress.stop()

    def show(self, event: Event) -> None:
        """Take note of one event."""
        getattr(self, f"_on_{event.kind}")(event.job, event)

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False)

    def _on_started(self, job: Job, event: Event) -> None:
        self._started[job] = time.monotonic()
        if self._live:
            self._tasks[job] = self._progress.add_task(f"  {job.name}", total=None, note="rehearsing")
        else:
            self._say(f"{job.name}: started")

    def _on_planned(self, job: Job, event: Event) -> None:
        self._frames[job] = (self._frames.get(job, (0, 0))[0], event.data["total"])
        if self._live:
            self._progress.update(self._tasks[job], total=event.data["total"], note="")
            self._update_overall()

    def _on_progress(self, job: Job, event: Event) -> None:
        before, total = self._frames.get(job, (0, 0))
        # The plan is a little off where a scene's pace depends on how it is stepped.
        frames = min(event.data["frames"], total) if total else event.data["frames"]
        self._frames[job] = (frames, total)
        if self._live:
            self._progress.update(self._tasks[job], completed=frames, note="")
            self._update_overall()
        elif total and 4 * frames // total > 4 * before // total:
            crew = f", {self._crew()}" if self._workers else ""
            self._say(f"{job.name}: {100 * frames // total} %, about {self._seconds_left():.0f} s left in all{crew}")

    def _on_workers(self, job: Job, event: Event) -> None:
        self._workers = event.data
        for note in event.data["notes"]:
            self._say(note)
        if self._live:
            self._progress.update(self._overall, note=self._crew())

    def _crew(self) -> str:
        """How many workers of a cluster there are, and how fast."""
        speeds = self._workers["speeds"].values()
        total = f", {sum(speeds):.1f} frames/s ({min(speeds):.1f} to {max(speeds):.1f} each)" if speeds else ""
        return f"{self._workers['count']} workers{total}"

    def _on_profile(self, job: Job, event: Event) -> None:
        self.profiles[job] = event.data

    def _on_done(self, job: Job, event: Event) -> None:
        self.finished.append(job)
        self._end(job)
        took = time.monotonic() - self._started[job]
        count = len(self.finished) + len(self.failures)
        result = event.data.get("result") or _relative(job)
        self._say(f"[{count}/{self.total_jobs}] {job.name}: done in {took:.0f} s, {result}")

    def _on_failed(self, job: Job, event: Event) -> None:
        self.failures.append(event)
        self._end(job)
        count = len(self.finished) + len(self.failures)
        self._say(f"[{count}/{self.total_jobs}] {job.name}: failed")

    def _end(self, job: Job) -> None:
        total = self._frames.get(job, (0, 0))[1]
        self._frames[job] = (total, total)
        if self._live:
            self._progress.remove_task(self._tasks[job])
            self._update_overall()

    def _totals(self) -> tuple[int, int]:
        """Frames done and frames in all, unknown clips counted as typical."""
        known = list(self._frames.values())
        unknown = self.total_jobs - len(known)
        return sum(d for d, _ in known), sum(t for _, t in known) + unknown * TYPICAL_FRAMES

    def _update_overall(self) -> None:
        done, total = self._totals()
        self._progress.update(self._overall, completed=done, total=total)

    def _seconds_left(self) -> float:
        done, total = self._totals()
        elapsed = time.monotonic() - min(self._started.values())
        return elapsed * (total - done) / done if done else float("nan")

    def profile(self) -> list[str]:
        """Where the time of each clip went: CPU seconds of all its processes, and milliseconds a frame."""
        lines = []
        for job, data in self.profiles.items():
            frames, seconds = max(data["frames"], 1), data["seconds"]
            parts = [f"{part} {spent:.1f} s ({1000 * spent / frames:.1f} ms)" for part, spent in seconds.items()]
            lines.append(
                f"{job.name}: {data['frames']} frames in {data['slices']} slices, {data['stored']} of them not drawn; "
                + ", ".join(parts)
            )
        return lines

    def summary(self) -> list[str]:
        """The last lines: how fast each worker of a cluster was; what failed and where."""
        speeds = self._workers.get("speeds", {})
        lines = [f"{address}: {speed:.1f} frames/s" for address, speed in list(speeds.items())[:MOST_WORKERS]]
        if len(speeds) > MOST_WORKERS:
            lines.append(f"and {len(speeds) - MOST_WORKERS} more workers, {sum(speeds.values()):.1f} frames/s in all")
        for event in self.failures:
            where = ", ".join(part for part in (event.data.get("beat"), event.data.get("place")) if part)
            lines.append(f"failed: {event.job.name}: {event.data['message']}" + (f" ({where})" if where else ""))
        return lines


def _relative(job: Job) -> str:
    from pathlib import Path

    try:
        return str(job.target.relative_to(Path.cwd()))
    except (ValueError, OSError):  # elsewhere, or the present folder is gone
        return str(job.target)
