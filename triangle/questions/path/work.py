"""The worlds of a path: drawn, solved, certified and carried forward, piece by piece.

Pieces are independent of each other. They can be computed in any order and by any process
(:mod:`triangle.sweeps.pools`), kept in a folder and taken up again (:mod:`triangle.sweeps.archive`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.games.staged import StagedGame, remembering
from triangle.model.additions import check_portable
from triangle.model.model import Model
from triangle.players.axes import CN, RU, US
from triangle.players.cast import Cast
from triangle.players.configurations import configurations, stance
from triangle.scenarios.path import Path
from triangle.solvers.markov import forward
from triangle.solvers.markov.backward import MarkovSolution, solve_markov
from triangle.solvers.markov.bounds import bounds
from triangle.solvers.markov.certificate import certify
from triangle.solvers.markov.stage import RULES, Rule, status_quo
from triangle.study.course import Worlds, one_world, staged_game, start_of
from triangle.study.study import study
from triangle.sweeps.archive import Kind, Store
from triangle.sweeps.digest import digest_of_modules, digest_of_text, model_digest
from triangle.sweeps.job import Arrays
from triangle.sweeps.notation import whole_number
from triangle.sweeps.pools import answers
from triangle.sweeps.run import plan

Floats = NDArray[np.float64]
Holds = Mapping[int, Mapping[int, int | None]]
Progress = Callable[[int, int], None]

#: How one of several equilibria may be picked; ``bounds`` is ``margin`` with what no selection decides.
SELECTIONS = (*RULES, "status_quo", "bounds")
#: Most worlds of a course.
MOST_WORLDS = 2**17
#: State-worlds solved at a time.
AT_ONCE = 25_600
#: Years of which maps of play are kept, as shares of the horizon.
MAPS = (0.0, 0.25, 0.75, 1.0)

#: The folder of a path's worlds under way.
FOLDER = Kind(
    schema="triangle.path_run/1",
    what="path",
    option="--archive",
    identity=("schema", "version", "digest", "code", "path", "asked", "samples", "seed", "rule", "holds", "chunk"),
    sound={
        **dict.fromkeys(("version", "digest", "code", "path", "name", "rule"), lambda value: isinstance(value, str)),
        **dict.fromkeys(("samples", "seed", "chunk"), lambda value: type(value) is int and value >= 0),
        "holds": lambda value: isinstance(value, dict),
        "asked": lambda value: value is None or isinstance(value, str),  # folders of former versions do not say it
        "sums": lambda value: value == "sha256",
    },
)
#: Modules that decide what a course comes to, beside those of a sweep.
_CODE = (
    "games.staged",
    "scenarios.path",
    "study.course",
    "solvers.mixed.pairs",
    "solvers.mixed.triples",
    "solvers.markov.stage",
    "solvers.markov.leads",
    "solvers.markov.sums",
    "solvers.markov.backward",
    "solvers.markov.bounds",
    "solvers.markov.certificate",
    "solvers.markov.forward",
    "solvers.markov.stationary",
    "solvers.markov.smoothed",
    "questions.path.forever",
    "questions.path.offers",
    "questions.path.work",
)


@dataclass(frozen=True, eq=False)
class Kinds:
    """Configurations in order of profile, and the place of each profile's among them.

    Attributes
    ----------
    keys : tuple of str
    of : array of int, one axis a player
        The place of each profile's configuration.
    linked : tuple of bool
        Whether Russia and China are linked in a configuration.
    no_link, pivot : int
        The places of no link at all, and of the romantic triangle with Russia as pivot.
    """

    cast: Cast
    keys: tuple[str, ...]
    of: NDArray[np.int64]
    linked: tuple[bool, ...]
    no_link: int
    pivot: int


@cache
def kinds_of(cast: Cast) -> Kinds:
    """The configurations of a cast's game."""
    found = configurations(cast)
    keys = tuple(dict.fromkeys(one.key for one in found))
    places = np.array([keys.index(one.key) for one in found]).reshape(cast.shape)
    places.setflags(write=False)
    linked = tuple(any(one.key == key and (RU, CN) in one.links for one in found) for key in keys)
    return Kinds(cast, keys, places, linked, keys.index("unit_veto"), keys.index(f"romantic_triangle:{cast.codes[RU]}"))


def draw_worlds(path: Path, model: Model, samples: int, seed: int, again: bool = False) -> Worlds:
    """Worlds of a path: the scenario's uncertain parameters from its prior box, the path's numbers from their ranges.

    Parameters
    ----------
    samples : int
        1 is the world of the given values.
    again : bool
        Whether the judged numbers of the path are drawn anew, all else being the same.
    """
    if samples == 1:
        return one_world(path)
    design = plan([study(model, path.scenario)], None, samples, seed=seed)
    values = {name: np.atleast_1d(np.asarray(x, dtype=np.float64)) for name, x in design.at(0, 0, samples).items()}
    first, second = (np.random.default_rng([seed, turn]) for turn in (1, 2))
    numbers = {}
    for number in path.uncertain:
        units = first.random(samples), second.random(samples)
        unit = units[again and number.backing == "judgement"]
        numbers[number.name] = number.low + unit * (number.high - number.low)
    return Worlds({name: x for name, x in values.items() if name in path.scenario.values}, numbers)


@dataclass(frozen=True, eq=False)
class Solved:
    """The game of some worlds, with its solution, what it leads to, and its certificate."""

    game: StagedGame
    solution: MarkovSolution
    ahead: forward.Course
    start: Floats
    largest_gain: float
    span: float
    kinds: Kinds


def solved_worlds(path: Path, model: Model, worlds: Worlds, rule: str, holds: Holds) -> Solved:
    """Some worlds of a path, solved by a rule with players held by year."""
    game, start, picked = ruled(staged_game(path, model, worlds, holds), path, model, rule)
    kinds = kinds_of(model.cast)
    solution = solve_markov(game, picked)
    checked = certify(game, solution.policy)
    ahead = forward.course(game, solution.policy, start, kinds.of)
    return Solved(game, solution, ahead, start, checked.epsilon, checked.span, kinds)


def ruled(game: StagedGame, path: Path, model: Model, rule: str) -> tuple[StagedGame, Floats, Rule]:
    """A game of a path as a rule of selection wants it, the distribution of its first state, and the rule."""
    start, kinds = start_of(path), kinds_of(model.cast)
    if rule != "status_quo":
        return game, start, RULES["margin" if rule == "bounds" else rule]
    game = remembering(game, kinds.of)
    # What was played before the first year is what the scenario plays today, by the largest margin.
    quo = study(model, path.scenario).solve().present
    last = kinds.keys.index(max(quo, key=lambda f: f.margin).configuration.key) if quo else 0
    return game, (start[:, None] * np.eye(len(kinds.keys))[last]).reshape(-1), status_quo(game.levels, kinds.of)


@dataclass(frozen=True, eq=False)
class Piece:
    """What is kept of some worlds; the last axis of every array is the world."""

    kinds: Floats
    changes: Floats
    levels: Floats
    actions: Floats
    values: Floats
    undecided: Floats
    open_: Floats
    again: Floats
    finer: Floats
    gain: Floats
    accepted: Floats
    span: Floats
    counts: Floats

    @classmethod
    def of(
        cls, path: Path, solved: Solved, rule: str, again: Floats | None = None, finer: Floats | None = None
    ) -> Piece:
        """Of solved worlds, with the configurations of the same with judged numbers anew, and on other ladders."""
        game, solution, ahead = solved.game, solved.solution, solved.ahead
        worlds = game.samples[0]
        undecided = np.full((len(path.years), worlds), np.nan)
        if rule == "bounds":
            undecided = bounds(game).undecided(game, solved.start, solved.kinds.of).astype(np.float64)
        values = at_start(solved.start, solution.values[:, 0])
        actions, open_ = _play(path, solved)
        counts = np.array([(solution.count == 0).mean((0, 1)), (solution.count == 1).mean((0, 1)),
                           (solution.count > 1).mean((0, 1)), solution.silent.mean((0, 1))])  # fmt: skip
        return cls(
            ahead.kinds, ahead.changes, mean_levels(path, ahead.states), actions, values, undecided, open_,
            _or_none(again, ahead.kinds), _or_none(finer, ahead.kinds),
            np.full(worlds, solved.largest_gain), np.full(worlds, solution.epsilon), np.full(worlds, solved.span),
            counts,
        )  # fmt: skip


def at_start(start: Floats, values: Floats) -> Floats:
    """Mean over the first state of values, shape (..., states, worlds).

    One state is added after the other, so that a sum does not hang on how many worlds are looked at together.
    """
    return np.asarray(np.add.accumulate(start[:, None] * values, axis=-2)[..., -1, :])


def _or_none(found: Floats | None, like: Floats) -> Floats:
    """What was found, or NaN of the same shape."""
    return np.full(like.shape, np.nan) if found is None else found


def mean_levels(path: Path, states: Floats) -> Floats:
    """Mean of each state variable by year, shape (years, variables, worlds)."""
    shape = tuple(len(state.levels) for state in path.states)
    spread = states.reshape(len(states), *shape, -1, states.shape[-1]).sum(axis=1 + len(shape))
    rows = []
    for place, state in enumerate(path.states):
        others = tuple(1 + k for k in range(len(shape)) if k != place)
        rows.append(np.einsum("tlw,l->tw", spread.sum(axis=others), np.array(state.levels)))
    return np.stack(rows, axis=1) if rows else np.empty((len(states), 0, states.shape[-1]))


def _play(path: Path, solved: Solved) -> tuple[Floats, Floats]:
    """Probability of each player's actions by year, and by state that Russia accommodates the United States."""
    game, cast = solved.game, solved.kinds.cast
    numbers = np.array(cast.profiles)
    friendly = np.array([stance(a, RU, US) for a in numbers[:, RU]], dtype=bool)
    actions = np.zeros((len(path.years), len(cast), max(cast.shape), game.samples[0]))
    for player, count in enumerate(cast.shape):
        for action in range(count):
            actions[:, player, action] = solved.ahead.profiles[:, numbers[:, player] == action].sum(axis=1)
    policy = solved.solution.policy
    return actions, np.stack([forward.within(game, policy, t, friendly) for t in map_periods(path)])


def map_periods(path: Path) -> list[int]:
    """The places of the years of which maps of play are kept."""
    return [round(share * (len(path.years) - 1)) for share in MAPS]


# --- Piece by piece ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Axes:
    """An array that is kept of every piece, the worlds behind."""

    name: str
    shape: tuple[int, ...]

    @property
    def dtype(self) -> np.dtype[np.float64]:
        """Numbers in double precision."""
        return np.dtype(np.float64)


@dataclass(frozen=True, eq=False)
class Work(ABC):
    """What is asked of the worlds of a path, to be computed in pieces.

    Parameters
    ----------
    samples : int
        1 is the world of the given values.
    rule : str
        How one of several equilibria is picked.
    holds : mapping of int to {int: int}
        Players held by year.
    at_once : int
        State-worlds of a piece.
    """

    path: Path
    model: Model
    samples: int
    seed: int
    rule: str
    holds: Holds
    at_once: int = field(default_factory=lambda: AT_ONCE)

    def __post_init__(self) -> None:
        """A known rule, and as many worlds as can be."""
        if self.rule not in SELECTIONS:
            raise BadInput(Fault("--select", "", unknown("rule of selection", self.rule, SELECTIONS)))
        if not 1 <= self.samples <= MOST_WORLDS:
            message = f"found {shorten(self.samples)}; expected a whole number from 1 to {MOST_WORLDS:,}"
            raise BadInput(Fault("--samples", "", message))

    @property
    @abstractmethod
    def asked(self) -> str:
        """What is asked, by which folders are told apart."""

    @property
    @abstractmethod
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """What is kept of a piece: arrays by name, with their axes before that of the worlds."""

    @abstractmethod
    def compute(self, chunk: int) -> Arrays:
        """The arrays of a piece, by name."""

    @property
    def fields(self) -> tuple[Axes, ...]:
        """What is kept of a piece."""
        return tuple(Axes(name, shape) for name, shape in self.shapes.items())

    @property
    def states(self) -> int:
        """Number of states, with what was played last where the rule looks at it."""
        return self.path.count * self.remembered

    @property
    def remembered(self) -> int:
        """Number of what may have been played last, where the rule looks at it."""
        return len(kinds_of(self.model.cast).keys) if self.rule == "status_quo" else 1

    @property
    def size(self) -> int:
        """Worlds of a piece."""
        return max(1, self.at_once // self.states)

    @property
    def chunks(self) -> int:
        """Number of pieces."""
        return -(-self.samples // self.size)

    def place(self, chunk: int) -> tuple[int, int, int]:
        """The worlds of a piece, as a sweep says it: scenario 0, from and up to."""
        return 0, chunk * self.size, min((chunk + 1) * self.size, self.samples)

    def within(self, chunk: int) -> slice:
        """The worlds of a piece."""
        _, start, stop = self.place(chunk)
        return slice(start, stop)

    @cached_property
    def worlds(self) -> Worlds:
        """All worlds."""
        return draw_worlds(self.path, self.model, self.samples, self.seed)

    def solved(self, worlds: Worlds) -> Solved:
        """Some worlds, solved as is asked."""
        return solved_worlds(self.path, self.model, worlds, self.rule, self.holds)

    def manifest(self, version: str, held: Sequence[str]) -> dict[str, Any]:
        """All that the pieces depend on, as JSON."""
        return {
            "schema": FOLDER.schema,
            "version": version,
            "digest": model_digest(self.model),
            "code": digest_of_modules(_CODE),
            "name": self.path.name,
            "path": digest_of_text(repr(self.path)),
            "asked": self.asked,
            "samples": self.samples,
            "seed": self.seed,
            "rule": self.rule,
            "holds": {str(year): {self.model.cast.codes[i]: action for i, action in sorted(who.items())}
                      for year, who in sorted(self.holds.items())},
            "held": list(held),
            "chunk": self.size,
            "sums": "sha256",
        }  # fmt: skip


def gathered(
    work: Work, progress: Progress | None = None, workers: int = 1, store: Store | None = None
) -> dict[str, Floats]:
    """The arrays of all worlds, by name, whoever computed them; the same to the bit.

    Parameters
    ----------
    progress : callable, optional
        Told how many of the worlds that were missing are computed.
    workers : int
        Processes to compute with.
    store : Store, optional
        A folder of :data:`FOLDER`: what it holds is not computed again, what is computed is kept there.
    """
    workers, found = whole_number(workers, "--workers", 1), dict[int, Arrays]()
    if store is not None:
        found |= {chunk: dict(store.read_chunk(work, chunk)) for chunk in store.done(work)}
    pending = [chunk for chunk in range(work.chunks) if chunk not in found]
    missing = sum(end - begin for _, begin, end in map(work.place, pending))
    if workers > 1:
        check_portable(work.model.terms)
    for number, (chunk, arrays) in enumerate(answers(work, pending, workers), 1):
        assert isinstance(arrays, dict)
        if store is not None:
            store.write_chunk(chunk, arrays)
        found[chunk] = arrays
        if progress is not None:
            progress(min(number * work.size, missing), missing)
    return {name: np.concatenate([found[chunk][name] for chunk in range(work.chunks)], axis=-1) for name in work.shapes}


@dataclass(frozen=True, eq=False)
class Courses(Work):
    """How the triangle goes in each world, where judged numbers are drawn anew, and on ladders of another fineness.

    Parameters
    ----------
    against : int, optional
        Levels that every ladder has there.
    """

    against: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """There is a ladder to be made finer, if one is to be."""
        super().__post_init__()
        ladders = {len(state.levels) for state in self.path.states if state.is_ladder}
        if self.against is not None and not ladders:
            raise BadInput(Fault("--against", "", f"{self.path.name} has no ladder; leave it out"))
        if ladders == {self.against}:
            message = f"every ladder of {self.path.name} has {self.against} levels; ask for another number"
            raise BadInput(Fault("--against", "", message))

    @property
    def asked(self) -> str:
        """A course, and what it is held against."""
        return "course" if self.against is None else f"course against {self.against} levels"

    @cached_property
    def finer(self) -> Path | None:
        """The path on the other ladders."""
        return None if self.against is None else self.path.finer(self.against)

    @property
    def size(self) -> int:
        """Worlds of a piece, for the more states of both."""
        most = max(self.states, self.finer.count * self.remembered if self.finer is not None else 0)
        return max(1, self.at_once // most)

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The arrays of a :class:`Piece`."""
        years, cast = len(self.path.years), self.model.cast
        kinds, players = len(kinds_of(cast).keys), len(cast)
        return {
            "kinds": (years, kinds), "changes": (years - 1, kinds, kinds), "levels": (years, len(self.path.states)),
            "actions": (years, players, max(cast.shape)), "values": (players,), "undecided": (years,),
            "open_": (len(MAPS), self.states), "again": (years, kinds), "finer": (years, kinds), "gain": (),
            "accepted": (), "span": (), "counts": (4,),
        }  # fmt: skip

    @cached_property
    def redrawn(self) -> Worlds | None:
        """The same with the judged numbers of the path drawn anew; None where none of them varies."""
        judged = any(number.backing == "judgement" and number.low < number.high for number in self.path.uncertain)
        if self.samples == 1 or not judged:
            return None
        return draw_worlds(self.path, self.model, self.samples, self.seed, again=True)

    def compute(self, chunk: int) -> Arrays:
        """The arrays of a piece, by name."""
        some = self.within(chunk)
        solved = self.solved(self.worlds.part(some))
        again = None if self.redrawn is None else self._kinds(self.path, self.redrawn.part(some))
        finer = None if self.finer is None else self._kinds(self.finer, self.worlds.part(some))
        piece = Piece.of(self.path, solved, self.rule, again, finer)
        return {one.name: getattr(piece, one.name) for one in fields(Piece)}

    def _kinds(self, path: Path, worlds: Worlds) -> Floats:
        """Probabilities of the configurations alone."""
        laid = staged_game(path, self.model, worlds, self.holds)
        game, start, rule = ruled(laid, path, self.model, self.rule)
        kinds = kinds_of(self.model.cast).of
        return forward.course(game, solve_markov(game, rule).policy, start, kinds, changes=False).kinds
