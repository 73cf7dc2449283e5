"""Translations of what the shipped files say in English: titles, questions, reasons, claims, what figures say.

The files of ``catalogues/LANGUAGE`` hold a table for each scenario, claim, parameter or figure, and in it each text as
a pair: the digest of the English text, and the translation; of short texts the English itself stands before the
translation. A text is looked up by its digest alone. So whoever shows a text need not know where it comes from, a text
that was changed shows no translation of what it no longer says, and a scenario of somebody's own keeps its own words,
but for reasons that it inherits. The files are read when the first text is translated.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

from triangle.base.files import read_toml

FOLDER = Path(__file__).parent / "catalogues"

#: Files of what tables and pictures say, beside those of what the shipped files say.
SPOKEN = ("spoken", "notes")


def digest(text: str) -> str:
    """What a translation knows its original by: eight hexadecimal digits of SHA-256, however the lines are broken."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def translation(text: str, language: str) -> str | None:
    """A shipped text in another language; None for what has no translation."""
    return _translations(language).get(digest(text))


def fitted(text: str, language: str, digits: Callable[[str], str]) -> str | None:
    """The translation of a text by the first template of ``notes.toml`` that it fits; None where it fits none.

    Numbers in its places are written by `digits`; what else stands in them stays.
    """
    for template, other in _templates(language):
        if found := template.fullmatch(text):
            return other.format(**{k: digits(v) if _NUMBER.fullmatch(v) else v for k, v in found.groupdict().items()})
    return None


_NUMBER = re.compile(r"[\d,.]+(e[+-]?\d+)?%?")


@cache
def _templates(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The templates of notes with places in them, as patterns, and their translations."""
    file = FOLDER / language / "notes.toml"
    notes = read_toml(file)["notes"] if file.is_file() else {}
    return tuple((_pattern(template), other) for template, other in notes.items() if "{" in template)


def places_in(text: str, template: str) -> dict[str, str] | None:
    """What stands in the places of a template of which a text is made; None where it is not made of it."""
    found = _pattern(template).fullmatch(text)
    return found and found.groupdict()


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = (
        (re.escape(words), f"(?P<{name}>[^;]+?)" if name else "") for words, name, _, _ in Formatter().parse(template)
    )
    return re.compile("".join(part for pair in parts for part in pair))


def spoken_translation(text: str, language: str) -> str | None:
    """A text of tables and pictures in another language, or one of the shipped files that they show."""
    return _translations(language, is_spoken=True).get(digest(text)) or translation(text, language)


@cache
def _translations(language: str, is_spoken: bool = False) -> Mapping[str, str]:
    """All translations into a language by the digests of their originals; none into that of the originals.

    What tables and pictures say by themselves is apart: words so short may be a name in a shipped file.
    """
    files = [file for file in sorted((FOLDER / language).glob("*.toml")) if (file.stem in SPOKEN) == is_spoken]
    return MappingProxyType({original: text for file in files for original, text in pairs(read_toml(file))})


def pairs(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The digests and translations in a table and the tables within."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from pairs(value)
        elif isinstance(value, str):
            yield digest(key), value
        else:
            original, text = value
            yield original, text
