r"""Order of moves: all subgame-perfect outcomes in pure actions, for any number of players and any (partial) order.

An **order** splits the players into stages :math:`S_1, \dots, S_m`. The players of a stage move at the same time,
knowing what every earlier stage did; payoffs are those of the simultaneous game, :math:`u_i(a_1, \dots, a_n)`.
One stage of all players is the simultaneous game; stages of one player each are a game of perfect information.

Backward induction is set-valued, since under ties each choice of a continuation is a subgame-perfect equilibrium of
its own (Selten 1965). Let :math:`E(h)` be the outcomes of the subgame after history :math:`h`, over all
of its equilibria. After stage :math:`S` an outcome :math:`o \in E(h, a_S)` belongs to :math:`E(h)` exactly when
no mover gains against the continuation that is worst for it,

.. math:: u_i(o) \ge \min_{o' \in E(h, (b_i, a_{S \setminus i}))} u_i(o')
          \quad \text{for all } i \in S \text{ and } b_i \ne a_i ,

because different deviations lead to different subgames, whose continuations are chosen independently. Hence for a sole
leader the lowest and the highest payoff over :math:`E` are the *pessimistic* (weak Stackelberg) value
:math:`\max_a \min_{o \in E(a)} u_i(o)` and the *optimistic* (strong Stackelberg) value
:math:`\max_a \max_{o \in E(a)} u_i(o)` (von Stengel and Zamir 2010).

A stage of two or more players may have no pure equilibrium. Such a subgame is a **gap**. It is always listed.
A function that finds mixed equilibria may fill it; otherwise all that is used is that the subgame has *some*
equilibrium (Nash 1951), whose payoffs lie between the smallest and the largest of the subgame. What this leaves open
makes the verdict ``undecided``; a gap that no mover would enter whatever is played in it leaves it ``complete``.

References
----------
Selten, R. (1965). Spieltheoretische Behandlung eines Oligopolmodells mit Nachfrageträgheit. *Zeitschrift für die
gesamte Staatswissenschaft* 121, 301-324 and 667-689.
von Stengel, B. and Zamir, S. (2010). Leadership games with convex strategy sets. *Games and Economic Behavior*
69(2), 446-457.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.normal_form import Bools, Floats, NormalFormGame, allowed
from triangle.games.solution import Solution, Verdict

#: Stages in the order of play; a number is a stage of one player.
Order = Sequence[int | Collection[int]]

#: Most choices of continuations that are tried to fill the gap of one stage that is not the last.
MAX_SELECTIONS = 256

#: Decimals to which two lotteries must agree to be listed as one.
LOTTERY_DECIMALS = 12

Stages = tuple[tuple[int, ...], ...]
Profile = tuple[int, ...]
MixedSolver = Callable[[NormalFormGame], Solution]
Effect = Literal["gains", "loses", "same", "depends"]


@dataclass(frozen=True)
class Outcome:
    """What is played along the path of one equilibrium: a lottery over profiles, certain unless a gap was filled.

    Attributes
    ----------
    lottery : tuple of (profile, probability)
    payoffs : tuple of float
        Expected payoff of each player.
    """

    lottery: tuple[tuple[Profile, float], ...]
    payoffs: tuple[float, ...]

    @property
    def profile(self) -> Profile | None:
        """The profile of a certain outcome; None for a lottery over several."""
        return self.lottery[0][0] if len(self.lottery) == 1 else None


@dataclass(frozen=True)
class Gap:
    """A simultaneous stage in which no pure equilibrium is proven under any choice of continuations.

    Attributes
    ----------
    history : tuple of (player, action)
        What was played before it.
    movers : tuple of int
        The players of the stage.
    filled : bool
        Whether mixed equilibria of the stage were found and used.
    """

    history: tuple[tuple[int, int], ...]
    movers: tuple[int, ...]
    filled: bool


@dataclass(frozen=True)
class SequentialSolution:
    """All subgame-perfect outcomes of one game under one order of moves.

    Attributes
    ----------
    order : tuple of tuples
        The stages.
    verdict : str
        ``complete``: `outcomes` are all of them. ``undecided``: a gap matters; `outcomes` are proven,
        `open_outcomes` depend on what is played in the gaps. Another verdict is that of the mixed solver.
    outcomes, open_outcomes : tuple of Outcome
    low, high : tuple of float
        Smallest and largest payoff of each player over everything that is not excluded.
    gaps : tuple of Gap
    """

    order: Stages
    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    open_outcomes: tuple[Outcome, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    gaps: tuple[Gap, ...]
    advice: str = ""
    settings: dict[str, object] = field(default_factory=dict)

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Profiles of the outcomes that are certain, in order."""
        return tuple(sorted(o.profile for o in self.outcomes if o.profile is not None))


@dataclass(frozen=True)
class _Subgame:
    """What is known of the outcomes of a subgame: the proven, the possible (proven included), bounds on the others."""

    sure: tuple[Outcome, ...]
    maybe: tuple[Outcome, ...]
    others: tuple[tuple[float, float], ...] | None

    def bounds(self, player: int) -> tuple[float, float]:
        """Smallest and largest payoff of `player` over everything that may be an outcome."""
        values = [o.payoffs[player] for o in self.maybe]
        values += self.others[player] if self.others else ()
        return min(values), max(values)

    def worst(self, player: int) -> tuple[float, float]:
        """Between what and what the worst outcome for `player` lies."""
        if len(self.maybe) == 1 and not self.others:
            return (self.maybe[0].payoffs[player],) * 2
        low, high = self.bounds(player)
        return low, min((o.payoffs[player] for o in self.sure), default=high)


def stages_of(order: Order, n_players: int) -> Stages:
    """The stages of an order, each sorted.

    Raises
    ------
    ValueError
        If some player of ``0 .. n_players - 1`` does not move exactly once.
    """
    stages = tuple((int(s),) if np.ndim(s) == 0 else tuple(sorted(int(i) for i in s)) for s in order)  # type: ignore
    movers = sorted(itertools.chain.from_iterable(stages))
    if movers != list(range(n_players)) or () in stages:
        raise ValueError(f"order {stages}: each player of 0..{n_players - 1} must move exactly once, got {movers}")
    return stages


def all_orders(n_players: int) -> Iterator[Stages]:
    """Every order of moves: all ordered partitions of the players (1, 3, 13, 75, 541 for one to five players).

    Examples
    --------
    >>> list(all_orders(2))
    [((0,), (1,)), ((1,), (0,)), ((0, 1),)]
    """

    def split(left: tuple[int, ...]) -> Iterator[Stages]:
        if not left:
            yield ()
        for size in range(1, len(left) + 1):
            for first in itertools.combinations(left, size):
                for rest in split(tuple(i for i in left if i not in first)):
                    yield (first, *rest)

    return split(tuple(range(n_players)))


def solve_sequential(
    game: NormalFormGame, order: Order, tolerance: ArrayLike | None = None, mixed: MixedSolver | None = None
) -> SequentialSolution:
    """All subgame-perfect outcomes in pure actions of one game of any number of players; ties give sets.

    Parameters
    ----------
    game : NormalFormGame
        One game (no sample axes). For a batch use :func:`subgame_perfect`.
    order : sequence of int or collections of int
        The stages, for instance ``[0, (1, 2)]``: player 0 leads, the others follow at the same time.
    tolerance : float or array, optional
        Largest gain by deviating that counts as none, in units of payoff: see
        :func:`~triangle.games.normal_form.allowed`.
    mixed : function of a NormalFormGame, optional
        Finds mixed equilibria of a stage (its movers only, in player order) that has no pure one. Mixed play is
        looked for in such stages only: elsewhere every equilibrium counted here is pure.

    Notes
    -----
    Behind a gap that is filled at an inner stage every choice of continuations is tried, up to ``MAX_SELECTIONS``;
    beyond, the gap stays unfilled.

    References
    ----------
    Selten (1965); see the module.

    Examples
    --------
    The entry game, a stage of the chain store game (Selten 1978, *Theory and Decision* 9, p. 127-159): staying out
    against the threat to fight is an equilibrium, but not a subgame-perfect one.

    >>> entry = NormalFormGame([[[1, 1], [2, 0]], [[5, 5], [2, 0]]])  # entrant: out, in; incumbent: yield, fight
    >>> solve_sequential(entry, [(0, 1)]).profiles
    ((0, 1), (1, 0))
    >>> solve_sequential(entry, [0, 1]).profiles
    ((1, 0),)
    """
    return _solved(_asked(game, tolerance, mixed), stages_of(order, game.n_players))


class _Asked(NamedTuple):
    """What is the same under every order: the actions, what is left when all have moved, and how stages are solved."""

    actions: tuple[int, ...]
    ends: Mapping[Profile, _Subgame]
    tolerance: tuple[float, ...]
    mixed: MixedSolver | None


def _asked(game: NormalFormGame, tolerance: ArrayLike | None, mixed: MixedSolver | None) -> _Asked:
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    profiles = itertools.product(*map(range, game.actions))
    payoffs = zip(*game.payoffs.reshape(game.n_players, -1).tolist(), strict=True)
    played = {profile: (Outcome(((profile, 1.0),), own),) for profile, own in zip(profiles, payoffs, strict=True)}
    ends = {profile: _Subgame(outcome, outcome, None) for profile, outcome in played.items()}
    return _Asked(game.actions, ends, tuple(map(float, allowed(game.payoffs, tolerance).ravel())), mixed)


def _solved(asked: _Asked, stages: Stages) -> SequentialSolution:
    """The outcomes under one order of moves."""
    gaps: list[Gap] = []
    verdicts: list[Verdict] = []
    root = _solve_subgame(asked, stages, (), gaps, verdicts)
    bounds = [root.bounds(i) for i in range(len(asked.actions))]
    still_open = tuple(o for o in root.maybe if o not in root.sure)
    verdict: Verdict = "undecided" if still_open or root.others else _weakest(verdicts)
    return SequentialSolution(
        order=stages,
        verdict=verdict,
        outcomes=root.sure,
        open_outcomes=still_open,
        low=tuple(low for low, _ in bounds),
        high=tuple(high for _, high in bounds),
        gaps=tuple(gaps),
        advice=_advice(verdict, gaps),
        settings={"tolerance": list(asked.tolerance), "mixed": asked.mixed is not None},
    )


def _weakest(verdicts: Sequence[Verdict]) -> Verdict:
    """The least that all the verdicts vouch for."""
    scale: tuple[Verdict, ...] = ("undecided", "degenerate", "complete")
    return min(verdicts, key=scale.index, default="complete")


def _advice(verdict: Verdict, gaps: Sequence[Gap]) -> str:
    """What the gaps mean for the answer and what to ask next."""
    unfilled = sum(not gap.filled for gap in gaps)
    if unfilled == 0:
        return f"mixed equilibria were used in {len(gaps)} stages without a pure one" if gaps else ""
    if verdict == "undecided":
        return (
            f"{unfilled} subgames without pure equilibrium matter to the outcome: a solver must find their mixed ones"
        )
    return f"{unfilled} subgames have no pure equilibrium, but whatever is played there, no outcome changes"


def _solve_subgame(
    asked: _Asked,
    stages: Stages,
    history: tuple[tuple[int, int], ...],
    gaps: list[Gap],
    verdicts: list[Verdict],
) -> _Subgame:
    """Backward induction after `history`; finds of gaps and verdicts of the mixed solver are appended."""
    if not stages:
        return asked.ends[tuple(action for _, action in sorted(history))]
    movers, later = stages[0], stages[1:]
    children = {
        joint: _solve_subgame(asked, later, (*history, *zip(movers, joint, strict=True)), gaps, verdicts)
        for joint in itertools.product(*(range(asked.actions[i]) for i in movers))
    }
    found = _stage_outcomes(children, movers, asked.actions, asked.tolerance)
    if found.sure or len(movers) == 1:
        return found
    filled = _fill(children, movers, asked.mixed, verdicts) if asked.mixed and not found.maybe else ()
    gaps.append(Gap(history, movers, bool(filled)))
    if filled:
        return _Subgame(filled, filled, None)
    return _Subgame((), found.maybe, _hull(list(children.values()), len(asked.actions)))


def _stage_outcomes(
    children: dict[Profile, _Subgame], movers: tuple[int, ...], actions: tuple[int, ...], tolerance: Sequence[float]
) -> _Subgame:
    """The outcomes of the children that survive every deviation of the movers, judged for sure and judged at best."""
    sure: list[Outcome] = []
    maybe: list[Outcome] = []
    reachable: list[_Subgame] = []
    worst = {joint: [child.worst(i) for i in movers] for joint, child in children.items()}
    for joint, child in children.items():
        firm = {i: -math.inf for i in movers}
        loose = {i: -math.inf for i in movers}
        for place, mover in enumerate(movers):
            for action in range(actions[mover]):
                if action == joint[place]:
                    continue
                low, high = worst[(*joint[:place], action, *joint[place + 1 :])][place]
                loose[mover] = max(loose[mover], low - tolerance[mover])
                firm[mover] = max(firm[mover], high - tolerance[mover])
        sure += [o for o in child.sure if all(o.payoffs[i] >= firm[i] for i in movers)]
        maybe += [o for o in child.maybe if all(o.payoffs[i] >= loose[i] for i in movers)]
        if child.others and all(child.others[i][1] >= loose[i] for i in movers):
            reachable.append(_Subgame((), (), child.others))
    return _Subgame(tuple(sure), tuple(maybe), _hull(reachable, len(actions)) if reachable else None)


def _hull(subgames: Sequence[_Subgame], n_players: int) -> tuple[tuple[float, float], ...]:
    """Bounds on the payoffs of every mixture of the outcomes of the subgames."""
    bounds = [[subgame.bounds(i) for subgame in subgames] for i in range(n_players)]
    return tuple((min(low for low, _ in own), max(high for _, high in own)) for own in bounds)


def _fill(
    children: dict[Profile, _Subgame], movers: tuple[int, ...], mixed: MixedSolver, verdicts: list[Verdict]
) -> tuple[Outcome, ...]:
    """Outcomes of mixed equilibria of a stage, over every choice of continuations; empty where that is not decided."""
    if any(child.others or len(child.maybe) > len(child.sure) for child in children.values()):
        return ()
    if math.prod(len(child.sure) for child in children.values()) > MAX_SELECTIONS:
        return ()
    joints = list(children)
    shape = tuple(1 + max(joint[place] for joint in joints) for place in range(len(movers)))
    found: dict[object, Outcome] = {}
    for continuation in itertools.product(*(child.sure for child in children.values())):
        stage = np.empty((len(movers), *shape))
        for joint, outcome in zip(joints, continuation, strict=True):
            stage[(slice(None), *joint)] = [outcome.payoffs[i] for i in movers]
        solution = mixed(NormalFormGame(stage))
        verdicts.append(solution.verdict)
        for equilibrium in solution.equilibria:
            weights = [
                math.prod(mix[a] for mix, a in zip(equilibrium.probabilities, joint, strict=True)) for joint in joints
            ]
            outcome = _mixture(continuation, weights)
            found.setdefault(tuple((p, round(w, LOTTERY_DECIMALS)) for p, w in outcome.lottery), outcome)
    return tuple(found.values())


def _mixture(outcomes: Sequence[Outcome], weights: Sequence[float]) -> Outcome:
    """The lottery over outcomes."""
    lottery: dict[Profile, float] = {}
    for outcome, weight in zip(outcomes, weights, strict=True):
        for profile, probability in outcome.lottery:
            if weight * probability > 0.0:
                lottery[profile] = lottery.get(profile, 0.0) + weight * probability
    payoffs = np.array(weights) @ np.array([o.payoffs for o in outcomes])
    return Outcome(tuple(sorted(lottery.items())), tuple(float(u) for u in payoffs))


@dataclass(frozen=True, eq=False)
class SubgamePerfect:
    """Subgame-perfect outcomes of a batch of games under one order, as masks over the action profiles.

    Attributes
    ----------
    sure, maybe : arrays of bool, shape (|A_1|, ..., |A_n|, ...samples)
        Profiles that are proven outcomes; profiles that are outcomes for some play in the gaps (`sure` included).
    gap : array of bool, same shape
        Profiles that may be played with some probability by mixing in a stage that has no pure equilibrium.
    low, high : arrays, shape (n, ...samples)
        Smallest and largest payoff of each player over everything that is not excluded.
    """

    sure: Bools
    maybe: Bools
    gap: Bools
    low: Floats
    high: Floats

    @property
    def undecided(self) -> Bools:
        """Whether the outcome depends on play in a gap, shape (...samples)."""
        axes = tuple(range(self.low.shape[0]))
        return np.asarray((self.gap | (self.maybe & ~self.sure)).any(axis=axes))


def subgame_perfect(payoffs: Floats, order: Order, tolerance: ArrayLike | None = None) -> SubgamePerfect:
    """Subgame-perfect outcomes in pure actions of a batch of games of any number of players; ties give sets.

    The same rule as :func:`solve_sequential` without a mixed solver, on whole arrays.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    order : sequence of int or collections of int
    tolerance : float or array, optional
        Largest gain by deviating that counts as none, in units of payoff: see
        :func:`~triangle.games.normal_form.allowed`.

    Examples
    --------
    >>> entry = np.array([[[1.0, 1], [2, 0]], [[5, 5], [2, 0]]])
    >>> subgame_perfect(entry, [0, 1]).sure.astype(int).tolist()
    [[0, 0], [1, 0]]
    """
    n = payoffs.shape[0]
    most = allowed(payoffs, tolerance)
    sure = np.ones(payoffs.shape[1:], dtype=bool)
    maybe, gap = sure, np.zeros_like(sure)
    later: tuple[int, ...] = ()
    for movers in reversed(stages_of(order, n)):
        reachable = maybe | gap
        firm, loose, enterable = sure, maybe, gap
        for player in movers:
            own = payoffs[player]
            low = np.where(reachable, own, np.inf).min(axis=later, keepdims=True)
            best = np.where(reachable, own, -np.inf).max(axis=later, keepdims=True)
            worst_sure = np.where(sure, own, np.inf).min(axis=later, keepdims=True)
            high = np.where(sure.any(axis=later, keepdims=True), worst_sure, best)
            firm = firm & (own >= high.max(axis=player, keepdims=True) - most[player])
            threshold = low.max(axis=player, keepdims=True) - most[player]
            loose = loose & (own >= threshold)
            best_in_gap = np.where(gap, own, -np.inf).max(axis=later, keepdims=True)
            enterable = enterable & (best_in_gap >= threshold)
        later = (*later, *movers)
        if len(movers) > 1:
            enterable = np.where(firm.any(axis=later, keepdims=True), enterable, reachable)
        sure, maybe, gap = firm, loose, enterable
    left = maybe | gap
    actions = tuple(range(1, 1 + n))
    return SubgamePerfect(
        sure=sure,
        maybe=maybe,
        gap=gap,
        low=np.where(left, payoffs, np.inf).min(axis=actions),
        high=np.where(left, payoffs, -np.inf).max(axis=actions),
    )


@dataclass(frozen=True)
class MoverTable:
    """Each player's payoffs under every order of moves, against the simultaneous game.

    Attributes
    ----------
    simultaneous : SequentialSolution
    rows : tuple of SequentialSolution
        One for each other order.
    tolerance : tuple of float
        Difference of each player's payoffs that counts as none.
    """

    simultaneous: SequentialSolution
    rows: tuple[SequentialSolution, ...]
    tolerance: tuple[float, ...]

    def gain(self, row: SequentialSolution, player: int) -> tuple[float, float]:
        """Smallest and largest gain of `player` by the order of `row` over the simultaneous game, in any selection."""
        return row.low[player] - self.simultaneous.high[player], row.high[player] - self.simultaneous.low[player]

    def effect(self, row: SequentialSolution, player: int) -> Effect:
        """Whether `player` gains or loses by the order of `row` in every selection, or whether that depends on it."""
        low, high = self.gain(row, player)
        most = self.tolerance[player]
        if low > most:
            return "gains"
        if high < -most:
            return "loses"
        return "same" if max(-low, high) <= most else "depends"

    def led_by(self, player: int) -> tuple[SequentialSolution, ...]:
        """The orders in which `player` moves first, alone."""
        return tuple(row for row in self.rows if row.order[0] == (player,))


def first_mover_table(
    game: NormalFormGame, tolerance: ArrayLike | None = None, mixed: MixedSolver | None = None
) -> MoverTable:
    """Who gains by moving first: every order of moves of one game beside the simultaneous game.

    For three players these are the six full orders, the three with one leader, the three with two leaders, and the
    simultaneous game. Parameters as in :func:`solve_sequential`.

    Notes
    -----
    The number of orders grows as 1, 3, 13, 75, 541; more than five players are refused.

    Examples
    --------
    In the battle of the sexes each gains by moving first, if the simultaneous game ends at the other's favourite.

    >>> battle = NormalFormGame([[[2, 0], [0, 1]], [[1, 0], [0, 2]]])
    >>> table = first_mover_table(battle)
    >>> [(row.order, row.high, table.gain(row, 0)) for row in table.led_by(0)]
    [(((0,), (1,)), (2.0, 1.0), (0.0, 1.0))]
    """
    if game.n_players > 5:
        raise ValueError(f"{game.n_players} players have too many orders of moves to list; at most 5")
    asked = _asked(game, tolerance, mixed)
    solutions = [_solved(asked, stages) for stages in all_orders(game.n_players)]
    return MoverTable(
        simultaneous=next(s for s in solutions if len(s.order) == 1),
        rows=tuple(s for s in solutions if len(s.order) > 1),
        tolerance=asked.tolerance,
    )
