"""Stationary play in the conditions of one year, in each world of a path, piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault
from triangle.games.staged import Policy, StagedGame, picked
from triangle.questions.path.work import Work, at_start, kinds_of, mean_levels, ruled
from triangle.solvers.markov import forward
from triangle.solvers.markov.smoothed import solve_smoothed
from triangle.solvers.markov.stationary import CYCLES, solve_stationary
from triangle.study.course import game_for_ever
from triangle.sweeps.job import Arrays

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Forevers(Work):
    """The worlds in which the conditions of one year go on for ever.

    Parameters
    ----------
    year : int
    follow : bool
        Whether the logit path is followed where play cycles.
    """

    year: int = field(kw_only=True)
    follow: bool = field(kw_only=True, default=False)

    def __post_init__(self) -> None:
        """A year of the path, and a rule that says what is played."""
        super().__post_init__()
        if self.year not in self.path.years:
            expected = f"expected a year from {self.path.first} to {self.path.last}; --until moves the last one"
            raise BadInput(Fault("--forever", "", f"found {self.year}; {expected}"))
        if self.rule == "bounds":
            raise BadInput(Fault("--select", "", "bounds are those of a course; leave --forever out, or ask by a rule"))
        if self.follow and self.rule == "status_quo":
            raise BadInput(Fault("--follow", "", "a logit path does not look back; ask by another rule of --select"))

    @property
    def asked(self) -> str:
        """The year, and whether cycles are followed."""
        return f"{self.year} for ever{', followed' if self.follow else ''}"

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Verdicts, configurations and levels at first and in the long run, values at the start, gains and ranges."""
        kinds, players = len(kinds_of(self.model.cast).keys), len(self.model.cast)
        return {
            "verdict": (), "followed": (), "at_first": (kinds,), "long_run": (kinds,), "settled": (),
            "levels": (len(self.path.states),), "values": (players,), "gain": (), "span": (),
        }  # fmt: skip

    def compute(self, chunk: int) -> Arrays:
        """The arrays of a piece, by name."""
        worlds = self.worlds.part(self.within(chunk))
        laid = game_for_ever(self.path, self.model, worlds, self.year, self.holds.get(self.year))
        game, start, rule = ruled(laid, self.path, self.model, self.rule)
        found = solve_stationary(game, rule=rule)
        arrays = self._arrays(game, start, found.policy, found.values, found.epsilon)
        arrays |= {"verdict": found.verdict.astype(np.float64), "followed": np.zeros(worlds.count)}
        for world in np.flatnonzero(found.verdict == CYCLES) if self.follow else ():
            alone = picked(game, np.array([world]))
            end = solve_smoothed(alone)
            own = self._arrays(alone, start, end.policy, end.values, end.epsilon)
            own |= {"verdict": end.verdict.astype(np.float64), "followed": np.ones(1)}
            for name, column in own.items():
                arrays[name][..., world] = column[..., 0]
        return arrays

    def _arrays(self, game: StagedGame, start: Floats, policy: Policy, values: Floats, gain: Floats) -> Arrays:
        kinds = kinds_of(self.model.cast).of
        ahead = forward.long_run(game, policy, start, kinds)
        payoffs = game.payoffs(0).reshape(game.n_players, -1, *game.samples)
        return {
            "at_first": forward.course(game, policy, start, kinds, changes=False).kinds[0],
            "long_run": ahead.kinds,
            "settled": ahead.settled.astype(np.float64),
            "levels": mean_levels(self.path, ahead.states[None])[0],
            "values": at_start(start, values),
            "gain": np.array(gain),
            "span": np.ptp(payoffs, axis=1).max(axis=0),
        }
