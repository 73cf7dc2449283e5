"""Indices: known functions first, then laws, then what the estimators of the library get wrong."""

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE
from numpy.typing import NDArray
from strategies import former

import triangle
from triangle.base.errors import BadInput
from triangle.base.files import read_record
from triangle.base.records import from_document, to_document
from triangle.base.writing import write_document
from triangle.measures.factors import Categorical, Ranged, Response
from triangle.measures.variance import RESAMPLES, _indices, _totals, decompose, saltelli
from triangle.players.cast import SHIPPED
from triangle.questions.sensitivity import given_data as module
from triangle.questions.sensitivity.answer import Sensitivity, sensitivity, sensitivity_of_run
from triangle.questions.sensitivity.given_data import given_data
from triangle.questions.sensitivity.screening import screen
from triangle.study.study import Study
from triangle.sweeps.design import Drawn

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def study() -> Study:
    return triangle.load("baseline")


def response(
    function: Callable[..., Floats],
    ends: list[tuple[float, float]],
    kinds: list[str] | None = None,
    smooth: bool = True,
) -> Response:
    """A function of x0, x1, … as a response."""
    kinds = kinds or ["judgement"] * len(ends)
    factors = tuple(
        Ranged(Drawn(f"x{i}", "uniform", (low,), (high,), (low,)), "", kind)
        for i, ((low, high), kind) in enumerate(zip(ends, kinds, strict=True))
    )
    return Response("f", "m", smooth, factors, lambda c: function(*(c[f"x{i}"] for i in range(len(ends)))))


def ishigami(a: Floats, b: Floats, c: Floats) -> Floats:
    """Ishigami and Homma (1990), with the constants 7 and 0.1 of Saltelli et al. (2000)."""
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


ISHIGAMI = response(ishigami, [(-np.pi, np.pi)] * 3)


def inside(value: float, low: float, high: float, least: float = 0.01) -> bool:
    """Whether an interval, of at least this half width, holds a value."""
    middle = 0.5 * (low + high)
    return abs(value - middle) <= max(0.5 * (high - low), least)


# Known answers --------------------------------------------------------------------------------------------------------


def test_ishigamis_function_has_its_analytic_indices():
    found = decompose(ISHIGAMI, 4096, seed=0)
    # Saltelli et al. (2000): V1 = (1 + b π⁴/5)²/2, V2 = a²/8, V13 = 8 b² π⁸/225.
    v1, v2, v13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 8 * 0.01 * np.pi**8 / 225
    total = v1 + v2 + v13
    assert found.mean == pytest.approx(3.5, abs=0.05)
    assert found.deviation**2 == pytest.approx(total, rel=0.02)
    for index, expected in ((found.first, (v1, v2, 0.0)), (found.total, (v1 + v13, v2, v13))):
        assert index.low is not None and index.high is not None
        for i, value in enumerate(expected):
            assert inside(value / total, index.low[i], index.high[i])
            assert index.value[i] == pytest.approx(value / total, abs=0.03)


def test_sobols_g_function_has_its_analytic_indices():
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])

    def g(*x: Floats) -> Floats:
        return np.prod([(np.abs(4 * x[i] - 2) + a[i]) / (1 + a[i]) for i in range(8)], axis=0)

    found = decompose(response(g, [(0.0, 1.0)] * 8), 4096, seed=1)
    v = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + v) - 1
    assert found.first.low is not None and found.first.high is not None
    assert found.total.low is not None and found.total.high is not None
    for i in range(8):
        assert inside(v[i] / whole, found.first.low[i], found.first.high[i])
        assert inside(v[i] * np.prod(np.delete(1 + v, i)) / whole, found.total.low[i], found.total.high[i])


def test_the_sample_is_the_librarys_own():
    from SALib.sample import sobol

    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0.0, 1.0]] * 3}
    rows = sobol.sample(problem, 64, calc_second_order=False, seed=np.random.default_rng([5, 10]))
    a, b = saltelli(3, 64, 5)
    np.testing.assert_array_equal(rows[::5], a.T)
    np.testing.assert_array_equal(rows[4::5], b.T)
    exchanged = a.copy()
    exchanged[1] = b[1]
    np.testing.assert_array_equal(rows[2::5], exchanged.T)


@pytest.mark.parametrize("above", [None, 1.2, 2.4])
def test_the_indices_are_the_librarys_to_the_bit(above: float | None):
    from SALib.analyze import sobol

    drawn = np.random.default_rng(3).normal(size=(64, 9)) * np.linspace(0.5, 2.0, 9)
    outcomes = drawn if above is None else (drawn > above).astype(float)  # rare outcomes: some resamples are constant
    problem = {"num_vars": 7, "names": list("abcdefg"), "bounds": [[0.0, 1.0]] * 7}
    asked = {"calc_second_order": False, "num_resamples": RESAMPLES, "keep_resamples": True}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = sobol.analyze(problem, outcomes.ravel(), **asked, seed=np.random.default_rng([5, 11]))
    ours = _indices(outcomes, 5)
    for index, resampled, name in ((ours.first, ours.first_resampled, "S1"), (ours.total, ours.total_resampled, "ST")):
        np.testing.assert_array_equal(index.value, theirs[name])
        np.testing.assert_array_equal(index.high, theirs[name] + theirs[f"{name}_conf"])
        np.testing.assert_array_equal(resampled, theirs[f"{name}_conf_all"])
    np.testing.assert_array_equal(_totals(outcomes, 4), theirs["ST"][:4])


KINDS = ["figure", "figure", "formula", "judgement"]


def test_kinds_of_an_additive_function_share_out_the_variance():
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    additive = response(lambda *x: np.tensordot(weights, np.array(x), 1), [(0.0, 1.0)] * 4, KINDS)
    backing = decompose(additive, 4096, seed=0).backing
    expected = {"figure": 5 / 30, "formula": 9 / 30, "judgement": 16 / 30}
    for kind, share in expected.items():
        assert backing.first[kind].value == pytest.approx(share, abs=0.02)
        assert backing.total[kind].value == pytest.approx(share, abs=0.02)
    for pair in backing.between.values():
        assert inside(0.0, pair.low, pair.high)
    assert sum(s.value for s in backing.first.values()) == pytest.approx(1.0, abs=0.03)


def test_a_group_counts_the_interactions_within_it():
    product = response(lambda a, b, c, d: a * b + 0 * c + 0 * d, [(-1.0, 1.0)] * 4, KINDS)
    found = decompose(product, 2048, seed=0)
    assert found.backing.first["figure"].value == pytest.approx(1.0, abs=0.05)
    assert found.backing.total["figure"].value == pytest.approx(1.0, abs=0.05)
    assert found.first.value[:2] == pytest.approx([0, 0], abs=0.1)
    assert found.total.value[:2] == pytest.approx([1, 1], abs=0.1)


def test_interactions_between_kinds_are_told_from_those_of_three():
    ends = [(-1.0, 1.0)] * 3
    kinds = ["figure", "formula", "judgement"]
    pair = decompose(response(lambda a, b, c: a * b + 0 * c, ends, kinds), 4096, seed=0).backing
    assert pair.between["figure × formula"].value == pytest.approx(1.0, abs=0.06)
    assert pair.higher.value == pytest.approx(0.0, abs=0.1)
    three = decompose(response(lambda a, b, c: a * b * c, ends, kinds), 4096, seed=0).backing
    assert three.higher.value == pytest.approx(1.0, abs=0.15)
    two = decompose(response(lambda a, b: a * b, ends[:2], kinds[:2]), 4096, seed=0).backing
    assert two.between["figure × formula"].value == pytest.approx(1.0, abs=0.06)


def test_morris_measures_are_slopes_of_a_linear_function_and_tell_interaction():
    found = screen(response(lambda a, b, c: 3 * a - 5 * b + 0 * c, [(0.0, 1.0)] * 3), 20, seed=0)
    np.testing.assert_allclose(found.mean_abs.value, [3, 5, 0], atol=1e-9)
    np.testing.assert_allclose(found.mean, [3, -5, 0], atol=1e-9)
    np.testing.assert_allclose(found.spread, 0, atol=1e-9)
    assert screen(response(lambda a, b: a * b, [(0.0, 1.0)] * 2), 50, seed=0).spread.min() > 0.1


@pytest.mark.usefixtures("few_resamples")
def test_pawn_and_delta_are_the_librarys_where_that_is_sound():
    from SALib.analyze import delta, pawn

    rng = np.random.default_rng(1)
    x = rng.uniform(-np.pi, np.pi, (3, 2000))
    y = ishigami(*x)
    ours = given_data("pawn", x, y)
    theirs = pawn.analyze({"num_vars": 3, "names": list("abc")}, x.T, y)["median"]
    np.testing.assert_allclose(ours.index.value, theirs, atol=2e-3)
    slices, grid = np.linspace(0, 2000, 11), np.linspace(y.min(), y.max(), 100)
    raw = module._delta(module._sliced(module._ranks(x), 10), y)
    np.testing.assert_allclose(raw, [delta.calc_delta(y, grid, row, slices) for row in x], atol=2e-3)
    assert np.all(np.abs(given_data("delta", x, y).index.value - raw) < 0.02)


def test_the_share_between_slices_is_the_first_order_index_of_independent_factors():
    x = np.random.default_rng(2).uniform(-np.pi, np.pi, (3, 20_000))
    found = module._first(module._sliced(module._ranks(x), module._slices_of(20_000)), ishigami(*x))
    np.testing.assert_allclose(found, [0.3139, 0.4424, 0.0], atol=0.01)


@pytest.mark.usefixtures("few_resamples")
def test_an_indicator_is_told_by_its_frequencies_where_the_library_sees_nothing():
    from SALib.analyze import delta

    x = np.random.default_rng(3).random((2, 2000))
    y = (x[0] > 0.5).astype(float)
    found = given_data("delta", x, y)
    assert found.index.value[0] == pytest.approx(0.5, abs=0.01) and abs(found.index.value[1]) < found.floor
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        blind = delta.calc_delta(y, np.linspace(0, 1, 100), x[0], np.linspace(0, 2000, 11))
    assert blind < 0.1


def test_a_factor_of_two_values_is_not_lost():
    rng = np.random.default_rng(4)
    x = np.stack([rng.integers(0, 2, 1000), rng.random(1000)]).astype(float)
    found = given_data("pawn", x, x[0] + 0.1 * rng.random(1000))
    assert found.index.value[0] > 0.4 > found.index.value[1]


def test_chance_stays_under_its_floor_as_often_as_it_says(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "RESAMPLES", 25 if LARGE else 10)  # behind the ends of intervals and the bias of delta
    rng = np.random.default_rng(5)
    many = 100 if LARGE else 40  # of which a floor that is too low or never reached leaves fewer, or all, below it
    for method in ("pawn", "delta"):
        found = given_data(method, rng.random((many, 256)), rng.normal(size=256))
        assert 0.85 <= np.mean(found.index.value <= found.floor) < 1


# What is refused, and what is said ------------------------------------------------------------------------------------


def test_one_number_that_is_none_makes_the_librarys_indices_zero_and_is_refused_here():
    from SALib.analyze import sobol

    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0.0, 1.0]] * 3}
    y = np.random.default_rng(0).random(64 * 5)
    y[17] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        silent = sobol.analyze(problem, y, calc_second_order=False, seed=1)
    assert not np.asarray(silent["S1"]).any() and not np.asarray(silent["ST"]).any()

    def holed(a: Floats, b: Floats, c: Floats) -> Floats:
        return np.where(a > 3.0, np.nan, ishigami(a, b, c))

    for estimate in (lambda r: decompose(r, 64, 0), lambda r: screen(r, 8, 0)):
        with pytest.raises(triangle.base.errors.TriangleError, match=r"nan at .* draws.*x0 = 3\.\d+"):
            estimate(response(holed, [(-np.pi, np.pi)] * 3))


def test_a_constant_outcome_is_said_to_be_one():
    constant = response(lambda a, b: 7.0 + 0 * a + 0 * b, [(0.0, 1.0)] * 2, ["figure", "judgement"])
    found = decompose(constant, 64, seed=0)
    assert found.constant and not found.total.value.any() and found.mean == 7.0
    assert screen(constant, 8, seed=0).constant
    assert given_data("pawn", np.random.default_rng(0).random((2, 100)), np.full(100, 7.0)).constant


def test_an_event_too_rare_for_its_base_draws_is_not_called_a_constant():
    base = np.concatenate(saltelli(2, 16, seed=3), axis=1)
    pairs = {*map(tuple, base.T)}

    def elsewhere(a: Floats, b: Floats) -> Floats:
        return np.array([float(point not in pairs) for point in zip(a, b, strict=True)])

    with pytest.raises(BadInput, match="too few for a variance"):
        decompose(response(elsewhere, [(0.0, 1.0)] * 2), 16, seed=3)


def test_a_scenario_without_pure_equilibrium_is_told_what_to_name():
    settings = {"decisiveness": 1.875, "third_party_support": 0.2013, "order_value_ru": 1.045}
    open_world = triangle.load("baseline", settings, model=former())
    assert not open_world.solve().findings
    with pytest.raises(BadInput, match=r"--outcome: .* nearest to being one is US="):
        sensitivity(open_world, "margin:present", samples=64)
    assert sensitivity(open_world, "number", samples=64).base == 0


def test_an_event_that_never_happens_is_a_constant(study: Study):
    found = sensitivity(study, "holds:US=contain_both,RU=distance,CN=oppose_both", samples=64, names=["relief"])
    assert found.constant and found.by_backing == {"choice": 0.0} and found.first is not None


def test_too_few_draws_are_refused():
    with pytest.raises(BadInput, match="63 draws"):
        given_data("pawn", np.zeros((1, 63)), np.zeros(63))


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_a_region_is_refused_to_methods_that_would_leave_it(study: Study, method: str):
    with pytest.raises(BadInput, match="pawn or delta"):
        sensitivity(study, "margin:present", method, inside="RU=align")


def test_a_region_that_is_all_but_empty_is_answered(study: Study):
    with pytest.raises(BadInput, match="too few"):
        sensitivity(study, "margin:present", "pawn", 64, names=["relief"], inside="credibility>0.99")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"method": "sobl"}, "sobol"),
        ({"outcome": "margn:present"}, "margin"),
        ({"samples": 0}, "expected 1 to"),
        ({"samples": 2**20}, "131,072"),
        ({"method": "pawn", "inside": "margin:present"}, "compares it"),
        ({"method": "pawn", "inside": "margin:present>x"}, "NUMBER"),
    ],
)
def test_a_question_that_is_not_understood_is_answered(study: Study, arguments: dict[str, str], said: str):
    with pytest.raises(BadInput, match=said):
        sensitivity(study, **({"outcome": "credibility", "names": ["relief"]} | arguments))  # type: ignore[arg-type]


# Laws -----------------------------------------------------------------------------------------------------------------

METHODS = ["sobol", "morris", "pawn", "delta"]


@pytest.mark.usefixtures("few_resamples")
@pytest.mark.parametrize("method", METHODS)
def test_the_seed_and_nothing_else_decides(study: Study, method: str):
    names = ["relief", "decisiveness", "output_shortfall_ru"]
    np.random.seed(12)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # type: ignore[union-attr, index]  # noqa: NPY002
    filters = list(warnings.filters)
    a, b, c = (sensitivity(study, "margin:RU=hedge", method, 64, seed, names) for seed in (0, 0, 1))
    assert (np.random.get_state()[1] == before).all()  # type: ignore[index]  # noqa: NPY002
    assert warnings.filters == filters
    assert to_document(a) == to_document(b) != to_document(c)


@pytest.mark.usefixtures("few_resamples")
@pytest.mark.parametrize("method", METHODS)
def test_a_result_comes_back_from_its_file(study: Study, method: str, tmp_path: Path):
    found = sensitivity(study, "margin:RU=hedge", method, 64, names=["relief", "decisiveness"])
    document = to_document(found)
    write_document(tmp_path / "s.json", document)
    again = read_record(Sensitivity, tmp_path / "s.json", SHIPPED)
    assert to_document(again) == document == to_document(from_document(Sensitivity, document, "file", SHIPPED))
    assert again.ranking == found.ranking and again.by_backing == found.by_backing


def test_factors_that_move_nothing_are_not_ranked_by_rounding(study: Study):
    found = sensitivity(study, "margin:RU=hedge", "morris", 4, names=["relief", "decisiveness", "output_shortfall_ru"])
    index = replace(found.main, value=np.array([0.0, 8.5e-14, 170.0]))
    noisy = replace(found, indices={**found.indices, "mean_abs": index})
    assert noisy.ranking == [2, 0, 1]
    nothing = replace(index, value=np.zeros(3))
    assert replace(noisy, indices={**found.indices, "mean_abs": nothing}).ranking == [0, 1, 2]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ({"indices": {"first": 3}}, "indices.first: found 3; expected a table"),
        ({"indices": {}}, "index 'total' of method sobol is missing"),
        ({"names": ["relief", "evasion"]}, "not of 2 numbers"),
        ({"names": [3]}, "names.1: found 3; expected a text"),
        ({"method": "sobl"}, "method: found 'sobl'; expected one of 'sobol'"),
        ({"samples": "many"}, "samples: found 'many'; expected an integer"),
        ({"samples": True}, "samples: found True; expected an integer"),
        ({"mean": None}, "mean: found None; expected a finite number"),
        ({"kinds": ["guess"]}, "kinds ['guess'"),
        ({"backing": None}, "the variance by backing"),
        ({"swings": {"evasion": [0, 1]}}, "swings ['evasion']"),
        ({"convergence": [{"samples": 64, "total": [1, 2]}]}, "not of 1 numbers"),
        ({"convergence": [{"samples": 64, "pawn": [1]}]}, "convergence: found"),
    ],
)
def test_a_damaged_result_is_answered(study: Study, tmp_path: Path, damage: dict[str, object], said: str):
    document = to_document(sensitivity(study, "credibility", samples=64, names=["relief"]))
    write_document(tmp_path / "s.json", {**document, **damage})
    with pytest.raises(BadInput, match=re.escape(said)):
        read_record(Sensitivity, tmp_path / "s.json", SHIPPED)


def test_a_result_from_strangers_does_not_steer_the_terminal(study: Study, tmp_path: Path):
    document = to_document(sensitivity(study, "credibility", samples=64, names=["relief"]))
    write_document(tmp_path / "s.json", {**document, "title": "\x1b[31mred", "names": ["\x1b[2J"], "swings": {}})
    with pytest.raises(BadInput, match="can be shown") as refused:
        read_record(Sensitivity, tmp_path / "s.json", SHIPPED)
    assert [fault.key for fault in refused.value.faults] == ["title", "names.1"]
    assert all(line.isprintable() for line in str(refused.value).split("\n"))


def test_indices_settle_as_samples_grow():
    steps = dict(decompose(ISHIGAMI, 4096, seed=0).convergence)
    exact = np.array([0.5576, 0.4424, 0.2437])
    assert sorted(steps) == [64 << k for k in range(7)]
    assert np.abs(steps[4096] - exact).max() < 0.02 < np.abs(steps[64] - exact).max()


def test_inside_a_region_only_its_draws_count(study: Study):
    names = ["reversal_hazard", "relief", "decisiveness"]
    found = sensitivity(study, "credibility", "pawn", 256, names=names, inside="credibility>0.6")
    share = found.inside_share
    assert share is not None and share.low < share.value < share.high < 1
    assert found.inside_draws >= 256 and found.evaluations == found.all_draws > found.inside_draws
    assert found.mean > 0.6


def test_a_choice_among_rivals_can_be_the_foremost_factor(study: Study):
    choice = Categorical("yield", {"none": {"unilateral_yield": 0.0}, "all": {"unilateral_yield": 1.0}})
    found = sensitivity(study, "margin:present", samples=64, names=["relief", "evasion"], among=[choice])
    assert found.names[found.ranking[0]] == "yield" and found.kinds[-1] == "judgement"


def test_levers_are_choices_and_not_beliefs(study: Study):
    found = sensitivity(study, "margin:present", samples=64 if LARGE else 16)
    assert set(found.by_backing) == {"figure", "formula", "estimate", "bounded", "judgement", "choice"}
    alone = sensitivity(study, "margin:present", samples=64 if LARGE else 16, roles="uncertainties")
    assert set(alone.by_backing) == {
        "figure",
        "formula",
        "estimate",
        "bounded",
        "judgement",
    }


def test_what_crosses_a_weak_bridge_is_what_a_strict_reader_adds_to_the_judgements(study: Study):
    """Groups of the same factors have the same shares, whichever name they go by."""
    plain, strict = (
        sensitivity(study, "margin:present", samples=64, names=NAMES, strict=strictly) for strictly in (False, True)
    )
    assert plain.bridges == strict.bridges
    counted = zip(plain.kinds, strict.kinds, plain.bridges, strict=True)
    assert all(
        (after == "judgement") == (before == "judgement" or bridge == "weak") for before, after, bridge in counted
    )
    assert strict.backing.first["judgement"] == strict.bridged.first["weak"]
    assert strict.backing.total["judgement"] == strict.bridged.total["weak"]
    assert strict.backing.first["choice"] == strict.bridged.first["choice"]


#: Factors of several bridges.
NAMES = ["gdp_us", "trade_elasticity", "decisiveness", "output_shortfall_ru", "relief"]


# Archives -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive") / "run"
    triangle.sweep("baseline", samples=512, margins=["5"], out=folder)
    return folder


def test_an_archive_answers_as_its_draws_do(study: Study, run: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "RESAMPLES", 25 if LARGE else 5)
    dataset = triangle.sweep("baseline", samples=512, margins=["5"])
    inputs = dataset["inputs"].values
    varying = np.ptp(inputs, axis=1) > 0
    expected = given_data("pawn", inputs[varying], dataset["margin"].values[0], seed=3)
    for subject in (run, dataset):
        found = sensitivity_of_run(subject, "margin:5", seed=3)
        np.testing.assert_array_equal(found.main.value, expected.index.value)
        assert found.evaluations == 0 and found.archive and found.unit == "bn USD/yr"
        assert found.names == tuple(dataset["parameter"].values[varying])
    # By default by the same method: densities are compared in the tests of single results.
    holding = sensitivity_of_run(run, "number", "delta" if LARGE else "pawn", inside="US=contain_both")
    assert 0 < holding.inside_draws < holding.all_draws == 512


@pytest.mark.parametrize(
    ("outcome", "method", "said"),
    [
        ("holds:RU=hedge", "sobol", "pawn or delta"),
        ("margin:6", "pawn", "--margin"),
        ("margin:present", "pawn", "name the profile"),
        ("payoff:RU@5", "pawn", "not in an archive"),
        ("margn:5", "pawn", "margin"),
    ],
)
def test_what_an_archive_does_not_hold_is_said(run: Path, outcome: str, method: str, said: str):
    with pytest.raises(BadInput, match=said):
        sensitivity_of_run(run, outcome, method)


def test_a_grid_is_no_archive_of_draws():
    with pytest.raises(BadInput, match="--samples"):
        sensitivity_of_run(triangle.sweep("baseline", over={"relief": [0.0, 0.5, 1.0]}), "number")


@pytest.mark.usefixtures("few_resamples")
def test_of_several_scenarios_one_is_named():
    games = triangle.sweep(["baseline", "rift_shock"], samples=128 if LARGE else 64)
    with pytest.raises(BadInput, match="baseline, rift_shock"):
        sensitivity_of_run(games, "number")
    with pytest.raises(BadInput, match="rift_shock"):
        sensitivity_of_run(games, "number", scenario="rift_shok")
    assert sensitivity_of_run(games, "number", scenario="rift_shock").scenario == "rift_shock"


@pytest.mark.usefixtures("few_resamples")
def test_listed_points_are_draws_too():
    rng = np.random.default_rng(0)
    games = triangle.sweep("baseline", points={"relief": rng.random(100), "decisiveness": 0.5 + rng.random(100)})
    assert sensitivity_of_run(games, "holds:RU=align").names == ("relief", "decisiveness")
