"""A page as Markdown: the same sections, with pictures told in words and foreign text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from triangle.showing.blocks import (
    Block,
    Bullets,
    Cell,
    Details,
    Explorer,
    Gallery,
    Glossary,
    Heading,
    Listing,
    Page,
    Paragraph,
    Picture,
    Run,
    Table,
    Text,
    Verdict,
    Verdicts,
)

#: What Markdown, and the HTML that it lets through, would obey.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")


def markdown_of(page: Page) -> str:
    """The page as one Markdown document."""
    lines = [f"# {_text(page.title)}", "", _text(page.subtitle), ""]
    for section in page.sections:
        lines += [f'<a id="{section.anchor}"></a>', "", f"## {_text(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block, page), ""]
    lines += ["---", "", _text(page.foot), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _text(text: Text) -> str:
    return "".join(map(_run, text))


def _run(run: Run) -> str:
    if run.kind == "code":
        fence = "`" * (1 + max((len(ticks) for ticks in re.findall("`+", run.text)), default=0))
        return f"{fence}{' ' * (len(fence) > 1)}{run.text.replace('|', chr(92) + '|')}{' ' * (len(fence) > 1)}{fence}"
    words = _SPECIAL.sub(r"\\\1", run.text)
    if run.kind == "link":
        return f"[{words}](#{run.target})"
    return f"**{words}**" if run.kind == "strong" else words


def _block(block: Block, page: Page) -> Iterator[str]:
    """The lines of one block."""
    if isinstance(block, Paragraph):
        yield f"*{_text(block.text)}*" if block.role in ("note", "absent") else _text(block.text)
    elif isinstance(block, Heading):
        yield f"### {_text(block.text)}"
    elif isinstance(block, Bullets):
        yield from (f"- {_text(item)}" for item in block.items)
    elif isinstance(block, Glossary):
        yield from (f"- **{_text(word)}**: {_text(meaning)}" for word, meaning in block.items)
    elif isinstance(block, Listing):
        yield from ("", *(f"    {' '.join(line.split())}" for line in block.lines))
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Picture):
        yield from _picture(block, page)
    elif isinstance(block, Gallery):
        for heading, pictures, line in block.cards:
            yield from (f"### {_text(heading)}", "")
            for picture in pictures:
                yield from (*_picture(picture, page), "")
            yield _text(line)
    elif isinstance(block, Verdicts):
        for card in block.cards:
            yield from _verdict(card, page)
    elif isinstance(block, Details):
        yield from (f"#### {_text(block.summary)}", "")
        for inner in block.blocks:
            yield from (*_block(inner, page), "")
    elif isinstance(block, Explorer):
        yield f"*{page.labels['no_script']}*"


def _verdict(card: Verdict, page: Page) -> Iterator[str]:
    """The answer of one scenario."""
    yield from (f"### {_text(card.heading)}", "") if card.heading else ()
    yield from (" ".join(filter(None, (_text(card.given), f"**{_text(card.finding)}**", _text(card.sure)))), "")
    if card.change:
        yield from (" ".join(map(_text, card.change)), "")
    for picture in card.pictures:
        yield from (*_picture(picture, page), "")


def _picture(picture: Picture, page: Page) -> Iterator[str]:
    """What a picture shows, in words."""
    yield f"> **{page.labels['picture']}: {_text(picture.title)}.** {_text(picture.description)}"


def _table(table: Table) -> Iterator[str]:
    yield from (f"**{_text(table.caption)}**", "")
    yield f"| {' | '.join(_text(column.text) for column in table.columns)} |"
    yield f"|{'|'.join('---:' if column.is_number else '---' for column in table.columns)}|"
    for row in table.rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    if table.note:
        yield from ("", f"*{_text(table.note)}*")


def _cell(cell: Cell) -> str:
    anchor = f'<a id="{re.sub(r"[^A-Za-z0-9_.-]", "", cell.anchor)}"></a>' if cell.anchor else ""
    return anchor + _text(cell.text)
