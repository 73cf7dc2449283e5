"""What is read off a set of equilibria: configurations, actions and patterns as masks over the 64 profiles.

A set of pure equilibria is one ``uint64``, bit = profile index. A pattern (a configuration, an action, a link) is the
set of the profiles that fit it; a game has an equilibrium of that pattern where the two sets meet. All functions take
arrays, xarray's included, and keep their shape.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.axes import ACTIONS, N_ACTIONS, N_PROFILES, PLAYERS, profile_actions, profile_text
from triangle.model.configurations import configurations

Masks = NDArray[np.uint64]


def mask_of(profiles: list[int]) -> np.uint64:
    """The set of these profiles.

    >>> int(mask_of([0, 5]))
    33
    """
    return np.uint64(sum(1 << profile for profile in profiles))


@cache
def configuration_masks() -> dict[str, np.uint64]:
    """The profiles of each configuration by its key, most links first."""
    keys = [configuration.key for configuration in configurations()]
    order = sorted(dict.fromkeys(keys), key=lambda key: (-len(configurations()[keys.index(key)].links), key))
    return {key: mask_of([i for i in range(N_PROFILES) if keys[i] == key]) for key in order}


@cache
def action_masks() -> dict[str, np.uint64]:
    """The profiles in which a player takes an action, by ``RU=hedge``, in player and action order."""
    return {
        f"{PLAYERS[i]}={ACTIONS[i][a]}": mask_of([p for p in range(N_PROFILES) if profile_actions(p)[i] == a])
        for i in range(len(PLAYERS))
        for a in range(N_ACTIONS)
    }


def holds(masks: Any, pattern: np.uint64) -> Any:
    """Whether some equilibrium is one of the profiles of a pattern."""
    return (masks & pattern) != 0


def only(masks: Any, pattern: np.uint64) -> Any:
    """Whether there are equilibria and all of them are profiles of a pattern."""
    return (masks != 0) & ((masks & ~pattern) == 0)


def equilibria(masks: Any) -> Any:
    """Number of pure equilibria of each game."""
    return np.bitwise_count(masks)


def profiles_of(mask: int) -> list[int]:
    """Indices of the profiles in one set.

    >>> profiles_of(33)
    [0, 5]
    """
    return [profile for profile in range(N_PROFILES) if int(mask) >> profile & 1]


def set_text(mask: int) -> str:
    """One set in words: its profiles, or ``none``."""
    return "; ".join(profile_text(profile_actions(profile)) for profile in profiles_of(mask)) or "none"


def set_configurations(mask: int) -> tuple[str, ...]:
    """Keys of the configurations in one set, each once, in the order of :func:`configuration_masks`."""
    return tuple(key for key, pattern in configuration_masks().items() if int(mask) & int(pattern))
