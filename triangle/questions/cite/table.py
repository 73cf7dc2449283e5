"""What to cite, for reading."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.cite.answer import Citations, software


def citation_text(citations: Citations) -> RenderableType:
    """The references for reading, under headings."""
    lines = [Text("This software", style="bold"), Text(f"  {software()}")]
    lines.append(Text("\nLiterature", style="bold"))
    for backed, works in citations.works:
        if works:
            lines.append(Text(f" {backed}", style="italic"))
        lines += [Text(f"  {work}") for work in works]
    lines += [Text(f" term {own.term} (your own)\n  {own.literature}") for own in citations.own_terms]
    for kind, heading in (("document", "Documents"), ("external", "Series")):
        its = [quoted for quoted in citations.sources if quoted.source.kind == kind]
        if its:
            lines.append(Text(f"\n{heading} whose figures {citations.scenario} uses", style="bold"))
        for quoted in its:
            source = quoted.source
            dated = f"{source.date}, inferred" if source.date_inferred else source.date
            at = ", ".join(quoted.places)
            lines.append(Text(f"  {source.by}, {source.title} ({source.publisher}, {dated}): {at}"))
    return Group(*lines)
