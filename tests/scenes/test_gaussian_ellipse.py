"""The covariance ellipse on stage: dots, ellipses, box, axes, counts and captions against the explainer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np
import pytest

from explainers.probability.gaussian_ellipse import RADII, GaussianEllipse, mahalanobis, share_inside
from scenes.pictures.cloud import Cloud, Ellipses
from scenes.pictures.grid import Plane
from scenes.pictures.labels import overlap
from scenes.probability import gaussian_ellipse_captions as words
from scenes.probability.gaussian_ellipse import GaussianEllipseScene
from scenes.probability.gaussian_ellipse_panels import AxisCross, CountPanel, Probe, Slider
from scenes.stage.language import Language, languages_of, speaking
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.stage import Stage
from scenes.stage.text import format_number
from tests.scenes.captions import check_captions

SETTINGS = {
    "default": GaussianEllipse(),
    "falling and slim": GaussianEllipse(sigma_x=0.6, sigma_y=2, rho=-0.9, n=1500, seed=5),
    "identity, few dots": GaussianEllipse(sigma_x=1, sigma_y=1, rho=0, n=100),
    "wide and upright": GaussianEllipse(sigma_x=2, sigma_y=0.6, rho=0, n=200, seed=9),
}


def in_plane(plane: Plane, points: np.ndarray) -> np.ndarray:
    """Plane points of scene points, shape (n, 2)."""
    return (np.asarray(points) - plane.origin)[:, :2] / plane.unit


@dataclass
class Shown:
    """What the plane showed at the end of a beat, in plane units."""

    bright: np.ndarray
    faint: np.ndarray
    rings: np.ndarray
    outer: np.ndarray
    numbers: dict[str, float] = field(default_factory=dict)


def note(scene: GaussianEllipseScene) -> Shown:
    """The dots and ellipses as they stand."""
    cloud = scene.cloud
    parts = (cloud.bright.points[::4], cloud.faint.points[::4], cloud.rings.points[::4], scene.outer.points[::4])
    return Shown(*(in_plane(scene.plane, part) for part in parts))


@pytest.mark.parametrize("aspect", Aspect)
@pytest.mark.parametrize("rho", [-0.9, -0.4, 0.0, 0.4, 0.7, 0.9])
def test_names_at_the_box_stand_apart_and_beside_their_sides(aspect: Aspect, rho: float) -> None:
    scene = GaussianEllipseScene(GaussianEllipse(rho=rho), Look(aspect=aspect))
    scene.build()
    names = scene.box.names
    assert not any(overlap(one, other) for one, other in combinations(names, 2))
    for name, side in zip(names, scene.box.sides, strict=False):
        beyond = np.abs(side.points - name.get_center())[:, :2] - np.array([name.width, name.height]) / 2
        assert np.linalg.norm(np.maximum(beyond, 0), axis=1).min() < 0.3


Played = tuple[GaussianEllipseScene, dict[str, Shown]]


@pytest.fixture(params=SETTINGS.values(), ids=SETTINGS)
def played(request: pytest.FixtureRequest, staged: Callable[..., GaussianEllipseScene]) -> Played:
    """A scene at its end, and what its plane showed at the end of each chapter."""
    chapters: dict[str, Shown] = {}

    def listen(scene: GaussianEllipseScene, beat) -> None:
        chapters[beat.chapter] = note(scene)

    look = Look(captions=CaptionMode.NONE, fps=15)
    return staged(request.param, look, on_beat_end=listen), chapters


def test_what_is_shown_is_what_is_computed(played: Played) -> None:
    scene, chapters = played
    gauss = scene.explainer
    check_cloud(gauss, chapters)
    check_counts(scene, chapters)
    check_box_and_axes(scene)
    check_matrices(scene)
    assert ("The same shares" in chapters) == gauss.is_pushed


def check_cloud(gauss: GaussianEllipse, chapters: dict[str, Shown]) -> None:
    """Round at first, pushed from then on; the inner rings lie at their Mahalanobis radii."""
    np.testing.assert_allclose(chapters["A round cloud"].bright, gauss.round_dots, atol=1e-9)
    for chapter in ("Pushed by L", "Lean it", "Matrix and ellipse"):
        shown = chapters[chapter]
        np.testing.assert_allclose(shown.bright, gauss.dots, atol=1e-9)
        distances = mahalanobis(shown.rings, gauss.covariance).reshape(2, -1)
        np.testing.assert_allclose(distances, np.broadcast_to([[1], [2]], distances.shape), atol=1e-7)
        np.testing.assert_allclose(mahalanobis(shown.outer, gauss.covariance), 3, atol=1e-7)


def check_counts(scene: GaussianEllipseScene, chapters: dict[str, Shown]) -> None:
    """The lit dots are those inside; the table and the staircase say how many."""
    gauss = scene.explainer
    shown = chapters["Count the dots"]
    assert (len(shown.bright), len(shown.faint)) == (gauss.counted(3), gauss.n - gauss.counted(3))
    assert mahalanobis(shown.bright, gauss.covariance).max() <= 3 + 1e-9
    if "The same shares" in chapters:
        assert len(chapters["The same shares"].bright) == gauss.counted(1)
    panel = scene.counts
    for k, row in zip(RADII, panel.rows, strict=True):
        counted, expected = (text.content.strip('#"') for text in row[1:])
        assert counted == format_number(gauss.fraction(k), 1, percent=True)
        assert expected == format_number(share_inside(k), 2, percent=True)
    end = panel.counted.points[-1]
    np.testing.assert_allclose(end, panel.plot.at(3, 100 * gauss.fraction(3)), atol=1e-9)


def check_box_and_axes(scene: GaussianEllipseScene) -> None:
    """Box, touching point and half-axes stand where the explainer has them."""
    gauss, box = scene.explainer, scene.box
    corners = in_plane(scene.close, box.frame.points)
    np.testing.assert_allclose(np.abs(corners).max(axis=0), [gauss.sigma_x, gauss.sigma_y])
    np.testing.assert_allclose(in_plane(scene.close, box.dot.points)[0], gauss.touch, atol=1e-9)
    for arrow, tip in zip(scene.cross.arrows, gauss.axes.tips, strict=True):
        reached = in_plane(scene.plane, arrow.points)
        assert np.linalg.norm(reached - tip, axis=1).min() < 1e-9
    assert scene.plane.unit == pytest.approx(scene.wide.unit)
    assert scene.close.unit >= scene.wide.unit


def check_matrices(scene: GaussianEllipseScene) -> None:
    """The bracketed numbers are L and Σ."""
    np.testing.assert_allclose(scene.factor.box.values, scene.explainer.cholesky)
    np.testing.assert_allclose(scene.sigma.box.values, scene.explainer.covariance)


@pytest.mark.parametrize("spoken", languages_of("gaussian-ellipse"))
def test_captions_are_short_for_every_setting(spoken: Language) -> None:
    told = (words.start, words.push, words.box, words.lift, words.turn, words.half_axes, words.count)
    deviations, correlations = (0.6, 1, 1.23456, 2), (-0.9, -0.00123, 0, 0.7, 0.9)
    with speaking(spoken, "gaussian-ellipse"):
        captions = [words.undo(), words.sweep(), words.closing()]
        for sigma_x, sigma_y, rho in product(deviations, deviations, correlations):
            gauss = GaussianEllipse(sigma_x=sigma_x, sigma_y=sigma_y, rho=rho, n=777)
            captions += [tell(gauss) for tell in told]
        captions += [tell(gauss) for gauss in SETTINGS.values() for tell in told]
    check_captions(captions, spoken)
    decimals = {sign for caption in captions for sign in re.findall(r"\d([.,])\d", caption)}
    assert decimals == {"." if spoken is Language.ENGLISH else ","}


@pytest.mark.parametrize(
    ("changes", "tell", "said"),
    [
        ({}, words.push, "becomes an ellipse"),
        ({"rho": 0.0}, words.push, "stretches along x and y"),
        ({"rho": 0.0, "sigma_x": 1.0}, words.push, "identity: nothing moves"),
        ({"rho": 0.0, "sigma_x": 2.0, "sigma_y": 2.0}, words.push, "circles stay circles"),
        ({}, words.lift, "at height 0.7: covariance 1.5 × 0.7"),
        ({"rho": -0.5}, words.lift, "at height −0.5: covariance 1.5 × −0.5"),
        ({"rho": 0.0}, words.lift, "covariance 0"),
        ({}, words.half_axes, "1.69 and 0.63"),
        ({"rho": 0.0, "sigma_x": 1.0}, words.half_axes, "No direction is preferred"),
        ({"rho": 0.0, "sigma_x": 1.0}, words.turn, "every direction is an eigenvector"),
    ],
)
def test_captions_name_the_case(changes: dict[str, float], tell: Callable[[GaussianEllipse], str], said: str) -> None:
    assert said in tell(GaussianEllipse(**changes))


@pytest.fixture
def stage() -> Stage:
    return Stage(Look())


def test_the_image_of_a_turning_direction_is_sigma_times_it(stage: Stage) -> None:
    gauss, plane = GaussianEllipse(), Plane(stage.zones.main, 1.0)
    probe = Probe(stage, plane, gauss.covariance)
    for angle in (0.0, 1.1, gauss.angle):
        probe.put(angle, 1)
        u = np.array([np.cos(angle), np.sin(angle)])
        for arrow, tip in ((probe.arrow, u), (probe.image, gauss.covariance @ u)):
            assert np.linalg.norm(in_plane(plane, arrow.points) - tip, axis=1).min() < 1e-9


def test_axes_grow_along_their_lines(stage: Stage) -> None:
    gauss, plane = GaussianEllipse(), Plane(stage.zones.main, 0.5)
    cross = AxisCross(stage, plane, gauss.axes, 2.0).put(gauss.axes, 0.5)
    np.testing.assert_allclose(in_plane(plane, cross.lines[0].points)[-1], 2 * gauss.axes.tips[0])
    assert np.linalg.norm(in_plane(plane, cross.arrows[0].points) - gauss.axes.tips[0] / 2, axis=1).min() < 1e-9


def test_a_cloud_leaves_out_what_is_outside_its_zone(stage: Stage) -> None:
    plane = Plane(stage.zones.main, 1.0)
    cloud = Cloud(stage, plane, np.array([[0.0, 0.0], [1.0, 0.0], [50.0, 0.0]]), (1, 60))
    cloud.light(np.array([True, False, True]))
    assert (len(cloud.bright.points), len(cloud.faint.points)) == (4, 4)
    np.testing.assert_allclose(np.linalg.norm(in_plane(plane, cloud.rings.points[::4]), axis=1), 1, atol=1e-9)


def test_ellipses_move_with_matrix_and_center(stage: Stage) -> None:
    plane, matrix, center = Plane(stage.zones.main, 0.5), np.array([[2.0, 0.0], [1.0, 0.5]]), np.array([0.3, -0.2])
    rings = Ellipses(stage, plane, (1.0,)).put_matrix(matrix, center)
    back = np.linalg.solve(matrix, (in_plane(plane, rings.points[::4]) - center).T)
    np.testing.assert_allclose(np.linalg.norm(back, axis=0), 1, atol=1e-9)


@pytest.mark.parametrize("aspect", [Aspect.WIDE, Aspect.TALL])
def test_slider_and_staircase_show_their_values(aspect: Aspect) -> None:
    stage = Stage(Look(aspect=aspect))
    zone = stage.zones.side
    slider = Slider(stage, zone, "rho", -0.95, 0.95, 0.0).put(-0.95)
    assert (slider.number.shown, slider.knob.get_center()[0]) == ("−0.95", pytest.approx(slider.left[0]))
    panel = CountPanel(stage, zone, np.array([2.5, 0.5, 1.0, 4.0])).put(2.0)
    assert panel.share(2.0) == 0.5
    np.testing.assert_allclose(panel.counted.points[-1], panel.plot.at(2.0, 50))
