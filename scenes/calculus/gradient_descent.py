"""Staging of `gradient-descent`: a landscape, four learning rates on it, why 2/L is the limit, four valleys."""

from __future__ import annotations

import numpy as np
from manim import Create, FadeIn, FadeOut, Indicate, VGroup, linear

from explainers.calculus.gradient_descent import SETTLED, GradientDescent, Run
from scenes.calculus.gradient_descent_captions import Captions
from scenes.pictures.contour_map import ContourMap, Trail, at_step, until_leaving
from scenes.pictures.labels import tag
from scenes.pictures.plot import Plot
from scenes.pictures.raster import Raster
from scenes.pictures.rates import FactorPlot, RunLegend, rate_text
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots
from scenes.pictures.surface import HeightField, LossSurface, SurfaceTrail, View
from scenes.pictures.valleys import ValleyStrips
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import stack
from scenes.stage.text import Size
from scenes.stage.theme import mix
from scenes.stage.zones import GAP, Zone

ROLES = {"slow": "input", "good": "model", "own": "data", "divergent": "error"}
"""Colour role of each run, wherever it is drawn."""
VALLEY_ROLES = ("input", "output", "parameter", "model")
VALLEY_NAMES = "ABCD"
MESH = 45
"""Lattice points along the longer side of a surface: smooth, and quick enough to turn."""
TURN = np.radians(38.0)
"""How far the eye travels round a surface."""
BOX = 6.0
"""Longer side of a surface's box; its height is `HEIGHT`, its floor hangs `FLOOR_GAP` below."""
HEIGHT, FLOOR_GAP = 2.5, 0.9
DIMMED = 0.3
"""Opacity of what stays as background."""
STEPS_SHOWN_ONE_BY_ONE = 3
DEEPEST = 1e-10
"""The loss axis reaches down to at most this share of the first loss, and up to `HIGHEST` times it."""
HIGHEST = 1e3
BASIN_PIXELS = 201
UPDATE = "x arrow.l x - {{eta : parameter}} {{nabla f(x) : output}}"


def paced(progress: float, steps: int) -> float:
    """How many steps a run has taken at this share of its time: the first ones slowly, then ever faster."""
    return steps * progress**1.7


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
        self.legend = RunLegend(stage, body, entries, ROLES)
        upper = Zone(body.left, body.bottom + self.legend.tallness + GAP / 2, body.right, body.top)
        self.map_zone, self.side = self._map_and_side(upper)
        room = ContourMap.room_for(stage, self.map_zone)
        window = descent.window_shaped(room.width / room.height)
        self.field, levels = self._field(window)
        self.map = ContourMap(stage, self.map_zone, self.field, levels)
        self.surface_zone = Zone(self.map_zone.left, body.bottom, self.map_zone.right, body.top)
        self.surface = self._surface(self.field, levels, self.surface_zone)

    def _map_and_side(self, zone: Zone) -> tuple[Zone, Zone]:
        """A bowl's map takes what the side can spare; another surface's only what its own shape needs."""
        if zone.width < zone.height:
            return zone.rows(0.58, 0.42)
        gap, em = 0.45, self.stage.em(Size.LABEL)
        widest = min(0.62 * zone.width, zone.width - gap - 9.0 * em)
        if not self.explainer.has_closed_form:
            (x_min, x_max), (y_min, y_max) = self.explainer.window
            widest = min(widest, 1.6 * em + (zone.height - 1.3 * em) * (x_max - x_min) / (y_max - y_min))
        return zone.columns(widest, zone.width - gap - widest, gap=gap)

    def _field(self, window: tuple) -> tuple[HeightField, np.ndarray]:
        """Drawn heights over the window in a box with equal axes, and the heights of contours."""
        descent = self.explainer
        (x_min, x_max), (y_min, y_max) = window
        spans = np.array([x_max - x_min, y_max - y_min])
        nx, ny = np.maximum(np.round(MESH * spans / spans.max()).astype(int), 15)
        x, y, loss = descent.lattice(int(nx), int(ny), window)
        size = (*(BOX * spans / spans.max()), HEIGHT)
        levels = descent.levels_through_start(float(loss.max()))
        return HeightField(x[0], y[:, 0], descent.drawn_height(loss), size), descent.drawn_height(levels)

    def _surface(self, field: HeightField, levels: np.ndarray, zone: Zone) -> LossSurface:
        """A surface seen a little from the left of the asked view, as large as the turn allows."""
        azimuth, elevation = np.radians(self.explainer.camera)
        surface = LossSurface(
            self.stage, zone, field, levels, azimuth=azimuth - TURN, elevation=elevation, floor_gap=FLOOR_GAP
        )
        surface.view.fit_turn(field, zone, FLOOR_GAP, np.linspace(azimuth - TURN, azimuth, 5))
        return surface

    # --- The landscape and the way down ----------------------------------------------------------------

    def show_landscape(self) -> None:
        """The surface turns; a ball waits at the start."""
        stage, descent, surface = self.stage, self.explainer, self.surface
        start = np.array([descent.start])
        with self.beat(self.captions.landscape, chapter="The landscape"):
            self.heading(stage.words(descent.title, Size.TITLE))
            self.panel = self._panel()
            self.ball = Dots(stage, surface.scene_points(start), "highlight", 0.13)
            self.play(FadeIn(surface), FadeIn(self.panel), run_time=1.0)
            self.play(FadeIn(self.ball), run_time=0.4)

            def turn(progress: float) -> None:
                surface.view.azimuth = np.radians(descent.camera[0]) - TURN * (1.0 - progress)
                self.ball.put(surface.scene_points(start))

            self.play(self.drive(turn, surface, self.ball, run_time=3.5))

    def _panel(self) -> VGroup:
        """The loss as a formula, its curvatures, and its value at the ball."""
        stage, descent = self.stage, self.explainer
        low, high = descent.curvatures
        formula = {
            "bowl": ("f = 1/2 (mu x^2 + L y^2)",),
            "himmelblau": ("f = (x^2 + y - 11)^2", "+ (x + y^2 - 7)^2"),
            "rosenbrock": ("f = (1 - x)^2", "+ 100 (y - x^2)^2"),
        }[descent.surface]
        lines = [stage.math(markup, Size.READOUT) for markup in formula]
        where = ("flat way", "steep way") if descent.has_closed_form else ("least at the minimum", "most")
        notes = [
            stage.words(f"{words}: ${symbol}$ = {rate_text(value)}", Size.LABEL, "muted")
            for words, symbol, value in zip(where, ("mu", "L"), (low, high), strict=True)
        ]
        if not descent.has_closed_form:
            notes.append(stage.words("drawn height: $log(1 + f)$", Size.LABEL, "muted"))
        self.loss = Readout(stage, "loss $f$", float(self.runs["good"].losses[0]), role="highlight", label_role="text")
        self.direction = stage.words(self._gradient_markup(), Size.READOUT, "output")
        self.rate_note = stage.words(f"$eta$ = {rate_text(descent.good_rate)}", Size.READOUT, "parameter")
        panel = stack(*lines, *notes, self.loss, self.direction, self.rate_note, gap=0.28)
        panel.move_to(self.side.center)
        panel.remove(self.direction, self.rate_note)
        return panel

    def _gradient_markup(self) -> str:
        parts = ", ".join(rate_text(-value) if value else "0" for value in self.explainer.gradient_at_start)
        return f"$-nabla f$ = ({parts})".replace("-", "−").replace("$−", "$-")

    def point_downhill(self) -> None:
        """The negative gradient on the surface; the eye climbs until the surface is its own map."""
        stage, descent, surface = self.stage, self.explainer, self.surface
        start = np.array(descent.start)
        moves = descent.start_kind != "minimum"
        tip = start + self._downhill(0.17) if moves else start
        ends = np.array([start, tip])
        self.arrow = Arrow(stage, *surface.scene_points(ends), "output", 0.09, 0.3)
        with self.beat(self.captions.downhill, chapter="Downhill"):
            self.play(FadeIn(self.arrow), FadeIn(self.direction), run_time=0.7)
            self.bring_to_front(self.ball)
            self.wait(0.8)
            self.play(self._climb(ends))
            self.play(surface.animate.set_fill(opacity=DIMMED), FadeIn(self.map), run_time=0.7)
            self.bring_to_front(self.arrow, self.ball)
            self.across = self._contour_at_start(tip) if moves else VGroup()
            if moves:
                self.play(Create(self.across[0]), FadeIn(self.across[1]), run_time=1.0)

    def _downhill(self, share: float) -> np.ndarray:
        """The downhill direction at the start, as long as this share of the map's diagonal."""
        downhill = -self.explainer.gradient_at_start
        spans = np.ptp(np.array(self.map.window), axis=1)
        return downhill / np.linalg.norm(downhill) * share * np.linalg.norm(spans)

    def _climb(self, ends: np.ndarray):
        """The eye's way from the surface's side to straight above, where surface and map coincide."""
        surface, view = self.surface, self.surface.view
        begin = (view.azimuth, view.elevation, view.center, view.scale)
        behind = -np.pi / 2 + 2 * np.pi * round((view.azimuth + np.pi / 2) / (2 * np.pi))
        above = (behind, np.pi / 2, self.map.box.center, self.map.box.width / self.field.size[0])

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
        lines = [self.map.at(line) for _, line in self.field.contours([height])]
        nearest = min(lines, key=lambda line: np.min(np.linalg.norm(line - self.map.at(start), axis=1)))
        along = (self.map.at(tip) - self.map.at(start)) / np.linalg.norm(self.map.at(tip) - self.map.at(start))
        across = np.array([-along[1], along[0], 0.0])
        corner = 0.26 * np.array([across, across + along, along])
        square = Curve(stage, self.map.at(start) + corner, "highlight", 3.0)
        return VGroup(Curve(stage, nearest, "highlight", 3.5), square)

    def step_by_step(self) -> None:
        """The first steps of the good run, one by one: the arrow shrinks to η times its length, then the ball goes."""
        stage, run = self.stage, self.runs["good"]
        moving = np.any(np.diff(run.path, axis=0) != 0.0, axis=1)
        count = min(STEPS_SHOWN_ONE_BY_ONE, int(moving.sum()))
        with self.beat(self.captions.step, chapter="One step"):
            self.heading(stage.math(UPDATE, Size.TITLE))
            self.play(FadeOut(self.across), FadeOut(self.direction), FadeIn(self.rate_note), run_time=0.6)
            if not count:
                return
            far = self.map.at(np.array(self.explainer.start) + self._downhill(0.17))
            here, there = self.map.at(run.path[:2])
            self.play(self.drive(lambda p: self.arrow.put(here, far + p * (there - far)), self.arrow, run_time=1.0))

            def walk(progress: float) -> None:
                whole = min(int(progress * count), count - 1)
                share = progress * count - whole
                grown, gone = np.clip([2 * share, 2 * share - 1], 0, 1) if whole else (1.0, share)
                begin, end = self.map.at(run.path[whole : whole + 2])
                ball = begin + gone * (end - begin)
                self.arrow.put(ball, begin + grown * (end - begin))
                self.ball.put(ball[None])
                self.loss.set_value(float(self.explainer.landscape.value(at_step(run.path, whole + gone))))

            self.play(self.drive(walk, self.arrow, self.ball, self.loss, run_time=1.8 * count, rate_func=linear))

    # --- Four learning rates ---------------------------------------------------------------------------

    def race(self, name: str) -> None:
        """One run on the map and its loss beside it, on one clock; earlier runs stay, dimmed."""
        run, caption = self.runs[name], self.captions.of_run(name)
        chapters = {"slow": "Too slow", "good": "Brisk", "own": "Your rate", "divergent": "Above 2/L"}
        first = name == next(iter(ROLES))
        with self.beat(caption, chapter=chapters[name]):
            if first:
                self._open_the_race()
            else:
                self.play(*(part.animate.set_opacity(DIMMED) for part in self._drawn()), run_time=0.4)
            trail = Trail(self.stage, self.map.at, self.map.box, run.path, ROLES[name]).put(0)
            curve = self._loss_curve(name).put(0)
            self.trails[name], self.curves[name] = trail, curve
            self.play(FadeIn(self.legend.entries[name]), FadeIn(trail), FadeIn(curve), run_time=0.6)

            def step(progress: float) -> None:
                for picture in (trail, curve):
                    picture.put(paced(progress, self.explainer.steps))

            self.play(self.drive(step, trail, curve, run_time=4.5, rate_func=linear))

    def _drawn(self) -> list[Trail]:
        return [*self.trails.values(), *self.curves.values()]

    def _open_the_race(self) -> None:
        """The ball goes back to the start; the loss plot takes the panel's place."""
        self.trails: dict[str, Trail] = {}
        self.curves: dict[str, Trail] = {}
        self.plot = self._loss_plot(self.side)
        self.play(FadeOut(self.arrow), FadeOut(self.ball), FadeOut(self.panel), FadeOut(self.rate_note), run_time=0.5)
        self.play(FadeIn(self.plot), run_time=0.5)

    def _loss_plot(self, zone: Zone) -> Plot:
        """Axes for all four losses: logarithmic, cut where a run explodes or has long arrived."""
        first = float(self.runs["good"].losses[0])
        steps = (0, self.explainer.steps)
        if first == 0.0:
            return Plot(self.stage, zone, steps, (0.0, 1.0), x_label="step", y_label="loss $f$")
        losses = np.concatenate([run.losses for run in self.runs.values()])
        top = 10.0 ** np.ceil(np.log10(min(float(losses.max()), HIGHEST * first) * 1.001))
        positive = losses[losses > 0]
        bottom = 10.0 ** np.floor(np.log10(max(float(positive.min()), DEEPEST * first)))
        cut = losses.max() > top or positive.min() < bottom or len(positive) < len(losses)
        label = "loss $f$ (log scale, cut)" if cut else "loss $f$ (log scale)"
        return Plot(
            self.stage, zone, steps, (min(bottom, top / 10), top), x_label="step", y_label=label, log_y=True
        )  # fmt: skip

    def _loss_curve(self, name: str) -> Trail:
        """The loss of a run on the plot, cut at the plot's edges."""
        run, plot = self.runs[name], self.plot
        losses = np.log10(np.maximum(run.losses, 1e-300)) if plot.coordinates.log_y else run.losses
        path = np.stack([np.arange(len(losses)), losses], axis=1)
        low, span = plot.coordinates.y_range[0], np.ptp(plot.coordinates.y_range)

        def to_scene(points: np.ndarray) -> np.ndarray:
            scene = np.zeros((len(points), 3))
            scene[:, 0] = plot.box.left + points[:, 0] * plot.coordinates.x_unit
            scene[:, 1] = plot.box.bottom + (points[:, 1] - low) / span * plot.box.height
            return scene

        return Trail(self.stage, to_scene, plot.box, path, ROLES[name], dots=False, line_width=5.0)

    # --- Why 2/L, and what the condition number does ---------------------------------------------------

    def explain_the_limit(self) -> None:
        """The rate sweeps up: on the bowl the first step lands ever farther across, its factor falls past −1."""
        stage, descent = self.stage, self.explainer
        factors = FactorPlot(stage, self.side, descent.curvatures, descent.rates, ROLES)
        start = np.array(descent.start)
        shows_step = descent.has_closed_form and descent.start_kind != "minimum"
        with self.beat(self.captions.limit, chapter="Why 2/L"):
            trails = list(self.trails.values())
            self.heading(stage.math(f"0 < {{{{eta : parameter}}}} < 2 / L = {rate_text(descent.limit)}", Size.TITLE))
            self.play(
                FadeOut(self.plot), *(FadeOut(curve) for curve in self.curves.values()),
                *((FadeOut(trail) for trail in trails) if shows_step else ()), run_time=0.5,
            )  # fmt: skip
            arrow = Arrow(stage, self.map.at(start), self.map.at(start), "output", 0.08)
            ball = Dots(stage, self.map.at(start[None]), "highlight", 0.13)
            self.play(FadeIn(factors), *([FadeIn(ball)] if shows_step else []), run_time=0.7)
            self.add(*([arrow] if shows_step else []), ball, factors.walker) if shows_step else self.add(factors.walker)

            def sweep(rate: float) -> None:
                factors.put(rate)
                if shows_step:
                    landing = start - rate * descent.gradient_at_start
                    cut = until_leaving(np.array([start, landing]), self.map.window)
                    arrow.put(*self.map.at(cut))

            moving = [factors.walker, factors.readouts, *([arrow] if shows_step else [])]
            limit, last = descent.limit, factors.largest
            self.play(self.drive(lambda p: sweep(p * limit), *moving, run_time=3.0))
            self.play(Indicate(factors.limit_mark, scale_factor=1.08), run_time=0.6)
            self.play(self.drive(lambda p: sweep(limit + p * (last - limit)), *moving, run_time=1.4))
            self.play(FadeOut(factors.walker), FadeIn(factors.marks), run_time=0.7)
        self.factors = factors
        self.leftovers = [
            factors,
            factors.marks,
            self.legend,
            self.map,
            self.surface,
            *([arrow, ball] if shows_step else trails),
        ]

    def stretch_the_valley(self) -> None:
        """Valleys of growing condition number, each descended at its best rate, under one clock."""
        stage, descent = self.stage, self.explainer
        paths = {number: run.path for number, run in descent.condition_runs.items()}
        strips = ValleyStrips(stage, stage.zones.body, paths, descent.pace_by_condition)
        with self.beat(self.captions.condition, chapter="Stretched valley"):
            self.play(*(FadeOut(item) for item in self.leftovers), run_time=0.6)
            self.heading(stage.words("Steps at the best rate, to a millionth of the distance", Size.TITLE))
            self.play(FadeIn(strips), run_time=0.7)
            self.play(
                self.drive(
                    lambda p: strips.put(paced(p, descent.steps), p), strips.trails, strips.bars,
                    run_time=5.0, rate_func=linear,
                )
            )  # fmt: skip
            self.play(FadeIn(strips.counts), run_time=0.6)
            self.wait(1.0)
            self.play(FadeOut(strips), run_time=0.4)

    # --- Four valleys, and the summary -----------------------------------------------------------------

    def four_valleys(self) -> None:
        """Four starts on one hill, on surface and map at once; then every start in its valley's colour."""
        stage, descent = self.stage, self.explainer
        left, right = stage.zones.body.beside(0.56, 0.44)
        field, levels = self._valley_field()
        surface = self._surface(field, levels, left)
        surface.view.azimuth += TURN
        flat = ContourMap(stage, right, field, levels, ticks=False, opacity=0.4)
        runs = descent.valley_runs
        count = max(int(np.argmax(run.distances <= SETTLED)) for run in runs)
        paths = [run.path[: count + 1] for run in runs]
        on_surface = VGroup(
            *(
                SurfaceTrail(surface, p, stage.color(role), dot_radius=0.05).put(0)
                for p, role in zip(paths, VALLEY_ROLES, strict=True)
            )
        )
        on_map = VGroup(
            *(
                Trail(stage, flat.at, flat.box, p, role, dot_radius=0.05).put(0)
                for p, role in zip(paths, VALLEY_ROLES, strict=True)
            )
        )
        basins = self._basins(flat)
        with self.beat(self.captions.valleys, chapter="Four valleys"):
            self.heading(stage.words("Himmelblau's function: four minima", Size.TITLE))
            self.play(FadeIn(surface), FadeIn(flat), run_time=0.7)
            self.play(FadeIn(on_surface), FadeIn(on_map), run_time=0.5)

            def step(progress: float) -> None:
                for trail in (*on_surface, *on_map):
                    trail.put(paced(progress, count))

            self.play(self.drive(step, on_surface, on_map, run_time=4.0, rate_func=linear))
            self.add(basins, flat, on_map)
            self.play(FadeIn(basins), run_time=1.2)
            names = self._valley_names(flat, runs)
            self.play(FadeIn(names), run_time=0.6)
        self.leftovers = [surface, on_surface, on_map, flat, basins, names]

    def _valley_field(self) -> tuple[HeightField, np.ndarray]:
        """Himmelblau's surface, drawn as log(1 + f), with contours evenly spaced in that height."""
        valleys = self.explainer.valleys
        (low, high), _ = valleys.frame
        axis = np.linspace(low, high, MESH)
        height = np.log1p(valleys.height(*np.meshgrid(axis, axis)))
        return HeightField(axis, axis, height, (BOX, BOX, HEIGHT)), np.linspace(0, height.max(), 9)[1:-1]

    def _basins(self, flat: ContourMap) -> Raster:
        """Each start's valley as a tint of that valley's colour; grey where the run reaches none."""
        theme = self.stage.theme
        tints = [mix(theme.background, theme.color(role), 0.38) for role in VALLEY_ROLES]
        return Raster(flat.box, self.explainer.basins(BASIN_PIXELS)[2], [*tints, theme.grid])

    def _valley_names(self, flat: ContourMap, runs: tuple[Run, ...]) -> VGroup:
        """A letter beside each minimum, on the side away from the middle."""
        names = VGroup()
        for letter, run in zip(VALLEY_NAMES, runs, strict=True):
            outward = run.minimum / np.linalg.norm(run.minimum)
            names.add(tag(self.stage, letter).move_to(flat.at(run.minimum + 0.75 * outward)))
        return names

    def sum_up(self) -> None:
        """The first landscape again with all four runs, and their losses."""
        stage, descent, surface = self.stage, self.explainer, self.surface
        zone = Zone(self.map_zone.left, self.map_zone.bottom, self.map_zone.right, self.map_zone.top)
        azimuth, elevation = np.radians(descent.camera)
        surface.view = View(azimuth - TURN, elevation, zone.center)
        surface.view.fit_turn(self.field, zone, FLOOR_GAP, np.linspace(azimuth - TURN, azimuth, 5))
        surface.set_fill(opacity=1.0)
        trails = VGroup(
            *(
                SurfaceTrail(surface, until_leaving(self.runs[name].path, self.map.window), stage.color(role)).put(0)
                for name, role in ROLES.items()
            )
        )
        for curve in self.curves.values():
            curve.set_opacity(1.0).put(0)
        curves = VGroup(*self.curves.values())
        with self.beat(self.captions.summary, chapter="Summary"):
            self.play(*(FadeOut(item) for item in self.leftovers), run_time=0.5)
            self.heading(stage.math(UPDATE + ", quad 0 < {{eta : parameter}} < 2 / L", Size.TITLE))
            self.play(FadeIn(surface), FadeIn(self.plot), FadeIn(self.legend), run_time=0.8)
            self.play(FadeIn(trails), FadeIn(curves), run_time=0.4)

            def step(progress: float) -> None:
                surface.view.azimuth = azimuth - TURN * (1.0 - progress)
                for picture in (*trails, *curves):
                    picture.put(paced(progress, descent.steps))

            self.play(self.drive(step, surface, trails, curves, run_time=5.0))
