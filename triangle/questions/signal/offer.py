r"""An offer to a player of unknown type turned into payoffs of a screening game, for many settings at once.

With :math:`u` the payoffs of one year of the type's stance game, :math:`\delta` the discount factor and :math:`L` the
years of the watch, payoffs are per year,

.. math:: (1 - \delta^L)\, u(\text{watch}) + \delta^L\, u(\text{later}).

During the watch the offer stands, the type *pockets* (Russia hedges) or *delivers* (Russia distances itself), and
China is aligned with Russia, or answers by what is best for it against the stances that it sees; after a refusal
(Russia aligns) the offer is withdrawn at once. Later, type and China play mutual best replies to the American stance,
courting or what it is otherwise; of several such pairs the one that Russia likes best, and of none the one that is
least far from being one. The offer's relief and conditions are in the payoffs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.batch.equilibria import sweep_payoffs
from triangle.games.normal_form import Floats, best_responses, losses
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.axes import CN, RU, US
from triangle.solvers.beliefs.screening import Screening
from triangle.study.study import Study

#: Actions of the parts: the offer, and what Russia does when it refuses, pockets and delivers.
COURT = 2
ALIGN, DISTANCE, HEDGE = 1, 2, 3
#: What China does during the watch: it stays aligned, or answers.
CHINA = ("aligned", "answers")
#: Numbers of the game that are no parameters of the model.
OWN = ("prior", "watch", "observe")
#: Games from which on it pays to take the terms down.
_MANY = 256


@dataclass(frozen=True, eq=False)
class Later:
    """Later play of a type against one American stance: payoffs, actions, and equilibria passed over.

    Attributes
    ----------
    payoffs : array, shape (3 players, ...samples)
    russia : array of int, shape (...samples)
    others : array of int, shape (...samples)
        Equilibria that were passed over; −1 where there is none at all.
    """

    payoffs: Floats
    russia: NDArray[np.intp]
    others: NDArray[np.intp]


def mutual_replies(payoffs: Floats, first: int, second: int) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    """The pair of mutual best replies of two players that the first likes best; of none the least far from being one.

    Parameters
    ----------
    payoffs : array, shape (3 players, actions of the first, actions of the second, ...samples)

    Returns
    -------
    payoffs : array, shape (3 players, ...samples)
    actions : array of int, shape (2, ...samples)
    others : array of int, shape (...samples)
        Equilibria that were passed over; −1 where there is none at all.
    """
    pair = payoffs[[first, second]]
    stable = best_responses(pair, 0) & best_responses(pair, 1)
    flat = stable.reshape(-1, *stable.shape[2:])
    margin, own = losses(pair).min(axis=0).reshape(flat.shape), payoffs[first].reshape(flat.shape)
    count = flat.sum(axis=0)
    place = np.where(count > 0, np.where(flat, own, -np.inf).argmax(axis=0), margin.argmax(axis=0))
    chosen = np.take_along_axis(payoffs.reshape(3, *flat.shape), place[None, None], axis=1)[:, 0]
    return chosen, np.stack([place // stable.shape[1], place % stable.shape[1]]), count - 1


def later_play(payoffs: Floats, stance: int) -> Later:
    """Russia's best pair of mutual best replies to an American stance.

    Parameters
    ----------
    payoffs : array, shape (3, 4, 4, 4, ...samples)
    """
    chosen, actions, others = mutual_replies(payoffs[:, stance], RU, CN)
    return Later(chosen, actions[0], others)


def type_payoffs(study: Study, settings: Mapping[str, ArrayLike]) -> Floats:
    """Payoffs of the stance game with some parameters set, scalars or arrays of samples."""
    numbers = study.scenario.set_to({name: np.asarray(x, dtype=np.float64) for name, x in settings.items()})
    values = Values(numbers, study.cast)
    if prod(values.samples) < _MANY:
        return payoff_tensor(values, study.model.terms)
    payoffs = sweep_payoffs(values, range(len(study.cast.profiles)), study.model.terms)
    return payoffs.reshape(len(study.cast), *study.cast.shape, *values.samples)


@dataclass(frozen=True, eq=False)
class Offers:
    """Screening games of an offer, and what stands behind them.

    Attributes
    ----------
    games : Screening
        Sender Russia, receiver the United States; the second type is the one whose prior is asked.
    none : array, shape (2 types, ...samples)
        What the United States gets from each type without an offer.
    later, otherwise : tuple of Later
        Later play of each type if the offer stands, and if not.
    """

    games: Screening
    none: Floats
    later: tuple[Later, Later]
    otherwise: tuple[Later, Later]


def offers(
    study: Study,
    types: tuple[str, str],
    own: Mapping[str, ArrayLike],
    settings: Mapping[str, ArrayLike],
    china: str,
    believed: Mapping[str, float] | None = None,
    truth: str = "",
) -> Offers:
    """The games of an offer at some settings, whose arrays must broadcast.

    Parameters
    ----------
    own : mapping of str to float or array
        ``prior``, ``watch`` in years, ``observe``.
    settings : mapping of str to float or array
        Parameters of the scenario, as ``relief``.
    believed : mapping of str to float, optional
        Probabilities of the American types that Russia and China believe in: they expect the mean of their payoffs.
    truth : str
        The American type that is; by default America's payoffs are the mean over those believed in.
    """
    by_type = [{**settings, **study.scenario.of_type(study.cast.codes[RU], name)} for name in types]
    return _offers_of(study, [_believed(study, given, believed, truth) for given in by_type], by_type[0], own, china)


def _believed(study: Study, given: Mapping[str, ArrayLike], believed: Mapping[str, float] | None, truth: str) -> Floats:
    """Payoffs of a Russian type: mean over the American types that are believed in, America's own by the one it is."""
    if not believed:
        return type_payoffs(study, given)
    parts = {
        name: type_payoffs(study, {**given, **study.scenario.of_type(study.cast.codes[US], name)}) for name in believed
    }
    mean = sum((p * parts[name] for name, p in believed.items()), start=np.zeros(()))
    if not truth:
        return np.asarray(mean)
    own = type_payoffs(study, {**given, **study.scenario.of_type(study.cast.codes[US], truth)})
    whole = np.array(np.broadcast_to(mean, own.shape))
    whole[US] = own[US]
    return whole


def offers_of(study: Study, by_type: list[dict[str, ArrayLike]], own: Mapping[str, ArrayLike], china: str) -> Offers:
    """The same for two types given by their parameters."""
    return _offers_of(study, [type_payoffs(study, given) for given in by_type], by_type[0], own, china)


def _offers_of(
    study: Study, narrow: list[Floats], given: Mapping[str, ArrayLike], own: Mapping[str, ArrayLike], china: str
) -> Offers:
    table = study.scenario.screening
    assert table is not None
    stance = study.cast.actions[US].index(table.otherwise)
    patience = np.asarray(given.get("discount_factor", study.scenario.values["discount_factor"]))
    weight = patience ** np.asarray(own["watch"], dtype=np.float64)
    samples = np.broadcast_shapes(*(np.shape(x) for x in (weight, *own.values())), *(u.shape[4:] for u in narrow))
    tensors = [np.broadcast_to(u if u.ndim == 4 + len(samples) else u[(..., *(None,) * len(samples))],
                               (*u.shape[:4], *samples)) for u in narrow]  # fmt: skip
    later = tuple(later_play(u, COURT) for u in tensors)
    otherwise = tuple(later_play(u, stance) for u in tensors)

    def blend(now: Floats, then: Floats) -> Floats:
        both = np.stack(np.broadcast_arrays(now[[RU, US]], then[[RU, US]]))
        return np.asarray((1 - weight) * both[0] + weight * both[1])

    def answered(action: int) -> Floats:
        """Shape (2 players, 2 types, 2 for snapping back and going on, ...samples)."""
        rows = []
        for u, goes, stops in zip(tensors, later, otherwise, strict=True):
            now = watched(u, COURT, action, china)
            rows.append(np.stack([blend(now, stops.payoffs), blend(now, goes.payoffs)], axis=1))
        return np.stack(rows, axis=1)

    refused = np.stack(
        [blend(watched(u, stance, ALIGN, china), o.payoffs) for u, o in zip(tensors, otherwise, strict=True)], axis=1
    )
    games = Screening.of(own["prior"], own["observe"], refused, answered(HEDGE), answered(DISTANCE))
    return Offers(games, games.refused[1], later, otherwise)  # type: ignore[arg-type]


def watched(payoffs: Floats, stance: int, action: int, china: str) -> Floats:
    """Payoffs of one year of the watch, shape (3, ...samples)."""
    row = payoffs[:, stance, action]
    if china == "aligned":
        return np.asarray(row[:, ALIGN])
    place = row[CN].argmax(axis=0)
    return np.asarray(np.take_along_axis(row, place[None, None], axis=1)[:, 0])
