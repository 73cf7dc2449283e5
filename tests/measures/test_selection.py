"""Rules of selection: what a batch says of each game is what a study says of it."""

import numpy as np
import pytest
from strategies import former

import triangle
from triangle.base.errors import BadInput
from triangle.measures.outcomes import parse_outcome
from triangle.measures.selection import RULES, play, status_quo
from triangle.model.parameters import Values
from triangle.players.axes import RU
from triangle.players.cast import SHIPPED
from triangle.study.study import Study
from triangle.sweeps.run import plan


@pytest.fixture(scope="module")
def study() -> Study:
    """Upon the former parameters, where draws have none, one and several equilibria."""
    return triangle.load("baseline", model=former())


def worlds(study: Study, n: int) -> Values:
    return Values(plan([study], None, n).at(0, 0, n), SHIPPED)


def one(values: Values, k: int) -> dict[str, float]:
    return {name: float(np.broadcast_to(column, values.samples)[k]) for name, column in values.numbers.items()}


def test_every_rule_is_what_the_study_of_each_draw_says(study: Study):
    values = worlds(study, 256)
    played = play(study, values, RULES)
    counts = []
    interesting = [*range(0, 256, 32), *np.flatnonzero(played.without)[:3]]
    many = [k for k in range(256) if played.payoffs["worst"][0, k] < played.payoffs["best"][0, k]]
    assert many, "some draws have several equilibria"
    for k in (*interesting, *many[:4]):
        alone = triangle.load("baseline", settings=one(values, int(k)), model=former())
        findings = alone.solve().findings
        counts.append(len(findings))
        if not findings:
            assert all(played.payoffs[rule][:, k] == pytest.approx(alone.security) for rule in RULES)
            assert played.profiles["margin"][k] == played.profiles["pivot"][k] == -1
            continue
        payoffs = np.array([finding.payoffs for finding in findings])
        assert played.payoffs["worst"][:, k] == pytest.approx(payoffs.min(axis=0))
        assert played.payoffs["best"][:, k] == pytest.approx(payoffs.max(axis=0))
        assert played.payoffs["mean"][:, k] == pytest.approx(payoffs.mean(axis=0))
        steadiest = max(findings, key=lambda finding: finding.margin)
        assert played.profiles["margin"][k] == SHIPPED.index(steadiest.profile)
        assert played.payoffs["margin"][:, k] == pytest.approx(steadiest.payoffs)
        liked = max(findings, key=lambda finding: finding.payoffs[RU])
        assert played.profiles["pivot"][k] == SHIPPED.index(liked.profile)
        quo = [f for f in findings if SHIPPED.index(f.profile) == status_quo(study)]
        assert played.payoffs["status_quo"][:, k] == pytest.approx((quo or [steadiest])[0].payoffs)
    assert 0 in counts and 1 in counts and max(counts) > 1


def test_held_players_do_not_move(study: Study):
    values = worlds(study, 32)
    played = play(study, values, ("margin",), hold={RU: 2})
    assert (played.profiles["margin"][~played.without] // 4 % 4 == 2).all()


def test_a_value_is_an_outcome_of_any_shape(study: Study):
    outcome = parse_outcome("value:RU@worst", study)
    alone = outcome.of(study, study.values)
    assert alone.shape == () and float(alone) == pytest.approx(study.solve().findings[0].payoffs[RU])
    grid = Values({**study.scenario.values, "relief": np.zeros((2, 1)), "evasion": np.full(3, 0.5)}, SHIPPED)
    assert outcome.of(study, grid).shape == (2, 3)
    for text, said in (("value:RU@wurst", "worst"), ("value", "value:PLAYER@RULE"), ("value:XX", "RU")):
        with pytest.raises(BadInput, match=said):
            parse_outcome(text, study)
