"""The answer of ``trace`` for scripts."""

from __future__ import annotations

from triangle.players.axes import PLAYERS
from triangle.study.documents import Document, deviation_document, figure_document, finding_document
from triangle.study.trace import Trace
from triangle.version import __version__


def trace_document(trace: Trace) -> Document:
    """The answer of ``trace``."""
    ledger = trace.study.model.ledger
    return {
        "schema": "triangle.trace/1",
        "version": __version__,
        "scenario": trace.study.scenario.name,
        "player": PLAYERS[trace.player],
        "equilibrium": trace.is_equilibrium,
        **finding_document(trace.finding),
        "payoff": trace.finding.payoffs[trace.player],
        "terms": [
            {
                "term": term.name,
                "value": term.value,
                "parameters": [
                    {
                        "name": p.parameter.name,
                        "value": p.value,
                        "unit": p.parameter.unit,
                        "backing": p.parameter.backing if not p.changed_by else "scenario",
                        "formula": p.parameter.formula,
                        "because": p.changed_by or p.parameter.because or p.parameter.chooses,
                        "at_low": p.at_low,
                        "at_high": p.at_high,
                        "figures": [figure_document(figure, ledger) for figure in p.figures],
                    }
                    for p in term.parameters
                ],
            }
            for term in trace.terms
        ],
        "deviations": [deviation_document(deviation) for deviation in trace.deviations],
    }
