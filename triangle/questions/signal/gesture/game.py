r"""A gesture turned into payoffs of a signalling game, for many settings at once.

The sender is of one of two types, which the receiver does not know. It makes a gesture or not; the receiver sees which,
and takes a stance for good; then the sender and the third player take theirs, mutual best replies to it, of several
such pairs the one that the sender likes best, and of none the one that is least far from being one. A third player whom
the scenario holds stays held.

A gesture **for show** costs the sender :math:`c`. A **deed** is an action of the sender for :math:`L` years in place of
another, while the others stand together against it, so that with :math:`u` the payoffs of one year and :math:`\delta`
the discount factor payoffs are per year

.. math:: (1 - \delta^L)\, u(\text{deed, or what it replaces}) + \delta^L\, u(\text{later}) - c.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.normal_form import Floats
from triangle.questions.signal.offer import mutual_replies, type_payoffs
from triangle.scenarios.file import GestureTable
from triangle.solvers.beliefs.signalling import SENT, SILENT, Signalling
from triangle.study.study import Study

Ints = NDArray[np.intp]

#: Numbers of the game that are no parameters of the model.
OWN = ("prior", "cost", "years")


@dataclass(frozen=True)
class Roles:
    """Who sends, who receives and replies, and who is third, by number; the sender's action as deed and instead."""

    sender: int
    receiver: int
    third: int
    deed: int | None
    instead: int | None

    @classmethod
    def of(cls, study: Study, table: GestureTable) -> Roles:
        """Those of a scenario, whose names are known."""
        sender, receiver = (study.cast.player(code) for code in (table.sender, table.receiver))
        actions = study.cast.actions[sender]
        deeds = (actions.index(table.deed), actions.index(table.instead)) if table.deed else (None, None)
        return cls(sender, receiver, 3 - sender - receiver, *deeds)


@dataclass(frozen=True, eq=False)
class Replies:
    """What follows each reply of the receiver to one type.

    Attributes
    ----------
    payoffs : array, shape (3 players, n replies, ...samples)
    actions : array of int, shape (2, n replies, ...samples)
        Of the sender and of the third player.
    others : array of int, shape (n replies, ...samples)
        Equilibria of the two that were passed over; −1 where there is none at all.
    """

    payoffs: Floats
    actions: Ints
    others: Ints


def following(payoffs: Floats, roles: Roles, hold: Mapping[int, int]) -> Replies:
    """What sender and third player do after each reply.

    Parameters
    ----------
    payoffs : array, shape (3, 4, 4, 4, ...samples)
    """
    by_reply = np.moveaxis(payoffs, (1 + roles.receiver, 1 + roles.sender, 1 + roles.third), (1, 2, 3))
    held = hold.get(roles.third)
    free = slice(None) if held is None else slice(held, held + 1)
    parts = [mutual_replies(by_reply[:, a][:, :, free], roles.sender, roles.third) for a in range(by_reply.shape[1])]
    payoffs_, actions, others = (np.stack(x, axis=-1 - (payoffs.ndim - 4)) for x in zip(*parts, strict=True))
    return Replies(payoffs_, actions + np.array([0, held or 0]).reshape(2, *(1,) * (actions.ndim - 1)), others)


@dataclass(frozen=True, eq=False)
class Gestures:
    """Signalling games of a gesture, and what stands behind them.

    Attributes
    ----------
    games : Signalling
        The second type is the one whose prior is asked.
    after : tuple of Replies
        What follows each reply, by type.
    """

    games: Signalling
    after: tuple[Replies, Replies]

    @property
    def costs(self) -> Floats:
        """What the gesture costs each type, shape (2 types, ...samples)."""
        return np.asarray((self.games.sender[:, SILENT] - self.games.sender[:, SENT]).mean(axis=1))

    @property
    def known(self) -> Ints:
        """The receiver's reply to each type where it is known, shape (2 types, ...samples)."""
        return np.asarray(self.games.receiver[:, SILENT].argmax(axis=1))

    @property
    def gains(self) -> Floats:
        """What each type gains by being taken for the second rather than for the first, shape (2 types, ...samples)."""
        silent = self.games.sender[:, SILENT]
        first, second = (np.take_along_axis(silent, reply[None, None], axis=1)[:, 0] for reply in self.known)
        return np.asarray(second - first)


def gestures(
    study: Study,
    types: Sequence[str],
    table: GestureTable,
    own: Mapping[str, ArrayLike],
    settings: Mapping[str, ArrayLike],
) -> Gestures:
    """The games of a gesture at some settings, whose arrays must broadcast; `own` may give those of :data:`OWN`."""
    by_type = [{**settings, **study.scenario.of_type(table.sender, name)} for name in types]
    return gestures_of(study, by_type, table, own)


def gestures_of(
    study: Study, by_type: Sequence[Mapping[str, ArrayLike]], table: GestureTable, own: Mapping[str, ArrayLike]
) -> Gestures:
    """The same for two types given by their parameters."""
    roles = Roles.of(study, table)
    numbers = {name: np.asarray(own.get(name, getattr(table, name)), dtype=np.float64) for name in OWN}
    patience = np.asarray(by_type[0].get("discount_factor", study.scenario.values["discount_factor"]))
    weight = patience ** numbers["years"]
    narrow = [type_payoffs(study, given) for given in by_type]
    shapes = (x.shape for x in (weight, *numbers.values()))
    samples = np.broadcast_shapes(*shapes, *(u.shape[4:] for u in narrow))
    tensors = [np.broadcast_to(u if u.ndim == 4 + len(samples) else u[(..., *(None,) * len(samples))],
                               (*u.shape[:4], *samples)) for u in narrow]  # fmt: skip
    after = [following(u, roles, study.hold) for u in tensors]
    # Shape (2 types, 2 messages, n replies, ...samples), of the sender and of the receiver.
    sender, receiver = (
        np.stack([_by_message(u, replies.payoffs[who], who, roles, weight, study) for u, replies in
                  zip(tensors, after, strict=True)])
        for who in (roles.sender, roles.receiver)
    )  # fmt: skip
    sender[:, SENT] -= numbers["cost"]
    return Gestures(Signalling.of(numbers["prior"], sender, receiver), (after[0], after[1]))


def _by_message(payoffs: Floats, later: Floats, who: int, roles: Roles, weight: Floats, study: Study) -> Floats:
    """Payoffs of a player after silence and after the gesture, shape (2 messages, n replies, ...samples)."""
    if roles.deed is None or roles.instead is None:
        return np.stack([later, later])
    stand = {i: _with(i, other) for i, other in ((roles.receiver, roles.third), (roles.third, roles.receiver))}
    stand |= {i: action for i, action in study.hold.items() if i == roles.third}
    years = [
        payoffs[(who, *({**stand, roles.sender: action}[i] for i in range(3)))]
        for action in (roles.instead, roles.deed)
    ]
    return np.stack([(1 - weight) * now + weight * later for now in years])


def _with(player: int, other: int) -> int:
    """The action that accommodates one other player alone: the first of the others is the high bit."""
    return 2 if [i for i in range(3) if i != player].index(other) == 0 else 1


def opposes(action: Ints, player: int, other: int) -> NDArray[np.bool_]:
    """Whether actions of a player oppose another one."""
    return np.asarray((action & _with(player, other)) == 0)
