"""Outcomes and boxes: what is measured agrees with what a study says of itself."""

import numpy as np
import pytest

import triangle
from triangle.base.errors import BadInput
from triangle.batch.takeover import LAMBDA
from triangle.measures.box import box_of
from triangle.measures.outcomes import parse_outcome
from triangle.model.parameters import Values
from triangle.players.axes import N_ACTIONS
from triangle.players.cast import SHIPPED
from triangle.players.patterns import parse_pattern
from triangle.players.profiles import every
from triangle.questions.solve.answer import logit
from triangle.study.study import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return triangle.load("baseline")


def draws(study: Study, n: int = 40) -> Values:
    box = box_of(study)
    return box.values(study, box.at(np.random.default_rng(3).random((len(box.names), n))))


def one(values: Values, k: int) -> dict[str, float]:
    return {name: float(np.broadcast_to(column, values.samples)[k]) for name, column in values.numbers.items()}


def test_every_outcome_agrees_with_the_study_at_each_draw(study: Study):
    values = draws(study)
    texts = {
        "margin:present": lambda s: s.margins[0, 1, 1],
        "margin:RU=hedge": lambda s: s.margins[:, 3].max(),
        "payoff:CN@US=court_russia,RU=hedge,CN=align": lambda s: s.payoffs[2, 2, 3, 1],
        "advantage:RU=align@5": lambda s: s.payoffs[1, 0, 1, 1] - max(s.payoffs[1, 0, a, 1] for a in (0, 2, 3)),
        "beta_ru@US=court_russia,RU=hedge,CN=align": lambda s: s.bargaining_share((2, 3, 1)),
        "gas_price@US=court_russia,RU=align,CN=align": lambda s: s.gas_deal((2, 1, 1)).price,
        "gas_surplus@US=court_russia,RU=align,CN=align": lambda s: s.gas_deal((2, 1, 1)).surplus,
        "gas_surplus@US=court_russia,RU=distance,CN=align": lambda s: 0.0,
        "credibility": lambda s: s.outcomes["credibility"],
        "effective_relief": lambda s: s.outcomes["effective_relief"],
        "holds:RU=align": lambda s: any(f.profile[1] == 1 for f in s.solve().findings),
        "only:RU=align": lambda s: bool(s.solve().findings) and all(f.profile[1] == 1 for f in s.solve().findings),
        "number": lambda s: len(s.solve().findings),
    }
    outcomes = {text: parse_outcome(text, study).of(study, values) for text in texts}
    for k in range(0, 40, 4):
        alone = triangle.load("baseline", settings=one(values, k))
        for text, expected in texts.items():
            assert outcomes[text][k] == pytest.approx(float(expected(alone)), abs=1e-8), text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("margn:RU=hedge", "margin"),
        ("margin", "margin:PATTERN"),
        ("margin:RU=hedg", "hedge"),
        ("payoff:RU", "payoff:RU@PROFILE"),
        ("payoff:RUS@5", "RU"),
        ("credibility:x", "credibility"),
        ("holds:configuration=stable_mariage", "stable_marriage"),
        ("holds:RU=align,RU=hedge", "exclude"),
    ],
)
def test_an_outcome_that_is_not_understood_is_answered(study: Study, text: str, said: str):
    with pytest.raises(BadInput, match=said):
        parse_outcome(text, study)


def test_patterns_are_the_sets_of_profiles_that_they_say():
    for index in range(64):
        actions = SHIPPED.profiles[index]
        text = ",".join(f"{p}={SHIPPED.actions[i][actions[i]]}" for i, p in enumerate(("US", "RU", "CN")))
        assert parse_pattern(text, SHIPPED) == parse_pattern(str(index), SHIPPED) == 1 << index
    assert parse_pattern("RU=align|RU!=align", SHIPPED) == every(SHIPPED)
    assert parse_pattern("RU=align", SHIPPED).bit_count() == N_ACTIONS**2
    assert parse_pattern("link=RU-CN", SHIPPED) == parse_pattern("link:RU-CN", SHIPPED)


def test_a_box_holds_the_scenario_and_keeps_to_what_was_asked(study: Study):
    for hard in (False, True):
        box = box_of(study, hard=hard, without=["relief"])
        assert (box.low <= box.origin).all() and (box.origin <= box.high).all() and (box.width > 0).all()
        assert "relief" not in box.names
    with pytest.raises(BadInput, match="relief"):
        box_of(study, ["relif"])


def test_the_probability_of_a_pattern_is_that_of_the_logit_equilibrium(study: Study):
    text = "RU=hedge|US=court_china,CN=align"
    values, mask = draws(study, 8), parse_pattern(text, SHIPPED)
    found = parse_outcome(f"logit:{text}", study).of(study, values)
    for k in range(8):
        alone = triangle.load("baseline", settings=one(values, k))
        us, ru, cn = logit(alone, LAMBDA, normalised=True).findings[0].probabilities
        profiles = [SHIPPED.profiles[index] for index in range(64) if mask >> index & 1]
        assert found[k] == pytest.approx(sum(us[a] * ru[b] * cn[c] for a, b, c in profiles), abs=1e-8)


def test_a_held_player_is_certain_to_play_its_action():
    held = triangle.load("baseline", hold={"RU": "hedge"})
    assert parse_outcome("logit:RU=hedge", held).of(held, held.values) == pytest.approx(1.0)
