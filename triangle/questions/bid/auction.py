r"""The auction for the pivot in money: what keeping or winning Russia is worth, and who can pay more for it.

Russia is held at each of its actions in turn, and the United States and China play the stance game that is left; what
is played is picked by a rule (:mod:`triangle.measures.selection`). So every player i has a value :math:`v_i(a)` for
each Russian action a, in billion dollars a year. Then

* the **worth** of Russia to China is :math:`v_{CN}(align) - v_{CN}(distance)`, to the United States
  :math:`v_{US}(distance) - v_{US}(align)`: what it has if Russia is with it alone, over what it has if Russia is with
  the other alone,
* a payment runs on the bidder's link with Russia, so a promise is **self-enforcing** only up to what the bidder would
  lose by cutting that link itself, the other stances unchanged; where it is not linked even then, it is nothing,
* the **most** that a bidder pays is the worth, where promises bind, and the smaller of the two, where they must enforce
  themselves; never below zero.

Russia asks for its reservation: the best that it can have unpaid, :math:`\max_a v_{RU}(a)`, hedging and opposing both
included. A bidder can bring Russia to its own value of being with that bidder plus the bidder's most. The one that
brings it further wins, if that reaches the reservation, and pays what the other's best bid and the reservation make
necessary: the outcome of an ascending auction, and of a first-price one in which both know each other's worth
(Bernheim and Whinston 1986). A tie stays with China.

Offers of two players are compared here, in dollars, and a dollar is worth as much to Russia as to whoever pays it: that
is :data:`ASSUMPTION`, which every answer states.

References
----------
Bernheim, B. D. and Whinston, M. D. (1986). Menu auctions, resource allocation, and economic influence. *Quarterly
Journal of Economics* 101(1), 1-31.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.batch.equilibria import sweep_payoffs
from triangle.measures.selection import play, status_quo
from triangle.model.parameters import Values
from triangle.players.axes import CN, N_ACTIONS, RU, US
from triangle.players.cast import Cast
from triangle.players.configurations import stance
from triangle.study.study import Study

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

#: Russia's actions by number: with China alone, with the United States alone.
ALIGN, DISTANCE = 1, 2


def winners(cast: Cast) -> tuple[str, str, str]:
    """Who has Russia in the end, by number."""
    return "nobody", cast.codes[US], cast.codes[CN]


#: What comparing the offers of two players rests on.
ASSUMPTION = "assumes that money can be handed over at its full worth, so that offers of two players can be compared"


@dataclass(frozen=True, eq=False)
class Bidders:
    """What the auction is about, over a batch of worlds; billion dollars a year.

    Attributes
    ----------
    values : array, shape (player, Russian action, n)
        What each player has while Russia is held at an action.
    worth : array, shape (2, n)
        Of Russia to the United States and to China; may be negative.
    enforceable : array, shape (2, n)
        The largest payments that enforce themselves; infinite for a held bidder with a link.
    open : array of bool, shape (n,)
        Worlds in which a game with Russia held has no pure equilibrium; security levels stand in there.
    """

    values: Floats
    worth: Floats
    enforceable: Floats
    open: NDArray[np.bool_]

    def most(self, binding: bool) -> Floats:
        """The most that the United States and China pay, ``[2, n]``."""
        most = self.worth if binding else np.minimum(self.worth, self.enforceable)
        return np.maximum(most, 0.0)


@dataclass(frozen=True, eq=False)
class Sale:
    """How the auction ends, over a batch: the winner by its place in :func:`winners`, and what it pays."""

    winner: Places
    price: Floats


def bidders(study: Study, values: Values, rule: str = "margin") -> Bidders:
    """Values, worths and self-enforcing payments over a batch of one axis; players held in the study stay held.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> found = bidders(study, Values({name: [value] for name, value in study.scenario.values.items()}, study.cast))
    >>> found.values.shape, bool((found.worth > 0).all())
    ((3, 4, 1), True)
    """
    n = values.samples[0]
    by_action = np.empty((len(study.cast), N_ACTIONS, n))
    is_open = np.zeros(n, dtype=np.bool_)
    enforceable = np.empty((2, n))
    quo = status_quo(study)
    for action in range(N_ACTIONS):
        hold = {**study.hold, RU: action}
        played = play(study, values, (rule,), hold, quo)
        by_action[:, action] = played.payoffs[rule]
        is_open |= played.without
        for place, (bidder, with_it) in enumerate(((US, DISTANCE), (CN, ALIGN))):
            if action == with_it:
                enforceable[place] = _enforceable(study, values, bidder, action, played.profiles[rule])
    worth = np.stack([by_action[US, DISTANCE] - by_action[US, ALIGN], by_action[CN, ALIGN] - by_action[CN, DISTANCE]])
    return Bidders(by_action, worth, enforceable, is_open)


def _enforceable(study: Study, values: Values, bidder: int, action: int, profiles: Places) -> Floats:
    """What a bidder would lose by its best action without a link to Russia; 0 where it has none or gains."""
    accommodates = np.array([bool(stance(a, bidder, RU)) for a in range(N_ACTIONS)])
    other = CN if bidder == US else US
    known = np.maximum(profiles, 0)
    actions = {US: known // 16, RU: known // 4 % 4, CN: known % 4}
    linked = (profiles >= 0) & accommodates[actions[bidder]]
    if bidder in study.hold:
        return np.where(linked, np.inf, 0.0)
    cells = [(a, b) for a in range(N_ACTIONS) for b in range(N_ACTIONS)]  # own action, the other bidder's
    wanted = [study.cast.index((a, action, b) if bidder == US else (b, action, a)) for a, b in cells]
    own = sweep_payoffs(values, wanted, study.model.terms, players=[bidder]).reshape(N_ACTIONS, N_ACTIONS, -1)
    facing = np.take_along_axis(own, actions[other][None, None, :], axis=1)[:, 0]
    kept = np.take_along_axis(facing, actions[bidder][None, :], axis=0)[0]
    lost: Floats = kept - facing[~accommodates].max(axis=0)
    return np.where(linked, np.maximum(lost, 0.0), 0.0)


def bound(study: Study, values: Values, bidder: int, action: int, rule: str = "margin") -> Floats:
    """What a bidder has with Russia held at an action and itself bound to accommodate it, the other replying.

    The bidder takes the better of its two actions that do; minus infinity where it is held at another one. Binding can
    be worth something of itself, because the other replies to it; so it is asked for only where a bidder would not
    accommodate Russia anyway. Shape (n,), billion dollars a year.
    """
    actions = [a for a in range(N_ACTIONS) if stance(a, bidder, RU) and study.hold.get(bidder, a) == a]
    found: Floats = np.full(values.samples, -np.inf)
    for own in actions:
        played = play(study, values, (rule,), {**study.hold, RU: action, bidder: own}, status_quo(study))
        found = np.maximum(found, played.payoffs[rule][bidder])
    return found


def sell(russian: ArrayLike, most: ArrayLike) -> Sale:
    """The ascending auction for Russia.

    Parameters
    ----------
    russian : array, shape (4, n)
        What Russia has by each action, unpaid.
    most : array, shape (2, n)
        The most that the United States and China pay, at least 0.

    Examples
    --------
    China is worth 10 more to Russia; America pays up to 25, China up to 8: America wins and pays 10 + 8.

    >>> sale = sell([[0.0], [50.0], [40.0], [0.0]], [[25.0], [8.0]])
    >>> from triangle.players.cast import SHIPPED
    >>> winners(SHIPPED)[sale.winner[0]], sale.price.tolist()
    ('US', [18.0])
    """
    value, bid = np.asarray(russian, dtype=np.float64), np.asarray(most, dtype=np.float64)
    reach_us, reach_cn = value[DISTANCE] + bid[0], value[ALIGN] + bid[1]
    free = value.max(axis=0)
    us_wins = (reach_us > reach_cn) & (reach_us >= free)
    cn_wins = (reach_cn >= reach_us) & (reach_cn >= free)
    price = np.where(
        us_wins,
        np.maximum(free, reach_cn) - value[DISTANCE],
        np.where(cn_wins, np.maximum(free, reach_us) - value[ALIGN], 0.0),
    )
    return Sale(np.where(us_wins, 1, np.where(cn_wins, 2, 0)), price)
