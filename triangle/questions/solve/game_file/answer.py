"""The methods of ``solve`` for a game of a file: any players, any actions, payoffs without a unit.

Each hands the game to one solver and keeps its record beside the names in the file. Mixed equilibria are listed for up
to three players with a choice; of more, the pure ones and the end of the principal logit branch are known, and the
answer says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import comb, prod
from typing import Any

import numpy as np

from triangle.base.errors import BadInput, Fault, check_probability, printable, shorten
from triangle.games.interchange import GameFile
from triangle.games.mixed import described
from triangle.games.normal_form import NormalFormGame
from triangle.games.solution import Equilibrium, Solution, Verdict
from triangle.questions.solve.observed import Estimate, fit, place_of, read_observed
from triangle.solvers.agreements import TRUST, Agreement, agreements
from triangle.solvers.coalitions import solve_coalitions
from triangle.solvers.correlated import Bounds, correlated_bounds
from triangle.solvers.dynamics import basins, draw_starts
from triangle.solvers.logit.branch import limiting_logit, solve_logit
from triangle.solvers.logit.limit import logit_limit
from triangle.solvers.mixed.bilateral import solve_bilateral
from triangle.solvers.mixed.support import solve_mixed
from triangle.solvers.pure import solve_pure
from triangle.solvers.rationalizable import rationalizable, undecided
from triangle.solvers.repeated import solve_repeated
from triangle.solvers.selection import select
from triangle.solvers.sequential import solve_sequential
from triangle.solvers.zero_sum import TOO_LARGE

#: Said wherever mixed equilibria are wanted of more players than there is a method for.
NOT_LOOKED_FOR = (
    "mixed equilibria of four or more players are not looked for: listed are all pure ones and the end of the "
    "principal logit branch"
)
#: Said where pure equilibria are asked for of so many players.
PURE_ONLY = (
    "mixed equilibria of four or more players are not looked for by any method; --method mixed adds the end of the "
    "principal logit branch, --method correlated bounds them all"
)
#: Methods of whose answers there is a picture.
PICTURED = ("pure", "mixed", "logit", "correlated")
#: Most supports of equal size of two players' actions: 8 x 8 actions have 12,869.
MOST_SUPPORTS = 13_000
#: Most undominated actions of one of three players; above, the searches have no elimination for some supports.
MOST_ACTIONS = 6
#: Largest payoff for methods that add payoffs up.
LARGEST = 1e300
#: Starting points from which the basins of the dynamics are measured.
STARTS = 400
#: Most profiles of which each one's probability is bounded, and most entries of one linear programme.
MOST_PROFILES, MOST_ENTRIES = 64, 5_000_000
#: Most profiles of a game whose tree is solved backwards, and most players whose coalitions are valued.
MOST_TREE, MOST_COALITIONS = 4096, 8


@dataclass(frozen=True)
class GameAnswer:
    """What one method says of the game of a file.

    Attributes
    ----------
    file : GameFile
    method : str
    verdict : str
        Of the method, on its own answer.
    equilibria : tuple of Equilibrium
        Empty for methods that list none.
    remarks : tuple of str
        Advice of the solver, what was not looked for, what became of payoffs as they were read.
    settings : dict
    components, subsets : tuples of tuples of int
        See :class:`~triangle.games.solution.Solution`.
    found : object
        The record of a method that answers otherwise than by a list of equilibria.
    held : dict of str to str
        Players that were held, and at what; `file` is the game that this leaves.
    agreements : tuple of tuples of Agreement
        For each pure equilibrium, joint changes of two that both gain by and both would keep; see `trust`.
    trust : float
        Trust up to which an agreement counts.
    estimate : Estimate or None
        Of λ from observed play, where that was asked for.
    """

    file: GameFile
    method: str
    verdict: Verdict
    equilibria: tuple[Equilibrium, ...] = ()
    remarks: tuple[str, ...] = ()
    settings: dict[str, object] = field(default_factory=dict)
    components: tuple[tuple[int, ...], ...] = ()
    subsets: tuple[tuple[int, ...], ...] = ()
    found: Any = None
    held: Mapping[str, str] = field(default_factory=dict)
    agreements: tuple[tuple[Agreement, ...], ...] = ()
    trust: float = TRUST
    estimate: Estimate | None = None


@dataclass(frozen=True)
class CorrelatedBounds:
    """Bounds on each player's payoff and, in small games, on each profile's probability, correlated and coarse."""

    payoffs: tuple[Bounds, Bounds]
    profiles: tuple[Bounds, Bounds] | None


def answer(
    file: GameFile,
    method: str,
    *,
    order: Sequence[Sequence[int]] | None = None,
    lam: float = 10.0,
    normalised: bool = True,
    seed: int = 0,
    hold: Mapping[int, int] | None = None,
    trust: float = TRUST,
    observed: Sequence[str] = (),
) -> GameAnswer:
    """Ask the game of a file by one method, for any number of players.

    Parameters
    ----------
    file : GameFile
    method : str
        ``pure``, ``mixed``, ``logit``, ``correlated``, ``selection``, ``repeated``, ``coalitions``,
        ``rationalizable`` or ``order``.
    order : sequence of sequences of int
        Stages of play, for ``order``.
    lam, normalised : float, bool
        Rationality for ``logit``, in one over the unit of payoff or in one over the payoff range.
    seed : int
        Of the starting points, for ``selection``.
    hold : dict of player to action
        Players that do not choose.
    trust : float
        Up to which agreements of two count, for ``pure``.
    observed : sequence of str
        Play that λ is estimated from, for ``logit``; see :func:`~triangle.questions.solve.observed.read_observed`.

    Raises
    ------
    BadInput
        For a game too large for the method.
    """
    held = {file.player_labels[i]: file.action_labels[i][a] for i, a in (hold or {}).items()}
    left = with_held(file, hold) if hold else file
    found = _logit_of_play(left, observed) if observed else _answer(left, method, order, lam, normalised, seed, trust)
    return replace(found, held=held)


def with_held(file: GameFile, hold: Mapping[int, int]) -> GameFile:
    """The game that is left where players are held, each with the one action that it is held at."""
    actions = [(names[hold[i]],) if i in hold else names for i, names in enumerate(file.action_labels)]
    return replace(file, game=file.game.hold(hold), players=file.player_labels, actions=tuple(actions))


def _logit_of_play(file: GameFile, observed: Sequence[str]) -> GameAnswer:
    """The logit equilibrium at the λ at which observed play is most likely."""
    _refuse_huge(file.game)
    found = fit(file.game, read_observed(observed, file.player_labels, file.action_labels))
    return replace(_of(file, found.solution), estimate=found.estimate)


def _refuse_huge(game: NormalFormGame) -> None:
    if np.abs(game.payoffs).max() > LARGEST:
        advice = "divide all by one number, which changes no equilibrium"
        raise BadInput(
            Fault("FILE", "", f"payoffs beyond {LARGEST:g} have sums that are no numbers any more; {advice}")
        )


def _answer(
    file: GameFile,
    method: str,
    order: Sequence[Sequence[int]] | None,
    lam: float,
    normalised: bool,
    seed: int,
    trust: float,
) -> GameAnswer:
    game = file.game
    if method not in ("pure", "mixed"):
        _refuse_huge(game)
    if method == "pure":
        return _pure(file, trust)
    if method == "mixed":
        return _of(file, known_equilibria(game))
    if method == "logit":
        return _of(file, solve_logit(game, lam, normalised))
    if method == "correlated":
        return _correlated(file)
    if method == "order":
        assert order is not None
        return _in_order(file, order)
    if method == "coalitions":
        if game.n_players > MOST_COALITIONS:
            raise _too_large(f"{game.n_players} players; coalitions are valued for at most {MOST_COALITIONS}")
        shared = solve_coalitions(game, "mixed")
        return GameAnswer(file, method, shared.verdict, remarks=_remarks(file, shared.advice), found=shared)
    if method == "rationalizable":
        return _surviving(file)
    listed = known_equilibria(game)
    if method == "repeated":
        found: Any = solve_repeated(game, listed.equilibria)
        verdict = listed.verdict if found.verdict == "complete" else found.verdict
        listed = replace(listed, verdict=verdict, advice="; ".join(filter(None, (listed.advice, found.advice))))
    else:
        starts = draw_starts(game.actions, STARTS, np.random.default_rng(seed))
        limit = limiting_logit(game.payoffs)
        found = select(
            game,
            listed.equilibria,
            limiting_logit=limit.probabilities if bool(np.all(limit.settled)) else None,
            basins=[basins(game, listed.equilibria, starts, dynamic) for dynamic in ("replicator", "best response")],
        )
    return replace(_of(file, listed), method=method, found=found)


def _surviving(file: GameFile) -> GameAnswer:
    """Of each player, the actions that iterated strict dominance by mixed actions leaves."""
    told, remaining = [*_remarks(file)], rationalizable(file.game)
    if unsure := undecided(file.game, remaining):
        told.append(f"{unsure} of the actions that are left may be dominated: {TOO_LARGE}")
    for who, names, left in zip(file.player_labels, file.action_labels, remaining, strict=True):
        kept = ", ".join(printable(name, 40) for name, stays in zip(names, left, strict=True) if stays)
        told.append(f"{printable(who, 40)} is left with {kept}")
    return GameAnswer(file, "rationalizable", "undecided" if unsure else "complete", remarks=tuple(told))


def _pure(file: GameFile, trust: float) -> GameAnswer:
    """The pure equilibria, and the agreements by which two would leave each."""
    check_probability(trust, "--trust")
    found = solve_pure(file.game)
    if sum(count > 1 for count in file.game.actions) > 3:
        found = replace(found, advice="; ".join(filter(None, (found.advice, PURE_ONLY))))
    away = tuple(_agreements(file.game, e.profile) for e in found.equilibria if e.profile is not None)
    return replace(_of(file, found), agreements=away, trust=trust)


def _agreements(game: NormalFormGame, profile: Sequence[int]) -> tuple[Agreement, ...]:
    """The agreements from a profile, found in a unit in which no sum of payoffs overflows."""
    power = int(np.frexp(np.abs(game.payoffs).max())[1])
    found = agreements(NormalFormGame(np.ldexp(game.payoffs, -power)), profile)
    with np.errstate(over="ignore"):
        return tuple(replace(a, gains=tuple(np.ldexp(a.gains, power).tolist())) for a in found)


def known_equilibria(game: NormalFormGame) -> Solution:
    """All mixed equilibria where there is a method for it; else the pure ones and the end of the logit branch."""
    if game.n_players == 1:
        return _of_one(game)
    movers = [p for p, count in enumerate(game.actions) if count > 1]
    size = [game.actions[p] for p in movers]
    if len(movers) <= 2:
        if len(movers) < 2 or comb(sum(size), size[0]) <= MOST_SUPPORTS:
            return solve_bilateral(game)
        return _without_mixed(
            game, f"two players of {size[0]} and {size[1]} actions have too many supports to go through"
        )
    if len(movers) > 3:
        return _without_mixed(game, NOT_LOOKED_FOR)
    if max(size) > MOST_ACTIONS:
        return _without_mixed(game, f"three players of {', '.join(map(str, size))} actions have too many supports")
    found = solve_mixed(NormalFormGame(game.payoffs[movers].reshape(3, *size)))
    return replace(found, equilibria=tuple(_for_all(game, movers, e) for e in found.equilibria))


def _of_one(game: NormalFormGame) -> Solution:
    """The equilibria of one player alone, beside whom a second has nothing to choose."""
    found = known_equilibria(NormalFormGame(np.stack([game.payoffs[0], np.zeros(game.actions)])[..., None]))
    alone = (described(game, [np.array(e.probabilities[0])], e.index, e.quasi_strict) for e in found.equilibria)
    return replace(found, equilibria=tuple(alone))


def _for_all(game: NormalFormGame, movers: Sequence[int], equilibrium: Equilibrium) -> Equilibrium:
    """An equilibrium of the players that have a choice, as one of all players."""
    mixed = [np.ones(1)] * game.n_players
    for player, probabilities in zip(movers, equilibrium.probabilities, strict=True):
        mixed[player] = np.array(probabilities)
    return described(game, mixed, equilibrium.index, equilibrium.quasi_strict)


def _without_mixed(game: NormalFormGame, why: str) -> Solution:
    """The pure equilibria, and the end of the logit branch where it is none of them."""
    known = list(solve_pure(game).equilibria)
    end = logit_limit(game)
    for equilibrium in end.equilibria:
        near = [_apart(e, equilibrium) for e in known]
        if min(near, default=1.0) > 1e-6:
            known.append(equilibrium)
    why = why if why == NOT_LOOKED_FOR else f"{why}; listed are all pure equilibria and the end of the logit branch"
    return Solution("mixed", "undecided", tuple(known), "; ".join(filter(None, (why, end.advice))))


def _apart(one: Equilibrium, other: Equilibrium) -> float:
    """Largest difference of a probability."""
    pairs = zip(one.probabilities, other.probabilities, strict=True)
    return max(abs(p - q) for x, y in pairs for p, q in zip(x, y, strict=True))


def _of(file: GameFile, solution: Solution) -> GameAnswer:
    return GameAnswer(
        file,
        solution.method,
        solution.verdict,
        solution.equilibria,
        _remarks(file, solution.advice),
        dict(solution.settings),
        solution.components,
        solution.subsets,
    )


def _remarks(file: GameFile, *more: str) -> tuple[str, ...]:
    return (*filter(None, more), *file.remarks)


def _correlated(file: GameFile) -> GameAnswer:
    game = file.game
    profiles = prod(game.actions)
    if profiles * sum(count * (count - 1) for count in game.actions) > MOST_ENTRIES:
        raise _too_large(f"{profiles} profiles; its linear programmes would have more than {MOST_ENTRIES:,} entries")
    plain, coarse = (correlated_bounds(game.payoffs, game.payoffs, coarse=c) for c in (False, True))
    chances, remark = None, ""
    if profiles <= MOST_PROFILES:
        indicators = np.eye(profiles).reshape(-1, *game.actions)
        few, coarse_few = (correlated_bounds(game.payoffs, indicators, coarse=c) for c in (False, True))
        chances = (few, coarse_few)
    else:
        remark = f"the game has {profiles} profiles; of at most {MOST_PROFILES} each one's probability is bounded too"
    sure = all(b.verdict == "complete" for b in (plain, coarse, *(chances or ())))
    if not sure:
        remark = "; ".join(filter(None, (remark, "a linear programme lost precision")))
    found = CorrelatedBounds((plain, coarse), chances)
    verdict: Verdict = "complete" if sure else "undecided"
    return GameAnswer(file, "correlated", verdict, remarks=_remarks(file, remark), found=found)


def _in_order(file: GameFile, order: Sequence[Sequence[int]]) -> GameAnswer:
    game = file.game
    if prod(game.actions) > MOST_TREE:
        raise _too_large(f"{prod(game.actions)} profiles; an order of moves is solved for at most {MOST_TREE}")
    found = solve_sequential(game, order, mixed=known_equilibria)
    return GameAnswer(file, "order", found.verdict, (), _remarks(file, found.advice), dict(found.settings), found=found)


def _too_large(what: str) -> BadInput:
    return BadInput(Fault("FILE", "", f"the game is too large for this method: it has {what}"))


def parse_order(text: str, file: GameFile) -> tuple[tuple[int, ...], ...]:
    """Stages of play as users write them: names or numbers of players, ``Ankara,Athens`` or ``1,2+3``.

    Raises
    ------
    UnknownName, BadInput
        For a player that is not there, or who does not move exactly once.
    """
    stages = [
        tuple(sorted(place_of(name, "player", file.player_labels, "--order") for name in stage.split("+")))
        for stage in text.split(",")
    ]
    if sorted(i for stage in stages for i in stage) != list(range(file.game.n_players)):
        expected = f"each of {', '.join(file.player_labels)} once, parted by commas or, where they move at once, by +"
        raise BadInput(Fault("--order", "", f"found {shorten(text)}; expected {expected}"))
    return tuple(stages)


def parse_hold(texts: Sequence[str], file: GameFile) -> dict[int, int]:
    """Players held at actions, from texts such as ``Ankara=talk`` or, by their numbers, ``1=2``.

    Raises
    ------
    UnknownName, BadInput
        For a player or an action that is not there, or one held twice.
    """
    held: dict[int, int] = {}
    for text in texts:
        player, equals, action = text.partition("=")
        if not equals:
            raise BadInput(Fault("--hold", "", f"found {shorten(text)}; expected PLAYER=ACTION, by names or numbers"))
        i = place_of(player, "player", file.player_labels, "--hold")
        if i in held:
            raise BadInput(Fault("--hold", file.player_labels[i], "held twice"))
        held[i] = place_of(action, f"action of {file.player_labels[i]}", file.action_labels[i], "--hold")
    return held
