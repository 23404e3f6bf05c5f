"""All targets by name, in the order in which they are offered."""

from __future__ import annotations

from explainers.catalogue import nearest
from studio.publish import beamer, files, gallery, html, jupyter, moodle, powerpoint, quarto, revealjs, slides
from studio.publish.clip import PublishError
from studio.publish.target import Target

MODULES = (gallery, html, slides, revealjs, quarto, powerpoint, beamer, jupyter, moodle, files)
TARGETS = {module.TARGET.name: module.TARGET for module in MODULES}


def chosen(names: str) -> list[Target]:
    """The targets that `--for` names, separated by commas.

    Raises:
        PublishError: an unknown name.
    """
    wanted = [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in TARGETS:
            raise PublishError(f"--for knows no {name!r}; {nearest(name, TARGETS)}")
    return [TARGETS[name] for name in dict.fromkeys(wanted)]
