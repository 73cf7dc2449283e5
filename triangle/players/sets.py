"""What is read off a set of equilibria: configurations, actions and patterns as sets of profiles.

A pattern (a configuration, an action, a link) is the set of the profiles that fit it, an integer; a game has an
equilibrium of that pattern where the two sets meet. How the sets of many games are kept, and what is asked of them,
says :attr:`triangle.players.cast.Cast.sets`.
"""

from __future__ import annotations

from functools import cache

from triangle.games.bitboards import profiles_of
from triangle.players.cast import Cast
from triangle.players.configurations import configurations
from triangle.players.profiles import actions, by_key


@cache
def configuration_masks(cast: Cast) -> dict[str, int]:
    """The profiles of each configuration by its key, most links first."""
    links = {configuration.key: len(configuration.links) for configuration in configurations(cast)}
    return {key: by_key(cast)[key] for key in sorted(links, key=lambda key: (-links[key], key))}


@cache
def action_masks(cast: Cast) -> dict[str, int]:
    """The profiles in which a player takes an action, by ``RU=hedge``, in player and action order."""
    return {cast.action_text(i, a): mask for i, masks in enumerate(actions(cast)) for a, mask in enumerate(masks)}


def set_text(mask: int, cast: Cast) -> str:
    """One set in words: its profiles, or ``none``."""
    return "; ".join(cast.profile_text(cast.profiles[profile]) for profile in profiles_of(mask)) or "none"


def set_configurations(mask: int, cast: Cast) -> tuple[str, ...]:
    """Keys of the configurations in one set, each once, in the order of :func:`configuration_masks`."""
    return tuple(key for key, pattern in configuration_masks(cast).items() if int(mask) & pattern)
