"""Tables for people: every one renders at any width, with strangers' text as it was written."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import product
from types import MappingProxyType
from unittest import mock

import pytest
from budgets import LARGE, few, in_turn
from rich.cells import cell_len
from rich.console import Console, RenderableType
from strategies import shipped

from triangle.base.errors import Fault
from triangle.evidence.ledger import Ledger
from triangle.model.model import Model
from triangle.players.cast import SHIPPED
from triangle.questions.catalogue import table as cards
from triangle.questions.check import answer as checks
from triangle.questions.check.answer import Counts, Report
from triangle.questions.check.table import check_report
from triangle.questions.compare.answer import compare
from triangle.questions.compare.table import comparison
from triangle.questions.trace.table import tracing
from triangle.scenarios.scenario import Scenario, override, read_scenario, shipped_names
from triangle.showing import tables
from triangle.study.study import Study, study
from triangle.study.trace import trace

NAMES = shipped_names(SHIPPED)

#: What a stranger may write: markup that opens, closes, closes nothing, and a trailing backslash.
HOSTILE = "[bold]x[/] [/] [link=y] :smile: \\"


def rendered(renderable: RenderableType, width: int) -> str:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, highlight=False).print(renderable)
    return out.getvalue()


@cache
def played(name: str) -> Study:
    return study(shipped(), read_scenario(name, shipped()))


def restless() -> Study:
    """A game without a pure equilibrium: Russia wants to differ from China, China to be like Russia."""
    import numpy as np

    s = study(shipped(), read_scenario("baseline", shipped()), {0: 0})
    payoffs = np.zeros((3, 4, 4, 4))
    terms = {name: np.zeros((3, 4, 4, 4)) for name in s.terms}
    for ru in range(4):
        for cn in range(4):
            payoffs[1, :, ru, cn] = float((ru - cn) % 4 == 1)
            payoffs[2, :, ru, cn] = float(ru == cn)
    terms["order"] = payoffs
    s.__dict__.update(payoffs=payoffs, terms=terms)
    return s


#: A table that is made when it is asked for.
Made = Callable[[], RenderableType]


def every_table(s: Study, model: Model) -> Iterator[tuple[str, Made]]:
    """Each table of the report that a scenario and a model can make."""
    answer = s.solve()
    profile = answer.findings[0].profile if answer.findings else s.nearest()
    yield "solution", partial(tables.solution, s, answer)
    yield "comparison", lambda: comparison([s, s], compare([s, s], answer.trust))
    yield "long comparison", lambda: comparison([s] * 7, compare([s] * 7, answer.trust))
    for player in range(3):
        yield f"trace {SHIPPED.codes[player]}", lambda player=player: tracing(s, trace(s, player, profile))
    yield "scenario card", partial(cards.scenario_card, s.scenario, model)
    yield "scenario list", partial(cards.scenario_list, [s.scenario])


def every_list(model: Model) -> Iterator[tuple[str, Made]]:
    for kind in ("figure", "parameter", "term", "source", "instrument"):
        yield f"{kind} list", partial(getattr(cards, f"{kind}_list"), model)
    for name in [*few(list(model.ledger.figures)[::9], 5), "ost_trade_ru_cn_2024"]:
        yield name, partial(cards.figure_card, model.ledger[name], model)
    for p in few(list(model.catalogue)[::6], 3):
        yield p.name, partial(cards.parameter_card, p, model)
    for key in [*few(list(model.ledger.sources), 4), "osthold"]:
        yield key, partial(cards.source_card, key, model)
    for name in few(list(model.terms), 3):
        yield name, partial(cards.term_card, name, model, ["relief"])


#: Of the tables of a scenario those that are made in ways of their own; the others are these with more of the same.
DIFFERENT = ("solution", "long comparison", "trace RU", "scenario card", "scenario list")


@pytest.mark.parametrize("name", few(NAMES, 30))
def test_a_scenarios_solution_and_trace_render_at_80_and_160(name: str):
    s = played(name)
    answer = s.solve()
    profile = answer.findings[0].profile if answer.findings else s.nearest()
    made = (tables.solution(s, answer), tracing(s, trace(s, 1, profile)))
    for table, width in product(made, (80, 160)) if LARGE else zip(made, (160, 80), strict=True):
        lines = rendered(table, width).splitlines()
        assert lines and all(cell_len(line) <= width for line in lines)


def test_every_kind_of_table_list_and_card_renders_at_80_and_160():
    model = shipped()
    some = [one for one in every_table(played("chinese_reaction"), model) if LARGE or one[0] in DIFFERENT]
    for (_, made), width in in_turn([*some, *every_list(model)], (80, 160)):
        lines = rendered(made(), width).splitlines()
        assert lines and all(cell_len(line) <= width for line in lines)


def test_a_solution_says_what_is_stable_by_how_much_and_why():
    text = rendered(tables.solution(played("europe_joins"), played("europe_joins").solve()), 200)
    (finding,) = played("europe_joins").solve().findings
    for words in ("stable marriage RU–CN", "bn USD/yr", tables.amount(finding.margin), "Why it holds", "judged:"):
        assert words in text


def test_a_game_without_equilibrium_says_so_and_shows_who_leaves(monkeypatch: pytest.MonkeyPatch):
    if not LARGE:  # orders of moves, which are solved in mixed actions, are told in sentences of their own
        monkeypatch.setattr("triangle.showing.statements.overturned", lambda _: ())
    s = restless()
    answer = s.solve()
    assert not answer.findings
    text = rendered(tables.solution(s, answer), 200)
    assert "Held: US at “contain both”" in text and "As some powers are held, no posture is stable" in text
    assert "Best deviations from" in text
    assert "no pure equilibrium" in rendered(comparison([s], compare([s], answer.trust)), 200)


def test_all_held_is_shown_without_an_infinity():
    s = study(shipped(), read_scenario("baseline", shipped()), {0: 0, 1: 1, 2: 1})
    for name, made in every_table(s, shipped()):
        if name not in DIFFERENT and not LARGE:
            continue
        assert not re.search(r"(?<![a-z])inf(?![a-z])", rendered(made(), 200)), name


def test_several_equilibria_are_all_shown_and_none_preferred():
    model = shipped()
    free = study(model, override(read_scenario("full_package", model), ["europe_joins=1", "reversal_hazard=0"], model))
    many = next(s for s in (free, *(played(name) for name in NAMES)) if len(s.solve().findings) > 1)
    text = rendered(tables.solution(many, many.solve()), 200)
    assert "does not say which of them is played" in text
    assert text.count("Why US ") == len(many.solve().findings)


def test_a_value_that_a_scenario_took_from_elsewhere_is_not_backed_by_the_figures_of_2024():
    """The sizes of 1972 rest on figures of their time; those of the default world stand behind none of them."""
    s = played("nixon_1972")
    text = rendered(tables.solution(s, s.solve()), 400)
    cited = text[text.index("Figures behind the strongest parameters") :]
    changed = {change.parameter for change in s.scenario.all_changes if change.value != change.base}
    kept = {f for p in shipped().catalogue if p.name not in changed for f in p.figures}
    wrong = {f for p in shipped().catalogue if p.name in changed for f in p.figures} - kept
    taken = {change.figure for change in s.scenario.all_changes}
    assert any(f"{name}:" in cited for name in taken if name)
    assert not [name for name in wrong - taken if f"{name}:" in cited]


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ("ost_trade_ru_cn_2024", "parameters “Trade of Russia and China” (trade_ru_cn)"),
        ("ost_gas_contract_max_volume", "bounds “China's gain from trade with Russia” (gain_cn_ru), “Price of"),
        ("tdc_us_senate_cycle", "reversal_hazard"),
        ("ost_sanctions_count_on_russia", "anchors “Sanctions relief offered to Russia” (relief)"),
        ("ost_truman_doctrine_year", "none: context only"),
    ],
)
def test_a_figures_card_says_what_it_is_used_for(figure: str, words: str):
    text = " ".join(rendered(cards.figure_card(shipped().ledger[figure], shipped()), 200).split())
    assert words in text
    assert ("context only" in text) == ("context only" in words)


# ----- strangers' text


@cache
def hostile_model() -> Model:
    """The shipped model with markup in every text of the figures and sources, and behind every parameter."""
    model = shipped()
    ledger = model.ledger
    figures = {
        name: replace(
            figure,
            **{"period": HOSTILE, "caution": HOSTILE, "paraphrase": HOSTILE, "subject": HOSTILE, "of": HOSTILE}
            | ({"locator": HOSTILE} if figure.line is None else {}),
        )
        for name, figure in ledger.figures.items()
    }
    sources = {
        key: replace(source, **dict.fromkeys(("author", "title", "publisher", "date", "note"), HOSTILE))
        for key, source in ledger.sources.items()
    }
    parameters = {p.name: replace(p, because=HOSTILE, meaning=HOSTILE, symbol=HOSTILE) for p in model.catalogue}
    return Model(
        Ledger(MappingProxyType(figures), MappingProxyType(sources), ledger.files),
        replace(model.catalogue, parameters=MappingProxyType(parameters)),
        model.terms,
    )


def hostile_scenario(model: Model) -> Scenario:
    scenario = override(read_scenario("siberia2_relief", model), ["relief=0.9"], model)
    changes = tuple(replace(change, because=HOSTILE, scenario=HOSTILE) for change in scenario.changes)
    return replace(
        scenario, name=HOSTILE, title=HOSTILE, question=HOSTILE, narrative=HOSTILE, author=HOSTILE, changes=changes
    )


def test_hostile_text_breaks_no_table():
    model = hostile_model()
    s = study(model, hostile_scenario(model))
    # By default lists are left out that are shown below, at any width in the same cells as the others.
    long = () if LARGE else ("figure list", "parameter list", "source list", "trace US", "trace CN")
    some = [one for one in (*every_table(s, model), *every_list(model)) if one[0] not in long]
    for (_, made), width in in_turn(some, (160, 80)):
        assert rendered(made(), width)


TEXT_EVERYWHERE = ["solution", "comparison", "long comparison", "scenario card", "scenario list", "trace RU"]


@pytest.mark.parametrize("name", TEXT_EVERYWHERE)
def test_a_scenarios_hostile_text_appears_as_it_was_written(name: str):
    model = shipped()
    s = study(model, hostile_scenario(model))
    text = rendered(dict(every_table(s, model))[name](), 3000)
    assert HOSTILE in text


@pytest.mark.parametrize("name", ["figure list", "parameter list", "source list", "ost_trade_ru_cn_2024", "osthold"])
def test_a_figures_hostile_text_appears_as_it_was_written(name: str):
    assert HOSTILE in rendered(dict(every_list(hostile_model()))[name](), 3000)


def test_a_trace_shows_hostile_cautions_and_places_as_they_were_written():
    model = hostile_model()
    s = study(model, read_scenario("baseline", model))
    text = rendered(tracing(s, trace(s, 1, (0, 1, 1))), 3000)
    assert text.count(HOSTILE) > 20
    assert "[bold]" not in text.replace("[bold]x[/]", "")


def test_faults_are_shown_as_they_were_written():
    report = Report(
        Counts(1, 2, 3, 0, 0), {"figure": 3}, (Fault("a.toml", "[bold]k[/]", "found '[/]'; expected [low, high]"),)
    )
    text = rendered(check_report(report), 200)
    for words in ("[bold]k[/]", "found '[/]'; expected [low, high]", "1 fault"):
        assert words in text


def test_a_check_without_fault_counts_what_was_checked():
    text = rendered(check_report(checks.check()), 200)  # by its module, as other tests ask
    assert "161 figures of the documents" in text and "90 parameters" in text and "no fault" in text


# ----- numbers


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "0.0"),
        (1234.56, "1,234.6"),
        (-1234.56, "-1,234.6"),
        (0.06, "0.1"),
        (-0.06, "-0.1"),
        (0.0123, "0.012"),
        (-10.04, "-10.0"),
        (math.inf, "–"),
    ],
)
def test_an_amount_is_read_with_one_decimal_and_no_minus_before_nothing(number: float, text: str):
    assert tables.amount(number) == text


def test_a_change_of_the_range_alone_leaves_the_backing_as_it_was():
    model = shipped()
    scenario = read_scenario("baseline", model)
    change = mock.Mock(parameter="output_shortfall_ru", base=0.2, value=0.2, because="wider", scenario="s")
    s = study(model, replace(scenario, changes=(change,)))
    assert tables.backing_text(s, model.catalogue["output_shortfall_ru"]) == "figure: ost_crimea_gdp_shortfall"


def test_the_card_of_a_scenario_says_in_what_order_its_players_move():
    scenario = played("baseline").scenario
    assert "→" not in rendered(cards.scenario_card(scenario, shipped()), 200)
    moved = replace(scenario, order=(("US",), ("RU", "CN")))
    assert "US → RU and CN" in rendered(cards.scenario_card(moved, shipped()), 200)
