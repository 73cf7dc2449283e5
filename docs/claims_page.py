"""Write the computed section of claims.md anew: ``python docs/claims_page.py``."""

from __future__ import annotations

from pathlib import Path

from triangle.questions.claims.answer import claims
from triangle.questions.claims.document import claims_markdown

PAGE = Path(__file__).with_name("claims.md")
BEGIN, END = "<!-- ledger -->\n", "<!-- end of ledger -->\n"


def renewed(text: str) -> str:
    """The page with its computed section made from the shipped entries."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{claims_markdown(claims())}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
