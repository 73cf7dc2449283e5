r"""One equilibrium for each stage game of a batch: the pure one, the one that a rule picks of several, or a mixed one.

* **one** pure equilibrium: it is played,
* **several**: a rule keeps some of them; of what it keeps, or of all where it keeps none (it is then *silent*), the one
  with the largest margin is played, the first in order of profile where margins tie,
* **none**: a mixed equilibrium (Nash 1951), the **first**: that with the smallest supports in all, of these the most
  balanced, of these the first in order of sizes, of actions, and of probabilities. Two players who mix two actions each
  come before all others and are tried by themselves (:mod:`triangle.solvers.mixed.pairs`), and so are three who mix two
  each (:mod:`triangle.solvers.mixed.triples`); only where that finds none, or leaves open which is the first,
  all equilibria of a game of two or three players are listed for the first of them. Where that has none within
  :data:`SHARE` of the payoff range, or there are more players, it is the limit of the principal logit branch. Where
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
from math import prod

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.bitboards import BITS, equilibrium_masks, unpack
from triangle.games.mixed import mixed_regrets
from triangle.games.normal_form import TOLERANCE, Bools, Floats, NormalFormGame, is_nash, margins_at, regrets
from triangle.games.staged import Ints
from triangle.solvers.agreements import agreement_proof
from triangle.solvers.logit.branch import limiting_logit
from triangle.solvers.mixed.pairs import first_pair
from triangle.solvers.mixed.support import all_equilibria, solve_mixed
from triangle.solvers.mixed.triples import first_triple
from triangle.solvers.selection import LOG_TOLERANCE, risk_dominance

#: Payoffs ``(n, |A_1|, ..., |A_n|, k)``, truth values of their equilibria ``(|A_1|, ..., |A_n|, k)`` and the states of
#: the k games -> truth values of the equilibria that are kept.
Rule = Callable[[Floats, Bools, Ints], Bools]
Mixed = tuple[Floats, ...]

#: Regret of a mixed profile, as a share of the payoff range, that counts as none.
SHARE = 1e-9
#: The rule by which one of several mixed equilibria is played.
MIXED = "first"
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
    return np.bitwise_count(masks).astype(np.intp), lowest & (BITS - 1), lambda some: unpack(masks[some], shape)


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
    allowed = SHARE * np.ptp(payoffs.reshape(n, -1, games), axis=1).max(axis=0)
    best = first_pair(payoffs, allowed)
    left = np.flatnonzero(np.isnan(best[0][0]))
    if n == 3 and left.size:
        for x, own in zip(best, first_triple(payoffs[..., left], allowed[left]), strict=True):
            x[:, left] = own
    least = _regret(payoffs, best)
    # What is searched for takes the bits of its whole batch, so each of these few games is its own.
    for game in np.flatnonzero(~(least <= allowed)):
        alone = payoffs[..., game : game + 1]
        for method in (_complete, _limiting, _least_regret):
            if not least[game] <= allowed[game]:
                found = method(alone)
                regret = _regret(alone, found)[0]
                if regret < least[game]:
                    least[game] = regret
                    for x, new in zip(best, found, strict=True):
                        x[:, game] = new[:, 0]
    return best, least


def _regret(payoffs: Floats, mixed: Mixed) -> Floats:
    """Largest gain of any player by deviating; infinite where there is no profile."""
    return np.nan_to_num(mixed_regrets(payoffs, mixed).max(axis=0), nan=np.inf)


def _complete(payoffs: Floats) -> Mixed:
    """Of all mixed equilibria of one game of two or three players the first; NaN for more players."""
    shape = payoffs.shape[1:-1]
    if len(shape) == 3 and min(shape) > 1:
        found = all_equilibria(payoffs).probabilities
    elif len(shape) in (2, 3):
        listed = solve_mixed(NormalFormGame(payoffs[..., 0])).equilibria
        found = tuple(np.stack([e.probabilities[i] for e in listed], axis=1) for i in range(len(shape)))
    else:
        return tuple(np.full((size, 1), np.nan) for size in shape)
    first = min(range(found[0].shape[1]), key=lambda row: _place([x[:, row] for x in found]))
    return tuple(x[:, [first]] for x in found)


def _place(mixed: Sequence[Floats]) -> tuple[object, ...]:
    """Where an equilibrium stands in the order: by sizes of supports, then by actions, then by probabilities."""
    supports = [tuple(np.flatnonzero(x).tolist()) for x in mixed]
    sizes = [len(own) for own in supports]
    return sum(sizes), max(sizes) - min(sizes), sizes, supports, np.round(np.concatenate(mixed), _DIGITS).tolist()


def _limiting(payoffs: Floats) -> Mixed:
    """The limit of the principal logit branch; NaN where the branch was lost."""
    return limiting_logit(payoffs).probabilities


def _least_regret(payoffs: Floats) -> Mixed:
    """The pure profile of least regret, as a mixed one."""
    shape = payoffs.shape[1:-1]
    profile = np.unravel_index(regrets(payoffs).reshape(prod(shape), -1).argmin(axis=0), shape)
    return tuple(np.eye(size)[:, actions] for size, actions in zip(shape, profile, strict=True))
