"""What is answered of conditions that go on for ever: a frozen record of plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from triangle.players.configurations import KeyField
from triangle.players.forms import CastField
from triangle.questions.path.record import Band


@dataclass(frozen=True)
class Forever:
    """Stationary play if the conditions of one year went on for ever.

    Attributes
    ----------
    year : int
        Whose conditions go on.
    rule : str
        How one of several equilibria is picked.
    followed : int or None
        Worlds whose play cycles and whose logit path was followed to its end; None if that was not asked.
    certified, epsilon, cycles : float
        Share of worlds with each verdict: nobody gains by deviating once; play is settled, but somebody gains;
        what is played goes on changing. What was followed counts by what was found at the end.
    at_first, long_run : tuple of Band
        Probability of each configuration in the first year, and its share of time in the long run, over the worlds
        that do not cycle; empty where all do.
    unsettled : float
        Share of these worlds whose shares of time had not come to rest.
    named : tuple of str
        For each state variable of two named levels, the level whose probability is given; empty for a ladder.
    starts, levels : tuples of float and Band
        Each state variable at the start, and its mean over time in the long run.
    values : tuple of Band
        Normalised value to each player at the start, billion dollars a year.
    largest_gain, payoff_range : float
        By one deviation, over the worlds that do not cycle; and the largest range of payoffs met.
    state_worlds : int
        States, in all worlds that do not cycle, in which deviations were tried.
    """

    SCHEMA: ClassVar = "triangle.path_forever/1"

    cast: CastField
    path: str
    title: str
    question: str
    scenario: str
    form: str
    year: int
    samples: int
    seed: int
    rule: str
    holds: tuple[str, ...]
    followed: int | None
    certified: float
    epsilon: float
    cycles: float
    configurations: tuple[KeyField, ...]
    at_first: tuple[Band, ...]
    long_run: tuple[Band, ...]
    unsettled: float
    states: tuple[str, ...]
    named: tuple[str, ...]
    starts: tuple[float, ...]
    levels: tuple[Band, ...]
    values: tuple[Band, ...]
    largest_gain: float
    payoff_range: float
    state_worlds: int
