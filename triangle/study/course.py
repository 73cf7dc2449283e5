r"""A path turned into a staged game: the same terms in every state and year, one batch over worlds.

Each year's parameters are those of the scenario in each world, changed by what drifts, then by what the state sets or
scales (both kept within hard bounds). A term is computed on the axes that its parameters vary along and broadcast to
the others, so that a contest is not computed again for every level of a variable that it does not know.

A state variable moves by the rates that hold in the year at the profile's class. On a ladder they add up, those down
being less than nothing, to :math:`r`, in units of the variable per year: it moves from :math:`x` to :math:`x + r`,
which is shared out to the two rungs next to it so that the mean is right; with steps :math:`h > r` that is the chance
:math:`r / h` of a rung. So the drift is the same on ladders of any fineness. Between named levels rates are
probabilities; those in one direction add up, and those that come to more than one are scaled down to it.

Where reversals of promises are moves of the state, the hazard of reversal inside the credibility of an offer is 0, so
that elections are not counted twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import TriangleError
from triangle.batch.comparisons import Parts, taken_down
from triangle.batch.program import Operation, Program, Symbol, choose
from triangle.games.normal_form import Bools
from triangle.games.staged import Move, Part, StagedGame, Sums
from triangle.model.model import Model
from triangle.model.parameters import Values, followed
from triangle.model.terms import Term
from triangle.players.cast import Cast
from triangle.players.notation import held_over
from triangle.players.stances import pure_stances
from triangle.scenarios.path import Drift, Path, Rate, StateVariable, classes_of
from triangle.study.study import study

Floats = NDArray[np.float64]
#: For each player, part by part, rows ``[year, row, ...]`` and the row of each profile.
Laid = Sequence[Sequence[tuple[Floats, Sequence[int]]]]
#: Counts the worlds of a batch, under the name of no parameter.
_WORLD = "_world"
#: Payoffs by year of games, by what they follow from.
Known = dict[tuple[Any, ...], Callable[[int], Sums]]
#: Shares of capability are in per cent of the world.
WORLD = 100.0
#: Years whose payoffs are computed at a time.
_YEARS = 7


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

    @cached_property
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
    path: Path,
    model: Model,
    worlds: Worlds,
    holds: Mapping[int, Mapping[int, int | None]] | None = None,
    known: Known | None = None,
) -> StagedGame:
    """The staged game of a path in a batch of worlds.

    Parameters
    ----------
    holds : mapping of int to {int: int}, optional
        By year, players held at an action; those of the scenario hold in every year.
    known : dict, optional
        Payoffs of other games in these worlds, which may be the same; those that are not are added.

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
        parts_by_year(path, model, worlds, path.years, known),
        moves,
        _discounts(path, worlds, model.cast),
        len(path.years),
        samples=(worlds.count,),
        held={period: who for period, who in held.items() if who},
    )


def game_for_ever(
    path: Path, model: Model, worlds: Worlds, year: int, holds: Mapping[int, int | None] | None = None
) -> StagedGame:
    """The game of one year's conditions, which go on for ever, in a batch of worlds: a staged game of one period.

    What is dated and comes again and again, as elections, happens in every year with the chance that is its share of
    a year; what is dated once is over.

    Parameters
    ----------
    holds : mapping of int to int, optional
        Players held at an action, beside those of the scenario.

    Examples
    --------
    An election every four years that turns a government out with probability 1/2 does so with 1/8 in any year.

    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.path import read_path
    >>> model = read_model()
    >>> path = read_path("path_baseline", model)
    >>> game_for_ever(path, model, one_world(path), 2040).moves[3].at(0)[0, ..., 0].tolist()
    [[0.875, 0.125], [0.125, 0.875]]
    """
    model = study(model, path.scenario).model
    evenly = replace(path, rates=tuple(replace(rate, first=None) for rate in path.rates if not _is_over(rate)))
    numbers = {rate.number.name: worlds.numbers[rate.number.name] / (rate.every or 1) for rate in evenly.rates}
    spread = Worlds(worlds.values, {**worlds.numbers, **numbers})
    moves = [_move(state, evenly, spread, model.cast.shape) for state in path.states] or [Move.still(model.cast.shape)]
    held = held_over(model.cast.numbered(path.scenario.hold), holds or {})
    return StagedGame(
        parts_by_year(path, model, worlds, [year]),
        moves,
        _discounts(path, worlds, model.cast),
        1,
        samples=(worlds.count,),
        held={0: held} if held else {},
    )


def _is_over(rate: Rate) -> bool:
    return rate.first is not None and rate.every is None


def year_payoffs(path: Path, model: Model, worlds: Worlds, year: int) -> Floats:
    """Payoffs of one year, shape (3, 4, 4, 4, states, worlds), billion dollars a year."""
    moves = [Move.still(model.cast.shape, len(state.levels)) for state in path.states] or [Move.still(model.cast.shape)]
    stage = parts_by_year(path, model, worlds, [year])
    return StagedGame(stage, moves, np.zeros(len(model.cast)), 1, (worlds.count,)).payoffs(0)


def parts_by_year(
    path: Path, model: Model, worlds: Worlds, years: Sequence[int], known: Known | None = None
) -> Callable[[int], Sums]:
    """Payoffs of some years, each by its place among them: the terms of all years at once.

    Terms are taken down on symbols, so that what several profiles share is computed once, and each number on the axes
    along which its parameters vary. Payoffs that vary along the same axes are added up, and then those whose axes are
    among another's, before anything is spread over all states.
    """
    values = years_values(path, model, worlds, years)
    if known is None:
        return _stages(path, model, values, years)
    # Who is held, rates and patience move no payoff: the same numbers give the same, whatever they are of.
    told = ((n, x.shape, b"" if n == _WORLD else x.tobytes()) for n, x in values.numbers.items())
    key = *model.terms.values(), model.cast, *told
    if key not in known:
        known[key] = _stages(path, model, values, years)
    return known[key]


def _stages(path: Path, model: Model, values: Values, years: Sequence[int]) -> Callable[[int], Sums]:
    laid = _taken_together(model, values)
    for rows, _ in (part for own in laid for part in own):
        # One sum tells of nearly all rows that they are finite, without an array of truth values.
        if not np.isfinite(rows.sum()) and not (finite := np.isfinite(rows)).all():
            raise TriangleError(
                f"{path.name}: some payoffs of {_first_faulty(finite, years)} are not finite numbers; set the most "
                "extreme of what changes closer to its range"
            )

    def stage(place: int) -> Sums:
        return Sums(tuple(tuple(Part(rows[min(place, len(rows) - 1)], at) for rows, at in own) for own in laid))

    return stage


@dataclass(frozen=True)
class _Asked:
    """What the addends of payoffs follow from: terms, who plays, and along which axes each parameter varies."""

    terms: tuple[Term, ...]
    cast: Cast
    varies: tuple[tuple[str, tuple[bool, ...]], ...]


def _taken_together(model: Model, values: Values) -> Laid:
    """What adds up to each player's payoffs, and at which profiles."""
    terms = tuple(model.terms.values())
    asked = _Asked(terms, model.cast, tuple((n, tuple(k > 1 for k in x.shape)) for n, x in values.numbers.items()))
    try:
        found = _kept(_addends, terms)(asked)
    except Exception:  # and it may do what cannot be taken down, or raise anything
        return _spelled_out(terms, values)
    return _evaluated(found, values)


def _spelled_out(terms: Sequence[Term], values: Values) -> Laid:
    """The same with every profile by itself, for terms that cannot be taken down."""
    parts: list[dict[tuple[int, ...], Any]] = [{} for _ in values.cast.codes]
    players, stances = len(parts), pure_stances(len(values.samples))
    for term in terms:
        for player, payoff in term(stances, values).items():
            key = payoff.shape[players:]
            parts[player][key] = parts[player][key] + payoff if key in parts[player] else payoff
    return [
        [(_by_year(part, values.cast.shape), range(prod(values.cast.shape))) for part in _merged(own)] for own in parts
    ]


def _by_year(part: Floats, profiles: tuple[int, ...]) -> Floats:
    """Payoffs ``[a_1, ..., a_n, year, ...]`` as ``[year, profile, ...]``."""
    axes = part.shape[len(profiles) :]
    return np.moveaxis(np.broadcast_to(part, profiles + axes).reshape(-1, *axes), 1, 0)


def _kept(derived: Any, terms: Sequence[Term]) -> Any:
    """What keeps its answers, unless a term is a user's own: it may read something that has changed since."""
    return derived if all(term.__module__.startswith("triangle.") for term in terms) else derived.__wrapped__


@lru_cache(maxsize=8)
def _on_symbols(terms: tuple[Term, ...], cast: Cast) -> tuple[Program, Parts]:
    """The terms taken down, which takes longer than to see what varies along which axes."""
    program = Program()
    return program, taken_down(terms, program, Values({}, cast))


@dataclass(frozen=True, eq=False)
class _Addends:
    """What adds up to payoffs, and in which order it is computed.

    Attributes
    ----------
    program : Program
    parts : list of lists of (list of node, list of int, tuple of int)
        For each player, part by part, the nodes that are added, the place of each profile's among them, and axes of the
        batch, longer than one where some node varies along them.
    leaves, still, moving : list of node
        Numbers and parameters, operations that are the same in all years, and the others, in order.
    over : dict of node to list of node
        What nobody takes any more after a moving operation.
    """

    program: Program
    parts: list[list[tuple[list[int], list[int], tuple[int, ...]]]]
    leaves: list[int]
    still: list[int]
    moving: list[int]
    over: dict[int, list[int]]


@lru_cache(maxsize=8)
def _addends(asked: _Asked) -> _Addends:
    """For each player the nodes of its payoffs at each profile, in parts that vary along different axes."""
    values = Values({name: np.zeros([1 + along for along in varies]) for name, varies in asked.varies}, asked.cast)
    taken, payoffs = _kept(_on_symbols, asked.terms)(asked.terms, asked.cast)
    program = taken.copied()
    parts: list[dict[tuple[int, ...], Any]] = [{} for _ in asked.cast.codes]
    shapes = _Shapes(program, values)
    for player, payoff in payoffs:
        payoff = Symbol(program, payoff.nodes, payoff.dtype) if isinstance(payoff, Symbol) else payoff
        key = shapes.of(program.nodes_of(payoff))
        parts[player][key] = parts[player][key] + payoff if key in parts[player] else payoff
    laid: list[list[tuple[list[int], list[int], tuple[int, ...]]]] = []
    for own in parts:
        laid.append([])
        for part in _merged(own):
            nodes, row_of = np.unique(np.broadcast_to(program.nodes_of(part), asked.cast.shape), return_inverse=True)
            laid[-1].append((nodes.tolist(), row_of.reshape(-1).tolist(), shapes.of(nodes)))
    order = program.needed(sorted({node for own in laid for nodes, _, _ in own for node in nodes}))
    leaves = [node for node in order if not program.taken(node)]
    moved = program.depending(order, {program.nodes[node] for node in leaves if shapes.of(np.array(node))[0] > 1})
    moving = [node for node in order if program.taken(node) and node in moved]
    still = [node for node in order if program.taken(node) and node not in moved]
    last, over = {n: node for node in moving for n in (node, *program.taken(node))}, defaultdict[int, list[int]](list)
    for taken, by in last.items():
        over[by].append(taken)
    return _Addends(program, laid, leaves, still, moving, dict(over))


def _merged(parts: Mapping[tuple[int, ...], Any]) -> list[Any]:
    """Parts added up where the axes of one are among those of another, the fewest axes first."""
    left = sorted(parts.items(), key=lambda item: prod(item[0]))
    merged = []
    while left:
        key, part = left.pop(0)
        over = [k for k, (other, _) in enumerate(left) if all(a in (1, b) for a, b in zip(key, other, strict=True))]
        if over:
            left[over[0]] = left[over[0]][0], part + left[over[0]][1]
        else:
            merged.append(part)
    return merged


class _Shapes:
    """Along which axes of the batch a node varies."""

    def __init__(self, program: Program, values: Values):
        self._program, self._values = program, values
        self._known: dict[int, tuple[int, ...]] = {}

    def of(self, nodes: NDArray[np.intp]) -> tuple[int, ...]:
        """The shape of what some nodes vary along together."""
        for node in self._program.needed(nodes.ravel().tolist(), self._known):
            self._known.setdefault(node, self._shape(node))
        return np.broadcast_shapes(*(self._known[node] for node in nodes.ravel().tolist()))

    def _shape(self, node: int) -> tuple[int, ...]:
        what = self._program.nodes[node]
        if isinstance(what, Operation):
            return np.broadcast_shapes(*(self._known[taken] for taken in what.operands))
        flat = (1,) * len(self._values.samples)
        return flat if isinstance(what, float | bool) else np.broadcast_shapes(flat, self._values[what].shape)


def _evaluated(what: _Addends, values: Values) -> Laid:
    """The numbers of some nodes, each part's on the axes of all of them, computed some years at a time.

    So what is taken again soon is in the cache still, and its memory is used again once nobody takes it any more.
    """
    program, rows_of = what.program, defaultdict[int, list[Floats]](list)
    laid = list[list[tuple[Floats, Sequence[int]]]]()
    for own in what.parts:
        laid.append([])
        for nodes, row_of, axes in own:
            years, *others = (n if along > 1 else 1 for n, along in zip(values.samples, axes, strict=True))
            laid[-1].append((np.empty((years, len(nodes), *others)), row_of))
            for place, node in enumerate(nodes):
                rows_of[node].append(laid[-1][-1][0][:, place])
    known = {node: _leaf(program.nodes[node], values) for node in what.leaves}
    _carry_out(program, what.still, known, {}, {})
    for node in known.keys() & rows_of.keys():
        for row in rows_of.pop(node):
            row[...] = known[node]
    for now in (slice(first, first + _YEARS) for first in range(0, values.samples[0] if what.moving else 0, _YEARS)):
        some = {node: x[now] if len(x) > 1 else x for node, x in known.items()}
        into = {node: [row[now] for row in rows] for node, rows in rows_of.items()}
        _carry_out(program, what.moving, some, what.over, into)
    return laid


def _leaf(what: Any, values: Values) -> Floats:
    """A number or a parameter on the axes of the batch."""
    array = np.asarray(what if isinstance(what, float | bool) else values[what])
    return array.reshape((1,) * (len(values.samples) - array.ndim) + array.shape)


def _carry_out(
    program: Program,
    steps: Sequence[int],
    known: dict[int, Floats],
    over: Mapping[int, Sequence[int]],
    into: Mapping[int, Sequence[Floats]],
) -> None:
    """Add to `known` the numbers of some operations, and write them where they go; what is not taken any more goes."""
    with np.errstate(all="ignore"):
        for node in steps:
            function, operands = program.nodes[node]
            found = (np.where if function is choose else function)(*(known[taken] for taken in operands))
            for row in into.get(node, ()):
                row[...] = found
            known[node] = found
            for taken in over.get(node, ()):
                del known[taken]


def _first_faulty(finite: Bools, years: Sequence[int]) -> int:
    return years[int((~finite).reshape(len(finite), -1).any(axis=1).argmax())]


def year_values(path: Path, model: Model, worlds: Worlds, year: int) -> Values:
    """Parameters of one year; an axis for each state variable, and one of the worlds."""
    values = years_values(path, model, worlds, [year])
    numbers = {name: column[0] if np.ndim(column) > 1 else column for name, column in values.numbers.items()}
    return values.of_samples(numbers, values.samples[1:])


def years_values(path: Path, model: Model, worlds: Worlds, years: Sequence[int]) -> Values:
    """Parameters of some years; an axis of the years, one for each state variable, and one of the worlds."""
    columns = drifted(path, worlds, years)
    axes = max(1, len(path.states))  # a path without state variables has one state, which never moves
    numbers: dict[str, ArrayLike] = {
        name: np.reshape(x, (len(x), *(1,) * axes, x.shape[1])) for name, x in columns.items()
    }
    for place, state in enumerate(path.states):
        view = (1,) * (1 + place) + (-1,) + (1,) * (axes - place)
        for name, row in state.sets.items():
            numbers[name] = np.reshape(row, view)
        for name, row in state.scales.items():
            bounds = model.catalogue[name]
            numbers[name] = np.clip(numbers[name] * np.reshape(row, view), bounds.hard_low, bounds.hard_high)
    # What is computed from parameters that moved follows them, unless it was moved itself.
    numbers = followed(numbers, path.scenario.following, path.moved)
    # One number has the batch's whole shape, also where nothing that the terms read depends on the state.
    shape = (len(years), *([len(state.levels) for state in path.states] or [1]), worlds.count)
    numbers[_WORLD] = np.broadcast_to(np.arange(worlds.count, dtype=np.float64), shape)
    return Values(numbers, model.cast)


def drifted(path: Path, worlds: Worlds, years: Sequence[int]) -> dict[str, Floats]:
    """Parameters of some years before the state sets or scales any, [year, world]; one row where years are alike."""
    columns = dict(worlds.values)
    if any(rate.reverses for rate in path.rates):
        columns["reversal_hazard"] = np.zeros(1)
    columns = {name: np.reshape(column, (1, -1)) for name, column in columns.items()}
    for drift in path.drifts:
        _drift(columns, drift, worlds, path.first, np.array(years)[:, None])
        columns[drift.parameter] = np.clip(columns[drift.parameter], *drift.bounds)
    return columns


def _drift(columns: dict[str, Floats], drift: Drift, worlds: Worlds, first: int, years: NDArray[np.intp]) -> None:
    """Change a parameter, and what goes with it, to what it is in some years (a column); [year, world]."""
    name = drift.parameter
    if drift.values:
        since = np.array([year for year, _ in drift.values])
        reached = np.searchsorted(since, years, side="right") - 1
        row = np.array([value for _, value in drift.values])[np.maximum(reached, 0)]
        columns[name] = np.where(reached >= 0, row, columns[name])
        return
    assert drift.number is not None
    number = worlds.numbers[drift.number.name]
    if drift.meets is None:
        columns[name] = columns[name] * (1.0 + number) ** (years - first)
        return
    growth = (columns[drift.meets] / columns[name]) ** ((years - first) / (number - first))
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
        sum((worlds.numbers[r.number.name] / state.step for r in now if r.to in (to, "switch")), np.zeros(1))
        for to in ("up", "down")
    )
    if state.is_ladder:
        return moved(len(state.levels), np.broadcast_to(up - down, (worlds.count,)))
    return _named(len(state.levels), np.clip(up, 0, 1), np.clip(down, 0, 1), worlds.count)


def moved(count: int, rungs: Floats) -> Floats:
    """Chances from rung to rung of a ladder on which one moves by so many, shape (count, count, worlds).

    A place between two rungs is shared out, so that the mean is right however near to each other rungs are; at an end
    one stops.

    Examples
    --------
    >>> moved(3, np.array([1.25]))[0, :, 0].tolist()
    [0.0, 0.75, 0.25]
    """
    whole = np.floor(np.abs(rungs))
    part, way, here = np.abs(rungs) - whole, np.sign(rungs), np.arange(count)[:, None]
    matrix = np.zeros((count, count, len(rungs)))
    for steps, chance in ((whole, 1.0 - part), (whole + 1, part)):
        places = np.clip(here + way * steps, 0, count - 1).astype(np.intp)
        matrix[here, places, np.arange(len(rungs))] += chance
    return matrix


def _named(count: int, up: Floats, down: Floats, worlds: int) -> Floats:
    """Chances between named levels; chances that add to more than one are scaled down to it."""
    matrix = np.zeros((count, count, worlds))
    total = np.maximum(up + down, 1.0)
    for level in range(count):
        # At an end only one direction is left; a variable of two levels has no other places.
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
