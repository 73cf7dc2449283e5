"""Tables at any width: no number is cut short, and no column disappears."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from triangle.showing.layout import new_table

COLUMNS = ("option", ">expected", ">satisficing", "=parameter", "Pareto")
ROWS = (
    ("relief 1, political_concession 0", "1,629.3 ± 43.5", "57.8% (51.7%–63.7%)", "two_front_dilution", "yes"),
    ("as it is", "-582.1 ± 42.0", "52.0% (45.8%–58.0%)", "unilateral_yield", ""),
)


def rendered(width: int, columns=COLUMNS, rows=ROWS) -> str:
    table = new_table(*columns, title="Options")
    for row in rows:
        table.add_row(*row)
    table.footing = "the end"
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, highlight=False).print(table)
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_a_table_of_any_width_shows_every_number_and_name_whole(width: int):
    text = rendered(width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert "…" not in text
    for cell in (cell for row in ROWS for cell in row[1:]):
        assert cell in text
    assert text.index("Options") < text.index("as it is") < text.index("the end")


def test_a_wide_table_has_its_rows_on_lines_and_a_narrow_one_as_lists():
    wide, narrow = rendered(160), rendered(60)
    assert sum("57.8%" in line and "1,629.3" in line for line in wide.splitlines()) == 1
    assert not any("57.8%" in line and "1,629.3" in line for line in narrow.splitlines())
    assert "  satisficing" in narrow and "  Pareto" in narrow


def test_rows_of_numbers_alone_are_named_by_their_first():
    text = rendered(14, (">samples", ">total", ">first"), (("1,024", "0.285", "0.162"),))
    assert "samples 1,024" in text and "total" in text and "0.162" in text


def test_long_words_are_broken_and_not_cut():
    profile = "US=contain_both,RU=distance,CN=distance"
    text = rendered(30, ("profile", ">margin"), ((profile, "1.5"),))
    column = "".join(line.strip("│ ").split("│")[0].strip() for line in text.splitlines() if line.startswith("│"))
    assert column == profile


def test_no_word_is_broken_where_all_have_room():
    rows = (("Europa macht bei der Entlastung mit", "beiden entgegentreten", "stabile Ehe", "absprachefest"),)
    text = rendered(70, ("Szenario", "RU", "Dreieck", "Absprache"), rows)
    assert all(word in text for word in ("entgegentreten", "Entlastung", "absprachefest"))
    assert all(cell_len(line) <= 70 for line in text.splitlines())
