"""Tries every parameter of every explainer, and the command line, with thousands of values: `make fuzz`.

A value must be refused in one sentence, or give a clip: its facts are finite, its story can be told, and the lint finds
no error. Printed is how many were tried, refused, accepted and broken, and each way to break once, with the smallest
case that does it; `python -m tests.attack.fuzz -h` has the numbers to choose.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from explainers import all_explainers
from scenes.stage.look import Aspect, Look
from studio import stagehand
from studio.check.finding import Severity
from studio.check.run import check_clip
from studio.clip import PROJECT, Clip
from studio.problems import SelectionError
from studio.selection import configure
from tests.attack.command import KINDS, judge
from tests.attack.values import as_json, settings_of

LONGEST_SENTENCE = 900
"""Characters of a refusal: the trained head lists its whole vocabulary."""
LOOKS = tuple(Look(theme, aspect, fps=15) for theme in ("dark", "light") for aspect in Aspect)


def configured(slug: str, values: dict[str, Any]) -> Clip | None:
    """The clip with these values, None when they are refused, as they should be, in one sentence.

    Raises:
        AssertionError: the refusal is not one sentence, or the clip is not what it says it is.
        Exception: whatever was not foreseen.
    """
    try:
        clip = Clip(configure(slug, values))
    except SelectionError as error:
        sentence = str(error)
        assert len(sentence.splitlines()) == 1 and sentence.endswith((".", "?")), f"not a sentence: {sentence!r}"
        assert sentence.isprintable(), f"not printable: {sentence!r}"
        assert len(sentence) <= LONGEST_SENTENCE, f"too long: {sentence!r}"
        return None
    facts = clip.explainer.facts()
    for name, number in numbers_in(facts):
        assert math.isfinite(number), f"the fact {name} is {number}"
    assert Clip.from_json(json.loads(json.dumps(clip.to_json()))) == clip, "it is not what it was after JSON"
    json.dumps(facts, ensure_ascii=False).encode()
    clip.key()
    return clip


def numbers_in(value: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Every number in facts, with where it stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from numbers_in(item, f"{name}.{key}".strip("."))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from numbers_in(item, f"{name}[{index}]")
    elif isinstance(value, (int, float)):
        yield name, value


def tell(clip: Clip) -> None:
    """Tell the clip's story without drawing: layouts and captions are made.

    Raises:
        Exception: the scene fails.
    """
    with stagehand.configured(clip):
        beats = stagehand.rehearse(clip)
    assert beats and all(beat.caption for beat in beats)


def lint(clip: Clip) -> None:
    """Look at every beat of the clip.

    Raises:
        AssertionError: the lint finds an error.
    """
    found = check_clip(clip)
    errors = [f"{f.rule} in beat {f.beat}" for f in found if f.severity is Severity.ERROR and not f.allowed]
    assert not errors, f"lint: {'; '.join(sorted(set(errors)))}"


@dataclass
class Tally:
    """What became of the cases of one kind; `broken` has for each way to break the smallest case."""

    counts: Counter = field(default_factory=Counter)
    broken: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    slowest: tuple[float, str] = (0.0, "")

    def note(self, case: str, attempt: Callable[[], bool]) -> None:
        """Try a case; `attempt` tells whether it was accepted, and raises when something is broken."""
        started = time.perf_counter()
        self.counts["tried"] += 1
        try:
            self.counts["accepted" if attempt() else "refused"] += 1
        except Exception as error:
            self.counts["broken"] += 1
            way = where(error)
            if way not in self.broken:
                print(f"{way}\n    {case}", file=sys.stderr, flush=True)
            if len(case) < len(self.broken.get(way, case + " ")):
                self.broken[way] = case
        spent = time.perf_counter() - started
        self.seconds += spent
        self.slowest = max(self.slowest, (spent, case))


def where(error: Exception) -> str:
    """An error and the place in our code that it comes from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(PROJECT))]
    frames = [frame for frame in frames if "/.venv/" not in frame.filename] or frames
    place = f"{frames[-1].filename.removeprefix(str(PROJECT))[1:]}:{frames[-1].lineno}" if frames else "?"
    return f"{place}: {type(error).__name__}: {' '.join(str(error).split())[:300]}"


def draw(strategy: st.SearchStrategy[Any], count: int, start: int, use: Callable[[Any], None]) -> None:
    """Hand `count` values of a strategy to `use`, the same ones for the same start."""

    @seed(start)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate], verbosity=Verbosity.quiet,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(strategy)
    def each(value: Any) -> None:
        use(value)

    each()


def fuzz_parameters(cases: int, stories: int, checks: int, start: int) -> dict[str, Tally]:
    """So many cases, stories and checks over all explainers, evenly."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    slugs = list(all_explainers())
    for number, (slug, explainer) in enumerate(all_explainers().items()):
        tally = tallies[f"{slug}: values"]

        def try_values(values: dict[str, Any], slug: str = slug, tally: Tally = tally) -> None:
            tally.note(as_json(values)[:400], lambda: configured(slug, values) is not None)

        draw(settings_of(explainer), -(-cases // len(slugs)), start, try_values)
        for kind, attempt, count in (("stories", tell, stories), ("lint", lint, checks)):
            staged = tallies[f"{slug}: {kind}"]
            look_numbers = iter(range(number, 10**9))

            def try_story(values: dict[str, Any], slug=slug, staged=staged, attempt=attempt, count=count,
                          looks=look_numbers) -> None:  # fmt: skip
                if staged.counts["tried"] >= count:
                    return
                try:
                    clip = configured(slug, values)
                except Exception:  # counted above
                    return
                if clip is not None:
                    clip = Clip(clip.explainer, LOOKS[next(looks) % len(LOOKS)])
                    case = f"{clip.look.theme} {clip.look.aspect} {json.dumps(clip.explainer.changed_settings())}"
                    staged.note(case, lambda: attempt(clip) is None)

            if count:
                draw(settings_of(explainer, spoiled=False), 8 * count, start + 1, try_story)
        print(f"{slug} …", file=sys.stderr, flush=True)
    return tallies


def fuzz_commands(cases: int, start: int) -> dict[str, Tally]:
    """So many command lines, with settings, paths, lecture files and theme files, evenly."""
    tallies = {kind: Tally() for kind in KINDS}
    for kind, attempts in KINDS.items():
        tally = tallies[kind]
        use = partial(lambda tally, attempt: tally.note(str(attempt)[:600], lambda: judge(attempt)), tally)
        draw(attempts, -(-cases // len(KINDS)), start, use)
        print(f"{kind} …", file=sys.stderr, flush=True)
    return tallies


def report(tallies: dict[str, Tally]) -> str:
    """A table, and each way to break once."""
    lines = ["| what | tried | refused in one sentence | accepted | broken | seconds | slowest |"]
    lines.append("|---|" + "---:|" * 6)
    total: Counter = Counter()
    for name, tally in tallies.items():
        if not tally.counts:
            continue
        row = [tally.counts[key] for key in ("tried", "refused", "accepted", "broken")]
        total.update(tally.counts)
        lines.append(f"| {name} | {' | '.join(map(str, row))} | {tally.seconds:.0f} | {tally.slowest[0]:.1f} |")
    row = [total[key] for key in ("tried", "refused", "accepted", "broken")]
    lines.append(f"| **all** | {' | '.join(map(str, row))} | {sum(t.seconds for t in tallies.values()):.0f} | |")
    for name, tally in tallies.items():
        lines += [f"\n{name}: {way}\n    {case}" for way, case in tally.broken.items()]
    return "\n".join(lines)


def main() -> int:
    """Fuzz everything; 1 if anything is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="values of parameters")
    parser.add_argument("--commands", type=int, default=4_000, help="command lines")
    parser.add_argument("--stories", type=int, default=6, help="stories told per explainer")
    parser.add_argument("--checks", type=int, default=2, help="clips looked at per explainer")
    parser.add_argument("--seed", type=int, default=20260101)
    wish = parser.parse_args()
    tallies = fuzz_commands(wish.commands, wish.seed)
    tallies |= fuzz_parameters(wish.cases, wish.stories, wish.checks, wish.seed)
    print(report(tallies))
    return int(any(tally.broken for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
