"""Games from the literature with their known equilibria: the first referees of every solver.

Each record gives the payoffs as ``payoffs[player, a_1, ..., a_n]``, its source, every pure equilibrium, and the
mixed ones: published, or derived in the record in a line that can be checked by hand. `kind` is one of

``generic``
    finitely many equilibria, all regular: their number is odd (Wilson 1971) and `mixed` lists every non-pure one,
``degenerate``
    finitely many, all listed, but ties make some of them irregular,
``continuum``
    infinitely many: `segments` are straight pieces of the set, `mixed` holds equilibria outside these pieces
    (not always all), `pure` is complete.

Where a source is cited without page or figure, the number is not known to us; the payoffs are the ones commonly
printed under that name. The library is no test module: tests import it.

References
----------
Wilson, R. (1971). Computing equilibria of N-person games. *SIAM Journal on Applied Mathematics* 21(1), 80-87.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Mixed = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, eq=False)
class NamedGame:
    """One published game of two or three players with what is known of its equilibria."""

    name: str
    citation: str
    payoffs: NDArray[np.float64]
    kind: Literal["generic", "degenerate", "continuum"]
    pure: tuple[tuple[int, ...], ...]
    mixed: tuple[Mixed, ...] = ()
    segments: tuple[tuple[Mixed, Mixed], ...] = ()
    why: str = ""

    @property
    def n_players(self) -> int:
        """Number of players."""
        return self.payoffs.shape[0]

    @property
    def actions(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.payoffs.shape[1:]

    @property
    def generic(self) -> bool:
        """Whether all equilibria are regular."""
        return self.kind == "generic"

    @property
    def degenerate(self) -> bool:
        """Whether some equilibrium is irregular, a continuum included."""
        return self.kind != "generic"

    @property
    def continuum(self) -> bool:
        """Whether there are infinitely many equilibria."""
        return self.kind == "continuum"

    @property
    def equilibria(self) -> tuple[Mixed, ...]:
        """All listed equilibria as mixed profiles, the pure ones first; without the segments."""
        return tuple(self.as_mixed(profile) for profile in self.pure) + self.mixed

    def as_mixed(self, profile: Sequence[int]) -> Mixed:
        """A pure profile as one probability vector for each player."""
        return tuple(tuple(float(b == a) for b in range(count)) for a, count in zip(profile, self.actions, strict=True))


def _frozen(array: NDArray[np.float64]) -> NDArray[np.float64]:
    array.setflags(write=False)
    return array


def _bimatrix(rows: str) -> NDArray[np.float64]:
    """Two-player payoffs from text: rows by ``|``, cells by blanks, each cell ``u1,u2``."""
    cells = [[cell.split(",") for cell in row.split()] for row in rows.split("|")]
    table = np.array([[[float(Fraction(u)) for u in cell] for cell in row] for row in cells])
    return _frozen(np.ascontiguousarray(np.moveaxis(table, -1, 0)))


def _tables(*tables: str) -> NDArray[np.float64]:
    """Three-player payoffs: one text table for each action of player 3, rows of player 1, cells ``u1,u2,u3``."""
    stacked = [
        [[[float(Fraction(u)) for u in cell.split(",")] for cell in row.split()] for row in table.split("|")]
        for table in tables
    ]
    return _frozen(np.ascontiguousarray(np.transpose(np.array(stacked), (3, 1, 2, 0))))


def _rule(actions: Sequence[int], payoff: Callable[[int, tuple[int, ...]], float]) -> NDArray[np.float64]:
    """Payoffs from a rule ``payoff(player, profile)``."""
    array = np.empty((len(actions), *actions))
    for profile in itertools.product(*map(range, actions)):
        for player in range(len(actions)):
            array[(player, *profile)] = payoff(player, profile)
    return _frozen(array)


def _two(*first: float) -> Mixed:
    """Mixed profile of a game with two actions each, from the probability of every player's action 0."""
    return tuple((float(p), 1.0 - float(p)) for p in first)


def _mixed(*players: Sequence[float]) -> Mixed:
    return tuple(tuple(float(p) for p in player) for player in players)


def _turns(*profile: float) -> tuple[Mixed, ...]:
    """A two-action profile of three players and its two rotations."""
    return tuple(_two(*(profile[-k:] + profile[:-k])) for k in range(3))


_THIRDS = (1 / 3, 1 / 3, 1 / 3)
_ROOT_HALF = sqrt(0.5)


# --- two players ------------------------------------------------------------------------------------------------

PRISONERS_DILEMMA = NamedGame(
    "prisoners_dilemma",
    "Axelrod, R. (1984). The Evolution of Cooperation. Basic Books, ch. 1, figure 1.",
    _bimatrix("3,3 0,5 | 5,0 1,1"),
    "generic",
    pure=((1, 1),),
    why="defection strictly dominates",
)

STAG_HUNT = NamedGame(
    "stag_hunt",
    "Aumann, R. J. (1990). Nash equilibria are not self-enforcing. In Economic Decision-Making. Page not stated.",
    _bimatrix("9,9 0,8 | 8,0 7,7"),
    "generic",
    pure=((0, 0), (1, 1)),
    mixed=(_two(7 / 8, 7 / 8),),
    why="9p = 8p + 7(1-p) at p = 7/8",
)

CHICKEN = NamedGame(
    "chicken",
    "Aumann, R. J. (1987). Correlated equilibrium as an expression of Bayesian rationality. Econometrica 55. "
    "Figure not stated.",
    _bimatrix("6,6 2,7 | 7,2 0,0"),
    "generic",
    pure=((0, 1), (1, 0)),
    mixed=(_two(2 / 3, 2 / 3),),
    why="6p + 2(1-p) = 7p at p = 2/3",
)

BATTLE_OF_THE_SEXES = NamedGame(
    "battle_of_the_sexes",
    "Nau, R., Gomez Canovas, S. and Hansen, P. (2004). On the geometry of Nash equilibria and correlated "
    "equilibria. International Journal of Game Theory 32, section 3.",
    _bimatrix("3,2 0,0 | 0,0 2,3"),
    "generic",
    pure=((0, 0), (1, 1)),
    mixed=(_two(3 / 5, 2 / 5),),
    why="2p = 3(1-p) at p = 3/5; 3q = 2(1-q) at q = 2/5",
)

MATCHING_PENNIES = NamedGame(
    "matching_pennies",
    "von Neumann, J. and Morgenstern, O. (1944). Theory of Games and Economic Behavior. Princeton, ch. III. "
    "Section not stated.",
    _bimatrix("1,-1 -1,1 | -1,1 1,-1"),
    "generic",
    pure=(),
    mixed=(_two(1 / 2, 1 / 2),),
    why="the only way to be unpredictable",
)

ASYMMETRIC_MATCHING_PENNIES = NamedGame(
    "asymmetric_matching_pennies",
    "Goeree, J. K. and Holt, C. A. (2001). Ten little treasures of game theory and ten intuitive contradictions. "
    "American Economic Review 91, table 1.",
    _bimatrix("320,40 40,80 | 40,80 80,40"),
    "generic",
    pure=(),
    mixed=(_two(1 / 2, 1 / 8),),
    why="40p + 80(1-p) = 80p + 40(1-p) at 1/2; 320q + 40(1-q) = 40q + 80(1-q) at 1/8",
)

ROCK_PAPER_SCISSORS = NamedGame(
    "rock_paper_scissors",
    "von Neumann, J. and Morgenstern, O. (1944). Theory of Games and Economic Behavior. Princeton, ch. III "
    "('Stone, Paper, Scissors'). Section not stated.",
    _bimatrix("0,0 -1,1 1,-1 | 1,-1 0,0 -1,1 | -1,1 1,-1 0,0"),
    "generic",
    pure=(),
    mixed=(_mixed(_THIRDS, _THIRDS),),
    why="a cyclic payoff matrix with a one-dimensional kernel",
)

SHAPLEY_CYCLE = NamedGame(
    "shapley_cycle",
    "Shapley, L. S. (1964). Some topics in two-person games. In Advances in Game Theory, Annals of Mathematics "
    "Studies 52. Page not stated; up to the order of actions.",
    _bimatrix("1,0 0,1 0,0 | 0,0 1,0 0,1 | 0,1 0,0 1,0"),
    "generic",
    pure=(),
    mixed=(_mixed(_THIRDS, _THIRDS),),
    why="fictitious play cycles round the unique equilibrium",
)

SHAPLEY_INACCESSIBLE = NamedGame(
    "shapley_inaccessible",
    "Shapley, L. S. (1974). A note on the Lemke-Howson algorithm. Mathematical Programming Study 1, figure 3.",
    _bimatrix("0,0 3,2 0,3 | 2,3 2,2 0,0 | 3,0 0,0 1,1"),
    "generic",
    pure=((2, 2),),
    mixed=(
        _mixed((1 / 6, 1 / 3, 1 / 2), (1 / 6, 1 / 3, 1 / 2)),
        _mixed((1 / 3, 2 / 3, 0), (1 / 3, 2 / 3, 0)),
    ),
    why="symmetric; the two mixed ones are joined to each other and to nothing else by Lemke-Howson paths",
)

HAWK_DOVE = NamedGame(
    "hawk_dove",
    "Maynard Smith, J. (1982). Evolution and the Theory of Games. Cambridge, ch. 2, with V = 2 and C = 4.",
    _bimatrix("-1,-1 2,0 | 0,2 1,1"),
    "generic",
    pure=((0, 1), (1, 0)),
    mixed=(_two(1 / 2, 1 / 2),),
    why="hawk with probability V/C",
)

DEADLOCK = NamedGame(
    "deadlock",
    "Snyder, G. H. and Diesing, P. (1977). Conflict Among Nations. Princeton, ch. 2; the ranks 1 to 4 as payoffs.",
    _bimatrix("2,2 1,4 | 4,1 3,3"),
    "generic",
    pure=((1, 1),),
    why="not to cooperate strictly dominates, and both prefer it so",
)

ASSURANCE = NamedGame(
    "assurance",
    "Sen, A. K. (1967). Isolation, assurance and the social rate of discount. Quarterly Journal of Economics 81; "
    "the ranks 1 to 4 as payoffs.",
    _bimatrix("4,4 1,3 | 3,1 2,2"),
    "generic",
    pure=((0, 0), (1, 1)),
    mixed=(_two(1 / 2, 1 / 2),),
    why="4p + (1-p) = 3p + 2(1-p) at p = 1/2",
)

ONEILL_CARDS = NamedGame(
    "oneill_cards",
    "O'Neill, B. (1987). Nonmetric test of the minimax theory of two-person zerosum games. PNAS 84, 2106-2109.",
    _rule(
        (4, 4),
        lambda player, a: (
            5.0 * (1 if player == 0 else -1) * (1 if (a == (3, 3) or (a[0] != a[1] and 3 not in a)) else -1)
        ),
    ),
    "generic",
    pure=(),
    mixed=(_mixed((0.2, 0.2, 0.2, 0.4), (0.2, 0.2, 0.2, 0.4)),),
    why="the joker (action 3) with probability 2/5 and each number card with 1/5",
)

ITERATED_ELIMINATION = NamedGame(
    "iterated_elimination",
    "Gibbons, R. (1992). Game Theory for Applied Economists. Princeton, figure 1.1.1.",
    _bimatrix("1,0 1,2 0,1 | 0,3 0,1 2,0"),
    "generic",
    pure=((0, 1),),
    why="right, then down, then left are strictly dominated",
)

PURE_COORDINATION = NamedGame(
    "pure_coordination",
    "Schelling, T. C. (1960). The Strategy of Conflict. Harvard, ch. 3, with three meeting places.",
    _rule((3, 3), lambda player, a: float(a[0] == a[1])),
    "generic",
    pure=((0, 0), (1, 1), (2, 2)),
    mixed=(
        _mixed((0.5, 0.5, 0), (0.5, 0.5, 0)),
        _mixed((0.5, 0, 0.5), (0.5, 0, 0.5)),
        _mixed((0, 0.5, 0.5), (0, 0.5, 0.5)),
        _mixed(_THIRDS, _THIRDS),
    ),
    why="every non-empty set of places is the common support of exactly one equilibrium, uniform on it: 2^3 - 1 = 7",
)

CHAIN_STORE_STAGE = NamedGame(
    "chain_store_stage",
    "Selten, R. (1978). The chain store paradox. Theory and Decision 9; one stage in normal form.",
    _bimatrix("2,2 0,0 | 1,5 1,5"),
    "continuum",
    pure=((0, 0), (1, 1)),
    segments=((_two(0, 1 / 2), _two(0, 0)),),
    why="out is optimal where the fight comes with probability at least 1/2, and then the incumbent is indifferent",
)

SELTEN_FIGURE_2 = NamedGame(
    "selten_figure_2",
    "Selten, R. (1975). Reexamination of the perfectness concept for equilibrium points in extensive games. "
    "International Journal of Game Theory 4, figure 2, normal form.",
    _bimatrix("1,1 1,1 | 0,2 0,3 | 0,2 2,0"),
    "continuum",
    pure=((0, 0),),
    segments=((_mixed((1, 0, 0), (1, 0)), _mixed((1, 0, 0), (1 / 2, 1 / 2))),),
    why="row 0 is optimal while column 1 has at most probability 1/2; any other row makes column 0 the only reply",
)


# --- three players ----------------------------------------------------------------------------------------------

MCKELVEY_MCLENNAN = NamedGame(
    "mckelvey_mclennan",
    "McKelvey, R. D. and McLennan, A. (1997). The maximal number of regular totally mixed Nash equilibria. "
    "Journal of Economic Theory 72, 411-425; payoffs as in Gambit's sample file 2x2x2.nfg.",
    _tables("9,8,12 0,0,0 | 0,0,0 9,8,2", "0,0,0 3,4,6 | 3,4,6 0,0,0"),
    "generic",
    pure=((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)),
    mixed=(
        _two(1 / 2, 1 / 2, 1),
        _two(0, 1 / 4, 1 / 3),
        _two(1 / 3, 1, 1 / 4),
        _two(2 / 5, 1 / 2, 1 / 3),
        _two(1 / 2, 2 / 5, 1 / 4),
    ),
    why="gains of action 0: (2y-1)(12z-3), (2x-1)(12z-4), 12xy + 2(1-x)(1-y) - 6x(1-y) - 6(1-x)y; nine sign patterns",
)

_NAU_Z = (sqrt(601) - 23) / 4

NAU_IRRATIONAL = NamedGame(
    "nau_irrational",
    "Nau, R., Gomez Canovas, S. and Hansen, P. (2004). On the geometry of Nash equilibria and correlated "
    "equilibria. International Journal of Game Theory 32, section 4.",
    _tables("3,0,2 0,2,0 | 0,1,0 1,0,0", "1,0,0 0,1,0 | 0,3,0 2,0,3"),
    "generic",
    pure=(),
    mixed=(_two((3 - 2 * _NAU_Z) / (4 - _NAU_Z), (2 - _NAU_Z) / (3 + _NAU_Z), _NAU_Z),),
    why="indifference gives x = (3-2z)/(4-z), y = (2-z)/(3+z) and 2z^2 + 23z - 9 = 0: irrational, and unique",
)

NAU_CONTINUUM = NamedGame(
    "nau_continuum",
    "Nau, R., Gomez Canovas, S. and Hansen, P. (2004). On the geometry of Nash equilibria and correlated "
    "equilibria. International Journal of Game Theory 32, section 5.",
    _tables("0,0,2 0,3,0 | 3,0,0 0,0,0", "1,1,0 0,0,0 | 0,0,0 0,0,3"),
    "continuum",
    pure=((0, 1, 0), (1, 0, 0), (1, 1, 1)),
    mixed=(_two(1 / 2, 3 / 5, 1 / 4), _two(3 / 5, 1 / 2, 1 / 4), _two(3 / 4, 1 / 3, 1 / 4)),
    segments=((_two(0, 1, 1 / 4), _two(0, 1, 1)), (_two(1, 0, 1 / 4), _two(1, 0, 1))),
    why="at z = 1/4 players 1 and 2 are indifferent and player 3 is on the curve 2xy = 3(1-x)(1-y)",
)

NAU_SEGMENT = NamedGame(
    "nau_segment",
    "Nau, R., Gomez Canovas, S. and Hansen, P. (2004). On the geometry of Nash equilibria and correlated "
    "equilibria. International Journal of Game Theory 32, section 6.",
    _tables(
        "2,0,0 0,1,1 | 0,2,1 1,0,2",
        "1,0,2 0,2,1 | 0,1,1 2,0,0",
        "1,0,1 0,1,2 | 0,2,0 2,0,1",
        "2,0,1 0,2,0 | 0,1,2 1,0,1",
    ),
    "continuum",
    pure=(),
    segments=(
        (
            _mixed((0.5, 0.5), (0.5, 0.5), (0.5, 0.5, 0, 0)),
            _mixed((0.5, 0.5), (0.5, 0.5), (0, 0, 0.5, 0.5)),
        ),
    ),
    why="uniform play of 1 and 2 asks z1 + z4 = z1 + z3 = 1/2, a line segment",
)

JORDAN = NamedGame(
    "jordan_matching_pennies",
    "Jordan, J. S. (1993). Three problems in learning mixed-strategy Nash equilibria. Games and Economic "
    "Behavior 5, 368-386. Section not stated.",
    _rule((2, 2, 2), lambda i, a: float(a[i] == a[(i + 1) % 3]) if i < 2 else float(a[2] != a[0])),
    "generic",
    pure=(),
    mixed=(_two(1 / 2, 1 / 2, 1 / 2),),
    why="1 wants to match 2, 2 to match 3, 3 to differ from 1: each is indifferent only if the next one is uniform",
)

EL_FAROL = NamedGame(
    "el_farol",
    "Arthur, W. B. (1994). Inductive reasoning and bounded rationality. American Economic Review 84, 406-411; "
    "three players, room for two, payoffs 1 in room, -1 in a crowd, 0 at home.",
    _rule((2, 2, 2), lambda i, a: 0.0 if a[i] == 0 else (1.0 if sum(a) <= 2 else -1.0)),
    "generic",
    pure=((0, 1, 1), (1, 0, 1), (1, 1, 0)),
    mixed=(*_turns(0, 1 / 2, 1 / 2), _two(1 - _ROOT_HALF, 1 - _ROOT_HALF, 1 - _ROOT_HALF)),
    why="going pays 1 - 2 P(both others go): zero at p^2 = 1/2, or at p = 1/2 for two when the third always goes",
)

MINORITY = NamedGame(
    "minority",
    "Challet, D. and Zhang, Y.-C. (1997). Emergence of cooperation and organization in an evolutionary game. "
    "Physica A 246, 407-418; three players, one point for being alone.",
    _rule((2, 2, 2), lambda i, a: float(sum(b == a[i] for b in a) == 1)),
    "continuum",
    pure=((0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0)),
    mixed=(_two(1 / 2, 1 / 2, 1 / 2),),
    segments=tuple((a, b) for a, b in zip(_turns(1, 0, 0), _turns(1, 0, 1), strict=True))
    + tuple((a, b) for a, b in zip(_turns(0, 1, 0), _turns(0, 1, 1), strict=True)),
    why="if two differ the third is indifferent: a hexagon of six edges; and p^2 = (1-p)^2 inside",
)

VOLUNTEERS_DILEMMA = NamedGame(
    "volunteers_dilemma",
    "Diekmann, A. (1985). Volunteer's dilemma. Journal of Conflict Resolution 29, 605-610; N = 3, U = 2, K = 1.",
    _rule((2, 2, 2), lambda i, a: 1.0 if a[i] == 0 else (2.0 if 0 in a else 0.0)),
    "generic",
    pure=((0, 1, 1), (1, 0, 1), (1, 1, 0)),
    mixed=(*_turns(0, 1 / 2, 1 / 2), _two(1 - _ROOT_HALF, 1 - _ROOT_HALF, 1 - _ROOT_HALF)),
    why="defection with probability (K/U)^(1/(N-1)) when all mix, K/U when two do and the third defects",
)

THRESHOLD_PUBLIC_GOOD = NamedGame(
    "threshold_public_good",
    "Palfrey, T. R. and Rosenthal, H. (1984). Participation and the provision of discrete public goods. Journal of "
    "Public Economics 24, 171-193; three players, two contributions needed, cost 3/8, no refund.",
    _rule((2, 2, 2), lambda i, a: float(sum(a) >= 2) - 3 / 8 * a[i]),
    "generic",
    pure=((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)),
    mixed=(
        _two(3 / 4, 3 / 4, 3 / 4),
        _two(1 / 4, 1 / 4, 1 / 4),
        *_turns(0, 3 / 8, 3 / 8),
    ),
    why="contribute where one is pivotal with probability 3/8: 2p(1-p) = 3/8 at 1/4 and 3/4; 1-p = 3/8 beside a "
    "sure contributor",
)

THREE_PRISONERS = NamedGame(
    "three_prisoners",
    "Hamburger, H. (1973). N-person prisoner's dilemma. Journal of Mathematical Sociology 3, 27-48; linear, each "
    "contribution costs 3 and gives 2 to everybody.",
    _rule((2, 2, 2), lambda i, a: 2.0 * a.count(0) - 3.0 * (a[i] == 0)),
    "generic",
    pure=((1, 1, 1),),
    why="a contribution returns 2 to its giver and costs 3, whatever the others do",
)

SELTENS_HORSE = NamedGame(
    "seltens_horse",
    "Selten, R. (1975). Reexamination of the perfectness concept for equilibrium points in extensive games. "
    "International Journal of Game Theory 4, figure 1, normal form.",
    _tables("1,1,1 4,4,0 | 3,2,2 3,2,2", "1,1,1 0,0,1 | 0,0,0 0,0,0"),
    "continuum",
    pure=((0, 0, 1), (1, 0, 0)),
    segments=((_two(1, 1, 1 / 4), _two(1, 1, 0)), (_two(0, 1, 1), _two(0, 1 / 3, 1))),
    why="actions R = 0, L = 1; (R, R, R with at most 1/4) is perfect at its end, (L, R with at least 1/3, R) never is",
)

WEAK_LINK = NamedGame(
    "weak_link",
    "Van Huyck, J. B., Battalio, R. C. and Beil, R. O. (1990). Tacit coordination games, strategic uncertainty, and "
    "coordination failure. American Economic Review 80, game A (a = 0.2, b = 0.1) with three players and efforts 1, 2.",
    _rule((2, 2, 2), lambda i, a: 0.2 * (1 + min(a)) - 0.1 * (1 + a[i]) + 0.6),
    "generic",
    pure=((0, 0, 0), (1, 1, 1)),
    mixed=(_two(1 - _ROOT_HALF, 1 - _ROOT_HALF, 1 - _ROOT_HALF),),
    why="the high effort gains 0.2 p^2 - 0.1; beside two who mix at 1/2 a sure high effort loses",
)

THREE_PLAYER_COORDINATION = NamedGame(
    "three_player_coordination",
    "Schelling, T. C. (1960). The Strategy of Conflict. Harvard, ch. 3: meeting without talking, three players and "
    "three places, as in Gambit's sample file coord333.nfg.",
    _rule((3, 3, 3), lambda i, a: float(len(set(a)) == 1)),
    "degenerate",
    pure=tuple(sorted([(k, k, k) for k in range(3)] + list(itertools.permutations(range(3))))),
    mixed=(
        *(_mixed(*[[0.5 * (k != gone) for k in range(3)]] * 3) for gone in range(3)),
        _mixed(_THIRDS, _THIRDS, _THIRDS),
    ),
    why="supports are all equal (then play is uniform: 7) or pairwise disjoint, hence three places (6, payoffs 0)",
)

CHAIRS_PARADOX = NamedGame(
    "chairs_paradox",
    "Farquharson, R. (1969). Theory of Voting. Yale: plurality with a chair (player 1) who breaks ties, preferences "
    "A>B>C, B>C>A, C>A>B. Page not stated.",
    _rule(
        (3, 3, 3),
        lambda i, a: float(((3, 2, 1), (1, 3, 2), (2, 1, 3))[i][a[1] if a[1] == a[2] else a[0]]),
    ),
    "continuum",
    pure=((0, 0, 0), (0, 1, 0), (0, 2, 2), (1, 1, 1), (2, 2, 2)),
    segments=((_mixed((1, 0, 0), (1, 0, 0), (1, 0, 0)), _mixed((1, 0, 0), (0, 1, 0), (1, 0, 0))),),
    why="the chair's first vote is dominant and the outcome is its worst: (A, C, C); player 2 may also vote A or B "
    "beside two votes for A",
)

SIMPLE_MAJORITY = NamedGame(
    "simple_majority",
    "von Neumann, J. and Morgenstern, O. (1944). Theory of Games and Economic Behavior. Princeton, section 21: each "
    "of three names a partner; a couple takes 1/2 each from the third.",
    _rule(
        (2, 2, 2),
        # Action 0 names the next player round the table, action 1 the one before.
        lambda i, a: (
            0.5
            if (a[i] == 0 and a[(i + 1) % 3] == 1) or (a[i] == 1 and a[(i + 2) % 3] == 0)
            else (-1.0 if a[(i + 1) % 3] == 0 and a[(i + 2) % 3] == 1 else 0.0)
        ),
    ),
    "continuum",
    pure=((0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0)),
    mixed=(_two(1 / 2, 1 / 2, 1 / 2),),
    segments=((_two(1, 0, 0), _two(1, 0, 1)), (_two(0, 1, 0), _two(1, 1, 0)), (_two(0, 0, 1), _two(0, 1, 1))),
    why="three couples, the third player's vote idle; and all uniform",
)

AUMANN_OVERSEER = NamedGame(
    "aumann_overseer",
    "Aumann, R. J. (1974). Subjectivity and correlation in randomized strategies. Journal of Mathematical Economics 1; "
    "numbers as in Osborne, M. J. and Rubinstein, A. (1994). A Course in Game Theory. MIT Press, exercise 48.1.",
    _tables("0,0,3 0,0,0 | 1,0,0 0,0,0", "2,2,2 0,0,0 | 0,0,0 2,2,2", "0,0,0 0,0,0 | 0,1,0 0,0,3"),
    "continuum",
    pure=((0, 1, 0), (0, 1, 2), (1, 0, 0), (1, 0, 2)),
    segments=((_mixed((0, 1), (1, 0), (1, 0, 0)), _mixed((0, 1), (1, 0), (0, 0, 1))),),
    why="pure payoffs are (1,0,0), (0,1,0) and (0,0,0), as the exercise says; (2,2,2) needs correlation",
)

GAMES: tuple[NamedGame, ...] = (
    PRISONERS_DILEMMA,
    STAG_HUNT,
    CHICKEN,
    BATTLE_OF_THE_SEXES,
    MATCHING_PENNIES,
    ASYMMETRIC_MATCHING_PENNIES,
    ROCK_PAPER_SCISSORS,
    SHAPLEY_CYCLE,
    SHAPLEY_INACCESSIBLE,
    HAWK_DOVE,
    DEADLOCK,
    ASSURANCE,
    ONEILL_CARDS,
    ITERATED_ELIMINATION,
    PURE_COORDINATION,
    CHAIN_STORE_STAGE,
    SELTEN_FIGURE_2,
    MCKELVEY_MCLENNAN,
    NAU_IRRATIONAL,
    NAU_CONTINUUM,
    NAU_SEGMENT,
    JORDAN,
    EL_FAROL,
    MINORITY,
    VOLUNTEERS_DILEMMA,
    THRESHOLD_PUBLIC_GOOD,
    THREE_PRISONERS,
    SELTENS_HORSE,
    WEAK_LINK,
    THREE_PLAYER_COORDINATION,
    CHAIRS_PARADOX,
    SIMPLE_MAJORITY,
    AUMANN_OVERSEER,
)


def expected_payoffs(payoffs: NDArray[np.float64], mixed: Mixed) -> list[NDArray[np.float64]]:
    """Payoff of each player's every action against the others' mixed actions, by a plain sum over all profiles.

    Written apart from the package on purpose, so that no solver or verifier is judged by its own formula.
    """
    values = [np.zeros(len(player)) for player in mixed]
    for profile in itertools.product(*(range(len(player)) for player in mixed)):
        for i, action in enumerate(profile):
            weight = 1.0
            for j, other in enumerate(profile):
                if j != i:
                    weight *= mixed[j][other]
            values[i][action] += weight * payoffs[(i, *profile)]
    return values


def mixed_regret(payoffs: NDArray[np.float64], mixed: Mixed) -> float:
    """Largest gain of any player by leaving a mixed profile for a pure action."""
    values = expected_payoffs(payoffs, mixed)
    return max(float(v.max() - v @ np.array(player)) for v, player in zip(values, mixed, strict=True))
