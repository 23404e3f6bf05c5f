"""Reads a lecture, a TOML file that lists clips, and finds every problem before anything runs.

    title = "Linear maps"
    [look]
    theme = "light"
    [[clip]]
    explainer = "linear-transformations"
    name = "her-shear"
    matrix = [[1, 1], [0, 1]]

Reading runs no code but that of explainer files which the lecture names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

from explainers import ExplainerFileError, UnknownExplainerError, find
from explainers.catalogue import nearest
from explainers.model import Explainer, InvalidParameterError, Problem, in_short, problems
from scenes.stage.look import Look, LookSettings
from scenes.stage.theme import Theme
from studio.clip import Clip
from studio.lecture import sweep
from studio.lecture.scene_name import scene_in
from studio.lecture.theme_file import theme_of
from studio.lecture.toml_file import Place, TomlFile
from studio.problems import FileProblem, FileProblemsError, SelectionError
from studio.scene_file import LARGEST_SEED, SceneFileClip

LECTURE_KEYS = ("title", "look", "clip")
OWN_KEYS = ("explainer", "scene", "name", "look")
"""What a `[[clip]]` says besides its parameters; no parameter has one of these names."""
CLIP_NAME = re.compile(r"[^\W_][\w.+-]*")
LARGEST_SWEEP = 1000
"""Clips of one `[[clip]]`: two lists of some length make more than anyone can have meant."""
LONGEST_NAME = 120
"""Characters; a clip's name is a folder's."""


@dataclass(frozen=True)
class Lecture:
    """The clips of a lecture, in order, each with a name of its own."""

    path: Path
    title: str
    clips: list[Clip | SceneFileClip]


def read_lecture(path: Path, wishes: Mapping[str, Any] | None = None) -> Lecture:
    """The lecture in a file.

    Args:
        path: the TOML file; what it names is relative to it.
        wishes: parts of the look that go before what the file says.

    Raises:
        SelectionError: when the file cannot be read.
        FileProblemsError: all that is wrong in it, and in the theme files it names.
    """
    reader = _Reader(TomlFile(path), dict(wishes or {}))
    clips = reader.clips()
    if reader.found:
        raise FileProblemsError(list(dict.fromkeys(reader.found)))
    return Lecture(path, str(reader.file.data.get("title", path.stem)), clips)


@dataclass
class _Reader:
    """Goes through a lecture once, and collects clips and problems."""

    file: TomlFile
    wishes: dict[str, Any]
    found: list[FileProblem] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def clips(self) -> list[Clip | SceneFileClip]:
        data = self.file.data
        for key in data.keys() - set(LECTURE_KEYS):
            self.refuse((key,), f"a lecture has no {key!r}; {nearest(key, LECTURE_KEYS)}")
        if not isinstance(data.get("title", ""), str):
            self.refuse(("title",), "this must be text in quotes.")
        look = self.look(("look",), data.get("look", {}))
        entries = data.get("clip", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self.refuse(("clip",), "write [[clip]], and its keys below.")
            return []
        if not entries:
            self.refuse((), "there is no [[clip]] in this lecture.", key="clip")
        return [clip for number, entry in enumerate(entries) for clip in self.clips_of(("clip", number), entry, look)]

    def clips_of(self, place: Place, entry: dict[str, Any], look: dict[str, Any]) -> list[Clip | SceneFileClip]:
        """The clips of one `[[clip]]`: one, or those of a sweep."""
        own_look = Look().wished({**look, **self.look((*place, "look"), entry.get("look", {})), **self.wishes})
        name = self.name(place, entry)
        if ("explainer" in entry) == ("scene" in entry):
            self.refuse(place, "say either explainer = … or scene = …", key="clip")
            return []
        if "scene" in entry:
            return self.scene_clips(place, entry, own_look, name)
        return self.explainer_clips(place, entry, own_look, name)

    def scene_clips(self, place: Place, entry: dict[str, Any], look: Look, name: str | None) -> list[SceneFileClip]:
        """The clip of a scene in a file, if it is there."""
        for key in entry.keys() - {*OWN_KEYS, "seed"}:
            self.refuse((*place, key), f"a scene has no parameters but a seed; {nearest(key, OWN_KEYS)}", key=key)
        seed = entry.get("seed")
        if seed is not None and (type(seed) is not int or not 0 <= seed <= LARGEST_SEED):
            allowed = f"a whole number from 0 to {LARGEST_SEED}"
            self.refuse((*place, "seed"), f"{in_short(seed)} is not possible; allowed is {allowed}.", "seed")
            return []
        try:
            path, scene = scene_in(str(entry["scene"]), self.file.folder)
        except SelectionError as error:
            self.refuse((*place, "scene"), str(error), key="scene")
            return []
        self.claim(place, name or scene)
        return [SceneFileClip(path, scene, look, label=name or scene, seed=seed)]

    def explainer_clips(self, place: Place, entry: dict[str, Any], look: Look, name: str | None) -> list[Clip]:
        """The clips of an explainer, as far as their parameters are possible."""
        explainer = self.explainer(place, entry["explainer"])
        if explainer is None:
            return []
        values = {key: value for key, value in entry.items() if key not in OWN_KEYS}
        names = sweep.swept(explainer, values)
        if (count := prod(len(values[key]) for key in names)) > LARGEST_SWEEP:
            message = f"this sweep has {count} clips; one [[clip]] makes at most {LARGEST_SWEEP}."
            self.refuse((*place, names[0]), message, key=names[0])
            return []
        clips = []
        for chosen in sweep.combinations(values, names):
            label = sweep.readable(name or explainer.slug, {key: chosen[key] for key in names})
            self.claim(place, label)
            try:
                clips.append(clip := Clip(explainer.configured(chosen), look, label=label))
            except InvalidParameterError as error:
                for problem in error.problems:
                    self.refuse_value(place, chosen, problem)
            else:
                if sentence := clip.untranslated():
                    self.refuse(place, sentence, key="look.language")
        return clips

    def explainer(self, place: Place, wish: Any) -> type[Explainer] | None:
        """The explainer that a slug or a file names."""
        try:
            if isinstance(wish, str) and wish.endswith(".py"):
                return find(str(self.file.folder / wish))
            return find(str(wish))
        except (UnknownExplainerError, ExplainerFileError) as error:
            self.refuse((*place, "explainer"), str(error), key="explainer")
            return None

    def look(self, place: Place, said: Any) -> dict[str, Any]:
        """What a look table says, with its theme read."""
        if not isinstance(said, dict):
            self.refuse(place, "this must be a table of the look: theme, aspect …", key="look")
            return {}
        found = problems(LookSettings, said, "the look has no")
        for problem in found:
            self.refuse((*place, problem.name), problem.message, key=f"look.{problem.name}")
        bad = {problem.name for problem in found}
        wishes = LookSettings(**{key: value for key, value in said.items() if key not in bad}).said()
        if "theme" in wishes:
            wishes["theme"] = self.theme((*place, "theme"), wishes["theme"])
        return wishes

    def theme(self, place: Place, wish: str) -> str | Theme:
        try:
            return theme_of(wish, self.file.folder)
        except FileProblemsError as error:
            self.found += error.problems
        except SelectionError as error:
            self.refuse(place, str(error), key="look.theme")
        return Look().theme

    def name(self, place: Place, entry: dict[str, Any]) -> str | None:
        """The name that a clip is given, if it can be a folder's."""
        name = entry.get("name")
        if name is None or (isinstance(name, str) and CLIP_NAME.fullmatch(name) and len(name) <= LONGEST_NAME):
            return name
        allowed = "letters, digits and - _ . +, starting with a letter or digit"
        message = f"{in_short(name)} is not possible; allowed are {allowed}."
        self.refuse((*place, "name"), message, key="name")
        return None

    def claim(self, place: Place, name: str) -> None:
        """Refuse a name that another clip has, also in other case: some file systems see no difference."""
        other = self.places.get(name.casefold())
        if other is None:
            self.places[name.casefold()] = place
        elif other == place:
            self.refuse((*place, "name"), f"{name!r} comes twice in this sweep; take one of the values away.", "name")
        else:
            line = self.file.line(other)
            message = f"{name!r} is the name of the clip on line {line} already; give this one a name of its own."
            self.refuse((*place, "name"), message, key="name")

    def refuse_value(self, place: Place, values: Mapping[str, Any], problem: Problem) -> None:
        """Note what is wrong with the parameters, at the parameter that the sentence is about."""
        name = problem.name
        if name is None:
            name = next((key for key in values if re.search(rf"\b{re.escape(key)}\b", problem.message)), None)
        self.refuse((*place, name) if name else place, problem.message, key=name or "clip")

    def refuse(self, place: Place, message: str, key: str | None = None) -> None:
        self.found.append(self.file.problem(place, message, key))
