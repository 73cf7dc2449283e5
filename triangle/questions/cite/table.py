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
    lines += [Text(f" term {name} (your own)\n  {said}") for name, said in citations.own_terms]
    for kind, heading in (("document", "Documents"), ("external", "Series")):
        its = [(source, figures) for source, figures in citations.sources if source.kind == kind]
        if its:
            lines.append(Text(f"\n{heading} whose figures {citations.scenario} uses", style="bold"))
        for source, figures in its:
            dated = f"{source.date}, inferred" if source.date_inferred else source.date
            at = ", ".join(dict.fromkeys(figure.place for figure in figures))
            lines.append(Text(f"  {source.by}, {source.title} ({source.publisher}, {dated}): {at}"))
    return Group(*lines)
