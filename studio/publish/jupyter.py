"""Jupyter: a notebook with a cell per clip."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from studio.publish.clip import Publication, RenderedClip
from studio.publish.pages import markdown
from studio.publish.snippets import snippet
from studio.publish.target import Target, place_basics, write_text


def write(publication: Publication, folder: Path) -> None:
    """`clips.ipynb` and the videos it embeds when it is run."""
    cells = [_cell("title", "markdown", f"# {markdown(publication.title)}")]
    for clip in publication.clips:
        place_basics(clip, folder / "media" / clip.name)
        cells += _cells(clip)
    notebook = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    write_text(folder / "clips.ipynb", json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def _cells(clip: RenderedClip) -> list[dict[str, Any]]:
    words = f"## {markdown(clip.title)}\n\n{markdown(clip.insight)}".rstrip()
    code = snippet("jupyter.py", clip, f"media/{clip.name}/").strip()
    return [_cell(f"{clip.name}-words", "markdown", words), _cell(f"{clip.name}-video", "code", code)]


def _cell(name: str, kind: str, source: str) -> dict[str, Any]:
    """A cell; its id is told by its name, so that the notebook is the same each time (ids have at most 64 letters)."""
    cell = {"cell_type": kind, "id": re.sub(r"[^A-Za-z0-9_-]", "-", name)[-64:], "metadata": {}, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


TARGET = Target("jupyter", "a notebook with a cell per clip", ("poster_webp",), write)
