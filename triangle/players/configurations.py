"""Which strategic triangle an action profile is, and whether it is balanced.

A link is mutual accommodation. Three links make a *ménage à trois*, two a *romantic triangle* whose **pivot** is in
both, one a *stable marriage* of that **pair**; these names are Dittmer's. No link is called *unit veto* by later
usage, which is not in his paper. A triangle is balanced when the product of its three signs (+1 for a link, −1 for
none) is positive.

References
----------
Dittmer, L. (1981). The strategic triangle: an elementary game-theoretical analysis. *World Politics* 33(4), 485-515.
Cartwright, D. and Harary, F. (1956). Structural balance: a generalization of Heider's theory.
*Psychological Review* 63(5), 277-293.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from triangle.base.errors import shorten, unknown
from triangle.base.records import APART, Key, finite, told, worded
from triangle.players.axes import OTHERS, PAIRS, POWERS
from triangle.players.cast import Cast
from triangle.players.forms import CastField, PlayerField

#: Name of a configuration by its number of links.
NAMES = ("unit_veto", "stable_marriage", "romantic_triangle", "menage_a_trois")

#: The same for reading.
TITLES = {
    "unit_veto": "unit veto",
    "stable_marriage": "stable marriage",
    "romantic_triangle": "romantic triangle",
    "menage_a_trois": "ménage à trois",
}


@dataclass(frozen=True)
class Configuration:
    """A strategic triangle: its name, its links, its pivot or pair, and its structural balance (+1 or −1).

    :attr:`key` and text name the players of its cast.
    """

    name: Annotated[str, Key("configuration")]
    links: Annotated[tuple[tuple[int, int], ...], APART]
    cast: CastField
    pair: tuple[PlayerField, PlayerField] | None = None
    pivot: PlayerField | None = None

    @property
    @told()
    def balance(self) -> int:
        """Product of the signs of the three pairs: +1 balanced, −1 not."""
        return 1 if (len(PAIRS) - len(self.links)) % 2 == 0 else -1

    @property
    def key(self) -> str:
        """Name with pivot or pair, as in ``stable_marriage:RU-CN``."""
        if self.pivot is not None:
            return f"{self.name}:{self.cast.codes[self.pivot]}"
        if self.pair is not None:
            return f"{self.name}:{'-'.join(self.cast.codes[i] for i in self.pair)}"
        return self.name

    def __str__(self) -> str:
        text = TITLES[self.name]
        if self.pivot is not None:
            text += f", pivot {self.cast.codes[self.pivot]}"
        if self.pair is not None:
            text += f" {'–'.join(self.cast.codes[i] for i in self.pair)}"
        return text


def stance(action: int, i: int, j: int) -> int:
    """Stance of player i towards j when i plays the action of this number: 1 accommodate, 0 oppose."""
    return action >> (1 - OTHERS[i].index(j)) & 1


def configuration(actions: Sequence[int], cast: Cast) -> Configuration:
    """The strategic triangle of an action profile.

    >>> from triangle.players.cast import SHIPPED
    >>> str(configuration((0, 1, 1), SHIPPED))
    'stable marriage RU–CN'
    """
    links = tuple((i, j) for i, j in PAIRS if stance(actions[i], i, j) and stance(actions[j], j, i))
    name = NAMES[len(links)]
    if len(links) == 2:
        return Configuration(name, links, cast, pivot=next(i for i in POWERS if all(i in link for link in links)))
    return Configuration(name, links, cast, pair=links[0] if len(links) == 1 else None)


@cache
def configurations(cast: Cast) -> tuple[Configuration, ...]:
    """The configuration of each action profile, by profile index."""
    return tuple(configuration(profile, cast) for profile in cast.profiles)


@cache
def _titles(cast: Cast) -> dict[str, str]:
    return {found.key: str(found) for found in configurations(cast)}


def configuration_title(key: str, cast: Cast) -> str:
    """A configuration's key for reading, as ``stable marriage RU–CN``."""
    return _titles(cast)[key]


def _read_key(key: Any, cast: Cast) -> str:
    if not isinstance(key, str) or key not in _titles(cast):
        raise ValueError(unknown("configuration", str(key), _titles(cast)))
    return key


def _read_shares(data: Any, cast: Cast) -> dict[str, float]:
    if not isinstance(data, Mapping):
        raise ValueError(f"found {shorten(data)}; expected configurations with their probabilities")
    return {_read_key(key, cast): finite(share) for key, share in data.items()}


#: The key of a configuration, and numbers by such keys, in documents.
KeyField = Annotated[str, worded(lambda key, _: key, _read_key)]
SharesField = Annotated[Mapping[str, float], worded(lambda shares, _: dict(shares), _read_shares)]
