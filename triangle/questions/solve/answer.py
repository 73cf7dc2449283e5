"""Questions asked of a study beyond its pure equilibria.

Mixed and quantal play, correlation, the order of moves, selection, repetition, coalitions.

Each hands the study's game to one solver and reads the answer back in the terms of the triangle: actions of the three
powers, links, configurations, Russia's bargaining share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Annotated

import numpy as np

from triangle.base.records import Key, told
from triangle.games.solution import Equilibrium, Solution, Verdict
from triangle.model.mechanisms import bargaining_share_ru
from triangle.players.axes import PAIRS, RU, US
from triangle.players.cast import Cast
from triangle.players.configurations import configurations
from triangle.players.notation import Profile
from triangle.questions.solve.observed import Estimate, fit, read_observed
from triangle.solvers.coalitions import CoalitionSolution, solve_coalitions
from triangle.solvers.correlated import correlated_bounds
from triangle.solvers.dynamics import basins, draw_starts
from triangle.solvers.logit.branch import LogitPath, limiting_logit, logit_path, solve_logit
from triangle.solvers.mixed.support import solve_mixed
from triangle.solvers.repeated import Support, solve_repeated, survival_of
from triangle.solvers.selection import SelectionTable, select
from triangle.solvers.sequential import MoverTable, Outcome, SequentialSolution, first_mover_table, solve_sequential
from triangle.study.study import Floats, Study

Probabilities = tuple[tuple[float, ...], ...]

#: What bounds over all correlated equilibria say of all others, which are among them.
EVERY, NONE = "in every equilibrium, pure, mixed or correlated", "in no equilibrium, pure, mixed or correlated"

#: Starting points from which the basins of the dynamics are measured.
STARTS = 400


@dataclass(frozen=True)
class MixedFinding:
    """One equilibrium in mixed actions, read back as stances.

    Attributes
    ----------
    probabilities : tuple of tuples
        Four probabilities for each player, in action order.
    payoffs : tuple of float
        Expected payoffs, billion dollars a year.
    regret : float
        Largest gain of a free player by deviating, billion dollars a year. Logit players err and so have one.
    quasi_strict : bool or None
        Whether every action that is not played is worse; None where the solver does not say.
    margin : float or None
        Smallest loss by deviating from a pure equilibrium, billion dollars a year; None for a mixed one.
    index : int or None
        +1 or −1 for a regular equilibrium; None where the solver does not say.
    configurations : mapping of str to float
        Probability of each configuration, those of probability zero left out.
    links : mapping of str to float
        Probability of each link.
    bargaining_share_ru : float
        Expected share of Russia in a pipeline's surplus.
    """

    probabilities: Probabilities
    payoffs: tuple[float, ...]
    regret: float
    quasi_strict: bool | None
    margin: float | None
    index: int | None
    configurations: Mapping[str, float]
    links: Mapping[str, float]
    bargaining_share_ru: float


@dataclass(frozen=True)
class MixedAnswer:
    """Equilibria in mixed actions by one method, with the verdict on their completeness.

    `estimate` is that of λ from observed play, where it was asked for.
    """

    method: str
    verdict: Verdict
    findings: tuple[MixedFinding, ...]
    advice: str
    settings: Mapping[str, object] = field(default_factory=dict)
    estimate: Estimate | None = None


def mixed(study: Study) -> MixedAnswer:
    """All equilibria in mixed actions, pure ones included, and whether they are proven to be all."""
    return _read_back(study, "mixed", solve_mixed(study.game))


def logit(study: Study, lam: float, normalised: bool = False) -> MixedAnswer:
    """The logit quantal response equilibrium on the principal branch at λ.

    λ is in one over billion dollars a year; with `normalised` it is a multiple of one over the payoff range.
    """
    return _read_back(study, "logit", solve_logit(study.game, lam, normalised))


def logit_of_play(study: Study, observed: Sequence[str]) -> MixedAnswer:
    """The logit equilibrium at the λ at which observed play is most likely.

    `observed` is typed, as ``US=court_russia:12,contain_both:3``, or names a sheet; a held player has one action.
    """
    actions = [(names[study.hold[i]],) if i in study.hold else names for i, names in enumerate(study.cast.actions)]
    found = fit(study.game, read_observed(observed, study.cast.codes, actions))
    return replace(_read_back(study, "logit", found.solution), estimate=found.estimate)


def logit_branch(study: Study, lam: float, normalised: bool = False) -> LogitPath:
    """The principal branch from uniform play to ten times λ, for a plot; held players keep one action."""
    return logit_path(study.game, 10.0 * lam, normalised)


def _read_back(study: Study, method: str, solution: Solution) -> MixedAnswer:
    findings = tuple(read_finding(study, equilibrium) for equilibrium in solution.equilibria)
    return MixedAnswer(method, solution.verdict, findings, solution.advice, solution.settings)


def read_finding(study: Study, equilibrium: Equilibrium) -> MixedFinding:
    """An equilibrium of the free players' game, read back as stances."""
    probabilities = full_probabilities(study, equilibrium.probabilities)
    joint = reduce(np.multiply.outer, map(np.array, probabilities))
    by_configuration, links = _shares(joint, study.cast)
    share = np.broadcast_to(bargaining_share_ru(study.values.stances, study.values), joint.shape)
    return MixedFinding(
        probabilities,
        equilibrium.payoffs,
        equilibrium.regret,
        equilibrium.quasi_strict,
        equilibrium.margin,
        equilibrium.index,
        by_configuration,
        links,
        float((joint * share).sum()),
    )


def full_probabilities(study: Study, probabilities: Sequence[Sequence[float]]) -> Probabilities:
    """Four probabilities for every player; a held one plays its action for certain."""
    return tuple(
        tuple(float(a == study.hold[i]) for a in range(study.cast.shape[i]))
        if i in study.hold
        else tuple(map(float, mixed))
        for i, mixed in enumerate(probabilities)
    )


def _shares(joint: Floats, cast: Cast) -> tuple[dict[str, float], dict[str, float]]:
    """Probability of each configuration that can happen, and of each link, under a joint distribution of profiles."""
    by_configuration: dict[str, float] = {}
    links = {link_name(i, j, cast): 0.0 for i, j in PAIRS}
    for found, probability in zip(configurations(cast), joint.ravel(), strict=True):
        if probability > 0:
            by_configuration[found.key] = by_configuration.get(found.key, 0.0) + float(probability)
            for i, j in found.links:
                links[link_name(i, j, cast)] += float(probability)
    return by_configuration, links


def link_name(i: int, j: int, cast: Cast) -> str:
    """A link as it is written: ``RU-CN``."""
    return f"{cast.codes[i]}-{cast.codes[j]}"


@dataclass(frozen=True)
class Range:
    """Smallest and largest value of a quantity over all correlated and over all coarse correlated equilibria."""

    quantity: str
    unit: str
    low: Annotated[float, Key("correlated", 0)]
    high: Annotated[float, Key("correlated", 1)]
    coarse_low: Annotated[float, Key("coarse", 0)]
    coarse_high: Annotated[float, Key("coarse", 1)]

    @property
    @told()
    def standing(self) -> str:
        """What may be said of a probability without choosing an equilibrium."""
        if self.unit != "probability":
            return EVERY if self.high - self.low <= 1e-6 * (1 + abs(self.high)) else "depends on the rule"
        if self.low > 1 - 1e-6:
            return EVERY
        if self.high < 1e-6:
            return NONE
        return "in some, depends on the rule"


@dataclass(frozen=True)
class CorrelatedAnswer:
    """Bounds that hold whatever equilibrium is selected, since they hold over all correlated equilibria."""

    verdict: Verdict
    ranges: tuple[Range, ...]


def correlated(study: Study) -> CorrelatedAnswer:
    """Bounds on payoffs and on the probability of links, configurations and actions over all correlated equilibria."""
    names, units, tensors = zip(*_quantities(study), strict=True)
    quantities = np.stack([_of_free(study, tensor) for tensor in tensors])
    plain, coarse = (correlated_bounds(study.game.payoffs, quantities, coarse=c) for c in (False, True))
    ranges = tuple(
        Range(name, unit, *map(float, ends))
        for name, unit, *ends in zip(
            names, units, plain.minimum, plain.maximum, coarse.minimum, coarse.maximum, strict=True
        )
    )
    complete = plain.verdict == coarse.verdict == "complete"
    return CorrelatedAnswer("complete" if complete else "undecided", ranges)


def _quantities(study: Study) -> list[tuple[str, str, Floats]]:
    """Name, unit and value at each profile of what is bounded."""
    found: list[tuple[str, str, Floats]] = [
        (f"payoff {code}", "bn USD/yr", own) for code, own in zip(study.cast.codes, study.payoffs, strict=True)
    ]
    shape = study.payoffs.shape[1:]
    for i, j in PAIRS:
        link = np.broadcast_to(study.values.stances.link(i, j), shape)
        found.append((f"link {link_name(i, j, study.cast)}", "probability", link))
    keys = [configuration.key for configuration in configurations(study.cast)]
    for key in sorted(set(keys)):
        found.append((key, "probability", np.array([float(k == key) for k in keys]).reshape(shape)))
    share = np.broadcast_to(bargaining_share_ru(study.values.stances, study.values), shape)
    found.append((f"bargaining share {study.cast.codes[RU]}", "fraction", share))
    return found


def _of_free(study: Study, tensor: Floats) -> Floats:
    """The part of a tensor over profiles that held players leave."""
    index = tuple(
        slice(study.hold[i], study.hold[i] + 1) if i in study.hold else slice(None) for i in range(len(study.cast))
    )
    return np.asarray(tensor)[index]


@dataclass(frozen=True)
class SequentialAnswer:
    """All subgame-perfect outcomes under an order of moves, beside those of the other orders.

    Profiles are in the actions of the whole game, whoever is held.
    """

    solution: SequentialSolution
    table: MoverTable

    @property
    def verdict(self) -> Verdict:
        """Verdict on the asked order."""
        return self.solution.verdict


def in_order(study: Study, order: Sequence[Sequence[int]]) -> SequentialAnswer:
    """Backward induction under an order of moves, partial orders included, gaps filled by mixed equilibria."""
    return SequentialAnswer(
        solve_sequential(study.game, order, mixed=solve_mixed), first_mover_table(study.game, mixed=solve_mixed)
    )


def at_once(study: Study) -> SequentialSolution:
    """What is played when all move at once, beside which orders of moves stand."""
    return solve_sequential(study.game, [range(len(study.cast))], mixed=solve_mixed)


def outcome_profiles(study: Study, outcome: Outcome) -> list[tuple[Profile, float]]:
    """Profiles and probabilities of an outcome, in the actions of the whole game."""
    return [(whole_profile(study, profile), probability) for profile, probability in outcome.lottery]


def whole_profile(study: Study, profile: Sequence[int]) -> Profile:
    """A profile of the free players' game in the actions of the whole game."""
    return tuple(study.hold.get(i, action) for i, action in enumerate(profile))


@dataclass(frozen=True)
class SelectionAnswer:
    """What each rule of selection picks among the equilibria, and whether these are proven to be all."""

    verdict: Verdict
    advice: str
    table: SelectionTable


def selection(study: Study, seed: int = 0) -> SelectionAnswer:
    """What each rule of selection picks among all equilibria, side by side; basins from `STARTS` seeded starts."""
    listed, game = solve_mixed(study.game), study.game
    equilibria = listed.equilibria
    starts = draw_starts(game.actions, STARTS, np.random.default_rng(seed))
    limit = limiting_logit(game.payoffs)
    table = select(
        game,
        equilibria,
        limiting_logit=limit.probabilities if bool(limit.settled and not limit.crossings) else None,
        basins=[basins(game, equilibria, starts, dynamic) for dynamic in ("replicator", "best response")],
    )
    return SelectionAnswer(listed.verdict, listed.advice, table)


@dataclass(frozen=True)
class RepeatedAnswer:
    """Patience that each player needs so that a profile is kept up for ever, under each punishment.

    `supports` counts the American part as what it is, one that an election may end: the critical discount factor of the
    United States is divided by the yearly chance that its policy survives. `unhindered` leaves that out.
    """

    verdict: Verdict
    advice: str
    supports: tuple[Support, ...]
    unhindered: tuple[Support, ...]
    hazard: float
    full_dimensional: bool


def repeated(study: Study) -> RepeatedAnswer:
    """Critical discount factors of all profiles for grim-trigger support, with and without the reversal hazard.

    The hazard is charged to the United States alone: a government that may be reversed values the future of an
    arrangement only as far as it lasts, which is the documents' claim that American promises do not bind.
    """
    hazard = float(study.values["reversal_hazard"])
    hazards = np.zeros(len(study.cast))
    hazards[US] = hazard
    listed = solve_mixed(study.game)
    hindered, free = (
        solve_repeated(study.game, listed.equilibria, survival_of(h)) for h in (hazards, np.zeros(len(study.cast)))
    )
    return RepeatedAnswer(
        listed.verdict, listed.advice, hindered.supports, free.supports, hazard, hindered.full_dimensional
    )


def released(study: Study) -> Study:
    """The same scenario with nobody held."""
    return Study(study.model, study.scenario, {})


def coalitions(study: Study) -> CoalitionSolution:
    """What coalitions can secure and how it may be shared, if dollars could be handed over; holds are not used."""
    return solve_coalitions(released(study).game, "mixed")


def kept_up(study: Study, support: Support, profile: Profile) -> tuple[float | None, ...]:
    """Critical discount factor of each player for a profile of the whole game; None where no patience is enough."""
    return support.of(tuple(0 if i in study.hold else action for i, action in enumerate(profile)))


def reachable_profiles(study: Study) -> list[Profile]:
    """All profiles in which held players play their actions, by index."""
    return list(filter(study.reachable, study.cast.profiles))


def interesting_profiles(study: Study) -> list[Profile]:
    """Profiles whose patience is worth knowing: those in which everybody has more than in some pure equilibrium.

    With them the pure equilibria themselves; at most the eight best for the one who gains least, so that the list
    stays readable.
    """
    findings = study.solve().findings
    better: dict[Profile, float] = {}
    for profile in reachable_profiles(study):
        payoffs = [float(own[profile]) for own in study.payoffs]
        gains = [min(u - v for u, v in zip(payoffs, f.payoffs, strict=True)) for f in findings] or [0.0]
        if max(gains) > 0:
            better[profile] = max(gains)
    best = sorted(better, key=lambda profile: -better[profile])[:8]
    return [finding.profile for finding in findings] + [p for p in best if p not in {f.profile for f in findings}]
