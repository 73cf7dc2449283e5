"""Mixed and logit equilibria inside a sweep: against ``solve``, and independent of how the work is divided."""

import csv
from dataclasses import replace
from multiprocessing.reduction import ForkingPickler

import numpy as np
import pytest
from budgets import LARGE, in_turn
from small_steps import follow
from strategies import former

import triangle
from triangle import api
from triangle.base.errors import BadInput, TriangleError
from triangle.base.records import to_document
from triangle.batch.equilibria import sweep_masks
from triangle.batch.takeover import NOT_ASKED, VERDICTS, Takeover, configuration_probabilities, logit_probabilities
from triangle.games.normal_form import NormalFormGame
from triangle.model.model import Model
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.cast import SHIPPED
from triangle.players.configurations import configurations
from triangle.players.sets import configuration_masks
from triangle.questions.solve import answer as questions
from triangle.solvers.mixed.support import solve_mixed
from triangle.study.study import study as study_of
from triangle.sweeps import archive, replicates
from triangle.sweeps import design as designs
from triangle.sweeps import job as jobs
from triangle.sweeps import run as sweep
from triangle.sweeps.export import write_games

MODEL = api.read_model()
KEYS = list(configuration_masks(SHIPPED))

#: Points that are drawn together: in the small budget few, so that few games fill one block and begin another.
BLOCK = designs.BLOCK if LARGE else 256

#: Of a sweep over three values that is kept.
SAMPLES = 3000 if LARGE else 100


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many points are drawn together, here; another process would know nothing of it."""
    for module in (archive, designs, jobs, replicates, sweep):
        monkeypatch.setattr(module, "BLOCK", BLOCK)


def study_at(games, number: int, name: str, hold: dict[str, str], model: Model = MODEL):
    """The scenario at one draw of a sweep, for the scalar solvers."""
    drawn = dict(zip(games["parameter"].values.tolist(), games["inputs"].values[:, number].tolist(), strict=True))
    study = api.load(name, hold=hold, model=model)
    return study_of(model, replace(study.scenario, values=study.scenario.moved(drawn)), dict(study.hold))


def test_configurations_of_independent_players_are_sums_over_the_64_profiles():
    draw = np.random.default_rng(0)
    played = draw.dirichlet(np.ones(4), (3, 5)).transpose(0, 2, 1)
    expected = dict.fromkeys(KEYS, 0.0)
    for index in range(len(SHIPPED.profiles)):
        us, ru, cn = SHIPPED.profiles[index]
        expected[configurations(SHIPPED)[index].key] += played[0, us] * played[1, ru] * played[2, cn]
    found = configuration_probabilities(played, SHIPPED)
    assert list(found) == KEYS
    for key in KEYS:
        assert found[key] == pytest.approx(expected[key], abs=1e-15)
        assert (configuration_probabilities(played.reshape(12, 5), SHIPPED)[key] == found[key]).all()


def test_without_rationality_everybody_plays_every_action_alike():
    found = logit_probabilities(Values(MODEL.catalogue.defaults(), SHIPPED), lam=0.0)
    assert found.shape == (3, 4) and (found == 0.25).all()
    assert float(configuration_probabilities(found, SHIPPED)["menage_a_trois"]) == 1 / 64


def test_a_held_player_plays_its_action_for_certain():
    found = logit_probabilities(Values(MODEL.catalogue.defaults() | {"relief": [0.0, 1.0]}, SHIPPED), hold={0: 2})
    assert found[0].tolist() == [[0, 0], [0, 0], [1, 1], [0, 0]]
    assert found.sum(axis=1) == pytest.approx(1.0)


def test_great_rationality_comes_to_the_only_equilibrium():
    study = api.load("patient_america", model=MODEL)
    found = logit_probabilities(study.values, lam=1e4, hold=study.hold)
    (equilibrium,) = study.solve().findings
    assert [float(found[(i, a)]) for i, a in enumerate(equilibrium.profile)] == pytest.approx([1.0] * 3)


HOLDS = [{}, {"RU": "hedge"}, {"US": "court_russia", "CN": "align"}]


@pytest.mark.parametrize(("hold", "rationality"), in_turn(HOLDS, [(None, False), (25.0, True), (0.01, False)]))
def test_logit_agrees_with_solve_on_draws(hold, rationality):
    lam, normalised = rationality
    games = triangle.sweep("baseline", samples=24, seed=3, method="logit", lam=lam, normalised=normalised, hold=hold)
    probability = games["probability"].values.reshape(3, 4, -1)
    shares = configuration_probabilities(probability, SHIPPED)
    for number in range(0, 24, 6):
        study = study_at(games, number, "baseline", hold)
        answer = questions.logit(study, *((10.0, True) if lam is None else (lam, normalised)))
        (finding,) = answer.findings
        assert probability[..., number] == pytest.approx(np.array(finding.probabilities), abs=1e-9)
        assert VERDICTS[int(games["verdict"][number])] == answer.verdict
        for key, share in finding.configurations.items():
            assert float(shares[key][number]) == pytest.approx(share, abs=1e-9)


def test_logit_of_a_sweep_is_where_small_steps_along_the_branch_end():
    games = triangle.sweep("baseline", samples=40, seed=5, levers=True, method="logit", lam=25.0, normalised=True)
    for number in range(0, 40, 8 if LARGE else 40):
        right, folds = follow(study_at(games, number, "baseline", {}).game.payoffs, 25.0)
        assert games["probability"].values.reshape(3, 4, -1)[..., number] == pytest.approx(np.array(right), abs=1e-9)
        assert VERDICTS[int(games["verdict"][number])] == "complete" and games["folds"][number] == folds


@pytest.mark.parametrize("hold", [{}, {"CN": "distance"}, {"RU": "distance"}])
def test_mixed_agrees_with_solve_where_there_is_no_pure_equilibrium(hold):
    games = triangle.sweep("baseline", samples=2048, levers=True, method="mixed", hold=hold, model=former())
    none = np.flatnonzero(games["mask"].values == 0)
    assert len(none) > 5 and (games["verdict"].values[games["mask"].values != 0] == NOT_ASKED).all()
    for number in none[:: max(1, len(none) // (6 if LARGE else 3))].tolist():
        answer = questions.mixed(study_at(games, number, "baseline", hold, former()))
        assert int(games["listed"][number]) == len(answer.findings) > 0
        assert VERDICTS[int(games["verdict"][number])] == answer.verdict
        for place, key in enumerate(KEYS):
            found = [finding.configurations.get(key, 0.0) for finding in answer.findings]
            assert float(games["low"][place, number]) == pytest.approx(min(found), abs=1e-7)
            assert float(games["high"][place, number]) == pytest.approx(max(found), abs=1e-7)


def test_degenerate_games_of_two_free_players_are_solved_as_solve_does():
    """Matching pennies over the stances of two, with every action there twice: a continuum of equilibria."""

    def pennies(s, v):
        match = np.where(s[0, 1] == s[1, 0], 1.0, -1.0) * v["stake"]
        return {0: match, 1: -match}

    values, terms, hold = Values({"stake": [1.0, 2.0, 3.0]}, SHIPPED), {"pennies": pennies}, {2: 1}
    masks = sweep_masks(values, terms, hold=hold)
    assert (masks == 0).all()
    found = Takeover("mixed").solve(values, masks, terms, hold)
    solution = solve_mixed(NormalFormGame(payoff_tensor(Values({"stake": 2.0}, SHIPPED), terms)).hold(hold))
    assert len(solution.equilibria) > 1
    assert found["listed"].tolist() == [len(solution.equilibria)] * 3
    assert [VERDICTS[code] for code in found["verdict"]] == [solution.verdict] * 3
    held = np.zeros(4)
    held[1] = 1.0
    shares = [
        configuration_probabilities(np.array([e.probabilities[0], e.probabilities[1], held]), SHIPPED)
        for e in solution.equilibria
    ]
    for place, key in enumerate(KEYS):
        each = [float(share[key]) for share in shares]
        assert found["low"][place] == pytest.approx(min(each)) and found["high"][place] == pytest.approx(max(each))


def test_the_range_over_pure_equilibria_is_nought_or_one():
    games = triangle.sweep("rift_courted", samples=512, method="mixed")
    mask = games["mask"].values
    pure = mask != 0
    for place, pattern in enumerate(configuration_masks(SHIPPED).values()):
        assert (games["high"].values[place, pure] == ((mask & pattern) != 0)[pure]).all()
        assert (games["low"].values[place, pure] == ((mask & ~np.uint64(pattern)) == 0)[pure]).all()


def held(method: str) -> dict[str, str]:
    """Who is held where it matters only how work is divided.

    In the small budget logit equilibria of the two who are left take less, and of few games some have no pure one.
    """
    return {} if LARGE else {"logit": {"RU": "hedge"}, "mixed": {"RU": "distance"}}[method]


def whose(method: str) -> Model:
    """The model at whose parameters games of few draws have mixed equilibria alone."""
    return former() if method == "mixed" and not LARGE else MODEL


def run(method: str, chunk: int = BLOCK, workers: int = 1, counts_only: bool = False, sent: bool = False, **design):
    """A sweep of two scenarios, each of which fills a block and begins another; computed from a job that was sent."""
    studies = [api.load(name, model=whose(method), hold=held(method)) for name in ("baseline", "rift_courted")]
    design = {
        "over": {"relief": [0.0, 1.0]},
        "samples": 5000 if LARGE else 150,
        "sampling": "random",
        "replicates": 50,
    } | design
    job = sweep.job_of(studies, sweep.plan(studies, **design), (), counts_only, chunk, Takeover(method))
    job = ForkingPickler.loads(bytes(ForkingPickler.dumps(job))) if sent else job
    return sweep.run(job, studies, "test", workers=workers)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("method", ["logit", "mixed"])
def test_results_do_not_depend_on_chunks_or_workers(method: str):
    first = run(method)
    games = first.dataset()
    assert (games["verdict"].values != NOT_ASKED).any()
    # In the small budget both take a scenario at once, from what a worker would be sent; tests/sweeps start some.
    for chunk, workers in ((2 * BLOCK, 2 if LARGE else 1), *[(10**6, 1)] * LARGE):
        again = run(method, chunk, workers, sent=True)
        assert again.dataset().identical(games.assign_attrs(again.dataset().attrs))
        assert to_document(again.tally) == to_document(first.tally)
    assert to_document(run(method, 3 * BLOCK, counts_only=True).tally) == to_document(first.tally)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("method", ["logit", "mixed"])
def test_a_store_gives_the_same_games_and_counts_before_and_after_its_end(method: str, tmp_path):
    studies = [api.load("baseline", model=whose(method), hold=held(method))]
    laid = sweep.plan(studies, {"relief": [0.0, 0.5, 1.0]}, SAMPLES, sampling="lhs", replicates=10)
    job = sweep.job_of(studies, laid, (21,), chunk=BLOCK, takeover=Takeover(method))
    described = archive.manifest(job, whose(method), {}, "test")
    whole = sweep.run(job, studies, "test")

    class Stop(Exception):
        pass

    def stop(computed: int, _: int) -> None:
        raise Stop

    store = archive.open_store(tmp_path / "run", described, {}, resume=False)
    with pytest.raises(Stop):
        sweep.run(job, studies, "test", store=store, progress=stop)
    store.close()
    part, expected = archive.load(tmp_path / "run"), whole.dataset()
    assert part["computed"].values.sum() == BLOCK
    for name in {field.name for field in job.fields}:  # what was not computed is told from what was
        left = part[name].values[..., ~part["computed"].values]
        assert np.isnan(left).all() if left.dtype.kind == "f" else (left == {"verdict": -1}.get(name, 0)).all(), name
    for resumed in (2 * BLOCK, 0):
        store = archive.open_store(tmp_path / "run", described, {}, resume=True)
        done = sweep.run(job, studies, "test", store=store)
        store.close()
        assert done.computed == min(resumed, 3 * SAMPLES - BLOCK)
        assert to_document(done.tally) == to_document(whole.tally)
    stored = archive.load(tmp_path / "run")
    for name in expected.data_vars:
        here, there = stored[name], expected[name]
        assert here.dims == there.dims and here.dtype == there.dtype
        assert np.array_equal(here.values, there.values, equal_nan=there.dtype.kind == "f")
    assert stored["replicate"].values.tolist() == [s // (SAMPLES // 10) for s in range(SAMPLES)]
    other = archive.manifest(replace(job, takeover=Takeover("pure")), whose(method), {}, "test")
    with pytest.raises(BadInput, match="method differ"):
        archive.open_store(tmp_path / "run", other, {}, resume=True)


@pytest.mark.usefixtures("blocks")
def test_counts_are_kept_across_an_interruption(tmp_path):
    studies = [api.load("baseline", model=MODEL, hold=held("logit"))]
    samples = 3 * BLOCK if LARGE else BLOCK + 64
    laid = sweep.plan(studies, samples=samples, sampling="random", replicates=40)
    job = sweep.job_of(studies, laid, counts_only=True, chunk=BLOCK, takeover=Takeover("logit"))
    described = archive.manifest(job, MODEL, {}, "test")

    def stop(computed: int, _: int) -> None:
        raise KeyboardInterrupt

    store = archive.open_store(tmp_path / "run", described, {}, resume=False)
    with pytest.raises(KeyboardInterrupt):
        sweep.run(job, studies, "test", store=store, progress=stop)
    store.close()
    store = archive.open_store(tmp_path / "run", described, {}, resume=True)
    done = sweep.run(job, studies, "test", store=store)
    store.close()
    assert done.computed == samples - BLOCK
    assert to_document(done.tally) == to_document(sweep.run(job, studies, "test").tally)
    assert to_document(archive.load_statistics(tmp_path / "run")["baseline"]) == to_document(done.tally)


def test_csv_has_a_column_for_every_action_and_configuration(tmp_path):
    games = triangle.sweep("baseline", {"relief": [0.0, 1.0]}, method="logit")
    write_games(games, tmp_path / "games.csv")
    header, first, _ = csv.reader((tmp_path / "games.csv").read_text().splitlines())
    row = dict(zip(header, first, strict=True))
    actions = [f"probability {p}={a}" for i, p in enumerate(SHIPPED.codes) for a in SHIPPED.actions[i]]
    assert set(actions) | {f"probability {key}" for key in KEYS} | {"verdict", "folds"} <= set(row)
    assert sum(float(row[f"probability {key}"]) for key in KEYS) == pytest.approx(1.0)


def test_the_accessor_gives_probabilities_of_configurations():
    games = triangle.sweep("baseline", {"relief": [0.0, 1.0]}, samples=3, method="logit")
    found = games.triangle.probability()
    assert found.dims == ("configuration", "relief", "sample")
    assert found.sum("configuration").values == pytest.approx(1.0)
    with pytest.raises(BadInput, match="method='logit'"):
        triangle.sweep("baseline", {"relief": [0.0]}).triangle.probability()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "logti"}, "did you mean 'logit'"),
        ({"lam": 3.0}, "belongs to --method logit; --method pure"),
        ({"method": "mixed", "normalised": True}, "belongs to --method logit; --method mixed"),
        ({"method": "logit", "lam": -1.0}, "found -1.0; expected a number from 0"),
        ({"method": "logit", "lam": float("nan")}, "found nan"),
    ],
)
def test_methods_that_there_are_not(arguments, message: str):
    with pytest.raises(BadInput, match=message):
        triangle.sweep("baseline", {"relief": [0.0]}, **arguments)


def test_payoffs_beyond_numbers_are_refused():
    with pytest.raises(TriangleError, match="not finite"):
        logit_probabilities(
            Values(MODEL.catalogue.defaults() | {"stake_ru_cn": [1e308, 1.0], "gdp_ru": 1e300}, SHIPPED)
        )
