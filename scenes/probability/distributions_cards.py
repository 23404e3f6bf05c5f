"""The closing card of the distribution zoo: a panel for each family, with mean dot and bracket."""

from __future__ import annotations

from collections.abc import Sequence

from manim import VMobject

from explainers.probability.distributions import FamilyCard
from scenes.pictures.family_panel import FamilyPanel
from scenes.stage.stage import Stage
from scenes.stage.text import Size
from scenes.stage.zones import Zone

PANEL_RATIO = 1.5
"""Width to height of a panel that looks best."""
ROW_GAP, COLUMN_GAP = 0.35, 0.4
"""Between panels, in scene units."""


def plain(value: float) -> str:
    """A number in words: three digits at most, no needless zeros."""
    return f"{value + 0.0:.3g}".replace("-", "−")


class FamilyCards:
    """Panels in rows; what tosses tend to has the colour that outlines and curves have.

    Args:
        stage: the stage.
        zone: room for all panels.
        cards: the families, in order.
        insight: a sentence for the cell that is left over, if there is one and it fits.

    Attributes:
        panels: one for each card.
        insight: the sentence in its place, or None.
    """

    def __init__(self, stage: Stage, zone: Zone, cards: Sequence[FamilyCard], insight: str) -> None:
        cells, spare = panel_cells(zone, len(cards))
        self.insight: VMobject | None = None
        if spare is not None:
            words = stage.paragraph(insight, spare.width, Size.LABEL, align="center").move_to(spare.center)
            self.insight = words if words.height <= spare.height else None
        if self.insight is None:
            cells = centred(cells, zone)
        numbers = [(plain(card.mean), plain(card.standard_deviation)) for card in cards]
        notes = [f"mean {mean}, $sigma$ {deviation}" for mean, deviation in numbers]
        if not _fit(stage, notes, cells[0].width):
            notes = [f"{mean} $plus.minus$ {deviation}" for mean, deviation in numbers]
        knobs = [f"({', '.join(plain(value) for value in card.parameters.values())})" for card in cards]
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
                role="input" if card.name in ("bernoulli", "binomial") else "model",
            )
            for card, cell, knob, note in zip(cards, cells, knobs, notes, strict=True)
        ]

    def put_spreads(self, share: float) -> None:
        """Draw this share of every bracket."""
        for panel in self.panels:
            panel.put_spread(share)


def _fit(stage: Stage, labels: Sequence[str], width: float) -> bool:
    return all(stage.words(markup, Size.LABEL).width <= width for markup in labels)


def panel_cells(zone: Zone, count: int) -> tuple[list[Zone], Zone | None]:
    """Cells for so many panels, as large as possible; and the cell that is left over, if there is just one."""
    columns = max(range(1, count + 1), key=lambda c: min(zone.width / c / PANEL_RATIO, zone.height / -(-count // c)))
    rows = zone.rows(*[1] * -(-count // columns), gap=ROW_GAP)
    cells = [cell for row in rows for cell in row.columns(*[1] * columns, gap=COLUMN_GAP)]
    return cells[:count], (cells[count] if len(cells) == count + 1 else None)


def centred(cells: list[Zone], zone: Zone) -> list[Zone]:
    """The same cells, with those of an unfinished last row moved to the middle of the zone."""
    last = [cell for cell in cells if cell.top == cells[-1].top]
    shift = zone.center[0] - (last[0].left + last[-1].right) / 2
    moved = [Zone(cell.left + shift, cell.bottom, cell.right + shift, cell.top) for cell in last]
    return cells[: -len(last)] + moved
