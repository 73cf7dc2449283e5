"""What the tests of courses over years ask of."""

from __future__ import annotations

import pytest

from triangle.model.model import Model, read_model


@pytest.fixture(scope="session")
def model() -> Model:
    """The shipped model."""
    return read_model()
