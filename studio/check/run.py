"""Checks one clip: plays it, asks every rule, honours what the scene allows, and keeps stills of what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scenes.stage.scene import Allowance, Beat, BeatListener, ExplainerScene
from studio.check.finding import Finding, Severity
from studio.check.outline import save_still
from studio.check.rules import RULE_IDS, RULES
from studio.check.still import Still
from studio.check.watch import watch
from studio.clip import Clip

SHORT_SIDE = 540
"""Pixels in which stills are judged: half of what is rendered, with the same proportions, and a fourth of the work."""
WRONG_ALLOWANCE = "wrong-allowance"
"""Id of the finding that a scene allows a rule which does not exist, or allows one without a reason."""


def check_clip(clip: Clip, stills: Path | None = None, on_beat_start: BeatListener | None = None) -> list[Finding]:
    """Everything that is wrong with a clip, allowed findings included.

    Args:
        clip: the clip; its size and frame rate do not matter.
        stills: folder for a picture of each beat in which something is wrong, the culprits outlined.
        on_beat_start: told about each beat, so that a failure can be placed.
    """
    small = Clip(clip.explainer, replace(clip.look, short_side=SHORT_SIDE))
    rules, allowed = [rule() for rule in RULES], Allowed()
    findings: dict[tuple, Finding] = {}
    last: list[Still] = []
    if stills is not None and stills.exists():
        for old in stills.glob("beat-*.png"):
            old.unlink()

    def start(scene: ExplainerScene, beat: Beat) -> None:
        allowed.take(scene.allowances, beat=0)
        if on_beat_start:
            on_beat_start(scene, beat)

    def look(still: Still) -> None:
        last[:] = [still]
        allowed.take(still.scene.allowances, still.beat.index)
        new = []
        for rule in rules:
            for finding in rule.at_still(still):
                finding.beat, finding.chapter = still.beat.index, still.beat.chapter
                finding.allowed = allowed.reason_for(finding)
                known = findings.setdefault((finding.key, finding.allowed), finding)
                if known is finding:
                    new.append(finding)
                elif known.beat != finding.beat and finding.beat not in known.also_in:
                    known.also_in.append(finding.beat)
        wrong = [finding for finding in new if not finding.allowed and finding.boxes]
        for number, finding in enumerate(wrong, 1):
            finding.number = number
        if wrong and stills is not None:
            save_still(still, wrong, stills / f"beat-{still.beat.index}.png")

    scene = watch(small, look, start)
    allowed.take(scene.allowances, beat=0)
    everything = list(findings.values())
    for rule in rules if last else ():
        everything.extend(rule.at_end(last[0]))
    for finding in everything:
        finding.allowed = finding.allowed or allowed.reason_for(finding)
    return [*everything, *wrong_allowances(scene)]


class Allowed:
    """What a scene allows, and where: a mobject everywhere; without one the beat in which it is said, if any."""

    def __init__(self) -> None:
        self._all: list[tuple[Allowance, int]] = []

    def take(self, allowances: list[Allowance], beat: int) -> None:
        """Note which of a scene's allowances are new, said in this beat; 0 is for none."""
        self._all += [(allowance, beat) for allowance in allowances[len(self._all) :]]

    def reason_for(self, finding: Finding) -> str | None:
        """The reason with which the scene allows a finding; None when it does not."""
        for allowance, beat in self._all:
            if allowance.rule != finding.rule or not allowance.reason.strip():
                continue
            if allowance.mobject is None:
                if beat in (0, finding.beat):
                    return allowance.reason
                continue
            family = {id(part) for part in allowance.mobject.get_family()}
            if any(id(part) in family for mobject in finding.culprits for part in mobject.get_family()):
                return allowance.reason
        return None


def wrong_allowances(scene: ExplainerScene) -> list[Finding]:
    """A finding for each allowance without a reason, or of a rule that does not exist."""
    found = []
    for name in sorted({allowance.rule for allowance in scene.allowances} - RULE_IDS):
        message = f"the scene allows “{name}”, which is no rule; rules are {', '.join(sorted(RULE_IDS))}"
        found.append(Finding(WRONG_ALLOWANCE, Severity.ERROR, message))
    for name in sorted({allowance.rule for allowance in scene.allowances if not allowance.reason.strip()}):
        found.append(Finding(WRONG_ALLOWANCE, Severity.ERROR, f"the scene allows “{name}” without a reason"))
    return found
