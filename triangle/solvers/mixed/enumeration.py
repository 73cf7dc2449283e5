r"""Support enumeration over a batch of games of one shape: equilibria, and the supports that were not decided.

Solutions of the indifference systems are polished by Newton's method on all players' probabilities, checked against
the actions outside the support, and classified as regular or not. Games in which something stayed open are taken up
again one by one, with other players eliminated and then by :mod:`triangle.solvers.mixed.boxes`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from triangle.games.mixed import (
    deviation_payoffs,
    indifference_jacobian,
    indifference_residuals,
    jacobian_sign,
    mixed_regrets,
    restricted,
)
from triangle.games.normal_form import ASIDE, Bools, Floats, losses
from triangle.solvers.mixed.boxes import Profile, equilibria_nearby, search_support
from triangle.solvers.mixed.exact_222 import all_mix
from triangle.solvers.mixed.indifference import ROUGH, Candidates, solve_indifference
from triangle.solvers.mixed.table import SupportKind, members, support_kinds, survivors

Indices = NDArray[np.intp]
Supports = NDArray[np.int64]

#: Largest gain by deviating, and smallest loss or probability, that still count as none; share of a player's range.
SHARE = 1e-9 * ASIDE
#: Condition number of an indifference system from which on a solution counts as singular.
SINGULAR = 1e8 * ASIDE
#: Two profiles closer than this in every probability are one: with one support, and with different ones.
SAME, SAME_ACROSS = 1e-7 * ASIDE, 2e-9 * ASIDE
#: Cells that one support may use in the search of its indifference system, by number of unknowns searched.
ALLOWANCE = {0: 1, 1: 400, 2: 3000, 3: 6000, 4: 2000}
#: The same where a support is searched for the second time with the players in their own order.
LONGER = {**ALLOWANCE, 3: 20_000, 4: 300_000}
#: Orders of the players in which games are taken up again, and the cells of a support.
TURNS = (((0, 1, 2), LONGER), ((1, 2, 0), ALLOWANCE), ((2, 0, 1), ALLOWANCE))
#: Cells that one game may use in the last search, most that one support may, and supports that are searched so.
LAST_CELLS, LAST_ALLOWANCE, LAST_SUPPORTS = 60_000, 20_000, 40
#: Numbers held at once by one step of the elimination; bounds the memory.
STEP = 1 << 20


@dataclass(frozen=True, eq=False)
class Listed:
    """Equilibria of a batch, rows in any order, and the supports not decided.

    Attributes
    ----------
    game : array, shape (r,)
    stacked : array, shape (|A_1| + |A_2| + |A_3|, r)
        Probabilities of all players, one below the other.
    index : array, shape (r,)
        Index of a regular equilibrium; 0 where it is not regular.
    tied : array of bool, shape (r,)
        Whether some unplayed action is a best reply too.
    open_game, open_support, open_cells : arrays, shapes (u,), (u, 3), (u,)
        Supports not decided, as bit masks, and boxes left in them where those were counted (else 0).
    """

    game: Indices
    stacked: Floats
    index: NDArray[np.int8]
    tied: Bools
    open_game: Indices
    open_support: Supports
    open_cells: NDArray[np.int64]

    @staticmethod
    def joined(parts: Sequence[Listed], height: int) -> Listed:
        """All rows of several lists."""
        parts = [*parts, Listed.empty(height)]
        return Listed(
            np.concatenate([p.game for p in parts]),
            np.concatenate([p.stacked for p in parts], axis=1),
            np.concatenate([p.index for p in parts]),
            np.concatenate([p.tied for p in parts]),
            np.concatenate([p.open_game for p in parts]),
            np.concatenate([p.open_support for p in parts]),
            np.concatenate([p.open_cells for p in parts]),
        )

    @staticmethod
    def empty(height: int) -> Listed:
        """A list without rows, for games of `height` actions in all."""
        return Listed.found(np.empty(0, np.intp), np.empty((height, 0)), np.empty(0, np.int8), np.empty(0, bool))

    @staticmethod
    def found(game: Indices, stacked: Floats, index: NDArray[np.int8], tied: Bools) -> Listed:
        """A list with nothing open."""
        none = np.empty(0, np.intp)
        return Listed(game, stacked, index, tied, none, np.empty((0, 3), np.int64), np.empty(0, np.int64))

    @staticmethod
    def left_open(game: Indices, support: Supports, height: int, cells: int = 0) -> Listed:
        """A list of supports not decided, without rows."""
        bare = Listed.empty(height)
        counted = np.full(game.size, cells, dtype=np.int64)
        return Listed(bare.game, bare.stacked, bare.index, bare.tied, game, support, counted)

    def rows(self, kept: Indices | Bools) -> Listed:
        """Some of the equilibria, and all that is open."""
        return Listed(
            self.game[kept],
            self.stacked[:, kept],
            self.index[kept],
            self.tied[kept],
            self.open_game,
            self.open_support,
            self.open_cells,
        )

    def sums(self, n: int) -> NDArray[np.int64]:
        """Sum of the indices of each of n games."""
        return np.bincount(self.game, self.index, n).astype(np.int64)


def split(stacked: Floats, shape: Sequence[int]) -> tuple[Floats, ...]:
    """The mixed actions of the three players from the stacked probabilities."""
    first, second = shape[0], shape[0] + shape[1]
    return stacked[:first], stacked[first:second], stacked[second:]


def list_equilibria(payoffs: Floats, tolerance: float, search_degenerate: bool = False) -> Listed:
    """All equilibria of each game of a batch, and the supports that stayed open after all searches.

    Parameters
    ----------
    payoffs : array, shape (3, |A_1|, |A_2|, |A_3|, n)
        In shares of each player's range.
    tolerance : float
        Largest gain by deviating that counts as none, in the same unit.
    search_degenerate : bool
        Whether the long searches are run, with a tenth of the allowance, in games known to be degenerate too.
    """
    listed = _enumerated(payoffs, tolerance, search_degenerate)
    n = payoffs.shape[-1]
    sound = (listed.sums(n) == 1) & (np.bincount(listed.open_game, minlength=n) == 0)
    degenerate = np.bincount(listed.game[(listed.index == 0) | listed.tied], minlength=n) > 0
    again = np.flatnonzero(~sound & ~degenerate)
    if again.size == 0:
        return listed
    height = len(listed.stacked)
    chosen = np.isin(listed.game, again)
    spared = listed.rows(~chosen)
    kept = ~np.isin(listed.open_game, again)
    spared = Listed(
        spared.game,
        spared.stacked,
        spared.index,
        spared.tied,
        listed.open_game[kept],
        listed.open_support[kept],
        listed.open_cells[kept],
    )
    mended = _taken_up_again(payoffs, listed, again, tolerance)
    return Listed.joined([spared, *mended], height)


def _enumerated(
    payoffs: Floats,
    tolerance: float,
    search_degenerate: bool = False,
    allowed: Mapping[int, int] = ALLOWANCE,
    only: Sequence[Collection[tuple[int, ...]] | None] = (),
) -> Listed:
    """One pass over all supports that survive; with `only`, over some of each game, or all where it is None."""
    shape = payoffs.shape[1:4]
    height = sum(shape)
    flat = payoffs.reshape(-1, payoffs.shape[-1])
    parts = [pure_equilibria(payoffs, tolerance)]
    degenerate = np.zeros(payoffs.shape[-1], dtype=bool)
    degenerate[parts[0].game[parts[0].tied]] = True
    kinds = support_kinds(shape)
    for kind, (games, places) in zip(kinds, survivors(payoffs, kinds, tolerance), strict=True):
        if only:
            asked = _asked(kind, games, places, only)
            games, places = games[asked], places[asked]
        allowance = allowed[kind.dimensions[0]]
        turns = [(np.arange(games.size), allowance)]
        if kind.dimensions[0] >= 2:
            # The long searches cannot change the verdict of a game that is degenerate already.
            turns = [(np.flatnonzero(~degenerate[games]), allowance)]
            if search_degenerate:
                turns.append((np.flatnonzero(degenerate[games]), allowance // 10))
        step = _step(kind)
        for chosen, cells in turns:
            for start in range(0, chosen.size, step):
                part = chosen[start : start + step]
                game, place = games[part], places[part]
                inner = flat[np.moveaxis(kind.entries[place], 0, -1), game]
                candidates = solve_indifference(inner, cells)
                listed = _admitted(payoffs, kind, game, place, inner, candidates, tolerance)
                degenerate[listed.game[listed.tied | (listed.index == 0)]] = True
                parts.append(listed)
    return without_copies(Listed.joined(parts, height))


def _asked(
    kind: SupportKind, games: Indices, places: Indices, only: Sequence[Collection[tuple[int, ...]] | None]
) -> Bools:
    """Whether these supports of a kind are among those that are asked for."""
    pairs = zip(games.tolist(), map(tuple, kind.supports[places].tolist()), strict=True)
    asked = ((some := only[game]) is None or support in some for game, support in pairs)
    return np.fromiter(asked, dtype=bool, count=games.size)


def _step(kind: SupportKind) -> int:
    """How many supports of a kind are solved together."""
    d, k, last = kind.dimensions
    if d == 0:
        return 1 << 14
    degree = 3 * k if d >= 2 and (last > k or (d >= 3 and k >= 3)) else 2 * k
    return max(32, min(1 << 13, STEP // (comb(degree + d, d) * (d + 1) * (k + 1))))


def pure_equilibria(payoffs: Floats, tolerance: float) -> Listed:
    """All pure equilibria, weak ones as tied."""
    shape = payoffs.shape[1:4]
    margin = losses(payoffs).min(axis=0)
    *profile, game = np.nonzero(margin >= -tolerance)
    stacked = np.zeros((sum(shape), game.size))
    everyone = np.arange(game.size)
    for player, action in enumerate(profile):
        stacked[sum(shape[:player]) + action, everyone] = 1.0
    tied = margin[(*profile, game)] <= tolerance
    return Listed.found(game, stacked, np.where(tied, 0, 1).astype(np.int8), tied)


def _admitted(
    payoffs: Floats,
    kind: SupportKind,
    game: Indices,
    place: Indices,
    inner: Floats,
    candidates: Candidates,
    tolerance: float,
) -> Listed:
    """The candidates that are equilibria, polished; supports with doubtful ones stay open."""
    height = sum(payoffs.shape[1:4])
    flat = payoffs.reshape(-1, payoffs.shape[-1])
    system, mixed = candidates.system, candidates.mixed
    # Newton's method starts from candidates good to about the square root of rounding; clearly better outsiders end it.
    for player in range(3):
        gain, _ = _replies(flat, kind, player, game[system], place[system], mixed)
        good = np.flatnonzero(gain < 1e-3)
        system, mixed = system[good], tuple(x.take(good, axis=1) for x in mixed)
    mixed, regular, sign = _polished(inner.take(system, axis=-1), mixed)
    positive = np.min([x.min(axis=0, initial=1.0) for x in mixed], axis=0)
    touching = positive <= tolerance
    mixed = tuple(np.where(x <= tolerance, 0.0, x) for x in mixed)
    mixed = tuple(x / x.sum(axis=0) for x in mixed)
    judged = [_replies(flat, kind, player, game[system], place[system], mixed) for player in range(3)]
    gain = np.max([g for g, _ in judged], axis=0)
    loss = np.min([lo for _, lo in judged], axis=0)
    accepted = np.flatnonzero((positive >= -tolerance) & regular & (gain <= tolerance))
    # A candidate that is neither regular nor clearly no equilibrium leaves its support open.
    doubtful = system[~regular & (gain < 1e-3) & (positive > -ROUGH)]
    unresolved = np.union1d(candidates.unresolved, doubtful)
    stacked = _stacked(kind, place[system[accepted]], [x.take(accepted, axis=1) for x in mixed], height)
    tied = (touching | (loss <= tolerance))[accepted]
    index = np.where(tied, 0, sign[accepted]).astype(np.int8)
    rows = Listed.found(game[system[accepted]], stacked, index, tied)
    return Listed.joined([rows, Listed.left_open(game[unresolved], kind.supports[place[unresolved]], height)], height)


def _replies(
    flat: Floats, kind: SupportKind, player: int, game: Indices, place: Indices, mixed: Sequence[Floats]
) -> tuple[Floats, Floats]:
    """Gain of the player in one place of the order by its best action, and its least loss by an unplayed one."""
    entries = np.moveaxis(kind.replies[player].take(place, axis=0), 0, -1)
    values = flat[entries, game]
    first, second = (x for p, x in enumerate(mixed) if p != player)
    values = sum(values[:, :, r] * second[r] for r in range(len(second)))
    values = sum(values[:, q] * first[q] for q in range(len(first)))
    repeated = np.arange(len(values))[:, None] >= kind.own_actions[player][place]
    if repeated.any():
        values = np.where(repeated, -np.inf, values)
    own = mixed[player]
    expected = (own * values[: len(own)]).sum(axis=0)
    outside = values[len(own) :].max(axis=0, initial=-np.inf)
    inside = values[: len(own)].max(axis=0)
    return np.maximum(inside, outside) - expected, expected - outside


def _stacked(kind: SupportKind, place: Indices, mixed: Sequence[Floats], height: int) -> Floats:
    """Probabilities of all players over all actions, shape (height, r)."""
    stacked = np.zeros((height, place.size))
    everyone = np.arange(place.size)
    for rows, x in zip(kind.rows, mixed, strict=True):
        stacked[rows[place].T, everyone] = x
    return stacked


def _polished(payoffs: Floats, mixed: Sequence[Floats]) -> tuple[tuple[Floats, ...], Bools, NDArray[np.int8]]:
    """Two steps of Newton's method on all probabilities; whether each solution is regular, and its index."""
    mixed = [x.copy() for x in mixed]
    r = payoffs.shape[-1]
    splits = np.cumsum([len(x) - 1 for x in mixed])[:-1]
    regular = np.ones(r, dtype=bool)
    sign = np.zeros(r, dtype=np.int8)
    for last in (False, True):
        jacobian = indifference_jacobian(payoffs, mixed)
        if last:
            sign = jacobian_sign(jacobian)
        inverse, condition = _inverses(jacobian)
        regular &= condition < SINGULAR
        residual = indifference_residuals(payoffs, mixed)
        step = np.where(regular, np.einsum("enr,nr->er", inverse, residual), 0.0)
        for x, s in zip(mixed, np.split(step, splits), strict=True):
            x[1:] -= s
            x[0] = 1.0 - x[1:].sum(axis=0)
        if last:
            regular &= np.abs(step).max(axis=0, initial=0.0) < 1e-6
    return tuple(mixed), regular, sign


def _inverses(jacobian: Floats) -> tuple[Floats, Floats]:
    """Inverses of matrices (N, N, r), and their condition numbers in the maximum norm."""
    stacked = np.moveaxis(jacobian, -1, 0)
    with np.errstate(divide="ignore"):  # of a determinant smaller than any number
        flat = np.linalg.slogdet(stacked)[0] == 0.0
    if flat.any():
        stacked = np.where(flat[:, None, None], np.eye(len(jacobian)), stacked)
    inverse = np.moveaxis(np.linalg.inv(stacked), 0, -1)
    size = np.abs(jacobian).sum(axis=1).max(axis=0) * np.abs(inverse).sum(axis=1).max(axis=0)
    return np.asarray(inverse, dtype=np.float64), np.where(flat, np.inf, size)


def index_if_regular(game: Floats, profile: Sequence[Floats]) -> int:
    """Index of an equilibrium of one game, 0 where its indifference system is singular.

    Equations and probabilities are each measured in a unit of its own: beside a prohibitive payoff none looks singular
    for its size alone.
    """
    played = [np.argsort(-x, kind="stable")[: np.count_nonzero(x)] for x in profile]
    inside = [x[p] for x, p in zip(profile, played, strict=True)]
    jacobian = indifference_jacobian(restricted(game, played), inside)
    if jacobian.size:
        # By relative changes of the probabilities too: a rare action may matter as much as the others.
        relative = jacobian * np.concatenate([x[1:] for x in inside])
        if not min(map(np.linalg.cond, (_balanced(jacobian), _rows_balanced(relative)))) < SINGULAR:
            return 0
    return int(jacobian_sign(jacobian))


def _balanced(matrix: Floats) -> Floats:
    """A matrix whose rows and columns have largest entries of about one, those of nothing but zeros apart."""
    for _ in range(3):
        matrix = _rows_balanced(_rows_balanced(matrix).T).T
    return matrix


def _rows_balanced(matrix: Floats) -> Floats:
    top = np.abs(matrix).max(axis=1, keepdims=True)
    return matrix / np.where(top > 0.0, top, 1.0)


def without_copies(listed: Listed) -> Listed:
    """Each profile of a game once; among equal ones a regular one is kept."""
    order = np.lexsort((listed.index == 0, listed.game))
    listed = listed.rows(order)
    r = listed.game.size
    copy = np.zeros(r, dtype=bool)
    most = int(np.bincount(listed.game).max(initial=0))
    here = np.arange(r)
    for shift in range(1, most):
        here = here[here < r - shift]
        here = here[listed.game[here] == listed.game[here + shift]]
        if here.size == 0:
            break
        copy[here[_alike(listed.stacked[:, here], listed.stacked[:, here + shift])] + shift] = True
    return listed.rows(~copy)


def _alike(one: Floats, other: Floats) -> Bools:
    """Whether stacked profiles (height, ...) are the same up to rounding."""
    distance = np.abs(one - other).max(axis=0)
    return (distance < SAME_ACROSS) | ((distance < SAME) & ((one > 0) == (other > 0)).all(axis=0))


def _taken_up_again(payoffs: Floats, listed: Listed, games: Indices, tolerance: float) -> list[Listed]:
    """Second and third attempts at games in which something stayed open or the indices do not add up."""
    shape = payoffs.shape[1:4]
    height = sum(shape)
    batch = payoffs[..., games]
    state = [_Case(listed, g) for g in games]
    for case, game in zip(state, np.moveaxis(batch, -1, 0), strict=True):
        case.decide(game, tolerance)
        case.probe(game, list(case.open), tolerance)
    for turn, allowed in TURNS:
        asked = {k: case.asked(turn) for k, case in enumerate(state) if not case.settled}
        pending = [k for k, only in asked.items() if only is None or only]
        if not pending:
            continue
        turned = batch[list(turn)].transpose(0, *(1 + p for p in turn), 4)[..., pending]
        found = _enumerated(turned, tolerance, allowed=allowed, only=[asked[k] for k in pending])
        other = _turned_back(found, turn, shape)
        for place, k in enumerate(pending):
            state[k].merge(_Case(other, place))
    for case, game in zip(state, np.moveaxis(batch, -1, 0), strict=True):
        if not case.settled:
            case.search(game, tolerance)
    return [case.listed(int(g), height) for case, g in zip(state, games, strict=True)]


def _turned_back(listed: Listed, turn: tuple[int, int, int], shape: Sequence[int]) -> Listed:
    """A list of games whose players were put in the order `turn`, with the players in their own order."""
    parts = split(listed.stacked, [shape[p] for p in turn])
    stacked = np.concatenate([parts[turn.index(p)] for p in range(3)])
    support = listed.open_support[:, [turn.index(p) for p in range(3)]]
    return Listed(listed.game, stacked, listed.index, listed.tied, listed.open_game, support, listed.open_cells)


class _Case:
    """One game that is taken up again: its equilibria so far and its open supports."""

    def __init__(self, listed: Listed, game: int):
        rows = np.flatnonzero(listed.game == game)
        self.profiles = [listed.stacked[:, r] for r in rows]
        self.index = [int(i) for i in listed.index[rows]]
        self.tied = [bool(t) for t in listed.tied[rows]]
        supports = listed.open_support[listed.open_game == game].tolist()
        # The smallest come first: they are the quickest to search and the likeliest to hold something.
        self.open = {(s, t, u): 0 for s, t, u in sorted(supports, key=lambda m: sum(k.bit_count() for k in m))}

    @property
    def settled(self) -> bool:
        """Degenerate for sure, or nothing open and the indices add to one."""
        return 0 in self.index or any(self.tied) or (not self.open and sum(self.index) == 1)

    def asked(self, turn: tuple[int, int, int]) -> set[tuple[int, ...]] | None:
        """The supports to take up again, players in the order `turn`: all (None) where an equilibrium was missed.

        Where none was, the others are decided already, and in the players' own order they would be decided as before.
        """
        if sum(self.index) != 1 and turn != (0, 1, 2):
            return None
        return {tuple(support[p] for p in turn) for support in self.open}

    def add(self, profile: Floats, index: int, tied: bool) -> None:
        """One more equilibrium, unless it is listed."""
        if not any(_alike(profile, p) for p in self.profiles):
            self.profiles.append(profile)
            self.index.append(index)
            self.tied.append(tied)

    def probe(
        self, game: Floats, supports: Sequence[Sequence[int]], tolerance: float, starts: Sequence[Profile] = ()
    ) -> None:
        """Look for equilibria in some supports without proof, until a singular one is found."""
        for support in supports[:LAST_SUPPORTS]:
            for profile, singular in equilibria_nearby(game, support, tolerance, starts):
                index = 0 if singular else index_if_regular(game, profile)
                self.add(np.concatenate(profile), index, self.is_tied(game, profile, tolerance))
                if singular:
                    return

    def decide(self, game: Floats, tolerance: float) -> None:
        """The open supports of two actions a player, by exact arithmetic."""
        for support in [s for s in self.open if all(mask.bit_count() == 2 for mask in s)]:
            actions = [members(mask) for mask in support]
            found = all_mix(restricted(game, actions))
            if not found.decided:
                continue
            del self.open[support]
            for point, index in zip(found.points, found.index, strict=True):
                profile = tuple(np.zeros(count) for count in game.shape[1:])
                for x, played, second in zip(profile, actions, point, strict=True):
                    x[list(played)] = 1.0 - second, second
                if mixed_regrets(game, profile).max() <= tolerance:
                    self.add(np.concatenate(profile), index, self.is_tied(game, profile, tolerance))

    @staticmethod
    def is_tied(game: Floats, profile: Profile, tolerance: float) -> bool:
        """Whether an unplayed action is as good as the played ones."""
        values = deviation_payoffs(game, profile)
        return any(((x == 0.0) & (v >= v.max() - tolerance)).any() for v, x in zip(values, profile, strict=True))

    def merge(self, other: _Case) -> None:
        """What a second labelling of the players found: equilibria add up, and a support open in both stays open."""
        for profile, index, tied in zip(other.profiles, other.index, other.tied, strict=True):
            self.add(profile, index, tied)
        self.open = {s: 0 for s in self.open if s in other.open}

    def search(self, game: Floats, tolerance: float) -> None:
        """The last search of what is open, over the mixed actions of all players."""
        chosen = list(self.open)[:LAST_SUPPORTS]
        for support in chosen:
            result = search_support(game, support, min(LAST_ALLOWANCE, LAST_CELLS // len(chosen)))
            for profile in result.profiles:
                if mixed_regrets(game, profile).max() <= tolerance:
                    tied = self.is_tied(game, profile, tolerance)
                    self.add(np.concatenate(profile), index_if_regular(game, profile), tied)
            if result.cells_left == 0:
                del self.open[support]
                continue
            self.open[support] = result.cells_left
            self.probe(game, [support], tolerance, result.centres)
            if 0 in self.index:
                return

    def listed(self, game: int, height: int) -> Listed:
        """The case as rows of the batch's list."""
        rows = Listed.found(
            np.full(len(self.profiles), game, dtype=np.intp),
            np.array(self.profiles).reshape(-1, height).T,
            np.array(self.index, dtype=np.int8),
            np.array(self.tied, dtype=bool),
        )
        left = [
            Listed.left_open(np.array([game], dtype=np.intp), np.array([support]), height, cells)
            for support, cells in self.open.items()
        ]
        return Listed.joined([rows, *left], height)
