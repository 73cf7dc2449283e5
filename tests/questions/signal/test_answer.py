"""What an acceptance tells: limits, certificate, threshold, values, maps and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from budgets import few

from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.games.efg import format_efg, parse_efg
from triangle.players.axes import CN, RU
from triangle.questions.signal.answer import screening_tree, signal
from triangle.questions.signal.offer import COURT, DISTANCE, later_play, offers, type_payoffs, watched
from triangle.questions.signal.record import Signal
from triangle.questions.signal.table import first_lines, sentences
from triangle.showing.blocks import words_of
from triangle.solvers.beliefs.supports import solve_beliefs
from triangle.study.load import load

SMALL = [("prior", 0.0, 1.0, 5), ("watch", 0.5, 8.0, 4)]


@pytest.fixture(scope="module", params=few(["second", "first"], 2))
def study(request):
    return load("tactical_or_genuine", form=request.param)


@pytest.fixture(scope="module")
def found(study) -> Signal:
    return signal(study, samples=64, over=SMALL)


def test_every_equilibrium_is_certified_and_the_list_is_complete(found: Signal):
    assert found.verdict == "complete" and found.equilibria
    for one in found.equilibria:
        assert one.residual < 1e-9
        assert one.largest_gain <= 1e-9 * max(map(abs, one.payoffs))


def test_the_tree_has_the_equilibria_that_are_listed_and_goes_through_a_file(study, found: Signal):
    tree = screening_tree(study)
    back = parse_efg(format_efg(tree, places=12)).tree
    for game in (tree, back):
        worth = sorted(one.payoffs[1] for one in solve_beliefs(game).equilibria)
        assert worth == pytest.approx(sorted(one.payoffs[2] for one in found.equilibria))


def test_beliefs_move_to_the_threshold_where_a_type_bluffs(found: Signal):
    for one in found.equilibria:
        if one.kind == "bluffing" and 0 < one.goes_on[1] < 1:
            assert one.posterior[1] == pytest.approx(found.threshold)


@pytest.mark.usefixtures("offer_alone")
@pytest.mark.parametrize("prior", few([0.0, 1.0], 2))
def test_where_the_type_is_known_nothing_is_learnt_and_nothing_separates(study, prior: float):
    found = signal(study, prior=prior, samples=16, over=SMALL)
    for one in found.equilibria:
        assert one.kind.startswith("pooling")
        assert all(after is None or after == prior for after in one.posterior)


@pytest.mark.usefixtures("offer_alone")
def test_where_all_is_seen_monitoring_is_worth_nothing_and_nothing_is_hidden(study):
    found = signal(study, observe=1.0, samples=16, over=SMALL)
    assert found.monitoring == pytest.approx(0.0, abs=1e-9)
    tree = screening_tree(study, own={"observe": 1.0})
    assert len(tree.sets[tree.set_named("looks delivered")].nodes) == 2


@pytest.mark.usefixtures("offer_alone")
def test_to_bind_oneself_first_is_never_worth_less(study):
    for prior, observe in few(((0.6, 0.25), (0.1, 0.8)), 2):
        assert signal(study, prior=prior, observe=observe, samples=4, over=SMALL).commitment >= -1e-6


def test_types_that_are_equal_leave_the_prior_and_are_warned_of(study):
    types = study.scenario.types["RU"]
    same = {"tactical": types["tactical"], "genuine": types["tactical"]}
    twin = replace(study, scenario=replace(study.scenario, types={"RU": same}))
    found = signal(twin, samples=16, over=SMALL)
    assert found.alike and found.threshold is None and "Warning" in first_lines(found)
    assert found.differ[0] < 0.5
    for one in found.equilibria:
        if one.answers[0] == one.answers[1]:
            assert all(after is None or after == pytest.approx(found.prior) for after in one.posterior)


@pytest.mark.usefixtures("offer_alone")
def test_a_map_says_at_each_point_what_the_point_alone_says(study, found: Signal):
    grid = found.maps[0]
    for row, column in few(((1, 1), (0, 0), (2, 4), (3, 2)), 4):
        asked = {"prior": grid.first[column], "watch": grid.second[row]}
        alone = signal(study, **asked, samples=4, over=SMALL)
        assert alone.best.kind == alone.kinds[grid.kinds[row][column]]


def test_later_play_is_a_pair_of_mutual_best_replies_that_russia_likes_best(study):
    rng = np.random.default_rng(0)
    settings = {**study.scenario.of_type("RU", "genuine"), "relief": rng.uniform(0, 1, 50)}
    payoffs = type_payoffs(study, settings)
    later = later_play(payoffs, COURT)
    for k in range(50):
        pair = payoffs[:, COURT, :, :, k]
        stable = [
            (a, b) for a in range(4) for b in range(4)
            if pair[RU, a, b] >= pair[RU, :, b].max() - 1e-9 and pair[CN, a, b] >= pair[CN, a].max() - 1e-9
        ]  # fmt: skip
        assert later.others[k] == len(stable) - 1
        if stable:
            assert later.payoffs[RU, k] == pytest.approx(max(pair[RU, a, b] for a, b in stable))


@pytest.mark.usefixtures("offer_alone")
def test_a_china_that_answers_does_what_is_best_for_it(study):
    payoffs = type_payoffs(study, study.scenario.of_type("RU", "genuine"))
    answers = watched(payoffs, COURT, DISTANCE, "answers")
    assert answers[CN] == payoffs[CN, COURT, DISTANCE].max()
    found = signal(study, china="answers", samples=4, over=SMALL)
    assert found.verdict in ("complete", "degenerate") and found.china == "answers"


def test_a_longer_watch_weighs_what_is_done_in_it(study):
    own = {"prior": 0.3, "observe": 0.8}
    names = ("tactical", "genuine")
    short, long = (offers(study, names, {**own, "watch": w}, {}, "aligned").games for w in (1e-9, 49.0))
    u = type_payoffs(study, study.scenario.of_type("RU", "tactical"))
    assert float(long.delivered[0, 0, 0]) == pytest.approx(
        float(u[RU, COURT, DISTANCE, 1]), rel=0.01 + study.scenario.values["discount_factor"] ** 49
    )
    assert float(short.delivered[0, 0, 0]) == pytest.approx(float(short.pocketed[0, 0, 0]))


def test_an_answer_is_written_and_read_again(found: Signal):
    assert from_document(Signal, to_document(found), "file", found.cast) == found


def test_the_sentences_say_what_was_computed(found: Signal):
    happens, learnt, worth = map(words_of, sentences(found))
    assert found.best.kind in happens
    assert f"{found.prior:g}" in learnt
    assert "no watch" in worth if found.shortest is None else f"{found.shortest:g} years" in worth


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"prior": 1.5}, "--prior: found 1.5"),
        ({"watch": 0.0}, "--watch: found 0"),
        ({"types": ("tactical", "genuin")}, "genuine"),
        ({"types": ("tactical", "tactical")}, "two different types"),
        ({"china": "asks"}, "answers"),
        ({"refine": ("d2",)}, "d1"),
        ({"over": [("prior", 0, 1, 5)]}, "two different axes"),
        ({"over": [("prior", 0, 2, 5), ("watch", 1, 2, 3)]}, "2 to 400 values from 0 to 1$"),
        ({"over": [("priors", 0, 1, 5), ("watch", 1, 2, 3)]}, "prior"),
    ],
)
def test_what_is_not_sound_is_refused_with_what_was_expected(asked, message: str):
    with pytest.raises(BadInput, match=message):
        signal(load("tactical_or_genuine"), **asked)


def test_a_scenario_without_types_is_told_which_has_some():
    with pytest.raises(BadInput, match="tactical_or_genuine has"):
        signal(load("baseline"))
