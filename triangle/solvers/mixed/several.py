"""Mixed equilibria of more than three players: complete where dominance leaves three who choose, else conditional.

Iterated strict dominance, by mixed actions too, removes nothing that is played in an equilibrium. Where it leaves at
most three players with a choice, theirs is a game of three, whose equilibria are all of them. Where it leaves more,
those with the fewest actions are **held at each of their actions in turn**: every equilibrium in which these players do
not mix is then found, and kept where the held ones would stay. Whether they mix in others is left open, and the verdict
is ``undecided``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from triangle.games.dominance import undominated
from triangle.games.mixed import described, is_equilibrium, restricted
from triangle.games.normal_form import Floats, NormalFormGame
from triangle.games.solution import Equilibrium, Solution, Verdict
from triangle.solvers.rationalizable import rationalizable

#: Players whose mixed equilibria can all be listed.
MOST_PLAYERS = 3

Actions = list[NDArray[np.intp]]
Solver = Callable[[NormalFormGame, float], Solution]


def solve_several(game: NormalFormGame, solve: Solver, tolerance: float) -> Solution:
    """Mixed equilibria of one game of four players or more, with a verdict.

    Parameters
    ----------
    solve : function of a game of three and a tolerance
        Lists its mixed equilibria.
    """
    left = _left(game)
    movers = _movers(left)
    if len(movers) <= MOST_PLAYERS:
        return _of_three(game, left, solve, tolerance)
    conditions = sorted(movers, key=lambda player: len(left[player]))[: len(movers) - MOST_PLAYERS]
    equilibria, advice = list[Equilibrium](), dict[str, None]()
    for actions in product(*(left[player] for player in conditions)):
        held = list(left)
        for player, action in zip(conditions, actions, strict=True):
            held[player] = np.array([action])
        found = _of_three(game, held, solve, tolerance)
        equilibria += [one for one in found.equilibria if _stays(game, one)]
        advice |= dict.fromkeys([found.advice] if found.verdict != "complete" else [])
    who = " and ".join(f"player {player + 1}" for player in conditions)
    held_in_turn = f"{who} was held at each action in turn; equilibria in which {who} mixes were not looked for"
    verdict: Verdict = "undecided"
    return Solution("mixed", verdict, tuple(equilibria), "; ".join([held_in_turn, *advice]), {"tolerance": tolerance})


def _left(game: NormalFormGame) -> Actions:
    """What iterated strict dominance leaves; dominance by mixed actions is looked for only where it may decide."""
    left = [np.flatnonzero(own) for own in undominated(game.payoffs)]
    if len(_movers(left)) > MOST_PLAYERS:
        left = [np.flatnonzero(own) for own in rationalizable(game)]
    return left


def _movers(left: Sequence[NDArray[np.intp]]) -> list[int]:
    return [player for player, own in enumerate(left) if len(own) > 1]


def _of_three(game: NormalFormGame, left: Actions, solve: Solver, tolerance: float) -> Solution:
    """The equilibria of a game in which at most three players have a choice, in the actions of the whole game."""
    movers = _movers(left)
    three = sorted([*movers, *(i for i in range(game.n_players) if i not in movers)][:MOST_PLAYERS])
    others = tuple(1 + i for i in range(game.n_players) if i not in three)
    inner = restricted(game.payoffs, left)[three].squeeze(axis=others)
    found = solve(NormalFormGame(inner), tolerance)
    whole = (
        described(game, list(_whole(game, left, three, one)), one.index, one.quasi_strict) for one in found.equilibria
    )
    return Solution("mixed", found.verdict, tuple(whole), found.advice, found.settings)


def _whole(game: NormalFormGame, left: Actions, three: Sequence[int], one: Equilibrium) -> Iterator[Floats]:
    """Probabilities of all actions of all players."""
    inner = dict(zip(three, one.probabilities, strict=True))
    for player, count in enumerate(game.actions):
        mixed = np.zeros(count)
        mixed[left[player]] = inner.get(player, (1.0,))
        yield mixed


def _stays(game: NormalFormGame, one: Equilibrium) -> bool:
    return bool(is_equilibrium(game.payoffs, [np.array(mixed) for mixed in one.probabilities]))
