"""One sweep's work, cut into chunks that can be computed anywhere: no chunk knows of another.

A job holds all that a worker needs, so that it can be sent to another process or machine once; the answer to a chunk
is small: the sets of equilibria of its games, the margins that were asked for, or only the counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triangle.experiments.design import BLOCK, Design
from triangle.experiments.kernel import sweep_margins, sweep_masks
from triangle.experiments.statistics import Tally
from triangle.model.terms import Term

#: Games of a chunk, unless something else is asked for: long enough to make sending it worth while.
CHUNK = 16 * BLOCK

Arrays = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Job:
    """What is to be computed.

    Parameters
    ----------
    design : Design
    terms : dict of str to function
        Payoff terms of the model.
    holds : tuple of dict
        For each scenario, players held at an action.
    margins : tuple of int
        Profiles whose stability margin is computed too.
    counts_only : bool
        Whether the answer is a :class:`~triangle.experiments.statistics.Tally` rather than the games one by one.
    chunk : int
        Games of a chunk, a multiple of `BLOCK`.
    """

    design: Design
    terms: dict[str, Term]
    holds: tuple[dict[int, int], ...]
    margins: tuple[int, ...] = ()
    counts_only: bool = False
    chunk: int = CHUNK

    def __post_init__(self) -> None:
        if self.chunk % BLOCK or self.chunk < BLOCK:
            raise ValueError(f"chunk {self.chunk} is no multiple of {BLOCK}")

    @property
    def chunks_each(self) -> int:
        """Number of chunks of one scenario; no chunk spans two."""
        return -(-self.design.games_each // self.chunk)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return len(self.design.scenarios) * self.chunks_each

    def place(self, chunk: int) -> tuple[int, int, int]:
        """Scenario of a chunk, and its first game and the one after its last, counted within the scenario."""
        scenario, number = divmod(chunk, self.chunks_each)
        start = number * self.chunk
        return scenario, start, min(start + self.chunk, self.design.games_each)

    def compute(self, chunk: int) -> Arrays | Tally:
        """The games of a chunk: arrays ``mask`` ``[game]`` and ``margin`` ``[profile, game]``, or their counts."""
        scenario, start, stop = self.place(chunk)
        hold = self.holds[scenario]
        mask = np.empty(stop - start, dtype=np.uint64)
        margin = np.empty((len(self.margins), stop - start))
        for here, values in self.design.blocks(scenario, start, stop):
            mask[here] = sweep_masks(values, self.terms, hold=hold)
            if self.margins:
                margin[:, here] = sweep_margins(values, self.margins, self.terms, hold=hold)
        if self.counts_only:
            return Tally.of(mask)
        return {"mask": mask, "margin": margin} if self.margins else {"mask": mask}
