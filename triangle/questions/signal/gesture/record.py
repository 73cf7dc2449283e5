"""What ``gesture`` answers: frozen records of plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from triangle.games.solution import Verdict
from triangle.players.forms import CastField
from triangle.questions.signal.record import Map, Mixture


@dataclass(frozen=True)
class Shown:
    """A type under complete information, and what the gesture is to it.

    Attributes
    ----------
    reply, answer, third : str
        What the receiver does where the type is known, and what the sender and the third player then do.
    gain : float
        What it gains by being taken for the second type rather than for the first, billion dollars a year.
    cost : float
        What the gesture costs it, in the same unit; negative where the deed is a gain in itself.
    """

    type: str
    reply: str
    answer: str
    third: str
    gain: float
    cost: float


@dataclass(frozen=True)
class Gestured:
    """One equilibrium.

    Attributes
    ----------
    kind : str
        By what the gesture tells: separating (the second type alone makes it), reversed (the first alone), bluffing,
        pooling.
    makes : tuple of float
        Probability that each type makes it.
    replies : tuple of tuples of (str, float)
        What the receiver does without it and after it, with its probabilities.
    posterior : tuple of float or None
        Probability of the second type without it and after it, by Bayes' rule; None where nobody leads there.
    belief : tuple of float
        The belief there that supports the reply; the posterior where there is one.
    payoffs : tuple of float
        Of both types of the sender, and of the receiver, billion dollars a year.
    largest_gain, residual : float
        Of the certificate, recomputed from the tree.
    removed : tuple of (str, str)
        The refinements that remove it, of those asked for, and why.
    """

    kind: str
    makes: tuple[float, float]
    replies: tuple[Mixture, Mixture]
    posterior: tuple[float | None, float | None]
    belief: tuple[float, float]
    payoffs: tuple[float, float, float]
    largest_gain: float
    residual: float
    removed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Gesture:
    """What a gesture tells.

    Attributes
    ----------
    cost, deed, instead, years : float, str, str, float
        What is for show costs `cost`, billion dollars a year; a deed is an action for some years in place of another.
    differ : tuple of float
        Shares of the draws of everything uncertain and of the types' settings from their halves of the ranges in which
        the types do different things after some reply, and in which the receiver replies to them differently.
    telling : tuple of float
        Costs for show between which the second type makes the gesture and the first does not; none where the first
        number is not below the second.
    trust : float
        The least belief in the second type at which the receiver does what it would if it knew that type.
    passed_over : int
        Equilibria of what follows that the rule of selection passed over, at the point.
    """

    SCHEMA: ClassVar = "triangle.gesture/1"

    scenario: str
    form: str
    sender: str
    receiver: str
    third: str
    held: str
    types: tuple[str, str]
    because: tuple[str, str]
    prior: float
    cost: float
    deed: str
    instead: str
    years: float
    samples: int
    seed: int
    differ: tuple[float, float]
    shown: tuple[Shown, Shown]
    kinds: tuple[str, ...]
    verdict: Verdict
    equilibria: tuple[Gestured, ...]
    telling: tuple[float, float]
    trust: float
    passed_over: int
    maps: tuple[Map, ...]
    cast: CastField

    @property
    def best(self) -> Gestured:
        """The equilibrium that the receiver likes best; of equals the one in which the gesture is made least."""
        most = max(found.payoffs[2] for found in self.equilibria)
        liked = [found for found in self.equilibria if found.payoffs[2] >= most - 1e-9 * max(1.0, abs(most))]
        return min(liked, key=lambda found: sum(found.makes))

    @property
    def tells(self) -> bool:
        """Whether at some cost for show the gesture tells the second type from the first."""
        return max(self.telling[0], 0.0) < self.telling[1] - 1e-6 * max(1.0, abs(self.telling[1]))

    @property
    def alike(self) -> bool:
        """Whether the receiver replies to both types in the same way where they are known."""
        first, second = self.shown
        return first.reply == second.reply
