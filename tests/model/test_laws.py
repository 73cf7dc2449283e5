"""The laws that the model must obey, over the prior box: at least two hundred examples each."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from budgets import LARGE, tries
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import batch, points, shipped

from triangle.games.normal_form import is_nash, margins
from triangle.model.forms import FORMS
from triangle.model.mechanisms import (
    bargaining_share_ru,
    contest_share,
    effective_relief,
    gate,
    stake_share,
    strength,
)
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor, payoff_terms
from triangle.model.terms import TERMS
from triangle.players.axes import CN, PAIRS, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.configurations import configuration, configurations
from triangle.players.stances import Stances, pure_stances

laws = settings(max_examples=tries(200), deadline=None)

#: What two ways of summing the same payoffs may differ by, relative to the largest payoff.
ROUNDING = 1e-12


def profiles_with(**stances: int) -> np.ndarray:
    """Mask of the profiles in which the named stances, as us_ru=1, hold."""
    players = {"us": US, "ru": RU, "cn": CN}
    mask = np.ones((4, 4, 4), dtype=bool)
    for pair, value in stances.items():
        i, j = (players[name] for name in pair.split("_"))
        mask &= np.broadcast_to(pure_stances()[i, j] == value, mask.shape)
    return mask


# ----- 1. what changes no equilibrium


@laws
@given(points(), st.floats(0.01, 100.0), st.floats(-1e3, 1e3), st.integers(0, 2))
def test_scaling_or_shifting_a_players_payoff_changes_no_equilibrium(point, factor, shift, player):
    payoffs = payoff_tensor(Values(point, SHIPPED))
    changed = payoffs.copy()
    changed[player] = factor * changed[player] + shift
    assert np.array_equal(is_nash(payoffs), is_nash(changed))


@laws
@given(points(), st.permutations((0, 1, 2)))
def test_renaming_players_consistently_permutes_the_equilibria(point, names):
    payoffs = payoff_tensor(Values(point, SHIPPED))
    renamed = np.stack([payoffs[i].transpose(names) for i in names])
    assert np.array_equal(is_nash(renamed), is_nash(payoffs).transpose(names))


@laws
@given(points())
def test_three_alike_powers_have_a_symmetric_contest_and_rivalry(point):
    """With every power alike, renaming two of them and their stances gives the same payoffs in the symmetric terms."""
    for name in point:
        for quantity in ("gdp", "capability", "stake", "rivalry_cost", "trade", "gain", "choke"):
            if name.startswith(quantity + "_") and name != "capability_allies":
                point[name] = point[next(n for n in point if n.startswith(quantity + "_"))]
    point |= dict.fromkeys(
        ("ally_commitment", "political_concession", "secondary_sanctions", "secondary_tariff", "relief"), 0.0
    )
    terms = payoff_terms(Values(point, SHIPPED))
    payoffs = terms["contest"] + terms["rivalry"] + terms["exchange"]
    # Swapping Russia and China: the American bits trade places; the others' actions name (US, the swapped one).
    us = [0, 2, 1, 3]
    swapped = payoffs[[US, CN, RU]][:, us].transpose(0, 1, 3, 2)
    assert np.allclose(swapped, payoffs, rtol=1e-10, atol=1e-9)


# ----- 2. shares and links


@laws
@given(points())
def test_the_shares_of_a_contest_sum_to_one(point):
    s, v = pure_stances(), Values(point, SHIPPED)
    for i, j in PAIRS:
        assert np.array_equal(contest_share(s, v, i, j) + contest_share(s, v, j, i), np.ones((4, 4, 4)))


@laws
@given(points(political_concession=0.0))
def test_the_shares_of_a_pairs_stake_sum_to_one(point):
    s, v = pure_stances(), Values(point, SHIPPED)
    for i, j in PAIRS:
        assert np.allclose(stake_share(s, v, i, j) + stake_share(s, v, j, i), 1.0, rtol=0, atol=1e-15)


@laws
@given(points())
def test_shares_stay_between_nothing_and_all(point):
    s, v = pure_stances(), Values(point, SHIPPED)
    for i, j in itertools.permutations((US, RU, CN), 2):
        share = stake_share(s, v, i, j)
        assert ((share >= 0) & (share <= 1)).all()


@laws
@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_a_link_is_symmetric_in_the_stances_even_when_graded(stances):
    pairs = list(itertools.permutations((US, RU, CN), 2))
    s = Stances(dict(zip(pairs, stances, strict=True)))
    for i, j in PAIRS:
        assert s.link(i, j) == s.link(j, i) == s[i, j] * s[j, i]


def test_the_configuration_depends_on_the_links_alone():
    by_links = {}
    for index, found in enumerate(configurations(SHIPPED)):
        links = tuple(bool((pure_stances().link(i, j) * np.ones((4, 4, 4))).ravel()[index]) for i, j in PAIRS)
        assert by_links.setdefault(links, found) == found
        assert found.balance == np.prod([1 if link else -1 for link in links])
    assert len(by_links) == 8


# ----- 3. and 4. relief


@laws
@given(points(), st.floats(0, 1), st.floats(0, 1))
def test_russias_payoff_rises_weakly_in_relief_at_every_profile(point, one, other):
    less, more = sorted((one, other))
    low, high = (payoff_tensor(Values(point | {"relief": relief}, SHIPPED))[RU] for relief in (less, more))
    assert (high >= low - ROUNDING * np.abs(low).max()).all()


@laws
@given(points())
def test_nothing_is_paid_while_america_opposes(point):
    s, v = pure_stances(), Values(point, SHIPPED)
    paid = np.broadcast_to(gate(s, v) * effective_relief(v), (4, 4, 4))
    assert (paid[profiles_with(us_ru=0)] == 0).all()


@laws
@given(points(), st.floats(1e-6, 1))
def test_from_the_first_unit_of_relief_russias_share_rises_and_china_loses(point, relief):
    """China loses of the pipeline; what it gains by a friend whom relief strengthens is left out."""
    point |= {"pipeline_volume": 60.0, "relief_to_strength": 0.0, "conditionality": min(point["conditionality"], 0.9)}
    point |= {"reciprocity": min(point["reciprocity"], 0.9)}
    assume(point["pipeline_buyer_value"] > point["pipeline_seller_cost"])  # without a surplus nothing is divided
    s = pure_stances()
    without, with_ = (Values(point | {"relief": r}, SHIPPED) for r in (0.0, relief))
    linked = profiles_with(us_ru=1, ru_cn=1, cn_ru=1)
    share = [np.broadcast_to(bargaining_share_ru(s, v), (4, 4, 4))[linked] for v in (without, with_)]
    china = [payoff_tensor(v)[CN][linked] for v in (without, with_)]
    assert (share[1] > share[0]).all()
    # The loss is real but may be below the last digit of a payoff of hundreds of billions; look at the term itself.
    pipeline = [payoff_terms(v, {"pipeline": TERMS["pipeline"]})["pipeline"][CN][linked] for v in (without, with_)]
    assert (pipeline[1] < pipeline[0]).all()
    assert (china[1] <= china[0]).all()


@laws
@given(points(relief=0.0))
def test_without_relief_russia_gets_less_than_half(point):
    share = bargaining_share_ru(pure_stances(), Values(point, SHIPPED))
    assert (share < 0.5).all()


# ----- 5. two fronts


@laws
@given(points(two_front_dilution=0.0, political_concession=0.0))
def test_without_dilution_containing_both_costs_the_sum_of_the_two(point):
    """Concessions are left out: through the allies they reach from one contest into the other by another channel."""
    contest = payoff_terms(Values(point, SHIPPED), {"contest": TERMS["contest"]})["contest"][US]
    hostile = profiles_with(ru_us=0, cn_us=0)[0]
    mixed = contest[0] - contest[1] - contest[2] + contest[3]
    assert np.allclose(mixed[hostile], 0.0, atol=1e-9)


@laws
@given(points(political_concession=0.0))
def test_dilution_makes_containing_both_dearer_than_the_sum(point):
    point |= {"two_front_dilution": 0.3}
    s, v = pure_stances(), Values(point, SHIPPED)
    both = strength(s, v, US, CN)[0]
    one = strength(s, v, US, CN)[2]
    assert (both < one).all()


# ----- 6. terms

WEIGHTS = {
    "contest": [f"stake_{pair}" for pair in ("us_ru", "ru_us", "us_cn", "cn_us", "ru_cn", "cn_ru")],
    "rivalry": [f"rivalry_cost_{pair}" for pair in ("us_ru", "ru_us", "us_cn", "cn_us", "ru_cn", "cn_ru")],
    "exchange": [f"gain_{pair}" for pair in ("us_ru", "ru_us", "us_cn", "cn_us", "ru_cn", "cn_ru")] + ["evasion_cost"],
    "relief": ["relief"],
    "alliance": ["alliance_value"],
    "order": ["order_value_us", "order_value_ru", "order_value_cn"],
    "balance": ["balance_weight_us", "balance_weight_ru", "balance_weight_cn"],
    "autonomy": ["autonomy_cost"],
    "dual_use": ["dual_use_value", "sanction_exposure"],
    "pipeline": ["pipeline_volume"],
}


def test_every_term_has_its_weights_named_here():
    assert set(WEIGHTS) == set(TERMS)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("term", TERMS)
@settings(max_examples=100 if LARGE else 1, deadline=None)
@given(point=points())
def test_a_zero_weight_removes_its_term_to_the_last_bit(term, form, point):
    values = Values(point | dict.fromkeys(WEIGHTS[term], 0.0), SHIPPED)
    assert not payoff_terms(values, {term: form.terms[term]})[term].any()
    rest = {name: function for name, function in form.terms.items() if name != term}
    assert np.array_equal(payoff_tensor(values, form.terms), payoff_tensor(values, rest))


@laws
@given(points())
def test_the_terms_sum_to_the_payoffs(point):
    values = Values(point, SHIPPED)
    total = payoff_tensor(values)
    assert np.allclose(sum(payoff_terms(values).values()), total, rtol=ROUNDING, atol=ROUNDING * np.abs(total).max())


# ----- 7. one code path for a point and a batch


@laws
@given(st.lists(points(), min_size=1, max_size=9 if LARGE else 4), st.integers(1, 9 if LARGE else 4))
def test_a_point_gives_the_same_alone_and_inside_any_batch(drawn, chunk):
    whole = payoff_tensor(batch(drawn))
    parts = [payoff_tensor(batch(drawn[start : start + chunk])) for start in range(0, len(drawn), chunk)]
    chunked = np.concatenate(parts, axis=-1)
    alone = np.stack([payoff_tensor(Values(point, SHIPPED)) for point in drawn], axis=-1)
    for other in (chunked, alone):
        assert np.allclose(whole, other, rtol=ROUNDING, atol=ROUNDING * np.abs(whole).max())
        assert np.array_equal(is_nash(whole), is_nash(other))


@laws
@given(points())
def test_any_shape_of_batch_gives_the_same(point):
    alone = payoff_tensor(Values(point, SHIPPED))
    shaped = payoff_tensor(Values({name: np.full((2, 1, 3), value) for name, value in point.items()}, SHIPPED))
    assert shaped.shape == (3, 4, 4, 4, 2, 1, 3)
    assert np.allclose(shaped, alone[..., None, None, None], rtol=ROUNDING, atol=ROUNDING * np.abs(alone).max())


# ----- the stances themselves


def test_the_payoffs_are_frozen():
    payoffs = payoff_tensor(Values(shipped().catalogue.defaults(), SHIPPED))
    with pytest.raises(ValueError, match="read-only"):
        payoffs[0] = 0.0


@laws
@given(points(), st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_graded_stances_are_allowed_and_stay_between_the_pure_ones(point, stances):
    """Away from the contest the terms are multilinear, so a graded value lies between the extremes of the pure ones."""
    pairs = list(itertools.permutations((US, RU, CN), 2))
    s, v = Stances(dict(zip(pairs, stances, strict=True))), Values(point, SHIPPED)
    for name in ("rivalry", "exchange", "relief", "alliance", "order", "autonomy", "dual_use", "pipeline"):
        pure = payoff_terms(v, {name: TERMS[name]})[name]
        for player, graded in TERMS[name](s, v).items():
            slack = 1e-9 * (1 + np.abs(pure[player]).max())
            assert pure[player].min() - slack <= graded <= pure[player].max() + slack


def test_the_baseline_is_the_marriage_of_russia_and_china_and_a_unit_veto_that_both_gain_by_leaving_together():
    payoffs = payoff_tensor(Values(shipped().catalogue.defaults(), SHIPPED))
    assert np.argwhere(margins(payoffs) >= 0).tolist() == [[0, 0, 0], [0, 1, 1]]
    assert configuration((0, 1, 1), SHIPPED).key == "stable_marriage:RU-CN"
    assert (payoffs[[RU, CN], 0, 1, 1] > payoffs[[RU, CN], 0, 0, 0]).all()


def test_in_the_first_form_the_baselines_only_equilibrium_is_the_marriage_of_russia_and_china():
    payoffs = payoff_tensor(Values(shipped().catalogue.defaults(), SHIPPED), TERMS)
    assert np.argwhere(margins(payoffs) >= 0).tolist() == [[0, 1, 1]]
