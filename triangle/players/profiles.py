"""Sets of profiles with a name, as integers: bit p is set where the profile of index p is in the set.

Outcomes of many games are then one operation on integers: ``equilibria & links(cast)[RU, CN] != 0`` says in which games
a linked Russia and China are an equilibrium. The integers are Python's own; numpy takes them beside arrays of
``uint64``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from types import MappingProxyType
from typing import TypeVar

from triangle.players.axes import PAIRS
from triangle.players.cast import Cast
from triangle.players.configurations import NAMES, Configuration, configurations

Key = TypeVar("Key")


def every(cast: Cast) -> int:
    """All profiles."""
    return (1 << len(cast.profiles)) - 1


def profiles_where(holds: Callable[[tuple[int, ...], Configuration], bool], cast: Cast) -> int:
    """The set of profiles at which a predicate of actions and configuration holds.

    >>> from triangle.players.cast import SHIPPED
    >>> profiles_where(lambda actions, found: actions == (0, 1, 1), SHIPPED)
    32
    """
    both = zip(cast.profiles, configurations(cast), strict=True)
    return sum(1 << index for index, (actions, found) in enumerate(both) if holds(actions, found))


def _by(key: Callable[[Configuration], Key], cast: Cast) -> MappingProxyType[Key, int]:
    found: dict[Key, int] = {}
    for index, triangle in enumerate(configurations(cast)):
        found[key(triangle)] = found.get(key(triangle), 0) | 1 << index
    return MappingProxyType(found)


@cache
def by_name(cast: Cast) -> MappingProxyType[str, int]:
    """Each of the four configurations by name, from no links to three; together they hold every profile once."""
    found = _by(lambda triangle: triangle.name, cast)
    return MappingProxyType({name: found[name] for name in NAMES})


@cache
def by_key(cast: Cast) -> MappingProxyType[str, int]:
    """Configurations with their pair or pivot, as in ``stable_marriage:RU-CN``; eight, each profile in one.

    >>> from triangle.players.cast import SHIPPED
    >>> sorted(by_key(SHIPPED))[:2]
    ['menage_a_trois', 'romantic_triangle:CN']
    """
    return _by(lambda triangle: triangle.key, cast)


@cache
def links(cast: Cast) -> MappingProxyType[tuple[int, int], int]:
    """For each pair of powers the profiles in which the two accommodate each other."""
    return MappingProxyType({pair: profiles_where(partial(_has, pair), cast) for pair in PAIRS})


def _has(pair: tuple[int, int], _: tuple[int, ...], found: Configuration) -> bool:
    return pair in found.links


def _takes(player: int, action: int, chosen: tuple[int, ...], _: Configuration) -> bool:
    return chosen[player] == action


@cache
def balanced(cast: Cast) -> int:
    """The profiles whose triangle is structurally balanced."""
    return profiles_where(lambda _, found: found.balance > 0, cast)


@cache
def actions(cast: Cast) -> tuple[tuple[int, ...], ...]:
    """For each player and action the profiles in which it is taken: ``actions(cast)[RU][3]`` is Russia's hedge."""
    return tuple(
        tuple(profiles_where(partial(_takes, i, a), cast) for a in range(count)) for i, count in enumerate(cast.shape)
    )


@cache
def patterns(cast: Cast) -> MappingProxyType[str, int]:
    """Every named set: configurations with and without pair or pivot, links, balance, and each player's actions.

    >>> from triangle.players.cast import SHIPPED
    >>> patterns(SHIPPED)["RU=hedge"] == actions(SHIPPED)[1][3]
    True
    """
    return MappingProxyType(
        {
            **by_name(cast),
            **by_key(cast),
            **{f"link:{'-'.join(cast.codes[i] for i in pair)}": mask for pair, mask in links(cast).items()},
            "balanced": balanced(cast),
            **{cast.action_text(i, a): mask for i, masks in enumerate(actions(cast)) for a, mask in enumerate(masks)},
        }
    )
