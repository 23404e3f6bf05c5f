"""Kills processes of running renders at random moments, and counts what is lost: `make kills`.

Each kill strikes one process at one moment: a command, a worker, or who draws and codes a slice. After every third one
the same is rendered undisturbed: the videos must be those of a run that was never disturbed, nothing half-made may lie
about, and nobody may be left running. `python -m tests.attack.kills -h` has the numbers to choose.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil

from studio.clip import PROJECT
from studio.scene_file import SceneFileClip
from tests.studio.conftest import FAST
from tests.studio.engine.conftest import SCENES, SMALL, Workshop
from tests.studio.engine.test_faults import in_session, kill_one, video, wait_until_gone

BATCH = ("Staggered", "Random", "Sections")
COMMANDS_SHARE = 10
"""One kill in so many is among the processes of a whole command, which takes seconds to start."""


def kill_workers(kills: int, chance: random.Random, folder: Path) -> Counter:
    """So many kills among workers and those who draw for them."""
    workshop, counts = Workshop.at(folder / "workshop"), Counter()
    clips = [SceneFileClip(SCENES / "stepping.py", name, SMALL) for name in BATCH]
    usual = {}
    for clip in clips:
        started = time.monotonic()
        usual[clip.name] = video(workshop.render(clip, 2)), time.monotonic() - started
    while counts["tried"] < kills:
        clip = chance.choice(clips)
        whole, seconds = usual[clip.name]
        shutil.rmtree(workshop.media / clip.name, ignore_errors=True)
        shutil.rmtree(workshop.cache, ignore_errors=True)
        for _ in range(min(3, kills - counts["tried"])):
            counts["tried"] += 1
            with noted(counts):
                counts["stopped"] += kill_one(workshop, chance, seconds, clip)
        with noted(counts):
            assert video(workshop.render(clip, chance.choice([1, 2]))) == whole, "other frames"
            unusual = {path.name for path in workshop.media.iterdir()} - {".locks", *(each.name for each in clips)}
            assert not unusual, f"left behind: {unusual}"
    return counts


def kill_commands(kills: int, chance: random.Random, folder: Path) -> Counter:
    """So many kills among the processes of a command that renders a batch, in a copy of the project."""
    root, media, counts = folder / "project", folder / "media", Counter()
    for part in ("explainers", "scenes", "studio"):
        shutil.copytree(PROJECT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "render.py", root)
    scenes = [f"{SCENES / 'stepping.py'}:{name}" for name in BATCH]
    command = [sys.executable, "render.py", "render", *scenes, *FAST, "-j", "2", "--out", str(media)]

    def undisturbed() -> dict[str, bytes]:
        subprocess.run(command, cwd=root, capture_output=True, check=True)
        return {path.name: video(path) for path in media.iterdir() if path.name != ".locks"}

    started = time.monotonic()
    whole, seconds = undisturbed(), time.monotonic() - started
    while counts["tried"] < kills:
        shutil.rmtree(media)
        shutil.rmtree(root / ".cache")
        for _ in range(min(3, kills - counts["tried"])):
            counts["tried"] += 1
            with subprocess.Popen(command, cwd=root, stderr=subprocess.DEVNULL, start_new_session=True) as running:
                time.sleep(chance.uniform(0, 0.9 * seconds))
                with suppress(IndexError, psutil.Error):
                    chance.choice(in_session(running.pid)).kill()
                with noted(counts):
                    code = running.wait(120)
                    assert code in (0, 1, -signal.SIGKILL), f"exit code {code}"
                    counts["stopped"] += code != 0
                    wait_until_gone(running.pid, 20)
        with noted(counts):
            assert undisturbed() == whole, "other frames, or something left behind"
    return counts


class noted(suppress):  # noqa: N801 - it reads as the `suppress` that it is
    """Counts what goes wrong as lost, says what it was, and goes on."""

    def __init__(self, counts: Counter) -> None:
        super().__init__(AssertionError, subprocess.SubprocessError)
        self.counts = counts

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> bool:
        if error is not None:
            self.counts["lost"] += 1
            print(f"{kind.__name__}: {error}", file=sys.stderr)
        return super().__exit__(kind, error, trace)


def main() -> int:
    """Kill; 1 if anything is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20260101)
    wish = parser.parse_args()
    chance = random.Random(wish.seed)
    commands = wish.kills // COMMANDS_SHARE
    lost = 0
    print("| processes killed of | tried | stopped by it | lost |\n|---|---:|---:|---:|")
    for name, strike, kills in (
        ("workers", kill_workers, wish.kills - commands),
        ("whole commands", kill_commands, commands),
    ):
        with tempfile.TemporaryDirectory(prefix="kills-") as folder:
            counts = strike(kills, chance, Path(folder))
        print(f"| {name} | {counts['tried']} | {counts['stopped']} | {counts['lost']} |", flush=True)
        lost += counts["lost"]
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main())
