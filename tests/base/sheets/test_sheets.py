"""One reader for every sheet: numbers as Germans, French, Swiss and Americans write them, encodings, formulas inert."""

from __future__ import annotations

import csv
import datetime
import io
import math
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from each import of_each
from hypothesis import given
from hypothesis import strategies as st
from strategies import shipped

from triangle.base.errors import BadInput
from triangle.base.sheets.cells import decimal_mark, found, number
from triangle.base.sheets.dialects import DIALECTS, write_text
from triangle.base.sheets.files import Limits, read_sheet
from triangle.base.sheets.workbook import check_fits, write_workbook
from triangle.cli import main
from triangle.scenarios.scenario import read_scenario
from triangle.sweeps.points import read_points

LIMITS = Limits(1_000_000, 1_000_000, 1000, 50, "too much")

GERMAN = "name;value;low;high;because_of_change;scenario\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def imported(folder: Path, content: str | bytes) -> Result:
    sheet = folder / "sheet.csv"
    sheet.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "x.toml").unlink(missing_ok=True)
    return run("import", sheet, "--out", folder / "x.toml", "--author", "A")


def points(folder: Path, content: str | bytes) -> dict[str, list[float]]:
    sheet = folder / "points.csv"
    sheet.write_bytes(content if isinstance(content, bytes) else content.encode())
    return {name: column.tolist() for name, column in read_points(sheet, shipped().catalogue).items()}


# ----- numbers


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        *[("30.000", ",", 30000.0), ("30.000", ".", 30.0), ("30,000", ".", 30000.0), ("30,000", ",", 30.0)],
        *[("2.104,9", ",", 2104.9), ("2.104,9", "", 2104.9), ("2,104.9", ".", 2104.9), ("1.234.567", ",", 1234567.0)],
        *[("30\u202f000", ",", 30000.0), ("30\u00a0000,5", ",", 30000.5), ("30 000", "", 30000.0)],
        *[("30'000.5", ".", 30000.5), ("30’000", ".", 30000.0), ("-0,5", ",", -0.5), ("+1,5E-03", ",", 0.0015)],
        *[("0.300", "", 0.3), ("0,300", "", 0.3), ("1234,567", "", 1234.567), (",5", ",", 0.5), ("5,", ",", 5.0)],
        *[("1.234e3", "", 1234.0), (" 12 ", "", 12.0), ("1.2345", ".", 1.2345)],
    ],
)
def test_a_number_is_what_its_writer_meant(text: str, mark: str, value: float):
    assert number(text, mark) == value


NO_NUMBERS = [
    *["", "-", ".", ",", "abc", "1_000", "nan", "inf", "Infinity", "1e999", "12.34.567", "1.23,456.7", "1,2,3"],
    *["٣٠", "３０", "१", "1٫5", "50 %", "5 €", "0x10", "1.234.56", "01. Mai", "30 00", "−5", "1.234,567.8"],
]


@of_each(("text", "mark"), [(text, mark) for text in NO_NUMBERS for mark in ("", ".", ",")])
def test_what_is_no_number_is_none_whatever_the_sheet(text: str, mark: str):
    assert math.isnan(number(text, mark))


def test_a_number_in_doubt_is_none_and_both_readings_are_said():
    assert math.isnan(number("30.000", "")) and math.isnan(number("30,000", ""))
    assert found("30,000", "") == (
        "found '30,000', which is 30000 or 30, and no other number of the sheet says which; write 30000 or 30,0000"
    )
    assert number("30,0000", "") == 30.0 and number("30000", "") == 30000.0


def test_a_date_that_a_spreadsheet_made_of_a_number_is_said_to_be_one():
    assert "found the date 2026-05-01" in found(datetime.date(2026, 5, 1), ".")


@pytest.mark.parametrize(
    ("texts", "parted", "mark"),
    [
        *[
            (["0,5", "30.000"], ";", ","),
            (["0.5", "30.000"], ";", "."),
            (["30.000"], ";", ""),
            (["1.234.567"], ";", ","),
        ],
        *[
            (["0,5", "0.5"], ";", ""),
            (["30.000", "7"], ",", "."),
            (["0,5", "30.000"], ",", ","),
            (["1,5E+03"], "\t", ","),
        ],
        *[(["30,000", "30,000"], ",", "."), (["2.104,9"], "\t", ","), ([0.5, None], "", ""), (["2024"], ";", "")],
    ],
)
def test_the_sheet_says_its_decimal_mark_where_any_number_does(texts: list[object], parted: str, mark: str):
    assert decimal_mark(texts, parted) == mark


def grouped(value: float, group: str, mark: str) -> str:
    return f"{value:,.2f}".replace(",", "G").replace(".", mark).replace("G", group)


@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), min_size=1, max_size=6))
@pytest.mark.parametrize(
    ("group", "mark"), [(".", ","), (",", "."), ("\u202f", ","), ("\u00a0", ","), ("'", "."), ("", ",")]
)
def test_numbers_with_parted_thousands_come_back_whole(group: str, mark: str, values: list[float]):
    texts = [grouped(value, group, mark) for value in values]
    assert [number(text, decimal_mark(texts, ";")) for text in texts] == values


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=1, max_size=6))
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_written_in_a_dialect_comes_back_in_every_digit(dialect: str, values: list[float]):
    values = [value for value in values if abs(value) <= 1e300]
    page = io.BytesIO()
    write_text(page, [[value] for value in values], DIALECTS[dialect])
    rows = csv.reader(io.StringIO(page.getvalue().decode("utf-8-sig")), delimiter=DIALECTS[dialect].parted)
    texts = [row[0] for row in rows]
    assert [number(text, decimal_mark(texts, DIALECTS[dialect].parted)) for text in texts] == values


# ----- import and --points read alike


def test_thirty_thousand_is_never_thirty(tmp_path: Path):
    doubtful = GERMAN + "gdp_us;30.000;29.000;31.000;neue Schätzung;baseline\n"
    done = imported(tmp_path, doubtful)
    assert done.exit_code == 2 and "B2: found '30.000', which is 30000 or 30" in done.stderr
    done = imported(tmp_path, doubtful + "relief;0,5;0;1;halb;baseline\n")
    assert done.exit_code == 0, done.stderr
    scenario = read_scenario(tmp_path / "x.toml", shipped())
    assert scenario.values["gdp_us"] == 30000.0 and scenario.ranges["gdp_us"] == (29000.0, 31000.0)
    with pytest.raises(BadInput, match=r"A2: found '30\.000', which is 30000 or 30"):
        points(tmp_path, "gdp_us;gdp_cn\n30.000;19.000\n")
    assert points(tmp_path, "gdp_us;relief\n30.000;0,5\n") == {"gdp_us": [30000.0], "relief": [0.5]}
    assert points(tmp_path, "gdp_us,relief\n30.000,0.5\n")["gdp_us"] == [30.0]


@pytest.mark.parametrize(
    "content",
    [
        "relief;europe_joins\r\n0,5;1\r\n0,3;0\r\n",
        "sep=;\r\nrelief;europe_joins\r\n0,5;1\r\n0,3;0\r\n",
        '"sep=;"\nrelief;europe_joins\n0,5;1\n0,3;0\n',
        "relief\teurope_joins\n0,5\t1\n0,3\t0\n",
        "SEP=|\nrelief|europe_joins\n0,5|1\n0,3|0\n",
        'relief,europe_joins\n"0,5",1\n"0,3",0\n',
        "relief;europe_joins;;\n0,5;1;;\n0,3;0;;\n;;;\n",
        "\ufeffrelief;europe_joins\n0,5;1\n0,3;0",
        "relief;europe_joins\r0,5;1\r0,3;0\r",
        "relief\teurope_joins\r\n0,5\t1\r\n0,3\t0\r\n".encode("utf-16"),
        b"\xfe\xff" + "relief;europe_joins\n0,5;1\n0,3;0\n".encode("utf-16-be"),
    ],
)
def test_points_are_read_however_they_are_parted_and_encoded(tmp_path: Path, content: str | bytes):
    assert points(tmp_path, content) == {"relief": [0.5, 0.3], "europe_joins": [1.0, 0.0]}


@pytest.mark.parametrize("rows", [[[None, None], ["relief"], [0.5]], [["relief", None], [0.5, 0.2]]])
def test_a_workbook_is_not_advised_about_commas_and_an_empty_first_row_is_called_so(tmp_path: Path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "p.xlsx")
    with pytest.raises(BadInput) as refused:
        read_points(tmp_path / "p.xlsx", shipped().catalogue)
    says = "row 1: empty; expected names of parameters" if rows[0][0] is None else "row 2: found 2 cells; expected 1"
    assert says in str(refused.value) and "comma" not in str(refused.value)


def test_line_ends_may_be_mixed_and_zero_has_no_sign(tmp_path: Path):
    """A heading that ends like an old Macintosh's was taken for one with its first row, parted by commas."""
    read = points(tmp_path, "relief;evasion\r-0;0,2\n0,1;0,3\r\n")
    assert read == {"relief": [0.0, 0.1], "evasion": [0.2, 0.3]} and str(read["relief"][0]) == "0.0"


def test_points_of_a_workbook_are_read_with_their_cells(tmp_path: Path):
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Tabelle1"
    for row in (["relief", "europe_joins"], [0.5, 1], ["0,3", 0]):
        book.active.append(row)
    book.save(tmp_path / "points.xlsx")
    found_points = read_points(tmp_path / "points.xlsx", shipped().catalogue)
    assert {name: column.tolist() for name, column in found_points.items()} == {
        "relief": [0.5, 0.3],
        "europe_joins": [1.0, 0.0],
    }
    book.active["A3"] = datetime.date(2026, 5, 1)
    book.active["B3"] = "=1+1"
    book.save(tmp_path / "points.xlsx")
    with pytest.raises(BadInput) as caught:
        read_points(tmp_path / "points.xlsx", shipped().catalogue)
    assert "Tabelle1!A3: found the date 2026-05-01" in str(caught.value)
    assert "Tabelle1!B3: found '=1+1'; expected a number for europe_joins" in str(caught.value)


def test_one_column_of_decimal_commas_is_refused_with_what_to_do(tmp_path: Path):
    with pytest.raises(BadInput, match=r"row 2: found 2 cells; expected 1; are the commas decimal ones\?.*sep=;"):
        points(tmp_path, "relief\n0,5\n")
    assert points(tmp_path, "sep=;\nrelief\n0,5\n") == {"relief": [0.5]}


def test_a_sheet_as_german_excel_saves_it_is_read_and_the_guess_is_said(tmp_path: Path):
    sheet = GERMAN + "relief;0,5;0;1;für die Hälfte – „halb“;baseline\n"
    done = imported(tmp_path, sheet.encode("cp1252"))
    assert done.exit_code == 0 and "read as Windows-1252" in done.stderr
    (change,) = read_scenario(tmp_path / "x.toml", shipped()).changes
    assert change.because == "für die Hälfte – „halb“"
    assert "read as" not in imported(tmp_path, sheet).stderr


def test_letters_that_windows_1252_has_not_are_explained(tmp_path: Path):
    known = "name;symbol;value;because_of_change;scenario\nconditionality;κ;0.5;why;baseline\n"
    done = imported(tmp_path, known.replace("κ", "?").replace("why", "für").encode("cp1252"))
    assert done.exit_code == 2 and "which has no Greek letters: save it as CSV UTF-8" in done.stderr


def test_of_a_workbook_of_several_sheets_the_one_that_was_read_is_said(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.title = "Punkte"
    for row in (["relief"], [0.5]):
        book.active.append(row)
    book.save(tmp_path / "points.xlsx")
    assert "was read" not in run("sweep", "baseline", "--points", tmp_path / "points.xlsx").stderr
    book.create_sheet("Notizen")
    book.save(tmp_path / "points.xlsx")
    done = run("sweep", "baseline", "--points", tmp_path / "points.xlsx")
    assert done.exit_code == 0 and "baseline: 1 game\n" in done.stdout
    assert "points.xlsx: of this workbook the sheet 'Punkte' was read, and not 'Notizen'" in done.stderr


def test_a_scenario_of_the_name_of_its_own_base_is_not_written(tmp_path: Path):
    (tmp_path / "sheet.csv").write_text(GERMAN + "relief;0,5;0;1;why;baseline\n")
    done = run("import", tmp_path / "sheet.csv", "--out", tmp_path / "baseline.toml", "--author", "A")
    assert done.exit_code == 2 and "--out: baseline.toml would depart from a base of its own name" in done.stderr
    assert not (tmp_path / "baseline.toml").exists()


def test_what_parts_cells_must_be_one_of_four(tmp_path: Path):
    with pytest.raises(BadInput, match="sep=: found 'x'; expected a semicolon, tab, comma or bar"):
        points(tmp_path, "sep=x\nreliefxevasion\n0x0\n")


def test_columns_beyond_the_limit_are_refused_not_dropped(tmp_path: Path):
    (tmp_path / "s.csv").write_text("a," * 60 + "\n")
    with pytest.raises(BadInput, match="row 1: more than 50 columns; too much"):
        read_sheet(tmp_path / "s.csv", LIMITS, "s")


# ----- writing


def test_no_number_that_is_none_reaches_a_sheet_and_no_text_is_a_formula(tmp_path: Path):
    rows = [["=1+1", math.nan, math.inf, "@x"], ["-1", -1.0, 2, None]]
    with (tmp_path / "s.xlsx").open("wb") as file:
        write_workbook(file, {"games": rows})
    (read,) = openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets
    assert [[c.value for c in row] for row in read.iter_rows()] == [["'=1+1", None, None, "'@x"], ["'-1", -1, 2, None]]
    assert all(c.data_type != "f" for row in read.iter_rows() for c in row)
    page = io.BytesIO()
    write_text(page, rows, DIALECTS["excel-de"])
    assert page.getvalue().decode("utf-8-sig") == "'=1+1;;;'@x\n'-1;-1,0;2;\n"


def test_a_table_longer_than_a_sheet_of_excel_is_refused_with_both_numbers():
    check_fits(1_048_576, 16_384, "--export")
    with pytest.raises(BadInput, match=r"holds 1,048,576 rows.*this table has 1,048,577.*\.csv or \.nc"):
        check_fits(1_048_577, 3, "--export")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("relief\n0,5\n", None),  # two cells of a file parted by commas
        ("gdp_us\n30.000\n", None),
        ("gdp_us\n30.000\n29500.5\n", 30.0),
        ("gdp_us\n30.000\n1.234.567\n", 30000.0),
        ("relief;gdp_us\n0,5;030.000\n", 30000.0),
        ("sep=,\ngdp_us\n30.000\n", 30.0),
    ],
)
def test_one_column_says_nothing_of_its_decimal_mark_but_by_its_numbers(tmp_path, text, value):
    path = tmp_path / "points.csv"
    path.write_text(text)
    if value is None:
        with pytest.raises(BadInput):
            read_points(path, shipped().catalogue)
    else:
        assert read_points(path, shipped().catalogue)["gdp_us"][0] == value
