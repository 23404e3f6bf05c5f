"""The closing card of the distribution zoo: a panel for each family, with mean dot and bracket."""

from __future__ import annotations

from collections.abc import Sequence

from explainers.probability.distributions import Distributions, Family
from scenes.pictures.family_panel import FamilyPanel
from scenes.stage.stage import Stage
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

PANEL_RATIO = 1.5
"""Width to height of a panel that looks best."""
ROW_GAP, COLUMN_GAP = 0.35, 0.4
"""Between panels, in scene units."""
TOSSES: tuple[Family, ...] = ("bernoulli", "binomial")
"""The families of tosses themselves; the others are what these tend to."""


def plain(value: float) -> str:
    """A number in words: three digits at most, no needless zeros."""
    return f"{value + 0.0:.3g}".replace("-", "−")


def share_decimals(zoo: Distributions) -> int:
    """Digits after the point that tell every success probability on screen to within 2 %."""
    shares = [zoo.p, *(step.p for step in zoo.poisson_limit)]
    enough = (d for d in (2, 3) if all(abs(round(share, d) - share) <= 0.02 * share for share in shares))
    return next(enough, 4)


def moment_decimals(name: Family) -> int:
    """Digits after the point of a mean or deviation, as the family's own beats show them."""
    return 3 if name == "exponential" else 2


class FamilyCards:
    """Panels in rows; what tosses tend to has the colour that outlines and curves have.

    Args:
        stage: the stage.
        zone: room for all panels.
        zoo: whose families they are.

    Attributes:
        panels: one for each card.
    """

    def __init__(self, stage: Stage, zone: Zone, zoo: Distributions) -> None:
        cards, decimals = zoo.cards, share_decimals(zoo)
        cells = centred(panel_cells(zone, len(cards)), zone)
        numbers = [
            tuple(format_number(value, moment_decimals(card.name)) for value in (card.mean, card.standard_deviation))
            for card in cards
        ]
        notes = [f"mean {mean}, $sigma$ {deviation}" for mean, deviation in numbers]
        if not _fit(stage, notes, cells[0].width):
            notes = [f"{mean} $plus.minus$ {deviation}" for mean, deviation in numbers]
        knobs = [f"({', '.join(_knob(*knob, decimals) for knob in card.parameters.items())})" for card in cards]
        if not _fit(stage, [card.name + knob for card, knob in zip(cards, knobs, strict=True)], cells[0].width):
            knobs = [""] * len(cards)
        self.panels = [
            FamilyPanel(
                stage,
                cell,
                card.name.capitalize(),
                knob,
                note,
                card.x,
                card.heights,
                discrete=card.discrete,
                mean=card.mean,
                deviation=card.standard_deviation,
                role="input" if card.name in TOSSES else "model",
                outlined=card.discrete and card.name not in TOSSES,
            )
            for card, cell, knob, note in zip(cards, cells, knobs, notes, strict=True)
        ]

    def put_spreads(self, share: float) -> None:
        """Draw this share of every bracket."""
        for panel in self.panels:
            panel.put_spread(share)


def _knob(name: str, value: float, decimals: int) -> str:
    return format_number(value, decimals) if name == "p" else plain(value)


def _fit(stage: Stage, labels: Sequence[str], width: float) -> bool:
    return all(stage.words(markup, Size.LABEL).width <= width for markup in labels)


def panel_cells(zone: Zone, count: int) -> list[Zone]:
    """Cells for so many panels, as large as possible."""
    columns = max(range(1, count + 1), key=lambda c: min(zone.width / c / PANEL_RATIO, zone.height / -(-count // c)))
    rows = zone.rows(*[1] * -(-count // columns), gap=ROW_GAP)
    cells = [cell for row in rows for cell in row.columns(*[1] * columns, gap=COLUMN_GAP)]
    return cells[:count]


def centred(cells: list[Zone], zone: Zone) -> list[Zone]:
    """The same cells, with those of an unfinished last row moved to the middle of the zone."""
    last = [cell for cell in cells if cell.top == cells[-1].top]
    shift = zone.center[0] - (last[0].left + last[-1].right) / 2
    moved = [Zone(cell.left + shift, cell.bottom, cell.right + shift, cell.top) for cell in last]
    return cells[: -len(last)] + moved
