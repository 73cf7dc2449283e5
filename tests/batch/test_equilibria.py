"""From parameters to masks: the fused kernel beside the payoff tensor and is_nash, and beside the scalar solver."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Thread

import numpy as np
import pytest
from budgets import LARGE, few, in_turn, tries
from each import of_each
from strategies import shipped

from triangle.base.errors import TriangleError
from triangle.batch import equilibria
from triangle.batch.equilibria import (
    PayoffsAgain,
    sweep_bargaining,
    sweep_margins,
    sweep_masks,
    sweep_payoffs,
    sweep_payoffs_at,
)
from triangle.games.bitboards import equilibrium_masks, profiles_of, unpack
from triangle.games.normal_form import TOLERANCE, NormalFormGame, is_nash, losses, margins
from triangle.model.forms import FORMS
from triangle.model.mechanisms import bargaining_share_ru
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.model.terms import TERMS, Payoffs
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED, Cast
from triangle.players.stances import Stances, pure_stances
from triangle.scenarios.scenario import read_scenario, shipped_names
from triangle.solvers.pure import solve_pure
from triangle.study.study import Study

DRAWS, PART = tries(10_000), 2_000
OWN_TERMS = {name: term for name, term in TERMS.items() if name != "order"}


def draws(ranges: Mapping[str, tuple[float, float]], size: int, seed: int = 0, cast: Cast = SHIPPED) -> Values:
    generator = np.random.default_rng(seed)
    return Values({name: generator.uniform(low, high, size) for name, (low, high) in ranges.items()}, cast)


def some(size: int, seed: int = 0) -> Values:
    return draws({p.name: (p.low, p.high) for p in shipped().catalogue}, size, seed)


@pytest.mark.parametrize("name", few(shipped_names(SHIPPED), 14))
def test_masks_and_margins_of_a_shipped_scenario_agree_with_the_tensor(name: str):
    """The levers stay at the scenario's values, which differ between scenarios; the uncertainties are drawn."""
    scenario = read_scenario(name, shipped())
    model = shipped().joined_by(scenario.players)
    cast = model.cast
    fixed = {p.name for p in model.catalogue if p.role == "lever"}
    ranges = {key: (scenario.values[key],) * 2 if key in fixed else span for key, span in scenario.ranges.items()}
    values = draws(ranges, DRAWS, seed=len(name), cast=cast)
    masks, found = sweep_masks(values, model.terms), sweep_margins(values, range(len(cast.profiles)), model.terms)
    for start in range(0, DRAWS, PART):
        part = Values({key: column[start : start + PART] for key, column in values.numbers.items()}, cast)
        payoffs = payoff_tensor(part, model.terms)
        expected = margins(payoffs).reshape(len(cast.profiles), -1)
        stable = cast.sets.flags(masks[..., start : start + PART]).reshape(*cast.shape, -1)
        assert np.array_equal(stable, is_nash(payoffs))
        np.testing.assert_allclose(found[:, start : start + PART], expected, rtol=1e-9, atol=1e-10)
        whole = payoffs.reshape(len(cast), len(cast.profiles), -1)
        assert np.array_equal(sweep_payoffs(part, range(len(cast.profiles)), model.terms), whole)
    assert np.array_equal(cast.sets.flags(masks), found >= -TOLERANCE)


@of_each("name", few(shipped_names(SHIPPED), 7))
def test_one_point_is_what_solve_finds(name: str):
    scenario = read_scenario(name, shipped())
    study = Study(shipped().joined_by(scenario.players), scenario, {})
    cast = study.cast
    mask = sweep_masks(study.values, study.model.terms)
    assert mask.shape == cast.sets.lead
    answer = [cast.index(e.profile) for e in solve_pure(study.game).equilibria if e.profile is not None]
    assert profiles_of(cast.sets.whole(mask)) == answer


#: Games that are worked through at once: few, with and without a rest; and nearly all, all, more than there are.
CHUNKS = few([7, 1, 64, 100, 1999, 1000, 5000, 2000], 2)


@pytest.mark.parametrize(("own", "chunk"), in_turn([False, True], CHUNKS))
def test_no_bit_depends_on_the_chunk(own: bool, chunk: int):
    """Including the transcendental functions, whose vector and scalar code may differ by rounding."""
    terms = OWN_TERMS if own else TERMS
    size = 2000 if chunk > 50 else 150
    values = some(size, seed=3)
    profiles = (5, 0, 63, 21)
    assert np.array_equal(sweep_masks(values, terms), sweep_masks(values, terms, chunk=chunk))
    whole, parts = sweep_margins(values, profiles, terms), sweep_margins(values, profiles, terms, chunk=chunk)
    assert whole.tobytes() == parts.tobytes()
    assert (
        sweep_payoffs(values, profiles, terms).tobytes()
        == sweep_payoffs(values, profiles, terms, chunk=chunk).tobytes()
    )


@pytest.mark.parametrize("size", [1, 2, 63, 65, 777])
def test_no_bit_depends_on_the_company_that_a_sample_is_in(size: int):
    values = some(800, seed=4)
    part = Values({name: column[-size:] for name, column in values.numbers.items()}, SHIPPED)
    assert np.array_equal(sweep_masks(values)[-size:], sweep_masks(part))
    assert sweep_margins(values, range(64))[:, -size:].tobytes() == sweep_margins(part, range(64)).tobytes()


def test_own_terms_are_computed_as_they_are():
    values = some(700, seed=5)
    expected = is_nash(payoff_tensor(values, OWN_TERMS))
    assert np.array_equal(unpack(sweep_masks(values, OWN_TERMS), (4, 4, 4)), expected)
    assert not np.array_equal(sweep_masks(values, OWN_TERMS), sweep_masks(values))


def grudge(s: Stances, v: Values) -> Payoffs:
    """Russia's, with a choice in it."""
    return {RU: np.where(s[US, RU] == 1, v["relief"], -v.dollars("rivalry_cost", RU, US)) * (1 - s[RU, US])}


def summed(s: Stances, v: Values) -> Payoffs:
    """The same, by a sum over an axis of a stack, which cannot be taken down."""
    return {RU: np.stack(np.broadcast_arrays(grudge(s, v)[RU], 0.0)).sum(axis=0)}


def test_a_term_of_the_users_own_is_taken_down_and_one_that_cannot_be_goes_through_the_tensor(monkeypatch):
    values, payoffs = some(700, seed=6), payoff_tensor(some(700, seed=6), {**TERMS, "grudge": grudge})
    expected = equilibrium_masks(payoffs)
    assert np.array_equal(sweep_masks(values, {**TERMS, "summed": summed}), expected)
    assert np.array_equal(
        sweep_margins(values, [5], {**TERMS, "summed": summed})[0], margins(payoffs).reshape(64, -1)[5]
    )
    for own in (grudge, summed):
        there = sweep_payoffs(values, range(64), {**TERMS, "own": own})
        assert np.array_equal(there, payoffs.reshape(3, 64, -1))
    monkeypatch.setattr("triangle.batch.equilibria.payoff_tensor", None)
    assert np.array_equal(sweep_masks(values, {**TERMS, "grudge": grudge}), expected)
    with pytest.raises(TypeError):
        sweep_masks(values, {**TERMS, "summed": summed})


def test_a_term_that_reads_something_that_has_changed_is_taken_down_again():
    weight = [0.0]

    def moody(s: Stances, v: Values) -> Payoffs:
        return {US: weight[0] * s[US, RU] * (1 + 0 * v["relief"])}

    values, terms = some(300, seed=7), {**TERMS, "moody": moody}
    for weight[0] in (0.0, 500.0, 0.0):
        assert np.array_equal(sweep_masks(values, terms), equilibrium_masks(payoff_tensor(values, terms)))


def test_a_grid_of_axes_is_every_combination_of_them():
    defaults = shipped().catalogue.defaults()
    relief, hazard = np.linspace(0, 1, 11)[:, None], np.linspace(0, 0.25, 7)
    grid = sweep_masks(
        Values(defaults | {"relief": relief, "reversal_hazard": hazard, "europe_joins": 1.0}, SHIPPED), chunk=5
    )
    assert grid.shape == (11, 7)
    for a in (0, 4, 10):
        for b in (0, 3, 6):
            point = defaults | {"relief": relief[a, 0], "reversal_hazard": hazard[b], "europe_joins": 1.0}
            assert np.array_equal(unpack(grid[a, b], (4, 4, 4)), is_nash(payoff_tensor(Values(point, SHIPPED))))


@pytest.mark.parametrize("chunk", (None, 256))
def test_draws_at_the_nodes_of_a_grid_are_what_each_node_is_alone(chunk: int | None):
    """What does not change from node to node is computed once; a line may lie elsewhere in every draw."""
    drawn, relief = some(600, seed=9), np.linspace(0, 1, 4)[:, None]
    along = np.linspace(0.5, 1.5, 4)[:, None] * drawn["gdp_ru"]
    grid = Values(dict(drawn.numbers) | {"relief": relief, "gdp_ru": along}, SHIPPED)
    masks, margins_ = sweep_masks(grid, hold={CN: 1}, chunk=chunk), sweep_margins(grid, [5, 21, 37], chunk=chunk)
    payoffs = sweep_payoffs_at(grid, [(RU, 5), (CN, 21), (RU, 9)], chunk=chunk)
    assert masks.shape == grid.samples == (4, 600)
    for node in range(4):
        here = {"relief": np.full(600, relief[node, 0]), "gdp_ru": along[node]}
        alone = Values(dict(drawn.numbers) | here, SHIPPED)
        assert np.array_equal(masks[node], sweep_masks(alone, hold={CN: 1}))
        assert np.array_equal(margins_[:, node], sweep_margins(alone, [5, 21, 37]))
        assert np.array_equal(payoffs[:, node], sweep_payoffs_at(alone, [(RU, 5), (CN, 21), (RU, 9)]))


def test_workspaces_are_not_kept_beyond_their_measure(monkeypatch):
    monkeypatch.setattr(equilibria, "_MOST_KEPT", 2**20)
    for profile in range(8):
        sweep_payoffs_at(some(2000), [(RU, profile)])
    kept = equilibria._kept.work.values()
    assert 1 <= len(kept) < 8 and (len(kept) == 1 or sum(work.nbytes for work in kept) <= 2**20)


def test_an_empty_batch_has_no_masks():
    values = Values(shipped().catalogue.defaults() | {"relief": np.empty(0)}, SHIPPED)
    assert sweep_masks(values).shape == (0,) and sweep_margins(values, [5]).shape == (1, 0)


@pytest.mark.parametrize("hold", [{CN: 1}, {US: 0, RU: 3}, {US: 0, RU: 1, CN: 1}], ids=str)
@pytest.mark.parametrize("terms", [TERMS, OWN_TERMS], ids=["shipped terms", "own terms"])
def test_held_players_do_not_deviate(hold: dict[int, int], terms: dict):
    values = some(60, seed=6)
    payoffs = payoff_tensor(values, terms)
    masks = sweep_masks(values, terms, hold=hold)
    for sample in range(60):
        game = NormalFormGame(payoffs[..., sample]).hold(hold)
        found = [
            tuple(hold.get(player, action) for player, action in enumerate(e.profile))
            for e in solve_pure(game).equilibria
        ]
        assert [SHIPPED.profiles[index] for index in profiles_of(masks[sample])] == found
    lost = losses(payoffs)
    lost[list(hold)] = np.inf
    expected = lost.min(axis=0).reshape(64, 60)
    np.testing.assert_allclose(sweep_margins(values, range(64), terms, hold=hold), expected, rtol=1e-9, atol=1e-10)


def test_outcomes_at_chosen_profiles():
    values, profiles = some(300, seed=7), (37, 5, 5)
    payoffs = payoff_tensor(values).reshape(3, 64, -1)[:, list(profiles)]
    assert np.array_equal(sweep_payoffs(values, profiles), payoffs)
    assert np.array_equal(sweep_payoffs(values, profiles, players=(2, 0)), payoffs[[2, 0]])
    places = [(2, 37), (0, 5), (2, 5), (2, 37)]
    assert np.array_equal(sweep_payoffs_at(values, places), payoffs[[2, 0, 2, 2], [0, 1, 1, 0]])
    assert sweep_payoffs_at(values, []).shape == (0, 300)
    shares = np.broadcast_to(bargaining_share_ru(pure_stances(1), values), (4, 4, 4, 300)).reshape(64, -1)
    assert np.array_equal(sweep_bargaining(values, profiles), shares[list(profiles)])
    assert sweep_margins(values, profiles).shape == (3, 300)


def refusing(stances: Stances, values: Values) -> Payoffs:
    """A term of a user's own that cannot be taken down."""
    return {RU: np.array([float(x) for x in np.ravel(values["relief"])])}


@pytest.mark.parametrize("terms", [TERMS, {**TERMS, "own": refusing}], ids=["shipped terms", "own terms"])
@pytest.mark.parametrize("size", [64, 100, 128])
def test_payoffs_asked_for_again_are_those_of_a_sweep_to_the_bit(size: int, terms: Mapping):
    """Also of a number of samples that fills no whole vectors, and of terms that only the formulas themselves give."""
    places, fixed = [(2, 37), (0, 5), (2, 5)], shipped().catalogue.defaults()
    first, second = ({name: some(size, seed).numbers[name] for name in ("relief", "trade_ru_cn")} for seed in (1, 2))
    again = PayoffsAgain(Values({**fixed, **first}, SHIPPED), places, terms)
    assert again.reads == {"relief", "trade_ru_cn"}
    for moved in (second, first):
        assert (
            again.at(moved).tobytes() == sweep_payoffs_at(Values({**fixed, **moved}, SHIPPED), places, terms).tobytes()
        )
    with pytest.raises(TriangleError, match="not finite"):
        again.at({**first, "trade_ru_cn": np.full(size, np.nan)})


@pytest.mark.parametrize("terms", [TERMS, OWN_TERMS], ids=["shipped terms", "own terms"])
@pytest.mark.parametrize(
    "odd",
    [{"gdp_us": 1e308, "stake_us_cn": 1e308}, {"capability_cn": 0.0, "capability_ru": 0.0}, {"trade_ru_cn": np.nan}],
    ids=str,
)
def test_payoffs_that_are_not_numbers_are_an_error(odd: dict[str, float], terms: dict):
    values = Values(
        {name: np.array([number, number]) for name, number in (shipped().catalogue.defaults() | odd).items()}, SHIPPED
    )
    for answer in (sweep_masks, lambda v, t: sweep_margins(v, [5], t), lambda v, t: sweep_payoffs(v, range(64), t)):
        with pytest.raises(TriangleError, match="not finite"):
            answer(values, terms)


#: What no player moves by its own action: the order's cost to the United States, Russia's worth of dual-use goods.
MOVED_BY_NOBODY = {"order_value_us", "dual_use_value", "dual_use_dependence", "war_intensity"}


@of_each("name", few(sorted({p.name for p in shipped().catalogue if not p.auxiliary} - MOVED_BY_NOBODY), 3))
def test_one_sample_that_is_not_a_number_is_an_error_in_any_parameter(name: str):
    """Formulas are taken down without their products with zero, so that these cannot spoil everything."""
    defaults = shipped().catalogue.defaults()
    form = shipped().catalogue[name].form or "first"
    with pytest.raises(TriangleError, match="not finite"):
        sweep_masks(
            Values(defaults | {name: np.array([defaults[name], np.nan, defaults[name]])}, SHIPPED), FORMS[form].terms
        )


def test_what_is_not_a_profile_or_a_chunk_is_refused():
    with pytest.raises(ValueError, match="profile 64 does not exist"):
        sweep_margins(some(2), [64])
    with pytest.raises(ValueError, match="a chunk of 0"):
        sweep_masks(some(2), chunk=0)


def test_threads_do_not_share_their_work_space():
    size, chunk = (3000, 512) if LARGE else (300, 128)
    batches = [some(size, seed=seed) for seed in range(4)]
    expected = [sweep_masks(values, chunk=chunk) for values in batches]
    found: list[np.ndarray | None] = [None] * 4

    def work(place: int) -> None:
        found[place] = sweep_masks(batches[place], chunk=chunk)

    threads = [Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))


@of_each("name", few(sorted(shipped().catalogue.parameters), 6))
def test_a_sweep_over_one_parameter_alone_agrees_with_the_tensor(name: str):
    """Everything else is one number for all samples, which is where a shape can be forgotten."""
    parameter = shipped().catalogue[name]
    numbers = shipped().catalogue.defaults()
    values = Values({**numbers, name: np.linspace(parameter.low, parameter.high, 7)}, SHIPPED)
    masks = sweep_masks(values, shipped().terms)
    assert np.array_equal(np.broadcast_to(masks, (7,)), equilibrium_masks(payoff_tensor(values)))
    profiles = [5, 45]
    found = sweep_margins(values, profiles, shipped().terms)
    wanted = margins(payoff_tensor(values)).reshape(len(SHIPPED.profiles), -1)[profiles]
    assert np.allclose(found, wanted, rtol=1e-9, atol=1e-9)
