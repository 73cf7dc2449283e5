"""What the question of the years answers with: frozen records of plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from triangle.base.intervals import wilson
from triangle.players.configurations import KeyField
from triangle.players.forms import CastField


@dataclass(frozen=True)
class Band:
    """A quantity over worlds: its mean, and where the middle 50 and 90 % of the worlds lie."""

    mean: float
    low90: float
    low50: float
    high50: float
    high90: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Band:
        """Of a quantity in each world.

        >>> Band.of(np.array([0.0, 1.0]))
        Band(mean=0.5, low90=0.05, low50=0.25, high50=0.75, high90=0.95)
        """
        return cls.each(values[None])[0]

    @classmethod
    def each(cls, rows: NDArray[np.float64]) -> tuple[Band, ...]:
        """Of several quantities, each a row."""
        ends = np.quantile(rows, (0.05, 0.25, 0.75, 0.95), axis=-1).T.tolist()
        return tuple(cls(mean, *some) for mean, some in zip(rows.mean(axis=-1).tolist(), ends, strict=True))


def interval(chance: Band, worlds: int) -> tuple[float, float]:
    """What is printed beside a probability: where the middle 90 % of the worlds lie, and where the mean does.

    The mean lies, at 95 %, in Wilson's interval for so many worlds; it is that which tells how rare a configuration may
    be that few worlds have or none.
    """
    low, high = wilson(chance.mean * worlds, worlds)
    return min(low, chance.low90), max(high, chance.high90)


@dataclass(frozen=True)
class Year:
    """One year.

    Attributes
    ----------
    configurations : tuple of Band
        Probability of each configuration, in the order of the answer's `configurations`.
    actions : tuple of tuples of float
        For each player the mean probability of each of its actions.
    hazard : float or None
        Probability that Russia and China, linked the year before, are linked no longer; None in the first year, and
        where they never were.
    undecided : float or None
        Share of worlds in which the configuration depends on the selection among equilibria; None if not asked.
    judged : float or None
        Share of the variance of the configurations' probabilities that rests on judged rates; None if there is no
        variance, or it was not asked.
    levels : tuple of float
        Mean of each state variable.
    """

    year: int
    configurations: tuple[Band, ...]
    actions: tuple[tuple[float, ...], ...]
    hazard: float | None
    undecided: float | None
    judged: float | None
    levels: tuple[float, ...]


@dataclass(frozen=True)
class Turn:
    """A year of change: what happens in it, and which configuration's mean probability moves most from the year before.

    Attributes
    ----------
    what : str
    configuration : str
    before, after : float
    """

    year: int
    what: str
    configuration: KeyField
    before: float
    after: float


@dataclass(frozen=True)
class PolicyMap:
    """How far Russia turns to the United States in one year, over two state variables.

    Attributes
    ----------
    rows, columns : tuple of str
        Labels of the levels of the two variables; the others stand where they start.
    share : tuple of tuples of float
        Probability that Russia accommodates the United States, by row and column, mean over worlds.
    """

    year: int
    row: str
    column: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    share: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Certificate:
    """What was checked by one-shot deviations, and the largest gain found, in billion dollars a year."""

    largest_gain: float
    accepted: float
    payoff_range: float
    state_years: int
    none: float
    one: float
    several: float
    silent: float


@dataclass(frozen=True)
class Against:
    """The same worlds on ladders of another fineness.

    Attributes
    ----------
    levels : int
        Of every ladder.
    apart : float
        Largest difference of a mean probability, of which configuration, and in which year.
    outside : int
        Configurations and years whose mean lies outside the interval that is printed (:func:`interval`).
    """

    levels: int
    apart: float
    configuration: KeyField
    year: int
    outside: int


@dataclass(frozen=True)
class Course:
    """How the triangle goes over the years.

    Attributes
    ----------
    form : str
        The form of the payoffs.
    rule : str
        How one of several equilibria is picked.
    mixed : str
        How one of several mixed equilibria is, where a stage game has no pure one.
    states : tuple of str
        Names of the state variables.
    values : tuple of Band
        Normalised value to each player at the start, billion dollars a year.
    split : float
        Share of worlds in which the probability that no two powers are linked exceeds one half in some year.
    split_year : float or None
        Median of the first such year over these worlds.
    title, question : str
        What the path's file calls itself, and asks.
    against : Against or None
        How it goes on other ladders; None if not asked.
    """

    SCHEMA: ClassVar = "triangle.path/1"

    cast: CastField
    path: str
    scenario: str
    form: str
    first: int
    last: int
    samples: int
    seed: int
    rule: str
    mixed: str
    holds: tuple[str, ...]
    configurations: tuple[KeyField, ...]
    states: tuple[str, ...]
    years: tuple[Year, ...]
    turns: tuple[Turn, ...]
    maps: tuple[PolicyMap, ...]
    values: tuple[Band, ...]
    split: float
    split_year: float | None
    certificate: Certificate
    title: str = ""
    question: str = ""
    against: Against | None = None


@dataclass(frozen=True)
class Commitment:
    """What it is worth that one player's promises are never reversed.

    Attributes
    ----------
    player : str
        Whose promises bind.
    gains : tuple of (str, Band)
        For each other player, its value at the start with the promise binding less that without, bn USD/yr.
    moved : float
        Share of worlds in which the probability of some configuration in some year moves by more than 0.01.
    years : tuple of (int, float, float)
        Year, and the mean probability of a romantic triangle with Russia as pivot without and with the commitment.
    largest_gain : float
        Of both certificates.
    form, horizon, holds
        The form of the payoffs, the last year, which goes on for ever, and who is held; an earlier version does not
        say.
    """

    SCHEMA: ClassVar = "triangle.path_commitment/1"

    cast: CastField
    path: str
    player: str
    samples: int
    seed: int
    rule: str
    gains: tuple[tuple[str, Band], ...]
    moved: float
    years: tuple[tuple[int, float, float], ...]
    largest_gain: float
    form: str = ""
    horizon: int = 0
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """What flexibility is worth to one player, and how long an offer still moves it.

    Attributes
    ----------
    gain : Band
        Value of its play less that of its best constant action, against the others' strategies as they are, bn USD/yr.
    above_one : float
        Share of worlds in which that exceeds one billion dollars a year.
    constant : tuple of float
        Share of worlds in which each action is the best constant one.
    window : tuple of (int, float)
        Year, and the mean probability that the player does something else if the suitor courts it that year than if
        the suitor opposes it.
    last : Band or None
        Last year in which that probability exceeds one half, over the worlds that have one.
    never : float
        Share of worlds that have none.
    form, horizon, holds
        As in :class:`Commitment`.
    """

    SCHEMA: ClassVar = "triangle.path_waiting/1"

    cast: CastField
    path: str
    player: str
    suitor: str
    samples: int
    seed: int
    rule: str
    gain: Band
    above_one: float
    constant: tuple[float, ...]
    window: tuple[tuple[int, float], ...]
    last: Band | None
    never: float
    largest_gain: float
    form: str = ""
    horizon: int = 0
    holds: tuple[str, ...] = ()
