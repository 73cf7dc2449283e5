r"""Intervals of 95 % for shares that independent draws estimate.

Of n draws of which k have a property, the share is :math:`\hat p = k / n`. Wilson's (1927) interval holds the shares
:math:`p` that a normal test at level :math:`z` would not reject,

.. math:: \frac{\hat p + z^2/2n \pm z \sqrt{\hat p (1 - \hat p)/n + z^2/4n^2}}{1 + z^2/n}.

It stays within [0, 1] and is sound for k = 0. Of the mean of n numbers from 0 to 1, with k their sum, it is an interval
that is wide enough, since no such number varies more than one that is 0 or 1. It is meant for independent draws; Sobol'
points and Latin hypercubes estimate more precisely than it says, and on a grid it has no meaning as a statement of
probability.

References
----------
Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. *Journal of the American
Statistical Association* 22(158), 209-212.
"""

from __future__ import annotations

import math
from statistics import NormalDist

#: Quantile of the normal law for intervals of 95 %.
Z95 = NormalDist().inv_cdf(0.975)


def wilson(k: float, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval for the share of which k of n draws are an estimate.

    >>> low, high = wilson(0, 10)
    >>> low, round(high, 4)
    (0.0, 0.2775)
    """
    if n == 0:
        return 0.0, 1.0
    centre = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4)
    return (0.0 if k == 0 else max(0.0, centre - half)), (1.0 if k == n else min(1.0, centre + half))
