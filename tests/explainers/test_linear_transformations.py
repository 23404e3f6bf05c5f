import json
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainers.linear_algebra.linear_transformations import (
    BEND,
    GALLERY,
    LinearMap,
    LinearTransformations,
    ParallelogramTest,
    additivity_defect,
    additivity_gap,
    bend,
    evenness_defect,
    grid_lines,
    outline,
    parallelogram,
    rotation_matrix,
)
from explainers.model import InvalidParameterError

quick = settings(max_examples=50, deadline=None)
entries = st.one_of(st.integers(-4, 4).map(float), st.floats(-4, 4), st.sampled_from([0.0, 1e-300, -1e-10]))
vectors = st.tuples(entries, entries)
matrices = st.tuples(vectors, vectors)
angles = st.floats(-3.1, 3.1)
MIRROR = np.diag([1.0, -1.0])


def conjugated(matrix, angle):
    """The same motion with the picture turned by `angle`."""
    turn = rotation_matrix(angle)
    return LinearMap.of(turn @ np.asarray(matrix, dtype=float) @ turn.T)


def same_line(direction, expected):
    """Whether two directions span one line: the sine of their angle is rounding."""
    (a, b), (c, d) = direction, expected
    return abs(a * d - b * c) < 1e-6 * math.hypot(c, d)


# The catalogue's values and the identities behind them


def test_catalogue_values():
    facts = LinearTransformations().facts()
    assert facts["Av"] == [8.0, 1.0]
    assert facts["additivity_linear"] == 0.0
    assert facts["additivity_bent"] == pytest.approx(0.766, abs=5e-4)


def test_bent_gap_by_hand():
    # f(1,2) − f(2,1) − f(−1,1): the linear parts cancel, the sines stay.
    gap = [
        0.7 * (math.sin(2) - math.sin(1) - math.sin(1)),
        0.7 * (math.sin(1) - math.sin(2) - math.sin(-1)),
    ]
    test = LinearTransformations().bent_test
    assert test.gap == pytest.approx(gap)
    assert test.defect == pytest.approx(math.hypot(*gap))
    assert test.defect > 0.1
    assert not test.passes


def test_default_facts():
    facts = LinearTransformations().facts()
    assert facts["determinant"] == 3.0
    assert facts["rank"] == 2
    assert (facts["column_1"], facts["column_2"]) == ([1.0, -1.0], [2.0, 1.0])
    assert facts["product"] == [[1.0, -1.0], [1.0, 2.0]]
    assert facts["reversed_product"] == [[2.0, -1.0], [1.0, 1.0]]
    assert facts["commutator_norm"] == pytest.approx(math.sqrt(2), abs=1e-5)
    assert facts["commutes"] is False
    assert (facts["regime"], facts["orientation"], facts["vector_regime"]) == (
        "general",
        "kept",
        "off its line",
    )


@quick
@given(matrices, vectors)
def test_image_is_the_combination_of_the_columns(matrix, vector):
    explainer = LinearTransformations(matrix=matrix, vector=vector)
    (a, b), (c, d) = matrix
    x, y = vector
    assert explainer.image == pytest.approx([a * x + b * y, c * x + d * y], abs=1e-12)
    assert explainer.combination.sum(axis=0) == pytest.approx(explainer.image, abs=1e-12)
    assert explainer.chain()[0].tolist() == [0, 0]
    assert explainer.chain()[1] == pytest.approx([x * a, x * c], abs=1e-12)
    assert explainer.chain()[2] == pytest.approx(explainer.image, abs=1e-12)
    assert explainer.chain(np.eye(2))[2] == pytest.approx(vector)


@quick
@given(matrices, vectors, vectors, st.floats(-3, 3))
def test_every_matrix_is_linear(matrix, u, v, factor):
    linear = LinearMap(matrix)
    assert additivity_defect(linear, u, v) < 1e-12
    assert linear(factor * np.array(u)) == pytest.approx(factor * linear(u), abs=1e-11)
    assert evenness_defect(linear) < 1e-12
    assert ParallelogramTest(linear, u, v).passes


@quick
@given(matrices, vectors, matrices, st.permutations(list(GALLERY)))
def test_facts_are_finite_json_for_every_parameter(matrix, vector, second, gallery):
    explainer = LinearTransformations(matrix=matrix, vector=vector, second=second, gallery=tuple(gallery))
    facts = explainer.facts()
    text = json.dumps(facts, allow_nan=False)
    assert "-0.0," not in text and "-0.0]" not in text
    assert facts["additivity_linear"] == 0.0
    assert facts["additivity_bent"] == pytest.approx(0.766, abs=5e-4)
    assert list(facts["gallery_determinants"]) == gallery
    assert ("image_direction" in facts) == (facts["rank"] == 1) == ("kernel_direction" in facts)
    assert len(explainer.linear_map.description.split()) <= 14
    assert "e-" not in explainer.linear_map.description
    assert 1 <= explainer.extent <= 32
    assert np.abs(explainer.chain()).max() <= explainer.extent


# Kinds of motion


@pytest.mark.parametrize(
    ("matrix", "regime", "orientation"),
    [
        ([[1, 0], [0, 1]], "identity", "kept"),
        ([[0, -1], [1, 0]], "rotation", "kept"),
        ([[-1, 0], [0, -1]], "rotation", "kept"),
        ([[0.87, -0.5], [0.5, 0.87]], "rotation", "kept"),
        ([[0.71, 0.71], [-0.71, 0.71]], "rotation", "kept"),
        ([[0.5, 0], [0, 0.5]], "uniform scaling", "kept"),
        ([[-2, 0], [0, -2]], "scaled rotation", "kept"),
        ([[1, -1], [1, 1]], "scaled rotation", "kept"),
        ([[0, 1], [1, 0]], "reflection", "reversed"),
        ([[0.6, 0.8], [0.8, -0.6]], "reflection", "reversed"),
        ([[2, 0], [0, -2]], "scaled reflection", "reversed"),
        ([[1, 4], [0, 1]], "shear", "kept"),
        ([[1.1, 0.1], [-0.1, 0.9]], "shear", "kept"),
        ([[1.01, 0.5], [0, 0.99]], "general", "kept"),
        ([[2, 0], [0, 1]], "stretch", "kept"),
        ([[2, 0], [0, -1]], "stretch", "reversed"),
        ([[2, 1], [1, 2]], "stretch", "kept"),
        ([[1, 2], [-1, 1]], "general", "kept"),
        ([[1, 2], [3, 4]], "general", "reversed"),
        ([[1, 0], [0, 0]], "projection", "lost"),
        ([[1, 1], [0, 0]], "projection", "lost"),
        ([[1, 2], [2, 4]], "onto a line", "lost"),
        ([[0.1, 0.2], [0.3, 0.6]], "onto a line", "lost"),
        ([[0, 1], [0, 0]], "onto a line", "lost"),
        ([[0, 0], [0, 0]], "onto the origin", "lost"),
    ],
)
def test_regime(matrix, regime, orientation):
    linear = LinearMap.of(matrix)
    assert (linear.regime, linear.orientation) == (regime, orientation)
    assert linear.is_singular == (orientation == "lost")


def test_only_a_drop_at_right_angles_is_an_orthogonal_projection():
    assert LinearMap.of([[0.5, 0.5], [0.5, 0.5]]).is_orthogonal_projection
    assert not LinearMap.of([[1, 1], [0, 0]]).is_orthogonal_projection
    assert not LinearMap.of([[2, 0], [0, 0]]).is_orthogonal_projection


@quick
@given(angles.filter(lambda angle: abs(angle) > 1e-6), st.floats(0.02, 4))
def test_turned_and_scaled_planes(angle, scale):
    linear = LinearMap.of(scale * rotation_matrix(angle))
    assert linear.regime == ("rotation" if abs(scale - 1) <= 5e-3 else "scaled rotation")
    assert linear.turn_angle == pytest.approx(angle)
    assert linear.scale == pytest.approx(scale)
    assert linear.determinant == pytest.approx(scale**2)


@quick
@given(angles)
def test_reflection_keeps_its_mirror_and_reverses_across(angle):
    linear = conjugated(MIRROR, angle)
    mirror = linear.mirror_direction
    assert linear.regime == "reflection"
    assert same_line(mirror, (math.cos(angle), math.sin(angle)))
    assert linear(mirror) == pytest.approx(mirror, abs=1e-9)
    assert linear.flat_time == pytest.approx(0.5)


@quick
@given(angles, st.floats(0.01, 3), st.booleans())
def test_shear_slides_along_one_line(angle, amount, left):
    linear = conjugated([[1, -amount if left else amount], [0, 1]], angle)
    assert linear.regime == "shear"
    assert linear.shear_amount == pytest.approx(amount)
    assert same_line(linear.shear_direction, (math.cos(angle), math.sin(angle)))
    assert linear(linear.shear_direction) == pytest.approx(linear.shear_direction, abs=1e-9)
    assert linear.determinant == pytest.approx(1)


@quick
@given(angles, st.floats(0.1, 4), st.floats(0.1, 4), st.sampled_from([1, -1]))
def test_stretch_has_perpendicular_lines(angle, large, small, sign):
    assume(abs(large - small) > 1e-3)
    linear = conjugated(np.diag([large, sign * small]), angle)
    assert linear.regime == "stretch"
    assert linear.stretch_factors == pytest.approx(sorted([large, sign * small], reverse=True))
    for factor, direction in zip(linear.stretch_factors, linear.stretch_directions, strict=True):
        assert linear(direction) == pytest.approx(factor * direction, abs=1e-9)
    assert linear.stretch_directions @ linear.stretch_directions.T == pytest.approx(np.eye(2), abs=1e-9)


def test_quantities_of_other_kinds_are_absent():
    linear = LinearTransformations().linear_map
    for name in ("scale", "mirror_direction", "shear_direction", "shear_amount"):
        assert getattr(linear, name) is None
    for name in ("stretch_factors", "stretch_directions", "image_direction", "kernel_direction", "flat_time"):
        assert getattr(linear, name) is None


@pytest.mark.parametrize(
    ("matrix", "sentence"),
    [
        ([[0, 1], [-1, 0]], "The plane turns 90° clockwise; lengths stay."),
        ([[-1, 0], [0, -1]], "The plane makes a half turn; lengths stay."),
        ([[1, -1], [1, 1]], "The plane turns 45° counter-clockwise; lengths are multiplied by 1.414."),
        ([[0, -1], [-1, 0]], "The plane flips in the line at 135°; lengths stay."),
        ([[1, 2], [2, 4]], "The plane collapses onto the line at 63.4°: no way back."),
        ([[1, 2], [3, 4]], "Areas are multiplied by 2; the plane is turned over."),
        ([[3, 0], [0, -1]], "Two perpendicular lines stay; their factors are 3 and -1."),
        ([[1e-6, 0], [0, 1e-6]], "Every length is multiplied by almost 0; no direction changes."),
    ],
)
def test_description(matrix, sentence):
    assert LinearMap.of(matrix).description == sentence


# Flat maps


@quick
@given(vectors, vectors)
def test_rank_one_has_an_image_line_and_a_kernel_line(column, row):
    assume(np.linalg.norm(column) * np.linalg.norm(row) > 1e-6)
    linear = LinearMap.of(np.outer(column, row))
    image, kernel = linear.image_direction, linear.kernel_direction
    assert linear.rank == 1
    assert linear.determinant == 0
    assert np.linalg.norm([image, kernel], axis=1) == pytest.approx([1, 1])
    assert same_line(image, column)
    assert linear(kernel) == pytest.approx([0, 0], abs=1e-9)
    assert abs(np.dot(kernel, row)) < 1e-9 * np.linalg.norm(row) + 1e-11
    assert image[0] > 0 or (abs(image[0]) < 1e-8 and image[1] > 0)


@pytest.mark.parametrize("size", [0.0, 1e-300, -1e-10])
def test_the_plane_on_the_origin(size):
    linear = LinearMap.of(np.full((2, 2), size))
    assert (linear.rank, linear.determinant, linear.scale) == (0, 0.0, 0.0)
    assert linear.image_direction is None and linear.kernel_direction is None
    assert linear.flat_time == 1


def test_small_is_not_flat():
    linear = LinearMap.of([[1e-6, 0], [0, -1e-6]])
    assert linear.rank == 2
    assert linear.determinant == pytest.approx(-1e-12)


@pytest.mark.parametrize(
    ("matrix", "vector", "regime"),
    [
        (((1, 2), (2, 4)), (0, 0), "zero"),
        (((1, 2), (2, 4)), (2, -1), "flattened"),
        (((0, 0), (0, 0)), (1, 1), "flattened"),
        (((1, 2), (0, 1)), (3, 0), "fixed"),
        (((2, 1), (1, 2)), (1, -1), "fixed"),
        (((2, 1), (1, 2)), (1, 1), "on its line"),
        (((-1, 0), (0, -1)), (2, 3), "on its line"),
        (((0, -1), (1, 0)), (2, 3), "off its line"),
    ],
)
def test_vector_regime(matrix, vector, regime):
    assert LinearTransformations(matrix=matrix, vector=vector).vector_regime == regime


# Ways from the identity


@quick
@given(matrices)
def test_path_starts_at_the_identity_and_ends_exactly(matrix):
    linear = LinearMap(matrix)
    start, middle, end = linear.path([0, 0.5, 1])
    assert np.array_equal(start, np.eye(2))
    assert np.array_equal(end, linear.matrix)
    assert np.array_equal(linear.path(0.5), middle)
    assert linear.path(1 - 1e-9) == pytest.approx(linear.matrix, abs=1e-7)
    assert linear.path(np.zeros((3, 4))).shape == (3, 4, 2, 2)


@quick
@given(matrices, st.floats(0, 1))
def test_path_without_a_flip_follows_the_singular_values(matrix, t):
    linear = LinearMap(matrix)
    if linear.orientation == "reversed":
        linear = LinearMap.of(linear.matrix[::-1])
    # det of R(tθ)((1−t)I + tS) is the product of (1 − t) + tσ: positive until t = 1.
    expected = np.prod((1 - t) + t * linear.singular_values)
    assert np.linalg.det(linear.path(t)) == pytest.approx(expected, abs=1e-8)


@quick
@given(matrices)
def test_a_flip_passes_through_a_flat_plane_once(matrix):
    linear = LinearMap(matrix)
    assume(not linear.is_singular)
    if linear.orientation == "kept":
        linear = LinearMap.of(linear.matrix[::-1])
    moment = linear.flat_time
    assert 0 < moment < 1
    assert np.linalg.det(linear.path(moment)) == pytest.approx(0, abs=1e-9)
    before = np.linalg.det(linear.path(np.linspace(0, 0.99, 20) * moment))
    after = np.linalg.det(linear.path(1 - np.linspace(0, 0.99, 20) * (1 - moment)))
    assert np.all(before > 0) and np.all(after < 0)


@quick
@given(st.floats(-math.pi, math.pi), st.floats(0, 1))
def test_a_rotation_turns_rigidly(angle, t):
    between = LinearMap.of(rotation_matrix(angle)).path(t)
    assert between @ between.T == pytest.approx(np.eye(2), abs=1e-9)
    assert between[0, 0] == pytest.approx(math.cos(t * angle), abs=1e-8)


@quick
@given(matrices)
def test_basis_path_moves_one_arrow_at_a_time(matrix):
    linear = LinearMap(matrix)
    half, done = linear.basis_path([0.5, 1], [0, 0])
    assert half.T == pytest.approx(np.array([(np.array([1, 0]) + linear.columns[0]) / 2, [0, 1]]))
    assert done.T == pytest.approx(np.array([linear.columns[0], [0, 1]]))
    assert np.array_equal(linear.basis_path(1, 1), linear.matrix)


@pytest.mark.parametrize("t", [-0.1, 1.1, math.nan])
def test_time_outside_the_path(t):
    with pytest.raises(ValueError, match="between 0 and 1"):
        LinearMap.of(np.eye(2)).path(t)


# Composition


@quick
@given(matrices, matrices, vectors)
def test_product_is_one_map_after_the_other(matrix, second, vector):
    explainer = LinearTransformations(matrix=matrix, second=second, vector=vector)
    stepwise = explainer.second_map(explainer.image)
    assert explainer.product_map(vector) == pytest.approx(stepwise, abs=1e-11)
    assert np.trace(explainer.commutator) == pytest.approx(0, abs=1e-12)
    steps = explainer.composition_path([0, 0.5, 1])
    assert np.array_equal(steps[0], np.eye(2))
    assert np.array_equal(steps[1], explainer.linear_map.matrix)
    assert steps[2] == pytest.approx(explainer.product_map.matrix, abs=1e-12)


@quick
@given(st.integers(-2, 2), st.integers(-2, 2), st.integers(-2, 2), st.integers(-2, 2))
def test_rotations_with_scaling_commute_like_complex_numbers(a, b, c, d):
    explainer = LinearTransformations(matrix=((a, -b), (b, a)), second=((c, -d), (d, c)))
    product = complex(a, b) * complex(c, d)
    assert explainer.commutes
    assert explainer.product_map.matrix[:, 0].tolist() == [product.real, product.imag]


def test_commuting_needs_both_orders():
    assert not LinearTransformations(matrix=((1, 1), (0, 1)), second=((1, 0), (1, 1))).commutes
    assert LinearTransformations(matrix=((1, 1), (0, 1)), second=((1, 3), (0, 1))).commutes


# The bent map and the gallery


def test_the_bent_map_bends_the_grid_but_never_folds_it():
    grid = grid_lines(6, samples=241)
    slope = np.cos(grid)
    jacobian = 1 - BEND**2 * slope[..., 0] * slope[..., 1]
    assert jacobian.min() >= 1 - BEND**2 > 0
    step = 1e-6
    numeric = np.stack([(bend(grid + step * e) - bend(grid - step * e)) / (2 * step) for e in np.eye(2)], -1)
    assert np.linalg.det(numeric) == pytest.approx(jacobian, abs=1e-8)
    assert evenness_defect(bend) > 0.5
    assert bend([0, 0]).tolist() == [0, 0]
    assert np.array_equal(bend(grid, 0.0), grid)


@quick
@given(vectors, vectors)
def test_bent_gap_is_symmetric_and_vanishes_for_the_zero_arrow(u, v):
    assert additivity_gap(bend, u, v) == pytest.approx(additivity_gap(bend, v, u), abs=1e-12)
    assert additivity_gap(bend, u, (0, 0)) == pytest.approx([0, 0], abs=1e-12)


def test_gallery_is_what_its_names_say():
    regimes = {name: linear.regime for name, linear in GALLERY.items()}
    assert regimes == {
        "rotation": "rotation",
        "shear": "shear",
        "stretch": "stretch",
        "flip": "reflection",
        "flatten": "projection",
    }
    assert [name for name, _ in LinearTransformations().gallery_maps] == list(GALLERY)
    chosen = LinearTransformations(gallery=("flip", "shear"))
    assert chosen.gallery_maps == (("flip", GALLERY["flip"]), ("shear", GALLERY["shear"]))
    assert chosen.facts()["gallery_determinants"] == {"flip": -1.0, "shear": 1.0}


def test_parallelogram_pictures():
    explainer = LinearTransformations()
    linear, bent = explainer.linear_test, explainer.bent_test
    assert linear.corners.tolist() == [[0, 0], [2, 1], [1, 2], [-1, 1]]
    assert linear.mapped_corners == pytest.approx(linear.completed_corners)
    assert bent.mapped_corners[[0, 1, 3]] == pytest.approx(bent.completed_corners[[0, 1, 3]])
    assert bent.mapped_corners[2] - bent.completed_corners[2] == pytest.approx(bent.gap)
    border = bent.mapped_outline(10)
    assert border.shape == (41, 2)
    assert border[::10] == pytest.approx(bent.mapped_corners[[0, 1, 2, 3, 0]])


@quick
@given(matrices, vectors, vectors)
def test_area_of_the_mapped_parallelogram_grows_by_the_determinant(matrix, u, v):
    linear = LinearMap(matrix)

    def signed_area(corners):
        x, y = corners.T
        return float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)) / 2)

    corners = parallelogram(u, v)
    assert signed_area(linear(corners)) == pytest.approx(linear.determinant * signed_area(corners), abs=1e-6)


def test_outline_and_grid_shapes():
    square = parallelogram((1, 0), (0, 1))
    border = outline(square, 4)
    assert border.shape == (17, 2)
    assert np.linalg.norm(np.diff(border, axis=0), axis=1) == pytest.approx(np.full(16, 0.25))
    grid = grid_lines(3, samples=5)
    assert grid.shape == (2, 7, 5, 2)
    assert np.ptp(grid[0, :, :, 1], axis=1).max() == 0
    assert np.ptp(grid[1, :, :, 0], axis=1).max() == 0
    assert grid[0, 3].tolist() == [[-3, 0], [-1.5, 0], [0, 0], [1.5, 0], [3, 0]]


# What is not admitted


@pytest.mark.parametrize(
    "values",
    [
        {"matrix": ((1, 2), (3, math.nan))},
        {"matrix": ((1, 2), (3, math.inf))},
        {"matrix": ((1, 2), (3, 4.01))},
        {"matrix": ((1, 2, 3), (4, 1, 1))},
        {"matrix": ((1, 2),)},
        {"second": (1, 2, 3, 4)},
        {"vector": (1,)},
        {"vector": (1, -5)},
        {"vector": "ab"},
        {"gallery": ()},
        {"gallery": ("flip", "flip")},
        {"gallery": ("spin",)},
        {"matrx": ((1, 0), (0, 1))},
    ],
)
def test_invalid_parameters(values):
    with pytest.raises(InvalidParameterError, match="linear-transformations"):
        LinearTransformations.configured(values)


def test_invalid_arrays():
    with pytest.raises(ValueError, match="shape"):
        LinearMap.of(np.eye(2))([1, 2, 3])
    with pytest.raises(ValueError, match="2×2"):
        LinearMap.of(np.eye(3))
    with pytest.raises(ValueError, match="2×2"):
        LinearMap.of([[1, math.nan], [0, 1]])
    with pytest.raises(ValueError, match="sample"):
        outline(parallelogram((1, 0), (0, 1)), 0)
    with pytest.raises(ValueError, match="grid"):
        grid_lines(0)


def test_settings_round_trip():
    explainer = LinearTransformations(matrix=((1, 2), (2, 4)), gallery=("flatten",))
    stored = json.loads(json.dumps(explainer.changed_settings()))
    assert set(stored) == {"matrix", "gallery"}
    assert LinearTransformations.configured(stored) == explainer
