"""Small linear programs: the short way to the solver finds what scipy's public function finds, to the bit."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from tests.budgets import tries
from triangle.base import linear
from triangle.base.linear import USUAL, Found, Way, least_cost

Asked = dict[str, Any]


def drawn(seed: int) -> Asked:
    """A program of some rows and columns, with entries that are zero, bounds that are none and, of some, equations.

    One in twenty has entries that are too large for the solver.
    """
    generator = np.random.default_rng(seed)
    same, count, n = generator.integers(0, 2), generator.integers(0, 12), generator.integers(1, 30)
    rows = generator.normal(size=(same + count, n)) * (generator.random((same + count, n)) < 0.7)
    rows *= 1.0 if seed % 20 else 1e16
    low = np.where(generator.random(n) < 0.1, -np.inf, generator.uniform(-2, 0, n))
    high = np.where(generator.random(n) < 0.1, np.inf, np.maximum(low, -2) + generator.uniform(0, 3, n))
    return {
        "cost": generator.uniform(-0.1, 1, n),
        "rows": rows[same:],
        "most": generator.uniform(-3, 1, count),
        "box": (low, high),
        "equal": (rows[:same], generator.uniform(-0.2, 0.2, same)) if same else None,
        "way": Way(tolerance=[1e-7, 1e-10][seed % 2], presolve=seed % 3 > 0),
    }


def same(one: Found | None, other: Found | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(map(np.array_equal, one, other))


def test_scipys_own_binding_answers_as_its_public_function_does(monkeypatch: pytest.MonkeyPatch):
    assert linear._solvers.by(USUAL) is not None, "scipy binds its solver otherwise: flips take three times as long"
    programs = [drawn(seed) for seed in range(tries(1600))]
    found = [least_cost(**program) for program in programs]
    assert {answer is None for answer in found} == {True, False}
    assert any(answer is not None and answer.prices.any() for answer in found)
    monkeypatch.setattr(linear, "_solver", lambda way: None)
    monkeypatch.setattr(linear, "_solvers", linear._Solvers())
    assert all(same(answer, least_cost(**program)) for answer, program in zip(found, programs, strict=True))


def test_another_binding_leaves_it_to_the_public_function(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(linear, "_solver", lambda way: None)
    monkeypatch.setattr(linear, "_solvers", linear._Solvers())
    monkeypatch.setattr(linear, "by_linprog", lambda *program: ("asked", program))
    assert [least_cost(**drawn(seed))[0] for seed in range(5)] == ["asked"] * 5


def test_a_binding_that_does_not_solve_a_program_of_one_number_is_not_used(monkeypatch: pytest.MonkeyPatch):
    class Later:
        def setOptionValue(self, *_: object) -> None: ...

        def passModel(self, model: object) -> None: ...

    monkeypatch.setattr("scipy.optimize._highspy._core._Highs", Later)
    assert linear._Solvers().by(USUAL) is None


@pytest.mark.parametrize("part", ["cost", "rows", "most"])
def test_what_is_not_a_number_is_refused(part: str):
    program = {"cost": np.ones(1), "rows": -np.ones((1, 1)), "most": -np.ones(1), "box": (0.0, 2.0)}
    assert least_cost(**program) is not None
    with pytest.raises(ValueError, match="not a number"):
        least_cost(**(program | {part: np.nan * program[part]}))


def test_threads_do_not_disturb_each_other():
    programs = [drawn(seed) for seed in range(tries(400))]
    alone = [least_cost(**program) for program in programs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda program: least_cost(**program), programs))
    assert all(map(same, alone, together))
