"""Checks one clip: plays it, asks every rule, honours what the scene allows, and keeps stills of what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scenes.stage.scene import Allowance, BeatListener, ExplainerScene
from studio.check.finding import Finding, Severity
from studio.check.outline import save_still
from studio.check.rules import RULE_IDS, RULES
from studio.check.still import Still
from studio.check.watch import watch
from studio.clip import Clip

SHORT_SIDE = 540
"""Pixels in which stills are judged: half of what is rendered, with the same proportions, and a fourth of the work."""
UNKNOWN_RULE = "unknown-rule"
"""Id of the finding that a scene allows a rule which does not exist."""


def check_clip(clip: Clip, stills: Path | None = None, on_beat_start: BeatListener | None = None) -> list[Finding]:
    """Everything that is wrong with a clip, allowed findings included.

    Args:
        clip: the clip; its size and frame rate do not matter.
        stills: folder for a picture of each beat in which something is wrong, the culprits outlined.
        on_beat_start: told about each beat, so that a failure can be placed.
    """
    small = Clip(clip.explainer, replace(clip.look, short_side=SHORT_SIDE))
    rules = [rule() for rule in RULES]
    findings: dict[tuple, Finding] = {}
    last: list[Still] = []
    if stills is not None and stills.exists():
        for old in stills.glob("beat-*.png"):
            old.unlink()

    def look(still: Still) -> None:
        last[:] = [still]
        new = []
        for rule in rules:
            for finding in rule.at_still(still):
                finding.beat, finding.chapter = still.beat.index, still.beat.chapter
                finding.allowed = reason_for(finding, still.scene.allowances)
                known = findings.setdefault(finding.key, finding)
                if known is finding:
                    new.append(finding)
                elif known.beat != finding.beat and finding.beat not in known.also_in:
                    known.also_in.append(finding.beat)
        wrong = [finding for finding in new if not finding.allowed and finding.boxes]
        for number, finding in enumerate(wrong, 1):
            finding.number = number
        if wrong and stills is not None:
            save_still(still, wrong, stills / f"beat-{still.beat.index}.png")

    scene = watch(small, look, on_beat_start)
    everything = list(findings.values())
    for rule in rules if last else ():
        everything.extend(rule.at_end(last[0]))
    for finding in everything:
        finding.allowed = finding.allowed or reason_for(finding, scene.allowances)
    return [*everything, *unknown_rules(scene)]


def reason_for(finding: Finding, allowances: list[Allowance]) -> str | None:
    """The reason with which a scene allows a finding; None when it does not."""
    for allowance in allowances:
        if allowance.rule != finding.rule:
            continue
        if allowance.mobject is None:
            return allowance.reason
        family = {id(part) for part in allowance.mobject.get_family()}
        if any(id(part) in family for mobject in finding.culprits for part in mobject.get_family()):
            return allowance.reason
    return None


def unknown_rules(scene: ExplainerScene) -> list[Finding]:
    """A finding for each allowance of a rule that does not exist."""
    names = sorted({allowance.rule for allowance in scene.allowances} - RULE_IDS)
    return [
        Finding(
            UNKNOWN_RULE,
            Severity.ERROR,
            f"the scene allows “{name}”, which is no rule; rules are {', '.join(sorted(RULE_IDS))}",
        )
        for name in names
    ]
