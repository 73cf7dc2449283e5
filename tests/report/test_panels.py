"""The explorer's panels in a browser: orders, third parties, types and years answer as the commands on them do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from exploring import answered, at_rest, begin_anew, command, found, opened_at, put, values, watched, written
from report.accessible import violations
from strategies import shipped

from triangle.batch.javascript import script
from triangle.cli import main
from triangle.model.model import read_model
from triangle.model.parameters import Values
from triangle.players.cast import SHIPPED
from triangle.questions.path.answer import path_course
from triangle.questions.path.section import departing
from triangle.questions.signal.answer import signal
from triangle.questions.veto.answer import veto
from triangle.report.html import FOLDER
from triangle.report.panels import paths_of
from triangle.scenarios.path import read_path, shipped_paths
from triangle.scenarios.scenario import read_scenario
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.solvers.sequential import all_orders, solve_sequential
from triangle.study.course import one_world, year_payoffs
from triangle.study.load import load
from triangle.study.study import study

NAMES = ("baseline", "tactical_or_genuine")


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    yield from watched(browser, written("en", tmp_path_factory.mktemp("panels"), *NAMES))


@pytest.fixture(autouse=True)
def _as_new(request: pytest.FixtureRequest) -> None:
    if "page" in request.fixturenames:
        begin_anew(request.getfixturevalue("page"))


def panel(page: Any, name: str) -> Any:
    """A panel, unfolded and worked out."""
    one = page.locator(f"[data-panel='{name}']")
    one.evaluate("one => { one.open = true; }")
    at_rest(page)
    return one


def played(words: list[str]) -> list[int]:
    """The outcomes of an order of moves that a command line finds."""
    run = CliRunner().invoke(main, [*words[1:], "--json"])
    assert run.exit_code == 0, run.output
    outcomes = json.loads(run.output)["equilibria"]
    return sorted(
        SHIPPED.index([SHIPPED.actions[i].index(one["profile"][code]) for i, code in enumerate(SHIPPED.codes)])
        for one in outcomes
    )


def test_an_order_of_moves_is_put_in_force_and_its_command_finds_the_same(page: Any):
    order = page.locator("[id$='-order']")
    assert order.locator("option").count() == 13
    for place in (1, 4, 9):
        order.select_option(str(place))
        line = command(page)
        assert line[3] == "--order" and found(page) == played(line)
    address = page.evaluate("location.href")
    page.locator("[id$='hold-0']").select_option("2")
    assert order.locator("option").count() == 3
    page.locator("[data-undo]").click()
    assert page.evaluate("location.href") == address and found(page) == played(line)
    order.select_option("0")
    assert command(page) == ["triangle", "solve", "baseline"]
    assert found(page) == answered(command(page))


def test_every_order_of_moves_is_listed_with_what_follows_from_it(page: Any):
    one = panel(page, "orders")
    rows = one.locator("tbody tr")
    game = study(shipped(), read_scenario("baseline", shipped()))
    outcomes = {solve_sequential(game.game, order).profiles for order in all_orders(3)}
    assert rows.count() == len(outcomes) > 1
    assert one.locator("button.link").count() == 13
    one.locator("button.link").last.click()
    assert command(page)[3] == "--order" and found(page) == played(command(page))


def test_where_fewer_than_two_are_free_there_is_no_order_of_moves(page: Any):
    for player in (0, 1):
        page.locator(f"[id$='hold-{player}']").select_option("1")
    assert page.locator("[id$='-order']").is_disabled()
    assert panel(page, "orders").locator("table").count() == 0


def test_mixed_equilibria_are_those_of_the_method_for_them(page: Any):
    one = panel(page, "mixed")
    run = CliRunner().invoke(main, ["solve", "baseline", "--method", "mixed", "--json"])
    every = json.loads(run.output)["equilibria"]
    mixing = [e for e in every if any(0 < p < 1 for own in e["probabilities"] for p in own)]
    rows = one.locator("tbody tr")
    assert rows.count() == len(mixing) > 0
    for row, each in zip(range(rows.count()), mixing, strict=True):
        shown = rows.nth(row).locator("td").all_text_contents()
        assert shown == [f"{each['payoffs'][code]:,.1f}" for code in SHIPPED.codes]


def test_a_type_is_a_setting_of_parameters_that_is_solved_and_can_be_taken_over(page: Any):
    page.locator(".explorer select").first.select_option("1")
    one = panel(page, "types")
    scenario = read_scenario("tactical_or_genuine", shipped())
    rows = one.locator("table").first.locator("tbody tr")
    assert rows.count() == sum(map(len, scenario.types.values()))
    rows.nth(1).locator("button").click()
    expected = scenario.of_type("RU", "genuine")
    assert {name: values(page)[name] for name in expected} == expected
    assert answered(command(page)) == found(page)
    at_rest(page)
    assert "which it does not know" in one.text_content()


def test_what_an_acceptance_tells_is_what_signal_says_over_prior_and_watch(page: Any):
    page.locator(".explorer select").first.select_option("1")
    one = panel(page, "types")
    over = signal(load("tactical_or_genuine"), samples=16).maps[0]
    for column, row in ((0, 0), (20, 7), (40, 40)):
        for slider, place in ((0, column), (1, row)):
            one.locator("input[type=range]").nth(slider).fill(str(place))
        said = one.locator("p[role=status]").text_content()
        kind = read_phrases("en", SHIPPED).word(f"signal.kind.{over.kinds[row][column]}")
        after = over.posterior[row][column]
        assert kind in said and ("%" in said) == (after is not None)


def test_the_years_are_those_of_the_path_and_a_year_can_be_taken_over(page: Any):
    one = panel(page, "years")
    model = read_model()
    paths = [read_path(name, model) for name in shipped_paths(SHIPPED)]
    assert one.locator("select").first.locator("option").count() == sum(p.scenario.name == "baseline" for p in paths)
    one.locator("input[type=range]").fill("12")
    at_rest(page)
    said = one.locator("[data-year='2037']").text_content()
    one.locator("button").last.click()
    assert answered(command(page)) == found(page)
    at_rest(page)
    titles = [shown.partition(": ")[2] for shown in page.locator(".sim-cards figcaption strong").all_text_contents()]
    assert titles and all(title in said for title in titles)
    page.locator("[data-undo]").click()
    assert command(page) == ["triangle", "solve", "baseline"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing_in_the_panels(page: Any, scheme: str):
    for place, names in ((0, ("mixed", "orders", "years")), (1, ("types",))):
        page.locator(".explorer select").first.select_option(str(place))
        for name in names:
            panel(page, name)
        assert violations(page, scheme, ".sim-more") == []


def test_europes_choice_is_worth_what_veto_says(browser: Any, tmp_path: Path):
    opened = opened_at(browser, written("en", tmp_path, "europe_chooses").as_uri())
    rows = panel(opened, "choices").locator("tbody tr")
    answer = veto(load("europe_chooses"), "EU")
    assert rows.count() == len(answer.courses)
    for place, course in enumerate(answer.courses):
        cells = rows.nth(place).locator("td").all_text_contents()
        assert rows.nth(place).locator("td").first.locator("div").count() == len(course.outcomes)
        for player in range(4):
            low, high = answer.worth(course, player) or (0.0, 0.0)
            ends = [one.payoffs[player] for one in course.outcomes]
            shown = [f"{u:,.1f}" for u in (min(ends), max(ends))] if place == 0 else [signed(low), signed(high)]
            assert cells[1 + player] == (shown[0] if shown[0] == shown[1] else " to ".join(shown))
    put(opened, "relief", 0.9)
    opened.locator("[id$='hold-3']").select_option("0")
    at_rest(opened)
    assert opened.locator("[data-panel='choices']").is_hidden() and opened.said == []
    opened.close()


def signed(amount: float) -> str:
    return f"{amount:+,.1f}" if round(amount, 1) else "0.0"


PAYOFFS = """([shape, world, path, asked]) => {
  const model = new triangle.Model(triangle.made, new triangle.Game(shape), []);
  return asked.map(([year, levels]) => {
    const set = Object.fromEntries(triangle.setOfYear(path, year, levels));
    return model.solve(model.values(world, set)).map((own) => [...own]);
  });
}"""


def test_what_is_shown_of_a_path_is_its_course_in_the_world_of_the_given_values():
    one = load("baseline")
    m = Material((one,), read_phrases("en", SHIPPED), 16, 0)
    places = {parameter: place for place, parameter in enumerate(one.scenario.values)}
    for path, each in list(zip(departing(m, one), paths_of(m, one, places), strict=True))[:3]:
        for shown, year in zip(each["years"], path_course(path, one.model, samples=1).years, strict=True):
            chances = [band.mean for band in year.configurations if band.mean > 5e-7]
            assert [chance for chance in shown["chances"] if chance] == pytest.approx(chances, abs=1e-6)
            for state, place, mean in zip(path.states, shown["levels"], year.levels, strict=True):
                assert abs(state.levels[place] - mean) == min(abs(level - mean) for level in state.levels)


def test_the_games_of_years_and_states_are_those_of_each_path(browser: Any):
    model = shipped()
    one = study(model, read_scenario("baseline", model))
    written_out = script(model.terms, Values(model.catalogue.defaults(), model.cast), model.catalogue.following)
    places = {parameter: place for place, parameter in enumerate(written_out.names)}
    m = Material((one,), read_phrases("en", SHIPPED), 16, 0)
    sent = paths_of(m, one, places)
    world = written_out.world(one.scenario.values, one.scenario.following)
    opened = browser.new_page()
    for file in ("game.js", "panels.js"):
        opened.add_script_tag(content=(FOLDER / file).read_text(encoding="utf-8"))
    opened.evaluate(f"() => {{ triangle.made = {written_out.text}; }}")
    rng = np.random.default_rng(5)
    assert len(sent) == len(departing(m, one)) > 3
    for path, each in zip(departing(m, one), sent, strict=True):
        shape = [len(state.levels) for state in path.states]
        year = int(rng.integers(len(path.years)))
        states = rng.integers(np.prod(shape), size=12)
        asked = [(year, [int(level) for level in np.unravel_index(state, shape)]) for state in states]
        payoffs = year_payoffs(path, one.model, one_world(path), path.first + year)
        for state, shown in zip(states, opened.evaluate(PAYOFFS, [one.cast.shape, world, each, asked]), strict=True):
            assert np.allclose(shown, payoffs[..., state, 0].reshape(3, -1), rtol=1e-9, atol=1e-9), path.name
    opened.close()
