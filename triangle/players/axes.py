"""The order of players, pairs and actions; the only file that knows it.

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

Who the players are is said by the triad in use (:mod:`triangle.players.triad`): the shipped one, or another from a
file.
"""

from __future__ import annotations

from triangle.players.triad import current

#: Codes of the players. Formulas name the three parts by those of the shipped triad, whoever plays them.
PLAYERS = current().codes
US, RU, CN = range(3)
COUNTRIES = dict(zip(PLAYERS, current().countries, strict=True))
ADJECTIVES = dict(zip(PLAYERS, current().adjectives, strict=True))
#: The countries as an English sentence writes them, article included.
IN_TEXT = dict(zip(PLAYERS, current().in_text, strict=True))

#: Unordered pairs of players, in player order.
PAIRS = ((US, RU), (US, CN), (RU, CN))

#: The other two players of each player, in player order: the meaning of the two bits of an action.
OTHERS = ((RU, CN), (US, CN), (US, RU))

#: Slugs of the four actions of each player, in action order.
ACTIONS = current().actions

N_ACTIONS = 4
N_PROFILES = N_ACTIONS**3


def third(i: int, j: int) -> int:
    """The player who is neither `i` nor `j`."""
    return 3 - i - j


def profile_index(actions: tuple[int, int, int]) -> int:
    """Index of an action profile, 0 to 63: ``16 a_US + 4 a_RU + a_CN``.

    >>> profile_index((0, 1, 1))
    5
    """
    a_us, a_ru, a_cn = actions
    return 16 * a_us + 4 * a_ru + a_cn


def profile_actions(index: int) -> tuple[int, int, int]:
    """The actions of the profile with this index; the inverse of :func:`profile_index`."""
    return index // 16, index // 4 % 4, index % 4


def profile_text(actions: tuple[int, ...]) -> str:
    """The profile as the command line writes it.

    >>> profile_text((2, 3, 1))
    'US=court_russia,RU=hedge,CN=align'
    """
    return ",".join(f"{PLAYERS[i]}={ACTIONS[i][a]}" for i, a in enumerate(actions))
