"""Third parties: what a lever was becomes a player's choice, exactly, and hostile players are answered."""

from __future__ import annotations

import inspect
import tomllib
from itertools import permutations
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import referees
from budgets import LARGE, in_turn
from click.testing import CliRunner
from strategies import pure_by_definition, shipped

from triangle.base.errors import BadInput
from triangle.batch.equilibria import sweep_margins, sweep_masks, sweep_payoffs
from triangle.cli import main
from triangle.games.bitboards import equilibrium_masks, profiles_of
from triangle.games.normal_form import is_nash, margins
from triangle.model.model import Model
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor, payoff_terms
from triangle.model.terms import QUESTIONS, Payoffs, answers
from triangle.model.third_terms import THIRD_TERMS, terms_of
from triangle.model.thirds import SHIPPED as PARAMETERS
from triangle.model.thirds import joined, with_all
from triangle.players.cast import SHIPPED
from triangle.players.stances import Stances
from triangle.players.thirds import MOST_PROFILES, Setting, ThirdParty
from triangle.study.load import load

EUROPE = ThirdParty(
    "EU",
    "Europe",
    "Europe",
    "European",
    ("keep", "join"),
    (Setting("europe_joins", (0.0, 1.0)),),
    ("eu_reopening", "eu_security"),
    "Judged: as a whole or not at all",
)


def party(
    code: str, settings: dict[str, tuple[float, ...]], actions: int = 2, terms: tuple[str, ...] = ()
) -> ThirdParty:
    names = tuple(f"act_{chr(97 + k)}" for k in range(actions))
    chosen = tuple(Setting(name, values) for name, values in settings.items())
    return ThirdParty(code, code.title(), code.title(), code.title(), names, chosen, terms, "Judged")


#: Players beside Europe who are there for the arithmetic: whom nothing pays.
WAR, ALLIES = party("UA", {"war_intensity": (1.0, 0.0)}), party("AL", {"ally_commitment": (0.6, 0.3, 0.1)}, 3)


def drawn(model: Model, size: int, seed: int = 0) -> Values:
    """Draws of every parameter within its range."""
    generator = np.random.default_rng(seed)
    return Values({p.name: generator.uniform(p.low, p.high, size) for p in model.catalogue}, model.cast)


def other_world(values: Values, model: Model, **settings: float) -> Values:
    """The same draws in the model of the three, with the levers where an action sets them."""
    numbers = {name: column for name, column in values.numbers.items() if name in model.catalogue.parameters}
    return Values({**numbers, **settings}, model.cast)


PAIRS = in_turn(list(permutations((EUROPE, WAR, ALLIES), 2)), ["first", "second"])


@pytest.mark.parametrize(("parties", "form"), PAIRS if LARGE else PAIRS[:3])
def test_held_at_its_actions_third_parties_leave_todays_game_to_the_last_bit(
    parties: tuple[ThirdParty, ...], form: str
):
    model = joined(shipped().with_form(form), parties)
    values = drawn(model, 20)
    payoffs, terms = payoff_tensor(values, model.terms), payoff_terms(values, model.terms)
    assert payoffs.shape == (5, 4, 4, 4, *(len(p.actions) for p in parties), 20)
    for place in np.ndindex(*model.cast.shape[3:]):
        sets = {s.parameter: s.values[a] for p, a in zip(parties, place, strict=True) for s in p.settings}
        today = other_world(values, shipped(), **sets)
        at = (slice(3), slice(None), slice(None), slice(None), *place)
        assert np.array_equal(payoffs[at], payoff_tensor(today, shipped().with_form(form).terms))
        for name, part in payoff_terms(today, shipped().with_form(form).terms).items():
            assert np.array_equal(terms[name][at], part), name


def test_held_at_an_action_the_equilibria_and_margins_are_todays():
    model = joined(shipped(), (EUROPE,))
    values = drawn(model, 300 if LARGE else 60)
    for action, share in enumerate(EUROPE.settings[0].values):
        today = other_world(values, shipped(), europe_joins=share)
        held = model.cast.sets.wholes(sweep_masks(values, model.terms, hold={3: action}))
        for mask, alone in zip(held, sweep_masks(today, shipped().terms), strict=True):
            assert profiles_of(mask) == [2 * profile + action for profile in profiles_of(alone)]
        profiles = list(range(0, 64, 7))
        found = sweep_margins(values, [2 * p + action for p in profiles], model.terms, hold={3: action})
        assert np.allclose(found, sweep_margins(today, profiles, shipped().terms), atol=1e-9)


def test_without_third_parties_a_model_is_the_one_that_it_was():
    model = joined(shipped(), (EUROPE,))
    assert shipped().joined_by(()) is shipped() and model.joined_by(()) is shipped() is model.alone
    assert model.joined_by((EUROPE,)) is model
    assert not THIRD_TERMS.keys() & shipped().terms.keys()
    assert not [name for name in shipped().catalogue.parameters if name.endswith("_eu")]
    assert model.with_form("first").alone.terms == shipped().with_form("first").terms
    assert list(model.with_form("first").terms) == [*shipped().with_form("first").terms, *EUROPE.terms]


def test_a_model_has_the_parameters_that_its_third_terms_read_and_no_others():
    one = joined(shipped(), (ThirdParty(**{**vars(EUROPE), "terms": ("eu_reopening",)}),))
    assert set(one.catalogue.parameters) - set(shipped().catalogue.parameters) == {
        "closed_trade_eu",
        "gain_eu",
    }
    assert "europe_joins" not in one.catalogue.parameters and one.cast.chosen == {"europe_joins": 3}


@pytest.mark.parametrize("parties", [(EUROPE,), (EUROPE, ALLIES), *([(ALLIES, EUROPE, WAR)] if LARGE else [])], ids=len)
def test_the_fused_kernel_finds_what_the_tensor_and_the_definition_find(parties: tuple[ThirdParty, ...]):
    model = joined(shipped(), parties)
    values = drawn(model, 40, seed=len(parties))
    payoffs = payoff_tensor(values, model.terms)
    masks = sweep_masks(values, model.terms)
    assert np.array_equal(masks, equilibrium_masks(payoffs))
    for game in (0, 7):
        found = profiles_of(model.cast.sets.whole(masks[..., game]))
        assert found == [model.cast.index(p) for p in pure_by_definition(payoffs[..., game])]
    assert np.array_equal(model.cast.sets.flags(masks).reshape(*model.cast.shape, 40), is_nash(payoffs))
    some = [0, 5, len(model.cast.profiles) - 1]
    flat = payoffs.reshape(len(model.cast), -1, 40)[:, some]
    assert np.allclose(sweep_payoffs(values, some, model.terms), flat, rtol=1e-12)
    least = margins(payoffs).reshape(-1, 40)[some]
    assert np.allclose(sweep_margins(values, some, model.terms), least, rtol=1e-9, atol=1e-9)


def test_the_order_in_which_third_parties_are_named_changes_nothing():
    first, other = (joined(shipped(), parties) for parties in ((EUROPE, ALLIES), (ALLIES, EUROPE)))
    values = drawn(first, 10)
    payoffs = payoff_tensor(values, first.terms)
    turned = payoff_tensor(Values(values.numbers, other.cast), other.terms)
    assert np.array_equal(turned, payoffs[[0, 1, 2, 4, 3]].swapaxes(4, 5))


def test_a_player_who_sets_what_no_term_reads_changes_no_equilibrium_of_the_others():
    idle = party("ZZ", {"cumulation": (1.0, 1.5)})
    model = shipped()
    catalogue = model.catalogue
    # What others are computed from nobody may choose; here nothing is computed from it any more.
    alone = {n: p for n, p in catalogue.parameters.items() if not (p.follows and "cumulation" in p.reads)}
    assert alone.keys() < catalogue.parameters.keys()
    cast = SHIPPED.joined_by((idle,))
    values = drawn(model, 50)
    numbers = {name: column for name, column in values.numbers.items() if name != "cumulation"}
    with_idle = sweep_masks(Values(numbers, cast), model.terms)
    for game, alone_mask in enumerate(sweep_masks(values, model.terms)):
        found = profiles_of(cast.sets.whole(with_idle[..., game]))
        assert found == [2 * p + a for p in profiles_of(alone_mask) for a in (0, 1)]


def test_each_term_of_a_third_party_pays_its_own_player_and_answers_the_five_questions():
    for name, term in THIRD_TERMS.items():
        code = name.partition("_")[0].upper()
        assert name in terms_of(code) and set(answers(term)) == set(QUESTIONS), name
        assert inspect.getdoc(term)
    model = joined(shipped(), (EUROPE,))
    values = drawn(model, 5)
    for name in EUROPE.terms:
        assert set(THIRD_TERMS[name](values.stances, values)) == {3}, name


def test_every_term_and_parameter_of_third_parties_can_be_looked_up_and_no_parameter_is_read_by_none():
    everybody = with_all(shipped())
    assert set(everybody.terms) == {*shipped().terms, *THIRD_TERMS}
    written = tomllib.loads(PARAMETERS.read_text(encoding="utf-8"))
    assert set(everybody.catalogue.parameters) - set(shipped().catalogue.parameters) == set(written)
    card = CliRunner().invoke(main, ["show", "parameter", "effort_eu"])
    assert card.exit_code == 0 and "costs Europe in arms" in card.output
    assert "effort_eu" in CliRunner().invoke(main, ["show", "term", "eu_security"]).output
    assert with_all(joined(shipped(), (EUROPE,))).catalogue.parameters.keys() == everybody.catalogue.parameters.keys()


def test_europes_terms_are_what_their_first_lines_say():
    study = load("europe_chooses")
    v = {name: float(study.values[name]) for name in study.scenario.values}
    for us, ru, cn, eu in np.ndindex(*study.cast.shape):
        courted, accommodates, stays = us >> 1 & 1, ru >> 1 & 1, ru & 1
        paid_out = courted * (1 - v["reciprocity"] * (1 - accommodates)) * (1 - v["conditionality"] * stays)
        lifted, apart = eu * v["relief"] * paid_out, eu != courted
        said = {
            "eu_reopening": v["gain_eu"] * v["closed_trade_eu"] * lifted,
            "eu_principle": -v["principle_eu"] * lifted * (1 - accommodates),
            "eu_unity": -v["rift_eu"] * apart,
            "eu_assets": -v["asset_return"] * v["assets_eu"] * lifted,
        }
        for name, worth in said.items():
            assert study.terms[name][3, us, ru, cn, eu] == pytest.approx(worth), name


def test_gambit_finds_the_same_pure_equilibria_of_games_of_four_and_five():
    """On payoffs of draws, with what Europe, the war and the allies choose."""
    asked, ours = [], []
    for parties, seed in (((EUROPE,), 1), ((EUROPE,), 2), ((EUROPE, WAR), 3)):
        model = joined(shipped(), parties)
        for game in np.moveaxis(payoff_tensor(drawn(model, 4, seed), model.terms), -1, 0):
            asked.append(np.round(game, 6).tolist())
            ours.append([list(p) for p in pure_by_definition(np.round(game, 6))])
    assert referees.gambit("pure", asked, "gambit_third_parties") == ours


def test_a_users_own_term_is_asked_along_the_actions_too():
    def prestige(s: Stances, v: Values) -> Payoffs:
        return {0: -10.0 * v["europe_joins"] * s[0, 1]}

    model = joined(shipped(), (EUROPE,))
    terms = {**model.terms, "prestige": prestige}
    values = drawn(model, 6)
    added = payoff_tensor(values, terms) - payoff_tensor(values, model.terms)
    assert np.allclose(added[0, 2, :, :, 1], -10.0) and not added[0, :, :, :, 0].any()
    assert np.array_equal(sweep_masks(values, terms), equilibrium_masks(payoff_tensor(values, terms)))


WRONG = {
    "power": (party("US", {"relief": (0.0, 1.0)}), "US is one of the three powers"),
    "code": (party("eu", {"relief": (0.0, 1.0)}), "two or three capital letters"),
    "unknown": (party("EU", {"europe_join": (0.0, 1.0)}), "did you mean 'europe_joins'"),
    "bounds": (party("EU", {"europe_joins": (0.0, 2.0)}), "found 2; europe_joins must be"),
    "term": (ThirdParty(**{**vars(EUROPE), "terms": ("eu_reopenning",)}), "did you mean 'eu_reopening'"),
    "no_terms": (party("ZZ", {"outside_option_cn": (0.1, 0.2)}, terms=("zz_oil",)), "no payoff terms of ZZ are known"),
    "computed": (party("EU", {"trade_ru_cn": (200.0, 250.0)}), "trade_ru_cn is computed from other parameters"),
    "read": (party("EU", {"asset_return": (0.02, 0.04)}), "order_value_ru is computed from asset_return"),
    "name": (ThirdParty(**{**vars(EUROPE), "country": "Russia"}), "the name of another player"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_player_that_is_not_sound_is_answered(wrong: str):
    player, message = WRONG[wrong]
    with pytest.raises(BadInput, match=message):
        joined(shipped(), (player,))


def test_two_players_cannot_choose_the_same_nor_can_there_be_too_many():
    rival = ThirdParty(**{**vars(EUROPE), "code": "UK", "country": "Britain"})
    with pytest.raises(BadInput, match="europe_joins, which EU chooses too"):
        joined(shipped(), (EUROPE, rival))
    many = [party(code, {"relief": (0.0, 1.0)}) for code in ("AA", "BB", "CC", "DD")]
    with pytest.raises(BadInput, match="found 4 third parties"):
        joined(shipped(), many)
    levers = ("relief", "reciprocity", "conditionality")
    wide = [party(c, {p: (0.0, 0.1, 0.2, 0.3)}, 4) for c, p in zip(("AA", "BB", "CC"), levers, strict=True)]
    with pytest.raises(BadInput, match=f"found 4,096 action profiles; expected at most {MOST_PROFILES:,}"):
        joined(shipped(), wide)


def test_under_other_powers_there_are_no_third_parties_yet():
    from triangle.model.model import read_model

    triad = Path(__file__).parents[2] / "docs" / "examples" / "triad_1972" / "triad.toml"
    with pytest.raises(BadInput, match="told of the shipped powers and know nothing of"):
        joined(read_model(triad=triad), (EUROPE,))


def test_values_of_other_samples_keep_what_is_chosen():
    model = joined(shipped(), (EUROPE,))
    values = Values(MappingProxyType(model.catalogue.defaults()), model.cast)
    assert values["europe_joins"].shape == (2,) and values.samples == ()
    assert values.of_samples(values.numbers, (5, 2))["europe_joins"].shape == (2, 1, 1)
    assert values.at_profiles([0, 1, 3])["europe_joins"].tolist() == [0.0, 1.0, 1.0]
