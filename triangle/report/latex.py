"""The tables of a report as a LaTeX document that any engine sets: long tables whose heads are repeated on every page.

Letters and signs become commands of LaTeX by pylatexenc; the layout is a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pylatexenc.latexencode import RULE_DICT, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

from triangle.report.html import FOLDER
from triangle.report.tables import tables_of
from triangle.showing.blocks import Page, Run, Table, Text, words_of

#: Signs that the library does not know: a thin space that keeps a line, the strokes of drawings in text.
_SIGNS = {0x202F: r"\,", 0x2550: "=", 0x21C4: r"\ensuremath{\rightleftarrows}"}

#: Least and most letters by which the width of a column is measured.
_NARROW, _WIDE = 7, 60


def tables_in(page: Page) -> bytes:
    """All tables of a page, each under its section and heading, with its caption, label and note."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
    made.filters["tex"] = tex
    made.filters["widths"] = widths
    made.filters["line"] = lambda text: " ".join(words_of(text).split())
    text = made.get_template("tables.tex.jinja").render(page=page, listed=tables_of(page))
    return text.encode()


@cache
def _encoder() -> UnicodeToLatexEncoder:
    own = UnicodeToLatexConversionRule(RULE_DICT, _SIGNS)
    return UnicodeToLatexEncoder(
        conversion_rules=[own, "defaults"], unknown_char_policy="keep", unknown_char_warning=False
    )


def tex(text: Text) -> str:
    r"""A text in LaTeX, names to be typed and words of weight marked.

    >>> from triangle.showing.blocks import code, plain
    >>> print(tex((*plain("50 % of "), *code("gdp_us"))))
    50 \% of \texttt{gdp\_\allowbreak{}us}
    """
    return "".join(map(_run, text))


def _run(run: Run) -> str:
    written: str = _encoder().unicode_to_latex(run.text)
    if run.kind == "code":  # names part at their strokes below; two strokes would become a dash
        breaking = written.replace(r"\_", r"\_\allowbreak{}").replace("--", "-{}-")
        return rf"\texttt{{{breaking}}}"
    return rf"\textbf{{{written}}}" if run.kind == "strong" else written


def widths(table: Table) -> str:
    """How LaTeX is to lay out the columns: in all as wide as a line, more for those with long texts."""
    sizes = list(_sizes(table))
    whole = sum(sizes)
    sides = ["raggedleft" if column.is_number else "raggedright" for column in table.columns]
    return "".join(
        rf">{{\{side}\arraybackslash}}p{{\dimexpr {size / whole:.4f}\linewidth-2\tabcolsep\relax}}"
        for side, size in zip(sides, sizes, strict=True)
    )


def _sizes(table: Table) -> Iterator[float]:
    for place, column in enumerate(table.columns):
        cells: Sequence[Text] = [row[place].text for row in table.rows]
        longest = max((len(words_of(text)) for text in cells), default=0)
        word = max((len(word) for word in re.split(r"[\s_]+", words_of(column.text))), default=0)
        yield min(max(longest, word, _NARROW), _WIDE) ** 0.75
