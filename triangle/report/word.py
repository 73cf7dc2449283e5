"""The tables of a report as a Word document, by python-docx: heads repeated on every page, numbers at the right."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt

from triangle.report.tables import tables_of
from triangle.showing.blocks import Column, Page, Table, Text, words_of

#: Height and width of a page of A4 on its side, and its margins, in millimetres.
HEIGHT, WIDTH, MARGIN = 210, 297, 15

#: Size of the letters of a table, in points.
LETTERS = 7.5


def tables_in(page: Page) -> bytes:
    """All tables of a page, each under its section and heading, with its caption and note."""
    document = _new(page)
    for listed in tables_of(page):
        for level, text in enumerate(listed.heads, 1):
            if text:
                document.add_heading(words_of(text), level)
        _add(document, listed.table)
    document.add_paragraph(words_of(page.foot))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _new(page: Page) -> Any:
    """A document of pages on their side, with the title of the report."""
    document = Document()
    (part,) = document.sections
    part.orientation = WD_ORIENT.LANDSCAPE
    part.page_height, part.page_width = Mm(HEIGHT), Mm(WIDTH)
    part.left_margin = part.right_margin = part.top_margin = part.bottom_margin = Mm(MARGIN)
    about = document.core_properties
    about.title, about.author, about.comments = words_of(page.title)[:255], "triangle", ""
    about.language = page.language
    about.created = about.modified = datetime.now(UTC)
    document.add_heading(words_of(page.title), 0)
    document.add_paragraph(words_of(page.subtitle))
    return document


def _add(document: Any, table: Table) -> None:
    """A table between its caption and its note."""
    caption = document.add_paragraph(words_of(table.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    made = document.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    head = made.add_row()
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # the library has no name for a repeated head
    _fill(head, [column.text for column in table.columns], table.columns, bold=True)
    for row in table.rows:
        _fill(made.add_row(), [cell.text for cell in row], table.columns)
    if table.note:
        document.add_paragraph(words_of(table.note)).runs[0].italic = True


def _fill(row: Any, texts: list[Text], columns: tuple[Column, ...], bold: bool = False) -> None:
    """Write the cells of a row, which no end of a page cuts in two."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, column in zip(row.cells, texts, columns, strict=True):
        (paragraph,) = cell.paragraphs
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if column.is_number else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.space_after = Pt(0)
        for run in text:
            written = paragraph.add_run(run.text)
            written.font.size = Pt(LETTERS)
            written.bold = bold or run.kind == "strong" or None
            if run.kind == "code":
                written.font.name = "Consolas"
