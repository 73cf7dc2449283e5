"""What ``signal`` answers: frozen records of plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from triangle.games.solution import Verdict
from triangle.players.forms import CastField

#: Actions that are played, each with its probability.
Mixture = tuple[tuple[str, float], ...]
#: An axis of a map: what varies, from where to where, and in how many values; and how many by default.
Axis = tuple[str, float, float, int]
VALUES = 41


@dataclass(frozen=True)
class Alone:
    """A type under complete information.

    Attributes
    ----------
    courted, otherwise : str
        Its action later if the offer stands, and without it.
    answer : str
        What it would answer if its type were known.
    value : float
        What the offering player gains by going on with it rather than snapping back, in billion dollars a year.
    """

    type: str
    courted: str
    otherwise: str
    answer: str
    value: float


@dataclass(frozen=True)
class Found:
    """One equilibrium of the screening game.

    Attributes
    ----------
    kind : str
        By what an acceptance tells: separating, bluffing, parting, pooling on acceptance or on refusal.
    answers : tuple of tuples of float
        For each type the probabilities of refusing, pocketing and delivering.
    goes_on : tuple of float
        Probability of going on where pocketing is seen, and where it looks like delivery.
    posterior : tuple of float or None
        Probability of the second type there, by Bayes' rule; None where nobody leads there.
    belief : tuple of float
        The belief there that supports what is done; the posterior where there is one.
    payoffs : tuple of float
        Of both types of the player who answers, and of the one who offers, billion dollars a year.
    offered : bool
        Whether the offer is worth making to the one who makes it.
    largest_gain, residual : float
        Of the certificate, recomputed from the tree.
    removed : tuple of (str, str)
        The refinements that remove it, of those asked for, and why.
    """

    kind: str
    answers: tuple[tuple[float, ...], ...]
    goes_on: tuple[float, ...]
    posterior: tuple[float | None, ...]
    belief: tuple[float, ...]
    payoffs: tuple[float, ...]
    offered: bool
    largest_gain: float
    residual: float
    removed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Map:
    """The equilibrium that the offering player likes best, over two numbers.

    Attributes
    ----------
    kinds : tuple of tuples of int
        By row (second number) and column (first): the place of the kind in the answer's `kinds`; −1 for none.
    several : tuple of tuples of int
        How many kinds there are.
    posterior : tuple of tuples of float or None
        Probability of the second type after what looks like delivery; None where nothing does.
    """

    names: tuple[str, str]
    first: tuple[float, ...]
    second: tuple[float, ...]
    kinds: tuple[tuple[int, ...], ...]
    several: tuple[tuple[int, ...], ...]
    posterior: tuple[tuple[float | None, ...], ...]

    def share(self, kind: int) -> float:
        """The share of the map that a kind fills."""
        cells = [one for row in self.kinds for one in row]
        return cells.count(kind) / len(cells)


@dataclass(frozen=True)
class America:
    """An America whose type Russia does not know, and what a costly step first could tell.

    Attributes
    ----------
    types : tuple of str
    prior : tuple of float
    worth : tuple of tuples of float
        For each type that America is (rows), what it gets in its best equilibrium if believed to be each (columns).
    pooled : tuple of float
        The same if nothing is learnt and the prior is believed.
    step : tuple of float
        Costs of a step, billion dollars a year, between which the first type takes it and the second does not: at least
        what the second gains by being taken for the first, at most what the first gains. None separates where the first
        number is not below the second.
    """

    types: tuple[str, str]
    prior: tuple[float, float]
    worth: tuple[tuple[float, float], tuple[float, float]]
    pooled: tuple[float, float]
    step: tuple[float, float]

    @property
    def separates(self) -> bool:
        """Whether some cost of the step tells the types apart."""
        return self.step[1] - self.step[0] > 1e-6 * max(1.0, *map(abs, self.step))


@dataclass(frozen=True)
class Chosen:
    """An equilibrium of a menu.

    Attributes
    ----------
    answers : tuple of tuples of (str, float)
        What each type takes and does, with its probability; nothing for a type that is not there.
    goes_on : tuple of (str, tuple of (str, float))
        The same where the offering player moves, by what it sees.
    payoffs : tuple of float
        Of both players, billion dollars a year.
    """

    answers: tuple[Mixture, Mixture]
    goes_on: tuple[tuple[str, Mixture], ...]
    payoffs: tuple[float, float]


@dataclass(frozen=True)
class Menu:
    """Two contracts offered at once, of which Russia chooses: all perfect Bayesian equilibria.

    Attributes
    ----------
    second : mapping of str to float
        The parameters of the second contract; the first is the scenario's offer.
    verdict : str
        Whether the list is complete.
    gain : float or None
        What America's best equilibrium of the menu brings it more than that of the first contract alone; None where a
        search that is not complete found none.
    """

    second: Mapping[str, float]
    verdict: Verdict
    equilibria: tuple[Chosen, ...]
    gain: float | None
    largest_gain: float


@dataclass(frozen=True)
class Signal:
    """What an acceptance tells.

    Attributes
    ----------
    differ : tuple of float
        How often the types act differently at all over draws of everything uncertain and of the types' settings from
        their halves of the ranges: later while the offer stands, and in their answer if the type were known.
    threshold : float or None
        The belief in the second type at which the offering player is indifferent between going on and snapping back;
        None where it always or never goes on.
    watches : tuple of float or None
        Shortest watch, in years, at which the best equilibrium separates; None where no watch up to the longest does.
    offer, monitoring, commitment : float
        Gain of the offering player, billion dollars a year: by the offer over none, by seeing all, by binding itself.
    passed_over : int
        Equilibria of later play that the rule of selection passed over, at the point.
    """

    SCHEMA: ClassVar = "triangle.signal/1"

    scenario: str
    form: str
    player: str
    offering: str
    types: tuple[str, str]
    because: tuple[str, str]
    prior: float
    watch: float
    observe: float
    relief: float
    conditionality: float
    china: str
    samples: int
    seed: int
    differ: tuple[float, float]
    alone: tuple[Alone, Alone]
    kinds: tuple[str, ...]
    verdict: Verdict
    equilibria: tuple[Found, ...]
    threshold: float | None
    shortest: float | None
    longest: float
    offer: float
    monitoring: float
    commitment: float
    passed_over: int
    maps: tuple[Map, ...]
    cast: CastField
    america: America | None = None
    menu: Menu | None = None

    @property
    def best(self) -> Found:
        """The equilibrium that the offering player likes best."""
        return max(self.equilibria, key=lambda found: found.payoffs[2])

    @property
    def alike(self) -> bool:
        """Whether both types do the same under complete information."""
        first, second = self.alone
        return (first.courted, first.answer) == (second.courted, second.answer)
