"""All rules, in the order in which they report."""

from __future__ import annotations

from studio.check.color_rules import ColorBlind
from studio.check.motion_rules import Flash, Jump
from studio.check.pace_rules import BeatLength, CaptionSpeed, CaptionWords, ClipLength, Idle
from studio.check.rule import Rule
from studio.check.stage_rules import Leftovers, OutsideMargin, StageUse
from studio.check.text_rules import Contrast, SmallText, TextCrossed, TextOverText

RULES: tuple[type[Rule], ...] = (
    TextOverText,
    TextCrossed,
    OutsideMargin,
    SmallText,
    Contrast,
    ColorBlind,
    CaptionWords,
    CaptionSpeed,
    BeatLength,
    ClipLength,
    Idle,
    Jump,
    Flash,
    StageUse,
    Leftovers,
)
RULE_IDS = frozenset(rule.id for rule in RULES)


def described() -> str:
    """Every rule: its id, how bad it is, what it finds, why that matters and who says so."""
    lines = []
    for rule in RULES:
        what = (rule.__doc__ or "").strip().splitlines()[0]
        lines += [f"{rule.id}  ({rule.severity})", f"    {what} {rule.reason}", f"    Source: {rule.source}."]
    return "\n".join(lines)
