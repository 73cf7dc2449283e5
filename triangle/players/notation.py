"""How users write players, actions, profiles and orders of moves; each reader answers a mistake with what is valid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.players.cast import Cast

#: The action of each player.
Profile = tuple[int, ...]

#: How a held player is let go, where an action would stand.
FREE = "free"


def parse_player(text: str, cast: Cast, where: str) -> int:
    """A player by name."""
    if text.strip() not in cast.codes:
        raise BadInput(Fault(where, "", unknown("player", text, cast.codes)))
    return cast.codes.index(text.strip())


def parse_hold(settings: Sequence[str], cast: Cast) -> dict[int, int | None]:
    """Players held at actions, from texts such as ``US=court_russia``; several may be joined by commas.

    ``US=free`` lets a player go whom the scenario holds: its action is None.
    """
    held: dict[int, int | None] = {}
    for text in (part for setting in settings for part in setting.split(",")):
        player, action = parse_holding(text, cast)
        if player in held:
            raise BadInput(Fault("--hold", cast.codes[player], "held twice"))
        held[player] = action
    return held


def parse_holding(text: str, cast: Cast, where: str = "--hold") -> tuple[int, int | None]:
    """A player with the action that it is held at, or with None where ``US=free`` lets it go."""
    player, _, action = (part.strip() for part in text.partition("="))
    if action == FREE:
        return parse_player(player, cast, where), None
    return parse_action(text, cast, where, (FREE,))


def held_over(base: Mapping[int, int], laid: Mapping[int, int | None]) -> dict[int, int]:
    """Who is held at what, once some holds are laid over others; None lets a player go.

    >>> held_over({0: 2, 1: 1}, {0: None, 2: 3})
    {1: 1, 2: 3}
    """
    return {player: action for player, action in {**base, **laid}.items() if action is not None}


def parse_profile(text: str, cast: Cast, where: str = "--profile") -> Profile:
    """An action profile from ``US=court_russia,RU=hedge,CN=align``, players in any order, or from its index.

    >>> from triangle.players.cast import SHIPPED
    >>> parse_profile("RU=align,US=contain_both,CN=align", SHIPPED)
    (0, 1, 1)
    """
    if text.isascii() and text.strip().isdigit() and len(text) < 9 and int(text) < len(cast.profiles):
        return cast.profiles[int(text)]
    actions = dict(parse_action(part, cast, where) for part in text.split(","))
    if len(actions) != len(cast.codes) or text.count(",") != len(cast.codes) - 1:
        raise BadInput(
            Fault(where, "", f"found {shorten(text)}; expected one action for each of {', '.join(cast.codes)}")
        )
    return tuple(actions[i] for i in range(len(cast)))


def parse_action(text: str, cast: Cast, where: str, also: Sequence[str] = ()) -> tuple[int, int]:
    """A player and an action from ``RU=hedge``; `also` are words that the caller takes beside actions."""
    player, equals, action = (part.strip() for part in text.partition("="))
    if not equals:
        raise BadInput(Fault(where, "", f"found {shorten(text)}; expected PLAYER=ACTION, as in RU=hedge"))
    i = parse_player(player, cast, where)
    if action not in cast.actions[i]:
        raise BadInput(Fault(where, player, unknown(f"action of {player}", action, (*cast.actions[i], *also))))
    return i, cast.actions[i].index(action)


def parse_order(text: str, cast: Cast, where: str = "--order") -> tuple[tuple[int, ...], ...]:
    """Stages of play from ``US,CN,RU``, or with players who move at once joined by +, as in ``US,RU+CN``.

    >>> from triangle.players.cast import SHIPPED
    >>> parse_order("US,RU+CN", SHIPPED)
    ((0,), (1, 2))
    """
    stages = tuple(tuple(name.strip() for name in stage.split("+")) for stage in text.split(","))
    names = [name for stage in stages for name in stage]
    for name in names:
        if name not in cast.codes:
            raise BadInput(Fault(where, "", unknown("player", name, cast.codes)))
    if sorted(names) != sorted(cast.codes):
        raise BadInput(Fault(where, "", f"found {shorten(text)}; expected each of {', '.join(cast.codes)} once"))
    return tuple(tuple(sorted(cast.codes.index(name) for name in stage)) for stage in stages)
