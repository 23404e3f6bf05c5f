"""Which section of which reference is illustrated by which explainer, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from explainers import references
from explainers.catalogue import all_explainers


@dataclass(frozen=True)
class Section:
    """One section of a reference work and the explainers that illustrate it."""

    code: str
    title: str
    provisional: bool
    explainers: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """One reference work with its sections, in its own order."""

    short: str
    name: str
    sections: tuple[Section, ...]

    @property
    def illustrated(self) -> tuple[Section, ...]:
        """The sections that at least one explainer illustrates."""
        return tuple(section for section in self.sections if section.explainers)

    @property
    def missing(self) -> tuple[Section, ...]:
        """The sections that none illustrates yet."""
        return tuple(section for section in self.sections if not section.explainers)


def coverage() -> tuple[Work, ...]:
    """The coverage of every reference work by the explainers in the catalogue."""
    by_code: dict[str, list[str]] = {}
    for explainer in all_explainers().values():
        for code in explainer.references:
            by_code.setdefault(code, []).append(explainer.slug)
    return tuple(
        Work(
            short,
            name,
            tuple(
                Section(code, title, references.is_provisional(code), tuple(by_code.get(code, ())))
                for code, title in references.sections_of(short).items()
            ),
        )
        for short, name in references.works().items()
    )


def to_json(works: tuple[Work, ...]) -> list[dict]:
    """Everything, as plain data."""
    return [
        {
            "work": work.short,
            "name": work.name,
            "sections": [
                {
                    "code": section.code,
                    "title": section.title,
                    "provisional": section.provisional,
                    "explainers": list(section.explainers),
                }
                for section in work.sections
            ],
        }
        for work in works
    ]


def to_markdown(works: tuple[Work, ...]) -> str:
    """The summary for the README: a row per work."""
    rows = ["| reference | sections | illustrated | by |", "|---|---:|---:|---|"]
    for work in works:
        slugs = sorted({slug for section in work.sections for slug in section.explainers})
        by = ", ".join(f"`{slug}`" for slug in slugs) or "–"
        rows.append(f"| {work.name} | {len(work.sections)} | {len(work.illustrated)} | {by} |")
    total = sum(len(work.sections) for work in works)
    done = sum(len(work.illustrated) for work in works)
    rows.append(f"| **all** | **{total}** | **{done}** | {len(all_explainers())} explainers |")
    return "\n".join(rows)


def to_text(works: tuple[Work, ...]) -> str:
    """Everything, for reading: each section with its explainers, provisional titles marked."""
    lines = []
    for work in works:
        lines.append(f"{work.name}: {len(work.illustrated)} of {len(work.sections)} sections illustrated")
        for section in work.sections:
            title = section.title + (" (provisional title)" if section.provisional else "")
            lines.append(f"  {section.code}  {title}: {', '.join(section.explainers) or 'missing'}")
    return "\n".join(lines)
