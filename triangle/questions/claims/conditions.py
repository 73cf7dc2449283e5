"""Conditions of claims: what is true or false of one game, and how words of a file become them.

A condition is read over any batch of samples, so that it can be laid out over a grid or along a line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, unknown
from triangle.batch.equilibria import sweep_masks
from triangle.games.normal_form import TOLERANCE
from triangle.measures.outcomes import Outcome
from triangle.players.cast import Cast
from triangle.players.notation import Profile, parse_player, parse_profile
from triangle.players.patterns import parse_pattern
from triangle.players.sets import configuration_masks
from triangle.questions.claims import file as written
from triangle.questions.claims.file import Faulty, read_test
from triangle.questions.claims.ground import Columns, Draws, Ground, Place, Spot
from triangle.questions.claims.outcomes import parse_measure, reply_payoffs

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Numbers or shares behind an answer; arrays are turned into quantiles when a ledger is made.

    Attributes
    ----------
    of : str
        What was measured.
    numbers : array, shape (samples,), or None
        The point first, then the draws; NaN where there is nothing.
    unit : str
    shares : mapping of str to array of bool
        What happens in which samples, by name.
    """

    of: str
    numbers: Floats | None = None
    unit: str = ""
    shares: Mapping[str, Bools] | None = None


Truth = Callable[[Draws, Place, Columns], tuple[Bools, tuple[Evidence, ...]]]


def condition(data: object, ground: Ground, spot: Spot, base: Place) -> tuple[Truth, Place]:
    """A condition and its place."""
    test = read_test(data, spot.file, spot.key, written.CONDITIONS)
    place = ground.place(test, spot, base)
    truth = TRUTHS[test.kind](test, ground, spot, place)

    def signed(draws: Draws, at: Place, laid: Columns) -> tuple[Bools, tuple[Evidence, ...]]:
        found, evidence = truth(draws, at, laid)
        return found ^ test.negate, evidence

    return signed, place


def known(call: Callable[[], Any], spot: Spot) -> Any:
    """The result of a reader of words; what it refuses becomes a fault of this spot."""
    try:
        return call()
    except BadInput as error:
        raise Faulty([replace(fault, file=spot.file, key=spot.key) for fault in error.faults]) from None


def measure(text: str, ground: Ground, spot: Spot, place: Place) -> Outcome:
    """The outcome or measure that a text names."""
    study = ground.study(place)
    outcome: Outcome = known(lambda: parse_measure(text, study, spot.text, ground.trust), spot)
    return outcome


def player_and_given(player: str, given: str, cast: Cast, spot: Spot) -> tuple[int, list[Profile]]:
    """The player who replies and the profiles that it replies to, alternatives joined by |; its own action is free."""
    i: int = known(lambda: parse_player(player, cast, spot.text), spot.at("player"))
    own = cast.action_text(i, 0)
    profiles = [
        known(lambda text=text: parse_profile(f"{text},{own}", cast, spot.text), spot.at("given"))  # type: ignore[misc]
        for text in given.split("|")
    ]
    return i, profiles


def actions_of(names: Sequence[str], player: int, cast: Cast, spot: Spot) -> list[int]:
    """Numbers of a player's actions by name."""
    for name in names:
        if name not in cast.actions[player]:
            raise spot.fault(unknown(f"action of {cast.codes[player]}", name, cast.actions[player]))
    return [cast.actions[player].index(name) for name in names]


def best_replies(draws: Draws, place: Place, laid: Columns, player: int, profiles: Sequence[Profile]) -> Bools:
    """Which actions are best replies to each profile, ``[action, profile, ...samples]``; ties count for all."""
    own = reply_payoffs(draws.ground.study(place), draws.values(place, laid), player, profiles)
    best: Bools = own >= own.max(axis=0) - TOLERANCE
    return best


def _reply(test: written.Reply, ground: Ground, spot: Spot, there: Place) -> Truth:
    cast = ground.study(there).cast
    player, profiles = player_and_given(test.player, test.given, cast, spot)
    wanted = actions_of(test.actions, player, cast, spot.at("actions"))

    def truth(draws: Draws, place: Place, laid: Columns) -> tuple[Bools, tuple[Evidence, ...]]:
        best = best_replies(draws, place, laid, player, profiles)
        nodes = best.reshape(len(best), -1, best.shape[-1])  # each profile at each node
        ends = [test.given.split("|")[end].strip() for end in (0, -1)]
        of = [f"best reply of {cast.codes[player]} to {given}" for given in ends]
        found: Bools = np.asarray(nodes[wanted].any(axis=0))
        return found, _ends(of, named(nodes, cast.actions[player]), laid)

    return truth


def named(best: Bools, actions: Sequence[str]) -> dict[str, Bools]:
    """Which actions are best replies, by name."""
    return {action: best[a] for a, action in enumerate(actions)}


def _ends(of: Sequence[str], shares: Mapping[str, Bools], laid: Columns) -> tuple[Evidence, ...]:
    """Shares at the first and at the last node ``[node, sample]``, those alone that ever happen.

    `of` says what they are of at either end.
    """
    met = {name: where for name, where in shares.items() if where.any()}
    nodes = len(next(iter(shares.values())))
    found = []
    for what, node in list(zip(of, (0, -1), strict=True))[: min(2, nodes)]:
        where = ", ".join(f"{name} {column[node].flat[0]:g}" for name, column in laid.items())
        happens = {name: at[node] for name, at in met.items()}
        found.append(Evidence(f"{what} at {where}" if where else what, shares=happens))
    return tuple(found)


def _equilibrium(test: written.Equilibrium, ground: Ground, spot: Spot, there: Place) -> Truth:
    cast = ground.study(there).cast
    pattern = known(lambda: parse_pattern(test.pattern, cast, spot.text), spot.at("pattern"))

    def truth(draws: Draws, place: Place, laid: Columns) -> tuple[Bools, tuple[Evidence, ...]]:
        study, sets = ground.study(place), cast.sets
        masks = sweep_masks(draws.values(place, laid), study.model.terms, hold=study.hold, trust=ground.trust)
        some = np.atleast_2d(sets.meets(masks, pattern))
        found: Bools = {"some": some, "none": ~some, "every": np.atleast_2d(sets.within(masks, pattern))}[test.mode]
        shares = {key: sets.meets(masks, mask) for key, mask in configuration_masks(cast).items()}
        shares["no pure equilibrium" if ground.trust is None else "no agreement-proof equilibrium"] = sets.none(masks)
        nodes = {name: np.atleast_2d(share) for name, share in shares.items()}
        return found, _ends(["configurations in equilibrium"] * 2, nodes, laid)

    return truth


def _bound(test: written.Bound, ground: Ground, spot: Spot, place: Place) -> Truth:
    outcome = measure(test.outcome, ground, spot.at("outcome"), place)
    bounds = {key: given for key in written.BOUNDS if (given := getattr(test, key)) is not None}
    others = {
        key: measure(given, ground, spot.at(key), place) for key, given in bounds.items() if isinstance(given, str)
    }
    for key, other in others.items():
        if other.unit != outcome.unit:
            raise spot.at(key).fault(f"{other.text} is in {other.unit}, {outcome.text} in {outcome.unit}")

    def truth(draws: Draws, place: Place, laid: Columns) -> tuple[Bools, tuple[Evidence, ...]]:
        study, values = ground.study(place), draws.values(place, laid)
        measured = np.atleast_2d(outcome.of(study, values))
        evidence = [Evidence(outcome.text, measured[0], outcome.unit)]
        found = np.ones(measured.shape, dtype=np.bool_)
        for key, given in bounds.items():
            limit = np.float64(given) if key not in others else np.atleast_2d(others[key].of(study, values))
            if key in others:
                evidence.append(Evidence(others[key].text, np.broadcast_to(limit, measured.shape)[0], outcome.unit))
            found &= _COMPARE[key](measured, limit)
        return found, tuple(evidence)

    return truth


_COMPARE: Mapping[str, Callable[[Any, Any], Bools]] = {
    "above": np.greater,
    "below": np.less,
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
}

TRUTHS: Mapping[str, Callable[[Any, Ground, Spot, Place], Truth]] = {
    "reply": _reply,
    "equilibrium": _equilibrium,
    "bound": _bound,
}
