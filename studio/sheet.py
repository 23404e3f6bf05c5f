"""Contact sheets: stills with their captions on one PNG, set by Typst."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import typst
from PIL import Image

from studio.clip import Clip
from studio.files import replace_file

CELL_WIDTH = 640
"""Width of one still on a sheet, in pixels, for a wide frame; taller frames get narrower cells."""


def write_sheet(clip: Clip, pictures: list[tuple[str, np.ndarray]], heading: str, target: Path) -> None:
    """Write labelled pictures as one PNG.

    Args:
        clip: whose pictures they are; its look decides columns and colours.
        pictures: (label, RGBA array) in reading order.
        heading: the line on top.
        target: the PNG to write.
    """
    ratio = clip.look.aspect.ratio
    columns = 3 if ratio > 1 else 5
    cell = CELL_WIDTH if ratio > 1 else CELL_WIDTH * 0.6
    theme = clip.look.colors
    with TemporaryDirectory(prefix="sheet-") as folder:
        entries = []
        for index, (label, pixels) in enumerate(pictures):
            picture = Image.fromarray(pixels).convert("RGB")
            picture.thumbnail((int(2 * cell), 10_000), Image.Resampling.LANCZOS)
            picture.save(Path(folder, f"{index}.png"))
            entries.append(
                f"[#image({json.dumps(f'{index}.png')}, width: 100%) #{json.dumps(label, ensure_ascii=False)}]"
            )
        source = Path(folder, "sheet.typ")
        source.write_text(
            f"""#set page(width: {columns * (cell + 12) + 12}pt, height: auto, margin: 12pt)
#set page(fill: rgb("{theme.surface}"))
#set text(size: {0.03 * cell + 3}pt, fill: rgb("{theme.text}"), font: "New Computer Modern")
#text(size: 1.5em)[#{json.dumps(heading, ensure_ascii=False)}]
#grid(columns: {columns}, gutter: 12pt, {", ".join(entries)})
""",
            encoding="utf-8",
        )
        replace_file(target, typst.compile(str(source), format="png", ppi=72.0))
