"""What a flip is answered with: the moves, what binds them, the certificate, and how near the other profiles are."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.records import INLINE, SPARSE, Key, Unbounded, form, text, told
from triangle.measures.outcomes import parse_outcome
from triangle.players.forms import ActionField, CastField, PlayerField, ProfileField
from triangle.questions.flip.search import STRICTNESS
from triangle.study.study import Study
from triangle.study.world import World, check_parameters, check_world

#: Norms of a move: what they are called, and what they are.
NORMS = {"l2": "root of the sum of squared moves", "l1": "sum of the moves"}


@dataclass(frozen=True)
class Move:
    """One parameter's part in a flip.

    Attributes
    ----------
    start, value : float
        From where to where.
    low, high : float
        Ends of the box, in which it may move.
    in_ranges : float
        The move over the width of the prior range, with its sign.
    """

    parameter: str
    unit: str
    role: str
    start: Annotated[float, Key("from")]
    value: Annotated[float, Key("to")]
    low: Annotated[float, Key("range", 0)]
    high: Annotated[float, Key("range", 1)]
    in_ranges: float

    def problems(self) -> Iterator[str]:
        """What is no move."""
        if not self.in_ranges:
            yield f"{self.parameter} does not move"

    @property
    @told()
    def at_end(self) -> bool:
        """Whether it stands at an end of the box."""
        return self.value in (self.low, self.high)


@dataclass(frozen=True)
class Binding:
    """A deviation that decides how far one has to go.

    Attributes
    ----------
    profile : tuple of int
        From which the player deviates.
    margin : float
        What it loses by that at the flipped point, billion dollars a year; negative where it gains.
    by_term : mapping of str to float
        The same by payoff term.
    """

    player: PlayerField
    profile: ProfileField
    deviation: ActionField
    margin: float
    by_term: Mapping[str, float]


@dataclass(frozen=True)
class JointBinding:
    """Something that two take to leave a profile together, and that decides how far one has to go.

    Attributes
    ----------
    players : (int, int)
    profile, to : tuple of int
        From where, and whereto.
    player : int
        Of whom it is asked: to gain by it, to keep it rather than do otherwise there, or to join at the trust given.
    margin : float
        What it has of that at the flipped point, billion dollars a year; where negative, the two do not leave.
    """

    players: Annotated[tuple[PlayerField, PlayerField], Key("pair")]
    profile: ProfileField
    to: ProfileField
    player: PlayerField
    takes: Literal["gain", "keep", "join"]
    margin: float


def _read_command(data: object) -> str:
    """A command of this package, and a single one: people copy it into a shell."""
    command = text(data)
    with contextlib.suppress(ValueError):  # a quotation without an end
        words = shlex.split(command)
        if words[0] == "triangle" and shlex.join(words) == command:
            return command
    raise ValueError(f"found {shorten(command)}; expected one call of triangle")


def _as_it_is(command: str | None) -> str | None:
    return command


def _read_command_or_none(data: object) -> str | None:
    return None if data is None else _read_command(data)


@dataclass(frozen=True)
class Certificate:
    """The flipped game, set up anew from the texts of the moved values and solved by the ordinary solver.

    Attributes
    ----------
    holds : bool
        Whether it answers as was asked.
    regret, margin : float
        Of the profile that was brought about or stopped, billion dollars a year; under a trust the margin is how far it
        is from being left, by one alone or by two together.
    equilibria : tuple of profiles
        All pure equilibria there.
    settings : tuple of str
        The moved values as ``NAME=VALUE``.
    command : str
        The command line that solves it again.
    agreement_proof : tuple of profiles or None
        Under a trust, those of the equilibria that are agreement-proof at it.
    """

    holds: bool
    regret: float
    margin: Unbounded
    equilibria: tuple[ProfileField, ...]
    settings: tuple[str, ...]
    command: Annotated[str, form(str, _read_command)]
    agreement_proof: Annotated[tuple[ProfileField, ...] | None, SPARSE] = None


@dataclass(frozen=True)
class Reach:
    """A profile of the pattern: the distance of its nearest solution, or else its largest margin in the box."""

    profile: ProfileField
    distance: float | None
    margin: Annotated[float | None, Key("largest_margin")]


@dataclass(frozen=True, kw_only=True)
class Flip:
    """The nearest flip, or the best attempt at one.

    Attributes
    ----------
    cast : Cast
        Who plays.
    world : World
        The game that was to be flipped.
    target : str
        The pattern, as it was asked for.
    away : bool
        Whether its equilibria were to be stopped rather than one brought about.
    distance : float or None
        Length of the moves, in ranges; None where nothing was found.
    nearest : float or None
        The same before moves were left out and values rounded, each of which may lengthen it by `PRICE`.
    moves : tuple of Move
        The parameters that move, the farthest first; the best attempt's where nothing was found.
    profile : tuple of int
        The profile brought about, stopped, or attempted.
    misses : float or None
        By how many billion dollars a year the best attempt misses; None where a flip was found.
    tried : tuple of Reach
        Every profile of the pattern, the nearest first; empty for `away`.
    free : tuple of str
        The parameters that could move.
    joint : tuple of JointBinding
        Under a trust, what joint moves take that decides how far one has to go.
    trust : float or None
        Where only equilibria count that are agreement-proof, at which trust.
    """

    SCHEMA: ClassVar = "triangle.flip/1"

    cast: CastField
    world: Annotated[World, INLINE]
    target: str
    away: bool
    found: bool
    distance: float | None
    nearest: float | None
    norm: Literal["l2", "l1"]
    profile: ProfileField
    moves: tuple[Move, ...]
    binding: tuple[Binding, ...]
    certificate: Certificate
    misses: float | None
    tried: tuple[Reach, ...]
    free: tuple[str, ...]
    hard: Annotated[bool, Key("box"), form(lambda hard: "bounds" if hard else "ranges", lambda box: box == "bounds")]
    strictness: float = STRICTNESS
    starts: int
    seed: int
    joint: Annotated[tuple[JointBinding, ...], SPARSE] = ()
    trust: Annotated[float | None, SPARSE] = None


@dataclass(frozen=True, kw_only=True)
class CourseFlip:
    """The nearest world that was found in which a year of a path turns out otherwise, or the best attempt.

    Attributes
    ----------
    target : str
        The outcome that is to be more than one half, of a probability, or than zero; or no more with `away`.
    moves : tuple of Move
        The parameters that move, the farthest first.
    before, after : float
        The outcome where the study stands, and with the settings, computed anew.
    settings : tuple of str
        The moved values as ``NAME=VALUE``.
    command : str or None
        The command line that shows the course; None where the path departs from another world than the study.
    courses : int
        How many points were compared.
    unit : str
        Of the outcome; a fraction is a probability.
    """

    SCHEMA: ClassVar = "triangle.flip_course/1"

    cast: CastField
    world: Annotated[World, INLINE]
    target: str
    away: bool
    found: bool
    distance: float | None
    norm: Literal["l2", "l1"]
    moves: tuple[Move, ...]
    before: float
    after: float
    settings: tuple[str, ...]
    command: Annotated[str | None, form(_as_it_is, _read_command_or_none)]
    free: tuple[str, ...]
    hard: Annotated[bool, Key("box"), form(lambda hard: "bounds" if hard else "ranges", lambda box: box == "bounds")]
    starts: int
    seed: int
    courses: int
    unit: Annotated[str, SPARSE] = "fraction"


def check_course_flip(flip: CourseFlip, study: Study, file: str) -> None:
    """Refuse a kept answer of another game than the study's."""
    check_world(flip.world, study, file)
    own = {number.name: number for number in parse_outcome(flip.target, study, file).numbers}
    said, faults = {}, []
    for k, move in enumerate(flip.moves, 1):
        if (number := own.get(move.parameter)) is None:
            said[f"moves.{k}"] = move.parameter, move.unit, move.start
        elif (move.unit, move.start) != (number.unit, number.value):
            found = f"{move.parameter} is {number.value:g} {number.unit} in the path, not {move.start:g} {move.unit}"
            faults.append(Fault(file, f"moves.{k}", found))
    if faults:
        raise BadInput(faults)
    check_parameters(said, study, file)


def check_flip(flip: Flip, study: Study, file: str) -> None:
    """Refuse a kept answer of another game than the study's; see :func:`~triangle.study.world.check_world`."""
    check_world(flip.world, study, file)
    units = {name: p.unit for name, p in study.model.catalogue.parameters.items()}
    said = {f"moves.{k}": (move.parameter, move.unit, move.start) for k, move in enumerate(flip.moves, 1)}
    free = {f"free.{k}": (name, units.get(name, ""), None) for k, name in enumerate(flip.free, 1)}
    check_parameters({**said, **free}, study, file)
    for place, binding in enumerate(flip.binding, 1):
        if set(binding.by_term) != set(study.model.terms):
            found = shorten(list(binding.by_term))
            raise BadInput(Fault(file, f"binding.{place}.by_term", f"found {found}; expected the terms of the model"))
