"""The shipped entries of claims as they are written, and which of them are computed where all would take long."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from triangle.players.cast import SHIPPED
from triangle.questions.claims.answer import claim_files

#: Of every kind of test, verdict and document some: by construction, over years, of those who choose, and silent.
PART = frozenset(
    """T01 T03 T05 T07 T08 T09 T15 C02 C11 C19 C19-years C22 C32 C48 C54 C55 C56 C72 C86 C86-conduct C105 C118 C127 C135
    C141 C147 C155 C170 X03 X07 X18 X24""".split()
)


@cache
def shipped_tables() -> dict[str, dict[str, Any]]:
    """The shipped entries and contradictions as they are written."""
    files = [tomllib.loads(file.read_text(encoding="utf-8")) for file in claim_files(SHIPPED)]
    return {id: table for file in files for id, table in file.items()}


def alone(ids: Collection[str], folder: Path) -> list[Path]:
    """Copies of the shipped files with these entries only: asked for by its id, one comes with those beside it."""
    kept = []
    for file in claim_files(SHIPPED):
        tables = re.split(r"(?m)^(?=\[)", file.read_text(encoding="utf-8"))
        own = [table for table in tables if re.split(r"[].]", table.lstrip("["), maxsplit=1)[0] in ids]
        if own:
            kept.append(folder / file.name)
            kept[-1].write_text("".join(own), encoding="utf-8")
    return kept
