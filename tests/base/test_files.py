"""Results as files: what is written comes back, and whatever else lies there is answered."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from triangle.base.errors import BadInput
from triangle.base.files import read_json, read_record
from triangle.base.records import to_document, told
from triangle.base.writing import write_document

SCHEMA = "triangle.example/1"


@dataclass(frozen=True)
class Example:
    """A record with a schema."""

    SCHEMA: ClassVar = SCHEMA

    names: tuple[str, ...]
    values: tuple[float | None, ...]


def test_a_result_comes_back_as_it_was_written(tmp_path: Path):
    document = {"schema": SCHEMA, "names": ["β_RU", "x"], "values": [0.1, None, 1e-300]}
    write_document(tmp_path / "new" / "r.json", document)
    assert read_json(tmp_path / "new" / "r.json") == document
    assert read_record(Example, tmp_path / "new" / "r.json") == Example(("β_RU", "x"), (0.1, None, 1e-300))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["r.json"]


def test_a_result_that_went_through_another_program_is_read_or_says_how_to_save_it(tmp_path: Path):
    write_document(tmp_path / "r.json", {"schema": SCHEMA, "names": ["β"], "values": []})
    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    (tmp_path / "marked.json").write_text(text, encoding="utf-8-sig")
    assert read_json(tmp_path / "marked.json")["names"] == ["β"]
    (tmp_path / "wide.json").write_text(text, encoding="utf-16")
    with pytest.raises(BadInput, match=r"wide\.json: not UTF-8 text \(byte 0\); expected JSON, saved as UTF-8"):
        read_json(tmp_path / "wide.json")


@dataclass(frozen=True)
class Shares:
    """A record whose document also tells what follows from its fields."""

    SCHEMA: ClassVar = SCHEMA

    shares: tuple[float, ...]

    @property
    @told()
    def total(self) -> float:
        return sum(self.shares)

    @property
    @told()
    def verdict(self) -> str:
        return "whole" if self.total == 1 else "part"


@pytest.mark.parametrize("total", [0.75, 0.5000001, -0.5, 10**400, 1e300])
def test_a_number_that_is_not_what_the_others_give_is_refused(tmp_path: Path, total: float):
    write_document(tmp_path / "r.json", to_document(Shares((0.25, 0.25))) | {"total": total})
    with pytest.raises(BadInput, match=r"r\.json: total: found .*; the rest of this result gives 0\.5"):
        read_record(Shares, tmp_path / "r.json")


@pytest.mark.parametrize("total", [0.5, 0.5 + 1e-14])
def test_the_last_digits_of_a_sum_and_what_is_no_number_are_computed_again(tmp_path: Path, total: float):
    write_document(tmp_path / "r.json", to_document(Shares((0.25, 0.25))) | {"total": total, "verdict": "whole"})
    assert read_record(Shares, tmp_path / "r.json").verdict == "part"


@pytest.mark.parametrize("document", [{"schema": SCHEMA, "x": float("nan")}, {"x": 1.0}])
def test_a_result_that_is_none_is_not_written(tmp_path: Path, document: dict[str, object]):
    with pytest.raises(ValueError):
        write_document(tmp_path / "r.json", document)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "JSON"),
        (b"[1, 2]", "one JSON object"),
        (b'{"schema": "triangle.run/1"}', "triangle.example/1.*this is an answer of another kind"),
        (b'{"schema": "triangle.example/0"}', "another version of triangle wrote it"),
        (b'{"schema": "other/1"}', "no answer that --out wrote"),
        (b'{"schema": null}', "no answer that --out wrote"),
        (b'{"schema": "triangle.example/1", "x": NaN}', "NaN"),
        (b"[" * 100_000, "nested|JSON"),
        (b"\xff\xfe", "JSON"),
        (None, "no such file"),
    ],
)
def test_a_file_that_is_no_such_result_is_answered(tmp_path: Path, content: bytes | None, said: str):
    path = tmp_path / "r.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        read_record(Example, path)


def test_a_folder_is_no_result(tmp_path: Path):
    with pytest.raises(BadInput, match="folder"):
        read_record(Example, tmp_path)
