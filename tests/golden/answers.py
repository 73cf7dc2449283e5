"""The commands of ``commands.toml`` asked in this process, and their answers as texts that can be kept.

Renew what is kept, after a change that is meant: ``python tests/golden/answers.py [NAME…]``.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from click.testing import CliRunner

DATA = Path(__file__).parent
KEPT = DATA / "kept"
#: What differs from run to run or machine to machine and is no part of an answer.
FLEETING = re.compile(
    r"\d+(\.\d+)? (s|seconds|games/s|M games/s)\b|[\d.]+ million games/s"
    r"|\b[0-9a-f]{64}\b"
    r'|(?<="seconds": )[\d.e-]+|(?<="games_per_second": )[\d.e+]+'
    r"|\bPython 3[\d.]+ \(.*\)|\bnumpy [\d.]+, scipy [\d.]+, matplotlib [\d.]+"
)

Lines = list[list[str]]


@cache
def questions() -> dict[str, Lines]:
    """Name → the command lines that are asked in turn."""
    table = tomllib.loads((DATA / "commands.toml").read_text(encoding="utf-8"))
    return {
        f"{command}.{name}": lines if isinstance(lines[0], list) else [lines]
        for command, asked in table.items()
        for name, lines in asked.items()
    }


def answer(lines: Lines) -> str:
    """Exit code, both streams and every text file that was written, of the last of the command lines."""
    from triangle.cli import main

    folder = Path(tempfile.mkdtemp())
    try:
        for line in lines:
            words = [word.format(dir=folder, data=DATA) for word in line]
            result = CliRunner().invoke(main, words, prog_name="triangle")
        parts = [f"exit code {result.exit_code}", "----- output", result.stdout, "----- errors", result.stderr]
        for path in _texts(folder):
            parts += [f"----- {path.relative_to(folder)}", path.read_text(encoding="utf-8")]
        whole = (
            "\n".join(parts).replace(str(folder), "{dir}").replace(folder.name, "{dir}").replace(str(DATA), "{data}")
        )
        return FLEETING.sub("{time}", whole)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _texts(folder: Path) -> Iterator[Path]:
    """Files that people read; the store of a sweep has tests of its own."""
    read = {".csv", ".nfg", ".efg", ".toml", ".md", ".json"}
    yield from (path for path in sorted(folder.glob("*")) if path.suffix in read)


def kept(name: str) -> Path:
    """Where an answer is kept."""
    return KEPT / f"{name}.txt"


if __name__ == "__main__":
    os.environ["COLUMNS"] = "160"
    KEPT.mkdir(exist_ok=True)
    for name, lines in questions().items():
        if not sys.argv[1:] or name in sys.argv[1:]:
            kept(name).write_text(answer(lines), encoding="utf-8", newline="")
            print(name)
