"""The shipped scenarios: sound, traceable, each change with an effect, and nothing computed from what is expected."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from budgets import few
from each import of_each
from numpy.typing import NDArray

from triangle.base.errors import BadInput
from triangle.games.normal_form import TOLERANCE, NormalFormGame, margins
from triangle.model.model import read_model
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.cast import SHIPPED
from triangle.players.notation import parse_hold
from triangle.scenarios.scenario import Scenario, read_scenario, shipped_names, themed
from triangle.scenarios.stack import stack
from triangle.solvers.pure import solve_pure
from triangle.study.study import study

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
NAMES = shipped_names(SHIPPED)
MODEL = read_model()
SCENARIOS = {name: read_scenario(name, MODEL) for name in NAMES}
each_scenario = of_each("scenario", SCENARIOS.values(), told=lambda scenario: scenario.name)

#: The documents' scenarios that must be there, by the file that plays them.
REQUIRED = {
    "S01": "courting_2025",
    "S02": "full_package",
    "S03": "european_veto",
    "S04": "europe_joins",
    "S05": "tactical_acceptance",
    "S06": "conditional_relief",
    "S07": "quick_peace",
    "S08": "attrition",
    "S09": "china_overtakes",
    "S10": "nixon_1972",
    "S11": "rift_shock",
    "S12": "tanker_sanctions",
    "S13": "bank_squeeze",
    "S14": "secondary_tariff",
    "S15": "trade_war",
    "S16": "double_pressure",
    "S17": "siberia2",
    "S18": "siberia2_relief",
    "S19": "diversification",
    "S20": "middle_east_shock",
    "S21": "election_reversal",
    "S22": "alliance_cascade",
    "S23": "perceived_weakness",
    "S26": "third_links",
    "S27": "china_bill",
    "S28": "junior_partner",
    "S29": "lock_in",
    "S31": "chinese_reaction",
    "S32": "two_front",
    "S33": "pivot_2014",
    "S34": "dedollarisation",
}


@pytest.fixture
def scenarios() -> dict[str, Scenario]:
    return SCENARIOS


def payoffs_of(scenario: Scenario, **other: float) -> NDArray[np.float64]:
    """The payoffs of a scenario, some of its values being others."""
    model = MODEL.joined_by(scenario.players)
    return payoff_tensor(Values({**scenario.values, **other}, model.cast), model.terms)


def game(scenario: Scenario) -> NormalFormGame:
    """The game of a scenario with its held players."""
    return NormalFormGame(payoffs_of(scenario)).hold(MODEL.joined_by(scenario.players).cast.numbered(scenario.hold))


def test_enough_scenarios_and_the_documents_own_among_them():
    assert len(NAMES) >= 26
    assert NAMES[0] == "baseline"
    assert set(REQUIRED.values()) <= set(NAMES)


@of_each(("id_", "name"), REQUIRED.items())
def test_says_which_scenario_of_the_documents_it_plays(id_: str, name: str, scenarios: dict[str, Scenario]):
    assert id_ in re.findall(r"S\d\d", scenarios[name].expect_source)


@each_scenario
def test_is_signed_told_and_backed(scenario: Scenario):
    assert scenario.author == "The triangle authors"
    assert scenario.question.endswith("?")
    assert 3 <= len(scenario.narrative.strip().splitlines()) <= 6
    assert scenario.claims
    assert scenario.expect
    assert re.search(r"S\d\d;.*lines? \d", scenario.expect_source), "the documents and lines of the expectation"


@each_scenario
def test_figures_exist_and_those_taken_as_values_are_listed(scenario: Scenario):
    assert scenario.figures
    assert set(scenario.figures) <= set(MODEL.ledger.figures)
    taken = {change.figure for change in scenario.changes if change.figure}
    assert taken <= set(scenario.figures)


@each_scenario
def test_every_change_has_a_reason(scenario: Scenario):
    for change in scenario.changes:
        assert len(change.because.split()) >= 2, change.parameter


@of_each("scenario", few([*SCENARIOS.values()], 3), told=lambda scenario: scenario.name)
def test_every_change_moves_some_payoff(scenario: Scenario):
    """Taken back alone, each change makes a difference somewhere; none is there for show."""
    whole = payoffs_of(scenario)
    undone = {c.parameter: payoffs_of(scenario, **{c.parameter: c.base}) for c in scenario.changes}
    idle = [name for name, payoffs in undone.items() if np.array_equal(whole, payoffs)]
    assert not idle


@each_scenario
def test_values_stay_within_their_sweep_ranges_and_hard_bounds(scenario: Scenario):
    catalogue = MODEL.joined_by(scenario.players).catalogue
    for name, value in scenario.values.items():
        low, high = scenario.ranges[name]
        assert low <= value <= high, name
        assert all(catalogue[name].admits(number) for number in (value, low, high)), name


@each_scenario
def test_bases_chain_to_the_baseline(scenario: Scenario, scenarios: dict[str, Scenario]):
    chain = [scenario.name]
    while (base := scenarios[chain[-1]].base) is not None:
        chain.append(base)
    assert chain[-1] == "baseline"


@each_scenario
def test_a_hold_is_explained(scenario: Scenario):
    """Whoever is held is named in the narrative, with the word."""
    if scenario.hold:
        assert re.search(r"\bheld\b", scenario.narrative)
    elif scenario.base is not None:
        assert re.search(r"[Nn]obody\s+is\s+held", scenario.narrative)


@each_scenario
def test_its_pure_equilibria_are_those_of_the_margins_or_it_is_said_that_there_are_none(scenario: Scenario):
    played = game(scenario)
    solution = solve_pure(played)
    stable = {tuple(profile) for profile in np.argwhere(margins(played.payoffs) >= -TOLERANCE).tolist()}
    assert {equilibrium.profile for equilibrium in solution.equilibria} == stable
    assert solution.equilibria or solution.advice


def test_no_two_scenarios_are_the_same_game(scenarios: dict[str, Scenario]):
    """A gesture is part of the game: where one is told of, the payoffs may be those of another scenario."""
    games = {
        (payoffs_of(s).tobytes(), tuple(sorted(s.hold.items())), s.order, repr(s.gesture)) for s in scenarios.values()
    }
    assert len(games) == len(scenarios)


def test_nothing_is_computed_from_what_is_expected(tmp_path: Path, scenarios: dict[str, Scenario]):
    """Without their expectations the files give the same games."""
    for name in NAMES:
        text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
        bare, cut = re.subn(r"(?ms)^\[expect\]\n(?:[^\[\n].*\n?)*", "", text)
        assert cut == 1, name
        (tmp_path / f"{name}.toml").write_text(bare, encoding="utf-8")
    for name, shipped in few([*scenarios.items()], 3):
        bare = read_scenario(tmp_path / f"{name}.toml", MODEL)
        assert bare.expect == bare.expect_source == ""
        for part in ("values", "ranges", "changes", "inherited", "order", "hold"):
            assert getattr(bare, part) == getattr(shipped, part), (name, part)
        assert np.array_equal(game(bare).payoffs, game(shipped).payoffs)


@pytest.mark.parametrize("floor", ["model", "games", "solvers", "evidence"])
def test_what_computes_does_not_name_expectations(floor: str):
    for path in (ROOT / "triangle" / floor).rglob("*.py"):
        assert not re.search(r"\.expect(_source)?\b", path.read_text(encoding="utf-8")), path.name


def test_switching_the_measure_of_capability_changes_nothing_else(scenarios: dict[str, Scenario]):
    for name in ("capability_cinc", "capability_military"):
        changed = {change.parameter for change in scenarios[name].changes}
        assert changed == {f"capability_{holder}" for holder in ("us", "ru", "cn", "allies")}


def test_1972_rests_on_figures_of_its_time_and_says_what_is_judged(scenarios: dict[str, Scenario]):
    changes = {change.parameter: change for change in scenarios["nixon_1972"].changes}
    for parameter in [f"{size}_{holder}" for size in ("gdp", "capability") for holder in ("us", "ru", "cn")]:
        assert (changes[parameter].figure or "").endswith("_1972")
    ledger = MODEL.ledger
    to_2011 = ledger["ext_price_multiple_us_1972_2024"].number / ledger["ext_price_multiple_us_2011_2024"].number
    for parameter, figure in {
        "trade_us_cn": "ext_trade_us_cn_1972",
        "trade_us_ru": "ext_trade_us_ru_1972",
        "trade_ru_cn": "ext_trade_ru_cn_1969",
    }.items():
        assert changes[parameter].value == pytest.approx(ledger[figure].number * to_2011, rel=0.01)
    for parameter, change in changes.items():
        if parameter.startswith(("stake_", "rivalry_cost_", "order_value_")):
            assert change.because.startswith("Judged: ")


def test_computed_values_are_computed_from_their_figures(scenarios: dict[str, Scenario]):
    """The numbers whose reason says `Computed` follow from the ledger."""

    def value(scenario: str, parameter: str) -> float:
        return scenarios[scenario].values[parameter]

    def figure(name: str) -> float:
        return MODEL.ledger[name].number

    gas = figure("ost_gas_to_china_target_2030") - figure("ost_gas_contract_max_volume")
    assert value("siberia2", "pipeline_volume") == gas
    assert value("election_reversal", "reversal_hazard") == 1 / (2 * figure("tdc_us_senate_cycle"))
    local = figure("tdc_local_banks_refusing_share")
    halfway = 0.5 * (value("baseline", "secondary_sanctions") + local)
    assert value("bank_squeeze", "secondary_sanctions") == pytest.approx(halfway, abs=0.005)
    lost = 1 - figure("ext_trade_us_ru_2016") / figure("ext_trade_us_ru_2013")
    assert value("pivot_2014", "choke_us_ru") == pytest.approx(lost, abs=0.02)
    growth = figure("ext_gdp_us_2024") / figure("ext_gdp_cn_2024")
    world = 1 + (growth - 1) * value("baseline", "capability_cn") / 100
    for holder, factor in {"us": 1, "ru": 1, "cn": growth, "allies": 1}.items():
        name = f"capability_{holder}"
        assert value("china_overtakes", name) == pytest.approx(value("baseline", name) * factor / world, abs=0.06)


def test_the_readme_lists_exactly_the_shipped_scenarios(scenarios: dict[str, Scenario]):
    rows = re.findall(r"(?m)^\| \[`(\w+)`\]\((\w+)\.toml\) \| (.+) \|$", README)
    assert sorted(name for name, _, _ in rows) == sorted(NAMES)
    for name, file, question in rows:
        assert file == name
        assert question == scenarios[name].question


def test_the_example_in_the_readme_loads(tmp_path: Path):
    (example,) = re.findall(r"(?s)```toml\n(.*?)```", README)
    path = tmp_path / "example.toml"
    path.write_text(example, encoding="utf-8")
    scenario = read_scenario(path, MODEL)
    assert {change.parameter for change in scenario.changes} == {"relief", "dependence_ru_cn"}
    assert scenario.hold == {"US": "court_russia"}
    assert scenario.base == "baseline"


def test_the_order_in_the_readme_loads(tmp_path: Path):
    (order,) = re.findall(r"`(order = .*?)`", README)
    (example,) = re.findall(r"(?s)```toml\n(.*?)```", README)
    path = tmp_path / "example.toml"
    path.write_text(example.replace("[play]", f"[play]\n{order}"), encoding="utf-8")
    assert read_scenario(path, MODEL).order == (("US",), ("RU", "CN"))


def over(folder: Path, base: str, play: str) -> Path:
    """A scenario file over a base with a [play] table and no change."""
    head = 'title = "t"\nquestion = "q?"\nauthor = "a"\ndate = 2029-01-20\nnarrative = "n"\n'
    path = folder / f"over_{base}.toml"
    path.write_text(f'{head}base = "{base}"\n[play]\n{play}\n', encoding="utf-8")
    return path


HELD = [name for name, scenario in SCENARIOS.items() if scenario.hold]


@pytest.mark.parametrize("name", HELD)
def test_whoever_a_base_holds_is_let_go_by_a_file_and_by_hand_alike(name: str, tmp_path: Path):
    base = read_scenario(name, MODEL)
    play = ", ".join(f'{player} = "free"' for player in base.hold)
    scenario = read_scenario(over(tmp_path, name, f"hold = {{ {play} }}"), MODEL)
    by_hand = study(MODEL, base, parse_hold([f"{player}=free" for player in base.hold], SHIPPED))
    assert scenario.hold == {} and by_hand.hold == {} and scenario.released == tuple(base.hold)
    assert study(MODEL, scenario).solve() == by_hand.solve()


@pytest.mark.parametrize("name", HELD)
def test_an_empty_hold_over_a_base_that_holds_is_an_error_that_says_how_to_let_go(name: str, tmp_path: Path):
    play = ", ".join(f'{player} = "free"' for player in read_scenario(name, MODEL).hold)
    with pytest.raises(BadInput, match="empty table.*" + re.escape(f"write hold = {{ {play} }}")):
        read_scenario(over(tmp_path, name, "hold = {}"), MODEL)


def test_a_player_let_go_stays_free_when_the_scenario_is_laid_over_one_that_holds_it(tmp_path: Path):
    free = read_scenario(over(tmp_path, "courting_2025", 'hold = { US = "free" }'), MODEL)
    held = read_scenario("full_package", MODEL)
    laid, conflicts = stack([held, free])
    assert laid.hold == {} and laid.released == ("US",)
    assert ("hold US", "court_russia", "free") in {(c.what, c.first_value, c.later_value) for c in conflicts}
    assert stack([free, held])[0].hold == {"US": "court_russia"}


def test_a_player_held_again_after_it_was_let_go_is_held(tmp_path: Path):
    free = over(tmp_path, "courting_2025", 'hold = { US = "free" }')
    again = read_scenario(over(tmp_path, free.stem, 'hold = { US = "engage_both" }'), MODEL)
    assert again.hold == {"US": "engage_both"} and again.released == ()


def test_a_course_over_years_is_named_as_one_where_a_scenario_is_asked_for():
    with pytest.raises(BadInput, match="path_europe is a course over years; ask triangle path path_europe"):
        read_scenario("path_europe", read_model())


def test_scenarios_are_listed_by_the_themes_of_their_page():
    page = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")
    shown = page.split("## Shipped scenarios")[1].split("\n## ")[0]
    themes = {
        part.splitlines()[0].strip(): re.findall(r"^\| \[`(\w+)`\]", part, re.MULTILINE)
        for part in shown.split("\n### ")[1:]
    }
    assert themed(shipped_names(SHIPPED)) == themes
