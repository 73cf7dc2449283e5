"""How much the tests try: little by default, so that all of them take minutes; much where ``TRIANGLE_BUDGET=large``.

``make test`` tries little, ``make check-all`` much. A test that draws inputs asks here how many, by the number it has
in the large budget; what it checks of each is the same in both.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product
from typing import TypeVar

T = TypeVar("T")
S = TypeVar("S")

#: Whether much is tried.
LARGE = os.environ.get("TRIANGLE_BUDGET", "") == "large"

#: Of how many inputs of the large budget the small one has one, and the fewest that it has.
ONE_IN, FEWEST = 16, 5


def tries(large: int) -> int:
    """How many inputs are tried, of so many in the large budget."""
    return large if LARGE else min(large, max(FEWEST, large // ONE_IN))


def few(cases: Sequence[T], one_in: int) -> list[T]:
    """All cases in the large budget, one in so many of them in the small one, the first among these."""
    return list(cases) if LARGE else list(cases[::one_in])


def in_turn(cases: Sequence[T], kinds: Sequence[S]) -> list[tuple[T, S]]:
    """Every case with every kind in the large budget; in the small one each has one of the other in turn."""
    if LARGE:
        return list(product(cases, kinds))
    return [(cases[k % len(cases)], kinds[k % len(kinds)]) for k in range(max(len(cases), len(kinds)))]
