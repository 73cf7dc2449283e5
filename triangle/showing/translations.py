"""Translations of what the shipped files say in English: titles, questions, reasons, claims, what figures say.

The files of ``catalogues/LANGUAGE`` hold a table for each scenario, claim, parameter or figure, and in it each text as
a pair: the digest of the English text, and the translation. A text is looked up by its digest alone. So whoever shows
a text need not know where it comes from, a text that was changed shows no translation of what it no longer says, and
a scenario of somebody's own keeps its own words, but for reasons that it inherits. The files are read when the first
text is translated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from triangle.base.files import read_toml

FOLDER = Path(__file__).parent / "catalogues"


def digest(text: str) -> str:
    """What a translation knows its original by: eight hexadecimal digits of SHA-256, however the lines are broken."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def translation(text: str, language: str) -> str | None:
    """A shipped text in another language; None for what has no translation."""
    return _translations(language).get(digest(text))


@cache
def _translations(language: str) -> Mapping[str, str]:
    """All translations into a language by the digests of their originals; none into that of the originals."""
    files = sorted((FOLDER / language).glob("*.toml"))
    return MappingProxyType({original: text for file in files for original, text in pairs(read_toml(file))})


def pairs(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The digests and translations in a table and the tables within."""
    for value in table.values():
        if isinstance(value, Mapping):
            yield from pairs(value)
        else:
            original, text = value
            yield original, text
