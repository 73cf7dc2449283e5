"""How parameters are named: ``quantity``, ``quantity_holder`` or ``quantity_holder_other``, players in lower case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from triangle.players.cast import Cast

#: What the forms of the payoffs are called; :mod:`triangle.model.forms` holds them.
FORM_NAMES = ("first", "second")


def taken_apart(name: str, cast: Cast) -> tuple[str, ...]:
    """The quantity that a name speaks of, then its players in upper case.

    >>> from triangle.players.cast import SHIPPED
    >>> taken_apart("stake_ru_cn", SHIPPED), taken_apart("us_sanction_share", SHIPPED)
    (('stake', 'RU', 'CN'), ('us_sanction_share',))
    """
    words = name.split("_")
    cut = len(words)
    while cut > 1 and words[cut - 1].upper() in cast.codes:
        cut -= 1
    return ("_".join(words[:cut]), *(word.upper() for word in words[cut:]))


def names_by_key(names: Iterable[str], cast: Cast) -> Mapping[tuple[str, ...], str]:
    """Name of each parameter by its parts; a pair's quantity under both orders unless both are named apart."""
    return _names_by_key(tuple(names), cast)


@lru_cache(maxsize=64)
def asked_before(names: tuple[str, ...], cast: Cast) -> dict[tuple[Any, ...], str]:
    """The names that parameters of a batch were found under, by what was asked; the same for all batches of these."""
    return {}


@lru_cache(maxsize=64)  # searches make thousands of batches of the same parameters
def _names_by_key(names: tuple[str, ...], cast: Cast) -> Mapping[tuple[str, ...], str]:
    keys = {taken_apart(name, cast): name for name in names}
    for key, name in list(keys.items()):
        if len(key) == 3:
            keys.setdefault((key[0], key[2], key[1]), name)
    return MappingProxyType(keys)
