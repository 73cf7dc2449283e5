"""Lists of points from CSV: read exactly, and every fault under its cell's address."""

from dataclasses import replace
from pathlib import Path

import pytest

from triangle.base.errors import BadInput
from triangle.base.files import cell
from triangle.model.model import read_model
from triangle.sweeps import points
from triangle.sweeps.points import read_points

CATALOGUE = read_model().catalogue


def read(tmp_path: Path, content: str | bytes):
    file = tmp_path / "points.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_points(file, CATALOGUE)


def test_numbers_come_back_exactly(tmp_path: Path):
    found = read(tmp_path, "relief, evasion\r\n0.1,5e-1\r\n1,0\r\n\r\n")
    assert {name: column.tolist() for name, column in found.items()} == {"relief": [0.1, 1.0], "evasion": [0.5, 0.0]}
    assert read(tmp_path, b"\xef\xbb\xbfrelief\n0.5")["relief"].tolist() == [0.5]


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("relief,relif\n0,0\n", ["B1: unknown parameter 'relif'; did you mean 'relief'?"]),
        ("relief,relief\n0,0\n", ["B1: relief stands in A1 already"]),
        ("relief,evasion\n0,0\nx,2\n", ["A3: found 'x'; expected a number for relief", "B3: found 2; evasion must be"]),
        ("relief\nnan\n", ["A2: found 'nan'"]),
        ("relief\ninf\n", ["A2: found 'inf'"]),
        ("relief\n1_0\n", ["A2: found '1_0'"]),
        ("relief\n=cmd()\n", ["A2: found '=cmd()'"]),
        ("relief\n\n0.5\n", ["row 2: found 0 cells; expected 1"]),
        ("relief\n0,1\n", ["row 2: found 2 cells; expected 1"]),
        ("relief\n", ["at least one row of numbers"]),
        ("", ["at least one row of numbers"]),
        (b"relief\n\xff\n", ["A2: found 'ÿ'"]),
        (b"relief\n\x81\n", ["not UTF-8"]),
        ('relief\n"0.5\n', ["not a CSV file"]),
        ("\x1b[31m\n0\n", ["A1: unknown parameter '\\x1b[31m'"]),
        ("relief\n" + "x\n" * 3000, ["A2: found 'x'", "more"]),
    ],
)
def test_faults_name_their_cells(tmp_path: Path, content, messages: list[str]):
    with pytest.raises(BadInput) as caught:
        read(tmp_path, content)
    for message in messages:
        assert message in str(caught.value)


def test_no_file_a_folder_too_large(tmp_path: Path, monkeypatch):
    with pytest.raises(BadInput, match="no such file"):
        read_points(tmp_path / "none.csv", CATALOGUE)
    with pytest.raises(BadInput, match="folder"):
        read_points(tmp_path, CATALOGUE)
    monkeypatch.setattr(points, "LIMITS", replace(points.LIMITS, bytes=5))
    with pytest.raises(BadInput, match="over 5 bytes"):
        read(tmp_path, "relief\n0.5\n")


def test_addresses():
    assert [cell(0, c) for c in (0, 25, 26, 701, 702)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]
