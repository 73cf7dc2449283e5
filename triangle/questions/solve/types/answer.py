r"""Bayesian equilibria of the stance game: what each type does, what is learnt from it, what it is worth to know.

All move at once; a player of several types knows its own. The agents' game (:mod:`triangle.games.typed`) is solved
for all its pure equilibria, for the logit branch, or, with three agents who are free at most, for all mixed ones.
What each type does where it is known is said first.

The **posterior** after an action is the probability of each type given that it was seen, by Bayes' rule. The **value
of information** to a player is its expected payoff if the types were known to all less that as it is: the least and
the most over the pure equilibria of either, so that no selection is hidden; it can be negative. The prior is judged,
so that it is swept from 0 to 1: at each value the actions of every type in the equilibria.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.base.records import number_in
from triangle.games.normal_form import Floats, NormalFormGame, is_nash
from triangle.games.solution import Equilibrium, Solution, Verdict
from triangle.games.typed import TypedGame
from triangle.measures.types import drawn_types
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.configurations import SharesField, configuration
from triangle.players.forms import CastField
from triangle.solvers.logit.branch import solve_logit
from triangle.solvers.mixed.support import solve_mixed
from triangle.solvers.pure import solve_pure
from triangle.study.study import Study, check_alone

#: Methods of the agents' game.
METHODS = ("pure", "mixed", "logit")
#: Values of the prior at which play is shown.
STEPS = 21

#: Player -> type -> probability.
Prior = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Agent:
    """A player of one type, its probability, and what it does where all types are known, over the others' types."""

    player: str
    type: str
    probability: float
    known: tuple[str, ...]


@dataclass(frozen=True)
class TypedEquilibrium:
    """A Bayesian equilibrium.

    Attributes
    ----------
    strategies : tuple of tuples of float
        Of each agent the probability of each action.
    payoffs : tuple of float
        Expected payoff of each player before types are known, billion dollars a year.
    configurations : mapping of str to float
        Probability of each configuration.
    posteriors : tuple of (str, str, tuple of float)
        Player, action that is seen, and the probability of each of its types then.
    regret : float
        Largest gain of an agent by deviating.
    """

    strategies: tuple[tuple[float, ...], ...]
    payoffs: tuple[float, ...]
    configurations: SharesField
    posteriors: tuple[tuple[str, str, tuple[float, ...]], ...]
    regret: float


@dataclass(frozen=True)
class Step:
    """What the types of a player do at one prior of its last type: by type, the actions in some equilibrium."""

    prior: float
    actions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class TypedAnswer:
    """Bayesian equilibria of a scenario.

    Attributes
    ----------
    alike : tuple of (str, str)
        Pairs of types that do the same where all types are known.
    differ : tuple of (str, float)
        Player, and in what share of draws of everything uncertain its types do different things where they are known:
        some action is played by one in a pure equilibrium and not by another. Of other players the first type is meant.
    swept : str
        The player whose prior is swept in `steps`, all other types keeping their shares of the rest.
    information : tuple of (float, float) or None
        For each player the least and the most that it is worth that types are known to all; None where some game has no
        pure equilibrium.
    """

    SCHEMA: ClassVar = "triangle.types/1"

    scenario: str
    form: str
    method: str
    verdict: Verdict
    advice: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    agents: tuple[Agent, ...]
    alike: tuple[tuple[str, str], ...]
    differ: tuple[tuple[str, float], ...]
    samples: int
    equilibria: tuple[TypedEquilibrium, ...]
    swept: str
    steps: tuple[Step, ...]
    information: tuple[tuple[float, float], ...] | None
    cast: CastField


def parse_types(texts: Sequence[str], study: Study) -> dict[str, dict[str, float]]:
    """Priors as written, ``RU=tactical:0.7,genuine:0.3``.

    Raises
    ------
    BadInput
        With every fault.
    """
    prior: dict[str, dict[str, float]] = {}
    for text in texts:
        player, _, rest = (part.strip() for part in text.partition("="))
        known = study.scenario.types.get(player)
        if known is None:
            raise BadInput(Fault("--types", "", unknown("player with types", player, study.scenario.types)))
        if player in prior:
            raise BadInput(Fault("--types", player, "given twice"))
        prior[player] = {}
        for part in rest.split(","):
            name, _, odds = (piece.strip() for piece in part.partition(":"))
            if name not in known:
                raise BadInput(Fault("--types", player, unknown("type", name, known)))
            if name in prior[player]:
                raise BadInput(Fault("--types", player, f"{name} is given twice"))
            try:
                prior[player][name] = number_in(odds)
            except ValueError:
                expected = "expected TYPE:PROBABILITY, as tactical:0.7,genuine:0.3"
                raise BadInput(Fault("--types", player, f"found {shorten(part)}; {expected}")) from None
        total = sum(prior[player].values())
        if not (abs(total - 1) <= 1e-9 and all(0 <= p <= 1 for p in prior[player].values())):
            raise BadInput(Fault("--types", player, f"the probabilities add to {total:g}; expected 1"))
        if len(prior[player]) < 2:
            raise BadInput(Fault("--types", player, f"found {shorten(rest)} alone; expected two types or more"))
    return prior


def typed_game(study: Study, prior: Prior) -> TypedGame:
    """The stance game with players of several types; held players keep one action."""
    names = [list(prior.get(player, {"": 1.0})) for player in study.cast.codes]
    shape = tuple(map(len, names))
    payoffs = np.empty((len(study.cast), *shape, *study.cast.shape))
    for types in np.ndindex(shape):
        given: dict[str, float] = {}
        for player, own, t in zip(study.cast.codes, names, types, strict=True):
            given |= study.scenario.of_type(player, own[t]) if own[t] else {}
        payoffs[(slice(None), *types)] = payoff_tensor(
            Values(study.scenario.set_to(given), study.cast), study.model.terms
        )
    held = _held(study)
    odds = [list(prior.get(player, {"": 1.0}).values()) for player in study.cast.codes]
    return TypedGame(payoffs[(..., *held)], odds)


def _held(study: Study) -> tuple[Any, ...]:
    """The actions that are left to each player."""
    free = slice(None)
    return tuple(free if (a := study.hold.get(i)) is None else slice(a, a + 1) for i in range(len(study.cast)))


def typed(
    study: Study,
    prior: Prior,
    method: str = "pure",
    lam: float = 10.0,
    normalised: bool = True,
    samples: int = 512,
    seed: int = 0,
) -> TypedAnswer:
    """Bayesian equilibria of a scenario under a prior; see the module.

    Parameters
    ----------
    prior : mapping of str to mapping of str to float
        Player, type, probability.
    method : {"pure", "mixed", "logit"}
    lam, normalised
        For ``logit``, as in :func:`triangle.solvers.logit.branch.solve_logit`.
    samples, seed : int
        Draws for how often types differ.

    Examples
    --------
    >>> from triangle.study.load import load
    >>> study = load("tactical_or_genuine")
    >>> found = typed(study, {"RU": {"tactical": 0.7, "genuine": 0.3}})
    >>> found.verdict, [agent.type for agent in found.agents]
    ('complete', ['', 'tactical', 'genuine', ''])
    """
    check_alone(study, "--types")
    game = typed_game(study, prior)
    verdict, advice, found = _solved(game, method, lam, normalised)
    agents = tuple(_agent(study, game, prior, k) for k in range(len(game.agents)))
    swept = next(iter(prior))
    return TypedAnswer(
        scenario=study.scenario.name,
        form=study.model.form.name,
        method=method,
        verdict=verdict,
        advice=advice,
        players=study.cast.codes,
        actions=tuple(_actions(study, i) for i in range(len(study.cast))),
        agents=agents,
        alike=_alike(agents),
        differ=tuple((player, _differ(study, prior, player, samples, seed)) for player in prior),
        samples=samples,
        equilibria=tuple(_read(study, game, one) for one in found),
        swept=swept,
        steps=tuple(_step(study, prior, swept, float(p)) for p in np.linspace(0.0, 1.0, STEPS)),
        information=_information(game),
        cast=study.cast,
    )


def _solved(game: TypedGame, method: str, lam: float, normalised: bool) -> tuple[Verdict, str, tuple[Equilibrium, ...]]:
    if method == "pure":
        solution = solve_pure(game.agent_form())
    elif method == "logit":
        solution = solve_logit(game.agent_form(), lam, normalised=normalised)
    else:
        free = [k for k, (i, _) in enumerate(game.agents) if game.actions[i] > 1]
        if len(free) > 3:
            message = (
                f"the agents who are free are {len(free)}; all mixed equilibria are found for up to 3: --hold some"
            )
            raise BadInput(Fault("--method", "mixed", message))
        solution = _mixed_of_free(game, free)
    return solution.verdict, solution.advice, solution.equilibria


def _mixed_of_free(game: TypedGame, free: list[int]) -> Solution:
    """All mixed equilibria of the agents who have a choice; the others are put back where they stand."""
    payoffs = game.agent_form().payoffs[free]
    whole = payoffs.reshape(len(free), *(game.actions[game.agents[k][0]] for k in free))
    if len(free) == 1:
        solution = solve_pure(NormalFormGame(whole))
    else:
        solution = solve_mixed(NormalFormGame(whole))
    equilibria = []
    for one in solution.equilibria:
        own = dict(zip(free, one.probabilities, strict=True))
        everybody = tuple(own.get(k, (1.0,)) for k in range(len(game.agents)))
        equilibria.append(replace(one, probabilities=everybody))
    return replace(solution, equilibria=tuple(equilibria))


def _actions(study: Study, player: int) -> tuple[str, ...]:
    names = study.cast.actions[player]
    return (names[study.hold[player]],) if player in study.hold else tuple(names)


def _agent(study: Study, game: TypedGame, prior: Prior, agent: int) -> Agent:
    """An agent, with its actions in the pure equilibria of the games in which all types are known."""
    player, own = game.agents[agent]
    known: dict[str, None] = {}
    for types in np.ndindex(*(len(p) for p in game.prior)):
        if types[player] == own:
            for profile in np.argwhere(is_nash(game.payoffs[(slice(None), *types)])):
                known[_actions(study, player)[profile[player]]] = None
    names = list(prior.get(study.cast.codes[player], {"": 1.0}))
    return Agent(study.cast.codes[player], names[own], float(game.prior[player][own]), tuple(known))


def _alike(agents: Sequence[Agent]) -> tuple[tuple[str, str], ...]:
    """Pairs of types of one player that do the same where all types are known."""
    return tuple(
        (one.type, other.type)
        for k, one in enumerate(agents)
        for other in agents[k + 1 :]
        if one.player == other.player and one.known == other.known
    )


def _differ(study: Study, prior: Prior, player: str, samples: int, seed: int) -> float:
    """In what share of draws the types of a player do not all play the same actions in pure equilibria."""
    others: dict[str, float] = {}
    for other in prior:
        others |= study.scenario.of_type(other, next(iter(prior[other]))) if other != player else {}
    who = study.cast.player(player)
    axes = tuple(i for i in range(len(study.cast)) if i != who)
    held = _held(study)
    played = []
    for given in drawn_types(study, player, list(prior[player]), samples, seed):
        numbers = study.scenario.set_to(study.scenario.drawn_for(others, given))
        tensor = payoff_tensor(Values(numbers, study.cast), study.model.terms)
        whole = np.broadcast_to(tensor, (*tensor.shape[:4], samples))[(slice(None), *held)]
        played.append(is_nash(whole).any(axis=axes))
    return float(np.any([(own != played[0]).any(axis=0) for own in played], axis=0).mean())


def _read(study: Study, game: TypedGame, one: Equilibrium) -> TypedEquilibrium:
    mixed = [np.array(own) for own in one.probabilities]
    return TypedEquilibrium(
        strategies=one.probabilities,
        payoffs=tuple(map(float, game.expected(mixed))),
        configurations=_configurations(study, game, mixed),
        posteriors=tuple(_posteriors(study, game, mixed)),
        regret=one.regret,
    )


def _play(game: TypedGame, mixed: Sequence[Floats]) -> list[Floats]:
    """What each player is seen to do before its type is known."""
    found = [np.zeros(count) for count in game.actions]
    for (player, own), strategy in zip(game.agents, mixed, strict=True):
        found[player] = found[player] + float(game.prior[player][own]) * strategy
    return found


def _configurations(study: Study, game: TypedGame, mixed: Sequence[Floats]) -> dict[str, float]:
    chances: dict[str, float] = {}
    # Types are independent and each sees its own only, so that actions of different players are independent too.
    for place, weight in np.ndenumerate(np.einsum("i,j,k->ijk", *_play(game, mixed))):
        if weight > 0:
            profile = tuple(study.hold.get(i, int(a)) for i, a in enumerate(place))
            key = configuration(profile, study.cast).key
            chances[key] = chances.get(key, 0.0) + float(weight)
    return chances


def _posteriors(study: Study, game: TypedGame, mixed: Sequence[Floats]) -> list[tuple[str, str, tuple[float, ...]]]:
    found = []
    for player, seen in enumerate(_play(game, mixed)):
        own = [(float(game.prior[i][t]), mixed[k]) for k, (i, t) in enumerate(game.agents) if i == player]
        if len(own) > 1:
            for action in np.flatnonzero(seen > 0):
                shares = tuple(float(p * m[action] / seen[action]) for p, m in own)
                found.append((study.cast.codes[player], _actions(study, player)[action], shares))
    return found


def _step(study: Study, prior: Prior, swept: str, value: float) -> Step:
    """Actions of the types of a player, the last one having this probability and the others keeping their shares."""
    *names, last = prior[swept]
    rest = sum(prior[swept][name] for name in names)
    share = {name: (prior[swept][name] / rest if rest > 0 else 1.0 / len(names)) for name in names}
    moved = {**prior, swept: {**{name: (1.0 - value) * share[name] for name in names}, last: value}}
    game = typed_game(study, moved)
    stable = game.pure()
    actions = _actions(study, study.cast.player(swept))
    places = [k for k, (i, _) in enumerate(game.agents) if study.cast.codes[i] == swept]
    played = [sorted({int(profile[k]) for profile in np.argwhere(stable)}) for k in places]
    return Step(value, tuple(tuple(actions[a] for a in own) for own in played))


def _information(game: TypedGame) -> tuple[tuple[float, float], ...] | None:
    """Least and most that each player gains, in expectation, if the types are known to all."""
    private = [game.expected(_mixed(game, profile)) for profile in np.argwhere(game.pure())]
    low, high = np.zeros(game.n_players), np.zeros(game.n_players)
    for weight, known in game.known():
        stable = is_nash(known.payoffs)
        if not stable.any():
            return None
        values = known.payoffs[:, stable]
        low, high = low + weight * values.min(axis=1), high + weight * values.max(axis=1)
    if not private:
        return None
    least, most = np.min(private, axis=0), np.max(private, axis=0)
    return tuple((float(a), float(b)) for a, b in zip(low - most, high - least, strict=True))


def _mixed(game: TypedGame, profile: np.ndarray) -> list[Floats]:
    return [np.eye(game.actions[i])[int(a)] for (i, _), a in zip(game.agents, profile, strict=True)]
