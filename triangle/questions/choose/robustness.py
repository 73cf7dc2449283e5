r"""Decisions under uncertainty: criteria over a table of outcomes, one row an option and one column a world.

With :math:`x_{ow}` what the player gets by option o in world w (a draw of everything uncertain, the same for all
options),

* **expected outcome** :math:`\frac1W \sum_w x_{ow}`,
* **maximin**: the option with the largest :math:`\min_w x_{ow}` (Wald 1950). Over draws this is the worst world *met*;
  more draws can only lower it,
* **policy regret** of an option in a world: :math:`\max_{o'} x_{o'w} - x_{ow}`, what hindsight would have saved; the
  criterion takes the smallest of the largest (Savage 1951). Not to be confused with the regret of a profile, what a
  player gains by deviating,
* **satisficing**: the share of worlds with :math:`x_{ow} \ge` a threshold (Simon 1956; Lempert et al. 2006), with
  Wilson's interval,
* the **Pareto set**: options that no other equals or betters in all four, and betters in one.

Maximin compares worlds only by their order, and satisficing by one cut; expectation and policy regret compare
differences, see :mod:`triangle.questions.choose.ordinal`.

References
----------
Lempert, R. J., Groves, D. G., Popper, S. W. and Bankes, S. C. (2006). A general, analytic method for generating robust
strategies and narrative scenarios. *Management Science* 52(4), 514-528.
Savage, L. J. (1951). The theory of statistical decision. *Journal of the American Statistical Association* 46, 55-67.
Simon, H. A. (1956). Rational choice and the structure of the environment. *Psychological Review* 63(2), 129-138.
Wald, A. (1950). *Statistical Decision Functions*. Wiley.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.intervals import Z95, wilson
from triangle.games.normal_form import TOLERANCE

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Criteria by which an option can be chosen.
CRITERIA = ("expected", "maximin", "policy_regret", "satisficing")


@dataclass(frozen=True, eq=False)
class Assessment:
    """Every option under every criterion; arrays run over the options.

    Attributes
    ----------
    expected, half_width : array
        Mean over the worlds, and half the width of its 95 % interval by the normal law.
    low : array
        The 5 % quantile.
    worst : array
        The least of any world.
    policy_regret : array
        The largest of any world.
    met : array of int
        Worlds in which the threshold is met.
    worlds : int
    pareto : array of bool
    """

    expected: Floats
    half_width: Floats
    low: Floats
    worst: Floats
    policy_regret: Floats
    met: NDArray[np.int64]
    worlds: int
    pareto: Bools

    def chosen(self, criterion: str) -> tuple[int, ...]:
        """The best options under one of :data:`CRITERIA`, all that tie."""
        scores = {
            "expected": self.expected,
            "maximin": self.worst,
            "policy_regret": -self.policy_regret,
            "satisficing": self.met.astype(np.float64),
        }[criterion]
        return tuple(int(o) for o in np.flatnonzero(scores >= scores.max() - TOLERANCE))

    def satisficing(self, option: int) -> tuple[float, float, float]:
        """Share of worlds in which the threshold is met, with Wilson's interval."""
        return (int(self.met[option]) / self.worlds, *wilson(int(self.met[option]), self.worlds))


def policy_regrets(outcomes: ArrayLike) -> Floats:
    """What hindsight would have saved in each world, ``[option, world]``; never negative.

    >>> policy_regrets([[9.0, 2.0], [6.0, 5.0]]).tolist()
    [[0.0, 3.0], [3.0, 0.0]]
    """
    table = np.asarray(outcomes, dtype=np.float64)
    regrets: Floats = table.max(axis=0) - table
    return regrets


def assess(outcomes: ArrayLike, threshold: float) -> Assessment:
    """All criteria over a table ``[option, world]`` in any unit; `threshold` in the same.

    Examples
    --------
    >>> found = assess([[9.0, 3.0], [6.0, 5.0], [5.0, 5.0]], threshold=5.0)
    >>> found.chosen("maximin"), found.chosen("policy_regret"), found.pareto.tolist()
    ((1, 2), (0,), [True, True, False])
    """
    table = np.asarray(outcomes, dtype=np.float64)
    options, worlds = table.shape
    spread = table.std(axis=1, ddof=1) if worlds > 1 else np.zeros(options)
    expected, worst = table.mean(axis=1), table.min(axis=1)
    most = policy_regrets(table).max(axis=1)
    met = (table >= threshold - TOLERANCE).sum(axis=1)
    return Assessment(
        expected,
        Z95 * spread / np.sqrt(worlds),
        np.quantile(table, 0.05, axis=1),
        worst,
        most,
        met,
        worlds,
        pareto_set(np.stack([expected, worst, -most, met.astype(np.float64)])),
    )


def pareto_set(scores: ArrayLike) -> Bools:
    """Which options ``[criterion, option]``, all to be made large, no other option dominates.

    >>> pareto_set([[1.0, 2.0, 2.0], [1.0, 0.0, 0.0]]).tolist()
    [True, True, True]
    """
    table = np.asarray(scores, dtype=np.float64)
    kept = np.ones(table.shape[1], dtype=np.bool_)
    for option in range(table.shape[1]):
        ahead = table - table[:, option, None]
        kept[option] = not ((ahead >= -TOLERANCE).all(axis=0) & (ahead > TOLERANCE).any(axis=0)).any()
    return kept
