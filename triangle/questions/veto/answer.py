r"""What a player's choice is worth to each: held at each of its actions, free, moving first and moving last.

Every **way** is a game of the same payoffs: the player free, all moving at once; **held** at one of its actions; moving
**first**, the others at once behind it; moving **last**, behind the others. Each is answered by all its subgame-perfect
outcomes in pure actions (:mod:`triangle.solvers.sequential`), with a verdict on whether these are all. What a way is
**worth** to a player, against the player being free, is the difference of the worst and of the best outcomes,

.. math:: \Big(\min_{o \in W} u_i(o) - \min_{o \in F} u_i(o),\; \max_{o \in W} u_i(o) - \max_{o \in F} u_i(o)\Big),

with :math:`W` the outcomes of the way and :math:`F` those of the free game. The two are one number where each way has
one outcome. Gains of two players are never compared.

**Unanimity**: a player that is a union of n states leaves its first action, where things stand, only if all of them
would. What each has at stake is drawn from the ranges of the parameters that the union's own terms read, independently
(all else stands where the scenario has it). At a given posture of the others a state would leave with the probability
p, so that all do with

.. math:: p_n = p^n ,

that is, the most reluctant of n states decides (Tsebelis 2002). It is counted over draws; with one state it is p.

References
----------
Tsebelis, G. (2002). *Veto Players: How Political Institutions Work*. Princeton University Press.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, get_args

import numpy as np

from triangle.base.errors import BadInput, Fault, unknown
from triangle.base.records import INLINE, SPARSE
from triangle.base.shown import Shown
from triangle.batch.equilibria import sweep_payoffs_at
from triangle.games.normal_form import TOLERANCE, Floats, NormalFormGame
from triangle.games.solution import Verdict
from triangle.model.parameters import Values
from triangle.players.forms import CastField, EachPlayer, HeldField, OrderField, PlayerField, ProfileField
from triangle.players.notation import Profile
from triangle.questions.veto.expectations import DRAWS, Expectations, expectations
from triangle.solvers.sequential import solve_sequential
from triangle.study.study import Study
from triangle.study.world import World, world_of
from triangle.sweeps.run import plan

Way = Literal["free", "held", "first", "last"]

#: Draws of what states have at stake, and their seed.
SAMPLES, SEED = 4096, 0

#: Most states of a union.
MOST_STATES = 100


@dataclass(frozen=True)
class Played:
    """An outcome: what is played, and what each player gets, billion dollars a year."""

    profile: ProfileField
    payoffs: EachPlayer


@dataclass(frozen=True)
class Course:
    """One way of playing the game: who is held at what, in which order the players move, and what comes of it.

    Attributes
    ----------
    verdict : str
        ``complete`` where the outcomes are proven to be all; ``undecided`` where a subgame has no pure equilibrium.
    """

    way: Way
    hold: HeldField
    order: OrderField
    verdict: Verdict
    outcomes: tuple[Played, ...]

    def problems(self) -> Iterator[str]:
        """What is no way to play."""
        if self.way not in get_args(Way):
            yield f"found the way {self.way!r}; expected one of {', '.join(get_args(Way))}"


@dataclass(frozen=True)
class Assent:
    """How likely a union leaves its first action where the others stand so: a state by itself, and all of them."""

    profile: ProfileField
    one: float
    all: float

    def problems(self) -> Iterator[str]:
        """What is no probability of both."""
        if not 0 <= self.all <= self.one <= 1:
            yield "all states assent at most as often as one does, with a probability from 0 to 1"


@dataclass(frozen=True)
class Veto(Shown):
    """What a player's choice is worth to each.

    Attributes
    ----------
    courses : tuple of Course
        The game with the player free, held at each action, first and last.
    states : int
        How many states have to assent.
    assents : tuple of Assent
        At every outcome with the player held at another action than its first; none of a player without terms of its
        own.
    samples : int
        The draws that they are counted over.
    map : Expectations, optional
        What can be expected of the player over two levers.
    """

    SCHEMA: ClassVar = "triangle.veto/1"

    world: Annotated[World, INLINE]
    title: str
    player: PlayerField
    courses: tuple[Course, ...]
    states: int
    assents: tuple[Assent, ...]
    samples: int
    cast: CastField
    map: Annotated[Expectations | None, SPARSE] = None

    def problems(self) -> Iterator[str]:
        """What is no answer to the question."""
        if [course.way for course in self.courses if course.way != "held"] != ["free", "first", "last"]:
            yield "expected the game with the player free, then held at each action, then first, then last"

    @property
    def free(self) -> Course:
        """The game in which it chooses with the others."""
        return self.courses[0]

    def worth(self, course: Course, player: int) -> tuple[float, float] | None:
        """How much the worst and the best outcome of a way are better for a player than with the choice free.

        None where one of the two has no outcome in pure actions.
        """
        here, free = ([one.payoffs[player] for one in c.outcomes] for c in (course, self.free))
        return (min(here) - min(free), max(here) - max(free)) if here and free else None


def veto(study: Study, player: str, unanimity: int = 1, over: Sequence[str] = ()) -> Veto:
    """What a player's choice is worth to each: held at each action, free, moving first and moving last.

    Parameters
    ----------
    player : str
        Code of a player that the study does not hold.
    unanimity : int
        How many states the player is a union of, each with a veto against leaving its first action.
    over : sequence of str
        Two levers over which it is mapped what can be expected of the player; none for no map.

    Raises
    ------
    BadInput
        If there is no such player, it is held, the number of states is not from 1 to 100, or the levers are not two.

    Examples
    --------
    >>> from triangle.study.load import load
    >>> found = veto(load("europe_chooses"), "EU")
    >>> [(course.way, len(course.outcomes)) for course in found.courses]
    [('free', 2), ('held', 2), ('held', 2), ('first', 2), ('last', 2)]
    """
    one = _chooser(study, player)
    if not 1 <= unanimity <= MOST_STATES:
        raise BadInput(Fault("--unanimity", "", f"found {unanimity}; expected from 1 to {MOST_STATES} states"))
    if len(over) not in (0, 2):
        raise BadInput(Fault("--over", "", f"found {len(over)}; expected two parameters, as relief and conditionality"))
    everybody = tuple(range(len(study.cast)))
    others = tuple(i for i in everybody if i != one)
    held = [_course(study, "held", (everybody,), {one: action}) for action in range(study.cast.shape[one])]
    courses = (
        _course(study, "free", (everybody,)),
        *held,
        _course(study, "first", ((one,), others)),
        _course(study, "last", (others, (one,))),
    )
    stakes = _stakes(study)
    assents = _assents(study, one, held, stakes, unanimity) if stakes else ()
    few = {name: column[:DRAWS] for name, column in stakes.items()}
    known = expectations(study, one, (over[0], over[1]), few) if over else None
    return Veto(world_of(study), study.scenario.title, one, courses, unanimity, assents, SAMPLES, study.cast, known)


def _chooser(study: Study, player: str) -> int:
    codes = study.cast.codes
    if player not in codes:
        raise BadInput(Fault("--player", "", unknown("player", player, codes)))
    one = codes.index(player)
    if one in study.hold:
        held = study.cast.named_some(study.hold)[player]
        raise BadInput(Fault("--player", player, f"is held at {held} and chooses nothing; give --hold {player}=free"))
    return one


def _course(study: Study, way: Way, order: tuple[tuple[int, ...], ...], hold: dict[int, int] | None = None) -> Course:
    held = {**study.hold, **(hold or {})}
    found = solve_sequential(NormalFormGame(study.payoffs).hold(held), order)
    profiles = [tuple(held.get(i, action) for i, action in enumerate(profile)) for profile in found.profiles]
    played = (Played(profile, tuple(float(own[profile]) for own in study.payoffs)) for profile in profiles)
    return Course(way, hold or {}, order, found.verdict, tuple(played))


def _stakes(study: Study) -> dict[str, Floats]:
    """Draws of the parameters that only terms of third parties read, but for what somebody else chooses."""
    alone = study.model.alone
    if alone is None:
        return {}
    own = [p.name for p in study.model.catalogue if p.name not in alone.catalogue.parameters and p.role != "lever"]
    drawn = plan([study], None, SAMPLES, seed=SEED).at(0, 0, SAMPLES)
    return {name: np.broadcast_to(drawn[name], (SAMPLES,)) for name in own if name in drawn}


def _assents(
    study: Study, one: int, held: Sequence[Course], stakes: dict[str, Floats], unanimity: int
) -> tuple[Assent, ...]:
    """How likely each outcome under another action than the first is one that the states assent to."""
    values = Values(study.scenario.moved(stakes), study.cast)
    return tuple(
        _assent(study, values, outcome.profile, one, unanimity) for course in held[1:] for outcome in course.outcomes
    )


def _assent(study: Study, values: Values, profile: Profile, one: int, unanimity: int) -> Assent:
    """A state assents where it has at least as much as where things stand, others staying where they are."""
    stands = (*profile[:one], 0, *profile[one + 1 :])
    places = [(one, study.cast.index(profile)), (one, study.cast.index(stands))]
    leaving, staying = sweep_payoffs_at(values, places, study.model.terms)
    gain = np.broadcast_to(leaving - staying, (SAMPLES,))
    share = float((gain >= -TOLERANCE).mean())
    return Assent(profile, share, share**unanimity)
