r"""Games over several periods: a stage game for each state and period, and moves of the state by what was played.

A **staged game** has states :math:`s`, periods :math:`t = 0, \dots, T-1`, and in each state and period a stage game
:math:`u_i(a; t, s)` of the same players and actions (a stochastic game: Shapley 1953). The state is a tuple of **state
variables**, each with its levels. Given the profile :math:`a` they move independently of each other,

.. math:: P(s' \mid s, a, t) = \prod_v p_v(s'_v \mid s_v, k_v(a), t),

where variable :math:`v` sees of the profile only its class :math:`k_v(a)`, so that a state with many levels moves by
a few small matrices. Player :math:`i` discounts by its own :math:`\delta_i`. Values are **normalised**,

.. math:: Q_i(a; t, s) = (1 - \delta_i)\, u_i(a; t, s) + \delta_i \sum_{s'} P(s' \mid s, a, t)\, V_i(t + 1, s'),

which keeps them in the unit of payoff per period. After the last period the terminal values are received: those
given, or, by default, the payoffs for ever of a static equilibrium of the last period, the state standing still.

States are numbered in C order of the levels. Arrays are ``[..., state, ...samples]``: a batch of games of one shape
has trailing sample axes, one game has none.

References
----------
Shapley, L. S. (1953). Stochastic games. *Proceedings of the National Academy of Sciences* 39(10), 1095-1100.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.normal_form import Floats

Ints = NDArray[np.intp]
#: Some cells, or all of them.
Cells = Ints | slice


@dataclass(frozen=True, eq=False)
class Part:
    """One addend of a player's payoffs in one period: few rows, each on the axes along which it varies.

    Attributes
    ----------
    rows : sequence of arrays, or one array
        Each broadcasts to (*levels, *samples), in units of payoff per period.
    row_of : sequence of int
        The row of each profile, in C order of the actions.
    """

    rows: Sequence[Floats] | Floats
    row_of: Sequence[int]


@dataclass(frozen=True, eq=False)
class Addend:
    """A part laid out so that single profiles can be looked up in single cells.

    A cell is a place in the flattened shape (*levels, *samples).

    Attributes
    ----------
    rows : array, shape (rows, ...)
        On the axes along which they vary.
    row_of : array of int, shape (profiles,)
    shape : tuple of int
        Of the cells.
    """

    rows: Floats
    row_of: Ints
    shape: tuple[int, ...]

    @classmethod
    def of(cls, part: Part, shape: tuple[int, ...], weights: Floats | None = None) -> Addend:
        """A part of payoffs of cells of this shape, times weights that broadcast to it."""
        rows = part.rows if isinstance(part.rows, np.ndarray) else np.stack(np.broadcast_arrays(*part.rows))
        return cls(rows if weights is None else rows * weights, np.array(part.row_of, dtype=np.intp), shape)

    def row(self, profile: int) -> Floats:
        """The row of one profile."""
        found: Floats = self.rows[self.row_of[profile]]
        return found

    def places(self, cells: Cells) -> Ints:
        """Where some cells are in a flattened row."""
        found: Ints = places_of(self.rows.shape[1:], self.shape)[cells]
        return found

    def at(self, profiles: Ints, places: Ints) -> Floats:
        """What is added to payoffs of profiles at places of a row; the two broadcast."""
        # Taking is several times as fast as indexing by an array.
        found: Floats = self.rows.reshape(-1).take((self.row_of * self.rows[0].size).take(profiles) + places)
        return found


@lru_cache(maxsize=64)
def places_of(axes: tuple[int, ...], shape: tuple[int, ...]) -> Ints:
    """Where each cell of a shape is in a flattened row of some axes, which broadcast to it."""
    places = np.broadcast_to(np.arange(prod(axes)).reshape(axes), shape).reshape(-1)
    places.setflags(write=False)
    return places


@dataclass(frozen=True, eq=False)
class Sums:
    """Payoffs of one period as sums: for each player the parts that add up to its payoffs, all of them finite."""

    parts: tuple[tuple[Part, ...], ...]


#: Payoffs of one period: period -> array (n, |A_1|, ..., |A_n|, states, ...samples), or the parts that add up to it.
Stage = Callable[[int], ArrayLike | Sums]

#: Largest difference of a sum of chances from one.
SUM = 1e-9


@dataclass(frozen=True, eq=False)
class Move:
    """How one state variable moves, by class of the profile.

    Parameters
    ----------
    classes : array of int, shape (|A_1|, ..., |A_n|)
        What the variable sees of each profile: numbers from 0.
    chances : array, shape (periods or 1, classes, levels, levels, ...samples)
        Probability of each next level (second level axis) from each level; one period stands for all. Sample axes may
        be left out where all samples move alike.

    Raises
    ------
    ValueError
        If the axes do not fit, a class has no chances, or some chances are negative or do not add to one.

    Examples
    --------
    A variable of two levels that rises where both play their second action:

    >>> both = np.array([[0, 0], [0, 1]])
    >>> Move(both, [[ladder(2, 0.0, 0.0), ladder(2, 1.0, 0.0)]]).levels
    2
    """

    classes: Ints
    chances: Floats

    def __init__(self, classes: ArrayLike, chances: ArrayLike):
        kinds, array = np.array(classes, dtype=np.intp), np.array(chances, dtype=np.float64)
        if array.ndim < 4 or array.shape[2] != array.shape[3] or 0 in array.shape[:4]:
            raise ValueError(f"chances of shape {array.shape}: expected (periods or 1, classes, levels, levels, ...)")
        if kinds.ndim == 0 or kinds.size == 0 or kinds.min() < 0 or kinds.max() >= array.shape[1]:
            raise ValueError(f"classes must be numbers from 0 to {array.shape[1] - 1}, one for each profile")
        if not ((array >= 0).all() and (np.abs(array.sum(axis=3) - 1) <= SUM).all()):
            raise ValueError("chances must not be negative and must add to one over the next levels")
        kinds.setflags(write=False)
        array.setflags(write=False)
        object.__setattr__(self, "classes", kinds)
        object.__setattr__(self, "chances", array)

    @classmethod
    def still(cls, actions: Sequence[int], levels: int = 1) -> Move:
        """A variable that never moves."""
        return cls(np.zeros(tuple(actions), dtype=np.intp), np.eye(levels)[None, None])

    @property
    def levels(self) -> int:
        """Number of levels."""
        return int(self.chances.shape[2])

    def at(self, period: int) -> Floats:
        """Chances in one period, shape (classes, levels, levels, ...samples)."""
        return self.chances[self._row(period)]

    def expected(self, period: int, kind: int, values: Floats, axis: int) -> Floats:
        """Values averaged over what the variable is next, in one period at one class of the profile.

        Parameters
        ----------
        values : array
            By the next level along `axis`; samples behind.
        """
        return _along(values, self.at(period)[kind], self._reach[self._row(period)][kind][0], axis)

    def passed_on(self, period: int, kind: int, masses: Floats, axis: int) -> Floats:
        """Masses moved to what the variable is next, in one period at one class of the profile.

        Parameters
        ----------
        masses : array
            By the level along `axis`; samples behind.
        """
        return _along(masses, self.at(period)[kind].swapaxes(0, 1), self._reach[self._row(period)][kind][1], axis)

    def _row(self, period: int) -> int:
        return period if len(self.chances) > 1 else 0

    @cached_property
    def _reach(self) -> tuple[tuple[tuple[Reach, Reach], ...], ...]:
        """By period and class, where each level may lead and where it may be reached from."""
        return tuple(tuple((_reach(now), _reach(now.swapaxes(0, 1))) for now in classes) for classes in self.chances)


#: For each level the range of others that have a chance; None where all stay as they are.
Reach = tuple[slice, ...] | None


def _reach(chances: Floats) -> Reach:
    """The others that have a chance, row by row."""
    levels = len(chances)
    flat = chances.reshape(levels, levels, -1)
    if np.all(flat == np.eye(levels)[..., None]):
        return None
    some = [np.flatnonzero(row.any(axis=-1)) for row in flat]
    return tuple(slice(int(row[0]), int(row[-1]) + 1) if row.size else slice(0) for row in some)


def _along(values: Floats, weights: Floats, reach: Reach, axis: int) -> Floats:
    """Sums of values along an axis, by weights of each level of the result at each level of theirs."""
    if reach is None:
        return values
    flat = weights.reshape(*weights.shape[:2], -1)
    # Bits of a sum may depend on how its addends lie.
    spread = np.ascontiguousarray(values).reshape(prod(values.shape[:axis]), len(flat), -1, flat.shape[2])
    found = np.empty(spread.shape)
    # A sum of products in one pass takes a fraction of the time of products that are added up one by one.
    for level, some in enumerate(reach):
        np.einsum("jd,ojkd->okd", flat[level, some], spread[:, some], out=found[:, level])
    return found.reshape(values.shape)


def ladder(levels: int, up: ArrayLike, down: ArrayLike) -> Floats:
    """Chances of a variable that climbs one level with probability `up` and falls one with `down`; its ends absorb.

    Parameters
    ----------
    levels : int
    up, down : float or array of samples
        Per period; each in [0, 1], their sum at most 1.

    Returns
    -------
    array, shape (levels, levels, ...samples)

    Examples
    --------
    >>> ladder(3, 0.25, 0.0).tolist()
    [[0.75, 0.25, 0.0], [0.0, 0.75, 0.25], [0.0, 0.0, 1.0]]
    """
    rise, fall = np.broadcast_arrays(np.asarray(up, dtype=np.float64), np.asarray(down, dtype=np.float64))
    if not ((rise >= 0) & (fall >= 0) & (rise + fall <= 1)).all():
        raise ValueError("up and down must be probabilities that add to at most one")
    chances = np.zeros((levels, levels, *rise.shape))
    for level in range(levels):
        if level + 1 < levels:
            chances[level, level + 1] = rise
        if level > 0:
            chances[level, level - 1] = fall
        chances[level, level] = 1.0 - chances[level].sum(axis=0)
    return chances


@dataclass(frozen=True, eq=False)
class StagedGame:
    """A finite game over periods and states, or a batch of such games of one shape; any number of players.

    Parameters
    ----------
    stage : callable
        Payoffs of one period, shape (n, |A_1|, ..., |A_n|, states, ...samples), in any unit per period, or
        :class:`Sums` that add up to them. It is called for each period when it is needed, so that no more than one
        period must be held at once.
    moves : sequence of Move
        One for each state variable.
    discounts : array, shape (n,) or (n, ...samples)
        Discount factor of each player, per period, in [0, 1).
    periods : int
    samples : tuple of int
        Shape of the batch; ``()`` for one game.
    terminal : array, shape (n, states) or (n, states, ...samples), optional
        Normalised values after the last period. None: the last period's static equilibrium is played for ever.
    held : mapping of int to {int: int}, optional
        By period, players that have one action only.

    Raises
    ------
    ValueError
        If the parts do not fit each other, or a number is out of its range.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])[..., None]
    >>> game = StagedGame(lambda t: dilemma, [Move.still((2, 2))], [0.9, 0.9], periods=3, terminal=np.zeros((2, 1)))
    >>> game.actions, game.states, game.payoffs(0).shape
    ((2, 2), 1, (2, 2, 2, 1))
    """

    stage: Stage
    moves: tuple[Move, ...]
    discounts: Floats
    periods: int
    samples: tuple[int, ...]
    terminal: Floats | None
    held: Mapping[int, Mapping[int, int]]

    def __init__(
        self,
        stage: Stage,
        moves: Sequence[Move],
        discounts: ArrayLike,
        periods: int,
        samples: tuple[int, ...] = (),
        terminal: ArrayLike | None = None,
        held: Mapping[int, Mapping[int, int]] | None = None,
    ):
        variables = tuple(moves)
        if not variables or periods < 1:
            raise ValueError("a staged game has at least one state variable and one period")
        actions = variables[0].classes.shape
        factors = _per_sample(discounts, (len(actions),), samples, "discounts")
        if not ((factors >= 0) & (factors < 1)).all():
            raise ValueError("discount factors must be at least 0 and less than 1")
        for place, move in enumerate(variables):
            _fits(place, move, actions, periods, samples)
        states = prod(move.levels for move in variables)
        ends = None if terminal is None else _per_sample(terminal, (len(actions), states), samples, "terminal values")
        holds = {int(t): dict(who) for t, who in (held or {}).items()}
        for period, who in holds.items():
            if not 0 <= period < periods or any(
                not (0 <= i < len(actions) and 0 <= a < actions[i]) for i, a in who.items()
            ):
                raise ValueError(f"period {period} holds {who}, but there are {periods} periods and actions {actions}")
        for name, value in (
            ("stage", stage), ("moves", variables), ("discounts", factors), ("periods", int(periods)),
            ("samples", samples), ("terminal", ends), ("held", holds),
        ):  # fmt: skip
            object.__setattr__(self, name, value)

    @classmethod
    def of(
        cls,
        payoffs: ArrayLike,
        moves: Sequence[Move],
        discounts: ArrayLike,
        terminal: ArrayLike | None = None,
        held: Mapping[int, Mapping[int, int]] | None = None,
    ) -> StagedGame:
        """A game from the payoffs of all periods, shape (periods, n, |A_1|, ..., |A_n|, states, ...samples)."""
        array = np.asarray(payoffs, dtype=np.float64)
        n = array.shape[1] if array.ndim > 1 else 0
        if array.ndim < 3 + n:
            raise ValueError(f"payoffs of shape {array.shape} are no staged game: (periods, n, ..., states, ...)")
        return cls(array.__getitem__, moves, discounts, len(array), array.shape[3 + n :], terminal, held)

    @property
    def actions(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.moves[0].classes.shape

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.actions)

    @property
    def levels(self) -> tuple[int, ...]:
        """Number of levels of each state variable."""
        return tuple(move.levels for move in self.moves)

    @property
    def states(self) -> int:
        """Number of states."""
        return prod(self.levels)

    @property
    def classes(self) -> Ints:
        """Class of each profile for every state variable, shape (variables, |A_1|, ..., |A_n|)."""
        return np.stack([move.classes for move in self.moves])

    @cached_property
    def kinds(self) -> tuple[Ints, Ints]:
        """Combinations of classes that profiles have, shape (variables, kinds), and the one that each profile has."""
        found, kind_of = np.unique(self.classes.reshape(len(self.moves), -1), axis=1, return_inverse=True)
        return found, kind_of.reshape(-1)

    def chances(self, period: int, classes: Sequence[int]) -> Floats:
        """Chances from state to state at one combination of classes, shape (batch or 1, states, states)."""
        joint = np.ones((1, 1, 1))
        for move, kind in zip(self.moves, classes, strict=True):
            own = np.moveaxis(move.at(period)[kind].reshape(move.levels, move.levels, -1), 2, 0)
            both = joint[:, :, None, :, None] * own[:, None, :, None, :]
            joint = both.reshape(len(both), joint.shape[1] * move.levels, -1)
        return joint

    def parts(self, period: int) -> tuple[tuple[Part, ...], ...]:
        """For each player the parts that add up to its payoffs of one period; see :class:`Sums`.

        Shapes are checked, and payoffs given as one array for being finite: who makes parts has looked at their rows.
        """
        found, whole = self.stage(period), (*self.levels, *self.samples)
        if not isinstance(found, Sums):
            array = np.asarray(found, dtype=np.float64)
            wanted = (self.n_players, *self.actions, self.states, *self.samples)
            if array.shape != wanted:
                raise ValueError(f"payoffs of period {period} have shape {array.shape}; expected {wanted}")
            # One sum tells whether all is finite in a pass over the numbers, without an array of truth values.
            if not np.isfinite(array.sum()):
                wrong = np.count_nonzero(~np.isfinite(array))
                raise ValueError(f"payoffs of period {period}: {wrong} are not finite")
            each = array.reshape(self.n_players, -1, *whole)
            return tuple((Part(own, range(len(own))),) for own in each)
        for shape in {row.shape for own in found.parts for part in own for row in part.rows}:
            if len(shape) != len(whole) or any(a not in (1, b) for a, b in zip(shape, whole, strict=True)):
                raise ValueError(f"a part of the payoffs of period {period} has shape {shape}, not of {whole}")
        return found.parts

    def payoffs(self, period: int, out: Floats | None = None) -> Floats:
        """Payoffs of one period, shape (n, |A_1|, ..., |A_n|, states, ...samples), checked; in `out`, if given."""
        shape = (self.n_players, *self.actions, self.states, *self.samples)
        total = np.empty(shape) if out is None else out
        spread = total.reshape(self.n_players, -1, *self.levels, *self.samples)
        for own, (first, *others) in zip(spread, self.parts(period), strict=True):
            for profile, row in enumerate(own):
                row[...] = first.rows[first.row_of[profile]]
                for part in others:
                    row += part.rows[part.row_of[profile]]
        return total

    def hold(self, held: Mapping[int, int], periods: Sequence[int] | None = None) -> StagedGame:
        """The game in which the given players have one action only, in some periods or all."""
        where = range(self.periods) if periods is None else periods
        merged = {t: dict(who) for t, who in self.held.items()}
        for period in where:
            merged[period] = merged.get(period, {}) | dict(held)
        return replace_game(self, held=merged)


def replace_game(game: StagedGame, **changes: object) -> StagedGame:
    """The same game with some of its parts changed, checked anew."""
    return replace(game, **changes)  # type: ignore[arg-type]


def picked(game: StagedGame, places: Ints) -> StagedGame:
    """Some games of a batch, by their places in C order, as a batch with one axis of samples."""

    def cut(rows: Floats) -> Floats:
        front = rows.shape[: rows.ndim - len(game.samples)]
        if prod(rows.shape) == prod(front):
            return rows.reshape(*front, 1)
        return np.broadcast_to(rows, (*front, *game.samples)).reshape(*front, -1)[..., places]

    def fewer(part: Part) -> Part:
        return Part(cut(part.rows) if isinstance(part.rows, np.ndarray) else list(map(cut, part.rows)), part.row_of)

    def stage(period: int) -> Sums:
        return Sums(tuple(tuple(map(fewer, own)) for own in game.parts(period)))

    moves = [move if move.chances.ndim == 4 else Move(move.classes, cut(move.chances)) for move in game.moves]
    terminal = None if game.terminal is None else cut(game.terminal)
    return replace_game(
        game, stage=stage, moves=moves, discounts=cut(game.discounts), samples=(len(places),), terminal=terminal
    )


def remembering(game: StagedGame, kinds: ArrayLike) -> StagedGame:
    """The game whose state also tells the kind of the profile played last, as one more variable at the end.

    Payoffs and other moves are as before; only rules that look back use the new variable.

    Parameters
    ----------
    kinds : array of int, shape (|A_1|, ..., |A_n|)
        Kind of each profile, numbers from 0.
    """
    seen = np.asarray(kinds, dtype=np.intp)
    count = int(seen.max()) + 1
    lands = np.broadcast_to(np.eye(count)[:, None, :], (count, count, count))

    def longer(part: Part) -> Part:
        return Part([np.expand_dims(row, len(game.levels)) for row in part.rows], part.row_of)

    def stage(period: int) -> Sums:
        return Sums(tuple(tuple(map(longer, own)) for own in game.parts(period)))

    terminal = None if game.terminal is None else np.repeat(game.terminal, count, axis=1)
    return replace_game(game, stage=stage, moves=(*game.moves, Move(seen, lands[None])), terminal=terminal)


@dataclass(frozen=True, eq=False)
class Policy:
    """What is played in every period and state: Markov strategies of all players.

    Attributes
    ----------
    profiles : array of int, shape (periods, states, ...samples)
        Number of the profile in C order of the actions; −1 where somebody mixes. Where the terminal values are those
        of a static equilibrium, one more row at the end holds what is played for ever.
    places : array of int, shape (r,)
        Where somebody mixes: places in the flattened `profiles`.
    mixed : tuple of arrays, shape (|A_i|, r)
        Mixed action of each player there.
    """

    profiles: Ints
    places: Ints
    mixed: tuple[Floats, ...]

    def at(self, period: int, state: int, sample: tuple[int, ...] = ()) -> tuple[Floats, ...]:
        """Mixed action of each player in one state of one game; a pure action has a one."""
        where = (period, state, *sample)
        if self.profiles[where] < 0:
            row = np.flatnonzero(self.places == np.ravel_multi_index(where, self.profiles.shape))[0]
            return tuple(x[:, row] for x in self.mixed)
        profile = np.unravel_index(self.profiles[where], [len(x) for x in self.mixed])
        return tuple(np.eye(len(x))[a] for x, a in zip(self.mixed, profile, strict=True))


def _per_sample(values: ArrayLike, shape: tuple[int, ...], samples: tuple[int, ...], name: str) -> Floats:
    """Values of `shape`, with the samples' axes behind, read-only."""
    array = np.asarray(values, dtype=np.float64)
    if array.shape not in (shape, shape + samples):
        raise ValueError(f"{name} have shape {array.shape}; expected {shape} or {shape + samples}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    behind = array if array.shape == shape + samples else array.reshape(shape + (1,) * len(samples))
    return np.broadcast_to(behind, shape + samples)


def _fits(place: int, move: Move, actions: tuple[int, ...], periods: int, samples: tuple[int, ...]) -> None:
    """Raise ValueError where a move does not belong to a game of this shape."""
    if move.classes.shape != actions:
        raise ValueError(f"state variable {place} sees actions {move.classes.shape}, the first one {actions}")
    if len(move.chances) not in (1, periods):
        raise ValueError(f"state variable {place} has chances for {len(move.chances)} periods; expected 1 or {periods}")
    if move.chances.shape[4:] not in ((), samples):
        raise ValueError(f"state variable {place} has samples {move.chances.shape[4:]}; expected none or {samples}")
