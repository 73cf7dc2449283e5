"""The ledger as the command computes, prints and keeps it: of a part of the entries, of all in the large budget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE
from click.testing import CliRunner
from shipped_claims import PART, alone

from triangle.cli import main
from triangle.questions.claims import answer
from triangle.questions.claims.ledger import Ledger


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, str, Path]:
    """What the command computes by itself, what it prints, and the file; a part is that of files with it alone."""
    folder = tmp_path_factory.mktemp("claims")
    options = [word for file in ([] if LARGE else alone(PART, folder)) for word in ("--claims-file", str(file))]
    computed: list[Ledger] = []
    compute = answer.claims

    def claims(*args: Any, **named: Any) -> Ledger:
        computed.append(compute(*args, **named))
        return computed[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answer, "claims", claims)
        told = ["claims", "--workers", "1", "--out", str(folder / "ledger.json"), *options]
        result = CliRunner(env={"COLUMNS": "200"}).invoke(main, told)
    assert result.exit_code == 0, result.output
    return computed[0], result.stdout, folder / "ledger.json"


@pytest.fixture(scope="session")
def ledger(asked: tuple[Ledger, str, Path]) -> Ledger:
    """The ledger that the command computed."""
    return asked[0]


@pytest.fixture(scope="session")
def kept(asked: tuple[Ledger, str, Path]) -> tuple[str, Path]:
    """What the command printed, and the file in which it kept the ledger."""
    return asked[1:]
