"""What the further methods of ``solve`` answer, as records that can be kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, NamedTuple

import numpy as np

from triangle.base.records import INLINE, SPARSE, Form, Key, finite
from triangle.games.normal_form import TOLERANCE
from triangle.games.solution import Verdict
from triangle.measures.orders import outcomes_of
from triangle.players.cast import Cast
from triangle.players.configurations import SharesField
from triangle.players.forms import (
    BY_PLAYER,
    ActionsField,
    EachPlayer,
    HeldField,
    OrderField,
    PlayerField,
    ProfileField,
)
from triangle.players.notation import Profile
from triangle.questions.solve import answer as questions
from triangle.questions.solve.answer import (
    CorrelatedAnswer,
    MixedAnswer,
    MixedFinding,
    Probabilities,
    Range,
    RepeatedAnswer,
    SelectionAnswer,
    SequentialAnswer,
)
from triangle.questions.solve.observed import Estimate
from triangle.solvers.coalitions import CoalitionSolution
from triangle.solvers.rationalizable import rationalizable as solve_rationalizable
from triangle.solvers.selection import Ranking
from triangle.study.solution import SCHEMA, Played, played
from triangle.study.study import Position, Study

#: The margin of an equilibrium that may be mixed, and then has none; of a pure one it may be infinite.
MarginField = Annotated[
    float | None,
    Form(
        lambda margin, _: margin if margin is not None and math.isfinite(margin) else None,
        lambda data, table: finite(data) if data is not None else math.inf if table.get("strict") else None,
    ),
]

#: Smallest and largest payoff of each player.
EachRange = Annotated[tuple[tuple[float, float], ...], BY_PLAYER]

#: A number of each player, or None.
EachKnown = Annotated[tuple[float | None, ...], BY_PLAYER]


@dataclass(frozen=True, kw_only=True)
class MixedEquilibrium:
    """An equilibrium that may be mixed: what a pure one has is None; see :class:`MixedFinding` for the rest."""

    profile: None = None
    index: None = None
    probabilities: Probabilities
    configuration: None = None
    pair: None = None
    pivot: None = None
    configurations: SharesField
    links: Mapping[str, float]
    payoffs: EachPlayer
    regret: float
    strict: bool | None
    quasi_strict: bool | None
    margin: MarginField
    fixed_point_index: int | None
    bargaining_share_ru: float


@dataclass(frozen=True)
class MixedSolution:
    """Equilibria in mixed actions, or the logit equilibrium."""

    SCHEMA: ClassVar = SCHEMA

    played: Annotated[Played, INLINE]
    verdict: Verdict
    advice: str
    settings: Mapping[str, object]
    equilibria: tuple[MixedEquilibrium, ...]
    estimate: Annotated[Estimate | None, SPARSE] = None


def mixed_solution(study: Study, answer: MixedAnswer) -> MixedSolution:
    """The answer of ``solve --method mixed`` and ``--method logit``."""
    return MixedSolution(
        played(study, answer.method),
        answer.verdict,
        answer.advice,
        answer.settings,
        tuple(map(_equilibrium, answer.findings)),
        answer.estimate,
    )


def _equilibrium(finding: MixedFinding) -> MixedEquilibrium:
    return MixedEquilibrium(
        probabilities=finding.probabilities,
        configurations=finding.configurations,
        links=finding.links,
        payoffs=finding.payoffs,
        regret=finding.regret,
        strict=None if finding.margin is None else finding.margin > TOLERANCE,
        quasi_strict=finding.quasi_strict,
        margin=finding.margin,
        fixed_point_index=finding.index,
        bargaining_share_ru=finding.bargaining_share_ru,
    )


@dataclass(frozen=True)
class Bounds:
    """Bounds over all correlated equilibria, which need no single one."""

    SCHEMA: ClassVar = SCHEMA

    played: Annotated[Played, INLINE]
    verdict: Verdict
    advice: str
    equilibria: tuple[str, ...]
    ranges: Annotated[tuple[Range, ...], Key("bounds")]


def bounds(study: Study, answer: CorrelatedAnswer) -> Bounds:
    """The answer of ``solve --method correlated``: no single equilibria, but bounds over all of them."""
    return Bounds(played(study, "correlated"), answer.verdict, "", (), answer.ranges)


@dataclass(frozen=True, kw_only=True)
class PlayedOut(Position):
    """A subgame-perfect outcome: what it is, without the margins that it would have if all moved at once."""

    payoffs: EachPlayer
    regret: None = None
    strict: None = None
    margin: None = None
    losses: None = None
    bargaining_share_ru: float


@dataclass(frozen=True)
class Chance:
    """A profile and its probability."""

    profile: ProfileField
    probability: float


@dataclass(frozen=True)
class Lottery:
    """An outcome over several profiles, or one that is not proven."""

    profiles: tuple[Chance, ...]
    payoffs: EachPlayer
    proven: bool


@dataclass(frozen=True)
class Unfilled:
    """A stage in which no pure equilibrium is proven; whether mixed ones were found and used."""

    after: HeldField
    movers: tuple[PlayerField, ...]
    filled: bool


@dataclass(frozen=True)
class OrderRow:
    """An order of moves: its outcomes (None: a lottery), each player's payoffs, and these against moving at once."""

    order: OrderField
    verdict: Verdict
    outcomes: tuple[ProfileField | None, ...]
    payoffs: Annotated[EachRange, Key("payoff_range")]
    effects: Annotated[tuple[str, ...], BY_PLAYER, Key("against_simultaneous")]


@dataclass(frozen=True)
class InOrder:
    """Every subgame-perfect outcome under an order of moves, and what each gains under the other orders."""

    SCHEMA: ClassVar = SCHEMA

    played: Annotated[Played, INLINE]
    verdict: Verdict
    advice: str
    equilibria: tuple[PlayedOut, ...]
    lotteries: tuple[Lottery, ...]
    payoffs: Annotated[EachRange, Key("payoff_range")]
    gaps: tuple[Unfilled, ...]
    rows: Annotated[tuple[OrderRow, ...], Key("orders")]


def in_order(study: Study, answer: SequentialAnswer) -> InOrder:
    """The answer of ``solve --order``."""
    solution, table = answer.solution, answer.table
    profiles = (questions.whole_profile(study, profile) for profile in solution.profiles)
    every = [(True, outcome) for outcome in solution.outcomes] + [
        (False, outcome) for outcome in solution.open_outcomes
    ]
    return InOrder(
        played(study, "pure", solution.order),
        answer.verdict,
        solution.advice,
        tuple(_played_out(study, profile) for profile in profiles),
        tuple(
            Lottery(tuple(Chance(*c) for c in questions.outcome_profiles(study, outcome)), outcome.payoffs, proven)
            for proven, outcome in every
            if outcome.profile is None or not proven
        ),
        tuple(zip(solution.low, solution.high, strict=True)),
        tuple(
            Unfilled({i: study.hold.get(i, a) for i, a in gap.history}, gap.movers, gap.filled) for gap in solution.gaps
        ),
        tuple(
            OrderRow(
                row.order,
                row.verdict,
                outcomes_of(study, row),
                tuple(zip(row.low, row.high, strict=True)),
                tuple(table.effect(row, i) for i in range(len(study.cast))),
            )
            for row in table.rows
        ),
    )


def _played_out(study: Study, profile: Profile) -> PlayedOut:
    finding = study.finding(profile)
    return PlayedOut(
        profile=profile, cast=study.cast, payoffs=finding.payoffs, bargaining_share_ru=finding.bargaining_share_ru
    )


@dataclass(frozen=True)
class Listed:
    """An equilibrium among which rules select."""

    probabilities: Probabilities
    payoffs: EachPlayer
    regret: float


@dataclass(frozen=True)
class Selected:
    """What each rule picks among all equilibria, by their places from 0."""

    SCHEMA: ClassVar = SCHEMA

    played: Annotated[Played, INLINE]
    verdict: Verdict
    advice: str
    equilibria: tuple[Listed, ...]
    rules: tuple[Ranking, ...]
    agreed: tuple[int, ...]


def selected(study: Study, answer: SelectionAnswer) -> Selected:
    """The answer of ``solve --method selection``."""
    table = answer.table
    listed = ((questions.full_probabilities(study, e.probabilities), e.payoffs, e.regret) for e in table.equilibria)
    return Selected(
        played(study, "selection"),
        answer.verdict,
        answer.advice,
        tuple(Listed(*one) for one in listed),
        table.rankings,
        table.agreed,
    )


@dataclass(frozen=True)
class Patience:
    """Critical discount factors for a profile, with the reversal hazard and without; None: no patience is enough."""

    profile: ProfileField
    critical: EachKnown
    without_hazard: EachKnown


@dataclass(frozen=True)
class Supported:
    """What one punishment supports, in every profile."""

    punishment: str
    means: str
    levels: EachPlayer
    profiles: tuple[Patience, ...]


@dataclass(frozen=True)
class KeptUp:
    """The patience that each profile needs to be kept up for ever, under each punishment."""

    SCHEMA: ClassVar = SCHEMA

    played: Annotated[Played, INLINE]
    verdict: Verdict
    advice: str
    equilibria: tuple[str, ...]
    hazard: Annotated[float, Key("reversal_hazard")]
    full_dimensional: bool
    supports: tuple[Supported, ...]


def kept_up(study: Study, answer: RepeatedAnswer) -> KeptUp:
    """The answer of ``solve --method repeated``."""
    profiles = questions.reachable_profiles(study)
    return KeptUp(
        played(study, "repeated"),
        answer.verdict,
        answer.advice,
        (),
        answer.hazard,
        answer.full_dimensional,
        tuple(
            Supported(
                support.punishment,
                support.means,
                support.levels,
                tuple(
                    Patience(p, questions.kept_up(study, support, p), questions.kept_up(study, free, p))
                    for p in profiles
                ),
            )
            for support, free in zip(answer.supports, answer.unhindered, strict=True)
        ),
    )


@dataclass(frozen=True)
class Shared:
    """What coalitions can secure and how it may be shared; nobody is held. Coalitions are written ``US+CN``."""

    SCHEMA: ClassVar = SCHEMA

    played: Annotated[Played, INLINE]
    verdict: Verdict
    advice: str
    equilibria: tuple[str, ...]
    bargaining_share_ru: Mapping[str, float]
    assumption: str
    worth: Mapping[str, float]
    shapley: EachPlayer
    banzhaf: EachPlayer
    banzhaf_index: EachPlayer
    least_core: float
    core_empty: bool
    core_vertices: tuple[tuple[float, ...], ...] | None
    nucleolus: EachPlayer | None
    pivotal: Mapping[str, tuple[str, ...]]


def shared(study: Study, answer: CoalitionSolution) -> Shared:
    """The answer of ``solve --method coalitions``."""
    free, cast = questions.released(study), study.cast
    return Shared(
        played(free, "coalitions"),
        "complete",
        "",
        (),
        {cast.profile_text(f.profile): f.bargaining_share_ru for f in free.solve().findings},
        answer.assumption,
        {_together(who, cast): worth for who, worth in answer.worth.items()},
        answer.shapley,
        answer.banzhaf,
        answer.banzhaf_index,
        answer.least_core,
        answer.core_empty,
        None if answer.core_vertices is None else tuple(map(tuple, answer.core_vertices.tolist())),
        answer.nucleolus,
        cast.by_code(tuple(_together(who, cast) for who in answer.pivotal[i]) for i in range(len(cast))),
    )


def _together(who: tuple[int, ...], cast: Cast) -> str:
    return "+".join(cast.codes[i] for i in who)


@dataclass(frozen=True)
class Rationalizable:
    """The actions of each player that iterated strict dominance by mixed actions leaves; a held one keeps its own."""

    SCHEMA: ClassVar = SCHEMA

    played: Annotated[Played, INLINE]
    verdict: Verdict
    advice: str
    equilibria: tuple[str, ...]
    surviving: ActionsField


def rationalizable(study: Study) -> Rationalizable:
    """The answer of ``solve --method rationalizable``."""
    left = (np.flatnonzero(kept).tolist() for kept in solve_rationalizable(study.game))
    surviving = tuple(tuple(study.hold.get(i, action) for action in kept) for i, kept in enumerate(left))
    return Rationalizable(played(study, "rationalizable"), "complete", "", (), surviving)


#: Any answer of the further methods.
Further = MixedSolution | Bounds | InOrder | Selected | KeptUp | Shared | Rationalizable


class Words(NamedTuple):
    """What is asked beside the study.

    Attributes
    ----------
    order : sequence of sequences of int
        Stages of play, for ``order``.
    lam, normalised : float, bool
        Rationality, for ``logit``.
    seed : int
        Seed of the starting points, for ``selection``.
    observed : sequence of str
        Play that λ is estimated from, for ``logit``, instead of `lam`.
    """

    order: Sequence[Sequence[int]] = ()
    lam: float = 0.1
    normalised: bool = False
    seed: int = 0
    observed: Sequence[str] = ()


def _logit(study: Study, words: Words) -> MixedAnswer:
    if words.observed:
        return questions.logit_of_play(study, words.observed)
    return questions.logit(study, words.lam, words.normalised)


class Method(NamedTuple):
    """A method: its record, how a study is asked by it, and the functions of ``table.py`` and ``plot.py`` that show it.

    `plot` is empty where there is no picture.
    """

    record: type[Further]
    ask: Callable[[Study, Words], Further]
    table: str
    plot: str = ""


#: The methods of ``solve`` beyond pure equilibria; ``order`` is that of an order of moves.
METHODS = {
    "mixed": Method(
        MixedSolution, lambda study, _: mixed_solution(study, questions.mixed(study)), "mixed", "mixed_plot"
    ),
    "logit": Method(
        MixedSolution,
        lambda study, words: mixed_solution(study, _logit(study, words)),
        "mixed",
        "logit_plot",
    ),
    "correlated": Method(
        Bounds, lambda study, _: bounds(study, questions.correlated(study)), "correlated", "correlated_plot"
    ),
    "order": Method(
        InOrder,
        lambda study, words: in_order(study, questions.in_order(study, words.order)),
        "sequential",
        "order_plot",
    ),
    "selection": Method(
        Selected,
        lambda study, words: selected(study, questions.selection(study, words.seed)),
        "selection",
        "selection_plot",
    ),
    "repeated": Method(KeptUp, lambda study, _: kept_up(study, questions.repeated(study)), "repeated", "repeated_plot"),
    "coalitions": Method(
        Shared, lambda study, _: shared(study, questions.coalitions(study)), "coalitions", "coalitions_plot"
    ),
    "rationalizable": Method(
        Rationalizable, lambda study, _: rationalizable(study), "rationalizable", "rationalizable_plot"
    ),
}
