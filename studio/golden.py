"""Golden stills: a small picture per beat that a scene is compared with. `python -m studio.golden` renews them."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from explainers import all_explainers
from scenes.stage.look import Look
from studio import stagehand
from studio.clip import PROJECT, Clip
from studio.files import replace_file
from studio.similarity import difference, ssim

GOLDEN = PROJECT / "tests" / "golden"
LOOK = Look(short_side=240, fps=15)
SSIM_AT_LEAST = 0.99
"""Another machine's anti-aliasing stays above this; a moved label does not."""
TILE, TILE_CHANGE_AT_MOST = 18, 22.0
"""A small change hardly moves the SSIM of a whole frame: no tile of 18×18 pixels may change by more on average."""


@dataclass(frozen=True)
class Comparison:
    """One beat's still against its golden picture."""

    beat: int
    ssim: float
    tile_change: float
    picture: np.ndarray | None = None

    @property
    def matches(self) -> bool:
        """Whether the two show the same."""
        return self.ssim >= SSIM_AT_LEAST and self.tile_change <= TILE_CHANGE_AT_MOST


def take_stills(slug: str) -> dict[int, np.ndarray]:
    """The stills of an explainer's default clip by beat, RGB."""
    clip = Clip(all_explainers()[slug](), LOOK)
    with stagehand.configured(clip):
        return {beat.index: pixels[:, :, :3] for beat, pixels in stagehand.stills(clip)}


def golden_path(slug: str, beat: int, folder: Path = GOLDEN) -> Path:
    """Where the golden picture of a beat lies."""
    return folder / slug / f"{beat}.png"


def compare(pixels: np.ndarray, path: Path, beat: int) -> Comparison:
    """Compare a still with the golden picture at `path`; a missing one matches nothing."""
    if not path.exists():
        return Comparison(beat, 0.0, 255.0, pixels)
    golden = np.asarray(Image.open(path).convert("RGB"))
    if golden.shape != pixels.shape:
        return Comparison(beat, 0.0, 255.0, pixels)
    change = np.abs(golden.astype(float) - pixels.astype(float)).max(axis=2)
    rows, columns = (length // TILE * TILE for length in change.shape)
    tiles = change[:rows, :columns].reshape(rows // TILE, TILE, columns // TILE, TILE).mean(axis=(1, 3))
    return Comparison(beat, ssim(golden, pixels), float(tiles.max()), difference(golden, pixels))


def renew(slug: str, folder: Path = GOLDEN) -> list[Comparison]:
    """Write the golden pictures that changed, drop those of beats that are gone; tells how each compared."""
    stills = take_stills(slug)
    results = []
    for beat, pixels in stills.items():
        path = golden_path(slug, beat, folder)
        result = compare(pixels, path, beat)
        results.append(result)
        if not result.matches:
            # In full colour: a reduced palette alone would cost a shaded surface a hundredth of similarity.
            replace_file(path, full_png(pixels))
    for path in (folder / slug).glob("*.png"):
        if int(path.stem) not in stills:
            path.unlink()
    return results


def full_png(pixels: np.ndarray) -> bytes:
    """A PNG in full colour."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def small_png(pixels: np.ndarray) -> bytes:
    """A small PNG: 256 colours, chosen by octree, which keeps the rare ones that carry meaning."""
    buffer = io.BytesIO()
    picture = Image.fromarray(pixels).quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    picture.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def main(slugs: list[str]) -> None:
    """Renew the golden stills of these explainers, or of all, and print what changed."""
    print(f"{'clip':28} {'beat':>4} {'ssim':>7} {'tile':>6}")
    for slug in slugs or list(all_explainers()):
        for result in renew(slug):
            note = "" if result.matches else "  renewed"
            print(f"{slug:28} {result.beat:4d} {result.ssim:7.4f} {result.tile_change:6.1f}{note}")


if __name__ == "__main__":
    main(sys.argv[1:])
