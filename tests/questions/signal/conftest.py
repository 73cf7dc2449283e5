"""What the tests of offers ask of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from budgets import LARGE

from triangle.questions.signal.answer import signal
from triangle.questions.signal.record import Signal


def _left_out(patched: pytest.MonkeyPatch) -> None:
    if not LARGE:
        patched.setattr("triangle.questions.signal.answer._differ", lambda *asked: (0.0, 0.0))
        patched.setattr("triangle.questions.signal.answer._shortest", lambda *asked: None)


@pytest.fixture
def offer_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """By default neither how often the types differ nor the shortest watch, where neither is looked at."""
    _left_out(monkeypatch)


@pytest.fixture(scope="session")
def signal_alone() -> Callable[..., Signal]:
    """An answer without the two, for several tests."""

    def asked(*args: Any, **options: Any) -> Signal:
        with pytest.MonkeyPatch.context() as patched:
            _left_out(patched)
            return signal(*args, **options)

    return asked
