"""Patterns: sets of action profiles as users write them, read into the integers that stand for them.

A pattern is a conjunction of parts joined by commas, and alternatives are joined by ``|``. A part is

* an action, ``RU=distance``, or any other than it, ``RU!=align``,
* a configuration, ``configuration=stable_marriage`` or ``configuration=romantic_triangle:RU``, or that name alone,
* a link, ``link=RU-CN``,
* ``balanced``: a structurally balanced triangle,
* the index of a profile, from 0.

A full profile, ``US=court_russia,RU=distance,CN=oppose_both``, is the pattern of that profile alone.
"""

from __future__ import annotations

from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.players.cast import Cast
from triangle.players.configurations import NAMES
from triangle.players.notation import parse_action
from triangle.players.profiles import by_key, by_name, every, patterns


def parse_pattern(text: str, cast: Cast, where: str = "--to") -> int:
    """The profiles of a pattern as a set: the bit of a profile's index is set where it fits.

    Raises
    ------
    BadInput
        If a part is not understood, or no profile fits all parts.

    Examples
    --------
    >>> from triangle.players.cast import SHIPPED
    >>> parse_pattern("US=contain_both,RU=align,CN=align", SHIPPED) == 1 << 5
    True
    >>> parse_pattern("RU=hedge|RU=distance", SHIPPED).bit_count()
    32
    >>> parse_pattern("configuration=stable_marriage:RU-CN,RU!=hedge", SHIPPED).bit_count()
    6
    """
    mask = 0
    for alternative in text.split("|"):
        fitting = every(cast)
        for part in alternative.split(","):
            fitting &= _part(part.strip(), cast, where)
        mask |= fitting
    if not mask:
        raise BadInput(Fault(where, "", f"no profile fits {shorten(text)}: its parts exclude each other"))
    return mask


def _part(text: str, cast: Cast, where: str) -> int:
    key, equals, value = (piece.strip() for piece in text.partition("="))
    if text.isascii() and text.isdigit() and len(text) < 9 and int(text) < len(cast.profiles):
        return 1 << int(text)
    if not equals:
        return _named(text, cast, where)
    if key == "configuration":
        return _configuration(value, cast, where)
    if key == "link":
        return _named(f"link:{value}", cast, where)
    others = key.endswith("!")
    player = key.removesuffix("!").strip()
    if player not in cast.codes:
        raise BadInput(Fault(where, "", unknown("part of a pattern", player, (*cast.codes, "configuration", "link"))))
    parse_action(f"{player}={value}", cast, where)
    mask = patterns(cast)[f"{player}={value}"]
    return every(cast) & ~mask if others else mask


def _configuration(text: str, cast: Cast, where: str) -> int:
    if text not in by_name(cast) and text not in by_key(cast):
        raise BadInput(Fault(where, "configuration", unknown("configuration", text, (*NAMES, *by_key(cast)))))
    return patterns(cast)[text]


def _named(text: str, cast: Cast, where: str) -> int:
    if text not in patterns(cast):
        raise BadInput(Fault(where, "", unknown("pattern", text, patterns(cast))))
    return patterns(cast)[text]
