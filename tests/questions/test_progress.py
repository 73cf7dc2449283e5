"""What is told while a question is worked on: it counts up, and what is told last is the whole."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

import triangle
from triangle.measures.factors import Ranged, Response
from triangle.measures.variance import decompose
from triangle.questions.bid.answer import bid
from triangle.questions.choose.answer import choose
from triangle.questions.claims.answer import claims
from triangle.questions.contrast.answer import contrast
from triangle.questions.discover.answer import discover
from triangle.questions.flip.answer import flip
from triangle.questions.sensitivity.given_data import given_data
from triangle.questions.sensitivity.screening import screen
from triangle.study.study import Study
from triangle.sweeps.design import Drawn

Tell = Callable[[int, int], None]


@pytest.fixture(scope="module")
def study() -> Study:
    return triangle.load("baseline")


def slope(factors: int = 2) -> Response:
    """The first of some factors, each between 0 and 1."""
    drawn = tuple(Ranged(Drawn(f"x{i}", "uniform", (0.0,), (1.0,), (0.0,)), "", "judgement") for i in range(factors))
    return Response("f", "m", True, drawn, lambda columns: columns["x0"])


def given(_: Study, tell: Tell) -> object:
    x = np.random.default_rng(0).random((2, 64))
    return given_data("pawn", x, x[0], progress=tell)


WORKS: dict[str, Callable[[Study, Tell], object]] = {
    "variance": lambda _, tell: decompose(slope(), 16, 0, tell),
    "screening": lambda _, tell: screen(slope(), 150, 0, tell),
    "given data": given,
    "bid": lambda study, tell: bid(study, samples=2, steps=2, progress=tell),
    "choose": lambda study, tell: choose(study, samples=8, levers={"relief": [0.0, 0.5]}, progress=tell),
    "contrast": lambda study, tell: contrast(study, triangle.load("rift_shock"), samples=64, progress=tell),
    "discover": lambda study, tell: discover(study, "unit_veto", samples=256, progress=tell),
    "claims": lambda study, tell: claims(study.model, only=["C01", "C02"], samples=16, progress=tell),
    "flip": lambda study, tell: flip(study, "RU=hedge,CN=align", names=["relief"], starts=1, progress=tell),
}


@pytest.mark.parametrize("work", WORKS)
def test_progress_counts_up_to_its_whole(study: Study, work: str):
    told: list[tuple[int, int]] = []
    WORKS[work](study, lambda *counts: told.append(counts))
    done, wholes = zip(*told, strict=True)
    assert len(set(wholes)) == 1 and done[-1] == wholes[0]
    assert done[0] > 0 and all(one <= other for one, other in pairwise(done))
