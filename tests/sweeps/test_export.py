"""Games as tables for other programs: no reader alters a set of equilibria, and no text is a formula."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xarray
from budgets import in_turn
from click.testing import CliRunner, Result
from strategies import shipped

import triangle
from triangle.base.errors import BadInput
from triangle.cli import main
from triangle.games.bitboards import profiles_of
from triangle.players.cast import SHIPPED
from triangle.players.notation import parse_profile
from triangle.scenarios.scenario import find
from triangle.sweeps import export
from triangle.sweeps.export import legend_path, mask_text, write_games
from triangle.sweeps.points import read_points

#: Sets whose integers a program with fifteen digits, or with doubles, alters.
LARGE = [0, 1, 2**53, 2**53 + 1, 2**63, 2**64 - 1, 0x0020_0000_0000_0020]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def games() -> xarray.Dataset:
    """A few games with every kind of column; their sets are replaced by such as programs alter."""
    margin = ["US=contain_both,RU=align,CN=align"]
    found = triangle.sweep("baseline", {"relief": np.linspace(0, 1, len(LARGE))}, samples=2, margins=margin)
    found["mask"].values[:] = np.array(LARGE, dtype=np.uint64)[:, None]
    return found


def rows_of(path: Path, parted: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=parted))


def as_other_programs_read(text: str) -> str:
    """A cell as it comes out of a program that takes for a number what looks like one, and keeps fifteen digits."""
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def test_every_set_survives_programs_that_keep_fifteen_digits(tmp_path: Path, games: xarray.Dataset):
    write_games(games, tmp_path / "games.csv")
    rows = rows_of(tmp_path / "games.csv")
    assert [int(as_other_programs_read(row["mask"]), 16) for row in rows] == games["mask"].values.ravel().tolist()
    for row, mask in zip(rows, games["mask"].values.ravel().tolist(), strict=True):
        profiles = [] if row["profiles"] == "none" else row["profiles"].split("; ")
        assert [np.ravel_multi_index(parse_profile(text, SHIPPED), (4, 4, 4)) for text in profiles] == list(
            profiles_of(mask)
        )
        assert int(row["equilibria"]) == len(profiles)
        assert not re.fullmatch(r"\d{10,}", row["mask"]), "no integer that a double cannot hold"
    assert float(rows[0]["gdp_us"]) == float(games["inputs"][0, 0])
    assert [float(row["relief"]) for row in rows[::2]] == games["relief"].values.tolist()


def test_a_file_beside_the_games_says_which_profile_a_bit_is(tmp_path: Path, games: xarray.Dataset):
    assert write_games(games, tmp_path / "games.csv") == [tmp_path / "games.csv", tmp_path / "games.profiles.csv"]
    rows = rows_of(legend_path(tmp_path / "games.csv"))
    assert len(rows) == len(SHIPPED.profiles)
    for bit, row in enumerate(rows):
        actions = ",".join(f"{player}={row[player]}" for player in ("US", "RU", "CN"))
        assert np.ravel_multi_index(parse_profile(actions, SHIPPED), (4, 4, 4)) == bit == int(row["bit"])
        assert int(row["mask"], 16) == 1 << bit and row["mask"] == mask_text(1 << bit)


def test_a_file_of_the_users_is_not_taken_for_that_list(tmp_path: Path, games: xarray.Dataset):
    mine = tmp_path / "games.profiles.csv"
    mine.write_text("my notes\n")
    done = run("sweep", "baseline", "--over", "relief=0:1:2", "--export", tmp_path / "games.csv")
    assert done.exit_code == 2 and "games.profiles.csv is there already and no list of profiles" in done.stderr
    assert mine.read_text() == "my notes\n" and not (tmp_path / "games.csv").exists()
    mine.unlink()
    for dialect in ("plain", "excel-de", "excel"):
        write_games(games, tmp_path / "games.csv", dialect)  # its own list is replaced


def test_the_netcdf_file_says_which_profile_a_bit_is(tmp_path: Path, games: xarray.Dataset):
    write_games(games, tmp_path / "games.nc")
    back = xarray.load_dataset(tmp_path / "games.nc")["mask"]
    assert back.attrs["flag_masks"].tolist() == [1 << bit for bit in range(len(SHIPPED.profiles))]
    names = back.attrs["flag_meanings"].split()
    assert [np.ravel_multi_index(parse_profile(name, SHIPPED), (4, 4, 4)) for name in names] == list(
        range(len(SHIPPED.profiles))
    )
    assert (back.values == games["mask"].values).all()


def test_a_workbook_holds_games_profiles_and_what_they_are_of(tmp_path: Path, games: xarray.Dataset):
    write_games(games, tmp_path / "games.xlsx")
    book = openpyxl.load_workbook(tmp_path / "games.xlsx")
    assert book.sheetnames == ["games", "profiles", "about"]
    head, *rows = book["games"].iter_rows(values_only=True)
    assert len(rows) == games["mask"].size
    masks = [int(str(row[head.index("mask")]), 16) for row in rows]
    assert masks == games["mask"].values.ravel().tolist()
    assert [row[head.index("relief")] for row in rows[::2]] == pytest.approx(games["relief"].values.tolist())
    assert book["profiles"].max_row == len(SHIPPED.profiles) + 1
    about = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}
    assert about["scenarios"] == "baseline" and about["gdp_us"] == shipped().catalogue["gdp_us"].unit


def test_the_german_dialect_is_read_back_by_points(tmp_path: Path):
    out = tmp_path / "games.csv"
    done = run("sweep", "baseline", "--over", "relief=0:1:5", "--export", out, "--dialect", "excel-de")
    assert done.exit_code == 0, done.stderr
    assert out.read_bytes().startswith(b"\xef\xbb\xbf") and b"0,25;" in out.read_bytes()
    (tmp_path / "points.csv").write_text("\n".join(line.split(";")[0] for line in out.read_text().splitlines()))
    text = (tmp_path / "points.csv").read_text()
    (tmp_path / "points.csv").write_text("sep=;\n" + text.removeprefix("\ufeff"))
    assert read_points(tmp_path / "points.csv", shipped().catalogue)["relief"].tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_parameters_go_out_in_the_german_dialect_and_come_back(tmp_path: Path):
    sheet = tmp_path / "p.csv"
    assert run("export", "baseline", "--parameters", sheet, "--dialect", "excel-de").exit_code == 0
    assert "name;symbol" in sheet.read_text(encoding="utf-8-sig") and ";0,3;" in sheet.read_text()
    back = run("import", sheet, "--out", tmp_path / "x.toml", "--author", "A")
    assert back.exit_code == 2 and "nothing is changed" in back.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sweep", "baseline", "--over", "relief", "--samples", "4", "--dialect", "excel-de"], "--export names none"),
        (["sweep", "baseline", "--samples", "4", "--export", "e.nc", "--dialect", "excel"], "--export names none"),
        (["export", "baseline", "--parameters", "p.xlsx", "--dialect", "excel"], "--parameters names none"),
        (["export", "baseline", "--parameters", "p.csv", "--dialect", "exel"], "'exel' is not one of"),
        (["sweep", "baseline", "--samples", "1048576", "--export", "e.xlsx"], "holds 1,048,576 rows"),
    ],
)
def test_a_dialect_or_a_size_that_does_not_fit_is_refused_before_anything_is_solved(arguments: list[str], words: str):
    done = run(*arguments)
    assert done.exit_code == 2 and words in done.stderr


@pytest.mark.parametrize(("name", "ending"), in_turn(["=cmd|calc!A0", "+1", "@SUM(A1)", "-2"], [".csv", ".xlsx"]))
def test_the_name_of_a_scenario_is_no_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, ending: str):
    monkeypatch.chdir(tmp_path)
    for file in (f"{name}.toml", "y.toml"):
        Path(file).write_text(find("europe_joins", SHIPPED).read_text(encoding="utf-8"), encoding="utf-8")
    out = tmp_path / f"e{ending}"
    done = run("sweep", f"./{name}.toml", "y.toml", "--samples", "2", "--export", out)
    assert done.exit_code == 0, done.stderr
    if ending == ".csv":
        cells = [cell for row in csv.reader(out.read_text(encoding="utf-8-sig").splitlines()) for cell in row]
    else:
        sheets = openpyxl.load_workbook(out).worksheets
        cells = [str(c.value) for sheet in sheets for row in sheet.iter_rows() for c in row if c.data_type != "n"]
        assert all(c.data_type != "f" for sheet in sheets for row in sheet.iter_rows() for c in row)
    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@")) or re.match(r"[+-][^\d.]", cell)]


def test_no_ending_is_guessed(tmp_path: Path, games: xarray.Dataset):
    with pytest.raises(BadInput, match=r"expected a file ending in \.csv, \.xlsx or \.nc"):
        export.write_games(games, tmp_path / "games.xls")
    with pytest.raises(BadInput, match=r"--dialect: unknown dialect 'excel-du'; did you mean 'excel-de'\?"):
        export.write_games(games, tmp_path / "games.csv", "excel-du")
