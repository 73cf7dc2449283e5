"""The two questions that are asked where none is named, over every shipped scenario and a triad of one's own."""

from __future__ import annotations

import math

import pytest
from budgets import few

from triangle.measures.asked import answers_of, default_questions, firmest, turned
from triangle.measures.outcomes import parse_outcome
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.notation import parse_profile
from triangle.players.stances import pure_stances
from triangle.scenarios.scenario import shipped_names
from triangle.study.load import load

LINKED = pure_stances().link(RU, CN)[0]


@pytest.mark.parametrize("name", few(shipped_names(SHIPPED), 9))
def test_each_question_measures_what_its_power_would_lose_by_leaving_the_firmest_equilibrium(name: str):
    study = load(name)
    profile, answer = firmest(study), study.solve()
    if answer.present:
        firm = {finding.profile: finding.margin for finding in answer.present}
        assert firm[profile] == max(firm.values())
    for question, player in zip(default_questions(study), (RU, US), strict=True):
        every = study.deviations(profile) + study.deviations(profile, of_held=True)
        (lost,) = (deviation.loss for deviation in every if deviation.player == player)
        found = float(parse_outcome(question.outcome, study).of(study, study.values))
        assert math.isclose(found, lost, abs_tol=1e-9)
        assert question.outcome.endswith("@" + study.cast.profile_text(profile))
    assert (default_questions(study)[0].asked == "kept") == bool(LINKED[profile[RU], profile[CN]])


def test_a_set_turns_a_question_where_the_answers_that_it_allows_are_others():
    veto, marriage, courted = (
        1 << SHIPPED.index(parse_profile(text, SHIPPED, "profile"))
        for text in (
            "US=contain_both,RU=oppose_both,CN=oppose_both",
            "US=contain_both,RU=align,CN=align",
            "US=court_russia,RU=hedge,CN=align",
        )
    )
    assert answers_of(veto | marriage, SHIPPED) == {"kept": frozenset({0, 1}), "posture": frozenset({0})}
    assert turned(veto | marriage, marriage, SHIPPED) == ("kept",)
    assert turned(marriage, courted, SHIPPED) == ("posture",)
    assert turned(veto, courted, SHIPPED) == ("kept", "posture")
    assert turned(marriage, marriage, SHIPPED) == ()
