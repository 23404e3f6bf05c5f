"""Staging of `loss-landscape`: a surface measured dot by dot, flat and sharp minima, the true path of training."""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut, VGroup, VMobject, linear

from explainers.calculus.loss_landscape import LossLandscape
from explainers.networks.landscapes import Landscape
from scenes.calculus import loss_landscape_captions as captions
from scenes.calculus.gradient_descent_landscape import FINE, MESH, TurningSurface
from scenes.calculus.loss_landscape_surfaces import (
    LEVELS,
    MeasuredSurface,
    above_label,
    below,
    field_of,
    halfway,
    inner_part,
)
from scenes.pictures.contour_map import ContourMap, Trail
from scenes.pictures.labels import clear_offset, inside, tag
from scenes.pictures.plot import Plot, nice_ticks
from scenes.pictures.raster import Raster
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Dots
from scenes.pictures.surface import HeightField, SurfaceTrail
from scenes.stage.color import mix
from scenes.stage.language import _, ngettext
from scenes.stage.scene import ExplainerScene
from scenes.stage.stage import stack
from scenes.stage.text import Size, format_number
from scenes.stage.zones import Zone

ROLES = {"small": "model", "large": "error"}
"""Colours of the networks trained in small and in large batches."""
NAMED_DISTANCE = 0.2
"""The distance from the minimum at which a caption compares the two, in sizes of the weights."""
NARROW, WIDE = 9.0, 11.0
"""Widths of the body, in scene units, below which panels go under their picture, and above which pictures get more."""
SWAY = np.radians(14)
"""How far two surfaces sway to and fro, so that their depth is seen."""
DIP_DOT = 0.05
"""Size of the dot in a dip of a surface, as a radius in scene units before the head of a trail grows."""
NEAR = 0.35
"""How far to either side surfaces reach where they are seen close up, in sizes of the weights."""
PROFILE_REACH = 1.5 * NAMED_DISTANCE
"""How far the averaged losses are drawn: farther out both are so large that the named ones could not be told apart."""
MARK_DOT = 0.1
"""Radius in scene units of the dots on the averaged losses."""
BRIGHTNESSES = 17
"""Grey levels of scikit-learn's digits."""
LOSS_RANGE = (0.01, 20.0)
"""Of the loss curve: training begins below 20 and stops above 0.01."""


class LossLandscapeScene(ExplainerScene[LossLandscape]):
    """From digits to a measured surface; batches, skip connections; training on its own plane."""

    explainer_type = LossLandscape

    def construct(self) -> None:
        """The story, beat by beat."""
        self.lay_out()
        self.show_network()
        self.measure()
        self.show_surface()
        self.compare_batches()
        self.average()
        self.compare_skips()
        self.follow_training()
        self.sum_up()

    def lay_out(self) -> None:
        """Zones, and one scale of heights for all surfaces."""
        landscape, zones = self.explainer, self.stage.zones
        networks = (*landscape.by_batch.values(), *landscape.by_skip.values())
        self.top = max(float(network.grid.max()) for network in networks)
        self.pair = zones.body.beside(0.5, 0.5)
        body = zones.body
        if body.width < NARROW:
            self.main, self.side = body.rows(0.52, 0.48)
        else:
            share = 0.62 if body.width > WIDE else 0.54
            self.main, self.side = body.columns(share, 1 - share)
        self.hero = self.surface_of(landscape.first, self.main)

    def surface_of(self, network: Landscape, zone: Zone) -> MeasuredSurface:
        """The surface around a network, in a zone."""
        return MeasuredSurface(self.stage, zone, network, self.top, self.explainer.camera)

    def close_up_of(self, network: Landscape, zone: Zone) -> MeasuredSurface:
        """The inner part of a surface, on one scale of heights for both networks that are compared in this way."""
        top = max(float(inner_part(other, NEAR)[1].max()) for other in self.explainer.by_batch.values())
        return MeasuredSurface(self.stage, zone, network, top, self.explainer.camera, NEAR)

    def panel_of(self, lines: list[VMobject]) -> VGroup:
        """Lines in the side zone, as far apart as it allows."""
        free = self.side.height - sum(line.height for line in lines)
        return stack(*lines, gap=float(np.clip(free / (len(lines) - 1), 0.0, 0.3))).move_to(self.side.center)

    # --- The network and its surface -------------------------------------------------------------------

    def show_network(self) -> None:
        """The digits that it reads, and how many weights and pictures there are."""
        landscape, stage = self.explainer, self.stage
        found = landscape.first.found
        with self.beat(captions.network(landscape), chapter=_("A real network")):
            self.heading(stage.words(_(landscape.title), Size.TITLE))
            pictures = self._digits(self.main)
            lines = [
                stage.words(_("64 pixels $arrow.r$ 10 digits"), Size.READOUT),
                Readout(stage, _("weights"), landscape.weight_count, decimals=0, role="parameter"),
                Readout(stage, _("pictures"), landscape.picture_count, decimals=0, role="data"),
                Readout(stage, _("test accuracy"), found["test_accuracy"], decimals=1, percent=True, role="output"),
                *(stage.words(part, Size.LABEL, "muted") for part in captions.name_of(landscape.first)),
            ]
            panel = self.panel_of(lines)
            for picture in pictures:
                self.play(FadeIn(picture), run_time=0.16)
            for line in panel:
                self.play(FadeIn(line), run_time=0.5)
        self.leaving: list[VMobject] = [pictures, panel]

    def _digits(self, zone: Zone) -> VGroup:
        """One picture of each digit, in two rows (five in a tall zone)."""
        theme = self.stage.theme
        greys = [mix(theme.surface, theme.text, level / (BRIGHTNESSES - 1)) for level in range(BRIGHTNESSES)]
        columns = 5 if zone.width > zone.height else 3
        rows = -(-10 // columns)
        side = min((zone.width - 0.2 * (columns - 1)) / columns, (zone.height - 0.2 * (rows - 1)) / rows)
        pictures = VGroup()
        for digit, brightness in enumerate(self.explainer.digits):
            row, column = divmod(digit, columns)
            x = zone.center[0] + (column - (columns - 1) / 2) * (side + 0.2)
            y = zone.center[1] - (row - (rows - 1) / 2) * (side + 0.2)
            levels = np.round(brightness[::-1] * (BRIGHTNESSES - 1)).astype(int)
            place = Zone(x - side / 2, y - side / 2, x + side / 2, y + side / 2)
            pictures.add(Raster(place, levels, greys))
        return pictures

    def measure(self) -> None:
        """Dots on the floor, one per pair of steps along the two directions, rise to the loss measured there."""
        landscape, stage, hero = self.explainer, self.stage, self.hero
        with self.beat(captions.measuring(landscape), chapter=_("Dot by dot")):
            self.play(*map(FadeOut, self.leaving), run_time=0.5)
            name = _("loss")
            weights = "{{w : parameter}} + x {{u : input}} + y {{v : input}}"
            self.heading(stage.math(f'"{name}"({weights})', Size.TITLE))
            panel = self.direction_panel()
            dots = hero.measured_dots(stage)
            self.play(FadeIn(dots), FadeIn(panel), run_time=0.8)
            self.wait(0.5)
            self.play(self.drive(lambda p: dots.put(hero.dot_places(p)), dots, run_time=3.5))
        self.dots, self.panel = dots, panel

    def direction_panel(self) -> VGroup:
        """What the letters of the formula are."""
        stage, width = self.stage, self.side.width
        texts = {
            "parameter": ("$w$", _("the trained weights")),
            "input": ("$u, v$", _("two random directions, scaled unit by unit to the size of the weights")),
        }
        lines = []
        for role, (letter, meaning) in texts.items():
            lines += [
                stage.words(letter, Size.READOUT, role),
                stage.paragraph(meaning, width, Size.LABEL),
            ]
        # Translators: words within the formula stand in quotes; the logarithm is the natural one.
        lines.append(stage.words(_('drawn height: $log(1 + "loss")$'), Size.LABEL, "muted"))
        return self.panel_of(lines)

    def show_surface(self) -> None:
        """The surface through the dots, turning, with a dot where training ended."""
        landscape, hero = self.explainer, self.hero
        with self.beat(captions.surface(landscape), chapter=_("The surface")):
            self.add(hero, self.dots)
            self.play(FadeIn(hero), FadeOut(self.dots), run_time=1.0)
            end = self._dot_on(hero, np.zeros(2))
            self.play(FadeIn(end), run_time=0.5)
            self.play(self.drive(hero.turn, hero, end, run_time=3.5))
        self.leaving = [self.panel, end]

    # --- Two surfaces side by side ---------------------------------------------------------------------

    def put_side_by_side(
        self, networks: tuple[Landscape, ...], lines: list[list[tuple[str, str]]], *, close_up: bool = False
    ) -> None:
        """The first surface glides to its side, another appears beside it, each with its lines below.

        With `close_up` their inner parts take the place of both. A dot stands in each dip.
        """
        hero, stage = self.hero, self.stage
        own = networks.index(self.explainer.first)
        places = [above_label(stage, zone) for zone in self.pair]
        make = self.close_up_of if close_up else self.surface_of
        surfaces = [make(network, place) for network, place in zip(networks, places, strict=True)]
        for surface, place in zip(surfaces, places, strict=True):
            surface.view = surface.standing_in(place, SWAY)
        start, end = hero.view, hero.standing_in(places[own], SWAY)

        def glide(progress: float) -> None:
            hero.view = halfway(start, end, progress)

        self.play(*map(FadeOut, self.leaving), *([] if hero in self.mobjects else [FadeIn(hero)]), run_time=0.5)
        self.play(self.drive(glide, hero, run_time=1.2))
        labels = [below(stage, zone, texts) for zone, texts in zip(self.pair, lines, strict=True)]
        if close_up:
            self.play(FadeOut(hero), FadeIn(surfaces[own]), FadeIn(labels[own]), run_time=0.8)
        else:
            surfaces[own] = hero
            self.play(FadeIn(labels[own]), run_time=0.5)
        self.play(FadeIn(surfaces[1 - own]), FadeIn(labels[1 - own]), run_time=1.0)
        dots = [dot for surface in surfaces for dot in self._dip_dots(surface)]
        if dots:
            self.play(*map(FadeIn, dots), run_time=0.6)

        def sway(progress: float) -> None:
            for surface in surfaces:
                surface.view.azimuth = surface.azimuth + SWAY * np.sin(2 * np.pi * progress)

        self.play(self.drive(sway, *surfaces, *dots, run_time=4.0))
        self.leaving = [*surfaces, *labels, *dots]

    def _dip_dots(self, surface: MeasuredSurface) -> list[SurfaceTrail]:
        """A dot in each dip that is on a surface."""
        low, high = surface.field.x[[0, -1]]
        places = LossLandscape.dip_places(surface.network)
        return [self._dot_on(surface, place) for place in places if np.all((low <= place) & (place <= high))]

    def _dot_on(self, surface: MeasuredSurface, place: np.ndarray) -> SurfaceTrail:
        """A dot on a surface, faint where that hides it: a trail of one point, with its head."""
        return SurfaceTrail(surface, place[None], self.stage.color("highlight"), dot_radius=DIP_DOT).put(0)

    def compare_batches(self) -> None:
        """Small batches, large batches: at one loss, but not one shape."""
        landscape = self.explainer
        with self.beat(captions.batches(landscape), chapter=_("Flat or sharp")):
            lines = [
                [
                    (_("batches of {n}").format(n=format_number(landscape.batch_sizes[batch], 0)), ROLES[batch]),
                    (_("loss {loss}").format(loss=captions.loss_text(network.found["training_loss"])), "text"),
                    (_("curvature {value}").format(value=format_number(network.found["sharpness"], 1)), "text"),
                ]
                for batch, network in landscape.by_batch.items()
            ]
            self.heading(self.stage.words(_("Close up: how sharp is it?"), Size.TITLE))
            self.put_side_by_side(tuple(landscape.by_batch.values()), lines, close_up=True)

    def average(self) -> None:
        """The loss at a distance from the minimum, averaged over directions."""
        landscape, stage = self.explainer, self.stage
        pair = landscape.by_batch
        at_distance = tuple(float(np.interp(NAMED_DISTANCE, n.distances, n.profile)) for n in pair.values())
        with self.beat(captions.profiles(landscape, NAMED_DISTANCE, at_distance), chapter=_("In all directions")):
            self.play(*map(FadeOut, self.leaving), run_time=0.6)
            x = np.linspace(0, PROFILE_REACH, 80)
            losses = {batch: np.interp(x, n.distances, n.profile) for batch, n in pair.items()}
            top = 1.05 * max(float(values.max()) for values in losses.values())
            plot = Plot(
                stage, self.main, (0, PROFILE_REACH), (0, top),
                x_ticks=nice_ticks(0, PROFILE_REACH, 4),
                x_label=_("distance, in sizes of the weights"), y_label=_("mean loss"),
            )  # fmt: skip
            panel = self._profile_panel()
            self.play(FadeIn(plot), FadeIn(panel), run_time=0.7)
            curves = {batch: plot.curve(x[:1], losses[batch][:1], ROLES[batch]) for batch in pair}
            self.add(*curves.values())

            def step(progress: float) -> None:
                shown = max(progress, 1e-3) * x
                for batch, curve in curves.items():
                    curve.put(plot.points_at(shown, np.interp(shown, x, losses[batch])))

            self.play(self.drive(step, *curves.values(), run_time=3.0, rate_func=linear))
            marks = self._marks_at(plot, at_distance, np.vstack([plot.points_at(x, y) for y in losses.values()]))
            self.play(FadeIn(marks), run_time=0.5)
        self.leaving = [plot, panel, marks, *curves.values()]

    def _marks_at(self, plot: Plot, values: tuple[float, float], taken: np.ndarray) -> VGroup:
        """A dot with its value on each curve at the named distance: the higher one's above it, the lower one's beside.

        No value covers the points `taken`, shape (n, 3).
        """
        marks = VGroup()
        for batch, value in zip(ROLES, values, strict=True):
            place = plot.at(NAMED_DISTANCE, value)
            label = tag(self.stage, captions.loss_text(value), ROLES[batch], Size.LABEL)
            toward = np.array([-1.0, 1.0]) if value == max(values) else np.array([1.0, 0.0])
            label.move_to(place + clear_offset(label, place, toward, taken, plot.box))
            taken = np.vstack([taken, inside(label, label.get_center())])
            marks.add(Dots(self.stage, place[None], ROLES[batch], MARK_DOT), label)
        return marks

    def _profile_panel(self) -> VGroup:
        """Legend, and how sharp the two minima are."""
        landscape, stage = self.explainer, self.stage
        lines: list[VMobject] = []
        for batch, network in landscape.by_batch.items():
            lines += [
                stage.words(captions.batch_name(batch), Size.READOUT, ROLES[batch]),
                Readout(stage, _("curvature"), network.found["sharpness"], decimals=1, role=ROLES[batch]),
                Readout(stage, _("test accuracy"), network.found["test_accuracy"], decimals=1, percent=True),
            ]
        return self.panel_of(lines)

    def compare_skips(self) -> None:
        """With and without skip connections, the same steps at most."""
        landscape = self.explainer
        with self.beat(captions.skips(landscape), chapter=_("Skip connections")):
            lines = []
            for skip, network in landscape.by_skip.items():
                steps, count = network.found["steps"], landscape.dips_of(network)
                loss = captions.loss_text(network.found["training_loss"])
                found = ngettext("loss {loss}, {n} dip", "loss {loss}, {n} dips", count)
                lines.append(
                    [
                        (captions.skip_name(skip), "model" if skip else "second"),
                        (found.format(loss=loss, n=count), "text"),
                        (ngettext("{n} step", "{n} steps", steps).format(n=format_number(steps, 0)), "text"),
                    ]
                )
            self.heading(self.stage.math("h arrow.l {{h : data}} + tanh({{W : parameter}} h + b)", Size.TITLE))
            self.put_side_by_side(tuple(landscape.by_skip.values()), lines)

    # --- The path of training --------------------------------------------------------------------------

    def follow_training(self) -> None:
        """Map and loss curve, one clock: the path that training took, on the plane that holds most of it."""
        landscape, stage, path = self.explainer, self.stage, self.explainer.path
        self.fields = tuple(self.plane_field(points) for points in (MESH, FINE))
        self.levels = LossLandscape.drawn_height(np.array(LEVELS))
        with self.beat(captions.path(landscape), chapter=_("The true path")):
            self.play(*map(FadeOut, self.leaving), run_time=0.6)
            self.heading(stage.words(_("The path of training"), Size.TITLE))
            chart = ContourMap(stage, self.main, self.fields[1], self.levels)
            trail = Trail(stage, chart.at, chart.box, path.points, "highlight", dot_radius=0.045).put(0)
            steps = np.arange(len(path.losses)) * path.every
            plot = Plot(
                stage, self.side, (0, steps[-1]), LOSS_RANGE,
                x_label=_("step"), y_label=_("loss (log scale)"), log_y=True,
            )  # fmt: skip
            curve = plot.curve(steps[:1], path.losses[:1], "output")
            self.play(FadeIn(chart), FadeIn(plot), run_time=0.8)
            names = self._names_of_ends(chart, path.points)
            self.play(FadeIn(trail), FadeIn(names[0]), FadeIn(curve), run_time=0.4)

            def step(progress: float) -> None:
                done = progress**1.5 * (len(path.points) - 1)
                trail.put(done)
                shown = np.append(np.arange(int(done) + 1), done)
                curve.put(plot.points_at(shown * path.every, np.interp(shown, steps / path.every, path.losses)))

            self.play(self.drive(step, trail, curve, run_time=5.0, rate_func=linear))
            self.play(FadeIn(names[1]), run_time=0.4)
        self.leaving = [chart, trail, *names, plot, curve]

    def _names_of_ends(self, chart: ContourMap, points: np.ndarray) -> list[VMobject]:
        """ "start" and "end" beside the ends of a path (n, 2) on a map, off the path."""
        scene, names = chart.at(points), []
        for place, word in ((scene[0], _("start")), (scene[-1], _("end"))):
            name = tag(self.stage, word, size=Size.LABEL)
            names.append(name.move_to(place + clear_offset(name, place, np.array([1.0, -0.5]), scene, chart.box)))
        return names

    def plane_field(self, points: int) -> HeightField:
        """The loss on the plane of the path, on a lattice with so many points along a side."""
        plane = self.explainer.path.plane
        x, y = (np.linspace(*side, points) for side in plane.window)
        losses = plane.value(*np.meshgrid(x, y))
        return field_of(x, y, losses, float(losses.max()))

    def sum_up(self) -> None:
        """The same plane as a surface, the path on it, and what was found beside it."""
        landscape, stage, path = self.explainer, self.stage, self.explainer.path
        surface = TurningSurface(stage, self.main, self.fields, self.levels, landscape.camera)
        trail = SurfaceTrail(
            surface, path.points, stage.color("highlight"), line_width=0.045, dot_radius=0.03
        )  # fmt: skip
        with self.beat(captions.summary(landscape), chapter=_("Summary")):
            self.play(*map(FadeOut, self.leaving), run_time=0.6)
            panel = self._summary_panel()
            self.heading(stage.words(_(landscape.title), Size.TITLE))
            self.play(FadeIn(surface), FadeIn(panel), run_time=0.8)
            self.play(FadeIn(trail.put(0)), run_time=0.3)

            def step(progress: float) -> None:
                surface.turn(progress)
                trail.put(progress * (len(path.points) - 1))

            self.play(self.drive(step, surface, trail, run_time=5.0))

    def _summary_panel(self) -> VGroup:
        """The two comparisons, in numbers."""
        landscape, stage = self.explainer, self.stage
        lines: list[VMobject] = [stage.words(_("largest curvature"), Size.LABEL, "muted")]
        for batch, network in landscape.by_batch.items():
            name, sharpness = captions.batch_name(batch), network.found["sharpness"]
            lines.append(Readout(stage, name, sharpness, decimals=1, role=ROLES[batch]))
        lines.append(stage.words(_("loss after training"), Size.LABEL, "muted"))
        for skip, network in landscape.by_skip.items():
            name, role = (_("with skips"), "model") if skip else (_("without skips"), "second")
            lines.append(Readout(stage, name, network.found["training_loss"], role=role))
        return self.panel_of(lines)
