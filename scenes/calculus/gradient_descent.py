"""Staging of `gradient-descent`: a landscape, four learning rates on it, why 2/L is the limit, four valleys."""

from __future__ import annotations

import numpy as np
from manim import UL, Create, FadeIn, FadeOut, Indicate, VGroup, VMobject, linear

from explainers.calculus.gradient_descent import SETTLED, VALLEY_RATE, GradientDescent
from scenes.calculus.gradient_descent_basins import Basins
from scenes.calculus.gradient_descent_captions import Captions
from scenes.calculus.gradient_descent_landscape import TurningSurface, fields_over
from scenes.calculus.gradient_descent_losses import LossPlot
from scenes.calculus.gradient_descent_rates import FactorPlot, Landing, RunLegend, rate_text
from scenes.calculus.gradient_descent_valleys import ValleyStrips
from scenes.pictures.contour_map import ContourMap, Trail, at_step, until_leaving
from scenes.pictures.matrix import point_of
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots
from scenes.pictures.surface import SurfaceTrail, View
from scenes.stage.language import N_, _, in_math
from scenes.stage.scene import Drive, ExplainerScene
from scenes.stage.stage import stack
from scenes.stage.text import Size
from scenes.stage.zones import GAP, Zone

ROLES = {"slow": "input", "good": "model", "own": "data", "divergent": "error"}
"""Colour role of each run, wherever it is drawn."""
CHAPTERS = {"slow": N_("Too slow"), "good": N_("Brisk"), "own": N_("Another rate"), "divergent": N_("Above 2/L")}
DIMMED = 0.3
"""Opacity of what stays as background."""
STEPS_SHOWN_ONE_BY_ONE = 3
LEAST_ASPECT = 1.2
"""A bowl's map is at least this much wider than high."""
ARROW_LENGTH = 0.17
"""Length of the arrow that shows the way down, as a share of the map's diagonal."""
BASIN_PIXELS = 201
UPDATE = "(x, y) arrow.l (x, y) - {{eta : parameter}} {{nabla f(x, y) : output}}"
POSTER_RUNS = ("divergent", "good")
"""Runs on the last still's surface, the widest below: four would be a tangle. All four have their losses beside it."""


def paced(progress: float, steps: int) -> float:
    """How many steps a run has taken at this share of its time: the first ones slowly, then ever faster."""
    return steps * progress**2


class GradientDescentScene(ExplainerScene[GradientDescent]):
    """From the landscape to the step, the four rates, the limit, the stretched valley and the four valleys."""

    explainer_type = GradientDescent

    def construct(self) -> None:
        """The story, beat by beat."""
        self.lay_out()
        self.show_landscape()
        self.point_downhill()
        self.step_by_step()
        for name in ROLES:
            self.race(name)
        self.explain_the_limit()
        self.stretch_the_valley()
        self.four_valleys()
        self.sum_up()

    # --- Where things stand ----------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Zones for map, side and legend, and all that needs them: the map as wide as its landscape asks."""
        stage, descent = self.stage, self.explainer
        self.captions = Captions(descent)
        body = stage.zones.body
        self.runs = descent.runs
        entries = {
            name: f"{self.captions.names[name]} $eta$ = {rate_text(run.rate, 6 if name == 'own' else 4)}"
            for name, run in self.runs.items()
        }
        self.map_zone, self.side = self._map_and_side(body)
        self.legend = RunLegend(stage, self.side, entries, ROLES)
        if descent.has_closed_form or self.legend.is_cramped:
            self.legend = RunLegend(stage, body, entries, ROLES, stacked=True)
            upper = Zone(body.left, body.bottom + self.legend.tallness + GAP / 2, body.right, body.top)
            self.map_zone, self.side = self._map_and_side(upper)
        else:
            low = self.side.bottom + self.legend.tallness + GAP / 2
            self.side = Zone(self.side.left, low, self.side.right, self.side.top)
        room = ContourMap.room_for(stage, self.map_zone)
        window = descent.window_shaped(max(room.width / room.height, LEAST_ASPECT))
        fields = fields_over(window, lambda x, y: descent.drawn_height(descent.landscape.height(x, y)))
        highest = max(float(descent.landscape.value(np.array([x, y]))) for x in window[0] for y in window[1])
        levels = descent.drawn_height(descent.levels_through_start(highest))
        self.fine_field = fields[1]
        self.map = ContourMap(stage, self.map_zone, self.fine_field, levels, names=("$x$", "$y$"))
        bottom = body.bottom if self.side.left > self.map_zone.right else self.map_zone.bottom
        self.surface_zone = Zone(self.map_zone.left, bottom, self.map_zone.right, body.top)
        self.surface = TurningSurface(stage, self.surface_zone, fields, levels, descent.camera)

    def _map_and_side(self, zone: Zone) -> tuple[Zone, Zone]:
        """A bowl's map takes what the side can spare; another surface's only what its own shape needs."""
        gap, em = 0.45, self.stage.em(Size.LABEL)
        is_network = self.explainer.surface == "network"
        # A network's map is wide: beside its words it would be small in a frame that is not; but below the
        # map of a low frame the words have no room at all.
        if zone.width < zone.height:
            return zone.rows(0.5, 0.5)
        if is_network and zone.width < 25 * em and zone.height > 16 * em:
            return zone.rows(0.4, 0.6)
        widest = min(0.62 * zone.width, zone.width - gap - (12.6 if is_network else 9.0) * em)
        if not self.explainer.has_closed_form:
            (x_min, x_max), (y_min, y_max) = self.explainer.window
            widest = min(widest, 1.6 * em + (zone.height - 1.3 * em) * (x_max - x_min) / (y_max - y_min))
        return zone.columns(widest, zone.width - gap - widest, gap=gap)

    # --- The landscape and the way down ----------------------------------------------------------------

    def show_landscape(self) -> None:
        """The surface turns; a ball waits at the start."""
        stage, descent, surface = self.stage, self.explainer, self.surface
        start = np.array([descent.start])
        with self.beat(self.captions.landscape, chapter=_("The landscape")):
            self.heading(stage.words(_(descent.title), Size.TITLE))
            self.panel = self._panel()
            self.ball = Dots(stage, surface.scene_points(start), "highlight", 0.13)
            self.play(FadeIn(surface), FadeIn(self.panel), run_time=1.0)
            self.play(FadeIn(self.ball), run_time=0.4)

            def turn(progress: float) -> None:
                surface.turn(progress)
                self.ball.put(surface.scene_points(start))

            self.play(self.drive(turn, surface, self.ball, run_time=3.5))

    def _panel(self) -> VGroup:
        """The loss as a formula, its curvatures, and its value at the ball."""
        stage, descent = self.stage, self.explainer
        low, high = (rate_text(curvature) for curvature in descent.curvatures)
        # Translators: Typst math.
        weighed = _('"loss"(w + x u + y v)')
        whole, parts = {
            "bowl": ("f(x, y) = 1/2 (mu x^2 + L y^2)", ("f(x, y) = 1/2 mu x^2", "+ 1/2 L y^2")),
            "himmelblau": (
                "f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
                ("f(x, y) = (x^2 + y - 11)^2", "+ (x + y^2 - 7)^2"),
            ),
            "rosenbrock": (
                "f(x, y) = (1 - x)^2 + 100 (y - x^2)^2",
                ("f(x, y) = (1 - x)^2", "+ 100 (y - x^2)^2"),
            ),
            "network": (f"f(x, y) = {weighed}", ("f(x, y) =", weighed)),
        }[descent.surface]
        lines = [stage.math(whole, Size.READOUT)]
        if lines[0].width > self.side.width:
            lines = [stage.math(markup, Size.READOUT) for markup in parts]
        notes = [_("flat way: $mu$ = {low}").format(low=low), _("steep way: $L$ = {high}").format(high=high)]
        if not descent.has_closed_form:
            notes = [
                _("curvature near the minimum:"),
                _("$mu$ = {low} to $L$ = {high}").format(low=low, high=high),
                _("drawn height: $log(1 + f)$"),
            ]
        if descent.surface == "network":
            notes.insert(0, _("{n} weights, trained").format(n=descent.landscape.weight_count))
        notes = [stage.words(markup, Size.LABEL, "muted") for markup in notes]
        first_loss = float(self.runs["good"].losses[0])
        self.loss = Readout(stage, _("loss $f$"), first_loss, role="highlight", label_role="text")
        self.direction = stage.words(self._gradient_markup(), Size.READOUT, "output")
        if self.direction.width > self.side.width:
            self.direction = stage.words(self._gradient_markup(), Size.LABEL, "output")
        if descent.start_kind != "minimum":
            note = stage.words(_("arrow: direction only"), Size.LABEL, "muted")
            self.direction = stack(self.direction, note, gap=0.1)
        self.rate_note = stage.words(f"$eta$ = {rate_text(descent.good_rate)}", Size.READOUT, "parameter")
        room = self.side.top - self.surface_zone.bottom
        panel = stack(*lines, *notes, self.loss, self.direction, gap=0.26)
        if self.side.top > self.map_zone.bottom and panel.height > room:
            panel = stack(*panel, gap=max(0.06, 0.26 - (panel.height - room) / (len(panel) - 1)))
        panel.move_to([self.side.center[0], (self.side.top + self.surface_zone.bottom) / 2, 0.0])
        if self.side.top < self.map_zone.bottom:
            if panel.height > self.side.height:
                panel = stack(*panel, gap=max(0.0, 0.26 - (panel.height - self.side.height) / (len(panel) - 1)))
            panel.move_to(self.side.center)
        self.rate_note.move_to(self.direction, aligned_edge=UL)
        panel.remove(self.direction)
        return panel

    def _gradient_markup(self) -> str:
        parts = [rate_text(-value) if value else "0" for value in self.explainer.gradient_at_start]
        return f"$-nabla f$ = {point_of(parts).replace('-', '−')}"

    def point_downhill(self) -> None:
        """The negative gradient on the surface; the eye climbs until the surface is its own map."""
        stage, descent, surface = self.stage, self.explainer, self.surface
        start = np.array(descent.start)
        moves = descent.start_kind != "minimum"
        tip = start + self._downhill() if moves else start
        ends = np.array([start, tip])
        self.arrow = Arrow(stage, *surface.scene_points(ends), "output", 0.09, 0.3)
        with self.beat(self.captions.downhill, chapter=_("Downhill")):
            self.play(FadeIn(self.arrow), FadeIn(self.direction), run_time=0.7)
            self.bring_to_front(self.ball)
            self.wait(0.8)
            self.play(self._climb(ends))
            self.play(surface.animate.set_fill(opacity=DIMMED), FadeIn(self.map), run_time=0.7)
            self.bring_to_front(self.arrow, self.ball)
            self.across = self._contour_at_start(tip) if moves else VGroup()
            if moves:
                self.play(Create(self.across[0]), FadeIn(self.across[1]), run_time=1.0)

    def _downhill(self) -> np.ndarray:
        """The downhill direction at the start, as long as the arrow that shows it."""
        downhill = -self.explainer.gradient_at_start
        spans = np.ptp(np.array(self.map.window), axis=1)
        return downhill / np.linalg.norm(downhill) * ARROW_LENGTH * np.linalg.norm(spans)

    def _climb(self, ends: np.ndarray) -> Drive:
        """The eye's way from the surface's side to straight above, where surface and map coincide."""
        surface, view = self.surface, self.surface.view
        begin = (view.azimuth, view.elevation, view.center, view.scale)
        behind = -np.pi / 2 + 2 * np.pi * round((view.azimuth + np.pi / 2) / (2 * np.pi))
        above = (behind, np.pi / 2, self.map.box.center, self.map.box.width / self.surface.field.size[0])

        def climb(progress: float) -> None:
            surface.view = View(*(a + (b - a) * progress for a, b in zip(begin, above, strict=True)))
            placed = surface.scene_points(ends)
            self.arrow.put(*placed)
            self.ball.put(placed[:1])

        return self.drive(climb, surface, self.arrow, self.ball, run_time=3.2)

    def _contour_at_start(self, tip: np.ndarray) -> VGroup:
        """The contour through the start, and the right angle between it and the way down."""
        stage, descent = self.stage, self.explainer
        start = np.array(descent.start)
        height = float(descent.drawn_height(descent.landscape.value(start)))
        lines = [self.map.at(line) for _, line in self.fine_field.contours([height])]
        nearest = min(lines, key=lambda line: np.min(np.linalg.norm(line - self.map.at(start), axis=1)))
        along = (self.map.at(tip) - self.map.at(start)) / np.linalg.norm(self.map.at(tip) - self.map.at(start))
        across = np.array([-along[1], along[0], 0.0])
        corner = 0.36 * np.array([across, across + along, along])
        square = Curve(stage, self.map.at(start) + corner, "highlight", 3.0)
        return VGroup(Curve(stage, nearest, "highlight", 3.5), square)

    def step_by_step(self) -> None:
        """The first steps of the good run, one by one: the arrow shrinks to η times its length, then the ball goes."""
        stage, run = self.stage, self.runs["good"]
        moving = np.any(np.diff(run.path, axis=0) != 0.0, axis=1)
        count = min(STEPS_SHOWN_ONE_BY_ONE, int(moving.sum()))
        with self.beat(self.captions.step, chapter=_("One step")):
            self.heading(stage.math(UPDATE, Size.TITLE))
            self.play(FadeOut(self.across), FadeOut(self.direction), FadeIn(self.rate_note), run_time=0.6)
            self.walked = VGroup()
            if not count:
                return
            trail = Trail(stage, self.map.at, self.map.box, run.path, "highlight", line_width=2.5).put(0)
            far = self.map.at(np.array(self.explainer.start) + self._downhill())
            here, there = self.map.at(run.path[:2])
            self.play(self.drive(lambda p: self.arrow.put(here, far + p * (there - far)), self.arrow, run_time=1.0))

            self.add(trail, self.arrow, self.ball)

            def walk(progress: float) -> None:
                whole = min(int(progress * (count + 0.5)), count)
                share = progress * (count + 0.5) - whole
                # In turn: the arrow grows from where the ball stands, then the ball follows it.
                grown, gone = np.clip([2 * share, 2 * share - 1], 0, 1) if whole else (1.0, min(share, 1.0))
                begin, end = self.map.at(run.path[[whole, min(whole + 1, run.steps)]])
                ball = begin + gone * (end - begin)
                self.arrow.put(ball, begin + grown * (end - begin))
                self.ball.put(ball[None])
                trail.put(whole + gone)
                self.loss.set_value(float(self.explainer.landscape.value(at_step(run.path, whole + gone))))

            moving = (trail, self.arrow, self.ball, self.loss)
            self.play(self.drive(walk, *moving, run_time=1.7 * count + 0.9, rate_func=linear))
            self.walked.add(trail)

    # --- Four learning rates ---------------------------------------------------------------------------

    def race(self, name: str) -> None:
        """One run on the map and its loss beside it, on one clock; earlier runs stay, dimmed."""
        run, caption = self.runs[name], self.captions.of_run(name)
        first = name == next(iter(ROLES))
        with self.beat(caption, chapter=_(CHAPTERS[name])):
            if first:
                self._open_the_race()
            else:
                self.play(*(part.animate.soften(DIMMED) for part in self._drawn()), run_time=0.4)
            trail = Trail(self.stage, self.map.at, self.map.box, run.path, ROLES[name]).put(0)
            curve = self.plot.loss_curve(name, ROLES[name]).put(0)
            self.trails[name], self.curves[name] = trail, curve
            if name == "divergent":
                self.allow("jump", trail, reason="its steps leap across the valley, ever farther: that is the news")
            self.play(FadeIn(self.legend.entries[name]), FadeIn(trail), FadeIn(curve), run_time=0.6)

            def step(progress: float) -> None:
                for picture in (trail, curve):
                    picture.put(paced(progress, self.explainer.steps))

            self.play(self.drive(step, trail, curve, run_time=5.5, rate_func=linear))

    def _drawn(self) -> list[Trail]:
        return [*self.trails.values(), *self.curves.values()]

    def _open_the_race(self) -> None:
        """The ball goes back to the start; the loss plot takes the panel's place."""
        self.trails: dict[str, Trail] = {}
        self.curves: dict[str, Trail] = {}
        losses = {name: run.losses for name, run in self.runs.items()}
        self.plot = LossPlot(self.stage, self.side, losses, self.explainer.steps)
        leaving = (self.arrow, self.ball, self.walked, self.panel, self.rate_note)
        self.play(*(FadeOut(item) for item in leaving), run_time=0.5)
        self.play(FadeIn(self.plot), run_time=0.5)

    # --- Why 2/L, and what the condition number does ---------------------------------------------------

    def explain_the_limit(self) -> None:
        """The rate sweeps up: on the bowl the first step lands ever farther across, its factor falls past −1."""
        stage, descent = self.stage, self.explainer
        factors = self.factors = FactorPlot(stage, self.side, descent.curvatures, descent.rates, ROLES)
        trails, leaving = VGroup(*self.trails.values()), VGroup(self.plot, *self.curves.values())
        landing = Landing(stage, self.map, np.array(descent.start), descent.gradient_at_start)
        # Off the bowl a first step far from the minimum says nothing about 2/L: there the runs stay on the map.
        shows_step = descent.has_closed_form and descent.start_kind != "minimum"
        on_map = landing if shows_step else trails
        with self.beat(self.captions.limit, chapter=_("Why 2/L")):
            highest = in_math(rate_text(descent.limit))
            self.heading(stage.math(f"0 < {{{{eta : parameter}}}} < 2\\/L = {highest}", Size.TITLE))
            self.play(FadeOut(leaving), *([FadeOut(trails)] if shows_step else []), run_time=0.5)
            self.play(FadeIn(factors), *([FadeIn(landing)] if shows_step else []), run_time=0.7)
            self.add(factors.walker)

            def sweep(rate: float) -> None:
                factors.put(rate)
                landing.put(rate)

            moving = (factors.readouts, factors.walker, *landing[1:])
            limit, last = descent.limit, factors.largest
            self.play(self.drive(lambda p: sweep(p * limit), *moving, run_time=3.2))
            self.play(Indicate(factors.limit_mark, scale_factor=1.08), run_time=0.8)
            self.play(self.drive(lambda p: sweep(limit + p * (last - limit)), *moving, run_time=1.6))
            self.add(factors.marks, factors.walker)
            self.play(FadeIn(factors.marks), run_time=0.7)
        self.leftovers = [factors, factors.marks, factors.walker, self.legend, self.map, self.surface, on_map]

    def stretch_the_valley(self) -> None:
        """Valleys of growing condition number, each descended at its best rate, under one clock."""
        stage, descent = self.stage, self.explainer
        paths = {number: run.path for number, run in descent.condition_runs.items()}
        strips = self.strips = ValleyStrips(stage, stage.zones.body, paths, descent.pace_by_condition)
        with self.beat(self.captions.condition, chapter=_("Stretched valley")):
            self.play(*(FadeOut(item) for item in self.leftovers), run_time=0.6)
            self.heading(stage.words(_("Steps to a millionth of the distance"), Size.TITLE))
            self.play(FadeIn(strips), run_time=0.7)
            self.play(
                self.drive(
                    lambda p: strips.put(paced(p, descent.steps), p), strips.trails, strips.bars,
                    run_time=5.0, rate_func=linear,
                )
            )  # fmt: skip
            self.play(FadeIn(strips.counts), run_time=0.6)
        self.leftovers = [strips, strips.counts]

    # --- Four valleys, and the summary -----------------------------------------------------------------

    def four_valleys(self) -> None:
        """Four starts on one hill, on surface and map at once; then every start in its valley's shade."""
        stage, descent = self.stage, self.explainer
        height = descent.valleys.height
        fields = fields_over(descent.valleys.frame, lambda x, y: np.log1p(height(x, y)))
        runs = descent.valley_runs
        # Once all have arrived, nothing moves any more.
        count = max(int(np.argmax(run.distances <= SETTLED)) for run in runs)
        paths = [run.path[: count + 1] for run in runs]
        valleys = Basins(stage, stage.zones.body, fields, descent.camera, paths, descent.basins(BASIN_PIXELS)[2])
        with self.beat(self.captions.valleys, chapter=_("Four valleys")):
            self.play(*(FadeOut(item) for item in self.leftovers), run_time=0.5)
            titles = (_("Himmelblau's function: four minima, $eta$ = {rate}"), _("Four minima, $eta$ = {rate}"))
            rate = rate_text(VALLEY_RATE)
            self.heading(self._fitting(*(stage.words(title.format(rate=rate), Size.TITLE) for title in titles)))
            self.play(FadeIn(valleys.surface), FadeIn(valleys.map), run_time=0.7)
            self.play(FadeIn(valleys.on_surface), FadeIn(valleys.on_map), run_time=0.5)
            moving = (*valleys.on_surface, *valleys.on_map)
            self.play(
                self.drive(lambda p: valleys.put(paced(p, count)), *moving, run_time=4.0, rate_func=linear),
            )
            self.add(valleys.basins, valleys.map, valleys.on_map)
            self.play(FadeIn(valleys.basins), run_time=1.2)
            self.play(FadeIn(valleys.names), run_time=0.6)
        self.leftovers = [valleys, valleys.basins, valleys.names]

    def sum_up(self) -> None:
        """The first landscape again with all four runs, and their losses."""
        stage, descent, surface = self.stage, self.explainer, self.surface
        surface.stand_in(self.map_zone).set_fill(opacity=1.0)
        trails = VGroup(*(self._poster_trail(name) for name in POSTER_RUNS))
        for curve in self.curves.values():
            curve.soften(1.0).put(0)
        curves = VGroup(*self.curves.values())
        with self.beat(self.captions.summary, chapter=_("Summary")):
            self.play(*(FadeOut(item) for item in self.leftovers), run_time=0.5)
            limited = UPDATE + ", quad 0 < {{eta : parameter}} < 2\\/L"
            self.heading(self._fitting(*(stage.math(text, Size.TITLE) for text in (limited, UPDATE))))
            self.play(FadeIn(surface), FadeIn(self.plot), FadeIn(self.legend), run_time=0.8)
            self.play(FadeIn(trails), FadeIn(curves), run_time=0.4)

            def step(progress: float) -> None:
                surface.turn(progress)
                for picture in (*trails, *curves):
                    picture.put(paced(progress, descent.steps))

            self.play(self.drive(step, surface, trails, curves, run_time=5.0))

    def _fitting(self, *titles: VMobject) -> VMobject:
        """The first of these lines that the title zone takes unshrunk, else the last."""
        room = self.stage.zones.title.width
        return next((title for title in titles if title.width <= room), titles[-1])

    def _poster_trail(self, name: str) -> SurfaceTrail:
        """A run on the surface, thin; one that leaves the map ends at its last step on it, not at the rim."""
        path, window = self.runs[name].path, self.map.window
        inside = until_leaving(path, window)
        path = path if inside is path else inside[:-1]
        return SurfaceTrail(self.surface, path, self.stage.color(ROLES[name]), line_width=0.03, dot_radius=0.025).put(0)
