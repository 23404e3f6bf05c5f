"""The chain rule against the catalogue's values, finite differences and closed forms."""

from __future__ import annotations

from itertools import product
from math import cos, exp, log, pi, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.calculus.chain_rule import INNER, LITTLE_LEFT, OUTER, ChainRule, effect, sigmoid, sigmoid_slope
from explainers.model import InvalidParameterError

quick = settings(max_examples=50, deadline=None)

PLACES = st.floats(0.5, 2.0)
CHAINS = st.builds(ChainRule, inner=st.sampled_from(list(INNER)), outer=st.sampled_from(list(OUTER)), x=PLACES)
ROWS = st.builds(ChainRule, depth=st.integers(2, 30), start=st.floats(-4, 4))


def test_the_catalogue_values() -> None:
    facts = ChainRule().facts()
    assert round(facts["dydx"], 4) == -0.3092
    assert facts["links"][0] == 2.6
    assert round(facts["links"][1], 5) == -0.11892
    assert f"{facts['twenty_sigmoids']:.1e}" == "1.1e-13"
    assert f"{facts['bound']:.1e}" == "9.1e-13"
    assert facts["effects"] == ["stretches", "shrinks"]


@pytest.mark.parametrize(
    ("inner", "outer", "x", "slope"),
    [
        ("square", "sin", 1.3, 2.6 * cos(1.69)),
        ("square", "ln", 0.7, 2 / 0.7),
        ("exp", "ln", 1.9, 1.0),
        ("exp", "cos", 1.0, -exp(1) * sin(exp(1))),
        ("sqrt", "ln", 0.5, 1.0),
        ("reciprocal", "ln", 2.0, -0.5),
        ("sqrt", "tanh", 1.44, (1 - np.tanh(1.2) ** 2) / 2.4),
        ("exp", "sigmoid", log(2), 2 * exp(-2) / (1 + exp(-2)) ** 2),
    ],
)
def test_slopes_have_their_closed_form(inner: str, outer: str, x: float, slope: float) -> None:
    assert ChainRule(inner=inner, outer=outer, x=x).dydx == pytest.approx(slope, rel=1e-12)


@quick
@given(CHAINS)
def test_the_product_of_the_links_is_the_derivative_of_the_whole(chain: ChainRule) -> None:
    step = 1e-5
    difference = (chain.y_at(chain.x + step) - chain.y_at(chain.x - step)) / (2 * step)
    assert chain.dydx == pytest.approx(difference, abs=1e-6)


@quick
@given(CHAINS, st.floats(1e-3, 0.3))
def test_finite_ratios_multiply_too_and_tend_to_the_slopes(chain: ChainRule, nudge: float) -> None:
    first, second, whole = chain.ratios(nudge)
    assert first * second == pytest.approx(whole, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(chain.ratios(1e-6), [*chain.links, chain.dydx], atol=1e-3)


@quick
@given(CHAINS)
def test_a_nudge_stays_within_reach(chain: ChainRule) -> None:
    assert abs(chain.links[0]) <= chain.reach
    assert abs(chain.dydx) <= chain.reach
    assert 1 <= chain.reach <= exp(2)


@quick
@given(CHAINS)
def test_the_strips_add_to_the_rate_of_the_rectangle(chain: ChainRule) -> None:
    step = 1e-5
    area = [(chain.x + s) * chain.u_at(chain.x + s) for s in (-step, step)]
    assert chain.product_rate == pytest.approx((area[1] - area[0]) / (2 * step), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("x", [0.5, 1.0, 1.7])
def test_the_product_rule_gives_known_derivatives(x: float) -> None:
    assert ChainRule(x=x).product_rate == pytest.approx(3 * x**2)
    assert ChainRule(inner="exp", x=x).product_rate == pytest.approx((1 + x) * exp(x))
    assert ChainRule(inner="sqrt", x=x).product_rate == pytest.approx(1.5 * sqrt(x))
    assert ChainRule(inner="reciprocal", x=x).product_rate == pytest.approx(0, abs=1e-12)


@quick
@given(ROWS)
def test_a_row_of_sigmoids_stays_under_its_bound(row: ChainRule) -> None:
    products = row.row_products
    assert len(products) == row.depth + 1
    assert (products <= row.row_bounds * (1 + 1e-12)).all()
    assert (np.diff(products) < 0).all()
    assert products[-1] == pytest.approx(np.exp(np.log(row.row_slopes).sum()), rel=1e-9)


@quick
@given(ROWS)
def test_the_row_is_the_derivative_of_its_composition(row: ChainRule) -> None:
    def through(value: float, links: int) -> float:
        for _ in range(links):
            value = float(sigmoid(value))
        return value

    step = 1e-4
    for links in (1, 2):
        difference = (through(row.start + step, links) - through(row.start - step, links)) / (2 * step)
        assert row.row_products[links] == pytest.approx(difference, rel=1e-5)


def test_the_sigmoid_is_steepest_at_zero() -> None:
    z = np.linspace(-8, 8, 1601)
    slopes = sigmoid_slope(z)
    assert slopes.max() == slopes[800] == 0.25
    np.testing.assert_allclose(slopes, np.gradient(sigmoid(z), z), atol=1e-4)
    assert ChainRule(start=0, depth=2).row_slopes[0] == 0.25


def test_a_long_row_forgets_where_it_started() -> None:
    last = [ChainRule(start=start, depth=30).row_slopes[-1] for start in (-4, 0.5, 4)]
    fixed = 0.659046
    assert sigmoid(fixed) == pytest.approx(fixed, abs=1e-6)
    np.testing.assert_allclose(last, fixed * (1 - fixed), atol=1e-6)


def test_effects_have_words_for_edges() -> None:
    assert ChainRule(x=sqrt(pi / 2)).effects == ("stretches", "still")
    assert ChainRule(x=0.5).effects[0] == "keeps"
    assert ChainRule(inner="reciprocal", x=1.0).effects[0] == "keeps"
    assert effect(-0.5) == "shrinks"
    assert effect(-3.0) == "stretches"


def test_all_facts_are_finite_for_all_links() -> None:
    for inner, outer, x in product(INNER, OUTER, (0.5, 2.0)):
        facts = ChainRule(inner=inner, outer=outer, x=x).facts()
        assert np.isfinite([facts["u"], facts["y"], facts["dydx"], *facts["product_terms"]]).all()
    assert "5_sigmoids" in ChainRule(depth=5).facts()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"x": 0.0}, "from 0.5 to 2"),
        ({"x": 2.1}, "from 0.5 to 2"),
        ({"depth": 1}, "from 2 to 30"),
        ({"depth": 31}, "from 2 to 30"),
        ({"start": 9.0}, "from -4 to 4"),
        ({"inner": "cube"}, "square, exp"),
        ({"outer": "relu"}, "sin, cos"),
        ({"deep": 3}, "depth"),
    ],
)
def test_invalid_values_are_refused_in_one_sentence(values: dict, says: str) -> None:
    with pytest.raises(InvalidParameterError, match=says):
        ChainRule.configured(values)


@pytest.mark.parametrize(("values", "links"), [({}, 4), ({"start": -4.0}, 2), ({"depth": 2}, 2)])
def test_the_landmark_is_the_first_link_with_little_left(values: dict, links: int) -> None:
    row = ChainRule(**values)
    assert row.row_landmark == links
    assert (row.row_products[:links] >= LITTLE_LEFT).all()
