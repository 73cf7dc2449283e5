"""Sets of profiles with a name, as integers: bit ``16 a_US + 4 a_RU + a_CN`` is set where the profile is in the set.

Outcomes of many games are then one operation on integers: ``equilibria & links()[RU, CN] != 0`` says in which games a
linked Russia and China are an equilibrium. The integers are Python's own; numpy takes them beside arrays of ``uint64``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from types import MappingProxyType
from typing import TypeVar

from triangle.players.axes import ACTIONS, N_PROFILES, PAIRS, PLAYERS, profile_actions
from triangle.players.configurations import NAMES, Configuration, configurations

Key = TypeVar("Key")

#: All 64 profiles.
ALL = (1 << N_PROFILES) - 1


def profiles_where(holds: Callable[[tuple[int, int, int], Configuration], bool]) -> int:
    """The set of profiles at which a predicate of actions and configuration holds.

    >>> profiles_where(lambda actions, found: actions == (0, 1, 1))
    32
    """
    return sum(1 << index for index, found in enumerate(configurations()) if holds(profile_actions(index), found))


def _by(key: Callable[[Configuration], Key]) -> MappingProxyType[Key, int]:
    found: dict[Key, int] = {}
    for index, triangle in enumerate(configurations()):
        found[key(triangle)] = found.get(key(triangle), 0) | 1 << index
    return MappingProxyType(found)


@cache
def by_name() -> MappingProxyType[str, int]:
    """Each of the four configurations by name, from no links to three; together they hold every profile once."""
    found = _by(lambda triangle: triangle.name)
    return MappingProxyType({name: found[name] for name in NAMES})


@cache
def by_key() -> MappingProxyType[str, int]:
    """Configurations with their pair or pivot, as in ``stable_marriage:RU-CN``; eight, each profile in one.

    >>> sorted(by_key())[:2]
    ['menage_a_trois', 'romantic_triangle:CN']
    """
    return _by(lambda triangle: triangle.key)


@cache
def links() -> MappingProxyType[tuple[int, int], int]:
    """For each pair of players the profiles in which the two accommodate each other."""
    return MappingProxyType({pair: profiles_where(partial(_has, pair)) for pair in PAIRS})


def _has(pair: tuple[int, int], _: tuple[int, int, int], found: Configuration) -> bool:
    return pair in found.links


def _takes(player: int, action: int, chosen: tuple[int, int, int], _: Configuration) -> bool:
    return chosen[player] == action


@cache
def balanced() -> int:
    """The profiles whose triangle is structurally balanced."""
    return profiles_where(lambda _, found: found.balance > 0)


@cache
def actions() -> tuple[tuple[int, ...], ...]:
    """For each player and action the profiles in which the player takes it: ``actions()[RU][3]`` is Russia's hedge."""
    return tuple(
        tuple(profiles_where(partial(_takes, i, a)) for a in range(len(ACTIONS[i]))) for i in range(len(PLAYERS))
    )


@cache
def patterns() -> MappingProxyType[str, int]:
    """Every named set: configurations with and without pair or pivot, links, balance, and each country's actions.

    >>> patterns()["RU=hedge"] == actions()[1][3]
    True
    """
    return MappingProxyType(
        {
            **by_name(),
            **by_key(),
            **{f"link:{'-'.join(PLAYERS[i] for i in pair)}": mask for pair, mask in links().items()},
            "balanced": balanced(),
            **{
                f"{PLAYERS[i]}={action}": actions()[i][a]
                for i in range(len(PLAYERS))
                for a, action in enumerate(ACTIONS[i])
            },
        }
    )
