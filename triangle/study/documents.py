"""JSON documents of the commands, as the outer contract lays them down: plain dictionaries, no infinities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from triangle.evidence.figure import Figure, Source
from triangle.evidence.ledger import Ledger
from triangle.model.model import Model
from triangle.model.parameters import Parameter
from triangle.players.axes import ACTIONS, PLAYERS, profile_index
from triangle.players.configurations import Configuration
from triangle.players.notation import Profile
from triangle.scenarios.scenario import Change, Scenario
from triangle.solvers.agreements import Agreement
from triangle.study.inert import Inert, inert_changes
from triangle.study.study import Answer, Deviation, Finding, Study
from triangle.version import __version__

Document = dict[str, Any]


def finite(number: float) -> float | None:
    """The number, or None where it is infinite: JSON has no infinity."""
    return number if math.isfinite(number) else None


def profile_document(profile: Profile) -> Document:
    """A profile as player → action."""
    return {player: ACTIONS[i][profile[i]] for i, player in enumerate(PLAYERS)}


def _configuration(configuration: Configuration) -> Document:
    return {
        "configuration": configuration.name,
        "pair": [PLAYERS[i] for i in configuration.pair] if configuration.pair else None,
        "pivot": PLAYERS[configuration.pivot] if configuration.pivot is not None else None,
    }


def finding_document(finding: Finding) -> Document:
    """One equilibrium."""
    return {
        "profile": profile_document(finding.profile),
        "index": profile_index(finding.profile),
        "probabilities": None,
        **_configuration(finding.configuration),
        "balance": finding.configuration.balance,
        "payoffs": dict(zip(PLAYERS, finding.payoffs, strict=True)),
        "regret": finding.regret,
        "strict": finding.strict,
        "margin": finite(finding.margin),
        "losses": {player: finite(loss) for player, loss in zip(PLAYERS, finding.losses, strict=True)},
        "bargaining_share_ru": finding.bargaining_share_ru,
    }


def change_document(change: Change) -> Document:
    """One change of a scenario."""
    document: Document = {
        "parameter": change.parameter,
        "base": change.base,
        "value": change.value,
        "because": change.because,
        "scenario": change.scenario,
    }
    if change.figure:
        document["figure"] = change.figure
    if change.formula:
        document["formula"] = change.formula
    if change.low is not None:
        document["range"] = [change.low, change.high]
    return document


def _order(scenario: Scenario) -> list[str | list[str]] | None:
    if scenario.order is None:
        return None
    return [stage[0] if len(stage) == 1 else list(stage) for stage in scenario.order]


def solution_head(study: Study, method: str, verdict: str, advice: str) -> Document:
    """What every answer of ``solve`` begins with."""
    return {
        "schema": "triangle.solution/1",
        "version": __version__,
        "scenario": study.scenario.name,
        "method": method,
        "order": None,
        "hold": {PLAYERS[i]: ACTIONS[i][a] for i, a in sorted(study.hold.items())},
        "form": study.model.form.name,
        "parameters": dict(study.scenario.values),
        "changes": [change_document(change) for change in study.scenario.all_changes],
        "verdict": verdict,
        "advice": advice,
    }


def solution_document(study: Study, answer: Answer) -> Document:
    """The answer of ``solve``."""
    return {
        **solution_head(study, "pure", answer.verdict, answer.advice),
        "outcomes": study.outcomes,
        "security": dict(zip(PLAYERS, study.security, strict=True)),
        "surviving": {PLAYERS[i]: [ACTIONS[i][a] for a in kept] for i, kept in enumerate(study.surviving)},
        "trust": answer.trust,
        "inert": [_inert_document(group) for group in inert_changes(study)],
        "equilibria": [
            {**finding_document(f), **_agreements_document(f, answer.trust), **_held_document(study, f)}
            for f in answer.findings
        ],
    }


def _inert_document(group: Inert) -> Document:
    """Changes that enter no comparison here, and the stances that keep them out."""
    return {
        "parameters": list(group.parameters),
        "reach": group.reach,
        "because": [
            {"players": [PLAYERS[s.first], PLAYERS[s.second]], "mutual": s.mutual, "holds": s.holds}
            for s in group.because
        ],
    }


def _agreements_document(finding: Finding, trust: float) -> Document:
    """Whether an equilibrium is agreement-proof at a trust, the least trust at which two leave it, and where to."""
    return {
        "agreement_proof": finding.is_agreement_proof(trust),
        "trust_needed": finding.trust_needed,
        "agreements": [_agreement_document(agreement) for agreement in finding.agreements],
    }


def _agreement_document(agreement: Agreement) -> Document:
    pair = [PLAYERS[i] for i in agreement.players]
    to: Profile = agreement.profile  # type: ignore[assignment]
    return {
        "pair": pair,
        "to": profile_document(to),
        "index": profile_index(to),
        "gains": dict(zip(pair, agreement.gains, strict=True)),
        "trusts": dict(zip(pair, agreement.trusts, strict=True)),
        "trust": agreement.trust,
    }


def _held_document(study: Study, finding: Finding) -> Document:
    """What each held player would lose by its best deviation, were it let go; nothing where nobody is held."""
    found = {
        PLAYERS[d.player]: {"to": ACTIONS[d.player][d.to], "loss": d.loss}
        for d in study.deviations(finding.profile, of_held=True)
    }
    return {"held": found} if found else {}


def source_document(source: Source) -> Document:
    """A source card."""
    return asdict(source)


def _said(document: Document, optional: Sequence[str]) -> Document:
    """The document without those of its optional keys that say nothing."""
    return {key: value for key, value in document.items() if key not in optional or value}


def figure_document(figure: Figure, ledger: Ledger) -> Document:
    """A figure card."""
    document = _said(asdict(figure), ("interval", "level", "sample", "reference", "verified"))
    source = ledger.source_of(figure)
    return {**document, "document": source.file or None, "documented": source.kind == "document"}


def parameter_document(p: Parameter, model: Model) -> Document:
    """A parameter card."""
    later = ("bridge", "measures", "reads", "arguments", "follows", "rivals", "auxiliary")
    document = _said({key: finite(v) if isinstance(v, float) else v for key, v in vars(p).items()}, later)
    return {**document, "sources": [figure_document(f, model.ledger) for f in model.figures_behind(p.name)]}


def scenario_document(scenario: Scenario) -> Document:
    """A scenario card."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "author": scenario.author,
        "date": scenario.date.isoformat(),
        "base": scenario.base,
        "narrative": scenario.narrative.strip(),
        "figures": list(scenario.figures),
        "claims": list(scenario.claims),
        "changes": [change_document(change) for change in scenario.changes],
        "inherited": [change_document(change) for change in scenario.inherited],
        "order": _order(scenario),
        "hold": dict(scenario.hold),
        "expect": {"statement": scenario.expect, "source": scenario.expect_source} if scenario.expect else None,
    }


def deviation_document(deviation: Deviation) -> Document:
    """A player's best deviation."""
    return {
        "player": PLAYERS[deviation.player],
        "to": ACTIONS[deviation.player][deviation.to],
        "loss": deviation.loss,
        "terms": dict(deviation.by_term),
    }
