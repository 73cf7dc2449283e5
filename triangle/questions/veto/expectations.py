r"""Over which part of two levers a player's choice is an obstacle, no obstacle, or one of two expectations.

At each node of a grid over two parameters and each draw of what the player's own terms read, the pure equilibria of the
game say what can be expected of the player:

* **stays**: it plays its first action, where things stand, in all of them,
* **leaves**: it plays another in all of them,
* **both**: each in some of them, so that either is played if it is expected,
* what is left has no pure equilibrium.

Moving first it **surely leaves** where every equilibrium of the others behind another action gives it more than any
behind the first, :math:`\max_{a \ne 0} \min_{E(a)} u > \max_{E(0)} u` with :math:`E(a)` the pure equilibria of the
others once it is bound to a (the pessimistic against the optimistic Stackelberg value, von Stengel and Zamir 2010).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault
from triangle.batch.equilibria import sweep_masks, sweep_payoffs_at
from triangle.games.normal_form import TOLERANCE
from triangle.model.parameters import Values
from triangle.players.patterns import parse_pattern
from triangle.study.study import Study

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Nodes along each of the two levers, and draws of the player's own stakes at each node.
NODES, DRAWS = 21, 64

#: What is mapped: name of the field, and what it says.
MAPPED = {
    "stays": "stays in every equilibrium",
    "both": "either, as is expected",
    "leaves": "leaves in every equilibrium",
    "surely_leaves_first": "moving first, surely leaves",
}

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Expectations:
    """Shares of draws in which a player can be expected to stay or to leave, over two levers.

    Attributes
    ----------
    names : tuple of str
        The parameters along the columns and along the rows.
    first, second : tuple of float
        Their values.
    stays, both, leaves, surely_leaves_first : tuple of rows
        Shares of the draws, a row for each value of the second.
    draws : int
    """

    names: tuple[str, str]
    first: tuple[float, ...]
    second: tuple[float, ...]
    stays: Rows
    both: Rows
    leaves: Rows
    surely_leaves_first: Rows
    draws: int

    def problems(self) -> Iterator[str]:
        """What is no map."""
        for name in MAPPED:
            rows = np.array(getattr(self, name), dtype=np.float64)
            if rows.shape != (len(self.second), len(self.first)) or not ((rows >= 0) & (rows <= 1)).all():
                yield f"{name}: expected a share from 0 to 1 for each value of {' and '.join(self.names)}"

    def share(self, name: str) -> float:
        """Mean share of one part over the grid."""
        return float(np.mean(getattr(self, name)))


def expectations(study: Study, player: int, names: tuple[str, str], stakes: dict[str, Floats]) -> Expectations:
    """What can be expected of a player over two levers and draws of its own stakes.

    Parameters
    ----------
    stakes : dict of str to array, shape (draws,)
        Values of the parameters that its own terms read; none for a player without any.

    Raises
    ------
    BadInput
        If a lever is no parameter of the scenario that varies, or both are the same.
    """
    first, second = (_along(study, name) for name in names)
    if names[0] == names[1]:
        raise BadInput(Fault("--over", names[0], "given twice; expected two parameters"))
    laid: dict[str, Any] = {names[0]: first[None, :, None], names[1]: second[:, None, None]}
    own = {name: column for name, column in stakes.items() if name not in names}
    values = Values(study.scenario.moved({**own, **laid}), study.cast)
    draws = max((len(column) for column in own.values()), default=1)
    shape = (len(second), len(first), draws)
    stays, leaves = _played(study, values, player, shape)
    parts = {
        "stays": stays & ~leaves,
        "both": stays & leaves,
        "leaves": leaves & ~stays,
        "surely_leaves_first": _first(study, values, player, shape),
    }
    shares: dict[str, Any] = {name: tuple(map(tuple, part.mean(axis=-1).tolist())) for name, part in parts.items()}
    return Expectations(names, tuple(first.tolist()), tuple(second.tolist()), draws=draws, **shares)


def _along(study: Study, name: str) -> Floats:
    """Evenly spaced values of a parameter over its range."""
    if name not in study.scenario.ranges:
        raise BadInput(Fault("--over", "", study.model.catalogue.unknown(name)))
    low, high = study.scenario.ranges[name]
    if low == high:
        p = study.model.catalogue[name]
        low, high = p.low, p.high
    if low == high:
        raise BadInput(Fault("--over", name, "does not vary; name a parameter with a range"))
    return np.linspace(low, high, NODES)


def _played(study: Study, values: Values, player: int, shape: tuple[int, ...]) -> tuple[Bools, Bools]:
    """Whether some equilibrium has the player at its first action, and whether some has it at another."""
    cast, sets = study.cast, study.cast.sets
    masks = sweep_masks(values, study.model.terms, hold=study.hold)
    of_action = [parse_pattern(cast.action_text(player, a), cast, "") for a in range(cast.shape[player])]
    met = [np.broadcast_to(np.reshape(sets.meets(masks, one), shape), shape) for one in of_action]
    return met[0], np.logical_or.reduce(met[1:])


def _first(study: Study, values: Values, player: int, shape: tuple[int, ...]) -> Bools:
    """Whether the player, bound first, surely leaves its first action."""
    worst, best = zip(
        *(_behind(study, values, player, action, shape) for action in range(study.cast.shape[player])), strict=True
    )
    surely: Bools = np.max(worst[1:], axis=0) > best[0] + TOLERANCE
    return surely


def _behind(study: Study, values: Values, player: int, action: int, shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    """The least and the most that the player has in equilibria of the others once it is bound to an action.

    Where there is none in pure actions, nothing is sure: less than everything and more than everything.
    """
    cast, sets = study.cast, study.cast.sets
    held = {**study.hold, player: action}
    masks = sweep_masks(values, study.model.terms, hold=held)
    low, high = np.full(shape, np.inf), np.full(shape, -np.inf)
    for profile in (p for p in cast.profiles if all(p[i] == a for i, a in held.items())):
        stable = np.reshape(sets.meets(masks, parse_pattern(cast.profile_text(profile), cast, "")), shape)
        if stable.any():
            (own,) = sweep_payoffs_at(values, [(player, cast.index(profile))], study.model.terms)
            own = np.broadcast_to(own, shape)
            low, high = np.where(stable, np.minimum(low, own), low), np.where(stable, np.maximum(high, own), high)
    none = np.isinf(low)
    return np.where(none, -np.inf, low), np.where(none, np.inf, high)
