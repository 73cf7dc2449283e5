r"""Agreements: joint changes of two players that both gain by and both would keep; any number of players and actions.

Nash equilibrium counts profiles that nobody leaves *alone*. Where it takes two to change anything, as with a link by
consent (Jackson and Wolinsky 1996), two who oppose each other never do. So beside each equilibrium stand its
**agreements**: from profile :math:`a`, players :math:`i, j` and actions :math:`b_i \ne a_i`, :math:`b_j \ne a_j` with

* both gain: :math:`u_i(b_i, b_j, a_{-ij}) > u_i(a)`, and the same for j,
* both would keep it: :math:`(b_i, b_j)` is an equilibrium of the game of the two with all others at :math:`a`.

The **trust** that an agreement needs is the least probability of the other's keeping it at which a player joins, the
larger of the two. With :math:`G_1` and :math:`G_0` the gain of i by playing :math:`b_i` in place of :math:`a_i` when j
plays :math:`b_j` and :math:`a_j`,

.. math:: p_i = \frac{-G_0}{G_1 - G_0} \quad (G_0 < 0), \qquad p_i = 0 \quad (G_0 \ge 0)

a pure number: payoffs of two players are never compared. It is the p of p-dominance (Morris, Rob and Shin 1995) in the
game of the two; an agreement that needs less than ½ of both is the one that risk dominance selects (Harsanyi and
Selten 1988), and what it means between powers is the subject of Kydd (2005).

A player joins at trust t where :math:`t G_1 + (1 - t) G_0 \ge 0`, so that what an agreement takes is said in payoffs:
each of the two gains, loses by no other action there, and joins. The least of these six numbers is how far the two are
drawn to it; none is where it is negative.

An equilibrium is **agreement-proof** at trust t when no agreement from it needs at most t. At t = 1 every agreement
counts: coalition-proofness (Bernheim, Peleg and Whinston 1987) for coalitions of one and two. Agreements of three and
more are left out.

References
----------
Bernheim, B. D., Peleg, B. and Whinston, M. D. (1987). Coalition-proof Nash equilibria I. Concepts. *Journal of Economic
Theory* 42(1), 1-12.
Harsanyi, J. C. and Selten, R. (1988). *A General Theory of Equilibrium Selection in Games*. MIT Press.
Jackson, M. O. and Wolinsky, A. (1996). A strategic model of social and economic networks. *Journal of Economic Theory*
71(1), 44-74.
Kydd, A. H. (2005). *Trust and Mistrust in International Relations*. Princeton University Press.
Morris, S., Rob, R. and Shin, H. S. (1995). p-Dominance and belief potential. *Econometrica* 63(1), 145-157.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.bitboards import Masks, Sets, pack, unpack
from triangle.games.normal_form import Bools, Floats, NormalFormGame, allowed, is_nash

#: Trust up to which an agreement counts unless something else is asked: that of risk dominance.
TRUST = 0.5

#: By how much rounding may move a trust.
_ROUNDING = 1e-12

Integers = NDArray[np.intp]


@dataclass(frozen=True)
class Agreement:
    """A joint change of two players that both gain by and both would keep.

    Attributes
    ----------
    players : (int, int)
    profile : tuple of int
        Where it leads.
    gains : (float, float)
        What each of the two gains by it, in units of payoff.
    trusts : (float, float)
        The least probability of the other's keeping it at which each of the two joins.
    """

    players: tuple[int, int]
    profile: tuple[int, ...]
    gains: tuple[float, float]
    trusts: tuple[float, float]

    @property
    def trust(self) -> float:
        """The trust that it needs: the larger of the two."""
        return max(self.trusts)

    def needs_more_than(self, trust: float) -> bool:
        """Whether it needs more trust than there is; rounding alone makes no difference."""
        return self.trust > trust + _ROUNDING


def agreements(
    game: NormalFormGame, profile: Sequence[int], tolerance: ArrayLike | None = None
) -> tuple[Agreement, ...]:
    """The agreements from a profile of one game, those that need least trust first.

    Parameters
    ----------
    game : NormalFormGame
        One game of any number of players; a player with a single action joins none.
    profile : sequence of int
        Where the players stand, whether or not it is an equilibrium.
    tolerance : float or array, shape (n,), optional
        Largest gain that counts as none, in units of payoff: see :func:`~triangle.games.normal_form.allowed`.

    Examples
    --------
    In a stag hunt two who chase hares would both gain by hunting the stag, if they trusted each other enough.

    >>> stag_hunt = NormalFormGame([[[4, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> [(found.profile, found.gains, found.trust) for found in agreements(stag_hunt, (1, 1))]
    [((0, 0), (1.0, 1.0), 0.75)]
    """
    if game.samples:
        raise ValueError(f"one game is looked at at a time, not a batch of shape {game.samples}")
    here = tuple(int(action) for action in profile)
    most = allowed(game.payoffs, tolerance).reshape(game.n_players, 1)
    found = []
    for i, j in itertools.combinations(range(game.n_players), 2):
        index = tuple(slice(None) if player in (i, j) else action for player, action in enumerate(here))
        block = np.stack([game.payoffs[(i, *index)], game.payoffs[(j, *index)]])[:, None]
        change = _JointChange(block, np.array([here[i]]), np.array([here[j]]), most[[i, j]])
        for _, b, c in np.argwhere(change.agreed):
            to = tuple(int({i: b, j: c}.get(player, action)) for player, action in enumerate(here))
            gains, trusts = ([float(part[0, b, c]) for part in both] for both in (change.gains, change.trusts))
            found.append(Agreement((i, j), to, (gains[0], gains[1]), (trusts[0], trusts[1])))
    return tuple(sorted(found, key=lambda agreement: (agreement.trust, agreement.profile)))


def agreement_proof(payoffs: Floats, trust: float = TRUST, tolerance: ArrayLike | None = None) -> Bools:
    """Whether each profile is a pure equilibrium that no agreement breaks; for a batch, any number of players.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    trust : float
        Agreements that need more do not count; 1: all count.
    tolerance : float or array, optional
        Largest gain that counts as none, in units of payoff: see :func:`~triangle.games.normal_form.allowed`.

    Returns
    -------
    array of bool, shape (|A_1|, ..., |A_n|, ...samples)

    Examples
    --------
    >>> stag_hunt = np.array([[[4.0, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> agreement_proof(stag_hunt).tolist(), agreement_proof(stag_hunt, trust=1).tolist()
    ([[True, False], [False, True]], [[True, False], [False, False]])
    """
    _check(trust)
    proof = is_nash(payoffs, tolerance)
    n = payoffs.shape[0]
    flat = proof.reshape(prod(payoffs.shape[1 : 1 + n]), prod(payoffs.shape[1 + n :]))
    _drop_broken(flat, payoffs, trust, tolerance, ())
    return proof


def agreement_proof_masks(
    payoffs: Floats,
    masks: Masks,
    trust: float = TRUST,
    tolerance: ArrayLike | None = None,
    held: Collection[int] = (),
) -> Masks:
    """The agreement-proof ones of given equilibria, as sets, for a batch of games.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    masks : array of uint64, shape (...samples), or (words, ...samples) of more than 64 profiles
        The equilibria of each game, bit by profile, as of :func:`~triangle.games.bitboards.equilibrium_masks`.
    held : collection of int
        Players that join no agreement.

    Returns
    -------
    array of uint64 of the same shape, each a subset of the set given.
    """
    _check(trust)
    size = prod(payoffs.shape[1 : 1 + payoffs.shape[0]])
    stable = unpack(masks.reshape((*Sets(size).lead, -1)), (size,))
    _drop_broken(stable, payoffs, trust, tolerance, held)
    return pack(stable).reshape(masks.shape)


def agreement_proof_masks_within(
    payoffs: NDArray[Any], masks: Masks, slack: Sequence[float], trust: float = TRUST, held: Collection[int] = ()
) -> tuple[Masks, Bools]:
    """The same of payoffs that are known roughly, and the games in which they do not decide it.

    Parameters
    ----------
    slack : sequence of float
        For each player by how much any difference of two of its payoffs may be off, the tolerance included.

    Returns
    -------
    array of uint64 of the shape of the masks, and of bool, one for each game: in all others the set is the right one
    """
    _check(trust)
    n = payoffs.shape[0]
    actions = payoffs.shape[1 : 1 + n]
    stable = unpack(masks, (prod(actions),))
    flat, length = payoffs.reshape(n, *stable.shape), stable.shape[1]
    joining = [player for player in range(n) if player not in held and actions[player] > 1]
    answers = {player: _best_replies(flat[player], actions, player, slack[player]) for player in joining}
    alone = {player: _alone(answers[player], actions, player) for player in joining}
    standing, games = np.divmod(np.flatnonzero(stable), max(length, 1))
    possible = np.zeros_like(stable)
    for i, j in itertools.combinations(joining, 2):
        changes = _joint_changes(actions, i, j)
        kept = (answers[i] & answers[j]).take(changes[..., 0].take(standing, axis=0) * length + games[:, None])
        number, change = np.divmod(np.flatnonzero(kept), kept.shape[1])
        here, game = standing[number], games[number]
        at = np.stack([here, *changes[here, change].T]) * length + game
        sure, may = (alone[i] & alone[j]).take(at[1]), np.ones(len(here), dtype=np.bool_)
        for player, places in ((i, at), (j, at[[0, 1, 3, 2]])):
            stay, both, first, left = flat[player].take(places).astype(np.float64)
            least = np.minimum(both - stay, trust * (both - left) + (1 - trust) * (first - stay))
            # Somewhat more than the slack: what is decided is decided whatever trusts are rounded to.
            sure &= least > 1.001 * slack[player]
            may &= least > -1.001 * slack[player]
        stable[here[sure], game[sure]] = False
        possible[here[may], game[may]] = True
    return pack(stable), (possible & stable).any(axis=0)


def _alone(answers: Bools, actions: tuple[int, ...], player: int) -> Bools:
    """Whether a player has a single answer to what the others play at each profile ``[profile, game]``."""
    apart = answers.reshape(*actions, answers.shape[1])
    single = np.add.reduce(apart.view(np.uint8), axis=player, dtype=np.uint8, keepdims=True) == 1
    found: Bools = np.broadcast_to(single, apart.shape).reshape(answers.shape)
    return found


def agreement_proof_margins(
    payoffs: Floats, profiles: Sequence[int], trust: float = TRUST, held: Collection[int] = ()
) -> Floats:
    r"""How far profiles are from being left, by one player alone or by an agreement; for a batch of any shape.

    The least of what a free player loses by leaving alone, and of :math:`-d` over all joint changes, :math:`d` being
    how far two are drawn to one: positive where the profile is a strict agreement-proof equilibrium, negative where it
    is none.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    profiles : sequence of int
        Indices of profiles.
    held : collection of int
        Players that neither deviate nor join an agreement.

    Returns
    -------
    array, shape (len(profiles), ...samples), in units of payoff; infinite where nobody is free.

    Examples
    --------
    >>> stag_hunt = np.array([[[4.0, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> agreement_proof_margins(stag_hunt, [0, 3], trust=1).tolist()
    [1.0, -1.0]
    """
    _check(trust)
    n = payoffs.shape[0]
    actions = payoffs.shape[1 : 1 + n]
    flat = payoffs.reshape(n, prod(actions), -1)
    joining = [player for player in range(n) if player not in held and actions[player] > 1]
    lost = {player: _least_loss(flat[player], actions, player) for player in joining}
    found = np.full((len(profiles), flat.shape[2]), np.inf)
    for player in joining:
        np.minimum(found, lost[player][list(profiles)], out=found)
    for i, j in itertools.combinations(joining, 2):
        for place, here in enumerate(profiles):
            to, first, second = _joint_changes(actions, i, j)[here].T
            drawn = np.minimum(lost[i][to], lost[j][to])
            for own, alone, left in ((flat[i], first, second), (flat[j], second, first)):
                np.minimum(drawn, own[to] - own[here], out=drawn)
                joins = trust * (own[to] - own[left]) + (1 - trust) * (own[alone] - own[here])
                np.minimum(drawn, joins, out=drawn)
            np.minimum(found[place], -drawn.max(axis=0), out=found[place])
    return found.reshape(len(profiles), *payoffs.shape[1 + n :])


@dataclass(frozen=True)
class Comparison:
    """A weighted sum of one player's payoffs, in which profiles are given by index."""

    player: int
    at: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class JointMove:
    """What it takes that two leave a profile together at some trust: comparisons of which none may be negative.

    Attributes
    ----------
    players : (int, int)
    to : int
        The profile that they go to.
    gains : tuple of Comparison
        What either gains by it.
    keeps : tuple of Comparison
        What either loses by each other action there.
    joins : tuple of Comparison
        What either gains by joining, where the other does so with the probability of the trust.
    """

    players: tuple[int, int]
    to: int
    gains: tuple[Comparison, ...]
    keeps: tuple[Comparison, ...]
    joins: tuple[Comparison, ...]

    @property
    def takes(self) -> tuple[Comparison, ...]:
        """All of them."""
        return (*self.gains, *self.keeps, *self.joins)


def joint_moves(
    actions: tuple[int, ...], here: int, trust: float = TRUST, held: Collection[int] = ()
) -> tuple[JointMove, ...]:
    """All joint moves of two from a profile of a game of this shape; for searches among parameters.

    A profile is agreement-proof where nobody gains by leaving alone and each joint move lacks one of its comparisons.

    Examples
    --------
    >>> (move,) = joint_moves((2, 2), 3)
    >>> move.to, move.joins[0].at
    (0, ((0, 0.5), (2, -0.5), (1, 0.5), (3, -0.5)))
    """
    _check(trust)
    index = np.arange(prod(actions)).reshape(actions)
    joining = [player for player, count in enumerate(actions) if player not in held and count > 1]
    found = []
    for i, j in itertools.combinations(joining, 2):
        for to, first, second in _joint_changes(actions, i, j)[here].tolist():
            moves = ((i, first, second), (j, second, first))
            at = np.unravel_index(to, actions)
            found.append(
                JointMove(
                    (i, j),
                    to,
                    tuple(Comparison(player, ((to, 1.0), (here, -1.0))) for player, _, _ in moves),
                    tuple(
                        Comparison(player, ((to, 1.0), (int(other), -1.0)))
                        for player, _, _ in moves
                        for other in index[tuple(slice(None) if k == player else a for k, a in enumerate(at))]
                        if other != to
                    ),
                    tuple(
                        Comparison(player, ((to, trust), (left, -trust), (alone, 1 - trust), (here, trust - 1)))
                        for player, alone, left in moves
                    ),
                )
            )
    return tuple(found)


def compared(payoffs: Floats, comparisons: Sequence[Comparison]) -> Floats:
    """The comparisons ``[comparison, game]`` at payoffs ``[player, profile, game]``."""
    found = np.empty((len(comparisons), payoffs.shape[2]))
    for row, one in zip(found, comparisons, strict=True):
        row[:] = sum(weight * payoffs[one.player, profile] for profile, weight in one.at)
    return found


def _least_loss(own: Floats, actions: tuple[int, ...], player: int) -> Floats:
    """The least that a player of several actions loses by leaving each profile ``[profile, game]`` alone."""
    apart = own.reshape(*actions, own.shape[1])
    ordered = np.sort(apart, axis=player)
    best, second = (ordered.take([place], axis=player) for place in (-1, -2))
    least: Floats = apart - np.where(apart == best, second, best)
    return least.reshape(own.shape)


def _drop_broken(
    stable: Bools, payoffs: Floats, trust: float, tolerance: ArrayLike | None, held: Collection[int]
) -> None:
    """Take out of equilibria ``[profile, game]`` those from which an agreement leads that needs at most `trust`.

    What a pair would keep is found for all games at once; gains and trusts only where both stand as they should.
    """
    n = payoffs.shape[0]
    actions = payoffs.shape[1 : 1 + n]
    flat = payoffs.reshape(n, *stable.shape)
    most = np.broadcast_to(allowed(payoffs, tolerance).reshape(n, -1), (n, stable.shape[1]))
    joining = [player for player in range(n) if player not in held and actions[player] > 1]
    answers = {player: _best_replies(flat[player], actions, player, most[player]) for player in joining}
    # Places along one axis: numpy takes them several times as fast as pairs of indices.
    length = stable.shape[1]
    standing, games = np.divmod(np.flatnonzero(stable), max(length, 1))
    for i, j in itertools.combinations(joining, 2):
        changes = _joint_changes(actions, i, j)
        to = changes[..., 0].take(standing, axis=0) * length + games[:, None]
        kept = (answers[i] & answers[j]).take(to)
        number, change = np.divmod(np.flatnonzero(kept), kept.shape[1])
        here, game = standing[number], games[number]
        at = np.stack([here, *changes[here, change].T]) * length + game
        broken = _is_agreed(flat[i].take(at), flat[j].take(at), most[[i, j]][:, game], trust)
        stable[here[broken], game[broken]] = False


def _best_replies(own: NDArray[Any], actions: tuple[int, ...], player: int, most: Floats | float) -> Bools:
    """Whether a player's action is a best reply at each profile ``[profile, game]``."""
    apart = own.reshape(*actions, own.shape[1])
    answers: Bools = apart >= apart.max(axis=player, keepdims=True) - most
    return answers.reshape(own.shape)


@cache
def _joint_changes(actions: tuple[int, ...], i: int, j: int) -> Integers:
    """Where i and j can go from each profile ``[profile, change]`` together, if only i goes, and if only j goes."""
    index = np.arange(prod(actions)).reshape(actions)

    def reached(here: tuple[int, ...], b: int, c: int) -> int:
        return int(index[tuple({i: b, j: c}.get(player, action) for player, action in enumerate(here))])

    return np.array(
        [
            [
                (reached(here, b, c), reached(here, b, here[j]), reached(here, here[i], c))
                for b, c in itertools.product(range(actions[i]), range(actions[j]))
                if b != here[i] and c != here[j]
            ]
            for here in np.ndindex(*actions)
        ]
    )


def _is_agreed(mine: Floats, yours: Floats, most: Floats, trust: float) -> Bools:
    """Whether two both gain by a joint change and trust each other enough.

    Payoffs are ``[place, game]`` where they stand, where they go, where the first goes alone, where the second does.
    """
    agreed = np.ones(mine.shape[1], dtype=np.bool_)
    for (stay, both, alone, left), least in zip((mine, yours[[0, 1, 3, 2]]), most, strict=True):
        agreed &= both - stay > least
        agreed &= _needed(alone / 4 - stay / 4, both / 4 - left / 4, least) <= trust + _ROUNDING
    return agreed


def _needed(alone: Floats, together: Floats, most: Floats) -> Floats:
    """The trust that a player needs who gains this by joining alone and this by joining when the other joins.

    Gains are those of a quarter of the payoffs, so that no sum of two overflows.
    """
    risk, reward = np.maximum(0.0, -alone), np.maximum(0.0, together)
    return np.divide(risk, risk + reward, out=np.zeros_like(risk), where=risk > most / 4)


def _check(trust: float) -> None:
    if not 0.0 <= trust <= 1.0:
        raise ValueError(f"trust {trust} is no probability; expected a number from 0 to 1")


class _JointChange:
    """All joint changes of two players at several places.

    Parameters
    ----------
    block : array, shape (2, place, actions of the first, actions of the second)
        Payoffs of the two with all others fixed.
    a, b : arrays of int, shape (place,)
        Where the two stand.
    most : array, shape (2, place)
        Largest gain of each that counts as none.

    Attributes
    ----------
    agreed : array of bool, shape (place, ...)
        Whether both change, gain, and would keep it.
    gains, trusts : arrays, shape (2, place, ...)
    """

    def __init__(self, block: Floats, a: Integers, b: Integers, most: Floats):
        own, other = block
        place, most = np.arange(len(a)), most[:, :, None, None]
        with np.errstate(over="ignore"):  # a gain beyond the largest number is infinite, and of the right sign
            self.gains: Floats = block - block[:, place, a, b][:, :, None, None]
        # What each gains by changing over, whatever the other does; then where the other changes and where it stays.
        mine, yours = block / 4
        changing = np.stack([mine - mine[place, a][:, None, :], yours - yours[place, :, b][:, :, None]])
        staying = changing[0][place, :, b][:, :, None], changing[1][place, a][:, None, :]
        self.trusts: Floats = _needed(np.stack(np.broadcast_arrays(*staying)), changing, most)
        self.agreed: Bools = (own >= own.max(axis=1, keepdims=True) - most[0]) & (
            other >= other.max(axis=2, keepdims=True) - most[1]
        )
        self.agreed &= (self.gains > most).all(axis=0)
        self.agreed[place, a] = False
        self.agreed[place, :, b] = False
