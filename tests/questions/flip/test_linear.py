"""Small linear programs: the short way to the solver finds what scipy's public function finds, to the bit."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.budgets import tries
from triangle.questions.flip import linear
from triangle.questions.flip.linear import by_milp, solved

Asked = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def drawn(seed: int) -> Asked:
    """A program of some rows and columns, with entries that are zero and bounds that are none."""
    generator = np.random.default_rng(seed)
    count, n = generator.integers(1, 12), generator.integers(1, 30)
    rows = generator.normal(size=(count, n)) * (generator.random((count, n)) < 0.7)
    low = generator.uniform(-2, 0, n)
    high = np.where(generator.random(n) < 0.1, np.inf, low + generator.uniform(0, 3, n))
    return generator.uniform(0, 1, n), rows, generator.uniform(-1, 3, count), low, high


def same(one: tuple[np.ndarray, float] | None, other: tuple[np.ndarray, float] | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one[0], other[0]) and one[1] == other[1]


def test_scipys_own_binding_answers_as_its_public_function_does():
    assert linear._solvers.highs is not None, "scipy binds its solver otherwise: flips take three times as long"
    programs = [drawn(seed) for seed in range(tries(800))]
    found = [solved(*program) for program in programs]
    assert {answer is None for answer in found} == {True, False}
    assert all(same(answer, by_milp(*program)) for answer, program in zip(found, programs, strict=True))


def test_another_binding_leaves_it_to_the_public_function(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(linear, "_solvers", type("Without", (), {"highs": None}))
    monkeypatch.setattr(linear, "by_milp", lambda *program: ("asked", program))
    assert [solved(*drawn(seed))[0] for seed in range(5)] == ["asked"] * 5


def test_a_binding_that_does_not_solve_a_program_of_one_number_is_not_used(monkeypatch: pytest.MonkeyPatch):
    class Later:
        def setOptionValue(self, *_: object) -> None: ...

        def passModel(self, model: object) -> None: ...

    monkeypatch.setattr("scipy.optimize._highspy._core._Highs", Later)
    assert linear._Solvers().highs is None


def test_threads_do_not_disturb_each_other():
    programs = [drawn(seed) for seed in range(tries(400))]
    alone = [solved(*program) for program in programs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda program: solved(*program), programs))
    assert all(map(same, alone, together))
