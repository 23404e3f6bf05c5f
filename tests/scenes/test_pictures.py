"""Shared pictures put data where they say they do."""

from __future__ import annotations

import cairo
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.pictures.grid import BasisVectors, MovingGrid, Plane, clip_segments
from scenes.pictures.plot import Plot, nice_ticks
from scenes.pictures.readout import Readout
from scenes.pictures.shapes import Arrow, Curve, Dots, polyline, rectangles
from scenes.pictures.surface import HeightField, LossSurface, SurfaceTrail, View, visible
from scenes.pictures.tiles import INK_BORDER
from scenes.stage.camera import StageCamera
from scenes.stage.look import Look
from scenes.stage.stage import Stage
from scenes.stage.zones import Zone


@pytest.fixture(scope="module", autouse=True)
def private_media(tmp_path_factory: pytest.TempPathFactory) -> None:
    from manim import config

    config.update({"media_dir": str(tmp_path_factory.mktemp("media")), "verbosity": "ERROR"})


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(Look())


def test_a_polyline_is_straight_between_its_corners() -> None:
    corners = np.array([[0, 0, 0], [3, 0, 0], [3, 6, 0]], float)
    points = polyline(corners)
    np.testing.assert_allclose(points[[0, 3, 7]], corners)
    np.testing.assert_allclose(points[1], [1, 0, 0])


def test_bars_stand_on_zero_and_reach_their_height(stage: Stage) -> None:
    plot = Plot(stage, stage.zones.main, (-0.5, 3.5), (0, 0.5))
    heights = np.array([0.1, 0.2, 0.4, 0.3])
    bars = plot.bars(np.arange(4), heights)
    for index, corners in enumerate(bars.points.reshape(4, -1, 3)):
        assert corners[:, 1].max() == pytest.approx(plot.at(index, heights[index])[1])
        assert corners[:, 1].min() == pytest.approx(plot.at(index, 0)[1])
        assert corners[:, 0].mean() == pytest.approx(plot.at(index, 0)[0], abs=0.2)
    bars.put(np.arange(4), heights[::-1])
    assert bars.points[:, 1].max() == pytest.approx(plot.at(0, 0.4)[1])


def test_a_log_axis_spaces_powers_evenly(stage: Stage) -> None:
    plot = Plot(stage, stage.zones.main, (0, 10), (1e-4, 1e2), log_y=True)
    heights = [plot.at(0, 10.0**k)[1] for k in range(-4, 3)]
    np.testing.assert_allclose(np.diff(heights), np.diff(heights)[0])
    assert plot.at(0, 1e9)[1] == pytest.approx(plot.box.top)
    assert plot.at(0, 0.0)[1] == pytest.approx(plot.box.bottom)


def test_a_plot_stays_in_its_zone(stage: Stage) -> None:
    for zone in (stage.zones.main, stage.zones.side):
        plot = Plot(stage, zone, (0, 100), (0, 1234), x_label="steps", y_label="loss")
        assert plot.get_left()[0] >= zone.left - 0.02
        assert plot.get_right()[0] <= zone.right + 0.02
        assert plot.get_bottom()[1] >= zone.bottom - 0.02
        assert plot.get_top()[1] <= zone.top + 0.02


@given(st.floats(-1e5, 1e5), st.floats(1e-3, 1e5), st.integers(2, 8))
def test_ticks_are_round_evenly_spaced_and_in_range(low: float, span: float, count: int) -> None:
    ticks = nice_ticks(low, low + span, count)
    assert all(low - 1e-6 * span <= tick <= low + span + 1e-6 * span for tick in ticks)
    assert len(ticks) <= count + 1
    if len(ticks) > 2:
        np.testing.assert_allclose(np.diff(ticks), ticks[1] - ticks[0], rtol=1e-6)


def test_an_arrow_points_where_it_is_put(stage: Stage) -> None:
    arrow = Arrow(stage, [0, 0], [1, 0])
    arrow.put([1, 1], [3, 2])
    assert np.min(np.linalg.norm(arrow.points - [3, 2, 0], axis=1)) < 1e-9
    arrow.put([1, 1], [1, 1])
    np.testing.assert_allclose(np.ptp(arrow.points, axis=0), 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-9, 9), min_size=4, max_size=4))
def test_clipped_segments_lie_in_the_zone_and_on_the_segment(ends: list[float]) -> None:
    zone = Zone(-3, -2, 3, 2)
    start, end = np.array([[*ends[:2], 0.0]]), np.array([[*ends[2:], 0.0]])
    first, second = clip_segments(start, end, zone)
    for point in (*first, *second):
        assert zone.left - 1e-9 <= point[0] <= zone.right + 1e-9
        assert zone.bottom - 1e-9 <= point[1] <= zone.top + 1e-9
        along, offset = (end - start)[0], point - start[0]
        assert np.linalg.norm(np.cross(along, offset)) < 1e-6
    samples = start + np.linspace(0, 1, 400)[:, None] * (end - start)
    if np.any((np.abs(samples[:, 0]) < 2.99) & (np.abs(samples[:, 1]) < 1.99)) and np.linalg.norm(end - start) > 0.1:
        assert len(first) == 1


def test_the_grid_and_basis_follow_the_matrix(stage: Stage) -> None:
    plane = Plane(stage.zones.main, unit=0.7)
    matrix = np.array([[1, 2], [-1, 1]])
    basis = BasisVectors(stage, plane).put_matrix(matrix)
    for arrow, column in ((basis.first, matrix[:, 0]), (basis.second, matrix[:, 1])):
        assert np.min(np.linalg.norm(arrow.points - plane.at(column), axis=1)) < 1e-9
    grid = MovingGrid(stage, plane).put_matrix(matrix)
    zone = stage.zones.main
    assert np.all(np.abs(grid.lines.points[:, 0] - zone.center[0]) <= zone.width / 2 + 1e-9)
    directions = grid.lines.points[3::4] - grid.lines.points[::4]
    slopes = np.unique(np.round(np.arctan2(directions[:, 1], directions[:, 0]) % np.pi, 6))
    expected = np.sort(np.arctan2(matrix[1], matrix[0]) % np.pi)
    np.testing.assert_allclose(slopes, expected, atol=1e-5)


def test_a_plane_that_holds_points_shows_them_all(stage: Stage) -> None:
    points = np.array([[30.0, -4.0], [2.0, 11.0]])
    plane = Plane.holding(stage.zones.main, points)
    scene, zone = plane.at(points), stage.zones.main
    assert np.all(np.abs(scene[:, 0] - zone.center[0]) <= zone.width / 2)
    assert np.all(np.abs(scene[:, 1] - zone.center[1]) <= zone.height / 2)


def test_numbers_on_tiles_read_on_every_shade() -> None:
    border = INK_BORDER + 0.05
    assert min(1.05 / border, border / 0.05) >= 4.5


def test_a_readout_shows_its_value(stage: Stage) -> None:
    readout = Readout(stage, "gap", 0.5, decimals=3)
    assert readout.set_value(0.12345).number.shown == "0.123"


def bump() -> HeightField:
    x = np.linspace(-3, 3, 61)
    grid_x, grid_y = np.meshgrid(x, x)
    return HeightField(x, x, np.exp(-(grid_x**2) - grid_y**2), size=(6, 6, 3))


def test_a_hill_hides_what_is_behind_it_and_nothing_else() -> None:
    field = bump()
    view = View(azimuth=-np.pi / 2, elevation=0.3, center=np.zeros(3))  # the eye is at negative y
    behind, before, top = np.array([[0.0, 1.6]]), np.array([[0.0, -1.6]]), np.array([[0.0, 0.0]])
    assert not visible(field, view, field.to_box(behind))[0]
    assert visible(field, view, field.to_box(before))[0]
    assert visible(field, view, field.to_box(top))[0]


def test_from_above_everything_is_seen() -> None:
    field = bump()
    points = np.random.default_rng(0).uniform(-2.9, 2.9, (200, 2))
    assert visible(field, View(0.3, np.pi / 2 - 1e-6, np.zeros(3)), field.to_box(points)).all()


def test_contours_lie_on_their_level() -> None:
    field = bump()
    for level, line in field.contours([0.2, 0.5, 0.8]):
        np.testing.assert_allclose(field.interpolate(line), level, atol=0.01)


def test_from_above_the_surface_is_the_map(stage: Stage) -> None:
    surface = LossSurface(stage, stage.zones.main, bump(), [0.5], azimuth=-np.pi / 2, elevation=np.pi / 2)
    corners = surface.scene_points(np.array([[-3.0, -3.0], [3.0, -3.0], [-3.0, 3.0]]))
    right, up = corners[1] - corners[0], corners[2] - corners[0]
    np.testing.assert_allclose(right[1], 0, atol=1e-9)
    np.testing.assert_allclose(up[0], 0, atol=1e-9)
    assert right[0] == pytest.approx(up[1])


def test_many_dots_are_one_mobject(stage: Stage) -> None:
    dots = Dots(stage, np.zeros((300, 2)))
    assert len(dots.get_family()) == 1
    dots.put(np.ones((5, 2)))
    assert len(dots.points) == 20


def test_segments_and_rectangles_have_four_points_per_edge(stage: Stage) -> None:
    assert rectangles(0, 0, 1, 2).shape == (16, 3)
    curve = Curve(stage).put_segments(np.zeros((2, 3)), np.ones((2, 3)))
    assert curve.points.shape == (8, 3)


def test_painted_black_can_fade_out_completely() -> None:
    stage = Stage(Look(theme="light"))
    surface = LossSurface(stage, stage.zones.main, bump(), [0.5])
    trail = SurfaceTrail(surface, np.array([[-2.0, -2.0], [0.0, 0.0]]), stage.color("highlight"))
    camera = StageCamera(pixel_width=64, pixel_height=36, background_color="#FFFFFF")
    empty = camera.pixel_array.copy()
    for mobject in (Dots(stage, np.zeros((2, 2)), "highlight", radius=1.0), trail):
        camera.capture_mobjects([mobject])
        assert (camera.pixel_array != empty).any()
        camera.reset()
        camera.capture_mobjects([mobject.set_fill(opacity=0)])
        np.testing.assert_array_equal(camera.pixel_array, empty)


def test_a_kept_picture_of_a_surface_is_never_another_views(stage: Stage) -> None:
    """A surface that is seen as before is not drawn again; what is shown is what a new surface would show."""

    def painted(surface: LossSurface, width: int = 192) -> bytes:
        image = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, 108)
        context = cairo.Context(image)
        context.set_matrix(cairo.Matrix(width / 14, 0, 0, -108 / 8, width / 2, 54))
        surface.paint(context)
        return bytes(image.get_data())

    def make() -> LossSurface:
        return LossSurface(stage, stage.zones.main, bump(), [0.5])

    surface = make()
    changes = [lambda s: None, lambda s: setattr(s.view, "azimuth", 0.3), lambda s: setattr(s.view, "elevation", 1.1),
               lambda s: setattr(s.view, "scale", 0.7), lambda s: setattr(s.view, "center", np.array([1.0, 0.5, 0])),
               lambda s: s.set_fill(opacity=0.4)]  # fmt: skip
    for number in range(len(changes)):
        changes[number](surface)
        fresh = make()
        for change in changes[: number + 1]:
            change(fresh)
        copy = surface.copy()
        assert painted(surface) == painted(copy) == painted(surface) == painted(fresh)
        assert painted(surface, 96) == painted(fresh, 96)
