"""The bounds that the proof of a step rests on hold: between points of a cubic, and within a box around it."""

from __future__ import annotations

import numpy as np
import pytest
from budgets import LARGE, in_turn
from numpy.polynomial import chebyshev

from triangle.solvers.logit.equations import Form, Tables, linearise
from triangle.solvers.logit.proof import _Rates
from triangle.solvers.logit.steps import Cubic, Ends, slopes_of

GAMES = 12
SHAPES = [(2, 2), (4, 2), (3, 3), (2, 2, 2), (2, 3, 4)]


class Steps:
    """Random games with a random cubic in the log-odds and λ of each, and G and G' along it."""

    def __init__(self, shape: tuple[int, ...], reach: float):
        self.rng = np.random.default_rng([len(shape), shape[0], int(10 * reach)])
        payoffs = self.rng.normal(size=(len(shape), *shape, GAMES))
        self.form = Form.of(payoffs)
        self.gains, _ = self.form.advantages(payoffs)
        self.tables = Tables.of(self.gains)
        point, chord, *bent = self.rng.normal(size=(4, self.form.size + 1, GAMES))
        point = np.concatenate([2 * point[:-1], 3 + np.abs(point[-1:])])
        tangents = (chord / np.linalg.norm(chord, axis=0) + 0.1 * bend for bend in bent)
        start, end = (
            Ends(at, tangent, *np.zeros((2, 1, GAMES)))
            for at, tangent in zip((point, point + reach * chord), tangents, strict=True)
        )
        self.curve = Cubic.through(start, end)
        self.rates = _Rates.along(self.form, self.tables, self.curve)

    def equations(self, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """G' and G."""
        system = np.empty((self.form.size, self.form.size + 2, GAMES))
        linearise(self.form, self.gains, point, system)
        return slopes_of(system), -system[:, self.form.size + 1]

    def derivative(self, which: int, order: int) -> np.ndarray:
        """A derivative of G' (0) or G (1) along the cubic, at many points inside, by Chebyshev's polynomials."""
        nodes = chebyshev.chebpts1(28)
        found = np.stack([self.equations(self.curve.at(u))[which] for u in nodes])
        series = chebyshev.chebfit(nodes, found.reshape(len(nodes), -1), len(nodes) - 1)
        values = chebyshev.chebval(np.linspace(-0.8, 0.8, 41), chebyshev.chebder(series, order))
        return np.moveaxis(values, -1, 0).reshape(41, *found.shape[1:])


@pytest.mark.parametrize("reach", [0.3, 1.5])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_derivatives_along_a_step_are_within_their_bounds(shape: tuple[int, ...], reach: float):
    steps = Steps(shape, reach)
    for which, order, bound in (
        (0, 3, steps.rates.third(steps.form, steps.tables)),
        (1, 6, steps.rates.sixth(steps.form, steps.tables)),
    ):
        found = np.abs(steps.derivative(which, order)).max(axis=0)
        assert (found <= bound * (1 + 1e-6) + 1e-6 * found.max()).all()


@pytest.mark.parametrize(("shape", "reach"), in_turn(SHAPES, [0.3, 1.5]), ids=str)
def test_what_changes_within_a_box_around_a_step_is_within_its_bound(shape: tuple[int, ...], reach: float):
    steps = Steps(shape, reach)
    around = 0.3 * steps.rng.random((steps.form.size + 1, GAMES))
    bound = steps.rates.within(steps.form, steps.tables, around)
    for u in np.linspace(-1, 1, 9):
        here = steps.equations(steps.curve.at(u))[0]
        for _ in range(20 if LARGE else 10):
            aside = around * steps.rng.choice([-1.0, 1.0, 0.5], size=around.shape)
            moved = np.abs(steps.equations(steps.curve.at(u) + aside)[0] - here)
            assert (moved <= bound + 1e-12).all()
