"""The closing card of the distribution zoo: a panel for each family, with mean dot and bracket."""

from __future__ import annotations

from collections.abc import Sequence

from explainers.probability.distributions import Distributions, Family
from scenes.pictures.family_panel import FamilyPanel
from scenes.stage.language import N_, _, in_math, localized, pgettext
from scenes.stage.stage import Stage
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

PANEL_RATIO = 1.5
"""Width to height of a panel that looks best."""
ROW_GAP, COLUMN_GAP = 0.35, 0.4
"""Between panels, in scene units."""
TOSSES: tuple[Family, ...] = ("bernoulli", "binomial")
"""The families of tosses themselves; the others are what these tend to."""
NAMES: dict[Family, str] = {
    "bernoulli": N_("Bernoulli"),
    "binomial": N_("Binomial"),
    "poisson": N_("Poisson"),
    "normal": N_("Normal"),
    "exponential": N_("Exponential"),
}


def plain(value: float) -> str:
    """A number in words: three digits at most, no needless zeros."""
    return localized(f"{value + 0.0:.3g}".replace("-", "−"))


def knobs(*numbers: str) -> str:
    """The parameters of a distribution, already written: "(10, 0.3)"."""
    return f"({separator().join(numbers)})"


def knobs_in_math(*numbers: str) -> str:
    """The same in Typst math, which outside of quotes drops the space that French has before a semicolon."""
    sign = separator()
    between = f'"{sign[0]}"{sign[1:]}' if sign[0].isspace() else sign
    return in_math(f"({between.join(numbers)})")


def separator() -> str:
    """What stands between the parameters of a distribution."""
    # Translators: with a decimal comma another sign has to separate numbers.
    return pgettext("between the parameters of a distribution", ", ")


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
        note = _("mean {mean}, $sigma$ {deviation}")
        notes = [note.format(mean=mean, deviation=deviation) for mean, deviation in numbers]
        if not _fit(stage, notes, cells[0].width):
            notes = [f"{mean} $plus.minus$ {deviation}" for mean, deviation in numbers]
        names = [_(NAMES[card.name]) for card in cards]
        settings = [knobs(*(_knob(*knob, decimals) for knob in card.parameters.items())) for card in cards]
        # In small letters: a capital may reach into the gap between panels.
        titles = [name.lower() + setting for name, setting in zip(names, settings, strict=True)]
        if not _fit(stage, titles, cells[0].width):
            settings = [""] * len(cards)
        self.panels = [
            FamilyPanel(
                stage,
                cell,
                name,
                setting,
                note,
                card.x,
                card.heights,
                discrete=card.discrete,
                mean=card.mean,
                deviation=card.standard_deviation,
                role="input" if card.name in TOSSES else "model",
                outlined=card.discrete and card.name not in TOSSES,
            ).put_note_under_mean()
            for card, cell, name, setting, note in zip(cards, cells, names, settings, notes, strict=True)
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
