"""Changes that enter no comparison: what is named is so, what is not named is not, in every shipped scenario."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from budgets import few, in_turn, tries
from each import of_each
from hypothesis import given, settings
from hypothesis import strategies as st

from triangle.players.cast import SHIPPED
from triangle.players.stances import pure_stances
from triangle.scenarios.scenario import shipped_names
from triangle.study.inert import Inert, inert_changes
from triangle.study.load import load
from triangle.study.study import Study

FORMS = ("first", "second")
EVERY = in_turn(few(shipped_names(SHIPPED), 5), FORMS)


@cache
def played(name: str, form: str) -> Study:
    return load(name, form=form)


@cache
def inert_of(name: str, form: str) -> tuple[Inert, ...]:
    return inert_changes(played(name, form))


def without(study: Study, names: tuple[str, ...]) -> Study:
    """The study with its own changes of these parameters taken back by hand."""
    before: dict[str, float] = {}
    for change in study.scenario.changes:
        before.setdefault(change.parameter, change.base)
    moved = study.scenario.moved({name: before[name] for name in names})
    return replace(study, scenario=replace(study.scenario, values=moved))


def options(study: Study, player: int, at: tuple[int, ...]) -> list[float]:
    """What a player has by each of its actions at the others' actions in a profile."""
    return _along(study.payoffs, player, at)


@of_each(("name", "form"), EVERY)
def test_what_is_called_inert_leaves_equilibria_losses_and_agreements_as_they_are(name: str, form: str):
    study = played(name, form)
    found = inert_of(name, form)
    names = tuple(parameter for group in found for parameter in group.parameters)
    one, other = study.solve().findings, without(study, names).solve().findings
    assert [f.profile for f in one] == [f.profile for f in other]
    for a, b in zip(one, other, strict=True):
        assert np.allclose(a.losses, b.losses, rtol=0, atol=2e-9)
        assert a.trust_needed == pytest.approx(b.trust_needed, abs=2e-9)


@of_each(("name", "form"), EVERY)
def test_the_kind_and_the_reason_are_so_by_the_definition(name: str, form: str):
    study = played(name, form)
    stable = [finding.profile for finding in study.solve().findings]
    cast = study.cast
    free = [i for i in range(len(cast)) if i not in study.hold]
    for group in inert_of(name, form):
        other = without(study, group.parameters)
        gained = study.payoffs - other.payoffs
        spread = {(i, at): np.ptp(_along(gained, i, at)) for i in free for at in stable}
        if group.reach in ("game", "here"):
            assert max(spread.values(), default=0.0) < 2e-9
        else:
            assert max(spread.values()) > 1e-9, "what enters none of the comparisons here is more than a quiet reply"
            for i, at in spread:
                best = [max(x for a, x in enumerate(options(s, i, at)) if a != at[i]) for s in (study, other)]
                mine = [options(s, i, at)[at[i]] for s in (study, other)]
                assert mine[0] - best[0] == pytest.approx(mine[1] - best[1], abs=2e-9)
        for stance in group.because:
            s = pure_stances(len(cast.thirds))
            there = s.link(stance.first, stance.second) if stance.mutual else s[stance.first, stance.second]
            there = np.broadcast_to(there, cast.shape)
            assert all(there[at] == stance.holds for at in stable)
        entered = np.zeros(cast.shape, dtype=bool)
        for i in free:
            entered |= np.ptp(gained[i], axis=i, keepdims=True) > 2e-9
        for profile in np.argwhere(entered).tolist():
            if study.reachable(tuple(profile)):
                assert group.reach != "game"
                assert not group.because or any(not stance.where(cast)[tuple(profile)] for stance in group.because)


def _along(gained: np.ndarray, player: int, at: tuple[int, ...]) -> list[float]:
    own = range(gained.shape[1 + player])
    return [float(gained[(player, *at[:player], a, *at[player + 1 :])]) for a in own]


@of_each(("name", "form"), EVERY)
def test_what_is_not_called_inert_changes_a_loss_a_set_or_an_agreement_by_itself_or_with_the_others(
    name: str, form: str
):
    study = played(name, form)
    named = {parameter for group in inert_of(name, form) for parameter in group.parameters}
    changed = {c.parameter for c in study.scenario.changes if c.base != study.scenario.values[c.parameter]}
    if len(study.hold) == len(SHIPPED.codes):
        return
    for parameter in sorted(changed - named):
        groups = ((parameter,), (*named, parameter))
        assert any(_answers_differ(study, without(study, some)) for some in groups), parameter


def _answers_differ(one: Study, other: Study) -> bool:
    a, b = one.solve().findings, other.solve().findings
    if not a or [f.profile for f in a] != [f.profile for f in b]:
        return True
    losses = np.allclose([f.losses for f in a], [f.losses for f in b], rtol=0, atol=1e-9)
    agreed = [[(x.profile, round(x.trust, 9)) for x in f.agreements] for f in a]
    return not losses or agreed != [[(x.profile, round(x.trust, 9)) for x in f.agreements] for f in b]


@settings(max_examples=tries(30), deadline=None)
@given(relief=st.floats(0.31, 1), hazard=st.floats(0, 0.2))
def test_relief_and_its_doubts_enter_nothing_where_washington_opposes_russia_and_do_where_it_is_held_to_court(
    relief: float, hazard: float
):
    """In the first form; in the second relief costs America what a stronger Russia takes where America courts it."""
    values = {"relief": relief, "reversal_hazard": hazard}
    study = load("baseline", settings=values, form="first")
    found = inert_changes(study)
    if not found:  # a promise so good that two would leave what is stable together
        assert study.solve().findings[0].agreements
        return
    assert found[0].reach == "here" and found[0].is_all
    assert [(SHIPPED.codes[s.first], SHIPPED.codes[s.second], s.holds) for s in found[0].because] == [
        ("US", "RU", False)
    ]
    conditional = {**values, "conditionality": 0.5}
    assert not inert_changes(load("baseline", settings=conditional, hold={"US": "court_russia"}))


def test_nothing_is_said_where_nobody_compares_and_nothing_where_nothing_is_changed():
    assert inert_changes(load("baseline")) == ()
    held = {"US": "court_russia", "RU": "hedge", "CN": "align"}
    assert inert_changes(load("baseline", settings={"relief": 1.0}, hold=held)) == ()
