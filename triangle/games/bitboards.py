r"""Sets of action profiles as integers: the equilibria of a game are bits, of a batch of games arrays of ``uint64``.

Profiles are numbered in C order of the action axes: with :math:`n_i` actions each, profile :math:`(a_1, \dots, a_n)`
has the index :math:`(\dots(a_1 n_2 + a_2) n_3 + \dots) + a_n`, which is :math:`16 a_1 + 4 a_2 + a_3` for a game of
4·4·4. One set :math:`S` of profiles alone is the integer :math:`\sum_{p \in S} 2^p` of any length; bit p says whether p
is in it. The sets of many games are **masks**: one ``uint64`` a game up to 64 profiles, an array ``[word, ...samples]``
beyond, whose word w has the profiles from :math:`64 w` on. :class:`Sets` knows which; whoever asks it what holds in
some, all or no equilibrium need not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.normal_form import Bools, Floats, allowed

Masks = NDArray[np.uint64]

#: Bits of a word.
BITS = 64

#: Most games tested at a time: what they share in memory is read in one piece.
CHUNK = 8192

#: Most payoffs compared at a time, 1 MB: they are read twice and stay in a core's cache. `benchmarks/bench_sets.py`
#: measures the test.
BLOCK = 2**17

#: Most truth values of a chunk, where games have many profiles.
_FLAGS = 2**21


@dataclass(frozen=True)
class Sets:
    """How sets of profiles of games of one size are kept, and what is asked of them.

    One set alone, as `those` below, is an integer; `masks` are arrays of ``uint64``, shape ``(...samples)`` up to 64
    profiles and ``(words, ...samples)`` beyond, xarray's included.

    Attributes
    ----------
    profiles : int
        Number of action profiles of a game.

    Examples
    --------
    >>> Sets(64).count(np.array([0, 6, 2**64 - 1], dtype=np.uint64)).tolist()
    [0, 2, 64]
    >>> board = Sets(256)
    >>> board.words, board.meets(board.kept(1 << 200), 1 << 200).item()
    (4, True)
    """

    profiles: int

    @property
    def words(self) -> int:
        """Number of words of a set."""
        return -(-self.profiles // BITS)

    @property
    def lead(self) -> tuple[int, ...]:
        """The shape of masks before that of the samples."""
        return (self.words,) if self.words > 1 else ()

    def new(self, samples: tuple[int, ...]) -> Masks:
        """Masks of so many games, not yet filled."""
        return np.empty((*self.lead, *samples), dtype=np.uint64)

    def of(self, profiles: Iterable[int]) -> int:
        """The set of profiles given by index.

        >>> Sets(64).of([1, 2])
        6
        """
        found = 0
        for profile in profiles:
            if not 0 <= profile < self.profiles:
                raise ValueError(f"profile {profile} does not exist; expected 0 to {self.profiles - 1}")
            found |= 1 << profile
        return found

    def kept(self, those: int, samples: int = 0) -> Masks:
        """One set as masks have it, with so many axes of length 1 for the samples."""
        parts = [int(those) >> BITS * word & (1 << BITS) - 1 for word in range(self.words)]
        return np.array(parts, dtype=np.uint64).reshape((*self.lead, *(1,) * samples))

    def many(self, those: Sequence[int]) -> Masks:
        """Some sets as masks of so many games."""
        if not self.lead:
            return np.array(those, dtype=np.uint64)
        return np.stack([self.kept(one) for one in those], axis=-1) if those else self.new((0,))

    def whole(self, mask: ArrayLike) -> int:
        """One set of a batch as an integer; the inverse of :meth:`kept`."""
        return sum(int(part) << BITS * word for word, part in enumerate(np.ravel(np.asarray(mask, dtype=np.uint64))))

    def wholes(self, masks: Masks) -> NDArray[np.object_]:
        """The sets as an array of integers ``[...samples]``."""
        if not self.lead:
            return np.asarray(masks).astype(object)
        rows = masks.reshape(self.words, -1).astype(object)
        found: NDArray[np.object_] = (rows << BITS * np.arange(self.words, dtype=object)[:, None]).sum(axis=0)
        return found.reshape(masks.shape[1:])

    def flags(self, masks: Masks, profiles: Sequence[int] | None = None) -> Bools:
        """Whether each of these profiles, or of all, is in each set: ``[profile, ...samples]``."""
        which = np.arange(self.profiles) if profiles is None else np.asarray(profiles, dtype=np.intp)
        rows = masks.reshape(self.words, *masks.shape[len(self.lead) :])
        bits = (which % BITS).astype(np.uint64).reshape(-1, *(1,) * (rows.ndim - 1))
        # Where there is one word it need not be repeated for each profile.
        chosen = rows[which // BITS] if self.words > 1 else rows
        found: Bools = (chosen >> bits & np.uint64(1)).astype(np.bool_)
        return found

    def common(self, masks: Any, those: Any) -> Any:
        """The profiles of each set that are among `those`: an integer, or masks that broadcast with these."""
        if isinstance(those, int | np.integer):
            those = self.kept(int(those), masks.ndim - len(self.lead)) if self.lead else np.uint64(those)
        return masks & those

    def none(self, masks: Any) -> Any:
        """Whether each set is empty."""
        return (masks == 0).all(axis=0) if self.lead else masks == 0

    def count(self, masks: Any) -> Any:
        """How many profiles are in each set."""
        bits = np.bitwise_count(masks)
        return bits.sum(axis=0, dtype=np.int64) if self.lead else bits

    def meets(self, masks: Any, those: Any) -> Any:
        """Whether some profile of each set is among `those`: "in some equilibrium"."""
        met = self.common(masks, those) != 0
        return met.any(axis=0) if self.lead else met

    def within(self, masks: Any, those: Any) -> Any:
        """Whether each set holds a profile, and all are among `those`: "in every equilibrium"."""
        outside = masks ^ self.common(masks, those)
        return self.none(outside) & ~self.none(masks)

    def differ(self, masks: Any, others: Any) -> Any:
        """Whether two sets are not the same, game by game."""
        return ~self.none(masks ^ others)

    def union(self, masks: Masks) -> int:
        """The profiles that are in any of the sets."""
        return self.whole(np.bitwise_or.reduce(masks.reshape(self.words, -1), axis=1))

    def counted(self, masks: Masks) -> tuple[Masks, NDArray[np.intp]]:
        """The different sets in the order of integers, and how many games have each."""
        if not self.lead:
            sets, games = np.unique(masks, return_counts=True)
            return sets, games
        sets, _, games = self.numbered(masks)
        return sets, games

    def numbered(self, masks: Masks) -> tuple[Masks, NDArray[np.intp], NDArray[np.intp]]:
        """The same with the number of each game's set between them; that takes some ten times as long."""
        if not self.lead:
            sets, number, games = np.unique(masks, return_inverse=True, return_counts=True)
            return sets, number.reshape(masks.shape), games
        # The highest word first, as in the order of integers.
        rows = masks.reshape(self.words, -1)[::-1]
        found, number, games = np.unique(rows, axis=1, return_inverse=True, return_counts=True)
        return found[::-1], number.reshape(masks.shape[1:]), games


def equilibrium_masks(payoffs: Floats, tolerance: ArrayLike | None = None) -> Masks:
    """The set of pure equilibria of every game of a batch, of any number of players and actions.

    The rule is that of :func:`~triangle.games.normal_form.is_nash`, a regret of at most `tolerance`. It is tested as
    ``payoff >= best - tolerance``, which spares a subtraction for each profile; the two can part only where a regret
    equals the tolerance to the last bit of the payoffs.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
        Sample axes trail.
    tolerance : float or array, optional
        Largest gain by deviating that counts as none, in units of payoff: see
        :func:`~triangle.games.normal_form.allowed`.

    Returns
    -------
    array of uint64, shape (...samples) up to 64 profiles, (words, ...samples) beyond

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> int(equilibrium_masks(dilemma)), profiles_of(equilibrium_masks(dilemma))
    (8, [3])
    """
    n = payoffs.shape[0]
    shape, samples = payoffs.shape[1 : 1 + n], payoffs.shape[1 + n :]
    profiles, games = prod(shape), prod(samples)
    sets = Sets(profiles)
    flat = payoffs.reshape(n, *shape, games)
    masks = sets.new((games,))
    if not games:
        return masks.reshape((*sets.lead, *samples))
    # One number a player, or one for each of its games.
    most = allowed(payoffs, tolerance).reshape(n, -1)
    if games == 1:
        return pack(_stable_alone(payoffs.reshape(n, *shape), most).reshape(profiles, *samples))
    chunk = min(CHUNK, games, max(1, _FLAGS // profiles))
    work = _Work(shape, chunk)
    for start in range(0, games, chunk):
        here = slice(start, start + chunk)
        stays = work.stable(flat[..., here], most if most.shape[1] == 1 else most[:, here])
        masks[..., here] = pack(stays.reshape(profiles, -1))
    return masks.reshape((*sets.lead, *samples))


def _stable_alone(payoffs: Floats, most: Floats) -> Bools:
    """The same of one game alone, without an axis of games, which would take half of the time."""
    stays = np.ones(payoffs.shape[1:], dtype=np.bool_)
    for player, (own, own_most) in enumerate(zip(payoffs, most, strict=True)):
        stays &= own >= np.maximum.reduce(own, axis=player, keepdims=True) - own_most
    return stays


class _Work:
    """Memory for the test of one chunk of games, made once: to ask for it anew takes longer than to compare."""

    def __init__(self, shape: tuple[int, ...], chunk: int):
        self._shape = shape
        rows = max(1, BLOCK // chunk)
        self._blocks = [_blocks(shape, player, rows) for player in range(len(shape))]
        self._stable, self._answers = (np.empty(prod(shape) * chunk, dtype=np.bool_) for _ in range(2))
        self._best = np.empty(prod(shape) * chunk)

    def stable(self, payoffs: Floats, most: Floats) -> Bools:
        """Whether nobody gains more than `most` by leaving each profile, ``[a_1, ..., a_n, game]``."""
        stays = _view(self._stable, payoffs.shape[1:])
        for player, (every, own_most) in enumerate(zip(payoffs, most, strict=True)):
            for block in self._blocks[player]:
                own, stay = every[block], stays[block]
                least = _view(self._best, (*own.shape[:player], 1, *own.shape[player + 1 :]))
                np.maximum.reduce(own, axis=player, keepdims=True, out=least)
                np.subtract(least, own_most, out=least)
                if player == 0:
                    np.greater_equal(own, least, out=stay)
                else:
                    answers = np.greater_equal(own, least, out=_view(self._answers, own.shape))
                    np.logical_and(stay, answers, out=stay)
        return stays


@lru_cache(maxsize=64)
def _blocks(shape: tuple[int, ...], player: int, rows: int) -> tuple[tuple[slice, ...], ...]:
    """The profiles in blocks of at most `rows`, if can be, each with all actions of a player beside each other."""
    left, pieces = prod(shape), []
    for axis, actions in enumerate(shape):
        step = actions if axis == player else max(1, actions * rows // left) if left > rows else actions
        left = left // actions * step
        pieces.append([slice(first, first + step) for first in range(0, actions, step)])
    return tuple(product(*pieces))


def _view(memory: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """The first part of some memory in a shape, contiguous also where a last chunk is short."""
    return memory[: prod(shape)].reshape(shape)


def pack(flags: Bools) -> Masks:
    """Masks of truth values ``[profile, ...samples]``: bit p of a sample is set where ``flags[p]`` is true.

    >>> pack(np.array([True, False, True])).item()
    5
    """
    profiles, samples = flags.shape[0], flags.shape[1:]
    if prod(samples) == 1:
        alone = np.zeros(-(-profiles // BITS), dtype="<u8")
        alone.view(np.uint8)[: -(-profiles // 8)] = np.packbits(flags.ravel(), bitorder="little")
        return alone.astype(np.uint64, copy=False).reshape((*(alone.shape if len(alone) > 1 else ()), *samples))
    bits = np.ascontiguousarray(flags).view(np.uint8).reshape(profiles, -1)
    words = [_word(bits[first : first + BITS]) for first in range(0, profiles, BITS)]
    return words[0].reshape(samples) if len(words) == 1 else np.stack(words).reshape(-1, *samples)


def _word(bits: NDArray[np.uint8]) -> Masks:
    """Up to 64 rows of bits ``[profile, sample]`` as one word a sample."""
    profiles = len(bits)
    bytes_ = -(-profiles // 8)
    if profiles % 8:
        bits = np.concatenate([bits, np.zeros((8 * bytes_ - profiles, bits.shape[1]), np.uint8)])
    planes = bits.reshape(bytes_, 8, -1)
    # Horner's rule in bytes: numpy has vector instructions for adding and or-ing bytes, but not for shifting them.
    packed = planes[:, 7].copy()
    for bit in range(6, -1, -1):
        np.add(packed, packed, out=packed)
        np.bitwise_or(packed, planes[:, bit], out=packed)
    word = np.zeros(packed.shape[1], dtype="<u8")
    word.view(np.uint8).reshape(-1, 8)[:, :bytes_] = packed.T
    return word.astype(np.uint64, copy=False)


def unpack(masks: ArrayLike, shape: tuple[int, ...]) -> Bools:
    """Truth values ``[a_1, ..., a_n, ...samples]`` of the profiles of games of this shape; the inverse of :func:`pack`.

    >>> unpack(np.uint64(8), (2, 2)).tolist()
    [[False, False], [False, True]]
    """
    board, sets = Sets(prod(shape)), np.asarray(masks, dtype="<u8")
    if board.lead:
        flags = board.flags(sets)
    else:  # bytes taken apart at once are several times as fast as bits asked for one by one
        bytes_ = np.ascontiguousarray(sets).reshape(-1, 1).view(np.uint8)
        flags = np.ascontiguousarray(np.unpackbits(bytes_, axis=1, bitorder="little")[:, : board.profiles].T)
        flags = flags.view(np.bool_).reshape(board.profiles, *sets.shape)
    return flags.reshape(*shape, *flags.shape[1:])


def profiles_of(those: int | np.uint64 | Masks) -> list[int]:
    """The indices of the profiles in one set, in order; the inverse of :meth:`Sets.of`.

    >>> profiles_of(6)
    [1, 2]
    """
    left = int(those)
    return [profile for profile in range(left.bit_length()) if left >> profile & 1]
