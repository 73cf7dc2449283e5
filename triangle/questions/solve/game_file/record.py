"""What ``solve`` answers of a game from a file, as a record that can be kept: names beside numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from triangle.base.records import INLINE, SPARSE, FiniteOrNone, Key
from triangle.games.interchange import GameFile
from triangle.games.readings import decimal
from triangle.questions.solve.game_file.answer import CorrelatedBounds, GameAnswer
from triangle.questions.solve.observed import Estimate
from triangle.solvers.agreements import Agreement
from triangle.solvers.coalitions import CoalitionSolution
from triangle.solvers.correlated import Bounds as Correlated
from triangle.solvers.repeated import RepeatedSolution, Support
from triangle.solvers.selection import Ranking, SelectionTable
from triangle.solvers.sequential import Outcome, SequentialSolution

#: A profile, as player → action; a number of each player, by name; smallest and largest.
Named = Mapping[str, str]
ByName = Mapping[str, FiniteOrNone]
Ends = tuple[FiniteOrNone, FiniteOrNone]


@dataclass(frozen=True)
class Bound:
    """A player's payoff or a profile's probability over all correlated and coarse correlated equilibria."""

    payoff: Annotated[str | None, SPARSE] = None
    profile: Annotated[Named | None, SPARSE] = None
    correlated: Ends = (None, None)
    coarse: Ends = (None, None)


@dataclass(frozen=True)
class Bounds:
    """The answer of ``--method correlated``."""

    bounds: tuple[Bound, ...]


@dataclass(frozen=True)
class Rules:
    """The answer of ``--method selection``: what each rule picks, by places from 0."""

    rules: tuple[Ranking, ...]
    agreed: tuple[int, ...]


@dataclass(frozen=True)
class Chance:
    """A profile and its probability."""

    profile: Named
    probability: float


@dataclass(frozen=True)
class Played:
    """A subgame-perfect outcome."""

    profiles: tuple[Chance, ...]
    payoffs: ByName
    proven: bool


@dataclass(frozen=True)
class InOrder:
    """The answer of ``--order``."""

    order: tuple[tuple[str, ...], ...]
    outcomes: tuple[Played, ...]
    payoffs: Annotated[Mapping[str, Ends], Key("payoff_range")]


@dataclass(frozen=True)
class Patience:
    """Critical discount factors for a profile; None where no patience is enough."""

    profile: Named
    critical: Mapping[str, float | None]


@dataclass(frozen=True)
class Supported:
    """What one punishment supports."""

    punishment: str
    means: str
    levels: ByName
    profiles: tuple[Patience, ...]


@dataclass(frozen=True)
class KeptUp:
    """The answer of ``--method repeated``."""

    full_dimensional: bool
    supports: tuple[Supported, ...]


@dataclass(frozen=True)
class Shared:
    """The answer of ``--method coalitions``; coalitions are names joined by ``+``."""

    assumption: str
    worth: ByName
    shapley: ByName
    banzhaf: ByName
    banzhaf_index: ByName
    least_core: FiniteOrNone
    core_empty: bool
    core_vertices: tuple[tuple[float, ...], ...] | None
    nucleolus: ByName | None


@dataclass(frozen=True)
class Joint:
    """A joint change of two that both gain by and both would keep, with the trust that it needs."""

    pair: tuple[str, ...]
    to: Named
    gains: ByName
    trusts: Mapping[str, float]
    trust: float


@dataclass(frozen=True)
class Leaving:
    """Whether a pure equilibrium is agreement-proof, the least trust at which two leave it, and where to."""

    agreement_proof: bool
    trust_needed: float | None
    agreements: tuple[Joint, ...]


@dataclass(frozen=True)
class Point:
    """An equilibrium: the actions that are played with their probabilities, by name and by place."""

    plays: Mapping[str, Mapping[str, float]]
    probabilities: tuple[tuple[float, ...], ...]
    payoffs: ByName
    regret: FiniteOrNone
    margin: FiniteOrNone
    index: int | None
    quasi_strict: bool | None
    leaving: Annotated[Leaving | None, INLINE] = None


@dataclass(frozen=True)
class GameSolution:
    """What one method says of the game of a file, all by name; keys of a method's own stand at the end."""

    SCHEMA: ClassVar = "triangle.game/1"

    title: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    rounded: int
    method: str
    verdict: str
    remarks: tuple[str, ...]
    settings: Mapping[str, object]
    hold: Named
    equilibria: tuple[Point, ...]
    components: tuple[tuple[int, ...], ...]
    nash_subsets: tuple[tuple[int, ...], ...]
    bounds: Annotated[Bounds | None, INLINE] = None
    rules: Annotated[Rules | None, INLINE] = None
    in_order: Annotated[InOrder | None, INLINE] = None
    kept_up: Annotated[KeptUp | None, INLINE] = None
    shared: Annotated[Shared | None, INLINE] = None
    trust: Annotated[float | None, SPARSE] = None
    estimate: Annotated[Estimate | None, SPARSE] = None
    origins: Annotated[Named | None, SPARSE] = None


def game_solution(answer: GameAnswer) -> GameSolution:
    """The answer as a record that can be kept."""
    file, found = answer.file, answer.found
    return GameSolution(
        file.title,
        file.player_labels,
        file.action_labels,
        file.rounded,
        answer.method,
        answer.verdict,
        answer.remarks,
        {name: _finite(value) for name, value in answer.settings.items()},
        answer.held,
        tuple(_point(answer, place) for place in range(len(answer.equilibria))),
        answer.components,
        answer.subsets,
        bounds=Bounds(tuple(_bounds(file, found))) if isinstance(found, CorrelatedBounds) else None,
        rules=Rules(found.rankings, found.agreed) if isinstance(found, SelectionTable) else None,
        in_order=_in_order(file, found) if isinstance(found, SequentialSolution) else None,
        kept_up=_kept_up(file, found) if isinstance(found, RepeatedSolution) else None,
        shared=_shared(file, found) if isinstance(found, CoalitionSolution) else None,
        trust=answer.trust if answer.method == "pure" else None,
        estimate=answer.estimate,
        origins=dict(zip(file.player_labels, map(decimal, file.origins), strict=True)) if file.origins else None,
    )


def _finite(value: object) -> object:
    """A number as JSON has it: none that is not finite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def profile_names(file: GameFile, profile: Sequence[int]) -> dict[str, str]:
    """A pure profile as player → action."""
    return {player: names[a] for player, names, a in zip(file.player_labels, file.action_labels, profile, strict=True)}


def _by_name(file: GameFile, values: Iterable[float]) -> dict[str, float]:
    return dict(zip(file.player_labels, map(float, values), strict=True))


def _point(answer: GameAnswer, place: int) -> Point:
    file, e = answer.file, answer.equilibria[place]
    return Point(
        file.plays(e.probabilities),
        e.probabilities,
        _by_name(file, e.payoffs),
        e.regret,
        e.margin,
        e.index,
        e.quasi_strict,
        _leaving(answer, place) if answer.agreements else None,
    )


def _leaving(answer: GameAnswer, place: int) -> Leaving:
    away = answer.agreements[place]
    proof = all(a.needs_more_than(answer.trust) for a in away)
    return Leaving(proof, away[0].trust if away else None, tuple(_joint(answer.file, a) for a in away))


def _joint(file: GameFile, a: Agreement) -> Joint:
    pair = tuple(file.player_labels[i] for i in a.players)
    gains, trusts = (dict(zip(pair, two, strict=True)) for two in (a.gains, a.trusts))
    return Joint(pair, profile_names(file, a.profile), gains, trusts, a.trust)


def _bounds(file: GameFile, found: CorrelatedBounds) -> Iterator[Bound]:
    for place, name in enumerate(file.player_labels):
        yield Bound(name, None, *(_ends(which, place) for which in found.payoffs))
    if found.profiles:
        for place, profile in enumerate(np.ndindex(file.game.actions)):
            yield Bound(None, profile_names(file, profile), *(_ends(which, place) for which in found.profiles))


def _ends(bounds: Correlated, place: int) -> Ends:
    return float(bounds.minimum[place]), float(bounds.maximum[place])


def _in_order(file: GameFile, found: SequentialSolution) -> InOrder:
    low, high = _by_name(file, found.low), _by_name(file, found.high)
    return InOrder(
        tuple(tuple(file.player_labels[i] for i in stage) for stage in found.order),
        tuple(
            _played(file, outcome, proven)
            for proven, listed in ((True, found.outcomes), (False, found.open_outcomes))
            for outcome in listed
        ),
        {player: (low[player], high[player]) for player in low},
    )


def _played(file: GameFile, outcome: Outcome, proven: bool) -> Played:
    chances = tuple(Chance(profile_names(file, profile), chance) for profile, chance in outcome.lottery)
    return Played(chances, _by_name(file, outcome.payoffs), proven)


def _kept_up(file: GameFile, found: RepeatedSolution) -> KeptUp:
    return KeptUp(found.full_dimensional, tuple(_supported(file, support) for support in found.supports))


def _supported(file: GameFile, support: Support) -> Supported:
    patience = (
        Patience(profile_names(file, p), dict(zip(file.player_labels, support.of(p), strict=True)))
        for p in np.ndindex(file.game.actions)
    )
    return Supported(support.punishment, support.means, _by_name(file, support.levels), tuple(patience))


def _shared(file: GameFile, found: CoalitionSolution) -> Shared:
    players = file.player_labels
    return Shared(
        found.assumption,
        {"+".join(players[i] for i in who): worth for who, worth in found.worth.items()},
        _by_name(file, found.shapley),
        _by_name(file, found.banzhaf),
        _by_name(file, found.banzhaf_index),
        found.least_core,
        found.core_empty,
        None if found.core_vertices is None else tuple(map(tuple, found.core_vertices.tolist())),
        None if found.nucleolus is None else _by_name(file, found.nucleolus),
    )
