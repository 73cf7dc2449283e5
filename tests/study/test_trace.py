"""A trace against brute force: all parameters that move the cell are listed, no others, with figures."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE, few
from strategies import former, shipped

from triangle.model.calibration import lineage
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_terms
from triangle.players.axes import RU, US
from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import override, read_scenario
from triangle.study.study import Study, study
from triangle.study.trace import Trace, trace

CELLS = [
    ("baseline", 0, (0, 1, 1)),
    ("baseline", 1, (0, 1, 1)),
    ("baseline", 2, (2, 3, 1)),
    ("siberia2_relief", 1, (2, 3, 1)),
    ("secondary_tariff", 2, (0, 1, 1)),
    ("nixon_1972", 0, (3, 0, 2)),
]
cells = pytest.mark.parametrize(("name", "player", "profile"), CELLS)


@functools.cache
def played(name: str) -> Study:
    return study(shipped(), read_scenario(name, shipped()))


@functools.cache
def traced(name: str, player: int, profile: tuple[int, ...]) -> Trace:
    return trace(played(name), player, profile)


@cells
def test_the_terms_sum_to_the_cell(name, player, profile):
    found = traced(name, player, profile)
    payoff = played(name).payoffs[(player, *profile)]
    assert found.finding.payoffs[player] == payoff
    assert sum(term.value for term in found.terms) == pytest.approx(payoff, rel=1e-12)
    assert [term.name for term in found.terms] == list(shipped().terms)


@pytest.mark.parametrize(("name", "player", "profile"), CELLS if LARGE else [CELLS[0], CELLS[4], CELLS[5]])
def test_the_parameters_listed_are_exactly_those_that_move_the_cell(name, player, profile):
    """Every parameter is moved by hand to both ends of its range, one game each."""
    s = played(name)
    found = {term.name: {p.name: p for p in term.parameters} for term in traced(name, player, profile).terms}
    for parameter, ends in few([*s.scenario.ranges.items()], 5):
        moved = [
            payoff_terms(Values(s.scenario.moved({parameter: end} if ends[0] < ends[1] else {}), SHIPPED))
            for end in ends
        ]
        for term, here in s.terms.items():
            low, high = (float(payoffs[term][(player, *profile)]) for payoffs in moved)
            value = float(here[(player, *profile)])
            if max(abs(low - value), abs(high - value)) > 1e-9:
                assert parameter in found[term], f"{parameter} moves {term} and is not listed"
            if parameter in found[term]:
                entry = found[term][parameter]
                assert (entry.at_low, entry.at_high) == pytest.approx((low, high), rel=1e-12, abs=1e-9)
                assert entry.value == s.scenario.values[parameter]
                assert max(abs(low - value), abs(high - value)) > 0


@cells
def test_the_strongest_parameter_of_a_term_comes_first(name, player, profile):
    for term in traced(name, player, profile).terms:
        swings = [p.swing for p in term.parameters]
        assert swings == sorted(swings, reverse=True)


@cells
def test_every_figure_behind_a_cell_has_its_document_and_line_or_its_series_and_year(name, player, profile):
    figures = traced(name, player, profile).figures
    assert figures and len({figure.id for figure in figures}) == len(figures)
    for figure in figures:
        source = shipped().ledger.source_of(figure)
        if source.kind == "document":
            assert source.file and figure.line
        else:
            assert figure.locator and figure.year and source.reference


@cells
def test_a_documented_default_brings_its_own_figures_and_a_changed_value_those_of_the_change(name, player, profile):
    s = played(name)
    changed = {change.parameter: change for change in s.scenario.all_changes}
    for term in traced(name, player, profile).terms:
        for p in term.parameters:
            names = tuple(figure.id for figure in p.figures)
            change = changed.get(p.name)
            if change is None:
                parameter = s.model.catalogue[p.name]
                assert names == parameter.figures + parameter.anchors and p.backing == parameter.backing
            else:
                assert change.because in p.because and p.backing == "scenario"
                if change.figure:
                    assert names == (change.figure,)
                if change.formula:
                    assert names == lineage(change.formula)


def test_a_value_set_to_a_figure_is_traced_to_it():
    model = shipped()
    scenario = override(read_scenario("baseline", model), ["sanction_cost=ost_crimea_gdp_shortfall", "relief=1"], model)
    found = trace(study(model, scenario), RU, (2, 1, 1))
    relief = next(term for term in found.terms if term.name == "relief")
    by_name = {p.name: p for p in relief.parameters}
    assert [figure.id for figure in by_name["sanction_cost"].figures] == ["ost_crimea_gdp_shortfall"]
    assert by_name["sanction_cost"].value == 0.2 and by_name["sanction_cost"].because.startswith("--set")


def test_a_change_of_the_range_alone_keeps_the_value_and_the_figures_behind_it(tmp_path: Path):
    """The number is still that of the figure; only how far sweeps move it has changed."""
    model = former()
    file = tmp_path / "wider.toml"
    file.write_text(
        'title = "T"\nquestion = "Q?"\nauthor = "A"\ndate = 2025-01-01\nbase = "baseline"\nnarrative = "N"\n'
        '[changes.trade_ru_cn]\nlow = 200.0\nhigh = 300.0\nbecause = "wider"\n',
        encoding="utf-8",
    )
    found = trace(study(model, read_scenario(file, model)), RU, (0, 1, 1))
    exchange = next(term for term in found.terms if term.name == "exchange")
    trade = next(p for p in exchange.parameters if p.name == "trade_ru_cn")
    assert trade.value == 244.8
    assert "ost_trade_ru_cn_2024" in [figure.id for figure in trade.figures]


def test_a_term_that_nothing_moves_here_lists_no_parameter():
    found = {term.name: term for term in trace(played("baseline"), US, (0, 1, 1)).terms}
    assert found["relief"].parameters == () and found["relief"].value == 0.0
    assert found["pipeline"].parameters == ()


def test_whether_the_cell_is_an_equilibrium_is_said():
    assert trace(played("baseline"), US, (0, 1, 1)).is_equilibrium
    assert not trace(played("baseline"), US, (3, 3, 3)).is_equilibrium
    assert [d.player for d in trace(played("courting_2025"), RU, (2, 1, 1)).deviations] == [1, 2]
    assert np.isfinite([d.loss for d in trace(played("baseline"), US, (3, 3, 3)).deviations]).all()
