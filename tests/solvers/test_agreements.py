"""Agreements against their definition by loops on games of several shapes, and on published games."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import games, profiles, pure_by_definition

from triangle.games.bitboards import equilibrium_masks, profiles_of
from triangle.games.normal_form import NormalFormGame, is_nash
from triangle.solvers.agreements import (
    Agreement,
    agreement_proof,
    agreement_proof_margins,
    agreement_proof_masks,
    agreement_proof_masks_within,
    agreements,
    compared,
    joint_moves,
)

TRUSTS = (0.0, 0.25, 0.5, 0.75, 1.0)


def least_trust(gain_if_kept: float, gain_if_not: float) -> float:
    """The least probability p at which p · gain if the other keeps it + (1 − p) · gain if not is at least nothing."""
    if gain_if_not >= 0:
        return 0.0
    return -gain_if_not / (gain_if_kept - gain_if_not)


def by_definition(payoffs: np.ndarray, here: tuple[int, ...]) -> set[tuple]:
    """Every agreement from a profile: pair, profile, gains and trusts, one joint change at a time."""
    found = set()
    n = payoffs.shape[0]
    for i, j in itertools.combinations(range(n), 2):
        for to in profiles(payoffs):
            if any((to[k] != here[k]) != (k in (i, j)) for k in range(n)):
                continue

            def u(player: int, mine: int, yours: int, i: int = i, j: int = j) -> float:
                at = tuple(mine if k == i else yours if k == j else a for k, a in enumerate(here))
                return float(payoffs[(player, *at)])

            gains = u(i, to[i], to[j]) - u(i, here[i], here[j]), u(j, to[i], to[j]) - u(j, here[i], here[j])
            kept = all(u(i, a, to[j]) <= u(i, to[i], to[j]) for a in range(payoffs.shape[1 + i]))
            kept &= all(u(j, to[i], b) <= u(j, to[i], to[j]) for b in range(payoffs.shape[1 + j]))
            if kept and min(gains) > 0:
                first = least_trust(
                    u(i, to[i], to[j]) - u(i, here[i], to[j]), u(i, to[i], here[j]) - u(i, *pair(here, i, j))
                )
                second = least_trust(
                    u(j, to[i], to[j]) - u(j, to[i], here[j]), u(j, here[i], to[j]) - u(j, *pair(here, i, j))
                )
                found.add(((i, j), to, gains, (first, second)))
    return found


def pair(here: tuple[int, ...], i: int, j: int) -> tuple[int, int]:
    return here[i], here[j]


@settings(max_examples=tries(250), deadline=None)
@given(payoffs=games(), data=st.data())
def test_agreements_are_those_of_the_definition_from_any_profile(payoffs, data):
    here = data.draw(st.sampled_from(profiles(payoffs)))
    found = agreements(NormalFormGame(payoffs), here)
    assert {(a.players, a.profile, a.gains, a.trusts) for a in found} == by_definition(payoffs, here)
    assert [a.trust for a in found] == sorted(a.trust for a in found)


@settings(max_examples=tries(150), deadline=None)
@given(payoffs=games(samples=(3,)), trust=st.sampled_from(TRUSTS))
def test_an_equilibrium_is_agreement_proof_where_no_agreement_needs_at_most_the_trust(payoffs, trust):
    found = agreement_proof(payoffs, trust)
    for sample in range(3):
        game = payoffs[..., sample]
        expected = {a for a in pure_by_definition(game) if all(max(x[3]) > trust for x in by_definition(game, a))}
        assert set(map(tuple, np.argwhere(found[..., sample]).tolist())) == expected


@settings(max_examples=tries(100), deadline=None)
@given(payoffs=games(samples=(2, 2)), trust=st.sampled_from(TRUSTS))
def test_sets_in_64_bits_hold_the_same_as_truth_values(payoffs, trust):
    masks = agreement_proof_masks(payoffs, equilibrium_masks(payoffs), trust)
    proof = agreement_proof(payoffs, trust)
    for place in np.ndindex(2, 2):
        assert profiles_of(masks[place]) == np.flatnonzero(proof[(..., *place)]).tolist()


@settings(max_examples=tries(100), deadline=None)
@given(payoffs=games())
def test_more_trust_breaks_more_and_all_that_survive_are_equilibria(payoffs):
    proof = [agreement_proof(payoffs, trust) for trust in TRUSTS]
    for less, more in itertools.pairwise(proof):
        assert (more <= less).all()
    assert (proof[0] <= is_nash(payoffs)).all()


@settings(max_examples=tries(100), deadline=None)
@given(payoffs=games(), player=st.integers(0, 3), factor=st.sampled_from((0.5, 2.0, 4.0)), shift=st.integers(-3, 3))
def test_a_players_unit_changes_no_trust(payoffs, player, factor, shift):
    """Payoffs of two players are never compared."""
    changed = payoffs.copy()
    changed[player % payoffs.shape[0]] = factor * changed[player % payoffs.shape[0]] + shift
    for here in profiles(payoffs)[:6]:
        before, after = (agreements(NormalFormGame(g), here) for g in (payoffs, changed))
        assert [(a.players, a.profile, a.trusts) for a in before] == [(a.players, a.profile, a.trusts) for a in after]


def test_a_held_player_joins_no_agreement():
    stag_hunt = NormalFormGame([[[4, 0], [3, 3]], [[4, 3], [0, 3]]])
    assert agreements(stag_hunt, (1, 1)) and not agreements(stag_hunt.hold({0: 1}), (0, 1))


def test_a_batch_of_many_equilibria_is_cut_into_parts_without_a_trace():
    rng = np.random.default_rng(3)
    payoffs = rng.integers(0, 3, (3, 2, 3, 2, 3000)).astype(float)
    whole = agreement_proof(payoffs)
    parts = np.concatenate([agreement_proof(payoffs[..., s : s + 500]) for s in range(0, 3000, 500)], axis=-1)
    assert is_nash(payoffs).sum() > 4096 and np.array_equal(whole, parts)


def test_what_is_no_probability_or_no_single_game_is_refused():
    with pytest.raises(ValueError, match="no probability"):
        agreement_proof(np.zeros((2, 2, 2)), 1.5)
    with pytest.raises(ValueError, match="not a batch"):
        agreements(NormalFormGame(np.zeros((2, 2, 2, 4))), (0, 0))


# ----- published games


def test_the_example_of_bernheim_peleg_and_whinston_keeps_its_coalition_proof_equilibrium():
    """Their three-player game: of two equilibria the one that all prefer is undone by the first two players.

    Bernheim, Peleg and Whinston (1987), *Journal of Economic Theory* 42(1), the first example.
    """
    first = [[[1, -5], [-5, 0]], [[1, -5], [-5, 0]], [[-5, 0], [0, 10]]]
    second = [[[-1, -5], [-5, -2]], [[-1, -5], [-5, -2]], [[5, 0], [0, 0]]]
    payoffs = np.stack([np.array(first, float), np.array(second, float)], axis=-1)
    assert np.argwhere(is_nash(payoffs)).tolist() == [[0, 0, 1], [1, 1, 0]]
    assert np.argwhere(agreement_proof(payoffs, trust=1)).tolist() == [[0, 0, 1]]
    (undone,) = agreements(NormalFormGame(payoffs), (1, 1, 0))
    assert (undone.players, undone.profile, undone.gains) == ((0, 1), (0, 0, 0), (1.0, 1.0))


def test_of_two_players_the_coalition_proof_equilibria_are_those_that_no_other_improves_for_both():
    """Bernheim, Peleg and Whinston (1987): with two players, the equilibria on the frontier of the equilibria."""
    rng = np.random.default_rng(11)
    for _ in range(300):
        payoffs = rng.permutation(32).reshape(2, 4, 4).astype(float)  # no ties
        stable = np.argwhere(is_nash(payoffs))
        worth = [payoffs[:, a, b] for a, b in stable]
        expected = [
            list(at) for at, own in zip(stable.tolist(), worth, strict=True) if not any((w > own).all() for w in worth)
        ]
        assert np.argwhere(agreement_proof(payoffs, trust=1)).tolist() == expected


def test_a_prisoners_dilemma_has_no_agreement_because_nobody_would_keep_it():
    assert not agreements(NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]), (1, 1))


@pytest.mark.parametrize("both", [9.0, 8.5, 15.0])
def test_trust_is_the_p_of_p_dominance(both: float):
    """Stag hunts of 8 and 0 against 7: hunting pays where the other hunts with probability 7 / (both - 1) at least.

    Morris, Rob and Shin (1995); Aumann's (1990) game is that of 9, where 7/8 are needed.
    """
    (found,) = agreements(NormalFormGame([[[both, 0], [8, 7]], [[both, 8], [0, 7]]]), (1, 1))
    assert found.trust == pytest.approx(7 / (both - 1))


def connections(cost: float, decay: float) -> np.ndarray:
    """Three players who propose links; a link takes both and costs each. Worth of another: decay by distance."""
    payoffs = np.zeros((3, 4, 4, 4))
    others = {0: (1, 2), 1: (0, 2), 2: (0, 1)}
    for at in itertools.product(range(4), repeat=3):
        proposed = {(i, j) for i in range(3) for bit, j in zip((2, 1), others[i], strict=True) if at[i] & bit}
        links = {frozenset(link) for link in proposed if link[::-1] in proposed}
        for i in range(3):
            near = [j for j in others[i] if frozenset((i, j)) in links]
            far = [k for k in others[i] if k not in near and any(frozenset((j, k)) in links for j in near)]
            proposals = sum((i, j) in proposed for j in others[i])
            payoffs[(i, *at)] = (
                decay * len(near) + decay**2 * len(far) - cost * len(near) - 1e-6 * (proposals - len(near))
            )
    return payoffs


def networks(payoffs: np.ndarray, trust: float) -> set[int]:
    """The numbers of links of the networks that are agreement-proof."""
    others = {0: (1, 2), 1: (0, 2), 2: (0, 1)}
    found = set()
    for at in np.argwhere(agreement_proof(payoffs, trust)):
        proposed = {(i, j) for i in range(3) for bit, j in zip((2, 1), others[i], strict=True) if at[i] & bit}
        found.add(sum((j, i) in proposed for i, j in proposed) // 2)
    return found


@pytest.mark.parametrize(("cost", "links"), [(0.2, {3}), (0.4, {2}), (0.9, {0})])
def test_the_connections_model_of_jackson_and_wolinsky_has_its_stable_networks(cost: float, links: set[int]):
    """Jackson and Wolinsky (1996), proposition 2, three players and decay ½: complete below δ − δ², star below δ, else
    none. As equilibria of proposals alone the empty network stands in each case.
    """
    payoffs = connections(cost, 0.5)
    assert is_nash(payoffs)[0, 0, 0]
    assert networks(payoffs, trust=1) == links


def test_an_agreement_says_what_it_needs():
    assert Agreement((0, 1), (0, 0), (1.0, 2.0), (0.25, 0.75)).trust == 0.75


# ----- what rounding alone can make


@settings(max_examples=tries(60), deadline=None)
@given(payoffs=games(), trust=st.sampled_from(TRUSTS), power=st.sampled_from((-600, -40, 40, 600)))
def test_a_game_in_other_units_has_the_same_agreements(payoffs, trust, power):
    rescaled = np.ldexp(payoffs, power)
    assert np.array_equal(agreement_proof(rescaled, trust), agreement_proof(payoffs, trust))
    for here in profiles(payoffs)[:6]:
        before, after = (agreements(NormalFormGame(g), here) for g in (payoffs, rescaled))
        assert [(a.players, a.profile, a.trusts) for a in before] == [(a.players, a.profile, a.trusts) for a in after]


def test_payoffs_near_the_largest_number_have_their_trust():
    huge = 1.5e308
    (found,) = agreements(NormalFormGame([[[huge, -huge], [0, 0]], [[huge, 0], [-huge, 0]]]), (1, 1))
    assert found.trust == 0.5


# ----- margins


@settings(max_examples=tries(150), deadline=None)
@given(payoffs=games(samples=(3,)), trust=st.sampled_from(TRUSTS), held=st.sets(st.integers(0, 3), max_size=2))
def test_the_sign_of_a_margin_says_whether_a_profile_is_agreement_proof(payoffs, trust, held):
    n = payoffs.shape[0]
    shape = payoffs.shape[1 : 1 + n]
    margins = agreement_proof_margins(payoffs, range(int(np.prod(shape))), trust, held)
    free = payoffs.copy()
    free[[player for player in held if player < n]] = 0.0  # a held player has nothing to gain
    proof = agreement_proof(free, trust).reshape(margins.shape)
    assert proof[margins > 1e-9].all() and not proof[margins < -1e-9].any()


def test_a_margin_is_what_a_joint_change_lacks():
    """From the hares both would gain 1 by the stag; at trust 0.6 each lacks 0.6 · 1 − 0.4 · 3 of joining."""
    stag_hunt = np.array([[[4.0, 0], [3, 3]], [[4, 3], [0, 3]]])
    assert agreement_proof_margins(stag_hunt, [3], trust=0.6) == pytest.approx([0.6])
    assert agreement_proof_margins(stag_hunt, [3], trust=0.8) == pytest.approx([-0.2])
    assert agreement_proof_margins(stag_hunt, [3], trust=0.8, held=[0]) == pytest.approx([3.0])
    assert agreement_proof_margins(stag_hunt, [3], held=[0, 1]).tolist() == [np.inf]


@settings(max_examples=tries(100), deadline=None)
@given(payoffs=games(), trust=st.sampled_from(TRUSTS), held=st.sets(st.integers(0, 3), max_size=1))
def test_what_a_joint_move_takes_makes_up_the_margin(payoffs, trust, held):
    n = payoffs.shape[0]
    flat = payoffs.reshape(n, -1, 1)
    margins = agreement_proof_margins(payoffs, range(flat.shape[1]), trust, held)
    for here, at in enumerate(profiles(payoffs)):
        alone = [
            payoffs[(i, *at)] - payoffs[(i, *at[:i], a, *at[i + 1 :])]
            for i in range(n)
            for a in range(payoffs.shape[1 + i])
            if a != at[i] and i not in held
        ]
        moves = joint_moves(payoffs.shape[1:], here, trust, held)
        together = [-compared(flat, move.takes).min() for move in moves]
        assert margins[here] == pytest.approx(min([*alone, *together], default=np.inf))


def test_payoffs_drawn_at_random_leave_no_margin_of_zero():
    """On continuous payoffs the two ways agree on every profile of every game, whatever the shape."""
    generator = np.random.default_rng(8)
    for shape in ((2, 2), (3, 4), (2, 2, 2), (4, 4, 4), (2, 3, 2, 2), (2, 1, 3)):
        payoffs = generator.normal(size=(len(shape), *shape, 200))
        for trust in TRUSTS:
            margins = agreement_proof_margins(payoffs, range(int(np.prod(shape))), trust)
            assert np.array_equal(agreement_proof(payoffs, trust).reshape(margins.shape), margins > 0)


# ----- payoffs that are known roughly


@settings(max_examples=tries(100), deadline=None)
@given(
    payoffs=games(samples=(3,)), trust=st.sampled_from(TRUSTS), off=st.sampled_from((1e-6, 0.1, 0.5)), data=st.data()
)
def test_what_rough_payoffs_decide_is_right_and_the_rest_is_in_doubt(payoffs, trust, off, data):
    n, actions = payoffs.shape[0], payoffs.shape[1:-1]
    noise = np.random.default_rng(data.draw(st.integers(0, 2**16))).uniform(-off, off, payoffs.shape)
    held = data.draw(st.sets(st.integers(0, n - 1), max_size=1))
    masks = equilibrium_masks(payoffs)
    exact = agreement_proof_masks(payoffs, masks, trust, 1e-9, held)
    found, doubt = agreement_proof_masks_within(payoffs + noise, masks, [2 * off + 1e-8] * n, trust, held)
    assert np.array_equal(found[~doubt], exact[~doubt]) and len(actions) == n


def test_payoffs_that_are_known_well_leave_few_games_in_doubt():
    payoffs = np.random.default_rng(5).normal(size=(3, 4, 4, 4, 4000))
    masks = equilibrium_masks(payoffs)
    found, doubt = agreement_proof_masks_within(payoffs.astype(np.float32), masks, [1e-5] * 3)
    assert doubt.mean() < 0.01 and (found != masks).any()
    assert np.array_equal(found[~doubt], agreement_proof_masks(payoffs, masks, 0.5, 1e-9)[~doubt])
