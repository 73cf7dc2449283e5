"""What the tests of offers ask of."""

from __future__ import annotations

import pytest
from budgets import LARGE


@pytest.fixture
def offer_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """By default neither how often the types differ nor the shortest watch, where neither is looked at."""
    if not LARGE:
        monkeypatch.setattr("triangle.questions.signal.answer._differ", lambda *asked: (0.0, 0.0))
        monkeypatch.setattr("triangle.questions.signal.answer._shortest", lambda *asked: None)
