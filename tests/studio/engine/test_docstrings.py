"""Twenty of the examples in Manim's own documentation; `make examples` compares all of them."""

from __future__ import annotations

import pytest

from studio.engine.crew import CAN_FORK
from tests.studio.engine.docstrings import compare, examples

CHOSEN = (
    "LagRatios", "TracedPathExample", "DissipatingPathExample", "SuccessionExample", "ShowDrawBorderThenFill",
    "HomotopyExample", "SpeedModifierUpdaterExample2", "ApplyMatrixExample", "Anagram", "LineJointVariants",
    "CapStyleVariants", "CreateScene", "DtUpdater", "BroadcastExample", "MovingCameraCenter", "MovingAndZoomingCamera",
    "LineGradientExample", "PointCloudDotExample", "ContinuousMotion", "CubeExample", "ChangeOfDirection",
)  # fmt: skip


def test_examples_are_found() -> None:
    assert len(examples()) > 300


@pytest.mark.skipif(not CAN_FORK, reason="each example is drawn in a process of its own")
@pytest.mark.parametrize("name", CHOSEN)
def test_an_example_looks_as_with_manim(name: str) -> None:
    outcome = compare(name, examples()[name])
    assert outcome.kind == "equal", outcome
