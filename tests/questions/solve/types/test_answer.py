"""Bayesian equilibria of the stance game: limits, posteriors, what knowing is worth, and what is refused."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from budgets import LARGE, few

from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.questions.solve.types.answer import TypedAnswer, parse_types, typed, typed_game
from triangle.study.load import load

PRIOR = {"RU": {"tactical": 0.7, "genuine": 0.3}}


@pytest.fixture(autouse=True, scope="module")
def few_priors() -> Iterator[None]:
    """By default three priors are swept: both ends and the middle."""
    with pytest.MonkeyPatch.context() as patched:
        if not LARGE:
            patched.setattr("triangle.questions.solve.types.answer.STEPS", 3)
        yield


@pytest.fixture(scope="module")
def study():
    return load("tactical_or_genuine")


@pytest.fixture(scope="module")
def found(study) -> TypedAnswer:
    return typed(study, {**PRIOR, "US": {"constant": 0.5, "reversing": 0.5}}, samples=64 if LARGE else 8)


def test_the_answer_is_complete_and_nobody_gains(found: TypedAnswer):
    assert found.verdict == "complete" and found.equilibria
    assert all(one.regret < 1e-9 for one in found.equilibria)


def test_posteriors_are_on_average_the_prior(found: TypedAnswer):
    for one in found.equilibria:
        for player in ("US", "RU"):
            agents = [k for k, agent in enumerate(found.agents) if agent.player == player]
            prior = np.array([found.agents[k].probability for k in agents])
            seen = prior @ np.array([one.strategies[k] for k in agents])
            names = found.actions[found.players.index(player)]
            mean = sum(seen[names.index(a)] * np.array(s) for p, a, s in one.posteriors if p == player)
            np.testing.assert_allclose(mean, prior, atol=1e-12)


@pytest.mark.parametrize("genuine", few([1.0, 0.0], 2))
def test_a_certain_type_plays_its_game_of_complete_information(study, genuine: float):
    answer = typed(study, {"RU": {"tactical": 1 - genuine, "genuine": genuine}}, samples=4)
    certain = "genuine" if genuine else "tactical"
    alone = load("tactical_or_genuine", settings=study.scenario.of_type("RU", certain))
    place = [agent.type for agent in answer.agents].index(certain)
    ours = {tuple(np.argmax(one.strategies[k]) for k in (0, place, 3)) for one in answer.equilibria}
    theirs = {(0, finding.profile[1], finding.profile[2]) for finding in alone.solve().findings}  # the US is held
    assert ours == theirs
    for one in answer.equilibria:
        worths = [finding.payoffs for finding in alone.solve().findings]
        assert any(one.payoffs == pytest.approx(worth) for worth in worths)


def test_where_there_is_nothing_to_know_it_is_worth_nothing(study):
    answer = typed(study, {"RU": {"tactical": 0.0, "genuine": 1.0}}, samples=4)
    assert answer.information is not None
    for low, high in answer.information:
        assert low <= 1e-9 and high >= -1e-9


def test_the_methods_agree_on_what_is_pure(study):
    pure, mixed = (typed(study, PRIOR, method, samples=4) for method in ("pure", "mixed"))
    profiles = [one.strategies for one in mixed.equilibria if all(max(own) == 1.0 for own in one.strategies)]
    assert sorted(profiles) == sorted(one.strategies for one in pure.equilibria)
    logit = typed(study, PRIOR, "logit", lam=1.0, normalised=False, samples=4)
    nearest = [max(range(4), key=own.__getitem__) for own in logit.equilibria[0].strategies if len(own) == 4]
    assert nearest in [[own.index(1.0) for own in one if len(own) == 4] for one in profiles]


def test_the_sweep_of_the_prior_says_what_each_prior_says(study):
    answer = typed(study, PRIOR, samples=4)
    assert [step.prior for step in answer.steps][:: len(answer.steps) // 2] == [0.0, 0.5, 1.0]
    half = typed(study, {"RU": {"tactical": 0.5, "genuine": 0.5}}, samples=4)
    step = next(step for step in answer.steps if step.prior == 0.5)
    for place, agent in enumerate(agent for agent in half.agents if agent.player == "RU"):
        k = [a.type for a in half.agents].index(agent.type)
        played = {half.actions[1][int(np.argmax(one.strategies[k]))] for one in half.equilibria}
        assert set(step.actions[place]) == played


def test_types_that_are_the_same_differ_never_and_are_warned_of(study):
    answer = typed(study, {"US": {"constant": 0.5, "reversing": 0.5}}, samples=32 if LARGE else 8)
    assert ("constant", "reversing") in answer.alike  # the US is held at courting
    assert dict(answer.differ)["US"] == 0.0


def test_an_answer_is_written_and_read_again(found: TypedAnswer):
    assert from_document(TypedAnswer, to_document(found), "file", found.cast) == found


def test_payoffs_of_a_player_of_one_type_do_not_depend_on_how_types_are_numbered(study):
    both = (PRIOR["RU"].items(), reversed(PRIOR["RU"].items()))
    game, turned = (typed_game(study, {"RU": dict(pairs)}) for pairs in both)
    np.testing.assert_array_equal(game.pure(), np.swapaxes(turned.pure(), 1, 2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("RU=tactical:0.7,genuin:0.3", "genuine"),
        ("RU=tactical:0.7,genuine:0.4", "add to 1.1"),
        ("RU=tactical:x,genuine:0.4", "expected TYPE:PROBABILITY"),
        ("CN=a:1", "player with types"),
        ("RU=tactical:1.5,genuine:-0.5", "expected 1"),
        ("RU=tactical:1", "found 'tactical:1' alone; expected two types or more"),
        ("RU=tactical:0.7,tactical:0.3", "RU: tactical is given twice"),
    ],
)
def test_priors_that_are_none_are_refused(study, text: str, message: str):
    with pytest.raises(BadInput, match=message):
        parse_types([text], study)


def test_a_second_prior_of_one_player_is_refused_and_takes_no_place_of_the_first(study):
    with pytest.raises(BadInput, match="RU: given twice"):
        parse_types(["RU=tactical:0.7,genuine:0.3", "RU=tactical:0.2,genuine:0.8"], study)


def test_too_many_free_agents_for_all_mixed_equilibria_is_said(study):
    with pytest.raises(BadInput, match="up to 3"):
        typed(replace(study, hold={}), {**PRIOR, "US": {"constant": 0.5, "reversing": 0.5}}, "mixed", samples=4)
