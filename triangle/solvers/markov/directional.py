r"""All equilibria of a directional game, by recursive lexicographic search, with a cap and a count.

A dynamic game is **directional** when its states fall into blocks, ordered so that play never returns to an earlier
block: time makes every game over a finite horizon directional. Given which equilibrium is played in all later blocks,
the stage games of a block are independent of each other. The search takes for each stage game one of its equilibria,
goes on to the block before, and takes the next combination when all before are done: a number written in digits of
varying base counts through all equilibria (Iskhakov, Rust and Schjerning 2016). No equilibrium is missed as long as
the equilibria of every stage game are all known.

Their number explodes: a stage game with several equilibria multiplies everything before it. Hence a **cap** on what is
listed and a **budget** of stage games to be solved; the count is exact when the budget sufficed, else a lower bound.

References
----------
Iskhakov, F., Rust, J. and Schjerning, B. (2016). Recursive lexicographical search: finding all Markov perfect
equilibria of finite state directional dynamic games. *Review of Economic Studies* 83(2), 658-703.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import Generic, TypeVar

import numpy as np

from triangle.games.mixed import described
from triangle.games.normal_form import TOLERANCE, Floats, NormalFormGame
from triangle.games.solution import Equilibrium, Verdict
from triangle.games.staged import Policy, StagedGame
from triangle.solvers.markov.backward import lookahead
from triangle.solvers.mixed.support import solve_mixed
from triangle.solvers.pure import solve_pure

#: Equilibria listed, and stage games solved, unless more are asked for.
CAP, BUDGET = 1000, 200_000

T = TypeVar("T")
#: What is chosen in the blocks so far, the last block first -> the equilibria of each stage game of the next one.
StageSolver = Callable[[Sequence[tuple[T, ...]]], Sequence[Sequence[T]]]


@dataclass(frozen=True)
class Listing(Generic[T]):
    """Equilibria of a directional game: for each, what is played in the stage games of each block, the last first.

    Attributes
    ----------
    equilibria : tuple
        At most as many as the cap.
    count : int
        How many there are; if not `complete`, at least so many.
    complete : bool
        Whether the search came to its end within the budget.
    solved : int
        Stage games solved.
    """

    equilibria: tuple[tuple[tuple[T, ...], ...], ...]
    count: int
    complete: bool
    solved: int

    @property
    def left_out(self) -> int:
        """How many counted equilibria are not listed."""
        return self.count - len(self.equilibria)


def search(blocks: int, solve: StageSolver[T], cap: int = CAP, budget: int = BUDGET) -> Listing[T]:
    """Recursive lexicographic search through the equilibria of a directional game of any kind.

    Parameters
    ----------
    blocks : int
        Number of blocks of stage games.
    solve : callable
        From what is chosen in the blocks so far (the last block of the game first) to the equilibria of each stage
        game of the next block. A stage game without equilibria ends that line of the search.
    cap : int
        Most equilibria listed.
    budget : int
        Most stage games solved.

    Examples
    --------
    Two blocks: one stage game with two equilibria, then, after the first of them, one with three and else with one.

    >>> found = search(2, lambda chosen: [[0, 1]] if not chosen else [[0, 1, 2] if chosen[0] == (0,) else [0]])
    >>> found.count, found.complete, found.equilibria[0]
    (4, True, ((0,), (0,)))
    """
    listed: list[tuple[tuple[T, ...], ...]] = []
    count, solved = 0, 0
    # Each level of the stack holds the combinations of a block that are still to be tried, so that deep games need no
    # recursion; `chosen` is the present line.
    chosen: list[tuple[T, ...]] = []
    stack: list[Iterator[tuple[T, ...]]] = []
    while True:
        if len(chosen) == len(stack) and len(chosen) < blocks:
            if solved >= budget:
                return Listing(tuple(listed), count, False, solved)
            games = solve(chosen)
            solved += len(games)
            if len(chosen) == blocks - 1:
                # The first block of the game decides nothing else: its combinations are counted, not walked through.
                count += prod(len(own) for own in games)
                some = islice(product(*games), max(0, cap - len(listed)))
                listed += [(*chosen, last) for last in some]
                if not stack:
                    return Listing(tuple(listed), count, True, solved)
                chosen.pop()
            else:
                stack.append(product(*games))
        following = next(stack[-1], None)
        if following is not None:
            chosen.append(following)
            continue
        stack.pop()
        if not stack:
            return Listing(tuple(listed), count, True, solved)
        chosen.pop()


@dataclass(frozen=True, eq=False)
class AllMarkov:
    """All Markov-perfect equilibria of one staged game over its horizon, as far as they were listed.

    Attributes
    ----------
    policies : tuple of Policy
    values : array, shape (listed, n, states)
        Normalised values in the first period.
    count, complete, solved
        As in :class:`Listing`.
    verdict : {"complete", "degenerate", "undecided"}
        The worst verdict met on a stage game: whether all of its equilibria are known. Pure equilibria always are.
    """

    policies: tuple[Policy, ...]
    values: Floats
    count: int
    complete: bool
    solved: int
    verdict: Verdict


def all_markov(
    game: StagedGame, mixed: bool = False, cap: int = CAP, budget: int = BUDGET, tolerance: float = TOLERANCE
) -> AllMarkov:
    """All Markov-perfect equilibria of one small staged game over its horizon, pure ones or all.

    Parameters
    ----------
    game : StagedGame
        One game (no sample axes).
    mixed : bool
        Whether stage games may be played in mixed actions, for two and three players. If not, a stage game without a
        pure equilibrium ends that line of the search.
    cap, budget : int
        As in :func:`search`.

    Examples
    --------
    Two players who want to meet, twice: 2 x 2 pure equilibria.

    >>> from triangle.games.staged import Move
    >>> meet = np.array([np.diag([2.0, 1.0])] * 2)[..., None]
    >>> game = StagedGame(lambda t: meet, [Move.still((2, 2))], [0.5, 0.5], periods=2, terminal=np.zeros((2, 1)))
    >>> found = all_markov(game)
    >>> found.count, sorted(found.values[:, 0, 0].tolist())
    (4, [0.75, 1.0, 1.25, 1.5])
    """
    if game.samples:
        raise ValueError(f"one game is searched at a time, not a batch of shape {game.samples}")
    after = game.terminal is None
    verdicts: set[Verdict] = set()

    def solve(chosen: Sequence[tuple[Equilibrium, ...]]) -> list[tuple[Equilibrium, ...]]:
        period = game.periods - 1 - len(chosen) + after
        if period == game.periods:
            worth = game.payoffs(period - 1)
        else:
            worth = lookahead(game, period, _values(chosen[-1]) if chosen else _given(game))
        return [_stage(game, min(period, game.periods - 1), worth[..., s], mixed, tolerance, verdicts) for s in
                range(game.states)]  # fmt: skip

    listing = search(game.periods + after, solve, cap, budget)
    policies = tuple(_policy(game, line[::-1]) for line in listing.equilibria)
    values = np.array([_values(line[-1]) for line in listing.equilibria]).reshape(-1, game.n_players, game.states)
    order: tuple[Verdict, ...] = ("undecided", "degenerate", "complete")
    verdict = next((v for v in order if v in verdicts), "complete")
    return AllMarkov(policies, values, listing.count, listing.complete, listing.solved, verdict)


def _given(game: StagedGame) -> Floats:
    assert game.terminal is not None
    return game.terminal


def _values(block: Sequence[Equilibrium]) -> Floats:
    """Values in the states of one period, shape (n, states)."""
    return np.array([e.payoffs for e in block]).T


def _stage(
    game: StagedGame, period: int, worth: Floats, mixed: bool, tolerance: float, verdicts: set[Verdict]
) -> tuple[Equilibrium, ...]:
    """Equilibria of one stage game, in the numbering of all actions."""
    held = game.held.get(period, {})
    left = NormalFormGame(worth).hold(held)
    solution = solve_mixed(left) if mixed else solve_pure(left, tolerance)
    verdicts.add(solution.verdict)
    if not held:
        return solution.equilibria
    whole = NormalFormGame(worth)
    return tuple(described(whole, _widened(game, held, e)) for e in solution.equilibria)


def _widened(game: StagedGame, held: Mapping[int, int], equilibrium: Equilibrium) -> list[Floats]:
    """Mixed actions over all actions, with a one for what a held player plays."""
    return [
        np.eye(count)[held[i]] if i in held else np.array(x)
        for i, (count, x) in enumerate(zip(game.actions, equilibrium.probabilities, strict=True))
    ]


def _policy(game: StagedGame, blocks: Sequence[Sequence[Equilibrium]]) -> Policy:
    """One listed equilibrium as a policy, the first period first."""
    flat = [e for block in blocks for e in block]
    pure = [e.profile for e in flat]
    profiles = np.array([-1 if p is None else np.ravel_multi_index(p, game.actions) for p in pure], dtype=np.intp)
    places = np.flatnonzero(profiles < 0)
    rows = tuple(
        np.array([flat[k].probabilities[i] for k in places]).reshape(-1, count).T
        for i, count in enumerate(game.actions)
    )
    return Policy(profiles.reshape(len(blocks), game.states), places, rows)
