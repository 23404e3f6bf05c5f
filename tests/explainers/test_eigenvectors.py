"""Eigenvectors: kept lines, turning angles and powers, against NumPy's own solver, closed forms and known values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainers.linear_algebra.eigenvectors import FAN, VISIBLE, Eigenvectors, complex_words, unit, wrapped
from explainers.model import InvalidParameterError

PHI = (1 + math.sqrt(5)) / 2
FLIPPED = ((-2, -1), (-1, -2))
FLAT = ((1, 1), (1, 1))
MIRROR = ((0, 1), (1, 0))
SHEAR = ((1, 1), (0, 1))
BACK_SHEAR = ((-1, 0), (-1, -1))
NILPOTENT = ((0, 2), (0, 0))
SPIRAL = ((1, 2), (-1, 1))
DOUBLE = ((2, 0), (0, 2))
HALF_TURN = ((-1, 0), (0, -1))

entries = st.integers(-30, 30).map(lambda tenths: tenths / 10)
matrices = st.tuples(st.tuples(entries, entries), st.tuples(entries, entries))


def lesson_of(matrix, **others) -> Eigenvectors:
    """A lesson of a drawn matrix; drawings of one that is not admitted are thrown away."""
    try:
        return Eigenvectors.configured({"matrix": matrix, **others})
    except InvalidParameterError:
        assume(False)


# --- Published values ---------------------------------------------------------------------------------------


def test_the_default_has_the_catalogue_values() -> None:
    facts = Eigenvectors().facts()
    assert facts["eig"] == [1.0, 3.0]
    assert facts["fibonacci_ratio"] == 1.618034
    assert facts["rotation_eigs"] == "±i"
    assert (facts["trace"], facts["determinant"]) == (4.0, 3.0)
    assert facts["fan_turned"] == 20
    assert facts["line_angles"] == [45.0, -45.0]


def test_the_default_start_loses_two_thirds_of_its_slope_each_step() -> None:
    lesson = Eigenvectors()
    np.testing.assert_array_equal(lesson.powers[:5], [[-1, 2], [0, 3], [3, 6], [12, 15], [39, 42]])
    np.testing.assert_allclose(lesson.parts, [0.5 * math.sqrt(2), 1.5 * math.sqrt(2)])
    np.testing.assert_allclose(np.tan(np.radians(lesson.lean)), 3.0 / 3.0 ** np.arange(9), rtol=1e-6)


def test_fibonacci_numbers_come_out_and_their_ratio_goes_to_the_golden_one() -> None:
    lesson = Eigenvectors(steps=10).fibonacci
    assert lesson.powers[:, 0].tolist() == [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89]
    np.testing.assert_allclose(lesson.eigenvalues, [PHI, 1 - PHI])
    ratios = Eigenvectors(steps=10).facts()["fibonacci_ratios"]
    errors = np.abs(np.array(ratios) - PHI)
    assert np.all(errors[1:] < errors[:-1]) and errors[-1] < 2e-4


# --- Kinds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matrix", "kind", "eigenvalues", "angles", "fate"),
    [
        (((2, 1), (1, 2)), "two lines", (3, 1), [45, -45], "leans"),
        (((1, 2), (2, 1)), "two lines", (3, -1), [45, -45], "leans"),
        (FLIPPED, "two lines", (-3, -1), [-45 + 90, -45], "leans"),
        (FLAT, "two lines", (2, 0), [45, -45], "leans"),
        (MIRROR, "two lines", (1, -1), [45, -45], "swings"),
        (((0, 1), (2, 0)), "two lines", (math.sqrt(2), -math.sqrt(2)), [54.735610317, -54.735610317], "swings"),
        (((-1, 0), (0, 0.5)), "two lines", (-1, 0.5), [0, 90], "leans"),
        (SHEAR, "one line", (1, 1), [0], "leans"),
        (BACK_SHEAR, "one line", (-1, -1), [90], "leans"),
        (NILPOTENT, "one line", (0, 0), [0], "vanishes"),
        (DOUBLE, "every line", (2, 2), [], "stays"),
        (HALF_TURN, "every line", (-1, -1), [], "stays"),
        (SPIRAL, "no line", (1 + math.sqrt(2) * 1j, 1 - math.sqrt(2) * 1j), [], "turns on"),
    ],
)
def test_every_kind_is_told_apart(matrix, kind, eigenvalues, angles, fate) -> None:
    lesson = Eigenvectors(matrix=matrix)
    assert (lesson.kind, lesson.fate) == (kind, fate)
    np.testing.assert_allclose(lesson.eigenvalues, eigenvalues, atol=1e-9)
    np.testing.assert_allclose(lesson.line_angles, angles, atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(matrices)
def test_eigenvalues_are_numpys_with_trace_and_determinant(matrix) -> None:
    lesson = lesson_of(matrix)
    # A double root is only known to the square root of the rounding error.
    np.testing.assert_allclose(
        np.sort_complex(np.array(lesson.eigenvalues, complex)),
        np.sort_complex(np.linalg.eigvals(np.array(matrix, float)).astype(complex)),
        atol=1e-6,
    )
    assert sum(lesson.eigenvalues) == pytest.approx(lesson.linear_map.trace, abs=1e-9)
    assert math.prod(lesson.eigenvalues) == pytest.approx(lesson.linear_map.determinant, abs=1e-9)
    assert abs(lesson.eigenvalues[0]) >= abs(lesson.eigenvalues[1]) - 1e-9


@settings(max_examples=50, deadline=None)
@given(matrices)
def test_directions_are_unit_eigenvectors(matrix) -> None:
    lesson = lesson_of(matrix)
    assert len(lesson.directions) == {"two lines": 2, "one line": 1}.get(lesson.kind, 0)
    for direction, value in zip(lesson.directions, lesson.eigenvalues, strict=False):
        assert np.linalg.norm(direction) == pytest.approx(1)
        np.testing.assert_allclose(np.array(matrix) @ direction, value * direction, atol=1e-7)
    assert np.linalg.det(lesson.grid_basis) > 0


def test_on_the_better_grid_the_matrix_is_diagonal() -> None:
    lesson = Eigenvectors(matrix=((1, 2), (3, -1)))
    basis = lesson.grid_basis
    for share in (0.0, 0.3, 1.0):
        inner = np.linalg.inv(basis) @ lesson.path(share) @ basis
        np.testing.assert_allclose(inner, np.diag(1 - share + share * np.array(lesson.eigenvalues)), atol=1e-9)


# --- The turning angle --------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(matrices, st.floats(0, 180))
def test_the_turning_angle_leads_from_the_arrow_to_its_image(matrix, direction) -> None:
    lesson = lesson_of(matrix)
    image = np.array(matrix) @ unit(direction)
    assume(np.linalg.norm(image) > 1e-6)
    turned = unit(direction + lesson.turn(direction))
    np.testing.assert_allclose(turned, image / np.linalg.norm(image), atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(matrices)
def test_the_curve_stays_in_its_window_and_is_cut_only_where_it_jumps(matrix) -> None:
    lesson = lesson_of(matrix)
    low, high = lesson.turn_range
    pieces = lesson.turn_pieces()
    for _, turn in pieces:
        assert np.all((turn >= low - 1e-6) & (turn <= high + 1e-6))
        assert np.max(np.abs(np.diff(turn))) < 30
    assert pieces[0][0][0] < 1e-5 and pieces[-1][0][-1] > 180 - 1e-5
    assert len(pieces) <= len(lesson.turn_breaks) + 1


@settings(max_examples=50, deadline=None)
@given(matrices)
def test_arrows_turn_everywhere_but_on_the_kept_lines(matrix) -> None:
    lesson = lesson_of(matrix)
    degrees = np.arange(0.0, 180.0, 0.25)
    off = np.abs(wrapped(lesson.turn(degrees), 180))
    if lesson.kind == "every line":
        np.testing.assert_allclose(off, 0, atol=1e-6)
    elif lesson.kind == "no line":
        assert np.min(off) >= VISIBLE - 1e-6
    else:
        kept = [degrees[np.abs(wrapped(degrees - angle, 180)) < 0.3] for angle in lesson.line_angles]
        away = ~np.isin(degrees, np.concatenate(kept))
        assert np.all(off[away] > 1e-9)
        for angle, value in zip(lesson.line_angles, lesson.eigenvalues, strict=False):
            at = lesson.turn(angle)
            assert np.isnan(at) if value == 0 else abs(wrapped(at - (180 if value < 0 else 0))) < 1e-3


def test_the_largest_turn_of_the_default_is_thirty_degrees() -> None:
    lesson = Eigenvectors()
    assert lesson.largest_turn == pytest.approx(30)
    assert np.max(np.abs(lesson.turn(np.linspace(0, 180, 3601)))) == pytest.approx(30, abs=1e-3)
    assert Eigenvectors().quarter_turn.turn_range == (0, 180)


def test_the_fan_counts_the_arrows_that_turn() -> None:
    assert [Eigenvectors(matrix=m).fan_turned for m in (DOUBLE, SHEAR, SPIRAL, FLAT)] == [0, FAN - 2, FAN, FAN - 4]


# --- Powers -------------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(matrices, st.tuples(entries, entries))
def test_parts_rebuild_the_powers(matrix, start) -> None:
    lesson = lesson_of(matrix, start=start, steps=4)
    assume(lesson.kind == "two lines")
    for n, vector in enumerate(lesson.powers):
        np.testing.assert_allclose(lesson.parts_after(n) @ lesson.directions, vector, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(matrices, st.tuples(entries, entries))
def test_bearings_point_where_the_powers_do(matrix, start) -> None:
    lesson = lesson_of(matrix, start=start, steps=4)
    bearings = lesson.bearings(start)[:, 0]
    for bearing, vector in zip(bearings, lesson.powers, strict=True):
        length = np.linalg.norm(vector)
        if length > 1e-4:
            np.testing.assert_allclose(bearing, vector / length, atol=1e-6)
        assert np.linalg.norm(bearing) == pytest.approx(1) or not bearing.any()


def test_an_arrow_on_the_second_line_stays_there_whatever_rounding_says() -> None:
    lesson = Eigenvectors(matrix=((3, 1), (1, 0.4)), steps=10)
    for direction in lesson.directions:
        walk = lesson.bearings(direction)[:, 0]
        np.testing.assert_allclose(walk, np.tile(direction, (11, 1)), atol=1e-9)


def test_between_steps_arrows_move_to_their_images() -> None:
    for matrix in (((2, 1), (1, 2)), SPIRAL, FLAT, MIRROR, NILPOTENT):
        lesson = Eigenvectors(matrix=matrix)
        walk = lesson.bearings(lesson.fan)
        np.testing.assert_allclose(lesson.between(walk[0], 0.0), walk[0], atol=1e-9)
        np.testing.assert_allclose(lesson.between(walk[0], 1.0), walk[1], atol=1e-9)


def test_fates_are_what_the_bearings_do() -> None:
    def crossing(matrix, step: int) -> np.ndarray:
        lesson = Eigenvectors(matrix=matrix, steps=10)
        rows = lesson.bearings(lesson.fan)[step]
        first = lesson.directions[0] if len(lesson.directions) else np.zeros(2)
        return np.abs(rows[:, 0] * first[1] - rows[:, 1] * first[0])

    assert np.sort(crossing(((2, 1), (1, 2)), 10))[: FAN - 2].max() < 1e-3
    x, y = Eigenvectors().fan.T
    np.testing.assert_allclose(crossing(SHEAR, 10), np.abs(y) / np.hypot(x + 10 * y, y), atol=1e-9)
    assert not Eigenvectors(matrix=NILPOTENT).bearings(unit(70.0))[2].any()
    mirror = Eigenvectors(matrix=MIRROR)
    np.testing.assert_allclose(mirror.bearings(mirror.fan)[2], mirror.fan, atol=1e-9)
    half = Eigenvectors(matrix=HALF_TURN)
    np.testing.assert_allclose(half.bearings(half.fan)[1], -half.fan, atol=1e-9)


def test_lean_ends_where_the_vector_does() -> None:
    lesson = Eigenvectors(matrix=NILPOTENT, start=(1, 1), steps=3)
    np.testing.assert_allclose(lesson.lean, [45, 0, np.nan, np.nan])
    assert lesson.facts()["lean"] == [45.0, 0.0]


# --- Words and limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "expected"), [(1j, "±i"), (-2j, "±2i"), (1 + 2j, "1 ± 2i"), (-0.5 - 1j, "−0.5 ± i")])
def test_complex_pairs_in_words(value, expected) -> None:
    assert complex_words(value) == expected


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"matrix": ((0, 0), (0, 0))}, "shrinks every arrow"),
        ({"matrix": ((1, 0), (0, 1.001))}, "nearly, but not quite, equal"),
        ({"matrix": ((1, 1), (0.001, 1))}, "nearly, but not quite, equal"),
        ({"matrix": ((1, 1), (-0.001, 1))}, "nearly, but not quite, equal"),
        ({"matrix": ((3.5, 0), (0, 1))}, "from -3 to 3"),
        ({"matrix": ((1, 2, 3), (0, 1, 2))}, "two rows of two numbers"),
        ({"start": (0, 0.1)}, "shorter than 0.5"),
        ({"steps": 2}, "from 3 to 10"),
        ({"steps": 11}, "from 3 to 10"),
        ({"step": 5}, "did you mean steps?"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(values, reason) -> None:
    with pytest.raises(InvalidParameterError, match=reason.replace("?", r"\?")):
        Eigenvectors.configured(values)
