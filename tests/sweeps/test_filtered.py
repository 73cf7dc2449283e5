"""Games decided in single precision: the same sets to the bit, whatever is drawn and whoever is held."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from budgets import few, in_turn

from triangle.batch import equilibria
from triangle.batch.equilibria import filtered, sweep_masks
from triangle.batch.takeover import Takeover
from triangle.model.model import read_model
from triangle.model.parameters import Values
from triangle.model.terms import TERMS
from triangle.scenarios.scenario import read_scenario
from triangle.study.study import Study
from triangle.sweeps.design import BLOCK, SINGLES, Design, Drawn, point_of
from triangle.sweeps.job import FILTERED, Job
from triangle.sweeps.run import job_of, plan

pytestmark = pytest.mark.usefixtures("filtered_however_few")

SCENARIOS = ("baseline", "europe_joins", "nixon_1972", "rift_shock", "full_package")
HOLDS = ({}, {0: 2}, {1: 1, 2: 3})


def study(name: str, form: str = "first") -> Study:
    model = read_model(form=form)
    return Study(model, read_scenario(name, model), {})


def exactly(job: Job) -> np.ndarray:
    """The sets of a job in double precision, block by block."""
    blocks = [job.design.blocks(place, 0, job.design.games_each) for place in range(len(job.holds))]
    some = zip(job.holds, blocks, strict=True)
    found = [
        (hold, {n: np.broadcast_to(x, (at.stop - at.start,)) for n, x in v.items()})
        for hold, own in some
        for at, v in own
    ]
    return np.concatenate([sweep_masks(Values(v, job.cast), job.terms, hold=hold) for hold, v in found])


def quickly(job: Job) -> np.ndarray:
    return np.concatenate([job.compute(chunk)["mask"] for chunk in range(job.chunks)])


def is_filtered(job: Job) -> bool:
    return job._filtered(0, 0, job.design.games_each) is not None


@pytest.mark.parametrize(("name", "hold", "form"), few([*product(SCENARIOS, HOLDS, ("first", "second"))], 29))
def test_no_set_differs(name: str, form: str, hold: dict[int, int]):
    """`benchmarks/bench_filter.py` looks at 204,800 draws of each."""
    own = replace(study(name, form), hold=hold)
    job = job_of([own], plan([own], samples=SINGLES + BLOCK + 5, seed=len(name), levers=name == "baseline"))
    assert is_filtered(job)
    assert np.array_equal(quickly(job), exactly(job))


@pytest.mark.parametrize(("name", "form"), in_turn(few(SCENARIOS, 3), ["first", "second"]))
def test_few_games_are_in_doubt(name: str, form: str):
    design = plan([own := study(name, form)], samples=SINGLES)
    screen = job_of([own], design)._filtered(0, 0, SINGLES).all
    (_, singles), *_ = design.singles(0, 0, SINGLES, screen.asked)
    _, doubt = screen.masks(singles)
    assert len(doubt) < 0.03 * SINGLES


@pytest.mark.parametrize(
    "asked",
    [
        {"sampling": "lhs"},
        {"sampling": "random"},
        {"replicates": 5, "samples": 5 * 1000},
        {"correlation": {("decisiveness", "stake_ru_cn"): 0.5}},
        {"over": {"relief": [0.0, 0.5], "conditionality": [0.1, 0.9]}, "samples": 3000},
        {"ranges": {"relief": (0.0, 1.0), "decisiveness": (0.6, 2.0)}},
        {"points": {"relief": np.linspace(0, 1, 5000)}, "samples": None},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_no_set_differs_however_points_are_made(asked: dict):
    own = study("baseline")
    job = job_of([own], plan([own], **{"samples": 5000, **asked}))
    assert is_filtered(job)
    assert np.array_equal(quickly(job), exactly(job))


GRIDS = {
    "levers": {"relief": [0.0, 0.3, 1.0], "reversal_hazard": [0.05, 0.2]},
    "a parameter of all payoffs": {"decisiveness": [0.7, 1.0, 1.4, 1.9]},
    "one node": {"relief": [0.4]},
}


@pytest.mark.parametrize(
    ("over", "samples", "form"), few([*product(GRIDS, (700, BLOCK, SINGLES + 301), ("first", "second"))], 11)
)
def test_no_set_of_a_grid_differs_where_nodes_share_what_they_have_in_common(over: str, samples: int, form: str):
    """Chunks begin and end within nodes."""
    own = study("baseline", form)
    job = job_of([own], plan([own], over=GRIDS[over], samples=samples), chunk=2 * BLOCK)
    assert np.array_equal(quickly(job), exactly(job))


def test_scenarios_replicates_and_holds_of_a_grid_are_kept_apart():
    studies = [study("baseline"), replace(study("rift_shock"), hold={2: 1})]
    design = plan(studies, over=GRIDS["levers"], samples=5 * 900, replicates=5, seed=3)
    job = job_of(studies, design)
    assert is_filtered(job) and np.array_equal(quickly(job), exactly(job))


def test_a_chunk_of_a_grid_has_many_nodes():
    def chunk(samples: int | None, nodes: int) -> int:
        design = plan([study("baseline")], over={"relief": np.linspace(0, 1, nodes)}, samples=samples)
        return job_of([study("baseline")], design).chunk

    assert chunk(None, 50) == chunk(1000, 50) == 16 * BLOCK
    assert chunk(20_000, 200) == -(-320_000 // BLOCK) * BLOCK
    assert chunk(20_000, 80) == -(-200_000 // BLOCK) * BLOCK


def test_priors_of_every_shape_are_filtered():
    own = study("baseline")
    fixed = own.scenario.values
    drawn = tuple(
        Drawn(name, prior, (low,), (high,), (mode,))
        for name, prior, low, mode, high in (
            ("relief", "triangular", 0.0, 0.2, 1.0),
            ("decisiveness", "loguniform", 0.5, 1.0, 2.0),
            ("stake_ru_cn", "uniform", 4.0, 4.0, 4.0),
        )
    )
    job = Job(
        Design(("a",), (fixed,), sampling="sobol", samples=BLOCK, drawn=drawn),
        dict(own.model.terms),
        own.model.cast,
        ({},),
    )
    assert is_filtered(job) and np.array_equal(quickly(job), exactly(job))


def test_numbers_in_single_precision_are_the_nearest():
    design = plan([study("baseline")], samples=SINGLES + 100, seed=2)
    for here, singles in design.singles(0, 0, design.games, design.names):
        exact = design.numbers_at(0, np.arange(here.start, here.stop))
        assert singles.keys() == exact.keys()
        for name, single in singles.items():
            assert (single == exact[name].astype(np.float32)).all(), name


def test_draws_are_what_their_points_make_of_them():
    """But for what single precision leaves out of a point: at most half of its last bit, 2 to the power of -24."""
    own = study("baseline")
    design = plan([own], samples=SINGLES + 100, seed=2)
    derived = design.derived(0)
    draws = {p.name: p for p in design.drawn if p.is_drawn(0)}
    assert [one.name for one in derived[: len(draws)]] == list(draws)
    for here, points in design.singles(0, 0, design.games, [point_of(name) for name in draws]):
        exact = design.numbers_at(0, np.arange(here.start, here.stop))
        for one in derived[: len(draws)]:
            (name, width, _), p = one.arguments, draws[one.name]
            found = one.function(points[name].astype(np.float64), *one.arguments[1:])
            largest = p.high[0] if p.prior == "loguniform" else 1.0
            assert np.abs(found - exact[one.name]).max() <= 1.0001 * 2.0**-24 * width * largest, one.name
        for name, (low, high) in design.box(0).items():
            assert name not in points or (low <= points[name].min() and points[name].max() <= high)


def test_some_games_of_a_scenario_are_those_of_its_blocks():
    for design in (
        plan([study("baseline")], samples=2 * BLOCK),
        plan([study("baseline")], samples=700, over={"relief": np.linspace(0, 1, 9)}),
    ):
        index = np.array([5, BLOCK - 1, 17, 699, 4000])
        (_, block), *_ = design.blocks(0, 0, BLOCK)
        some = design.numbers_at(0, index)
        for name, column in block.items():
            assert np.array_equal(np.broadcast_to(column, (BLOCK,))[index], np.broadcast_to(some[name], (5,))), name


def steep(s, v):
    """A user's term without a bound: its divisor passes zero."""
    return {0: 1e-3 / (v["relief"] - 0.5) * s[0, 1]}


def stepped(s, v):
    """A user's term that jumps."""
    return {1: np.where(v["relief"] > 0.5, 30.0, -30.0) * s[1, 2]}


@pytest.mark.parametrize("term, proven", [(steep, False), (stepped, True)])
def test_a_users_term_is_filtered_where_it_has_a_bound(term, proven: bool):
    own = study("baseline")
    design = plan([own], samples=BLOCK, ranges={"relief": (0.0, 1.0), "decisiveness": (0.6, 2.0)})
    job = Job(design, {**TERMS, "own": term}, own.model.cast, ({},))
    assert is_filtered(job) == proven
    assert np.array_equal(quickly(job), exactly(job))


def test_payoffs_that_tie_are_in_doubt_and_then_decided_in_double_precision():
    names = {p.name: p.default for p in read_model().catalogue}

    def flat(s, v):
        return {
            player: 0.0 * v["relief"] * s[0, 1] + 1e-10 * v["relief"] * s[player, (player + 1) % 3]
            for player in range(3)
        }

    box = {name: (value, value) for name, value in names.items()} | {"relief": (0.5, 1.0)}
    relief = np.linspace(0.5, 1.0, 256)
    sample = {name: np.array([value]) for name, value in names.items()} | {"relief": relief}
    screen = filtered({"flat": flat}, box, lambda: sample, read_model().cast)
    singles = {name: np.array([value], np.float32) for name, value in names.items()}
    _, doubt = screen.masks({**singles, "relief": relief.astype(np.float32)})
    assert len(doubt) == 256


def test_a_parameter_outside_the_range_that_was_looked_at_puts_its_game_in_doubt():
    """Parameters that move with others have no range of their own; the box is told from some games."""
    names, cast = {p.name: p.default for p in read_model().catalogue}, read_model().cast
    box = {name: (value, value) for name, value in names.items()} | {"relief": (0.2, 0.6)}
    relief = np.array([0.1, 0.3, 0.5, 0.7, np.nan])
    sample = {name: np.array([value]) for name, value in names.items()} | {"relief": relief[1:3]}
    singles = {name: np.array([value], np.float32) for name, value in names.items()}
    screen = filtered(TERMS, box, lambda: sample, cast, watched=["relief"])
    _, doubt = screen.masks({**singles, "relief": relief.astype(np.float32)})
    assert {0, 3, 4} <= set(doubt.tolist()) and not {1, 2} <= set(doubt.tolist())


def test_what_needs_numbers_in_double_precision_is_not_filtered():
    design = plan([own := study("baseline")], samples=BLOCK)
    assert not is_filtered(job_of([own], design, margins=(5,)))
    assert not is_filtered(job_of([own], design, takeover=Takeover("logit")))
    assert not is_filtered(job_of([own], plan([own], samples=BLOCK - 1)))


def test_a_proof_is_made_once_a_sweep(monkeypatch):
    made = []
    prove = equilibria.proof_for
    monkeypatch.setattr(equilibria, "proof_for", lambda *asked: made.append(asked) or prove(*asked))
    job = job_of([own := study("rift_shock")], plan([own], samples=2 * BLOCK, seed=77), chunk=BLOCK)
    assert np.array_equal(quickly(job), exactly(job)) and len(made) <= 1


def test_only_sweeps_that_are_long_enough_for_a_proof_are_filtered(monkeypatch):
    monkeypatch.undo()
    asked = []
    monkeypatch.setattr(Job, "_filtered", lambda *_: asked.append(_))
    own = study("baseline")
    for samples in (FILTERED - BLOCK, FILTERED):
        job_of([own], plan([own], samples=samples), chunk=BLOCK).compute(0)
    assert len(asked) == 1
