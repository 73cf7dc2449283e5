"""What ``quantecon.game_theory`` is asked for, with its names, its arguments, its order of axes and its answers.

QuantEcon itself takes two seconds to load and two to compile; with large budgets it is asked itself.
"""

from types import SimpleNamespace

import numpy as np

Player, NormalFormGame = np.asarray, list


def pure_nash_brute(g, tol=None):
    """Pure equilibria of a game whose arrays have a player's own action first, then those of the next ones in turn."""
    found, n = [], len(g)
    for profile in np.ndindex(*(len(own) for own in g)):
        seen = [own[(slice(None), *(profile[(i + k) % n] for k in range(1, n)))] for i, own in enumerate(g)]
        if all(gains[profile[i]] == gains.max() for i, gains in enumerate(seen)):
            found.append(profile)
    return found


def support_enumeration_gen(g):
    """Those of its equilibria that are pure."""
    for profile in pure_nash_brute(g):
        yield tuple(np.eye(len(own))[action] for own, action in zip(g, profile, strict=True))


def mclennan_tourky(g, init=None, epsilon=1e-3, max_iter=200, full_output=False):
    """The first of its pure equilibria, where there is one and it is asked for closely enough."""
    assert full_output
    first = next(support_enumeration_gen(g), None)
    return first, SimpleNamespace(converged=first is not None and epsilon <= 1e-6 and max_iter >= 10**6)
