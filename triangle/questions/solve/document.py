"""JSON documents of the questions beyond pure equilibria: the further methods of ``solve``."""

from __future__ import annotations

from collections.abc import Sequence

from triangle.games.normal_form import TOLERANCE
from triangle.players.axes import ACTIONS, PLAYERS, profile_text
from triangle.players.notation import Profile
from triangle.questions.solve import answer as questions
from triangle.questions.solve.answer import (
    CorrelatedAnswer,
    MixedAnswer,
    RepeatedAnswer,
    SelectionAnswer,
    SequentialAnswer,
)
from triangle.solvers.coalitions import CoalitionSolution
from triangle.study.documents import Document, finding_document, finite, profile_document, solution_head
from triangle.study.study import Study


def mixed_document(study: Study, answer: MixedAnswer) -> Document:
    """The answer of ``solve --method mixed`` and ``--method logit``."""
    return {
        **solution_head(study, answer.method, answer.verdict, answer.advice),
        "settings": dict(answer.settings),
        "equilibria": [
            {
                "profile": None,
                "index": None,
                "probabilities": [list(mixed) for mixed in finding.probabilities],
                "configuration": None,
                "pair": None,
                "pivot": None,
                "configurations": dict(finding.configurations),
                "links": dict(finding.links),
                "payoffs": dict(zip(PLAYERS, finding.payoffs, strict=True)),
                "regret": finding.regret,
                "strict": None if finding.margin is None else finding.margin > TOLERANCE,
                "quasi_strict": finding.quasi_strict,
                "margin": None if finding.margin is None else finite(finding.margin),
                "fixed_point_index": finding.index,
                "bargaining_share_ru": finding.bargaining_share_ru,
            }
            for finding in answer.findings
        ],
        **({} if answer.fit is None else {"estimate": answer.fit.document()}),
    }


def correlated_document(study: Study, answer: CorrelatedAnswer) -> Document:
    """The answer of ``solve --method correlated``: no single equilibria, but bounds over all of them."""
    return {
        **solution_head(study, "correlated", answer.verdict, ""),
        "equilibria": [],
        "bounds": [
            {
                "quantity": r.quantity,
                "unit": r.unit,
                "correlated": [r.low, r.high],
                "coarse": [r.coarse_low, r.coarse_high],
                "standing": r.standing,
            }
            for r in answer.ranges
        ],
    }


def sequential_document(study: Study, answer: SequentialAnswer) -> Document:
    """The answer of ``solve --order``: every subgame-perfect outcome, and what each gains under the other orders."""
    solution, table = answer.solution, answer.table
    return {
        **solution_head(study, "pure", answer.verdict, solution.advice),
        "order": order_document(solution.order),
        "equilibria": [_played(study, questions.whole_profile(study, profile)) for profile in solution.profiles],
        "lotteries": [
            {
                "profiles": [
                    {"profile": profile_document(profile), "probability": probability}
                    for profile, probability in questions.outcome_profiles(study, outcome)
                ],
                "payoffs": dict(zip(PLAYERS, outcome.payoffs, strict=True)),
                "proven": proven,
            }
            for proven, outcomes in ((True, solution.outcomes), (False, solution.open_outcomes))
            for outcome in outcomes
            if outcome.profile is None or not proven
        ],
        "payoff_range": {p: [solution.low[i], solution.high[i]] for i, p in enumerate(PLAYERS)},
        "gaps": [
            {
                "after": {PLAYERS[i]: ACTIONS[i][study.hold.get(i, a)] for i, a in gap.history},
                "movers": [PLAYERS[i] for i in gap.movers],
                "filled": gap.filled,
            }
            for gap in solution.gaps
        ],
        "orders": [
            {
                "order": order_document(row.order),
                "verdict": row.verdict,
                "payoff_range": {p: [row.low[i], row.high[i]] for i, p in enumerate(PLAYERS)},
                "against_simultaneous": {p: table.effect(row, i) for i, p in enumerate(PLAYERS)},
            }
            for row in table.rows
        ],
    }


def _played(study: Study, profile: Profile) -> Document:
    """A subgame-perfect outcome: what it is, without the margins that it would have if all moved at once."""
    document = finding_document(study.finding(profile))
    return {**document, **dict.fromkeys(("regret", "strict", "margin", "losses"))}


def order_document(order: Sequence[Sequence[int]]) -> list[str | list[str]]:
    """Stages of play as the scenario file writes them."""
    return [PLAYERS[stage[0]] if len(stage) == 1 else [PLAYERS[i] for i in stage] for stage in order]


def selection_document(study: Study, answer: SelectionAnswer) -> Document:
    """The answer of ``solve --method selection``: what each rule picks among all equilibria, by their places from 0."""
    table = answer.table
    return {
        **solution_head(study, "selection", answer.verdict, answer.advice),
        "equilibria": [
            {
                "probabilities": [list(mixed) for mixed in questions.full_probabilities(study, e.probabilities)],
                "payoffs": dict(zip(PLAYERS, e.payoffs, strict=True)),
                "regret": e.regret,
            }
            for e in table.equilibria
        ],
        "rules": [
            {
                "rule": r.rule,
                "chosen": list(r.chosen),
                "scores": [None if score is None else finite(score) for score in r.scores],
                "measure": r.measure,
                "note": r.note,
                "reference": r.reference,
            }
            for r in table.rankings
        ],
        "agreed": list(table.agreed),
    }


def repeated_document(study: Study, answer: RepeatedAnswer, profiles: Sequence[Profile]) -> Document:
    """The answer of ``solve --method repeated``: the patience that chosen profiles need."""
    return {
        **solution_head(study, "repeated", answer.verdict, answer.advice),
        "equilibria": [],
        "reversal_hazard": answer.hazard,
        "full_dimensional": answer.full_dimensional,
        "supports": [
            {
                "punishment": support.punishment,
                "means": support.means,
                "levels": dict(zip(PLAYERS, support.levels, strict=True)),
                "profiles": [
                    {
                        "profile": profile_document(profile),
                        "critical": dict(zip(PLAYERS, questions.kept_up(study, support, profile), strict=True)),
                        "without_hazard": dict(zip(PLAYERS, questions.kept_up(study, free, profile), strict=True)),
                    }
                    for profile in profiles
                ],
            }
            for support, free in zip(answer.supports, answer.unhindered, strict=True)
        ],
    }


def coalitions_document(study: Study, answer: CoalitionSolution) -> Document:
    """The answer of ``solve --method coalitions``."""
    return {
        **solution_head(study, "coalitions", "complete", ""),
        "hold": {},
        "equilibria": [],
        "bargaining_share_ru": {
            profile_text(f.profile): f.bargaining_share_ru for f in questions.released(study).solve().findings
        },
        "assumption": answer.assumption,
        "worth": {"+".join(PLAYERS[i] for i in who): worth for who, worth in answer.worth.items()},
        "shapley": dict(zip(PLAYERS, answer.shapley, strict=True)),
        "banzhaf": dict(zip(PLAYERS, answer.banzhaf, strict=True)),
        "banzhaf_index": dict(zip(PLAYERS, answer.banzhaf_index, strict=True)),
        "least_core": answer.least_core,
        "core_empty": answer.core_empty,
        "core_vertices": None if answer.core_vertices is None else answer.core_vertices.tolist(),
        "nucleolus": None if answer.nucleolus is None else dict(zip(PLAYERS, answer.nucleolus, strict=True)),
        "pivotal": {
            PLAYERS[i]: ["+".join(PLAYERS[k] for k in who) for who in groups] for i, groups in answer.pivotal.items()
        },
    }
