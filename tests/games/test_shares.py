"""Payoffs in shares of their range come out the same from every unit, and lose nothing beside a prohibitive one."""

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import changed, factors, games, round_game_beside_prohibitive

from triangle.games.normal_form import losses, rounding
from triangle.games.shares import in_shares, roughness

seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=tries(1000), deadline=None)
@given(seeds, factors)
def test_round_numbers_have_the_same_shares_to_the_last_bit_in_every_unit(seed, factor):
    payoffs = round_game_beside_prohibitive(seed)
    assert np.array_equal(in_shares(changed(payoffs, factor, 0.0)), in_shares(payoffs))


@settings(max_examples=tries(1000), deadline=None)
@given(seeds, factors, st.sampled_from([1.0, 0.1, 1 / 3, -1e3]))
def test_a_constant_leaves_ties_of_round_numbers_and_changes_what_is_prohibitive_by_lost_digits(seed, factor, shift):
    payoffs = round_game_beside_prohibitive(seed)
    ours, theirs = in_shares(payoffs), in_shares(changed(payoffs, factor, shift))
    assert np.allclose(ours, theirs, rtol=1e-11, atol=0.0)
    for one, two in zip(losses(ours), losses(theirs), strict=True):
        assert np.array_equal(one == 0.0, two == 0.0)


@settings(max_examples=tries(300), deadline=None)
@given(seeds, factors, st.sampled_from([1e5, -1e6]))
def test_a_large_constant_leaves_the_shares_of_ordinary_round_numbers_as_they_were(seed, factor, shift):
    payoffs = np.random.default_rng(seed).integers(-9, 10, (3, 2, 3, 2)) / 10.0
    assert np.array_equal(in_shares(changed(payoffs, factor, shift)), in_shares(payoffs))


@given(games(samples=(3,)))
def test_a_game_has_the_same_shares_alone_and_in_a_batch(payoffs):
    batch = in_shares(payoffs)
    for game in range(3):
        assert np.array_equal(in_shares(payoffs[..., game]), batch[..., game])


@settings(max_examples=tries(200), deadline=None)
@given(seeds, st.sampled_from([0.0, 7.3, -1e4]))
def test_shares_differ_as_payoffs_do_within_what_rounding_makes(seed, shift):
    payoffs = np.random.default_rng(seed).normal(size=(3, 3, 2, 2)) + shift
    payoffs[0, 0, 0, 0] -= 1e9
    shares = in_shares(payoffs)
    spans = np.ptp(payoffs, axis=(1, 2, 3))
    assert np.allclose(np.ptp(shares, axis=(1, 2, 3)), 1.0, atol=1e-8)
    ours, theirs = (np.diff(u.reshape(3, -1), axis=1) for u in (shares, payoffs))
    scale = np.ptp(shares, axis=(1, 2, 3)) / spans
    ordinary = np.abs(theirs) < 1e6
    most = np.broadcast_to(4 * rounding(payoffs)[:, None] * scale[:, None], ours.shape)
    assert (np.abs(ours - theirs * scale[:, None])[ordinary] <= most[ordinary]).all()


def test_a_tie_that_a_constant_broke_is_one_again():
    payoffs = np.array([[[0.3, 0.2], [0.1, -1e9]], [[0.2, 0.1], [0.3, 0.1]]])
    broken = payoffs[0] + 0.1 - (payoffs[0][0, 0] - payoffs[0][1, 0])  # 0.3 and 0.1 + 0.2 are not the same
    tensor = np.stack([broken, payoffs[1]])
    shares = in_shares(tensor)
    assert shares[0, 0, 0] - shares[0, 0, 1] == shares[0, 0, 1] - shares[0, 1, 0]
    assert np.sign(losses(shares)).tolist() == np.sign(losses(payoffs)).tolist()


def test_nobody_s_payoffs_differ_where_rounding_alone_makes_them():
    payoffs = np.array([[[0.1 + 0.2, 0.3], [0.3, 0.3]], [[1.0, 2.0], [3.0, 4.0]]])
    assert not in_shares(payoffs)[0].any()
    assert in_shares(payoffs)[1].tolist() == [[-2 / 3, -1 / 3], [0.0, 1 / 3]]


def test_shares_of_the_largest_numbers_there_are_do_not_overflow():
    assert in_shares(np.array([[-1.7e308, 1.7e308, 0.0]])).tolist() == [[-0.5, 0.5, 0.0]]
    assert np.isfinite(in_shares(np.array([[1.7e308, 5e-324, 1.0, -3e-300]]))).all()


@pytest.mark.parametrize(("shift", "rough"), [(0.0, False), (1e3, False), (1e6, True)])
def test_payoffs_that_are_not_round_are_rough_as_a_constant_takes_their_digits(shift, rough):
    payoffs = np.random.default_rng(3).normal(size=(2, 3, 3)) + shift
    assert ((roughness(payoffs) > 1e-9) == rough).all()
    assert not roughness(np.rint(payoffs)).any()


def test_payoffs_that_are_not_round_are_moved_by_no_more_than_their_last_digits():
    """Tenths far from zero of which the least is eleven: no part of it makes the others round."""
    payoffs = 1e9 + np.array([[4.2, -4.4, 4.0, 3.8, -0.7, -3.7, 0.6, -4.1, 1.5]])
    shares = in_shares(payoffs) * np.ptp(payoffs)
    assert np.abs(np.diff(shares) - np.diff(payoffs)).max() <= 3e-7
