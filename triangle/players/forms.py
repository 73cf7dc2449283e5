"""Players, actions and profiles in documents: by their names, as types of the fields of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from triangle.base.errors import shorten
from triangle.base.records import ByName, Form, Unbounded, finite, form
from triangle.games.bitboards import profiles_of
from triangle.players.axes import ACTIONS, PLAYERS, profile_actions, profile_index
from triangle.players.notation import Profile


def write_profile(profile: Profile) -> dict[str, str]:
    """A profile as player → action."""
    return {player: ACTIONS[i][profile[i]] for i, player in enumerate(PLAYERS)}


def read_profile(data: Any) -> Profile:
    """The inverse of :func:`write_profile`."""
    if not isinstance(data, Mapping) or set(data) != set(PLAYERS):
        raise ValueError(f"found {shorten(data)}; expected an action of each of {', '.join(PLAYERS)}")
    us, ru, cn = (_place(data[player], ACTIONS[i]) for i, player in enumerate(PLAYERS))
    return us, ru, cn


def write_deviation(deviation: tuple[int, int]) -> str:
    """A player's action as ``RU=align``."""
    player, action = deviation
    return f"{PLAYERS[player]}={ACTIONS[player][action]}"


def read_deviation(data: Any) -> tuple[int, int]:
    """The inverse of :func:`write_deviation`."""
    player, _, action = str(data).partition("=")
    i = _place(player, PLAYERS)
    return i, _place(action, ACTIONS[i])


def _place(name: object, names: tuple[str, ...]) -> int:
    if name not in names:
        raise ValueError(f"found {shorten(name)}; expected one of {', '.join(names)}")
    return names.index(str(name))


def _read_set(data: Any) -> int:
    if not isinstance(data, list):
        raise ValueError(f"found {shorten(data)}; expected a list of profiles")
    return sum({1 << profile_index(read_profile(profile)) for profile in data})


def _write_set(mask: int) -> list[dict[str, str]]:
    return [write_profile(profile_actions(profile)) for profile in profiles_of(mask)]


def by_player(values: Iterable[Any]) -> dict[str, Any]:
    """Values of the players, by their names."""
    return dict(zip(PLAYERS, values, strict=True))


#: In ``Annotated``: a tuple with an item for each player, as a table of their names.
BY_PLAYER = ByName(lambda: PLAYERS)

#: A number of each player, finite, or not.
EachPlayer = Annotated[tuple[float, ...], BY_PLAYER]
EachUnbounded = Annotated[tuple[Unbounded, ...], BY_PLAYER]

#: A player by name.
PlayerField = Annotated[int, form(lambda i: PLAYERS[i], lambda name: _place(name, PLAYERS))]

#: An action by name; the record's field `player` says whose.
ActionField = Annotated[
    int,
    Form(
        lambda action, record: ACTIONS[record.player][action],
        lambda name, table: _place(name, ACTIONS[_place(table["player"], PLAYERS)]),
    ),
]

#: A profile as player → action.
ProfileField = Annotated[Profile, form(write_profile, read_profile)]

#: A set of profiles, kept as a mask, as the list of them.
SetField = Annotated[int, form(_write_set, _read_set)]

#: A player and its action as ``RU=align``.
DeviationField = Annotated[tuple[int, int], form(write_deviation, read_deviation)]

#: Numbers of the two players whom the record's field `players`, a ``pair`` in documents, names.
PairField = Annotated[
    tuple[float, float],
    Form(
        lambda values, record: {PLAYERS[i]: value for i, value in zip(record.players, values, strict=True)},
        lambda data, table: tuple(finite(data[name]) for name in table["pair"]),
    ),
]


def _write_order(order: Iterable[Iterable[int]]) -> list[str | list[str]]:
    stages = [[PLAYERS[i] for i in stage] for stage in order]
    return [stage[0] if len(stage) == 1 else stage for stage in stages]


def _read_order(data: Any) -> tuple[tuple[int, ...], ...]:
    if not isinstance(data, list):
        raise ValueError(f"found {shorten(data)}; expected a list of stages")
    stages = [stage if isinstance(stage, list) else [stage] for stage in data]
    return tuple(tuple(_place(name, PLAYERS) for name in stage) for stage in stages)


#: Stages of play as scenario files write them.
OrderField = Annotated[tuple[tuple[int, ...], ...], form(_write_order, _read_order)]

#: An action of each player in every list of them, by name.
ActionsField = Annotated[
    tuple[tuple[int, ...], ...],
    form(
        lambda kept: {player: [ACTIONS[i][a] for a in kept[i]] for i, player in enumerate(PLAYERS)},
        lambda data: tuple(tuple(_place(a, ACTIONS[i]) for a in data[p]) for i, p in enumerate(PLAYERS)),
    ),
]

#: Actions of some players, as player → action.
HeldField = Annotated[
    Mapping[int, int],
    form(
        lambda hold: {PLAYERS[i]: ACTIONS[i][a] for i, a in sorted(hold.items())},
        lambda data: {(i := _place(p, PLAYERS)): _place(a, ACTIONS[i]) for p, a in data.items()},
    ),
]
