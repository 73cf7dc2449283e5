r"""What is measured of the years of a path: one number for every world, of one year or of all of them.

A course is asked for a **year** or a **moment**, and for **what** is measured then:

======================== ========================================================================== ================
``PATTERN``              probability of the pattern in the year                                     fraction
``state=S``              mean of state variable S; of two named levels, the probability of the       of the variable
                         second
``trade:RU-CN``          mean two-way trade that flows                                              bn USD/yr
``openness:RU-CN``       mean part of that trade that flows                                         fraction
``growth:RU-CN``         growth of mean trade since the first year, a year                          per cent
``term:relief:RU``       mean of one term of a player's payoff                                      bn USD/yr
``beta_ru``              mean of Russia's share in the gas bargain                                  fraction
``value:RU``             normalised value to a player of this year and all after it                 bn USD/yr
``advantage:RU=a``       mean of what a player gains by action a in this year over its best other    bn USD
                         one, all else being played as it is, in money of the year
``worth:RU@CN=a``        mean of what player CN's action a in this year is worth to player RU over   bn USD
                         what is played, in money of the year
======================== ========================================================================== ================

Means are over the states that the year may find and over what is played in them. An advantage is the value of acting
at once over that of **waiting** a year, for both count on all later play:

.. math:: \frac{Q_i(a, x_{-i}) - \max_{b \ne a} Q_i(b, x_{-i})}{1 - \delta_i}

with the normalised :math:`Q` of :mod:`triangle.solvers.markov.backward`, so that a payoff of the year counts in full
however patient the player is. A worth is the same of another's action, over what is played.

====== ========================= =================================================================== =============
moment of                        is                                                                  in
====== ========================= =================================================================== =============
from   a pattern, ``state=S>x``  the first year in which the pattern is likelier than not, or the    calendar year
       or ``state=S<x``          mean above, or below, x; the year after the last one if never
until  the same                  the first year in which it is so no longer                          calendar year
best   ``term:NAME:PLAYER``      the year whose terms, fixed for good from then on, are worth most   calendar year
                                 to the player, seen from the first year
wait   ``term:NAME:PLAYER``      what they are worth more than those of the first year               bn USD/yr
====== ========================= =================================================================== =============

With :math:`m_t` the mean of the term in year t and :math:`\delta` the player's discount factor, terms fixed in year t
are worth :math:`\delta^t m_t` a year, normalised; ``wait`` is :math:`\max_t \delta^t m_t - m_0`, which is not negative.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.base.records import number_in
from triangle.measures.years import Solved, first_year, pattern_probability
from triangle.model.mechanisms import bargaining_share_ru, openness, trade_flow
from triangle.model.parameters import Values
from triangle.players.cast import Cast
from triangle.players.notation import parse_action, parse_player
from triangle.players.stances import Stances
from triangle.scenarios.path import Path
from triangle.study.course import year_values
from triangle.study.study import Study

Floats = NDArray[np.float64]
#: A number for each world of solved years.
Measure = Callable[[Solved], Floats]
#: The same in a period, which is a year's place.
AtPeriod = Callable[[Solved, int], Floats]
#: The mask of a pattern that a user wrote.
Pattern = Callable[[str], int]

#: Words for a moment that is no year, and what each is asked of.
MOMENTS = ("from", "until", "best", "wait")
#: Words that a measure can begin with; else it is a pattern.
WORDS = ("state", "trade", "openness", "growth", "term", "beta_ru", "value", "advantage", "worth")
#: Units.
_MONEY, _SHARE, _YEAR = "bn USD/yr", "fraction", "calendar year"


@dataclass(frozen=True)
class CourseMeasure:
    """What is measured of solved years, in which unit, and where its answer turns.

    A pattern is likelier than not above one half, and an action gains above zero; other measures turn nowhere.
    """

    unit: str
    of: Measure
    turns_at: float | None = None


def parse_course(
    moment: str | int, what: str, study: Study, path: Path, pattern: Pattern, where: str = "--outcome"
) -> CourseMeasure:
    """The measure that a user wrote.

    Parameters
    ----------
    moment : str or int
        A year of the path, or one of :data:`MOMENTS`.
    what : str
        See the module.
    pattern : callable
        Reads a pattern of profiles.

    Raises
    ------
    BadInput
        With the nearest valid word, or the years that there are.

    Examples
    --------
    >>> from triangle.measures.years import solved_years
    >>> from triangle.scenarios.path import read_path
    >>> from triangle.study.load import load
    >>> study = load("baseline")
    >>> path = read_path("path_baseline", study.model).until(2027)
    >>> found = parse_course(2027, "growth:RU-CN", study, path, int)
    >>> [one] = solved_years(study, path, study.values)
    >>> found.unit, found.of(one).shape
    ('percent', (1,))
    """
    text = str(moment).strip()
    if text in ("from", "until"):
        so = _so(what, study, path, pattern, where)
        return CourseMeasure(_YEAR, lambda one: first_year(path, so(one) == (text == "from")))
    if text in ("best", "wait"):
        _shaped(what, where, what.startswith("term:"), f"{text}:term:NAME:PLAYER, as in {text}:term:pipeline:CN")
        player, term = _term(what.partition(":")[2], study, where)
        return CourseMeasure(_YEAR if text == "best" else _MONEY, partial(_fixed, text, player, term))
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        message = f"found {shorten(text)}; expected a year of four digits, or {', '.join(MOMENTS)}"
        raise BadInput(Fault(where, "", message))
    if int(text) not in path.years:
        raise BadInput(Fault(where, "", f"found the year {text}; {path.name} goes from {path.first} to {path.last}"))
    unit, at, turns_at = _in_a_year(what, study, path, pattern, where)
    return CourseMeasure(unit, lambda one: at(one, int(text) - path.first), turns_at)


def _shaped(text: str, where: str, fits: bool, expected: str) -> None:
    if not fits:
        raise BadInput(Fault(where, "", f"found {shorten(text)}; expected {expected}"))


def _in_a_year(what: str, study: Study, path: Path, pattern: Pattern, where: str) -> tuple[str, AtPeriod, float | None]:
    """The unit of a measure, its number in a period, and where its answer turns."""
    word, sign, rest = re.match(r"\s*(\w*)\s*([:=]?)\s*(.*)", what, re.DOTALL).groups()  # type: ignore[union-attr]
    if word == "state" and sign == "=":
        unit, mean = _state(rest, path, where)
        return unit, lambda one, period: mean(one)[period], None
    if word in _OF_A_PAIR and sign == ":":
        return _of_a_pair(word, rest, study.cast, where)
    if word == "term" and sign == ":":
        _, term = _term(rest, study, where)
        return _MONEY, term, None
    if word == "beta_ru" and not sign:
        return _SHARE, partial(_mean, bargaining_share_ru), None
    if word == "value" and sign == ":":
        player = parse_player(rest, study.cast, where)
        return _MONEY, partial(_value, player), None
    if word == "advantage" and sign == ":":
        player, action = parse_action(rest, study.cast, where)
        return "bn USD", partial(_advantage, player, action), 0.0
    if word == "worth" and sign == ":":
        code, at, act = rest.partition("@")
        _shaped(what, where, bool(at), "worth:PLAYER@PLAYER=ACTION, as in worth:RU@US=court_russia")
        player, (actor, action) = parse_player(code, study.cast, where), parse_action(act, study.cast, where)
        return "bn USD", partial(_worth, player, actor, action), 0.0
    if word in WORDS or sign == ":":
        expected = (
            "a pattern, or one of state=NAME, trade:RU-CN, openness:RU-CN, growth:RU-CN, term:NAME:RU, beta_ru, "
            "value:RU, advantage:RU=hedge, worth:RU@US=court_russia"
        )
        raise BadInput(Fault(where, "", f"found {shorten(what)}; expected {expected}"))
    mask = pattern(what)
    return _SHARE, lambda one, period: pattern_probability(one.course.profiles[period], mask), 0.5


# Of a state variable --------------------------------------------------------------------------------------------------


def _state(name: str, path: Path, where: str) -> tuple[str, Measure]:
    """The mean of a state variable in every year, shape (years, worlds), and its unit."""
    names = [variable.name for variable in path.states]
    if name not in names:
        raise BadInput(Fault(where, "state", unknown("state variable", name, names)))
    shape = tuple(len(variable.levels) for variable in path.states)
    place = names.index(name)
    levels = np.array(path.states[place].levels)[np.unravel_index(np.arange(prod(shape)), shape)[place]]
    unit = "level" if path.states[place].is_ladder else _SHARE
    return unit, lambda one: np.asarray(np.einsum("tsw,s->tw", one.course.states, levels))


def _so(what: str, study: Study, path: Path, pattern: Pattern, where: str) -> Callable[[Solved], NDArray[np.bool_]]:
    """In which years something is so, shape (years, worlds)."""
    if not what.startswith("state="):
        unit, at, turns_at = _in_a_year(what, study, path, pattern, where)
        _shaped(
            what,
            where,
            unit == _SHARE and turns_at is not None,
            "a pattern, as link=RU-CN, or a level, as state=lock_in>0.5",
        )
        return lambda one: np.stack([at(one, period) for period in range(len(path.years))]) > 0.5
    name, sign, level = re.match(r"state=([^<>]*)([<>]?)(.*)", what, re.DOTALL).groups()  # type: ignore[union-attr]
    asked = "a level to be above or below, as state=lock_in>0.5; the mean in a year is YEAR:state=NAME"
    _shaped(what, where, bool(sign), asked)
    _, mean = _state(name.strip(), path, where)
    try:
        bound = number_in(level)
    except ValueError as error:
        raise BadInput(Fault(where, "state", str(error))) from None
    compare = operator.gt if sign == ">" else operator.lt
    return lambda one: compare(mean(one), bound)


# Means over what is played --------------------------------------------------------------------------------------------


def _mean(quantity: Callable[[Stances, Values], Floats], one: Solved, period: int) -> Floats:
    """Mean over states and play, in each world, of a quantity that depends on the profile and the parameters."""
    values = year_values(one.path, one.study.model, one.worlds, one.path.years[period])
    game, cast = one.game, one.study.cast
    table = np.broadcast_to(quantity(values.stances, values), (*cast.shape, *game.levels, *game.samples))
    policy, size = one.solution.policy, game.states * game.samples[0]
    played = policy.profiles[period].reshape(-1)
    cells = np.unravel_index(np.arange(size), (*game.levels, *game.samples))
    found = np.asarray(table[(*np.unravel_index(np.maximum(played, 0), cast.shape), *cells)])
    places, joint = _mixing(one, period, {})
    if places.size:
        there = tuple(axis[places] for axis in cells)
        each = [table[(*profile, *there)] for profile in np.ndindex(*cast.shape)]
        found[places] = (np.stack(each) * joint).sum(axis=0)
    return np.asarray((found.reshape(game.states, -1) * one.course.states[period]).sum(axis=0))


def _mixing(one: Solved, period: int, instead: dict[int, int]) -> tuple[NDArray[np.intp], Floats]:
    """Cells of a period in which somebody mixes, and the probability of each profile there, shape (profiles, cells).

    Players of `instead` play that action.
    """
    policy, size = one.solution.policy, one.game.states * one.game.samples[0]
    rows = np.flatnonzero(policy.places // size == period)
    joint = np.ones((1, rows.size))
    for player, mixed in enumerate(policy.mixed):
        own = mixed[:, rows]
        if player in instead:
            own = np.repeat(np.eye(len(own))[:, [instead[player]]], rows.size, axis=1)
        joint = (joint[:, None] * own).reshape(len(joint) * len(own), rows.size)
    return policy.places[rows] - period * size, joint


_OF_A_PAIR = {"trade": _MONEY, "openness": _SHARE, "growth": "percent"}


def _of_a_pair(word: str, rest: str, cast: Cast, where: str) -> tuple[str, AtPeriod, None]:
    """Trade of two players, the part of it that flows, or its growth."""
    first, dash, second = (part.strip() for part in rest.partition("-"))
    _shaped(f"{word}:{rest}", where, bool(dash) and first != second, f"two players, as {word}:RU-CN")
    i, j = sorted(parse_player(text, cast, where) for text in (first, second))
    part = openness if word == "openness" else trade_flow
    mean = partial(_mean, lambda s, v: part(s, v, i, j))
    return _OF_A_PAIR[word], partial(_growth, mean) if word == "growth" else mean, None


def _growth(mean: AtPeriod, one: Solved, period: int) -> Floats:
    """Growth a year since the first year, in per cent; none in the first year itself."""
    if period == 0:
        return np.zeros(one.game.samples)
    now, first = mean(one, period), mean(one, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100.0 * ((now / first) ** (1.0 / period) - 1.0))


def _term(rest: str, study: Study, where: str) -> tuple[int, AtPeriod]:
    """A player and the mean of one term of its payoff."""
    name, colon, code = (part.strip() for part in rest.partition(":"))
    if not colon or name not in study.model.terms:
        raise BadInput(Fault(where, "", unknown("payoff term", name, study.model.terms)))
    player, term = parse_player(code, study.cast, where), study.model.terms[name]
    return player, partial(_mean, lambda s, v: term(s, v).get(player, np.zeros(())))


# Values ---------------------------------------------------------------------------------------------------------------


def _value(player: int, one: Solved, period: int) -> Floats:
    """Normalised value to a player from a period on, mean over the states that it may find."""
    return np.asarray((one.course.states[period] * one.solution.values[player, period]).sum(axis=0))


def _by_action(player: int, actor: int, one: Solved, period: int) -> Floats:
    """Value to a player of each action of one, the others and all later play as they are, shape (actions, cells)."""
    from triangle.solvers.markov.backward import lookahead  # loads the solvers, which reading a measure needs not

    game, shape = one.game, one.study.cast.shape
    worth = lookahead(game, period, one.solution.values[:, period + 1])[player].reshape(prod(shape), -1)
    played = np.maximum(one.solution.policy.profiles[period].reshape(-1), 0)
    stride = prod(shape[actor + 1 :])
    others = played - played // stride % shape[actor] * stride
    found = np.stack([worth[others + own * stride, np.arange(worth.shape[1])] for own in range(shape[actor])])
    for own in range(shape[actor]):
        places, joint = _mixing(one, period, {actor: own})
        found[own, places] = (worth[:, places] * joint).sum(axis=0)
    return found


def _advantage(player: int, action: int, one: Solved, period: int) -> Floats:
    """What a player gains by an action in one period over its best other one, in money of the period."""
    options = _by_action(player, player, one, period)
    return _in_money(options[action] - np.delete(options, action, axis=0).max(axis=0), player, one, period)


def _worth(player: int, actor: int, action: int, one: Solved, period: int) -> Floats:
    """What an action of one is worth to a player in one period over what is played, in money of the period."""
    options = _by_action(player, actor, one, period)
    return _in_money(options[action] - one.solution.values[player, period].reshape(-1), player, one, period)


def _in_money(gain: Floats, player: int, one: Solved, period: int) -> Floats:
    """The mean over states of a gain in normalised value, in money of the period."""
    mean = (gain.reshape(one.game.states, -1) * one.course.states[period]).sum(axis=0)
    return np.asarray(mean / (1.0 - one.game.discounts[player]))


def _fixed(moment: str, player: int, term: AtPeriod, one: Solved) -> Floats:
    """The year whose terms, fixed for good, are worth most, or how much more than those of the first year."""
    means = np.stack([term(one, period) for period in range(len(one.path.years))])
    worth = means * one.game.discounts[player] ** np.arange(len(means))[:, None]
    if moment == "best":
        return np.asarray(one.path.first + worth.argmax(axis=0), dtype=np.float64)
    return np.asarray(worth.max(axis=0) - worth[0])


def measured(pieces: Sequence[Solved], measure: CourseMeasure) -> Floats:
    """A measure at all worlds of some pieces."""
    return np.concatenate([np.broadcast_to(measure.of(one), one.game.samples) for one in pieces])
