"""The spreadsheet door: out and back unchanged, changes back as a scenario, faults by cell, files of strangers."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from budgets import LARGE, few, in_turn
from click.testing import CliRunner, Result
from strategies import shipped

import triangle
from triangle.base.errors import BadInput
from triangle.base.sheets.cells import Formula, Sheet, guarded, unguarded
from triangle.cli import main
from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import read_scenario, shipped_names
from triangle.scenarios.sheet import COLUMNS, read_changes, table
from triangle.scenarios.sheet_file import read_sheet, write_sheet

DEFAULTS = shipped().catalogue.defaults()

Rows = list[list[object]]
PLACES = {name: place for place, name in enumerate(COLUMNS)}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def rows_of(name: str = "baseline") -> Rows:
    return [list(row) for row in table(read_scenario(name, shipped()), shipped())]


def changed(rows: Rows, parameter: str, **cells: object) -> Rows:
    row = next(row for row in rows if row[0] == parameter)
    for column, content in cells.items():
        row[PLACES[column]] = content
    return rows


def written(path: Path, rows: Rows) -> Path:
    """The rows as a spreadsheet program would write them, formulas and all."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.title = "Sheet1"
        for row in rows:
            book.active.append(row)
        book.save(path)
    return path


def imported(path: Path, *more: str) -> Result:
    return run("import", str(path), "--out", str(path.parent / "mine.toml"), "--author", "A", *more)


# ----- out and back


@pytest.mark.parametrize(("name", "ending"), in_turn(["baseline", "nixon_1972", "rift_courted"], [".csv", ".xlsx"]))
def test_a_sheet_that_comes_back_untouched_changes_nothing(tmp_path: Path, name: str, ending: str):
    path = tmp_path / f"sheet{ending}"
    done = run("export", name, "--parameters", str(path))
    assert done.exit_code == 0 and f"written: {path}" in done.stderr
    back = imported(path)
    assert back.exit_code == 2 and f"nothing is changed; every number is that of {name}" in back.stderr
    assert not (tmp_path / "mine.toml").exists()


def test_every_number_of_every_scenario_survives(tmp_path: Path):
    for place, name in enumerate(few(shipped_names(SHIPPED), 13)):
        scenario = read_scenario(name, shipped())
        path = tmp_path / f"sheet{'.csv' if place % 2 else '.xlsx'}"
        write_sheet(path, table(scenario, shipped()))
        for row in read_sheet(path).rows[1:]:
            numbers = [float(str(row[PLACES[column]])) for column in ("value", "low", "high")]
            known = [scenario.values[str(row[0])], *scenario.ranges[str(row[0])]]
            # A workbook keeps sixteen digits, a text all.
            assert numbers == known if path.suffix == ".csv" else np.allclose(numbers, known, rtol=1e-15, atol=0)


def test_a_change_over_a_scenario_with_a_third_party_becomes_a_scenario_with_it(tmp_path: Path):
    rows = table(read_scenario("europe_chooses", shipped()), shipped())
    assert "europe_joins" not in [row[0] for row in rows]
    changed(rows, "effort_eu", value=50.0, because_of_change="lower")
    done = imported(written(tmp_path / "sheet.csv", rows))
    assert done.exit_code == 0, done.stderr
    scenario = read_scenario(tmp_path / "mine.toml", shipped())
    assert scenario.values["effort_eu"] == 50.0 and [p.code for p in scenario.players] == ["EU"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_change_becomes_a_sound_scenario(tmp_path: Path, ending: str):
    rows = changed(rows_of(), "relief", value=0.5, because_of_change='half, "as offered" \\ =1')
    changed(rows, "stake_ru_cn", low=2.0, because_of_change="narrower")
    changed(rows, "gdp_ru", value=2500.0, low=2400.0, high=2600.0, because_of_change="growth – ein Ausblick")
    path = written(tmp_path / f"sheet{ending}", rows)
    done = imported(path, "--title", "Three changes", "--json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert [change["parameter"] for change in document["changes"]] == ["gdp_ru", "stake_ru_cn", "relief"]
    scenario = read_scenario(tmp_path / "mine.toml", shipped())
    assert scenario.base == "baseline" and scenario.title == "Three changes" and scenario.author == "A"
    assert scenario.values["relief"] == 0.5 and scenario.values["stake_ru_cn"] == 5.0
    assert scenario.ranges["stake_ru_cn"] == (2.0, 12.0) and scenario.ranges["gdp_ru"] == (2400.0, 2600.0)
    reasons = [c.because for c in scenario.changes]
    assert reasons == ["growth – ein Ausblick", "narrower", 'half, "as offered" \\ =1']
    assert triangle.solve(tmp_path / "mine.toml").findings


def test_a_german_sheet_with_semicolons_and_decimal_commas_is_read(tmp_path: Path):
    rows = changed(rows_of(), "relief", value=0.5, because_of_change="halb; wie geboten")
    page = io.StringIO()
    csv.writer(page, delimiter=";").writerows(
        [str(content).replace(".", ",") if isinstance(content, float) else content for content in row] for row in rows
    )
    path = tmp_path / "blatt.csv"
    path.write_bytes(page.getvalue().encode("utf-8-sig"))
    assert imported(path).exit_code == 0
    assert read_scenario(tmp_path / "mine.toml", shipped()).values["relief"] == 0.5


def test_columns_may_be_left_out_and_moved_and_rows_deleted_and_sorted(tmp_path: Path):
    keep = ("because_of_change", "scenario", "value", "name")
    rows = changed(rows_of(), "relief", value=0.5, because_of_change="b")
    fewer = [[row[PLACES[name]] for name in keep] for row in [rows[0], *reversed(rows[40:])]]
    assert imported(written(tmp_path / "sheet.csv", fewer)).exit_code == 0
    assert read_scenario(tmp_path / "mine.toml", shipped()).values["relief"] == 0.5


def test_a_spreadsheets_rounding_is_no_change(tmp_path: Path):
    rows = rows_of()
    for row in rows[1:]:
        for column in ("value", "low", "high"):
            row[PLACES[column]] = float(f"{row[PLACES[column]]:.12g}")
    assert "nothing is changed" in imported(written(tmp_path / "sheet.xlsx", rows)).stderr


def test_settings_come_out_as_changes_that_say_so(tmp_path: Path):
    path = tmp_path / "sheet.xlsx"
    assert run("export", "baseline", "--parameters", str(path), "--set", "relief=0.7").exit_code == 0
    assert imported(path).exit_code == 0
    (change,) = read_scenario(tmp_path / "mine.toml", shipped()).changes
    assert (change.parameter, change.value, change.because) == ("relief", 0.7, "set by hand")


def test_a_scenario_of_ones_own_is_found_beside_the_file_that_is_written(tmp_path: Path):
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    written(first, changed(rows_of(), "relief", value=0.5, because_of_change="b"))
    assert imported(first).exit_code == 0
    assert run("export", str(tmp_path / "mine.toml"), "--parameters", str(second)).exit_code == 0
    rows = [list(row) for row in read_sheet(second).rows]
    written(second, changed(rows, "evasion", value=0.6, because_of_change="b"))
    out = tmp_path / "other.toml"
    assert run("import", str(second), "--out", str(out), "--author", "A").exit_code == 0
    assert read_scenario(out, shipped()).values["relief"] == 0.5
    (tmp_path / "elsewhere").mkdir()
    lost = run("import", str(second), "--out", str(tmp_path / "elsewhere" / "o.toml"), "--author", "A")
    assert lost.exit_code == 2 and "unknown scenario 'mine'" in lost.stderr


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path):
    path = written(tmp_path / "sheet.csv", changed(rows_of(), "relief", value=0.5, because_of_change="b"))
    (tmp_path / "mine.toml").write_text("precious", encoding="utf-8")
    done = imported(path)
    assert done.exit_code == 2 and "is there already" in done.stderr
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "precious"


# ----- faults by cell


def cell_of(parameter: str, column: str) -> str:
    number = [str(row[0]) for row in rows_of()].index(parameter) + 1
    return f"{chr(ord('A') + PLACES[column])}{number}"


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_all_faults_are_reported_together_each_by_its_cell(tmp_path: Path, ending: str):
    rows = changed(rows_of(), "relief", value="abc", because_of_change="b")
    changed(rows, "evasion", value=1.5, because_of_change="b")
    changed(rows, "decisiveness", value=1.2)
    changed(rows, "asset_return", because_of_change="b")
    changed(rows, "stake_us_cn", unit="bn USD/yr")
    changed(rows, "gain_ru_cn", value="=1+1", because_of_change="b")
    changed(rows, "gdp_us", name="gdp_su")
    changed(rows, "choke_ru_cn", low=0.7, because_of_change="b")
    changed(rows, "choke_us_ru", value="", because_of_change="b")
    rows.append(list(rows[5]))
    done = imported(written(tmp_path / f"sheet{ending}", rows))
    sheet = "Sheet1!" if ending == ".xlsx" else ""
    expected = [
        (cell_of("relief", "value"), "found 'abc'; expected a number for relief, between 0 and 1 (fraction)"),
        (cell_of("evasion", "value"), "found 1.5; evasion must be between 0 and 1 (fraction)"),
        (
            cell_of("decisiveness", "because_of_change"),
            f"missing; decisiveness was changed (value {DEFAULTS['decisiveness']:g} → 1.2)",
        ),
        (cell_of("asset_return", "because_of_change"), "says why, but asset_return has the numbers of baseline still"),
        (cell_of("stake_us_cn", "unit"), "found 'bn USD/yr' in place of '% of GDP'; only value, low, high"),
        (cell_of("gain_ru_cn", "value"), "found the formula '=1+1'; formulas are not evaluated, put a value"),
        (cell_of("gdp_us", "name"), "unknown parameter 'gdp_su'; did you mean"),
        (cell_of("choke_ru_cn", "value"), f"the value {DEFAULTS['choke_ru_cn']:g} lies outside low 0.7 to high 1"),
        (cell_of("choke_us_ru", "value"), "empty; expected a number for choke_us_ru"),
        (f"A{len(rows)}", f"capability_ru stands in {sheet}A6 already"),
    ]
    assert done.exit_code == 2 and not (tmp_path / "mine.toml").exists()
    for place, words in expected:
        assert f"sheet{ending}: {sheet}{place}: {words}" in done.stderr
    assert len(done.stderr.splitlines()) == len(expected)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (["value"], "A1: expected a first row of headings with a column name"),
        ([*COLUMNS[:-1], "name"], "O1: a second column name"),
        ([*COLUMNS[:-1], "szenario"], "O1: unknown column 'szenario'; did you mean 'scenario'?"),
        ([*COLUMNS[:-1], ""], "no column scenario"),
        ([*COLUMNS[:6], "", *COLUMNS[7:]], "A1: no column value in the first row"),
    ],
)
def test_headings_that_do_not_fit_are_named(tmp_path: Path, head: list[str], words: str):
    rows = rows_of()
    rows[0] = list(head)
    assert words in imported(written(tmp_path / "sheet.csv", rows)).stderr


def test_a_sheet_of_two_scenarios_is_refused(tmp_path: Path):
    rows = changed(rows_of(), "relief", scenario="nixon_1972")
    assert (
        "found 'baseline', 'nixon_1972'; expected one scenario"
        in imported(written(tmp_path / "sheet.csv", rows)).stderr
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "baseline"], "name a file for the game (--out) or the parameters (--parameters)"),
        (["export", "baseline", "--parameters", "p.ods"], "expected a file ending in .csv or .xlsx"),
        (["import", "p.ods", "--out", "o.toml", "--author", "A"], "expected a file ending in .csv or .xlsx"),
        (["import", "nowhere.csv", "--out", "o.toml", "--author", "A"], "nowhere.csv: no such file"),
        (["import", "nowhere.csv", "--out", "o.txt", "--author", "A"], "expected a file ending in .toml"),
        (["import", "nowhere.csv", "--out", "o.toml", "--author", " "], "--author: found ' '; expected TEXT"),
        (["export", "baseline", "--parameters", "no/such/folder.csv"], "cannot be written"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments: list[str], words: str):
    done = run(*arguments)
    assert done.exit_code == 2 and words in done.stderr


# ----- strangers


@pytest.mark.parametrize(
    "content", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "'", "plain", "", 1.5]
)
def test_no_text_is_written_as_a_formula_and_every_text_comes_back(content: object, tmp_path: Path):
    assert unguarded(guarded(content)) == content  # type: ignore[arg-type]
    for ending in (".csv", ".xlsx"):
        path = tmp_path / f"sheet{ending}"
        write_sheet(path, [list(COLUMNS), [content] * len(COLUMNS)])  # type: ignore[list-item]
        if ending == ".xlsx":
            cells = next(openpyxl.load_workbook(path).active.iter_rows(min_row=2))  # type: ignore[union-attr]
            assert all(cell.data_type != "f" for cell in cells)
        (row,) = read_sheet(path).rows[1:] or [[content]]
        assert not any(isinstance(found, Formula) for found in row)
        assert str(row[0] if row[0] is not None else "") == str(content)


def packed(path: Path, parts: dict[str, bytes], like: bytes | None = None) -> Path:
    """A workbook with some parts replaced or added."""
    source = io.BytesIO()
    openpyxl.Workbook().save(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return path


#: Bytes of a part that is more than a sheet may unpack to.
HUGE = 60_000_000 if LARGE else 6_000_000

SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
NOWHERE = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
 Target="/xl/nowhere.xml"/>
</Relationships>"""
FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="9999"><c r="A9999"><v>1</v></c></row></sheetData></worksheet>'
)
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><worksheet>&c;</worksheet>'


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"xl/media/zeros.bin": bytes(HUGE)}, "would unpack to over 5,000,000 bytes"),
        ({f"xl/p{number}.xml": b"" for number in range(1100)}, "or 1,000 parts; a sheet of parameters"),
        ({SHEET: BOMB}, "declares a document type"),
        ({SHEET: BOMB.decode().encode("utf-16")}, "declares a document type or is not UTF-8"),
        ({SHEET: b"<worksheet"}, "cannot be read as an .xlsx workbook: a part is not well-formed XML"),
        ({"xl/workbook.xml": b"<workbook/>"}, "cannot be read as an .xlsx workbook: it holds no sheet"),
        ({RELATIONS: NOWHERE}, "cannot be read as an .xlsx workbook: it holds no sheet"),
        ({RELATIONS: b"<Relationships/>"}, "cannot be read as an .xlsx workbook: a part is missing"),
        ({"[Content_Types].xml": b"<Types/>"}, "cannot be read as an .xlsx workbook: its parts are not as the format"),
        ({SHEET: FAR.replace(b"<sheetData>", b"<!--" + bytes([120]) * HUGE + b"--><sheetData>")}, "unpack to"),
        (
            {SHEET: FAR},
            "more than 2,000 rows",
        ),
    ],
    ids=[
        *("bomb", "parts", "entities", "utf-16", "torn", "empty", "to-nowhere", "no-relations", "no-types"),
        *("comment", "far-row"),
    ],
)
def test_a_hostile_workbook_is_refused_before_it_does_harm(tmp_path: Path, parts: dict[str, bytes], words: str):
    done = imported(packed(tmp_path / "sheet.xlsx", parts))
    assert done.exit_code == 2 and words in done.stderr and len(done.stderr) < 1000
    assert not re.search(r"\w+(Error|Iteration|Exception)\b", done.stderr), "a reason in words, not a class"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("s.xlsx", b"", "not an .xlsx workbook"),
        ("s.xlsx", b"PK\x03\x04 torn", "not an .xlsx workbook"),
        ("s.xlsx", b"name,value\n", "not an .xlsx workbook"),
        ("s.csv", b"\xff\xfe\x00", "not UTF-16 text (byte 2); save it as CSV in UTF-8"),
        ("s.csv", b"name,\x81", "text (byte 5); save it as CSV in UTF-8"),
        ("s.csv", "name,value".encode("utf-16-le"), "holds a zero byte (byte 1)"),
        ("s.csv", b"", "expected a first row of headings"),
        ("s.csv", b'name,"value', "not a CSV file"),
        ("s.csv", b"name\n" * 3000, "more than 2,000 rows"),
        ("s.csv", b"x" * 5_000_001, "the file has over 5,000,000 bytes"),
        ("s.csv", b"name,value\n\x1b[31mred,1\n", "no column scenario"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, name: str, data: bytes, words: str):
    (tmp_path / name).write_bytes(data)
    done = imported(tmp_path / name)
    assert done.exit_code == 2 and words in done.stderr and "\x1b" not in done.stderr


def test_without_openpyxl_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    done = run("export", "baseline", "--parameters", str(tmp_path / "s.xlsx"))
    assert (
        done.exit_code == 2 and "in triangle's folder: pip install '.[spreadsheet]'; or use a .csv file" in done.stderr
    )
    assert run("export", "baseline", "--parameters", str(tmp_path / "s.csv")).exit_code == 0


def test_a_sheet_knows_a_model_of_ones_own():
    model = shipped().with_parameter(
        "mine", symbol="m", meaning="m", unit="fraction", role="lever", judged=0.5, spread=0.1, because="b"
    )
    scenario = read_scenario("baseline", model)
    rows = [list(row) for row in table(scenario, model)]
    changed(rows, "mine", value=0.6, because_of_change="more")  # type: ignore[arg-type]
    (change,) = read_changes(Sheet("f", "", rows), scenario, model)
    assert (change.parameter, change.value) == ("mine", 0.6)
    with pytest.raises(BadInput, match="unknown parameter 'mine'"):
        read_changes(Sheet("f", "", rows), read_scenario("baseline", shipped()), shipped())
