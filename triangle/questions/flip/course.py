r"""The nearest world in which the years turn out otherwise.

Asked is for the point of a box nearest to where a study stands, in ranges, at which a pattern is likelier than not in a
year of a path, or an action gains in it, or, with `away`, is so no longer. Numbers of a course jump where another
equilibrium is played, so that no slope leads there. The search compares points:

1. all moves of one parameter alone to an end of the box, and points drawn from it;
2. from the nearest ones that do, straight towards the origin, halving the step;
3. then parameter by parameter: a move is left out, or halved again and again, as long as the answer stands.

What is found is nearest among what was compared; nearer ones are not excluded. The moves are rounded to few digits and
the course is computed anew from their texts: that is the certificate.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, unknown
from triangle.measures.box import Box, box_of
from triangle.measures.outcomes import Outcome, parse_outcome
from triangle.model.parameters import Values
from triangle.questions.flip.record import NORMS, CourseFlip, Move
from triangle.scenarios.path import Path, read_path
from triangle.scenarios.scenario import override
from triangle.study.study import Study
from triangle.study.world import world_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Points drawn for each start.
DRAWN = 64
#: Halvings of a way towards the origin.
HALVINGS = 6
#: Rounds in which every parameter is tried.
ROUNDS = 12


def course_flip(
    study: Study,
    target: str,
    away: bool = False,
    names: Sequence[str] | None = None,
    roles: str = "all",
    without: Sequence[str] = (),
    norm: Literal["l2", "l1"] = "l2",
    starts: int = 4,
    seed: int = 0,
    *,
    hard: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> CourseFlip:
    """The smallest joint move that was found after which a year of a path turns out otherwise.

    Parameters
    ----------
    target : str
        ``path:NAME@YEAR:PATTERN``, or an advantage or worth in its place, as an outcome
        (:mod:`triangle.measures.courses`).
    away : bool
        Whether the pattern is to be no likelier than not, or the action to gain nothing.
    names, roles, without, hard, norm, starts, seed
        As of :func:`triangle.questions.flip.answer.flip`; parameters that the path itself moves stay where they are,
        and its own numbers, such as the rate ``lock_in.together``, may move within their ranges.

    Raises
    ------
    BadInput
        If a word is not understood, the outcome turns nowhere, or no parameter is left that may move.
    """
    outcome = parse_outcome(target, study, "--to")
    if outcome.turns_at is None:
        expected = (
            "expected the probability of a pattern, as path:path_baseline@2035:link=RU-CN, or what an action gains, as "
            "path:path_baseline@2035:advantage:RU=distance"
        )
        raise BadInput(Fault("--to", "", expected))
    if not isinstance(norm, str) or norm not in NORMS:
        raise BadInput(Fault("--norm", "", unknown("norm", str(norm), NORMS)))
    path = read_path(target.partition(":")[2].partition("@")[0].strip(), study.model)
    moved = [name for name in path.moved if name not in (names or ())]
    box = box_of(study, names, roles, hard=hard, without=[*without, *moved], own=outcome.numbers)
    search = _Search(study, box, outcome, outcome.turns_at, away, norm, progress)
    before = float(search.measured(box.origin[:, None])[0])
    point = search.nearest(np.random.default_rng(seed), DRAWN * starts)
    settings, after = search.certified(point)
    holds = (after <= outcome.turns_at) == away
    distance = float(search.length(((search.values_of(settings) - box.origin) / box.width)[:, None])[0])
    return CourseFlip(
        cast=study.cast, world=world_of(study), target=target, away=away, found=holds,
        distance=distance if holds else None, norm=norm, moves=search.moves(settings), before=before, after=after,
        settings=settings, command=_command(study, path, settings), free=box.names, hard=hard, starts=starts, seed=seed,
        courses=search.done[0], unit=outcome.unit,
    )  # fmt: skip


def _command(study: Study, path: Path, settings: Sequence[str]) -> str | None:
    """The command line that shows the course; None where the path departs from another world than the study."""
    if dict(path.scenario.values) != dict(study.scenario.values) or study.hold:
        return None
    return shlex.join(["triangle", "path", path.name, "--samples", "1", *(w for s in settings for w in ("--set", s))])


@dataclass(frozen=True, eq=False)
class _Search:
    """What is asked, of which study, in which box; `done` counts courses."""

    study: Study
    box: Box
    outcome: Outcome
    turns_at: float
    away: bool
    norm: str
    progress: Callable[[int, int], None] | None
    done: list[int] = field(default_factory=lambda: [0])

    def measured(self, points: Floats) -> Floats:
        """The outcome at points ``[parameter, point]`` in the parameters' own units."""
        self.done[0] += points.shape[1]
        if self.progress is not None:
            self.progress(self.done[0], 2 * self.done[0])
        return np.array(self.outcome.of(self.study, self.box.values(self.study, points)))

    def does(self, moves: Floats) -> Bools:
        """Whether the years turn out as asked, after moves ``[parameter, point]`` in ranges."""
        found = self.measured(self._points(moves))
        return np.asarray((found <= self.turns_at) if self.away else (found > self.turns_at))

    def _points(self, moves: Floats) -> Floats:
        points = self.box.origin[:, None] + moves * self.box.width[:, None]
        return np.clip(points, self.box.low[:, None], self.box.high[:, None])

    def length(self, moves: Floats) -> Floats:
        """How far moves are, in ranges."""
        return np.asarray(np.abs(moves).sum(axis=0) if self.norm == "l1" else np.linalg.norm(moves, axis=0))

    def nearest(self, rng: np.random.Generator, drawn: int) -> Floats:
        """Moves that do what is asked; none at all where it is so already, the closest attempt where nothing does."""
        count = len(self.box.names)
        if self.does(np.zeros((count, 1)))[0]:
            return np.zeros(count)
        ends = np.concatenate([np.diag(end - self.box.origin) for end in (self.box.low, self.box.high)], axis=1)
        free = self.box.at(rng.random((count, drawn))) - self.box.origin[:, None]
        tried = np.concatenate([ends, free], axis=1) / self.box.width[:, None]
        found = np.flatnonzero(self.does(tried))
        if not found.size:
            reached = self.measured(self._points(tried))
            return np.asarray(tried[:, int((reached if self.away else -reached).argmin())])
        order = found[np.argsort(self.length(tried[:, found]), kind="stable")][:2]
        shortened = [self._shortened(tried[:, k]) for k in order]
        return min(shortened, key=lambda moves: float(self.length(moves[:, None])[0]))

    def _shortened(self, moves: Floats) -> Floats:
        """Moves that still do, straight towards the origin and then parameter by parameter."""
        moves = moves * self._least(moves)
        for _ in range(ROUNDS):
            places = np.flatnonzero(moves)
            if not places.size:
                break
            tried = np.repeat(moves[:, None], 2 * len(places), axis=1)
            tried[places, np.arange(len(places))] = 0.0
            tried[places, len(places) + np.arange(len(places))] *= 0.5
            shorter = np.where(self.does(tried), self.length(tried), np.inf)
            if not shorter.min() < 0.999 * self.length(moves[:, None])[0]:
                break
            moves = tried[:, int(shorter.argmin())]
            # All that can go by themselves may be able to go together.
            left = moves.copy()
            left[places[np.isfinite(shorter[: len(places)])]] = 0.0
            if self.does(left[:, None])[0]:
                moves = left
        return moves * self._least(moves)

    def _least(self, moves: Floats) -> float:
        """The smallest part of the moves, to one in sixty-four, after which it is so from there on."""
        parts = np.linspace(0.0, 1.0, 2**HALVINGS + 1)
        does = self.does(moves[:, None] * parts)
        return float(parts[int(np.flatnonzero(~does)[-1]) + 1]) if not does.all() else 0.0

    def certified(self, moves: Floats) -> tuple[tuple[str, ...], float]:
        """The moved values as texts with few digits, and the outcome that the study itself gives with them."""
        point = self._points(moves[:, None])[:, 0]
        for digits in (3, 4, 6, 17):
            settings = tuple(
                f"{name}={value:.{digits}g}"
                for name, value, start in zip(self.box.names, point, self.box.origin, strict=True)
                if value != start
            )
            inside = self.values_of(settings)
            if not ((inside >= self.box.low) & (inside <= self.box.high)).all():
                continue
            after = float(self._computed(settings))
            if (after <= self.turns_at) == self.away:
                break
        return settings, after

    def _computed(self, settings: Sequence[str]) -> Floats:
        """The outcome where parameters are set to these texts, and numbers of the path to theirs."""
        of_path = {number.name for number in self.outcome.numbers}
        own = [setting for setting in settings if setting.partition("=")[0] in of_path]
        others = [setting for setting in settings if setting not in own]
        changed = Study(self.study.model, override(self.study.scenario, others, self.study.model), self.study.hold)
        numbers = {name: np.float64(text) for name, _, text in (setting.partition("=") for setting in own)}
        return self.outcome.of(changed, Values({**changed.values.numbers, **numbers}, changed.cast))

    def values_of(self, settings: Sequence[str]) -> Floats:
        """The point of the box that the settings say."""
        said = dict(setting.split("=") for setting in settings)
        return np.array(
            [float(said.get(name, start)) for name, start in zip(self.box.names, self.box.origin, strict=True)]
        )

    def moves(self, settings: Sequence[str]) -> tuple[Move, ...]:
        """The moves, the farthest first."""
        box, found = self.box, []
        units = {number.name: number.unit for number in self.outcome.numbers}
        for name, start, value, low, high, width in zip(
            box.names, box.origin, self.values_of(settings), box.low, box.high, box.width, strict=True
        ):
            if value != start:
                known = self.study.model.catalogue.parameters.get(name)
                unit, role = (known.unit, known.role) if known else (units[name], "uncertainty")
                numbers = (float(number) for number in (start, value, low, high, (value - start) / width))
                found.append(Move(name, unit, role, *numbers))
        return tuple(sorted(found, key=lambda move: -abs(move.in_ranges)))
