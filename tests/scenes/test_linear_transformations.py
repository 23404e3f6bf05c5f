"""What the scene shows is what the explainer computes, for ordinary and for degenerate matrices."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.linear_algebra.linear_transformations import GALLERY, LinearTransformations
from scenes.linear_algebra import linear_transformations_captions as said
from scenes.linear_algebra.linear_transformations_additivity import AdditivityTest
from scenes.pictures.board import Board, Recipe
from scenes.pictures.grid import Plane
from scenes.pictures.labels import along, clear_offset, overlap, tag
from scenes.pictures.matrix import MatrixBox, digits, pair, short
from scenes.stage.look import Aspect, CaptionMode, Look
from scenes.stage.stage import Stage

DEFAULT = LinearTransformations()
NOTHING = LinearTransformations(matrix=((1, 0), (0, 1)), vector=(0, 0), second=((1, 2), (2, 4)), gallery=("flatten",))
ORIGIN = LinearTransformations(
    matrix=((0, 0), (0, 0)), vector=(-1, 2), gallery=("flip", "flatten", "shear", "rotation", "stretch")
)
FLAT = LinearTransformations(matrix=((1, 2), (2, 4)), vector=(2, -1), second=((1, 0), (0, 1)))
TYPED = LinearTransformations(
    matrix=((-1.25, 0.5), (2, -3.33)), vector=(-1.5, 2.25), second=((0, 0.123), (1, 0)), gallery=("shear", "flip")
)

entries = st.sampled_from([0.0, 1.0, -1.0, 2.0, 4.0, -3.33, 1 / 3])
vectors = st.tuples(entries, entries)
matrices = st.tuples(vectors, vectors)

CASES = {
    "default": (DEFAULT, Look(captions=CaptionMode.NONE, fps=15)),
    "nothing moves": (NOTHING, Look(captions=CaptionMode.NONE, fps=15, aspect=Aspect.SQUARE)),
    "onto the origin": (ORIGIN, Look(captions=CaptionMode.NONE, fps=15)),
    "onto a line": (FLAT, Look(captions=CaptionMode.NONE, fps=15, aspect=Aspect.CLASSIC)),
    "decimals": (TYPED, Look(captions=CaptionMode.NONE, fps=15, aspect=Aspect.TALL)),
}


def tip(arrow, plane):
    """Where an `Arrow` points, in plane coordinates."""
    end = arrow.points[11] if len(arrow.points) > 11 else arrow.points[-1]
    return (end - plane.origin)[:2] / plane.unit


def tips(board):
    return np.array([tip(arrow, board.plane) for arrow in (board.basis.first, board.basis.second)])


def table(matrix):
    return [[short(value) for value in row] for row in np.reshape(matrix, (2, -1))]


def read(scene, beat):
    """What can be read off the picture at the end of a beat."""
    seen = {"caption": beat.caption, "seconds": beat.end - beat.start}
    if beat.chapter in ("Column one", "Column two", "The recipe survives", "And then another", "Summary"):
        seen |= {"basis": tips(scene.board), "A": scene.a_row.box.shown}
    if beat.chapter in ("The recipe survives", "Summary"):
        seen |= {"Av": scene.av_row.box.shown, "image": tip(scene.recipe.arrow, scene.board.plane)}
        last = [[a for a in copies if np.ptp(a.points, axis=0).any()][-1:] for copies in scene.recipe.copies]
        seen["chain"] = [tip(run[0], scene.board.plane) for run in last if run]
    if beat.chapter == "And then another":
        seen["BA"] = scene.ba_row.box.shown
    if beat.chapter == "Order":
        seen["orders"] = [(tips(panel.board), panel.product.box.shown) for panel in scene.panels]
    if beat.chapter in ("Gallery", "Flatten"):
        seen["area"] = scene.area.factor.shown
        seen["over"] = scene.area.turned.get_fill_opacity()
    if beat.chapter in ("The test", "A bent map"):
        seen["gaps"] = [test.readout.number.shown for test in scene.tests]
        seen["sums"] = [(tip(test.pointers[2], test.plane), test.sum_mark.points[0]) for test in scene.tests]
        seen["test planes"] = [test.plane for test in scene.tests]
    return seen


PLAYED = {}


@pytest.fixture(params=CASES)
def case(request, staged):
    """A lesson and what its scene showed beat by beat; each case is played once for all tests."""
    if request.param not in PLAYED:
        lesson, look = CASES[request.param]
        seen = []
        staged(lesson, look, on_beat_end=lambda scene, beat: seen.append((beat.chapter, read(scene, beat))))
        PLAYED[request.param] = lesson, seen
    lesson, seen = PLAYED[request.param]
    return lesson, dict(seen), seen


def test_basis_lands_on_the_columns(case):
    lesson, at, _ = case
    columns = lesson.linear_map.columns
    assert at["Column one"]["basis"] == pytest.approx(np.array([columns[0], [0, 1]]), abs=1e-9)
    assert at["Column one"]["A"] == table([[columns[0][0], 0], [columns[0][1], 1]])
    for chapter in ("Column two", "The recipe survives", "Summary"):
        assert at[chapter]["basis"] == pytest.approx(columns, abs=1e-9)
        assert at[chapter]["A"] == table(lesson.linear_map.matrix)


def test_vector_lands_on_its_image(case):
    lesson, at, _ = case
    for chapter in ("The recipe survives", "Summary"):
        assert at[chapter]["image"] == pytest.approx(lesson.image, abs=1e-9)
        assert at[chapter]["Av"] == table(lesson.image)
    ends = [end for end, part in zip(lesson.chain()[1:], lesson.combination, strict=True) if part.any()]
    assert np.array(at["Summary"]["chain"]) == pytest.approx(np.array(ends), abs=1e-9)


def test_products(case):
    lesson, at, _ = case
    assert at["And then another"]["BA"] == table(lesson.product_map.matrix)
    assert at["And then another"]["basis"] == pytest.approx(lesson.product_map.columns, abs=1e-9)
    for (basis, shown), product in zip(
        at["Order"]["orders"], (lesson.product_map, lesson.reversed_product_map), strict=True
    ):
        assert basis == pytest.approx(product.columns, abs=1e-9)
        assert shown == table(product.matrix)
    assert lesson.commutes == ("commute" in at["Order"]["caption"])


def test_gallery_tells_the_determinant(case):
    lesson, _, seen = case
    shown = [read for chapter, read in seen if chapter in ("Gallery", "Flatten")]
    maps = lesson.gallery_maps
    # A beat ends on the last map of its group: the next one is flat when this is not, or the tour is over.
    lasts = [
        item
        for item, after in zip(maps, [*maps[1:], None], strict=True)
        if after is None or item[1].is_singular != after[1].is_singular
    ]
    assert len(shown) == len(lasts)
    for read_off, (name, linear_map) in zip(shown, lasts, strict=True):
        assert float(read_off["area"].replace("−", "-")) == pytest.approx(linear_map.determinant, abs=0.005)
        assert (read_off["over"] > 0.5) == (linear_map.orientation == "reversed")
        assert (name == "flatten") == ("onto" in read_off["caption"] or "on one line" in read_off["caption"])
        assert "determinant" in read_off["caption"]


def test_gallery_names_the_sign_where_a_map_shows_it():
    # Areas are kept, doubled and lost, and one map turns them over.
    factors = {name: linear_map.determinant for name, linear_map in LinearTransformations().gallery_maps}
    assert factors == pytest.approx({"rotation": 1, "shear": 1, "stretch": 2, "flip": -1, "flatten": 0}, abs=1e-12)
    for names in (("rotation", "flip"), ("shear", "stretch")):
        maps = [linear_map for _, linear_map in LinearTransformations(gallery=names).gallery_maps]
        assert ("negative" in said.gallery(maps)) == ("flip" in names)


def test_the_gallery_shows_both_arrows_of_the_flat_map():
    lengths = np.linalg.norm(GALLERY["flatten"].columns, axis=1)
    assert lengths.min() < 0.6 * lengths.max()


@pytest.mark.parametrize(
    ("second", "move"),
    [
        (((0, -1), (1, 0)), "a quarter turn"),
        (((-1, 0), (0, -1)), "a half turn"),
        (((0.71, 0.71), (-0.71, 0.71)), "a turn by 45°"),
        (((1, 0.0001), (-0.0001, 1)), "a tiny turn"),
        (((1, 2), (0, 1)), "a shear"),
        (((0, 1), (1, 0)), "a flip"),
        (((1, 2), (3, 4)), None),
        (((0, -2), (2, 0)), None),
    ],
)
def test_second_motion_is_named_where_it_has_a_name(second, move):
    caption = said.compose(LinearTransformations(second=second))
    assert (f"B, {move}," in caption) if move else ("B moves" in caption)


def test_parallelogram_test(case):
    lesson, at, _ = case
    tests = (lesson.linear_test, lesson.bent_test)
    assert at["The test"]["gaps"] == ["0.00", "0.00"]
    assert at["A bent map"]["gaps"] == [f"{test.defect:.2f}" for test in tests]
    assert f"{lesson.bent_test.defect:.2f}" in at["A bent map"]["caption"]
    for (whole, mark), plane, test in zip(
        at["A bent map"]["sums"], at["A bent map"]["test planes"], tests, strict=True
    ):
        assert whole == pytest.approx(test.mapped_corners[2], abs=1e-9)
        assert mark == pytest.approx(plane.at(test.completed_corners[2]), abs=1e-9)


def test_lengths_and_captions(case):
    lesson, at, seen = case
    seconds = [read["seconds"] for _, read in seen]
    assert all(6 <= s <= 20 for s in seconds)
    assert 40 <= sum(seconds) <= 120
    for _, read in seen:
        assert len(read["caption"].split()) <= 14
    assert {chapter: at[chapter]["caption"] for chapter in captions(lesson)} == captions(lesson)


def captions(lesson):
    """The captions that depend on the parameters, by chapter."""
    return {
        "A list": said.show_list(lesson),
        "A recipe": said.show_recipe(lesson),
        "Column one": said.drag(lesson, 0),
        "Column two": said.drag(lesson, 1),
        "The recipe survives": said.carry(lesson),
        "Read it off": said.read_off(lesson),
        "And then another": said.compose(lesson),
        "Order": said.swap_order(lesson),
        "The test": said.test_matrix(lesson),
        "A bent map": said.test_bent_map(lesson),
    }


@pytest.mark.parametrize(
    ("name", "chapter", "words"),
    [
        ("nothing moves", "A list", "origin"),
        ("nothing moves", "Column two", "moves nothing"),
        ("nothing moves", "And then another", "B collapses the plane onto one line"),
        ("onto the origin", "Column two", "collapses onto the origin"),
        ("onto the origin", "The recipe survives", "lands on the origin"),
        ("onto the origin", "And then another", "cannot bring it back"),
        ("onto the origin", "The test", "lands on the origin"),
        ("onto a line", "Column two", "onto one line"),
        ("onto a line", "The recipe survives", "2 of the new î and −1 of the new ĵ cancel: v vanishes"),
        ("onto a line", "And then another", "B is the identity"),
        ("onto a line", "The test", "Flattened"),
        ("decimals", "A list", "1.5 left, 2.25 up"),
        ("decimals", "Column two", "parallel and evenly spaced"),
    ],
)
def test_captions_name_the_case(name, chapter, words):
    assert words in captions(CASES[name][0])[chapter]


@settings(max_examples=200, deadline=None)
@given(matrix=matrices, second=matrices, vector=vectors)
def test_captions_are_short(matrix, second, vector):
    for caption in captions(LinearTransformations(matrix=matrix, second=second, vector=vector)).values():
        assert len(caption.split()) <= 14
        assert caption.endswith(".")


# --- The pictures -----------------------------------------------------------------------------------------


def test_numbers_are_short_and_exact():
    assert [short(v) for v in (2.0, -0.5, 0.25, 1 / 3, -0.0)] == ["2", "−0.5", "0.25", "0.33", "0"]
    assert pair((2, -1.5)) == "(2, −1.5)"
    assert digits(0.7071, 1) == 1


@pytest.mark.parametrize("later", [np.full((2, 2), -10.49), np.zeros((2, 2))])
def test_brackets_hold_the_numbers_to_come(later):
    box = MatrixBox(Stage(Look()), np.eye(2), room_for=later).put(later)
    numbers, brackets = box.numbers, box.brackets
    assert brackets.get_left()[0] < numbers.get_left()[0]
    assert numbers.get_right()[0] < brackets.get_right()[0]
    assert box.numbers[0].get_right()[0] < box.numbers[1].get_left()[0]


@pytest.mark.parametrize("toward", [(1, 0), (-1, 0), (0, 1), (1, -1)])
def test_names_cover_nothing_and_stay_inside(toward):
    stage = Stage(Look())
    zone, label = stage.zones.main, tag(stage, "$hat(i)$")
    corner = zone.at(1, 1) - 0.1
    for anchor in (zone.center, corner):
        obstacles = along(zone.at(0, 0), anchor)
        label.move_to(anchor + clear_offset(label, anchor, np.array(toward), obstacles, zone))
        low, high = label.get_corner([-1, -1, 0])[:2], label.get_corner([1, 1, 0])[:2]
        assert not np.any(np.all((obstacles[:, :2] > low) & (obstacles[:, :2] < high), axis=1))
        assert zone.left <= low[0] and high[0] <= zone.right and zone.bottom <= low[1] and high[1] <= zone.top


def test_framing_holds_the_points_and_pans():
    zone = Stage(Look()).zones.main
    points = np.array([[0, 0], [32, -5], [3, 9]])
    near, far = Plane(zone, 1.0), Plane.framing(zone, points)
    low, high = far.at(points).min(axis=0), far.at(points).max(axis=0)
    assert low[0] >= zone.left and high[0] <= zone.right and low[1] >= zone.bottom and high[1] <= zone.top
    moving = Plane(zone, 1.0)
    assert moving.put_between(near, far, 1.0).unit == pytest.approx(far.unit)
    assert moving.origin == pytest.approx(far.origin)
    assert moving.put_between(near, far, 0.0).origin == pytest.approx(near.origin)


@pytest.mark.parametrize(
    ("aspect", "count"), [(Aspect.WIDE, 4), (Aspect.CLASSIC, 4), (Aspect.TALL, 4), (Aspect.SQUARE, 3)]
)
def test_each_sum_has_its_name_beside_it_where_there_is_room(aspect, count):
    stage = Stage(Look(aspect=aspect))
    names = (("u", "w", "u + w"), ("f(u)", "f(w)", "f(u + w)", "f(u) + f(w)"))
    room = stage.zones.body.beside(1, 1, gap=0.5)[1].rows(0.1, 0.9, gap=0.1)[1]
    test = LinearTransformations().bent_test
    board = AdditivityTest(stage, room, test, names=names, bent=True)
    assert len(board.after) == count
    _, first, whole, second = board.plane.at(test.mapped_corners)
    tips = (first, second, whole, board.plane.at(test.completed_corners)[2])
    for index, name in enumerate(board.after):
        half = np.array([name.width, name.height]) / 2
        gaps = [np.linalg.norm(np.maximum(np.abs(each - name.get_center())[:2] - half, 0)) for each in tips]
        assert gaps[index] == min(gaps[:count])
    assert not any(overlap(one, other) for one, other in combinations(board.after, 2))


@pytest.mark.parametrize("count", [2.5, -1.25, 0.0, 4.0])
def test_copies_are_whole_arrows_and_a_rest(count):
    stage = Stage(Look())
    plane = Plane(stage.zones.main, 1.0)
    first = Recipe(stage, plane, (count, 1.0)).copies[0]
    lengths = [np.linalg.norm(tip(arrow, plane) - (arrow.points[0] - plane.origin)[:2]) for arrow in first]
    assert len(first) == np.ceil(abs(count))
    # An outline starts half a thickness beside its axis.
    assert sum(lengths) == pytest.approx(abs(count), abs=0.02)


def test_board_follows_a_path_onto_another_plane():
    stage = Stage(Look())
    zone = stage.zones.main
    matrix = np.array([[1.0, 2.0], [-1.0, 1.0]])
    board = Board(stage, Plane(zone, 1.0), planes=(Plane(zone, 0.5),))
    step = board.travel(lambda p: (1 - p) * np.eye(2) + p * matrix, to=Plane(zone, 0.5))
    step(1.0)
    assert board.plane.unit == pytest.approx(0.5)
    assert tips(board) == pytest.approx(matrix.T)
    step(0.0)
    assert tips(board) == pytest.approx(np.eye(2))
