"""Keeps the README's gallery and coverage true: `python -m studio.readme` renews posters and both sections."""

from __future__ import annotations

import re
import sys

from explainers import all_explainers
from explainers.coverage import coverage, to_markdown
from studio.clip import PROJECT
from studio.files import replace_file

README = PROJECT / "README.md"
POSTERS = PROJECT / "media" / "posters"
POSTER_SHORT_SIDE = 360
COLUMNS = 3


def gallery() -> str:
    """The table of posters, each with slug and insight."""
    explainers = list(all_explainers().values())
    rows = ["| " * COLUMNS + "|", "|---" * COLUMNS + "|"]
    for start in range(0, len(explainers), COLUMNS):
        group = explainers[start : start + COLUMNS]
        cells = [f"![{e.title}](media/posters/{e.slug}.png)<br>**`{e.slug}`** {e.insight}" for e in group]
        cells += [""] * (COLUMNS - len(group))
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def with_sections(text: str) -> str:
    """The README with its generated sections as they should be."""
    for name, content in (("gallery", gallery()), ("coverage", to_markdown(coverage()))):
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        text, count = pattern.subn(lambda match, content=content: match[1] + content + match[2], text)
        if count != 1:
            raise ValueError(f"the README needs exactly one section between <!-- {name} --> and <!-- /{name} -->")
    return text


def renew_posters(slugs: list[str]) -> None:
    """Draw the small poster of each explainer: the still its default clip ends on."""
    from scenes.stage.look import Look
    from studio import stagehand
    from studio.clip import Clip
    from studio.golden import small_png

    for slug in slugs:
        clip = Clip(all_explainers()[slug](), Look(short_side=POSTER_SHORT_SIDE))
        with stagehand.configured(clip):
            _, pixels = stagehand.stills(clip)[-1]
        replace_file(POSTERS / f"{slug}.png", small_png(pixels[:, :, :3]))


if __name__ == "__main__":
    renew_posters(sys.argv[1:] or list(all_explainers()))
    replace_file(README, with_sections(README.read_text(encoding="utf-8")))
