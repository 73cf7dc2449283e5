"""Players, actions and profiles in documents: by their names, as types of the fields of records.

Whose names these are, the record says that a document is of, by a field of the type :data:`CastField`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from triangle.base.errors import shorten
from triangle.base.records import WORDS, ByName, Form, Unbounded, finite, worded
from triangle.games.bitboards import profiles_of
from triangle.players.cast import Cast
from triangle.players.notation import Profile


def read_profile(data: Any, cast: Cast) -> Profile:
    """The inverse of :meth:`~triangle.players.cast.Cast.named`."""
    if not isinstance(data, Mapping) or set(data) != set(cast.codes):
        raise ValueError(f"found {shorten(data)}; expected an action of each of {', '.join(cast.codes)}")
    return tuple(_place(data[code], cast.actions[i]) for i, code in enumerate(cast.codes))


def write_deviation(deviation: tuple[int, int], cast: Cast) -> str:
    """A player's action as ``RU=align``."""
    return cast.action_text(*deviation)


def read_deviation(data: Any, cast: Cast) -> tuple[int, int]:
    """The inverse of :func:`write_deviation`."""
    player, _, action = str(data).partition("=")
    i = _place(player, cast.codes)
    return i, _place(action, cast.actions[i])


def _place(name: object, names: tuple[str, ...]) -> int:
    if name not in names:
        raise ValueError(f"found {shorten(name)}; expected one of {', '.join(names)}")
    return names.index(str(name))


def _write_profile(profile: Profile, cast: Cast) -> dict[str, str]:
    return cast.named(profile)


def _read_set(data: Any, cast: Cast) -> int:
    if not isinstance(data, list):
        raise ValueError(f"found {shorten(data)}; expected a list of profiles")
    return sum({1 << cast.index(read_profile(profile, cast)) for profile in data})


def _write_set(mask: int, cast: Cast) -> list[dict[str, str]]:
    return [cast.named(cast.profiles[profile]) for profile in profiles_of(mask)]


#: The cast that the names in a document are of; no part of it.
CastField = Annotated[Cast, WORDS]

#: In ``Annotated``: a tuple with an item for each player, as a table of their names.
BY_PLAYER = ByName(lambda cast: cast.codes)

#: A number of each player, finite, or not.
EachPlayer = Annotated[tuple[float, ...], BY_PLAYER]
EachUnbounded = Annotated[tuple[Unbounded, ...], BY_PLAYER]

#: A player by name.
PlayerField = Annotated[int, worded(lambda i, cast: cast.codes[i], lambda name, cast: _place(name, cast.codes))]

#: An action by name; the record's field `player` says whose.
ActionField = Annotated[
    int,
    Form(
        lambda action, record, cast: cast.actions[record.player][action],
        lambda name, table, cast: _place(name, cast.actions[_place(table["player"], cast.codes)]),
        worded=True,
    ),
]

#: A profile as player → action.
ProfileField = Annotated[Profile, worded(_write_profile, read_profile)]

#: A set of profiles, kept as a mask, as the list of them.
SetField = Annotated[int, worded(_write_set, _read_set)]

#: A player and its action as ``RU=align``.
DeviationField = Annotated[tuple[int, int], worded(write_deviation, read_deviation)]

#: Numbers of the two players whom the record's field `players`, a ``pair`` in documents, names.
PairField = Annotated[
    tuple[float, float],
    Form(
        lambda values, record, cast: {cast.codes[i]: x for i, x in zip(record.players, values, strict=True)},
        lambda data, table, _: tuple(finite(data[name]) for name in table["pair"]),
        worded=True,
    ),
]


def _write_order(order: Iterable[Iterable[int]], cast: Cast) -> list[str | list[str]]:
    stages = [[cast.codes[i] for i in stage] for stage in order]
    return [stage[0] if len(stage) == 1 else stage for stage in stages]


def _read_order(data: Any, cast: Cast) -> tuple[tuple[int, ...], ...]:
    if not isinstance(data, list):
        raise ValueError(f"found {shorten(data)}; expected a list of stages")
    stages = [stage if isinstance(stage, list) else [stage] for stage in data]
    return tuple(tuple(_place(name, cast.codes) for name in stage) for stage in stages)


#: Stages of play as scenario files write them.
OrderField = Annotated[tuple[tuple[int, ...], ...], worded(_write_order, _read_order)]


def _write_actions(kept: Sequence[Sequence[int]], cast: Cast) -> dict[str, list[str]]:
    return cast.by_code([names[a] for a in own] for names, own in zip(cast.actions, kept, strict=True))


def _read_actions(data: Any, cast: Cast) -> tuple[tuple[int, ...], ...]:
    named = zip(cast.codes, cast.actions, strict=True)
    return tuple(tuple(_place(action, actions) for action in data[code]) for code, actions in named)


#: An action of each player in every list of them, by name.
ActionsField = Annotated[tuple[tuple[int, ...], ...], worded(_write_actions, _read_actions)]


def _read_held(data: Any, cast: Cast) -> dict[int, int]:
    places = {_place(code, cast.codes): action for code, action in data.items()}
    return {i: _place(action, cast.actions[i]) for i, action in places.items()}


#: Actions of some players, as player → action.
HeldField = Annotated[Mapping[int, int], worded(lambda hold, cast: cast.named_some(hold), _read_held)]
