r"""All mixed equilibria of three-player games, over a batch, each game with a verdict on what was proved.

For each support that neither balance nor conditional dominance excludes (:mod:`triangle.solvers.mixed.table`), the
profiles that make all its actions tie are found, or shown not to exist, by elimination and subdivision
(:mod:`triangle.solvers.mixed.indifference`, :mod:`triangle.solvers.mixed.bernstein`); those at which no other action
is better are the equilibria. Actions that are iteratively strictly dominated, and exact copies of other actions, are
left out first. The verdict of a game is

``complete``
    every support was decided, every equilibrium found is regular and quasi-strict, their number is odd and their
    indices add to +1 (Wilson 1971; Harsanyi 1973); these are then all equilibria of the game,
``degenerate``
    some equilibrium has a best reply that it does not play (*tie*), or is a singular solution of its indifference
    system (*singular*: a multiple solution or a point of a continuum); the listed points are equilibria, others may
    exist,
``undecided``
    nothing degenerate was met, yet some supports were not decided within their allowance, or the indices do not add up.

Payoffs are measured in shares of each player's own range (:mod:`triangle.games.shares`), so that results do not depend
on units. Beside prohibitive payoffs, whose shares leave the others nothing to differ by, equilibria are looked for in
:mod:`triangle.solvers.mixed.prohibitive` too. Every game gets at least one equilibrium, but for some that are
``undecided`` and have prohibitive payoffs of several sizes.

References
----------
Harsanyi, J. C. (1973). Oddness of the number of equilibrium points: a new proof. *International Journal of Game
Theory* 2, 235-250.
Wilson, R. (1971). Computing equilibria of n-person games. *SIAM Journal on Applied Mathematics* 21(1), 80-87.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.dominance import undominated
from triangle.games.mixed import SOUND, all_pure, described, has_tie, is_well_supported, mixed_regrets, shortfalls
from triangle.games.normal_form import (
    ROUNDING,
    Bools,
    Floats,
    NormalFormGame,
)
from triangle.games.shares import in_shares, roughness
from triangle.games.solution import Solution, Verdict
from triangle.solvers.mixed.bilateral import solve_bilateral
from triangle.solvers.mixed.closed_form import NONE, Rows, closed_form_222
from triangle.solvers.mixed.enumeration import (
    SAME,
    SHARE,
    Listed,
    index_if_regular,
    list_equilibria,
    pure_equilibria,
    split,
    without_copies,
)
from triangle.solvers.mixed.prohibitive import FINE, followed, prohibits, sharpened
from triangle.solvers.mixed.rescue import some_equilibrium
from triangle.solvers.mixed.several import MOST_PLAYERS, solve_several

Indices = NDArray[np.intp]
Mixed = tuple[Floats, ...]

#: Payoffs of one player treated together; keeps intermediate arrays within some hundred megabytes.
CHUNK = 1 << 18
#: Share of the range below which what the undominated actions leave of it is measured by itself.
NARROW = 1e-3
#: Share of the largest roughness of a game to which that of its players is shrunk.
SHRUNK = 1e-3
#: Number of games below which games of up to 3x3x3 actions are not grouped by their undominated actions.
FEW = 80

VERDICTS: tuple[Verdict, ...] = ("complete", "degenerate", "undecided")
COMPLETE, DEGENERATE, UNDECIDED = range(3)
#: Reasons of a verdict that is not `complete`, as bits.
TIE, SINGULARITY, SEARCH, COUNT, CLOSE = 1, 2, 4, 8, 16


@dataclass(frozen=True, eq=False)
class Equilibria:
    """The equilibria of a batch of three-player games, as flat arrays, and the verdict of each game.

    Attributes
    ----------
    game : array of int, shape (r,)
        To which game (place in the flattened batch) each equilibrium belongs; ascending.
    probabilities : three arrays, shape (|A_i|, r)
        Mixed action of each player.
    regret : array, shape (r,)
        Largest gain of any player by deviating, in shares of that player's payoff range.
    index : array of int, shape (r,)
        Index +1 or -1 of a regular equilibrium; 0 where it is not regular.
    strict, quasi_strict : arrays of bool, shape (r,)
        Whether every other action is worse and nobody mixes; whether every unplayed action is worse.
    verdict : array of int, shape (B,)
        Place in :data:`VERDICTS`.
    reason : array of int, shape (B,)
        Sum of the reasons :data:`TIE`, :data:`SINGULARITY`, :data:`SEARCH`, :data:`COUNT`, :data:`CLOSE`; 0 for
        `complete`.
    open_supports, open_cells : arrays of int, shape (B,)
        Supports that were not decided, and boxes left in them.
    """

    game: Indices
    probabilities: Mixed
    regret: Floats
    index: NDArray[np.int8]
    strict: Bools
    quasi_strict: Bools
    verdict: NDArray[np.int8]
    reason: NDArray[np.int8]
    open_supports: NDArray[np.int64]
    open_cells: NDArray[np.int64]

    @property
    def supports(self) -> NDArray[np.int64]:
        """Bit mask of the played actions of each player, shape (3, r)."""
        return np.stack([_mask(x) for x in self.probabilities])

    def of(self, game: int) -> Indices:
        """Places of the equilibria of one game."""
        return np.arange(*np.searchsorted(self.game, [game, game + 1]))


def _mask(probabilities: Floats) -> NDArray[np.int64]:
    weights = 1 << np.arange(len(probabilities))
    return weights @ (probabilities > 0)


def all_equilibria(payoffs: ArrayLike, tolerance: float = SHARE, search_degenerate: bool = False) -> Equilibria:
    """All mixed equilibria, pure ones included, of each three-player game of a batch, with a verdict a game.

    Parameters
    ----------
    payoffs : array, shape (3, |A_1|, |A_2|, |A_3|, ...samples)
        In any unit; the batch is flattened.
    tolerance : float
        Largest gain by deviating that counts as none, in shares of the player's payoff range.
    search_degenerate : bool
        Whether the long searches, of supports in which everybody mixes over three or more actions, are run also in
        games already known to be degenerate. It can take long, adds points to the list and leaves the verdict.

    Returns
    -------
    Equilibria

    Raises
    ------
    ValueError
        If the array is no batch of three-player games, or a payoff is not finite; and for games larger than the
        methods reach, which six undominated actions a player never are.

    Notes
    -----
    A game in which no search found anything gets the best profile of :mod:`triangle.solvers.mixed.rescue` where that is
    an equilibrium, as it nearly always is.

    Examples
    --------
    Three players who each want to be alone at one of two places, the second of which is a little better:

    >>> alone = np.zeros((3, 2, 2, 2))
    >>> for profile in np.ndindex(2, 2, 2):
    ...     for i in range(3):
    ...         alone[(i, *profile)] = (sum(a == profile[i] for a in profile) == 1) + 0.1 * profile[i]
    >>> found = all_equilibria(alone)
    >>> VERDICTS[found.verdict[0]], found.game.size % 2
    ('complete', 1)
    """
    flat = _checked(payoffs)
    shape, n = flat.shape[1:4], flat.shape[-1]
    each_rough = _roughness(flat)
    rough = each_rough.max(axis=0)
    settled = np.zeros(n, dtype=bool)
    quick = _nothing(shape, n)
    if shape == (2, 2, 2):
        rows, settled = closed_form_222(flat, tolerance)
        settled &= rough <= tolerance
        quick = _from_closed_form(rows.of(settled[rows.game]), n)
    slow = np.flatnonzero(~settled & (rough <= tolerance))
    if slow.size == n:
        return _general(flat, tolerance, search_degenerate)
    if slow.size:
        quick = _laid_over(quick, _general(flat.take(slow, axis=-1), tolerance, search_degenerate), slow)
    for game in np.flatnonzero(rough > tolerance):
        most = max(tolerance, SHRUNK * rough[game])
        shrink = most / np.maximum(most, each_rough[:, game])
        one = _general(flat[..., game : game + 1], most, search_degenerate, shrink)
        quick = _laid_over(quick, one, np.array([game]))
    return quick


def _nothing(shape: tuple[int, ...], n: int) -> Equilibria:
    """A record of n games without any rows."""
    empty = _from_closed_form(NONE, n)
    return replace(empty, probabilities=tuple(np.empty((actions, 0)) for actions in shape))


def _roughness(payoffs: Floats) -> Floats:
    """What rounding may have made of each player's payoffs, as a share of their range, shape (3, B)."""
    flat = payoffs.reshape(3, -1, payoffs.shape[-1])
    high, low = flat.max(axis=1), flat.min(axis=1)
    with np.errstate(over="ignore"):
        span = high - low
    bound = np.where(span > 0.0, ROUNDING * np.maximum(high, -low), 0.0)
    rough = bound / np.where(span > 0.0, span, 1.0)
    # The bound says enough of nearly all games; only the others are looked at by themselves.
    far = np.flatnonzero((rough > SHARE).any(axis=0))
    if far.size:
        rough[:, far] = roughness(payoffs[..., far])
    return np.minimum(rough, 0.1)


def _general(payoffs: Floats, tolerance: float, search_degenerate: bool, shrink: Floats | None = None) -> Equilibria:
    """Support enumeration in games of any shape.

    Payoffs of a player that rounding has made rough are shrunk, so that one tolerance is right for all players.
    """
    shape, n = payoffs.shape[1:4], payoffs.shape[-1]
    shares = in_shares(payoffs)
    scaled = shares if shrink is None else shares * shrink.reshape(3, 1, 1, 1, 1)
    parts = []
    for games, kept in _by_shape(payoffs, np.arange(n), prohibits(scaled)):
        chunk = max(1, CHUNK // int(np.prod([rows.shape[0] for rows in kept])))
        for start in range(0, games.size, chunk):
            part = slice(start, start + chunk)
            actions = [rows[:, part] for rows in kept]
            parts.append(_reduced(payoffs, shares, scaled, games[part], actions, tolerance, search_degenerate))
    parts.append(_pure_with_copies(scaled, tolerance))
    listed, unsure = _confirmed(payoffs, scaled, without_copies(Listed.joined(parts, sum(shape))), tolerance)
    unsure |= np.bincount(listed.game, minlength=n) == 0
    for search in (_followed, _rescued):
        more, worse = _confirmed(payoffs, scaled, search(scaled, listed, unsure, tolerance), tolerance)
        listed, unsure = Listed.joined([listed, more], sum(shape)), unsure | worse
    return _reported(shares, listed, unsure)


def _confirmed(payoffs: Floats, scaled: Floats, listed: Listed, tolerance: float) -> tuple[Listed, Bools]:
    """The rows that are equilibria of the payoffs as given, and the games of which some were not, or were missing.

    The searches take differences below a share of the range for none. Whether a pure profile is an equilibrium, and
    whether an unplayed action is as good as the best, is decided by the payoffs themselves, as in the list of all pure
    ones; at a mixed one by its own deviations. Beside a prohibitive payoff, what is nothing in shares of the range may
    be all that the payoffs differ by that play can lead to.
    """
    unsure = np.zeros(payoffs.shape[-1], dtype=bool)
    if listed.game.size == 0:
        return listed, unsure
    barred = prohibits(scaled)
    listed = _sharpened(scaled, listed, np.flatnonzero(barred[listed.game]))
    share = np.where(barred[listed.game], FINE, SOUND)
    sound, near, tied = (np.empty(listed.game.size, dtype=bool) for _ in range(3))
    for part, mixed in _in_parts(listed, payoffs.shape[1:4]):
        games = scaled.take(listed.game[part], axis=-1)
        judged = np.where(all_pure(mixed), payoffs.take(listed.game[part], axis=-1), games)
        sound[part] = is_well_supported(judged, mixed, share[part])
        short = zip(mixed, shortfalls(games, mixed), strict=True)
        near[part] = np.any([((x == 0.0) & (gap <= tolerance)).any(axis=0) for x, gap in short], axis=0)
        tied[part] = near[part]
        if near[part].any():
            tied[part] &= has_tie(judged, mixed, share[part])
            # Where prohibitive payoffs are gone with dominated actions, the search told apart what was left.
            near[part] &= listed.tied[part] | tied[part]
    unsure[listed.game[~sound | (near & ~tied)]] = True
    index = np.where(tied, 0, listed.index).astype(np.int8)
    # Beside a prohibitive payoff a condition number that large is one of units, and need not be of anything singular.
    for row in np.flatnonzero((near | barred[listed.game]) & ~tied & (index == 0)):
        index[row] = index_if_regular(scaled[..., listed.game[row]], split(listed.stacked[:, row], payoffs.shape[1:4]))
    return replace(listed, tied=tied, index=index).rows(sound), unsure


def _sharpened(payoffs: Floats, listed: Listed, rows: Indices) -> Listed:
    """The list with some rows sharpened, each profile once."""
    if rows.size == 0:
        return listed
    stacked = listed.stacked.copy()
    kept = np.ones(listed.game.size, dtype=bool)
    for row in rows:
        game = listed.game[row]
        profile = split(listed.stacked[:, row], payoffs.shape[1:4])
        stacked[:, row] = np.concatenate(sharpened(payoffs[..., game], profile))
        before = np.flatnonzero(kept[:row] & (listed.game[:row] == game))
        kept[row] = not _listed_in(stacked[:, before], stacked[:, row])
    return replace(listed, stacked=stacked).rows(kept)


def _in_parts(listed: Listed, shape: tuple[int, ...]) -> Iterator[tuple[slice, Mixed]]:
    """The rows in parts of bounded size, with their mixed actions."""
    step = max(1, CHUNK // int(np.prod(shape)))
    for start in range(0, listed.game.size, step):
        part = slice(start, start + step)
        yield part, split(listed.stacked[:, part], shape)


def _from_closed_form(rows: Rows, n: int) -> Equilibria:
    """The public record of games that the closed forms settled; all of them are complete and regular."""
    everywhere = np.ones(rows.game.size, dtype=bool)
    pure = ((rows.second == 0.0) | (rows.second == 1.0)).all(axis=0)
    nothing = np.zeros(n, dtype=np.int64)
    first = 1.0 - rows.second
    return Equilibria(
        game=rows.game,
        probabilities=tuple(np.stack([first[p], rows.second[p]]) for p in range(3)),
        regret=rows.regret,
        index=rows.index,
        strict=pure,
        quasi_strict=everywhere,
        verdict=nothing.astype(np.int8),
        reason=nothing.astype(np.int8),
        open_supports=nothing,
        open_cells=nothing,
    )


def _laid_over(all_games: Equilibria, some: Equilibria, places: Indices) -> Equilibria:
    """A record in which some games, without rows so far, get theirs."""
    game = np.concatenate([all_games.game, places[some.game]])
    order = np.argsort(game, kind="stable")

    def rows(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(all_games, name), getattr(some, name)])[order]

    def games(name: str) -> NDArray[Any]:
        result = getattr(all_games, name).copy()
        result[places] = getattr(some, name)
        return result

    pairs = zip(all_games.probabilities, some.probabilities, strict=True)
    return Equilibria(
        game=game[order],
        probabilities=tuple(np.concatenate(pair, axis=1).take(order, axis=1) for pair in pairs),
        **{name: rows(name) for name in ("regret", "index", "strict", "quasi_strict")},
        **{name: games(name) for name in ("verdict", "reason", "open_supports", "open_cells")},
    )


def _checked(payoffs: ArrayLike) -> Floats:
    """The payoffs with one batch axis."""
    array = np.asarray(payoffs, dtype=np.float64)
    if array.ndim < 4 or array.shape[0] != 3 or 0 in array.shape[:4]:
        raise ValueError(f"payoffs of shape {array.shape} are no three-player games: (3, |A_1|, |A_2|, |A_3|, ...)")
    if not np.isfinite(array).all():
        raise ValueError(f"{np.count_nonzero(~np.isfinite(array))} of {array.size} payoffs are not finite")
    return array.reshape(*array.shape[:4], -1)


def _by_shape(payoffs: Floats, games: Indices, barred: Bools) -> Iterator[tuple[Indices, list[Indices]]]:
    """Games grouped by the number of actions left to each player, with these actions, shape (left, games).

    Of `barred` games, those with prohibitive payoffs, these may be gone with an action, whatever the company.
    """
    if games.size == 0:
        return
    chosen = payoffs[..., games]
    left = undominated(chosen)
    copied = [_copies(chosen, player) for player in range(3)]
    distinct = [mask & ~copy for mask, copy in zip(left, copied, strict=True)]
    code = _shape_code(distinct)
    whole = np.all([mask.all(axis=0) for mask in distinct], axis=0)
    if whole.any() and max(payoffs.shape[1:4]) <= 3:
        # Many small groups cost more than the few supports that a dominated action adds to so small a game.
        number = np.unique(code, return_inverse=True, return_counts=True)
        few = (number[2] < FEW)[number[1]] & ~np.any([copy.any(axis=0) for copy in copied], axis=0) & ~barred
        distinct = [mask | few for mask in distinct]
        code = _shape_code(distinct)
    for value in np.unique(code):
        members = np.flatnonzero(code == value)
        # Sorting puts the actions left first, in their own order.
        kept = [np.argsort(~mask[:, members], axis=0, kind="stable")[: mask[:, members[0]].sum()] for mask in distinct]
        yield games[members], kept


def _shape_code(left: list[Bools]) -> Indices:
    """One number for each combination of how many actions the players have left."""
    return sum(mask.sum(axis=0) << (8 * player) for player, mask in enumerate(left))


def _copies(payoffs: Floats, player: int) -> Bools:
    """Which actions have, for all players and to the last bit, the payoffs of an earlier action of the same player."""
    own = np.moveaxis(payoffs, 1 + player, 0)
    result = np.zeros((len(own), payoffs.shape[-1]), dtype=bool)
    for action in range(1, len(own)):
        for earlier in range(action):
            result[action] |= (own[action] == own[earlier]).all(axis=(0, 1, 2))
    return result


def _pure_with_copies(payoffs: Floats, tolerance: float) -> Listed:
    """All pure equilibria of the games in which some action is a copy of another, also those that play the copy."""
    copied = np.any([_copies(payoffs, player).any(axis=0) for player in range(3)], axis=0)
    games = np.flatnonzero(copied)
    pure = pure_equilibria(payoffs.take(games, axis=-1), tolerance)
    return Listed.found(games[pure.game], pure.stacked, pure.index, pure.tied)


def _reduced(
    payoffs: Floats,
    shares: Floats,
    scaled: Floats,
    games: Indices,
    kept: list[Indices],
    tolerance: float,
    search_degenerate: bool,
) -> Listed:
    """Equilibria of games of which only some actions are kept, as rows over all actions."""
    shape = payoffs.shape[1:4]
    first, second, third = kept
    players = np.arange(3)[:, None, None, None, None]
    places = (players, first[:, None, None], second[None, :, None], third[None, None, :], games)
    small = scaled[places]
    # Where a prohibitive payoff is gone with the dominated actions, what is left has a range of its own.
    narrow = np.flatnonzero((np.ptp(shares[places], axis=(1, 2, 3)) < NARROW).any(axis=0))
    if narrow.size:
        small[..., narrow] = in_shares(payoffs[places][..., narrow])
    listed = list_equilibria(small, tolerance, search_degenerate)
    offsets = (0, shape[0], shape[0] + shape[1])
    rows = np.concatenate([actions + start for actions, start in zip(kept, offsets, strict=True)])
    stacked = np.zeros((sum(shape), listed.game.size))
    stacked[rows[:, listed.game], np.arange(listed.game.size)] = listed.stacked
    supports = np.zeros_like(listed.open_support)
    for player, actions in enumerate(kept):
        for place, action in enumerate(actions[:, listed.open_game]):
            supports[:, player] |= (listed.open_support[:, player] >> place & 1) << action
    return Listed(
        games[listed.game],
        stacked,
        listed.index,
        listed.tied,
        games[listed.open_game],
        supports,
        listed.open_cells,
    )


def _followed(payoffs: Floats, listed: Listed, unsure: Bools, tolerance: float) -> Listed:
    """Equilibria not listed yet of games with prohibitive payoffs, beside which the searches could not tell others."""
    games = [game for game in np.flatnonzero(unsure) if prohibits(payoffs[..., game])]
    known = {int(game): listed.stacked[:, listed.game == game] for game in games}
    found = [(game, np.concatenate(profile)) for game in games for profile in followed(payoffs[..., game], tolerance)]
    return _singly(payoffs, [(game, one) for game, one in found if not _listed_in(known[int(game)], one)], listed)


def _listed_in(known: Floats, one: Floats) -> bool:
    """Whether a profile is among some, the same actions being played: another may be as near as can be."""
    same = ((known > 0.0) == (one > 0.0)[:, None]).all(axis=0)
    return bool((same & (np.abs(known - one[:, None]).max(axis=0, initial=0.0) < SAME)).any())


def _rescued(payoffs: Floats, listed: Listed, unsure: Bools, tolerance: float) -> Listed:
    """One equilibrium for each game that has none so far: only degenerate and undecided games can come here."""
    missing = np.flatnonzero(np.bincount(listed.game, minlength=payoffs.shape[-1]) == 0)
    found = [(game, np.concatenate(some_equilibrium(payoffs[..., game], tolerance))) for game in missing]
    return _singly(payoffs, found, listed)


def _singly(payoffs: Floats, found: list[tuple[Any, Floats]], listed: Listed) -> Listed:
    """A list of single profiles of some games, each with its index."""
    games = np.array([game for game, _ in found], dtype=np.intp)
    stacked = np.array([one for _, one in found]).reshape(-1, len(listed.stacked)).T
    shape = payoffs.shape[1:4]
    index = [index_if_regular(payoffs[..., game], split(one, shape)) for game, one in found]
    return Listed.found(games, stacked, np.array(index, dtype=np.int8), np.zeros(games.size, dtype=bool))


def _reported(payoffs: Floats, listed: Listed, unsure: Bools) -> Equilibria:
    """The public record: rows by game, judged on the whole game, and the verdicts."""
    n = payoffs.shape[-1]
    listed = listed.rows(np.argsort(listed.game, kind="stable"))
    mixed = split(listed.stacked, payoffs.shape[1:4])
    regret = np.empty(listed.game.size)
    for part, some in _in_parts(listed, payoffs.shape[1:4]):
        regret[part] = mixed_regrets(payoffs.take(listed.game[part], axis=-1), some).max(axis=0)
    tied, index = listed.tied, listed.index
    odd = np.bincount(listed.game, minlength=n) % 2 == 1
    sums = np.bincount(listed.game, index, n)
    supports = np.bincount(listed.open_game, minlength=n)
    tie = np.bincount(listed.game[tied], minlength=n) > 0
    singular = np.bincount(listed.game[~tied & (index == 0)], minlength=n) > 0
    reason = TIE * tie + SINGULARITY * singular + SEARCH * (supports > 0) + CLOSE * unsure
    reason = reason + COUNT * (~(tie | singular) & ~(odd & (sums == 1)))
    verdict = np.where(tie | singular, DEGENERATE, np.where(reason > 0, UNDECIDED, COMPLETE))
    pure = np.all([x.max(axis=0, initial=0.0) == 1.0 for x in mixed], axis=0)
    return Equilibria(
        game=listed.game,
        probabilities=mixed,
        regret=regret,
        index=index,
        strict=pure & ~tied,
        quasi_strict=~tied,
        verdict=verdict.astype(np.int8),
        reason=reason.astype(np.int8),
        open_supports=supports,
        open_cells=np.bincount(listed.open_game, listed.open_cells, n).astype(np.int64),
    )


def solve_mixed(game: NormalFormGame, tolerance: float = SHARE) -> Solution:
    """All mixed equilibria of one game, pure ones included, with a verdict.

    Two players, and three of whom one is held to a single action, go through
    :func:`triangle.solvers.mixed.bilateral.solve_bilateral`. Of more than three players they are all listed where
    dominance leaves three who choose, and otherwise under conditions (:mod:`triangle.solvers.mixed.several`).

    Parameters
    ----------
    game : NormalFormGame
        One game (no sample axes).
    tolerance : float
        Largest gain by deviating that counts as none, in shares of the player's payoff range.

    Returns
    -------
    Solution
        Without an equilibrium only where the verdict is ``undecided``, since by Nash's theorem there is one. `advice`
        names the reason of a verdict other than ``complete``; for more than one game use :func:`all_equilibria`.

    Raises
    ------
    ValueError
        For a batch, and for games of one player.

    Examples
    --------
    >>> stag_hunt = NormalFormGame([[[4, 1], [3, 3]], [[4, 3], [1, 3]]])
    >>> solution = solve_mixed(stag_hunt)
    >>> solution.verdict, len(solution.equilibria)
    ('complete', 3)
    """
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    if game.n_players < 2:
        raise ValueError(f"mixed equilibria are listed for two players and more, not for {game.n_players}")
    if game.n_players > MOST_PLAYERS:
        return solve_several(game, solve_mixed, tolerance)
    if game.n_players == 2 or sorted(game.actions)[0] == 1:
        return solve_bilateral(game, tolerance)
    found = all_equilibria(game.payoffs, tolerance, search_degenerate=True)
    equilibria = tuple(
        described(game, tuple(x[:, row] for x in found.probabilities), int(found.index[row]), bool(quasi))
        for row, quasi in enumerate(found.quasi_strict)
    )
    settings: dict[str, object] = {"tolerance": tolerance}
    return Solution("mixed", VERDICTS[found.verdict[0]], equilibria, _advice(found, 0), settings)


def _advice(found: Equilibria, game: int) -> str:
    """The reasons of a verdict in words."""
    reason = int(found.reason[game])
    words = []
    if reason & TIE:
        words.append("an equilibrium leaves a best reply unplayed (tie)")
    if reason & SINGULARITY:
        words.append("an equilibrium is a multiple solution or lies in a continuum (singular)")
    if reason & SEARCH:
        supports, cells = found.open_supports[game], found.open_cells[game]
        words.append(f"{supports} supports were not decided, {cells} boxes left in them")
    if reason & CLOSE:
        words.append("payoffs differ by less than a billionth of their range, which the search cannot tell apart")
    if reason & COUNT:
        words.append("the indices of the equilibria found do not add to +1, so one is missing")
    return "; ".join(words)
