r"""What each player gets where a game has several equilibria, or none: payoffs under named rules of selection.

The model says which profiles are stable, not which of several is played. Every rule is an assumption, and the first
thing to ask of a conclusion is whether it survives another one:

============== ========================================================================================================
``margin``     the pure equilibrium of the largest stability margin; of several, the first in order of profile
``worst``      for each player the least that it gets in any pure equilibrium
``best``       for each player the most that it gets in any
``mean``       the mean over all pure equilibria, each counted once
``status_quo`` what the scenario itself plays, as long as that stays an equilibrium; else as ``margin``
``pivot``      the pure equilibrium that Russia likes best, since it is Russia that chooses between two suitors
============== ========================================================================================================

A game without a pure equilibrium has no such payoff. There each player is taken to have its **security level**
:math:`\max_{a_i} \min_{a_{-i}} u_i(a)`, what it can guarantee itself by one action: no more than it gets in any
equilibrium, mixed ones included. How many games these are is always said beside the result.

Under a trust, only agreement-proof equilibria are chosen from, and margins are those of staying so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, unknown
from triangle.batch.equilibria import sweep_margins, sweep_masks, sweep_payoffs
from triangle.games.bitboards import profiles_of
from triangle.games.dominance import security_levels
from triangle.games.normal_form import NormalFormGame
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.axes import RU
from triangle.study.study import Study

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int64]

#: Rules of selection; the first is the default.
RULES = ("margin", "worst", "best", "mean", "status_quo", "pivot")

#: Rules that name one profile for all players, rather than a payoff for each.
PICKING = ("margin", "status_quo", "pivot")

#: Games worked through at a time.
_CHUNK = 2**14


@dataclass(frozen=True, eq=False)
class Played:
    """What is played in a batch of games, under each rule.

    Attributes
    ----------
    payoffs : mapping of str to array, shape (3, n)
        By rule; billion dollars a year.
    profiles : mapping of str to array, shape (n,)
        By rule of :data:`PICKING`, the index of the profile; −1 where there is no pure equilibrium.
    without : array of bool, shape (n,)
        Games without a pure equilibrium.
    """

    payoffs: Mapping[str, Floats]
    profiles: Mapping[str, Places]
    without: Bools


def check_rules(rules: Sequence[str], known: Sequence[str] = RULES, where: str = "--rule") -> None:
    """Raise BadInput where a rule does not exist."""
    faults = [Fault(where, "", unknown("rule of selection", rule, known)) for rule in rules if rule not in known]
    if not rules:
        faults = [Fault(where, "", f"found no rule of selection; expected some of {', '.join(known)}")]
    if faults:
        raise BadInput(faults)


def status_quo(study: Study, trust: float | None = None) -> int | None:
    """The profile that a scenario plays as it stands: its most stable pure equilibrium; None where it has none.

    With a trust, the most stable of those that are agreement-proof at it.
    """
    findings = study.counting(trust)
    if not findings:
        return None
    return study.cast.index(max(findings, key=lambda finding: finding.margin).profile)


def play(
    study: Study,
    values: Values,
    rules: Sequence[str] = ("margin",),
    hold: Mapping[int, int] | None = None,
    quo: int | None = None,
    *,
    trust: float | None = None,
) -> Played:
    """Payoffs at equilibrium of every game of a batch, under each rule.

    Parameters
    ----------
    values : Values
        Over samples of one axis.
    hold : mapping of int to int, optional
        Players held at an action, in place of those of the study.
    quo : int, optional
        The profile of the status quo; that of the study where absent.
    trust : float, optional
        Where given, only equilibria are chosen from that are agreement-proof at it.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> values = Values(dict(study.scenario.values) | {"relief": [0.0, 1.0]}, study.cast)
    >>> played = play(study, values, ("margin", "worst"))
    >>> played.profiles["margin"].tolist(), bool(played.without.any())
    ([5, 5], False)
    """
    check_rules(rules)
    hold = study.hold if hold is None else hold
    if quo is None and "status_quo" in rules:
        quo = status_quo(study, trust)
    n = values.samples[0]
    payoffs = {rule: np.empty((len(study.cast), n)) for rule in rules}
    profiles = {rule: np.empty(n, dtype=np.int64) for rule in rules if rule in PICKING}
    without = np.empty(n, dtype=np.bool_)
    for start in range(0, n, _CHUNK):
        piece = slice(start, min(start + _CHUNK, n))
        part = _part(values, piece)
        found, picked, none = _play(study, part, rules, hold, quo, trust)
        without[piece] = none
        for rule in rules:
            payoffs[rule][:, piece] = found[rule]
            if rule in PICKING:
                profiles[rule][piece] = picked[rule]
    return Played(payoffs, profiles, without)


def _part(values: Values, piece: slice | NDArray[np.intp]) -> Values:
    """Some samples of a batch of one axis."""
    numbers = {
        name: column.reshape(1) if column.size == 1 else column.reshape(-1)[piece]
        for name, column in values.numbers.items()
    }
    length = len(range(values.samples[0])[piece]) if isinstance(piece, slice) else len(piece)
    return values.of_samples(numbers, (length,))


def _play(
    study: Study,
    values: Values,
    rules: Sequence[str],
    hold: Mapping[int, int],
    quo: int | None,
    trust: float | None,
) -> tuple[dict[str, Floats], dict[str, Places], Bools]:
    terms, sets = study.model.terms, study.cast.sets
    masks = sweep_masks(values, terms, hold=hold, trust=trust)
    listed = profiles_of(sets.union(masks))
    without: Bools = sets.none(masks)
    payoffs: dict[str, Floats] = {rule: np.zeros((len(study.cast), len(without))) for rule in rules}
    picked: dict[str, Places] = {}
    if listed:
        stable = sets.flags(masks, listed)
        earned = sweep_payoffs(values, listed, terms)
        lost = sweep_margins(values, listed, terms, hold=hold, trust=trust)
        for rule in rules:
            payoffs[rule], place = _ruled(rule, stable, earned, lost, listed.index(quo) if quo in listed else None)
            if place is not None:
                picked[rule] = np.where(without, -1, np.array(listed)[place])
    if without.any():
        where = np.flatnonzero(without)
        sure = security_levels(NormalFormGame(payoff_tensor(_part(values, where), terms)).hold(hold).payoffs)
        for rule in rules:
            payoffs[rule][:, where] = sure
            if rule in PICKING:
                picked.setdefault(rule, np.full(len(without), -1))
    return payoffs, picked, without


def _ruled(
    rule: str, stable: Bools, earned: Floats, lost: Floats, quo: int | None
) -> tuple[Floats, NDArray[np.intp] | None]:
    """Payoffs ``[player, n]`` under a rule, and the places of the picked profiles among those listed.

    Numbers of games without an equilibrium have no meaning here.
    """
    if rule == "worst":
        return np.where(stable, earned, np.inf).min(axis=1), None
    if rule == "best":
        return np.where(stable, earned, -np.inf).max(axis=1), None
    if rule == "mean":
        return (earned * stable).sum(axis=1) / np.maximum(stable.sum(axis=0), 1), None
    liked = earned[RU] if rule == "pivot" else lost
    place = np.where(stable, liked, -np.inf).argmax(axis=0)
    if rule == "status_quo" and quo is not None:
        place = np.where(stable[quo], quo, place)
    return np.take_along_axis(earned, place[None, None, :], axis=1)[:, 0], place
