r"""A path turned into a staged game: the same terms in every state and year, one batch over worlds.

Each year's parameters are those of the scenario in each world, changed by what drifts, then by what the state sets or
scales (kept within hard bounds). A term is computed on the axes that its parameters vary along and broadcast to the
others, so that a contest is not computed again for every level of a variable that it does not know.

A state variable moves by the rates that hold in the year at the profile's class. On a ladder with steps :math:`h` a
rate :math:`r`, in units of the variable per year, is the chance :math:`r / h` of a rung; rates in one direction add up,
and chances that add to more than one are scaled down to it.

Where reversals of promises are moves of the state, the hazard of reversal inside the credibility of an offer is 0, so
that elections are not counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import TriangleError
from triangle.games.staged import Move, StagedGame
from triangle.model.model import Model
from triangle.model.parameters import Values, followed
from triangle.players.cast import Cast
from triangle.players.notation import held_over
from triangle.players.stances import pure_stances
from triangle.scenarios.path import Drift, Path, Rate, StateVariable, classes_of
from triangle.study.study import study

Floats = NDArray[np.float64]
#: Shares of capability are in per cent of the world.
WORLD = 100.0


@dataclass(frozen=True, eq=False)
class Worlds:
    """Draws of what is uncertain.

    Attributes
    ----------
    values : mapping of str to array, shape (m,) or ()
        Every parameter of the scenario.
    numbers : mapping of str to array, shape (m,)
        Every number of the path itself.
    """

    values: Mapping[str, Floats]
    numbers: Mapping[str, Floats]

    @property
    def count(self) -> int:
        """Number of worlds."""
        return int(
            np.broadcast_shapes(*(np.shape(x) for x in (*self.values.values(), *self.numbers.values())), (1,))[0]
        )

    def part(self, piece: slice) -> Worlds:
        """Some of the worlds."""

        def cut(columns: Mapping[str, Floats]) -> dict[str, Floats]:
            return {name: x[piece] if np.ndim(x) and len(x) > 1 else np.asarray(x) for name, x in columns.items()}

        return Worlds(cut(self.values), cut(self.numbers))


def one_world(path: Path) -> Worlds:
    """The world of the scenario's and the path's own values."""
    values = {name: np.array([value]) for name, value in path.scenario.values.items()}
    return Worlds(values, {u.name: np.array([u.value]) for u in path.uncertain})


def staged_game(
    path: Path, model: Model, worlds: Worlds, holds: Mapping[int, Mapping[int, int | None]] | None = None
) -> StagedGame:
    """The staged game of a path in a batch of worlds.

    Parameters
    ----------
    holds : mapping of int to {int: int}, optional
        By year, players held at an action; those of the scenario hold in every year.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.path import read_path
    >>> model = read_model()
    >>> path = read_path("path_baseline", model)
    >>> game = staged_game(path, model, one_world(path))
    >>> game.levels, game.periods, game.samples
    ((5, 5, 2, 2), 21, (1,))
    """
    # The form of the payoffs is the scenario's, unless another was asked for.
    model = study(model, path.scenario).model
    always = model.cast.numbered(path.scenario.hold)
    held = {year - path.first: held_over(always, (holds or {}).get(year, {})) for year in path.years}
    shape = model.cast.shape
    moves = [_move(state, path, worlds, shape) for state in path.states] or [Move.still(shape)]
    return StagedGame(
        lambda period: year_payoffs(path, model, worlds, path.first + period),
        moves,
        _discounts(path, worlds, model.cast),
        len(path.years),
        samples=(worlds.count,),
        held={period: who for period, who in held.items() if who},
    )


def year_payoffs(path: Path, model: Model, worlds: Worlds, year: int) -> Floats:
    """Payoffs of one year, shape (3, 4, 4, 4, states, worlds), billion dollars a year."""
    payoffs = _summed(year_values(path, model, worlds, year), model)
    if not np.isfinite(payoffs.sum()):
        raise TriangleError(
            f"{path.name}: some payoffs of {year} are not finite numbers; set the most extreme of what changes closer "
            "to its range"
        )
    return payoffs.reshape(len(model.cast), *model.cast.shape, -1, worlds.count)


def _summed(values: Values, model: Model) -> Floats:
    """The sum of the terms; those that vary along the same axes are added up before they are spread over the others."""
    parts: dict[tuple[int, tuple[int, ...]], Floats] = {}
    stances = pure_stances(len(values.samples))
    for term in model.terms.values():
        for player, payoff in term(stances, values).items():
            key = player, payoff.shape[len(model.cast) :]
            parts[key] = parts[key] + payoff if key in parts else payoff
    total = np.zeros((len(model.cast), *model.cast.shape, *values.samples))
    for (player, _), payoff in parts.items():
        total[player] += payoff
    return total


def year_values(path: Path, model: Model, worlds: Worlds, year: int) -> Values:
    """Parameters of one year; an axis for each state variable, and one of the worlds."""
    columns = dict(worlds.values)
    if any(rate.reverses for rate in path.rates):
        columns["reversal_hazard"] = np.zeros(1)
    for drift in path.drifts:
        _drift(columns, drift, worlds, path.first, year)
    axes = len(path.states)
    numbers: dict[str, ArrayLike] = {name: np.reshape(x, (1,) * axes + (-1,)) for name, x in columns.items()}
    for place, state in enumerate(path.states):
        view = (1,) * place + (-1,) + (1,) * (axes - place)
        for name, row in state.sets.items():
            numbers[name] = np.reshape(row, view)
        for name, row in state.scales.items():
            bounds = model.catalogue[name]
            numbers[name] = np.clip(numbers[name] * np.reshape(row, view), bounds.hard_low, bounds.hard_high)
    # What is computed from parameters that moved follows them, unless it was moved itself.
    numbers = followed(numbers, path.scenario.following, path.moved)
    # One number has the batch's whole shape, also where nothing that the terms read depends on the state.
    shape = (*(len(state.levels) for state in path.states), worlds.count)
    numbers["_world"] = np.broadcast_to(np.arange(worlds.count, dtype=np.float64), shape)
    return Values(numbers, model.cast)


def _drift(columns: dict[str, Floats], drift: Drift, worlds: Worlds, first: int, year: int) -> None:
    """Change a parameter, and what goes with it, to what it is in a year."""
    name = drift.parameter
    if drift.values:
        reached = [value for since, value in drift.values if since <= year]
        if reached:
            columns[name] = np.array([reached[-1]])
        return
    assert drift.number is not None
    number = worlds.numbers[drift.number.name]
    if drift.meets is None:
        columns[name] = columns[name] * (1.0 + number) ** (year - first)
        return
    growth = (columns[drift.meets] / columns[name]) ** ((year - first) / (number - first))
    columns[name] = columns[name] * growth
    if drift.own_share is not None:
        own = columns[drift.own_share]
        world = WORLD + own * (growth - 1.0)
        columns[drift.own_share] = own * growth
        for share in drift.shares:
            columns[share] = columns[share] * (WORLD / world)


def _discounts(path: Path, worlds: Worlds, cast: Cast) -> Floats:
    """Discount factor of each player in each world."""
    common = worlds.values["discount_factor"]
    rows = [worlds.numbers[path.patience[who].name] if who in path.patience else common for who in cast.codes]
    return np.stack([np.broadcast_to(row, (worlds.count,)) for row in rows])


def _move(state: StateVariable, path: Path, worlds: Worlds, shape: tuple[int, ...]) -> Move:
    """How one variable moves: chances by year, class of profile, level, next level and world."""
    rates = [rate for rate in path.rates if rate.state == state.name]
    classes = classes_of([rate.mask for rate in rates], prod(shape))
    example = [int(np.flatnonzero(classes == kind)[0]) for kind in range(classes.max() + 1)]
    dated = any(rate.first is not None for rate in rates)
    years = path.years if dated else path.years[:1]
    # A change that is dated 2029 is there in 2029: it happens on the way from the year before.
    chances = [[_chances(state, rates, worlds, profile, year + 1) for profile in example] for year in years]
    return Move(classes.reshape(shape), np.array(chances))


def _chances(state: StateVariable, rates: list[Rate], worlds: Worlds, profile: int, year: int) -> Floats:
    """Chances from level to level, shape (levels, levels, worlds)."""
    now = [rate for rate in rates if rate.mask >> profile & 1 and rate.holds(year)]
    up, down = (
        np.clip(
            sum((worlds.numbers[r.number.name] / state.step for r in now if r.to in (to, "switch")), np.zeros(1)), 0, 1
        )
        for to in ("up", "down")
    )
    count = len(state.levels)
    matrix = np.zeros((count, count, worlds.count))
    total = np.maximum(up + down, 1.0)
    for level in range(count):
        # At an end only one direction is left; a named variable of two levels has no other places.
        rise = up if level + 1 < count else 0 * up
        fall = down if level > 0 else 0 * down
        if 0 < level < count - 1:
            rise, fall = rise / total, fall / total
        if level + 1 < count:
            matrix[level, level + 1] = rise
        if level > 0:
            matrix[level, level - 1] = fall
        matrix[level, level] = 1.0 - rise - fall
    return matrix


def start_of(path: Path) -> Floats:
    """Distribution of the first state, shape (states,)."""
    joint = np.ones(1)
    for state in path.states:
        joint = (joint[:, None] * np.array(state.start)).reshape(-1)
    return joint
