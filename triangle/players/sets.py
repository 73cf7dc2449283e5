"""What is read off a set of equilibria: configurations, actions and patterns as masks over the 64 profiles.

A set of pure equilibria is one ``uint64``, bit = profile index. A pattern (a configuration, an action, a link) is the
set of the profiles that fit it; a game has an equilibrium of that pattern where the two sets meet. All functions take
arrays, xarray's included, and keep their shape.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from triangle.games.bitboards import profiles_of
from triangle.players.axes import ACTIONS, PLAYERS, profile_actions, profile_text
from triangle.players.configurations import configurations
from triangle.players.profiles import actions, by_key


@cache
def configuration_masks() -> dict[str, np.uint64]:
    """The profiles of each configuration by its key, most links first."""
    links = {configuration.key: len(configuration.links) for configuration in configurations()}
    return {key: np.uint64(by_key()[key]) for key in sorted(links, key=lambda key: (-links[key], key))}


@cache
def action_masks() -> dict[str, np.uint64]:
    """The profiles in which a player takes an action, by ``RU=hedge``, in player and action order."""
    return {
        f"{player}={action}": np.uint64(actions()[i][a])
        for i, player in enumerate(PLAYERS)
        for a, action in enumerate(ACTIONS[i])
    }


def holds(masks: Any, pattern: Any) -> Any:
    """Whether some equilibrium is one of the profiles of a pattern."""
    return (masks & pattern) != 0


def only(masks: Any, pattern: Any) -> Any:
    """Whether there are equilibria and all of them are profiles of a pattern."""
    return (masks != 0) & ((masks & ~pattern) == 0)


def equilibria(masks: Any) -> Any:
    """Number of pure equilibria of each game."""
    return np.bitwise_count(masks)


def set_text(mask: int) -> str:
    """One set in words: its profiles, or ``none``."""
    return "; ".join(profile_text(profile_actions(profile)) for profile in profiles_of(mask)) or "none"


def set_configurations(mask: int) -> tuple[str, ...]:
    """Keys of the configurations in one set, each once, in the order of :func:`configuration_masks`."""
    return tuple(key for key, pattern in configuration_masks().items() if int(mask) & int(pattern))
