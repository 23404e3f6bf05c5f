"""The base of every explainer scene: beats, captions, the opening title, and one clock for linked views."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from manim import Animation, FadeIn, FadeOut, Group, Mobject, Scene, config, linear, smooth
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter

from explainers.model import Explainer
from scenes.stage.camera import StageCamera
from scenes.stage.language import speaking
from scenes.stage.look import CaptionMode, Look
from scenes.stage.stage import Stage, fit
from scenes.stage.text import Size

SHORTEST_BEAT = 6.0
"""Seconds. A beat that does less than this is part of another beat."""
REST = 1.0
"""Seconds a picture stands still at the end of a beat, so that it can be taken in."""

ExplainerT = TypeVar("ExplainerT", bound=Explainer)


def reading_time(caption: str) -> float:
    """Seconds a caption must stay on screen: 2.5 s plus 0.06 s per character."""
    return 2.5 + 0.06 * len(caption)


@dataclass
class Beat:
    """One step of the story. `start` and `end` are seconds from the clip's start."""

    index: int
    caption: str
    chapter: str
    start: float
    end: float = 0.0


@dataclass(frozen=True)
class Allowance:
    """A reasoned exception from one rule of `check`, for one mobject or the whole scene."""

    rule: str
    mobject: Mobject | None
    reason: str


BeatListener = Callable[["ExplainerScene", Beat], None]


class ExplainerScene(Scene, Generic[ExplainerT]):
    """Stages one explainer. Subclasses set `explainer_type` and tell the story in `construct`, beat by beat.

    Args:
        explainer: the configured explainer; by default the one with default parameters.
        look: theme, aspect, size and caption mode.
        on_beat_start, on_beat_end: called at each beat; whoever renders listens here.
        file_writer_class, renderer_class: what takes the frames and what makes them; Manim's own by default.
        skip_animations: jump to the end of every play, as for stills.
    """

    explainer_type: ClassVar[type[Explainer]]

    def __init__(
        self,
        explainer: ExplainerT | None = None,
        look: Look | None = None,
        *,
        on_beat_start: BeatListener | None = None,
        on_beat_end: BeatListener | None = None,
        file_writer_class: Callable[..., SceneFileWriter] = SceneFileWriter,
        renderer_class: type[CairoRenderer] = CairoRenderer,
        skip_animations: bool = False,
    ) -> None:
        self.explainer: ExplainerT = explainer if explainer is not None else self.explainer_type()
        self.stage = Stage(look if look is not None else Look())
        # Manim's camera takes the frame and the background from the global configuration.
        config.frame_width, config.frame_height = self.stage.look.frame
        config.background_color = self.stage.color("background")
        config.background_opacity = 0.0 if self.stage.look.transparent else 1.0
        self.beats: list[Beat] = []
        self.allowances: list[Allowance] = []
        self._on_beat_start = on_beat_start
        self._on_beat_end = on_beat_end
        self._caption: Mobject | None = None
        self._heading: Mobject | None = None
        renderer = renderer_class(
            file_writer_class=file_writer_class,
            camera_class=partial(StageCamera, self.stage.look),
            skip_animations=skip_animations,
        )
        super().__init__(renderer=renderer, skip_animations=skip_animations)

    def render(self, *args: Any, **options: Any) -> Any:
        """Play the scene, in the language of its look."""
        with speaking(self.stage.look.language, self.explainer.slug):
            return super().render(*args, **options)

    # --- Beats -----------------------------------------------------------------------------------------

    @contextmanager
    def beat(self, caption: str, *, chapter: str | None = None) -> Iterator[Beat]:
        """One step of the story: shows the caption, and ends with a rest long enough to read it.

        Args:
            caption: one sentence of at most 14 words, plain text, computed from the explainer.
            chapter: short name for the chapter list; the caption itself by default.
        """
        beat = Beat(len(self.beats) + 1, caption, chapter or caption, start=self.time)
        self.beats.append(beat)
        self.next_section(beat.chapter)
        if self._on_beat_start:
            self._on_beat_start(self, beat)
        self._show_caption(caption)
        yield beat
        elapsed = self.time - beat.start
        self._hold(max(REST, SHORTEST_BEAT - elapsed, reading_time(caption) - elapsed))
        beat.end = self.time
        self.add_subcaption(caption, duration=beat.end - beat.start, offset=beat.start - beat.end)
        if self._on_beat_end:
            self._on_beat_end(self, beat)

    def _hold(self, seconds: float) -> None:
        """Stand still for at least this long: Manim rounds a wait down to whole frames, this rounds up."""
        fps = config.frame_rate
        self.wait((math.ceil(seconds * fps) + 1) / fps)

    def _show_caption(self, caption: str) -> None:
        if self.stage.look.captions is not CaptionMode.BURNED:
            return
        zone = self.stage.zones.caption
        new = self.stage.paragraph(caption, zone.width, Size.CAPTION, align="center")
        fit(new, zone)
        old, self._caption = self._caption, new
        # At the back, a caption is part of the still background that Manim draws only once per play.
        self.add(new)
        self.bring_to_back(new)
        changes = [FadeIn(new)] if old is None else [FadeOut(old), FadeIn(new)]
        self.play(*changes, run_time=0.4)
        self.bring_to_back(new)

    def allow(self, rule: str, mobject: Mobject | None = None, *, reason: str) -> None:
        """Let `check` pass over one case of a rule (its id), and say why.

        It holds for a mobject's family; without one for the beat in which it is said, or, outside of beats, everywhere.
        """
        self.allowances.append(Allowance(rule, mobject, reason))

    # --- Shared moves ----------------------------------------------------------------------------------

    def heading(self, new: Mobject, run_time: float = 0.6) -> Mobject:
        """Put a line (words or a formula) into the title zone in place of the present one."""
        zone = self.stage.zones.title
        fit(new, zone)
        old, self._heading = self._heading, new
        if old is None:
            self.play(FadeIn(new), run_time=run_time)
        else:
            self.play(FadeOut(old), FadeIn(new), run_time=run_time)
        return new

    def drive(
        self,
        step: Callable[[float], None],
        *moving: Mobject,
        run_time: float,
        rate_func: Callable[[float], float] = smooth,
    ) -> Drive:
        """An animation that calls `step(progress)` each frame; all that it moves shares this one clock.

        Args:
            step: sets the picture for a progress from 0 to 1; must not depend on earlier calls.
            moving: every mobject (already on stage) that `step` changes.
        """
        return Drive(step, *moving, run_time=run_time, rate_func=rate_func)


class Drive(Animation):
    """Calls a function of progress at each frame; see `ExplainerScene.drive`."""

    def __init__(
        self,
        step: Callable[[float], None],
        *moving: Mobject,
        run_time: float = 1.0,
        rate_func: Callable[[float], float] = linear,
    ) -> None:
        self.step = step
        # As an introducer it is not added to the scene: its group would change the z-order.
        super().__init__(Group(*moving), run_time=run_time, rate_func=rate_func, introducer=True)

    def _setup_scene(self, scene: Scene) -> None:
        """Nothing to introduce: the moving mobjects are on stage already."""

    def create_starting_mobject(self) -> Mobject:
        """No copy: `step` alone says what the picture is."""
        return self.mobject

    def begin(self) -> None:
        """Remember what the moving mobjects look like before the first step."""
        self._start = [Appearance(part) for part in self.mobject.get_family()]
        super().begin()

    def interpolate(self, alpha: float) -> None:
        """Set the picture for this share of the run time.

        Every step begins from the start: so the picture depends on the progress alone, down to the last bit, and
        not on which frames were drawn before by the same process.
        """
        for appearance in self._start:
            appearance.restore()
        self.step(float(self.rate_func(alpha)))

    interpolate_mobject = interpolate


class Appearance:
    """What a mobject looks like, apart from its submobjects' looks."""

    ARRAYS = ("points", "fill_rgbas", "stroke_rgbas", "background_stroke_rgbas")

    def __init__(self, mobject: Mobject) -> None:
        self._mobject = mobject
        self._submobjects = list(mobject.submobjects)
        state = vars(mobject)
        self._arrays = {name: state[name].copy() for name in self.ARRAYS if name in state}
        self._stroke_width = state.get("stroke_width")

    def restore(self) -> None:
        """Give the mobject its look back."""
        state = vars(self._mobject)
        self._mobject.submobjects = list(self._submobjects)
        for name, array in self._arrays.items():
            state[name] = array.copy()
        if self._stroke_width is not None:
            state["stroke_width"] = self._stroke_width
