"""Patterns: sets of action profiles as users write them, read into masks over the 64 profiles.

A pattern is a conjunction of parts joined by commas, and alternatives are joined by ``|``. A part is

* an action, ``RU=distance``, or any other than it, ``RU!=align``,
* a configuration, ``configuration=stable_marriage`` or ``configuration=romantic_triangle:RU``, or that name alone,
* a link, ``link=RU-CN``,
* ``balanced``: a structurally balanced triangle,
* the index of a profile, 0 to 63.

A full profile, ``US=court_russia,RU=distance,CN=oppose_both``, is the pattern of that profile alone.
"""

from __future__ import annotations

from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.players.axes import N_PROFILES, PLAYERS
from triangle.players.configurations import NAMES
from triangle.players.notation import parse_action
from triangle.players.profiles import ALL, by_key, by_name, patterns


def parse_pattern(text: str, where: str = "--to") -> int:
    """The profiles of a pattern as a mask: bit ``16 a_US + 4 a_RU + a_CN`` is set where the profile fits.

    Raises
    ------
    BadInput
        If a part is not understood, or no profile fits all parts.

    Examples
    --------
    >>> parse_pattern("US=contain_both,RU=align,CN=align") == 1 << 5
    True
    >>> parse_pattern("RU=hedge|RU=distance").bit_count()
    32
    >>> parse_pattern("configuration=stable_marriage:RU-CN,RU!=hedge").bit_count()
    6
    """
    mask = 0
    for alternative in text.split("|"):
        fitting = ALL
        for part in alternative.split(","):
            fitting &= _part(part.strip(), where)
        mask |= fitting
    if not mask:
        raise BadInput(Fault(where, "", f"no profile fits {shorten(text)}: its parts exclude each other"))
    return mask


def _part(text: str, where: str) -> int:
    key, equals, value = (piece.strip() for piece in text.partition("="))
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) < N_PROFILES:
        return 1 << int(text)
    if not equals:
        return _named(text, where)
    if key == "configuration":
        return _configuration(value, where)
    if key == "link":
        return _named(f"link:{value}", where)
    others = key.endswith("!")
    player = key.removesuffix("!").strip()
    if player not in PLAYERS:
        raise BadInput(Fault(where, "", unknown("part of a pattern", player, (*PLAYERS, "configuration", "link"))))
    parse_action(f"{player}={value}", where)
    mask = patterns()[f"{player}={value}"]
    return ALL & ~mask if others else mask


def _configuration(text: str, where: str) -> int:
    if text not in by_name() and text not in by_key():
        raise BadInput(Fault(where, "configuration", unknown("configuration", text, (*NAMES, *by_key()))))
    return patterns()[text]


def _named(text: str, where: str) -> int:
    if text not in patterns():
        raise BadInput(Fault(where, "", unknown("pattern", text, patterns())))
    return patterns()[text]
