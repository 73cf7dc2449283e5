"""The payoffs held against what theory expects of them, each form by itself; the laws stand in :mod:`payoff_laws`."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from budgets import LARGE, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from payoff_laws import LAWS, Point, drawn, name
from strategies import points, shipped

from triangle.games.normal_form import is_nash
from triangle.model.forms import FORMS
from triangle.model.mechanisms import SECOND, hostility, primacy, strength, threat
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.stances import pure_stances
from triangle.scenarios.scenario import read_scenario

#: Laws without exception.
ALWAYS = ("L1", "L2", "L3", "L4", "L12", "L17", "L18", "L19", "L20", "L21", "L22", "L24", "L25", "L26", "L27", "L28")

#: Laws that hold in a share of cases, and the least share.
FLOORS = {"L5": 0.95, "L8": 0.95, "L9": 0.95, "L6": 0.85, "L7": 0.7}

#: Laws that a form is known to break.
BROKEN = {"first": {"L1", "L3", "L4", "L5", "L6", "L7", "L8", "L22", "L26", "L27"}, "second": set()}


@pytest.fixture(scope="module")
def box() -> dict[str, np.ndarray]:
    return drawn(shipped().catalogue, 400 if LARGE else 100, seed=5)


@pytest.fixture(scope="module")
def drawn_points(box: dict[str, np.ndarray]) -> dict[str, Point]:
    """Each form at the draws; its payoffs as they stand are made once for all laws."""
    return {form: Point(FORMS[form].terms, box) for form in FORMS}


@pytest.mark.parametrize("law", ALWAYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_law_without_exception_holds_over_the_box_unless_the_form_is_known_to_break_it(
    form: str, law: str, drawn_points: dict[str, Point]
):
    assert (LAWS[law].share(drawn_points[form]) == 1.0) == (law not in BROKEN[form])


#: Each form with each law that it keeps; by default half of them at the ends of the ranges, where each law is once.
KEPT = [(form, law) for law in ALWAYS for form in FORMS if law not in BROKEN[form]]
ENDS = [(f, law) for k, (f, law) in enumerate(KEPT) if LARGE or k % 2 or law in BROKEN["first"]]


@pytest.mark.parametrize(("form", "law"), ENDS)
@settings(max_examples=25 if LARGE else 1, deadline=None)
@given(point=points())
def test_a_law_without_exception_holds_at_the_ends_of_the_ranges(form: str, law: str, point):
    """Weights may lie at zero there, which is no exception to what a weight is a condition of."""
    strict = {"L2": "rivalry_cost", "L19": "rivalry_cost", "L21": "relief", "L26": "stake_us_ru"}
    if law in strict and not all(value for key, value in point.items() if key.startswith(strict[law])):
        return
    batched = {key: np.array([value]) for key, value in point.items()}
    if law == "L21":
        batched |= {"us_sanction_share": np.array([0.4])}
    assert LAWS[law].share(Point(FORMS[form].terms, batched)) == 1.0


@pytest.mark.parametrize("law", FLOORS)
@pytest.mark.parametrize("form", FORMS)
def test_a_law_with_exceptions_holds_in_the_share_that_is_asked_unless_the_form_breaks_it(
    form: str, law: str, drawn_points: dict[str, Point]
):
    assert (LAWS[law].share(drawn_points[form]) >= FLOORS[law]) == (law not in BROKEN[form])


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=tries(100), deadline=None)
@given(point=points(), one=st.sampled_from(list(itertools.permutations((US, RU, CN), 2))))
def test_mutual_hostility_is_stable_where_there_is_nothing_but_hostility(form: str, point, one):
    """No trade, no stake and no other term: whoever is opposed gains nothing by accommodating."""
    alone = {key: FORMS[form].terms[key] for key in ("contest", "rivalry")}
    for i, j in itertools.permutations((US, RU, CN), 2):
        point[name("stake", i, j)] = 0.0
        if {i, j} != set(one):
            point[name("rivalry_cost", i, j)] = 0.0
    stable = is_nash(payoff_tensor(Values(point, SHIPPED), alone))
    if form == "first":
        assert not stable[0, 0, 0], "the first form makes a player yield that hostility costs much"
    else:
        assert stable[0, 0, 0]


@settings(max_examples=tries(100), deadline=None)
@given(point=points())
def test_the_first_forms_strength_grows_by_accommodating_the_other_alone(point):
    """What the first form gets wrong, said as it is: a front closes by one's own wish."""
    point |= {"two_front_dilution": 0.3, "political_concession": 0.0}
    x = np.broadcast_to(strength(pure_stances(), Values(point, SHIPPED), US, CN), (4, 4, 4))
    assert (x[2, 0] > x[0, 0]).all()


@settings(max_examples=tries(100), deadline=None)
@given(point=points(), one=st.sampled_from(list(itertools.permutations((US, RU, CN), 2))))
def test_the_second_forms_strength_never_grows_by_accommodating_the_other_alone(point, one):
    """Own strength against j, wherever k opposes: a front closes by a link."""
    i, j = one
    (k,) = {US, RU, CN} - set(one)
    s = pure_stances()
    x = np.broadcast_to(strength(s, Values(point, SHIPPED), i, j, SECOND), (4, 4, 4))
    accommodating = np.moveaxis(x, i, 0).reshape(2, 2, 4, 4)  # [towards the first other, towards the second, ...]
    towards_k = accommodating if k < j else np.swapaxes(accommodating, 0, 1)
    opposed = np.moveaxis(np.broadcast_to(s[k, i] == 0, (4, 4, 4)), i, 0)[0]
    assert (towards_k[1][:, opposed] <= towards_k[0][:, opposed]).all()


@settings(max_examples=tries(100), deadline=None)
@given(point=points(two_front_dilution=0.0, third_party_support=0.0, political_concession=0.0, relief=0.0))
def test_threat_is_one_to_rounding_where_nothing_moves_strength(point):
    for i, j in itertools.permutations((US, RU, CN), 2):
        assert np.allclose(threat(pure_stances(), Values(point, SHIPPED), i, j), 1.0, rtol=1e-14)


def test_primacy_is_measured_against_that_of_the_world_in_which_the_common_cause_was_valued():
    defaults = shipped().catalogue.defaults()
    assert defaults["primacy_reference"] == pytest.approx(float(primacy(Values(defaults, SHIPPED))), rel=1e-14)


def test_the_reference_of_primacy_stays_where_a_strength_is_moved_by_hand():
    baseline, reference = read_scenario("baseline", shipped()), "primacy_reference"
    for moved in (baseline.set_to({"capability_cn": 40.0}), baseline.moved({"capability_cn": 40.0})):
        assert moved[reference] == baseline.values[reference]
    assert shipped().catalogue[reference].backing == "formula"


def test_a_fading_primacy_fades_the_common_cause_only_where_it_is_asked_to():
    world = shipped().catalogue.defaults() | {"capability_cn": 40.0}
    order = FORMS["second"].terms["order"]
    as_before, fading = (order(pure_stances(), Values(world | {"primacy_scaling": nu}, SHIPPED)) for nu in (0.0, 1.0))
    first = FORMS["first"].terms["order"](pure_stances(), Values(world, SHIPPED))
    share = float(primacy(Values(world, SHIPPED))) / world["primacy_reference"]
    assert share < 0.8
    for player in (RU, CN):
        assert np.array_equal(as_before[player], first[player])
        assert np.allclose(fading[player], share * first[player], rtol=1e-14)
    assert np.array_equal(fading[US], first[US])


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=tries(50), deadline=None)
@given(point=points())
def test_no_hostility_is_left_at_a_link(form: str, point):
    s, v = pure_stances(), Values(point, SHIPPED)
    for i, j in itertools.permutations((US, RU, CN), 2):
        burden = np.broadcast_to(hostility(s, v, i, j, FORMS[form].rules), (4, 4, 4))
        assert (burden[np.broadcast_to(s.link(i, j) == 1, (4, 4, 4))] == 0).all()
