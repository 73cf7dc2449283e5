"""Sets of profiles as integers: the same equilibria as by definition, in every shape, batch and layout."""

from __future__ import annotations

import numpy as np
import pytest
import xarray
from budgets import in_turn
from hypothesis import given
from hypothesis import strategies as st
from strategies import games, profiles, pure_by_definition

from triangle.games import bitboards
from triangle.games.bitboards import CHUNK, Sets, equilibrium_masks, pack, profiles_of, unpack
from triangle.games.normal_form import is_nash

SHAPES = [(4, 4, 4), (2, 2, 2), (3, 3), (4, 3, 3), (2, 2, 2, 2), (5,), (1, 4), (64,), (1,), (2, 3, 2)]

#: Beyond one word: the last one full, or of a single bit, or of some.
LARGE = [(4, 4, 4, 2), (4, 4, 4, 4), (5, 13), (3, 5, 7), (2, 2, 2, 2, 2, 2, 2), (1, 130)]

#: One word, its last bit, two words, and a last word that is not full.
SIZES = [64, 65, 128, 150]


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


LENGTHS = (0, 1, bitboards.CHUNK - 1, bitboards.CHUNK, bitboards.CHUNK + 1)


@pytest.mark.parametrize(("shape", "size"), in_turn(SHAPES, LENGTHS))
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
    assert profiles_of(pack(flags.reshape(-1))) == [39]


@pytest.mark.parametrize("shape", LARGE)
@pytest.mark.parametrize("samples", [(), (3, 2)])
@pytest.mark.parametrize("tolerance", [None, 0.25, "own"])
def test_beyond_64_profiles_masks_are_the_truth_values_of_is_nash(shape, samples, tolerance):
    payoffs = np.random.default_rng([*shape, 1]).integers(0, 9, (len(shape), *shape, *samples)) / 8
    own = np.random.default_rng(2).integers(0, 3, (len(shape), *samples)) / 8 if tolerance == "own" else tolerance
    masks = equilibrium_masks(payoffs, own)
    assert masks.shape == (-(-np.prod(shape) // 64), *samples) and masks.dtype == np.uint64
    assert np.array_equal(unpack(masks, shape), is_nash(payoffs, own))


@pytest.mark.parametrize("shape", [(4, 4, 4), (4, 4, 4, 4), (3, 5, 7), (7, 2, 9)])
def test_no_answer_depends_on_how_games_and_profiles_are_cut_into_pieces(shape, monkeypatch):
    payoffs = np.random.default_rng([*shape, 3]).integers(0, 5, (len(shape), *shape, 21)) * 1.0
    known = equilibrium_masks(payoffs)
    assert np.array_equal(unpack(known, shape), is_nash(payoffs))
    for chunk, block in [(1, 1), (4, 40), (8, 300), (21, 21 * 5), (64, 2**17)]:
        monkeypatch.setattr(bitboards, "CHUNK", chunk)
        monkeypatch.setattr(bitboards, "BLOCK", block)
        assert np.array_equal(equilibrium_masks(payoffs), known), (chunk, block)


def test_a_player_whose_actions_change_nothing_changes_no_equilibrium_of_the_others():
    three = np.random.default_rng(4).normal(size=(3, 4, 4, 4, 50))
    four = np.zeros((4, 4, 4, 4, 4, 50))
    four[:3] = three[:, :, :, :, None]
    alone, joined = unpack(equilibrium_masks(three), (4, 4, 4)), unpack(equilibrium_masks(four), (4, 4, 4, 4))
    assert alone.any() and np.array_equal(joined, np.broadcast_to(alone[:, :, :, None], joined.shape))


@st.composite
def sets_of_profiles(draw: st.DrawFn) -> tuple[Sets, list[int], int]:
    """Sets of some size, a batch of them, and one to compare with."""
    size = draw(st.sampled_from(SIZES))
    some = st.one_of(st.integers(0, 2**size - 1), st.integers(0, size - 1).map(lambda bit: 1 << bit), st.just(0))
    return Sets(size), draw(st.lists(some, min_size=1, max_size=5)), draw(some)


@given(sets_of_profiles())
def test_operations_on_masks_are_those_of_sets(drawn: tuple[Sets, list[int], int]):
    board, wholes, those = drawn
    masks, sets, other = board.many(wholes), [set(profiles_of(one)) for one in wholes], set(profiles_of(those))
    assert masks.shape == (*board.lead, len(wholes)) and board.wholes(masks).tolist() == wholes
    assert [board.whole(masks[..., game]) for game in range(len(wholes))] == wholes
    assert [board.of(one) for one in sets] == wholes
    assert board.count(masks).tolist() == [len(s) for s in sets]
    assert board.none(masks).tolist() == [not s for s in sets]
    assert board.meets(masks, those).tolist() == [bool(s & other) for s in sets]
    assert board.within(masks, those).tolist() == [bool(s) and s <= other for s in sets]
    assert board.wholes(board.common(masks, those)).tolist() == [one & those for one in wholes]
    assert board.differ(masks, masks[..., ::-1]).tolist() == [a != b for a, b in zip(sets, sets[::-1], strict=True)]
    assert profiles_of(board.union(masks)) == sorted(set().union(*sets))
    assert board.flags(masks, [0, board.profiles - 1]).T.tolist() == [[0 in s, board.profiles - 1 in s] for s in sets]
    assert np.array_equal(pack(board.flags(masks)), masks)


@given(sets_of_profiles())
def test_operations_keep_the_shape_of_the_samples(drawn: tuple[Sets, list[int], int]):
    board, wholes, those = drawn
    flat = board.many(wholes)
    square = np.stack([flat, flat], axis=len(board.lead))
    for answer in (board.count, board.none, lambda masks: board.meets(masks, those), board.wholes):
        assert answer(square).tolist() == [answer(flat).tolist()] * 2
    sets, number, games = board.numbered(square)
    assert all(np.array_equal(one, other) for one, other in zip(board.counted(square), (sets, games), strict=True))
    assert board.wholes(sets).tolist() == sorted(set(wholes)) and number.shape == (2, len(wholes))
    assert board.wholes(sets[..., number[0]]).tolist() == wholes
    assert games.tolist() == [2 * wholes.count(one) for one in sorted(set(wholes))]


@pytest.mark.parametrize("size", [64, 150])
def test_labelled_arrays_are_asked_as_plain_ones_are(size: int):
    board, wholes, those = Sets(size), [0, 1, 2**63, 2**size - 1, 2 ** (size - 1)], 1 | 1 << size - 1
    masks = board.many(wholes)
    labelled = xarray.DataArray(masks, dims=("word", "game")[2 - masks.ndim :], coords={"game": list("abcde")})
    for answer in (board.count, board.none, *(lambda m, f=f: f(m, those) for f in (board.meets, board.within))):
        found = answer(labelled)
        assert found.dims == ("game",) and found["game"].values.tolist() == list("abcde")
        assert found.values.tolist() == answer(masks).tolist()


def test_no_equilibrium_is_within_nothing():
    for board in map(Sets, SIZES):
        nothing, everything = board.kept(0), 2**board.profiles - 1
        assert not board.within(nothing, everything) and not board.meets(nothing, everything)


def test_one_set_has_no_profile_that_is_not_there():
    with pytest.raises(ValueError, match="profile 64 does not exist; expected 0 to 63"):
        Sets(64).of([64])
    assert Sets(65).of([64]) == 2**64


@pytest.mark.parametrize("tolerance", [None, 0.25, [0.0, 0.25, 1.0]], ids=["rounding", "one", "one a player"])
@pytest.mark.parametrize("games", [1, 7, CHUNK + 3])
def test_a_tolerance_of_any_form_means_what_it_means_for_one_game_alone(tolerance, games):
    payoffs = np.random.default_rng(11).integers(0, 9, (3, 2, 3, 2, games)) / 8
    masks = equilibrium_masks(payoffs, tolerance)
    for game in (0, games // 2, games - 1):
        assert masks[game] == pack(is_nash(payoffs[..., game], tolerance).reshape(-1))
    assert masks.tolist() == pack(is_nash(payoffs, tolerance).reshape(-1, games)).tolist()


def test_every_game_of_a_batch_may_have_a_tolerance_of_its_own():
    payoffs = np.random.default_rng(12).integers(0, 9, (2, 3, 3, 2, 4)) / 8
    own = np.random.default_rng(13).integers(0, 3, (2, 2, 4)) / 8
    masks = equilibrium_masks(payoffs, own)
    for place in np.ndindex(2, 4):
        assert masks[place] == pack(is_nash(payoffs[(..., *place)], own[(..., *place)]).reshape(-1))


@pytest.mark.parametrize("shape", [(2, 2), (4, 4, 4), (3, 5, 5), (2, 3, 4, 6)])
def test_a_game_alone_has_the_set_that_it_has_among_others(shape):
    games = np.round(3 * np.random.default_rng(len(shape)).random((len(shape), *shape, 40)))
    together = equilibrium_masks(games)
    for k in range(games.shape[-1]):
        alone = equilibrium_masks(games[..., k])
        assert alone.shape == together.shape[:-1]
        assert np.array_equal(alone, together[..., k])
        assert np.array_equal(equilibrium_masks(games[..., k : k + 1])[..., 0], alone)
