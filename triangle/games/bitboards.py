r"""Sets of action profiles as single integers: the equilibria of a game with at most 64 profiles are one `uint64`.

Profiles are numbered in C order of the action axes: with :math:`n_i` actions each, profile :math:`(a_1, \dots, a_n)`
has the index :math:`(\dots(a_1 n_2 + a_2) n_3 + \dots) + a_n`, which is :math:`16 a_1 + 4 a_2 + a_3` for a game of
4·4·4. A **mask** is the integer :math:`\sum_{p \in S} 2^p` of a set :math:`S` of profiles; bit p says whether p is in
it. What holds in some, all or no equilibrium of a game is then one operation on integers, for a million games at once:

* in some: ``masks & those != 0`` (:func:`meets`),
* in all, there being one: ``masks != 0`` and ``masks & ~those == 0`` (:func:`within`),
* how many: the number of bits set (:func:`count`).

Games of more profiles have no mask; :func:`triangle.games.normal_form.is_nash` gives the same sets as truth values.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.normal_form import Bools, Floats, allowed

Masks = NDArray[np.uint64]

#: Bits of a mask, and so the largest number of profiles that has one.
BITS = 64

#: Games tested at a time: the payoffs of one player then stay in a core's cache.
CHUNK = 2048


def equilibrium_masks(payoffs: Floats, tolerance: ArrayLike | None = None) -> Masks:
    """The set of pure equilibria of every game of a batch.

    The rule is that of :func:`~triangle.games.normal_form.is_nash`, a regret of at most `tolerance`. It is tested as
    ``payoff >= best - tolerance``, which spares a subtraction for each profile; the two can part only where a regret
    equals the tolerance to the last bit of the payoffs.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
        At most 64 profiles. Sample axes trail.
    tolerance : float or array, optional
        Largest gain by deviating that counts as none, in units of payoff: see
        :func:`~triangle.games.normal_form.allowed`.

    Returns
    -------
    array of uint64, shape (...samples)

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> int(equilibrium_masks(dilemma)), profiles_of(equilibrium_masks(dilemma))
    (8, [3])
    """
    n = payoffs.shape[0]
    shape, samples = payoffs.shape[1 : 1 + n], payoffs.shape[1 + n :]
    profiles = _fits(prod(shape))
    flat = payoffs.reshape(n, *shape, prod(samples))
    masks = np.empty(flat.shape[-1], dtype=np.uint64)
    if not len(masks):
        return masks.reshape(samples)
    # One number a player, or one for each of its games.
    most = allowed(payoffs, tolerance).reshape(n, -1)
    stable = np.empty((profiles, CHUNK), dtype=np.bool_)
    answer = np.empty((profiles, CHUNK), dtype=np.bool_)
    best = np.empty((profiles, CHUNK))
    for start in range(0, len(masks), CHUNK):
        part = flat[..., start : start + CHUNK]
        size = part.shape[-1]
        # Flat views of the work space, so that a short last chunk is contiguous too.
        stays = stable.reshape(-1)[: profiles * size].reshape(*shape, size)
        answers = answer.reshape(-1)[: profiles * size].reshape(*shape, size)
        for player, own in enumerate(part):
            others = *shape[:player], 1, *shape[player + 1 :], size
            # Memory of its own for each player would take longer than the comparison.
            least = best.reshape(-1)[: prod(others)].reshape(others)
            np.maximum.reduce(own, axis=player, keepdims=True, out=least)
            own_most = most[player] if most.shape[1] == 1 else most[player, start : start + CHUNK]
            np.subtract(least, own_most, out=least)
            np.greater_equal(own, least, out=answers if player else stays)
            if player:
                np.logical_and(stays, answers, out=stays)
        masks[start : start + size] = pack(stays.reshape(profiles, size))
    return masks.reshape(samples)


def pack(flags: Bools) -> Masks:
    """Masks of truth values ``[profile, ...samples]``: bit p of a sample is set where ``flags[p]`` is true.

    >>> pack(np.array([True, False, True])).item()
    5
    """
    profiles, samples = _fits(flags.shape[0]), flags.shape[1:]
    bytes_ = -(-profiles // 8)
    bits = np.ascontiguousarray(flags).view(np.uint8).reshape(profiles, -1)
    if profiles % 8:
        bits = np.concatenate([bits, np.zeros((8 * bytes_ - profiles, bits.shape[1]), np.uint8)])
    planes = bits.reshape(bytes_, 8, -1)
    # Horner's rule in bytes: numpy has vector instructions for adding and or-ing bytes, but not for shifting them.
    packed = planes[:, 7].copy()
    for bit in range(6, -1, -1):
        np.add(packed, packed, out=packed)
        np.bitwise_or(packed, planes[:, bit], out=packed)
    masks = np.zeros(packed.shape[1], dtype="<u8")
    masks.view(np.uint8).reshape(-1, 8)[:, :bytes_] = packed.T
    return masks.astype(np.uint64, copy=False).reshape(samples)


def unpack(masks: ArrayLike, shape: tuple[int, ...]) -> Bools:
    """Truth values ``[a_1, ..., a_n, ...samples]`` of the profiles of games of this shape; the inverse of :func:`pack`.

    >>> unpack(np.uint64(8), (2, 2)).tolist()
    [[False, False], [False, True]]
    """
    masks = np.asarray(masks, dtype=np.uint64)
    profiles = np.arange(_fits(prod(shape)), dtype=np.uint64).reshape(*shape, *(1,) * masks.ndim)
    flags: Bools = (masks >> profiles & np.uint64(1)).astype(np.bool_)
    return flags


def mask_of(flags: ArrayLike) -> np.uint64:
    """The mask of the profiles at which a predicate holds, given as truth values ``[a_1, ..., a_n]`` or ``[profile]``.

    >>> int(mask_of([[False, True], [True, False]]))
    6
    """
    return np.uint64(pack(np.asarray(flags, dtype=np.bool_).reshape(-1)))


def mask_of_profiles(profiles: Iterable[int]) -> np.uint64:
    """The mask of profiles given by index.

    >>> int(mask_of_profiles([1, 2]))
    6
    """
    mask = 0
    for profile in profiles:
        if not 0 <= profile < BITS:
            raise ValueError(f"profile {profile} has no bit in a mask; expected 0 to {BITS - 1}")
        mask |= 1 << profile
    return np.uint64(mask)


def profiles_of(mask: np.uint64 | int | Masks) -> list[int]:
    """The indices of the profiles in one mask, in order; the inverse of :func:`mask_of_profiles`.

    >>> profiles_of(6)
    [1, 2]
    """
    return [profile for profile in range(BITS) if int(mask) >> profile & 1]


def count(masks: ArrayLike) -> NDArray[np.uint8]:
    """How many profiles are in each mask.

    >>> count(np.array([0, 6, 2**64 - 1], dtype=np.uint64)).tolist()
    [0, 2, 64]
    """
    counts: NDArray[np.uint8] = np.bitwise_count(np.asarray(masks, dtype=np.uint64))
    return counts


def meets(masks: ArrayLike, those: np.uint64 | int) -> Bools:
    """Whether some profile of each mask is among `those`: "in some equilibrium"."""
    return (np.asarray(masks, dtype=np.uint64) & np.uint64(those)) != 0


def within(masks: ArrayLike, those: np.uint64 | int) -> Bools:
    """Whether each mask holds a profile, and all of its profiles are among `those`: "in every equilibrium"."""
    masks = np.asarray(masks, dtype=np.uint64)
    return (masks != 0) & ((masks & ~np.uint64(those)) == 0)


def _fits(profiles: int) -> int:
    if profiles > BITS:
        raise ValueError(f"{profiles} profiles do not fit the {BITS} bits of a mask; use is_nash")
    return profiles
