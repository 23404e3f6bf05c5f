"""What a run can be asked to do. Each task takes the order, the wire to the server, and what was read so far."""

from __future__ import annotations

import os
import shutil
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from explainers import ExplainerFileError, UnknownExplainerError, all_explainers, own_file
from scenes.stage.language import languages_of
from scenes.stage.look import Aspect, CaptionMode
from scenes.stage.theme import THEMES
from studio import batch
from studio.check.run import check_clip
from studio.clip import Clip
from studio.engine.inputs import Inputs
from studio.files import is_fresh
from studio.lecture.reading import read_lecture
from studio.preview import recipe
from studio.preview.draft import BACKGROUND, Draft, fork
from studio.preview.failure import report, short
from studio.preview.wire import Wire
from studio.preview.wish import AnyClip, Wish, WishError, base_of, clip_of
from studio.problems import SelectionError

PUBLISHED = ("html", "files")
"""What the page's publish button makes: a player to put anywhere, and every file one may need."""


def catalogue(order: dict[str, Any], wire: Wire, inputs: Inputs) -> int:
    """Tell all that can be chosen: what was named, in groups, and the whole suite after it."""
    media = Path(order["media"])
    entries = []
    for name in order["names"]:
        if name.endswith(".toml"):
            lecture = read_lecture(Path(name))
            folder = media / "lectures" / Path(name).stem
            entries += [_entry(clip, lecture.title, name, clip.name, folder) for clip in lecture.clips]
        elif name.endswith(".py") or ".py:" in name:
            entries.append(_entry(base_of(Wish(name)), "Yours", name, None, media))
    for slug, explainer in all_explainers().items():
        group = explainer.pillar.value.replace("_", " ").capitalize()
        entries.append(_entry(Clip(explainer()), group, slug, None, media))
    wire.tell("catalogue", entries=entries, inputs=sorted(inputs.so_far()))
    return 0


def _entry(clip: AnyClip, group: str, source: str, name: str | None, media: Path) -> dict[str, Any]:
    folder = media / clip.name
    state = "fresh" if is_fresh(folder, clip.key()) else "stale" if folder.is_dir() else "new"
    posters = (folder / "poster.png", media / "posters" / f"{clip.slug}.png")
    return {
        "source": source,
        "clip": name,
        "group": group,
        "name": clip.name,
        "title": clip.title,
        "insight": clip.insight if isinstance(clip, Clip) else clip.path.name,
        "state": state,
        "poster": next((str(path) for path in posters if path.is_file()), None),
    }


def draw(order: dict[str, Any], wire: Wire, inputs: Inputs) -> int:
    """Tell about the clip that a page wishes for, draw it, and look at it for what makes it worse."""
    wish = Wish(**order["wish"])
    try:
        base = base_of(wish)
    except (SelectionError, ExplainerFileError, UnknownExplainerError) as error:
        wire.tell("failed", **report(error, None), inputs=sorted(inputs.so_far()))
        return 1
    try:
        clip = clip_of(wish, base)
        wire.tell("clip", **_about(wish, clip, base))
    except WishError as error:
        wire.tell("refused", problems=error.problems)
        return 1
    code = Draft(clip, wish, wire, inputs).draw()
    if code == 0 and isinstance(clip, Clip):
        _in_child(lambda: _check(clip, wire))
    wire.tell("drawn", ok=code == 0)
    return code


def _in_child(work: Callable[[], None]) -> None:
    """Do this in a process of its own, and let nothing but the terminal know if it fails."""
    pid = fork()
    if pid:
        os.waitpid(pid, 0)
        return
    try:
        work()
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(0)


def _check(clip: Clip, wire: Wire) -> None:
    os.nice(BACKGROUND)
    findings = check_clip(clip, on_beat_start=lambda scene, beat: wire.tell("alive"))
    wire.tell("findings", findings=[finding.to_json() for finding in findings], frame=clip.look.frame)


def _about(wish: Wish, clip: AnyClip, base: AnyClip) -> dict[str, Any]:
    """All that the page shows of a clip beside its pictures."""
    about = {
        "source": wish.source,
        "clip": wish.clip,
        "title": clip.title,
        "name": clip.name,
        "look": {name: clip.look.to_json()[name] for name in ("aspect", "captions", "language")},
        "theme": clip.look.colors.name,
        "themes": list(THEMES),
        "languages": list(languages_of(clip.slug)) if isinstance(clip, Clip) else [],
        "aspects": [str(aspect) for aspect in Aspect],
        "captionModes": [str(mode) for mode in CaptionMode],
        "pixels": clip.look.pixels,
        "command": recipe.command(wish, clip, base),
        "entry": recipe.entry(wish, clip, base),
        "insight": "", "references": [], "facts": {}, "parameters": [], "file": None,
    }  # fmt: skip
    if isinstance(clip, Clip):
        explainer = clip.explainer
        own = own_file(type(explainer))
        about |= {
            "insight": clip.insight,
            "references": list(explainer.references),
            "facts": explainer.facts(),
            "parameters": _parameters(explainer, base),
            "file": str(own) if own else None,
        }
    return about


def _parameters(explainer: Any, base: AnyClip) -> list[dict[str, Any]]:
    values, given = explainer.settings(), base.explainer.settings()
    return [
        {
            "name": parameter.name,
            "description": parameter.description,
            "unit": parameter.unit,
            "allowed": parameter.allowed,
            "schema": dict(parameter.schema),
            "value": values[parameter.name],
            "default": given[parameter.name],
        }
        for parameter in explainer.parameters().values()
    ]


def make(order: dict[str, Any], wire: Wire, inputs: Inputs) -> int:
    """Render the clip in full quality, and publish it if that is wished."""
    wish = Wish(**order["wish"])
    try:
        base = base_of(wish)
        clip = clip_of(wish, base)
        folder = Path(order["media"])
        if wish.clip is not None:
            folder = folder / "lectures" / Path(wish.source).stem
        target = folder / clip.name
        _render(clip, target, wire)
        if order["publish"]:
            _publish(target, Path(order["media"]) / "published" / clip.name, wire)
        else:
            wire.tell("made", path=str(short(target)))
    except (SelectionError, ExplainerFileError, UnknownExplainerError, WishError) as error:
        wire.tell("unmade", message=str(error))
        return 1
    return 0


def _render(clip: AnyClip, target: Path, wire: Wire) -> None:
    """Render into `target`, telling how far it is and how many seconds are left."""
    if is_fresh(target, clip.key()):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    total, began = 0, time.monotonic()
    for event in batch.run([batch.Job(clip, target)], workers=1):
        if event.kind == "planned":
            total = event.data["total"]
        elif event.kind == "progress" and total:
            done = min(event.data["frames"] / total, 1.0)
            left = (time.monotonic() - began) * (1 - done) / done if done else None
            wire.tell("progress", done=done, left=left)
        elif event.kind == "failed":
            raise SelectionError(event.data["message"])


def _publish(clip: Path, to: Path, wire: Wire) -> None:
    """Publish in a process of its own: an encoder that is at work in a thread cannot be asked to stop, only ended."""
    wire.tell("progress", done=1.0, left=None)
    is_new = not to.exists()
    pid = os.fork()
    if pid == 0:
        os._exit(_press(clip, to, wire))
    try:
        os.waitpid(pid, 0)
    except SystemExit:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        _sweep(clip, to, is_new=is_new)
        raise


def _press(clip: Path, to: Path, wire: Wire) -> int:
    from studio.publish.clip import Publication, RenderedClip
    from studio.publish.press import publish
    from studio.publish.targets import chosen

    try:
        to.mkdir(parents=True, exist_ok=True)
        publish(Publication(None, (RenderedClip.read(clip),)), to, chosen(",".join(PUBLISHED)))
    except SelectionError as error:
        wire.tell("unmade", message=str(error))
    except Exception as error:
        traceback.print_exc()
        wire.tell("unmade", message=report(error, None)["message"])
    else:
        wire.tell("made", path=str(short(to)))
        return 0
    return 1


def _sweep(clip: Path, to: Path, *, is_new: bool) -> None:
    """Remove what a publication that was ended has left half-made; what it has replaced whole stays."""
    derived = clip.parent / ".derived" / clip.name
    for remains in [*([to] if is_new else to.glob(".*.new.*")), *derived.glob(".*.new")]:
        shutil.rmtree(remains, ignore_errors=True)


TASKS: dict[str, Callable[[dict[str, Any], Wire, Inputs], int]] = {"catalogue": catalogue, "draw": draw, "make": make}
"""By name."""
