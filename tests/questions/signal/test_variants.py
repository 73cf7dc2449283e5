"""Variants of the offer: an America of unknown type with a costly step first, and a menu of two contracts."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from budgets import LARGE
from rich.console import Console

from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.players.cast import SHIPPED
from triangle.questions.signal import variants
from triangle.questions.signal.answer import signal
from triangle.questions.signal.offer import offers
from triangle.questions.signal.record import America, Signal
from triangle.questions.signal.table import _step, signal_tables
from triangle.questions.signal.variants import menu_tree
from triangle.showing.tables import share
from triangle.solvers.beliefs.supports import solve_beliefs
from triangle.study.load import load

SMALL = [("prior", 0.0, 1.0, 3), ("watch", 0.5, 8.0, 3)]
OWN = {"prior": 0.3, "watch": 0.67, "observe": 0.8}

#: How surely a breach is seen: where it never is, a menu has four places to decide instead of six, and few supports.
OBSERVED = OWN["observe"] if LARGE else 0.0
NAMES = ("tactical", "genuine")


@pytest.fixture(scope="module")
def study():
    return load("tactical_or_genuine")


@pytest.mark.parametrize("sure", ["constant", "reversing"])
def test_an_america_that_is_sure_is_the_scenario_with_its_parameters(study, sure: str):
    believed = offers(study, NAMES, OWN, {}, "aligned", {sure: 1.0}).games
    alone = offers(study, NAMES, OWN, study.scenario.of_type("US", sure), "aligned").games
    for part in ("refused", "pocketed", "delivered"):
        np.testing.assert_allclose(getattr(believed, part), getattr(alone, part))


def test_russia_expects_the_mean_over_the_types_that_it_believes_in(study):
    mixed = offers(study, NAMES, OWN, {}, "aligned", {"constant": 0.25, "reversing": 0.75}).games
    parts = [offers(study, NAMES, OWN, {}, "aligned", {name: 1.0}).games for name in ("constant", "reversing")]
    # What is refused does not depend on the American type: nothing is promised then.
    np.testing.assert_allclose(mixed.refused[0], parts[0].refused[0])
    # While the offer is watched nobody answers to a belief, so that the watch alone is the mean.
    never = {**OWN, "watch": 50.0}
    mixed = offers(study, NAMES, never, {}, "aligned", {"constant": 0.25, "reversing": 0.75}).games
    parts = [offers(study, NAMES, never, {}, "aligned", {name: 1.0}).games for name in ("constant", "reversing")]
    mean = 0.25 * parts[0].delivered[0] + 0.75 * parts[1].delivered[0]
    left = study.scenario.values["discount_factor"] ** 50
    np.testing.assert_allclose(mixed.delivered[0], mean, rtol=4 * left)


def test_the_truth_moves_americas_own_payoffs_only(study):
    one, other = (
        offers(study, NAMES, OWN, {}, "aligned", {"constant": 1.0}, truth).games for truth in ("constant", "reversing")
    )
    np.testing.assert_allclose(one.delivered[0], other.delivered[0])


@pytest.fixture(scope="module")
def stepped(study, signal_alone):
    return signal_alone(study, america={"constant": 0.5, "reversing": 0.5}, samples=4, over=SMALL)


def test_a_step_separates_between_the_two_gains(stepped):
    found = stepped
    america = found.america
    assert america is not None
    gains = [row[0] - row[1] for row in america.worth]
    assert america.step == (gains[1], gains[0])
    assert america.separates == (gains[0] - gains[1] > 1e-6 * max(1.0, *map(abs, gains)))
    assert from_document(Signal, to_document(found), "file", found.cast) == found


def test_the_sentence_on_the_step_says_which_costs_separate(stepped):
    apart = America(("a", "b"), (0.5, 0.5), ((5.0, 1.0), (3.0, 1.0)), (2.0, 2.0), (2.0, 4.0))
    assert "between 2.0 and 4.0" in _step(stepped, apart)
    assert "No cost" in _step(stepped, replace(apart, step=(4.0, 2.0)))


@pytest.mark.usefixtures("offer_alone")
def test_a_menu_of_the_same_contract_twice_brings_nothing(study):
    relief = study.scenario.values["relief"]
    found = signal(study, menu={"relief": relief}, samples=4, over=SMALL, observe=OBSERVED)
    assert found.menu is not None and found.menu.equilibria
    assert found.menu.gain == pytest.approx(0.0, abs=1e-6)
    assert found.menu.largest_gain < 1e-6


SECOND = {"relief": 1.0, "conditionality": 1.0}


@pytest.fixture(scope="module")
def offered(study, signal_alone):
    return signal_alone(study, menu=SECOND, samples=4, over=SMALL, observe=OBSERVED)


@pytest.mark.parametrize(("observe", "places"), [(OWN["observe"], 6), (0.0, 4)])
def test_a_menu_has_the_places_to_decide_that_are_told_apart(study, observe: float, places: int):
    contracts = [offers(study, NAMES, OWN | {"observe": observe}, s, "aligned").games for s in ({}, SECOND)]
    tree = menu_tree(contracts, NAMES, SHIPPED)
    assert len(tree.sets) == places and tree.players == ("RU", "US")
    assert solve_beliefs(tree, pure=True).equilibria


def test_a_menu_lists_all_that_its_tree_has_and_mixed_play_too(study, offered):
    contracts = [offers(study, NAMES, OWN | {"observe": OBSERVED}, s, "aligned").games for s in ({}, SECOND)]
    tree = menu_tree(contracts, NAMES, SHIPPED)
    pure = {one.payoffs for one in solve_beliefs(tree, pure=True).equilibria}
    menu = offered.menu
    assert menu is not None and menu.verdict in ("complete", "degenerate")
    listed = [one.payoffs for one in menu.equilibria]
    assert all(min(abs(np.subtract(one, other)).max() for other in listed) < 1e-6 for one in pure)
    assert len(listed) > len(pure) > 0, "with a second contract on a condition Russia mixes"
    for one in menu.equilibria:
        for mixture in (*one.answers, *(mixture for _, mixture in one.goes_on)):
            assert sum(p for _, p in mixture) == pytest.approx(1.0)
    assert menu.largest_gain < 1e-6


@pytest.mark.usefixtures("offer_alone")
def test_a_menu_to_a_russia_that_does_not_know_america_is_that_of_what_it_expects(study, monkeypatch):
    solved = []
    if not LARGE:  # what the step of this America is worth is asked above
        monkeypatch.setattr(variants, "america", lambda *asked: None)
    monkeypatch.setattr(
        variants, "solve_beliefs", lambda tree: solved.append((tree, solve_beliefs(tree))) or solved[-1][1]
    )
    believed = {"constant": 0.5, "reversing": 0.5}
    menu = signal(study, menu=SECOND, america=believed, samples=4, over=SMALL, observe=OBSERVED).menu
    contracts = [offers(study, NAMES, OWN | {"observe": OBSERVED}, s, "aligned", believed).games for s in ({}, SECOND)]
    theirs = dict(solved)[menu_tree(contracts, NAMES, SHIPPED)].equilibria
    assert menu is not None
    np.testing.assert_allclose([one.payoffs for one in menu.equilibria], [one.payoffs for one in theirs])


def test_the_table_of_a_menu_says_with_which_probability_what_is_mixed(offered):
    assert offered.menu is not None
    mixed = next(m for one in offered.menu.equilibria for m in one.answers if len(m) > 1)
    console = Console(width=300, record=True, file=StringIO())
    console.print(signal_tables(offered))
    told = console.export_text()
    assert all(f"{name} {share(p)}" in told for name, p in mixed) and f"equilibria ({offered.menu.verdict})" in told


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"america": {"constant": 0.5, "revers": 0.5}}, "reversing"),
        ({"america": {"constant": 0.5, "reversing": 0.6}}, "add to one"),
        ({"menu": {"reliefs": 0.5}}, "relief"),
        ({"menu": {"relief": 7.0}}, "relief must be"),
    ],
)
def test_what_is_not_sound_is_refused(study, asked, message: str):
    with pytest.raises(BadInput, match=message):
        signal(study, **asked)
