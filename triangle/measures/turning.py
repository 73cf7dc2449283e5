r"""How often one parameter alone turns the answer: the crudest question about sensitivity, for every parameter at once.

In worlds drawn from the prior box, each parameter is moved from one end of its range to the other and everything else
is left alone. Its *turning share* is the part of the worlds in which the set of pure equilibria then differs,

.. math:: \frac1n \sum_k [E(\theta_k; \theta_p = \text{low}) \ne E(\theta_k; \theta_p = \text{high})].

It needs no outcome to be chosen and no smoothness; it does not see what happens between the ends, and it counts a turn
however small the change of the margin behind it. It is used to choose what is worth drawing, not to share out variance.

References
----------
Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. *Technometrics* 33(2),
161-174 (screening by moving one factor at a time from many starting points).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triangle.batch.equilibria import sweep_masks
from triangle.model.parameters import Values, followed
from triangle.study.study import Study
from triangle.sweeps.run import plan
from triangle.sweeps.tally import wilson

Floats = NDArray[np.float64]

#: Games computed at once: calls are few, and the numbers of some parameters' ends stay small.
AT_ONCE = 8192


@dataclass(frozen=True)
class Turning:
    """Worlds in which each parameter alone turns the answer.

    Attributes
    ----------
    names : tuple of str
        Parameters that have a range, in catalogue order.
    counts : tuple of int
        Worlds of the `samples` drawn in which the set of equilibria differs between the ends of the range.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]
    samples: int
    seed: int

    def share(self, name: str) -> float:
        """Share of the worlds in which this parameter alone turns the answer; none for one without a range."""
        return self.counts[self.names.index(name)] / self.samples if name in self.names else 0.0

    def interval(self, name: str) -> tuple[float, float]:
        """Wilson's 95 % interval of that share."""
        return wilson(self.counts[self.names.index(name)], self.samples)

    def strongest(self) -> list[str]:
        """All parameters, the strongest first; equal ones in catalogue order."""
        return sorted(self.names, key=lambda name: -self.share(name))


def turning(study: Study, samples: int = 256, seed: int = 0) -> Turning:
    """Turning shares of every parameter of a study that has a range, levers too.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> found = turning(Study(model, read_scenario("baseline", model), {}), samples=16)
    >>> found.share("relief") <= found.share(found.strongest()[0]) <= 1
    True
    """
    design = plan([study], samples=samples, sampling="sobol", seed=seed)
    worlds = {name: np.broadcast_to(values, (samples,)) for name, values in design.at(0, 0, samples).items()}
    ranges = study.scenario.ranges
    names = tuple(name for name in worlds if ranges[name][0] < ranges[name][1])

    def moved(name: str) -> dict[str, Floats]:
        """The worlds with one parameter at the low end of its range, then at the high end."""
        ends = worlds | {name: np.repeat(ranges[name], samples)}
        numbers = {key: column if key == name else np.tile(column, 2) for key, column in ends.items()}
        return followed(numbers, study.scenario.following, [name])

    counts: list[int] = []
    step = max(1, AT_ONCE // (2 * samples))
    for some in (names[first : first + step] for first in range(0, len(names), step)):
        each = [moved(name) for name in some]
        together = {key: np.concatenate([np.broadcast_to(one[key], 2 * samples) for one in each]) for key in each[0]}
        masks = sweep_masks(Values(together, study.cast), study.model.terms, hold=study.hold)
        ends = masks.reshape(*masks.shape[:-1], len(some), 2, samples)
        counts += study.cast.sets.differ(ends[..., 0, :], ends[..., 1, :]).sum(axis=-1).tolist()
    return Turning(names, tuple(counts), samples, seed)
