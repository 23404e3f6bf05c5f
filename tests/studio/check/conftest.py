"""Tiny scenes, checked: `found(construct, "rule-id")` gives what a rule says about a scene that does just that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from explainers.model import Explainer, Pillar
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.scene import ExplainerScene
from studio import stagehand
from studio.check.finding import Finding
from studio.check.run import check_clip
from studio.clip import Clip

Construct = Callable[[ExplainerScene], None]


class Sample(Explainer):
    """Stands for any explainer; not in the catalogue."""

    slug = "sample"
    title = "A sample"
    insight = "It can be checked."
    pillar = Pillar.CALCULUS
    references = ("MML 7.1",)


class Hasty(ExplainerScene[Sample]):
    """Ends its beats after a second's rest, whether or not their caption is read."""

    def _hold(self, seconds: float) -> None:
        super()._hold(min(seconds, 1.0))


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Finding]]:
    """Every finding about a scene whose `construct` is given."""

    def run(
        construct: Construct,
        *,
        theme: str = "dark",
        aspect: Aspect = Aspect.WIDE,
        captions: CaptionMode = CaptionMode.SIDECAR,
        stills: Path | None = None,
        base: type[ExplainerScene] = ExplainerScene[Sample],
    ) -> list[Finding]:
        class Story(base):
            explainer_type = Sample

            def construct(self) -> None:
                construct(self)

        monkeypatch.setattr(stagehand, "scene_class", lambda clip: Story)
        return check_clip(Clip(Sample(), Look(theme, aspect, captions)), stills)

    return run


@pytest.fixture
def found(check: Callable[..., list[Finding]]) -> Callable[..., list[Finding]]:
    """What one rule finds in a scene of one beat, which `draw` fills."""

    def run(draw: Construct, rule: str, **look: object) -> list[Finding]:
        def construct(scene: ExplainerScene) -> None:
            with scene.beat("One step.", chapter="One"):
                draw(scene)

        return [finding for finding in check(construct, **look) if finding.rule == rule and not finding.allowed]

    return run
