"""The tables of a report in Word and LaTeX: the same cells, heads on every page, nothing of a stranger's is obeyed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from budgets import tries
from click.testing import CliRunner
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from triangle.cli import main
from triangle.report import latex, word
from triangle.report.build import FRAME
from triangle.report.tables import tables_of
from triangle.showing.blocks import (
    Cell,
    Column,
    Details,
    Heading,
    Page,
    Paragraph,
    Section,
    Table,
    Text,
    code,
    foreign,
    plain,
    words_of,
)

HOSTILE = r"\input{/etc/passwd} \write18{rm} 50 % & $x^2$ #1 a_b ~ {open"


def table(name: str, *texts: Text, note: str = "") -> Table:
    rows = tuple((Cell(text), Cell(plain("−1.5"), -1.5)) for text in texts)
    return Table(
        plain(name), (Column(plain("what & how")), Column(plain("number"), True)), rows, plain(note) if note else ()
    )


@pytest.fixture(scope="module")
def page() -> Page:
    """Two sections; tables under a heading, and folded away; what a stranger wrote in title, caption and cell."""
    first = table("First", plain("50 % → all"), code("gdp_us"), note="Not all.")
    second, third = table("Second", foreign(HOSTILE)), Table(foreign(HOSTILE), (Column(plain("one")),), ((Cell(()),),))
    folded = Details(plain("more"), (second,))
    sections = (
        Section("a", plain("Alpha"), (Paragraph(plain("p")), first, Heading(plain("Inner")), folded)),
        Section("b", plain("Beta & more"), (third,)),
    )
    labels = {**dict.fromkeys(FRAME, "x"), "table": "Tabelle"}
    return Page("de", foreign(HOSTILE), plain("sub"), sections, plain("Made by somebody."), labels)


def test_all_tables_are_listed_once_under_what_they_stand_under(page: Page):
    found = [(one.label, words_of(one.table.caption)[:6], *map(words_of, one.heads)) for one in tables_of(page)]
    assert found == [
        ("a-1", "First", "Alpha", ""),
        ("a-2", "Second", "", "Inner"),
        ("b-1", HOSTILE[:6], "Beta & more", ""),
    ]


# ----- Word


def test_a_word_document_read_back_has_every_cell(page: Page):
    document = Document(io.BytesIO(word.tables_in(page)))
    expected = [one.table for one in tables_of(page)]
    assert len(document.tables) == len(expected) == 3
    for made, own in zip(document.tables, expected, strict=True):
        head, *rows = [[cell.text for cell in row.cells] for row in made.rows]
        assert head == [words_of(column.text) for column in own.columns]
        assert rows == [[words_of(cell.text) for cell in row] for row in own.rows]
    said = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert [text for style, text in said if style.startswith("Heading")] == ["Alpha", "Inner", "Beta & more"]
    assert [text for style, text in said if style == "Caption"] == ["First", "Second", words_of(expected[2].caption)]
    assert ("Normal", "Not all.") in said and said[-1][1] == "Made by somebody."


def test_heads_are_repeated_in_word_and_numbers_stand_at_the_right(page: Page):
    for made in Document(io.BytesIO(word.tables_in(page))).tables:
        repeated = [row._tr.xpath("./w:trPr/w:tblHeader") != [] for row in made.rows]
        assert repeated == [True] + [False] * (len(made.rows) - 1)
        assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in made.rows)
    cell = Document(io.BytesIO(word.tables_in(page))).tables[0].rows[1].cells[1]
    assert cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT


# ----- LaTeX


def longtables(text: str) -> Iterator[tuple[str, list[str]]]:
    """Caption line and rows of each long table, heads included."""
    for body in re.findall(r"\\begin\{longtable\}(.*?)\\end\{longtable\}", text, flags=re.DOTALL):
        lines = body.strip().splitlines()
        yield lines[1], [line for line in lines[2:] if line.endswith(r" \\")]


def cells_of(row: str) -> list[str]:
    return re.split(r"(?<!\\)&", row.removesuffix(r"\\"))


def test_a_latex_document_has_the_structure_that_an_engine_asks_for(page: Page):
    text = latex.tables_in(page).decode()
    opened = re.findall(r"\\begin\{(\w+)\}", text)
    assert sorted(opened) == sorted(re.findall(r"\\end\{(\w+)\}", text)) == ["document"] + ["longtable"] * 3
    bare = re.sub(r"\\[{}]", "", re.sub(r"(?m)^%.*$", "", text))
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0 and text.count(r"\endhead") == text.count(r"\endfirsthead") == 3
    body = text[text.index(r"\begin{document}") :]
    for sign in "$#^~":
        assert not re.search(rf"(?<!\\){re.escape(sign)}", body), sign
    assert not re.search(r"(?<!\\)%|\\input|\\write", body) and r"\renewcommand{\tablename}{Tabelle}" in text
    for (_, rows), one in zip(longtables(text), tables_of(page), strict=True):
        assert len(rows) == 2 + len(one.table.rows)  # the head twice: on the first page, and on all others
        assert all(len(cells_of(row)) == len(one.table.columns) for row in rows) and rows[0] == rows[1]


def test_columns_fill_the_line_and_no_more(page: Page):
    for one in tables_of(page):
        shares = [float(share) for share in re.findall(r"dimexpr ([\d.]+)", latex.widths(one.table))]
        assert len(shares) == len(one.table.columns) and sum(shares) == pytest.approx(1.0, abs=1e-3)


ASCII = "".join(map(chr, range(33, 127)))


@settings(max_examples=tries(200), deadline=None)
@given(st.text(alphabet=ASCII.replace("`", "").replace("'", "").replace("-", "") + "äßéβ≤→", min_size=1, max_size=40))
def test_another_program_reads_out_of_latex_what_was_written(text: str):
    """Quotation marks and strokes are left out: in LaTeX several of them make one sign."""
    typed = latex.tex(code(text))
    assert typed.startswith(r"\texttt{") and typed.endswith("}")
    for written in (latex.tex(plain(text)), typed[8:-1]):
        assert LatexNodes2Text(keep_comments=True).latex_to_text(written).replace("ˆ", "^") == text


def test_two_strokes_to_be_typed_stay_two():
    assert latex.tex(code("--out x")) == r"\texttt{-{}-out x}" and latex.tex(plain("a\u202f%")) == r"a\,\%"


# ----- the command


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["report", "baseline", *words])
    return done.exit_code, done.output


def test_the_command_writes_the_tables_beside_the_report(tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch):
    from triangle.report import build

    monkeypatch.setattr(build, "build", lambda *_: page)
    for ending, begin in (("docx", b"PK"), ("tex", b"% ")):
        code, said = run("--out", str(tmp_path / "r.html"), "--tables", str(tmp_path / f"t.{ending}"))
        assert code == 0 and f"t.{ending}" in said, said
        assert (tmp_path / f"t.{ending}").read_bytes().startswith(begin)


@pytest.mark.parametrize(
    ("tables", "more", "words"),
    [
        ("t.xlsx", (), "expected a file ending in .docx or .tex"),
        ("t", (), "expected a file ending in .docx or .tex"),
        ("t.docx", ("--brief",), "leave --brief out"),
    ],
)
def test_tables_that_cannot_be_written_are_refused_before_anything_is_computed(
    tmp_path: Path, tables: str, more: tuple[str, ...], words: str
):
    code, said = run("--out", str(tmp_path / "r.html"), "--tables", str(tmp_path / tables), *more)
    assert code == 2 and words in said and said.count("\n") == 1 and not list(tmp_path.iterdir())


@pytest.mark.parametrize(("ending", "library"), [("docx", "docx"), ("tex", "pylatexenc")])
def test_a_missing_library_is_answered_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, library: Any
):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    code, said = run("--out", str(tmp_path / "r.html"), "--tables", str(tmp_path / f"t.{ending}"))
    assert code == 2 and "pip install '.[tables]'" in said and said.count("\n") == 1 and not list(tmp_path.iterdir())
