"""Hypothesis generators of the project's objects: points and batches of parameters drawn from the prior box."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import strategies as st

from triangle.model.model import Model, read_model
from triangle.model.parameters import Values


@cache
def shipped() -> Model:
    """The shipped model, read once."""
    return read_model()


@st.composite
def points(draw: st.DrawFn, **fixed: float) -> dict[str, float]:
    """A value for every parameter: uniform in its range, a few of them moved to an end; `fixed` ones as given."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    catalogue = shipped().catalogue
    numbers = {p.name: float(generator.uniform(p.low, p.high)) for p in catalogue}
    for name in draw(st.lists(st.sampled_from(sorted(numbers)), max_size=6, unique=True)):
        numbers[name] = draw(st.sampled_from((catalogue[name].low, catalogue[name].high)))
    return numbers | fixed


def batch(points_: list[dict[str, float]]) -> Values:
    """Several points as one batch."""
    return Values({name: np.array([point[name] for point in points_]) for name in points_[0]})
