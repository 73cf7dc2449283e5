"""Statements that are true, in every shipped scenario, form and language."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE, few, in_turn
from each import of_each
from rich.console import Console

from triangle.base.records import from_document, to_document
from triangle.batch.equilibria import sweep_masks
from triangle.games.bitboards import profiles_of
from triangle.games.normal_form import NormalFormGame
from triangle.measures.orders import Overturned, overturned
from triangle.measures.standing import standing
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.cast import SHIPPED
from triangle.players.profiles import by_key
from triangle.questions.bid.auction import ASSUMPTION
from triangle.questions.solve.answer import EVERY as EVERY_KIND
from triangle.questions.solve.answer import NONE, correlated
from triangle.scenarios.scenario import shipped_names
from triangle.showing import statements
from triangle.showing.blocks import words_of
from triangle.showing.phrases import LANGUAGES, Phrases, read_phrases
from triangle.showing.statements import (
    agreed_away,
    agreed_shares,
    default,
    gas,
    given,
    held_sentences,
    inert,
    orders,
    shares,
    stability,
)
from triangle.showing.tables import solution
from triangle.solvers.agreements import agreement_proof
from triangle.solvers.coalitions import TRANSFERABLE_UTILITY
from triangle.solvers.mixed.support import solve_mixed
from triangle.solvers.sequential import solve_sequential
from triangle.study.inert import Inert, inert_changes
from triangle.study.load import load
from triangle.study.solution import PureSolution, pure_solution
from triangle.study.study import Study
from triangle.sweeps.run import plan
from triangle.sweeps.tally import Tally

ROOT = Path(__file__).parents[2]
FORMS = ("first", "second")
NAMES = shipped_names(SHIPPED)
EVERY = in_turn(NAMES, FORMS)

#: Where orders of moves are tried: by default where they overturn answers in all ways, and where other tests ask too.
IN_ORDERS = [("capability_military", "first"), ("europe_conditional", "second"), ("before_2014", "second")]
IN_ORDERS = EVERY if LARGE else [*few(EVERY, 9), *IN_ORDERS]


@cache
def played(name: str, form: str) -> Study:
    return load(name, form=form)


@cache
def inert_of(name: str, form: str) -> tuple[Inert, ...]:
    return inert_changes(played(name, form))


def shown(renderable: object) -> str:
    console = Console(width=10_000, file=io.StringIO())
    console.print(renderable)
    return console.file.getvalue()


#: Words by which a sentence about stability covers everybody.
COVERS_ALL = {
    "en": ("from which nobody can depart", "somebody would gain"),
    "de": ("und niemand kann allein", "jemand"),
}

#: The verb by which a held power would be better or worse off.
OFF = {"en": {True: "would gain", False: "would lose"}, "de": {True: "gewänne", False: "verlöre"}}


@of_each(("name", "form", "language"), few([(*one, language) for one in EVERY for language in LANGUAGES], 5))
def test_a_sentence_about_stability_never_covers_a_held_player_but_says_what_it_would_gain(
    name: str, form: str, language: str
):
    study = played(name, form)
    say = read_phrases(language, study.cast)
    answer = study.solve()
    sentences = [words_of(sentence) for sentence in stability(study, answer, say)]
    assert any(words in sentences[0] for words in COVERS_ALL[language]) == (not study.hold and len(answer.findings) < 2)
    if study.hold:
        assert words_of(given(study, say)) in sentences[0]
    for finding in answer.findings or (study.finding(study.nearest()),):
        told = [words_of(sentence) for sentence in held_sentences(study, finding, say)]
        assert len(told) == len(study.hold)
        for player, sentence in zip(sorted(study.hold), told, strict=True):
            at = finding.profile
            options = study.payoffs[player][(*at[:player], slice(None), *at[player + 1 :])].tolist()
            gain = max(x for a, x in enumerate(options) if a != at[player]) - options[at[player]]
            assert say.opening(study.cast.codes[player]) in sentence
            assert f"{OFF[language][gain > 0]} {say.amount(abs(gain))} " in sentence
            assert any(sentence in line for line in sentences)


@of_each(("name", "form"), few(EVERY, 9))
def test_solve_begins_with_these_sentences(name: str, form: str, monkeypatch: pytest.MonkeyPatch):
    study = played(name, form)
    say = read_phrases("en", study.cast)
    overturns, groups = overturned_of(name, form), inert_of(name, form)
    monkeypatch.setattr(statements, "overturned", lambda _: overturns)
    monkeypatch.setattr(statements, "inert_changes", lambda _: groups)
    answer = study.solve()
    text = shown(solution(study, answer))
    told = [words_of(s) for s in (*stability(study, answer, say), *orders(study, say), *inert(study, say))]
    places = [text.index(sentence) for sentence in told]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["siberia2", "nixon_1972", "baseline"])
def test_scripts_are_told_what_is_inert(name: str):
    study = played(name, "first")
    solved = pure_solution(study, study.solve())
    told = to_document(solved)["inert"]
    found = inert_changes(study)
    assert from_document(PureSolution, to_document(solved), "file", SHIPPED).inert == found
    assert [tuple(group["parameters"]) for group in told] == [group.parameters for group in found]
    assert [group["reach"] for group in told] == [group.reach for group in found]


@of_each(("name", "form"), few(EVERY, 3))
def test_every_inert_change_is_named_with_its_reason(name: str, form: str, monkeypatch: pytest.MonkeyPatch):
    study, groups = played(name, form), inert_of(name, form)
    monkeypatch.setattr(statements, "inert_changes", lambda _: groups)
    for say in (read_phrases(language, SHIPPED) for language in LANGUAGES):
        told = [words_of(sentence) for sentence in inert(study, say)]
        assert len(told) == len(groups) + (bool(groups) and groups[0].is_all)
        for group, sentence in zip(groups, told[-len(groups) :] if groups else [], strict=True):
            assert all(parameter in sentence for parameter in group.parameters)
            for stance in group.because:
                assert say.named(SHIPPED.codes[stance.second], "within") in sentence


def test_the_readers_example_is_said_in_so_many_words():
    """In the first form; in the second relief costs America what a stronger Russia takes, where America courts it."""
    study = load("baseline", settings={"relief": 1.0}, form="first")
    lead, reason = (words_of(sentence) for sentence in inert(study, read_phrases("en", SHIPPED)))
    assert lead.startswith("None of the changes over its base has a say")
    assert reason == (
        "The change of “Sanctions relief offered to Russia” (relief) enters no comparison here, "
        "because the United States does not accommodate Russia."
    )
    german = words_of(inert(study, read_phrases("de", SHIPPED))[1])
    assert german.endswith("weil Washington Russland nicht entgegenkommt.")
    dearer = load("baseline", settings={"relief": 1.0}, form="second")
    assert "only worse actions are worth more or less" in words_of(inert(dearer, read_phrases("en", SHIPPED))[-1])


def test_a_held_power_that_is_where_it_wants_to_be_would_lose():
    study = load("baseline", hold={"US": "contain_both"})
    finding = max(study.solve().findings, key=lambda finding: finding.margin)
    (sentence,) = held_sentences(study, finding, read_phrases("en", SHIPPED))
    assert "would lose" in words_of(sentence)
    assert np.isinf(finding.losses[0])


# ----- shares


@of_each(("name", "form"), EVERY)
def test_new_gas_is_told_with_what_it_costs_wherever_there_is_any(name: str, form: str):
    study = played(name, form)
    answer = study.solve()
    signed = [finding.gas for finding in answer.findings if finding.gas]
    for say in (read_phrases(language, SHIPPED) for language in LANGUAGES):
        told = [words_of(sentence) for sentence in gas(study, answer, say)]
        lasting = float(study.model.form.contract_life(study.values))
        assert len(told) == (study.scenario.values["pipeline_volume"] > 0) * (1 + (lasting < 1))
        assert all(say.share(lasting) in sentence for sentence in told[1:])
        for number in {say.number(deal.price, 0) for deal in signed}:
            assert re.search(rf"\b{number}\b.* USD\.$", told[0])
        for deal in signed:
            assert say.value(deal.volume) in told[0] and say.amount(deal.surplus) in told[0]


@of_each(("name", "form"), few(EVERY, 7))
def test_a_share_stands_for_exactly_the_statement_beside_it(name: str, form: str):
    study = played(name, form)
    answer, cast, say = study.solve(), study.cast, read_phrases("en", study.cast)
    values = Values(plan([study], samples=128, seed=1).at(0, 0, 128), cast)
    masks = sweep_masks(values, study.model.terms, hold=study.hold)
    worlds = [{cast.profiles[k] for k in profiles_of(mask)} for mask in cast.sets.wholes(masks)]
    text = words_of(shares(study, answer, standing(Tally.of(masks, cast), answer.findings), say))

    def share(holds: Callable[[set[tuple[int, int, int]]], bool]) -> str:
        return say.percent(sum(map(holds, worlds)) / len(worlds))

    if not answer.findings:
        assert f"In {share(lambda world: not world)} of the worlds" in text
        return
    kinds = sum({by_key(cast)[finding.configuration.key] for finding in answer.findings})
    of_kind = share(lambda world: bool(world) and all(kinds >> cast.index(p) & 1 for p in world))
    assert f"in {of_kind} of the worlds drawn" in text and "every one is of this kind" in text
    for player in range(len(cast)):
        actions = {finding.profile[player] for finding in answer.findings}
        is_said = len(actions) == 1 and player not in study.hold
        (action,) = actions if len(actions) == 1 else (0,)
        does = share(lambda world: bool(world) and all(p[player] == action for p in world))  # noqa: B023
        assert (f"{say.doing(player, action)} in all of them in {does}" in text) == is_said
    own = {finding.profile for finding in answer.findings}
    assert f"in {share(lambda world: world == own)}." in text


#: Worlds that are drawn and solved one by one.
WORLDS = 32 if LARGE else 8


def by_loops(study: Study, values: Values, trust: float) -> list[set[tuple[int, ...]]]:
    """The agreement-proof equilibria of each world, one game and one joint change at a time."""
    return [
        {
            tuple(study.hold.get(i, int(a)) for i, a in enumerate(local))
            for local in np.argwhere(agreement_proof(NormalFormGame(game).hold(study.hold).payoffs, trust, 1e-9))
        }
        for game in np.moveaxis(payoff_tensor(values, study.model.terms), -1, 0)
    ]


@of_each(("name", "form"), few(EVERY, 13))
def test_a_share_of_agreement_proof_postures_stands_for_exactly_the_statement_beside_it(name: str, form: str):
    """In both languages, at a trust at which some equilibria are left and at one at which all agreements count."""
    study = played(name, form)
    values = Values(plan([study], samples=32, seed=1).at(0, 0, WORLDS), study.cast)
    flat = values.of_samples({key: np.broadcast_to(x, (WORLDS,)) for key, x in values.numbers.items()}, (WORLDS,))
    for trust in (0.5, 1.0):
        answer, worlds = study.solve(trust), by_loops(study, flat, trust)
        masks = sweep_masks(values, study.model.terms, hold=study.hold, trust=trust)
        assert [{study.cast.profiles[k] for k in profiles_of(mask)} for mask in study.cast.sets.wholes(masks)] == worlds
        stands = standing(Tally.of(masks, study.cast), answer.agreement_proof)
        for language in LANGUAGES:
            say = read_phrases(language, study.cast)
            told = agreed_shares(study, answer, stands, say)
            assert len(told) == bool(answer.findings)
            text = " ".join(map(words_of, told))

            def share(holds: Callable[[set[tuple[int, ...]]], bool], say: Phrases = say, worlds: list = worlds) -> str:
                return say.percent(sum(map(holds, worlds)) / len(worlds))

            own = {finding.profile for finding in answer.agreement_proof}
            if not answer.findings:
                continue
            assert say.number(trust, 2) in text
            if not own:
                assert f"in {share(lambda world: not world)}" in text
                continue
            kinds = {by_key(study.cast)[finding.configuration.key] for finding in answer.agreement_proof}
            fits = sum(kinds)
            whole = share(lambda world: bool(world) and all(fits >> study.cast.index(p) & 1 for p in world))  # noqa: B023
            assert f"in {whole} " in text
            same = share(lambda world: world == own)  # noqa: B023
            assert text.endswith(f"in {same}.")
            for finding in answer.agreement_proof:
                assert words_of(say.triangle(finding.configuration)) in text


# ----- orders of moves


@cache
def overturned_of(name: str, form: str) -> tuple[Overturned, ...]:
    return overturned(played(name, form))


@of_each(("name", "form"), few(EVERY, 3) if LARGE else IN_ORDERS)
def test_an_order_that_overturns_the_answer_is_part_of_it_with_the_actions(
    name: str, form: str, monkeypatch: pytest.MonkeyPatch
):
    study, overturns = played(name, form), overturned_of(name, form)
    usual = {finding.profile for finding in study.solve().findings}
    for found in overturns:
        assert any(profile not in usual for profile in found.outcomes)
        rest = [i for i in range(len(study.cast)) if i not in found.leaders[:1]]
        order = found.orders[0] if found.orders else ((found.leaders[0],), *((i,) for i in rest))
        solution = solve_sequential(study.game, order, mixed=solve_mixed)
        local = {tuple(0 if i in study.hold else a for i, a in enumerate(p)) for p in found.outcomes if p is not None}
        assert {o.profile for o in (*solution.outcomes, *solution.open_outcomes) if o.profile is not None} == local
    monkeypatch.setattr(statements, "overturned", lambda _: overturns)
    for say in (read_phrases(language, study.cast) for language in LANGUAGES):
        for found, sentence in zip(overturns, orders(study, say), strict=True):
            for profile in found.new:
                assert profile is None or words_of(say.posture(profile)) in words_of(sentence)


def test_an_order_overturns_only_where_no_outcome_is_stable_anyway_and_says_who_gains():
    seen = set()
    for name, form in IN_ORDERS:
        say = read_phrases("en", played(name, form).cast)
        usual = {finding.profile for finding in played(name, form).solve().findings}
        for found in overturned_of(name, form):
            sentence = words_of(statements._overturned(found, say))
            assert found.is_sure == (not usual & set(found.outcomes))
            assert sentence.startswith("The order of moves overturns this.") == found.is_sure
            for effect, words in (("gains", "it is a gain for"), ("loses", "it is a loss for")):
                assert (words in sentence) == (effect in found.effects)
            seen |= {found.is_sure, *found.effects}
    assert {True, False, "gains", "loses"} <= seen


@of_each(("name", "form"), few(EVERY, 3))
def test_a_posture_that_two_would_leave_together_is_not_called_stable_without_saying_so(name: str, form: str):
    study = played(name, form)
    say = read_phrases("en", study.cast)
    for trust in (0.0, 0.5, 1.0):
        answer = study.solve(trust)
        told = [words_of(sentence) for sentence in agreed_away(answer, say)]
        left = [finding for finding in answer.findings if finding not in answer.agreement_proof]
        for finding, sentence in zip(left, told, strict=True):
            assert words_of(say.posture(finding.profile)) in sentence
            assert finding.trust_needed is not None and finding.trust_needed <= trust + 1e-9
            assert f"takes trust of {say.number(finding.trust_needed, 2)}." in sentence


# ----- defaults


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_default_is_called_by_what_stands_behind_it_and_never_documented(language: str):
    model, say = played("baseline", "first").model, read_phrases(language, SHIPPED)
    for p in model.catalogue:
        text = words_of(default([p], say))
        assert words_of(say(f"default.{p.backing}")) in text
    pair = [next(p for p in model.catalogue if p.backing == backing) for backing in ("judgement", "figure")]
    named = {say.known("parameter", p.name): words_of(say(f"default.{p.backing}")) for p in pair}
    assert all(f"{name}: {kind}" in words_of(default(pair, say)) for name, kind in named.items())


def test_no_sentence_of_the_product_calls_a_default_value_or_the_default_world_documented():
    for language, forbidden in (("en", r"documented (value|world|point)"), ("de", r"dokumentierte[nr]? (Wert|Welt)")):
        for key, phrase in read_phrases(language, SHIPPED).phrases.items():
            for form in [phrase] if isinstance(phrase, str) else phrase.values():
                assert not re.search(forbidden, form), key


# ----- payoffs of two players


def test_comparing_payoffs_of_two_players_is_denied_nowhere_without_naming_where_it_is_done():
    """`bid` and `coalitions` compare them under an assumption that both state."""
    for language in LANGUAGES:
        dollars = str(read_phrases(language, SHIPPED).phrases["wrong.dollars"])
        assert "`bid`" in dollars and "`solve --method coalitions`" in dollars
    assert "handed over" in ASSUMPTION and "handed over" in TRANSFERABLE_UTILITY
    denial = re.compile(r"payoffs\s+of\s+(two|different)\s+players\s+are\s+never\s+compared", re.IGNORECASE)
    texts = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "triangle").rglob("*.py")]
    allowed = {"agreements.py", "agreements.md"}  # of trust, which is a pure number
    assert not [path for path in texts if path.name not in allowed and denial.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", ["baseline", "rift_shock", "nixon_1972"])
def test_bounds_speak_of_the_equilibria_that_they_bound(name: str):
    """Coarse correlated equilibria are bounded apart: what is in none of the others may be in one of these."""
    for found in correlated(played(name, "first")).ranges:
        if found.unit == "probability" and found.standing == NONE:
            assert found.high < 1e-6 and "coarse" not in NONE
        if found.unit == "probability" and found.standing == EVERY_KIND:
            assert found.low > 1 - 1e-6
    for words in (EVERY_KIND, NONE):
        assert all(kind in words for kind in ("pure", "mixed", "correlated"))
