r"""Tipping points: the values of one parameter, all others unchanged, at which the set of pure equilibria changes.

The set changes where a profile's margin changes sign. A margin is the least of nine differences of payoffs, and those
are smooth where the model is (:mod:`triangle.measures.deviations`); so all zeros of all differences along the line are
computed (:mod:`triangle.measures.zeros`), which are the only places where anything can change, and the sets between
them are read off. A place counts where the sets on both sides differ, or where a profile is an equilibrium at the very
point and on neither side. Each is polished on the profile's own margin.

Agreement-proof equilibria (:mod:`triangle.solvers.agreements`) may also begin or end where what two gain by a joint
change, or by joining at the trust given, is zero: of every profile that is an equilibrium anywhere on the lines, these
zeros are computed too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import TriangleError, check_probability
from triangle.base.records import INLINE, SPARSE, Key, told
from triangle.batch.equilibria import sweep_margins, sweep_masks, sweep_payoffs
from triangle.games.bitboards import profiles_of
from triangle.measures.asked import Turned, turned
from triangle.measures.box import box_of
from triangle.measures.zeros import zeros
from triangle.model.parameters import Values
from triangle.players.forms import CastField, SetField
from triangle.solvers.agreements import Comparison, compared, joint_moves
from triangle.study.study import Study
from triangle.study.world import World, check_parameters, check_world, world_of

Floats = NDArray[np.float64]

#: Where a hard bound is infinite, so many ranges beyond the end of the range are searched.
REACH = 10.0

#: Two places nearer than this part of the line are one; a profile that comes and goes between them is told as touching.
_SAME = 1e-7

#: A place with the sets to its left, to its right, and at it.
_Change = tuple[float, int, int, int]

#: Half the bracket in which a place is polished, as a part of the line.
_BRACKET = 2e-7


@dataclass(frozen=True)
class Tipping:
    """One value at which the set of pure equilibria changes.

    Attributes
    ----------
    origin, value : float
        Where the parameter stands, and where the set changes.
    before, after : int
        The sets on the origin's side and on the far side, as masks.
    at : int
        The set at the very point.
    distance : float
        From the origin, in widths of the prior range.
    inside : {"range", "bounds"}
        Whether it lies in the prior range, or only in the hard bounds.
    turns : tuple of {"kept", "posture"}
        Whether the change turns what the set says of Russia with China, and of Washington's posture.
    side : {"below", "above"}
        On which side of the origin.
    low, high : float
        The ends of the line that was searched.
    """

    parameter: str
    unit: str
    origin: Annotated[float, Key("from")]
    value: float
    distance: float
    side: Literal["below", "above"]
    inside: Literal["range", "bounds"]
    before: SetField
    after: SetField
    at: SetField
    turns: tuple[Turned, ...]
    low: Annotated[float, Key("searched", 0)]
    high: Annotated[float, Key("searched", 1)]

    @property
    @told(after="at")
    def touches(self) -> bool:
        """Whether the set differs at the very point alone."""
        return self.before == self.after

    @property
    def other_set(self) -> int:
        """What the set changes to."""
        return self.at if self.touches else self.after


@dataclass(frozen=True)
class Tippings:
    """All values at which the set changes, the nearest first, and where they were looked for.

    Attributes
    ----------
    cast : Cast
        Who plays.
    parameters : tuple of str
        What was asked about.
    searched : {"ranges", "bounds"}
        How far.
    trust : float or None
        Where the sets are those of agreement-proof equilibria, at which trust.
    """

    SCHEMA: ClassVar = "triangle.tipping/1"

    cast: CastField
    world: Annotated[World, INLINE]
    parameters: tuple[str, ...]
    searched: Literal["ranges", "bounds"]
    points: tuple[Tipping, ...]
    trust: Annotated[float | None, SPARSE] = None

    def problems(self) -> Iterator[str]:
        """What does not fit together."""
        others = {point.parameter for point in self.points} - set(self.parameters)
        if others:
            yield f"found points of {', '.join(sorted(others))}, which were not asked about"

    @property
    @told(after="searched")
    def reach(self) -> float | None:
        """How many ranges beyond the range were searched where there is no hard bound."""
        return REACH if self.searched == "bounds" else None


@dataclass(frozen=True, eq=False)
class _Lines:
    """One line for each parameter, all others where the study has them."""

    study: Study
    names: tuple[str, ...]
    trust: float | None

    def values(self, lines: NDArray[np.intp], places: Floats) -> Values:
        """Values at samples given by line and place."""
        own = self.study.scenario.values
        moved = {name: np.where(lines == line, places, own[name]) for line, name in enumerate(self.names)}
        return Values(self.study.scenario.set_to(moved), self.study.cast)

    def payoffs(self, lines: NDArray[np.intp], places: Floats) -> Floats:
        """Payoffs of all at all profiles, ``[player, a_US, a_RU, a_CN, sample]``."""
        cast, model = self.study.cast, self.study.model
        try:
            found = sweep_payoffs(self.values(lines, places), range(len(cast.profiles)), model.terms)
        except TriangleError:  # the search says what it means for a line
            raise ArithmeticError("values that are not finite") from None
        return found.reshape(len(cast), *cast.shape, -1)

    def differences(self, lines: NDArray[np.intp], places: Floats) -> Floats:
        """What free players compare: for each, its four payoffs two by two, for all actions of the others."""
        payoffs = self.payoffs(lines, places)
        found = []
        for player, actions in enumerate(self.study.cast.shape):
            if player not in self.study.hold:
                own = np.moveaxis(payoffs[player], player, 0)
                first, second = np.triu_indices(actions, 1)
                found.append((own[first] - own[second]).reshape(-1, len(places)))
        return np.concatenate(found) if found else np.ones((1, len(places)))

    def masks(self, lines: NDArray[np.intp], places: Floats) -> NDArray[np.uint64]:
        """The sets of pure equilibria."""
        values = self.values(lines, places)
        return sweep_masks(values, self.study.model.terms, hold=self.study.hold, trust=self.trust)

    def compared(self, asked: Sequence[Comparison], lines: NDArray[np.intp], places: Floats) -> Floats:
        """Other comparisons of payoffs."""
        cast = self.study.cast
        return compared(self.payoffs(lines, places).reshape(len(cast), len(cast.profiles), -1), asked)

    def agreements(self, found: Sequence[Floats], breaks: Sequence[Floats], trust: float) -> list[Comparison]:
        """What it takes, beside the differences, that two leave together what is an equilibrium anywhere on the lines.

        `found` says where differences are zero.
        """
        shape, held = self.study.cast.shape, tuple(self.study.hold)
        moves = [m for here in self._standing(found, breaks) for m in joint_moves(shape, here, trust, held)]
        return [one for move in moves for one in (*move.gains, *move.joins)]

    def _standing(self, found: Sequence[Floats], breaks: Sequence[Floats]) -> list[int]:
        """The profiles that are equilibria anywhere on the lines."""
        edges = [np.unique(np.concatenate([own, cuts])) for own, cuts in zip(found, breaks, strict=True)]
        asked = [np.concatenate([own, (own[1:] + own[:-1]) / 2]) for own in edges]
        lines = np.repeat(np.arange(len(asked)), [len(own) for own in asked])
        values = self.values(lines, np.concatenate(asked))
        sets = sweep_masks(values, self.study.model.terms, hold=self.study.hold)
        return profiles_of(self.study.cast.sets.union(sets))

    def margins(self, lines: NDArray[np.intp], places: Floats, profiles: NDArray[np.intp]) -> Floats:
        """The margin of one profile at each sample."""
        some, which = np.unique(profiles, return_inverse=True)
        values, terms = self.values(lines, places), self.study.model.terms
        found = sweep_margins(values, some.tolist(), terms, hold=self.study.hold, trust=self.trust)
        own: Floats = found[which, np.arange(len(places))]
        return own


def check_tippings(found: Tippings, study: Study, file: str) -> None:
    """Refuse kept values of another game than the study's; see :func:`~triangle.study.world.check_world`."""
    check_world(found.world, study, file)
    units = {name: p.unit for name, p in study.model.catalogue.parameters.items()}
    asked = {f"parameters.{k}": (name, units.get(name, ""), None) for k, name in enumerate(found.parameters, 1)}
    said = {f"points.{k}": (point.parameter, point.unit, point.origin) for k, point in enumerate(found.points, 1)}
    check_parameters({**asked, **said}, study, file)


def tippings(
    study: Study, names: Sequence[str] | None = None, hard: bool = False, trust: float | None = None
) -> Tippings:
    """What :func:`tipping_points` finds, with what was asked."""
    asked = box_of(study, names).names
    points = tuple(tipping_points(study, asked, hard, trust=trust))
    return Tippings(study.cast, world_of(study), asked, "bounds" if hard else "ranges", points, trust)


def tipping_points(
    study: Study, names: Sequence[str] | None = None, hard: bool = False, *, trust: float | None = None
) -> list[Tipping]:
    """All values of each parameter alone at which the set of pure equilibria changes, the nearest first.

    Parameters
    ----------
    names : sequence of str, optional
        The parameters; all that have a range if absent.
    hard : bool
        Search to the hard bounds rather than in the prior range; where these are infinite, to `REACH` ranges beyond
        the range.
    trust : float, optional
        Where given, the set is that of the equilibria that are agreement-proof at it.

    Raises
    ------
    BadInput
        If a parameter does not exist or has no range.
    TriangleError
        If payoffs are not finite on the way.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> first = tipping_points(study)[0]
    >>> first.parameter, round(first.value, 3), first.inside
    ('choke_cn_ru', 0.621, 'range')
    """
    if trust is not None:
        check_probability(trust, "--trust")
    box = box_of(study, names)
    lines = _Lines(study, box.names, trust)
    breaks = [_breaks(study, name, float(width), hard) for name, width in zip(box.names, box.width, strict=True)]
    try:
        places = zeros(lines.differences, breaks)
        if trust is not None and (asked := lines.agreements(places, breaks, trust)):
            more = zeros(partial(lines.compared, asked), breaks)
            places = [np.union1d(own, others) for own, others in zip(places, more, strict=True)]
    except ArithmeticError as error:
        raise TriangleError(
            f"{study.scenario.name}: no tipping points: {error}; name parameters with --over, or bring ranges closer "
            "to the documented ones"
        ) from None
    ends = [(float(own[0]), float(own[-1])) for own in breaks]
    found = [
        tipping
        for name, width, line, own in zip(box.names, box.width, ends, _changes(lines, places, ends), strict=True)
        for change in own
        for tipping in _tippings(study, name, float(width), change, line)
    ]
    return sorted(found, key=lambda tipping: tipping.distance)


def _tippings(study: Study, name: str, width: float, change: _Change, line: tuple[float, float]) -> list[Tipping]:
    """A change as seen from where the parameter stands; where it stands on the change, one for each other set."""
    place, left, right, at = change
    origin, (low, high) = study.scenario.values[name], study.scenario.ranges[name]
    if abs(place - origin) <= _SAME * (line[1] - line[0]):
        seen = [(side, at, beyond) for side, beyond in (("below", left), ("above", right)) if beyond != at]
        place = origin
    else:
        seen = [("above", left, right)] if place > origin else [("below", right, left)]
    return [
        Tipping(
            parameter=name,
            unit=study.model.catalogue[name].unit,
            origin=origin,
            value=place,
            before=before,
            after=after,
            at=at,
            turns=turned(before, at if before == after else after, study.cast),
            distance=abs(place - origin) / width,
            inside="range" if low <= place <= high else "bounds",
            side=side,  # type: ignore[arg-type]
            low=line[0],
            high=line[1],
        )
        for side, before, after in seen
    ]


def _breaks(study: Study, name: str, width: float, hard: bool) -> Floats:
    """The ends of a parameter's line, cut where its range ends and where it stands."""
    low, high = study.scenario.ranges[name]
    p = study.model.catalogue[name]
    ends = [low, study.scenario.values[name], high]
    if hard:
        ends.append(p.hard_low if np.isfinite(p.hard_low) else low - REACH * width)
        ends.append(p.hard_high if np.isfinite(p.hard_high) else high + REACH * width)
    return np.unique(np.array(ends))


def _changes(lines: _Lines, places: Sequence[Floats], ends: Sequence[tuple[float, float]]) -> list[list[_Change]]:
    """The places on each line where the set changes; at an end its set at the end stands for the side beyond."""
    kept = [_apart(own, *line) for own, line in zip(places, ends, strict=True)]
    edges = [np.concatenate([[low], own, [high]]) for own, (low, high) in zip(kept, ends, strict=True)]
    between = [(own[1:] + own[:-1]) / 2 for own in edges]
    asked = [np.concatenate([*parts, line]) for *parts, line in zip(between, kept, ends, strict=True)]
    # One batch for all lines, since each asks about a dozen games.
    counts = [len(own) for own in asked]
    sets_of = np.split(
        lines.study.cast.sets.wholes(lines.masks(np.repeat(np.arange(len(asked)), counts), np.concatenate(asked))),
        np.cumsum(counts)[:-1],
    )
    changed = [sets[: len(own)] ^ sets[1 : len(own) + 1] for sets, own in zip(sets_of, kept, strict=True)]
    half = [
        np.minimum(np.diff(own) / 4, _BRACKET * (high - low)) for own, (low, high) in zip(between, ends, strict=True)
    ]
    counts = [len(own) for own in kept]
    numbers = np.repeat(np.arange(len(kept)), counts)
    polished = _polished(lines, numbers, np.concatenate(kept), np.concatenate(changed), np.concatenate(half))
    each = zip(np.split(polished, np.cumsum(counts)[:-1]), sets_of, ends, strict=True)
    return [_changes_on(*one) for one in each]


def _apart(places: Floats, low: float, high: float) -> Floats:
    """The places inside a line; of those that are the same up to rounding the middle one."""
    same = _SAME * (high - low)
    inner = places[(places > low + same) & (places < high - same)]
    groups = np.split(inner, np.flatnonzero(np.diff(inner) > same) + 1) if len(inner) else []
    return np.array([float(group[len(group) // 2]) for group in groups])


def _changes_on(places: Floats, sets: NDArray[np.object_], ends: tuple[float, float]) -> list[_Change]:
    """The changes on one line: its sets between places, at them, and at the ends."""
    count, (low, high) = len(places), ends
    left, right, at = sets[:count], sets[1 : count + 1], sets[count + 1 : -2]
    chosen = np.flatnonzero((left != right) | (at & ~(left & right)).astype(bool) & (left == right))
    found = [(float(places[k]), int(left[k]), int(right[k]), int(at[k])) for k in chosen]
    first, last, at_low, at_high = int(sets[0]), int(sets[count]), int(sets[-2]), int(sets[-1])
    if at_low != first:
        found.append((low, at_low, first, at_low))
    if at_high != last:
        found.append((high, last, at_high, at_high))
    return found


def _polished(
    lines: _Lines, number: NDArray[np.intp], places: Floats, changed: NDArray[np.object_], half: Floats
) -> Floats:
    """Places on lines, by number, moved to the zero of the margin that changes its sign, by false position (Illinois).

    Where no one profile's margin changes its sign there, as where the set only touches, they stay.
    """
    profiles = np.array([profiles_of(mask)[0] if mask else 0 for mask in changed], dtype=np.intp)
    a, b = places - half, places + half
    at_a, at_b = lines.margins(number, a, profiles), lines.margins(number, b, profiles)
    good = (np.sign(at_a) * np.sign(at_b) < 0) & (changed != 0)
    for _ in range(4):
        with np.errstate(all="ignore"):
            middle = np.where(good, (a * at_b - b * at_a) / (at_b - at_a), places)
        at = lines.margins(number, middle, profiles)
        left = np.sign(at) == np.sign(at_a)
        a, at_a, at_b = np.where(left, middle, a), np.where(left, at, at_a / 2), np.where(left, at_b / 2, at)
        b = np.where(left, b, middle)
    return np.where(good, middle, places)
