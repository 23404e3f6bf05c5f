"""Measures rendering against stock Manim, side by side in one run: `make bench` writes docs/benchmarks.md.

Both render the same plays of the same scenes at 1080p60, in turns, several times; the medians are compared. Of each
clip the beginning is rendered; `--whole` renders whole clips instead, once, which takes some three minutes each.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import av
import click
import numpy as np
from av.video.reformatter import Colorspace

from explainers import all_explainers
from studio.clip import PROJECT, Clip
from studio.files import replace_file
from studio.similarity import ssim

REPORT = PROJECT / "docs" / "benchmarks.md"
MARK = "<!-- measured -->"
WHOLE_MARK = "<!-- whole -->"
LATTICES = (48, 96)
"""Tiles along each side of the surfaces that are measured."""
EVERY = 40
"""Of so many frames one is kept without loss, to compare the coded ones with."""
CLUSTER_CLIPS = ("attention", "linear-transformations")
"""What a cluster is measured with: whole clips, one after the other."""


@dataclass
class Result:
    """What was measured of one clip; seconds are medians."""

    slug: str
    frames: int
    stock: float
    one: float
    two: float
    stock_bytes: int
    our_bytes: int
    stock_quality: tuple[float, float]
    our_quality: tuple[float, float]
    profile: dict[str, float] = field(default_factory=dict)
    slices: list[float] = field(default_factory=list)
    same: bool = True


def run_here(code: str, *arguments: str) -> dict[str, Any]:
    """Run a function of this module in a fresh process; its result is the last line it prints."""
    program = f"import sys, json; from studio import bench; print(json.dumps(bench.{code}(*sys.argv[1:])))"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


# --- In a process of their own ---------------------------------------------------------------------------


def clip_of(slug: str) -> Clip:
    """The clip with defaults at 1080p60."""
    from scenes.stage.look import Look

    return Clip(all_explainers()[slug](), Look(short_side=1080, fps=60))


def scene_file(slug: str) -> tuple[str, str]:
    """Where stock Manim finds the scene: file and class."""
    from studio import stagehand

    scene = stagehand.scene_class(clip_of(slug))
    return scene.__module__.replace(".", "/") + ".py", scene.__name__


def plays_until(slug: str, seconds: str) -> int:
    """The number of the play that is running so many seconds after the start."""
    from studio import stagehand

    clip = clip_of(slug)
    with stagehand.configured(clip):
        scene = stagehand.make_scene(clip, skip_animations=True)
        scene.renderer.update_frame = lambda *args, **kwargs: None
        starts: list[float] = []
        play = scene.renderer.play
        scene.renderer.play = lambda *args, **kwargs: (starts.append(scene.time), play(*args, **kwargs))
        scene.render()
    return sum(start <= float(seconds) for start in starts) - 1


def keep_frames(slug: str, last: str, target: str) -> int:
    """Draw with Manim's own camera and keep one of `EVERY` frames as it is; returns how many frames there are."""
    from manim import config

    from studio import stagehand

    clip, kept, count = clip_of(slug), [], 0

    def sink(pixels: np.ndarray, repeat: int) -> None:
        nonlocal count
        if -(-count // EVERY) * EVERY < count + repeat:
            kept.append((-(-count // EVERY) * EVERY, pixels[..., :3].copy()))
        count += repeat

    with stagehand.configured(clip):
        config.upto_animation_number = int(last)
        stagehand.make_scene(clip, sink).render()
    np.savez_compressed(target, numbers=[n for n, _ in kept], frames=[f for _, f in kept])
    return count


def render_beginning(slug: str, last: str, jobs: str, folder: str) -> dict[str, Any]:
    """Render up to a play with our engine, cold, into `folder`."""
    from manim import config

    from studio import stagehand
    from studio.engine.codec import H264
    from studio.engine.crew import Crew, Slots
    from studio.engine.inputs import Inputs
    from studio.engine.store import Store
    from studio.worker import write_files

    gc.set_threshold(100_000, 50, 100)  # as a worker does
    clip, build = clip_of(slug), Path(folder)
    store = Store(build / "store")
    slots = Slots(build, int(jobs)) if int(jobs) > 1 else None
    crew = Crew(H264, clip.look.pixels, clip.look.fps, store, clip.key(), Inputs(), slots=slots)
    with stagehand.configured(clip) as temporary:
        config.upto_animation_number = int(last)
        take = stagehand.film(clip, crew, temporary, lambda scene, beat: None)
        write_files(clip, take, store, build)
    return {"frames": take.frames, "profile": crew.seconds, "slices": crew.slice_seconds}


def surface_times(lattice: str, frames: str) -> list[float]:
    """Milliseconds a frame of a turning surface, drawn by Manim's `Surface` and by ours, on the same lattice."""
    from manim import Surface, ThreeDCamera, config

    from scenes.pictures.surface import HeightField, LossSurface
    from scenes.stage.camera import StageCamera
    from scenes.stage.stage import Stage
    from studio import stagehand

    count, turns = int(lattice), [0.02 * k for k in range(int(frames))]
    clip = clip_of("gradient-descent")
    times: list[list[float]] = [[], []]
    ticks = np.linspace(-2, 2, count + 1)
    heights = np.sin(ticks[:, None] * ticks[None, :])
    with stagehand.configured(clip):
        config.frame_width, config.frame_height = clip.look.frame
        camera = ThreeDCamera(phi=1.0, theta=0.4)
        theirs = Surface(
            lambda u, v: np.array([u, v, np.sin(u * v)]), u_range=(-2, 2), v_range=(-2, 2), resolution=count
        )
        stage = Stage(clip.look)
        ours = LossSurface(stage, stage.zones.main, HeightField(ticks, ticks, heights), [-0.6, 0.0, 0.6])
        flat = StageCamera()
        for turn in turns:
            camera.reset()
            camera.set_theta(0.4 + turn)
            times[0].append(timed(lambda: camera.capture_mobjects([theirs]))[0])
            flat.reset()
            ours.view.azimuth = -1.1 + turn
            times[1].append(timed(lambda: flat.capture_mobjects([ours]))[0])
    return [1000 * statistics.median(kind) for kind in times]


def redraw_times(frames: str) -> dict[str, list[float]]:
    """Milliseconds of stepping a frame: what moves is redrawn by Manim's `always_redraw`, or put in place by ours."""
    from manim import Axes, Rectangle, ValueTracker, VGroup, always_redraw, config

    from scenes.pictures.plot import Plot
    from scenes.pictures.shapes import Region
    from scenes.stage.stage import Stage
    from studio import stagehand

    clip = clip_of("distributions")
    x, bars = np.linspace(-3, 3, 121), np.arange(20)
    with stagehand.configured(clip):
        config.frame_width, config.frame_height = clip.look.frame
        stage, shift = Stage(clip.look), ValueTracker(0.0)
        axes = Axes(x_range=[-3, 3], y_range=[0, 2], x_length=8, y_length=4)
        plot = Plot(stage, stage.zones.main, (-3, 3), (0, 2))
        chart = Plot(stage, stage.zones.main, (-0.5, 19.5), (0, 2))
        wave = lambda at: 1 + np.sin(at + shift.get_value())  # noqa: E731 the same for both

        def draw() -> object:
            return axes.plot(wave, x_range=[-3, 3, 0.05], use_smoothing=False)

        def stand() -> VGroup:
            return VGroup(
                *(
                    Rectangle(width=0.3, height=2 * wave(k) + 1e-6, fill_opacity=0.75).move_to(
                        [0.4 * k - 4, wave(k), 0]
                    )
                    for k in bars
                )
            )

        curve, area, columns = plot.curve(x, wave(x)), Region(stage), chart.bars(bars, wave(bars))
        low = plot.points_at(x[::-1], np.zeros(len(x)))
        moves = {
            "curve of 121 points": (always_redraw(draw), lambda: curve.put(plot.points_at(x, wave(x)))),
            "area under it": (
                always_redraw(lambda: axes.get_area(draw(), x_range=(-3, 3))),
                lambda: area.put(np.concatenate([plot.points_at(x, wave(x)), low])),
            ),
            "20 bars": (always_redraw(stand), lambda: columns.put(bars, wave(bars))),
        }
        times: dict[str, list[list[float]]] = {name: [[], []] for name in moves}
        for _ in range(int(frames)):
            shift.increment_value(0.01)
            for name, (theirs, ours) in moves.items():
                times[name][0].append(timed(lambda t=theirs: t.update(0))[0])
                times[name][1].append(timed(ours)[0])
    return {name: [1000 * statistics.median(kind) for kind in both] for name, both in times.items()}


# --- Measuring -------------------------------------------------------------------------------------------


def stock_command(slug: str, last: int | None, folder: Path) -> list[str]:
    """Stock Manim on the same scene, up to this play; None: all of it."""
    file, scene = run_here("scene_file", slug)
    options = ["-qh", "--disable_caching", "--progress_bar", "none", "-v", "ERROR", "--silent"]
    part = [] if last is None else ["-n", f"0,{last}"]
    return [sys.executable, "-m", "manim", "render", *options, "--media_dir", str(folder), *part, file, scene]


def run_command(command: list[str]) -> None:
    """Run it in the project, and mind how it ends."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, env=environment)


def timed(call: Any) -> tuple[float, Any]:
    """Seconds a call took, and what it gave."""
    started = time.perf_counter()
    result = call()
    return time.perf_counter() - started, result


def quality(video: Path, reference: Path, space: Colorspace) -> tuple[float, float]:
    """Mean PSNR in dB and mean SSIM of the decoded video against frames kept without loss."""
    kept = np.load(reference)
    wanted = dict(zip(kept["numbers"].tolist(), kept["frames"], strict=True))
    errors, likenesses = [], []
    with av.open(str(video)) as given:
        for number, frame in enumerate(given.decode(video=0)):
            if number in wanted:
                shown = frame.reformat(format="rgb24", src_colorspace=space).to_ndarray()
                errors.append(np.mean((shown.astype(float) - wanted[number]) ** 2))
                likenesses.append(ssim(shown, np.ascontiguousarray(wanted[number])))
    return float(10 * np.log10(255**2 / max(np.mean(errors), 1e-9))), float(np.mean(likenesses))


def measure(slug: str, seconds: float, repeats: int) -> Result:
    """Render the beginning of one clip with both, in turns."""
    last = run_here("plays_until", slug, str(seconds))
    times: dict[str, list[float]] = {"stock": [], "1": [], "2": []}
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        folder = Path(place)
        frames = run_here("keep_frames", slug, str(last), str(folder / "kept.npz"))
        command = stock_command(slug, last, folder / "stock")
        for turn in range(repeats):
            shutil.rmtree(folder / "stock", ignore_errors=True)
            times["stock"].append(timed(lambda: run_command(command))[0])
            for jobs in ("2", "1"):
                target = folder / f"ours-{jobs}-{turn}"
                target.mkdir()
                took, told = timed(lambda j=jobs, t=target: run_here("render_beginning", slug, str(last), j, str(t)))
                times[jobs].append(took)
        (stock_file,) = [f for f in (folder / "stock").rglob("*.mp4") if "partial" not in str(f)]
        ours, alone = (folder / f"ours-{jobs}-{repeats - 1}" / f"{slug}.mp4" for jobs in ("2", "1"))
        return Result(
            slug=slug,
            frames=frames,
            stock=statistics.median(times["stock"]),
            one=statistics.median(times["1"]),
            two=statistics.median(times["2"]),
            stock_bytes=stock_file.stat().st_size,
            our_bytes=ours.stat().st_size,
            stock_quality=quality(stock_file, folder / "kept.npz", Colorspace.ITU601),
            our_quality=quality(ours, folder / "kept.npz", Colorspace.ITU709),
            profile=told["profile"],
            slices=told["slices"],
            same=ours.read_bytes() == alone.read_bytes(),
        )


def measure_whole(slugs: Sequence[str]) -> tuple[dict[str, tuple[float, float]], float]:
    """Seconds of each whole clip, with stock Manim and with 2 jobs of ours, one after the other; and seconds of all
    these clips in one command of ours."""
    render = [sys.executable, "render.py", "render", "-q", "h", "-j", "2", "--force"]
    times = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        for slug in slugs:
            command = stock_command(slug, None, Path(place) / slug)
            stock = timed(lambda c=command: run_command(c))[0]
            shutil.rmtree(Path(place) / slug)
            ours = timed(lambda s=slug: run_command([*render, s, "--out", str(Path(place) / "each")]))[0]
            times[slug] = stock, ours
            click.echo(f"{slug}: stock {stock:.0f} s, ours {ours:.0f} s, {stock / ours:.1f}x", err=True)
        batch = timed(lambda: run_command([*render, *slugs, "--out", str(Path(place) / "all")]))[0]
    return times, batch


def whole_report(times: dict[str, tuple[float, float]], batch: float) -> str:
    """What `measure_whole` found, as a table."""
    stock = sum(theirs for theirs, _ in times.values())
    mean = statistics.geometric_mean(theirs / ours for theirs, ours in times.values())
    lines = [
        WHOLE_MARK,
        f"Measured on {date.today().isoformat()}: {os.cpu_count()} cores; whole clips at 1080p60, one run each, "
        "stock and ours in turns; seconds.",
        "",
        "| clip | stock | ours, 2 jobs | against stock |",
        "|---|---:|---:|---:|",
        *(
            f"| `{slug}` | {theirs:.0f} | {ours:.0f} | **{theirs / ours:.1f}×** |"
            for slug, (theirs, ours) in times.items()
        ),
        f"| **geometric mean** | | | **{mean:.1f}×** |",
        f"| **all in one command** | {stock:.0f} | {batch:.0f} | **{stock / batch:.1f}×** |",
        WHOLE_MARK,
    ]
    return "\n".join(lines)


def efficiency(result: Result, workers: int) -> float:
    """Share of so many workers that would be busy: slices go to whoever is free, in the order in which the story
    reaches them; reaching one takes its share of the time spent on the story alone."""
    drawing = sum(result.slices)
    story = max(result.one - drawing, 0.0)
    free = [0.0] * workers
    for number, seconds in enumerate(result.slices):
        reached = story * number / len(result.slices)
        next_free = min(range(workers), key=free.__getitem__)
        free[next_free] = max(free[next_free], reached) + seconds
    return result.one / (workers * max(*free, story))


@contextmanager
def two_workers(folder: Path) -> Iterator[str]:
    """A Dask scheduler and two workers on this machine; gives the scheduler's address."""
    file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]
    worker = [*dask, "worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny",
              "--local-directory", str(folder)]  # fmt: skip
    processes = []
    try:
        for command in (scheduler, worker, worker):
            processes.append(
                subprocess.Popen(
                    [*command, "--no-dashboard"], cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)},
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )
            )  # fmt: skip
            while not file.exists():
                time.sleep(0.1)
        time.sleep(5)
        yield json.loads(file.read_text(encoding="utf-8"))["address"]
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def measure_cluster(repeats: int) -> tuple[float, float, bool]:
    """Seconds of the same command with 2 jobs here and with 2 workers of a cluster, in turns; whether the files are
    the same."""
    times: dict[str, list[float]] = {"here": [], "cluster": []}
    with tempfile.TemporaryDirectory(prefix="bench-") as place, two_workers(Path(place)) as address:
        command = [sys.executable, "render.py", "render", *CLUSTER_CLIPS, "-q", "h", "-j", "2", "--force"]
        for _ in range(repeats):
            for kind, options in (("here", []), ("cluster", ["--cluster", address])):
                run = [*command, *options, "--out", str(Path(place) / kind)]
                took, _ = timed(lambda r=run: run_command(r))
                times[kind].append(took)
        made = {kind: [file.read_bytes() for file in sorted((Path(place) / kind).glob("*/*.mp4"))] for kind in times}
    return statistics.median(times["here"]), statistics.median(times["cluster"]), made["here"] == made["cluster"]


def cluster_report(here: float, cluster: float, same: bool) -> str:
    """What `measure_cluster` found, as a row."""
    return (
        f"A Dask cluster of 2 workers on this machine, against 2 jobs of the local engine, whole clips "
        f"{', '.join(CLUSTER_CLIPS)} at 1080p60: **{cluster:.1f} s against {here:.1f} s**, "
        f"{100 * (cluster / here - 1):+.0f} %; the files were {'the same, byte for byte' if same else 'DIFFERENT'}."
    )


# --- Report ----------------------------------------------------------------------------------------------


def report(
    results: list[Result],
    surfaces: dict[int, list[float]],
    redrawn: dict[str, list[float]],
    repeats: int,
    seconds: float,
    cluster: str,
) -> str:
    """The measured part of docs/benchmarks.md."""
    mean = statistics.geometric_mean
    rows = [
        f"| `{r.slug}` | {r.frames} | {r.stock:.1f} | {r.one:.1f} | {r.two:.1f} | **{r.stock / r.two:.1f}×** "
        f"| {r.one / r.two:.2f}× | {r.our_bytes / r.stock_bytes:.2f} "
        f"| {r.our_quality[0]:.1f} / {r.stock_quality[0]:.1f} "
        f"| {r.our_quality[1]:.4f} / {r.stock_quality[1]:.4f} | {100 * efficiency(r, 16):.0f} % |"
        for r in results
    ]
    parts = sorted({part for r in results for part in r.profile})
    stages = [
        f"| `{r.slug}` | " + " | ".join(f"{1000 * r.profile.get(part, 0) / r.frames:.1f}" for part in parts) + " |"
        for r in results
    ]
    total = sum(r.our_bytes for r in results) / sum(r.stock_bytes for r in results)
    lines = [
        MARK,
        f"Measured on {date.today().isoformat()}: {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}; medians of {repeats}; the plays of each clip that begin in its first "
        f"{seconds:g} s, at 1080p60; whole commands, start of Python and text setting included.",
        "",
        "| clip | frames | stock, s | ours, 1 job | ours, 2 jobs | against stock | 2 jobs against 1 "
        "| bytes, ours / stock | PSNR, dB, ours / stock | SSIM, ours / stock | efficiency on 16 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *rows,
        f"| **geometric mean** | | | | | **{mean(r.stock / r.two for r in results):.1f}×** "
        f"| {mean(r.one / r.two for r in results):.2f}× | {total:.2f} in all | | | |",
        "",
        f"The files of 1 and 2 jobs were {'the same, byte for byte' if all(r.same for r in results) else 'DIFFERENT'}.",
        "",
        cluster,
        "",
        "Milliseconds a frame, one process:",
        "",
        "| clip | " + " | ".join(parts) + " |",
        "|---" * (len(parts) + 1) + "|",
        *stages,
        "",
        "A turning 3-D surface at 1080p, milliseconds a frame, `Surface` of stock Manim against our loss surface:",
        "",
        "| lattice | stock | ours | ratio |",
        "|---|---:|---:|---:|",
        *(
            f"| {n} × {n} | {theirs:.0f} | {ours:.0f} | **{theirs / ours:.0f}×** |"
            for n, (theirs, ours) in surfaces.items()
        ),
        "",
        "Shapes that change with every frame, milliseconds of stepping: `always_redraw` of stock Manim against ours:",
        "",
        "| shape | stock | ours | ratio |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | {theirs:.2f} | {ours:.2f} | **{theirs / ours:.0f}×** |"
            for name, (theirs, ours) in redrawn.items()
        ),
        MARK,
    ]
    return "\n".join(lines)


@click.command()
@click.argument("slugs", nargs=-1)
@click.option("--seconds", default=15.0, show_default=True, help="Length of the beginning that is rendered.")
@click.option("--repeats", default=3, show_default=True, help="Turns of which the median counts.")
@click.option("--whole", is_flag=True, help="Render whole clips, once, instead.")
def main(slugs: tuple[str, ...], seconds: float, repeats: int, whole: bool) -> None:
    """Measure the suite (or these clips) against stock Manim and write the report."""
    if whole:
        write(whole_report(*measure_whole(slugs or tuple(all_explainers()))), WHOLE_MARK)
        return
    results = []
    for slug in slugs or all_explainers():
        results.append(measure(slug, seconds, repeats))
        r = results[-1]
        click.echo(
            f"{slug}: {r.frames} frames, stock {r.stock:.1f} s, ours {r.one:.1f} / {r.two:.1f} s, "
            f"{r.stock / r.two:.1f}x, bytes {r.our_bytes / r.stock_bytes:.2f}",
            err=True,
        )
    surfaces = {lattice: run_here("surface_times", str(lattice), "5") for lattice in LATTICES}
    redrawn = run_here("redraw_times", "200")
    # Twice: a run that is stopped while it measures the cluster has written the rest.
    write(report(results, surfaces, redrawn, repeats, seconds, cluster=""))
    cluster = cluster_report(*measure_cluster(repeats))
    click.echo(cluster, err=True)
    write(report(results, surfaces, redrawn, repeats, seconds, cluster))


def write(measured: str, mark: str = MARK) -> None:
    """Put a measured part into the report, between its marks."""
    before, _, after = REPORT.read_text(encoding="utf-8").partition(mark)
    replace_file(REPORT, before + measured + after.partition(mark)[2])


if __name__ == "__main__":
    main()
