r"""The value of information: how much better a choice would be if something uncertain were known before it.

With :math:`x_{ow}` the outcome of option o in world w and :math:`\theta_j` a parameter that differs between worlds,

.. math:: EVPI = E_w \max_o x_{ow} - \max_o E_w x_{ow}, \qquad
          EVPPI_j = E_{\theta_j} \max_o E[x_{ow} \mid \theta_j] - \max_o E_w x_{ow}

(Raiffa and Schlaifer 1961; for one parameter estimated from the same draws, without further ones: Strong, Oakley and
Brennan 2014). :math:`E[x_{ow} \mid \theta_j]` is estimated by means over bins of equally many draws. The largest of
several noisy means is too large on average, so that three numbers stand beside each other:

* the **estimate** itself, biased upwards by noise (and downwards where a bin is too wide to resolve the switch),
* the **chance level**: what bins of worlds shuffled at random give, on average and at the most of a thousand times; an
  estimate below the latter is not to be told from nothing, and of seventy parameters that tell nothing one will
  exceed it in seven of a hundred such tables,
* the **cross-validated** value: in each of five parts of the worlds, the option is taken that the other four call best
  in that bin. It is what a decision maker who learned from these draws would gain, biased downwards, with an interval.

References
----------
Raiffa, H. and Schlaifer, R. (1961). *Applied Statistical Decision Theory*. Harvard University Press.
Strong, M., Oakley, J. E. and Brennan, A. (2014). Estimating multiparameter partial expected value of perfect
information from a probabilistic sensitivity analysis sample. *Medical Decision Making* 34(3), 311-326.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.intervals import Z95

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Fewest draws of a bin, and most bins.
_LEAST, _MOST = 64, 32

#: Parts of the cross-validation, and shuffles for the chance level.
_FOLDS, _SHUFFLES = 5, 1000


@dataclass(frozen=True)
class Worth:
    """What knowing one parameter is worth; all but the name in the unit of the outcome.

    Attributes
    ----------
    estimate : float
        The EVPPI from the draws, biased upwards by noise.
    cross, cross_low, cross_high : float
        Gain by cross-validated choice with its 95 % interval.
    beyond_chance : bool
        Whether the estimate exceeds that of every shuffle of the worlds.
    rests_on : str
        What stands behind the parameter: ``figure``, ``formula`` or ``judgement``; empty where nobody said. Only a
        figure can be looked up.
    """

    parameter: str
    estimate: float
    cross: float
    cross_low: float
    cross_high: float
    beyond_chance: bool
    rests_on: str = ""


@dataclass(frozen=True)
class Information:
    """The value of knowing everything, and of knowing each parameter alone, largest first.

    Attributes
    ----------
    evpi : float
        Value of knowing the world before the choice.
    bins : int
        Bins of equally many draws.
    chance, chance_high : float
        Mean and largest of the estimates for a parameter that tells nothing.
    worths : tuple of Worth
    """

    evpi: float
    bins: int
    chance: float
    chance_high: float
    worths: tuple[Worth, ...]


def evpi(outcomes: ArrayLike) -> float:
    """Expected value of perfect information of a table ``[option, world]``.

    >>> evpi([[0.0, 10.0], [4.0, 4.0]])
    2.0
    """
    table = np.asarray(outcomes, dtype=np.float64)
    return max(0.0, float(table.max(axis=0).mean() - table.mean(axis=1).max()))


def value_of_information(
    outcomes: ArrayLike, inputs: Mapping[str, ArrayLike], seed: int = 0, backing: Mapping[str, str] | None = None
) -> Information:
    """EVPI and the EVPPI of each input on the same draws.

    Parameters
    ----------
    outcomes : array, shape (options, worlds)
    inputs : mapping of str to array, shape (worlds,)
        What differs between the worlds.
    seed : int
        Of the shuffles and of the parts of the cross-validation.
    backing : mapping of str to str, optional
        What stands behind each input.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> known, idle = rng.normal(size=(2, 2048))
    >>> found = value_of_information(np.stack([0 * known, known]), {"known": known, "idle": idle})
    >>> [(worth.parameter, worth.beyond_chance) for worth in found.worths]
    [('known', True), ('idle', False)]
    """
    # Options that do the same in every world are one; they would only cost time.
    table = np.unique(np.asarray(outcomes, dtype=np.float64), axis=0)
    worlds = table.shape[1]
    bins = max(2, min(_MOST, worlds // _LEAST)) if worlds >= 2 else 1
    rng = np.random.default_rng([seed, 41])
    shuffled = [_binned(table, rng.permutation(worlds), bins) for _ in range(_SHUFFLES)]
    high = max(shuffled)
    folds = rng.permutation(worlds) % _FOLDS
    worths = []
    for name, column in inputs.items():
        known = np.asarray(column, dtype=np.float64)
        estimate = _binned(table, np.argsort(known, kind="stable"), bins)
        gains = _cross_validated(table, known, folds, bins)
        mean, half = float(gains.mean()), float(Z95 * gains.std(ddof=1) / np.sqrt(worlds)) if worlds > 1 else 0.0
        rests_on = (backing or {}).get(name, "")
        worths.append(Worth(name, estimate, mean, mean - half, mean + half, estimate > high, rests_on))
    worths.sort(key=lambda worth: -worth.estimate)
    return Information(evpi(table), bins, float(np.mean(shuffled)), high, tuple(worths))


def _starts(worlds: int, bins: int) -> Places:
    return (np.arange(bins) * worlds) // bins


def _binned(table: Floats, order: Places, bins: int) -> float:
    """Mean over bins of the best option's mean in the bin, less the best option's mean over all."""
    sums = np.add.reduceat(table[:, order], _starts(len(order), bins), axis=1)
    worlds = len(order)
    return max(0.0, float(sums.max(axis=0).sum() - sums.sum(axis=1).max()) / worlds)


def _cross_validated(table: Floats, known: Floats, folds: Places, bins: int) -> Floats:
    """For each world what the option gains that the other parts call best in its bin, over what they call best."""
    gains = np.zeros(table.shape[1])
    for fold in range(_FOLDS):
        test, train = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if not len(test) or len(train) < bins:
            continue
        order = train[np.argsort(known[train], kind="stable")]
        starts = _starts(len(order), bins)
        sums = np.add.reduceat(table[:, order], starts, axis=1)
        best = sums.argmax(axis=0)[np.searchsorted(known[order[starts[1:]]], known[test], side="right")]
        gains[test] = table[best, test] - table[sums.sum(axis=1).argmax(), test]
    return gains
