r"""All equilibria of a screening game of two types, for a whole batch of games at once, in closed form.

A **sender** of one of two types, the second with probability :math:`p`, answers an offer: it *refuses*, which ends the
game, it *pockets* the offer and goes on as before, or it *delivers* what was asked for. Pocketing is **seen** with
probability :math:`q`; otherwise it **looks** like delivery. The **receiver** then *continues* or *snaps back*, at two
information sets. This is a signalling game with noise; perfect Bayesian equilibria are meant
(:mod:`triangle.solvers.beliefs.supports`).

With :math:`X = (X_s, X_l)` the probabilities of continuing at the two sets, what a type expects of each answer is
affine in :math:`X`; with :math:`\sigma` the answers of the types, what the receiver gains by continuing is affine in
:math:`\sigma`. So for every choice of supports the types' indifference is a linear system in :math:`X` and the
receiver's in :math:`\sigma`, each with as many unknowns as the other has equations but for ties: none (pure
equilibria), one (one type mixes two answers and one set mixes: *bluffing*), or two. One tie is of the game's own
making: where nobody delivers, pocketing leads to both sets, and the receiver is indifferent at both at once. All are
solved and each solution is checked: no answer and no action gains, and at a set that is not reached **some** belief
must support what is done there, which is free where one type would be worth continuing with and the other not. In
bluffing by a type :math:`t` against one that accepts for sure the posterior is that at which the receiver is
indifferent, :math:`\mu^* = -g_t / (g_g - g_t)` with :math:`g` its gain by continuing with each type.

References
----------
Cho, I.-K. and Kreps, D. M. (1987). Signaling games and stable equilibria. *Quarterly Journal of Economics* 102(2),
179-221.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.normal_form import Bools, Floats
from triangle.games.tree import Branch, Chance, Leaf, Move, Tree

REFUSE, POCKET, DELIVER = range(3)
ANSWERS = ("refuse", "pocket", "deliver")
SEEN, LOOKS = range(2)
SNAP, CONTINUE = range(2)

#: Kinds of equilibrium by what an acceptance tells, in the order of their numbers; −1 stands for none.
KINDS = ("separating", "bluffing", "parting", "pooling on acceptance", "pooling on refusal")

#: The answers that each type may play.
Pair = tuple[tuple[int, ...], tuple[int, ...]]

#: Gains up to this share of the largest payoff of a player count as none.
SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class Screening:
    """A batch of screening games.

    Parameters
    ----------
    prior : array, shape (...samples)
        Probability of the second type.
    seen : array, shape (...samples)
        Probability that pocketing is seen.
    refused : array, shape (2 players, 2 types, ...samples)
        Payoffs of sender and receiver after a refusal, by type.
    pocketed, delivered : array, shape (2 players, 2 types, 2, ...samples)
        Payoffs after the other answers, if the receiver snaps back and if it continues.
    """

    prior: Floats
    seen: Floats
    refused: Floats
    pocketed: Floats
    delivered: Floats

    @classmethod
    def of(
        cls, prior: ArrayLike, seen: ArrayLike, refused: ArrayLike, pocketed: ArrayLike, delivered: ArrayLike
    ) -> Screening:
        """Games from arrays whose samples broadcast; raises ValueError where probabilities or payoffs are none."""
        p, q = (np.asarray(x, dtype=np.float64) for x in (prior, seen))
        parts = [np.asarray(x, dtype=np.float64) for x in (refused, pocketed, delivered)]
        if [x.shape[:k] for x, k in zip(parts, (2, 3, 3), strict=True)] != [(2, 2), (2, 2, 2), (2, 2, 2)]:
            raise ValueError(
                f"payoffs of shapes {[x.shape for x in parts]}: expected (2, 2, ...) and twice (2, 2, 2, ...)"
            )
        if not ((p >= 0) & (p <= 1)).all() or not ((q >= 0) & (q <= 1)).all():
            raise ValueError("prior and seen must be probabilities")
        if not all(np.isfinite(x).all() for x in parts):
            raise ValueError("some payoffs are not finite")
        samples = np.broadcast_shapes(p.shape, q.shape, *(x.shape[k:] for x, k in zip(parts, (2, 3, 3), strict=True)))
        wide = [np.broadcast_to(x, (*x.shape[:k], *samples)) for x, k in zip(parts, (2, 3, 3), strict=True)]
        return cls(np.broadcast_to(p, samples), np.broadcast_to(q, samples), *wide)

    def at(self, *index: int | slice) -> Screening:
        """One game, or some of those along the first sample axis."""
        return Screening(
            self.prior[index], self.seen[index],
            self.refused[(..., *index)] if not isinstance(index[0], slice) else self.refused[:, :, index[0]],
            *(x[(..., *index)] if not isinstance(index[0], slice) else x[:, :, :, index[0]]
              for x in (self.pocketed, self.delivered)),
        )  # fmt: skip

    def tree(self, sender: str = "sender", receiver: str = "receiver", types: tuple[str, str] = ("t", "g")) -> Tree:
        """One game as a tree, without types and signals of probability zero."""
        if self.prior.shape:
            raise ValueError(f"one game makes a tree, not a batch of shape {self.prior.shape}")
        names = ("snap back", "continue")

        def answered(at: str, payoffs: Floats) -> Move:
            return Move(receiver, at, {name: Leaf(*payoffs[:, k]) for k, name in enumerate(names)})

        def kind(t: int) -> Move:
            pocketed, delivered = self.pocketed[:, t], self.delivered[:, t]
            odds = {"seen": float(self.seen), "hidden": 1.0 - float(self.seen)}
            ways: dict[str, Branch] = {
                "seen": answered("seen pocketing", pocketed),
                "hidden": answered("looks delivered", pocketed),
            }
            ways = {name: way for name, way in ways.items() if odds[name] > 0}
            pocket: Branch = Chance({name: odds[name] for name in ways}, ways)
            deliver = answered("looks delivered", delivered)
            return Move(sender, types[t], {"refuse": Leaf(*self.refused[:, t]), "pocket": pocket, "deliver": deliver})

        odds = {types[0]: 1.0 - float(self.prior), types[1]: float(self.prior)}
        there = [t for t in (0, 1) if odds[types[t]] > 0]
        chances = {types[t]: odds[types[t]] for t in there}
        return Tree.of((sender, receiver), Chance(chances, {types[t]: kind(t) for t in there}))


@dataclass(frozen=True, eq=False)
class Candidates:
    """Solutions of one choice of supports, and in which games of the batch they are equilibria.

    Attributes
    ----------
    valid : array of bool, shape (...samples)
    answers : array, shape (2 types, 3 answers, ...samples)
        Probability of each answer of each type.
    goes_on : array, shape (2 sets, ...samples)
        Probability of continuing where pocketing is seen, and where delivery seems to be.
    """

    valid: Bools
    answers: Floats
    goes_on: Floats


def equilibria(games: Screening) -> Iterator[Candidates]:
    """All equilibria of a batch, choice of supports by choice; of ties the extreme ones.

    Examples
    --------
    The receiver wants to go on with the second type only. Three equilibria: in all the first type pockets; the second
    refuses, or delivers, or mixes so that the receiver is left indifferent. Shown is how likely each is to deliver:

    >>> games = Screening.of(0.3, 0.8, [[0, 0], [0, 0]], [[[1, 2], [-2, 0]], [[0, -3], [0, 1]]],
    ...                      [[[-1, 1], [-1, 2]], [[0, -2], [0, 4]]])
    >>> [found.answers[:, 2].round(3).tolist() for found in equilibria(games) if found.valid]
    [[0.0, 0.0], [0.0, 1.0], [0.0, 0.35]]
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        solver = _Solver(games)
        supports = [s for size in (1, 2, 3) for s in combinations(range(3), size)]
        for pair in product(supports, repeat=2):
            mixing = len(pair[0]) + len(pair[1]) - 2
            if mixing <= 2:
                yield from solver.solved(pair, mixing)


class _Solver:
    """The quantities that all choices of supports share."""

    def __init__(self, games: Screening):
        self.games = games
        p, q = games.prior, games.seen
        self.weight = np.stack([1 - p, p])
        own, other = games.pocketed, games.delivered
        # What a type expects of an answer: base + slope_s X_s + slope_l X_l.
        zero = np.zeros_like(games.refused[0])
        self.base = np.stack([games.refused[0], own[0, :, SNAP], other[0, :, SNAP]], axis=1)
        rise, gain = own[0, :, CONTINUE] - own[0, :, SNAP], other[0, :, CONTINUE] - other[0, :, SNAP]
        self.slope = np.stack(
            [np.stack([zero, q * rise, zero], axis=1), np.stack([zero, (1 - q) * rise, gain], axis=1)]
        )
        # A type of probability zero is nobody; whatever it answers is as good.
        there = self.weight > 0
        self.base, self.slope = np.where(there[:, None], self.base, 0.0), np.where(there[:, None], self.slope, 0.0)
        self.worth = {
            POCKET: own[1, :, CONTINUE] - own[1, :, SNAP],
            DELIVER: other[1, :, CONTINUE] - other[1, :, SNAP],
        }
        # What the receiver gains by continuing: the sum over types and answers of these times their probabilities.
        pocket, deliver = self.weight * self.worth[POCKET], self.weight * self.worth[DELIVER]
        self.gain = np.stack(
            [np.stack([zero, q * pocket, zero], axis=1), np.stack([zero, (1 - q) * pocket, deliver], axis=1)]
        )
        axes = tuple(range(self.base.ndim - p.ndim))
        self.small = SHARE * (np.abs(self.base).max(axis=axes) + np.abs(self.slope).sum(axis=(0, 1, 2)))
        self.little = SHARE * np.maximum(
            np.abs(self.worth[POCKET]).max(axis=0), np.abs(self.worth[DELIVER]).max(axis=0)
        )
        self.allowed = [self.may(SEEN), self.may(LOOKS)]

    def may(self, at: int) -> tuple[Floats, Floats]:
        """Least and greatest probability of continuing that some belief supports at a set that is not reached."""
        pocket, deliver = (np.where(self.weight > 0, self.worth[a], np.nan) for a in (POCKET, DELIVER))
        hidden = np.where(self.games.seen < 1, pocket, np.nan)
        nodes = pocket if at == SEEN else np.concatenate([deliver, hidden])
        low, high = np.nanmin(nodes, axis=0), np.nanmax(nodes, axis=0)
        return np.where(low > self.little, 1.0, 0.0), np.where(high < -self.little, 0.0, 1.0)

    def solved(self, pair: Pair, mixing: int) -> Iterator[Candidates]:
        """The candidates of one pair of supports."""
        pockets, delivers = (self.may_play(pair, answer) for answer in (POCKET, DELIVER))
        on = np.stack([pockets & (self.games.seen > 0), delivers | (pockets & (self.games.seen < 1))])
        if mixing == 0:
            for ends in product((0.0, 1.0), repeat=2):
                once = (on | (np.array(ends) == 0.0).reshape(2, *(1,) * self.games.prior.ndim)).all(axis=0)
                if once.any():
                    yield self.only(once, self.checked(pair, on, self.pure(pair), self.fixed(on, ends)))
        elif mixing == 1:
            for at, end in product((SEEN, LOOKS), (0.0, 1.0)):
                yield self.only(on[1 - at] | (end == 0.0), self.one(pair, on, at, end))
            if DELIVER not in (*pair[0], *pair[1]):
                yield self.along(pair, on)
        else:
            yield self.two(pair, on)

    def may_play(self, pair: Pair, answer: int) -> Bools:
        """Whether an answer is given by a type that there is."""
        return np.asarray((self.weight[0] > 0) & (answer in pair[0]) | (self.weight[1] > 0) & (answer in pair[1]))

    def only(self, where: Bools, found: Candidates) -> Candidates:
        """A candidate once, and not for every end at a set that is not reached."""
        return Candidates(found.valid & where, found.answers, found.goes_on)

    def pure(self, pair: Pair) -> Floats:
        answers = np.zeros((2, 3, *self.games.prior.shape))
        for t, support in enumerate(pair):
            answers[t, support[0]] = 1.0
        return answers

    def fixed(self, on: Bools, ends: tuple[float, ...]) -> Floats:
        """Probabilities of continuing: at the ends where a set is reached, open (not a number) where it is not."""
        return np.stack([np.where(on[k], end, np.nan) for k, end in enumerate(ends)])

    def one(self, pair: Pair, on: Bools, at: int, end: float) -> Candidates:
        """One type mixes two answers, the receiver mixes at one set."""
        t = 0 if len(pair[0]) == 2 else 1
        a, b = pair[t]
        other = 1 - at
        steady = self.base[t, a] - self.base[t, b]
        slopes = self.slope[:, t, a] - self.slope[:, t, b]
        goes_on = np.full((2, *steady.shape), np.nan)
        goes_on[other] = np.where(on[other], end, np.nan)
        goes_on[at] = -(steady + np.where(on[other], slopes[other] * end, 0.0)) / slopes[at]
        answers = self.pure(pair)
        answers[t, a] = 0.0
        rest = (self.gain[at] * answers).sum(axis=(0, 1))
        first, second = self.gain[at, t, a], self.gain[at, t, b]
        answers[t, a] = -(rest + second) / (first - second)
        answers[t, b] = 1.0 - answers[t, a]
        return self.checked(pair, on, answers, goes_on, mixed=(at,))

    def along(self, pair: Pair, on: Bools) -> Candidates:
        """One type mixes refusing and pocketing, nobody delivers: the receiver is indifferent at both sets at once.

        Then one equation binds two probabilities; of what the types' incentives leave of a line the middle is taken.
        """
        t = 0 if len(pair[0]) == 2 else 1
        kept = self.one(pair, on, SEEN, 0.0)
        steady = self.base[t, POCKET] - self.base[t, REFUSE]
        by_seen, by_looks = self.slope[:, t, POCKET]
        start, turn = -steady / by_seen, -by_looks / by_seen
        # Along the line the probability at the first set is start + turn * x, x being that at the second.
        slopes, room = [turn, -turn], [1.0 - start, start]
        for k in (0, 1):
            pocket, climb = self.base[k, POCKET] + self.slope[SEEN, k, POCKET] * start, self.slope[:, k, POCKET]
            rise = climb[SEEN] * turn + climb[LOOKS]
            has, grows = (pocket, rise) if pair[k] == (POCKET,) else (self.base[k, REFUSE], np.zeros_like(rise))
            for own, more in (
                (self.base[k, DELIVER], self.slope[LOOKS, k, DELIVER]),
                (pocket, rise),
                (self.base[k, REFUSE], 0.0),
            ):
                slopes.append(more - grows)
                room.append(has - own + (0.1 * self.small))
        low, high = self.cut(np.zeros_like(start), np.ones_like(start), np.stack(slopes), np.stack(room))
        looks = (low + high) / 2
        found = self.checked(pair, on, kept.answers, np.stack([start + turn * looks, looks]), mixed=(SEEN, LOOKS))
        return Candidates(found.valid & (low <= high), found.answers, found.goes_on)

    def two(self, pair: Pair, on: Bools) -> Candidates:
        """Two answers more than types are played, and the receiver mixes at both sets."""
        rows = [(t, support[0], b) for t, support in enumerate(pair) for b in support[1:]]
        steady = np.stack([self.base[t, a] - self.base[t, b] for t, a, b in rows])
        slopes = np.stack([self.slope[:, t, a] - self.slope[:, t, b] for t, a, b in rows])
        goes_on = _cramer(slopes, -steady)
        answers = self.pure(pair)
        rest = (self.gain * answers).sum(axis=(1, 2))
        moved = np.stack([self.gain[:, t, b] - self.gain[:, t, a] for t, a, b in rows], axis=1)
        shares = _cramer(moved, -rest)
        for (t, a, b), share in zip(rows, shares, strict=True):
            answers[t, b] = share
            answers[t, a] = answers[t, a] - share
        return self.checked(pair, on, answers, goes_on, mixed=(SEEN, LOOKS))

    def checked(
        self, pair: Pair, on: Bools, answers: Floats, goes_on: Floats, mixed: tuple[int, ...] = ()
    ) -> Candidates:
        """Which of the solutions are equilibria; sets that are not reached get an answer that keeps everybody."""
        valid = ((answers >= 0) & (answers <= 1)).all(axis=(0, 1))
        for t, a in ((t, a) for t, support in enumerate(pair) for a in support):
            valid &= answers[t, a] > 0
        for at in mixed:
            valid &= on[at] & (goes_on[at] > 0) & (goes_on[at] < 1)
        known = np.where(np.isnan(goes_on), 0.0, goes_on)
        if not valid.any():
            return Candidates(valid, answers, np.clip(known, 0.0, 1.0))
        values = self.values(known)
        best = np.stack([values[t, list(support)].max(axis=0) for t, support in enumerate(pair)])
        least = np.stack([values[t, list(support)].min(axis=0) for t, support in enumerate(pair)])
        valid &= (best - least <= self.small).all(axis=0)
        if not valid.any():
            return Candidates(valid, answers, np.clip(known, 0.0, 1.0))
        if not on.all():
            known = self.completed(on, known, best)
            values = self.values(known)
        valid &= (values <= best[:, None] + self.small).all(axis=(0, 1))
        gains = (self.gain * answers[None]).sum(axis=(1, 2))
        for at in (SEEN, LOOKS):
            right = ((known[at] <= 0) | (gains[at] >= -self.little)) & ((known[at] >= 1) | (gains[at] <= self.little))
            low, high = self.allowed[at]
            valid &= np.where(on[at], right, (known[at] >= low - SHARE) & (known[at] <= high + SHARE))
        valid &= np.isfinite(answers).all(axis=(0, 1)) & np.isfinite(known).all(axis=0)
        return Candidates(valid, answers, np.clip(known, 0.0, 1.0))

    def values(self, goes_on: Floats) -> Floats:
        """What each type expects of each answer, shape (types, answers, ...samples)."""
        return np.asarray(self.base + self.slope[SEEN] * goes_on[SEEN] + self.slope[LOOKS] * goes_on[LOOKS])

    def completed(self, on: Bools, known: Floats, best: Floats) -> Floats:
        """Answers at sets that are not reached that keep both types where they are, if there are any."""
        result = known.copy()
        # The set that looks like delivery first: its own constraint is that of delivering; pocketing asks of both.
        tries = self.tries(on, known, best)
        worst = np.full(known.shape[1:], np.inf)
        for looks in tries:
            seen, slack = self.seen_for(on, looks, known, best)
            excess = np.maximum(slack, self.excess(DELIVER, looks, seen, best))
            better = excess < worst
            result[SEEN] = np.where(better & ~on[SEEN], seen, result[SEEN])
            result[LOOKS] = np.where(better & ~on[LOOKS], looks, result[LOOKS])
            worst = np.where(better, excess, worst)
        return result

    def excess(self, answer: int, looks: Floats, seen: Floats, best: Floats) -> Floats:
        """By how much an answer beats what the types have, at the most."""
        here = self.base[:, answer] + self.slope[SEEN, :, answer] * seen + self.slope[LOOKS, :, answer] * looks
        return np.asarray((here - best).max(axis=0))

    def tries(self, on: Bools, known: Floats, best: Floats) -> list[Floats]:
        """Probabilities of continuing at the second set at which the room left at the first may be widest."""
        low, high = self.allowed[LOOKS]
        low, high = self.cut(low, high, self.slope[LOOKS, :, DELIVER], best - self.base[:, DELIVER])
        steady, by_looks, by_seen = (
            best - self.base[:, POCKET],
            self.slope[LOOKS, :, POCKET],
            self.slope[SEEN, :, POCKET],
        )
        found = [low, high]
        cross = by_looks[0] * by_seen[1] - by_looks[1] * by_seen[0]
        found.append((steady[0] * by_seen[1] - steady[1] * by_seen[0]) / cross)
        found += [(steady[t] - by_seen[t] * end) / by_looks[t] for t in (0, 1) for end in self.allowed[SEEN]]
        inside = [np.clip(np.where(np.isfinite(x), x, low), low, np.maximum(low, high)) for x in found]
        return [np.where(on[LOOKS], known[LOOKS], x) for x in inside]

    def seen_for(self, on: Bools, looks: Floats, known: Floats, best: Floats) -> tuple[Floats, Floats]:
        """Where pocketing is seen: a probability of continuing that lets no type gain by it, and the gain left."""
        low, high = self.allowed[SEEN]
        room = best - self.base[:, POCKET] - self.slope[LOOKS, :, POCKET] * looks
        low, high = self.cut(low, high, self.slope[SEEN, :, POCKET], room)
        seen = np.where(on[SEEN], known[SEEN], np.clip((low + high) / 2, *self.allowed[SEEN]))
        return seen, self.excess(POCKET, looks, seen, best)

    def cut(self, low: Floats, high: Floats, slopes: Floats, room: Floats) -> tuple[Floats, Floats]:
        """An interval cut by slope · x ≤ room for both types."""
        for slope, left in zip(slopes, room, strict=True):
            limit = np.where(slope == 0, 0.0, left / np.where(slope == 0, 1.0, slope))
            high = np.where(slope > 0, np.minimum(high, limit), high)
            low = np.where(slope < 0, np.maximum(low, limit), low)
            high = np.where((slope == 0) & (left < 0), -np.inf, high)
        return low, high


def _cramer(matrix: Floats, right: Floats) -> Floats:
    """Solutions of systems of two equations, shape (2, 2, ...samples) and (2, ...samples)."""
    (a, b), (c, d) = matrix
    e, f = right
    determinant = a * d - b * c
    return np.stack([(e * d - b * f) / determinant, (a * f - e * c) / determinant])


def posteriors(games: Screening, found: Candidates) -> Floats:
    """Probability of the second type after pocketing is seen and after delivery seems to be; not a number if never."""
    p, q = games.prior, games.seen
    pocket, deliver = found.answers[:, POCKET], found.answers[:, DELIVER]
    weight = np.stack([1 - p, p])
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = [weight * q * pocket, weight * ((1 - q) * pocket + deliver)]
        return np.stack([share[1] / share.sum(axis=0) for share in shares])


def kinds(games: Screening, found: Candidates) -> np.ndarray:
    """What an acceptance tells: the number of the kind in :data:`KINDS`, shape (...samples).

    Separating: one type accepts and the other refuses, for sure; bluffing: some type mixes; parting: both accept and do
    different things; pooling: both do the same. A type of probability zero counts as doing what the other does.
    """
    weight = np.stack([1 - games.prior, games.prior])
    answers = np.where(weight[:, None] > 0, found.answers, found.answers[::-1])
    mixes = (answers.max(axis=1) < 1 - 1e-9).any(axis=0)
    first, second = answers.argmax(axis=1)
    pooled = np.where(first == REFUSE, 4, 3)
    differ = np.where((first == REFUSE) | (second == REFUSE), 0, 2)
    return np.asarray(np.where(mixes, 1, np.where(first == second, pooled, differ)))


def expected(games: Screening, found: Candidates) -> Floats:
    """Expected payoffs of each type of the sender, and of the receiver, shape (3, ...samples)."""
    p, q, goes_on = games.prior, games.seen, found.goes_on

    def over(payoffs: Floats, at: int) -> Floats:
        return np.asarray(payoffs[:, :, SNAP] * (1 - goes_on[at]) + payoffs[:, :, CONTINUE] * goes_on[at])

    pocket = q * over(games.pocketed, SEEN) + (1 - q) * over(games.pocketed, LOOKS)
    by_answer = np.stack([games.refused, pocket, over(games.delivered, LOOKS)], axis=2)
    own = (by_answer * found.answers[None]).sum(axis=2)
    return np.stack([own[0, 0], own[0, 1], (1 - p) * own[1, 0] + p * own[1, 1]])


def beliefs(games: Screening, found: Candidates) -> tuple[Floats, Floats]:
    """A belief at each set that follows from the answers or, where none leads there, supports what is done.

    Returns
    -------
    seen : array, shape (2 types, ...samples)
    looks : array, shape (2 answers, 2 types, ...samples)
        Delivery first, then pocketing that was not seen.
    """
    weight = np.stack([1 - games.prior, games.prior])
    pocket = games.pocketed[1, :, CONTINUE] - games.pocketed[1, :, SNAP]
    deliver = games.delivered[1, :, CONTINUE] - games.delivered[1, :, SNAP]
    pocket, deliver = (np.where(weight > 0, gain, np.nan) for gain in (pocket, deliver))
    seen = _supported(weight * games.seen * found.answers[:, POCKET], pocket, found.goes_on[SEEN])
    hidden = np.broadcast_to(games.seen < 1, pocket.shape)
    both = np.concatenate([deliver, np.where(hidden, pocket, np.nan)])
    way = np.concatenate([weight * found.answers[:, DELIVER], weight * (1 - games.seen) * found.answers[:, POCKET]])
    looks = _supported(way, both, found.goes_on[LOOKS])
    return seen, looks.reshape(2, 2, *looks.shape[1:])


def _supported(ways: Floats, gains: Floats, goes_on: Floats) -> Floats:
    """Shares of the ways that lead to a set; where none does, the nodes that make what is done best.

    Parameters
    ----------
    ways, gains : arrays, shape (nodes, ...samples)
        Probability of each node, and what continuing gains there; not a number where chance never leads there.
    """
    total = ways.sum(axis=0)
    nodes = np.arange(len(gains)).reshape(-1, *(1,) * total.ndim)
    top, low = (nodes == choose(gains, axis=0)[None] for choose in (np.nanargmax, np.nanargmin))
    high, least = np.nanmax(gains, axis=0), np.nanmin(gains, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        even = np.clip(np.where(high > least, -least / (high - least), 0.5), 0.0, 1.0)
        share = np.where(goes_on >= 1, 1.0, np.where(goes_on <= 0, 0.0, even))
        return np.where(total > 0, ways / total, share * top + (1 - share) * low)
