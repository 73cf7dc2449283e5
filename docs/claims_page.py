"""Write the computed pages on the claims anew: ``python docs/claims_page.py``.

What all have in common, and an index of all entries, stands in claims.md; the core tests, the further claims of each
document, and the contradictions have pages of their own in the folder claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from triangle.model.model import read_model
from triangle.questions.claims.answer import claims
from triangle.questions.claims.ledger import Ledger
from triangle.questions.claims.markdown import (
    by_document,
    contradictions,
    core_tests,
    disagreements_first,
    entry_table,
    how_computed,
    is_core,
    markdown_table,
    verdict_text,
)

PAGE = Path(__file__).with_name("claims.md")
FOLDER = PAGE.with_name("claims")
BEGIN, END = "<!-- ledger -->\n", "<!-- end of ledger -->\n"

NOTE = "Computed by `python docs/claims_page.py`; [how to read a verdict, and all entries](../claims.md)."


def pages(ledger: Ledger) -> dict[Path, str]:
    """Every computed page, claims.md with its text around what is computed."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    found = {PAGE: f"{before}{BEGIN}\n{_joined(index(ledger))}\n{END}{after}"}
    found[FOLDER / "core.md"] = _page("The core tests", [*how_computed(ledger), *core_tests(ledger)])
    sources = read_model().ledger.sources
    for name in ledger.by_document():
        own = [entry for entry in ledger.entries if name in entry.documents and not is_core(entry)]
        title = f"{sources[name].by}, “{sources[name].title}”" if name in sources else name
        found[FOLDER / f"{name}.md"] = _page(f"Claims of `{name}`", [f"{title}.", entry_table(own)])
    found[FOLDER / "contradictions.md"] = _page("Where the documents contradict each other", contradictions(ledger))
    return found


def index(ledger: Ledger) -> Iterator[str]:
    """Verdicts by document, and all entries in one table that leads to where they stand."""
    yield from how_computed(ledger)
    yield "### Verdicts by document"
    yield by_document(ledger)
    yield "### All entries, disagreements on top"
    yield (
        "The core tests stand on [a page](claims/core.md), and so do the contradictions, with "
        "[who said what](claims/contradictions.md#who-said-what). The shares of the others stand with their document."
    )
    rows = [
        (
            f"[{entry.id}](claims/{'core' if is_core(entry) else entry.documents[0]}.md)",
            entry.table.computes if is_core(entry) and entry.table.computes else entry.table.paraphrase,
            ", ".join(entry.documents),
            verdict_text(entry.answer),
        )
        for entry in disagreements_first(ledger.entries)
    ]
    yield markdown_table(("entry", "claim, or what is computed", "documents", "verdict"), rows)


def _page(title: str, parts: list[str]) -> str:
    """A page of its own: what is a third heading elsewhere is a second one there."""
    return _joined(["---\norphan: true\n---", f"# {title}", NOTE, *(part.replace("### ", "## ", 1) for part in parts)])


def _joined(parts: Iterator[str] | list[str]) -> str:
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, text in pages(claims()).items():
        path.write_text(text, encoding="utf-8")
