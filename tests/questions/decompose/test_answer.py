"""Scenario calculus: exact shares, stacked scenarios, contrasts on the same draws."""

import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from budgets import LARGE, in_turn

import triangle
from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.measures.outcomes import parse_outcome
from triangle.players.cast import SHIPPED
from triangle.questions.contrast.answer import Contrast, contrast
from triangle.questions.decompose.answer import Shares, decompose, pieces_of, shapley, subset_worths, whole
from triangle.scenarios.stack import stack
from triangle.study.study import Study

# ----- Shapley shares


@pytest.mark.parametrize("n", [1, 2, 5, 10, *([12] if LARGE else [])])
def test_shapley_shares_sum_exactly(n: int):
    worths = np.random.default_rng(n).normal(0, 1e3, 2**n)
    shares = shapley(worths)
    assert sum(shares, Fraction(0)) == Fraction(float(worths[-1])) - Fraction(float(worths[0]))
    assert math.fsum(map(float, shares)) == pytest.approx(worths[-1] - worths[0], rel=1e-14)


def test_shapley_shares_are_the_mean_over_all_orders():
    worths = np.random.default_rng(9).integers(-50, 50, 16).astype(float)
    totals = [0.0] * 4
    for order in permutations(range(4)):
        made = 0
        for i in order:
            totals[i] += worths[made | 1 << i] - worths[made]
            made |= 1 << i
    assert [float(share) for share in shapley(worths)] == pytest.approx([total / 24 for total in totals])


def test_the_glove_game_and_a_dummy_have_their_known_shares():
    """Shapley and Shubik (1969): one left glove against two right ones gives 2/3, 1/6, 1/6; a fourth adds nothing."""
    worths = [float(bool(s & 1) and bool(s & 6)) for s in range(16)]
    assert [str(share) for share in shapley(worths)] == ["2/3", "1/6", "1/6", "0"]


SOME = [["siberia2_relief"], ["baseline", "europe_joins"], ["baseline", "siberia2", "europe_joins", "trade_war"]]
OUTCOMES = ["value:RU", "margin:RU=hedge", "holds:RU=hedge", "payoff:CN@5", "number"]


@pytest.mark.parametrize(("names", "outcome"), in_turn(SOME, OUTCOMES))
def test_the_shares_of_a_scenario_sum_to_its_effect(names: list[str], outcome: str):
    found = decompose([triangle.load(name) for name in names], outcome)
    assert abs(math.fsum(share.shapley for share in found.shares) - (found.end - found.start)) < 1e-12
    assert abs(found.residual) < 1e-12 and found.subsets == 2 ** len(found.shares)
    assert from_document(Shares, to_document(found), "file", SHIPPED) == found


def test_one_scenario_over_another_is_taken_apart_and_one_of_too_many_changes_is_not():
    found = decompose([triangle.load(name) for name in ("baseline", "europe_joins")], "value:RU")
    names = [share.name for share in found.shares]
    assert names == ["relief", "political_concession", "europe_joins", "hold US=court_russia"]
    whole_of = decompose([triangle.load(name) for name in ("baseline", "nixon_1972")], "value:RU")
    assert [share.name for share in whole_of.shares] == ["nixon_1972"]


def test_the_whole_of_the_changes_is_the_scenario_itself():
    """The last subset is the stacked scenario, solved as any other."""
    for name in ("siberia2_relief", "conditional_relief_europe", "double_pressure"):
        study = triangle.load(name)
        found = decompose([study], "value:CN")
        best = max(study.solve().findings, key=lambda finding: finding.margin)
        assert found.end == pytest.approx(best.payoffs[2])
        base = max(triangle.load("baseline").solve().findings, key=lambda finding: finding.margin)
        assert found.start == pytest.approx(base.payoffs[2])


def test_every_subset_is_the_study_with_these_changes():
    start = triangle.load("baseline")
    pieces = pieces_of(triangle.load("siberia2_relief"), triangle.load("baseline"))
    worths = subset_worths(start, pieces, parse_outcome("value:US", start))
    assert len(pieces) == 4 and len(worths) == 16
    for subset in range(16):
        made = [piece for i, piece in enumerate(pieces) if subset >> i & 1]
        settings = {name: value for piece in made for name, value in piece.values.items()}
        hold = {"US": "court_russia"} if any(piece.hold for piece in made) else None
        best = max(triangle.load("baseline", settings, hold).solve().findings, key=lambda finding: finding.margin)
        assert worths[subset] == pytest.approx(best.payoffs[0])


def test_too_many_changes_and_none_are_refused():
    with pytest.raises(BadInput, match="at most 12"):
        decompose([triangle.load("nixon_1972")], "value:RU")
    with pytest.raises(BadInput, match="changes nothing"):
        decompose([triangle.load("baseline")], "value:RU")
    with pytest.raises(BadInput, match="outcome"):
        decompose([triangle.load("siberia2")], "valeu:RU")


# ----- stacks


def test_stacked_scenarios_hold_the_changes_of_all_and_report_conflicts():
    names = ("baseline", "siberia2", "europe_joins", "trade_war")
    parts = [triangle.load(name).scenario for name in names]
    stacked, conflicts = stack(parts)
    assert stacked.values["pipeline_volume"] == parts[1].values["pipeline_volume"]
    assert stacked.values["choke_us_cn"] == parts[3].values["choke_us_cn"]
    assert stacked.ranges["pipeline_volume"] == parts[1].ranges["pipeline_volume"]
    assert stacked.hold == {"US": "court_russia"}
    assert [(c.what, c.first, c.later) for c in conflicts] == [("relief", "siberia2", "europe_joins")]
    turned, _ = stack([parts[0], parts[2], parts[1]])
    assert (stacked.values["relief"], turned.values["relief"]) == (1.0, 0.0)


def test_a_stack_asks_the_questions_of_all_and_expects_nothing():
    first, later = (triangle.load(name).scenario for name in ("siberia2", "europe_joins"))
    stacked, _ = stack([first, later])
    assert stacked.question == f"{first.question} {later.question}" and later.narrative in stacked.narrative
    assert first.expect and not stacked.expect and not stacked.expect_source
    assert {*first.claims, *later.claims} == {*stacked.claims}
    assert stack([first, first])[0].question == first.question and stack([first])[0] == first


def test_a_stack_of_one_and_of_the_same_twice_is_the_scenario():
    one = triangle.load("siberia2").scenario
    assert stack([one]) == (one, ())
    twice, conflicts = stack([one, one])
    assert dict(twice.values) == dict(one.values) and not conflicts


def test_a_piece_of_a_whole_scenario_is_what_stacking_lays():
    base, other = triangle.load("siberia2"), triangle.load("europe_joins")
    stacked, _ = stack([base.scenario, other.scenario])
    laid = dict(base.scenario.values) | dict(whole(other).values)
    assert laid == dict(stacked.values)


# ----- contrasts


@pytest.fixture(scope="module")
def pair() -> tuple[Study, Study]:
    return triangle.load("baseline"), triangle.load("siberia2_relief")


@pytest.mark.parametrize("name", ["baseline", "siberia2_relief", "nixon_1972"])
def test_a_scenario_against_itself_gains_nothing(name: str):
    study = triangle.load(name)
    found = contrast(study, study, samples=128)
    for gain in found.gains:
        assert gain.gains[0] == gain.loses[0] == gain.mean == gain.half_width == gain.low == gain.high == 0.0
    assert found.moved[0] == 0.0


def test_turning_a_contrast_round_turns_gains_into_losses(pair: tuple[Study, Study]):
    there, back = contrast(*pair, samples=256), contrast(*pair[::-1], samples=256)
    for one, other in zip(there.gains, back.gains, strict=True):
        assert one.gains == other.loses and one.mean == pytest.approx(-other.mean)
    assert from_document(Contrast, to_document(there), "file", SHIPPED) == there


def test_a_contrast_in_pieces_is_the_contrast_as_a_whole(pair: tuple[Study, Study], monkeypatch: pytest.MonkeyPatch):
    rules = ("margin", "status_quo", "mean")
    whole = contrast(*pair, samples=200, rules=rules)
    monkeypatch.setattr("triangle.questions.contrast.answer._CHUNK", 64)
    told: list[tuple[int, int]] = []
    assert contrast(*pair, samples=200, rules=rules, progress=lambda *done: told.append(done)) == whole
    assert told == [(128, 400), (256, 400), (384, 400), (400, 400)]


def test_every_share_of_a_contrast_lies_in_its_interval(pair: tuple[Study, Study]):
    found = contrast(*pair, samples=64)
    for standing in found.standings:
        for share, low, high in (standing.first, standing.second, standing.both):
            assert 0 <= low <= share <= high <= 1 and low < high
        assert standing.both[0] <= min(standing.first[0], standing.second[0])


def test_the_draws_of_a_contrast_are_those_of_a_sweep_and_paired(pair: tuple[Study, Study]):
    """By hand: both scenarios at the first draws of a sweep of both, solved one by one."""
    from triangle.sweeps.run import plan

    design = plan(list(pair), None, 16)
    ahead = []
    for k in range(16):
        payoffs = []
        for place, name in enumerate(("baseline", "siberia2_relief")):
            values = {n: float(np.ravel(v)[0]) for n, v in design.at(place, k, k + 1).items()}
            study = triangle.load(name, values)
            findings = study.solve().findings
            payoffs.append(max(findings, key=lambda f: f.margin).payoffs[1] if findings else study.security[1])
        ahead.append(payoffs[1] - payoffs[0])
    found = contrast(*pair, samples=16).gain("RU")
    assert found.mean == pytest.approx(np.mean(ahead)) and found.gains[0] == np.mean(np.array(ahead) > 1e-9)
