"""The further methods of ``solve`` on the shipped scenarios: they agree with one another and say what they prove."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from budgets import LARGE, few, in_turn
from rich.console import Console
from strategies import FORMER, former

import triangle
from triangle.base.records import to_document
from triangle.games.normal_form import TOLERANCE
from triangle.players.cast import SHIPPED
from triangle.players.configurations import configuration, configuration_title
from triangle.players.notation import parse_order
from triangle.questions.solve import answer as questions
from triangle.questions.solve import table
from triangle.questions.solve.answer import interesting_profiles
from triangle.questions.solve.asking import ask, showing
from triangle.questions.solve.record import mixed_solution
from triangle.scenarios.scenario import shipped_names
from triangle.study.study import Study

SCENARIOS = shipped_names(SHIPPED)

#: Upon the former parameters three pure or mixed equilibria, and none pure without a common cause.
SEVERAL = {"scenario": FORMER.parent / "scenarios" / "rift_shock.toml", "model": former()}

#: A few that differ in kind: one equilibrium, several, a held player, none pure.
NO_COMMON_CAUSE = {"order_value_us": 0.0, "order_value_ru": 0.0, "order_value_cn": 0.0}
KINDS: dict[str, dict] = {
    "one": {"scenario": "baseline"},
    "several": SEVERAL,
    "held": {"scenario": "europe_joins"},
    "two held": {"scenario": "baseline", "hold": {"US": "court_russia", "CN": "align"}},
    "no pure": {"scenario": "baseline", "settings": {**NO_COMMON_CAUSE, "capability_cn": 12.0}, "model": former()},
}


@pytest.fixture(autouse=True, scope="module")
def followed_briefly() -> Iterator[None]:
    """By default starts of dynamics are followed for few steps: none of the tests here asks where they end."""
    with pytest.MonkeyPatch.context() as patched:
        if not LARGE:
            patched.setattr("triangle.solvers.dynamics.REPLICATOR_STEPS", 50)
            patched.setattr("triangle.solvers.dynamics.BEST_RESPONSE_STEPS", 50)
        yield


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def study(kind: str) -> Study:
    return of_kind(kind)


@cache
def of_kind(kind: str) -> Study:
    return triangle.load(**KINDS[kind])


@cache
def asked_of(kind: str, method: str) -> Any:
    """What a method answers of a kind of game, which several tests look at."""
    return ask(of_kind(kind), method, order=((0,), (1, 2)), lam=10.0, normalised=True)


@cache
def all_of(kind: str) -> questions.MixedAnswer:
    """All equilibria of a kind of game, which others are compared to."""
    return questions.mixed(of_kind(kind))


def mixed_profile(study: Study, finding: questions.MixedFinding) -> list[np.ndarray]:
    return [np.array(p) for p in finding.probabilities]


def expected(study: Study, probabilities: list[np.ndarray]) -> np.ndarray:
    return np.einsum("iabc,a,b,c->i", study.payoffs, *probabilities)


@pytest.mark.parametrize("name", few(SCENARIOS, 5))
def test_all_equilibria_of_every_shipped_scenario_are_proven_to_be_all(name: str):
    study = triangle.load(name)
    answer = questions.mixed(study)
    assert answer.verdict == "complete"
    assert len(answer.findings) % 2 == 1
    assert sum(f.index for f in answer.findings if f.index is not None) == 1
    pure = {f.profile for f in study.solve().findings}
    found = {
        tuple(int(np.argmax(p)) for p in f.probabilities)
        for f in answer.findings
        if min(map(max, f.probabilities)) == 1
    }
    assert found == pure


def test_nobody_gains_by_leaving_a_mixed_equilibrium(kind: str, study: Study):
    for finding in all_of(kind).findings:
        probabilities = mixed_profile(study, finding)
        assert np.allclose(expected(study, probabilities), finding.payoffs)
        for i in set(range(3)) - set(study.hold):
            for action in range(4):
                other = [np.eye(4)[action] if k == i else p for k, p in enumerate(probabilities)]
                assert expected(study, other)[i] <= finding.payoffs[i] + 1e-6
        assert sum(finding.configurations.values()) == pytest.approx(1)


def test_a_game_without_a_pure_equilibrium_has_a_mixed_one():
    assert not of_kind("no pure").solve().findings
    assert len(all_of("no pure").findings) >= 1


def test_the_correlated_bounds_contain_every_equilibrium(kind: str):
    answer, slack = asked_of(kind, "correlated"), 1e-5
    ranges = {r.quantity: r for r in answer.ranges}
    assert answer.verdict == "complete"
    for finding in all_of(kind).findings:
        for i, player in enumerate(SHIPPED.codes):
            r = ranges[f"payoff {player}"]
            assert r.low - slack <= finding.payoffs[i] <= r.high + slack
        for link, probability in finding.links.items():
            r = ranges[f"link {link}"]
            assert r.low - slack <= probability <= r.high + slack
        for key, probability in finding.configurations.items():
            assert ranges[key].low - slack <= probability <= ranges[key].high + slack
    for r in ranges.values():
        assert r.coarse_low - slack <= r.low <= r.high + slack <= r.coarse_high + 2 * slack


def test_erring_less_and_less_leads_to_an_equilibrium(kind: str, study: Study):
    near = questions.logit(study, 3000.0, normalised=True)
    assert near.verdict == "complete"
    (finding,) = near.findings
    distances = [
        max(
            float(np.abs(a - b).max())
            for a, b in zip(mixed_profile(study, finding), mixed_profile(study, e), strict=True)
        )
        for e in all_of(kind).findings
    ]
    assert min(distances) < 0.05


def test_at_lambda_zero_the_free_players_choose_by_chance(study: Study):
    (finding,) = questions.logit(study, 0.0).findings
    for i, probabilities in enumerate(finding.probabilities):
        wanted = np.eye(4)[study.hold[i]] if i in study.hold else np.full(4, 0.25)
        assert np.allclose(probabilities, wanted)


@pytest.mark.parametrize("text", few(["US,RU,CN", "CN,US+RU", "US+CN,RU"], 2))
def test_a_sole_leader_gets_at_least_its_worst_simultaneous_payoff_at_best(study: Study, text: str):
    order = parse_order(text, SHIPPED)
    answer = questions.in_order(study, order)
    assert answer.verdict in ("complete", "degenerate")
    assert answer.solution.outcomes
    if len(order[0]) == 1:
        leader = order[0][0]
        pure = [f.payoffs[leader] for f in study.solve().findings]
        # A leader can play its part of any equilibrium; the best continuation gives it no less.
        assert not pure or answer.solution.high[leader] >= min(pure) - TOLERANCE
    for outcome in answer.solution.outcomes:
        for profile, _ in questions.outcome_profiles(study, outcome):
            assert study.reachable(profile)


def test_the_orders_of_moves_are_all_listed(study: Study):
    table = questions.in_order(study, ((0,), (1,), (2,))).table
    assert len(table.rows) == 12


def test_every_rule_of_selection_speaks_or_says_why_not():
    table = asked_of("several", "selection")
    assert len(table.equilibria) == 3
    assert {r.rule for r in table.rules} >= {"payoff dominance", "risk dominance", "limiting logit"}
    assert all(r.chosen or r.note for r in table.rules)


def test_the_selection_is_the_same_for_the_same_seed():
    one, other = ask(of_kind("several"), "selection"), ask(of_kind("several"), "selection")
    assert one.rules == other.rules and one is not other


def test_the_reversal_hazard_makes_america_need_more_patience_and_nobody_else():
    study = triangle.load(**SEVERAL)
    answer = questions.repeated(study)
    survival = 1 - answer.hazard
    for hindered, free in zip(answer.supports, answer.unhindered, strict=True):
        for profile in interesting_profiles(study):
            with_hazard, without = (questions.kept_up(study, s, profile) for s in (hindered, free))
            assert with_hazard[1:] == without[1:]
            if without[0] is not None and without[0] < survival:
                assert with_hazard[0] == pytest.approx(without[0] / survival)
            elif without[0] is None or without[0] > 0:
                assert with_hazard[0] is None


def test_equilibria_need_no_patience(study: Study):
    answer = questions.repeated(study)
    for finding in study.solve().findings:
        minmax = answer.supports[-1]
        assert questions.kept_up(study, minmax, finding.profile) == (0.0, 0.0, 0.0)


def test_the_grand_coalition_shares_what_it_can_secure():
    answer = questions.coalitions(triangle.load("baseline"))
    everybody = answer.worth[0, 1, 2]
    assert sum(answer.shapley) == pytest.approx(everybody)
    assert answer.nucleolus is not None and sum(answer.nucleolus) == pytest.approx(everybody)
    assert "transferable" in answer.assumption


METHODS = ("mixed", "logit", "correlated", "order", "selection", "repeated", "coalitions", "rationalizable")


@pytest.mark.parametrize(("kind", "method"), few(list(product(KINDS, METHODS)), 5))
def test_every_method_gives_a_table_and_a_json_document_without_infinities(kind: str, study: Study, method: str):
    asked = asked_of(kind, method)
    document = json.loads(json.dumps(to_document(asked), allow_nan=False))
    assert document["schema"] == "triangle.solution/1"
    assert document["verdict"] in ("complete", "degenerate", "undecided")
    held = {} if method == "coalitions" else study.hold
    assert document["hold"] == {SHIPPED.codes[i]: SHIPPED.actions[i][a] for i, a in held.items()}
    console = Console(width=140)
    with console.capture() as printed:
        console.print(showing(study, asked)[0]())
    assert study.scenario.title in printed.get()


#: By default one, of several equilibria; every method is drawn in ``test_plots.py``.
DRAWN = in_turn(list(KINDS), ["mixed", "correlated", "order", "logit"])


@pytest.mark.parametrize(("kind", "method"), DRAWN if LARGE else DRAWN[1:2])
def test_the_methods_with_a_picture_draw_it(kind: str, study: Study, method: str):
    _, draw = showing(study, asked_of(kind, method))
    assert draw is not None
    plot = draw()
    texts = " ".join(t.get_text() for t in plot.findobj(lambda artist: hasattr(artist, "get_text")))
    assert study.scenario.name in texts
    assert triangle.__version__ in texts


NOTHING_AT_STAKE = [
    *(
        f"{quantity}_{pair}"
        for quantity in ("stake", "rivalry_cost", "gain")
        for pair in "us_ru ru_us us_cn cn_us ru_cn cn_ru".split()
    ),
    *(f"{quantity}_{who}" for quantity in ("order_value", "balance_weight") for who in ("us", "ru", "cn")),
    *("autonomy_cost", "dual_use_value", "sanction_exposure", "alliance_value", "relief", "evasion_cost"),
]


@cache
def nothing_at_stake() -> Study:
    held = None if LARGE else {"US": "contain_both"}
    return triangle.load("baseline", settings=dict.fromkeys(NOTHING_AT_STAKE, 0.0), hold=held)


@pytest.mark.parametrize("method", few(["mixed", "selection", "repeated"], 2))
def test_what_is_built_on_a_degenerate_game_says_so(method: str):
    study = nothing_at_stake()
    assert not study.payoffs.any()
    document = to_document(ask(study, method))
    assert document["verdict"] == "degenerate" and document["advice"]


def test_only_a_pure_equilibrium_that_everybody_loses_by_leaving_is_strict():
    study = triangle.load(**SEVERAL)
    strict = [e["strict"] for e in to_document(mixed_solution(study, questions.mixed(study)))["equilibria"]]
    assert sorted(strict, key=str) == [None, True, True]


def test_the_json_of_mixed_answers_leaves_the_profile_null_as_the_contract_says():
    study = triangle.load(**SEVERAL)
    document = to_document(mixed_solution(study, questions.mixed(study)))
    for equilibrium in document["equilibria"]:
        assert equilibrium["profile"] is equilibrium["index"] is equilibrium["configuration"] is None
        assert [len(p) for p in equilibrium["probabilities"]] == [4, 4, 4]
        assert sum(equilibrium["configurations"].values()) == pytest.approx(1)


def test_configurations_of_a_mixed_equilibrium_are_shown_with_the_likeliest_first():
    study = triangle.load("baseline")
    answer = mixed_solution(study, questions.logit(study, 3.0, normalised=True))
    (finding,) = answer.equilibria
    assert len(finding.configurations) > 2
    console = Console(width=400, record=True, file=io.StringIO())
    console.print(table.mixed(study, answer))
    printed = console.export_text()
    titles = {configuration_title(key, study.cast): key for key in finding.configurations}
    told = re.findall(rf"({'|'.join(map(re.escape, titles))}) (0\.\d+) │", printed)
    shown = [(titles[title], float(chance)) for title, chance in told]
    assert shown == sorted(shown, key=lambda item: -item[1]) and len(shown) > 2
    assert all(chance == pytest.approx(finding.configurations[key], abs=5e-4) for key, chance in shown)


def test_profiles_of_a_held_game_are_read_back_in_the_whole_games_actions():
    study = triangle.load("europe_joins")
    for outcome in questions.in_order(study, ((0,), (1,), (2,))).solution.outcomes:
        for profile, _ in questions.outcome_profiles(study, outcome):
            assert profile[0] == study.hold[0]
            assert configuration(profile, SHIPPED).name
