"""Golden stills: every beat still looks as it did when someone last looked at it and renewed the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explainers import all_explainers
from studio import golden
from studio.similarity import difference, ssim


@pytest.mark.parametrize("slug", sorted(all_explainers()))
def test_every_beat_looks_like_its_golden_still(slug: str, tmp_path: Path) -> None:
    stills = golden.take_stills(slug)
    assert {int(p.stem) for p in (golden.GOLDEN / slug).glob("*.png")} == set(stills)
    changed = []
    for beat, pixels in stills.items():
        result = golden.compare(pixels, golden.golden_path(slug, beat), beat)
        if not result.matches:
            picture = tmp_path / f"{slug}-{beat}.png"
            Image.fromarray(result.picture).save(picture)
            changed.append(f"beat {beat}: SSIM {result.ssim:.4f}, tile {result.tile_change:.0f}; see {picture}")
    assert not changed, "\n".join([*changed, "if the change is meant, look at it and run `make golden`"])


def test_golden_stills_are_small() -> None:
    sizes = [path.stat().st_size for path in golden.GOLDEN.rglob("*.png")]
    assert max(sizes) < 60_000
    assert sum(sizes) < 15_000_000


@pytest.fixture
def drawing() -> np.ndarray:
    """A picture with a "label" of thin strokes on a dark ground."""
    picture = np.full((270, 480, 3), 17, np.uint8)
    picture[100:110, 200:260:3] = 240
    picture[40:230, 50:52] = 120
    return picture


def test_the_comparison_sees_a_moved_label(drawing: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "1.png"
    Image.fromarray(drawing).save(path)
    assert golden.compare(drawing, path, 1).matches
    moved = drawing.copy()
    moved[100:110, 200:260] = 17
    moved[112:122, 200:260:3] = 240
    assert not golden.compare(moved, path, 1).matches
    noisy = (drawing.astype(int) + np.random.default_rng(0).integers(-2, 3, drawing.shape)).clip(0, 255)
    assert golden.compare(noisy.astype(np.uint8), path, 1).tile_change < golden.TILE_CHANGE_AT_MOST


def test_a_missing_or_resized_golden_still_matches_nothing(drawing: np.ndarray, tmp_path: Path) -> None:
    assert not golden.compare(drawing, tmp_path / "none.png", 1).matches
    Image.fromarray(drawing[:100]).save(tmp_path / "1.png")
    assert not golden.compare(drawing, tmp_path / "1.png", 1).matches


def test_similarity_is_one_for_equal_pictures_and_falls_with_change(drawing: np.ndarray) -> None:
    assert ssim(drawing, drawing) == pytest.approx(1.0)
    assert ssim(drawing, 255 - drawing) < 0.5
    assert difference(drawing, drawing)[:, -480:].max() == 0
    with pytest.raises(ValueError, match="different size"):
        ssim(drawing, drawing[:100])
