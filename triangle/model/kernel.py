r"""The payoffs that players compare, for many games at once, each part computed only as often as it differs.

To see whether a player would leave a profile, only its own four payoffs against the same actions of the others are
compared; what these four have in common cancels. What is left of the model is, for player i with the others j and k,

.. math:: U_i = T_{ij} + T_{ik} + b_i(\pi_{jk}) + \text{what } i \text{ does not move}

with :math:`T_{ij} = \alpha_{ij} \pi_{ij} + \sigma_{ij}`: the stake in the contest with j, whose worth is affine in
the share :math:`\pi_{ij}`, and the **side** :math:`\sigma_{ij}` of everything else that goes with j. Each depends on
few stances, so that it takes few values among the 64 profiles:

* the strength of i against j depends on whether i opposes both, on its link with k and, for the United States, on its
  stance towards Russia: 5 and 4 values for the United States, 3 for the others, so a share takes 15, 12 or 9,
* an addend T takes 25 to 35, and the four payoffs that a player compares are assembled from two of these and the
  balance term for 12 (United States, Russia) or 14 (China) of the 16 actions of the others; the rest repeat them.

Formulas stand in :mod:`triangle.model.mechanisms` and :mod:`triangle.model.terms`; here they are evaluated at the
stances that matter. Which term goes to which side is written in :func:`_sides`. Tests hold the comparisons against the
payoff tensor for every profile.

Rows of one chunk of samples lie one after the other and are reused from chunk to chunk; nothing grows with the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from triangle.axes import CN, N_ACTIONS, N_PROFILES, OTHERS, PAIRS, RU, US, profile_actions, third
from triangle.model.configurations import stance
from triangle.model.mechanisms import contest_share, divided_share, hostility, imbalance, trade_flow
from triangle.model.parameters import Values
from triangle.model.stances import Stances
from triangle.model.terms import alliance, autonomy, dual_use, order, pipeline, relief

Floats = NDArray[np.float64]
Pair = tuple[int, int]
Bits = Mapping[Pair, int]

#: Relations of Russia and China as one axis: Russia opposes, accommodates unanswered, is linked.
_OPPOSED, _UNANSWERED, _LINKED = range(3)

#: Ordered pairs (player, other) of the two addends of each player, in player order.
ADDENDS = tuple((i, j) for i in (US, RU, CN) for j in OTHERS[i])


@dataclass(frozen=True)
class Group:
    """Four payoffs that a player compares, one for each of its actions, and where they stand.

    Attributes
    ----------
    rows : four triples of int
        For each own action the rows of the two addends and of the balance term.
    profiles : tuple of four-tuples of int
        The profiles at which these four stand, one tuple for each combination of the others' actions.
    """

    rows: tuple[tuple[int, int, int], ...]
    profiles: tuple[tuple[int, ...], ...]


# Which stances matter --------------------------------------------------------------------------------------------


def _bits(profile: int) -> dict[Pair, int]:
    """The six stances of a profile."""
    actions = profile_actions(profile)
    return {(i, j): stance(actions[i], i, j) for i, j in ADDENDS}


def _strength_key(i: int, j: int, s: Bits) -> tuple[int, ...]:
    """What the strength of i against j depends on."""
    k = third(i, j)
    opposes_both = (1 - s[i, j]) * (1 - s[i, k])
    return opposes_both, s[i, k] * s[k, i], s[i, j if j == RU else k] if i == US else 0


def _relation(s: Bits) -> int:
    return s[RU, CN] * (1 + s[CN, RU])


#: Index of a profile's value in the side of (player, other), along the axes of :func:`_sides`.
_SIDE_INDEX: dict[Pair, Callable[[Bits], tuple[int, ...]]] = {
    (US, RU): lambda s: (s[US, RU], s[RU, US]),
    (US, CN): lambda s: (s[US, RU], s[US, CN], s[CN, US], s[RU, CN] * s[CN, RU]),
    (RU, US): lambda s: (s[US, RU], s[RU, US], _relation(s)),
    (RU, CN): lambda s: (s[US, RU], s[RU, CN], s[CN, RU]),
    (CN, US): lambda s: (
        s[US, RU],
        s[US, CN],
        # Russia's stance towards the US matters to China only where the US is forthcoming: in the pipeline's split.
        s[US, RU] * s[RU, US],
        s[CN, US],
        s[RU, CN] * s[CN, RU],
    ),
    (CN, RU): lambda s: (s[US, RU], s[RU, CN], s[CN, RU]),
}

_SIDE_SHAPE: dict[Pair, tuple[int, ...]] = {
    (US, RU): (2, 2),
    (US, CN): (2, 2, 2, 2),
    (RU, US): (2, 2, 3),
    (RU, CN): (2, 2, 2),
    (CN, US): (2, 2, 2, 2, 2),
    (CN, RU): (2, 2, 2),
}


@dataclass(frozen=True)
class _Plan:
    """What to compute once, and how the rest is put together from it; the same for every batch.

    Attributes
    ----------
    contests : mapping of pair to Stances
        For each pair stances ``[strength of the first, strength of the second]`` with one entry for each value.
    rows : mapping of (player, other) to list of (int, int, int)
        For each row of an addend the row of the share, of its factor and of the side.
    groups : tuple of tuples of Group
        For each player.
    """

    contests: Mapping[Pair, Stances]
    rows: Mapping[Pair, tuple[tuple[int, int, int], ...]]
    groups: tuple[tuple[Group, ...], ...]


@cache
def plan() -> _Plan:
    """The plan of the shipped terms."""
    profiles = [_bits(profile) for profile in range(N_PROFILES)]
    share_row: dict[Pair, list[int]] = {}
    contests: dict[Pair, Stances] = {}
    for i, j in PAIRS:
        first, of_first = _distinct([_strength_key(i, j, s) for s in profiles])
        second, of_second = _distinct([_strength_key(j, i, s) for s in profiles])
        share_row[i, j] = [a * len(second) + b for a, b in zip(of_first, of_second, strict=True)]
        # The strength of i reads the stances of i and the answer of k to it; that of j likewise: six in all.
        towards = {}
        for player, other, places, shape in ((i, j, first, (-1, 1, 1)), (j, i, second, (1, -1, 1))):
            k = third(i, j)
            for pair in ((player, other), (player, k), (k, player)):
                towards[pair] = np.array([float(profiles[place][pair]) for place in places]).reshape(shape)
        contests[i, j] = Stances(towards)
    rows: dict[Pair, tuple[tuple[int, int, int], ...]] = {}
    row_of: dict[Pair, list[int]] = {}
    for i, j in ADDENDS:
        sides = [int(np.ravel_multi_index(_SIDE_INDEX[i, j](s), _SIDE_SHAPE[i, j])) for s in profiles]
        pair = (min(i, j), max(i, j))
        keys = [
            (share, 2 * s[pair] + s[pair[::-1]], side)
            for share, s, side in zip(share_row[pair], profiles, sides, strict=True)
        ]
        places, row_of[i, j] = _distinct(keys)
        rows[i, j] = tuple(keys[place] for place in places)
    groups = tuple(_groups(i, row_of, share_row[OTHERS[i][0], OTHERS[i][1]]) for i in (US, RU, CN))
    return _Plan(contests, rows, groups)


def _distinct(keys: list[Hashable] | list[tuple[int, ...]]) -> tuple[list[int], list[int]]:
    """Where each distinct key stands first, and for every key the number of its kind."""
    number: dict[Hashable, int] = {}
    places: list[int] = []
    for place, key in enumerate(keys):
        if key not in number:
            number[key] = len(number)
            places.append(place)
    return places, [number[key] for key in keys]


def _groups(player: int, row_of: Mapping[Pair, list[int]], balance_row: list[int]) -> tuple[Group, ...]:
    """The distinct fours of payoffs that a player compares."""
    first, second = (row_of[player, j] for j in OTHERS[player])
    stride = N_ACTIONS ** (2 - player)
    found: dict[tuple[tuple[int, int, int], ...], list[tuple[int, ...]]] = {}
    for start in range(N_PROFILES):
        if start // stride % N_ACTIONS == 0:
            places = tuple(start + action * stride for action in range(N_ACTIONS))
            found.setdefault(tuple((first[p], second[p], balance_row[p]) for p in places), []).append(places)
    return tuple(Group(rows, tuple(profiles)) for rows, profiles in found.items())


# Values of one chunk ------------------------------------------------------------------------------------------------


@cache
def _axes() -> tuple[Stances, Stances, Stances]:
    """Stances on axes of their own, for the sides.

    First two: ``[s_US,RU, s_US,CN, s_RU,US, s_CN,US, relation of Russia and China, samples]``, the relation being
    opposed, unanswered or linked in the first, and opposed or linked in the second. Third: ``[s_US,RU, s_RU,CN,
    s_CN,RU, samples]``, all others zero.
    """

    def axis(values: list[float], place: int, axes: int) -> Floats:
        shape = [1] * axes
        shape[place] = len(values)
        return np.array(values).reshape(shape)

    def of_relations(russia: list[float], china: list[float]) -> Stances:
        free = {pair: axis([0.0, 1.0], place, 6) for place, pair in enumerate(((US, RU), (US, CN), (RU, US), (CN, US)))}
        return Stances({**free, (RU, CN): axis(russia, 4, 6), (CN, RU): axis(china, 4, 6)})

    third_ = {pair: axis([0.0, 1.0], place, 4) for place, pair in enumerate(((US, RU), (RU, CN), (CN, RU)))}
    zeros = {pair: np.zeros(()) for pair in ADDENDS}
    return of_relations([0.0, 1.0, 1.0], [0.0, 0.0, 1.0]), of_relations([0.0, 1.0], [0.0, 1.0]), Stances(zeros | third_)


@cache
def _pair_stances() -> dict[Pair, Stances]:
    """For each pair its two stances on axes ``[s_ij, s_ji, samples]``, all others zero."""
    zeros = {pair: np.zeros(()) for pair in ADDENDS}
    two = np.array([0.0, 1.0])
    return {(i, j): Stances(zeros | {(i, j): two[:, None, None], (j, i): two[:, None]}) for i, j in PAIRS}


@cache
def _own_stances() -> dict[Pair, Stances]:
    """For each player and other the stance towards that other on an axis, all others zero."""
    zeros = {pair: np.zeros(()) for pair in ADDENDS}
    return {pair: Stances(zeros | {pair: np.array([[0.0], [1.0]])}) for pair in ADDENDS}


def _stakes(v: Values) -> tuple[dict[Pair, Floats], dict[Pair, Floats]]:
    """Worth of the contest of (player, other) as factor and intercept of the share of the first of the pair.

    Both on axes ``[s_ij, s_ji, samples]`` of the pair in player order.
    """
    factor: dict[Pair, Floats] = {}
    intercept: dict[Pair, Floats] = {}
    for (i, j), s in _pair_stances().items():
        nothing = divided_share(np.float64(0.0), s, v, i, j)  # type: ignore[arg-type]
        everything = divided_share(np.float64(1.0), s, v, i, j)  # type: ignore[arg-type]
        slope = everything - nothing
        mine, theirs = v.dollars("stake", i, j), v.dollars("stake", j, i)
        factor[i, j], intercept[i, j] = slope * mine, nothing * mine
        # What one of the two has of the stake, the other has not.
        factor[j, i], intercept[j, i] = slope * -theirs, (1.0 - nothing) * theirs
    return factor, intercept


def _sides(v: Values, intercept: Mapping[Pair, Floats]) -> dict[Pair, Floats]:
    """Everything that goes with another player apart from the share of the stake, as far as the player moves it.

    Shapes are those of `_SIDE_SHAPE` before the samples. Left out because its player does not move it: what the order
    costs the United States, and what dual-use goods bring Russia.
    """
    wide, linked, narrow = _axes()
    rivalry = {(i, j): -v.dollars("rivalry_cost", i, j) * hostility(s, v, i, j) for (i, j), s in _own_stances().items()}
    with_us_ru = trade_flow(linked, v, US, RU)[:, 0, :, 0, 0]
    with_us_cn = trade_flow(linked, v, US, CN)[:, :, 0]
    with_ru_cn = trade_flow(narrow, v, RU, CN)
    common, deal = order(wide, v), pipeline(wide, v)
    conceded = alliance(narrow, v)[US][:, 0, 0]
    relieved = relief(wide, v)[RU][:, 0, :, 0]
    junior = autonomy(wide, v)[RU][0, 0, :, 0]
    ru_us = rivalry[RU, US][:, None] + junior + common[RU][0, 0, :, 0]
    cn_us = intercept[CN, US][:, :, None] + rivalry[CN, US][:, None] + common[CN][0, 0, 0, :, ::2]
    return {
        (US, RU): intercept[US, RU] + (rivalry[US, RU] + conceded)[:, None] + v["gain", US, RU] * with_us_ru,
        (US, CN): (intercept[US, CN] + rivalry[US, CN][:, None])[:, :, None] + v["gain", US, CN] * with_us_cn,
        (RU, US): (intercept[RU, US] + v["gain", RU, US] * with_us_ru)[:, :, None]
        + (ru_us + relieved + deal[RU][:, 0, :, 0]),
        (RU, CN): (intercept[RU, CN] + rivalry[RU, CN][:, None]) + v["gain", RU, CN] * with_ru_cn,
        (CN, US): (cn_us + v["gain", CN, US] * with_us_cn)[:, :, None] + deal[CN][..., ::2, :],
        (CN, RU): (intercept[CN, RU] + rivalry[CN, RU]) + dual_use(narrow, v)[CN] + v["gain", CN, RU] * with_ru_cn,
    }


class Comparisons:
    """The payoffs that players compare, for one chunk of samples after the other.

    Parameters
    ----------
    size : int
        Samples of a chunk.

    Notes
    -----
    :meth:`fill` computes all rows of a chunk; the payoff of own action a in a group is then
    ``first[x] + second[y] + balance[z]`` with ``x, y, z = group.rows[a]``, up to what the player does not move.
    """

    def __init__(self, size: int):
        self.size = size
        # One block, so that the rows of a chunk lie together in the cache.
        counts = [len(plan().rows[pair]) for pair in ADDENDS]
        block = np.empty((sum(counts), size))
        starts = np.cumsum([0, *counts])
        self._rows = {pair: list(block[a:b]) for pair, a, b in zip(ADDENDS, starts[:-1], starts[1:], strict=True)}
        self._balance: tuple[list[Floats], ...] = ([], [], [])

    def fill(self, v: Values) -> None:
        """Compute the rows of these samples: `size` of them, or one for all."""
        shares = {pair: contest_share(s, v, *pair) for pair, s in plan().contests.items()}
        factors, intercepts = _stakes(v)
        sides = _sides(v, intercepts)
        of_share = {pair: _rows(share) for pair, share in shares.items()}
        multiply, add = np.multiply, np.add
        for pair, rows in plan().rows.items():
            share, factor, side = of_share[min(pair), max(pair)], _rows(factors[pair]), _rows(sides[pair])
            for (x, y, z), row in zip(rows, self._rows[pair], strict=True):
                multiply(share[x], factor[y], row)
                add(row, side[z], row)
        self._balance = tuple(
            _rows(imbalance(shares[OTHERS[k][0], OTHERS[k][1]]) * -v.dollars("balance_weight", k)) for k in (US, RU, CN)
        )

    def of(self, player: int) -> tuple[list[Floats], list[Floats], list[Floats]]:
        """Rows of the two addends and of the balance term of a player."""
        first, second = OTHERS[player]
        return self._rows[player, first], self._rows[player, second], self._balance[player]


def _rows(array: Floats) -> list[Floats]:
    """The rows of samples of an array, in C order of the axes before."""
    return list(array.reshape(-1, array.shape[-1]))
