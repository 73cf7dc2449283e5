"""What to cite, for reading."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.cite.answer import Citations, software
from triangle.showing.phrases import noted, shipped, told


def citation_text(citations: Citations) -> RenderableType:
    """The references for reading, under headings."""
    lines = [Text(told("This software"), style="bold"), Text(f"  {software()}")]
    lines.append(Text(f"\n{told('Literature')}", style="bold"))
    for backed, works in citations.works:
        if works:
            lines.append(Text(f" {backed}", style="italic"))
        lines += [Text(f"  {work}") for work in works]
    lines += [
        Text(f" {told('term {term} (your own)', term=own.term)}\n  {own.literature}") for own in citations.own_terms
    ]
    for kind, heading in (
        ("document", "Documents whose figures {scenario} uses"),
        ("external", "Series whose figures {scenario} uses"),
    ):
        its = [quoted for quoted in citations.sources if quoted.source.kind == kind]
        if its:
            lines.append(Text(f"\n{told(heading, scenario=citations.scenario)}", style="bold"))
        for quoted in its:
            source = quoted.source
            dated = told("{date}, inferred", date=source.date) if source.date_inferred else source.date
            at = ", ".join(map(noted, quoted.places))
            said = f"{shipped(source.by)}, {shipped(source.title)} ({shipped(source.publisher)}, {dated})"
            lines.append(Text(f"  {said}: {at}"))
    return Group(*lines)
