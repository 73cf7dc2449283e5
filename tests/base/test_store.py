"""Results as files: what is written comes back, and whatever else lies there is answered."""

from pathlib import Path

import pytest

from triangle.base.errors import BadInput
from triangle.base.store import read_result, schema_of, write_result

SCHEMA = "triangle.example/1"


def test_a_result_comes_back_as_it_was_written(tmp_path: Path):
    document = {"schema": SCHEMA, "names": ["β_RU", "x"], "values": [0.1, None, 1e-300]}
    write_result(tmp_path / "new" / "r.json", document)
    assert read_result(tmp_path / "new" / "r.json", SCHEMA) == document
    assert schema_of(tmp_path / "new" / "r.json") == SCHEMA
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["r.json"]


@pytest.mark.parametrize("document", [{"schema": SCHEMA, "x": float("nan")}, {"x": 1.0}])
def test_a_result_that_is_none_is_not_written(tmp_path: Path, document: dict[str, object]):
    with pytest.raises(ValueError):
        write_result(tmp_path / "r.json", document)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "JSON"),
        (b"[1, 2]", "one JSON object"),
        (b'{"schema": "triangle.run/1"}', "triangle.example/1"),
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
        read_result(path, SCHEMA)


def test_a_folder_is_no_result(tmp_path: Path):
    with pytest.raises(BadInput, match="folder"):
        read_result(tmp_path, SCHEMA)
