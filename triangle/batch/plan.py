r"""The plan of the fused kernel: what to compute once, and which rows add up to what a player compares.

Everything here is worked out once, from the 64 profiles and from the formulas as they stand in
:mod:`triangle.model.mechanisms` and :mod:`triangle.model.terms`; :mod:`triangle.batch.comparisons` says what it is for
and carries it out. Which term goes with which other player is written in :func:`_side`, what each depends on in
`_SIDE_KEY`; tests hold the comparisons against the payoff tensor for every profile.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from triangle.batch.program import Program
from triangle.batch.rows import Box, Even, Integers, boxes, even
from triangle.model.mechanisms import divided_share, hostility, impact, trade_gain
from triangle.model.parameters import Values
from triangle.model.terms import alliance, autonomy, dual_use, order, pipeline, relief
from triangle.players.axes import CN, N_ACTIONS, N_PROFILES, OTHERS, PAIRS, RU, US, profile_actions, third
from triangle.players.configurations import stance
from triangle.players.stances import Stances

Pair = tuple[int, int]
Bits = Mapping[Pair, int]

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

    def table(self, part: int) -> Integers:
        """The rows of one part, ``[stance towards the first other, towards the second]``."""
        return np.array([row[part] for row in self.rows]).reshape(2, 2)


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


#: What the side of (player, other) depends on.
_SIDE_KEY: dict[Pair, Callable[[Bits], tuple[int, ...]]] = {
    (US, RU): lambda s: (s[US, RU], s[RU, US]),
    (US, CN): lambda s: (_tariffed(s), s[US, CN], s[CN, US]),
    (RU, US): lambda s: (s[US, RU], s[RU, US], s[RU, CN] * (1 + s[CN, RU])),
    (RU, CN): lambda s: (s[US, RU], s[RU, CN], s[CN, RU]),
    (CN, US): lambda s: (_linked(s) * (1 + s[US, RU] * (1 + s[RU, US])), s[US, CN], s[CN, US]),
    (CN, RU): lambda s: (s[US, RU], s[RU, CN], s[CN, RU]),
}


def _linked(s: Bits) -> int:
    return s[RU, CN] * s[CN, RU]


def _tariffed(s: Bits) -> int:
    """Whether the tariff that is tied to China's trade with Russia is in force."""
    return _linked(s) * (1 - s[US, RU])


def _more(i: int, of: Pair, s: Bits) -> int:
    """A stance of i that the side `of` needs beside those that its share depends on, or zero.

    Russia's towards China in what it has with the United States, America's towards Russia in what goes on between
    Russia and China, which stands with Russia.
    """
    if of == (RU, US) and i == RU:
        return s[RU, CN]
    if of in ((RU, CN), (CN, RU)) and i == RU:
        return s[US, RU]
    return 0


# What is computed from parameters -------------------------------------------------------------------------------


class _Asked(Values):
    """Parameter values that are symbols, named as the formulas ask for them."""

    def __init__(self, program: Program):
        self._program = program

    def __getitem__(self, key: Any) -> Any:
        return self._program.symbol(key if isinstance(key, tuple) else (key,))


def _stances_of(s: Bits) -> Stances:
    return Stances({pair: float(value) for pair, value in s.items()})


def _worth(s: Bits, v: Values, i: int, j: int) -> tuple[Any, Any]:
    """Worth to i of the contest with j: factor and intercept of the share of the first of the pair in player order."""
    a, b = min(i, j), max(i, j)
    nothing, everything = (divided_share(np.array(share), _stances_of(s), v, a, b) for share in (0.0, 1.0))
    slope, stake = everything - nothing, v.dollars("stake", i, j)
    # What one of the two has of the stake, the other has not.
    return (slope * stake, nothing * stake) if i == a else (slope * -stake, (1.0 - nothing) * stake)


def _side(of: Pair, s: Bits, v: Values) -> Any:
    """Everything that goes with another player apart from the share of the stake, as far as the player moves it.

    Left out because its player does not move it: the price of being opposed, what the order costs the United States,
    and what dual-use goods bring Russia.
    """
    i, j = of
    stances = _stances_of(s)
    alone = _stances_of({pair: value if pair == of else 1 for pair, value in s.items()})
    side = (
        _worth(s, v, i, j)[1]
        - v.dollars("rivalry_cost", i, j) * hostility(alone, v, i, j)
        + trade_gain(stances, v, i, j)
    )
    if of == (US, RU):
        return side + alliance(stances, v)[US]
    if of == (RU, US):
        own = relief(stances, v)[RU] + autonomy(stances, v)[RU]
        return side + own + (order(stances, v)[RU] + pipeline(stances, v)[RU])
    if of == (CN, US):
        return side + (order(stances, v)[CN] + pipeline(stances, v)[CN])
    if of == (CN, RU):
        return side + dual_use(stances, v)[CN]
    return side


# How rows are put together ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Product:
    """Shares times one factor: the row of the factor among the results, a box of shares, rows of the products."""

    factor: int
    box: Box
    start: int
    stop: int


@dataclass(frozen=True)
class Block:
    """How the rows of one addend are made, ``[kind of the first of its pair, kind of the second]``.

    Attributes
    ----------
    shape : (int, int)
        Kinds of the first and of the second of the pair.
    products : tuple of Product
    sums : tuple of (box of rows, products, sides)
    """

    shape: tuple[int, int]
    products: tuple[Product, ...]
    sums: tuple[tuple[Box, Even, Even], ...]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.shape[0] * self.shape[1]


@dataclass(frozen=True)
class Run:
    """Groups of one player that are put together at once.

    Attributes
    ----------
    groups : tuple of Group
    sums : tuple of (box, rows of the first addend, rows of the second)
        Boxes lie in ``[stance towards the first other, towards the second, group]``.
    balances : tuple of (box, rows of the balance term)
        What the balance term adds to that of the first action; where it adds nothing there is no box.
    """

    groups: tuple[Group, ...]
    sums: tuple[tuple[Box, Even, Even], ...]
    balances: tuple[tuple[Box, Even], ...]


@dataclass(frozen=True)
class Plan:
    """What to compute once, and how the rest is put together from it; the same for every batch.

    Attributes
    ----------
    program : Program
    results : tuple
        What the program computes: factors, sides and weights, equal ones once; then impacts.
    impacts : mapping of (player, other) to slice
        Where the impacts of a player against another are among the results.
    blocks : mapping of (player, other) to Block
    weights : tuple of int
        Where each player's weight of the balance term is.
    levels : tuple of tuples of (rows, rows)
        For each player rows of the balance term and what is taken off them.
    runs : tuple of tuples of Run
        For each player.
    """

    program: Program
    results: tuple[Any, ...]
    impacts: Mapping[Pair, slice]
    blocks: Mapping[Pair, Block]
    weights: tuple[int, ...]
    levels: tuple[tuple[tuple[Even, Even], ...], ...]
    runs: tuple[tuple[Run, ...], ...]

    @property
    def groups(self) -> tuple[tuple[Group, ...], ...]:
        """For each player the groups of its runs, one after the other."""
        return tuple(tuple(group for run in runs for group in run.groups) for runs in self.runs)


class _Results:
    """Results of the program and their places."""

    def __init__(self, program: Program):
        self.program = program
        self.all: list[Any] = []
        self._place: dict[int, int] = {}

    def extend(self, some: Iterable[Any]) -> slice:
        """The places of results that stand side by side, whatever they are equal to."""
        first = len(self.all)
        self.all.extend(some)
        return slice(first, len(self.all))

    def add(self, result: Any) -> int:
        """The place of a result, the same one for equal ones."""
        node = self.program.node_of(result)
        if node not in self._place:
            self._place[node] = len(self.all)
            self.all.append(result)
        return self._place[node]


@cache
def plan() -> Plan:
    """The plan of the shipped terms."""
    profiles = [_bits(profile) for profile in range(N_PROFILES)]
    program = Program()
    results, v = _Results(program), _Asked(program)
    strengths = {(i, j): _strengths(i, j, profiles) for i, j in ADDENDS}
    blocks: dict[Pair, Block] = {}
    row_of: dict[Pair, list[int]] = {}
    for of in ADDENDS:
        blocks[of], row_of[of] = _block(of, profiles, strengths, v, results)
    weights = tuple(results.add(-v.dollars("balance_weight", k)) for k in (US, RU, CN))
    impacts = {}
    for i, j in ADDENDS:
        examples = (next(s for s in profiles if _strength_key(i, j, s) == key) for key in strengths[i, j])
        impacts[i, j] = results.extend(impact(_stances_of(s), v, i, j) for s in examples)
    share_row = {(i, j): _share_rows(i, j, profiles, strengths) for i, j in PAIRS}
    groups = [_groups(i, row_of, share_row[OTHERS[i][0], OTHERS[i][1]]) for i in (US, RU, CN)]
    levels, runs = tuple(map(_levels, groups)), tuple(map(_runs, groups))
    return Plan(program, tuple(results.all), impacts, blocks, weights, levels, runs)


Key = tuple[int, ...]


def _strengths(i: int, j: int, profiles: Sequence[Bits]) -> list[Key]:
    """Keys of the strengths of i against j, so ordered that those with the same stance towards j stand together."""
    of_stance = [{_strength_key(i, j, s) for s in profiles if s[i, j] == value} for value in (0, 1)]

    def spread(keys: Iterable[Key]) -> int:
        keys = list(keys)
        places = [[keys.index(key) for key in of] for of in of_stance]
        return sum(max(p) - min(p) for p in places)

    every = sorted(of_stance[0] | of_stance[1], reverse=True)
    return list(min(itertools.permutations(every), key=spread))


def _share_rows(i: int, j: int, profiles: Sequence[Bits], strengths: Mapping[Pair, list[Key]]) -> list[int]:
    """The row of the share of i in its contest with j at each profile."""
    first, second = strengths[i, j], strengths[j, i]
    return [first.index(_strength_key(i, j, s)) * len(second) + second.index(_strength_key(j, i, s)) for s in profiles]


def _block(
    of: Pair, profiles: Sequence[Bits], strengths: Mapping[Pair, list[Key]], v: Values, results: _Results
) -> tuple[Block, list[int]]:
    """The rows of one addend, and which of them each profile takes."""
    i, j = min(of), max(of)
    kinds, of_profile = [], []
    for a, b in ((i, j), (j, i)):
        of_profile.append([(s[a, b], _more(a, of, s), strengths[a, b].index(_strength_key(a, b, s))) for s in profiles])
        kinds.append(sorted(set(of_profile[-1])))
    shape = len(kinds[0]), len(kinds[1])
    cells = [(kinds[0].index(a), kinds[1].index(b)) for a, b in zip(*of_profile, strict=True)]
    keys = [_SIDE_KEY[of](s) for s in profiles]
    place_of = {key: results.add(_side(of, profiles[keys.index(key)], v)) for key in sorted(set(keys))}
    seen: dict[Pair, Key] = {}
    factors: dict[Pair, int] = {}
    side = np.zeros(shape, dtype=np.intp)
    factor = np.zeros(shape, dtype=np.intp)
    for s, cell, key in zip(profiles, cells, keys, strict=True):
        if seen.setdefault(cell, key) != key:
            raise AssertionError(f"the side of {of} is no function of the kinds of its pair")
        if (s[i, j], s[j, i]) not in factors:
            factors[s[i, j], s[j, i]] = results.add(_worth(s, v, *of)[0])
        side[cell], factor[cell] = place_of[key], factors[s[i, j], s[j, i]]
    shares = tuple(np.meshgrid(*([kind[-1] for kind in k] for k in kinds), indexing="ij"))
    products, product = _products(factor, shares)
    sums = tuple((box, even(product[box]), even(side[box])) for box in boxes([product, side]))
    return Block(shape, products, sums), [a * shape[1] + b for a, b in cells]


def _products(factor: Integers, shares: tuple[Integers, ...]) -> tuple[tuple[Product, ...], Integers]:
    """For each factor the shares that it multiplies, and of each cell the row of its product."""
    found: list[Product] = []
    product = np.zeros_like(factor)
    start = 0
    for row in np.unique(factor).tolist():
        where = factor == row
        low = [int(part[where].min()) for part in shares]
        rows, columns = (int(part[where].max()) + 1 - first for part, first in zip(shares, low, strict=True))
        product[where] = (start + (shares[0] - low[0]) * columns + shares[1] - low[1])[where]
        box = slice(low[0], low[0] + rows), slice(low[1], low[1] + columns)
        found.append(Product(row, box, start, start + rows * columns))
        start += rows * columns
    return tuple(found), product


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


def _runs(groups: Sequence[Group]) -> tuple[Run, ...]:
    """Groups side by side where the rows of one are those of the one before moved by the same steps, longest first."""
    shift: dict[Pair, tuple[int, ...]] = {}
    for a, b in itertools.permutations(range(len(groups)), 2):
        moved = np.array(groups[b].rows) - np.array(groups[a].rows)
        if (moved == moved[0]).all():
            shift[a, b] = tuple(moved[0].tolist())
    chains = [[a] for a in range(len(groups))] + [list(pair) for pair in shift]
    for chain in chains[len(groups) :]:
        chains.extend([*chain, c] for c in range(len(groups)) if shift.get((chain[-1], c)) == shift[chain[0], chain[1]])
    left = set(range(len(groups)))
    found = []
    for chain in sorted(chains, key=lambda chain: (-len(chain), chain)):
        if left.issuperset(chain):
            left.difference_update(chain)
            found.append(_run(tuple(groups[a] for a in chain)))
    return tuple(found)


def _run(groups: tuple[Group, ...]) -> Run:
    x, y, z = (np.stack([group.table(part) for group in groups], axis=-1) for part in range(3))
    return Run(
        groups,
        tuple((box, even(x[box]), even(y[box])) for box in boxes([x, y])),
        tuple((box, even(z[box])) for box in boxes([z], z != z[0, 0])),
    )


def _levels(groups: Sequence[Group]) -> tuple[tuple[Even, Even], ...]:
    """Rows of the balance term and those that are taken off them: of the same group, for its first action."""
    level: dict[int, int] = {}
    for group in groups:
        first = group.rows[0][2]
        for row in {row[2] for row in group.rows} - {first}:
            if level.setdefault(row, first) != first:
                raise AssertionError(f"row {row} of the balance term stands beside {first} and {level[row]}")
    if level.keys() & set(level.values()):
        raise AssertionError("a row of the balance term is taken off another and has one taken off itself")
    rows = np.array(sorted(level))
    firsts = np.array([level[row] for row in rows.tolist()])
    return tuple((even(rows[box]), even(firsts[box])) for box in boxes([rows, firsts]))
