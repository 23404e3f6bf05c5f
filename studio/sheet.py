"""Contact sheets: stills with their captions on one PNG, set by Typst; also as others see them."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import typst
from PIL import Image

from scenes.stage.color import MACHADO, linear, luminance
from scenes.stage.scene import BeatListener
from studio import stagehand
from studio.clip import Clip
from studio.files import replace_file

CELL_WIDTH = 640
"""Width of one still on a sheet, in pixels, for a wide frame; taller frames get narrower cells."""
EYES = (*MACHADO, "grey")
"""Whose eyes a sheet can be seen with: three colour-vision deficiencies, and a print without colour."""


@dataclass(frozen=True)
class SheetOrder:
    """What a sheet shows: every beat's still, or ten frames across one beat; beside another clip; seen how."""

    beat: int | None = None
    against: Clip | None = None
    eyes: str | None = None
    half: bool = False


def seen_by(pixels: np.ndarray, eyes: str) -> np.ndarray:
    """An 8-bit picture, shape (height, width, 3 or 4), as these eyes see it, shape (height, width, 3)."""
    if eyes == "grey":
        light = np.repeat(luminance(pixels)[..., None], 3, axis=2)
    else:
        light = np.clip(linear(pixels[..., :3] / 255) @ np.array(MACHADO[eyes]).T, 0, 1)
    display = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return (255 * display).round().astype(np.uint8)


def make_sheet(clip: Clip, target: Path, order: SheetOrder, on_beat_start: BeatListener | None = None) -> None:
    """Play a clip (and the one it is compared with) and write its sheet."""
    pictures, heading = _take(clip, order.beat, on_beat_start)
    if order.against is not None:
        others, other_heading = _take(order.against, order.beat, on_beat_start)
        heading = f"{heading}   |   {other_heading}"
        nothing = ("", np.zeros_like(pictures[0][1]))
        pictures = [one for pair in zip_longest(pictures, others, fillvalue=nothing) for one in pair]
    if order.eyes:
        pictures = [(label, seen_by(pixels, order.eyes)) for label, pixels in pictures]
        heading = f"{heading}, as seen by {order.eyes}"
    write_sheet(clip, pictures, heading, target, columns=2 if order.against else None, scale=0.5 if order.half else 1.0)


def _take(clip: Clip, beat: int | None, on_beat_start: BeatListener | None) -> tuple[list[tuple[str, np.ndarray]], str]:
    """Labelled pictures of a clip, and the line above them."""
    with stagehand.configured(clip, fps=stagehand.TRANSITION_FPS):
        if beat is not None:
            frames = stagehand.transition(clip, beat)
            return [(f"{time:.1f} s", pixels) for time, pixels in frames], f"{clip.name}: beat {beat}"
        stills = stagehand.stills(clip, on_beat_start)
    pictures = [(f"{b.index}  {b.start:.0f}–{b.end:.0f} s  {b.caption}", pixels) for b, pixels in stills]
    return pictures, f"{clip.name}: {clip.title} ({stills[-1][0].end:.0f} s)"


def write_sheet(
    clip: Clip,
    pictures: list[tuple[str, np.ndarray]],
    heading: str,
    target: Path,
    *,
    columns: int | None = None,
    scale: float = 1.0,
) -> None:
    """Write labelled pictures as one PNG.

    Args:
        clip: whose pictures they are; its look decides columns and colours.
        pictures: (label, RGB or RGBA array) in reading order.
        heading: the line on top.
        target: the PNG to write.
        columns: stills in a row; by default as many as suit the aspect.
        scale: of the stills; 0.5 shows them as on half a slide.
    """
    ratio = clip.look.aspect.ratio
    columns = columns or (3 if ratio > 1 else 5)
    cell = scale * (CELL_WIDTH if ratio > 1 else CELL_WIDTH * 0.6)
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
#set text(size: {max(11, 0.03 * cell + 3)}pt, fill: rgb("{theme.text}"), font: "New Computer Modern")
#text(size: 1.5em)[#{json.dumps(heading, ensure_ascii=False)}]
#grid(columns: {columns}, gutter: 12pt, {", ".join(entries)})
""",
            encoding="utf-8",
        )
        replace_file(target, typst.compile(str(source), format="png", ppi=72.0))


def write_index(folder: Path, sheets: list[Path]) -> Path:
    """A page that shows these sheets of `folder` one below the other; returns its path."""
    items = "\n".join(
        f'<h2>{html.escape(sheet.stem)}</h2>\n<a href="{html.escape(sheet.name)}">'
        f'<img loading="lazy" src="{html.escape(sheet.name)}" alt="Contact sheet of {html.escape(sheet.stem)}"></a>'
        for sheet in sheets
    )
    page = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Contact sheets</title>
<style>body {{ margin: 2rem auto; max-width: 90rem; padding: 0 1rem; font-family: serif; background: #1b1f2a;
color: #f2f2ee }} img {{ max-width: 100%; height: auto }}</style>
<h1>Contact sheets</h1>
{items}
</html>
"""
    target = folder / "index.html"
    replace_file(target, page)
    return target
