"""What a solver returns: the equilibria it found and how far it can vouch for them.

A verdict is one of

``complete``
    every equilibrium of the asked kind is listed,
``degenerate``
    ties or whole components of equilibria were met; the listed ones are equilibria, but there may be more,
``undecided``
    part of the search ended without a proof; `advice` says which part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["complete", "degenerate", "undecided"]


@dataclass(frozen=True)
class Equilibrium:
    """One equilibrium of one game.

    Attributes
    ----------
    probabilities : tuple of tuples
        Mixed action of each player; a pure equilibrium has ones and zeros.
    payoffs : tuple of float
        Expected payoff of each player.
    regret : float
        Largest gain of any player by deviating, in units of payoff.
    margin : float or None
        Smallest loss by deviating from a pure equilibrium; None for a mixed one.
    index : int or None
        Index +1 or -1 of a regular equilibrium, 0 of one that is not regular; None where it was not asked.
    quasi_strict : bool or None
        Whether every action that is not played is worse; None where it was not asked.
    """

    probabilities: tuple[tuple[float, ...], ...]
    payoffs: tuple[float, ...]
    regret: float
    margin: float | None = None
    index: int | None = None
    quasi_strict: bool | None = None

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """The actions that each player plays with positive probability."""
        return tuple(tuple(a for a, p in enumerate(mixed) if p > 0.0) for mixed in self.probabilities)

    @property
    def profile(self) -> tuple[int, ...] | None:
        """The action profile of a pure equilibrium; None for a mixed one."""
        support = self.support
        return None if any(len(played) > 1 for played in support) else tuple(played[0] for played in support)


@dataclass(frozen=True)
class Solution:
    """The equilibria of one game by one method, the verdict on their completeness, and advice where there is any.

    Where `equilibria` are all extreme ones of a degenerate game of two players, `components` are the places of those
    that hang together in one set of equilibria, and `subsets` those of each maximal Nash subset, a set all of whose
    mixtures are equilibria too (:mod:`triangle.solvers.mixed.extreme`).
    """

    method: str
    verdict: Verdict
    equilibria: tuple[Equilibrium, ...]
    advice: str = ""
    settings: dict[str, object] = field(default_factory=dict)
    components: tuple[tuple[int, ...], ...] = ()
    subsets: tuple[tuple[int, ...], ...] = ()
