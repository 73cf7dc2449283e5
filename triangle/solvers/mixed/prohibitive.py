r"""Equilibria beside prohibitive payoffs: those of the game with such payoffs cut down, followed to their full size.

Beside a payoff of a thousand millions the others differ by less than the searches can tell apart. With payoffs cut to
a multiple c of the typical one all of them can be told apart; as c grows, a probability that weighs a prohibitive
payoff shrinks like 1/c and the others hardly change, so that Newton's method in relative changes of the probabilities,

.. math:: x_i(a) \leftarrow x_i(a) \, (1 - s_{ia}), \qquad J \operatorname{diag}(x) \, s = f(x),

with f and J the indifference system and its Jacobian, follows each equilibrium. Nothing is proved about how many there
are: an equilibrium of the game may have none of the cut one that leads to it.
"""

from __future__ import annotations

import numpy as np

from triangle.games.mixed import indifference_jacobian, indifference_residuals, is_well_supported, restricted
from triangle.games.normal_form import Bools, Floats, typical
from triangle.games.shares import in_shares
from triangle.solvers.mixed.enumeration import list_equilibria, split

Mixed = tuple[Floats, ...]

#: Share of the payoffs that are smaller than the common one; and multiple of that from which on one is prohibitive.
COMMON, PROHIBITIVE = 0.25, 1e3
#: By how much prohibitive payoffs grow at each step back.
GROWTH = 10.0
#: Multiples of that size at which payoffs are cut, until some equilibrium is found.
STARTS = (1.0, 1e2, 1e4, 1e6)
#: What :data:`~triangle.games.mixed.SOUND` is where Newton's method has made rare actions as exact as the others.
FINE = 1e-10
#: Probability below which an action counts as not played, unless what others do hangs on it.
RARE = 1e-9
#: Steps of Newton's method at one size; relative change below which only rounding keeps the next from being smaller.
STEPS, NEAR = 30, 1e-3


def prohibits(payoffs: Floats) -> Bools:
    """Whether some payoff of a game is prohibitive, shape (...samples)."""
    return np.asarray((np.abs(payoffs).max(axis=(1, 2, 3)) > _sizes(payoffs)).any(axis=0))


def _sizes(payoffs: Floats) -> Floats:
    """Size from which on a payoff of each player is prohibitive."""
    return PROHIBITIVE * typical(payoffs, COMMON)


def followed(game: Floats, tolerance: float) -> list[tuple[Floats, ...]]:
    """Equilibria to which those of the game with its prohibitive payoffs cut down lead; of several cuts, by the first.

    The deeper the cut, the surer the search, but the likelier that the way back leads to none.

    Parameters
    ----------
    game : array, shape (3, |A_1|, |A_2|, |A_3|)
        In shares of each player's range.
    tolerance : float
        Largest gain by deviating that counts as none in the cut game, in shares of its ranges.
    """
    least = _sizes(game).reshape(3, 1, 1, 1)
    for start in STARTS:
        size = start * least
        cut = list_equilibria(in_shares(np.clip(game, -size, size))[..., None], tolerance)
        profiles = (_followed(game, size, split(row, game.shape[1:])) for row in cut.stacked.T)
        found = [p for p in profiles if p is not None and is_well_supported(game, p, FINE)]
        if found:
            return found
    return []


def sharpened(game: Floats, profile: Mixed) -> Mixed:
    """An equilibrium of one game, its rare actions as exact as the others where Newton's method finds them."""
    found = _followed(game, np.full((3, 1, 1, 1), np.inf), profile)
    return profile if found is None else found


def _followed(game: Floats, size: Floats, profile: Mixed) -> Mixed | None:
    """The profile of the same supports in the game as it is; None where the way breaks off."""
    # What is played most comes first: it is what the others leave.
    played = [np.argsort(-x, kind="stable")[: np.count_nonzero(x)] for x in profile]
    inside: Mixed | None = tuple(x[p] for x, p in zip(profile, played, strict=True))
    support = restricted(game, played)
    most = np.abs(support).max(axis=(1, 2, 3), keepdims=True)
    while inside is not None:
        inside = _solved(np.clip(support, -size, size), inside)
        if (size >= most).all():
            break
        size = np.minimum(size, most) * GROWTH
    if inside is None:
        return None
    whole = tuple(np.zeros(len(x)) for x in profile)
    for x, p, probabilities in zip(whole, played, inside, strict=True):
        x[p] = probabilities
    without = tuple(x / x.sum() for x in (np.where(x < RARE, 0.0, x) for x in whole))
    return without if is_well_supported(game, without, FINE) else whole


def _solved(payoffs: Floats, start: Mixed) -> Mixed | None:
    """Newton's method from a start, every action staying played; None where it does not arrive."""
    mixed = tuple(x.copy() for x in start)
    splits = np.cumsum([len(x) - 1 for x in mixed])[:-1]
    before = np.inf
    for _ in range(STEPS):
        relative = indifference_jacobian(payoffs, mixed) * np.concatenate([x[1:] for x in mixed])
        if relative.size == 0:
            return mixed
        top = np.abs(relative).max(axis=1)
        unit = np.where(top > 0.0, top, 1.0)
        step = np.linalg.lstsq(relative / unit[:, None], indifference_residuals(payoffs, mixed) / unit, rcond=None)[0]
        for x, s in zip(mixed, np.split(np.clip(step, -GROWTH, 1.0 - 1.0 / GROWTH), splits), strict=True):
            x[1:] *= 1.0 - s
            x[0] = 1.0 - x[1:].sum()
        if not all((x > 0.0).all() for x in mixed):
            return None
        change = np.abs(step).max()
        if change < NEAR and change >= 0.75 * before:  # a double root is neared by halves
            return mixed
        before = change
    return None
