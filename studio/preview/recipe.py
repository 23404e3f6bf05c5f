"""The setting that is on the screen, to take along: as a command, and as the entry of a lecture file."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

from explainers import own_file
from studio.clip import Clip, differences
from studio.preview.wish import LOOK_FIELDS, AnyClip, Wish


def command(wish: Wish, clip: AnyClip, base: AnyClip) -> str:
    """The command that renders this clip. What is set within a lecture has no options, so the entry says it."""
    words = ["python", "render.py", "render", wish.source]
    if wish.clip is not None:
        words.append(wish.clip)
    elif isinstance(clip, Clip):
        for name, value in clip.explainer.changed_settings().items():
            words += ["--set", f"{name}={_plain(value)}"]
    for name, value in _changed_look(clip, base).items():
        words += [f"--{name}", value]
    return shlex.join(words)


def entry(wish: Wish, clip: AnyClip, base: AnyClip) -> str:
    """The `[[clip]]` of a lecture file that makes this clip."""
    lines = ["[[clip]]"]
    folder = Path(wish.source).parent if wish.clip is not None else Path()
    if isinstance(clip, Clip):
        own = own_file(type(clip.explainer))
        lines.append(f"explainer = {_toml(_path(own, folder) if own else clip.slug)}")
        lines += [f"{name} = {_toml(value)}" for name, value in clip.explainer.changed_settings().items()]
    else:
        lines.append(f"scene = {_toml(f'{_path(clip.path, folder)}:{clip.scene}')}")
    if wish.clip is not None:
        lines.insert(2, f"name = {_toml(wish.clip)}")
    look = _changed_look(clip, base)
    if look:
        lines.append("look = { " + ", ".join(f"{name} = {_toml(value)}" for name, value in look.items()) + " }")
    return "\n".join(lines) + "\n"


def _path(file: Path, folder: Path) -> str:
    """A file as a lecture in this folder names it."""
    return Path(os.path.relpath(file, folder)).as_posix()


def _changed_look(clip: AnyClip, base: AnyClip) -> dict[str, str]:
    changed = differences(clip.look.to_json(), base.look.to_json())
    return {name: changed[name] for name in LOOK_FIELDS if name in changed}


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _toml(value: Any) -> str:
    """A plain value as TOML, which reads JSON's numbers, texts, truths and lists as they are; there is no null."""
    return json.dumps(value, ensure_ascii=False)
