"""The JSON documents: what the outer contract promises, without NaN or infinity, for every shipped scenario."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from budgets import few
from each import of_each
from strategies import shipped

from triangle.base.records import to_document
from triangle.players.cast import SHIPPED
from triangle.questions.catalogue.answer import card
from triangle.questions.check import answer
from triangle.questions.claims.answer import claim_files
from triangle.questions.compare.answer import compare
from triangle.scenarios.scenario import read_scenario, shipped_names
from triangle.study.solution import pure_solution
from triangle.study.study import Study, margin_at, of_one_cast, study
from triangle.study.trace import trace
from triangle.version import __version__

NAMES = shipped_names(SHIPPED)


@cache
def played(name: str) -> Study:
    return study(shipped(), read_scenario(name, shipped()))


def strict(document: object) -> Any:
    """The document after a journey through JSON that allows no NaN and no infinity."""
    return json.loads(json.dumps(document, allow_nan=False, ensure_ascii=False))


def leaves(document: Any) -> Iterator[Any]:
    if isinstance(document, dict):
        assert all(isinstance(key, str) for key in document)
        yield from (leaf for value in document.values() for leaf in leaves(value))
    elif isinstance(document, (list, tuple)):
        yield from (leaf for value in document for leaf in leaves(value))
    else:
        yield document


@of_each("name", few(NAMES, 7))
def test_every_scenarios_solution_holds_what_the_contract_promises(name: str):
    s = played(name)
    cast, answer = s.cast, s.solve()
    document = strict(to_document(pure_solution(s, answer)))
    promised = {
        "schema",
        "version",
        "scenario",
        "method",
        "order",
        "hold",
        "parameters",
        "changes",
        "verdict",
        "equilibria",
    }
    assert promised <= set(document)
    assert (document["schema"], document["version"]) == ("triangle.solution/1", __version__)
    assert document["scenario"] == name and document["parameters"] == dict(s.scenario.values)
    assert len(document["equilibria"]) == len(answer.findings)
    for found, finding in zip(document["equilibria"], answer.findings, strict=True):
        assert cast.profiles[found["index"]] == finding.profile
        assert found["profile"] == {p: cast.actions[i][finding.profile[i]] for i, p in enumerate(cast.codes)}
        assert list(found["payoffs"].values()) == list(finding.payoffs)
        assert (found["pivot"] is not None) == (found["configuration"] == "romantic_triangle")
        assert (found["pair"] is not None) == (found["configuration"] == "stable_marriage")
        assert found["regret"] >= 0 and 0 <= found["bargaining_share_ru"] <= 1
        for i, player in enumerate(cast.codes):
            assert (found["losses"][player] is None) == (i in s.hold)
    for change in document["changes"]:
        assert change["because"] and change["base"] is not None


@of_each("name", NAMES)
def test_every_scenarios_card_is_plain_json(name: str):
    found = strict(to_document(card("scenario", name, shipped())))["item"]
    assert found["name"] == name and found["title"] and found["question"] and len(found["date"]) == 10


@of_each("name", few(NAMES, 13))
def test_every_scenarios_trace_is_plain_json_and_sums(name: str):
    s = played(name)
    findings = s.solve().findings
    profile = findings[0].profile if findings else s.nearest()
    document = strict(to_document(trace(s, 1, profile)))
    assert document["schema"] == "triangle.trace/1"
    assert sum(term["value"] for term in document["terms"]) == pytest.approx(document["payoff"], rel=1e-12, abs=1e-9)
    for term in document["terms"]:
        for p in term["parameters"]:
            assert p["because"] or p["backing"] in ("figure", "formula"), p["name"]
            for figure in p["figures"]:
                assert figure["document"] and figure["line"] if figure["documented"] else figure["locator"]


def of_three(name: str) -> bool:
    """Whether the three powers alone choose."""
    return not played(name).cast.thirds


def sets_an_action_of_europe(name: str) -> bool:
    """Whether it stands where Europe chooses, or could: half a step is none of its actions."""
    if name == "europe_chooses":
        return True
    return of_three(name) and played(name).scenario.values["europe_joins"] in (0.0, 1.0)


@pytest.mark.parametrize("among", [of_three, sets_an_action_of_europe])
def test_the_comparison_of_all_that_can_be_compared_lists_what_differs_and_every_margin(among: Callable[[str], bool]):
    names = few([name for name in NAMES if among(name)], 11)
    studies = of_one_cast([played(name) for name in names])
    document = strict(to_document(compare(studies, 0.5)))
    assert document["schema"] == "triangle.comparison/1" and document["scenarios"] == names
    for name, values in document["differing"].items():
        assert len(values) == len(names) and len(set(values)) > 1, name
    same = set(document["solutions"][0]["parameters"]) - set(document["differing"])
    assert all(len({s.scenario.values[name] for s in studies}) == 1 for name in same)
    for row in document["margins"]:
        for s, margin in zip(studies, row["margins"], strict=True):
            profile = s.cast.profiles[row["index"]]
            assert (margin is None) == (not s.reachable(profile))
            if margin is not None:
                assert margin == float(s.margins[profile])


def test_an_infinite_margin_becomes_null():
    s = study(shipped(), read_scenario("baseline", shipped()), {0: 0, 1: 1, 2: 1})
    (found,) = strict(to_document(pure_solution(s, s.solve())))["equilibria"]
    assert found["margin"] is None and found["losses"] == {"US": None, "RU": None, "CN": None}
    assert margin_at(s, (0, 1, 1)) is None


def test_every_figure_parameter_and_source_has_a_plain_card():
    model = shipped()
    names = {
        "figure": model.ledger.figures,
        "parameter": model.catalogue.parameters,
        "source": model.ledger.sources,
    }
    cards = [to_document(card(kind, name, model)) for kind, of_kind in names.items() for name in of_kind]
    for document in cards:
        assert all(isinstance(leaf, (str, int, float, bool, type(None))) for leaf in leaves(strict(document)))
    relief = strict(to_document(card("parameter", "stake_us_ru", model)))["item"]
    assert relief["hard_high"] is None and relief["hard_low"] == 0.0


def test_the_check_counts_and_lists_its_faults(tmp_path):
    report = answer.check()  # by its module: others ask the same
    document = strict(to_document(report))
    assert document["counts"] == {
        "document_figures": 161,
        "external_figures": 148,
        "parameters": 90,
        "scenarios": len(NAMES),
        "claims": sum(len(tomllib.loads(file.read_text(encoding="utf-8"))) for file in claim_files(SHIPPED)),
    }
    assert document["faults"] == [] and sum(document["backings"].values()) == 90
    (tmp_path / "bad.toml").write_text("title = 3\n", encoding="utf-8")
    faults = strict(to_document(answer.check([tmp_path / "bad.toml"])))["faults"]
    assert faults and all(set(fault) == {"file", "key", "message"} for fault in faults)
