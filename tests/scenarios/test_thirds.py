"""Scenario and triad files with third parties: what they mean, and every mistake that a file can hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from budgets import few
from strategies import shipped

from triangle.base.errors import BadInput
from triangle.model.model import read_model
from triangle.players.cast import SHIPPED
from triangle.players.thirds import PlayerTable
from triangle.scenarios.scenario import Scenario, override, read_scenario, shipped_names
from triangle.study.load import load
from triangle.study.study import alone_of, study

EUROPE = """
[player.EU]
name = "Europe"
actions = { keep = { europe_joins = 0 }, join = { europe_joins = 1 } }
terms = ["eu_reopening", "eu_security"]
because = "Judged: as a whole or not at all"
"""


def written(path: Path, rest: str = EUROPE, base: str = "baseline") -> Path:
    path.write_text(
        f'title = "T"\nquestion = "Q?"\nauthor = "A"\ndate = 2025-01-01\nbase = "{base}"\nnarrative = "N"\n{rest}',
        encoding="utf-8",
    )
    return path


def read(path: Path, rest: str = EUROPE, base: str = "baseline") -> Scenario:
    return read_scenario(written(path / "own.toml", rest, base), shipped())


def test_a_file_names_a_player_and_what_it_chooses_is_a_parameter_no_longer(tmp_path: Path):
    scenario = read(tmp_path)
    (europe,) = scenario.players
    assert (europe.code, europe.actions, europe.adjective) == ("EU", ("keep", "join"), "Europe")
    assert "europe_joins" not in scenario.values and "closed_trade_eu" in scenario.values
    assert study(shipped(), scenario).cast.codes == ("US", "RU", "CN", "EU")
    assert not read_scenario("baseline", shipped()).players


def test_its_stakes_can_be_set_in_the_file_and_over_it_and_it_can_be_held(tmp_path: Path):
    rest = '[changes.closed_trade_eu]\nvalue = 40\nbecause = "Judged"\n[play]\nhold = { EU = "join" }\n' + EUROPE
    scenario = read(tmp_path, rest)
    assert scenario.values["closed_trade_eu"] == 40.0 and dict(scenario.hold) == {"EU": "join"}
    assert override(scenario, ["closed_trade_eu=50"], shipped()).values["closed_trade_eu"] == 50.0
    assert load(tmp_path / "own.toml").hold == {3: 1}
    assert load(tmp_path / "own.toml", hold={"EU": "free"}).hold == {}


def test_a_base_hands_its_players_on_and_a_file_over_it_may_replace_one(tmp_path: Path):
    written(tmp_path / "first.toml")
    rest = '[changes.relief]\nvalue = 1.0\nbecause = "Judged"\n'
    over = read_scenario(written(tmp_path / "second.toml", rest, "first"), shipped())
    assert [p.code for p in over.players] == ["EU"]
    again = read_scenario(written(tmp_path / "third.toml", EUROPE.replace('"eu_reopening", ', ""), "second"), shipped())
    assert again.players[0].terms == ("eu_security",) and "closed_trade_eu" not in again.values
    assert again.values["relief"] == 1.0
    with pytest.raises(BadInput, match="nothing is changed"):
        read_scenario(written(tmp_path / "fourth.toml", EUROPE, "first"), shipped())


def test_a_triad_file_may_name_a_player_who_plays_in_all_its_scenarios(tmp_path: Path):
    folder = Path(read_model().catalogue.file)  # where the shipped parameters stand, as a file says it
    parts = "".join(
        f'[{part}]\ncode = "{code}"\ncountry = "{country}"\nadjective = "{adjective}"\n'
        for part, code, country, adjective in zip(
            ("wooer", "wooed", "rival"), SHIPPED.codes, SHIPPED.countries, SHIPPED.adjectives, strict=True
        )
    )
    from triangle.model.parameters import SHIPPED as PARAMETERS
    from triangle.scenarios.scenario import SHIPPED as SCENARIOS

    assert folder.name == PARAMETERS.name
    terms = ", ".join(f'"{name}"' for name in load("europe_chooses").scenario.players[0].terms)
    whole = EUROPE.replace('"eu_reopening", "eu_security"', terms)
    files = f'[files]\nparameters = "{PARAMETERS}"\nscenarios = "{SCENARIOS}"\n'
    (tmp_path / "triad.toml").write_text(f'title = "With Europe"\n{parts}{files}{whole}', encoding="utf-8")
    model = read_model(triad=tmp_path / "triad.toml")
    assert model.cast.codes == ("US", "RU", "CN", "EU")
    found = load("baseline", model=model)
    assert found.payoffs.shape == (4, 4, 4, 4, 2)
    assert (found.payoffs == load("europe_chooses").payoffs).all()


def test_an_action_may_name_where_a_parameter_stands_or_an_end_of_its_range(tmp_path: Path):
    allies = """
[player.AL]
name = "allies"
terms = ["al_cover"]
because = "Judged"
[player.AL.actions]
trust = { trusts_al = 1, ally_commitment = "default" }
restrict = { trusts_al = 0, ally_commitment = "low" }
proud = { trusts_al = 1, ally_commitment = "high" }
"""
    (party,) = read(tmp_path, allies).players
    p = shipped().catalogue["ally_commitment"]
    assert [setting.values for setting in party.settings] == [(1.0, 0.0, 1.0), (p.default, p.low, p.high)]
    with pytest.raises(BadInput, match=r"found 'usual'; expected a number.*, or default, low or high"):
        read(tmp_path, allies.replace('"default"', '"usual"'))
    with pytest.raises(BadInput, match="unknown parameter 'ally_comitment'; did you mean 'ally_commitment'"):
        read(tmp_path, allies.replace("ally_commitment", "ally_comitment"))
    same = allies.replace("trusts_al = 0", "trusts_al = 1").replace('"low"', str(p.default))
    with pytest.raises(BadInput, match="restrict sets what trust sets"):
        read(tmp_path, same)


def decided() -> list[str]:
    """The shipped scenarios in which a third party chooses."""
    return [name for name in shipped_names(SHIPPED) if read_scenario(name, shipped()).players]


@pytest.mark.parametrize("name", few(decided(), 2))
def test_held_at_each_action_every_third_party_of_every_scenario_leaves_todays_game_to_the_last_bit(name: str):
    played = load(name)
    alone = alone_of(played)
    for actions in np.ndindex(*played.cast.shape[3:]):
        sets = {s.parameter: s.values[a] for p, a in zip(played.cast.thirds, actions, strict=True) for s in p.settings}
        own = [f"{parameter}={value!r}" for parameter, value in sets.items() if parameter in alone.scenario.values]
        today = study(alone.model, override(alone.scenario, own, alone.model), alone.hold)
        there = (slice(3), ..., *actions)
        assert np.array_equal(played.payoffs[there], today.payoffs), (name, actions)
        for term, part in today.terms.items():
            assert np.array_equal(played.terms[term][there], part), (name, actions, term)
        held = load(name, hold=played.cast.named_some(dict(enumerate(actions, 3))))
        found = [f.profile[:3] for f in held.solve().findings]
        assert found == [f.profile for f in today.solve().findings]


WRONG = {
    "unknown_key": ("because = ", "reason = ", "player.EU.reason"),
    "no_reason": ('because = "Judged: as a whole or not at all"', "", "player.EU.because: missing"),
    "one_action": (", join = { europe_joins = 1 }", "", "expected from 2 to 4 actions"),
    "no_table": ("{ keep = { europe_joins = 0 }, join = { europe_joins = 1 } }", "3", "found 3; expected from 2 to 4"),
    "number": ("europe_joins = 1", 'europe_joins = "all"', "found 'all'; expected a number"),
    "not_finite": ("europe_joins = 1", "europe_joins = nan", "expected a finite number"),
    "truth": ("europe_joins = 1", "europe_joins = true", "found True; expected a number"),
    "different": ("join = { europe_joins = 1 }", "join = { relief = 1 }", "set different parameters"),
    "same": ("europe_joins = 1", "europe_joins = 0", "join sets what another action sets"),
    "free": ("keep =", "free =", "not 'free'"),
    "no_settings": ("{ europe_joins = 0 }", "{}", "expected from 1 to 8 parameters"),
    "action": ("keep =", '"Keep it" =', "expected small letters and underscores"),
    "unknown": ("europe_joins", "europe_join", "did you mean 'europe_joins'"),
    "bounds": ("europe_joins = 1", "europe_joins = 1.5", r"player.EU.actions.join: found 1.5; europe_joins must be"),
    "no_terms": ('["eu_reopening", "eu_security"]', "[]", "at least one"),
    "twice": ('["eu_reopening", "eu_security"]', '["eu_security", "eu_security"]', "each once"),
    "term": ("eu_security", "eu_securty", "did you mean 'eu_security'"),
    "long_name": ('"Europe"', f'"{"E" * 41}"', "at most 40 characters"),
    "power": ("player.EU", "player.RU", "RU is one of the three powers"),
    "code": ("player.EU", "player.Europe", "two or three capital letters"),
    "of_another": ("europe_joins", "sells_ir", "unknown parameter 'sells_ir'"),
    "of_a_power": ("eu_security", "contest", "unknown payoff term of EU 'contest'"),
    "five_actions": ("keep =", "a = {}, b = {}, c = {}, keep =", "expected from 2 to 4 actions"),
    "control": ('"Europe"', '"Eu\\u0007rope"', "control character"),
    "country": ('name = "Europe"', 'name = "China"', "the name of another player"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_mistake_in_a_players_table_is_answered_where_it_stands(wrong: str, tmp_path: Path):
    found, instead, message = WRONG[wrong]
    assert found in EUROPE
    with pytest.raises(BadInput, match=message) as raised:
        read(tmp_path, EUROPE.replace(found, instead))
    assert "own.toml: player" in str(raised.value)


def test_what_a_player_chooses_nobody_else_sets(tmp_path: Path):
    set_too = '[changes.europe_joins]\nvalue = 1.0\nbecause = "Judged"\n'
    with pytest.raises(BadInput, match=r"changes.europe_joins: is what EU chooses here, by keep or join"):
        read(tmp_path, set_too + EUROPE)
    with pytest.raises(BadInput, match="sets europe_joins, which europe_joins sets too; take a base that leaves it"):
        read(tmp_path, EUROPE, "europe_joins")
    with pytest.raises(BadInput, match=r"europe_joins: is what EU chooses here.*as EU=keep"):
        load("europe_chooses", settings={"europe_joins": 1.0})
    lifted = '[instruments]\nrelief = ["payments"]\neurope = ["payments"]\nbecause = "Judged"\n'
    with pytest.raises(BadInput, match="is what EU chooses here"):
        read(tmp_path, lifted + EUROPE)


def test_an_order_of_moves_of_the_base_has_no_place_for_a_new_player(tmp_path: Path):
    rest = '[play]\norder = ["US", ["RU", "CN"]]\n'
    written(tmp_path / "ordered.toml", rest)
    with pytest.raises(BadInput, match=r"play.order: missing; the base's leaves out some of US, RU, CN, EU"):
        read(tmp_path, EUROPE, "ordered")
    own = read(tmp_path, '[play]\norder = ["EU", "US", ["RU", "CN"]]\n' + EUROPE, "ordered")
    assert own.order == (("EU",), ("US",), ("RU", "CN"))


def test_a_table_of_a_player_is_checked_when_it_is_made_by_hand_too():
    with pytest.raises(ValueError, match="actions: found"):
        PlayerTable(name="E", actions={}, terms=("eu_security",), because="Judged")
