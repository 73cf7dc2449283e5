r"""Markov-perfect equilibrium over a finite horizon, by backward induction over periods and a batch of games.

From the last period back, in every state the stage game of the normalised values

.. math:: Q_i(a; t, s) = (1 - \delta_i)\, u_i(a; t, s) + \delta_i\, \mathbb{E}[V_i(t + 1, s') \mid s, a]

is solved and one of its equilibria is played (:mod:`triangle.solvers.markov.stage`); its payoffs are :math:`V_i(t, s)`.
The result is a Markov-perfect equilibrium (Maskin and Tirole 2001), for the rule that was used where a stage game has
several equilibria. Another rule, or another equilibrium in one distant state, can give another course: which one is
played is an assumption, and :mod:`triangle.solvers.markov.bounds` says how much rests on it.

Expected values are computed once for each class of profiles that the state variables tell apart, one variable after
the other.

References
----------
Maskin, E. and Tirole, J. (2001). Markov perfect equilibrium, I: Observable actions. *Journal of Economic Theory*
100(2), 191-219.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np

from triangle.games.bitboards import BITS
from triangle.games.mixed import expected_payoffs
from triangle.games.normal_form import TOLERANCE, Bools, Floats
from triangle.games.staged import Addend, Ints, Part, Policy, StagedGame
from triangle.solvers.markov.stage import Chosen, Rule, by_margin, choose, unlisted
from triangle.solvers.markov.sums import Stages, largest_margin


@dataclass(frozen=True, eq=False)
class MarkovSolution:
    """A Markov-perfect equilibrium of a staged game over its horizon, for each game of a batch.

    Attributes
    ----------
    policy : Policy
    values : array, shape (n, periods, states, ...samples)
        Normalised value to each player, in units of payoff per period; as `policy`, with one more row for what is
        played for ever where the game has no terminal values.
    count : array of int, shape (periods, states, ...samples)
        Number of pure equilibria of each stage game.
    silent : array of bool, same shape
        Several equilibria, and the rule kept none of them: the largest margin decided.
    regret : array, shape (r,)
        Largest gain by deviating in each state where somebody mixes, in units of payoff; in order of
        ``policy.places``.
    """

    policy: Policy
    values: Floats
    count: Ints
    silent: Bools
    regret: Floats

    @property
    def epsilon(self) -> float:
        """Largest regret that was accepted where no equilibrium was found; 0 or rounding otherwise."""
        return float(self.regret.max(initial=0.0))

    @property
    def shares(self) -> dict[str, float]:
        """Shares of the stage games with no, one and several pure equilibria."""
        return {
            "none": float((self.count == 0).mean()),
            "one": float((self.count == 1).mean()),
            "several": float((self.count > 1).mean()),
        }


def solve_markov(game: StagedGame, rule: Rule = by_margin, tolerance: float = TOLERANCE) -> MarkovSolution:
    """Backward induction over all periods and states of a batch of staged games; any number of players.

    Parameters
    ----------
    game : StagedGame
    rule : callable
        What is played where a stage game has several equilibria; see :mod:`triangle.solvers.markov.stage`.
    tolerance : float
        Largest gain by deviating that counts as none, in units of payoff.

    Examples
    --------
    The prisoner's dilemma repeated three times: both defect in every period.

    >>> from triangle.games.staged import Move
    >>> dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])[..., None]
    >>> game = StagedGame(lambda t: dilemma, [Move.still((2, 2))], [0.9, 0.9], periods=3, terminal=np.zeros((2, 1)))
    >>> solve_markov(game).policy.profiles.ravel().tolist()
    [3, 3, 3]
    """
    parts: list[tuple[Chosen, Floats]] = []
    states = np.repeat(np.arange(game.states), prod(game.samples))
    # The largest margin is found without payoffs; for other rules those of a period are looked at once, in one array.
    by_sums = rule is by_margin and prod(game.actions) <= BITS
    worth = np.empty(0 if by_sums else (game.n_players, *game.actions, game.states, *game.samples))
    last = game.periods - 1 if game.terminal is not None else game.periods
    for period in range(last, -1, -1):
        ahead = game.terminal if not parts else parts[-1][1]
        if by_sums:
            parts.append(_by_margin(game, period, ahead, tolerance))
        elif ahead is None:
            parts.append(
                _played(game, game.payoffs(game.periods - 1, worth), game.periods - 1, rule, states, tolerance)
            )
        else:
            parts.append(_played(game, lookahead(game, period, ahead, worth), period, rule, states, tolerance))
    return _joined(game, parts[::-1])


def _by_margin(game: StagedGame, period: int, ahead: Floats | None, tolerance: float) -> tuple[Chosen, Floats]:
    """What is played in the stage games of a period by the largest margin, and its values; see the module `sums`."""
    stages = _stages(game, min(period, game.periods - 1), ahead)
    found = largest_margin(stages, tolerance)
    none = np.flatnonzero(found.count == 0)
    mixed = tuple(np.zeros((count, none.size)) for count in game.actions)
    regret = np.empty(0)
    if none.size:
        payoffs = stages.within(none).games()
        some, regret = unlisted(payoffs)
        found.values[:, none] = expected_payoffs(payoffs, some)
        for whole, own, x in zip(mixed, stages.free, some, strict=True):
            whole[list(own)] = x
    chosen = Chosen(found.profiles, found.count, np.zeros(found.count.shape, dtype=bool), none, mixed, regret)
    return chosen, found.values.reshape(game.n_players, game.states, *game.samples)


def _stages(game: StagedGame, period: int, ahead: Floats | None) -> Stages:
    """The stage games of one period as sums, from the values one period later, if there are any."""
    shape, held = (*game.levels, *game.samples), game.held.get(period, {})
    free = tuple((held[i],) if i in held else tuple(range(count)) for i, count in enumerate(game.actions))
    if ahead is None:
        parts = tuple(tuple(Addend.of(part, shape) for part in own) for own in game.parts(period))
        return Stages(game.actions, shape, parts, (), (), np.zeros(prod(game.actions), dtype=np.intp), free)
    classes, kind_of = game.kinds
    expected = expectations(game, period, ahead, classes)
    weighted, later, most = [], [], []
    for player, (own, discount) in enumerate(zip(game.parts(period), game.discounts, strict=True)):
        weighted.append(tuple(Addend.of(part, shape, 1.0 - discount) for part in own))
        rows = np.empty((len(expected), *shape))
        for row, values in zip(rows, expected, strict=True):
            np.multiply(discount, values[player].reshape(shape), out=row)
        later.append(rows)
        # What is expected of values is no larger than they are.
        most.append(max(ahead[player].max(), -ahead[player].min()))
    return Stages(game.actions, shape, tuple(weighted), tuple(later), tuple(most), kind_of, free)


def lookahead(game: StagedGame, period: int, ahead: Floats, out: Floats | None = None) -> Floats:
    """Q of every profile, shape (n, |A_1|, ..., |A_n|, states, ...samples), from the values one period later.

    Payoffs of now are weighted part by part, before they are spread over the states; written into `out`, if given.
    """
    spread = (*game.levels, *game.samples)
    worth = np.empty((game.n_players, *game.actions, game.states, *game.samples)) if out is None else out
    flat = worth.reshape(game.n_players, -1, *spread)
    classes, of_profile = game.kinds
    expected = expectations(game, period, ahead, classes)
    for player, (own, discount) in enumerate(zip(game.parts(period), game.discounts, strict=True)):
        weighted = [Part([row * (1.0 - discount) for row in part.rows], part.row_of) for part in own]
        later = [(discount * values[player]).reshape(spread) for values in expected]
        for profile, kind in enumerate(of_profile):
            row = flat[player, profile]
            addends = (part.rows[part.row_of[profile]] for part in weighted)
            np.add(next(addends), later[kind], out=row)
            for addend in addends:
                row += addend
    return worth


def expectations(game: StagedGame, period: int, ahead: Floats, classes: Ints) -> list[Floats]:
    """Expected values one period later for each combination of classes (a column), shape (..., states, ...samples).

    Combinations are worked through variable by variable, so that what they share is computed once.
    """
    head = ahead.shape[: ahead.ndim - 1 - len(game.samples)]
    known: dict[tuple[int, ...], Floats] = {(): ahead.reshape(*head, *game.levels, *game.samples)}
    for place, move in enumerate(game.moves):
        longer = {tuple(map(int, column[: place + 1])) for column in classes.T}
        known = {key: move.expected(period, key[-1], known[key[:-1]], len(head) + place) for key in sorted(longer)}
    return [known[tuple(map(int, column))].reshape(ahead.shape) for column in classes.T]


def _played(
    game: StagedGame, worth: Floats, period: int, rule: Rule, states: Ints, tolerance: float
) -> tuple[Chosen, Floats]:
    """What is played in the stage games of one period, in the numbering of all actions, and its values."""
    n, held = game.n_players, game.held.get(period, {})
    keep = tuple(slice(held[i], held[i] + 1) if i in held else slice(None) for i in range(n))
    flat = worth[(slice(None), *keep)].reshape(n, *(_left(game, held)), -1)
    chosen = choose(flat, rule, states, tolerance)
    values = _values(flat, chosen)
    return _in_full(game, held, chosen), values.reshape(n, game.states, *game.samples)


def _left(game: StagedGame, held: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(1 if i in held else count for i, count in enumerate(game.actions))


def _values(flat: Floats, chosen: Chosen) -> Floats:
    """Payoffs of what is played, shape (n, k)."""
    n, size = flat.shape[0], flat.shape[-1]
    values = flat.reshape(n, -1, size)[:, chosen.profiles, np.arange(size)]
    if chosen.places.size:
        values[:, chosen.places] = expected_payoffs(flat[..., chosen.places], chosen.mixed)
    return values


def _in_full(game: StagedGame, held: Mapping[int, int], chosen: Chosen) -> Chosen:
    """The same with held players' other actions back in the numbering."""
    if not held:
        return chosen
    actions = list(np.unravel_index(np.maximum(chosen.profiles, 0), _left(game, held)))
    mixed = list(chosen.mixed)
    for player, action in held.items():
        actions[player] = np.full_like(actions[player], action)
        mixed[player] = np.zeros((game.actions[player], chosen.places.size))
        mixed[player][action] = 1.0
    profiles = np.ravel_multi_index(actions, game.actions)
    profiles[chosen.profiles < 0] = -1
    return Chosen(profiles, chosen.count, chosen.silent, chosen.places, tuple(mixed), chosen.regret)


def _joined(game: StagedGame, parts: list[tuple[Chosen, Floats]]) -> MarkovSolution:
    """The record of all periods."""
    shape = (len(parts), game.states, *game.samples)
    size = game.states * prod(game.samples)
    chosen = [part for part, _ in parts]
    policy = Policy(
        np.stack([part.profiles for part in chosen]).reshape(shape),
        np.concatenate([part.places + t * size for t, part in enumerate(chosen)]),
        tuple(np.concatenate([part.mixed[i] for part in chosen], axis=1) for i in range(game.n_players)),
    )
    return MarkovSolution(
        policy,
        np.stack([values for _, values in parts], axis=1),
        np.stack([part.count for part in chosen]).reshape(shape),
        np.stack([part.silent for part in chosen]).reshape(shape),
        np.concatenate([part.regret for part in chosen]),
    )
