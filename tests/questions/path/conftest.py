"""What the tests of courses over years ask of."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.reduction import ForkingPickler
from typing import Any

import numpy as np
import pytest

from triangle.model.model import Model, read_model


@pytest.fixture(scope="session")
def model() -> Model:
    """The shipped model."""
    return read_model()


@pytest.fixture(scope="session")
def same_when_sent() -> Callable[[Any, int], bool]:
    """Whether a piece of work comes out the same where the work was sent as to another process, which takes long."""

    def same(work: Any, piece: int) -> bool:
        here, there = work.compute(piece), ForkingPickler.loads(ForkingPickler.dumps(work)).compute(piece)
        assert here.keys() == there.keys()
        return all(np.array_equal(x, there[name], equal_nan=x.dtype.kind == "f") for name, x in here.items())

    return same
