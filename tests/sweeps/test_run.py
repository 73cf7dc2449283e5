"""The sweep against the scalar solver, and its independence of how the work is divided."""

from dataclasses import replace

import numpy as np
import pytest
from budgets import LARGE, few

import triangle
from triangle import api
from triangle.base.errors import BadInput, TriangleError
from triangle.base.records import to_document
from triangle.games.normal_form import TOLERANCE
from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import shipped_names
from triangle.study.study import study as study_of
from triangle.sweeps import archive
from triangle.sweeps import run as sweep
from triangle.sweeps.design import BLOCK

MODEL = api.read_model()


def scalar_mask(study, numbers, hold=None) -> tuple[int, float]:
    """The set of equilibria that ``solve`` finds at these values, and how close any profile is to being decided."""
    scenario = replace(study.scenario, values=study.scenario.moved(numbers))
    one = study_of(study.model, scenario, dict(study.hold))
    mask = sum(1 << study.cast.index(finding.profile) for finding in one.solve().findings)
    return mask, float(np.abs(one.margins + TOLERANCE).min())


def check_nodes(games, study, nodes) -> None:
    mask = games["mask"]
    for index in nodes:
        here = mask[(..., *index)]  # one word, or several, before the draws
        numbers = {
            str(d): float(mask[d][place])
            for d, place in zip(mask.dims[-len(index) :], index, strict=True)
            if str(d) in study.scenario.values
        }
        if "inputs" in games:
            inputs = games["inputs"][:, index[-1]]
            numbers |= dict(zip(games["parameter"].values.tolist(), inputs.values.tolist(), strict=True))
        expected, distance = scalar_mask(study, numbers)
        found = study.cast.sets.whole(here.values)
        assert found == expected or distance < 1e-6, (index, found, expected)


def test_a_grid_agrees_with_solve_at_random_nodes():
    study = api.load("europe_joins", hold={"US": "court_russia"}, model=MODEL)
    over = {"relief": np.linspace(0, 1, 23), "reversal_hazard": np.linspace(0.02, 0.25, 17)}
    games = triangle.sweep("europe_joins", over, hold={"US": "court_russia"})
    assert games["mask"].dims == tuple(over) and games["mask"].dtype == np.uint64
    assert len(np.unique(games["mask"])) > 1
    draw = np.random.default_rng(1)
    check_nodes(games, study, {tuple(int(draw.integers(n)) for n in (23, 17)) for _ in range(100 if LARGE else 25)})


def test_a_free_grid_agrees_with_solve_at_random_nodes():
    over = {"stake_ru_cn": np.linspace(1, 12, 31), "political_concession": np.linspace(0, 1, 29)}
    games = triangle.sweep("rift_courted", over)
    draw = np.random.default_rng(2)
    nodes = {tuple(int(draw.integers(n)) for n in (31, 29)) for _ in range(100 if LARGE else 25)}
    check_nodes(games, api.load("rift_courted", model=MODEL), nodes)


@pytest.mark.parametrize("name", few(shipped_names(SHIPPED), 14))
def test_draws_of_every_scenario_agree_with_solve(name: str):
    games = triangle.sweep(name, samples=40, levers=True, seed=11)
    check_nodes(games, api.load(name, model=MODEL), [(i,) for i in range(0, 40, 8)])


def test_margins_are_those_of_the_study():
    profile = "US=contain_both,RU=align,CN=align"
    games = triangle.sweep("baseline", {"relief": [0.0, 0.7]}, margins=[profile])
    for i, relief in enumerate((0.0, 0.7)):
        study = api.load("baseline", {"relief": relief}, model=MODEL)
        assert float(games["margin"][0, i]) == pytest.approx(float(study.margins[0, 1, 1]), rel=1e-9)
    held = triangle.sweep("baseline", {"relief": [0.7]}, margins=[profile], hold={"US": "contain_both"})
    study = api.load("baseline", {"relief": 0.7}, {"US": "contain_both"}, MODEL)
    assert float(held["margin"][0, 0]) == pytest.approx(float(study.margins[0, 1, 1]), rel=1e-9)


def test_everybody_held_is_one_profile():
    hold = {"US": "contain_both", "RU": "align", "CN": "align"}
    assert triangle.sweep("baseline", {"relief": [0.0, 1.0]}, hold=hold)["mask"].values.tolist() == [32, 32]


def run(names=("baseline", "rift_courted"), chunk=BLOCK, workers=1, counts_only=False, **design):
    studies = [api.load(name, model=MODEL) for name in names]
    job = sweep.job_of(studies, sweep.plan(studies, **design), chunk=chunk, counts_only=counts_only)
    return sweep.run(job, studies, "test", workers=workers)


def test_results_do_not_depend_on_chunks_or_workers():
    samples = 3000 if LARGE else 1400  # which fill one block and begin another in the small budget, too
    design = {"over": {"relief": [0.0, 0.5, 1.0]}, "samples": samples, "sampling": "lhs"}
    first = run(**design)
    games = first.dataset()["mask"].values
    assert games.shape == (2, 3, samples)
    for chunk, workers in ((2 * BLOCK, 1), (1, 1), (10**6, 1), (BLOCK, 2)):
        again = run(chunk=chunk, workers=workers, **design)
        assert (again.dataset()["mask"].values == games).all()
        assert to_document(again.tally) == to_document(first.tally)
    counted = run(chunk=3 * BLOCK, counts_only=True, **design)
    assert to_document(counted.tally) == to_document(first.tally)
    with pytest.raises(BadInput, match="counts only"):
        counted.dataset()


def test_scenarios_share_their_draws():
    games = triangle.sweep(["baseline", "rift_courted"], samples=64)
    assert games["mask"].dims == ("scenario", "sample")
    inputs = games["inputs"].transpose("scenario", "parameter", "sample")
    same = (inputs.values[0] == inputs.values[1]).all(axis=1)
    changed = {c.parameter for c in api.load("rift_courted", model=MODEL).scenario.all_changes}
    assert {str(n) for n in games["parameter"].values[~same]} == changed & set(games["parameter"].values.tolist())


def test_what_is_drawn():
    def drawn(name: str, **more) -> dict[str, tuple[float, float]]:
        studies = [api.load(name, more.pop("settings", None), model=MODEL)]
        return {p.name: (p.low[0], p.high[0]) for p in sweep.plan(studies, samples=4, **more).drawn}

    catalogue = MODEL.catalogue
    prior = drawn("baseline")
    # What the other form alone reads is not drawn, nor what is computed from what is.
    ours = [p for p in catalogue if p.form in (None, MODEL.form.name) and not p.follows]
    assert set(prior) == {p.name for p in ours if p.role != "lever"}
    assert set(drawn("baseline", levers=True)) == {p.name for p in ours}
    assert prior["stake_ru_cn"] == (catalogue["stake_ru_cn"].low, catalogue["stake_ru_cn"].high)
    assert "stake_ru_cn" not in drawn("baseline", settings={"stake_ru_cn": 9.0}), (
        "a value that is set is taken as given"
    )
    assert drawn("baseline", ranges={"relief": (0.1, 0.2)}) == {"relief": (0.1, 0.2)}
    assert drawn("baseline", ranges={"relief": (0.1, 0.2)}, box=True) == prior | {"relief": (0.1, 0.2)}
    assert "gdp_ru" not in drawn("baseline", over={"gdp_ru": [2000.0, 2100.0]})


@pytest.mark.parametrize("sampling", ["sobol", "lhs", "random"])
def test_in_the_prior_box_draws_do_not_depend_on_what_else_is_drawn(sampling: str):
    arguments = {"samples": 50, "design": sampling, "seed": 2}
    alone = triangle.sweep("baseline", **arguments)
    more = triangle.sweep("baseline", levers=True, **arguments)
    fewer = triangle.sweep("baseline", {"gdp_ru": [2000.0, 2100.0]}, **arguments)
    for other in (more, fewer):
        names = [n for n in alone["parameter"].values.tolist() if n in other["parameter"].values.tolist()]
        assert len(names) > 50
        assert (other["inputs"].sel(parameter=names).values == alone["inputs"].sel(parameter=names).values).all()


def test_points_from_a_table():
    points = {"relief": [0.0, 1.0, 1.0], "europe_joins": [0.0, 0.0, 1.0]}
    games = triangle.sweep("baseline", points=points, hold={"US": "court_russia"})
    assert games["mask"].dims == ("point",) and games["inputs"].values.tolist() == list(points.values())
    check_nodes(games, api.load("baseline", hold={"US": "court_russia"}, model=MODEL), [(0,), (1,), (2,)])


def test_the_dataset_says_what_it_is():
    games = triangle.sweep("rift_courted", {"relief": [0.0, 1.0]}, samples=3, seed=9)
    assert games["relief"].attrs["units"] == "fraction" and games.attrs["seed"] == 9
    manifest = archive.json.loads(games.attrs["manifest"])
    assert "[changes" in manifest["scenario_texts"]["rift_courted"]
    assert manifest["digest"] == archive.model_digest(MODEL) and manifest["version"] == triangle.__version__
    assert games["unit"].sizes == {"parameter": games.sizes["parameter"]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "nothing varies"),
        ({"over": {"relif": [0.0]}}, "did you mean 'relief'"),
        ({"over": {"relief": [2.0]}}, "found 2; relief must be between 0 and 1"),
        ({"over": {"relief": [0.5, 0.5]}}, "a value is given twice"),
        ({"over": {"relief": []}}, "no values"),
        ({"over": {"relief": [0.0]}, "points": {"relief": [0.0]}}, "stands alone"),
        ({"points": {"relief": [0.0, 1.0], "evasion": [0.5]}}, "one value of each parameter"),
        ({"points": {"relief": []}}, "at least one point"),
        ({"points": {"relief": [0.0, float("nan")]}}, "found nan"),
        ({"samples": 0}, "at least 1"),
        ({"samples": 3.5}, "^samples: found 3.5; expected a whole number"),
        ({"samples": 3, "seed": -1}, "^seed: found -1; expected a whole number from 0"),
        (
            {"samples": 3, "seed": 2**63},
            r"^seed: found 9223372036854775808; expected a whole number from 0 to 2\*\*63 - 1",
        ),
        ({"samples": 3, "workers": 0}, "--workers: found 0"),
        ({"samples": 3, "design": "halton"}, "design: found 'halton'; expected 'sobol'"),
        ({"over": "relief"}, "over: found 'relief'; expected a table"),
        ({"over": {"relief": ["much"]}}, "--over: relief: .*expected numbers"),
        ({"points": {"relief": ["much"]}}, "--points: relief: .*expected numbers"),
        ({"over": {"relief": [0.0]}, "settings": {"relief": 0.4}}, "--set: relief: is set, and varies too"),
        ({"points": {"relief": [0.0]}, "settings": {"relief": 0.4}}, "--set: relief: is set, and varies too"),
        (
            {"samples": 3, "ranges": {"relief": (0.1, 0.5)}, "settings": {"relief": 0.4}},
            "--set: relief: is set, and varies too",
        ),
        ({"over": {"relief": [True, False]}}, "--over: relief: found .*expected numbers in one row"),
        ({"over": {"relief": ["0", "1"]}}, "expected numbers in one row"),
        ({"over": {"relief": [[0.0, 0.1], [0.2, 0.3]]}}, "expected numbers in one row"),
        ({"over": {"relief": np.ma.array([0.0, 0.5], mask=[False, True])}}, "expected numbers in one row"),
        ({"points": {"relief": np.array(["2025-01-01"], dtype="M8[D]")}}, "expected numbers in one row"),
        ({"scenario": []}, "name at least one"),
        ({"over": {"relief": [0.0]}, "levers": True}, "those of draws"),
        ({"samples": 3, "ranges": {"relief": (0.0, float("nan"))}}, "found nan"),
        ({"samples": 3, "ranges": {"relief": (0.5, 0.1)}}, "lies above"),
        ({"samples": 3, "ranges": {"relief": (0.1, 0.5)}, "levers": True}, "add --box"),
        ({"samples": 3, "over": {"relief": [0.1]}, "ranges": {"relief": (0.1, 0.5)}}, "as a grid and as a range"),
    ],
)
def test_what_makes_no_design(arguments, message: str):
    with pytest.raises(BadInput, match=message):
        triangle.sweep(**{"scenario": "baseline", **arguments})


def test_margins_are_those_of_every_profile_or_of_each_asked_for_once():
    every = triangle.sweep("baseline", over={"relief": [0.0, 1.0]}, margins=["all"])
    assert every["margin"].shape == (64, 2)
    # A strict equilibrium is a profile that everybody loses by leaving.
    bits = every["mask"].values >> np.arange(64, dtype=np.uint64)[:, None] & np.uint64(1)
    assert ((every["margin"].values > 0) == (bits == 1)).all() and bits.any()
    twice = triangle.sweep("baseline", over={"relief": [0.0, 1.0]}, margins=["32", "5", "32"])
    assert (twice["margin"].values == every["margin"].values[[32, 5]]).all()


def test_numbers_of_numpy_are_numbers(tmp_path):
    games = triangle.sweep("baseline", samples=np.int32(5), seed=np.int64(1), out=tmp_path / "run")
    assert games["mask"].identical(triangle.sweep("baseline", samples=5, seed=1)["mask"])
    assert triangle.sweep("baseline", over={"relief": 0.5}, samples=2, seed=2**63 - 1).attrs["seed"] == 2**63 - 1


def test_too_many_games_for_memory(monkeypatch):
    monkeypatch.setattr(sweep, "MAX_IN_MEMORY", 10)
    with pytest.raises(TriangleError, match="name a folder"):
        triangle.sweep("baseline", samples=11)
