r"""One equilibrium for each stage game of a batch: the pure one, the one that a rule picks of several, or a mixed one.

* **one** pure equilibrium: it is played,
* **several**: a rule keeps some of them; of what it keeps, or of all where it keeps none (it is then *silent*), the one
  with the largest margin is played, the first in order of profile where margins tie,
* **none**: a mixed equilibrium (Nash 1951). Where iterated dominance leaves two players two actions each, the one there
  is; else, for two and three players, from the complete solver, of those with index +1 the first in order of
  probabilities. Where it has none
  within :data:`SHARE` of the payoff range, or there are more players, the limit of the principal logit branch. Where
  that has none either, the best of all these and of the pure profiles, with its regret as the :math:`\varepsilon` of
  the answer.

The rules are assumptions, as in :mod:`triangle.solvers.selection`:

``margin``
    the largest stability margin alone,
``risk``
    the equilibrium that risk-dominates every other, pair by pair (Harsanyi and Selten 1988),
``payoff``
    the equilibrium in which every player gets more than in any other,
:func:`status_quo`
    equilibria of the kind that was played last,
``agreements``
    equilibria that no agreement of two players breaks (:mod:`triangle.solvers.agreements`),
:func:`kept_by`
    equilibria in a set that the caller computes.

References
----------
Harsanyi, J. C. and Selten, R. (1988). *A General Theory of Equilibrium Selection in Games*. MIT Press.
Nash, J. (1951). Non-cooperative games. *Annals of Mathematics* 54(2), 286-295.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.bitboards import BITS, equilibrium_masks, unpack
from triangle.games.dominance import undominated
from triangle.games.mixed import mixed_regrets
from triangle.games.normal_form import TOLERANCE, Bools, Floats, NormalFormGame, is_nash, margins_at, regrets
from triangle.games.staged import Ints
from triangle.solvers.agreements import agreement_proof
from triangle.solvers.logit.branch import limiting_logit
from triangle.solvers.mixed.support import all_equilibria, solve_mixed
from triangle.solvers.selection import LOG_TOLERANCE, risk_dominance

#: Payoffs ``(n, |A_1|, ..., |A_n|, k)``, truth values of their equilibria ``(|A_1|, ..., |A_n|, k)`` and the states of
#: the k games -> truth values of the equilibria that are kept.
Rule = Callable[[Floats, Bools, Ints], Bools]
Mixed = tuple[Floats, ...]

#: Regret of a mixed profile, as a share of the payoff range, that counts as none.
SHARE = 1e-9
#: Digits of a probability by which mixed equilibria are put in order.
_DIGITS = 9


@dataclass(frozen=True, eq=False)
class Chosen:
    """What is played in each game of a flat batch.

    Attributes
    ----------
    profiles : array of int, shape (k,)
        Profile in C order of the actions; −1 where somebody mixes.
    count : array of int, shape (k,)
        Number of pure equilibria.
    silent : array of bool, shape (k,)
        Several equilibria, and the rule kept none of them.
    places, mixed
        Games in which somebody mixes, and the mixed action of each player there, shape (|A_i|, r).
    regret : array, shape (r,)
        Largest gain by deviating from the mixed profile, in units of payoff.
    """

    profiles: Ints
    count: Ints
    silent: Bools
    places: Ints
    mixed: Mixed
    regret: Floats


def choose(payoffs: Floats, rule: Rule, states: Ints, tolerance: float = TOLERANCE) -> Chosen:
    """One equilibrium of each game of a flat batch; any number of players.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, k)
    rule : callable
        See the module.
    states : array of int, shape (k,)
        State of each game, for rules that look at it.
    tolerance : float
        Largest gain by deviating that counts as none, in units of payoff.
    """
    count, profiles, stable = _pure(payoffs, tolerance)
    silent = np.zeros(len(count), dtype=bool)
    several = np.flatnonzero(count > 1)
    if several.size:
        profiles[several], silent[several] = _ruled(payoffs, several, stable(several), rule, states[several])
    none = np.flatnonzero(count == 0)
    mixed, regret = unlisted(payoffs[..., none]) if none.size else _nobody(payoffs)
    profiles[none] = -1
    return Chosen(profiles, count, silent, none, mixed, regret)


def _pure(payoffs: Floats, tolerance: float) -> tuple[Ints, Ints, Callable[[Ints], Bools]]:
    """How many pure equilibria, the first of them, and a function that gives all of some games as truth values."""
    n = payoffs.shape[0]
    shape = payoffs.shape[1 : 1 + n]
    if prod(shape) > BITS:
        flags = is_nash(payoffs, tolerance)
        flat = flags.reshape(prod(shape), -1)
        return flat.sum(axis=0), flat.argmax(axis=0), lambda some: flags[..., some]
    masks = equilibrium_masks(payoffs, tolerance)
    lowest = np.bitwise_count((masks & -masks) - np.uint64(1)).astype(np.intp)
    return np.bitwise_count(masks).astype(np.intp), lowest % BITS, lambda some: unpack(masks[some], shape)


def _ruled(payoffs: Floats, several: Ints, stable: Bools, rule: Rule, states: Ints) -> tuple[Ints, Bools]:
    """The profile that is played in games of several equilibria, and where the rule kept none."""
    kept = stable if rule is by_margin else rule(payoffs[..., several], stable, states) & stable
    axes = tuple(range(kept.ndim - 1))
    silent = ~kept.any(axis=axes)
    left = np.where(silent, stable, kept).reshape(-1, len(states))
    # Margins of what is left only, which are far fewer than profiles; game by game, the first profile first.
    games, profiles = np.divmod(np.flatnonzero(np.ascontiguousarray(left.T)), len(left))
    margin = margins_at(payoffs, profiles, several[games])
    firsts = np.flatnonzero(np.diff(games, prepend=-1))
    best = np.flatnonzero(margin == np.maximum.reduceat(margin, firsts)[games])
    return profiles[best[np.flatnonzero(np.diff(games[best], prepend=-1))]], silent


def _nobody(payoffs: Floats) -> tuple[Mixed, Floats]:
    return tuple(np.empty((size, 0)) for size in payoffs.shape[1:-1]), np.empty(0)


# --- Rules ---------------------------------------------------------------------------------------------------------


def by_margin(payoffs: Floats, stable: Bools, states: Ints) -> Bools:
    """Keep all: the largest margin decides."""
    return stable


def by_risk(payoffs: Floats, stable: Bools, states: Ints) -> Bools:
    """Keep the equilibrium that risk-dominates every other, pair by pair; a generalisation outside 2x2."""
    return _dominant(
        payoffs,
        stable,
        lambda games, e, f: risk_dominance(games, e, f) > LOG_TOLERANCE,  # NaN compares as false
    )


def by_payoff(payoffs: Floats, stable: Bools, states: Ints) -> Bools:
    """Keep the equilibrium in which every player gets more than in any other."""
    return _dominant(
        payoffs, stable, lambda games, e, f: (games[(slice(None), *e)] > games[(slice(None), *f)] + TOLERANCE).all(0)
    )


def _dominant(
    payoffs: Floats, stable: Bools, beats: Callable[[Floats, tuple[int, ...], tuple[int, ...]], Bools]
) -> Bools:
    """The equilibria that beat every other one of their game."""
    kept = stable.copy()
    met = [tuple(map(int, profile)) for profile in np.argwhere(stable.any(axis=-1))]
    for e in met:
        for f in met:
            games = np.flatnonzero(stable[e] & stable[f]) if e != f else np.empty(0, dtype=np.intp)
            if games.size:
                kept[e][games] &= beats(payoffs[..., games], e, f)
    return kept


def status_quo(levels: Sequence[int], kinds: ArrayLike) -> Rule:
    """Keep equilibria of the kind that was played last; for a game of :func:`triangle.games.staged.remembering`.

    Parameters
    ----------
    levels : sequence of int
        Levels of the game's state variables; the last is the kind played last.
    kinds : array of int, shape (|A_1|, ..., |A_n|)
    """
    seen = np.asarray(kinds, dtype=np.intp)[..., None]

    def rule(payoffs: Floats, stable: Bools, states: Ints) -> Bools:
        return stable & (seen == states % levels[-1])

    return rule


def kept_by(test: Callable[[Floats], Bools]) -> Rule:
    """Keep the equilibria in a set of profiles: `test` maps payoffs to truth values ``(|A_1|, ..., |A_n|, k)``."""

    def rule(payoffs: Floats, stable: Bools, states: Ints) -> Bools:
        return stable & test(payoffs)

    return rule


#: Rules that need nothing but the stage game.
RULES: Mapping[str, Rule] = {
    "margin": by_margin,
    "risk": by_risk,
    "payoff": by_payoff,
    "agreements": kept_by(agreement_proof),
}


# --- Games without a pure equilibrium ------------------------------------------------------------------------------


def unlisted(payoffs: Floats) -> tuple[Mixed, Floats]:
    """A mixed equilibrium of each game of a flat batch, and its regret in units of payoff; see the module.

    Returns
    -------
    tuple of arrays, shape (|A_i|, k); array, shape (k,)
    """
    n, games = payoffs.shape[0], payoffs.shape[-1]
    best = tuple(np.full((size, games), 1.0 / size) for size in payoffs.shape[1:-1])
    least = np.full(games, np.inf)
    allowed = SHARE * np.ptp(payoffs.reshape(n, -1, games), axis=1).max(axis=0)
    for method in (_two_by_two, _complete, _limiting, _least_regret):
        open_ = np.flatnonzero(~(least <= allowed))
        if open_.size:
            found = method(payoffs[..., open_])
            regret = np.nan_to_num(mixed_regrets(payoffs[..., open_], found).max(axis=0), nan=np.inf)
            better = regret < least[open_]
            least[open_[better]] = regret[better]
            for x, new in zip(best, found, strict=True):
                x[:, open_[better]] = new[:, better]
    return best, least


def _two_by_two(payoffs: Floats) -> Mixed:
    """Where iterated dominance leaves two players two actions each and the others one: both mix; NaN elsewhere.

    Without a pure equilibrium a game of two by two has one equilibrium, in which each makes the other indifferent.
    """
    n, games = payoffs.shape[0], payoffs.shape[-1]
    left = undominated(payoffs)
    counts = np.stack([own.sum(axis=0) for own in left])
    mixed = tuple(np.full((size, games), np.nan) for size in payoffs.shape[1:-1])
    small = ((counts == 2).sum(axis=0) == 2) & ((counts == 1).sum(axis=0) == n - 2)
    for i, j in combinations(range(n), 2):
        some = np.flatnonzero(small & (counts[i] == 2) & (counts[j] == 2))
        if some.size:
            chosen = [np.argsort(~own[:, some], axis=0, kind="stable") for own in left]
            _mix_two(payoffs, i, j, some, chosen, mixed)
    return mixed


def _mix_two(payoffs: Floats, i: int, j: int, games: Ints, chosen: list[Ints], mixed: Mixed) -> None:
    """Write into `mixed` what players i and j play between the first two of their actions, the others their first."""

    def cell(player: int, a: int, b: int) -> Floats:
        places = [own[a if k == i else b if k == j else 0] for k, own in enumerate(chosen)]
        return payoffs[(player, *places, games)]

    for player, rival in ((i, j), (j, i)):
        # What the rival gains by its first action over its second, at each of the player's two.
        first, second = (
            cell(rival, a, 0) - cell(rival, a, 1) if player == i else cell(rival, 0, a) - cell(rival, 1, a)
            for a in (0, 1)
        )
        gap = second - first
        weight = np.divide(second, gap, out=np.full(gap.shape, np.nan), where=gap != 0)
        weight = np.where((weight >= 0) & (weight <= 1), weight, np.nan)
        mixed[player][:, games] = np.where(np.isnan(weight), np.nan, 0.0)
        mixed[player][chosen[player][0], games] = weight
        mixed[player][chosen[player][1], games] = 1.0 - weight
    for k, own in enumerate(chosen):
        if k not in (i, j):
            mixed[k][:, games] = 0.0
            mixed[k][own[0], games] = 1.0


def _complete(payoffs: Floats) -> Mixed:
    """From the complete solver for two and three players; NaN for more."""
    n, games = payoffs.shape[0], payoffs.shape[-1]
    if n not in (2, 3):
        return tuple(np.full((size, games), np.nan) for size in payoffs.shape[1:-1])
    if n == 2 or min(payoffs.shape[1:-1]) == 1:
        picked = [_first_of_one(payoffs[..., game]) for game in range(games)]
        return tuple(np.stack([mixed[i] for mixed in picked], axis=1) for i in range(n))
    found = all_equilibria(payoffs)
    stacked = np.concatenate(found.probabilities)
    rows = np.array([_first(stacked[:, where], found.index[where], where) for where in map(found.of, range(games))])
    return tuple(x[:, rows] for x in found.probabilities)


def _first(stacked: Floats, index: NDArray[np.int8], rows: Ints) -> int:
    """The row, of one game's equilibria, that comes first: index +1 before others, then by probabilities."""
    order = np.lexsort((*np.round(stacked[::-1], _DIGITS), index != 1))
    return int(rows[order[0]])


def _first_of_one(payoffs: Floats) -> list[Floats]:
    equilibria = solve_mixed(NormalFormGame(payoffs)).equilibria
    stacked = np.array([np.concatenate(e.probabilities) for e in equilibria]).T
    index = np.array([e.index or 0 for e in equilibria], dtype=np.int8)
    chosen = equilibria[_first(stacked, index, np.arange(len(equilibria)))]
    return [np.array(x) for x in chosen.probabilities]


def _limiting(payoffs: Floats) -> Mixed:
    """The limit of the principal logit branch; NaN where the branch was lost."""
    return limiting_logit(payoffs).probabilities


def _least_regret(payoffs: Floats) -> Mixed:
    """The pure profile of least regret, as a mixed one."""
    shape = payoffs.shape[1:-1]
    profile = np.unravel_index(regrets(payoffs).reshape(prod(shape), -1).argmin(axis=0), shape)
    return tuple(np.eye(size)[:, actions] for size, actions in zip(shape, profile, strict=True))
