"""Sets of profiles as integers: the same equilibria as by definition, in every shape, batch and layout."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import games, profiles, pure_by_definition

from triangle.games import bitboards
from triangle.games.bitboards import (
    CHUNK,
    count,
    equilibrium_masks,
    mask_of,
    mask_of_profiles,
    meets,
    pack,
    profiles_of,
    unpack,
    within,
)
from triangle.games.normal_form import is_nash

SHAPES = [(4, 4, 4), (2, 2, 2), (3, 3), (4, 3, 3), (2, 2, 2, 2), (5,), (1, 4), (64,), (1,), (2, 3, 2)]


@given(games())
def test_the_mask_of_a_game_holds_its_equilibria_by_definition(payoffs: np.ndarray):
    every = profiles(payoffs)
    found = [every[index] for index in profiles_of(equilibrium_masks(payoffs))]
    assert found == pure_by_definition(payoffs)


@given(games(samples=(3, 2)), st.sampled_from([0.0, 1e-9, 1.0, 2.0]))
def test_masks_are_the_truth_values_of_is_nash(payoffs: np.ndarray, tolerance: float):
    shape = payoffs.shape[1 : 1 + payoffs.shape[0]]
    masks = equilibrium_masks(payoffs, tolerance)
    assert masks.shape == (3, 2) and masks.dtype == np.uint64
    assert np.array_equal(unpack(masks, shape), is_nash(payoffs, tolerance))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [0, 1, bitboards.CHUNK - 1, bitboards.CHUNK, bitboards.CHUNK + 1])
def test_batches_of_any_length_and_layout_agree(shape: tuple[int, ...], size: int):
    generator = np.random.default_rng([*shape, size])
    first = generator.normal(size=(size, len(shape), *shape))
    last = np.moveaxis(first, 0, -1)
    masks = equilibrium_masks(last)
    assert np.array_equal(unpack(masks, shape), is_nash(last) if size else np.empty((*shape, 0), bool))
    assert np.array_equal(masks, equilibrium_masks(np.ascontiguousarray(last)))


def test_bits_are_profiles_in_c_order():
    payoffs = np.zeros((3, 4, 4, 4))
    payoffs[:, 2, 1, 3] = 1.0
    # The three deviations of two players at once remain ties; only single deviations from the peak lose.
    mask = int(equilibrium_masks(payoffs))
    assert mask >> (16 * 2 + 4 * 1 + 3) & 1 and not mask >> (16 * 2 + 4 * 1 + 2) & 1
    flags = np.zeros((4, 4, 4), bool)
    flags[2, 1, 3] = True
    assert profiles_of(mask_of(flags)) == [39]


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=5), st.integers(0, 2**64 - 1))
def test_operations_on_masks_are_those_of_sets(masks: list[int], those: int):
    array, sets = np.array(masks, dtype=np.uint64), [set(profiles_of(mask)) for mask in masks]
    other = set(profiles_of(those))
    assert count(array).tolist() == [len(s) for s in sets]
    assert meets(array, those).tolist() == [bool(s & other) for s in sets]
    assert within(array, those).tolist() == [bool(s) and s <= other for s in sets]
    assert [int(mask_of_profiles(s)) for s in sets] == masks
    assert np.array_equal(pack(unpack(array, (4, 4, 4)).reshape(64, -1)), array)


def test_no_equilibrium_is_within_nothing():
    assert not within(np.uint64(0), 2**64 - 1) and not meets(np.uint64(0), 2**64 - 1)


def test_more_than_64_profiles_have_no_mask():
    with pytest.raises(ValueError, match="65 profiles do not fit"):
        equilibrium_masks(np.zeros((2, 5, 13)))
    with pytest.raises(ValueError, match="profile 64 has no bit"):
        mask_of_profiles([64])


@pytest.mark.parametrize("tolerance", [None, 0.25, [0.0, 0.25, 1.0]], ids=["rounding", "one", "one a player"])
@pytest.mark.parametrize("games", [1, 7, CHUNK + 3])
def test_a_tolerance_of_any_form_means_what_it_means_for_one_game_alone(tolerance, games):
    payoffs = np.random.default_rng(11).integers(0, 9, (3, 2, 3, 2, games)) / 8
    masks = equilibrium_masks(payoffs, tolerance)
    for game in (0, games // 2, games - 1):
        assert masks[game] == mask_of(is_nash(payoffs[..., game], tolerance))
    assert masks.tolist() == pack(is_nash(payoffs, tolerance).reshape(-1, games)).tolist()


def test_every_game_of_a_batch_may_have_a_tolerance_of_its_own():
    payoffs = np.random.default_rng(12).integers(0, 9, (2, 3, 3, 2, 4)) / 8
    own = np.random.default_rng(13).integers(0, 3, (2, 2, 4)) / 8
    masks = equilibrium_masks(payoffs, own)
    for place in np.ndindex(2, 4):
        assert masks[place] == mask_of(is_nash(payoffs[(..., *place)], own[(..., *place)]))
