"""What a flip is answered with: the moves, what binds them, the certificate, and how near the other profiles are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from triangle.players.notation import Profile
from triangle.questions.flip.search import STRICTNESS

#: Norms of a move: what they are called, and what they are.
NORMS = {"l2": "root of the sum of squared moves", "l1": "sum of the moves"}


@dataclass(frozen=True)
class Move:
    """One parameter's part in a flip.

    Attributes
    ----------
    start, value : float
        From where to where.
    low, high : float
        Ends of the box, in which it may move.
    in_ranges : float
        The move over the width of the prior range, with its sign.
    """

    parameter: str
    unit: str
    role: str
    start: float
    value: float
    low: float
    high: float
    in_ranges: float

    @property
    def at_end(self) -> bool:
        """Whether it stands at an end of the box."""
        return self.value in (self.low, self.high)


@dataclass(frozen=True)
class Binding:
    """A deviation that decides how far one has to go.

    Attributes
    ----------
    profile : tuple of int
        From which the player deviates.
    margin : float
        What it loses by that at the flipped point, billion dollars a year; negative where it gains.
    by_term : mapping of str to float
        The same by payoff term.
    """

    player: int
    profile: Profile
    deviation: int
    margin: float
    by_term: Mapping[str, float]


@dataclass(frozen=True)
class Certificate:
    """The flipped game, set up anew from the texts of the moved values and solved by the ordinary solver.

    Attributes
    ----------
    holds : bool
        Whether it answers as was asked.
    regret, margin : float
        Of the profile that was brought about or stopped, billion dollars a year.
    equilibria : tuple of profiles
        All pure equilibria there.
    settings : tuple of str
        The moved values as ``NAME=VALUE``.
    command : str
        The command line that solves it again.
    """

    holds: bool
    regret: float
    margin: float
    equilibria: tuple[Profile, ...]
    settings: tuple[str, ...]
    command: str


@dataclass(frozen=True)
class Reach:
    """A profile of the pattern: the distance of its nearest solution, or else its largest margin in the box."""

    profile: Profile
    distance: float | None
    margin: float | None


@dataclass(frozen=True)
class Flip:
    """The nearest flip, or the best attempt at one.

    Attributes
    ----------
    target : str
        The pattern, as it was asked for.
    away : bool
        Whether its equilibria were to be stopped rather than one brought about.
    distance : float or None
        Length of the moves, in ranges; None where nothing was found.
    nearest : float or None
        The same before moves were left out and values rounded, each of which may lengthen it by `PRICE`.
    moves : tuple of Move
        The parameters that move, the farthest first; the best attempt's where nothing was found.
    profile : tuple of int
        The profile brought about, stopped, or attempted.
    misses : float or None
        By how many billion dollars a year the best attempt misses; None where a flip was found.
    tried : tuple of Reach
        Every profile of the pattern, the nearest first; empty for `away`.
    free : tuple of str
        The parameters that could move.
    """

    target: str
    away: bool
    found: bool
    norm: str
    distance: float | None
    nearest: float | None
    moves: tuple[Move, ...]
    profile: Profile
    binding: tuple[Binding, ...]
    certificate: Certificate
    misses: float | None
    tried: tuple[Reach, ...]
    free: tuple[str, ...]
    hard: bool
    starts: int
    seed: int
    strictness: float = STRICTNESS
