"""The command line: lists explainers, tells their facts, renders and publishes clips, makes contact sheets."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click

from explainers import Pillar, all_explainers
from explainers.model import problems
from scenes.stage.language import Language
from scenes.stage.look import QUALITIES, Aspect, CaptionMode, LookSettings
from studio.clip import MEDIA, Clip
from studio.files import is_fresh
from studio.lecture.reading import read_lecture
from studio.lecture.theme_file import theme_of
from studio.output import FORMS, output_for
from studio.problems import FileProblemsError, SelectionError, readable, reason
from studio.selection import AnyClip, bytes_in, configure, cores, lecture_in, parse_settings, select, writable_folder


@dataclass(frozen=True)
class Request:
    """What the options common to all clip commands say."""

    names: tuple[str, ...]
    everything: bool
    settings: tuple[str, ...]
    seed: int | None
    wishes: dict[str, Any]
    jobs: int
    traceback: bool

    def clips(self, against: tuple[str, ...] = ()) -> list[AnyClip]:
        """The clips asked for; settings in `against` replace those of the same name."""
        parameters = {**parse_settings(self.settings), **parse_settings(against)}
        return select(self.names, everything=self.everything, parameters=parameters, seed=self.seed, wishes=self.wishes)

    def media(self, out: Path | None, *inside: str) -> Path:
        """`out`, or the usual folder for clips, or that folder `inside` it; a lecture has one of its own there."""
        lecture = lecture_in(self.names)
        return out or MEDIA.joinpath(*inside, *(["lectures", lecture.stem] if lecture else []))


def clip_command(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that choose clips, their parameters and their look, as one `Request`."""

    @wraps(command)
    def with_request(
        names: tuple[str, ...], everything: bool, settings: tuple[str, ...], seed: int | None, jobs: int | None,
        traceback: bool, **own: Any,
    ) -> None:  # fmt: skip
        look = {name: own.pop(name) for name in LookSettings.model_fields}
        look = {name: value for name, value in look.items() if value is not None}
        for problem in problems(LookSettings, look, "the look has no"):
            raise SelectionError(f"--{problem.name} {problem.message}")
        wishes = LookSettings(**look).said()
        if "theme" in wishes:
            wishes["theme"] = theme_of(wishes["theme"], Path())
        command(Request(names, everything, settings, seed, wishes, jobs or cores(), traceback), **own)

    options = [
        click.argument("names", nargs=-1, metavar="[SLUG | FILE.py | FILE.py:SCENE | LECTURE.toml]..."),
        click.option("--all", "everything", is_flag=True, help="The whole suite."),
        click.option("-q", "quality", type=click.Choice(list(QUALITIES)),
                     help="480p15, 720p30, 1080p60, 1440p60 or 2160p60, as Manim has it. [default: 1080p30]"),
        click.option("--fps", type=click.IntRange(1, 120), help="Frames per second, instead of the quality's."),
        click.option("--theme", metavar="dark|light|FILE.toml",
                     help="For dark or for white slides, or your own colours. [default: dark]"),
        click.option("--aspect", type=click.Choice([a.value for a in Aspect]),
                     help="Width to height of the frame. [default: 16:9]"),
        click.option("--captions", type=click.Choice([m.value for m in CaptionMode]),
                     help="In the picture too, only in side files, or none. [default: burned]"),
        click.option("--language", metavar="|".join(Language),
                     help="Of captions, labels and numbers, as far as a clip is translated. [default: en]"),
        click.option("--transparent", is_flag=True, default=None,
                     help="No background: for slides that have their own."),
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE",
                     help="A parameter, e.g. --set learning_rate=0.3 or --set 'matrix=[[1,1],[0,1]]'."),
        click.option("--seed", type=int, help="The seed, for explainers and scenes that draw random numbers."),
        click.option("-j", "--jobs", type=click.IntRange(1, 256), help="Processes that draw. [default: one per core]"),
        click.option("--traceback", is_flag=True, help="Also show where in the code a scene failed."),
    ]  # fmt: skip
    decorated = with_request
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Visual explanations of the mathematics behind AI, rendered with Manim."""


@cli.command("list")
@click.option("--pillar", type=click.Choice([p.value for p in Pillar]), help="Only this part of mathematics.")
@click.option("--json", "as_json", is_flag=True, help="Everything about each explainer, as JSON.")
def list_explainers(pillar: str | None, as_json: bool) -> None:
    """Show the explainers and their parameters."""
    chosen = [e for e in all_explainers().values() if pillar in (None, e.pillar.value)]
    if as_json:
        click.echo(json.dumps([describe(explainer) for explainer in chosen], indent=2, ensure_ascii=False))
        return
    for explainer in chosen:
        click.echo(f"{explainer.slug}  ({explainer.pillar.value})\n    {explainer.title}. {explainer.insight}")
        for parameter in explainer.parameters().values():
            unit = f" [{parameter.unit}]" if parameter.unit else ""
            click.echo(f"      {parameter.name}{unit}: {parameter.description} ({parameter.allowed})")


def describe(explainer: Any) -> dict[str, Any]:
    """All that is declared about an explainer, JSON-ready."""
    defaults = explainer().settings()
    return {
        "slug": explainer.slug,
        "title": explainer.title,
        "insight": explainer.insight,
        "pillar": explainer.pillar.value,
        "references": list(explainer.references),
        "parameters": [
            {
                "name": p.name,
                "description": p.description,
                "unit": p.unit,
                "allowed": p.allowed,
                "default": defaults[p.name],
            }
            for p in explainer.parameters().values()
        ],
    }


@cli.command()
@click.argument("names", nargs=-1, required=True, metavar="SLUG | FILE.py | LECTURE.toml [CLIP]...")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter.")
def facts(names: tuple[str, ...], settings: tuple[str, ...]) -> None:
    """Print the parameters and the computed facts of explainers, or of a lecture's clips, as JSON."""
    clips = select(names, parameters=parse_settings(settings))
    told = [clip_facts(clip) for clip in clips]
    single = len(names) == 1 and not lecture_in(names)
    click.echo(json.dumps(told[0] if single else told, indent=2, ensure_ascii=False))


def clip_facts(clip: AnyClip) -> dict[str, Any]:
    """What a clip's explainer computes; nothing for a scene without one."""
    named = {"clip": clip.label} if clip.label else {}
    if not isinstance(clip, Clip):
        return {**named, "scene": clip.slug, "parameters": {}, "facts": {}}
    explainer = clip.explainer
    return {**named, "explainer": clip.slug, "parameters": explainer.settings(), "facts": explainer.facts()}


@cli.command()
@clip_command
@click.option("--out", type=click.Path(path_type=Path),
              help="Folder for the clips. [default: media, or media/lectures/LECTURE]")  # fmt: skip
@click.option("--force", is_flag=True, help="Render again even what is up to date.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMS)),
    help="Kind of file; png is a picture per frame, still the last one. [default: mp4; webm if transparent]",
)
@click.option("--codec", metavar="NAME", help="h264, hevc, av1, vp9, qtrle, prores, or a hardware encoder.")
@click.option("--timeout", type=click.FloatRange(min=1), metavar="SECONDS", help="Give up a clip after so long.")
@click.option("--cluster", metavar="ADDRESS",
              help="Draw on the Dask cluster with this scheduler, as tcp://10.0.0.1:8786.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Tell what happens as JSON lines, for other programs.")
@click.option("--profile", is_flag=True, help="Tell where the time of each clip went.")
def render(
    request: Request, out: Path | None, force: bool, form: str | None, codec: str | None, timeout: float | None,
    cluster: str | None, as_json: bool, profile: bool,
) -> None:  # fmt: skip
    """Render clips: a folder each, with video, poster, captions, chapters and provenance."""
    clips = [
        replace(clip, output=output_for(form, codec, transparent=clip.look.transparent)) for clip in request.clips()
    ]
    telling = Telling(as_json=as_json, profile=profile, timeout=timeout)
    render_stale(clips, writable_folder(request.media(out)), request, force, telling, cluster)


def render_stale(
    clips: list[AnyClip],
    out: Path,
    request: Request,
    force: bool = False,
    telling: Telling | None = None,
    cluster: str | None = None,
) -> None:
    """Render into `out` the clips that are not up to date there, on this machine or on a cluster."""
    telling = telling or Telling()
    stale = [clip for clip in clips if force or not is_fresh(out / clip.name, clip.key())]
    for clip in clips:
        if clip not in stale:
            telling.fresh(clip)
    options = {"force": force, "elsewhere": cluster is not None}
    work = [(clip, out / clip.name, "render", options) for clip in stale]
    run_jobs(work, request, telling=telling, cluster=cluster)


@dataclass(frozen=True)
class Telling:
    """What a batch tells besides its progress, and how long a clip may take."""

    as_json: bool = False
    profile: bool = False
    timeout: float | None = None

    def fresh(self, clip: AnyClip) -> None:
        """A clip need not be rendered."""
        if self.as_json:
            click.echo(json.dumps({"event": "fresh", "clip": clip.name}))
        click.echo(f"{clip.name}: up to date", err=True)

    def event(self, event: Any) -> None:
        """Something happened to a job."""
        if self.as_json:
            data = {key: value for key, value in event.data.items() if key != "log"}
            click.echo(json.dumps({"event": event.kind, "clip": event.job.name, **data}, ensure_ascii=False))
            sys.stdout.flush()


@cli.command()
@clip_command
@click.option("--to", type=click.Path(path_type=Path), required=True, help="Folder that gets a folder per target.")
@click.option("--for", "targets", metavar="TARGET[,TARGET]...", default="gallery", show_default=True,
              help="gallery, html, slides, revealjs, quarto, powerpoint, beamer, jupyter, moodle, files.")  # fmt: skip
@click.option("--title", help="What the clips are together. [default: the lecture's title, or the clip's]")
@click.option("--out", type=click.Path(path_type=Path),
              help="Folder of the clips. [default: media, or media/lectures/LECTURE]")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace published folders even where files in them are not ours.")
def publish(request: Request, to: Path, targets: str, title: str | None, out: Path | None, force: bool) -> None:
    """Turn clips into what one drops into a lecture, a deck or a site; what is not rendered yet is rendered first."""
    from studio.publish.clip import Publication, RenderedClip
    from studio.publish.press import ensure_ours
    from studio.publish.press import publish as press
    from studio.publish.targets import chosen

    wanted = chosen(targets)
    clips = request.clips()
    to, out = writable_folder(to), writable_folder(request.media(out))
    if not force:
        ensure_ours(to, wanted)
    render_stale(clips, out, request)
    rendered = tuple(RenderedClip.read(out / clip.name) for clip in clips)
    lecture = lecture_in(request.names)
    title = title or (read_lecture(lecture).title if lecture else None)
    tell = partial(click.echo, err=True)
    press(Publication(title, rendered), to, wanted, jobs=request.jobs, force=force, tell=tell)


@cli.command()
@clip_command
@click.option("--transition", type=click.IntRange(1), metavar="N", help="Ten frames across beat N instead.")
@click.option("--against", multiple=True, metavar="NAME=VALUE", help="Side by side with this setting changed.")
@click.option(
    "--simulate",
    "eyes",
    type=click.Choice(["protan", "deutan", "tritan", "grey"]),
    help="As seen without one kind of cone, or printed in grey.",
)
@click.option("--half", is_flag=True, help="Stills at half the size, as on half a slide.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the sheets. [default: media/sheets]")
def sheet(
    request: Request, transition: int | None, against: tuple[str, ...], eyes: str | None, half: bool, out: Path | None
) -> None:
    """Make contact sheets: one PNG per clip with a still and its caption for each beat."""
    clips = request.clips()
    # A scene without beats has no parameters to compare, so both lists are of the same clips.
    others = request.clips(against) if against else []
    clips = with_beats(clips)
    out = writable_folder(request.media(out, "sheets"))
    work = []
    for clip, other in zip(clips, others or [None] * len(clips), strict=True):
        beside = other and f"against-{other.name}"
        parts = [clip.name, beside, transition and f"beat-{transition}", eyes, half and "half"]
        options = {"beat": transition, "against": other and other.to_json(), "eyes": eyes, "half": half}
        work.append((clip, out / f"{'-'.join(str(part) for part in parts if part)}.png", "sheet", options))
    run_jobs(work, request)
    if request.everything:
        from studio.sheet import write_index

        click.echo(write_index(out, [target for _, target, _, _ in work]))


@cli.command()
@clip_command
@click.option("--rules", "list_rules", is_flag=True, help="Only say what is looked for, and why.")
@click.option("--json", "as_json", is_flag=True, help="Every finding, allowed ones too, as JSON.")
@click.option("--stills", type=click.Path(path_type=Path),
              help="Folder for stills with what is wrong outlined. [default: media/checks]")  # fmt: skip
def check(request: Request, list_rules: bool, as_json: bool, stills: Path | None) -> None:
    """Look at clips for what makes them worse: overlaps, faint or small text, captions too fast to read, flashes …

    Exits with 1 if there is an error; warnings are told but let pass.
    """
    from studio.check.report import has_errors, to_lines

    if list_rules:
        from studio.check.rules import described

        click.echo(described())
        return
    clips = with_beats(request.clips())
    stills = writable_folder(request.media(stills, "checks"))
    reports: dict[str, list[dict[str, Any]]] = {}
    try:
        work = [(clip, stills / clip.name, "check", {}) for clip in clips]
        run_jobs(work, request, lambda event: reports.update({event.job.name: event.data["findings"]}))
    finally:
        if as_json:
            # Without findings (null) a clip could not be played.
            told = [{**clip.to_json(), "clip": clip.name, "findings": reports.get(clip.name)} for clip in clips]
            click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        else:
            for clip in clips:
                if clip.name in reports:
                    click.echo("\n".join(to_lines(clip.name, reports[clip.name], stills / clip.name)))
    if any(has_errors(findings) for findings in reports.values()):
        sys.exit(1)


def with_beats(clips: list[AnyClip]) -> list[Clip]:
    """Those clips that have beats, at whose ends there is something to look at; says which have none."""
    for clip in clips:
        if not isinstance(clip, Clip):
            click.echo(f"{clip.name}: a scene without beats, so it is rendered but not looked at", err=True)
    return [clip for clip in clips if isinstance(clip, Clip)]


def run_jobs(
    work: list[tuple[AnyClip, Path, str, dict]],
    request: Request,
    on_done: Callable[[Any], None] | None = None,
    telling: Telling | None = None,
    cluster: str | None = None,
) -> None:
    """Run jobs in worker processes, telling `on_done` of each that ended well; exits with 1 if one failed.

    `cluster` is the address of those who draw, None for this machine.
    """
    from studio.batch import Job, run
    from studio.progress import Display

    if not work:
        return
    telling = telling or Telling()
    jobs = [Job(*item) for item in work]
    helpers = helpers_at(cluster, len(jobs), request.jobs) if cluster else nullcontext()
    with helpers as helping, Display(len(jobs)) as display:
        for event in run(jobs, request.jobs, telling.timeout, helping):
            display.show(event)
            telling.event(event)
            if on_done and event.kind == "done":
                on_done(event)
    for event in display.failures if request.traceback else []:
        click.echo(event.data["log"], err=True)
    for line in [*(display.profile() if telling.profile else []), *display.summary()]:
        click.echo(line, err=True)
    if display.failures:
        sys.exit(1)


def helpers_at(address: str, clips: int, jobs: int) -> Any:
    """The Dask cluster there, to draw so many clips."""
    try:
        from studio.cluster.client import Cluster
    except ModuleNotFoundError as error:
        hint = "pip install -e '.[cluster]' brings it"
        raise SelectionError(f"--cluster needs the package {error.name}; {hint}.") from None
    return Cluster(address, clips, jobs)


@cli.command()
@click.option("--trim", metavar="SIZE", help="Remove what was not used for longest until so much is left: 500M, 2G, 0.")
def cache(trim: str | None) -> None:
    """Show how much room coded slices take, or trim them. They only save time: all can be made again."""
    from studio.clip import CACHE
    from studio.engine.store import Store

    store = Store(CACHE)
    if trim is not None:
        gone = store.trim(bytes_in(trim))
        click.echo(f"removed {gone.entries} entries, {gone.bytes / 1e6:.1f} MB")
    usage = store.usage()
    click.echo(f"{usage.entries} entries, {usage.bytes / 1e6:.1f} MB in {store.folder}")


@cli.command()
@click.argument("names", nargs=-1, metavar="[SLUG | FILE.py | FILE.py:SCENE | LECTURE.toml]...")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen. [default: one that is free]")
@click.option("--host", default="127.0.0.1", show_default=True,
              help="The address to listen on; another than this machine's own asks for a token.")  # fmt: skip
def preview(names: tuple[str, ...], open_browser: bool, port: int | None, host: str) -> None:
    """Open a studio in the browser: save a file, or move a slider, and see the change."""
    try:
        from studio.preview.server import serve
    except ModuleNotFoundError as error:
        hint = "pip install -e '.[preview]' brings it"
        raise SelectionError(f"preview needs the package {error.name}; {hint}.") from None

    if names:
        select(names)  # so that a name which is not there is told of here
    serve(names, MEDIA, host=host, port=port, open_browser=open_browser, tell=click.echo)


@cli.command()
@click.option("--json", "form", flag_value="json", help="Everything, as JSON.")
@click.option("--markdown", "form", flag_value="markdown", help="The summary table of the README.")
def coverage(form: str | None) -> None:
    """Show which sections of the references are illustrated by which explainer, and what is missing."""
    from explainers import coverage as report

    works = report.coverage()
    if form == "json":
        click.echo(json.dumps(report.to_json(works), indent=2, ensure_ascii=False))
    else:
        click.echo(report.to_markdown(works) if form == "markdown" else report.to_text(works))


@cli.command()
@click.argument("slug")
@click.option(
    "--pillar",
    type=click.Choice([p.value for p in Pillar]),
    default="calculus",
    show_default=True,
    help="Where the explainer belongs.",
)
@click.option("--in", "folder", type=click.Path(path_type=Path, file_okay=False),
              help="A folder of your own for the three files, instead of the project's.")  # fmt: skip
def new(slug: str, pillar: str, folder: Path | None) -> None:
    """Start an explainer: its mathematics, scene and test, from a template that runs at once."""
    from studio.scaffold import create, create_in

    for path in create_in(folder, slug, Pillar(pillar)) if folder else create(slug, Pillar(pillar)):
        click.echo(click.format_filename(path))


@cli.command()
@click.argument("lecture", type=click.Path(path_type=Path), metavar="LECTURE.toml")
@click.argument("names", nargs=-1, required=True, metavar="[SLUG | FILE.py]...")
def init(lecture: Path, names: tuple[str, ...]) -> None:
    """Start a lecture: a file with these explainers, and every parameter explained and commented out."""
    from studio.lecture.draft import write_draft

    write_draft(lecture, [configure(name) for name in names])
    click.echo(click.format_filename(lecture))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of lecture files, with which editors complete and check them."""
    from studio.lecture.schema import lecture_schema

    click.echo(json.dumps(lecture_schema(), indent=2, ensure_ascii=False))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every user error is one sentence and exit code 2, every fault of the machine one and 1."""
    try:
        sys.exit(cli.main(arguments, standalone_mode=False))
    except FileProblemsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except SelectionError as error:
        click.echo(f"Error: {readable(str(error))}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"Error: {readable(error.format_message())}", err=True)
        sys.exit(2)
    except OSError as error:
        # What can be foreseen is told where it happens. This is the rest: no room for what is printed, no more files to
        # open, the folder gone under our feet.
        where = f"{error.filename}: " if error.filename else ""
        with suppress(OSError):
            click.echo(f"Error: {readable(f'{where}{reason(error)}')}.", err=True)
        sys.stdout = None  # what it still holds cannot be written either
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
