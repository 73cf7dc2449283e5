"""The kinds of tests of claims: each is prepared once, every name checked, and then read at the draws.

A test says of every draw whether its statement holds there, and whether the draw counts (its domain); beside that it
keeps evidence: the numbers and replies that the answer came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import Fault, unknown
from triangle.measures.courses import measured, parse_course
from triangle.measures.outcomes import Outcome
from triangle.measures.years import Solved, solved_years
from triangle.model.parameters import Values
from triangle.players.patterns import parse_pattern
from triangle.questions.claims import file as written
from triangle.questions.claims.conditions import (
    TRUTHS,
    Evidence,
    actions_of,
    best_replies,
    condition,
    known,
    measure,
    named,
    player_and_given,
)
from triangle.questions.claims.file import Faulty, read_test
from triangle.questions.claims.ground import AS_IT_STANDS, Draws, Ground, Place, Spot, said
from triangle.scenarios.path import parse_holds
from triangle.study.course import Known

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Differences of outcomes below this, relative to their size, are rounding.
ROUNDING = 1e-12

#: What the evidence of a joint test begins with: the shares in which each of its parts holds.
PARTS = "parts that hold"


@dataclass(frozen=True, eq=False)
class Reading:
    """What a test says at every sample, the point first."""

    truth: Bools
    domain: Bools
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Prepared:
    """A test whose names are all known; `read` evaluates it. `kinds` are those of its parts too."""

    kinds: frozenset[str]
    read: Callable[[Draws], Reading]


def prepare(data: object, ground: Ground, spot: Spot, base: Place | None = None, depth: int = 0) -> Prepared:
    """The test of a table, ready to be read; raises Faulty with what is wrong."""
    test = read_test(data, spot.file, spot.key, depth=depth)
    kinds = frozenset({test.kind})
    if isinstance(test, written.Joint):
        parts = _parts(test, ground, spot, depth)
        kinds = kinds.union(*(part.kinds for part in parts.values()))
        read = _joint(test, parts)
    else:
        place = ground.place(test, spot, base)
        read = _PREPARE[test.kind](test, ground, spot, place)
    return Prepared(kinds, _finished(test, read, ground, spot, base))


def _finished(
    test: written.Test, read: Callable[[Draws], Reading], ground: Ground, spot: Spot, base: Place | None
) -> Callable[[Draws], Reading]:
    """The reading with its negation and its domain."""
    premise = None
    if test.where is not None:
        own = base if isinstance(test, written.Joint) else ground.place(test, spot, base)
        premise = condition(test.where, ground, spot.at("where"), own or Place())

    def finished(draws: Draws) -> Reading:
        found = read(draws)
        domain = found.domain
        if premise is not None:
            truth, place = premise
            domain = domain & truth(draws, place, {})[0].all(axis=0)
        return Reading(found.truth ^ test.negate, domain, found.evidence)

    return finished


def _over_nodes(test: written.Condition, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    """A condition over the nodes of a grid."""
    truth = TRUTHS[test.kind](test, ground, spot, place)
    laid = ground.grid(test.over, spot)

    def read(draws: Draws) -> Reading:
        found, evidence = truth(draws, place, laid)
        everywhere, somewhere = np.asarray(found.all(axis=0)), np.asarray(found.any(axis=0))
        of_nodes: Bools = {"all": everywhere, "some": somewhere, "none": ~somewhere}[test.nodes]
        if len(found) > 1:
            share = Evidence("part of the nodes at which it is so", found.mean(axis=0), "fraction")
            evidence = (*evidence, share)
        return _reading(of_nodes, draws, evidence)

    return read


def _reading(truth: Bools, draws: Draws, evidence: tuple[Evidence, ...], domain: Bools | None = None) -> Reading:
    shape = (draws.samples + 1,)
    counted = np.ones(shape, dtype=np.bool_) if domain is None else np.broadcast_to(domain, shape)
    return Reading(np.broadcast_to(truth, shape), counted, evidence)


# Comparisons between places -------------------------------------------------------------------------------------------


def _signs(a: Floats, b: Floats, sign: str, by: float = 0.0) -> Bools:
    """Whether a is higher, lower than, the same as b or another, by so much or within it, up to rounding."""
    slack = ROUNDING * (1.0 + np.abs(a) + np.abs(b))
    with np.errstate(invalid="ignore"):
        further = a - b if sign == "higher" else b - a if sign == "lower" else np.abs(a - b)
        if sign in ("higher", "lower") and by:
            return np.asarray(further >= by - slack)
        return np.asarray(further <= by + slack if sign == "same" else further > by + slack)


def _compare(test: written.Compare, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    outcome = measure(test.outcome, ground, spot.at("outcome"), place)
    a, b = (ground.place(getattr(test, side), spot.at(side), place) for side in "ab")

    def read(draws: Draws) -> Reading:
        first, second = (outcome.of(ground.study(p), draws.values(p, {})) for p in (a, b))
        evidence = (
            Evidence(f"{outcome.text} ({said(test.a)})", np.asarray(first), outcome.unit),
            Evidence(f"{outcome.text} ({said(test.b)})", np.asarray(second), outcome.unit),
        )
        return _reading(_signs(first, second, test.sign), draws, evidence)

    return read


def _monotone(test: written.Monotone, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    outcome = measure(test.outcome, ground, spot.at("outcome"), place)
    along = ground.line(test.along, spot.at("along"))

    def read(draws: Draws) -> Reading:
        column = draws.along(place, along)
        measured = outcome.of(ground.study(place), draws.values(place, column))
        measured = np.broadcast_to(measured, (along.points, draws.samples + 1))
        slack = ROUNDING * (1.0 + np.abs(measured).max(axis=0))
        steps = np.diff(measured, axis=0)
        least = slack if test.strict else -slack
        if test.direction == "peaks":
            inner = measured[1:-1].max(axis=0, initial=-np.inf)
            truth = inner > np.maximum(measured[0], measured[-1]) + slack
        elif test.direction == "constant":
            truth = (np.abs(steps) <= slack).all(axis=0)
        else:
            truth = ((steps if test.direction == "rises" else -steps) >= least).all(axis=0)
        change = Evidence(f"change of {outcome.text} along {along.parameter}", measured[-1] - measured[0], outcome.unit)
        return _reading(truth, draws, (change,))

    return read


def _first(found: Bools, points: Floats) -> Floats:
    """The first point ``[point, ...]`` at which it is so in each sample; infinite where nowhere."""
    where = found.argmax(axis=0)
    lies = np.broadcast_to(points, found.shape)
    first: Floats = np.where(found.any(axis=0), np.take_along_axis(lies, where[None], axis=0)[0], np.inf)
    return first


def _line_of(
    test: written.Threshold | written.Shift, ground: Ground, spot: Spot, place: Place
) -> Callable[[Draws, Place], Floats]:
    """The threshold as a function of the place, in the units in which the line is written."""
    along = ground.line(test.along, spot.at("along"))
    inside = spot.at("condition")
    truth, own = condition(test.condition, ground, inside, place)
    if own != place:
        raise inside.fault("scenario, set, times and hold are said by the test around it")
    for key in ("over", "where"):
        if key in test.condition:
            raise inside.at(key).fault("not read here; a threshold lays out its own line")
    if "|" in str(test.condition.get("given", "")):
        raise inside.at("given").fault("found several profiles; expected one")

    def first(draws: Draws, at: Place) -> Floats:
        found, _ = truth(draws, at, draws.along(at, along))
        found = np.broadcast_to(found, (along.points, draws.samples + 1))
        return _first(found, np.linspace(along.low, along.high, along.points)[:, None])

    return first


def _threshold(test: written.Threshold, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    first = _line_of(test, ground, spot, place)

    def read(draws: Draws) -> Reading:
        lies = first(draws, place)
        truth = np.isfinite(lies) == test.exists
        if test.at_least is not None:
            truth &= lies >= test.at_least
        if test.at_most is not None:
            truth &= lies <= test.at_most
        return _reading(truth, draws, _where_it_lies(f"threshold of {test.along.parameter}", lies, ground, test))

    return read


def _where_it_lies(
    of: str, lies: Floats, ground: Ground, test: written.Threshold | written.Shift
) -> tuple[Evidence, ...]:
    unit = ground.model.catalogue[test.along.parameter].unit
    exists = np.isfinite(lies)
    return (
        Evidence(of, np.where(exists, lies, np.nan), f"times {test.along.of}" if test.along.of else unit),
        Evidence(f"{of} exists", shares={"yes": exists, "no": ~exists}),
    )


def _shift(test: written.Shift, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    first = _line_of(test, ground, spot, place)
    a, b = (ground.place(getattr(test, side), spot.at(side), place) for side in "ab")

    def read(draws: Draws) -> Reading:
        in_a, in_b = first(draws, a), first(draws, b)
        one = np.isfinite(in_a) | np.isfinite(in_b)
        with np.errstate(invalid="ignore"):
            truth = {"higher": in_a > in_b, "lower": in_a < in_b, "same": in_a == in_b}[test.sign]
        name = f"threshold of {test.along.parameter}"
        evidence = (
            *_where_it_lies(f"{name} ({said(test.a)})", in_a, ground, test),
            *_where_it_lies(f"{name} ({said(test.b)})", in_b, ground, test),
        )
        return _reading(truth, draws, evidence, one)

    return read


def _effect(test: written.Effect, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    outcome = measure(test.outcome, ground, spot.at("outcome"), place)
    other_text = test.other_outcome or test.outcome
    other = measure(other_text, ground, spot.at("other_outcome"), place)
    if other.unit != outcome.unit:
        raise spot.at("other_outcome").fault(f"{other.text} is in {other.unit}, {outcome.text} in {outcome.unit}")
    lines = [ground.line(along, spot.at(key)) for along, key in ((test.along, "along"), (test.other, "other"))]

    def moved(draws: Draws, measure: Outcome, along: written.Along) -> Floats:
        ends = draws.along(place, replace(along, points=2))
        measured = measure.of(ground.study(place), draws.values(place, ends))
        measured = np.broadcast_to(measured, (2, draws.samples + 1))
        change: Floats = measured[1] - measured[0]
        return change

    def read(draws: Draws) -> Reading:
        first, second = moved(draws, outcome, lines[0]), moved(draws, other, lines[1])
        evidence = tuple(
            Evidence(f"change of {m.text} along {line.parameter}", change, m.unit)
            for m, line, change in ((outcome, lines[0], first), (other, lines[1], second))
        )
        return _reading(np.abs(first) > np.abs(second), draws, evidence)

    return read


def _change(test: written.Change, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    cast = ground.study(place).cast
    player, profiles = player_and_given(test.player, test.given, cast, spot)
    if len(profiles) > 1:
        raise spot.at("given").fault("found several profiles; expected one")
    start, end = (actions_of(getattr(test, key), player, cast, spot.at(key)) for key in ("start", "end"))
    a, b = (ground.place(getattr(test, side), spot.at(side), place) for side in "ab")

    def read(draws: Draws) -> Reading:
        before, after = (best_replies(draws, p, {}, player, profiles)[:, 0] for p in (a, b))
        same = (before & after).any(axis=0)
        truth = same != test.changed
        for wanted, best in ((start, before), (end, after)):
            if wanted:
                truth = truth & best[wanted].any(axis=0)
        of = f"best reply of {cast.codes[player]} to {test.given}"
        evidence = tuple(
            Evidence(f"{of} ({label})", shares={n: w for n, w in named(best, cast.actions[player]).items() if w.any()})
            for label, best in ((said(test.a), before), (said(test.b), after))
        )
        return _reading(truth, draws, evidence)

    return read


def _parts(test: written.Joint, ground: Ground, spot: Spot, depth: int) -> dict[str, Prepared]:
    """The parts of a joint test, or Faulty with what is wrong in any of them."""
    parts: dict[str, Prepared] = {}
    faults = []
    for name, part in test.parts.items():
        try:
            parts[name] = prepare(part, ground, spot.at(f"parts.{name}"), depth=depth + 1)
        except Faulty as error:
            faults += error.faults
    if faults:
        raise Faulty(faults)
    return parts


def _joint(test: written.Joint, parts: Mapping[str, Prepared]) -> Callable[[Draws], Reading]:
    """Several tests at once; a draw counts where it counts for all of them."""

    def read(draws: Draws) -> Reading:
        readings = {name: part.read(draws) for name, part in parts.items()}
        truths = np.stack([r.truth for r in readings.values()])
        domain: Bools = np.asarray(np.stack([r.domain for r in readings.values()]).all(axis=0))
        parted = Evidence(PARTS, shares={name: r.truth for name, r in readings.items()})
        inside = [replace(e, of=f"{name}: {e.of}") for name, reading in readings.items() for e in reading.evidence]
        truth: Bools = np.asarray(truths.all(axis=0) if test.kind == "all" else truths.any(axis=0))
        return Reading(truth, domain, (parted, *inside))

    return read


# Over years -----------------------------------------------------------------------------------------------------------

#: Draws, the point included, at which a course is computed: it is some thousand games for every one of them.
COURSES = 33

_COMPUTED: WeakKeyDictionary[Draws, dict[object, list[Solved]]] = WeakKeyDictionary()
_PAYOFFS: WeakKeyDictionary[Draws, Known] = WeakKeyDictionary()


def _course(test: written.Course, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    of, unit = _moment(test.of, ground, spot.at("of"), place)
    than, other = _moment(test.than, ground, spot.at("than"), place) if test.than else (None, unit)
    if unit != other:
        raise spot.at("than").fault(f"is in {other}, of is in {unit}")
    labels = [_said_moment(moment) for moment in (test.of, test.than) if moment]

    def read(draws: Draws) -> Reading:
        some = np.arange(draws.samples + 1) < COURSES
        first = of(draws)
        evidence = [Evidence(labels[0], first, unit)]
        if than is None:
            truth = _within(test, first)
        else:
            second = than(draws)
            evidence.append(Evidence(labels[1], second, unit))
            truth = _signs(first, second, test.sign, test.by)
        return _reading(truth, draws, tuple(evidence), some)

    return read


def _said_moment(moment: written.Moment) -> str:
    """What is measured when, and in brackets on which path and under which circumstances of its own."""
    what = f"probability of {moment.pattern}" if moment.pattern else moment.measure
    laid = said(written.Setting(scenario=moment.scenario, set=moment.set, times=moment.times))
    held = [" held ".join(hold.split("@")) if "@" in hold else f"{hold} held" for hold in moment.hold]
    given = [f"{name} {value:g}" for name, value in moment.numbers.items()]
    given += [f"{name} {value}" for name, value in moment.start.items()]
    last = [f"until {moment.last}"] if moment.last else []
    around = [moment.path, *([laid] if laid != AS_IT_STANDS else []), *held, *given, *last]
    return f"{what} {'in' if isinstance(moment.year, int) else 'of'} {moment.year} ({', '.join(around)})"


def _moment(moment: written.Moment, ground: Ground, spot: Spot, base: Place) -> tuple[Callable[[Draws], Floats], str]:
    """What is measured in a moment of a path at every sample, and its unit; NaN at those that are not computed."""
    place = ground.place(written.Setting(scenario=moment.scenario, set=moment.set, times=moment.times), spot, base)
    study = ground.study(place)
    path = known(lambda: ground.path(moment.path, place.scenario), spot)
    if moment.last is not None:
        path = known(lambda: path.until(moment.last), spot.at("last"))
    path = known(lambda: path.starting(moment.start), spot.at("start"))
    for name, value in moment.numbers.items():
        names_ = [number.name for number in path.uncertain]
        if name not in names_:
            raise Faulty([Fault(spot.file, spot.at("numbers").key, unknown("number of the path", name, names_))])
        path = path.number(name, value)
    holds = known(lambda: parse_holds(moment.hold, path, ground.cast), spot)
    found = known(
        lambda: parse_course(
            moment.year, moment.what, study, path, lambda text: parse_pattern(text, ground.cast, spot.text), spot.text
        ),
        spot.at("year" if isinstance(moment.year, str) else "pattern" if moment.pattern else "measure"),
    )
    key = (place.scenario, str(place.set), str(place.times), str(place.hold), path.name, path.last,
           str(moment.numbers), str(moment.start), moment.hold)  # fmt: skip

    def read(draws: Draws) -> Floats:
        kept = _COMPUTED.setdefault(draws, {})
        if key not in kept:
            numbers = {name: np.reshape(x, -1)[:COURSES] for name, x in draws.values(place, {}).numbers.items()}
            drawn = {number.name: draws.number(number)[:COURSES] for number in path.uncertain}
            values, known_ = Values({**numbers, **drawn}, study.cast), _PAYOFFS.setdefault(draws, {})
            kept[key] = list(solved_years(study, path, values, holds, known_))
        numbers_ = measured(kept[key], found)
        return np.concatenate([numbers_, np.full(max(0, draws.samples + 1 - COURSES), np.nan)])[: draws.samples + 1]

    return read, found.unit


# Players of unknown type ----------------------------------------------------------------------------------------------


#: The offers of a place, which are solved once for all that is asked of them.
_OFFERS: WeakKeyDictionary[Draws, dict[object, Any]] = WeakKeyDictionary()


def _offer(test: written.Offered, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    # Checking claims needs no solver; those of offers are loaded when one is asked for.
    from triangle.questions.signal.answer import offer_measure

    study = ground.study(place)
    own = {key: value for key in ("prior", "watch", "observe") if (value := getattr(test, key)) is not None}
    measure = known(lambda: offer_measure(study, test.measure, own), spot)
    key = (str(place), str(own))

    def at(draws: Draws) -> Floats:
        kept = _OFFERS.setdefault(draws, {})
        if key not in kept:
            kept[key] = measure.solved(draws.values(place, {}).numbers)
        return np.asarray(measure.read(kept[key]))

    return _bounded(test, measure, at)


def _gesture(test: written.Shown, ground: Ground, spot: Spot, place: Place) -> Callable[[Draws], Reading]:
    from triangle.questions.signal.answer import gesture_measure

    study = ground.study(place)
    measure = known(lambda: gesture_measure(study, test.measure, test.receiver), spot)
    return _bounded(test, measure, lambda draws: measure.at(draws.values(place, {}).numbers))


def _bounded(
    test: written.Offered | written.Shown, of: Any, at: Callable[[Draws], Floats]
) -> Callable[[Draws], Reading]:
    """A number of a game with types against the bounds of the test; where there is none, none holds."""

    def read(draws: Draws) -> Reading:
        measured = np.broadcast_to(at(draws), (draws.samples + 1,))
        return _reading(_within(test, measured), draws, (Evidence(of.text, measured, of.unit),))

    return read


def _within(test: written.Offered | written.Shown | written.Course, measured: Floats) -> Bools:
    """Whether numbers keep to the bounds of a test; what is no number keeps to none."""
    truth: Bools = np.isfinite(measured)
    with np.errstate(invalid="ignore"):
        for key, holds in (("above", np.greater), ("below", np.less), ("at_least", np.greater_equal),
                           ("at_most", np.less_equal)):  # fmt: skip
            if (bound := getattr(test, key)) is not None:
                truth = truth & holds(measured, bound)
    return truth


_PREPARE: Mapping[str, Callable[[Any, Ground, Spot, Place], Callable[[Draws], Reading]]] = {
    "reply": _over_nodes,
    "equilibrium": _over_nodes,
    "bound": _over_nodes,
    "compare": _compare,
    "monotone": _monotone,
    "threshold": _threshold,
    "shift": _shift,
    "effect": _effect,
    "change": _change,
    "course": _course,
    "offer": _offer,
    "gesture": _gesture,
}
