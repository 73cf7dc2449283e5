"""Robust choices: textbook tables, analytic values of information, and the choice in the model."""

import io
import math
from dataclasses import replace

import numpy as np
import pytest
from budgets import LARGE
from rich.console import Console
from strategies import former

import triangle
from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.batch.equilibria import sweep_masks
from triangle.model.parameters import Values
from triangle.players.cast import SHIPPED
from triangle.questions.choose.answer import Choice, choose, default_levers, parse_levers
from triangle.questions.choose.information import evpi, value_of_information
from triangle.questions.choose.ordinal import first_order, ranks, stress_choice, stress_game
from triangle.questions.choose.robustness import assess, pareto_set, policy_regrets
from triangle.questions.choose.table import choice_tables, tied
from triangle.study.study import Study
from triangle.sweeps.run import plan

#: Milnor (1954), Games against nature: Laplace takes the first row, Wald the second, Savage the fourth.
MILNOR = [[2, 2, 0, 1], [1, 1, 1, 1], [0, 4, 0, 0], [1, 3, 0, 0]]


#: Draws of a choice.
DRAWS = 256 if LARGE else 128


@pytest.fixture(scope="module")
def baseline() -> Study:
    """Upon the former parameters, where some draws have several equilibria."""
    return triangle.load("baseline", model=former())


@pytest.fixture(scope="module")
def choice(baseline: Study) -> Choice:
    return choose(baseline, "US", {"relief": [0.0, 1.0], "political_concession": [0.0, 0.3]}, samples=DRAWS)


# ----- known answers


def test_milnors_table_is_chosen_from_as_he_says():
    found = assess(MILNOR, threshold=1)
    assert found.chosen("expected") == (0,)
    assert found.chosen("maximin") == (1,)
    assert found.chosen("policy_regret") == (3,)
    assert found.chosen("satisficing") == (1,)
    assert policy_regrets(MILNOR).max(axis=1).tolist() == [2, 3, 2, 1]


def test_the_table_of_luce_and_raiffa_parts_maximin_from_policy_regret():
    """Luce and Raiffa (1957), section 13.2: a hundred against one, and nothing against one."""
    found = assess([[0, 100], [1, 1]], threshold=0)
    assert found.chosen("maximin") == (1,) and found.chosen("policy_regret") == (0,)


def test_the_pareto_set_is_that_of_brute_force():
    scores = np.random.default_rng(2).integers(0, 4, (3, 40)).astype(float)
    kept = pareto_set(scores)
    for o in range(40):
        dominated = any((scores[:, p] >= scores[:, o]).all() and (scores[:, p] > scores[:, o]).any() for p in range(40))
        assert kept[o] == (not dominated)


def test_the_value_of_information_of_a_linear_normal_case_is_the_analytic_one():
    """Options 0 and aθ + bη: EVPPI of θ is |a|/√2π, that of both √(a² + b²)/√2π."""
    a, b, n = 3.0, 1.0, 8192
    theta, eta, idle = np.random.default_rng(7).normal(size=(3, n))
    outcomes = np.stack([np.zeros(n), a * theta + b * eta])
    found = value_of_information(outcomes, {"theta": theta, "eta": eta, "idle": idle})
    worths = {worth.parameter: worth for worth in found.worths}
    expected = {"theta": a / math.sqrt(2 * math.pi), "eta": b / math.sqrt(2 * math.pi)}
    # The standard error of a mean of |normal| of this spread over n draws is some 0.02; five of them are allowed.
    for name, value in expected.items():
        assert worths[name].estimate == pytest.approx(value, abs=0.12), name
        assert worths[name].cross_low < value < worths[name].cross_high, name
        assert worths[name].beyond_chance
    assert found.evpi == pytest.approx(math.hypot(a, b) / math.sqrt(2 * math.pi), abs=0.12)
    assert not worths["idle"].beyond_chance and worths["idle"].estimate < 0.15
    assert max(w.estimate for w in found.worths) <= evpi(outcomes) + 1e-9


def test_a_normal_case_with_unequal_means_has_its_analytic_value():
    """Options 0 and c + aθ: E max(0, c + aθ) − max(0, c) = aφ(c/a) − |c|Φ(−|c|/a)."""
    a, c, n = 2.0, 1.0, 8192
    theta = np.random.default_rng(8).normal(size=n)
    found = value_of_information(np.stack([np.zeros(n), c + a * theta]), {"theta": theta})
    z = c / a
    density, tail = math.exp(-z * z / 2) / math.sqrt(2 * math.pi), 0.5 * math.erfc(z / math.sqrt(2))
    assert found.worths[0].estimate == pytest.approx(a * density - c * tail, abs=0.04)


# ----- laws


def test_what_is_ordinal_stays_and_what_is_not_need_not():
    table = np.array([[3.0, 4.0], [1.0, 2.0], [0.0, 9.0]])
    for transform in (np.exp, lambda u: u**3, lambda u: np.log1p(u)):
        moved = transform(table)
        assert assess(moved, transform(3.0)).chosen("maximin") == assess(table, 3.0).chosen("maximin")
        assert assess(moved, transform(3.0)).met.tolist() == assess(table, 3.0).met.tolist()
        assert first_order(moved) == first_order(table)
        assert (ranks(moved) == ranks(table)).all()
    found = stress_choice(table, draws=200, seed=1)
    assert 0 < found.expected_wins[0] < 200 and 0 < found.expected_wins[2] < 200
    assert found.expected_wins[1] == 0 and found.undominated == (0, 2)


def test_wins_under_other_magnitudes_are_those_of_each_criterion():
    # With b between a and c, the risk wins in expectation where a + 2 c > 3 b, and by policy regret where c + a > 2 b,
    # which is the case less often and never alone.
    found = stress_choice([[0.0, 2.0, 2.0], [1.0, 1.0, 1.0]], draws=300, seed=2)
    assert found.expected_wins[0] > found.policy_regret_wins[0] + 20 > 20
    for wins in (found.expected_wins, found.policy_regret_wins):
        assert sum(wins) == 300


def test_options_that_tie_are_counted_beside_the_one_that_changes_least(choice: Choice):
    reference = choice.reference
    other = next(option for option in range(len(choice.options)) if option != reference)
    assert tied(choice, [reference]) == "as it is"
    assert tied(choice, [other, reference]) == "as it is (and 1 that tie)"


def test_a_held_player_keeps_its_action_when_magnitudes_are_drawn(baseline: Study):
    for action in range(3):
        held = Study(baseline.model, baseline.scenario, {2: action})
        found = stress_game(held, draws=20)
        assert found.equilibria == tuple(SHIPPED.index(f.profile) for f in held.solve().findings)
        assert all(place % 4 == action for place in found.equilibria)


def test_an_option_that_dominates_first_order_wins_under_every_magnitude():
    rng = np.random.default_rng(4)
    weak = rng.normal(size=(3, 50))
    found = stress_choice(np.concatenate([weak, np.sort(weak.max(axis=0))[None] + 0.1]), draws=50)
    assert found.dominating == (3,) and found.expected_kept == found.expected_wins[3] == 50


def test_rankings_keep_pure_equilibria_and_move_what_compares_magnitudes(baseline: Study):
    drawn = plan([baseline], None, DRAWS).at(0, 0, DRAWS)
    masks = sweep_masks(Values(drawn, SHIPPED), baseline.model.terms)
    k = int(np.flatnonzero(np.bitwise_count(masks) > 1)[0])
    several = triangle.load(
        "baseline", {name: float(np.broadcast_to(column, DRAWS)[k]) for name, column in drawn.items()}, model=former()
    )
    found = stress_game(several, draws=400)  # raises if a pure equilibrium is lost or gained
    assert len(found.equilibria) == len(several.solve().findings) > 1
    assert 0 < found.margin_kept < 400


def test_shares_and_options_of_a_choice_are_sound(choice: Choice):
    own = choice.options[choice.reference]
    assert own == (0.3, 0.3) and len(choice.options) == 5
    for table in choice.tables:
        reference = table.rows[choice.reference]
        assert reference.gain == reference.better == reference.worse == 0
        best = max(row.expected for row in table.rows)
        assert all(table.rows[o].expected == pytest.approx(best) for o in table.chosen[0])
        for row in table.rows:
            assert row.satisficing_low <= row.satisficing <= row.satisficing_high
            assert row.worst <= row.low <= row.expected and row.policy_regret >= 0
    worst, best_rule = choice.table("worst"), choice.table("best")
    for low, mean, high in zip(worst.rows, choice.table("mean").rows, best_rule.rows, strict=True):
        assert low.expected <= mean.expected + 1e-9 <= high.expected + 2e-9
    assert choice.information.evpi >= 0


def test_an_outcome_of_a_choice_is_that_of_the_study_in_that_world(baseline: Study, choice: Choice):
    drawn = plan([baseline], None, DRAWS).at(0, 0, DRAWS)
    payoffs = []
    for k in range(0, DRAWS):
        if k % 64 == 0:
            world = {name: float(np.broadcast_to(column, DRAWS)[k]) for name, column in drawn.items()}
            study = triangle.load(
                "baseline", settings={**world, "relief": 1.0, "political_concession": 0.0}, model=former()
            )
            findings = study.solve().findings
            payoffs.append(max(findings, key=lambda f: f.margin).payoffs[0] if findings else study.security[0])
    few = choose(baseline, "US", {"relief": [1.0], "political_concession": [0.0]}, samples=DRAWS, rules=("margin",))
    whole = few.tables[0].rows[0]
    assert whole.worst <= min(payoffs) and choice.tables[0].rows[2].expected == pytest.approx(whole.expected)


def test_what_is_worth_knowing_says_what_it_rests_on(baseline: Study, choice: Choice):
    worths = choice.information.worths
    assert {worth.rests_on for worth in worths} == {"figure", "formula", "judgement"}
    assert all(worth.rests_on == baseline.model.catalogue[worth.parameter].backing for worth in worths)


def test_what_is_worth_knowing_is_shown_with_whether_chance_could_do_as_much(choice: Choice):
    found = choice.information
    worths = [replace(worth, estimate=1.0, beyond_chance=place == 0) for place, worth in enumerate(found.worths)]
    shown = replace(choice, information=replace(found, evpi=1.0, worths=tuple(worths)))
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(choice_tables(shown))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in console.export_text().splitlines()]
    told = {row[1]: row[5] for row in rows if len(row) == 6 and row[3] == "1.00"}
    assert told == {name: "yes" if name == worths[0].parameter else "no" for name in told} and len(told) > 1


def test_more_is_known_of_a_choice_with_the_same_seed_only(baseline: Study, choice: Choice):
    again = choose(baseline, "US", {"relief": [0.0, 1.0], "political_concession": [0.0, 0.3]}, samples=DRAWS)
    other = choose(baseline, "US", {"relief": [0.0, 1.0], "political_concession": [0.0, 0.3]}, samples=DRAWS, seed=5)
    assert again == choice and other.tables != choice.tables


def test_a_choice_goes_to_a_file_and_back(choice: Choice):
    assert from_document(Choice, to_document(choice), "file", SHIPPED) == choice
    broken = to_document(choice) | {"samples": "many"}
    with pytest.raises(BadInput, match=r"samples.*expected an integer"):
        from_document(Choice, broken, "file", SHIPPED)
    with pytest.raises(BadInput, match=r"tables\.1\.rows\.1\.expected.*finite"):
        rows = [
            {**table, "rows": [{**row, "expected": math.nan} for row in table["rows"]]} for table in broken["tables"]
        ]
        from_document(Choice, to_document(choice) | {"tables": rows}, "file", SHIPPED)
    with pytest.raises(BadInput, match="shown"):
        from_document(Choice, to_document(replace(choice, scenario="\x1b[31m")), "file", SHIPPED)


@pytest.mark.parametrize("player", ["US", "RU", "CN"])
def test_each_player_has_levers_whose_values_are_admissible(baseline: Study, player: str):
    for name, values in default_levers(baseline, player).items():
        assert len(values) == 3 and all(baseline.model.catalogue[name].admits(value) for value in values)


def test_bad_levers_are_answered(baseline: Study):
    for texts, said in ((["relief"], "NAME=V1"), (["relief=a"], "NAME=V1"), (["relief=0", "relief=1"], "twice")):
        with pytest.raises(BadInput, match=said):
            parse_levers(texts)
    for levers, said in (
        ({"relif": [0.0]}, "--lever.*relief"),
        ({"relief": [2.0]}, "between"),
        ({"relief": [math.nan]}, "nan"),
    ):
        with pytest.raises(BadInput, match=said):
            choose(baseline, "US", levers, samples=8)
    with pytest.raises(BadInput, match="options"):
        choose(baseline, "US", {"relief": np.linspace(0, 1, 100), "conditionality": np.linspace(0, 1, 100)}, samples=8)
    with pytest.raises(BadInput, match="US"):
        choose(baseline, "USA", samples=8)
    with pytest.raises(BadInput, match="margin"):
        choose(baseline, "US", samples=8, rules=("margn",))
