"""The ledger of claims: planted truths and falsehoods of every kind of test, oracles, and entries that can fail."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shared
from budgets import LARGE, few
from cli.test_commands import SCHEMAS
from jsonschema import Draft202012Validator
from shipped_claims import PART, alone, shipped_tables
from strategies import former

import triangle
from triangle.base.errors import BadInput
from triangle.base.files import read_record
from triangle.base.records import from_document, to_document
from triangle.base.writing import write_document
from triangle.measures.pivot import surplus_share
from triangle.model import thirds
from triangle.model.model import Model, read_model
from triangle.model.terms import Term
from triangle.model.third_terms import THIRD_TERMS
from triangle.players.cast import SHIPPED
from triangle.questions.claims import kinds
from triangle.questions.claims.answer import INDEX, claim_files, claims, inspect_files, read_index
from triangle.questions.claims.answer import SHIPPED as ENTRIES
from triangle.questions.claims.construction import AtBounds, Construction, spread_out
from triangle.questions.claims.file import CONDITIONS, KINDS, Faulty, Setting
from triangle.questions.claims.ground import Draws, Ground, Place, Spot, said
from triangle.questions.claims.kinds import prepare
from triangle.questions.claims.ledger import CONDUCT, YEARS, Ledger, answer_of
from triangle.questions.claims.markdown import (
    at_odds,
    by_document,
    claims_markdown,
    evidence_text,
    verdict_text,
    who_said_what,
)
from triangle.questions.claims.outcomes import parse_measure
from triangle.questions.claims.work import Trial
from triangle.scenarios.scenario import read_scenario
from triangle.study.study import Study

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared"
NONSENSE = ROOT / "tests" / "data" / "nonsense.toml"

needs_documents = pytest.mark.skipif(
    not (SHARED / "documents").is_dir(), reason="no texts of the documents at hand; they are not part of the repository"
)


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model()


@pytest.fixture(scope="module")
def written(model: Model) -> Ledger:
    """All shipped entries and contradictions, none of them computed."""
    with pytest.MonkeyPatch.context() as patched, shared.anew():
        patched.setattr(Trial, "answered", lambda *_: ())
        return claims(model)


#: Draws where two ledgers are compared: what makes them differ does so at any.
DRAWS = 64 if LARGE else 8


# Every kind of test: a planted truth and a planted falsehood ----------------------------------------------------------

COURTED = "US=court_russia,CN=align"
PAYS_ALL = {"us_sanction_share": 1, "reversal_hazard": 0}

#: Whoever is held to an action plays it in a year, however many follow: by default one does.
LAST = 2045 if LARGE else 2028
ALIGNED = {"path": "path_baseline", "year": 2027, "last": LAST, "pattern": "RU=align"}

PLANTED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "course": (
        {
            "of": {**ALIGNED, "hold": [f"RU=align@2025-{LAST}"]},
            "than": {**ALIGNED, "hold": [f"RU=hedge@2025-{LAST}"]},
            "sign": "higher",
        },
        {"of": ALIGNED, "than": ALIGNED, "sign": "higher"},
    ),
    "offer": (
        {
            "scenario": "tactical_or_genuine",
            "measure": "accepts:tactical",
            "prior": 0.0,
            "at_least": 0.0,
            "at_most": 1.0,
        },
        {"scenario": "tactical_or_genuine", "measure": "accepts:tactical", "prior": 0.0, "above": 1.0},
    ),
    "gesture": (
        {"scenario": "show_of_resolve", "measure": "trust", "receiver": "RU", "at_least": 0.0, "at_most": 1.0},
        {"scenario": "parade", "measure": "dearer", "above": 1e-6},
    ),
    "reply": (
        {"player": "RU", "actions": ["align"], "given": "US=contain_both,CN=align", "set": {"order_value_ru": 90}},
        {"player": "RU", "actions": ["align"], "given": "US=contain_both,CN=align", "set": {"autonomy_cost": 900}},
    ),
    "equilibrium": (
        {"pattern": "5", "mode": "every", "hold": "US=contain_both,RU=align,CN=align"},
        {"pattern": "6", "mode": "some", "hold": "US=contain_both,RU=align,CN=align"},
    ),
    "bound": (
        {"outcome": "effective_relief", "set": {**PAYS_ALL, "relief": 0.5}, "at_least": 0.5, "at_most": 0.5},
        {"outcome": "effective_relief", "set": {**PAYS_ALL, "relief": 0.5}, "above": 0.5},
    ),
    "compare": (
        {"outcome": "parameter:relief", "a": {"set": {"relief": 1}}, "b": {"set": {"relief": 0}}, "sign": "higher"},
        {"outcome": "parameter:relief", "a": {"set": {"relief": 1}}, "b": {"set": {"relief": 0}}, "sign": "same"},
    ),
    "monotone": (
        {
            "outcome": "term:balance:RU@US=contain_both,RU=oppose_both,CN=oppose_both",
            "set": {"capability_allies": 0, "balance_weight_ru": "high"},
            "along": {"parameter": "capability_cn", "of": "capability_us", "low": 0.2, "high": 2},
            "direction": "peaks",
        },
        {
            "outcome": "effective_relief",
            "along": {"parameter": "relief", "low": 0, "high": 1},
            "direction": "falls",
        },
    ),
    "threshold": (
        {
            "set": PAYS_ALL,
            "along": {"parameter": "relief", "low": 0, "high": 1},
            "condition": {"kind": "bound", "outcome": "effective_relief", "at_least": 0.5},
            "at_least": 0.5,
            "at_most": 0.5,
        },
        {
            "set": PAYS_ALL,
            "along": {"parameter": "relief", "low": 0, "high": 1},
            "condition": {"kind": "bound", "outcome": "effective_relief", "at_least": 0.5},
            "exists": False,
        },
    ),
    "shift": tuple(  # type: ignore[dict-item]
        {
            "set": {"us_sanction_share": 1},
            "along": {"parameter": "relief", "low": 0, "high": 1},
            "condition": {"kind": "bound", "outcome": "effective_relief", "at_least": 0.3},
            "a": {"set": {"reversal_hazard": 0.1}},
            "b": {"set": {"reversal_hazard": 0}},
            "sign": sign,
        }
        for sign in ("higher", "lower")
    ),
    "effect": tuple(  # type: ignore[dict-item]
        {
            "outcome": "effective_relief",
            "along": {"parameter": "relief", "low": 0, "high": first},
            "other": {"parameter": "relief", "low": 0, "high": second},
        }
        for first, second in ((1, 0.5), (0.5, 1))
    ),
    "change": tuple(  # type: ignore[dict-item]
        {
            "player": "RU",
            "given": "US=contain_both,CN=align",
            "a": {"set": {"order_value_ru": 90}},
            "b": {"set": {"order_value_ru": 0, "autonomy_cost": 900}},
            "changed": changed,
        }
        for changed in (True, False)
    ),
    "all": (
        {
            "parts": {
                "a": {"kind": "bound", "outcome": "credibility", "above": 0},
                "b": {"kind": "bound", "outcome": "credibility", "at_most": 1},
            }
        },
        {
            "parts": {
                "a": {"kind": "bound", "outcome": "credibility", "above": 0},
                "b": {"kind": "bound", "outcome": "credibility", "above": 1},
            }
        },
    ),
    "any": (
        {
            "parts": {
                "a": {"kind": "bound", "outcome": "credibility", "above": 0},
                "b": {"kind": "bound", "outcome": "credibility", "above": 1},
            }
        },
        {
            "parts": {
                "a": {"kind": "bound", "outcome": "credibility", "below": 0},
                "b": {"kind": "bound", "outcome": "credibility", "above": 1},
            }
        },
    ),
}


def truth_of(test: Mapping[str, Any], model: Model, samples: int = 32 if LARGE else 8) -> Any:
    ground = Ground(model)
    return prepare(test, ground, Spot("here", "test")).read(Draws(ground, samples, 0)).truth


def test_every_kind_has_a_planted_truth_and_a_planted_falsehood():
    assert set(PLANTED) == set(KINDS)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_truth_holds_and_a_planted_falsehood_does_not(kind: str, model: Model):
    true, false = PLANTED[kind]
    assert truth_of({"kind": kind, **true}, model).all()
    assert not truth_of({"kind": kind, **false}, model).any()
    assert not truth_of({"kind": kind, **true, "negate": True}, model).any()
    assert truth_of({"kind": kind, **false, "negate": True}, model).all()


@pytest.mark.parametrize(("nodes", "holds"), [("all", False), ("some", True), ("none", False)])
def test_a_grid_is_read_at_all_some_or_none_of_its_nodes(nodes: str, holds: bool, model: Model):
    test = {"kind": "bound", "outcome": "parameter:relief", "above": 0.5, "over": {"relief": [0, 1, 5]}, "nodes": nodes}
    assert set(truth_of(test, model).tolist()) == {holds}


@pytest.mark.parametrize(
    ("direction", "strict", "holds"), [("constant", True, True), ("rises", True, False), ("rises", False, True)]
)
def test_what_stays_the_same_is_constant_and_rises_only_weakly(direction: str, strict: bool, holds: bool, model: Model):
    along = {"parameter": "relief", "low": 0, "high": 1}
    test = {"kind": "monotone", "outcome": "credibility", "along": along, "direction": direction, "strict": strict}
    assert set(truth_of(test, model).tolist()) == {holds}


def test_a_premise_narrows_the_draws_that_count(model: Model):
    ground = Ground(model)
    where = {"kind": "bound", "outcome": "parameter:evasion", "above": 0.5}
    test = {"kind": "bound", "outcome": "parameter:evasion", "above": 0.6, "where": where}
    draws = Draws(ground, 500, 0)
    reading = prepare(test, ground, Spot("here", "test")).read(draws)
    evasion = draws.columns("baseline")["evasion"]
    assert (reading.domain == (evasion > 0.5)).all() and (reading.truth == (evasion > 0.6)).all()


def test_a_premise_that_never_holds_is_silence_and_not_a_verdict(tmp_path: Path, model: Model):
    file = entry_file(tmp_path, where={"kind": "bound", "outcome": "credibility", "above": 2})
    (entry,) = claims(model, files=[file], samples=16).entries
    assert (entry.verdict, entry.answer.draws if entry.answer else -1) == ("silent", 0)
    assert "premise" in entry.why


# Oracles --------------------------------------------------------------------------------------------------------------


def study_at(draws: Draws, k: int, model: Model) -> Study:
    columns = draws.columns("baseline")
    numbers = {name: float(np.broadcast_to(column, draws.samples + 1)[k]) for name, column in columns.items()}
    scenario = replace(read_scenario("baseline", model), values=MappingProxyType(numbers))
    return Study(model, scenario, {})


def test_replies_and_equilibria_agree_with_the_study_at_every_draw(model: Model):
    ground = Ground(model)
    draws = Draws(ground, 12, 5)
    hedges = {"kind": "reply", "player": "RU", "actions": ["hedge"], "given": COURTED}
    linked = {"kind": "equilibrium", "pattern": "link=RU-CN", "mode": "every"}
    replies, links = (prepare(test, ground, Spot("", "t")).read(draws).truth for test in (hedges, linked))
    for k in range(draws.samples + 1):
        study = study_at(draws, k, model)
        found = study.solve().findings
        assert replies[k] == (3 in study.replies(1, (2, 0, 1)))
        assert links[k] == (bool(found) and all((1, 2) in f.configuration.links for f in found))


def test_the_first_sample_is_the_scenario_itself(model: Model):
    draws = Draws(Ground(model), 4, 0)
    values = read_scenario("nixon_1972", model).values
    assert all(np.atleast_1d(c)[0] == values[name] for name, c in draws.columns("nixon_1972").items())


def test_a_parameter_is_drawn_alike_in_every_scenario_that_does_not_change_it(model: Model):
    draws = Draws(Ground(model), 50, 3)
    base, peace = draws.columns("baseline"), draws.columns("quick_peace")
    assert (base["stake_ru_cn"] == peace["stake_ru_cn"]).all()
    assert (base["rivalry_cost_ru_us"] != peace["rivalry_cost_ru_us"]).any()


def test_measures_agree_with_the_study(model: Model):
    study = triangle.load("baseline")
    p, q = (0, 1, 1), (2, 3, 1)
    at = "US=contain_both,RU=align,CN=align>US=court_russia,RU=hedge,CN=align"
    gain = study.payoffs[(2, *q)] - study.payoffs[(2, *p)]
    here = "US=contain_both,RU=align,CN=align"
    expected = {
        f"gain:CN@{at}": gain,
        f"percent:CN@{at}": 100 * gain / study.scenario.values["gdp_cn"],
        f"value:RU@{here}": study.payoffs[1, 0, :, 1].max(),
        f"value_gain:RU@{at}": study.payoffs[1, 2, :, 1].max() - study.payoffs[1, 0, :, 1].max(),
        f"term:order:RU@{here}": study.terms["order"][(1, *p)],
        "term:relief:CN@5": 0.0,
        "parameter:relief": study.scenario.values["relief"],
        "figure:ost_trade_ru_cn_2024": model.ledger["ost_trade_ru_cn_2024"].number,
    }
    for text, number in expected.items():
        assert float(parse_measure(text, study, "").of(study, study.values)) == pytest.approx(number, abs=1e-9), text
    trade = float(parse_measure(f"trade:CN-RU@{here}", study, "").of(study, study.values))
    assert trade == pytest.approx(model.ledger["ost_trade_ru_cn_2024"].number, rel=1e-12)  # what is reported flows


def test_shapley_shares_are_those_of_textbook_games():
    payoffs = np.zeros((3, 4, 4, 4))
    payoffs[0, 3, 3, :] = payoffs[0, 3, :, 3] = 1.0  # the first needs one of the others (Shapley 1953: 2/3, 1/6, 1/6)
    assert [float(surplus_share(payoffs, i)) for i in range(3)] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    payoffs = np.zeros((3, 4, 4, 4))
    payoffs[:, 2, 2, :] = 0.5  # the third is a dummy
    payoffs[2] = 0.0
    assert [float(surplus_share(payoffs, i)) for i in range(3)] == pytest.approx([1 / 2, 1 / 2, 0])
    assert np.isnan(surplus_share(np.zeros((3, 4, 4, 4)), 1))


def test_shapley_shares_do_not_move_with_the_zero_of_utility_and_sum_to_one():
    payoffs = np.random.default_rng(4).normal(size=(3, 4, 4, 4, 9))
    moved = payoffs + np.array([3.0, -7.0, 0.5]).reshape(3, 1, 1, 1, 1)
    shares = np.array([surplus_share(payoffs, i) for i in range(3)])
    assert shares.sum(axis=0) == pytest.approx(1)
    assert np.array([surplus_share(moved, i) for i in range(3)]) == pytest.approx(shares)


def test_verdicts_follow_from_the_share_and_the_thresholds(ledger: Ledger):
    table = ledger.entries[0].table
    assert (table.holds, table.contradicted) == (0.95, 0.05)
    steps = {
        "holds": (1000, 950),
        "mostly": (949, 667),
        "in-part": (666, 334),
        "mostly-not": (333, 51),
        "contradicted": (50, 0),
    }
    for verdict, ends in steps.items():
        assert {answer_of(yes, 1000, None, (), table).verdict for yes in ends} == {verdict}
    assert answer_of(1000, 1000, None, (), table).firm and not answer_of(951, 1000, None, (), table).firm


def test_a_verdict_is_marked_where_the_default_says_otherwise(ledger: Ledger):
    table = ledger.entries[0].table
    assert answer_of(960, 1000, False, (), table).at_odds == "fails at the default"
    assert answer_of(960, 1000, True, (), table).at_odds == "" == answer_of(400, 1000, True, (), table).at_odds
    assert answer_of(400, 1000, False, (), table).at_odds == "fails at the default"
    assert answer_of(100, 1000, True, (), table).at_odds == "holds at the default"
    for entry in ledger.entries:
        if entry.answer and entry.answer.at_odds:
            assert entry.answer.at_odds in verdict_text(entry.answer) and entry.answer.at_odds in entry.why


def test_what_a_scenario_sets_stays_set_at_hard_bounds_whatever_other_scenarios_draw(model: Model):
    """The tariff over Russian energy is drawn in the scenario of that name alone."""
    ground = Ground(model)
    for name in ("baseline", "secondary_tariff"):
        ground.scenario(name)
    tried = AtBounds(ground, 60, seed=1)
    here, there = (tried.columns(name)["secondary_tariff"] for name in ("baseline", "secondary_tariff"))
    assert (here == ground.scenario("baseline").values["secondary_tariff"]).all()
    assert len(np.unique(there)) > 10


def test_what_holds_by_construction_holds_at_every_point_of_the_hard_bounds_and_what_does_not_fails_at_one(
    ledger: Ledger, model: Model
):
    """At other points than those by which it was decided."""
    ground = Ground(model)
    ready, faults = inspect_files(claim_files(SHIPPED), ground)
    others = AtBounds(ground, 600, seed=77)
    found = {entry.id: entry.answer for entry in ledger.entries if entry.answer and entry.answer.draws}
    tested = 0
    for item in ready:
        answer = found.get(item.id)
        if answer is None or not answer.construction:
            continue
        with np.errstate(all="ignore"):
            reading = item.tests[0].read(others)
        truths = reading.truth[reading.domain]
        assert answer.share in (0.0, 1.0) and (truths == (answer.share == 1.0)).all(), item.id
        tested += 1
    assert not faults and tested > 5
    assert all(a.share in (0.0, 1.0) for a in found.values() if a.construction)


def test_the_sign_of_one_formula_is_by_construction_and_a_reply_to_numbers_is_not(model: Model):
    """Relief moves the pipeline's split whatever the numbers; that leaving China never pays hangs on them."""
    ledger = claims(model, only=["T07", "T01"], samples=32)
    found = {entry.id: entry for entry in ledger.entries}
    assert found["T07"].answer is not None and found["T07"].answer.construction > 256
    assert found["T07"].counts_as == "by-construction" and "by construction" in found["T07"].why
    assert found["T01"].answer is not None and found["T01"].verdict == "holds" and not found["T01"].answer.construction
    counts = ledger.summary["entries"]
    assert sum(counts.values()) == len(ledger.entries) and counts["by-construction"] >= 1


def test_points_of_the_hard_bounds_reach_both_ends_and_stay_within_them(model: Model):
    places = np.random.default_rng(1).random(300)
    for p in model.catalogue:
        values = spread_out(places, p)
        assert (values >= p.hard_low).all() and (values <= p.hard_high).all() and np.isfinite(values).all()
        width = values.max() - p.hard_low
        assert values.min() <= p.hard_low + 2e-3 * width and values.max() >= p.high - 2e-3 * width, p.name


# The shipped entries --------------------------------------------------------------------------------------------------


def test_the_ledger_holds_what_was_asked_for(written: Ledger, ledger: Ledger):
    assert [entry.id for entry in written.entries][:15] == [f"T{k:02}" for k in range(1, 16)]
    further = {claim for entry in written.entries[15:] for claim in entry.table.claims}
    assert len(further) >= 40 and len(written.entries) >= 55
    levers = [found.id for found in written.contradictions if bare(found.id) == found.id]
    assert levers == [f"X{k:02}" for k in range(1, 25)]
    assert all(entry.table.expects for entry in written.entries[:15])
    for entry in written.entries:
        assert entry.table.claims and (entry.id.startswith("T") or bare(entry.id) == entry.table.claims[0])
    for entry in ledger.entries:
        assert (entry.answer is None) == bool(entry.table.silent_because)
        assert entry.answer is None or entry.answer.evidence


def bare(id: str) -> str:
    return id.removesuffix(CONDUCT).removesuffix(YEARS)


def test_the_part_that_is_computed_has_every_kind_verdict_and_document(ledger: Ledger, written: Ledger):
    assert {claim.document for claim in read_index().values()} == ledger.by_document().keys()
    tested = [entry.table.test for entry in ledger.entries if entry.table.test]
    parts = [part for test in tested for part in test.get("parts", {}).values()]
    assert {test["kind"] for test in (*tested, *parts)} == set(KINDS)
    assert all(ledger.summary["entries"].values()) and ledger.contradictions
    ids = {one.id for one in (*written.entries, *written.contradictions)}
    assert {one.id for one in (*ledger.entries, *ledger.contradictions)} == (ids if LARGE else PART) and ids >= PART


def test_what_a_stand_in_for_time_answers_is_asked_over_years_beside_it(written: Ledger):
    found = {one.id: one for one in (*written.entries, *written.contradictions)}
    years = [id for id in found if id.endswith(YEARS)]
    assert {"C19", "C51", "C122", "X07", "X16"} <= {bare(id) for id in years} < set(found)
    tables = shipped_tables()
    for id in years:
        assert courses_of(tables[id]) and not courses_of(tables[bare(id)])
        chosen = written.chosen(only=[bare(id)])
        assert {id, bare(id)} <= {one.id for one in (*chosen.entries, *chosen.contradictions)}


def test_what_a_lever_answers_is_asked_as_conduct_beside_it_of_those_who_choose(written: Ledger):
    """Of the claims by a lever of Europe, the war, Iran or the allies; both are shown where the claim is asked for."""
    found = {one.id: one for one in (*written.entries, *written.contradictions)}
    conduct = [id for id in found if id.endswith(CONDUCT)]
    assert {"C86", "C48", "X06", "T14"} <= {bare(id) for id in conduct} < set(found)
    tables = shipped_tables()
    for id in conduct:
        played = set(re.findall(r"'scenario': '(\w+)'", str(tables[id])))
        assert played and all(read_scenario(name, read_model()).players for name in played), id
        assert not re.search(r"'set': \{[^}]*europe_joins", str(tables[id])) or "EU" not in str(tables[id]), id
        chosen = written.chosen(only=[bare(id)])
        assert {id, bare(id)} <= {one.id for one in (*chosen.entries, *chosen.contradictions)}


def negated(files: list[Path], folder: Path) -> list[Path]:
    """Copies of claims files in which every statement is turned round."""
    for file in files:
        text = file.read_text(encoding="utf-8")
        # Only whole tests: their parts are nested deeper.
        text = re.sub(
            r"(?m)^(\[[A-Z]\d+(?:-conduct|-years)?(?:\.(?:first|second))?\.test\])$", r"\1\nnegate = true", text
        )
        (folder / file.name).write_text(text, encoding="utf-8")
    return [folder / file.name for file in files]


@pytest.mark.skipif(not LARGE, reason="planted truths and falsehoods of every kind are turned round above")
def test_turning_a_statement_round_turns_its_share(tmp_path: Path, model: Model):
    files = alone(shipped_tables().keys(), tmp_path)
    here = claims(model, files=files, samples=DRAWS)
    turned = claims(model, files=negated(files, tmp_path), samples=DRAWS)
    steps = ("holds", "mostly", "in-part", "mostly-not", "contradicted")
    swap = dict(zip(steps, steps[::-1], strict=True))
    pairs = [(a.answer, b.answer) for a, b in zip(here.entries, turned.entries, strict=True)]
    for a, b in zip(here.contradictions, turned.contradictions, strict=True):
        pairs += zip(a.answers or (), b.answers or (), strict=True)
    answers = [(a, b) for a, b in pairs if a and b]
    assert len(answers) > 130
    for a, b in answers:
        assert (b.draws, b.verdict) == (a.draws, swap[a.verdict])
        assert b.construction == a.construction
        assert b.share == pytest.approx(1 - a.share, abs=1e-12)


def scaled(model: Model, **factors: float) -> Model:
    """The model with some payoff terms multiplied."""

    def times(name: str, factor: float) -> Any:
        return lambda s, v: {player: factor * payoff for player, payoff in model.terms[name](s, v).items()}

    return replace(model, terms={**model.terms, **{name: times(name, k) for name, k in factors.items()}})


def fixed(model: Model, **numbers: float) -> Model:
    """The model with some parameters known, also such as follow others otherwise."""
    known = {n: replace(model.catalogue[n], default=x, low=x, high=x, follows=False) for n, x in numbers.items()}
    parameters = MappingProxyType({**model.catalogue.parameters, **known})
    return replace(model, catalogue=replace(model.catalogue, parameters=parameters))


LOOSE = {
    **{"third_party_support": 0.0, "rivalry_cost_ru_cn": 0.0, "rivalry_cost_cn_ru": 0.0, "gain_ru_cn": 0.02},
    **{"gain_cn_ru": 0.0, "stake_cn_ru": 8.0, "stake_ru_cn": 20.0, "order_value_cn": 0.0, "autonomy_cost": 0.0},
    **{"us_sanction_share": 1.0, "dual_use_value": 4.0},
}


def other_worlds(model: Model) -> list[Model]:
    """Models that are wrong in one way each: where every entry's verdict changes in one, none is deaf to the model."""
    return [
        scaled(fixed(model, **LOOSE), relief=10.0),
        scaled(model, contest=-1.0),
        fixed(model, evasion=1.0),
        fixed(model, outside_option_cn=0.0),
        scaled(model, relief=-1.0),
        scaled(model, rivalry=10.0),
        scaled(model, exchange=-1.0, pipeline=-1.0),
        scaled(model, dual_use=-1.0),
        fixed(model, capability_ru=80.0, capability_cn=1.0, capability_us=10.0),
        scaled(model, rivalry=-1.0),
        scaled(model, alliance=-1.0),
        scaled(model, alliance=10.0),
        scaled(model, order=0.0),
        scaled(model, autonomy=10.0),
        scaled(model, order=10.0),
        fixed(model, **LOOSE | {"order_value_ru": 60.0, "third_party_support": 0.9}),
        fixed(model, output_shortfall_ru=0.25),
        scaled(fixed(model, primacy_scaling=1.0), relief=6.0),
        scaled(model, balance=100.0, relief=12.0),
        scaled(model, exchange=3.0, alliance=3.0, balance=-10.0),
        fixed(model, secondary_sanctions=0.0),
    ]


def verdicts(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    found = {entry.id: (entry.verdict,) for entry in ledger.entries if entry.answer}
    return found | {c.id: tuple(a.verdict for a in c.answers) for c in ledger.contradictions if c.answers}


def courses_of(table: dict[str, Any]) -> list[dict[str, Any]]:
    """All tests of the kind ``course`` inside a table."""
    own = [table] if table.get("kind") == "course" else []
    return own + [course for inner in table.values() if isinstance(inner, dict) for course in courses_of(inner)]


def over_years() -> set[str]:
    """The entries that are played over years, which take as long as all of the others in all worlds."""
    return {id for id, table in shipped_tables().items() if courses_of(table)}


def test_entries_over_years_share_few_courses():
    moments = [
        {"scenario": test.get("scenario"), "set": test.get("set"), **test[side]}
        for table in shipped_tables().values()
        for test in courses_of(table)
        for side in ("of", "than")
        if side in test
    ]
    played = {str(sorted((k, str(v)) for k, v in one.items() if k not in ("year", "pattern", "measure")))
              for one in moments}  # fmt: skip
    assert len(over_years()) > len(played) > 0 and len(played) <= 32
    assert len(moments) > 2 * len(played)


def weighed(term: Term, factor: float) -> Term:
    """A term that pays so many times what it paid."""
    return lambda s, v: {player: factor * payoff for player, payoff in term(s, v).items()}


def test_no_verdict_is_deaf_to_the_model(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What third parties want is part of the model only where a scenario names them, so that it is weighed apart.

    It is weighed first: entries about third parties take nearly as long as all of the others, and few other worlds
    change their verdicts.
    """
    # A verdict is that of the draws; what is searched for beside them, where all agree, has tests of its own.
    monkeypatch.setattr(Construction, "points_kept", lambda *_: None)
    asked = {*few(sorted(shipped_tables().keys() - over_years()), 15), *(over_years() if LARGE else ())}

    def of(world: Model, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
        # In place of all shipped ones, so that what a world cannot be asked is silent there as it is of those.
        monkeypatch.setattr("triangle.questions.claims.answer.claim_files", lambda _: alone(ids, tmp_path))
        return verdicts(claims(world, samples=32 if LARGE else 16)) if ids else {}

    here = of(model, asked)
    left = {(id, side) for id, sides in here.items() for side in range(len(sides))}
    assert here.keys() == {id for id in asked if not shipped_tables()[id].get("silent_because")} > set()

    def unmoved(world: Model) -> set[tuple[str, int]]:
        there = of(world, {id for id, _ in left})
        return {(id, side) for id, side in left if id not in there or there[id][side] == here[id][side]}

    with monkeypatch.context() as weighing:
        for factors in (dict.fromkeys(THIRD_TERMS, -1.0), {"ua_war": 10.0}):
            terms = {name: weighed(term, factors.get(name, 1.0)) for name, term in THIRD_TERMS.items()}
            weighing.setattr(thirds, "THIRD_TERMS", terms)
            left = unmoved(model)
    for world in other_worlds(model):
        left = unmoved(world)
    assert left == set()


def test_planted_nonsense_is_contradicted(model: Model):
    found = claims(model, files=[NONSENSE], samples=500).entries
    assert len(found) == 5
    assert {entry.id: entry.verdict for entry in found} == {entry.id: "contradicted" for entry in found}


# Index ----------------------------------------------------------------------------------------------------------------


def test_the_index_lists_every_claim_once_and_in_order():
    assert list(read_index()) == [f"C{k:02}" for k in range(1, 171)]
    assert {claim.document for claim in read_index().values()} == {"osthold", "tdc", "blue", "welt", "gabuev"}


@needs_documents
def test_the_lines_of_the_index_exist_in_the_documents():
    sources = tomllib.loads((ROOT / "triangle" / "evidence" / "sources.toml").read_text(encoding="utf-8"))
    for name, claim in read_index().items():
        file = SHARED / "documents" / sources[claim.document]["file"]
        lines = ["", *file.read_text(encoding="utf-8").split("\n")]
        for stretch in claim.lines.split(", "):
            first, _, last = stretch.partition("-")
            for line in (int(first), int(last or first)):  # paragraphs between may be set apart by blank lines
                assert line < len(lines) and lines[line].strip(), f"{name}: line {line}"


# Faults ---------------------------------------------------------------------------------------------------------------

ENTRY = """
[mine]
claims = ["C84"]
paraphrase = "p"
computes = "c"
holds = 0.9
contradicted = 0.1
[mine.test]
kind = "bound"
outcome = "credibility"
above = 0
"""


def entry_file(folder: Path, where: Mapping[str, Any] | None = None, text: str = ENTRY) -> Path:
    file = folder / "mine.toml"
    if where:
        text += "where = { " + ", ".join(f"{k} = {v!r}".replace("'", '"') for k, v in where.items()) + " }\n"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("was", "becomes", "key", "words"),
    [
        ('"C84"', '"C171"', "mine.claims", "unknown claim 'C171'"),
        ('kind = "bound"', 'kind = "eval"', "mine.test.kind", "unknown kind of test 'eval'"),
        ('"credibility"', '"credibilty"', "mine.test.outcome", "did you mean 'credibility'"),
        ('"credibility"', '"gain:CN@5"', "mine.test.outcome", "PROFILE>PROFILE"),
        ('"credibility"', '"figure:ost_trade"', "mine.test.outcome", "unknown figure"),
        ("above = 0", "above = nan", "mine.test.above", "finite"),
        ("above = 0", 'above = "number"', "mine.test.above", "is in count"),
        ("above = 0", "sideways = 0", "mine.test.sideways", "unknown key"),
        ("above = 0", "", "mine.test", "at least one of"),
        ("above = 0", "above = 0\nset = { relieff = 1 }", "mine.test.set.relieff", "did you mean 'relief'"),
        ("above = 0", "above = 0\nset = { relief = 2 }", "mine.test.set.relief", "must be between 0 and 1"),
        ("above = 0", "above = 0\nset = { relief = true }", "mine.test.set", "relief"),
        ("above = 0", "above = 0\nover = { relief = [0, 1, 900] }", "mine.test.over", "relief"),
        ("above = 0", "above = 0\nover = { relief = [0, 9, 3] }", "mine.test.over.relief", "must be between"),
        ("above = 0", 'above = 0\nscenario = "../../etc/passwd"', "mine.test.scenario", "unknown scenario"),
        ("above = 0", 'above = 0\nhold = "RU=flee"', "mine.test.hold", "unknown action of RU"),
        ("above = 0", 'above = 0\nwhere = { kind = "monotone" }', "mine.test.where.kind", "unknown kind"),
        ("holds = 0.9", "", "mine", "holds is missing"),
        ("holds = 0.9", "holds = 0.05", "mine", "not above"),
        ("holds = 0.9", "holds = 9", "mine.holds", "share"),
        ("[mine]", '[mine]\nsilent_because = "x"', "mine", "not both"),
        ("[mine]", '["mine; rm"]', "mine; rm", "short id"),
        (ENTRY, "", "", "holds no entry"),
    ],
)
def test_a_fault_of_a_claims_file_is_named_with_its_place(
    was: str, becomes: str, key: str, words: str, tmp_path: Path, model: Model
):
    text = ENTRY.replace(was, becomes)
    if "rm" in becomes:
        text = text.split("[mine.test]")[0]
    file = entry_file(tmp_path, text=text)
    with pytest.raises(BadInput) as error:
        claims(model, files=[file], samples=8)
    assert error.value.faults[0].key == key
    assert words in str(error.value)


def test_all_faults_of_all_files_are_reported_together(tmp_path: Path, model: Model):
    first = entry_file(tmp_path, text=ENTRY.replace("C84", "C999").replace("above = 0", 'above = "x"'))
    second = tmp_path / "again.toml"
    second.write_text(ENTRY + ENTRY.replace("mine", "other").replace("bound", "wonder"), encoding="utf-8")
    _, faults = inspect_files([first, second], Ground(model))
    assert [(f.file.split("/")[-1], f.key) for f in faults] == [
        ("mine.toml", "mine.claims"),
        ("mine.toml", "mine.test.above"),
        ("again.toml", "mine"),
        ("again.toml", "other.test.kind"),
    ]


def test_tests_within_tests_have_an_end(model: Model):
    test: dict[str, Any] = {"kind": "bound", "outcome": "credibility", "above": 0}
    for _ in range(9):
        test = {"kind": "all", "parts": {"a": test, "b": copy.deepcopy(test) if _ < 2 else {**test}}}
    with pytest.raises(Faulty) as error:
        prepare(test, Ground(model), Spot("here", "t"))
    assert "deep" in error.value.faults[0].message


@pytest.mark.parametrize(
    ("condition", "key"),
    [
        ({"set": {"relief": 1}}, "t.condition"),
        ({"over": {"evasion": [0, 1, 3]}}, "t.condition.over"),
        ({"given": "US=court_russia,CN=align|US=contain_both,CN=align"}, "t.condition.given"),
    ],
)
def test_a_threshold_lays_out_its_own_line(condition: dict[str, Any], key: str, model: Model):
    bare = {"kind": "reply", "player": "RU", "actions": ["distance"], "given": COURTED}
    along = {"parameter": "relief", "low": 0, "high": 1}
    with pytest.raises(Faulty) as error:
        prepare({"kind": "threshold", "along": along, "condition": bare | condition}, Ground(model), Spot("here", "t"))
    assert error.value.faults[0].key == key


def test_parts_have_plain_names_and_draws_an_end(model: Model):
    parts = {"a": {"kind": "bound", "outcome": "credibility", "above": 0}}
    with pytest.raises(Faulty) as error:
        prepare({"kind": "any", "parts": parts | {"\x1b[2J": parts["a"]}}, Ground(model), Spot("here", "t"))
    assert "short names" in error.value.faults[0].message
    with pytest.raises(BadInput, match="20,000"):
        claims(model, samples=20_001)


def test_unknown_ids_and_documents_are_answered_with_the_nearest(model: Model):
    with pytest.raises(BadInput, match="did you mean 'T01'"):
        claims(model, only=["T01x"], samples=8)
    with pytest.raises(BadInput, match="did you mean 'welt'"):
        claims(model, document="weld", samples=8)


def test_entries_are_chosen_by_claim_document_and_verdict(model: Model, ledger: Ledger):
    of_claim = claims(model, only=["C142"], samples=8)
    assert {e.id for e in of_claim.entries} == {"T06", "T07", "C142"}
    assert [c.id for c in of_claim.contradictions] == ["X03"]
    several = claims(model, about=["C142", "C55", "no claim of any entry"], samples=8)
    assert {e.id for e in several.entries} == {"T06", "T07", "C142", "C55"}
    assert claims(model, about=[], samples=8).entries == ()
    welt = ledger.chosen(document="welt")
    assert welt.entries and all("welt" in e.documents for e in welt.entries)
    silent = ledger.chosen(verdicts=["silent"])
    assert {e.verdict for e in silent.entries} == {"silent"} and not silent.contradictions


# Documents ------------------------------------------------------------------------------------------------------------


def test_a_ledger_is_read_again_from_its_file(tmp_path: Path, ledger: Ledger):
    file = tmp_path / "ledger.json"
    write_document(file, to_document(ledger))
    again = read_record(Ledger, file)
    assert to_document(again) == to_document(ledger)
    assert claims_markdown(again) == claims_markdown(ledger)


def test_the_whole_ledger_obeys_the_contract_of_the_command(ledger: Ledger):
    printed = json.loads(json.dumps(to_document(ledger), allow_nan=False))
    Draft202012Validator(SCHEMAS["claims"]).validate(printed)


def test_a_verdict_written_into_a_file_is_not_believed(ledger: Ledger):
    document = to_document(ledger)
    for entry in document["entries"]:
        entry["verdict"] = "holds"
    assert to_document(from_document(Ledger, document, "file")) == to_document(ledger)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"entries": 3}, "entries: found 3; expected a list"),
        ({"samples": "many"}, "samples: found 'many'; expected an integer"),
        ({"entries": [{"id": "T01"}]}, "entries.1.documents: missing"),
        ({"contradictions": [{"id": "X01"}]}, "where 'first' is missing"),
    ],
)
def test_a_file_that_holds_no_ledger_is_refused(broken: dict[str, Any], said: str, tmp_path: Path, ledger: Ledger):
    file = tmp_path / "ledger.json"
    write_document(file, {**to_document(ledger), **broken})
    with pytest.raises(BadInput, match=said):
        read_record(Ledger, file)


def test_the_same_seed_gives_the_same_ledger_and_another_seed_another(model: Model):
    same = [to_document(claims(model, only=["C55", "T12"], samples=100)) for _ in range(2)]
    other = to_document(claims(model, only=["C55", "T12"], samples=100, seed=1))
    assert same[0] == same[1] != other


def test_evidence_of_joint_tests_names_the_parts(ledger: Ledger):
    entry = next(e for e in ledger.entries if e.id == "T09")
    assert "firmer_bond" in evidence_text(entry.answer) and "worth_more" in evidence_text(entry.answer)
    assert evidence_text(None) == "–"


def test_settings_are_said_in_words():
    assert said(Setting(scenario="trade_war", set={"relief": 1.0}, times={"gdp_ru": 0.5})) == (
        "trade_war, relief 1, gdp_ru times 0.5"
    )
    assert said(Setting()) == "as it stands"


RENEW = "run python docs/claims_page.py"


def test_the_page_of_the_documentation_is_current(ledger: Ledger):
    spec = spec_from_file_location("claims_page", ROOT / "docs" / "claims_page.py")
    assert spec and spec.loader
    claims_page = module_from_spec(spec)
    spec.loader.exec_module(claims_page)
    pages = claims_page.pages(ledger)
    assert {path.name for path in pages if path.parent.name == "claims"} == {
        path.name for path in (ROOT / "docs" / "claims").iterdir()
    }
    # Of a part of the entries the pages have every line but the counts of all, in the same order.
    counts = () if LARGE else by_document(ledger).splitlines()
    for path, text in pages.items():
        lines = iter(path.read_text(encoding="utf-8").splitlines(keepends=True))
        expected = [line for line in text.splitlines(keepends=True) if line.rstrip("\n") not in counts]
        assert LARGE or all(line in lines for line in expected), f"{path.name} is not current: {RENEW}"
        assert not LARGE or list(lines) == expected, f"{path.name} is not current: {RENEW}"
    shown = "".join(pages.values())
    assert all(f"| {entry.id} |" in shown or f"| {entry.id}: " in shown for entry in ledger.entries)


def test_only_conditions_are_true_or_false_of_one_game():
    assert set(CONDITIONS) < set(KINDS)
    assert (ENTRIES / INDEX).is_file() and Place().scenario == "baseline"


def test_a_peak_lies_within_and_above_both_ends(monkeypatch: pytest.MonkeyPatch):
    curves = np.array(
        [[0, 1, 5, 2], [0, 5, 1, 2], [10, 1, 5, 0], [0, 1, 5, 10], [0, 1, 5, 5], [5, 1, 5, 0]], dtype=float
    ).T
    outcome = SimpleNamespace(of=lambda study, values: curves, text="x", unit="")
    monkeypatch.setattr(kinds, "measure", lambda *_: outcome)
    spot = SimpleNamespace(at=lambda key: None)
    ground = SimpleNamespace(
        line=lambda *_: SimpleNamespace(points=len(curves), parameter="p"), study=lambda place: None
    )
    draws = SimpleNamespace(samples=curves.shape[1] - 1, along=lambda *_: None, values=lambda *_: None)
    test = SimpleNamespace(outcome="x", along="p", strict=False, direction="peaks")
    read = kinds._monotone(test, ground, spot, None)  # type: ignore[arg-type]
    assert read(draws).truth.tolist() == [True, True, False, False, False, False]  # type: ignore[arg-type]


def test_an_unknown_action_of_a_reply_is_named_with_the_nearest(model: Model):
    test = {**PLANTED["reply"][0], "kind": "reply", "actions": ["hegde"]}
    with pytest.raises(Faulty) as error:
        prepare(test, Ground(model), Spot("here", "t"))
    assert "unknown action of RU 'hegde'; did you mean 'hedge'" in error.value.faults[0].message


def test_what_a_third_party_gains_by_parameters_that_a_file_lacks_leaves_its_claims_silent_and_the_others_asked():
    ledger = claims(former(), only=["T01", "C17"], samples=16)
    found = {entry.id: entry for entry in ledger.entries}
    assert found["T01"].answer and not found["C17"].answer
    assert "gain_per_dollar" in found["C17"].why


def test_who_said_what_has_every_claim_of_a_contradiction_once_under_its_document():
    ledger = claims(only=["X04", "X24"], samples=16)
    documents = at_odds(ledger)
    for row, found in zip(who_said_what(ledger), ledger.contradictions, strict=True):
        told = {claim: document for document, cell in zip(documents, row[2:-1], strict=True) for claim in said_in(cell)}
        assert told == {
            claim: read_index()[claim].document for claim in (*found.table.first.claims, *found.table.second.claims)
        }


def said_in(cell: str) -> list[str]:
    """The claims that a cell names."""
    return re.findall(r"[A-Z]\d+", cell)
