"""A static site of the clips: posters that play under the pointer, search and filters, a page per clip."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explainers import references
from explainers.coverage import coverage
from scenes.stage.look import Look
from studio.publish import files
from studio.publish.clip import Publication, RenderedClip
from studio.publish.html import ASSETS
from studio.publish.media import Media
from studio.publish.pages import human, page
from studio.publish.snippets import Source, snippet, source
from studio.publish.target import Target, write_assets, write_text

EMBEDS = (
    ("Web page, as a frame", "iframe.html"),
    ("Web page, the video alone", "video.html"),
    ("reveal.js", "revealjs.html"),
    ("Quarto", "quarto.md"),
    ("Jupyter", "jupyter.py"),
    ("LaTeX Beamer", "beamer.tex"),
    ("Moodle", "moodle.html"),
    ("Markdown", "markdown.md"),
)
LOOK_OPTIONS = ("theme", "aspect", "captions", "language")
"""Fields of the look that the command line has an option for of the same name."""


@dataclass(frozen=True)
class Setting:
    """A row of the table of parameters."""

    name: str
    value: Any
    description: str
    unit: str
    allowed: str
    option: str


@dataclass(frozen=True)
class Entry:
    """What the pages tell about one clip."""

    clip: RenderedClip
    pillar: str
    works: tuple[str, ...]

    @property
    def words(self) -> str:
        """All that a search looks at, in lower case."""
        clip = self.clip
        chapters = [beat.chapter for beat in clip.beats]
        parts = [clip.title, clip.insight, clip.name, human(self.pillar), *clip.references,
                 *clip.references.values(), *chapters, *map(human, clip.settings)]  # fmt: skip
        return " ".join(parts).lower()


def write(publication: Publication, folder: Path) -> None:
    """The whole site."""
    entries = [entry(clip) for clip in publication.clips]
    write_assets(folder / "assets", (*ASSETS, "gallery.js", "gallery.css"))
    pillars = list(dict.fromkeys(each.pillar for each in entries if each.pillar))
    codes = list(dict.fromkeys(code for each in entries for code in each.works))
    works = {code: references.works().get(code, code) for code in codes}
    site = {"title": publication.title, "minutes": round(sum(clip.duration for clip in publication.clips) / 60)}
    previews = {clip.name: f"{Media(clip).key_beat.index:02d}{clip.video.suffix}" for clip in publication.clips}
    index = page("gallery.html", site=site, entries=entries, pillars=pillars, works=works, previews=previews)
    write_text(folder / "index.html", index)
    write_text(folder / "coverage.html", page("coverage.html", site=site, works=works_covered(publication)))
    for position, each in enumerate(entries):
        files.write_clip(each.clip, folder / "media" / each.clip.name)
        around = (entries[position - 1], entries[(position + 1) % len(entries)]) if len(entries) > 1 else ()
        write_text(folder / "clips" / f"{each.clip.name}.html", clip_page(each, site, around))
        write_text(folder / "players" / f"{each.clip.name}.html", player_page(each.clip))


def entry(clip: RenderedClip) -> Entry:
    """What the pages tell about a clip; a foreign one has neither pillar nor works."""
    works = dict.fromkeys(code.replace(":", " ").split()[0] for code in clip.references)
    return Entry(clip, clip.explainer.pillar.value if clip.explainer else "", tuple(works))


def works_covered(publication: Publication) -> list[dict[str, Any]]:
    """Every reference work with its sections and, for each, the published clips that illustrate it."""
    clips = [clip for clip in publication.clips if clip.explainer]
    works = []
    for work in coverage():
        sections = [(s, [clip for clip in clips if clip.explainer.slug in s.explainers]) for s in work.sections]
        works.append({"name": work.name, "sections": sections, "done": sum(bool(shown) for _, shown in sections)})
    return works


def sources(clip: RenderedClip) -> list[Source]:
    """The videos a page may play, the first one that the browser can."""
    names = dict.fromkeys([clip.video.name, Media(clip).webm.name])
    return [source(name) for name in names]


def player_page(clip: RenderedClip) -> str:
    """The page that is nothing but the player."""
    return page("player.html", clip=clip, media=f"../media/{clip.name}", assets="../assets", sources=sources(clip))


def clip_page(each: Entry, site: dict[str, Any], around: tuple[Entry, ...]) -> str:
    """The page of one clip."""
    clip = each.clip
    media = f"../media/{clip.name}"
    embeds = [(title, snippet(form, clip, player=f"players/{clip.name}.html")) for title, form in EMBEDS]
    return page(
        "clip.html",
        site=site,
        each=each,
        clip=clip,
        media=media,
        sources=sources(clip),
        settings=settings(clip),
        command=command(clip),
        facts={human(name): fact for name, fact in clip.facts.items()},
        works=references.works(),
        embeds=embeds,
        downloads=files.downloads(clip),
        around=around,
    )


def settings(clip: RenderedClip) -> list[Setting]:
    """The parameters with what the explainer says of them, where the clip has one."""
    declared = clip.explainer.parameters() if clip.explainer else {}
    rows = []
    for name, value in clip.settings.items():
        told = declared.get(name)
        words = (told.description, told.unit, told.allowed) if told else ("", "", "")
        rows.append(Setting(name, value, *words, shlex.join(["--set", f"{name}={setting_text(value)}"])))
    return rows


def command(clip: RenderedClip) -> str | None:
    """The command that renders this clip; none for one that is no explainer's."""
    if clip.explainer is None:
        return None
    defaults = clip.explainer().settings()
    words = ["python", "render.py", "render", clip.explainer.slug]
    for name, value in clip.settings.items():
        if value != defaults.get(name):
            words += ["--set", f"{name}={setting_text(value)}"]
    look, default = clip.record.get("look") or {}, Look().to_json()
    for name in LOOK_OPTIONS:
        if look.get(name, default[name]) != default[name]:
            # A theme of someone's own is told whole; the command line takes its file.
            said = look[name] if isinstance(look[name], str) else f"{look[name]['name']}.toml"
            words += [f"--{name}", said]
    return shlex.join(words)


def setting_text(value: Any) -> str:
    """A parameter's value as `--set` reads it: JSON, but text without quotes where that is safe."""
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError:
            return value
    return json.dumps(value, ensure_ascii=False)


NEEDS = ("poster_webp", "small_poster", "stills", "beat_clips", "webm", "preview_webp", "preview_gif")
TARGET = Target("gallery", "a static site of all clips", NEEDS, write)
