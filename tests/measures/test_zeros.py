"""Zeros along lines: Chebyshev interpolants find all of them, at kinks and at touching points too."""

import numpy as np
import pytest
from budgets import LARGE

from triangle.measures.zeros import zeros


def of(function, *breaks: float) -> list[float]:
    return zeros(lambda _, t: function(t)[None], [np.array(breaks or (0.0, 1.0))])[0].tolist()


def test_an_affine_function_has_its_zero_to_the_last_digits():
    assert of(lambda t: 3 * t - 1) == pytest.approx([1 / 3], abs=1e-15)
    assert of(lambda t: 1e6 * (t - 0.123456789)) == pytest.approx([0.123456789], abs=1e-13)


def test_all_zeros_of_a_wave_are_found():
    found = of(lambda t: np.sin(40 * np.pi * t + 1.0))
    assert found == pytest.approx([(k - 1 / np.pi) / 40 for k in range(1, 41)], abs=1e-11)


def test_two_zeros_a_millionth_apart_are_both_found():
    assert of(lambda t: (t - 0.3) * (t - 0.300001)) == pytest.approx([0.3, 0.300001], abs=1e-8)


def test_zeros_on_both_sides_of_a_kink_and_beside_it():
    assert of(lambda t: np.abs(t - 1 / 3) - 0.01) == pytest.approx([1 / 3 - 0.01, 1 / 3 + 0.01], abs=1e-10)
    assert of(lambda t: np.maximum(0.0, t - 0.7) - 1e-4) == pytest.approx([0.7001], abs=1e-10)


def test_a_zero_that_is_only_touched_is_found():
    found = of(lambda t: -((t - 0.37) ** 2))
    assert found
    assert np.abs(np.array(found) - 0.37).max() < 1e-6


def test_a_rational_function_near_its_pole():
    assert of(lambda t: 1 / (1.001 - t) - 500.0) == pytest.approx([0.999], abs=1e-9)


def test_what_is_zero_all_along_has_no_zeros_to_speak_of():
    assert of(lambda t: 0 * t) == []


@pytest.mark.parametrize("seed", range(5))
def test_polynomials_with_known_zeros(seed: int):
    roots = np.sort(np.random.default_rng(seed).uniform(0.02, 0.98, 9))
    assert of(lambda t: np.prod([t - r for r in roots], axis=0)) == pytest.approx(roots.tolist(), abs=1e-7)


def test_values_that_are_no_numbers_and_endless_roughness_are_refused(monkeypatch: pytest.MonkeyPatch):
    if not LARGE:
        monkeypatch.setattr("triangle.measures.zeros._MOST_PIECES", 500)
    with pytest.raises(ArithmeticError, match="finite"):
        of(lambda t: t / 0 if False else np.where(t > 0.5, np.inf, t))
    with pytest.raises(ArithmeticError, match="rough"):
        of(lambda t: np.sin(1e7 * t))
