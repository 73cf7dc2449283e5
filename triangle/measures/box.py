r"""The box of free parameters in which a question is asked, and points in it as batches of values.

A box names the parameters that may move, where they stand, and their ends. A point is a column of a matrix
``[parameter, ...samples]``; all other parameters stay where the study has them. Distances are counted in ranges:
:math:`(\theta - \theta_0) / (\text{high} - \text{low})`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import BadInput, Fault, unknown
from triangle.model.parameter import Follower, followed
from triangle.model.parameters import Values
from triangle.scenarios.path import Uncertain
from triangle.study.study import Study

Floats = NDArray[np.float64]

#: Roles of parameters, as users ask for them.
ROLES = {"levers": ("lever",), "uncertainties": ("uncertainty", "fact"), "all": ("lever", "uncertainty", "fact")}


@dataclass(frozen=True, eq=False)
class Box:
    """Free parameters with their ends; arrays run over `names`.

    Attributes
    ----------
    origin : array
        Where the study has them.
    low, high : array
        The ends of the box.
    width : array
        The prior range's width, the unit of distances: also where the box reaches to the hard bounds.
    """

    names: tuple[str, ...]
    origin: Floats
    low: Floats
    high: Floats
    width: Floats

    def values(self, study: Study, points: ArrayLike) -> Values:
        """Values at points ``[parameter, ...samples]``; every other parameter as the study has it."""
        columns = dict(zip(self.names, np.asarray(points, dtype=np.float64), strict=True))
        of_path = {name: columns.pop(name) for name in self.names if name not in study.scenario.values}
        return Values({**study.scenario.set_to(columns), **of_path}, study.cast)

    def moving(self, study: Study, names: Collection[str]) -> Callable[[Floats], dict[str, Any]]:
        """Of the values that move with points ``[parameter, ...samples]``, those named, and what they follow.

        To the bit what :meth:`values` holds of them; for a search that asks at many points.
        """
        followers, needed = list[Follower](), set(names)
        for follower in reversed(study.scenario.following):
            if follower.name in needed and follower.name not in self.names:
                followers.insert(0, follower.left_at(self.names, study.scenario.values))
                needed |= {name for name in followers[0].arguments if isinstance(name, str)}
        rows = {name: row for row, name in enumerate(self.names) if name in needed}

        def moved(points: Floats) -> dict[str, Any]:
            found = {**study.scenario.values, **{name: points[row] for name, row in rows.items()}}
            found = followed(found, followers)
            return {name: found[name] for name in names}

        return moved

    def at(self, unit: ArrayLike) -> Floats:
        """Points given in the unit cube ``[parameter, ...samples]``."""
        cube = np.asarray(unit, dtype=np.float64)
        shape = (-1, *(1,) * (cube.ndim - 1))
        return self.low.reshape(shape) + cube * (self.high - self.low).reshape(shape)


def box_of(
    study: Study,
    names: Sequence[str] | None = None,
    roles: str = "all",
    *,
    hard: bool = False,
    without: Sequence[str] = (),
    where: str = "--over",
    own: Sequence[Uncertain] = (),
) -> Box:
    """The box of a study's parameters.

    Parameters
    ----------
    names : sequence of str, optional
        The free parameters; all of the given `roles` that have a range where absent.
    roles : {"levers", "uncertainties", "all"}
        Levers are choices, uncertainties and facts are not.
    hard : bool
        Reach to the hard bounds where they are finite, rather than to the ends of the prior range. The scenario's own
        value always lies in the box.
    without : sequence of str
        Parameters that stay where they are.
    where : str
        What faults are said to stand in.
    own : sequence of Uncertain
        Numbers of a path, free beside the parameters within their ranges, as uncertainties are.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> box = box_of(Study(model, read_scenario("baseline", model), {}), roles="levers", without=["europe_joins"])
    >>> "relief" in box.names, "europe_joins" in box.names, "gdp_us" in box.names
    (True, False, False)
    """
    catalogue, scenario = study.model.catalogue, study.scenario
    of_path = {number.name: number for number in own}
    stands = {**scenario.values, **{name: number.value for name, number in of_path.items()}}
    reach = {**scenario.ranges, **{name: (number.low, number.high) for name, number in of_path.items()}}
    faults = [
        Fault(at, name, catalogue.unknown(name))
        for at, given in ((where, names or ()), ("--without", without))
        for name in given
        if name not in catalogue.parameters and name not in of_path
    ]
    if roles not in ROLES:
        faults.append(Fault(where, "", unknown("kind of parameters", roles, ROLES)))
    if faults:
        raise BadInput(faults)
    free = [p.name for p in catalogue if p.role in ROLES[roles]]
    free += of_path if "uncertainty" in ROLES[roles] else ()
    chosen = [
        name
        for name in dict.fromkeys(free if names is None else names)
        if name not in without and (names is not None or reach[name][0] < reach[name][1])
    ]
    if not chosen:
        raise BadInput(Fault(where, "", "no parameter is left that may move"))
    for name in chosen:
        if not reach[name][0] < reach[name][1]:
            raise BadInput(Fault(where, name, "has no range to move in; leave it out, or give it one in a scenario"))
    origin = np.array([stands[name] for name in chosen])
    ranges = np.array([reach[name] for name in chosen], dtype=np.float64)
    ends = ranges.copy()
    if hard:
        bounds = np.array(
            [reach[n] if n in of_path else (catalogue[n].hard_low, catalogue[n].hard_high) for n in chosen]
        )
        ends = np.where(np.isfinite(bounds), bounds, ranges)
    return Box(
        tuple(chosen),
        origin,
        np.minimum(ends[:, 0], origin),
        np.maximum(ends[:, 1], origin),
        ranges[:, 1] - ranges[:, 0],
    )
