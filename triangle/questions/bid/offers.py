r"""The bidding game in kind: offers to Russia first, then the stance game; solved by backward induction over a grid.

The United States offers relief and a political concession, China a pipeline's volume and Russia's share of its surplus,
which is the price: with the buyer's value b and the seller's cost c, a share β is the price :math:`c + \beta(b - c)`.
A share that China names replaces the bargain of the model: it enters as outside options :math:`d_{RU} = 0` and
:math:`d_{CN} = 1 - 2\beta`, with which the bargaining solution gives β exactly. For a share above one half the second
is negative, which means nothing but that share.

Every pair of offers makes a stance game, of which a rule picks the equilibrium (:mod:`triangle.measures.selection`);
where it has none, each bidder counts on its security level. What an offer costs, it costs only where the equilibrium
carries it out: relief and concession if the United States accommodates Russia, the pipeline if Russia and China are
linked. So many offers tie, and whoever replies takes the smallest of equally good ones; offers are listed from
small to large, by concession before relief and by what Russia would get of the pipeline.

* **At once**: pure Nash equilibria of the game of offers; there may be none.
* **One first**: the first mover takes the offer that is best for it given the other's reply.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.normal_form import TOLERANCE
from triangle.measures.selection import Played, play, status_quo
from triangle.model.parameters import Values, followed
from triangle.players.axes import CN, RU, US
from triangle.players.cast import Cast
from triangle.players.profiles import links
from triangle.study.study import Study

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int64]
Offer = tuple[float, float]

#: Steps of each coordinate of an offer, where none are given.
STEPS = 5


def hands(cast: Cast) -> tuple[str, str, str, str]:
    """Whom Russia is linked with, by number; −1 where no pure equilibrium says."""
    return "nobody", cast.codes[US], cast.codes[CN], "both"


@dataclass(frozen=True, eq=False)
class Solved:
    """The game of offers solved, over a batch of worlds.

    Attributes
    ----------
    nash : array of bool, shape (offers of the US, offers of China, n)
        Pure equilibria of offers made at once.
    us_first, cn_first : array, shape (2, n)
        Places of the offers of the US and of China where one of them moves first.
    """

    nash: Bools
    us_first: Places
    cn_first: Places


def highest(study: Study, lever: str) -> float:
    """The largest offer of a lever: the high end of its own range or, where it is larger, of the scenario's."""
    return max(study.model.catalogue[lever].high, study.scenario.ranges[lever][1])


def us_offers(study: Study, steps: int = STEPS) -> tuple[Offer, ...]:
    """Pairs of relief and concession, from nothing to the high end of each lever's range, from small to large."""
    relief, concession = (np.linspace(0.0, highest(study, n), steps) for n in ("relief", "political_concession"))
    return tuple((float(r), float(z)) for z, r in itertools.product(concession, relief))


def cn_offers(study: Study, steps: int = STEPS) -> tuple[Offer, ...]:
    """Pairs of volume and Russia's share, from small to large by their product; no volume is one offer."""
    volumes = np.linspace(0.0, highest(study, "pipeline_volume"), steps)
    shares = np.linspace(0.0, 1.0, steps)
    pairs = [(float(q), float(b)) for q, b in itertools.product(volumes, shares) if q > 0]
    return ((0.0, 0.0), *sorted(pairs, key=lambda pair: (pair[0] * pair[1], pair[0])))


def solve_offers(us: ArrayLike, cn: ArrayLike) -> Solved:
    """A game of offers by backward induction, from payoffs ``[US offer, CN offer, n]`` of the two that make them.

    Examples
    --------
    A prisoner's dilemma has one equilibrium, whoever moves first.

    >>> solved = solve_offers([[[3.0], [0.0]], [[5.0], [1.0]]], [[[3.0], [5.0]], [[0.0], [1.0]]])
    >>> np.argwhere(solved.nash[..., 0]).tolist(), solved.us_first[:, 0].tolist()
    ([[1, 1]], [1, 1])
    """
    american, chinese = np.asarray(us, dtype=np.float64), np.asarray(cn, dtype=np.float64)
    us_best = american >= american.max(axis=0, keepdims=True) - TOLERANCE
    cn_best = chinese >= chinese.max(axis=1, keepdims=True) - TOLERANCE
    cn_reply, us_reply = cn_best.argmax(axis=1), us_best.argmax(axis=0)  # the first, that is the smallest
    us_has = np.take_along_axis(american, cn_reply[:, None, :], axis=1)[:, 0]
    cn_has = np.take_along_axis(chinese, us_reply[None, :, :], axis=0)[0]
    us_leads = (us_has >= us_has.max(axis=0) - TOLERANCE).argmax(axis=0)
    cn_leads = (cn_has >= cn_has.max(axis=0) - TOLERANCE).argmax(axis=0)
    n = np.arange(american.shape[2])
    return Solved(
        us_best & cn_best,
        np.stack([us_leads, cn_reply[us_leads, n]]),
        np.stack([us_reply[cn_leads, n], cn_leads]),
    )


def play_offers(
    study: Study, values: Values, us: Sequence[Offer], cn: Sequence[Offer], rule: str
) -> tuple[Played, tuple[int, int, int]]:
    """The stance game after every pair of offers in every world, flat; and the shape ``(US, CN, n)`` to give it."""
    n = values.samples[0]
    shape = (len(us), len(cn), n)
    grid = np.indices(shape[:2]).reshape(2, -1)
    american, chinese = np.array(us)[grid[0]], np.array(cn)[grid[1]]
    offered = {
        "relief": american[:, 0],
        "political_concession": american[:, 1],
        "pipeline_volume": chinese[:, 0],
        study.cast.renamed("outside_option_cn"): 1.0 - 2.0 * chinese[:, 1],
        study.cast.renamed("outside_option_ru"): np.zeros(len(chinese)),
    }
    numbers = {
        name: column if column.size == 1 else np.tile(column.reshape(-1), len(american))
        for name, column in values.numbers.items()
        if name not in offered
    }
    numbers |= {name: np.repeat(column, n) for name, column in offered.items()}
    values = Values(followed(numbers, study.scenario.following, offered), study.cast)
    return play(study, values, (rule,), quo=status_quo(study)), shape


def holders(profiles: ArrayLike, cast: Cast) -> Places:
    """Whom Russia is linked with at profiles given by index, as places in :func:`hands`; −1 for none."""
    index = np.asarray(profiles, dtype=np.int64)
    american, chinese = links(cast)[US, RU], links(cast)[RU, CN]
    linked = [(american >> p & 1) + 2 * (chinese >> p & 1) for p in range(len(cast.profiles))]
    table = np.array([*linked, -1], dtype=np.int64)
    found: Places = table[index]
    return found
