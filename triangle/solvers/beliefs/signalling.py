r"""All equilibria of a signalling game of two types and two messages, for whole batches at once, in closed form.

A **sender** of one of two types, the second with probability :math:`p`, stays silent or sends a message, which may cost
it something; the **receiver** sees which, and replies with one of :math:`n` actions (Spence 1973; Cho and Kreps 1987).
Perfect Bayesian equilibria are meant, as in :mod:`triangle.solvers.beliefs.supports`.

A reply is supported by an interval of beliefs, two replies at once by one belief. So for every choice of supports

* where the types part, or do the same, beliefs are given and replies follow;
* where one type mixes, the receiver must mix two replies where both types may be, so that the mixing type is
  indifferent, and Bayes' rule at the belief that supports both gives how often it mixes;
* where both mix, the receiver mixes after both messages; two indifferences give its odds, two beliefs the types' odds.

At a message that nobody sends some supported reply, or mixture of two, must keep both types where they are. Ties apart
these are all; of ties the extreme ones are given.

References
----------
Spence, M. (1973). Job market signaling. *Quarterly Journal of Economics* 87(3), 355-374.
Cho, I.-K. and Kreps, D. M. (1987). Signaling games and stable equilibria. *Quarterly Journal of Economics* 102(2),
179-221.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.normal_form import Bools, Floats
from triangle.games.tree import Chance, Leaf, Move, Tree

SILENT, SENT = range(2)

#: Kinds of equilibrium by what the message tells, in the order of their numbers; −1 stands for none.
KINDS = ("separating", "reversed", "bluffing", "pooling on the message", "pooling on silence")

#: Gains up to this share of the largest payoff of a player count as none.
SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class Signalling:
    """A batch of signalling games.

    Parameters
    ----------
    prior : array, shape (...samples)
        Probability of the second type, above 0 and below 1.
    sender, receiver : array, shape (2 types, 2 messages, n replies, ...samples)
        Payoffs by type, message and reply.
    """

    prior: Floats
    sender: Floats
    receiver: Floats

    @classmethod
    def of(cls, prior: ArrayLike, sender: ArrayLike, receiver: ArrayLike) -> Signalling:
        """A batch from parts that broadcast over their samples.

        Raises
        ------
        ValueError
            If a prior is not a probability above 0 and below 1, or a payoff is not finite.
        """
        p, u, v = (np.asarray(x, dtype=np.float64) for x in (prior, sender, receiver))
        samples = np.broadcast_shapes(p.shape, u.shape[3:], v.shape[3:])
        if not ((p > 0) & (p < 1)).all():
            raise ValueError("priors must be above 0 and below 1; a type that is not there sends nothing")
        if not (np.isfinite(u).all() and np.isfinite(v).all()):
            raise ValueError("some payoffs are not finite")
        u, v = (np.broadcast_to(_lifted(x, len(samples)), (*x.shape[:3], *samples)) for x in (u, v))
        return cls(np.broadcast_to(p, samples), u, v)

    @property
    def replies(self) -> int:
        """Number of replies."""
        return int(self.sender.shape[2])

    def at(self, place: int | tuple[int, ...]) -> Signalling:
        """One game of a batch."""
        index = place if isinstance(place, tuple) else (place,)
        return Signalling(self.prior[index], self.sender[(..., *index)], self.receiver[(..., *index)])

    def tree(
        self,
        players: tuple[str, str] = ("sender", "receiver"),
        types: tuple[str, str] = ("first", "second"),
        messages: tuple[str, str] = ("silent", "sent"),
        replies: Sequence[str] | None = None,
    ) -> Tree:
        """One game as a tree."""
        if self.prior.shape:
            raise ValueError(f"one game makes a tree, not a batch of shape {self.prior.shape}")
        names = replies or [str(a + 1) for a in range(self.replies)]

        def seen(t: int, m: int) -> Move:
            ends = zip(names, self.sender[t, m], self.receiver[t, m], strict=True)
            return Move(players[1], f"after {messages[m]}", {name: Leaf(u, v) for name, u, v in ends})

        kinds = {types[t]: Move(players[0], types[t], {messages[m]: seen(t, m) for m in (0, 1)}) for t in (0, 1)}
        return Tree.of(players, Chance({types[0]: 1.0 - float(self.prior), types[1]: float(self.prior)}, kinds))


def _lifted(x: Floats, samples: int) -> Floats:
    """Axes of samples added behind those that are there already."""
    return x.reshape(*x.shape[:3], *(1,) * (samples - x.ndim + 3), *x.shape[3:])


@dataclass(frozen=True, eq=False)
class Sent:
    """Solutions of one choice of supports, and in which games of the batch they are equilibria.

    Attributes
    ----------
    valid : array of bool, shape (...samples)
    sends : array, shape (2 types, ...samples)
        Probability that each type sends the message.
    replies : array, shape (2 messages, n replies, ...samples)
        Probability of each reply after silence and after the message.
    """

    valid: Bools
    sends: Floats
    replies: Floats


def equilibria(games: Signalling) -> Iterator[Sent]:
    """All equilibria of a batch, choice of supports by choice.

    Examples
    --------
    Education that costs the able 1 and the others 3, and is paid by 2 where ability is believed (Spence 1973):

    >>> paid = np.array([1.0, 3.0])
    >>> cost = np.array([3.0, 1.0])
    >>> sender = paid[None, None] - cost[:, None, None] * np.array([0.0, 1.0])[None, :, None]
    >>> receiver = -((np.array([1.0, 3.0])[:, None, None] - paid) ** 2) * np.ones((2, 2, 1))
    >>> games = Signalling.of(0.4, sender, receiver)
    >>> [(KINDS[int(kinds(found))], found.sends.tolist()) for found in equilibria(games) if found.valid]
    [('pooling on silence', [0.0, 0.0]), ('separating', [0.0, 1.0])]
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        solver = _Solver(games)
        singles = [(a,) for a in range(games.replies)]
        for message, reply in product((SILENT, SENT), singles):
            yield solver.pooled(message, reply)
        for message, first, second in product((SENT, SILENT), singles, singles):
            yield solver.apart(message, first, second)
        for t, message, reply, pair in product((0, 1), (SILENT, SENT), singles, solver.pairs):
            yield solver.one_mixes(t, message, reply, pair)
        for silent, sent in product(solver.pairs, repeat=2):
            yield solver.both_mix(silent, sent)


Support = tuple[int, ...]


class _Solver:
    """The quantities that all choices of supports share."""

    def __init__(self, games: Signalling):
        self.games = games
        self.pairs: list[Support] = list(combinations(range(games.replies), 2))
        self.small = SHARE * np.abs(games.sender).max(axis=(0, 1, 2))
        self.little = SHARE * np.abs(games.receiver).max(axis=(0, 1, 2))
        singles: list[Support] = [(a,) for a in range(games.replies)]
        self.beliefs = {(m, s): self.supporting(m, s) for m in (SILENT, SENT) for s in (*singles, *self.pairs)}

    def supporting(self, message: int, support: Support) -> tuple[Floats, Floats]:
        """Least and greatest belief in the second type at which these replies are best; least above greatest if none.

        A reply is as good as another at belief x where d₁ + x (d₂ − d₁) ≥ 0, d being what it is worth more by type.
        """
        worth = self.games.receiver[:, message]
        ahead = [worth[:, a] - worth[:, b] for a in support for b in range(self.games.replies) if b != a]
        zero = np.zeros_like(self.games.prior)
        return _cut(zero, zero + 1.0, [d[0] - d[1] for d in ahead], [d[0] + self.little for d in ahead])

    def held(self, message: int, support: Support) -> tuple[Bools, Floats]:
        """Whether some belief supports these replies, and the one in the middle of those that do."""
        low, high = self.beliefs[message, support]
        return low <= high, (low + high) / 2

    def right(self, message: int, support: Support, belief: Floats | float) -> Bools:
        """Whether these replies are best at a belief."""
        low, high = self.beliefs[message, support]
        return np.asarray((low <= belief) & (belief <= high))

    def played(self, support: Support, first: ArrayLike = 1.0) -> Floats:
        """Probabilities of the replies: of one, or of two of which the first has this."""
        mixed = np.zeros((self.games.replies, *self.games.prior.shape))
        for a, odds in zip(support, (first, 1.0 - np.asarray(first)), strict=False):
            mixed[a] = odds
        return mixed

    def worth(self, t: int, message: int, replies: Floats) -> Floats:
        """What a type expects of a message."""
        return np.asarray((self.games.sender[t, message] * replies).sum(axis=0))

    def pooled(self, message: int, reply: Support) -> Sent:
        """Both types do the same; of the replies to what nobody does the first that keeps both there."""
        on = self.played(reply)
        has = [self.worth(t, message, on) for t in (0, 1)]
        valid, off = np.zeros(self.games.prior.shape, dtype=bool), on.copy()
        for support in [one for m, one in self.beliefs if m == 1 - message]:
            kept, mixed = self.keeping(1 - message, support, has)
            off = np.where(kept & ~valid, mixed, off)
            valid = valid | kept
        valid = valid & self.right(message, reply, self.games.prior)
        sends = np.full((2, *valid.shape), float(message))
        return Sent(valid, sends, np.stack([off, on] if message else [on, off]))

    def keeping(self, message: int, support: Support, has: list[Floats]) -> tuple[Bools, Floats]:
        """Whether a mixture of supported replies gives no type more than it has, and one that does not."""
        supported, _ = self.held(message, support)
        first, last = (self.games.sender[:, message, support[k]] for k in (0, -1))
        zero = np.zeros_like(self.games.prior)
        low, high = _cut(
            zero, zero + 1.0, list(first - last), [own - u + self.small for own, u in zip(has, last, strict=True)]
        )
        mixed = self.played(support, np.clip((low + high) / 2, 0.0, 1.0) if len(support) > 1 else 1.0)
        return supported & (low <= high), mixed

    def apart(self, message: int, first: Support, second: Support) -> Sent:
        """The second type takes a message for sure and the first the other, and is known."""
        replies = [self.played(first), self.played(second)]
        by_message = [replies[1], replies[0]] if message == SILENT else replies
        valid = self.right(1 - message, first, 0.0) & self.right(message, second, 1.0)
        sends = np.stack([np.full(valid.shape, float(1 - message)), np.full(valid.shape, float(message))])
        for t, own in ((0, 1 - message), (1, message)):
            mine, other = self.worth(t, own, by_message[own]), self.worth(t, 1 - own, by_message[1 - own])
            valid = valid & (mine >= other - self.small)
        return Sent(valid, sends, np.stack(by_message))

    def one_mixes(self, t: int, message: int, reply: Support, pair: Support) -> Sent:
        """One type mixes, the other takes a message for sure, after which the receiver mixes two replies."""
        p, other = self.games.prior, 1 - t
        alone = self.played(reply)
        target = self.worth(t, 1 - message, alone)
        a, b = (self.games.sender[t, message, k] for k in pair)
        odds = (target - b) / (a - b)
        mixed = self.played(pair, odds)
        supported, belief = self.held(message, pair)
        of_other, of_mixer = (1 - p, p) if other == 0 else (p, 1 - p)
        towards = 1 - belief if other == 0 else belief
        share = of_other * (1 - towards) / (of_mixer * towards)
        valid = supported & self.right(1 - message, reply, float(t)) & (odds > 0) & (odds < 1)
        valid = valid & (share > 0) & (share < 1)
        valid = valid & (self.worth(other, message, mixed) >= self.worth(other, 1 - message, alone) - self.small)
        sends = np.empty((2, *p.shape))
        sends[t], sends[other] = (share if message == SENT else 1 - share), float(message)
        return Sent(valid, sends, np.stack([alone, mixed] if message else [mixed, alone]))

    def both_mix(self, silent: Support, sent: Support) -> Sent:
        """Both types mix, and the receiver after both messages."""
        p, u = self.games.prior, self.games.sender
        (a, b), (c, d) = silent, sent
        # x and y are the odds of the first of two replies after silence and after the message.
        rise, fall = u[:, SILENT, a] - u[:, SILENT, b], u[:, SENT, c] - u[:, SENT, d]
        steady = u[:, SENT, d] - u[:, SILENT, b]
        determinant = rise[1] * fall[0] - rise[0] * fall[1]
        x = (steady[1] * fall[0] - steady[0] * fall[1]) / determinant
        y = (rise[0] * steady[1] - rise[1] * steady[0]) / determinant
        (low, before), (high, after) = self.held(SILENT, silent), self.held(SENT, sent)
        total = (p - before) / (after - before)
        sends = np.stack([total * (1 - after) / (1 - p), total * after / p])
        valid = low & high & (x > 0) & (x < 1) & (y > 0) & (y < 1) & ((sends > 0) & (sends < 1)).all(axis=0)
        return Sent(valid, sends, np.stack([self.played(silent, x), self.played(sent, y)]))


def _cut(low: Floats, high: Floats, slopes: Sequence[Floats], room: Sequence[Floats]) -> tuple[Floats, Floats]:
    """An interval cut by slope · x ≤ room."""
    for slope, left in zip(slopes, room, strict=True):
        limit = left / np.where(slope == 0, 1.0, slope)
        high = np.where(slope > 0, np.minimum(high, limit), high)
        low = np.where(slope < 0, np.maximum(low, limit), low)
        high = np.where((slope == 0) & (left < 0), -np.inf, high)
    return low, high


def posteriors(games: Signalling, found: Sent) -> Floats:
    """Probability of the second type after silence and after the message; not a number where nobody leads there."""
    p = games.prior
    with np.errstate(invalid="ignore", divide="ignore"):
        ways = [np.stack([(1 - p) * own[0], p * own[1]]) for own in (1 - found.sends, found.sends)]
        return np.stack([way[1] / way.sum(axis=0) for way in ways])


def beliefs(games: Signalling, found: Sent) -> Floats:
    """The same; where nobody leads the middle of the beliefs that support the reply."""
    after = posteriors(games, found)
    with np.errstate(divide="ignore", invalid="ignore"):
        solver = _Solver(games)
        for message, (_, support) in product((SILENT, SENT), solver.beliefs):
            played = np.array([a in support for a in range(games.replies)]).reshape(-1, *(1,) * games.prior.ndim)
            here = ((found.replies[message] > 0) == played).all(axis=0) & np.isnan(after[message])
            after[message] = np.where(here, solver.held(message, support)[1], after[message])
    return after


def kinds(found: Sent) -> np.ndarray:
    """What the message tells: the number of the kind in :data:`KINDS`, shape (...samples).

    Separating: the second type alone sends it; reversed: the first alone; bluffing: some type mixes.
    """
    first, second = found.sends > 0.5
    mixes = ((found.sends > 1e-9) & (found.sends < 1 - 1e-9)).any(axis=0)
    pooled = np.where(first, 3, 4)
    return np.asarray(np.where(mixes, 2, np.where(first == second, pooled, np.where(second, 0, 1))))


def expected(games: Signalling, found: Sent) -> Floats:
    """Expected payoffs of each type of the sender, and of the receiver, shape (3, ...samples)."""
    own = np.stack([1 - found.sends, found.sends], axis=1)
    with np.errstate(invalid="ignore"):
        by_type = [
            (payoffs * found.replies[None] * own[:, :, None]).sum(axis=(1, 2))
            for payoffs in (games.sender, games.receiver)
        ]
    p = games.prior
    return np.stack([*by_type[0], (1 - p) * by_type[1][0] + p * by_type[1][1]])


def least_belief(receiver: Floats) -> Floats:
    """The least belief in the second type at which the receiver replies as it does to a second type that is known.

    Parameters
    ----------
    receiver : array, shape (2 types, n replies, ...samples)
        What each reply is worth to the receiver by type.

    Returns
    -------
    array, shape (...samples)
        0 where it replies so whatever it believes.
    """
    best = receiver[1].argmax(axis=0)[None, None]
    ahead = np.take_along_axis(receiver, best, axis=1) - receiver
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(ahead[0] < 0, -ahead[0] / (ahead[1] - ahead[0]), 0.0)
    return np.asarray(needed.max(axis=0))
