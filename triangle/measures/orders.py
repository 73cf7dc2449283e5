"""Orders of moves under which something else is played than when all move at once."""

from __future__ import annotations

from dataclasses import dataclass

from triangle.games.normal_form import NormalFormGame
from triangle.games.solution import Solution
from triangle.players.notation import Profile
from triangle.solvers.sequential import Effect, SequentialSolution, first_mover_table
from triangle.study.study import Study

Order = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Overturned:
    """Orders of moves that lead to the same outcomes, of which one at least is no equilibrium of moving at once.

    Attributes
    ----------
    orders : tuple of orders
        Those that no leader below stands for.
    leaders : tuple of int
        Players by whose moving first, alone, it comes to this whatever the others' order.
    outcomes : tuple of (profile or None)
        The subgame-perfect outcomes, in the actions of the whole game; None for a lottery over several.
    effects : tuple of str
        What each player has by it against moving at once: gains, loses, the same, or depends.
    new : tuple of (profile or None)
        Those outcomes that are no equilibrium of moving at once.
    """

    orders: tuple[Order, ...]
    leaders: tuple[int, ...]
    outcomes: tuple[Profile | None, ...]
    effects: tuple[Effect, ...]
    new: tuple[Profile | None, ...]

    @property
    def is_sure(self) -> bool:
        """Whether something else is played in any case, no outcome being an equilibrium of moving at once."""
        return self.new == self.outcomes


def overturned(study: Study) -> tuple[Overturned, ...]:
    """The orders of moves that overturn what is stable when all move at once, those with the same outcomes together.

    An order that only selects among the equilibria of moving at once overturns nothing.

    Examples
    --------
    >>> from triangle.study.load import load
    >>> overturned(load("baseline", hold={"US": "engage_both", "RU": "hedge", "CN": "hedge"}))
    ()
    """
    if len(study.hold) == len(study.cast):
        return ()
    table = first_mover_table(study.game, mixed=_mixed)
    usual = set(outcomes_of(study, table.simultaneous))
    together: dict[tuple[tuple[Profile | None, ...], tuple[Effect, ...]], list[Order]] = {}
    for row in table.rows:
        found = outcomes_of(study, row)
        if not set(found) <= usual:
            effects = tuple(table.effect(row, i) for i in range(len(study.cast)))
            together.setdefault((found, effects), []).append(row.order)
    result = []
    for (found, effects), orders in together.items():
        leaders = [i for i in range(len(study.cast)) if {row.order for row in table.led_by(i)} <= set(orders)]
        rest = tuple(order for order in orders if order[0] not in [(i,) for i in leaders])
        result.append(Overturned(rest, tuple(leaders), found, effects, tuple(o for o in found if o not in usual)))
    return tuple(result)


def _mixed(stage: NormalFormGame) -> Solution:
    """The mixed equilibria of a stage without a pure one; few games have such a stage, and the solver is large."""
    from triangle.solvers.mixed.support import solve_mixed

    return solve_mixed(stage)


def outcomes_of(study: Study, solution: SequentialSolution) -> tuple[Profile | None, ...]:
    """The outcomes of an order in the actions of the whole game, each once; None for lotteries."""
    found: list[Profile | None] = []
    for outcome in (*solution.outcomes, *solution.open_outcomes):
        profile = outcome.profile
        found.append(None if profile is None else tuple(study.hold.get(i, action) for i, action in enumerate(profile)))
    return tuple(dict.fromkeys(found))
