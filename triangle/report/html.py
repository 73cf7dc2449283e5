"""A page as one HTML file that needs nothing else: style, script and drawings are inside, no address is asked.

The template escapes everything; only drawings of our own making pass as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from triangle.report.words import explained
from triangle.showing.blocks import Explorer, Page, Verdicts, words_of

if TYPE_CHECKING:
    import jinja2

FOLDER = Path(__file__).parent / "static"

#: What drawings take for the page's colours where no style sheet knows them, in a PDF or taken away: on white paper.
_ON_PAPER: Mapping[str, str] = {
    "currentColor": "#1d2329",
    "var(--paper)": "#ffffff",
    "var(--muted)": "#555555",
    "var(--rule)": "#d8d8d8",
}


def environment() -> jinja2.Environment:
    """The templates, with everything escaped and names that are missing an error."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["kind"] = lambda block: type(block).__name__
    made.filters["words"] = words_of
    made.filters["record"] = lambda record: json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":"))
    return made


def html_of(page: Page) -> str:
    """The page as one HTML document."""
    page = explained(page)
    forms = [(term.key, term.forms) for term in page.terms]
    template = environment().get_template("page.html.jinja")
    return template.render(page=page, explorers=_explorers(page), told=_told(page), forms=forms, paper=_ON_PAPER)


def _told(page: Page) -> str:
    """What a page that is handed on is described by: its first answer, or its subtitle."""
    cards = [
        card
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Verdicts)
        for card in block.cards
    ]
    return " ".join(
        words_of(text) for text in ((cards[0].given, cards[0].finding) if cards else (page.subtitle,)) if text
    )


def _explorers(page: Page) -> list[Explorer]:
    """What the page's scripts show."""
    return [block for section in page.sections for block in section.blocks if isinstance(block, Explorer)]


def on_paper(document: str) -> str:
    """The document with the colours of its drawings written out, for programs that know no custom properties there."""
    head, body = document.split("</head>", 1)
    for word, colour in _ON_PAPER.items():
        body = body.replace(word, colour)
    return f"{head}</head>{body}"
