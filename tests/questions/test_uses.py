"""Every figure of the documents says what it does, or why it does nothing."""

from __future__ import annotations

import json

from click.testing import CliRunner
from strategies import shipped

from triangle.cli import main
from triangle.questions.catalogue.uses import count_by_kind, users, uses, uses_of_documents

USERS = users(shipped())
TOLD = uses_of_documents(shipped())


def test_every_figure_of_the_documents_says_what_it_does_or_why_nothing():
    assert len(TOLD) == 161
    assert [name for name, does in TOLD.items() if not all(does.values())] == []


def test_a_figure_that_does_something_gives_no_reason_why_not():
    reasoned = [f for f in shipped().ledger if f.context]
    assert reasoned
    assert all("none" in uses(f, shipped(), USERS) for f in reasoned)


def test_what_a_figure_enters_is_what_the_parameters_say():
    for name, does in TOLD.items():
        made = [p.name for p in USERS.parameters.values() if name in p.figures]
        assert does.get("enters", "") == (f"enters {', '.join(made)}" if made else "")


def test_a_figure_that_the_years_run_by_and_one_of_a_third_party_say_so():
    assert "sets the pace of" in TOLD["wel_trade_growth_2024"]["years"]
    assert any(name not in shipped().catalogue.parameters for name in USERS.parameters)


def test_the_counts_add_up_and_a_change_of_them_is_noticed():
    counts = count_by_kind(TOLD)
    assert sum(counts.values()) == len(TOLD)
    assert (counts["enters"], counts["none"]) == (28, 78)


def test_the_command_says_the_same_and_refuses_other_kinds():
    found = CliRunner().invoke(main, ["list", "figure", "--unused", "--json"])
    assert json.loads(found.stdout)["figures"] == TOLD
    refused = CliRunner().invoke(main, ["list", "parameter", "--unused"])
    assert refused.exit_code == 2 and "goes with figures alone" in refused.stderr
