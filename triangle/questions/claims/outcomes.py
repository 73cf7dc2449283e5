"""Measures that claims speak of, beside the outcomes of :mod:`triangle.measures.outcomes`.

========================= =================================================================== ==================
``gain:CN@P>Q``           what a player gains when play moves from profile P to Q             bn USD/yr
``percent:CN@P>Q``        the same in per cent of the player's own GDP                        % of GDP
``value:CN@P``            payoff of a player's best reply to what the others play in P        bn USD/yr
``value_gain:CN@P>Q``     gain in that value when the others move from P to Q                 bn USD/yr
``term:relief:RU@P``      one term of a player's payoff                                       bn USD/yr
``trade:RU-CN@P``         two-way trade that flows                                            bn USD/yr
``openness:RU-CN@P``      part of that trade that flows                                       fraction
``market:CN-US@P``        worth to the first of its trade with the second                     bn USD/yr
``strength:US-RU@P``      strength of the first in its contest with the second                percent
``surplus:RU``            share of the Shapley value in the surplus of all three              fraction
``capability:RU``         the player's part of the capability of the three                    fraction
``parameter:NAME``        a parameter's own value                                             the parameter's
``figure:ID``             a documented figure                                                 the figure's
========================= =================================================================== ==================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.batch.equilibria import sweep_payoffs, sweep_payoffs_at
from triangle.measures.outcomes import COUNTING, WORDS, Outcome, parse_outcome
from triangle.measures.pivot import surplus_share
from triangle.model.mechanisms import openness, strength, trade_flow
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.axes import POWERS
from triangle.players.cast import Cast
from triangle.players.notation import Profile, parse_player, parse_profile
from triangle.players.stances import Stances, stance_array
from triangle.study.study import Study

Floats = NDArray[np.float64]
Measure = Callable[[Study, Values], Floats]

_MONEY, _SHARE = "bn USD/yr", "fraction"


def parse_measure(text: str, study: Study, where: str, trust: float | None = None) -> Outcome:
    """The measure or outcome that an entry names; raises BadInput with the nearest valid word.

    With a trust, only equilibria count that are agreement-proof at it, where that matters.
    """
    word, _, rest = (part.strip() for part in text.strip().partition(":"))
    if word in _READERS:
        unit, measure = _READERS[word](rest, study, where)
        return Outcome(text, unit, True, measure)
    if word.partition("@")[0] not in WORDS:
        raise BadInput(Fault(where, "", unknown("outcome", word, (*_READERS, *WORDS))))
    return parse_outcome(text, study, where, trust if word in COUNTING else None)


def _split(rest: str, where: str, form: str) -> tuple[str, str]:
    what, at, place = (part.strip() for part in rest.partition("@"))
    if not at or not what or not place:
        raise BadInput(Fault(where, "", f"found {shorten(rest)}; expected {form}"))
    return what, place


def _player_move(rest: str, cast: Cast, where: str) -> tuple[int, Profile, Profile]:
    form = "PLAYER@PROFILE>PROFILE"
    what, places = _split(rest, where, form)
    before, arrow, after = places.partition(">")
    if not arrow:
        raise BadInput(Fault(where, "", f"found {shorten(rest)}; expected {form}"))
    first, second = (parse_profile(text.strip(), cast, where) for text in (before, after))
    return parse_player(what, cast, where), first, second


def _pair(text: str, cast: Cast, where: str) -> tuple[int, int]:
    first, dash, second = text.partition("-")
    if not dash or first.strip() == second.strip():
        raise BadInput(Fault(where, "", f"found {shorten(text)}; expected two players, as RU-CN"))
    return parse_player(first, cast, where), parse_player(second, cast, where)


def reply_payoffs(study: Study, values: Values, player: int, profiles: Sequence[Profile]) -> Floats:
    """Payoffs to a player of its actions against what the others play in each profile, ``[action, profile, ...]``."""
    options = [index for profile in profiles for index in study.cast.options(player, profile)]
    (found,) = sweep_payoffs(values, options, study.model.terms, players=[player])
    return np.asarray(found.reshape(len(profiles), -1, *values.samples).swapaxes(0, 1))


def _best(study: Study, values: Values, player: int, profiles: Sequence[Profile]) -> Floats:
    """Payoff of a player's best reply to what the others play in each profile."""
    best: Floats = reply_payoffs(study, values, player, profiles).max(axis=0)
    return best


def _gain(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    player, *profiles = _player_move(rest, study.cast, where)
    places = [(player, study.cast.index(profile)) for profile in profiles]

    def gain(study: Study, values: Values) -> Floats:
        before, after = sweep_payoffs_at(values, places, study.model.terms)
        return np.asarray(after - before)

    return _MONEY, gain


def _percent(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    player, *_ = _player_move(rest, study.cast, where)
    _, gain = _gain(rest, study, where)
    return "% of GDP", lambda study, v: 100.0 * gain(study, v) / v["gdp", player]


def _value(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    what, place = _split(rest, where, "PLAYER@PROFILE")
    player, profile = parse_player(what, study.cast, where), parse_profile(place, study.cast, where)
    return _MONEY, lambda study, v: _best(study, v, player, [profile])[0]


def _value_gain(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    player, *profiles = _player_move(rest, study.cast, where)
    return _MONEY, lambda study, v: np.diff(_best(study, v, player, profiles), axis=0)[0]


def _term(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    name, colon, holder = (part.strip() for part in rest.partition(":"))
    if not colon or name not in study.model.terms:
        raise BadInput(Fault(where, "", unknown("payoff term", name, study.model.terms)))
    what, place = _split(holder, where, "TERM:PLAYER@PROFILE")
    player, profile = parse_player(what, study.cast, where), parse_profile(place, study.cast, where)
    stances = _at(profile)

    def measure(study: Study, v: Values) -> Floats:
        # A payoff in a term that does not touch the player is nothing.
        payoff = study.model.terms[name](stances, v).get(player, np.zeros(()))
        return np.broadcast_to(payoff, v.samples)

    return _MONEY, measure


def _at(profile: Profile) -> Stances:
    """The stances of one profile, without axes of their own."""
    table = stance_array()
    return Stances({(i, j): table[(i, j, *profile[:3])] for i in range(3) for j in range(3) if i != j})


def _of_pair(mechanism: Callable[[Stances, Values, int, int], Floats], unit: str, ordered: bool) -> _Reader:
    def read(rest: str, study: Study, where: str) -> tuple[str, Measure]:
        what, place = _split(rest, where, "PLAYER-PLAYER@PROFILE")
        i, j = _pair(what, study.cast, where)
        pair = (i, j) if ordered else (min(i, j), max(i, j))
        stances = _at(parse_profile(place, study.cast, where))
        return unit, lambda _, v: mechanism(stances, v, *pair)

    return read


def _strength(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    what, place = _split(rest, where, "PLAYER-PLAYER@PROFILE")
    pair, stances = _pair(what, study.cast, where), _at(parse_profile(place, study.cast, where))
    return "percent", lambda study, v: strength(stances, v, *pair, study.model.form.rules)


def _market(s: Stances, v: Values, i: int, j: int) -> Floats:
    worth: Floats = v["gain", i, j] * trade_flow(s, v, min(i, j), max(i, j))
    return worth


def _surplus(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    player = parse_player(rest, study.cast, where)
    return _SHARE, lambda study, v: surplus_share(payoff_tensor(v, study.model.terms), player)


def _capability(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    player = parse_player(rest, study.cast, where)

    def measure(_: Study, v: Values) -> Floats:
        part: Floats = v["capability", player] / sum(v["capability", i] for i in POWERS)
        return part

    return _SHARE, measure


def _parameter(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    catalogue = study.model.catalogue
    if rest not in catalogue.parameters:
        raise BadInput(Fault(where, "", unknown("parameter", rest, catalogue.parameters)))
    return catalogue[rest].unit, lambda _, v: v[rest]


def _figure(rest: str, study: Study, where: str) -> tuple[str, Measure]:
    if rest not in study.model.ledger.figures:
        raise BadInput(Fault(where, "", unknown("figure", rest, study.model.ledger.figures)))
    figure = study.model.ledger[rest]
    return figure.unit, lambda study, _: np.float64(study.model.ledger[rest].number)  # type: ignore[return-value]


_Reader = Callable[[str, Study, str], tuple[str, Measure]]

_READERS: Mapping[str, _Reader] = {
    "gain": _gain,
    "percent": _percent,
    "value": _value,
    "value_gain": _value_gain,
    "term": _term,
    "trade": _of_pair(trade_flow, _MONEY, False),
    "openness": _of_pair(openness, _SHARE, False),
    "market": _of_pair(_market, _MONEY, True),
    "strength": _strength,
    "surplus": _surplus,
    "capability": _capability,
    "parameter": _parameter,
    "figure": _figure,
}
