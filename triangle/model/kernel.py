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

import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

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
_Where = tuple[slice, slice]

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


#: Index of a profile's value in the side of (player, other), along the axes that :func:`_sides` gives it.
_SIDE_INDEX: dict[Pair, Callable[[Bits], tuple[int, ...]]] = {
    (US, RU): lambda s: (s[US, RU], s[RU, US]),
    (US, CN): lambda s: (_tariffed(s), s[US, CN], s[CN, US]),
    (RU, US): lambda s: (s[US, RU], s[RU, US], s[RU, CN] * (1 + s[CN, RU])),
    (RU, CN): lambda s: (s[US, RU], s[RU, CN], s[CN, RU]),
    (CN, US): lambda s: (_linked(s) * (1 + s[US, RU] * (1 + s[RU, US])), s[US, CN], s[CN, US]),
    (CN, RU): lambda s: (s[US, RU], s[RU, CN], s[CN, RU]),
}

_SIDE_SHAPE: dict[Pair, tuple[int, ...]] = {
    (US, RU): (2, 2),
    (US, CN): (2, 2, 2),
    (RU, US): (2, 2, 3),
    (RU, CN): (2, 2, 2),
    (CN, US): (4, 2, 2),
    (CN, RU): (2, 2, 2),
}


def _linked(s: Bits) -> int:
    return s[RU, CN] * s[CN, RU]


def _tariffed(s: Bits) -> int:
    """Whether the tariff that is tied to China's trade with Russia is in force."""
    return _linked(s) * (1 - s[US, RU])


def _kind(i: int, j: int, of: Pair, s: Bits) -> tuple[int, ...]:
    """What the addend `of` depends on among the stances of i and the answers to it, in the contest with j.

    The stance towards j, the strength against j and, where the side needs it, one stance more: Russia's towards China
    in what it has with the United States, America's towards Russia in what goes on between Russia and China.
    """
    more = 0
    if of == (RU, US) and i == RU:
        more = s[RU, CN]
    if of in ((RU, CN), (CN, RU)) and i == RU:
        more = s[US, RU]
    return s[i, j], *(-part for part in _strength_key(i, j, s)[:1]), *_strength_key(i, j, s)[1:], more


@dataclass(frozen=True)
class _Block:
    """How the rows of one addend are made: first and second of its pair by kind, as blocks of equal treatment.

    Attributes
    ----------
    shape : (int, int)
        Kinds of the first and of the second of the pair.
    products : tuple of (block of rows, block of shares, factor)
        Share times factor.
    sums : tuple of (block of rows, side)
        Plus side.
    """

    shape: tuple[int, int]
    products: tuple[tuple[_Where, _Where, tuple[int, int]], ...]
    sums: tuple[tuple[_Where, tuple[int, ...]], ...]


@dataclass(frozen=True)
class _Plan:
    """What to compute once, and how the rest is put together from it; the same for every batch.

    Attributes
    ----------
    contests : mapping of pair to Stances
        For each pair stances ``[strength of the first, strength of the second]`` with one entry for each value.
    blocks : mapping of (player, other) to _Block
    groups : tuple of tuples of Group
        For each player.
    """

    contests: Mapping[Pair, Stances]
    blocks: Mapping[Pair, _Block]
    groups: tuple[tuple[Group, ...], ...]


@cache
def plan() -> _Plan:
    """The plan of the shipped terms."""
    profiles = [_bits(profile) for profile in range(N_PROFILES)]
    strengths = {(i, j): _distinct([_strength_key(i, j, s) for s in profiles]) for i, j in ADDENDS}
    share_row = {}
    contests = {}
    for i, j in PAIRS:
        (first, of_first), (second, of_second) = strengths[i, j], strengths[j, i]
        share_row[i, j] = [a * len(second) + b for a, b in zip(of_first, of_second, strict=True)]
        # The strength of i reads the stances of i and the answer of k to it; that of j likewise: six in all.
        towards = {}
        for player, other, places, shape in ((i, j, first, (-1, 1, 1)), (j, i, second, (1, -1, 1))):
            k = third(i, j)
            for pair in ((player, other), (player, k), (k, player)):
                towards[pair] = np.array([float(profiles[place][pair]) for place in places]).reshape(shape)
        contests[i, j] = Stances(towards)
    blocks: dict[Pair, _Block] = {}
    row_of: dict[Pair, list[int]] = {}
    for i, j in ADDENDS:
        blocks[i, j], row_of[i, j] = _block((i, j), profiles, strengths)
    groups = tuple(_groups(i, row_of, share_row[OTHERS[i][0], OTHERS[i][1]]) for i in (US, RU, CN))
    return _Plan(contests, blocks, groups)


def _distinct(keys: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    """Where each distinct key stands first, in the order of the keys, and for every key the number of its kind."""
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    number = {key: n for n, key in enumerate(sorted(first))}  # type: ignore[type-var]
    return [first[key] for key in number], [number[key] for key in keys]


def _block(
    of: Pair, profiles: Sequence[Bits], strengths: Mapping[Pair, tuple[list[int], list[int]]]
) -> tuple[_Block, list[int]]:
    """The rows of one addend, and which of them each profile takes."""
    i, j = min(of), max(of)
    first, of_first = _distinct([_kind(i, j, of, s) for s in profiles])
    second, of_second = _distinct([_kind(j, i, of, s) for s in profiles])
    side: dict[Pair, tuple[int, ...]] = {}
    for s, a, b in zip(profiles, of_first, of_second, strict=True):
        if side.setdefault((a, b), _SIDE_INDEX[of](s)) != _SIDE_INDEX[of](s):
            raise AssertionError(f"the side of {of} is no function of the kinds of its pair")
    rows = [(strengths[i, j][1][place], profiles[place][i, j]) for place in first]
    columns = [(strengths[j, i][1][place], profiles[place][j, i]) for place in second]
    products = tuple(
        ((a, b), (_moved(a, rows[a.start][0]), _moved(b, columns[b.start][0])), (rows[a.start][1], columns[b.start][1]))
        for a, b in itertools.product(_runs(rows), _runs(columns))
    )
    sums = _rectangles(side, (len(first), len(second)))
    row_of = [a * len(second) + b for a, b in zip(of_first, of_second, strict=True)]
    return _Block((len(first), len(second)), products, sums), row_of


def _runs(kinds: list[tuple[int, int]]) -> list[slice]:
    """Stretches of kinds with consecutive strengths and the same stance."""
    starts = [
        place
        for place in range(len(kinds))
        if place == 0 or kinds[place] != (kinds[place - 1][0] + 1, kinds[place - 1][1])
    ]
    return [slice(a, b) for a, b in itertools.pairwise([*starts, len(kinds)])]


def _moved(run: slice, start: int) -> slice:
    return slice(start, start + run.stop - run.start)


def _rectangles(cells: Mapping[Pair, tuple[int, ...]], shape: Pair) -> tuple[tuple[_Where, tuple[int, ...]], ...]:
    """A table cut into rectangles of one value each, from the top left."""
    left = dict(cells)
    found = []
    for a, b in itertools.product(range(shape[0]), range(shape[1])):
        if (a, b) not in left:
            continue
        value, right, down = left[a, b], b, a
        while left.get((a, right)) == value:
            right += 1
        while all(left.get((down, c)) == value for c in range(b, right)):
            down += 1
        for cell in itertools.product(range(a, down), range(b, right)):
            del left[cell]
        found.append(((slice(a, down), slice(b, right)), value))
    return tuple(found)


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


def _stances(**towards: Any) -> Stances:
    """Stances on axes, samples last; names like ``us_ru`` for America's towards Russia, zero where none is given."""
    return Stances({pair: np.array(towards.get(name, 0.0)) for name, pair in _PAIR_NAMES.items()})


#: Names of the ordered pairs in what follows, by the parts that are played and not by who plays them.
_PAIR_NAMES = dict(zip(("us_ru", "us_cn", "ru_us", "ru_cn", "cn_us", "cn_ru"), ADDENDS, strict=True))


#: The two stances of each pair, ``[s_ij, s_ji, samples]``.
_BOTH = {
    (US, RU): _stances(us_ru=[[[0]], [[1]]], ru_us=[[0], [1]]),
    (US, CN): _stances(us_cn=[[[0]], [[1]]], cn_us=[[0], [1]]),
    (RU, CN): _stances(ru_cn=[[[0]], [[1]]], cn_ru=[[0], [1]]),
}

#: The stance of a player towards one other, ``[s_ij, samples]``.
_OWN = {pair: _stances(**{name: [[0], [1]]}) for name, pair in _PAIR_NAMES.items()}

#: Trade of the United States with China, ``[tariffed, s_US,CN, s_CN,US, samples]``: a tariff takes a link of the others
#: and American opposition to Russia.
_TARIFF = _stances(us_ru=[[[[1]]], [[[0]]]], ru_cn=[[[[0]]], [[[1]]]], cn_ru=1, us_cn=[[[0]], [[1]]], cn_us=[[0], [1]])

#: Russia and China with America behind, ``[s_US,RU, s_RU,CN, s_CN,RU, samples]``.
_EAST = _stances(us_ru=[[[[0]]], [[[1]]]], ru_cn=[[[0]], [[1]]], cn_ru=[[0], [1]])

#: Russia and China linked, ``[case, samples]``: the United States opposes Russia, accommodates it unanswered, is linked
#: with it. China's stance towards the United States goes with Russia's.
_DEAL = _stances(us_ru=[[0], [1], [1]], ru_us=[[0], [0], [1]], cn_us=[[0], [0], [1]], ru_cn=1, cn_ru=1)

#: The United States accommodates Russia, ``[s_RU,US, s_RU,CN, samples]``.
_OFFER = _stances(us_ru=1, ru_us=[[[0]], [[1]]], ru_cn=[[0], [1]])


def _stakes(v: Values) -> tuple[dict[Pair, Floats], dict[Pair, Floats]]:
    """Worth of the contest of (player, other) as factor and intercept of the share of the first of the pair.

    Both on axes ``[s_ij, s_ji, samples]`` of the pair in player order.
    """
    factor: dict[Pair, Floats] = {}
    intercept: dict[Pair, Floats] = {}
    for (i, j), s in _BOTH.items():
        nothing, everything = (divided_share(share, s, v, i, j) for share in _NOTHING_AND_EVERYTHING)
        slope = everything - nothing
        mine, theirs = v.dollars("stake", i, j), v.dollars("stake", j, i)
        factor[i, j], intercept[i, j] = slope * mine, nothing * mine
        # What one of the two has of the stake, the other has not.
        factor[j, i], intercept[j, i] = slope * -theirs, (1.0 - nothing) * theirs
    return factor, intercept


#: Shares at which the worth of a contest is evaluated; it is affine between them.
_NOTHING_AND_EVERYTHING = (np.zeros(1), np.ones(1))


def _sides(v: Values, intercept: Mapping[Pair, Floats]) -> dict[Pair, Floats]:
    """Everything that goes with another player apart from the share of the stake, as far as the player moves it.

    Axes are those of `_SIDE_SHAPE`, then the samples. Left out because its player does not move it: what the order
    costs the United States, and what dual-use goods bring Russia.
    """
    own = {pair: -v.dollars("rivalry_cost", *pair) * hostility(s, v, *pair) for pair, s in _OWN.items()}
    flow_us_ru = trade_flow(_BOTH[US, RU], v, US, RU)
    flow_us_cn = trade_flow(_TARIFF, v, US, CN)
    flow_ru_cn = trade_flow(_EAST, v, RU, CN)
    common, deal = order(_DEAL, v), pipeline(_DEAL, v)
    # Not in place: one of the two may be the same for all samples and the other not.
    own[US, RU] = own[US, RU] + alliance(_OWN[US, RU], v)[US]
    return {
        (US, RU): v["gain", US, RU] * flow_us_ru + (intercept[US, RU] + own[US, RU][:, None]),
        (US, CN): v["gain", US, CN] * flow_us_cn + (intercept[US, CN] + own[US, CN][:, None]),
        (RU, US): _russia_with_us(
            v, v["gain", RU, US] * flow_us_ru + (intercept[RU, US] + own[RU, US]), common[RU][::2], deal[RU]
        ),
        (RU, CN): v["gain", RU, CN] * flow_ru_cn + (intercept[RU, CN] + own[RU, CN][:, None]),
        (CN, US): _china_with_us(
            v["gain", CN, US] * flow_us_cn + (intercept[CN, US] + own[CN, US]), common[CN][::2], deal[CN]
        ),
        (CN, RU): v["gain", CN, RU] * flow_ru_cn + (intercept[CN, RU] + own[CN, RU]) + dual_use(_EAST, v)[CN],
    }


def _russia_with_us(v: Values, common: Floats, cause: Floats, deal: Floats) -> Floats:
    """``[s_US,RU, s_RU,US, relation with China, samples]``, the relation being opposed, unanswered or linked.

    `common` ``[s_US,RU, s_RU,US]`` there always is, `cause` ``[s_RU,US]`` and `deal` ``[case]`` with a link to China.
    """
    offered = relief(_OFFER, v)[RU]
    junior = autonomy(_OFFER, v)[RU][:, 1]
    aligned = common + junior
    widest = max(part.shape[-1] for part in (common, cause, offered, junior, deal))
    side = np.empty((2, 2, 3, widest))
    side[0, :, 0], side[0, :, 1] = common[0], aligned[0]
    np.add(common[1], offered[:, 0], out=side[1, :, 0])
    np.add(aligned[1], offered[:, 1], out=side[1, :, 1])
    np.add(side[0, :, 1], cause + deal[0], out=side[0, :, 2])
    np.add(side[1, :, 1], cause + deal[1:], out=side[1, :, 2])
    return side


def _china_with_us(common: Floats, cause: Floats, deal: Floats) -> Floats:
    """``[case, s_US,CN, s_CN,US, samples]``, the case being no link with Russia, or one of `_DEAL`.

    `common` ``[tariffed, s_US,CN, s_CN,US]`` there always is, `cause` ``[s_CN,US]`` and `deal` ``[case]`` with a link.
    """
    side = np.empty((4, 2, 2, max(common.shape[-1], cause.shape[-1], deal.shape[-1])))
    side[0] = common[0]
    np.add(common[1], cause + deal[0], out=side[1])
    np.add(common[0], cause + deal[1], out=side[2])
    np.add(common[0], cause + deal[2], out=side[3])
    return side


class Comparisons:
    """The payoffs that players compare, for one chunk of samples after the other.

    Parameters
    ----------
    size : int
        Samples of a chunk.

    Notes
    -----
    :meth:`fill` takes a chunk, :meth:`turn_to` computes the rows of one player, and :meth:`assemble` puts four payoffs
    together in :attr:`own`: ``first[x] + second[y] + balance[z]`` with ``x, y, z = group.rows[a]`` for own action a, up
    to what the player does not move. Players share their memory, so that it stays in the cache.
    """

    def __init__(self, size: int):
        self.own = np.empty((N_ACTIONS, size))
        blocks = {pair: block.shape[0] * block.shape[1] for pair, block in plan().blocks.items()}
        most = [max(blocks[i, OTHERS[i][place]] for i in (US, RU, CN)) for place in (0, 1)]
        memory = np.empty((sum(most), size))
        self._blocks: dict[Pair, Floats] = {}
        for (i, j), block in plan().blocks.items():
            start = most[0] * OTHERS[i].index(j)
            self._blocks[i, j] = memory[start : start + blocks[i, j]].reshape(*block.shape, size)
        # A share takes at most 15 values.
        self._balance = np.empty((15, size))
        self._adds = tuple(tuple(self._adds_of(i, group) for group in plan().groups[i]) for i in (US, RU, CN))

    def _adds_of(self, player: int, group: Group) -> tuple[tuple[Floats, Floats, Floats], ...]:
        """What :meth:`assemble` adds, as views: two own actions at a time, which any two rows allow, then all four."""
        first, second = (self._blocks[player, j].reshape(-1, self.own.shape[-1]) for j in OTHERS[player])
        x, y, z = zip(*group.rows, strict=True)
        halves = [
            (_two(first, x[a], x[a + 2]), _two(second, y[a], y[a + 2]), _two(self.own, a, a + 2)) for a in range(2)
        ]
        square = self.own.reshape(2, 2, -1)
        return (*halves, (square, _square(self._balance, z), square))

    def fill(self, v: Values) -> None:
        """Take these samples: as many as the chunk has, or one for all."""
        self._shares = {pair: contest_share(s, v, *pair) for pair, s in plan().contests.items()}
        self._factors, intercepts = _stakes(v)
        self._sides = _sides(v, intercepts)
        self._weights = [-v.dollars("balance_weight", k) for k in (US, RU, CN)]

    def turn_to(self, player: int) -> None:
        """Compute the rows of one player."""
        for j in OTHERS[player]:
            pair, block, rows = (player, j), plan().blocks[player, j], self._blocks[player, j]
            share, factor, side = self._shares[min(pair), max(pair)], self._factors[pair], self._sides[pair]
            for where, source, stances in block.products:
                np.multiply(share[source], factor[stances], out=rows[where])
            for where, place in block.sums:
                part = rows[where]
                np.add(part, side[place], out=part)
        evenness = imbalance(self._shares[OTHERS[player][0], OTHERS[player][1]])
        balance = self._balance[: evenness.shape[0] * evenness.shape[1]].reshape(*evenness.shape[:2], -1)
        np.multiply(evenness, self._weights[player], out=balance)

    def assemble(self, player: int, group: int) -> Floats:
        """The four payoffs of one group of the player that was turned to; overwritten by the next call."""
        for one, other, total in self._adds[player][group]:
            np.add(one, other, out=total)
        return self.own


def _two(rows: Floats, a: int, b: int) -> Floats:
    """Two rows as a view, the same one twice if need be."""
    if a == b:
        return np.broadcast_to(rows[a], (2, rows.shape[1]))
    return rows[a : b + 1 if b > a else (b - 1 if b else None) : b - a]


def _square(rows: Floats, z: tuple[int, ...]) -> Floats:
    """Four rows, the second pair as far apart as the first, as a view ``[2, 2, samples]``."""
    if z[0] + z[3] != z[1] + z[2]:
        raise AssertionError(f"rows {z} do not lie on a square")
    step = rows.strides[0]
    strides = ((z[2] - z[0]) * step, (z[1] - z[0]) * step, rows.strides[1])
    return np.lib.stride_tricks.as_strided(rows[z[0] :], (2, 2, rows.shape[1]), strides, writeable=False)
