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
)
from scenes.pictures.contour_map import ContourMap, Trail
from scenes.pictures.plot import Plot
from scenes.pictures.raster import Raster
from scenes.pictures.readout import Readout
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
        """The surface through the dots, turning."""
        landscape, hero = self.explainer, self.hero
        with self.beat(captions.surface(landscape), chapter=_("The surface")):
            self.add(hero, self.dots)
            self.play(FadeIn(hero), FadeOut(self.dots), run_time=1.0)
            self.play(self.drive(hero.turn, hero, run_time=3.5))
        self.leaving = [self.panel]

    # --- Two surfaces side by side ---------------------------------------------------------------------

    def put_side_by_side(
        self, networks: tuple[Landscape, ...], lines: list[list[tuple[str, str]]], *, marks_dips: bool = False
    ) -> None:
        """The first surface glides to its side, another appears beside it, each with its lines below."""
        hero, stage = self.hero, self.stage
        own = networks.index(self.explainer.first)
        places = [above_label(stage, zone) for zone in self.pair]
        other = self.surface_of(networks[1 - own], places[1 - own]).turn(1.0)
        start, end = hero.view, hero.standing_in(places[own], SWAY)
        other.view = other.standing_in(places[1 - own], SWAY)

        def glide(progress: float) -> None:
            hero.view = halfway(start, end, progress)

        self.play(*map(FadeOut, self.leaving), *([] if hero in self.mobjects else [FadeIn(hero)]), run_time=0.5)
        self.play(self.drive(glide, hero, run_time=1.2))
        labels = [below(stage, zone, texts) for zone, texts in zip(self.pair, lines, strict=True)]
        self.play(FadeIn(labels[own]), run_time=0.5)
        self.play(FadeIn(other), FadeIn(labels[1 - own]), run_time=1.0)
        surfaces = (hero, other)
        dots = [dot for surface in surfaces for dot in self._dip_dots(surface)] if marks_dips else []
        if dots:
            self.play(*map(FadeIn, dots), run_time=0.6)

        def sway(progress: float) -> None:
            for surface in surfaces:
                surface.view.azimuth = surface.azimuth + SWAY * np.sin(2 * np.pi * progress)

        self.play(self.drive(sway, hero, other, *dots, run_time=4.0))
        self.leaving = [other, *labels, *dots]

    def _dip_dots(self, surface: MeasuredSurface) -> list[SurfaceTrail]:
        """A dot in each dip of a surface, faint where the surface hides it: a trail of one point, with its head."""
        color, places = self.stage.color("highlight"), LossLandscape.dip_places(surface.network)
        return [SurfaceTrail(surface, place[None], color, dot_radius=DIP_DOT).put(0) for place in places]

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
            self.put_side_by_side(tuple(landscape.by_batch.values()), lines)
            self.heading(self.stage.words(_("How sharp is the minimum?"), Size.TITLE))

    def average(self) -> None:
        """The loss at a distance from the minimum, averaged over directions."""
        landscape, stage = self.explainer, self.stage
        pair = landscape.by_batch
        at_distance = tuple(float(np.interp(NAMED_DISTANCE, n.distances, n.profile)) for n in pair.values())
        with self.beat(captions.profiles(landscape, NAMED_DISTANCE, at_distance), chapter=_("In all directions")):
            self.play(*map(FadeOut, [*self.leaving, self.hero]), run_time=0.6)
            top = 1.05 * max(float(network.profile.max()) for network in pair.values())
            plot = Plot(
                stage, self.main, (0, self.hero.network.reach), (0, top),
                x_label=_("distance, in sizes of the weights"), y_label=_("mean loss"),
            )  # fmt: skip
            panel = self._profile_panel()
            self.play(FadeIn(plot), FadeIn(panel), run_time=0.7)
            curves = {batch: plot.curve(n.distances[:1], n.profile[:1], ROLES[batch]) for batch, n in pair.items()}
            self.add(*curves.values())

            def step(progress: float) -> None:
                for batch, network in pair.items():
                    x = np.linspace(0, max(progress, 1e-3) * network.reach, 80)
                    curves[batch].put(plot.points_at(x, np.interp(x, network.distances, network.profile)))

            self.play(self.drive(step, *curves.values(), run_time=3.0, rate_func=linear))
            mark = plot.curve(np.array([NAMED_DISTANCE] * 2), np.array([0, max(at_distance)]), "highlight", 2.5)
            self.play(FadeIn(mark), run_time=0.5)
        self.leaving = [plot, panel, mark, *curves.values()]

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
            self.put_side_by_side(tuple(landscape.by_skip.values()), lines, marks_dips=True)
            self.heading(self.stage.math("h arrow.l {{h : data}} + tanh({{W : parameter}} h + b)", Size.TITLE))

    # --- The path of training --------------------------------------------------------------------------

    def follow_training(self) -> None:
        """Map and loss curve, one clock: the path that training took, on the plane that holds most of it."""
        landscape, stage, path = self.explainer, self.stage, self.explainer.path
        self.fields = tuple(self.plane_field(points) for points in (MESH, FINE))
        self.levels = LossLandscape.drawn_height(np.array(LEVELS))
        with self.beat(captions.path(landscape), chapter=_("The true path")):
            self.play(*map(FadeOut, [*self.leaving, self.hero]), run_time=0.6)
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
            self.play(FadeIn(trail), FadeIn(curve), run_time=0.4)

            def step(progress: float) -> None:
                done = progress**1.5 * (len(path.points) - 1)
                trail.put(done)
                shown = np.append(np.arange(int(done) + 1), done)
                curve.put(plot.points_at(shown * path.every, np.interp(shown, steps / path.every, path.losses)))

            self.play(self.drive(step, trail, curve, run_time=5.0, rate_func=linear))
        self.leaving = [chart, trail, plot, curve]

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
