"""A payoff unfolded, for reading."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.showing.layout import new_table as new_table
from triangle.showing.phrases import in_english
from triangle.showing.tables import TYPED, UNIT, amount, backing_text, deviations_table
from triangle.study.study import Study
from triangle.study.trace import Trace


def tracing(study: Study, trace: Trace) -> RenderableType:
    """What ``trace`` shows: a cell's terms, their parameters, and the figures down to document and line."""
    player, finding, say = trace.player, trace.finding, in_english(study.cast)
    standing = "an equilibrium" if trace.is_equilibrium else "not an equilibrium"
    if not study.reachable(finding.profile):
        standing = "out of reach: a held player plays another action"
    parts: list[RenderableType] = [
        Text.assemble(
            (f"{study.cast.countries[player]} at {say.profile(finding.profile)}", "bold"),
            f" in {study.scenario.name}: {amount(finding.payoffs[player])} {UNIT}\n"
            f"{finding.configuration}; {standing} (margin {amount(finding.margin)} {UNIT})",
        )
    ]
    terms = new_table("=term", ">payoff", "parameter", TYPED, "value", ">at low", ">at high")
    terms.footing = "the term's payoff at both ends of each parameter's range"
    for term in trace.terms:
        first = True
        for p in term.parameters or [None]:
            cells = [say.known("term", term.name), amount(term.value)] if first else ["", ""]
            first = False
            if p is None:
                terms.add_row(*cells, Text("nothing moves it here", style="dim"), "", "", "", "")
                continue
            terms.add_row(
                *cells,
                say.known("parameter", p.name),
                p.name,
                f"{p.value:g} {p.unit}",
                amount(p.at_low),
                amount(p.at_high),
            )
        terms.add_section()
    parts.append(terms)
    backings = new_table("parameter", TYPED, "rests on", title="What stands behind the parameters")
    for name in dict.fromkeys(p.name for term in trace.terms for p in term.parameters):
        backings.add_row(say.known("parameter", name), name, backing_text(study, study.model.catalogue[name]))
    parts.append(backings)
    figures = new_table("figure", "value", "where", "caution", title="Figures behind this cell")
    for figure in trace.figures:
        source = study.model.ledger.source_of(figure)
        against = ", ".join(figure.conflicts_with)
        caution = figure.caution + (f" Conflicts with {against}." if against else "")
        figures.add_row(figure.id, str(figure), f"{source.by}, {figure.place}", caution)
        figures.add_section()
    parts.append(figures)
    parts.append(deviations_table(study, finding, "Each player's best deviation from this profile"))
    return Group(*parts)
