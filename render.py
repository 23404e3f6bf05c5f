"""The command line: lists explainers, tells their facts, renders clips and contact sheets."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from explainers import Pillar, all_explainers
from scenes.stage.look import QUALITIES, Aspect, CaptionMode, Look, Quality
from scenes.stage.theme import THEMES
from studio.clip import Clip
from studio.files import is_fresh
from studio.selection import SelectionError, configure, cores, select, writable_folder

MEDIA = Path(__file__).resolve().parent / "media"


@dataclass(frozen=True)
class Request:
    """What the options common to all clip commands say."""

    slugs: tuple[str, ...]
    everything: bool
    settings: tuple[str, ...]
    seed: int | None
    look: Look
    jobs: int
    traceback: bool

    def clips(self, against: tuple[str, ...] = ()) -> list[Clip]:
        """The clips asked for; settings in `against` replace those of the same name."""
        replaced = {setting.partition("=")[0] for setting in against}
        kept = [setting for setting in self.settings if setting.partition("=")[0] not in replaced]
        return select(
            self.slugs, everything=self.everything, settings=[*kept, *against], seed=self.seed, look=self.look
        )


def clip_command(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that choose clips, their parameters and their look, as one `Request`."""

    @wraps(command)
    def with_request(
        slugs: tuple[str, ...], everything: bool, settings: tuple[str, ...], seed: int | None, quality: str | None,
        fps: int | None, theme: str, aspect: str, captions: str, jobs: int | None, traceback: bool, **own: Any,
    ) -> None:  # fmt: skip
        look = Look(theme, Aspect(aspect), CaptionMode(captions))
        preset = QUALITIES.get(quality, Quality(look.short_side, look.fps))
        look = replace(look, short_side=preset.short_side, fps=fps or preset.fps)
        command(Request(slugs, everything, settings, seed, look, jobs or cores(), traceback), **own)

    options = [
        click.argument("slugs", nargs=-1, metavar="[SLUG]..."),
        click.option("--all", "everything", is_flag=True, help="The whole suite."),
        click.option("-q", "quality", type=click.Choice(list(QUALITIES)),
                     help="480p15, 720p30, 1080p60, 1440p60 or 2160p60, as Manim has it. [default: 1080p30]"),
        click.option("--fps", type=click.IntRange(1, 120), help="Frames per second, instead of the quality's."),
        click.option("--theme", type=click.Choice(list(THEMES)), default="dark", show_default=True,
                     help="For dark or for white slides."),
        click.option("--aspect", type=click.Choice([a.value for a in Aspect]), default="16:9", show_default=True,
                     help="Width to height of the frame."),
        click.option("--captions", type=click.Choice([m.value for m in CaptionMode]), default="burned",
                     show_default=True, help="In the picture too, only in side files, or none."),
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE",
                     help="A parameter, e.g. --set learning_rate=0.3 or --set 'matrix=[[1,1],[0,1]]'."),
        click.option("--seed", type=int, help="The seed, for explainers that draw random numbers."),
        click.option("-j", "--jobs", type=click.IntRange(1, 256), help="Clips at once. [default: one per core]"),
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
@click.argument("slug")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter.")
def facts(slug: str, settings: tuple[str, ...]) -> None:
    """Print the parameters and the computed facts of an explainer, as JSON."""
    explainer = configure(slug, settings)
    result = {"explainer": slug, "parameters": explainer.settings(), "facts": explainer.facts()}
    click.echo(json.dumps(result, indent=2, ensure_ascii=False))


@cli.command()
@clip_command
@click.option("--out", type=click.Path(path_type=Path), default=MEDIA, help="Folder for the clips. [default: media]")
@click.option("--force", is_flag=True, help="Render again even what is up to date.")
def render(request: Request, out: Path, force: bool) -> None:
    """Render clips: a folder each, with video, poster, captions, chapters and provenance."""
    clips = request.clips()
    out = writable_folder(out)
    stale = [clip for clip in clips if force or not is_fresh(out / clip.name, clip.key())]
    for clip in clips:
        if clip not in stale:
            click.echo(f"{clip.name}: up to date", err=True)
    run_jobs([(clip, out / clip.name, "render", {"force": force}) for clip in stale], request)


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
@click.option("--out", type=click.Path(path_type=Path), default=MEDIA / "sheets",
              help="Folder for the sheets. [default: media/sheets]")  # fmt: skip
def sheet(
    request: Request, transition: int | None, against: tuple[str, ...], eyes: str | None, half: bool, out: Path
) -> None:
    """Make contact sheets: one PNG per clip with a still and its caption for each beat."""
    clips = request.clips()
    others = request.clips(against) if against else [None] * len(clips)
    out = writable_folder(out)
    work = []
    for clip, other in zip(clips, others, strict=True):
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
@click.option("--json", "as_json", is_flag=True, help="Every finding, allowed ones too, as JSON.")
@click.option("--stills", type=click.Path(path_type=Path), default=MEDIA / "checks",
              help="Folder for stills with what is wrong outlined. [default: media/checks]")  # fmt: skip
def check(request: Request, as_json: bool, stills: Path) -> None:
    """Look at clips for what makes them worse: overlaps, faint or small text, captions too fast to read, flashes …

    Exits with 1 if there is an error; warnings are told but let pass.
    """
    from studio.check.report import has_errors, to_lines

    clips = request.clips()
    stills = writable_folder(stills)
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


def run_jobs(
    work: list[tuple[Clip, Path, str, dict]],
    request: Request,
    on_done: Callable[[Any], None] | None = None,
) -> None:
    """Run jobs in worker processes, telling `on_done` of each that ended well; exits with 1 if one failed."""
    from studio.batch import Job, run
    from studio.progress import Display

    if not work:
        return
    jobs = [Job(*item) for item in work]
    with Display(len(jobs)) as display:
        for event in run(jobs, request.jobs):
            display.show(event)
            if on_done and event.kind == "done":
                on_done(event)
    for event in display.failures if request.traceback else []:
        click.echo(event.data["log"], err=True)
    for line in display.summary():
        click.echo(line, err=True)
    if display.failures:
        sys.exit(1)


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
@click.option("--pillar", type=click.Choice([p.value for p in Pillar]), default="calculus", show_default=True,
              help="Where the explainer belongs.")  # fmt: skip
def new(slug: str, pillar: str) -> None:
    """Start an explainer: its mathematics, scene and test, from a template that runs at once."""
    from studio.scaffold import create

    for path in create(slug, Pillar(pillar)):
        click.echo(path)


def main() -> None:
    """Run the command line; every user error is one sentence and exit code 2."""
    try:
        sys.exit(cli.main(standalone_mode=False))
    except SelectionError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"Error: {error.format_message()}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
