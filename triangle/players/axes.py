"""The axes of the triangle: the order of its powers, pairs and actions; the only file that knows it.

Payoffs are arrays ``payoffs[player, a_US, a_RU, a_CN, ...]``: the player axis first, then one axis for each
player's action, then any number of sample axes, always last::

    payoffs[ 1 ,  2  ,  1  ,  3  , 0:1000 ]
             |    |     |     |      `---- samples: none for one game, as many as wanted for a batch
             |    |     |     `----------- action of China    (axis 3)
             |    |     `----------------- action of Russia   (axis 2)
             |    `----------------------- action of the US   (axis 1)
             `---------------------------- whose payoff       (axis 0)

Axes are counted from the front, so every formula reads the same with and without samples, and one game is
a batch of shape ``()``. Player ``i`` maximises along axis ``1 + i``.

An action is a pair of stances towards the other two players in player order, the first one being the high
bit: 0 = oppose both, 1 = accommodate the second only, 2 = accommodate the first only, 3 = accommodate both.

Who the players are, and how many profiles their game has, the cast says (:mod:`triangle.players.cast`); here are the
three powers of the triangle, whoever they are.
"""

from __future__ import annotations

#: The three parts: wooer, wooed, rival. Formulas call them by the powers of the shipped triad, whoever plays them.
US, RU, CN = range(3)

#: The three powers.
POWERS = (US, RU, CN)

#: Unordered pairs of powers, in player order.
PAIRS = ((US, RU), (US, CN), (RU, CN))

#: The other two powers of each, in player order: the meaning of the two bits of an action.
OTHERS = ((RU, CN), (US, CN), (US, RU))

#: Actions of a power: opposing or accommodating each of the others.
N_ACTIONS = 4


def third(i: int, j: int) -> int:
    """The power that is neither `i` nor `j`."""
    return 3 - i - j
