"""What is read off a set of equilibria: configurations, actions and patterns as masks over the 64 profiles.

A pattern (a configuration, an action, a link) is the set of the profiles that fit it, an integer; a game has an
equilibrium of that pattern where the two sets meet. How the sets of many games are kept, and what is asked of them, is
said by :data:`SETS`.
"""

from __future__ import annotations

from functools import cache

from triangle.games.bitboards import Sets, profiles_of
from triangle.players.axes import ACTIONS, N_PROFILES, PLAYERS, profile_actions, profile_text
from triangle.players.configurations import configurations
from triangle.players.profiles import actions, by_key

#: Sets of profiles of the triangle.
SETS = Sets(N_PROFILES)


@cache
def configuration_masks() -> dict[str, int]:
    """The profiles of each configuration by its key, most links first."""
    links = {configuration.key: len(configuration.links) for configuration in configurations()}
    return {key: by_key()[key] for key in sorted(links, key=lambda key: (-links[key], key))}


@cache
def action_masks() -> dict[str, int]:
    """The profiles in which a player takes an action, by ``RU=hedge``, in player and action order."""
    return {
        f"{player}={action}": actions()[i][a] for i, player in enumerate(PLAYERS) for a, action in enumerate(ACTIONS[i])
    }


def set_text(mask: int) -> str:
    """One set in words: its profiles, or ``none``."""
    return "; ".join(profile_text(profile_actions(profile)) for profile in profiles_of(mask)) or "none"


def set_configurations(mask: int) -> tuple[str, ...]:
    """Keys of the configurations in one set, each once, in the order of :func:`configuration_masks`."""
    return tuple(key for key, pattern in configuration_masks().items() if int(mask) & pattern)
