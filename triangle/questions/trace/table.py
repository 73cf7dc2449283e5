"""A payoff unfolded, for reading."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.showing.layout import new_table as new_table
from triangle.showing.phrases import shipped, spoken, told, word, written
from triangle.showing.tables import (
    TYPED,
    amount,
    backing_text,
    deviations_table,
    figure_text,
    place_text,
)
from triangle.showing.worded import triangle_title
from triangle.study.study import Study
from triangle.study.trace import Trace


def tracing(study: Study, trace: Trace) -> RenderableType:
    """What ``trace`` shows: a cell's terms, their parameters, and the figures down to document and line."""
    player, finding, say = trace.player, trace.finding, spoken(study.cast)
    standing = told("an equilibrium") if trace.is_equilibrium else told("not an equilibrium")
    if not study.reachable(finding.profile):
        standing = told("out of reach: a held player plays another action")
    country, profile = say.country(study.cast.codes[player]), say.profile(finding.profile)
    where = told(
        " in {scenario}: {amount} {unit}", scenario=study.scenario.name, amount=amount(finding.payoffs[player])
    )
    holds = told(
        "{triangle}; {standing} (margin {margin} {unit})",
        triangle=triangle_title(finding.configuration),
        standing=standing,
        margin=amount(finding.margin),
    )
    heading = (told("{player} at {profile}", player=country, profile=profile), "bold")
    parts: list[RenderableType] = [Text.assemble(heading, f"{where}\n{holds}")]
    terms = new_table("=term", ">payoff", "parameter", TYPED, "value", ">at low", ">at high")
    terms.footing = told("the term's payoff at both ends of each parameter's range")
    for term in trace.terms:
        first = True
        for p in term.parameters or [None]:
            cells = [say.known("term", term.name), amount(term.value)] if first else ["", ""]
            first = False
            if p is None:
                terms.add_row(*cells, Text(told("nothing moves it here"), style="dim"), "", "", "", "")
                continue
            terms.add_row(
                *cells,
                say.known("parameter", p.name),
                p.name,
                f"{written(p.value, 'g')} {say.unit(p.unit)}",
                amount(p.at_low),
                amount(p.at_high),
            )
        terms.add_section()
    parts.append(terms)
    backings = new_table("parameter", TYPED, "rests on", title=told("What stands behind the parameters"))
    for name in dict.fromkeys(p.name for term in trace.terms for p in term.parameters):
        backings.add_row(say.known("parameter", name), name, backing_text(study, study.model.catalogue[name]))
    parts.append(backings)
    figures = new_table("figure", "value", "where", "caution", title=told("Figures behind this cell"))
    for figure in trace.figures:
        source = study.model.ledger.source_of(figure)
        against = ", ".join(figure.conflicts_with)
        caution = word(figure.caution) + (told(" Conflicts with {figures}.", figures=against) if against else "")
        where = f"{shipped(source.by)}, {place_text(figure, study.model)}"
        figures.add_row(figure.id, figure_text(figure, study.model), where, caution)
        figures.add_section()
    parts.append(figures)
    parts.append(deviations_table(study, finding, told("Each player's best deviation from this profile")))
    return Group(*parts)
