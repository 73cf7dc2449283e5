r"""Words for shares, by the scale of the Intergovernmental Panel on Climate Change.

============================= ==========
word                          share
============================= ==========
virtually certain             99 – 100 %
very likely                   90 – 100 %
likely                        66 – 100 %
about as likely as not        33 – 66 %
unlikely                      0 – 33 %
very unlikely                 0 – 10 %
exceptionally unlikely        0 – 1 %
============================= ==========

The narrowest word that fits is taken. Here it stands for a share of worlds drawn from what is uncertain, and says no
more than that share; whether the model is right is another matter, for which that scale has other words (confidence).

References
----------
Mastrandrea, M. D., Field, C. B., Stocker, T. F. et al. (2010). *Guidance note for lead authors of the IPCC Fifth
Assessment Report on consistent treatment of uncertainties*. Intergovernmental Panel on Climate Change.
"""

from __future__ import annotations

from typing import Literal

Likelihood = Literal[
    "virtually_certain",
    "very_likely",
    "likely",
    "as_likely_as_not",
    "unlikely",
    "very_unlikely",
    "exceptionally_unlikely",
]

#: The least share of each word, the strongest first; those below one half mirror those above.
_LEAST: tuple[tuple[Likelihood, float], ...] = (
    ("virtually_certain", 0.99),
    ("very_likely", 0.9),
    ("likely", 0.66),
    ("as_likely_as_not", 0.33),
)
_MOST: tuple[tuple[Likelihood, float], ...] = (
    ("exceptionally_unlikely", 0.01),
    ("very_unlikely", 0.1),
    ("unlikely", 0.33),
)


def likelihood(low: float, high: float) -> Likelihood:
    """The word for a share of which an interval is known: that of the end nearer to one half, the weaker claim.

    Examples
    --------
    >>> likelihood(0.98, 0.995), likelihood(0.3, 0.4), likelihood(0.05, 0.08), likelihood(0.4, 0.99)
    ('very_likely', 'as_likely_as_not', 'very_unlikely', 'as_likely_as_not')
    """
    share = min(max(low, 0.5), high)
    if share < _LEAST[-1][1]:
        return next(word for word, most in _MOST if share <= most)
    return next(word for word, least in _LEAST if share >= least)
