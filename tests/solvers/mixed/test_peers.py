"""What Gambit's solvers find in generic games is among our equilibria; Gambit runs in a child that can be killed."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from referees import recorded

from triangle.solvers.mixed.support import COMPLETE, all_equilibria

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "bench_support.py"


def benchmark():
    """The benchmark script as a module: it knows how to ask Gambit within a time limit."""
    spec = importlib.util.spec_from_file_location("bench_support", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(BENCHMARK.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


@pytest.mark.parametrize("method", ["gnm", "enumpoly"])
@pytest.mark.parametrize("shape, games", [((2, 2, 2), 40), ((3, 3, 3), 5)], ids=str)
def test_what_gambit_finds_is_among_ours(method, shape, games):
    script = benchmark()
    payoffs = script.drawn(shape, games, "normal", seed=5)
    found = all_equilibria(payoffs)
    assert (found.verdict == COMPLETE).all()
    name = f"{method}_{'x'.join(map(str, shape))}"
    answered = recorded(
        name, payoffs.tolist(), f"bench_support.py --serve {method}", lambda: script.ask(method, payoffs, 60.0, 20.0)
    )
    counts = script.compare(payoffs, found, answered)
    # Being slow is the peer's own affair; an error would mean that we asked it wrongly.
    assert {a["error"] for a in answered} <= {"", "hang"}, answered
    assert counts["games"] > 0
    assert counts["not among ours"] == 0


def test_a_worker_that_does_not_answer_is_killed_and_its_game_skipped():
    script = benchmark()
    # The patience leaves a thousandth of a second, in which no child answers, nor finds that it cannot.
    answered = script.ask("gnm", np.ones((3, 2, 2, 2, 3)), seconds=10.0, patience=-19.999)
    assert [(a["game"], a["error"]) for a in answered] == [(0, "hang"), (1, "hang"), (2, "hang")]
